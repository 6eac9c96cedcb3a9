"""Membership: levels by what was spent and how often, points kept exactly, what a programme costs and brings.

A shop's levels are in the table ``levels``. Points are whole numbers; the oldest are used first. What points
not yet used are worth is owed (IFRS 15, alike CAS 14). `programme_year` is a teaching model over what the
shop's customers spent in a year; what it assumes is told in `Assumed`.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import sqrt
from pathlib import Path

from kefu import data
from kefu.amounts import Number, count, fen, set_fields, yuan
from kefu.amounts import share as as_share
from kefu.errors import need, need_text

# Levels


@dataclass(frozen=True)
class MemberLevel:
    """A level: what must be spent (yuan) and how many orders closed within a year, and what it gives.

    ``discount`` is what is paid of a price: 0.95 is 95折. ``gift`` is what the yearly gift costs, in yuan.
    """

    name: str
    min_amount: Decimal = Decimal(0)
    min_orders: int = 0
    discount: Decimal = Decimal(1)
    gift: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        set_fields(
            self,
            name=need_text("name", self.name),
            min_amount=yuan(self.min_amount, "min_amount"),
            min_orders=count(self.min_orders, "min_orders"),
            discount=as_share(self.discount, "discount"),
            gift=yuan(self.gift, "gift"),
        )


@dataclass(frozen=True)
class Programme:
    """Levels from the lowest, which everybody has, to the highest; no threshold of a higher one is lower."""

    levels: tuple[MemberLevel, ...]

    def __post_init__(self) -> None:
        levels = tuple(self.levels)
        need("levels", levels and levels[0].min_amount == levels[0].min_orders == 0,
             "a lowest level that everybody has", "最低一级人人都有", levels)  # fmt: skip
        need("levels", len({one.name for one in levels}) == len(levels), "a name of its own for each",
             "每级一个名字", [one.name for one in levels])  # fmt: skip
        rising = all(
            a.min_amount <= b.min_amount and a.min_orders <= b.min_orders
            for a, b in pairwise(levels)
        )
        need("levels", rising, "thresholds that do not fall from level to level", "门槛一级不低于一级",
             [(str(one.min_amount), one.min_orders) for one in levels])  # fmt: skip
        set_fields(self, levels=levels)

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, str]]) -> Programme:
        """Return the programme of rows such as the table ``levels``; gifts are not priced there."""
        return cls(
            tuple(
                MemberLevel(
                    row["level"],
                    Decimal(row["min_amount"]),
                    int(row["min_orders"]),
                    Decimal(row["discount"]),
                )
                for row in rows
            )
        )

    def level(self, amount: Number, orders: int) -> MemberLevel:
        """Return the highest level that an amount (yuan) and a number of orders reach, both of them.

        >>> shop = Programme((MemberLevel("普通"), MemberLevel("金卡", Decimal(600), 3)))
        >>> shop.level("600", 3).name, shop.level("599.99", 9).name, shop.level("2000", 2).name
        ('金卡', '普通', '普通')
        """
        spent, times = yuan(amount, "amount"), count(orders, "orders")
        return next(
            one
            for one in reversed(self.levels)
            if spent >= one.min_amount and times >= one.min_orders
        )

    def missing(self, amount: Number, orders: int) -> tuple[MemberLevel, Decimal, int] | None:
        """Return the next level with the yuan and the orders that it still lacks; none from the highest.

        >>> shop = Programme((MemberLevel("普通"), MemberLevel("金卡", Decimal(600), 3)))
        >>> shop.missing("530", 2)[1:]
        (Decimal('70.00'), 1)
        """
        place = self.levels.index(self.level(amount, orders))
        if place + 1 == len(self.levels):
            return None
        one = self.levels[place + 1]
        return (
            one,
            max(one.min_amount - yuan(amount, "amount"), Decimal("0.00")),
            max(one.min_orders - orders, 0),
        )


# Points, one customer's


@dataclass(frozen=True)
class PointsEntry:
    """A line of the ledger: what changed on a day and why, and the balance after it."""

    on: date
    change: int
    balance: int
    reason: str


@dataclass(frozen=True)
class PointsLot:
    """Points earned on one day: how many are left of them, and the last day on which they can be used."""

    on: date
    left: int
    until: date | None


@dataclass(frozen=True)
class PointsLedger:
    """A customer's points: the oldest are used first, never more than there are, every change noted.

    ``keeps`` says for how many days points can be used, the day on which they were earned not counted;
    ``None`` is for ever. A ledger does not change: each act returns the next one. Days never go back.
    """

    keeps: int | None = 365
    lots: tuple[PointsLot, ...] = ()
    entries: tuple[PointsEntry, ...] = ()

    def __post_init__(self) -> None:
        if self.keeps is not None:
            count(self.keeps, "keeps", least=1)

    @property
    def balance(self) -> int:
        """How many points there are after the last entry."""
        return sum(lot.left for lot in self.lots)

    def earn(self, on: date, points: int, reason: str = "购物") -> PointsLedger:
        """Return the ledger with points earned on a day; those that had run out by then are gone first."""
        many, now = count(points, "points", least=1), self.on(on)
        until = None if self.keeps is None else on + timedelta(self.keeps)
        return replace(now, lots=(*now.lots, PointsLot(on, many, until)))._noted(on, many, reason)

    def spend(self, on: date, points: int, reason: str = "抵扣") -> PointsLedger:
        """Return the ledger with points used, the oldest first; ``ValueError`` where there are not so many.

        >>> from datetime import date
        >>> ledger = PointsLedger().earn(date(2025, 3, 1), 80).earn(date(2025, 9, 1), 50)
        >>> after = ledger.spend(date(2025, 10, 1), 100)
        >>> after.balance, [(lot.on.month, lot.left) for lot in after.lots]
        (30, [(9, 30)])
        >>> after.spend(date(2025, 10, 2), 31)
        Traceback (most recent call last):
        ValueError: points: expected at most 30 points, got 31（points应为至多30分，收到31）
        """
        many, now = count(points, "points", least=1), self.on(on)
        most = now.balance
        need("points", many <= most, f"at most {most} points", f"至多{most}分", points)
        return now._used(many)._noted(on, -many, reason)

    def take_back(self, on: date, points: int, reason: str = "退款扣回") -> PointsLedger:
        """Return the ledger without the points of what was sent back, as far as there are any left."""
        now = self.on(on)
        many = min(count(points, "points"), now.balance)
        return now._used(many)._noted(on, -many, reason) if many else now

    def on(self, day: date) -> PointsLedger:
        """Return the ledger as it stands on a day: what could be used until the day before has run out.

        Raises ``ValueError`` for a day before the last entry.

        >>> from datetime import date
        >>> ledger = PointsLedger(keeps=365).earn(date(2025, 1, 31), 40)
        >>> ledger.on(date(2026, 1, 31)).balance, ledger.on(date(2026, 2, 1)).balance
        (40, 0)
        """
        if self.entries:
            last = self.entries[-1].on
            need("on", day >= last, f"a day from {last} on", f"{last}或以后的一天", day)
        gone = [lot for lot in self.lots if lot.until is not None and lot.until < day]
        now = self
        for lot in gone:
            assert lot.until is not None
            ran_out = lot.until + timedelta(1)
            now = replace(now, lots=now.lots[1:])._noted(ran_out, -lot.left, "过期")
        return now

    def running_out(self, day: date, within: int) -> int:
        """Return how many points run out from a day on within so many days, if none is used.

        >>> from datetime import date
        >>> ledger = PointsLedger().earn(date(2025, 2, 10), 242)
        >>> ledger.running_out(date(2026, 1, 26), 30)
        242
        """
        now, end = self.on(day), day + timedelta(count(within, "within"))
        return sum(lot.left for lot in now.lots if lot.until is not None and lot.until < end)

    def _used(self, many: int) -> PointsLedger:
        lots = []
        for lot in self.lots:
            taken = min(many, lot.left)
            many -= taken
            if taken < lot.left:
                lots.append(replace(lot, left=lot.left - taken))
        return replace(self, lots=tuple(lots))

    def _noted(self, on: date, change: int, reason: str) -> PointsLedger:
        balance = (self.entries[-1].balance if self.entries else 0) + change
        return replace(self, entries=(*self.entries, PointsEntry(on, change, balance, reason)))


def unreconciled(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the entries of a shop's table of points whose balance does not follow from the one before.

    ``rows`` are as in the table ``points``, each customer's in order; a balance below 0 is wrong too.

    >>> unreconciled([{"entry_id": "E1", "customer_id": "C1", "change": "50", "balance": "50"},
    ...               {"entry_id": "E2", "customer_id": "C1", "change": "-60", "balance": "-10"}])
    ['E2']
    """
    held, wrong = Counter[str](), []
    for row in rows:
        who, balance = row["customer_id"], int(row["balance"])
        if held[who] + int(row["change"]) != balance or balance < 0:
            wrong.append(row["entry_id"])
        held[who] = balance
    return wrong


