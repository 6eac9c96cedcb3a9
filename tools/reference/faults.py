"""What is wrong with a chapter's list, a line each: ``python -m tools.reference.faults 03``."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

from tools import tables
from tools.reference.chapters import Chapter, chapters, many
from tools.reference.glossary import terms
from web import book

TAUGHT = re.compile(r"^\*\*术语\*\*：(.+?)，都收在", re.M)


def prose(chapter: Chapter) -> str:
    """Return all that a chapter says outside of its code."""
    return "\n".join(cell.source for cell in chapter._cells if cell.cell_type == "markdown")


def faults(chapter: Chapter) -> list[str]:
    """Return a line for each thing that the list and the chapter do not agree on, tables left aside."""
    name, said = chapter.source.name, prose(chapter)
    found = [] if chapter.page in book.pages() else [f"_toc.yml does not list {chapter.page}"]
    found += [f"{name}: {line}" for line in _facts(chapter, said)]
    found += [f"{name}: the chapter does not say {word!r}, one of its words"
              for word in chapter.words.split() if word not in said]  # fmt: skip
    known = {term.chinese for term in terms()}
    listed = TAUGHT.search(said)
    found += [
        f"{name}: term {term!r} stands under 术语 and in no list of terms"
        for term in (listed[1].split("、") if listed else ())
        if term not in known
    ]
    return found


def _facts(chapter: Chapter, said: str) -> Iterator[str]:
    """Yield a line for each fact without place or words, and for each place and word that is not there."""
    places: dict[str, Callable[[Any], str]] = {
        "section": chapter.section, "demo": chapter.figure,
        "exercise": chapter.exercise, "question": chapter.question,
    }  # fmt: skip
    for number, fact in chapter.facts.items():
        yield from (
            f"fact {number} has no {part}" for part in ("section", "words") if part not in fact
        )
        if unknown := sorted(set(fact) - {"says", "words", *places}):
            yield f"fact {number} has {unknown[0]!r}, which is none of {', '.join(places)}, says, words"
        for kind, find in places.items():
            for place in many(fact.get(kind)):
                try:
                    find(place)
                except ValueError as error:
                    yield f"fact {number}: {error}"
        for word in str(fact.get("words", "")).split():
            if word not in said:
                yield f"fact {number}: the chapter does not say {word!r}"


def main() -> None:
    """Print what is wrong with one chapter's list, tables too; exit 1 where anything is."""
    number = sys.argv[1]
    try:
        one = next(chapter for chapter in chapters() if chapter.number == number)
        found = faults(one)
    except ValueError as error:  # a list that cannot even be read
        sys.exit(str(error))
    found += tables.faults(one, tables.run(book.ready(number)).opened)
    sys.exit("\n".join(found) or 0)


if __name__ == "__main__":
    main()
