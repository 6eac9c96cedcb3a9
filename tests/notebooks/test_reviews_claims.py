"""What chapter 08 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import pandas as pd
import pytest

from kefu import data
from kefu.aftersales.casebook import casebook
from kefu.aftersales.reviews import (
    FIVE,
    cause,
    covers,
    extortion_risk,
    families,
    favourable_rate,
)
from kefu.explore import Explorer, load
from kefu.stats import p_chart, wilson
from tests.notebooks.reading import cells, holds, says


def has(*parts: str) -> bool:
    return holds(says("08", "guesses.json", "quiz.json", "talks.toml", "teach.md"), *parts)


def explorer(name: str) -> Explorer:
    return load("08_explore.toml", name)


def bars(name: str, group: str, measure: str, **only: str) -> dict[str, tuple[int, int]]:
    """Each bar's successes and cases."""
    return {b.name: (int(b.k), int(b.n)) for b in explorer(name).by(group, measure, only)}


@cache
def reviews() -> pd.DataFrame:
    return data.load("reviews")


# The morning


def test_it_is_a_monday_and_the_owner_counts_right() -> None:
    assert date(2026, 1, 12).weekday() == 0
    assert has("2026年1月12日，星期一", "一条五星返5元，一百条才500元", "不花那500元")
    shifts = {one["name"]: one["shift"] for one in data.rows("agents")}
    assert shifts["小棠"] == "早班"


# One star, and how many of five


@pytest.mark.parametrize(
    ("score", "star", "needed"), [("4.9", 1, 39), ("4.5", 1, 7), ("4.5", 3, 3), ("4.9", 3, 19)]
)
def test_so_many_cover_one(score: str, star: int, needed: int) -> None:
    assert covers(score, star) == needed


def test_the_text_says_so() -> None:
    assert has("4.5分只要7条，4.9分要39条；换成三星，4.5分3条，4.9分19条")


def test_the_bounds_are_as_told() -> None:
    pairs = [(2, 2), (10, 10), (90, 100), (100, 100), (5500, 10000)]
    lows = [favourable_rate([5] * k + [1] * (n - k)).low for k, n in pairs]
    assert [round(low, 3) for low in lows] == [0.342, 0.722, 0.826, 0.963, 0.54]
    assert has("前一家最低可能72.2%，后一家82.6%", "2条全好，下界只有0.342")


# Who writes


def test_two_in_five_orders_are_reviewed() -> None:
    done = sum(row["status"] == "交易成功" for row in data.rows("orders"))
    wrote = reviews().order_id.nunique()
    assert (done, wrote, len(reviews())) == (5418, 2121, 2121)
    assert f"{wrote / done:.1%}" == "39.1%"
    assert has("交易成功5418单，写了评价的2121单，39.1%", "沉默的3297单")
    assert done - wrote == 3297


def test_two_of_those_who_write_bad_reviews_extort() -> None:
    bad = reviews()[reviews().stars <= 3]
    assert bad.customer_id.nunique() == 218
    assert bad[bad.cause == "恶意"].customer_id.nunique() == 2
    assert (bad.cause == "恶意").sum() == 6
    assert has("写差评的218位客人里，来讹钱的2位", "去年6条恶意差评，都出自他们两位")


def test_the_causes_of_the_last_lines() -> None:
    bad = reviews()[reviews().stars <= 3]
    shares = bad.cause.value_counts(normalize=True)
    assert f"{shares['物流']:.0%}" == "30%"
    assert 0.17 < shares["服务"] < 0.2
    assert has("差评里三成是物流，近两成是等久了")


# The detective and Bayes' rule


def test_the_towel_is_fifty_seven_of_a_hundred_or_ninety_five() -> None:
    assert round(100 * extortion_risk(FIVE).probability) == 57
    assert round(100 * extortion_risk(FIVE, overlap=0).probability) == 95
    assert has("0的时候95位，0.5的时候57位", "表里这样的客人一共4位，真来讹钱的2位")
    alike = [one for one in casebook() if {*FIVE} <= {*one.signs(["chat"])}]
    assert len(alike) == 4
    assert sum(one.truth == "恶意" for one in alike) == 2


def test_the_base_rate_moves_it_and_two_records_bring_it_down() -> None:
    seen = dict.fromkeys(FIVE, True)
    low, high = (extortion_risk(seen, base).probability for base in (0.001, 0.1))
    assert (f"{low:.0%}", f"{high:.0%}") == ("12%", "94%")
    seen |= {"说的事查得到": True, "后来肯补照片、肯退货": True}
    assert f"{extortion_risk(seen, 0.1).probability:.0%}" == "6%"
    assert has("只看话的结论从12%跳到94%", "即使基率是十分之一，也只剩6%")


