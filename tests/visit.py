"""One visit of a page in a real browser, from which all tests of that page read.

A visit costs seconds, a look at what it told nothing: so a page is opened once, its Python started
once, seen wide and narrow, light and dark, folded and unfolded, and every finding is kept by name in
a :class:`Seen`. What only a phone's own profile shows (its first view, its start at a touch) is a
second visit, a :class:`Phone`. What a reader does to a page's controls is done to the visited page
when its look has been kept.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.console import complains
from tools import bench, bench_pages

WIDTHS = (1280, 390)
VIEWS = [(width, theme) for width in WIDTHS for theme in ("light", "dark")]
View = tuple[int, str]
AA = {"text": 4.5, "large": 3.0}
TOUCH = 44
PHONE = {"viewport": {"width": 412, "height": 823}, "is_mobile": True, "has_touch": True}
NARROW = (320, 640)
"""Widths of a small phone and of a window at double size."""
STILL = """() => new Promise(done => {
    let last = -1;
    const look = () => scrollY === last ? done() : (last = scrollY, setTimeout(look, 100));
    look();
})"""
"""Waits until the page, which a finger or a key left gliding, stands still."""
WAIT = 20_000
"""How long a browser may take for what a test waits for, in ms: it bounds a hang and asserts no time."""
UNTIL = 90
"""How long what a page does unseen may take, such as to fetch a whole edition of the book, in seconds."""
SETTLED = "html:is([data-live=alive], [data-live=failed])"

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
    const cut = [], range = document.createRange(), known = new Map();
    const about = box => {  // asked for once a box, not once for each text in it
        if (!known.has(box)) known.set(box, [getComputedStyle(box).overflowX, box.getBoundingClientRect()]);
        return known.get(box);
    };
    for (const node of texts()) {
        range.selectNodeContents(node);
        let edge = range.getBoundingClientRect(), lost = false;
        if (edge.width < 2) continue;
        for (let box = node.parentElement; box !== document.body; box = box.parentElement) {
            const [flow, rim] = about(box);
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
    const drawings = new Map();
    const shapes = drawing => {
        if (!drawings.has(drawing))
            drawings.set(drawing, [...drawing.querySelectorAll('rect, circle')].map(shape => [
                shape, shape.getBoundingClientRect(), getComputedStyle(shape)]));
        return drawings.get(drawing);
    };
    const drawn = text => {
        const drawing = text.closest('svg');
        if (!drawing) return [];
        const {left, right, top, bottom} = text.getBoundingClientRect();
        const x = (left + right) / 2, y = (top + bottom) / 2;
        return shapes(drawing).filter(([shape, box, {fill}]) => fill !== 'none'
            && box.left <= x && x <= box.right && box.top <= y && y <= box.bottom
            && shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING);
    };
    // what lies behind an element and how much of it shows through, asked for once an element
    const grounds = new Map([[null, [[1, 1, 1], 1]]]);
    const ground = box => {
        if (!grounds.has(box)) {
            const [below, opacity] = ground(box.parentElement), looks = getComputedStyle(box);
            grounds.set(box, [over(rgba(looks.backgroundColor), below), opacity * looks.opacity]);
        }
        return grounds.get(box);
    };
    const pale = new Set();
    const written = [...texts()].map(node => [node.parentElement, getComputedStyle(node.parentElement),
                                              node.textContent.trim()]);
    for (const field of document.querySelectorAll('input, textarea, select'))  // whose words are no text of the page
        if (shown(field) && !field.disabled && field.clientWidth > 2
            && !/checkbox|color|file|hidden|radio|range/.test(field.type)) {
            if (field.value) written.push([field, getComputedStyle(field), field.value]);
            else if (field.placeholder)
                written.push([field, getComputedStyle(field, '::placeholder'), field.placeholder]);
        }
    for (const [owner, style, words] of written) {
        const [below, opacity] = ground(owner);
        const back = drawn(owner).reduce((under, [, , {fill, fillOpacity}]) => {
            const [r, g, b, alpha] = rgba(fill);
            return over([r, g, b, alpha * fillOpacity], under);
        }, below);
        const ink = rgba(owner.closest('svg text') ? style.fill : style.color);
        const front = over([...ink.slice(0, 3), ink[3] * opacity], back);
        const [low, high] = [light(front), light(back)].sort((a, b) => a - b);
        const size = parseFloat(style.fontSize), large = size >= 24 || size >= 18.66 && style.fontWeight >= 700;
        if (high / low < need[large ? 'large' : 'text'] - .005)
            pale.add(`${(high / low).toFixed(2)} <${owner.tagName} class="${owner.className}"> `
                     + words.slice(0, 20));
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

UNFOLD = """() => {
    for (const folded of document.querySelectorAll("details:not([open])"))
        Object.assign(folded, {open: true}).classList.add("unfolded");
    for (const head of document.querySelectorAll(
        ".jupyter-widget-Collapse-header[aria-expanded=false]")) head.click();
    for (const button of document.querySelectorAll(".toggle-button-hidden")) button.click();
}"""
"""Opens everything that is folded."""
FOLD = """() => {
    for (const one of document.querySelectorAll(".unfolded")) {
        one.open = false;
        one.classList.remove("unfolded");
        if (!one.className) one.removeAttribute("class");
    }
}"""
"""Closes it again: a demo's result is compared to the last attribute."""

