"""Whom to reach and what it brought: tags combined, a gate before the send, uplift, Qini, parallel worlds.

A `Tag` says yes or no of every customer; tags combine by ``&``, ``|`` and ``~`` and obey the laws of
sets. `gate` stands between an audience and a send: it tells who gets the message, who is kept as the
control group, and who was left out and why. `uplift` is what a send brought beyond what would have been
bought anyway: the treated less a control group drawn by lot, never the conversion of the treated alone.
`worlds` shows both at once, with and without a coupon, which no shop ever sees. Shares are from 0 to 1,
amounts in yuan.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import fsum, sqrt
from random import Random
from statistics import NormalDist, fmean, variance
from typing import Any, Literal, get_args

from kefu.amounts import count, one_of
from kefu.clock import a_day
from kefu.errors import need, need_text
from kefu.stats import standard_errors, two_proportions

Customer = Mapping[str, Any]

# Tags


Comparing = Literal["==", "!=", ">=", "<=", ">", "<", "has"]
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
    "has": lambda one, other: other in one,
}


class Tag(ABC):
    """A yes or no about every customer; written as a formula of 且, 或, 非 by ``str``."""

    @abstractmethod
    def holds(self, customer: Customer) -> bool:
        """Tell whether a customer bears the tag."""

    def select(self, customers: Iterable[Customer]) -> list[Customer]:
        """Return the customers who bear the tag, in their order."""
        return [one for one in customers if self.holds(one)]

    def __and__(self, other: Tag) -> Tag:
        return _All((self, other))

    def __or__(self, other: Tag) -> Tag:
        return _Any((self, other))

    def __invert__(self) -> Tag:
        return _Not(self)


@dataclass(frozen=True)
class _Is(Tag):
    name: str
    field: str
    comparing: str
    value: Any

    def holds(self, customer: Customer) -> bool:
        if self.field not in customer:
            raise KeyError(f"{self.field}: no customer's field（客户没有“{self.field}”这一栏）")
        held = customer[self.field]
        return held is not None and COMPARED[self.comparing](held, self.value)

    def __str__(self) -> str:
        return f"“{self.name}”"


@dataclass(frozen=True)
class _All(Tag):
    parts: tuple[Tag, Tag]

    def holds(self, customer: Customer) -> bool:
        return all(part.holds(customer) for part in self.parts)

    def __str__(self) -> str:
        return "且".join(
            f"（{part}）" if isinstance(part, _Any) else str(part) for part in self.parts
        )


@dataclass(frozen=True)
class _Any(Tag):
    parts: tuple[Tag, Tag]

    def holds(self, customer: Customer) -> bool:
        return any(part.holds(customer) for part in self.parts)

    def __str__(self) -> str:
        return "或".join(
            f"（{part}）" if isinstance(part, _All) else str(part) for part in self.parts
        )


@dataclass(frozen=True)
class _Not(Tag):
    part: Tag

    def holds(self, customer: Customer) -> bool:
        return not self.part.holds(customer)

    def __str__(self) -> str:
        return f"非{self.part}" if isinstance(self.part, (_Is, _Not)) else f"非（{self.part}）"


def tag(name: str, field: str, comparing: Comparing, value: Any) -> Tag:
    """Return the tag of a comparison of one field: ``has`` asks whether a collection has the value.

    Of a customer whose field is None nothing is known, and no comparison holds; its ``~`` does. Ask
    for what must be known as a tag of its own. Raises ``ValueError`` for an unknown comparison.

    >>> often, lately = tag("买过两次", "orders", ">=", 2), tag("90天内来过", "days", "<=", 90)
    >>> print(often & ~lately)
    “买过两次”且非“90天内来过”
    >>> [one["who"] for one in (often & ~lately).select(
    ...     [{"who": "甲", "orders": 3, "days": 200}, {"who": "乙", "orders": 3, "days": 5}])]
    ['甲']
    """
    one_of(comparing, "comparing", get_args(Comparing))
    return _Is(need_text("name", name), need_text("field", field), comparing, value)


# The gate before a send

Channel = Literal["短信", "消息盒子", "人群优惠券", "人群海报"]
CONSENT: dict[str, str] = {
    "短信": "sms_consent", "消息盒子": "ads_consent", "人群优惠券": "ads_consent", "人群海报": "ads_consent",
}  # fmt: skip
"""Which field of a customer allows a channel."""
LeftOut = Literal["没同意", "退订过", "这个月够了"]


@dataclass(frozen=True)
class Outreach:
    """A message that is to go out: by which channel, on which day, and what the five questions answer.

    ``refusal`` is the way out that stands in it, such as 回T退订; ``cap`` how many messages a customer
    may get within ``days``, this one included; ``control`` the share kept without; ``ends`` its last day.
    """

    channel: Channel
    on: date
    refusal: str = ""
    cap: int = 2
    days: int = 30
    control: float = 0.0
    ends: date | None = None

    def __post_init__(self) -> None:
        one_of(self.channel, "channel", get_args(Channel))
        a_day(self.on, "on")
        count(self.cap, "cap", least=1)
        count(self.days, "days", least=1)
        need(
            "control",
            0 <= self.control < 1,
            "a share from 0 to below 1",
            "0到1的比例",
            self.control,
        )

    def faults(self) -> list[str]:
        """Return what has to be mended before anybody is sent to; an empty list where nothing has."""
        found = []
        if not self.refusal.strip():
            found.append("退不掉：没写怎样退订或关闭")
        if not self.control:
            found.append("没留对照：发完说不清多卖了多少")
        if self.ends is None or self.ends < self.on:
            found.append("没定何时停")
        return found


@dataclass(frozen=True)
class SendingGate:
    """Whom the gate lets through, whom it keeps as control, and whom it leaves out and why."""

    send: tuple[str, ...]
    control: tuple[str, ...]
    left_out: Mapping[str, str]
    faults: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Return how many were left out for each reason, in the order in which they are asked."""
        why = list(self.left_out.values())
        return {reason: why.count(reason) for reason in get_args(LeftOut)}


