"""Sentences to sort into three heaps: what an agent may say, should say otherwise, must not say.

能说: as it is. 换个说法: what is meant is right, the words are not. 不能说: the thing itself must not be
done, however it is said. The sentences are ``sayings.toml``, by hand; a rule is one of ``kefu.rules``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from kefu import rules
from kefu.tasks import deal

Heap = Literal["能说", "换个说法", "不能说"]
HEAPS: tuple[Heap, ...] = get_args(Heap)
POINTS = "三要点"
"""What stands in place of a rule's number where a sentence goes by the three points of the chapter."""
POINTS_TEXT = "理性对待买家的问题，礼貌接待，多揣摩买家的心理"


@dataclass(frozen=True)
class Saying:
    """A sentence, what the customer said before it, its heap and why, and what to say instead."""

    kind: str
    asked: str
    text: str
    heap: Heap
    rule: str
    why: str
    better: str
    more: bool = False

    @property
    def rule_title(self) -> str:
        """Return the rule's title."""
        return POINTS if self.rule == POINTS else rules.rule(self.rule).title

    @property
    def rule_text(self) -> str:
        """Return what the rule says."""
        return POINTS_TEXT if self.rule == POINTS else rules.rule(self.rule).text


@cache
def sayings() -> tuple[Saying, ...]:
    """Return all sentences, the first twenty and those that are kept for more practice."""
    file = Path(__file__).with_name("sayings.toml")
    told = tomllib.loads(file.read_text(encoding="utf-8"))["saying"]
    return tuple(Saying(**one) for one in told)


def dealt(answers: Iterable[tuple[int, str]]) -> tuple[Saying, ...]:
    """Return the sentences to sort, after (place, heap) answers in the order in which they were given.

    Each third mistake adds two more of the kind that went wrong most so far, the later of equals, as
    long as there are any. An answer that is no heap, such as none in time, is a mistake. Raises
    ``ValueError`` for a place where no sentence lies yet.

    >>> len(dealt([])), len(dealt([(0, "能说"), (5, "能说"), (13, "能说")]))
    (20, 22)
    """
    return deal(sayings(), answers, lambda one, heap: heap == one.heap)
