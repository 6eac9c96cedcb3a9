from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.measure_grounded import lamps, texts
from kefu.intelligence.inventor import GIFTS, SLIPS, honest, invent, spoilt, told
from kefu.intelligence.lamps import (
    LAMPS,
    check,
    coverage,
    duties,
    numbers_without,
    parts,
    quantities,
    stripped,
    swapped,
    turned,
    value_of,
    who,
)
from kefu.stats import wilson

SOURCES, ASKED = texts()
CHINESE = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """Say a number up to 999 in Chinese, another way than the model reads it."""
    if number < 10:
        return CHINESE[number]
    if number < 20:
        return "十" + (CHINESE[number % 10] if number % 10 else "")
    if number < 100:
        return CHINESE[number // 10] + "十" + (CHINESE[number % 10] if number % 10 else "")
    rest = number % 100
    head = CHINESE[number // 100] + "百"
    if not rest:
        return head
    return head + ("零" + CHINESE[rest] if rest < 10 else CHINESE[rest // 10] + "十" +
                   (CHINESE[rest % 10] if rest % 10 else ""))  # fmt: skip


# What each lamp sees


@given(st.integers(1, 999))
def test_a_number_is_the_same_in_digits_and_in_words(number: int) -> None:
    assert value_of(spoken(number)) == (Fraction(number),)
    assert not numbers_without(f"满{spoken(number)}元包邮", f"满{number}元包邮")
    assert not numbers_without(f"满{number}块包邮", f"满{spoken(number)}元包邮")


@given(st.integers(1, 60), st.integers(1, 60))
def test_another_number_is_red_whichever_way_it_is_said(one: int, other: int) -> None:
    red = check(f"{spoken(one)}天内退款", f"{other}天内退款").red
    assert red == (() if one == other else ("数字",))


@given(st.integers(1, 30))
def test_days_are_hours(days: int) -> None:
    assert check(f"{days}天内发货", f"{days * 24}小时内发货").green


@pytest.mark.parametrize(
    ("reply", "evidence"),
    [
        ("晚上12点下班", "9点到24点在线"),
        ("周四8点开播", "每周四晚上8点开播"),
        ("八五折", "8.5折"),
        ("百分之五", "5%"),
        ("三成", "30%"),
        ("两三天到", "2到3天到"),
        ("十一月一号开始，10号晚上到11号", "11月1日开始，11月10日晚上到11日"),
        ("一样的，万一不合适", "同样"),
        ("半小时", "30分钟"),
        ("高24公分", "高24厘米"),
        ("满三百减四十", "满300减40"),
        ("次日达", "第二天到"),
        ("每公斤12元", "1公斤十二块钱"),
    ],
)
def test_forms_of_one_number(reply: str, evidence: str) -> None:
    assert numbers_without(reply, evidence) == ()


@pytest.mark.parametrize(
    ("reply", "evidence"),
    [("9点下班", "24点下班"), ("3公斤", "3克"), ("限一件", "限两件"), ("8折", "八五折"), ("2月4日", "4月2日")],
)  # fmt: skip
def test_forms_of_another_number(reply: str, evidence: str) -> None:
    assert numbers_without(reply, evidence)


def test_quantities_stand_in_their_order_and_places() -> None:
    text = "亲，1到3个工作日，被套200×230厘米"
    found = list(quantities(text))
    assert [(one.kind, one.value) for one in found] == [
        ("工作日", 1), ("工作日", 3), ("毫米", 2000), ("毫米", 2300)]  # fmt: skip
    assert [text[one.start : one.end] for one in found] == ["1", "3个工作日", "200", "230厘米"]


@pytest.mark.parametrize(
    ("reply", "evidence", "red"),
    [
        ("支持货到付款", "不支持货到付款", True),
        ("不支持货到付款", "部分地区支持货到付款", True),
        ("深色不掉色", "深色不会掉色", False),
        ("深色会掉色", "深色不会掉色", True),
        ("不锈钢的可以机洗", "不锈钢的可以机洗", False),
        ("不用寄回", "无需寄回", False),
        ("可以寄到付", "请不要寄到付", True),
        ("不是不能退", "能退", False),
        ("能不能分期看结算页", "能不能分期看结算页", False),
        ("我们不返现，也不要求您改", "我们不会返现或要求您修改", False),
    ],
)
def test_the_negation_lamp(reply: str, evidence: str, red: bool) -> None:
    assert bool(list(turned(reply, evidence))) is red


def test_a_denial_of_all_is_of_the_word_itself() -> None:
    assert stripped("都不可以").sides("可以") == {True}
    assert stripped("可以").sides("可以") == {False}


@pytest.mark.parametrize(
    ("reply", "evidence", "red"),
    [
        ("退回的运费我们承担", "退回的运费由您承担", True),
        ("退回的运费您自己出", "退回的运费由买家付", False),
        ("质量问题您出，其他原因我们出", "质量问题我们出，其他原因您出", True),
        ("您在订单页申请", "在订单页申请", False),
        ("由卖家举证", "由买家举证", True),
    ],
)
def test_the_role_lamp(reply: str, evidence: str, red: bool) -> None:
    assert bool(list(swapped(reply, evidence))) is red


def test_roles_and_duties() -> None:
    assert who("运费由您承担，我们不出") == ("买家", "卖家")
    assert duties("来回运费我们承担") == {("卖家", "付")}
    assert who("店铺首页领券") == ()


def test_courtesies_ask_for_no_source() -> None:
    assert coverage("亲，您好", "") == 1
    assert check("亲，非常抱歉，请您放心。", "满88元包邮").green


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_checked(reply: str, evidence: str) -> None:
    assert [one.lamp for one in check(reply, evidence).findings] == [*LAMPS]


def test_a_quotation_is_green() -> None:
    assert all(check(text, text).green for text in SOURCES.values())


@given(st.sampled_from(sorted(SOURCES)), st.integers(0, 5), st.integers(1, 4))
def test_every_piece_of_a_quotation_is_green(name: str, first: int, count: int) -> None:
    assert check("，".join(parts(SOURCES[name])[first : first + count]), SOURCES[name]).green


def test_errors_name_the_argument() -> None:
    with pytest.raises(TypeError, match="evidence"):
        check("好", None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="enough"):
        check("好", "好", enough=2)


# The writer that invents


@given(st.sampled_from(sorted(SOURCES)), st.sampled_from(SLIPS), st.integers(0, 9))
def test_what_is_invented_differs_or_is_nothing(name: str, slip: str, turn: int) -> None:
    made = invent(SOURCES[name], slip, "亲，别的答案。", turn)  # type: ignore[arg-type]
    assert made != SOURCES[name]
    assert made == invent(SOURCES[name], slip, "亲，别的答案。", turn)  # type: ignore[arg-type]


def test_examples_of_each_slip() -> None:
    text = "亲，满88元包邮，新疆不参加，运费由您承担。"
    assert invent(text, "改数字") == text.replace("88", "177")
    assert invent(text, "翻否定") == text.replace("不", "")
    assert invent(text, "换角色") == text.replace("您", "我们")
    assert invent(text, "编承诺", turn=1) == f"{text[:-1]}，{GIFTS[1]}。"
    assert invent(text, "漏条件") == "亲，满88元包邮，运费由您承担。"
    assert invent("满300减40", "换位置") == "满40减300"
    assert invent("好的", "改数字") == ""
    with pytest.raises(ValueError, match="slip"):
        invent(text, "乱说")  # type: ignore[arg-type]


# The figures that the chapter prints (python -m datasets.measure_grounded)


def test_what_the_lamps_find_of_what_was_spoilt() -> None:
    found = [(one.name, one.count, one.passed) for one in lamps()]
    assert found == [
        ("改数字", 167, 0),
        ("翻否定", 169, 10),
        ("换角色", 19, 0),
        ("编承诺", 306, 17),
        ("答别的", 306, 0),
        ("漏条件", 30, 30),
        ("换位置", 64, 62),
        ("换角色", 31, 0),
        ("老实话（调试）", 79, 73),
        ("老实话（留出）", 45, 37),
    ]


@pytest.mark.parametrize(
    ("slip", "lamp"),
    [("改数字", "数字"), ("翻否定", "否定"), ("换角色", "角色"), ("编承诺", "覆盖"), ("答别的", "覆盖")],
)  # fmt: skip
def test_each_slip_has_its_own_lamp(slip: str, lamp: str) -> None:
    one = spoilt({n: t for n, t in SOURCES.items() if n[0] == "K"}, ASKED, slip)  # type: ignore[arg-type]
    assert one.red[lamp] >= 0.94 * one.count  # type: ignore[index]
    if slip in ("改数字", "翻否定", "换角色"):
        assert one.red["覆盖"] == 0, "every word of it stands in the source"


def test_false_alarms_on_honest_words_not_seen_before() -> None:
    one = told(SOURCES, ASKED, "留出")
    assert (one.count, one.count - one.passed) == (45, 8)
    low, high = wilson(8, 45)
    assert (round(low, 2), round(high, 2)) == (0.09, 0.31)


def test_a_stricter_coverage_lamp_alarms_at_honest_words() -> None:
    assert [told(SOURCES, ASKED, "留出", enough).red["覆盖"] for enough in (0.4, 0.6, 0.8)] == [
        1,
        4,
        7,
    ]


def test_no_honest_reply_is_in_both_halves_and_each_has_its_source() -> None:
    tuned, held = honest("调试"), honest("留出")
    assert not {*tuned.values()} & {*held.values()}
    assert {*tuned, *held} <= {*SOURCES}
