from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.presales.promises import (
    SHANGHAI,
    SHIP_WITHIN,
    UPLOAD_WITHIN,
    Holiday,
    ShipState,
    ship_promise,
    status,
    urgency,
)

SPRING = Holiday("春节", date(2026, 2, 14), date(2026, 2, 22))
ZERO, HOUR = timedelta(0), timedelta(hours=1)


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


# Hand-computed promises


def test_rule_is_24_hours_to_upload_and_48_to_ship() -> None:
    assert timedelta(hours=24) == UPLOAD_WITHIN
    assert timedelta(hours=48) == SHIP_WITHIN


def test_paid_on_friday_night_is_due_on_the_weekend() -> None:
    promise = ship_promise(at(3, 6, 21, 30))
    assert promise.paid_at == promise.starts_at == at(3, 6, 21, 30)
    assert promise.upload_by == at(3, 7, 21, 30)
    assert promise.ship_by == at(3, 8, 21, 30)
    assert promise.kind == "现货"
    assert promise.reason == "现货：付款后24小时内上传运单号、48小时内发货。"


def test_paid_in_spring_festival_starts_at_the_first_moment_after_it() -> None:
    promise = ship_promise(at(2, 17, 10), holidays=[SPRING])
    assert promise.paid_at == at(2, 17, 10)
    assert promise.starts_at == at(2, 23)
    assert promise.upload_by == at(2, 24)
    assert promise.ship_by == at(2, 25)
    assert promise.reason.endswith("48小时内发货；店休（春节）不计时，从2月23日0时起算。")


def test_hours_used_before_the_pause_count_and_the_rest_run_after_it() -> None:
    promise = ship_promise(at(2, 13, 12), holidays=[SPRING])
    assert promise.starts_at == at(2, 13, 12)
    assert promise.upload_by == at(2, 23, 12)
    assert promise.ship_by == at(2, 24, 12)
    assert promise.reason.endswith("店休（春节）不计时。")


def test_pause_between_the_two_deadlines_moves_only_the_second() -> None:
    promise = ship_promise(at(2, 12, 18), holidays=[SPRING])
    assert promise.upload_by == at(2, 13, 18)
    assert promise.ship_by == at(2, 23, 18)


def test_time_run_out_just_as_the_pause_begins_is_due_then() -> None:
    promise = ship_promise(at(2, 12), holidays=[SPRING])
    assert promise.ship_by == at(2, 14)
    assert "春节" not in promise.reason


@pytest.mark.parametrize(
    ("paid", "starts"),
    [
        (at(2, 13, 23, 59, 59), at(2, 13, 23, 59, 59)),
        (at(2, 14), at(2, 23)),
        (at(2, 22, 23, 59, 59), at(2, 23)),
        (at(2, 23), at(2, 23)),
    ],
)
def test_the_pause_holds_from_its_first_to_its_last_second(
    paid: datetime, starts: datetime
) -> None:
    assert ship_promise(paid, holidays=[SPRING]).starts_at == starts


def test_one_second_before_the_pause_is_one_second_used() -> None:
    promise = ship_promise(at(2, 13, 23, 59, 59), holidays=[SPRING])
    assert promise.upload_by == at(2, 23, 23, 59, 59)
    assert promise.ship_by == at(2, 24, 23, 59, 59)


def test_overlapping_and_touching_pauses_count_once_in_any_order() -> None:
    parts = [
        Holiday("返程", date(2026, 2, 22), date(2026, 2, 22)),
        Holiday("春节", date(2026, 2, 16), date(2026, 2, 21)),
        Holiday("除夕", date(2026, 2, 14), date(2026, 2, 18)),
        Holiday("初一", date(2026, 2, 17), date(2026, 2, 17)),
    ]
    split = ship_promise(at(2, 13, 12), holidays=parts)
    whole = ship_promise(at(2, 13, 12), holidays=[SPRING])
    assert (split.upload_by, split.ship_by) == (whole.upload_by, whole.ship_by)


def test_a_pause_that_is_over_at_payment_is_not_given_as_a_reason() -> None:
    assert "春节" not in ship_promise(at(2, 23), holidays=[SPRING]).reason


def test_pauses_may_come_from_any_iterable() -> None:
    closed: Any = iter([SPRING])
    assert ship_promise(at(2, 17), holidays=closed).starts_at == at(2, 23)


