"""Statistics that all wings share: intervals, tests, the p-chart, families, agreement, sample size.

Counts come as ``k`` of ``n``, in this order: ``k`` successes, answers or faults among ``n``
(n >= 1, k <= n). Confidence is a share between 0 and 1. What is random takes a seed. Bad
arguments raise ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, erfc, exp, floor, fsum, lgamma, log, log1p, sqrt
from numbers import Real
from random import Random
from statistics import NormalDist
from typing import Any, TypeVar

from kefu.amounts import count
from kefu.errors import expected

Answer = TypeVar("Answer")
_Case = TypeVar("_Case", bound=Hashable)

# Shares


def standard_errors(confidence: float = 0.95) -> float:
    """Return how many standard errors either way hold a share of the normal distribution.

    >>> round(standard_errors(0.95), 2)
    1.96
    """
    return NormalDist().inv_cdf((1 + _confidence(confidence)) / 2)


def wilson(k: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of the share ``k`` of ``n``: (low, high), both from 0 to 1.

    It keeps what it promises where ``n`` is small or the share near 0 or 1, unlike p ± 1.96
    standard errors. Source: Wilson (1927).

    >>> [round(bound, 4) for bound in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    (k, n), z = _counts(k, n), standard_errors(confidence)
    p, spread = k / n, z * z / n
    middle = p + spread / 2
    half = sqrt(spread * (p * (1 - p) + spread / 4))
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return (low if k else 0.0), (high if k < n else 1.0)  # these two are exact


@dataclass(frozen=True)
class Comparison:
    """Two shares compared: the first less the second, its interval, and the p-value.

    ``p_value`` is how likely a difference as large or larger, either way, is by chance alone
    where both shares are the same in truth.
    """

    difference: float
    low: float
    high: float
    p_value: float


def two_proportions(k1: int, n1: int, k2: int, n2: int, confidence: float = 0.95) -> Comparison:
    """Compare ``k1`` of ``n1`` with ``k2`` of ``n2``, two separate groups.

    The interval is Newcombe's, of two Wilson intervals (1998, method 10); the p-value is that of
    the pooled z test, two-sided, an approximation that is rough for fewer than five expected
    in a cell.

    >>> found = two_proportions(56, 70, 48, 80)
    >>> round(found.difference, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    (k1, n1), (k2, n2) = _counts(k1, n1, "k1", "n1"), _counts(k2, n2, "k2", "n2")
    p1, p2 = k1 / n1, k2 / n2
    (low1, high1), (low2, high2) = wilson(k1, n1, confidence), wilson(k2, n2, confidence)
    difference = p1 - p2
    pooled = (k1 + k2) / (n1 + n2)
    error = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    return Comparison(
        difference,
        max(difference - sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2), -1.0),
        min(difference + sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2), 1.0),
        erfc(abs(difference) / error / sqrt(2)) if error else 1.0,
    )


def binomial_tail(k: int, n: int, p: float) -> float:
    """Return how likely ``k`` or more of ``n`` are by chance alone, if each has the chance ``p``.

    Exact (binomial); the smallest chances keep their digits, because the shorter tail is summed
    itself.

    >>> round(binomial_tail(2, 20, 0.012), 4)
    0.0237
    """
    k, n = _counts(k, n)
    chance = _probability(p, "p")
    if k == 0 or chance == 1:
        return 1.0
    if chance == 0:
        return 0.0
    if k > n * chance:
        return _outwards(k, n, chance)
    # P(k or more) = 1 - P(more than n - k failures)
    return 1 - _outwards(n - k + 1, n, 1 - chance)


def binomial_chance(k: int, n: int, p: float) -> float:
    """Return how likely exactly ``k`` of ``n`` are by chance alone, if each has the chance ``p``.

    >>> round(binomial_chance(8, 10, 0.5), 4)
    0.0439
    """
    k, n = _counts(k, n)
    chance = _probability(p, "p")
    return float(k == n * chance) if chance in (0, 1) else _term(k, n, chance)


