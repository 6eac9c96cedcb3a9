"""What a parcel's track tells: where it stands still, why it has not come, and when to look.

`gaps` measures the silence between scans, `triage` judges the cause from the track alone and names the
way to handle it, `alarm` counts what a rule “no scan for so many hours” finds and what it disturbs.
Causes are the words of ``parcels.problem``. Hours and terms of answers are this book's convention.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import fsum
from pathlib import Path
from typing import Literal, get_args

from kefu import data
from kefu.amounts import Number, exact, one_of, set_fields, yes_or_no
from kefu.clock import in_shanghai
from kefu.errors import need

Happening = Literal["揽收", "到达", "发出", "派送", "签收", "异常", "代收"]
ParcelCause = Literal[
    "不可抗力", "节假日延长", "丢失破损", "疑难件", "非本人签收", "还看不出", "没有异常"
]  # fmt: skip
Handling = Literal[
    "告知，等或取消", "问到派送日", "补发，向快递索赔", "看货拍照，退换任选", "核对后改派",
    "查底单，问代收点", "催快递，先告诉客人", "报一声走到哪了",
]  # fmt: skip
HOUR = timedelta(hours=1)
ENDS = frozenset({"签收", "代收"})
QUIET = 48
"""Hours without a scan after which a parcel counts as standing still."""
OPENS, CLOSES = 9, 21
"""The hours of the day between which a customer gets an answer."""


# A track and its silences


@dataclass(frozen=True)
class Scan:
    """One line of a track: when, which event, where, and what the carrier wrote."""

    at: datetime
    event: Happening
    place: str
    note: str = ""

    def __post_init__(self) -> None:
        set_fields(self, at=in_shanghai(self.at, "at"))
        one_of(self.event, "event", get_args(Happening))


@dataclass(frozen=True)
class Silence:
    """The hours between scans, and where and for how long (hours) a parcel stands still now."""

    hours: tuple[float, ...]
    place: str
    now: float

    @property
    def longest(self) -> float:
        """The longest silence, the present one included."""
        return max((*self.hours, self.now))


def gaps(events: Sequence[Scan], now: datetime) -> Silence:
    """Return the hours between the scans of a parcel, and how long it stands still at ``now``.

    A parcel that is signed for stands still no more: its hours now are 0. Raises ``ValueError`` for
    no scan at all, for scans that go back in time, and for one after ``now``.

    >>> from kefu.clock import SHANGHAI
    >>> night = datetime(2025, 12, 1, 20, tzinfo=SHANGHAI)
    >>> gaps([Scan(night, "揽收", "浙江嘉兴")], night + timedelta(hours=30))
    Silence(hours=(), place='浙江嘉兴', now=30.0)
    """
    now = in_shanghai(now, "now")
    need("events", events, "at least one scan", "至少一次扫描", events)
    moments = [scan.at for scan in events]
    need(
        "events", moments == sorted(moments), "scans in order of time", "按时间先后的扫描", moments
    )
    last = events[-1]
    need("now", last.at <= now, "the last scan or later", "不早于最后一次扫描的时刻", now)
    between = tuple((b - a) / HOUR for a, b in pairwise(moments))
    return Silence(between, last.place, 0.0 if last.event in ENDS else (now - last.at) / HOUR)


# Why it has not come


@dataclass(frozen=True)
class Trace:
    """What lies before an agent: the scans so far, the moment, and whether the customer says “not here”."""

    events: tuple[Scan, ...]
    now: datetime
    denied: bool = False

    def __post_init__(self) -> None:
        set_fields(self, now=in_shanghai(self.now, "now"), events=tuple(self.events))
        yes_or_no(self.denied, "denied")
        gaps(self.events, self.now)

    @property
    def silence(self) -> Silence:
        """The silences of the track."""
        return gaps(self.events, self.now)


@dataclass(frozen=True)
class Action:
    """The cause with its evidence in words, the way, what to do, what to say, and by when to answer."""

    cause: ParcelCause
    evidence: str
    way: Handling
    do: str
    tell: str
    by: datetime


SIGNS: dict[ParcelCause, tuple[str, ...]] = {
    "丢失破损": ("遗失", "丢失", "破损", "破裂", "浸湿"),
    "疑难件": ("无人接听", "地址不详", "查无此人", "电话有误", "空号", "搬迁"),
    "不可抗力": ("暴雨", "台风", "大雪", "洪水", "塌方", "道路中断", "封路", "封航"),
    "节假日延长": ("节假日", "春节", "放假", "国庆"),
}
"""The words by which a carrier's note tells a cause; of several causes in one note the first counts."""
LOST = ("遗失", "丢失")

