"""What a host says on the air: a promise or not, and the book in which promises are kept track of.

Whether words are a promise is told by rules of words, so that a reader sees why. The lists were made on the lines
of the table live_promises and hold all of them; of 21 promises in words of their own (tests) they enter 4, give 16
to a person and miss 1, so that somebody has to listen. An entry says who, when, what, until when and who keeps it;
the book only grows: whatever happened stays in its history.
Rules: R59 (what is said on the air is owed), R14, R78 (corrections). Who keeps which kind, and the days where the
host named none, are this book's convention (本书约定).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from kefu.amounts import count, one_of, set_fields
from kefu.clock import SHANGHAI, in_shanghai
from kefu.errors import expected, need, need_text

PledgeKind = Literal["时效", "赠品", "价格", "质量", "库存", "退换"]
PLEDGE_KINDS: tuple[PledgeKind, ...] = get_args(PledgeKind)
PledgeState = Literal["待兑现", "已兑现", "未兑现", "已补救"]
PledgeStep = Literal["登记", "更正", "兑现", "没兑现", "补救"]

# Is it a promise?


@dataclass(frozen=True)
class Heard:
    """What was heard: whether it ``counts`` as a promise, its ``kind``, the ``words`` that show it, and why.

    ``kind`` of what is none: 夸赞, 商品说明, 留了余地, 问句, 没答应. A description of the goods is no entry of the
    book, yet it has to agree with the product's page. 拿不准: no list holds the words, so that a person has to
    hear them (a promise that is missed costs more than one that is heard twice); until then it is not counted.
    """

    counts: bool
    kind: str
    words: str
    why: str


@dataclass(frozen=True)
class _Words:
    """The word lists, ready to use: promises by kind with why they bind, in order; and by name what else is heard."""

    promises: Mapping[PledgeKind, tuple[str, re.Pattern[str]]]
    heard: Mapping[str, re.Pattern[str]]
    span: re.Pattern[str]


@cache
def _words() -> _Words:
    """Return the word lists, ``promise_words.toml``, by hand."""
    file = Path(__file__).with_name("promise_words.toml")
    made = tomllib.loads(file.read_text(encoding="utf-8"))
    named: dict[str, str] = {}

    def filled(pattern: str) -> str:
        return re.sub("<([a-z]+)>", lambda found: named[found[1]], pattern)

    for name, pattern in made["lists"].items():
        named[name] = filled(pattern)
    return _Words(
        {
            _kind(one["kind"]): (one["why"], re.compile(filled("|".join(one["words"]))))
            for one in made["promise"]
        },
        {name: re.compile(filled("|".join(words))) for name, words in made["heard"].items()},
        re.compile(f"({named['number']}){made['units']}"),
    )


def _kind(text: str) -> PledgeKind:
    return cast(PledgeKind, one_of(text, "kind", PLEDGE_KINDS))


UNSURE = "拿不准"


def hear(words: str) -> Heard:
    """Return whether what a host says is a promise, and why. Raises ``ValueError`` for no words.

    Looked for in this order: a question, a denial, room left (尽量), a promise by its kinds, a description of
    the goods, praise; what is none of these is 拿不准. What a correction promises instead is a promise of its own.

    >>> hear("家人们放心拍，今晚下单明天必到").kind
    '时效'
    >>> hear("我们尽量今晚发").kind, hear("闭眼入，不会错的").kind, hear("下一个链接").kind
    ('留了余地', '夸赞', '拿不准')
    """
    said = unicodedata.normalize("NFKC", need_text("words", words))
    plain = re.sub(r"\s", "", said)
    lists = _words()
    asks, denies, hedges, goods, praise = (
        lists.heard[name].search(plain)
        for name in ("question", "denial", "hedge", "goods", "praise")
    )
    if asks:
        return Heard(False, "问句", asks[0], "是在问，没有答应什么")
    if denies:
        return Heard(False, "没答应", denies[0], "说的是不答应，照这句话就没有欠客人的")
    if hedges:
        why = "话里留了余地，没有说定；客人仍会记住，当场说清更好"
        return Heard(False, "留了余地", hedges[0], why)
    for kind, (why, pattern) in lists.promises.items():
        if found := pattern.search(plain):
            return Heard(True, kind, found[0], why)
    if goods:
        why = "说的是货本来的样子，不进登记簿；照商品页核对，对不上就是描述不符"
        return Heard(False, "商品说明", goods[0], why)
    if praise:
        return Heard(False, "夸赞", praise[0], "说的是好不好看、喜不喜欢，没有能照着要的事")
    why = "单子上没有这种说法，先不当夸赞放过：请人再听一遍，问主播一句"
    return Heard(False, UNSURE, "", why)


# Until when

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}


def _figure(text: str) -> float | None:
    """Return the number that is written, below a hundred in characters; a half is 0.5."""
    if text.isdigit():
        return int(text)
    if text == "半":
        return 0.5
    if not text or any(character not in _DIGITS for character in text):
        return None
    tens, ten, ones = text.rpartition("十")
    if ten:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text] if len(text) == 1 else None


_UNITS = {"小时": timedelta(hours=1), "天": timedelta(1), "日": timedelta(1),
          "月": timedelta(30), "个月": timedelta(30), "年": timedelta(365)}  # fmt: skip
_DATES = (("后天", 2), ("明天", 1), ("明早", 1), ("明晚", 1), ("次日", 1), ("隔天", 1),
          ("今天", 0), ("今晚", 0), ("今夜", 0), ("当天", 0), ("当晚", 0))  # fmt: skip


def due(words: str, said_at: datetime) -> datetime | None:
    """Return until when a promise is to be kept, by the words: None where they name no time.

    The latest day that is named counts, up to its last second (明天必到: the end of tomorrow); a span (三十天内)
    runs from when it was said, a month as 30 days, a year as 365. The day of ordering
    (今晚下单) counts only where no later one is named. Raises ``ValueError`` or ``TypeError``.

    >>> on_air = datetime(2026, 3, 26, 20, 52, tzinfo=SHANGHAI)
    >>> print(due("今晚下单明天必到", on_air), due("买贵了三十天内降价补差价", on_air))
    2026-03-27 23:59:59+08:00 2026-04-25 20:52:00+08:00
    """
    said, moment = need_text("words", words), in_shanghai(said_at, "said_at")
    spans = [
        number * _UNITS[found[2]]
        for found in _words().span.finditer(unicodedata.normalize("NFKC", said))
        if (number := _figure(found[1])) is not None
    ]
    if spans:
        return moment + max(spans)
    days = next((days for word, days in _DATES if word in said), None)
    if days is None or not _DAY_OWED.search(said):
        return None
    day = moment.date() + timedelta(days)
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


_DAY_OWED = re.compile("到|发|寄|送达|收")
"""A day is a deadline where something is to be sent or to arrive by it."""

KEEPERS: Mapping[PledgeKind, str] = {
    "时效": "仓库",
    "赠品": "仓库",
    "价格": "客服",
    "质量": "售后",
    "库存": "运营",
    "退换": "售后",
}
"""Who keeps a promise of a kind unless somebody else is named: this book's convention."""
DAYS: Mapping[PledgeKind, int] = {
    "时效": 2,
    "赠品": 7,
    "价格": 30,
    "质量": 365,
    "库存": 2,
    "退换": 7,
}
"""Days to keep a promise for which the host named none: this book's convention."""

