"""What readers type never runs, and code that they edit reaches nothing but its own worker."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import ipywidgets as widgets
import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.live.living import (
    CHAPTERS,
    GALLERY,
    HANDLE,
    IN_CHROMIUM,
    Notebook,
    agree,
    alive,
    anew,
    cell,
    control,
    python,
    result,
    unfold,
)
from web.extensions.live.collect import Cell

TAGS = ("script", "img", "svg", "iframe", "object", "details", "base")
EVENTS = ("onload", "onerror", "onfocus", "ontoggle", "onbegin")
OPENERS = ("", "'", '"', "`", ">", '">', "</p>", "</pre>", "-->", "]]>", "</style>", "</textarea>")
RUN = "window.pwned=1"
HOSTILE = [
    *(f"{opener}<script>{RUN}</script>" for opener in OPENERS),
    *(f"{opener}<img src=x onerror={RUN}>" for opener in OPENERS),
    *(f"<{tag} {event}={RUN} src=x autofocus open>" for tag in TAGS for event in EVENTS),
    *(f"<{tag} href=javascript:{RUN} xlink:href=javascript:{RUN} src=javascript:{RUN}>" for tag in TAGS),
    "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    f"<svg><script href=data:,{RUN} />",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<style>@import 'javascript:{RUN}';*{{background:url(javascript:{RUN})}}</style>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<body onpageshow={RUN}>", f"<template><img src=x onerror={RUN}></template>",
    f"javascript:{RUN}", f"&lt;img src=x onerror={RUN}&gt;", f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cimg src=x onerror={RUN}\\u003e", f"%3Cimg%20src=x%20onerror={RUN}%3E",
    f"{{{{constructor.constructor('{RUN}')()}}}}", f"${{{RUN}}}", f"#{{{RUN}}}", f"$$\\href{{javascript:{RUN}}}{{x}}$$",
    f"\\(\\unicode{{<img src=x onerror={RUN}>}}\\)", f"$\\text{{<img src=x onerror={RUN}>}}$",
    f"[x](javascript:{RUN})", f"![x](x 'onerror={RUN}')", f"＜img src=x onerror={RUN}＞",
    f"<img\tsrc=x\tonerror={RUN}>", f"<img/src=x/onerror={RUN}>", f"<ImG sRc=x OnErRoR={RUN}>",
    f"<<img src=x onerror={RUN}>>", f"<img src=x onerror={RUN}//", f"\u202e<img src=x onerror={RUN}>",
    "'; DROP TABLE orders; --", "{% raw %}{{ 7*7 }}", "<!-- <kefu-demo> -->", "__import__('os')",
    "\ufffe\U0001f980",
]  # fmt: skip
JOINED = [" ".join(HOSTILE[start::6]) for start in range(6)]
"""All of them in a few texts: the gallery's controls are tried with each alone, a chapter's with these."""
COUNT = """() => {
    const all = {};
    const own = ':not(.reader-mark, .reader-mark *)';  // comes when a page has been read for a while
    for (const e of document.querySelectorAll(own)) all[e.tagName] = (all[e.tagName] ?? 0) + 1;
    return all;
}"""
SMUGGLED = ", ".join(
    ["script", "img", "iframe", "object", "base", "form", "meta", "template", "noscript", "animate",
     "style", "math", "body", "button:not([data-press])"]
)  # fmt: skip
"""Elements that hostile text asks for and that no demo's result has."""
TEXT_CONTROLS = ("Text", "Textarea", "Combobox", "TagsInput", "Password")
BOOKS = {name: Notebook(name) for name in (GALLERY, *CHAPTERS)}


def fields(name: str) -> list[tuple[Cell, int, widgets.ValueWidget]]:
    """Return every text control of a page's demos that its reader sees: its cell, its place, its twin."""
    return [
        (one, number, widget)
        for one in BOOKS[name].cells
        if one.demo
        for number, widget in enumerate(BOOKS[name].demo(one).controls.values())
        if type(widget).__name__ in TEXT_CONTROLS and widget.layout.display != "none"
    ]


