"""Finish the pages' Chinese interface, and leave thebe out.

The theme and its helpers translate most of their interface. A few labels have no Chinese in their
catalogues, or stand in English in their templates and writers; all of them are attributes of tags,
so the finished pages get the Chinese of ``CHINESE`` in their place. ``tests/web/test_pages.py``
finds a label that is new in a later theme; one that the theme has no more fails the build.
sphinx-thebe is unplugged: the book runs no remote kernels, and its scripts name another site's address.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from web.build import Site

FRAME = {
    "Color mode": "亮色或暗色",
    "Main": "全书目录",
    "Page": "本页目录",
    "System Settings": "跟随系统",
    "Toggle primary sidebar": "显示或隐藏全书目录",
    "Toggle secondary sidebar": "显示或隐藏本页目录",
    "列印成 PDF": "打印或存为PDF",
}
"""Labels around a page's text, which every book has."""
CHINESE = FRAME | {
    "Link to this code": "这段代码的链接",
    "Link to this definition": "这条定义的链接",
    "Link to this heading": "这一节的链接",
    "Link to this image": "这幅图的链接",
    "Link to this table": "这张表的链接",
    "Link to this term": "这个词条的链接",
}
UPDATED = re.compile(r"(最后更新于 [^.<]*)\.")
LABEL = re.compile(rf'((?:title|aria-label)=")({"|".join(map(re.escape, CHINESE))})(?=")')

# The theme's own script settles light or dark only after the first paint, and the page would jump.
THEME = """{
  const looks = document.documentElement.dataset;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (looks.theme === "auto") looks.theme = dark ? "dark" : "light";
}"""


def translated(html: str) -> str:
    """Return a page with the labels of ``CHINESE`` in Chinese, and a Chinese stop in its foot.

    >>> translated('<nav aria-label="Main">title=Main</nav>')
    '<nav aria-label="全书目录">title=Main</nav>'
    """
    html = LABEL.sub(lambda hit: hit.group(1) + CHINESE[hit.group(2)], html)
    return UPDATED.sub(r"\1。", html)


def translate(site: Site) -> None:
    """Put the Chinese labels into the pages."""
    seen = {label for html in site.pages.values() for _, label in LABEL.findall(html)}
    if gone := sorted(FRAME.keys() - seen):
        raise ExtensionError(f"chinese: no page has the label {'、'.join(gone)} any more")
    site.need(UPDATED, "chinese")
    site.edit(translated)


def unplug_thebe(app: Sphinx) -> None:
    """Take sphinx-thebe, which Jupyter Book always loads, out of the build again."""
    for listeners in app.events.listeners.values():
        for listener in listeners.copy():
            if listener.handler.__module__ == "sphinx_thebe":
                app.disconnect(listener.id)
    app.registry.css_files[:] = [
        file for file in app.registry.css_files if file[0] != "sphinx-thebe.css"
    ]


def prepare(app: Sphinx) -> None:
    """Unplug thebe, which Jupyter Book has set up before, and let pages settle their theme at once."""
    unplug_thebe(app)
    app.add_js_file(None, body=THEME, priority=100)
