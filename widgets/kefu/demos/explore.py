"""The explorer of a data experiment: choose grouping, filter and measure, and read one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from pathlib import Path

import ipywidgets as widgets

from kefu import data
from kefu.demos.core import Demo
from kefu.demos.svg import WIDTH, Frame, broad, chart, legend, ticks
from kefu.explore import FEW, Bar, Explorer, Measure, extremes, load

ROW, TALL = 26, 44
"""The height of a bar's row, and of one whose name stands above its bar."""
WORD = 14
"""The width of a full-width character on a phone."""
LONG = 360
"""A picture longer than this does not stay in sight on a phone: shrunk to fit, it could not be read."""
NARROW = 7
"""The most characters of a name that stands beside its bar."""
APART = 34
"""The least distance between two ticks."""
EVERY = "全部"


def explore(file: str | Path, name: str) -> Demo:
    """Return the explorer ``name`` of a file beside the chapter, such as ``02_explore.toml``.

    What it offers stands in that file, see ``kefu.explore``. Raises ``ValueError`` for a name or a
    table that is not there or not right.
    """
    told = load(file, name)
    groups = [(one.name, one.id) for one in told.groups if one.groups]
    opening = told.opens.get("group", groups[0][1])
    measures = [(one.name, one.id) for one in told.measures]
    c: dict[str, widgets.ValueWidget] = {
        "measure": widgets.Dropdown(
            options=measures, value=told.opens.get("measure", measures[0][1]), description="看什么"
        ),
        "group": widgets.Dropdown(options=groups, value=opening, description="按什么分"),
    }
    filters = [one.id for one in told.filters()]
    for one, values in sorted(told.filters().items(), key=lambda pair: pair[0].id == opening):
        c[f"only_{one.id}"] = widgets.Dropdown(
            options=[(EVERY, ""), *((value, value) for value in values)],
            value=wanted if (wanted := told.opens.get(one.id)) in values else "",
            description=f"只看{one.name}",
        )
    c = {key: one for key, one in c.items() if len(one.options) > (2 if "only" in key else 1)}

    def chosen(key: str, only_one: list[tuple[str, str]]) -> str:
        return str(c[key].value) if key in c else only_one[0][1]

    def group() -> str:
        return chosen("group", groups)

    def measure() -> Measure:
        return told.measure(chosen("measure", measures))

    def only() -> dict[str, str]:
        wanted = {name: c[f"only_{name}"].value for name in filters if f"only_{name}" in c}
        return {name: value for name, value in wanted.items() if value and name != group()}

    def bars() -> list[Bar]:
        return told.by(group(), measure().id, only())

    def draw() -> str:
        found = bars()
        if not found:
            return f"<p class='kefu-note'>这样筛选，一{escape(told.one)}也没有。</p>"
        said = f"{told.title}：{sentence(told, group(), measure(), found, only())}"
        picture = lined if told.group(group()).line and len(found) > 1 else barred
        return picture(told, measure(), found, said)

    def tell() -> str:
        said = sentence(told, group(), measure(), bars(), only())
        return f"<p class='kefu-formula'>{escape(said)}</p><p class='kefu-note'>{escape(source(told))}</p>"

    def code() -> str:
        kept = f", {only()!r}" if only() else ""
        return (
            "from kefu.explore import load\n\n"
            f'told = load("{Path(file).name}", "{name}")\n'
            f'for one in told.by("{group()}", "{measure().id}"{kept}):\n'
            "    print(one.name, one.value, one.n)"
        )

    return Demo(told.title, c, draw, tell, code, idle=lambda: {f"only_{group()}"} & c.keys())


def source(told: Explorer) -> str:
    """Return whose cases these are, and why there is no interval where there is none."""
    if told.own_shop:
        said = f"数据：你们班自己那家店，{told.about}。"
    elif data.folder() != data.home():
        said = f"数据：书里那家店，{told.about}；不是你们班的店（要有pandas才能重算）。"
    else:
        said = f"数据：{told.about}。"
    return said + ("" if told.interval else f"这些{told.one}不是各自独立的，所以不画区间。")


