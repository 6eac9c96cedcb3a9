"""What becomes of a return (退换货): the decision, who pays which freight, evidence and money.

A `Case` holds the facts: what the buyer asks and why, how far the case has come, what evidence has
been handed in, and the bill. `decide` gives the one `Decision` for every combination of facts, with
the rule that fired, its source and its date. `TRANSITIONS` and `TERMS` say how a case moves on.

All money is yuan. The six handling principles (六则) and the freight rules come from teaching
material, the seven days from law as read at second hand (待核对): before use, check the platform's
present rules. Where the material is silent, a rule's ``source`` says that it is this book's reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, get_args

from kefu.amounts import Number, count, yuan
from kefu.errors import expected

Kind = Literal["退货退款", "换货", "仅退款"]
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
State = Literal[
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


@dataclass(frozen=True)
class Rule:
    """A rule in our own words, with source, the day on which it was noted and how well checked."""

    title: str
    text: str
    source: str
    standing: Literal["教材资料", "待核对", "本书约定"]
    as_of: date = date(2026, 11, 21)


_BOOK = "教材资料，以平台最新规则为准"
_LAW = "《中华人民共和国消费者权益保护法》"
_BOTH = "教材资料与平台争议处理规则（二手资料），以平台最新规则为准"
_USAGE = "平台的通行做法，以平台规则原文为准"

RULES = {
    "六则一": Rule("六则之一：卖家违约", "卖家没按时给退货地址、给错地址或没有正当理由拒签，退款，"
                "运费由卖家承担。", _BOOK, "教材资料"),
    "六则二": Rule("六则之二：退货到达", "退货到达约定的地址，平台有权把货款退给买家。", _BOOK, "教材资料"),
    "六则三": Rule("六则之三：换货逾期", "卖家收到换货后逾期没有再发，平台有权退款；运费按卖家违约由卖家"
                "承担。", "教材资料；运费一句是本书约定", "教材资料"),
    "六则四": Rule("六则之四：跨境无法退", "跨境交易因卖家的缘故无法退货，不退货也退款。", _BOOK, "教材资料"),
    "六则五": Rule("六则之五：买家逾期", "买家逾期没有寄回，交易款打给卖家。", _BOOK, "教材资料"),
    "六则六": Rule("六则之六：途中损毁", "退货途中损毁，商品退回买家；买家没有理由拒收，交易款打给卖家。",
                _BOOK, "教材资料"),
    "地址核实": Rule("举证：退货地址", "地址有没有给错，由平台核实。", _BOOK, "教材资料"),
    "签收举证": Rule("举证：有没有寄到", "卖家说没收到，买家交快递单或签收底单。", _BOOK, "教材资料"),
    "拒签举证": Rule("举证：拒签的理由", "卖家因有疑义拒签，交物流公司盖公章的证明；交不出就是无正当理由。",
                 _BOOK, "教材资料"),
    "问题举证": Rule("举证：商品有问题", "说商品有质量问题、发错、漏发或与描述不符，交照片或视频。",
                 _USAGE, "待核对"),
    "当面验货": Rule("当面验货", "签收时当面验货，缺少或破损可以拒签或退回，24小时内通知卖家。", _BOOK,
                 "教材资料"),
    "晚报破损": Rule("过了24小时才说破损", "没有在24小时内通知，就要物流公司盖公章的证明，才算途中破损。",
                 "教材资料只写24小时内通知；逾时怎么办是本书约定", "本书约定"),
    "漏发": Rule("漏发", "漏发的退差价或补寄，多出来的费用由卖家承担。", _BOOK, "教材资料"),
    "卖家过错": Rule("卖家过错的运费", "质量不合要求、发错或与描述不符，可以退换，运费由卖家承担。",
                 _LAW + "第二十四条", "待核对"),
    "途中破损": Rule("发货途中破损、丢失", "货交到买家手里之前的损失先由卖家赔给买家，卖家再找快递公司。",
                 _USAGE, "待核对"),
    "七天": Rule("七天无理由", f"自签收次日起{NO_REASON_DAYS}天内，商品完好，可以无理由退货。",
               _LAW + "第二十五条", "待核对"),
    "七天例外": Rule("七天无理由的例外", "定作的、鲜活易腐的、拆封的数字商品、交付的报刊，以及购买时经买家确认"
                 "不宜退的，不适用无理由退货。", _LAW + "第二十五条", "待核对"),
    "完好": Rule("商品完好", "无理由退货的商品应当完好；为查看而打开包装、合理试穿不算不完好。",
               _LAW + "第二十五条", "待核对"),
    "未发货": Rule("还没发货", "货还没有发出，退的商品全额退款；整单都退的，运费一并退还。", _USAGE, "待核对"),
    "包邮退换": Rule("包邮：各付各程", "卖家没有过错，包邮商品的运费各付各程：买家付寄回的，卖家付发出的。",
                 _BOTH,
                  "待核对"),
    "不包邮退换": Rule("不包邮：买家付来回", "卖家没有过错，不包邮商品退换的来回运费由买家承担。", _BOTH,
                  "待核对"),
    "破门槛": Rule("退货破了包邮门槛", "退货后不再满足包邮门槛，事先说明过的，可以从退款里扣发货运费。",
                _USAGE, "待核对"),
}  # fmt: skip


# Facts


@dataclass(frozen=True)
class Bill:
    """The money of an order, in yuan; what a part of an order cost is its share of what was paid.

    ``returned`` is what the buyer paid for the goods in question (the missing piece, if something
    was left out of the parcel), ``kept`` for the rest, ``postage`` for outward freight (0: 包邮).
    ``threshold`` is the amount from which the order was free of freight (``None``: without
    condition), ``told`` whether the page said that a return may break it. ``outward``, ``back`` and
    ``again`` are the carrier's fees for sending, sending back and sending once more.
    """

    returned: Number = 100
    kept: Number = 0
    postage: Number = 0
    threshold: Number | None = None
    told: bool = True
    outward: Number = 10
    back: Number = 10
    again: Number = 10

    def __post_init__(self) -> None:
        for name in ("returned", "kept", "postage", "outward", "back", "again"):
            object.__setattr__(self, name, yuan(getattr(self, name), name))
        if self.threshold is not None:
            object.__setattr__(self, "threshold", yuan(self.threshold, "threshold"))

    @property
    def paid(self) -> Decimal:
        """All that the buyer paid, which the platform holds."""
        return _d(self.returned) + _d(self.kept) + _d(self.postage)

    @property
    def breaks_threshold(self) -> bool:
        """Whether the order was free of freight only thanks to the goods that now come back."""
        if self.threshold is None or self.postage:
            return False
        return _d(self.kept) < _d(self.threshold) <= _d(self.kept) + _d(self.returned)


def _d(value: Number) -> Decimal:
    """Return a number that was checked before as what it is, for the type checker."""
    assert isinstance(value, Decimal)
    return value


@dataclass(frozen=True)
class Case:
    """The facts of a return; raises ``ValueError`` for words that are none of the types above.

    ``day`` counts from the day after signing (the day of signing is 0) to the request; ``intact``:
    the goods can be sold as new; ``told_in_24h``: damage was reported within 24 hours of signing;
    ``evidence``: what has been handed in by the agreed time.
    """

    kind: Kind = "退货退款"
    reason: Reason = "不喜欢"
    step: Step = "签收后申请"
    day: int = 1
    exclusion: Exclusion = "无"
    intact: bool = True
    told_in_24h: bool = True
    cross_border: bool = False
    evidence: frozenset[Proof] = frozenset()
    bill: Bill = field(default_factory=Bill)

    def __post_init__(self) -> None:
        for name, words in (("kind", Kind), ("reason", Reason), ("step", Step),
                            ("exclusion", Exclusion)):  # fmt: skip
            _one_of(getattr(self, name), get_args(words), name)
        if isinstance(self.evidence, str):  # a text is no collection of proofs
            raise TypeError(expected("evidence", "a set of proofs", "若干凭证", self.evidence))
        for proof in self.evidence:
            _one_of(proof, get_args(Proof), "evidence")
        object.__setattr__(self, "evidence", frozenset(self.evidence))
        count(self.day, "day")


def _one_of(word: object, words: tuple[str, ...], argument: str) -> None:
    if word not in words:
        raise ValueError(
            expected(argument, f"one of {', '.join(words)}", f"{'、'.join(words)}之一", word)
        )


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
    ``held`` until the next decision. ``back`` and ``again`` are the fees of the legs after the
    first one and who bears them in the end; ``deducted`` is outward freight taken off the refund.
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
    that no further freight arises. Any one proof of ``evidence_needed`` is enough, and
    ``evidence_from`` has to give it; empty where the evidence does not matter or is there.
    """

    outcome: Outcome
    freight_payer: Payer
    rule: Rule
    freight_rule: Rule | None
    evidence_needed: tuple[Proof, ...]
    evidence_from: Literal["买家", "卖家", "平台", ""]
    money: Money
    state: State


