"""Managing expectations: a promise, a wait and a delivery; surprises that turn into habits.

Teaching models of our own, with stated assumptions; they show how the parts hang together and
measure nothing. Time is in days, scores in points from 0 to 10.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kefu.amounts import Number, exact, share
from kefu.errors import expected
from kefu.operations.satisfaction import Verdict, gap, verdict

FULL = Decimal(10)
"""The score of a delivery that takes no time at all."""


@dataclass(frozen=True)
class Wait:
    """How one customer lives through a service that takes time.

    ``expected_days`` is for when the goods are expected once the promise is read, ``final_days``
    the same after a notice of delay; experience, expectation and their ``gap`` are points.
    ``notice_counts`` tells whether a notice came before the day on which the goods were expected.
    """

    promised: Decimal
    actual: Decimal
    expected_days: Decimal
    final_days: Decimal
    experience: Decimal
    expectation: Decimal
    gap: Decimal
    verdict: Verdict
    per_day: Decimal
    notice: Decimal | None
    notice_counts: bool

    def mood(self, day: Number) -> Decimal:
        """Return how the customer stands on a day, in points: 0 until the goods are overdue.

        From the delivery on it is the gap. Until then it falls by ``per_day`` for each day beyond
        the day expected at last: a notice that counts comes before anything is overdue.
        """
        now = exact(day, "day")
        if now >= self.actual:
            return self.gap
        return min(gap(score(now, self.per_day), self.expectation), Decimal(0))


def score(days: Number, per_day: Number) -> Decimal:
    """Return what a delivery after ``days`` is worth: 10 points less ``per_day`` a day, at least 0.

    >>> score(3, "1.5"), score(20, 1)
    (Decimal('5.5'), Decimal('0'))
    """
    return max(FULL - exact(days, "days") * exact(per_day, "per_day"), Decimal(0))


def wait(
    usual: Number,
    promised: Number,
    actual: Number,
    *,
    trust: Number = 1,
    per_day: Number = 1,
    notice: Number | None = None,
) -> Wait:
    """Return how a customer who is used to ``usual`` days takes a delivery after ``actual`` days.

    1. The promise moves the day expected from the usual one by the share ``trust`` (0 to 1) of
       the way to the one promised.
    2. An honest ``notice`` of the actual day, sent before the day expected, moves it by the share
       ``trust`` again. Later than that, or after the delivery, it explains but moves nothing.
    3. Experience and expectation are the `score` of the actual and of the expected day.

    Raises ``ValueError`` or ``TypeError``.

    >>> wait(3, 2, 4).gap, wait(3, 5, 4).gap, wait(3, 2, 4, notice=1).gap
    (Decimal('-2'), Decimal('1'), Decimal('0'))
    """
    habit, word, fact = exact(usual, "usual"), exact(promised, "promised"), exact(actual, "actual")
    trusted, lost = share(trust, "trust"), exact(per_day, "per_day")
    at = None if notice is None else exact(notice, "notice")
    first = exact(habit + trusted * (word - habit), "promised")
    counts = at is not None and at < first and at < fact
    last = exact(first + trusted * (fact - first), "actual") if counts else first
    experience, expectation = score(fact, lost), score(last, lost)
    return Wait(
        word,
        fact,
        first,
        last,
        experience,
        expectation,
        gap(experience, expectation),
        verdict(experience, expectation),
        lost,
        at,
        counts,
    )


@dataclass(frozen=True)
class PromiseOutcome:
    """What a promise does to 100 enquirers, on average.

    ``orders`` stay, ``kept`` of these have their goods by the day promised; ``pleased`` are the
    orders that are not below expectation.
    """

    promised: Decimal
    orders: Decimal
    kept: Decimal
    pleased: Decimal


def promise_outcome(
    promised: Number,
    usual: Number,
    days: Sequence[Number],
    *,
    trust: Number = 1,
    leave: Number = Decimal("0.1"),
) -> PromiseOutcome:
    """Return what promising ``promised`` days brings, where deliveries take ``days`` in fact.

    Of 100 enquirers the share ``leave`` (0 to 1) goes elsewhere for each day by which the promise
    exceeds the ``usual`` time; the others order, and each delivery of ``days`` is as likely as the
    others. A promise below the usual time draws nobody more: a cautious assumption. Raises
    ``ValueError`` or ``TypeError``, for no deliveries too.

    >>> found = [promise_outcome(p, 3, [2, 3, 4, 4, 5]) for p in (2, 4, 6)]
    >>> [(str(o.orders), str(o.kept), str(o.pleased)) for o in found]
    [('100.0', '20.0', '20.0'), ('90.0', '72.0', '72.0'), ('70.0', '70.0', '70.0')]
    """
    word, habit = exact(promised, "promised"), exact(usual, "usual")
    taken = [exact(day, f"days[{i}]") for i, day in enumerate(days)]
    if not taken:
        raise ValueError(expected("days", "at least one delivery", "至少一次送达", days))
    trusted, gone = share(trust, "trust"), share(leave, "leave")
    stay = max(1 - gone * max(word - habit, Decimal(0)), Decimal(0))
    due = habit + trusted * (word - habit)
    each = 100 * stay / len(taken)
    return PromiseOutcome(
        word,
        _tenth(100 * stay),
        _tenth(each * sum(day <= word for day in taken)),
        _tenth(each * sum(day <= due for day in taken)),
    )


@dataclass(frozen=True)
class Purchase:
    """One purchase: what was expected, what came, and the gap, in points."""

    expectation: Decimal
    experience: Decimal
    gap: Decimal


def habit(
    start: Number,
    experiences: Iterable[Number],
    *,
    rise: Number = Decimal("0.6"),
    fall: Number = Decimal("0.2"),
) -> tuple[Purchase, ...]:
    """Return purchase by purchase how expectation follows experience (期望刚性).

    After each purchase the expectation moves towards the experience: by the share ``rise`` (0 to
    1) of the way up, and by ``fall`` of the way down. With rise > fall, better service is soon
    taken for granted and worse is slowly forgiven. Raises ``ValueError`` or ``TypeError``.

    >>> [str(r.gap) for r in habit(6, [8, 8, 8, 6], rise=0.5)]
    ['2', '1', '0.5', '-1.75']
    """
    up, down = share(rise, "rise"), share(fall, "fall")
    expectation, purchases = exact(start, "start"), []
    for place, value in enumerate(experiences):
        experience = exact(value, f"experiences[{place}]")
        difference = experience - expectation
        purchases.append(Purchase(expectation, experience, difference))
        moved = expectation + difference * (up if difference > 0 else down)
        expectation = exact(moved, "start")  # six places, or the products grow without end
    return tuple(purchases)


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
