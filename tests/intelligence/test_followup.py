"""Which task an order has open, when a customer may be reminded, and what is counted of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.clock import SHANGHAI
from kefu.intelligence.followup import (
    ANYTIME,
    CHANNELS,
    EDGES,
    HOURS,
    LASTS,
    MINUTE,
    NAMES,
    PARTS,
    TASKS,
    Order,
    RemindBy,
    RemindPolicy,
    Stretch,
    alone,
    audit,
    best,
    compared,
    due,
    outlook,
    plan,
    shop_reminders,
    stretches,
    unpaid_orders,
)

MADE = datetime(2026, 3, 5, 20, 0, tzinfo=SHANGHAI)
HOUR = 60 * MINUTE
DAY = timedelta(days=1)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31), timezones=st.just(SHANGHAI))
policies = st.builds(
    RemindPolicy,
    after=st.integers(1, 1439),
    most=st.integers(0, 2),
    daily=st.integers(0, 3),
    hours=st.sampled_from((None, ANYTIME, {"旺旺": (8, 21), "短信": (10, 18)})),
    ask_consent=st.booleans(),
    wait=st.booleans(),
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    made = draw(moments)
    paid = draw(st.none() | st.integers(0, 2000).map(lambda n: made + n * MINUTE))
    return Order(
        made, paid, closed=draw(st.booleans()), refused=draw(st.booleans()), consented=draw(st.booleans()),
        told=draw(st.frozensets(st.sampled_from(NAMES))), today=draw(st.integers(0, 3)),
    )  # fmt: skip


def names(order: Order, now: datetime) -> list[str]:
    return [task.name for task in due(order, now)]


# Tasks


def test_each_task_opens_in_its_time_and_closes_when_it_is_done():
    assert names(Order(MADE), MADE + 9 * MINUTE) == []
    assert names(Order(MADE), MADE + 10 * MINUTE) == ["催付"]
    assert names(Order(MADE), MADE + LASTS) == []
    paid = Order(MADE, MADE + 5 * MINUTE)
    assert names(paid, MADE + HOUR) == ["核单"]
    assert names(replace(paid, told=frozenset({"核单"})), MADE + HOUR) == []
    sent = replace(paid, shipped_at=MADE + DAY)
    assert names(sent, MADE + DAY) == ["发货告知"]
    signed = replace(sent, signed_at=MADE + 3 * DAY)
    assert names(signed, MADE + 3 * DAY) == ["签收回访"]
    assert names(signed, MADE + 4 * DAY) == ["签收回访", "评价邀请"]


def test_nobody_in_trouble_is_asked_for_a_review():
    signed = Order(MADE, MADE, MADE + DAY, MADE + 3 * DAY, troubled=True)
    assert names(signed, MADE + 5 * DAY) == []
    assert names(replace(signed, troubled=False, reviewed=True), MADE + 5 * DAY) == ["签收回访"]


def test_the_balance_of_a_presale_is_told_the_day_before():
    presale = Order(
        MADE, MADE, shipped_at=None, balance_on=date(2026, 3, 8), told=frozenset({"核单"})
    )
    assert names(presale, datetime(2026, 3, 7, 9, tzinfo=SHANGHAI)) == ["尾款"]
    assert names(presale, datetime(2026, 3, 8, 9, tzinfo=SHANGHAI)) == []


@given(orders(), moments)
def test_what_is_done_or_closed_is_never_due_again(order: Order, now: datetime):
    open_tasks = due(order, now)
    assert not {task.name for task in open_tasks} & order.told
    assert not (order.closed and open_tasks)
    assert not (order.refused and {"催付", "尾款", "评价邀请"} & {task.name for task in open_tasks})
    assert list(open_tasks) == sorted(open_tasks, key=TASKS.index)


def test_every_task_says_its_words_its_end_and_a_limit():
    assert len(TASKS) == 6
    assert all(task.trigger and task.words and task.stop and task.most == 1 for task in TASKS)
    invitation = TASKS[-1].words
    assert not any(word in invitation for word in ("好评", "五星", "返现", "红包"))
    assert tuple(PARTS) == ("配置面板", "任务列表", "数据看板", "话术管理")


def test_an_order_says_what_is_wrong_with_it():
    for changes, named in (
        ({"paid_at": MADE - MINUTE}, "paid_at"),
        ({"told": {"催一催"}}, "told"),
        ({"today": -1}, "today"),
    ):
        with pytest.raises(ValueError, match=named):
            replace(Order(MADE), **changes)
    with pytest.raises(TypeError):
        Order(MADE, closed=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="created_at"):
        Order(datetime(2026, 3, 5))


# When to remind


@given(orders(), policies, st.sampled_from(CHANNELS), st.none() | moments)
def test_a_reminder_keeps_every_limit(
    order: Order, policy: RemindPolicy, channel: RemindBy, now: datetime | None
):
    found = plan(order, policy, channel, now)
    assert found.why
    if found.at is None:
        return
    first, last = policy.spans[channel]
    assert order.paid_at is None
    assert not order.closed
    assert not order.refused
    assert first <= found.at.hour < last
    assert order.created_at + policy.after * MINUTE <= found.at < order.created_at + LASTS
    assert channel == "旺旺" or order.consented or not policy.ask_consent
    assert policy.most > ("催付" in order.told)
    assert order.today < policy.daily


@given(orders(), policies, st.sampled_from(CHANNELS))
def test_who_waits_reminds_whoever_else_is_reminded(
    order: Order, policy: RemindPolicy, channel: RemindBy
):
    at = plan(order, replace(policy, wait=False), channel).at
    if at is not None:
        assert plan(order, replace(policy, wait=True), channel).at == at


def test_a_refusal_a_payment_and_consent_each_say_why():
    assert plan(Order(MADE), RemindPolicy()).at == MADE + 10 * MINUTE
    for order, channel, why in (
        (Order(MADE, MADE), "旺旺", "付了款"),
        (Order(MADE, closed=True), "旺旺", "关了单"),
        (Order(MADE, refused=True), "旺旺", "别催"),
        (Order(MADE), "短信", "没同意"),
        (Order(MADE, told=frozenset({"催付"})), "旺旺", "不再催"),
        (Order(MADE, today=2), "旺旺", "发够了"),
        (Order(MADE, consented=True), "短信", "安静时段"),
    ):
        found = plan(order, RemindPolicy(), channel)
        assert found.at is None
        assert why in found.why
    assert "先关了" in plan(Order(MADE), RemindPolicy(), now=MADE + LASTS).why
    assert plan(Order(MADE), RemindPolicy(most=2)).at is not None
    assert plan(Order(MADE, told=frozenset({"催付"})), RemindPolicy(most=2)).at is not None


def test_a_policy_says_what_is_wrong_with_it():
    for changes, named in (
        ({"after": 0}, "after"), ({"after": 1440}, "after"), ({"most": -1}, "most"), ({"daily": -1}, "daily"),
        ({"hours": {"旺旺": (22, 8)}}, "hours"), ({"hours": {"电话": (9, 20)}}, "hours"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=named):
            RemindPolicy(**changes)


# What is counted


def test_ten_to_thirty_minutes_is_best_and_no_different_from_the_half_hour_after():
    found = stretches(shop_reminders())
    assert sum(one.sent for one in found) == len(shop_reminders()) == 1057
    assert [(one.low, one.paid, one.sent) for one in found] == [
        (3, 49, 170), (10, 141, 298), (30, 98, 214), (60, 56, 210), (240, 24, 165)
    ]  # fmt: skip
    assert [round(100 * one.share) for one in found] == [29, 47, 46, 27, 15]
    top = best(found)
    assert (top.low, top.high) == (10, 30)
    near, early, late = (compared(top, found[n]) for n in (2, 0, 3))
    assert near.low < 0 < near.high
    assert near.p_value == pytest.approx(0.73, abs=5e-3)
    assert early.low > 0.09
    assert late.low > 0.12
    assert [round(bound, 3) for bound in top.interval] == [0.417, 0.530]


def test_of_those_whom_nobody_reminded_nearly_none_paid_later():
    assert alone(10) == (1, 139)
    with pytest.raises(ValueError):
        alone(-1)


def test_a_third_of_the_reminders_came_at_night_or_unasked():
    found = audit(shop_reminders())
    assert (found.sent, found.quiet, found.unasked, found.either) == (1057, 377, 73, 402)
    assert audit(shop_reminders(), RemindPolicy(hours=ANYTIME, ask_consent=False)).either == 0
    assert audit(()).sent == 0


def test_quiet_hours_cost_something_and_waiting_for_the_morning_brings_part_of_it_back():
    found, unpaid = stretches(shop_reminders()), unpaid_orders()
    always = outlook(unpaid, RemindPolicy(hours=ANYTIME), found)
    quiet, waiting = (outlook(unpaid, RemindPolicy(wait=wait), found) for wait in (False, True))
    assert (always.reminded, always.night) == (1057, 245)
    assert (quiet.reminded, quiet.night, waiting.reminded, waiting.night) == (812, 0, 1057, 0)
    assert [round(one.paid) for one in (quiet, waiting, always)] == [384, 428, 500]
    assert round(outlook(unpaid, RemindPolicy(after=5, hours=ANYTIME), found).paid) == 305


@given(st.lists(orders(), max_size=20), policies, st.sampled_from(CHANNELS))
def test_an_outlook_stays_within_its_orders(
    many: list[Order], policy: RemindPolicy, channel: RemindBy
):
    found = outlook(many, policy, stretches(shop_reminders()), channel)
    assert 0 <= found.low <= found.paid <= found.high <= found.reminded <= found.orders == len(many)
    inside = all(HOURS[channel][0] <= policy.spans[channel][n] <= HOURS[channel][1] for n in (0, 1))
    assert found.night == 0 or not inside


def test_stretches_and_shares_of_nothing():
    none = stretches(())
    assert [one.share for one in none] == [0.0] * (len(EDGES) - 1)
    assert none[0].interval == (0.0, 1.0)
    with pytest.raises(ValueError, match="edges"):
        stretches((), (10, 10))
    with pytest.raises(ValueError, match="found"):
        best(())
    with pytest.raises(ValueError, match="one"):
        compared(Stretch(3, 10, 0, 0), Stretch(3, 10, 1, 2))
    with pytest.raises(ValueError, match="found"):
        outlook((), RemindPolicy(), ())
