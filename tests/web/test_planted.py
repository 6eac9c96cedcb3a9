"""The visit of a page sees what is broken: each fault is planted in a copy, and its finding names it.

``pytest -k planted`` runs the planted faults of the whole book: these, the live demos' (callbacks that
answer nothing or the control before, missing wheels, a stale snapshot: ``tests/live/test_planted.py``),
stale outputs (``tests/notebooks``), links (``test_links.py``), EPUB and PDF (``test_paper.py``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from tests import visit
from tests.visit import Phone, Seen
from tests.web.test_pages import FIRST_VIEW, latin
from tools import bench

PLAIN, DEMO = "book/colophon", "book/index"
LIGHT, DARK = (1280, "light"), (1280, "dark")
SMALL, NIGHT = (390, "light"), (390, "dark")
LONG = "一行不肯折的长字" * 9
LOGO = "../_static/logo.svg"

# What stands in the copy before the end of its text, by the fault that it is.
MARKUP = {
    "pale text": "<p style='color:#999'>淡在纸上</p>",
    "pale text in the dark": "<style>html[data-theme=dark] .night {color: #555}</style><p class=night>淡在夜里</p>",
    "pale text on a phone": "<style>@media (max-width: 400px) {.near {color: #999}}</style><p class=near>淡在手机</p>",
    "pale text on a phone in the dark": "<style>@media (max-width: 400px) {"
    "html[data-theme=dark] .far {color: #555}}</style><p class=far>淡在夜机</p>",
    "pale text in a fold": "<details><summary>点开</summary><p style='color:#aaa'>淡在折中</p></details>",
    "text that shines through": "<p style='opacity:.4'>淡得透明</p>",
    "pale text on a ground of its own": "<p style='color:#fff; background:#8cf'>淡在蓝底</p>",
    "pale large text": "<p style='color:#aaa; font-size:30px'>淡的大字</p>",
    "pale text of a drawing": "<svg role=img aria-label=图 width=99 height=40><rect width=99 height=40 fill='#123' />"
    "<text x=5 y=20 fill='#456'>淡在图上</text></svg>",
    "pale text in a field": "<input aria-label=填 style='color:#bbb; background:#fff' value=淡在格里>",
    "pale hint in a field": "<style>.hint::placeholder {color: #ccc}</style>"
    "<input aria-label=填 class=hint style='background:#fff' placeholder=淡的提示>",
    "pale choice": "<select aria-label=选 style='color:#bbb; background:#fff'><option>淡的选项</select>",
    "pale button": "<button style='color:#bbb; background:#fff; width:99px; height:50px'>淡按钮</button>",
    "cut text": f"<div style='width:90px; overflow:hidden; white-space:nowrap'>剪去的{LONG}</div>",
    "text over the edge": "<p style='position:relative; left:1250px'>出界的字</p>",
    "wide paragraph": "<p id=wide style='width:700px'>宽过手机</p>",
    "id twice": "<i id=twin></i><i id=twin></i>",
    "missing alt": f"<img src='{LOGO}' class=mute>",
    "missing picture": "<img src=nowhere.png alt=没有的图>",
    "nameless field": "<input class=nameless>",
    "nameless button": "<button class=nameless></button>",
    "English word": "<button title='Click here'>点这里</button>",
    "small target": "<style>.tiny {width: 12px; height: 12px; padding: 0; min-width: 0; min-height: 0}</style>"
    "<div style='display:flex'><button class=tiny>小</button><button class=tiny>小</button></div>",
    "motion": "<p class=mover style='transition: all 3s !important'>慢慢动</p>",
    "wrong list": "<ul class=wrong><p>不是项</p></ul>",
    "wrong role": "<p role=nonsense>角色</p>",
    "box that scrolls and takes no key": "<div class=scroller style='width:50px; height:30px; overflow:scroll'>"
    f"<div style='width:400px'>{LONG}</div></div>",
    "cut formula": "<div class=formula style='width:90px; overflow:hidden'>"
    "<span style='display:block; width:800px'>式</span></div>",
    "hanging stop": "<p><span class=formula>式</span>，起头的逗号</p>",
    "shrunk chart": f"<div class=cell_output><img src='{LOGO}?shrunk' alt=缩小的图 width=900 style='width:90px'></div>",
    "second heading": "<h1>又一个大标题</h1>",
    "second main": "<main></main>",
    "script of its own": "<script>window.mine = 1</script>",
    "picture from elsewhere": "<img src='http://elsewhere.invalid/x.png' alt=别处>",
}
SCRIPT = (
    "; console.warn('planted warning'); setTimeout(() => { throw new Error('planted error'); });"
)
Found = Callable[[Seen], Any]

# Where the visit tells a fault, and the words by which it names it.
TOLD: dict[str, tuple[Found, str]] = {
    "pale text": (lambda s: s.pale[LIGHT], "淡在纸上"),
    "pale text in the dark": (lambda s: s.pale[DARK], "淡在夜里"),
    "pale text on a phone": (lambda s: s.pale[SMALL], "淡在手机"),
    "pale text on a phone in the dark": (lambda s: s.pale[NIGHT], "淡在夜机"),
    "pale text in a fold": (lambda s: s.pale[LIGHT], "淡在折中"),
    "text that shines through": (lambda s: s.pale[LIGHT], "淡得透明"),
    "pale text on a ground of its own": (lambda s: s.pale[LIGHT], "淡在蓝底"),
    "pale large text": (lambda s: s.pale[LIGHT], "淡的大字"),
    "pale text of a drawing": (lambda s: s.pale[LIGHT], "淡在图上"),
    "pale text in a field": (lambda s: s.pale[LIGHT], "淡在格里"),
    "pale hint in a field": (lambda s: s.pale[LIGHT], "淡的提示"),
    "pale choice": (lambda s: s.pale[LIGHT], "淡的选项"),
    "pale button": (lambda s: s.pale[LIGHT], "淡按钮"),
    "cut text": (lambda s: s.cut[1280], "剪去的"),
    "text over the edge": (lambda s: s.cut[1280], "出界的字"),
    "wide paragraph": (lambda s: s.wide[640], "id=\"wide\""),
    "id twice": (lambda s: [i for i in s.ids if s.ids.count(i) > 1], "twin"),
    "missing alt": (lambda s: s.mute, "mute"),
    "missing picture": (lambda s: s.broken, "nowhere.png"),
    "nameless field": (lambda s: s.nameless, "<input"),
    "nameless button": (lambda s: s.axe[LIGHT], "button-name"),
    "English word": (lambda s: latin(s.interface), "Click here"),
    "small target": (lambda s: s.small, "tiny"),
    "targets too near to each other": (lambda s: s.axe[SMALL], "target-size: "),
    "motion": (lambda s: s.moving, "mover"),
    "wrong list": (lambda s: s.axe[LIGHT], "list: "),
    "wrong role": (lambda s: s.axe[LIGHT], "aria-roles: "),
    "box that scrolls and takes no key": (lambda s: s.axe[SMALL], "scroller"),
    "cut formula": (lambda s: [f"{s.shrunk['cut']} cut"], "1 cut"),
    "hanging stop": (lambda s: [f"{s.shrunk['hanging']} hanging"], "1 hanging"),
    "shrunk chart": (lambda s: s.shrunk["small"], "shrunk"),
    "second heading": (lambda s: [f"{s.headings} headings"], "2 headings"),
    "second main": (lambda s: [f"{s.mains} mains"], "2 mains"),
    "script of its own": (lambda s: s.refused, "script-src"),
    "picture from elsewhere": (lambda s: s.refused, "http://elsewhere.invalid"),
    # and those that are no markup
    "no name of the book in the title": (lambda s: [s.title], "别的书"),
    "foreign language": (lambda s: [s.language], "en"),
    "missing file": (lambda s: s.failed, "404 "),
    "warning on the console": (lambda s: s.said, "planted warning"),
    "error of a script": (lambda s: s.said, "planted error"),
    "page wider than the window": (lambda s: [f"{s.over[390] > 0}"], "True"),
}  # fmt: skip


def changed(page: Page, name: str, change: Callable[[str], str]) -> None:
    """Let a page's text be another."""

    def answer(route: Route) -> None:
        sent = route.fetch()
        html = change(sent.text())
        assert html != sent.text()
        route.fulfill(response=sent, body=html)

    page.route(re.compile(rf"/{name}\.html$"), answer)


