"""The scores are fair: scripted players over some nights; ``python -m kefu.practice.shift`` plays 200."""

from __future__ import annotations

from functools import cache
from statistics import mean

import pytest

from kefu.practice import shift

SEEDS = range(1, 7)


@cache
def totals(who: str, level: int) -> list[float]:
    return [one.total for one in shift.measured(SEEDS, level, who)]


@pytest.mark.parametrize("level", shift.LEVELS)
def test_who_does_what_the_chapters_teach_can_be_left_alone(level: int) -> None:
    assert min(totals("good", level)) >= 85


@pytest.mark.parametrize("level", shift.LEVELS)
def test_who_knows_a_part_comes_out_between(level: int) -> None:
    assert 55 <= mean(totals("middling", level)) <= 70


@pytest.mark.parametrize("level", shift.LEVELS)
def test_canned_replies_do_not_help(level: int) -> None:
    assert max(totals("canned", level)) <= 40


@pytest.mark.parametrize("level", shift.LEVELS)
def test_who_gives_everything_away_pays_for_it(level: int) -> None:
    assert max(totals("generous", level)) <= 45


def test_who_does_not_read_fares_as_by_chance() -> None:
    """The first, last, longest, shortest line, or the one that says what most say: no better than the dice."""
    by = {who: mean([mean(totals(who, level)) for level in shift.LEVELS]) for who in shift.BLIND}
    assert max(by.values()) <= 45, by
    assert max(by.values()) - by["chance"] < 5, by


@pytest.mark.parametrize("who", shift.PLAYERS)
def test_a_player_plays_the_same_way_twice(who: str) -> None:
    night = shift.night(11, 1)
    assert shift.played(night, who).moves == shift.played(night, who).moves


def test_the_report_names_the_moments_with_chapter_and_section() -> None:
    state = shift.played(shift.night(3, 2), "middling")
    found = shift.report(state)
    assert len(found.costly) == 3
    for one in found.costly:
        assert one.who in state.people
        assert one.score in shift.SCORES
        assert one.what
        assert one.lesson.said
        assert 0 <= one.at <= shift.CLOSES
    perfect = shift.report(shift.played(shift.night(3, 2), "good"))
    assert perfect.total > found.total


def test_nobody_served_scores_nothing() -> None:
    found = shift.report(shift.finish(shift.start(shift.night(3, 2))))
    assert found.total == 0
    assert all("没有人接" in one.what for one in found.costly)


def test_the_rows_are_all_who_came() -> None:
    state = shift.played(shift.night(3, 2), "middling")
    found = shift.rows(state)
    assert len(found) == len(state.night.customers)
    assert sum(bool(row["left"]) for row in found) == state.counts["走了"]
    minutes = shift.queue_rows(state)
    assert [row["minute"] for row in minutes] == list(range(241))
    assert minutes[-1]["windows"] == minutes[-1]["queue"] == 0


def test_a_second_person_shortens_the_queue() -> None:
    state = shift.played(shift.night(3, 3), "middling")
    found = shift.second_agent(state)
    assert len(found) == 241
    assert sum(row["two"] for row in found) <= sum(row["one"] for row in found)


def test_the_command_prints_a_line_for_each_level_and_player(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shift.main(["--seeds", "2", "--level", "1", "--player", "good", "--player", "canned"])
    out = capsys.readouterr().out.splitlines()
    assert len(out) == 3
    assert "good" in out[1]


def test_who_answers_in_time_loses_nobody() -> None:
    """The next event is also that somebody has written: else second questions would be slept through."""
    for seed in SEEDS:
        state = shift.played(shift.night(seed, 1), "good")
        assert state.counts["走了"] == state.counts["下班未结"] == 0


def test_the_next_event_lies_ahead() -> None:
    state = shift.start(shift.night(4, 2))
    while not state.over:
        ahead = shift.next_event(state)
        assert ahead > state.now
        state = shift.tick(state, ahead)


def test_somebody_may_come_at_the_very_first_second() -> None:
    """Else nothing would ever happen next, and the whole night be slept through."""
    night = shift.night(1476, 2)
    assert night.customers[0].at == shift.OPENS
    assert [one.who for one in shift.start(night).queue] == [night.customers[0].who]
    assert shift.report(shift.played(night, "good")).total > 85
