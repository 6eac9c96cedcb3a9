"""The greeting: what each visit calls for, and four ways of writing it, judged by the same rules."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.clock import SHANGHAI
from kefu.presales.greeting import (
    DESK,
    HELLOS,
    HOLIDAYS,
    LONGEST_GREETING,
    SALES,
    SOURCES,
    GreetingReport,
    Visit,
    festival_on,
    greeting_parts,
    greeting_ways,
    judge_greeting,
)

DAYS = ["2025-11-15", "2025-11-11", "2025-06-18", "2025-10-01", "2025-01-29", "2025-01-01"]
TITLES = sorted({row["title"] for row in data.rows("products")})


def visit(day: str = "2025-11-15", hour: int = 20, **more: Any) -> Visit:
    at = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)
    return Visit(at, **({"product": "免烫衬衫"} | more))


def names(one: Visit) -> list[str]:
    return [part.name for part in greeting_parts(one)]


def kinds(text: str, one: Visit) -> list[str]:
    return [fault.kind for fault in judge_greeting(text, one).faults]


VISITS = st.builds(
    visit,
    st.sampled_from(DAYS),
    st.integers(0, 23),
    product=st.sampled_from(TITLES),
    source=st.sampled_from(SOURCES),
    last=st.sampled_from(["", *TITLES]),
)


# What a visit calls for


def test_a_new_visitor_in_the_evening_calls_for_four_things() -> None:
    assert names(visit()) == ["问好", "报名字", "看的哪一件", "下一步"]


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"day": "2025-10-01"}, "节日"),
        ({"day": "2025-11-11"}, "活动日"),
        ({"last": "珊瑚绒毯"}, "老客"),
        ({"source": "直播"}, "从哪来"),
        ({"source": "活动"}, "从哪来"),
        ({"source": "老客分享"}, "从哪来"),
        ({"hour": 3}, "几点有人"),
    ],
)
def test_what_is_special_about_a_visit_calls_for_one_thing_more(
    more: dict[str, Any], part: str
) -> None:
    assert set(names(visit(**more))) - set(names(visit())) == {part}


@pytest.mark.parametrize(
    ("hour", "hello", "agent"),
    [(0, "您好", "暖暖"), (5, "早上好", "暖暖"), (9, "早上好", "阿栀"), (12, "中午好", "阿栀"),
     (15, "下午好", "阿栀"), (16, "下午好", "小满"), (18, "晚上好", "小满"), (23, "晚上好", "小满")],
)  # fmt: skip
def test_the_hour_says_the_hello_and_who_is_at_the_desk(hour: int, hello: str, agent: str) -> None:
    one = visit(hour=hour)
    assert (one.hello, one.agent) == (hello, agent)


def test_who_is_at_the_desk_works_that_shift_in_the_shop() -> None:
    shifts = {row["name"]: (row["team"], row["shift"]) for row in data.rows("agents")}
    assert [shifts[name][1] for name in DESK.values()] == ["", "早班", "晚班"]
    assert shifts[DESK[0]][0] == "机器人"


def test_every_festival_of_the_calendar_is_a_holiday_or_a_sale() -> None:
    festivals = {row["festival"] for row in data.rows("days")} - {""}
    assert festivals == set(HOLIDAYS) | set(SALES)
    assert set(HOLIDAYS).isdisjoint(SALES)
    assert {festival_on(date.fromisoformat(row["date"])) for row in data.rows("days")} == {
        *festivals,
        "",
    }
    assert festival_on(date(2031, 10, 1)) == ""


def test_the_sources_are_those_of_the_shops_customers() -> None:
    assert {row["source"] for row in data.rows("customers")} == set(SOURCES)


# Judging


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("早上好，我是小满，您看的免烫衬衫想问尺码吗？", "时段不对"),
        ("国庆快乐，我是小满", "节日不对"),
        ("双11快乐呀", "节日不对"),
        ("美女您好", "夸人"),
        ("您好，最后一件，赶紧拍", "催单"),
        ("您好，上次寄到您家里的毯子还好吗？", "露隐私"),
        ("您好，全网最低价", "违禁用语"),
        ("您好" * 40, "太长"),
    ],
)
def test_a_fault_is_named_with_its_words_and_a_reason(text: str, kind: str) -> None:
    found = judge_greeting(text, visit())
    assert kind in kinds(text, visit())
    assert all(fault.why for fault in found.faults)
    assert not found.good


def test_a_wish_is_no_fault_on_its_own_day() -> None:
    assert kinds("国庆快乐，我是小满", visit("2025-10-01")) == []


def test_a_line_that_has_all_parts_in_own_words_is_good() -> None:
    text = "您好，小满在。免烫衬衫有现货，您告诉我身量？"
    assert judge_greeting(text, visit()).good
    lacks = [part.name for part in judge_greeting("晚上好，我是小满", visit()).lacks]
    assert lacks == ["看的哪一件", "下一步"]


@given(VISITS, st.text(min_size=1).filter(str.strip))
def test_any_line_is_judged_and_its_parts_are_all_accounted_for(one: Visit, text: str) -> None:
    found: GreetingReport = judge_greeting(text, one)
    assert {part.name for part in (*found.has, *found.lacks)} == set(names(one))
    assert found.good is (not found.lacks and not found.faults)


@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_line_cannot_be_judged(text: str) -> None:
    with pytest.raises(ValueError, match=r"text: expected .*（text应为"):
        judge_greeting(text, visit())


# Four ways


@given(VISITS)
def test_of_four_ways_only_the_one_to_the_point_is_good(one: Visit) -> None:
    ways = greeting_ways(one)
    assert len({way.text for way in ways}) == len({way.name for way in ways}) == 4
    assert [way.name for way in ways if judge_greeting(way.text, one).good] == ["说到点上"]
    (good,) = (way.text for way in ways if way.name == "说到点上")
    assert len(good) <= LONGEST_GREETING
    assert all(part.example in good for part in greeting_parts(one))


@given(VISITS)
def test_each_of_the_others_is_bad_in_its_own_way(one: Visit) -> None:
    found = {way.name: judge_greeting(way.text, one) for way in greeting_ways(one)}
    assert "下一步" in [part.name for part in found["干巴"].lacks]
    assert [fault.kind for fault in found["传单"].faults] == ["太长"]
    close = {fault.kind for fault in found["套近乎"].faults}
    assert close == ({"催单", "露隐私"} if one.last else {"催单", "夸人"})


def test_the_good_way_does_not_always_stand_at_the_same_place() -> None:
    places = {
        [way.name for way in greeting_ways(visit(day, hour))].index("说到点上")
        for day, hour in product(DAYS, HELLOS)
    }
    assert places == {0, 1, 2, 3}
    assert greeting_ways(visit()) == greeting_ways(visit())


# Bad input


@pytest.mark.parametrize(
    ("values", "argument"), [({"product": " "}, "product"), ({"source": "传单"}, "source")]
)
def test_what_is_wrong_is_named_in_both_languages(values: dict[str, Any], argument: str) -> None:
    with pytest.raises(ValueError, match=rf"{argument}: expected .*（{argument}应为"):
        visit(**values)


def test_a_moment_without_a_zone_is_none() -> None:
    with pytest.raises(ValueError, match="at: expected"):
        Visit(datetime(2025, 11, 15, 20), "免烫衬衫")
