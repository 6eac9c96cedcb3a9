"""What the shop sells: products, their SKUs and batches, and what a basket holds.

The products and size charts are scenery, kept by hand in the two tables beside this module.
Inside the generator money is fen and weight is g, so that sums are exact.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from datasets.shop.calendar import month_of
from datasets.shop.chance import Wheel
from datasets.shop.truths import planted

FOLDER = Path(__file__).parent
PIECES = Wheel({1: 52, 2: 28, 3: 14, 4: 6})
ADD_ONS = ("NX15", "NX03", "NX02", "NX04", "NX10", "NX23")  # what tops a basket up
SIZE_WEIGHT = {"S": 2, "M": 4, "L": 4, "XL": 2, "38-39": 2, "40-41": 2}
SEASONS = {  # how popular in each month
    "": [1.0] * 12,
    "夏": [0.6, 0.6, 0.9, 1.1, 1.3, 1.4, 1.4, 1.3, 1.1, 0.9, 0.7, 0.6],
    "冬": [1.3, 1.2, 0.9, 0.8, 0.7, 0.6, 0.6, 0.7, 0.9, 1.2, 1.4, 1.4],
}


def fen(text: str) -> int:
    """Return an amount of yuan (or of kg) with two decimals in hundredths.

    >>> fen("19.90")
    1990
    """
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part)


def yuan(fen: int) -> str:
    """Return an amount of money, or a weight in units of 10 g, with its two decimals.

    >>> yuan(1990)
    '19.90'
    """
    return f"{fen // 100}.{fen % 100:02}"


@dataclass(frozen=True)
class Sku:
    """One thing to buy: money in fen, weight in units of 10 g, sizes in cm."""

    sku: str
    product: str
    title: str
    category: str
    colour: str
    size: str
    price: int
    cost: int
    weight: int
    length: int
    width: int
    height: int
    chart: str
    launched_on: str


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table kept beside this module."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _skus() -> Iterator[Sku]:
    for row in rows("products"):
        for colour in row["colours"].split(";"):
            for size in row["sizes"].split(";"):
                yield Sku(
                    "-".join(part for part in (row["product_id"], colour, size) if part),
                    row["product_id"],
                    row["title"],
                    row["category"],
                    colour,
                    size,
                    fen(row["price"]),
                    fen(row["cost"]),
                    fen(row["weight_kg"]),
                    int(row["length_cm"]),
                    int(row["width_cm"]),
                    int(row["height_cm"]),
                    row["chart"],
                    row["launched_on"],
                )


SKUS = tuple(_skus())
PRODUCT = {s.product: s for s in reversed(SKUS)}
"""One SKU of each product: all have the same price, weight and size."""

_VARIANTS = {
    p: Wheel({s: SIZE_WEIGHT.get(s.size, 1) for s in SKUS if s.product == p}) for p in PRODUCT
}


@cache
def popular(month: int) -> Wheel[str]:
    """Return the wheel of what is bought in a month (0 to 11)."""
    weights = {
        row["product_id"]: float(row["popular"]) * SEASONS[row["season"]][month]
        for row in rows("products")
    }
    return Wheel(weights)


def wishes(rng: random.Random, month: int) -> list[str]:
    """Return the products that one customer came for."""
    return [popular(month).spin(rng) for _ in range(PIECES.spin(rng))]


def topped_up(rng: random.Random, products: list[str]) -> list[str]:
    """Return the basket, topped up by many whose gap to free shipping is small."""
    rule = planted("threshold")
    gap = int(rule["amount"]) * 100 - sum(PRODUCT[p].price for p in products)
    if 0 < gap <= rule["reach"] * 100 and rng.random() < rule["share"]:
        enough = [p for p in ADD_ONS if PRODUCT[p].price >= gap]
        return products + ([rng.choice(enough)] if enough else [])
    return products


def picked(rng: random.Random, products: list[str]) -> dict[Sku, int]:
    """Return how many of which SKU."""
    return dict(Counter(_VARIANTS[p].spin(rng) for p in products))


def variant(rng: random.Random, product: str) -> Sku:
    """Return one SKU of a product."""
    return _VARIANTS[product].spin(rng)


def batch(product: str, day: int) -> str:
    """Return the production batch that is sold on a day: a new one every other month.

    >>> batch("NX20", 0), batch("NX20", 300)
    ('B2411', 'B2509')
    """
    day -= 5 + int(product[2:]) % 10  # not all products change on one day
    return f"B25{month_of(day) // 2 * 2 + 1:02}" if day >= 0 else "B2411"


def faulty(product: str, batch: str) -> bool:
    """Return whether this is the faulty batch."""
    values = planted("faulty_batch")
    return (product, batch) == (values["product_id"], values["batch"])


def products() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``products``."""
    for s in SKUS:
        yield {
            "sku": s.sku,
            "product_id": s.product,
            "title": s.title,
            "category": s.category,
            "colour": s.colour,
            "size": s.size,
            "price": yuan(s.price),
            "cost": yuan(s.cost),
            "weight_kg": yuan(s.weight),
            "length_cm": s.length,
            "width_cm": s.width,
            "height_cm": s.height,
            "chart": s.chart,
            "launched_on": s.launched_on,
        }


def size_charts() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``size_charts``."""
    for row in rows("size_charts"):
        yield dict(row)


def baskets(seed: int, number: int = 300) -> Iterator[dict[str, object]]:
    """Yield baskets of the week before the shop had a free-shipping threshold.

    Every tenth of ten times as many, by amount: a small sample that is as spread as a large one.
    """
    rng = random.Random(f"{seed}/baskets")
    amounts = sorted(
        sum(PRODUCT[p].price for p in wishes(rng, rng.randrange(12))) for _ in range(10 * number)
    )[5::10]
    rng.shuffle(amounts)
    for place, amount in enumerate(amounts, start=1):
        yield {"basket_id": f"B{place:04}", "goods_amount": yuan(amount)}
