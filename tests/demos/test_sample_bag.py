"""抽签袋: every stage, way and handle against the statistics below it."""

from __future__ import annotations

import re
from itertools import product

import pytest

from kefu.demos import Demo, sample_bag
from kefu.demos.sample_bag import AGAIN, BY_FAMILY, CASES, HELD, MISSED, OFTEN, ONCE, PLANE
from kefu.stats import bootstrap, case_interval, draw_families, pooled, wilson
from tests.demos.reading import Drawing, bold, grips, hand, parsed, presses, run_code, set_to

FAMILIES = [(7, 8), (8, 8), (0, 8), (3, 4)] * 5


def words(demo: Demo) -> str:
    return parsed(demo.result()).select("p.kefu-formula")[0].get_text()


def percent(low: float, high: float) -> str:
    return f"{100 * low:.1f}%到{100 * high:.1f}%"


def many(drawing: Drawing, name: str) -> int:
    """How many lying lines are drawn in a style, without the legend's."""
    found = [e for e in drawing.root.iter("path") if e.attrib.get("class") == name]
    return sum(e.attrib["d"].count("H") for e in found)


def test_one_hand_shows_its_tickets_its_share_and_wilsons_interval() -> None:
    demo = set_to(sample_bag(40, 60), seed=3)
    drawn = draw_families(0.4, 60, seed=3)
    k = sum(one for one, _ in drawn)
    assert f"60张里中{k}张，{100 * k / 60:.1f}%" in words(demo)
    assert bold(demo.result()) == [percent(*wilson(k, 60))]
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    dots = {name: sum(e.attrib["d"].count("h0") for e in drawing.root.iter("path")
                      if e.attrib.get("class") == f"many {name}") - 1
            for name in ("many-b", "many-c")}  # fmt: skip
    assert dots == {"many-b": k, "many-c": 60 - k}


@pytest.mark.parametrize(
    ("share", "size", "family", "way"),
    [*product((0, 30, 100), (10, 120), (1, 7), (CASES, BY_FAMILY))],
)
def test_a_hundred_hands_count_what_is_drawn(share: int, size: int, family: int, way: str) -> None:
    demo = set_to(sample_bag(share, size, family), stage=OFTEN, way=way)
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    held, missed = many(drawing, HELD), many(drawing, MISSED)
    assert held + missed == 100
    assert bold(demo.result()) == [f"{held}个"]
    assert ("way" in demo.shown_controls()) is (family > 1)
    assert ("画得太窄" in words(demo)) is (family > 1 and way == CASES)
    few = f"手里只有{max(size // family, 1)}家，整家重抽还会少盖住几个"
    assert (few in words(demo)) is (family > 1 and way == BY_FAMILY)


def test_families_alike_break_the_promise_and_drawing_by_family_mends_it() -> None:
    alone = many(Drawing(set_to(sample_bag(30, 120), stage=OFTEN).result()), HELD)
    alike = set_to(sample_bag(30, 120, 6), stage=OFTEN)
    narrow = many(Drawing(alike.result()), HELD)
    mended = many(Drawing(set_to(alike, way=BY_FAMILY).result()), HELD)
    assert alone >= 90
    assert narrow <= 75
    assert mended >= 85


def test_from_the_hand_again_is_the_bootstrap() -> None:
    demo = set_to(sample_bag(30, 50, 5), stage=AGAIN, way=BY_FAMILY, seed=2)
    drawn = draw_families(0.3, 50, 5, seed=2)
    found = bootstrap(drawn, pooled, seed=2, resamples=1000)
    assert bold(demo.result()) == [percent(found.low, found.high)]
    Drawing(demo.result()).assert_labels_inside()
    _, value = run_code(demo)
    assert value == found


@pytest.mark.parametrize("family", [1, 5])
@pytest.mark.parametrize("way", [CASES, BY_FAMILY])
def test_from_the_hand_again_the_words_tell_the_interval_that_is_drawn(
    family: int, way: str
) -> None:
    demo = set_to(sample_bag(30, 50, family), stage=AGAIN, way=way, seed=2)
    drawing = Drawing(demo.result())
    (told,) = bold(demo.result())
    assert f"多半在{told}之间" in drawing.label
    (line,) = [p.attrib["d"] for p in drawing.root.iter("path")
               if p.attrib.get("class") == "line" and ",192" in p.attrib["d"]]  # fmt: skip
    drawn = [float(x) for x in re.findall(r"M([\d.]+),192 H([\d.]+)", line)[0]]
    ends = [float(one.rstrip("%")) for one in told.split("到")]
    assert drawn == pytest.approx([PLANE.x(end) for end in ends], abs=0.3)
    _, value = run_code(demo)
    assert told == percent(value.low, value.high)


