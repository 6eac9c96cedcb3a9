"""A reception team over months: what wage, fines and training do to people, replies, sales and profit.

This is our own teaching model. From the shop's tables are the first response time of an old hand, the
conversion at a reply after 32 seconds, and what each doubling of the reply costs (truth ``conversion``).
Everything else is an assumption (教学假设), written beside its field in `Shop`; change it and look again.
Money is in yuan, times are in seconds, rates are per month.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from math import exp, log, log2

from kefu.amounts import Number, count, exact, fen, set_fields, share, yuan
from kefu.errors import expected

MOST_LEAVE = 0.9
"""The most that can leave in a month: somebody hands the keys over."""
FASTEST = 2
"""Months that even the best training takes."""


@dataclass(frozen=True)
class Plan:
    """What the owner decides, in yuan a month: wage and fines of an agent, training of a novice.

    ``fine`` is what is taken from a wage on average. Raises ``ValueError`` or ``TypeError``; fines above the wage too.
    """

    wage: Decimal = Decimal(4000)
    fine: Decimal = Decimal(0)
    training: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        set_fields(self, **{f.name: yuan(getattr(self, f.name), f.name) for f in fields(self)})
        if self.fine > self.wage:
            raise ValueError(expected("fine", f"at most the wage, {self.wage}",
                                      f"不多于工资{self.wage}的数", self.fine))  # fmt: skip


@dataclass(frozen=True)
class Shop:
    """The team and the shop around it.

    ``fast_s`` and ``sales_at_32_s``: measured in the shop's tables (median first response of 林姐;
    conversion of the year's enquiries, whose median is 32 s). ``per_doubling``: log-odds, planted truth.
    All others are assumptions: ``seats`` agents, ``experienced`` of them at the start; ``enquiries`` a
    month; ``margin`` earned by an order; ``hiring`` spent on one who leaves; ``leave`` of the agents
    leaving in a month at ``usual_wage`` and no fines, times ``by_wage`` for each 100 yuan less and
    ``by_fine`` for each 100 yuan of fines (more: being fined also offends); ``months`` until a novice is
    an old hand, one less for each ``training_step`` of training; ``slow_s`` a novice's first response.
    """

    seats: int = 10
    experienced: int = 8
    enquiries: int = 9000
    margin: Decimal = Decimal(35)
    hiring: Decimal = Decimal(1500)
    leave: float = 0.04
    usual_wage: Decimal = Decimal(4000)
    by_wage: float = 1.2
    by_fine: float = 1.3
    months: int = 6
    training_step: Decimal = Decimal(200)
    fast_s: float = 26.0
    slow_s: float = 64.0
    sales_at_32_s: float = 0.5
    per_doubling: float = -0.40

    def __post_init__(self) -> None:
        money = ("margin", "hiring", "usual_wage", "training_step")
        set_fields(
            self,
            seats=count(self.seats, "seats", least=1),
            experienced=count(self.experienced, "experienced"),
            enquiries=count(self.enquiries, "enquiries"),
            months=count(self.months, "months", least=FASTEST),
            leave=float(share(self.leave, "leave")),
            sales_at_32_s=float(share(self.sales_at_32_s, "sales_at_32_s")),
            **{name: yuan(getattr(self, name), name) for name in money},
        )
        if self.experienced > self.seats:
            raise ValueError(expected("experienced", f"at most {self.seats} seats",
                                      f"不多于{self.seats}个座位的数", self.experienced))  # fmt: skip
        for name in ("by_wage", "by_fine"):
            if exact(getattr(self, name), name) < 1:
                raise ValueError(
                    expected(name, "a number >= 1", "不小于1的数", getattr(self, name))
                )
        for name in ("fast_s", "slow_s", "training_step"):
            exact(getattr(self, name), name, positive=True)
        if not 0 < self.sales_at_32_s < 1:
            raise ValueError(expected("sales_at_32_s", "a share between 0 and 1", "0与1之间的比例",
                                      self.sales_at_32_s))  # fmt: skip


@dataclass(frozen=True)
class Month:
    """One month: people in heads on average, so that half a person may leave; money in yuan.

    Who leaves goes at the start; the seat stays empty for the month, then a novice takes it.
    ``experienced`` and ``novices`` are those who work; profit = margin + fines - wages - training - hiring.
    """

    number: int
    leave_rate: float
    left: float
    experienced: float
    novices: float
    response_s: float
    conversion: float
    orders: float
    margin: Decimal
    fines: Decimal
    wages: Decimal
    training: Decimal
    hiring: Decimal

    @property
    def hands(self) -> float:
        """Return how many work."""
        return self.experienced + self.novices

    @property
    def profit(self) -> Decimal:
        """Return what is left of the margin after the team is paid."""
        return self.margin + self.fines - self.wages - self.training - self.hiring


def leave_rate(plan: Plan, shop: Shop = Shop()) -> float:
    """Return the share of agents who leave in a month: 0 to 0.9.

    >>> round(leave_rate(Plan()), 3), round(leave_rate(Plan(fine=300)), 3)
    (0.04, 0.088)
    """
    short = float(shop.usual_wage - plan.wage) / 100
    fined = float(plan.fine) / 100
    growth = short * log(shop.by_wage) + fined * log(shop.by_fine)
    return min(shop.leave * exp(min(growth, 50)), MOST_LEAVE)


def learning_months(plan: Plan, shop: Shop = Shop()) -> float:
    """Return how many months a novice takes to become an old hand.

    >>> learning_months(Plan()), learning_months(Plan(training=400))
    (6.0, 4.0)
    """
    return max(shop.months - float(plan.training / shop.training_step), float(FASTEST))


def first_response(experienced: float, novices: float, shop: Shop = Shop()) -> float:
    """Return the team's first response in seconds: between an old hand's and a novice's, in doublings.

    It is longer as seats stand empty. Raises ``ValueError`` where nobody works.

    >>> round(first_response(10, 0)), round(first_response(0, 10)), round(first_response(4, 1))
    (26, 64, 62)
    """
    hands = experienced + novices
    if not hands > 0:
        raise ValueError(expected("experienced", "somebody at work", "至少有人上班", experienced))
    part = experienced / hands
    alone = part * log2(shop.fast_s) + (1 - part) * log2(shop.slow_s)
    return float(2**alone * max(shop.seats / hands, 1))


def conversion(response_s: Number, shop: Shop = Shop()) -> float:
    """Return the share of enquiries that buy at a first response of so many seconds.

    Each doubling adds ``per_doubling`` to the log-odds. Raises ``ValueError`` or ``TypeError``.

    >>> [round(conversion(s), 3) for s in (16, 32, 64, 128)]
    [0.599, 0.5, 0.401, 0.31]
    """
    seconds = float(exact(response_s, "response_s", positive=True))
    odds = log(shop.sales_at_32_s / (1 - shop.sales_at_32_s))
    odds += shop.per_doubling * log2(seconds / 32)
    return 1 / (1 + exp(-odds))


def run(plan: Plan, shop: Shop = Shop(), months: int = 12) -> tuple[Month, ...]:
    """Return what a plan does, month by month. Raises ``ValueError`` or ``TypeError``.

    >>> first, *_, last = run(Plan(fine=300))
    >>> round(first.response_s), round(last.response_s)
    (34, 39)
    """
    rate, learned = leave_rate(plan, shop), 1 / learning_months(plan, shop)
    old, new = float(shop.experienced), float(shop.seats - shop.experienced)
    told = []
    for number in range(1, count(months, "months") + 1):
        left = (old + new) * rate
        old, new = old * (1 - rate), new * (1 - rate)
        hands, response = old + new, first_response(old, new, shop)
        sold = conversion(response, shop)
        orders = shop.enquiries * sold
        told.append(
            Month(
                number, rate, left, old, new, response, sold, orders,
                margin=money(orders, shop.margin), fines=money(hands, plan.fine),
                wages=money(hands, plan.wage), training=money(new, plan.training),
                hiring=money(left, shop.hiring),
            )
        )  # fmt: skip
        ripe = new * learned
        old, new = old + ripe, new - ripe + left
    return tuple(told)


def money(number: float, price: Decimal) -> Decimal:
    """Return the price of so many, half people too, to the fen.

    >>> money(9.5, Decimal(300))
    Decimal('2850.00')
    """
    return fen(Decimal(str(number)) * price)


def profit(plan: Plan, shop: Shop = Shop(), months: int = 12) -> Decimal:
    """Return the profit of all months together, in yuan.

    >>> profit(Plan()) > profit(Plan(fine=300))
    True
    """
    return sum((month.profit for month in run(plan, shop, months)), Decimal(0))
