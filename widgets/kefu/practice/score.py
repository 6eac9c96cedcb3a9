"""What a night was worth: six scores from 0 to 100, the moments that cost most, and rows for pandas.

Each score is a mean over all customers who came to the player and are gone (nobody is left out: who was not
served counts 0). Measured by the chapters' own measures:

- 准: right answers over all questions; of an old conversation the right lines over those of its best way.
- 快: half from the first response, 1 up to `FAST` seconds, falling to 0 at `SLOW`; half the 3-minute rate. Both
  by chapter 03's `desk.service_times`.
- 暖: answers in which `talk.lint` finds none of `COLD`, less a tenth for each 稍等 after the first; of an old
  conversation the items 接住情绪, 给下一步与时间 and 结果 of `talk.Score`.
- 稳: three quarters from how it ended (`ENDS`; `FORGOTTEN` of it where a promise was not noted or money is not
  what was due), one quarter from even first waits (1 − their standard deviation over `SLOW` ÷ 2).
- 省: whether he was served, less what was given away unasked (gifts beyond what was due, wrong answers that give
  something away; at most `MOST` yuan of each customer count) over `BUDGET` yuan a customer.
- 合规: no word that `talk.lint` calls 越权承诺 or 违禁用语 (half a point each) and no money that was not due (all
  of it): nobody at the desk may give it. Of an old conversation its own item.

Whoever got a wrong answer is reckoned as one who has to come again (in this night he does not), however fast,
warm and cheap it was: of his marks but 准 only the share ``WRONG + (1 − WRONG) × 准`` counts. Without this, one who
reads nothing would do as well as one who knows half of the book.
Who was handed over counts `HALF` in 准, 暖, 省 and 合规: a colleague did it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from math import fsum, sqrt

from kefu.amounts import plain
from kefu.kpis import BUYER
from kefu.practice import scenes
from kefu.practice.night import NightCustomer, moment
from kefu.practice.question import NOTHING, Lesson
from kefu.practice.state import (
    AGENT,
    CUSTOMER,
    DONE,
    DROPPED,
    HANDED,
    LEFT,
    OVER,
    NightState,
    Person,
)
from kefu.presales.desk import ServiceTimes, service_times
from kefu.talk import best

SCORES: Mapping[str, str] = {
    "快": "一半看第一声回得快不快，一半看3分钟里回了几成（第03章的五个数）",
    "准": "答对的占所有该答的；没答的算错。答错的，今晚不会回头，账上当他还得再来一趟：他的其余五项只算四分之一",
    "暖": "话里有没有接住人；催了再催的“稍等”每多一次扣一成",
    "稳": "四分之三看有没有办完、答应的记没记，四分之一看大家等得匀不匀",
    "省": "办成的占几成，减去不该给的钱（每位客人3元算满）",
    "合规": "没有越权的承诺、违禁的话，没有自作主张的钱",
}
FAST, SLOW = 60, 600
BUDGET = Decimal(3)
"""Yuan a customer, given away unasked, at which nothing is left of 省."""
MOST = Decimal(10)
"""Yuan given away to one customer that count at most: a night does not hang on a single slip."""
WRONG = 0.25
"""How much of the other marks counts where every answer was wrong."""
HALF = 0.5
COLD = frozenset({"没接情绪", "推责", "没有下一步", "太长"})
LOOSE = frozenset({"越权承诺", "违禁用语"})
ENDS: Mapping[str, float] = {DONE: 1.0, HANDED: 0.8, LEFT: 0.0, DROPPED: 0.0, OVER: 0.0}
FORGOTTEN = 0.4
"""What is left of an end where a promise was not noted, or the money is not what was due."""
QUEUE = Lesson("15", "一、谁来，谁接")
FIRST = Lesson("03", "二、五个窗口，先回谁")
TASKS = Lesson("05", "工单：接过去就能办")
MONEY = Lesson("01", "三要点与四个杜绝")
LATE = Lesson("07", "晚发了，赔多少")


@dataclass(frozen=True)
class CustomerMarks:
    """One customer in marks from 0 to 1 by score; ``over``: yuan given away, of which some are ``counted``.

    ``wait``: his first wait, in seconds.
    """

    person: Person
    marks: Mapping[str, float]
    over: Decimal
    counted: Decimal
    wait: float | None


@dataclass(frozen=True)
class CostlyMoment:
    """What cost points: when, with whom, mostly in which score, how many of the total; what would have been right."""

    at: int
    who: str
    score: str
    lost: float
    what: str
    lesson: Lesson
    right: str = ""


@dataclass(frozen=True)
class SheetRow:
    """A line of the sheet for the morning shift: who, what about him, when that was; ``lost`` points, if any.

    ``kind``: 没办完, 答应过 (noted: the morning shift sees it) or 没记下 (promised, and nobody will know).
    """

    kind: str
    who: str
    what: str
    at: int
    lost: float = 0.0


@dataclass(frozen=True)
class NightReport:
    """A night in figures: the six scores, their mean, the (at most three) things that cost most, and a word.

    ``sheet`` is what is handed to the morning shift, and what was promised and will not reach it.
    """

    scores: Mapping[str, float]
    total: float
    costly: tuple[CostlyMoment, ...]
    counts: Mapping[str, int]
    word: str
    sheet: tuple[SheetRow, ...] = ()


def times(person: Person) -> ServiceTimes:
    """Return a customer's chat in figures (`desk.service_times`)."""
    senders = {CUSTOMER: BUYER, AGENT: "客服"}
    lines = sorted(
        (one for one in person.lines if one.sender in senders and not one.thanks),
        key=lambda one: one.at,
    )
    return service_times([(moment(one.at), senders[one.sender]) for one in lines])


