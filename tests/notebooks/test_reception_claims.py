"""What chapter 04 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from functools import cache
from random import Random

import pandas as pd
import pytest

from datasets.shop.truths import planted
from kefu import data
from kefu.explore import load
from kefu.presales.freight import Parcel, compare
from kefu.presales.promotions import Cart, FullReduction, Item, ShopCoupon, best_price
from kefu.presales.reception import NAMES, RECEPTIONS
from kefu.presales.sizing import AdviceKind, recommend
from kefu.rules import rule
from kefu.stats import two_proportions, wilson
from kefu.talk import lint, scenarios
from tests.notebooks.reading import cells, holds, known, percent, price, says
from web import book

CHAPTER = book.chapter("04")
EXPLORER = "04_explore.toml"
LAST_FEW = "这款库存不太多了，拿不准的地方可以再问我"


def said() -> str:
    """All that the chapter's text says; what lies beside it has a test of its own."""
    return says("04")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


@cache
def paid() -> pd.DataFrame:
    orders = data.load("orders")
    return orders[orders.paid_at.notna()]


@cache
def human() -> pd.DataFrame:
    """The chats before the sale that people took, and whether an order of theirs was paid."""
    chats = data.load("chats")
    chats = chats[(chats.stage == "售前") & (chats.handled_by == "人工")]
    return chats.assign(bought=chats.chat_id.isin(paid().chat_id))


def sold(words: str) -> tuple[int, int, float]:
    """How many chats held these words of an agent's, how many of them sold, and the share of the others."""
    messages = data.load("messages")
    heard = messages.chat_id[(messages.sender != "买家") & messages.text.str.contains(words)]
    told = human().chat_id.isin(heard)
    return int(told.sum()), int(human().bought[told].sum()), float(human().bought[~told].mean())


# The story, and the shirt


def test_the_evening_is_a_saturday_after_double_eleven_on_the_late_shift() -> None:
    evening = pd.Timestamp("2025-11-15")
    assert evening.day_name() == "Saturday"
    assert (evening - pd.Timestamp("2025-11-11")).days == 4
    agents = {row["name"]: row["shift"] for row in data.rows("agents")}
    assert (agents["小满"], agents["石头"]) == ("晚班", "晚班")
    assert has("2025年11月15日，星期六，双11过后第四天")


def test_the_shirts_price_and_two_of_them_with_the_coupon() -> None:
    shirt = price("免烫衬衫")
    offers = (
        FullReduction("满300减40", 300, 40),
        ShopCoupon("满199减20", 199, 20),
        ShopCoupon("满299减35", 299, 35),
    )
    two = best_price(Cart((Item("NX22", shirt, 2),)), offers).pay
    assert price("中筒袜三双装") == Decimal("19.90")
    assert (shirt, 2 * shirt, two, two / 2) == (119, 238, 218, 109)
    assert "满199减20" in known("K179")
    assert has("这件衬衫119？", "卖19.90元", "两件238元，用满199减20的券，合109元一件")


def test_what_is_said_of_the_shirt_is_in_the_shops_knowledge() -> None:
    stuff, wash, whole = known("K035"), known("K059"), known("K152")
    assert "60%棉、40%聚酯纤维" in stuff
    assert "甩干后马上挂起来就很平" in wash
    assert "30℃以下机洗" in wash
    assert "含领撑，附备用扣" in whole
    assert "白色微透" in known("K116")
    colours = {r["colour"] for r in data.rows("products") if r["title"] == "免烫衬衫"}
    assert colours == {"白", "浅蓝"}
    assert has("60%棉、40%聚酯纤维，30℃以下机洗", "白色微透", "洗完甩干挂起来就平")