LAID_OUT = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('article :is(table, div.cell) {content-visibility: visible !important}');
    document.adoptedStyleSheets = [sheet];
    scrollTo(0, 0);
}"""
"""Lays all of a page out, as it is where a reader is; axe would see the rest fold over what follows."""

DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"""
"""Waits until the page has been drawn: only then does it know which of its boxes scroll, see ``access.js``."""

WIDE = """() => {
    const page = document.documentElement.clientWidth;
    return [document.documentElement.scrollWidth - page, ...[...document.querySelectorAll(
        "article :is(p, li, pre, table, img, svg, .kefu-demo, .kefu-ways)")].filter(part => {
            if (!part.checkVisibility() || part.closest("svg, table, pre, .formula, .visually-hidden") !== part
                && part.closest("svg, table, pre, .formula, .visually-hidden")) return false;
            const box = part.getBoundingClientRect();
            return box.right > page + 1 && !scrolls(part.parentElement);
        }).map(part => part.outerHTML.slice(0, 100))];
    function scrolls(box) {
        for (; box; box = box.parentElement)
            if (/auto|scroll/.test(getComputedStyle(box).overflowX) && box !== document.documentElement) return true;
        return false;
    }
}"""

SMALL = """least => [...document.querySelectorAll(
        "button, summary, select, input, textarea, .noUi-handle, [role=button], [role=tab], .kefu-way,"
        + ".widget-readout")]
    .filter(one => one.checkVisibility({visibilityProperty: true, opacityProperty: true}) && !one.disabled
        && !one.closest(".visually-hidden") && one.type !== "hidden")
    .map(one => {
        const target = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") ?? one : one;
        const box = target.getBoundingClientRect(), more = one.matches(".noUi-handle")
            ? -2 * parseFloat(getComputedStyle(one, "::after").top) : 0;
        return [box.width + more, box.height + more, one.outerHTML.slice(0, 110)];
    })
    .filter(([width, height]) => Math.min(width, height) < least - .5 && width && height)"""

BOXES = """all => all.map(one => one.getBoundingClientRect()).map(box => [box.width, box.height])"""

MOVES = """() => {
    const root = document.documentElement;
    const still = getComputedStyle(root).scrollBehavior === "auto";
    return [...still ? [] : ["html"], ...[...document.querySelectorAll("*")].filter(one => {
        const looks = getComputedStyle(one);
        return [looks.transitionDuration, looks.animationDuration].some(
            times => times.split(",").some(time => parseFloat(time) > .05));
    }).map(one => one.outerHTML.slice(0, 80))];
}"""

# The page's own account of its start, from before its first byte is read.
WATCH = """
window.moved = 0; window.told = {}; window.gone = [];
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value;
}).observe({type: 'layout-shift', buffered: true});
const cells = new Set();
new MutationObserver(() => {
    for (const place of document.querySelectorAll('.cell_output:has(.live-picture)')) cells.add(place);
    for (const place of cells)
        if (!place.querySelector('.live-picture, .jupyter-widgets')) window.gone.push(place.textContent);
    for (const line of document.querySelectorAll('.live-status')) {
        const said = (window.told[line.closest('[id]').id] ??= []);
        if (said.at(-1) !== line.textContent) said.push(line.textContent);
    }
}).observe(document, {childList: true, subtree: true, characterData: true});
"""
HOLD = """async () => {
    for (let quiet = 0, last = -1; quiet < 5; quiet = window.moved === last ? quiet + 1 : 0) {
        last = window.moved;
        await new Promise(resolve => setTimeout(resolve, 100));
    }
    return window.moved;
}"""

