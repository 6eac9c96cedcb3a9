"""Who returns: one customer's purchases, and what the silence up to a day says of whether he is still there."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo
from kefu.demos.hands import Along, IntSlider, labelled, press
from kefu.demos.svg import Frame, chart
from kefu.operations.clv import SHOP, RepeatHistory

START = date(2025, 1, 1)
LAST = 365
PEOPLE: dict[str, tuple[int, ...]] = {
    "慢半拍和木匠": (93, 107, 112, 124, 138, 147, 158, 160, 161),
    "晒太阳和园丁": (18, 67, 90, 204, 294, 324),
    "橘子邮差": (14, 18, 47, 87, 93, 93, 102, 109, 110, 119, 147, 150, 152, 201, 214, 228, 230, 273,
             278, 283),
    "橘子汽水": (201, 242, 360),
}  # fmt: skip
"""Four customers of the shop and the days of 2025 on which they ordered and paid (1 is January 1)."""
PLANE = Frame(LAST, 100, x_min=1, top=56)
BAGS = 40
"""How high the purchases stand, in pixels."""


def who_returns(who: str = "慢半拍和木匠", today: int = 200) -> Demo:
    """Return the demo of one of `PEOPLE`, as seen on a day of the year."""
    c: dict[str, widgets.ValueWidget] = {
        "today": IntSlider(value=today, min=1, max=LAST, description="今天是今年第几天"),
        "within": IntSlider(value=90, min=30, max=180, step=30, description="往后看几天"),
        "who": widgets.Dropdown(options=list(PEOPLE), value=who, description="看谁"),
    }

    def draw() -> str:
        now = c["who"].value
        buttons = "".join(press(name[-2:], {"who": name}, on=name == now) for name in PEOPLE)
        along = Along("today", c["today"], PLANE.x)
        return (
            timeline(PEOPLE[now], c["today"].value, along)
            + f"<div class='kefu-caption'><p>{said(now, c['today'].value, c['within'].value)}</p></div>"
            + labelled("看谁", buttons)
        )

    def tell() -> str:
        one = history(PEOPLE[c["who"].value], c["today"].value)
        if one is None:
            return "<p class='kefu-note'>这一天他还不是客人。把“今天”往右拖。</p>"
        if not one.repeats:
            return (
                "<p class='kefu-note'>只买过一次的人，模型认定还在：它假设人只在一次复购之后才会走。"
                "这是模型的脾气，不是事实。</p>"
            )
        x, quiet = one.repeats, one.known - one.last
        return (
            f"<p class='kefu-formula'>复购x = {x}次，最后一次在首单后t = {one.last:.1f}周，"
            f"认识他T = {one.known:.1f}周，"
            f"安静了{quiet:.1f}周<br>走掉与留下之比 = a ÷（b + x − 1）×（（α + T）÷（α + t））的（r + x）次方 = "
            f"{odds(one):.3g}<br>还在的概率 = 1 ÷（1 + {odds(one):.3g}）= <b>{SHOP.alive(one):.0%}</b></p>"
            f"<p class='kefu-note'>{NOTE}</p>"
        )

    def code() -> str:
        one = history(PEOPLE[c["who"].value], c["today"].value) or RepeatHistory(0, 0.0, 0.0)
        return (
            "from kefu.operations.clv import SHOP, RepeatHistory\n\n"
            f"one = RepeatHistory({one.repeats}, {one.last!r}, {one.known!r})\n"
            f"(round(SHOP.alive(one), 4), round(SHOP.expected(one, {c['within'].value} / 7), 4))"
        )

    def idle() -> set[str]:
        """Leave the choice of the customer to the picture's buttons."""
        return {"who"}

    return Demo("他还会来吗", c, draw, tell, code, idle=idle)


NOTE = (
    "r、α、a、b是从店里2,769位买家的购买时刻估出来的（0.638、8.58、0.90、2.69）。每天都按“到今天为止”重算，"
    "空心的单是后来的事，今天的你不知道。"
)


def odds(one: RepeatHistory) -> float:
    """Return how much likelier it is that the customer left than that he stays."""
    alive = SHOP.alive(one)
    return (1 - alive) / alive


def history(days: tuple[int, ...], today: int) -> RepeatHistory | None:
    """Return what is known on a day of a customer who bought on these; None before the first."""
    known = [day for day in days if day <= today]
    if not known:
        return None
    first = known[0]
    return RepeatHistory(len(known) - 1, (known[-1] - first) / 7, (today - first) / 7)


def spoken(day: int) -> str:
    """Return a day of the year as its date: 7月19日."""
    found = START + timedelta(days=day - 1)
    return f"{found.month}月{found.day}日"


def said(who: str, today: int, within: int) -> str:
    """Return what the day tells, in two sentences."""
    one = history(PEOPLE[who], today)
    if one is None:
        return f"{spoken(today)}，{escape(who)}还没来过。"
    quiet = round(7 * (one.known - one.last))
    alive = SHOP.alive(one)
    comes = SHOP.expected(one, within / 7)
    still = "今天刚买过" if not quiet else f"安静了{quiet}天"
    return (
        f"{spoken(today)}，{escape(who)}买过{one.repeats + 1}次，{still}。还在的概率<b>{alive:.0%}</b>，"
        f"往后{within}天预计再买{comes:.1f}次。"
    )


def timeline(days: tuple[int, ...], today: int, along: Along) -> str:
    """Return the purchases over the chance that he is still there, solid up to today, dashed if he stays away."""
    curve = [(float(day), 100 * SHOP.alive(one)) for day in range(days[0], today + 1)
             if (one := history(days, day))]  # fmt: skip
    known = tuple(day for day in days if day <= today)
    after = [(float(day), 100 * SHOP.alive(one)) for day in range(today, LAST + 1)
             if known and (one := history(known, day))]  # fmt: skip
    bags = "".join(
        f"<circle class='{'now' if day <= today else 'node'}' cx='{PLANE.x(day)}' cy='{BAGS}' r='5'/>"
        for day in days
    )
    here = curve[-1][1] if curve else 0.0
    label = f"今天{here:.0f}%" if curve else "今天"
    alternative = f"到{spoken(today)}买过{len(known)}次，" + (
        f"还在的概率{here:.0f}%" if curve else "还不是客人"
    )
    return chart(
        alternative,
        PLANE.axes("今年第几天", ""),
        "<text x='4' y='14'>买单的日子（空心：后来的）</text>",
        "<text x='396' y='14' text-anchor='end'>还在的概率（%）</text>",
        f"<path class='axis' d='M{PLANE.x(1)},{BAGS} H{PLANE.x(LAST)}'/>",
        PLANE.path(after, "faint") if after else "",
        PLANE.path(curve, "line") if curve else "",
        bags,
        f"<path class='guide' d='M{PLANE.x(today)},{BAGS - 12} V{PLANE.bottom:g}'/>",
        PLANE.handle((today, here), label, x=along),
        scale=PLANE.scale,
    )
