"""Customers as a shop keeps them: rows cleaned with a trail, one person found in two rows, who is who.

`clean` writes every row in one way, leaves a line for each change, and drops nothing; `similarity` and
`deduplicate` tell, in the manner of Fellegi and Sunter (1969), whether two rows are one person: a field
that agrees gives as many bits as the agreement would be a surprise between strangers, one that differs
takes bits away, an empty one says nothing. `buyer_type` names the three kinds of customers by one view
of their overlaps, `funnel` the three stages before a first order. Rows are dictionaries of text, with the
columns of ``customers_raw``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from math import log2
from typing import Literal, get_args

from kefu import data
from kefu.amounts import count, one_of, yes_or_no
from kefu.errors import need
from kefu.stats import chained

CustomerRow = dict[str, str]

# Cleaning, with a trail

Dirt = Literal[
    "多余空白", "全角数字", "日期写法", "省份写法", "号码写法", "同意写法", "不可能的日期", "看不懂"
]  # fmt: skip
WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})")
PHONE = re.compile(r"(?:\+86)?\s*(\d{3})[\s*-]*\*{4}[\s*-]*(\d{4})")
ENDINGS = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "特别行政区", "省", "市")
YES, NO = ("1", "true", "是"), ("0", "false", "否")
OLDEST = date(1900, 1, 1)
"""No birthday lies before this day: no customer is older."""


@dataclass(frozen=True)
class TrailLine:
    """One line of the trail: which row and field, what stood there and what stands now, and why.

    A value that cannot be is taken out and stays here; one that is not understood is left as it is,
    so that ``before`` and ``after`` are the same.
    """

    row_id: str
    field: str
    before: str
    after: str
    kind: Dirt


@dataclass(frozen=True)
class Cleaned:
    """The rows, as many as came in and in their order, and the trail of all that was changed."""

    rows: tuple[CustomerRow, ...]
    trail: tuple[TrailLine, ...]

    def undone(self) -> tuple[CustomerRow, ...]:
        """Return the rows as they came, made from the trail alone."""
        rows = {row["row_id"]: dict(row) for row in self.rows}
        for change in reversed(self.trail):
            rows[change.row_id][change.field] = change.before
        return tuple(rows.values())

    def counts(self) -> dict[Dirt, int]:
        """Return how many lines of the trail there are of each kind."""
        found = Counter(change.kind for change in self.trail)
        return {kind: found[kind] for kind in get_args(Dirt)}


def clean(rows: Iterable[Mapping[str, str]], on: date) -> Cleaned:
    """Return the rows written in one way, as exported on the day ``on``, with a trail.

    Digits are made half-width, dates written 2025-07-20, provinces by their short names, masked phones
    185****9814, consents true or false. A day that is in no calendar, before 1900 or after ``on`` is
    taken out and kept in the trail; what is not understood stays and is told. Nicknames lose blanks
    only: whether ~ belongs to a name is not for us to say. Raises ``ValueError`` for a row without a
    number, or one that comes twice.

    >>> one = {"row_id": "W1", "province": "浙江省", "birthday": "1990-02-30"}
    >>> done = clean([one], date(2026, 1, 19))
    >>> done.rows[0]["province"], done.rows[0]["birthday"]
    ('浙江', '')
    >>> [(line.kind, line.before) for line in done.trail]
    [('不可能的日期', '1990-02-30'), ('省份写法', '浙江省')]
    """
    made, trail, seen = [], [], set()
    known: dict[tuple[str, str], tuple[tuple[str, Dirt], ...]] = {}
    for given in rows:
        row = dict(given)
        number = row.get("row_id", "")
        need("row_id", number and number not in seen, "a number of its own for each row",
             "每行一个、不重复的行号", number)  # fmt: skip
        seen.add(number)
        for field in (name for name in STEPS if name in row):
            before = row[field]
            if (field, before) not in known:
                known[field, before] = tuple(_changes(field, before, on))
            for after, kind in known[field, before]:
                trail.append(TrailLine(number, field, row[field], after, kind))
                row[field] = after
        made.append(row)
    return Cleaned(tuple(made), tuple(trail))


def _changes(field: str, value: str, on: date) -> Iterator[tuple[str, Dirt]]:
    """Yield what a value becomes step by step, and why."""
    for kind, step in STEPS[field]:
        if not value:
            return
        after = step(value, on)
        if after is None:
            yield value, "看不懂"
            return
        if after != value:
            yield after, kind
        value = after


CleaningStep = Callable[[str, date], str | None]
"""What makes a better value of one, on a day; ``None`` where it is not understood."""


def _stripped(value: str, _on: date) -> str:
    return value.strip()


def _narrow(value: str, _on: date) -> str:
    return value.translate(WIDE)


def _iso(value: str, _on: date) -> str | None:
    found = DATE.fullmatch(value.removesuffix("日"))
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else None


def _possible(value: str, on: date) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return ""
    return value if OLDEST <= day <= on else ""


@data.cached
def _provinces() -> frozenset[str]:
    return frozenset(row["province"] for row in data.rows("zones"))


def _province(value: str, _on: date) -> str | None:
    short = (value, *(value.removesuffix(end) for end in ENDINGS))
    return next((name for name in short if name in _provinces()), None)


def _phone(value: str, _on: date) -> str | None:
    found = PHONE.fullmatch(value)
    return f"{found[1]}****{found[2]}" if found else None


def _consent(value: str, _on: date) -> str | None:
    low = value.lower()
    return "true" if low in YES else "false" if low in NO else None


def _number(value: str, _on: date) -> str | None:
    return value if value.isdecimal() else None


BLANKS: tuple[Dirt, CleaningStep] = ("多余空白", _stripped)
DIGITS: tuple[Dirt, CleaningStep] = ("全角数字", _narrow)
DAY: tuple[tuple[Dirt, CleaningStep], ...] = (
    BLANKS, DIGITS, ("日期写法", _iso), ("不可能的日期", _possible),
)  # fmt: skip
STEPS: dict[str, tuple[tuple[Dirt, CleaningStep], ...]] = {
    "nickname": (BLANKS,),
    "birthday": DAY,
    "province": (BLANKS, ("省份写法", _province)),
    "source": (BLANKS,),
    "registered_on": DAY,
    "level": (BLANKS,),
    "points": (BLANKS, DIGITS, ("看不懂", _number)),
    "phone": (BLANKS, DIGITS, ("号码写法", _phone)),
    "sms_consent": (BLANKS, ("同意写法", _consent)),
    "ads_consent": (BLANKS, ("同意写法", _consent)),
    "note": (BLANKS,),
}


# One person in two rows

SAME = {
    "nickname": 0.98,
    "birthday": 0.98,
    "province": 0.98,
    "registered_on": 0.98,
    "phone": 0.98,
}  # fmt: skip
"""How likely a field agrees in two cleaned rows of one person who gave it twice: an assumption."""
NAMES = {
    "nickname": "昵称",
    "birthday": "生日",
    "province": "省份",
    "registered_on": "注册日",
    "phone": "手机号（打码）",
}
BLOCKS = ("nickname", "phone")
"""Pairs are compared where one of these agrees."""


def plain_name(nickname: str) -> str:
    """Return a nickname as it is compared: without blanks, and the marks that tools put round it.

    >>> plain_name(" @橘子汽水~")
    '橘子汽水'
    """
    return nickname.strip().strip("@~").strip()


def value_of(row: Mapping[str, str], field: str) -> str:
    """Return what of a row is compared in one field; empty where it says nothing."""
    value = row.get(field, "")
    return plain_name(value) if field == "nickname" else value


@dataclass(frozen=True)
class Chances:
    """How often each value of each field occurs in a table: what strangers have in common by chance."""

    seen: Mapping[str, Mapping[str, float]]
    alike: Mapping[str, float]

    @classmethod
    def of(
        cls, rows: Sequence[Mapping[str, str]], fields: Collection[str] = tuple(SAME)
    ) -> Chances:
        """Return the chances of a table; a field that nobody filled in says nothing."""
        seen, alike = {}, {}
        for field in fields:
            found = Counter(value for row in rows if (value := value_of(row, field)))
            total = sum(found.values())
            seen[field] = {value: times / total for value, times in found.items()}
            alike[field] = sum(share * share for share in seen[field].values())
        return cls(seen, alike)


@dataclass(frozen=True)
class FieldWeight:
    """What one field says of two rows: whether they agree (``None``: one is empty), and its bits."""

    field: str
    agrees: bool | None
    bits: float
    value: str = ""

    def said(self) -> str:
        """Return the reason in words, as a list of merged rows shows it."""
        name = NAMES[self.field]
        if self.agrees is None:
            return f"{name}缺一边，不加不减"
        return f"{name}{'都是' + self.value if self.agrees else '不同'}，{self.bits:+.1f}"


@dataclass(frozen=True)
class Likeness:
    """How strongly two rows look like one person, in bits, and what each field adds or takes."""

    score: float
    reasons: tuple[FieldWeight, ...]

    def only(self, fields: Collection[str]) -> Likeness:
        """Return what these fields alone say: scores are sums, so that nothing is compared again."""
        left = tuple(reason for reason in self.reasons if reason.field in fields)
        return Likeness(sum(reason.bits for reason in left), left)


def similarity(
    one: Mapping[str, str],
    other: Mapping[str, str],
    chances: Chances,
    fields: Collection[str] = tuple(SAME),
) -> Likeness:
    """Return the score of two cleaned rows with its reasons.

    A field that agrees gives log₂(m/u): m is `SAME`, u how often this very value occurs in the table,
    so that a rare nickname tells more than a large province. One that differs gives log₂((1−m)/(1−u)),
    less than 0, u being the chance that two strangers agree. Raises ``ValueError`` for an unknown field.

    >>> rows = [{"nickname": n, "province": p} for n, p in
    ...         (("橘子汽水", "江西"), ("@橘子汽水", "浙江"), ("北岸", "浙江"), ("小鹿", "浙江"))]
    >>> found = similarity(rows[0], rows[1], Chances.of(rows), ("nickname", "province"))
    >>> [reason.said() for reason in found.reasons]
    ['昵称都是橘子汽水，+1.0', '省份不同，-4.2']
    """
    reasons = []
    for field in _fields(fields):
        a, b = value_of(one, field), value_of(other, field)
        m = SAME[field]
        if not a or not b:
            reasons.append(FieldWeight(field, None, 0.0))
        elif a == b:
            u = chances.seen[field].get(a, 1 / (len(chances.seen[field]) + 1))
            reasons.append(FieldWeight(field, True, log2(m / u), a))
        else:
            strangers = max(1 - chances.alike[field], 1 - m)  # a column of one value tells nothing
            reasons.append(FieldWeight(field, False, log2((1 - m) / strangers)))
    return Likeness(sum(reason.bits for reason in reasons), tuple(reasons))


@dataclass(frozen=True)
class RowPair:
    """Two rows that were compared, by their numbers, and how alike they are."""

    one: str
    other: str
    likeness: Likeness

    @property
    def score(self) -> float:
        """The score in bits."""
        return self.likeness.score

    @property
    def rows(self) -> tuple[str, str]:
        """The numbers of both rows."""
        return self.one, self.other


@dataclass(frozen=True)
class Deduplicated:
    """The pairs at or above the threshold, best first; the rows of each person; how many were compared."""

    pairs: tuple[RowPair, ...]
    people: tuple[tuple[str, ...], ...]
    compared: int


def deduplicate(
    rows: Sequence[Mapping[str, str]],
    threshold: float,
    fields: Collection[str] = tuple(SAME),
    blocks: Collection[str] = BLOCKS,
) -> Deduplicated:
    """Return which rows are one person: pairs that reach ``threshold`` bits, joined into people.

    Nothing is deleted: every row is in just one of ``people``. Compared are only rows that agree in one
    of the ``blocks``; what agrees in none is never found, whatever the threshold. Raises ``ValueError``
    for an unknown field or block.

    >>> rows = [{"row_id": f"W{n}", "nickname": name} for n, name in enumerate(["小鹿", "@小鹿", "北岸"])]
    >>> deduplicate(rows, 0, ["nickname"], ["nickname"]).people
    (('W0', 'W1'), ('W2',))
    """
    every = compared(rows, fields, blocks)
    kept = tuple(pair for pair in every if pair.score >= threshold)
    return Deduplicated(kept, joined([row["row_id"] for row in rows], kept), len(every))


def compared(
    rows: Sequence[Mapping[str, str]],
    fields: Collection[str] = tuple(SAME),
    blocks: Collection[str] = BLOCKS,
) -> tuple[RowPair, ...]:
    """Return every pair that agrees in one of the ``blocks``, with its score, the most alike first."""
    chances, by_number = Chances.of(rows, _fields(fields)), {row["row_id"]: row for row in rows}
    pairs = [
        RowPair(one, other, similarity(by_number[one], by_number[other], chances, fields))
        for one, other in blocked(rows, blocks)
    ]
    return tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.rows)))


def blocked(
    rows: Sequence[Mapping[str, str]], blocks: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Yield the numbers of the rows that agree in one of the ``blocks``, each pair once, in order."""
    seen = set()
    for block in _fields(blocks):
        same: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if value := value_of(row, block):
                same[value].append(row["row_id"])
        for numbers in same.values():
            for one, other in combinations(numbers, 2):
                pair = (one, other) if one < other else (other, one)
                if pair not in seen:
                    seen.add(pair)
                    yield pair


