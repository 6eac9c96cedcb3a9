"""From purchases to what a shop asks of its customers, written once in Ibis for DuckDB and for Spark.

Every result is made of whole numbers (people, orders, fen, seconds), so that it is the same to the last
digit whichever engine counts, in whatever order; rates, means and intervals are taken from the results
by the models of the book (`kefu.operations`). Nothing here needs all customers on one machine: each step
groups by customer, or counts cells of which there are few however many the customers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis
from ibis import _

from kefu.clock import SHANGHAI
from kefu.operations.rfm import NAMES, RfmCuts

DAY = 86400
EAST = 8 * 3600
"""Seconds by which Shanghai's clock is ahead of UTC, in which both engines count."""
UNTIL = datetime(2026, 1, 1, tzinfo=SHANGHAI)
FIFTHS = 5
SCORED = ("days", "orders", "fen")
"""What R, F and M are scored by: whole days, of which there are few, not the seconds of ``ago``."""


@dataclass(frozen=True)
class Tables:
    """The tables of a shop that the pipeline reads, in an engine."""

    customers: Any
    orders: Any
    campaign_members: Any
    campaigns: Any


def read(engine: Any, folder: Path) -> Tables:
    """Return a shop's tables: each a Parquet file, or a folder of such files by ranges of customers."""

    def table(name: str) -> Any:
        whole = folder / f"{name}.parquet"
        return engine.read_parquet(str(whole if whole.is_file() else folder / name / "*.parquet"))

    return Tables(**{name: table(name) for name in Tables.__dataclass_fields__})


def seconds(moment: datetime) -> int:
    """Return a moment in whole seconds since 1970."""
    return int(moment.astimezone(UTC).timestamp())


def total(column: Any) -> Any:
    """Return a sum of whole numbers as one of 64 bits.

    DuckDB's has 128, which Parquet would hold as a float; Ibis takes it for 64 and leaves a plain cast out.
    """
    return column.sum().cast("decimal(38, 0)").cast("int64")


def purchases(tables: Tables, until: datetime) -> Any:
    """Return what was paid before a moment: customer, moments in seconds, month (0 is 1970-01), fen."""
    made, paid = (_[name].epoch_seconds().cast("int64") for name in ("created_at", "paid_at"))
    here = _.created_at + ibis.interval(seconds=EAST)
    return (
        tables.orders.filter(_.paid_at.notnull())
        .select("customer_id", made=made, paid=paid, fen=(_.paid_amount * 100).round().cast("int64"),
                month=((here.year() - 1970) * 12 + here.month() - 1).cast("int64"))
        .filter(_.paid < seconds(until))
    )  # fmt: skip


def buyers(bought: Any) -> Any:
    """Return one row for each customer who paid: orders, fen, first and last order, last payment."""
    return bought.group_by("customer_id").agg(
        orders=_.count(), fen=total(_.fen), first=_.made.min(), last=_.made.max(),
        paid=_.paid.max(), joined=_.month.min(),
    )  # fmt: skip


def places(people: Any, value: str, *, few_is_good: bool = False) -> Any:
    """Return for each value how many customers have a worse one: a short list, however many customers."""
    order = ibis.desc(_[value]) if few_is_good else _[value]
    values = people.group_by(value).agg(same=_.count())
    below = _.same.sum().over(order_by=order, rows=(None, 0)) - _.same
    return values.select(value, below.name(f"below_{value}"))


