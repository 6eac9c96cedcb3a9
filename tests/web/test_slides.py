"""放映: a chapter's own blocks a slide at a time; whole, in order, alive, and gone without a trace."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.live.living import HANDLE, Notebook, alive, cell, drawn
from tests.visit import AA, CUT, PALE, faults, look
from web import book, build
from web.extensions import lesson

CHAPTER = "notebooks/presales/02_preparation"
FREIGHT = Notebook(CHAPTER).having("demos.freight()").index
DEMO = f"#live-cell-{FREIGHT} .kefu-demo"
EMPTY = 0.2
"""The least part of a slide's height that has to be filled, its margins and the line above it aside."""

# What a slide should hold, told by other words than the script's: every block that a reader of the main track sees,
# less what is there to set up, to solve or to press.
WANTED = """() => {
    const out = ":is(.kefu-ways, .tracks, .set-up, .tag_solution, .card-bar, .for-teachers, .noprint, script)";
    const main = document.documentElement.dataset.track === "main";
    const skipped = one => one.closest(out) || main && one.closest("section.advanced:not(.track-open)")
        || one.closest("details")?.querySelector("summary").textContent.trim().match(/^(答案|参考解答)/)
        || one.matches("p:has(+ .tag_solution)") || one.matches(".exercise > .tag_solution ~ *");
    const tops = [...document.querySelectorAll("article.bd-article section > *")].filter(
        one => !one.matches("section:not(.desk-card)") && !one.parentElement.closest(".cell, .desk-card"));
    return tops.filter(one => !skipped(one));
}"""
SHOWN = (
    f"""async () => {{
    const wanted = {WANTED};"""
    + """
    const asked = performance.getEntriesByType("resource").map(one => one.name);
    const url = asked.find(one => /\\/slides-[^/]*\\.js/.test(one));
    const {blocks, slides} = (await import(url)).plan();
    const seen = slides.flatMap(({from, to}) => blocks.slice(from, to).map(({one}) => one));
    const name = one => `${one.tagName} ${one.textContent.trim().slice(0, 30)}`;
    const due = wanted().filter(one => !seen.includes(one));
    return {
        extra: seen.filter((one, i) => !wanted().includes(one) || seen.indexOf(one) !== i).map(name),
        missing: due.filter(one => one.textContent.trim() || one.querySelector("img, svg")).map(name),
        inOrder: seen.every(
            (one, i) => !i || seen[i - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING),
        slides: slides.map(({from, to, tall, way, room}) => ({
            fill: tall / room, way, kinds: blocks.slice(from, to).map(({kind}) => kind),
            first: name(blocks[from].one), last: name(blocks[to - 1].one)})),
    };
}"""
)
BLOCKS = "article .lesson-on"


@pytest.fixture(scope="module")
def page(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page(
        viewport={"width": 1280, "height": 720}, reduced_motion="reduce", folded=True
    )
    page.broken = []
    page.on("pageerror", lambda error: page.broken.append(str(error.stack)))
    page.on("console", lambda said: page.broken.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}{CHAPTER}.html")
    yield page
    page.close()


def told(page: Page) -> str:
    return page.locator(".lesson-told").inner_text()


def at(page: Page) -> int:
    """Return which slide is shown, from 1."""
    return int(told(page).partition("/")[0])


def to(page: Page, wanted: str) -> None:
    """Turn slides from the first on until one shows what is wanted."""
    page.keyboard.press("Home")
    while not page.locator(f"{wanted}.lesson-on").count():
        last = told(page)
        page.keyboard.press("n")
        assert told(page) != last, f"no slide has {wanted}"


def test_button_shows_slides_from_the_heading_in_sight(page):
    alive(page)
    page.evaluate(f"window.place = document.querySelector('{DEMO}').parentElement")
    for _ in range(2):  # what lies above has its own size once it has been near
        page.locator("h2", has_text="二、付款").evaluate(
            "one => one.scrollIntoView({behavior: 'instant'})"
        )
        page.wait_for_timeout(400)
    page.get_by_role("button", name="放映").click()
    expect(page.locator(".lesson-told")).to_contain_text(
        re.compile("二、付款|资损")
    )  # its end is in sight
    expect(page.locator(BLOCKS).first).to_be_focused()
    assert parse_qs(urlsplit(page.url).query)["class"] == ["slides"]
    assert (
        page.locator(".bd-sidebar-primary, .bd-header-article").locator("visible=true").count() == 0
    )


def test_keys_turn_slides_and_the_controls_keep_theirs(page):
    page.keyboard.press("Home")
    assert at(page) == 1
    for key, by in (
        ("ArrowRight", 1),
        ("PageDown", 1),
        ("ArrowLeft", -1),
        ("PageUp", -1),
        ("n", 1),
    ):
        page.evaluate("scrollTo(0, 0)") if by < 0 else page.evaluate("scrollTo(0, 1e6)")
        last = at(page)
        page.keyboard.press(key)
        assert at(page) == last + by, key
    page.keyboard.press("End")
    assert told(page).split("　")[0].split("/")[0] == told(page).split("　")[0].split("/")[1]


def test_demo_moves_while_presenting_and_nothing_was_moved_for_it(page):
    to(page, f"#live-cell-{FREIGHT}")
    place, number = cell(page, FREIGHT), at(page)
    picture = drawn(place).inner_html()
    place.locator(HANDLE).first.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([place, old]) => document.querySelector(place).innerHTML !== old",
        arg=[f"#live-cell-{FREIGHT} .kefu-drawn", picture],
    )
    assert at(page) == number
    assert page.evaluate(f"document.querySelector('{DEMO}').parentElement === place")
    box = place.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 720 - 48
    assert box["x"] + box["width"] <= 1280