@pytest.fixture(scope="module")
def faulty(chromium: Browser, address: str) -> Iterator[Seen]:
    """Return what a visit tells of a page with all the faults at once."""

    def change(html: str) -> str:
        html = re.sub("<title>.*?</title>", "<title>别的书</title>", html, flags=re.S)
        html = re.sub('<html[^>]* lang="[^"]*"', '<html lang="en"', html)
        return html.replace("</article>", "".join(MARKUP.values()) + "</article>")

    page = visit.window(chromium)
    changed(page, PLAIN, change)
    page.route("**/_static/book-*.js", lambda route: route.fulfill(
        body=route.fetch().text() + SCRIPT, content_type="text/javascript"))  # fmt: skip
    yield visit.visit(page, f"{address}{PLAIN}.html", PLAIN)
    page.context.close()


def test_every_fault_of_the_table_is_planted():
    assert MARKUP.keys() < TOLD.keys()


@pytest.mark.parametrize("fault", TOLD)
def test_planted_fault_is_told_by_name(faulty, fault):
    found, told = TOLD[fault]
    assert any(told in line for line in map(str, found(faulty))), found(faulty)


def test_planted_request_to_another_host_is_told_where_no_policy_stops_it(chromium, address):
    page = visit.window(chromium)
    page.route("http://elsewhere.invalid/**", lambda route: route.fulfill(status=200, body=""))
    changed(page, PLAIN, lambda html: re.sub("<meta[^>]*Content-Security-Policy[^>]*>", "", html)
            .replace("</article>", MARKUP["picture from elsewhere"] + "</article>"))  # fmt: skip
    seen = visit.visit(page, f"{address}{PLAIN}.html", PLAIN)
    page.context.close()
    assert "http://elsewhere.invalid/x.png" in seen.asked
    assert seen.policy == ""


