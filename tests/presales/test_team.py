"""The team's model: who leaves, how long customers wait, what is sold and what is left."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.presales.team import (
    Month,
    Plan,
    Shop,
    conversion,
    first_response,
    learning_months,
    leave_rate,
    profit,
    run,
)

FINES = st.integers(0, 3000)
PLANS = st.builds(Plan, wage=st.integers(3000, 6000), fine=FINES, training=st.integers(0, 2000))
SHOPS = st.integers(1, 30).flatmap(
    lambda seats: st.builds(
        Shop,
        seats=st.just(seats),
        experienced=st.integers(0, seats),
        leave=st.floats(0, 1),
        by_fine=st.floats(1, 3),
        by_wage=st.floats(1, 3),
        months=st.integers(2, 24),
    )
)


# Properties


@given(SHOPS, PLANS, FINES)
def test_a_higher_fine_never_makes_fewer_leave(shop: Shop, plan: Plan, fine: int) -> None:
    low, high = sorted((fine, int(plan.fine)))
    assert leave_rate(replace(plan, fine=Decimal(low)), shop) <= leave_rate(
        replace(plan, fine=Decimal(high)), shop
    )


@given(SHOPS, PLANS, st.integers(3000, 6000))
def test_a_higher_wage_never_makes_more_leave(shop: Shop, plan: Plan, wage: int) -> None:
    low, high = sorted((wage, int(plan.wage)))
    assert leave_rate(replace(plan, wage=Decimal(low)), shop) >= leave_rate(
        replace(plan, wage=Decimal(high)), shop
    )


@given(SHOPS, PLANS)
def test_shares_stay_shares_and_seats_seats(shop: Shop, plan: Plan) -> None:
    for month in run(plan, shop):
        assert 0 <= month.leave_rate <= 0.9
        assert 0 < month.conversion < 1
        assert -1e-9 <= month.experienced <= shop.seats + 1e-9
        assert -1e-9 <= month.novices <= shop.seats + 1e-9
        assert month.hands + month.left == pytest.approx(shop.seats)


@given(SHOPS, PLANS)
def test_the_account_closes_to_the_fen(shop: Shop, plan: Plan) -> None:
    told = run(plan, shop)
    for month in told:
        costs = month.wages + month.training + month.hiring
        assert month.profit == month.margin + month.fines - costs
    assert profit(plan, shop) == sum(month.profit for month in told)


@given(SHOPS, PLANS)
def test_old_hands_and_novices_are_carried_from_month_to_month(shop: Shop, plan: Plan) -> None:
    learned = 1 / learning_months(plan, shop)
    for one, then in pairwise(run(plan, shop)):
        stay = 1 - then.leave_rate
        assert then.experienced == pytest.approx((one.experienced + one.novices * learned) * stay)
        assert then.novices == pytest.approx((one.novices * (1 - learned) + one.left) * stay)


@given(st.floats(1, 5000), st.floats(1, 5000))
def test_a_later_reply_never_sells_more(one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert conversion(early) >= conversion(late)


@given(st.floats(0.1, 20), st.floats(0, 20))
def test_a_team_replies_no_faster_than_an_old_hand(experienced: float, novices: float) -> None:
    assert first_response(experienced, novices) >= Shop().fast_s - 1e-9


# Examples


def test_no_fine_no_training_and_the_usual_wage_are_the_base() -> None:
    assert leave_rate(Plan()) == pytest.approx(Shop().leave)
    assert run(Plan("4000", 0, 0.0)) == run(Plan())  # type: ignore[arg-type]
    assert all(month.fines == month.training == 0 for month in run(Plan()))


@pytest.mark.parametrize("seconds", [8, 32, 100])
def test_each_doubling_costs_what_is_planted(seconds: int) -> None:
    def odds(share: float) -> float:
        return log(share / (1 - share))

    fall = odds(conversion(2 * seconds)) - odds(conversion(seconds))
    assert fall == pytest.approx(Shop().per_doubling) == pytest.approx(-0.40)


def test_a_hundred_yuan_multiply_the_leavers_as_written() -> None:
    assert leave_rate(Plan(fine=Decimal(100))) == pytest.approx(0.04 * 1.3)
    assert leave_rate(Plan(wage=Decimal(3900))) == pytest.approx(0.04 * 1.2)
    assert leave_rate(Plan(wage=Decimal(4100))) == pytest.approx(0.04 / 1.2)


def test_a_month_by_hand() -> None:
    (one,) = run(Plan(fine=Decimal(100), training=Decimal(200)), months=1)
    assert (one.left, one.experienced, one.novices) == pytest.approx((0.52, 7.584, 1.896))
    assert one.response_s == pytest.approx(26**0.8 * 64**0.2 / 0.948)
    assert one.orders == pytest.approx(9000 * conversion(one.response_s))
    assert (one.fines, one.wages, one.training) == (Decimal(948), Decimal(37920), Decimal("379.20"))
    assert one.hiring == Decimal(780)


def test_training_shortens_the_learning_down_to_two_months() -> None:
    found = [learning_months(Plan(training=Decimal(t))) for t in (0, 200, 500, 800, 2000)]
    assert found == [6, 5, 3.5, 2, 2]


def test_half_a_team_keeps_customers_waiting_twice_as_long() -> None:
    assert first_response(4, 1) == pytest.approx(2 * first_response(8, 2))


def test_fines_look_cheap_at_first_and_lose_within_the_year() -> None:
    for fine in (100, 200, 300, 420):
        first, *_ = run(Plan(fine=Decimal(fine)))
        assert first.profit > run(Plan())[0].profit
        assert profit(Plan(fine=Decimal(fine))) < profit(Plan())


def test_where_nobody_minds_a_fine_it_pays() -> None:
    """What would change our mind: the discovery hangs on the assumption, which is in the reader's hand."""
    calm = Shop(by_fine=1)
    assert profit(Plan(fine=Decimal(300)), calm) > profit(Plan(), calm)


