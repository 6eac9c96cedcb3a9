"""Pages that show their text before their scripts.

A page under a Content-Security-Policy of its own loads the theme's fifteen blocking scripts one
after the other, and the theme draws its icons by 540 KB of script though its style sheet does the
same with a font. So every script waits for the text, and icons come from a font cut down to those
in use; the theme's whole font follows only where a reader's own widget asks for another icon.
"""

from __future__ import annotations

import logging
import re
from base64 import b64encode
from io import BytesIO
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from web.build import Site

BLOCKING = re.compile(r"<script (?![^>]*(?:\bdefer\b|\basync\b|type=))(?=[^>]*\bsrc=)")
OPTIONS = re.compile(r'<script src="[^"]*documentation_options\.js[^"]*"></script>')
DRAWN = re.compile(r'\s*<script [^>]*src="[^"]*/fontawesome\.js[^"]*"></script>')
RULE = re.compile(r'((?:\.fa-[\w-]+:{1,2}before,?)+)\{content:"([^"]+)"\}')
ICON = re.compile(r"\bfa-([a-z0-9-]+)")
FACE = """@font-face {{ font-family: "Font Awesome 6 Free"; font-weight: 900; font-display: block;
  src: url(data:font/woff;base64,{}) format("woff"); unicode-range: {}; }}
"""


def lightened(html: str, options: str) -> str:
    """Return a page whose scripts wait for its text; ``options`` is the script that they share.

    >>> lightened('<script src="a/documentation_options.js"></script><script src="b.js"></script>', "c")
    '<script>c</script><script defer src="b.js"></script>'
    """
    html = OPTIONS.sub(lambda _: f"<script>{options}</script>", DRAWN.sub("", html))
    return BLOCKING.sub("<script defer ", html)


def icons(sheet: str, texts: list[str]) -> list[int]:
    """Return the code points of the icons that ``texts`` name and that the theme's own rules use."""
    points = {
        name: _point(content)
        for selectors, content in RULE.findall(sheet)
        for name in ICON.findall(selectors)
    }
    named = {name for text in texts for name in ICON.findall(text)}
    own = {_point(c) for c in re.findall(r'--pst-icon-[\w-]+:"([^"]+)"', sheet)}
    return sorted(own | {points[name] for name in named & set(points)})


def _point(content: str) -> int:
    return int(content[1:], 16) if len(content) > 2 else ord(content[-1])


def cut_icons(static: Path, texts: list[str]) -> None:
    """Write ``icons.css``, which prefers the theme's icon font cut down to the icons of ``texts``."""
    sheet = (static / "styles" / "pydata-sphinx-theme.css").read_text(encoding="utf-8")
    points = icons(sheet, texts)
    if not points:
        raise ExtensionError("light: found no icon in the theme's style sheet")
    subset.log.setLevel(logging.WARNING)  # the theme's colours let every logger speak
    options = subset.Options(flavor="woff", hinting=False, recalc_timestamp=False)
    source = static / "vendor" / "fontawesome" / "webfonts" / "fa-solid-900.ttf"
    cut, woff = subset.Subsetter(options), BytesIO()
    with subset.load_font(str(source), options) as font:
        cut.populate(unicodes=points)
        cut.subset(font)
        subset.save_font(font, woff, options)
    ranges = ", ".join(f"U+{point:x}" for point in points)
    face = FACE.format(b64encode(woff.getvalue()).decode(), ranges)
    (static / "icons.css").write_text(face, encoding="utf-8")


def lighten(site: Site) -> None:
    """Lighten the pages."""
    for pattern in (BLOCKING, OPTIONS, DRAWN):
        site.need(pattern, "light")
    options = (site.static / "documentation_options.js").read_text(encoding="utf-8")
    site.edit(lambda html: lightened(html, options))
    cut_icons(site.static, list(site.pages.values()))
    for left in (site.static / "scripts").glob("fontawesome.js*"):
        left.unlink()


def prepare(app: Sphinx) -> None:
    """Let every page prefer the font of icons that is cut down."""
    app.add_css_file("icons.css", priority=900)
