"""What chapter 10 says of the shop's tables in words: a change of the data must not belie it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import pandas as pd

from kefu import data
from kefu.demos import expectations
from kefu.explore import load
from kefu.kpis import csat, nps
from kefu.operations.expectations import habit, promise_outcome, wait
from kefu.operations.satisfaction import perceived_value
from kefu.stats import bootstrap, bootstrap_difference, pooled
from tests.notebooks.reading import cells, questions

CELLS = cells("10")
TEXT = "\n".join(cell.source for cell in CELLS)
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


def days_taken(zone: str, months: tuple[str, str]) -> list[int]:
    """Return in how many days a zone's parcels came that were paid for between two days."""
    paid = data.load("orders")[["order_id", "paid_at"]]
    parcels = data.load("parcels").merge(paid, on="order_id").dropna(subset=["signed_at"])
    parcels = parcels[parcels.zone == zone]
    parcels = parcels[parcels.paid_at.dt.strftime("%Y-%m-%d").between(*months)]
    return [int(day) for day in (parcels.signed_at - parcels.paid_at).dt.ceil("D").dt.days]


def kept(zone: str, days: int, season: str) -> float:
    """Return the share, in whole per cent, that the explorer shows for one promise."""
    bars = load("10_explore.toml", "promise").by("zone", f"in{days}", {"season": season})
    return next(round(bar.value) for bar in bars if bar.name == zone)


def test_the_wait_the_promise_and_the_notice_are_as_the_guesses_say() -> None:
    assert [wait(3, promised, 4).gap for promised in (2, 6)] == [-2, 2]
    assert [wait(3, 2, 6, notice=day).gap for day in (1, 3)] == [0, -4]
    assert promise_outcome(6, 3, [4]).orders == 70  # the demo's tenth a day: three in ten go


def test_a_promise_of_two_days_was_kept_once_in_195_parcels() -> None:
    bars = load("10_explore.toml", "promise").by("zone", "in2", {"season": "双11四天"})
    assert sum(bar.n for bar in bars) == 195
    assert [(bar.name, bar.k) for bar in bars if bar.k] == [("江浙沪", 1)]


def test_what_nearby_can_be_promised() -> None:
    assert [kept("近区", days, "双11四天") for days in (2, 5, 6)] == [0, 77, 81]
    assert kept("近区", 4, "平时") == 83
    night = days_taken("近区", ("2025-11-11", "2025-11-11"))
    assert 0.45 < sum(day <= 4 for day in night) / len(night) < 0.5  # 到第四天还不到一半
    assert sum(day in (4, 5) for day in night) / len(night) > 0.6  # 一般四五天
    month = days_taken("近区", ("2025-12-01", "2025-12-31"))
    shares = [sum(day <= n for day in month) / len(month) for n in (3, 4)]
    assert [round(share, 2) for share in shares] == [0.56, 0.84]  # 五成半，八成多


def test_numbers_of_the_first_night_are_not_uploaded_in_24_hours() -> None:
    """So that the good line promises a message, and no number."""
    paid = data.load("orders")[["order_id", "paid_at"]]
    parcels = data.load("parcels").merge(paid, on="order_id")
    night = parcels[parcels.paid_at.dt.strftime("%Y-%m-%d") == "2025-11-11"]
    assert ((night.uploaded_at - night.paid_at) <= pd.Timedelta(hours=24)).mean() < 0.2


def test_the_scale_s_customers_are_as_the_table_says() -> None:
    benefits = {"商品": 60, "次日达": 10, "客服耐心": 12}
    costs = {"价钱": 50, "运费": 8, "等待": 6, "怕不合身": 8}
    chen, ban = {"价钱": Decimal("1.2"), "运费": 2}, {"怕不合身": 3}

    def worth(cares: dict[str, Decimal | int], **less: int) -> Decimal:
        return perceived_value(benefits, costs | less, cares)

    assert (sum(benefits.values()), sum(costs.values())) == (82, 72)
    assert (worth({}), worth(chen), worth(ban)) == (10, -8, -6)
    assert (worth(chen, 运费=0), worth(ban, 怕不合身=2)) == (8, 12)


def test_gifts_wear_off_by_the_fifth_and_their_end_costs_two_points() -> None:
    gaps = [float(one.gap) for one in habit(6, [8, 8, 8, 8, 8, 6])]
    assert [round(gap, 1) for gap in gaps] == [2.0, 0.8, 0.3, 0.1, 0.1, -2.0]
    slow = habit(6, [8, 8, 8, 8, 8, 6], rise="0.2")[-1]
    assert (round(slow.expectation, 1), round(slow.gap, 1)) == (Decimal("7.3"), Decimal("-1.3"))


def test_471_of_871_answered_and_of_black_cards_18() -> None:
    assert (len(asked()), len(answers())) == (871, 471)
    assert (answers().level == "黑金").sum() == 18
    assert (round(csat(answers().csat), 2), round(nps(answers().nps))) == (0.91, 35)


