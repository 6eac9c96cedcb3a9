from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.talk.lint import KINDS, LONG, NEEDS, acts, lint, lists

FACTS = [["18元", "18块"], ["偏远", "新疆"]]


def kinds(text: str, *needs: str, facts: Any = (), limits: Any = ()) -> list[str]:
    return [one.kind for one in lint(text, needs, facts, limits)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我们不能保证明天到", None),
        ("保证明天到", "保证"),
        ("不好意思，保证明天到", "保证"),
        ("没问题，我保证明天到", "保证"),
        ("您说的“保证明天到”，我不敢答应", None),
        ("不一定明天到", None),
        ("明天到，这事我不敢打包票", None),
        ("ＢＡＯ证，保 证", "保 证"),
        ("掉色就全额赔给您", "全额赔"),
        ("终身包换", "终身"),
        ("女儿订婚一辈子就这一次", None),
        ("您爸辛苦一辈子", None),
        ("这衣服能穿一辈子", "穿一辈子"),
        ("质保一辈子", "保一辈子"),
        ("不好意思微信转不了，我在平台上退给您", None),
        ("这个不好打包票，明天我再看", None),
        ("照片您回头补，我现在先办", None),
        ("回头补您20元", "回头补"),
    ],
)
def test_a_promise_counts_where_it_is_meant(text: str, words: str | None) -> None:
    found = [one.words for one in lint(text) if one.kind == "越权承诺"]
    assert found == ([words] if words else [])


@pytest.mark.parametrize(
    "text",
    [
        "加我微信",
        "您扫这个收款码",
        "五星好评返现3元",
        "全网最低价",
        "顶级面料",
        "您是不是傻",
        "别大惊小怪",
        "急什么急",
        "滚",
        "钱直接打过来",
    ],
)
def test_what_rules_forbid_is_found(text: str) -> None:
    assert kinds(text) == ["违禁用语"]


@pytest.mark.parametrize(
    "text",
    [
        "请不要加陌生人微信",
        "有人让您加微信付款可别信",
        "店里不做好评返现",
        "微信支付在下单页选",
        "您最好单独洗",
        "第一次洗会有浮色",
        "100%棉",
        "您说“你们是不是傻”，我不怪您",
        "好评返现是禁止的，第九条写着",
        "按最近12个月滚着算",
        "您平时什么时候出门",
        "15:30小棠打过去，用店里的座机",
        "不需要验证码和卡号",
    ],
)
def test_what_only_looks_forbidden_is_not(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这是快递的问题", True),
        ("不是快递的问题，是我们没包好", False),
        ("是快递摔的，不过我来赔您补发", False),
        ("不归我们管", True),
        ("您自己没看清", True),
        ("这个我也不知道", True),
        ("年前降不降还没通知，我也不知道", False),
        ("说实话我也不知道年前会不会降", False),
        ("卡片撕没撕，我不知道", False),
        ("我问了仓库，明天18点前发", False),
    ],
)
def test_blame_is_passed_on_or_taken(text: str, found: bool) -> None:
    assert ("推责" in kinds(text)) is found