def sign_test(better: int, worse: int) -> float:
    """Return how likely so uneven a split of the pairs that differ is by chance alone, either way.

    Two ways are tried on the same cases: ``better`` cases went better, ``worse`` worse; those that
    went alike say nothing. Exact, two-sided: the chance of as many heads or more, or as few, of as
    many fair coins; 1 where no pair differs. Cases that hang together (of one family) count once.
    Source: Arbuthnott (1710).

    >>> round(sign_test(8, 2), 4)
    0.1094
    """
    one, other = count(better, "better"), count(worse, "worse")
    pairs = one + other
    return min(2 * binomial_tail(max(one, other), pairs, 0.5), 1.0) if pairs else 1.0


def _term(k: int, n: int, p: float) -> float:
    """Return P(X = k) for 0 < ``p`` < 1, by logarithms: no factorial is too large."""
    chosen = lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
    return exp(chosen + k * log(p) + (n - k) * log1p(-p))


def _outwards(k: int, n: int, p: float) -> float:
    """Sum P(X = k), P(X = k + 1), ... for ``k`` at or beyond the mean, where they only fall."""
    odds = p / (1 - p)
    term = _term(k, n, p)
    terms = []
    for j in range(k, n + 1):
        terms.append(term)
        term *= (n - j) / (j + 1) * odds
        if term < terms[0] * 1e-18:  # what follows falls faster still
            break
    return min(fsum(terms), 1.0)


# The p-chart


@dataclass(frozen=True)
class ControlPoint:
    """One group: faults, pieces, and the limits between which its rate lies by chance alone."""

    name: str
    faults: int
    pieces: int
    rate: float
    lower: float
    upper: float

    @property
    def out(self) -> bool:
        """Whether the rate lies above the upper limit: worth a look, not yet a proof."""
        return self.rate > self.upper


def centre_line(groups: Mapping[str, tuple[int, int]]) -> float:
    """Return the centre line of a p-chart: all faults over all pieces.

    ``groups`` maps a name to (faults, pieces).

    >>> centre_line({"B2507": (2, 100), "B2509": (20, 100)})
    0.11
    """
    if not groups:
        raise ValueError(expected("groups", "at least one group", "至少一组", groups))
    pairs = [_counts(*pair, name, name) for name, pair in groups.items()]
    return sum(faults for faults, _ in pairs) / sum(pieces for _, pieces in pairs)


def p_chart(
    groups: Mapping[str, tuple[int, int]], sigmas: float = 3, *, usual: float | None = None
) -> list[ControlPoint]:
    """Return each group of (faults, pieces) with its control limits, in the given order.

    Limits are p ± ``sigmas`` · √(p(1−p)/n), not below 0 nor above 1: a small group has wide ones.
    p is ``usual`` if the usual rate is known, else the centre line. Source: Shewhart (1931).

    >>> [point.out for point in p_chart({"B2507": (1, 111), "B2509": (23, 124)}, usual=0.012)]
    [False, True]
    """
    centre = centre_line(groups)
    p = centre if usual is None else _probability(usual, "usual")
    if not sigmas >= 0:
        raise ValueError(expected("sigmas", "a number >= 0", "不小于0的数", sigmas))
    points = []
    for name, pair in groups.items():
        faults, pieces = _counts(*pair, name, name)
        room = sigmas * sqrt(p * (1 - p) / pieces)
        limits = max(p - room, 0.0), min(p + room, 1.0)
        points.append(ControlPoint(name, faults, pieces, faults / pieces, *limits))
    return points


def within_limits(
    groups: Mapping[str, tuple[int, int]], sigmas: float = 3
) -> dict[str, tuple[int, int]]:
    """Return the groups without those above their limit: the second pass of a p-chart starts here.

    A group that is out has lifted the centre line by which it was judged; what is usual is told by
    the others. Look for the cause of what was left out, do not only leave it out.

    >>> list(within_limits({"甲": (1, 100), "乙": (2, 100), "丙": (20, 100)}))
    ['甲', '乙']
    """
    return {point.name: groups[point.name] for point in p_chart(groups, sigmas) if not point.out}


# The bootstrap


