"""What becomes of a return (退换货): the decision, who pays which freight, evidence and money.

A `Case` holds the facts: what the buyer asks and why, how far the case has come, what evidence has
been handed in, and the bill. `decide` gives the one `Decision` for every combination of facts, with
the rules that fired. `TRANSITIONS` and `TERMS` say how a case moves on.

All money is yuan. What a rule says, where it is from and how well it was checked stands in the
table ``rules`` (`kefu.rules`); `Basis` lists those that count here. Where the teaching material is
silent, the rule's standing says that it is this book's convention (本书约定).
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal, get_args

from kefu.amounts import count, one_of, set_fields, yes_or_no, yuan
from kefu.errors import expected
from kefu.rules import Rule, rule

Request = Literal["退货退款", "换货", "仅退款"]
Reason = Literal[
    "不喜欢", "尺码不合", "质量问题", "与描述不符", "发错", "漏发", "物流问题"
]  # fmt: skip
Exclusion = Literal["无", "定作", "鲜活易腐", "拆封的数字商品", "报刊", "购买时确认不退"]
Proof = Literal["照片或视频", "快递单", "签收底单", "物流公章证明", "平台核实"]
Step = Literal[
    "未发货", "当面拒签", "签收后申请", "卖家没按时给地址", "买家称地址给错", "买家逾期未寄",
    "退货在途", "卖家签收退货", "卖家称没收到", "卖家拒签退货", "退货途中损毁", "退回件买家拒收",
    "卖家收货后逾期不办",
]  # fmt: skip
Outcome = Literal[
    "退款", "不退货退款", "退货退款", "换货", "补寄", "再发", "等待", "补证", "退回买家",
    "打款给卖家", "拒绝",
]  # fmt: skip
Payer = Literal["卖家", "买家", "各付各程", "无"]
CaseState = Literal[
    "待处理", "待举证", "待寄回", "待收货", "待再发", "退回买家",
    "已退款", "已换货", "已拒绝", "已撤销", "已打款",
]  # fmt: skip

NO_REASON_DAYS = 7
ZERO = Decimal("0.00")
SELLERS_FAULT = frozenset({"质量问题", "与描述不符", "发错", "漏发"})
SENT_BACK = frozenset(get_args(Step)) - {
    "未发货", "签收后申请", "卖家没按时给地址", "买家逾期未寄"
}  # fmt: skip
"""The steps at which the goods have already been on their way back."""


# Rules


class Basis(StrEnum):
    """The rules on which a decision rests, by their numbers in the table."""

    SEVEN_DAYS = "R16"
    EXCLUDED = "R17"
    INTACT = "R18"
    EACH_THEIR_OWN = "R20"
    SELLERS_FAULT = "R21"
    BELOW_THRESHOLD = "R22"
    SELLER_IN_BREACH = "R23"  # 六则之一
    NOT_SENT_AGAIN = "R24"  # 六则之三
    NOT_SENT_BACK = "R25"  # 六则之五
    RUINED_ON_THE_WAY_BACK = "R26"  # 六则之六
    CHECKED_AT_THE_DOOR = "R27"
    PROOF_OF_A_RETURN = "R28"
    ARRIVED_BACK = "R61"  # 六则之二
    CANNOT_COME_BACK = "R62"  # 六则之四
    RISK_OF_TRANSPORT = "R68"
    PLATFORM_CHECKS_ADDRESS = "R80"
    PICTURE_OF_A_FAULT = "R81"
    TOLD_TOO_LATE = "R82"
    FREIGHT_IF_NOT_SENT_AGAIN = "R83"
    NOT_SHIPPED = "R84"
    BACK_TO_THE_BUYER = "R85"


# Facts


@dataclass(frozen=True)
class Bill:
    """The money of an order, in yuan; what a part of an order cost is its share of what was paid.

    ``returned`` is what the buyer paid for the goods in question (the missing piece, if something
    was left out of the parcel), ``kept`` for the rest, ``postage`` for outward freight (0: 包邮).
    ``threshold`` is the amount from which the order was free of freight (``None``: without
    condition), ``told`` whether the page said that a return may break it. ``outward``, ``back`` and
    ``again`` are the carrier's fees for sending, for sending back, and for sending to the buyer once
    more, be it another piece or the one that he had sent back.
    """

    returned: Decimal = Decimal("100.00")
    kept: Decimal = ZERO
    postage: Decimal = ZERO
    threshold: Decimal | None = None
    told: bool = True
    outward: Decimal = Decimal("10.00")
    back: Decimal = Decimal("10.00")
    again: Decimal = Decimal("10.00")

    def __post_init__(self) -> None:
        money = ("returned", "kept", "postage", "outward", "back", "again")
        set_fields(self, **{name: yuan(getattr(self, name), name) for name in money})
        if self.threshold is not None:
            set_fields(self, threshold=yuan(self.threshold, "threshold"))
        yes_or_no(self.told, "told")

    @property
    def paid(self) -> Decimal:
        """All that the buyer paid, which the platform holds."""
        return self.returned + self.kept + self.postage

    @property
    def breaks_threshold(self) -> bool:
        """Whether the order was free of freight only thanks to the goods that now come back."""
        if self.threshold is None or self.postage:
            return False
        return self.kept < self.threshold <= self.kept + self.returned


@dataclass(frozen=True)
class Case:
    """The facts of a return; raises ``ValueError`` for words that are none of the types above.

    ``day`` counts from the day after signing (the day of signing is 0) to the request; ``intact``:
    the goods can be sold as new; ``told_in_24h``: damage was reported within 24 hours of signing;
    ``evidence``: what has been handed in by the agreed time. ``TypeError`` where a yes or no is
    none, ``day`` no whole number, or ``evidence`` no collection.
    """

    kind: Request = "退货退款"
    reason: Reason = "不喜欢"
    step: Step = "签收后申请"
    day: int = 1
    exclusion: Exclusion = "无"
    intact: bool = True
    told_in_24h: bool = True
    cross_border: bool = False
    evidence: Set[Proof] = frozenset()
    bill: Bill = field(default_factory=Bill)

    def __post_init__(self) -> None:
        one_of(self.kind, "kind", get_args(Request))
        one_of(self.reason, "reason", get_args(Reason))
        one_of(self.step, "step", get_args(Step))
        one_of(self.exclusion, "exclusion", get_args(Exclusion))
        for name in ("intact", "told_in_24h", "cross_border"):
            yes_or_no(getattr(self, name), name)
        if isinstance(self.evidence, str):  # a text is no collection of proofs
            raise TypeError(expected("evidence", "a set of proofs", "若干凭证", self.evidence))
        for proof in self.evidence:
            one_of(proof, "evidence", get_args(Proof))
        set_fields(self, evidence=frozenset(self.evidence))
        count(self.day, "day")


def last_day(signed: date) -> date:
    """Return the last day on which goods signed for on ``signed`` may go back without a reason.

    >>> last_day(date(2026, 11, 1))
    datetime.date(2026, 11, 8)
    """
    return signed + timedelta(days=NO_REASON_DAYS)


def day_number(signed: date, asked: date) -> int:
    """Return which day a request comes on: the day of signing is 0, the next day is 1.

    Raises ``ValueError`` if it was asked before it was signed for.

    >>> day_number(date(2026, 11, 1), date(2026, 11, 8))
    7
    """
    if asked < signed:
        raise ValueError(expected("asked", "signed or later", "不早于签收日的日期", asked))
    return (asked - signed).days


# The decision


@dataclass(frozen=True)
class Money:
    """Where the money is once the decision is carried out, in yuan.

    The platform holds ``paid`` and splits it: ``refund`` to the buyer, ``release`` to the seller,
    ``held`` until the next decision. ``outward`` is the fee of the first leg, ``buyer_freight`` and
    ``seller_freight`` are who bears the legs after it; ``deducted`` is outward freight taken off
    the refund.
    """

    paid: Decimal
    refund: Decimal
    release: Decimal
    held: Decimal
    deducted: Decimal
    outward: Decimal
    buyer_freight: Decimal
    seller_freight: Decimal

    @property
    def buyer(self) -> Decimal:
        """The buyer's balance: what came back less all that was paid."""
        return self.refund - self.paid - self.buyer_freight

    @property
    def seller(self) -> Decimal:
        """The seller's balance: what arrived less all freight borne."""
        return self.release - self.outward - self.seller_freight

    @property
    def carriers(self) -> Decimal:
        """What the carriers earned on all legs."""
        return self.outward + self.buyer_freight + self.seller_freight