@dataclass(frozen=True)
class _Verdict:
    outcome: Outcome
    rule: str
    seller_pays: bool = False
    needed: tuple[Proof, ...] = ()
    asked_of: Literal["买家", "卖家", "平台", ""] = ""


PHOTO: tuple[Proof, ...] = ("照片或视频",)
STAMP: tuple[Proof, ...] = ("物流公章证明",)
SLIPS: tuple[Proof, ...] = ("快递单", "签收底单")


def decide(case: Case) -> Decision:
    """Return the one decision on a case.

    >>> decision = decide(Case(reason="尺码不合", day=7))
    >>> decision.outcome, decision.freight_payer, decision.rule.title
    ('退货退款', '各付各程', '七天无理由')
    """
    verdict = _asked(case) if case.step in ASKING else _under_way(case)
    outcome = verdict.outcome
    back = case.step in SENT_BACK or outcome in ("退货退款", "换货")
    again = outcome in ("换货", "补寄", "再发")
    payer, freight_rule = _freight(case, verdict, moves=back or again)
    return Decision(
        outcome,
        payer,
        RULES[verdict.rule],
        freight_rule,
        verdict.needed,
        verdict.asked_of,
        _settle(case, outcome, payer, verdict, back, again),
        STATE_AFTER[outcome],
    )


