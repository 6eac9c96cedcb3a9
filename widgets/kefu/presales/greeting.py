"""Greetings: what the first line to a visitor must hold, and what it must not.

When somebody comes, the shop knows the hour, the day, which page they come from, whether they have bought
before. From these follow the parts of a greeting; a line is judged by the words that stand for them, so
that the checker knows words and not what is meant. Festivals are those of the table ``days``; who is at
the desk at an hour, by the shifts of the invented shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from types import MappingProxyType

from kefu import data
from kefu.amounts import one_of, set_fields
from kefu.clock import in_shanghai
from kefu.errors import need_text
from kefu.talk import lint

HELLOS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {0: ("夜里", "您好"), 5: ("早上", "早上好"), 11: ("中午", "中午好"),
     13: ("下午", "下午好"), 18: ("晚上", "晚上好")}
)  # fmt: skip
"""The parts of a day by the hour at which they begin, with the hello of each."""
DESK: Mapping[int, str] = MappingProxyType({0: "暖暖", 9: "阿栀", 16: "小满"})
"""Who answers from which hour: the robot till nine, then the early and the late shift."""
HOLIDAYS: Mapping[str, str] = MappingProxyType(
    {"元旦": "新年好", "春节": "过年好", "五一": "五一快乐", "国庆": "国庆快乐"}
)
"""Days on which people wish one another well, with the wish."""
SALES = ("38节", "618", "双11", "双12")
"""Days of the shop's calendar that are sales: nothing to wish, something to say."""
SOURCES = ("搜索", "推荐", "活动", "直播", "老客分享")
"""How a visitor comes to the shop, by the table ``customers``."""
FROM: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"活动": ("活动", "活动价我帮您对页面"), "直播": ("直播", "直播里的价我帮您对页面"),
     "老客分享": ("朋友", "朋友分享的")}
)  # fmt: skip
"""For sources that call for a word: the word, and how it may be said."""
LONGEST_GREETING = 60
"""So many characters are read at one look on a phone; longer is a leaflet."""


@dataclass(frozen=True)
class Visit:
    """A visitor who says 在吗: when, on the page of which product, from where, what they bought last.

    ``last`` is empty for who has never bought. Raises ``TypeError`` or ``ValueError`` for a moment without
    a zone, a product without a name, and a source that is none of `SOURCES`.
    """

    at: datetime
    product: str
    source: str = "搜索"
    last: str = ""

    def __post_init__(self) -> None:
        set_fields(self, at=in_shanghai(self.at, "at"), product=need_text("product", self.product))
        one_of(self.source, "source", SOURCES)

    @property
    def part_of_day(self) -> str:
        """早上, 中午 and so on."""
        return HELLOS[begun(HELLOS, self.at.hour)][0]

    @property
    def hello(self) -> str:
        """The hello of the hour."""
        return HELLOS[begun(HELLOS, self.at.hour)][1]

    @property
    def agent(self) -> str:
        """Who answers."""
        return DESK[begun(DESK, self.at.hour)]

    @property
    def festival(self) -> str:
        """The festival of the shop's calendar, or nothing."""
        return festival_on(self.at.date())


@dataclass(frozen=True)
class GreetingPart:
    """A part that a greeting must have: its name, why, the words that stand for it, how it may be said."""

    name: str
    why: str
    words: tuple[str, ...]
    example: str


@dataclass(frozen=True)
class GreetingFault:
    """What a greeting must not have: its kind, the words in which it shows, and why."""

    kind: str
    words: str
    why: str


@dataclass(frozen=True)
class GreetingReport:
    """What a line has of the parts that it must have, what it lacks, and its faults."""

    has: tuple[GreetingPart, ...]
    lacks: tuple[GreetingPart, ...]
    faults: tuple[GreetingFault, ...]

    @property
    def good(self) -> bool:
        """Whether nothing lacks and nothing is wrong."""
        return not self.lacks and not self.faults


