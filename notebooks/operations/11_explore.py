"""The cases behind the explorers of chapter 11; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data

SEASONS = ["一季度", "二季度", "三季度", "四季度"]


def late() -> pd.DataFrame:
    """Return the parcels that were signed for or lost: late or not, and whether the customer bought again."""
    orders = data.load("orders").dropna(subset=["paid_at"])
    sent = orders.merge(data.load("parcels"), on="order_id", suffixes=("", "_parcel"))
    lost = sent.problem.eq("丢失")
    sent = sent[sent.signed_at.notna() | lost]
    lost = sent.problem.eq("丢失")
    day = sent.signed_at.dt.tz_localize(None).dt.normalize()
    by_customer = orders.groupby("customer_id").paid_at
    first, last = (sent.customer_id.map(side) for side in (by_customer.min(), by_customer.max()))
    return pd.DataFrame({
        "late": ((day > sent.promised_on) | lost).map({True: "迟到或丢了", False: "准时"}),
        "season": sent.paid_at.dt.quarter.map(dict(enumerate(SEASONS, 1))),
        "first": (sent.paid_at == first).map({True: "头一单", False: "第二单起"}),
        "zone": sent.zone,
        "again": last > sent.paid_at,
    })  # fmt: skip


def gold() -> pd.DataFrame:
    """Return the old list: what each member spent in 2023, the level of 2024, and who came in its first quarter."""
    members = data.load("cohorts")
    edges = [0, 350, 450, 550, 600, 650, 750, 850, float("inf")]
    names = ["不到350", "350—449", "450—549", "550—599", "600—649", "650—749", "750—849", "850以上"]
    regular = members.bought_2023q4 & (members.orders_2023 >= 3)
    levels = members.level.astype(str).replace({"金卡": "金卡、黑金", "黑金": "金卡、黑金"})
    return pd.DataFrame({
        "level": levels,
        "amount": pd.cut(members.amount_2023, edges, right=False, labels=names).astype(str),
        "regular": regular.map({True: "是", False: "否"}),
        "stayed": members.bought_2024q1.astype(bool),
    })  # fmt: skip


def curve() -> pd.DataFrame:
    """Return each member in each quarter after the first that can be seen: still here, and here before it."""
    members = data.load("cohorts")
    joined = members.joined_on.dt.quarter
    parts = []
    for quarter in range(1, 8):
        seen = members[joined + quarter <= 8]
        parts.append(pd.DataFrame({
            "quarter": f"第{quarter}季",
            "joined": seen.joined_on.dt.quarter.map(dict(enumerate(SEASONS, 1))),
            "here": seen.kept_quarters >= quarter,
            "before": seen.kept_quarters >= quarter - 1,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
