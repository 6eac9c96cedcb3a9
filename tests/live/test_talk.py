"""A conversation in the page, on a phone: chosen, typed, taken back, by keyboard and without eyes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kefu.demos import Demo
from kefu.talk import Typed, find, play
from tests.demos.reading import hand
from tests.live.living import GALLERY, Notebook, agree, alive, anew, cell, drawn
from tests.visit import AA, CUT, PALE, PHONE, SMALL, TOUCH, faults

BOOK = Notebook(GALLERY)
TALK = BOOK.having("demos.talk(")
SCENE = find("会扎脖子吗")
SCREEN = {**PHONE, "viewport": {"width": 390, "height": 844}}
KEPT = "() => JSON.parse(localStorage.getItem('kefu /'))?.talks ?? {}"
FOCUS = "() => document.activeElement.className || document.activeElement.tagName"
ON_SCREEN = """one => {
    const {top, bottom} = one.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The gallery on a phone, alive."""
    context = chromium.new_context(**SCREEN, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}{GALLERY}.html#live-cell-{TALK.index}")
    page.evaluate("dispatchEvent(new Event('touchstart'))")
    yield alive(page)
    context.close()


@pytest.fixture
def place(page: Page) -> Locator:
    """The talk at its first turn."""
    anew(page, TALK)
    place = cell(page, TALK.index)
    agree(place, BOOK.demo(TALK))
    return place


def say(intent: str) -> str:
    """The text of an option."""
    return next(o.say for t in SCENE.turns.values() for o in t.options if o.intent == intent)


def option(place: Locator, intent: str) -> Locator:
    return place.locator(".kefu-options .kefu-press", has_text=say(intent))


def twin(*moves: str | Typed) -> Demo:
    """The talk in ordinary Python after these moves."""
    demo = BOOK.demo(TALK)
    told = [one if isinstance(one, str) else {"said": one.text} for one in moves]
    return hand(demo, moves=json.dumps(told))


def entry(page: Page) -> Any:
    return page.evaluate(KEPT).get(SCENE.name)


def test_a_talk_is_played_by_touch_to_its_end_and_goes_to_progress(page, place):
    before = entry(page)
    for number, intent in enumerate(("ask", "honest", "terms"), start=1):
        option(place, intent).tap()
        agree(place, twin(*("ask", "honest", "terms")[:number]))
        assert place.locator("[data-here]").evaluate(ON_SCREEN)
    expect(place.locator(".kefu-ruling")).to_contain_text("好结局")
    expect(place.locator(".kefu-line")).to_be_hidden()
    kept = entry(page)
    assert (kept["won"], kept["best"]) == (True, 6)
    assert kept["tries"] == (before["tries"] if before else 0) + 1
    place.get_by_role("button", name="重来一遍").tap()
    agree(place, BOOK.demo(TALK))
    for intent in ("shrug", "page", "rule"):
        option(place, intent).tap()
    expect(place.locator(".kefu-ruling")).to_contain_text("没谈好")
    assert entry(page) == {**kept, "at": entry(page)["at"], "tries": kept["tries"] + 1}


def test_what_is_typed_is_understood_or_asked_back_and_leaves_room_for_the_next(page, place):
    line = place.locator(".kefu-words")
    said: list[str | Typed] = []
    for text, told in (
        ("今晚月色真好", "没听准，客人追问一句"),
        ("上次那条是什么料子的？难怪您担心", "我听成了"),
    ):
        line.fill(text)
        said.append(Typed(text))
        if told.startswith("没"):
            line.press("Enter")
        else:
            place.get_by_role("button", name="发送").tap()
        agree(place, twin(*said))
        expect(place.locator(".kefu-heard").last).to_contain_text(told)
        expect(line).to_have_value("")
    assert play(SCENE, said).at == "fact"


def test_a_half_written_line_is_not_sent_by_leaving_it(page, place):
    line = place.locator(".kefu-words")
    line.fill("这条也是")
    line.blur()
    option(place, "ask").tap()
    agree(place, twin("ask"))
    expect(line).to_have_value("这条也是")


def test_the_enter_of_an_input_method_sends_nothing(page, place):
    """It comes while the word is composed, or, in Safari, when it is settled: both of number 229."""
    line = place.locator(".kefu-words")
    line.focus()
    keys = page.context.new_cdp_session(page)
    enter = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    composed = {"text": "zhe tiao", "selectionStart": 8, "selectionEnd": 8}
    keys.send("Input.imeSetComposition", composed)
    keys.send("Input.dispatchKeyEvent", enter)
    keys.send("Input.insertText", {"text": "这条"})
    keys.send("Input.dispatchKeyEvent", enter)
    agree(place, BOOK.demo(TALK))
    expect(line).to_have_value("这条")
    line.press_sequentially("也是")
    line.press("Enter")
    agree(place, twin(Typed("这条也是")))


def test_faces_and_half_a_face_are_taken_as_they_are(page, place):
    """Half a surrogate pair comes of a slip of some keyboards; Python keeps it, a page shows its sign for it."""
    line = place.locator(".kefu-words")
    line.evaluate("line => (line.value = '😀👩‍👩‍👧‍👦 \\ud83d 在吗')")
    line.press("Enter")
    expect(place.locator(".kefu-said", has_text="在吗").first).to_contain_text("😀👩‍👩‍👧‍👦")
    expect(line).to_have_value("")
    option(place, "ask").tap()
    expect(place.locator(".kefu-options .kefu-press").first).to_be_visible()


def test_a_line_of_one_s_own_is_touched_to_go_back_to_it(page, place):
    for intent in ("promise", "boast"):
        option(place, intent).tap()
    place.get_by_role("button", name="你说：我们的羊毛").tap()
    agree(place, twin("promise"))
    place.get_by_role("button", name="你说：亲，我们家").tap()
    agree(place, BOOK.demo(TALK))


def test_a_keyboard_goes_on_where_the_next_line_is_chosen_and_the_answer_is_said_aloud(page, place):
    spoken = place.locator(".kefu-spoken")
    expect(spoken).to_have_attribute("role", "status")
    option(place, "ask").focus()
    page.keyboard.press("Enter")
    agree(place, twin("ask"))
    assert page.evaluate(FOCUS) == "kefu-options"
    expect(spoken).to_have_text(f"小鹿：{SCENE.turns['fact'].says}")
    page.keyboard.press("Tab")
    expect(place.locator(".kefu-options .kefu-press").first).to_be_focused()
    place.locator(".kefu-words").fill("这条也是羊毛的，敏感的话可能会痒，里面衬高领好一些")
    page.keyboard.press("Enter")
    expect(spoken).to_contain_text(f"小鹿：{SCENE.turns['close'].says}")
    expect(place.locator(".kefu-words")).to_be_focused()
    place.locator(".kefu-words").fill("戴过也能退，随时都能退，放心拍")
    page.keyboard.press("Enter")
    expect(spoken).to_contain_text("没谈好")
    assert "kefu-ruling" in page.evaluate(FOCUS)  # the line that was typed into is gone


TRANSLATED = """() => {
    const root = document.documentElement;
    root.classList.add("translated-ltr");
    root.lang = "en";
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), all = [];
    while (texts.nextNode()) all.push(texts.currentNode);
    for (const text of all) {
        if (!text.data.trim() || text.parentElement.closest("script, style, textarea, svg")) continue;
        const [outer, inner] = ["font", "font"].map(name => document.createElement(name));
        inner.textContent = `[${text.data}]`;
        outer.append(inner);
        text.replaceWith(outer);
    }
}"""
"""What a browser's translator does to a page: each text makes way for another in two elements of its own."""


