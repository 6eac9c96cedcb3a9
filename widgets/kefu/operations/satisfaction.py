"""Satisfaction: experience against expectation in two models, Kano's classes, measured figures.

Experience, expectation, benefits and costs are numbers >= 0 in one unit of the reader's choice
(points, yuan, days saved); both models need that unit to be the same on both sides. The models
are definitions, not measurements: what surveys say about them is another matter, see the chapter.
CSAT and NPS are in `kefu.kpis`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import floor, fsum, isclose
from random import Random
from typing import TypeVar

from kefu.amounts import Number, count, exact
from kefu.errors import expected

# The two models


def gap(experience: Number, expectation: Number) -> Decimal:
    """Return experience - expectation, in their unit: the difference model (CRM三角定律).

    Above 0 is a surprise, 0 as expected, below 0 a disappointment. Raises ``ValueError`` or
    ``TypeError``.

    >>> gap(90, 100), gap(9, 10)
    (Decimal('-10'), Decimal('-1'))
    """
    return exact(experience, "experience") - exact(expectation, "expectation")


def ratio(experience: Number, expectation: Number) -> Decimal:
    """Return experience / expectation, without unit: the ratio model (比值模型).

    The same formula, turned round, gives 期望值 = 实际感受 / 满意度. Above 1 is a surprise, 1 as
    expected, below 1 a disappointment. Raises ``ValueError`` or ``TypeError``, for an expectation
    of 0 too.

    >>> ratio(90, 100), ratio(9, 10)
    (Decimal('0.9'), Decimal('0.9'))
    """
    return exact(experience, "experience") / exact(expectation, "expectation", positive=True)


class Verdict(StrEnum):
    """What both models say of one customer, for they always agree on it."""

    ABOVE = "超出期望"
    MET = "符合期望"
    BELOW = "低于期望"


def verdict(experience: Number, expectation: Number) -> Verdict:
    """Return the verdict; gap > 0 where, and only where, ratio > 1.

    >>> print(verdict(90, 100), verdict(9, 9), verdict(10, 9))
    低于期望 符合期望 超出期望
    """
    difference = gap(experience, expectation)
    if not difference:
        return Verdict.MET
    return Verdict.ABOVE if difference > 0 else Verdict.BELOW


@dataclass(frozen=True, init=False)
class Customer:
    """One customer's experience and expectation (> 0, so that both models apply)."""

    experience: Decimal
    expectation: Decimal

    def __init__(self, experience: Number, expectation: Number) -> None:
        object.__setattr__(self, "experience", exact(experience, "experience"))
        object.__setattr__(self, "expectation", exact(expectation, "expectation", positive=True))


@dataclass(frozen=True)
class Ranking:
    """How two customers compare: 1 the first is better off, -1 the second, 0 a tie."""

    by_gap: int
    by_ratio: int

    @property
    def agree(self) -> bool:
        """Whether both models put the two in the same order."""
        return self.by_gap == self.by_ratio


def rank(one: Customer, other: Customer) -> Ranking:
    """Return which of two customers is the more satisfied, by each model.

    >>> rank(Customer(90, 100), Customer(9, 10))
    Ranking(by_gap=-1, by_ratio=0)
    """
    differences = gap(one.experience, one.expectation), gap(other.experience, other.expectation)
    # a/b against c/d as a*d against c*b: no division, so that equal ratios are equal
    products = one.experience * other.expectation, other.experience * one.expectation
    return Ranking(_order(*differences), _order(*products))


def _order(one: Decimal, other: Decimal) -> int:
    return (one > other) - (one < other)


def perceived_value(
    benefits: Mapping[str, Number],
    costs: Mapping[str, Number],
    weights: Mapping[str, Number] | None = None,
) -> Decimal:
    """Return what a customer feels to gain: weighted benefits less weighted costs (感知价值).

    Benefits and costs are named amounts in one unit, costs such as money, time and effort among
    them; ``weights`` says how much one customer cares (1 where a name is not among them), because
    the same offer is worth more to one than to another. Raises ``ValueError`` or ``TypeError``,
    for a weight of something that is neither benefit nor cost too.

    >>> offer = {"商品": 60, "省心": 20}, {"价钱": 50, "等待": 15}
    >>> perceived_value(*offer), perceived_value(*offer, weights={"等待": 3})
    (Decimal('15'), Decimal('-15'))
    """
    cares = {name: exact(value, f"weights[{name!r}]") for name, value in (weights or {}).items()}
    if stray := sorted(set(cares) - {*benefits, *costs}):
        raise ValueError(
            expected("weights", "names of benefits or costs", "利益或成本里有的名称", stray[0])
        )

    def total(amounts: Mapping[str, Number], argument: str) -> Decimal:
        return sum(
            (
                exact(value, f"{argument}[{name!r}]") * cares.get(name, Decimal(1))
                for name, value in amounts.items()
            ),
            Decimal(0),
        )

    return total(benefits, "benefits") - total(costs, "costs")


