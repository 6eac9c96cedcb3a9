"""Two models of satisfaction: the triangle of the difference beside the ray of the ratio."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from html import escape
from math import copysign

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, signed, table
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.svg import Point, chart, face, legend, ticks
from kefu.operations.satisfaction import (
    Customer,
    Verdict,
    gap,
    rank,
    ratio,
    verdict,
)

MOST = 100
SIDE, LEFT, TOP = 252, 46, 26
BOTTOM = TOP + SIDE
COLUMN = LEFT + SIDE + 22
"""Where what is read off the plane stands, clear of its lines."""
MEANING = {
    Verdict.ABOVE: "超出期望，惊喜",
    Verdict.MET: "符合期望，不喜不怒",
    Verdict.BELOW: "低于期望，失望",
}

ALONE = (
    "<p class='kefu-note'>三角形的直角边就是差值，落在斜线下方是失望，上方是惊喜；"
    "虚线的斜率就是比值，斜线的斜率是1。拖脸，两样一起动；"
    "三角形在斜线上的两个角，一个只动期望，一个只动体验。</p>"
)


def satisfaction(
    expectation: int = 80,
    experience: int = 60,
    other: tuple[int, int] | None = None,
) -> Demo:
    """Return the demo of both models; ``other`` is 乙's expectation and experience, to compare.

    Where he is there from the first, he is the one to be moved, and his controls come first.
    """
    second = other or (40, 55)
    own = {
        "expectation": slider("甲的期望", expectation, 1),
        "experience": slider("甲的体验", experience, 0),
    }
    compare = widgets.Checkbox(value=other is not None, description="请来乙比一比")
    others = {
        "other_expectation": slider("乙的期望", second[0], 1),
        "other_experience": slider("乙的体验", second[1], 0),
    }
    c = {**others, "compare": compare, **own} if other else {**own, "compare": compare, **others}

    def customers() -> tuple[Customer, Customer | None]:
        one = Customer(c["experience"].value, c["expectation"].value)
        if not c["compare"].value:
            return one, None
        return one, Customer(c["other_experience"].value, c["other_expectation"].value)

    def draw() -> str:
        return plane(c, *customers())

    def tell() -> str:
        one, two = customers()
        return formula(one) + (comparison(one, two) if two else ALONE)

    def idle() -> set[str]:
        return set() if c["compare"].value else set(others)

    def code() -> str:
        one, two = customers()
        lines = ["from kefu.operations.satisfaction import Customer, gap, rank, ratio", ""]
        if two is None:
            lines.append(f"print({call('gap', one)}, {call('ratio', one)})")
        else:
            lines.append(f"rank({call('Customer', one)}, {call('Customer', two)})")
        return "\n".join(lines)

    return Demo("满意度的两个模型", c, draw, tell, code, idle=idle)


def slider(name: str, value: int, least: int) -> IntSlider:
    """Return a slider of points."""
    return IntSlider(value=value, min=least, max=MOST, description=name)


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


def x_of(value: float) -> float:
    """Return the pixel of an expectation."""
    return px((value, 0))[0]


def y_of(value: float) -> float:
    """Return the pixel of an experience."""
    return px((0, value))[1]


def plane(c: Mapping[str, widgets.ValueWidget], one: Customer, two: Customer | None) -> str:
    """Return the plane: expectation across, experience up, the diagonal where both are equal."""
    along = [
        (Along(expected, c[expected], x_of), Along(felt, c[felt], y_of))
        for expected, felt in (("expectation", "experience"), ("other_expectation", "other_experience"))
    ]  # fmt: skip
    names = [("line", "体验＝期望"), ("second", "同比值")]
    parts = [grid()]
    if two is not None:
        names += [("second dotted", "同差值"), ("zone", "分歧区")]
        zone = [f"<path class='zone' d='{path(part)} Z'/>" for part in parted(one)]
        parts += [*zone, *both_lines(one), triangle(two), triangle(one)]
        said = f"{'两个模型排的先后一样' if rank(one, two).agree else '两个模型排的先后不一样'}。"
    else:
        parts += [ray(one), triangle(one)]
        said = f"甲：{MEANING[verdict(one.experience, one.expectation)]}。"
    parts += [*regions(one, two), legend(*names, x=80), *corners(one, *along[0])]
    if two is not None:
        parts += [grip(person(spot(two), two, square=True), *along[1]), read_off("乙", two, 168)]
    parts += [grip(person(spot(one), one), *along[0]), read_off("甲", one, 52)]
    drawn = chart(told(one, two), *parts, height=BOTTOM + 40, scale=f"{MOST} {bool(two)}")
    return f"{drawn}<div class='kefu-caption'><p>{said}</p></div>"


def person(place: Point, one: Customer, *, square: bool = False) -> str:
    """Return a customer's face at his place in the plane, large enough for a finger."""
    x, y = px(place)
    return f"<circle class='reach' cx='{x}' cy='{y}' r='22'/>" + face(
        x, y, mood(one), square=square
    )


