"""What the tables of live shows tell, with intervals: pins, answers, promises, stock.

Rows are those of `kefu.data.rows`, numbers as text. Pins were drawn by lot, a product at a time, so that a
difference is the pin's; answers were not, so that viewers have to be held fixed; promises neither: what they bring
is a difference between windows, and who breaks more may differ in other things too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from kefu.amounts import one_of
from kefu.errors import need
from kefu.explore import Row
from kefu.intelligence.live import Stock
from kefu.stats import Comparison, Interval, bootstrap, standard_errors, two_proportions


def windows(minutes: Iterable[Row]) -> list[list[Row]]:
    """Return the minutes of each product of each show, in order."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in minutes:
        found[row["show_id"], row["on_screen"]].append(row)
    return list(found.values())


# Pins


def pin_cut(minutes: Iterable[Row], *, seed: int, resamples: int = 500) -> Interval:
    """Return by which share a pin cuts repeated questions a viewer, its interval by drawing products again.

    Minutes of a product are alike, so that the product is what is drawn. Raises ``ValueError`` where no minute
    was pinned, or all were.
    """
    sums = []
    for window in windows(minutes):
        each = [0, 0, 0, 0]
        for row in window:
            place = 2 if row["pinned"] else 0
            each[place] += int(row["repeats"])
            each[place + 1] += int(row["viewers"])
        sums.append(tuple(each))
    pinned, bare = (sum(one[place] for one in sums) for place in (3, 1))
    need("minutes", pinned and bare, "minutes with and without a pin", "有置顶的和没有置顶的分钟",
         (pinned, bare))  # fmt: skip

    def cut(drawn: Sequence[tuple[int, ...]]) -> float:
        repeats, viewers, under, watching = (sum(column) for column in zip(*drawn, strict=True))
        usual = repeats / viewers if viewers else 0.0
        return 1 - under / watching / usual if watching and usual else 0.0

    return bootstrap(sums, cut, seed=seed, resamples=resamples)


# Answers


