"""Sizes: the chart as a field of height and weight, the customer a point in it, three levels of advice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart, legend, wide
from kefu.presales.sizing import (
    BODY,
    GIRTHS,
    MEASURES,
    Advice,
    AdviceKind,
    SizeChart,
    read_size_charts,
    recommend,
)

TOP, BOTTOM, HIGH, STRIP = 46, 214, 252, 62
"""The field's edges, the drawing's height, and that of a strip for bust or waist, in pixels."""
POINT = 9
"""The radius of the customer's point with its rim, in pixels."""
AROUND = {"height": 6, "weight": 5, "bust": 4, "waist": 4}
"""How far the picture shows beyond the chart, in cm and kg."""
UNITS = {"height": "cm", "weight": "kg", "bust": "cm", "waist": "cm"}
NOTHING = "都说了"
LACKS = {NOTHING: ""} | {f"没说{MEASURES[name][0]}": name for name in MEASURES}
HESITATES = {1: "怕不合身，再帮我看看？", 2: "还是拿不准……"}
"""What the customer says to the advice of a level."""
RULE = (
    "几样量都允许的码只有一个，就是它；有几个，偏小的款取大的，平时穿的在里面就取它，不然取小的；"
    "差一个码，取大的：小了穿不上。差两个码，不给，先核对。"
)


def worn(chart: SizeChart) -> list[tuple[str, str]]:
    """Return what the customer may say of the size that he wears: nothing, or one of the chart's."""
    return [("没说", ""), *((f"{size}码", size) for size in chart.sizes)]


def sizing(
    name: str = "连衣裙",
    height: int = 165,
    weight: int = 57,
    *,
    bust: int = 91,
    waist: int = 71,
    runs_small: bool = False,
) -> Demo:
    """Return the demo for one of the book's charts and a body in cm and kg."""
    charts = read_size_charts()
    one_of(name, "name", charts)
    c = {
        "height": IntSlider(value=height, min=95, max=195, description="身高（cm）"),
        "weight": IntSlider(value=weight, min=12, max=95, description="体重（kg）"),
        "chart": widgets.Dropdown(options=list(charts), value=name, description="哪张尺码表"),
        "runs_small": widgets.Checkbox(value=runs_small, description="这一款偏小（看退换的数）"),
        "usual": widgets.Dropdown(options=worn(charts[name]), description="平时穿"),
        "level": IntSlider(value=1, min=1, max=3, description="问到第几级"),
        "bust": IntSlider(value=bust, min=60, max=125, description="胸围（cm）"),
        "waist": IntSlider(value=waist, min=55, max=95, description="腰围（cm）"),
        "missing": widgets.Dropdown(options=LACKS, value="", description="客人没说的"),
    }

    def now() -> SizeChart:
        return charts[c["chart"].value]

    def another_chart(_change: object) -> None:
        """Let somebody come whom a size in the middle of the other chart fits."""
        c["usual"].options = worn(now())
        place = (len(now().rows) - 1) // 2
        for one in MEASURES:
            if ranges := now().ranges(one):
                c[one].value = round(sum(ranges[place]) / 2)

    c["chart"].observe(another_chart, "value")

    def known() -> dict[str, int]:
        """Return what the customer has said on this level, by measure."""
        asked = BODY if c["level"].value == 1 else (*BODY, *GIRTHS)
        there = [one for one in asked if now().ranges(one)]
        return {one: c[one].value for one in there if one != c["missing"].value}

    def advice() -> Advice:
        said = known()
        return recommend(
            now(),
            said.get("height"),
            said.get("weight"),
            said.get("bust"),
            said.get("waist"),
            usual=c["usual"].value or None,
            runs_small=c["runs_small"].value,
            unsure=c["level"].value == 3,
        )

    def draw() -> str:
        one, level = advice(), c["level"].value
        drawn = field(now(), one, known(), c)
        below = f"<p class='kefu-said'>{escape(one.says)}</p>{onward(level)}"
        if level == 1:
            return f"<div>{drawn}{below}</div>"
        return (
            f"<div class='kefu-long'><div class='kefu-sides'><div>{drawn}</div>"
            f"<div>{below}{nudges(known())}</div></div></div>"
        )

    def tell() -> str:
        one, said = advice(), known()
        rows = [
            [f"{MEASURES[m][0]}{value} {UNITS[m]}", allowed(now(), m, value)]
            for m, value in said.items()
        ]
        return (
            f"<p class='kefu-formula'>{together(now(), said)}<b>{outcome(one)}</b></p>"
            + table(["客人的量", "表上允许的码"], rows)
            + f"<p class='kefu-note'>{RULE}</p>"
        )

    def code() -> str:
        said = known()
        given = [repr(said.get("height")), repr(said.get("weight"))]
        given += [f"{one}={said[one]}" for one in GIRTHS if one in said]
        if c["usual"].value:
            given.append(f'usual="{c["usual"].value}"')
        flags = {"runs_small": c["runs_small"].value, "unsure": c["level"].value == 3}
        given += [f"{flag}=True" for flag, on in flags.items() if on]
        return (
            "from kefu.presales.sizing import recommend\n\n"
            f'advice = recommend("{c["chart"].value}", {", ".join(given)})\n'
            "advice.size, advice.says"
        )

    def idle() -> set[str]:
        """Leave the level, bust and waist to the picture, and all once they make it long."""
        if c["level"].value > 1:
            return set(c)
        return {"level", *GIRTHS} | ({c["missing"].value} - {""})

    return Demo("推荐尺码：三级", c, draw, tell, code, idle=idle)


