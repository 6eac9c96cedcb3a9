"""Sphinx extension: search that finds any part of any text of the book, in place of Sphinx's own.

Sphinx's search knows words, and Chinese has no spaces between them. README.md beside this file says
how this one works and what it costs.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config

from web import book, build

from . import index
from .text import sections

CLIENT = index.HERE / "client"
TITLE = "搜索"
SPHINX_S = re.compile(
    r'\s*<script [^>]*src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>'
)


def prefer_templates(_app: Sphinx, config: Config) -> None:
    """Put this folder's templates before the theme's."""
    config.templates_path.insert(0, str(index.HERE / "templates"))


def replace_search(app: Sphinx) -> None:
    """Take Sphinx's search out of the build, and link this one's first script from every page."""
    if not build.pages_made(app):
        return
    app.builder.search = False  # type: ignore[attr-defined]
    app.add_css_file("search/search.css")
    with tempfile.TemporaryDirectory() as scratch:
        made = Path(scratch)
        build.bundle(made, CLIENT / "boot.js", CLIENT / "search.css")
        folder = f"search/{build.digest_files(made.iterdir(), made)[:12]}"
        build.publish(app, made, folder)
    app.add_js_file(f"{folder}/boot.js", type="module")


def publish_style(app: Sphinx) -> None:
    """Put the style of every page into the site."""
    build.publish(app, index.HERE / "search.css", "search/search.css")


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Make the page for an address such as search.html?q=运费, and for readers without scripts."""
    if build.pages_made(app):
        yield "search", {"title": TITLE}, "search.html"


def index_pages(site: build.Site) -> None:
    """Index the pages' texts, and take what is left of Sphinx's search out of them; a step of ``finish``."""
    site.need(SPHINX_S, "search")
    site.edit(lambda html: SPHINX_S.sub("", html))
    for left in ("searchtools.js", "language_data.js"):
        (site.static / left).unlink(missing_ok=True)
    names = {page: page.relative_to(site.folder).with_suffix("").as_posix() for page in site.order}
    index.write(
        {quote(f"{name}.html"): sections(site.pages[page]) for page, name in names.items()},
        {quote(f"{name}.html") for name in names.values() if book.for_teachers(name)},
        site.static / "search",
    )


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx; ``finish`` takes the step that indexes the pages."""
    app.connect("config-inited", prefer_templates)
    app.connect("builder-inited", replace_search)
    app.connect("html-collect-pages", search_page)
    build.after(app, publish_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
