"""Today's three windows in a browser on a fixed day: who comes, who comes again, what is kept and taken along."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.visit import AA, PALE, VIEWS
from tests.web.kept import READ, memory
from tools.paths import ROOT
from web.extensions.reader import daily

ITEMS = {item["id"]: item for item in daily.items(ROOT)}
NOON = "2026-01-{:02}T12:00:00+08:00"


@pytest.fixture
def open_on(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page of one profile on a day of January 2026."""
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        reduced_motion="reduce",
        timezone_id="America/Los_Angeles",  # where the day before is still going on
    )

    def new(day: int, name: str = "book/daily", kept: Any = None) -> Page:
        page = context.new_page()
        page.route("**/_static/live/**", lambda route: route.abort())
        page.clock.set_fixed_time(NOON.format(day))
        if kept is not None:
            text = json.dumps(json.dumps(kept, ensure_ascii=False))
            page.add_init_script(f"localStorage.setItem('kefu /', {text})")
        page.goto(f"{address}{name}.html")
        if name == "book/daily":
            expect(page.locator("#kefu-daily[data-alive]")).to_be_visible()
        return page

    yield new
    context.close()


def windows(page: Page) -> list[str]:
    ids = page.locator(".daily-window").evaluate_all("all => all.map(one => one.dataset.id)")
    return [str(one) for one in ids]


def window(page: Page, name: str) -> Locator:
    return page.locator(f".daily-window[data-id='{name}']")


def answer(page: Page, name: str, right: bool) -> None:
    """Answer a window's question with the keyboard alone, rightly or wrongly."""
    question, box = ITEMS[name]["question"], window(page, name)
    if question["kind"] in ("single", "multiple"):
        rows = [option["right"] for option in question["options"]]
        chosen = [n for n, so in enumerate(rows) if so] if right else [rows.index(False)]
        for n in chosen:
            box.locator("input").nth(n).focus()
            page.keyboard.press("Space")
    elif question["kind"] == "number":
        box.locator("input").fill(str(question["answer"] if right else question["answer"] + 1000))
    elif right:
        for n in range(len(question["items"])):
            for _ in question["items"]:
                texts = box.locator(".kefu-item").all_inner_texts()
                if texts.index(question_item(question, n)) == n:
                    break
                box.locator("li", has_text=question_item(question, n)).locator(
                    "button"
                ).first.press("Enter")
    box.locator("button[type=submit]").press("Enter")
    expect(box.locator(".daily-next")).not_to_be_empty()


def question_item(question: Any, place: int) -> str:
    return str(next(item["text"] for item in question["items"] if item["place"] == place))


def told(page: Page) -> Locator:
    return page.locator(".daily-told")


def file(page: Page) -> Locator:
    return page.locator(".daily-file")


def test_three_customers_come_and_whom_one_answers_wrongly_comes_again_tomorrow(open_on):
    page = open_on(10)
    expect(told(page)).to_have_text("今天三位客人在等。")
    first = windows(page)
    assert {ITEMS[name]["kind"] for name in first} == {"talk", "quiz", "case"}
    answer(page, first[0], right=False)
    expect(window(page, first[0]).locator(".daily-next")).to_contain_text(
        "记下了，明天（1月11日）再来问你。"
    )
    expect(told(page)).to_have_text("接了1位，还有2位在等。")
    answer(page, first[1], right=True)
    expect(window(page, first[1]).locator(".daily-next")).to_contain_text(
        "一次就对，这一位送走了。"
    )
    answer(page, first[2], right=True)
    expect(told(page)).to_have_text("今天的都接完了，答对2位。明天有1位再来。")
    expect(file(page)).to_contain_text("连续1天")
    page.reload()
    expect(told(page)).to_have_text("今天的都接完了，答对2位。明天有1位再来。")
    assert windows(page) == first
    expect(window(page, first[0]).locator("input:checked")).to_have_count(1)

    page = open_on(11)
    second = windows(page)
    assert second[0] == first[0]
    assert not {*second} & {*first[1:]}
    for name in second:
        answer(page, name, right=True)
    expect(window(page, second[0]).locator(".daily-next")).to_contain_text("1月14日再来一次")
    expect(file(page)).to_contain_text("连续2天")
    assert first[0] not in windows(open_on(12))
    assert first[0] in windows(open_on(14))
    expect(file(open_on(14))).to_contain_text("连续0天")


def test_only_a_days_first_answer_counts(open_on):
    page = open_on(10)
    name = windows(page)[0]
    answer(page, name, right=False)
    window(page, name).get_by_role("button", name="再试一次").click()
    answer(page, name, right=True)
    kept = page.evaluate(READ)
    assert kept["daily"][name]["due"] == "2026-01-11"
    assert kept["days"]["2026-01-10"]["right"][0] is False


def test_what_another_tab_has_erased_does_not_keep_a_customer_from_being_answered(open_on):
    page, other = open_on(10), open_on(10, "book/progress")
    name = windows(page)[1]
    other.get_by_role("button", name="清除全部记录").click()
    other.get_by_role("button", name="全部清除").click()
    answer(page, name, right=False)
    kept = page.evaluate(READ)
    assert kept["days"]["2026-01-10"]["right"] == [None, False, None]
    assert kept["daily"][name]["due"] == "2026-01-11"


