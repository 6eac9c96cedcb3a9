"""Figures that a tap enlarges, tables on a phone, and a page on paper: ink on white from any theme."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PageObject, PdfReader

from tests.visit import AA, PALE, faults
from tests.web.test_look import SHEET, light, tokens
from web import book
from web.paper.articles import CHOICES

CHAPTERS = [str(one.page) for one in book.written()]
FIGURES = "article .cell_output img:not(.widget-image)"
LARGE = "dialog.figure-large"
WHITE = "#ffffff"


@pytest.fixture(scope="module", params=[(390, "dark"), (1280, "light")], ids=["phone", "desk"])
def window(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    """Return a chapter with figures and tables, its Python asleep."""
    width, theme = request.param
    size = {"width": width, "height": 844}
    page = chromium.new_page(viewport=size, color_scheme=theme, reduced_motion="reduce")
    page.route("**/_static/live/**", lambda route: route.abort())
    page.goto(f"{address}notebooks/intelligence/13_bots.html")
    yield page
    page.close()


@pytest.mark.parametrize("way", ["click", "Enter", " "])
def test_a_figure_is_enlarged_by_a_tap_or_a_key_and_gives_the_focus_back(window, way):
    figure, large = window.locator(FIGURES).first, window.locator(LARGE)
    figure.scroll_into_view_if_needed()
    before = figure.bounding_box()
    figure.click() if way == "click" else figure.press(way)
    image = large.locator("img")
    expect(image).to_be_in_viewport()
    place = window.evaluate("scrollY")
    assert image.get_attribute("alt") == figure.get_attribute("alt") != ""
    assert image.bounding_box()["width"] > 1.3 * before["width"]
    expect(window.get_by_role("dialog", name=re.compile("^放大的图："))).to_be_visible()
    close = large.get_by_role("button", name="关闭")
    expect(close).to_be_focused()
    assert close.bounding_box()["height"] >= 44
    close.click() if way == "Enter" else window.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(figure).to_be_focused()
    assert window.evaluate("scrollY") == place


def test_an_enlarged_figure_is_readable_and_wakes_no_fault(window):
    window.locator(FIGURES).last.click()
    assert window.evaluate(PALE, AA) == []
    assert faults(window, ["scrollable-region-focusable", "target-size", "aria-allowed-role"]) == []
    window.locator(f"{LARGE} .figure-place").evaluate("place => place.click()")  # beside the figure
    expect(window.locator(LARGE)).to_be_hidden()


def test_a_wide_table_scrolls_in_its_own_box_and_says_so(window):
    wide = window.locator("table.dataframe").evaluate_all("""tables => tables.map(table => {
        const { backgroundImage, overflowX } = getComputedStyle(table);
        return [table.scrollWidth > table.clientWidth, overflowX, backgroundImage.includes('gradient')];
    })""")
    assert wide
    assert {(scrolls, shade) for _, scrolls, shade in wide} == {("auto", True)}
    assert window.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_decimals_that_are_missing_keep_their_room(window):
    (rule,) = re.findall(r"^\.dataframe \[data-pad\].*", SHEET.read_text(encoding="utf-8"), re.M)
    window.add_style_tag(content=rule)  # no table of the book needs it today
    ends = window.evaluate("""() => {
        const table = document.querySelector('table.dataframe'), cells = [...table.querySelectorAll('td.text-right')];
        const [one, other] = [cells[0], table.querySelectorAll('tbody tr')[1].querySelector('td.text-right')];
        one.textContent = '7.25', other.textContent = '3', other.dataset.pad = '.00';
        return [one, other].map(cell => {
            const range = new Range(), text = cell.firstChild;
            range.setStart(text, 0), range.setEnd(text, 1);
            return range.getBoundingClientRect().right;
        });
    }""")
    assert abs(ends[0] - ends[1]) < 1


# On paper

SHOWN = """chosen => {
    const shown = [...document.querySelectorAll('body *')].filter(one => one.checkVisibility());
    const inks = shown.filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
    const style = one => getComputedStyle(one);
    const choices = [...document.querySelectorAll(chosen)].filter(one => !one.closest('details:not([open])'));
    return {
        inks: [...new Set(inks.map(one => style(one).color))],
        formulas: [...document.querySelectorAll('.formula svg')].map(one => style(one).color),
        grounds: [...new Set(shown.map(one => style(one).backgroundColor).filter(c => !/, 0\\)$/.test(c)))],
        filters: shown.filter(one => style(one).filter !== 'none').length,
        buttons: shown.filter(one => one.matches('button, .btn, input[type=button], [role=button]:not(img, svg *)'))
            .filter(one => !choices.includes(one)).map(one => one.outerHTML.slice(0, 80)),
        lost: choices.filter(one => !shown.includes(one)).map(one => one.outerHTML.slice(0, 80)),
        boxed: choices.filter(one => one.matches('.kefu-options *, .kefu-rule'))
            .filter(one => style(one).borderStyle !== 'none').length,
        folds: shown.filter(one => one.matches('.kefu-more, .kefu-source')).length,
        ghosts: [...document.querySelectorAll('.kefu-line')]
            .filter(one => getComputedStyle(one, '::after').content !== 'none').length,
        whole: [...document.querySelectorAll('.kefu-demo:has(> .kefu-scene)')]
            .filter(one => style(one).breakInside === 'avoid').length,
        spots: [...document.querySelectorAll('svg .kefu-spot')].filter(one => !shown.includes(one)).length,
        cards: [...document.querySelectorAll('.desk-card')].map(one => style(one).breakInside),
        bars: shown.filter(one => one.matches('.live-bar, .live-status, .kefu-ways, .reader-passed')).length,
    };
}"""
COMPLETE = "() => [...document.images].every(image => image.complete && image.naturalWidth)"


def contrast(colour: str, ground: str = WHITE) -> float:
    """Return the contrast of a computed colour with white."""
    hexed = "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])
    low, high = sorted((light(hexed), light(ground)))
    return high / low


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_printed_in_ink_on_white_from_the_dark_theme(chromium, address, name):
    page = chromium.new_page(color_scheme="dark", viewport={"width": 794, "height": 1123})
    page.route("**/_static/live/**", lambda route: route.abort())
    page.goto(f"{address}{name}.html")
    page.locator(".reader-passed").wait_for(state="attached")
    page.emulate_media(media="print")
    page.wait_for_function(COMPLETE)  # none waits for a reader who never scrolls
    told = page.evaluate(SHOWN, CHOICES)
    assert len(told["inks"]) > 2
    assert [ink for ink in told["inks"] if contrast(ink) < 4.5] == []
    assert [ink for ink in told["formulas"] if contrast(ink) < 10] == []
    assert [ground for ground in told["grounds"] if contrast(ground) > 1.25] == []
    assert (told["filters"], told["buttons"], told["bars"]) == (0, [], 0)
    assert (told["lost"], told["boxed"]) == ([], 0)  # a question stands with its choices, as a list
    assert (told["folds"], told["ghosts"]) == (0, 0)
    assert told["whole"] == 0  # no demo leaves half a sheet empty
    assert told["spots"] == 0  # what can be pressed in a picture is part of the picture
    assert told["cards"] == ["avoid"]
    page.emulate_media(media="screen")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    paper = tokens("dark")["paper"]
    rgb = tuple(int(paper[place : place + 2], 16) for place in (1, 3, 5))
    expect(page.locator("body")).to_have_css("background-color", f"rgb{rgb}")
    page.close()


def test_the_printed_pages_hold_the_chapter_and_no_name_of_a_button(chromium, address):
    page = chromium.new_page(color_scheme="dark")
    page.route("**/_static/live/**", lambda route: route.abort())
    page.goto(f"{address}notebooks/presales/02_preparation.html")
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    text = re.sub(r"\s", "", "".join(sheet.extract_text() for sheet in sheets))
    assert 10 < len(sheets) < 60
    assert "凑单" in text
    for button in ("改代码", "运行", "重试", "复制", "回到顶部", "交卷"):
        assert f"{button}{button}" not in text
    page.close()


ALONE = """([part, above]) => {
    const kept = document.querySelector(part), room = document.createElement("div");
    room.style.height = `${above}cm`;
    document.querySelector("#jb-print-docs-body").remove();
    document.querySelector("article").replaceChildren(room, kept);
}"""
INK = re.compile(rb"([\d.]+) ([\d.]+) ([\d.]+) rg|([\d.]+) g\s|\bT[jJ]\b")


def inked(sheet: PageObject) -> set[str]:
    """Return the colours of a sheet's letters."""
    now, found = "rgb(0, 0, 0)", set()
    for one in INK.finditer(sheet.get_contents().get_data()):
        if parts := [part for part in one.groups() if part]:
            shades = [round(float(part) * 255) for part in (parts if len(parts) > 1 else parts * 3)]
            now = f"rgb({', '.join(map(str, shades))})"
        else:
            found.add(now)
    return found