WAYS: dict[Handling, tuple[int, str, str]] = {
    "告知，等或取消": (
        24,
        "告诉客人停在哪里、为什么；愿等就说好几时再报，不等就取消退款",
        "您的包裹停在{place}，快递登记的是“{note}”。哪天能走，现在说不准。您愿意等，我{by}前再报一次；"
        "不想等，我现在就办取消退款。",
    ),
    "问到派送日": (
        24,
        "向快递问到派送日，告诉客人日期，不说“尽快”；往后的订单在页面先写明",
        "您的包裹已经到{place}，过节派送慢了。我去问快递排在哪一天，{by}前把日子告诉您。",
    ),
    "补发，向快递索赔": (
        24,
        "先给客人补发或退款，再拿遗失登记向快递索赔",
        "快递登记包裹丢了，对不起。您不用等他们理赔：补发还是退款，您选一样。选补发，我{by}前把新单号发您。",
    ),
    "看货拍照，退换任选": (
        24,
        "请客人当面看货、拍一张照片；坏了就退或换由他选，再向快递索赔",
        "快递写着“{note}”。东西到了请您拆开看看，坏了拍一张照片给我，退或换您选。我{by}前再来问一声。",
    ),
    "核对后改派": (
        4,
        "和客人核对地址、电话，改给快递，请他们重新派送",
        "快递写着“{note}”，包裹停在{place}。麻烦您看看订单里的地址和电话对不对，我{by}前转给快递重新派送。",
    ),
    "查底单，问代收点": (
        24,
        "请客人先看代收的地方，向快递调签收底单；查不到就按丢件办",
        "物流显示{signed}。您先看看门口、门卫和代收点；我向快递查是谁签的，{by}前回您。要是查不到人，就当丢件来办，补发还是退款您选。",
    ),
    "催快递，先告诉客人": (
        4,
        "请快递查这一件停在哪里，不等客人来问，先告诉他",
        "您的包裹{since}，{still}小时没有新消息。我已经请快递去查，{by}前告诉您查到了什么。",
    ),
    "报一声走到哪了": (
        24,
        "没有要办的；客人问起，就报走到哪里",
        "查到了：您的包裹最近一次登记是{when}，{place}，{event}。我{by}前再看一次，有变化就告诉您。",
    ),
}
"""Each way: hours to the answer (this book's convention), what to do, and what to tell the customer."""

SINCE = {"揽收": "揽收以后", "到达": "到了{}以后", "发出": "从{}发出以后"}
"""How a customer is told the last scan of a parcel that stands still."""
SIGNED = (
    "查到了：物流显示{when}在{place}签收。拿到了就好；要是没拿到，您{by}前随时找我，我查是谁签的。"
)

WAY_OF: dict[ParcelCause, Handling] = {
    "不可抗力": "告知，等或取消",
    "节假日延长": "问到派送日",
    "丢失破损": "看货拍照，退换任选",
    "疑难件": "核对后改派",
    "非本人签收": "查底单，问代收点",
    "还看不出": "催快递，先告诉客人",
    "没有异常": "报一声走到哪了",
}


def triage(case: Trace) -> Action:
    """Return the one action for a case: its cause by the track alone, the evidence, and the way.

    What is signed for is judged by its signing, what is under way by the carrier's latest note that
    says a cause; without one, silence of `QUIET` hours tells only that something may be wrong.

    >>> from kefu.clock import SHANGHAI
    >>> night = datetime(2025, 12, 1, 20, tzinfo=SHANGHAI)
    >>> standing = Trace((Scan(night, "发出", "嘉兴分拨中心"),), night + timedelta(hours=60))
    >>> triage(standing).cause, triage(standing).evidence
    ('还看不出', '12月1日20点“发出”以后，60小时没有扫描，快递也没写原因')
    """
    cause, scan, evidence = _judged(case)
    way = WAY_OF[cause]
    if cause == "丢失破损" and any(word in scan.note for word in LOST):
        way = "补发，向快递索赔"
    hours, do, tell = WAYS[way]
    if cause == "没有异常" and case.events[-1].event == "签收":
        tell = SIGNED
    by = answer_by(case.now, hours)
    last = case.events[-1]
    signed = "已由人代收" + (f"（{last.note}）" if last.note else "")
    said = tell.format(
        place=last.place, note=scan.note, by=said_at(by), still=int(case.silence.now),
        when=said_at(last.at), since=SINCE.get(last.event, "在{}登记以后").format(last.place), event=last.event,
        signed=signed if last.event == "代收" else f"{said_at(last.at)}签收",
    )  # fmt: skip
    return Action(cause, evidence, way, do, said, by)


