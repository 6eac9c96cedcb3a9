"""The theme remembers where it can, and works where it cannot.

Its scripts and Sphinx's use ``localStorage`` and ``sessionStorage`` as if they were always there, and end at the first
touch where they are not: cookies blocked, a WebView without DOM storage, no space left. So they get
``storage.js`` instead, whose keys have the book's path, so that two editions at one host keep apart.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.errors import ExtensionError

from web.build import Site

HERE = Path(__file__).parent
NAMED = re.compile(r"\b(?:window\.)?(localStorage|sessionStorage)\b")
INLINE = re.compile(r"<script(?=[^>]*>[^<]*\blocalStorage\b)[^>]*>[^<]*</script>")
"""The theme's own script in each page, which settles light or dark before the page is shown."""
THEME = "scripts/pydata-sphinx-theme.js"
SCRIPTS = ("*.js", "scripts/*.js")
"""Where the scripts of Sphinx, the theme and its helpers are; the book's own that keep something are not."""


def sheltered(code: str) -> str:
    """Return code that uses the book's memory in the place of the browser's.

    >>> sheltered('localStorage.getItem("mode") || window.sessionStorage.length')
    'bookStorage.localStorage.getItem("mode") || bookStorage.sessionStorage.length'
    """
    return NAMED.sub(r"bookStorage.\1", code)


def shelter(site: Site) -> None:
    """Let the theme's scripts use the book's memory, which stands in each page before them."""
    site.need(INLINE, "storage")
    if not NAMED.search((site.static / THEME).read_text(encoding="utf-8")):
        raise ExtensionError(
            "storage: the theme's script keeps nothing any more, or in another way"
        )
    for path in (path for pattern in SCRIPTS for path in site.static.glob(pattern)):
        code = path.read_text(encoding="utf-8")
        if NAMED.search(code):
            path.write_text(sheltered(code), encoding="utf-8")
    own = (HERE / "storage.js").read_text(encoding="utf-8")
    site.edit(
        lambda html: INLINE.sub(lambda hit: f"<script>{own}</script>{sheltered(hit[0])}", html, 1)
    )
