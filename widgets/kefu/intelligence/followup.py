"""Following an order up: which task is due, when and how often a customer may be reminded to pay, what came of it.

The six tasks, their limits a day and the hours are this book's (本书整理), the four parts of the follow-up
assistant (跟单助手) are from the teaching material. Rule R48: no commercial text message without consent. The
shares that paid after a reminder are counted in the table reminders. Nobody drew lots who was reminded when, so
that they say when reminders and payment go together, not what a reminder brings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

from kefu import data
from kefu.amounts import count, one_of, set_fields, yes_or_no
from kefu.clock import SHANGHAI, a_day, in_shanghai
from kefu.errors import expected, need
from kefu.stats import Comparison, two_proportions, wilson

RemindBy = Literal["旺旺", "短信"]
CHANNELS: tuple[RemindBy, ...] = get_args(RemindBy)
EDGES = (3, 10, 30, 60, 240, 1200)
"""Minutes after the order between which reminders are counted together."""
LASTS = timedelta(days=1)
"""How long an order waits for its payment before it closes."""
MINUTE = timedelta(minutes=1)

# The tasks

PARTS: Mapping[str, str] = {
    "配置面板": "设什么时候触发、说哪一句、何时停",
    "任务列表": "看谁还没跟",
    "数据看板": "看提醒以后多少人付了款",
    "话术管理": "一句话几个版本，哪个在用",
}
"""The four parts of the follow-up assistant, and what each is for."""


@dataclass(frozen=True)
class FollowTask:
    """One kind of message that follows an order: what sets it off, what it says, what ends it, how many a day."""

    name: str
    trigger: str
    words: str
    stop: str
    most: int = 1


TASKS = (
    FollowTask("催付", "下单后10到30分钟还没付款", "您拍的{商品}还没付款，今天付，明天就能发出；不想要了也没关系",
         "付了款、关了单、说了别催，或催过一次"),
    FollowTask("核单", "付款以后", "收货人是{姓名}，地址{地址}，{颜色}{尺码}一件，对吗", "客人答了，或已发货"),
    FollowTask("尾款", "付尾款的前一天", "您的预售明天{时刻}开始付尾款，定金已抵，到时记得来", "付清，或过了尾款日"),
    FollowTask("发货告知", "运单号上传以后", "您的包裹发出了，{快递}{单号}，约{天数}天到", "说过一次"),
    FollowTask("签收回访", "签收以后", "东西收到了吗，合不合心意，哪里不对告诉我", "客人答了，或在办退换"),
    FollowTask("评价邀请", "签收第二天以后，没有退换、没有投诉", "用过以后，好不好都请照实写两句", "评过，或在办退换"),
)  # fmt: skip
"""Six tasks in the order of an order's life: this book's. An invitation asks for no praise and promises nothing."""
NAMES = tuple(task.name for task in TASKS)


@dataclass(frozen=True)
class Order:
    """What is known of an order: moments (``None``: not yet), what was said already, what the customer wants.

    ``told`` are the names of tasks done; ``today`` how many messages went out to him today, of all tasks;
    ``refused``: he asked not to be reminded; ``consented``: to text messages; ``troubled``: a return or a
    complaint is open; ``balance_on`` is the day on which a presale's balance falls due.
    """

    created_at: datetime
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    balance_on: date | None = None
    closed: bool = False
    reviewed: bool = False
    troubled: bool = False
    refused: bool = False
    consented: bool = False
    told: frozenset[str] = frozenset()
    today: int = 0

    def __post_init__(self) -> None:
        set_fields(
            self, created_at=in_shanghai(self.created_at, "created_at"), told=frozenset(self.told)
        )
        for name in ("paid_at", "shipped_at", "signed_at"):
            if (moment := getattr(self, name)) is not None:
                set_fields(self, **{name: in_shanghai(moment, name)})
                need(name, getattr(self, name) >= self.created_at, "a moment after created_at",
                     "不早于created_at的时刻", moment)  # fmt: skip
        if self.balance_on is not None:
            a_day(self.balance_on, "balance_on")
        for name in ("closed", "reviewed", "troubled", "refused", "consented"):
            yes_or_no(getattr(self, name), name)
        for name in self.told:
            one_of(name, "told", NAMES)
        count(self.today, "today")


def due(order: Order, now: datetime) -> tuple[FollowTask, ...]:
    """Return the tasks that an order has open, in the order of its life; none for one that is closed.

    >>> bought = datetime(2026, 3, 5, 20, 0, tzinfo=SHANGHAI)
    >>> [task.name for task in due(Order(bought), bought + 12 * MINUTE)]
    ['催付']
    """
    moment = in_shanghai(now, "now")
    if order.closed:
        return ()
    since = moment - order.created_at
    signed = order.signed_at
    tomorrow = moment.date() + timedelta(days=1)
    opened = {
        "催付": order.paid_at is None and EDGES[1] * MINUTE <= since < LASTS and not order.refused,
        "核单": order.paid_at is not None and order.shipped_at is None,
        "尾款": order.balance_on == tomorrow and not order.refused,
        "发货告知": order.shipped_at is not None and signed is None,
        "签收回访": signed is not None and not order.troubled,
        "评价邀请": signed is not None and moment.date() > signed.date()
        and not (order.reviewed or order.troubled or order.refused),
    }  # fmt: skip
    return tuple(task for task in TASKS if opened[task.name] and task.name not in order.told)


# When to remind


@dataclass(frozen=True)
class RemindPolicy:
    """When and how often a customer is reminded to pay.

    ``after`` minutes from the order; at most ``most`` times an order, and ``daily`` messages a day of all
    tasks; only within ``hours`` of a channel (from, until; whole hours). ``ask_consent``: a text message only
    to who agreed. What falls into the quiet hours waits for the morning if ``wait``, else it is left out.
    """

    after: int = 10
    most: int = 1
    daily: int = 2
    hours: Mapping[RemindBy, tuple[int, int]] | None = None
    ask_consent: bool = True
    wait: bool = False

    def __post_init__(self) -> None:
        set_fields(self, hours=dict(HOURS if self.hours is None else self.hours))
        need(
            "after",
            1 <= count(self.after, "after") < 1440,
            "1 to 1439 minutes",
            "1到1439分钟",
            self.after,
        )
        count(self.most, "most")
        count(self.daily, "daily")
        for channel, (start, end) in self.spans.items():
            one_of(channel, "hours", CHANNELS)
            need(
                "hours",
                0 <= start < end <= 24,
                "two hours from 0 to 24",
                "0到24的两个钟点",
                (start, end),
            )
        yes_or_no(self.ask_consent, "ask_consent")
        yes_or_no(self.wait, "wait")

    @property
    def spans(self) -> Mapping[RemindBy, tuple[int, int]]:
        """The hours of each channel."""
        assert self.hours is not None
        return self.hours


HOURS: Mapping[RemindBy, tuple[int, int]] = {"旺旺": (8, 22), "短信": (9, 20)}
"""When a customer may be written to: this book's convention; text messages as in chapter 11."""
ANYTIME: Mapping[RemindBy, tuple[int, int]] = {"旺旺": (0, 24), "短信": (0, 24)}


