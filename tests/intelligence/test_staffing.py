"""Erlang's formulas to published digits, chats at once, and rosters against all rosters."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise
from math import exp, factorial, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.intelligence.staffing import (
    DAYS,
    FACTORS,
    agents_needed,
    burden,
    chat_agents,
    chat_desk,
    chats_to_load,
    crew,
    erlang_a,
    erlang_b,
    erlang_c,
    faults,
    least_short,
    mean_wait,
    patterns,
    rotated,
    schedule,
    service_level,
    shortage,
    spare_factor,
    square_root_agents,
    wait_chance,
    with_shrinkage,
)

LOADS = st.floats(0.05, 60)
AGENTS = st.integers(1, 80)


# To the published digits


def test_erlang_b_is_the_exact_sum():
    for load, agents in ((10, 17), (5, 10), (0.5, 1), (30, 30)):
        terms = [load**k / factorial(k) for k in range(agents + 1)]
        assert erlang_b(load, agents) == pytest.approx(terms[-1] / sum(terms), rel=1e-12)
    assert round(erlang_b(10, 17), 4) == 0.0129
    assert round(erlang_b(5, 10), 4) == 0.0184


def test_erlang_c_reproduces_the_table_of_ten_erlang():
    levels = [round(100 * service_level(10, n, 180, 20), 1) for n in range(11, 17)]
    assert levels == [39.0, 64.0, 79.6, 88.8, 94.1, 97.1]
    assert round(erlang_c(10, 14), 4) == 0.1741
    assert round(mean_wait(10, 14, 180), 2) == 7.84


def test_a_load_that_grows_a_little_costs_much():
    loads = range(9, 14)
    levels = [round(100 * service_level(load, 14, 180, 20), 1) for load in loads]
    assert levels == [94.9, 88.8, 78.3, 61.4, 36.1]
    assert [round(mean_wait(load, 14, 180)) for load in loads] == [3, 8, 18, 43, 128]


def test_two_small_teams_are_worse_than_one_large():
    assert round(mean_wait(5, 7, 180), 1) == 29.2
    assert round(100 * service_level(5, 7, 180, 20), 1) == 74.0


def test_erlang_a_reproduces_its_table():
    found = [erlang_a(10 / 180, 180, n, 180) for n in range(8, 15)]
    assert [round(100 * one.abandoned, 1) for one in found] == [
        24.6,
        17.9,
        12.5,
        8.3,
        5.3,
        3.2,
        1.9,
    ]
    assert [round(one.mean_wait, 1) for one in found] == [44.3, 32.3, 22.5, 15.0, 9.6, 5.8, 3.4]


def test_the_crew_of_a_call_centre_package():
    one, other = crew(100, 30, 3), crew(100, 30, 3, busiest=0.7)
    figures = [
        (c.agents, c.rostered, round(c.level, 3), round(c.occupancy, 3)) for c in (one, other)
    ]
    assert figures == [(14, 20, 0.888, 0.714), (15, 22, 0.941, 0.667)]
    assert round(erlang_c(10, 14), 3) == 0.174
    assert round(erlang_c(10, 15), 3) == 0.102


def test_the_square_root_rule_meets_the_exact_numbers():
    assert [round(wait_chance(b), 4) for b in (0, 0.5, 1, 1.5, 2)] == [
        1,
        0.5045,
        0.2234,
        0.0847,
        0.0269,
    ]
    assert [round(spare_factor(p), 4) for p in (0.2, 0.5, 0.1)] == [1.0615, 0.5061, 1.4202]
    for load, agents in ((10, 14), (25, 31), (100, 111)):
        assert square_root_agents(load, 0.2) == agents
        assert erlang_c(load, agents) <= 0.2 < erlang_c(load, agents - 1)


def test_chats_at_once_reproduce_the_tables():
    assert tuple(FACTORS.values()) == (1, 1.7, 2.5, 2.9, 3.5)
    assert round(chats_to_load(60 / 30, 20, 3) / 0.75, 1) == 21.3
    desks = [chat_agents(2, 6, k, 20 / 60) for k in range(1, 6)]
    assert [desk.agents for desk in desks] == [16, 10, 7, 6, 5]
    assert [round(desk.talk, 1) for desk in desks] == [6.0, 6.5, 7.0, 7.2, 7.6]
    assert desks[2].talk == pytest.approx(6.970, abs=5e-4)
    assert desks[2].chats == pytest.approx(1.9915, abs=5e-5)


# What must hold of all loads


@given(LOADS, AGENTS)
def test_more_agents_never_make_anybody_wait_more(load, agents):
    assert erlang_b(load, agents + 1) < erlang_b(load, agents)
    assert erlang_c(load, agents + 1) <= erlang_c(load, agents)
    assert mean_wait(load, agents + 1, 180) <= mean_wait(load, agents, 180)


@given(LOADS, AGENTS)
def test_who_may_wait_waits_oftener_than_he_would_be_turned_away(load, agents):
    assert 0 <= erlang_b(load, agents) <= erlang_c(load, agents) <= 1


@given(LOADS, AGENTS, st.floats(0.1, 50))
def test_impatience_keeps_the_books(load, agents, patience):
    found = erlang_a(load, 1, agents, patience)
    assert 0 <= found.abandoned <= 1
    assert found.queue == pytest.approx(load * found.mean_wait)
    assert found.abandoned == pytest.approx(found.mean_wait / patience)
    assert found.occupancy * agents == pytest.approx(load * (1 - found.abandoned))
    assert found.occupancy <= 1 + 1e-9


@given(st.floats(0.2, 20), st.integers(1, 6))
def test_endless_patience_is_erlang_c(load, spare):
    agents = int(load) + 1 + spare
    assert erlang_a(load, 1, agents, 40_000).mean_wait == pytest.approx(
        mean_wait(load, agents, 1), rel=5e-3, abs=1e-9
    )


def test_erlang_a_of_a_hopeless_load_loses_what_is_too_much():
    found = erlang_a(900, 1, 300, 50)
    assert found.abandoned == pytest.approx(2 / 3, abs=1e-6)
    assert found.occupancy == pytest.approx(1, abs=1e-9)


@given(LOADS, st.floats(0, 0.99), st.floats(0, 100), st.sampled_from((0.6, 0.85, 1.0)))
def test_the_fewest_agents_are_enough_and_one_fewer_is_not(load, target, within, busiest):
    agents = agents_needed(load, 60, target, within, busiest=busiest)

    def good(n):
        return (
            service_level(load, n, 60, within) >= target and n * busiest >= load - 1e-6 and n > load
        )

    assert good(agents)
    assert agents == 1 or not good(agents - 1)


@given(st.floats(0.1, 5), st.integers(1, 12), st.integers(1, 5))
def test_a_chat_desk_obeys_little(rate, agents, at_once):
    if rate * 3 < agents * FACTORS[at_once] * 0.99:
        desk = chat_desk(rate, 3, agents, at_once)
        assert rate * desk.talk == pytest.approx(agents * desk.chats)
        assert desk.chats <= at_once + 1e-9
        assert desk.talk >= 3 - 1e-9


@given(st.floats(0.1, 20), st.integers(1, 25))
def test_one_chat_at_a_time_is_erlang_c(load, agents):
    if load < agents * 0.99:
        desk = chat_desk(load, 1, agents, 1)
        assert desk.wait == pytest.approx(mean_wait(load, agents, 1), rel=1e-6, abs=1e-12)
        assert desk.waiting == pytest.approx(erlang_c(load, agents), rel=1e-6)


def test_an_overloaded_team_says_so():
    assert erlang_c(10, 10) == 1
    assert service_level(10, 10, 180, 20) == 0
    assert mean_wait(12, 10, 180) == inf
    with pytest.raises(ValueError, match="rate: expected a rate below 1"):
        chat_desk(1, 1, 1, 1)


def test_the_wait_of_those_who_wait_is_exponential():
    tail = [1 - service_level(10, 12, 180, t) for t in (0, 60, 120)]
    assert tail[1] / tail[0] == pytest.approx(tail[2] / tail[1])
    assert tail[1] / tail[0] == pytest.approx(exp(-2 * 60 / 180))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: erlang_b(-1, 3), "load: expected a number >= 0"),
        (lambda: erlang_b("10", 3), "load: expected a number >= 0"),
        (lambda: erlang_c(10, 0), "agents: expected a whole number >= 1"),
        (lambda: erlang_c(10, 2.0), "agents: expected a whole number >= 1"),
        (lambda: service_level(10, 14, 0, 20), "handling: expected a number > 0"),
        (lambda: service_level(10, 14, 180, -1), "within: expected a number >= 0"),
        (lambda: erlang_a(1, 1, 1, 0), "patience: expected a number > 0"),
        (lambda: erlang_a(1000, 1, 1, 10_000), "patience: expected rate × patience"),
        (lambda: agents_needed(10, 180, 1, 20), "target: expected a share below 1"),
        (lambda: agents_needed(10, 180, 0.8, 20, busiest=0), "busiest: expected a number > 0"),
        (lambda: chats_to_load(2, 20, 6), "at_once: expected 1 to 5"),
        (lambda: with_shrinkage(14, 1), "shrinkage: expected a share below 1"),
        (lambda: wait_chance(-1), "beta: expected a number >= 0"),
        (lambda: spare_factor(0), "chance: expected a share of at least"),
        (lambda: schedule([(1, 1)] * 6, 3), "needs: expected seven pairs"),
        (lambda: schedule([(1, 1)] * 7, 13), "people: expected at most 12"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()


# Rosters


def test_a_pattern_keeps_the_rules_and_none_is_missing():
    rows = set(patterns())
    assert len(rows) == len(patterns()) == 56
    for row in rows:
        assert len(row) == len(DAYS)
        assert faults(row) == ()
        assert row.count("休") == 2


def test_each_rule_is_seen_when_broken():
    off = ("休", "休")
    assert faults((*("早",) * 5, *off)) == ()
    assert faults((*("早",) * 6, "休")) == ("上了6天", "没有连休两天")
    assert faults(("休", *("早",) * 5, "休")) == ("没有连休两天",)
    assert faults(("晚", "早", *off, "早", "早", "早")) == ("晚班次日接早班",)


def test_burden_counts_nights_and_weekends():
    assert burden(("早",) * 5 + ("休",) * 2) == 0
    assert burden(("休",) * 2 + ("晚",) * 5) == 7


WEEKS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=7, max_size=7)


@settings(deadline=None, max_examples=25)
@given(WEEKS, st.integers(1, 2))
def test_a_small_roster_is_the_best_of_all(needs, people):
    def cost(rows):
        points = [burden(row) for row in rows]
        return shortage(rows, needs), max(points) - min(points)

    best = min(cost(rows) for rows in combinations_with_replacement(patterns(), people))
    found = schedule(needs, people)
    assert found.proved
    assert (found.short, found.spread) == best
    assert found.bound == best[0]
    assert all(faults(row) == () for row in found.rows)


@settings(deadline=None, max_examples=10)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=7, max_size=7),
    st.integers(3, 9),
)
def test_a_larger_roster_keeps_the_rules_and_its_bound(needs, people):
    found = schedule(needs, people)
    assert len(found.rows) == people
    assert all(faults(row) == () for row in found.rows)
    assert least_short(needs, people) <= found.bound <= found.short
    assert not found.proved or found.bound == found.short


def test_the_bound_counts_days_and_heads():
    assert least_short([(2, 2)] * 7, 5) == 3
    assert least_short([(3, 3), *[(0, 0)] * 6], 5) == 1
    assert schedule([(2, 2)] * 7, 6).short == 0


def test_what_is_too_much_for_all_is_said_with_its_bound():
    found = schedule([(4, 4)] * 7, 9)
    assert found.bound == found.short == 11


def test_rotation_gives_everybody_the_same_and_no_bad_monday():
    rows = schedule([(2, 2)] * 7, 5).rows
    order = rotated(rows)
    assert order is not None
    assert sorted(order) == sorted(rows)
    for one, other in pairwise([*order, order[0]]):
        assert (one[-1], other[0]) != ("晚", "早")


def test_no_rotation_is_told():
    early = ("早",) * 5 + ("休",) * 2
    assert rotated([early, ("休",) * 2 + ("晚",) * 5]) is None
    assert rotated([]) == ()
