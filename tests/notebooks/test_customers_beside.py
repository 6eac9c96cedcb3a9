"""What lies beside chapter 09 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

import pandas as pd
import pytest

from kefu import data
from kefu.stats import sample_size, wilson
from kefu.talk import scenarios
from tests.notebooks.reading import beside, holds, percent, price, questions, right
from web import book

TALKS = scenarios(book.chapter("09").talks)
BIRTHDAY, DELETE, GIFT = TALKS.values()
ASKED, TEACH = questions("09"), beside("09", "teach.md")
LEVELS = {row["level"]: row for row in data.rows("levels")}
STANDS = {row["rule_id"]: row for row in data.rows("rules")}


@cache
def exported() -> pd.DataFrame:
    """The uncleaned customers with whom each row is; ``digits``: the telephone in one way of writing."""
    found = data.load("customers_raw").merge(data.load("customers_raw_key"), on="row_id")
    return found.assign(digits=found.phone.str.replace(r"\+86|[^\d*]", "", regex=True))


def alike(*columns: str) -> int:
    """How many pairs of rows are the same in these columns."""
    sizes = exported().groupby(list(columns)).size()
    return int((sizes * (sizes - 1) // 2).sum())


@cache
def kinds() -> dict[str, set[str]]:
    """The customers who completed an order, who only have closed ones, who chatted, who ordered."""
    orders, chats = data.load("orders"), data.load("chats")
    done = {*orders[orders.status == "交易成功"].customer_id}
    return {
        "成交": done,
        "未成交": {*orders[orders.status == "交易关闭"].customer_id} - done,
        "询单": {*chats.customer_id.dropna()},
        "下单": {*orders.customer_id},
    }


# The conversations


def test_they_happen_on_the_first_day_of_the_new_post() -> None:
    assert date(2026, 1, 19).weekday() == 0
    assert {talk.date.date() for talk in TALKS.values()} == {date(2026, 1, 19)}
    assert "1月21日星期三" in DELETE.scene
    assert date(2026, 1, 21).weekday() == 2


def test_what_is_given_on_a_birthday_is_what_the_level_says() -> None:
    assert LEVELS["银卡"]["gift"] == "生日积分100"
    assert holds(
        BIRTHDAY.scene, "银卡", "100积分", f"珊瑚绒毯{price('珊瑚绒毯')}元".replace(".00", "")
    )
    assert "100积分" in BIRTHDAY.turns["birthday"].right.say
    assert LEVELS["黑金"]["gift"] == "生日礼一份"
    assert holds(GIFT.scene, "是黑金", "加厚毛巾16.80元")
    assert f"{price('加厚毛巾'):.2f}" == "16.80"


def test_the_other_one_is_as_the_table_has_her() -> None:
    (other,) = (row for row in data.rows("customers") if row["nickname"] == "橘子汽水")
    assert (other["province"], other["level"], other["birthday"]) == ("江西", "金卡", "")
    told = next(one for one in GIFT.turns["open"].options if one.intent == "leak")
    assert holds(told.say, other["province"], other["level"])
    for turn in GIFT.turns.values():  # the right line never says where, who, which level
        assert not any(word in turn.right.say for word in (other["province"], "金卡", "余女士"))


def test_the_rules_say_what_the_lines_build_on() -> None:
    assert "不满十四周岁的，由父母或其他监护人同意" in STANDS["R44"]["text"]
    assert "14" in BIRTHDAY.turns["grandchild"].right.say
    assert "不少于三年" in STANDS["R10"]["text"]
    assert "三年以上" in DELETE.turns["orders"].right.say
    assert "未经同意不发商业短信" in STANDS["R48"]["text"]
    assert "不必另取同意" in STANDS["R43"]["text"]
    assert "不必另取同意" in ASKED["parcel-needs"]["why"]


# Guesses, statements, quiz


def test_answers_needed_hardly_grow_with_the_shop() -> None:
    guess = ASKED["shop-size"]
    small, large = (sample_size(0.05, population=n) for n in (10_000, 1_000_000))
    assert (small, guess["answer"]) == (370, large)
    assert f"{small}份" in guess["ask"]
    assert f"多{large - small}份" in guess["shows"]


def test_nicknames_are_shared() -> None:
    guess, names = ASKED["same-nickname"], data.load("customers").nickname
    shared = names.map(names.value_counts()) > 1
    assert guess["answer"] == round(100 * shared.mean())
    assert f"{shared.sum()}位，占{percent(shared.sum(), len(names))}" in guess["why"]
    assert names.value_counts().max() == 5
    assert shared.mean() < 0.5
    same = data.load("customers").query("nickname == '豆沙布丁'")
    assert same.province.duplicated().any()
    assert not same.phone.duplicated().any()


def test_the_planted_pairs_are_found_as_told() -> None:
    found = exported()
    assert (len(found), alike("customer_id")) == (4310, 310)
    assert alike("customer_id", "phone") == ASKED["as-written"]["answer"] == 0
    assert alike("customer_id", "digits") == 310
    guess, all_alike = ASKED["names-alike"], alike("nickname")
    true = alike("nickname", "customer_id")
    assert (all_alike, true) == (676, guess["answer"])
    assert f"只有{true}对，{percent(true, all_alike)}；还有{310 - true}对" in guess["why"]
    assert f"错并{all_alike - true}对，还漏掉{310 - true}对" in guess["shows"]
    assert f"昵称一字不差 {all_alike}对，真的 {true}对" in TEACH


def test_seven_digits_tell_nearly_everybody() -> None:
    guess, phones = ASKED["seven-digits"], data.load("customers").phone
    counted = phones.value_counts()
    alone = int((counted == 1).sum())
    assert guess["answer"] == round(100 * alone / len(phones))
    assert f"{alone}位独一份，只有{(counted == 2).sum()}个打码号码各有两个人" in guess["why"]
    assert counted.max() == 2


def test_the_three_kinds_leave_some_out_and_hide_who_paid() -> None:
    of, orders = kinds(), data.load("orders")
    left = of["下单"] - of["成交"] - of["未成交"] - of["询单"]
    assert f"有{len(left)}位" in ASKED["on-the-way"]["shows"]
    guess, without = ASKED["paid-once"], of["未成交"]
    paid = orders[orders.customer_id.isin(without) & orders.paid_at.notna()]
    back = paid[paid.close_reason == "全额退款"].customer_id.nunique()
    assert (len(without), paid.customer_id.nunique(), back) == (410, guess["answer"], 69)
    assert f"{guess['answer']}位付过款，其中{back}位" in guess["why"]
    assert f"占{percent(guess['answer'], len(without))}" in guess["shows"]
    assert len(of["成交"] & of["询单"]) > 1000  # t-two-kinds


def test_who_answers_is_told_with_its_doubt() -> None:
    asked, parcels = data.load("survey"), data.load("parcels").drop_duplicates("order_id")
    of = asked[["order_id"]].merge(parcels, on="order_id", how="left")
    late = (of.signed_at.dt.tz_localize(None).dt.normalize() > of.promised_on) | of.problem.notna()
    answered = asked.answered_at.notna()
    ours, others = answered[late], answered[~late]
    assert (len(asked), int(answered.sum())) == (871, 471)
    counts: Sequence[int] = (int(ours.sum()), len(ours), int(others.sum()), len(others))
    assert counts == (52, 88, 419, 783)
    guess = ASKED["late-answer"]
    (why,) = (option["why"] for option in guess["options"] if option["right"])
    assert f"52÷88＝{percent(52, 88)}，419÷783＝{percent(419, 783)}" in why
    assert wilson(52, 88)[0] < wilson(419, 783)[1]  # 两段区间叠着
    assert "说不准" in right(guess)
    worst, glad = ASKED["all-unhappy"], int((asked.csat >= 4).sum())
    assert f"471位里，{glad}位打4、5分，占{100 * glad / 471:.0f}%" in worst["ask"]
    assert worst["answer"] == round(100 * glad / 871)
    told = f"最坏是{percent(glad, 871)}，最好是{percent(glad + 400, 871)}"
    assert told in worst["shows"]
    assert "871份发出，471份收回：满意 49%～95%" in TEACH


def test_the_shares_of_the_quiz() -> None:
    one = ASKED["valid"]
    sent, back, spoilt = 800, 360, 45
    assert holds(one["ask"], f"发出{sent}份", f"收回{back}份", f"{spoilt}份漏答")
    assert one["answer"] == 100 * (back - spoilt) / back
    assert [trap["value"] for trap in one["traps"]] == [
        100 * back / sent,
        pytest.approx(100 * (back - spoilt) / sent, abs=0.05),
        100 * spoilt / back,
    ]


def test_tags_that_are_quoted_stand_in_the_notes() -> None:
    notes = {row["note"] for row in data.rows("customers")}
    assert {"只要棉的", "给孩子买，偏大一码", "上次等久了，这次优先", "对羊毛过敏"} <= notes