@dataclass(frozen=True)
class GreetingWay:
    """One way of writing the greeting: what it is called and how it reads."""

    name: str
    text: str


@data.cached
def _festivals() -> dict[str, str]:
    return {row["date"]: row["festival"] for row in data.rows("days")}


def festival_on(day: date) -> str:
    """Return the festival of a day by the shop's calendar; nothing on other days and in other years.

    >>> festival_on(date(2025, 11, 11)), festival_on(date(2025, 11, 15))
    ('双11', '')
    """
    return _festivals().get(day.isoformat(), "")


def begun(starts: Iterable[int], hour: int) -> int:
    """Return the start of the part of the day that began last.

    >>> begun(HELLOS, 17)
    13
    """
    return max(start for start in starts if start <= hour)


def greeting_parts(visit: Visit) -> tuple[GreetingPart, ...]:
    """Return what the first line to a visitor must hold, in the order in which it is said.

    >>> from kefu.clock import SHANGHAI
    >>> visit = Visit(datetime(2025, 11, 15, 20, tzinfo=SHANGHAI), "免烫衬衫", last="珊瑚绒毯")
    >>> [part.name for part in greeting_parts(visit)]
    ['问好', '老客', '报名字', '看的哪一件', '下一步']
    """
    festival, last, name = visit.festival, visit.last, visit.agent
    parts = [
        GreetingPart(
            "问好", f"现在是{visit.part_of_day}，合时段的一声，说明不是套模板",
            (visit.hello, "您好", "你好"), visit.hello,
        )
    ]  # fmt: skip
    if festival in HOLIDAYS:
        wish = HOLIDAYS[festival]
        parts.append(GreetingPart("节日", f"今天{festival}，一句就够",
                                  (wish, festival, "节日", "假期"), wish))  # fmt: skip
    if last:
        parts.append(GreetingPart(
            "老客", "买过的人要听得出店里记得他，只提他在这里买过的货",
            (last, "又见面", "上次", "欢迎回来", "老朋友"), "又见面了",
        ))  # fmt: skip
    parts.append(GreetingPart("报名字", "有名字，回头才找得到人", (name,), f"我是{name}"))
    if festival in SALES and name != DESK[0]:
        parts.append(GreetingPart("活动日", f"今天{festival}，人多会慢，先说实话",
                                  ("慢", "人多", "排", "稍等"), "今天人多，会慢一点"))  # fmt: skip
    if visit.source in FROM:
        word, said = FROM[visit.source]
        parts.append(GreetingPart(
            "从哪来", f"他从{visit.source}来，心里有话头，接住它",
            (word,), said,
        ))  # fmt: skip
    parts.append(GreetingPart(
        "看的哪一件", "系统里看得见他停在哪一页，别叫他再说一遍", (visit.product,), visit.product,
    ))  # fmt: skip
    if name == DESK[0]:
        parts.append(GreetingPart("几点有人", "夜里是机器人在，要说清人几点来",
                                  ("9点", "九点"), "人工9点来"))  # fmt: skip
    parts.append(GreetingPart(
        "下一步", "问一句好答的，他才往下说", ("？", "?", "发我", "告诉我", "尺码还是"), "想问尺码还是发货？",
    ))  # fmt: skip
    return tuple(parts)


FAULTS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "夸人": ("美女|帅哥|小仙女|好眼光|有眼光|眼光真|身材|气质|真漂亮|真帅",
             "没见过面就夸，听着像背出来的，还可能叫错人"),
    "催单": ("最后一件|只剩|手慢无|赶紧拍|抓紧拍|马上拍|错过|再不拍|快抢",
             "他还没开口就催，话也多半不实"),
    "露隐私": ("地址|生日|电话|手机号|身高|体重|寄到|住在|您家",
               "系统里查得到的，不是都说得出口：他会想你们还知道什么"),
})  # fmt: skip
"""Faults by kind: a pattern of the words in which they show, and why they are faults."""


