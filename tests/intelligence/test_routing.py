"""The queue, event by event: what holds of every night, and where it meets the formulas."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import inf
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.intelligence.handover import TRIALS as CASES
from kefu.intelligence.handover import Switches, decide
from kefu.intelligence.routing import (
    FIRSTS,
    PICKS,
    ROBOT,
    STAGES,
    TRANSFERS,
    Arrival,
    Chair,
    House,
    Policy,
    Robot,
    Transfer,
    compare,
    from_minutes,
    runs,
    simulate,
    stream,
)
from kefu.intelligence.staffing import FACTORS, chat_desk, erlang_a, mean_wait
from kefu.stats import bootstrap

QUIET = settings(deadline=None, max_examples=25)
MIX = {("售前", "商品"): 0.5, ("售前", "活动"): 0.3, ("售后", "物流"): 0.2}
SKILLS = ("", "商品", "活动", "物流")
NAMES = ("小满", "林姐", "阿栀", "石头", "小棠", "青禾")

ARRIVALS = st.lists(
    st.builds(
        Arrival,
        st.floats(0, 3600),
        st.sampled_from(STAGES),
        st.sampled_from(SKILLS),
        st.sampled_from(("", *NAMES)),
    ),
    max_size=60,
)
SHIFTS = st.sampled_from(
    (((0.0, inf),), ((0.0, 1800.0),), ((900.0, 2700.0),), ((0.0, 600.0), (1200.0, inf)))
)
TEAMS = st.integers(1, len(NAMES)).flatmap(
    lambda size: st.tuples(
        *(
            st.builds(
                Chair,
                st.just(name),
                st.sampled_from(STAGES),
                st.integers(1, 4),
                st.frozensets(st.sampled_from(SKILLS[1:]), max_size=2),
                SHIFTS,
                st.just(name == "青禾"),
            )
            for name in NAMES[:size]
        )
    )
)
POLICIES = st.builds(
    Policy,
    st.sampled_from(FIRSTS),
    st.sampled_from(PICKS),
    st.floats(0, 4),
    st.floats(0, 100),
    st.booleans(),
    st.none() | st.floats(0, 200),
    st.none() | st.floats(0, 200),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
HOUSES = st.builds(
    House,
    handling=st.floats(10, 600),
    patience=st.floats(10, 600) | st.just(inf),
    factors=st.none() | st.just(FACTORS),
)
SEEDS = st.integers(0, 10**6)
SLOWER = House(factors=FACTORS)


def team(size, **changes):
    return [Chair(str(n), **changes) for n in range(size)]


# What holds of every night


@QUIET
@given(ARRIVALS, TEAMS, POLICIES, HOUSES, SEEDS)
def test_nobody_is_lost_and_time_runs_forward(arrivals, agents, policy, house, seed):
    found = simulate(arrivals, agents, policy, seed, house=house)
    assert found.chats == len(arrivals)
    served = sum(trip.by is not None and trip.by >= 0 for trip in found.trips)
    assert found.by_robot + found.left + served + _stuck(found) == len(arrivals)
    assert house.patience == inf or not _stuck(found)
    for trip in found.trips:
        if trip.asked is not None:
            assert trip.at <= trip.asked
            assert trip.position is not None
            assert trip.position >= 0
        if trip.taken is not None:
            assert trip.asked <= trip.taken <= trip.ended
        assert trip.waited >= 0


def _stuck(found):
    """Count those with endless patience whom nobody ever took."""
    return sum(trip.by is None and trip.ended == 0 for trip in found.trips)


@QUIET
@given(ARRIVALS, TEAMS, POLICIES, HOUSES, SEEDS)
def test_nobody_has_more_chats_than_his_places(arrivals, agents, policy, house, seed):
    found = simulate(arrivals, agents, replace(policy, handover=False), seed, house=house)
    for number, agent in enumerate(agents):
        moments = []
        for trip in found.trips:
            if trip.by == number:
                moments += [(trip.taken, 1), (trip.ended, -1)]
        chats = 0
        for _, step in sorted(moments):
            chats += step
            assert chats <= agent.at_once


@QUIET
@given(ARRIVALS, TEAMS, POLICIES, HOUSES, SEEDS)
def test_a_chat_begins_within_a_shift_only(arrivals, agents, policy, house, seed):
    found = simulate(arrivals, agents, replace(policy, handover=False), seed, house=house)
    for trip in found.trips:
        if trip.taken is not None:
            assert any(start <= trip.taken <= end for start, end in agents[trip.by].shifts)


@QUIET
@given(ARRIVALS, TEAMS, POLICIES, HOUSES, SEEDS)
def test_the_same_seed_is_the_same_night_and_order_of_input_says_nothing(
    arrivals, agents, policy, house, seed
):
    one = simulate(arrivals, agents, policy, seed, house=house)
    assert one == simulate(arrivals[::-1], agents, policy, seed, house=house)


@QUIET
@given(ARRIVALS, TEAMS, POLICIES, SEEDS)
def test_the_figures_are_those_of_the_trips(arrivals, agents, policy, seed):
    found = simulate(arrivals, agents, policy, seed)
    asked = [trip for trip in found.trips if trip.asked is not None]
    assert found.asked == len(asked)
    if asked:
        assert found.wait == pytest.approx(mean(trip.waited for trip in asked))
        assert found.longest == max(trip.waited for trip in asked)
        assert found.abandonment == pytest.approx(mean(trip.left for trip in asked))
        soon = [trip.taken is not None and trip.taken - trip.asked <= 20 for trip in asked]
        assert found.service_level == pytest.approx(mean(soon))
    assert found.occupancy >= 0
    assert found.resolved * found.chats == pytest.approx(sum(trip.solved for trip in found.trips))


@QUIET
@given(ARRIVALS, st.integers(1, 5), st.integers(1, 3), SEEDS)
def test_in_a_plain_line_nobody_overtakes_and_no_place_is_empty_while_one_waits(
    arrivals, size, at_once, seed
):
    plain = [one._replace(regular="") for one in arrivals]
    found = simulate(plain, team(size, at_once=at_once), Policy("按分组"), seed)
    by_stage = defaultdict(list)
    for one, trip in zip(sorted(plain), found.trips, strict=True):
        by_stage[one.stage].append(trip)
    taken = [trip.taken for trip in by_stage["售前"] if trip.taken is not None]
    assert taken == sorted(taken)
    assert all(trip.by is None for trip in by_stage["售后"])  # nobody of that team is there
    for trip in by_stage["售前"]:
        if trip.waited > 0:
            busy = sum(
                other.taken is not None and other.taken <= trip.asked < other.ended
                for other in by_stage["售前"]
            )
            assert busy == size * at_once


@QUIET
@given(ARRIVALS, st.integers(1, 6), SEEDS)
def test_one_more_agent_lets_nobody_wait_longer_where_all_are_patient(arrivals, size, seed):
    """Sample path by sample path: first come, first served, one chat at a time, equal agents."""
    patient, policy = House(patience=inf), Policy("按分组")
    ours = [one._replace(stage="售前", regular="") for one in arrivals]
    waits = [
        [
            trip.waited
            for trip in simulate(ours, team(n, at_once=1), policy, seed, house=patient).trips
        ]
        for n in (size, size + 1)
    ]
    assert all(more <= few + 1e-6 for few, more in zip(*waits, strict=True))


@QUIET
@given(ARRIVALS, st.integers(1, 4), SEEDS)
def test_the_number_told_is_that_of_those_who_wait_before_him(arrivals, size, seed):
    ours = [one._replace(stage="售前", regular="") for one in arrivals]
    found = simulate(ours, team(size, at_once=1), Policy("按分组"), seed)
    for i, trip in enumerate(found.trips):
        before = [
            other
            for other in found.trips[:i]
            if other.waited and other.asked + other.waited > trip.asked
        ]
        assert trip.position == len(before)


@QUIET
@given(ARRIVALS, TEAMS, SEEDS)
def test_each_policy_meets_the_same_people(arrivals, agents, seed):
    found = compare(arrivals, agents, {name: Policy(name) for name in FIRSTS}, seed)
    for trips in zip(*(one.trips for one in found.values()), strict=True):
        kept = {trip.by == ROBOT for trip in trips if trip.by == ROBOT or trip.cause}
        assert len(kept) <= 1  # whom the robot keeps under one policy it keeps under each
        assert len({trip.cause for trip in trips if trip.cause}) <= 1


# Policies


def test_people_first_asks_the_robot_only_when_all_are_busy():
    house = House(handling=600, robot=Robot(keeps=1))
    found = simulate(
        [Arrival(t) for t in (0, 1, 2)], team(1, at_once=2), Policy("人工优先"), 1, house=house
    )
    assert [trip.by for trip in found.trips] == [0, 0, ROBOT]


def test_robot_first_lets_people_have_what_it_cannot():
    arrivals = stream(5, 200, seed=3)
    found = simulate(arrivals, team(6), Policy("机器人优先"), 1)
    assert found.asked + found.by_robot == found.chats
    assert found.by_robot / found.chats == pytest.approx(0.6, abs=0.05)
    assert all(trip.cause for trip in found.trips if trip.asked is not None)


def test_mixed_switches_at_so_many_chats_each():
    arrivals = [Arrival(float(t)) for t in range(6)]
    house = House(handling=10_000, robot=Robot(keeps=1))
    found = simulate(arrivals, team(2, at_once=3), Policy("混合", switch=2), 1, house=house)
    assert [trip.by for trip in found.trips] == [0, 1, 0, 1, ROBOT, ROBOT]


def test_by_group_each_stage_has_its_own_people():
    agents = [Chair("林姐"), Chair("小棠", team="售后")]
    found = simulate(stream(1, 200, 2, mix=MIX), agents, Policy("按分组"), 2)
    for one, trip in zip(sorted(stream(1, 200, 2, mix=MIX)), found.trips, strict=True):
        assert trip.by in (None, STAGES.index(one.stage))


def test_at_night_there_is_only_the_robot():
    off = Chair("小满", shifts=((3600.0, 7200.0),))
    found = simulate([Arrival(10.0)] * 200, [off], Policy("人工优先"), 1)
    first = simulate([Arrival(10.0)] * 200, [off], Policy("机器人优先"), 1)
    assert first == found
    assert 100 < found.by_robot < 140
    for trip in found.trips:
        assert trip.by in (ROBOT, None) or trip.taken >= 3600


def test_least_busy_and_in_turn_differ_by_what_they_look_at():
    arrivals = [Arrival(float(t)) for t in (0, 1, 2, 3)]
    slow = House(handling=10_000)
    agents = [Chair("石头", at_once=5), Chair("小满", at_once=2)]
    least = simulate(arrivals, agents, Policy("按分组", pick="最闲"), 1, house=slow)
    turns = simulate(arrivals, agents, Policy("按分组", pick="轮流"), 1, house=slow)
    assert [trip.by for trip in least.trips] == [0, 1, 0, 0]
    assert [trip.by for trip in turns.trips] == [0, 1, 0, 1]


def test_a_regular_waits_a_while_for_his_own_agent_then_takes_any():
    agents = [Chair("小满", at_once=1), Chair("石头", at_once=1)]
    arrivals = [Arrival(0.0, regular="小满"), Arrival(1.0, regular="小满")]
    policy = Policy("按分组", pick="熟客", hold=30)
    found = simulate(arrivals, agents, policy, 1, house=House(handling=10_000, patience=inf))
    assert [trip.by for trip in found.trips] == [0, 1]
    assert found.trips[1].waited == 30
    away = simulate([Arrival(0.0, regular="林姐")], agents, policy, 1)
    assert away.trips[0].waited == 0


def test_a_skill_is_waited_for_and_then_widened():
    agents = [
        Chair("小满", skills=frozenset({"活动"})),
        Chair("石头", at_once=1, skills=frozenset({"物流"})),
    ]
    arrivals = [Arrival(0.0, skill="物流"), Arrival(1.0, skill="物流")]
    slow = House(handling=10_000, patience=inf)
    found = simulate(arrivals, agents, Policy("按分组", skills=True, widen=60), 1, house=slow)
    assert [trip.by for trip in found.trips] == [1, 0]
    assert found.trips[1].waited == 60
    never = simulate(arrivals, agents, Policy("按分组", skills=True, widen=None), 1, house=slow)
    assert never.trips[1].by == 1
    at_once = simulate(arrivals, agents[:1], Policy("按分组"), 1, house=slow)
    assert [trip.by for trip in at_once.trips] == [0, 0]  # whatever the skill


def test_the_reserve_takes_only_who_has_waited_long():
    agents = [*team(2, at_once=2), Chair("青禾", at_once=4, reserve=True)]
    arrivals = stream(4, 120, seed=5)
    found = simulate(arrivals, agents, Policy("按分组", overflow=45), 1)
    hers = [trip.waited for trip in found.trips if trip.by == 2]
    others = [trip.waited for trip in found.trips if trip.by in (0, 1)]
    assert len(hers) > 50
    assert min(hers) >= 45 - 1e-9
    assert mean(hers) > 1.5 * mean(others)
    alone = simulate(arrivals, agents, Policy("按分组"), 1)
    assert all(trip.by != 2 for trip in alone.trips)


def test_overflow_opens_the_other_team():
    agents = [Chair("林姐", at_once=1), Chair("小棠", team="售后")]
    arrivals = [Arrival(0.0), Arrival(1.0)]
    slow = House(handling=10_000, patience=inf)
    found = simulate(arrivals, agents, Policy("按分组", overflow=20), 1, house=slow)
    assert [(trip.by, trip.waited) for trip in found.trips] == [(0, 0), (1, 20)]


def test_open_chats_are_handed_over_or_ended_after_hours():
    agents = [
        Chair("小棠", at_once=2, shifts=((0.0, 100.0),)),
        Chair("阿川", at_once=2, shifts=((90.0, inf),)),
    ]
    arrivals = [Arrival(0.0), Arrival(1.0)]
    long = House(handling=100_000)
    stays = simulate(arrivals, agents, Policy(), 1, house=long)
    goes = simulate(arrivals, agents, Policy(handover=True), 1, house=long)
    assert [trip.by for trip in stays.trips] == [0, 0]
    assert stays.overtime == pytest.approx(max(trip.ended for trip in stays.trips) - 100)
    assert [trip.by for trip in goes.trips] == [1, 1]
    assert goes.overtime == 0
    for before, after in zip(stays.trips, goes.trips, strict=True):
        assert after.ended == pytest.approx(before.ended + long.briefing)


def test_without_a_packet_the_customer_tells_all_again():
    arrivals = stream(3, 300, seed=4)
    kept, lost = (
        simulate(arrivals, team(9), Policy("机器人优先", packet=packet), 1)
        for packet in (True, False)
    )
    talk = [
        sum(t.ended - t.taken for t in one.trips if t.taken is not None) for one in (kept, lost)
    ]
    assert talk[1] / talk[0] == pytest.approx(House().repeat)


# The five cases of automatic transfer


def test_the_five_cases_have_the_names_of_the_hand_over():
    named = {decide(case.moment, Switches()).reason for case in CASES} - {"", "生气或要投诉"}
    assert set(TRANSFERS) == named
    assert TRANSFERS["机器人没反应"].after == 3 * 60


def test_each_case_comes_as_often_and_as_late_as_it_says():
    found = simulate([Arrival(0.0)] * 20_000, team(1, at_once=500), Policy("机器人优先"), 1)
    seen = Counter(trip.cause for trip in found.trips if trip.cause)
    for name, case in TRANSFERS.items():
        assert seen[name] / seen.total() == pytest.approx(case.part, abs=0.01)
        assert {trip.asked for trip in found.trips if trip.cause == name} == {case.after}


def test_danger_goes_before_all_who_wait():
    only = {"紧急危险": Transfer(1, 5, urgent=True)}
    late = House(handling=100, patience=inf, robot=Robot(keeps=0, transfers=only))
    arrivals = [*(Arrival(float(n)) for n in range(8)), Arrival(8.0)]
    found = simulate(arrivals, team(1, at_once=1), Policy("人工优先"), 1, house=late)
    # the first is taken at once; all others meet the robot, and are urgent: first come first
    assert [trip.position for trip in found.trips] == [0, 0, 1, 2, 3, 4, 5, 6, 7][: len(arrivals)]
    mixed = House(handling=50, patience=inf, robot=Robot(keeps=0, transfers={
        "几次没答上": Transfer(0.5, 0), "紧急危险": Transfer(0.5, 0, urgent=True)}))  # fmt: skip
    night = simulate([Arrival(0.0)] * 40, team(1, at_once=1), Policy("机器人优先"), 1, house=mixed)
    taken = sorted(night.trips[1:], key=lambda trip: trip.taken)
    causes = [trip.cause for trip in taken]
    assert causes == sorted(causes, key=lambda cause: cause != "紧急危险")


# The formulas


def within(values, truth, room=0.0):
    """Tell whether the truth lies in the 99 % interval of the mean of independent runs."""
    found = bootstrap(values, mean, seed=1, confidence=0.99)
    return found.low - room <= truth <= found.high + room


@cache
def nights(rate, size, handling, patience, dispersion=0.0, factors=False, at_once=1):
    house = House(handling=handling, patience=patience, factors=FACTORS if factors else None)
    chairs = team(size, at_once=at_once)
    return [
        simulate(
            stream(rate, 600, seed, dispersion=dispersion),
            chairs,
            Policy("按分组"),
            seed,
            house=house,
        )
        for seed in range(1, 25)
    ]


@pytest.mark.parametrize("agents", [10, 12, 14])
def test_simulation_and_erlang_a_lie_within_each_others_intervals(agents):
    found, truth = nights(10 / 3, agents, 180, 180), erlang_a(10 / 180, 180, agents, 180)
    assert within([one.wait for one in found], truth.mean_wait)
    assert within([one.abandonment for one in found], truth.abandoned)
    # a night begins empty and runs on after its last customer: a part in a hundred
    assert within([one.occupancy for one in found], truth.occupancy, room=0.01)


def test_simulation_and_erlang_c_lie_within_each_others_intervals():
    found = nights(10 / 3, 14, 180, inf)
    assert within([one.wait for one in found], mean_wait(10, 14, 180))


def test_simulation_and_the_chat_desk_lie_within_each_others_intervals():
    found, truth = nights(2, 7, 360, inf, factors=True, at_once=3), chat_desk(2 / 60, 360, 7, 3)
    assert within([one.wait for one in found], truth.wait)
    talk = [mean(trip.ended - trip.taken for trip in one.trips) for one in found]
    assert within(talk, truth.talk)


def test_they_part_where_the_stream_varies_more_than_a_steady_one():
    """The rush's own dispersion of 0.2: the formula promises far too short a wait."""
    found, truth = nights(10 / 3, 14, 180, 180, dispersion=0.2), erlang_a(10 / 180, 180, 14, 180)
    waits = [one.wait for one in found]
    assert not within(waits, truth.mean_wait)
    assert mean(waits) > 2 * truth.mean_wait


