"""Slips on the air, their records, and the prices said there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import rules
from kefu.clock import SHANGHAI
from kefu.intelligence.on_air import (
    IN_FORCE,
    PROMPT,
    ShowPrice,
    compared_price,
    corrected,
    kept_until,
    owed_before,
    price_protection,
)

SLIP = datetime(2026, 3, 26, 20, 52, tzinfo=SHANGHAI)
END = datetime(2026, 3, 26, 22, 0, tzinfo=SHANGHAI)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("after", "spot", "prompt"),
    [
        (timedelta(0), True, True),
        (PROMPT, True, True),
        (PROMPT + SECOND, True, False),
        (END - SLIP, True, False),
        (END - SLIP + SECOND, False, False),
    ],
)
def test_a_correction_is_on_the_spot_until_the_show_ends_and_prompt_within_a_minute(
    after, spot, prompt
):
    found = corrected(SLIP, END, SLIP + after, recorded=True)
    assert (found.on_the_spot, found.prompt, found.after) == (spot, prompt, after)
    assert bool(found.lacks) is not spot
    assert found.keep_until == date(2029, 3, 26)


def test_what_is_missing_is_named_with_the_rule_its_article_and_date():
    found = corrected(SLIP, END, None, recorded=False)
    assert found.lacks == ("没有纠正", "没有留下记录")
    assert all(part in found.why for part in ("第三十一条", "2026-02-01", "三年"))
    assert {rules.rule(number).standing for number in found.rules} == {"已对照公开文本"}
    assert "2026-02-01" in rules.rule("R78").source
    assert date(2026, 2, 1) == IN_FORCE


def test_before_the_order_was_in_force_no_rule_of_it_is_named():
    slip = datetime(2026, 1, 31, 20, 52, tzinfo=SHANGHAI)
    found = corrected(slip, slip + timedelta(hours=1), slip, recorded=True)
    assert (found.rules, found.why, found.keep_until) == ((), "", None)
    day_after = corrected(slip + timedelta(days=1), slip + timedelta(days=2), None, recorded=True)
    assert day_after.rules == ("R78", "R58")


@given(st.dates(date(1992, 1, 1), date(2900, 1, 1)))
def test_records_are_kept_for_three_whole_years(day):
    assert kept_until(day) - day >= timedelta(days=365 * 3)
    assert kept_until(day).year == day.year + 3


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.data())
def test_each_minute_of_delay_adds_its_orders(orders, data):
    said = data.draw(st.integers(0, len(orders) - 1))
    minute = data.draw(st.integers(said, len(orders) - 1))
    first, next_ = owed_before(orders, said, minute), owed_before(orders, said, minute + 1)
    assert next_ - first == (orders[minute + 1] if minute + 1 < len(orders) else 0)
    assert owed_before(orders, said, None) == sum(orders[said:]) >= next_


# Prices

MONEY = st.decimals("0.01", "999", places=2)
LATER = st.lists(st.tuples(st.integers(-5, 60), MONEY), max_size=8)


@given(MONEY, LATER, st.integers(1, 40))
def test_price_protection_pays_back_down_to_the_lowest_price_in_its_days(paid, later, days):
    prices = [(SLIP + timedelta(days=day), price) for day, price in later]
    found = price_protection(paid, SLIP, prices, days)
    lowest = min((price for day, price in later if 0 < day <= days), default=paid)
    assert found.refund == max(paid - lowest, Decimal(0))
    assert found.until == SLIP + timedelta(days=days)


def test_the_last_moment_of_price_protection_counts_and_the_next_does_not():
    end = SLIP + timedelta(days=30)
    assert price_protection(169, SLIP, [(end, 149)], 30).refund == 20
    late = price_protection(169, SLIP, [(end + SECOND, 149)], 30)
    assert (late.refund, late.why) == (0, "降价在价保期以后")


def test_a_price_of_the_show_goes_by_when_it_was_ordered():
    price = ShowPrice(Decimal(149), SLIP, END)
    assert price.settle(169, SLIP).refund == price.settle(169, END).refund == 20
    assert price.settle(149, END).refund == 0
    for moment, word in ((SLIP - SECOND, "以前"), (END + SECOND, "以后")):
        found = price.settle(169, moment)
        assert found.refund == 0
        assert word in found.why


def test_a_price_is_compared_with_the_lowest_of_the_seven_days_before():
    week = timedelta(days=7)
    deals = [(SLIP - week - SECOND, 99), (SLIP - week, 169), (SLIP - SECOND, 179), (SLIP, 50)]
    assert compared_price(169, deals, SLIP).sound
    assert compared_price(170, deals, SLIP).highest == 169
    assert not compared_price(170, deals, SLIP).sound
    none = compared_price(170, [], SLIP)
    assert (none.sound, none.highest) == (False, None)
    assert rules.rule(none.rule).title == "标价要真"


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: corrected(SLIP, SLIP - SECOND, None, True), "ends_at"),
        (lambda: corrected(SLIP, END, SLIP - SECOND, True), "corrected_at"),
        (lambda: corrected(SLIP.replace(tzinfo=None), END, None, True), "said_at"),
        (lambda: owed_before([1], 2, 1), "corrected"),
        (lambda: price_protection(-1, SLIP, [], 3), "paid"),
        (lambda: price_protection(1, SLIP, [], 0), "days"),
        (lambda: ShowPrice(Decimal(1), END, SLIP), "ends"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