def gate(
    customers: Iterable[Customer],
    message: Outreach,
    sent: Iterable[tuple[str, date]] = (),
    *,
    seed: int,
) -> SendingGate:
    """Return who of an audience gets a message: consent first, then refusals, then the cap, then the lot.

    A customer has ``customer_id``, the consent's field (`CONSENT`) and ``unsubscribed``; ``sent`` tells
    what went out before, as (customer, day). Everybody is in one place only: sent to, control, or left
    out for the first reason that holds. While the message has faults nobody is sent to: all who would be
    let through wait in no list, and ``faults`` says why. Raises ``ValueError`` for a customer who is
    there twice.

    >>> people = [{"customer_id": "甲", "sms_consent": True, "unsubscribed": False},
    ...           {"customer_id": "乙", "sms_consent": False, "unsubscribed": False}]
    >>> message = Outreach("短信", date(2026, 2, 2), "回T退订", control=0.1, ends=date(2026, 2, 8))
    >>> found = gate(people, message, seed=1)
    >>> found.send, found.left_out
    (('甲',), {'乙': '没同意'})
    """
    since = message.on - timedelta(days=message.days)
    lately: dict[str, int] = {}
    for who, day in sent:
        if since < day <= message.on:
            lately[who] = lately.get(who, 0) + 1
    allowed, left_out, seen = [], {}, set()
    for one in customers:
        who = one["customer_id"]
        need("customers", who not in seen, "each customer once", "每人一次", who)
        seen.add(who)
        reason: LeftOut | None = None
        if one[CONSENT[message.channel]] is not True:
            reason = "没同意"
        elif one["unsubscribed"]:
            reason = "退订过"
        elif lately.get(who, 0) >= message.cap:
            reason = "这个月够了"
        if reason:
            left_out[who] = reason
        else:
            allowed.append(who)
    faults = tuple(message.faults())
    if faults:
        return SendingGate((), (), left_out, faults)
    send, control = split(allowed, message.control, seed=seed)
    return SendingGate(tuple(send), tuple(control), left_out, ())


def split(people: Sequence[str], control: float, *, seed: int) -> tuple[list[str], list[str]]:
    """Return who is treated and who is kept as control, drawn by lot, each in the given order.

    The control has the nearest whole number to its share of the people.

    >>> [len(part) for part in split([f"C{n}" for n in range(50)], 0.2, seed=7)]
    [40, 10]
    """
    need("control", 0 <= control <= 1, "a share from 0 to 1", "0到1的比例", control)
    kept = set(Random(count(seed, "seed")).sample(range(len(people)), round(control * len(people))))
    parts: tuple[list[str], list[str]] = ([], [])
    for place, one in enumerate(people):
        parts[place in kept].append(one)
    return parts


# What it brought


@dataclass(frozen=True)
class Uplift:
    """What a send brought: the rates of both groups, their difference with its interval, and p.

    Rates and difference are shares of customers, or yuan a customer for `money_uplift`.
    """

    treated: float
    control: float
    difference: float
    low: float
    high: float
    p_value: float

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0 or self.high < 0


