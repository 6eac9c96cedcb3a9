"""What lies beside chapter 14 (conversations, guesses, quiz) says in numbers, against the tables and the models."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import product

import pytest

from kefu import data
from kefu.clock import SHANGHAI
from kefu.explore import Explorer, load
from kefu.intelligence.economics import ShopCase, bill, bot_versus_agent, cheapest, merchant_tier
from kefu.intelligence.errands import CARES, planted, served, shop_desk, shop_tasks
from kefu.intelligence.followup import (
    EDGES,
    PARTS,
    RemindPolicy,
    alone,
    best,
    compared,
    shop_reminders,
    stretches,
)
from kefu.intelligence.grounded import Tally, shop_cases, shop_library, tally, threshold_for, tried
from kefu.intelligence.inventor import spoilt
from kefu.intelligence.knowledge import AGES, review_due, shop_base, shop_gaps, wrong_answers
from kefu.intelligence.labels import inspected
from kefu.intelligence.lamps import check
from kefu.intelligence.recommend import LUCK, pairings, shop_goods
from kefu.intelligence.week import POINTS, START, play
from kefu.talk import Scenario, scenarios
from kefu.talk import play as talked
from kefu.talk.play import matcher
from tests.notebooks.reading import holds, known, percent, price, questions, slips, why
from tests.notebooks.reading import right as answer
from tests.notebooks.reading import right_line as right
from web import book

TALKS = scenarios(book.chapter("14").talks)
PROMISE, HANDED, OWNER = TALKS.values()
ASKED = questions("14")
YEAR_END = date(2025, 12, 31)


def options(name: str) -> dict[str, str]:
    """Of a question, the reasons of its options by their texts."""
    return {one["text"]: one["why"] for one in ASKED[name]["options"]}


def reached(talk: Scenario, way: tuple[str, ...]) -> str:
    """The ending that a way comes to; a customer may be gone before its end."""
    made: list[str] = []
    for move in way:
        if talked(talk, made).at in talk.endings:
            break
        made.append(move)
    return talked(talk, made).at


@cache
def told(name: str) -> Explorer:
    return load(str(book.chapter("14").source.with_name("14_explore.toml")), name)


@cache
def invented(most: int) -> Tally:
    """What a library answers at .25 whose entries have at most so many similar questions."""
    return tally(tried(shop_library(most, words=False), shop_cases()), 0.25)


# The robot's word made good


def test_the_answer_is_due_at_noon_of_the_day_that_chapter_13_named() -> None:
    earlier = scenarios(book.chapter("13").talks)["夜里的承诺"]
    assert holds(earlier.turns["honour"].right.say, "3月5日中午12点前")
    assert PROMISE.date == datetime(2026, 3, 5, 11, 40, tzinfo=SHANGHAI)
    assert PROMISE.customer == earlier.customer
    assert f"碎花连衣裙，{price('碎花连衣裙'):.0f}元" in PROMISE.scene
    assert "二十分钟" in why(PROMISE, "open", "delay")
    assert "11点52分" in PROMISE.endings["orders"].says


def test_what_the_shop_bears_is_more_than_everybody_has() -> None:
    assert holds(known("K216"), "七天无理由", "退回的运费由您承担")
    assert holds(why(PROMISE, "how", "usual"), "七天无理由人人都有", "退回的运费照规矩是她出")
    assert holds(right(PROMISE, "how"), "七天内退", "来回运费店里出")
    assert "来回运费店里出" in right(PROMISE, "proof")
    assert "24小时内付款" in known("K197")
    assert "24小时自己就关了" in why(PROMISE, "open", "grant")
    assert "9点到24点在线" in known("K002")
    assert "9点后" in right(PROMISE, "night")


# The first words after a hand-over


def test_the_boxes_and_the_gap_are_the_tables() -> None:
    assert f"两只布艺收纳箱，{2 * price('布艺收纳箱'):.0f}元" in HANDED.scene
    assert f"{2 * price('布艺收纳箱'):.0f}元退了" in HANDED.endings["cancels"].means
    box = next(row for row in data.rows("products") if row["title"] == "布艺收纳箱")
    assert 2 < 2 * Decimal(box["weight_kg"]) < Decimal("2.5")
    light = HANDED.turns["stairs"].option("light")
    assert light is not None
    assert "一只也就两斤多" in light.say
    gap = shop_gaps()[0]
    assert "送货的给扛上来不" in "".join(gap.examples)
    assert f"{gap.chats}场对话" in HANDED.scene
    assert "拿“发什么快递”来凑" in why(HANDED, "bot", "lower")
    assert gap.nearest.startswith("发什么快递")
    assert "青鸟快递" in known("K207")


# The owner


def test_what_the_owner_is_told_is_the_years() -> None:
    found, due = wrong_answers(), review_due(shop_base(), YEAR_END)
    assert holds(
        OWNER.scene,
        f"答错{found.wrong}次",
        f"{found.expired.wrong}次",
        f"{due.of}条里",
        f"有{len(due.entries)}条",
    )
    assert f"{found.wrong}次" in right(OWNER, "open")
    assert f"{len(due.entries)}条" in right(OWNER, "when")
    assert OWNER.date.weekday() == 1
    assert holds(OWNER.turns["open"].says, "2388", "3000")
    assert holds(why(OWNER, "fluent", "lower"), "0.20", "−15分", "−104分")


def test_what_the_lamps_do_not_stop() -> None:
    rows = data.rows("knowledge")
    answers = {row["entry_id"]: row["answer"] for row in rows}
    asked = {row["entry_id"]: row["question"] for row in rows}
    found = spoilt(answers, asked, "漏条件")
    assert (found.count, found.passed) == (30, 30)
    for text in (OWNER.scene, why(OWNER, "fluent", "lamps")):
        assert holds(text, "漏", "条件的30句", "一句")


def test_texts_that_are_read_order_nothing() -> None:
    desk = shop_desk()
    who = shop_tasks(desk)[0].who
    texts = planted(desk, who)
    moved = {
        care: sum(
            not served(desk, who, "评价怎么样", (one.text,), care).same(desk) for one in texts
        )
        for care in CARES
    }
    assert (len(texts), sum(one.harmless for one in texts)) == (9, 3)
    assert moved == {"照单全办": 9, "有条件": 3, "当资料": 0}
    said = [*options("review-says").values()]
    assert holds("".join(said), "九段", "三段闲谈", "九段里有三段", "一段也支使不动")
    assert "九段别人写的话" in OWNER.scene
    assert {one.where for one in texts} == {"评价", "商品页", "转来的聊天"}


def test_a_machine_says_that_it_is_one() -> None:
    rule = {row["rule_id"]: row for row in data.rows("rules")}["R74"]
    assert holds(rule["text"], "误认为真人", "显著提示")
    assert "2025-09-01施行" in rule["source"]
    assert holds(why(OWNER, "label"), "误认成真人", "显著提示", "2025年9月")


@pytest.mark.parametrize(
    ("talk", "turn", "text", "not_"),
    [
        (PROMISE, "open", "机器人说的话，店里认", "disown"),
        (PROMISE, "open", "不能先给您发，货到付款做不到", "grant"),
        (PROMISE, "open", "不用等下午，现在就给您准话", "delay"),
        (PROMISE, "how", "运费得您自己出", "carry"),
        (PROMISE, "how", "来回运费店里不出", "carry"),
        (PROMISE, "how", "七天内退，来回运费店里不出", "carry"),
        (PROMISE, "how", "您别担心，来回运费都店里出", "usual"),
        (PROMISE, "how", "不只是七天无理由，来回运费也店里出", "usual"),
        (PROMISE, "how", "没有红包，也不补钱，运费店里出", "cash"),
        (PROMISE, "proof", "不用找我，写在备注里，谁接都看得见", "trust-me"),
        (PROMISE, "proof", "不用您翻聊天记录，我写备注", "records"),
        (PROMISE, "night", "夜里排不了人，我不敢应您", "all-night"),
        (PROMISE, "night", "不该叫您白天再来，是我没写清", "progress"),
        (HANDED, "open", "不用您报订单号，箱子六楼，我都看到了", "verify"),
        (HANDED, "open", "不怪机器人，是我们没教它，箱子上六楼我看到了", "mock-bot"),
        (HANDED, "stairs", "不敢说肯定送上去，要看网点", "sure"),
        (HANDED, "stairs", "不用您打电话，我来问网点", "you-call"),
        (HANDED, "ask", "不转给别人，我自己问，14点前回您", "ticket"),
        (HANDED, "ask", "先不发货，问清了再发，14点前回您", "ship-first"),
        (HANDED, "bot", "不用婆婆改说法，是知识库没有这一条，今天补", "proper-words"),
        (HANDED, "bot", "线不能调低，缺这一条，今天补上", "lower"),
        (OWNER, "open", "先别订，去年答错4867次", "order-now"),
        (OWNER, "open", "大模型不是不能用", "never"),
        (OWNER, "fluent", "线不能再调低了，低了错得多", "lower"),
        (OWNER, "fluent", "四盏灯也拦不住漏条件的", "lamps"),
        (OWNER, "fluent", "转人工不能藏", "hide"),
        (OWNER, "money", "小额也不能放开，一样要人核", "small-ones"),
        (OWNER, "money", "不能全交给它", "all-yours"),
        (OWNER, "label", "不能写小，要显著", "grey-line"),
        (OWNER, "label", "不能装真人，问了要说", "persona"),
        (OWNER, "label", "不能等查到了再加", "till-caught"),
        (OWNER, "when", "不能月底全上", "all-in"),
        (OWNER, "when", "不考答熟的，考没见过的", "easy-test"),
    ],
)
def test_a_line_is_not_taken_for_its_opposite(
    talk: Scenario, turn: str, text: str, not_: str
) -> None:
    found = matcher(talk.turns[turn]).match(text)
    assert not (found.sure and found.intent == not_)


@pytest.mark.parametrize(
    ("talk", "ending", "turn"),
    [(PROMISE, "orders", "proof"), (HANDED, "easy", "ask"), (OWNER, "trial", "when")],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_good_ending_thanks_for_nothing_that_was_not_said(
    talk: Scenario, ending: str, turn: str
) -> None:
    """The note on her order, two o'clock, the twentieth: said on every way to where they are named."""
    place = [*talk.turns].index(turn)
    ways = product(*([o.intent for o in one.options] for one in talk.turns.values()))
    ends = [way for way in ways if reached(talk, way) == ending]
    assert ends
    assert {way[place] for way in ends} == {talk.turns[turn].right.intent}


