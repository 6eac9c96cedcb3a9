"""Every link inside the built book leads somewhere, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

LOADING = {"src", "poster", "data", "xlink:href", "action"}


class Page(HTMLParser):
    """The places that a page names, and the references that it makes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.places: set[str] = {"", "top"}
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.places |= {given.get("id", ""), given.get("name", "") if tag == "a" else ""}
        self.loads += [given[name] for name in LOADING & given.keys()]
        self.loads += re.findall(r"[^\s,]+(?=\s+[\d.]+[wx])", given.get("srcset", ""))
        if "href" in given:
            (self.links if tag == "a" else self.loads).append(given["href"])
        if given.get("http-equiv", "").lower() == "refresh":
            self.links.append(given["content"].partition("url=")[2])


def broken(folder: Path) -> list[str]:
    """Return every reference of a built site that leads nowhere, or loads from another host."""
    ours = [path for path in folder.rglob("*") if path.relative_to(folder).parts[0] != "lite"]
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in ours
             if path.suffix == ".html" and "_static" not in path.relative_to(folder).parts}  # fmt: skip
    styles = {path: re.findall(r"url\(['\"]?([^'\")]+)", path.read_text(encoding="utf-8"))
              for path in ours if path.suffix == ".css"}  # fmt: skip
    found = []
    for path, page in pages.items():
        for reference in page.links:
            if urlsplit(reference).scheme not in ("http", "https", "mailto"):
                found += fault(folder, path, reference, pages)
        for reference in page.loads:
            found += fault(folder, path, reference, pages)
    for path, references in styles.items():
        for reference in references:
            found += fault(folder, path, reference, pages)
    return found


def fault(folder: Path, path: Path, reference: str, pages: dict[Path, Page]) -> list[str]:
    """Return what is wrong with one reference of one file."""
    parts = urlsplit(reference)
    where = f"{path.relative_to(folder)}: {reference[:80]}"
    if parts.scheme == "data":
        return []
    if parts.scheme or parts.netloc or parts.path.startswith("/"):
        return [f"{where} is not below the site"]
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if folder.resolve() not in target.parents or not target.is_file():
        return [f"{where}: there is no such file"]
    if target.parent == folder.resolve() / "lite" / "notebooks":
        for notebook in parse_qs(parts.query).get("path", []):
            if not (folder / "lite" / "files" / notebook).is_file():
                return [f"{where}: there is no such notebook"]
    if path.suffix == ".html" and target.suffix == ".html" and target in pages:
        place = unquote(parts.fragment)
        return [] if place in pages[target].places else [f"{where}: there is no such place"]
    return []


def test_every_link_leads_to_a_file_and_a_place_of_the_book(site):
    assert broken(site.resolve()) == []


def test_every_page_is_reached_from_the_cover(site, pages):
    site, reached, ahead = site.resolve(), set(), ["book/index.html"]
    while ahead:
        page = ahead.pop()
        if page in reached:
            continue
        reached.add(page)
        for link in Page((site / page).read_text(encoding="utf-8")).links:
            parts = urlsplit(link)
            target = (site / page).parent / unquote(parts.path)
            if not parts.scheme and parts.path and target.suffix == ".html":
                name = target.resolve().relative_to(site).as_posix()
                ahead.append(name)
    assert {*pages} - reached <= {"index.html", "search.html", "genindex.html", "404.html"}


@pytest.mark.parametrize(
    ("planted", "complaint"),
    [
        ('<a href="nowhere.html">x</a>', "nowhere.html: there is no such file"),
        ('<a href="glossary.html#nowhere">x</a>', "glossary.html#nowhere: there is no such place"),
        ('<a href="#nowhere">x</a>', "#nowhere: there is no such place"),
        ('<a href="../../../outside.html">x</a>', "outside.html: there is no such file"),
        ('<a href="/book/index.html">x</a>', "/book/index.html is not below the site"),
        ('<img src="nowhere.png">', "nowhere.png: there is no such file"),
        ('<script src="https://cdn.example/x.js"></script>', "x.js is not below the site"),
        ('<link href="//cdn.example/x.css">', "x.css is not below the site"),
        (
            "<a href='lite/notebooks/index.html?path=nowhere.ipynb'>x</a>",
            "there is no such notebook",
        ),
        ("<a href='_sources/nowhere.ipynb' download>x</a>", "nowhere.ipynb: there is no such file"),
        ("<a href='https://example.org/'>x</a>", ""),
        ("<a href='glossary.html?x=1'>x</a>", ""),
    ],
)
def test_a_planted_fault_is_found(tmp_path, planted, complaint):
    for name in ("index.html", "glossary.html"):
        (tmp_path / name).write_text("<h1 id='here'>x</h1><a href='#here'>x</a>")
    app = tmp_path / "lite" / "notebooks" / "index.html"
    app.parent.mkdir(parents=True)
    app.touch()
    with (tmp_path / "index.html").open("a") as page:
        page.write(planted)
    found = broken(tmp_path)
    assert len(found) == bool(complaint)
    assert not complaint or found[0].endswith(complaint)


def test_a_link_broken_in_a_copy_of_the_book_is_found(site, tmp_path):
    copy = Path(shutil.copytree(site, tmp_path / "html"))
    (copy / "book" / "glossary.html").unlink()
    assert any("glossary.html: there is no such file" in line for line in broken(copy))
