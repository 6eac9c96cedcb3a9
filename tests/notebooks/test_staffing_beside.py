"""What lies beside chapter 15 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from datetime import date
from functools import cache
from math import ceil
from statistics import mean

import pandas as pd

from kefu import data
from kefu.explore import enquiries
from kefu.intelligence.midnight import TEAM, night
from kefu.intelligence.routing import HOUR, Arrival, Chair, House, Policy, simulate
from kefu.intelligence.staffing import FACTORS, chats_to_load, crew, mean_wait, with_shrinkage
from kefu.talk import Scenario, scenarios
from tests.notebooks.reading import OFFERS, beside, holds, pays, percent, price, questions, says
from web import book

TALKS = scenarios(book.chapter("15").talks)
QUEUE, HANDED, FINED = TALKS.values()
ASKED, TEACH = questions("15"), beside("15", "teach.md")
SEEDS = range(12)


def right(talk: Scenario, turn: str) -> str:
    return talk.turns[turn].right.say


def wrong(talk: Scenario, turn: str, intent: str) -> str:
    option = talk.turns[turn].option(intent)
    assert option is not None
    return option.say


@cache
def hour() -> pd.DataFrame:
    rush = data.load("rush")
    return rush[rush["at"].dt.strftime("%m-%d %H") == "11-11 00"].reset_index(drop=True)


@cache
def bands() -> dict[tuple[int, bool], tuple[int, int]]:
    """By how long they waited, of 青禾 and of her four colleagues: how many bought, of how many."""
    chats = enquiries()
    waited = pd.cut(chats.first_response_s, [0, 16, 32, 64, 128, 10**6], right=False).cat.codes
    sums = chats.groupby([waited, chats.name == "青禾"]).bought.agg(["sum", "size"])
    return {(band, her): (int(k), int(n)) for (band, her), k, n in sums.itertuples()}


def share(band: int, *, hers: bool) -> str:
    return percent(*bands()[band, hers])


# The customer who waited four minutes


def test_the_line_she_stood_in_is_the_tables() -> None:
    came, now = 5, QUEUE.date.minute
    assert (QUEUE.date.date(), QUEUE.date.hour, now - came) == (date(2025, 11, 11), 0, 4)
    waiting = hour().waiting
    assert holds(QUEUE.scene, f"零点{now:02}分", f"零点{came:02}分", f"前面{waiting[came - 1]}位")
    assert f"前面{waiting[came - 1]}位" in QUEUE.turns["open"].says
    assert 20 <= waiting[now - 1] < 30
    assert "后面还排着二十来位" in QUEUE.scene
    assert next(seat.at_once for seat in TEAM if seat.name == "小满") == 3
    assert "三个窗口" in QUEUE.scene


def test_the_price_is_reckoned_as_the_shop_does() -> None:
    coat = price("轻暖羽绒服")
    full, coupon = OFFERS[0], OFFERS[2]
    left = coat - 40
    assert (full.name, coupon.name, pays(coat)) == ("满300减40", "满299减35", left - 35)
    assert left >= 299
    for text in (QUEUE.scene, right(QUEUE, "price")):
        assert holds(text, f"{coat:.0f}", full.name, f"剩{left:.0f}", f"到手{pays(coat):.0f}元")
    assert f"到手{pays(coat) - 20:.0f}元" in wrong(QUEUE, "price", "stacked")
    assert f"便宜{pays(coat) - 300:.0f}元" in QUEUE.turns["price"].option("round").why  # type: ignore[union-attr]
    sizes = {(row["title"], row["colour"], row["size"]) for row in data.rows("products")}
    assert ("轻暖羽绒服", "黑", "M") in sizes
    (week,) = (
        row
        for row in data.rows("shelf")
        if (row["product_id"], row["starts_on"]) == ("NX21", "2025-11-10")
    )
    assert int(week["stock"]) > 0


# The customer who is handed over


def test_what_is_handed_over_is_what_the_standard_asks() -> None:
    rule = {row["rule_id"]: row["text"] for row in data.rows("rules")}["R77"]
    assert holds(rule, "前面几人或大约等多久", "尽量不让客人重说", "身份、聊过的话、问题和工单状态")
    assert holds(right(HANDED, "again-from-start"), "不用再讲", "前面2位", "大约5分钟")
    assert holds(right(HANDED, "note"), "阿树", "左袖口开线", "照片三张", "要换", "没许过时间")
    agents = {row["name"]: row for row in data.rows("agents")}
    assert (agents["阿川"]["team"], agents["阿川"]["shift"]) == ("售后", "晚班")
    assert holds(HANDED.scene, f"{price('免烫衬衫'):.0f}元", "星期六（3月21日）")
    assert (HANDED.date.date(), date(2026, 3, 21).weekday()) == (date(2026, 3, 16), 5)


# The owner who would fine


def test_where_the_142_were_when_they_left() -> None:
    places = sum(seat.at_once for seat in TEAM if seat.team == "售前")
    lined = [minute for minute, number in enumerate(hour().waiting) if number]
    assert lined[:23] == [*range(1, 24)]
    assert lined[23] > 24
    assert holds(
        FINED.scene, f"要人接的{hour().to_people.sum()}位走了{hour().abandoned.sum()}位",
        "从0点01分到0点23分", f"一共{places}个窗口", f"一小时只来{hour().aftersales.sum()}位",
    )  # fmt: skip
    assert f"走{hour().abandoned.sum()}位" in right(FINED, "open")
    assert holds(right(FINED, "open"), "01分到23分", f"{places}个窗口")
    hers = next(seat.at_once for seat in TEAM if seat.name == "青禾")
    assert f"售前{places}个只剩{places - hers}个" in FINED.turns["qinghe"].option("drop-her").why  # type: ignore[union-attr]
    assert (hour().abandoned[:20].sum(), round(100 * 126 / 142)) == (126, 89)


def test_the_owner_is_told_what_the_model_says() -> None:
    two, one = night().left, night(apart=False).left
    early = night(apart=False, extra=4).left
    late = night(apart=False, extra=4, start=20).left
    assert (late, two - one) == (one, 73)
    assert holds(
        FINED.scene, f"分两队走{two}位", f"合成一队，{one}位", f"零点就到，走{early}位",
        f"零点20分才到，还是{late}位",
    )  # fmt: skip
    assert f"从{two}位降到{one}位" in right(FINED, "aftersales")
    assert f"少走{two - one}位" in FINED.turns["aftersales"].right.answer
    assert max(night(apart=False, extra=4, seed=seed).left for seed in range(40)) > 10
    assert House().wage * 4 == 100
    assert holds(right(FINED, "june"), "副班4位", "多100元", "3月20日18点前")
    assert holds(FINED.scene, f"副班一小时{House().wage:.0f}元")
    assert (FINED.date.date(), date(2026, 3, 20).weekday()) == (date(2026, 3, 16), 4)


def test_help_that_is_late_is_no_help_on_most_nights() -> None:
    saved = mean(
        night(apart=False, seed=seed).left - night(apart=False, extra=4, start=20, seed=seed).left
        for seed in SEEDS
    )
    assert 0 <= saved < 10


def test_her_sales_and_theirs() -> None:
    chats = enquiries()
    hers = chats[chats.name == "青禾"]
    others = chats[chats.name == "林姐"]
    assert set(hers.day) == {"大促"}
    assert chats.groupby("name").bought.mean().idxmin() == "青禾"
    assert holds(
        FINED.scene, f"上了{hers.started_at.dt.date.nunique()}天班", f"{len(hers)}位售前客人",
        f"成交{percent(hers.bought.mean())}", f"林姐{percent(others.bought.mean())}",
        f"青禾成交{share(3, hers=True)}，同事四人{share(3, hers=False)}",
        f"{share(4, hers=True)}对{share(4, hers=False)}",
    )  # fmt: skip
    assert holds(right(FINED, "qinghe"), "70位", share(3, hers=True), share(3, hers=False))
    assert [bands()[band, True][1] for band in (3, 4)] == [23, 31]
    assert "200元" in FINED.scene
    assert holds(says("01"), "| 少接待 | 40人 | 5元 | 200元 |")


# Guesses, statements, quiz, teachers' page


def test_a_rule_that_does_not_say_when_it_widens_keeps_its_customer_waiting() -> None:
    """Of one who is well known: waits for ever, thirty seconds, or not at all."""
    team = [Chair("石头", at_once=1), Chair("小满", at_once=1)]
    came = [Arrival(0, regular="石头"), Arrival(1, regular="石头")]
    waits = {
        hold: simulate(came, team, Policy("按分组", pick="熟客", hold=hold), 1,
                       house=House(handling=HOUR, patience=float("inf"))).trips[1]
        for hold in (30, 10**6)
    }  # fmt: skip
    assert (waits[30].waited, waits[30].by) == (30, 1)
    assert waits[10**6].by == 0
    assert waits[10**6].waited > 30
    assert "等石头30秒" in next(o["text"] for o in ASKED["who-takes"]["options"] if o["right"])
    assert next(seat.at_once for seat in TEAM if seat.name == "石头") == 5
    assert "五位满了" in ASKED["who-takes"]["ask"]


def test_the_traps_are_the_slips_they_name() -> None:
    traps = {
        one["id"]: [t["value"] for t in one["traps"]] for one in ASKED.values() if "traps" in one
    }
    assert traps["ninety-five"][:2] == [round(mean_wait(8, 10, 130) * 95 / 80), 54]
    assert round(2 * mean_wait(8, 10, 130)) in (53, 54)
    assert 90 < mean_wait(9.1, 10, 130) < 110
    assert traps["one-more"][0] == round(39 * 12 / 11)
    assert traps["three-at-once"] == [3, FACTORS[1], FACTORS[2]]
    assert traps["rostered"] == [round(14 * 1.3), 19, 14]
    assert holds(ASKED["rostered"]["traps"][0]["why"], "18.2", f"{18 * 0.7:.1f}位")
    assert f"{19 * 0.7:.1f}位" in ASKED["rostered"]["traps"][1]["why"]
    assert traps["load"] == [90 * 4, 90 / 4, 90 / 30]
    assert traps["same-wait"][0] == 0.53
    assert "其实缺1个" in ASKED["week-gap"]["shows"]


def test_the_board_of_the_teachers_page() -> None:
    waits = [f"{mean_wait(load, 10, 130):.0f}" for load in (5, 7, 8, 9, 9.5)]
    assert [*TEACH.split("等(秒)")[1].split("\n")[0].split()[:5]] == waits
    assert holds(TEACH, f"两队 {night().left}位走", f"一队  {night(apart=False).left}位走")
    found = crew(100, 30, 3)
    assert (found.load, found.agents, found.rostered) == (10, 14, 20)
    assert "100位/30分 × 3分 = 10      14        ÷0.7        20" in TEACH
    late = night(extra=4, start=20).left
    assert f"只少走{night().left - late}位" in TEACH
    assert f"放走了{night('按分组').left}位" in TEACH
    assert sum(seat.at_once for seat in TEAM) == 19
    assert holds(TEACH, "五个人、19个位子", "走了142位", "126位在头二十分钟", "售后7个位子")


def test_the_sums_of_the_exit_ticket() -> None:
    load = chats_to_load(50 / 30, 6, 1)
    assert (load, with_shrinkage(11, 0.3), f"{11 / 0.7:.1f}") == (10, 16, "15.7")
    assert ceil(11 * 1.3) == 15  # by multiplying comes out one too few
    assert holds(
        TEACH, "负荷10", "11÷0.7＝15.7，取16", "11×1.3＝14.3，取15", "14位加三成不是18位，是20位"
    )


def test_what_the_role_cards_say_is_what_the_conversation_says() -> None:
    cards = TEACH[TEACH.index("> **客人卡**") : TEACH.index("| 观察者看什么")]
    assert holds(
        cards, "白色L", "左袖口开线", "照片三张", "父亲星期六", "2位，大约5分钟", "阿川在班"
    )
    assert holds(
        HANDED.scene, "白色L", "左袖口开线", "照片三张", "父亲星期六", "2位，大约5分钟", "阿川在班"
    )
