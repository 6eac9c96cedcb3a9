"""Customers by the million, for `make scale`: the shop's buying alone, in Parquet by ranges of customers.

A customer is made of the shop's own parts, from the same stream of chance, so that number 17 is the
same person with the same orders and campaigns as in the tables of that seed; chats, parcels and what
comes of them are left out, and of the price what depends on them: level discounts, coupons, points.
What an order costs comes from a stream of its own. Nobody is an extortionist.

All of a customer stands in one range, and a range is made from its numbers alone: ranges can be made
by any number of processes or machines, in any order, and again. Nothing need be shuffled to be read.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from datasets.shop import habits, people, relations, trade
from datasets.shop.calendar import FIRST
from datasets.shop.tables import arrow_types, fields
from kefu.clock import SHANGHAI

SEED = 88
STEP = 50_000
"""Customers of one range: a file of a few MB for each table."""
COLUMNS = {
    "customers": ("customer_id", "sms_consent", "ads_consent"),
    "orders": ("customer_id", "created_at", "paid_at", "paid_amount"),
    "campaign_members": ("campaign_id", "customer_id", "arm"),
}
"""The tables of a range, with those of the shop's columns that they have."""
START = int(datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=SHANGHAI).timestamp())
Rows = dict[str, list[tuple[object, ...]]]


def lives(seed: int, numbers: range) -> Rows:
    """Return the rows of each table for these customers, in their order; moments in ms since 1970."""
    rows: Rows = {table: [] for table in COLUMNS}
    for number in numbers:
        rng = random.Random(f"{seed}/{number}")
        person = people.person(rng, number)
        bought, members = habits.campaigned(rng, person, habits.purchases(rng, person))
        rows["customers"].append((person.customer_id, person.sms_consent, person.ads_consent))
        arms = (("实验" if m.treated else "对照", m.campaign.campaign_id) for m in members)
        rows["campaign_members"] += [(name, person.customer_id, arm) for arm, name in arms]
        prices = random.Random(f"{seed}/{number}/prices")
        for plan in bought:
            made = trade.order(prices, person, plan, 0)
            trade.pay(prices, made)
            if made.paid is not None and made.is_paid:
                moments = ((START + moment) * 1000 for moment in (made.created, made.paid))
                rows["orders"].append((person.customer_id, *moments, made.to_pay / 100))
    return rows


def schema(table: str) -> Any:
    """Return the Arrow schema of a table: the types of the shop's own."""
    kinds, types = fields(table), arrow_types()
    return pa.schema([(name, types[kinds[name]]) for name in COLUMNS[table]])


def ranges(customers: int, step: int = STEP) -> Iterator[range]:
    """Yield the numbers of the customers, from 1 on, in ranges that share none.

    >>> list(ranges(5, 2))
    [range(1, 3), range(3, 5), range(5, 6)]
    """
    for first in range(1, customers + 1, step):
        yield range(first, min(first + step, customers + 1))


def place(folder: Path, table: str, numbers: range) -> Path:
    """Return the file of a range.

    >>> place(Path("crowd"), "orders", range(1, 3)).as_posix()
    'crowd/orders/000000001-000000002.parquet'
    """
    return folder / table / f"{numbers[0]:09}-{numbers[-1]:09}.parquet"


def save(table: Any, path: Path) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    pq.write_table(table, half)
    half.replace(path)


def write_range(folder: Path, seed: int, numbers: range) -> None:
    """Write the files of a range unless they are there."""
    if all(place(folder, table, numbers).is_file() for table in COLUMNS):
        return
    for table, rows in lives(seed, numbers).items():
        form = schema(table)
        columns = zip(*rows, strict=True) if rows else ((),) * len(form)
        arrays = [pa.array(column, field.type) for column, field in zip(columns, form, strict=True)]
        save(pa.Table.from_arrays(arrays, schema=form), place(folder, table, numbers))


def campaigns() -> list[Mapping[str, object]]:
    """Return each campaign with its first and last day."""
    names = ("campaign_id", "starts_on", "ends_on")
    return [{name: row[name] for name in names} for row in relations.campaign_rows()]


def write(
    folder: Path, customers: int, seed: int = SEED, step: int = STEP, processes: int | None = None
) -> None:
    """Write a crowd into a folder of its own, by as many processes as there are cores.

    What is there already is kept: a crowd that was interrupted is finished. Raises ``ValueError``
    for a folder that holds another crowd.
    """
    if customers < 1 or step < 1:
        raise ValueError(f"customers and step: expected at least 1, got {customers} and {step}")
    mark, made_of = folder / "crowd.txt", f"seed {seed}, {customers} customers by {step}\n"
    if mark.is_file() and mark.read_text(encoding="utf-8") != made_of:
        raise ValueError(f"folder: expected {made_of.strip()}, got {mark.read_text().strip()}")
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(made_of, encoding="utf-8")
    save(pa.Table.from_pylist(campaigns()), folder / "campaigns" / "campaigns.parquet")
    work = partial(write_range, folder, seed)
    if processes == 1:
        for numbers in ranges(customers, step):
            work(numbers)
    else:
        with get_context("spawn").Pool(processes) as pool:
            pool.map(work, ranges(customers, step), chunksize=1)


def main() -> None:
    """Write a crowd."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    write(options.folder, options.customers, options.seed)


if __name__ == "__main__":
    main()
