"""Error messages that name the argument, what was expected and what came, in both languages."""

from __future__ import annotations

from typing import Any


def need(argument: str, sound: object, english: str, chinese: str, got: Any) -> None:
    """Raise ``ValueError`` that names what was expected of an argument, unless it is sound.

    >>> need("weight", -1 >= 0, "kg >= 0", "不小于0的千克数", -1)
    Traceback (most recent call last):
    ValueError: weight: expected kg >= 0, got -1（weight应为不小于0的千克数，收到-1）
    """
    if not sound:
        raise ValueError(expected(argument, english, chinese, got))


def need_text(argument: str, value: Any) -> str:
    """Return a text without the blanks around it; ``ValueError`` where nothing is left, or no text came.

    >>> need_text("why", " 量过了 ")
    '量过了'
    """
    need(argument, isinstance(value, str) and value.strip(), "some text", "一段文字", value)
    return str(value).strip()


def expected(argument: str, english: str, chinese: str, got: Any) -> str:
    """Return one message for readers of either edition.

    >>> print(expected("weight", "kg >= 0", "不小于0的千克数", -1))
    weight: expected kg >= 0, got -1（weight应为不小于0的千克数，收到-1）
    """
    shown = repr(got)
    if len(shown) > 80:
        shown = shown[:77] + "..."
    return f"{argument}: expected {english}, got {shown}（{argument}应为{chinese}，收到{shown}）"
