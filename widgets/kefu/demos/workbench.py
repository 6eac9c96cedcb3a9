"""The workbench drawn: press a part to read what it is for, then find it, then name it; the first try counts."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu.demos.cards import onward
from kefu.demos.core import Demo
from kefu.demos.hands import IntSlider, press, spot
from kefu.demos.svg import WIDTH, chart
from kefu.presales.workbench import (
    ABOVE,
    ASKED,
    BAR,
    BELOW,
    ERRANDS,
    HOME,
    LEFT,
    RIGHT,
    TOOLS,
    Tool,
    tool,
    uses,
)

NONE = ""
FIND, ALL = len(ERRANDS), len(ERRANDS) + len(ASKED)
END = ALL + 1
"""The number of the report; 0 is the look around, up to ``FIND`` a tool is to be found, then to be named."""
PASS = 16
"""How many of the twenty the chapter calls enough."""
EDGE, GAP, CELL, NAME = 4, 4, 56, 18
"""The margin, between two cells, a cell's height, and the height of a zone's name, in pixels."""
SIDE, DESK = 84, 430
"""The width of the columns beside the chat, and the height of all between tool bar and plug-ins."""


def workbench() -> Demo:
    """Return the workbench, to look around, with nothing answered."""
    given: dict[int, str] = {}
    c = {
        "number": IntSlider(value=0, min=0, max=END, description="第几题"),
        "part": widgets.Dropdown(
            options=[("请选择", NONE), *((one.name, one.name) for one in TOOLS)],
            value=NONE,
            description="哪一块",
        ),
    }

    def number() -> int:
        return int(c["number"].value)

    def turn_the_page(_change: object) -> None:
        c["part"].value = given.get(number(), NONE)

    def keep_the_first(_change: object) -> None:
        if c["part"].value != NONE and 0 < number() < END:
            given.setdefault(number(), c["part"].value)

    c["number"].observe(turn_the_page, "value")
    c["part"].observe(keep_the_first, "value")

    def good(at: int) -> bool:
        return given[at] == answer(at)

    def on(at: int) -> str:
        left = [n for n in (*range(at + 1, END), *range(1, at)) if n not in given]
        to, text = (left[0], "下一题 ›") if left else (END, "看成绩 ›")
        return onward(text, {"number": to})

    def idle() -> set[str]:
        """Leave all to the picture: it is as tall as a phone's screen."""
        return {"number", "part"}

    def draw() -> str:
        at = number()
        page = look() if not at else report() if at == END else task(at)
        return f"<div class='kefu-talk kefu-long'>{page}</div>"

    def look() -> str:
        name = c["part"].value
        said = (
            f"<b>{escape(name)}</b>（{tool(name).zone}）：{escape(tool(name).use)}。"
            if name
            else "按一块，看它管什么。"
        )
        start = onward("都看过了，来找 ›", {"number": 1})
        return f"<p role='status'>{said}</p>{desk({name: ''} if name else {})}<p>{start}</p>"

    def task(at: int) -> str:
        right = sum(map(good, given))
        where = f"第{at}题，共{ALL}题；第一次就对{right}题，错{len(given) - right}题"
        back = press("‹ 再看看各块", {"number": 0})
        asked = find(at) if at <= FIND else name_it(at)
        return f"<p class='kefu-when'>{where}</p>{asked}<p>{back}</p>"

    def find(at: int) -> str:
        one = ERRANDS[at - 1]
        asked = f"<p class='kefu-question'>{escape(one.wants)}，点哪里？</p>"
        if at not in given:
            return f"<div data-here tabindex='-1'>{asked}</div>{desk({})}"
        marks = {given[at]: "✗", one.tool: "✓"}
        return asked + ruling(at, f"{one.tool}（{tool(one.tool).zone}）", one.why) + desk(marks)

    def name_it(at: int) -> str:
        one = tool(answer(at))
        asked = f"<p class='kefu-question'>“{escape(one.name)}”这一块是做什么的？</p>"
        if at in given:
            return asked + ruling(at, one.use, NONE) + desk({one.name: "✓"})
        buttons = "".join(press(escape(o.use), {"part": o.name}) for o in uses(one.name))
        return (
            f"{asked}<div class='kefu-options' role='group' aria-label='做什么的' data-here tabindex='-1'>"
            f"{buttons}</div>{desk({one.name: ''}, still=True)}"
        )

    def ruling(at: int, right: str, why: str) -> str:
        sort, sign, word = (
            ("kefu-full", "✓", "找对了") if good(at) else ("kefu-none", "✗", "没找对")
        )
        chosen = tool(given[at])
        yours = "" if good(at) else f"<p>你选的“{chosen.name}”：{escape(chosen.use)}。</p>"
        more = f"{escape(why)}。" if why else ""
        return (
            f"<div class='kefu-ruling {sort}' role='status'><p><b>{sign} {word}</b>{on(at)}</p>"
            f"{yours}<p><b>{escape(right)}</b>。{more}</p></div>"
        )

    def report() -> str:
        wrong = [at for at in sorted(given) if not good(at)]
        right, left = len(given) - len(wrong), ALL - len(given)
        word = (
            f"还有{left}题没做。" if left
            else f"{ALL}题里第一次对{PASS}题算过关：你过关了！" if right >= PASS
            else f"{ALL}题里第一次对{PASS}题算过关：先把下面几题再看一遍。"
        )  # fmt: skip
        again = "".join(press(f"第{at}题 ✗", {"number": at}) for at in wrong)
        return (
            f"<p class='kefu-big'>{right}题<small>　第一次就对；一共做了{len(given)}题</small></p><p>{word}</p>"
            + (on(END) if left else "")
            + (f"<div class='kefu-answers'>{again}</div>" if wrong else "")
        )

    def tell() -> str:
        return (
            "<p class='kefu-note'>这是书里自己画的示意图，位置和真的不一样，版本换了也会变："
            "记它管什么，不背它在哪儿。</p>"
        )

    def code() -> str:
        name = c["part"].value or answer(min(max(number(), 1), ALL))
        return f"from kefu.presales.workbench import tool\n\ntool({name!r}).use"

    return Demo("工作台上找一找", c, draw, tell, code, idle=idle)


