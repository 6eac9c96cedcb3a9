"""Satisfaction: experience against expectation in two models, Kano's classes, measured figures.

Experience, expectation, benefits and costs are numbers >= 0 in one unit of the reader's choice
(points, yuan, days saved); both models need that unit to be the same on both sides. The models
are definitions, not measurements: what surveys say about them is another matter, see the chapter.
CSAT and NPS are in `kefu.kpis`, intervals of them come from `kefu.stats`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import fsum, isclose

from kefu.amounts import Number, exact, one_of, set_fields
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


@dataclass(frozen=True)
class Customer:
    """One customer's experience and expectation (> 0, so that both models apply)."""

    experience: Decimal
    expectation: Decimal

    def __post_init__(self) -> None:
        set_fields(
            self,
            experience=exact(self.experience, "experience"),
            expectation=exact(self.expectation, "expectation", positive=True),
        )


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
    return ANSWERS.index(one_of(text, argument, ANSWERS))


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