def test_a_shirt_of_that_evening_is_there_on_wednesday() -> None:
    (way,) = (
        one.service
        for one in compare(Parcel("0.28", 32, 24, 4), "河南")
        if one.service.carrier == "青鸟快递"
    )
    sent = pd.Timestamp("2025-11-17")
    assert (sent.day_name(), way.days) == ("Monday", 2)
    assert (sent + pd.Timedelta(days=way.days)).day_name() == "Wednesday"
    assert has("星期一发，通常星期三到", "从嘉兴过去路上通常两天")


def test_the_week_of_the_owners_phrases() -> None:
    (week,) = (
        row
        for row in data.rows("shelf")
        if (row["product_id"], row["starts_on"]) == ("NX22", "2025-11-10")
    )
    assert (week["orders"], week["stock"]) == ("11", "25")
    assert has("11月16日，周老板", "系统里免烫衬衫还有25件", "这星期卖出11单")


# The nine steps


def test_the_steps_stand_in_the_text_as_in_the_model() -> None:
    assert has("**" + " → ".join(NAMES) + "**")
    card = said().split("### 工位卡")[1].split("###")[0]
    assert re.findall(r"^\| (..) \|", card, re.M) == list(NAMES)
    assert len(RECEPTIONS) == 5
    assert has("五段接待，每段漏了一步", "“杏子的开衫”", "十天后")


# Sizes


def test_the_father_is_given_the_size_that_the_text_names() -> None:
    assert recommend("衬衫", 172, 68).size == "L"
    first = recommend("衬衫", 177, 73)
    assert (first.size, first.level) == ("L", 1)
    assert all(reading.sizes == ("L", "XL") for reading in first.readings)
    second = recommend("衬衫", 177, 73, bust=109)
    assert (second.size, second.changed) == ("XL", True)
    third = recommend("衬衫", 177, 73, bust=109, unsure=True)
    assert third.kind is AdviceKind.TWO
    assert {one.size for one in third.choices} == {"L", "XL"}
    assert has("172、68只落在L里", "L和XL都合：先给L", "109厘米，改拍XL", "爱合身L，爱宽松XL")


def test_nobody_of_160_cm_and_75_kg_is_in_the_shirts_chart() -> None:
    assert recommend("衬衫", 160, 75).kind is AdviceKind.CLASH
    assert has("160厘米、75公斤，表里一个也没有")


def test_the_exercises_chart_is_the_shirts() -> None:
    (cell,) = (cell.source for cell in cells("04") if cell.source.startswith("rows = [("))
    told = re.findall(r'\("(\w+)", (\d+), (\d+), (\d+), (\d+)\)', cell)
    names = ("size", "height_min_cm", "height_max_cm", "weight_min_kg", "weight_max_kg")
    chart = [row for row in data.rows("size_charts") if row["chart"] == "衬衫"]
    table = [tuple(row[name] for name in names) for row in chart]
    assert told == table


# Asked for height and weight


@cache
def talks() -> pd.DataFrame:
    """The chats about size that led to an order, here counted apart from the explorer."""
    messages = data.load("messages")
    sized = {row["product_id"] for row in data.rows("products") if row["chart"]}
    mine = messages.sender == "买家"
    about = set(messages.chat_id[mine & messages.text.str.contains("码")])
    asked = set(messages.chat_id[~mine & messages.text.str.contains("身高")])
    back = {r["order_id"] for r in data.rows("returns") if r["reason"] == "尺码不合"}
    chats = data.load("chats")
    chats = chats[
        (chats.stage == "售前") & chats.product_id.isin(sized) & chats.chat_id.isin(about)
    ]
    both = chats[["chat_id", "product_id"]].merge(paid()[["chat_id", "order_id"]])
    return both.assign(asked=both.chat_id.isin(asked), back=both.order_id.isin(back))


