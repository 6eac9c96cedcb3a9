"""The planted truths of ``truths.yml``: what the generator plants and the tests recover."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "truths.yml"


@cache
def truths() -> dict[str, dict[str, Any]]:
    """Return the whole file: one entry for each truth, by its name."""
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def planted(name: str) -> dict[str, Any]:
    """Return the planted values of one truth."""
    values: dict[str, Any] = truths()[name]["values"]
    return values