JUMP = "<style>html[data-live=alive] .live-demo {padding-top: 200px}</style></head>"


def test_planted_jump_of_a_page_that_comes_alive_is_told(chromium, address):
    page = visit.window(chromium)
    changed(page, DEMO, lambda html: html.replace("</head>", JUMP))
    page.goto(f"{address}{DEMO}.html")
    start = visit.started(page)
    page.context.close()
    assert start
    assert start.jumped > 0.02


def test_planted_demo_that_does_not_start_is_told(chromium, address):
    page = visit.window(chromium)
    page.route("**/app.pack.gz", lambda route: route.fulfill(status=404))
    page.goto(f"{address}{DEMO}.html")
    with pytest.raises(AssertionError, match="没能启动"):
        visit.started(page)
    page.context.close()


@pytest.fixture
def heavy(chromium: Browser, host: bench.Host) -> Phone:
    """Return what a phone tells of a page that is heavy and waits for a script."""
    plain = host.file(f"{PLAIN}.html")
    blocking = b"<script src='../_static/doctools.js'></script></head>"
    large = b"<!-- " + bytes(range(48, 123)) * 6000 + b" -->"
    html = plain[0].replace(b"</head>", blocking + large)
    host.files[f"{PLAIN}.html"] = html, None
    phone = visit.on_a_phone(chromium, host, PLAIN)
    phone.page.context.close()
    host.files[f"{PLAIN}.html"] = plain
    return phone


def test_planted_weight_and_script_of_a_first_view_are_told(heavy):
    assert heavy.sent > FIRST_VIEW
    assert any("doctools" in url for url in heavy.blocking)