class Reminding(NamedTuple):
    """When a reminder goes out (``None``: it does not), and why then or why not."""

    at: datetime | None
    why: str


def plan(
    order: Order, policy: RemindPolicy, channel: RemindBy = "旺旺", now: datetime | None = None
) -> Reminding:
    """Return when an order's customer is reminded to pay by a channel, looked at ``now`` (else: at the order).

    A reminder never goes out after the payment, after the order's closing a day on, in quiet hours, beyond the
    limits, without the consent that its channel needs, or to who asked not to be reminded.

    >>> late = Order(datetime(2026, 3, 5, 21, 55, tzinfo=SHANGHAI))
    >>> print(plan(late, RemindPolicy()).why)
    安静时段，这一单不催
    >>> print(plan(late, RemindPolicy(wait=True)).at)
    2026-03-06 08:00:00+08:00
    """
    one_of(channel, "channel", CHANNELS)
    start = order.created_at if now is None else in_shanghai(now, "now")
    if order.paid_at is not None or order.closed:
        return Reminding(None, "付了款或关了单，不催")
    if order.refused:
        return Reminding(None, "他说过别催")
    if channel == "短信" and policy.ask_consent and not order.consented:
        return Reminding(None, "没同意收短信，不发")
    if policy.most <= ("催付" in order.told):
        return Reminding(None, "催过了，不再催")
    if order.today >= policy.daily:
        return Reminding(None, "今天发够了")
    at = max(order.created_at + policy.after * MINUTE, start)
    first, last = policy.spans[channel]
    why = f"下单后{policy.after}分钟"
    if not first <= at.hour < last:
        if not policy.wait:
            return Reminding(None, "安静时段，这一单不催")
        day = at.date() if at.hour < first else at.date() + timedelta(days=1)
        at, why = datetime.combine(day, time(first), SHANGHAI), "安静时段，等到早上"
    if at >= order.created_at + LASTS:
        return Reminding(None, "单子先关了")
    return Reminding(at, why)


