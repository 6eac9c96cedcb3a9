"""Change it: cells edited, run, stopped and reset in the page, and what survives a crash."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Locator, Page, Route, expect

from tests.live.living import (
    CHAPTER,
    HANDLE,
    IN_CHROMIUM,
    Notebook,
    agree,
    alive,
    cell,
    control,
)

BOOK = Notebook(CHAPTER)
MODEL = BOOK.having('chargeable_weight("0.95"')
OTHER = BOOK.having("best_price(cart, offers)")
BUTTONS = ["▶ 运行", "还原", "停止"]
DEMO = next(one for one in BOOK.cells if one.demo)
DOT = (
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6390cf2f000001f200e7c2e1b57c0000000049454e44ae426082"
)


class Editor:
    """The editor of one live cell, with its buttons and what shows below it."""

    def __init__(self, page: Page, index: int) -> None:
        self.page = page
        self.place = cell(page, index)
        self.content = self.place.locator(".cm-content")
        self.output = self.place.locator(".cell_output")

    def button(self, name: str) -> Locator:
        return self.place.get_by_role("button", name=re.compile(name))

    def open(self) -> Editor:
        """Open the editor, or go back into it."""
        if self.content.count():
            self.content.click()
        else:
            self.button("改代码").click()
        expect(self.content).to_be_focused()
        return self

    def write(self, code: str) -> None:
        """Put code in the place of what stands there."""
        self.open()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        expect(self.place.locator(".cm-line")).to_have_text(code.split("\n"), use_inner_text=True)

    def run(self, code: str) -> None:
        self.write(code)
        self.page.keyboard.press("Shift+Enter")

    def text(self) -> str:
        return "\n".join(self.place.locator(".cm-line").all_text_contents())


@pytest.fixture(scope="module")
def page(opened: Callable[[str], Page]) -> Page:
    return opened(CHAPTER)


@pytest.fixture
def editor(page: Page) -> Iterator[Editor]:
    """Return the editor of a model cell, reset after the test."""
    alive(page)
    editor = Editor(page, MODEL.index)
    editor.open()
    yield editor
    editor.button("还原").click()
    _, printed = BOOK.run(MODEL)
    expect(editor.output).to_have_text(" ".join(printed.split()))


def test_editor_opens_on_the_cell_s_own_code(editor):
    assert editor.text() == MODEL.source
    expect(editor.place.locator(".cell_input")).to_be_hidden()


def test_cell_whose_code_the_book_hides_can_be_edited(visit, address):
    """As a cell tagged hide-input, and one tagged hide-cell, stands in a page."""
    page = visit()
    wrap = "<details class='hide'><summary>点开看代码</summary>{}</details>"

    def hide(route: Route) -> None:
        html = BeautifulSoup(route.fetch().text(), "html.parser")
        shown = html.select_one(f"#live-cell-{MODEL.index} > .cell_input")
        shown.replace_with(BeautifulSoup(wrap.format(shown), "html.parser"))
        demo = html.select_one(f"#live-cell-{DEMO.index}")
        inside = demo.decode_contents()
        demo.clear()
        demo.append(BeautifulSoup(wrap.format(inside), "html.parser"))
        route.fulfill(body=str(html), content_type="text/html")

    page.route(f"**/{CHAPTER}.html", hide)
    page.goto(f"{address}{CHAPTER}.html")
    for index in (MODEL.index, DEMO.index):
        cell(page, index).locator("summary").first.click()
        Editor(page, index).open()
        cell(page, index).locator("summary").first.click()
    alive(page)
    expect(page.locator(".live-picture")).to_have_count(0)
    for index in (MODEL.index, DEMO.index):
        editor = Editor(page, index)
        cell(page, index).locator("summary").first.click()
        editor.run("print('看得见')")
        expect(editor.output).to_have_text("看得见")


@pytest.mark.parametrize("way", ["keys", "button"])
def test_changed_cell_runs_and_shows_what_the_same_code_prints(editor, way):
    changed = MODEL.source.replace("5000, 6000", "4000, 6000")
    assert changed != MODEL.source
    editor.write(changed)
    if way == "keys":
        editor.page.keyboard.press("Shift+Enter")
    else:
        editor.button("运行").click()
    _, printed = BOOK.run(type(MODEL)(MODEL.index, changed, False, False))
    expect(editor.output).to_have_text(" ".join(printed.split()))


def test_value_of_the_last_line_is_shown_unless_it_ends_in_a_semicolon(editor):
    editor.run("x = 6\nx * 7")
    expect(editor.output).to_have_text("42")
    editor.run("x * 8;")
    expect(editor.output).to_have_text("")
    editor.run("None")
    expect(editor.output).to_have_text("")


def test_prints_come_in_order_with_values_and_warnings(editor):
    editor.run("import sys\nfor n in range(3):\n    print(n)\nprint('糟', file=sys.stderr)\n'完'")
    expect(editor.output).to_have_text("0 1 2 糟 '完'", use_inner_text=True)


def test_pictures_are_shown_and_svg_runs_nothing(editor):
    editor.run(
        "from IPython.display import SVG, display\n"
        'display(SVG(\'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20" onload="pwned=1">'
        '<rect width="30" height="20"/></svg>\'))\n'
        "class Dot:\n    def _repr_png_(self):\n        return bytes.fromhex('" + DOT + "')\nDot()"
    )
    images = editor.output.locator("img")
    expect(images).to_have_count(2)
    for image in images.all():
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("i => i.naturalWidth") > 0
        assert image.get_attribute("alt")
    assert editor.page.evaluate("window.pwned") is None


def test_a_formula_in_a_reader_s_own_widget_is_set_by_the_site_s_mathjax(editor):
    editor.run("import ipywidgets\nipywidgets.HTMLMath('面积是 $a^2$ 平方厘米')")
    expect(editor.output.locator("mjx-container")).to_have_count(1)
    expect(editor.output).to_contain_text("面积是")
    hosts = editor.page.evaluate(
        "performance.getEntriesByType('resource').map(e => new URL(e.name).host)"
    )
    assert set(hosts) <= {editor.page.evaluate("location.host"), ""}


def test_traceback_names_the_reader_s_own_line_and_no_old_output_stays(editor):
    editor.run("print('旧')")
    expect(editor.output).to_have_text("旧")
    editor.run("def half(n):\n    return n / 0\n\nhalf(8)")
    told = editor.output.locator(".live-text-error")
    expect(told).to_contain_text("ZeroDivisionError")
    expect(told).to_contain_text("return n / 0")
    expect(told).to_contain_text("line 4, in <module>")
    expect(told).to_contain_text("line 2, in half")
    expect(told).not_to_contain_text("live_kernel")
    expect(editor.output.locator(".live-why")).to_have_text("除数是0：先判断它是不是0，再除。")
    expect(editor.output).not_to_contain_text("旧")
    expect(editor.output.locator("> *")).to_have_count(1)
    editor.run("print('半')\n1 / 0")
    expect(editor.output).to_contain_text(re.compile(r"^\s*半"))  # of the same run: it stays
    editor.run("1 +")
    expect(editor.output).not_to_contain_text("半")
    expect(editor.output.locator(".live-text-error")).to_have_count(1)
    expect(told).to_contain_text("SyntaxError")
    expect(told).to_contain_text("1 +")
    editor.run("print('好了')")
    expect(editor.output).to_have_text("好了")


def test_a_demo_outlives_a_slip_of_typing_and_says_that_it_is_older(page):
    alive(page)
    editor = Editor(page, DEMO.index)
    editor.run("demos.freight(")
    parts = editor.output.locator("> *")
    expect(parts.first.locator(".live-why")).to_have_text("第1行的“(”没有配对的“)”。")
    expect(parts.first.locator(".live-older")).to_be_visible()
    expect(editor.output.locator(".kefu-demo")).to_have_count(1)
    moves_on(page)
    editor.button("还原").click()
    expect(editor.output.locator(".live-text-error")).to_have_count(0)
    expect(editor.output.locator(".kefu-demo")).to_have_count(1)


@IN_CHROMIUM  # its protocol composes
def test_an_input_method_composes_in_the_editor_and_its_enter_runs_nothing(page):
    alive(page)
    editor = Editor(page, MODEL.index)
    editor.run("print('旧')")
    expect(editor.output).to_have_text("旧")
    keys = page.context.new_cdp_session(page)
    editor.write("# ")
    for settled in ("运费", "险"):
        composed = {"text": "yun fei", "selectionStart": 7, "selectionEnd": 7}
        keys.send("Input.imeSetComposition", composed)
        enter = {"key": "Enter", "code": "Enter", "modifiers": 8, "windowsVirtualKeyCode": 229}
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **enter})
        keys.send("Input.insertText", {"text": settled})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **enter})
    expect(editor.place.locator(".cm-line")).to_have_text(["# 运费险"], use_inner_text=True)
    expect(editor.output).to_have_text("旧")
    editor.button("还原").click()


UNDER_THE_HEADER = "b => scrollBy({top: b.getBoundingClientRect().top - 64, behavior: 'instant'})"
RINGS = """all => all.map(part => getComputedStyle(part))
    .filter(style => style.outlineStyle !== 'none').map(style => style.outlineWidth)"""


def test_on_a_phone_the_editor_says_that_it_opens_and_stands_in_sight_in_one_ring(visit, address):
    page = visit(is_mobile=True, has_touch=True, viewport={"width": 390, "height": 844})
    held: list[Route] = []
    page.route("**/editor.js", lambda route: held.append(route))
    page.goto(f"{address}{CHAPTER}.html")
    editor = Editor(page, MODEL.index)
    button = editor.button("改代码")
    button.evaluate(UNDER_THE_HEADER)
    button.evaluate("button => button.click()")  # where it stands: Playwright would scroll to it
    expect(editor.place.locator(".live-bar [role=status]")).to_have_text("正在打开编辑器……")
    held[0].continue_()
    expect(editor.content).to_be_focused()
    top, lid = (
        page.locator(which).first.evaluate("e => e.getBoundingClientRect()")
        for which in (".cm-line", ".bd-header-article")
    )
    assert top["top"] >= lid["bottom"]
    rings = editor.place.locator(".live-editor, .live-editor *").evaluate_all(RINGS)
    assert rings == ["2px"]
    hint = page.locator(f"#{editor.content.get_attribute('aria-describedby')}")
    expect(hint).to_contain_text("英文的")
    expect(hint).not_to_contain_text("Esc")
    assert editor.content.evaluate("c => parseFloat(getComputedStyle(c).fontSize)") >= 16


def test_output_that_looks_like_markup_stays_text(editor):
    editor.run("print('<img src=x onerror=pwned=1>')\nraise ValueError('<b>x</b>')")
    expect(editor.output.locator(".live-text-error")).to_contain_text("<b>x</b>")
    assert editor.output.locator("img, b").count() == 0


def test_a_description_that_may_be_html_stays_text(editor):
    """The page has no sanitizer of 400 KB for it."""
    code = "import ipywidgets\nipywidgets.IntText(description='<b>件数</b>', description_allow_html=True)"
    editor.run(code)
    expect(editor.output.locator("label")).to_have_text("<b>件数</b>")


def test_half_a_face_in_the_code_stops_nothing(editor):
    """A slip of a keyboard leaves half a surrogate pair: Python says what is wrong and goes on."""
    editor.page.evaluate(
        """index => {
            const cell = liveEngine.cells.find(cell => cell.index === index);
            return liveEngine.run(cell, "print('😀', len('\\ud83d'))");
        }""",
        MODEL.index,
    )
    expect(editor.output).to_contain_text(re.compile("😀 1|surrogates not allowed"))
    editor.run("print('😀还在')")
    expect(editor.output).to_have_text("😀还在")


def test_undo_and_redo_bring_texts_back(editor):
    before = editor.text()
    editor.content.press("ControlOrMeta+End")
    editor.page.keyboard.type("z")
    assert editor.text() == before + "z"
    editor.page.keyboard.press("ControlOrMeta+z")
    assert editor.text() == before
    editor.page.keyboard.press("ControlOrMeta+y")
    assert editor.text() == before + "z"


def test_reset_brings_code_and_output_back(editor):
    editor.run("print('别的')")
    expect(editor.output).to_have_text("别的")
    editor.button("还原").click()
    assert editor.text() == MODEL.source
    _, printed = BOOK.run(MODEL)
    expect(editor.output).to_have_text(" ".join(printed.split()))


def test_slash_in_the_editor_is_a_slash_and_opens_no_search(editor):
    editor.open()
    editor.page.keyboard.press("ControlOrMeta+a")
    editor.page.keyboard.type("6/3")
    assert editor.text() == "6/3"
    assert not editor.page.locator("dialog.kefu-search").count()
    expect(editor.content).to_be_focused()


def test_cell_uses_names_of_other_cells(editor):
    editor.run("quote.pay")
    BOOK.run(OTHER)
    expect(editor.output).to_have_text(repr(BOOK.names["quote"].pay))


def test_keyboard_alone_opens_edits_runs_and_leaves(page):
    alive(page)
    editor = Editor(page, OTHER.index)
    editor.button("改代码").focus()
    page.keyboard.press("Enter")
    expect(editor.content).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("for n in range(2):\nprint(n)")
    assert editor.text() == "for n in range(2):\n    print(n)"
    page.keyboard.press("Shift+Enter")
    expect(editor.output).to_have_text("0 1")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor.content).not_to_be_focused()
    for name in ("还原", "运行"):
        editor.button(name).focus()
        expect(editor.button(name)).to_be_focused()
    editor.button("还原").press("Enter")
    _, printed = BOOK.run(OTHER)
    expect(editor.output).to_have_text(" ".join(printed.split()))


def test_error_in_a_callback_shows_under_its_cell_and_the_page_lives_on(page):
    alive(page)
    editor = Editor(page, MODEL.index)
    editor.run(
        "import ipywidgets as w\nb = w.Button(description='坏')\nb.on_click(lambda _: 1 / 0)\nb"
    )
    broken = editor.place.get_by_role("button", name="坏")
    for count in (1, 2):
        broken.click()
        expect(editor.output.locator(".live-text-error")).to_have_count(count)
    expect(editor.output.locator(".live-text-error").first).to_contain_text("ZeroDivisionError")
    expect(editor.output.locator(".live-text-error").first).to_contain_text("line 3")
    moves_on(page)
    editor.button("还原").click()
    expect(editor.output.locator(".live-text-error")).to_have_count(0)


def moves_on(page: Page) -> None:
    """The first demo still answers with the model's own result."""
    twin, _ = BOOK.run(DEMO)
    widget = next(iter(twin.controls.values()))
    place = cell(page, DEMO.index)
    for key, value in (("Home", widget.min), ("End", widget.max)):
        control(place).locator(HANDLE).press(key)
        widget.value = value
        agree(place, twin)


