"""``404.html``, which hosts show for every address that the site does not have.

It stands alone, because it is shown at any depth: its style and script are in it, and its links are
from the book's root, which the script finds, or which ``html_baseurl`` says. It names the pages
whose address or title is most like the one asked for, offers search, and lists the contents.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx

HERE = Path(__file__).parent
LINK = '<li><a href="{}.html">{}</a></li>'


def contents(app: Sphinx) -> list[tuple[str, str]]:
    """Return the book's pages in their order, each with its title."""
    order, ahead = [], [app.config.root_doc]
    while ahead:
        order.append(ahead.pop(0))
        ahead = [*app.env.toctree_includes.get(order[-1], []), *ahead]
    return [(page, app.env.titles[page].astext()) for page in order]


def page(app: Sphinx) -> str:
    """Return the page."""
    base = urlsplit(app.config.html_baseurl).path
    listed = "\n".join(LINK.format(name, escape(title)) for name, title in contents(app))
    words = {
        "BASE": f'<base href="{escape(base)}">' if base else "",
        "TITLE": escape(app.config.html_title),
        "STYLE": (HERE / "lost.css").read_text(encoding="utf-8"),
        "CONTENTS": listed,
        "SCRIPT": (HERE / "lost.js").read_text(encoding="utf-8"),
    }
    template = (HERE / "lost.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda part: words[part[1]], template)