def marks(person: Person) -> CustomerMarks:
    """Return the marks of one who is gone."""
    told = times(person)
    first = told.first_response
    quick = 0.0
    if first is not None:
        prompt = min(max((SLOW - first) / (SLOW - FAST), 0.0), 1.0)
        quick = (prompt + told.three_minute_rate) / 2
    away = fsum(float(one.way.away) for one in person.picks if not one.way.right)
    over = max(person.given - person.due, NOTHING) + Decimal(str(round(away, 2)))
    counted = min(over, MOST)
    if person.how == HANDED and not person.started:
        right = warm = served = fair = HALF
    else:
        right, warm, fair = _talked(person) if person.customer.scene else _answered(person)
        served = 1.0 if person.started else 0.0
    if served:
        warm = max(warm - 0.1 * max(person.holds - 1, 0), 0.0)
        fair = 0.0 if person.given > person.due else fair
    steady = ENDS.get(person.how, 0.0)
    if forgotten(person):
        steady *= FORGOTTEN
    by = {"快": quick, "准": right, "暖": warm, "稳": steady, "省": served, "合规": fair}
    counts = WRONG + (1 - WRONG) * right
    by = {name: mark if name == "准" else mark * counts for name, mark in by.items()}
    return CustomerMarks(person, by, over, counted, first)


def forgotten(person: Person) -> bool:
    """Whether something is lost to others: a promise that nobody knows of, money due or not due."""
    known = person.how == HANDED and not person.lacks
    return bool(person.owes and not known) or person.given != person.due


def _answered(person: Person) -> tuple[float, float, float]:
    """Return the marks 准, 暖 and 合规 of computed questions."""
    many = len(person.customer.questions)
    right = sum(one.way.right for one in person.picks)
    found = [[fault.kind for fault in one.question.faults(one.way)] for one in person.picks]
    warm = sum(not COLD & {*kinds} for kinds in found)
    loose = sum(kind in LOOSE for kinds in found for kind in kinds)
    fair = max(len(found) / many - 0.5 * loose, 0.0)
    return right / many, warm / many, fair


