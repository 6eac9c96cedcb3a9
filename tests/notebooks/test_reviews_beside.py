"""What lies beside chapter 08 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from math import ceil

import pandas as pd
import pytest

from kefu import data
from kefu.stats import p_chart, wilson
from kefu.talk import Scenario, scenarios
from tests.notebooks.reading import beside, holds, known, percent, price, questions, right
from web import book

TALKS = scenarios(book.chapter("08").talks)
AGAIN, OUTSIDE, BOSS, FURIOUS = TALKS.values()
ASKED, TEACH = questions("08"), beside("08", "teach.md")
STANDS = {row["rule_id"]: row for row in data.rows("rules")}


def every_word(talk: Scenario) -> str:
    """All that is told, said and explained in a conversation."""
    turns = talk.turns.values()
    said = (
        f"{t.says} " + " ".join(f"{o.say} {o.why} {o.answer}" for o in t.options) for t in turns
    )
    return " ".join((talk.scene, talk.goal, *said, *(e.means for e in talk.endings.values())))


@cache
def reviews() -> pd.DataFrame:
    """The year's reviews; ``bad``: three stars or fewer; ``late``: its parcel came late or never."""
    parcels = data.load("parcels").drop_duplicates("order_id").set_index("order_id")
    found = data.load("reviews")
    sent = found[["order_id"]].join(parcels, on="order_id")
    late = sent.signed_at.isna() | (sent.signed_at.dt.date > sent.promised_on.dt.date)
    return found.assign(bad=found.stars <= 3, late=late, problem=sent.problem.notna())


# The conversations


def test_they_happen_on_one_early_shift() -> None:
    for talk in TALKS.values():
        assert talk.date.date() == date(2026, 1, 12)
        assert 9 <= talk.date.hour < 16
    assert date(2026, 1, 12).weekday() == 0
    assert date(2026, 2, 2).weekday() == 0  # when the owner is told the new count


def test_the_prices_are_those_of_the_shop() -> None:
    assert price("高弹打底裤") == 49
    assert holds(every_word(AGAIN), "49元的打底裤", f"三倍赔您{3 * 49}元")
    assert price("羊毛围巾") == 129
    assert holds(every_word(OUTSIDE), "羊毛围巾129元")
    assert price("帆布手提包") == 55
    assert holds(every_word(FURIOUS), "帆布手提包55元")


def test_the_leggings_of_october_are_of_the_faulty_batch() -> None:
    lines = data.load("order_lines").merge(data.load("orders"), on="order_id")
    sold = lines[lines.sku.str.startswith("NX20") & (lines.batch == "B2509")].created_at
    assert sold.min().month == 9
    assert sold.max().month == 11  # so all of October's are B2509
    assert "10月她申请过" in AGAIN.scene


def test_the_scarf_may_come_back_until_the_seventh_day() -> None:
    assert "1月9日签收" in OUTSIDE.scene
    assert date(2026, 1, 9) + timedelta(days=7) == date(2026, 1, 16)
    assert "16日" in OUTSIDE.turns["crowd"].right.say


def test_the_owner_hears_what_the_rules_and_the_knowledge_base_say() -> None:
    assert known("K301").startswith("我们不做好评返现，现行规定也不允许")
    assert "“我们不做好评返现，现行规定也不允许。”" in BOSS.scene
    assert "第九条" in STANDS["R36"]["source"]
    assert "2024-09-01" in STANDS["R36"]["source"]
    assert "第九条" in BOSS.turns["open"].right.say
    assert "最高罚100万元" in STANDS["R09"]["text"]
    assert holds(every_word(BOSS), "一百万是虚假宣传罚款的上限", "平台也不得删客人的评价")
    assert "不得删除" in STANDS["R38"]["text"]


