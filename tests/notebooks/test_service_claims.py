"""What chapter 01 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import numpy as np
import pandas as pd
import pytest

from kefu import data, demos
from kefu.explore import load
from kefu.presales.penalties import STEPS, VIOLATIONS
from kefu.presales.team import Plan, Shop, conversion, profit, run
from kefu.presales.wording import dealt
from kefu.talk import lint
from kefu.tasks import PATIENCE
from tests.demos.reading import bold
from tests.notebooks.reading import holds, percent, questions, right, says

EXPLORER = "01_explore.toml"
BANDS = ["不到16秒", "16—31秒", "32—63秒", "64—127秒", "128秒以上"]


def said() -> str:
    """All that the chapter says outside of code: its text, guesses, quiz and conversations."""
    return says("01", "guesses.json", "quiz.json", "talks.toml")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


@cache
def enquiries() -> pd.DataFrame:
    """The enquiries that people took, here read again from the tables."""
    chats = data.load("chats").merge(data.load("agents"), on="agent_id")
    asked = chats[(chats.stage == "售前") & (chats.handled_by == "人工")].copy()
    orders = data.load("orders")
    asked["bought"] = asked.chat_id.isin(set(orders.chat_id[orders.paid_at.notna()].dropna()))
    edges = [0, 16, 32, 64, 128, float("inf")]
    asked["wait"] = pd.cut(asked.first_response_s, edges, right=False, labels=BANDS)
    return asked


def by(who: str) -> pd.DataFrame:
    return enquiries()[enquiries().name == who]


# The slip


def test_the_slip_adds_up_and_is_the_one_of_the_story() -> None:
    rows = re.findall(r"^\| .+? \| (\d+)人? \| (\d+)元 \| (\d+)元 \|$", said(), re.M)
    assert [int(a) * int(b) for a, b, _ in rows] == [int(c) for _, _, c in rows]
    assert sum(int(c) for _, _, c in rows) == 420
    assert has("**420元**", "那420元", "少接的40人")


def test_the_new_agent_starts_on_the_day_told_on_the_late_shift() -> None:
    agents = {row["name"]: row for row in data.rows("agents")}
    assert agents["小满"]["hired_on"] == "2025-10-20"
    assert pd.Timestamp("2025-10-20").day_name() == "Monday"
    assert (agents["小满"]["shift"], agents["青禾"]["shift"]) == ("晚班", "大促机动")
    assert has("2025年10月20日，星期一", "晚班，16点到24点")


# What fines do


def gained(plan: Plan, months: int = 12, shop: Shop | None = None) -> Decimal:
    shop = shop or Shop()
    return profit(plan, shop, months) - profit(Plan(), shop, months)


FINED = Plan(fine=Decimal(300))


def test_fines_bring_the_first_month_what_is_said_and_lose_from_the_fourth() -> None:
    assert round(gained(FINED, 1)) == 1609
    assert [gained(FINED, m) > 0 for m in range(1, 13)] == [True] * 3 + [False] * 9
    assert round(gained(FINED) / 10_000, 1) == Decimal("-3.5")
    assert has("多出1609元", "第四个月起亏", "一年少赚3.5万元")


def test_the_year_of_fines_is_made_of_what_is_said() -> None:
    mine, base = run(FINED), run(Plan())
    taken = sum(m.fines for m in mine)
    sold = sum(m.margin for m in mine) - sum(m.margin for m in base)
    assert round(taken / 10_000, 1) == Decimal("3.3")
    assert round(sold / 10_000, 1) == Decimal("-8.2")
    assert has("罚来3.3万元，少卖8.2万元")


def test_what_would_change_our_mind_is_where_it_is_said_to_be() -> None:
    found = {n: round(gained(FINED, shop=Shop(by_fine=1 + n / 100))) for n in (0, 15, 16, 17, 20)}
    assert (found[0], found[15], found[20]) == (34560, 3114, -8869)
    assert found[16] > 0 > found[17]
    assert has("一年多赚34560元", "15的时候多赚3114元", "就亏8869元", "多走一成七", "1.17")


def test_the_four_plans_of_the_guess_end_in_the_order_told() -> None:
    plans = {
        "照旧": Plan(),
        "扣300元": FINED,
        "少发300元": Plan(wage=Decimal(3700)),
        "花400元教": Plan(training=Decimal(400)),
    }
    best = max(plans.values(), key=profit)
    one = questions("01")["cheapest-plan"]
    assert best == plans["花400元教"]
    assert "每月花400元教" in right(one)
    assert round(gained(best) / 10_000, 1) == Decimal("1.3")
    assert gained(best, 1) < 0
    cut = [gained(plans["少发300元"], m) for m in range(1, 13)]
    assert [gain > 0 for gain in cut] == [True] * 7 + [False] * 5
    assert has("约1.3万元", "反少约3.5万元", "到第八个月也赔回去了", "新手四个月就变熟手")


def test_an_old_hand_costs_what_the_exercise_says() -> None:
    hiring = Shop().hiring
    costs = [
        profit(Plan(), Shop(), m) - profit(Plan(), Shop(experienced=7), m) + hiring
        for m in (1, 6, 12)
    ]
    assert [round(one) for one in costs] == [5592, 16599, 20558]
    assert round(costs[-1] / 420) == 49
    assert has("5592元，半年16599元，一年20558元", "四十九倍")


def test_the_quizs_sum_agrees_with_the_model() -> None:
    shop = Shop()
    gap = round(100 * (conversion(shop.fast_s) - conversion(shop.slow_s)))
    one = questions("01")["old-hand-gone"]
    assert gap == 13
    assert one["answer"] == 900 * gap / 100 * 35 + 1500 == 5595


def test_a_hundred_customers_at_twice_the_wait() -> None:
    assert round(100 * (conversion(32) - conversion(64))) == 10
    assert questions("01")["double-wait"]["answer"] == 10
    assert has("等32秒的时候有50位会买", "32秒拖到64秒，一百位少十位")


# Who is better


def test_the_two_sellers_all_together() -> None:
    assert (by("青禾").bought.sum(), len(by("青禾"))) == (25, 70)
    assert (by("林姐").bought.sum(), len(by("林姐"))) == (165, 300)
    assert (percent(25, 70), percent(165, 300)) == ("35.7%", "55.0%")
    asked = questions("01")["who-is-better"]["ask"]
    assert "接70位售前客人，成交25位，35.7%" in asked
    assert "接300位，成交165位，55.0%" in asked
    assert has("差十九个百分点")
    assert round(100 * (165 / 300 - 25 / 70)) == 19


def test_the_reserve_works_on_promotion_days_alone_and_her_customers_wait_longest() -> None:
    explorer = load(EXPLORER, "sellers")
    rush = {bar.name: bar for bar in explorer.by("who", "bought", {"day": "大促"})}
    assert (rush["青禾"].k, rush["青禾"].n) == (25, 70)
    assert (rush["林姐"].k, rush["林姐"].n) == (8, 20)
    assert "青禾" not in {
        bar.name for bar in explorer.by("who", "bought", {"day": "平时"}) if bar.n
    }
    waited = {bar.name: round(bar.value or 0) for bar in explorer.by("who", "seconds", {})}
    assert (waited["青禾"], waited["林姐"]) == (191, 38)
    assert has(
        "平均等191秒，林姐的等38秒", "青禾还是25/70，林姐只有8/20，40.0%", "青禾的70位，**全是**"
    )
    assert has("青禾的客人平均等191秒，林姐的38秒")


def test_at_the_same_wait_she_is_not_behind() -> None:
    explorer = load(EXPLORER, "sellers")
    told, seen = [], []
    for band in BANDS[2:]:
        found = {bar.name: bar for bar in explorer.by("who", "bought", {"wait": band})}
        assert (found["青禾"].value or 0) > (found["林姐"].value or 0)
        told.append([f"{found[who].value:.1f}%" for who in ("青禾", "林姐")])
        seen.append(found["青禾"].n)
    assert told == [["50.0%", "40.3%"], ["43.5%", "40.0%"], ["22.6%", "22.2%"]]
    assert (min(seen), max(seen)) == (14, 31)
    assert has("只有14到31位客人", "青禾成交50.0%，林姐40.3%", "43.5%对40.0%", "22.6%对22.2%")


def test_her_seventy_drawn_again_hold_what_the_others_would_sell() -> None:
    (told,) = bold(demos.sample_bag(right=25, size=70).result())
    assert told in ("24.3%到45.7%", "**24.3%到45.7%**")
    assert has("中间的95%在24.3%到45.7%", "林姐换算的32.7%、阿栀的37.4%都在里头")


def test_the_others_with_her_customers() -> None:
    hers = by("青禾").wait.value_counts(normalize=True)
    moved = {
        who: round(float((hers * by(who).groupby("wait", observed=False).bought.mean()).sum() * 100), 1)
        for who in ("林姐", "阿栀", "石头", "小满")
    }  # fmt: skip
    assert moved == {"林姐": 32.7, "阿栀": 37.4, "石头": 34.2, "小满": 28.0}
    assert has("林姐32.7%，阿栀37.4%，石头34.2%，小满28.0%", "32.7%对35.7%")
    last = [int((by(who).wait == BANDS[-1]).sum()) for who in ("阿栀", "小满")]
    assert last == [16, 15]
    assert has("阿栀等128秒以上的客人只有16位，小满有15位")


# Twice as slow


def test_each_band_sells_about_ten_points_less() -> None:
    bars = {bar.name: bar for bar in load(EXPLORER, "waits").by("wait", "bought", {})}
    names = ["16—31秒", "32—63秒", "64—127秒", "128—255秒"]
    assert [f"{bars[name].value:.1f}%" for name in names] == ["58.4%", "43.0%", "36.6%", "24.8%"]
    assert has("58.4%、43.0%、36.6%、24.8%", "16到31秒成交58%，32到63秒43%，64到127秒37%")
    drops = np.diff([bars[name].value for name in bars if name != "256秒以上"])
    assert np.mean(drops) == pytest.approx(-10, abs=0.3)
    last = bars["256秒以上"]
    assert (last.n, (last.value or 0) > (bars["128—255秒"].value or 0)) == (39, True)
    assert has("只有39位")


@pytest.mark.parametrize("slot", ["9—16点", "16—24点"])
def test_the_hour_does_not_explain_it(slot: str) -> None:
    bars = {bar.name: bar for bar in load(EXPLORER, "waits").by("wait", "bought", {"slot": slot})}
    values = [bars[name].value or 0 for name in ("不到8秒", "16—31秒", "32—63秒", "128—255秒")]
    assert values == sorted(values, reverse=True)
    assert has(f"“{slot}”")


def test_the_slope_measured_is_near_the_planted_one() -> None:
    asked = enquiries()
    steps = [0, 8, 16, 32, 64, 128, 256, float("inf")]
    bands = asked.groupby(pd.cut(asked.first_response_s, steps, right=False), observed=True)
    share, size = bands.bought.mean(), bands.bought.size()
    odds = np.log(share / (1 - share))
    weight = np.sqrt(size * share * (1 - share))
    slope, _ = np.polyfit(np.log2(bands.first_response_s.median() / 32), odds, 1, w=weight)
    assert round(float(slope), 2) == -0.42
    assert Shop().per_doubling == -0.40
    assert has("每翻一倍少0.42，和种下的0.40")


def test_the_median_wait_and_the_years_sales_are_those_that_the_model_starts_from() -> None:
    asked = enquiries()
    assert asked.first_response_s.median() == 32
    assert asked.bought.mean() == pytest.approx(Shop().sales_at_32_s, abs=0.01)
    assert by("林姐").first_response_s.median() == pytest.approx(26, abs=0.6)
    assert has("熟手首响26秒，是林姐一年的中位数", "32秒成交五成")


# Words and rules


def test_the_game_and_the_ladder_are_as_told() -> None:
    assert (len(dealt([])), PATIENCE) == (20, 3)
    assert (len(STEPS), len(VIOLATIONS)) == (7, 10)
    assert has("二十句，第一次算数；每错三句", "七级台阶由轻到重", "按一按十种违规")
    assert [one.name for one in VIOLATIONS if not one.steps] == ["好评返现", "拒开发票、拒七天退货"]


def test_the_ten_sentences_of_the_first_task_are_as_the_checker_hears_them() -> None:
    task = said().split("练习1 ★")[1].split("<details>")[0]
    lines = dict(re.findall(r"^(\d+)\. (.+)$", task, re.M))
    assert len(lines) == 10
    for number in ("2", "4", "6", "8", "10"):
        assert lint(lines[number]) == [], lines[number]
    assert {number for number in lines if lint(lines[number])} >= {"1", "3", "5", "9"}
    assert has("可以说的是2、4、6、8、10")


def test_the_amounts_of_the_refusal_are_the_shops() -> None:
    prices = {row["title"]: Decimal(row["price"]) for row in data.rows("products")}
    assert prices["羊毛围巾"] + prices["珊瑚绒毯"] - 20 == 208
    assert has("满199减20", "208元")