# What of formulas and charts a phone does not show well.
SHRUNK = """() => ({
    cut: [...document.querySelectorAll('div.formula')].filter(f => f.scrollWidth > f.clientWidth).length,
    hanging: [...document.querySelectorAll('span.formula')].filter(
        f => f.nextSibling?.nodeType === 3 && /^[，。；：、）”]/.test(f.nextSibling.data)).length,
    small: [...document.querySelectorAll('article .cell_output img[width]:not(.widget-image)')].filter(
        i => 16 * i.clientWidth / i.getAttribute('width') < 9).map(i => i.src),  // charts say 16 px
})"""

BROKEN = """() => Promise.all([...document.images].map(image => {
    image.loading = 'eager';  // those far down wait for the reader
    return image.decode().then(() => image.naturalWidth ? '' : image.src, () => image.src);
})).then(told => told.filter(Boolean))"""
MUTE = """() => [...document.querySelectorAll('article img, article svg[role=img]')].filter(
    i => !(i.alt || i.ariaLabel || i.ariaHidden === 'true' || i.querySelector('title'))).map(i => i.outerHTML)"""
NAMELESS = """() => [...document.querySelectorAll('a[href], button, summary, input')].filter(
    e => !e.closest('[hidden]') && !(e.textContent.trim() || e.ariaLabel || e.title || e.dataset.bsOriginalTitle
           || e.placeholder || e.labels?.length || e.querySelector('img[alt]:not([alt=""])'))
    ).map(e => e.outerHTML)"""
IDS = "() => [...document.querySelectorAll('[id]')].map(e => e.id)"
POLICY = (
    """() => document.querySelector("meta[http-equiv='Content-Security-Policy']")?.content ?? ''"""
)
REFUSED = """
window.broken = [];
addEventListener('securitypolicyviolation', e =>
    window.broken.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`), true);
"""
BLOCKING = """() => performance.getEntriesByType('resource')
    .filter(entry => entry.renderBlockingStatus === 'blocking').map(entry => entry.name)"""


@dataclass
class Start:
    """How a page's Python came: what jumped, which picture went too soon, what each demo's line said."""

    jumped: float = 0.0
    gone: list[str] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Seen:
    """All that one visit of a page told, by width or by view where these differ."""

    name: str
    page: Page
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    policy: str = ""
    start: Start | None = None
    language: str = ""
    title: str = ""
    headings: int = 0
    mains: int = 0
    ids: list[str] = field(default_factory=list)
    interface: list[str] = field(default_factory=list)
    nameless: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    mute: list[str] = field(default_factory=list)
    shrunk: dict[str, Any] = field(default_factory=dict)
    over: dict[int, int] = field(default_factory=dict)
    cut: dict[int, list[str]] = field(default_factory=dict)
    pale: dict[View, list[str]] = field(default_factory=dict)
    axe: dict[View, list[str]] = field(default_factory=dict)
    small: list[str] = field(default_factory=list)
    wide: dict[int, list[Any]] = field(default_factory=dict)
    moving: list[str] = field(default_factory=list)


def until(page: Page, holds: Callable[[], Any]) -> Any:
    """Return what holds as soon as it does: asked again and again from here, not in the page.

    Playwright's ``wait_for_function`` takes a promise for true, and the page's policy forbids it to
    read a bare expression a second time: it is left for functions that answer at once.
    """
    deadline = time.monotonic() + UNTIL
    while time.monotonic() < deadline:
        if found := holds():
            return found
        page.wait_for_timeout(100)
    raise AssertionError("never came true")


def look(page: Page, view: View) -> None:
    """Show a page at a width and in a theme."""
    width, theme = view
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.wait_for_selector(f"html[data-theme='{theme}']", state="attached")


