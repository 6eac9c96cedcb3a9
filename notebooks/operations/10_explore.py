"""What the explorers of chapter 10 add up: one row a parcel, one row an answered questionnaire."""

from __future__ import annotations

import pandas as pd

from kefu import data

PARTS = ("goods", "logistics", "service", "price", "after")
WORDS = (2, 3, 4, 5, 6, 8)
"""The promises, in days, that a reader may try."""


def promise() -> pd.DataFrame:
    """Return the parcels that were signed for, and whether each of several promises was kept."""
    paid = data.load("orders")[["order_id", "paid_at"]]
    parcels = data.load("parcels").merge(paid, on="order_id").dropna(subset=["signed_at"])
    rush = parcels.paid_at.dt.strftime("%m-%d").between("11-11", "11-14")
    days = (parcels.signed_at - parcels.paid_at).dt.ceil("D").dt.days
    return parcels[["zone", "carrier"]].assign(
        season=rush.map({True: "双11四天", False: "平时"}),
        days=days,
        **{f"in{word}": days <= word for word in WORDS},
    )


def asked() -> pd.DataFrame:
    """Return the answered questionnaires with the parcel's fate and the customer's level."""
    parcels = data.load("parcels")[["order_id", "zone", "signed_at", "promised_on", "problem"]]
    levels = data.load("customers")[["customer_id", "level"]]
    rows = data.load("survey").merge(parcels, on="order_id").merge(levels, on="customer_id")
    day = rows.signed_at.dt.tz_localize(None).dt.normalize()
    late = (day > rows.promised_on) | rows.problem.notna()
    return rows.assign(late=late).dropna(subset=["csat"])


def answers() -> pd.DataFrame:
    """Return who recommends and who warns: promoters +1, passives 0, detractors -1."""
    rows = asked()
    promoter, detractor = rows.nps >= 9, rows.nps <= 6
    return rows[["level", "zone", "late"]].assign(
        arrived=rows.late.map({True: "迟到或出问题", False: "准时送达"}),
        point=promoter.astype(int) - detractor.astype(int),
        pleased=rows.csat >= 4,
        detractor=detractor,
    )


def expect() -> pd.DataFrame:
    """Return satisfaction by mean expectation and experience, each rounded and between 6 and 9."""
    rows = asked()
    sides = {
        side: rows[[f"{side}_{part}" for part in PARTS]].astype(float).mean(axis=1).round()
        for side in ("expect", "feel")
    }
    table = pd.DataFrame({**sides, "csat": rows.csat.astype(int)})
    table = table[table.expect.between(6, 9) & table.feel.between(6, 9)]
    return table.assign(
        expect="期望" + table.expect.astype(int).astype(str) + "分",
        feel="体验" + table.feel.astype(int).astype(str) + "分",
    )
