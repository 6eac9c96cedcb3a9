"""What chapter 10 says of the shop's tables in words: a change of the data must not belie it."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from kefu import data
from kefu.kpis import nps
from kefu.operations.expectations import promise_outcome
from kefu.stats import bootstrap, bootstrap_difference

PARTS = ("goods", "logistics", "service", "price", "after")


@cache
def asked() -> pd.DataFrame:
    """The questionnaires with the parcel's fate and the customer's level."""
    parcels = data.load("parcels")[["order_id", "signed_at", "promised_on", "problem"]]
    levels = data.load("customers")[["customer_id", "level"]]
    frame = data.load("survey").merge(parcels, on="order_id").merge(levels, on="customer_id")
    day = frame.signed_at.dt.tz_localize(None).dt.normalize()
    return frame.assign(late=(day > frame.promised_on) | frame.problem.notna())


def answers() -> pd.DataFrame:
    return asked().dropna(subset=["csat"])


@cache
def scores() -> pd.DataFrame:
    """Mean expectation and experience, and satisfaction, of each who answered."""
    frame = answers()
    sides = {
        side: frame[[f"{side}_{part}" for part in PARTS]].mean(axis=1)
        for side in ("expect", "feel")
    }
    return pd.DataFrame({**sides, "csat": frame.csat}).astype(float)


def test_about_half_answered_and_four_hundred_did_not() -> None:
    assert 380 <= len(asked()) - len(answers()) <= 420
    assert (answers().level == "黑金").sum() < 20


def test_the_interval_of_nps_is_about_12_wide() -> None:
    found = bootstrap(list(answers().nps), nps, seed=88)
    assert 11 <= found.high - found.low <= 13
    assert 33 <= found.estimate <= 37


def test_in_time_and_late_are_80_points_apart() -> None:
    frame = answers()
    in_time, late = (list(frame[frame.late == side].nps) for side in (False, True))
    found = bootstrap_difference(in_time, late, nps, seed=88)
    assert found.estimate == pytest.approx(80, abs=4)
    assert found.low > 40
    assert nps(late) < 0 < nps(in_time)


def test_gold_beats_plain_until_late_parcels_are_left_out() -> None:
    frame = answers()

    def groups(rows: pd.DataFrame) -> list[list[int]]:
        return [list(rows[rows.level == level].nps) for level in ("金卡", "普通")]

    everybody = bootstrap_difference(*groups(frame), nps, seed=88)
    assert everybody.estimate == pytest.approx(22, abs=0.6)
    assert everybody.low > 0
    assert 0 in bootstrap_difference(*groups(frame[~frame.late]), nps, seed=88)
    late = frame.groupby("level", observed=True).late.mean()
    assert late["金卡"] < late["普通"] / 2


def test_only_delivery_falls_short_on_average() -> None:
    frame = answers()
    short = {p for p in PARTS if (frame[f"feel_{p}"] - frame[f"expect_{p}"]).mean() < 0}
    assert short == {"logistics"}


def test_expectation_seems_not_to_matter_until_experience_is_held() -> None:
    frame = scores()
    assert abs(frame.expect.corr(frame.csat)) < 0.05
    for feel, part in frame[frame.feel.round().between(6, 9)].groupby(frame.feel.round()):
        assert part.expect.corr(part.csat) < -0.3, feel


def test_the_survey_cannot_tell_the_two_models_apart() -> None:
    frame = scores()
    assert round((frame.feel - frame.expect).corr(frame.feel / frame.expect), 2) == 0.99


def test_the_promise_that_pays_is_4_5_and_6_days() -> None:
    parcels = data.load("parcels").merge(
        data.load("orders")[["order_id", "paid_at"]], on="order_id"
    )
    parcels["days"] = (parcels.signed_at - parcels.paid_at).dt.ceil("D").dt.days
    taken = {zone: part.days.dropna().tolist() for zone, part in parcels.groupby("zone")}

    def best(zone: str, leave: str) -> int:
        return max(
            range(1, 11),
            key=lambda p: promise_outcome(p, 3, taken[zone], leave=leave).pleased,
        )

    assert [best(zone, "0.08") for zone in ("近区", "中区", "远区")] == [4, 5, 6]
    assert all(best(zone, "0.02") > best(zone, "0.08") for zone in ("近区", "中区", "远区"))
    far = promise_outcome(4, 3, taken["远区"], leave="0.08")
    assert 0.7 <= 1 - far.pleased / far.orders <= 0.8
