"""The knowledge base as something that is kept: one meaning an entry, an owner, a date to look at it again.

What is asked most (Top 100), what is asked and not known (gaps), what is due for review, and what old answers
cost. The diagnosis reads chats alone: what the robot missed, and what a person then said. Source of the steps
(collect, make into material, work over; a Top 100 by heat; advice from the chats): 据教材资料; that a person
approves what is suggested, and that questions nearer than 0.3 are likely the same: chatwoot's
`conversation_faq_service.rb`. Owners by topic, the limit of an answer's length and the words by which the
robot's misses are known are this book's convention (本书约定).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple, cast, get_args

from kefu import data
from kefu.amounts import count, one_of, set_fields
from kefu.clock import a_day
from kefu.errors import expected, need, need_text
from kefu.intelligence.bots import TOPICS
from kefu.language import Nearest, normal
from kefu.stats import chained, wilson

AnswerWay = Literal["图文", "直连人工"]
WAYS: tuple[AnswerWay, ...] = get_args(AnswerWay)
OWNERS: Mapping[str, str] = {
    "聊天互动": "小满",
    "商品问题": "阿栀",
    "活动优惠": "石头",
    "购买操作": "林姐",
    "物流问题": "阿川",
    "售后问题": "小棠",
}
"""Who looks after the entries of a topic in the shop: this book's convention."""
SHORT = 90
"""Characters of an answer: what a phone shows without scrolling. This book's convention."""
ENOUGH = 5
"""Similar questions that an entry should have at least (本书整理)."""
BETWEEN = "|"
"""Stands between the similar questions, and the keywords, in a cell of the CSV; so no question may hold it."""

# Entries


@dataclass(frozen=True)
class KnowledgeEntry:
    """One meaning: a standard question, the other ways to ask it, one short answer, who looks after it.

    ``way`` is how it is answered: by text and picture, or by a person at once (``直连人工``), for which the
    answer is what the robot says meanwhile. An entry about a product has its ``product_id`` and the product's
    everyday name as the first of the ``keywords``. It is good up to ``review_by``. Raises ``ValueError``.
    """

    entry_id: str
    topic: str
    question: str
    answer: str
    owner: str
    updated_on: date
    review_by: date
    similar: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    product_id: str = ""
    way: AnswerWay = "图文"
    hits: int = 0

    def __post_init__(self) -> None:
        for name in ("entry_id", "question", "answer", "owner"):
            need_text(name, getattr(self, name))
        one_of(self.topic, "topic", TOPICS)
        one_of(self.way, "way", WAYS)
        for asked in self.asked:
            good = normal(asked) and not re.search(r"[|\r\n]", asked)
            need("similar", good, "questions without | and line breaks", "不含|与换行的问句", asked)
        for word in self.keywords:
            sound = normal(word) and not re.search(r"[|\r\n]", word)
            need("keywords", sound, "words without | and line breaks", "不含|与换行的词", word)
        need(
            "answer",
            len(self.answer) <= SHORT,
            f"at most {SHORT} characters",
            f"不超过{SHORT}字的短答",
            self.answer,
        )
        later = a_day(self.updated_on, "updated_on") < a_day(self.review_by, "review_by")
        need("review_by", later, "a day after updated_on", "晚于updated_on的日期", self.review_by)
        set_fields(self, similar=tuple(self.similar), keywords=tuple(self.keywords))
        count(self.hits, "hits")

    @property
    def asked(self) -> tuple[str, ...]:
        """Every way to ask it, the standard question first."""
        return (self.question, *self.similar)

    @property
    def noun(self) -> str:
        """The everyday name of its product; empty where it is about none."""
        return self.keywords[0] if self.product_id and self.keywords else ""

    def due(self, today: date) -> bool:
        """Tell whether nobody has looked at it since its review date."""
        return self.review_by < today


COLUMNS = tuple(one.name for one in fields(KnowledgeEntry))


class Nearby(NamedTuple):
    """An entry that a question is near to: which of its questions, and by which cosine (0 to 1)."""

    entry: KnowledgeEntry
    asked: str
    cosine: float