# What came of reminders


@dataclass(frozen=True)
class Sent:
    """A reminder that was sent: how many minutes after the order, when, how, to whom, and whether he paid then."""

    minutes: int
    at: datetime
    channel: RemindBy
    consented: bool
    paid: bool

    @property
    def ordered_at(self) -> datetime:
        """When the order was made, to the minute."""
        return self.at - self.minutes * MINUTE


@data.cached
def shop_reminders() -> tuple[Sent, ...]:
    """Return the shop's reminders, with whether the customer agreed to text messages."""
    buyer = {row["order_id"]: row["customer_id"] for row in data.rows("orders")}
    agreed = {row["customer_id"]: row["sms_consent"] == "true" for row in data.rows("customers")}
    return tuple(
        Sent(
            int(row["minutes_after"]),
            in_shanghai(datetime.fromisoformat(row["sent_at"]), "sent_at"),
            "短信" if row["channel"] == "短信" else "旺旺",
            agreed[buyer[row["order_id"]]],
            row["paid_after"] == "true",
        )
        for row in data.rows("reminders")
    )


class Stretch(NamedTuple):
    """Reminders sent between two minutes after the order (the second not included), and how many paid after."""

    low: int
    high: int
    paid: int
    sent: int

    @property
    def share(self) -> float:
        """The share that paid; 0 where none was sent."""
        return self.paid / self.sent if self.sent else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share; 0 to 1 where none was sent."""
        return wilson(self.paid, self.sent) if self.sent else (0.0, 1.0)


def stretches(sent: Iterable[Sent], edges: Sequence[int] = EDGES) -> tuple[Stretch, ...]:
    """Return by stretches of minutes how many were reminded and paid; raises ``ValueError`` unless edges rise.

    >>> [round(one.share, 3) for one in stretches(shop_reminders())]
    [0.288, 0.473, 0.458, 0.267, 0.145]
    """
    rising = len(edges) > 1 and all(low < high for low, high in pairwise(edges))
    need("edges", rising, "minutes that rise", "从小到大的分钟数", edges)
    reminders = tuple(sent)
    found = []
    for low, high in pairwise(edges):
        inside = [one.paid for one in reminders if low <= one.minutes < high]
        found.append(Stretch(low, high, sum(inside), len(inside)))
    return tuple(found)


def best(found: Sequence[Stretch]) -> Stretch:
    """Return the stretch with the largest share; the earlier of two that are alike. ``ValueError`` for none."""
    need("found", found, "at least one stretch", "至少一段", found)
    return max(found, key=lambda one: (one.share, -one.low))


def compared(one: Stretch, other: Stretch) -> Comparison:
    """Return by how much the first stretch's share is larger, its interval and how likely so by chance.

    Raises ``ValueError`` where a stretch holds no reminder.
    """
    for name, stretch in (("one", one), ("other", other)):
        need(name, stretch.sent, "a stretch with reminders", "有催付的一段", stretch)
    return two_proportions(one.paid, one.sent, other.paid, other.sent)


@dataclass(frozen=True)
class Audit:
    """Reminders that should not have gone out: in quiet hours, and texts without consent; ``either`` of both."""

    sent: int
    quiet: int
    unasked: int
    either: int


def audit(sent: Iterable[Sent], policy: RemindPolicy | None = None) -> Audit:
    """Return how many reminders broke a policy's hours or its consent."""
    rule = policy or RemindPolicy()
    reminders = tuple(sent)
    quiet = [
        not rule.spans[one.channel][0] <= one.at.hour < rule.spans[one.channel][1]
        for one in reminders
    ]
    unasked = [
        rule.ask_consent and one.channel == "短信" and not one.consented for one in reminders
    ]
    either = sum(a or b for a, b in zip(quiet, unasked, strict=True))
    return Audit(len(reminders), sum(quiet), sum(unasked), either)


