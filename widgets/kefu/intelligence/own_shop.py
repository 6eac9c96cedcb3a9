"""A reader's own shop: his export of chats, of which customers' first messages are drawn and the bots examined.

A back office exports what it likes. Which column holds the messages, which says who speaks, and who of them is the
customer is guessed by name and can be said otherwise; what was taken is always told. Long numbers are masked before
anything else sees them. Nothing is written, nothing leaves the machine.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from kefu.amounts import count, one_of
from kefu.errors import expected
from kefu.intelligence.bots import GENERATIONS, TOPICS, Generation
from kefu.intelligence.evaluation import Prediction
from kefu.intelligence.exam import Marks, Posed, marks
from kefu.stats import wilson
from kefu.tables import Sheet, sheet

TEXTS = (
    "问句", "消息内容", "聊天内容", "内容", "消息", "咨询内容", "首句", "问题", "买家消息", "客户消息", "留言",
    "message", "content", "text", "question",
)  # fmt: skip
SPEAKERS = (
    "发送方", "发送人", "发送者", "发言人", "角色", "消息来源", "说话人", "发送方类型", "发件人",
    "sender", "from", "role",
)  # fmt: skip
CHATS = (
    "会话编号", "会话ID", "会话", "聊天编号", "买家昵称", "买家旺旺", "客户昵称", "旺旺", "买家", "客户", "顾客",
    "chat_id", "session_id", "buyer",
)  # fmt: skip
TIMES = ("发送时间", "消息时间", "聊天时间", "咨询时间", "时间", "日期", "time", "sent_at", "date")
"""What exports call the columns; the first that a file has, by its whole name and then by a part of it."""

CUSTOMERS = ("买家", "客户", "顾客", "客人", "用户", "消费者", "会员", "buyer", "customer", "user")
SHOPS = ("客服", "卖家", "商家", "店铺", "机器人", "系统", "seller", "agent", "bot", "system")
OTHERS = "不是客服的（昵称里没有冒号，也没有“客服”“机器人”）"
"""Whom to take for the customer where names stand: a shop's own people are 店名:人名, or say what they are."""

MARKED = "标注"
UNCLEAR, PERSON = "说不清", "该转人工"
LABELS = (*TOPICS, UNCLEAR, PERSON)
"""What a question is marked as: a topic that a bot may answer, or not to be answered by a bot at all."""

LONG = re.compile(r"[0-9０-９][0-9０-９ -]{5,}[0-9０-９]")
MOST = 50_000
"""Rows of an export that are read at most: what a year of a small shop has."""
DAY = re.compile(r"\d{4}[-/年.]\d{1,2}")


@dataclass(frozen=True)
class Columns:
    """Where in an export what stands; empty: nowhere. ``customer`` is who asks, as the column ``who`` says it."""

    text: str
    who: str = ""
    customer: str = ""
    chat: str = ""
    time: str = ""

    def told(self) -> str:
        """Return in words what is taken for what."""
        whom = self.customer if self.customer == OTHERS else f"的“{self.customer}”"
        who = f"，“{self.who}”里{whom}算客人" if self.who and self.customer else ""
        chat = f"，“{self.chat}”相同的算一段" if self.chat else ""
        time = f"，按“{self.time}”排先后" if self.time else ""
        return f"“{self.text}”当作问句{who}{chat}{time}"


def masked(text: str) -> str:
    """Return a text with the middle of its long numbers struck out: telephones, orders, parcels.

    >>> masked("打13912345678给我"), masked("165 110买哪个码")
    ('打139****给我', '165 110买哪个码')
    """
    return LONG.sub(lambda one: f"{one[0][:3]}****" if _digits(one[0]) > 6 else one[0], text)


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)


def read_export(raw: bytes, name: str = "文件") -> Sheet:
    """Return a file that a back office or a spreadsheet saved: UTF-8, UTF-16 with its mark, or GB 18030.

    Raises ``ValueError`` for what is no table, has no row beside its header, or more than ``MOST``.
    """
    return _checked(sheet(raw, name))


def read_pasted(text: str) -> Sheet:
    """Return what was pasted: a table with its header, copied from a spreadsheet, or one question a line.

    It is a table where its first line names a column that is known. Raises ``ValueError`` as ``read_export``.
    """
    first = text.lstrip().partition("\n")[0]
    if any(_found([cell.strip().strip('"')], TEXTS) for cell in re.split("[,\t;]", first)):
        return _checked(sheet(text.encode(), "粘贴的文字"))
    lines = enumerate(text.splitlines(), 1)
    return _checked(
        Sheet(("问句",), tuple((n, (line.strip(),)) for n, line in lines if line.strip()), ())
    )


def _checked(found: Sheet) -> Sheet:
    many = len(found.rows)
    if not 0 < many <= MOST:
        raise ValueError(
            expected("file", f"a header and 1 to {MOST} rows", f"有表头、另有1到{MOST}行的表", many)
        )
    return found