class Twins(NamedTuple):
    """Two entries whose questions are much alike, for a person to judge."""

    one: KnowledgeEntry
    other: KnowledgeEntry
    cosine: float


@dataclass(frozen=True)
class KnowledgeBase:
    """Entries, each with a meaning of its own.

    Two mean the same if they are about the same product and share a question, marks and width aside: which
    answer is right could not be told. Raises ``ValueError`` that names both, and for a number used twice.

    >>> from datetime import date
    >>> one = KnowledgeEntry("K1", "物流问题", "包邮吗？", "满88元包邮。", "阿川", date(2026, 3, 1), date(2026, 9, 1))
    >>> base = KnowledgeBase((one,))
    >>> base.find("包邮不")[0].entry.entry_id
    'K1'
    >>> base.add(replace(one, entry_id="K2", question="运费谁付", similar=("包邮吗",)))
    Traceback (most recent call last):
    ValueError: K2: expected a meaning of its own, got '包邮吗' of K1（K2应另有其意，一问一义，收到K1已有的“包邮吗”）
    """

    entries: tuple[KnowledgeEntry, ...]

    def __post_init__(self) -> None:
        set_fields(self, entries=tuple(self.entries))
        numbers: set[str] = set()
        owned: dict[tuple[str, str], str] = {}
        for entry in self.entries:
            need(
                "entry_id",
                entry.entry_id not in numbers,
                "a number used once",
                "不重复的编号",
                entry.entry_id,
            )
            numbers.add(entry.entry_id)
            for asked in entry.asked:
                key = entry.product_id, normal(asked)
                other = owned.setdefault(key, entry.entry_id)
                if other != entry.entry_id:
                    raise ValueError(
                        f"{entry.entry_id}: expected a meaning of its own, got {asked!r} of {other}"
                        f"（{entry.entry_id}应另有其意，一问一义，收到{other}已有的“{asked}”）"
                    )

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, entry_id: str) -> KnowledgeEntry:
        """Return an entry by its number; raises ``ValueError`` where there is none."""
        for entry in self.entries:
            if entry.entry_id == entry_id:
                return entry
        raise ValueError(expected("entry_id", "a number of the base", "知识库里有的编号", entry_id))

    def add(self, entry: KnowledgeEntry) -> KnowledgeBase:
        """Return the base with one entry more; raises ``ValueError`` where its meaning is taken."""
        return KnowledgeBase((*self.entries, entry))

    def change(self, entry_id: str, **changes: object) -> KnowledgeBase:
        """Return the base with an entry's fields changed: ``change("K001", answer="……")``."""
        old = self.entry(entry_id)
        new = replace(old, **changes)  # type: ignore[arg-type]
        return KnowledgeBase(tuple(new if one is old else one for one in self.entries))

    def ask_also(self, entry_id: str, *questions: str) -> KnowledgeBase:
        """Return the base with similar questions added to an entry; those it has are passed over."""
        old = self.entry(entry_id)
        known = {normal(asked) for asked in old.asked}
        fresh: dict[str, str] = {}
        for asked in questions:
            if normal(asked) not in known:
                fresh.setdefault(normal(asked), asked)
        return self.change(entry_id, similar=(*old.similar, *fresh.values()))

    # What a question is near to

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """The everyday names of the products, the longer first."""
        found = {entry.noun for entry in self.entries} - {""}
        return tuple(sorted(found, key=lambda noun: (-len(noun), noun)))

    def bare(self, text: str) -> str:
        """Return a text without the names of products: what is asked, whatever it is asked about."""
        for noun in self.nouns:
            text = text.replace(noun, "")
        return text

    @cached_property
    def _index(self) -> tuple[Nearest, list[tuple[KnowledgeEntry, str]]]:
        owners = [(entry, asked) for entry in self.entries for asked in entry.asked]
        return Nearest([self.bare(asked) for _, asked in owners]), owners

    def find(self, text: str, most: int = 3) -> tuple[Nearby, ...]:
        """Return the entries nearest to a question, the nearest first; none where it shares no character.

        Names of products are left out of the comparison; where a message names one, other products' entries
        are passed over.
        """
        count(most, "most", least=1)
        index, owners = self._index
        named = next((noun for noun in self.nouns if noun in text), "")
        found: dict[str, Nearby] = {}
        for cosine, place in index.similar(index.weights(self.bare(text)), 40 * most):
            entry, asked = owners[place]
            if named and entry.noun not in ("", named):
                continue
            found.setdefault(entry.entry_id, Nearby(entry, asked, cosine))
            if len(found) == most:
                break
        return tuple(found.values())

    def nearness(self, text: str) -> float:
        """Return the cosine of the nearest question that the base knows, of any product; 0 where there is none."""
        index, _ = self._index
        near = index.similar(index.weights(self.bare(text)), 1)
        return near[0][0] if near else 0.0

    def reply(self, text: str, threshold: float = 0.5) -> Nearby | None:
        """Return the entry that answers a question, nothing where none is near enough: a person takes over."""
        best = self.find(text, 1)
        return best[0] if best and best[0].cosine >= threshold else None

    def twins(self, least: float = 0.7) -> tuple[Twins, ...]:
        """Return pairs of entries about one thing whose standard questions are much alike, the likest first.

        Only a person can tell: 怎么清洗保养 and 怎么选尺码 are alike in characters and not in meaning.
        """
        index, _ = self._index
        weights = {one.entry_id: index.weights(self.bare(one.question)) for one in self.entries}
        found = []
        for place, one in enumerate(self.entries):
            for other in self.entries[place + 1 :]:
                if one.product_id != other.product_id:
                    continue
                a, b = weights[one.entry_id], weights[other.entry_id]
                cosine = min(sum(weight * b.get(gram, 0.0) for gram, weight in a.items()), 1.0)
                if cosine >= least:
                    found.append(Twins(one, other, cosine))
        return tuple(sorted(found, key=lambda pair: -pair.cosine))

    # As a table

    def to_csv(self) -> str:
        """Return the base as CSV; `from_csv` makes the same base of it, and the same text of that."""
        file = io.StringIO(newline="")
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL)  # a lone \r too
        writer.writerow(COLUMNS)
        for entry in self.entries:
            writer.writerow(
                BETWEEN.join(value) if isinstance(value, tuple) else str(value)
                for value in (getattr(entry, name) for name in COLUMNS)
            )
        return file.getvalue()

    @classmethod
    def from_csv(cls, text: str) -> KnowledgeBase:
        """Return the base that a CSV holds; raises ``ValueError`` that names the line and what is wrong."""
        rows = list(csv.reader(io.StringIO(text.removeprefix(data.MARK), newline="")))
        head = tuple(rows[0]) if rows else ()
        need(
            "text", head == COLUMNS, f"a head {','.join(COLUMNS)}", f"表头{','.join(COLUMNS)}", head
        )
        entries = []
        for line, row in enumerate(rows[1:], 2):
            try:
                entries.append(_read(row))
            except ValueError as error:
                raise ValueError(f"row {line}（第{line}行）{error}") from None
        return cls(tuple(entries))