def allowed(chart_: SizeChart, measure: str, value: int) -> str:
    """Return the sizes that a measure allows, in words."""
    return "、".join(chart_.fitting(measure, value)) or "表里没有"


def together(chart_: SizeChart, said: dict[str, int]) -> str:
    """Return the sizes that all measures allow, as the sum of the table below."""
    sets = [set(chart_.fitting(one, value)) for one, value in said.items()]
    both = set.intersection(*sets) if sets else set()
    names = [size for size in chart_.sizes if size in both]
    return f"几样都允许的码：{'、'.join(names) if names else '没有'} → "


def outcome(advice: Advice) -> str:
    """Return what the advice comes to: the size, both sizes, or why there is none."""
    if advice.kind in (AdviceKind.ONE, AdviceKind.TWO):
        return " 或 ".join(f"{one.size}码" for one in advice.choices)
    return advice.kind.value


def onward(level: int) -> str:
    """Return the buttons by which the customer hesitates, or another one comes."""
    buttons = ""
    if level < 3:
        word = f"客人：“{HESITATES[level]}” ›"
        buttons = press(word, {"level": level + 1}, name="kefu-press kefu-onward")
    if level > 1:
        buttons += press("从第一级再来", {"level": 1})
    return f"<div class='kefu-acts'>{buttons}</div>"


def nudges(said: Mapping[str, int]) -> str:
    """Return buttons that make bust and waist, where they were told, a centimetre less or more."""
    rows = []
    for measure in (one for one in GIRTHS if one in said):
        name, value = MEASURES[measure][0], said[measure]
        less, more = (
            press(f"{sign}1 cm", {measure: value + by}) for sign, by in (("−", -1), ("+", 1))
        )
        rows.append(labelled(name, less + more, f"{name}{value}"))
    return "".join(rows)


def reach(chart_: SizeChart, measure: str) -> tuple[int, int]:
    """Return how far the picture shows a measure: the chart and a little around it."""
    ranges, more = chart_.ranges(measure), AROUND[measure]
    return int(ranges[0][0]) - more, int(ranges[-1][1]) + more


def stretch(chart_: SizeChart, measure: str, value: int | None) -> tuple[int, int]:
    """Return the same, stretched to show who is beyond it."""
    low, high = reach(chart_, measure)
    return (low, high) if value is None else (min(low, value), max(high, value))


def field(
    chart_: SizeChart, advice: Advice, said: dict[str, int], c: dict[str, widgets.ValueWidget]
) -> str:
    """Return the picture: the sizes as fields, the customer in them, bust and waist below."""
    across = stretch(chart_, "height", said.get("height"))
    up = stretch(chart_, "weight", said.get("weight"))
    frame = Frame(across[1], up[1], x_min=across[0], y_min=up[0], top=TOP, bottom=BOTTOM)
    named = [one.size for one in advice.choices]
    looks = dict(zip(named, ("line", "second"), strict=False))
    boxes = [box(frame, chart_, place, "zone") for place in range(len(chart_.rows))]
    edges = [
        box(frame, chart_, chart_.sizes.index(size), look) for size, look in reversed(looks.items())
    ]
    labels = [label(frame, chart_, place, named, said) for place in range(len(chart_.rows))]
    entries = [("zone", "每个码的范围")]
    entries += [("line", "推荐的码")] if named else []
    entries += [("second", "另一个码")] if len(named) > 1 else []
    strips = [one for one in GIRTHS if one in said]
    words = f"客人{'，'.join(f'{MEASURES[m][0]}{v}' for m, v in said.items())}：{outcome(advice)}"
    return chart(
        f"{chart_.name}的尺码表，每个码是身高与体重的一块；{words}",
        legend(*entries, y=14, measure=broad),
        f"<text class='strong' x='384' y='{TOP - 14}' text-anchor='end'>客人：{told(said)}</text>",
        frame.axes("身高（cm）", "体重（kg）"),
        *boxes,
        *edges,
        half_known(frame, said),
        *labels,
        customer(frame, chart_, said, c),
        *(strip(chart_, one, said[one], n, advice, c) for n, one in enumerate(strips)),
        height=HIGH + STRIP * len(strips),
        scale=f"{chart_.name} {frame.scale} {len(strips)}",
    )


def box(frame: Frame, chart_: SizeChart, place: int, look: str) -> str:
    """Return a size as a box of its heights and weights."""
    row = chart_.rows[place]
    (left, right), (bottom, top) = (
        [pixel(float(value)) for value in pair]
        for pixel, pair in ((frame.x, row.height), (frame.y, row.weight))
    )
    return (
        f"<rect class='{look}' x='{left}' y='{top}' width='{right - left:.1f}' "
        f"height='{bottom - top:.1f}' rx='3'/>"
    )


