"""What the book keeps in a browser: its whole memory, as tests put it there and read it."""

from __future__ import annotations

from typing import Any

READ = "() => JSON.parse(localStorage.getItem('kefu /'))"
"""Reads what is kept by a book at the root of its host."""
PARTS = ("pages", "answers", "guesses", "edits", "exercises", "talks", "daily", "days", "nights")


def memory(**parts: Any) -> dict[str, Any]:
    """Return a memory of these parts, with nothing in the others."""
    return {"kefu": 1, **{name: {} for name in PARTS}, **parts}
