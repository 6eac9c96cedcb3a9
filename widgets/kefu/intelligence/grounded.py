"""The fifth generation, as far as it goes without a language model: find, quote, check, or say one does not know.

A question is compared with the questions that the knowledge base has, or with its answers; the best entry is
quoted word by word with its number; below a threshold the bot refuses and hands over. A writer (a language
model, or the scripted one of `kefu.intelligence.inventor`) may say the same in other words: four lamps check
it, and at a red one the quotation goes out instead. Grounded is not right: a quotation of the wrong entry has
four green lamps. Figures: ``python -m datasets.measure_grounded``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

from kefu import data, rules
from kefu.amounts import count, one_of, share
from kefu.errors import expected, need_text
from kefu.intelligence.bots import Clue, Reply, escalated
from kefu.intelligence.lamps import Checked
from kefu.intelligence.lamps import check as check
from kefu.language import Nearest, normal

By = Literal["问", "答", "问和答"]
BYS: tuple[By, ...] = ("问", "答", "问和答")
Course = Literal["摘句", "改写", "改写没过", "拒答"]

REFUSAL = "亲，这个问题店里的资料没有写，暖暖不乱答，已为您转接人工客服，请稍等。"
LONG = 70
"""Characters up to which an answer is quoted whole; of a longer one the sentences nearest to the question."""

Writer = Callable[[str, str], str]
"""Says something of a question and the evidence for it, in its own words."""


@dataclass(frozen=True)
class Passage:
    """One entry to quote: its number, the question it answers, the answer, and other ways to ask.

    Raises ``ValueError`` where number, question or answer is empty.
    """

    source: str
    question: str
    answer: str
    topic: str = ""
    words: tuple[str, ...] = ()
    similar: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("source", "question", "answer"):
            need_text(name, getattr(self, name))


@dataclass(frozen=True)
class Retrieved:
    """A passage found for a question, how near it is (0 to 1), and the text that was near."""

    passage: Passage
    score: float
    near: str


class Library:
    """Passages, found by the questions that they answer or by what they say.

    By question each passage is its question with its keywords, and each similar question beside it;
    by answer it is its answer. Nearness is the cosine of `kefu.language.Nearest`, less for words that the
    library has never seen: without that a strange question looks near to whatever holds its few known
    words. Raises ``ValueError`` for no passage and for a number that two passages have.
    """

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages = tuple(passages)
        names = [one.source for one in self.passages]
        if not names or len(names) != len({*names}):
            raise ValueError(
                expected("passages", "passages with a number of their own each",
                         "至少一条，编号各不相同", names)
            )  # fmt: skip
        asked = [(one, f"{one.question}{''.join(one.words)}") for one in self.passages]
        asked += [(one, text) for one in self.passages for text in one.similar]
        told = [(one, one.answer) for one in self.passages]
        self.texts = {"问": asked, "答": told, "问和答": asked + told}
        self.made: dict[By, Nearest] = {}

    def retrieve(self, text: str, by: By = "问", most: int = 3) -> tuple[Retrieved, ...]:
        """Return the passages nearest to a question, the nearest first, at most ``most`` (1 or more).

        A passage comes once, by what is nearest of it; what shares no word with the question does not come.
        """
        count(most, "most", least=1)
        texts = self.texts[one_of(by, "by", BYS)]
        if by not in self.made:
            self.made[by] = Nearest([text for _, text in texts])
        index = self.made[by]
        known = familiar(index, text)
        found: dict[str, Retrieved] = {}
        for cosine, place in index.similar(index.weights(text), 40 + 20 * most):
            passage, near = texts[place]
            if passage.source not in found:
                found[passage.source] = Retrieved(passage, cosine * known, near)
            if len(found) == most:
                break
        return tuple(found.values())


def familiar(index: Nearest, text: str) -> float:
    """Return how much of a text an index knows, 0 to 1: the length of its known part over that of all.

    A word never seen weighs as much as the rarest one.
    """
    rarest = log(1 + index.size) + 1
    known = strange = 0.0
    for gram, times in index.read(text).items():
        weight = ((1 + log(times)) * index.idf.get(gram, rarest)) ** 2
        known, strange = (
            (known + weight, strange) if gram in index.idf else (known, strange + weight)
        )
    return sqrt(known / (known + strange)) if known else 0.0


def quote(text: str, passage: Passage, most: int = 2) -> str:
    """Return what an entry says to a question, word by word: all of it if short, else its nearest sentences.

    At most ``most`` sentences, in their order.
    """
    if len(passage.answer) <= LONG:
        return passage.answer
    parts = [part for part in re.split("(?<=[。；])", passage.answer) if normal(part)]
    index = Nearest(parts)
    best = sorted(place for _, place in index.similar(index.weights(text), most))
    return "".join(parts[place] for place in best or range(min(most, len(parts)))).rstrip("；")


def cited(text: str, source: str) -> str:
    """Return a reply as it leaves: with the entry's number, and that a machine wrote it (R74).

    >>> cited("满88元包邮。", "K206")
    '满88元包邮。（智能客服暖暖，依据K206）'
    """
    return f"{text}（智能客服暖暖，依据{source}）"


@dataclass(frozen=True)
class Grounded:
    """What became of a question: how it went, what is said, by which passage, under which lamps.

    ``draft`` is what the writer said, whether or not it went out; ``lamps`` are of the draft, or of the
    quotation where there is no writer; nothing where the bot refused.
    """

    way: Course
    said: str
    found: tuple[Retrieved, ...]
    lamps: Checked | None = None
    draft: str = ""

    @property
    def source(self) -> str:
        """The number of the entry that the reply rests on; empty where it refused."""
        return self.found[0].passage.source if self.found and self.way != "拒答" else ""

    @property
    def score(self) -> float:
        """How near the best passage was, 0 where there was none."""
        return self.found[0].score if self.found else 0.0


class GroundedBot:
    """A bot that says only what its library has, or that it does not know; one more `kefu.intelligence.bots.Bot`.

    ``threshold`` (0 to 1): below it the bot refuses. A ``writer`` may say it in other words; where a lamp
    is red the quotation goes out.
    """

    def __init__(
        self,
        library: Library,
        *,
        threshold: float = 0.2,
        by: By = "问",
        writer: Writer | None = None,
    ) -> None:
        self.library, self.writer = library, writer
        self.threshold = float(share(threshold, "threshold"))
        self.by = one_of(by, "by", BYS)

    def answer(self, text: str) -> Grounded:
        """Return what the bot makes of a question, step by step."""
        found = self.library.retrieve(text, self.by)
        if not found or found[0].score < self.threshold:
            return Grounded("拒答", REFUSAL, found)
        best = found[0].passage
        said = quote(text, best)
        asked = f"{text} {best.question}"
        if self.writer is None:
            return Grounded(
                "摘句", cited(said, best.source), found, check(said, best.answer, asked)
            )
        draft = self.writer(text, best.answer)
        lamps = check(draft, best.answer, asked)
        way: Course = "改写" if lamps.green else "改写没过"
        out = draft if lamps.green else said
        return Grounded(way, cited(out, best.source), found, lamps, draft)

    def reply(self, text: str) -> Reply:
        """Return the reply in the form of the other four generations; a risk word goes to a person."""
        one = self.answer(text)
        refused = one.way == "拒答"
        topic = one.found[0].passage.topic if one.found else ""
        why = tuple(
            Clue("相近", hit.near, hit.passage.source, hit.score, hit.passage.topic)
            for hit in one.found
        )
        margin = one.score - (one.found[1].score if len(one.found) > 1 else 0.0)
        return escalated(Reply(one.said, topic, one.score, one.source, refused, why, margin), text)


# The shop's own library


@data.cached
def shop_library(similar: int = 0, words: bool = True) -> Library:
    """Return the shop's entries, each with so many similar questions (0 or more) of the training ones.

    Without ``words`` an entry is known by its question and the similar ones alone, not by keywords. Entries
    of the kind 关键词 are left out: they have keywords and no question, and no labelled question is theirs. So
    what stands in them alone this bot does not know. Similar questions are taken from all families in
    turn, so that a few of them differ as much as they can.
    """
    count(similar, "similar")
    asked: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in data.rows("questions") if similar else ():
        if row["split"] == "训练" and row["entry_id"]:
            asked[row["entry_id"]][row["family"]].append(row["text"])
    return Library(
        Passage(row["entry_id"], row["question"], row["answer"], row["topic"],
                tuple(row["keywords"].split(";")) if words else (), _in_turn(asked[row["entry_id"]].values(), similar))
        for row in data.rows("knowledge")
        if row["kind"] != "关键词"
    )  # fmt: skip


def _in_turn(families: Iterable[Sequence[str]], most: int) -> tuple[str, ...]:
    """Return at most so many texts, one of each family in turn."""
    rest = [list(family) for family in families]
    found: list[str] = []
    while len(found) < most and any(rest):
        found += [family.pop(0) for family in rest if family][: most - len(found)]
    return tuple(found)


@data.cached
def rule_library() -> Library:
    """Return the book's rule cards as passages: title, what it applies to, text."""
    return Library(
        Passage(one.id, one.title, one.text, "", (one.applies_to,))
        for one in rules.rules().values()
    )


