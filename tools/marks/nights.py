"""What a class did in the practice: the files of its nights, played again and put into one table.

A file is believed in nothing. Its moves are played again by the model, and the table has the scores
that come of them; what the file says otherwise is told. The seal shows that somebody changed a file,
not that nobody forged one: whoever has the book can reckon it, and the book says so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kefu.practice import shift
from tools.marks.pages import plain
from tools.marks.reading import Handed, files, opened, whose

BIGGEST = 2_000_000
"""Bytes of a night's file; a night has some hundred moves, which are some ten thousand bytes."""
FEW = 20
"""Moves below which two nights may well be the same by chance."""
ALIKE = 0.9
"""The share of moves, to the second, from which two students' nights are told to be alike."""
SCORES = ("快", "准", "暖", "稳", "省", "合规")
HEAD = ("学号", "姓名", "种子", "档", *SCORES, "总分", "核对", "计分", "说明", "文件", "书的版本")
SOUND, UNSOUND, OTHER, UNDONE, NONE = "相符", "不符", "版本不同", "没当完", "没有批"
OTHER_EDITION = ("版本不同", "这份文件出自另一版")
"""How the model's word begins that a file is another edition's, which comes before all others."""
BLIND = (
    "这张表看不见的：一夜是不是他自己当的。动作是重放出来的，分数、姓名、动作改过会对不上；"
    "可书的源码是公开的，封签谁都能重算，重算过的只能靠重放的分数和与别人一样的动作看出来。"
)


@dataclass
class Night:
    """A file with what came of it; ``scores`` are those of the moves played again."""

    file: str
    digest: str = ""
    number: str = ""
    name: str = ""
    seed: int | None = None
    level: int | None = None
    edition: str = ""
    scores: dict[str, float] = field(default_factory=dict)
    total: float | None = None
    verdict: str = NONE
    moves: frozenset[tuple[Any, ...]] = frozenset()
    counts: bool = False
    said: list[str] = field(default_factory=list)

    @property
    def who(self) -> str:
        """Whose it is: by number, else by name, else the file stands alone."""
        return self.number or self.name or self.file

    @property
    def called(self) -> str:
        """Whose it is, in words."""
        return " ".join(filter(None, (self.number, self.name))) or self.file


def is_night(told: Any) -> bool:
    """Tell whether what a file holds is a night of the practice."""
    return isinstance(told, dict) and {"moves", "seal", "seed"} <= {*told}


def read(path: Path, folder: Path) -> Night:
    """Return what is in a file; one that is no night, or cannot be read, says why."""
    relative = path.relative_to(folder)
    one, handed = Night(str(relative)), Handed(str(relative))
    try:
        told = opened(path, handed, BIGGEST, "不是一夜的记录：读不出来")
        one.digest = handed.digest
        if not is_night(told):
            other = isinstance(told, dict) and ("kefu" in told or "cells" in told)
            raise ValueError(
                "不是一夜的记录" + ("：学习进度和笔记本，写上CHAPTER再批" if other else "")
            )
        _played(one, path.read_bytes().decode("utf-8-sig"), told)
    except (ValueError, OSError) as error:
        said = str(error) if isinstance(error, ValueError) else f"打不开：{error.strerror}"
        one.said.insert(0, f"没有批：{said}")
    number, name = whose(relative, "夜班")
    one.number, one.name = one.number or number, one.name or name
    return one


def _played(one: Night, text: str, told: dict[str, Any]) -> None:
    """Play a night's moves again and put down what came of it."""
    try:
        found = shift.verify(text)
    except Exception as error:  # a file may hold anything, and the next student's has to be read
        raise ValueError(f"核对时出错：{type(error).__name__}") from None
    one.said += found.problems
    one.edition = _line(told.get("edition"))
    one.number, one.name = _line(told.get("number")), _line(told.get("name"))
    record = found.record
    if record is None:
        one.verdict = UNSOUND
        return
    one.seed, one.level = record.seed, record.level
    one.moves = frozenset((move.at, move.what, move.who, move.choice) for move in record.moves)
    if found.report is None:  # the moves cannot be played
        one.verdict = UNSOUND
        return
    one.scores, one.total = dict(found.report.scores), found.report.total
    if found.sound:
        one.verdict = SOUND if record.finished else UNDONE
        if not record.finished:
            one.said.append("没有当到交班")
    else:
        one.verdict = OTHER if found.problems[0].startswith(OTHER_EDITION) else UNSOUND


def _line(value: Any) -> str:
    """Return a short text on one line; anything else is empty."""
    return " ".join(value.split())[:40] if isinstance(value, str) else ""


def compared(found: Sequence[Night]) -> None:
    """Tell what was handed in twice, by one or by two, and which night of each student counts."""
    for at, one in enumerate(found):
        for other in found[:at]:
            if (
                not one.moves
                or not other.moves
                or (one.seed, one.level) != (other.seed, other.level)
            ):
                continue
            common = len(one.moves & other.moves)
            share = common / max(len(one.moves), len(other.moves))
            if one.who == other.who:
                if share == 1:
                    one.said.append(f"与{other.file}是同一夜，只算一次")
            elif share >= ALIKE and common >= FEW:
                said = "一手不差" if share == 1 else f"有{share:.0%}的动作连秒数都一样"
                one.said.append(f"与{other.called}的一夜{said}，是两个人交的")
                other.said.append(f"与{one.called}的一夜{said}，是两个人交的")
    best: dict[str, Night] = {}
    for one in found:
        if one.verdict == SOUND and one.total is not None:
            before = best.get(one.who)
            if before is None or (one.level or 0, one.total) > (
                before.level or 0,
                before.total or 0,
            ):
                best[one.who] = one
    for one in best.values():
        one.counts = True


def nights(folder: Path, *, every: bool, tell: Callable[[str], None] = print) -> list[Night]:
    """Return the nights of a folder and its folders, by number; ``every`` keeps what is no night too."""
    paths, passed = files(folder)
    if passed and every:
        tell(f"kefu: {len(passed)} hidden or system files passed over, such as {passed[0].name}")
    found = [read(path, folder) for path in paths if every or looks(path)]
    compared(found)
    return sorted(found, key=lambda one: (one.verdict == NONE, one.number, one.name, one.file))


def looks(path: Path) -> bool:
    """Tell whether a file holds a night; one that cannot be opened does not."""
    try:
        return is_night(opened(path, Handed(path.name), BIGGEST, ""))
    except (ValueError, OSError):
        return False


def table(found: Sequence[Night]) -> str:
    """Return the table as the text of a CSV, with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEAD)
    for one in found:
        blank = "" if one.total is None else one.total
        writer.writerow([plain(value) for value in (
            one.number, one.name, "" if one.seed is None else one.seed,
            "" if one.level is None else shift.LEVEL_NAMES[one.level],
            *(one.scores.get(score, "") for score in SCORES), blank, one.verdict,
            1 if one.counts else "", "；".join(dict.fromkeys(one.said)), one.file, one.edition,
        )])  # fmt: skip
    return "\ufeff" + out.getvalue()


def write(found: Sequence[Night], to: Path) -> Path:
    """Write the table into a folder; return it."""
    to.mkdir(parents=True, exist_ok=True)
    target = to / "nights.csv"
    target.write_text(table(found), encoding="utf-8", errors="replace", newline="")
    return target