# The book


@dataclass(frozen=True)
class Pledge:
    """An entry: number, ``who`` said it ``at`` what moment, ``what``, its kind, ``until`` when, who is ``keeper``."""

    number: str
    who: str
    at: datetime
    what: str
    kind: PledgeKind
    until: datetime
    keeper: str

    def __post_init__(self) -> None:
        texts = {name: need_text(name, getattr(self, name))
                 for name in ("number", "who", "what", "keeper")}  # fmt: skip
        one_of(self.kind, "kind", PLEDGE_KINDS)
        at, until = in_shanghai(self.at, "at"), in_shanghai(self.until, "until")
        need(
            "until", until >= at, "a moment not before it was said", "不早于说话的时刻", self.until
        )
        set_fields(self, at=at, until=until, **texts)


def pledge(number: str, who: str, at: datetime, words: str, keeper: str = "") -> Pledge:
    """Return the entry of what was said; raises ``ValueError`` where it is no promise, and says why.

    >>> pledge("L01", "阿澈", datetime(2026, 3, 26, 20, 52, tzinfo=SHANGHAI), "今晚下单明天必到").keeper
    '仓库'
    """
    heard = hear(words)
    need("words", heard.counts, "a promise", f"一句承诺（{heard.why}）", words)
    kind = _kind(heard.kind)
    until = due(words, at) or in_shanghai(at, "at") + timedelta(DAYS[kind])
    return Pledge(number, who, at, words, kind, until, keeper or KEEPERS[kind])


class PledgeEvent(NamedTuple):
    """Something that happened to an entry: when, which, what, by whom, and a note (proof, reason, remedy)."""

    at: datetime
    number: str
    step: PledgeStep
    by: str
    note: str


