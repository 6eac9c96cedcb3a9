"""What the makers of questions share: how a moment is said, and yuan read out of a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from random import Random

from kefu.practice.question import DeskQuestion

Maker = Callable[..., DeskQuestion]
"""Makes a question of a draw and a moment; what sells goods also of the product that is asked about."""
UPSET = frozenset({"情绪"})


def troubled(
    draw: Random, upset: Sequence[str], calm: Sequence[str]
) -> tuple[str, bool, frozenset[str]]:
    """Return how a trouble is told, whether by somebody upset, and what an answer then needs."""
    cross = draw.random() < 0.5
    return draw.choice(upset if cross else calm), cross, UPSET if cross else frozenset()


def said(moment: datetime) -> str:
    """Return a moment as it is said: 6月17日20:15."""
    return f"{moment.month}月{moment.day}日{moment:%H:%M}"


def dated(day: date) -> str:
    """Return a day as it is said: 6月17日."""
    return f"{day.month}月{day.day}日"


def yuan_in(text: str) -> Decimal:
    """Return the amount that a line names, 0 where it names none.

    >>> yuan_in("退差价15元，6月18日18点前到账"), yuan_in("没有差价")
    (Decimal('15'), Decimal('0'))
    """
    found = re.search(r"[\d.]+元", text)
    return Decimal(found[0].rstrip("元")) if found else Decimal(0)
