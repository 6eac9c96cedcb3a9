"""Write into ``_config.yml`` which files travel to the page for its Python.

They are the tables of the chapters' lists, and what demos read from beside a chapter's notebook
(``kefu.beside``): talks, explorers and their sums.
"""

from __future__ import annotations

import re
from pathlib import Path

from kefu import data
from tools.paths import ROOT
from web import book

TARGET = ROOT / "_config.yml"
BLOCK = re.compile(r"^    live_files:.*\n(?:      .*\n)*", re.M)
NOTE = "# the tables of notebooks/*/NN_chapter.yml; `make lists` writes them"
BESIDE = ("toml", "csv")
"""Kinds of files beside a chapter that live demos read; a quiz needs no Python in the page."""


def tables(root: Path = ROOT) -> list[str]:
    """Return the tables that live cells read, each once, in the order of the chapters.

    Raises ``ValueError`` for a name that is no table's.
    """
    found: dict[str, None] = {}
    for chapter in book.written(root):
        for table in chapter.told().get("tables", []):
            try:
                data.path(table)
            except ValueError as error:
                raise ValueError(f"tables of {chapter.source.name}: {error}") from None
            found[table] = None
    return list(found)


def document(root: Path = ROOT) -> str:
    """Return the settings of the book with the list as it should be."""
    lines = [f"\n      datasets/{table}.csv: kefu/datasets" for table in tables(root)]
    lines += [f"\n      notebooks/*/[0-9][0-9]_*.{kind}: kefu/chapters" for kind in BESIDE]
    block = f"    live_files:   {NOTE}{''.join(lines)}\n"
    text, count = BLOCK.subn(block, (root / "_config.yml").read_text(encoding="utf-8"))
    if count != 1:
        raise ValueError(f"_config.yml: expected one live_files under sphinx: config, got {count}")
    return text
