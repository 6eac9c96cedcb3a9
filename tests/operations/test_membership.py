"""Levels at their thresholds, the ledger against a slow one, the published split, a year of a programme."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.operations.membership import (
    BAND,
    MOST,
    STORED_SPENDERS,
    Assumed,
    MemberLevel,
    PointsLedger,
    Programme,
    Spenders,
    points_owed,
    programme_year,
    spenders,
    spenders_from_tables,
    unreconciled,
)

SHOP = Programme.of(data.rows("levels"))

# Levels


def test_the_shop_has_four_levels() -> None:
    assert [(one.name, one.min_amount, one.min_orders, one.discount) for one in SHOP.levels] == [
        ("普通", 0, 0, 1),
        ("银卡", 200, 1, Decimal("0.98")),
        ("金卡", 600, 3, Decimal("0.95")),
        ("黑金", 1500, 5, Decimal("0.92")),
    ]


@pytest.mark.parametrize(
    ("amount", "orders", "name"),
    [("0", 0, "普通"), ("199.99", 9, "普通"), ("200", 1, "银卡"), ("200", 0, "普通"), ("599.99", 3, "银卡"),
     ("600", 2, "银卡"), ("600", 3, "金卡"), ("5000", 4, "金卡"), ("1500", 5, "黑金")],
)  # fmt: skip
def test_a_level_needs_both_the_amount_and_the_orders(amount: str, orders: int, name: str) -> None:
    assert SHOP.level(amount, orders).name == name


def test_the_levels_of_the_shops_customers_are_those_of_the_table() -> None:
    spent, orders = Counter[str](), Counter[str]()
    for row in data.rows("orders"):
        if row["status"] == "交易成功":
            spent[row["customer_id"]] += round(100 * float(row["paid_amount"]))
            orders[row["customer_id"]] += 1
    for row in data.rows("customers"):
        who = row["customer_id"]
        assert SHOP.level(Decimal(spent[who]) / 100, orders[who]).name == row["level"], who


@given(st.integers(0, 3000), st.integers(0, 9))
def test_more_never_brings_a_lower_level_and_what_is_missing_brings_the_next(
    amount: int, orders: int
) -> None:
    place = SHOP.levels.index(SHOP.level(amount, orders))
    assert SHOP.levels.index(SHOP.level(amount + 50, orders + 1)) >= place
    missing = SHOP.missing(amount, orders)
    if missing is None:
        assert place == 3
        return
    level, yuan, more = missing
    assert level is SHOP.levels[place + 1]
    assert SHOP.level(amount + yuan, orders + more) is level
    assert yuan or more


@pytest.mark.parametrize(
    ("levels", "word"),
    [
        ((), "lowest level"),
        ((MemberLevel("银卡", Decimal(200), 1),), "lowest level"),
        ((MemberLevel("普通"), MemberLevel("普通", Decimal(9), 1)), "name of its own"),
        ((MemberLevel("普通"), MemberLevel("金", Decimal(9), 3), MemberLevel("黑", Decimal(8), 4)), "do not fall"),
        ((MemberLevel("普通"), MemberLevel("金", Decimal(9), 3), MemberLevel("黑", Decimal(9), 2)), "do not fall"),
    ],
)  # fmt: skip
def test_a_programme_that_contradicts_itself_is_refused(
    levels: tuple[MemberLevel, ...], word: str
) -> None:
    with pytest.raises(ValueError, match=f"levels: expected .*{word}"):
        Programme(levels)


# Points

START = date(2025, 1, 1)
ACTS = st.lists(
    st.tuples(st.integers(0, 120), st.sampled_from(["earn", "spend", "back"]), st.integers(1, 300)),
    max_size=25,
)


@given(ACTS, st.sampled_from([None, 30, 365]))
def test_the_ledger_is_that_of_a_slow_clerk_who_keeps_every_point(
    acts: list[tuple[int, str, int]], keeps: int | None
) -> None:
    """Each point is a slip with its last day; the oldest slips are taken first."""
    ledger, slips, day = PointsLedger(keeps), list[date](), START
    for wait, act, many in acts:
        day += timedelta(wait)
        slips = [until for until in slips if until >= day]
        if act == "earn":
            ledger = ledger.earn(day, many)
            slips += [date.max if keeps is None else day + timedelta(keeps)] * many
        elif act == "back":
            ledger = ledger.take_back(day, many)
            slips = slips[min(many, len(slips)) :]
        elif many <= len(slips):
            ledger = ledger.spend(day, many)
            slips = slips[many:]
        else:
            with pytest.raises(ValueError, match=f"points: expected at most {len(slips)} points"):
                ledger.spend(day, many)
            ledger = ledger.on(day)
        assert ledger.balance == len(slips)
    rows = [
        {"entry_id": str(n), "customer_id": "C", "change": str(e.change), "balance": str(e.balance)}
        for n, e in enumerate(ledger.entries)
    ]
    assert unreconciled(rows) == []
    assert all(a.on <= b.on for a, b in zip(ledger.entries, ledger.entries[1:], strict=False))
    assert sum(e.change for e in ledger.entries) == ledger.balance


def test_points_run_out_the_day_after_their_last() -> None:
    ledger = PointsLedger(keeps=365).earn(date(2025, 1, 26), 242)
    assert ledger.on(date(2026, 1, 26)).balance == 242
    gone = ledger.on(date(2026, 3, 1))
    assert (gone.balance, gone.entries[-1].on, gone.entries[-1].reason) == (
        0,
        date(2026, 1, 27),
        "过期",
    )
    assert ledger.running_out(date(2025, 12, 31), 26) == 0
    assert ledger.running_out(date(2025, 12, 31), 27) == 242
    assert PointsLedger(None).earn(START, 5).running_out(date(2030, 1, 1), 999) == 0


def test_a_ledger_does_not_change_under_who_holds_it() -> None:
    ledger = PointsLedger().earn(START, 100)
    ledger.spend(START, 60)
    assert ledger.balance == 100


def test_what_was_sent_back_takes_no_more_than_there_is() -> None:
    ledger = PointsLedger().earn(START, 100).spend(START, 80).take_back(START, 100)
    assert (ledger.balance, ledger.entries[-1].change) == (0, -20)
    assert ledger.take_back(START, 5) == ledger


def test_days_do_not_go_back_and_points_are_whole() -> None:
    ledger = PointsLedger().earn(START, 100)
    with pytest.raises(ValueError, match="on: expected a day from 2025-01-01 on"):
        ledger.spend(START - timedelta(1), 5)
    with pytest.raises(ValueError, match="points: expected a whole number >= 1"):
        ledger.earn(START, 0)
    with pytest.raises(TypeError, match="points: expected a whole number"):
        ledger.earn(START, 2.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="keeps: expected a whole number >= 1"):
        PointsLedger(0)


def test_the_shops_table_of_points_reconciles_and_one_slip_is_found() -> None:
    rows = data.rows("points")
    assert unreconciled(rows) == []
    slipped = [dict(row) for row in rows]
    slipped[500]["change"] = str(int(slipped[500]["change"]) + 1)
    assert unreconciled(slipped) == [rows[500]["entry_id"]]
    assert sum(int(row["points"]) for row in data.rows("customers")) == sum(
        int(row["change"]) for row in rows
    )


# What is owed


def test_the_worked_example_of_ifrs_15_is_reproduced() -> None:
    split = points_owed(100_000, 10_000, "0.95")
    assert (round(split.goods), round(split.owed)) == (91_324, 8_676)
    assert round(split.earned(4500, 9500)) == 4_110
    assert round(split.owed - split.earned(4500, 9500)) == 4_566


@given(st.integers(1, 10**6), st.integers(0, 10**5), st.integers(0, 100), st.integers(0, 100))
def test_both_parts_are_all_that_was_paid(sold: int, points: int, used: int, worth: int) -> None:
    split = points_owed(sold, points, Decimal(used) / 100, Decimal(worth) / 100)
    assert split.goods + split.owed == sold
    assert split.goods >= 0 <= split.owed
    assert (split.owed == 0) or points * used * worth > 0


def test_more_points_used_than_expected_is_refused() -> None:
    with pytest.raises(ValueError, match="used: expected at most 9500"):
        points_owed(100_000, 10_000, "0.95").earned(9501, 9500)


# A programme's year


def test_the_stored_bands_are_those_of_the_tables() -> None:
    assert spenders() == spenders_from_tables()
    assert STORED_SPENDERS.stat().st_size < 5_000
    done = [row for row in data.rows("orders") if row["status"] == "交易成功"]
    assert sum(one.people for one in spenders()) == len({row["customer_id"] for row in done})
    assert sum(one.spent for one in spenders()) == sum(Decimal(row["paid_amount"]) for row in done)
    assert all(one.low % BAND == 0 and 1 <= one.orders <= MOST for one in spenders())


FLAT = Programme((MemberLevel("普通"),))


def test_without_levels_and_points_nothing_happens() -> None:
    year = programme_year(FLAT, spenders(), 0)
    assert (year.more, year.given, year.points, year.owed, year.profit) == (0, 0, 0, 0, 0)


def test_a_year_by_hand() -> None:
    people = [Spenders(0, 1, 80, Decimal(8000)), Spenders(600, 3, 20, Decimal(20_000))]
    gold = MemberLevel("金卡", Decimal(600), 3, Decimal("0.95"))
    year = programme_year(replace(FLAT, levels=(*FLAT.levels, gold)), people, 0)
    base, top = year.levels
    assert (base.people, base.more, base.given) == (80, 0, 0)
    assert top.more == pytest.approx(0.08 * 20_000)  # two in ten hold it, it gives 5 %: as measured
    assert top.given == pytest.approx(0.05 * 21_600)
    assert year.profit == pytest.approx(0.55 * 1600 - 0.05 * 21_600)
    assert year.anyway == pytest.approx(year.given * 28_000 / 29_600)
    points = programme_year(FLAT, people, "0.01")
    assert points.points == pytest.approx(280)
    assert points.owed == pytest.approx(280 * 0.8 * 0.74)
    assert points.more == 0  # what everybody has, moves nobody


@given(st.floats(0, 0.3), st.floats(0, 0.99))
def test_more_is_given_more_is_sold_and_the_more_hold_it_the_less(
    given_: float, held: float
) -> None:
    told = Assumed()
    assert told.more(given_, held) <= told.more(given_ + 0.01, held)
    assert told.more(given_, held) >= told.more(given_, min(held + 0.01, 1))


def test_a_level_is_lifted_with_all_above_it_as_holders() -> None:
    shop = programme_year(SHOP, spenders(), "0.01")
    by_name = {one.level.name: one for one in shop.levels}
    levels = Counter(row["level"] for row in data.rows("customers"))
    for name in ("银卡", "金卡", "黑金"):
        assert by_name[name].people == levels[name]
    everybody = sum(one.people for one in shop.levels)
    holders = (by_name["金卡"].people + by_name["黑金"].people) / everybody
    gold = by_name["金卡"]
    assert gold.more == pytest.approx(gold.spent * Assumed().more(0.05 + 0.008, holders))


@pytest.mark.parametrize(
    ("level", "word"),
    [(MemberLevel("金卡", Decimal(610), 3), "whole 50 yuan"), (MemberLevel("金卡", Decimal(600), 6), "at most 5")],
)  # fmt: skip
def test_thresholds_that_the_bands_cannot_tell_are_refused(level: MemberLevel, word: str) -> None:
    with pytest.raises(ValueError, match=f"programme: expected .*{word}"):
        programme_year(Programme((MemberLevel("普通"), level)), spenders())


@pytest.mark.parametrize("name", ["lift", "at", "held_by", "margin", "used", "within_year"])
def test_what_is_assumed_are_shares(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: expected a share from 0 to 1"):
        Assumed(**{name: 1.5})


def test_a_rate_that_divides_by_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at: expected a share above 0"):
        Assumed(at=0)
    with pytest.raises(ValueError, match="held_by: expected a share below 1"):
        Assumed(held_by=1)
    with pytest.raises(ValueError, match="people: expected at least one customer"):
        programme_year(FLAT, [])