@dataclass(frozen=True)
class Slope:
    """A coefficient with its standard error and its interval."""

    value: float
    error: float
    confidence: float = 0.95

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval by the normal distribution."""
        half = standard_errors(self.confidence) * self.error
        return self.value - half, self.value + half


@dataclass(frozen=True)
class AnswerEffect:
    """Orders that a viewer brings in a minute, and orders that a question answered within a minute brings.

    ``alone``: orders an answered question if the viewers are left out: too many, because where many watch many
    questions are answered, and many buy anyhow.
    """

    viewer: Slope
    answer: Slope
    alone: float


def answer_effect(minutes: Iterable[Row]) -> AnswerEffect:
    """Return what viewers and answers bring: least squares through the origin, weighted by 1 / viewers.

    Orders vary about as the number of viewers does, hence the weights; errors after White (1980), which
    do not rest on them. Raises ``ValueError`` where viewers and answers cannot be told apart.
    """
    rows = [(int(r["viewers"]), int(r["answered_60s"]), int(r["orders"])) for r in minutes]
    rows = [row for row in rows if row[0]]
    vv = fsum(v for v, _, _ in rows)
    va = fsum(a for _, a, _ in rows)
    aa = fsum(a * a / v for v, a, _ in rows)
    vo = fsum(o for _, _, o in rows)
    ao = fsum(a * o / v for v, a, o in rows)
    det = vv * aa - va * va
    need("minutes", det > 1e-9 * vv * max(aa, 1), "minutes that differ in the share of answers",
         "答上的份额有高有低的分钟", len(rows))  # fmt: skip
    viewer, answer = (aa * vo - va * ao) / det, (vv * ao - va * vo) / det
    m11 = m12 = m22 = 0.0
    for v, a, o in rows:
        rest = (o - viewer * v - answer * a) ** 2 / v
        m11, m12, m22 = m11 + rest * v, m12 + rest * a, m22 + rest * a * a / v
    # The sandwich: (X'WX)^-1 (X'W e e' W X) (X'WX)^-1
    viewer_error = sqrt(max(aa * aa * m11 - 2 * aa * va * m12 + va * va * m22, 0.0)) / det
    answer_error = sqrt(max(va * va * m11 - 2 * vv * va * m12 + vv * vv * m22, 0.0)) / det
    squares = fsum(a * a for _, a, _ in rows)
    alone = fsum(a * o for _, a, o in rows) / squares
    return AnswerEffect(Slope(viewer, viewer_error), Slope(answer, answer_error), alone)


# Promises


@dataclass(frozen=True)
class PledgeEffect:
    """What promises on the air bring: windows after broken ones compared with those after kept ones.

    ``returned`` and ``complained``: shares of orders, broken less kept; ``broken_by``: by kind of show how many
    were broken and how many made; ``guests``: the share that a guest breaks, less that of the shop's own hosts.
    """

    returned: Comparison
    complained: Comparison
    broken_by: Mapping[str, tuple[int, int]]
    guests: Comparison


def promise_effect(promises: Iterable[Row], shows: Iterable[Row]) -> PledgeEffect:
    """Return it from the rows of live_promises and live_shows; words that are no promise are left out.

    Orders of one window are alike, so that the intervals are somewhat too narrow: `window_effect` has those that
    draw windows. Raises ``ValueError`` for a table without kept, broken, own or guest ones.
    """
    kinds = {row["show_id"]: row["kind"] for row in shows}
    made = [row for row in promises if row["counts"] == "true"]
    sums = {kept: [0, 0, 0] for kept in ("true", "false")}
    broken: dict[str, list[int]] = {"代播": [0, 0], "自播": [0, 0]}
    for row in made:
        total = sums[row["kept"]]
        for place, name in enumerate(("orders", "returned", "complained")):
            total[place] += int(row[name])
        one = broken[kinds[row["show_id"]]]
        one[0] += row["kept"] == "false"
        one[1] += 1
    (bad, bad_back, bad_told), (good, good_back, good_told) = sums["false"], sums["true"]
    need("promises", bad and good, "kept and broken promises", "兑现的和没兑现的承诺", (good, bad))
    return PledgeEffect(
        returned=two_proportions(bad_back, bad, good_back, good),
        complained=two_proportions(bad_told, bad, good_told, good),
        broken_by={kind: (some, of) for kind, (some, of) in broken.items()},
        guests=two_proportions(*broken["代播"], *broken["自播"]),
    )


def window_effect(
    promises: Iterable[Row], what: str, kept: bool, *, seed: int, resamples: int = 1000
) -> Interval:
    """Return the share of orders ``returned`` or ``complained`` after promises kept or not, by drawing windows."""
    name = one_of(what, "what", ("returned", "complained"))
    wanted = "true" if kept else "false"
    chosen = [(int(row[name]), int(row["orders"])) for row in promises if row["kept"] == wanted]
    share: Callable[[Sequence[tuple[int, int]]], float] = lambda drawn: (  # noqa: E731
        sum(part for part, _ in drawn) / max(sum(of for _, of in drawn), 1)
    )
    return bootstrap(chosen, share, seed=seed, resamples=resamples)


# Stock


@dataclass(frozen=True)
class Oversold:
    """How often the year's shows sold what was not there: products shown, those oversold, pieces too many."""

    shown: int
    products: int
    pieces: int


def oversold(minutes: Iterable[Row], delay: int) -> Oversold:
    """Return what would have been oversold if each link had come down ``delay`` minutes after the last piece.

    With a delay as long as the product is shown it is what happened; with 0 it is nothing.
    """
    sold = []
    for window in windows(minutes):
        orders = [int(row["orders"]) for row in window]
        sold.append(Stock(int(window[0]["stock"]) + orders[0], delay).sell(orders).oversold)
    return Oversold(len(sold), sum(piece > 0 for piece in sold), sum(sold))


def by_minute(minutes: Iterable[Row], column: str) -> tuple[float, ...]:
    """Return the mean of a column in the first, second, … minute after a link went up.

    Raises ``ValueError`` for windows of unequal length.
    """
    name = one_of(column, "column", ("viewers", "entered", "questions", "repeats", "orders"))
    shown = windows(minutes)
    lengths = {len(window) for window in shown}
    need("minutes", len(lengths) == 1, "windows of one length", "一样长的各段", sorted(lengths))
    return tuple(
        fsum(int(row[name]) for row in column) / len(shown) for column in zip(*shown, strict=True)
    )