def _read(row: Sequence[str]) -> KnowledgeEntry:
    need("row", len(row) == len(COLUMNS), f"{len(COLUMNS)} cells", f"{len(COLUMNS)}格", len(row))
    cells = dict(zip(COLUMNS, row, strict=True))
    days = {}
    for name in ("updated_on", "review_by"):
        try:
            days[name] = date.fromisoformat(cells[name])
        except ValueError:
            raise ValueError(
                expected(name, "a date like 2026-03-05", "形如2026-03-05的日期", cells[name])
            ) from None
    sound = re.fullmatch("[0-9]+", cells["hits"])
    need("hits", sound, "a whole number", "整数", cells["hits"])
    return KnowledgeEntry(
        cells["entry_id"], cells["topic"], cells["question"], cells["answer"], cells["owner"],
        days["updated_on"], days["review_by"], _parts(cells["similar"]), _parts(cells["keywords"]),
        cells["product_id"], cast(AnswerWay, cells["way"]), int(cells["hits"]),
    )  # fmt: skip


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(BETWEEN)) if cell else ()


@data.cached
def shop_base() -> KnowledgeBase:
    """Return the shop's base, with the training questions that were labelled with an entry as its similar ones.

    Its owners are those of `OWNERS`. A question that two entries would share stays with the first.
    """
    similar: defaultdict[str, dict[str, str]] = defaultdict(dict)
    rows = data.rows("knowledge")
    about = {row["entry_id"]: row["product_id"] for row in rows}
    taken = {(row["product_id"], normal(row["question"])) for row in rows}
    for row in data.rows("questions"):
        key = about.get(row["entry_id"], ""), normal(row["text"])
        if row["split"] == "训练" and row["entry_id"] and key not in taken:
            taken.add(key)
            similar[row["entry_id"]][key[1]] = row["text"]
    return KnowledgeBase(
        tuple(
            KnowledgeEntry(row["entry_id"], row["topic"], row["question"], row["answer"], OWNERS[row["topic"]],
                  date.fromisoformat(row["updated_on"]), date.fromisoformat(row["review_by"]),
                  tuple(similar[row["entry_id"]].values()), tuple(row["keywords"].split(";")),
                  row["product_id"], hits=int(row["hits"]))
            for row in rows
        )
    )  # fmt: skip


