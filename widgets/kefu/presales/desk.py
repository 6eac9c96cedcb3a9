"""The service desk: what a chat's clock says, who answers whom, when a case is due, and canned replies.

The figures of a chat come from `kefu.kpis`. An `Inbox` gives each window to one seat alone. A case is due at
the earliest of three deadlines, on a calendar of the hours in which people answer; while the customer is
awaited the clock stands. Limits and hours are the shop's own, not a platform's. Times are aware, in seconds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, Self

from kefu import kpis
from kefu.amounts import count, one_of, set_fields
from kefu.clock import SHANGHAI, in_shanghai
from kefu.errors import expected, need, need_text

THREE_MINUTES = 180
"""Seconds within which an answer counts for the 3-minute rate."""


# What the clock of one chat says


@dataclass(frozen=True)
class ServiceTimes:
    """One chat in figures: seconds (None where nobody answered), and counts of messages and rounds."""

    first_response: float | None
    average_response: float | None
    agent_messages: int
    buyer_messages: int
    in_time: int
    rounds: int

    @property
    def answer_ratio(self) -> float:
        """Return the messages of the shop for each message of the buyer."""
        return self.agent_messages / self.buyer_messages

    @property
    def three_minute_rate(self) -> float:
        """Return the share of rounds answered within three minutes, 0 to 1."""
        return self.in_time / self.rounds


def service_times(messages: Iterable[kpis.Message]) -> ServiceTimes:
    """Return the figures of one chat; a round runs from the first question to the first answer.

    Raises ``ValueError`` where no buyer wrote, for an unknown sender and for messages out of order.

    >>> at = datetime.fromisoformat
    >>> chat = [(at("2025-11-09T10:10:15+08:00"), "买家"), (at("2025-11-09T10:15:20+08:00"), "买家"),
    ...         (at("2025-11-09T10:18:10+08:00"), "客服")]
    >>> told = service_times(chat)
    >>> told.first_response, told.in_time, told.rounds
    (475.0, 0, 1)
    """
    chat = list(messages)
    found = kpis.rounds(chat)
    need("messages", found, "a chat in which a buyer wrote", "有买家消息的会话", len(chat))
    waits = [one.seconds for one in found if one.seconds is not None]
    senders = [sender for _, sender in chat]
    return ServiceTimes(
        first_response=found[0].seconds,
        average_response=sum(waits) / len(waits) if waits else None,
        agent_messages=sum(sender in kpis.ANSWERERS for sender in senders),
        buyer_messages=senders.count(kpis.BUYER),
        in_time=sum(seconds <= THREE_MINUTES for seconds in waits),
        rounds=len(found),
    )


# Who answers whom


@dataclass(frozen=True)
class Seat:
    """An agent at work and how many windows at once are hers at most."""

    name: str
    capacity: int

    def __post_init__(self) -> None:
        set_fields(
            self,
            name=need_text("name", self.name),
            capacity=count(self.capacity, "capacity", least=1),
        )


@dataclass(frozen=True)
class Window:
    """A customer at the desk: since when an answer is owed (None: none is), and whose window it is."""

    customer: str
    waiting_since: datetime | None
    seat: str = ""
    pinned: bool = False
    mark: str = ""
    handover: str = ""


@dataclass(frozen=True)
class Task:
    """Something to do about a customer that every seat sees under 待办."""

    customer: str
    what: str


@dataclass(frozen=True)
class Inbox:
    """The windows of a team. Each change returns a new inbox; what cannot be raises ``ValueError``.

    >>> at = datetime(2025, 11, 9, 20, 44, 10, tzinfo=SHANGHAI)
    >>> inbox = Inbox((Seat("小满", 1), Seat("石头", 1))).arrive("北岸", at).claim("小满", "北岸")
    >>> inbox.claim("石头", "北岸")
    Traceback (most recent call last):
    ValueError: customer: expected a window that nobody has, got '北岸'（customer应为没有人接的窗口，收到'北岸'）
    """

    seats: tuple[Seat, ...]
    windows: tuple[Window, ...] = ()
    tasks: tuple[Task, ...] = ()

    def __post_init__(self) -> None:
        names = [seat.name for seat in self.seats]
        need("seats", names and len({*names}) == len(names), "seats of different names",
             "名字各不相同的座位", names)  # fmt: skip

    def window(self, customer: str) -> Window:
        """Return a customer's window; raises ``ValueError`` where there is none."""
        known = {one.customer: one for one in self.windows}
        return known[one_of(customer, "customer", known)]

    def _with(self, window: Window) -> Self:
        rest = tuple(one for one in self.windows if one.customer != window.customer)
        return replace(self, windows=(*rest, window))

    def _seat(self, name: str) -> Seat:
        known = {one.name: one for one in self.seats}
        return known[one_of(name, "seat", known)]

    def arrive(self, customer: str, at: datetime) -> Self:
        """Return the inbox after a customer wrote: the first unanswered message starts the wait."""
        customer, at = need_text("customer", customer), in_shanghai(at, "at")
        for one in self.windows:
            if one.customer == customer:
                return self._with(replace(one, waiting_since=one.waiting_since or at))
        return self._with(Window(customer, at))

    def queue(self) -> list[Window]:
        """Return the windows that nobody has, who waits longest first."""
        return sorted((one for one in self.windows if not one.seat), key=_urgency)

    def held(self, seat: str) -> list[Window]:
        """Return a seat's windows as its list shows them: pinned, then by the wait, answered ones last."""
        name = self._seat(seat).name
        return sorted((one for one in self.windows if one.seat == name), key=_urgency)

    def room(self, seat: str) -> int:
        """Return how many windows more a seat can take."""
        return self._seat(seat).capacity - len(self.held(seat))

    def claim(self, seat: str, customer: str) -> Self:
        """Return the inbox after a seat took a window, which nobody can take a second time."""
        window = self.window(customer)
        need("customer", not window.seat, "a window that nobody has", "没有人接的窗口", customer)
        self._has_room(seat)
        return self._with(replace(window, seat=seat))

    def assign(self) -> Self:
        """Return the inbox after the queue was dealt out: each to whom has fewest windows, while there is room."""
        inbox = self
        for window in self.queue():
            free = [seat.name for seat in inbox.seats if inbox.room(seat.name) > 0]
            if free:
                inbox = inbox.claim(
                    min(free, key=lambda name: len(inbox.held(name))), window.customer
                )
        return inbox

    def answer(self, customer: str) -> Self:
        """Return the inbox after an answer was sent: nothing is owed until the customer writes again."""
        return self._with(replace(self._taken(customer), waiting_since=None))

    def pin(self, customer: str, on: bool = True, mark: str = "") -> Self:
        """Return the inbox after a window was marked, which pins it: something is not finished there."""
        return self._with(replace(self._taken(customer), pinned=on, mark=mark if on else ""))

    def transfer(self, customer: str, to: str, note: str) -> Self:
        """Return the inbox after a window was handed over, with a note of what was said so far."""
        window = self._taken(customer)
        need("to", to != window.seat, "another seat", "另一个座位", to)
        self._has_room(to)
        return self._with(
            replace(window, seat=to, handover=need_text("note", note), pinned=False, mark="")
        )

    def add_task(self, customer: str, what: str) -> Self:
        """Return the inbox after a task was written down for the whole team."""
        return replace(
            self, tasks=(*self.tasks, Task(self.window(customer).customer, need_text("what", what)))
        )

    def close(self, customer: str) -> Self:
        """Return the inbox without a window; tasks stay, for they are the team's."""
        gone = self.window(customer)
        return replace(self, windows=tuple(one for one in self.windows if one is not gone))

    def _taken(self, customer: str) -> Window:
        window = self.window(customer)
        need("customer", window.seat, "a window that a seat has", "有人接了的窗口", customer)
        return window

    def _has_room(self, seat: str) -> None:
        need("seat", self.room(seat) > 0, "a seat with room", "还接得下的座位", seat)


