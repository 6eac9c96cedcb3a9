"""The first hour of 11 November: the table's own minutes, and what another rule would have brought."""

from __future__ import annotations

import itertools
from collections import Counter
from statistics import mean

import pytest

from kefu import data
from kefu.intelligence.midnight import (
    AFTERSALES,
    CAME,
    KEPT,
    PRESALES,
    TEAM,
    crowd,
    night,
    places,
    waiting,
)
from kefu.intelligence.routing import FIRSTS

SEEDS = range(12)


def hour():
    rows = [row for row in data.rows("rush") if row["at"].startswith("2025-11-11T00")]
    assert len(rows) == 60
    return rows


def total(column):
    return sum(int(row[column]) for row in hour())


def test_the_minutes_are_the_tables():
    assert tuple(int(row["presales"]) for row in hour()) == PRESALES
    after = {n: int(row["aftersales"]) for n, row in enumerate(hour()) if int(row["aftersales"])}
    assert after == AFTERSALES
    assert (total("presales") + total("aftersales"), total("robot_solved")) == (CAME, KEPT)


def test_the_team_is_that_of_the_night():
    agents = {row["name"]: row for row in data.rows("agents")}
    for seat in TEAM:
        assert (agents[seat.name]["team"], int(agents[seat.name]["concurrency"])) == (
            seat.team,
            seat.at_once,
        )
        assert agents[seat.name]["shift"] in ("晚班", "大促机动")
    assert {int(row["agents_on_duty"]) for row in hour()} == {len(TEAM)}


def test_the_same_people_come_by_every_seed_in_the_same_minutes():
    for seed in (0, 5):
        came = Counter((one.stage, int(one.at // 60)) for one in crowd(seed))
        assert [came["售前", minute] for minute in range(60)] == list(PRESALES)


def test_as_it_was_the_night_comes_out_as_the_table_has_it():
    """What the table says lies among what twelve draws say; the book's own draw is close."""
    left = [night(seed=seed).left for seed in SEEDS]
    assert min(left) <= total("abandoned") == 142 <= max(left)
    assert abs(night().left - 142) <= 5
    in_time = total("answered_20s") / total("to_people")
    levels = [night(seed=seed).service_level for seed in SEEDS]
    assert min(levels) - 0.01 <= in_time <= max(levels) + 0.01
    longest = max(int(row["waiting"]) for row in hour())
    assert max(waiting(night(), range(0, 3600, 10))) == pytest.approx(longest, abs=4)


def test_one_line_is_better_than_two_on_every_night():
    for seed in SEEDS:
        assert night(apart=False, seed=seed).left < 0.75 * night(seed=seed).left


def test_help_that_comes_late_is_hardly_any():
    saved = {
        start: mean(night(seed=s).left - night(extra=4, start=start, seed=s).left for s in SEEDS)
        for start in (0, 10, 20)
    }
    assert saved[0] > 100 > saved[10] > 40 > saved[20]


def test_a_robot_that_keeps_more_lets_fewer_leave():
    left = [mean(night(keeps=keeps, seed=s).left for s in SEEDS) for keeps in (0.22, 0.4, 0.6)]
    assert left == sorted(left, reverse=True)


@pytest.mark.parametrize("first", FIRSTS)
def test_no_place_is_given_twice_and_none_beyond_the_seats(first):
    found = night(first, apart=False, extra=2, start=10)
    given = places(found)
    spans = {}
    sizes = [*(seat.at_once for seat in TEAM), 4, 4]
    for trip, place in zip(found.trips, given, strict=True):
        assert (place is None) == (trip.taken is None)
        if place is not None:
            assert place < sizes[trip.by]
            spans.setdefault((trip.by, place), []).append((trip.taken, trip.ended))
    for taken in spans.values():
        taken.sort()
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(taken))


def test_who_waits_is_counted_from_the_trips():
    found = night()
    assert waiting(found, [0.0, 4000.0]) == [0, 0]
    assert waiting(found, [300.0])[0] == sum(
        trip.asked is not None and trip.asked <= 300 < trip.asked + trip.waited
        for trip in found.trips
    )


@pytest.mark.parametrize("wrong", [{"extra": -1}, {"start": 1.5}, {"keeps": 2}, {"first": "随便"}])
def test_bad_input_is_named(wrong):
    with pytest.raises((ValueError, TypeError), match=next(iter(wrong))):
        night(**wrong)
