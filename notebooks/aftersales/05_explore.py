"""The cases behind the explorers of chapter 05; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data

WAYS_HOME = ["准时", "晚1—2天", "晚3天以上", "没到"]


def sent() -> pd.DataFrame:
    """Return the parcels, each with its order and how late it came."""
    found = data.load("parcels").merge(data.load("orders"), on="order_id")
    signed = found.signed_at.dt.tz_localize(None).dt.normalize()
    over = (signed - found.promised_on).dt.days
    home = pd.cut(over.fillna(999), [-999, 0, 2, 998, 999], labels=WAYS_HOME)
    return found.assign(over=over, home=home, late=home != "准时")


def parcels() -> pd.DataFrame:
    """Return those whose promised day is over."""
    every = sent()
    return every[every.promised_on < "2025-12-31"]


def again() -> pd.DataFrame:
    """Return each customer's first parcel of January to September: was it late, and what came after it.

    Those who first bought in the last quarter have hardly had the time to come again.
    """
    every = data.load("orders")
    paid = every[every.paid_at.notna()].sort_values("paid_at")
    times = paid.groupby("customer_id").size()
    first = parcels().merge(paid.drop_duplicates("customer_id")[["order_id"]], on="order_id")
    first = first[first.paid_at.dt.month <= 9]
    return pd.DataFrame({
        "late": first.late.map({True: "第一单迟到", False: "第一单准时"}),
        "month": first.paid_at.dt.month.map("{}月".format),
        "zone": first.zone,
        "again": first.customer_id.map(times) > 1,
    })  # fmt: skip


def causes() -> pd.DataFrame:
    """Return the parcels that went wrong: why, whether late, and how many days they took."""
    wrong = sent()
    wrong = wrong[wrong.problem.notna()]
    took = (wrong.signed_at - wrong.shipped_at) / pd.Timedelta(days=1)
    return pd.DataFrame({
        "problem": wrong.problem,
        "zone": wrong.zone,
        "late": wrong.late,
        "came": took.notna(),
        "days": took.fillna(0),
    })  # fmt: skip


def asked() -> pd.DataFrame:
    """Return the parcels: how they came, and whether the customer asked after them, and when."""
    chats = data.load("chats")
    where = chats[(chats.stage == "售后") & (chats.topic == "物流问题")]
    first = where.groupby("order_id").started_at.min()
    every = parcels()
    at = every.order_id.map(first)
    over = at.dt.tz_localize(None).dt.normalize() > every.promised_on
    return pd.DataFrame({
        "home": every.home,
        "problem": every.problem.astype(object).fillna("没出事"),
        "zone": every.zone,
        "asked": at.notna(),
        "after": at.notna() & over,
    })  # fmt: skip