def test_the_code_of_a_sample_in_hand_draws_as_the_picture_does() -> None:
    for demo in (sample_bag(families=[(3, 4), (0, 3), (2, 4)]), sample_bag(right=4, size=11)):
        for way in (BY_FAMILY, CASES) if "way" in demo.controls else (None,):
            demo = set_to(demo, way=way) if way else demo
            _, value = run_code(demo)
            assert bold(demo.result()) == [percent(value.low, value.high)]


@pytest.mark.parametrize(
    ("share", "size", "family"),
    [(30, 150, 1), (30, 5, 1), (30, 60, 20), (100, 1, 1), (0, 150, 150)],
)
def test_a_demo_is_of_the_numbers_that_were_given(share: int, size: int, family: int) -> None:
    demo = sample_bag(share, size, family)
    assert [demo.controls[n].value for n in ("share", "size", "family")] == [share, size, family]
    for stage in (ONCE, OFTEN, AGAIN):
        Drawing(set_to(demo, stage=stage).result()).assert_labels_inside()
    k = sum(hits for hits, _ in draw_families(share / 100, size, family, seed=1))
    assert f"{size}张里中{k}张" in words(set_to(demo, stage=ONCE))
    for name, value in (("size", 1), ("family", 200)):
        demo.controls[name].value = value  # to its end
    assert demo.controls["family"].value <= demo.controls["size"].value


def test_the_truth_is_dragged_and_stages_are_pressed() -> None:
    demo = sample_bag()
    assert set(grips(demo.result())) == {"share"}
    hand(demo, share=62.3)
    assert demo.controls["share"].value == 62
    assert [(text, on) for text, _, on in presses(demo.result())] == [
        (ONCE, "true"), (OFTEN, "false"), (AGAIN, "false"), ("换一把", None),
    ]  # fmt: skip
    for text, wanted, _ in presses(demo.result()):
        before = demo.result()
        hand(demo, **wanted)
        assert demo.result() != before or text == ONCE
    assert demo.controls["seed"].value == 2


def test_a_sample_in_hand_by_case_and_by_family() -> None:
    demo = sample_bag(families=FAMILIES)
    assert list(demo.controls) == ["way", "seed", "confidence"]
    found = bootstrap(FAMILIES, pooled, seed=1, resamples=1000)
    assert bold(demo.result()) == [percent(found.low, found.high)]
    assert words(demo).startswith("手里20家，140张里中90张，64.3%。整家整家地抽一千把，中间的95%在")
    set_to(demo, way=CASES)
    wilsons = case_interval(FAMILIES)
    (narrow,) = bold(demo.result())
    low, high = (float(one.rstrip("%")) for one in narrow.split("到"))
    assert (low, high) == pytest.approx([100 * end for end in wilsons], abs=2.5)
    assert high - low < 100 * (found.high - found.low) / 1.5
    set_to(demo, way=BY_FAMILY, confidence=50, seed=7)
    found = bootstrap(FAMILIES, pooled, seed=7, resamples=1000, confidence=0.5)
    assert bold(demo.result()) == [percent(found.low, found.high)]
    hand(demo, **presses(demo.result())[0][1])
    assert demo.controls["seed"].value == 8
    assert grips(demo.result()) == {}  # nobody knows this bag


def test_a_sample_of_right_answers_is_drawn_one_by_one() -> None:
    demo = sample_bag(right=81, size=263)
    assert "way" not in demo.controls
    assert words(demo).startswith("手里263张里中81张，30.8%。一张一张地抽一千把")
    Drawing(demo.result()).assert_labels_inside()


@pytest.mark.parametrize(
    "bad",
    [{"right": 9, "size": 8}, {"right": -1}, {"families": []}, {"families": [(3, 2)]}, {"share": 101},
     {"share": -1}, {"share": 30.5}, {"size": 151}, {"size": 0}, {"family": 0}, {"family": 51}],
)  # fmt: skip
def test_numbers_that_do_not_go_together_are_told(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="应为"):
        sample_bag(**bad)  # type: ignore[arg-type]