@pytest.mark.parametrize(
    ("part", "above", "begins"),
    [
        ("section:has(> h2):has(.kefu-quiz)", 15, True),  # a quiz is longer than a sheet
        ("section:has(> h2):has(.kefu-quiz)", 25.5, False),  # its heading is not left behind
        (":has(> .kefu-demo .kefu-bot)", 21, False),  # a demo's title stands over its picture
        (".cell_output:has(> img)", 22, False),  # a figure is not cut
    ],
    ids=["quiz", "heading", "demo", "figure"],
)
def test_firefox_prints_in_ink_from_the_dark_theme_and_parts_nothing_that_belongs_together(
    firefox, address, part, above, begins
):
    page = firefox.new_page(color_scheme="dark")
    page.route("**/_static/live/**", lambda route: route.abort())
    page.add_init_script("localStorage.setItem('mode', 'dark')")
    page.goto(f"{address}notebooks/intelligence/14_knowledge.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate(ALONE, [part, above])
    printed = page.pdf(width="21in", height="29.7in")  # Firefox takes them as centimetres
    first, *others = PdfReader(BytesIO(printed)).pages
    assert round(first.mediabox.height / 72 * 2.54, 1) == 29.7
    assert (len(first.get_contents().get_data()) > 1000) is begins
    assert others
    assert not [ink for ink in set().union(*map(inked, others)) if contrast(ink) < 4.5]
    page.close()
