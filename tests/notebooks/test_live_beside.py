"""What lies beside chapter 16 (conversations, guesses, quiz) says in numbers, against the tables and the models."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest

from kefu import data
from kefu.clock import SHANGHAI
from kefu.explore import Explorer, load
from kefu.intelligence.live import Link, fluid, netizens, oversell_bill, rates
from kefu.intelligence.live_effects import (
    AnswerEffect,
    PledgeEffect,
    answer_effect,
    pin_cut,
    promise_effect,
    windows,
)
from kefu.intelligence.on_air import ShowPrice, compared_price, corrected, owed_before
from kefu.intelligence.promise_book import due, hear
from kefu.talk import Scenario, scenarios
from kefu.talk.play import matcher
from tests.notebooks.reading import holds, percent, price, questions, slips, why
from tests.notebooks.reading import right as answer
from tests.notebooks.reading import right_line as right
from web import book

TALKS = scenarios(book.chapter("16").talks)
DOUBT, PRICE, HOST = TALKS.values()
ASKED = questions("16")
SAID = "家人们放心拍，今晚下单明天必到"
MINUTES = [3, 4, 2, 3, 2]
"""Orders in the minutes from 20:52 to 20:56."""


def at(hour: int, minute: int) -> datetime:
    """A moment of the evening."""
    return datetime(2026, 3, 26, hour, minute, tzinfo=SHANGHAI)


@cache
def answers() -> AnswerEffect:
    return answer_effect(data.rows("live_minutes"))


@cache
def promises() -> PledgeEffect:
    return promise_effect(data.rows("live_promises"), data.rows("live_shows"))


@cache
def told(name: str) -> Explorer:
    return load(str(book.chapter("16").source.with_name("16_explore.toml")), name)


# The slip, before everybody


def test_the_promise_is_one_that_the_warehouse_cannot_keep() -> None:
    assert holds(DOUBT.scene, "20点52分", SAID, "明天上午发", "江浙沪最快后天到", "一百多位")
    assert hear(SAID).kind == "时效"
    assert due(SAID, at(20, 52)) == datetime(2026, 3, 27, 23, 59, 59, tzinfo=SHANGHAI)
    assert (DOUBT.date, DOUBT.date.weekday()) == (at(20, 53), 3)
    for text in (right(DOUBT, "open"), right(DOUBT, "pin"), right(HOST, "open")):
        assert holds(text, "明天上午发", "江浙沪最快后天")


def test_a_pin_spares_six_repeats_in_ten() -> None:
    assert round(10 * pin_cut(data.rows("live_minutes"), seed=88).estimate) == 6
    assert "少六成" in why(DOUBT, "pin")
    assert "少六成，还剩四成" in ASKED["t-pin-all"]["why"]


def test_the_way_of_his_old_order_took_five_days() -> None:
    out = DOUBT.turns["order"].option("read-out")
    assert out is not None
    assert holds(out.say, "16日", "五天")
    assert datetime(2025, 11, 16) - datetime(2025, 11, 11) == timedelta(days=5)


@pytest.mark.parametrize(
    ("talk", "turn", "text", "not_"),
    [
        (DOUBT, "open", "仓库今晚不会连夜打包，明天到不了", "back-host"),
        (DOUBT, "open", "这不是带节奏，您说得对", "no-rhythm"),
        (DOUBT, "open", "您不用私信，我就在这儿答您", "to-dm"),
        (DOUBT, "counts", "不算数，主播口误", "owed"),
        (DOUBT, "counts", "阿澈是外请的，可他说的就代表店里，我们认", "agency"),
        (DOUBT, "pin", "先不置顶优惠，置顶发货时间，明天上午发", "pin-deal"),
        (PRICE, "open", "付款过了九点不要紧，看下单", "paid-late"),
        (PRICE, "open", "不补券，退您20元，是我们切早了", "coupon"),
        (PRICE, "second", "不能两件都退，这件过了九点", "both"),
        (PRICE, "board", "199不是吊牌价，是我们写错了", "tag"),
        (PRICE, "when", "不用您发收款码，明天18点前原路退", "pay-code"),
        (PRICE, "when", "不用等确认收货，明天18点前就退", "after-receipt"),
        (HOST, "open", "别等讲完，现在改口：明天上午发", "later"),
        (HOST, "cool", "不能说尽量明天到，也到不了", "soften"),
        (HOST, "cool", "仓库今晚不加班，发不出去", "rush-out"),
        (HOST, "line", "别推给快递，就说自己说错了", "excuse"),
        (HOST, "before", "改口了也不能作废，14单还欠着", "void"),
        (HOST, "before", "不能等他们来问，今晚就告诉", "wait-and-see"),
        (HOST, "before", "不送券，今晚逐个告诉，等的补10元", "gift"),
    ],
)
def test_a_line_is_not_taken_for_its_opposite(
    talk: Scenario, turn: str, text: str, not_: str
) -> None:
    found = matcher(talk.turns[turn]).match(text)
    assert not (found.sure and found.intent == not_)


# The price that ended early


def test_each_order_is_settled_by_when_it_was_made() -> None:
    shown = ShowPrice(Decimal(149), at(20, 45), at(21, 0))
    usual = price("宽松针织开衫")
    inside, outside = (shown.settle(usual, when) for when in (at(20, 59), at(21, 3)))
    assert (inside.refund, outside.refund, usual) == (20, 0, 169)
    assert holds(PRICE.scene, "20:59下单，21:01付款169元", "21:03下单", "149元，20:45到21:00")
    assert holds(right(PRICE, "open"), "20:59", "多收了您20元")
    assert holds(right(PRICE, "second"), "没有差价", "21:03", "21:00为止")
    assert PRICE.date == at(22, 20)


def test_what_was_never_the_lowest_price_is_no_original_price() -> None:
    show = at(20, 45)
    deals = [(show - timedelta(days=days), Decimal(169)) for days in (2, 5)]
    named = compared_price(199, deals, show)
    assert (named.sound, named.highest, named.rule) == (False, 169, "R89")
    assert holds(right(PRICE, "board"), "往前七天最低成交169元", "最多是169")
    assert "不高于此前七日内的最低成交价" in why(PRICE, "board")
    rule = {row["rule_id"]: row["text"] for row in data.rows("rules")}
    assert "不高于此前七日内的最低成交价" in rule["R89"]
    assert holds(rule["R78"], "当场纠正", "留下记录")
    assert "当场纠正、留下记录" in why(HOST, "cool", "law")


# The line for the host


def test_what_is_owed_grows_by_the_minute() -> None:
    assert [owed_before(MINUTES, 0, minute) for minute in (1, 4)] == [7, 14]
    assert holds(HOST.scene, "52分拍了3单，53分又是4单", "一分钟以前")
    assert "欠了7单" in right(HOST, "cool")
    assert "14单还欠着" in right(HOST, "before")
    assert holds(HOST.endings["fixed"].means, "14单", "20点53分就改口的话，欠7单")
    made = corrected(at(20, 52), at(22, 0), at(20, 56), recorded=True)
    assert (made.on_the_spot, made.lacks) == (True, ())
    assert "20点56分" in HOST.turns["line"].right.answer
    assert "（21点" in HOST.turns["before"].says
    assert "七分钟" in why(HOST, "open", "later")


def test_what_a_broken_promise_brings_back() -> None:
    kept, broken = (
        {bar.name: bar for bar in told("pledges").by("kept", "returned")}[name].value
        for name in ("兑现了", "没兑现")
    )
    assert (f"{kept:.1f}", f"{broken:.1f}") == ("18.5", "31.0")
    assert promises().returned.difference == pytest.approx((broken - kept) / 100)
    assert holds(HOST.scene, f"退换{broken:.1f}%", f"{kept:.1f}%")
    assert "退31%" in right(HOST, "cool")
    asked = ASKED["broken-returns"]
    assert (asked["answer"], "18.5%" in asked["ask"]) == (round(broken), True)
    assert holds(asked["why"], "没兑现的41句", "216单退换了67单", f"{broken:.1f}%")
    assert promises().complained.difference > 0
    assert "投诉也多" in why(HOST, "before", "wait-and-see")


# Guesses, statements, quiz


def test_how_many_are_on_the_internet() -> None:
    found = netizens("8.33", "0.752").people
    assert float(found) == ASKED["online-people"]["answer"]
    assert slips(ASKED["online-people"]) == [
        round(8.33 * 0.752, 2),
        pytest.approx(8.33 * 1.248, abs=0.02),
    ]


def test_the_lines_that_grow_and_clear() -> None:
    asked = fluid(rates(60, 6, [Link(0, 24, 3, 0)]), 10)
    assert (asked.peak, asked.clear_at) == (60, 3 + ASKED["burst-clear"]["answer"])
    peak = fluid(rates(60, 8, [Link(0, 32, 2, 0)]), 12)
    assert (peak.peak, peak.clear_at) == (ASKED["line-peak"]["answer"], 2 + 14)
    assert slips(ASKED["line-peak"]) == [40 * 2, (40 - 8) * 2, 14]


def test_what_one_pin_spares() -> None:
    rows = data.rows("live_minutes")
    pinned = [window for window in windows(rows) if any(row["pinned"] for row in window)]
    under = [row for window in pinned for row in window if row["pinned"]]
    bare = [row for row in rows if not row["pinned"]]
    each = [
        sum(int(r["repeats"]) for r in some) / sum(int(r["viewers"]) for r in some)
        for some in (bare, under)
    ]
    watched = sum(int(row["viewers"]) for row in under)
    spared = (each[0] - each[1]) * watched / len(pinned)
    assert f"{spared:.1f}" == "20.9"
    assert holds(ASKED["one-pin"]["why"], *(f"{100 * one:.2f}条" for one in each), "20.9条")
    assert f"{len(pinned)}款次" in ASKED["one-pin"]["ask"]
    assert ASKED["one-pin"]["answer"] == round(spared)
    shown = [bar.value for bar in told("pins").by("pinned", "repeats")]
    assert shown == pytest.approx([100 * one for one in each])


def test_one_line_of_four_is_a_promise() -> None:
    heard = {o["text"]: hear(o["text"]) for o in ASKED["is-promise"]["options"]}
    assert [text for text, one in heard.items() if one.counts] == [answer(ASKED["is-promise"])]
    for option in ASKED["is-promise"]["options"]:
        assert heard[option["text"]].kind in option["why"]


def test_what_is_owed_and_what_is_lost() -> None:
    late, soon = (owed_before(MINUTES, 0, minute) for minute in (4, 2))
    assert holds(ASKED["owed-orders"]["ask"], "3、4、2、3、2单", "54分就改口")
    assert ASKED["owed-orders"]["answer"] == soon
    assert slips(ASKED["owed-orders"]) == [0, owed_before(MINUTES, 0, 1), late - soon, late]
    assert f"其实{soon}单，比56分改口少欠{late - soon}单" in ASKED["owed-orders"]["shows"]
    bill = oversell_bill(6, 149, 76, compensation=10, minutes=8)
    asked = ASKED["oversold-loss"]
    assert asked["answer"] == bill.total
    assert slips(ASKED["oversold-loss"]) == [bill.refund, bill.lost, bill.total + bill.refund]
    assert f"一单{round(bill.total / 6)}元" in asked["shows"]
    cost = next(r["cost"] for r in data.rows("products") if r["title"] == "宽松针织开衫")
    assert Decimal(cost) == 76


def test_live_orders_come_back_a_little_more() -> None:
    rows = data.rows("live_minutes")
    back, made = (sum(int(row[name]) for row in rows) for name in ("returned", "orders"))
    asked = ASKED["live-returns"]
    assert (f"{100 * back / made:.1f}", back, made) == (str(asked["answer"]), 695, 3933)
    assert holds(asked["why"], f"{made}单里{back}单", percent(back, made))
    orders, returns = data.load("orders"), set(data.load("returns").order_id)
    others = orders[orders.paid_at.notna() & orders.show_id.isna()]
    share = percent(others.order_id.isin(returns).mean())
    assert share in asked["ask"]
    assert slips(ASKED["live-returns"])[0] == float(share[:-1])


def test_what_an_answer_is_worth() -> None:
    found = answers()
    asked = ASKED["answer-worth"]
    assert asked["answer"] == round(100 * found.answer.value)
    assert slips(ASKED["answer-worth"])[0] == round(100 * found.alone)
    low, high = found.answer.bounds
    assert holds(asked["why"], f"{found.answer.value:.3f}单", f"{low:.3f}到{high:.3f}")
    gap = 100 * (found.alone - found.answer.value)
    assert f"有{gap:.0f}单是人多带来的" in asked["shows"]
    for text in (ASKED["t-answers"]["why"], ASKED["answers-and-orders"]["options"][1]["why"]):
        assert holds(text, f"{found.alone:.3f}单", f"{found.answer.value:.3f}单")


def test_who_breaks_more() -> None:
    (guest, guests), (own, owns) = (promises().broken_by[kind] for kind in ("代播", "自播"))
    assert holds(
        ASKED["t-guest"]["why"], f"{guests}句承诺，落空{guest}句", f"{owns}句，落空{own}句"
    )
    assert promises().guests.low > 0
