"""A chapter's exercises marked: what a student wrote runs in the sandbox, what came out is judged."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets.generate import CUSTOMERS
from tools.marks.chapter import Exercise, cells, given
from tools.marks.jail import Jail, Shut, ready
from tools.marks.judge import trouble
from tools.paths import BUILD, ROOT

SHOPS = BUILD / "marks" / "shops"
LEAST, TIMES, MOST = 5.0, 20, 60.0
"""Seconds that an answer has: at least, as many times what the solution takes, at most."""
ENDS = {
    "time": "太久没有结束，停掉了（看看有没有停不下来的循环）",
    "output": "打印太多，停掉了",
    "quit": "程序中途自己退出了，后面的没有结果",
}
SIGNALS = {
    "SIGKILL": "程序被停掉了",
    "SIGSEGV": "程序崩溃了",
    "SIGABRT": "程序崩溃了",
    "SIGBUS": "程序崩溃了",
}


@dataclass(frozen=True)
class Result:
    """What came of an answer: points, right cases of all, a word for the teacher, cases in words."""

    points: float
    most: int
    right: int
    cases: int
    said: str
    verdicts: tuple[dict[str, Any], ...] = ()
    printed: str = ""


def points(stars: int, right: int, cases: int) -> float:
    """Return an answer's points: all for all right, else up to half, so that a constant earns little.

    >>> points(2, 8, 8), points(2, 4, 8), points(2, 0, 8)
    (2.0, 0.5, 0.0)
    """
    return float(stars) if right == cases else round(stars * 0.5 * right / cases, 2)


def shop(seed: int, customers: int = CUSTOMERS, to: Path = SHOPS) -> Path:
    """Return the folder of another shop's tables, made where it is not there as of this generator."""
    made_from = sorted(
        path for path in (ROOT / "datasets").rglob("*") if path.suffix in {".py", ".yml", ".json"}
    )
    seen = hashlib.sha256()
    for path in made_from:
        seen.update(path.read_bytes())
    folder = to / f"{seed}-{customers}-{seen.hexdigest()[:12]}"
    if not folder.is_dir():
        to.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to) as made:
            made_it = subprocess.run(
                [sys.executable, "-m", "datasets.generate", "--seed", str(seed), "--customers", str(customers),
                 "--folder", f"{made}/shop"], cwd=ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            if made_it.returncode:
                said = (made_it.stderr.strip().splitlines() or ["no reason given"])[-1]
                raise RuntimeError(f"the shop of seed {seed} could not be made: {said}")
            with suppress(OSError):  # another command was first
                Path(made, "shop").rename(folder)
    for old in to.glob(f"{seed}-{customers}-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return folder


@dataclass
class Marker:
    """The exercises of a chapter, ready to be marked; used in a ``with``."""

    notebook: Path
    seed: int
    shop: Path | None
    exercises: list[Exercise] = field(default_factory=list)
    hidden: dict[str, int] = field(default_factory=dict)
    still: list[str] = field(default_factory=list)
    failed: list[list[Any]] = field(default_factory=list)

    def __enter__(self) -> Marker:
        if why := ready():
            raise Shut(why)
        self._judge = subprocess.Popen(
            [sys.executable, "-m", "tools.marks.judge", str(self.notebook), str(self.seed), str(self.shop or "")],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        own = [
            (f"{self.notebook.stem} {cell.id}", cell.source) for cell in given(cells(self.notebook))
        ]
        self._jail = Jail(self.shop, self.notebook, own)
        try:
            self._jail.open()
        except BaseException:
            self.__exit__()
            raise
        self.failed = self._jail.failed
        told = self._heard()
        self._calls = [(one.pop("calls"), one.pop("seconds")) for one in told]
        counts = [one.pop("hidden") for one in told]
        self.still = [one["name"] for one in told if one.pop("still")]
        self.exercises = [Exercise(**one) for one in told]
        self.hidden = {one.cell: count for one, count in zip(self.exercises, counts, strict=True)}
        self._stubs = {cell.id: cell.source for cell in cells(self.notebook)}
        return self

    def __exit__(self, *_: object) -> None:
        self._jail.close()
        self._judge.kill()
        self._judge.communicate()

    def _heard(self) -> Any:
        assert self._judge.stdout
        if not (line := self._judge.stdout.readline()):
            raise RuntimeError("the chapter's own solutions did not run; see above")
        return json.loads(line)

    def mark(self, place: int, code: str, before: Sequence[str] = ()) -> Result:
        """Return what comes of a student's cell for the exercise at a place, cells of theirs before it.

        The cell as the book has it runs first: it may bring what a student left out of the answer.
        """
        one, (calls, seconds) = self.exercises[place], self._calls[place]
        most = min(max(LEAST, TIMES * seconds), MOST)
        ran = self._jail.answer(code, one.name, calls, most, [self._stubs[one.cell], *before])
        lines = [told for told in ran["lines"] if isinstance(told, dict)]
        values = [told for told in lines if "end" not in told and "fault" not in told]
        ended = ran["ended"] or (
            "" if any("end" in told or "fault" in told for told in lines) else "quit"
        )
        faults = [told for told in lines if "fault" in told]
        assert self._judge.stdin
        self._judge.stdin.write(json.dumps([place, values or faults]) + "\n")
        self._judge.stdin.flush()
        verdicts = self._heard()
        right = sum(one["right"] for one in verdicts)
        said = ENDS.get(ended) or (
            f"{SIGNALS.get(ran.get('signal', ''), '程序被停掉了')}（{ran.get('signal')}）"
            if ended
            else ""
        )
        if faults:
            said = trouble(faults[0]["fault"])
        elif not said and (wrong := [one["fault"] for one in verdicts if one.get("fault")]):
            said = wrong[0]
        return Result(points(one.stars, right, len(verdicts)), one.stars, right, len(verdicts), said,
                      tuple(verdicts), ran["printed"])  # fmt: skip