def _found(header: Sequence[str], names: Sequence[str]) -> str:
    """Return the first column of these names: by the whole name, else by a part of it; empty if there is none."""
    for name in names:
        for column in header:
            if column.lower() == name.lower():
                return column
    for name in names[:4]:
        for column in header:
            if name.lower() in column.lower():
                return column
    return ""


def speaker_column(export: Sheet) -> str:
    """Return the column that seems to say who speaks; empty if none does."""
    return _found(export.header, SPEAKERS)


def speakers(export: Sheet, who: str) -> tuple[str, ...]:
    """Return who speaks, as a column says it, at most forty of them, those who say most first."""
    place = export.header.index(_named(export, who))
    said: dict[str, int] = {}
    for _, cells in export.rows:
        said[cells[place]] = said.get(cells[place], 0) + 1
    return tuple(sorted((one for one in said if one), key=lambda one: -said[one])[:40])


def guess_columns(export: Sheet, **known: str) -> Columns:
    """Return what the columns of an export seem to be; ``known`` are those that the reader has named himself.

    Raises ``ValueError`` where no column seems to hold messages, or a named one is not there.
    """
    header = export.header
    for given in known.values():
        if given and given != known.get("customer"):
            _named(export, given)
    text = known.get("text") or _found(header, TEXTS)
    if not text and len(header) == 1:
        text = header[0]
    if not text:
        raise ValueError(expected("text", f"a column such as {', '.join(TEXTS[:3])}; choose one of {header}",
                                  f"一列装着客人的话，列名如{'、'.join(TEXTS[:3])}；请在“哪一列是问句”里指定，"
                                  f"文件里有：{'、'.join(header)}", ""))  # fmt: skip
    rest = [one for one in header if one != text]
    who = known["who"] if "who" in known else _found(rest, SPEAKERS)
    chat = known["chat"] if "chat" in known else _found([one for one in rest if one != who], CHATS)
    time = (
        known["time"]
        if "time" in known
        else _found([o for o in rest if o not in (who, chat)], TIMES)
    )
    customer = known.get("customer") or (_customer(speakers(export, who)) if who else "")
    return Columns(text, who, customer, chat, time)


def _named(export: Sheet, column: str) -> str:
    return one_of(column, "column", export.header)


def _customer(names: Sequence[str]) -> str:
    for name in names:
        if name.lower() in CUSTOMERS:
            return name
    for word in CUSTOMERS:
        called = [name for name in names if word in name.lower()]
        if len(called) == 1:
            return called[0]
        if called:  # each customer by a name of his own: 买家小王，买家小李
            return OTHERS
    kept = [name for name in names if not any(word in name.lower() for word in SHOPS)]
    return kept[0] if len(kept) == 1 else OTHERS


def first_messages(export: Sheet, columns: Columns, *, every: bool = False) -> tuple[Posed, ...]:
    """Return the customers' questions, the first of each chat (or ``every`` message), each text once.

    They are numbered by the lines of the file. Where a chat is not known, every message counts; where a time is,
    the earliest is the first. A mark that the file has from an earlier time (column 标注) comes along.
    """
    header = export.header
    place = {
        name: header.index(_named(export, name))
        for name in vars(columns).values()
        if name in header
    }
    at = place[columns.text]
    rows = list(export.rows)
    if columns.time and all(DAY.match(cells[place[columns.time]]) for _, cells in rows):
        rows.sort(key=lambda row: row[1][place[columns.time]])
    begun: set[str] = set()
    seen: set[str] = set()
    found = []
    for line, cells in rows:
        name = cells[place[columns.who]] if columns.who else ""
        if columns.who and not _asks(name, columns.customer):
            continue
        text = masked(cells[at])
        chat = cells[place[columns.chat]] if columns.chat else ""
        if not text or (chat and chat in begun and not every):
            continue
        begun.add(chat)
        if text not in seen:
            seen.add(text)
            label = cells[header.index(MARKED)] if MARKED in header else ""
            found.append(labelled(Posed(f"第{line}行", text), label))
    if not found:
        raise ValueError(expected("file", "at least one message of a customer",
                                  "至少一句客人的话；看看“谁算客人”选对了没有", columns.told()))  # fmt: skip
    return tuple(found)


def _asks(name: str, customer: str) -> bool:
    if customer == OTHERS:
        return (
            bool(name)
            and not set(name) & set(":：")
            and not any(word in name.lower() for word in SHOPS)
        )
    return name == customer


def sampled(items: Sequence[Posed], many: int, seed: int = 88) -> tuple[Posed, ...]:
    """Return so many questions drawn at random, in the order in which they were drawn; all if there are fewer.

    A larger sample of the same seed begins with the smaller one, so that no mark is in vain.
    """
    drawn = list(items)
    random.Random(seed).shuffle(drawn)
    return tuple(drawn[: count(many, "many", least=1)])