def uplift(treated: tuple[int, int], control: tuple[int, int], confidence: float = 0.95) -> Uplift:
    """Return the uplift of a send: (bought, all) of the treated, less that of the control group.

    It is an effect only where a lot decided who was treated. The interval is Newcombe's, as
    `kefu.stats.two_proportions`. Raises ``ValueError`` for a group of nobody: without a control group
    there is no uplift to tell, only a conversion.

    >>> found = uplift((55, 285), (13, 301))  # the sleeping customers of M03
    >>> round(found.difference, 3), round(found.low, 3), round(found.high, 3), found.sure
    (0.15, 0.099, 0.203, True)
    """
    found = two_proportions(*treated, *control, confidence)
    return Uplift(treated[0] / treated[1], control[0] / control[1],
                  found.difference, found.low, found.high, found.p_value)  # fmt: skip


def money_uplift(
    treated: Sequence[float], control: Sequence[float], confidence: float = 0.95
) -> Uplift:
    """Return the uplift in yuan a customer: the mean of the treated less that of the control group.

    Every customer counts, with 0 who bought nothing. The interval is the normal one of two means
    with their own variances: good from some hundred customers on. Raises ``ValueError`` for a group
    of fewer than two, and where all of both paid one and the same.
    """
    for name, group in (("treated", treated), ("control", control)):
        need(name, len(group) >= 2, "at least two customers", "至少两位客户", len(group))
    one, other = fmean(treated), fmean(control)
    error = sqrt(variance(treated) / len(treated) + variance(control) / len(control))
    need("treated", error > 0, "amounts that differ", "不全相同的金额", one)
    reach, gap = standard_errors(confidence) * error, one - other
    p = 2 * NormalDist().cdf(-abs(gap) / error)
    return Uplift(one, other, gap, gap - reach, gap + reach, p)


@dataclass(frozen=True)
class QiniCurve:
    """How much more was bought, as more of the ranked customers are counted: a point for each of ``curve``.

    ``area`` is that under the curve less that under the straight line of a lot, ``perfect`` the same of
    the best ranking there could be; ``coefficient`` is their ratio, 1 at best, about 0 for a lot.
    """

    curve: tuple[float, ...]
    area: float
    perfect: float

    @property
    def coefficient(self) -> float:
        """How good the ranking is, beside the best."""
        return self.area / self.perfect


def qini(bought: Sequence[bool | int], treated: Sequence[bool | int]) -> QiniCurve:
    """Return the Qini curve of customers ranked from whom one would send to first.

    After each customer: the buyers among the treated so far, less those of the control so far, scaled
    up to as many as the treated. Source: Radcliffe (2007). Raises ``ValueError`` unless both groups are
    there, and where no ranking could be better than a lot.

    >>> round(qini([1, 1, 0, 1, 0, 0, 1, 0, 0, 0], [1, 1, 0, 1, 0, 1, 0, 0, 1, 0]).coefficient, 4)
    0.6944
    """
    need(
        "treated", len(bought) == len(treated), "as many as bought", "和bought一样多", len(treated)
    )
    pairs = [(bool(b), bool(t)) for b, t in zip(bought, treated, strict=True)]
    need("treated", len({t for _, t in pairs}) == 2, "both groups", "两组都有人", list(treated)[:5])
    curve = _gains(pairs)
    # the best ranking: treated buyers, control who did not buy, treated who did not, control buyers
    best = _gains(sorted(pairs, key=lambda one: (one[0] != one[1], not one[1])))
    line = curve[-1] * len(pairs) / 2
    area, perfect = _under(curve) - line, _under(best) - line
    need(
        "bought",
        perfect > 0,
        "somebody whom a ranking could find",
        "有排序可找的人",
        list(bought)[:5],
    )
    return QiniCurve(tuple(curve), area, perfect)


def _gains(pairs: Iterable[tuple[bool, bool]]) -> list[float]:
    sums = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
    curve = [0.0]
    for pair in pairs:
        sums[pair] += 1
        n_treated = sums[True, True] + sums[False, True]
        n_control = sums[True, False] + sums[False, False]
        scaled = sums[True, False] * n_treated / n_control if n_control else 0.0
        curve.append(sums[True, True] - scaled)
    return curve


def _under(curve: Sequence[float]) -> float:
    return fsum((one + other) / 2 for one, other in pairwise(curve))


