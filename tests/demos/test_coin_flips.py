"""抛硬币: the filled bars are the tail, for one coin and for two ways compared case by case."""

from __future__ import annotations

import re
from itertools import product

import pytest

from kefu.demos import Demo, coin_flips
from kefu.demos.coin_flips import rounds, words
from kefu.stats import binomial_tail, sign_test
from tests.demos.reading import Drawing, bold, grips, hand, parsed, presses, run_code, set_to


def said(demo: Demo) -> str:
    return parsed(demo.result()).select("p.kefu-formula")[0].get_text()


def areas(drawing: Drawing) -> tuple[float, float]:
    """The filled and the other bars' areas, in pixels."""
    found = []
    for name in ("bar bar2", "rest"):
        paths = [e.attrib["d"] for e in drawing.root.iter("path") if e.attrib["class"] == name]
        boxes = re.findall(r"v-([\d.]+)h([\d.]+)v", " ".join(paths))
        found.append(sum(float(high) * float(wide) for high, wide in boxes))
    return found[0], found[1]


@pytest.mark.parametrize(
    ("heads", "flips", "chance"),
    [*product((0, 3, 10, 200), (1, 10, 87, 200), (0.0, 1.2, 50.0, 100.0))],
)
def test_the_filled_part_of_the_bars_is_the_chance_that_is_said(
    heads: int, flips: int, chance: float
) -> None:
    demo = set_to(coin_flips(), heads=heads, flips=flips, chance=chance)
    k = min(heads, flips)
    tail = binomial_tail(k, flips, chance / 100)
    assert bold(demo.result()) == [words(tail)]
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    filled, rest = areas(drawing)
    assert filled / (filled + rest) == pytest.approx(tail, abs=0.02)
    assert run_code(demo)[1] == pytest.approx(tail)
    seen = sum(one >= k for one in rounds(flips, chance / 100, 1))
    assert f"有{seen}轮不少于{k}次" in said(demo)


def test_more_flips_than_the_slider_has_widen_it() -> None:
    demo = coin_flips(250, 300)
    assert (demo.controls["heads"].value, demo.controls["flips"].value) == (250, 300)
    assert "抛300次，只凭运气，正面不少于250次" in said(demo)
    Drawing(demo.result()).assert_labels_inside()


def test_another_hundred_rounds_are_thrown_at_a_press() -> None:
    demo = coin_flips()
    before = said(demo)
    (again,) = presses(demo.result())
    for _ in range(3):
        hand(demo, **again[1])
    hand(demo, seed=12)
    assert demo.controls["seed"].value == 12
    assert said(demo) != before


def test_the_mark_is_dragged() -> None:
    demo = coin_flips(3, 20)
    told = grips(demo.result())["heads"]
    assert (told["min"], told["max"], told["now"]) == (0, 20, 3)
    hand(demo, heads=17.4)
    assert demo.controls["heads"].value == 17


@pytest.mark.parametrize(("better", "worse"), [(59, 28), (28, 59), (5, 5), (0, 1), (400, 300)])
def test_two_ways_compared(better: int, worse: int) -> None:
    demo = coin_flips(better=better, worse=worse)
    chance = sign_test(better, worse)
    assert bold(demo.result()) == [words(chance)]
    assert f"变好{better}个，变差{worse}个" in said(demo)
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    filled, rest = areas(drawing)
    assert filled / (filled + rest) == pytest.approx(chance, abs=0.02)
    assert run_code(demo)[1] == chance
    assert ("值得当真" in demo.result()) is (chance < 0.05)


def test_dragging_in_a_comparison_turns_worse_into_better() -> None:
    demo = coin_flips(better=5, worse=15)
    hand(demo, better=12)
    assert "变好12个，变差8个" in said(demo)
    set_to(demo, changed=10)
    assert "变好10个，变差0个" in said(demo)


def test_chances_are_said_as_a_reader_says_them() -> None:
    assert [words(p) for p in (1.0, 0.0547, 0.0011, 0.0004, 1e-9)] == [
        "100.0%", "5.5%", "0.1%", "不到千分之一", "不到百万分之一",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "bad",
    [{"heads": 11}, {"flips": 0}, {"chance": 120}, {"better": -1}, {"better": 1, "worse": -2},
     {"better": 0, "worse": 0}, {"worse": 0}, {"better": 900, "worse": 101}, {"flips": 1001}],
)  # fmt: skip
def test_numbers_that_do_not_go_together_are_told(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="应为"):
        coin_flips(**bad)
