"""How good a bot is: on questions that it has not seen, by style of asking, case by case.

A reply's topic is right or wrong whether or not the bot then hands over; a bot without an idea
(topic empty) is wrong. Answering is counted apart: right, wrong, or handed to a person.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kefu import data
from kefu.amounts import count, one_of, share
from kefu.errors import expected
from kefu.intelligence.bots import GENERATIONS, TOPICS, Bot, KeywordRule, shop_bot, unsure
from kefu.intelligence.language import HERE
from kefu.language import normal
from kefu.stats import Interval, bootstrap, sign_test

Disposition = Literal["答对", "答错", "转人工"]
STYLES = ("直说", "错字", "改写", "多意图")


@dataclass(frozen=True)
class LabelledQuestion:
    """One labelled question; ``second`` is the topic of its aside (empty: it has none).

    ``family`` is the form of sentence that it was made from: questions of one are much alike. One
    without is a family of its own.
    """

    question_id: str
    text: str
    topic: str
    style: str
    second: str = ""
    family: str = ""


@data.cached
def questions(split: Literal["训练", "测试"]) -> tuple[LabelledQuestion, ...]:
    """Return the shop's labelled questions of one split, in the table's order."""
    one_of(split, "split", ("训练", "测试"))
    return tuple(
        LabelledQuestion(
            r["question_id"], r["text"], r["topic"], r["style"], r["second_topic"], r["family"]
        )
        for r in data.rows("questions")
        if r["split"] == split
    )


def kin(asked: Iterable[LabelledQuestion]) -> list[str]:
    """Return of each question in order the name of its family: one of its own where it has none."""
    return [one.family or f"第{place}问" for place, one in enumerate(asked, 1)]


def held_out(
    parts: int = 5, asked: Sequence[LabelledQuestion] | None = None
) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of questions to learn from and of those kept back, by whole families.

    Each of ``parts`` turns keeps every ``parts``-th family back; ``asked`` are the training questions
    unless told otherwise. To compare ways to build a bot without spending the test questions. Raises
    ``ValueError`` for less than two parts, after which nothing is left to learn from, and for more parts
    than families.
    """
    names = kin(questions("训练") if asked is None else asked)
    families = sorted({*names})
    if count(parts, "parts", least=2) > len(families):
        many = len(families)
        raise ValueError(expected("parts", f"at most {many} families", f"不超过{many}族", parts))
    for turn in range(parts):
        back = set(families[turn::parts])
        out = [name in back for name in names]
        yield (
            [place for place, held in enumerate(out) if not held],
            [place for place, held in enumerate(out) if held],
        )


@dataclass(frozen=True)
class Prediction:
    """What a bot made of one question."""

    question: LabelledQuestion
    topic: str
    score: float
    margin: float
    handoff: bool = False
    source: str = ""

    @property
    def right(self) -> bool:
        """Whether the topic is the question's."""
        return self.topic == self.question.topic

    @property
    def disposition(self) -> Disposition:
        """What the customer gets."""
        return "转人工" if self.handoff else "答对" if self.right else "答错"


