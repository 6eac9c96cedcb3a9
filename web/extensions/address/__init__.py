"""Sphinx extension: what other programs read of a page, and the pages that lead to pages.

Descriptions, Open Graph, languages, the sitemap; the site's front door, ``404.html`` (``lost.py``), and a
word to hosts that would change the site.

Sentences about a page stand in every page. What must be an absolute address (canonical link,
og:url, og:image, hreflang, sitemap.xml) is written only where ``html_baseurl`` (``html: baseurl``
in ``_config.yml``) says the site's public address: a wrong one would be worse than none.
"""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.osutil import relative_uri

from web import book, build

from . import lost

LONGEST = 120
"""Characters of a description; what searching programs show of one is shorter."""
SHORTEST = 16
"""Characters under which a description takes the next sentence too."""
SENTENCE = re.compile(r".*?[。！？](?=[^”’」）]|$)[”’」）]?", re.S)
HEADS = re.compile(r"^(学习目标|导读)[：:]")
ABOUT = {
    "search": "在全书里搜索：章节、术语、公式、话术，任意几个字都能找到。",
    "genindex": "全书的索引：模型、演示和术语按名称排列，点开就到讲它的地方。",
}
"""What the pages that no text stands in are for."""
CARD = "_static/pictures/card.png"
UNLISTED = ("search", "genindex")
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
DOOR = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="description" content="{description}">
<meta http-equiv="refresh" content="0; url={page}">
{tags}</head>
<body><main><h1>{title}</h1><p><a href="{page}">{words}</a></p></main></body>
</html>
"""


def described(doctree: nodes.document) -> str:
    """Return the first sentences of a page, one if it is long enough; a colon brings its list along."""
    told = ""
    for paragraph in doctree.findall(nodes.paragraph):
        text = HEADS.sub("", _text(paragraph)).strip()
        if not text or isinstance(paragraph.parent, nodes.list_item):
            continue
        if text.endswith(("：", ":")):
            listed = paragraph.next_node(nodes.Sequential, descend=False, siblings=True)
            items = listed.findall(nodes.list_item) if listed is not None else ()
            return shortened(told + text + "".join(map(_text, items)))
        for sentence in SENTENCE.findall(text) or [text]:
            told += sentence
            if len(told) >= SHORTEST:
                return shortened(told)
    return told


def _text(node: nodes.Node) -> str:
    """Return a node's text, without what pictures say in their place."""
    return re.sub(r"\s+", " ", "".join(node.findall(nodes.Text))).strip()


def shortened(text: str) -> str:
    """Return a text of at most ``LONGEST`` characters, cut after a part of a sentence.

    >>> shortened("一句话。")
    '一句话。'
    >>> shortened("很长；" * 50)[-4:], len(shortened("很长；" * 50))
    ('很长；…', 121)
    """
    if len(text) <= LONGEST:
        return text
    cut = max(text.rfind(mark, 0, LONGEST) for mark in "。；，、：")
    return text[: cut + 1 if cut > LONGEST // 2 else LONGEST] + "…"


def tag(name: str, content: str) -> str:
    """Return one tag of a page's head."""
    kind = "property" if name.startswith("og:") else "name"
    return f'<meta {kind}="{name}" content="{escape(content)}">\n'


def public(config: Config, page: str) -> str:
    """Return the public address of a page, empty where the site's is not known."""
    return f"{config.html_baseurl}{quote(page)}.html" if config.html_baseurl else ""


def twins(app: Sphinx, page: str) -> dict[str, str]:
    """Return a page's public address in each language, empty where there is one edition only."""
    english = any((Path(app.srcdir) / "en" / f"{page}{end}").is_file() for end in (".md", ".ipynb"))
    if not (english and app.config.html_baseurl):
        return {}
    return {"zh-CN": public(app.config, page), "en": public(app.config, f"en/{page}")}


def tags(app: Sphinx, page: str, title: str, description: str) -> str:
    """Return the tags about a page."""
    config = app.config
    told = {
        "description": description,
        "og:title": title,
        "og:description": description,
        "og:type": "article" if page.startswith("notebooks/") else "website",
        "og:site_name": config.html_title,
        "og:locale": "zh_CN",
    }
    if address := public(config, page):
        told |= {"og:url": address, "og:image": config.html_baseurl + CARD,
                 "og:image:width": "1200", "og:image:height": "630",
                 "og:image:alt": config.html_title}  # fmt: skip
    links = [f'<link rel="alternate" hreflang="{language}" href="{escape(there)}">\n'
             for language, there in twins(app, page).items()]  # fmt: skip
    return "".join(tag(name, content) for name, content in told.items()) + "".join(links)


def tell(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Write the tags into a page."""
    description = ABOUT.get(page) or (described(doctree) if doctree is not None else "")
    title = re.sub(r"<[^>]+>", "", context.get("title") or app.config.html_title)
    context["metatags"] = context.get("metatags", "") + tags(app, page, title, description)


def sitemap(app: Sphinx) -> bytes:
    """Return the list of the site's pages for search engines."""
    root = ElementTree.Element("urlset", xmlns=SITEMAP)
    for page in sorted(app.env.found_docs - set(UNLISTED)):
        place = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(place, "loc").text = public(app.config, page)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def door(app: Sphinx, name: str, page: str, title: str, words: str) -> None:
    """Write a page that leads to another one, and says whose address is the right one."""
    description = described(app.env.get_doctree(page))
    about = tags(app, page, title, description).partition("\n")[2]
    if address := public(app.config, page):
        about += f'<link rel="canonical" href="{escape(address)}">\n'
    there = relative_uri(name, f"{page}.html")
    made = DOOR.format(
        title=escape(title), description=escape(description), page=there, tags=about, words=words
    )
    (Path(app.outdir) / name).write_text(made, encoding="utf-8")


def publish(app: Sphinx) -> None:
    """Write the pages that lead to the cover and to what has moved, the page for lost readers, and the sitemap.

    ``.nojekyll`` tells a host that runs Jekyll not to: it would drop every folder that begins with ``_``.
    """
    site = Path(app.outdir)
    door(app, "index.html", app.config.root_doc, app.config.html_title, "打开这本书")
    for old, page in book.MOVED.items():
        if page in app.env.found_docs:
            title = f"{app.env.titles[page].astext()} — {app.config.html_title}"
            door(app, f"{old}.html", page, title, "这一页搬了家，到新的地方看")
    if app.config.html_baseurl:
        (site / "sitemap.xml").write_bytes(sitemap(app))
    (site / "404.html").write_text(lost.page(app), encoding="utf-8")
    (site / ".nojekyll").touch()


def settle(_app: Sphinx, config: Config) -> None:
    """Let the site's address end in a slash, as every address made from it needs.

    Where ``_config.yml`` says none, a host that builds the site says it by ``KEFU_ADDRESS``.
    """
    config.html_baseurl = config.html_baseurl or os.environ.get("KEFU_ADDRESS", "")
    if config.html_baseurl:
        config.html_baseurl = config.html_baseurl.rstrip("/") + "/"


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("config-inited", settle)
    app.connect("html-page-context", tell)
    build.after(app, publish, priority=400)  # before Jupyter Book writes a front door of its own
    return {"parallel_read_safe": True, "parallel_write_safe": True}