# Guesses


def test_seven_nights_with_a_lower_line() -> None:
    asked = ASKED["lower-line"]
    still, low = play("/ " * 7), play("- - - / - / / / / / /")
    assert (still.score, low.score, low.threshold, START) == (-15, -104, 20, 40)
    assert (POINTS["答对"], POINTS["答错"], POINTS["转人工"]) == (1, -2, 0)
    before, after = (
        [sum(night.count(what) for night in week.nights[1:]) for what in ("答对", "答错")]
        for week in (still, low)
    )
    reasons = "".join(options("lower-line").values())
    assert holds(reasons, f"对的从{before[0]}句涨到{after[0]}句", f"对{after[0]}句，错{after[1]}句")
    more = [b - a for a, b in zip(before, after, strict=True)]
    assert holds(reasons, f"多对{more[0]}句，多错{more[1]}句")
    assert holds(asked["ask"], "−15分", "从0.40降到0.20")
    assert "−104分" in asked["shows"]


def test_the_gaps_that_are_found() -> None:
    asked = ASKED["gaps-found"]
    assert (asked["answer"], "前15条" in asked["ask"]) == (11, True)  # see test_knowledge.py
    first = [one.question for one in shop_gaps()[:15]]
    assert sum("采购" in text or "团购" in text for text in first) == 2
    lacking = {
        row["family"].rpartition("-")[0] for row in data.rows("questions") if not row["entry_id"]
    }
    assert f"有{len(lacking)}样事" in asked["ask"]


