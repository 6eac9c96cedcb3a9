"""Sphinx extension: the two tracks of a chapter, and its card that prints on one page.

A part whose heading begins 进阶： is marked by ``shapes``. Here it gets a button that unfolds it, and
the chapter a switch 主线 / 全部: in 主线, which is the default, such parts are folded. The choice is
kept for the whole book. Without JavaScript and on paper all is shown: what folds hangs on an attribute
of the page that a script sets before the text is there, so that nothing jumps.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from web import book, build

CLIENT = Path(__file__).parent / "client"
SPENT = re.compile(r"用时：约(\d+)分钟：主线(\d+)分钟")
SET_UP = {"tag_live-setup", "tag_no-output"}
"""Cells that only get tools and tables: who reads the main track does not need to see them."""
EARLY = 350
"""Before the scripts that lead to a place of the page, which may be folded."""
SWITCH = """\
<div class="tracks noprint" role="group" aria-label="看哪些部分">
<button type="button" data-choice="main" aria-pressed="true">主线{main}</button>
<button type="button" data-choice="all" aria-pressed="false">全部{all}</button>
<span class="tracks-told">标着“进阶”的部分先折起来，要看哪一段就展开哪一段。</span></div>"""
UNFOLD = (
    '<p class="tracks noprint"><button type="button" aria-expanded="false">展开这一段</button></p>'
)
PRINT = (
    '<p class="card-bar noprint"><button type="button" class="card-print">打印这张卡</button></p>'
)
START = """document.documentElement.setAttribute("data-track", \
bookStorage.localStorage.getItem("track") === "all" ? "all" : "main");"""


def raw(html: str) -> nodes.raw:
    """Return HTML as it stands."""
    return nodes.raw("", html, format="html")


def switch(document: nodes.document) -> str:
    """Return the switch of a chapter, with the minutes that its head tells."""
    found = SPENT.search("\n".join(one.astext() for one in document.findall(nodes.paragraph)))
    told = (found[2], found[1]) if found else ("", "")
    main, all_ = (f" <small>{minutes}分钟</small>" if minutes else "" for minutes in told)
    return SWITCH.format(main=main, all=all_)


def mark(app: Sphinx, document: nodes.document) -> None:
    """Give a chapter its switch, each part in depth its button, the card its own."""
    sections = list(document.findall(nodes.section))
    folded = [section for section in sections if "advanced" in section["classes"]]
    for section in folded:
        section.insert(1, raw(UNFOLD))
    for section in sections:
        if "desk-card" in section["classes"]:
            title = nodes.paragraph("", sections[0][0].astext(), classes=["card-of"])
            section.insert(1, title)
            section.append(raw(PRINT))
    for cell in document.findall(nodes.container):
        tags = {*cell.get("classes", [])}
        if cell.get("nb_element") == "cell_code" and tags & SET_UP and "tag_exercise" not in tags:
            cell["classes"].append("set-up")
    if folded:
        top = sections[0]
        head = next(
            (n for n in top if "chapter-head" in getattr(n, "attributes", {}).get("classes", [])),
            top[0],
        )
        top.insert(top.index(head) + 1, raw(switch(document)))
    app.env.metadata[app.env.docname]["tracks"] = "folded" if folded else ""


def link(
    app: Sphinx, page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Link the script from a chapter; what it chooses is set before the text is there."""
    if doctree is None or not book.is_chapter(page):
        return
    if app.env.metadata.get(page, {}).get("tracks"):
        app.add_js_file(None, body=START)
    app.add_js_file(f"{app.config.tracks_folder}/tracks.js", type="module", priority=EARLY)
    app.add_css_file(f"{app.config.tracks_folder}/tracks.css")


def bring(app: Sphinx) -> None:
    """Publish the script and the style under a name that changes with them, and remember it."""
    if build.pages_made(app):
        app.config.tracks_folder = f"tracks/{build.digest_files(CLIENT.iterdir(), CLIENT)[:12]}"
        build.publish(app, CLIENT, app.config.tracks_folder)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, behind ``shapes``."""
    app.add_config_value("tracks_folder", "", "")
    app.connect("doctree-read", mark, priority=600)
    app.connect("builder-inited", bring)
    app.connect("html-page-context", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