# What is owed


@dataclass(frozen=True)
class Deferred:
    """What was paid, split: the part for the ``goods``, and the part ``owed`` for the points, in yuan."""

    goods: Decimal
    owed: Decimal

    def earned(self, used: int, expected_uses: int) -> Decimal:
        """Return how much of what was owed is earned once so many points of those expected are used."""
        whole = count(expected_uses, "expected_uses", least=1)
        many = count(used, "used")
        need("used", many <= whole, f"at most {whole}", f"至多{whole}", used)
        return fen(self.owed * many / whole)


def points_owed(sold: Number, points: int, used: Number, worth: Number = 1) -> Deferred:
    """Return how what customers paid is split between goods and the points given with them.

    ``sold`` yuan of goods came with ``points``, of which the share ``used`` is expected to be used, each
    ``worth`` so many yuan. Both parts are as their own prices: points are no gift that costs nothing until
    somebody comes for it. Source: IFRS 15, example 52.

    >>> split = points_owed(100_000, 10_000, "0.95")
    >>> split.goods, split.owed, split.earned(4500, 9500)
    (Decimal('91324.20'), Decimal('8675.80'), Decimal('4109.59'))
    """
    paid = yuan(sold, "sold")
    own = count(points, "points") * as_share(used, "used") * yuan(worth, "worth")
    owed = fen(paid * own / (paid + own)) if own else Decimal("0.00")
    return Deferred(paid - owed, owed)


