"""Two people label the same cases: how often they agree, how often they would by chance, and kappa.

Where nearly all cases are in one class two people agree nearly always, whatever they look at: kappa is low
although agreement is high (the paradox of kappa, Feinstein and Cicchetti 1990). So both are told together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from kefu import data
from kefu.amounts import one_of
from kefu.errors import expected, need
from kefu.stats import Interval, bootstrap, kappa

ITEMS = {
    "greeting": "开场问好",
    "accuracy": "答得准",
    "empathy": "先接情绪",
    "next_step": "讲下一步",
    "compliance": "没有违禁",
}
"""What the inspectors judge, by the columns of the table quality."""
LabelPair = tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Agreement:
    """How two people agree on the same cases: each pair is what the first and the second said.

    Raises ``ValueError`` for no case.
    """

    pairs: tuple[LabelPair, ...]

    def __post_init__(self) -> None:
        need("pairs", self.pairs, "at least one case", "至少一例", self.pairs)

    @property
    def cases(self) -> int:
        """How many cases both saw."""
        return len(self.pairs)

    @property
    def agreed(self) -> float:
        """The share of cases on which both say the same."""
        return sum(one == other for one, other in self.pairs) / len(self.pairs)

    @property
    def classes(self) -> tuple[Hashable, ...]:
        """Every class that one of them used, in the order of their first use."""
        return tuple(dict.fromkeys(label for pair in self.pairs for label in pair))

    @property
    def table(self) -> tuple[tuple[int, ...], ...]:
        """How many cases the first put into the row's class and the second into the column's."""
        cells = Counter(self.pairs)
        return tuple(tuple(cells[one, other] for other in self.classes) for one in self.classes)

    @property
    def by_chance(self) -> float:
        """The share on which they would agree if each only kept how often he uses a class."""
        table, total = self.table, len(self.pairs)
        columns = [sum(row[place] for row in table) for place in range(len(table))]
        return sum(sum(row) * column for row, column in zip(table, columns, strict=True)) / total**2

    @property
    def kappa(self) -> float:
        """Cohen's kappa; raises ``ValueError`` where both use one class throughout, which shows nothing."""
        return kappa(self.table)

    def interval(self, seed: int = 88, resamples: int = 1000) -> Interval:
        """Return the 95 % bootstrap interval of kappa, over the cases."""

        def figure(drawn: Sequence[LabelPair]) -> float:
            found = Agreement(tuple(drawn))
            return 0.0 if len(found.classes) < 2 else found.kappa

        return bootstrap(self.pairs, figure, seed=seed, resamples=resamples)

    def apart(self) -> tuple[tuple[LabelPair, int], ...]:
        """Return the pairs of labels on which they differ, the most frequent first: where a rule is missing."""
        found = Counter(pair for pair in self.pairs if pair[0] != pair[1])
        return tuple(sorted(found.items(), key=lambda one: (-one[1], str(one[0]))))


def agreement(first: Iterable[Hashable], second: Iterable[Hashable]) -> Agreement:
    """Return how two people's labels of the same cases agree; raises ``ValueError`` for lists unlike in length.

    >>> found = agreement("好好好坏", "好好坏坏")
    >>> found.agreed, round(found.by_chance, 2), round(found.kappa, 2)
    (0.75, 0.5, 0.5)
    """
    one, other = tuple(first), tuple(second)
    if len(one) != len(other):
        raise ValueError(expected("second", f"{len(one)} labels", f"{len(one)}个标注", len(other)))
    return Agreement(tuple(zip(one, other, strict=True)))


def inspected(item: str) -> Agreement:
    """Return how the shop's two inspectors agree on an item, one of `ITEMS`; raises ``ValueError``.

    >>> found = inspected("compliance")
    >>> round(found.agreed, 3), round(found.kappa, 2)
    (0.94, 0.22)
    """
    one_of(item, "item", ITEMS)
    rows = data.rows("quality")
    first, second = sorted({row["inspector"] for row in rows})
    told = {(row["chat_id"], row["inspector"]): row[item] == "true" for row in rows}
    chats = list(dict.fromkeys(row["chat_id"] for row in rows))
    return agreement([told[chat, first] for chat in chats], [told[chat, second] for chat in chats])


def labelled(what: str = "topic") -> Agreement:
    """Return how the two labellers agree on 300 questions: on their ``topic``, or on the ``handover``."""
    one_of(what, "what", ("topic", "handover"))
    rows = data.rows("labels")
    return agreement([row[f"{what}_a"] for row in rows], [row[f"{what}_b"] for row in rows])