@dataclass(frozen=True)
class Decision:
    """The one decision on a case: what happens, by which rule, who pays freight, what is missing.

    ``freight_payer`` is about the legs after the first one and 买家 also about the first; 无 means
    that no further freight arises, so that ``freight_rule`` is ``None``. Any one proof of
    ``evidence_needed`` is enough, and ``evidence_from`` has to give it; both are empty where the
    evidence does not matter or is there.
    """

    outcome: Outcome
    freight_payer: Payer
    rule: Rule
    freight_rule: Rule | None
    evidence_needed: tuple[Proof, ...]
    evidence_from: Literal["买家", "卖家", "平台", ""]
    money: Money
    state: CaseState


@dataclass(frozen=True)
class _Ruling:
    """What happens by which rule, and the rule by which the seller bears all freight, if any does."""

    outcome: Outcome
    rule: Basis
    seller_pays: Basis | None = None
    needed: tuple[Proof, ...] = ()
    asked_of: Literal["买家", "卖家", "平台", ""] = ""


PHOTO: tuple[Proof, ...] = ("照片或视频",)
STAMP: tuple[Proof, ...] = ("物流公章证明",)
SLIPS: tuple[Proof, ...] = ("快递单", "签收底单")


def decide(case: Case) -> Decision:
    """Return the one decision on a case.

    >>> decision = decide(Case(reason="尺码不合", day=7))
    >>> decision.outcome, decision.freight_payer, decision.rule.title
    ('退货退款', '各付各程', '七日无理由退货')
    """
    ruling = _asked(case) if case.step in ASKING else _under_way(case)
    outcome = ruling.outcome
    back = case.step in SENT_BACK or outcome in ("退货退款", "换货")
    returned_to_buyer = outcome == "退回买家" or case.step == "退回件买家拒收"
    again = returned_to_buyer or outcome in ("换货", "补寄", "再发")
    payer, basis = _freight(case, ruling, back or again, returned_to_buyer)
    return Decision(
        outcome,
        payer,
        rule(ruling.rule),
        None if basis is None else rule(basis),
        ruling.needed,
        ruling.asked_of,
        _settle(case, ruling, payer, back, again, returned_to_buyer),
        STATE_AFTER[outcome],
    )