def test_the_second_and_the_eighth_were_honest_the_fourth_and_the_tenth_not() -> None:
    truths = [one.truth for one in casebook()]
    assert (truths[1], truths[7], truths[3], truths[9]) == ("质量", "物流", "恶意", "恶意")
    assert [one.who for one in casebook() if one.truth == "恶意"] == ["海**0", "不**子"]
    parcels = {row["order_id"]: row for row in data.rows("parcels")}
    scarf = parcels[casebook()[7].order]
    assert (scarf["promised_on"], scarf["signed_at"][:10]) == ("2025-08-26", "2025-08-30")
    assert has("围巾真的晚了四天", "三单三次索赔，三次平台都支持卖家")


def test_the_batch_is_that_of_chapter_06() -> None:
    assert casebook()[0].pages["batch"][0] == "B2509：卖了124笔，23笔因质量退换"
    assert has("124笔里23笔，不是谁运气不好")


def test_the_rules_are_dated_as_in_the_table() -> None:
    rules = {row["rule_id"]: row for row in data.rows("rules")}
    assert "2024-09-01施行" in rules["R36"]["source"]
    assert rules["R39"]["title"] == "【慎用】以补偿换改评"
    assert "资料没有写，本书从交易完成起算" in rules["R40"]["text"]
    assert has("禁止（R36，2024-09-01起）", "从交易完成算，是本书的读法")


# Experiment 1


def test_late_parcels_and_long_waits_each_have_their_share() -> None:
    assert bars("causes", "home", "bad") == {
        "准时，没出事": (147, 1888), "准时，出过异常": (24, 62), "迟到": (69, 171),
    }  # fmt: skip
    assert bars("causes", "home", "carriage")["准时，没出事"][0] == 0
    served = bars("causes", "waited", "service")
    assert served["两分钟以上"] == (41, 63)
    rest = [served[name] for name in served if name != "两分钟以上"]
    assert (sum(k for k, _ in rest), sum(n for _, n in rest)) == (1, 2058)
    within = bars("causes", "waited", "service", home="准时，没出事")
    assert within["两分钟以上"] == (30, 46)
    assert has(
        "迟到的171条评价，69条中差评，40.4%；准时又没出过事的1888条，7.8%",
        "63条，41条是服务差评；别的2058条里，只有1条",
        "46条里，还有30条服务差评",
    )


def test_the_batches_are_few() -> None:
    found = bars("causes", "batch", "quality")
    assert (found["打底裤B2509"], found["打底裤别的批次"]) == ((3, 30), (1, 93))
    low, high = wilson(3, 30)
    assert high - low > 0.2
    assert has("B2509的30条里3条质量差评，别的批次93条里1条")


def test_the_longest_wait() -> None:
    (cell,) = (one for one in cells("08") if "longest = waits" in one.source)
    table = "".join(out.get("data", {}).get("text/plain", "") for out in cell.outputs)
    assert "890" in table
    assert has("最久的等了890秒；等了653秒的", "42条里41条连得上一次等了两分钟以上的咨询")


# Experiment 2


def test_the_three_readers() -> None:
    assert bars("readers", "way", "right") == {
        "词表": (222, 234), "学过同样的句式": (229, 234), "句式没见过": (157, 234),
    }  # fmt: skip
    unseen = bars("readers", "cause", "right", way="句式没见过")
    assert (unseen["误会"], unseen["服务"]) == ((0, 10), (12, 42))
    assert has(
        "词表94.9%",
        "97.9%；换成句式没见过的，67.1%",
        "误会10条，一条也没读对；服务42条，对了12条",
    )
    assert not explorer("readers").interval


def test_the_word_list_reads_as_the_explorer_says_and_families_are_mostly_of_one_cause() -> None:
    bad = reviews()[(reviews().stars <= 3) & (reviews().cause != "恶意")]
    right = sum(cause(text).name == why for text, why in zip(bad.text, bad.cause, strict=True))
    assert (right, len(bad)) == (222, 234)
    kin = families(list(bad.text))
    assert len({*kin}) == 51
    mixed = [
        one for one in {*kin}
        if len({why for own, why in zip(kin, bad.cause, strict=True) if own == one}) > 1
    ]  # fmt: skip
    assert len(mixed) == 2