def test_who_was_asked_returned_less_and_the_interval_still_holds_nothing() -> None:
    counts = talks().groupby("asked").back.agg(["sum", "size"]).to_numpy().tolist()
    assert counts == [[21, 253], [13, 279]]
    assert (len(talks()), talks().back.sum()) == (532, 34)
    assert (percent(21 / 253), percent(13 / 279)) == ("8.3%", "4.7%")
    found = two_proportions(21, 253, 13, 279)
    assert [round(100 * x, 1) for x in (found.difference, found.low, found.high)] == [
        3.6,
        -0.6,
        8.1,
    ]
    assert has("全年532次", "没问的253单，21单", "问了的279单，13单，4.7%", "一共才34单，")
    assert has("差的3.6个百分点，区间从−0.6到8.1，**零还在里头**", "少了近一半")
    others = data.load("returns")
    others = set(others.order_id[others.reason != "尺码不合"])
    other = talks().order_id.isin(others) & ~talks().back
    shares = other.groupby(talks().asked).mean()
    assert (percent(shares[False]), percent(shares[True])) == ("13.4%", "12.2%")
    assert has("13.4%对12.2%")
    assert planted("size_asked")["odds"] == 0.5
    low, high = wilson(21, 253), wilson(13, 279)
    assert low[0] < high[1]


def test_the_explorer_counts_the_same() -> None:
    bars = {bar.name: bar for bar in load(EXPLORER, "asked").by("asked", "back", {})}
    assert [(bar.k, bar.n) for bar in bars.values()] == [(21, 253), (13, 279)]


def test_shuffled_the_cards_give_as_few_in_six_of_a_hundred() -> None:
    pile, rng = [1] * 34 + [0] * 498, Random(4)
    drawn = [sum(rng.sample(pile, 279)) for _ in range(4000)]
    assert round(100 * sum(n <= 13 for n in drawn) / len(drawn)) == 6
    assert {n for n, _ in Counter(drawn).most_common(2)} == {17, 18}
    assert has("532张签里34张", "随手抽279张", "抽到13张以下", "一百回里有六回", "17、18张")


def test_the_gaps_of_the_exercise() -> None:
    shares = talks().groupby(["product_id", "asked"]).back.mean().unstack()
    gaps = {p: round(100 * (shares[False] - shares[True])[p], 1) for p in ("NX01", "NX08", "NX09")}
    assert gaps == {"NX01": 8.7, "NX08": -3.8, "NX09": 0.6}
    counts = talks().groupby(["product_id", "asked"]).back.agg(["sum", "size"])
    told = {p: counts.loc[p].to_numpy().tolist() for p in ("NX01", "NX08")}
    assert told == {"NX01": [[8, 56], [3, 54]], "NX08": [[2, 32], [3, 30]]}
    assert max(gaps, key=lambda p: gaps[p]) == "NX01"
    assert has("短袖8.7，连衣裙0.6，牛仔裤−3.8", "56单里8单对54单里3单", "32单里2单对30单里3单")


# Which runs small


def test_two_products_come_back_twice_as_often_as_the_others() -> None:
    lines = data.load("order_lines").merge(data.load("products")[["sku", "title", "chart"]])
    sent = data.load("parcels").order_id
    lines = lines[lines.chart.notna() & lines.order_id.isin(sent)].copy()
    returns = data.load("returns")
    returns = returns[returns.reason == "尺码不合"]
    back = set(zip(returns.order_id, returns.line, strict=True))
    lines["back"] = [one in back for one in zip(lines.order_id, lines.line, strict=True)]
    table = lines.groupby("title").back.agg(["sum", "size"])
    shares = (table["sum"] / table["size"]).sort_values()
    assert list(shares.index[-2:]) == ["直筒牛仔裤", "碎花连衣裙"]
    assert (percent(shares.iloc[-1]), percent(shares.iloc[-2])) == ("8.2%", "7.5%")
    assert (percent(shares.iloc[0]), percent(shares.iloc[-3])) == ("3.1%", "5.7%")
    assert len(shares) == 8
    small, rest = table.loc[shares.index[-2:]].sum(), table.loc[shares.index[:-2]].sum()
    assert round((small["sum"] / small["size"]) / (rest["sum"] / rest["size"]), 1) == 1.9
    assert has("碎花连衣裙8.2%，直筒牛仔裤7.5%，其余六款3.1%到5.7%", "近其余的两倍")
    low = {title: percent(wilson(int(k), int(n))[0]) for title, k, n in table.itertuples()}
    assert (low["碎花连衣裙"], low["直筒牛仔裤"]) == ("6.3%", "5.5%")
    shirt = wilson(*map(int, table.loc["免烫衬衫"]))
    assert (percent(shares["免烫衬衫"]), *map(percent, shirt)) == ("4.1%", "2.5%", "6.7%")
    assert percent(table["sum"].sum() / table["size"].sum()) == "5.1%"
    assert has("衬衫4.1%，区间2.5%到6.7%", "低端6.3%", "低端5.5%", "全店的5.1%")
    bars = {bar.name: bar for bar in load(EXPLORER, "styles").by("title", "back", {})}
    assert {name: (bar.k, bar.n) for name, bar in bars.items()} == {
        title: (k, n) for title, k, n in table.itertuples()
    }


