"""Greetings: the hour, the day, who comes and from where say what the first line must hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from html import escape
from itertools import pairwise

import ipywidgets as widgets

from kefu import data
from kefu.clock import SHANGHAI
from kefu.demos.cards import onward
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, Line, grip, press
from kefu.demos.svg import Frame, chart
from kefu.presales.greeting import (
    DESK,
    HELLOS,
    SOURCES,
    GreetingReport,
    Visit,
    greeting_parts,
    greeting_ways,
    judge_greeting,
)

PRODUCT, LAST = "免烫衬衫", "珊瑚绒毯"
OPENS = date(2025, 11, 15)
WAYS = ("干巴", "传单", "套近乎", "说到点上")
UNSURE = ""
COMES, PICKS = "谁来了", "挑一句"
BAND, DESKS, HIGH = 44, 84, 124
"""Where the two bands of the day begin, and the drawing's height, in pixels."""


def greeting(hour: int = 20) -> Demo:
    """Return the demo on the evening of the chapter, somebody new at the door."""
    c = {
        "hour": IntSlider(value=hour, min=0, max=23, description="几点"),
        "day": widgets.Dropdown(options=days(), value=OPENS.isoformat(), description="哪一天"),
        "customer": widgets.Dropdown(
            options=[("新客", ""), (f"老客（买过{LAST}）", LAST)], value="", description="谁来了"
        ),
        "source": widgets.Dropdown(options=SOURCES, value=SOURCES[0], description="从哪来"),
        "way": widgets.Dropdown(
            options=[("还没选", UNSURE), *((way, way) for way in WAYS)],
            value=UNSURE,
            description="选哪一句",
        ),
        "stage": widgets.Dropdown(options=[COMES, PICKS], value=COMES, description="做到哪一步"),
        "own": Line(
            value="", description="自己写一句", placeholder="写完按发送，看看缺什么", whole=True
        ),
    }

    def somebody_else(_change: object) -> None:
        c["way"].value = UNSURE

    for name in ("hour", "day", "customer", "source"):
        c[name].observe(somebody_else, "value")

    def visit() -> Visit:
        day = date.fromisoformat(c["day"].value)
        at = datetime(day.year, day.month, day.day, c["hour"].value, tzinfo=SHANGHAI)
        return Visit(at, PRODUCT, c["source"].value, c["customer"].value)

    def texts() -> dict[str, str]:
        return {way.name: way.text for way in greeting_ways(visit())}

    def draw() -> str:
        one = visit()
        who = "老客" if one.last else "新客"
        when = f"{one.at.month}月{one.at.day}日{one.at.hour}点，{one.festival or '平常日子'}；{who}，从{one.source}来"
        came = (
            f"<div class='kefu-talk'><p class='kefu-when'>{when}，停在“{PRODUCT}”那一页</p>"
            "<p class='kefu-asked'>在吗</p></div>"
        )
        if c["stage"].value == PICKS:
            return f"<div class='kefu-long'>{came}{lines(one)}</div>"
        pick = onward("挑第一句 ›", {"stage": PICKS})
        return f"{bands(one, c['hour'])}{came}<p>{pick}</p>"

    def lines(one: Visit) -> str:
        """Return the first lines to choose from, and what is said of the one that is chosen."""
        chosen = c["way"].value
        buttons = "".join(
            press(escape(text), {"way": name}, on=name == chosen) for name, text in texts().items()
        )
        ruling = verdict(judge_greeting(texts()[chosen], one), chosen) if chosen else ""
        back = press("‹ 换一位客人，或自己写", {"stage": COMES, "way": UNSURE})
        sides = " class='kefu-sides'" if chosen else ""
        return (
            f"<div{sides}><div><p class='kefu-question'>第一句发哪一句？</p>"
            f"<div class='kefu-options' role='group' aria-label='第一句发哪一句'>{buttons}</div></div>"
            f"<div>{ruling}</div><p>{back}</p></div>"
        )

    def tell() -> str:
        one, own = visit(), c["own"].value.strip()
        rows = [[part.name, part.why, part.example] for part in greeting_parts(one)]
        mine = (
            f"<p class='kefu-said'>{escape(own)}</p>"
            f"{verdict(judge_greeting(own, one), '你写的')}"
            "<p class='kefu-note'>检查器只认字眼，意思对不对，还要你自己读一遍。</p>"
            if own
            else ""
        )
        if not own and not c["way"].value:
            return "<p class='kefu-note'>先挑一句，再看这一句该有什么。</p>"
        return mine + table(["这一句该有", "为什么", "可以这样说"], rows)

    def code() -> str:
        one = visit()
        text = c["own"].value.strip() or texts().get(c["way"].value, "在的亲")
        at = f"{one.at.year}, {one.at.month}, {one.at.day}, {one.at.hour}"
        return (
            "from datetime import datetime\n\nfrom kefu.clock import SHANGHAI\n"
            "from kefu.presales.greeting import Visit, judge_greeting\n\n"
            f"at = datetime({at}, tzinfo=SHANGHAI)\n"
            f'visit = Visit(at, "{PRODUCT}", "{one.source}", last="{one.last}")\n'
            f"found = judge_greeting({text!r}, visit)\n"
            "[p.name for p in found.lacks], [f.kind for f in found.faults]"
        )

    def idle() -> set[str]:
        """Leave the choice to the buttons of the picture; while it is made nothing else is set."""
        return set(c) if c["stage"].value == PICKS else {"way", "stage"}

    return Demo("第一句怎么写", c, draw, tell, code, idle=idle)