def test_two_pauses_apart_each_stop_the_clock() -> None:
    days = [Holiday("盘点", date(2026, 3, 7), date(2026, 3, 7)), SPRING]
    days.append(Holiday("搬仓", date(2026, 3, 9), date(2026, 3, 9)))
    promise = ship_promise(at(3, 6, 12), holidays=days)
    assert promise.upload_by == at(3, 8, 12)
    assert promise.ship_by == at(3, 10, 12)
    assert promise.reason.endswith("店休（盘点、搬仓）不计时。")


def test_presale_holds_to_the_last_second_of_the_agreed_day_even_in_a_pause() -> None:
    promise = ship_promise(
        at(1, 20, 9), kind="预售", presale_ships=date(2026, 2, 15), holidays=[SPRING]
    )
    assert promise.upload_by == promise.ship_by == at(2, 15, 23, 59, 59)
    assert promise.starts_at == promise.paid_at
    assert promise.reason == "预售：约定最迟2026年2月15日发货，店休不顺延。"


def test_presale_may_be_agreed_for_the_day_of_payment() -> None:
    for paid in (at(3, 6, 9), at(3, 6, 23, 59, 59)):
        promise = ship_promise(paid, kind="预售", presale_ships=date(2026, 3, 6))
        assert promise.ship_by == at(3, 6, 23, 59, 59)


def test_custom_made_counts_its_days_from_payment() -> None:
    promise = ship_promise(at(3, 6, 9), kind="定制", lead_days=7)
    assert promise.upload_by == promise.ship_by == at(3, 13, 9)
    assert promise.reason == "定制：约定付款后7天内上传运单号并发货。"


def test_custom_made_may_take_a_year() -> None:
    assert ship_promise(at(3, 6), kind="定制", lead_days=365).ship_by == at(3, 6) + 365 * 24 * HOUR


def test_custom_made_days_stop_in_a_pause() -> None:
    promise = ship_promise(at(2, 11, 9), kind="定制", lead_days=7, holidays=[SPRING])
    assert promise.ship_by == at(2, 27, 9)


def test_other_zones_are_read_on_the_shanghai_clock() -> None:
    promise = ship_promise(datetime(2026, 2, 13, 16, tzinfo=UTC), holidays=[SPRING])
    assert promise.paid_at.isoformat() == "2026-02-14T00:00:00+08:00"
    assert promise.starts_at == at(2, 23)


def test_summer_time_elsewhere_does_not_bend_the_hours() -> None:
    night = datetime(2026, 3, 7, 20, tzinfo=ZoneInfo("America/New_York"))
    assert ship_promise(night).upload_by == at(3, 9, 9)


def test_promises_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        ship_promise(at(3, 6)).ship_by = at(3, 9)  # type: ignore[misc]


# Errors