def sentence(
    told: Explorer, group: str, what: Measure, bars: Sequence[Bar], only: dict[str, str]
) -> str:
    """Return what the chart shows in one sentence: the highest, the lowest, and all together."""
    every = told.total(what.id, only)
    names = {one.id: one.name for one in told.groups}
    kept = "、".join(f"{names[column]}为{value}" for column, value in only.items())
    where = f"只看{kept}，" if kept else ""
    if not bars or every is None:
        return f"{where}一{told.one}也没有。"
    top, bottom = extremes(bars)
    start = f"{where}按{names[group]}看，{what.name}"
    whole = "" if what.kind == "part" else f"；全部合起来{what.say(every.value)}"
    if len(bars) == 1:
        return f"{start}只有一组：{one_bar(told, what, bars)}。"
    if top[0].value == bottom[0].value:
        return f"{start}各组都是{what.say(top[0].value)}。"
    careful = "有的组太小，高低可能只是碰巧，" if any(b.small for b in (*top, *bottom)) else ""
    return (
        f"{start}最高的是{one_bar(told, what, top)}，最低的是{one_bar(told, what, bottom)}{whole}。"
        + (f"（{careful}要小心。）" if careful else "")
    )


def one_bar(told: Explorer, what: Measure, bars: Sequence[Bar]) -> str:
    """Return the names of equal bars, their value and what it stands on."""
    names = "、".join(one.name for one in bars[:3])
    if len(bars) > 3:
        names += f"等{len(bars)}组"
    first = bars[0]
    if what.kind in ("share", "part") and len(bars) == 1:
        stands = f"，{first.n}{told.one}里{first.k:g}{told.one}"
    elif what.kind in ("share", "ratio") and len(bars) == 1:
        stands = f"，{first.n}{told.one}"
    else:
        stands = ""
    return f"{names}（{what.say(first.value)}{stands}）"


def cases(told: Explorer, what: Measure, one: Bar) -> str:
    """Return on how many cases a bar stands, as its row says it."""
    return f"{one.k if what.kind == 'part' else one.n:g}{told.one}"


def word(x: float, y: float, text: str, anchor: str = "start", name: str = "") -> str:
    """Return a label of the drawing."""
    kind = f" class='{name}'" if name else ""
    return f"<text{kind} x='{x:g}' y='{y:g}' text-anchor='{anchor}'>{escape(text)}</text>"


def key(told: Explorer, what: Measure, bars: Sequence[Bar], dot: bool = False) -> str:
    """Return what the marks stand for: small groups and intervals too where there are some."""
    parts = [("many many-b" if dot else "bar", f"{what.name}（{what.unit}）")]
    if any(one.small for one in bars):
        parts.append(("many" if dot else "rest", f"不到{FEW}{told.one}"))
    if bars[0].interval:
        parts.append(("span", "95%区间"))
    return legend(*parts, measure=broad)


def ends(bars: Sequence[Bar]) -> tuple[float, float]:
    """Return from where to where the axis goes: always over 0, so that lengths compare."""
    every = [end for one in bars for end in (one.value, *(one.interval or ()))]
    return min(0.0, *every), max(0.0, *every) or (0.0 if min(every) < 0 else 1.0)