def test_when_a_reminder_is_paid() -> None:
    found = stretches(shop_reminders())
    shares = [percent(one.paid, one.sent) for one in found]
    reasons = [*options("when-remind").values()]
    assert holds(reasons[0], shares[0])
    assert holds(reasons[1], shares[1], f"30到60分钟{shares[2]}")
    assert holds(reasons[2], shares[3])
    assert holds(reasons[3], shares[4])
    assert best(found) == found[1]
    assert found[1].share - found[4].share == max(a.share - b.share for a in found for b in found)
    assert compared(found[1], found[2]).p_value > 0.5
    assert compared(found[1], found[0]).low > 0
    assert f"催过{len(shop_reminders())}单" in ASKED["when-remind"]["ask"]
    assert shares[1] in ASKED["when-remind"]["shows"]
    assert [round(bar.value, 1) for bar in told("reminders").by("minutes", "paid")] == [
        float(share[:-1]) for share in shares
    ]
    assert len(EDGES) == 1 + len(found)


def test_who_was_never_reminded() -> None:
    paid, waiting = alone(10)
    asked = ASKED["never-reminded"]
    assert (asked["answer"], f"有{waiting}单" in asked["ask"]) == (paid, True)
    assert slips(ASKED["never-reminded"])[1] == round(
        waiting * best(stretches(shop_reminders())).share
    )


