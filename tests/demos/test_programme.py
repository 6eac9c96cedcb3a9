"""A programme of one's own: every control, handle and button moved, against the model."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, programme
from kefu.demos.programme import GIFTS, NAMES, ORDERS, WAYS, money
from kefu.operations.membership import (
    Assumed,
    MemberLevel,
    Programme,
    ProgrammeYear,
    programme_year,
    spenders,
)
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    parsed,
    positions,
    presses,
    run_code,
    set_to,
)

MOVES: dict[str, list[Any]] = {
    "gold": [400, 600, 1000],
    "gold_cut": [0, 5, 15],
    "back": [0.0, 1.0, 5.0],
    "silver": [50, 200, 350],
    "silver_cut": [0, 2, 10],
    "black": [1050, 1500, 2000],
    "black_cut": [0, 8, 20],
    "gifts": [True, False],
    "lift": [0, 8, 20],
    "margin": [20, 55, 80],
    "used": [30, 80, 100],
}


def year(demo: Demo) -> ProgrammeYear:
    v = positions(demo)
    levels = [MemberLevel("普通")]
    for name in NAMES:
        cut = 1 - Decimal(v[f"{name}_cut"]) / 100
        gift = Decimal(GIFTS[name] * v["gifts"])
        levels.append(MemberLevel(NAMES[name], Decimal(v[name]), ORDERS[name], cut, gift))
    told = Assumed(lift=v["lift"] / 100, margin=v["margin"] / 100, used=v["used"] / 100)
    back = Decimal(str(round(v["back"], 1))) / 100
    return programme_year(Programme(tuple(levels)), spenders(), back, told)


def assert_agrees(demo: Demo) -> None:
    found, html = year(demo), demo.result()
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(money(found.profit))
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    texts = [text for text, *_ in drawing.texts()]
    gross = found.more * demo.controls["margin"].value / 100
    for yuan in (gross, found.given, found.owed):
        assert f"{yuan:.0f}元" in texts
    assert [row[1:] for row in cells(html)] == [
        [str(one.people), f"{one.spent:.0f}", f"{one.more:.0f}", f"{one.given:.0f}"]
        for one in found.levels
    ]
    sign = {1: "+", 0: "", -1: "−"}[(round(found.profit) > 0) - (round(found.profit) < 0)]
    assert bold(html) == [f"{sign}{abs(round(found.profit))}元"]
    formula = parsed(html).select_one("p.kefu-formula")
    assert formula is not None
    assert f"{found.anyway:.0f}元给了本来就会买的" in formula.get_text()
    assert run_code(demo)[1] == pytest.approx(found.profit)
    for name, title in NAMES.items():
        value = demo.controls[name].value
        held, (axis,) = drawing.grip(name)
        assert (axis["now"], held.attrib["role"]) == (value, "slider")
        people = next(one.people for one in found.levels if one.level.name == title)
        assert f"{title}{people}人" in texts


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(programme(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result_and_is_moved_from_end_to_end(name: str) -> None:
    results = [set_to(programme(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))
    control = programme().controls[name]
    if name != "gifts":
        assert {control.min, control.max} <= set(MOVES[name])


@pytest.mark.parametrize("name", NAMES)
def test_each_handle_moves_its_threshold_in_steps_of_the_bands(name: str) -> None:
    demo = programme()
    control = demo.controls[name]
    hand(demo, **{name: control.value + 73})
    assert control.value in (control.value // 50 * 50,)
    assert_agrees(demo)
    hand(demo, **{name: 10**6})
    assert control.value == control.max
    assert_agrees(demo)


def test_thresholds_never_cross() -> None:
    c = programme().controls
    assert c["silver"].max < c["gold"].min
    assert c["gold"].max < c["black"].min


@pytest.mark.parametrize("way", WAYS)
def test_each_button_sets_what_it_says_and_stands_pressed(way: str) -> None:
    demo = set_to(programme(), gold_cut=7, gold=400)
    buttons = {text: (wanted, on) for text, wanted, on in presses(demo.result())}
    assert set(buttons) == set(WAYS)
    assert all(on == "false" for _, on in buttons.values())
    hand(demo, **buttons[way][0])
    assert {text for text, _, on in presses(demo.result()) if on == "true"} == {way}
    assert_agrees(demo)
    moved = set_to(demo, gold=650).result()
    assert all(on == "false" for *_, on in presses(moved)), "with another threshold it is another"


def test_the_shops_own_loses_and_small_gifts_win() -> None:
    profits = {way: year(set_to(programme(), **wanted)).profit for way, wanted in WAYS.items()}
    assert profits["折上加折"] < profits["店里现在的"] < 0 < profits["只送小礼"]
    assert "少赚" in programme().result()
    assert "多赚" in set_to(programme(), **WAYS["只送小礼"]).result()


def test_nothing_given_is_nothing_gained() -> None:
    demo = set_to(programme(), gold_cut=0, silver_cut=0, black_cut=0, back=0.0, gifts=False)
    assert_agrees(demo)
    assert "不赚不亏" in demo.result()


def test_the_histogram_holds_every_customer() -> None:
    drawing = Drawing(programme().result())
    bars = [e for e in drawing.root.iter("rect") if e.get("class") == "rest"]
    highest = max(float(e.attrib["height"]) for e in bars)
    counts = [0] * 40
    for band in spenders():
        counts[min(band.low // 50, 39)] += band.people
    for bar, many in zip(bars, counts, strict=True):
        assert float(bar.attrib["height"]) == pytest.approx(highest * many / max(counts), abs=0.15)
    assert f"{sum(counts)}位" in drawing.texts()[0][0]
