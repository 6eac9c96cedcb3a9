"""What late and false shipment cost, and two more sums of complaints: fraud, and the fifteen days.

Whether a shipment was late hangs on two moments alone: what was promised, and when the carrier's
system has its first scan (R32). What it costs differs from platform to platform and changes, so every
amount is a parameter with its source and date (`LateRules`); the book knows none of them by heart (R31).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from kefu.amounts import exact, fen, plain, set_fields, share, yuan
from kefu.clock import a_day, in_shanghai
from kefu.errors import need, need_text

Lateness = Literal["没到期", "按时", "延迟发货", "虚假发货"]
HOUR = timedelta(hours=1)


class Promise(Protocol):
    """What was promised: chapter 02's ``ship_promise`` gives it for stock, presale, custom, holidays."""

    @property
    def paid_at(self) -> datetime:
        """When it was paid."""

    @property
    def ship_by(self) -> datetime:
        """The last moment for the carrier's first scan."""

    @property
    def reason(self) -> str:
        """The agreement in words."""


@dataclass(frozen=True)
class Shipment:
    """An order and what became of it: ``goods`` is what it cost in yuan, without freight.

    ``uploaded`` is when a tracking number was uploaded, ``picked_up`` the first scan in the carrier's
    system; ``None``: not yet at ``seen``. ``agreed`` is a later moment that the customer agreed to, in
    a chat before the deadline was over.
    """

    promise: Promise
    goods: Decimal
    seen: datetime
    uploaded: datetime | None = None
    picked_up: datetime | None = None
    agreed: datetime | None = None

    def __post_init__(self) -> None:
        set_fields(self, goods=yuan(self.goods, "goods"), seen=in_shanghai(self.seen, "seen"))
        paid, seen = self.promise.paid_at, self.seen
        need("seen", paid <= seen, "the payment or later", "不早于付款的时刻", seen)
        for name in ("uploaded", "picked_up"):
            if (at := getattr(self, name)) is not None:
                set_fields(self, **{name: in_shanghai(at, name)})
                need(name, paid <= at <= seen, "between payment and seen", "在付款与seen之间", at)
        if self.agreed is not None:
            set_fields(self, agreed=in_shanghai(self.agreed, "agreed"))

    @property
    def deadline(self) -> datetime:
        """The last moment that is in time: the promise's, or the later one that the customer agreed to."""
        return max(self.promise.ship_by, self.agreed or self.promise.ship_by)


@dataclass(frozen=True)
class LateRules:
    """A platform's terms, as read on ``as_of`` in ``source``: a share of the goods within two bounds.

    ``late_share`` and ``false_share`` are shares from 0 to 1, ``least`` and ``most`` yuan. A number
    without a scan for ``scan_within`` hours after it was uploaded was uploaded falsely.
    """

    late_share: Decimal
    false_share: Decimal
    least: Decimal
    most: Decimal
    scan_within: Decimal
    source: str
    as_of: date

    def __post_init__(self) -> None:
        set_fields(
            self,
            late_share=share(self.late_share, "late_share"),
            false_share=share(self.false_share, "false_share"),
            least=yuan(self.least, "least"),
            most=yuan(self.most, "most"),
            scan_within=exact(self.scan_within, "scan_within", positive=True),
            source=need_text("source", self.source),
        )
        need("most", self.least <= self.most, "least or more", "不小于least的元", self.most)
        a_day(self.as_of, "as_of")

    def part(self, kind: Lateness) -> Decimal:
        """Return the share of the goods that lateness of a kind costs, before the bounds."""
        return self.false_share if kind == "虚假发货" else self.late_share

    def owed(self, goods: Decimal, kind: Lateness) -> Decimal:
        """Return what lateness of a kind costs over goods of so many yuan, within the bounds."""
        return min(max(fen(goods * self.part(kind)), self.least), self.most)


@dataclass(frozen=True)
class Compensation:
    """What is owed in yuan, for what, by how long it was late, and the steps to it in words."""

    kind: Lateness
    owed: Decimal
    late: timedelta
    steps: tuple[str, ...]