def _talked(person: Person) -> tuple[float, float, float]:
    """Return the marks 准, 暖 and 合规 of an old conversation."""
    talk = person.talk
    assert talk is not None
    if not talk.beats:
        return 0.0, 0.0, 0.0
    whole = max(len(best(talk.scenario)), len(talk.beats))
    items = talk.items
    warm = (items["接住情绪"] + items["给下一步与时间"] + items["结果"]) / 3
    right = sum(bool(one.option and one.option.right) for one in talk.beats)
    part = 1.0 if talk.ending else len(talk.beats) / whole
    return right / whole, warm, items["不乱承诺不违禁"] * part


def report(state: NightState) -> NightReport:
    """Return the scores so far: of all who came, when the night is over; before, of those who are gone."""
    gone = [marks(one) for one in state.people.values() if one.ended is not None]
    counts = state.counts
    if not gone:
        return NightReport(dict.fromkeys(SCORES, 0.0), 0.0, (), counts, "还没有办完一位")
    many = len(gone)
    means = {name: fsum(one.marks[name] for one in gone) / many for name in SCORES}
    over = sum((one.counted for one in gone), NOTHING)
    spent = min(float(over / (BUDGET * many)), 1.0)
    even, served = _even(gone), means["省"]
    means["稳"] = 0.75 * means["稳"] + 0.25 * served * even
    means["省"] = served * (1 - spent)
    scores = {name: round(100 * value, 1) for name, value in means.items()}
    total = round(fsum(means.values()) * 100 / len(SCORES), 1)
    costly = _costly(gone, many)
    sheet = tuple(_sheet(gone, many))
    return NightReport(scores, total, costly, counts, _word(total, gone, sheet), sheet)


KINDS = ("没办完", "答应过", "没记下")


def _sheet(gone: list[CustomerMarks], many: int) -> list[SheetRow]:
    """Return what is handed to the morning shift, and what was promised and nobody noted, with what that costs."""
    found = []
    for one in gone:
        person = one.person
        end = person.ended or 0
        if person.how == OVER:
            found.append(SheetRow(KINDS[0], person.who, f"问“{_asked(person)}”，还没有答", end))
        known = person.how == HANDED and not person.lacks
        lost = [each for each in person.promises if each.noted is None and not known]
        whole = replace(
            person, promises=tuple(replace(each, noted=end) for each in person.promises)
        )
        points = 75 * (marks(whole).marks["稳"] - one.marks["稳"]) / (len(SCORES) * many)
        for each in person.promises:
            share = round(points / len(lost), 2) if each in lost else 0.0
            found.append(
                SheetRow(KINDS[2 if each in lost else 1], person.who, each.said, each.at, share)
            )
    return sorted(found, key=lambda row: (KINDS.index(row.kind), row.at))


def _asked(person: Person) -> str:
    """Return what somebody waits for."""
    question, talk = person.question, person.talk
    if talk and not talk.ending:
        return talk.scenario.turns[talk.at].says
    return question.says if question else person.customer.first


def _even(gone: list[CustomerMarks]) -> float:
    """Return how even the first waits were, 1 to 0."""
    waits = [one.wait for one in gone if one.wait is not None]
    if len(waits) < 2:
        return 1.0 if waits else 0.0
    mean = fsum(waits) / len(waits)
    spread = sqrt(fsum((one - mean) ** 2 for one in waits) / len(waits))
    return max(1 - spread / (SLOW / 2), 0.0)


