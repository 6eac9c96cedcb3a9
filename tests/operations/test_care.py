"""Care messages: each of the ten lamps lit and put out, the three cases, the one that is not sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.operations.care import ITEMS, ONE_SMS, CareReading, care_cases, read_sms

BIRTHDAY, FEAST, BACK = care_cases()
GOOD = BIRTHDAY.model


def out(text: str, hour: int = 10, case: object = None) -> list[str]:
    read: CareReading = read_sms(text, BIRTHDAY if case is None else case, hour)  # type: ignore[arg-type]
    return [one.name for one in read.lamps if not one.on]


def test_the_good_ones_light_all_ten_and_the_drafts_few() -> None:
    for one in (BIRTHDAY, FEAST):
        assert read_sms(one.model, one, 10).good
        assert len(out(one.draft, one.hour, one)) >= 7
    assert out(BACK.draft, BACK.hour, BACK)


@pytest.mark.parametrize(
    ("text", "lamp"),
    [
        (GOOD.replace("【暖巷生活馆】", ""), "写明店名"),
        (GOOD.replace("余女士", "亲爱的会员"), "称呼对"),
        (GOOD.replace("拒收", "新款也到了。拒收"), "一件事"),
        (GOOD.replace("2月25日前能用", "快来"), "有用"),
        (GOOD.replace("生日快乐！", "生日快乐！！"), "不夸张"),
        (GOOD.replace("拒收回R", ""), "能退订"),
        (GOOD.replace("不用也没关系", "不用也没关系" * 5), "一条之内"),
        (GOOD.replace("生日快乐", "羊毛过敏也能过好生日"), "不带敏感信息"),
    ],
)
def test_each_fault_puts_out_its_own_lamp_alone(text: str, lamp: str) -> None:
    assert out(text) == [lamp]


@pytest.mark.parametrize("hour", range(24))
def test_the_hours_are_from_nine_until_eight_in_the_evening(hour: int) -> None:
    assert (out(GOOD, hour) == []) == (9 <= hour < 20)


def test_who_never_agreed_gets_no_message_however_good() -> None:
    assert out(GOOD, case=replace(BIRTHDAY, consented=False)) == ["他同意过"]
    assert not BACK.consented
    assert "拒收" not in BACK.model  # it is for the chat, where he asked


@pytest.mark.parametrize(
    ("words", "ad"),
    [("生日快乐", False), ("送您一张券", True), ("老客8折", True), ("天冷了，记得加衣", False), ("立减十元", True)],
)  # fmt: skip
def test_an_offer_makes_it_a_commercial_message(words: str, ad: bool) -> None:
    assert read_sms(words, BIRTHDAY, 10).promotes is ad


@pytest.mark.parametrize("words", ["拒收请回复R", "退订回T", "回TD退订", "不想收回N"])
def test_ways_to_refuse_are_heard(words: str) -> None:
    assert out(GOOD.replace("拒收回R", words)) == []


def test_length_is_counted_to_the_character() -> None:
    room = ONE_SMS - len(GOOD)
    assert out(GOOD.replace("不用", "好" * room + "不用")) == []
    assert out(GOOD.replace("不用", "好" * (room + 1) + "不用")) == ["一条之内"]


@given(st.text(max_size=200), st.integers(0, 23), st.sampled_from(care_cases()))
def test_any_text_is_read_into_the_same_ten(text: str, hour: int, case: object) -> None:
    read: CareReading = read_sms(text, case, hour)  # type: ignore[arg-type]
    assert tuple(one.name for one in read.lamps) == ITEMS
    assert read.size == len(text.strip())
    assert all(one.why for one in read.lamps)
    assert all(not one.words for one in read.lamps if one.on)


def test_nothing_lights_no_lamp_of_its_words() -> None:
    assert out("") == [name for name in ITEMS if name not in ("9—20点", "他同意过")]


@pytest.mark.parametrize("hour", [24, -1])
def test_an_hour_is_one_of_the_day(hour: int) -> None:
    with pytest.raises(ValueError, match="hour: expected"):
        read_sms(GOOD, BIRTHDAY, hour)
