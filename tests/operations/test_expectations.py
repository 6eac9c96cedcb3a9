from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.operations.expectations import (
    FULL,
    habit,
    promise_outcome,
    score,
    wait,
)
from kefu.operations.satisfaction import Verdict, gap

BAD: list[tuple[Any, type[Exception]]] = [
    (-1, ValueError),
    (float("nan"), ValueError),
    ("三天", ValueError),
    (True, TypeError),
    ([3], TypeError),
]

days = st.integers(0, 150).map(lambda n: Decimal(n) / 10)
shares = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
rates = st.integers(0, 30).map(lambda n: Decimal(n) / 10)
tens = st.integers(0, 100).map(lambda n: Decimal(n) / 10)


# A promise, a wait, a delivery


@pytest.mark.parametrize(
    ("promised", "expected_gap", "said"),
    [(2, -2, Verdict.BELOW), (4, 0, Verdict.MET), (5, 1, Verdict.ABOVE)],
)
def test_the_same_delivery_pleases_or_disappoints_by_the_promise_alone(
    promised: int, expected_gap: int, said: Verdict
) -> None:
    found = wait(3, promised, 4)
    assert (found.gap, found.verdict) == (expected_gap, said)
    assert found.experience == 6


def test_a_promise_that_nobody_trusts_leaves_the_habit() -> None:
    assert wait(3, 1, 3, trust=0).expected_days == 3
    assert wait(3, 1, 3, trust=0).gap == 0
    assert wait(3, 1, 3, trust="0.5").expected_days == 2


def test_a_notice_counts_only_before_the_goods_are_expected() -> None:
    assert wait(3, 2, 6).gap == -4
    assert wait(3, 2, 6, notice="1.9").gap == 0
    for late in (2, 5, 6, 9):
        found = wait(3, 2, 6, notice=late)
        assert not found.notice_counts
        assert found.gap == -4


def test_a_notice_works_as_far_as_it_is_trusted() -> None:
    found = wait(2, 2, 6, trust="0.75", notice=1)
    assert (found.expected_days, found.final_days) == (2, 5)
    assert found.gap == -1


def test_telling_of_an_early_delivery_spends_the_surprise() -> None:
    assert wait(3, 5, 2).gap == 3
    assert wait(3, 5, 2, notice=1).gap == 0


def test_the_mood_falls_only_once_the_goods_are_overdue() -> None:
    found = wait(3, 2, 6, per_day="0.5")
    assert [found.mood(day) for day in (0, 2, 3, 4, "5.9")] == [
        0, 0, Decimal("-0.5"), -1, Decimal("-1.95")
    ]  # fmt: skip
    assert found.mood(6) == found.mood(30) == found.gap == -2


def test_the_mood_leaps_up_where_the_goods_come_early() -> None:
    found = wait(3, 5, 4)
    assert [found.mood(day) for day in (0, "3.99", 4)] == [0, 0, 1]


def test_a_score_does_not_fall_below_zero() -> None:
    assert score(0, 1) == FULL
    assert score(100, 1) == 0
    assert wait(30, 30, 40).verdict is Verdict.MET  # both are as bad as can be


@given(days, days, days, shares, rates)
def test_the_gap_is_the_models(
    usual: Decimal, promised: Decimal, actual: Decimal, trust: Decimal, lost: Decimal
) -> None:
    found = wait(usual, promised, actual, trust=trust, per_day=lost)
    assert found.gap == gap(found.experience, found.expectation)
    assert found.experience == score(actual, lost)
    assert min(usual, promised) <= found.expected_days <= max(usual, promised)
    assert 0 <= found.expectation <= FULL


@given(days, days, days, days, rates)
def test_a_longer_promise_never_makes_the_same_delivery_feel_worse(
    usual: Decimal, one: Decimal, other: Decimal, actual: Decimal, lost: Decimal
) -> None:
    low, high = sorted((one, other))
    assert wait(usual, low, actual, per_day=lost).gap <= wait(usual, high, actual, per_day=lost).gap


@given(days, days, days, shares, days)
def test_a_notice_brings_the_day_expected_nearer_to_the_truth(
    usual: Decimal, promised: Decimal, actual: Decimal, trust: Decimal, notice: Decimal
) -> None:
    without = wait(usual, promised, actual, trust=trust)
    found = wait(usual, promised, actual, trust=trust, notice=notice)
    assert abs(found.final_days - actual) <= abs(without.final_days - actual)
    assert abs(found.gap) <= abs(without.gap)


@given(days, days, days, shares, rates)
def test_while_waiting_the_mood_never_rises_and_never_exceeds_zero(
    usual: Decimal, promised: Decimal, actual: Decimal, trust: Decimal, lost: Decimal
) -> None:
    found = wait(usual, promised, actual, trust=trust, per_day=lost)
    moods = [found.mood(actual * n / 10) for n in range(10)] if actual else [Decimal(0)]
    assert all(one >= other for one, other in pairwise(moods))
    assert all(mood <= 0 for mood in moods) or not actual
    assert found.mood(actual) == found.gap


