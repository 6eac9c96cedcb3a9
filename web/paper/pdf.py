"""``make pdf``: the whole book as one PDF for A4, printed by Chromium from the finished pages.

One document is printed, so links, bookmarks and fonts are one for the whole book. It is printed
twice: the first print tells on which page each heading stands, the second has that in its contents.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path
from urllib.parse import unquote, urlsplit

import matplotlib
from playwright.sync_api import Error, Page, Route, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import Destination

from kefu.charts import FONTS
from tools.paths import BUILD, ROOT, SITE, browser, own_node
from web.build import digest
from web.paper import downloads
from web.paper.articles import Article, articles, chart_rules
from web.paper.book import ABOUT, AUTHORS, SUBTITLE, TITLE
from web.paper.cover import cover

HERE = Path(__file__).parent
LATIN = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
HOST = "http://book.invalid/"
"""The address by which the printed document asks for its files; nothing leaves this machine."""
SHRINK = """() => {
    for (const part of document.querySelectorAll("table, pre, div.formula > svg")) {
        const room = part.parentElement.clientWidth;
        const width = Math.max(part.scrollWidth, part.getBoundingClientRect().width);
        if (width > room + 1) part.style.zoom = Math.max(0.55, room / width);
    }
    return document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === "error").length);
}"""
NUMBER = """numbers => {
    document.querySelectorAll(".contents .page").forEach((place, at) => place.textContent = numbers[at]);
}"""
WIDE = """() => [...document.querySelectorAll("table, pre, img, svg")]
    .filter(part => part.getBoundingClientRect().right > document.body.getBoundingClientRect().right + 2)
    .map(part => part.outerHTML.slice(0, 80))"""


def document(site: Path) -> str:
    """Return the whole book as one page of HTML."""
    chapters = articles(site, drawn=True, files=False)
    listed = table_of_contents(chapters)
    body, part = [], ""
    for one in chapters:
        if one.part != part:
            part = one.part
            body.append(f'<section class="part"><h1>{escape(part)}</h1></section>')
        body.append(chapter(one))
    headers = "".join(
        f".{one.slug} {{ page: {one.slug}; }} "
        f'@page {one.slug} {{ @top-left {{ content: "{one.title.replace(chr(34), "")}"; }} }}\n'
        for one in chapters
    )
    style = chart_rules() + (HERE / "pdf.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f"<style>{style}{headers}</style></head><body>"
        f'<section class="cover"><img src="cover.png" alt="{TITLE}：{SUBTITLE}"></section>'
        f'<section class="about"><p class="book-title">{TITLE}</p><p>{SUBTITLE}</p><p>{AUTHORS}</p>'
        + "".join(f"<p>{escape(line)}</p>" for line in ABOUT)
        + f"</section>{listed}<main>{''.join(body)}</main></body></html>"
    )


def chapter(one: Article) -> str:
    """Return a chapter for the document, its headings one level below its part's."""
    for heading in one.body.find_all(["h1", "h2", "h3", "h4", "h5"]):
        heading.name = f"h{int(heading.name[1]) + 1}"
    one.body.name = "section"
    one.body.attrs = {"class": f"chapter {one.slug}", "id": one.slug}
    return one.body.decode(formatter="minimal")


def table_of_contents(chapters: list[Article]) -> str:
    """Return the contents: parts, chapters, sections, each with a place for its page.

    Sections of other pages than chapters, a glossary's letters, are counted but not shown.
    """
    lines, part = [], ""
    for one in chapters:
        if one.part != part:
            part = one.part
            lines.append(line("part-line", part, ""))
        lines.append(line("chapter-line", one.title, one.slug))
        for section in one.body.select("h2"):
            holder = section.find_parent("section")
            place = str(holder["id"]) if holder and holder.get("id") else one.slug
            kind = "section-line" if one.name.startswith("notebooks/") else "left-out"
            lines.append(line(kind, section.get_text().strip(), place))
    return f'<nav class="contents"><p class="contents-title">目录</p>{"".join(lines)}</nav>'


def line(kind: str, text: str, place: str) -> str:
    """Return a line of the contents."""
    inside = f'<span>{escape(text)}</span><i></i><span class="page">000</span>'
    return (
        f'<p class="{kind}">' + (f'<a href="#{place}">{inside}</a>' if place else inside) + "</p>"
    )


