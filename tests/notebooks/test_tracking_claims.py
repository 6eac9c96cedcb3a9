"""What chapter 05 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from functools import cache
from statistics import median
from typing import Any

import pandas as pd
import pytest

from kefu import data
from kefu.aftersales.tracking import (
    Trace,
    alarm,
    confusion,
    gaps,
    traces,
    tracked,
    triage,
    when_it_rang,
)
from kefu.clock import SHANGHAI
from kefu.explore import load
from kefu.stats import two_proportions
from tests.notebooks.reading import cells, holds, says

NINE = datetime(2025, 12, 1, 9, tzinfo=SHANGHAI)


def said() -> str:
    """All that the chapter says outside of code: its text, guesses, quiz and conversations."""
    return says("05", "guesses.json", "quiz.json", "talks.toml", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


def at_nine(parcel: str) -> Trace:
    """A parcel's track as it stands when the shift begins."""
    events = [scan for scan in traces()[parcel][1].events if scan.at <= NINE]
    return Trace(tuple(events), NINE)


def row(parcel: str) -> dict[str, str]:
    (found,) = [one for one in data.rows("parcels") if one["parcel_id"] == parcel]
    return found


# The five parcels of the morning

MORNING = {
    "P04612": ("短袖，寄重庆", "12月4日", "30日8点到重庆分拨", "绿邮小包"),
    "P03767": ("连衣裙和围巾，寄重庆", "11月29日", "30日6点“电话无人接听，地址不详，暂存网点”", "青鸟快递"),
    "P02381": ("开衫，寄浙江", "11月30日", "29日8点发出嘉兴，再没有动静", "青鸟快递"),
    "P00444": ("开衫，寄北京", "11月30日", "30日14点到北京分拨", "青鸟快递"),
    "P05228": ("衬衫和马克杯，寄安徽", "11月29日", "30日13点到安徽分拨", "极光速运"),
}  # fmt: skip


@pytest.mark.parametrize("parcel", MORNING)
def test_the_five_parcels_are_rows_of_the_shop(parcel: str) -> None:
    goods, day, seen, carrier = MORNING[parcel]
    found, last = row(parcel), at_nine(parcel).events[-1]
    promised = datetime.fromisoformat(found["promised_on"])
    assert (f"{promised.month}月{promised.day}日", found["carrier"]) == (day, carrier)
    assert f"{last.at.day}日{last.at.hour}点" in seen
    order = {one["order_id"]: one for one in data.rows("orders")}[found["order_id"]]
    assert order["province"] in goods
    assert has(f"| {goods} | {day} |", seen)


@pytest.mark.parametrize("parcel", MORNING)
def test_nobody_had_asked_about_them(parcel: str) -> None:
    order = row(parcel)["order_id"]
    asked = [
        datetime.fromisoformat(one["started_at"])
        for one in data.rows("chats")
        if one["order_id"] == order and one["stage"] == "售后"
    ]
    assert all(at > NINE for at in asked)


def test_the_customer_of_beijing_comes_before_half_past_ten() -> None:
    order = row("P00444")["order_id"]
    (chat,) = [one for one in data.rows("chats") if one["order_id"] == order]
    assert (chat["started_at"][:16], chat["topic"]) == ("2025-12-01T10:22", "物流问题")
    assert has("放下电话十点二十")


def test_the_shirt_is_longest_on_its_way_and_in_time_the_cardigan_not() -> None:
    on_way = {parcel: NINE - at_nine(parcel).events[0].at for parcel in MORNING}
    shirt = max(on_way, key=lambda parcel: on_way[parcel])
    assert (shirt, on_way[shirt].days) == ("P04612", 6)
    assert row(shirt)["signed_at"][:10] == row(shirt)["promised_on"] == "2025-12-04"
    assert on_way["P02381"].days == 3
    order = {one["order_id"]: one for one in data.rows("orders")}[row("P02381")["order_id"]]
    assert order["paid_at"][:10] == "2025-11-26"  # five days before
    still = {parcel: int(gaps(at_nine(parcel).events, NINE).now) for parcel in MORNING}
    assert still == {"P04612": 24, "P03767": 26, "P02381": 48, "P00444": 18, "P05228": 19}
    assert has(
        "走了六天多",
        "单子下了五天，昨天就该到",
        "停了24小时",
        "停了48小时",
        "停了19小时",
        "才停了18小时",
    )