@pytest.mark.parametrize("emoji", ["😊", "🙏🏽", "❤️", "👨‍👩‍👧", "☀"])
def test_a_line_is_read_without_its_emoji(emoji: str) -> None:
    for text in ("我们没办法", "保证明天到", "加我微信", "今天18点前给您回话"):
        for place in range(len(text) + 1):
            drawn = text[:place] + emoji + text[place:]
            assert acts(drawn) == acts(text), drawn
            assert [one.kind for one in lint(drawn)] == [one.kind for one in lint(text)], drawn
    assert kinds("没办法😊") == ["推责"]
    assert kinds("好" * LONG + emoji * 20) == []
    (found,) = lint(f"保{emoji}证明天到")
    assert found.words == f"保{emoji}证"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("让您久等了", True),
        ("换我也着急", True),
        ("您问得对", True),
        ("有件事要跟您认错", True),
        ("您别着急", False),
        ("请您放心", False),
        ("感谢您的支持与理解", False),
        ("麻烦您拍照", False),
    ],
)
def test_a_feeling_is_named_not_soothed(text: str, heard: bool) -> None:
    assert ("没接情绪" not in kinds(text, "情绪")) is heard


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我今天18点前把单号发您", True),
        ("明天给您补寄", True),
        ("3个工作日内，我们把退款办好", True),
        ("我现在就登记", True),
        ("我先看您这单有没有价保，五分钟回您", True),
        ("2月1日起，掉级前7天我们先告诉您", True),
        ("2月2日我再数给您看", True),
        ("15点30分小棠打您座机", True),
        ("五分钟就好", False),
        ("我们会尽快处理", False),
        ("有消息第一时间通知您", False),
        ("您是11月8日下的单，我催一下", False),
        ("明天要是没发就再说", False),
        ("停了四天了", False),
    ],
)
def test_a_next_step_says_what_and_by_when(text: str, told: bool) -> None:
    assert ("没有下一步" not in kinds(text, "下一步")) is told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("新疆运费18元", True),
        ("偏远地区，十八块", True),
        ("新疆运费不是18元", False),
        ("运费18元", False),
        ("", False),
    ],
)
def test_of_each_group_one_fact_is_said(text: str, told: bool) -> None:
    assert ("没说事实" not in kinds(text, "事实", facts=FACTS)) is told


@pytest.mark.parametrize(
    ("fact", "text", "told"),
    [
        ("7天", "7天内都可以", True),
        ("7天", "17天内都可以", False),
        ("7天", "十七天内都可以", False),
        ("七天", "一百零七天", False),
        ("7天", "1.7天", False),
        ("七天", "寄回 7 天内到账", True),
        ("12.6", "运费12.6", True),
        ("12.6", "运费112.6", False),
        ("12.6", "运费12.65", False),
        ("12.6", "运费12.60元", True),
        ("12.6", "运费12.6。", True),
        ("42", "一共42.00元", True),
        ("42", "一共42.5元", False),
        ("42", "一共420元", False),
        ("4", "四百元", False),
        ("L", "您穿L", True),
        ("L", "您穿XL", False),
        ("L", "您穿ＬＬ", False),
        ("XL", "您穿2XL", False),
        ("XL", "发XL 42元", True),
        ("42", "发XL 42元", True),
        ("发S", "重新发S码", True),
        ("3kg", "3 kg，不是13kg", True),
        ("88元", "满188元", False),
        ("299", "减到299，不满300", True),
    ],
)
def test_a_fact_is_said_whole(fact: str, text: str, told: bool) -> None:
    assert ("没说事实" not in kinds(text, "事实", facts=[[fact]])) is told


def test_what_is_missing_is_told_by_its_first_name() -> None:
    (one,) = lint("运费18元", {"事实"}, FACTS)
    assert "偏远" in one.why
    assert "18" not in one.why


def test_what_was_not_said_quotes_nothing_but_what_stands_for_a_next_step() -> None:
    found = lint("亲，在的，尽快给您", NEEDS, FACTS)
    assert [one.words for one in found] == ["", "", "尽快"]


def test_only_what_a_turn_needs_can_be_missing() -> None:
    assert kinds("好的", facts=FACTS) == []
    assert kinds("好的", *NEEDS, facts=FACTS) == ["没接情绪", "没说事实", "没有下一步"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("运费不收是不行的", False),
        ("免了您的运费", True),
        ("这单免运费", True),
        ("不能给您免运费", False),
        ("免运费我做不了主", False),
        ("“免运费”不在我权限里", False),
    ],
)
def test_limits_are_heard_with_small_words_between(text: str, found: bool) -> None:
    assert (kinds(text, limits=["免运费"]) == ["越权承诺"]) is found


def test_an_empty_limit_is_no_limit() -> None:
    assert lint("好的", limits=["", "😊"]) == []


def test_a_promise_is_told_once_though_two_rules_see_it() -> None:
    assert kinds("我保证", limits=["我保证"]) == ["越权承诺"]


