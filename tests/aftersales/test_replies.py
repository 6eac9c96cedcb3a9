"""Public replies: each step and each fault, heard one at a time; the models do all, the owner's do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.aftersales.replies import FAULTS, LONGEST, STEPS, Occasion, occasions, read_reply

PARCEL = occasions()[0]
WHOLE = "谢谢您说。晚了三天，对不起。说好2日，5日才到，1月12日起日子写在页面上。在订单页找我们，后来的朋友也一样。"
NAMES = [one.name for one in occasions()]


def faults(text: str, one: Occasion = PARCEL) -> list[str]:
    return [lamp.name for lamp in read_reply(text, one).faults if lamp.on]


def steps(text: str, one: Occasion = PARCEL) -> list[str]:
    return [lamp.name for lamp in read_reply(text, one).steps if lamp.on]


@pytest.mark.parametrize("one", occasions(), ids=NAMES)
def test_what_the_shop_wrote_is_the_tables(one: Occasion) -> None:
    every = {row["review_id"]: row for row in data.rows("reviews")}
    row = every[one.review]
    assert (row["text"], int(row["stars"]), row["reply"]) == (one.text, one.stars, one.shop)
    others = {each["reply"] for name, each in every.items() if name != one.review}
    assert {*one.earlier} <= others


@pytest.mark.parametrize("one", occasions(), ids=NAMES)
def test_the_model_has_all_six_in_eighty_characters(one: Occasion) -> None:
    found = read_reply(one.model, one)
    assert found.good
    assert found.size <= LONGEST
    assert found.heard == ()


@pytest.mark.parametrize("one", occasions(), ids=NAMES)
def test_the_owners_breaks_something_and_the_shops_lacks_something(one: Occasion) -> None:
    assert faults(one.boss, one)
    assert not read_reply(one.shop, one).good


def test_a_model_under_another_review_misses_the_thing_itself() -> None:
    for one in occasions():
        for other in occasions():
            if one is not other:
                assert "点出那件事" not in steps(one.model, other)


def test_a_whole_reply_has_six_and_each_is_missed_alone() -> None:
    assert steps(WHOLE) == list(STEPS)
    assert faults(WHOLE) == []
    for gone, step in [
        ("谢谢您说。", "称呼、道谢"),
        ("晚了三天，", "点出那件事"),
        ("对不起。", "认该认的"),
        ("在订单页找我们，", "哪里找、说给后来人"),
    ]:
        assert [*STEPS] == sorted([*steps(WHOLE.replace(gone, "")), step], key=STEPS.index)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("王女士您好，这单我们认", "泄露隐私"),
        ("请打13800000000找我们", "泄露隐私"),
        ("NX25092805872这一单晚了", "泄露隐私"),
        ("是您自己没看公告", "反唇相讥"),
        ("一分价钱一分货", "反唇相讥"),
        ("大家别信，这是职业差评师", "指人是差评师"),
        ("想讹我们", "指人是差评师"),
        ("改成好评返5元", "许返现"),
        ("麻烦删掉这条差评", "许返现"),
        ("亲，已处理", "只写已处理"),
        ("您好，已为您反馈", "只写已处理"),
        ("非常抱歉，大促件量大耽误了您，以后周末也安排打单，客服已给您留言。", "复制粘贴"),
    ],
)
def test_each_fault_is_heard(text: str, fault: str) -> None:
    assert fault in faults(text)


def test_what_is_broken_is_heard_however_good_the_rest() -> None:
    assert faults(f"{WHOLE}改成好评返5元") == ["许返现"]


@given(st.text(max_size=120))
def test_any_text_is_read(text: str) -> None:
    found = read_reply(text, PARCEL)
    assert [one.name for one in found.steps] == list(STEPS)
    assert [one.name for one in found.faults] == list(FAULTS)
    assert found.size == len(text.strip())
    assert not (found.good and found.size > LONGEST)


def test_nothing_written_lights_nothing() -> None:
    found = read_reply("", PARCEL)
    assert not any(one.on for one in (*found.steps, *found.faults))
    assert not found.good


def test_without_earlier_replies_nothing_is_pasted() -> None:
    assert faults(PARCEL.earlier[0], replace(PARCEL, earlier=())) == []


def test_only_text_is_read() -> None:
    with pytest.raises(TypeError, match="text: expected a text"):
        read_reply(None, PARCEL)  # type: ignore[arg-type]