# What is asked most


class Hot(NamedTuple):
    """One of the questions asked most: its rank from 1, hits, their share of all, and all shares up to here."""

    rank: int
    entry: KnowledgeEntry
    hits: int
    share: float
    up_to_here: float


def top_questions(base: KnowledgeBase, most: int = 100) -> tuple[Hot, ...]:
    """Return the entries by heat, the most used first (Top100); those never used are left out.

    >>> [hot.entry.entry_id for hot in top_questions(shop_base(), 2)]
    ['K186', 'K107']
    """
    count(most, "most", least=1)
    ranked = sorted((one for one in base.entries if one.hits), key=lambda one: -one.hits)
    total = sum(one.hits for one in ranked)
    sums = accumulate(one.hits for one in ranked)
    return tuple(
        Hot(rank, one, one.hits, one.hits / total, so_far / total)
        for rank, (one, so_far) in enumerate(zip(ranked, sums, strict=True), 1)
    )[:most]


# What was asked in the chats

MISSED = re.compile("没太听懂|还没学会|答不好")
"""What the robot says when it has no answer."""
OPENED = re.compile("欢迎来到|暖暖为您服务|我是智能客服|转接人工|请人工来")
"""What the robot says that is no answer: its greeting, and that it calls a person."""
TAKEN_OVER = re.compile("我是|接手|没答上|我看一下|让您久等|有什么可以帮")
"""What a person says that is no answer yet."""
SCOLDED = re.compile(
    "不是问|答非所问|[驴唇]{2}不对|牛头不|在说啥|没说到点|看不懂|重新答|我问的|不是这意思|问东答西"
)
"""What a customer says of the robot's answer: no question."""
SPOKEN = 4
"""Characters up to which a message is a greeting or a sound, no question."""
VAGUE = 2
"""An answer that was given to the questions of so many different entries says nothing of any of them."""


@dataclass(frozen=True)
class Exchange:
    """A question in a chat: what was asked, in one go; whether the robot missed it; what a person answered."""

    chat_id: str
    topic: str
    question: str
    missed: bool = False
    answer: str = ""


@data.cached
def shop_exchanges() -> tuple[Exchange, ...]:
    """Return the questions of the shop's chats that the robot missed, or a person answered."""
    topics = {row["chat_id"]: row["topic"] for row in data.rows("chats")}
    told: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in data.rows("messages"):
        told[row["chat_id"]].append((row["sender"], row["text"]))
    return tuple(
        exchange
        for chat, lines in told.items()
        for exchange in exchanges(chat, topics[chat], lines)
    )