def _judged(case: Trace) -> tuple[ParcelCause, Scan, str]:
    """Return the cause, the scan that tells it, and the evidence in words."""
    last = case.events[-1]
    noted = next(((scan, cause) for scan in reversed(case.events) if (cause := _sign(scan))), None)
    if last.event == "代收":
        return (
            "非本人签收",
            last,
            f"{said_at(last.at)}登记的是“代收”，不是收件人签收：{last.note or '没写代收人'}",
        )
    if last.event == "签收" and case.denied:
        return "非本人签收", last, f"{said_at(last.at)}显示“签收”，收件人说没拿到"
    if last.event == "签收" and not (noted and noted[1] == "丢失破损"):
        return "没有异常", last, f"{said_at(last.at)}已签收，收件人没有说没拿到"
    if noted:
        scan, cause = noted
        return cause, scan, f"{said_at(scan.at)}，快递在{scan.place}写的是“{scan.note}”"
    still = case.silence.now
    stood = f"{said_at(last.at)}“{last.event}”以后，{int(still)}小时没有扫描"
    if still >= QUIET:
        return "还看不出", last, f"{stood}，快递也没写原因"
    return "没有异常", last, f"{stood}，不到{QUIET}小时，快递没写异常"


def _sign(scan: Scan) -> ParcelCause | None:
    """Return the cause that a carrier's note tells, if it tells one."""
    return next((c for c, words in SIGNS.items() if any(w in scan.note for w in words)), None)


def said_at(at: datetime) -> str:
    """Return a moment as it is said: 12月1日20点, or 12月1日20点05分 where it is no full hour."""
    return f"{at.month}月{at.day}日{at.hour}点" + (f"{at.minute:02}分" if at.minute else "")


def answer_by(now: datetime, hours: int) -> datetime:
    """Return the full hour by which a customer is answered, at most ``hours`` of waking time late.

    An hour in the night becomes the opening of the next morning.

    >>> from kefu.clock import SHANGHAI
    >>> answer_by(datetime(2025, 12, 1, 19, 30, tzinfo=SHANGHAI), 4).isoformat()
    '2025-12-02T09:00:00+08:00'
    """
    by = (in_shanghai(now, "now") + hours * HOUR).replace(minute=0, second=0, microsecond=0)
    if by.hour > CLOSES:
        return by.replace(hour=OPENS) + timedelta(days=1)
    return by.replace(hour=max(by.hour, OPENS))


# All the shop's parcels


@dataclass(frozen=True)
class Tracked:
    """A parcel of the shop as an alarm sees it; all times are hours since it was collected.

    ``silences`` are the hours after each scan that was followed, or should have been, by another;
    ``noted``: when the carrier wrote down an exception; ``asked``: when the customer first asked where
    it is; ``late``: it came after the promised day or was lost. ``stands_for``: how many parcels it
    counts for, because of those without a problem only a sample has tracks.
    """

    parcel_id: str
    zone: str
    problem: str
    late: bool
    silences: tuple[float, ...]
    noted: float | None = None
    asked: float | None = None
    stands_for: float = 1.0

    @property
    def longest(self) -> float:
        """The longest silence, in hours."""
        return max(self.silences, default=0.0)

    def rings(self, hours: float, notes: bool = False) -> float | None:
        """Return when the alarm first rings: after so many silent hours, or at once at a carrier's note."""
        moments, at = [self.noted] if notes and self.noted is not None else [], 0.0
        for silent in self.silences:
            if silent >= hours:
                moments.append(at + hours)
                break
            at += silent
        return min(moments, default=None)


@dataclass(frozen=True)
class Alarms:
    """What an alarm does to so many ``parcels``: how often it is raised, rightly and for nothing.

    ``false`` are raised for parcels that came in time; ``found`` for parcels that were late or lost;
    ``asked_first`` are late parcels whose customers asked before it rang, ``late`` all late ones.
    """

    parcels: float
    raised: float
    false: float
    found: float
    late: float
    asked_first: float

    def per_thousand(self) -> dict[str, int]:
        """Return all counts for a thousand parcels, rounded."""
        names = ("raised", "false", "found", "late", "asked_first")
        return {name: round(1000 * getattr(self, name) / self.parcels) for name in names}


def alarm(parcels: Iterable[Tracked], hours: Number, *, notes: bool = False) -> Alarms:
    """Return what an alarm after so many hours without a scan does, each parcel counted once.

    ``notes``: it also rings at once when the carrier writes down an exception. Raises ``ValueError``
    for no parcels, and for hours that are not above 0.

    >>> alarm(tracked(), 48).per_thousand()
    {'raised': 128, 'false': 62, 'found': 65, 'late': 78, 'asked_first': 15}
    """
    after, every = float(exact(hours, "hours", positive=True)), tuple(parcels)
    need("parcels", every, "at least one parcel", "至少一个包裹", every)
    rung = [(one, one.rings(after, notes)) for one in every]

    def count(kept: Callable[[Tracked, float | None], bool]) -> float:
        return fsum(one.stands_for for one, at in rung if kept(one, at))

    return Alarms(
        parcels=count(lambda one, at: True),
        raised=count(lambda one, at: at is not None),
        false=count(lambda one, at: at is not None and not one.late),
        found=count(lambda one, at: at is not None and one.late),
        late=count(lambda one, at: one.late),
        asked_first=count(
            lambda one, at: one.late and one.asked is not None and (at is None or one.asked < at)
        ),
    )