def test_the_real_reviews_are_read_badly() -> None:
    raw, real = data.real("reviews", clean=False), data.real("reviews")
    assert (len(raw), len(real)) == (35123, 17358)
    said = Counter(
        (bool(good), cause(text).name != "看不出")
        for text, good in zip(real.text, real.positive, strict=True)
    )
    shares = [said[good, True] / (said[good, True] + said[good, False]) for good in (False, True)]
    assert [f"{one:.1%}" for one in shares] == ["18.9%", "16.2%"]
    assert has("差评里说得出原因的只有18.9%；好评里也有16.2%", "三万五千多行")


def test_what_was_learnt_of_one_trade_is_of_little_use_in_another() -> None:
    (cell,) = (one for one in cells("08") if "scores[f" in one.source)
    table = cell.outputs[0].data["text/plain"].splitlines()[1:]
    marks = [[float(x) for x in line.split()[1:]] for line in table]
    own = [marks[i][i] for i in range(3)]
    away = [marks[i][j] for i in range(3) for j in range(3) if i != j]
    assert (round(min(own)), round(max(own))) == (84, 92)
    assert (round(min(away)), round(max(away))) == (53, 75)
    assert has("在本行里考，84到92分；搬到别行，53到75分")


# Experiment 3


def test_no_month_is_out_of_line() -> None:
    months = bars("rates", "month", "good")
    assert months["4月"] == (122, 128)
    assert months["10月"] == (208, 248)
    chart = p_chart({name: (n - k, n) for name, (k, n) in months.items()})
    assert not any(point.out or point.rate < point.lower for point in chart)
    (october,) = [point for point in chart if point.name == "10月"]
    assert [f"{1 - edge:.1%}" for edge in (october.upper, october.lower)] == ["82.6%", "94.7%"]
    assert has("4月95.3%，10月83.9%", "10月248条，光凭运气，82.6%到94.7%之间都平常")


def test_the_angry_write_more_and_reweighing_moves_it_little() -> None:
    wrote, liked = bars("voices", "waited", "reviewed"), bars("voices", "waited", "good")
    assert [f"{k / n:.1%}" for k, n in (wrote["没找过人"], wrote["两分钟以上"])] == [
        "38.4%",
        "61.2%",
    ]
    orders = sum(n for _, n in wrote.values())
    good, reviewed = (sum(k for k, _ in one.values()) for one in (liked, wrote))
    alike = sum(wrote[name][1] * liked[name][0] / liked[name][1] for name in wrote) / orders
    bounds = (good / orders, (good + orders - reviewed) / orders)
    assert [f"{one:.1%}" for one in (good / reviewed, alike, *bounds)] == [
        "88.7%",
        "89.4%",
        "34.7%",
        "95.6%",
    ]
    assert has(
        "没找过人的，38.4%写评价；等了两分钟以上的，61.2%", "从88.7%挪到89.4%", "34.7%到95.6%"
    )


def test_few_of_the_faulty_wrote() -> None:
    lines = {
        (row["order_id"], row["line"]): row
        for row in data.rows("order_lines")
        if row["sku"].startswith("NX20") and row["batch"] == "B2509"
    }
    faulty = {
        row["order_id"]
        for row in data.rows("returns")
        if row["reason"] == "质量问题" and (row["order_id"], row["line"]) in lines
    }
    bad = reviews()[(reviews().stars <= 3) & reviews().sku.str.startswith("NX20")]
    assert (len(faulty), bad.order_id.isin(faulty).sum()) == (23, 3)
    assert has("B2509的23笔质量退换，写了中差评的只有3笔")


# Exercises


def test_the_exercises_say_what_comes_out() -> None:
    assert round(0.01 / 0.99 * 20 / (1 + 0.01 / 0.99 * 20), 3) == 0.168
    assert round(extortion_risk(FIVE, overlap=0).probability, 4) == 0.9515
    assert has("基率1%，要站外的那一位，16.8%", "最后一行95.15%")
    upper: dict[str, list[bool]] = {}
    for row in data.rows("reviews"):
        upper.setdefault(row["sku"][:4], []).append(int(row["stars"]) > 3)
    many = {name: wilson(sum(v), len(v))[1] for name, v in upper.items() if len(v) >= 100}
    assert min(many, key=lambda name: many[name]) == "NX20"
    assert has("头一个是NX20，正是打底裤")


def test_the_cup_of_exercise_4_is_of_a_batch_of_126() -> None:
    (cup,) = [one for one in casebook() if one.review == "V00140"]
    assert cup.pages["batch"] == ("B2511：卖了126笔，1笔因质量退换",)
    assert has("同批126笔，这是第2例")