# What is said at the last


def test_the_few_left_is_said_to_those_who_have_gone() -> None:
    n, k, others = sold("库存不太多了")
    assert (n, k, percent(others)) == (219, 0, "58.3%")
    assert len(human()) - n == 1409
    own = data.load("messages")
    own = own[own.chat_id.isin(human().chat_id)]
    before = own.text.shift(1)[own.text == LAST_FEW]
    assert set(before) == {"亲，还在吗"}
    assert len(before) == 219
    assert has("没说这句的1409次，成交58.3%", "219次，前一句全是“亲，还在吗”")


def test_how_the_agent_ended_is_what_came_of_it() -> None:
    bars = {bar.name: (bar.k, bar.n) for bar in load(EXPLORER, "closing").by("last", "paid", {})}
    assert bars == {
        "谢过、说发货": (822, 822),
        "慢慢看": (0, 410),
        "等活动": (0, 177),
        "库存不多": (0, 219),
    }
    assert has("“库存不多”收尾的219次，一单没成", "谢过、说发货的822次，全成了")


def test_the_end_tonight_sold_more_to_those_who_asked_for_offers() -> None:
    n, k, others = sold("活动到今天24点")
    assert (n, percent(k / n)) == (39, "64.1%")
    messages = data.load("messages")
    heard = messages.chat_id[messages.text.str.contains("活动到今天24点")]
    topics = human().topic[human().chat_id.isin(heard)]
    assert (topics == "活动优惠").mean() > 0.9
    assert others < k / n
    assert has("“活动到今天24点”成交64.1%", "只有39次，又多半是来问活动的人")


# The conversations


def test_asking_moves_all_three_lines_the_right_way_and_a_cut_does_not() -> None:
    turn = scenarios(CHAPTER.talks)["太贵了"].turns["open"]
    moves = {one.intent: (one.trust, one.doubt, one.patience) for one in turn.options}
    assert moves["cut"][:2] == (5, 20)
    trust, doubt, patience = moves["ask"]
    assert trust > 0 > doubt
    assert patience > 0
    assert has("降10元，信任加5，疑虑加20；先问一句，三条一起好转")


# Rules, and lines to write


@pytest.mark.parametrize("number", ["R09", "R16", "R69", "R86"])
def test_each_rule_of_the_chapter_has_its_card(number: str) -> None:
    assert has(f"[{rule(number).title}]", rule(number).text)


def test_a_rule_whose_card_stands_in_chapter_01_is_linked() -> None:
    assert has(f"[R14](../../book/rules.md#r14{rule('R14').title})，第01章")


@pytest.mark.parametrize("number", ["练习2", "练习5"])
def test_the_lines_offered_instead_are_clean(number: str) -> None:
    answer = said().split(f"### {number}")[1].split("<details>")[1].split("评分（")[0]
    for line in re.findall(r"“([^”]{12,})”", answer):
        if "最后10分钟" not in line and "最后一件" not in line:
            assert lint(line) == [], line
