"""The same five results in pandas, as the chapters count: every table whole in memory.

Written apart from the pipeline, from what the results mean: it is measured beside the engines, and what
they find is checked against it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from kefu.operations.rfm import NAMES
from tools.scale.pipeline import DAY, FIFTHS, UNTIL, Tables

HERE = "Asia/Shanghai"


def whole_seconds(moments: pd.Series) -> pd.Series:
    """Return moments in whole seconds since 1970."""
    return (moments - pd.Timestamp(0, tz="UTC")) // pd.Timedelta(seconds=1)


def fifths(people: pd.DataFrame, value: str, rising: bool) -> pd.Series:
    """Return the fifth in which each stands, the last the best; equals in the order of their keys."""
    order = people.sort_values([value, "customer_id"], ascending=[rising, True])
    return pd.Series(np.arange(len(order)) * FIFTHS // len(order) + 1, order.index)


def results(tables: Tables, until: datetime = UNTIL) -> dict[str, pd.DataFrame]:
    """Return the five results of frames, as `pipeline.results` does of an engine's tables."""
    end = int(until.timestamp())
    orders = tables.orders[tables.orders.paid_at.notna()]
    made, paid = whole_seconds(orders.created_at), whole_seconds(orders.paid_at)
    local = orders.created_at.dt.tz_convert(HERE).dt
    month, fen = (local.year - 1970) * 12 + local.month - 1, (orders.paid_amount * 100).round()
    bought = pd.DataFrame({"customer_id": orders.customer_id, "made": made, "paid": paid,
                           "month": month.astype("int64"), "fen": fen.astype("int64")})  # fmt: skip
    bought = bought[bought.paid < end]
    people = bought.groupby("customer_id").agg(
        orders=("fen", "size"), fen=("fen", "sum"), first=("made", "min"), last=("made", "max"),
        paid=("paid", "max"), joined=("month", "min"),
    ).reset_index()  # fmt: skip
    people["ago"] = end - people.paid
    people["days"] = people.ago // DAY
    high = (
        people.ago <= 90 * DAY,
        people.orders >= 2,
        people.fen * len(people) >= people.fen.sum(),
    )
    people["segment"] = pd.Series(list(zip(*high, strict=True))).map(NAMES)
    for name, value in (("r", "days"), ("f", "orders"), ("m", "fen")):
        people[name] = fifths(people, value, rising=value != "days")
    monthly = bought.groupby(["customer_id", "month"]).fen.agg(["size", "sum"]).reset_index()
    monthly = monthly.merge(people[["customer_id", "joined"]])
    monthly["later"] = monthly.month - monthly.joined
    cohorts = monthly.groupby(["joined", "later"]).agg(
        customers=("customer_id", "size"), orders=("size", "sum"), fen=("sum", "sum")
    )
    days = {"t_x": people["last"] - people["first"], "T": end - people["first"]}
    rounded = {name: (time + DAY // 2) // DAY for name, time in days.items()}
    repeats = pd.DataFrame({"x": people.orders - 1, **rounded}).value_counts().rename("customers")
    return {
        "rfm": people[["customer_id", "ago", "orders", "fen", "segment", "r", "f", "m"]],
        "cohorts": cohorts.reset_index(),
        "repeats": repeats.reset_index(),
        "tags": tags(tables.customers, people),
        "uplift": uplift(tables, bought),
    }


def tags(customers: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Return customers and fen by the tags that they bear together."""
    all_ = customers[["customer_id", "sms_consent", "ads_consent"]]
    all_ = all_.merge(people[["customer_id", "orders", "ago", "fen", "m"]], how="left")
    all_ = all_.assign(bought=all_.orders.notna(), loyal=all_.orders >= 2,
                       sleeping=all_.ago > 60 * DAY, top=all_.m == FIFTHS)  # fmt: skip
    keys = ["bought", "loyal", "sleeping", "top", "sms_consent", "ads_consent"]
    sums = all_.groupby(keys).fen.agg(customers="size", fen="sum").reset_index()
    sums["fen"] = sums.fen.astype("int64")
    return sums


def uplift(tables: Tables, bought: pd.DataFrame) -> pd.DataFrame:
    """Return customers, buyers and fen of each campaign's arms and segments."""
    parts = []
    for campaign in tables.campaigns.itertuples():
        starts, ends = (
            pd.Timestamp(str(day), tz=HERE) for day in (campaign.starts_on, campaign.ends_on)
        )
        begin, over = int(starts.timestamp()), int(ends.timestamp()) + DAY
        here = tables.campaign_members.campaign_id == campaign.campaign_id
        members = tables.campaign_members[here].set_index("customer_id")
        earlier = bought[bought.made < begin].groupby("customer_id").made.agg(["size", "max"])
        during = bought[(bought.paid >= begin) & (bought.paid < over)].groupby("customer_id").fen
        members = members.join(earlier).join(during.sum())
        members["loyal"] = members["size"] >= 2
        members["sleeping"] = begin - members["max"] > 60 * DAY
        parts.append(members.groupby(["campaign_id", "arm", "loyal", "sleeping"]).agg(
            customers=("arm", "size"), bought=("fen", "count"), fen=("fen", "sum")))  # fmt: skip
    made: pd.DataFrame = pd.concat(parts).reset_index()
    made["fen"] = made.fen.astype("int64")
    return made


def count(folder: Path, target: Path) -> None:
    """Count the shop in a folder; write each result as Parquet."""
    names = Tables.__dataclass_fields__
    tables = Tables(**{name: pd.read_parquet(folder / name) for name in names})
    for name, frame in results(tables).items():
        frame.to_parquet(target / f"{name}.parquet", index=False)
