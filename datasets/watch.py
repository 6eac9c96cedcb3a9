"""Write what an alarm over parcels sees of the shop's tables: ``python -m datasets.watch``.

The radar of chapter 05 reads ``tracks.csv``, because the tables behind it are too large for a page.
"""

from __future__ import annotations

import csv

from kefu.aftersales.tracking import STORED, from_tables, row_of


def main() -> None:
    """Write ``tracks.csv``, a row for each parcel that has a track."""
    rows = [row_of(one) for one in from_tables()]
    with STORED.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    print(f"kefu: tracks.csv: {len(rows)} parcels, {STORED.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
