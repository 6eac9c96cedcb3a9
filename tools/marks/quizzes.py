"""Answers to a quiz, marked from the answers: never from what a file says was right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from kefu.demos.quiz import LETTERS, Question

LONGEST = 200


@dataclass(frozen=True)
class Answered:
    """A question with what a student answered: in words, whether it is right, what there is to say.

    ``given`` is None where there is no answer.
    """

    ask: str
    given: str | None
    right: bool
    why: tuple[str, ...]


def number(typed: str, unit: str = "") -> float | None:
    """Return a typed number as ``number.js`` reads it, None for what it refuses.

    >>> number("１,２００元", "元"), number("1,5"), number("3²")
    (1200.0, None, None)
    """
    if len(typed) > LONGEST or re.search("[¹²³⁰⁴-⁹₀-₉]", typed):
        return None
    text = re.sub(r"[\s\ufeff]", "", unicodedata.normalize("NFKC", typed))
    text = re.sub("[−–—]", "-", text).replace("。", ".").removesuffix(".")
    own = re.sub(r"\s", "", unicodedata.normalize("NFKC", unit))
    text = text.removesuffix(own) if own else text
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        text = text.replace(",", "")
    return float(text) if re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)", text) else None


def _choice(question: Question, answer: Any) -> Answered | None:
    options = question["options"]
    if not isinstance(answer, list) or not all(
        type(place) is int and 0 <= place < len(options) for place in answer
    ):
        return None
    chosen = sorted({*answer})
    if not chosen or (question["kind"] == "single" and len(chosen) > 1):
        return None
    right = all(option["right"] == (place in chosen) for place, option in enumerate(options))
    told = "；".join(f"{LETTERS[place]}. {options[place]['text']}" for place in chosen)
    why = tuple(
        f"{'✓' if options[p]['right'] else '✗'} {LETTERS[p]}. {options[p]['why']}" for p in chosen
    )
    left = sum(option["right"] and place not in chosen for place, option in enumerate(options))
    more = (f"还有{left}项该选。",) if left and question["kind"] == "multiple" else ()
    return Answered(question["ask"], told, right, why + more)


def _amount(question: Question, answer: Any) -> Answered | None:
    if not isinstance(answer, str):
        return None

    def near(value: float | None, wanted: float) -> bool:
        return value is not None and abs(value - wanted) <= question["tolerance"] + 1e-9

    value = number(answer, question["unit"])
    right = near(value, question["answer"])
    traps = [trap["why"] for trap in question.get("traps", []) if near(value, trap["value"])]
    why = question["why"] if right or not traps else traps[0]
    return Answered(question["ask"], answer[:LONGEST], right, (why,))


def _order(question: Question, answer: Any) -> Answered | None:
    items = question["items"]
    if not isinstance(answer, list) or not all(type(place) is int for place in answer):
        return None
    if sorted(answer) != list(range(len(items))):
        return None
    told = " → ".join(items[place] for place in answer)
    return Answered(question["ask"], told, answer == list(range(len(items))), (question["why"],))


KINDS = {"single": _choice, "multiple": _choice, "number": _amount, "order": _order}


def mark(question: Question, answer: Any) -> Answered:
    """Return a question with a student's answer; one of no known form is none."""
    made = KINDS[question["kind"]](question, answer) if answer is not None else None
    return made or Answered(question["ask"], None, False, ())
