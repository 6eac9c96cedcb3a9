"""Sphinx extension: the book without a network.

A service worker at the site's root keeps each visited page with what it needs, and the whole book
where a reader asks for it on the cover. README.md beside this file tells the rules that it keeps.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from docutils import nodes
from sphinx.application import Sphinx

from web import build
from web.book import MOVED

HERE = Path(__file__).parent
LEFT_OUT = re.compile(
    r"(lite|downloads|_sources|_static/locales|_static/pictures)/|sw\.js$|objects\.inv$|\.map$|(^|/)\."
    r"|webfonts/.*\.ttf$"  # the same as the .woff2 beside it
    r"|snapshot\.bin\.gz$"  # the browser keeps its own: see web/extensions/live
)
REFERENCE = re.compile(r'\s(?:src|href|poster)="([^"]+)"')
INSIDE_CSS = re.compile(r"""(?:url\(|@import)\s*['"]?([^'")\s]+)""")
INSIDE_JS = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.\.?/[^"']+)["']""")
ENGINE = re.compile(r"_static/live/[^/]+/")
TITLE = re.compile(r"<title>(.*?)</title>", re.S)
ON_DEMAND = "_static/vendor/"  # what hardly a reader's page asks for; kept once it has


def paths(site: Path) -> dict[str, Path]:
    """Return the site's files that a page may need, by their address below the site."""
    found = {}
    for path in sorted(site.rglob("*")):
        name = quote(path.relative_to(site).as_posix())
        if path.is_file() and not LEFT_OUT.search(name):
            found[name] = path
    return found


def references(name: str, text: str) -> set[str]:
    """Return the addresses below the site that a page, style sheet or script names, with questions.

    >>> sorted(references("a/b.html", '<img src="../c.png"> <a href="d.html#e"> <link href="f.css?v=1">'))
    ['a/d.html', 'a/f.css?v=1', 'c.png']
    """
    kinds = {".html": REFERENCE, ".css": INSIDE_CSS, ".js": INSIDE_JS}
    found = next(pattern for end, pattern in kinds.items() if name.endswith(end))
    joined = (urljoin(f"http://site/{name}", unescape(given)) for given in found.findall(text))
    parts = [urlsplit(address) for address in joined if address.startswith("http://site/")]
    return {part.path[1:] + (f"?{part.query}" if part.query else "") for part in parts}


def book(site: build.Site) -> dict[str, Any]:
    """Return what the worker knows of a built site: its files, its pages and what each page needs."""
    below = paths(site.folder)
    texts = {
        name: site.pages.get(path) or path.read_text(encoding="utf-8")
        for name, path in below.items()
        if name.endswith((".html", ".css", ".js"))
    }
    named = {name: references(name, text) for name, text in texts.items()}
    asked = {address for found in named.values() for address in found if "?" in address}
    versions: dict[str, list[str]] = {}
    for address in sorted(asked):
        versions.setdefault(address.partition("?")[0], []).append(address)
    files = {}
    for name, path in below.items():
        data = site.pages[path].encode() if path in site.pages else path.read_bytes()
        told = [build.digest(data)[:16], len(data)]
        fixed = versions.get(name, []) if not name.endswith(".html") else []
        files.update(dict.fromkeys(fixed or [name], told))
    numbers = {name: number for number, name in enumerate(files)}

    def needs(name: str, seen: set[str]) -> set[str]:
        for address in named.get(name.partition("?")[0], set()) - seen:
            if address in files and not address.startswith(ON_DEMAND) and ".html" not in address:
                seen.add(address)
                needs(address, seen)
            if engine := ENGINE.match(address):
                seen |= {file for file in files if file.startswith(engine[0])}
        return seen

    pages = [n for n in files if n.endswith(".html") and not n.startswith("_static/")]
    door = {"index.html"} & files.keys()  # the site's own address, which leads to the cover
    aside = {"404.html", "index.html", *(f"{old}.html" for old in MOVED)}  # no pages to read
    return {
        "pages": {n: title(texts[n]) for n in pages if n not in aside and TITLE.search(texts[n])},
        "files": files,
        "needs": {
            name: sorted(numbers[need] for need in door | needs(name, set())) for name in pages
        },
    }


def title(html: str) -> str:
    """Return a page's title without the book's.

    >>> title("<title>术语表 &#8212; 网店客服</title>")
    '术语表'
    """
    whole = unescape(TITLE.findall(html)[0]).strip()
    return whole.rpartition(" — ")[0] or whole


def write_worker(site: build.Site) -> None:
    """Write ``sw.js``, the last step of ``finish``; call it again after any change of a file in the site."""
    known = book(site) | {
        "language": site.language,
        "words": words(site.language),
        "style": (HERE / "client" / "missing.css").read_text(encoding="utf-8"),
    }
    code = (HERE / "client" / "worker.js").read_text(encoding="utf-8")
    listed = json.dumps(known, ensure_ascii=False, separators=(",", ":"))
    version = build.digest(listed + code)[:16]
    (site.folder / "sw.js").write_text(
        f'const BOOK = {{"version":"{version}",{listed[1:]};\n{code}', encoding="utf-8"
    )


def words(language: str) -> dict[str, str]:
    """Return what the reader is told, in Chinese or English."""
    known = json.loads((HERE / "words.json").read_text(encoding="utf-8"))
    told: dict[str, str] = known.get(language[:2], known["en"])
    return told


def takeaway(language: str) -> str:
    """Return the cover's section: the files to take along (put in later), and the whole book offline."""
    say = {name: escape(text) for name, text in words(language).items()}
    told = escape(json.dumps(words(language), ensure_ascii=False))
    return (
        f'<section class="kefu-takeaway" id="takeaway"><h2>{say["title"]}</h2>'
        '<p class="kefu-downloads"></p>'
        f'<div class="kefu-offline" data-words="{told}" hidden><p>{say["about"]}</p>'
        f'<div class="kefu-buttons"><button type="button"></button>'
        f'<button type="button">{say["erase"]}</button>'
        f'<progress aria-label="{say["progress"]}" hidden></progress></div>'
        '<p role="status"></p></div></section>'
    )


def link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the page's part everywhere, and put the section at the end of the cover."""
    app.add_js_file("offline.js", type="module")
    if page == app.config.root_doc and doctree is not None:
        app.add_css_file("offline.css")
        context["body"] += takeaway(app.config.language)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to Sphinx; ``finish`` writes the worker."""
    build.bring(app, HERE / "static")
    app.connect("html-page-context", link)
    return {"version": "0.1", "parallel_read_safe": True, "parallel_write_safe": True}