def test_they_part_where_all_come_at_once():
    """As many in the hour, most of them in its first minutes."""
    steady, burst = [200 / 60] * 60, [40.0] * 4 + [40 / 56] * 56
    truth = erlang_a(200 / 3600, 130, 9, 240)
    waits = {}
    for name, rates in (("steady", steady), ("burst", burst)):
        waits[name] = runs(
            lambda seed, rates=rates: (
                simulate(stream(rates, 60, seed), team(9, at_once=1), Policy("按分组"), seed).wait
            ),
            24,
        )
    assert within(waits["steady"], truth.mean_wait, room=1)
    assert mean(waits["burst"]) > 5 * truth.mean_wait


def test_two_small_teams_wait_longer_than_one_large():
    def waits(groups):
        agents = [Chair(str(n), "售前" if n < 7 else "售后", 1) for n in range(14)]
        house, mix = House(handling=180, patience=inf), {("售前", ""): 0.5, ("售后", ""): 0.5}
        policy = Policy("按分组", overflow=None if groups else 0)
        return runs(
            lambda seed: (
                simulate(stream(10 / 3, 600, seed, mix=mix), agents, policy, seed, house=house).wait
            ),
            24,
        )

    assert within(waits(True), mean_wait(5, 7, 180))
    assert within(waits(False), mean_wait(10, 14, 180))


