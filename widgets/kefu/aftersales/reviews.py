"""Reviews: what a bad one is about, how much a rate is worth, who may be extorting, and at what odds.

Three questions that a shop confuses. `cause` reads words and says which; `favourable_rate` counts, and
says how little a few reviews prove; `extortion_risk` weighs signs by Bayes' rule. None of them knows
whether a complaint is true: that is in the order, the parcel, the batch and the chat.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING
from fractions import Fraction
from pathlib import Path
from typing import Literal

from kefu import kpis
from kefu.amounts import Number, count, exact
from kefu.errors import expected, need
from kefu.stats import chained, wilson

Name = Literal["质量", "色差", "描述不符", "物流", "服务", "尺码", "误会", "看不出"]
UNKNOWN: Name = "看不出"

# What a review is about

TOLD = tomllib.loads(Path(__file__).with_name("reviews.toml").read_text(encoding="utf-8"))
SIGNS: dict[Name, tuple[tuple[int, re.Pattern[str]], ...]] = {
    name: tuple((weight, re.compile(pattern)) for weight, pattern in signs)
    for name, signs in TOLD["signs"].items()
}
"""What a buyer writes of each cause: (weight, pattern), from ``reviews.toml``, by hand."""
EXCUSED = re.compile(TOLD["left_out"]["excused"])
"""What is said in passing that something is *not* wrong; it is no sign."""
FIGURES = re.compile(TOLD["left_out"]["figures"])
"""Figures, in which sentences of one family differ."""


@dataclass(frozen=True)
class Cause:
    """What a review seems to be about: its ``name``, the ``words`` that it rests on, their ``score``.

    ``others`` are the causes for which something speaks too, with their scores, from high to low: a
    close second means that a person should look. ``看不出`` where no word speaks for any.
    """

    name: Name
    words: tuple[str, ...] = ()
    score: int = 0
    others: tuple[tuple[Name, int], ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it leads by more than one: else read the review again."""
        return self.score - max((score for _, score in self.others), default=0) > 1


def cause(text: str) -> Cause:
    """Return what a review is about and the words that say so; rules of words, no model of sense.

    Each pattern of `SIGNS` counts once with its weight. It cannot tell malice: an extortionist writes
    what an honest buyer writes. Raises ``TypeError`` for anything but text.

    >>> cause("打底裤洗一次就脱线，一分价钱一分货")
    Cause(name='质量', words=('脱线', '一分价钱一分货'), score=3, others=())
    >>> cause("好").name
    '看不出'
    """
    if not isinstance(text, str):
        raise TypeError(expected("text", "a text", "一段文字", text))
    said = EXCUSED.sub("", text)
    found: dict[Name, tuple[int, tuple[str, ...]]] = {}
    for name, signs in SIGNS.items():
        hits = [(weight, hit[0]) for weight, pattern in signs if (hit := pattern.search(said))]
        if hits:
            found[name] = sum(weight for weight, _ in hits), tuple(words for _, words in hits)
    if not found:
        return Cause(UNKNOWN)
    ranked = sorted(found, key=lambda name: -found[name][0])  # of equals the first of SIGNS
    score, words = found[ranked[0]]
    return Cause(ranked[0], words, score, tuple((name, found[name][0]) for name in ranked[1:]))


def families(texts: Sequence[str], shared: int = 5) -> list[int]:
    """Return a number for each text, the same for those that are made by one pattern.

    Two texts are of a family if one clause of each has ``shared`` characters in a row in common,
    figures left out, or if a chain of such texts joins them. Marks from texts of one family are not
    apart: who learns from one knows the other. Raises ``ValueError`` unless ``shared`` >= 2.

    >>> families(["快递太慢，等了八天才到", "物流一动不动", "快递真慢，等了十天才到手"], 4)
    [0, 1, 0]
    """
    need(
        "shared",
        isinstance(shared, int) and shared >= 2,
        "a whole number >= 2",
        "不小于2的整数",
        shared,
    )
    first: dict[str, int] = {}
    pairs = [
        (at, first.setdefault(clause[start : start + shared], at))
        for at, text in enumerate(texts)
        for clause in re.split(r"[，。！？；,.!?;\s]", FIGURES.sub("", text))
        for start in range(len(clause) - shared + 1)
    ]
    joined = enumerate(chained(range(len(texts)), pairs))
    number = {at: family for family, places in joined for at in places}
    return [number[at] for at in range(len(texts))]


# What a rate is worth


@dataclass(frozen=True)
class Favourable:
    """How many of ``n`` reviews have 4 or 5 stars, and how low the rate may be in truth.

    ``low`` is the lower bound of Wilson's 95 % interval: shops and goods are ranked by it, so that two
    good reviews do not stand above ninety of a hundred. ``high`` is its upper end.
    """

    good: int
    n: int
    rate: float
    low: float
    high: float


def favourable_rate(stars: Iterable[int]) -> Favourable:
    """Return the favourable rate of these reviews with its interval.

    Raises ``ValueError`` for stars outside 1 to 5 and where there is no review.

    >>> found = favourable_rate([5] * 90 + [1] * 10)
    >>> found.rate, round(found.low, 3)
    (0.9, 0.826)
    """
    votes = list(stars)
    rate = kpis.favourable_rate(votes)
    good = sum(star > 3 for star in votes)
    return Favourable(good, len(votes), rate, *wilson(good, len(votes)))