ASKING: tuple[Step, ...] = ("未发货", "当面拒签", "签收后申请")


def _fault(case: Case) -> Basis | None:
    """Return the rule by which the seller answers for what is wrong, if he does."""
    if case.reason == "物流问题":
        return Basis.RISK_OF_TRANSPORT
    if case.reason == "漏发":
        return Basis.CHECKED_AT_THE_DOOR
    return Basis.SELLERS_FAULT if case.reason in SELLERS_FAULT else None


def _asked(case: Case) -> _Ruling:
    """Decide on a request: by whose fault, then by evidence, then by the seven days."""
    exchange, fault = case.kind == "换货", _fault(case)
    agreed: Outcome = "换货" if exchange else "退货退款"
    if case.step == "当面拒签":  # the goods go back with the courier at once
        agreed = "再发" if exchange else "退款"
    if case.step == "未发货":
        return _Ruling("退款", Basis.NOT_SHIPPED, Basis.NOT_SHIPPED)
    if case.reason == "物流问题":
        return _damaged(case, agreed)
    if fault:
        if not case.evidence & set(PHOTO):
            return _Ruling("补证", Basis.PICTURE_OF_A_FAULT, fault, PHOTO, "买家")
        if case.reason == "漏发" and case.step == "签收后申请":
            return _Ruling("补寄" if exchange else "不退货退款", fault, fault)
        return _Ruling(agreed, fault, fault)
    if case.exclusion != "无":
        return _Ruling("拒绝", Basis.EXCLUDED)
    if case.step == "签收后申请" and not case.intact:
        return _Ruling("拒绝", Basis.INTACT)
    if case.step == "签收后申请" and case.day > NO_REASON_DAYS:
        return _Ruling("拒绝", Basis.SEVEN_DAYS)
    return _Ruling(agreed, Basis.SEVEN_DAYS)


def _damaged(case: Case, agreed: Outcome) -> _Ruling:
    """Decide on a parcel that the first carrier damaged or robbed of something."""
    by = Basis.RISK_OF_TRANSPORT
    if case.step == "当面拒签":
        return _Ruling(agreed, Basis.CHECKED_AT_THE_DOOR, by)
    if not case.told_in_24h and not case.evidence & set(STAMP):
        return _Ruling("补证", Basis.TOLD_TOO_LATE, by, STAMP, "买家")
    if case.told_in_24h and not case.evidence & set(PHOTO + STAMP):
        return _Ruling("补证", Basis.CHECKED_AT_THE_DOOR, by, PHOTO + STAMP, "买家")
    return _Ruling("不退货退款" if case.kind == "仅退款" else agreed, by, by)