def unreadable(page: Page, targets: str, more_than: int) -> Iterator[tuple[View, list[str]]]:
    """Yield, for each view, what of a page cannot be read, and which targets a finger misses.

    Each view must show ``more_than`` so many targets: a selector that finds none finds no fault.
    """
    for view in VIEWS:
        look(page, view)
        told = [*page.evaluate(PALE, AA), *page.evaluate(CUT)]
        boxes = page.locator(f"{targets}:visible").evaluate_all(BOXES)
        assert len(boxes) > more_than
        yield view, told + [str(box) for box in boxes if min(box) < TOUCH]


def started(page: Page) -> Start | None:
    """Wait until a page's Python has run all its cells, if it has any, and return how it came."""
    if not page.locator("#live-cells").count():
        return None
    page.wait_for_selector(SETTLED, state="attached")
    line = page.locator(".live-status").first
    assert page.locator("html").get_attribute("data-live") == "alive", line.text_content()
    return Start(page.evaluate(HOLD), page.evaluate("window.gone"), page.evaluate("window.told"))


def last_demo(html: str) -> str:
    """Return the anchor of a page's last demo, or nothing."""
    places = re.findall(r'id="(live-cell-\d+)"', html[: html.rfind("kefu-demo live-picture") + 1])
    return f"#{places[-1]}" if places else ""


def faults(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe finds wrong on a page as it is seen now, contrast aside: see ``PALE``."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["rules"] = {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{rule['id']}: {node['target']} {node['html'][:160]} | "
        + " ".join(m["message"] for m in [*node["any"], *node["all"], *node["none"]])[:160]
        for rule in found
        for node in rule["nodes"]
        # how near the two handles of a range stand is what they say: WCAG 2.5.8 leaves that out
        if not (rule["id"] == "target-size" and "noUi-handle" in node["html"])
    ]


def window(chromium: Browser) -> Page:
    """Return an empty wide page that notes what jumps and what breaks the policy."""
    page = chromium.new_page(viewport={"width": 1280, "height": 844}, reduced_motion="reduce")
    page.add_init_script(WATCH)
    page.add_init_script(REFUSED)
    return page


def visit(page: Page, url: str, name: str) -> Seen:
    """Open a page of the book in an empty window and look at all of it, in every view."""
    seen = Seen(name, page)
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("requestfailed", lambda request: seen.failed.append(f"{request.failure} {request.url}"))
    page.on(
        "response", lambda r: seen.failed.append(f"{r.status} {r.url}") if r.status >= 400 else 0
    )
    page.on("pageerror", lambda error: seen.said.append(str(error)))
    page.on("console", lambda m: seen.said.append(m.text) if complains(m) else 0)
    page.goto(url)
    page.evaluate("document.fonts.ready")
    seen.start = started(page)
    folded(page, seen)
    page.evaluate(UNFOLD)
    unfolded(page, seen)
    seen.refused = page.evaluate("window.broken")
    page.evaluate(FOLD)
    look(page, VIEWS[0])
    return seen


def folded(page: Page, seen: Seen) -> None:
    """Note what a page is when it has been opened."""
    seen.policy = page.evaluate(POLICY)
    seen.language = page.locator("html").get_attribute("lang") or ""
    seen.title = page.title()
    seen.headings = page.locator("h1:visible").count()
    seen.mains = page.locator("main").count()
    for width in WIDTHS:
        look(page, (width, "light"))
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        seen.over[width] = page.evaluate("document.documentElement.scrollWidth") - width
        seen.cut[width] = page.evaluate(CUT)
        if width == WIDTHS[0]:
            seen.interface = page.evaluate(INTERFACE)
    seen.shrunk = page.evaluate(SHRUNK)
    seen.ids = page.evaluate(IDS)
    seen.broken = page.evaluate(BROKEN)
    seen.mute = page.evaluate(MUTE)
    seen.nameless = page.evaluate(NAMELESS)


def unfolded(page: Page, seen: Seen) -> None:
    """Note what a page is when all that it folds is open: contrast and faults of access."""
    for view, rules in LOOKS.items():
        look(page, view)
        page.evaluate(LAID_OUT)
        seen.pale[view] = page.evaluate(PALE, AA)
        if rules != []:
            page.evaluate(DRAWN)
            seen.axe[view] = faults(page, rules)
    page.set_viewport_size({"width": 390, "height": 844})
    seen.small = page.evaluate(SMALL, TOUCH)
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 480})
        seen.wide[width] = page.evaluate(WIDE)
    seen.moving = page.evaluate(MOVES)