def typed(place: Locator, kind: str, value: str) -> str:
    """Put a text into a control as its reader would; return what the control then holds."""
    if kind == "TagsInput":
        place.click()
    field = place.locator("input, textarea").first
    field.fill(value)
    if kind in ("Combobox", "TagsInput"):
        field.press("Enter")
    field.blur()  # some controls answer only then
    return field.input_value()


def test_a_hundred_hostile_strings_and_more_are_tried():
    assert len(set(HOSTILE)) >= 100
    kinds = {type(widget).__name__ for _, _, widget in fields(GALLERY)}
    assert kinds >= {"Text", "Textarea", "Combobox", "TagsInput"}
    assert any(fields(name) for name in CHAPTERS)


LISTED = "关键词"
"""The one field that is read as a list of words, and put in order."""


def in_order(text: str) -> str:
    """Return a text with the stops that a list of words has in place of others and of spaces."""
    return re.sub(r"[;；,，、\s]+", "；", text)


@IN_CHROMIUM
@pytest.mark.parametrize("name", BOOKS)
def test_text_typed_in_a_demo_stays_text(living, name):
    page = living
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    for one, number, _ in fields(name):
        stays(page, name, one, number)
    assert page.evaluate("window.pwned") is None
    assert dialogs == []
    page.remove_listener("dialog", dismiss)


def stays(page: Page, name: str, one: Cell, number: int) -> None:
    """What is typed in a demo's text control is shown as it stands, whatever it is, and is no element."""
    twin = BOOKS[name].demo(one)
    widget = list(twin.controls.values())[number]
    kind = type(widget).__name__
    place = cell(page, one.index)
    anew(page, one)
    if kind != "TagsInput":
        widget.value = typed(unfold(place, number), kind, "完")
        agree(place, twin)
    before = page.evaluate(COUNT)
    for value in (*(HOSTILE if name == GALLERY else JOINED), "完"):
        held = typed(unfold(place, number), kind, value)
        if kind != "TagsInput":  # which takes none that is not on its list
            read = in_order if widget.description == LISTED else str
            assert read(held) == read(value)
            widget.value = held
        agree(place, twin)
        expect(place.locator(".kefu-drawn, .kefu-told").locator(SMUGGLED)).to_have_count(0)
    assert page.evaluate(COUNT) == before
    anew(page, one)  # the page goes on to other fields and tests


@IN_CHROMIUM
@pytest.mark.parametrize(
    "kind",
    [
        "IntSlider",
        "FloatRangeSlider",
        "SelectionSlider",
        "IntText",
        "BoundedFloatText",
        "ColorPicker",
    ],
)
def test_number_controls_take_no_markup(opened, kind):
    page = opened(GALLERY)
    book = BOOKS[GALLERY]
    place = cell(page, book.with_class(kind).index)
    before = page.evaluate(COUNT)
    field = control(place).locator(".widget-readout, input").first
    for value in (f"<img src=x onerror={RUN}>", f"<script>{RUN}</script>", "1e", "--", "𝟙"):
        field.click()
        field.press("ControlOrMeta+a")
        page.keyboard.insert_text(value)
        field.press("Enter")
        page.keyboard.press("Tab")
    expect(result(place)).not_to_contain_text("<")
    assert page.evaluate("window.pwned") is None
    after = page.evaluate(
        COUNT
    )  # a field that is edited in place keeps the browser's own <div>, <br>
    assert {**after, "DIV": 0, "BR": 0} == {**before, "DIV": 0, "BR": 0}


# What is parsed, and where: the worker's count travels as a line of its log.
COUNTED = """
    const parse = JSON.parse, inner = Object.getOwnPropertyDescriptor(Element.prototype, 'innerHTML');
    const count = (kind, text) => String(text).includes('kefu-formula') && (window.parsed ??= []).push(kind);
    JSON.parse = (text, ...more) => (count('json', text), parse(text, ...more));
    Object.defineProperty(Element.prototype, 'innerHTML', {
        ...inner,
        set(html) { count('html', html); inner.set.call(this, html); },
    });
"""
COUNTED_IN_WORKER = """const parse = JSON.parse; JSON.parse = (text, ...more) => {
    if (String(text).includes('kefu-formula')) self.postMessage({ type: 'log', text: 'parsed in the worker' });
    return parse(text, ...more);
};
"""


