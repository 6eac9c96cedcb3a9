"""Make the search's data: see README.md for what is in which file, and why."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from web import build

from .text import Section

HERE = Path(__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]+")
COMMON = [row * 256 + cell for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
"""GB2312's first level, in its order: the 3755 most used characters, which a reader may type."""


def reading(heading: str) -> str:
    """Return how a heading or a term is read, a space between syllables; "" without Chinese.

    What stands in brackets, such as a term's English, is left out.

    >>> reading("退换货率（return rate）")
    'tui huan huo lv'
    """
    said = "".join(HAN.findall(re.sub(r"（.*?）", "", heading)))
    return " ".join(lazy_pinyin(said))


def readings(pages: dict[str, list[Section]]) -> dict[str, Any]:
    """Return how every heading is read, and how GB2312's common characters are.

    These stand by their sound, so that runs of [syllable, number of characters] say it in little;
    the page has the characters themselves from its own decoder.
    """
    bytes_of = b"".join(code.to_bytes(2, "big") for code in COMMON)
    characters = bytes_of.decode("gb2312", "ignore")
    runs = [(s, len([*found])) for s, found in groupby(lazy_pinyin([*characters]))]
    return {
        "runs": runs,
        "headings": [[reading(part.heading) for part in sections] for sections in pages.values()],
    }


def write(pages: dict[str, list[Section]], aside: Collection[str], target: Path) -> None:
    """Write the data for ``pages``, sections by address, into a folder; ``aside`` are told last."""
    listed = [
        {"url": url, "aside": url in aside, "sections": [asdict(part) for part in sections]}
        for url, sections in pages.items()
    ]
    traditional = (HERE / "traditional.txt").read_text(encoding="utf-8")
    given = {"pages": listed, "readings": readings(pages), "traditional": traditional}
    build.node(HERE / "index.mjs", target, given=given)
