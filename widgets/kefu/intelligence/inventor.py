"""A scripted writer that invents: it takes a true answer and spoils it in one of seven ways.

It stands for a fluent machine whose sentence reads well and is not so. Because what it spoils is known, one
can count what the lamps of `kefu.intelligence.lamps` find. Five ways are those that large language models are
known for: a changed number, a flipped no, a swapped role, an invented promise, the answer to another question;
two more leave every word true: a condition left out, two numbers in each other's place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal, get_args

from kefu.amounts import one_of
from kefu.errors import need_text
from kefu.intelligence.lamps import (
    EITHER,
    ENOUGH,
    FIXED,
    HAN,
    LAMPS,
    NO,
    NO_ROLE,
    WORDS,
    Checked,
    Lantern,
    check,
    quantities,
)
from kefu.intelligence.language import HERE

Slip = Literal["改数字", "翻否定", "换角色", "编承诺", "答别的", "漏条件", "换位置"]
SLIPS: tuple[Slip, ...] = get_args(Slip)
HonestHalf = Literal["调试", "留出"]

GIFTS = ("另外今天拍下再送您一把雨伞，明早必达", "现在下单额外返现二十元，今晚就到账",
         "我再给您申请一份神秘礼盒，周末前寄出", "还送您一把雨伞")  # fmt: skip
CONDITION, ADDS, UNABLE, DUTY = (
    re.compile(WORDS[name]) for name in ("condition", "adds", "unable", "duty")
)
SWAP = (("卖家", "买家"), ("商家", "客人"), ("我们", "您"))


def invent(answer: str, slip: Slip, other: str = "", turn: int = 0) -> str:
    """Return an answer spoilt in one way, or "" where it gives no hold for that.

    ``other`` is what 答别的 says instead; ``turn`` chooses among invented promises,
    the last of which hides in the answer's last clause. Raises ``ValueError``
    for an empty answer or an unknown slip.

    >>> invent("亲，满88元包邮。", "改数字"), invent("深色不会掉色", "翻否定")
    ('亲，满177元包邮。', '深色会掉色')
    """
    text = need_text("answer", answer)
    one_of(slip, "slip", SLIPS)
    if slip == "改数字":
        return _number(text)
    if slip == "翻否定":
        return _flipped(text)
    if slip == "换角色":
        return _role(text)
    if slip == "编承诺":
        gift = GIFTS[turn % len(GIFTS)]
        return f"{text.rstrip('。')}{'' if gift == GIFTS[-1] else '，'}{gift}。"
    if slip == "答别的":
        return other if other != text else ""
    return _without_condition(text) if slip == "漏条件" else _crossed(text)


def _number(text: str) -> str:
    for one in quantities(text):
        seen = re.search(rf"\d+(?:\.\d+)?|[{HAN}]+", one.seen)
        if seen and one.kind not in ("日期", "星期几", "第"):
            at = one.start + seen.start()
            end = one.start + seen.end()
            held = {q.raw for q in quantities(text)}
            value = next(n for n in range(int(one.raw * 2 + 1), 10**9) if n not in held)
            return f"{text[:at]}{value}{text[end:]}"
    return ""


def _flipped(text: str) -> str:
    held = {n for m in (*FIXED.finditer(text), *EITHER.finditer(text), *UNABLE.finditer(text))
            for n in range(*m.span())}  # fmt: skip
    for m in re.finditer(rf"{NO}", text):
        if m.start() not in held and m[0] not in ("没", "非", "没有"):
            kept = "是" if m[0] == "不是" else "请" if m[0] in ("别", "勿", "莫") else ""
            return f"{text[: m.start()]}{kept}{text[m.end() :]}"
    adds = (m for m in ADDS.finditer(text) if m.start() not in held)
    return next((f"{text[: m.start()]}不{text[m.start() :]}" for m in adds), "")


def _role(text: str) -> str:
    spared = {n for m in NO_ROLE.finditer(text) for n in range(*m.span())}
    duty = DUTY.search(text)
    for one, other in SWAP:
        places = [m for m in re.finditer(f"{one}|{other}", text) if m.start() not in spared]
        if places and (duty or one != "我们"):
            made = text
            for m in reversed(places):
                made = made[: m.start()] + (other if m[0] == one else one) + made[m.end() :]
            return made
    return ""


def _without_condition(text: str) -> str:
    found = re.split("([，；。])", text)
    for n in range(2, len(found), 2):
        if CONDITION.search(found[n]):
            return "".join(found[: n - 1] + found[n + 1 :]).rstrip("，；。") + "。"
    return ""


def _crossed(text: str) -> str:
    plain = [one for one in quantities(text) if re.match(r"\d", one.seen) and one.kind != "日期"]
    for one, other in pairwise(plain):
        if one.raw != other.raw and (one.kind == other.kind or not one.kind or not other.kind):
            first, second = (re.match(r"[\d.]+", q.seen) for q in (one, other))
            if first and second:
                between = text[one.start + first.end() : other.start]
                tail = text[other.start + second.end() :]
                return f"{text[: one.start]}{second[0]}{between}{first[0]}{tail}"
    return ""


@cache
def honest(half: HonestHalf) -> Mapping[str, str]:
    """Return honest replies in other words by the entry or rule that they rest on: ``honest.toml``, by hand.

    The lamps were made on those of the half 调试; those of 留出 were measured afterwards.
    """
    one_of(half, "half", ("调试", "留出"))
    found = tomllib.loads((HERE / "honest.toml").read_text(encoding="utf-8"))[half]
    return {str(key): str(text) for key, text in found.items()}


@dataclass(frozen=True)
class Tested:
    """Replies of one kind over their sources: how many, how many each lamp reddened, how many none did."""

    name: str
    count: int
    red: Mapping[Lantern, int]
    passed: int

    @property
    def found(self) -> float:
        """The share that at least one lamp reddened: caught if spoilt, a false alarm if honest."""
        return 1 - self.passed / self.count if self.count else 0.0


def trial(name: str, checked: Iterable[Checked]) -> Tested:
    """Return the count over checked replies."""
    seen = tuple(checked)
    return Tested(
        name,
        len(seen),
        {lamp: sum(lamp in one.red for one in seen) for lamp in LAMPS},
        sum(one.green for one in seen),
    )


def spoilt(
    sources: Mapping[str, str], asked: Mapping[str, str], slip: Slip, enough: float = ENOUGH
) -> Tested:
    """Return what the lamps make of all answers spoilt in one way.

    ``sources`` are answers by entry, ``asked`` their questions; an answer that gives no hold is left out.
    """
    names = list(sources)
    checked = []
    for turn, name in enumerate(names):
        other = sources[names[(turn + len(names) // 2) % len(names)]]
        made = invent(sources[name], slip, other, turn)
        if made:
            checked.append(check(made, sources[name], asked.get(name, ""), enough))
    return trial(slip, checked)


def told(
    sources: Mapping[str, str], asked: Mapping[str, str], half: HonestHalf, enough: float = ENOUGH
) -> Tested:
    """Return what the lamps make of honest replies in other words: every red one is a false alarm."""
    return trial(
        f"老实话（{half}）",
        (
            check(text, sources[name], asked.get(name, ""), enough)
            for name, text in honest(half).items()
            if name in sources
        ),
    )