def _under_way(case: Case) -> _Ruling:
    """Decide on a case that was agreed to: the six principles and the evidence behind them."""
    fault, breach = _fault(case), Basis.SELLER_IN_BREACH
    arrived = _Ruling("再发" if case.kind == "换货" else "退款", Basis.ARRIVED_BACK, fault)
    broken = _Ruling("退款", breach, breach)
    abroad = _Ruling("不退货退款", Basis.CANNOT_COME_BACK, Basis.CANNOT_COME_BACK)
    stamped = bool(case.evidence & set(STAMP))
    match case.step:
        case "卖家没按时给地址":
            return abroad if case.cross_border else broken
        case "买家称地址给错":
            if "平台核实" in case.evidence:
                return broken
            return _Ruling("补证", Basis.PLATFORM_CHECKS_ADDRESS, fault, ("平台核实",), "平台")
        case "买家逾期未寄":
            return _Ruling("打款给卖家", Basis.NOT_SENT_BACK)
        case "退货在途":
            return _Ruling("等待", Basis.ARRIVED_BACK, fault)
        case "卖家签收退货":
            return arrived
        case "卖家称没收到":
            if case.evidence & set(SLIPS):
                return arrived
            return _Ruling("补证", Basis.PROOF_OF_A_RETURN, fault, SLIPS, "买家")
        case "卖家拒签退货":
            if stamped:
                return _Ruling("退回买家", Basis.PROOF_OF_A_RETURN, fault)
            return _Ruling("退款", breach, breach, STAMP, "卖家")
        case "退货途中损毁":
            if stamped:
                return _Ruling("退回买家", Basis.RUINED_ON_THE_WAY_BACK, fault)
            return _Ruling("退款", Basis.PROOF_OF_A_RETURN, breach, STAMP, "卖家")
        case "退回件买家拒收":
            return _Ruling("打款给卖家", Basis.RUINED_ON_THE_WAY_BACK, fault)
        case _:  # 卖家收货后逾期不办
            late = _Ruling("退款", Basis.NOT_SENT_AGAIN, Basis.FREIGHT_IF_NOT_SENT_AGAIN)
            return late if case.kind == "换货" else arrived


def _freight(
    case: Case, ruling: _Ruling, moves: bool, returned_to_buyer: bool
) -> tuple[Payer, Basis | None]:
    """Return who pays for the legs after the first one, and the rule that says so."""
    if not moves and ruling.rule != Basis.SELLER_IN_BREACH:  # a breach names its payer in any case
        return "无", None
    to_buyer = Basis.BACK_TO_THE_BUYER if returned_to_buyer else None
    if ruling.seller_pays:
        return "卖家", to_buyer or ruling.seller_pays
    if case.bill.postage:
        return "买家", to_buyer or Basis.EACH_THEIR_OWN
    if to_buyer:  # the goods stay with the buyer, and with them the free shipping
        return "各付各程", to_buyer
    if case.bill.breaks_threshold and case.bill.told and case.kind != "换货":
        return "买家", Basis.BELOW_THRESHOLD
    return "各付各程", Basis.EACH_THEIR_OWN


def _settle(
    case: Case, ruling: _Ruling, payer: Payer, back: bool, again: bool, returned_to_buyer: bool
) -> Money:
    """Split what the platform holds, and the fees of the legs, to the fen."""
    bill, outcome = case.bill, ruling.outcome
    refund, held, deducted = ZERO, ZERO, ZERO
    if outcome in ("退款", "不退货退款", "退货退款"):
        refund = bill.returned
        if ruling.seller_pays and not bill.kept:
            refund += bill.postage
        elif payer == "买家" and bill.breaks_threshold:
            deducted = min(bill.outward, refund)
            refund -= deducted
    elif outcome in ("等待", "补证", "退回买家"):
        held = bill.paid
    legs = (bill.back if back else ZERO), (bill.again if again else ZERO)
    buyers = ZERO
    if payer == "买家" or (payer == "各付各程" and returned_to_buyer):
        buyers = sum(legs, ZERO)
    elif payer == "各付各程":
        buyers = legs[0]
    return Money(
        paid=bill.paid,
        refund=refund,
        release=bill.paid - refund - held,
        held=held,
        deducted=deducted,
        outward=ZERO if case.step == "未发货" and not bill.kept else bill.outward,
        buyer_freight=buyers,
        seller_freight=sum(legs, ZERO) - buyers,
    )