def test_pairs_that_hold() -> None:
    found = pairings()
    sound = [one for one in found if one.holds]
    titles = {good.product_id: good.title for good in shop_goods()}
    asked = ASKED["true-pairs"]
    assert asked["answer"] == len(sound)
    assert f"{len(titles)}件货，两两凑成{len(found)}对" in asked["ask"]
    assert slips(ASKED["true-pairs"])[:3] == [len(found), len(found) / 2, round(LUCK * len(found))]
    named = [{titles[one.first], titles[one.second]} for one in sound]
    assert named == [
        {"手绘马克杯", "棉麻桌布"},
        {"纯棉圆领短袖", "手绘马克杯"},
        {"纯棉圆领短袖", "防滑家居拖鞋"},
    ]


def test_eighty_a_day() -> None:
    found = {one.team: one for one in bot_versus_agent(ShopCase(80))}
    asked = ASKED["eighty-a-day"]
    for team, words in options("eighty-a-day").items():
        name = next((one for one in found if team.startswith(one)), None)
        if name:
            assert f"{found[name].total:.0f}元" in words
    assert cheapest([*found.values()]).team == answer(asked)
    assert holds(asked["ask"], "2388元", "3000元", "77.4%", "错12.8%", "错3%", "赔10元")
    assert ShopCase(80).each == 80
    assert holds(
        ASKED["t-cheaper"]["why"],
        f"{found['机器人先接'].total:.0f}元",
        f"{found['只用人'].total:.0f}元",
    )


def test_two_inspectors() -> None:
    found = inspected("compliance")
    asked = ASKED["ninety-four"]
    assert asked["answer"] == round(found.kappa, 2)
    assert holds(
        asked["ask"], f"{found.cases}场", f"{100 * found.agreed:.0f}%", percent(found.by_chance)
    )
    assert slips(ASKED["ninety-four"])[0] == found.agreed
    assert slips(ASKED["ninety-four"])[1] == round(found.agreed - round(found.by_chance, 3), 3)
    assert slips(ASKED["ninety-four"])[2] == round(found.agreed * found.by_chance, 2)
    bad, apart = found.table[1][1], sum(n for _, n in found.apart())
    assert holds(asked["shows"], f"只有{bad}场", f"{apart}场")
    assert 0.955 < (found.table[0][0] + found.table[0][1]) / found.cases < 0.965
    assert holds(
        ASKED["t-agree-well"]["why"], "九成六", percent(found.by_chance), f"{found.kappa:.2f}"
    )