# Who comes


def test_a_stream_has_its_mean_and_its_dispersion():
    counts = [len(stream(20, 60, seed)) for seed in range(200)]
    wide = [len(stream(20, 60, seed, dispersion=0.2, stretch=60)) for seed in range(200)]
    for one in (counts, wide):
        assert mean(one) == pytest.approx(1200, rel=0.08)
    spread = [mean((n - mean(one)) ** 2 for n in one) for one in (counts, wide)]
    assert spread[0] == pytest.approx(1200, rel=0.35)
    assert spread[1] == pytest.approx(1200 + 0.2 * 1200**2, rel=0.35)


@given(st.lists(st.integers(0, 9), max_size=20), SEEDS)
def test_each_minute_has_its_count_in_order(counts, seed):
    found = from_minutes(counts, seed, mix=MIX)
    assert Counter(int(one.at // 60) for one in found) == Counter(
        {minute: n for minute, n in enumerate(counts) if n}
    )
    assert all(one.at <= other.at for one, other in pairwise(found))
    assert {(one.stage, one.skill) for one in found} <= set(MIX)


def test_nobody_comes_to_an_empty_night():
    found = simulate([], team(2), Policy(), 1)
    assert (found.chats, found.wait, found.service_level, found.cost) == (0, 0, 1, 0)
    assert simulate([Arrival(0.0)], [], Policy(), 1).chats == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Policy("谁闲谁接"), "first: expected one of 人工优先"),
        (lambda: Policy(pick="随便"), "pick: expected one of 最闲"),
        (lambda: Policy(widen=-1), "widen: expected a number >= 0"),
        (lambda: Policy(skills="是"), "skills: expected True or False"),
        (lambda: Chair("小满", at_once=0), "at_once: expected a whole number >= 1"),
        (lambda: Chair("小满", shifts=((9.0, 5.0),)), "shifts: expected shifts one after another"),
        (lambda: Robot(keeps=1.2), "keeps: expected a share"),
        (lambda: Robot(transfers={"几次没答上": Transfer(0.5, 0)}), "transfers: expected parts that add up"),
        (lambda: House(patience=0), "patience: expected a number > 0"),
        (lambda: House(handling=-3), "handling: expected a number > 0"),
        (lambda: simulate([Arrival(-1.0)], team(1), Policy(), 1), "arrivals: expected times >= 0"),
        (lambda: simulate([], [Chair("小满"), Chair("小满")], Policy(), 1), "agents: expected different names"),
        (lambda: simulate([], team(1, at_once=6), Policy(), 1, house=SLOWER), "factors: expected factors up to 6"),
        (lambda: simulate([], team(1), Policy(), -1), "seed: expected a whole number >= 0"),
        (lambda: stream([1, 2], 3, 1), "rate: expected 3 rates"),
        (lambda: from_minutes([-1], 1), "counts: expected a whole number >= 0"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
