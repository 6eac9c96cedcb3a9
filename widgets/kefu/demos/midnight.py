"""Midnight of 双11 as dots: who comes, who waits, who is served, who leaves; another rule, and once more.

The picture is drawn for one moment; in a page the night runs from frame to frame by ``hands.js``, which puts
every dot where `spots` would put it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.core import Demo, table
from kefu.demos.film import PLAY, Film, Grid, Walk, path
from kefu.demos.hands import Along, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.intelligence.midnight import (
    CAME,
    KEPT,
    MOST_EXTRA,
    TEAM,
    night,
    places,
    waiting,
)
from kefu.intelligence.routing import FIRSTS, ROBOT, STAGES, Result, Trip

LINES = {"分两队": True, "合一队": False}
KEEPS = (round(100 * KEPT / CAME), 40, 60)
"""Of a hundred how many the robot keeps: as it was, and more."""
CROWDS = (0, 2, 4, MOST_EXTRA)
STARTS = (0, 10, 20)
LAST_SEED = 9
WORST = 5
"""The minute at which the picture opens: the longest queue of the night."""
LENGTH = 60
"""Minutes of the night, and seconds that it takes to run."""
LONG = 60.0
"""Seconds after which one who waits turns red."""

QUEUES: tuple[Grid, Grid] = (
    {"x": 236, "y": 40, "dx": -11, "dy": 11, "rows": 8},
    {"x": 236, "y": 152, "dx": -11, "dy": 11, "rows": 4},
)
"""Where the two lines stand, from the right, the first in front; a single one stands in the first."""
HELD: Grid = {"x": 12, "y": 152, "dx": 11, "dy": 11, "rows": 4}
PILE: Grid = {"x": 12, "y": 220, "dx": 6, "dy": 6, "rows": 5}
SEAT_X, PLACE_X, SEAT_Y, SEAT_STEP, PLACE_STEP = 252.0, 324.0, 40.0, 16.0, 14.0
KINDS = {
    "waits": "tone-c",
    "long": "tone-a",
    "talks": "tone-b",
    "robot": "tone-e",
    "left": "tone-d",
}


def midnight(first: str = "机器人优先", line: str = "分两队", extra: int = 0) -> Demo:
    """Return the night as it was, or with another rule from the start."""
    c = {
        "first": widgets.Dropdown(
            options=list(FIRSTS), value=one_of(first, "first", FIRSTS), description="谁先接"
        ),
        "line": widgets.Dropdown(
            options=list(LINES), value=one_of(line, "line", LINES), description="排几队"
        ),
        "extra": IntSlider(value=extra, min=0, max=MOST_EXTRA, description="副班（位）"),
        "start": IntSlider(value=0, min=0, max=40, description="副班几分到"),
        "keeps": IntSlider(value=KEEPS[0], min=0, max=90, description="机器人接得住（%）"),
        "now": IntSlider(value=WORST, min=0, max=LENGTH, description="看几分"),
        "seed": IntSlider(value=0, min=0, max=LAST_SEED, description="换一晚（0是书上的）"),
    }

    def apart() -> bool:
        return c["first"].value == "按分组" or LINES[c["line"].value]

    def now() -> Result:
        v = {name: one.value for name, one in c.items()}
        start = v["start"] if v["extra"] else 0
        return night(v["first"], apart(), v["extra"], start, v["keeps"] / 100, v["seed"])

    def draw() -> str:
        found, minute = now(), c["now"].value
        play = press("▶ 一分钟看完一夜", {"now": 0}, name=PLAY)
        return (
            f"<div class='kefu-long kefu-film' data-film=\"{film(found, apart()).told()}\">"
            f"{picture(found, minute, apart(), c)}"
            f"<div class='kefu-acts'>{play}"
            f"{press('看最挤的时候', {'now': worst(found)})}</div>{settings()}</div>"
        )

    def settings() -> str:
        v = {name: one.value for name, one in c.items()}
        rows = {"谁先接": [press(one, {"first": one}, on=one == v["first"]) for one in FIRSTS]}
        if v["first"] != "按分组":
            rows["排几队"] = [press(one, {"line": one}, on=one == v["line"]) for one in LINES]
            rows["机器人接住"] = [
                press(f"{n}%", {"keeps": n}, on=n == v["keeps"]) for n in KEEPS
            ]  # fmt: skip
        rows["副班几位"] = [
            press(f"{n}位" if n else "不加", {"extra": n}, on=n == v["extra"]) for n in CROWDS
        ]
        if v["extra"]:
            rows["副班几点到"] = [
                press(f"0:{n:02}", {"start": n}, on=n == v["start"]) for n in STARTS
            ]
        rows["哪一晚"] = [
            press("书上的", {"seed": 0}, on=not v["seed"]),
            press(f"换一晚（{v['seed']}）" if v["seed"] else "换一晚", {"seed": v["seed"] % LAST_SEED + 1},
                  on=bool(v["seed"])),
        ]  # fmt: skip
        return "".join(labelled(name, "".join(buttons)) for name, buttons in rows.items())

    def tell() -> str:
        found, was = now(), night(seed=c["seed"].value)
        rows = [list(line) for line in zip(FIGURES, figures(was), figures(found), strict=True)]
        more = was.left - found.left
        word = f"少走{more}位" if more > 0 else f"多走{-more}位" if more < 0 else "走的一样多"
        return (
            f"<p class='kefu-formula'>要人的{found.asked}位里走了<b>{found.left}位</b>，{word}。</p>"
            + table(["数", "那一夜", "现在"], rows, caption=f"零点到一点，{CAME}位客人")
            + f"<p class='kefu-note'>{ASSUMED}</p>"
        )

    def code() -> str:
        v = {name: one.value for name, one in c.items()}
        start = v["start"] if v["extra"] else 0
        return (
            "from kefu.intelligence.midnight import night\n\n"
            f"found = night({v['first']!r}, apart={apart()}, extra={v['extra']},\n"
            f"              start={start}, keeps={v['keeps'] / 100:g}, seed={v['seed']})\n"
            "print(found.asked, found.left, round(found.wait))"
        )

    return Demo("零点：换个接法，再来一夜", c, draw, tell, code, idle=lambda: set(c))


ASSUMED = (
    "每分钟来几位，是11月11日零点的真数；几秒到、等多久会走（平均240秒）、一位办多久（平均130秒），照店里量得的抽签。"
    "前三行只数要人的，后三行数所有人；利用率按接待位数：在班的几成在用。"
    "机器人接住的里85%真办成，人接的92%，时薪25元，机器人一次0.1元，都是教学假设。"
)


FIGURES = ("平均等待", "20秒接起率", "放弃率", "一次解决率", "每单成本", "利用率")


def figures(found: Result) -> tuple[str, ...]:
    """Return a night's figures as the table says them, in the order of `FIGURES`."""
    return (
        f"{found.wait:.0f}秒",
        f"{found.service_level:.0%}",
        f"{found.abandonment:.0%}",
        f"{found.resolved:.0%}",
        f"{found.cost:.2f}元",
        f"{found.occupancy:.0%}",
    )


