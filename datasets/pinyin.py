"""Make the table of how characters are read: ``python -m datasets.pinyin``.

The common characters (GB 2312, level 1) and those of the bots' keywords, each with its most usual
reading without tone, from pypinyin (MIT).
"""

from __future__ import annotations

from collections import defaultdict

from pypinyin import lazy_pinyin

from kefu import data
from kefu.intelligence.language import HERE, synonyms

LEVEL_1 = range(0xB0, 0xD8)  # first bytes of the rows in which GB 2312 has its common characters


def characters() -> set[str]:
    """Return the characters that need a reading."""
    common = {
        bytes((row, cell)).decode("gb2312", errors="ignore")
        for row in LEVEL_1
        for cell in range(0xA1, 0xFF)
    }
    words = [row["keywords"] for row in data.rows("knowledge")]
    ours = {c for word in [*words, *synonyms()] for c in word if "\u4e00" <= c <= "\u9fff"}
    return (common | ours) - {""}


def table() -> str:
    """Return the table: a line for each syllable, then the characters read so."""
    found = defaultdict(list)
    for character in sorted(characters()):
        found[lazy_pinyin(character)[0]].append(character)
    return "".join(f"{syllable} {''.join(found[syllable])}\n" for syllable in sorted(found))


if __name__ == "__main__":
    (HERE / "pinyin.txt").write_text(table(), encoding="utf-8")
