"""By when something was promised, read from the words in which it was promised."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

QUOTED = re.compile("“[^”]*”")
"""What another has said: its days are his."""
AFTER, MINUTES, WITHIN = "后", "分钟", "内"
MONTH, SHARP, PAST, HALF = "月", "点", "分", "半"
DAYS = "今天|今晚|当天|明天|明晚|后天"
SOON = re.compile(rf"(?<![{AFTER}\d])(\d+){MINUTES}[之以]?{WITHIN}")
DAY = re.compile(rf"(?:(\d+){MONTH})?(\d+)[日号]|{DAYS}")
HOUR = re.compile(rf"(?<!\d)(\d{{1,2}})(?:{SHARP}(?:(\d{{1,2}}){PAST}|({HALF}))?|:(\d\d))")
LATER = ("下午", "今晚", "明晚", "晚上")
"""Words after which an hour up to eleven is one after noon."""


def due(words: str, said: datetime) -> datetime | date | None:
    """Return by when these words promise something that were said then: a day alone where no hour is named.

    None where no time is named at all, or one that hangs on something else.

    >>> said = datetime(2026, 6, 17, 23, 30)
    >>> due("我查是谁签收的，9点前回您", said), due("6月21日再看一次", said)
    (datetime.datetime(2026, 6, 18, 9, 0), datetime.date(2026, 6, 21))
    >>> due("明晚9点前出单号", said), due("10分钟内回您", said)
    (datetime.datetime(2026, 6, 18, 21, 0), datetime.datetime(2026, 6, 17, 23, 40))
    >>> due("收到后10分钟内回您", said)
    """
    own = QUOTED.sub("", words)
    if soon := SOON.search(own):
        return said + timedelta(minutes=int(soon[1]))
    day, hour = DAY.search(own), HOUR.search(own)
    on = _day(day, said.date()) if day else said.date()
    if on is None:
        return None
    if hour is None:
        return on if day else None
    hours = int(hour[1])
    if hours < 12 and own[: hour.start()].endswith(LATER):
        hours += 12
    minutes = 30 if hour[3] else int(hour[2] or hour[4] or 0)
    if hours > 24 or minutes > 59:
        return None
    at = datetime.combine(on, time(), said.tzinfo) + timedelta(hours=hours, minutes=minutes)
    return at if day or at >= said else at + timedelta(days=1)


def _day(named: re.Match[str], said: date) -> date | None:
    """Return the day that is named, from the day on which it was said."""
    if named[2] is None:
        return said + timedelta(days={"明": 1, "后": 2}.get(named[0][0], 0))
    month = int(named[1] or said.month + (int(named[2]) < said.day))
    year = said.year + (month < said.month) + (month > 12)
    try:
        return date(year, (month - 1) % 12 + 1, int(named[2]))
    except ValueError:
        return None
