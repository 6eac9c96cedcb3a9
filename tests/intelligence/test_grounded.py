from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.intelligence.bots import TOPICS
from kefu.intelligence.grounded import (
    BYS,
    REFUSAL,
    GroundedBot,
    Library,
    Passage,
    Query,
    Tally,
    Tried,
    cited,
    familiar,
    hits,
    quote,
    rule_library,
    shop_cases,
    shop_library,
    tally,
    threshold_for,
    tried,
)
from kefu.intelligence.inventor import invent
from kefu.language import Nearest, normal

TEXT = st.text(
    alphabet="满包邮退货运费七天多少钱吗新疆保温杯掉色不会您我们哪里abc12 ，。？", max_size=30
)


@cache
def found_by(similar: int, words: bool) -> Any:
    """What a library finds for the shop's cases: made for the test that asks, not for who lists the tests."""
    return tried(shop_library(similar, words), shop_cases())


# Finding


@settings(max_examples=50)
@given(TEXT, st.sampled_from(BYS), st.integers(1, 5))
def test_passages_come_once_the_nearest_first(text: str, by: str, most: int) -> None:
    found = shop_library().retrieve(text, by, most)  # type: ignore[arg-type]
    scores = [one.score for one in found]
    assert len(found) <= most
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({one.passage.source for one in found}) == len(found)


@pytest.mark.parametrize("place", [0, 60, 120, 190, 227])
def test_an_entry_is_found_by_its_own_question_and_its_own_answer(place: int) -> None:
    library = shop_library(0, words=False)
    passage = library.passages[place]
    assert library.retrieve(passage.question, "问", 1)[0].passage.question == passage.question
    assert library.retrieve(passage.answer, "答", 1)[0].passage == passage


def test_strange_words_lower_the_score() -> None:
    library = Library([Passage("A", "几天退款", "两天。"), Passage("B", "包邮吗", "满88元。")])
    plain, odd = library.retrieve("几天退款"), library.retrieve("几天退款充电器功率")
    assert plain[0].passage == odd[0].passage
    assert plain[0].score > odd[0].score > 0
    index = Nearest(["几天退款"])
    assert familiar(index, "几天退款") == pytest.approx(1)
    assert familiar(index, "") == familiar(index, "甲乙") == 0


def test_a_library_needs_passages_with_numbers_of_their_own() -> None:
    with pytest.raises(ValueError, match="passages"):
        Library([])
    with pytest.raises(ValueError, match="passages"):
        Library([Passage("A", "问", "答")] * 2)
    with pytest.raises(ValueError, match="answer"):
        Passage("A", "问", " ")
    with pytest.raises(ValueError, match="most"):
        shop_library().retrieve("包邮吗", most=0)


# Quoting


@settings(max_examples=50)
@given(st.sampled_from(rule_library().passages + shop_library().passages), TEXT)
def test_a_quotation_stands_in_the_entry_word_by_word(passage: Passage, text: str) -> None:
    said = quote(text, passage)
    parts = [part for part in said.replace("；", "。").split("。") if part]
    assert parts
    assert all(part in passage.answer for part in parts)


def test_of_a_long_entry_the_sentences_about_the_question_are_quoted() -> None:
    passage = next(one for one in rule_library().passages if one.source == "R09")
    assert quote("罚多少", passage, 1).startswith("最高罚100万元")


def test_a_reply_says_where_it_is_from_and_that_a_machine_wrote_it() -> None:
    assert cited("好。", "K001").endswith("（智能客服暖暖，依据K001）")


# The bot


@settings(max_examples=50)
@given(TEXT)
def test_an_extractive_bot_has_four_green_lamps_or_refuses(text: str) -> None:
    one = GroundedBot(shop_library()).answer(text)
    assert one.way in ("摘句", "拒答")
    assert (one.lamps is None) == (one.way == "拒答") == (not one.source)
    assert one.lamps is None or one.lamps.green


@settings(max_examples=50)
@given(TEXT, st.sampled_from(["改数字", "换角色", "编承诺", "翻否定"]))
def test_what_a_lamp_stops_does_not_go_out(text: str, slip: str) -> None:
    bot = GroundedBot(shop_library(), writer=lambda _, held: invent(held, slip) or held)  # type: ignore[arg-type]
    one = bot.answer(text)
    if one.way == "改写没过":
        assert one.lamps is not None
        assert one.lamps.red
        assert one.said == cited(quote(text, one.found[0].passage), one.source)
    elif one.way == "改写":
        assert one.lamps is not None
        assert one.lamps.green
        assert one.draft in one.said


