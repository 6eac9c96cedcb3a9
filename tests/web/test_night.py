"""The desk of the night as it lies on a screen: what must be pressed is in sight and stays where it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kefu.practice import shift as model
from tests.live.living import Notebook, alive, anew, cell
from tests.visit import AA, CUT, PALE, SMALL, TOUCH

NAME = "notebooks/practice/17_shift"
BOOK = Notebook(NAME)
DEMO = BOOK.having("demos.shift(")
SCREENS = [(1280, 800), (1280, 900), (390, 844)]
PRESSED = (
    ".night-bar button",
    ".night-tab",
    ".night-waiting:first-child",
    ".night-open [data-key]",
    ".night-open .night-acts > :is(button, details)",
)
"""What one must press: the clock, the windows, whom to take, the answers, note and close."""
BOXES = """names => [...document.querySelectorAll(names)].map(one => {
    const {left, right, top, bottom} = one.getBoundingClientRect();
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    return {name: one.textContent.slice(0, 20), box: [left, top, right, bottom].map(Math.round),
            within: left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight,
            bare: Boolean(at) && (one.contains(at) || at.contains(one))};
})"""


@cache
def crowd(level: int, windows: int = model.WINDOWS, waiting: int = 1) -> model.NightState:
    """Return a desk with so many open windows, some answered, and so many in the queue, soon before one comes."""
    for seed in range(1, 200):
        state = model.start(model.night(seed, level))
        while not state.over:
            for one in state.queue:
                if len(state.windows) < windows:
                    state = model.step(state, model.NightMove(state.now, "take", one.who))
            open_now = state.windows
            if len(open_now) == windows and len(state.queue) >= waiting:
                asked = [one.who for one in open_now if one.ask]
                then = model.next_event(state)
                comes = any(one.at == then for one in state.night.customers)
                if len(asked) >= 2 and comes and then - state.now > 40:
                    return model.tick(state, then - 2)
            state = model.tick(state, model.next_event(state))
            for one in state.windows:
                late = one.since is not None and state.now - one.since > 150
                if late and "hold" in model.allowed(state, one.who):
                    state = model.step(state, model.NightMove(state.now, "hold", one.who))
    raise AssertionError("no such desk")


@pytest.fixture(scope="module")
def desks(chromium: Browser, address: str) -> Iterator[Callable[[tuple[int, int]], Page]]:
    """Return a function that gives a screen on which the night's page stands alive, opened once."""
    pages: dict[tuple[int, int], Page] = {}

    def get(size: tuple[int, int]) -> Page:
        url = f"{address}{NAME}.html"
        if size in pages and not pages[size].is_closed() and pages[size].url == url:
            pages[size].bring_to_front()
            return pages[size]
        touch = {"has_touch": True, "is_mobile": True} if size[0] < 600 else {}
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", **touch
        )
        page = pages[size] = context.new_page()
        page.goto(url)
        page.wait_for_function(
            "() => (dispatchEvent(new Event('touchstart')), document.documentElement.dataset.live)"
        )
        return alive(page)

    yield get
    for page in pages.values():
        page.context.close()


@pytest.fixture
def night(
    desks: Callable[[tuple[int, int]], Page],
) -> Callable[..., tuple[Page, Locator]]:
    """Return a function that opens the desk of a state on a screen, as a reader finds it who comes back."""

    def come(
        state: model.NightState, size: tuple[int, int], quiet: bool = False
    ) -> tuple[Page, Locator]:
        page = desks(size)
        text = json.dumps(json.loads(model.keep(state)) | {"quiet": quiet}, ensure_ascii=False)
        kept = {"kefu": 1, "nights": {"kept": {"at": 1, "text": text}}}
        page.evaluate("kept => localStorage.setItem('kefu /', kept)", json.dumps(kept))
        page.emulate_media(color_scheme="light")
        page.evaluate("scrollTo(0, 0)")
        place = cell(page, DEMO.index)
        place.locator("[data-screen]").evaluate("old => { old.dataset.old = ''; }")
        anew(page, DEMO)
        expect(place.locator("[data-screen=desk]:not([data-old])")).to_be_visible()
        return page, place

    return come


def boxes(page: Page, names: str = ",".join(PRESSED)) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(BOXES, names)
    return found