def test_the_owner_hears_the_reviews_of_december() -> None:
    december = reviews()[reviews()["at"].dt.month == 12]
    causes = december[december.bad].cause.value_counts()
    assert (len(december), int((~december.bad).sum()), int(december.bad.sum())) == (309, 279, 30)
    assert (causes["物流"], causes["尺码"], causes["服务"]) == (11, 5, 4)
    assert causes.idxmax() == "物流"
    assert "309条评价，279条好评，另外30条里，物流11条，尺码5条，服务4条" in BOSS.scene
    assert "309条评价，279条好评，另外30条里物流11条" in TEACH
    low, high = wilson(279, 309)
    assert 0.03 < (high - low) / 2 < 0.04  # 上下晃三个多百分点
    assert high < 0.95


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_what_the_rules_forbid_never_ends_well(talk: Scenario) -> None:
    forbidden = ("改成五星", "把评价删了", "微信", "一星改了", "先拍几单", "删差评的", "差评师")
    for turn in talk.turns.values():
        for option in turn.options:
            if any(words in option.say for words in forbidden):
                kinds = {talk.endings[b.go].kind for b in option.to if b.go in talk.endings}
                assert not option.right
                assert "good" not in kinds


# Guesses, statements, quiz


def test_ten_good_ones_rank_below_ninety_of_a_hundred() -> None:
    guess = ASKED["ten-or-hundred"]
    few, many = wilson(10, 10)[0], wilson(90, 100)[0]
    assert few < many
    assert f"10条全好是{few:.1%}，100条里90条好是{many:.1%}" in guess["shows"]
    assert right(guess).startswith("乙")


def test_one_star_is_covered_by_as_many_fives_as_told() -> None:
    guess = ASKED["cover-one"]
    assert guess["answer"] == ceil(round((4.9 - 1) / (5 - 4.9), 6))
    assert (1 + 5 * guess["answer"]) / (1 + guess["answer"]) == pytest.approx(4.9)
    assert {trap["value"]: round((1 + 5 * trap["value"]) / (1 + trap["value"]), 2)
            for trap in guess["traps"]} == {1: 3.0, 4: 4.2, 10: 4.64}  # fmt: skip


def test_the_causes_are_counted_right() -> None:
    guess, bad = ASKED["which-cause"], reviews()[reviews().bad]
    causes = bad.cause.value_counts()
    assert (len(reviews()), len(bad), len(causes)) == (2121, 240, 8)
    assert dict(causes[["物流", "质量", "服务", "尺码", "恶意"]]) == {
        "物流": 72, "质量": 44, "服务": 42, "尺码": 24, "恶意": 6
    }  # fmt: skip
    assert list(causes.index[:3]) == ["物流", "质量", "服务"]
    assert bad[bad.cause == "恶意"].customer_id.nunique() == 2
    assert f"72条，占{percent(72, 240)}；质量44条，服务42条，恶意的只有6条" in guess["shows"]
    slow = bad[bad.cause == "物流"]
    assert (slow.late | slow.problem).all()


def test_two_of_the_four_who_show_all_signs_are_honest() -> None:
    told, chats = ASKED["t-three-signs"]["why"], data.load("chats").set_index("chat_id")
    asked = data.load("messages").query("sender == '买家'")
    outside = asked[asked.text.str.contains("加个好友|换个软件|手机号发我")].chat_id
    claims = asked[asked.text.str.contains(r"^赔\d|赔我\d|，赔\d|\d+元，少一分")].chat_id
    both = {*outside.map(chats.customer_id)} & {*claims.map(chats.customer_id)}
    low = reviews()[reviews().customer_id.isin(both) & reviews().bad]
    assert len(both) == low.customer_id.nunique() == 4
    assert not low.has_photo.any()
    wicked = {*low[low.cause == "恶意"].customer_id}
    assert len(wicked) == 2
    assert f"三样都占的有{len(both)}位，{len(both) - len(wicked)}位是真生气的客人" in told
    orders = reviews()[reviews().customer_id.isin(wicked)].order_id
    disputes = data.load("disputes").set_index("order_id")
    assert len(orders) == 6
    assert (disputes.outcome[orders] == "支持卖家").all()
    honest = low[~low.customer_id.isin(wicked) & low.order_id.isin(claims.map(chats.order_id))]
    assert len(honest) == 2
    returned = data.load("returns").query("reason == '质量问题' and status == '已完成'").order_id
    assert (honest.late | honest.order_id.isin(returned)).all()
    assert honest.follow_up.str.contains("话说重了").all()


