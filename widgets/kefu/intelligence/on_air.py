"""A slip of the tongue on the air, the records of a show, and the prices said there.

Rules, by their numbers in the table: R78 (correct on the spot and keep a record: 《直播电商监督管理办法》 article 31),
R58 (records three years: articles 16, 27, 28, 31; price basis: 32), R69 (an order that was submitted is a contract:
《电子商务法》 article 49), R89 (what a price may be compared with). The order is in force from 2026-02-01. It says
“on the spot” without a number of minutes: that the show's end is the last moment, and one minute the aim, is this
book's convention (本书约定).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from kefu import rules
from kefu.amounts import Number, count, yes_or_no, yuan
from kefu.clock import a_day, in_shanghai
from kefu.errors import need

IN_FORCE = date(2026, 2, 1)
"""From when 《直播电商监督管理办法》 (order 117 of 2025-12-18) holds."""
KEEP_YEARS = 3
PROMPT = timedelta(minutes=1)
"""The aim for a correction: this book's convention."""
DAYS_BACK = 7
"""Days before, of which the lowest price is the most that may be compared with: R89."""

# Corrections and records


@dataclass(frozen=True)
class Correction:
    """How a slip was put right. ``on_the_spot``: before the show ended; ``prompt``: within a minute.

    ``lacks``: what is missing; ``rules``: numbers of the rules that say so, empty before they were in force;
    ``keep_until``: the last day on which the record has to be there, None where no rule asks for it.
    """

    on_the_spot: bool
    prompt: bool
    after: timedelta | None
    lacks: tuple[str, ...]
    rules: tuple[str, ...]
    keep_until: date | None

    @property
    def why(self) -> str:
        """Return the rules with their sources, as the table has them."""
        told = (rules.rule(number) for number in self.rules)
        return "；".join(f"{one.title}：{one.text}（{one.source}）" for one in told)


def corrected(
    said_at: datetime, ends_at: datetime, corrected_at: datetime | None, recorded: bool
) -> Correction:
    """Return whether a slip was corrected as R78 asks. Raises ``ValueError`` or ``TypeError``.

    A correction speaks to who orders after it: see `owed_before` for the others.

    >>> from kefu.clock import SHANGHAI
    >>> slip, end = (datetime(2026, 3, 26, hour, 0, tzinfo=SHANGHAI) for hour in (21, 22))
    >>> done = corrected(slip, end, slip + timedelta(seconds=40), recorded=False)
    >>> done.on_the_spot, done.prompt, done.lacks, done.rules
    (True, True, ('没有留下记录',), ('R78', 'R58'))
    """
    said, ends = in_shanghai(said_at, "said_at"), in_shanghai(ends_at, "ends_at")
    need("ends_at", ends >= said, "not before it was said", "不早于说话的时刻", ends_at)
    kept = yes_or_no(recorded, "recorded")
    after = None
    if corrected_at is not None:
        after = in_shanghai(corrected_at, "corrected_at") - said
        need("corrected_at", after >= timedelta(0), "not before it was said", "不早于说话的时刻",
             corrected_at)  # fmt: skip
    on_the_spot = after is not None and said + after <= ends
    lacks = []
    if after is None:
        lacks.append("没有纠正")
    elif not on_the_spot:
        lacks.append("下播以后才纠正，不算当场")
    if not kept:
        lacks.append("没有留下记录")
    binds = said.date() >= IN_FORCE
    return Correction(
        on_the_spot=on_the_spot,
        prompt=after is not None and on_the_spot and after <= PROMPT,
        after=after,
        lacks=tuple(lacks),
        rules=("R78", "R58") if binds else (),
        keep_until=kept_until(said.date()) if binds else None,
    )


def kept_until(done: date) -> date:
    """Return the last day of “at least three years” from a day, such as that of the deal: R58.

    >>> kept_until(date(2026, 3, 26)), kept_until(date(2028, 2, 29))
    (datetime.date(2029, 3, 26), datetime.date(2031, 3, 1))
    """
    day = a_day(done, "done")
    try:
        return day.replace(year=day.year + KEEP_YEARS)
    except ValueError:  # 29 February
        return date(day.year + KEEP_YEARS, 3, 1)


def owed_before(orders: Sequence[int], said: int, corrected: int | None) -> int:
    """Return how many ordered on a slip: from the minute it was said up to that of its correction.

    ``orders`` by minute; the minute of the correction itself is counted as still misled, None as never. They
    are owed what was said (R69, R59); every minute of delay adds its orders.

    >>> [owed_before([2, 5, 9, 7, 4], 1, minute) for minute in (1, 2, 4, None)]
    [5, 14, 25, 25]
    """
    made = [count(number, "orders") for number in orders]
    first = count(said, "said")
    last = len(made) - 1 if corrected is None else count(corrected, "corrected", least=first)
    return sum(made[first : last + 1])


