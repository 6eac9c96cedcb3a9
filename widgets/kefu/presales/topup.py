"""Topping up a basket to ship free (凑单): the buyer's choice, and what a threshold does to a shop.

All amounts are in yuan. The shop's side is a model, not a forecast: see ``outcome``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kefu.amounts import Number, fen, share, yuan
from kefu.errors import expected


@dataclass(frozen=True)
class TopUp:
    """An add-on that reaches the threshold: its price, and what the buyer pays more by taking it.

    ``extra`` is the price less the freight saved; below 0, adding the item is the cheaper way.
    """

    name: str
    price: Decimal
    extra: Decimal


@dataclass(frozen=True)
class ThresholdOutcome:
    """What a threshold does over many baskets; money in yuan, rounded half up to the fen.

    ``free`` counts the orders that ship free, those ``topped_up`` among them; ``lost`` is the
    expected number of baskets left behind because of the freight. ``average_basket`` (客单价) is
    that of the orders placed, after topping up (0 where none is); ``profit_per_basket`` counts
    the lost baskets too.
    """

    baskets: int
    free: int
    topped_up: int
    lost: Decimal
    average_basket: Decimal
    profit: Decimal
    profit_per_basket: Decimal


def suggest(
    basket: Number, threshold: Number, freight: Number, prices: Mapping[str, Number]
) -> tuple[TopUp, ...]:
    """Return the single items of ``prices`` that lift ``basket`` to ``threshold``, best first.

    Sorted by ``extra`` = price - ``freight``, then by name; empty where the basket ships free
    already. Raises ``ValueError`` or ``TypeError``.

    >>> for choice in suggest(80, 88, 10, {"毛巾": 15, "袜子": "9.9", "皮筋": 3}):
    ...     print(choice.name, choice.extra)
    袜子 -0.10
    毛巾 5.00
    """
    gap = yuan(threshold, "threshold") - yuan(basket, "basket")
    saved = yuan(freight, "freight")
    priced = {name: yuan(price, f"prices[{name!r}]") for name, price in prices.items()}
    if gap <= 0:
        return ()
    choices = [TopUp(name, price, price - saved) for name, price in priced.items() if price >= gap]
    return tuple(sorted(choices, key=lambda choice: (choice.extra, choice.name)))


def outcome(
    baskets: Sequence[Number],
    threshold: Number | None,
    reach: Number,
    margin: Number,
    freight_cost: Number,
    freight_price: Number,
    leave: Number = 0,
) -> ThresholdOutcome:
    """Return what shipping free from ``threshold`` does to a shop with these baskets.

    A basket at the threshold ships free. One that lacks at most ``reach`` is topped up to exactly
    the threshold and ships free. Of the others, the share ``leave`` (0 to 1) buys nothing and the
    rest pays ``freight_price``. Each order placed costs the shop ``freight_cost`` and earns
    ``margin`` (0 to 1) of its basket: profit = sum of (basket x margin + freight received -
    freight cost) over the orders placed. ``threshold`` None means that nothing ships free.

    This is our own teaching model: ``reach`` and ``leave`` are assumptions, not measurements.

    Raises ``ValueError`` or ``TypeError``, for no baskets too.

    >>> result = outcome([50, 80, 100], 88, reach=10, margin=0.3, freight_cost=6, freight_price=8)
    >>> result.free, result.topped_up, result.average_basket, result.profit
    (2, 1, Decimal('79.33'), Decimal('61.40'))
    """
    paid = [yuan(basket, f"baskets[{i}]") for i, basket in enumerate(baskets)]
    if not paid:
        raise ValueError(expected("baskets", "at least one basket", "至少一单", baskets))
    start = None if threshold is None else yuan(threshold, "threshold")
    near = yuan(reach, "reach")
    earned, gone = share(margin, "margin"), share(leave, "leave")
    cost, price = yuan(freight_cost, "freight_cost"), yuan(freight_price, "freight_price")

    free, topped_up, free_sales, other_sales = 0, 0, Decimal(0), Decimal(0)
    for basket in paid:
        if start is not None and start - basket <= near:
            free += 1
            topped_up += basket < start
            free_sales += max(basket, start)
        else:
            other_sales += basket
    baskets_came = len(paid)
    lost = (baskets_came - free) * gone
    placed, paying = baskets_came - lost, baskets_came - free - lost
    sales = free_sales + other_sales * (1 - gone)
    profit = sales * earned + paying * price - placed * cost
    average = sales / placed if placed else Decimal(0)
    return ThresholdOutcome(
        baskets_came,
        free,
        topped_up,
        fen(lost),
        fen(average),
        fen(profit),
        fen(profit / baskets_came),
    )


def best_threshold(
    baskets: Sequence[Number],
    candidates: Iterable[Number | None],
    reach: Number,
    margin: Number,
    freight_cost: Number,
    freight_price: Number,
    leave: Number = 0,
) -> Decimal | None:
    """Return the candidate threshold with the highest profit under ``outcome``.

    Among equals the first candidate wins; None among them stands for "nothing ships free".
    Raises ``ValueError`` or ``TypeError``, for no candidates too.

    >>> best_threshold([60, 70, 100], [None, 88, 99], 30, 0.3, 6, 4)
    Decimal('88.00')
    """
    tried = [None if value is None else yuan(value, "candidates") for value in candidates]
    if not tried:
        raise ValueError(expected("candidates", "at least one threshold", "至少一个门槛", tried))
    return max(
        tried,
        key=lambda start: (
            outcome(baskets, start, reach, margin, freight_cost, freight_price, leave).profit
        ),
    )
