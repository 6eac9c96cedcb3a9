"""What a hand does with a demo in the page: picture and control on one screen, swipes, fields, handles."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import product

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, Route, expect

from kefu import demos
from kefu.demos import Demo, hands
from tests.live.living import CHAPTER, CHAPTERS, Notebook, agree, alive, cell, control, unfold
from tests.visit import PHONE, STILL

BOOKS = {name: Notebook(name) for name in CHAPTERS}
FREIGHT = BOOKS[CHAPTER].having("demos.freight()")
phrases, greetings = (import_module(f"kefu.demos.{name}") for name in ("phrase_book", "greeting"))
SCREEN = {**PHONE, "viewport": {"width": 390, "height": 844}}

SEEN = """control => {
    control.scrollIntoView({block: "end", behavior: "instant"});
    const scene = control.closest(".kefu-demo").querySelector(".kefu-scene").getBoundingClientRect();
    const lid = document.querySelector(".bd-header-article").getBoundingClientRect().bottom;
    const {top, bottom} = control.getBoundingClientRect();
    return {share: scene.height / innerHeight, above: lid - scene.top, under: scene.bottom - 24 - top,
            below: bottom - innerHeight};
}"""
"""How a control being moved and its demo's picture stand on the screen, in pixels: none may be above 0."""


