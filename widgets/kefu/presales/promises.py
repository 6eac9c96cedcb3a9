"""When a paid order must have its tracking number uploaded and be shipped (发货时间).

Ordinary goods: number uploaded within 24 h of payment, first carrier scan within 48 h; presale
(预售) and custom-made (定制) goods by agreement. Source: rule R01.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from kefu.amounts import count
from kefu.clock import SHANGHAI as SHANGHAI  # the chapter reads it from here
from kefu.clock import a_day, in_shanghai
from kefu.errors import expected

SaleKind = Literal["现货", "预售", "定制"]
ShipState = Literal["待上传", "待揽收", "已按时发货", "上传超时", "发货超时"]

UPLOAD_WITHIN = timedelta(hours=24)
SHIP_WITHIN = timedelta(hours=48)


def _midnight(day: date, argument: str) -> datetime:
    return in_shanghai(datetime.combine(a_day(day, argument), time(), SHANGHAI), argument)


@dataclass(frozen=True)
class Holiday:
    """An announced pause of the shop, both days included; ``ValueError`` if ``last`` is earlier."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.span[0] >= self.span[1]:
            raise ValueError(expected("last", "first or later", "不早于first的日期", self.last))

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The pause's first moment and the first moment after it."""
        return _midnight(self.first, "first"), _midnight(self.last, "last") + timedelta(days=1)


@dataclass(frozen=True)
class ShipPromise:
    """What the shop owes; the clock runs from ``starts_at``, a deadline's own moment is in time."""

    paid_at: datetime
    upload_by: datetime
    ship_by: datetime
    starts_at: datetime
    reason: str
    kind: SaleKind


@dataclass(frozen=True)
class Status:
    """Where an order stands; time left to the deadline that decides it, negative when missed."""

    state: ShipState
    left: timedelta


def _after(moment: datetime, left: timedelta, holidays: Sequence[Holiday]) -> datetime:
    """Return the moment when ``left`` has run from ``moment``, the clock stopped in holidays."""
    for begins, ends in sorted(holiday.span for holiday in holidays):
        if moment < begins:
            if begins - moment >= left:
                break
            left -= begins - moment
        moment = max(moment, ends)
    return moment + left


def ship_promise(
    paid_at: datetime,
    *,
    kind: SaleKind = "现货",
    presale_ships: date | None = None,
    lead_days: int | None = None,
    holidays: Sequence[Holiday] = (),
) -> ShipPromise:
    """Return the deadlines of an order paid at ``paid_at``, on Shanghai's clock.

    现货: 24 h and 48 h. 定制: ``lead_days`` (1 to 365) of 24 h for both. Holidays stop these
    clocks; time that has just run out as a pause begins ends there. 预售: 23:59:59 of the agreed
    day ``presale_ships`` for both: a date was promised, so holidays do not move it.
    Raises ``TypeError`` or ``ValueError`` for a naive datetime, missing or needless arguments.

    >>> pause = Holiday("春节", date(2026, 2, 14), date(2026, 2, 22))
    >>> promise = ship_promise(datetime(2026, 2, 13, 12, tzinfo=SHANGHAI), holidays=[pause])
    >>> print(promise.upload_by, promise.reason)
    2026-02-23 12:00:00+08:00 现货：付款后24小时内上传运单号、48小时内发货；店休（春节）不计时。
    """
    paid = in_shanghai(paid_at, "paid_at")
    terms = (kind, presale_ships is not None, lead_days is not None)
    if terms not in (("现货", False, False), ("预售", True, False), ("定制", False, True)):
        wanted = "现货，预售 + presale_ships, 定制 + lead_days", "三种之一，各带自己的约定"
        raise ValueError(expected("kind", *wanted, (kind, presale_ships, lead_days)))
    holidays = tuple(holidays)
    if not all(isinstance(holiday, Holiday) for holiday in holidays):
        raise TypeError(expected("holidays", "Holiday objects", "若干Holiday", holidays))
    upload, ship, hour = UPLOAD_WITHIN, SHIP_WITHIN, timedelta(hours=1)
    reason = f"现货：付款后{upload // hour}小时内上传运单号、{ship // hour}小时内发货"
    if presale_ships is not None:
        due = _midnight(presale_ships, "presale_ships") + timedelta(days=1, seconds=-1)
        if due < paid:
            raise ValueError(expected("presale_ships", "paid_at or later", "付款日或以后", due))
        upload = ship = due - paid
        reason = f"预售：约定最迟{due.year}年{due.month}月{due.day}日发货，店休不顺延"
        holidays = ()
    if lead_days is not None:
        if count(lead_days, "lead_days", least=1) > 365:
            raise ValueError(expected("lead_days", "at most 365", "至多365", lead_days))
        upload = ship = timedelta(days=lead_days)
        reason = f"定制：约定付款后{lead_days}天内上传运单号并发货"
    starts = _after(paid, timedelta(0), holidays)
    upload_by, ship_by = _after(starts, upload, holidays), _after(starts, ship, holidays)
    stops = {one.name: 0 for one in holidays if one.span[0] < ship_by and paid < one.span[1]}
    reason += f"；店休（{'、'.join(stops)}）不计时" if stops else ""
    reason += f"，从{starts.month}月{starts.day}日0时起算" if starts > paid else ""
    return ShipPromise(paid, upload_by, ship_by, starts, reason + "。", kind)


def status(
    promise: ShipPromise,
    now: datetime,
    uploaded_at: datetime | None = None,
    shipped_at: datetime | None = None,
) -> Status:
    """Return the one state at ``now``, the worst that holds: a missed deadline stays missed.

    What lies after ``now`` has not happened yet. A scan without any upload time proves there was
    a number, so it counts as the upload too. Raises like ``ship_promise`` for naive datetimes.

    >>> promise = ship_promise(datetime(2026, 3, 6, 20, tzinfo=SHANGHAI))
    >>> status(promise, datetime(2026, 3, 7, 18, tzinfo=SHANGHAI))
    Status(state='待上传', left=datetime.timedelta(seconds=7200))
    """
    now = in_shanghai(now, "now")
    shipped, uploaded = (
        event if event is not None and in_shanghai(event, name) <= now else None
        for event, name in ((shipped_at, "shipped_at"), (uploaded_at or shipped_at, "uploaded_at"))
    )
    upload_left = promise.upload_by - (uploaded or now)
    ship_left = promise.ship_by - (shipped or now)
    if ship_left < timedelta(0):
        return Status("发货超时", ship_left)
    if upload_left < timedelta(0):
        return Status("上传超时", upload_left)
    if uploaded is None:
        return Status("待上传", upload_left)
    return Status("待揽收" if shipped is None else "已按时发货", ship_left)


def urgency(promises: Iterable[ShipPromise], now: datetime) -> list[ShipPromise]:
    """Return orders with nothing uploaded yet, the first to chase first: 发货超时, least left."""
    late = "发货超时"
    return sorted(promises, key=lambda p: (status(p, now).state != late, status(p, now).left))
