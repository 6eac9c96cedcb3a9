"""Sphinx extension: search that finds any part of any text of the book, in place of Sphinx's own.

Sphinx's search knows words, and Chinese has no spaces between them. README.md beside this file says
how this one works and what it costs.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

from . import index
from .text import sections

TITLE = "搜索"
SPHINX_S = re.compile(
    r'\s*<script [^>]*src="[^"]*(?:searchtools|language_data|searchindex)\.js[^"]*"></script>'
)


def prefer_templates(_app: Sphinx, config: Config) -> None:
    """Put this folder's templates before the theme's."""
    config.templates_path.insert(0, str(index.HERE / "templates"))


def replace_search(app: Sphinx) -> None:
    """Take Sphinx's search out of the build, and link this one's first script from every page."""
    if app.builder.format != "html":
        return
    app.builder.search = False  # type: ignore[attr-defined]
    app.add_css_file("search/search.css")
    name = index.bundle(Path(app.outdir) / "_static" / "search")
    app.add_js_file(f"search/{name}/boot.js", type="module")


def search_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Make the page for an address such as search.html?q=运费, and for readers without scripts."""
    if app.builder.format == "html":
        yield "search", {"title": TITLE}, "search.html"


def in_order(app: Sphinx) -> list[str]:
    """Return the names of all pages in the order of the book; those outside its contents last."""
    following = {name: links[2] for name, links in app.env.collect_relations().items()}
    found, name = [], app.config.root_doc
    while name and name not in found:
        found.append(name)
        name = following.get(name) or ""
    return [*found, *sorted(app.env.found_docs - {*found})]


def publish(app: Sphinx, failure: Exception | None) -> None:
    """Index the finished pages, and take what is left of Sphinx's search out of them."""
    if failure is not None or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        page.write_text(SPHINX_S.sub("", html), encoding="utf-8")
    for left in ("searchtools.js", "language_data.js"):
        (site / "_static" / left).unlink(missing_ok=True)
    pages = {}
    for name in in_order(app):
        page = Path(app.builder.get_outfilename(name))  # type: ignore[attr-defined]
        pages[app.builder.get_target_uri(name)] = sections(page.read_text(encoding="utf-8"))
    index.write(pages, site / "_static" / "search")
    shutil.copy(index.HERE / "search.css", site / "_static" / "search")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, behind all that changes the finished pages' texts."""
    app.connect("config-inited", prefer_templates)
    app.connect("builder-inited", replace_search)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", publish, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