def _urgency(window: Window) -> tuple[bool, bool, datetime]:
    since = window.waiting_since
    return not window.pinned, since is None, since or datetime.max.replace(tzinfo=SHANGHAI)


# When a case is due

Deadline = Literal["首次答复", "下次答复", "办结"]
Event = Literal["客人问", "客服答", "等客人", "办结"]
EVENTS: tuple[Event, ...] = ("客人问", "客服答", "等客人", "办结")
LONGEST = 366
"""Days without an hour of work after which a calendar is refused."""


@dataclass(frozen=True)
class Hours:
    """When people answer: from ``opens`` to ``closes`` o'clock (24 is midnight), not on ``days_off``."""

    opens: int = 9
    closes: int = 24
    days_off: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        opens = count(self.opens, "opens")
        need("closes", opens < count(self.closes, "closes") <= 24, f"an hour from {opens + 1} to 24",
             f"{opens + 1}到24的整点", self.closes)  # fmt: skip

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Return a day's first moment of work and the first after it, the same on a day off."""
        start = datetime.combine(day, time(), SHANGHAI)
        first = start + timedelta(hours=self.opens)
        return first, first if day in self.days_off else start + timedelta(hours=self.closes)

    def after(self, moment: datetime, seconds: float) -> datetime:
        """Return the moment at which so many seconds of work have passed since another.

        >>> Hours().after(datetime(2025, 11, 9, 23, 59, tzinfo=SHANGHAI), 180).isoformat()
        '2025-11-10T09:02:00+08:00'
        """
        moment, left = in_shanghai(moment, "moment"), seconds
        for step in range(LONGEST):
            first, last = self.span(moment.date() + timedelta(days=step))
            start = max(moment, first)
            if (free := (last - start).total_seconds()) >= left and start < last:
                return start + timedelta(seconds=left)
            left -= max(free, 0)
        raise ValueError(
            expected("hours", "a day of work within a year", "一年之内有上班的日子", self)
        )

    def between(self, start: datetime, end: datetime) -> float:
        """Return the seconds of work from one moment to another."""
        start, end = in_shanghai(start, "start"), in_shanghai(end, "end")
        days = range((end.date() - start.date()).days + 1)
        spans = (self.span(start.date() + timedelta(days=step)) for step in days)
        return sum(
            max((min(end, last) - max(start, first)).total_seconds(), 0) for first, last in spans
        )


