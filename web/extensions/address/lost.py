"""``404.html``, which hosts show for every address that the site does not have.

It stands alone, because it is shown at any depth: its style, with the colours and fonts of
``web/assets/kefu.css``, and its scripts are in it, and its links are
from the book's root, which the script finds, or which ``html_baseurl`` says. It names the pages
whose address or title is most like the one asked for, offers search, and lists the contents.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tools.paths import ROOT

HERE = Path(__file__).parent
ASSETS = ROOT / "web" / "assets"
TOKENS = "html[data-theme] {\n  --pst"
"""What follows the book's own tokens in its sheet: those of the theme."""
LINK = '<li><a href="{}.html">{}</a></li>'


def contents(app: Sphinx) -> list[tuple[str, str]]:
    """Return the book's pages in their order, each with its title."""
    order, ahead = [], [app.config.root_doc]
    while ahead:
        order.append(ahead.pop(0))
        ahead = [*app.env.toctree_includes.get(order[-1], []), *ahead]
    return [(page, app.env.titles[page].astext()) for page in order]


def tokens() -> str:
    """Return the book's colours, fonts and sizes, for both themes."""
    sheet = (ASSETS / "kefu.css").read_text(encoding="utf-8")
    if TOKENS not in sheet:
        raise ExtensionError("lost: the sheet of the book begins in another way than before")
    return sheet[sheet.index(":root {") : sheet.index(TOKENS)]


def page(app: Sphinx) -> str:
    """Return the page."""
    base = urlsplit(app.config.html_baseurl).path
    listed = "\n".join(LINK.format(name, escape(title)) for name, title in contents(app))
    words = {
        "BASE": f'<base href="{escape(base)}">' if base else "",
        "TITLE": escape(app.config.html_title),
        "STYLE": tokens() + (HERE / "lost.css").read_text(encoding="utf-8"),
        "LOOKS": (HERE / "lost.looks.js").read_text(encoding="utf-8"),
        "LOGO": (ASSETS / "logo.svg")
        .read_text(encoding="utf-8")
        .replace('role="img" aria-label="网店客服"', 'aria-hidden="true"'),
        "CONTENTS": listed,
        "SCRIPT": (HERE / "lost.js").read_text(encoding="utf-8"),
    }
    template = (HERE / "lost.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(\w+)\}\}", lambda part: words[part[1]], template)
