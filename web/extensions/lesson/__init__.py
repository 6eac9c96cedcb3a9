"""Sphinx extension: a chapter as a class sees it on the wall, by one of two buttons.

上课 (``?class=1``): large type, no side bars, one demo to a screen. 放映 (``?class=slides``): the page's own
blocks, a slide at a time. Each leads to the other; both have keys, a presenter's remote and the page's
address as a QR code. A page has the buttons alone; the rest is fetched when a teacher asks for it. Only the
address remembers that a page is shown in class.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from web import book, build

CLIENT = Path(__file__).parent / "client"
BUTTONS = [
    {
        "type": "javascript",
        "javascript": "",  # boot.js listens
        "text": text,
        "tooltip": tooltip,
        "icon": f"fas fa-{icon}",
        "label": label,
    }
    for text, tooltip, icon, label in (
        ("放映", "投屏给全班看：一页一页翻，演示能拨", "display", "slides"),
        ("上课", "投屏给全班看：字大，一屏一个演示", "chalkboard-user", "lesson"),
    )
]
LATE = 502
"""Behind the theme's own buttons."""


def bring(app: Sphinx) -> None:
    """Publish the scripts under a name that changes with them, and remember it."""
    if build.pages_made(app):
        with tempfile.TemporaryDirectory() as scratch:
            made = Path(scratch)
            build.bundle(made, CLIENT / "boot.js", *sorted(CLIENT.glob("*.css")))
            app.config.lesson_folder = f"lesson/{build.digest_files(made.rglob('*.*'), made)[:12]}"
            build.publish(app, made, app.config.lesson_folder)


def link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the buttons into a chapter's header, and its script into the page."""
    if doctree is not None and book.is_chapter(page):
        context["header_buttons"][:0] = BUTTONS
        app.add_css_file("lesson.css")
        app.add_js_file(f"{app.config.lesson_folder}/boot.js", type="module")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_config_value("lesson_folder", "", "")
    build.bring(app, Path(__file__).parent / "static")
    app.connect("builder-inited", bring)
    app.connect("html-page-context", link, priority=LATE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