def test_a_result_is_parsed_once_as_a_message_and_once_as_html(visit, address):
    page = visit()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(COUNTED)
    page.route(
        "**/worker.js",
        lambda r: r.fulfill(
            body=COUNTED_IN_WORKER + r.fetch().text(), content_type="text/javascript"
        ),
    )
    name = "notebooks/presales/02_preparation"
    page.goto(f"{address}{name}.html")
    alive(page)
    place = cell(page, BOOKS[name].having("demos.freight()").index)
    handle = control(place).locator(HANDLE)
    before = result(place).inner_html()
    assert "kefu-formula" in before
    page.evaluate("window.parsed = []")
    handle.focus()
    handle.press("ArrowRight")
    page.wait_for_function("() => window.parsed.includes('html')")
    page.wait_for_timeout(500)
    assert result(place).inner_html() != before
    assert page.evaluate("window.parsed") == ["json", "html"]
    assert "parsed in the worker" not in said


# edited code


@pytest.fixture(scope="module")
def stranger() -> Iterator[tuple[str, list[str]]]:
    """Return another host's address and the list of what it was asked for, bare connections too."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()
            self.wfile.write(b"0")

        do_POST = do_OPTIONS = do_HEAD = do_GET

        def setup(self) -> None:
            asked.append("connection")
            super().setup()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()
    assert asked == []  # nor anything late


# What a curious reader may try; each ends in an error, at once or in the promise that it gives.
TRIES = {
    "fetch": "await js.fetch('http://HOST/fetch')",
    "fetch without cors": "await js.fetch('http://HOST/opaque', js.JSON.parse('{\"mode\": \"no-cors\"}'))",
    "pyfetch": "from pyodide.http import pyfetch\nawait pyfetch('http://HOST/pyfetch')",
    "open_url": "from pyodide.http import open_url\nopen_url('http://HOST/open')",
    "urllib": "from urllib.request import urlopen\nurlopen('http://HOST/urllib', timeout=3)",
    "socket": "import socket\ns = socket.create_connection('HOST'.split(':'), timeout=3)\n"
    "s.sendall(b'GET /socket HTTP/1.0\\r\\n\\r\\n')\nassert s.recv(9)",
    "XMLHttpRequest": "x = js.XMLHttpRequest.new()\nx.open('GET', 'http://HOST/xhr', False)\nx.send()",
    "WebSocket": "s = js.WebSocket.new('ws://HOST/socket')\nawait opened(s)",
    "EventSource": "s = js.EventSource.new('http://HOST/events')\nawait opened(s)",
    "WebTransport": "await js.WebTransport.new('https://HOST/transport').ready",
    "import": "from pyodide.code import run_js\nawait run_js('import(\"http://HOST/module.js\")')",
    "importScripts": "js.importScripts('http://HOST/script.js')",
    "import of data": "from pyodide.code import run_js\nawait run_js('import(\"data:text/javascript,0\")')",
    "import of a blob": "from pyodide.code import run_js\nawait run_js("
    '\'import(URL.createObjectURL(new Blob(["0"], {type: "text/javascript"})))\')',
    "loadPackage": "import pyodide_js\nawait pyodide_js.loadPackage('http://HOST/x.whl')\nimport x",
    "sendBeacon": "real.navigator.sendBeacon('http://HOST/beacon', '')",
    "FontFace": "await js.FontFace.new('x', 'url(http://HOST/font)').load()",
    "WebSocketStream": "await js.WebSocketStream.new('ws://HOST/stream').opened",
    "eval": "js.eval('1')",
    "Function": "js.Function.new('return 1')()",
    "timer of text": "assert js.setTimeout('1', 0) and False",
    "caches": "await real.caches.keys()",
    "copied caches": "await js.caches.keys()",
    "copied indexedDB": "js.indexedDB.open('kept')",
    "copied navigator": "await js.navigator.storage.estimate()",
    "CacheStorage": "await js.CacheStorage.prototype.keys.call(real.caches)",
    "indexedDB": "real.indexedDB.open('kept')",
    "prototype": "js.Object.getPrototypeOf(real).caches.keys()",
    "files": "await real.navigator.storage.getDirectory()",
    "quota": "await real.navigator.storage.estimate()",
    "buckets": "await real.navigator.storageBuckets.open('kept')",
    "locks": "await real.navigator.locks.query()",
    "channel": "real.BroadcastChannel.new('live')",
    "Worker": "real.Worker.new('http://HOST/worker.js')",
    "worker of the site": "real.Worker.new(js.location.origin + '/_static/doctools.js')",
    "SharedWorker": "real.SharedWorker.new('http://HOST/shared.js')",
    "file system": "real.webkitRequestFileSystemSync(0, 1)",
    "localStorage": "real.localStorage.getItem('theme')",
    "document": "real.document.cookie",
    "service worker": "await real.navigator.serviceWorker.register('/_static/doctools.js')",
    "window": "real.window.location",
    "cookies": "await real.cookieStore.getAll()",
}
ASK = """
import asyncio, json, js, builtins
from pyodide.code import eval_code_async
from pyodide.ffi import create_once_callable, create_proxy

