"""How a question of the bank is drawn: chance from the seed alone, and the four kinds put together.

A template is a function of a `Draw` that returns a question; ``of`` says which fact it asks and how
hard it is. What it draws it notes, so that a test can work the answer out in another way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from kefu import data
from kefu.demos.quiz import Question
from tools.questions.items import Level, plain

T = TypeVar("T")
Value = int | float | Decimal | Fraction
Reason = tuple[str, str]
Statement = tuple[str, bool, str]
PEOPLE = (
    "橘子汽水",
    "北岸",
    "阿树",
    "半糖",
    "老陈",
    "小鹿",
    "晚晚",
    "木棉",
    "一尾鱼",
    "旧书摊",
    "木木",
)
"""The customers of the book."""


@dataclass
class Draw:
    """Chance of one template under one seed; ``noted`` holds what was drawn, by name."""

    seed: str
    noted: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed).random  # of all of Random, this alone never changes

    def between(self, low: int, high: int, step: int = 1) -> int:
        """Return a whole number from ``low`` to ``high``, both included, in steps."""
        return low + step * int(self._random() * ((high - low) // step + 1))

    def of(self, choices: Sequence[T]) -> T:
        """Return one of some choices."""
        return choices[int(self._random() * len(choices))]

    def mixed(self, things: Sequence[T]) -> list[T]:
        """Return all of some things in a drawn order."""
        left, drawn = list(things), []
        while left:
            drawn.append(left.pop(int(self._random() * len(left))))
        return drawn

    def some(self, things: Sequence[T], count: int) -> list[T]:
        """Return some of the things, in their own order."""
        kept = set(self.mixed(range(len(things)))[:count])
        return [one for place, one in enumerate(things) if place in kept]

    def person(self) -> str:
        """Return a customer of the book."""
        return self.of(PEOPLE)

    def note(self, **drawn: Any) -> None:
        """Note what was drawn, for who works it out again."""
        self.noted.update(drawn)


Template = Callable[[Draw], Question]


@dataclass(frozen=True)
class Asking:
    """A template with the fact that it asks and how hard it is."""

    name: str
    make: Template
    fact: str
    level: Level


def of(fact: str, level: Level) -> Callable[[Template], Template]:
    """Mark a template: the fact of its chapter's list, and how hard it is."""

    def marked(make: Template) -> Template:
        make.asking = Asking(make.__name__.replace("_", "-"), make, fact, level)  # type: ignore[attr-defined]
        return make

    return marked


def templates(module: object) -> list[Asking]:
    """Return the templates of a module in the order in which they are written."""
    return [make.asking for make in vars(module).values() if hasattr(make, "asking")]


def said(value: Value, digits: int = 2) -> str:
    """Return a number as it is printed: at most so many digits behind the point, no needless zeros.

    >>> said(Decimal("18.00")), said(2.345, 1), said(-2), said(-0.0)
    ('18', '2.3', '−2', '0')
    """
    return plain(number_of(value, digits)).replace("-", "−")


def number_of(value: Value, digits: int = 2) -> int | float:
    """Return a value as a number of the quiz's form: whole where it is whole.

    >>> number_of(Decimal("4.00")), number_of(Fraction(1, 3), 3)
    (4, 0.333)
    """
    found = round(float(value), digits)
    return int(found) if found == int(found) else found


def percent(value: Value, digits: int = 1) -> str:
    """Return a share as it is printed in per cent, without the sign.

    >>> percent(Fraction(7, 8))
    '87.5'
    """
    return said(100 * float(value), digits)


def goods(*names: str) -> dict[str, Decimal]:
    """Return the book's goods with their prices, all or those named."""
    found: dict[str, Decimal] = {}
    for row in data.rows("products"):
        found.setdefault(row["title"], Decimal(row["price"]))
    return {name: found[name] for name in names} if names else found


def single(d: Draw, ask: str, right: Reason, wrong: Sequence[Reason], most: int = 4) -> Question:
    """Return a question with one right option; wrong ones that say the same as others are left out."""
    options, seen = [{"text": right[0], "right": True, "why": right[1]}], {right[0]}
    for text, why in d.mixed(wrong):
        if text not in seen and len(options) < most:
            seen.add(text)
            options.append({"text": text, "right": False, "why": why})
    return {"kind": "single", "ask": ask, "options": d.mixed(options)}


def which(
    d: Draw, ask: str, cases: Sequence[tuple[str, str, str]], kinds: Mapping[str, str], most: int = 4
) -> Question:  # fmt: skip
    """Return a question which kind a case is of: ``cases`` are (case, kind, why), ``kinds`` what each is."""
    case, kind, why = d.of(cases)
    others = [(name, told) for name, told in kinds.items() if name != kind]
    return single(d, ask.format(case), (kind, why), others, most)


def multiple(d: Draw, ask: str, pool: Sequence[Statement], most: int = 5) -> Question:
    """Return a question of which several hold: some of the statements, right and wrong ones among them."""
    true = [one for one in d.mixed(pool) if one[1]]
    false = [one for one in d.mixed(pool) if not one[1]]
    right = d.between(max(2, most - len(false)), min(most - 2, len(true)))
    kept = d.mixed([*true[:right], *false[: most - right]])
    return {"kind": "multiple", "ask": ask,
            "options": [{"text": text, "right": so, "why": why} for text, so, why in kept]}  # fmt: skip


def number(
    ask: str, answer: Value, unit: str, why: str, traps: Sequence[tuple[Value, str]],
    tolerance: float = 0, digits: int = 2,
) -> Question:  # fmt: skip
    """Return a question for a number; usual mistakes that happen to be right, or alike, are left out."""
    wanted = number_of(answer, digits)
    kept: list[dict[str, Any]] = []
    for value, reason in traps:
        trap = number_of(value, digits)
        if all(abs(trap - other) > 2 * tolerance + 1e-9
               for other in (wanted, *(one["value"] for one in kept))):  # fmt: skip
            kept.append({"value": trap, "why": reason})
    return {"kind": "number", "ask": ask, "answer": wanted, "tolerance": tolerance, "unit": unit,
            "why": why, "traps": kept}  # fmt: skip


def order(d: Draw, ask: str, steps: Sequence[str], why: str, count: int = 5) -> Question:
    """Return a question of an order: some of the steps, as they follow one another."""
    return {"kind": "order", "ask": ask, "items": d.some(steps, min(count, len(steps))), "why": why}