@pytest.mark.parametrize(("bad", "error"), BAD, ids=lambda v: ascii(v)[:20])
@pytest.mark.parametrize("name", ["usual", "promised", "actual", "trust", "per_day", "notice"])
def test_a_wait_names_a_bad_argument(name: str, bad: Any, error: type[Exception]) -> None:
    good: dict[str, Any] = {"usual": 3, "promised": 2, "actual": 4}
    with pytest.raises(error, match=f"^{name}: expected "):
        wait(**{**good, name: bad})


def test_trust_is_a_share() -> None:
    with pytest.raises(ValueError, match=r"^trust: expected a share from 0 to 1, got 2"):
        wait(3, 2, 4, trust=2)


# What a promise does to many


def test_under_promising_pleases_and_drives_away() -> None:
    taken = [2, 3, 4, 4, 5]
    over, honest, under = (promise_outcome(p, 3, taken, leave="0.2") for p in (2, 4, 7))
    assert [o.orders for o in (over, honest, under)] == [100, 80, 20]
    assert [o.kept for o in (over, honest, under)] == [20, 64, 20]
    assert honest.pleased > max(over.pleased, under.pleased)


def test_pleased_follows_the_day_expected_and_kept_the_day_promised() -> None:
    found = promise_outcome(1, 3, [1, 2, 3, 4], trust="0.5", leave=0)
    assert (found.kept, found.pleased) == (25, 50)


def test_nobody_stays_for_ever() -> None:
    found = promise_outcome(50, 3, [3], leave="0.1")
    assert (found.orders, found.kept, found.pleased) == (0, 0, 0)


@given(days, days, st.lists(days, min_size=1, max_size=20), shares, shares)
def test_of_those_who_stay_no_more_are_pleased_than_there_are(
    promised: Decimal, usual: Decimal, taken: list[Decimal], trust: Decimal, leave: Decimal
) -> None:
    found = promise_outcome(promised, usual, taken, trust=trust, leave=leave)
    assert 0 <= found.kept <= found.orders <= 100
    assert 0 <= found.pleased <= found.orders
    if promised <= usual:
        assert found.orders == 100
    longer = promise_outcome(promised + 1, usual, taken, trust=trust, leave=leave)
    assert longer.orders <= found.orders


def test_a_promise_needs_deliveries_and_names_a_bad_one() -> None:
    with pytest.raises(ValueError, match=r"^days: expected at least one delivery"):
        promise_outcome(3, 3, [])
    with pytest.raises(ValueError, match=r"^days\[1\]: expected "):
        promise_outcome(3, 3, [2, -1])
    with pytest.raises(ValueError, match=r"^leave: expected a share"):
        promise_outcome(3, 3, [2], leave=2)


# Habit


def test_a_surprise_repeated_is_soon_expected() -> None:
    rounds = habit(6, [8] * 5)
    assert [r.gap for r in rounds] == [2, Decimal("0.8"), Decimal("0.32"), Decimal("0.128"),
                                       Decimal("0.0512")]  # fmt: skip
    assert rounds[-1].expectation == Decimal("7.9488")


def test_taking_a_surprise_back_disappoints_for_long() -> None:
    rounds = habit(6, [8, 8, 8, 6, 6, 6])
    assert all(r.gap > 0 for r in rounds[:3])
    assert all(r.gap < 0 for r in rounds[3:])
    assert abs(rounds[5].gap) > rounds[2].gap


@given(tens, st.lists(tens, min_size=1, max_size=12), shares, shares)
def test_expectation_stays_within_what_was_ever_known(
    start: Decimal, experiences: list[Decimal], rise: Decimal, fall: Decimal
) -> None:
    rounds = habit(start, experiences, rise=rise, fall=fall)
    known = [start, *experiences]
    assert len(rounds) == len(experiences)
    assert rounds[0].expectation == start
    for one, value in zip(rounds, experiences, strict=True):
        assert one.experience == value
        assert one.gap == gap(one.experience, one.expectation)
        assert min(known) <= one.expectation <= max(known)


@given(tens, tens, shares)
def test_a_steady_service_closes_the_gap_without_crossing_it(
    start: Decimal, level: Decimal, share: Decimal
) -> None:
    gaps = [r.gap for r in habit(start, [level] * 6, rise=share, fall=share)]
    assert all(abs(other) <= abs(one) for one, other in pairwise(gaps))
    assert all(one * other >= 0 for one, other in pairwise(gaps))


def test_a_habit_names_a_bad_argument() -> None:
    with pytest.raises(ValueError, match=r"^experiences\[1\]: expected "):
        habit(6, [8, -1])
    with pytest.raises(ValueError, match=r"^rise: expected a share"):
        habit(6, [8], rise=2)
    assert habit(6, []) == ()
