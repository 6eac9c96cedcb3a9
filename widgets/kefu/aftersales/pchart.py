"""A p-chart (p控制图): which batch's share of faults is more than chance explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import comb, exp, fsum, log, log1p, sqrt

from kefu.amounts import count
from kefu.errors import expected


@dataclass(frozen=True)
class Point:
    """One group: pieces, faults, and the limits between which its rate lies by chance alone."""

    name: str
    pieces: int
    faults: int
    rate: float
    lower: float
    upper: float

    @property
    def out(self) -> bool:
        """Whether the rate lies above the upper limit: worth a look, not yet a proof."""
        return self.rate > self.upper


def centre(groups: Mapping[str, tuple[int, int]]) -> float:
    """Return the centre line: all faults over all pieces.

    ``groups`` maps a name to (pieces, faults). Raises ``ValueError`` without pieces, or for more
    faults than pieces.

    >>> centre({"B2507": (100, 2), "B2509": (100, 20)})
    0.11
    """
    for name, (pieces, faults) in groups.items():
        count(pieces, name, least=1)
        if count(faults, name) > pieces:
            raise ValueError(expected(name, "faults <= pieces", "问题数不超过件数", faults))
    if not groups:
        raise ValueError(expected("groups", "at least one group", "至少一组", groups))
    pieces, faults = (sum(pair[place] for pair in groups.values()) for place in (0, 1))
    return faults / pieces


def p_chart(
    groups: Mapping[str, tuple[int, int]], sigmas: float = 3, *, usual: float | None = None
) -> list[Point]:
    """Return each group with its control limits, in the given order.

    Limits are p ± ``sigmas`` · √(p(1−p)/n), not below 0 nor above 1: a small group has wide ones.
    p is ``usual`` if the usual rate is known, else the centre line.
    """
    p = centre(groups)
    if usual is not None:
        p = usual
    if not 0 <= p <= 1:
        raise ValueError(expected("usual", "a share from 0 to 1", "0到1的比例", usual))
    if not sigmas >= 0:
        raise ValueError(expected("sigmas", "a number >= 0", "不小于0的数", sigmas))
    points = []
    for name, (pieces, faults) in groups.items():
        room = sigmas * sqrt(p * (1 - p) / pieces)
        limits = max(p - room, 0.0), min(p + room, 1.0)
        points.append(Point(name, pieces, faults, faults / pieces, *limits))
    return points


def chance(pieces: int, faults: int, usual: float) -> float:
    """Return how likely so many faults or more are by chance alone, if ``usual`` is the rate.

    Exact (binomial), where the p-chart's limits are an approximation that is rough for small groups;
    the tail is summed itself, so that the smallest chances keep their digits. Raises ``ValueError``
    for more faults than pieces and for a rate that is no share.

    >>> round(chance(20, 2, 0.012), 4)
    0.0237
    """
    centre({"faults": (pieces, faults)})  # checks both counts
    if not 0 <= usual <= 1:
        raise ValueError(expected("usual", "a share from 0 to 1", "0到1的比例", usual))
    if faults == 0 or usual == 1:
        return 1.0
    if usual == 0:
        return 0.0
    yes, no = log(usual), log1p(-usual)
    tail = range(faults, pieces + 1)
    return min(fsum(exp(log(comb(pieces, k)) + k * yes + (pieces - k) * no) for k in tail), 1.0)