ASKING: tuple[Step, ...] = ("未发货", "当面拒签", "签收后申请")


def _asked(case: Case) -> _Verdict:
    """Decide on a request: by whose fault, then by evidence, then by the seven days."""
    exchange = case.kind == "换货"
    agreed: Outcome = "换货" if exchange else "退货退款"
    if case.step == "当面拒签":  # the goods go back with the courier at once
        agreed = "再发" if exchange else "退款"
    if case.step == "未发货":
        return _Verdict("退款", "未发货", seller_pays=True)
    if case.reason in SELLERS_FAULT:
        if not case.evidence & set(PHOTO):
            return _Verdict("补证", "问题举证", True, PHOTO, "买家")
        if case.reason == "漏发" and case.step == "签收后申请":
            return _Verdict("补寄" if exchange else "不退货退款", "漏发", True)
        return _Verdict(agreed, "卖家过错", seller_pays=True)
    if case.reason == "物流问题":
        return _damaged(case, agreed)
    if case.exclusion != "无":
        return _Verdict("拒绝", "七天例外")
    if case.step == "签收后申请" and not case.intact:
        return _Verdict("拒绝", "完好")
    if case.step == "签收后申请" and case.day > NO_REASON_DAYS:
        return _Verdict("拒绝", "七天")
    return _Verdict(agreed, "七天")


def _damaged(case: Case, agreed: Outcome) -> _Verdict:
    """Decide on a parcel that the first carrier damaged or robbed of something."""
    if case.step == "当面拒签":
        return _Verdict(agreed, "当面验货", seller_pays=True)
    if not case.told_in_24h and not case.evidence & set(STAMP):
        return _Verdict("补证", "晚报破损", True, STAMP, "买家")
    if case.told_in_24h and not case.evidence & set(PHOTO + STAMP):
        return _Verdict("补证", "当面验货", True, PHOTO + STAMP, "买家")
    return _Verdict("不退货退款" if case.kind == "仅退款" else agreed, "途中破损", seller_pays=True)


def _under_way(case: Case) -> _Verdict:
    """Decide on a case that was agreed to: the six principles and the evidence behind them."""
    ours = case.reason in SELLERS_FAULT or case.reason == "物流问题"
    arrived = _Verdict("再发" if case.kind == "换货" else "退款", "六则二", ours)
    breach = _Verdict("退款", "六则一", seller_pays=True)
    stamped = bool(case.evidence & set(STAMP))
    match case.step:
        case "卖家没按时给地址":
            return _Verdict("不退货退款", "六则四", True) if case.cross_border else breach
        case "买家称地址给错":
            if "平台核实" in case.evidence:
                return breach
            return _Verdict("补证", "地址核实", ours, ("平台核实",), "平台")
        case "买家逾期未寄":
            return _Verdict("打款给卖家", "六则五")
        case "退货在途":
            return _Verdict("等待", "六则二", ours)
        case "卖家签收退货":
            return arrived
        case "卖家称没收到":
            if case.evidence & set(SLIPS):
                return arrived
            return _Verdict("补证", "签收举证", ours, SLIPS, "买家")
        case "卖家拒签退货":
            if stamped:
                return _Verdict("退回买家", "拒签举证", ours)
            return _Verdict("退款", "六则一", True, STAMP, "卖家")
        case "退货途中损毁":
            if stamped:
                return _Verdict("退回买家", "六则六", ours)
            return _Verdict("退款", "拒签举证", True, STAMP, "卖家")
        case "退回件买家拒收":
            return _Verdict("打款给卖家", "六则六", ours)
        case _:  # 卖家收货后逾期不办
            return _Verdict("退款", "六则三", True) if case.kind == "换货" else arrived


