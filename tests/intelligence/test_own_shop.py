from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.intelligence.bots import GENERATIONS, TOPICS
from kefu.intelligence.evaluation import LabelledQuestion, Prediction
from kefu.intelligence.exam import Posed
from kefu.intelligence.own_shop import (
    LABELS,
    MARKED,
    OTHERS,
    PERSON,
    UNCLEAR,
    Columns,
    Lack,
    Share,
    first_messages,
    guess_columns,
    key,
    label_of,
    labelled,
    lacks,
    masked,
    own_marks,
    read_export,
    read_marks,
    read_pasted,
    sampled,
    speakers,
    write_marks,
    written,
)
from kefu.stats import wilson
from kefu.tables import Sheet

CHATS = (
    "会话编号,发送方,发送时间,消息内容\n"
    "1,买家,2026-03-02 09:10:05,到贵阳几天\n1,客服,2026-03-02 09:10:31,四五天\n"
    "1,买家,2026-03-02 09:11:00,谢谢\n2,客服,2026-03-02 09:11:30,欢迎光临\n"
    "2,买家,2026-03-02 09:12:40,我电话13912345678\n3,买家,2026-03-02 09:20:11,到贵阳几天\n"
)


def made(topic: str, *, handoff: bool = False, right: str = "") -> Prediction:
    return Prediction(LabelledQuestion("", "问", right, ""), topic, 0.9, 1.0, handoff)


def asked(raw: str, **known: str) -> list[str]:
    export = read_export(raw.encode())
    return [one.text for one in first_messages(export, guess_columns(export, **known))]


# Reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_an_export_is_read_as_back_offices_save_it(encoding: str, mark: str) -> None:
    export = read_export(CHATS.replace(",", mark).encode(encoding))
    columns = guess_columns(export)
    assert columns == Columns("消息内容", "发送方", "买家", "会话编号", "发送时间")
    items = first_messages(export, columns)
    assert [(one.number, one.text) for one in items] == [
        ("第2行", "到贵阳几天"),
        ("第6行", "我电话139****"),
    ]
    every = first_messages(export, columns, every=True)
    assert [one.text for one in every] == ["到贵阳几天", "谢谢", "我电话139****"]


def test_what_was_taken_is_told() -> None:
    told = guess_columns(read_export(CHATS.encode())).told()
    assert (
        told
        == "“消息内容”当作问句，“发送方”里的“买家”算客人，“会话编号”相同的算一段，按“发送时间”排先后"
    )
    assert Columns("问句").told() == "“问句”当作问句"


def test_names_with_a_colon_are_the_shops_own_people() -> None:
    text = "发送人,内容\n暖巷旗舰店:小满,在的\n木棉,在吗\n暖巷旗舰店:阿栀,您好\n北岸,包邮吗\n系统消息,超时\n"
    export = read_export(text.encode())
    assert guess_columns(export).customer == OTHERS
    assert asked(text) == ["在吗", "包邮吗"]
    assert asked(text, customer="北岸") == ["包邮吗"]
    assert speakers(export, "发送人")[0] == "暖巷旗舰店:小满"


def test_customers_by_names_of_their_own_are_all_customers() -> None:
    text = "发送者,内容\n买家小王,能上飞机吗\n客服-安安,能的\n买家li**,支持快充吗\n机器人,在的\n"
    export = read_export(text.encode())
    assert asked(text) == ["能上飞机吗", "支持快充吗"]
    told = guess_columns(export).told()
    assert (
        told == "“内容”当作问句，“发送者”里不是客服的（昵称里没有冒号，也没有“客服”“机器人”）算客人"
    )
    assert asked("角色,内容\n买家,包邮吗\n买家助手,在的\n客服,您好\n") == ["包邮吗"]


def test_a_late_row_that_was_sent_first_is_the_first() -> None:
    text = (
        "会话,角色,时间,内容\n1,用户,2026-03-02 10:00:00,谢了\n1,用户,2026-03-02 09:00:00,包邮吗\n"
    )
    assert asked(text) == ["包邮吗"]
    assert asked(text, time="") == ["谢了"]


def test_columns_can_be_said_otherwise_and_a_wrong_one_is_an_error() -> None:
    text = "甲,乙\n包邮吗,1\n到哪了,2\n"
    with pytest.raises(ValueError, match="文件里有：甲、乙"):
        asked(text)
    assert asked(text, text="甲") == ["包邮吗", "到哪了"]
    with pytest.raises(ValueError, match="column"):
        asked(text, text="丙")
    with pytest.raises(ValueError, match="谁算客人"):
        asked(CHATS, customer="无名")


