"""What students handed in: exports of progress and notebooks, mixed in a folder, taken in as text.

Nothing is run here and nothing is believed: an export's word on what was right is not even read.
Each file is told of, whatever is in it.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.marks.chapter import Cell, Exercise, defined
from web import book

BIGGEST = 20_000_000
LONGEST = 100_000
"""Characters of a cell, as many as the book's pages keep of one."""
MOST_OWN = 30
"""Cells of a student's own that are run before an exercise."""
SKIPPED = {"__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"}
NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{0,3}\d{4,20}(?![0-9])")
NAME = re.compile(r"[\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,8})*")
OURS = re.compile(r"网店客服|学习进度|第?\d\d章|作业|练习|小测|学号|姓名|副本|夜班|实训|班")
TITLE = re.compile(r"^# (第\d\d章|实训)", re.M)


@dataclass(frozen=True)
class Code:
    """What was written for an exercise: the cell, and cells of the student's own before it."""

    source: str
    before: tuple[str, ...] = ()
    at: float = 0.0


@dataclass
class Handed:
    """A file: whose it is, what is in it for the chapter, what is to be said; ``fault`` if it is none."""

    file: str
    digest: str = ""
    kind: str = ""
    number: str = ""
    name: str = ""
    edition: str = ""
    answers: dict[str, tuple[float, Any]] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    fault: str = ""


@dataclass
class Student:
    """All that one student handed in; a file that could not be read stands alone."""

    number: str
    name: str
    files: list[Handed] = field(default_factory=list)

    @property
    def who(self) -> str:
        """Whose it is, in words."""
        return " ".join(filter(None, (self.number, self.name))) or self.files[0].file


@dataclass(frozen=True)
class Wanted:
    """What is looked for in a file: the chapter's page, edition, exercises and cells."""

    number: str
    page: str
    edition: str
    questions: tuple[str, ...]
    exercises: tuple[Exercise, ...]
    cells: tuple[Cell, ...]

    @property
    def label(self) -> str:
        """What the book calls the chapter."""
        practice = self.page.startswith(f"notebooks/{book.PRACTICE}/")
        return book.WINGS[book.PRACTICE] if practice else f"第{self.number}章"


def files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder and its folders, and what is passed over: hidden and the system's own."""
    found: list[Path] = []
    passed: list[Path] = []
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part in SKIPPED for part in parts)
        if path.is_symlink() or not path.is_dir():
            (passed if hidden else found).append(path)
    return found, passed


def whose(relative: Path, stem: str) -> tuple[str, str]:
    """Return number and name from a file's name, else from its folder's; empty where there are none.

    >>> whose(Path("2023001-张三-02_preparation.ipynb"), "02_preparation")
    ('2023001', '张三')
    >>> whose(Path("2023002 李四/02_preparation.ipynb"), "02_preparation")
    ('2023002', '李四')
    """
    number = name = ""
    for part in (relative.stem, *reversed(relative.parent.parts)):
        text = OURS.sub(" ", re.sub(r"\d{4}-\d\d-\d\d", " ", part.replace(stem, " ")))
        if not number and (found := NUMBER.search(text)):
            number = found[0]
        if not name and (found := NAME.search(text)):
            name = found[0]
    return number, name


def opened(path: Path, one: Handed, biggest: int, else_: str) -> Any:
    """Return what a file of JSON holds and note its digest; ``ValueError`` says what it is otherwise."""
    if path.is_symlink():
        raise ValueError("是一个链接，不跟着走")
    if not path.is_file():
        raise ValueError("不是普通的文件")
    if path.stat().st_size > biggest:
        raise ValueError(f"超过{biggest // 1_000_000} MB，没有读")
    content = path.read_bytes()
    one.digest = hashlib.sha256(content).hexdigest()
    if not content.strip():
        raise ValueError("是空文件")
    if content[:4] == b"PK\x03\x04" or content[:4] == b"Rar!":
        raise ValueError("是压缩包或办公文档，压缩包请先解开")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ValueError(else_) from None


def read(path: Path, folder: Path, wanted: Wanted) -> Handed:
    """Return what is in a file."""
    relative = path.relative_to(folder)
    one = Handed(str(relative))
    try:
        told = opened(path, one, BIGGEST, "不是学习进度，也不是笔记本：读不出来")
        if isinstance(told, dict) and {"moves", "seal"} <= {*told}:
            raise ValueError("是实训的一夜，不写CHAPTER就能批")
        if isinstance(told, dict) and "kefu" in told:
            _progress(one, told, wanted)
        elif isinstance(told, dict) and isinstance(told.get("cells"), list):
            _notebook(one, told["cells"], wanted)
        else:
            raise ValueError("不是学习进度，也不是笔记本")
    except (ValueError, OSError) as error:
        one.fault = str(error) if isinstance(error, ValueError) else f"打不开：{error.strerror}"
    number, name = whose(relative, Path(wanted.page).name)
    one.number, one.name = one.number or number, one.name or name
    return one


def _text(value: Any, most: int = 40) -> str:
    """Return a short text on one line; anything else is empty."""
    return " ".join(value.split())[:most] if isinstance(value, str) else ""


def _entries(told: dict[str, Any], part: str) -> dict[str, dict[str, Any]]:
    given = told.get(part, {})
    if not isinstance(given, dict):
        raise ValueError(f"学习进度里的{part}不是一组记录")
    return {name: entry for name, entry in given.items() if isinstance(entry, dict)}


def _at(entry: dict[str, Any]) -> float:
    at = entry.get("at")
    return float(at) if isinstance(at, int | float) and 0 <= at < 1e15 else 0.0


