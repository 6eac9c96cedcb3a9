"""The room of a live show: bursts, the line as a fluid and simulated, stock, a show under tactics."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from itertools import pairwise
from math import exp, inf, log
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.intelligence import live
from kefu.intelligence.live import (
    HOST_EVERY,
    SHOWN,
    TOPICS,
    Link,
    Slot,
    Stock,
    Tactics,
    air,
    answer,
    backlog,
    bounds,
    burst,
    fluid,
    netizens,
    oversell_bill,
    rates,
    told,
)
from kefu.intelligence.staffing import erlang_c
from kefu.stats import bootstrap

QUIET = settings(deadline=None, max_examples=40)
RATES = st.lists(st.floats(0, 1000), min_size=1, max_size=30)
PATIENCE = st.one_of(st.just(inf), st.floats(0.1, 60))
FLASH = [Link(0, 480, 3, 0)]
HANDS, HANDLING = 50, 0.25  # 200 answers a minute


# How many people


def test_the_people_on_the_internet_follow_from_the_viewers_and_their_share():
    found = netizens("8.33", "0.752")
    assert found == (Decimal("11.08"), Decimal("11.06"), Decimal("11.09"))
    assert Decimal("8.33") - Decimal("0.1737") == pytest.approx(
        Decimal("8.16"), abs=Decimal("0.005")
    )


@given(st.decimals("0.01", "100", places=2), st.decimals("0.01", "1", places=3))
def test_the_rounding_leaves_the_estimate_inside(viewers, part):
    found = netizens(viewers, part)
    assert found.low <= found.people <= found.high


@pytest.mark.parametrize(
    ("viewers", "part", "name"), [(0, 0.5, "viewers"), (8, 0, "part"), (8, 2, "part")]
)
def test_bad_numbers_of_people_are_named(viewers, part, name):
    with pytest.raises(ValueError, match=name):
        netizens(viewers, part)


# Bursts


@given(st.floats(0, 20), st.floats(0, 500), st.floats(0, 10), st.floats(0, 10))
def test_a_link_brings_what_it_promises(at, extra, hold, fade):
    link = Link(at, extra, hold, fade)
    assert sum(rates(400, 0, [link])) == pytest.approx(extra * (hold + fade), abs=1e-6)
    assert all(rate >= 0 for rate in rates(400, 0, [link]))


def test_bursts_of_one_seed_are_the_same_and_their_mean_is_the_rate():
    assert burst(18, 120, FLASH, 5) == burst(18, 120, FLASH, 5) != burst(18, 120, FLASH, 6)
    many = [len(burst(18, 120, FLASH, seed)) for seed in range(40)]
    assert sum(rates(18, 120, FLASH)) == 3600
    assert 3600 in bootstrap(many, fmean, seed=1, confidence=0.999)


# The fluid


def test_the_fluid_by_hand():
    flow = fluid(rates(18, 120, FLASH), 200)
    assert (flow.peak, flow.peak_at, flow.longest_wait, flow.clear_at) == (1200, 3, 6, 18)
    assert (flow.person_minutes, flow.answered, flow.left) == (10_800, 3600, 0)
    assert fluid(rates(17, 120, FLASH), 200).clear_at is None


@given(RATES, st.floats(0, 1000), PATIENCE)
def test_nobody_is_lost_in_the_fluid(coming, capacity, patience):
    flow = fluid(coming, capacity, patience)
    assert all(queue >= 0 for queue in flow.queue)
    assert flow.answered + flow.left + flow.queue[-1] == pytest.approx(sum(coming), abs=1e-6)
    assert -1e-6 <= flow.answered <= capacity * len(coming) + 1e-6
    assert flow.left >= 0


@given(RATES, st.floats(1, 1000), st.floats(0, 500), PATIENCE)
def test_more_capacity_never_makes_the_line_longer(coming, capacity, more, patience):
    little, much = fluid(coming, capacity, patience), fluid(coming, capacity + more, patience)
    assert all(a >= b - 1e-6 for a, b in zip(little.queue, much.queue, strict=True))
    assert little.longest_wait >= much.longest_wait - 1e-9


@given(RATES, st.floats(1, 1000), st.floats(0.1, 60))
def test_a_great_patience_is_none(coming, capacity, patience):
    assert fluid(coming, capacity, patience).peak <= fluid(coming, capacity).peak + 1e-6
    close = fluid(coming, capacity, 1e7)
    assert close.queue == pytest.approx(fluid(coming, capacity).queue, rel=1e-4, abs=1e-2)


def test_patience_follows_its_own_equation():
    flow = fluid([600], 200, patience=5)
    assert flow.peak == pytest.approx(2000 * (1 - exp(-1 / 5)))
    assert flow.longest_wait == pytest.approx(5 * log(1 + flow.peak / 1000))


def test_a_capacity_for_each_minute_counts_and_a_late_one_costs():
    coming = rates(30, 120, FLASH)
    early, late = [400.0] * 3 + [200.0] * 27, [200.0] * 3 + [400.0] * 3 + [200.0] * 24
    assert fluid(coming, [200.0] * 30) == fluid(coming, 200)
    assert fluid(coming, early).person_minutes < fluid(coming, late).person_minutes
    assert fluid([5], 0).longest_wait == inf
    assert fluid([10, 0], [0, 5]).longest_wait == 2


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: fluid([], 1), "coming"),
        (lambda: fluid([-1], 1), "coming"),
        (lambda: fluid([1], [1, 2]), "capacity"),
        (lambda: fluid([1], 1, 0), "patience"),
        (lambda: rates(3, 1, [Link(0, -1)]), "extra"),
        (lambda: bounds([1], 1, 1, confidence=1), "confidence"),
        (lambda: air([], Tactics(), 1), "turns"),
        (lambda: air([Slot("天气", 3)], Tactics(), 1), "hot"),
        (lambda: Tactics(pins={0: "天气"}), "pins"),
        (lambda: Tactics(lines={0: "发货", 1: "发货"}), "lines"),
        (lambda: told([]), "show"),
        (lambda: Stock(-1), "left"),
        (lambda: Stock(0, empty_at=5).take(1, 4), "minute"),
        (lambda: oversell_bill(1, 5, 6, compensation=0, minutes=0), "cost"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()


# Fluid and simulation


@cache
def lines(patience: float, runs: int = 24) -> list[tuple[int, ...]]:
    return [
        backlog(answer(burst(24, 120, FLASH, seed), HANDS, HANDLING, seed, patience=patience), 24)
        for seed in range(runs)
    ]


@pytest.mark.parametrize("patience", [inf, 4.0])
def test_each_simulated_line_is_within_the_bounds_of_the_fluid(patience):
    coming = rates(24, 120, FLASH)
    within = bounds(coming, HANDS, HANDLING, patience=patience, confidence=0.99)
    inside = [
        [low <= wait <= high for wait, (low, high) in zip(line, within, strict=True)]
        for line in lines(patience)
    ]
    for minute in zip(*inside, strict=True):
        assert sum(minute) >= 0.95 * len(inside)
    low, high = within[3]
    assert high - low < 0.8 * fluid(coming, 200).peak  # they say something


@pytest.mark.parametrize("patience", [inf, 4.0])
def test_the_mean_of_simulated_lines_is_the_fluid_to_within_the_hands(patience):
    """While a line stands, the mean is at most the hands below the fluid, and not above it but for chance."""
    flow = fluid(rates(24, 120, FLASH), HANDS / HANDLING, patience)
    standing = [minute for minute, queue in enumerate(flow.queue) if queue > 250]
    assert len(standing) >= 3
    for minute in standing:
        found = bootstrap(
            [line[minute] for line in lines(patience)], fmean, seed=1, confidence=0.999
        )
        assert found.low <= flow.queue[minute]
        assert found.high >= flow.queue[minute] - HANDS


def test_where_no_line_stands_the_fluid_is_silent_and_erlang_speaks():
    hands, handling, load = 10, 1.0, 9.0
    assert fluid(rates(600, load), hands / handling).peak == 0
    shares = []
    for seed in range(20):
        room = answer(burst(600, load, [], seed), hands, handling, seed)
        late = [trip for trip in room.trips if trip.at > 60 * 60]  # the first hour fills the room
        shares.append(fmean(trip.waited > 0 for trip in late))
    assert erlang_c(load, hands) in bootstrap(shares, fmean, seed=1, confidence=0.999)


# Stock

ORDERS = st.lists(st.integers(0, 20), max_size=30)


@given(st.integers(0, 200), st.integers(0, 30), ORDERS)
def test_stock_never_falls_below_nothing_and_loses_no_order(left, delay, orders):
    stocks = [Stock(left, delay)]
    for minute, wanted in enumerate(orders):
        stocks.append(stocks[-1].take(wanted, minute))
    assert all(stock.left >= 0 for stock in stocks)
    assert all(stock.left + stock.sold == left for stock in stocks)
    last = stocks[-1]
    assert last.sold + last.oversold + last.turned_away == sum(orders)
    assert all(a.oversold <= b.oversold for a, b in pairwise(stocks))
    assert last == Stock(left, delay).sell(orders)


@given(st.integers(0, 200), ORDERS, st.integers(0, 30))
def test_only_a_late_link_oversells(left, orders, delay):
    assert Stock(left).sell(orders).oversold == 0
    sold = [Stock(left, wait).sell(orders).oversold for wait in (delay, delay + 1, 99)]
    assert sold == sorted(sold)
    assert sold[-1] == max(sum(orders) - left, 0)


def test_what_is_oversold_costs_more_than_what_is_turned_away():
    bill = oversell_bill(6, 169, 76, compensation=10, minutes=8)
    assert (bill.refund, bill.lost, bill.compensation, bill.work) == (1014, 558, 60, 20)
    assert bill.total == 638 > bill.lost
    assert oversell_bill(0, 169, 76, compensation=10, minutes=8).total == 0


# A show

TURNS = (Slot("发货", 30), Slot("尺码", 10))
PINS = st.dictionaries(st.integers(0, 29), st.sampled_from(("", *TOPICS)), max_size=6)


@QUIET
@given(PINS, st.integers(0, 4), st.integers(0, 10**6))
def test_a_pin_adds_no_question_and_loses_none(pins, hands, seed):
    bare, pinned = (air(TURNS, Tactics(p, hands=hands), seed) for p in ({}, pins))
    for one, other in zip(bare, pinned, strict=True):
        assert (one.viewers, one.fresh) == (other.viewers, other.fresh)
        assert other.repeats + other.stopped == one.repeats
        assert other.missed <= one.missed
        assert other.wanted >= one.wanted
        for minute in (one, other):
            assert minute.answered + minute.missed == minute.fresh + minute.repeats


@QUIET
@given(st.integers(0, 5), st.integers(0, 10**6))
def test_more_hands_miss_fewer_and_a_line_of_the_host_too(hands, seed):
    lines = {minute: TURNS[minute // SHOWN].hot for minute in range(0, 30, HOST_EVERY)}
    few, more, host = (
        air(TURNS, tactics, seed)
        for tactics in (
            Tactics(hands=hands),
            Tactics(hands=hands + 1),
            Tactics(lines=lines, hands=hands),
        )
    )
    for better in (more, host):
        assert all(b.missed <= a.missed for a, b in zip(few, better, strict=True))
        assert (
            told(better).sold + told(better).turned_away >= told(few).sold + told(few).turned_away
        )


@QUIET
@given(PINS, st.integers(0, 20), st.integers(0, 10**6))
def test_a_show_keeps_its_books(pins, delay, seed):
    show = air(TURNS, Tactics(pins, delay=delay), seed)
    total = told(show)
    assert total.sold + total.left_over == sum(turn.stock for turn in TURNS)
    assert total.sold + total.oversold + total.turned_away == sum(one.wanted for one in show)
    assert delay or not total.oversold
    assert total.questions == total.answered + total.missed


def test_a_right_pin_stops_the_planted_share_and_a_wrong_one_little():
    def cut(topic: str) -> list[tuple[int, int]]:
        shows = [
            air([Slot("发货", 99)] * 4, Tactics({m: topic for m in range(0, 60, 15)}), s)
            for s in range(40)
        ]
        return [
            (told(show).stopped, sum(one.repeats + one.stopped for one in show)) for show in shows
        ]

    def share(shows):
        return sum(some for some, _ in shows) / sum(of for _, of in shows)

    assert live.CUT in bootstrap(cut("发货"), share, seed=1, confidence=0.999)
    assert 0.25 / 3 * live.STOP in bootstrap(cut("材质"), share, seed=1, confidence=0.999)


def test_one_pin_stops_some_thirty_repeats_and_forty_on_a_good_evening():
    stopped = [
        told(air([Slot("发货", 60)], Tactics({2: "发货"}), seed)).stopped for seed in range(60)
    ]
    assert max(stopped) >= 40
    assert 25 < fmean(stopped) < 33
