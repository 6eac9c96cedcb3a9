"""Disputes: the five steps with their time boxes, how a customer's anger goes, and what a judge sees.

A `Ticket` is a dispute that is followed to its end: whoever says nothing, it moves on, and all that
happened stays in its log. `heat` is a teaching model of anger: its numbers are this book's and were
measured on nobody. `judge` rules on a claim by the evidence handed in and by nothing else.
Time boxes, holders and how firm a proof is are this book's convention (本书约定).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from kefu.amounts import one_of, set_fields
from kefu.clock import in_shanghai
from kefu.errors import expected, need, need_text
from kefu.rules import Rule, rule

# The ticket: five steps, each with its holder and its time box

TicketStep = Literal["倾听", "分析", "解决", "记录", "跟踪", "结案"]
Holder = Literal["客服", "主管", "平台"]
Place = tuple[TicketStep, Holder]

STEPS: tuple[TicketStep, ...] = ("倾听", "分析", "解决", "记录", "跟踪")
TALKING: tuple[TicketStep, ...] = STEPS[:3]
"""The steps in which the customer is still waiting for an offer."""
BOXES: dict[TicketStep, timedelta] = {
    "倾听": timedelta(minutes=15),
    "分析": timedelta(minutes=2),
    "解决": timedelta(hours=24),
    "记录": timedelta(hours=8),
    "跟踪": timedelta(days=3),
}
"""How long each step may take with an agent or a supervisor."""
RULING = timedelta(days=3)
"""How long the platform takes, once it steps in."""
LATE = "超时"


def _moves() -> dict[Place, dict[str, Place]]:
    """Return what may happen at each place, and where it leads."""
    found: dict[Place, dict[str, Place]] = {}
    for holder in ("客服", "主管"):
        up: Holder = "主管" if holder == "客服" else "平台"
        found["倾听", holder] = {"听完复述": ("分析", holder)}
        found["分析", holder] = {"找到起因": ("解决", holder), "客人说不对": ("倾听", holder)}
        found["解决", holder] = {"客人同意": ("记录", holder), "谈不拢": ("解决", up)}
        for step in TALKING:
            above: Place = (step, "主管") if holder == "客服" else ("解决", "平台")
            found[step, holder] |= {LATE: above, "客人申请介入": ("解决", "平台")}
            if holder == "客服":
                found[step, holder]["请主管"] = (step, "主管")
        found["记录", holder] = {"记全": ("跟踪", holder), LATE: ("跟踪", "主管")}
        found["跟踪", holder] = {"查过办妥": ("结案", holder), "没有办妥": ("倾听", "主管")}
    found["记录", "客服"][LATE] = ("记录", "主管")
    found["跟踪", "客服"][LATE] = ("跟踪", "主管")
    found["跟踪", "主管"][LATE] = ("结案", "主管")
    ruled: Place = ("记录", "主管")
    found["解决", "平台"] = {"平台判定": ruled, "双方和解": ruled, "买家撤回": ruled, LATE: ruled}
    return found


MOVES: Mapping[Place, Mapping[str, Place]] = _moves()
"""What may happen at each step with each holder, and where it leads; a closed ticket has no moves."""


@dataclass(frozen=True)
class Entry:
    """One line of a ticket's log: when, what happened, and the step and holder that it led to."""

    at: datetime
    event: str
    step: TicketStep
    holder: Holder
    note: str = ""


@dataclass(frozen=True)
class Record:
    """What step four writes down in full: the cause, whose responsibility, and the plan."""

    cause: str
    fault: str
    plan: str

    def __post_init__(self) -> None:
        set_fields(
            self, **{name: need_text(name, getattr(self, name)) for name in ("cause", "fault", "plan")}
        )  # fmt: skip


UNWRITTEN = Record("没有人写", "没有人写", "没有人写")
"""What stands in a ticket whose time for writing ran out twice: the gap can be seen."""


