"""Measure `make test` at four chapters and at sixteen, and print a Markdown table.

The book of sixteen is made up: each chapter still to come is a copy of the one that stands in its wing,
under its own number, with the quiz and the list that stand beside it, in a temporary folder with all
else that the project is. Both runs start with nothing built and nothing known of an earlier run; the
environment, the front-end packages and the wheels are shared, since setting up is no test.
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
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.bench import row
from tools.paths import ROOT
from web import book

LIMITS = {4: 10, 16: 25}
"""The most minutes that `make test` may take, by the number of chapters, on two quiet cores."""
SHARED = (".venv", "web/node_modules", "web/assets/vendor", "_build/wheels")
TALK = re.compile(r'^\[talk\."([^"]+)"\]', re.M)
TERMS, FORMULAS = (
    re.compile(rf"^{part}:\n(?:(?: .*)?\n)*", re.M) for part in ("terms", "formulas")
)
NOT_OF_COPIES = (
    "tests/tools/reference/test_formulas.py::test_every_formula_of_a_chapter_is_in_the_sheet",
    "tests/tools/reference/test_rules.py::test_a_chapters_rule_cards_say_what_the_table_says",
    "tests/tools/reference/test_syllabus.py::test_no_fact_of_any_chapter_is_missing",
)
"""The tests of what a copy cannot have: formulas, rules and facts of its own. They take no second."""
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
    for name in SHARED:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).symlink_to(ROOT / name)


def renumbered(text: str, old: str, new: str) -> str:
    """Return a chapter's text, or its list's, under another number.

    >>> renumbered("# 第02章 图2-10 02_quiz.json 02-01: 第02章", "02", "14")
    '# 第14章 图14-10 14_quiz.json 14-01: 第14章'
    """
    text = text.replace(f"第{old}章", f"第{new}章").replace(f"图{int(old)}-", f"图{int(new)}-")
    return re.sub(rf"\b{old}(?=_\w+\.|-\d\d:)", new, text)


def renamed(text: str, talks: Iterable[str], number: str) -> str:
    """Return a chapter's text whose conversations have names of their own, as each in the book has.

    >>> renamed('[talk."大券用不上".turn.open] demos.talk("大券用不上")', ["大券用不上"], "14")
    '[talk."大券用不上14".turn.open] demos.talk("大券用不上14")'
    """
    for talk in talks:
        text = re.sub(rf'"{talk}(\\?")', rf'"{talk}{number}\1', text)  # a notebook's " has a \\
    return text


def add(root: Path, one: book.Chapter, model: book.Chapter) -> None:
    """Write a chapter to come as a copy of one that stands in its wing."""
    terms = TERMS.search(one.source.read_text(encoding="utf-8"))
    talks = TALK.findall(model.talks.read_text(encoding="utf-8"))
    for file in sorted(model.source.parent.glob(f"{model.number}_*")):
        text = renumbered(file.read_text(encoding="utf-8"), model.number, one.number)
        text = renamed(text, talks, one.number)
        text = text.replace(model.title, one.title)
        if file == model.source:  # one word has one explanation, one formula one name
            text = FORMULAS.sub("", TERMS.sub("", text)) + (terms[0] if terms else "")
        (file.parent / f"{one.number}{file.name[2:]}").write_text(text, encoding="utf-8")


def made_up(root: Path) -> None:
    """Make all sixteen chapters of a copied book stand, in the order of their numbers."""
    write(root)
    for tool in ("tools.reference", "tools.explore", "tools.notebooks"):
        subprocess.run([sys.executable, "-m", tool], cwd=root, env=own(root), check=True)


def write(root: Path) -> None:
    """Write the chapters that are still to come in a copied book, and list their pages."""
    models = {one.wing: one for one in book.written(root)}
    for one in book.chapters(root):
        if not one.path:
            add(root, one, models[one.wing])
    contents = (root / "_toc.yml").read_text(encoding="utf-8")
    for wing, model in models.items():
        pages = [one.page for one in book.written(root) if one.wing == wing]
        teach = [one.teach for one in book.written(root) if one.wing == wing]
        for own, listed in ((model.page, pages), (model.teach, teach)):
            lines = "".join(f"      - file: {page}\n" for page in listed)
            contents = contents.replace(f"      - file: {own}\n", lines)
    (root / "_toc.yml").write_text(contents, encoding="utf-8")


def own(root: Path) -> dict[str, str]:
    """Return the environment in which a copy's commands use its own package, and leave out no page."""
    told = {"PYTHONPATH": str(root / "widgets"), "CI": "true", "KEFU_COUNT": "1"}
    if len(book.written(root)) > len(book.written()):
        told["PYTEST_ADDOPTS"] = " ".join(f"--deselect={test}" for test in NOT_OF_COPIES)
    return {**os.environ, **told}


def measured(root: Path) -> Run:
    """Run `make test` in a folder and return what it took."""
    used, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    command = ["make", "-o", "setup", "-o", "setup-tests", "test"]
    lines = []
    with subprocess.Popen(
        command,
        cwd=root,
        env=own(root),
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


def main() -> None:
    """Print the table; a limit that is missed ends in an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapters", type=int, nargs="+", choices=LIMITS, default=list(LIMITS))
    parser.add_argument(
        "--only-make", type=Path, help="make the book of sixteen in this folder, measure nothing"
    )
    given = parser.parse_args()
    if given.only_make:
        copied(given.only_make)
        made_up(given.only_make)
        return
    runs: dict[int, Run] = {}
    for chapters in given.chapters:
        with tempfile.TemporaryDirectory(prefix="kefu-") as folder:
            root = Path(folder).resolve()
            copied(root)
            if chapters > len(book.written(root)):
                made_up(root)
            runs[chapters] = measured(root)
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
    for chapters, run in runs.items():
        wrong = run.outcomes.get("failed", 0) + sum(
            run.outcomes.get(name, 0) for name in ("error", "errors")
        )
        tests = sum(run.outcomes.values())
        row(chapters, f"{run.minutes:.1f}", LIMITS[chapters], f"{run.seconds:.0f}", tests, wrong,
            run.counts.get("page loads", 0), run.counts.get("Python starts", 0))  # fmt: skip
    late = [str(chapters) for chapters, run in runs.items() if run.minutes > LIMITS[chapters]]
    broken = [str(chapters) for chapters, run in runs.items() if run.status]
    told = [f"over the limit at {', '.join(late)} chapters"] if late else []
    told += [f"make test failed at {', '.join(broken)} chapters"] if broken else []
    sys.exit(f"kefu: {'; '.join(told)}" if told else 0)


if __name__ == "__main__":
    main()
