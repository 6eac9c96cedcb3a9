"""Quizzes in the page: they check at once, tell why, keep the answers, and need no Python."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kefu.demos import quiz
from kefu.demos.quiz import LETTERS, shuffled
from tests import visit
from tests.live.living import IN_CHROMIUM
from tests.visit import VIEWS, unreadable
from tools.paths import ROOT
from web import book

FILES = [one.quiz for one in book.written()]
CHAPTER = ROOT / "notebooks/presales/02_quiz.json"
ALL = len(quiz(CHAPTER).questions)
BLOCKED = {
    "shut": "Object.defineProperty(window, 'localStorage', {get() {throw new DOMException('no')}})",
    "full": "Storage.prototype.setItem = () => {throw new DOMException('no', 'QuotaExceededError')}",
    "none": "Object.defineProperty(window, 'localStorage', {value: undefined})",
}


def questions(kind: str, file: Path = CHAPTER) -> list[dict[str, Any]]:
    return [question for question in quiz(file).questions if question["kind"] == kind]


class Asked:
    """One question of a quiz in a page."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.form = page.locator(f".kefu-quiz form[data-id='{name}']")
        self.verdict = self.form.get_by_role("status").last
        self.choices = self.form.locator(".kefu-choices li")

    def button(self, name: str) -> Locator:
        return self.form.get_by_role("button", name=name, exact=True)

    def choose(self, *places: int) -> None:
        for place in places:
            self.choices.nth(place).locator("label").click()
        self.button("核对").click()

    def type(self, text: str) -> None:
        self.form.get_by_role("textbox").fill(text)
        self.form.get_by_role("textbox").press("Enter")

    def steps(self) -> list[str]:
        """Return the items in the order shown, without number and sign."""
        script = "rows => rows.map(row => row.querySelector('.kefu-item').firstChild.data)"
        steps: list[str] = self.form.locator(".kefu-steps li").evaluate_all(script)
        return steps

    def sort(self, wanted: list[str], press: Callable[[Locator], None]) -> None:
        for place, text in enumerate(wanted):
            while self.steps().index(text) > place:
                press(self.button(f"上移：{text}"))


