"""Write the chapters' quizzes for a learning platform: ``python -m tools.questions --chapter 02``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.paths import BUILD, ROOT
from tools.questions import moodle, qti, sheet
from tools.questions.items import Item, items
from web import book

ENDINGS = {"moodle": "xml", "qti": "zip", "sheet": "csv"}
FORMATS = tuple(ENDINGS)
UNTRIED = "no platform has imported these files yet; try a copy of a course first"


def title_of(chapter: book.Chapter) -> str:
    """Return a chapter's label and title, such as 第01章 认识网店客服."""
    return f"{chapter.label} {chapter.title}"


def chosen(number: str) -> list[book.Chapter]:
    """Return one chapter by its number, or all; raises ``ValueError``."""
    if number == "all":
        return book.written()
    book.ready(number)
    return [book.chapter(number)]


def made(
    form: str, chapter: book.Chapter, own: Sequence[Item], columns: Mapping[str, str] | None, top: str
) -> bytes:  # fmt: skip
    """Return a chapter's questions in one format."""
    title = title_of(chapter)
    if form == "moodle":
        return moodle.xml([(title, own)], top).encode()
    if form == "qti":
        return qti.package(f"C{chapter.number}", f"{top}　{title}", own)
    return sheet.table(own, columns).encode()


def write(
    groups: Sequence[tuple[book.Chapter, Sequence[Item]]], to: Path, formats: Sequence[str],
    columns: Mapping[str, str] | None = None, top: str = "网店客服",
) -> list[Path]:  # fmt: skip
    """Write each chapter's questions in each format; return the files."""
    written = []
    for chapter, own in groups:
        for form in formats:
            target = to / form / f"{chapter.number}.{ENDINGS[form]}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(made(form, chapter, own, columns, top))
            written.append(target)
    return written


def shown(path: Path) -> Path:
    """Return a path as it is printed: from the book's folder where it is in it."""
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


def options(parser: argparse.ArgumentParser) -> None:
    """Add what both commands that write questions may be told."""
    parser.add_argument("--chapter", default="all", help="such as 02; else all of them")
    parser.add_argument("--format", choices=FORMATS, help="one format; else all three")
    parser.add_argument("--columns", default="", help="other names, such as '题干=试题内容 编号='")
    parser.add_argument("--to", type=Path, help="the folder to write into")


def main(arguments: list[str] | None = None) -> None:
    """Write the questions; end with one clear line where that cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    options(parser)
    given = parser.parse_args(arguments)
    try:
        groups = [(one, items(one)) for one in chosen(given.chapter)]
        to = given.to or BUILD / "questions"
        formats = (given.format,) if given.format else FORMATS
        written = write(groups, to, formats, sheet.renamed(given.columns.split()))
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    count = sum(len(own) for _, own in groups)
    print(f"kefu: {count} questions of {len(groups)} chapters: {len(written)} files in {shown(to)}")
    print(f"kefu: {UNTRIED}")


if __name__ == "__main__":
    main()
