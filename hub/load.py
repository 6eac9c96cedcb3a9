"""A class at work on a hub of this machine: `sudo make hub-load STUDENTS=40`.

Each student signs in, starts the server, gets the notebooks, opens one and runs its cells, all over HTTP and
websocket on the loopback address; servers stay up until the last is done, for that is what a class's memory is.
Accounts are made and removed again. Prints a table of what was measured, and every error.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil

from hub import trial
from web import book

MOST = 200
"""Students at most: each is one thread and two processes here."""


@dataclass
class Session:
    """What one student met: seconds of each step, of each cell, errors."""

    steps: dict[str, float] = field(default_factory=dict)
    cells: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Take the time of a step."""
        start = time.monotonic()
        yield
        self.steps[name] = time.monotonic() - start


@dataclass(frozen=True)
class Use:
    """What a student's processes use: bytes by PSS and USS of server and kernel, seconds of processor."""

    server: tuple[int, int]
    kernel: tuple[int, int]
    processor: float


def cells(chapter: str) -> tuple[str, list[str]]:
    """Return a chapter's notebook, as students have it, and the sources of its code cells.

    A cell that is meant to fail, since it shows an error, is left out.
    """
    path = book.ready(chapter)
    wanted = nbformat.read(path, as_version=4).cells
    return (
        f"网店客服/{path.relative_to(path.parents[1])}",
        [
            cell.source
            for cell in wanted
            if cell.cell_type == "code" and "raises-exception" not in cell.metadata.get("tags", ())
        ],
    )


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least this share of all do not exceed.

    >>> percentile([5, 1, 3, 2, 4], 0.5), percentile(list(range(1, 41)), 0.95), percentile([7], 0.95)
    (3, 38, 7)
    """
    ordered = sorted(values)
    rank = -(-round(share * len(ordered) * 1e6) // 1_000_000)  # rounded up, without binary dust
    return ordered[max(1, rank) - 1]


def use(name: str) -> Use:
    """Measure the processes of a student's account."""
    sizes = {"server": (0, 0), "kernel": (0, 0)}
    processor = 0.0
    for process in trial.processes(name):
        with contextlib.suppress(psutil.Error):
            memory, spent = process.memory_full_info(), process.cpu_times()
            kind = "kernel" if "ipykernel_launcher" in process.cmdline() else "server"
            sizes[kind] = (sizes[kind][0] + memory.pss, sizes[kind][1] + memory.uss)
            processor += spent.user + spent.system + spent.children_user + spent.children_system
    return Use(sizes["server"], sizes["kernel"], processor)


def attend(student: trial.Student, late: float, handout: Path, notebook: str, sources: Sequence[str],
           together: Callable[[], None]) -> Session:  # fmt: skip
    """Be one student from sign-in to stop; whatever goes wrong is an error of the session."""
    seen = Session()
    time.sleep(late)
    try:
        with seen.step("sign in"):
            student.sign_in()
        with seen.step("server"):
            student.start()
        with seen.step("notebooks"):
            student.pull(handout)
        with seen.step("kernel"):
            kernel = student.kernel(notebook)
        for number, source in enumerate(sources, 1):
            start = time.monotonic()
            try:
                kernel.run(source)
            except trial.Refused as error:
                seen.errors.append(f"{student.name}: cell {number}: {error}")
            seen.cells.append(time.monotonic() - start)
    except Exception as error:
        seen.errors.append(f"{student.name}: {type(error).__name__}: {error}")
    together()
    if "server" in seen.steps:
        try:
            with seen.step("stop"):
                student.stop()
        except Exception as error:
            seen.errors.append(f"{student.name}: {type(error).__name__}: {error}")
    return seen


def table(sessions: Sequence[Session], used: Mapping[str, Use]) -> list[str]:
    """Return the lines that say what was measured."""
    lines = ["| seconds | p50 | p95 | most |", "|---|---|---|---|"]
    rows = {
        name: [s.steps[name] for s in sessions if name in s.steps]
        for name in ("sign in", "server", "notebooks", "kernel", "stop")
    }
    rows["one cell"] = [seconds for session in sessions for seconds in session.cells]
    rows["all cells"] = [sum(session.cells) for session in sessions if session.cells]
    lines += [
        f"| {name} | {percentile(of, 0.5):.2f} | {percentile(of, 0.95):.2f} | {max(of):.2f} |"
        for name, of in rows.items()
        if of
    ]
    at_work = [one for one in used.values() if one.server[0]]
    if not at_work:
        return lines
    lines += ["", "| MB a student, median | PSS | USS |", "|---|---|---|"]
    for kind in ("server", "kernel"):
        pss, uss = (
            statistics.median(getattr(one, kind)[which] for one in at_work) / 1e6
            for which in (0, 1)
        )
        lines.append(f"| {kind} | {pss:.0f} | {uss:.0f} |")
    whole = sum(one.server[0] + one.kernel[0] for one in at_work) / 1e9
    spent = statistics.median(one.processor for one in at_work)
    lines += [
        "",
        f"All {len(at_work)} at once: {whole:.2f} GB (PSS), {whole / len(at_work) * 1000:.0f} MB a student.",
        f"Processor: {spent:.1f} s a student (median of server, kernel and git).",
    ]
    return lines


def main() -> None:
    """Run a class of trial accounts and print the table; ends with 1 where there was an error."""
    parser = argparse.ArgumentParser(
        prog="python -m hub.load", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--within", type=float, default=60, help="seconds in which they come (60)")
    parser.add_argument("--chapter", default="02", help="whose cells they run (02)")
    wanted = parser.parse_args()
    if not 1 <= wanted.students <= MOST or not 0 <= wanted.within <= 600:
        sys.exit(f"kefu: expected 1 to {MOST} students within 0 to 600 seconds")
    if why := trial.able():
        sys.exit(f"kefu: {why}")
    notebook, sources = cells(wanted.chapter)
    names = [f"trial-{number:03d}" for number in range(1, wanted.students + 1)]
    used: dict[str, Use] = {}
    barrier = threading.Barrier(
        len(names), lambda: used.update((name, use(name)) for name in names)
    )

    def together() -> None:
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait(1200)

    before = os.getloadavg()[0]
    print(f"{len(names)} students within {wanted.within:.0f} s, chapter {wanted.chapter}: {len(sources)} cells each; "
          f"{os.cpu_count()} processors, load before {before:.1f}", flush=True)  # fmt: skip
    start = time.monotonic()
    with trial.any_hub(names) as hub, ThreadPoolExecutor(len(names)) as pool:
        print(f"on {hub.about}", flush=True)
        pending = [
            pool.submit(attend, trial.Student(hub.address, name), wanted.within * number / len(names),
                        hub.handout, notebook, sources, together)
            for number, name in enumerate(names)
        ]  # fmt: skip
        sessions = [one.result() for one in pending]
    print(f"took {time.monotonic() - start:.0f} s, load after {os.getloadavg()[0]:.1f}\n")
    print("\n".join(table(sessions, used)))
    errors = [error for session in sessions for error in session.errors]
    print(f"\nErrors: {len(errors)}" + "".join(f"\n  {error}" for error in errors[:20]))
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