@dataclass(frozen=True)
class Report:
    """The predictions on one question or more, and their figures as shares from 0 to 1.

    Raises ``ValueError`` for no prediction at all, of which no share can be taken.
    """

    predictions: tuple[Prediction, ...]

    def __post_init__(self) -> None:
        if not self.predictions:
            raise ValueError(
                expected("predictions", "at least one prediction", "至少一个判断", self.predictions)
            )

    @property
    def accuracy(self) -> float:
        """The share of questions whose topic was right."""
        return sum(p.right for p in self.predictions) / len(self.predictions)

    @property
    def coverage(self) -> float:
        """The share of questions that the bot answered itself."""
        return sum(not p.handoff for p in self.predictions) / len(self.predictions)

    @property
    def answered_right(self) -> float:
        """The share of right ones among those that the bot answered itself; 0 if none."""
        told = [p.right for p in self.predictions if not p.handoff]
        return sum(told) / len(told) if told else 0.0

    @property
    def macro_f1(self) -> float:
        """The mean over the six topics of F1 = 2·right ÷ (said + meant); 0 where both are none."""
        return sum(self.f1(topic) for topic in TOPICS) / len(TOPICS)

    def f1(self, topic: str) -> float:
        """Return the F1 of one topic."""
        right = sum(p.right and p.topic == topic for p in self.predictions)
        said = sum(p.topic == topic for p in self.predictions)
        meant = sum(p.question.topic == topic for p in self.predictions)
        return 2 * right / (said + meant) if said + meant else 0.0

    def confusion(self) -> dict[tuple[str, str], int]:
        """Return how many questions of each topic (first) were taken for which (second)."""
        return dict(Counter((p.question.topic, p.topic) for p in self.predictions))

    def dispositions(self) -> dict[Disposition, int]:
        """Return how many questions were answered right, wrong, or handed over."""
        found = Counter(p.disposition for p in self.predictions)
        return {"答对": found["答对"], "答错": found["答错"], "转人工": found["转人工"]}

    def of(self, style: str) -> Report:
        """Return the report on one style of asking alone; raises ``ValueError`` if there is none."""
        one_of(style, "style", STYLES)
        return Report(tuple(p for p in self.predictions if p.question.style == style))

    def wrong(self) -> tuple[Prediction, ...]:
        """Return the predictions with a wrong topic, the surest first: the mistakes that hurt."""
        return tuple(sorted((p for p in self.predictions if not p.right), key=lambda p: -p.score))

    def interval(
        self, figure: Callable[[Report], float], seed: int = 88, resamples: int = 200
    ) -> Interval:
        """Return the 95 % bootstrap interval of a figure, drawing whole families with replacement.

        Questions of one family are right or wrong together: one by one they would look like more
        than they are, and the interval would be too narrow. Of few families it is somewhat too
        narrow still: see `kefu.stats.bootstrap`.
        """
        return bootstrap(
            self.families(),
            lambda drawn: figure(Report(tuple(p for family in drawn for p in family))),
            seed=seed,
            resamples=resamples,
        )

    def tally(self) -> list[tuple[int, int]]:
        """Return of each family how many were right and how many there are."""
        return [(sum(p.right for p in family), len(family)) for family in self.families()]

    def families(self) -> tuple[tuple[Prediction, ...], ...]:
        """Return the predictions family by family, in the order in which these first appear."""
        found: dict[str, list[Prediction]] = {}
        names = kin(prediction.question for prediction in self.predictions)
        for name, prediction in zip(names, self.predictions, strict=True):
            found.setdefault(name, []).append(prediction)
        return tuple(map(tuple, found.values()))


@dataclass(frozen=True)
class Paired:
    """Two bots on the same paper: in how many families the newer was ``better`` and ``worse``.

    ``luck`` is how likely so uneven a split is, or a more uneven one, if both are equally good.
    """

    better: int
    worse: int

    @property
    def luck(self) -> float:
        """The two-sided sign test; 1 where they never differ."""
        return sign_test(self.better, self.worse)


def paired(older: Sequence[Prediction], newer: Sequence[Prediction]) -> Paired:
    """Return in how many families of questions the newer bot got more, and fewer, right.

    Raises ``ValueError`` unless both answered the same questions in the same order.
    """
    if [p.question for p in older] != [p.question for p in newer]:
        raise ValueError(expected("newer", "the same questions in the same order",
                                  "与older同样的问句、同样的次序", len(newer)))  # fmt: skip
    gained: Counter[str] = Counter()
    names = kin(prediction.question for prediction in older)
    for name, old, new in zip(names, older, newer, strict=True):
        gained[name] += new.right - old.right
    return Paired(sum(n > 0 for n in gained.values()), sum(n < 0 for n in gained.values()))


def evaluate(bot: Bot, asked: Iterable[LabelledQuestion]) -> Report:
    """Return how a bot does on questions; raises ``ValueError`` where there are none."""
    found = []
    for question in asked:
        reply = bot.reply(question.text)
        found.append(
            Prediction(
                question, reply.topic, reply.score, reply.margin, reply.handoff, reply.source
            )
        )
    if not found:
        raise ValueError(expected("asked", "at least one question", "至少一个问句", found))
    return Report(tuple(found))


def predicted() -> Mapping[str, tuple[Prediction, ...]]:
    """Let each generation answer every test question and return what it made of it: half a minute.

    Shares are rounded to three places; ``handoff`` is left out, for ``at`` to decide.
    """
    return {
        generation: tuple(
            Prediction(p.question, p.topic, round(p.score, 3), round(p.margin, 3))
            for p in evaluate(shop_bot(generation), questions("测试")).predictions
        )
        for generation in GENERATIONS
    }


@data.cached
def stored() -> Mapping[str, tuple[Prediction, ...]]:
    """Return each generation's predictions on the test questions, from ``predictions.csv``.

    A derived file: letting four bots answer every test question takes a page longer than a reader
    waits. ``handoff`` is left out, for ``at`` to decide. Where the data in use are another class's
    shop, the bots answer its questions now.
    """
    if not (data.is_book("questions") and data.is_book("knowledge")):
        return predicted()
    return _read("predictions.csv", questions("测试"))


