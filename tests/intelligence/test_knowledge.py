"""A base with one meaning an entry, and what the chats say of what it lacks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.intelligence.bots import TOPICS
from kefu.intelligence.knowledge import (
    COLUMNS,
    ENOUGH,
    OWNERS,
    SHORT,
    WAYS,
    Exchange,
    KnowledgeBase,
    KnowledgeEntry,
    Wrong,
    exchanges,
    gaps,
    review_due,
    shop_base,
    shop_exchanges,
    shop_gaps,
    top_questions,
    unheard,
    wrong_answers,
)
from kefu.language import normal

YEAR_END = date(2025, 12, 31)
POST = KnowledgeEntry(
    "K1", "物流问题", "满多少包邮？", "满88元包邮，新疆、西藏和港澳台除外。", "阿川",
    date(2026, 3, 1), date(2026, 9, 1), similar=("运费多少", "邮费谁出"),
)  # fmt: skip

# A base


def test_an_entry_says_what_is_wrong_with_it():
    for changes, named in (
        ({"answer": "好" * (SHORT + 1)}, "answer"),
        ({"topic": "别的"}, "topic"),
        ({"owner": " "}, "owner"),
        ({"review_by": POST.updated_on}, "review_by"),
        ({"similar": ("包邮|邮费",)}, "similar"),
        ({"similar": ("！！",)}, "similar"),
        ({"keywords": ("邮费\n",)}, "keywords"),
        ({"way": "发短信"}, "way"),
        ({"hits": -1}, "hits"),
    ):
        with pytest.raises(ValueError, match=named):
            replace(POST, **changes)


def test_one_meaning_stands_in_one_entry():
    other = replace(POST, entry_id="K2", question="运费 多少！", similar=())
    with pytest.raises(ValueError, match=r"K2.*一问一义.*K1"):
        KnowledgeBase((POST, other))
    with pytest.raises(ValueError, match=r"K2.*一问一义.*K1"):
        KnowledgeBase((POST,)).add(other)
    with pytest.raises(ValueError, match="entry_id"):
        KnowledgeBase((POST, replace(POST, question="另一问", similar=())))


def test_the_same_words_about_two_products_are_two_meanings():
    one = replace(POST, product_id="NX01", keywords=("短袖",))
    other = replace(one, entry_id="K2", product_id="NX02", keywords=("袜子",))
    base = KnowledgeBase((one, other))
    assert [found.entry.entry_id for found in base.find("袜子邮费谁出")] == ["K2"]
    assert base.bare("袜子邮费谁出") == "邮费谁出"


def test_more_ways_to_ask_make_an_entry_heard():
    base = KnowledgeBase(
        (POST, replace(POST, entry_id="K2", topic="售后问题", question="怎么退货", similar=()))
    )
    asked = "邮钱咋算"
    assert base.reply(asked, 0.7) is None
    more = base.ask_also("K1", "邮钱怎么算", "运费多少？", "邮钱怎么算！")
    assert more.entry("K1").similar == ("运费多少", "邮费谁出", "邮钱怎么算")
    found = more.reply(asked, 0.5)
    assert found is not None
    assert found.entry.entry_id == "K1"
    assert len(more) == 2
    assert base.reply("", 0.5) is None
    with pytest.raises(ValueError, match="entry_id"):
        base.entry("K9")


words = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="|\r\n"), min_size=1
).filter(normal)
texts = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=SHORT).filter(
    str.strip
)
days = st.dates(date(2024, 1, 1), date(2027, 1, 1))


@st.composite
def bases(draw: st.DrawFn) -> KnowledgeBase:
    asked = draw(st.lists(words, unique_by=normal, max_size=12))
    made = []
    while asked:
        size = draw(st.integers(1, len(asked)))
        own, asked = asked[:size], asked[size:]
        day = draw(days)
        made.append(
            KnowledgeEntry(
                f"K{len(made)}", draw(st.sampled_from(TOPICS)), own[0], draw(texts), draw(texts), day,
                day + timedelta(draw(st.integers(1, 400))), tuple(own[1:]), tuple(draw(st.lists(words, max_size=3))),
                draw(st.sampled_from(("", "NX01"))), draw(st.sampled_from(WAYS)), draw(st.integers(0, 9999)),
            )
        )  # fmt: skip
    return KnowledgeBase(tuple(made))


@given(bases())
def test_a_base_comes_back_from_csv_as_it_was(base: KnowledgeBase):
    text = base.to_csv()
    again = KnowledgeBase.from_csv(text)
    assert again == base
    assert again.to_csv() == text


@given(bases(), st.data())
def test_what_is_added_twice_is_refused_and_changes_nothing(
    base: KnowledgeBase, draw: st.DataObject
):
    before = base.entries
    if not before:
        return
    old = draw.draw(st.sampled_from(before))
    asked = draw.draw(st.sampled_from(old.asked))
    with pytest.raises(ValueError, match="一问一义"):
        base.add(replace(old, entry_id="新", question=f"{asked}？", similar=()))
    assert base.entries == before


@given(bases())
def test_every_question_of_a_base_finds_its_entry(base: KnowledgeBase):
    for entry in base.entries:
        for asked in entry.asked:
            assert base.nearness(asked) == pytest.approx(1) or not normal(base.bare(asked))


def test_a_table_that_is_wrong_names_the_line():
    text = KnowledgeBase((POST,)).to_csv()
    for broken, told in (
        (text.replace("2026-03-01", "三月一号"), r"第2行.*updated_on"),
        (text.replace('"0"\n', '"多"\n'), r"第2行.*hits"),
        (text.replace("物流问题", "物流"), r"第2行.*topic"),
        (text.replace(',"阿川"', ""), r"第2行.*格"),
        (text.replace("topic", "话题", 1), "表头"),
        ("", "表头"),
    ):
        with pytest.raises(ValueError, match=told):
            KnowledgeBase.from_csv(broken)
    assert KnowledgeBase.from_csv(data.MARK + text) == KnowledgeBase((POST,))
    assert text.splitlines()[0].replace('"', "") == ",".join(COLUMNS)


def test_the_shop_s_base_has_a_meaning_an_entry_and_comes_back_from_csv():
    base = shop_base()
    assert len(base) == len(data.rows("knowledge")) == 306
    assert {entry.owner for entry in base.entries} == set(OWNERS.values())
    assert KnowledgeBase.from_csv(base.to_csv()) == base
    few = [entry for entry in base.entries if len(entry.similar) < ENOUGH]
    assert len(few) == 200
    assert max(len(entry.answer) for entry in base.entries) == 85


def test_what_is_alike_in_characters_may_not_be_in_meaning():
    pairs = [(pair.one.question, pair.other.question) for pair in shop_base().twins(0.7)]
    assert ("关键词：生日", "关键词：生日礼") in pairs
    assert ("关键词：代付", "关键词：代收") in pairs


def test_the_hundred_hottest_answer_three_quarters():
    hot = top_questions(shop_base())
    assert len(hot) == 100
    assert [one.rank for one in hot] == list(range(1, 101))
    assert all(one.hits >= other.hits for one, other in pairwise(hot))
    assert hot[19].up_to_here == pytest.approx(0.401, abs=5e-4)
    assert hot[-1].up_to_here == pytest.approx(0.744, abs=5e-4)
    assert len(top_questions(shop_base(), 1000)) == 306
    assert top_questions(KnowledgeBase(())) == ()


# What the chats say


def test_a_chat_gives_what_the_robot_missed_and_what_a_person_said():
    told = [
        ("系统", "客户从详情页进入"), ("买家", "在吗"), ("机器人", "亲，欢迎来到暖巷生活馆"),
        ("买家", "能寄到日本吗"), ("机器人", "这个暖暖答不好，您再说得具体一点试试？"), ("买家", "转人工"),
        ("机器人", "好的，正在为您转接人工客服，请稍等。"), ("系统", "客服小棠已接入会话"), ("客服", "您好，我是小棠"),
        ("客服", "海外目前要走转运"), ("客服", "我问清楚再答您"), ("买家", "那韩国呢，能寄吗"), ("客服", "也是一样的"),
        ("买家", "好"), ("客服", "不客气"),
    ]  # fmt: skip
    assert exchanges("H1", "物流问题", told) == [
        Exchange("H1", "物流问题", "能寄到日本吗", missed=True, answer="海外目前要走转运"),
        Exchange("H1", "物流问题", "那韩国呢，能寄吗", answer="也是一样的"),
    ]


def test_a_customer_who_scolds_the_robot_asks_nothing():
    told = [("买家", "答非所问，你看清楚"), ("机器人", "抱歉，这个问题暖暖还没学会")]
    assert exchanges("H1", "聊天互动", told) == []


PLANTED = {
    "招聘": "招人|应聘|兼职|招.{0,3}(模特|客服|仓库)|缺人手",
    "商务合作": "合作|加盟|供应商|粉丝",
    "检测报告": "报告|证书|国家标准|检验|白纸黑字|凭据|有章有字|国家认可|机构验",
    "定制刻字": "定制|刻|绣|印|专属的|留个名字|日子|特别款|独一份|照片",
    "老带新": "老带新|带.{0,4}(朋友|闺蜜|同事|人).{0,6}(来|了)|推荐朋友|介绍|宣传|分享",
    "学生优惠": "学生|教师|军人|护士|念书|老师",
    "企业采购": "采购|团购|批量|大批|公账|对公|三百号人|招标",
    "专用发票": "专票|专用|抵税|纳税|进项|抵扣",
    "快递柜": "快递柜|驿站|上楼|六楼|电梯|丰巢|代收点|扛上来|楼下",
    "寄海外": "国外|海外|日本|美国|英国|加拿大|韩国|马来|留学",
    "维修": "维修|修|保修|三包|单补|单买|配件|扣",
    "旧衣回收": "回收|旧换新|穿不着|旧的|折个价",
}
"""By which words a person tells which planted gap a suggestion is about: more than half of its examples."""


def planted(examples: tuple[str, ...]) -> set[str]:
    return {
        name
        for name, words in PLANTED.items()
        if 2 * sum(bool(re.search(words, text)) for text in examples) > len(examples)
    }


def test_eleven_of_the_twelve_planted_gaps_are_among_the_first_fifteen_suggestions():
    first = shop_gaps()[:15]
    found = set().union(*(planted(one.examples) for one in first))
    assert len(found) >= 10
    assert set(PLANTED) - found == {"招聘"}  # three people asked, each in other words
    assert [one.chats for one in first[:4]] == [39, 30, 29, 14]
    assert all(planted(one.examples) for one in first)
    assert all(one.chats >= other.chats for one, other in pairwise(first))


def test_suggestions_have_what_new_entries_need():
    base = shop_base()
    for number, one in enumerate(shop_gaps()[:10]):
        entry = KnowledgeEntry(f"新{number}", one.topic, one.question, one.draft, OWNERS[one.topic], date(2026, 3, 5),
                      date(2026, 9, 1), one.examples[1:])  # fmt: skip
        base = base.add(entry)
    for number, one in enumerate(shop_gaps()[:10]):
        found = base.reply(one.question)
        assert found is not None
        assert found.entry.entry_id == f"新{number}"


def test_what_has_been_added_is_no_longer_a_gap():
    base = shop_base()
    first = shop_gaps()[0]
    known = base.add(
        KnowledgeEntry("新", first.topic, first.question, first.draft, "阿川", date(2026, 3, 5), date(2026, 9, 1),
              first.examples[1:])
    )  # fmt: skip
    left = [one for one in shop_exchanges() if one.missed and one.question in first.examples]
    assert all(known.nearness(one.question) > 0.99 for one in left)
    assert gaps(left, known) == ()


def test_no_chats_have_no_gaps_and_too_few_are_passed_over():
    base = shop_base()
    assert gaps((), base) == ()
    one = Exchange("H1", "物流问题", "能寄到月球吗", missed=True)
    assert gaps((one,), base) == ()
    assert gaps((one, one), base) == ()  # the same chat
    assert [found.question for found in gaps((one,), base, least=1)] == ["能寄到月球吗"]
    assert gaps((one,), base, least=1)[0].draft == ""


def test_an_answer_that_fits_anything_joins_nothing():
    base = KnowledgeBase((
        POST,
        replace(POST, entry_id="K2", question="怎么退货退款", answer="点申请退货。", similar=()),
        replace(POST, entry_id="K3", question="几天能到我家", answer="三天。", similar=()),
    ))  # fmt: skip
    vague, real = "亲，这个请参考详情页为准", "海外目前要走转运，我问清楚"
    talks = [
        Exchange("H1", "售后问题", "怎么退货退款", answer=vague),
        Exchange("H2", "物流问题", "几天能到我家", answer=vague),
        Exchange("H3", "物流问题", "能寄到日本吗", missed=True, answer=real),
        Exchange("H4", "物流问题", "美国收得着不", missed=True, answer=real),
        Exchange("H5", "商品问题", "可以绣花吗", missed=True, answer=vague),
        Exchange("H6", "商品问题", "有没有证书", missed=True, answer=vague),
    ]  # fmt: skip
    found = gaps(talks, base, least=1)
    assert [(one.chats, one.draft) for one in found] == [(2, real), (1, ""), (1, "")]
    assert set(found[0].examples) == {"能寄到日本吗", "美国收得着不"}


def test_some_answers_are_there_and_not_heard():
    found = unheard(shop_exchanges(), shop_base())
    assert found[0].chats == 25
    assert found[0].entry.question == "发什么快递？"
    assert all(one.chats >= other.chats for one, other in pairwise(found))


# What is due


def test_six_in_ten_entries_are_past_their_review():
    due = review_due(shop_base(), YEAR_END)
    assert len(due.entries) == 182
    assert due.share == pytest.approx(0.595, abs=5e-4)
    assert sum(due.by_owner().values()) == 182
    assert next(iter(due.by_owner())) == "阿栀"
    assert all(one.review_by < YEAR_END for one in due.entries)
    assert review_due(shop_base(), date(2026, 3, 5)).share == pytest.approx(0.840, abs=5e-4)
    assert review_due(KnowledgeBase(()), YEAR_END).share == 0


def test_an_entry_is_good_on_its_last_day():
    assert not POST.due(POST.review_by)
    assert POST.due(POST.review_by + timedelta(1))


def test_old_entries_are_wrong_three_times_as_often():
    year = wrong_answers()
    assert (year.wrong, year.expired.wrong, year.expired.used) == (4867, 1349, 6885)
    assert year.from_expired == pytest.approx(0.277, abs=5e-4)
    assert year.expired.share == pytest.approx(0.196, abs=5e-4)
    assert year.current.share == pytest.approx(0.060, abs=5e-4)
    assert year.before.share == pytest.approx(0.185, abs=5e-4)
    assert year.avoidable == pytest.approx(932, abs=0.5)
    last = wrong_answers(since=date(2025, 12, 1))
    assert (last.wrong, last.expired.wrong) == (603, 436)
    assert last.from_expired == pytest.approx(0.723, abs=5e-4)
    low, high = year.expired.interval
    assert low > year.current.interval[1]
    assert low < year.expired.share < high


def test_days_are_counted_once_and_nothing_is_wrong_where_nothing_was_asked():
    one, two = wrong_answers(until=date(2025, 6, 30)), wrong_answers(since=date(2025, 7, 1))
    assert one.wrong + two.wrong == wrong_answers().wrong
    none = wrong_answers(date(2030, 1, 1), date(2030, 1, 2))
    assert none.from_expired == none.avoidable == none.expired.share == 0
    with pytest.raises(ValueError, match="until"):
        wrong_answers(date(2025, 2, 1), date(2025, 1, 1))
    with pytest.raises(ValueError):
        _ = Wrong("没改过", 0, 0).interval
