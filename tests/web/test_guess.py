"""Guesses and statements in a browser, as in JupyterLab: the live output brings all that they need."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kefu.demos import guess, truths
from tests import visit
from tests.demos.test_guess import GOOD, stored
from tests.web.test_quiz import BLOCKED

KEPT = "() => JSON.parse(localStorage.getItem('kefu /')).guesses"


@pytest.fixture
def alone(chromium: Browser, address: str, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page with all forms of a file and nothing else of the book."""
    path = stored(tmp_path)
    forms = [truths(path), *(guess(path, one["id"]) for one in GOOD["guesses"]),
             truths(path, again=True)]  # fmt: skip
    outputs = "".join(form.live().outputs[0]["data"]["text/html"] for form in forms)
    context = chromium.new_context()
    yield lambda script="": visit.alone(context.new_page(), address, outputs, script)
    context.close()


def form(page: Page, name: str) -> Locator:
    return page.locator(f"form[data-id='{name}']")


def verdict(page: Page, name: str) -> Locator:
    return form(page, name).locator(".kefu-verdict")


def press(page: Page, name: str, button: str) -> None:
    form(page, name).get_by_role("button", name=button, exact=True).click()


def judge(page: Page, name: str, said: str) -> None:
    for place, word in enumerate(said):
        one = form(page, name).locator("fieldset fieldset").nth(place)
        one.get_by_role("radio", name=word, exact=True).check()
    press(page, name, "就这样判断")


def test_a_guess_is_told_only_when_it_is_committed(alone):
    page = alone()
    press(page, "step", "就这么猜")
    expect(verdict(page, "step")).to_have_text("还没有选，先选一个。")
    form(page, "step").get_by_role("radio").first.check()
    expect(form(page, "step")).not_to_contain_text("其实")
    press(page, "step", "就这么猜")
    expect(verdict(page, "step")).to_have_text("你猜“变”，其实不变。")
    expect(form(page, "step").locator(".kefu-why:visible")).to_have_text("✗ 不对。同一级。")
    expect(form(page, "step").get_by_role("radio").last).to_be_disabled()
    expect(form(page, "step").get_by_role("button", name="重来")).to_be_focused()
    kept = page.evaluate(KEPT)["07/step"]
    assert (kept["answer"], kept["right"]) == ([0], False)
    page.reload()
    expect(verdict(page, "step")).to_have_text("你猜“变”，其实不变。")
    press(page, "step", "重来")
    expect(verdict(page, "step")).to_be_hidden()
    form(page, "step").get_by_role("radio").last.check()
    press(page, "step", "就这么猜")
    expect(verdict(page, "step")).to_have_text("你猜“不变”，猜对了。其实不变。")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("18", "你猜18元，少猜了12元。其实是30元。只看了实重。"),
        ("６０.５元", "你猜60.5元，多猜了30.5元。其实是30元。按体积重。"),
        ("31", "你猜31元，猜中了。其实是30元。按体积重。"),
        ("三十", "“三十”不是一个数，请只写数字，例如3.5。"),
    ],
)
def test_a_guessed_number_is_told_how_far_it_is_off(alone, typed, told):
    page = alone()
    form(page, "fee").get_by_role("textbox").fill(typed)
    form(page, "fee").get_by_role("textbox").press("Enter")
    expect(verdict(page, "fee")).to_have_text(told)


def test_two_rates_are_told_apart_by_points(chromium, address, tmp_path):
    said = {**GOOD, "guesses": [{**GOOD["guesses"][1], "unit": "%"}]}
    html = guess(stored(tmp_path, said), "fee").live().outputs[0]["data"]["text/html"]
    page = visit.alone(chromium.new_context().new_page(), address, html)
    form(page, "fee").get_by_role("textbox").fill("10")
    press(page, "fee", "就这么猜")
    expect(verdict(page, "fee")).to_contain_text("你猜10%，少猜了20个百分点。")
    page.context.close()


def test_an_option_in_quotes_is_repeated_in_one_pair(chromium, address, tmp_path):
    texts = ("“在的亲。”", "先辩“不贵”")
    options = [{"text": text, "right": n == 0, "why": "理由。"} for n, text in enumerate(texts)]
    said = {**GOOD, "guesses": [{**GOOD["guesses"][0], "options": options}]}
    html = guess(stored(tmp_path, said), "step").live().outputs[0]["data"]["text/html"]
    page = visit.alone(chromium.new_context().new_page(), address, html)
    for text, told in zip(texts, ("你猜“在的亲”，猜对了。", "你猜“先辩‘不贵’”，"), strict=True):
        form(page, "step").get_by_role("radio", name=text).check()
        press(page, "step", "就这么猜")
        expect(verdict(page, "step")).to_contain_text(told)
        press(page, "step", "重来")
    page.context.close()


