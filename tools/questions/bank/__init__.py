"""A closed bank: ten more questions a chapter, drawn on a seed; never a part of the site.

Each chapter has a module of templates of its own name. A template draws the numbers of a situation,
lets the chapter's model work the answer out, and gives each usual mistake its own reason; where the
chapter teaches rules or an order, it draws from statements and steps. ``draw`` has what they share.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from dataclasses import dataclass
from typing import Any

from kefu.demos.quiz import Question, check_question
from tools.questions.bank.draw import Asking, Draw, templates
from tools.questions.items import Item, points
from web import book

LEAST = 10


@dataclass(frozen=True)
class Drawn:
    """A question of the bank, with the template that it was made by and what this drew."""

    item: Item
    asking: Asking
    noted: dict[str, Any]


def asked(chapter: book.Chapter) -> list[Asking]:
    """Return the templates of a chapter; raises ``ValueError`` where it has none."""
    try:
        module = importlib.import_module(f"tools.questions.bank.{chapter.name}")
    except ModuleNotFoundError:
        raise ValueError(f"chapter {chapter.number} has no templates for the bank yet") from None
    return templates(module)


def seated(questions: list[Question], chance: Draw) -> list[Question]:
    """Return the questions with the right options of the single ones at places that take turns."""
    start, turns, done = chance.between(0, 3), 0, []
    for question in questions:
        if question["kind"] == "single":
            right = next(one for one in question["options"] if one["right"])
            rest = [one for one in question["options"] if not one["right"]]
            place = (start + 3 * turns) % (len(rest) + 1)
            turns += 1
            question = {**question, "options": [*rest[:place], right, *rest[place:]]}
        done.append(question)
    return done


def drawn(chapter: book.Chapter, seed: str) -> list[Drawn]:
    """Return a chapter's questions under a seed: each template once, and again until there are ten."""
    own, named = asked(chapter), points(chapter)
    made: list[tuple[Asking, Draw, Question]] = []
    for turn in range(LEAST):
        for one in own:
            if turn and len(made) >= LEAST:
                break
            chance = Draw(f"{seed}/{chapter.number}/{one.name}/{turn}")
            name = f"{one.name}-{turn + 1}" if turn else one.name
            made.append((one, chance, {"id": name, **one.make(chance)}))
    placed = seated([question for *_, question in made], Draw(f"{seed}/{chapter.number}"))
    found = []
    for (one, chance, _), question in zip(made, placed, strict=True):
        check_question(f"chapter {chapter.number} {question['id']}", question)
        told = json.dumps(question, ensure_ascii=False, sort_keys=True)
        mark = hashlib.sha256(told.encode()).hexdigest()[
            :6
        ]  # of the question, so that no seed shows
        item = Item(
            f"B{chapter.number}-{question['id']}-{mark}", question, one.level, named[one.fact]
        )
        found.append(Drawn(item, one, chance.noted))
    return found
