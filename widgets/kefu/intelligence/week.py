"""A week in which a robot is looked after: three changes a day, new questions every night, one score.

The morning shows what the nights' questions came to. A change adds an entry that was lacking, adds ways to ask
to an entry that is there, or moves the threshold below which a person takes over. The questions are
training questions of the table questions, drawn by lot once and for all; the answers that are lacking and the
score are this book's (本书约定): a wrong answer costs two, because somebody has to make it good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal, NamedTuple, get_args

from kefu import data
from kefu.amounts import count, one_of
from kefu.errors import need
from kefu.intelligence.knowledge import OWNERS, KnowledgeBase, KnowledgeEntry

NightOutcome = Literal["答对", "答错", "转人工"]
OUTCOMES: tuple[NightOutcome, ...] = get_args(NightOutcome)
POINTS: Mapping[NightOutcome, int] = {"答对": 1, "答错": -2, "转人工": 0}
NIGHTS = 7
EDITS = 3
"""Changes a day."""
KNOWN, LACKING, STRANGE = 10, 6, 4
"""Questions of a night: to entries of the base, to what it lacks, and to neither, which come but once."""
ENTRIES: Mapping[str, str] = {
    "K206": "运费",
    "K205": "几天到",
    "K216": "七天无理由",
    "K217": "怎么退货",
    "K219": "退款到账",
    "K196": "发票",
    "K179": "领优惠券",
    "K191": "付款方式",
}
"""The entries with which the week begins, and what the morning's list calls them."""
OPENED, REVIEW = date(2026, 3, 5), date(2026, 9, 1)
LACKS: Mapping[str, tuple[str, str, str]] = {
    "寄海外": (
        "物流问题",
        "能寄到国外吗？",
        "亲，我们不直接发往海外，可以寄到您在国内的转运仓，转运费由您付给转运公司。",
    ),
    "快递柜": (
        "物流问题",
        "能送上楼吗？能不放快递柜吗？",
        "亲，我给您备注；能不能送上门要看当地网点，小哥来电时也请跟他说一声。",
    ),
    "定制刻字": (
        "商品问题",
        "可以定制、刻字吗？",
        "亲，目前不接定制和刻字，以后开了会写在商品页上。",
    ),
    "学生优惠": (
        "活动优惠",
        "有学生价吗？",
        "亲，目前没有学生、教师专享价，店铺券人人能领，先领券更划算。",
    ),
    "专用发票": (
        "购买操作",
        "能开专用发票吗？",
        "亲，要专用发票请把公司抬头和税号发来，财务确认能开再回复您。",
    ),
}
"""What the base lacks at first: topic, standard question, and the answer that 小满 found out."""
LOW, HIGH, STEP, START = 20, 80, 5, 40
"""The threshold in hundredths of a cosine: least, most, a change, and where it begins."""


class NightQuestion(NamedTuple):
    """A question of a night, and its meaning: an entry's number, the name of what is lacking, or 别的."""

    text: str
    meaning: str


class NightAnswer(NamedTuple):
    """What a question came to: the entry that was given (empty: a person's turn), its cosine, the outcome."""

    asked: NightQuestion
    given: str
    cosine: float
    outcome: NightOutcome


