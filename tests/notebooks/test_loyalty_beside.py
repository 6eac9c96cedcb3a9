"""What lies beside chapter 11 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest

from kefu import data
from kefu.operations.care import CareCase, read_sms
from kefu.operations.loyalty import BucketPlan, Jump, expected_lifetime, jump_at
from kefu.operations.membership import PointsLedger, Programme, points_owed
from kefu.rules import rule
from kefu.stats import wilson
from kefu.talk import Scenario, scenarios
from tests.notebooks.reading import beside, holds, percent, price, questions, right
from web import book

TALKS = scenarios(book.chapter("11").talks)
QUIT, FELL, COUPON = TALKS.values()
ASKED, TEACH = questions("11"), beside("11", "teach.md")
LEVELS = {row["level"]: row for row in data.rows("levels")}
SHOP = Programme.of(data.rows("levels"))
THIS_DAY = date(2026, 1, 26)


def option(talk: Scenario, turn: str, intent: str) -> str:
    """What an option says."""
    return next(one.say for one in talk.turns[turn].options if one.intent == intent)


def jumped() -> Jump:
    """The jump at gold's threshold, of those who bought late in 2023 and three times or more."""
    old = data.load("cohorts")
    there = old[old.bought_2023q4 & (old.orders_2023 >= 3)]
    return jump_at(600, list(zip(there.amount_2023, there.bought_2024q1, strict=True)), 250)


# The conversations


def test_they_happen_on_the_day_of_the_chapter() -> None:
    assert THIS_DAY.weekday() == 0
    assert {talk.date.date() for talk in TALKS.values()} == {THIS_DAY}


def test_she_pays_what_silver_pays_and_waited_as_long_as_is_said() -> None:
    full, share = price("水洗棉四件套"), Decimal(LEVELS["银卡"]["discount"])
    pays = (full * share).quantize(Decimal("0.01"))
    assert holds(QUIT.scene, f"{full:.0f}元", f"银卡98折，{pays}元", "20:10", "48分钟")
    assert str(pays) in QUIT.turns["goods"].right.say
    assert any(row["sku"] == "NX05-雾蓝-1.8米" for row in data.rows("products"))
    assert (THIS_DAY - timedelta(days=1)).weekday() == 6


def test_her_points_are_worth_what_is_said() -> None:
    used = data.load("points").query("reason == '抵扣'").merge(data.load("orders"), on="order_id")
    assert (used.change % 100 == 0).all()  # used by the hundred: 100 for a yuan
    assert holds(QUIT.scene, "460分，能抵4元")
    assert "460分能抵4元" in QUIT.turns["bound"].right.say


def test_his_account_adds_up() -> None:
    gold, silver = SHOP.levels[2], SHOP.levels[1]
    coat, blanket, scarf = price("轻暖羽绒服"), price("珊瑚绒毯"), price("羊毛围巾")
    now = 786 - coat + blanket
    assert holds(FELL.scene, "786元", f"{coat:.0f}元", f"{blanket:.0f}元", f"5单{now:.0f}元",
                 f"满{gold.min_amount:.0f}元、{gold.min_orders}单是金卡")  # fmt: skip
    assert SHOP.level(786, 5) == gold
    assert SHOP.level(now, 5) == silver
    lacking = SHOP.missing(now, 5)
    assert lacking is not None
    assert f"差{lacking[1]:.0f}元" in FELL.turns["open"].right.say
    assert f"786减{coat:.0f}加{blanket:.0f}，得{now:.0f}" in FELL.turns["sum"].right.say
    saved = scarf * (silver.discount - gold.discount)
    assert f"{scarf:.0f}元只多省{saved:.2f}元" in FELL.turns["buy"].right.say
    assert SHOP.level(now + (scarf * silver.discount), 6) == gold
    wrong = next(one.why for one in FELL.turns["sum"].options if one.intent == "no-error")
    assert f"怎么加都是{786 + blanket:.0f}" in wrong
    more = next(one.answer for one in FELL.turns["buy"].options if one.intent == "more")
    assert f"花{scarf + price('水洗棉四件套'):.0f}" in more
    assert holds(TEACH, f"{now:.0f}元", f"{coat:.0f}元", f"多省{saved:.2f}元")


