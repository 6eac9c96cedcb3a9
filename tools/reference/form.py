"""The form of a chapter: what is not as CONTRIBUTING.md describes it, a line each.

A chapter is read as pieces in their order: headings, prose and cells, each of which knows its
section and whether it stands in a part that goes into depth (进阶), which runs to the next heading of
its own or a higher level. Everything else is the main track (主线).

The practice has this form too, but for three things: its head's number is 实训; it has no conversations
of its own, since those of all chapters come to its windows; and no explorers, since what it looks at
is the reader's own record, whose sums nobody can write beforehand. In place of 情景 stands 任务书.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat

from kefu import beside
from kefu.demos import quiz, truths
from kefu.talk import scenarios
from kefu.talk.check import longest
from tools.paths import ROOT
from tools.reference.chapters import DEMO
from web import book

MOST = 3500
"""The most characters of prose in the main track."""
CARD = 700
"""The most characters of a 工位卡: one screen, one printed page."""
LESSON = 45
"""Minutes of a lesson, and the most of the main track."""
HEADING = re.compile(r"^(#{1,4}) (.+?)\s*$")
PARTS = ("开篇判断", "情景", "一、", "对话演练", "练习", "小测", "小结", "工位卡", "再判断一次")
PRACTICE = tuple({"情景": "任务书"}.get(part, part) for part in PARTS if part != "对话演练")
"""The parts of the practice."""
GONE = ("常见误区", "规则卡")
ONE_LINE = re.compile(r"demos\.\w+\(.*\)")
SPENT = re.compile(r"\*\*用时\*\*：约(\d+)分钟：主线(\d+)分钟，进阶(\d+)分钟。")
GOAL = re.compile(r"（(主线|进阶)）[；。]?$")
ASKED = re.compile(r"^\*\*改一改.*?(?=^\*\*改一改|\Z)", re.M | re.S)
ANSWER = re.compile(r"<details>\s*<summary>答案</summary>.+?</details>", re.S)
FOLDED = re.compile(r"<details>.*?</details>", re.S)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.S)
CARDS = re.compile(r"^> \*\*规则卡　.*(?:\n>.*)*", re.M)
TABLE = re.compile(r"^\|.*$", re.M)
MARKUP = re.compile(r"\]\([^)]*\)|<[^>]*>|^[#>-]+ |^\d+\. |[*`\[\]!]|\s", re.M)
TEACH = (
    "目标",
    "重点与难点",
    "两节课",
    "板书",
    "三个提问",
    "角色扮演",
    "小组任务",
    "出门条",
    "作业",
    "评分",
)
"""The sections of a page for teachers."""


@dataclass
class Piece:
    """A heading, a text or a cell: ``path`` are the headings that it stands under, its own the last."""

    kind: str
    text: str
    path: tuple[str, ...]
    depth: bool
    tags: frozenset[str] = frozenset()

    @property
    def place(self) -> str:
        """The heading under which it stands, as a line of what is wrong says it."""
        return self.path[-1] if self.path else "before the first heading"

    def under(self, start: str) -> bool:
        """Tell whether a heading above begins so."""
        return any(title.startswith(start) for title in self.path)


@dataclass
class Reader:
    """Reads the cells of a notebook into pieces."""

    open: list[tuple[int, str]] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    found: list[Piece] = field(default_factory=list)

    def add(self, kind: str, text: str, tags: frozenset[str] = frozenset()) -> None:
        """Add a piece where the reading stands."""
        titles = tuple(title for _, title in self.open)
        depth = any(title.startswith("进阶：") for title in titles)
        self.found.append(Piece(kind, text, titles, depth, tags))

    def flush(self) -> None:
        """End the text before a heading or a cell."""
        if said := "\n".join(self.text).strip():
            self.add("text", said)
        self.text = []

    def read(self, cells: list[Any]) -> list[Piece]:
        """Return the pieces."""
        for cell in cells:
            if cell.cell_type != "markdown":
                self.flush()
                self.add("cell", cell.source, frozenset(cell.metadata.get("tags", [])))
                continue
            for line in cell.source.splitlines():
                if hit := HEADING.match(line):
                    self.flush()
                    self.open = [one for one in self.open if one[0] < len(hit[1])]
                    self.open.append((len(hit[1]), hit[2]))
                    self.add("heading", hit[2])
                else:
                    self.text.append(line)
            self.flush()
        return self.found


def pieces(path: Path) -> list[Piece]:
    """Return a notebook's pieces."""
    return Reader().read(nbformat.read(path, as_version=4).cells)


