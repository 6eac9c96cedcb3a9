"""What the explorers of chapter 12 add up: one row a buyer, one row a customer of a campaign."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd

from kefu import data
from kefu.operations.rfm import RfmCuts, summary

END = pd.Timestamp("2026-01-01", tz="Asia/Shanghai")
"""The tables end with the year 2025."""
NAMES = {"M02": "M02红包", "M03": "M03唤醒券", "M04": "M04连环短信", "M05": "M05双12券"}
ASLEEP = timedelta(days=60)


def paid() -> pd.DataFrame:
    """Return the orders that were paid."""
    orders = data.load("orders")
    return orders[orders.paid_at.notna()]


def groups() -> pd.DataFrame:
    """Return the buyers with their class, orders, yuan paid and consent."""
    cuts = RfmCuts()
    orders = paid()[["customer_id", "paid_at", "paid_amount"]]
    found = summary(orders.itertuples(index=False, name=None), END)
    rows = pd.DataFrame(
        {
            "customer_id": who,
            "class": cuts.segment(one.days, one.orders, one.amount),
            "orders": "4单起" if one.orders >= 4 else f"{one.orders}单",
            "spent": one.amount,
        }
        for who, one in found.items()
    )
    known = data.load("customers")[["customer_id", "source", "sms_consent"]]
    rows = rows.merge(known, on="customer_id")
    return rows.assign(n=1, sms=rows.sms_consent.astype(bool))


def members() -> pd.DataFrame:
    """Return who was in a campaign, and what he had bought before it began."""
    rows = data.load("campaign_members")
    rows = rows[rows.campaign_id.isin(NAMES)]
    starts = data.load("campaigns").set_index("campaign_id").starts_on.dt.tz_localize(END.tz)
    parts = []
    for name, part in rows.groupby("campaign_id", observed=True):
        orders = paid()
        before = orders[orders.created_at < starts[name]]
        known = before.groupby("customer_id").created_at.agg(["max", "size"])
        part = part.merge(known, left_on="customer_id", right_index=True)
        parts.append(part.assign(asleep=starts[name] - part["max"] > ASLEEP))
    rows = pd.concat(parts)
    return rows.assign(
        campaign=rows.campaign_id.map(NAMES),
        arm=rows.arm.astype(str),
        awake=rows.asleep.map({True: "睡着：60天没买", False: "醒着：60天内买过"}),
        orders=(rows["size"] > 1).map({True: "两单以上", False: "一单"}),
        bought=rows.converted.astype(bool),
    )


def campaigns() -> pd.DataFrame:
    """Return the customers of four campaigns, by arm and by what they had done before."""
    return members()[["campaign", "arm", "awake", "orders", "bought", "spent"]]


def texts() -> pd.DataFrame:
    """Return the customers of the flood of texts, with who opened and who unsubscribed."""
    rows = members().query("campaign_id == 'M04'")
    sent = data.load("touches").query("campaign_id == 'M04'")
    rows = rows.merge(sent[["customer_id", "opened", "unsubscribed"]], how="left")
    treated = rows.arm == "实验"
    opened = rows.opened.map({True: "打开了", False: "没打开"}).astype(object)
    return rows[["orders", "bought", "spent"]].assign(
        arm=treated.map({True: "收了", False: "没收"}),
        opened=opened.where(treated, "没收"),
        gone=rows.unsubscribed.fillna(False).astype(bool),
    )