def test_pen_draws_on_its_slide_and_the_demo_below_is_not_touched(page):
    strokes = page.locator(".lesson-ink path")
    number, picture = at(page), drawn(cell(page, FREIGHT)).inner_html()
    page.keyboard.press("d")
    handle = cell(page, FREIGHT).locator(HANDLE).first.bounding_box()
    page.mouse.move(handle["x"] + 20, handle["y"] + 20)
    page.mouse.down()
    page.mouse.move(handle["x"] + 120, handle["y"] + 60, steps=3)
    page.mouse.up()
    expect(strokes).to_have_count(1)
    assert drawn(cell(page, FREIGHT)).inner_html() == picture
    page.keyboard.press("n")
    expect(strokes).to_have_count(0)
    page.keyboard.press("p")
    expect(strokes).to_have_count(1)
    page.get_by_role("button", name="撤销上一笔").click()
    expect(strokes).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar", name="画笔")).to_be_hidden()
    assert at(page) == number


def test_notes_stand_in_a_window_of_their_own_and_follow(page):
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value
    expect(notes.locator(".notes-near")).to_contain_text("运费计算器")
    expect(notes.locator("article")).to_contain_text("板书")
    last = told(page)
    notes.keyboard.press("ArrowRight")
    assert told(page) != last
    expect(notes.locator(".notes-now")).to_have_text(told(page).partition("　")[2])
    expect(notes.locator(".notes-time")).to_have_css("font-size", "34px")
    assert notes.locator("script").count() == 0
    notes.reload()
    page.bring_to_front()
    page.keyboard.press("s")  # it has lost what it said
    expect(notes.locator(".notes-now")).to_have_text(told(page).partition("　")[2])
    notes.close()


def test_blocked_window_is_said(page):
    page.evaluate("() => { window.kept = window.open; window.open = () => null; }")
    page.bring_to_front()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog", name="讲稿窗口没有打开")
    expect(dialog.get_by_role("link", name="这一章的教师页")).to_be_visible()
    dialog.get_by_role("button", name="关上").click()
    expect(dialog).to_have_count(0)
    page.evaluate("() => { window.open = kept; }")  # as an expression it would be called


def test_prints_as_handouts_and_the_page_is_as_before(page):
    number, count = at(page), int(told(page).split("/")[1].split("　")[0])
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert count / 2 <= len(printed.pages) <= 0.7 * count
    words = "".join("".join(one.extract_text().split()) for one in printed.pages)
    for i in range(1, count + 1):
        assert f"{i}/{count}" in words
    assert page.locator(".lesson-handout").count() == 0
    assert at(page) == number


def test_is_as_before_when_the_page_was_seen_as_on_paper(page):
    shown = told(page)
    page.emulate_media(media="print")
    expect(page.locator(".lesson-bar")).to_be_hidden()
    page.wait_for_timeout(500)  # sizes have changed: on a screen the slides would be packed anew
    page.emulate_media(media="null")
    page.keyboard.press("n")
    assert told(page) != shown
    page.keyboard.press("p")
    assert told(page) == shown