# Prices


@dataclass(frozen=True)
class PriceGap:
    """What is paid back for a lower price later: ``refund`` = paid − lowest in the time, ``until``, and why."""

    refund: Decimal
    lowest: Decimal | None
    until: datetime
    why: str


def price_protection(
    paid: Number, paid_at: datetime, later: Iterable[tuple[datetime, Number]], days: int
) -> PriceGap:
    """Return what price protection (价保) of so many days brings a customer who ``paid`` so much, in yuan.

    ``later``: moments and prices of the same goods; those after payment up to the last moment of the days
    count. Whether there is price protection is what was promised or the platform's rule. Raises
    ``ValueError`` or ``TypeError``.

    >>> from kefu.clock import SHANGHAI
    >>> bought = datetime(2026, 3, 26, 21, tzinfo=SHANGHAI)
    >>> price_protection(169, bought, [(bought + timedelta(days=9), 149)], days=30).refund
    Decimal('20.00')
    """
    price, moment = yuan(paid, "paid"), in_shanghai(paid_at, "paid_at")
    until = moment + timedelta(days=count(days, "days", least=1))
    seen = [(in_shanghai(at, "later"), yuan(other, "later")) for at, other in later]
    counted = [other for at, other in seen if moment < at <= until]
    lowest = min(counted, default=None)
    none = Decimal("0.00")
    if lowest is not None and lowest < price:
        return PriceGap(price - lowest, lowest, until, "价保期里降过价，退付款价与最低价之差")
    late = any(at > until and other < price for at, other in seen)
    why = "降价在价保期以后" if late else "价保期里没有低过付款价"
    return PriceGap(none, lowest, until, why)


@dataclass(frozen=True)
class ShowPrice:
    """A price said on the air: of what moment to what moment it holds, both included."""

    price: Decimal
    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "price", yuan(self.price, "price"))
        start, end = in_shanghai(self.starts, "starts"), in_shanghai(self.ends, "ends")
        need("ends", end >= start, "not before the start", "不早于开始的时刻", self.ends)

    def settle(self, paid: Number, ordered_at: datetime) -> PriceGap:
        """Return what an order gets back that was to have this price: by when it was ordered, not paid."""
        price, moment = yuan(paid, "paid"), in_shanghai(ordered_at, "ordered_at")
        none = Decimal("0.00")
        if not self.starts <= moment <= self.ends:
            why = "下单在限时价开始以前" if moment < self.starts else "下单在限时价结束以后"
            return PriceGap(none, None, self.ends, why)
        if price <= self.price:
            return PriceGap(none, self.price, self.ends, "付的就是限时价，不用补")
        why = "下单在限时价里，付多了，退差价"
        return PriceGap(price - self.price, self.price, self.ends, why)


@dataclass(frozen=True)
class ComparedPrice:
    """Whether an “original price” may stand beside the price on the air: at most the ``highest``, and why."""

    sound: bool
    highest: Decimal | None
    why: str
    rule: str = "R89"


def compared_price(
    original: Number, deals: Iterable[tuple[datetime, Number]], at: datetime
) -> ComparedPrice:
    """Return whether an ``original`` price may be named beside a lower one: R89, R58.

    ``deals``: moments and prices of the shop's own deals; those of the seven days before ``at`` count, and their
    lowest is the most. Without any deal in them the rule in the table does not answer: it is not sound until
    somebody has read the text. Raises ``ValueError`` or ``TypeError``.

    >>> from kefu.clock import SHANGHAI
    >>> show = datetime(2026, 3, 26, 20, tzinfo=SHANGHAI)
    >>> compared_price(199, [(show - timedelta(days=2), 169)], show).highest
    Decimal('169.00')
    """
    price, moment = yuan(original, "original"), in_shanghai(at, "at")
    since = moment - timedelta(days=DAYS_BACK)
    seen = [(in_shanghai(when, "deals"), yuan(deal, "deals")) for when, deal in deals]
    highest = min((deal for when, deal in seen if since <= when < moment), default=None)
    if highest is None:
        return ComparedPrice(False, None, "前七天没有成交过，拿什么比要先看规则原文")
    if price > highest:
        return ComparedPrice(False, highest, "比前七天最低的成交价还高，不能拿它当原价")
    return ComparedPrice(True, highest, "不高于前七天最低的成交价")