_NEXT: Mapping[PledgeStep, tuple[tuple[PledgeState, ...], PledgeState]] = {
    "更正": (("待兑现",), "待兑现"),
    "兑现": (("待兑现",), "已兑现"),
    "没兑现": (("待兑现",), "未兑现"),
    "补救": (("未兑现",), "已补救"),
}
"""By step the states in which it may be taken and the state after it."""


@dataclass(frozen=True)
class PromiseBook:
    """The book: its entries and all that happened, in the order in which it was written down.

    A method returns the book with one line more; none takes a line away. Steps: 登记, then 更正 (says it right for
    those who order later: what is owed to the others stays), 兑现 in time or 没兑现, and 补救 after that.
    Raises ``ValueError`` or ``TypeError`` for a history that cannot be.
    """

    pledges: tuple[Pledge, ...] = ()
    history: tuple[PledgeEvent, ...] = ()

    def __post_init__(self) -> None:
        set_fields(self, pledges=tuple(self.pledges), history=tuple(self.history))
        known = {one.number: one for one in self.pledges}
        need("pledges", len(known) == len(self.pledges), "numbers used once", "不重复的编号",
             [one.number for one in self.pledges])  # fmt: skip
        states: dict[str, PledgeState] = {}
        last: dict[str, datetime] = {}
        entered = []
        for event in self.history:
            one = known.get(event.number)
            if one is None:
                raise ValueError(
                    expected("number", "one in the book", "登记过的编号", event.number)
                )
            in_shanghai(event.at, "at")
            need_text("by", event.by)
            need_text("note", event.note)
            need("at", event.at >= last.get(one.number, one.at),
                 "a moment not before the last step", "不早于上一步的时刻", event.at)  # fmt: skip
            if event.step == "登记":
                need("step", one.number not in states, "one entry", "只登记一次", one.number)
                states[one.number] = "待兑现"
                entered.append(one.number)
            else:
                before, after = _NEXT[one_of(event.step, "step", tuple(_NEXT))]
                state = states.get(one.number)
                need("step", state in before, f"a promise that is {'、'.join(before)}",
                     f"状态是{'、'.join(before)}的承诺", (event.step, state))  # fmt: skip
                need("at", event.step != "兑现" or event.at <= one.until,
                     "a moment in time", "期限以内的时刻；过期先记没兑现，再记补救",
                     event.at)  # fmt: skip
                states[one.number] = after
            last[one.number] = event.at
        need("pledges", entered == [one.number for one in self.pledges],
             "entries of the history", "历史里登记过的承诺", entered)  # fmt: skip
        object.__setattr__(self, "_states", states)

    # Writing

    def register(self, one: Pledge, by: str, at: datetime | None = None) -> PromiseBook:
        """Write an entry in, when it was said or later, by whoever listens."""
        event = PledgeEvent(at or one.at, one.number, "登记", by, one.what)
        return PromiseBook((*self.pledges, one), (*self.history, event))

    def correct(self, number: str, at: datetime, by: str, right: str) -> PromiseBook:
        """Note what was said right on the air; who ordered before is still owed what was said first."""
        return self._write(number, "更正", at, by, right)

    def keep(self, number: str, at: datetime, by: str, proof: str) -> PromiseBook:
        """Note that it was kept in time, with the proof."""
        return self._write(number, "兑现", at, by, proof)

    def fail(self, number: str, at: datetime, by: str, reason: str) -> PromiseBook:
        """Note that it was not kept, and why."""
        return self._write(number, "没兑现", at, by, reason)

    def make_good(self, number: str, at: datetime, by: str, remedy: str) -> PromiseBook:
        """Note by what it was made good after it had not been kept."""
        return self._write(number, "补救", at, by, remedy)

    def _write(
        self, number: str, step: PledgeStep, at: datetime, by: str, note: str
    ) -> PromiseBook:
        return PromiseBook(self.pledges, (*self.history, PledgeEvent(at, number, step, by, note)))

    # Reading

    def state(self, number: str) -> PledgeState:
        """Return how an entry stands; raises ``ValueError`` for a number that is not in the book."""
        states: dict[str, PledgeState] = self._states  # type: ignore[attr-defined]
        need("number", number in states, "one in the book", "登记过的编号", number)
        return states[number]

    def trail(self, number: str) -> tuple[PledgeEvent, ...]:
        """Return all that happened to an entry."""
        self.state(number)
        return tuple(event for event in self.history if event.number == number)

    def owed(self, now: datetime) -> tuple[Pledge, ...]:
        """Return what is to be kept yet and not late, the first to keep first."""
        moment = in_shanghai(now, "now")
        return tuple(one for one in self._open() if one.until >= moment)

    def overdue(self, now: datetime) -> tuple[Pledge, ...]:
        """Return what is late and not yet noted as 没兑现, the longest late first."""
        moment = in_shanghai(now, "now")
        return tuple(one for one in self._open() if one.until < moment)

    def _open(self) -> list[Pledge]:
        waiting = (one for one in self.pledges if self.state(one.number) == "待兑现")
        return sorted(waiting, key=lambda one: (one.until, one.number))

    def states(self) -> Mapping[PledgeState, int]:
        """Return how many entries stand how; they add up to all."""
        found = Counter(self.state(one.number) for one in self.pledges)
        return {state: found[state] for state in get_args(PledgeState)}

    # To a table and back

    def rows(self) -> list[dict[str, str]]:
        """Return the whole history as rows of text, an event a row; `read_book` makes the same book of them."""
        known = {one.number: one for one in self.pledges}
        rows = []
        for event in self.history:
            one = known[event.number]
            row = {
                "at": event.at.isoformat(),
                "number": event.number,
                "step": event.step,
                "by": event.by,
                "note": event.note,
            }
            entry = {
                "who": one.who,
                "said_at": one.at.isoformat(),
                "kind": one.kind,
                "what": one.what,
                "until": one.until.isoformat(),
                "keeper": one.keeper,
            }
            rows.append(row | (entry if event.step == "登记" else dict.fromkeys(entry, "")))
        return rows