@lru_cache(maxsize=8)
def curve(found: Result) -> tuple[int, ...]:
    """Return how many wait at the beginning of each minute, and at the end."""
    return tuple(waiting(found, [60.0 * minute for minute in range(LENGTH + 1)]))


def worst(found: Result) -> int:
    """Return the minute at which most wait."""
    line = curve(found)
    return line.index(max(line))


def seats(found: Result) -> list[tuple[str, int]]:
    """Return the agents with their places; who came in addition is numbered."""
    extra = {trip.by for trip in found.trips if trip.by is not None and trip.by >= len(TEAM)}
    known = [(seat.name, seat.at_once) for seat in TEAM]
    return known + [(f"副班{n}", 4) for n in range(1, len(extra) + 1)]


def place_at(seat: int, place: int) -> tuple[float, float]:
    """Return where the dot of a seat's place stands."""
    return PLACE_X + place * PLACE_STEP, SEAT_Y + seat * SEAT_STEP


def order(trip: Trip) -> tuple[bool, float]:
    """Return what a line is ordered by: danger first, then who asked first."""
    return trip.cause not in ("信息安全", "紧急危险"), trip.asked or 0.0


@lru_cache(maxsize=8)
def people(found: Result, apart: bool) -> tuple[Walk, ...]:
    """Return for each person what the film must know, in the order in which they stand in line."""
    walks = []
    for number in sorted(range(len(found.trips)), key=lambda n: order(found.trips[n])):
        trip, place = found.trips[number], places_of(found)[number]
        x, y = place_at(trip.by, place) if place is not None and trip.by is not None else (0.0, 0.0)
        with_robot = trip.by == ROBOT or bool(trip.cause)
        walks.append(Walk(
            trip.at,
            trip.ended if trip.by == ROBOT else trip.asked or 0.0 if with_robot else -1,
            -1 if trip.asked is None else trip.asked,
            trip.ended if trip.taken is None else trip.taken,
            trip.ended,
            STAGES.index(trip.stage) if apart else 0,
            x, y,
            float(trip.left),
        ))  # fmt: skip
    return tuple(walks)


