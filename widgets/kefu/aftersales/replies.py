"""Public replies to reviews: six steps and six faults, heard by their words.

Whoever reads a reply is mostly not the one who wrote the review: later buyers do. The six steps and the
six faults are this book's (本书整理); what an agent may not say anywhere is `kefu.talk.lint`'s. Rules of
words, which do not know whether what is said is true or will be done.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from kefu.errors import expected
from kefu.talk import Finding, lint

ReplyStep = Literal[
    "称呼、道谢", "点出那件事", "认该认的", "一句事实", "做了什么，哪天", "哪里找、说给后来人"
]
STEPS: tuple[ReplyStep, ...] = get_args(ReplyStep)
ReplyFault = Literal["泄露隐私", "反唇相讥", "指人是差评师", "复制粘贴", "许返现", "只写已处理"]
FAULTS: tuple[ReplyFault, ...] = get_args(ReplyFault)
LONGEST = 80
"""Characters of a reply: more is folded away under a review."""
ALIKE = 0.8
"""From this likeness on two replies are one, pasted."""

TOLD = tomllib.loads(Path(__file__).with_name("replies.toml").read_text(encoding="utf-8"))
STEP_WORDS = {one["name"]: tuple(map(re.compile, one["words"])) for one in TOLD["step"]}
FAULT_WORDS = {one["name"]: re.compile(one.get("words", "(?!)")) for one in TOLD["fault"]}
WHY = {one["name"]: one["why"] for one in (*TOLD["step"], *TOLD["fault"])}
PASTED, BLAMED, EMPTY = "复制粘贴", "反唇相讥", "只写已处理"


@dataclass(frozen=True)
class Occasion:
    """A review to be answered: ``about`` is a pattern of the words in which the thing itself is said.

    ``shop`` is what the shop had written, ``boss`` what the owner would, ``model`` a good one.
    ``earlier`` are other replies of the shop, against which pasting is heard.
    """

    name: str
    review: str
    stars: int
    text: str
    about: str
    shop: str
    boss: str
    model: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lamp:
    """One of the twelve: ``on`` for a step that is there, or a fault that is; its words, and why it counts."""

    name: str
    on: bool
    words: str
    why: str


@dataclass(frozen=True)
class ReplyReading:
    """A reply as it was heard: its ``steps``, its ``faults``, what `lint` hears anywhere, its length."""

    steps: tuple[Lamp, ...]
    faults: tuple[Lamp, ...]
    heard: tuple[Finding, ...]
    size: int

    @property
    def good(self) -> bool:
        """Whether all six steps are there, no fault, and it is short enough."""
        return (
            all(one.on for one in self.steps)
            and not any(one.on for one in self.faults)
            and self.size <= LONGEST
        )


@cache
def occasions() -> tuple[Occasion, ...]:
    """Return the reviews to be answered, of last year's shop: ``replies.toml``, by hand."""
    return tuple(
        Occasion(**{**one, "earlier": tuple(one.get("earlier", ()))}) for one in TOLD["occasion"]
    )


def read_reply(text: str, occasion: Occasion) -> ReplyReading:
    """Return which of the six steps and the six faults a reply to a review has.

    Raises ``TypeError`` for anything but text.

    >>> found = read_reply("亲，已处理", occasions()[0])
    >>> [one.name for one in found.faults if one.on], any(one.on for one in found.steps)
    (['只写已处理'], False)
    """
    if not isinstance(text, str):
        raise TypeError(expected("text", "a text", "一段文字", text))
    said = text.strip()
    heard = tuple(one for one in lint(said) if one.kind != "太长")
    return ReplyReading(
        tuple(_steps(said, occasion)), tuple(_faults(said, occasion, heard)), heard, len(said)
    )


def _steps(said: str, occasion: Occasion) -> Iterator[Lamp]:
    bare = bool(FAULT_WORDS[EMPTY].search(said))
    for name in STEPS:
        patterns = STEP_WORDS[name] or (re.compile(occasion.about),)
        hits = [pattern.search(said) for pattern in patterns]
        words = "……".join(hit[0] for hit in hits if hit)
        yield Lamp(name, all(hits) and not bare, words, WHY[name])


def _faults(said: str, occasion: Occasion, heard: Sequence[Finding]) -> Iterator[Lamp]:
    for name in FAULTS:
        hit = FAULT_WORDS[name].search(said)
        words = hit[0] if hit else ""
        if name == BLAMED and not words:
            words = next((one.words for one in heard if one.kind == "推责"), "")
        if name == PASTED:
            alike = [(likeness(said, one), one) for one in occasion.earlier]
            like, one = max(alike, default=(0.0, ""))
            words = one if like >= ALIKE else ""
        yield Lamp(name, bool(words), words, WHY[name])


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1 (what they share in order, over their length).

    >>> likeness("亲，已处理", "亲，已处理")
    1.0
    """
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
