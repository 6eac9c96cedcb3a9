"""A reader's own questions: every control moved, every mark counted against the model, nothing lost, all escaped."""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import datetime
from typing import Any

import pytest

from kefu.clock import SHANGHAI
from kefu.demos import Demo, own_questions
from kefu.demos.own_questions import AUTO, EVERY, EXAMPLE, FILE, FIRST, NONE, PASTED, PRIVATE
from kefu.intelligence.bots import GENERATIONS, shop_bot
from kefu.intelligence.exam import sat
from kefu.intelligence.own_shop import (
    LABELS,
    PERSON,
    UNCLEAR,
    first_messages,
    guess_columns,
    label_of,
    labelled,
    own_marks,
    read_export,
    read_marks,
    read_pasted,
    sampled,
)
from tests.demos.reading import HOSTILE, alert, cells, parsed, press, presses, run_code, set_to

OTHER = "角色,文本,旺旺\n用户,包邮吗,a\n店铺,满88,a\n用户,到哪了,b\n用户,退了吗,c\n"


def upload(demo: Demo, raw: bytes, name: str = "聊天.csv") -> Demo:
    """Choose a file as the button does."""
    one: dict[str, Any] = {"name": name, "type": "text/csv", "size": len(raw), "content": memoryview(raw),
                           "last_modified": datetime(2026, 3, 2, tzinfo=SHANGHAI)}  # fmt: skip
    demo.controls["file"].value = (one,)
    return demo


def asked(demo: Demo) -> str:
    found = parsed(demo.parts()[0]).select_one(".kefu-asked")
    assert found
    return found.get_text()


def status(demo: Demo) -> str:
    found = parsed(demo.parts()[0]).select_one("[role=status]")
    assert found
    return found.get_text()


def told_of(said: str, name: str) -> str:
    """What a line tells of one generation, by its name or of all."""
    (one,) = [
        part for part in re.split("[：，。]", said) if name in part or part.startswith("四代都")
    ]
    return one


def count(demo: Demo) -> str:
    found = parsed(demo.parts()[0]).select_one(".kefu-when")
    assert found
    return found.get_text()


def test_it_opens_with_an_example_and_says_what_it_took_for_what() -> None:
    demo = own_questions()
    items = first_messages(read_pasted(EXAMPLE), guess_columns(read_pasted(EXAMPLE)))
    assert count(demo) == "第1句，共8句（从8句里抽的）；标了0句"
    first, *_ = sampled(items, 30)
    assert asked(demo) == first.number + first.text
    told = parsed(demo.parts()[1]).get_text()
    assert "“消息内容”当作问句，“发送方”里的“买家”算客人" in told
    assert PRIVATE in told
    assert "读到10行，取出客人的话8句（每段头一句）" in told


def test_what_the_four_make_of_a_question_is_seen_when_it_is_marked() -> None:
    demo = own_questions()
    assert "<table" not in demo.parts()[0]
    assert "先凭自己标" in status(demo)
    items = first_messages(read_pasted(EXAMPLE), guess_columns(read_pasted(EXAMPLE)))
    first, second, *_ = sampled(items, 30)
    press(demo, "商品问题")  # leads on, and tells of the one before
    assert asked(demo) == second.number + second.text
    for generation, name in GENERATIONS.items():
        reply = shop_bot(generation).reply(first.text)
        right = "对了" if reply.topic == "商品问题" else f"答成{reply.topic}"
        assert told_of(status(demo), name).endswith("转了人工" if reply.handoff else right)
    press(demo, UNCLEAR)
    for generation, name in GENERATIONS.items():
        held = shop_bot(generation).reply(second.text).handoff
        assert told_of(status(demo), name).endswith("忍住了" if held else "硬答了")
    press(demo, "‹ 上一句")
    press(demo, "‹ 上一句")
    for row, generation in zip(cells(demo.parts()[0]), GENERATIONS, strict=True):
        reply = shop_bot(generation).reply(first.text)
        way = "转人工" if reply.handoff else "自己答"
        assert row == [
            GENERATIONS[generation],
            reply.topic or "没有主意",
            f"{reply.score:.2f}",
            way,
        ]


def test_the_last_mark_says_where_the_result_is() -> None:
    demo = press(own_questions("包邮吗\n到哪了\n"), "物流问题")
    assert "成绩" not in status(demo)
    assert status(press(demo, "物流问题")) == "标成了物流问题。都标完了，成绩在下面。"


def test_the_pasted_text_is_not_shown_beside_a_file_that_is_read_in_its_place() -> None:
    demo = own_questions()
    assert "pasted" in demo.shown_controls()
    assert "pasted" not in upload(demo, OTHER.encode()).shown_controls()
    assert "pasted" in upload(own_questions(), b"PK\x03\x04").shown_controls()
    assert "pasted" in set_to(demo, source=PASTED).shown_controls()