@dataclass(frozen=True)
class Interval:
    """An estimate with the bounds between which the share ``confidence`` of the resamples lie."""

    low: float
    estimate: float
    high: float
    confidence: float

    def __contains__(self, value: float) -> bool:
        """Tell whether a value lies between the bounds, both included."""
        return self.low <= value <= self.high


def bootstrap(
    answers: Sequence[Answer],
    statistic: Callable[[Sequence[Answer]], float],
    *,
    seed: int,
    resamples: int = 2000,
    confidence: float = 0.95,
) -> Interval:
    """Return the percentile bootstrap interval of a figure of the answers.

    Draws as many answers with replacement, ``resamples`` times, and keeps the middle
    ``confidence`` of the figures. It speaks of chance alone: not of customers who did not answer.
    Of few it promises too much: of a hundred 95 % intervals of a share (10 to 90 %), each of 5
    answers, about 76 hold the truth, of 10 about 87, of 20 about 91, of 40 about 93. Answers of one
    family (按家重抽) count as one here. Source: Efron (1979). Raises ``ValueError`` for no answers too.

    >>> from kefu.kpis import nps
    >>> bootstrap([10] * 40 + [8] * 40 + [5] * 20, nps, seed=7).estimate
    20.0
    """
    people = _people(answers, "answers")
    random = _random(seed)

    def figure() -> float:
        return statistic(random.choices(people, k=len(people)))

    return _interval(figure, statistic(people), resamples, confidence)


