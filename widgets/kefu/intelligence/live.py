"""A live show's room: how questions burst in when a link goes up, how the line clears, what a pin and stock do.

Times are in minutes from the start of the show, rates per minute. The queue is told twice: as a fluid, by hand,
and event by event by `intelligence.routing`; `bounds` says how far apart they may be. A fluid knows no chance:
where the load stays below the capacity it says that nobody waits, and there Erlang's formulas speak.

The promises of a show are in `intelligence.promise_book`, corrections and prices in `intelligence.on_air`, what the
tables show in `intelligence.live_effects`. What is random takes a seed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate, pairwise
from math import exp, fsum, inf, log1p, sqrt
from statistics import NormalDist
from typing import Literal, NamedTuple

from kefu.amounts import Number, count, exact, fen, one_of, share, yuan
from kefu.errors import need
from kefu.intelligence.midnight import waiting
from kefu.intelligence.promise_book import PromiseBook as PromiseBook
from kefu.intelligence.routing import (
    MINUTE,
    Arrival,
    Chair,
    House,
    Policy,
    Result,
    chance,
    poisson,
    simulate,
    stream,
)
from kefu.intelligence.staffing import measure

# How many people that is


class Netizens(NamedTuple):
    """How many are on the internet, and between which bounds the rounding of both numbers leaves it."""

    people: Decimal
    low: Decimal
    high: Decimal


def netizens(viewers: Number, part: Number) -> Netizens:
    """Return how many people there are, if so many ``viewers`` are the ``part`` of them; in the unit of viewers.

    The bounds take both numbers as rounded to the digits that they have; the result has two decimals. Raises
    ``ValueError`` or ``TypeError``. Source of 8.33 and 75.2 %: CNNIC's 55th report, end of 2024.

    >>> netizens("8.33", "0.752")
    Netizens(people=Decimal('11.08'), low=Decimal('11.06'), high=Decimal('11.09'))
    """
    some, of = exact(viewers, "viewers", positive=True), share(part, "part")
    need("part", of > 0, "a share above 0", "大于0的比例", part)
    half, half_part = (_last_digit(number) / 2 for number in (some, of))
    return Netizens(
        fen(some / of),
        fen((some - half) / min(of + half_part, Decimal(1))),
        fen((some + half) / (of - half_part)),
    )


def _last_digit(number: Decimal) -> Decimal:
    """Return what 1 in the last digit of a number is worth."""
    return Decimal((0, (1,), min(int(number.as_tuple().exponent), 0)))


# Who comes


class Link(NamedTuple):
    """A product's link that goes up (上链接) at a minute: ``extra`` a minute for ``hold`` minutes, then fading.

    It fades exponentially, ``fade`` minutes on average (0: it stops at once), so that it brings
    ``extra × (hold + fade)`` in all.
    """

    at: float
    extra: float
    hold: float = 0.0
    fade: float = 4.0

    def until(self, minute: float) -> float:
        """Return how many it has brought up to a minute."""
        since = minute - self.at
        if since <= 0:
            return 0.0
        rest = since - self.hold
        faded = self.fade * (1 - exp(-rest / self.fade)) if self.fade and rest > 0 else 0.0
        return self.extra * (min(since, self.hold) + faded)


def rates(minutes: int, base: float, links: Iterable[Link] = ()) -> tuple[float, ...]:
    """Return how many come in each minute on average: ``base`` and what the links bring.

    >>> rates(5, 120, [Link(at=1, extra=480, hold=3, fade=0)])
    (120.0, 600.0, 600.0, 600.0, 120.0)
    """
    length, steady = count(minutes, "minutes", least=1), measure(base, "base")
    shown = tuple(links)
    for link in shown:
        for name, value in link._asdict().items():
            measure(value, name)
    total = [fsum(link.until(minute) for link in shown) for minute in range(length + 1)]
    return tuple(steady + max(after - before, 0.0) for before, after in pairwise(total))


def burst(
    minutes: int, base: float, links: Iterable[Link], seed: int, *, dispersion: float = 0.0
) -> tuple[Arrival, ...]:
    """Return who comes, at random around those rates; ``dispersion`` as in `routing.stream`.

    >>> len(burst(18, 120, [Link(0, 480, 3, 0)], seed=1))
    3630
    """
    return stream(rates(minutes, base, links), minutes, seed, dispersion=dispersion)


# The line as a fluid


@dataclass(frozen=True)
class Flow:
    """The line as a fluid. ``queue``: how many wait at the turn of each minute, from 0 on.

    ``peak`` at minute ``peak_at``; ``longest_wait``, minutes, of one who would not leave, looked at when
    minutes turn; ``clear_at``: the first moment after the peak with nobody waiting, None if there is none;
    ``person_minutes`` waited by all; ``answered`` and ``left`` up to the end.
    """

    queue: tuple[float, ...]
    peak: float
    peak_at: int
    longest_wait: float
    clear_at: float | None
    person_minutes: float
    answered: float
    left: float


def fluid(
    coming: Sequence[float], capacity: float | Sequence[float], patience: float = inf
) -> Flow:
    """Return how a line grows and clears, exactly, for rates that hold through each minute.

    ``capacity``: how many are answered a minute, or a number for each; after the last minute it stays as it is.
    ``patience``: minutes that one waits on average before he leaves (exponential). Raises ``ValueError``
    or ``TypeError``.

    By hand: (600 − 200) × 3 = 1,200 wait; the last waits 1,200 ÷ 200 = 6 min; at 200 − 120 = 80 a minute
    the line is gone 15 min later.

    >>> flow = fluid(rates(20, 120, [Link(0, 480, 3, 0)]), 200)
    >>> flow.peak, flow.peak_at, flow.longest_wait, flow.clear_at, flow.person_minutes
    (1200.0, 3, 6.0, 18.0, 10800.0)
    """
    need("coming", len(coming) > 0, "a rate for each minute", "每分钟的来量", coming)
    come = [_rate(rate, "coming") for rate in coming]
    able = _capacities(capacity, len(come))
    lasting = _patience(patience)
    queue, area = [0.0], 0.0
    empty: list[float] = []  # moments at which the line becomes empty
    for minute, (rate, most) in enumerate(zip(come, able, strict=True)):
        after, waited, gone = _through(queue[-1], rate - most, lasting)
        if gone is not None and queue[-1] > 0:
            empty.append(minute + gone)
        queue.append(after)
        area += waited
    peak = max(queue)
    peak_at = queue.index(peak)
    left = area / lasting if lasting < inf else 0.0
    return Flow(
        queue=tuple(queue),
        peak=peak,
        peak_at=peak_at,
        longest_wait=max(_drain(q, able[m:] or able[-1:], lasting) for m, q in enumerate(queue)),
        clear_at=next((moment for moment in empty if moment > peak_at), None),
        person_minutes=area,
        answered=fsum(come) - left - queue[-1],
        left=left,
    )


def _capacities(capacity: float | Sequence[float], minutes: int) -> list[float]:
    each = capacity if isinstance(capacity, Sequence) else [capacity] * minutes
    able = [_rate(one, "capacity") for one in each]
    need("capacity", len(able) == minutes, f"one number or {minutes}", f"一个数或{minutes}个数",
         capacity)  # fmt: skip
    return able


def _rate(value: float, argument: str) -> float:
    """Return a rate; fewer than one in 1,000,000,000 minutes is none, and no division overflows."""
    rate = measure(value, argument)
    return rate if rate >= 1e-9 else 0.0


def _patience(patience: float) -> float:
    return inf if patience == inf else measure(patience, "patience", positive=True)


def _through(queue: float, growth: float, lasting: float) -> tuple[float, float, float | None]:
    """Return the queue a minute later, the person-minutes waited, and when in the minute it became empty."""
    if lasting == inf:
        gone = queue / -growth if growth < 0 else inf
        if gone <= 1:
            return 0.0, queue * gone / 2, gone
        return queue + growth, queue + growth / 2, None
    level = growth * lasting  # where it would come to rest
    gone = lasting * log1p(queue / -level) if growth < 0 else inf
    spent = min(gone, 1.0)
    waited = level * spent + (queue - level) * lasting * (1 - exp(-spent / lasting))
    if gone <= 1:
        return 0.0, max(waited, 0.0), gone
    return level + (queue - level) * exp(-1 / lasting), waited, None


def _drain(queue: float, able: Sequence[float], lasting: float) -> float:
    """Return how long one waits behind a queue: until those before him are answered or have left."""
    ahead, waited = queue, 0.0
    for most in able[:-1]:
        ahead, _, gone = _through(ahead, -most, lasting)
        if gone is not None:
            return waited + gone
        if not ahead:
            return waited
        waited += 1
    most = able[-1]
    if not ahead:
        return waited
    if not most:
        return inf
    rest = ahead / most if lasting == inf else lasting * log1p(ahead / (most * lasting))
    return waited + rest


# The line event by event


def answer(
    arrivals: Iterable[Arrival],
    hands: int,
    handling: float,
    seed: int,
    *,
    patience: float = inf,
) -> Result:
    """Return what becomes of everybody if ``hands`` answer, each one question at a time.

    ``handling`` of a question and ``patience`` in minutes on average, both exponential: together they answer
    ``hands / handling`` a minute. Raises ``ValueError`` or ``TypeError``.

    >>> room = answer(burst(18, 120, [Link(0, 480, 3, 0)], seed=1), 50, 0.25, seed=1)
    >>> room.chats, room.left, round(room.longest / 60, 1)
    (3630, 0, 5.8)
    """
    spent = measure(handling, "handling", positive=True) * MINUTE
    house = House(handling=spent, patience=_patience(patience) * MINUTE)
    return simulate(arrivals, [Chair("公屏", at_once=hands)], Policy("按分组"), seed, house=house)


def backlog(result: Result, minutes: int) -> tuple[int, ...]:
    """Return how many wait at the turn of each minute, from 0 to ``minutes``."""
    length = count(minutes, "minutes", least=1)
    return tuple(waiting(result, [minute * MINUTE for minute in range(length + 1)]))


def bounds(
    coming: Sequence[float],
    hands: int,
    handling: float,
    *,
    patience: float = inf,
    confidence: float = 0.99,
) -> tuple[tuple[float, float], ...]:
    """Return between which numbers a simulated line lies with this confidence, at the turn of each minute.

    The fluid's queue, less the ``hands`` (who are not busy at first), and on both sides twice the largest
    error that chance brings: the standard error of so many Poisson arrivals and answers, by the reflection
    principle for its largest value up to then; twice, because a line cannot fall below zero (Skorokhod).
    It holds for Poisson arrivals; where they are over-dispersed the line strays farther.
    """
    seats = count(hands, "hands", least=1)
    able = seats / measure(handling, "handling", positive=True)
    sure = float(share(confidence, "confidence"))
    need("confidence", 0 < sure < 1, "a share between 0 and 1", "0与1之间的比例", confidence)
    far = 2 * NormalDist().inv_cdf(1 - (1 - sure) / 4)
    queue = fluid(coming, able, patience).queue
    come = accumulate(coming, initial=0.0)
    found = []
    for minute, (wait, arrived) in enumerate(zip(queue, come, strict=True)):
        answers = min(arrived, able * minute)
        off = far * sqrt(arrived + answers)
        found.append((max(wait - seats - off, 0.0), wait + off))
    return tuple(found)


# Stock


@dataclass(frozen=True)
class Stock:
    """A product's pieces while its link is up; one order is one piece.

    ``left`` never falls below 0. Once it is 0 the link comes down ``delay`` minutes later: 0 where the system
    stops it by itself, so that nothing is oversold; what is wanted meanwhile is ``oversold``, afterwards
    ``turned_away``.
    """

    left: int
    delay: int = 0
    sold: int = 0
    oversold: int = 0
    turned_away: int = 0
    empty_at: int | None = None

    def __post_init__(self) -> None:
        for name in ("left", "delay", "sold", "oversold", "turned_away"):
            count(getattr(self, name), name)

    @property
    def shown(self) -> int:
        """The number on the screen, as in the table live_minutes: below 0 where it was oversold."""
        return self.left - self.oversold

    def take(self, wanted: int, minute: int) -> Stock:
        """Return the stock after a minute in which so many were ordered. Minutes only go on.

        >>> Stock(10).take(8, 0).take(5, 1).take(3, 2)
        Stock(left=0, delay=0, sold=10, oversold=0, turned_away=6, empty_at=1)
        >>> Stock(10, delay=1).take(8, 0).take(5, 1).take(3, 2).shown
        -3
        """
        asked, now = count(wanted, "wanted"), count(minute, "minute")
        need("minute", self.empty_at is None or now >= self.empty_at,
             f"a minute from {self.empty_at} on", f"不早于{self.empty_at}的分钟", minute)  # fmt: skip
        given = min(asked, self.left)
        left, more = self.left - given, asked - given
        empty = self.empty_at if left or self.empty_at is not None else now
        up = empty is not None and now < empty + self.delay
        return Stock(
            left,
            self.delay,
            self.sold + given,
            self.oversold + (more if up else 0),
            self.turned_away + (0 if up else more),
            empty,
        )

    def sell(self, orders: Iterable[int]) -> Stock:
        """Return the stock after minutes with so many orders, from minute 0 on."""
        stock = self
        for minute, wanted in enumerate(orders):
            stock = stock.take(wanted, minute)
        return stock


@dataclass(frozen=True)
class OversellBill:
    """What orders beyond the stock cost, in yuan.

    ``refund`` goes back to the customers and is no loss of its own; ``lost``: the margin that a sale would have
    brought; ``compensation`` and ``work`` are paid; ``total`` = lost + compensation + work.
    """

    refund: Decimal
    lost: Decimal
    compensation: Decimal
    work: Decimal

    @property
    def total(self) -> Decimal:
        """What the shop is poorer by."""
        return self.lost + self.compensation + self.work


def oversell_bill(
    orders: int,
    price: Number,
    cost: Number,
    *,
    compensation: Number,
    minutes: Number,
    wage: Number = 25,
) -> OversellBill:
    """Return what so many oversold orders cost; who is turned away costs the margin alone.

    ``price`` and ``cost`` of a piece, ``compensation`` an order, in yuan; ``minutes`` of an agent an order, at a
    ``wage`` an hour. An order that was submitted is a contract (rule R69): the customer may insist, and what the
    platform makes the shop pay depends on its rules, so it is asked for here.

    >>> oversell_bill(6, 169, 76, compensation=10, minutes=8).total
    Decimal('638.00')
    """
    many = count(orders, "orders")
    each, paid = yuan(price, "price"), yuan(cost, "cost")
    need("cost", paid <= each, "at most the price", "不超过price的数", cost)
    hours = exact(minutes, "minutes") / 60
    return OversellBill(
        refund=many * each,
        lost=many * (each - paid),
        compensation=many * yuan(compensation, "compensation"),
        work=fen(many * hours * yuan(wage, "wage")),
    )


# A show, minute by minute


TOPICS = ("优惠", "发货", "材质", "尺码")
"""What is asked, as in the table live_minutes."""
REPEATS = 0.03
"""Questions that were answered before, a viewer and minute: the planted truth live_pin."""
FRESH = 0.0225
"""Questions asked for the first time, a viewer and minute: the middle of the table's."""
CUT = 0.60
"""The share of repeated questions that a right pin stops: the planted truth live_pin."""
ORDERS_A_VIEWER, ORDERS_AN_ANSWER = 0.004, 0.06
"""Orders a minute, and orders that each question answered within a minute brings: the truth live_answer."""
HOT = 0.75
"""The share of a product's questions that are about its one topic; the others share the rest. An assumption."""
STOP = CUT / HOT
"""The share of repeated questions about a topic that a pin on it stops."""
PACE = 3
"""Questions that one hand answers in a minute. An assumption."""
HOST_EVERY = 3
"""The host says a line that he was handed at most every so many minutes. An assumption."""
STAY = 8.0
"""Minutes that a viewer stays on average."""
QuestionFate = Literal["挡住", "主播", "客服", "滚走"]
SHOWN = 15
"""Minutes for one product, as in the table."""


