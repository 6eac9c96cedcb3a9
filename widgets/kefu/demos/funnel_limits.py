"""漏斗: the limits of chance by size, around a centre line that the reader moves, in two passes."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import ceil
from typing import Any

import ipywidgets as widgets

from kefu.demos.core import Demo
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip, press
from kefu.demos.svg import LEFT, RIGHT, WIDTH, Frame, broad, chart, legend
from kefu.stats import ControlPoint, centre_line, p_chart, within_limits

Groups = Mapping[str, tuple[int, int]]

LEGGINGS: Groups = {
    "B2411": (0, 5), "B2501": (0, 39), "B2503": (1, 79), "B2505": (1, 109), "B2507": (1, 111),
    "B2509": (23, 124), "B2511": (1, 161),
}  # fmt: skip
"""The shop's leggings (NX20) by batch: complaints about quality of pieces sold, as the tables say."""
FIRST, SECOND, OWN = "第一遍：全算", "第二遍：去掉出界的", "自己定"
MARKS = (("line", "界线"), ("second", "中线"), ("many many-b", "出界"), ("many", "界内"))
NAMED = 12
"""The most points of which each has its name; of more only those that are out."""


def funnel_limits(
    groups: Groups = LEGGINGS,
    usual: float | None = None,
    *,
    what: str = "质量问题",
    one: str = "件",
) -> Demo:
    """Return the funnel of groups of (faults, pieces): what lies outside is more than chance.

    ``usual`` is the rate of the centre line in per cent, if it is known; ``what`` is counted, of so
    many ``one``. Raises ``ValueError`` or ``TypeError`` for groups that are none.
    """
    points = p_chart({str(name): pair for name, pair in groups.items()})  # raises for what is none
    given = {point.name: (point.faults, point.pieces) for point in points}
    top = max(points, key=lambda point: (point.rate - point.upper, point.pieces))
    rate = round(100 * centre_line(given), 2) if usual is None else usual
    c: dict[str, widgets.ValueWidget] = {
        "which": widgets.Dropdown(options=list(given), value=top.name, description="拖哪一点"),
        "faults": IntSlider(
            value=top.faults, min=0, max=top.pieces, description=f"{what}（{one}）"
        ),
        "usual": FloatSlider(
            value=rate,
            min=0,
            max=100,
            step=0.01,
            description="中线（%）",
            readout_format=".2f",
        ),
        "centre": widgets.Dropdown(
            options=[FIRST, SECOND, OWN], value=FIRST if usual is None else OWN, description="中线"
        ),
        "sigmas": IntSlider(value=3, min=1, max=4, description="几倍"),
    }
    syncing = [False]

    def now() -> dict[str, tuple[int, int]]:
        which = c["which"].value
        return {**given, which: (min(c["faults"].value, given[which][1]), given[which][1])}

    def centre() -> float:
        if c["centre"].value == OWN:
            return float(c["usual"].value) / 100
        if c["centre"].value == FIRST:
            return centre_line(now())
        return centre_line(within_limits(now(), c["sigmas"].value) or now())

    def follow(change: dict[str, Any]) -> None:
        """Keep the controls that depend on others in step; a hand on the centre line makes it his own."""
        if syncing[0]:
            return
        syncing[0] = True
        owner = change["owner"]
        if owner is c["which"]:
            k, n = given[c["which"].value]
            c["faults"].max = max(n, c["faults"].value)
            c["faults"].value = k
            c["faults"].max = n
        if owner is c["usual"]:
            c["centre"].value = OWN
        elif c["centre"].value != OWN:
            c["usual"].value = round(100 * centre(), 2)
        syncing[0] = False

    for control in c.values():
        control.observe(follow, "value")

    def found() -> list[ControlPoint]:
        return p_chart(now(), c["sigmas"].value, usual=centre())

    def draw() -> str:
        chosen = c["centre"].value
        acts = [press(name, {"centre": name}, on=name == chosen) for name in (FIRST, SECOND)]
        drawn = funnel(found(), centre(), c, what, one)
        return f"{drawn}<div class='kefu-acts'>{''.join(acts)}</div>"

    def tell() -> str:
        points, p = found(), centre()
        out = [point for point in points if point.out]
        names = "、".join(
            f"{escape(o.name)}（{o.faults}/{o.pieces}，上限{100 * o.upper:.1f}%）" for o in out[:4]
        )
        more = f"等{len(out)}点" if len(out) > 4 else ""
        point = next(point for point in points if point.name == c["which"].value)
        name, counted, piece = map(escape, (point.name, what, one))
        return (
            f"<p class='kefu-formula'>中线{100 * p:.2f}%，上下{c['sigmas'].value}倍。"
            + (f"出界的<b>{len(out)}点</b>：{names}{more}。" if out else "<b>没有一点出界</b>。")
            + f"<br>{name}：{counted}{point.faults}{piece}，共{point.pieces}{piece}，"
            f"{100 * point.rate:.1f}%；只凭运气，大多在{100 * point.lower:.1f}%到"
            f"{100 * point.upper:.1f}%之间。</p>"
        )

    def code() -> str:
        shown = now() if len(given) <= NAMED else "groups"
        usual = "" if c["centre"].value == FIRST else f", usual={centre():.4g}"
        head = "" if len(given) <= NAMED else "# groups是一张对照表：名字对出问题的和总数\n"
        return (
            "from kefu.stats import p_chart\n\n"
            f"{head}for point in p_chart({shown}, {c['sigmas'].value}{usual}):\n"
            "    print(point.name, point.rate, point.upper, point.out)"
        )

    return Demo("漏斗：多大的差别才算数", c, draw, tell, code)


