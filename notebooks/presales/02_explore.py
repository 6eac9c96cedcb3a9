"""The cases behind the explorers of chapter 02; `make lists` adds them up into tables."""

from datetime import timedelta

import pandas as pd

from kefu import data
from kefu.presales.freight import Parcel, compare

WEEKDAYS = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]


def autumn() -> pd.DataFrame:
    """Return the parcels paid for in October and November."""
    orders = data.load("orders").merge(data.load("parcels"), on="order_id")
    return orders[orders.paid_at.between("2025-10-01", "2025-12-01")]


def late() -> pd.DataFrame:
    """Return the orders of goods in stock and whether the number came within 24 hours."""
    stock = autumn()
    stock = stock[stock.kind == "现货"]
    took = stock.uploaded_at - stock.paid_at
    edges, slots = [0, 12, 15, 18, 24], ["12点前", "12—15点", "15—18点", "18点后"]
    rush = stock.paid_at.between("2025-11-10", "2025-11-17", inclusive="left")
    return pd.DataFrame({
        "weekday": stock.paid_at.dt.day_of_week.map(dict(enumerate(WEEKDAYS))),
        "slot": pd.cut(stock.paid_at.dt.hour, edges, right=False, labels=slots),
        "week": rush.map({True: "双11那周", False: "平时"}),
        "month": stock.paid_at.dt.month.map("{}月".format),
        "late": took > timedelta(hours=24),
        "hours": took / timedelta(hours=1),
    })  # fmt: skip


def bills() -> pd.DataFrame:
    """Return the parcels and whether the carrier's bill agrees with the formula."""
    parcels = autumn()
    rates = []
    for p in parcels.itertuples():
        box = Parcel(p.weight_kg, p.length_cm, p.width_cm, p.height_cm)
        rates += [r for r in compare(box, p.province) if r.service.carrier == p.carrier][:1]
    over = (parcels.billed_freight - [float(rate.fee) for rate in rates]).round(2)
    edges, weights = [0, 1, 3, 6, 999], ["1 kg以内", "1—3 kg", "3—6 kg", "6 kg以上"]
    return pd.DataFrame({
        "carrier": parcels.carrier,
        "zone": parcels.zone,
        "weight": pd.cut([float(rate.chargeable) for rate in rates], edges, labels=weights),
        "wrong": over != 0,
        "over": over,
        "billed": parcels.billed_freight,
    })  # fmt: skip


def crowd() -> pd.DataFrame:
    """Return the baskets of the week before the threshold and the orders after it, by their amounts."""
    before, after = data.load("baskets").goods_amount, autumn().goods_amount
    amount = pd.concat([before, after], ignore_index=True)
    edges = [0, 48, 68, 88, 98, 118, 158, 9999]
    bands = ["48元以下", "48—68元", "68—88元", "88—98元", "98—118元", "118—158元", "158元以上"]
    return pd.DataFrame({
        "band": pd.cut(amount, edges, right=False, labels=bands),
        "period": ["上线前"] * len(before) + ["上线后"] * len(after),
        "over": amount.between(88, 98, inclusive="left"),
        "short": amount.between(68, 88, inclusive="left"),
    })  # fmt: skip