def seen(page: Page) -> None:
    for names in PRESSED:
        found = boxes(page, names)
        assert found, names
        assert [one for one in found if not (one["within"] and one["bare"])] == [], names


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize("level", [1, 3])
def test_with_five_windows_what_must_be_pressed_is_in_sight_and_stays_when_somebody_comes(
    night: Callable[..., tuple[Page, Locator]], size: tuple[int, int], level: int
) -> None:
    page, place = night(crowd(level), size)
    expect(place.locator(".night-tab")).to_have_count(5)
    many = place.locator(".night-waiting").count()
    place.locator("[data-act=run]").click()
    seen(page)
    before = boxes(page)
    expect(place.locator(".night-waiting")).to_have_count(many + 1)
    after = {one["name"]: one["box"] for one in boxes(page)}
    place.locator("[data-act=run]").click()
    for one in before:
        name = next((name for name in after if name[:4] == one["name"][:4]), None)
        assert name is not None, one
        assert after[name] == one["box"], one
    seen(page)
    tabs = boxes(page, ".night-tab")
    if size[0] < 600:
        assert len({one["box"][1] for one in tabs}) == 1  # one row
    for tab in place.locator(".night-tab").all():
        assert any(word in (tab.text_content() or "") for word in ("等", "已回"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(CUT) == []
        assert page.evaluate(PALE, AA) == []
        assert page.evaluate(SMALL, TOUCH) == []


def test_a_window_keeps_its_place_while_another_is_closed(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    page, place = night(crowd(3), (1280, 800))
    place.locator(".night-stage").evaluate("stage => stage.scrollIntoView({block: 'start'})")
    names = [one["name"][:3] for one in boxes(page, ".night-tab")]
    last = boxes(page, ".night-tab")[-1]["box"]
    page.locator(".night-tab").nth(1).click()
    close = place.locator(".night-open .night-acts").get_by_role("button", name="结束")
    close.click()  # what is asked is not answered: that is told first
    expect(place.locator(".night-news")).to_contain_text("先别关")
    close.click()
    expect(place.locator(".night-tab")).to_have_count(4)
    left = boxes(page, ".night-tab")
    assert [one["name"][:3] for one in left] == [names[0], *names[2:]]
    assert left[-1]["box"] == last


@pytest.mark.parametrize("quiet", [False, True])
def test_leaving_is_asked_by_keys_and_nothing_is_lost_by_staying(
    night: Callable[..., tuple[Page, Locator]], quiet: bool
) -> None:
    page, place = night(crowd(2), (1280, 900), quiet=quiet)
    nights = "Object.values(JSON.parse(localStorage.getItem('kefu /')).nights)"
    moves = f"() => {nights}.map(one => JSON.parse(one.text).moves.length)"
    before = page.evaluate(moves)
    if not quiet:
        place.locator("[data-act=run]").click()
    place.locator(".night-more > summary").press("Enter")
    for name, stay in (("提前下班", "Escape"), ("不要这一夜", "Enter")):
        way = place.locator(".night-leave summary", has_text=name)
        way.press("Enter")
        asked = place.locator(".night-leave[open]")
        expect(asked).to_have_count(1)
        if not quiet:
            expect(place.locator("[data-act=run]")).not_to_have_text("❚❚ 停")
        if stay == "Escape":
            page.keyboard.press("Escape")
        else:
            page.keyboard.press("Tab")
            expect(asked.locator("[data-act=stay]")).to_be_focused()
            page.keyboard.press("Enter")
        expect(asked).to_have_count(0)
        expect(way).to_be_focused()
        if not quiet:
            expect(place.locator("[data-act=run]")).to_have_text("❚❚ 停")
    expect(place.locator(".night-tab")).to_have_count(5)
    assert page.evaluate(moves) == before
    place.locator(".night-leave summary", has_text="不要这一夜").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(place.locator("[data-screen=door]")).to_be_visible()
    place.locator(".night-kept").press("Enter")  # as it was said: it can be found again
    expect(place.locator(".night-tab")).to_have_count(5)


def test_a_costly_moment_is_shown_by_its_button(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    _, place = night(crowd(1), (390, 844))
    place.locator(".night-more > summary").tap()
    place.locator(".night-leave summary", has_text="提前下班").tap()
    place.get_by_role("button", name="下班，看成绩").tap()
    for button in place.locator(".kefu-slips [data-press]").all():
        told = json.loads(button.get_attribute("data-press") or "")
        button.tap()
        expect(place.locator(".night-moment b").first).to_have_text(model.clock(told["look"]))
        expect(place.locator(".night-moment")).to_be_focused()
        expect(place.locator(".night-moment")).to_be_in_viewport()
        expect(place.locator("[data-look]")).to_have_value(str((told["look"] + 15) // 30 * 30))


def test_what_the_customer_asks_is_in_sight_when_he_is_taken(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    state = model.start(model.night(618, 3))
    while not (state.queue and state.queue[0].robot):
        state = model.tick(state, model.next_event(state))
    _, place = night(state, (390, 844))
    who = state.queue[0]
    place.locator(".night-waiting", has_text=who.who).tap()
    asked = place.locator(".night-open .night-lines .kefu-asked", has_text=who.first)
    expect(asked).to_be_in_viewport(ratio=0.9)


@pytest.mark.parametrize("size", [(390, 844), (1280, 800)])
def test_money_is_given_by_the_second_press_and_lies_beside_the_answers(
    night: Callable[..., tuple[Page, Locator]], size: tuple[int, int]
) -> None:
    state = crowd(3)
    who = next(one.who for one in state.windows if one.ask and one.channel != "同事")
    page, place = night(state, size)
    place.locator(".night-stage").evaluate("stage => stage.scrollIntoView({block: 'start'})")
    place.locator(f".night-tab[data-who='{who}']").click()
    gifts = place.locator(".night-open .night-gifts")
    before = boxes(page)
    gifts.locator("summary").click()
    amounts = gifts.locator("[data-press]")
    seen_now = boxes(page, ".night-open [data-key], .night-open .night-gifts > summary")
    assert [one for one in seen_now if not one["bare"]] == []  # no answer lies below
    assert boxes(page, ".night-open .night-gifts [data-press]:first-child")[0]["bare"]
    laid = boxes(page, ".night-open .night-gifts [data-press]")
    nights = "Object.values(JSON.parse(localStorage.getItem('kefu /')).nights)"
    given = f"() => {nights}.flatMap(one => JSON.parse(one.text).moves).filter(one => one[1] === 'give').length"
    first = amounts.first
    first.click()
    expect(first).to_have_text("确定？")
    expect(place.locator(".night-said")).to_contain_text("再按一次才给")
    assert [one["box"] for one in boxes(page, ".night-open .night-gifts [data-press]")] == [
        one["box"] for one in laid
    ]
    assert page.evaluate(given) == 0
    amounts.nth(1).click()  # another sum: asked anew
    expect(first).not_to_have_text("确定？")
    assert page.evaluate(given) == 0
    amounts.nth(1).click()
    expect(place.locator(".night-open .night-gifts > summary")).to_contain_text("元")
    expect(gifts).not_to_have_attribute("open", "")
    page.wait_for_function(f"() => ({given})() === 1")
    after = {one["name"]: one["box"] for one in boxes(page, PRESSED[3])}
    assert after == {one["name"]: one["box"] for one in before if one["name"] in after}


def test_the_names_of_five_windows_are_whole_on_a_phone(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    page, place = night(crowd(3), (390, 844))
    expect(place.locator(".night-tab b")).to_have_count(5)
    cut = "tabs => tabs.filter(one => one.scrollHeight > one.clientHeight + 1).map(one => one.textContent)"
    assert place.locator(".night-tab b").evaluate_all(cut) == []
    longest = sorted({one.who for n in range(30) for one in model.night(n, 3).customers}, key=len)[
        -6:
    ]
    for name in longest:
        place.locator(".night-tab b").first.evaluate(
            "(one, name) => one.replaceChildren(...name.split(/(?<=·)/).flatMap("
            "(part, n) => n ? [document.createElement('wbr'), part] : [part]))", name
        )  # fmt: skip
        assert place.locator(".night-tab b").evaluate_all(cut) == [], name
    assert page.evaluate(CUT) == []


def test_a_seed_that_was_typed_stays_in_its_field(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    _, place = night(crowd(1), (1280, 900))
    place.locator(".night-more > summary").press("Enter")
    place.locator(".night-leave summary", has_text="不要这一夜").press("Enter")
    place.get_by_role("button", name="不要了，回门口").click()
    field = place.locator("[data-field=seed]")
    field.fill("4711")
    field.press("Enter")
    expect(place.get_by_role("button", name="换一夜（4711）")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(field).to_have_value("4711")
    expect(field).to_be_focused()
    place.get_by_role("button", name="书上的一夜").click()
    expect(field).to_have_value("")


FIRST_LOOK = """window => {
    const read = window.querySelector('.night-read').getBoundingClientRect();
    const whole = one => {
        const {top, bottom, height} = one.getBoundingClientRect();
        return height > 0 && top >= read.top - 2 && bottom <= read.bottom + 2;
    };
    const asked = [...window.querySelectorAll('.night-lines .kefu-asked:not(.night-robot)')].at(-1);
    const papers = window.querySelector('.night-facts dl');
    return {asked: whole(asked), papers: !papers || whole(papers),
            more: window.querySelector('.night-below').textContent};
}"""


def asking(level: int, many: int) -> list[tuple[model.NightState, str]]:
    """Return desks of some nights at which somebody has just come with a question for which there are papers."""
    found = []
    for seed in range(1, 60):
        state = model.start(model.night(seed, level))
        state = model.tick(state, state.night.customers[seed % 20].at)
        for one in state.queue:
            if not state.people[one.who].customer.scene:
                found.append((state, one.who))
                break
        if len(found) == many:
            return found
    raise AssertionError(level)


@pytest.mark.parametrize("size", SCREENS)
def test_at_first_sight_stand_the_question_and_its_papers_or_that_there_is_more(
    night: Callable[..., tuple[Page, Locator]], size: tuple[int, int]
) -> None:
    looks = []
    for level in (1, 3):
        for state, who in asking(level, 4):
            _, place = night(state, size)
            place.locator(".night-waiting", has_text=who).click()
            place.locator(".night-open").wait_for()
            looks.append(place.locator(".night-open").evaluate(FIRST_LOOK))
    assert all(one["asked"] for one in looks)
    assert all(one["papers"] or "资料" in one["more"] for one in looks)
    assert sum(one["papers"] for one in looks) >= len(looks) - (size[0] < 600)


def test_a_face_falls_while_the_clock_runs_and_nothing_else_happens(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    for seed in range(1, 200):
        state = model.start(model.night(seed, 3))
        state = model.tick(state, state.night.customers[0].at)
        if model.next_event(state) - state.now > 100:
            break
    who = state.queue[0].who
    page, place = night(model.step(state, model.NightMove(state.now, "take", who)), (1280, 800))
    face = place.locator(".night-open .night-mood")
    glad = face.get_attribute("aria-label"), face.inner_html()
    page.evaluate("() => document.querySelector('.night-window').dataset.same = '1'")
    place.locator("[data-act=run]").click()
    expect(face).not_to_have_attribute("aria-label", glad[0] or "")
    assert face.inner_html() != glad[1]
    expect(place.locator(".night-window[data-same]")).to_have_count(1)  # not drawn anew


def test_why_there_is_nothing_to_note_is_said_by_press_and_by_key(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    state, who = asking(2, 1)[0]
    page, place = night(state, (390, 844))
    place.locator(".night-waiting", has_text=who).tap()
    note = place.locator(".night-open [data-why]")
    note.tap(force=True)  # aria-disabled: it says why, and does nothing
    expect(place.locator(".night-said")).to_have_text("还没有答，没有要记的")
    assert page.evaluate(SMALL, TOUCH) == []
    place.locator(".night-open").focus()
    page.keyboard.press("N")
    page.keyboard.press("J")
    expect(place.locator(".night-said")).to_have_text("还没有答，没有要记的")


def owing() -> model.NightState:
    """Return a desk with a window of a long name in which something promised is not noted."""
    for seed in range(1, 200):
        state = model.played(model.night(seed, 2), "good")
        for at, move in enumerate(state.moves):
            if move.what == "answer" and "·" in move.who:
                half = model.play(state.night, state.moves[: at + 1])
                if half.people[move.who].owes and half.people[move.who].since:
                    return half
    raise AssertionError("nobody with a long name is owed a note")


def test_a_name_stays_whole_on_a_phone_when_something_is_owed(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    page, place = night(owing(), (390, 844))
    chip = place.locator(".night-tab:has(.night-todo)")
    expect(chip).to_have_count(1)
    inside = chip.evaluate(
        """chip => { const box = chip.getBoundingClientRect();
           return [...chip.querySelectorAll('b, .night-row')].map(one => {
             const {top, bottom, right} = one.getBoundingClientRect();
             const within = top >= box.top && bottom <= box.bottom && right <= box.right;
             return within && one.scrollHeight <= one.clientHeight + 1;
           }); }"""
    )
    assert inside == [True, True]
    assert "待办" in (chip.text_content() or "")
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("size", SCREENS[::2])
def test_the_report_leads_back_to_its_list_and_on_to_another_night(
    night: Callable[..., tuple[Page, Locator]], size: tuple[int, int]
) -> None:
    page, place = night(crowd(1), size, quiet=True)
    place.locator(".night-more > summary").click()
    place.locator(".night-leave summary", has_text="提前下班").click()
    place.get_by_role("button", name="下班，看成绩").click()
    expect(place.locator(".kefu-big")).to_be_in_viewport()
    looks = place.locator(".kefu-slips [data-press]")
    looks.first.click()
    expect(place.locator(".night-right")).to_be_visible()
    knob, cursor = page.evaluate(
        """() => {
            const range = document.querySelector('[data-look]'), box = range.getBoundingClientRect();
            const share = (range.value - range.min) / (range.max - range.min);
            return [box.left + 8 + share * (box.width - 16),
                    document.querySelector('.night-cursor').getBoundingClientRect().left];
        }"""
    )
    assert abs(knob - cursor) < 2
    place.get_by_role("button", name="回到清单").click()
    expect(looks.first).to_be_focused()
    expect(looks.first).to_be_in_viewport()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert page.evaluate(CUT) == []
        assert page.evaluate(PALE, AA) == []
        assert page.evaluate(SMALL, TOUCH) == []
    place.locator("[data-field=number]").fill("20260601")
    place.locator("[data-field=name]").fill("小满")
    place.get_by_role("button", name="再来一夜").click()
    go = place.get_by_role("button", name="上班")
    expect(go).to_be_in_viewport()
    expect(place.get_by_role("button", name="安静版")).to_have_attribute("aria-pressed", "true")
    place.locator(".night-kept").click()
    expect(place.locator(".kefu-big")).to_be_in_viewport()
    expect(place.locator("[data-field=number]")).to_have_value("20260601")
    page.reload()
    page.wait_for_function(
        "() => (dispatchEvent(new Event('touchstart')), document.documentElement.dataset.live)"
    )
    alive(page)
    place.locator(".night-kept").click()
    expect(place.locator("[data-field=name]")).to_have_value("小满")
    place.get_by_role("button", name="再来一夜").click()
    expect(place.get_by_role("button", name="安静版")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("size", SCREENS[::2])
def test_nothing_below_the_door_moves_when_it_comes_alive(
    chromium: Browser, address: str, size: tuple[int, int]
) -> None:
    touch = {"has_touch": True, "is_mobile": True} if size[0] < 600 else {}
    context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **touch)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{address}{NAME}.html")
    place = cell(page, DEMO.index)
    height = (
        "place => Math.round(place.querySelector('.kefu-shift').getBoundingClientRect().height)"
    )
    place.scroll_into_view_if_needed()
    page.evaluate("() => document.fonts.ready")
    before = place.evaluate(height)
    page.wait_for_function(
        "() => (dispatchEvent(new Event('touchstart')), document.documentElement.dataset.live)"
    )
    alive(page)
    expect(place.locator(".kefu-drawn [data-field=seed]")).to_be_visible()
    assert abs(place.evaluate(height) - before) <= 2
    keys = place.locator(".night-keys")
    place.get_by_role("button", name="上班").click()
    expect(keys).to_have_count(1)
    assert keys.is_visible() == (size[0] > 600)  # a phone has none
    context.close()


def test_a_desk_whose_cell_was_run_anew_keeps_nothing_any_more(
    night: Callable[..., tuple[Page, Locator]],
) -> None:
    """Its picture is gone, and with it what it would write when the page is left: an older night as the newest."""
    night(crowd(1), (1280, 800))
    page, _ = night(crowd(3), (1280, 800))
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    names = page.evaluate("Object.keys(JSON.parse(localStorage.getItem('kefu /')).nights)")
    assert {name[:2] for name in names} == {"ke", "3-"}
