"""Which of a turn's options a typed line means, and how sure that is.

The model of the book's third bot, n-grams weighted by TF-IDF and compared by cosine, which hears words
alone; here what a line does counts too (``lint.acts``): a promise in other words is a promise still.
``python -m datasets.measure_lint`` measures it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import sqrt
from statistics import fmean
from typing import Protocol

from kefu.language import Nearest, normal
from kefu.talk.lint import acts, denied

NEAREST = 3
"""How many ways to say an option count: the nearest."""
WEIGHT = 0.25
"""What an act that both lines share counts, where all their words together count 1."""
THRESHOLD = 0.25
"""The least score of a match that is sure."""
WORDS = 0.15
"""The least cosine with one way to say it: 稍等，我看看 puts off, but that alone means no option."""
MARGIN = 0.07
"""The least lead of its score over the next intent's. All were chosen on the turns marked 调试."""


GIVES = "赔退补送减付返免贴垫换"
"""What a shop does for a customer, or refuses to."""
NOT, AGAIN, CLOSED, TO_HIM = "不", "再{0,1}", "给{0,1}不[了起]", "[给帮]?[您你]?"
MAY, WHO, UNABLE = "能|会|可能|该|应该|给|肯|可以", "我们|我|店里|再", "没法|无法|没办法"
REFUSES = re.compile(
    f"(?P<ahead>.?){NOT}(?:{MAY})?(?:{WHO})?{TO_HIM}(?P<what>[{GIVES}])"
    f"|(?:{UNABLE}){AGAIN}{TO_HIM}(?P<how>[{GIVES}])"
    f"|(?P<closed>[{GIVES}]){CLOSED}"
)


class Sayable(Protocol):
    """What can be meant: a name for it, and ways to say it."""

    @property
    def intent(self) -> str:
        """Its name."""

    @property
    def say(self) -> str:
        """How the script says it."""

    @property
    def like(self) -> Sequence[str]:
        """Other ways to say it."""


@dataclass(frozen=True)
class Match:
    """What a line was taken for (None: nothing like it), whether that is sure, the score from 0 to 1."""

    intent: str | None
    sure: bool
    score: float


def counted(text: str) -> Mapping[str, int]:
    """Return how often a line has each character and each pair of them; a denied pair counts below zero.

    >>> counted("不转微信") == {"不": 1, "转": 1, "微": 1, "信": 1, "不转": 1, "转微": -1, "微信": -1}
    True
    """
    said = denied(text)
    counts = Counter(character for character, _ in said)
    for (one, no), (other, nor) in pairwise(said):
        counts[one + other] += -1 if no and nor else 1
    return counts


def refused(text: str) -> frozenset[str]:
    """Return what a line refuses of all that a shop can do for a customer; 退不退 refuses nothing.

    >>> sorted(refused("20元不能补您，也退不了")), refused("退不退由您")
    (['补', '退'], frozenset())
    """
    found = REFUSES.finditer(normal(text))
    return frozenset(
        one["what"] or one["how"] or one["closed"]
        for one in found
        if not one["what"] or one["ahead"] != one["what"]
    )


class Matcher:
    """Compares a line with every way to say each option."""

    def __init__(self, options: Sequence[Sayable]) -> None:
        ways = [(one.intent, text) for one in options for text in (one.say, *one.like)]
        self.intents = [intent for intent, _ in ways]
        self.acts = [acts(text) for _, text in ways]
        self.known = {normal(text): intent for intent, text in ways}
        self.near = Nearest([text for _, text in ways], read=counted)
        self.gives: defaultdict[str, set[str]] = defaultdict(set)
        for intent, text in ways:
            self.gives[intent] |= {one for one in GIVES if one in text}
        for intent, text in ways:
            self.gives[intent] -= refused(text)

    def match(self, text: str) -> Match:
        """Return the intent that is nearest to a line; raises ``TypeError`` for anything but text."""
        plain, done = normal(text), acts(text)
        if plain in self.known:
            return Match(self.known[plain], True, 1.0)
        scores: defaultdict[str, list[float]] = defaultdict(list)
        nearest: dict[str, float] = {}
        for cosine, place in self.near.similar(self.near.weights(text), len(self.intents)):
            other = self.acts[place]
            nearest.setdefault(self.intents[place], cosine)
            both = sqrt((1 + WEIGHT * len(done)) * (1 + WEIGHT * len(other)))
            scores[self.intents[place]].append((cosine + WEIGHT * len(done & other)) / both)
        best = nlargest(
            2, ((fmean(nlargest(NEAREST, found)), intent) for intent, found in scores.items())
        )
        if not best:
            return Match(None, False, 0.0)
        score, intent = max(best[0][0], 0.0), best[0][1]
        margin = score - best[1][0] if len(best) > 1 else score
        sure = score >= THRESHOLD and margin >= MARGIN and nearest[intent] >= WORDS
        if refused(text) & self.gives[intent]:
            sure = (
                False  # who refuses says the words of the line that grants, and means the reverse
            )
        return Match(intent, sure, score)