def _word(total: float, gone: list[CustomerMarks], sheet: tuple[SheetRow, ...]) -> str:
    """Return the closing words: by the points, and by who walked out or has nobody's word for it now."""
    left = [one.person.who for one in gone if one.person.how == LEFT]
    open_ = [one.person.who for one in gone if one.person.how in (DROPPED, OVER)]
    lost = [row for row in sheet if row.kind == KINDS[2]]
    words = [f"{_named(left)}没等到人，走了"] if left else []
    words += [f"{_named(open_)}的事没有办完"] if open_ else []
    words += [f"{len(lost)}件答应过的没有记下"] if lost else []
    levels = ((85, "事办得准，话说得稳"), (70, "能当班了，先改最贵的这几下"), (55, "会的会了，不会的还要回去看"),
              (40, "忙了一夜，事没办成几件"), (0, "客人记住的是没人管"))  # fmt: skip
    word = next(word for least, word in levels if total >= least)
    if words:
        return f"{word}。{'；'.join(words)}。"
    return "这一夜交给你，放心。" if total >= 85 else f"{word}。没有人白等，答应的都有着落。"


MOST_NAMES = 4
LEAST = 0.05
"""Points of the night: what cost less is no slip to be told of, however many have it."""


def _named(who: list[str]) -> str:
    """Return the names of some, and how many they are where they are many."""
    more = f"等{len(who)}位" if len(who) > MOST_NAMES else ""
    return "、".join(who[:MOST_NAMES]) + more


def _costly(gone: list[CustomerMarks], many: int) -> tuple[CostlyMoment, ...]:
    """Return the three things with which most points were lost: the same slip with several is one thing."""
    found: dict[str, list[CostlyMoment]] = {}
    for one in gone:
        lost = {
            name: (1 - value) * (0.75 if name == "稳" else 1) for name, value in one.marks.items()
        }
        lost["省"] += float(one.counted / BUDGET)
        points = 100 * fsum(lost.values()) / (len(SCORES) * many)
        if points < LEAST:
            continue
        gone_unserved = one.person.how in (LEFT, DROPPED, OVER)
        worst = "稳" if gone_unserved else max(lost, key=lambda name: lost[name])
        same, at, what, right, lesson = _reason(one)
        moment = CostlyMoment(at, one.person.who, worst, points, what, lesson, right)
        found.setdefault(same, []).append(moment)
    every = [_together(each) for each in found.values()]
    worst_first = sorted(every, key=lambda one: (-one.lost, one.at, one.who))
    return tuple(worst_first[:3])


def _together(same: list[CostlyMoment]) -> CostlyMoment:
    """Return what happened several times as one thing: the dearest of them, with whom else, and all it cost."""
    first = max(same, key=lambda one: (one.lost, -one.at))
    others = [one.who for one in sorted(same, key=lambda one: one.at) if one is not first]
    more = f"。同样的还有{_named(others)}" if others else ""
    return replace(first, lost=round(fsum(one.lost for one in same), 2), what=first.what + more)