# How good it is


@dataclass(frozen=True)
class Query:
    """A question and the entry that answers it; empty where none does."""

    text: str
    right: str


@data.cached
def shop_cases() -> tuple[Query, ...]:
    """Return the shop's test questions with the entry that answers each."""
    return tuple(
        Query(row["text"], row["entry_id"])
        for row in data.rows("questions")
        if row["split"] == "测试"
    )


@dataclass(frozen=True)
class Tried:
    """One case tried: how near the best entry was, and the best three."""

    case: Query
    score: float
    sources: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether the best entry is the one that answers it."""
        return bool(self.case.right) and self.sources[:1] == (self.case.right,)


def tried(library: Library, cases: Iterable[Query], by: By = "问") -> tuple[Tried, ...]:
    """Return what a library finds for cases; any threshold can then be laid on it."""
    found = []
    for case in cases:
        hits = library.retrieve(case.text, by)
        found.append(
            Tried(case, hits[0].score if hits else 0.0, tuple(hit.passage.source for hit in hits))
        )
    return tuple(found)


@dataclass(frozen=True)
class Tally:
    """What becomes of cases at a threshold, as counts.

    ``right`` and ``wrong`` were answered and have an entry; ``refused`` have one and were refused;
    ``made_up`` have none and were answered all the same; ``declined`` have none and were refused.
    """

    right: int
    wrong: int
    refused: int
    made_up: int
    declined: int

    @property
    def answered_right(self) -> float:
        """The share of right ones among all that were answered; 0 if none."""
        told = self.right + self.wrong + self.made_up
        return self.right / told if told else 0.0

    @property
    def coverage(self) -> float:
        """The share of all cases that were answered; 0 if there are none."""
        told = self.right + self.wrong + self.made_up
        every = told + self.refused + self.declined
        return told / every if every else 0.0

    @property
    def made_up_share(self) -> float:
        """The share answered among those that no entry answers; 0 if there are none."""
        none = self.made_up + self.declined
        return self.made_up / none if none else 0.0


def tally(found: Iterable[Tried], threshold: float) -> Tally:
    """Return what becomes of cases where the bot refuses below a threshold (0 to 1)."""
    least = float(share(threshold, "threshold"))
    counts = dict.fromkeys(("right", "wrong", "refused", "made_up", "declined"), 0)
    for one in found:
        told = bool(one.sources) and one.score >= least
        if not one.case.right:
            counts["made_up" if told else "declined"] += 1
        elif not told:
            counts["refused"] += 1
        else:
            counts["right" if one.right else "wrong"] += 1
    return Tally(**counts)


def hits(found: Sequence[Tried], first: int = 1) -> float:
    """Return the share of cases with an entry whose entry is among the ``first`` (1 to 3) found."""
    count(first, "first", least=1)
    known = [one for one in found if one.case.right]
    return (
        sum(one.case.right in one.sources[:first] for one in known) / len(known) if known else 0.0
    )


def threshold_for(found: Sequence[Tried], most: float = 0.1) -> float:
    """Return the lowest threshold, in hundredths, at which at most so large a share is made up."""
    least = float(share(most, "most"))
    return next(
        n / 100 for n in range(101) if n == 100 or tally(found, n / 100).made_up_share <= least
    )