def test_the_work_order_is_what_the_model_says() -> None:
    action = triage(at_nine("P03767"))
    assert (action.cause, action.way) == ("疑难件", "核对后改派")
    assert row("P03767")["order_id"] == "NX25112304389"
    assert has("NX25112304389", "30日6点14分停在重庆分拨，电话无人接听，地址不详。判疑难件")
    assert row("P05228")["order_id"] == "NX25112706060"
    assert has("NX25112706060，衬衫和马克杯，极光速运，说好11月29日到")
    assert triage(at_nine("P05228")).cause == "没有异常"


# What a track tells, and when


def test_with_a_note_all_are_judged_rightly_and_in_silence_none() -> None:
    """With the chapter's own cut, from its cell."""
    cases = traces().values()
    (source,) = (one.source for one in cells("05") if one.source.startswith("def noted(case)"))
    space: dict[str, Any] = {"Trace": Trace}
    exec(source, space)
    written = [(problem, part) for problem, case in cases if (part := space["noted"](case))]
    assert len(written) == 455
    assert all(problem == cause for problem, cause in confusion(written))
    rung = [(problem, part) for problem, case in cases if (part := when_it_rang(case))]
    assert {cause for _, cause in confusion(rung)} == {"还看不出"}
    assert len(rung) == 292
    assert has("停满48小时那一刻，292个一个也判不出")


# The alarm


def test_the_alarm_is_as_told() -> None:
    assert alarm(tracked(), 48).per_thousand() == {
        "raised": 128, "false": 62, "found": 65, "late": 78, "asked_first": 15,
    }  # fmt: skip
    sample = {one.stands_for for one in tracked() if not one.problem}
    assert len(sample) == 1
    assert 12.5 < sample.pop() < 13
    assert has("一个代表十二个多")


def told_first(hours: int) -> float:
    every = tracked()
    first = [
        one.stands_for
        for one in every
        if one.late
        and (at := one.rings(hours)) is not None
        and (one.asked is None or one.asked >= at)
    ]
    return 1000 * sum(first) / sum(one.stands_for for one in every)


def test_what_telling_first_brings_follows_from_the_assumption() -> None:
    assert round(told_first(48)) == 56
    assert round(told_first(72)) == 14
    quarter = told_first(48) * (0.633 - 0.466) * 0.25
    assert round(quarter, 1) == 2.3
    assert 50 < 128 / quarter < 60
    checks = [alarm(tracked(), hours).per_thousand()["raised"] for hours in (48, 72)]
    assert 1 - checks[1] / checks[0] == pytest.approx(2 / 3, abs=0.02)
    assert has("查128次换来2.3位", "一位要查五十多次", "14位。", "查得少了三分之二")


# Late at the first order


@cache
def first() -> pd.DataFrame:
    """First orders of January to September: came late or not, bought again within the year."""
    orders = data.load("orders")
    paid = orders[orders.paid_at.notna()].sort_values("paid_at")
    found = paid.drop_duplicates("customer_id").merge(data.load("parcels"), on="order_id")
    found = found[found.paid_at.dt.month <= 9]
    day = found.signed_at.dt.strftime("%Y-%m-%d")
    found["late"] = found.signed_at.isna() | (day > found.promised_on.dt.strftime("%Y-%m-%d"))
    found["again"] = found.customer_id.map(paid.groupby("customer_id").size()) > 1
    return found


def test_the_late_come_back_less() -> None:
    sums = first().groupby("late").again.agg(["sum", "size"])
    assert sums.loc[False].tolist() == [1071, 1692]
    assert sums.loc[True].tolist() == [62, 133]
    found = two_proportions(1071, 1692, 62, 133)
    assert [round(100 * x, 1) for x in (found.difference, found.low, found.high)] == [
        16.7,
        7.9,
        25.2,
    ]
    assert has("1692位，63%年内又来买过", "133位，47%", "8到25个百分点", "一百位里少十六七位")


