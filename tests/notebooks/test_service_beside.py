"""What lies beside chapter 01 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from math import exp

import pandas as pd
import pytest

from datasets.shop.truths import planted
from kefu import data
from kefu.clock import SHANGHAI
from kefu.presales.team import Plan, conversion, learning_months, profit, run
from kefu.talk import Scenario, scenarios
from tests.notebooks.reading import beside, known, pays, price, questions
from web import book

TALKS = scenarios(book.chapter("01").talks)
BED, WECHAT, BLANKET = (TALKS[name] for name in ("在吗在吗在吗", "加个微信便宜", "毯子发不出了"))


def line(talk: Scenario, turn: str) -> str:
    return talk.turns[turn].right.say


def test_they_lie_in_her_first_week_and_on_her_shift() -> None:
    (agent,) = (row for row in data.rows("agents") if row["name"] == "小满")
    assert (agent["hired_on"], agent["shift"]) == ("2025-10-20", "晚班")
    assert date.fromisoformat(agent["hired_on"]) == BED.date.date()
    for talk in TALKS.values():
        assert date(2025, 10, 20) <= talk.date.date() < date(2025, 10, 27)
        assert talk.date.hour >= 16


def test_the_bed_linen_and_its_cover_are_the_ones_of_the_shop() -> None:
    assert price("水洗棉四件套") == 199
    assert "四件套199元" in BED.scene
    assert "1.5米款被套200×230厘米" in known("K083")
    assert "200×230" in line(BED, "size")


def test_a_coupon_brings_the_linen_to_179_and_an_order_waits_a_day() -> None:
    assert "满199减20" in known("K179")
    assert pays(price("水洗棉四件套")) == 179
    assert "179元" in line(BED, "sale")
    assert "24小时内付款" in known("K197")
    assert "留到明晚" in line(BED, "pay")


def test_the_cart_of_the_one_who_asks_for_wechat_adds_up() -> None:
    cart = (price("羊毛围巾"), price("珊瑚绒毯"))
    assert (*cart, sum(cart)) == (129, 99, 228)
    assert pays(*cart) == 208
    assert "208元" in line(WECHAT, "price")
    (topup,) = (one for one in WECHAT.turns["price"].options if one.intent == "topup")
    assert "72元" in topup.say
    assert (pays(*cart, 72), pays(*cart, 72) - pays(*cart)) == (240, 32)
    assert "到手240元，比208元多掏32元" in topup.why


def test_the_blanket_sheds_as_the_shop_knows() -> None:
    assert "头两次会掉少量浮绒，洗过就少了" in known("K027")
    assert "头两次会掉点浮绒，洗过就少了" in line(WECHAT, "ask")


def test_the_blanket_that_cannot_be_sent_still_can_be_told_in_time() -> None:
    assert price("珊瑚绒毯") == 99
    assert {row["colour"] for row in data.rows("products") if row["title"] == "珊瑚绒毯"} == {
        "雾蓝",
        "燕麦",
    }
    paid = datetime(2025, 10, 23, 20, 40, tzinfo=SHANGHAI)
    assert "昨晚8点40分付款" in BLANKET.scene
    assert BLANKET.date.date() - paid.date() == timedelta(days=1)
    assert BLANKET.date < paid + timedelta(hours=24)  # before the number is due
    answered = BLANKET.date.replace(hour=22, minute=0)
    assert "今晚10点前" in line(BLANKET, "claim")
    assert "当晚9点" in BLANKET.turns["late"].says
    assert answered > BLANKET.date.replace(hour=21)
    assert date(2025, 10, 25).weekday() == 5  # 明天上午能发: the warehouse rests on Sundays only


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_what_may_not_be_said_never_ends_well(talk: Scenario) -> None:
    off_platform = ("收款码", "自己的号加您", "电话我发您", "绝对不掉毛", "全网最低")
    for turn in talk.turns.values():
        for option in turn.options:
            if any(words in option.say for words in off_platform):
                kinds = {talk.endings[b.go].kind for b in option.to if b.go in talk.endings}
                assert not option.right
                assert kinds <= {"bad"}


# Guesses, quiz, teachers' page


@cache
def chats() -> pd.DataFrame:
    """The year's chats before a sale that people took; ``bought`` where an order of the chat is paid."""
    found = data.load("chats").query("stage == '售前' and handled_by == '人工'")
    paid = data.load("orders").query("paid_at.notna()").chat_id
    names = data.load("agents").set_index("agent_id").name
    return found.assign(bought=found.chat_id.isin(paid), who=found.agent_id.map(names))


