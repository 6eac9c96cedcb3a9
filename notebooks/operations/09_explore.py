"""The cases behind the explorers of chapter 09; `make lists` adds them up into tables."""

from datetime import date

import pandas as pd

from kefu import data
from kefu.operations.customers import buyer_type, clean, compared

SAYS = {True: "对上", False: "不同", None: "缺一边"}


def pairs() -> pd.DataFrame:
    """Return the pairs of cleaned rows that agree in nickname or phone, field by field, with the truth."""
    rows = clean(data.rows("customers_raw"), date(2026, 1, 19)).rows
    key = {row["row_id"]: row["customer_id"] for row in data.rows("customers_raw_key")}
    found = [
        {reason.field: SAYS[reason.agrees] for reason in pair.likeness.reasons}
        | {"same": key[pair.one] == key[pair.other]}
        for pair in compared(rows)
    ]
    return pd.DataFrame(found).rename(columns={"nickname": "names", "registered_on": "registered"})


def kinds() -> pd.DataFrame:
    """Return the customers, each under one kind, with whether they chatted and ever paid."""
    orders, customers = data.load("orders"), data.load("customers")
    statuses = orders.groupby("customer_id").status.agg(list).to_dict()
    chats = data.load("chats").groupby("customer_id").size().to_dict()
    paid = {*orders[orders.paid_at.notna()].customer_id}
    every = customers.customer_id
    kind = [buyer_type(statuses.get(one, []), chats.get(one, 0)) for one in every]
    chatted = every.isin([*chats])
    return pd.DataFrame({
        "kind": [one.value if one else "哪种也不是" for one in kind],
        "chat": chatted.map({True: "聊过", False: "没聊过"}),
        "year": (customers.registered_on.dt.year == 2025).map({True: "2025年", False: "更早"}),
        "chatted": chatted,
        "paid": every.isin(paid),
    })  # fmt: skip


def answered() -> pd.DataFrame:
    """Return the questionnaires sent: how the order went, whether they were answered, and how."""
    asked = data.load("survey").merge(data.load("parcels"), on="order_id")
    asked = asked.merge(data.load("customers")[["customer_id", "level"]], on="customer_id")
    stars = data.load("reviews").drop_duplicates("order_id").set_index("order_id").stars
    day = asked.signed_at.dt.tz_localize(None).dt.normalize()
    late = (day > asked.promised_on) | asked.problem.notna()
    given = pd.cut(asked.order_id.map(stars).fillna(0), [-1, 0, 3, 4, 5],
                   labels=["没评", "1—3星", "4星", "5星"])  # fmt: skip
    return pd.DataFrame({
        "late": late.map({True: "迟到或出问题", False: "准时"}),
        "level": asked.level,
        "stars": given,
        "zone": asked.zone,
        "answered": asked.answered_at.notna(),
        "content": asked.csat.ge(4).fillna(False),
    })  # fmt: skip
