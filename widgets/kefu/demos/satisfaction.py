"""Two models of satisfaction: the triangle of the difference beside the ray of the ratio."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, signed, table
from kefu.demos.svg import Point, chart, ticks
from kefu.operations.satisfaction import (
    Customer,
    Verdict,
    gap,
    rank,
    ratio,
    verdict,
)

MOST = 100
SIDE, LEFT, TOP = 280, 46, 30
BOTTOM = TOP + SIDE
MEANING = {
    Verdict.ABOVE: "超出期望，惊喜",
    Verdict.MET: "符合期望，不喜不怒",
    Verdict.BELOW: "低于期望，失望",
}

ALONE = (
    "<p class='kefu-note'>三角形的直角边就是差值，落在斜线下方是失望，上方是惊喜；"
    "虚线的斜率就是比值，斜线的斜率是1。</p>"
)


def satisfaction(
    expectation: int = 80,
    experience: int = 60,
    other: tuple[int, int] | None = None,
) -> Demo:
    """Return the demo of both models; ``other`` is 乙's expectation and experience, to compare."""
    second = other or (40, 55)
    c = {
        "expectation": slider("甲的期望", expectation, 1),
        "experience": slider("甲的体验", experience, 0),
        "compare": widgets.Checkbox(value=other is not None, description="请来乙比一比"),
        "other_expectation": slider("乙的期望", second[0], 1),
        "other_experience": slider("乙的体验", second[1], 0),
    }

    def invite(_: object) -> None:
        c["compare"].value = True  # who moves these wants to see him

    c["other_expectation"].observe(invite, "value")
    c["other_experience"].observe(invite, "value")

    def customers() -> tuple[Customer, Customer | None]:
        one = Customer(c["experience"].value, c["expectation"].value)
        if not c["compare"].value:
            return one, None
        return one, Customer(c["other_experience"].value, c["other_expectation"].value)

    def view() -> str:
        one, two = customers()
        return formula(one) + plane(one, two) + (comparison(one, two) if two else ALONE)

    def code() -> str:
        one, two = customers()
        lines = ["from kefu.operations.satisfaction import Customer, gap, rank, ratio", ""]
        if two is None:
            lines.append(f"print({call('gap', one)}, {call('ratio', one)})")
        else:
            lines.append(f"rank({call('Customer', one)}, {call('Customer', two)})")
        return "\n".join(lines)

    return Demo("满意度的两个模型", c, view, code)


def slider(name: str, value: int, least: int) -> widgets.IntSlider:
    """Return a slider of points."""
    return widgets.IntSlider(value=value, min=least, max=MOST, description=name)


def call(name: str, one: Customer) -> str:
    """Return the Python call of a model for one customer."""
    return f"{name}({plain(one.experience)}, {plain(one.expectation)})"


def rounded(value: Decimal) -> str:
    """Return a ratio with four decimals at most: enough to tell two whole-number ratios apart."""
    return plain(round(value, 4))


def formula(one: Customer) -> str:
    """Return both formulas with the reader's numbers, and what they say."""
    x, e = plain(one.experience), plain(one.expectation)
    difference, quotient = (
        gap(one.experience, one.expectation),
        ratio(one.experience, one.expectation),
    )
    said = verdict(one.experience, one.expectation)
    sign = {Verdict.ABOVE: ">", Verdict.MET: "=", Verdict.BELOW: "<"}[said]
    return (
        f"<p class='kefu-formula'>差值：体验 − 期望 = {x} − {e} = "
        f"<b>{signed(difference)}</b><br>比值：体验 ÷ 期望 = {x} ÷ {e} = "
        f"<b>{rounded(quotient)}</b><br>{signed(difference)} {escape(sign)} 0，"
        f"{rounded(quotient)} {escape(sign)} 1：两个模型都说“{MEANING[said]}”。</p>"
    )


def px(point: Point) -> Point:
    """Return the pixels of a point (expectation, experience)."""
    return (
        round(LEFT + point[0] * SIDE / MOST, 1),
        round(BOTTOM - point[1] * SIDE / MOST, 1),
    )


