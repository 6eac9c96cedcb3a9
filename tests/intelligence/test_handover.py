from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.intelligence.handover import (
    NONE,
    TRIALS,
    WAYS,
    Handed,
    Moment,
    Packet,
    Route,
    Switches,
    decide,
    handed,
    judged,
    masked,
    secrets,
    told,
)

GOOD = Switches()
DEAF = Switches(failures=0, minutes=0, refusal=(), security=(), danger=(), upset=())


# The five cases, and the one to ask first


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        (Moment("转人工"), "拒绝机器人"),
        (Moment("然后呢", failures=2), "几次没答上"),
        (Moment("有人让我报验证码"), "信息安全"),
        (Moment("孩子烫伤了"), "紧急危险"),
        (Moment("在吗", minutes=3), "机器人没反应"),
    ],
)
def test_each_of_the_five_cases_is_transferred_at_once_by_its_own_switch(moment, reason):
    assert decide(moment, GOOD) == Route("立刻转", reason)
    assert decide(moment, DEAF) == Route("机器人答")


@pytest.mark.parametrize("mood", WAYS)
def test_who_is_upset_is_met_as_the_switch_says(mood):
    verdict = decide(Moment("气死我了"), replace(GOOD, mood=mood))
    assert verdict.way == mood
    assert verdict.reason == ("" if mood == "机器人答" else "生气或要投诉")


def test_danger_goes_before_anger_and_needs_no_question():
    assert decide(Moment("气死我了，孩子烫伤了"), GOOD).way == "立刻转"


@pytest.mark.parametrize("failures", range(5))
def test_the_threshold_of_misses_is_reached_not_passed(failures):
    assert decide(Moment("嗯", failures), GOOD).way == ("立刻转" if failures >= 2 else "机器人答")


def test_words_are_found_through_marks_and_width():
    assert decide(Moment("转 人-工！！"), GOOD).reason == "拒绝机器人"
    assert decide(Moment("嗯"), replace(GOOD, refusal=("！", ""))).way == "机器人答"


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="failures"):
        Moment("嗯", -1)
    with pytest.raises(ValueError, match="minutes"):
        Moment("嗯", 0, -1)
    with pytest.raises(ValueError, match="mood"):
        Switches(mood="哭")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="waiting"):
        told(-1)


# The twelve cases


def test_the_cases_hold_each_way_and_each_of_the_five_reasons():
    assert len(TRIALS) == 12
    assert Counter(trial.right for trial in TRIALS) == {"立刻转": 5, "机器人答": 5, "先确认": 2}
    reasons = [v.reason for t, v, _ in judged(GOOD, TRIALS) if t.right == "立刻转"]
    assert len({*reasons}) == 5


def test_switches_can_meet_all_twelve():
    assert [fault for *_, fault in judged(GOOD, TRIALS)] == [""] * 12


def test_to_transfer_all_or_none_is_wrong_in_most():
    every = Counter(trial.fault("立刻转") for trial in TRIALS)
    none = Counter(trial.fault("机器人答") for trial in TRIALS)
    assert every == {"": 5, "误转": 5, "没先问": 2}
    assert none == {"": 5, "漏转": 7}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"failures": 1}, "误转"),
        ({"failures": 3}, "漏转"),
        ({"minutes": 5}, "漏转"),
        ({"refusal": ("人工",)}, "误转"),
        ({"security": ("验证码",)}, "误转"),
        ({"danger": ("过敏",)}, "误转"),
        ({"danger": ("过敏了",)}, "漏转"),
        ({"upset": ("气",)}, "误转"),
        ({"mood": "立刻转"}, "没先问"),
        ({"mood": "机器人答"}, "漏转"),
    ],
)
def test_each_switch_set_wrong_shows_its_own_fault(change, fault):
    assert fault in [found for *_, found in judged(replace(GOOD, **change), TRIALS)]


# What goes along


def test_a_full_packet_asks_the_customer_nothing_again():
    for trial in TRIALS:
        assert trial.packet.missing() == ()
        said = trial.packet.opening()
        assert trial.packet.problem in said
        assert "麻烦您" not in said
        assert "没有工单" not in said
        assert (trial.packet.ticket in said) is (trial.packet.ticket != NONE)


def test_what_did_not_come_along_the_customer_must_say_again():
    assert Packet().missing() == ("客人是谁", "前面的对话", "要办的事", "办到哪一步")
    assert Packet().opening().count("再") == 2
    only = Packet(talk=("转人工",))
    assert "要办的事" in only.missing()
    assert "是什么问题" in only.opening()


def test_who_was_not_given_the_talk_does_not_say_that_he_has_read_it():
    for trial in TRIALS:
        packet = replace(trial.packet, talk=())
        assert "对话" not in packet.opening()
        assert packet.problem in packet.opening()
        assert "前面的对话我看了" in trial.packet.opening()


def test_the_queue_is_told_in_numbers():
    assert "3位" in told(3)
    assert "没有人排队" in told(0)


# What a machine adds

PACKET = Packet("北岸", ("在吗", "电话13800001111", "退款到哪了"), "退款没到", "退款单在审核")


def test_a_hand_over_carries_all_and_shows_no_secret() -> None:
    one = handed(
        PACKET,
        {"订单": "NX25123100184", "卡": "4539 1488 0343 6467"},
        ["K219", "K219"],
        "两次没答上",
    )
    assert one.faults() == ()
    assert one.packet.talk[1] == "电话138****1111"
    assert one.noted["卡"] == "尾号6467"
    assert one.noted["订单"] == "NX25123100184"
    assert one.tried == ("K219",)


def test_the_last_turns_go_along() -> None:
    assert handed(PACKET, {"订单": "A"}, ["K1"], "转", last=1).packet.talk == ("退款到哪了",)
    with pytest.raises(ValueError, match="last"):
        handed(PACKET, {}, [], "", last=0)


def test_what_is_missing_or_open_is_named() -> None:
    assert Handed(Packet(), {}, (), "").faults() == (
        "缺：客人是谁", "缺：前面的对话", "缺：要办的事", "缺：办到哪一步",
        "缺：记下的事实", "缺：机器人试过的条目", "缺：为什么转")  # fmt: skip
    assert Handed(PACKET, {"订单": "A"}, ("K1",), "转").faults() == ("没打码：手机号",)


@given(st.text(alphabet="电话卡号验证码是1234567890 -Xx，", max_size=60))
def test_nothing_secret_is_left_after_masking(text: str) -> None:
    assert secrets(masked(text)) == () or secrets(masked(text)) == ("银行卡号",)
    assert masked(masked(masked(text))) == masked(masked(text))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("身份证330401199003078888", ("身份证号",)),
        ("手机 138 0000 1111", ("手机号",)),
        ("验证码：204816", ("验证码",)),
        ("订单号4500123412341234567", ()),
        ("运单号6012345678901", ()),
    ],
)
def test_kinds_of_secrets(text: str, kinds: tuple[str, ...]) -> None:
    assert secrets(text) == kinds
    assert secrets(masked(text)) == ()
