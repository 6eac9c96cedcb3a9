"""Another paper for the bots: everyday questions, or those of a reader's own shop.

The book's own test questions are made of forms of sentence, and bots that learnt from such forms do better on them
than on what buyers type. ``everyday`` has questions written by hand as buyers ask: short, careless, without what
went before, and of other trades. Those of the half 考试 were written before the first messages that the bots learn
(`kefu.intelligence.bots.first_questions`), and served no choice; one hand wrote both.
``read_paper`` reads a reader's own, from a CSV that stays on his machine. What is
told of each bot: how often it is right, how much it answers, whether it hands over what it should, and whether it
is as right as it is sure (calibration).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from kefu import data
from kefu.amounts import count, one_of
from kefu.errors import expected
from kefu.intelligence.bots import GENERATIONS, TOPICS, Bot, shop_bot
from kefu.intelligence.evaluation import LabelledQuestion, Prediction, Report, evaluate
from kefu.tables import BadRows, Change, Contents, read

Ought = Literal["回答", "反问", "转人工"]
NEEDS: tuple[Ought, ...] = ("回答", "反问", "转人工")
MANNERS = ("短问", "口语", "绕着说", "错字", "多意图", "缺前文")
TRADES = ("家居服饰", "电子", "食品", "美妆日化")
TEXT, TOPIC, NEED = "问句", "话题", "该怎么办"
"""The columns of a reader's own paper: the first is needed, the others may be left empty."""

MOST = 5000
"""Questions of a paper that are read at most: four bots answer some thousand a minute."""


@dataclass(frozen=True)
class Posed:
    """One question of a paper.

    ``topic`` is empty where nobody could say (or did not yet), ``need`` what ought to be done, ``manner`` how it
    is asked, ``entry`` the knowledge entry that answers it; empty where unknown.
    """

    number: str
    text: str
    topic: str = ""
    need: str = ""
    manner: str = ""
    trade: str = ""
    family: str = ""
    entry: str = ""


@data.cached
def everyday(split: Literal["调试", "考试", ""] = "") -> tuple[Posed, ...]:
    """Return the everyday questions: all, those seen while the bots were tuned, or the examination."""
    one_of(split, "split", ("调试", "考试", ""))
    return tuple(
        Posed(row["question_id"], row["text"], row["topic"], row["need"], row["style"], row["trade"],
             row["family"], row["entry_id"])
        for row in data.rows("everyday_questions")
        if not split or row["split"] == split
    )  # fmt: skip


# A reader's own

FIELDS: tuple[dict[str, Any], ...] = (
    {"name": TEXT, "type": "string", "constraints": {"required": True}},
    {"name": TOPIC, "type": "string", "constraints": {"enum": list(TOPICS)}},
    {"name": NEED, "type": "string", "constraints": {"enum": list(NEEDS)}},
)
FORMS = ((0, 1, 2), (0, 1), (0, 2), (0,))
"""Which of the columns a file may have: the first always, either of the others or none."""


@dataclass(frozen=True)
class Paper:
    """A reader's own questions, and what was read in another form than plain UTF-8 with commas."""

    items: tuple[Posed, ...]
    changes: tuple[Change, ...] = ()

    @property
    def labelled(self) -> tuple[Posed, ...]:
        """The questions that have a topic: only on these can a bot be right or wrong."""
        return tuple(one for one in self.items if one.topic)


def read_paper(file: str | Path | bytes) -> Paper:
    """Return the questions of a reader's own CSV, with the column 问句, and 话题 and 该怎么办 if he likes.

    ``file`` is its path, or its bytes where a page has taken them up; nothing of it leaves the machine.
    As everywhere in the book it may be as Excel or WPS saved it: UTF-8, UTF-16 with its mark or GB 18030; commas,
    tabs or semicolons; blanks around a cell. What stands in 话题 and 该怎么办 must be of the six topics and of
    回答, 反问, 转人工. Raises ``BadRows`` that lists line, column, value and reason, ``ValueError`` for
    a file that is no table, has other columns, no question or more than ``MOST``.
    """
    if isinstance(file, bytes):
        with TemporaryDirectory() as folder:
            kept = Path(folder) / "问句.csv"
            kept.write_bytes(file)
            return read_paper(kept)
    source = Path(file)
    found, form = _read(source)
    if found.problems:
        raise BadRows("paper", source.name, found.problems)
    if not 0 < len(found.records) <= MOST:
        raise ValueError(
            expected("file", f"1 to {MOST} questions", f"1到{MOST}个问句", len(found.records))
        )
    items = []
    for line, cells in found.records:
        said = {
            FIELDS[place]["name"]: str(cell or "") for place, cell in zip(form, cells, strict=True)
        }
        items.append(Posed(f"第{line}行", said[TEXT], said.get(TOPIC, ""), said.get(NEED, "")))
    return Paper(tuple(items), tuple(found.changes))


def _read(source: Path) -> tuple[Contents, tuple[int, ...]]:
    """Return what a file holds and which columns; raises what the form with all columns raises."""
    wrong: ValueError | None = None
    for form in FORMS:
        try:
            return read(source, {"fields": [FIELDS[place] for place in form]}), form
        except ValueError as error:
            wrong = wrong or error
    raise wrong or ValueError(source.name)