def test_it_replies_in_the_form_of_the_other_generations() -> None:
    bot = GroundedBot(shop_library(10))
    reply = bot.reply("满多少包邮")
    assert (reply.source, reply.topic, reply.handoff) == ("K206", "物流问题", False)
    assert "满88元包邮" in reply.text
    assert reply.why[0].kind == "相近"
    assert reply.topic in TOPICS
    refused = bot.reply("充电器是几瓦的")
    assert (refused.text, refused.handoff, refused.source) == (REFUSAL, True, "")
    assert bot.reply("再不处理我要投诉").handoff


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_answers_no_more(low: float, high: float) -> None:
    low, high = sorted((low, high))
    first, second = tally(found_by(0, True), low), tally(found_by(0, True), high)
    assert first.right >= second.right
    assert first.wrong >= second.wrong
    assert first.made_up >= second.made_up
    assert first.coverage >= second.coverage


def test_a_threshold_is_a_share() -> None:
    with pytest.raises(ValueError, match="threshold"):
        GroundedBot(shop_library(), threshold=1.5)
    with pytest.raises(ValueError, match="by"):
        GroundedBot(shop_library(), by="猜")  # type: ignore[arg-type]


def test_counts_by_hand() -> None:
    found = [
        Tried(Query("甲", "A"), 0.9, ("A", "B")),
        Tried(Query("乙", "B"), 0.8, ("A", "B")),
        Tried(Query("丙", "B"), 0.1, ("B",)),
        Tried(Query("丁", ""), 0.7, ("A",)),
        Tried(Query("戊", ""), 0.0, ()),
    ]
    assert tally(found, 0.5) == Tally(right=1, wrong=1, refused=1, made_up=1, declined=1)
    assert (tally(found, 0.5).answered_right, tally(found, 0.5).coverage) == (1 / 3, 0.6)
    assert (hits(found), hits(found, 2)) == (2 / 3, 1)
    assert threshold_for(found, 0.1) == 0.71
    assert tally([], 0.5).coverage == hits([]) == 0


# The figures that the chapter prints (python -m datasets.measure_grounded)


def test_by_question_more_is_found_than_by_answer() -> None:
    asked = found_by(0, True)
    told, both = (tried(shop_library(), shop_cases(), by) for by in ("答", "问和答"))
    assert [round(hits(one), 3) for one in (asked, told, both)] == [0.534, 0.277, 0.52]
    assert [round(hits(one, 3), 3) for one in (asked, told, both)] == [0.732, 0.427, 0.715]


def test_grounded_is_not_right() -> None:
    found = found_by(0, True)
    assert len([one for one in found if one.case.right]) == 1324
    everything = tally(found, 0)
    assert everything.wrong + everything.refused == 617, "wrong, and each with four green lamps"
    at = tally(found, 0.2)
    assert at == Tally(right=386, wrong=141, refused=797, made_up=23, declined=179)
    assert round(at.answered_right, 3) == 0.702
    bot = GroundedBot(shop_library(10))
    wrong = bot.answer("保温杯能进微波炉吗")
    assert wrong.source == "K165"
    assert wrong.lamps is not None
    assert wrong.lamps.green
    assert "微波炉" not in wrong.said


def test_more_similar_questions_find_more_and_ask_for_a_higher_threshold() -> None:
    found = [found_by(similar, False) for similar in (0, 2, 5, 10)]
    assert [round(hits(one), 3) for one in found] == [0.325, 0.344, 0.43, 0.478]
    fixed = [tally(one, 0.25).made_up_share for one in found]
    assert [round(share, 3) for share in fixed] == [0.089, 0.094, 0.114, 0.158]
    assert [threshold_for(one) for one in found] == [0.25, 0.25, 0.26, 0.28]
    assert all(one < other for one, other in pairwise(fixed))


def test_with_all_similar_questions() -> None:
    found = tried(shop_library(100, words=False), shop_cases())
    assert round(hits(found), 3) == 0.597
    assert round(tally(found, 0.25).made_up_share, 3) == 0.243
    least = threshold_for(found)
    assert least == 0.31
    assert (round(tally(found, least).coverage, 3), round(tally(found, least).answered_right, 3)) == (
        0.415, 0.738)  # fmt: skip


def test_similar_questions_are_of_different_families_and_in_no_test() -> None:
    known = {normal(one.text) for one in shop_cases()}
    for passage in shop_library(5).passages:
        assert len(passage.similar) <= 5
    texts = [normal(text) for one in shop_library(5).passages for text in one.similar]
    assert sum(text in known for text in texts) / len(texts) < 0.02