@pytest.mark.parametrize(
    ("error", "name", "arguments"),
    [
        (ValueError, "paid_at: expected an aware datetime", {"paid_at": datetime(2026, 3, 6)}),
        (TypeError, "paid_at: expected an aware datetime", {"paid_at": date(2026, 3, 6)}),
        (TypeError, "paid_at: expected an aware datetime", {"paid_at": "2026-03-06"}),
        (ValueError, "paid_at", {"paid_at": datetime.max.replace(tzinfo=UTC)}),
        (ValueError, "paid_at", {"paid_at": datetime(1990, 7, 1, tzinfo=UTC)}),
        (ValueError, "kind", {"kind": "二手"}),
        (ValueError, "kind", {"kind": "预售"}),
        (ValueError, "kind", {"kind": "定制"}),
        (ValueError, "kind", {"presale_ships": date(2026, 3, 9)}),
        (ValueError, "kind", {"lead_days": 7}),
        (ValueError, "kind", {"kind": "定制", "lead_days": 7, "presale_ships": date(2026, 3, 9)}),
        (ValueError, "presale_ships", {"kind": "预售", "presale_ships": date(2026, 3, 5)}),
        (ValueError, "presale_ships", {"kind": "预售", "presale_ships": date.max}),
        (TypeError, "presale_ships", {"kind": "预售", "presale_ships": at(3, 9)}),
        (TypeError, "presale_ships", {"kind": "预售", "presale_ships": "2026-03-09"}),
        (ValueError, "lead_days", {"kind": "定制", "lead_days": 0}),
        (ValueError, "lead_days", {"kind": "定制", "lead_days": 366}),
        (TypeError, "lead_days", {"kind": "定制", "lead_days": 1.5}),
        (TypeError, "lead_days", {"kind": "定制", "lead_days": True}),
        (TypeError, "holidays", {"holidays": [date(2026, 3, 8)]}),
    ],
)
def test_wrong_arguments_are_named(
    error: type[Exception], name: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(error, match=f"^{name}"):
        ship_promise(**({"paid_at": at(3, 6, 9)} | arguments))


@pytest.mark.parametrize(
    ("error", "name", "first", "last"),
    [
        (ValueError, "last", date(2026, 2, 22), date(2026, 2, 14)),
        (ValueError, "last", date(2026, 2, 22), date(2026, 2, 21)),
        (TypeError, "first", at(2, 14), date(2026, 2, 22)),
        (TypeError, "last", date(2026, 2, 14), "2026-02-22"),
        (ValueError, "last", date(2026, 2, 14), date.max),
    ],
)
def test_holiday_needs_two_days_in_order(
    error: type[Exception], name: str, first: Any, last: Any
) -> None:
    with pytest.raises(error, match=f"^{name}"):
        Holiday("春节", first, last)


@pytest.mark.parametrize("name", ["now", "uploaded_at", "shipped_at"])
def test_status_refuses_naive_datetimes(name: str) -> None:
    moments: dict[str, Any] = {"now": at(3, 7)} | {name: datetime(2026, 3, 6, 12)}
    with pytest.raises(ValueError, match=f"^{name}: expected an aware datetime"):
        status(ship_promise(at(3, 6)), **moments)


# Status: hours after payment, 24 and 48 being the deadlines

PAID = at(3, 6, 20)


@pytest.mark.parametrize(
    ("now", "uploaded", "shipped", "state", "left"),
    [
        (0, None, None, "待上传", 24),
        (24, None, None, "待上传", 0),
        (25, None, None, "上传超时", -1),
        (48, None, None, "上传超时", -24),
        (49, None, None, "发货超时", -1),
        (20, 20, None, "待揽收", 28),
        (30, 20, None, "待揽收", 18),
        (48, 24, None, "待揽收", 0),
        (49, 20, None, "发货超时", -1),
        (40, 26, None, "上传超时", -2),
        (50, 26, None, "发货超时", -2),
        (60, 20, 40, "已按时发货", 8),
        (60, 24, 48, "已按时发货", 0),
        (60, 26, 40, "上传超时", -2),
        (60, 20, 50, "发货超时", -2),
        (60, 26, 50, "发货超时", -2),
        (60, None, 20, "已按时发货", 28),
        (60, None, 30, "上传超时", -6),
        (22, 30, 20, "待上传", 2),
        (60, 30, 20, "上传超时", -6),
        (10, 20, 40, "待上传", 14),
        (30, 20, 40, "待揽收", 18),
        (-5, None, None, "待上传", 29),
    ],
)
def test_status_names_the_worst_that_holds(
    now: int, uploaded: int | None, shipped: int | None, state: ShipState, left: int
) -> None:
    up = None if uploaded is None else PAID + uploaded * HOUR
    out = None if shipped is None else PAID + shipped * HOUR
    found = status(ship_promise(PAID), PAID + now * HOUR, up, out)
    assert (found.state, found.left) == (state, left * HOUR)


def test_a_deadline_is_missed_one_microsecond_after_it() -> None:
    promise, tick = ship_promise(PAID), timedelta(microseconds=1)
    assert status(promise, promise.upload_by).state == "待上传"
    assert status(promise, promise.upload_by + tick).state == "上传超时"
    assert status(promise, promise.ship_by + tick, PAID).state == "发货超时"


def test_urgency_puts_late_shipments_first_then_the_least_time_left() -> None:
    late, missed, fresh = (ship_promise(PAID - hours * HOUR) for hours in (49, 44, 1))
    presale = ship_promise(PAID, kind="预售", presale_ships=date(2026, 3, 6))
    assert urgency([fresh, missed, presale, late], PAID) == [late, missed, presale, fresh]


# Properties

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 3, 1), timezones=zones)
days = st.integers(0, 62).map(lambda day: date(2026, 1, 1) + timedelta(days=day))
pauses = st.builds(
    lambda first, more: Holiday("店休", first, first + timedelta(days=more)),
    days,
    st.integers(0, 9),
)
holidays = st.lists(pauses, max_size=5)
hours = st.none() | st.integers(0, 100).map(lambda hour: hour * HOUR)


