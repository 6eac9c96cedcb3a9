"""The radar: every control moved through its range, the handle dragged, against the model."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu.aftersales.tracking import Alarms, alarm, tracked
from kefu.demos import Demo, radar
from kefu.demos.radar import FARTHEST, HOURS, ZONES, cheapest_hours, sample
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    grips,
    hand,
    marked,
    parsed,
    positions,
    run_code,
    set_to,
)

MOVES: dict[str, list[Any]] = {
    "hours": [12, 24, 48, 72, 120],
    "check": [0, 2, 20],
    "harm": [0, 20, 100],
    "notes": [False, True],
}


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = radar().controls
    assert list(MOVES) == list(controls)
    for name in ("hours", "check", "harm"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])


def assert_radar_agrees(demo: Demo) -> None:
    v = positions(demo)

    def found(hours: int) -> Alarms:
        return alarm(tracked(), hours, notes=v["notes"])

    def cost(one: Alarms) -> float:
        spent: float = one.raised * v["check"] + one.asked_first * v["harm"]
        return 1000 * spent / one.parcels

    now, html = found(v["hours"]).per_thousand(), demo.result()
    told = f"每1000件报警{now['raised']}次，白查{now['false']}次，{now['asked_first']}位客人先来问"
    drawing = Drawing(html)
    assert told in drawing.label
    drawing.assert_labels_inside()
    assert bold(html) == [f"{cost(found(v['hours'])):.0f}元"]
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(f"{now['asked_first']}位")
    assert marked(html) == [
        str(v["hours"]),
        *(str(now[n]) for n in ("raised", "false", "asked_first")),
    ]
    for row in cells(html):
        there = found(int(row[0])).per_thousand()
        assert row[1:] == [str(there[n]) for n in ("raised", "false", "asked_first")]
    costs = {hours: cost(found(hours)) for hours in HOURS}
    line = drawing.line("line")
    assert len(line) == len(HOURS)
    best = min(costs, key=lambda hours: costs[hours])
    if len(set(costs.values())) > 1:
        assert f"{best}小时最省" in drawing.label
        assert max(y for _, y in line) == line[HOURS.index(best)][1]
    else:
        assert "最省" not in drawing.label
        assert "哪一档都一样" in html
    assert drawing.dot == line[HOURS.index(v["hours"])]


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_radar_agrees(set_to(radar(), **{name: value}))


def test_where_nothing_costs_anything_no_setting_is_the_cheapest() -> None:
    assert_radar_agrees(set_to(radar(), check=0, harm=0))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(radar(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize(("wanted", "value"), [(50.2, 48), (52, 54), (500, 120), (-3, 12)])
def test_the_line_is_dragged_through_both_pictures_by_its_step(wanted: float, value: int) -> None:
    demo = radar()
    assert list(grips(demo.result())) == ["hours"]
    hand(demo, hours=wanted)
    assert demo.controls["hours"].value == value
    assert_radar_agrees(demo)


def test_each_dot_is_a_parcel_in_its_lane_as_far_as_its_longest_silence() -> None:
    drawing = Drawing(radar().result())
    shown = sample(tracked())
    for name, late in (("many many-a", False), ("many many-b", True)):
        paths = [e for e in drawing.root.iter("path") if e.attrib["class"] == name]
        dots = max((e.attrib["d"].split("h0")[:-1] for e in paths), key=len)
        places = [tuple(map(float, d.removeprefix("M").split(","))) for d in dots]
        parcels = [one for one in shown if one.late is late]
        assert len(places) == len(parcels)
        for (x, y), one in zip(places, parcels, strict=True):
            hours = (x - 44) / 340 * FARTHEST
            assert hours == pytest.approx(min(one.longest, FARTHEST), abs=0.1)
            assert (y - 26) // 24 == ZONES.index(one.zone)


def test_the_dots_stand_for_equal_numbers_of_parcels() -> None:
    shown, every = sample(tracked()), tracked()
    heavy = sum(one.stands_for > 1 for one in every)
    assert sum(one.stands_for > 1 for one in shown) == heavy
    share = len(shown) / sum(one.stands_for for one in every)
    assert share == pytest.approx(1 / max(one.stands_for for one in every), rel=0.01)


def test_the_price_of_a_question_decides_how_early_to_look() -> None:
    lax, strict = ({h: (h * 0.0 + 200 - h, h * harm) for h in HOURS} for harm in (0.5, 5.0))
    assert cheapest_hours(lax) == 120
    assert cheapest_hours(strict) == 12
    assert cheapest_hours({h: (1.0, 1.0) for h in HOURS}) is None


def test_the_code_shown_prints_the_same_counts() -> None:
    demo = set_to(radar(), hours=48, notes=True)
    printed, _ = run_code(demo)
    assert printed.strip() == str(alarm(tracked(), 48, notes=True).per_thousand())


@pytest.mark.parametrize("hours", [25, 500])
def test_hours_that_the_slider_has_not_are_refused(hours: int) -> None:
    with pytest.raises(
        ValueError, match=r"hours: expected one of 12, 18, .*（hours应为以下之一：12、18、.*"
    ):
        radar(hours)
