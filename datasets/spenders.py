"""Write what the shop's customers spent in the year, in bands: ``python -m datasets.spenders``.

The programme of chapter 11 runs on ``spenders.csv``, because the orders behind it are too large for a page.
"""

from __future__ import annotations

import csv
from dataclasses import asdict

from kefu.operations.membership import STORED_SPENDERS, spenders_from_tables


def main() -> None:
    """Write ``spenders.csv``, a row for each band of amounts and number of orders."""
    rows = [asdict(one) for one in spenders_from_tables()]
    with STORED_SPENDERS.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    print(f"kefu: spenders.csv: {len(rows)} bands, {STORED_SPENDERS.stat().st_size / 1000:.1f} kB")


if __name__ == "__main__":
    main()