def test_who_asks_to_talk_elsewhere_is_seldom_one() -> None:
    guess = ASKED["only-outside"]
    ones, others = 100, 0.05 * 9900
    assert guess["answer"] == round(100 * ones / (ones + others), 1) == 16.8
    assert holds(guess["why"], f"{others:.0f}位要站外", f"100÷{ones + others:.0f}")
    assert "要站外的595位里，职业差评师100位 ＝ 16.8%" in TEACH


def test_late_parcels_are_followed_by_bad_reviews() -> None:
    guess = ASKED["late-bad"]
    late, timely = (reviews()[reviews().late == late].bad for late in (True, False))
    assert (late.sum(), len(late), timely.sum(), len(timely)) == (69, 171, 171, 1950)
    assert guess["answer"] == round(100 * late.mean())
    assert f"171条里69条，{late.mean():.1%}；准时的只有{timely.mean():.1%}" in guess["shows"]


def test_no_month_is_out_of_control() -> None:
    guess, by = ASKED["out-of-line"], reviews().groupby(reviews()["at"].dt.month).bad
    points = p_chart({str(m): (len(b) - int(b.sum()), len(b)) for m, b in by})
    assert guess["answer"] == sum(point.out for point in points) == 0
    best, worst = max(points, key=lambda p: p.rate), min(points, key=lambda p: p.rate)
    assert (best.name, worst.name) == ("4", "10")
    assert f"4月，{best.rate:.1%}；最低的是10月，{worst.rate:.1%}" in guess["ask"]
    told = f"10月{worst.pieces}条，控制限从{worst.lower:.1%}到{worst.upper:.1%}"
    assert guess["why"].startswith(told)
    assert f"4月{best.pieces}条，上限是{best.upper:.1%}" in guess["why"]
    assert 0.01 < worst.rate - worst.lower < 0.02  # 还有一个多百分点
    assert 40 < min(p.pieces for p in points) < max(p.pieces for p in points) < 310


def test_few_with_faulty_goods_write_a_bad_review() -> None:
    guess = ASKED["who-writes"]
    lines = data.load("order_lines").query("batch == 'B2509' and sku.str.startswith('NX20')")
    returned = lines.merge(
        data.load("returns").query("reason == '质量问题'"), on=["order_id", "line"]
    )
    wrote = returned.merge(reviews(), on=["order_id", "sku"])
    assert (len(returned), len(wrote), guess["answer"]) == (23, 5, wrote.bad.sum())
    assert sorted(wrote.stars) == [1, 3, 3, 4, 5]
    done = data.load("orders").query("status == '交易成功'").order_id
    share = done.isin(reviews().order_id).mean()
    assert f"交易成功的{len(done)}单，100单里只有{100 * share:.0f}单" in guess["shows"]


def test_the_favourable_rate_of_the_quiz() -> None:
    question, stars = ASKED["count-good"], {5: 150, 4: 26, 3: 14, 2: 4, 1: 6}
    total = sum(stars.values())
    assert all(f"{star}星{count}条" in question["ask"] for star, count in stars.items())
    assert question["answer"] == 100 * (stars[5] + stars[4]) / total
    mean = sum(star * count for star, count in stars.items()) / total
    assert [trap["value"] for trap in question["traps"]] == [
        100 * stars[5] / total,
        100 * (total - stars[1] - stars[2]) / total,
        100 * (total - stars[1]) / total,
        pytest.approx(100 * mean / 5),
    ]
    assert "平均4.55分" in question["traps"][3]["why"]


def test_the_reviews_that_are_quoted_stand_in_the_table() -> None:
    for text, stars in (
        ("还以为衣架比图上大，原来只有一个，有点失望", 3),
        ("物流显示签收，后来才知道邻居代收了，当时很生气", 2),
    ):
        (one, *_) = reviews()[reviews().text == text].itertuples()
        assert (one.cause, one.stars) == ("误会", stars)
    assert ASKED["which-root"]["ask"].startswith("三星：“还以为衣架比图上大")
    assert "两星：“物流显示签收，后来才知道邻居代收了，当时很生气。”" in TEACH
    assert price("珊瑚绒毯") == 99
    assert "好些人嫌99元的毯子薄" in ASKED["goods"]["options"][0]["text"]
    assert "深灰" in {row["colour"] for row in data.rows("products") if row["title"] == "加厚毛巾"}
