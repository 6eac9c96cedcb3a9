"""Days and hours of the shop's year: festivals, busy times, the warehouse's hours.

A moment is a whole number of seconds since 2025-01-01 00:00 in Shanghai, a day a whole number of
days; both may be negative. The year ends at ``END``: nothing later is in any table.
"""

from __future__ import annotations

import random
from bisect import bisect
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate, pairwise

from datasets.shop.chance import Wheel
from datasets.shop.truths import planted
from kefu.clock import SHANGHAI

FIRST = date(2025, 1, 1)
DAYS = 365
MINUTE, HOUR, DAY = 60, 3600, 86400
END = DAYS * DAY


def day_of(text: str) -> int:
    """Return a day of the year by its month and day.

    >>> day_of("01-01"), day_of("11-11")
    (0, 314)
    """
    return (date.fromisoformat(f"{FIRST.year}-{text}") - FIRST).days


def at(text: str, hour: int = 0) -> int:
    """Return the moment of an hour of a day.

    >>> stamp(at("11-11", 20))
    '2025-11-11T20:00:00+08:00'
    """
    return day_of(text) * DAY + hour * HOUR


@cache
def date_text(day: int) -> str:
    """Return a day as an ISO date."""
    return (FIRST + timedelta(days=day)).isoformat()


def stamp(moment: int) -> str:
    """Return a moment as ISO 8601 with its zone."""
    day, second = divmod(moment, DAY)
    minutes, second = divmod(second, 60)
    hour, minute = divmod(minutes, 60)
    return f"{date_text(day)}T{hour:02}:{minute:02}:{second:02}+08:00"


def shown(moment: int | None) -> str:
    """Return a moment's text; empty for what has not happened by the end of the year."""
    return "" if moment is None or moment >= END else stamp(moment)


def clock(moment: int) -> datetime:
    """Return a moment as an aware datetime, for the models of ``kefu``."""
    return datetime.combine(FIRST, time(), SHANGHAI) + timedelta(seconds=moment)


def weekday(day: int) -> int:
    """Return 0 for Monday to 6 for Sunday."""
    return (FIRST.weekday() + day) % 7


def month_of(day: int) -> int:
    """Return 0 for January to 11 for December."""
    return bisect(MONTHS, day) - 1


MONTHS = [(date(FIRST.year, month, 1) - FIRST).days for month in range(1, 13)]
"""The first day of each month."""

# name, first and last day, how busy one day is beside an ordinary one
FESTIVALS = [
    ("元旦", "01-01", "01-01", 1.2),
    ("春节", "01-26", "02-04", 0.3),
    ("38节", "03-06", "03-08", 2.0),
    ("五一", "05-01", "05-05", 0.8),
    ("618", "06-01", "06-01", 3.0),
    ("618", "06-16", "06-18", 3.5),
    ("国庆", "10-01", "10-08", 0.8),
    ("双11", "11-01", "11-01", 3.0),
    ("双11", "11-10", "11-10", 4.0),
    ("双11", "11-11", "11-11", 16.0),
    ("双12", "12-12", "12-12", 3.0),
]
# Within each of these stretches a festival draws sales from the days around it; elsewhere a week
# does. None crosses the end of a month, so that what a month sells stays as planted.
STRETCHES = [
    ("01-13", "01-31"),
    ("02-01", "02-16"),
    ("03-01", "03-16"),
    ("06-01", "06-22"),
    ("11-01", "11-16"),
    ("12-08", "12-21"),
]
WEEK = [0.98, 0.96, 0.98, 1.12, 1.0, 0.96, 1.0]  # Thursday has the live show
PROMOTIONS = ("618", "双11", "双12")
CLOSED = range(day_of("01-26"), day_of("02-04") + 1)  # the warehouse's Spring Festival
BACKLOG = range(day_of("11-11"), day_of("11-14") + 1)


@cache
def festival(day: int) -> str:
    """Return the festival of a day, or an empty text."""
    return next((n for n, a, b, _ in FESTIVALS if day_of(a) <= day <= day_of(b)), "")


def busy(day: int) -> float:
    """Return how busy a day is within its stretch."""
    found = (f for _, a, b, f in FESTIVALS if day_of(a) <= day <= day_of(b))
    return next(found, WEEK[weekday(day)])


