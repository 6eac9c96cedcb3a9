"""The book's clock: moments with a zone, as Shanghai's clock shows them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from kefu.errors import expected

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1992
YEARS = range(1992, 9000)  # accepted: SHANGHAI is right, and no deadline overflows the calendar


def in_shanghai(moment: datetime, argument: str) -> datetime:
    """Return an aware datetime on Shanghai's clock; raises ``TypeError`` or ``ValueError``."""
    wanted = "an aware datetime from 1992 on", "1992年以后带时区的datetime"
    if not isinstance(moment, datetime):
        raise TypeError(expected(argument, *wanted, moment))
    if moment.utcoffset() is None or moment.year not in YEARS:
        raise ValueError(expected(argument, *wanted, moment))
    return moment.astimezone(SHANGHAI)


def a_day(day: date, argument: str) -> date:
    """Return a date; raises ``TypeError`` for anything else, a moment of that day included.

    >>> a_day(date(2026, 1, 6), "asked")
    datetime.date(2026, 1, 6)
    """
    if isinstance(day, datetime) or not isinstance(day, date):
        raise TypeError(expected(argument, "a date without time", "不含时刻的日期", day))
    return day