def path(points: list[Point]) -> str:
    """Return the data of a path through points of the plane."""
    return "M" + " L".join(f"{x},{y}" for x, y in map(px, points))


def plane(one: Customer, two: Customer | None) -> str:
    """Return the plane: expectation across, experience up, the diagonal where both are equal."""
    parts = [grid()]
    if two is not None:
        zone = [f"<path class='zone' d='{path(part)} Z'/>" for part in parted(one)]
        parts += [*zone, *both_lines(one), triangle(two), triangle(one)]
        x, y = px(spot(two))
        parts.append(f"<rect class='bar' x='{x - 6:.1f}' y='{y - 6:.1f}' width='12' height='12'/>")
    else:
        parts += [ray(one), triangle(one)]
    x, y = px(spot(one))
    parts.append(f"<circle class='dot' cx='{x}' cy='{y}' r='7'/>")
    parts += corners(one) if two is None else [label(one, "甲", -12), label(two, "乙", 12)]
    return chart(told(one, two), *parts, height=BOTTOM + 40)


def grid() -> str:
    """Return the axes and the diagonal."""
    parts = [f"<path class='axis' d='M{LEFT},{TOP} V{BOTTOM} H{LEFT + SIDE}'/>"]
    for value in ticks(0, MOST):
        x, y = px((value, value))
        parts.append(f"<text x='{x}' y='{BOTTOM + 16}' text-anchor='middle'>{value:g}</text>")
        parts.append(f"<text x='{LEFT - 6}' y='{y + 4:.1f}' text-anchor='end'>{value:g}</text>")
    parts.append(f"<path class='line' d='{path([(0, 0), (MOST, MOST)])}'/>")
    x, y = px((MOST, MOST))
    parts.append(
        f"<text x='{LEFT + SIDE}' y='{BOTTOM + 34}' text-anchor='end'>期望（分）</text>"
        f"<text x='4' y='12'>体验（分）</text>"
        f"<text x='{x + 40}' y='{y - 16}' text-anchor='end'>斜线：体验＝期望</text>"
    )
    for name, point in (("惊喜", (12, 88)), ("失望", (84, 8))):
        x, y = px(point)
        parts.append(f"<text fill-opacity='.6' x='{x}' y='{y}' text-anchor='middle'>{name}</text>")
    return "".join(parts)


def spot(one: Customer) -> Point:
    """Return where a customer stands: expectation across, experience up."""
    return float(one.expectation), float(one.experience)


def triangle(one: Customer) -> str:
    """Return the triangle between a customer and the diagonal; each leg is as long as the gap."""
    across, up = spot(one)
    name = "bar2" if up < across else "bar"
    points = path([(across, across), (across, up), (up, up)])
    return f"<path class='{name}' fill-opacity='.55' d='{points} Z'/>"


def ray(one: Customer) -> str:
    """Return the ray from the origin through a customer: all on it have the same ratio."""
    across, up = spot(one)
    end = MOST / max(across, up)
    return f"<path class='second' d='{path([(0, 0), (across * end, up * end)])}'/>"


def both_lines(one: Customer) -> list[str]:
    """Return the lines of equal ratio (dashed) and of equal gap (dotted) through a customer."""
    difference = float(gap(one.experience, one.expectation))
    low, high = max(0.0, -difference), min(float(MOST), MOST - difference)
    parallel = path([(low, low + difference), (high, high + difference)])
    return [ray(one), f"<path class='second' stroke-dasharray='1 4' d='{parallel}'/>"]


