"""The files that the cover offers: each is linked only where it is there."""

from __future__ import annotations

import re
from pathlib import Path

from pypdf import PdfReader

from web import build
from web.extensions import offline
from web.extensions.ways.copies import KIT
from web.paper.book import TITLE

PDF, EPUB = "kefu.pdf", "kefu.epub"
PLACE = re.compile(r'(<p class="kefu-downloads">).*?(</p>)', re.S)


def folder(site: Path) -> Path:
    """Return the folder of the files, made if it is not there."""
    found = site / "downloads"
    found.mkdir(exist_ok=True)
    return found


def pages(pdf: Path) -> int:
    """Return how many pages a PDF has."""
    return len(PdfReader(pdf).pages)


def link(site: Path) -> None:
    """Link the files that are there on the cover, with their sizes; tell the service worker."""
    found = []
    for name, kind in ((PDF, "PDF"), (EPUB, "EPUB"), (KIT, "全部笔记本")):
        file = site / "downloads" / name
        if file.is_file():
            told = f"A4，{pages(file)}页，" if name == PDF else "zip，" if name == KIT else ""
            size = f"<small>{told}{file.stat().st_size / 1e6:.1f} MB</small>"
            found.append(
                f'<a href="../downloads/{name}" download="{TITLE}{file.suffix}">{kind}{size}</a>'
            )
    cover = site / "book" / "index.html"
    html = cover.read_text(encoding="utf-8")
    if not PLACE.search(html):
        raise ValueError("the cover has no place for PDF and EPUB")
    cover.write_text(PLACE.sub(rf"\g<1>{''.join(found)}\g<2>", html), encoding="utf-8")
    offline.write_worker(build.read(site))