def answer(at: int) -> str:
    """Return the tool that question ``at`` is about."""
    return ERRANDS[at - 1].tool if at <= FIND else ASKED[at - FIND - 1]


def desk(marks: dict[str, str], *, still: bool = False) -> str:
    """Return the workbench as a drawing; ``marks`` are the tools set off, with their signs.

    Where it is ``still``, nothing can be pressed.
    """
    wide, middle = WIDTH - 2 * EDGE, EDGE + SIDE + 2 * GAP
    top = EDGE + NAME + CELL + 2 * GAP
    talk = top + NAME + 2 * (CELL + GAP)
    foot = top + DESK + GAP
    tall = (DESK - NAME) / 6 - GAP, (DESK - NAME) / 3 - GAP
    inner = WIDTH - 2 * middle
    parts = [
        zone(BAR, EDGE, EDGE, wide, 5, CELL, marks, still),
        zone(LEFT, EDGE, top, SIDE, 1, tall[0], marks, still),
        zone(ABOVE, middle, top, inner, 3, CELL, marks, still),
        f"<rect class='ghost' x='{middle}' y='{talk + 2}' width='{inner}' height='26' rx='4'/>"
        f"<text x='{WIDTH / 2:g}' y='{talk + 20}' text-anchor='middle'>客人和你的话</text>",
        zone(BELOW, middle, talk + 34, inner, 3, CELL, marks, still),
        zone(RIGHT, WIDTH - EDGE - SIDE, top, SIDE, 1, tall[1], marks, still),
        zone(HOME, EDGE, foot, wide, 3, CELL, marks, still),
    ]
    shown = "、".join(f"{sign}{name}" for name, sign in marks.items())
    return chart(
        f"工作台示意图{f'，标出{shown}' if shown else ''}", *parts, height=foot + NAME + CELL + EDGE
    )


def zone(
    name: str,
    x: float,
    y: float,
    wide: float,
    columns: int,
    tall: float,
    marks: dict[str, str],
    still: bool,
) -> str:
    """Return a zone of the drawing: its name, and below it its tools in so many columns."""
    each = (wide + GAP) / columns - GAP
    parts = [f"<text x='{x:g}' y='{y + 13:g}'>{name}</text>"]
    for place, one in enumerate(found for found in TOOLS if found.zone == name):
        row, column = divmod(place, columns)
        left, above = x + column * (each + GAP), y + NAME + row * (tall + GAP)
        parts.append(cell(one, left, above, each, tall, marks.get(one.name), still))
    return "".join(parts)


def cell(
    one: Tool, x: float, y: float, wide: float, tall: float, mark: str | None, still: bool
) -> str:
    """Return a tool as a cell with its name, set off where it has a mark."""
    look, ink = ("node", "") if mark is None else ("then" if mark == "✗" else "now", "node-ink")
    shape = (
        f"<rect class='{look}' x='{x:.1f}' y='{y:.1f}' width='{wide:.1f}' height='{tall:.1f}' rx='5'/>"
        f"<text class='{ink}' x='{x + wide / 2:.1f}' y='{y + tall / 2 + 5:.1f}' text-anchor='middle'>"
        f"{mark or ''}{one.name}</text>"
    )
    return shape if still else spot(shape, one.name, {"part": one.name}, on=mark is not None)
