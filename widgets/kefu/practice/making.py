"""What the makers of questions share: how a moment is said, and yuan read out of a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from random import Random

from kefu.practice.question import DeskQuestion

Maker = Callable[[Random, datetime], DeskQuestion]
UPSET = frozenset({"情绪"})


def said(moment: datetime) -> str:
    """Return a moment as it is said: 6月17日20:15."""
    return f"{moment.month}月{moment.day}日{moment:%H:%M}"


def yuan_in(text: str) -> Decimal:
    """Return the amount that a line names, 0 where it names none."""
    digits = "".join(c for c in text if c.isdigit() or c == ".")
    return Decimal(digits.strip(".") or 0)