def exchanges(chat_id: str, topic: str, lines: Iterable[tuple[str, str]]) -> list[Exchange]:
    """Return the questions of one chat, told as (sender, text): those that the robot missed or a person answered.

    What a customer says in one go is one question, without greetings. A person who takes over answers what
    the robot missed last.

    >>> told = [("买家", "能寄到日本吗"), ("机器人", "这个暖暖答不好"), ("客服", "海外目前要走转运")]
    >>> exchanges("H1", "物流问题", told)
    [Exchange(chat_id='H1', topic='物流问题', question='能寄到日本吗', missed=True, answer='海外目前要走转运')]
    """
    found: list[Exchange] = []
    asked: list[str] = []
    before, waits = "", False
    for sender, text in lines:
        if sender == "买家":
            asked = [*asked, text] if before == "买家" else [text]
        elif sender == "机器人" and MISSED.search(text):
            if question := _question(asked):
                found.append(Exchange(chat_id, topic, question, missed=True))
                waits = True
        elif sender == "机器人" and not OPENED.search(text):
            waits = False
        elif sender == "客服" and not TAKEN_OVER.search(text):
            if waits:
                found[-1] = replace(found[-1], answer=text)
            elif question := _question(asked):
                found.append(Exchange(chat_id, topic, question, answer=text))
            asked, waits = [], False
        if sender != "系统":
            before = sender
    return found


def _question(asked: Iterable[str]) -> str:
    return "，".join(
        text for text in asked if len(normal(text)) > SPOKEN and not SCOLDED.search(text)
    )


# What is asked and not known


@dataclass(frozen=True)
class Suggestion:
    """What the base lacks: a question for a new entry, how it was put, and what a person answered.

    ``chats`` in which the robot missed it; ``draft`` is a colleague's words (empty: none yet), given in
    ``answered`` chats; ``nearest`` is what the base has that comes nearest, with its ``cosine``. It is a
    suggestion: a person decides, and finds out what is right.
    """

    topic: str
    question: str
    examples: tuple[str, ...]
    chats: int
    draft: str
    answered: int
    nearest: str
    cosine: float


def gaps(
    talks: Iterable[Exchange], base: KnowledgeBase, *, near: float = 0.5, least: int = 2
) -> tuple[Suggestion, ...]:
    """Return what customers asked and the base does not know, what most chats missed first.

    A missed question is unknown where nothing that the base knows is as near as ``near`` (cosine). People put
    one question in many ways, colleagues answer it in few: so the unknown ones are put together by what a
    person answered, in the same chat or to the question most like it. Answers that fit anything (请看详情页)
    do not count: those given to questions of `VAGUE` entries or more. Only what at least ``least`` chats asked.
    """
    heard = tuple(talks)
    count(least, "least", least=1)
    unknown = [one for one in heard if one.missed and base.nearness(one.question) < near]
    people = _People(heard, base)
    groups: defaultdict[str, list[Exchange]] = defaultdict(list)
    alone: list[Exchange] = []
    for one in unknown:
        if key := people.answer(one, near):
            groups[key].append(one)
        else:
            alone.append(one)
    found = [
        _suggested(
            [one for key in keys for one in groups[key]],
            base,
            [one for key in keys for one in people.given[key]],
        )
        for keys in _merged(groups)
    ]
    found += [_suggested(family, base) for family in _clusters(alone, base, near)]
    kept = [one for one in found if one.chats >= least]
    return tuple(sorted(kept, key=lambda one: (-one.chats, one.question)))