# Marking


def key(text: str) -> str:
    """Return a short name of a text, by which its mark is kept wherever the question stands."""
    return f"{crc32(text.encode('utf-8', 'replace')):08x}"


def read_marks(kept: str) -> dict[str, str]:
    """Return the marks of a line such as ``1a2b3c4d物流问题;…``; what is none is passed over."""
    found = {}
    for part in kept.split(";"):
        if part[8:] in LABELS and re.fullmatch("[0-9a-f]{8}", part[:8]):
            found[part[:8]] = part[8:]
    return found


def write_marks(found: Mapping[str, str]) -> str:
    """Return marks as a line that ``read_marks`` reads."""
    return ";".join(f"{name}{label}" for name, label in found.items())


def labelled(item: Posed, label: str) -> Posed:
    """Return a question with its mark; as it is where there is none."""
    if label in TOPICS:
        return Posed(item.number, item.text, label, "回答")
    if label in (UNCLEAR, PERSON):
        return Posed(item.number, item.text, "", "反问" if label == UNCLEAR else "转人工")
    return item


def label_of(item: Posed) -> str:
    """Return the mark of a question; empty where it has none.

    >>> label_of(labelled(Posed("第2行", "包邮吗"), "物流问题"))
    '物流问题'
    """
    return {"反问": UNCLEAR, "转人工": PERSON}.get(item.need, item.topic)


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval after Wilson."""

    part: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        """The interval; from 0 to 1 where there is nothing to count."""
        return wilson(self.part, self.of) if self.of else (0.0, 1.0)

    def __str__(self) -> str:
        """Return the share as a reader reads it."""
        if not self.of:
            return "一句没答"
        low, high = self.interval
        return f"{self.part}/{self.of}，{self.part / self.of:.0%}（{low:.0%}到{high:.0%}）"


@dataclass(frozen=True)
class OwnMarks:
    """How a bot did on the marked questions."""

    marks: Marks

    @property
    def answered(self) -> Share:
        """How many of all it answered itself (覆盖)."""
        m = self.marks
        told = m.right + m.wrong + m.bluffed
        return Share(told, told + m.passed + m.held)

    @property
    def right(self) -> Share:
        """How many of those that it answered it did right; to answer what no bot should is wrong."""
        m = self.marks
        return Share(m.right, m.right + m.wrong + m.bluffed)

    @property
    def held(self) -> Share:
        """How many of those that no bot should answer it did not."""
        return Share(self.marks.held, self.marks.held + self.marks.bluffed)


def own_marks(made: Sequence[Prediction], items: Sequence[Posed]) -> OwnMarks:
    """Return how a bot did on marked questions, one prediction each; raises ``ValueError`` unless as many."""
    return OwnMarks(marks(made, items))


@dataclass(frozen=True)
class Lack:
    """A marked question that the bot did not serve, and what to do about it."""

    item: Posed
    fault: str
    todo: str


def lacks(made: Sequence[Prediction], items: Sequence[Posed]) -> tuple[Lack, ...]:
    """Return what the knowledge base lacks by a bot's answers: wrong ones first, then what it passed on."""
    found = []
    for one, item in zip(made, items, strict=True):
        if item.need == "回答" and not one.handoff and one.topic != item.topic:
            found.append(Lack(item, f"答成了{one.topic}", f"给{item.topic}的条目加这一句相似问"))
        elif item.need == "反问" and not one.handoff:
            found.append(Lack(item, "没听懂也答了", "抬高线，或教它反问“是哪一件”"))
        elif item.need == "转人工" and not one.handoff:
            found.append(Lack(item, "不会也答了", "写进转人工的名单，或补一条答案"))
        elif item.need == "回答" and one.handoff:
            found.append(
                Lack(item, "转了人工", f"{item.topic}里有答案的，加相似问；没有的，补一条")
            )
    return tuple(sorted(found, key=lambda one: one.fault == "转了人工"))


def written(items: Iterable[Posed], made: Mapping[Generation, Sequence[Prediction]]) -> str:
    """Return marked questions and what the bots made of them as a CSV that reads back with its marks.

    A cell that a spreadsheet would take for a formula begins with an apostrophe.
    """
    out = io.StringIO()
    file = csv.writer(out, lineterminator="\r\n")
    file.writerow(
        (
            "问句",
            MARKED,
            *(f"{name}{what}" for name in GENERATIONS.values() for what in ("话题", "怎么办")),
        )
    )
    columns = [made[generation] for generation in GENERATIONS]
    for item, *told in zip(items, *columns, strict=True):
        text = f"'{item.text}" if item.text[:1] in "=+-@\t" else item.text
        ends = ((one.topic, "转人工" if one.handoff else "自己答") for one in told)
        file.writerow((text, label_of(item), *(cell for end in ends for cell in end)))
    return out.getvalue()