@pytest.fixture
def windows(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a chapter, its Python left asleep, in a fresh profile."""
    opened: list[Page] = []

    def new(file: Path = CHAPTER, script: str = "", **options: Any) -> Page:
        options = {
            "viewport": {"width": 1280, "height": 900},
            "reduced_motion": "reduce",
            **options,
        }
        page = chromium.new_context(**options).new_page()
        opened.append(page)
        page.route("**/_static/live/**", lambda route: route.abort())
        if script:
            page.add_init_script(script)
        page.goto(f"{address}{book.chapter(file.stem[:2]).page}.html")
        return page

    yield new
    for page in opened:
        page.context.close()


@pytest.fixture
def chapter(windows: Callable[..., Page]) -> Page:
    return windows()


# Each kind of question


@pytest.mark.parametrize("file", FILES, ids=lambda p: p.stem)
def test_every_question_of_every_chapter_takes_its_right_answer(windows, file):
    page = windows(file)
    asked = quiz(file).questions
    for number, question in enumerate(asked, start=1):
        one = Asked(page, question["id"])
        several = "（多选）" if question["kind"] == "multiple" else ""
        expect(one.form.locator("legend")).to_have_text(f"{number}. {question['ask']}{several}")
        if question["kind"] == "number":
            one.type(str(question["answer"]))
            expect(one.verdict).to_have_text("✓ 对。" + question["why"])
        elif question["kind"] == "order":
            one.sort(question["items"], lambda button: button.click())
            one.button("核对").click()
            expect(one.verdict).to_have_text("✓ 对。" + question["why"])
        else:
            one.choose(*(n for n, option in enumerate(question["options"]) if option["right"]))
            expect(one.verdict).to_contain_text("✓ 对。")
            for row, option in zip(one.choices.all(), question["options"], strict=True):
                sign = "✓ 对。" if option["right"] else "✗ 不对。"
                expect(row.locator(".kefu-why")).to_have_text(sign + option["why"])
    total = len(asked)
    expect(page.locator(".kefu-score")).to_have_text(
        f"答对{total}/{total}题，其中一次就对{total}题。"
    )


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_a_wrong_choice_gets_its_own_reason_and_gives_no_other_away(windows, kind):
    page = windows()
    for question in questions(kind):
        one = Asked(page, question["id"])
        wrong = next(n for n, option in enumerate(question["options"]) if not option["right"])
        one.choose(wrong)
        expect(one.verdict).to_contain_text("✗ 不对。")
        why = one.form.locator(".kefu-why:visible")
        expect(why).to_have_text(["✗ 不对。" + question["options"][wrong]["why"]])


def test_half_of_the_right_choices_is_not_enough_and_does_not_tell_which(windows):
    question, *_ = questions("multiple")
    one = Asked(windows(), question["id"])
    rights = [n for n, option in enumerate(question["options"]) if option["right"]]
    one.choose(rights[0])
    expect(one.verdict).to_have_text("✗ 不对。选中的都对，但还没有选全。")
    expect(one.form.locator(".kefu-why:visible")).to_have_count(1)


def test_the_answer_is_shown_when_asked_for_and_counts_as_not_known(windows):
    page = windows()
    for kind in ("single", "number", "order"):
        question = questions(kind)[0]
        one = Asked(page, question["id"])
        if kind == "single":
            one.choose(0)
        elif kind == "number":
            one.type("1")
        else:
            one.button("核对").click()
        expect(one.verdict).to_contain_text("✗ 不对。")
        one.button("看答案").click()
        expect(one.button("再试一次")).to_be_focused()
        if kind == "single":
            expect(one.form.locator(".kefu-why:visible")).to_have_count(len(question["options"]))
            letter = LETTERS[[option["right"] for option in question["options"]].index(True)]
            expect(one.verdict).to_contain_text(f"答案是{letter}，")
        elif kind == "number":
            expect(one.verdict).to_have_text(f"答案是{question['answer']}元。{question['why']}")
        else:
            expect(one.verdict).to_contain_text("；".join(
                f"{n}. {item}" for n, item in enumerate(question["items"], start=1)))  # fmt: skip
    expect(page.locator(".kefu-score")).to_contain_text(f"答对0/{ALL}题")


@IN_CHROMIUM
@pytest.mark.parametrize(
    ("name", "file"), [(one.page, one.quiz) for one in book.written()], ids=[f.stem for f in FILES]
)
def test_a_usual_wrong_number_gets_its_reason(living, name, file):
    for question in questions("number", file):
        one = Asked(living, question["id"])
        for trap in question["traps"]:
            one.type(str(trap["value"]))
            expect(one.verdict).to_have_text("✗ 不对。" + trap["why"])
        one.type("987654")
        expect(one.verdict).to_have_text("✗ 不对。再算一遍，留心每一步用的是哪个数。")


NUMBERS = {
    "3.5": 3.5, "３.５": 3.5, "３．５": 3.5, "3。5": 3.5, " 3.5 元 ": 3.5, "3.5元": 3.5, "-2": -2, "−2": -2,
    "－２": -2, "+7": 7, ".5": 0.5, "5.": 5, "1,200": 1200, "1，234，567.5": 1234567.5, "007": 7,
}  # fmt: skip
FAULTS = {
    "": "还没有填", "   ": "还没有填", "元": "还没有填", "abc": "“abc”不是一个数",
    "3,5": "小数点请用“.”，不用逗号：3.5",
    "３，５": "小数点请用“.”，不用逗号：3.5", "1e3": "不是一个数", "∞": "不是一个数", "NaN": "不是一个数",
    "3.5.1": "不是一个数", "三": "不是一个数", "0x10": "不是一个数", "--1": "不是一个数", "12kg": "不是一个数",
    "<b>9</b>": "“<b>9</b>”不是一个数", "9" * 30 + "x": f"“{'9' * 20}”不是一个数",
}  # fmt: skip


def test_numbers_are_read_as_readers_write_them(chapter):
    read = """async texts => {
        const script = document.querySelector('script[src*="/reader/"]').src;
        const { number } = await import(new URL('number.js', script).href);
        return texts.map(text => number(text, '元'));
    }"""
    values = chapter.evaluate(read, list(NUMBERS))
    assert {text: one.get("value") for text, one in zip(NUMBERS, values, strict=True)} == NUMBERS
    for (text, told), one in zip(FAULTS.items(), chapter.evaluate(read, list(FAULTS)), strict=True):
        assert told in one.get("fault", ""), text


@pytest.mark.parametrize("text", ["", "abc", "3,5", "<img src=x onerror=alert(1)>"])
def test_what_is_no_number_gets_help_and_no_verdict(windows, text):
    page = windows()
    question = questions("number")[0]
    one = Asked(page, question["id"])
    one.type(text)
    expect(one.verdict).to_contain_text(re.compile("还没有填|不是一个数|小数点请用"))
    expect(one.button("再试一次")).to_be_hidden()
    expect(page.locator(".kefu-score")).to_contain_text(f"还有{ALL}题没做")
    one.type("３０")
    expect(one.verdict).to_contain_text("✓ 对。")


def test_nothing_chosen_is_told(chapter):
    one = Asked(chapter, questions("single")[-1]["id"])
    one.button("核对").click()
    expect(one.verdict).to_have_text("还没有选，先选一个。")


def test_an_order_is_changed_by_keys_alone_and_every_move_is_told(windows):
    (question,) = questions("order")
    page = windows()
    one = Asked(page, question["id"])
    shown = [item["text"] for item in shuffled(question)]
    assert one.steps() == shown
    one.button(f"下移：{shown[0]}").focus()
    page.keyboard.press("Enter")
    assert one.steps()[:2] == [shown[1], shown[0]]
    expect(one.button(f"下移：{shown[0]}")).to_be_focused()
    moved = one.form.locator(".kefu-moved")
    expect(moved).to_have_text(f"“{shown[0]}”在第2位，共{len(shown)}位")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert one.steps() == shown
    page.keyboard.press("Space")
    expect(moved).to_contain_text("已经到头")
    one.button("核对").click()
    expect(one.verdict).to_contain_text("✗ 不对。")
    right = [place == item["place"] for place, item in enumerate(shuffled(question))]
    signs = one.form.locator(".kefu-sign")
    expect(signs).to_have_text(["✓ 位置对" if one else "✗ 位置不对" for one in right])
    one.button(f"下移：{shown[0]}").press("Enter")
    expect(signs).to_have_text([""] * len(shown))  # a verdict is of what was checked


@pytest.mark.parametrize("place", [1, 4])
@pytest.mark.parametrize("kind", ["mouse", "finger"])
def test_an_item_is_dragged_to_its_place(windows, kind, place):
    (question,) = questions("order")
    page = windows(has_touch=kind == "finger")
    one = Asked(page, question["id"])
    first, *others = one.steps()
    grips = one.form.locator(".kefu-grip")
    grips.last.hover()  # comes near, so that what is above takes its own size
    one.form.scroll_into_view_if_needed()
    start, end = grips.first.bounding_box(), grips.nth(place).bounding_box()
    x, y, far = start["x"] + 20, start["y"] + 20, end["y"] + 30
    if kind == "mouse":
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, far, steps=12)
        page.mouse.up()
    else:
        wire = page.context.new_cdp_session(page)

        def touch(name: str, *points: dict[str, float]) -> None:
            wire.send("Input.dispatchTouchEvent", {"type": name, "touchPoints": list(points)})

        touch("touchStart", {"x": x, "y": y})
        for part in range(1, 13):
            touch("touchMove", {"x": x, "y": y + (far - y) * part / 12})
        touch("touchEnd")
    wanted = [*others[:place], first, *others[place:]]
    assert one.steps() == wanted
    told = one.form.locator(".kefu-moved")
    expect(told).to_have_text(f"“{first}”在第{place + 1}位，共{len(wanted)}位")
    page.evaluate("dispatchEvent(new PointerEvent('pointercancel'))")  # as a later scroll does
    assert one.steps() == wanted


# Again, score, kept


LOOKS = """form => [form.querySelector("li:has(:checked)"), form.querySelector(".kefu-verdict")].map(
    part => (({borderLeftColor, backgroundColor}) => [borderLeftColor, backgroundColor])(getComputedStyle(part)))"""


def test_a_second_try_counts_but_not_as_known_at_once_and_looks_other_than_a_wrong_one(windows):
    page = windows()
    one = Asked(page, "fee-three-steps")
    one.choose(0)
    wrong = one.form.evaluate(LOOKS)
    one.button("再试一次").click()
    expect(one.form.get_by_role("radio", checked=True)).to_have_count(0)
    expect(one.verdict).to_be_hidden()
    one.choose(2)
    for was, now in zip(wrong, one.form.evaluate(LOOKS), strict=True):
        assert not {*was} & {*now}
    expect(page.locator(".kefu-score")).to_have_text(
        f"答对1/{ALL}题，其中一次就对0题，还有{ALL - 1}题没做。"
    )


def test_answers_are_kept_over_a_reload_and_reset_after_a_second_press(windows):
    page = windows()
    order = questions("order")[0]
    Asked(page, "fee-three-steps").choose(2)
    Asked(page, "friday-night").choose(0)
    Asked(page, "quilt-fee").type("３０")
    Asked(page, order["id"]).sort(order["items"], lambda button: button.click())
    Asked(page, order["id"]).button("核对").click()
    score = page.locator(".kefu-score")
    expect(score).to_have_text(f"答对3/{ALL}题，其中一次就对3题，还有{ALL - 4}题没做。")
    page.reload()
    expect(score).to_have_text(f"答对3/{ALL}题，其中一次就对3题，还有{ALL - 4}题没做。")
    expect(Asked(page, "fee-three-steps").form.get_by_role("radio").nth(2)).to_be_checked()
    expect(Asked(page, "quilt-fee").form.get_by_role("textbox")).to_have_value("３０")
    expect(Asked(page, "friday-night").verdict).to_contain_text("✗ 不对。")
    assert Asked(page, order["id"]).steps() == order["items"]
    reset = page.locator(".kefu-quiz").get_by_role("button", name="全部重做")
    reset.click()
    expect(score).to_contain_text(f"答对3/{ALL}题")
    page.locator(".kefu-quiz").get_by_role("button", name="再按一次").click()
    expect(score).to_contain_text(f"还有{ALL}题没做")
    page.reload()
    expect(score).to_contain_text(f"还有{ALL}题没做")
    assert Asked(page, order["id"]).steps() != order["items"]


@pytest.mark.parametrize("way", BLOCKED)
def test_without_a_store_everything_works_and_a_line_tells_it(windows, way):
    page = windows(script=BLOCKED[way])
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    expect(page.locator(".kefu-quiz .kefu-note")).to_be_hidden()
    Asked(page, "fee-three-steps").choose(2)
    Asked(page, "quilt-fee").type("30")
    expect(page.locator(".kefu-quiz .kefu-note")).to_contain_text("浏览器没有让本页保存")
    expect(page.locator(".kefu-score")).to_contain_text(f"答对2/{ALL}题")
    assert broken == []


SPOILT = ["nonsense", "null", "[]", '{"kefu": 2}', '{"kefu": 1, "answers": 5, "pages": [1]}']
ODD = {"right": "<b>", "answer": {"x": 1}, "tries": None}


@pytest.mark.parametrize("kept", [*SPOILT, json.dumps({"kefu": 1, "answers": {
    f"02/{question['id']}": ODD for question in quiz(CHAPTER).questions}})])  # fmt: skip
def test_a_spoilt_store_breaks_nothing(windows, kept):
    page = windows(
        script=f"localStorage.getItem('kefu /') ?? localStorage.setItem('kefu /', {json.dumps(kept)})"
    )
    Asked(page, "fee-three-steps").choose(2)
    expect(page.locator(".kefu-score")).to_contain_text(f"答对1/{ALL}题")


# For everyone


def test_without_javascript_every_answer_opens_on_a_click(windows):
    page = windows(java_script_enabled=False)
    still = page.locator(".kefu-quiz .kefu-still")
    expect(still.locator("details")).to_have_count(
        sum(len(question.get("options", "x")) for question in quiz(CHAPTER).questions)
    )
    expect(page.locator(".kefu-quiz form")).to_have_count(0)
    for kind, words in (("single", "✓ 对。"), ("number", "✓ 30元。"), ("order", "单品优惠")):
        place = [question["kind"] for question in quiz(CHAPTER).questions].index(kind)
        opened = (
            still.locator(f"p.kefu-question:nth-of-type({place + 1}) ~ details")
            .filter(has_text=words)
            .first
        )
        expect(opened.locator("p, li").first).to_be_hidden()
        opened.locator("summary").click()
        expect(opened.locator("p, li").first).to_be_visible()


def test_an_answered_quiz_is_legible_and_its_targets_are_large(chapter):
    for name in ("fee-three-steps", "friday-night"):
        Asked(chapter, name).choose(0)
    Asked(chapter, "quilt-fee").type("18")
    Asked(chapter, "offer-layers").button("核对").click()
    targets = ".kefu-quiz :is(button, label, input[type=text], .kefu-grip)"
    assert dict(unreadable(chapter, targets, 50)) == {view: [] for view in VIEWS}


def test_a_quiz_asks_nothing_of_any_server(windows):
    page = windows()
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    Asked(page, "fee-three-steps").choose(2)
    Asked(page, "quilt-fee").type("30")
    assert [url for url in asked if "/_static/live/" not in url] == []


def test_firefox_checks_and_keeps_the_answers_too(firefox, address):
    page = firefox.new_page()
    page.goto(f"{address}notebooks/presales/02_preparation.html")
    (order,) = questions("order")
    Asked(page, "fee-three-steps").choose(2)
    Asked(page, "quilt-fee").type("３０")
    Asked(page, order["id"]).sort(order["items"], lambda button: button.press("Enter"))
    Asked(page, order["id"]).button("核对").click()
    for _ in range(2):
        expect(Asked(page, order["id"]).verdict).to_contain_text("✓ 对。")
        expect(page.locator(".kefu-score")).to_contain_text(f"答对3/{ALL}题")
        page.reload()
    page.close()


# Without the book's pages, as in JupyterLab: the live output brings all that it needs

OLD = {
    "kefu": 1,
    "pages": {"notebooks/presales/02_preparation": {"at": 5, "seconds": 90, "read": True}},
    "answers": {"02/quilt-fee": {"at": 6, "answer": "３０", "right": True, "tries": 1, "first": True}},
    "edits": {"notebooks/presales/02_preparation#4": {"at": 7, "text": "print('我的')"}},
    "exercises": {"notebooks/presales/02_preparation#44": {"at": 8}},
}  # fmt: skip


@pytest.fixture
def lab(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page with live outputs of a quiz and nothing else of the book."""
    opened: list[Page] = []

    def new(script: str = "", outputs: int = 1) -> Page:
        page = chromium.new_context().new_page()
        opened.append(page)
        (output,) = quiz(CHAPTER).live().outputs
        return visit.alone(page, address, output["data"]["text/html"] * outputs, script)

    yield new
    for page in opened:
        page.context.close()


def test_a_quiz_alone_keeps_its_answers_and_all_else_that_the_book_has_kept(lab):
    kept = json.dumps(json.dumps(OLD, ensure_ascii=False))
    page = lab(f"localStorage.getItem('kefu') ?? localStorage.setItem('kefu', {kept})")
    expect(Asked(page, "quilt-fee").verdict).to_contain_text("✓ 对。")
    Asked(page, "fee-three-steps").choose(2)
    expect(page.locator(".kefu-score")).to_contain_text(f"答对2/{ALL}题")
    page.reload()
    expect(page.locator(".kefu-score")).to_contain_text(f"答对2/{ALL}题")
    now = page.evaluate("JSON.parse(localStorage.getItem('kefu /'))")
    assert now["answers"].pop("02/fee-three-steps")["answer"] == [2]
    assert now == {**OLD, "guesses": {}}


def test_an_output_shown_twice_is_two_quizzes_each_once(lab):
    page = lab(outputs=2)
    expect(page.locator(".kefu-quiz form")).to_have_count(2 * ALL)
    expect(page.locator(".kefu-still:visible")).to_have_count(0)


@pytest.mark.parametrize("way", BLOCKED)
def test_a_quiz_alone_without_a_store_works(lab, way):
    page = lab(BLOCKED[way])
    Asked(page, "fee-three-steps").choose(2)
    Asked(page, "quilt-fee").type("30")
    expect(page.locator(".kefu-quiz .kefu-note")).to_contain_text("浏览器没有让本页保存")
    expect(page.locator(".kefu-score")).to_contain_text(f"答对2/{ALL}题")


@pytest.mark.parametrize("kept", SPOILT)
def test_a_quiz_alone_begins_anew_over_a_spoilt_store(lab, kept):
    key = "'kefu /'"
    page = lab(f"localStorage.getItem({key}) ?? localStorage.setItem({key}, {json.dumps(kept)})")
    Asked(page, "fee-three-steps").choose(2)
    page.reload()
    expect(page.locator(".kefu-score")).to_contain_text(f"答对1/{ALL}题")


def test_a_page_has_the_style_and_the_script_once(windows, address):
    page = windows()
    expect(page.locator(".kefu-quiz form")).to_have_count(ALL)
    sheets = """() => [...document.querySelectorAll('style')].map(
        style => style.textContent.split('.kefu-demo .kefu-title').length - 1)"""
    assert sum(page.evaluate(sheets)) == 1
    loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
    for name in ("quiz.js", "store.js"):
        assert len([url for url in loaded if url.endswith(f"/{name}")]) == 1
    assert page.locator("script", has_text="enliven").count() == 0