def of(who: str, least: int = 0, below: int = 10**6) -> pd.Series:
    """Whether the chats of one agent with a first response from ``least`` to ``below`` seconds sold."""
    return chats().query("who == @who and @least <= first_response_s < @below").bought


def test_the_two_agents_are_counted_right_and_compared_at_the_same_wait() -> None:
    guess = questions("01")["who-is-better"]
    mine, hers = of("青禾"), of("林姐")
    assert (len(mine), mine.sum(), len(hers), hers.sum()) == (70, 25, 300, 165)
    assert f"青禾接70位售前客人，成交25位，{mine.mean():.1%}" in guess["ask"]
    assert f"林姐接300位，成交165位，{hers.mean():.1%}" in guess["ask"]
    wait = chats().groupby("who").first_response_s.mean()
    assert f"青禾的客人平均等{wait['青禾']:.0f}秒，林姐的{wait['林姐']:.0f}秒" in guess["shows"]
    assert (
        f"青禾成交{of('青禾', 32, 64).mean():.0%}，林姐{of('林姐', 32, 64).mean():.0%}"
        in guess["shows"]
    )


def test_the_teachers_page_counts_the_same_chats() -> None:
    page = beside("01", "teach.md")
    slow = {who: len(of(who, 64)) / len(of(who)) for who in ("青禾", "林姐")}
    assert f"青禾的客人有{slow['青禾']:.0%}等了64秒以上，林姐的只有{slow['林姐']:.0%}" in page
    told = "青禾14位成交7位，林姐72位成交29位"
    assert [(len(one), one.sum()) for one in (of("青禾", 32, 64), of("林姐", 32, 64))] == [
        (14, 7),
        (72, 29),
    ]
    assert told in page
    assert all(0.2 < of(who, 128).mean() < 0.25 for who in ("青禾", "林姐"))
    sizes = [len(of("青禾", *band)) for band in ((32, 64), (64, 128), (128,))]
    assert (min(sizes), max(sizes)) == (14, 31)
    assert "只有14到31位客人" in page


def test_what_a_wait_twice_as_long_costs_is_what_the_records_show() -> None:
    guess = questions("01")["double-wait"]
    odds = exp(planted("conversion")["slope"])
    assert abs(50 - 100 * odds / (1 + odds) - guess["answer"]) < 0.2
    for low, told in ((16, "16到31秒成交58%"), (32, "32到63秒43%"), (64, "64到127秒37%")):
        wait = chats().first_response_s
        found = chats().bought[(wait >= low) & (wait < 2 * low)].mean()
        assert told.endswith(f"{found:.0%}")
        assert told in guess["shows"]


def test_an_old_hand_gone_costs_what_the_quiz_says() -> None:
    question = questions("01")["old-hand-gone"]
    assert question["answer"] == 900 * 13 // 100 * 35 + 1500
    assert [trap["value"] for trap in question["traps"]] == [
        900 * 13 // 100 * 35,
        1500,
        117,
        900 * 35 + 1500,
    ]


def gained(plan: Plan, months: int = 12) -> Decimal:
    """What a plan earns more than changing nothing."""
    return profit(plan, months=months) - profit(Plan(), months=months)


def test_the_plan_that_is_guessed_earns_most_and_loses_as_told() -> None:
    guess = questions("01")["cheapest-plan"]
    fine, cut, train = Plan(fine=300), Plan(wage=3700), Plan(training=400)
    reasons = [option["why"] for option in guess["options"]]
    assert [option["right"] for option in guess["options"]] == [False, False, False, True]
    assert gained(train) > 0 > gained(cut) > gained(fine)
    assert f"一年多赚约{gained(train) / 10_000:.1f}万元" in guess["shows"]
    assert f"头一个月多{gained(fine, 1):.0f}元" in guess["shows"]
    assert f"反少约{-gained(fine) / 10_000:.1f}万元" in guess["shows"]
    assert "六个月才熟" in reasons[0]
    assert learning_months(Plan()) == 6
    assert "第四个月起就亏" in reasons[1]
    assert gained(fine, 3) > 0 > gained(fine, 4)
    assert "到第八个月" in reasons[2]
    assert gained(cut, 7) > 0 > gained(cut, 8)
    assert "四个月就变熟手" in reasons[3]
    assert learning_months(train) == 4
    assert gained(train, 1) < 0
    trained, plain = run(train), run(Plan())
    assert all(a.orders > b.orders for a, b in zip(trained[1:], plain[1:], strict=True))


def test_a_wait_of_64_seconds_loses_ten_of_the_hundred_in_the_model_too() -> None:
    assert (
        round(100 * (conversion(32) - conversion(64))) == questions("01")["double-wait"]["answer"]
    )