def mood(one: Customer) -> float:
    """Return how far the corners of a customer's mouth go: plainly up or down for any gap at all."""
    difference = float(gap(one.experience, one.expectation))
    return copysign(0.4 + min(abs(difference), 60) / 100, difference) if difference else 0.0


def corners(one: Customer, x: Along, y: Along) -> list[str]:
    """Return the triangle's two corners on the diagonal: one moves the expectation, one the experience."""
    found = []
    for value, axes in ((one.expectation, {"x": x}), (one.experience, {"y": y})):
        at, high = px((float(value), float(value)))
        shape = (
            f"<circle class='reach' cx='{at}' cy='{high}' r='22'/>"
            f"<circle class='knob' cx='{at}' cy='{high}' r='5'/>"
        )
        found.append(grip(shape, **axes))
    return found


def read_off(name: str, one: Customer, y: float) -> str:
    """Return a customer's numbers beside the plane, under his name and face."""
    lines = [
        f"期望{plain(one.expectation)}",
        f"体验{plain(one.experience)}",
        f"差值{signed(gap(one.experience, one.expectation))}",
        f"比值{plain(round(ratio(one.experience, one.expectation), 2))}",
    ]
    return (
        face(COLUMN + 11, y, mood(one), square=name == "乙")
        + f"<text class='strong' x='{COLUMN + 30}' y='{y + 5:g}'>{name}</text>"
        + "".join(
            f"<text x='{COLUMN}' y='{y + 28 + 17 * row:g}'>{line}</text>"
            for row, line in enumerate(lines)
        )
    )


def grid() -> str:
    """Return the axes and the diagonal."""
    parts = [f"<path class='axis' d='M{LEFT},{TOP} V{BOTTOM} H{LEFT + SIDE}'/>"]
    for value in ticks(0, MOST):
        x, y = px((value, value))
        parts.append(f"<text x='{x}' y='{BOTTOM + 16}' text-anchor='middle'>{value:g}</text>")
        parts.append(f"<text x='{LEFT - 6}' y='{y + 4:.1f}' text-anchor='end'>{value:g}</text>")
    parts.append(f"<path class='line' d='{path([(0, 0), (MOST, MOST)])}'/>")
    parts.append(
        f"<text x='{LEFT + SIDE}' y='{BOTTOM + 34}' text-anchor='end'>期望（分）</text>"
        f"<text x='4' y='12'>体验（分）</text>"
    )
    return "".join(parts)


def regions(one: Customer, two: Customer | None) -> list[str]:
    """Return the names of both sides of the diagonal, each where no line and no face is in its way."""
    steep = float(ratio(one.experience, one.expectation))
    difference = float(gap(one.experience, one.expectation))
    named = []
    for name, low, places in (("惊喜区", 93, (9, 28, 47, 66)), ("失望区", 3, (91, 72, 53, 34))):
        high = low + 6
        taken = [(low / steep, high / steep)] if steep else []
        if two is not None:
            taken.append((low - difference, high - difference))
        faces = [spot(each) for each in (one, two) if each is not None]
        taken += [(x - 5, x + 5) for x, y in faces if low - 5 <= y <= high + 5]
        clear = [x for x in places if all(end < x - 9 or x + 9 < start for start, end in taken)]
        x, y = px((next(iter(clear), places[0]), low))
        named.append(f"<text x='{x}' y='{y}' text-anchor='middle'>{name}</text>")
    return named


def spot(one: Customer) -> Point:
    """Return where a customer stands: expectation across, experience up."""
    return float(one.expectation), float(one.experience)


def triangle(one: Customer) -> str:
    """Return the triangle between a customer and the diagonal; each leg is as long as the gap."""
    across, up = spot(one)
    name = "bar bar2" if up < across else "bar"
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
    return [ray(one), f"<path class='second dotted' d='{parallel}'/>"]


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
        "<p class='kefu-note'>圆脸是甲，方脸是乙。点线上的人与甲差值相同，虚线上的人与甲比值相同；"
        "两条线夹出的金色区，是两个模型排名分歧的地方。</p>"
    )


def first(order: int) -> str:
    """Return who is the more satisfied."""
    return {1: "甲", 0: "一样", -1: "乙"}[order]
