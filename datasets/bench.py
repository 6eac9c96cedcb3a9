"""Measure the generator at growing sizes and print a Markdown table: ``make bench-data``.

Time should grow with the number of customers and memory should not; each size is a process of its
own, which writes into a folder that is deleted again. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIZES = (1_000, 10_000, 100_000)


def measure(customers: int, *options: str) -> tuple[float, float, float, float]:
    """Make a shop; return wall and CPU seconds, peak memory and size on disk in MB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "datasets.generate", "--folder", folder, *options,
                   "--customers", str(customers)]  # fmt: skip
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=Path(__file__).parents[1],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if process.returncode:
            sys.exit(f"kefu: the generator failed: {' '.join(command)}")
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss * unit / 1e6, size / 1e6


def main() -> None:
    """Print one row for each size and format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of customers")
    print("| customers | format | wall | CPU | ms of CPU a customer | peak memory | size |")
    print("|--:|---|--:|--:|--:|--:|--:|")
    for customers in parser.parse_args().sizes:
        for name, options in (("CSV", ()), ("Parquet", ("--parquet",))):
            wall, cpu, peak, size = measure(customers, *options)
            each = cpu / customers * 1000
            print(f"| {customers:,} | {name} | {wall:.1f} s | {cpu:.1f} s | {each:.2f} "
                  f"| {peak:.0f} MB | {size:.1f} MB |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
