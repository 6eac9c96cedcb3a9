from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.talk import Typed, find, play
from kefu.talk.intent import Match, Matcher


@dataclass(frozen=True)
class Way:
    intent: str
    say: str
    like: tuple[str, ...] = ()


WAYS = (
    Way(
        "explain",
        "满88包邮不含新疆，运费18元，页面上有说明",
        ("新疆不包邮，运费18块", "偏远地区运费18元"),
    ),
    Way("waive", "行，这单我给您免运费了", ("运费给您免了", "我做主，这次包邮")),
    Way("blame", "运费是快递公司收的，不归我们管", ("快递定的价，您问快递", "这是快递的问题")),
)


def test_every_way_to_say_an_option_is_surely_that_option() -> None:
    reader = Matcher(WAYS)
    for way in WAYS:
        for text in (way.say, *way.like):
            assert reader.match(text) == Match(way.intent, True, 1.0)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("新疆那边运费是18元", "explain"),
        ("这次运费我给您免了", "waive"),
        ("您去问快递公司吧，运费他们收的", "blame"),
    ],
)
def test_other_words_for_an_option_are_taken_for_it(text: str, intent: str) -> None:
    found = Matcher(WAYS).match(text)
    assert (found.intent, found.sure) == (intent, True)


@pytest.mark.parametrize(
    ("talk", "text", "intent"),
    [
        ("回错窗口", "抱歉我发错人了", "own"),
        ("回错窗口", "抱歉，我发错人了。", "own"),
        ("转给售后", "我先看看照片，您别急", "take"),
        ("转给售后", "您别急，我先看看照片", "take"),
        ("给老伴挑羽绒服", "您老伴多高多重呀？", "ask"),
        ("给老伴挑羽绒服", "您老伴多高，多重", "ask"),
        ("有现货吗几时到", "有的，我帮您查一下库存", "guess"),
        ("有现货吗几时到", "有的，我查一下库存", "guess"),
    ],
)
def test_what_one_naturally_types_first_is_heard(talk: str, text: str, intent: str) -> None:
    scene = find(talk)
    (beat,) = play(scene, [Typed(text)]).beats
    assert beat.option
    assert beat.option.intent == intent


@pytest.mark.parametrize("text", ["", "😊", "hello", "今天天气不错"])
def test_what_means_nothing_here_is_never_sure(text: str) -> None:
    assert not Matcher(WAYS).match(text).sure


def test_without_options_nothing_is_matched() -> None:
    assert Matcher(()).match("好的") == Match(None, False, 0.0)


def test_what_is_as_near_to_one_option_as_to_another_is_not_sure() -> None:
    two = (Way("a", "今天给您补发"), Way("b", "今天给您退款"))
    assert not Matcher(two).match("今天给您").sure


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_has_a_score_and_only_a_known_intent(text: str) -> None:
    found = Matcher(WAYS).match(text)
    assert 0 <= found.score <= 1.000001
    assert found.intent in {None, *(way.intent for way in WAYS)}
    assert found.intent or not found.sure


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError):
        Matcher(WAYS).match(None)  # type: ignore[arg-type]
