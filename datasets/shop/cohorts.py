"""Members of 2023 and whether they stayed in 2024: what gold status did, and what only looks so.

An older list than all other tables, with numbers of its own. Each quarter a member may leave for
good, by a chance of his own; who stays buys more, and so reaches gold. At the turn of the year
gold keeps a planted share of those who would leave. Nothing else changes at the threshold.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from datasets.shop.chance import poisson
from datasets.shop.goods import yuan
from datasets.shop.relations import reached
from datasets.shop.truths import planted

FIRST, DAYS = date(2023, 1, 1), 365
QUARTERS = (0, 90, 181, 273, 365)  # first days of the quarters of 2023, and of 2024
OBSERVED = 8  # quarters, to the end of 2024
GOLD = 2  # place in ``relations.LEVELS``
BAND = 25_00  # fen; within a band of amounts the turn of the year is dealt out


def spent(rng: random.Random, joined: int, active: int) -> list[int]:
    """Return the amounts (fen) of the orders of 2023 of one who bought in so many quarters."""
    values, orders = planted("cohorts"), list[int]()
    first = sum(joined >= start for start in QUARTERS) - 1
    for quarter in range(first, first + active):
        left = (QUARTERS[quarter + 1] - max(joined, QUARTERS[quarter])) / 91
        for _ in range(1 + poisson(rng, values["orders"] * left)):
            orders.append(round(100 * rng.lognormvariate(*values["log_basket"])))
    return orders


def stays(rng: random.Random, leaving: float, most: int) -> int:
    """Return how many more quarters someone buys in, at most ``most``."""
    quarters = 0
    while quarters < most and rng.random() >= leaving:
        quarters += 1
    return quarters


def rows(seed: int, customers: int) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``cohorts``.

    Who stays at the turn of the year is not drawn but dealt out within each band of amounts, by
    what each one's chances add up to: so a shop of this size can show a jump that is small.
    """
    values, due = planted("cohorts"), Counter[int]()
    for number in range(1, int(customers * values["members"]) + 1):
        rng = random.Random(f"{seed}/cohorts/{number}")
        joined = rng.randrange(DAYS)
        first = sum(joined >= start for start in QUARTERS) - 1
        leaving = rng.betavariate(values["alpha"], values["beta"])
        kept = stays(rng, leaving, 3 - first)
        orders = spent(rng, joined, kept + 1)
        amount, level, name = sum(orders), *reached(sum(orders), len(orders))
        there = first + kept == 3
        if there:
            due[amount // BAND] += 1 - leaving * (1 - values["kept"] * (level >= GOLD))
            if due[amount // BAND] >= 0.5:
                due[amount // BAND] -= 1
                kept += 1 + stays(rng, leaving, OBSERVED - 5)
        yield {
            "member_id": f"L{number:05}",
            "joined_on": (FIRST + timedelta(joined)).isoformat(),
            "orders_2023": len(orders),
            "amount_2023": yuan(amount),
            "level": name,
            "bought_2023q4": str(there).lower(),
            "bought_2024q1": str(first + kept > 3).lower(),
            "kept_quarters": kept,
            "active": str(first + kept == OBSERVED - 1).lower(),
        }