@dataclass(frozen=True)
class Limits:
    """What the shop allows itself, in seconds of work: a first answer, a next one, and the end."""

    first: int = THREE_MINUTES
    update: int = 1800
    close: int = 4 * 3600

    def __post_init__(self) -> None:
        for name in ("first", "update", "close"):
            count(getattr(self, name), name, least=1)


@dataclass(frozen=True)
class Due:
    """The deadline that comes first: which of the three, and when."""

    kind: Deadline
    at: datetime


def escalation(
    events: Sequence[tuple[datetime, Event]], limits: Limits = Limits(), hours: Hours = Hours()
) -> Due | None:
    """Return the earliest of a case's three deadlines; None where it is closed or the customer is awaited.

    The first answer and the end are reckoned from the first question, the next answer from the last one.
    A time in which the customer was awaited does not count. Raises ``ValueError`` for events out of order.

    >>> asked = datetime(2025, 11, 9, 20, 44, 10, tzinfo=SHANGHAI)
    >>> due = escalation([(asked, "客人问")])
    >>> due.kind, due.at.isoformat()
    ('首次答复', '2025-11-09T20:47:10+08:00')
    """
    told = [(in_shanghai(at, "events"), one_of(what, "events", EVENTS)) for at, what in events]
    kinds = [what for _, what in told]
    need("events", kinds[:1] == ["客人问"] and sorted(told, key=lambda one: one[0]) == told,
         "events in order, a question first", "按先后排的事，头一件是客人问", kinds)  # fmt: skip
    if "办结" in kinds or _awaited(told):
        return None
    opened = told[0][0]
    answers = [at for at, what in told if what in ("客服答", "等客人")]
    dues = [Due("办结", _due(told, opened, limits.close, hours))]
    if answers:
        dues.append(Due("下次答复", _due(told, answers[-1], limits.update, hours)))
    else:
        dues.append(Due("首次答复", _due(told, opened, limits.first, hours)))
    return min(dues, key=lambda due: due.at)


def _awaited(told: Sequence[tuple[datetime, Event]]) -> bool:
    """Tell whether it is the customer's turn: nothing but answers since the shop said so."""
    last = [what for _, what in told if what in ("客人问", "等客人")]
    return last[-1] == "等客人"


def _due(
    told: Sequence[tuple[datetime, Event]], start: datetime, seconds: float, hours: Hours
) -> datetime:
    """Return when so many seconds have run since a start, over the stretches in which the clock ran."""
    left, since = seconds, start
    stopped = False
    for at, what in told:
        if what == "等客人" and not stopped:
            run = hours.between(since, at) if at > since else 0
            if at > since and run >= left:
                return hours.after(since, left)
            left, stopped = left - run, True
        elif what == "客人问" and stopped:
            since, stopped = max(at, start), False
    return hours.after(since, left)


# Canned replies

COLUMNS = ("phrase_id", "group", "shortcut", "text", "fields", "promises", "uses", "last_used")
FIELD = re.compile(r"\{([^{}]+)\}")
UPSET = ("多少遍", "第二遍", "第三遍", "骗", "投诉", "什么态度", "等了", "三分钟了", "差评", "气死")
"""Words of a customer who first wants to be heard; ours, not complete."""
CALMING = "安抚"
NICKNAME = "客人昵称"