def late_shipment(order: Shipment, rules: LateRules) -> Compensation:
    """Return what an order's shipment costs by these rules, as it is seen at its moment.

    In time costs nothing, however early the number was uploaded. Late with a number that stood
    without a scan for too long is 虚假发货, any other lateness 延迟发货.
    """
    due, scanned = order.deadline, order.picked_up
    late = max((scanned or order.seen) - due, timedelta(0))
    first = f"最晚{moment(due)}：{order.promise.reason}" + (
        "客人同意延到这时。" if due > order.promise.ship_by else ""
    )
    if not late:
        kind: Lateness = "按时" if scanned else "没到期"
        then = f"快递系统首次揽收{moment(scanned)}，没有晚" if scanned else "还没揽收，也还没到期"
        return Compensation(kind, Decimal("0.00"), late, (first, f"{then}，不赔。"))
    wait = (scanned or order.seen) - order.uploaded if order.uploaded else timedelta(0)
    kind = "虚假发货" if wait > float(rules.scan_within) * HOUR else "延迟发货"
    then = f"快递系统首次揽收{moment(scanned)}" if scanned else f"到{moment(order.seen)}还没有揽收"
    stood = "才揽收" if scanned else "还没有揽收"
    number = (
        f"单号传了{said(wait)}{stood}，超过{plain(rules.scan_within)}小时"
        if kind == "虚假发货"
        else ""
    )
    part, owed = rules.part(kind), rules.owed(order.goods, kind)
    raw = fen(order.goods * part)
    bound = ""
    if raw != owed:
        bound = f"，{'不足按' if raw < owed else '最多'}{plain(owed)}元"
    percent = f"{plain(part * 100)}%"
    steps = (
        first,
        f"{then}，晚了{said(late)}。",
        f"{number or '单号没有早传'}，算{kind}。",
        f"货款{plain(order.goods)}元×{percent} = {plain(raw)}元{bound}：赔{plain(owed)}元"
        f"（{rules.source}，{rules.as_of}）。",
    )
    return Compensation(kind, owed, late, steps)


def moment(at: datetime) -> str:
    """Return a moment as it is said: 1月6日10:05."""
    return f"{at.month}月{at.day}日{at:%H:%M}"


def said(span: timedelta) -> str:
    """Return a span in hours and minutes, minutes rounded down.

    >>> said(timedelta(hours=3, minutes=20)), said(timedelta(seconds=40))
    ('3小时20分', '不到1分')
    """
    minutes = int(span.total_seconds() // 60)
    if not minutes:
        return "不到1分"
    hours, rest = divmod(minutes, 60)
    return f"{hours}小时{rest}分" if hours and rest else f"{hours}小时" if hours else f"{rest}分"


# Fraud, and the fifteen days


@dataclass(frozen=True)
class Fraud:
    """What fraud costs by law, in yuan: the price back, and on top of it the increase (R30)."""

    refund: Decimal
    extra: Decimal

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.refund + self.extra


FOLD, FLOOR = 3, Decimal("500.00")
"""How many times the price, and at least how many yuan, R30 adds to the refund."""


def fraud(paid: Decimal | int | float | str) -> Fraud:
    """Return what a seller's fraud over goods of this price costs (R30); nobody decides here that it was one.

    >>> fraud(58).extra, fraud(58).total, fraud(169).extra, fraud(169).total
    (Decimal('500.00'), Decimal('558.00'), Decimal('507.00'), Decimal('676.00'))
    """
    price = yuan(paid, "paid")
    need("paid", price > 0, "yuan > 0", "大于0的元", paid)
    return Fraud(price, max(FOLD * price, FLOOR))


DAYS = 15


def last_day(asked: date) -> date:
    """Return the last day to handle a request before it counts as stalling on purpose (R90).

    The day on which the customer asked is counted as the first: where the rule leaves it open, the
    stricter reading is the safe one.

    >>> last_day(date(2026, 1, 6))
    datetime.date(2026, 1, 20)
    """
    return a_day(asked, "asked") + timedelta(days=DAYS - 1)