def test_a_guessed_order_is_told_how_much_of_it_is_right(alone):
    page = alone()
    rows = form(page, "layers").locator(".kefu-steps li")
    shown = rows.locator(".kefu-item").all_inner_texts()
    right = sum(
        one == wanted for one, wanted in zip(shown, GOOD["guesses"][2]["items"], strict=True)
    )
    press(page, "layers", "就这么猜")
    expect(verdict(page, "layers")).to_have_text(
        f"你排的{right}项在对的位置上。其实从里往外。正确的顺序：1. 单品；2. 满减；3. 券。逐层减。"
    )
    expect(rows.get_by_role("button")).to_have_count(0)  # it stands now


def test_what_was_judged_at_the_beginning_comes_back_at_the_end(alone):
    page = alone()
    press(page, "truths", "就这样判断")
    expect(verdict(page, "truths")).to_have_text("还有5句没有判断。")
    judge(page, "truths", "对对错错错")  # 2, 3 and 5 of them right
    expect(verdict(page, "truths")).to_contain_text("记下了。先不说对错")
    expect(form(page, "truths").locator(".kefu-why:visible")).to_have_count(0)
    page.reload()
    expect(form(page, "truths").get_by_role("radio", checked=True)).to_have_count(5)
    judge(page, "again", "错对对对错")  # 1, 2, 4 and 5
    expect(verdict(page, "again")).to_have_text(
        "开头判断对了3句，这次判断对了4句，改对了2句，改错了1句。"
    )
    expect(form(page, "again").locator(".kefu-why")).to_have_text([
        "✓ 判断对。开头你说“对”，现在说“错”。这句话不对：理由1。",
        "✓ 判断对。开头你说“对”，现在说“对”。这句话是对的：理由2。",
        "✗ 判断不对。开头你说“错”，现在说“对”。这句话不对：理由3。",
        "✓ 判断对。开头你说“错”，现在说“对”。这句话是对的：理由4。",
        "✓ 判断对。开头你说“错”，现在说“错”。这句话不对：理由5。",
    ])  # fmt: skip
    kept = page.evaluate(KEPT)
    assert {name: kept[name]["answer"] for name in ("07/t1", "07/t1/again")} == {
        "07/t1": "对", "07/t1/again": "错",
    }  # fmt: skip
    page.reload()
    expect(verdict(page, "again")).to_contain_text("改对了2句")


def test_who_did_not_judge_at_the_beginning_is_told_so(alone):
    page = alone()
    judge(page, "again", "错对错对错")
    expect(verdict(page, "again")).to_have_text("这次判断对了5句。开头的判断还没有做，没法比。")
    expect(form(page, "again").locator(".kefu-why").first).to_have_text(
        "✓ 判断对。开头没有判断这一句。这句话不对：理由1。"
    )


def test_guesses_are_no_answers_of_the_quiz_and_leave_them_alone(alone):
    answers = {"07/x": {"at": 1, "answer": [1], "right": True, "first": True, "tries": 1}}
    kept = json.dumps(json.dumps({"kefu": 1, "answers": answers}))
    page = alone(f"localStorage.getItem('kefu /') ?? localStorage.setItem('kefu /', {kept})")
    judge(page, "truths", "对对错错错")
    all_kept: dict[str, Any] = page.evaluate("JSON.parse(localStorage.getItem('kefu /'))")
    assert all_kept["answers"] == answers
    assert len(all_kept["guesses"]) == 5


ODD = {"answer": {"x": 1}, "right": "<b>"}
SPOILT = [{"kefu": 1, "guesses": 5}, {"kefu": 1, "guesses": {
    f"07/{name}{end}": ODD for name in ("step", "fee", "layers", "t1") for end in ("", "/again")}}]  # fmt: skip


@pytest.mark.parametrize("kept", SPOILT)
def test_a_spoilt_store_breaks_nothing(alone, kept):
    page = alone(f"localStorage.setItem('kefu /', {json.dumps(json.dumps(kept))})")
    form(page, "step").get_by_role("radio").first.check()
    press(page, "step", "就这么猜")
    expect(verdict(page, "step")).to_contain_text("你猜“变”")
    judge(page, "again", "错对错对错")
    expect(verdict(page, "again")).to_contain_text("这次判断对了5句")


@pytest.mark.parametrize("way", BLOCKED)
def test_without_a_store_everything_works_and_a_line_tells_it(alone, way):
    page = alone(BLOCKED[way])
    judge(page, "truths", "对对错错错")
    expect(page.locator(".kefu-truths .kefu-note")).to_contain_text("浏览器没有让本页保存")
    judge(page, "again", "错对错对错")
    expect(verdict(page, "again")).to_contain_text("开头判断对了3句")


def test_all_forms_work_by_keys_alone(alone):
    page = alone()
    form(page, "step").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(verdict(page, "step")).to_contain_text("猜对了")
    page.keyboard.press("Enter")  # 重来 has the focus
    expect(form(page, "step").get_by_role("radio").first).to_be_focused()