class Slot(NamedTuple):
    """A product's quarter of an hour: what everybody asks about it, how many pieces there are."""

    hot: str
    stock: int


@dataclass(frozen=True)
class Tactics:
    """What the agents do.

    ``pins``: by minute what is pinned from then on, "" for nothing; a pin comes down with its product.
    ``lines``: by minute the topic on which the host is handed a line; ``hands`` who answer; ``delay`` of taking
    a link down.
    """

    pins: Mapping[int, str] = field(default_factory=dict)
    lines: Mapping[int, str] = field(default_factory=dict)
    hands: int = 1
    delay: int = 0

    def __post_init__(self) -> None:
        count(self.hands, "hands")
        count(self.delay, "delay")
        for name, words in (("pins", ("", *TOPICS)), ("lines", TOPICS)):
            for minute, topic in getattr(self, name).items():
                count(minute, name)
                one_of(topic, name, words)
        for before, after in pairwise(sorted(self.lines)):
            need("lines", after - before >= HOST_EVERY, f"{HOST_EVERY} minutes between two lines",
                 f"两句之间至少隔{HOST_EVERY}分钟", self.lines)  # fmt: skip


class RoomQuestion(NamedTuple):
    """A question: when it came up (minutes), what it is about, whether it was answered before, what became of it.

    ``fate``: 挡住 (not asked, as the pin answers it), 主播 or 客服 (who answered), 滚走 (nobody did).
    """

    at: float
    topic: str
    repeated: bool
    fate: QuestionFate


