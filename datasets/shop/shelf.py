"""The shelf: each product week by week, as who fills the showcase sees it on Monday at midnight."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from math import exp

from datasets.shop.calendar import date_text
from datasets.shop.goods import PRODUCT, popular

MONDAY = -2  # the day of the first week's Monday, 2024-12-30
WEEKS, CYCLE = 52, 7
Sold = Mapping[tuple[str, int], int]


def week_of(day: int) -> int:
    """Return the week of a day, 0 for the one that holds the first of January.

    >>> week_of(0), week_of(4), week_of(5)
    (0, 0, 1)
    """
    return (day - MONDAY) // 7


def shelf_rows(
    seed: int, customers: int, orders: Sold, pieces: Sold
) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``shelf``.

    ``orders`` counts the orders that hold a product, ``pieces`` what was paid of it, by week.
    """
    stocks = {product: _stocks(seed, product, pieces) for product in PRODUCT}
    shares = popular(0)
    tempting = {
        product: (0.035 + 0.05 * rng.random(), 0.025 + 0.03 * rng.random(), rng.randrange(CYCLE))
        for product in PRODUCT
        for rng in [random.Random(f"{seed}/shelf/{product}")]
    }
    for week in range(WEEKS):
        for nth, product in enumerate(shares.items):
            rng = random.Random(f"{seed}/shelf/{product}/{week}")
            buying, clicking, phase = tempting[product]
            weight = (shares.bounds[nth] - (shares.bounds[nth - 1] if nth else 0)) / shares.bounds[
                -1
            ]
            sold = orders.get((product, week), 0)
            looking = (sold + weight * customers / 60) / buying
            clicks = sold + round(looking * exp(rng.gauss(0, 0.12)))
            listed = phase + 2 * (week // 13)  # edited and listed anew every quarter
            yield {
                "starts_on": date_text(MONDAY + 7 * week),
                "product_id": product,
                "views": round(clicks / clicking * exp(rng.gauss(0, 0.1))),
                "clicks": clicks,
                "favourites": round(clicks * (0.05 + 0.06 * rng.random())),
                "orders": sold,
                "stock": stocks[product][week],
                "days_to_delisting": CYCLE - listed % CYCLE,
            }


def _stocks(seed: int, product: str, pieces: Sold) -> list[int]:
    """Return the pieces in the warehouse at the start of each week.

    New ones are ordered for some weeks when little is left, and come after a week or two; what
    would be sold before is sent on by the factory at once, so that nothing is sold that is not
    there.
    """
    rng = random.Random(f"{seed}/stock/{product}")
    usual = max(1.0, sum(pieces.get((product, week), 0) for week in range(WEEKS)) / WEEKS)
    held, coming, stocks = round(usual * rng.uniform(3, 7)), list[tuple[int, int]](), []
    for week in range(WEEKS):
        held += sum(number for due, number in coming if due == week)
        coming = [(due, number) for due, number in coming if due > week]
        stocks.append(held)
        held = max(0, held - pieces.get((product, week), 0))
        if held < 1.5 * usual and not coming:
            coming.append((week + rng.choice((1, 2, 2, 3)), round(usual * rng.uniform(4, 7))))
    return stocks
