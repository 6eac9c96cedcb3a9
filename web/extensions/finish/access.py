"""Pages for keyboards, screen readers, large type and chosen colours.

It mends the markup of the theme and of tables, which axe finds fault with, and brings a style sheet
and a small script for what only the reader's own screen can tell. That script measures what runs over
its box; the theme's own does so too, for all of a page and again after each change, so it goes.
``tests/web/test_access.py`` has axe look at every page and goes through the demos by keyboard alone.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from web import build

STATIC = Path(__file__).parent / "static"
EMPTY_HEAD = re.compile(r"<th([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>")
FOLDED = re.compile(r'<summary aria-label="[^"]*">')  # its text is its name
SIDEBAR = re.compile('<div id="pst-primary-sidebar" ')
NAMED = '<div id="pst-primary-sidebar" role="region" aria-label="书名与目录" '

MEASURES = re.compile(
    r'const \w+=\(\)=>\{document\.querySelectorAll\(\["pre",.*?childList:!0\}\),\w+\(\)'
)


def mended(html: str) -> str:
    """Return a page whose empty header cells are plain cells and whose sidebar has a name.

    >>> mended('<th></th><th class="head"><p></p></th><th>包裹</th>')
    '<td></td><td class="head"></td><th>包裹</th>'
    """
    html = FOLDED.sub("<summary>", EMPTY_HEAD.sub(r"<td\1></td>", html))
    return SIDEBAR.sub(NAMED, html)


def mend(site: build.Site) -> None:
    """Mend the pages and the theme's script."""
    site.need(SIDEBAR, "access")
    site.edit(mended)
    theme = site.static / "scripts" / "pydata-sphinx-theme.js"
    code, found = MEASURES.subn("", theme.read_text(encoding="utf-8"))
    if not found:
        raise ExtensionError("access: the theme's script measures in another way than before")
    theme.write_text(code, encoding="utf-8")


def prepare(app: Sphinx) -> None:
    """Let every page have the style and the script."""
    build.bring(app, STATIC)
    app.add_css_file("access.css", priority=850)
    app.add_js_file("access.js", type="module")