LOOKS: dict[View, list[str] | None] = {
    (390, "light"): ["target-size", "scrollable-region-focusable"],
    (390, "dark"): [],
    (1280, "dark"): [],
    (1280, "light"): None,
}
"""The rules to ask axe in each view, None for all: what lies where depends on the width alone, and
contrast is what ``PALE`` sees in all four, where a page has no word that it shows only when folded
but the name of a fold. Each view differs from the one before in one thing."""


@dataclass
class Phone:
    """All that a phone's first view of a page told, and how its Python came when it was asked to."""

    name: str
    page: Page
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    engine: list[str] = field(default_factory=list)
    blocking: list[str] = field(default_factory=list)
    start: Start | None = None


def on_a_phone(chromium: Browser, host: bench.Host, name: str) -> Phone:
    """Open a page in a phone's fresh profile, weigh its first view, then start its Python."""
    context = chromium.new_context(**PHONE, reduced_motion="reduce", idle=True)  # type: ignore[call-arg, arg-type]
    page = context.new_page()
    phone = Phone(name, page)
    page.on("request", lambda request: phone.asked.append(request.url))
    page.add_init_script(WATCH)
    host.sent.clear()
    page.goto(f"{host.address}{name}.html", wait_until="networkidle")
    page.wait_for_load_state()  # where the machine is busy the line is idle before the page is there
    if page.locator("#live-cells").count():  # and a touch before it listens is none
        page.locator(".live-status", has_text="点一下就能动手").first.wait_for(state="attached")
    phone.sent = host.total()
    phone.engine = [path for path, _ in host.sent if bench_pages.ENGINE in f"/{path}"]
    phone.blocking = page.evaluate(BLOCKING)
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate(
        "dispatchEvent(new Event('touchstart'))"
    )  # as a touch does, but none that excuses a jump
    phone.start = started(page)
    return phone


class Visits:
    """The pages that tests look at now: one in each way, left when the next is asked for.

    A visit that fails is not tried again: each of its tests tells the same error.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.open: dict[str, tuple[str, Any]] = {}
        self.asked: dict[tuple[str, str], set[str]] = {}

    def once(self, way: str, name: str, make: Callable[[], Any]) -> Any:
        """Return what was made for this page in this way, making it if another page was there."""
        held, made = self.open.get(way, ("", None))
        if held != name:
            if made and not isinstance(made, Exception):
                made.page.context.close()
            try:
                made = make()
            except Exception as error:
                made = error
            self.open[way] = name, made
        if isinstance(made, Exception):
            raise made
        self.asked.setdefault((name, way), set()).update(made.asked)
        return made

    def seen(self, chromium: Browser, html: str, name: str) -> Seen:
        """Return all that a page told, in a wide window opened at its last demo."""
        url = f"{self.address}{name}.html{last_demo(html)}"
        seen: Seen = self.once("chromium", name, lambda: visit(window(chromium), url, name))
        return seen

    def living(self, browser: Browser, way: str, name: str) -> Page:
        """Return a page, alive, to do with as a reader does: the visited one where there is one."""

        def make() -> Seen:
            seen = Seen(name, window(browser))
            seen.page.on("request", lambda request: seen.asked.append(request.url))
            seen.page.goto(f"{self.address}{name}.html")
            started(seen.page)
            return seen

        page: Page = self.once(way, name, make).page
        return page

    def phone(self, chromium: Browser, host: bench.Host, name: str) -> Phone:
        """Return all that a phone's visit of a page told."""
        phone: Phone = self.once("phone", name, lambda: on_a_phone(chromium, host, name))
        return phone


def alone(page: Page, address: str, outputs: str, script: str = "") -> Page:
    """Open a page with nothing of the book but outputs' HTML, as JupyterLab has them."""
    body = f"<!DOCTYPE html><meta charset=utf-8><title>Lab</title>{outputs}"
    page.route("**/alone.html", lambda route: route.fulfill(body=body, content_type="text/html"))
    if script:
        page.add_init_script(script)
    page.goto(address + "alone.html")
    return page
