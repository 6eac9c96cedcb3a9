"""The book's twelve service figures, each defined once: the dictionary page and the glossary agree.

A chat is a sequence of messages in order of time, a message is ``(moment, sender)`` with a sender
of :data:`SENDERS`. A round runs from the buyer's first message after an answer to the next answer
by agent or robot: two questions in a row are one round, and notes of the system are neither.
Rates are shares from 0 to 1, although their unit is shown as %.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from operator import index
from typing import Literal

from kefu.amounts import Number, fen, one_of, yuan
from kefu.errors import expected

BUYER = "买家"
ANSWERERS = ("客服", "机器人")
SENDERS = (BUYER, *ANSWERERS, "系统")

Message = tuple[datetime, str]
Chat = Sequence[Message]


@dataclass(frozen=True)
class Round:
    """A question and its answer; ``answered_at`` is None where none came."""

    asked_at: datetime
    answered_at: datetime | None

    @property
    def seconds(self) -> float | None:
        """The wait in seconds; None where no answer came."""
        return (self.answered_at - self.asked_at).total_seconds() if self.answered_at else None


def rounds(chat: Chat) -> list[Round]:
    """Return the rounds of one chat.

    Raises ``ValueError`` for an unknown sender and where a message is older than the one before.

    >>> at = datetime.fromisoformat
    >>> [r.seconds for r in rounds([
    ...     (at("2025-11-11T10:10:15+08:00"), "买家"), (at("2025-11-11T10:15:20+08:00"), "买家"),
    ...     (at("2025-11-11T10:18:10+08:00"), "客服"), (at("2025-11-11T10:18:30+08:00"), "买家")])]
    [475.0, None]
    """
    found: list[Round] = []
    asked: datetime | None = None
    before: datetime | None = None
    for moment, sender in chat:
        one_of(sender, "sender", SENDERS)
        if before is not None and moment < before:
            raise ValueError(
                expected("chat", "messages in order of time", "按时间先后的消息", str(moment))
            )
        before = moment
        if sender == BUYER and asked is None:
            asked = moment
        elif sender in ANSWERERS and asked is not None:
            found.append(Round(asked, moment))
            asked = None
    return [*found, Round(asked, None)] if asked else found


def first_response_time(chats: Iterable[Chat]) -> float:
    """Return the mean seconds from a chat's first question to its first answer.

    Chats without an answer do not count; raises ``ValueError`` where no chat has one.

    >>> at = datetime.fromisoformat
    >>> first_response_time([[(at("2025-11-11T10:00:00+08:00"), "买家"),
    ...                       (at("2025-11-11T10:00:06+08:00"), "机器人")]])
    6.0
    """
    return _mean([r.seconds for chat in chats for r in rounds(chat)[:1]])


def average_response_time(chats: Iterable[Chat]) -> float:
    """Return the mean seconds from question to answer over all rounds that were answered.

    Raises ``ValueError`` where no round was.

    >>> at = datetime.fromisoformat
    >>> average_response_time([[
    ...     (at("2025-11-11T10:00:00+08:00"), "买家"), (at("2025-11-11T10:00:06+08:00"), "客服"),
    ...     (at("2025-11-11T10:01:00+08:00"), "买家"), (at("2025-11-11T10:01:24+08:00"), "客服")]])
    15.0
    """
    return _mean([r.seconds for chat in chats for r in rounds(chat)])


def answer_ratio(chats: Iterable[Chat]) -> float:
    """Return the messages of agents and robot for each message of a buyer; it may exceed 1.

    Raises ``ValueError`` where no buyer wrote.

    >>> at = datetime.fromisoformat
    >>> answer_ratio([[
    ...     (at("2025-11-11T10:00:00+08:00"), "买家"), (at("2025-11-11T10:00:06+08:00"), "客服"),
    ...     (at("2025-11-11T10:00:09+08:00"), "客服"), (at("2025-11-11T10:01:00+08:00"), "买家")]])
    1.0
    """
    senders = Counter(sender for chat in chats for _, sender in chat)
    return _ratio(sum(senders[s] for s in ANSWERERS), senders[BUYER], "chats", "买家消息")


def three_minute_rate(chats: Iterable[Chat]) -> float:
    """Return the share of rounds answered within 180 seconds; one without an answer is not.

    Raises ``ValueError`` where there is no round.

    >>> at = datetime.fromisoformat
    >>> three_minute_rate([[
    ...     (at("2025-11-11T10:10:15+08:00"), "买家"), (at("2025-11-11T10:15:20+08:00"), "买家"),
    ...     (at("2025-11-11T10:18:10+08:00"), "客服"), (at("2025-11-11T10:18:30+08:00"), "买家"),
    ...     (at("2025-11-11T10:19:00+08:00"), "客服")]])
    0.5
    """
    waits = [r.seconds for chat in chats for r in rounds(chat)]
    return _ratio(sum(w is not None and w <= 180 for w in waits), len(waits), "chats", "轮次")


def enquiry_conversion(
    enquiries: Iterable[tuple[str, date]], payments: Iterable[tuple[str, date]]
) -> float:
    """Return the share of enquirers who paid on the day of the enquiry or on the next.

    Both are pairs of customer and day; a customer who enquires on two days is an enquirer on each.
    The figure of a day is final only when the next day is over. Raises ``ValueError`` where nobody
    enquired.

    >>> asked = [("C1", date(2025, 11, 10)), ("C2", date(2025, 11, 10))]
    >>> enquiry_conversion(asked, [("C1", date(2025, 11, 11)), ("C2", date(2025, 11, 12))])
    0.5
    """
    asked, paid = set(enquiries), set(payments)
    bought = sum((c, d) in paid or (c, d + timedelta(days=1)) in paid for c, d in asked)
    return _ratio(bought, len(asked), "enquiries", "询单客户")


def average_order_value(payments: Iterable[tuple[str, Number]]) -> Decimal:
    """Return the yuan paid for each customer who paid, to the fen.

    The payments are pairs of customer and amount. Raises ``ValueError`` where nobody paid.

    >>> average_order_value([("C1", "88.00"), ("C1", "12.00"), ("C2", "59.90")])
    Decimal('79.95')
    """
    table = [(customer, yuan(amount, "amount")) for customer, amount in payments]
    total = sum((amount for _, amount in table), Decimal())
    people = len({customer for customer, _ in table})
    if not people:
        raise ValueError(_none("payments", "付款"))
    return fen(total / people)


def refund_rate(refunded: Collection[str], paid: Collection[str]) -> float:
    """Return the share of the orders paid that were refunded, wholly or in part.

    Both are order numbers, each counted once. Raises ``ValueError`` where a refunded order is not
    among those paid, and where none was paid.

    >>> refund_rate({"NX1"}, {"NX1", "NX2", "NX3", "NX4"})
    0.25
    """
    return _part(refunded, paid, "refunded")


def dispute_rate(disputed: Collection[str], paid: Collection[str]) -> float:
    """Return the share of the orders paid over which a dispute (纠纷) was opened.

    Complaints (投诉) are not counted. Both are order numbers, each counted once. Raises
    ``ValueError`` where a disputed order is not among those paid, and where none was paid.

    >>> dispute_rate(["NX1", "NX1"], ["NX1", "NX2", "NX3", "NX4"])
    0.25
    """
    return _part(disputed, paid, "disputed")


def favourable_rate(stars: Iterable[int]) -> float:
    """Return the share of reviews of 4 or 5 stars.

    Raises ``ValueError`` for stars outside 1 to 5 and where there is no review.

    >>> favourable_rate([5, 5, 4, 1])
    0.75
    """
    votes = _votes(stars, "stars", 1, 5)
    return _ratio(votes[4] + votes[5], votes.total(), "stars", "评价")


def repeat_rate(buyers: Iterable[str]) -> float:
    """Return the share of customers with two orders paid or more, among those with one or more.

    ``buyers`` has the customer of each order paid. Raises ``ValueError`` where there is none.

    >>> repeat_rate(["C1", "C2", "C1", "C3", "C4"])
    0.25
    """
    orders = Counter(buyers)
    return _ratio(sum(n >= 2 for n in orders.values()), len(orders), "buyers", "付款客户")


def nps(answers: Iterable[int]) -> float:
    """Return 100 × (promoters - detractors) ÷ answers: 9 and 10 promote, 0 to 6 detract.

    Raises ``ValueError`` for answers outside 0 to 10 and where there is none.

    >>> nps([10, 9, 8, 7, 6, 0])
    0.0
    """
    votes = _votes(answers, "answers", 0, 10)
    balance = votes[9] + votes[10] - sum(votes[answer] for answer in range(7))
    return 100 * _ratio(balance, votes.total(), "answers", "回答")


def csat(answers: Iterable[int]) -> float:
    """Return the share of answers of 4 or 5 on the scale of 1 to 5.

    Raises ``ValueError`` for answers outside 1 to 5 and where there is none.

    >>> csat([5, 4, 3, 2])
    0.5
    """
    votes = _votes(answers, "answers", 1, 5)
    return _ratio(votes[4] + votes[5], votes.total(), "answers", "回答")


def _none(argument: str, what: str) -> str:
    return expected(argument, "at least one to divide by", f"至少有一个{what}", 0)


def _ratio(part: int, whole: int, argument: str, what: str) -> float:
    if not whole:
        raise ValueError(_none(argument, what))
    return part / whole


def _mean(waits: Sequence[float | None]) -> float:
    known = [w for w in waits if w is not None]
    if not known:
        raise ValueError(_none("chats", "得到答复的提问"))
    return sum(known) / len(known)


def _part(part: Collection[str], whole: Collection[str], argument: str) -> float:
    if stray := sorted({*part} - {*whole}):
        raise ValueError(expected(argument, "orders that were paid", "付过款的订单", stray[0]))
    return _ratio(len({*part}), len({*whole}), "paid", "付款订单")


def _votes(values: Iterable[int], argument: str, low: int, high: int) -> Counter[int]:
    """Return how often each whole number of a scale was given; a resample is counted quickly."""
    given = list(values)
    for kind in set(map(type, given)) - {int}:
        if kind is bool or not hasattr(kind, "__index__"):  # a frame's column has numpy's integers
            odd = next(value for value in given if type(value) is kind)
            raise TypeError(expected(argument, "a whole number", "整数", odd))
    votes = Counter(map(index, given))
    for value in votes:
        if not low <= value <= high:
            raise ValueError(expected(argument, f"{low} to {high}", f"{low}到{high}的整数", value))
    return votes


@dataclass(frozen=True)
class Kpi:
    """One figure: what it is called, how it is computed and from what, and which way is better.

    ``formula`` is the glossary's sentence, ``latex`` the same as mathematics, ``unit`` what is
    shown ("%" stands for a share from 0 to 1), ``fields`` the columns of our tables that it needs,
    ``source`` where the definition comes from.
    """

    name: str
    name_en: str
    formula: str
    formula_en: str
    latex: str
    unit: str
    better: Literal["high", "low"]
    fields: tuple[str, ...]
    source: str
    compute: Callable[..., float | Decimal]


CHAT = ("messages.chat_id", "messages.seq", "messages.at", "messages.sender")
TRADE = "平台客服数据的通行口径，本书按它定义；平台的算法以其最新说明为准"
SHOP = "电商经营的通行口径，本书按它定义；平台的算法以其最新说明为准"

KPIS: tuple[Kpi, ...] = (
    Kpi("首次响应时间", "first response time",
        "每次会话从客人第一问到第一次答复的秒数，取平均",
        "seconds from a chat's first question to its first answer, averaged over chats",
        r"\frac{1}{n}\sum_{i=1}^{n}\left(t_i^{\text{首答}}-t_i^{\text{首问}}\right)",
        "秒", "low", CHAT, TRADE, first_response_time),
    Kpi("平均响应时间", "average response time",
        "每一轮从提问到答复的秒数，取平均",
        "seconds from question to answer, averaged over rounds",
        r"\frac{1}{m}\sum_{j=1}^{m}\left(t_j^{\text{答}}-t_j^{\text{问}}\right)",
        "秒", "low", CHAT, TRADE, average_response_time),
    Kpi("答问比", "answer ratio",
        "客服消息条数除以买家消息条数",
        "messages of agents divided by messages of buyers",
        r"\frac{\text{客服消息条数}}{\text{买家消息条数}}",
        "%", "high", CHAT, TRADE, answer_ratio),
    Kpi("3分钟响应率", "3-minute response rate",
        "180秒以内得到答复的轮次除以全部轮次",
        "rounds answered within 180 seconds divided by all rounds",
        r"\frac{\text{180秒以内答复的轮次}}{\text{全部轮次}}",
        "%", "high", CHAT, TRADE, three_minute_rate),
    Kpi("询单转化率", "enquiry conversion",
        "询单后当天或次日付款的人数除以询单人数",
        "enquirers who paid the same or the next day divided by all enquirers",
        r"\frac{\text{当天或次日付款的询单人数}}{\text{询单人数}}",
        "%", "high", ("chats.customer_id", "chats.started_at", "chats.stage",
                      "orders.customer_id", "orders.paid_at"), TRADE, enquiry_conversion),
    Kpi("客单价", "average order value",
        "成交金额除以成交人数",
        "amount paid divided by customers who paid",
        r"\frac{\text{成交金额}}{\text{成交人数}}",
        "元", "high", ("orders.customer_id", "orders.paid_at", "orders.paid_amount"), SHOP,
        average_order_value),
    Kpi("退款率", "refund rate",
        "有退款的订单数除以付款订单数",
        "orders with a refund divided by orders paid",
        r"\frac{\text{有退款的订单数}}{\text{付款订单数}}",
        "%", "low", ("returns.order_id", "returns.status", "returns.refund_amount",
                     "orders.order_id", "orders.paid_at"), SHOP, refund_rate),
    Kpi("纠纷率", "dispute rate",
        "发生纠纷的订单数除以付款订单数",
        "orders with a dispute divided by orders paid",
        r"\frac{\text{发生纠纷的订单数}}{\text{付款订单数}}",
        "%", "low", ("disputes.order_id", "disputes.kind", "orders.order_id", "orders.paid_at"),
        SHOP, dispute_rate),
    Kpi("好评率", "favourable rate",
        "4星和5星的评价数除以评价总数",
        "reviews of 4 or 5 stars divided by all reviews",
        r"\frac{\text{4星和5星的评价数}}{\text{评价总数}}",
        "%", "high", ("reviews.stars",), SHOP, favourable_rate),
    Kpi("复购率", "repeat rate",
        "付款两次及以上的客户数除以付款客户数",
        "customers with two orders paid or more divided by customers who paid",
        r"\frac{\text{付款两次及以上的客户数}}{\text{付款客户数}}",
        "%", "high", ("orders.customer_id", "orders.paid_at"), SHOP, repeat_rate),
    Kpi("NPS", "net promoter score",
        "净推荐值：9、10分的回答所占百分数减去0到6分的回答所占百分数",
        "percentage of answers of 9 and 10 less percentage of answers of 0 to 6",
        r"100\times\frac{\text{9、10分的回答数}-\text{0到6分的回答数}}{\text{回答数}}",
        "分", "high", ("survey.nps",),
        "Reichheld, F. F. (2003). The One Number You Need to Grow. Harvard Business Review.", nps),
    Kpi("CSAT", "customer satisfaction score",
        "满意度得分：打4分和5分的回答数除以回答数",
        "answers of 4 or 5 divided by all answers",
        r"\frac{\text{打4分和5分的回答数}}{\text{回答数}}",
        "%", "high", ("survey.csat",), "满意度调查的通行口径（五级量表取前两级）", csat),
)  # fmt: skip
"""All figures, in the order in which a shop meets them: service, trade, after-sales, opinion."""


def kpi(name: str) -> Kpi:
    """Return one figure by its Chinese or English name.

    Raises ``ValueError`` with the names that exist.

    >>> kpi("答问比").name_en
    'answer ratio'
    """
    known = {each: one for one in KPIS for each in (one.name, one.name_en)}
    return known[one_of(name, "name", known)]
