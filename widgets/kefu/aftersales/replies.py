"""Public replies to reviews: six steps and six faults, heard by their words.

Whoever reads a reply is mostly not the one who wrote the review: later buyers do. The six steps and the
six faults are this book's (本书整理); what an agent may not say anywhere is `kefu.talk.lint`'s. Rules of
words, which do not know whether what is said is true or will be done.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Literal

from kefu.errors import expected
from kefu.talk import Finding, lint

Step = Literal[
    "称呼、道谢", "点出那件事", "认该认的", "一句事实", "做了什么，哪天", "哪里找、说给后来人"
]
STEPS: tuple[Step, ...] = (
    "称呼、道谢", "点出那件事", "认该认的", "一句事实", "做了什么，哪天", "哪里找、说给后来人",
)  # fmt: skip
Fault = Literal["泄露隐私", "反唇相讥", "指人是差评师", "复制粘贴", "许返现", "只写已处理"]
FAULTS: tuple[Fault, ...] = (
    "泄露隐私", "反唇相讥", "指人是差评师", "复制粘贴", "许返现", "只写已处理",
)  # fmt: skip
LONGEST = 80
"""Characters of a reply: more is folded away under a review."""
ALIKE = 0.8
"""From this likeness on two replies are one, pasted."""

DATE = (
    r"(?:\d+月\d+[日号]|\d+[日号点]|今[天晚早日]|昨[天晚]|明[天早晚]|[这本下]周|[这本]个?月|[周星]期?[一二三四五六日天]"
    r"|当[天晚]|从此|\d+小时)"
)
DONE = (
    r"(?:已经?|改|换|加|补|下架|停售|查|培训|退|送|打|写|约|通知|公告|盯|排|调|做|发|招|重[拍写新])"
)
PATTERNS: dict[Step, tuple[str, ...]] = {
    "称呼、道谢": (r"您好|^亲|朋友|客人|您", r"谢谢|感谢|多谢"),
    "认该认的": (
        r"抱歉|对不起|怪我们|不该|没做好|没把好关|没有把好关|我们的错|是我们|我们认|疏忽|辜负|理解您|懂您|让您",
    ),
    "一句事实": (r"\d|[一二三四五六七八九十两]+[天小件次笔条分]|查过|查了|核对|写明|属实",),
    "做了什么，哪天": (DATE, DONE),
    "哪里找、说给后来人": (
        r"订单页|旺旺|聊天窗|客服窗口|店铺客服|平台[内上里]|找我们|找客服|留言|在线客服",
        r"以后|后来|大家|各位|其他客人|买过|同一?批|这一?批|今后|往后|再买|下次|也请",
    ),
}  # 点出那件事 is the occasion's own
WHY: dict[Step, str] = {
    "称呼、道谢": "叫一声“您”，谢他说出来：后来的人先看见的是口气",
    "点出那件事": "把他说的那件事说一遍，换一条评价就用不上，才算点到",
    "认该认的": "该认的先认，一句就够，后面别跟“但是”",
    "一句事实": "给一件查得到的事实：一个数、一个日子、一处页面",
    "做了什么，哪天": "做了什么或要做什么，带上哪一天",
    "哪里找、说给后来人": "给一个平台内的联系办法，再有半句说给后来的人",
}
BROKEN: dict[Fault, tuple[str, str]] = {
    "泄露隐私": (
        r"1\d{10}|NX\d{6,}|V\d{5}|收件人|收货人|(?:地址|电话|手机)是|[一-鿿]{1,3}(?:先生|女士|小姐)|[路街]\d+号|\d+栋|\d+室",
        "姓名、订单号、电话、地址，一样都不能出现在人人看得见的地方",
    ),
    "反唇相讥": (
        r"[您你]自己|自己(?:不|没)|怎么不看|没看清|看清楚|爱买不买|无理取闹|别人都|别的客人都|就[您你]|一分价钱|不识货|素质|可是您|但是您|但您|[您你]也没",
        "说赢了他，输掉的是看评价的人",
    ),
    "指人是差评师": (
        r"差评师|敲诈|勒索|[讹诈]|碰瓷|骗子|同行|恶意|职业",
        "猜错了伤人，猜对了也没有用；证据交给平台，回复里只说事实",
    ),
    "许返现": (
        r"返[现您你]|返?.{0,2}红包|转账|好评.{0,6}[返送券元]|[返送券元].{0,8}(?:好评|五星|改评|改成|删)|(?:改|删)(?:一下|掉|了)?(?:评价|差评|这条)",
        "用好处换评价是禁止的；公开写出来，等于自己立证据",
    ),
}
EMPTY = re.compile(
    r"^亲?[，,！!~～]?(?:您好)?[，,]?(?:已|我们已)?经?(?:为您)?(?:处理|反馈|记录|收到|解决).{0,8}$"
)
STEP_WORDS = {name: tuple(map(re.compile, patterns)) for name, patterns in PATTERNS.items()}
FAULT_WORDS = {name: re.compile(pattern) for name, (pattern, _) in BROKEN.items()}


@dataclass(frozen=True)
class Occasion:
    """A review to be answered: ``about`` is a pattern of the words in which the thing itself is said.

    ``shop`` is what the shop had written, ``boss`` what the owner would, ``model`` a good one.
    ``earlier`` are other replies of the shop, against which pasting is heard.
    """

    name: str
    review: str
    stars: int
    text: str
    about: str
    shop: str
    boss: str
    model: str
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lamp:
    """One of the twelve: ``on`` for a step that is there, or a fault that is; its words, and why it counts."""

    name: str
    on: bool
    words: str
    why: str


@dataclass(frozen=True)
class Reading:
    """A reply as it was heard: its ``steps``, its ``faults``, what `lint` hears anywhere, its length."""

    steps: tuple[Lamp, ...]
    faults: tuple[Lamp, ...]
    heard: tuple[Finding, ...]
    size: int

    @property
    def good(self) -> bool:
        """Whether all six steps are there, no fault, and it is short enough."""
        return (
            all(one.on for one in self.steps)
            and not any(one.on for one in self.faults)
            and self.size <= LONGEST
        )


@cache
def occasions() -> tuple[Occasion, ...]:
    """Return the reviews to be answered, of last year's shop: ``replies.toml``, by hand."""
    text = Path(__file__).with_name("replies.toml").read_text(encoding="utf-8")
    return tuple(
        Occasion(**{**one, "earlier": tuple(one.get("earlier", ()))})
        for one in tomllib.loads(text)["occasion"]
    )


