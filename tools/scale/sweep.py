"""Many runs of a simulation, in this process or spread by Dask: ``python -m tools.scale.sweep dask``.

The runs are of chapter 15: the night of 双11, by seats, policy and seed. Each is made from its case alone, so
that it is the same wherever it runs, and results come back in the order of the cases. Dask works on the
cluster whose scheduler ``SCHEDULER`` names (tcp://…), whose machines need the book's package; else on two
workers of one core that are started here and stopped after.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import chain, product
from statistics import fmean
from typing import Any, NamedTuple, TypeVar

from kefu import data
from kefu.intelligence.routing import FIRSTS, Chair, First, Policy, simulate, stream

Case = TypeVar("Case")
Made = TypeVar("Made")
Map = Callable[[Callable[[Case], Made], Sequence[Case]], list[Made]]

WORKERS = 2
PART = 40
"""Cases of one task: sending a case alone takes longer than running it."""
SEATS, SEEDS = range(2, 9), 60
FROM, TO, STRETCH = "2025-11-10T23:00", "2025-11-11T02:00", 10
DISPERSION = 0.2
"""Variance of a stretch's factor, as the truth ``rush`` plants it."""


class Night(NamedTuple):
    """A case: how many seats of three chats, who takes a chat first, and the seed."""

    seats: int
    first: First
    seed: int


def nights(seeds: int = SEEDS) -> list[Night]:
    """Return every case, seeds from 1 on."""
    return [Night(*case) for case in product(SEATS, FIRSTS, range(1, seeds + 1))]


@cache
def rates() -> tuple[float, ...]:
    """Return how many come before the sale in each minute of that night, even over ten minutes."""
    minutes = [int(row["presales"]) for row in data.rows("rush") if FROM <= row["at"] < TO]
    starts = range(0, len(minutes), STRETCH)
    return tuple(
        fmean(minutes[start : start + STRETCH]) for start in starts for _ in range(STRETCH)
    )


def night(case: Night) -> tuple[float, float, float, float]:
    """Return mean wait in seconds, service level, share who left, and yuan a chat."""
    coming = stream(rates(), len(rates()), case.seed, dispersion=DISPERSION, stretch=STRETCH)
    chairs = [Chair(f"客服{number}") for number in range(1, case.seats + 1)]
    found = simulate(coming, chairs, Policy(case.first), case.seed)
    return found.wait, found.service_level, found.abandonment, found.cost


def one_by_one(work: Callable[[Case], Made], cases: Sequence[Case]) -> list[Made]:
    """Return what the work makes of each case, in this process."""
    return [work(case) for case in cases]


@contextmanager
def dask(scheduler: str) -> Iterator[Map[Any, Any]]:
    """Give a map over a Dask cluster: the one at this address, or one for the occasion."""
    from distributed import Client, LocalCluster  # only here: no part of the book's environment

    own = None if scheduler else LocalCluster(
        n_workers=WORKERS, threads_per_worker=1, dashboard_address=None
    )  # fmt: skip
    with Client(scheduler or own) as client:

        def spread(work: Callable[[Case], Made], cases: Sequence[Case]) -> list[Made]:
            parts = [cases[start : start + PART] for start in range(0, len(cases), PART)]
            tasks = client.map(partial(one_by_one, work), parts, pure=False)
            return list(chain.from_iterable(client.gather(tasks)))

        yield spread
    if own:
        own.close()


def main() -> None:
    """Run all cases one way; print seconds to start and to run, the number of runs and a digest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=("one", "dask"))
    parser.add_argument("--seeds", type=int, default=SEEDS)
    options = parser.parse_args()
    cases, began = nights(options.seeds), time.perf_counter()
    if options.way == "one":
        started = began
        made = one_by_one(night, cases)
        ended = time.perf_counter()
    else:
        with dask(os.environ.get("SCHEDULER", "")) as spread:
            started = time.perf_counter()
            made = spread(night, cases)
            ended = time.perf_counter()
    same = hashlib.sha256(repr(made).encode()).hexdigest()[:12]
    print(json.dumps({"start": started - began, "count": ended - started,
                      "runs": len(made), "results": same}))  # fmt: skip


if __name__ == "__main__":
    main()