def test_every_label_marks_by_a_press_and_the_counts_are_the_models() -> None:
    demo = own_questions()
    found = read_pasted(EXAMPLE)
    items = sampled(first_messages(found, guess_columns(found)), 30)
    for label in LABELS:
        press(demo, label)
    marked = [labelled(one, label) for one, label in zip(items, LABELS, strict=True)]
    assert list(read_marks(demo.controls["marks"].value).values()) == list(LABELS)
    for row, (generation, name) in zip(cells(demo.parts()[1]), GENERATIONS.items(), strict=True):
        right = own_marks(sat(shop_bot(generation), marked), marked)
        assert row == [name, str(right.answered), str(right.right)]
        assert re.search(
            f"不该答的2句，忍住没答的：.*{name}{right.held.part}[，。]", demo.parts()[1]
        )
    assert "区间很宽" in demo.parts()[1]
    assert [on for text, _, on in presses(demo.parts()[0]) if text == PERSON] == ["true"]
    press(demo, UNCLEAR)  # the last again: changed, not counted twice
    assert list(read_marks(demo.controls["marks"].value).values()) == [*LABELS[:-1], UNCLEAR]
    press(demo, "‹ 上一句")
    assert demo.controls["number"].value == len(LABELS) - 1
    press(demo, "下一句 ›")
    assert demo.controls["number"].value == len(LABELS)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_is_read_and_its_columns_offered(encoding: str) -> None:
    demo = upload(own_questions(), OTHER.encode(encoding))
    assert demo.controls["source"].value == FILE
    assert demo.controls["who"].options == (AUTO, NONE, "角色", "文本", "旺旺")
    assert demo.controls["customer"].options == (AUTO, "用户", "店铺")
    assert "文件里有：角色、文本、旺旺" in alert(demo.result())
    set_to(demo, text="文本")
    assert count(demo).startswith("第1句，共3句")
    set_to(demo, customer="店铺")
    assert asked(demo).endswith("满88")
    set_to(demo, who=NONE)
    assert count(demo).startswith("第1句，共3句")  # the first of each chat
    set_to(demo, chat=NONE)
    assert count(demo).startswith("第1句，共4句")
    assert f"选CSV文件：{'聊天.csv'}" in parsed(demo.picture()).get_text("：")


def test_marks_outlive_another_sample_another_source_and_a_bad_file() -> None:
    demo = press(own_questions(), "商品问题")
    press(demo, UNCLEAR)
    kept = demo.controls["marks"].value
    upload(demo, b"PK\x03\x04")
    assert "另存为" in alert(demo.result())
    set_to(demo, source=PASTED, many=10, which=EVERY)
    assert demo.controls["marks"].value == kept
    assert count(demo).endswith("标了2句")
    set_to(demo, which=FIRST)
    set_to(demo, pasted="包邮吗")
    assert count(demo) == "第1句，共1句（从1句里抽的）；标了0句"
    set_to(demo, pasted=EXAMPLE)
    assert count(demo).endswith("标了2句")


def test_what_is_downloaded_brings_its_marks_back() -> None:
    demo = press(own_questions(), "商品问题")
    press(demo, PERSON)
    (link,) = parsed(demo.parts()[1]).select("a[download]")
    raw = b64decode(str(link["href"]).partition("base64,")[2])
    again = upload(own_questions(), raw)
    assert count(again) == "第1句，共2句（从2句里抽的）；标了2句"
    export = read_export(raw)
    labels = [label_of(one) for one in first_messages(export, guess_columns(export))]
    assert labels == ["商品问题", PERSON]


def test_what_is_lacking_follows_the_bot_that_is_looked_at() -> None:
    demo = own_questions("招人吗\n包邮吗\n到哪了\n")
    for _ in range(3):
        press(demo, PERSON)
    seen = set()
    for generation, name in GENERATIONS.items():
        set_to(demo, bot=generation)
        head = [one.get_text() for one in parsed(demo.parts()[1]).select("th")]
        assert name in head or f"{name}：标过的都办对了" in demo.parts()[1]
        seen.add(demo.parts()[1])
    assert len(seen) == len(GENERATIONS)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_customers_wrote_becomes_markup(text: str) -> None:
    demo = (
        own_questions(f'问句\n"{text.replace(chr(34), "")[:400]}"\n包邮吗\n')
        if "\x00" not in text
        else own_questions("包邮吗")
    )
    for _ in range(2):
        press(demo, UNCLEAR)
    html = demo.picture()
    assert not parsed(html).find_all(["img", "script", "svg"])
    assert not [
        tag for tag in parsed(html).find_all(True) if any(a.startswith("on") for a in tag.attrs)
    ]


def test_hostile_names_of_columns_and_files_are_text() -> None:
    demo = upload(own_questions(), "问句,<img src=x>\n包邮吗,<b>\n".encode(), "<script>.csv")
    press(demo, "物流问题")
    assert not parsed(demo.picture()).find_all(["img", "script"])


@pytest.mark.parametrize("raw", [b"", b"\x00\x01", "问句\n".encode(), b"\xff\xfe\x00"])
def test_a_bad_file_is_told_in_chinese(raw: bytes) -> None:
    told = alert(upload(own_questions(), raw).result())
    assert re.search("[一-鿿]", told)
    assert "expected" not in told
    assert "file" not in told


def test_no_file_yet_says_what_to_press() -> None:
    assert "还没有选文件" in alert(set_to(own_questions(), source=FILE).result())


def test_the_code_shown_prints_what_the_fourth_makes_of_each() -> None:
    printed, _ = run_code(own_questions())
    assert len(printed.splitlines()) == 8
