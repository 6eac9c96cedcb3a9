"""The phrase book: a canned reply filled for the customer in this window, and whether it should go out now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

import ipywidgets as widgets

from kefu import data
from kefu.amounts import one_of
from kefu.demos.core import Demo
from kefu.demos.hands import Line, press
from kefu.presales.desk import NICKNAME, Phrase, PhraseBook

WIDE = 16
"""How many characters of a phrase its list shows."""
OPENS = ("DY001", "DY008", "DY022", "DY063", "DY110")
NOBODY = "（空着）"


@dataclass(frozen=True)
class _Guest:
    """Who sits in a window, what she has just said, and what the panel on the right knows of her."""

    name: str
    says: str
    known: Mapping[str, str]


GUESTS = {
    one.name: one
    for one in (
        _Guest(
            "橘子汽水",
            "我车里249，凑到300划算吗？",
            {"商品名": "水洗棉四件套", "差额": "51", "金额": "249"},
        ),
        _Guest(
            "北岸",
            "人呢？改个地址，我等了三分多钟了。",
            {"时间": "三分多钟"},
        ),
        _Guest("小鹿", "付不了，写着超出限额", {}),
        _Guest(
            "半糖",
            "上回那条打底裤再来一条，我穿什么码来着？",
            {"商品名": "高弹打底裤", "尺码": "L码"},
        ),
    )
}
"""Told by the evening of the chapter; the shop's agent is 小满."""


def phrase_book(customer: str = "北岸", named: str = "橘子汽水") -> Demo:
    """Return the book at a customer's window, while the nickname of the one before still stands in it."""
    book = shop_book()
    c = {
        "name": Line(value=named, description="称呼填的是", send="填上"),
        "words": Line(
            value="", description="找短语", placeholder="如：回错窗口，或/af10", send="找"
        ),
        "phrase": widgets.Dropdown(
            options=labels(map(book.phrase, OPENS)), value=OPENS[0], description="哪条短语"
        ),
        "who": widgets.Dropdown(
            options=list(GUESTS),
            value=one_of(customer, "customer", GUESTS),
            description="窗口里是谁",
        ),
    }

    def listed() -> list[Phrase]:
        """Return what the list is made of: what is found, or those that are used most."""
        words = c["words"].value.strip()
        return book.search(words) if words else [book.phrase(one) for one in OPENS]

    def list_what_is_found(_change: object) -> None:
        if found := listed():
            c["phrase"].options = labels(found)

    c["words"].observe(list_what_is_found, "value")

    def values() -> dict[str, str]:
        known = dict(GUESTS[c["who"].value].known)
        return {**known, "客服名": "小满", NICKNAME: c["name"].value}

    def idle() -> set[str]:
        """Leave the window to the buttons of the picture: no list of them stands below."""
        return {"who"}

    def objections() -> list[str]:
        guest = GUESTS[c["who"].value]
        return book.phrase(c["phrase"].value).objections(values(), guest.name, guest.says)

    def draw() -> str:
        guest, one = GUESTS[c["who"].value], book.phrase(c["phrase"].value)
        people = "".join(press(name, {"who": name}, on=name == guest.name) for name in GUESTS)
        return (
            f"<div class='kefu-talk'><div class='kefu-acts' role='group' aria-label='窗口'>{people}</div>"
            f"<p class='kefu-asked'>{escape(guest.says)}</p>"
            f"<p class='kefu-said'>{escape(shown(one, values()))}</p>{ruling(guest)}</div>"
        )

    def ruling(guest: _Guest) -> str:
        """Return whether the phrase may go out, and what first speaks against it; all of it stands below."""
        against = objections()
        name, word = ("kefu-none", "✗ 先别发") if against else ("kefu-full", "✓ 可以发")
        more = f"（共{len(against)}条，见下）" if len(against) > 1 else ""
        why = f"<p>{escape(against[0])}{more}</p>" if against else ""
        mend = (
            ""
            if c["name"].value.strip() == guest.name
            else press("称呼换成窗口里的人", {"name": guest.name})
        )
        return (
            f"<div class='kefu-ruling {name}' role='status'><p><b>{word}</b>{mend}</p>{why}</div>"
        )

    def tell() -> str:
        one = book.phrase(c["phrase"].value)
        fields = "、".join(one.fields) or "没有"
        twice = "；".join(
            f"{shortcut}有{'两' if len(found) == 2 else len(found)}条："
            + "、".join(f"{each.group}{each.phrase_id}" for each in found)
            for shortcut, found in book.clashes().items()
        )
        clash = f"快捷键撞了：{twice}" if twice else "没有撞的快捷键"
        groups = len({each.group for each in book.phrases})
        none = "" if listed() else "<p class='kefu-note'>没有这样的短语，换个词找。</p>"
        against = "".join(f"<li>{escape(reason)}</li>" for reason in objections())
        said = (
            f"<ul>{against}</ul>" if against
            else "<p>该填的填好了，也没有答应什么；还要看它答没答他问的。</p>"
        )  # fmt: skip
        return (
            f"{none}{said}<p class='kefu-formula'>{escape(one.text)}<br>"
            f"{escape(f'{one.phrase_id}　{one.group}　{one.shortcut}')}　"
            f"变量：{escape(fields)}　{'<b>含承诺</b>' if one.promises else '不含承诺'}　今年用过{one.uses}次</p>"
            f"<p class='kefu-note'>全书{len(book.phrases)}条，{groups}组。{escape(clash)}。</p>"
        )

    def code() -> str:
        return (
            "from kefu import data\nfrom kefu.presales.desk import PhraseBook\n\n"
            'book = PhraseBook.from_csv(data.path("phrases").read_text("utf-8"))\n'
            f"one = book.phrase({c['phrase'].value!r})\n"
            f"one.objections({values()!r},\n    {c['who'].value!r}, {GUESTS[c['who'].value].says!r})"
        )

    return Demo("快捷短语：填好了再发", c, draw, tell, code, idle=idle)


def labels(phrases: Iterable[Phrase]) -> list[tuple[str, str]]:
    """Return phrases as a list has them: the shortcut and how the text begins, and the number."""
    return [
        (f"{one.shortcut}　{one.text[:WIDE]}{'…' if len(one.text) > WIDE else ''}", one.phrase_id)
        for one in phrases
    ]


@data.cached
def shop_book() -> PhraseBook:
    """Return the book of the shop in use."""
    return PhraseBook.from_csv(data.path("phrases").read_text(encoding="utf-8"))


def shown(one: Phrase, values: Mapping[str, str]) -> str:
    """Return the text as it would go out, with what is missing left to be seen.

    >>> shown(Phrase("DY001", "欢迎", "/hy1", "您好{客人昵称}，{时间}见"), {"时间": "明早"})
    '您好（空着），明早见'
    """
    return one.fill({name: values.get(name, "").strip() or NOBODY for name in one.fields})
