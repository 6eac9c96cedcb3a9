"""Write the shop's buyers in cells of RFM: ``python -m datasets.regulars``.

The cube of chapter 12 reads ``cube.csv``, because the orders behind it are too large for a page.
"""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import datetime

from kefu import data
from kefu.clock import SHANGHAI
from kefu.operations.rfm import STORED, RfmCell, cells, summary

END = datetime(2026, 1, 1, tzinfo=SHANGHAI)
"""The tables end with the year 2025."""


def shop() -> list[RfmCell]:
    """Return the cells of all who paid an order, as of the tables' end."""
    paid = (row for row in data.rows("orders") if row["paid_at"])
    purchases = (
        (row["customer_id"], datetime.fromisoformat(row["paid_at"]), float(row["paid_amount"]))
        for row in paid
    )
    return cells(summary(purchases, END).values())


def main() -> None:
    """Write ``cube.csv``, a row for each cell that somebody is in."""
    rows = [asdict(cell) for cell in shop()]
    with STORED.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    print(f"kefu: cube.csv: {len(rows)} cells, {STORED.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