def main_track(found: list[Piece]) -> Iterator[Piece]:
    """Yield what the main track is measured by: all before 练习, and 小结, without what goes into depth."""
    for piece in found:
        exercises = piece.under("练习") or piece.under("小测")
        if not piece.depth and not exercises:
            yield piece


def prose(found: list[Piece]) -> str:
    """Return the prose of the main track, as its length is counted."""
    said = [piece.text for piece in main_track(found) if piece.kind != "cell"]
    text = "\n\n".join(said)
    for left_out in (FOLDED, FORMULA, CARDS, TABLE, MARKUP):
        text = left_out.sub("", text)
    return text


def faults(chapter: book.Chapter, root: Path = ROOT) -> list[str]:
    """Return a line for each thing in which a chapter has not the form."""
    assert chapter.path
    found = pieces(chapter.path)
    wrong = [*_unread(chapter)]
    if wrong:  # the rest would be said of what cannot be read
        return wrong
    told = json.loads(chapter.guesses.read_text(encoding="utf-8"))
    return [
        *_order(found, PRACTICE if chapter.practice else PARTS),
        *_head(found),
        *_truths(found, chapter.guesses.name),
        *_guesses(found, chapter.guesses.name, told),
        *_tries(found),
        *(() if chapter.practice else (*_talks(found, chapter.talks), *_explorers(found))),
        *_length(found),
        *_card(found),
        *_quiz(json.loads(chapter.quiz.read_text(encoding="utf-8"))),
        *_exercises(found),
        *(f"{chapter.number}_teach.md: {line}" for line in _teach(chapter, root)),
    ]


def _unread(chapter: book.Chapter) -> Iterator[str]:
    """Tell of the files beside a notebook that are missing, or not what they must be."""
    files: dict[Path, Callable[[Path], object]] = {chapter.guesses: truths, chapter.quiz: quiz}
    if chapter.talks.is_file():
        files[chapter.talks] = scenarios
    for path, read in files.items():
        try:
            read(path)
        except (OSError, ValueError) as error:
            yield f"{path.name}: {error}"


def _order(found: list[Piece], parts: tuple[str, ...]) -> Iterator[str]:
    titles = [piece.text for piece in found if piece.kind == "heading"]
    at = -1
    for part in parts:
        places = [n for n, title in enumerate(titles) if title.startswith(part)]
        if not any(n > at for n in places):
            yield f"part {part} is missing or out of order"
            return
        at = next(n for n in places if n > at)
    yield from (f"## {title}: not a part of a chapter any more" for title in titles
                if title in GONE)  # fmt: skip


def _head(found: list[Piece]) -> Iterator[str]:
    head = next((piece.text for piece in found if "**学习目标**" in piece.text), "")
    goals = re.findall(r"^\d+\. (.+)$", head, re.M)
    for goal in goals:
        if not GOAL.search(goal):
            yield f"goal {goal!r}: ends with neither （主线） nor （进阶）"
    if not (spent := SPENT.search(head)):
        yield "**用时**：expected 约80分钟：主线40分钟，进阶40分钟。"
    else:
        whole, main, deep = map(int, spent.groups())
        if whole != main + deep:
            yield f"**用时**：{main} + {deep} minutes are not {whole}"
        if main > LESSON:
            yield f"**用时**：the main track takes {main} minutes, at most {LESSON}"