@dataclass(frozen=True)
class Night:
    """What the questions of a night came to."""

    answers: tuple[NightAnswer, ...]

    def count(self, outcome: NightOutcome) -> int:
        """Return how many came to this."""
        return sum(one.outcome == outcome for one in self.answers)

    @property
    def score(self) -> int:
        """The points of the night."""
        return sum(POINTS[one.outcome] for one in self.answers)

    def troubles(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return what was missed or wrong by meaning with the questions, the most first; without 别的."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one in self.answers:
            if one.outcome != "答对" and one.asked.meaning != "别的":
                found[one.asked.meaning].append(one.asked.text)
        ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return tuple((meaning, tuple(texts)) for meaning, texts in ranked)


@dataclass(frozen=True)
class Week:
    """Where a week stands: the nights so far (the first was before it), the base, the threshold, changes left today.

    ``fresh`` are the changes made today, in words.
    """

    nights: tuple[Night, ...]
    base: KnowledgeBase
    threshold: int
    left: int
    fresh: tuple[str, ...]

    @property
    def day(self) -> int:
        """The day, from 1; ``NIGHTS`` + 1 when the week is over."""
        return len(self.nights)

    @property
    def over(self) -> bool:
        """Whether the seven nights are past."""
        return self.day > NIGHTS

    def waiting(self) -> dict[str, tuple[str, ...]]:
        """Return by meaning the questions so far that were missed or wrong and that no entry has yet."""
        known = {asked for entry in self.base.entries for asked in entry.asked}
        found: defaultdict[str, list[str]] = defaultdict(list)
        for night in reversed(self.nights):
            for meaning, texts in night.troubles():
                found[meaning] += [text for text in texts if text not in known]
        ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        return {meaning: tuple(texts) for meaning, texts in ranked if texts}

    @property
    def score(self) -> int:
        """The points of the nights of the week, the one before it not counted."""
        return sum(night.score for night in self.nights[1:])


@data.cached
def first_base() -> KnowledgeBase:
    """Return the base with which the week begins: standard questions alone, nobody has added other ways to ask."""
    rows = {row["entry_id"]: row for row in data.rows("knowledge")}
    return KnowledgeBase(
        tuple(
            KnowledgeEntry(number, rows[number]["topic"], rows[number]["question"], rows[number]["answer"],
                  OWNERS[rows[number]["topic"]], OPENED, REVIEW)
            for number in ENTRIES
        )
    )  # fmt: skip


@data.cached
def questions(night: int) -> tuple[NightQuestion, ...]:
    """Return the questions of a night from 0, the one before the week, to `NIGHTS`: never one twice."""
    need("night", 0 <= count(night, "night") <= NIGHTS, f"0 to {NIGHTS}", f"0到{NIGHTS}", night)
    pools: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in data.rows("questions"):
        if row["split"] != "训练" or row["style"] == "多意图":
            continue
        name = row["family"].rpartition("-")[0]
        if row["entry_id"] in ENTRIES:
            pools["known"][row["text"]] = row["entry_id"]
        elif name in LACKS:
            pools["lacking"][row["text"]] = name
        elif row["topic"] != "聊天互动":
            pools["strange"][row["text"]] = "别的"
    found: list[NightQuestion] = []
    for pool, many in (("known", KNOWN), ("lacking", LACKING), ("strange", STRANGE)):
        texts = sorted(pools[pool])
        Random(f"14/{pool}").shuffle(texts)
        found += [
            NightQuestion(text, pools[pool][text])
            for text in texts[night * many : (night + 1) * many]
        ]
    Random(f"14/{night}").shuffle(found)
    return tuple(found)


def asleep(base: KnowledgeBase, threshold: int, night: int) -> Night:
    """Return what the questions of a night come to with a base and a threshold in hundredths."""
    answers = []
    for asked in questions(night):
        found = base.reply(asked.text, threshold / 100)
        given = found.entry.entry_id if found else ""
        outcome: NightOutcome = (
            "转人工" if not found else "答对" if given == asked.meaning else "答错"
        )
        best = found or next(iter(base.find(asked.text, 1)), None)
        answers.append(NightAnswer(asked, given, best.cosine if best else 0.0, outcome))
    return Night(tuple(answers))


# Changes, as text: what a reader's week is kept in

SLEEP = "/"


def called(meaning: str) -> str:
    """Return what the morning's list calls a meaning.

    >>> called("K206"), called("寄海外")
    ('运费', '寄海外')
    """
    return ENTRIES.get(meaning, meaning)


def play(moves: str = "") -> Week:
    """Return where a week stands after some moves, apart by blanks.

    ``补寄海外`` adds the entry that was lacking, with the ways to ask it so far; ``加K206`` adds those that were
    missed or wrong to an entry; ``+`` and ``-`` move the threshold; ``/`` ends the day. Raises ``ValueError``
    for a move that cannot be made, and names it.

    >>> week = play("补寄海外 - /")
    >>> week.day, week.threshold, len(week.base)
    (2, 35, 9)
    """
    made = tuple(moves.split())
    most = NIGHTS * (EDITS + 1)
    need("moves", len(made) <= most, f"at most {most} moves", f"不超过{most}步", len(made))
    return _kept(made)


@data.cached
def _kept(moves: tuple[str, ...]) -> Week:
    if not moves:
        base = first_base()
        return Week((asleep(base, START, 0),), base, START, EDITS, ())
    return _moved(_kept(moves[:-1]), moves[-1])


def _moved(week: Week, move: str) -> Week:
    need("moves", not week.over, "no move after the last night", "七夜过完就不能再改", move)
    if move == SLEEP:
        night = asleep(week.base, week.threshold, week.day)
        return Week((*week.nights, night), week.base, week.threshold, EDITS, ())
    need("moves", week.left, f"{EDITS} changes a day", f"一天{EDITS}处", move)
    troubles = week.waiting()
    base, threshold, kind, meaning = week.base, week.threshold, move[:1], move[1:]
    if move in ("+", "-"):
        threshold += STEP if move == "+" else -STEP
        need("moves", LOW <= threshold <= HIGH, f"{LOW} to {HIGH}", f"{LOW}到{HIGH}的线", threshold)
        told = f"线移到{threshold / 100:.2f}"
    elif kind == "补":
        topic, question, answer = LACKS[one_of(meaning, "moves", LACKS)]
        base = base.add(
            KnowledgeEntry(meaning, topic, question, answer, OWNERS[topic], OPENED, REVIEW)
        )
        base = base.ask_also(meaning, *troubles.get(meaning, ()))
        told = f"补了“{meaning}”一条"
    else:
        need("moves", kind == "加" and meaning in {one.entry_id for one in base.entries},
             "补…, 加…, +, - or /", "补…、加…、+、-或/", move)  # fmt: skip
        need(
            "moves",
            meaning in troubles,
            "an entry with missed questions",
            "有没答好的问句的条目",
            move,
        )
        base = base.ask_also(meaning, *troubles[meaning])
        told = f"给“{called(meaning)}”加了{len(troubles[meaning])}种问法"
    return Week(week.nights, base, threshold, week.left - 1, (*week.fresh, told))


def suggested(week: Week) -> tuple[str, ...]:
    """Return the changes that the nights so far ask for, what was missed most first."""
    has = {entry.entry_id for entry in week.base.entries}
    return tuple(f"{'加' if meaning in has else '补'}{meaning}" for meaning in week.waiting())


def diligent(nights: int = NIGHTS) -> str:
    """Return the moves of one who each day makes the first three changes that are asked for, and no other."""
    moves: list[str] = []
    for _ in range(nights):
        for _ in range(EDITS):
            wanted = suggested(play(" ".join(moves)))
            if wanted:
                moves.append(wanted[0])
        moves.append(SLEEP)
    return " ".join(moves)


# The fluent one


@dataclass(frozen=True)
class FluentClaim:
    """What a fluent writer says to a question that an entry answers; what it got wrong, if anything."""

    question: str
    entry_id: str
    said: str
    fault: str
    why: str


CLAIMS = (
    FluentClaim(
        "退款几天到？",
        "K219",
        "亲，仓库签收退货后24小时内退款，原路退回，银行卡1到3个工作日到账。",
        "数字",
        "原文是48小时，它写成24小时",
    ),
    FluentClaim(
        "七天无理由怎么算？",
        "K216",
        "亲，支持七天无理由，从签收第二天算起，吊牌和包装齐全、不影响再卖就可以退。",
        "",
        "没有说全，但每一句都有出处",
    ),
    FluentClaim(
        "新疆包邮吗？",
        "K206",
        "亲，满88元包邮，新疆、西藏和港澳台也参加，放心拍。",
        "反了",
        "原文是“不参加”，它把“不”丢了",
    ),
    FluentClaim(
        "退货运费谁出？",
        "K216",
        "亲，支持七天无理由，退回的运费由我们承担，有运费险按险赔。",
        "换人",
        "原文是“由您承担”，出钱的人换了",
    ),
    FluentClaim(
        "优惠券在哪领？",
        "K179",
        "亲，在店铺首页和商品页的“领券”处领，结算时自动用最划算的一张。",
        "",
        "句句有出处",
    ),
    FluentClaim(
        "可以开发票吗？",
        "K196",
        "亲，可以开电子普通发票，开好后再送您一张20元无门槛券。",
        "许诺",
        "送券是它编的，知识库里没有",
    ),
    FluentClaim(
        "几天能到？",
        "K205",
        "亲，付款后24小时内上传运单号，48小时内发货，星期天仓库休息。",
        "文不对题",
        "这是发货的那一条，他问的是几天到",
    ),
)
"""One for each day: five faults of five kinds, and two that are sound."""
FAULTS = ("数字", "反了", "换人", "许诺", "文不对题")


def caught(marks: str) -> tuple[bool, ...]:
    """Return which of the marks are right, one for each day so far: 信 (it is sound) or 抓 (it invents).

    >>> caught("抓抓")
    (True, False)
    """
    need("marks", set(marks) <= set("信抓") and len(marks) <= len(CLAIMS), "at most seven marks of two kinds",
         "至多七个信或抓", marks)  # fmt: skip
    return tuple(
        (mark == "抓") == bool(claim.fault) for mark, claim in zip(marks, CLAIMS, strict=False)
    )