@pytest.fixture(scope="module")
def touched(chromium: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Return a function that gives a page of the book on a phone, alive, opened once."""
    context = chromium.new_context(**SCREEN, reduced_motion="reduce")  # type: ignore[arg-type]
    pages: dict[str, Page] = {}

    def get(name: str) -> Page:
        if name not in pages:
            pages[name] = context.new_page()
            pages[name].goto(f"{address}{name}.html")
            pages[name].evaluate("dispatchEvent(new Event('touchstart'))")
        pages[name].bring_to_front()
        return alive(pages[name])

    yield get
    context.close()


def finger(page: Page) -> Callable[[list[tuple[float, float]]], None]:
    """Return what draws a finger along points of the screen."""
    session: CDPSession = page.context.new_cdp_session(page)

    def swipe(points: list[tuple[float, float]]) -> None:
        for number, (x, y) in enumerate(points):
            kind = "touchMove" if number else "touchStart"
            session.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]}
            )
            page.evaluate("() => new Promise(requestAnimationFrame)")
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    return swipe


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def field(place: Locator, name: str) -> Locator:
    return place.locator(f".kefu-c-{name} .kefu-field")


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_picture_and_the_control_that_is_moved_are_on_one_screen(phone, name):
    assert phone.start
    page = phone.page
    for one in BOOKS[name].cells:
        if not one.demo or one.source.startswith("demos.talk("):  # a chat is as long as it is
            continue
        place = cell(page, one.index)
        twin = BOOKS[name].demo(one)
        for number, shown in enumerate(twin.controls.values()):
            if shown.layout.display == "none":
                continue
            found = unfold(place, number).evaluate(SEEN)
            assert found.pop("share") <= 0.45, (one.source, shown.description)
            assert {side for side, over in found.items() if over > 0.5} == set(), (
                one.source,
                shown.description,
                found,
            )


FITS = """(place, html) => {
    place.querySelector(".kefu-drawn").innerHTML = html;
    const scene = place.querySelector(".kefu-scene");
    return scene.scrollHeight - scene.clientHeight;
}"""
"""How many pixels of a picture have to be scrolled to on a phone."""


def in_windows() -> Iterator[Demo]:
    """The phrase book at each window, with each of the phrases that it opens with."""
    for name in phrases.GUESTS:
        for number in phrases.OPENS:
            demo = demos.phrase_book(name)
            demo.controls["phrase"].value = number
            yield demo


def at_the_door() -> Iterator[Demo]:
    """Each customer of the greetings, on each day and from each place."""
    for day, last, source in product(greetings.days(), ("", greetings.LAST), greetings.SOURCES):
        demo = demos.greeting(1)
        demo.controls["day"].value = day[1]
        demo.controls["customer"].value, demo.controls["source"].value = last, source
        yield demo


@pytest.mark.parametrize(
    ("chapter", "states"),
    [("03_desk", in_windows), ("04_reception", at_the_door)],
    ids=["phrase_book", "greeting"],
)
def test_a_picture_beside_controls_is_seen_whole_in_every_state(touched, chapter, states):
    (name,) = (one for one in CHAPTERS if one.endswith(chapter))
    called = {in_windows: "demos.phrase_book()", at_the_door: "demos.greeting()"}[states]
    place = cell(touched(name), BOOKS[name].having(called).index)
    for demo in states():
        assert demo.shown_controls()
        assert place.evaluate(FITS, demo.parts()[0]) <= 0, demo.picture()


def test_the_last_column_of_a_week_stands_clear_of_the_others_on_a_phone(touched):
    name = "notebooks/intelligence/15_staffing"
    place = cell(touched(name), BOOKS[name].having("demos.roster()").index)
    pressed, told, card = place.locator(".kefu-week").evaluate("""table => {
        const words = document.createRange(), box = element => element.getBoundingClientRect();
        const last = [...table.querySelectorAll("tr > :last-child")];
        const told = last.map(one => (words.selectNodeContents(one), words.getBoundingClientRect()));
        return [Math.max(...[...table.querySelectorAll("button")].map(one => box(one).right)),
                [Math.min(...told.map(one => one.left)), Math.max(...told.map(one => one.right))],
                box(table.closest(".kefu-demo")).right];
    }""")
    assert told[0] - pressed >= 3
    assert card - told[1] >= 8


def test_a_picture_is_put_away_and_comes_back(touched):
    place = cell(touched(CHAPTER), FREIGHT.index)
    fold = place.locator(".kefu-away")
    for told, shown in (("看图", False), ("收起图", True)):
        fold.click()
        expect(fold).to_contain_text(told)
        expect(place.locator(".kefu-drawn")).to_be_visible(visible=shown)


def test_a_swipe_up_or_down_from_a_track_scrolls_and_one_along_it_moves(touched):
    page = touched(CHAPTER)
    place, swipe = cell(page, FREIGHT.index), finger(page)
    slider = control(place)
    slider.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    before, top = field(place, "weight").input_value(), page.evaluate("scrollY")
    x, y = middle(slider.locator(".kefu-track"))
    swipe([(x, y - 20 * n) for n in range(8)])
    page.wait_for_function("top => scrollY > top + 60", arg=top)
    page.evaluate(STILL)
    assert field(place, "weight").input_value() == before
    slider.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    x, y = middle(slider.locator(".kefu-track"))
    top = page.evaluate("scrollY")
    box = slider.locator(".kefu-track").bounding_box()
    assert box
    swipe([(x + 8 * n, y) for n in range(8)])
    wanted = float(before) + 56 / (box["width"] - 24) * 19.95  # as far as the finger
    page.wait_for_function(
        "([field, wanted]) => Math.abs(field.value - wanted) <= 0.06",
        arg=[field(place, "weight").element_handle(), wanted],
    )
    assert abs(page.evaluate("scrollY") - top) < 20  # what is said may take a line more


@pytest.mark.parametrize(
    ("typed", "value"), [("2。4", "2.40"), ("３．０５", "3.05"), ("2,4", "2.40"), (" 7 ", "7.00")]
)
def test_a_field_takes_what_is_meant(touched, typed, value):
    place = cell(touched(CHAPTER), FREIGHT.index)
    entry = field(place, "weight")
    entry.fill(typed)
    entry.press("Enter")
    expect(entry).to_have_value(value)
    expect(place.locator(".kefu-c-weight .kefu-fault")).to_be_hidden()
    twin = BOOKS[CHAPTER].demo(FREIGHT)
    twin.controls["weight"].value = float(value)
    agree(place, twin)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("两公斤", "“两公斤”不是一个数"), ("", "还没有填"), ("99", "实重（kg）请填0.05到20.00之间的数，你填的是99。")],
)  # fmt: skip
def test_a_field_says_what_it_cannot_take_and_keeps_it(touched, typed, said):
    place = cell(touched(CHAPTER), FREIGHT.index)
    entry, fault = field(place, "weight"), place.locator(".kefu-c-weight .kefu-fault")
    entry.fill("3")
    entry.press("Enter")
    entry.fill(typed)
    entry.press("Enter")
    expect(fault).to_contain_text(said)
    assert entry.input_value() == typed
    place.locator(".kefu-c-weight .kefu-step").last.click()
    expect(fault).to_be_hidden()
    expect(entry).to_have_value("3.05")


def test_a_finger_pulls_the_parcel_along_its_staircase(touched):
    page = touched(CHAPTER)
    place, swipe = cell(page, FREIGHT.index), finger(page)
    field(place, "weight").fill("1")
    field(place, "weight").press("Enter")
    grip = place.locator(".kefu-grip")
    expect(grip).to_have_attribute("aria-valuenow", "1")
    grip.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.evaluate(STILL)
    x, y = middle(grip.locator(".dot"))
    scale = grip.evaluate("one => one.ownerSVGElement.getScreenCTM().a")
    swipe([(x + 12 * n, y + n % 2) for n in range(11)])  # 120 pixels
    wanted = 1 + 120 / scale / (340 / 6)
    expect(field(place, "weight")).not_to_have_value("1.00")
    page.wait_for_function(
        "([field, wanted]) => Math.abs(field.value - wanted) < 0.16",
        arg=[field(place, "weight").element_handle(), wanted],
    )


def test_the_arrow_keys_move_a_handle_step_by_step_and_it_keeps_the_focus(touched):
    page = touched(CHAPTER)
    place = cell(page, FREIGHT.index)
    field(place, "weight").fill("2.4")
    field(place, "weight").press("Enter")
    expect(place.locator(".kefu-grip")).to_have_attribute("aria-valuenow", "2.4")  # drawn anew
    place.locator(".kefu-grip").focus()
    for key, value in (("ArrowRight", "2.45"), ("ArrowRight", "2.50"), ("ArrowLeft", "2.45")):
        page.keyboard.press(key)
        expect(field(place, "weight")).to_have_value(value)
        expect(place.locator(".kefu-grip")).to_be_focused()
    expect(place.locator(".kefu-shade .dot")).to_have_count(1)  # the state before


HOLD = """() => {
    const held = window.held = [];
    liveEngine.receive = message => held.push(message);
}"""
RELEASE = (
    "() => { delete liveEngine.receive; held.splice(0).forEach(one => liveEngine.receive(one)); }"
)
"""What Python says is kept from the page, and handed over."""


def test_keys_that_come_before_pythons_answer_go_on_from_what_the_one_before_wanted(touched):
    page = touched(CHAPTER)
    place = cell(page, FREIGHT.index)
    field(place, "weight").fill("2.4")
    field(place, "weight").press("Enter")
    grip = place.locator(".kefu-grip")
    expect(grip).to_have_attribute("aria-valuenow", "2.4")
    grip.focus()
    page.evaluate(HOLD)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(600)  # Python is slow
    for key in ("ArrowRight", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
    page.evaluate(RELEASE)
    expect(field(place, "weight")).to_have_value("2.50")
    expect(grip).to_have_attribute("aria-valuenow", "2.5")
    page.evaluate(HOLD)
    for _ in range(2):
        control(place).locator(".kefu-range").press("ArrowRight")
    page.evaluate(RELEASE)
    expect(grip).to_have_attribute("aria-valuenow", "2.6")
    grip.focus()
    page.keyboard.press("ArrowLeft")  # from where the slider has brought it
    expect(field(place, "weight")).to_have_value("2.55")


BARE = """([script, html]) => {
    const known = {html, moved: {}}, heard = {};
    const model = {get: name => known[name], set: (name, value) => { known[name] = value; }, save_changes() {},
                   on: (name, hear) => { heard[name] = hear; }, off() {}, send() {}};
    document.body.innerHTML = "<div class='kefu-demo'><div></div></div>";
    const el = document.querySelector("div > div");
    const front = script.replace("export default", "return").replace(/^export /gm, "");
    new Function(front)().render({model, el});
    window.known = known;
    window.redraw = html => { known.html = html; heard["change:html"](); };
}"""
"""A picture with its front end alone, in a page of nothing."""


def test_a_drawn_button_is_pressed_by_the_keys_and_the_mouse_and_keeps_the_focus(chromium):
    page = chromium.new_page()
    demo = demos.workbench()
    page.evaluate(BARE, [hands.script(), demo.parts()[0]])
    drawn = page.locator(".kefu-spot")
    now = "known.moved.part"
    for number, act in enumerate((
        lambda one: one.press("Enter"), lambda one: one.press(" "), lambda one: one.click(),
    )):  # fmt: skip
        one = drawn.nth(number)
        name = one.get_attribute("aria-label")
        act(one)
        assert page.evaluate(now) == name
        demo.controls["part"].value = name
        page.evaluate("html => redraw(html)", demo.parts()[0])
        if number < 2:
            expect(drawn.nth(number)).to_be_focused()
        expect(drawn.nth(number)).to_have_attribute("aria-pressed", "true")
    page.close()


def test_a_touch_before_python_is_there_is_answered_at_once_and_done_then(visit, address):
    page = visit(**SCREEN)
    hold: list[Route] = []
    page.route("**/*.wasm.gz", lambda route: hold.append(route))
    page.goto(f"{address}{CHAPTER}.html")
    place = cell(page, FREIGHT.index)
    expect(place.locator(".live-status")).to_have_text("点一下就能动手")
    slider = place.locator(".kefu-c-weight")
    slider.evaluate("one => one.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = slider.bounding_box()
    assert box
    with page.expect_request("**/*.wasm.gz"):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20)
    expect(place.locator(".live-status.live-asked")).to_have_attribute(
        "data-said", "启动中，马上照你点的来"
    )
    page.wait_for_function("() => document.documentElement.dataset.live === 'starting'")
    assert hold
    while hold:
        hold.pop().continue_()
    alive(page)
    expect(field(place, "weight")).to_have_value(re.compile(r"^10\.0"))  # the middle of 0.05 to 20
    twin = BOOKS[CHAPTER].demo(FREIGHT)
    twin.controls["weight"].value = float(field(place, "weight").input_value())
    agree(place, twin)