def test_the_page_of_progress_takes_it_out_and_in(open_on, tmp_path: Path):
    page = open_on(10)
    for name in windows(page):
        answer(page, name, right=False)
    before = page.evaluate(READ)
    page = open_on(10, "book/progress")
    expect(page.locator("#kefu-progress")).to_contain_text(
        "今日三窗：满勤1天，连续1天，称号“试用”。"
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="导出成文件").click()
    download.value.save_as(tmp_path / "mine.json")
    page.get_by_role("button", name="清除全部记录").click()
    page.get_by_role("button", name="全部清除").click()
    expect(page.locator("#kefu-progress")).to_contain_text("今日三窗：还没有满勤的一天。")
    page.get_by_label("导入的文件").set_input_files(tmp_path / "mine.json")
    expect(page.locator("#kefu-progress")).to_contain_text(
        "今日三窗：满勤1天，连续1天，称号“试用”。"
    )
    after = page.evaluate(READ)
    assert (after["daily"], after["days"]) == (before["daily"], before["days"])
    expect(told(open_on(10))).to_have_text("今天的都接完了，答对0位。明天有3位再来。")


def test_no_sheet_of_what_does_not_come_here_is_brought(open_on, site):
    """A night at the desk is played on its own page alone."""
    sheets = (
        open_on(5).locator("link[rel=stylesheet]").evaluate_all("all => all.map(one => one.href)")
    )
    rules = "".join(
        (site / unquote(urlsplit(one).path).lstrip("/")).read_text("utf-8") for one in sheets
    )
    assert ".daily-" in rules
    assert ".night-" not in rules


def test_a_day_without_new_customers_says_so(open_on):
    known = {name: {"at": 1, "step": 4, "due": "", "tries": 1} for name in ITEMS}
    page = open_on(10, kept=memory(daily=known))
    expect(page.locator(".daily-about")).to_have_text("今天没有新客人，来的都是老客人。")
    assert len(windows(page)) == 3


def test_a_day_without_any_says_so_too(open_on):
    waiting = {name: {"at": 1, "step": 1, "due": "2026-01-12", "tries": 1} for name in ITEMS}
    page = open_on(10, kept=memory(daily=waiting))
    expect(page.locator(".daily-about")).to_contain_text("今天没有客人")
    expect(told(page)).to_have_text("今天不用接待。")
    assert windows(page) == []
    link = open_on(10, "book/index").locator(".kefu-today a")
    expect(link).to_have_text("今日三窗：今天没有客人")


def test_spoilt_days_break_no_page(open_on):
    odd = [{"at": 1, "windows": "abc", "right": "x"}, None, 5, {"windows": [5, None], "right": 3}]
    days = {f"2026-01-{10 - n:02}": one for n, one in enumerate(odd)}
    kept = memory(days=days, daily={"x": None}, pages={"x": 5})
    link = open_on(10, "book/index", kept).locator(".kefu-today a")
    expect(link).to_have_text("今日三窗：今天三位客人在等")
    expect(open_on(10, "book/progress", kept).locator("#kefu-progress")).to_contain_text(
        "今日三窗：还没有满勤的一天。"
    )
    page = open_on(10, kept=kept)
    expect(told(page)).to_have_text("今天三位客人在等。")
    answer(page, windows(page)[0], right=False)


def test_an_item_that_an_edition_left_out_makes_room_for_another(open_on):
    gone = {"at": 1, "windows": ["talk/没有/了", "case/gone", "quiz/x"], "answers": [None, [0], None],
            "right": [None, True, None]}  # fmt: skip
    page = open_on(10, kept=memory(days={"2026-01-10": gone}))
    assert len(windows(page)) == 2
    expect(told(page)).to_have_text("接了1位，还有2位在等。")


def test_the_cover_says_who_waits_and_how_many_days_in_a_row(open_on):
    link = open_on(10, "book/index").locator(".kefu-today a")
    expect(link).to_have_text("今日三窗：今天三位客人在等")
    page = open_on(10)
    names = windows(page)
    answer(page, names[0], right=True)
    expect(open_on(10, "book/index").locator(".kefu-today a")).to_have_text(
        "今日三窗：今天还有两位客人在等"
    )
    for name in names[1:]:
        answer(page, name, right=True)
    page = open_on(10, "book/index")
    expect(page.locator(".kefu-today")).to_have_text("今日三窗：今天的都接完了连续1天，试用")
    page.locator(".kefu-today a").click()
    expect(told(page)).to_contain_text("今天的都接完了")


def test_what_is_answered_is_sound_to_a_screen_reader_and_pale_nowhere(open_on):
    page = open_on(10)
    for name in windows(page):
        answer(page, name, right=False)
    for width, theme in VIEWS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=theme)
        assert page.evaluate(PALE, AA) == [], (width, theme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Axe().run(page).response["violations"] == []


def test_what_the_browser_does_not_keep_is_said(chromium: Browser, address: str):
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.goto(f"{address}book/daily.html")
    expect(page.locator("#kefu-daily .kefu-note")).to_contain_text("浏览器没有让本页保存")
    expect(page.locator(".daily-window")).to_have_count(3)
    context.close()


def test_customers_that_did_not_travel_are_told(chromium: Browser, address: str):
    page = chromium.new_page()
    page.route("**/items-*.json", lambda route: route.abort())
    page.goto(f"{address}book/daily.html")
    expect(page.locator("#kefu-daily")).to_contain_text("连上网络，再打开一次")
    page.close()