@dataclass(frozen=True)
class Ticket:
    """A dispute on its way: where it stands, with whom, and the log that holds all of it.

    Made by `Ticket.open` and moved by `after`; the last entry of the log says where it stands.
    """

    order: str
    log: tuple[Entry, ...]
    record: Record | None = None

    @classmethod
    def open(cls, order: str, at: datetime, complaint: str = "") -> Ticket:
        """Return a new ticket: an agent listens. Raises ``ValueError`` for no order, a moment without zone.

        >>> from kefu.clock import SHANGHAI
        >>> ten = datetime(2026, 1, 6, 10, tzinfo=SHANGHAI)
        >>> ticket = Ticket.open("NX25122000001", ten, "说好昨天中午回我")
        >>> ticket.step, ticket.holder, ticket.due.isoformat(timespec="minutes")
        ('倾听', '客服', '2026-01-06T10:15+08:00')
        """
        first = Entry(in_shanghai(at, "at"), "受理", "倾听", "客服", complaint)
        return cls(need_text("order", order), (first,))

    @property
    def step(self) -> TicketStep:
        """The step at which the ticket stands."""
        return self.log[-1].step

    @property
    def holder(self) -> Holder:
        """Who has it in hand; of a closed ticket, who closed it."""
        return self.log[-1].holder

    @property
    def closed(self) -> bool:
        """Whether it has come to its end."""
        return self.step == "结案"

    @property
    def checked(self) -> bool:
        """Whether it was closed because somebody looked and all was done, not because time ran out."""
        return self.closed and self.log[-1].event == "查过办妥"

    @property
    def due(self) -> datetime | None:
        """Until when its step may take, that moment included; ``None`` once it is closed."""
        if self.closed:
            return None
        box = RULING if self.holder == "平台" else BOXES[self.step]
        return self.log[-1].at + box

    @property
    def events(self) -> tuple[str, ...]:
        """What may happen now, besides that time runs out."""
        return tuple(event for event in self._moves() if event != LATE)

    def _moves(self) -> Mapping[str, Place]:
        return MOVES.get((self.step, self.holder), {})

    def after(
        self, event: str, at: datetime, note: str = "", record: Record | None = None
    ) -> Ticket:
        """Return the ticket after an event; time boxes that ran out before it have had their effect.

        ``记全`` takes the ``record``. Raises ``ValueError`` for an event that cannot happen where the
        ticket then stands, a moment before its last entry, a missing or needless record.
        """
        now = self.by(at)
        at = in_shanghai(at, "at")
        choices = "、".join(now.events) or "（已结案）"
        need("event", event in now.events, f"one of {choices}", f"{choices}之一", event)
        wants = event == "记全"
        need("record", (record is not None) is wants,
             "a Record when all is written down, and none otherwise", "记全时给Record，别的事不给", record)  # fmt: skip
        return now._moved(event, at, note, record)

    def by(self, now: datetime) -> Ticket:
        """Return the ticket as it stands at ``now``, if nobody has done anything since its last entry.

        >>> from kefu.clock import SHANGHAI
        >>> ten = datetime(2026, 1, 6, 10, tzinfo=SHANGHAI)
        >>> left = Ticket.open("NX25122000001", ten).by(ten + timedelta(days=30))
        >>> left.step, left.holder, left.checked
        ('结案', '主管', False)
        """
        now, found = in_shanghai(now, "now"), self
        last = self.log[-1].at
        if now < last:
            raise ValueError(expected("now", f"{last} or later", f"不早于{last}", now))
        while found.due is not None and found.due < now:
            empty = UNWRITTEN if (found.step, found.holder) == ("记录", "主管") else None
            found = found._moved(LATE, found.due, "", empty)
        return found

    def _moved(self, event: str, at: datetime, note: str, record: Record | None) -> Ticket:
        """Return the ticket with one more entry; an earlier record gives way to a later one."""
        step, holder = self._moves()[event]
        entry = Entry(at, event, step, holder, note)
        return replace(self, log=(*self.log, entry), record=record or self.record)


# How anger goes: a teaching model

TalkStep = Literal["倾听", "分析", "安抚", "解释", "方案", "记录", "跟踪"]
MOVES_OF_TALK: tuple[TalkStep, ...] = get_args(TalkStep)
"""The five steps, 解决 in its three parts: in this order they work best."""
START, CALM, GONE = 40, 20, 100
"""The heat with which a customer comes, that up to which he takes a plan, and that at which he leaves."""


@dataclass(frozen=True)
class Felt:
    """What a move did to a customer: his heat from 0 to 100 after it, and how he takes it."""

    move: TalkStep
    heat: int
    says: str


def heat(steps: Iterable[TalkStep], start: int = START) -> tuple[Felt, ...]:
    """Return how angry a customer who comes with ``start`` is after each move; at 100 he has gone.

    A teaching model: its numbers are chosen, not measured, so that the order of the five steps shows.
    Raises ``ValueError`` for a move that is none, for one that is made twice, and for a start that is
    not from 0 to 99.

    >>> [felt.heat for felt in heat(["倾听", "分析", "安抚", "解释", "方案"])]
    [32, 26, 18, 14, 6]
    >>> [felt.heat for felt in heat(["解释", "倾听"])]
    [80, 72]
    """
    done: list[TalkStep] = []
    found: list[Felt] = []
    now = one_of(start, "start", range(GONE))
    for move in steps:
        one_of(move, "steps", MOVES_OF_TALK)
        need("steps", move not in done, "each move once", "每一步只走一次", move)
        if now < GONE:
            change, says = _felt(move, done, now)
            now = max(0, min(now + change, GONE))
            deaf = move == "方案" and now > CALM
            found.append(Felt(move, now, "先放着吧，我这会儿听不进去。" if deaf else says))
        done.append(move)
    return tuple(found)


