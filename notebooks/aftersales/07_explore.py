"""The cases behind the explorers of chapter 07; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data

BANDS = ["第1—3天", "第4—5天", "第6—7天", "第8—10天", "第11—14天", "14天以后"]
OFTEN = ["一年一两件", "一年三件的两位"]


def disputes() -> pd.DataFrame:
    """Return the disputes and complaints, each with its order and who opened how many."""
    orders = data.load("orders")[["order_id", "customer_id", "created_at"]]
    found = data.load("disputes").merge(orders, on="order_id")
    often = found.groupby("customer_id").dispute_id.transform("size") >= 3
    return found.assign(who=often.map({False: OFTEN[0], True: OFTEN[1]}))


def outcomes() -> pd.DataFrame:
    """Return what became of each that has ended."""
    every = disputes().dropna(subset="outcome")
    return pd.DataFrame({
        "cause": every.cause,
        "kind": every.kind,
        "who": every.who,
        "seller": every.outcome == "支持卖家",
        "buyer": every.outcome == "支持买家",
        "settled": every.outcome == "和解",
    })  # fmt: skip


def days() -> pd.DataFrame:
    """Return how long after the order each came, and whether a return had been refused before."""
    every, returns = disputes(), data.load("returns")
    refused = returns[returns.status == "已拒绝"].groupby("order_id").closed_at.min()
    after = (every.opened_at - every.created_at) / pd.Timedelta(days=1)
    return pd.DataFrame({
        "day": pd.cut(after, [0, 3, 5, 7, 10, 14, 999], labels=BANDS),
        "cause": every.cause,
        "days": after,
        "refused": every.order_id.map(refused) < every.opened_at,
    })  # fmt: skip


def settled() -> pd.DataFrame:
    """Return how each ended, what the shop paid, and whether a review of the order was a bad one."""
    every = disputes().dropna(subset="outcome")
    stars = every.order_id.map(data.load("reviews").groupby("order_id").stars.min())
    ways = {"和解": "和解", "撤销": "撤销"}
    return pd.DataFrame({
        "outcome": every.outcome,
        "way": every.outcome.astype(str).map(ways).fillna("判到底"),
        "who": every.who,
        "paid": every.compensation,
        "rated": stars.notna(),
        "bad": stars <= 3,
    })  # fmt: skip