def test_with_nobody_trained_and_nobody_left_there_is_no_year() -> None:
    assert run(Plan(), months=0) == ()
    assert profit(Plan(), months=0) == 0
    with pytest.raises(ValueError, match="somebody at work"):
        first_response(0, 0)


def test_the_shops_tables_bear_out_what_is_said_to_be_measured() -> None:
    chats = [
        row for row in data.rows("chats") if (row["stage"], row["handled_by"]) == ("售前", "人工")
    ]
    waits = sorted(float(row["first_response_s"]) for row in chats)
    lin = sorted(float(row["first_response_s"]) for row in chats if row["agent_id"] == "A02")
    assert waits[len(waits) // 2] == 32
    assert lin[len(lin) // 2] == pytest.approx(Shop().fast_s, abs=1)


# Faults


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Plan(wage=-1), "wage"),
        (lambda: Plan(wage="多"), "wage"),
        (lambda: Plan(fine=5000), "fine: expected at most the wage"),
        (lambda: Plan(training="0.001"), "training"),
        (lambda: Shop(seats=0), "seats"),
        (lambda: Shop(experienced=11), "experienced: expected at most 10"),
        (lambda: Shop(leave=2), "leave"),
        (lambda: Shop(by_fine=0.5), "by_fine: expected a number >= 1"),
        (lambda: Shop(slow_s=0), "slow_s"),
        (lambda: Shop(sales_at_32_s=1), "sales_at_32_s"),
        (lambda: Shop(months=1), "months"),
        (lambda: conversion(0), "response_s"),
        (lambda: run(Plan(), months=-1), "months"),
    ],
)
def test_a_fault_names_the_argument(make: object, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        make()  # type: ignore[operator]


@pytest.mark.parametrize("value", [True, None, [1]])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        Plan(wage=value)  # type: ignore[arg-type]


def test_a_month_is_a_record_that_nobody_changes() -> None:
    (one,) = run(Plan(), months=1)
    assert isinstance(one, Month)
    with pytest.raises(AttributeError):
        one.number = 2  # type: ignore[misc]