def judge_greeting(text: str, visit: Visit) -> GreetingReport:
    """Return what a line has, lacks and does wrong as the first line to a visitor.

    Raises ``ValueError`` for an empty line.

    >>> from kefu.clock import SHANGHAI
    >>> visit = Visit(datetime(2025, 11, 15, 20, tzinfo=SHANGHAI), "免烫衬衫")
    >>> [part.name for part in judge_greeting("晚上好，我是小满。", visit).lacks]
    ['看的哪一件', '下一步']
    >>> [fault.kind for fault in judge_greeting("早上好，美女", visit).faults]
    ['时段不对', '夸人']
    """
    line, parts = need_text("text", text), greeting_parts(visit)
    has = tuple(part for part in parts if any(word in line for word in part.words))
    faults = [
        GreetingFault("时段不对", hello, f"现在是{visit.part_of_day}，一看就是没换过的模板")
        for part, hello in HELLOS.values()
        if hello in line and hello not in ("您好", visit.hello)
    ]
    wishes = {wish: name for name, wish in HOLIDAYS.items()}
    faults += [
        GreetingFault("节日不对", wish, f"今天不是{name}")
        for wish, name in wishes.items()
        if wish in line and name != visit.festival
    ]
    faults += [
        GreetingFault("节日不对", f"{name}快乐", "促销日没什么好祝的，他要的是准话")
        for name in SALES
        if f"{name}快乐" in line
    ]
    for kind, (pattern, why) in FAULTS.items():
        if found := re.search(pattern, line):
            faults.append(GreetingFault(kind, found[0], why))
    faults += [
        GreetingFault(one.kind, one.words, one.why)
        for one in lint(line)
        if one.kind in ("越权承诺", "违禁用语")
    ]
    if len(line) > LONGEST_GREETING:
        faults.append(GreetingFault("太长", f"{len(line)}字", "手机上一眼看不完，问题还没问就走了"))
    return GreetingReport(has, tuple(part for part in parts if part not in has), tuple(faults))


def greeting_ways(visit: Visit) -> tuple[GreetingWay, ...]:
    """Return four ways of writing the greeting of a visit, in an order that is the visit's own.

    One is bare, one a leaflet, one flatters or tells too much, one holds what it must.
    """
    parts = {part.name: part.example for part in greeting_parts(visit)}
    hello = parts["问好"]
    once = f"，{parts['老客']}" if "老客" in parts else ""
    wish = f"，{parts['节日']}" if "节日" in parts else ""
    slow = f"{parts['活动日']}。" if "活动日" in parts else ""
    night = f"{parts['几点有人']}，" if "几点有人" in parts else ""
    from_ = parts.get("从哪来", "")
    about = f"{from_}{visit.product}" if from_.endswith("的") else f"您看的是{visit.product}"
    if from_ and not from_.endswith("的"):
        about += f"，{from_}"
    good = f"{hello}{wish}{once}，我是{visit.agent}。{slow}{about}，{night}{parts['下一步']}"
    leaflet = (
        f"{hello}，欢迎光临暖巷生活馆，我是{visit.agent}。本店满88元包邮，满199减20，满299减35，收藏有礼，"
        f"直播间天天有福利，{visit.product}热卖中，有问题可以先看详情页，看不明白再告诉我哦"
    )
    close = (
        f"{hello}，又是您呀，上次的{visit.last}是寄到您家里的吧？{visit.product}只剩几件了"
        if visit.last
        else f"{hello}，美女好眼光！{visit.product}只剩几件了，赶紧拍，错过要等明年"
    )
    ways = [
        GreetingWay("干巴", "在的亲"),
        GreetingWay("传单", leaflet),
        GreetingWay("套近乎", close),
        GreetingWay("说到点上", good),
    ]
    Random(f"{visit}").shuffle(ways)
    return tuple(ways)
