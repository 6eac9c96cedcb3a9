"""Measure the pipeline on growing crowds with every engine and print a table: ``make scale``.

Each engine is a process of its own, watched with all that it starts: wall and CPU seconds, and the most
memory that they held together. Then the results are compared: each is sorted and written as text by
DuckDB, and a digest of the five texts tells whether two engines found the same to the last digit. With
``SPARK_MASTER`` Spark works on that cluster, of which only the driver is measured. Linux and macOS.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psutil

from tools.paths import ROOT
from tools.scale import found
from tools.scale.sweep import SEEDS

SIZES = (100_000, 1_000_000)
ENGINES = ("pandas", "duckdb", "spark")
RESULTS = ("rfm", "cohorts", "repeats", "tags", "uplift")
HOME = ROOT / "_build" / "scale"
PULSE = 0.2  # seconds between two looks at a process


@dataclass
class Watched:
    """What a program took: wall and CPU seconds, the most memory at once in MB, and what it told."""

    wall: float
    cpu: float
    peak: float
    told: dict[str, Any]


def watch(module: str, *arguments: str) -> Watched:
    """Run a program of ours, whose last line is JSON; ends with its last words where it fails."""
    command = [sys.executable, "-m", module, *arguments]
    began, peak = time.perf_counter(), 0
    seconds: dict[tuple[int, float], float] = {}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = psutil.Popen(command, cwd=ROOT, stdout=out, stderr=errors)
        while process.poll() is None:
            held = 0
            for one in family(process):
                try:
                    times, held = one.cpu_times(), held + one.memory_info().rss
                except psutil.Error:
                    continue  # it has just ended
                seconds[one.pid, one.create_time()] = times.user + times.system
            peak = max(peak, held)
            time.sleep(PULSE)
        wall = time.perf_counter() - began
        out.seek(0), errors.seek(0)
        if process.returncode:
            last = (errors.read().strip() or "no output").splitlines()[-1]
            sys.exit(f"kefu: {module} {' '.join(arguments)} failed: {last}")
        told = json.loads(out.read().splitlines()[-1])
        return Watched(wall, sum(seconds.values()), peak / 1e6, told)


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and all that it started and that still run."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def digest(target: Path) -> str:
    """Return a hash of the five results in a folder, the same for the same rows in any order."""
    seen = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as engine:
        text = Path(folder, "sorted.csv")
        for name in RESULTS:
            made = target / f"{name}.parquet"
            rows = engine.read_parquet(str(made / "*.parquet" if made.is_dir() else made))
            columns = ", ".join(sorted(rows.columns))
            rows.query("made", f"SELECT {columns} FROM made ORDER BY ALL").write_csv(str(text))
            seen.update(f"{name}\n".encode() + text.read_bytes())
    return seen.hexdigest()[:12]


def orders(folder: Path) -> int:
    """Return the number of orders of a crowd."""
    with duckdb.connect() as engine:
        found = engine.execute(
            "SELECT count(*) FROM read_parquet(?)", [str(folder / "orders" / "*")]
        )
        return int(found.fetchall()[0][0])


def measure(customers: int, engines: Sequence[str]) -> bool:
    """Print a row for each engine; return whether all found the same. Results stay beside the crowd."""
    folder, seen = HOME / str(customers), set[str]()
    from datasets import crowd  # reads the shop's names

    crowd.write(folder, customers)
    rows = orders(folder)
    for engine in engines:
        target = HOME / f"{customers}-{engine}"
        shutil.rmtree(target, ignore_errors=True)
        took = watch("tools.scale.engines", engine, str(folder), str(target))
        seen.add(same := digest(target))
        print(f"| {customers:,} | {rows:,} | {engine} | {line(took)} | `{same}` |", flush=True)
    return len(seen) == 1


def line(took: Watched) -> str:
    """Return what a program told and took, as cells of the table."""
    seconds = (took.told["start"], took.told["count"], took.cpu)
    return " | ".join(f"{value:.1f} s" for value in seconds) + f" | {took.peak:.0f} MB"


def tell(customers: int) -> None:
    """Print what the book's models make of the results, beside what is planted."""
    from datasets.shop import truths  # reads them at once

    target, planted = HOME / f"{customers}-duckdb", truths.planted("repeat")
    fit = found.repeat_process(target)
    print(
        f"\nBG/NBD of {customers:,}: "
        + ", ".join(
            f"{name} {getattr(fit, name):.3f} (planted {planted[name]})"
            for name in ("r", "alpha", "a", "b")
        )
    )
    for campaign, segment in (("M02", {}), ("M03", {"sleeping": True}), ("M04", {"loyal": True})):
        up = found.brought(target, campaign, **segment)
        print(
            f"{campaign} {' '.join(segment) or 'all'}: {up.difference:+.4f} ({up.low:+.4f} to {up.high:+.4f})"
        )


def sweep(seeds: int) -> bool:
    """Print a row for each way to run a sweep; return whether both found the same."""
    print("\n| runs | way | start | run | CPU | peak memory | results |")
    print("|--:|---|--:|--:|--:|--:|---|", flush=True)
    seen = set[str]()
    for way in ("one", "dask"):
        took = watch("tools.scale.sweep", way, "--seeds", str(seeds))
        seen.add(same := took.told["results"])
        print(f"| {took.told['runs']:,} | {way} | {line(took)} | `{same}` |", flush=True)
    return len(seen) == 1


def main() -> None:
    """Make the crowds, print the tables, and fail where two ways differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="seeds of each case of the sweep")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before\n")
    print("| customers | orders | engine | start | count | CPU | peak memory | results |")
    print("|--:|--:|---|--:|--:|--:|--:|---|", flush=True)
    same = [measure(customers, options.engines) for customers in options.customers]
    if "duckdb" in options.engines:
        for customers in options.customers:
            tell(customers)
    same.append(sweep(options.seeds))
    if not all(same):
        sys.exit("kefu: two ways found different results")


if __name__ == "__main__":
    main()