def agreed(steps: Iterable[TalkStep], start: int = START) -> bool:
    """Tell whether a customer takes the plan: it comes after 分析, and leaves him at `CALM` or below.

    >>> agreed(["倾听", "分析", "安抚", "解释", "方案"]), agreed(["解释", "方案"])
    (True, False)
    """
    moves = tuple(steps)
    told = {felt.move: felt.heat for felt in heat(moves, start)}
    if "方案" not in told or told["方案"] > CALM:
        return False
    return "分析" in moves[: moves.index("方案")]


def _felt(move: TalkStep, done: Collection[TalkStep], now: int) -> tuple[int, str]:
    """Return what a move changes, by what came before it, and what the customer says."""
    heard, found = "倾听" in done, "分析" in done
    soothed, told, offered = "安抚" in done, "解释" in done, "方案" in done
    match move:
        case "倾听":
            return -8, "行，你肯听，那我从头说。"
        case "分析":
            return (-6, "对，就是这么回事。") if heard else (12, "你听我说完了吗，就知道了？")
        case "安抚" if not heard:
            return 4, "别跟我来这套，先听我说。"
        case "安抚":
            return (-8, "唉，我也不是冲你。") if found else (-4, "你知道我气什么吗？")
        case "解释" if not heard:
            return now, "我话还没说完，你就替自己说上了！"
        case "解释":
            return (-4, "哦，原来是这样。") if found and soothed else (10, "听着像在找理由。")
        case "方案" if not (heard and found):
            return 14, "你都不知道我要什么。"
        case "方案":
            return -8 if soothed and told else 2, "那你说话算话。"
        case "记录":
            return (-2, "记下来就好。") if offered else (6, "光听见你敲键盘。")
        case _:  # 跟踪
            if not offered:
                return 10, "什么都没办，你问我满不满意？"
            return (
                (-4, "还来问一声，难得。") if "记录" in done else (4, "上回怎么说的，你还记得吗？")
            )


# What a judge sees

Side = Literal["买家", "卖家"]
FIRMNESS = ("只是说的", "自己写的", "拍下来的", "别人留的")
"""How firm a proof is, from 0 to 3: words, one's own notes, pictures, what a third party keeps."""
ENOUGH = 2
"""The firmness from which a proof proves."""


@dataclass(frozen=True)
class Exhibit:
    """Something that can be handed in: for whom it speaks, and how firmly (a place in `FIRMNESS`)."""

    name: str
    speaks_for: Side
    firmness: int

    def __post_init__(self) -> None:
        need_text("name", self.name)
        one_of(self.speaks_for, "speaks_for", get_args(Side))
        one_of(self.firmness, "firmness", range(len(FIRMNESS)))


@dataclass(frozen=True)
class Claim:
    """What is claimed, who has to prove it by which rule, and all the proofs that there are.

    ``truth`` is whose word is true; no judge reads it.
    """

    name: str
    says: str
    burden: Side
    rule_id: str
    truth: Side
    known: str
    proofs: tuple[Exhibit, ...]

    @property
    def rule(self) -> Rule:
        """The rule that says who has to prove what."""
        return rule(self.rule_id)

    def of(self, side: Side) -> tuple[Exhibit, ...]:
        """Return the proofs that speak for a side."""
        return tuple(one for one in self.proofs if one.speaks_for == side)


@dataclass(frozen=True)
class Ruling:
    """Who is upheld and why; ``firmness`` is the firmest proof of each side, −1 where there is none."""

    upheld: Side
    why: str
    firmness: Mapping[Side, int]
    decisive: Exhibit | None