def joined(numbers: Iterable[str], pairs: Iterable[RowPair]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of each person: if A is B and B is C, all three are one."""
    return tuple(map(tuple, chained(numbers, (pair.rows for pair in pairs))))


@dataclass(frozen=True)
class Matched:
    """How many pairs were ``merged``, how many of these are ``right``, and how many there are (``planted``)."""

    merged: int
    right: int
    planted: int

    @property
    def wrong(self) -> int:
        """Pairs of two people that were taken for one."""
        return self.merged - self.right

    @property
    def missed(self) -> int:
        """Pairs of one person that were not found."""
        return self.planted - self.right

    @property
    def precision(self) -> float:
        """The share of the merged pairs that are right; 1 where nothing was merged."""
        return self.right / self.merged if self.merged else 1.0

    @property
    def recall(self) -> float:
        """The share of the planted pairs that were found; 1 where none was planted."""
        return self.right / self.planted if self.planted else 1.0

    @property
    def f(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def measured(pairs: Iterable[tuple[str, str]], key: Mapping[str, str]) -> Matched:
    """Return how well pairs of rows agree with a ``key``: the true person of each row.

    >>> measured([("W1", "W2"), ("W3", "W4")], {"W1": "A", "W2": "A", "W3": "B", "W4": "C"})
    Matched(merged=2, right=1, planted=1)
    """
    given = {(one, other) if one < other else (other, one) for one, other in pairs}
    rows = Counter(key.values())
    planted = sum(times * (times - 1) // 2 for times in rows.values())
    return Matched(len(given), sum(key[one] == key[other] for one, other in given), planted)


@dataclass(frozen=True)
class Merged:
    """One card of a person from several rows, and the fields in which these say different things."""

    card: CustomerRow
    conflicts: Mapping[str, tuple[str, ...]]


def merge(rows: Sequence[Mapping[str, str]]) -> Merged:
    """Return one card of a person's cleaned rows; the rows themselves stay as they are.

    What only one says is taken; of several the first counts, and all are told. Notes stand side by side;
    a consent holds only where every row that says anything says yes. Raises ``ValueError`` for no row.

    >>> merge([{"note": "只要棉的", "sms_consent": "true"}, {"note": "", "sms_consent": "false"}]).card
    {'note': '只要棉的', 'sms_consent': 'false'}
    """
    need("rows", rows, "at least one row", "至少一行", rows)
    card: CustomerRow = {}
    conflicts = {}
    for field in dict.fromkeys(name for row in rows for name in row if name != "row_id"):
        said = tuple(dict.fromkeys(value for row in rows if (value := row.get(field, ""))))
        if len({value_of({field: value}, field) for value in said}) > 1:
            conflicts[field] = said
        if field.endswith("_consent"):
            card[field] = "" if not said else "false" if "false" in said else said[0]
        else:
            card[field] = "；".join(said) if field == "note" else next(iter(said), "")
    return Merged(card, conflicts)


def singled_out(rows: Sequence[Mapping[str, str]], fields: Collection[str]) -> float:
    """Return the share of rows, one a person, whose values in these fields nobody else has: 0 to 1.

    >>> singled_out([{"province": "浙江"}, {"province": "浙江"}, {"province": "江西"}], ["province"])
    0.3333333333333333
    """
    need("rows", rows, "at least one row", "至少一行", rows)
    names = _fields(fields)
    told = [tuple(value_of(row, field) for field in names) for row in rows]
    seen = Counter(told)
    return sum(seen[one] == 1 for one in told) / len(told)


def _fields(fields: Collection[str]) -> tuple[str, ...]:
    need(
        "fields",
        fields and not isinstance(fields, str),
        "at least one field",
        "至少一个字段",
        fields,
    )
    return tuple(one_of(field, "fields", SAME) for field in fields)


# Who has bought, who has asked


class BuyerType(StrEnum):
    """The three kinds of customers of the workbench (rule R46), by what is seen in this shop."""

    COMPLETED = "成交客户"
    UNPAID_CLOSED = "未成交客户"
    ENQUIRER = "询单客户"


STATUSES = ("待付款", "已付款", "已发货", "交易成功", "交易关闭")


def buyer_types(orders: Iterable[str], chats: int) -> frozenset[BuyerType]:
    """Return every kind that one customer is of: they overlap, who bought may have asked too.

    ``orders`` are the statuses of all their orders in the shop, ``chats`` how many chats there were.
    Who has 交易成功 is completed; who has 交易关闭 and no 交易成功 is not; whoever has chatted is an
    enquirer. A first order that is paid or on its way makes nobody a completed buyer.
    Raises ``ValueError`` for an unknown status.
    """
    statuses = {one_of(status, "orders", STATUSES) for status in orders}
    kinds = {
        BuyerType.COMPLETED: "交易成功" in statuses,
        BuyerType.UNPAID_CLOSED: "交易关闭" in statuses and "交易成功" not in statuses,
        BuyerType.ENQUIRER: count(chats, "chats") > 0,
    }
    return frozenset(kind for kind, true in kinds.items() if true)


def buyer_type(orders: Iterable[str], chats: int) -> BuyerType | None:
    """Return the one kind under which a customer is counted; none for who has only an open order, or nothing.

    This book's view, as the source says nothing of overlaps: each customer is counted once, what they
    did last on the way to buying comes first: completed, then unpaid, then enquirer.

    >>> buyer_type(["交易关闭", "交易成功"], 3).value, buyer_type(["已发货"], 0)
    ('成交客户', None)
    >>> sorted(kind.value for kind in buyer_types(["交易成功"], 3))
    ['成交客户', '询单客户']
    """
    kinds = buyer_types(orders, chats)
    return next((kind for kind in BuyerType if kind in kinds), None)


# Before the first order


@dataclass(frozen=True)
class Lead:
    """Somebody who may need the goods: ``pieces`` a year, whether they want, can pay, and decide soon."""

    name: str
    pieces: int
    wants: bool = False
    able: bool = False
    soon: bool = False

    def __post_init__(self) -> None:
        count(self.pieces, "pieces")
        for field in ("wants", "able", "soon"):
            yes_or_no(getattr(self, field), field)


@dataclass(frozen=True)
class Funnel:
    """The names in each stage, every stage a part of the one before; ``important`` need most."""

    market: tuple[str, ...]
    important: tuple[str, ...]
    prospects: tuple[str, ...]
    targets: tuple[str, ...]


def funnel(leads: Iterable[Lead], large: int) -> Funnel:
    """Return the three stages: the target market, prospects, target customers.

    The market is who needs the goods at all; who needs ``large`` pieces a year or more is important;
    prospects are those of the market who want to buy; target customers those who also can pay and will
    decide soon.

    >>> funnel([Lead("甲", 300, True, True, True), Lead("乙", 5, True), Lead("丙", 0, True)], 100)
    Funnel(market=('甲', '乙'), important=('甲',), prospects=('甲', '乙'), targets=('甲',))
    """
    count(large, "large", least=1)
    market = [lead for lead in leads if lead.pieces]
    prospects = [lead for lead in market if lead.wants]

    def names(found: Iterable[Lead]) -> tuple[str, ...]:
        return tuple(lead.name for lead in found)

    return Funnel(
        names(market),
        names(lead for lead in market if lead.pieces >= large),
        names(prospects),
        names(lead for lead in prospects if lead.able and lead.soon),
    )


# Those under fourteen

GROWN = 14
"""Under this age a parent or guardian consents (rule R44)."""


def under_14(birthday: date, on: date) -> bool:
    """Tell whether somebody born on ``birthday`` is under fourteen on the day ``on``.

    Who was born on a 29 February has the birthday of other years on 1 March. Raises ``ValueError`` for
    a birthday after ``on``.

    >>> under_14(date(2012, 1, 20), date(2026, 1, 19)), under_14(date(2012, 1, 19), date(2026, 1, 19))
    (True, False)
    """
    need("birthday", birthday <= on, "a day that has come", "已经过去的日子", birthday)
    had = (on.month, on.day) >= (birthday.month, birthday.day)
    return on.year - birthday.year - (not had) < GROWN
