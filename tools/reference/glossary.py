"""Write the glossary ``book/glossary.md`` from the chapters' lists, in the order of pinyin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pypinyin import lazy_pinyin

from kefu.kpis import kpi
from tools.paths import ROOT
from tools.reference.chapters import chapters, warning

TARGET = ROOT / "book" / "glossary.md"
DIGITS = "0—9"
SHARED = "kefu.kpis"
"""The meaning of a term that is a figure of ``kefu.kpis`` and takes its words from there."""

INTRODUCTION = """\
# 术语表

全书一词一义，以此表为准。一共{count}个词，按拼音排列，点字母跳到那一组；每个词写着在哪一章讲。\
正文里每页第一次用到这些词时，下面有一条点线：指一指或点一下就看到意思。

:::{{div}} kefu-letters
{letters}
:::
"""


@dataclass(frozen=True)
class Term:
    """A term: Chinese, English, what it means in one sentence, and the chapter that teaches it."""

    chinese: str
    english: str
    meaning: str
    chapter: str

    @property
    def pinyin(self) -> tuple[str, ...]:
        """What the page is sorted by."""
        return tuple(syllable.lower() for syllable in lazy_pinyin(self.chinese))

    @property
    def letter(self) -> str:
        """The group in which it stands."""
        first = self.pinyin[0][0].upper()
        return DIGITS if first.isdigit() else first


def terms(root: Path = ROOT) -> list[Term]:
    """Return all terms in the order of the page.

    Raises ``ValueError`` for a term without English, and for one that is defined twice.
    """
    found: dict[str, Term] = {}
    for chapter in chapters(root):
        # a YAML mapping would keep the last of two equal keys without a word
        lines = re.findall(r"^  (\S[^:]*）): ", chapter.source.read_text(encoding="utf-8"), re.M)
        for name, meaning in chapter.terms.items():
            parts = re.fullmatch(r"(.+?)（(.+)）", name)
            if parts is None:
                raise ValueError(f"{chapter.source.name}: term {name!r} has no English in （ ）")
            said = kpi(parts[1]).formula if meaning == SHARED else meaning
            if parts[1] in found or lines.count(name) > 1:
                raise ValueError(f"{chapter.source.name}: term {parts[1]!r} is defined twice")
            found[parts[1]] = Term(parts[1], parts[2], said, chapter.number)
    return sorted(
        found.values(), key=lambda term: (term.letter == DIGITS, term.letter, term.pinyin)
    )


def document() -> str:
    """Return the whole page."""
    taught = {chapter.number: chapter.link for chapter in chapters()}
    everything = terms()
    groups = [(letter, list(group)) for letter, group in groupby(everything, lambda t: t.letter)]
    letters = "\n".join(f"[{letter}](#letter-{anchor(letter)})" for letter, _ in groups)
    opening = INTRODUCTION.format(count=len(everything), letters=letters)
    parts = [
        warning("notebooks/*/NN_chapter.yml or widgets/kefu/kpis.py") + "\n" + opening.rstrip()
    ]
    for letter, group in groups:
        entries = "\n\n".join(
            f"{term.chinese}（{term.english}）\n  {term.meaning}。\n\n  见{taught[term.chapter]}。"
            for term in group
        )
        head = f"(letter-{anchor(letter)})=\n## {letter}"
        parts.append(f"{head}\n\n:::{{glossary}}\n{entries}\n:::")
    return "\n\n".join(parts) + "\n"


def anchor(letter: str) -> str:
    """Return the name of a letter's place in the page."""
    return "digits" if letter == DIGITS else letter.lower()