def parted(one: Customer) -> list[list[Point]]:
    """Return the two areas where the models rank another customer unlike against this one.

    They lie between the line of equal gap and the ray of equal ratio, left and right of him.
    """
    across, up = spot(one)
    difference, slope = up - across, up / across

    def edges(x: float) -> tuple[float, float]:
        pair = sorted((x + difference, slope * x))
        return max(0.0, min(pair[0], MOST)), max(0.0, min(pair[1], MOST))

    bends = {
        0.0,
        across,
        float(MOST),
        -difference,
        MOST - difference,
        MOST / slope if slope else 0.0,
    }
    inside = sorted(x for x in bends if 0 <= x <= MOST)
    areas = []
    for part in ([x for x in inside if x <= across], [x for x in inside if x >= across]):
        lower, upper = [(x, edges(x)[0]) for x in part], [(x, edges(x)[1]) for x in part]
        if difference and lower != upper:
            areas.append(lower + upper[::-1])
    return areas


def corners(one: Customer) -> list[str]:
    """Return the names of the triangle's upright side, on its outer side where there is room."""
    across, up = spot(one)
    x, y = px((across, up))
    _, diagonal = px((across, across))
    below = up < across
    anchor, shift = ("start", 12) if below or x < LEFT + 56 else ("end", -12)
    names = [
        (f"体验{plain(one.experience)}", y + 18 if below else y - 10),
        (f"期望{plain(one.expectation)}", diagonal - 6 if below else diagonal + 16),
    ]
    if abs(y - diagonal) > 36:
        difference = signed(gap(one.experience, one.expectation))
        names.append((f"差{difference}", (y + diagonal) / 2 + 4))
    return [
        f"<text class='strong' x='{x + shift:.1f}' y='{min(max(h, 24), BOTTOM - 4):.1f}' "
        f"text-anchor='{anchor}'>{escape(name)}</text>"
        for name, h in names
    ]


def label(one: Customer, name: str, shift: int) -> str:
    """Return a customer's name beside his place: 甲 to the left, 乙 to the right."""
    x, y = px(spot(one))
    anchor = "end" if shift < 0 else "start"
    return (
        f"<text class='strong' x='{x + shift:.1f}' y='{min(max(y - 6, 12), BOTTOM - 6):.1f}' "
        f"text-anchor='{anchor}'>{name}</text>"
    )


def told(one: Customer, two: Customer | None) -> str:
    """Return the picture in words."""
    people = [("甲", one)] + ([("乙", two)] if two else [])
    where = {Verdict.ABOVE: "上方", Verdict.MET: "上面", Verdict.BELOW: "下方"}
    said = "；".join(
        f"{name}期望{plain(p.expectation)}、体验{plain(p.experience)}，"
        f"在斜线{where[verdict(p.experience, p.expectation)]}，"
        f"三角形的直角边长{plain(abs(gap(p.experience, p.expectation)))}，"
        f"与原点连线的斜率{rounded(ratio(p.experience, p.expectation))}"
        for name, p in people
    )
    return f"横轴期望、纵轴体验，斜线上体验等于期望。{said}"


def comparison(one: Customer, two: Customer) -> str:
    """Return both customers in a table, whom each model puts first, and whether they agree."""
    rows = [
        [name, plain(p.expectation), plain(p.experience),
         signed(gap(p.experience, p.expectation)), rounded(ratio(p.experience, p.expectation)),
         verdict(p.experience, p.expectation).value]
        for name, p in (("甲", one), ("乙", two))
    ]  # fmt: skip
    found = rank(one, two)
    end = (
        "两个模型排的先后一样。"
        if found.agree
        else "两个模型排的先后<b>不一样</b>：乙在金色区里（或在它的边上），先补救谁，要看你信哪一个模型。"
    )
    return (
        table(["客人", "期望", "体验", "差值", "比值", "判断"], rows)
        + f"<p class='kefu-note'>谁更满意？差值模型：{first(found.by_gap)}；"
        f"比值模型：{first(found.by_ratio)}。{end}</p>"
        "<p class='kefu-note'>圆点是甲，方块是乙。点线上的人与甲差值相同，虚线上的人与甲比值相同；"
        "两条线夹出的金色区，是两个模型排名分歧的地方。</p>"
    )


def first(order: int) -> str:
    """Return who is the more satisfied."""
    return {1: "甲", 0: "一样", -1: "乙"}[order]
