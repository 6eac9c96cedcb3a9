"""Draw what the bots learn of first messages: ``python -m datasets.first``.

``words/first.txt`` holds ways in which buyers open a chat, in shops of four trades; a line is a form of sentence,
a family. Of each ten texts are drawn and written to ``first_questions.csv`` of the package. Same file, same texts.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kefu.intelligence.language import HERE
from kefu.language import normal

SOURCE = Path(__file__).parent / "words" / "first.txt"
FILE = HERE / "first_questions.csv"
DRAWN, TRIES = 10, 40  # texts of a family, and how often one is drawn for them
HOLE = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")
OPTIONAL = re.compile(r"(\[[^\[\]]*\]|\{\w+\}|.)\?")


@dataclass(frozen=True)
class Form:
    """One form of sentence: what it asks, and the template of its texts."""

    family: str
    topic: str
    need: str
    entry: str
    trade: str
    template: str


def read(text: str) -> tuple[dict[str, list[str]], list[Form]]:
    """Return the word lists and the forms of a file; raises ``ValueError`` for a form before any intent."""
    words: dict[str, list[str]] = {}
    forms: list[Form] = []
    intent: tuple[str, ...] = ()
    many = 0
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if " := " in line:
            name, listed = line.split(" := ")
            words[name] = listed.split("|")
        elif line.startswith("="):
            intent, many = tuple(line[1:].split("|")), 0
        elif not intent:
            raise ValueError(f"expected an intent before {line!r}")
        else:
            many += 1
            name, topic, need, entry, trade = intent
            forms.append(Form(f"{name}-{many}", topic, need, entry, trade, line))
    return words, forms


def drawn(rng: random.Random, template: str, words: dict[str, list[str]]) -> str:
    """Return one text of a template: ``[a|b]`` one of its parts, ``{name}`` one of a list, ``x?`` or nothing."""
    text = template
    while True:
        text = OPTIONAL.sub(lambda one: one[1] if rng.random() < 0.5 else "", text)
        hole = HOLE.search(text)
        if hole is None:
            return text
        choice = rng.choice(hole[1].split("|") if hole[2] is None else words[hole[2]])
        text = text[: hole.start()] + choice + text[hole.end() :]


def questions() -> Iterator[dict[str, str]]:
    """Yield the rows of the file, family by family, no text twice."""
    words, forms = read(SOURCE.read_text(encoding="utf-8"))
    rng = random.Random("first")
    seen: set[str] = set()
    for form in forms:
        many = 0
        for _ in range(TRIES):
            text = drawn(rng, form.template, words).strip(" ，")
            if many < DRAWN and text and (normal(text) or text) not in seen:
                seen.add(normal(text) or text)
                many += 1
                yield {
                    "text": text,
                    "topic": form.topic,
                    "entry_id": form.entry,
                    "family": form.family,
                }


def main(file: Path = FILE) -> None:
    """Write the file and say how many texts it has."""
    rows = list(questions())
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ("text", "topic", "entry_id", "family"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(
        f"kefu: {file.name}: {len(rows)} questions of {len({r['family'] for r in rows})} families"
    )


if __name__ == "__main__":
    main()
