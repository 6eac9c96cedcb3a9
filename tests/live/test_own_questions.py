"""A reader's own file in the page: chosen, read where it lies, marked by presses, and loaded down again."""

from __future__ import annotations

from playwright.sync_api import Request, expect

from kefu.intelligence.own_shop import MARKED, read_export
from tests.live.living import Notebook, cell, control, drawn, result

PAGE = "book/own_questions"
SOURCE = Notebook(PAGE).having("demos.own_questions()")
CHATS = "会话编号,发送方,消息内容\n1,买家,<b>包邮</b>吗\n1,客服,满88\n2,买家,到哪了\n"


def test_a_file_stays_in_the_page_and_its_marks_are_loaded_down(opened, tmp_path):
    page = opened(PAGE)
    place = cell(page, SOURCE.index)
    expect(drawn(place)).to_contain_text("从8句里抽的")
    sent: list[Request] = []
    page.on("request", lambda one: sent.append(one))
    file = tmp_path / "聊天.csv"
    file.write_bytes(CHATS.encode("gb18030"))
    page.evaluate("HTMLInputElement.prototype.click = function () { window.chooser = this; }")
    control(place).click()
    chooser = page.evaluate_handle("window.chooser").as_element()
    assert chooser
    chooser.set_input_files(file)
    expect(drawn(place)).to_contain_text("从2句里抽的")
    expect(result(place)).to_contain_text("“消息内容”当作问句，“发送方”里的“买家”算客人")
    for many in (1, 2):  # the next sentence is there before it is marked
        drawn(place).get_by_role("button", name="物流问题").click()
        expect(drawn(place)).to_contain_text(f"标了{many}句")
    expect(drawn(place).locator("b", has_text="包邮")).to_have_count(0)
    with page.expect_download() as got:
        result(place).get_by_role("link", name="下载标过的").click()
    assert got.value.suggested_filename == "标过的问句.csv"
    back = read_export(got.value.path().read_bytes())
    assert MARKED in back.header
    assert {cells[1] for _, cells in back.rows} == {"物流问题"}
    # the page may still fetch files of its own; nothing goes out with it
    here = page.evaluate("location.origin")
    assert [one.url for one in sent if not one.url.startswith((here, "data:", "blob:"))] == []
    assert [one.url for one in sent if one.method != "GET" or one.post_data] == []
    assert not [one for one in sent if "?" in one.url and one.url.startswith(here)]
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage]) + document.cookie")
    assert not any(words in kept for words in ("包邮", "到哪了", "物流问题"))


def test_a_bad_file_is_told_in_the_picture_and_takes_nothing_away(opened, tmp_path):
    page = opened(PAGE)
    place = cell(page, SOURCE.index)
    book = tmp_path / "聊天.xlsx"
    book.write_bytes(b"PK\x03\x04" + bytes(99))
    page.evaluate("HTMLInputElement.prototype.click = function () { window.chooser = this; }")
    control(place).click()
    chooser = page.evaluate_handle("window.chooser").as_element()
    assert chooser
    chooser.set_input_files(book)
    expect(place.get_by_role("alert")).to_contain_text("另存为")
    expect(control(place, 1)).to_be_visible()
