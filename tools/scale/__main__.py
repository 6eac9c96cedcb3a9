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
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil

from datasets import crowd
from tools.paths import ROOT

SIZES = (100_000, 1_000_000)
ENGINES = ("pandas", "duckdb", "spark")
RESULTS = ("rfm", "cohorts", "repeats", "tags", "uplift")
HOME = ROOT / "_build" / "scale"
PULSE = 0.05  # seconds between two looks at a process


@dataclass
class Watched:
    """What a program took: wall and CPU seconds, the most memory at once in MB, and what it printed."""

    wall: float
    cpu: float
    peak: float
    told: str


def watch(command: list[str]) -> Watched:
    """Run a program; ends with its last words where it fails."""
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
            sys.exit(f"kefu: {' '.join(command[1:])} failed: {last}")
        return Watched(wall, sum(seconds.values()), peak / 1e6, out.read())


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
        found = engine.execute("SELECT count(*) FROM read_parquet(?)", [str(folder / "orders" / "*")])
        return int(found.fetchall()[0][0])


def measure(folder: Path, engines: list[str]) -> bool:
    """Print a row for each engine; return whether all found the same."""
    rows, found = orders(folder), set()
    for engine in engines:
        with tempfile.TemporaryDirectory(dir=HOME) as target:
            program = [sys.executable, "-m", "tools.scale.engines", engine, str(folder), target]
            took = watch(program)
            found.add(same := digest(Path(target)))
        told = json.loads(took.told.splitlines()[-1])
        print(f"| {folder.name} | {rows:,} | {engine} | {told['start']:.1f} s | {told['count']:.1f} s "
              f"| {took.cpu:.1f} s | {took.peak:.0f} MB | `{same}` |", flush=True)  # fmt: skip
    return len(found) == 1


def main() -> None:
    """Make the crowds, print the table, and fail where two engines differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, nargs="+", default=SIZES)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=ENGINES)
    options = parser.parse_args()
    cores = os.cpu_count()
    print(f"{cores} cores, load {os.getloadavg()[0]:.1f} before; Parquet in {HOME.relative_to(ROOT)}\n")
    print("| customers | orders | engine | start | count | CPU | peak memory | results |")
    print("|--:|--:|---|--:|--:|--:|--:|---|", flush=True)
    same = True
    for customers in options.customers:
        folder = HOME / f"{customers:,}"
        crowd.write(folder, customers)
        same &= measure(folder, options.engines)
    if not same:
        sys.exit("kefu: the engines differ")


if __name__ == "__main__":
    main()
