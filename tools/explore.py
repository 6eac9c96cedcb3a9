"""Write the tables of sums of the chapters' explorers, beside their notebooks: see ``kefu.explore``.

``make lists`` and ``make data`` run it; ``--chapter 02`` writes those of one chapter.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection
from pathlib import Path

from kefu.explore import cases, describe, filled, sums, text
from tools.paths import ROOT
from web import book

LIMIT = 20_000
"""The most bytes of a table: all tables travel to every reader whose page runs Python."""


def files(chapter: book.Chapter) -> tuple[Path, Path]:
    """Return where a chapter's explorers are described, and where their cases are made."""
    described = chapter.source.with_name(f"{chapter.number}_explore.toml")
    return described, described.with_suffix(".py")


def tables(chapter: book.Chapter) -> dict[Path, str]:
    """Return the text of every table of sums of a chapter, by its place.

    Raises ``ValueError`` where the description or what the recipe returns is not right.
    """
    described, recipe = files(chapter)
    if not described.is_file():
        return {}
    found = {}
    for name, about in describe(described).items():
        if not recipe.is_file():
            raise ValueError(f"{described.name}: no {recipe.name} beside it")
        rows = sums(about, cases(recipe, name))
        filled(about, rows)
        place = described.with_name(f"{described.stem}_{name}.csv")
        found[place] = text(about, rows)
        if (size := len(found[place].encode())) > LIMIT:
            raise ValueError(f"{place.name}: expected at most {LIMIT} bytes, got {size}")
    return found


def stale(chapter: book.Chapter, made: Collection[Path]) -> list[Path]:
    """Return the tables beside a chapter that are none of those that are ``made``."""
    described, _ = files(chapter)
    there = described.parent.glob(f"{described.stem}_*.csv")
    return sorted({*there} - {*made})


def main() -> None:
    """Write the tables of one chapter or of all; what is wrong ends in one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapter", default="", help="this one only, such as 02")
    number: str = parser.parse_args().chapter
    try:
        for chapter in [book.chapter(number)] if number else book.chapters():
            made = tables(chapter)
            for place, sums in made.items():
                if not place.is_file() or place.read_text(encoding="utf-8") != sums:
                    place.write_text(sums, encoding="utf-8")
                print(f"kefu: {place.relative_to(ROOT).as_posix()}, {len(sums.encode())} bytes")
            for place in stale(chapter, made):
                place.unlink()
    except ValueError as error:
        sys.exit(f"kefu: {error}")


if __name__ == "__main__":
    main()