def bootstrap_difference(
    one: Sequence[Answer],
    other: Sequence[Answer],
    statistic: Callable[[Sequence[Answer]], float],
    *,
    seed: int,
    resamples: int = 2000,
    confidence: float = 0.95,
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

    return _interval(figure, statistic(first) - statistic(second), resamples, confidence)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lies, between two by linear interpolation.

    The rule of numpy and of Excel's PERCENTILE, and the only one of this package.

    >>> quantile([1, 2, 3, 4], 0.5), quantile([1, 2, 3, 4], 0.9)
    (2.5, 3.7)
    """
    ordered = sorted(_people(values, "values"))
    place = _probability(share, "share") * (len(ordered) - 1)
    left = floor(place)
    right = min(left + 1, len(ordered) - 1)
    return ordered[left] + (ordered[right] - ordered[left]) * (place - left)


def _people(answers: Sequence[Answer], argument: str) -> list[Answer]:
    people = list(answers)
    if not people:
        raise ValueError(expected(argument, "at least one answer", "至少一份回答", people))
    return people


def _random(seed: int) -> Random:
    return Random(count(seed, "seed"))


def _interval(
    figure: Callable[[], float], estimate: float, resamples: int, confidence: float
) -> Interval:
    times = count(resamples, "resamples", least=100)
    tail = (1 - _confidence(confidence)) / 2
    figures = [figure() for _ in range(times)]
    return Interval(quantile(figures, tail), estimate, quantile(figures, 1 - tail), confidence)


# Families: cases that hang together, such as one question asked in eight ways

Family = tuple[int, int]
"""How many of a family's cases are hits, and how many there are."""


def chained(cases: Iterable[_Case], pairs: Iterable[tuple[_Case, _Case]]) -> list[list[_Case]]:
    """Return the families that pairs join the cases into: if A goes with B and B with C, all three do.

    Families and their cases stand in the order in which the cases came.

    >>> chained("ABCD", [("C", "B"), ("A", "C")])
    [['A', 'B', 'C'], ['D']]
    """
    root = {case: case for case in cases}

    def top(case: _Case) -> _Case:
        while root[case] != case:
            root[case] = root[root[case]]
            case = root[case]
        return case

    for one, other in pairs:
        root[top(one)] = top(other)
    found: dict[_Case, list[_Case]] = {}
    for case in root:
        found.setdefault(top(case), []).append(case)
    return list(found.values())


def pooled(families: Sequence[Family]) -> float:
    """Return the share of hits among the cases of all families together.

    >>> pooled([(8, 8), (0, 8), (2, 4)])
    0.5
    """
    k, n = _counts(sum(k for k, _ in families), sum(n for _, n in families), "hits", "cases")
    return k / n


def draw_families(share: float, cases: int, size: int = 1, *, seed: int) -> list[Family]:
    """Return a sample of about so many ``cases`` in whole families of ``size`` that are alike.

    Each family is drawn by itself and is hit as a whole with the chance ``share``; with a ``size``
    of 1 the cases are independent. At least one family is drawn.

    >>> draw_families(0.5, 6, 2, seed=1)
    [(2, 2), (0, 2), (0, 2)]
    """
    chance, many = _probability(share, "share"), count(cases, "cases", least=1)
    each, random = count(size, "size", least=1), _random(seed)
    return [(each * (random.random() < chance), each) for _ in range(max(many // each, 1))]


def case_interval(families: Sequence[Family], confidence: float = 0.95) -> tuple[float, float]:
    """Return Wilson's interval of the share as if all cases were independent.

    Too narrow where families are alike: a hundred cases of ten families know little more than ten.
    """
    pairs = [_counts(*pair, "hits", "cases") for pair in _people(families, "families")]
    return wilson(sum(k for k, _ in pairs), sum(n for _, n in pairs), confidence)


# Agreement


def kappa(table: Sequence[Sequence[int]]) -> float:
    """Return Cohen's kappa: how far two raters agree beyond what chance alone would bring.

    ``table`` is square: how many cases the first rater put into the row's class and the second
    into the column's. 1 is full agreement, 0 that of chance, below 0 less than chance. Raises
    ``ValueError`` where both use one and the same class throughout, which shows nothing. Source:
    Cohen (1960).

    >>> round(kappa([[20, 5], [10, 15]]), 3)
    0.4
    """
    rows = [[count(cell, f"table[{i}]") for cell in row] for i, row in enumerate(table)]
    if not rows or any(len(row) != len(rows) for row in rows):
        raise ValueError(expected("table", "a square table of counts", "行列数相同的计数表", table))
    sums = [(sum(row), sum(other[i] for other in rows)) for i, row in enumerate(rows)]
    total = sum(row for row, _ in sums)
    by_chance = sum(row * column for row, column in sums) / max(total, 1)
    if total == by_chance:  # no case at all, or all in one class
        raise ValueError(expected("table", "cases in two classes", "至少用到两类", table))
    return (sum(row[i] for i, row in enumerate(rows)) - by_chance) / (total - by_chance)


# Planning


def sample_size(margin: float, confidence: float = 0.95, population: int | None = None) -> int:
    """Return how many answers tell a share to within ``margin`` (0.05: 5 points either way).

    For a share of a half, the worst case; with a ``population``, corrected for its size. Counts
    answers, not questionnaires sent, and helps nothing against those who do not answer. Source:
    Cochran (1977).

    >>> sample_size(0.05), sample_size(0.05, population=1000)
    (385, 278)
    """
    error = _confidence(margin, "margin")
    needed = max((standard_errors(confidence) / error / 2) ** 2, 1.0)
    if population is None:
        return ceil(needed)
    everybody = count(population, "population", least=1)
    return min(ceil(needed / (1 + (needed - 1) / everybody)), everybody)


# Checks


def _counts(k: int, n: int, part_name: str = "k", whole_name: str = "n") -> tuple[int, int]:
    """Return both as plain whole numbers if they go together."""
    part, whole = count(k, part_name), count(n, whole_name, least=1)
    if part > whole:
        raise ValueError(expected(part_name, f"at most {whole}", f"不超过{whole}的数", k))
    return part, whole


def _probability(value: Any, argument: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(expected(argument, "a share from 0 to 1", "0到1的比例", value))
    share = float(value)
    if not 0 <= share <= 1:
        raise ValueError(expected(argument, "a share from 0 to 1", "0到1的比例", value))
    return share


def _confidence(value: float, argument: str = "confidence") -> float:
    share = _probability(value, argument)
    if share in (0, 1):
        raise ValueError(expected(argument, "between 0 and 1", "0与1之间的数", value))
    return share