LEFT = re.compile(r"^还有\d+秒$")


def seconds(timer: Locator) -> int:
    return int(timer.inner_text().removeprefix("还有").removesuffix("秒"))


def test_the_clock_counts_down_while_it_is_on_and_silence_is_a_move(page, place):
    timer = place.locator(".kefu-clock")
    expect(timer).to_be_hidden()
    place.get_by_label("计时").check()
    expect(timer).to_have_text(LEFT)
    left = seconds(timer)
    page.wait_for_function(
        "([timer, left]) => parseInt(timer.textContent.slice(2)) < left",
        arg=[timer.element_handle(), left],
    )
    place.get_by_label("计时").uncheck()
    expect(timer).to_be_hidden()
    page.evaluate(
        "() => (window.setIntervalOf = setInterval, setInterval = (act, _) => setIntervalOf(act, 20))"
    )
    place.get_by_label("计时").check()
    expect(place.locator(".kefu-said").first).to_have_text("（没有回话）")
    page.evaluate("() => (setInterval = setIntervalOf)")
    place.get_by_label("计时").uncheck()
    expect(timer).to_be_hidden()


@pytest.mark.parametrize("moves", [(), ("promise", "boast"), ("ask", "honest", "rule")])
def test_every_reader_can_read_and_reach_all_of_it(page, place, moves: tuple[str, ...]):
    for intent in moves:
        option(place, intent).tap()
    agree(place, twin(*moves))
    for fold in place.locator(".kefu-told summary").all():
        fold.click()

    def own(told: list[str]) -> list[str]:
        return [fault for fault in told if "kefu-" in fault]

    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        page.wait_for_selector(f"html[data-theme='{theme}']", state="attached")
        assert own(page.evaluate(PALE, AA)) == []
    page.emulate_media(color_scheme="light")
    assert page.evaluate(CUT) == []
    assert [one for *_, one in page.evaluate(SMALL, TOUCH) if "kefu-" in one] == []
    assert [fault for fault in faults(page) if "kefu-" in fault] == []


def test_a_translated_talk_goes_on(page, place):
    """Last: the page's texts are others from here on."""
    page.evaluate(TRANSLATED)
    option(place, "ask").tap()
    expect(drawn(place).locator(".kefu-asked").last).to_contain_text(SCENE.turns["fact"].says)