def test_too_long_is_what_does_not_fit_a_screen() -> None:
    assert kinds("好" * LONG) == []
    (one,) = lint("好" * LONG + "呀 ")
    assert (one.kind, one.words) == ("太长", "呀")


@pytest.mark.parametrize("value", [None, 3, b"x", ["好"]])
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="utterance"):
        lint(value)


def test_an_unknown_need_is_refused() -> None:
    with pytest.raises(ValueError, match="needs"):
        lint("好", {"心情"})


def test_every_reason_is_one_chinese_sentence() -> None:
    for one in lists().faults:
        assert one.why
        assert "。" not in one.why


needs = st.sets(st.sampled_from(NEEDS))


@given(st.text(), needs)
@settings(deadline=None)
def test_any_text_gives_findings_whose_words_are_in_it(text: str, asked: set[str]) -> None:
    found = lint(text, asked, FACTS, ["免运费"])
    assert [KINDS.index(one.kind) for one in found] == sorted(KINDS.index(o.kind) for o in found)
    for one in found:
        assert one.words in text
        assert one.why


ALPHABET = (
    "不没别您我们的是快递仓库问题保证一定到全额赔好评返微信加最好，。！“”18元明天点前发~ 😊\n"
)


@given(st.text(alphabet=ALPHABET, max_size=60), needs)
@settings(deadline=None)
def test_what_sounds_like_an_agent_is_read(text: str, asked: set[str]) -> None:
    assert all(one.words in text for one in lint(text, asked, FACTS, ["免运费"]))
    assert acts(text) <= {*KINDS, "情绪", "下一步", "敷衍"}


@given(
    st.text(alphabet=ALPHABET, max_size=40),
    st.sampled_from(
        [
            ("加我微信", "违禁用语"),
            ("我保证", "越权承诺"),
            ("不归我们管", "推责"),
            ("全网最低价", "违禁用语"),
        ]
    ),
)
@settings(deadline=None)
def test_a_faulty_sentence_added_adds_its_fault(text: str, added: tuple[str, str]) -> None:
    words, kind = added
    assert kind in kinds(f"{text}。{words}")


@pytest.mark.parametrize(
    "text",
    ["", " \t\n\u3000", "😂" * 200, "一" * 10_000, "保证“”" * 2500, "<script>alert(1)</script>",
     "\ud800保证", "ﷺ" * 10_000, "\x00\u202e", "{0} %s \\N"],
    ids=["empty", "blank", "emoji", "numerals", "quotes", "markup", "surrogate", "ligatures", "control", "format"],
)  # fmt: skip
def test_hostile_lines_are_read_without_harm(text: str) -> None:
    for one in lint(text, NEEDS, FACTS, ["免运费"]):
        assert one.words in text


# The word lists


def doubled(pattern: str) -> list[str]:
    """What an alternation of a regular expression lists twice, and words that stand twice in a row."""
    found = [hit[0] for hit in re.finditer(r"([\u4e00-\u9fff]{2,})\1", pattern)]
    rest = re.sub(r"\[[^]]*\]|\\.", lambda hit: f"<{hit[0].encode().hex()}>", pattern)
    while parts := re.findall(r"\((?:\?(?:[:=!]|<[=!]))?([^()]*)\)", rest) or [rest]:
        for part in parts:
            found += [one for one, times in Counter(part.split("|")).items() if times > 1]
        if parts == [rest]:
            return found
        rest = re.sub(r"\([^()]*\)", lambda hit: f"<{hit[0].encode().hex()}>", rest)
    return found


def test_no_list_names_a_word_twice() -> None:
    told = tomllib.loads((files("kefu.talk") / "words.toml").read_text(encoding="utf-8"))
    patterns = [*told["lists"].values(), *told["heard"].values(),
                *(pattern for fault in told["fault"] for pattern in fault["words"])]  # fmt: skip
    assert doubled("甲|(?:乙|[丙|]|乙)|赶得上赶得上|甲") == ["赶得上赶得上", "乙", "甲"]
    assert [one for pattern in patterns for one in doubled(pattern)] == ["表示表示"]