@dataclass(frozen=True)
class Outlook:
    """What a policy would do with orders: how many are reminded, how many of them pay, how many are left in peace.

    ``paid`` is an estimate, by the shares of the stretches in which the reminders would fall; ``low`` and
    ``high`` put each stretch at the ends of its interval. ``night`` are reminders out of `HOURS`.
    """

    orders: int
    reminded: int
    paid: float
    low: float
    high: float
    night: int


def outlook(
    orders: Iterable[Order],
    policy: RemindPolicy,
    found: Sequence[Stretch],
    channel: RemindBy = "旺旺",
) -> Outlook:
    """Return what a policy would do with unpaid orders, if when a reminder comes is all that counts.

    A reminder earlier than the first stretch counts as in it, one later than the last likewise. Who is not
    reminded is taken not to pay, as nearly all of them (`alone`). Raises ``ValueError`` for no stretches.
    """
    need("found", found, "at least one stretch", "至少一段", found)
    known = tuple(orders)
    told = [(one.high, one.share, *one.interval) for one in found]
    reminded = night = 0
    paid = low = high = 0.0
    for order in known:
        at = plan(order, policy, channel).at
        if at is None:
            continue
        minutes = (at - order.created_at) / MINUTE
        _, share, least, most = next((one for one in told if minutes < one[0]), told[-1])
        reminded += 1
        night += not HOURS[channel][0] <= at.hour < HOURS[channel][1]
        paid, low, high = paid + share, low + least, high + most
    return Outlook(len(known), reminded, paid, low, high, night)


def messages(found: Outlook, most: int) -> float:
    """Return how many messages go out if who has not paid is reminded again, up to ``most`` times.

    What a second reminder brings is not known: in the table nobody was reminded twice. It counts as bringing
    nothing, so that this is the most that can go out.

    >>> messages(Outlook(10, 10, 4, 3, 5, 0), 3)
    22
    """
    again = count(most, "most", least=1) - 1
    return found.reminded + again * (found.reminded - found.paid)


@data.cached
def unpaid_orders() -> tuple[Order, ...]:
    """Return the orders that the shop reminded, as they stood: unpaid, at the minute in which they were made."""
    return tuple(Order(one.ordered_at, consented=one.consented) for one in shop_reminders())


@data.cached
def alone(minutes: int) -> tuple[int, int]:
    """Return of the orders still unpaid after ``minutes`` that nobody reminded: how many paid, of how many.

    No fair comparison with those who were reminded: nobody drew lots.

    >>> alone(10)
    (1, 139)
    """
    count(minutes, "minutes")
    reminded = {row["order_id"] for row in data.rows("reminders")}
    paid = waiting = 0
    for row in data.rows("orders"):
        if row["order_id"] in reminded:
            continue
        if not row["paid_at"]:
            waiting += 1
            continue
        took = datetime.fromisoformat(row["paid_at"]) - datetime.fromisoformat(row["created_at"])
        if took > minutes * MINUTE:
            waiting += 1
            paid += 1
    if not waiting:
        raise ValueError(
            expected(
                "minutes",
                "minutes after which some order was unpaid",
                "还有单没付的分钟数",
                minutes,
            )
        )
    return paid, waiting