EXAMPLES = (
    (TEXT, TOPIC, NEED),
    ("到哪了", "物流问题", "回答"),
    ("招人吗", "聊天互动", "转人工"),
    ("那个蓝的呢", "", "反问"),
)
TEMPLATE = "".join(",".join(row) + "\n" for row in EXAMPLES)
"""What a reader's own paper looks like; saved as a file it reads back."""


# How the bots do


@dataclass(frozen=True)
class Marks:
    """What one bot made of a paper, as counts.

    ``right`` and ``wrong`` were answered and have a topic; ``passed`` have one and went to a person, though the
    base has the answer; ``bluffed`` should have been asked back or handed over and were answered all the same;
    ``held`` of these were not; ``unknown`` were answered and nobody has said what is right.
    """

    right: int
    wrong: int
    passed: int
    bluffed: int
    held: int
    unknown: int = 0

    @property
    def answered_right(self) -> float:
        """The share with the right topic among answered questions that the base can answer; 0 if none."""
        told = self.right + self.wrong
        return self.right / told if told else 0.0

    @property
    def served(self) -> float:
        """The share of right answers among all that were answered, bluffs among them; 0 if none."""
        told = self.right + self.wrong + self.bluffed
        return self.right / told if told else 0.0

    @property
    def coverage(self) -> float:
        """The share answered of questions that the base can answer; 0 if there are none."""
        every = self.right + self.wrong + self.passed
        return (self.right + self.wrong) / every if every else 0.0

    @property
    def recall(self) -> float:
        """The share not answered of questions that ought not to be; 0 if there are none."""
        every = self.bluffed + self.held
        return self.held / every if every else 0.0


def marks(predictions: Sequence[Prediction], items: Sequence[Posed]) -> Marks:
    """Return what a bot made of a paper; raises ``ValueError`` unless both have the same length."""
    counts = dict.fromkeys(("right", "wrong", "passed", "bluffed", "held", "unknown"), 0)
    for made, item in _paired(predictions, items):
        if item.need in ("反问", "转人工"):
            counts["held" if made.handoff else "bluffed"] += 1
        elif made.handoff:
            counts["passed"] += bool(item.topic)
        elif item.topic:
            counts["right" if made.topic == item.topic else "wrong"] += 1
        else:
            counts["unknown"] += 1
    return Marks(**counts)


def accuracy(predictions: Sequence[Prediction], items: Sequence[Posed]) -> float:
    """Return the share with the right topic, handed over or not, of all that have one; 0 if none has."""
    known = [made.topic == item.topic for made, item in _paired(predictions, items) if item.topic]
    return sum(known) / len(known) if known else 0.0


def _paired(
    predictions: Sequence[Prediction], items: Sequence[Posed]
) -> Iterable[tuple[Prediction, Posed]]:
    if len(predictions) != len(items):
        raise ValueError(expected("predictions", f"{len(items)} predictions", f"{len(items)}个判断",
                                  len(predictions)))  # fmt: skip
    return zip(predictions, items, strict=True)


def sat(bot: Bot, items: Sequence[Posed]) -> tuple[Prediction, ...]:
    """Return what a bot makes of a paper's questions, in their order; raises ``ValueError`` for no question."""
    return evaluate(
        bot,
        [
            LabelledQuestion(one.number, one.text, one.topic, one.manner, "", one.family)
            for one in items
        ],
    ).predictions


def sat_by_all(items: Sequence[Posed]) -> Mapping[str, tuple[Prediction, ...]]:
    """Return what each of the shop's four bots makes of a paper, the bots as they stand."""
    return {generation: sat(shop_bot(generation), items) for generation in GENERATIONS}


@dataclass(frozen=True)
class Bin:
    """Questions on which a bot was about equally sure: how many, how sure, how often right."""

    low: float
    high: float
    count: int
    sure: float
    right: float


def calibration(predictions: Iterable[Prediction], bins: int = 5) -> tuple[Bin, ...]:
    """Return how right a bot is by how sure it is, in ``bins`` (1 or more) equal steps; empty ones left out.

    Give it questions with a topic only; the bot's topic counts, handed over or not.
    """
    steps = count(bins, "bins", least=1)
    kept: dict[int, list[Prediction]] = {}
    for one in predictions:
        kept.setdefault(min(int(one.score * steps), steps - 1), []).append(one)
    return tuple(
        Bin(
            place / steps,
            (place + 1) / steps,
            len(part),
            sum(one.score for one in part) / len(part),
            sum(one.right for one in part) / len(part),
        )
        for place, part in sorted(kept.items())
    )


def miscalibrated(predictions: Sequence[Prediction], bins: int = 5) -> float:
    """Return the mean distance of sure and right, each step by its count (expected calibration error)."""
    found = calibration(predictions, bins)
    every = sum(one.count for one in found)
    return sum(one.count * abs(one.sure - one.right) for one in found) / every if every else 0.0


def brier(predictions: Sequence[Prediction]) -> float:
    """Return the mean square of what lies between sure and right (1 or 0); 0 if there are none.

    Lower is better: a bot that always says 0.5 has 0.25.
    """
    off = [(one.score - one.right) ** 2 for one in predictions]
    return sum(off) / len(off) if off else 0.0


def known(predictions: Sequence[Prediction], items: Sequence[Posed]) -> Report:
    """Return the report on those questions that have a topic and an answer in the base, for intervals by family.

    Raises ``ValueError`` where there are none.
    """
    return Report(
        tuple(made for made, item in _paired(predictions, items)
              if item.topic and item.need not in ("反问", "转人工"))
    )  # fmt: skip
