"""Late and false shipment, presale, custom, holidays; fraud; the fifteen days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.aftersales.complaints import (
    FLOOR,
    LateRules,
    Shipment,
    fraud,
    last_day,
    late_shipment,
    said,
)
from kefu.clock import SHANGHAI
from kefu.presales.promises import Holiday, ShipPromise, ship_promise

HOUR = timedelta(hours=1)
PAID = datetime(2026, 1, 3, 20, 15, tzinfo=SHANGHAI)
SPRING = Holiday("春节", date(2026, 2, 14), date(2026, 2, 22))
RULES = LateRules(
    Decimal("0.05"), Decimal("0.10"), Decimal(5), Decimal(60), Decimal(24), "例子", date(2026, 1, 6)
)  # fmt: skip
PROMISE = ship_promise(PAID)


def sent(
    hours: float | None, number: float | None = 40, goods: Any = 199, *,
    promise: ShipPromise = PROMISE, seen: float = 400, agreed: float | None = None,
) -> Shipment:  # fmt: skip
    """A shipment whose moments are hours after the payment."""

    def at(after: float | None) -> datetime | None:
        return None if after is None else promise.paid_at + after * HOUR

    return Shipment(
        promise, goods, promise.paid_at + seen * HOUR, uploaded=at(number), picked_up=at(hours), agreed=at(agreed)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "number", "goods", "kind", "owed"),
    [
        (47, 40, 199, "按时", "0.00"),
        (
            48,
            1,
            199,
            "按时",
            "0.00",
        ),  # the last moment is in time, and an early number costs nothing
        (48.01, 40, 199, "延迟发货", "9.95"),
        (51, 40, 58, "延迟发货", "5.00"),  # 2.90 rises to the least
        (51, 40, 2000, "延迟发货", "60.00"),
        (51, None, 199, "延迟发货", "9.95"),
        (51, 27, 199, "延迟发货", "9.95"),  # 24 hours without a scan are just allowed
        (51, 26.9, 199, "虚假发货", "19.90"),
        (None, 40, 199, "虚假发货", "19.90"),
        (None, None, 199, "延迟发货", "9.95"),
    ],
)
def test_what_an_order_in_stock_costs(
    hours: float | None, number: float | None, goods: int, kind: str, owed: str
) -> None:
    found = late_shipment(sent(hours, number, goods), RULES)
    assert (found.kind, str(found.owed)) == (kind, owed)


def test_before_the_deadline_nothing_is_owed_though_nothing_was_sent() -> None:
    found = late_shipment(sent(None, 1, seen=47), RULES)
    assert (found.kind, found.owed, found.late) == ("没到期", 0, timedelta(0))


def test_a_presale_runs_to_the_end_of_the_day_agreed() -> None:
    promise = ship_promise(PAID, kind="预售", presale_ships=date(2026, 1, 10))
    last = (datetime(2026, 1, 10, 23, 59, 59, tzinfo=SHANGHAI) - PAID) / HOUR
    assert late_shipment(sent(last, promise=promise), RULES).kind == "按时"
    assert late_shipment(sent(last + 0.01, last, promise=promise), RULES).kind == "延迟发货"


def test_custom_goods_have_the_days_agreed() -> None:
    promise = ship_promise(PAID, kind="定制", lead_days=7)
    assert late_shipment(sent(168, promise=promise), RULES).kind == "按时"
    assert late_shipment(sent(169, 168, promise=promise), RULES).kind == "延迟发货"


def test_an_announced_holiday_stops_the_clock_and_costs_nothing() -> None:
    paid = datetime(2026, 2, 13, 12, tzinfo=SHANGHAI)
    plain, rested = ship_promise(paid), ship_promise(paid, holidays=[SPRING])
    assert late_shipment(sent(200, promise=plain), RULES).owed > 0
    found = late_shipment(sent(200, promise=rested), RULES)
    assert found.owed == 0
    assert "店休（春节）不计时" in found.steps[0]


def test_what_the_customer_agreed_to_in_time_is_the_deadline() -> None:
    found = late_shipment(sent(60, agreed=72), RULES)
    assert found.kind == "按时"
    assert "客人同意延到这时" in found.steps[0]
    assert (
        late_shipment(sent(60, agreed=10), RULES).kind == "延迟发货"
    )  # an earlier one takes nothing


def test_the_steps_say_deadline_scan_kind_and_sum_with_source_and_date() -> None:
    found = late_shipment(sent(51, 10), RULES)
    assert found.steps == (
        "最晚1月5日20:15：现货：付款后24小时内上传运单号、48小时内发货。",
        "快递系统首次揽收1月5日23:15，晚了3小时。",
        "单号传了41小时才揽收，超过24小时，算虚假发货。",
        "货款199元×10% = 19.9元：赔19.9元（例子，2026-01-06）。",
    )
    assert "2.9元，不足按5元：赔5元" in late_shipment(sent(51, goods=58), RULES).steps[-1]
    assert "100元，最多60元：赔60元" in late_shipment(sent(51, goods=2000), RULES).steps[-1]
    assert "还没有揽收" in late_shipment(sent(None), RULES).steps[1]


orders = st.builds(
    sent,
    st.none() | st.floats(0, 400),
    st.none() | st.floats(0, 400),
    st.decimals(0, 5000, places=2),
    agreed=st.none() | st.floats(0, 400),
)


@given(orders)
def test_only_the_late_pay_and_within_the_bounds(order: Shipment) -> None:
    found = late_shipment(order, RULES)
    late = (order.picked_up or order.seen) > order.deadline
    assert (found.owed > 0) is late is (found.late > timedelta(0))
    if late:
        assert RULES.least <= found.owed <= RULES.most
        assert found.kind in ("延迟发货", "虚假发货")


@given(orders, st.floats(0, 100))
def test_coming_later_never_costs_less(order: Shipment, more: float) -> None:
    if order.picked_up is not None:
        later = replace(
            order, picked_up=order.picked_up + more * HOUR, seen=order.seen + more * HOUR
        )
        assert late_shipment(later, RULES).owed >= late_shipment(order, RULES).owed


@given(orders, st.decimals(0, 500, places=2))
def test_dearer_goods_never_cost_less(order: Shipment, more: Decimal) -> None:
    dearer = replace(order, goods=order.goods + more)
    assert late_shipment(dearer, RULES).owed >= late_shipment(order, RULES).owed


@given(orders)
def test_an_agreement_never_costs_more(order: Shipment) -> None:
    alone = replace(order, agreed=None)
    assert late_shipment(order, RULES).owed <= late_shipment(alone, RULES).owed


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"late_share": 2}, ValueError),
        ({"least": 70}, ValueError),
        ({"scan_within": 0}, ValueError),
        ({"source": " "}, ValueError),
        ({"as_of": datetime(2026, 1, 6, tzinfo=SHANGHAI)}, TypeError),
        ({"as_of": "2026-01-06"}, TypeError),
    ],
)
def test_rules_without_source_date_or_sense_are_refused(
    change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        replace(RULES, **change)


def test_moments_before_the_payment_or_after_the_look_are_refused() -> None:
    with pytest.raises(ValueError, match="picked_up"):
        sent(-1)
    with pytest.raises(ValueError, match="uploaded"):
        sent(51, 500)
    with pytest.raises(ValueError, match="seen"):
        Shipment(PROMISE, Decimal(58), PAID - HOUR)
    with pytest.raises(ValueError, match="goods"):
        sent(51, goods=-1)


@pytest.mark.parametrize(
    ("paid", "extra", "total"), [(58, 500, 558), (119, 500, 619), ("166.66", 500, "666.66"),
                                 ("166.67", "500.01", "666.68"), (399, 1197, 1596)],
)  # fmt: skip
def test_fraud_costs_three_times_on_top_of_the_refund_and_500_at_least(
    paid: Any, extra: Any, total: Any
) -> None:
    found = fraud(paid)
    assert (found.refund, found.extra, found.total) == (
        Decimal(paid),
        Decimal(extra),
        Decimal(total),
    )


@given(st.decimals("0.01", 10_000, places=2))
def test_the_increase_is_never_below_the_floor_nor_three_times(paid: Decimal) -> None:
    found = fraud(paid)
    assert found.extra >= FLOOR
    assert found.extra >= 3 * found.refund
    assert found.extra in (FLOOR, 3 * found.refund)


@pytest.mark.parametrize("paid", [0, -1, "abc"])
def test_a_price_that_is_none_is_refused(paid: Any) -> None:
    with pytest.raises(ValueError, match="paid"):
        fraud(paid)


def test_the_day_of_asking_is_the_first_of_the_fifteen() -> None:
    assert last_day(date(2025, 12, 28)) == date(2026, 1, 11)
    with pytest.raises(TypeError, match="asked"):
        last_day(PAID)


def test_a_span_is_said_in_hours_and_minutes() -> None:
    spans = [timedelta(0), 1 * HOUR, timedelta(minutes=59, seconds=59), 25.5 * HOUR]
    assert [said(span) for span in spans] == ["不到1分", "1小时", "59分", "25小时30分"]
