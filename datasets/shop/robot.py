"""The robot's days: how its answers fare as the entries of the knowledge base age.

Each entry is used as often in the year as its ``hits`` say. Until the day of its last edit it has
an older text; after ``review_by`` nobody has checked it any more.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from datasets.shop.calendar import DAYS, FIRST, date_text
from datasets.shop.chance import Wheel, happens, poisson
from datasets.shop.truths import planted

STATES = ("before", "current", "expired")


def day_number(text: object) -> int:
    """Return the number of an ISO date's day, which may lie beyond the year.

    >>> day_number("2025-01-02"), day_number("2026-01-01")
    (1, 365)
    """
    return (date.fromisoformat(str(text)) - FIRST).days


def state(entry: Mapping[str, object], day: int) -> str:
    """Return whether an entry is not edited yet, current, or past its review on a day."""
    if day < day_number(entry["updated_on"]):
        return "before"
    return "current" if day <= day_number(entry["review_by"]) else "expired"


def day_rows(
    seed: int, entries: Sequence[Mapping[str, object]], busy: Counter[int]
) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``bot_days``; ``busy`` says how much there is to do on a day."""
    rng, values = random.Random(f"{seed}/robot"), planted("bot_days")
    wheel = Wheel({day: 2 + busy[day] for day in range(DAYS)})
    used: Counter[tuple[int, str]] = Counter()
    for entry in entries:
        for _ in range(int(str(entry["hits"]))):
            day = wheel.spin(rng)
            used[day, state(entry, day)] += 1
    edits = Counter(day_number(entry["updated_on"]) for entry in entries)
    for day in range(DAYS):
        answered = {name: used[day, name] for name in STATES}
        wrong = {name: happens(rng, answered[name], values["wrong"][name]) for name in STATES}
        handed = 0
        for name, number in answered.items():
            share = values["handed_over"]["before" if name == "before" else "after"]
            handed += poisson(rng, number * share / (1 - share))
        total, failed = sum(answered.values()), sum(wrong.values())
        yield {
            "date": date_text(day),
            "edits": edits[day],
            "expired_entries": sum(state(entry, day) == "expired" for entry in entries),
            "questions": total + handed,
            "answered": total,
            "right": total - failed,
            "wrong": failed,
            "handed_over": handed,
            "before_used": answered["before"],
            "before_wrong": wrong["before"],
            "expired_used": answered["expired"],
            "expired_wrong": wrong["expired"],
        }