def test_the_interval_of_nps_is_about_12_wide() -> None:
    found = bootstrap(list(answers().nps), nps, seed=88)
    assert (round(found.low), round(found.high)) == (29, 41)


def test_18_black_cards_say_next_to_nothing_and_471_answers_much_more() -> None:
    def promoters(rows: pd.DataFrame) -> tuple[int, int, int, int]:
        hand = [(int(score >= 9), 1) for score in rows.nps]
        found = bootstrap(hand, pooled, seed=1, resamples=1000)
        ends = round(100 * found.low), round(100 * found.high)
        return sum(k for k, _ in hand), len(hand), *ends

    frame = answers()
    assert promoters(frame[frame.level == "黑金"]) == (8, 18, 22, 67)
    assert promoters(frame) == (212, 471, 41, 50)


def test_in_time_and_late_are_80_points_apart() -> None:
    frame = answers()
    in_time, late = (list(frame[frame.late == side].nps) for side in (False, True))
    found = bootstrap_difference(in_time, late, nps, seed=88)
    assert (round(nps(in_time)), round(nps(late)), round(found.estimate)) == (44, -37, 80)
    assert found.low > 40
    assert len(late) == 52
    assert sum(score <= 6 for score in late) - sum(score >= 9 for score in late) == 19


def test_a_third_of_gold_s_lead_goes_with_late_parcels_and_the_rest_is_unsure() -> None:
    frame = answers()

    def lead(rows: pd.DataFrame) -> tuple[int, int, int]:
        groups = (list(rows[rows.level == level].nps) for level in ("金卡", "普通"))
        found = bootstrap_difference(*groups, nps, seed=88)
        return round(found.estimate), round(found.low), round(found.high)

    assert lead(frame) == (22, 5, 40)
    assert lead(frame[~frame.late]) == (14, -3, 32)
    assert 0.3 < (22 - 14) / 22 < 0.4
    gold = frame[frame.level == "金卡"]
    assert (len(gold), gold.late.sum()) == (89, 5)


def test_only_delivery_falls_short_on_average() -> None:
    frame = answers()
    short = {p for p in PARTS if (frame[f"feel_{p}"] - frame[f"expect_{p}"]).mean() < 0}
    assert short == {"logistics"}


def test_expectation_seems_not_to_matter_until_experience_is_held() -> None:
    frame = scores()
    assert abs(frame.expect.corr(frame.csat)) < 0.05
    for feel, part in frame[frame.feel.round().between(6, 9)].groupby(frame.feel.round()):
        assert part.expect.corr(part.csat) < -0.3, feel


def test_the_explorer_is_flat_until_experience_is_chosen() -> None:
    table = load("10_explore.toml", "expect")
    bars = table.by("expect", "csat", {})
    assert sum(bar.n for bar in bars) == 443
    assert {round(bar.value, 1) for bar in bars} <= {4.2, 4.3}
    seven = [round(bar.value, 2) for bar in table.by("expect", "csat", {"feel": "体验7分"})]
    assert seven[:3] == [4.52, 4.26, 3.76]


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

    assert [best(zone, "0.1") for zone in ("近区", "中区", "远区")] == [4, 5, 6]
    assert all(best(zone, "0.02") > best(zone, "0.1") for zone in ("近区", "中区", "远区"))
    far = promise_outcome(4, 3, taken["远区"], leave="0.1")
    assert 0.7 <= 1 - far.pleased / far.orders <= 0.8


def test_a_day_more_costs_a_tenth_in_the_demo_the_cell_and_the_teachers_page() -> None:
    assert expectations().controls["leave"].value == 10
    assert 'leave="0.1"' in TEXT
    assert "0.08" not in TEXT
    assert promise_outcome(10, 3, [4]).orders == 30  # 一百位里只剩三十位下单


def test_a_parcel_to_chongqing_takes_five_or_six_days() -> None:
    orders = data.load("orders")[["order_id", "paid_at", "province"]]
    parcels = data.load("parcels").merge(orders, on="order_id").dropna(subset=["signed_at"])
    there = parcels[parcels.province == "重庆"]
    days = (there.signed_at - there.paid_at).dt.ceil("D").dt.days
    assert days.between(5, 6).mean() > 0.5
    assert days.median() == 5


def test_a_card_pleases_twelve_and_its_lack_annoys_one() -> None:
    (source,) = (cell.source for cell in CELLS if cell.source.startswith("votes = ("))
    space: dict[str, list[tuple[str, str]]] = {}
    exec(source[: source.index("card = ")], space)
    votes = space["votes"]
    card = questions("10")["card"]
    assert len(votes) == 20
    assert f"有它，{sum(there == '喜欢' for there, _ in votes)}位答“喜欢”" in card["ask"]
    assert card["answer"] == sum(gone == "不喜欢" for _, gone in votes)
    assert f"{sum(gone == '无所谓' for _, gone in votes)}位答“无所谓”" in card["why"]