def _truths(found: list[Piece], file: str) -> Iterator[str]:
    wanted = {
        "开篇判断": f'demos.truths("{file}")',
        "再判断一次": f'demos.truths("{file}", again=True)',
    }
    cells = {piece.text: piece for piece in found if piece.kind == "cell"}
    for part, cell in wanted.items():
        if cell not in cells or not cells[cell].under(part):
            yield f"{part}: no cell {cell}"


def _guesses(found: list[Piece], file: str, told: dict[str, Any]) -> Iterator[str]:
    used: list[str] = []
    guessed: set[str] = set()
    for piece in found:
        if piece.kind != "cell":
            if not piece.under("练习") and re.search(r"^\*?\*?先猜", piece.text, re.M):
                yield f"{piece.place}: 先猜 in words: a guess is demos.guess(…)"
            continue
        if hit := re.fullmatch(r'demos\.guess\("(.+)", "(.+)"\)', piece.text):
            used.append(hit[2])
            guessed |= {*piece.path}
            if hit[1] != file:
                yield f"guess {hit[2]}: stands in {hit[1]}, expected {file}"
        elif DEMO.search(piece.text) and not piece.depth and not piece.under("练习"):
            if piece.under("对话演练"):
                continue
            own = piece.place.startswith(("动手", "数据实验"))
            where = piece.place if own or len(piece.path) < 2 else piece.path[1]
            if where not in guessed:
                yield f"{where}: {piece.text} stands before any guess"
    there = [one["id"] for one in told["guesses"]]
    yield from (f"guess {name}: used {used.count(name)} times" for name in there if used.count(name) != 1)  # fmt: skip
    yield from (f"guess {name}: not in {file}" for name in used if name not in there)
    yield from _longest([one for one in told["guesses"] if one["kind"] == "single"], "guesses")


def _tries(found: list[Piece]) -> Iterator[str]:
    for piece in found:
        for asked in ASKED.findall(piece.text) if piece.kind == "text" else ():
            if not ANSWER.search(asked):
                yield f"{piece.place}: {asked.splitlines()[0][:24]}… has no folded 答案"


def _talks(found: list[Piece], file: Path) -> Iterator[str]:
    there = beside.toml(file.read_text("utf-8"), file.name)["talk"] if file.is_file() else {}
    shown = []
    for before, piece in pairwise(found):
        if hit := re.fullmatch(r'demos\.talk\("(.+)"\)', piece.text):
            shown.append(hit[1])
            if before.kind != "text" or before.text.split("\n\n")[-1].startswith("**图"):
                yield f"conversation {hit[1]}: no line before it says who, and what is at stake"
            if not piece.under("对话演练"):
                yield f"conversation {hit[1]}: not under 对话演练"
    if len(shown) < 2:
        yield f"对话演练: {len(shown)} conversations, at least 2"
    yield from (f"conversation {name}: not in {file.name}" for name in shown if name not in there)
    yield from (f"conversation {name}: shown nowhere" for name in there if name not in shown)


def _explorers(found: list[Piece]) -> Iterator[str]:
    shown = [p for p in main_track(found) if p.kind == "cell" and "demos.explore(" in p.text]
    if len(shown) < 2:
        yield f"{len(shown)} explorers in the main track, at least 2"
    yield from (f"{p.text}: not under 数据实验" for p in shown if not p.under("数据实验"))


def _length(found: list[Piece]) -> Iterator[str]:
    if (length := len(prose(found))) > MOST:
        yield f"the main track has {length} characters of prose, at most {MOST}"
    before = True
    for piece in main_track(found):
        before = before and not piece.under("一、")
        set_up = before and "no-output" in piece.tags
        if piece.kind == "cell" and not set_up and not ONE_LINE.fullmatch(piece.text.strip()):
            yield f"{piece.place}: code in the main track: {piece.text.splitlines()[0]}"


def _card(found: list[Piece]) -> Iterator[str]:
    said = [p.text for p in found if p.place == "工位卡" and p.kind == "text"]
    text = "\n".join(said)
    if not re.search(r"^(- |\d+\. |\|)", text, re.M):
        yield "工位卡: expected a list or a table"
    if (length := len(MARKUP.sub("", text))) > CARD:
        yield f"工位卡: {length} characters, at most {CARD}: one page"


