"""What the teacher's room gathers from the chapters: read from NN_teach.md and the notebooks, never copied by hand.

Each function takes a text and returns parts of it as Markdown; ``ValueError`` names what is not as
the form of a page for teachers has it (CONTRIBUTING.md), so that the build ends and says where.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

CARD = re.compile(r"(?:> )?\*\*(客人卡|客服卡)(?:　([^*]+))?\*\*(（[^）]*）)?：(.+)", re.S)
LESSON = re.compile(r"^(?:### )?第([一二])[节课]：(.+?)(?:（[^）]*）)?。?$", re.M)
DESK_CARD = re.compile(r"^### 工位卡\n(.*?)(?=^#{1,3} |\Z)", re.M | re.S)
GUEST, SHOP = "客人卡", "客服卡"


@dataclass(frozen=True)
class Card:
    """A role: whose it is where the page says so, and what it is told."""

    kind: str
    name: str
    text: str


@dataclass(frozen=True)
class Roles:
    """A chapter's role play: how it goes, pairs of cards, what an observer looks at."""

    how: str
    pairs: tuple[tuple[Card, Card], ...]
    before: str
    watch: str


def parts(text: str) -> dict[str, str]:
    r"""Return the sections of a page for teachers by their titles.

    >>> parts("# 第02章\n\n## 目标\n\n会算\n\n## 板书\n\n图\n")
    {'目标': '会算', '板书': '图'}
    """
    return {
        name: body.strip()
        for name, body in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.M)
    }


def part(text: str, name: str) -> str:
    """Return one section; ``ValueError`` where it is not there."""
    found = parts(text)
    if name not in found:
        raise ValueError(f"expected a section {name}, got {'、'.join(found)}")
    return found[name]


def roles(text: str) -> Roles:
    """Return the role play of a page for teachers."""
    blocks = re.split(r"\n{2,}", part(text, "角色扮演"))
    cards: list[Card] = []
    how: list[str] = []
    before: list[str] = []
    watch = ""
    for block in blocks:
        if found := CARD.fullmatch(block):
            kind, name, note, told = found.groups()
            cards.append(Card(kind, name or "", (note or "") + told.replace("\n> ", "\n")))
        elif block.startswith("|"):
            watch = block
        else:
            (before if cards else how).append(block)
    pairs = tuple(zip(cards[::2], cards[1::2], strict=False))
    if not cards or len(cards) % 2 or any((a.kind, b.kind) != (GUEST, SHOP) for a, b in pairs):
        raise ValueError(f"角色扮演: expected pairs of {GUEST} and {SHOP}")
    if not watch:
        raise ValueError("角色扮演: expected a table of what an observer looks at")
    return Roles("\n\n".join(how), pairs, "\n\n".join(before), scored(watch))


def scored(table: str) -> str:
    r"""Return a table with a column to write points in, and a row for their sum.

    >>> print(scored("| 项 | 2分 |\n|---|---|\n| 接 | 接住 |"))
    | 项 | 2分 | 得分 |
    |---|---|---|
    | 接 | 接住 |  |
    | 合计（满分2分） |  |  |
    """
    head, rule, *rows = table.splitlines()
    total = f"| 合计（满分{2 * len(rows)}分） |{'  |' * head.count('|', 1, -1)}  |"
    return "\n".join([f"{head} 得分 |", f"{rule}---|", *(f"{row}  |" for row in rows), total])


def lessons(text: str) -> tuple[str, str]:
    r"""Return the names of the two lessons.

    >>> lessons("## 两节课\n\n### 第一节：算得清（45分钟）\n\n第二课：说得准。\n")
    ('算得清', '说得准')
    """
    found = dict(LESSON.findall(part(text, "两节课")))
    if list(found) != ["一", "二"]:
        raise ValueError(f"两节课: expected 第一节：… and 第二节：…, got {'、'.join(found)}")
    return found["一"], found["二"]


def tasks(text: str) -> dict[str, str]:
    r"""Return what a chapter asks to be done at home, by kind; several of a kind in one text.

    >>> tasks("## 作业\n\n- 必做：练习1。\n- 必做：练习4。\n- 选做：练习2。\n\n表\n")
    {'必做': '练习1。练习4。', '选做': '练习2。'}
    """
    found: dict[str, str] = {}
    for kind, told in re.findall(r"^- ([^：\n]+)：(.+)$", part(text, "作业"), re.M):
        found[kind] = found.get(kind, "") + told
    if not found:
        raise ValueError("作业: expected a list of tasks")
    return found


def first(told: str) -> str:
    """Return the first of several tasks, without what is said of it in brackets.

    >>> first("练习里的写作题（机器先查，同桌再看一遍）；写一条交接。"), first("练习1、练习4。")
    ('练习里的写作题', '练习1、练习4')
    """
    return re.sub(r"（[^）]*）", "", re.split("[；。]", told)[0])


def desk_card(notebook: Path) -> str:
    """Return the card to print of a notebook, without its heading."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        found = DESK_CARD.search("".join(cell["source"]))
        if cell["cell_type"] == "markdown" and found:
            return found[1].strip()
    raise ValueError(f"{notebook.name}: expected a part ### 工位卡")
