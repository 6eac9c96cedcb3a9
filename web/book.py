"""The one list of the book: its wings, its sixteen chapters and the practice, its pages.

A chapter is its ``notebooks/<wing>/NN_chapter.yml``; it is written once a notebook ``NN_name.ipynb``
stands beside that file. Chapters to come have the file too, in their wing's folder: so a title, a
fact or a term has one home from the plan on, and writing a chapter moves nothing. The practice, one
night in which all chapters are needed, stands in a wing of its own after them and is read as they
are; where it differs, ``Chapter.practice`` says so. The pages and their order are those of
``_toc.yml``. Each function takes the book's folder, so that another book, such as one made by a
test, is read in the same way. Nothing is read when this module is imported.
"""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.paths import ROOT

WINGS = {
    "presales": "第一篇　售前接待",
    "aftersales": "第二篇　售后处理",
    "operations": "第三篇　客户运营",
    "intelligence": "第四篇　智能服务",
    "practice": "实训",
}
"""The wings in their order: the one name of each in every folder, and the part of the book that it is."""

PRACTICE = "practice"
"""The wing of the practice, which is no part of the four."""

TEACH = "_teach"
"""How the name of a page for teachers ends."""

ROOM = "book/teach/"
"""Where the pages of the teacher's room are."""

MOVED = {"book/teach": "book/teach/index"}
"""Pages that were published under another name, each with the page that has it now."""

LIST = re.compile(r"\d\d_chapter\.yml")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's loader in C, ten times as fast, where it was built with it."""


def _told(file: Path) -> Any:
    """Return what a YAML file says, its text read as YAML once; do not change what is returned."""
    return _parsed(file.read_text(encoding="utf-8"))


@cache
def _parsed(text: str) -> Any:
    return yaml.load(text, Loader=LOADER)


@dataclass(frozen=True)
class Chapter:
    """A chapter, or the practice: ``source`` is its NN_chapter.yml, ``path`` its notebook, None while it is to come."""

    number: str
    title: str
    wing: str
    source: Path
    path: Path | None

    @property
    def part(self) -> str:
        """The part of the book in which it stands, such as 第一篇　售前接待."""
        return WINGS[self.wing]

    @property
    def label(self) -> str:
        """What the book calls it, such as 第02章; the practice is 实训."""
        return self.part if self.practice else f"第{self.number}章"

    @property
    def practice(self) -> bool:
        """Whether it is the practice, which has no conversations and no tables of its own."""
        return self.wing == PRACTICE

    @property
    def name(self) -> str:
        """Its name in file names, such as ``preparation``; empty while it is to come."""
        return self.path.stem[3:] if self.path else ""

    @property
    def page(self) -> str | None:
        """Its page, such as ``notebooks/presales/02_preparation``, None while it is to come."""
        return f"notebooks/{self.wing}/{self.path.stem}" if self.path else None

    @property
    def quiz(self) -> Path:
        """The file of its questions, which stands beside the notebook."""
        return self.source.with_name(f"{self.number}_quiz.json")

    @property
    def guesses(self) -> Path:
        """The file of its guesses and of the statements that open it, beside the notebook."""
        return self.source.with_name(f"{self.number}_guesses.json")

    @property
    def talks(self) -> Path:
        """The file of its conversations, which stands beside the notebook where there are any."""
        return self.source.with_name(f"{self.number}_talks.toml")

    @property
    def teach(self) -> str:
        """Its page for teachers, beside the notebook, such as ``notebooks/presales/02_teach``."""
        return f"notebooks/{self.wing}/{self.number}{TEACH}"

    def told(self) -> dict[str, Any]:
        """Return what its NN_chapter.yml says."""
        said: dict[str, Any] = deepcopy(_told(self.source))
        return said


def chapters(root: Path = ROOT) -> list[Chapter]:
    """Return all chapters, written or to come, by their numbers.

    Raises ``ValueError`` for a number that two wings or two notebooks have, and for a notebook
    without its NN_chapter.yml.
    """
    found: dict[str, Chapter] = {}
    notebooks = {
        path for wing in WINGS for path in (root / "notebooks" / wing).glob("[0-9]*.ipynb")
    }
    for wing in WINGS:
        for source in sorted((root / "notebooks" / wing).glob("*_chapter.yml")):
            number = source.name[:2]
            beside = sorted(p for p in notebooks if p.match(f"{wing}/{number}_*.ipynb"))
            if not LIST.fullmatch(source.name) or number in found or len(beside) > 1:
                names = ", ".join(path.name for path in (source, *beside))
                raise ValueError(f"chapters: {wing}/{names}: expected one NN_chapter.yml a number")
            title = _told(source)["title"]
            found[number] = Chapter(number, title, wing, source, beside[0] if beside else None)
    if lost := sorted(notebooks - {chapter.path for chapter in found.values()}):
        raise ValueError(
            f"chapters: {lost[0].name} has no {lost[0].name[:2]}_chapter.yml beside it"
        )
    return [found[number] for number in sorted(found)]


def written(root: Path = ROOT) -> list[Chapter]:
    """Return the chapters that are there, by their numbers."""
    return [chapter for chapter in chapters(root) if chapter.path]


def chapter(number: str, root: Path = ROOT) -> Chapter:
    """Return one chapter by its number, such as ``02``; ``ValueError`` names those that there are."""
    everything = {one.number: one for one in chapters(root)}
    if number not in everything:
        raise ValueError(f"number: expected one of {', '.join(everything)}, got {number!r}")
    return everything[number]


def ready(number: str, root: Path = ROOT) -> Path:
    """Return the notebook of a written chapter; ``ValueError`` in a line says what to do else."""
    path = chapter(number, root).path
    if path is None:
        raise ValueError(
            f"chapter {number} is still to come; run: make chapter N={number} NAME=..."
        )
    return path


def edition(root: Path = ROOT) -> str:
    """Return the book's version, such as ``0.1.0``."""
    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def contents(root: Path = ROOT) -> list[tuple[str, str]]:
    """Return the pages in their order, each with its part's caption; the cover is in no part."""
    listed = _told(root / "_toc.yml")
    return [(part["caption"], one["file"]) for part in listed["parts"] for one in part["chapters"]]


def pages(root: Path = ROOT) -> list[str]:
    """Return all pages of the book without suffix, the cover first."""
    listed = _told(root / "_toc.yml")
    return [listed["root"], *(page for _, page in contents(root))]


def is_chapter(page: str) -> bool:
    """Tell whether a page is that of a chapter.

    >>> [is_chapter(f"notebooks/presales/02_{name}") for name in ("preparation", "teach")]
    [True, False]
    """
    return page.startswith("notebooks/") and not page.endswith(TEACH)


def for_teachers(page: str) -> bool:
    """Tell whether a page is for teachers, not for students."""
    return page.startswith(ROOM) or page.endswith(TEACH)


def notebooks(root: Path = ROOT) -> list[Path]:
    """Return the notebooks of the book: the chapters', then those among the other pages."""
    others = [root / f"{page}.ipynb" for page in pages(root) if not page.startswith("notebooks/")]
    there = [one.path for one in chapters(root) if one.path]
    return [*there, *(path for path in others if path.is_file())]


def latin(root: Path = ROOT) -> set[str]:
    """Return the Latin words that a chapter's demos and quiz say to their readers."""
    return {word for one in written(root) for word in one.told().get("latin", [])}