# A programme on the shop's own customers


@dataclass(frozen=True)
class Spenders:
    """Customers of about the same year: how many spent between ``low`` and ``low`` + `BAND` yuan in so many orders.

    ``orders`` is `MOST` for so many and more; ``spent`` is what they paid together, in yuan.
    """

    low: int
    orders: int
    people: int
    spent: Decimal


BAND = 50
MOST = 5
STORED_SPENDERS = Path(__file__).with_name("spenders.csv")


@data.cached
def spenders() -> tuple[Spenders, ...]:
    """Return the shop's customers of 2025 in bands; another class's from its tables.

    A derived file: the orders behind it are too many for a page. ``python -m datasets.spenders`` writes it.
    """
    if data.folder() != data.home():
        return spenders_from_tables()
    with STORED_SPENDERS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Spenders(int(row["low"]), int(row["orders"]), int(row["people"]), Decimal(row["spent"]))
            for row in csv.DictReader(file)
        )


def spenders_from_tables() -> tuple[Spenders, ...]:
    """Return the customers of the tables in use by what their closed orders of the year came to."""
    spent, orders = dict[str, Decimal](), Counter[str]()
    for row in data.rows("orders"):
        if row["status"] == "交易成功":
            who = row["customer_id"]
            spent[who] = spent.get(who, Decimal(0)) + Decimal(row["paid_amount"])
            orders[who] += 1
    cells: dict[tuple[int, int], tuple[int, Decimal]] = {}
    for who, amount in spent.items():
        cell = int(amount) // BAND * BAND, min(orders[who], MOST)
        people, together = cells.get(cell, (0, Decimal(0)))
        cells[cell] = people + 1, together + amount
    return tuple(Spenders(*cell, *cells[cell]) for cell in sorted(cells))