def funnel(
    points: list[ControlPoint],
    centre: float,
    c: Mapping[str, widgets.ValueWidget],
    what: str,
    one: str,
) -> str:
    """Return the points by their size and rate, between limits that are wide where few were counted."""
    most = max(point.pieces for point in points)
    high = max(*(100 * point.rate for point in points), 300 * centre, 1.0) * 1.15
    frame = Frame(most * 1.12, min(high, 105.0))
    sizes = sorted({max(1, ceil(most * share / 60)) for share in range(1, 68)})
    limits = p_chart({str(n): (0, n) for n in sizes}, c["sigmas"].value, usual=centre)
    uppers = [(p.pieces, 100 * p.upper) for p in limits if 100 * p.upper <= frame.y_max]
    lowers = [(point.pieces, 100 * point.lower) for point in limits]
    y = frame.y(min(100 * centre, frame.y_max))
    edge = WIDTH - RIGHT
    line = (
        f"<path class='second' d='M{LEFT},{y} H{edge}'/><circle class='reach' cx='{edge}' cy='{y}' r='22'/>"
        f"<circle class='knob' cx='{edge}' cy='{y}' r='7'/>"
    )
    inside = [(p.pieces, 100 * p.rate) for p in points if not p.out]
    out = [p for p in points if p.out]
    chosen = next(p for p in points if p.name == c["which"].value)
    here = (chosen.pieces, 100 * chosen.rate)
    names = [p for p in out if p is not chosen][:4]
    labels = "".join(
        f"<text x='{frame.x(p.pieces) - 8}' y='{max(frame.y(100 * p.rate) - 8, 12)}' "
        f"text-anchor='end'>{escape(p.name)}</text>"
        for p in names
    )
    pixel = lambda faults: frame.y(100 * faults / chosen.pieces)  # noqa: E731
    return chart(
        f"{len(points)}个点，中线{100 * centre:.2f}%，{len(out)}个出界"
        + "".join(f"；{p.name}{100 * p.rate:.1f}%" for p in out[:4]),
        frame.axes(f"共几{one}", f"{what}（%）"),
        legend(*MARKS, x=112, y=14, measure=broad),
        frame.path(uppers, "line"),
        frame.path(lowers, "line"),
        frame.dots(inside, ""),
        frame.dots([(p.pieces, 100 * p.rate) for p in out], "many-b"),
        labels,
        grip(line, y=Along("usual", c["usual"], frame.y, low=0, high=min(frame.y_max, 100))),
        frame.handle(here, chosen.name, y=Along("faults", c["faults"], pixel, low=0,
                     high=min(chosen.pieces, int(frame.y_max * chosen.pieces / 100))), before=True),
        scale=frame.scale,
    )  # fmt: skip
