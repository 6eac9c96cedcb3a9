"""Files that lie beside a chapter's notebook, such as its quiz, wherever the notebook runs.

Not every Python sees the folder of its notebook: in JupyterLite it needs a service worker, which
browsers refuse over plain http and in private windows, and a downloaded notebook is alone. So the
installed package carries these files too (``tools/wheel.py`` puts them in; into a page of the book
``live_files`` of ``_config.yml``), and in a clone the chapters' own folders are looked through.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

PACKED = Path(__file__).parent / "chapters"
CLONE = Path(__file__).parents[2] / "notebooks"


def find(name: str | Path) -> Path:
    """Return the file of that name beside the notebook, or the book's own where there is none."""
    path = Path(name)
    if path.name != str(path) or path.exists():
        return path
    return next((own for own in (PACKED / path, *CLONE.glob(f"*/{path}")) if own.is_file()), path)


def every(ending: str) -> list[Path]:
    """Return all chapters' files ``NN_`` with that ending, such as ``talks.toml``, by their numbers.

    Those beside the notebook come before the book's own of the same name.
    """
    book = PACKED if PACKED.is_dir() else CLONE
    pattern = f"[0-9][0-9]_{ending}"
    found = {
        p.name: p for p in [*book.glob(pattern), *book.glob(f"*/{pattern}"), *Path().glob(pattern)]
    }
    return [found[name] for name in sorted(found)]


def toml(text: str, name: str) -> dict[str, Any]:
    """Return what the text of a TOML file says; ``ValueError`` names the file and the place of a fault."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{name}: {error}（不是正确的TOML）") from None