def covers(score: Number, star: int = 1) -> int:
    """Return how many reviews of five stars make up for one of ``star`` at a mean of ``score``.

    So many that the mean is ``score`` again: (score − star) ÷ (5 − score), rounded up. How many
    reviews the shop has does not matter. Raises ``ValueError`` unless ``star`` < ``score`` < 5.

    >>> covers("4.9"), covers("4.5"), covers("4.9", 3)
    (39, 7, 19)
    """
    mean = exact(score, "score")
    need("star", star in range(1, 5), "1, 2, 3 or 4", "1、2、3或4", star)
    need("score", star < mean < 5, f"a mean between {star} and 5", f"{star}到5之间的平均分", score)
    return int(((mean - star) / (5 - mean)).to_integral_value(ROUND_CEILING))


def to_reach(good: int, n: int, gate: float) -> int:
    """Return how many good reviews in a row bring ``good`` of ``n`` to a rate of ``gate``; 0: it is there.

    Raises ``ValueError`` unless ``good`` <= ``n`` and 0 < ``gate`` < 1.

    >>> to_reach(90, 100, 0.95)
    100
    """
    good, n = count(good, "good"), count(n, "n")
    need("good", good <= n, f"at most {n}", f"不大于{n}的数", good)
    need("gate", 0 < gate < 1, "a share between 0 and 1", "0到1之间的比例", gate)
    share = Fraction(str(gate))
    lacking = (share * n - good) / (1 - share)
    return max(-(-lacking.numerator // lacking.denominator), 0)


# Who may be extorting


@dataclass(frozen=True)
class Sign:
    """Something that is seen of a writer: how often it is of extortionists, and of honest people in a fury.

    ``said`` holds for what he says in the heat; else it is on record. Both shares are assumptions of
    this book (本书的假设), for no shop counts them.
    """

    name: str
    wicked: float
    honest: float
    said: bool

    def ratio(self, seen: bool) -> float:
        """Return the likelihood ratio: how much more often it is so of extortionists."""
        return self.wicked / self.honest if seen else (1 - self.wicked) / (1 - self.honest)


EVERY_SIGN: dict[str, Sign] = {
    one.name: one
    for one in (
        Sign("百般挑剔", 0.80, 0.40, said=True),
        Sign("不给照片", 0.90, 0.30, said=True),
        Sign("不配合，反说卖家逃责", 0.80, 0.20, said=True),
        Sign("要求站外沟通", 0.90, 0.10, said=True),
        Sign("索赔远超货款", 0.90, 0.10, said=True),
        Sign("说的事查得到", 0.05, 0.80, said=False),
        Sign("后来肯补照片、肯退货", 0.05, 0.70, said=False),
        Sign("单单低星、次次索赔", 0.70, 0.02, said=False),
    )
}
"""The five of the source first, then what the shop's own records say."""
FIVE = tuple(name for name, sign in EVERY_SIGN.items() if sign.said)
BASE_RATE = 0.01
"""Of a hundred who write bad reviews about one extorts: this shop's year has 2 among about 230."""
OVERLAP = 0.5
"""How much the five say the same: whoever is furious does several of them at once."""


@dataclass(frozen=True)
class Weighed:
    """A sign as it was weighed: its ``ratio`` as it counted, and the probability ``after`` it."""

    name: str
    seen: bool
    ratio: float
    after: float


@dataclass(frozen=True)
class Risk:
    """How likely a writer is to extort, from ``base_rate`` over each of the ``steps``."""

    base_rate: float
    steps: tuple[Weighed, ...]

    @property
    def probability(self) -> float:
        """The probability after all that was seen."""
        return self.steps[-1].after if self.steps else self.base_rate


def extortion_risk(
    signals: Mapping[str, bool] | Iterable[str],
    base_rate: float = BASE_RATE,
    *,
    overlap: float = OVERLAP,
) -> Risk:
    """Return how likely a bad review's writer is to be an extortionist, sign by sign (Bayes' rule).

    ``signals`` are the names of `EVERY_SIGN` that were seen, or a mapping that says of each whether it
    was: what nobody looked at is left out, and says nothing. Odds = odds of ``base_rate`` × the ratios.
    The five signs of speech are not apart from one another: after the strongest each counts with the
    power 1 − ``overlap`` only (0: as if they were apart; 1: the strongest alone). It is an estimate for
    where to look next, no proof. Raises ``ValueError`` for an unknown sign, a ``base_rate`` not between
    0 and 1, an ``overlap`` outside 0 to 1.

    >>> round(extortion_risk(FIVE).probability, 2), round(extortion_risk(FIVE, overlap=0).probability, 2)
    (0.57, 0.95)
    """
    need("base_rate", 0 < base_rate < 1, "a share between 0 and 1", "0到1之间的比例", base_rate)
    need("overlap", 0 <= overlap <= 1, "a share from 0 to 1", "从0到1的比例", overlap)
    seen = dict(signals) if isinstance(signals, Mapping) else dict.fromkeys(signals, True)
    for name in seen:
        names = "、".join(EVERY_SIGN)
        need("signals", name in EVERY_SIGN, f"some of {names}", f"这些里的几个：{names}", name)
    return Risk(base_rate, tuple(_weighed(seen, base_rate, overlap)))


def _weighed(seen: Mapping[str, bool], base_rate: float, overlap: float) -> Iterator[Weighed]:
    odds = base_rate / (1 - base_rate)
    heat = {name: EVERY_SIGN[name].ratio(seen[name]) for name in seen if EVERY_SIGN[name].said}
    strongest = max((name for name in heat if seen[name]), key=lambda name: heat[name], default="")
    for name, here in seen.items():
        ratio = EVERY_SIGN[name].ratio(here)
        if name in heat and here and name != strongest:
            ratio **= 1 - overlap
        odds *= ratio
        yield Weighed(name, here, ratio, odds / (1 + odds))
