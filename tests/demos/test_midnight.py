"""Midnight as dots: every choice pressed, every dot counted against the model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kefu.demos import midnight
from kefu.demos.core import Demo
from kefu.demos.midnight import FIGURES, KINDS, figures, film, people, spots, worst
from kefu.intelligence.midnight import CAME, TEAM, night, waiting
from kefu.intelligence.routing import FIRSTS, ROBOT, Result
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
    "first": list(FIRSTS),
    "line": ["分两队", "合一队"],
    "extra": [0, 4, 6],
    "start": [0, 20, 40],
    "keeps": [0, 22, 90],
    "now": [0, 5, 60],
    "seed": [0, 1, 9],
}


def apart(demo: Demo) -> bool:
    v = positions(demo)
    return v["first"] == "按分组" or v["line"] == "分两队"


def now(demo: Demo) -> Result:
    v = positions(demo)
    return night(
        v["first"],
        apart(demo),
        v["extra"],
        v["start"] if v["extra"] else 0,
        v["keeps"] / 100,
        v["seed"],
    )


def drawn(html: str) -> dict[str, int]:
    """How many dots of each kind the picture has."""
    found = parsed(html).select("[data-dots]")
    return {str(one["data-dots"]): str(one["d"]).count("h0") for one in found}


def assert_agrees(demo: Demo) -> None:
    found, html = now(demo), demo.result()
    moment = 60.0 * positions(demo)["now"]
    dots = drawn(html)
    assert set(dots) == set(KINDS)
    assert dots["waits"] + dots["long"] == waiting(found, [moment])[0]
    assert dots["talks"] == sum(
        trip.taken is not None and trip.taken <= moment < trip.ended for trip in found.trips
    )
    assert dots["robot"] == sum(
        trip.at <= moment < (trip.ended if trip.by == ROBOT else trip.asked or 0)
        for trip in found.trips
        if trip.by == ROBOT or trip.cause
    )
    assert dots["left"] == sum(trip.left and trip.ended <= moment for trip in found.trips)
    assert bold(html)[0] == f"{found.left}位"
    assert [row[2] for row in cells(html)] == list(figures(found))
    assert [row[1] for row in cells(html)] == list(figures(night(seed=positions(demo)["seed"])))
    assert [row[0] for row in cells(html)] == list(FIGURES)
    Drawing(html).assert_labels_inside()


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = midnight().controls
    assert list(MOVES) == list(controls)
    for name in ("extra", "keeps", "start", "now", "seed"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(midnight(extra=2), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(midnight(extra=2), **{name: v}).result() for v in MOVES[name]]
    assert len(set(results)) == len(results)


def test_all_is_pressed_in_the_picture_and_nothing_stands_beside_it() -> None:
    demo = midnight()
    assert demo.shown_controls() == {}
    wanted = [want for _, want, _ in presses(demo.result())]
    for name in ("first", "line", "extra", "keeps", "seed", "now"):
        assert any(name in want for want in wanted)
    hand(demo, extra=4)
    assert {"start": 20} in [want for _, want, _ in presses(demo.result())]
    hand(demo, first="按分组")
    assert not any("line" in want or "keeps" in want for _, want, _ in presses(demo.result()))
    assert_agrees(demo)


def test_the_worst_minute_is_pressed_and_shown() -> None:
    demo = midnight()
    hand(demo, now=worst(now(demo)))
    line = waiting(now(demo), [60.0 * minute for minute in range(61)])
    assert drawn(demo.result())["waits"] + drawn(demo.result())["long"] == max(line)


def test_nobody_stands_where_another_does() -> None:
    found = night()
    for moment in range(0, 3600, 97):
        places = [(x, y) for _, x, y in spots(found, True, moment)]
        assert len(set(places)) == len(places)


def test_the_lines_stay_within_the_picture_on_the_worst_of_nights() -> None:
    for seed in range(10):
        found = night("按分组", True, seed=seed)
        for moment in range(0, 3600, 120):
            assert all(0 < x < 400 and 20 < y < 262 for _, x, y in spots(found, True, moment))


def test_the_film_holds_everybody_once_in_the_order_of_the_lines() -> None:
    found = night()
    told = json.loads(film(found, True).told().replace("&quot;", '"'))
    assert len(told["people"]) == CAME == len(people(found, True))
    asked = [one[2] for one in told["people"] if one[2] >= 0]
    urgent = sum(trip.cause in ("信息安全", "紧急危险") for trip in found.trips)
    assert asked[urgent:] == sorted(asked[urgent:])
    assert (told["length"], told["seconds"]) == (3600, 60)


def test_the_play_button_goes_to_the_start_where_no_script_runs_the_night() -> None:
    (play,) = parsed(midnight().result()).select(".kefu-film .kefu-play")
    assert json.loads(str(play["data-press"])) == {"now": 0}
    assert "▶" in play.get_text()


def test_two_lines_leave_one_team_idle() -> None:
    """The finding: at the worst minute those after the sale have nearly nothing to do."""
    found = night()
    moment = 60.0 * worst(found)
    talking = [t.by for t in found.trips if t.taken is not None and t.taken <= moment < t.ended]
    after = [n for n, seat in enumerate(TEAM) if seat.team == "售后"]
    assert sum(by in after for by in talking) <= 2
    assert sum(by not in after for by in talking) == 12


def test_the_code_shown_prints_the_same_answers() -> None:
    demo = set_to(midnight("人工优先", "合一队", 2), start=10)
    printed, _ = run_code(demo)
    found = now(demo)
    assert printed.split() == [str(found.asked), str(found.left), str(round(found.wait))]


@pytest.mark.parametrize("wrong", [{"first": "谁闲谁接"}, {"line": "三队"}, {"extra": 9}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="应为"):
        midnight(**wrong)