def test_twelve_months_are_full_on_the_day_on_which_he_falls() -> None:
    coat = date(2025, 1, 12)
    falls = coat.replace(year=coat.year + 1) + timedelta(days=1)
    assert holds(FELL.scene, f"去年{coat.month}月{coat.day}日", f"{falls.day}日起")


def test_she_gets_what_gold_gets_and_the_other_one_is_kept_out() -> None:
    assert LEVELS["金卡"]["gift"] == "生日券15元"
    (hers,) = (row for row in data.rows("customers") if row["nickname"] == "橘子汽水")
    assert (hers["province"], hers["level"]) == ("江西", "金卡")
    assert holds(COUPON.scene, "江西", "金卡", "15元生日券")
    for turn in COUPON.turns.values():
        assert not any(word in turn.right.say for word in ("广东", "黑金"))
    assert holds(option(COUPON, "leak", "point-at"), "广东", "黑金")


def test_the_rules_say_what_the_lines_build_on() -> None:
    assert holds(rule("R44").text, "医疗健康", "金融账户", "单独同意")
    assert "规则与变更要事先公示" in rule("R47").text
    assert "未经同意不发商业短信" in rule("R48").text
    assert "不得用返现、红包、卡券等利诱用户作出指定的好评" in rule("R36").text


# Statements, guesses, quiz


def test_how_long_a_customer_stays() -> None:
    guess = ASKED["keep-longer"]
    assert (round(expected_lifetime(0.8)), round(expected_lifetime(0.9))) == (5, guess["answer"])
    assert ASKED["periods"]["answer"] == expected_lifetime(0.75)


def test_the_best_way_to_spend_a_thousand_is_neither_end() -> None:
    plan = BucketPlan()
    assert (plan.leak, plan.price, plan.stoppable) == (0.10, 25, 0.6)
    ends = [round(BucketPlan(new, 1000 - new).path(1000)[-1]) for new in (1000, 0, 500)]
    whys = [one["why"] for one in ASKED["spend-where"]["options"]]
    assert all(why.startswith(f"{end}位") for why, end in zip(whys, ends, strict=False))
    assert right(ASKED["spend-where"]) == "拉新、补漏各花一半"
    assert ends[2] == max(ends)
    assert ends[2] - min(ends) > 100
    assert 1000 / plan.price == 40
    all_new, all_patch, half = ends
    assert holds(ASKED["spend-where"]["shows"], f"{half}位；全拉新{all_new}位，全补漏{all_patch}位")
    assert f"全拉新{all_new}　各一半{half}　全补漏{all_patch}" in TEACH
    best = {}
    for people in (1000, 200):
        ways = {new: BucketPlan(new, 1000 - new).path(people)[-1] for new in range(0, 1001, 50)}
        best[people] = max(ways.items(), key=lambda way: way[1])
    assert (best[1000][0], best[200][0]) == (700, 900)
    assert holds(TEACH, f"七成拉新有{best[1000][1]:.0f}位", "两百人的小桶，九成拿去拉新")


def test_points_are_owed_as_told() -> None:
    owed = points_owed(100_000, 10_000, 0.95).owed
    guess = ASKED["points-owed"]
    assert guess["answer"] == round(owed)
    assert f"{guess['answer']}元" in guess["why"]
    assert 0.08 < owed / 100_000 < 0.09
    assert f"欠{guess['answer']}元" in TEACH


def test_what_runs_out_first_is_used_first() -> None:
    ledger = PointsLedger(keeps=365).earn(date(2025, 3, 1), 80).earn(date(2025, 9, 1), 50)
    left = ledger.spend(date(2025, 10, 1), 100).on(date(2026, 3, 10)).balance
    assert left == ASKED["points-left"]["answer"]


