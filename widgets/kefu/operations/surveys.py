"""Questionnaires: answers coded, how many are needed, how far off a number may be, what faults do.

How many answers a share needs is `kefu.stats.sample_size`; `krejcie_morgan` rounds as the printed table
of 1970 does, to the nearest, where ours rounds up so that the margin is kept. `survey_outcome` is this book's
teaching model: its effects of faults are assumptions, told in `FAULTS`, and no measurement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod, sqrt
from statistics import fmean, variance
from typing import Literal

from kefu.amounts import count, one_of
from kefu.errors import expected, need
from kefu.stats import sample_size as sample_size
from kefu.stats import standard_errors

# Answers into codes


@dataclass(frozen=True)
class SurveyQuestion:
    """A question with its code, such as Q1, and the options, whose codes are A, B, C in their order.

    With ``other`` there is 其他 besides, code Z, whose words are kept; ``""`` is the code of no answer.
    """

    code: str
    text: str
    options: tuple[str, ...]
    other: bool = False

    def __post_init__(self) -> None:
        need("options", 2 <= len(set(self.options)) == len(self.options) <= 25,
             "2 to 25 different options", "2到25个不重复的选项", self.options)  # fmt: skip

    def codes(self) -> dict[str, str]:
        """Return the code of each option."""
        return {option: chr(ord("A") + place) for place, option in enumerate(self.options)}


OTHER = "Z"


@dataclass(frozen=True)
class Coded:
    """One sheet in codes by the code of each question, and the words of 其他, kept beside."""

    codes: Mapping[str, str]
    words: Mapping[str, str]


def code_answers(sheet: Mapping[str, str], questions: Sequence[SurveyQuestion]) -> Coded:
    """Return a filled-in sheet, question text to answer text, with both turned into codes.

    An empty or missing answer is coded ``""`` and stays no answer. Raises ``ValueError`` for an answer
    that is no option where 其他 is not offered, for a question that is not in the book of codes, and for
    two questions of one code.

    >>> book = [SurveyQuestion("Q1", "从哪里知道我们", ("搜索", "直播", "朋友"), other=True)]
    >>> code_answers({"从哪里知道我们": "直播"}, book).codes
    {'Q1': 'B'}
    >>> code_answers({"从哪里知道我们": "小区的海报"}, book)
    Coded(codes={'Q1': 'Z'}, words={'Q1': '小区的海报'})
    """
    known = {question.text: question for question in questions}
    numbers = [question.code for question in questions]
    need("questions", len(set(numbers)) == len(numbers) == len(known),
         "a code and a text of its own for each", "每题一个、不重复的代号与题面", numbers)  # fmt: skip
    for text in sheet:
        one_of(text, "sheet", known)
    codes, words = {}, {}
    for question in questions:
        answer = sheet.get(question.text, "").strip()
        code = "" if not answer else question.codes().get(answer, OTHER)
        if code == OTHER:
            if not question.other:
                one_of(answer, question.code, question.options)
            words[question.code] = answer
        codes[question.code] = code
    return Coded(codes, words)


def decoded(coded: Coded, questions: Sequence[SurveyQuestion]) -> dict[str, str]:
    """Return a coded sheet in words again: what `code_answers` was given, without stray blanks."""
    sheet = {}
    for question in questions:
        options = {code: option for option, code in question.codes().items()} | {"": ""}
        code = coded.codes[question.code]
        sheet[question.text] = coded.words[question.code] if code == OTHER else options[code]
    return sheet


# How many, how exact


def krejcie_morgan(population: int) -> int:
    """Return the sample size of Krejcie and Morgan's table (1970): 95 %, 5 points, a share of a half.

    The table rounds to the nearest whole number and takes χ² = 3.841. Its printed 384 for 100,000 is 383 by
    its own formula.

    >>> [krejcie_morgan(n) for n in (100, 200, 500, 1000, 2000, 5000, 10000)]
    [80, 132, 217, 278, 322, 357, 370]
    """
    everybody = count(population, "population", least=1)
    chi = 3.841 / 4
    return round(chi * everybody / (0.05**2 * (everybody - 1) + chi))


def margin(share: float, answers: int, confidence: float = 0.95) -> float:
    """Return by how much a share of so many answers may be off, either way: 0.05 is 5 points.

    >>> round(margin(0.5, 385), 3)
    0.05
    """
    need("share", 0 <= share <= 1, "a share from 0 to 1", "0到1的比例", share)
    return standard_errors(confidence) * sqrt(
        share * (1 - share) / count(answers, "answers", least=1)
    )


@dataclass(frozen=True)
class Nps:
    """A net promoter score and its margin, in points: from ``score − margin`` to ``score + margin``."""

    score: float
    margin: float


def nps_margin(promoters: int, passives: int, detractors: int, confidence: float = 0.95) -> Nps:
    """Return the net promoter score of so many answers, with its margin.

    One answer counts 1, 0 or −1, so that its variance is p + d − (p − d)². Raises ``ValueError`` where
    nobody answered.

    >>> nps = nps_margin(50, 30, 20)
    >>> nps.score, round(nps.margin, 1)
    (30.0, 15.3)
    """
    counts = [
        count(value, name)
        for value, name in (
            (promoters, "promoters"), (passives, "passives"), (detractors, "detractors"),
        )
    ]  # fmt: skip
    n = sum(counts)
    need("promoters", n, "at least one answer in all", "合起来至少一份回答", counts)
    p, d = promoters / n, detractors / n
    spread = max(p + d - (p - d) ** 2, 0.0)  # all of one kind: float dust below 0
    return Nps(100 * (p - d), 100 * standard_errors(confidence) * sqrt(spread / n))


def bounds(content: int, answered: int, sent: int) -> tuple[float, float]:
    """Return the share that is content among all who were sent a sheet: at worst, at best.

    At worst none of those who did not answer is, at best all are. No sample, however large, narrows
    this; only answers do. Raises ``ValueError`` where more are content than answered, or answered than
    sent. Source: Manski (1989), bounds without assumptions.

    >>> [round(share, 3) for share in bounds(428, 471, 871)]
    [0.491, 0.951]
    """
    everybody = count(sent, "sent", least=1)
    back = count(answered, "answered")
    need("answered", back <= everybody, f"at most {everybody}", f"不超过{everybody}的数", answered)
    good = count(content, "content")
    need("content", good <= back, f"at most {back}", f"不超过{back}的数", content)
    return good / everybody, (good + everybody - back) / everybody


def cronbach_alpha(
    sheets: Iterable[Sequence[float | None]], missing: Literal["listwise", "pairwise"] = "listwise"
) -> float:
    """Return Cronbach's alpha (1951): how far several questions measure one thing, at most 1.

    Each sheet holds its answers in one order of questions, ``None`` where one was left out. ``listwise``
    takes whole sheets only; ``pairwise`` takes each variance and covariance from all sheets that have
    it. Raises ``ValueError`` for fewer than two questions or whole sheets, and where all sheets agree.

    >>> round(cronbach_alpha([(4, 5), (2, 2), (5, 4), (1, 2)]), 3)
    0.911
    """
    one_of(missing, "missing", ("listwise", "pairwise"))
    rows = [tuple(sheet) for sheet in sheets]
    items = len(rows[0]) if rows else 0
    need("sheets", items >= 2 and all(len(row) == items for row in rows),
         "sheets of the same two questions or more", "题数相同、至少两题的答卷", rows)  # fmt: skip
    if missing == "listwise":
        rows = [row for row in rows if None not in row]
    alone = sum(_covariance(rows, item, item) for item in range(items))
    total = alone + 2 * sum(
        _covariance(rows, one, other) for one in range(items) for other in range(one)
    )
    if total <= 0:
        raise ValueError(expected("sheets", "answers that differ", "有差别的回答", rows))
    return items / (items - 1) * (1 - alone / total)


def _covariance(rows: Sequence[Sequence[float | None]], one: int, other: int) -> float:
    """Return the covariance of two questions over the sheets that answer both."""
    both = [(a, b) for row in rows if (a := row[one]) is not None and (b := row[other]) is not None]
    need("sheets", len(both) >= 2, "at least two sheets with an answer", "至少两份答了的", rows)
    if one == other:
        return float(variance(a for a, _ in both))
    first, second = (fmean(column) for column in zip(*both, strict=True))
    return sum((a - first) * (b - second) for a, b in both) / (len(both) - 1)


# What faults of questions do

Flaw = Literal["一题两问", "行话", "诱导", "选项打架", "敏感放最前", "多余"]


@dataclass(frozen=True)
class Effect:
    """What a fault does, as this book assumes.

    Factors on how many reply and how many sheets are valid, and by how much it moves the answers,
    as a share of 1.
    """

    reply: float = 1.0
    valid: float = 1.0
    shift: float = 0.0


FAULTS: dict[Flaw, Effect] = {
    "一题两问": Effect(valid=0.90, shift=0.03),
    "行话": Effect(reply=0.95, valid=0.85),
    "诱导": Effect(shift=0.12),
    "选项打架": Effect(valid=0.80),
    "敏感放最前": Effect(reply=0.70, valid=0.95),
    "多余": Effect(reply=0.85),
}
"""The six faults. Only two of them move the answers; a leading question keeps everybody answering."""


@dataclass(frozen=True)
class SurveyOutcome:
    """What comes back: shares of replies and of valid sheets, how many are valid, and what they say.

    ``said`` is the share that the sheets will show on average, the ``truth`` moved by the faults;
    ``margin`` how far chance may take it from there, either way.
    """

    reply: float
    valid: float
    answers: int
    truth: float
    said: float
    margin: float

    @property
    def bias(self) -> float:
        """By how much the sheets are wrong however many there are."""
        return self.said - self.truth

    @property
    def holds_truth(self) -> bool:
        """Whether the truth lies within the margin."""
        return abs(self.bias) <= self.margin


def survey_outcome(
    sent: int,
    faults: Collection[Flaw],
    truth: float = 0.70,
    reply: float = 0.60,
    valid: float = 0.95,
) -> SurveyOutcome:
    """Return what ``sent`` questionnaires with these ``faults`` bring, by the assumptions of `FAULTS`.

    ``truth`` is the share that is content in truth; ``reply`` and ``valid`` are what a faultless sheet
    reaches. Raises ``ValueError`` where no valid sheet would come back.

    >>> good, bad = survey_outcome(300, []), survey_outcome(300, ["诱导"])
    >>> good.answers == bad.answers, round(bad.bias, 2), bad.holds_truth
    (True, 0.12, False)
    """
    found = [FAULTS[one_of(fault, "faults", FAULTS)] for fault in dict.fromkeys(faults)]
    reply *= prod(effect.reply for effect in found)
    valid *= prod(effect.valid for effect in found)
    answers = round(count(sent, "sent", least=1) * reply * valid)
    need("sent", answers, "enough for a valid sheet", "够收回一份有效问卷的份数", sent)
    said = min(max(truth + sum(effect.shift for effect in found), 0.0), 1.0)
    return SurveyOutcome(reply, valid, answers, truth, said, margin(said, answers))