def _quiz(questions: list[dict[str, Any]]) -> Iterator[str]:
    if len(questions) != 8:
        yield f"小测: {len(questions)} questions, expected 8"
    yield from _longest([one for one in questions if one["kind"] == "single"], "小测")


def _longest(questions: list[dict[str, Any]], where: str) -> Iterator[str]:
    """Tell of questions whose right option is the longest more often than chance, ties by share."""
    texts = [{o["text"]: o["right"] for o in one["options"]} for one in questions]
    right = [next(text for text in of if of[text]) for of in texts]
    times, chance = longest(
        (len(text), [*map(len, of)]) for text, of in zip(right, texts, strict=True)
    )
    if times > chance:
        yield f"{where}: the right option is the longest in {times:.1f} questions, by chance in {chance:.1f}"


def _exercises(found: list[Piece]) -> Iterator[str]:
    judged = [p for p in found if p.kind == "text" and "判断题" in p.place]
    if not any("评分" in piece.text for piece in judged):
        yield "练习: no 判断题 with its 评分"


def tables(text: str) -> list[list[dict[str, str]]]:
    r"""Return the tables of a text, each as rows by the words of its head.

    What is missing at the end of a row is missing in it; a line of bars alone is no table.

    >>> tables("| 分钟 | 做什么 |\n|---|---|\n| 5 | 猜 |\n\n甲")
    [[{'分钟': '5', '做什么': '猜'}]]
    >>> tables("| a |"), tables("| a | b |\n|---|---|\n| 1 |")
    ([], [[{'a': '1'}]])
    """
    found = []
    for block in re.findall(r"(?:^\|.*\n?)+", text, re.M):
        head, *rows = [[cell.strip() for cell in line.strip().strip("|").split("|")]
                       for line in block.splitlines()]  # fmt: skip
        if rows:
            found.append([dict(zip(head, row, strict=False)) for row in rows[1:]])
    return found


def _teach(chapter: book.Chapter, root: Path) -> Iterator[str]:
    path = root / f"{chapter.teach}.md"
    if not path.is_file():
        yield "is not there"
        return
    if chapter.teach not in book.pages(root):
        yield f"_toc.yml does not list {chapter.teach}, under 教师"
    text = path.read_text(encoding="utf-8")
    if not text.startswith(f"# {chapter.label}　教师页\n"):
        yield f"expected the title {chapter.label}　教师页"
    parts = dict(re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.M))
    if (sections := tuple(parts)) != TEACH:
        yield f"expected the sections {'、'.join(TEACH)}, got {'、'.join(sections)}"
        return
    yield from (f"目标: no {aim}" for aim in ("知识", "能力", "素养") if aim not in parts["目标"])
    plans = [[row.get("分钟", "") for row in plan] for plan in tables(parts["两节课"]) if plan]
    odd = [cell for plan in plans for cell in plan if not cell.isdecimal()]
    minutes = [sum(int(cell) for cell in plan if cell.isdecimal()) for plan in plans]
    if odd:
        yield f"两节课: expected whole minutes in a column 分钟 of every row, got {odd[0]!r}"
    elif minutes != [LESSON, LESSON]:
        yield f"两节课: the plans' minutes add up to {minutes}, expected 45 and 45 in a column 分钟"
    if len(asked := re.findall(r"^\d+\. ", parts["三个提问"], re.M)) != 3:
        yield f"三个提问: {len(asked)} questions"
    for card in ("客人卡", "客服卡"):
        if card not in parts["角色扮演"]:
            yield f"角色扮演: no {card}"
    looked = [len(rubric) for rubric in tables(parts["角色扮演"])]
    if 5 not in looked:
        yield f"角色扮演: no table of 5 things that an observer looks at, got {looked}"
    for part, share in (("平时", 40), ("实操", 40), ("测验", 20)):
        if not re.search(rf"{part}\D{{0,6}}{share}", parts["评分"]):
            yield f"评分: expected {part} {share}"