LOOPS = {
    "silent": ("print('在转')\nwhile True:\n    pass", "在转"),
    "printing": ("n = 0\nwhile True:\n    n += 1\n    print('第', n, '行')", "第 1 行"),
    "showing": ("from IPython.display import HTML\nwhile True:\n    display(HTML('<b>又一个</b>'))", "又一个"),
    "in an Output": (
        "import ipywidgets as w\nout = w.Output()\ndisplay(out)\nwith out:\n    while True: print('又一行')",
        "又一行",
    ),
    "after the worker has closed itself": ("import js\njs.close()\nprint('关了')\nwhile True: pass", ""),
}  # fmt: skip


def in_both(cases: Iterable[Any], shared: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Return the cases for Chromium, and for Firefox those that depend on the browser's own engine."""
    listed = [("chromium", case) for case in cases] + [("firefox", case) for case in shared]
    return [(browser, *(case if isinstance(case, tuple) else (case,))) for browser, case in listed]


@pytest.mark.parametrize(
    ("browser", "kind"), in_both(LOOPS, ["silent", "showing"]), indirect=["browser"]
)
def test_endless_loop_is_stopped_and_python_starts_again_with_the_text_kept(page, kind):
    alive(page)
    editor = Editor(page, MODEL.index)
    code, shown = LOOPS[kind]
    editor.run(code)
    expect(editor.output).to_contain_text(shown)
    editor.button("停止").click()
    expect(editor.place.locator(".live-bar")).to_contain_text("已停止")
    expect(editor.button("停止")).to_be_disabled()
    alive(page)
    assert editor.text() == code
    moves_on(page)
    editor.run("print('还在')")
    expect(editor.output).to_have_text("还在")


def test_endless_loop_in_a_callback_is_stopped_by_running_the_cell_again(page):
    alive(page)
    editor = Editor(page, MODEL.index)
    editor.run(
        "import ipywidgets as w\nb = w.Button(description='转')\n"
        "def spin(_):\n    while True: pass\nb.on_click(spin)\nb"
    )
    editor.place.get_by_role("button", name="转", exact=True).click()
    editor.run("print('好了')")
    expect(editor.place.locator(".live-bar")).to_contain_text("正在运行")
    editor.button("停止").click()
    alive(page)
    editor.run("print('好了')")
    expect(editor.output).to_have_text("好了")


def test_text_without_end_is_cut_and_the_page_stays_quick(page):
    alive(page)
    editor = Editor(page, MODEL.index)
    editor.run("for n in range(300_000): print('第', n, '行')\nprint('完')")
    expect(editor.output).to_contain_text("[……]")
    assert 200_000 <= len(editor.output.text_content().strip()) <= 200_010
    editor.run("for n in range(3000): print(n)\nprint('到底')")
    expect(editor.output).to_contain_text("到底")  # no word of the first run, shown until then
    assert editor.output.text_content().split() == [*map(str, range(3000)), "到底"]


CRASHES = {
    "stack": "x = []\nfor _ in range(10**6): x = [x]\nrepr(x)",
    "exit": "import os\nos._exit(3)",
    "abort": "import os\nos.abort()",
}


AGAIN = [("stack", "重试"), ("exit", "运行"), ("abort", "运行")]


@pytest.mark.parametrize(
    ("browser", "way", "again"), in_both(AGAIN, AGAIN[:1]), indirect=["browser"]
)
def test_crash_is_told_and_python_starts_again_with_the_text_kept(page, way, again):
    alive(page)
    editor = Editor(page, MODEL.index)
    editor.run(CRASHES[way])
    page.wait_for_selector("html[data-live=failed]", state="attached")
    expect(editor.place.locator(".live-bar")).to_contain_text("Python停了。你写的代码还在")
    expect(editor.button("停止")).to_be_disabled()
    expect(cell(page, DEMO.index).locator(".live-status")).to_contain_text("没能启动")
    assert editor.text() == CRASHES[way]
    if again == "重试":
        cell(page, DEMO.index).get_by_role("button", name=again).click()
    else:
        editor.run("print('还在')")
        expect(editor.output).to_have_text("还在")
    alive(page)
    moves_on(page)
    editor.run("print('还在')")
    expect(editor.output).to_have_text("还在")


ENDS = [
    ("x = [0] * 2**29", "MemoryError"),
    ("def f():\n    return f()\nf()", "RecursionError"),
    ("import sys\nsys.exit(3)", "SystemExit"),
    ("raise KeyboardInterrupt", "KeyboardInterrupt"),
]


@pytest.mark.parametrize(
    ("browser", "code", "error"), in_both(ENDS, ENDS[:2]), indirect=["browser"]
)
def test_error_that_ends_other_programs_is_told_and_python_goes_on(editor, code, error):
    editor.run(code)
    expect(editor.output.locator(".live-text-error")).to_contain_text(error)
    editor.run("print('还在')")
    expect(editor.output).to_have_text("还在")
