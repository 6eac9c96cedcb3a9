from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.language import grams, normal
from kefu.talk import Typed, find, play
from kefu.talk.intent import Match, Matcher, counted, refused
from kefu.talk.lint import denied
from kefu.talk.play import matcher


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


@pytest.mark.parametrize(
    ("talk", "turn", "text", "not_"),
    [
        ("差价转我微信", "way", "不好意思微信转不了，我在平台上退给您", "okay"),
        ("差价转我微信", "way", "不能用微信转给您", "okay"),
        ("差价转我微信", "way", "您别发收款码，财务不能扫", "finance"),
        ("差价转我微信", "code", "您别报过来，我不核对身份", "trust-us"),
        ("毯子发不出了", "claim", "我不能随口赔您30元，也不能送袜子", "promise"),
        ("新疆不包邮", "open", "免运费我申请不了，18元也没法退给您", "waive"),
        ("明天能到吗", "open", "寄河南两天到不了，生日不一定赶得上", "twodays"),
        ("太贵了", "haggle", "99不行，我没法跟主管说，价改不了", "yes"),
        ("五天没动静", "ways", "3号前不一定能送到，我不敢保证不耽误叔叔", "surely"),
        ("签收了没收到", "open", "显示签收不等于送到了，您不用再找", "signed"),
        ("退货没收到", "when", "明天不一定能找到，我不敢保证明天退", "guarantee"),
        ("双11夜几天到", "use", "星期六肯定到不了，您别急着拍", "saturday"),
        ("有没有活人", "answer", "我不能说绝对不掉色，也不能拿信誉担保", "vow"),
        ("五天没动静", "open", "稍等我看看", "slow"),
    ],
)
def test_what_is_denied_is_not_taken_for_what_says_it(
    talk: str, turn: str, text: str, not_: str
) -> None:
    found = matcher(find(talk).turns[turn]).match(text)
    assert not (found.sure and found.intent == not_)


@pytest.mark.parametrize(
    ("talk", "turn", "text", "intent"),
    [
        ("差价转我微信", "way", "不好意思微信转不了，我在平台上退给您", "platform"),
        ("差价转我微信", "way", "不用加微信，我直接后台退给您，钱回您原来付款的地方", "platform"),
        ("差价转我微信", "open", "这个是我们仓库看漏了，不好意思啊，8块肯定要还您的", "own"),
        (
            "差价转我微信", "close",
            "退款记录您点开那个订单就有，余额付的今天就到，卡的话三天内，我8号再看看到了没", "record",
        ),
        ("签收了没收到", "open", "这边显示是邻居签的，我去问问快递是哪户", "own"),
        ("加个微信便宜", "wechat", "微信加不了，号码您别发，还是在店里付", "undo"),
        ("新疆不包邮", "pinned", "18块退不了您，刚才是我说早了，对不起", "correct"),
        ("回错窗口", "pry", "他买了什么，我不能告诉您", "keep"),
        ("太贵了", "haggle", "99不行，价我改不了，刚才说快了，对不起", "undo"),
        ("双11夜几天到", "sure", "对不起，星期六到不了，到武汉要四五天，明晚八点告诉您", "retract"),
        ("夜里的承诺", "open", "对不起，机器人答应的货到付款发不了，是我们说错了，这话我们认", "own"),
    ],
)  # fmt: skip
def test_what_a_line_denies_and_does_is_heard_in_its_turn(
    talk: str, turn: str, text: str, intent: str
) -> None:
    found = matcher(find(talk).turns[turn]).match(text)
    assert (found.intent, found.sure) == (intent, True)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_a_line_is_counted_as_it_is_read_whatever_it_denies(text: str) -> None:
    assert "".join(one for one, _ in denied(text)) == normal(text)
    assert set(counted(text)) == set(grams(normal(text)))


PAYS = (
    Way(
        "pay",
        "多收的20元今天原路退您",
        ("20元退您，今天办", "差价20元，退回您付款的账户", "今天退20元给您"),
    ),
    Way("wait", "您先等等，我问问主管再说", ("我去问一下，您等等", "这个要问主管")),
    Way("keep", "已经超过时间，这20元退不了", ("不能退您差价", "超过时间不退的")),
)


@pytest.mark.parametrize(
    "text", ["不能退您20元", "20元退不了", "今天20元我们不退", "没法退您20元", "20元不会给您退的"]
)
def test_a_refusal_is_not_heard_as_what_it_refuses(text: str) -> None:
    found = Matcher(PAYS[:2]).match(text)
    assert found.intent != "pay" or not found.sure
    found = Matcher(PAYS).match(text)
    assert found.intent == "keep" or not found.sure


@pytest.mark.parametrize(
    "text", ["今天就退您20元", "差价20元今天退回您账户", "退不退？退，20元今天原路退您"]
)
def test_what_refuses_nothing_is_heard_as_before(text: str) -> None:
    assert Matcher(PAYS).match(text).intent == "pay"
    assert not refused(text)
    assert Matcher(PAYS).match(text).sure
