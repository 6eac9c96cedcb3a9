"""A chapter's quiz as SCORM 1.2: ``python -m tools.questions.scorm --chapter 02`` (``make scorm``).

The page's own ``quiz.js``, unchanged, and an adapter (``scorm.js``) that keeps the answers in the
platform instead of the browser.
"""

from __future__ import annotations

import argparse
import sys
from html import escape
from importlib import resources
from pathlib import Path

from kefu.demos import quiz
from kefu.demos.quiz import Quiz
from tools.paths import BUILD
from tools.questions.__main__ import UNTRIED, chosen, shown, title_of
from tools.questions.qti import HEAD, zipped
from web import book

ADAPTER = Path(__file__).with_name("scorm.js")
OWN = ("quiz.js", "quiz.css", "number.js")
SHEET = Path(__file__).with_name("scorm.css")


def page(made: Quiz, title: str) -> str:
    """Return the page of a quiz; without a script its answers open on a click."""
    return (
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        "<link rel='stylesheet' href='page.css'><link rel='stylesheet' href='quiz.css'></head>"
        f"<body><h1>{escape(title)}</h1>{made._repr_html_()}"
        "<script type='module' src='scorm.js'></script></body></html>\n"
    )


def manifest(name: str, title: str, files: list[str]) -> str:
    """Return the package's ``imsmanifest.xml``."""
    listed = "".join(f'<file href="{file}"/>' for file in files)
    return (
        f'{HEAD}\n<manifest identifier="{name}" version="1.2" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
        ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">'
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>"
        f'<organizations default="O1"><organization identifier="O1"><title>{escape(title)}</title>'
        f'<item identifier="I1" identifierref="R1"><title>{escape(title)}</title></item></organization></organizations>'
        '<resources><resource identifier="R1" type="webcontent" adlcp:scormtype="sco" href="index.html">'
        f"{listed}</resource></resources></manifest>\n"
    )


def package(chapter: book.Chapter) -> bytes:
    """Return a chapter's quiz as a SCORM package."""
    title = f"{title_of(chapter)}：小测"
    demos = resources.files("kefu.demos")
    files: list[tuple[str, str | bytes]] = [
        ("index.html", page(quiz(chapter.quiz), title)),
        ("scorm.js", ADAPTER.read_text(encoding="utf-8")),
        ("page.css", SHEET.read_text(encoding="utf-8")),
        *((name, demos.joinpath(name).read_text(encoding="utf-8")) for name in OWN),
    ]
    names = [name for name, _ in files]
    return zipped([("imsmanifest.xml", manifest(f"KEFU-{chapter.number}", title, names)), *files])


def main(arguments: list[str] | None = None) -> None:
    """Write the package; end with one clear line where that cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapter", required=True, help="such as 02; all for each of them")
    parser.add_argument("--to", type=Path, default=BUILD / "scorm", help="the folder to write into")
    given = parser.parse_args(arguments)
    try:
        chapters = chosen(given.chapter)
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    given.to.mkdir(parents=True, exist_ok=True)
    for chapter in chapters:
        content = package(chapter)
        target = given.to / f"{chapter.number}.zip"
        target.write_bytes(content)
        print(
            f"kefu: {shown(target)}: {len(content):,} bytes, {len(quiz(chapter.quiz).questions)} questions"
        )
    print(f"kefu: {UNTRIED}")


if __name__ == "__main__":
    main()
