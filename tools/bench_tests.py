"""Measure `make test` of the book as it stands or of some chapters, or tell where the seconds of its tests went.

With ``--chapters`` the tests of all other chapters are left out (``tests/chosen.py``); those of the house
stay, and what they look at is still the whole book. The run is made in a copy with nothing built and nothing
known of an earlier run, which is set up first: that is not counted. With ``--junit`` nothing is run: reports
that pytest wrote (``--junitxml=FILE``) are read, and each file's seconds stand beside those of the other
reports. Two reports are compared only where both were written on the same machine at the same sitting; the
ratio, over the files that both have, is what counts.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tools.bench import row
from tools.paths import ROOT
from web import book

LIMIT, OF_FOUR = 25, 10
"""The most minutes that `make test` may take on two quiet cores: of sixteen chapters, and of four."""
PARAMETERS = re.compile(r"[\[@]")
OUTCOME = re.compile(r"^=+ (?=.*\d (?:passed|failed|error)).* =+$", re.M)


@dataclass(frozen=True)
class Run:
    """What `make test` took: minutes, processor seconds, tests by outcome, loads and starts in browsers."""

    minutes: float
    seconds: float
    outcomes: dict[str, int]
    counts: dict[str, int]
    status: int


def copied(target: Path) -> None:
    """Copy the project as it stands, without what its commands make."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def own(chapters: Sequence[str]) -> dict[str, str]:
    """Return the environment in which a copy's commands leave out no page, but the tests of other chapters."""
    return {**os.environ, "CI": "true", "KEFU_COUNT": "1", "KEFU_CHAPTERS": " ".join(chapters)}


def measured(root: Path, chapters: Sequence[str] = ()) -> Run:
    """Set a folder up, run its `make test`, of all chapters or of some, and return what the tests took."""
    if subprocess.run(["make", "setup-tests"], cwd=root).returncode:
        sys.exit("kefu: the copy could not be set up: make setup-tests failed")
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    lines = []
    with subprocess.Popen(
        ["make", "test"],
        cwd=root,
        env=own(chapters),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        for line in running.stdout or ():
            lines.append(line)
            print("   ", line, end="", flush=True)
    minutes, now = (time.monotonic() - begun) / 60, resource.getrusage(resource.RUSAGE_CHILDREN)
    said = "".join(lines)
    outcomes: dict[str, int] = {}
    for closing in OUTCOME.findall(said):
        for count, outcome in re.findall(r"(\d+) (passed|failed|errors?|skipped)", closing):
            outcomes[outcome] = outcomes.get(outcome, 0) + int(count)
    counts = {
        name: int(count)
        for name, count in re.findall(r"^kefu: (page loads|Python starts): (\d+)$", said, re.M)
    }
    seconds = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Run(minutes, seconds, outcomes, counts, running.returncode)


def whole(chosen: Sequence[str] = ()) -> None:
    """Print the table of a run; more than the limit, or a test that fails, ends in an error."""
    known = {one.number for one in book.written()}
    if unknown := sorted(set(chosen) - known):
        sys.exit(f"kefu: no chapter {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    with tempfile.TemporaryDirectory(prefix="kefu-") as folder:
        root = Path(folder).resolve()
        copied(root)
        chapters, run = len(chosen or known), measured(root, chosen)
    limit = OF_FOUR if 0 < len(chosen) <= 4 else LIMIT
    row(
        "chapters",
        "minutes",
        "limit",
        "processor s",
        "tests",
        "failed",
        "page loads",
        "Python starts",
    )
    row(*["---:"] * 8)
    wrong = sum(run.outcomes.get(name, 0) for name in ("failed", "error", "errors"))
    row(chapters, f"{run.minutes:.1f}", limit, f"{run.seconds:.0f}", sum(run.outcomes.values()), wrong,
        run.counts.get("page loads", 0), run.counts.get("Python starts", 0))  # fmt: skip
    told = [f"over {limit} minutes"] if run.minutes > limit else []
    told += ["make test failed"] if run.status else []
    sys.exit(f"kefu: {'; '.join(told)}" if told else 0)


def seconds(report: Path, tests: bool = False) -> Counter[str]:
    """Return the seconds of one worker that a report tells, by file, or by test whatever its parameters."""
    found: Counter[str] = Counter()
    for case in ElementTree.parse(report).iter("testcase"):
        place = case.get("classname", "")
        if tests:
            place += "::" + PARAMETERS.split(case.get("name", ""), maxsplit=1)[0]
        found[place] += float(case.get("time", 0))  # type: ignore[assignment]
    return found


def spent(reports: Sequence[Path], tests: bool = False, most: int = 40) -> None:
    """Print what costs most in the first report, beside the same of the others."""
    found = [seconds(report, tests) for report in reports]
    row("test" if tests else "file", *(f"{report.stem} s" for report in reports), "ratio")
    row("---", *["---:"] * (len(found) + 1))

    def line(name: str, times: Sequence[float]) -> None:
        ratio = f"{times[-1] / times[0]:.2f}" if len(times) > 1 and times[0] else ""
        row(name, *(f"{time:.1f}" for time in times), ratio)

    every = set().union(*found)
    for name in sorted(every, key=lambda one: (-max(told[one] for told in found), one))[:most]:
        line(name, [told[name] for told in found])
    line("in all", [sum(told.values()) for told in found])
    both = set.intersection(*map(set, found))
    if both != every:
        line("in what all reports have", [sum(told[one] for one in both) for told in found])


def main() -> None:
    """Measure a run, or read the reports that are given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapters", nargs="+", default=[], metavar="NN", help="of these alone")
    parser.add_argument("--junit", type=Path, nargs="+", metavar="FILE", help="reports of pytest")
    parser.add_argument("--tests", action="store_true", help="with --junit: by test, not by file")
    parser.add_argument("--most", type=int, default=40, help="with --junit: how many lines")
    given = parser.parse_args()
    if given.junit:
        spent(given.junit, given.tests, given.most)
    else:
        whole(given.chapters)


if __name__ == "__main__":
    main()