@dataclass(frozen=True)
class Phrase:
    """A canned reply: its group, shortcut and text with {fields}; whether sending it promises something."""

    phrase_id: str
    group: str
    shortcut: str
    text: str
    promises: bool = False
    uses: int = 0
    last_used: date | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields to fill, each once, in order."""
        return tuple(dict.fromkeys(FIELD.findall(self.text)))

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the text for one customer; ``ValueError`` names the first field without a value.

        >>> Phrase("DY001", "欢迎", "/hy1", "您好{客人昵称}，我在的").fill({"客人昵称": "小鹿"})
        '您好小鹿，我在的'
        """
        for name in self.fields:
            need_text(name, values.get(name))
        return FIELD.sub(lambda hit: str(values[hit[1]]).strip(), self.text)

    def objections(self, values: Mapping[str, str], customer: str, says: str = "") -> list[str]:
        """Return why the phrase should not go out now, to this customer who has just said this.

        >>> Phrase("DY001", "欢迎", "/hy1", "您好{客人昵称}").objections({"客人昵称": "北岸"}, "橘子汽水")
        ['称呼是“北岸”，窗口里的人是“橘子汽水”']
        """
        empty = [name for name in self.fields if not str(values.get(name) or "").strip()]
        found = [f"还有空没填：{'、'.join(empty)}"] if empty else []
        named = str(values.get(NICKNAME) or "").strip()
        if NICKNAME in self.fields and named and named != customer:
            found.append(f"称呼是“{named}”，窗口里的人是“{customer}”")
        if any(word in says for word in UPSET) and self.group != CALMING:
            found.append("客人正有气，先认他等了多久，再说事")
        if self.promises:
            found.append("这是一句承诺：兑现得了才发，发了要记下")
        return found


@dataclass(frozen=True)
class PhraseBook:
    """A team's canned replies in order; ``ValueError`` for two of one number."""

    phrases: tuple[Phrase, ...]

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for one in self.phrases:
            need(
                "phrase_id",
                one.phrase_id not in seen,
                "a number used once",
                "没用过的编号",
                one.phrase_id,
            )
            seen.add(one.phrase_id)

    @classmethod
    def from_csv(cls, text: str) -> Self:
        """Return the book that a CSV file holds; ``ValueError`` names the line that is wrong."""
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
        need("text", tuple(reader.fieldnames or ()) == COLUMNS, f"the columns {', '.join(COLUMNS)}",
             f"列{'、'.join(COLUMNS)}", reader.fieldnames)  # fmt: skip
        return cls(tuple(_phrase(row, reader.line_num) for row in reader))

    def to_csv(self) -> str:
        """Return the book as a CSV file that `from_csv` reads back the same."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        for one in self.phrases:
            last = one.last_used.isoformat() if one.last_used else ""
            writer.writerow((one.phrase_id, one.group, one.shortcut, one.text, ";".join(one.fields),
                             str(one.promises).lower(), one.uses, last))  # fmt: skip
        return out.getvalue()

    def search(self, words: str, group: str = "") -> list[Phrase]:
        """Return the phrases that have every word, or the shortcut; the most used first.

        >>> book = PhraseBook((Phrase("DY110", "安抚", "/af10", "刚才我回错窗口了，抱歉"),))
        >>> [one.phrase_id for one in book.search("窗口 抱歉")], book.search("包邮")
        (['DY110'], [])
        """
        wanted = words.split()
        found = [
            one for one in self.phrases
            if (not group or one.group == group)
            and (one.shortcut in wanted or all(word in one.text for word in wanted))
        ]  # fmt: skip
        return sorted(found, key=lambda one: -one.uses)

    def clashes(self) -> dict[str, list[Phrase]]:
        """Return the shortcuts that more than one phrase has, with the phrases."""
        by: dict[str, list[Phrase]] = {}
        for one in self.phrases:
            by.setdefault(one.shortcut, []).append(one)
        return {shortcut: found for shortcut, found in by.items() if len(found) > 1}

    def phrase(self, number: str) -> Phrase:
        """Return a phrase by its number; raises ``ValueError`` where there is none."""
        known = {one.phrase_id: one for one in self.phrases}
        return known[one_of(number, "number", known)]


def _phrase(row: Mapping[str, str], line: int) -> Phrase:
    """Return the phrase of one row; ``ValueError`` names the line."""
    where = f"line {line}"
    need(where, None not in row and None not in row.values(), f"{len(COLUMNS)} cells",
         f"{len(COLUMNS)}格", list(row.values()))  # fmt: skip
    need(where, all(row[name].strip() for name in ("phrase_id", "group", "shortcut", "text")),
         "number, group, shortcut and text", "编号、分组、快捷键和内容", row["phrase_id"])  # fmt: skip
    need(where, row["promises"] in ("true", "false"), "true or false in promises",
         "promises一列是true或false", row["promises"])  # fmt: skip
    need(where, row["uses"].isdecimal(), "a count in uses", "uses一列是次数", row["uses"])
    try:
        last = date.fromisoformat(row["last_used"]) if row["last_used"] else None
    except ValueError as error:
        raise ValueError(
            expected(where, "a date in last_used", "last_used一列是日期", row["last_used"])
        ) from error
    found = Phrase(row["phrase_id"], row["group"], row["shortcut"], row["text"],
                   row["promises"] == "true", int(row["uses"]), last)  # fmt: skip
    need(where, row["fields"] == ";".join(found.fields), f"the text's fields {';'.join(found.fields)}",
         f"内容里的字段{';'.join(found.fields)}", row["fields"])  # fmt: skip
    return found