async def opened(thing):
    done = asyncio.Future()
    thing.onopen = create_once_callable(lambda _: done.set_result('open'))
    thing.onerror = create_once_callable(lambda _: done.set_exception(OSError('closed')))
    await asyncio.wait_for(done, 5)

async def worker():  # Pyodide's js is a copy; a timer's `this` is the worker itself
    found = asyncio.Future()
    js.setTimeout(create_proxy(found.set_result, capture_this=True), 0)
    return await found

async def attempt(name, code):
    try:
        names = {"js": js, "opened": opened, "real": await worker()}
        await asyncio.wait_for(eval_code_async(code, names), 8)
        came = "reached"
    except BaseException as error:
        came = f'{type(error).__name__}: {error}'[:99]
    builtins.tried[name] = came

builtins.tried = {}
for name, code in json.loads(TRIES).items():
    asyncio.ensure_future(attempt(name, code))
"""


def test_edited_code_reaches_no_other_host_and_no_store(visit, address, stranger):
    host, asked = stranger
    page = visit()
    requests: list[str] = []
    page.context.on("request", lambda request: requests.append(request.url))
    page.goto(f"{address}{GALLERY}.html")
    alive(page)
    tries = {name: code.replace("HOST", host) for name, code in TRIES.items()}
    python(page, ASK.replace("TRIES", repr(json.dumps(tries))))
    for _ in range(100):
        told = json.loads(python(page, "import builtins, json\nprint(json.dumps(builtins.tried))"))
        if len(told) == len(tries):
            break
        page.wait_for_timeout(100)
    assert [name for name in tries if told.get(name, "reached") == "reached"] == []
    assert asked == []
    foreign = [url for url in requests if not url.startswith((address, "data:", "blob:"))]
    assert [url for url in foreign if host not in url] == []


SLOW = """const open = caches.open.bind(caches);
caches.open = async name => (await new Promise(done => setTimeout(done, 2000)), open(name));"""


def test_code_that_runs_while_the_snapshot_is_being_kept_reaches_no_store(visit, address):
    page = visit()
    page.route(
        "**/worker.js",
        lambda r: r.fulfill(body=SLOW + r.fetch().text(), content_type="text/javascript"),
    )
    page.goto(f"{address}{CHAPTERS[0]}.html?live=own")
    alive(page)
    assert python(page, "import js\n[n for n in ('caches', 'indexedDB') if getattr(js, n)]") == "[]"


# What the page itself says that it did not load, by the part of the policy that forbids it.
REFUSED = """() => {
    window.refused = [];
    addEventListener('securitypolicyviolation', e => window.refused.push(e.blockedURI), true);
}"""
MARKUP = {
    "img": "<img src='http://HOST/img'>",
    "srcset": "<img srcset='http://HOST/srcset 2x, http://HOST/srcset 1x'>",
    "picture": "<picture><source srcset='http://HOST/picture'><img></picture>",
    "video": "<video src='http://HOST/video'></video>",
    "poster": "<video poster='http://HOST/poster'></video>",
    "audio": "<audio src='http://HOST/audio'></audio>",
    "object": "<object data='http://HOST/object'></object>",
    "embed": "<embed src='http://HOST/embed'>",
    "input": "<input type=image src='http://HOST/input'>",
    "import": "<style>@import 'http://HOST/import';</style>",
    "background": "<div style='background:url(http://HOST/background)'>x</div>",
    "image": "<svg width=9 height=9><image href='http://HOST/image' width=9 height=9 /></svg>",
}
FRAMES = ("object", "embed")  # of which the page is told the host only
LINKS = ("stylesheet", "icon", "prefetch", "preload", "modulepreload", "preconnect", "dns-prefetch")
UNHEARD = (  # for whose refusal the page gives no sign
    "<script src='http://HOST/script'></script>",
    "<base href='http://HOST/'>",
    "<iframe src='http://HOST/frame'></iframe>",
    "<iframe srcdoc='<img src=http://HOST/inner>'></iframe>",
    "<meta http-equiv=refresh content='0;url=http://HOST/refresh'>",
    *(f"<link rel={rel} as=image href='http://HOST/{rel}'>" for rel in LINKS),
    "<!--><LINK\trel=preconnect href=http://HOST>-->",
    "<svg><style><link rel=preconnect href=http://HOST></svg>",
    "<math><mtext><table><mglyph><style><!--</style><b title='--><link rel=preconnect href=//HOST>'>",
)
# Ways for markup from Python into the page.
SHOWN = {
    "display": "from IPython.display import HTML\nHTML(MARKUP)",
    "HTML": "import ipywidgets\nipywidgets.HTML(MARKUP)",
    "changed": "import ipywidgets\nh = ipywidgets.HTML('x')\ndisplay(h)\nh.value = MARKUP",
    "HTMLMath": "import ipywidgets\nipywidgets.HTMLMath(MARKUP)",
    "Output": "import ipywidgets\nfrom IPython.display import HTML\no = ipywidgets.Output()\ndisplay(o)\n"
    "with o: display(HTML(MARKUP))",
}


@pytest.mark.parametrize("way", SHOWN)
def test_markup_that_edited_code_shows_asks_no_other_host(opened, stranger, address, way):
    host, asked = stranger
    page = opened(GALLERY)
    where = page.url
    page.evaluate(REFUSED)
    own = f"<img class=own alt=own src='{address}_static/logo.svg'>"
    html = "".join(MARKUP.values()) + own + "".join(UNHEARD)
    html = html.replace("HOST/", f"{host}/{way}/").replace("HOST", host)
    python(page, SHOWN[way].replace("MARKUP", repr(html)))
    expect(page.locator("img.own")).to_have_js_property("complete", True)
    assert page.locator("img.own").evaluate("image => image.naturalWidth") > 0
    host = f"http://{host}"
    wanted = Counter(host if name in FRAMES else f"{host}/{way}/{name}" for name in MARKUP)
    for _ in range(100):
        if wanted <= Counter(page.evaluate("refused")):
            break
        page.wait_for_timeout(50)
    assert wanted - Counter(page.evaluate("refused")) == Counter()
    assert asked == []
    assert page.url == where


def test_script_and_foreign_widget_that_edited_code_shows_do_not_run(opened, stranger):
    host, asked = stranger
    page = opened(GALLERY)
    python(
        page,
        "from IPython.display import HTML, Javascript, display\n"
        "import ipywidgets, traitlets\n"
        f"display(Javascript({RUN!r}), HTML('<script>{RUN}</script><img src=x onerror={RUN}>'))\n"
        "class Foreign(ipywidgets.DOMWidget):\n"
        f"    _model_module = _view_module = traitlets.Unicode('http://{host}/w.js').tag(sync=True)\n"
        "    _model_name = _view_name = traitlets.Unicode('W').tag(sync=True)\n"
        "Foreign()",
    )
    alive(page)
    assert python(page, "6 * 7") == "42"
    assert page.evaluate("window.pwned") is None
    assert asked == []
