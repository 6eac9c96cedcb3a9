"""What a program sees of a text: its characters, pairs of them, and which known texts are near."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from itertools import chain, compress, repeat
from math import copysign, log, sqrt
from operator import mul

from kefu.errors import expected

LONGEST = 300
"""Characters of a message that a bot reads: a customer's question is seldom longer than 60."""


def normal(text: str) -> str:
    """Return the letters, digits and characters of a message: no case, width, marks or emoji.

    Only the first ``LONGEST`` characters are read. Raises ``TypeError`` for anything but text.

    >>> normal("ＸＬ码 有货吗？😊")
    'xl码有货吗'
    """
    if not isinstance(text, str):
        raise TypeError(expected("text", "text", "文字", text))
    plain = unicodedata.normalize("NFKC", text[: LONGEST * 4])
    return re.sub(r"[\W_]+", "", plain).lower()[:LONGEST]


def grams(text: str) -> list[str]:
    """Return the single characters and the pairs of neighbours of a normalised text.

    >>> grams("能退吗")
    ['能', '退', '吗', '能退', '退吗']
    """
    return [*text, *(text[n : n + 2] for n in range(len(text) - 1))]


def vector(counts: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """Return the TF-IDF weights of n-grams, of length 1 together; unknown ones are left out.

    A count below zero gives a weight below zero.
    """
    weights = {
        gram: idf[gram] if n == 1 else copysign(1 + log(abs(n)), n) * idf[gram]
        for gram, n in counts.items()
        if n and gram in idf
    }
    size = sqrt(sum([weight * weight for weight in weights.values()])) or 1.0
    return {gram: weight / size for gram, weight in weights.items()}


def counted(text: str) -> Mapping[str, int]:
    """Return how often a text has each of its n-grams."""
    return Counter(grams(normal(text)))


class Nearest:
    """Known texts, and which of them are near to another one.

    Every text is a vector of characters and pairs of them, weighted by TF-IDF: what is rare counts
    much, what is in more than ``common`` of all texts not at all. ``read`` counts a text's n-grams;
    what it counts below zero makes a text less near to one that has it.
    """

    def __init__(
        self,
        texts: Sequence[str],
        common: float = 1.0,
        read: Callable[[str], Mapping[str, int]] = counted,
    ) -> None:
        self.read = read
        known = [read(text) for text in texts]
        among = Counter(chain.from_iterable(known))
        self.size = len(known)
        self.idf = {
            gram: log((1 + self.size) / (1 + n)) + 1
            for gram, n in among.items()
            if n <= common * self.size + 1
        }
        self.holding: dict[str, tuple[list[int], list[float]]] = {g: ([], []) for g in self.idf}
        for number, counts in enumerate(known):
            for gram, weight in vector(counts, self.idf).items():
                numbers, others = self.holding[gram]
                numbers.append(number)
                others.append(weight)

    def weights(self, text: str) -> dict[str, float]:
        """Return the vector of any text."""
        return vector(self.read(text), self.idf)

    def similar(self, weights: Mapping[str, float], most: int) -> list[tuple[float, int]]:
        """Return the cosines and places of the texts nearest to a vector, the nearest first."""
        cosines = [0.0] * self.size
        for gram, weight in weights.items():
            numbers, others = self.holding.get(gram, ((), ()))
            for number, part in zip(numbers, map(mul, repeat(weight), others), strict=True):
                cosines[number] += part
        # to rank all of some thousand texts took most of a bot's time
        near = list(compress(range(self.size), cosines))
        best = nlargest(most, near, key=cosines.__getitem__)
        if len(best) < most or (best and cosines[best[-1]] < 0):
            best = nlargest(most, range(self.size), key=cosines.__getitem__)
        return [(min(cosines[n], 1.0), n) for n in best if cosines[n]]
