"""Every page of the built book in a real browser: wide and narrow, light and dark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.console import complains
from tools import lab
from web import book

pytestmark = pytest.mark.browser

VIEWS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
LATIN = {
    *("BY", "CC", "Ctrl", "Enter", "Esc", "JavaScript", "JupyterLab", "MIT"),
    *("PDF", "ipynb", "md", "pdf"),
    *book.latin(),
}
"""Latin words that a Chinese interface may say, those of the chapters with them."""
DEMOS = ("运费计算器", "凑单", "发货", "小测")
AA = {"text": 4.5, "large": 3.0}
TOUCH = 44

# What a reader sees: text that is neither hidden, nor kept for screen readers or print alone.
SHOWN = """
const shown = element => element.checkVisibility({opacityProperty: true, visibilityProperty: true})
    && !element.closest('script, style, noscript, .skip-link, .visually-hidden, .onlyprint');
const texts = function* () {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (node.textContent.trim() && shown(node.parentElement)) yield node;
    }
};
"""

# Text beyond the viewport's edge, or cut by a box that hides what runs over; boxes may scroll.
CUT = (
    "() => {"
    + SHOWN
    + """
    const cut = [], range = document.createRange();
    for (const node of texts()) {
        range.selectNodeContents(node);
        let edge = range.getBoundingClientRect(), lost = false;
        if (edge.width < 2) continue;
        for (let box = node.parentElement; box !== document.body; box = box.parentElement) {
            const flow = getComputedStyle(box).overflowX, rim = box.getBoundingClientRect();
            if (flow === 'auto' || flow === 'scroll') edge = rim;
            else if (flow !== 'visible') lost ||= edge.left < rim.left - 1 || edge.right > rim.right + 1;
        }
        lost ||= edge.left < -1 || edge.right > document.documentElement.clientWidth + 1;
        if (lost) cut.push(node.textContent.trim().slice(0, 40));
    }
    return cut;
}"""
)

# Text whose contrast with what is behind it is below WCAG AA, with the ratio.
PALE = (
    "need => {"
    + SHOWN
    + """
    const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const known = new Map();
    const rgba = colour => {
        if (!known.has(colour)) {
            pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1);
            known.set(colour, [...pen.getImageData(0, 0, 1, 1).data].map(n => n / 255));
        }
        return known.get(colour);
    };
    const over = (front, back) => [0, 1, 2].map(i => front[i] * front[3] + back[i] * (1 - front[3]));
    const light = colour => {
        const [r, g, b] = colour.map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b + .05;
    };
    // the filled boxes and dots of a drawing on which a text of it stands
    const drawn = text => {
        const {left, right, top, bottom} = text.getBoundingClientRect();
        const x = (left + right) / 2, y = (top + bottom) / 2;
        return [...text.closest('svg')?.querySelectorAll('rect, circle') ?? []].filter(shape => {
            const box = shape.getBoundingClientRect();
            const before = shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
            const filled = getComputedStyle(shape).fill !== 'none';
            return before && filled && box.left <= x && x <= box.right && box.top <= y && y <= box.bottom;
        });
    };
    const pale = new Set();
    for (const node of texts()) {
        const owner = node.parentElement, style = getComputedStyle(owner), layers = [];
        let opacity = 1;
        for (let box = owner; box; box = box.parentElement) {
            const looks = getComputedStyle(box);
            layers.unshift(rgba(looks.backgroundColor));
            opacity *= looks.opacity;
        }
        for (const shape of drawn(owner)) layers.push(rgba(getComputedStyle(shape).fill));
        const back = layers.reduce((below, layer) => over(layer, below), [1, 1, 1]);
        const ink = rgba(owner.closest('svg text') ? style.fill : style.color);
        const front = over([...ink.slice(0, 3), ink[3] * opacity], back);
        const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
        const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
        if (high / low < need[large ? 'large' : 'text'] - .005)
            pale.add(`${(high / low).toFixed(2)} <${owner.tagName} class="${owner.className}"> `
                     + node.textContent.trim().slice(0, 20));
    }
    return [...pale];
}"""
)

# The interface's texts: all outside the article, the article's own controls, every spoken label.
INTERFACE = """() => {
    const content = new Set([...document.querySelectorAll('article :is(h1, h2, h3, h4)')].map(
        heading => heading.textContent.replace(/#$/, '').trim()));
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const owner = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
        const control = owner.closest('button, details.hide > summary, .kefu-demo > details > summary');
        if (owner.closest('script, style, noscript, .onlyprint, [role=option]')
            || owner.closest('article') && !control) continue;
        if (text && !content.has(text)) found.push(text);
    }
    const labels = ['aria-label', 'aria-description', 'title', 'placeholder', 'alt', 'data-tooltip',
                    'data-bs-title', 'data-bs-original-title'];
    for (const element of document.querySelectorAll('body *'))
        for (const label of labels) found.push(element.getAttribute(label) ?? '');
    return found;
}"""


@dataclass
class Visit:
    """One page in a browser, with all that it asked for and complained of."""

    name: str
    page: Page
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def look(self, view: tuple[int, str]) -> Page:
        """Show the page at a width and in a theme."""
        width, theme = view
        self.page.set_viewport_size({"width": width, "height": 844})
        self.page.emulate_media(color_scheme=theme)
        self.page.wait_for_selector(f"html[data-theme='{theme}']", state="attached")
        return self.page


def opened(chromium: Browser, url: str) -> Visit:
    """Open a page in a fresh profile and see all of it, in every view."""
    page = chromium.new_page(viewport={"width": 1280, "height": 844}, reduced_motion="reduce")
    visit = Visit(url, page)
    page.on("request", lambda request: visit.asked.append(request.url))
    page.on(
        "requestfailed", lambda request: visit.failed.append(f"{request.failure} {request.url}")
    )
    page.on(
        "response", lambda r: visit.failed.append(f"{r.status} {r.url}") if r.status >= 400 else 0
    )
    page.on("pageerror", lambda error: visit.said.append(str(error)))
    page.on("console", lambda m: visit.said.append(m.text) if complains(m) else 0)
    page.goto(url)
    page.evaluate("document.fonts.ready")
    if page.locator("#live-cells").count():
        page.wait_for_selector("html[data-live=alive]", state="attached", timeout=60_000)
    for view in VIEWS:
        visit.look(view)
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    return visit


@pytest.fixture(scope="module")
def visit(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = opened(chromium, address + request.param)
    yield visit
    visit.page.close()


@pytest.fixture
def read(chromium: Browser, address: str, pages: list[str]) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page, the first chapter if none is named, at a width."""
    chapter = lab.first_chapter().with_suffix(".html").as_posix()
    windows: list[Page] = []

    def open_page(name: str = chapter, width: int = 1280, **options: bool) -> Page:
        page = chromium.new_page(
            viewport={"width": width, "height": 844},
            color_scheme="light",
            reduced_motion="reduce",
            **options,
        )
        windows.append(page)
        page.goto(address + name)
        return page

    yield open_page
    for window in windows:
        window.close()


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def view(request: pytest.FixtureRequest) -> tuple[int, str]:
    return request.param


def latin(texts: list[str]) -> list[str]:
    """Return the texts with a Latin word that is not allowed."""
    return [text for text in texts if set(re.findall(r"[A-Za-z]{2,}", text)) - LATIN]


def test_every_page_of_the_contents_is_built_and_no_other(pages, request):
    wanted = {
        *request.config.pluginmanager.get_plugin(str(request.path.parent / "conftest.py")).PAGES
    }
    assert set(pages) == wanted | {"index.html", "404.html"}


def test_the_site_s_address_leads_to_the_cover(read, address):
    read("").wait_for_url(address + "book/index.html")


# every page


def test_page_asks_no_other_host_and_gets_all_it_asks_for(visit, address):
    assert [url for url in visit.asked if not url.startswith((address, "data:", "blob:"))] == []
    assert visit.failed == []


def test_page_logs_no_error_and_no_warning(visit):
    assert visit.said == []


def test_page_fits_the_screen_and_cuts_no_text(visit, view):
    page = visit.look(view)
    assert page.evaluate("document.documentElement.scrollWidth") <= view[0]
    assert page.evaluate(CUT) == []


def test_text_has_the_contrast_of_wcag_aa(visit, view):
    assert visit.look(view).evaluate(PALE, AA) == []


def test_interface_is_chinese(visit):
    page = visit.look(VIEWS[0])
    assert page.locator("html").get_attribute("lang") in ("zh", "zh-CN")
    assert latin(page.evaluate(INTERFACE)) == []


def test_page_has_a_title_and_one_heading_of_the_first_level(visit):
    page = visit.look(VIEWS[0])
    heading = page.locator("h1:visible")
    assert heading.count() == 1
    assert page.title().endswith("网店客服")
    assert page.locator("main").count() == 1


def test_ids_are_unique(visit):
    ids = visit.page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert sorted(ids) == sorted(set(ids))


def test_pictures_load_and_say_what_they_show(visit):
    broken = """() => Promise.all([...document.images].map(image => {
        image.loading = 'eager';  // those far down wait for the reader
        return image.decode().then(() => image.naturalWidth ? '' : image.src, () => image.src);
    })).then(told => told.filter(Boolean))"""
    mute = """() => [...document.querySelectorAll('article img, article svg[role=img]')].filter(
        i => !(i.alt || i.ariaLabel || i.ariaHidden === 'true' || i.querySelector('title'))).map(i => i.outerHTML)"""
    assert visit.page.evaluate(broken) == []
    assert visit.page.evaluate(mute) == []


def test_controls_have_names(visit):
    nameless = """() => [...document.querySelectorAll('a[href], button, summary, input')].filter(
        e => !e.closest('[hidden]') && !(e.textContent.trim() || e.ariaLabel || e.title || e.dataset.bsOriginalTitle
               || e.placeholder || e.labels?.length || e.querySelector('img[alt]:not([alt=""])'))
        ).map(e => e.outerHTML)"""
    assert visit.page.evaluate(nameless) == []


# the interface


def test_theme_button_toggles_light_and_dark_and_is_remembered(read):
    page = read("book/index.html")

    def paper() -> int:
        return page.evaluate(
            "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
        )

    button, root = page.locator(".theme-switch-button:visible"), page.locator("html")
    seen = {}
    for _ in range(3):
        button.click()
        seen[root.get_attribute("data-mode")] = paper()
    assert seen["light"] > 200 > 60 > seen["dark"]
    while root.get_attribute("data-mode") != "dark":
        button.click()
    page.reload()
    expect(root).to_have_attribute("data-theme", "dark")


def test_contents_open_from_a_button_on_a_phone_and_lead_to_a_chapter(read):
    page = read("book/index.html", 390)
    link = page.locator(".bd-sidebar-primary a, #pst-primary-sidebar-modal a").filter(
        has_text="第02章"
    )
    expect(link).not_to_be_in_viewport()
    page.locator(".primary-toggle").click()
    expect(link).to_be_in_viewport()
    link.click()
    page.wait_for_url("**/notebooks/presales/**")


def test_copy_button_answers_in_chinese(read):
    page = read()
    button = page.locator("article .cell button.copybtn").first
    page.locator("article .cell div.highlight").first.hover()
    button.click()
    expect(button).to_have_attribute("data-tooltip", re.compile("复制成功"))


# the chapter


def inside(part: Locator, whole: Locator) -> bool:
    """Tell whether a part lies within the left and right edges of the whole."""
    small, large = part.bounding_box(), whole.bounding_box()
    assert small
    assert large
    left, right = large["x"] - 1, large["x"] + large["width"] + 1
    return small["width"] > 50 and left <= small["x"] and small["x"] + small["width"] <= right


def test_demos_stand_as_pictures_inside_the_column_of_a_phone(read):
    page = read(width=390, java_script_enabled=False)
    column = page.locator("article.bd-article")
    for title in DEMOS:
        demo = page.locator(".kefu-demo", has=page.locator(".kefu-title", has_text=title))
        expect(demo).to_be_visible()
        assert inside(demo, column)
        for chart in demo.locator("svg").all():
            assert inside(chart, demo)


def test_touch_targets_are_large_enough_on_a_phone(read):
    page = read(width=390)
    page.wait_for_selector("html[data-live=alive]", state="attached", timeout=60_000)
    page.locator(".primary-toggle").click()
    targets = page.locator(
        "details > summary, .bd-header-article button, dialog nav a, .live-bar button,"
        " .kefu-demo .jupyter-widget-Collapse-header"
    )
    small = [
        (target.text_content(), box["width"], box["height"])
        for target in targets.all()
        if (box := target.bounding_box()) and min(box["width"], box["height"]) < TOUCH
    ]
    assert targets.count() > 30
    assert small == []


def test_solutions_are_closed_at_first_and_open_on_a_click(read):
    page = read()
    solutions = page.locator("div.tag_solution details, details:has(summary:has-text('参考解答'))")
    assert solutions.count() >= 5
    for solution in solutions.all():
        body = solution.locator("pre, p:not(summary p)").first
        expect(body).to_be_hidden()
        solution.locator("summary").click()
        expect(body).to_be_visible()


def test_formulas_are_set_already_and_need_no_script(read):
    page = read()
    formulas = page.locator("article .formula")
    assert formulas.count() >= 4
    for formula in formulas.all():
        assert formula.locator("svg[aria-hidden=true] :is(path, text)").count()
        assert formula.locator(".visually-hidden math").count() == 1
    assert page.locator("div.formula svg text").first.text_content() == "运"
    assert not page.locator("script[src*=mathjax]").count()
    raw = page.locator("article :is(p, div.formula)").filter(
        has_text=re.compile(r"\\(text|frac|times)|\$\$")
    )
    assert raw.locator("visible=true").count() == 0