def test_everybody_can_read_it(page):
    to(page, f"#live-cell-{FREIGHT}")
    for width in (1280, 390):
        for theme in ("light", "dark"):
            look(page, (width, theme))
            if theme == "light":
                page.wait_for_timeout(500)  # the slides are packed anew
            assert page.evaluate(PALE, AA) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert [text for text in page.evaluate(CUT) if text not in told(page)] == []
    look(page, (1280, "light"))
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_timeout(500)
    assert faults(page) == []


def test_reload_goes_on_and_escape_leaves_the_page_as_it_was(page):
    to(page, f"#live-cell-{FREIGHT}")
    shown = told(page)
    page.reload()
    expect(page.locator(".lesson-told")).to_have_text(shown)
    page.keyboard.press("Escape")
    assert page.evaluate("document.documentElement.dataset.lesson ?? ''") == ""
    assert page.evaluate("document.documentElement.style.cssText") == ""
    assert page.locator("[class*=lesson-], [data-lesson-look]").count() == 0
    assert urlsplit(page.url).query == ""
    expect(cell(page, FREIGHT)).to_be_in_viewport()
    assert page.broken == []


def test_each_leads_to_the_other(page):
    page.get_by_role("button", name="上课").click()
    page.get_by_role("button", name="改成一页一页放映").click()
    expect(page.locator("html")).to_have_attribute("data-lesson", "slides")
    page.get_by_role("button", name="改成上课：一屏一个演示").click()
    expect(page.locator("html")).to_have_attribute("data-lesson", "demo")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("html[data-lesson]")).to_have_count(0)


@pytest.mark.parametrize("folded", [True, False], ids=["main", "all"])
def test_chapters_are_packed_whole_and_in_order_with_no_slide_nearly_empty(
    chromium, address, folded
):
    page = chromium.new_page(
        viewport={"width": 1280, "height": 720}, reduced_motion="reduce", folded=folded
    )
    page.route("**/_static/live/**", lambda route: route.abort())
    wrong, figures = [], []
    for one in book.chapters():
        if not one.page or not (folded or one.page == CHAPTER):
            continue
        page.goto(f"{address}{one.page}.html?class=slides&at=0", wait_until="domcontentloaded")
        page.wait_for_selector(BLOCKS)
        found = page.evaluate(SHOWN)
        slides = found["slides"]
        figures.append((one.page[-16:], len(slides), round(min(s["fill"] for s in slides), 2)))
        faulty = {
            "extra": found["extra"],
            "missing": found["missing"],
            "order": [] if found["inOrder"] else [one.page],
            "nearly empty": [s for s in slides if s["fill"] < EMPTY],
            "headings alone": [s for s in slides if s["kinds"][-1] == "heading"],
            "a caption alone": [s for s in slides if s["kinds"] == ["caption"]],
        }
        wrong += [(one.page, fault, ones) for fault, ones in faulty.items() if ones]
    page.close()
    print(figures)
    assert wrong == []


PACK = """
const {pack} = await import(process.argv[2]);
const head = {kind: "heading", tall: 40, starts: 3}, text = {kind: "text", tall: 60, thin: 120, half: 80};
const lead = {...text, lead: true}, table = {kind: "cell", tall: 400};
const demo = {kind: "demo", tall: 500, scene: 450, columnsPart: 1, wide: 400, widePart: 1};
const caption = {kind: "caption", tall: 50, thin: 90, half: 60};
const frame = {room: 600, gap: 10, above: 30};
console.log(JSON.stringify([
    pack([head, lead, table, head, demo, caption], frame),
    pack([head, text, text, text, text, text, text, text, text, text, text], frame),
    pack([head, {...lead}, {...table, tall: 2000}], frame),
]));
"""


def test_headings_begin_slides_and_what_belongs_together_stays(tmp_path):
    build.bundle(tmp_path, lesson.CLIENT / "pack.js", options=("--out-extension:.js=.mjs",))
    script = tmp_path / "try.mjs"
    script.write_text(PACK)
    kept, even, tall = json.loads(build.node(script, (tmp_path / "pack.mjs").as_uri()))
    assert kept == [[0, 3], [3, 6]]
    assert even == [[0, 6], [6, 11]], "the last line is not alone"
    assert tall == [[0, 3]]