def barred(told: Explorer, what: Measure, bars: Sequence[Bar], said: str) -> str:
    """Return lying bars: name, bar with its interval, value, number of cases."""
    longest = max(len(one.name) for one in bars)
    above = longest > NARROW
    tall, left = (TALL, 6) if above else (ROW, longest * WORD + 8)
    values = [what.say(one.value) for one in bars]
    counts = [cases(told, what, one) for one in bars]
    if counts == values:  # the number of cases is what is shown
        counts = [""] * len(bars)
    right = WIDTH - max(map(broad, counts)) - 6
    end = right - max(map(taken, values)) - 8
    (low, high), top = ends(bars), 26
    bottom = top + tall * len(bars)

    def x(value: float) -> float:
        return round(left + (value - low) / (high - low) * (end - left), 1)

    marks = ticks(low, high)
    if (end - left) / len(marks) < APART:
        marks = marks[::2]
    parts = []
    for mark in marks:
        way = f"M{x(mark)},{top} V{bottom}"
        parts.append(f"<path class='axis' d='{way}' stroke-dasharray='2 4'/>")
        parts.append(word(x(mark), bottom + 16, f"{mark:g}", "middle"))
    for place, (one, value, count) in enumerate(zip(bars, values, counts, strict=True)):
        y = top + tall * place + (tall - ROW)
        base = y + ROW / 2 + 4
        label = (left, y - 1, one.name) if above else (left - 8, base, one.name, "end")
        a, b = sorted((x(0), x(one.value)))
        kind = "rest" if one.small else "bar"
        parts += [
            word(*label),
            f"<rect class='{kind}' x='{a}' y='{y + 4}' width='{b - a:.1f}' height='{ROW - 8}'/>",
            span(x(one.interval[0]), x(one.interval[1]), y + ROW / 2) if one.interval else "",
            word(right, base, value, "end", "strong"),
            word(WIDTH, base, count, "end"),
        ]
    parts.append(f"<path class='axis' d='M{x(0)},{top} V{bottom}'/>")
    drawn = chart(said, *parts, key(told, what, bars), height=bottom + 24)
    return f"<div class='kefu-long'>{drawn}</div>" if bottom > LONG else drawn


def taken(value: str) -> float:
    """Return about how many pixels a value takes: a percent sign is wide, which a point's room makes up for."""
    return broad(value if "." in value else value.replace("%", "%%"))


def span(a: float, b: float, y: float) -> str:
    """Return a lying interval with its two ends."""
    return f"<path class='span' d='M{a},{y:g} H{b} M{a},{y - 4:g} v8 M{b},{y - 4:g} v8'/>"


def lined(told: Explorer, what: Measure, bars: Sequence[Bar], said: str) -> str:
    """Return a line through the groups in their order, a dot and an interval for each."""
    low, high = ends(bars)
    places = days([one.name for one in bars])
    frame = Frame(places[-1], high, y_min=low)
    start, end = frame.x(0), frame.x(places[-1])
    points = [(place, one.value) for place, one in zip(places, bars, strict=True)]
    parts = [f"<path class='axis' d='M{start},{frame.top:g} V{frame.y(0)} H{end}'/>"]
    for mark in ticks(low, high):
        y = frame.y(mark)
        parts.append(f"<path class='axis' d='M{start},{y} H{end}' stroke-dasharray='2 4'/>")
        parts.append(word(start - 6, y + 4, f"{mark:g}", "end"))
    for place, one in zip(places, bars, strict=True):
        if one.interval:
            low, high = one.interval
            way = f"M{frame.x(place)},{frame.y(low)} V{frame.y(high)}"
            parts.append(f"<path class='span' d='{way}'/>")
    parts.append(frame.path(points, "line"))
    for small, name in ((False, "many-b"), (True, "")):
        some = [point for point, one in zip(points, bars, strict=True) if one.small is small]
        parts.append(frame.dots(some, name))
    for place, anchor in ((0, "start"), (-1, "end")):
        parts.append(word(frame.x(places[place]), frame.bottom + 16, bars[place].name, anchor))
    fewest, most = min(one.n for one in bars), max(one.n for one in bars)
    stands = f"共{most}{told.one}" if what.kind == "part" else f"每点{fewest}到{most}{told.one}"
    parts.append(word(WIDTH - 16, frame.bottom + 34, stands, "end"))
    return chart(said, *parts, key(told, what, bars, dot=True))


def days(names: Sequence[str]) -> list[float]:
    """Return where the points of a line stand: days by the calendar, other steps evenly."""
    try:
        found = [float(date.fromisoformat(name).toordinal()) for name in names]
    except ValueError:
        return [float(place) for place in range(len(names))]
    return [day - found[0] for day in found]