class _People:
    """What people answered, and to which questions."""

    def __init__(self, heard: Sequence[Exchange], base: KnowledgeBase) -> None:
        self.base = base
        self.told = [one for one in heard if len(normal(one.answer)) >= 2 * SPOKEN]
        self.near = Nearest([base.bare(one.question) for one in self.told])
        self.given: defaultdict[str, list[Exchange]] = defaultdict(list)
        for one in self.told:
            self.given[self.skeleton(one.answer)].append(one)
        self.judged: dict[str, bool] = {}

    def skeleton(self, answer: str) -> str:
        """Return an answer without products and numbers."""
        return normal(re.sub("[0-9]+", "", self.base.bare(answer)))

    def answer(self, one: Exchange, near: float) -> str:
        """Return what a person answers to this question; empty where nothing that says something is known."""
        if len(normal(one.answer)) >= 2 * SPOKEN and not self.vague(
            own := self.skeleton(one.answer)
        ):
            return own
        for cosine, place in self.near.similar(self.near.weights(self.base.bare(one.question)), 8):
            key = self.skeleton(self.told[place].answer)
            if cosine >= 0.8 * near and not self.vague(key):
                return key
        return ""

    def vague(self, key: str) -> bool:
        """Tell whether an answer was given to the questions of too many entries to say anything."""
        if key not in self.judged:
            entries = set()
            for one in self.given[key][:60]:
                best = self.base.find(one.question, 1)
                if best and best[0].cosine >= 0.6:
                    entries.add(best[0].entry.answer.replace(best[0].entry.noun, ""))
            self.judged[key] = len(entries) >= VAGUE
        return self.judged[key]


def _merged(answers: Iterable[str]) -> list[list[str]]:
    """Return the answers, those put together that are nearer than 0.3."""
    keys = list(answers)
    near = Nearest(keys)
    pairs = [
        (key, keys[place])
        for key in keys
        for cosine, place in near.similar(near.weights(key), len(keys))
        if cosine >= 0.7
    ]
    return chained(keys, pairs)


def _clusters(alone: Sequence[Exchange], base: KnowledgeBase, near: float) -> list[list[Exchange]]:
    """Return questions without an answer, put together where they are alike themselves."""
    texts = [base.bare(one.question) for one in alone]
    index = Nearest(texts)
    pairs = [
        (place, other)
        for place, text in enumerate(texts)
        for cosine, other in index.similar(index.weights(text), len(texts))
        if cosine >= near
    ]
    return [[alone[place] for place in family] for family in chained(range(len(texts)), pairs)]


def _suggested(
    family: Sequence[Exchange], base: KnowledgeBase, told: Sequence[Exchange] = ()
) -> Suggestion:
    """Return what a family of missed questions suggests; ``told`` are the chats in which a person answered it."""
    texts = list(dict.fromkeys(one.question for one in family))
    index = Nearest([base.bare(text) for text in texts])
    middle = {
        text: sum(cosine for cosine, _ in index.similar(index.weights(base.bare(text)), len(texts)))
        for text in texts
    }
    examples = sorted(texts, key=lambda text: (-round(middle[text], 9), text))
    answers = Counter(one.answer for one in told)
    topics = Counter(one.topic for one in family)
    best = base.find(examples[0], 1)
    return Suggestion(
        topic=min(topics, key=lambda topic: (-topics[topic], TOPICS.index(topic))),
        question=examples[0],
        examples=tuple(examples),
        chats=len({one.chat_id for one in family}),
        draft=min(answers, key=lambda answer: (-answers[answer], answer), default=""),
        answered=len({one.chat_id for one in told}),
        nearest=best[0].entry.question if best else "",
        cosine=best[0].cosine if best else 0.0,
    )


@data.cached
def shop_gaps() -> tuple[Suggestion, ...]:
    """Return `gaps` of the shop's chats and base: some seconds the first time."""
    return gaps(shop_exchanges(), shop_base())


class Unheard(NamedTuple):
    """An entry whose answer the robot had and did not give: in how many chats, and how it was asked."""

    entry: KnowledgeEntry
    chats: int
    examples: tuple[str, ...]


