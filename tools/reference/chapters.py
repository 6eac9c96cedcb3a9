"""The sixteen chapters and the practice: which are there, and the places in them to which reference pages link."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from myst_parser.mdit_to_docutils.base import default_slugify

from tools.paths import ROOT
from web import book

HEADING = re.compile(r"^(#{1,3}) (.+)$")
CAPTION = re.compile(r"\*\*(图\d+-\d+)\*\*：")
DEMO = re.compile(r"^demos\.(?!quiz|check|guess|truths)(\w+)\(", re.M)
"""What shows a picture with a number; the forms of questions have none."""


@dataclass(frozen=True)
class Figure:
    """A numbered picture: the section where it stands, and its demo's name if it is a live one."""

    slug: str
    demo: str | None


@dataclass(frozen=True)
class Chapter(book.Chapter):
    """A chapter with what its NN_chapter.yml says of it: facts, terms, formulas."""

    facts: dict[str, dict[str, Any]] = field(repr=False)
    terms: dict[str, str] = field(repr=False)
    formulas: list[dict[str, Any]] = field(repr=False)
    words: str = ""

    @property
    def link(self) -> str:
        """What the book calls it, as a link where the chapter is there."""
        return self.to(self.label) if self.path else self.label

    def to(self, words: str, slug: str = "") -> str:
        """Return a link to the chapter, or to one of its sections."""
        if self.path is None:
            raise ValueError(f"{self.label} is still to come: it has no {words}")
        return f"[{words}](../{self.page}.ipynb{f'#{slug}' if slug else ''})"

    @cached_property
    def _cells(self) -> list[Any]:
        return list(nbformat.read(self.path, as_version=4).cells) if self.path else []

    @cached_property
    def sections(self) -> dict[str, str]:
        """The slug of each heading, in their order; MyST gives the same ones."""
        slugs: dict[str, str] = {}
        for level, title in self._headings():
            slug, base = default_slugify(title), default_slugify(title)
            number = 1
            while slug in slugs.values():
                slug, number = f"{base}-{number}", number + 1
            if level > 1 and title in slugs:
                raise ValueError(f"{self.label} has two sections {title!r}")
            slugs[title] = slug
        return slugs

    def _headings(self) -> Iterator[tuple[int, str]]:
        for cell in self._cells:
            if cell.cell_type == "markdown":
                for line in cell.source.splitlines():
                    if hit := HEADING.match(line):
                        yield len(hit[1]), hit[2].strip()

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The numbered pictures."""
        found: dict[str, Figure] = {}
        slug, before = "", ""
        for cell in self._cells:
            if cell.cell_type != "markdown":
                before = cell.source
                continue
            for line in cell.source.splitlines():
                if hit := HEADING.match(line):
                    slug = self.sections[hit[2].strip()]
                elif caption := CAPTION.match(line):
                    demo = DEMO.search(before)
                    found[caption[1]] = Figure(slug, demo[1] if demo else None)
        return found

    @cached_property
    def questions(self) -> list[str]:
        """What the chapter's quiz asks."""
        if self.path is None:
            return []
        return [question["ask"] for question in json.loads(self.quiz.read_text(encoding="utf-8"))]

    def section(self, title: str) -> str:
        """Return a link to a section by its title; ``ValueError`` where there is none."""
        if title not in self.sections:
            raise ValueError(f"{self.label} has no section {title!r}")
        return self.to(title.replace("动手：", ""), self.sections[title])

    def figure(self, name: str) -> str:
        """Return a link to the section of a live demo by its number, such as 图2-1."""
        figure = self.figures.get(name)
        if figure is None or figure.demo is None:
            raise ValueError(f"{self.label} has no demo {name!r}")
        return self.to(name, figure.slug)

    def exercise(self, number: int) -> str:
        """Return a link to an exercise by its number."""
        for title, slug in self.sections.items():
            if re.match(rf"练习{number} ★", title):
                return self.to(f"练习{number}", slug)
        raise ValueError(f"{self.label} has no exercise {number}")

    def question(self, part: str) -> str:
        """Return a link to the quiz, named by the one question that has this text in it."""
        numbers = [n for n, ask in enumerate(self.questions, start=1) if part in ask]
        if len(numbers) != 1:
            raise ValueError(f"{self.label}: {len(numbers)} quiz questions with {part!r}")
        return self.to(f"第{numbers[0]}题", self.sections["小测"])


def chapters(root: Path = ROOT) -> list[Chapter]:
    """Return all chapters of the book in their order, each with what its NN_chapter.yml says."""
    found = []
    for one in book.chapters(root):
        said = one.told()
        given = (said["facts"], said["terms"], said.get("formulas", []), said.get("words", ""))
        found.append(Chapter(one.number, one.title, one.wing, one.source, one.path, *given))
    return found


def many(value: Any) -> list[Any]:
    """Return a list as it is, one value as a list of one, None as an empty list."""
    return [] if value is None else value if isinstance(value, list) else [value]


def warning(source: str) -> str:
    """Return the first line of a page that a command makes."""
    return f"% `make lists` makes this page; change {source} instead"