def judge(evidence: Collection[str], claim: Claim) -> Ruling:
    """Rule on a claim by what was handed in, named as in the claim, and by nothing else.

    Of each side the firmest proof counts; ten notes of one's own are still notes. Who has the burden
    is upheld if he proves (`ENOUGH`) and the other has nothing firmer. Raises ``ValueError`` for
    evidence that the claim does not know, ``TypeError`` for a text instead of a collection.

    >>> lost = CLAIMS["退货没收到"]
    >>> judge([], lost).upheld, judge(["签收底单"], lost).upheld
    ('卖家', '买家')
    """
    if isinstance(evidence, str):
        raise TypeError(expected("evidence", "names of proofs", "若干凭证的名字", evidence))
    names = {one.name for one in claim.proofs}
    for name in evidence:
        one_of(name, "evidence", names)
    shown = [one for one in claim.proofs if one.name in evidence]
    best: dict[Side, Exhibit] = {}
    for one in shown:  # in the claim's order, so that the order of handing in does not matter
        if one.speaks_for not in best or one.firmness > best[one.speaks_for].firmness:
            best[one.speaks_for] = one
    mine: Side = claim.burden
    other: Side = "卖家" if mine == "买家" else "买家"
    firm: dict[Side, int] = {
        side: best[side].firmness if side in best else -1 for side in (mine, other)
    }
    if firm[mine] < ENOUGH:
        why = "没有交凭证" if firm[mine] < 0 else f"{_quoted(best[mine])}{_is(best[mine])}，不够"
        return Ruling(other, f"该{mine}证明，{why}", firm, None)
    if firm[other] > firm[mine]:
        why = f"{_quoted(best[other])}比{_quoted(best[mine])}更硬"
        return Ruling(other, why, firm, best[other])
    return Ruling(mine, f"{_quoted(best[mine])}{_is(best[mine])}，证明了", firm, best[mine])


def _quoted(one: Exhibit) -> str:
    """Return a proof's name in quotes; words have theirs already."""
    return one.name if one.name.startswith("“") else f"“{one.name}”"


def _is(one: Exhibit) -> str:
    """Return how firm a proof is, as a sentence about it goes on."""
    word = FIRMNESS[one.firmness]
    return word if word.startswith("只是") else f"是{word}"


def _claim(
    name: str, says: str, burden: Side, rule_id: str, truth: Side, known: str,
    *, buyer: Mapping[str, int], seller: Mapping[str, int],
) -> Claim:  # fmt: skip
    """Return a claim with the proofs of both sides, by name and firmness."""
    sides: tuple[tuple[Side, Mapping[str, int]], ...] = (("买家", buyer), ("卖家", seller))
    proofs = tuple(Exhibit(one, side, firm) for side, every in sides for one, firm in every.items())
    return Claim(name, says, burden, rule_id, truth, known, proofs)


CLAIMS: Mapping[str, Claim] = {
    one.name: one
    for one in (
        _claim(
            "退货没收到", "桌布我退回去了，58元该退给我。", "买家", "R28", "买家",
            "桌布在门卫室的柜子里，封条没动：寄件人说的是真的",
            buyer={"电话里的说法": 0, "自己抄的单号": 1, "签收底单": 3},
            seller={"仓库说没见过": 0, "仓库登记册": 1},
        ),
        _claim(
            "没按时发货", "付款两天多了才发货，要赔我。", "卖家", "R32", "卖家",
            "快递第47小时就揽收了，是网点晚录了半天，快递系统里两个时刻都在",
            buyer={"觉得等了很久": 0, "物流页面截图": 2},
            seller={"仓库说发了": 0, "打单时间截图": 1, "快递系统的揽收时刻": 3},
        ),
        _claim(
            "开线的裤子", "才穿一次就开线，要退货退款。", "买家", "R81", "买家",
            "裤子出自B2509那一批，缝线真有问题",
            buyer={"“一看就是次品”": 0, "朋友也这么说": 0, "开线的照片": 2},
            seller={"“我们没出过问题”": 0, "自家的合格证": 1},
        ),
        _claim(
            "说好送的枕套", "客服答应送抱枕套，没有收到。", "买家", "R14", "买家",
            "客服真答应过，忘了写进订单备注",
            buyer={"记得她说过": 0, "自己抄的对话": 1, "平台里的聊天记录": 3},
            seller={"“活动早结束了”": 0, "活动页面截图": 2},
        ),
        _claim(
            "原价是不是真的", "标着原价99，从没卖过这个价，是骗人。", "卖家", "R89", "卖家",
            "打折前的七天里，真按99元卖过",
            buyer={"“就没见过这个价”": 0, "上个月的价格截图": 2},
            seller={"“一直是这个价”": 0, "自己的价目表": 1, "后台七天的成交记录": 3},
        ),
        _claim(
            "洗过的开衫", "我没洗过，凭什么说不完好，退钱。", "卖家", "R18", "买家",
            "仓库漏雨，滴在拆开的包裹上，监控里看得见；她没有洗",
            buyer={"“我没洗”": 0, "寄出前拍的照片": 2, "仓库的监控录像": 3},
            seller={"仓库说洗过": 0, "自己填的验货单": 1, "验货时拍的水痕": 2},
        ),
    )
}  # fmt: skip
"""Six claims of the chapter, by name."""
