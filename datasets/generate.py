"""Make the tables of our invented shop 暖巷生活馆: ``python -m datasets.generate``.

Everything is invented: people, goods, carriers, chats. The same seed gives the same bytes on every
supported Python; another seed is another class's shop, in which all the truths of ``truths.yml``
hold. Customers are made one after the other, each from a random number generator of its own, and
written at once: the time grows with their number, the memory does not.

The tables are in the order of the customers; keys number the rows as they are written. Not made
here but kept by hand: ``tariffs``, ``zones``, ``rules``, ``everyday_questions``; ``kefu.data.use`` takes
the book's own for them where a folder has none.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tqdm import tqdm

from datasets.shop import (
    cohorts,
    goods,
    live,
    people,
    phrases,
    quality,
    relations,
    robot,
    room,
    rush,
    shelf,
)
from datasets.shop.dirt import Exports
from datasets.shop.story import Shop, day_rows, tell
from datasets.shop.tables import Tables
from datasets.words import knowledge

FOLDER = Path(__file__).parent
SEED = 88
CUSTOMERS = 4000
Rows = Iterable[Mapping[str, object]]

SCENERY: dict[str, Callable[[], Rows]] = {
    "products": goods.products,
    "size_charts": goods.size_charts,
    "agents": people.agents,
    "phrases": phrases.phrase_rows,
    "levels": relations.level_rows,
    "campaigns": relations.campaign_rows,
    "live_shows": live.show_rows,
    "knowledge": knowledge.entries,
}
"""The tables that are the same under every seed."""

LIVES = (
    "customers", "orders", "order_lines", "payments", "parcels", "tracking", "chats", "messages",
    "reminders", "returns", "disputes", "reviews", "survey", "campaign_members", "touches",
    "points",
)  # fmt: skip
"""The tables to which each customer's year adds rows."""


def make(seed: int, customers: int, folder: Path, *, parquet: bool = False) -> dict[str, int]:
    """Write every table into ``folder`` and return how many rows each has."""
    folder.mkdir(parents=True, exist_ok=True)
    with Tables(folder, parquet) as tables:
        shop = Shop(seed, customers, tables, Exports())
        for table, rows in SCENERY.items():
            for row in rows():
                tables.add(table, row)
        for table in LIVES:
            tables.start(table)
        inspected = quality.Reservoir(seed)
        tables.watchers["chats"] = inspected.offer
        wicked = shop.extortionists()
        for number in tqdm(range(1, customers + 1), "kefu", unit=" customers"):
            tell(shop, number, number in wicked)
        shop.exports.write(tables)
        questions = knowledge.questions(seed)
        airings = room.airings(seed, customers, shop.totals.sampled)
        ending: dict[str, Rows] = {
            "days": day_rows(shop),
            "live_minutes": room.minute_rows(airings),
            "live_promises": room.promise_rows(airings),
            "rush": rush.rows(seed),
            "bot_days": robot.day_rows(
                seed, knowledge.entries(), shop.totals.orders + shop.totals.enquirers
            ),
            "quality": quality.quality_rows(inspected),
            "questions": questions,
            "labels": quality.label_rows(seed, questions),
            "baskets": goods.baskets(seed),
            "cohorts": cohorts.rows(seed, customers),
            "shelf": shelf.shelf_rows(seed, customers, shop.totals.listed, shop.totals.pieces),
        }
        for table, made in ending.items():
            for row in made:
                tables.add(table, row)
        return tables.rows


def main() -> None:
    """Write the tables and say how many rows they have."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another seed makes another class's shop"
    )
    parser.add_argument(
        "--customers", type=int, default=CUSTOMERS, help="number of customers, 1,000 to 1,000,000"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    parser.add_argument("--parquet", action="store_true", help="Parquet files instead of CSV")
    options = parser.parse_args()
    if not 1000 <= options.customers <= 1_000_000:
        parser.error(f"--customers: expected 1000 to 1000000, got {options.customers}")
    for table, rows in make(
        options.seed, options.customers, options.folder, parquet=options.parquet
    ).items():
        print(f"kefu: {table}: {rows} rows")


if __name__ == "__main__":
    main()