def _freight(case: Case, verdict: _Verdict, *, moves: bool) -> tuple[Payer, Rule | None]:
    """Return who pays for the legs after the first one, and the rule that says so."""
    if not moves and verdict.rule != "六则一":  # a breach names its payer, whatever has moved
        return "无", None
    if verdict.seller_pays:
        breach = case.step in ASKING or verdict.rule in ("六则一", "六则三", "拒签举证")
        fault = "途中破损" if case.reason == "物流问题" else "卖家过错"
        return "卖家", RULES[verdict.rule if breach else fault]
    if case.bill.postage:
        return "买家", RULES["不包邮退换"]
    if case.bill.breaks_threshold and case.bill.told and case.kind != "换货":
        return "买家", RULES["破门槛"]
    return "各付各程", RULES["包邮退换"]


def _settle(
    case: Case, outcome: Outcome, payer: Payer, verdict: _Verdict, back: bool, again: bool
) -> Money:
    """Split what the platform holds, and the fees of the legs, to the fen."""
    bill = case.bill
    refund, held, deducted = ZERO, ZERO, ZERO
    if outcome in ("退款", "不退货退款", "退货退款"):
        refund = _d(bill.returned)
        if verdict.seller_pays and not bill.kept:
            refund += _d(bill.postage)
        elif payer == "买家" and bill.breaks_threshold:
            deducted = min(_d(bill.outward), refund)
            refund -= deducted
    elif outcome in ("等待", "补证", "退回买家"):
        held = bill.paid
    legs = (_d(bill.back) if back else ZERO), (_d(bill.again) if again else ZERO)
    buyers = {"买家": sum(legs, ZERO), "各付各程": legs[0]}.get(payer, ZERO)
    return Money(
        paid=bill.paid,
        refund=refund,
        release=bill.paid - refund - held,
        held=held,
        deducted=deducted,
        outward=ZERO if case.step == "未发货" and not bill.kept else _d(bill.outward),
        buyer_freight=buyers,
        seller_freight=sum(legs, ZERO) - buyers,
    )


# The course of a case

STATE_AT: dict[Step, State] = {
    "未发货": "待处理", "当面拒签": "待处理", "签收后申请": "待处理",
    "卖家没按时给地址": "待寄回", "买家逾期未寄": "待寄回",
    "买家称地址给错": "待收货", "退货在途": "待收货", "卖家签收退货": "待收货",
    "卖家称没收到": "待收货", "卖家拒签退货": "待收货", "退货途中损毁": "待收货",
    "卖家收货后逾期不办": "待收货", "退回件买家拒收": "退回买家",
}  # fmt: skip
"""The state in which each step of the facts finds a case."""

STATE_AFTER: dict[Outcome, State] = {
    "退款": "已退款", "不退货退款": "已退款", "退货退款": "待寄回", "换货": "待寄回",
    "补寄": "待再发", "再发": "待再发", "等待": "待收货", "补证": "待举证",
    "退回买家": "退回买家", "打款给卖家": "已打款", "拒绝": "已拒绝",
}  # fmt: skip
"""The state to which each outcome takes a case."""

TRANSITIONS: dict[State, dict[str, State]] = {
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

TERMS: dict[State, tuple[int, str]] = {
    "待处理": (2, "卖家逾期不答复"), "待举证": (3, "逾期没交凭证"), "待寄回": (7, "买家逾期未寄"),
    "待收货": (10, "卖家逾期不办"), "待再发": (7, "卖家逾期未再发"), "退回买家": (10, "逾期没人收"),
}  # fmt: skip
"""Days that each state may last, and what happens then. The days are this book's own convention
(本书约定); every platform has its own, and changes them."""


def advance(state: State, event: str) -> State:
    """Return the state after an event; raises ``ValueError`` if it cannot happen in ``state``.

    >>> advance("待寄回", "买家寄出")
    '待收货'
    """
    _one_of(state, get_args(State), "state")
    events = TRANSITIONS[state]
    if event not in events:
        choices = "、".join(events) or "（已结束）"
        raise ValueError(expected("event", f"one of {choices}", f"{choices}之一", event))
    return events[event]


def overdue(state: State, since: datetime, now: datetime) -> str | None:
    """Return what happens because a state has lasted too long, or ``None`` while there is time.

    The last moment itself is in time. Raises ``TypeError`` if one moment has a time zone and the
    other has none.

    >>> overdue("待寄回", datetime(2026, 11, 1, 12), datetime(2026, 11, 8, 12, 1))
    '买家逾期未寄'
    """
    if state not in TERMS:
        return None
    days, event = TERMS[state]
    return event if now - since > timedelta(days=days) else None