@data.cached
def rehearsed() -> Mapping[str, tuple[Prediction, ...]]:
    """Return mistakes that each generation makes in a rehearsal, from ``rehearsal.csv``.

    Training questions of every fifth family, answered by bots that have not read these families: what
    may be shown where the test questions must stay unseen. A derived file: some wrong predictions of
    each degree of sureness, ``handoff`` left out. Empty where the data in use are another class's shop.
    """
    if not (data.is_book("questions") and data.is_book("knowledge")):
        return {generation: () for generation in GENERATIONS}
    return _read("rehearsal.csv", questions("训练"))


def _read(name: str, asked: Iterable[LabelledQuestion]) -> Mapping[str, tuple[Prediction, ...]]:
    known = {question.question_id: question for question in asked}
    found: dict[str, list[Prediction]] = {generation: [] for generation in GENERATIONS}
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["generation"]].append(
                Prediction(known[row["question_id"]], row["topic"], float(row["score"]),
                           float(row["margin"]))
            )  # fmt: skip
    return {generation: tuple(predictions) for generation, predictions in found.items()}


def at(predictions: Sequence[Prediction], threshold: float, ambiguity: float) -> Report:
    """Return the report if the bot hands over below a threshold and a margin (both 0 to 1)."""
    share(threshold, "threshold")
    share(ambiguity, "ambiguity")
    return Report(
        tuple(
            Prediction(p.question, p.topic, p.score, p.margin,
                       not p.topic or unsure(p.score, p.margin, threshold, ambiguity))
            for p in predictions
        )
    )  # fmt: skip


# Rules that a reader writes

COLUMNS = ("topic", "words", "priority", "answer")
MOST = 200


def read_rules(text: str) -> tuple[KeywordRule, ...]:
    """Return the rules of a text: one a line, ``话题 | 关键词；关键词 | 优先级 | 答复``.

    The priority may be left empty (0); blank lines and lines that begin with # are passed over.
    Raises ``ValueError`` that names the line, what was expected and what came.

    >>> read_rules("物流问题 | 包邮；邮费 | | 满88元包邮")[0].words
    ('包邮', '邮费')
    """
    found: list[KeywordRule] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        cells = [cell.strip() for cell in re.split("[|｜]", line, maxsplit=3)]
        if len(cells) != 4:
            raise ValueError(expected(f"line {number}", "topic | words | priority | answer",
                                      "话题 | 关键词 | 优先级 | 答复", line))  # fmt: skip
        topic, listed, priority, answer = cells
        words = [word.strip() for word in listed.replace(";", "；").split("；") if word.strip()]
        try:
            rank = int(priority or 0)
        except ValueError:
            raise ValueError(expected(f"line {number} priority", "a whole number", "整数",
                                      priority)) from None  # fmt: skip
        try:
            found.append(KeywordRule(tuple(words), topic, answer, rank, source=f"第{number}行"))
        except ValueError as error:
            raise ValueError(f"line {number}（第{number}行）{error}") from None
    if not found or len(found) > MOST:
        raise ValueError(expected("rules", f"1 to {MOST} rules", f"1到{MOST}条规则", len(found)))
    return tuple(found)


def write_rules(rules: Iterable[KeywordRule]) -> str:
    """Return rules in the form that ``read_rules`` reads: what a reader exports."""
    return "".join(
        f"{rule.topic} | {'；'.join(rule.words)} | {rule.priority or ''} | {rule.answer}\n"
        for rule in rules
    )


@dataclass(frozen=True)
class Conflict:
    """Two rules that claim the same message: by one ``word``, or one keyword inside another.

    ``winner`` and ``loser`` are sources; where ``open``, only their order decides a message
    that holds no other of their words.
    """

    word: str
    inside: str
    winner: str
    loser: str
    open: bool


def conflicts(rules: Sequence[KeywordRule]) -> tuple[Conflict, ...]:
    """Return where rules of different topics get in each other's way, open ones first."""
    found = []
    for place, one in enumerate(rules):
        for other in rules[place + 1 :]:
            if one.topic == other.topic:
                continue
            for mine in dict.fromkeys(map(normal, one.words)):
                for theirs in dict.fromkeys(map(normal, other.words)):
                    if mine not in theirs and theirs not in mine:
                        continue
                    short, long = sorted((mine, theirs), key=len)
                    strength = (one.priority, len(mine)), (other.priority, len(theirs))
                    first, second = (one, other) if strength[0] >= strength[1] else (other, one)
                    found.append(Conflict(short, long, first.source, second.source,
                                          strength[0] == strength[1]))  # fmt: skip
    return tuple(sorted(found, key=lambda c: not c.open))