# Kano


ANSWERS = ("喜欢", "理应如此", "无所谓", "能忍受", "不喜欢")
"""The five answers to both questions of a Kano questionnaire, from like to dislike."""


class Kano(StrEnum):
    """The six classes of a Kano questionnaire, in the order that breaks a tie: M > O > A > I."""

    MUST_BE = "必备"
    ONE_DIMENSIONAL = "期望"
    ATTRACTIVE = "魅力"
    INDIFFERENT = "无差异"
    REVERSE = "反向"
    QUESTIONABLE = "可疑"


_LETTERS = dict(zip("MOAIRQ", Kano, strict=True))
_TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")


def kano(functional: str, dysfunctional: str) -> Kano:
    """Return the class of a service for one customer, by the usual evaluation table.

    ``functional`` answers “有它，你觉得？”, ``dysfunctional`` “没有它，你觉得？”; both are among
    ``ANSWERS``. Raises ``ValueError``. Source: Kano and others (1984); the table as in Berger and
    others (1993).

    >>> kano("理应如此", "不喜欢").value, kano("喜欢", "无所谓").value
    ('必备', '魅力')
    """
    row = _answer(functional, "functional")
    return _LETTERS[_TABLE[row][_answer(dysfunctional, "dysfunctional")]]


def _answer(text: str, argument: str) -> int:
    if text not in ANSWERS:
        raise ValueError(
            expected(argument, f"one of {ANSWERS}", f"以下之一：{'、'.join(ANSWERS)}", text)
        )
    return ANSWERS.index(text)


@dataclass(frozen=True)
class KanoProfile:
    """A service in the eyes of many: how many customers put it in each class.

    ``better`` (0 to 1) is the share that its presence would please, ``worse`` (-1 to 0) the share
    that its absence would hurt, both among the customers of the first four classes; None where
    there is none.
    """

    counts: Mapping[Kano, int]
    kind: Kano
    better: float | None
    worse: float | None


def kano_profile(answers: Iterable[tuple[str, str]]) -> KanoProfile:
    """Return the profile of one service from pairs of functional and dysfunctional answers.

    The class is the most frequent; among equals the one first in ``Kano``. better = (A+O) /
    (A+O+M+I), worse = -(O+M) / (A+O+M+I), after Berger and others (1993). Raises ``ValueError``,
    for no answers too.

    >>> profile = kano_profile([("喜欢", "无所谓"), ("喜欢", "不喜欢"), ("喜欢", "能忍受")])
    >>> profile.kind.value, profile.better, round(profile.worse, 2)
    ('魅力', 1.0, -0.33)
    """
    found = Counter(kano(*pair) for pair in answers)
    if not found:
        raise ValueError(expected("answers", "at least one pair", "至少一份回答", []))
    counts = {kind: found[kind] for kind in Kano}
    must, one, attractive, indifferent = list(counts.values())[:4]
    whole = must + one + attractive + indifferent
    return KanoProfile(
        counts,
        max(counts, key=lambda kind: counts[kind]),  # the first of equals
        (attractive + one) / whole if whole else None,
        -(one + must) / whole if whole else None,
    )


# Measured figures


