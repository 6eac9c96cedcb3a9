"""``make epub``: the whole book as EPUB 3, assembled from the finished pages.

An EPUB is a zip of XHTML pages with a list of them, which the standard library writes; the packages
for it are under licences that this project does without, or wrap Sphinx's own writer, which
knows nothing of what the pages' extensions add.
"""

from __future__ import annotations

import io
import re
import subprocess
import time
import uuid
import zipfile
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from tools.paths import ROOT, SITE
from web.build import digest
from web.paper import downloads
from web.paper.articles import Article, articles, chart_rules
from web.paper.book import ABOUT, AUTHORS, LANGUAGE, RIGHTS, SUBTITLE, TITLE
from web.paper.cover import cover

HERE = Path(__file__).parent
KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
lang="{language}" xml:lang="{language}">
<head><meta charset="utf-8"/><title>{title}</title><link rel="stylesheet" href="epub.css"/></head>
<body>{body}</body>
</html>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:{identity}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:language>{language}</dc:language>
<dc:creator>{authors}</dc:creator>
<dc:description>{subtitle}</dc:description>
<dc:rights>{rights}</dc:rights>
<meta property="dcterms:modified">{modified}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual,visual</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityFeature">MathML</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">图都有文字说明，公式是MathML。</meta>
</metadata>
<manifest>
{items}
</manifest>
<spine>
{spine}
</spine>
</package>
"""


def modified() -> str:
    """Return the time of the newest commit, or of now where there is no history, as EPUB wants it."""
    told = subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    when = datetime.fromtimestamp(int(told or time.time()), UTC)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def page(title: str, body: str) -> str:
    """Return a page of the book as XHTML."""
    return PAGE.format(language=LANGUAGE, title=escape(title), body=body)


def navigation(chapters: list[Article]) -> str:
    """Return the page of contents: parts, chapters, sections."""
    parts: dict[str, list[Article]] = {}
    for one in chapters:
        parts.setdefault(one.part, []).append(one)
    lines = []
    for part, ones in parts.items():
        inside = "".join(
            f'<li><a href="{one.slug}.xhtml">{escape(one.title)}</a>{sections(one)}</li>'
            for one in ones
        )
        lines.append(f"<li><span>{escape(part)}</span><ol>{inside}</ol></li>")
    return page(
        "目录", f'<nav epub:type="toc" id="toc"><h1>目录</h1><ol>{"".join(lines)}</ol></nav>'
    )


def sections(one: Article) -> str:
    """Return a chapter's sections as a list of links, or nothing where it has none."""
    lines = []
    for heading in one.body.find_all("h2"):
        holder = heading.find_parent("section")
        if holder and holder.get("id"):
            place = f"{one.slug}.xhtml#{holder['id']}"
            lines.append(f'<li><a href="{place}">{escape(heading.get_text(strip=True))}</a></li>')
    return f"<ol>{''.join(lines)}</ol>" if lines else ""


def make(site: Path, when: str) -> bytes:
    """Return the book as EPUB, the same for the same pages and time."""
    chapters = articles(site, drawn=False, files=True)
    pictures = {str(image["src"]) for one in chapters for image in one.body.find_all("img")}
    files: dict[str, bytes] = {
        "cover.png": cover(TITLE, SUBTITLE, AUTHORS),
        "epub.css": chart_rules().encode() + (HERE / "epub.css").read_bytes(),
        "cover.xhtml": page(
            TITLE, '<section epub:type="cover" class="cover">'
            f'<img src="cover.png" alt="{TITLE}：{SUBTITLE}"/></section>'
        ).encode(),
        "about.xhtml": page(
            TITLE,
            f'<section epub:type="titlepage"><h1>{TITLE}</h1><p>{SUBTITLE}</p><p>{AUTHORS}</p>'
            + "".join(f"<p>{escape(line)}</p>" for line in ABOUT) + "</section>",
        ).encode(),
        "nav.xhtml": navigation(chapters).encode(),
    }  # fmt: skip
    for one in chapters:
        for image in one.body.find_all("img"):
            image["src"] = f"pictures/{Path(str(image['src'])).name}"
        one.body.name = "section"
        one.body.attrs = {"id": one.slug}
        files[f"{one.slug}.xhtml"] = page(one.title, one.body.decode(formatter="minimal")).encode()
    for picture in sorted(pictures):
        files[f"pictures/{Path(picture).name}"] = (site / picture).read_bytes()
    order = ["cover", "about", "nav", *(one.slug for one in chapters)]
    identity = uuid.uuid5(uuid.NAMESPACE_URL, digest(*files.values())[:16])
    told = {"language": LANGUAGE, "identity": identity, "title": TITLE, "authors": AUTHORS,
            "subtitle": SUBTITLE, "rights": RIGHTS, "modified": when,
            "items": "\n".join(item(name, data) for name, data in files.items()),
            "spine": "\n".join(f'<itemref idref="{name}"/>' for name in order)}  # fmt: skip
    files["package.opf"] = PACKAGE.format(**told).encode()
    return packed(files)


def item(name: str, data: bytes) -> str:
    """Return a file's line in the list of all files."""
    kind = {".xhtml": "application/xhtml+xml", ".css": "text/css", **KINDS}[Path(name).suffix]
    said = {"nav.xhtml": ["nav"], "cover.png": ["cover-image"]}.get(name, [])
    if name.endswith(".xhtml"):
        said += [p for p, tag in (("mathml", b"<math"), ("svg", b"<svg")) if tag in data]
    properties = f' properties="{" ".join(said)}"' if said else ""
    identity = name.removesuffix(".xhtml") if name.endswith(".xhtml") else "f-" + re.sub(r"\W", "-", name)  # fmt: skip
    return f'<item id="{identity}" href="{name}" media-type="{kind}"{properties}/>'


def packed(files: dict[str, bytes]) -> bytes:
    """Return files of the book as an EPUB's zip: its kind first and plain, all of one time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        whole = {
            "mimetype": b"application/epub+zip",
            "META-INF/container.xml": CONTAINER.encode(),
            **{f"book/{name}": data for name, data in files.items()},
        }
        for name, data in whole.items():
            plain = name == "mimetype" or name.endswith(".png")
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_STORED if plain else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def build(site: Path) -> None:
    """Write the EPUB into a built site and link what there is to take along."""
    start = time.monotonic()
    target = downloads.folder(site) / downloads.EPUB
    target.write_bytes(make(site, modified()))
    downloads.link(site)
    size = target.stat().st_size / 1e6
    print(f"kefu: {target.relative_to(ROOT)}: {size:.1f} MB, {time.monotonic() - start:.0f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    build(SITE)