@pytest.mark.parametrize(
    ("raw", "told"),
    [(b"", "空文件"), (b"PK\x03\x04rest", "另存为"), ("问句\n".encode(), "1到50000行"), (b"<html>", "网页"),
     ('问句\n"包邮'.encode(), "引号不成对"), ("问句\n包邮吗\n".encode()[:-2] + "到哪了".encode() * 9, "损坏")],
)  # fmt: skip
def test_a_bad_file_says_in_chinese_what_it_is(raw: bytes, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_export(raw)


def test_what_is_pasted_is_a_table_or_lines() -> None:
    assert read_pasted("包邮吗, 亲\n\n到哪了") == Sheet(
        ("问句",), ((1, ("包邮吗, 亲",)), (3, ("到哪了",))), ()
    )
    assert read_pasted(CHATS).header == ("会话编号", "发送方", "发送时间", "消息内容")
    assert read_pasted("问句\t人\n包邮吗\t甲").rows == ((2, ("包邮吗", "甲")),)
    with pytest.raises(ValueError, match="0"):
        read_pasted(" \n ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("13912345678", "139****"), ("单号SF1234567890123到哪", "单号SF123****到哪"), ("139 1234 5678", "139****"),
     ("165 110穿啥", "165 110穿啥"), ("满300减40", "满300减40"), ("2026-03-02", "202****")],
)  # fmt: skip
def test_long_numbers_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text(max_size=60))
def test_no_run_of_seven_digits_is_left(text: str) -> None:
    assert not any(
        part.isdecimal() and part.isascii() and len(part) > 6 for part in masked(text).split()
    )


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    items = [Posed(str(n), str(n)) for n in range(50)]
    assert sampled(items, 30)[:10] == sampled(items, 10)
    assert {*sampled(items, 99)} == {*items}


# Marking


@given(st.dictionaries(st.text(max_size=9).map(key), st.sampled_from(LABELS), max_size=6))
def test_marks_come_through_a_line(found: dict[str, str]) -> None:
    assert read_marks(write_marks(found)) == found
    assert read_marks(f"{write_marks(found)};<b>;zz;12345678没有") == found


def test_every_label_is_kept_by_its_question() -> None:
    for label in LABELS:
        assert label_of(labelled(Posed("1", "包邮吗"), label)) == label
    assert label_of(labelled(Posed("1", "包邮吗"), "乱写")) == ""


def test_the_marks_by_hand() -> None:
    labels = ["物流问题", "物流问题", "物流问题", UNCLEAR, PERSON]
    items = [labelled(Posed(str(n), f"问{n}"), label) for n, label in enumerate(labels)]
    told = [made("物流问题"), made("商品问题"), made("物流问题", handoff=True), made("商品问题"),
            made("商品问题", handoff=True)]  # fmt: skip
    found = own_marks(told, items)
    assert (found.answered, found.right, found.held) == (Share(3, 5), Share(1, 3), Share(1, 2))
    assert found.right.interval == wilson(1, 3)
    assert str(Share(1, 3)) == "1/3，33%（6%到79%）"
    assert str(Share(0, 0)) == "一句没答"
    assert [(one.item.number, one.fault) for one in lacks(told, items)] == [
        ("1", "答成了商品问题"), ("3", "没听懂也答了"), ("2", "转了人工")]  # fmt: skip
    assert all(isinstance(one, Lack) and one.todo for one in lacks(told, items))


def test_the_download_reads_back_with_its_marks_and_holds_no_formula() -> None:
    items = [
        labelled(Posed("1", "=1+1，包邮吗"), "物流问题"),
        labelled(Posed("2", "那个呢"), UNCLEAR),
    ]
    told = {generation: [made(TOPICS[1]), made("", handoff=True)] for generation in GENERATIONS}
    text = written(items, told)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[0]["问句"] == "'=1+1，包邮吗"
    assert [row[MARKED] for row in rows] == ["物流问题", UNCLEAR]
    assert (rows[1]["神经网络话题"], rows[1]["神经网络怎么办"]) == ("", "转人工")
    export = read_export(text.encode("utf-8-sig"))
    again = first_messages(export, guess_columns(export))
    assert [label_of(one) for one in again] == ["物流问题", UNCLEAR]