class OnAir(NamedTuple):
    """One minute of a show. ``fresh`` and ``repeats`` were asked, ``stopped`` were not because of the pin.

    ``answered`` within a minute, by hand or by the host; ``missed`` scrolled away. ``wanted`` orders;
    ``stock`` is the product's after them. ``asked``: all questions one by one, those that were stopped too.
    """

    minute: int
    viewers: int
    fresh: int
    repeats: int
    stopped: int
    answered: int
    missed: int
    wanted: int
    pinned: str
    line: str
    stock: Stock
    asked: tuple[RoomQuestion, ...]


def air(
    turns: Sequence[Slot],
    tactics: Tactics,
    seed: int,
    *,
    base: float = 12.0,
    extra: float = 18.0,
) -> tuple[OnAir, ...]:
    """Return a show as it goes: ``base`` viewers enter a minute and each link brings ``extra`` at first.

    Who comes, what he asks and whether an answer would make him buy is drawn before anything is done: under
    one seed two tactics meet the very same room. Who finds his answer pinned does not ask, and is served as
    well as who is told it (an assumption: the table does not count readers). A question that nobody answers
    within the minute has scrolled away. Raises ``ValueError`` or ``TypeError``.

    >>> turns = [Slot("发货", 30)]
    >>> bare, pinned = (air(turns, Tactics(pins), seed=3) for pins in ({}, {2: "发货"}))
    >>> [sum(minute.repeats for minute in show) for show in (bare, pinned)]
    [70, 31]
    """
    shown = tuple(turns)
    need("turns", shown, "one product or more", "至少一款商品", turns)
    for turn in shown:
        one_of(turn.hot, "hot", TOPICS)
    length = SHOWN * len(shown)
    links = [Link(SHOWN * place, measure(extra, "extra")) for place in range(len(shown))]
    entering = rates(length, base, links)
    luck = chance(seed, "room")
    viewers, pinned = round(base * STAY), ""
    stock = Stock(0)
    made = []
    for minute, rate in enumerate(entering):
        turn = shown[minute // SHOWN]
        if minute % SHOWN == 0:
            stock, pinned = Stock(turn.stock, tactics.delay), ""
        pinned = tactics.pins.get(minute, pinned)
        line = tactics.lines.get(minute, "")
        stayed = sum(luck.random() < 1 - 1 / STAY for _ in range(viewers))
        viewers = stayed + poisson(luck, rate)
        asking = []
        for repeated, mean in ((False, FRESH), (True, REPEATS)):
            for _ in range(poisson(luck, viewers * mean)):
                topic = _topic(luck.random(), turn.hot)
                asking.append((luck.random(), repeated, topic, luck.random(), luck.random()))
        bought = poisson(luck, viewers * ORDERS_A_VIEWER)
        asking.sort()  # in the order in which they would come up on the screen
        free = tactics.hands * PACE
        asked = []
        for within, repeated, topic, reads, buys in asking:
            fate: QuestionFate
            if repeated and topic == pinned and reads < STOP:
                fate = "挡住"
            elif topic == line:
                fate = "主播"
            elif free:
                fate, free = "客服", free - 1
            else:
                fate = "滚走"
            bought += fate != "滚走" and buys < ORDERS_AN_ANSWER
            asked.append(RoomQuestion(minute + within, topic, repeated, fate))
        fates = Counter(one.fate for one in asked)
        stopped, missed = fates["挡住"], fates["滚走"]
        fresh = sum(not one.repeated for one in asked)
        repeats = len(asked) - fresh - stopped
        answered = fates["主播"] + fates["客服"]
        stock = stock.take(bought, minute % SHOWN)
        made.append(
            OnAir(minute, viewers, fresh, repeats, stopped, answered, missed, bought, pinned, line,
                  stock, tuple(asked))
        )  # fmt: skip
    return tuple(made)


def _topic(luck: float, hot: str) -> str:
    """Return what a question is about."""
    if luck < HOT:
        return hot
    others = [topic for topic in TOPICS if topic != hot]
    return others[min(int((luck - HOT) / (1 - HOT) * len(others)), len(others) - 1)]


@dataclass(frozen=True)
class ShowSum:
    """What a show comes to; ``left_over`` pieces were not sold."""

    questions: int
    stopped: int
    answered: int
    missed: int
    sold: int
    oversold: int
    turned_away: int
    left_over: int


def told(show: Sequence[OnAir]) -> ShowSum:
    """Return a show's sums. Raises ``ValueError`` for no minutes."""
    need("show", show, "one minute or more", "至少一分钟", show)
    last = [one.stock for one in show if one.minute % SHOWN == SHOWN - 1 or one is show[-1]]
    return ShowSum(
        questions=sum(one.fresh + one.repeats for one in show),
        stopped=sum(one.stopped for one in show),
        answered=sum(one.answered for one in show),
        missed=sum(one.missed for one in show),
        sold=sum(stock.sold for stock in last),
        oversold=sum(stock.oversold for stock in last),
        turned_away=sum(stock.turned_away for stock in last),
        left_over=sum(stock.left for stock in last),
    )
