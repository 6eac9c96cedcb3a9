"""Questions as platforms want them: with a number, a point of knowledge and how hard they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from kefu.demos import quiz
from kefu.demos.quiz import LETTERS, Question, shuffled
from web import book

Level = Literal["易", "中", "难"]
LEVELS: tuple[Level, ...] = get_args(Level)
KINDS = {"single": "单选题", "multiple": "多选题", "number": "填空题", "order": "排序题"}
"""What each kind of question is called on the platforms."""
COUNTED = re.compile("^[一二三四五六七八九十]+、")
AGAIN = "再算一遍，留心每一步用的是哪个数。"
"""What a wrong number is told that is none of the usual ones, as in ``quiz.js``."""


@dataclass(frozen=True)
class Item:
    """A question of a chapter: its number stays when it is reworded, its ``point`` is a fact's."""

    number: str
    question: Question
    level: Level
    point: str

    @property
    def kind(self) -> str:
        """What its kind is called, such as 单选题."""
        return KINDS[self.question["kind"]]

    @property
    def right(self) -> str:
        """Why the right answer is right, in one text."""
        told = self.question
        if "options" not in told:
            return str(told["why"])
        return "".join(f"“{one['text']}”：{one['why']}" for one in told["options"] if one["right"])


def level_of(question: Question) -> Level:
    """Return how hard a question is by its form: nobody has measured it on students.

    One of a few options is easy; several of five or six, an order of six and a number with four usual
    mistakes or more are hard.

    >>> level_of({"kind": "single"}), level_of({"kind": "order", "items": "abcdef"})
    ('易', '难')
    """
    if question["kind"] == "single":
        return "易"
    many = {"multiple": ("options", 5), "number": ("traps", 4), "order": ("items", 6)}
    field, hard = many[question["kind"]]
    return "难" if len(question.get(field, ())) >= hard else "中"


def _listed(told: Any) -> list[str]:
    return told if isinstance(told, list) else [told] if told else []


def points(chapter: book.Chapter) -> dict[str, str]:
    """Return the points of knowledge of a chapter by its facts' numbers: number and section.

    >>> points(book.chapter("02"))["02-05"]
    '02-05 首重与续重'
    """
    facts = chapter.told()["facts"]
    sections = {
        n: (_listed(fact.get("section")) or [chapter.title])[0] for n, fact in facts.items()
    }
    return {number: f"{number} {COUNTED.sub('', name)}" for number, name in sections.items()}


def items(chapter: book.Chapter) -> list[Item]:
    """Return a chapter's questions; a point is that of the first fact that names the question."""
    facts, named = chapter.told()["facts"], points(chapter)
    found = []
    for question in quiz(chapter.quiz).questions:
        said = [*_texts(question)]
        own = [
            number
            for number, fact in facts.items()
            if any(words in text for words in _listed(fact.get("question")) for text in said)
        ]
        point = named[own[0]] if own else f"{chapter.number} {chapter.title}"
        found.append(
            Item(f"{chapter.number}-{question['id']}", question, level_of(question), point)
        )
    return found


def _texts(question: Question) -> list[str]:
    return [question["ask"], *(one["text"] for one in question.get("options", ())),
            *question.get("items", ())]  # fmt: skip


def lettered(question: Question) -> list[tuple[str, Any]]:
    """Return a question's options, or its items as they are shown, with their letters."""
    shown = question["options"] if "options" in question else shuffled(question)
    return list(zip(LETTERS, shown, strict=False))


def plain(value: float) -> str:
    """Return a number as it is typed: no exponent, no needless zeros.

    >>> plain(30), plain(87.50), plain(0.00001)
    ('30', '87.5', '0.00001')
    """
    return f"{value:.10f}".rstrip("0").rstrip(".")
