"""Care messages: ten things to look at before a text message goes to a customer, heard by their words.

The list is this book's (本书整理). A message with an offer is a commercial one: rule R48. Rules of words,
which do not know whether a coupon really lies in the wallet. The case in which the customer never agreed has
no good text: it is not sent, and what he asked for is told where he asked.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from kefu.amounts import count
from kefu.errors import need

CareItem = Literal[
    "写明店名", "称呼对", "一件事", "有用", "不夸张",
    "9—20点", "能退订", "一条之内", "不带敏感信息", "他同意过",
]  # fmt: skip
ITEMS: tuple[CareItem, ...] = get_args(CareItem)
ONE_SMS = 70
"""Characters of one text message in Chinese, the shop's name in brackets counted; more is sent as two."""
FROM, UNTIL = 9, 20
"""The hours in which messages may go out: from 9:00 until 20:00."""
TOLD = tomllib.loads(Path(__file__).with_name("care.toml").read_text(encoding="utf-8"))
WORDS = {name: re.compile(one) for name, one in TOLD["words"].items()}
TOPICS = {name: re.compile(one) for name, one in TOLD["topics"].items()}
SHOP: str = TOLD["shop"]


@dataclass(frozen=True)
class CareCase:
    """A message to be mended: to whom, about what, whether he agreed to messages, a bad draft and a good one.

    ``useful`` is a pattern of the words that are of use to him, ``what`` says it; ``hour`` is when the draft
    is to go out. Where he has not ``consented`` the good one is for the shop's own chat window.
    """

    name: str
    about: str
    call: str
    consented: bool
    hour: int
    useful: str
    what: str
    draft: str
    model: str


@cache
def care_cases() -> tuple[CareCase, ...]:
    """Return the three messages of the book: a birthday, a feast, goods that are back."""
    return tuple(CareCase(**one) for one in TOLD["case"])


@dataclass(frozen=True)
class CareLamp:
    """One of the ten: whether it is lit, the words that put it out, and why it counts."""

    name: CareItem
    on: bool
    words: str
    why: str


@dataclass(frozen=True)
class CareReading:
    """A message as it was read: the ten lamps, its length, and whether it holds an offer."""

    lamps: tuple[CareLamp, ...]
    size: int
    promotes: bool

    @property
    def good(self) -> bool:
        """Whether all ten are lit."""
        return all(one.on for one in self.lamps)


def read_sms(text: str, case: CareCase, hour: int) -> CareReading:
    """Return what a text message to the customer of a case is like, sent at an hour from 0 to 23.

    >>> birthday = care_cases()[0]
    >>> read_sms(birthday.model, birthday, 10).good
    True
    >>> [one.name for one in read_sms("余女士生日快乐", birthday, 0).lamps if not one.on]
    ['写明店名', '有用', '9—20点', '能退订']
    """
    need("hour", count(hour, "hour") <= 23, "an hour from 0 to 23", "0到23的钟点", hour)
    said = text.strip()

    def heard(name: str) -> str:
        found = WORDS[name].search(said)
        return found[0] if found else ""

    others = [found[0] for words in TOPICS.values() if (found := words.search(said))]
    size = len(said)
    lamps = (
        _lamp("写明店名", SHOP in said, "", f"开头写【{SHOP}生活馆】：不写明是谁，他只当是骗子"),
        _lamp("称呼对", case.call in said, "", f"叫得出“{case.call}”，别写“亲爱的会员”；也别叫成别人"),
        _lamp("一件事", bool(said) and not others, "、".join(others), "这一条为一件事来，别的另找时候"),
        _lamp("有用", bool(re.search(case.useful, said)), "", f"他读完知道{case.what}"),
        _lamp("不夸张", bool(said) and not heard("loud"), heard("loud"), "一喊就像群发，下一条他就退订了"),
        _lamp("9—20点", FROM <= hour < UNTIL, f"{hour}点", "零点的祝福吵醒的是人"),
        _lamp("能退订", bool(heard("refuse")), "", "写上“拒收回R”，真的收到R就不再发"),
        _lamp("一条之内", 0 < size <= ONE_SMS, f"{size}字", f"一条短信{ONE_SMS}字，超了拆成两条，读不完，钱也翻倍"),
        _lamp("不带敏感信息", bool(said) and not heard("sensitive"), heard("sensitive"),
              "短信会亮在锁屏上，旁边的人也看得见"),
        _lamp("他同意过", case.consented, "", "没同意过的，写得再好也不发"),
    )  # fmt: skip
    return CareReading(lamps, size, bool(heard("promotes")))


def _lamp(name: CareItem, on: bool, words: str, why: str) -> CareLamp:
    return CareLamp(name, on, "" if on else words, why)