@pytest.mark.parametrize("by", ["month", "zone"])
def test_in_each_month_and_zone_they_come_back_less(by: str) -> None:
    one = first()
    group = one.zone.astype(str) if by == "zone" else getattr(one.paid_at.dt, by)
    shares = one.groupby([group, "late"]).again.mean().unstack().dropna()
    assert (shares[False] > shares[True]).all()
    assert len(shares) == (9 if by == "month" else 5)
    assert has("九个月，月月是迟到的低", "有迟到的五个区，个个低一截")


def test_at_the_same_months_it_is_the_same() -> None:
    month = first().paid_at.dt.month
    by = first().groupby([month, "late"]).again.mean().unstack()
    weight = month[first().late].value_counts(normalize=True)
    same = by.mul(weight, axis=0).sum()
    assert [f"{same[late]:.1%}" for late in (False, True)] == ["63.3%", "46.6%"]
    assert has("准时的63.3%，迟到的46.6%")


# The week


def test_the_week_is_as_told() -> None:
    week = [
        one
        for one in data.rows("returns")
        if "2025-11-24" <= one["requested_at"][:10] <= "2025-11-30"
    ]
    parcels = {one["order_id"]: one for one in data.rows("parcels")}
    lost = [one["order_id"] for one in week if one["reason"] == "物流问题"]
    assert (len(week), len(lost), len({*lost})) == (52, 12, 8)
    assert {parcels[order]["problem"] for order in lost} == {"丢失破损"}
    assert {parcels[order]["carrier"] for order in lost} == {"青鸟快递"}
    assert sum(not parcels[order]["signed_at"] for order in {*lost}) == 4
    assert max(lost.count(order) for order in lost) == 4
    sent = [
        one["carrier"] for one in data.rows("parcels") if "2025-11-17" <= one["shipped_at"][:10] <= "2025-11-30"
    ]  # fmt: skip
    usual = sent.count("青鸟快递") / len(sent)
    assert round(usual, 2) == 0.75
    assert round(usual**8, 1) == 0.1
    lines = {(one["order_id"], one["line"]): one["sku"][:4] for one in data.rows("order_lines")}
    sizes = [lines[one["order_id"], one["line"]] for one in week if one["reason"] == "尺码不合"]
    assert (len(sizes), len({*sizes}), max(map(sizes.count, sizes))) == (5, 3, 2)
    assert has(
        "52件退换申请", "物流问题12件，其实是8个包裹", "4个丢，4个坏", "尺码不合5单，分在三款上"
    )


def test_the_price_that_fell_is_told_alike() -> None:
    prices = {
        one["title"]: float(one["price"])
        for one in data.rows("products")
        if one["title"] == "珊瑚绒毯"
    }
    assert prices == {"珊瑚绒毯": 99}
    assert has("99元买了珊瑚绒毯，今早降到89元")


def test_the_shift_ends_at_four() -> None:
    shifts = {one["name"]: one["shift"] for one in data.rows("agents")}
    assert (shifts["小棠"], shifts["阿川"]) == ("早班", "晚班")
    assert not re.search(r"早班1[57]点下班", said())
    assert has("早班16点下班")


# Guesses and what teachers are told


def test_the_note_to_operations_counts_the_week_of_chats() -> None:
    promised = {one["order_id"]: one["promised_on"] for one in data.rows("parcels")}
    carrier = {one["order_id"]: one["carrier"] for one in data.rows("parcels")}
    week = [
        one
        for one in data.rows("chats")
        if one["stage"] == "售后" and "2025-11-24" <= one["started_at"][:10] <= "2025-11-30"
    ]
    topics = Counter(one["topic"] for one in week)
    asked = [one for one in week if one["topic"] == "物流问题"]
    in_time = sum(one["started_at"][:10] <= promised[one["order_id"]] for one in asked)
    assert (len(week), topics["物流问题"], topics["售后问题"]) == (57, 27, 24)
    assert (in_time, sum(carrier[one["order_id"]] == "青鸟快递" for one in asked)) == (15, 17)
    assert has("57场售后，27场问包裹，24场问退换，其余6场", "27场，15场没到说好的日子", "一共17场")


def test_the_five_causes_are_as_many_as_told() -> None:
    found = Counter(one["problem"] for one in data.rows("parcels"))
    assert (found.total(), found.total() - found[""]) == (5824, 456)
    assert found.most_common()[1:] == [
        ("疑难件", 131), ("丢失破损", 113), ("非本人签收", 102), ("不可抗力", 87), ("节假日延长", 23),
    ]  # fmt: skip
    assert round(100 * 131 / 456, 1) == 28.7
    assert has("全年5824个包裹，456个出了事", "131件，占28.7%")