def _reason(one: CustomerMarks) -> tuple[str, int, str, str, Lesson]:
    """Return of the chief reason why somebody cost points: what is alike, when, what was done, what is right, where."""
    person = one.person
    end = person.ended or 0
    if person.how == LEFT and person.taken is None:
        waited = _minutes(end - person.customer.at)
        return ("队里走了", end, f"{person.who}在队里等了{waited}，没有人接，走了",
                "手上有空位先接进来，应一声；五个都满，先结束办完的", QUEUE)  # fmt: skip
    if person.how == LEFT:
        return ("窗口里走了", end, f"{person.who}在窗口里等不到下一句，走了",
                "窗口里没应过、等得最久的先回；来不及答，先说几分钟内回", FIRST)  # fmt: skip
    if person.how == OVER:
        return (
            "下班未结",
            end,
            f"下班了，{person.who}的事还没有办完",
            "一点以前接不住的，转青禾，话带齐",
            FIRST,
        )
    if person.how == DROPPED:
        return (
            "没办完就关",
            end,
            f"{person.who}问的还没答，窗口就关了",
            "答完、记好，再结束",
            FIRST,
        )
    if person.given > person.due:
        away = plain(person.given - person.due)
        should = f"照规则是{plain(person.due)}元" if person.due else "规则里没有这笔钱，讲清楚就行"
        return "不该给的", end, f"给了{person.who}{away}元不该给的", should, MONEY
    for pick in person.picks:
        question = pick.question
        faults = question.faults(pick.way)
        if not pick.way.right:
            what = f"{person.who}问{question.kind}，你答“{pick.way.text}”：{pick.way.slip}{_gave(pick.way.away)}"
            return question.kind, pick.at, what, question.matter, question.lesson
        if faults:
            what = f"对{person.who}说“{faults[0].words or pick.way.text}”：{faults[0].why}"
            return faults[0].kind, pick.at, what, question.matter, question.lesson
    talk = person.talk
    if talk:
        for at, beat in zip(person.times, talk.beats, strict=True):
            if beat.option and not beat.option.right:
                what = f"{person.who}（{person.customer.scene}），你说“{beat.option.say}”：{beat.option.why}"
                best_line = talk.scenario.turns[beat.turn].right.say
                return person.who, at, what, best_line, lesson(person.customer)
    if person.given < person.due:
        short = plain(person.due - person.given)
        return (
            "该赔没给",
            end,
            f"该赔{person.who}的{short}元没有给",
            "答完就点“补钱”，给照规则算出来的数",
            LATE,
        )
    if forgotten(person):
        return ("没记待办", end, f"答应{person.who}的“{person.owes}”没有记待办",
                "话一出口就记：什么事、几点前", TASKS)  # fmt: skip
    if person.how == HANDED:
        right = (
            f"一张条子带齐：少了{'、'.join(person.lacks)}"
            if person.lacks
            else "自己手上有空，就自己答完"
        )
        return "转了青禾", end, f"{person.who}转给了青禾，又等了一程", right, FIRST
    waited = _minutes(one.wait or 0)
    return (
        "首响慢",
        person.customer.at,
        f"{person.who}第一声等了{waited}",
        "接进来先应一声，一分钟以内",
        FIRST,
    )


def _gave(away: Decimal) -> str:
    return f"（多给出{away.normalize():f}元）" if away else ""


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}分钟"


def lesson(customer: NightCustomer) -> Lesson:
    """Return the section that a customer's first question is from."""
    return customer.questions[0].lesson if customer.questions else scenes.lesson(customer.scene)


def rows(state: NightState) -> list[dict[str, object]]:
    """Return a row for each who came: seconds of the night, None where it did not happen."""
    found: list[dict[str, object]] = []
    for one in state.people.values():
        told = times(one)
        talk = one.talk
        asked = (
            len(one.customer.questions)
            if talk is None
            else max(len(best(talk.scenario)), len(talk.beats))
        )
        right = (sum(p.way.right for p in one.picks) if talk is None
                 else sum(bool(b.option and b.option.right) for b in talk.beats))  # fmt: skip
        answers = [p.at for p in one.picks] + list(one.times)
        found.append(
            {
                "who": one.who, "channel": one.customer.channel, "chapter": one.customer.chapter,
                "arrived": one.customer.at, "taken": one.taken, "first_response": told.first_response,
                "average_response": told.average_response, "answers": len(answers),
                "last_answer": max(answers, default=None),
                "ended": one.ended, "how": one.how, "left": one.how == LEFT,
                "waited": (one.ended if one.taken is None and one.ended is not None else one.taken or state.now)
                - one.customer.at,
                "questions": asked, "right": right, "given": float(one.given),
            }
        )  # fmt: skip
    return found


def queue_rows(state: NightState) -> list[dict[str, int]]:
    """Return for each minute how many waited in the queue, and how many were in the player's windows."""
    spans = [(p.customer.at, p.taken, p.ended) for p in state.people.values()]
    found = []
    for minute in range(state.now // 60 + 1):
        now = 60 * minute
        queue = sum(
            come
            <= now
            < (taken if taken is not None else ended if ended is not None else state.now + 1)
            for come, taken, ended in spans
        )
        held = sum(
            taken is not None and taken <= now < (ended if ended is not None else state.now + 1)
            for _, taken, ended in spans
        )
        found.append({"minute": minute, "queue": queue, "windows": held})
    return found