def acsi(scores: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """Return an index from 0 to 100: the sum of (score - 1) x weight, / 9 x 100.

    ``scores`` are the mean answers, from 1 to 10, to the questions on satisfaction overall,
    against expectation, and against the ideal; ``weights`` sum to 1 (0.333 three times will do)
    and are equal where not given. The American Customer Satisfaction Index estimates its weights
    with a structural model and keeps them to itself, so that with ours the index is comparable
    within our shop only.
    Raises ``ValueError`` or ``TypeError``. Source: Fornell and others (1996).

    >>> round(acsi([8, 7, 6.4]), 1), round(acsi([8, 7, 6.4], [0.4, 0.35, 0.25]), 1)
    (68.1, 69.4)
    """
    given = [_between(score, f"scores[{i}]", 1, 10) for i, score in enumerate(scores)]
    if not given:
        raise ValueError(expected("scores", "at least one score", "至少一个分数", scores))
    if weights is None:
        weights = [1 / len(given)] * len(given)
    shares = [_between(weight, f"weights[{i}]", 0, 1) for i, weight in enumerate(weights)]
    whole = fsum(shares)
    if len(shares) != len(given) or not isclose(whole, 1, abs_tol=0.002):
        raise ValueError(
            expected("weights", f"{len(given)} weights that sum to 1",
                     f"{len(given)}个权重，加起来等于1", list(weights))
        )  # fmt: skip
    points = fsum((score - 1) * share for score, share in zip(given, shares, strict=True))
    return points / whole / 9 * 100


def _between(value: float, argument: str, low: float, high: float) -> float:
    number = float(exact(value, argument))
    if not low <= number <= high:
        raise ValueError(expected(argument, f"{low} to {high}", f"{low}到{high}的数", value))
    return number


# Uncertainty

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Interval:
    """An estimate with the bounds between which ``level`` of the resamples lie."""

    low: float
    estimate: float
    high: float
    level: float

    def __contains__(self, value: float) -> bool:
        """Tell whether a value lies between the bounds, both included."""
        return self.low <= value <= self.high


def bootstrap(
    answers: Sequence[Answer],
    statistic: Callable[[Sequence[Answer]], float],
    *,
    seed: int,
    resamples: int = 2000,
    level: float = 0.95,
) -> Interval:
    """Return the percentile bootstrap interval of a figure of the answers.

    Draws as many answers with replacement, ``resamples`` times, and keeps the middle ``level`` of
    the figures. It speaks of chance alone: not of customers who did not answer. Source: Efron
    (1979). Raises ``ValueError`` or ``TypeError``, for no answers too.

    >>> from kefu.kpis import nps
    >>> bootstrap([10] * 40 + [8] * 40 + [5] * 20, nps, seed=7).estimate
    20.0
    """
    people = _people(answers, "answers")
    random = _random(seed)

    def figure() -> float:
        return statistic(random.choices(people, k=len(people)))

    return _interval(figure, statistic(people), resamples, level)


def bootstrap_difference(
    one: Sequence[Answer],
    other: Sequence[Answer],
    statistic: Callable[[Sequence[Answer]], float],
    *,
    seed: int,
    resamples: int = 2000,
    level: float = 0.95,
) -> Interval:
    """Return the interval of the figure of ``one`` less that of ``other``, two separate groups.

    Where 0 lies outside, the groups differ by more than chance explains. Two intervals that
    overlap do not say the contrary, so that this is the one to look at. As in `bootstrap`.

    >>> mean = lambda values: sum(values) / len(values)
    >>> 0 in bootstrap_difference([5, 4, 5, 5] * 9, [3, 4, 3, 2] * 9, mean, seed=1)
    False
    """
    first, second = _people(one, "one"), _people(other, "other")
    random = _random(seed)

    def figure() -> float:
        return statistic(random.choices(first, k=len(first))) - statistic(
            random.choices(second, k=len(second))
        )

    return _interval(figure, statistic(first) - statistic(second), resamples, level)


def _people(answers: Sequence[Answer], argument: str) -> list[Answer]:
    people = list(answers)
    if not people:
        raise ValueError(expected(argument, "at least one answer", "至少一份回答", people))
    return people


def _random(seed: int) -> Random:
    return Random(count(seed, "seed"))


def _interval(
    figure: Callable[[], float], estimate: float, resamples: int, level: float
) -> Interval:
    times = count(resamples, "resamples", least=100)
    level = _between(level, "level", 0, 1)
    if not 0 < level < 1:
        raise ValueError(expected("level", "between 0 and 1", "0与1之间的数", level))
    figures = sorted(figure() for _ in range(times))
    tail = (1 - level) / 2
    return Interval(_quantile(figures, tail), estimate, _quantile(figures, 1 - tail), level)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` of the sorted values lie, with linear interpolation."""
    place = share * (len(ordered) - 1)
    left = floor(place)
    right = min(left + 1, len(ordered) - 1)
    return ordered[left] + (ordered[right] - ordered[left]) * (place - left)