def days() -> list[tuple[str, str]]:
    """Return an ordinary day and the last day of each festival of the calendar, with their names."""
    found = {"平常日子": OPENS}
    for row in data.rows("days"):
        if row["festival"]:
            found[row["festival"]] = date.fromisoformat(row["date"])
    return [(f"{day.month}月{day.day}日（{name}）", day.isoformat()) for name, day in found.items()]


def bands(visit: Visit, slider: IntSlider) -> str:
    """Return the picture: the day's parts, who is at the desk, and the hour as a handle over both."""
    frame = Frame(24, 1, top=BAND, bottom=DESKS + 22)
    x, hour = frame.x(visit.at.hour), visit.at.hour
    hours = {start: name for start, (name, _) in HELLOS.items()}
    line = (
        f"<path class='span' d='M{x},26 V{BAND - 2}'/>"
        f"<circle class='reach' cx='{x}' cy='26' r='22'/><circle class='dot' cx='{x}' cy='26' r='7'/>"
        f"<text class='strong' x='{x + 12 if hour < 20 else x - 12:.1f}' y='24' "
        f"text-anchor='{'start' if hour < 20 else 'end'}'>{hour}点</text>"
    )
    return chart(
        f"一天分几段，谁在接待：{hour}点是{visit.part_of_day}，问“{visit.hello}”，{visit.agent}在",
        f"<text x='4' y='{BAND + 17}'>时段</text><text x='4' y='{DESKS + 17}'>谁在</text>",
        band(frame, hours, BAND, visit.part_of_day),
        band(frame, DESK, DESKS, visit.agent),
        grip(line, x=Along("hour", slider, frame.x)),
        height=HIGH,
        scale="day",
    )


def band(frame: Frame, starts: Mapping[int, str], y: int, now: str) -> str:
    """Return a row of boxes from start to start, the present one in strong letters."""
    parts = []
    for start, end in pairwise([*starts, 24]):
        left, right, text = frame.x(start), frame.x(end), starts[start]
        parts.append(
            f"<rect class='{'node' if text == now else 'rest'}' x='{left + 1:.1f}' y='{y}' "
            f"width='{right - left - 2:.1f}' height='24' rx='3'/>"
            f"<text class='{'strong' if text == now else ''}' x='{(left + right) / 2:.1f}' y='{y + 17}' "
            f"text-anchor='middle'>{text}</text>"
        )
    return "".join(parts)


def verdict(found: GreetingReport, name: str) -> str:
    """Return why a line is good, or what it lacks and does wrong."""
    kind, head = ("kefu-full", "✓ 行") if found.good else ("kefu-none", "✗ 再改改")
    told = [f"缺“{part.name}”：{part.why}。" for part in found.lacks]
    told += [
        f"{fault.kind}（“{escape(fault.words)}”）：{escape(fault.why)}。" for fault in found.faults
    ]
    if found.good:
        told = ["该有的都有：" + "、".join(part.name for part in found.has) + "；没有多余的话。"]
    lines = "".join(f"<p>{line}</p>" for line in told)
    return f"<div class='kefu-ruling {kind}' role='status'><p><b>{head}　{escape(name)}</b></p>{lines}</div>"