def late_and_again() -> pd.DataFrame:
    """Each paid order whose parcel is known to be late or not, and whether its customer paid again in 2025."""
    paid = data.load("orders").dropna(subset=["paid_at"])
    last = paid.groupby("customer_id").paid_at.transform("max")
    parcels = data.load("parcels")
    found = paid.assign(again=last > paid.paid_at).merge(parcels, on="order_id")
    signed = found.signed_at.dt.date
    due = pd.to_datetime(found.promised_on).dt.date
    return found[found.signed_at.notna()].assign(late=(signed > due)[found.signed_at.notna()])


def test_who_waited_too_long_comes_again_less() -> None:
    found = late_and_again().groupby("late").again.agg(["sum", "size"])
    (again, all_), (fewer, late) = (tuple(map(int, row)) for row in found.to_numpy())
    guess = ASKED["late-again"]
    assert holds(guess["why"], f"{all_}单里{again}单，{percent(again, all_)}",
                 f"{late}单里{fewer}单，{percent(fewer, late)}")  # fmt: skip
    assert f"100单里有{round(100 * again / all_)}单" in guess["ask"]
    assert guess["answer"] == round(100 * fewer / late)
    assert fewer / late < 2 / 3 * again / all_
    assert wilson(fewer, late)[1] < wilson(again, all_)[0]


def test_gold_keeps_a_small_part_of_the_difference() -> None:
    old = data.load("cohorts")
    gold = old.level.isin(["金卡", "黑金"])
    here, there = (100 * old[side].bought_2024q1.mean() for side in (gold, ~gold))
    guess, found = ASKED["gold-or-loyal"], jumped()
    jump, low, high = (round(100 * one, 1) for one in (found.jump, found.low, found.high))
    assert holds(guess["ask"], f"{here:.0f}%", f"{there:.0f}%", f"差{here - there:.0f}个百分点")
    assert guess["answer"] == round(jump)
    assert f"错开{jump}个百分点，95%区间从{low}到{high}" in guess["why"]
    assert f"{here - there:.0f}个百分点缩到{jump:.0f}个上下" in ASKED["t-gold-makes"]["why"]
    assert holds(TEACH, f"差{jump}（{low}～{high}）", f"{jump}个百分点的区间是{low}到{high}")


def test_they_leave_more_slowly() -> None:
    old = data.load("cohorts")
    first = old[pd.to_datetime(old.joined_on).dt.quarter == 1]
    left = [int((first.kept_quarters >= n).sum()) for n in range(8)]
    gone = [round(100 * (1 - b / a)) for a, b in pairwise(left)]
    guess = ASKED["leave-slower"]
    assert f"{left[0]}人，头一季走掉{gone[0]}%" in guess["ask"]
    whys = next(one["why"] for one in guess["options"] if one["right"])
    assert whys.startswith("、".join(f"{one}%" for one in gone))
    assert f"第七季只走{gone[-1]}%" in guess["shows"]
    assert f"第一季走掉{gone[0]}%，第七季只走{gone[-1]}%" in TEACH


TREE = CareCase("生日", "", "阿树", True, 10, "积分", "有多少积分", "", "")
EVENING = CareCase("补货", "", "晚晚", True, 10, "到货", "到货了", "", "")


@pytest.mark.parametrize(("asked", "case"), [("which-sms", TREE), ("care-sms", EVENING)])
def test_the_one_message_that_may_go_out_is_the_right_one(asked: str, case: CareCase) -> None:
    def good(one: dict[str, Any]) -> bool:
        hour, _, text = one["text"].rpartition("点发：")
        return read_sms(text, case, int(hour or 10)).good

    options = ASKED[asked]["options"]
    assert [good(one) for one in options] == [one["right"] for one in options]


# The teachers' page


def test_each_plan_is_a_lesson() -> None:
    for plan in TEACH.split("### 第")[1:3]:
        rows = [line.split("|")[1].strip() for line in plan.splitlines() if line.startswith("| ")]
        assert sum(int(one) for one in rows if one.isdigit()) == 45