def read_reply(text: str, occasion: Occasion) -> Reading:
    """Return which of the six steps and the six faults a reply to a review has.

    Raises ``TypeError`` for anything but text.

    >>> found = read_reply("亲，已处理", occasions()[0])
    >>> [one.name for one in found.faults if one.on], any(one.on for one in found.steps)
    (['只写已处理'], False)
    """
    if not isinstance(text, str):
        raise TypeError(expected("text", "a text", "一段文字", text))
    said = text.strip()
    heard = tuple(one for one in lint(said) if one.kind != "太长")
    return Reading(
        tuple(_steps(said, occasion)), tuple(_faults(said, occasion, heard)), heard, len(said)
    )


def _steps(said: str, occasion: Occasion) -> Iterator[Lamp]:
    bare = bool(EMPTY.match(said))
    for name in STEPS:
        patterns = STEP_WORDS.get(name) or (re.compile(occasion.about),)
        hits = [pattern.search(said) for pattern in patterns]
        words = "……".join(hit[0] for hit in hits if hit)
        yield Lamp(name, bool(said) and all(hits) and not bare, words, WHY[name])


def _faults(said: str, occasion: Occasion, heard: Sequence[Finding]) -> Iterator[Lamp]:
    for name in FAULTS:
        if name == "复制粘贴":
            like = max(occasion.earlier, key=lambda one: likeness(said, one), default="")
            on = bool(like) and likeness(said, like) >= ALIKE
            yield Lamp(name, on, like if on else "", "跟别处的回复一个样，后来的人一翻就看出来")
        elif name == "只写已处理":
            on = bool(said) and bool(EMPTY.match(said))
            yield Lamp(name, on, said if on else "", "处理了什么，一个字也没有")
        else:
            hit = FAULT_WORDS[name].search(said)
            blamed = (
                [one.words for one in heard if one.kind == "推责"] if name == "反唇相讥" else []
            )
            words = hit[0] if hit else (blamed[0] if blamed else "")
            yield Lamp(name, bool(words), words, BROKEN[name][1])


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are, from 0 to 1 (what they share in order, over their length).

    >>> likeness("亲，已处理", "亲，已处理")
    1.0
    """
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
