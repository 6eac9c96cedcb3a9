"""RFM: how lately, how often and how much a customer bought, and which of eight classes this makes.

R is the number of days since the last purchase (few are good), F the number of orders paid, M the yuan
paid in all of them. Each is high or low by a cut; the three letters name a class. Sources differ in the
names of the classes and in the cuts: ours are in `NAMES` and `RfmCuts`. What a class is worth in a shop
are sums over its cells (`RfmCell`), so that cuts can be moved without all rows: `classes` needs a few
hundred cells, however many customers there are.
"""

from __future__ import annotations

import csv
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import TypeVar

from kefu.amounts import yes_or_no
from kefu.errors import need

_When = TypeVar("_When", date, datetime)

NAMES: dict[tuple[bool, bool, bool], str] = {
    (True, True, True): "重要价值",
    (True, False, True): "重要发展",
    (False, True, True): "重要保持",
    (False, False, True): "重要挽留",
    (True, True, False): "一般价值",
    (True, False, False): "一般发展",
    (False, True, False): "一般保持",
    (False, False, False): "一般挽留",
}
"""The class of (R high, F high, M high); R high means that the last purchase was lately."""

STORED = Path(__file__).with_name("cube.csv")
"""The book's shop in cells, at the end of 2025; ``python -m datasets.regulars`` writes it."""


def segment(r_high: bool, f_high: bool, m_high: bool) -> str:
    """Return one of the eight class names; ``r_high`` means lately.

    Raises ``TypeError`` for anything but True or False.

    >>> segment(True, True, True), segment(False, True, True)
    ('重要价值', '重要保持')
    """
    letters = {"r_high": r_high, "f_high": f_high, "m_high": m_high}
    high = tuple(yes_or_no(value, name) for name, value in letters.items())
    return NAMES[high[0], high[1], high[2]]


def score(value: float, cuts: Sequence[float], *, few_is_good: bool = False) -> int:
    """Return a score from 1 to one more than there are cuts: 1 or 2 by one cut, 1 to 5 by four.

    A value on a cut counts as reaching it. With ``few_is_good`` (days since the last purchase) the
    smallest values score highest. Raises ``ValueError`` for cuts that do not rise and for NaN.

    >>> [score(days, [90], few_is_good=True) for days in (12, 90, 91)]
    [2, 2, 1]
    >>> [score(orders, [2, 3, 5, 8]) for orders in (1, 2, 4, 20)]
    [1, 2, 3, 5]
    """
    edges = list(cuts)
    rising = all(one < other for one, other in pairwise(edges))
    need("cuts", edges and rising, "rising numbers", "从小到大的刀口", cuts)
    need("value", isfinite(value), "a number", "一个数", value)
    if few_is_good:
        return 1 + len(edges) - bisect_left(edges, value)
    return 1 + bisect_right(edges, value)


@dataclass(frozen=True)
class RfmCuts:
    """Where high begins: at most ``days`` since the last purchase, at least ``orders``, at least ``amount`` yuan.

    >>> RfmCuts(90, 2, 300).segment(days=12, orders=5, amount=260)
    '一般价值'
    """

    days: float = 90
    orders: float = 2
    amount: float = 320

    def __post_init__(self) -> None:
        for name in ("days", "orders", "amount"):
            value = getattr(self, name)
            need(name, isfinite(value) and value > 0, "a number > 0", "大于0的数", value)

    def segment(self, days: float, orders: float, amount: float) -> str:
        """Return the class of a customer."""
        return segment(
            score(days, [self.days], few_is_good=True) == 2,
            score(orders, [self.orders]) == 2,
            score(amount, [self.amount]) == 2,
        )


@dataclass(frozen=True)
class RfmRow:
    """One customer: days since the last purchase, orders paid, yuan paid."""

    days: float
    orders: int
    amount: float