@lru_cache(maxsize=8)
def places_of(found: Result) -> tuple[int | None, ...]:
    """Return `places`, kept."""
    return tuple(places(found))


def film(found: Result, apart: bool) -> Film:
    """Return the night as a film, which always starts at midnight."""
    return Film(
        people(found, apart),
        LENGTH,
        LENGTH,
        LONG,
        QUEUES,
        HELD,
        PILE,
        (PLANE.x(0), PLANE.x(LENGTH)),
    )


def spots(found: Result, apart: bool, now: float) -> Iterator[tuple[str, float, float]]:
    """Yield every dot of a moment, in seconds: its kind and place."""
    return film(found, apart).spots(now)


PLANE = Frame(LENGTH, 60, top=282, bottom=332)


def picture(found: Result, minute: int, apart: bool, c: dict[str, IntSlider]) -> str:
    """Return the drawing of a moment: lines, seats, who left, and the night's queue below."""
    dots = film(found, apart).dots(60.0 * minute)
    line = curve(found)
    plane = Frame(LENGTH, max(60, *line), top=PLANE.top, bottom=PLANE.bottom)
    marks = "".join(
        f"<path class='many {'' if kind == 'left' else 'crew '}{tone}' data-dots='{kind}' d='{path(dots[kind])}'/>"
        for kind, tone in KINDS.items()
    )
    queue, talking = len(dots["waits"]) + len(dots["long"]), len(dots["talks"])
    gone = len(dots["left"])
    x = plane.x(minute)
    cursor = grip(
        f"<rect class='reach' x='{x - 22}' y='{plane.top:g}' width='44' height='50'/>"
        f"<path class='second' d='M{x},{plane.top - 6:g} V{plane.bottom:g}'/>"
        f"<circle class='dot' cx='{x}' cy='{plane.y(line[minute])}' r='6'/>",
        x=Along("now", c["now"], plane.x),
    )
    names = "".join(
        f"<text x='{SEAT_X:g}' y='{SEAT_Y + n * SEAT_STEP + 4:g}'>{name}</text>"
        + "".join(
            f"<circle class='node' cx='{place_at(n, p)[0]:g}' cy='{place_at(n, p)[1]:g}' r='6'/>"
            for p in range(places_here)
        )
        for n, (name, places_here) in enumerate(seats(found))
    )
    second = "<text x='152' y='143'>售后在等</text>" if apart else ""
    return chart(
        f"零点{minute}分：{queue}位在等，{talking}位正在接，走了{gone}位；"
        f"最挤时{max(line)}位在等",
        legend(("many tone-c", "在等"), ("many tone-a", "等过一分钟"), ("many tone-b", "正在接"),
               ("many tone-e", "机器人"), y=12, measure=broad),
        f"<text x='4' y='30'>{'售前在等' if apart else '都在等'}</text>",
        second,
        "<text x='4' y='143'>机器人接着</text>",
        names,
        "<text x='4' y='209'>走了<tspan class='strong' data-told='left'>"
        f"{gone}</tspan>位，在等<tspan data-told='waits'>{queue}</tspan>位　"
        f"<tspan data-told='clock'>0:{minute:02}:00</tspan></text>".replace("0:60:00", "1:00:00"),
        marks,
        "<text x='4' y='276'>几位在等</text>",
        plane.floor("零点过了几分"),
        plane.path([(n, float(size)) for n, size in enumerate(line)], "line"),
        f"<g data-told='cursor'>{cursor}</g>",
        height=372,
    )  # fmt: skip