@dataclass(frozen=True)
class Assumed:
    """What a programme's year takes for granted; shares, all of it open to doubt.

    ``lift``: who holds a level that gives ``at`` of the price away and that one in five holds buys so much
    more, as was seen on both sides of gold's threshold (82.7 % stayed just below, 6.9 points more above:
    8 %). That half as much given brings √½ as much, and that a level which everybody holds brings nothing, are
    this book's assumptions. ``margin`` is what is left of a price after the goods; of points ``used`` are
    used in the end, ``within_year`` of them before its end.
    """

    lift: float = 0.08
    at: float = 0.05
    held_by: float = 0.2
    margin: float = 0.55
    used: float = 0.8
    within_year: float = 0.26

    def __post_init__(self) -> None:
        for name in ("lift", "at", "held_by", "margin", "used", "within_year"):
            set_fields(self, **{name: float(as_share(getattr(self, name), name))})
        need("at", self.at > 0, "a share above 0", "大于0的比例", self.at)
        need("held_by", self.held_by < 1, "a share below 1", "小于1的比例", self.held_by)

    def more(self, given: float, holders: float) -> float:
        """Return how much more is bought where the share ``given`` is given, of which ``holders`` partake.

        >>> round(Assumed().more(0.05, 0.2), 3), round(Assumed().more(0.02, 0.2), 3), Assumed().more(0.05, 1)
        (0.08, 0.051, 0.0)
        """
        return self.lift * sqrt(given / self.at) * (1 - holders) / (1 - self.held_by)


@dataclass(frozen=True)
class LevelYear:
    """What one level did in a year: its members, what they spend, more of it, and what they were given."""

    level: MemberLevel
    people: int
    spent: float
    more: float
    given: float


@dataclass(frozen=True)
class ProgrammeYear:
    """A year under a programme, in yuan: by level, points given, owed at its end, and what is left of it all."""

    levels: tuple[LevelYear, ...]
    points: float
    owed: float
    profit: float

    @property
    def more(self) -> float:
        """How much more was sold than without a programme."""
        return sum(one.more for one in self.levels)

    @property
    def given(self) -> float:
        """What was given away: discounts and gifts, and the points that are going to be used."""
        return sum(one.given for one in self.levels)

    @property
    def anyway(self) -> float:
        """How much of what was given away went to purchases that would have been made without it."""
        spent = sum(one.spent for one in self.levels)
        return self.given * spent / (spent + self.more)


def programme_year(
    programme: Programme,
    people: Sequence[Spenders],
    points_back: Number = "0.01",
    assumed: Assumed | None = None,
) -> ProgrammeYear:
    """Return what a year brings if everybody would buy as last year, and gets the level he then earned.

    ``points_back`` is what the points on one yuan are worth, in yuan. Everybody earns them; levels bring their
    discount and gift besides. Money given to who would have bought anyway is given all the same. Raises
    ``ValueError`` for thresholds that are no multiple of `BAND` yuan, which the bands cannot tell.
    """
    for one in programme.levels:
        need("programme", one.min_amount % BAND == 0 and one.min_orders <= MOST,
             f"thresholds of whole {BAND} yuan and at most {MOST} orders", f"门槛是{BAND}元的整倍数、至多{MOST}单",
             one.name)  # fmt: skip
    told, back = assumed or Assumed(), float(as_share(points_back, "points_back"))
    everybody = sum(one.people for one in people)
    need("people", everybody > 0, "at least one customer", "至少一位客人", people)
    held, spent = Counter[str](), dict.fromkeys((one.name for one in programme.levels), 0.0)
    for band in people:
        name = programme.level(band.low, band.orders).name
        held[name] += band.people
        spent[name] += float(band.spent)
    above, rows, issued, profit = everybody, [], 0.0, 0.0
    for level in programme.levels:
        many, base = held[level.name], spent[level.name]
        cut = 1 - float(level.discount)
        worth = cut + back * told.used + (float(level.gift) * many / base if base else 0.0)
        more = base * told.more(worth, above / everybody)
        paid = (base + more) * (1 - cut)
        points = paid * back
        given = (base + more) * cut + points * told.used + float(level.gift) * many
        rows.append(LevelYear(level, many, base, more, given))
        issued += points
        profit += more * told.margin - given
        above -= many
    owed = issued * told.used * (1 - told.within_year)
    return ProgrammeYear(tuple(rows), issued, owed, profit)