def unheard(
    talks: Iterable[Exchange], base: KnowledgeBase, *, near: float = 0.5
) -> tuple[Unheard, ...]:
    """Return entries that lack similar questions: what was missed and is as near as ``near``, most chats first."""
    found: defaultdict[str, list[Exchange]] = defaultdict(list)
    entries = {}
    for one in talks:
        best = base.find(one.question, 1) if one.missed else ()
        if best and best[0].cosine >= near:
            entries[best[0].entry.entry_id] = best[0].entry
            found[best[0].entry.entry_id].append(one)
    rows = [
        Unheard(
            entries[key],
            len({one.chat_id for one in many}),
            tuple(dict.fromkeys(one.question for one in many)),
        )
        for key, many in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.chats, row.entry.entry_id)))


# What is due, and what it costs


@dataclass(frozen=True)
class ReviewDue:
    """Entries past their review date on a day, those used most first; how many entries there are."""

    today: date
    entries: tuple[KnowledgeEntry, ...]
    of: int

    @property
    def share(self) -> float:
        """The share of all entries that are due; 0 of an empty base."""
        return len(self.entries) / self.of if self.of else 0.0

    def by_owner(self) -> dict[str, int]:
        """Return how many each owner has to look at, the most first."""
        return dict(Counter(one.owner for one in self.entries).most_common())


def review_due(base: KnowledgeBase, today: date) -> ReviewDue:
    """Return what nobody has looked at since its review date, what is used most first.

    >>> from datetime import date
    >>> due = review_due(shop_base(), date(2025, 12, 31))
    >>> len(due.entries), round(due.share, 3)
    (182, 0.595)
    """
    a_day(today, "today")
    late = [one for one in base.entries if one.due(today)]
    return ReviewDue(
        today, tuple(sorted(late, key=lambda one: (-one.hits, one.entry_id))), len(base)
    )


AGES = ("没改过", "改过、没到期", "过了期")


@dataclass(frozen=True)
class Wrong:
    """Answers from entries of one age: how many were given, how many were wrong."""

    age: str
    used: int
    wrong: int

    @property
    def share(self) -> float:
        """The share of wrong ones; 0 where none was given."""
        return self.wrong / self.used if self.used else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share; raises ``ValueError`` where none was given."""
        return wilson(self.wrong, self.used)


@dataclass(frozen=True)
class WrongAnswers:
    """Wrong answers of some days by the age of the entry: not edited yet, edited and good, past its review."""

    before: Wrong
    current: Wrong
    expired: Wrong

    @property
    def wrong(self) -> int:
        """All wrong answers."""
        return self.before.wrong + self.current.wrong + self.expired.wrong

    @property
    def from_expired(self) -> float:
        """The share of the wrong answers that came from entries past their review; 0 where none was wrong."""
        return self.expired.wrong / self.wrong if self.wrong else 0.0

    @property
    def avoidable(self) -> float:
        """Wrong answers fewer, had the expired entries been as good as the current ones (at least 0)."""
        return max(self.expired.wrong - self.expired.used * self.current.share, 0.0)


def wrong_answers(since: date = date(2025, 1, 1), until: date = date(2025, 12, 31)) -> WrongAnswers:
    """Return how many answers of the shop's robot were wrong between two days, both included, by the entry's age.

    Raises ``ValueError`` where ``until`` is before ``since``.

    >>> found = wrong_answers()
    >>> found.wrong, found.expired.wrong, round(found.from_expired, 3)
    (4867, 1349, 0.277)
    """
    need(
        "until",
        a_day(since, "since") <= a_day(until, "until"),
        "a day from since on",
        "不早于since的日期",
        until,
    )
    total: Counter[str] = Counter()
    for row in data.rows("bot_days"):
        if since <= date.fromisoformat(row["date"]) <= until:
            total.update({name: int(cell) for name, cell in row.items() if name != "date"})
    before, expired = (
        Wrong(age, total[f"{name}_used"], total[f"{name}_wrong"])
        for age, name in zip(AGES[::2], ("before", "expired"), strict=True)
    )
    current = Wrong(
        AGES[1],
        total["answered"] - before.used - expired.used,
        total["wrong"] - before.wrong - expired.wrong,
    )
    return WrongAnswers(before, current, expired)