def test_who_took_what_the_customer_did_not() -> None:
    took = Counter(one["note"] for one in data.rows("tracking") if one["event"] == "代收")
    assert took == {"放在快递柜": 39, "邻居代收": 32, "门卫代收": 31}
    assert has("快递柜39件，邻居32件，门卫31件")


def test_the_lost_are_registered_after_four_days_and_a_half() -> None:
    waits = [
        (case.events[-1].at - case.events[-2].at).total_seconds() / 3600
        for _, case in traces().values()
        if "遗失" in case.events[-1].note
    ]
    assert (len(waits), round(min(waits)), round(max(waits))) == (45, 102, 112)
    assert round(median(waits), 1) == 107.9
    assert has("丢了的45件", "最快102小时，最慢112小时，中位数107.9小时")


def test_half_the_customers_ask_before_the_carrier_writes() -> None:
    told = [one for one in tracked() if one.noted is not None]
    before = sum(one.asked is not None and one.asked < one.noted for one in told)  # type: ignore[operator]
    assert (len(told), before) == (353, 180)
    assert has("登过异常的353件里，180件的客人在那之前就来问了")


def test_the_jeans_would_have_rung_a_day_before_the_customer_came() -> None:
    (jeans,) = [case for name, (_, case) in traces().items() if name == "P03455"]
    rung = when_it_rang(jeans)
    assert rung
    assert f"{rung.now:%m-%d %H}" == "11-28 17"
    order = row("P03455")["order_id"]
    (asked,) = [one for one in data.rows("returns") if one["order_id"] == order]
    assert asked["requested_at"][:10] == "2025-11-29"
    assert f"{jeans.events[-1].at:%m-%d %H} {jeans.events[-1].note}".startswith("12-01 03 包裹遗失")
    assert has("11月26日17点发出嘉兴", "29日，客人自己来申请退款", "28日17点就会响")


# The explorers


def test_the_explorers_show_what_is_told_of_them() -> None:
    causes, asked = (load("05_explore.toml", name) for name in ("causes", "asked"))
    days = {bar.name: round(bar.value or 0, 1) for bar in causes.by("problem", "days", {})}
    assert max(days, key=lambda name: days[name]) == "节假日延长"
    assert min(days, key=lambda name: days[name]) == "非本人签收"
    assert (days["节假日延长"], days["非本人签收"]) == (8.8, 4.3)
    counts = {bar.name: bar.n for bar in causes.by("problem", "count", {})}
    assert (sum(counts.values()), max(counts, key=lambda name: counts[name])) == (456, "疑难件")
    came = {bar.name: bar for bar in asked.by("home", "asked", {})}
    late, prompt = came["晚3天以上"], came["准时"]
    assert (late.k, late.n, prompt.k, prompt.n) == (217, 283, 362, 5238)
    assert (f"{late.value:.1f}", f"{prompt.value:.1f}") == ("76.7", "6.9")
    assert has("283件，217件来问过，还有66件", "5238件里362件，6.9%", "平均走8.8天", "4.3天")


def test_the_radar_costs_least_where_it_is_said() -> None:
    def cheapest(check: int, harm: int = 20) -> int:
        spent = {}
        for hours in range(12, 121, 6):
            found = alarm(tracked(), hours)
            spent[hours] = found.raised * check + found.asked_first * harm
        return min(spent, key=lambda hours: spent[hours])

    assert cheapest(10) == 120
    told = [alarm(tracked(), hours).per_thousand() for hours in (24, 48, 72)]
    assert [one["raised"] for one in told] == [468, 128, 43]
    assert (told[0]["false"], told[1]["found"], told[2]["asked_first"]) == (389, 65, 46)
    assert has("每1000件报警468次，389次白查", "43次，可有46位先来问了", "报警128次，65件真迟到")
    right = [alarm(tracked(), hours) for hours in (24, 48)]
    assert [round(one.found / one.raised, 2) for one in right] == [0.17, 0.51]
    assert has("精确率从0.17升到0.51", "先来问的却从15位涨到46位", "120小时")
