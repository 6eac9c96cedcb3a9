"""What the book's models make of the pipeline's results: whole numbers in, rates and intervals out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from kefu.operations.audience import Uplift, uplift
from kefu.operations.clv import BGNBD, RepeatHistory, fit_bgnbd

DAYS = 7  # a week
Row = dict[str, Any]


def rows(target: Path, name: str) -> Iterator[Row]:
    """Yield the rows of a result: one Parquet file, or a folder of them as a cluster writes it."""
    made = target / f"{name}.parquet"
    with duckdb.connect() as engine:
        found = engine.read_parquet(str(made / "*.parquet" if made.is_dir() else made))
        for row in found.fetchall():
            yield dict(zip(found.columns, row, strict=True))


def repeat_process(target: Path) -> BGNBD:
    """Return BG/NBD as fitted to the sufficient statistics."""
    people: Counter[RepeatHistory] = Counter()
    for row in rows(target, "repeats"):
        history = RepeatHistory(row["x"], row["t_x"] / DAYS, row["T"] / DAYS)
        people[history] += row["customers"]
    model: BGNBD = fit_bgnbd(people).model
    return model


def brought(target: Path, campaign: str, **segment: bool) -> Uplift:
    """Return the uplift of a campaign in a segment, such as ``sleeping=True``."""
    sums = {"实验": [0, 0], "对照": [0, 0]}
    for row in rows(target, "uplift"):
        if row["campaign_id"] == campaign and segment.items() <= row.items():
            sums[row["arm"]][0] += row["bought"]
            sums[row["arm"]][1] += row["customers"]
    (treated, control) = ((bought, people) for bought, people in sums.values())
    return uplift(treated, control)


def audience(target: Path, holds: Callable[[Row], bool]) -> tuple[int, float]:
    """Return how many customers an audience of tags has, and the yuan that they paid.

    >>> may_be_woken = lambda tags: tags["sleeping"] and tags["sms_consent"] and not tags["loyal"]
    """
    cells = [cell for cell in rows(target, "tags") if holds(cell)]
    return sum(cell["customers"] for cell in cells), sum(cell["fen"] for cell in cells) / 100