def serve(route: Route, site: Path, html: str, picture: bytes) -> None:
    """Give the printed document its files."""
    path = unquote(urlsplit(route.request.url).path)[1:]
    if path == "":
        route.fulfill(body=html, content_type="text/html; charset=utf-8")
    elif path == "cover.png":
        route.fulfill(body=picture, content_type="image/png")
    else:
        folder = {"fonts": FONTS, "latin": LATIN}.get(path.partition("/")[0])
        route.fulfill(path=folder / Path(path).name if folder else site / path)


def headings(reader: PdfReader) -> list[tuple[int, str, int]]:
    """Return the bookmarks of a PDF: level from 0, text, page from 1."""

    def walk(entries: list[object], level: int) -> Iterator[tuple[int, str, int]]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, level + 1)
            elif isinstance(entry, Destination):
                yield level, str(entry.title), (reader.get_destination_page_number(entry) or 0) + 1

    return list(walk(list(reader.outline), 0))


def numbers(reader: PdfReader) -> list[int]:
    """Return the pages for the lines of the contents, in order: parts, chapters, sections."""
    return [page for level, _, page in headings(reader) if level <= 2]


def printed(page: Page) -> bytes:
    """Return what the page prints: A4 as its style sheet says, with bookmarks and tags."""
    return page.pdf(prefer_css_page_size=True, print_background=True, outline=True, tagged=True)


def make(site: Path, html: str, chromium: Path) -> bytes:
    """Return the book as PDF; raise ``RuntimeError`` where the print is not what it should be."""
    picture = cover(TITLE, SUBTITLE, AUTHORS)
    own_node()
    with sync_playwright() as playwright:
        program = playwright.chromium.launch(executable_path=chromium)
        page = program.new_page(viewport={"width": 643, "height": 900})  # 170 mm, as the paper has
        page.route("**/*", lambda route: serve(route, site, html, picture))
        page.emulate_media(media="print")
        page.goto(HOST)
        if missing := page.evaluate(SHRINK):
            raise RuntimeError(f"{missing} fonts could not be read")
        if wide := page.evaluate(WIDE):
            raise RuntimeError(f"wider than the paper: {wide}")
        first = PdfReader(io.BytesIO(printed(page)))
        page.evaluate(NUMBER, numbers(first))
        second = printed(page)
        program.close()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(second)))
    if numbers(PdfReader(io.BytesIO(second))) != numbers(first):
        raise RuntimeError("the contents moved the pages that it names")
    writer.metadata = {
        "/Title": TITLE, "/Author": AUTHORS, "/Subject": SUBTITLE, "/Producer": "Chromium, pypdf",
    }  # fmt: skip
    writer.page_mode = "/UseOutlines"
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def main() -> None:
    """Write the PDF into the built site, made again only where what it shows has changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--if-possible", action="store_true", help="without a Chromium, do nothing")
    optional, chromium = parser.parse_args().if_possible, browser()
    if chromium is None and optional:
        return
    if chromium is None:
        sys.exit("kefu: no Chromium: run `make setup-tests`, or set KEFU_CHROMIUM to its path")
    site, start = SITE, time.monotonic()
    if optional and (site / "downloads" / downloads.PDF).is_file():
        return  # a built site is never changed but by building it anew
    html = document(site)
    made = BUILD / "paper" / f"{digest(html, *sorted(HERE.glob('*.py')))[:16]}.pdf"
    if not made.is_file():
        try:
            data = make(site, html, chromium)
        except Error as error:
            sys.exit(f"kefu: the PDF was not printed: {error.message.splitlines()[0]}")
        made.parent.mkdir(parents=True, exist_ok=True)
        for old in made.parent.glob("*.pdf"):
            old.unlink()
        made.write_bytes(data)
    target = downloads.folder(site) / downloads.PDF
    shutil.copy(made, target)
    downloads.link(site)
    print(f"kefu: {target.relative_to(ROOT)}: {downloads.pages(target)} pages, "
          f"{target.stat().st_size / 1e6:.1f} MB, {time.monotonic() - start:.0f} s", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