@data.cached
def tracked() -> tuple[Tracked, ...]:
    """Return the shop's parcels that have tracks, from ``tracks.csv``; another class's from its tables.

    A derived file: the tables behind it are two megabytes, too many for a page.
    """
    if data.folder() != data.home():
        return from_tables()
    with STORED.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


STORED = Path(__file__).with_name("tracks.csv")


def _read(row: dict[str, str]) -> Tracked:
    """Return the parcel of a stored row."""
    noted, asked = (float(row[name]) if row[name] else None for name in ("noted", "asked"))
    silences = tuple(map(float, row["silences"].split()))
    return Tracked(row["parcel_id"], row["zone"], row["problem"], row["late"] == "1", silences,
                   noted, asked, float(row["stands_for"]))  # fmt: skip


def row_of(one: Tracked) -> dict[str, object]:
    """Return the row in which a parcel is stored."""
    return {
        **asdict(one),
        "late": int(one.late),
        "silences": " ".join(f"{hours:g}" for hours in one.silences),
    }


def from_tables() -> tuple[Tracked, ...]:
    """Return the parcels with tracks of the tables in use, by their numbers."""
    parcels, cases = data.rows("parcels"), traces()
    asked: dict[str, datetime] = {}
    for row in data.rows("chats"):
        if row["stage"] == "售后" and row["topic"] == "物流问题":
            at = datetime.fromisoformat(row["started_at"])
            asked[row["order_id"]] = min(at, asked.get(row["order_id"], at))
    sound = sum(not row["problem"] for row in parcels)
    share = round(sound / sum(not problem for problem, _ in cases.values()), 3)

    def parcel(row: dict[str, str], case: Trace) -> Tracked:
        start, told = case.events[0].at, case.silence
        lost = any(word in scan.note for scan in case.events for word in LOST)
        ended = lost or case.events[-1].event in ENDS
        arrived = row["signed_at"][:10] or case.now.date().isoformat()
        noted = next((scan.at for scan in case.events if scan.event == "异常"), None)
        silences = (*told.hours, *(() if ended else (told.now,)))
        return Tracked(
            row["parcel_id"], row["zone"], row["problem"], lost or arrived > row["promised_on"],
            tuple(round(hours, 2) for hours in silences), _since(start, noted),
            _since(start, asked.get(row["order_id"])), 1.0 if row["problem"] else share,
        )  # fmt: skip

    return tuple(parcel(row, cases[id][1]) for row in parcels if (id := row["parcel_id"]) in cases)


def _since(start: datetime, at: datetime | None) -> float | None:
    """Return the hours from one moment to another, if there is another."""
    return None if at is None else round((at - start) / HOUR, 2)


# What can be known from a track alone


@data.cached
def traces() -> Mapping[str, tuple[str, Trace]]:
    """Return each track of the tables in use at the year's last second, with the table's own word for its problem."""
    scans: dict[str, list[Scan]] = defaultdict(list)
    for row in data.rows("tracking"):
        at = datetime.fromisoformat(row["at"])
        scans[row["parcel_id"]].append(Scan(at, row["event"], row["place"], row["note"]))  # type: ignore[arg-type]
    last = max(scan.at for track in scans.values() for scan in track)
    now = last.replace(hour=23, minute=59, second=59)
    problems = {row["parcel_id"]: row["problem"] for row in data.rows("parcels")}
    return {id: (problems[id], Trace(tuple(track), now)) for id, track in scans.items()}


def when_it_rang(case: Trace, hours: float = QUIET) -> Trace | None:
    """Return a track as it stood when it had first been silent for so many hours; ``None`` where never."""
    moments = [*(scan.at for scan in case.events), case.now]
    ends = case.events[-1].event in ENDS
    for place, (a, b) in enumerate(pairwise(moments[:-1] if ends else moments), 1):
        if (b - a) / HOUR >= hours:
            return Trace(case.events[:place], a + hours * HOUR)
    return None


def confusion(cases: Iterable[tuple[str, Trace]]) -> Counter[tuple[str, ParcelCause]]:
    """Return how often each problem, as the table names it, is judged to be each cause."""
    return Counter((problem, triage(case).cause) for problem, case in cases)