# Parallel worlds

Fate = Literal["本来就会买", "有了才买", "收了反而不买", "怎样都不买"]


@dataclass(frozen=True)
class WorldGroup:
    """Customers who are alike: how many, and how many of them meet which fate by a send.

    ``anyway`` buy without it, ``moved`` buy because of it, and of those who buy anyway ``lost`` stay
    away because of it.
    """

    name: str
    people: int
    anyway: int
    moved: int = 0
    lost: int = 0

    def __post_init__(self) -> None:
        for name in ("people", "anyway", "moved", "lost"):
            count(getattr(self, name), name)
        need(
            "lost",
            self.lost <= self.anyway,
            f"at most {self.anyway}",
            f"不超过{self.anyway}",
            self.lost,
        )
        need("moved", self.moved <= self.people - self.anyway, f"at most {self.people - self.anyway}",
             f"不超过{self.people - self.anyway}", self.moved)  # fmt: skip

    def fates(self) -> list[Fate]:
        """Return the fate of each of the group: who buys anyway first, who never buys last."""
        many: dict[Fate, int] = {
            "本来就会买": self.anyway - self.lost,
            "收了反而不买": self.lost,
            "有了才买": self.moved,
            "怎样都不买": self.people - self.anyway - self.moved,
        }
        return [fate for fate, n in many.items() for _ in range(n)]


@dataclass(frozen=True)
class WorldsOutcome:
    """What a send to some groups does, seen in both worlds at once.

    ``sent`` customers get it; ``without`` of them buy in the world without, ``bought`` in the world with
    it: ``anyway`` of these would have bought anyway, ``more`` buy because of it, ``fewer`` would have
    bought and do not. ``cost`` is yuan given away and paid for sending, ``gain`` the margin of what was
    bought more, less the margin lost and the cost.
    """

    sent: int
    without: int
    bought: int
    anyway: int
    more: int
    fewer: int
    cost: float
    gain: float

    @property
    def uplift(self) -> int:
        """Buyers more than in the world without it."""
        return self.bought - self.without


def worlds(
    groups: Iterable[WorldGroup],
    chosen: Iterable[str],
    *,
    coupon: float,
    message: float = 0.0,
    margin: float,
) -> WorldsOutcome:
    """Return what sending to the groups named in ``chosen`` does.

    ``coupon`` yuan are given away to each who buys in the world with it, ``message`` yuan are paid for
    each send; ``margin`` yuan are earned with each order before that. A teaching model: in a shop every
    customer lives in one world only. Raises ``ValueError`` for a group that is not there.

    >>> found = worlds([WorldGroup("睡着的", 55, 2, moved=8)], ["睡着的"], coupon=20, margin=70)
    >>> found.bought, found.anyway, found.more, found.gain
    (10, 2, 8, 360.0)
    """
    known = {one.name: one for one in groups}
    picked = [known[one_of(name, "chosen", known)] for name in dict.fromkeys(chosen)]
    for name, value in (("coupon", coupon), ("message", message), ("margin", margin)):
        need(name, value >= 0, "yuan >= 0", "不小于0的元", value)
    sent = sum(one.people for one in picked)
    without = sum(one.anyway for one in picked)
    more, fewer = sum(one.moved for one in picked), sum(one.lost for one in picked)
    bought = without + more - fewer
    cost = float(coupon * bought + message * sent)
    gain = float(margin * (more - fewer) - cost)
    return WorldsOutcome(sent, without, bought, without - fewer, more, fewer, cost, gain)


def experiment(
    groups: Iterable[WorldGroup],
    chosen: Iterable[str],
    control: float,
    *,
    seed: int,
    each: int = 1,
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return what a shop sees of `worlds` if it keeps a share of the chosen as control, drawn by lot.

    (Bought, all) of the treated, then of the control: what `uplift` takes. Every customer of the groups
    stands for ``each``. Raises ``ValueError`` where one of the two would be empty.
    """
    known = {one.name: one for one in groups}
    picked = [known[one_of(name, "chosen", known)] for name in dict.fromkeys(chosen)]
    fates = [fate for one in picked for fate in one.fates()] * count(each, "each", least=1)
    treated, kept = split(fates, control, seed=seed)
    need("control", treated and kept, "somebody in both groups", "两组都有人", control)
    with_it, without = ("本来就会买", "有了才买"), ("本来就会买", "收了反而不买")
    return (
        (sum(fate in with_it for fate in treated), len(treated)),
        (sum(fate in without for fate in kept), len(kept)),
    )
