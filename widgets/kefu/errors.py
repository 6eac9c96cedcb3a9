"""Error messages that name the argument, what was expected and what came, in both languages."""

from __future__ import annotations

from typing import Any


def expected(argument: str, english: str, chinese: str, got: Any) -> str:
    """Return one message for readers of either edition.

    >>> print(expected("weight", "kg >= 0", "不小于0的千克数", -1))
    weight: expected kg >= 0, got -1（weight应为不小于0的千克数，收到-1）
    """
    shown = repr(got)
    if len(shown) > 80:
        shown = shown[:77] + "..."
    return f"{argument}: expected {english}, got {shown}（{argument}应为{chinese}，收到{shown}）"
