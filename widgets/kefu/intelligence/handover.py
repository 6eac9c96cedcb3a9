"""When a bot hands over to a person, and with what: switches after GB/T 47746—2026, tried on cases.

The standard names five cases of automatic transfer and lets the bot ask first where the customer is
upset or wants to complain. What a hand-over carries and that the number waiting is told are from it too.
Source: excerpts of its clauses 4.3, 5.1.1, 5.2.2.6 and 5.2.2.7; words, cases and numbers are the book's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args

from kefu.amounts import count, one_of
from kefu.errors import need
from kefu.language import normal

Way = Literal["机器人答", "先确认", "立刻转"]
Fault = Literal["", "漏转", "误转", "没先问"]
NONE = "还没有工单"
"""The state of a ticket where none was opened: known too, and no need to say it to the customer."""
WAYS: tuple[Way, ...] = get_args(Way)


@dataclass(frozen=True)
class Moment:
    """Where a chat with the bot stands: the last message, misses in a row, minutes of silence."""

    said: str
    failures: int = 0
    minutes: float = 0

    def __post_init__(self) -> None:
        count(self.failures, "failures")
        need("minutes", self.minutes >= 0, "0 or more", "0或更多", self.minutes)


@dataclass(frozen=True)
class Switches:
    """When to hand over: by misses, by minutes of silence (0: never), by words (none: never).

    ``mood`` is what a word of ``upset`` leads to; a word is found anywhere in the message.
    """

    failures: int = 2
    minutes: float = 3
    refusal: tuple[str, ...] = ("转人工", "不跟机器人", "找真人")
    security: tuple[str, ...] = ("自称", "报验证码", "被盗")
    danger: tuple[str, ...] = ("受伤", "烫伤", "过敏了", "红疹")
    upset: tuple[str, ...] = ("气死", "投诉")
    mood: Way = "先确认"

    def __post_init__(self) -> None:
        one_of(self.mood, "mood", WAYS)


@dataclass(frozen=True)
class Route:
    """What the bot does, and by which switch (empty: by none)."""

    way: Way
    reason: str = ""


def decide(moment: Moment, switches: Switches) -> Route:
    """Return what the bot does at this moment; what cannot wait comes before what can.

    >>> decide(Moment("转人工！"), Switches())
    Route(way='立刻转', reason='拒绝机器人')
    >>> decide(Moment("气死我了"), Switches()).way
    '先确认'
    """
    if said(moment.said, switches.danger):
        return Route("立刻转", "紧急危险")
    if said(moment.said, switches.security):
        return Route("立刻转", "信息安全")
    if said(moment.said, switches.refusal):
        return Route("立刻转", "拒绝机器人")
    if 0 < switches.failures <= moment.failures:
        return Route("立刻转", "几次没答上")
    if 0 < switches.minutes <= moment.minutes:
        return Route("立刻转", "机器人没反应")
    if switches.mood != "机器人答" and said(moment.said, switches.upset):
        return Route(switches.mood, "生气或要投诉")
    return Route("机器人答")


def said(text: str, words: Iterable[str]) -> bool:
    """Tell whether a message holds one of the words, whatever marks stand between."""
    plain = normal(text)
    return any(normal(word) in plain for word in words if normal(word))


@dataclass(frozen=True)
class Packet:
    """What a hand-over carries to the person; what is empty did not come along."""

    who: str = ""
    talk: tuple[str, ...] = ()
    problem: str = ""
    ticket: str = ""

    def missing(self) -> tuple[str, ...]:
        """Return the names of the parts that did not come along."""
        return tuple(PARTS[one.name] for one in fields(self) if not getattr(self, one.name))

    def opening(self, agent: str = "小满") -> str:
        """Return the first words of the person, of the name ``agent``, who has no more than this in hand."""
        asks = [ask for part, ask in ASKS.items() if not getattr(self, part)]
        hello = f"{self.who}您好，我是{agent}，真人客服。"
        if asks:
            return f"{hello}麻烦您{'，再'.join(asks)}。"
        so_far = "" if self.ticket == NONE else f"{self.ticket}，"
        known = "前面的对话我看了，您说的是" if self.talk else "转过来的单子上写着"
        return f"{hello}{known}{self.problem}，{so_far}我接着办，不用再说一遍。"


PARTS = {"who": "客人是谁", "talk": "前面的对话", "problem": "要办的事", "ticket": "办到哪一步"}
ASKS = {"who": "报一下订单号", "problem": "说说是什么问题", "ticket": "说说之前是怎么处理的"}


def told(waiting: int) -> str:
    """Return what the customer hears while being handed over: how many wait before him.

    >>> told(3)
    '已为您转人工，前面还有3位，排到您马上接。'
    """
    count(waiting, "waiting")
    return (
        f"已为您转人工，前面还有{waiting}位，排到您马上接。"
        if waiting
        else "已为您转人工，前面没有人排队，马上接进来。"
    )


@dataclass(frozen=True)
class Probe:
    """One case to try the switches on: the moment, what is right, why, and what goes along."""

    moment: Moment
    right: Way
    why: str
    packet: Packet

    def fault(self, way: Way) -> Fault:
        """Return what is wrong with a way here, or nothing.

        >>> [TRIALS[9].fault(way) for way in WAYS]
        ['漏转', '', '没先问']
        """
        if way == self.right:
            return ""
        if self.right == "机器人答":
            return "误转"
        return "没先问" if self.right == "先确认" and way == "立刻转" else "漏转"


def judged(switches: Switches, trials: Iterable[Probe]) -> list[tuple[Probe, Route, Fault]]:
    """Return for each case what the switches do and what is wrong with it."""
    found = []
    for trial in trials:
        verdict = decide(trial.moment, switches)
        found.append((trial, verdict, trial.fault(verdict.way)))
    return found


def _trial(who: str, moment: Moment, right: Way, why: str, problem: str, ticket: str) -> Probe:
    return Probe(moment, right, why, Packet(who, (moment.said,), problem, ticket))


TRIALS: tuple[Probe, ...] = (
    _trial("北岸", Moment("转人工！我不跟机器人说"), "立刻转", "他已经不要机器人了，再挽留只会更火",
           "四件套掉不掉色", NONE),
    _trial("木棉", Moment("这条围巾是人工织的还是机器织的？"), "机器人答", "“人工”在问做工，不是要找人",
           "围巾怎么织的", NONE),
    _trial("橘子汽水", Moment("还是没回答我，我问的是能不能一起用券", 2), "立刻转", "连着两次没答上，再试就是折腾人",
           "两张券能不能一起用", NONE),
    _trial("小鹿", Moment("没看明白，再说一遍？", 1), "机器人答", "头一次没说清，换个说法再答一回就好",
           "怎么领券", NONE),
    _trial("一尾鱼", Moment("有人自称你们客服，让我报验证码"), "立刻转", "像是骗子，晚一分钟就可能丢钱",
           "有人冒充客服", "刚建了安全工单"),
    _trial("木木", Moment("验证码收不到，怎么登录？"), "机器人答", "这是标准问题，知识库里有",
           "登录收不到验证码", NONE),
    _trial("晚晚", Moment("刚盖这条毯子，手上起了一片红疹，痒得厉害"), "立刻转", "伤到人了，先停用，再由人来管",
           "用毯子后起红疹", "刚建了紧急工单"),
    _trial("半糖", Moment("我皮肤容易过敏，这料子能穿吗？"), "机器人答", "是在问料子，还没有人受伤",
           "料子会不会过敏", NONE),
    _trial("旧书摊", Moment("还在吗？怎么不说话了", 0, 4), "立刻转", "机器人四分钟没反应，只能由人接上",
           "退货到没到仓", "退货单在等仓库签收"),
    _trial("阿树", Moment("气死我了，说好两天到，都第五天了！"), "先确认", "先说抱歉，问一句要不要转人工，他点头再转",
           "包裹晚到三天", "查件单办到一半"),
    _trial("北岸", Moment("再这样我要投诉了"), "先确认", "要投诉的话先接住，问清要不要人来办，再转",
           "赠品没有收到", "补寄单在等审核"),
    _trial("老陈", Moment("你家毛巾便宜得气人，再来三条！"), "机器人答", "“气人”是玩笑，他在夸你",
           "再买三条毛巾", NONE),
)  # fmt: skip
"""Twelve cases, five of which a person must not be called for: who calls for all of them is wrong too."""


# What a machine adds to a hand-over, and what it must mask

SECRETS: Mapping[str, re.Pattern[str]] = {
    "身份证号": re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])"),
    "银行卡号": re.compile(r"(?<!\d)\d(?:[ -]?\d){15,18}(?!\d)"),
    "手机号": re.compile(r"(?<!\d)1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    "验证码": re.compile(r"验证码\D{0,3}\d{4,8}(?!\d)"),
}
"""What nobody else has to read. A long number is a card only if its last digit checks: orders have long numbers too."""


def checks(number: str) -> bool:
    """Tell whether the last digit of a number fits the others, as on bank cards (Luhn).

    >>> checks("4539 1488 0343 6467"), checks("4539 1488 0343 6468")
    (True, False)
    """
    digits = [int(c) for c in reversed(number) if c.isdigit()]
    doubled = (d if place % 2 == 0 else d * 2 - 9 * (d > 4) for place, d in enumerate(digits))
    return sum(doubled) % 10 == 0


def secrets(text: str) -> tuple[str, ...]:
    """Return the kinds of secret that a text shows openly.

    >>> secrets("电话13800001111，卡号4539 1488 0343 6467"), secrets("尾号6467")
    (('银行卡号', '手机号'), ())
    """
    return tuple(
        kind
        for kind, form in SECRETS.items()
        if any(kind != "银行卡号" or checks(m[0]) for m in form.finditer(text))
    )


def masked(text: str) -> str:
    """Return a text with its secrets masked: a phone as elsewhere in the book, of a card the last four.

    >>> masked("电话13800001111，验证码是204816")
    '电话138****1111，验证码是******'
    """
    for kind, form in SECRETS.items():
        text = form.sub(lambda m, kind=kind: _hidden(kind, m[0]), text)  # type: ignore[misc]
    return text


def _hidden(kind: str, seen: str) -> str:
    digits = re.sub("[^0-9Xx]", "", seen)
    if kind == "身份证号":
        return f"{digits[:3]}{'*' * 11}{digits[-4:]}"
    if kind == "银行卡号":
        return f"尾号{digits[-4:]}" if checks(seen) else seen
    return (
        f"{digits[:3]}****{digits[-4:]}" if kind == "手机号" else re.sub("[0-9]+$", "******", seen)
    )


@dataclass(frozen=True)
class Handed:
    """What goes to the person who takes over: the standard's packet, and what the machine did.

    ``noted`` are facts picked up (订单, 金额 …), ``tried`` the entries it quoted or found, ``reason`` why it
    gives up.
    """

    packet: Packet
    noted: Mapping[str, str]
    tried: tuple[str, ...]
    reason: str

    def faults(self) -> tuple[str, ...]:
        """Return what is missing or shown openly, in words; nothing where it may go."""
        found = [f"缺：{part}" for part in self.packet.missing()]
        found += [] if self.noted else ["缺：记下的事实"]
        found += [] if self.tried else ["缺：机器人试过的条目"]
        found += [] if self.reason.strip() else ["缺：为什么转"]
        texts = (*self.packet.talk, self.packet.problem, self.packet.ticket, *self.noted.values())
        shown = dict.fromkeys(kind for text in texts for kind in secrets(text))
        return (*found, *(f"没打码：{kind}" for kind in shown))


def handed(packet: Packet, noted: Mapping[str, str], tried: Iterable[str], reason: str,
           last: int = 6) -> Handed:  # fmt: skip
    """Return a hand-over with the last ``last`` turns (1 or more) and every secret masked."""
    kept = tuple(masked(turn) for turn in packet.talk[-count(last, "last", least=1) :])
    return Handed(
        Packet(packet.who, kept, masked(packet.problem), masked(packet.ticket)),
        {name: masked(value) for name, value in noted.items()},
        tuple(dict.fromkeys(tried)),
        reason,
    )