def fifth(value: str) -> Any:
    """Return the score from 1 to 5, the best fifth last; of equals by the customer's key.

    A place among equals needs only them, the rest tells the list of `places`: no machine sorts everybody.
    """
    place = ibis.row_number().over(group_by=value, order_by=_.customer_id)
    return ((_[f"below_{value}"] + place) * FIFTHS // _.everybody + 1).cast("int64")


def rfm(people: Any, until: datetime, cuts: RfmCuts | None) -> Any:
    """Return for each buyer days (in seconds), orders and fen, the class by cuts, and fifths.

    Without cuts those of the shop's `truths.yml`: within 90 days, two orders, the mean of all buyers.
    """
    people = people.mutate(ago=seconds(until) - _.paid).mutate(days=(_.ago // DAY).cast("int64"))
    totals = people.agg(everybody=_.count(), all_fen=total(_.fen))
    within, least = (cuts.days, cuts.orders) if cuts else (90, 2)
    much = _.fen >= round(cuts.amount * 100) if cuts else _.fen * _.everybody >= _.all_fen
    lists = [places(people, value, few_is_good=value == "days") for value in SCORED]
    people = people.cross_join(totals).mutate(
        r_high=_.ago <= round(within * DAY), f_high=_.orders >= least, m_high=much
    )
    classes = [
        ((_.r_high == r) & (_.f_high == f) & (_.m_high == m), name)
        for (r, f, m), name in NAMES.items()
    ]
    for value, its_places in zip(SCORED, lists, strict=True):
        people = people.join(its_places, value)
    people = people.mutate(
        segment=ibis.cases(*classes), r=fifth("days"), f=fifth("orders"), m=fifth("fen")
    )
    return people.select("customer_id", "ago", "orders", "fen", "segment", "r", "f", "m")


def cohorts(bought: Any, people: Any) -> Any:
    """Return for those who joined in a month how many bought so many months later, their orders and fen."""
    return (
        bought.group_by("customer_id", "month")
        .agg(orders=_.count(), fen=total(_.fen))
        .join(people.select("customer_id", "joined"), "customer_id")
        .group_by("joined", later=_.month - _.joined)
        .agg(customers=_.count(), orders=total(_.orders), fen=total(_.fen))
    )


def repeats(people: Any, until: datetime, unit: int = DAY) -> Any:
    """Return the sufficient statistics of BG/NBD: how many customers have the same x, t_x and T.

    x counts the orders after the first, t_x and T the time from it to the last one and to the end, in
    whole units of so many seconds, to the nearest.
    """

    def units(time: Any) -> Any:
        return ((time + unit // 2) // unit).cast("int64")

    return people.group_by(
        x=_.orders - 1, t_x=units(_.last - _.first), T=units(seconds(until) - _.first)
    ).agg(customers=_.count())


def tags(customers: Any, scored: Any, sleeping_days: int = 60) -> Any:
    """Return how many customers bear which tags together, and what they paid: a cell for each combination.

    Any audience of tags joined by and, or, not is a sum over these cells: see `audience`.
    """
    yes = {
        "loyal": _.orders >= 2,
        "sleeping": _.ago > sleeping_days * DAY,
        "top": _.m == FIFTHS,
    }
    return (
        customers.select("customer_id", "sms_consent", "ads_consent")
        .left_join(scored.drop("segment"), "customer_id")
        .mutate(bought=_.orders.notnull(), fen=_.fen.fill_null(0),
                **{name: test.fill_null(False) for name, test in yes.items()})
        .group_by("bought", *yes, "sms_consent", "ads_consent")
        .agg(customers=_.count(), fen=total(_.fen))
    )  # fmt: skip


def uplift(tables: Tables, bought: Any, sleeping_days: int = 60) -> Any:
    """Return for each campaign, arm and segment how many customers there are, how many bought, and fen.

    Segments are of the day on which the campaign starts: who had bought twice or more is loyal, who had
    not bought for so many days sleeps. Bought is what was paid from its first to its last day.
    """

    def midnight(day: Any) -> Any:
        return day.cast("date").cast("timestamp").epoch_seconds().cast("int64") - EAST

    days = tables.campaigns.select(
        "campaign_id", starts=midnight(_.starts_on), ends=midnight(_.ends_on) + DAY
    )
    earlier, inside = _.made < _.starts, (_.paid >= _.starts) & (_.paid < _.ends)
    return (
        tables.campaign_members.select("campaign_id", "customer_id", "arm")
        .join(days, "campaign_id")
        .left_join(bought.select("customer_id", "made", "paid", "fen"), "customer_id")
        .group_by("campaign_id", "customer_id", "arm", "starts")
        .agg(
            before=total(earlier.fill_null(False).cast("int64")),
            latest=earlier.ifelse(_.made, None).max(),
            during=total(inside.fill_null(False).cast("int64")),
            spent=total(inside.ifelse(_.fen, 0)),
        )
        .group_by("campaign_id", "arm", loyal=_.before >= 2,
                  sleeping=(_.starts - _.latest > sleeping_days * DAY).fill_null(False))
        .agg(customers=_.count(), bought=total((_.during > 0).cast("int64")), fen=total(_.spent))
    )  # fmt: skip


def results(
    tables: Tables, until: datetime = UNTIL, cuts: RfmCuts | None = None, keep: Any = None
) -> Mapping[str, Any]:
    """Return the five results by name, not yet counted; ``keep`` holds what several of them need."""
    keep = keep or (lambda table: table)
    bought = purchases(tables, until)
    people = keep(buyers(bought))
    scored = keep(rfm(people, until, cuts))
    return {
        "rfm": scored,
        "cohorts": cohorts(bought, people),
        "repeats": repeats(people, until),
        "tags": tags(tables.customers, scored),
        "uplift": uplift(tables, bought),
    }
