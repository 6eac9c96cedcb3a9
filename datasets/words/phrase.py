"""A small grammar for invented texts: alternatives, slots, slips of the input method.

A template is one line. ``[甲|乙|]`` takes one of its parts (the last may be empty), ``{name}``
takes a fact of that name, or one of the word lists of words.yml; both may nest. `` / `` cuts a
burst into messages that are sent one after the other.
"""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
HOLE = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast


@cache
def load(name: str) -> Any:
    """Return the content of one YAML file of this folder, e.g. ``load("words")``."""
    return yaml.load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"), LOADER)


@cache
def lines(block: str) -> tuple[str, ...]:
    """Return the templates of a block, one a line."""
    return tuple(line.strip() for line in block.splitlines() if line.strip())


def expand(rng: random.Random, template: str, facts: Mapping[str, object]) -> str:
    """Return one text of a template. Raises ``KeyError`` where a slot has no fact and no list.

    >>> expand(random.Random(1), "{noun}[会|能]掉色吗", {"noun": "短袖"})
    '短袖会掉色吗'
    """
    words: dict[str, str] = load("words")

    def fill(hole: re.Match[str]) -> str:
        parts, name = hole.group(1), hole.group(2)
        if name is None:
            return str(rng.choice(parts.split("|")))
        return str(facts[name]) if name in facts else rng.choice(lines(words[name]))

    text = template
    while HOLE.search(text):
        text = HOLE.sub(fill, text)
    return tidy(text)


def tidy(text: str) -> str:
    """Return a text without the commas and particles that empty alternatives leave over.

    >>> tidy("好的，，呢"), tidy("会掉色吗，"), tidy("什么料子呀呢")
    ('好的呢', '会掉色吗', '什么料子呀')
    """
    text = re.sub("([，～？！])[，]+", r"\1", text)
    text = re.sub("^，+|，+([？~～！哦呢]*)$", r"\1", text.replace("， / ", " / "))
    return re.sub("([啊呀呢吗吧啦])[哦呢]$", r"\1", text)


def pick(rng: random.Random, block: str, facts: Mapping[str, object]) -> list[str]:
    """Return one burst of a block: a line taken at random, filled, cut into its messages."""
    return expand(rng, rng.choice(lines(block)), facts).split(" / ")


@cache
def slips() -> dict[str, tuple[str, ...]]:
    """Return what the input method makes of a word: 优惠券 comes out as 优惠卷."""
    with (FOLDER / "slips.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: tuple(row["typed"].split(";")) for row in csv.DictReader(file)}


def slip(rng: random.Random, text: str) -> str:
    """Return a text with one slip: a homophone, else two neighbours swapped or one left out."""
    known = [word for word in slips() if word in text]
    if known and rng.random() < 0.85:
        word = rng.choice(known)
        return text.replace(word, rng.choice(slips()[word]), 1)
    if len(text) < 4:
        return text
    place = rng.randrange(1, len(text) - 1)
    if rng.random() < 0.5:
        return text[:place] + text[place + 1 :]
    return text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :]