def read_book(rows: Iterable[Mapping[str, str]]) -> PromiseBook:
    """Return the book of rows as `PromiseBook.rows` makes them; raises ``ValueError`` or ``KeyError``.

    >>> read_book([]).states()
    {'待兑现': 0, '已兑现': 0, '未兑现': 0, '已补救': 0}
    """
    pledges, history = [], []
    for row in rows:
        step = one_of(row["step"], "step", get_args(PledgeStep))
        at = datetime.fromisoformat(row["at"])
        history.append(PledgeEvent(at, row["number"], step, row["by"], row["note"]))
        if step == "登记":
            said, until = (datetime.fromisoformat(row[name]) for name in ("said_at", "until"))
            kind = _kind(row["kind"])
            pledges.append(
                Pledge(row["number"], row["who"], said, row["what"], kind, until, row["keeper"])
            )
    return PromiseBook(tuple(pledges), tuple(history))


KEPT_RETURNED, BROKEN_RETURNED = Decimal("0.185"), Decimal("0.310")
"""Shares of orders returned after a promise kept and one broken: what the year's tables show.

A difference between windows, not an experiment: who breaks promises may sell otherwise, too.
"""


def more_returns(orders: int) -> Decimal:
    """Return how many more of so many orders come back because a promise to them was broken.

    >>> more_returns(14)
    Decimal('1.750')
    """
    return count(orders, "orders") * (BROKEN_RETURNED - KEPT_RETURNED)


NO_REMEDY = "没有补救"


def shop_book(
    promises: Sequence[Mapping[str, str]], shows: Sequence[Mapping[str, str]]
) -> PromiseBook:
    """Return the shop's book of the rows of live_promises and live_shows.

    The tables say whether a promise was kept and by what it was made good, not when: it is put down at the end
    of its time, and an hour later. Raises ``ValueError`` or ``KeyError``.
    """
    starts = {row["show_id"]: datetime.fromisoformat(row["starts_at"]) for row in shows}
    pledges, history = [], []
    for row in promises:
        if row["counts"] != "true":
            continue
        minute = count(int(row["minute"]), "minute")
        at = starts[row["show_id"]] + timedelta(minutes=minute)
        kind = _kind(row["kind"])
        until = due(row["words"], at) or at + timedelta(DAYS[kind])
        number = row["promise_id"]
        one = Pledge(number, row["host"], at, row["words"], kind, until, KEEPERS[kind])
        pledges.append(one)
        history.append(PledgeEvent(at, number, "登记", "客服", row["words"]))
        if row["kept"] == "true":
            history.append(PledgeEvent(until, number, "兑现", one.keeper, "表里记为兑现"))
            continue
        history.append(PledgeEvent(until, number, "没兑现", one.keeper, "表里记为没兑现"))
        if row["remedy"] != NO_REMEDY:
            later = until + timedelta(hours=1)
            history.append(PledgeEvent(later, number, "补救", "客服", row["remedy"]))
    return PromiseBook(tuple(pledges), tuple(history))