def label(
    frame: Frame, chart_: SizeChart, place: int, named: Sequence[str], said: Mapping[str, int]
) -> str:
    """Return a size's name on a tag in the corner of its box that no other box covers.

    Where the customer's point would lie on it the tag stands on the right of the point.
    """
    row = chart_.rows[place]
    x, y = frame.x(float(row.height[0])) + 7, frame.y(float(row.weight[1])) + 16
    across, up = point(frame, said)
    if -4 - POINT < across - x < 4 + wide(row.size) + POINT and -12 - POINT < up - y < 4 + POINT:
        x = across + POINT + 4
    look = " class='strong'" if row.size in named else ""
    return (
        f"<rect class='node' x='{x - 4:.1f}' y='{y - 12:.1f}' width='{wide(row.size) + 8:.1f}' height='16' rx='3'/>"
        f"<text{look} x='{x:.1f}' y='{y:.1f}'>{escape(row.size)}</text>"
    )


def customer(
    frame: Frame, chart_: SizeChart, said: dict[str, int], c: dict[str, widgets.ValueWidget]
) -> str:
    """Return the customer as a point that can be taken."""
    height, weight = said.get("height"), said.get("weight")
    x = along(chart_, "height", frame.x, c) if height is not None else None
    y = along(chart_, "weight", frame.y, c) if weight is not None else None
    across, up = point(frame, said)
    place = f"cx='{across}' cy='{up}'"
    shape = f"<circle class='reach' {place} r='22'/><circle class='dot' {place} r='7'/>"
    return grip(shape, x, y)


def point(frame: Frame, said: Mapping[str, int]) -> tuple[float, float]:
    """Return where the customer stands, in pixels; on an edge where a measure lacks."""
    return frame.x(said.get("height", frame.x_min)), frame.y(said.get("weight", frame.y_min))


def half_known(frame: Frame, said: dict[str, int]) -> str:
    """Return a line over all that may be, where height or weight lacks."""
    if "height" not in said:
        return frame.path([(frame.x_min, said["weight"]), (frame.x_max, said["weight"])], "faint")
    if "weight" not in said:
        return frame.path([(said["height"], frame.y_min), (said["height"], frame.y_max)], "faint")
    return ""


def told(said: dict[str, int]) -> str:
    """Return height and weight as they stand beside the picture, those that were said."""
    return "，".join(f"{said[one]} {UNITS[one]}" for one in BODY if one in said)


def along(
    chart_: SizeChart,
    measure: str,
    pixel: Callable[[float], float],
    c: dict[str, widgets.ValueWidget],
) -> Along:
    """Return how a hand moves a measure: as far as the picture shows."""
    low, high = stretch(chart_, measure, c[measure].value)
    return Along(measure, c[measure], pixel, low=low, high=high)


def strip(
    chart_: SizeChart,
    measure: str,
    value: int,
    number: int,
    advice: Advice,
    c: dict[str, widgets.ValueWidget],
) -> str:
    """Return a girth as a ruler of sizes with the customer's on it."""
    low, high = stretch(chart_, measure, value)
    top = HIGH + STRIP * number + 18
    frame = Frame(high, 1, x_min=low, top=top, bottom=top + 22)
    parts = [f"<text x='8' y='{top + 15}'>{MEASURES[measure][0]}</text>"]
    named = [one.size for one in advice.choices]
    for size, (start, end) in zip(chart_.sizes, chart_.ranges(measure), strict=True):
        left, right = frame.x(float(start)), frame.x(float(end))
        look = "strong" if size in named else ""
        parts.append(
            f"<rect class='zone' x='{left + 1:.1f}' y='{top}' width='{right - left - 2:.1f}' height='22' rx='3'/>"
            f"<text class='{look}' x='{(left + right) / 2:.1f}' y='{top + 37}' text-anchor='middle'>"
            f"{escape(size)}</text>"
        )
    edges = [chart_.ranges(measure)[0][0], *(end for _, end in chart_.ranges(measure))]
    parts += [mark(frame, edge, top + 37) for edge in edges]
    x, y = frame.x(value), top + 11
    said = f"{value} cm"
    beside = x + 12 if x < 320 else x - 12 - wide(said)
    knob = (
        f"<circle class='reach' cx='{x}' cy='{y}' r='22'/><circle class='knob' cx='{x}' cy='{y}' r='8'/>"
        f"<text class='strong' x='{beside:.1f}' y='{top - 6}'>{said}</text>"
    )
    return "".join(parts) + grip(knob, x=along(chart_, measure, frame.x, c))


def mark(frame: Frame, edge: Decimal, y: int) -> str:
    """Return the figure at which a size of a ruler ends."""
    return f"<text x='{frame.x(float(edge))}' y='{y}' text-anchor='middle'>{edge:f}</text>"