# The course of a case

STATE_AT: dict[Step, CaseState] = {
    "未发货": "待处理", "当面拒签": "待处理", "签收后申请": "待处理",
    "卖家没按时给地址": "待寄回", "买家逾期未寄": "待寄回",
    "买家称地址给错": "待收货", "退货在途": "待收货", "卖家签收退货": "待收货",
    "卖家称没收到": "待收货", "卖家拒签退货": "待收货", "退货途中损毁": "待收货",
    "卖家收货后逾期不办": "待收货", "退回件买家拒收": "退回买家",
}  # fmt: skip
"""The state in which each step of the facts finds a case."""

STATE_AFTER: dict[Outcome, CaseState] = {
    "退款": "已退款", "不退货退款": "已退款", "退货退款": "待寄回", "换货": "待寄回",
    "补寄": "待再发", "再发": "待再发", "等待": "待收货", "补证": "待举证",
    "退回买家": "退回买家", "打款给卖家": "已打款", "拒绝": "已拒绝",
}  # fmt: skip
"""The state to which each outcome takes a case."""

TRANSITIONS: dict[CaseState, dict[str, CaseState]] = {
    "待处理": {"同意退换": "待寄回", "同意退款": "已退款", "同意补寄再发": "待再发",
             "要求举证": "待举证", "拒绝申请": "已拒绝", "买家撤销": "已撤销",
             "卖家逾期不答复": "待寄回"},
    "待举证": {"交来凭证": "待处理", "收货有争议的交来底单": "待收货", "买家撤销": "已撤销",
             "逾期没交凭证": "已拒绝"},
    "待寄回": {"买家寄出": "待收货", "卖家没按时给地址": "已退款", "买家撤销": "已撤销",
             "买家逾期未寄": "已打款"},
    "待收货": {"签收退货": "已退款", "签收换货": "待再发", "无正当理由拒签": "已退款",
             "有证明的拒签或损毁": "退回买家", "有争议要举证": "待举证", "卖家逾期不办": "已退款"},
    "待再发": {"卖家再发": "已换货", "卖家逾期未再发": "已退款"},
    "退回买家": {"买家收回": "已打款", "买家拒收": "已打款", "逾期没人收": "已打款"},
    "已退款": {}, "已换货": {}, "已拒绝": {}, "已撤销": {}, "已打款": {},
}  # fmt: skip
"""What may happen in each state and where it leads; a state without events is an end."""

TERMS: dict[CaseState, tuple[int, str]] = {
    "待处理": (2, "卖家逾期不答复"), "待举证": (3, "逾期没交凭证"), "待寄回": (7, "买家逾期未寄"),
    "待收货": (10, "卖家逾期不办"), "待再发": (7, "卖家逾期未再发"), "退回买家": (10, "逾期没人收"),
}  # fmt: skip
"""Days that each state may last, and what happens then. The days are this book's own convention
(本书约定); every platform has its own, and changes them."""


def advance(state: CaseState, event: str) -> CaseState:
    """Return the state after an event; raises ``ValueError`` if it cannot happen in ``state``.

    >>> advance("待寄回", "买家寄出")
    '待收货'
    """
    one_of(state, "state", get_args(CaseState))
    events = TRANSITIONS[state]
    if event not in events:
        choices = "、".join(events) or "（已结束）"
        raise ValueError(expected("event", f"one of {choices}", f"{choices}之一", event))
    return events[event]


def overdue(state: CaseState, since: datetime, now: datetime) -> str | None:
    """Return what happens because a state has lasted too long, or ``None`` while there is time.

    The last moment itself is in time. Raises ``ValueError`` for a state that is none, ``TypeError``
    if one moment has a time zone and the other has none.

    >>> overdue("待寄回", datetime(2026, 11, 1, 12), datetime(2026, 11, 8, 12, 1))
    '买家逾期未寄'
    """
    if one_of(state, "state", get_args(CaseState)) not in TERMS:
        return None
    days, event = TERMS[state]
    return event if now - since > timedelta(days=days) else None
