"""A page brings its style with it, and its scripts in one file, after its text.

The theme and its helpers link a dozen style sheets, of whose rules a page uses a fifth, and as many
scripts. PurgeCSS keeps the rules whose names occur in the pages or in the scripts that work on them;
esbuild makes them small; they stand in the page, which can be shown as soon as it is there. The whole
sheet is linked too, disabled, so that no browser fetches it until a script enables it: ``live`` does,
for code that a reader writes may use any class of the theme. Scripts wait until the text is shown:
the page names them as ``later/…``, a kind that browsers leave alone, and ``trim.later.js`` starts them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sphinx.application import Sphinx

from tools.paths import NODE_MODULES
from web import build

HERE = Path(__file__).parent
SHEET = re.compile(
    r'\s*<link\b(?=[^>]*\brel="stylesheet")(?![^>]*\b(?:media|disabled)\b)[^>]*\bhref="([^"]+)"[^>]*>'
)
SCRIPT = re.compile(r'\s*<script defer src="([^"]+)"></script>')
AHEAD = re.compile(r'\s*<link rel="preload" as="script" href="([^"]+)"[^>]*>')
WAITS = re.compile(r'<script (?:defer|type="(module)")(?= src=)')
TABS = re.compile(r"\s*<script defer [^>]*/design-tabs\.js[^>]*></script>")
SOURCE = re.compile(r'<script\b[^>]*\bsrc="([^"]+)"')
IMPORT = re.compile(r"""@import (?:url\()?["']([^"']+)["']\)?;""")
CHARSET = re.compile(r'@charset "[^"]*";')
ADDRESS = re.compile(r"""url\((["']?)(?!data:|#|/|\w+:)([^"')]+)\1\)""")
MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[a-z][^>]*>", re.S | re.I)
WORD = re.compile(r"[\w-]+", re.A)
SEARCH = ("language_data.js", "searchindex.js", "searchtools.js")
"""Sphinx's own search, of which other scripts ask whether it is there."""
ASIDE = ("live", "locales", "vendor")
"""Folders whose scripts do nothing to a page before the whole sheet is there, if ever."""

PLAYED, PLAYS = "live-states", "play.js"
"""What marks a demo that is played before the whole sheet is there, and the script among them that plays it."""
PART = re.compile(r'"\./([\w.-]+\.js)"')

Pages = dict[Path, str]
Files = tuple[Path, ...]


def local(page: Path, address: str, site: Path) -> Path | None:
    """Return the file of the site that an address in a page names, None if there is none."""
    path = (page.parent / unquote(urlsplit(address).path)).resolve()
    return path if path.is_file() and path.is_relative_to(site) else None


def linked(pattern: re.Pattern[str], page: Path, html: str, site: Path) -> Files:
    """Return the files that a page names by a pattern, in order."""
    found = (local(page, address, site) for address in pattern.findall(html))
    return tuple(dict.fromkeys(path for path in found if path))


def mergeable(script: Path) -> bool:
    """Tell whether a script does the same as a part of another."""
    own = "document.currentScript" in script.read_text(encoding="utf-8")
    return script.name not in SEARCH and not own


def moved(css: str, old: Path, new: Path) -> str:
    """Return a style sheet with its addresses as seen from another folder.

    >>> moved("a{background:url(b.png)}", Path("/site/_static"), Path("/site/book"))
    'a{background:url("../_static/b.png")}'
    """
    return ADDRESS.sub(lambda hit: f'url("{os.path.relpath(old / hit[2], new)}")', css)


def flattened(sheet: Path, folder: Path) -> str:
    """Return a style sheet with its imports in place and its addresses as seen from ``folder``."""
    css = CHARSET.sub("", sheet.read_text(encoding="utf-8"))
    parts = moved(IMPORT.sub("\0\\1\0", css), sheet.parent, folder).split("\0")
    parts[1::2] = (flattened(sheet.parent / name, folder) for name in parts[1::2])
    return "".join(parts)


def imported(script: Path) -> set[Path]:
    """Return a built script and those beside it that it imports."""
    return {
        script,
        *(script.parent / name for name in PART.findall(script.read_text(encoding="utf-8"))),
    }


def words(htmls: Iterable[str], scripts: Iterable[Path]) -> list[str]:
    """Return every word that may be part of a selector: of pages' tags, and of all of the scripts."""
    found: set[str] = set()
    for html in htmls:
        found.update(word for hit in MARKUP.finditer(html) for word in WORD.findall(hit[0]))
    for script in scripts:
        found.update(WORD.findall(script.read_text(encoding="utf-8")))
    return sorted(found)


def trimmed(sheets: list[tuple[str, list[str]]], scripts: list[str]) -> dict[str, Any]:
    """Return for each sheet the whole and the part in use, for each script the same smaller."""
    given = {"sheets": sheets, "scripts": scripts}
    return dict(json.loads(build.node(HERE / "trim.mjs", NODE_MODULES, given=given)))


def named(folder: Path, kind: str, text: str, ending: str) -> Path:
    """Write a file whose name changes with its contents."""
    path = folder / f"{kind}-{build.digest(text)[:10]}.{ending}"
    path.write_text(text, encoding="utf-8")
    return path


def replaced(
    html: str, pattern: re.Pattern[str], gone: Files, place: tuple[Path, Path], tags: str
) -> str:
    """Return a page in which ``tags`` stand for the tags of the files ``gone``.

    ``place`` is the page's own and the site's.
    """
    first = iter([tags])

    def put(hit: re.Match[str]) -> str:
        return next(first, "") if local(place[0], hit[1], place[1]) in gone else hit[0]

    return pattern.sub(put, html)


def postponed(html: str) -> str:
    """Return a page whose deferred scripts and modules wait to be started.

    >>> postponed('<script type="module" src="a.js"></script><script defer src="b.js"></script>')
    '<script type="later/module" src="a.js"></script><script type="later/text/javascript" src="b.js"></script>'
    """
    return WAITS.sub(lambda hit: f'<script type="later/{hit[1] or "text/javascript"}"', html)


def groups(pages: Pages, chosen: dict[Path, Files]) -> Iterator[tuple[Files, Pages]]:
    """Yield each list of files and the pages that name it."""
    for files in dict.fromkeys(chosen.values()):
        if files:
            yield files, {page: pages[page] for page, own in chosen.items() if own == files}


def trim(book: build.Site) -> None:
    """Trim the pages' style sheets and scripts."""
    for pattern in (SHEET, SCRIPT, AHEAD, TABS):
        book.need(pattern, "trim")
    site, pages, static = book.folder, book.pages, book.static
    own = (HERE / "trim.css").read_text(encoding="utf-8")
    styles = {page: linked(SHEET, page, html, site) for page, html in pages.items()}
    deferred = {
        page: tuple(filter(mergeable, linked(SCRIPT, page, html, site)))
        for page, html in pages.items()
    }
    acting = {s for page, html in pages.items() for s in linked(SOURCE, page, html, site)}
    acting |= {s for s in static.rglob("*.js") if s.relative_to(static).parts[0] not in ASIDE}
    early = {script for found in static.rglob(PLAYS) for script in imported(found)}
    sheets, scripts = list(groups(pages, styles)), list(groups(pages, deferred))
    done = trimmed(
        [
            (
                "\n".join([*(flattened(f, static) for f in files), own]),
                words(
                    of.values(),
                    acting | (early if any(PLAYED in h for h in of.values()) else set()),
                ),
            )
            for files, of in sheets
        ],
        # a directive such as "use strict" is one only at the very beginning: it would bind all
        ["\n;".join(["", *(f.read_text(encoding="utf-8") for f in files)]) for files, _ in scripts],
    )
    for (files, of), (whole, kept) in zip(sheets, done["sheets"], strict=True):
        full = named(static, "whole", whole, "css")
        for page in of:
            tags = (
                f'\n<style id="style">{moved(kept, static, page.parent)}</style>\n<link id="whole-style"'
                f' rel="stylesheet" href="{os.path.relpath(full, page.parent)}" disabled>'
            )
            pages[page] = replaced(pages[page], SHEET, files, (page, site), tags)
    for (files, of), code in zip(scripts, done["scripts"], strict=True):
        one = named(static, "book", code, "js")
        for page in of:
            tag = f'\n<script defer src="{os.path.relpath(one, page.parent)}"></script>'
            html = replaced(pages[page], SCRIPT, files, (page, site), tag)
            pages[page] = replaced(html, AHEAD, files, (page, site), "")
    for page, html in pages.items():
        needed = html if 'class="sd-tab-' in html else TABS.sub("", html)
        pages[page] = postponed(needed)
    for path in {path for files, _ in (*sheets, *scripts) for path in files}:
        path.unlink()
        Path(f"{path}.map").unlink(missing_ok=True)


def prepare(app: Sphinx) -> None:
    """Let every page have the script that starts the others."""
    app.add_js_file(None, body=(HERE / "trim.later.js").read_text(encoding="utf-8"))