def summary(purchases: Iterable[tuple[str, _When, float]], until: _When) -> dict[str, RfmRow]:
    """Return a row for each customer of (customer, moment of payment, yuan paid).

    Days are counted up to ``until``, with their fraction where moments are given. A refund is no
    purchase of its own: leave it out, or take it off the amount. Raises ``ValueError`` for a purchase
    later than ``until`` and for an amount below 0.

    >>> summary([("甲", date(2025, 6, 1), 100), ("甲", date(2025, 6, 11), 50)], date(2025, 7, 1))
    {'甲': RfmRow(days=20.0, orders=2, amount=150.0)}
    """
    last: dict[str, _When] = {}
    orders: dict[str, int] = {}
    spent: dict[str, float] = {}
    for customer, moment, amount in purchases:
        need("until", moment <= until, f"no earlier than {moment}", f"不早于{moment}", until)
        need("amount", amount >= 0, "yuan >= 0", "不小于0的元", amount)
        last[customer] = max(last.get(customer, moment), moment)
        orders[customer] = orders.get(customer, 0) + 1
        spent[customer] = spent.get(customer, 0.0) + float(amount)
    day = timedelta(days=1)
    return {
        who: RfmRow((until - last[who]) / day, orders[who], round(spent[who], 2)) for who in last
    }


# A shop in cells


@dataclass(frozen=True)
class RfmCell:
    """Customers who are alike: more than ``days`` − 30 and at most ``days`` since, and so on.

    ``days`` is the upper edge of the cell's days, ``orders`` the number of orders (the last cell holds
    all who have more), ``amount`` the lower edge of the yuan; ``people`` are in it and paid ``spent``.
    """

    days: int
    orders: int
    amount: int
    people: int
    spent: float


DAY_STEP, MOST_ORDERS, AMOUNT_STEP, MOST_AMOUNT = 30, 6, 40, 1000
"""How wide a cell is in days and yuan; from so many orders and yuan on all are in the last cell."""


def cells(rows: Iterable[RfmRow]) -> list[RfmCell]:
    """Return the cells of customers in order; cuts on the edges of cells lose nothing.

    >>> cells([RfmRow(20.0, 2, 150.0), RfmRow(25.5, 2, 130.0)])
    [RfmCell(days=30, orders=2, amount=120, people=2, spent=280.0)]
    """
    people: dict[tuple[int, int, int], int] = {}
    spent: dict[tuple[int, int, int], float] = {}
    for row in rows:
        days = max(1, -int(-row.days // DAY_STEP)) * DAY_STEP
        amount = min(int(row.amount // AMOUNT_STEP) * AMOUNT_STEP, MOST_AMOUNT)
        place = days, min(row.orders, MOST_ORDERS), amount
        people[place] = people.get(place, 0) + 1
        spent[place] = spent.get(place, 0.0) + row.amount
    return [RfmCell(*place, people[place], round(spent[place], 2)) for place in sorted(people)]


@dataclass(frozen=True)
class RfmClass:
    """A class in a shop: how many customers, and what they paid, in yuan."""

    name: str
    people: int
    spent: float


def classes(shop: Iterable[RfmCell], cuts: RfmCuts) -> dict[str, RfmClass]:
    """Return the eight classes in the order of `NAMES`, also those that nobody is in.

    Exact where the cuts lie on the edges of cells: days in steps of 30, orders up to 6, yuan in
    steps of 40 up to 1000; raises ``ValueError`` elsewhere, where cells would be torn.
    """
    need("days", cuts.days % DAY_STEP == 0, "a multiple of 30", "30的倍数", cuts.days)
    need("orders", cuts.orders <= MOST_ORDERS and cuts.orders == int(cuts.orders),
         "a whole number from 1 to 6", "1到6的整数", cuts.orders)  # fmt: skip
    need("amount", cuts.amount % AMOUNT_STEP == 0 and cuts.amount <= MOST_AMOUNT,
         "a multiple of 40 up to 1000", "不超过1000的40的倍数", cuts.amount)  # fmt: skip
    people, spent = dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0.0)
    for cell in shop:
        key = cell.days <= cuts.days, cell.orders >= cuts.orders, cell.amount >= cuts.amount
        people[key] += cell.people
        spent[key] += cell.spent
    return {name: RfmClass(name, people[key], round(spent[key], 2)) for key, name in NAMES.items()}


def read_cells(rows: Iterable[Mapping[str, str]] | None = None) -> list[RfmCell]:
    """Return the cells of a table; without one, those of the book's shop."""
    if rows is None:
        rows = csv.DictReader(STORED.read_text(encoding="utf-8").splitlines())
    return [
        RfmCell(int(r["days"]), int(r["orders"]), int(r["amount"]), int(r["people"]), float(r["spent"]))
        for r in rows
    ]  # fmt: skip
