"""Loyalty: the leaking bucket, how long customers stay, who is left after a time, what leaving costs.

A period is what customers are counted by: a month for the bucket, a quarter for the shop's old list. The
bucket's prices, and what patching stops, are this book's assumptions, told by `BucketPlan`. The shifted
beta-geometric model is that of Fader and Hardie (2007): each customer leaves by a chance of his own, which
does not change, and these chances are spread over customers as Beta(alpha, beta).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import log, sqrt
from typing import Literal

from kefu.amounts import Number, count, exact, one_of, set_fields
from kefu.amounts import share as as_share
from kefu.errors import need

# The bucket


@dataclass(frozen=True)
class RetentionChain:
    """A bucket: each period the share ``kept`` of the customers stays, and ``joining`` more come in."""

    kept: float
    joining: float = 0.0

    def __post_init__(self) -> None:
        set_fields(
            self,
            kept=float(as_share(self.kept, "kept")),
            joining=float(exact(self.joining, "joining")),
        )

    def path(self, start: float, periods: int) -> list[float]:
        """Return how many customers there are after 0, 1, …, ``periods`` periods.

        >>> RetentionChain(kept=0.9, joining=50).path(1000, 2)
        [1000.0, 950.0, 905.0]
        """
        water = [float(exact(start, "start"))]
        for _ in range(count(periods, "periods")):
            water.append(water[-1] * self.kept + self.joining)
        return water

    def after(self, start: float, periods: int) -> float:
        """Return how many customers there are after so many periods."""
        return self.path(start, periods)[-1]

    @property
    def level(self) -> float:
        """The level that the bucket comes to in the end, wherever it began.

        As much runs out there as comes in. Raises ``ValueError`` where nobody ever leaves.

        >>> RetentionChain(kept=0.9, joining=50).level
        500.0
        """
        return round(self.joining * expected_lifetime(self.kept), 9)


def expected_lifetime(kept: float) -> float:
    """Return in how many periods a customer buys on average, the first included: 1 ÷ (1 − kept).

    Raises ``ValueError`` unless 0 <= ``kept`` < 1.

    >>> expected_lifetime(0.8), expected_lifetime(0.9)
    (5.0, 10.0)
    """
    return float(1 / (1 - _kept(kept)))


def lifetime_value(margin: Number, kept: float, discount: float = 0) -> float:
    """Return what a customer brings after the first purchase: margin · r ÷ (1 + d − r).

    ``margin`` is what each period brings, in yuan; ``discount`` is the interest of a period, by which
    later money counts for less. The first purchase brings one ``margin`` more.

    >>> [round(lifetime_value(1, r, discount=0.1), 2) for r in (0.6, 0.7, 0.8, 0.9)]
    [1.2, 1.75, 2.67, 4.5]
    """
    r, d = _kept(kept), exact(discount, "discount")
    return float(exact(margin, "margin") * r / (1 + d - r))


def _kept(kept: float) -> Decimal:
    stays = as_share(kept, "kept")
    need("kept", stays < 1, "a share below 1", "小于1的比例", kept)
    return stays


@dataclass(frozen=True)
class BucketPlan:
    """What a shop spends each month to bring customers in and to stop the leak; this book's assumptions.

    A newcomer costs ``price`` yuan. Untouched, the share ``leak`` leaves each month. Patching pays for
    parcels in time, answers and repairs, not by the head: the first yuan stops most, ``half`` yuan a month
    stop half of what can be stopped at all, which is the share ``stoppable`` of the leak. Each hundred
    customers bring ``friends`` more a month by what they say.
    """

    to_new: float = 500
    to_patch: float = 500
    leak: float = 0.10
    price: float = 25
    half: float = 250
    stoppable: float = 0.6
    friends: float = 0

    def __post_init__(self) -> None:
        amounts = {
            name: float(exact(getattr(self, name), name, positive=name in ("price", "half")))
            for name in ("to_new", "to_patch", "price", "half", "friends")
        }
        shares = {
            name: float(as_share(getattr(self, name), name)) for name in ("leak", "stoppable")
        }
        set_fields(self, **amounts, **shares)

    @property
    def leaving(self) -> float:
        """The share that still leaves each month."""
        stopped = self.stoppable * self.to_patch / (self.to_patch + self.half)
        return self.leak * (1 - stopped)

    @property
    def joining(self) -> float:
        """How many newcomers the money brings each month."""
        return self.to_new / self.price

    def path(self, start: float, months: int = 12) -> list[float]:
        """Return how many customers there are after 0, 1, …, ``months`` months.

        >>> [round(BucketPlan(new, 1000 - new).path(1000)[-1]) for new in (1000, 500, 0)]
        [569, 651, 527]
        """
        kept = min(1 - self.leaving + self.friends / 100, 1.0)
        return RetentionChain(kept, self.joining).path(start, months)


# Who is left: the shifted beta-geometric model


@dataclass(frozen=True)
class SBG:
    """Customers whose chances to leave differ: Beta(``alpha``, ``beta``), the same in every period."""

    alpha: float
    beta: float

    def __post_init__(self) -> None:
        for name in ("alpha", "beta"):
            value = getattr(self, name)
            need(name, isinstance(value, (int, float)) and 0 < value < float("inf"),
                 "a number > 0", "大于0的数", value)  # fmt: skip

    def retention(self, period: int) -> float:
        """Return the share of those left after ``period`` − 1 periods who stay in the next; 1 is the first.

        It rises although nobody changes: who leaves easily has left.

        >>> [round(SBG(0.7041, 1.1820).retention(t), 3) for t in (1, 2, 3)]
        [0.627, 0.756, 0.819]
        """
        t = count(period, "period", least=1)
        return (self.beta + t - 1) / (self.alpha + self.beta + t - 1)

    def survival(self, periods: int) -> float:
        """Return the share of the first customers who are left after so many periods.

        >>> round(SBG(0.7041, 1.1820).survival(12), 3)
        0.17
        """
        left = 1.0
        for t in range(1, count(periods, "periods") + 1):
            left *= self.retention(t)
        return left

    def log_likelihood(self, survivors: Sequence[float]) -> float:
        """Return how well the model fits how many were left after 0, 1, 2, … periods."""
        left = _survivors(survivors)
        found = left[-1] * log(self.survival(len(left) - 1))
        for t, (before, after) in enumerate(pairwise(left), start=1):
            found += (before - after) * log(self.survival(t - 1) * (1 - self.retention(t)))
        return found

    def remaining(self, periods: int = 0, discount: float = 0.1) -> float:
        """Return what is still to be expected of one who has just stayed in period ``periods``.

        In purchases of one yuan, each later period less by the ``discount`` (above 0): a newcomer's whole
        life for 0, his first purchase now; for n >= 1 from the renewal after the n-th purchase on. Who has
        stayed long is worth more. Source: Fader and Hardie (2010).

        >>> regular = SBG(0.7041, 1.1820)
        >>> [round(regular.remaining(n), 2) for n in range(2, 6)]
        [4.1, 4.87, 5.44, 5.89]
        """
        begun = count(periods, "periods")
        interest = float(exact(discount, "discount", positive=True))
        if begun == 0:
            return 1 + self.remaining(1, interest) / (1 + interest)
        total, worth, t = 0.0, 1.0, begun
        while worth > 1e-12:
            worth *= self.retention(t)
            total += worth
            worth /= 1 + interest
            t += 1
        return total


def fit_sbg(survivors: Sequence[float]) -> SBG:
    """Return the likeliest shifted beta-geometric model of how many were left after 0, 1, 2, … periods.

    Numbers or percentages, beginning with all, never rising; at least three, and some must have left.
    Both conditions of the maximum leave one unknown, which is found by halving. Raises ``ValueError`` where
    the share that stays does not rise: then nothing says that customers differ, and no model is likeliest.

    >>> fitted = fit_sbg([100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1])
    >>> round(fitted.alpha, 4), round(fitted.beta, 4)
    (0.7041, 1.182)
    """
    left = _survivors(survivors)
    need("survivors", len(left) > 2 and left[-1] < left[0] and left[1] > 0,
         "three numbers or more: some left, some stayed", "至少三个数，有人走、有人留", survivors)  # fmt: skip

    def alpha(beta: float) -> float:
        """Return the likeliest alpha for a beta: what is left of the two conditions is `slope`."""
        return (left[0] - left[-1]) / sum(n / (beta + t) for t, n in enumerate(left[1:]))

    def slope(beta: float) -> float:
        stayed = sum(n / (beta + t) for t, n in enumerate(left[1:]))
        return stayed - sum(n / (alpha(beta) + beta + t) for t, n in enumerate(left[:-1]))

    low, high = 1e-4, 1e4
    need("survivors", slope(low) > 0 > slope(high), "a share staying that rises from period to period",
         "一期比一期高的留存率", survivors)  # fmt: skip
    while high / low > 1 + 1e-12:
        middle = sqrt(low * high)
        low, high = (middle, high) if slope(middle) > 0 else (low, middle)
    return SBG(alpha(low), low)


def _survivors(survivors: Sequence[float]) -> list[float]:
    left = [float(exact(one, "survivors")) for one in survivors]
    need("survivors", left and left[0] > 0 and all(a >= b for a, b in pairwise(left)),
         "numbers left, from all on, never rising", "从全体起、不往上涨的人数", survivors)  # fmt: skip
    return left


# Who is left, where some are still there: Kaplan–Meier


@dataclass(frozen=True)
class StillThere:
    """At a time at which somebody left: how many could have, how many did, the share left after it."""

    time: float
    at_risk: int
    left: int
    share: float


def kaplan_meier(times: Sequence[float], gone: Sequence[bool]) -> list[StillThere]:
    """Return the share still there after each time at which somebody left.

    ``times`` says how long each customer was seen, ``gone`` whether he left then; of one who has not left,
    only that he stayed so long is known, and he counts until then. Raises ``ValueError`` for lists of two
    lengths or none at all. Source: Kaplan and Meier (1958).

    >>> [(one.time, round(one.share, 2)) for one in kaplan_meier([1, 2, 3, 3], [True, False, True, True])]
    [(1.0, 0.75), (3.0, 0.0)]
    """
    need("gone", len(gone) == len(times) > 0, "one for each of the times", "与times一样多、不为空", gone)  # fmt: skip
    seen = [
        (float(exact(time, "times")), bool(left)) for time, left in zip(times, gone, strict=True)
    ]
    found, share = list[StillThere](), 1.0
    for time in sorted({time for time, left in seen if left}):
        at_risk = sum(one >= time for one, _ in seen)
        leaving = sum(one == time and left for one, left in seen)
        share *= 1 - leaving / at_risk
        found.append(StillThere(time, at_risk, leaving, share))
    return found


# A jump at a threshold


@dataclass(frozen=True)
class Jump:
    """What is so just below a threshold, and by how much more it is so just above it; a share, with bounds."""

    below: float
    jump: float
    low: float
    high: float
    cases: int


def jump_at(
    threshold: float, cases: Iterable[tuple[float, bool]], width: float, z: float = 1.959964
) -> Jump:
    """Return the jump of a share at a threshold: a straight line on either side, within ``width``.

    ``cases`` are pairs of an amount and whether it is so. Each line is fitted by least squares; the bounds
    are ``z`` standard errors that allow for unequal spread (White 1980). Who stands just below is like who
    stands just above, but for what the threshold gives: so a jump is its doing, where nothing else changes
    there. Raises ``ValueError`` where one side has fewer than three different amounts.

    >>> cases = [(x, x >= 5 or x % 2 == 0) for x in range(10)]
    >>> found = jump_at(5, cases, 5)
    >>> found.cases, round(found.below, 2), round(found.jump, 2)
    (10, 0.6, 0.4)
    """
    room = float(exact(width, "width", positive=True))
    sides: dict[bool, list[tuple[float, float]]] = {False: [], True: []}
    for amount, holds in cases:
        if abs(amount - threshold) <= room:
            sides[amount >= threshold].append((amount - threshold, float(holds)))
    ends = {side: _at_zero(points) for side, points in sides.items()}
    (below, spread), (above, more) = ends[False], ends[True]
    half = z * sqrt(spread + more)
    jump = above - below
    return Jump(below, jump, jump - half, jump + half, sum(map(len, sides.values())))


def _at_zero(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the height at 0 of the line of least squares, and its variance (White's)."""
    need("width", len({x for x, _ in points}) > 2, "room for three different amounts on either side",
         "两侧各至少三个不同的数", len(points))  # fmt: skip
    n = len(points)
    mean_x = sum(x for x, _ in points) / n
    mean_y = sum(y for _, y in points) / n
    squares = sum((x - mean_x) ** 2 for x, _ in points)
    rise = sum((x - mean_x) * (y - mean_y) for x, y in points) / squares
    height = mean_y - rise * mean_x
    weights = [1 / n - mean_x * (x - mean_x) / squares for x, _ in points]
    variance = sum(
        (w * (y - height - rise * x)) ** 2 for w, (x, y) in zip(weights, points, strict=True)
    )
    return height, variance