def _starts() -> list[int]:
    """Return the first day of every stretch: festivals', else weeks cut at the ends of months."""
    spans = [range(day_of(a), day_of(b) + 1) for a, b in STRETCHES]
    inside = {day for span in spans for day in span[1:]}
    breaks = {day for day in range(DAYS) if weekday(day) == 0} | set(MONTHS)
    breaks |= {edge for span in spans for edge in (span.start, span.stop)}
    return [*sorted(breaks - inside), DAYS]


def _paces() -> list[tuple[int, int, tuple[float, ...]]]:
    stretches = pairwise(_starts())
    return [(a, b, tuple(accumulate(busy(day) for day in range(a, b)))) for a, b in stretches]


STARTS = _starts()
PACES = _paces()
HOURS = planted("seasonality")["hours"]
NIGHT_OF_11 = [40, 14, 5, 2, 1, 1, 2, 4, 6, 9, 10, 9, 8, 8, 8, 8, 8, 8, 8, 10, 15, 16, 14, 12]


@cache
def _hours(day: int) -> tuple[float, ...]:
    """Return the cumulative share of a day's orders by the end of each hour."""
    weights = list(NIGHT_OF_11 if day == day_of("11-11") else HOURS)
    if weekday(day) == 3 and not festival(day):
        weights[20:22] = [1.6 * w for w in weights[20:22]]
    total = sum(weights)
    return tuple(w / total for w in accumulate(weights))


def moment(smooth: float) -> int:
    """Return when what would happen at a smooth time (in days) does happen.

    Customers live by an even clock; festivals, weekdays and hours bend it, each only within its
    own stretch of days, and never change the order of events. So a customer's purchases keep
    their number, and their distances but for a few days: what is planted in them is not spoilt.

    >>> stamp(moment(0.0)), moment(200.3) < moment(200.31)
    ('2025-01-01T00:00:00+08:00', True)
    """
    first, last, pace = PACES[min(bisect(STARTS, smooth), len(PACES)) - 1]
    place = (smooth - first) / (last - first) * pace[-1]
    nth = min(bisect(pace, place), len(pace) - 1)
    before = pace[nth - 1] if nth else 0.0
    day = first + nth
    part = (place - before) / (pace[nth] - before)
    hours = _hours(day)
    hour = min(bisect(hours, part), 23)
    start = hours[hour - 1] if hour else 0.0
    seconds = (part - start) / (hours[hour] - start) * HOUR
    return day * DAY + hour * HOUR + min(int(seconds), HOUR - 1)


_MONTH = Wheel(
    {
        (a, b): (b - a) * factor
        for (a, b), factor in zip(
            pairwise([*MONTHS, DAYS]), planted("seasonality")["months"], strict=True
        )
    }
)


def season(rng: random.Random) -> float:
    """Return a smooth time of the year at which someone new comes to the shop."""
    first, last = _MONTH.spin(rng)
    return first + rng.random() * (last - first)


def working(moment: int) -> int:
    """Return the next moment at which the warehouse works: 9 to 18 o'clock, not on Sundays."""
    while True:
        day, second = divmod(moment, DAY)
        if weekday(day) != 6 and day not in CLOSED and second < 18 * HOUR:
            return max(moment, day * DAY + 9 * HOUR)
        moment = (day + 1) * DAY + 9 * HOUR


def awake(moment: int) -> int:
    """Return a moment at which people are up: what falls between 1 and 8 o'clock comes later.

    >>> stamp(awake(at("05-20", 3)))
    '2025-05-20T11:00:00+08:00'
    """
    return moment + 8 * HOUR if HOUR <= moment % DAY < 8 * HOUR else moment


def load(moment: int) -> float:
    """Return the queue's pressure: log2 of how many times longer than usual an answer takes."""
    day, second = divmod(moment, DAY)
    hour, burst = second // HOUR, planted("burst")
    if date_text(day) == burst["day"]:
        return float(burst["first_hours" if hour < 2 else "all_day"])
    level = 0.5 if 19 <= hour < 23 else 0.0
    if festival(day) in PROMOTIONS:
        return level + 0.8
    return level + (0.4 if weekday(day) == 3 and 20 <= hour < 22 else 0.0)


def staffed(moment: int) -> bool:
    """Return whether people answer: 9 to 24 o'clock, and in the first hours of 双11."""
    day, second = divmod(moment, DAY)
    return second >= 9 * HOUR or (date_text(day) == planted("burst")["day"] and second < 2 * HOUR)
