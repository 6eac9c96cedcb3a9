"""A public reply as it is written: six lamps for what should be there, six for what should not."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from kefu.aftersales.replies import LONGEST, Lamp, Occasion, ReplyReading, occasions, read_reply
from kefu.demos.core import Demo
from kefu.demos.hands import press
from kefu.demos.svg import chart

DRAFTS = {"shop": "店里原来的", "boss": "周老板写的", "model": "示范"}
ROW, HEIGHT = 25, 176


def reply() -> Demo:
    """Return the demo at the first review, with what the shop had written under it."""
    line = occasions()
    c = {
        "which": widgets.Dropdown(
            options=[(f"{one.name}：{'★' * one.stars}", n) for n, one in enumerate(line)],
            value=0,
            description="回哪一条",
        ),
        "own": widgets.Textarea(
            value=line[0].shop, rows=4, description="改成你的回复", continuous_update=False
        ),
    }

    def now() -> Occasion:
        return line[int(c["which"].value)]

    def another(_change: object) -> None:
        c["own"].value = now().shop

    c["which"].observe(another, "value")

    def draw() -> str:
        one, found = now(), read_reply(c["own"].value, now())
        there = sum(lamp.on for lamp in found.steps)
        wrong = sum(lamp.on for lamp in found.faults)
        drafts = "".join(
            press(name, {"own": getattr(one, key)}, on=c["own"].value == getattr(one, key))
            for key, name in DRAFTS.items()
        )
        return (
            f"<p class='kefu-big'>{there}步<small>　六步里亮了的；犯忌{wrong}样；{size(found)}</small></p>"
            f"<div class='kefu-talk'><p class='kefu-asked'><small>{'★' * one.stars}</small>　{escape(one.text)}</p>"
            f"</div>{lamps(found)}<div class='kefu-acts' role='group' aria-label='先看一稿'>{drafts}</div>"
        )

    def tell() -> str:
        found = read_reply(c["own"].value, now())
        own = f"<p class='kefu-said'>{escape(c['own'].value)}</p>" if c["own"].value.strip() else ""
        if found.good:
            end = "<p><b>六步都在，一忌不犯，也不长。</b>念一遍：换一条评价还能用吗？能，就还不够具体。</p>"
        else:
            end = f"<ul class='kefu-why'>{''.join(faults(found))}</ul>"
        return f"{own}{end}<p class='kefu-note'>{NOTE}</p>"

    def code() -> str:
        return (
            "from kefu.aftersales.replies import occasions, read_reply\n\n"
            f"found = read_reply({c['own'].value!r}, occasions()[{c['which'].value}])\n"
            "[one.name for one in (*found.steps, *found.faults) if one.on]"
        )

    return Demo("公开回复：六盏要亮，六盏不要亮", c, draw, tell, code)


NOTE = "灯只认字眼：写了“已下架”就亮，真下架没有，它不知道。最后一遍要自己念，当作你正要买这件东西，翻到了这一条。"


FULL_STOP = "。"


def size(found: ReplyReading) -> str:
    """Return the length of a reply, and whether it is too long."""
    return f"{found.size}字" + (f"，超过{LONGEST}字" if found.size > LONGEST else "")


def faults(found: ReplyReading) -> list[str]:
    """Return what a reply lacks and what it should not say, each an item with its reason."""
    lacks = [
        f"<li>还没有“{one.name}”：{escape(one.why)}。</li>" for one in found.steps if not one.on
    ]
    broken = [
        f"<li><b>{one.name}</b>：“{escape(one.words.rstrip(FULL_STOP))}”。{escape(one.why)}。</li>"
        for one in found.faults
        if one.on
    ]
    heard = [
        f"<li>{escape(one.kind)}：“{escape(one.words)}”。{escape(one.why)}。</li>"
        for one in found.heard
    ]
    long = (
        [f"<li>{size(found)}：评价下面只露出几行，长的会被折起来。</li>"]
        if found.size > LONGEST
        else []
    )
    return [*broken, *lacks, *heard, *long]


def lamps(found: ReplyReading) -> str:
    """Return the twelve lamps in two columns."""
    steps = [one.name for one in found.steps if one.on]
    wrong = [one.name for one in found.faults if one.on]
    return chart(
        f"亮了的：{'、'.join(steps) or '没有'}；犯忌：{'、'.join(wrong) or '没有'}",
        column("六步，要亮", found.steps, 6, "now"),
        column("六忌，不要亮", found.faults, 222, "bar2"),
        height=HEIGHT,
    )


def column(title: str, lights: Sequence[Lamp], x: float, lit: str) -> str:
    """Return one column of lamps, lit in the style ``lit``."""
    strong = {True: " class='strong'", False: ""}
    rows = "".join(
        f"<circle class='{lit if one.on else 'rest'}' cx='{x + 8:g}' cy='{y}' r='7'/>"
        f"<text{strong[one.on]} x='{x + 22:g}' y='{y + 4}'>{one.name}</text>"
        for one, y in zip(lights, range(36, 36 + ROW * len(lights), ROW), strict=True)
    )
    return f"<text x='{x:g}' y='16'>{title}</text>{rows}"