def counted(start: datetime, end: datetime, closed: list[Holiday]) -> timedelta:
    """Return the open time from start to end, adding up calendar days one by one."""
    total, day = ZERO, start.date()
    while day <= end.date():
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        if not any(pause.first <= day <= pause.last for pause in closed):
            total += min(end, midnight + 24 * HOUR) - max(start, midnight)
        day += timedelta(days=1)
    return total


@given(moments)
def test_without_pauses_the_hours_are_exact_in_any_zone(paid: datetime) -> None:
    promise = ship_promise(paid)
    assert promise.upload_by - paid == 24 * HOUR
    assert promise.ship_by - paid == 48 * HOUR
    assert promise.ship_by.utcoffset() == 8 * HOUR


@given(moments, holidays)
def test_open_hours_up_to_the_deadlines_are_the_promised_ones(
    paid: datetime, closed: list[Holiday]
) -> None:
    promise = ship_promise(paid, holidays=closed)
    for start in (promise.paid_at, promise.starts_at):
        assert counted(start, promise.upload_by, closed) == 24 * HOUR
        assert counted(start, promise.ship_by, closed) == 48 * HOUR


@given(moments, holidays, st.integers(1, 30))
def test_custom_made_days_are_open_days(paid: datetime, closed: list[Holiday], days: int) -> None:
    promise = ship_promise(paid, kind="定制", lead_days=days, holidays=closed)
    assert counted(promise.paid_at, promise.ship_by, closed) == days * 24 * HOUR


@given(moments, holidays)
def test_no_deadline_falls_inside_a_pause_and_they_come_in_order(
    paid: datetime, closed: list[Holiday]
) -> None:
    promise = ship_promise(paid, holidays=closed)
    assert promise.paid_at <= promise.starts_at < promise.upload_by < promise.ship_by
    for pause in closed:
        begins, ends = pause.span
        assert not begins <= promise.starts_at < ends
        assert not begins < promise.upload_by < ends
        assert not begins < promise.ship_by < ends


@given(moments, holidays, pauses)
def test_one_more_pause_never_makes_a_deadline_earlier(
    paid: datetime, closed: list[Holiday], more: Holiday
) -> None:
    before, after = (
        ship_promise(paid, holidays=closed),
        ship_promise(paid, holidays=[*closed, more]),
    )
    assert after.starts_at >= before.starts_at
    assert after.upload_by >= before.upload_by
    assert after.ship_by >= before.ship_by


@given(st.integers(-10, 100), hours, hours)
def test_every_order_has_one_state_and_is_late_only_with_time_below_zero(
    now: int, uploaded: timedelta | None, shipped: timedelta | None
) -> None:
    up = None if uploaded is None else PAID + uploaded
    out = None if shipped is None else PAID + shipped
    found = status(ship_promise(PAID), PAID + now * HOUR, up, out)
    assert found.state in get_args(ShipState)
    assert (found.left < ZERO) == (found.state in ("上传超时", "发货超时"))


@given(st.integers(0, 100), st.integers(0, 50), hours, hours)
def test_a_verdict_never_softens_as_time_passes(
    now: int, later: int, uploaded: timedelta | None, shipped: timedelta | None
) -> None:
    up = None if uploaded is None else PAID + uploaded
    out = None if shipped is None else PAID + shipped
    first = status(ship_promise(PAID), PAID + now * HOUR, up, out).state
    second = status(ship_promise(PAID), PAID + (now + later) * HOUR, up, out).state
    follows: dict[ShipState, set[ShipState]] = {
        "待上传": set(get_args(ShipState)),
        "待揽收": {"待揽收", "已按时发货", "发货超时"},
        "上传超时": {"上传超时", "发货超时"},
        "发货超时": {"发货超时"},
        "已按时发货": {"已按时发货"},
    }
    assert second in follows[first]