def test_the_lamps_over_four_sentences() -> None:
    sources = dict(
        zip(options("all-green"), (("K219", "数字"), ("K048", "否定"), ("K191", ""), ("K216", "角色")), strict=True)
    )  # fmt: skip
    for text, (entry, red) in sources.items():
        said = text.split("”")[0].removeprefix("“")
        assert check(said, known(entry)).red == ((red,) if red else ())
    assert sources[answer(ASKED["all-green"])][1] == ""
    assert "部分地区支持货到付款" in known("K191")


def test_more_ways_to_ask_make_more_inventions() -> None:
    bare, full = invented(0), invented(100)
    assert (percent(bare.made_up_share), percent(full.made_up_share)) == ("8.9%", "24.3%")
    asked = ASKED["more-ways"]
    assert (asked["answer"], bare.made_up + bare.declined) == (24.3, 202)
    assert holds(asked["ask"], "202句", "0.25", "8.9%")
    assert f"硬答{full.made_up}句" in asked["why"]
    least = threshold_for(tried(shop_library(100, words=False), shop_cases()))
    assert least == pytest.approx(0.31)
    for text in (asked["shows"], ASKED["t-more-ways"]["why"]):
        assert holds(text, "0.25", "0.31", "24.3%")


def test_old_answers() -> None:
    found = wrong_answers()
    asked = ASKED["expired-share"]
    assert str(asked["answer"]) + "%" == percent(found.expired.share)
    assert percent(found.current.share) in asked["ask"]
    assert holds(
        asked["why"],
        f"{found.expired.used}次里错{found.expired.wrong}次",
        percent(found.before.share),
    )
    assert percent(review_due(shop_base(), YEAR_END).share) in asked["traps"][2]["why"]
    bars = {bar.name: bar for bar in told("wrong").by("age", "share")}
    assert tuple(bars) == AGES
    for one in (found.before, found.current, found.expired):
        assert (bars[one.age].k, bars[one.age].n) == (one.wrong, one.used)


def test_a_text_is_not_to_blame_for_being_late() -> None:
    """No text message went out within the hour, so its share looks worse than it is."""
    sent = shop_reminders()
    assert min(one.minutes for one in sent if one.channel == "短信") >= 60
    late = {
        channel: stretches([one for one in sent if one.channel == channel])[3]
        for channel in ("旺旺", "短信")
    }
    every = {bar.name: bar.value for bar in told("reminders").by("channel", "paid")}
    assert every["旺旺"] > every["短信"]
    assert late["旺旺"].share < late["短信"].share
    quiet = {bar.name: bar.n for bar in told("reminders").by("quiet", "paid")}
    policy = RemindPolicy()
    assert quiet["安静时段"] == sum(
        not policy.spans[one.channel][0] <= one.at.hour < policy.spans[one.channel][1]
        for one in sent
    )


# Quiz


def test_the_growing_shops_bill() -> None:
    asked = ASKED["growing-shop"]
    case = ShopCase(
        60, keeps=Decimal("0.75"), robot_wrong=Decimal("0.1"), person_wrong=Decimal("0.02")
    )
    made = bill(case, "机器人先接")
    assert f"{made.total:.0f}" == str(asked["answer"])
    assert made.people == 1
    assert merchant_tier(60, 5000).tier.name in asked["ask"]
    assert slips(ASKED["growing-shop"]) == [
        made.seen,
        made.total - made.fee + case.fee,
        made.total - made.wages,
        made.total - 90,
    ]
    assert holds(asked["why"], "错135次", "错9次", f"赔{made.wrong:.0f}元")


def test_the_four_parts() -> None:
    for name in ("数据看板", "任务列表", "配置面板"):
        assert name in PARTS
        assert any(name in text for text in options("which-part"))
    assert answer(ASKED["which-part"]) == "跟单助手的数据看板"
    assert "付了款" in PARTS["数据看板"]


def test_a_quotation_of_the_wrong_entry_has_four_green_lamps() -> None:
    wrong_one = next(iter(options("not-there")))
    said = wrong_one.split("“")[1].rstrip("”")
    assert check(said, known("K196")).red == ()
    assert "专用" not in known("K196")