def by_id(key: str) -> str:
    """Return a cell's key as it is now: before cells had ids, their places stood there.

    >>> by_id("notebooks/presales/02_preparation#44")
    'notebooks/presales/02_preparation#c045'
    """
    page, _, place = key.partition("#")
    if not re.fullmatch(r"[0-9]{1,3}", place):
        return key
    moved = page.endswith("/13_bots") and int(place) > 23
    known = {24: "c024a", 26: "c025"}.get(int(place)) if moved else None
    return f"{page}#{known or f'c{int(place) + (-3 if moved else 1):03}'}"


def _progress(one: Handed, told: dict[str, Any], wanted: Wanted) -> None:
    if told["kefu"] != 1:
        raise ValueError("是另一种版本的学习进度，这里读不了")
    one.kind = "学习进度"
    who: Any = told.get("who")
    who = who if isinstance(who, dict) else {}
    one.number, one.name = _text(who.get("number")), _text(who.get("name"))
    one.edition = _text(told.get("edition"))
    if one.edition != wanted.edition:
        which = f"来自{one.edition}版" if one.edition else "没写是哪一版的书"
        one.said.append(
            f"学习进度{which}，现在批的是{wanted.edition}版：题目改过的，答案可能对不上"
        )
    prefix = f"{wanted.number}/"
    for name, entry in _entries(told, "answers").items():
        if name.startswith(prefix):
            one.answers[name.removeprefix(prefix)] = (_at(entry), entry.get("answer"))
    if lost := sorted(set(one.answers) - set(wanted.questions)):
        one.said.append(f"小测里有{len(lost)}道题这一版没有")
    edits = {by_id(key): entry for key, entry in _entries(told, "edits").items()}
    here = [key for key in edits if key.startswith(f"{wanted.page}#")]
    known = {f"{wanted.page}#{cell.id}" for cell in wanted.cells}
    if lost := [key for key in here if key not in known]:
        one.said.append(f"改过的代码里有{len(lost)}格这一版没有")
    for exercise in wanted.exercises:
        entry = edits.get(f"{wanted.page}#{exercise.cell}", {})
        if isinstance(source := entry.get("text"), str):
            _take(one, exercise, Code(source, (), _at(entry)))
    if not one.answers and not here:
        one.said.append(f"学习进度里没有{wanted.label}的小测和代码")


def _take(one: Handed, exercise: Exercise, code: Code) -> None:
    if len(code.source) > LONGEST:
        one.said.append(f"{exercise.label}的代码超过{LONGEST // 10_000}万字，没有运行")
    else:
        one.codes[exercise.cell] = code


def _notebook(one: Handed, told: list[Any], wanted: Wanted) -> None:
    one.kind = "笔记本"
    found: list[tuple[str, str, bool]] = []
    for cell in told:
        if not isinstance(cell, dict):
            continue
        source = cell.get("source", "")
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        found.append((str(cell.get("id", "")), text, cell.get("cell_type") == "code"))
    titles = [label for _, text, code in found if not code for label in TITLE.findall(text)]
    if titles and wanted.label not in titles:
        raise ValueError(f"是{titles[0]}的笔记本，这次批的是{wanted.label}")
    ours = {cell.id: cell for cell in wanted.cells}
    places = {name: at for at, (name, _, code) in reversed([*enumerate(found)]) if code}
    own = [
        at
        for at, (name, text, code) in enumerate(found)
        if code and name not in ours and text.strip()
    ]
    if not any(exercise.cell in places for exercise in wanted.exercises):
        one.said.append("笔记本里没有一格是这一版的练习：可能是另一版的书")
    for exercise in wanted.exercises:
        at = places.get(exercise.cell)
        if at is None:
            same = [place for place in own if exercise.name in defined(found[place][1])]
            if not same:
                one.said.append(f"{exercise.label}的格删掉了")
                continue
            at = same[-1]
            one.said.append(f"{exercise.label}的格不在原处，按函数名{exercise.name}找到")
        before = [found[place][1] for place in own if place < at][-MOST_OWN:]
        _take(
            one,
            exercise,
            Code(found[at][1], tuple(text for text in before if len(text) <= LONGEST)),
        )
    checks = {exercise.check: exercise for exercise in wanted.exercises}
    changed = [
        checks[name].label
        for name, text, _ in found
        if name in checks and text.strip() != ours[name].source.strip()
    ]
    if changed:
        one.said.append(f"检查格改过（{'、'.join(changed)}）：批改不用它")


def students(handed: list[Handed]) -> list[Student]:
    """Return whose the files are: by number, else by name; each that cannot be read stands alone.

    What was handed in twice, letter for letter, counts once and is told.
    """
    found: dict[str, Student] = {}
    first: dict[str, Handed] = {}
    for one in handed:
        if one.fault:
            found[f"file {one.file}"] = Student(one.number, one.name, [one])
            continue
        key = (
            f"number {one.number}"
            if one.number
            else f"name {one.name}"
            if one.name
            else f"file {one.file}"
        )
        student = found.setdefault(key, Student(one.number, one.name))
        if student.name != one.name and one.name:
            if student.name:
                one.said.append(f"同一个学号，名字却是{one.name}")
            student.name = student.name or one.name
        if same := first.get(one.digest):
            mine = same in student.files
            one.said.append(f"与{same.file}一字不差" + ("，只算一次" if mine else "，是两个人交的"))
            if not mine:
                same.said.append(f"与{one.file}一字不差，是两个人交的")
            else:
                one.answers, one.codes = {}, {}
        else:
            first[one.digest] = one
        student.files.append(one)
    return list(found.values())
