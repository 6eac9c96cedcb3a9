"""What the bots see of a message beside its characters: its clauses, its sounds, its synonyms."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kefu.errors import expected
from kefu.language import LONGEST, normal
from kefu.language import grams as grams  # the chapter reads all from here

HERE = Path(__file__).parent
OPENERS = ("对了", "还有", "另外", "顺便问一下", "顺便问下", "顺便问", "顺便",
           "再问一个", "再问一下", "再问个", "再问下", "再问")  # fmt: skip
"""What opens a new subject within a message, the longer before the shorter."""

PAUSE = re.compile(rf"[。！!？?；;\n]+|[，,、～~\s]+(?={'|'.join(OPENERS)})")
OPENING = re.compile(rf"(?:{'|'.join(OPENERS)})[，,\s]*(?=.{{2}})")


def clauses(text: str) -> tuple[str, ...]:
    """Return the parts of a message that may each ask something, in order (拆句).

    Cut at sentence ends, and at a pause before words that open a new subject, such as 对了.

    >>> clauses("退款几天到，对了，短袖起球吗")
    ('退款几天到', '短袖起球吗')
    >>> clauses("还有货吗")
    ('还有货吗',)
    """
    if not isinstance(text, str):
        raise TypeError(expected("text", "text", "文字", text))
    first, *rest = PAUSE.split(text[: LONGEST * 4])
    parts = [first, *(OPENING.sub("", part, count=1) for part in rest)]
    return tuple(part for part in parts if normal(part))


@cache
def readings() -> Mapping[str, str]:
    """Return how each common character is read, without tones: ``pinyin.txt``, a derived file."""
    lines = (HERE / "pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {character: line.split()[0] for line in lines for character in line.split()[1]}


def sounds(text: str) -> tuple[str, ...]:
    """Return how a text sounds to an ear that hears zh as z, and ang as an (模糊音).

    A character without a reading stands for itself.

    >>> sounds("发货") == sounds("发或")
    True
    """
    return tuple(_heard(readings().get(character, character)) for character in text)


def _heard(syllable: str) -> str:
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


@cache
def synonyms() -> Mapping[str, str]:
    """Return what customers say and which keyword they mean by it: ``synonyms.csv``, by hand.

    Taken from the training questions only; a test holds that.
    """
    with (HERE / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        return {row["said"]: row["meant"] for row in csv.DictReader(file)}