# What it costs to go elsewhere


TieKind = Literal["程序", "财务", "情感", "风险"]


@dataclass(frozen=True)
class Tie:
    """What a customer would lose by going elsewhere, and how a shop may make it so and stay fair."""

    kind: TieKind
    item: str
    example: str
    fair: str


TIES = (
    Tie("程序", "搜寻比较", "重新找店、看评价", "信息写全，省他比较"),
    Tie("程序", "学习适应", "重新摸尺码、版型", "记住尺码与偏好"),
    Tie("程序", "重建手续", "再填地址、再入会", "会员档案好用"),
    Tie("财务", "权益损失", "丢积分、等级、券", "规则透明、可兑现"),
    Tie("财务", "金钱支出", "新店没折扣、要运费", "老客价真实"),
    Tie("情感", "熟人关系", "认识的客服", "专属客服"),
    Tie("情感", "品牌归属", "粉丝群、习惯", "社群、共同的事"),
    Tie("风险", "不确定", "怕买错、怕难退", "稳定的质量与售后"),
)
"""Four kinds of switching cost, arranged by this book after Burnham and others (2003), to be checked."""


@dataclass(frozen=True)
class SwitchingCost:
    """What going elsewhere costs a customer as he feels it, in yuan: in all and by kind."""

    total: Decimal
    by_kind: Mapping[TieKind, Decimal]

    @property
    def strongest(self) -> TieKind:
        """The kind that holds him most; of equal ones the first."""
        return max(self.by_kind, key=lambda kind: self.by_kind[kind])


def switching_cost(felt: Mapping[str, Number]) -> SwitchingCost:
    """Return what going elsewhere costs, from the items of `TIES` and what each is worth to him, in yuan.

    Raises ``ValueError`` for an item that is not in the list.

    >>> found = switching_cost({"学习适应": 20, "熟人关系": 15, "权益损失": "5.90"})
    >>> found.total, found.strongest
    (Decimal('40.9'), '程序')
    """
    kinds = {tie.item: tie.kind for tie in TIES}
    by_kind = {tie.kind: Decimal(0) for tie in TIES}
    for item, worth in felt.items():
        by_kind[kinds[one_of(item, "felt", kinds)]] += exact(worth, item)
    return SwitchingCost(sum(by_kind.values(), Decimal(0)), by_kind)
