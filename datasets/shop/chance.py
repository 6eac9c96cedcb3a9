"""Chance: every draw comes from a ``random.Random`` by methods that are the same on all Pythons."""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import exp
from typing import Generic, TypeVar

T = TypeVar("T")


class Wheel(Generic[T]):
    """A wheel of fortune: each item is drawn in proportion to its weight.

    >>> Wheel({"红": 1, "蓝": 0}).spin(random.Random(1))
    '红'
    """

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.items: Sequence[T] = tuple(weights)
        self.bounds = tuple(accumulate(weights.values()))

    def spin(self, rng: random.Random) -> T:
        """Return one item."""
        place = bisect(self.bounds, rng.random() * self.bounds[-1], 0, len(self.items) - 1)
        return self.items[place]


class Evenly:
    """Draws with given chances that come true as often as they should, never in a long streak.

    For few draws of which a share is planted: chance alone would miss it too often.
    """

    def __init__(self, rng: random.Random) -> None:
        self.owed = rng.random()

    def draw(self, chance: float) -> bool:
        """Return whether it comes true this time."""
        self.owed += chance
        due = self.owed >= 1
        self.owed -= due
        return due


def poisson(rng: random.Random, mean: float) -> int:
    """Return a Poisson number by multiplying uniform ones; of a large mean half by half."""
    if mean > 500:  # exp(-mean) would be 0 before long
        return poisson(rng, mean / 2) + poisson(rng, mean / 2)
    floor, product, number = exp(-mean), rng.random(), 0
    while product > floor:
        product *= rng.random()
        number += 1
    return number


def happens(rng: random.Random, times: int, chance: float) -> int:
    """Return how many of so many times something happens: a binomial number."""
    return sum(rng.random() < chance for _ in range(times))


def between(low: float, value: float, high: float) -> float:
    """Return ``value`` moved into the range.

    >>> between(1, 7, 5)
    5
    """
    return max(low, min(value, high))
