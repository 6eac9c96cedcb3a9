"""A small chart as inline SVG text: axes, a line, dots; sized so that a phone can read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil, floor, inf
from unicodedata import east_asian_width

from kefu.charts import ACCENT, GOLD, GREY, INK, LINE, PAPER, PERSIMMON, PLUM, TEAL
from kefu.demos.hands import Along, grip
from kefu.errors import expected

WIDTH, HEIGHT = 400, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 26, 40

Point = tuple[float, float]
Look = dict[str, str]

WORDS: Look = {"font-size": "12", "fill": INK, "paint-order": "stroke", "stroke": PAPER, "stroke-width": "4",
               "stroke-linejoin": "round"}  # fmt: skip
LOOKS: dict[str, Look] = {
    "axis": {"fill": "none", "stroke": LINE},
    "line": {"fill": "none", "stroke": TEAL, "stroke-width": "2.5", "stroke-linejoin": "round"},
    "second": {"fill": "none", "stroke": PERSIMMON, "stroke-width": "1.5",
               "stroke-dasharray": "4 3"},
    "dot": {"fill": PERSIMMON, "stroke": PAPER, "stroke-width": "2"},
    "bar": {"fill": TEAL, "opacity": ".85"},
    "bar2": {"fill": PERSIMMON},
    "zone": {"fill": GOLD, "fill-opacity": ".3"},
    "guide": {"fill": "none", "stroke": GREY, "stroke-width": "1.5"},
    "span": {"fill": "none", "stroke": INK, "stroke-width": "1.5"},
    "faint": {"fill": "none", "stroke": GREY, "stroke-width": "1.5", "stroke-dasharray": "2 3"},
    "box": {"fill": GOLD, "fill-opacity": ".55", "stroke": INK},
    "ghost": {"fill": "none", "stroke": INK, "stroke-dasharray": "3 3"},
    "many": {"fill": "none", "stroke": GREY, "stroke-width": "5", "stroke-linecap": "round"},
    "many-a": {"stroke": TEAL},
    "many-b": {"stroke": PERSIMMON},
    "many-c": {"stroke": LINE},
    "crew": {"stroke-width": "9"},
    "reach": {"fill": "none", "pointer-events": "all"},
    "strong": {"fill": ACCENT, "font-weight": "700"},
    "node": {"fill": PAPER, "stroke": LINE},
    "now": {"fill": TEAL},
    "then": {"fill": ACCENT},
    "node-ink": {"fill": PAPER, "font-weight": "700", "stroke": "none"},
    "rest": {"fill": LINE},
    "face": {"fill": PAPER, "stroke": INK, "stroke-width": "1.6", "stroke-linecap": "round"},
    "glad": {"stroke": TEAL},
    "cross": {"stroke": PERSIMMON},
    "dotted": {"stroke-dasharray": "1 4"},
    "walk": {"pointer-events": "none"},
    "curve": {"fill": "none", "stroke-width": "2.5", "stroke-linejoin": "round"},
    "chosen": {"stroke-width": "6"},
    "vote": {"fill": "none", "stroke-width": "12"},
    "tone-a": {"stroke": PERSIMMON},
    "tone-b": {"stroke": TEAL},
    "tone-c": {"stroke": GOLD},
    "tone-d": {"stroke": GREY},
    "tone-e": {"stroke": PLUM},
    "knob": {"fill": PAPER, "stroke": PERSIMMON, "stroke-width": "2"},
    "ring": {"fill": "none", "stroke": INK, "stroke-width": "2"},
}  # fmt: skip
"""How each class of ``demo.css`` is drawn where no style sheet is, in the order of its rules.

Any rule of a sheet beats these attributes, so that a page's colours, light or dark, hold in it.
"""
ELEMENT = re.compile(r"<(\w+)((?: [\w-]+='[^']*')*)(?=\s*/?>)")
ATTRIBUTE = re.compile(r" ([\w-]+)='([^']*)'")


@dataclass(frozen=True)
class Frame:
    """The plane of a chart: data from 0 (or ``x_min``) to ``x_max`` and 0 to ``y_max``.

    It lies between the pixels ``top`` and ``bottom``, so that one drawing can hold two.
    """

    x_max: float
    y_max: float
    x_min: float = 0.0
    y_min: float = 0.0
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM

    def x(self, value: float) -> float:
        """Return the pixel of a data value along the x axis."""
        share = (value - self.x_min) / (self.x_max - self.x_min)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the pixel of a data value along the y axis."""
        share = (value - self.y_min) / (self.y_max - self.y_min)
        return round(self.bottom - share * (self.bottom - self.top), 1)

    @property
    def scale(self) -> str:
        """Return what the plane shows, the same for two drawings that can lie over one another."""
        return f"{self.x_min:g} {self.x_max:g} {self.y_min:g} {self.y_max:g}"

    def path(self, points: Sequence[Point], name: str) -> str:
        """Return a line through data points, drawn in the style ``name``."""
        steps = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        return f"<polyline class='{name}' points='{steps}'/>"

    def dots(self, points: Sequence[Point], name: str) -> str:
        """Return many small dots as one shape, drawn in the style ``name``."""
        steps = "".join(f"M{self.x(x)},{self.y(y)}h0" for x, y in points)
        return f"<path class='many {name}' d='{steps}'/>" if points else ""

    def handle(
        self,
        point: Point,
        label: str,
        x: Along | None = None,
        y: Along | None = None,
        *,
        before: bool = False,
    ) -> str:
        """Return a dot with its label that a hand moves along ``x``, ``y`` or both."""
        reach = f"<circle class='reach' cx='{self.x(point[0])}' cy='{self.y(point[1])}' r='22'/>"
        return grip(reach + self.dot(point, label, before=before), x, y)

    def dot(self, point: Point, label: str, *, before: bool = False) -> str:
        """Return a dot with a label that stays inside the chart.

        The label stands on the right where there is room; ``before`` puts it on the left, for a
        line that rises.
        """
        x, y = self.x(point[0]), self.y(point[1])
        left = x - 9 - wide(label) > LEFT if before else x > WIDTH * 0.62
        anchor, shift = ("end", -9) if left else ("start", 9)
        return (
            f"<circle class='dot' cx='{x}' cy='{y}' r='7'/>"
            f"<text class='strong' x='{x + shift:.1f}' y='{max(y - 10, 12):.1f}' text-anchor='{anchor}'>"
            f"{escape(label)}</text>"
        )

    def axes(self, x_label: str, y_label: str) -> str:
        """Return both axes with their round ticks and titles."""
        parts = [
            f"<path class='axis' d='M{LEFT},{self.top:g} V{self.bottom:g}'/>",
            self.floor(x_label),
        ]
        for value in ticks(self.y_min, self.y_max):
            y = self.y(value)
            parts.append(
                f"<path class='axis' d='M{LEFT},{y} H{WIDTH - RIGHT}' stroke-dasharray='2 4'/>"
            )
            parts.append(f"<text x='{LEFT - 6}' y='{y + 4}' text-anchor='end'>{value:g}</text>")
        parts.append(f"<text x='4' y='{self.top - 14:g}'>{escape(y_label)}</text>")
        return "".join(parts)

    def floor(self, x_label: str) -> str:
        """Return the lying axis alone, with its round ticks and title."""
        parts = [f"<path class='axis' d='M{LEFT},{self.bottom:g} H{WIDTH - RIGHT}'/>"]
        for value in ticks(self.x_min, self.x_max):
            parts.append(
                f"<text x='{self.x(value)}' y='{self.bottom + 16:g}' text-anchor='middle'>{value:g}</text>"
            )
        parts.append(
            f"<text x='{WIDTH - RIGHT}' y='{self.bottom + 34:g}' text-anchor='end'>{escape(x_label)}</text>"
        )
        return "".join(parts)


def wide(text: str) -> float:
    """Return about how many pixels a label takes: a full-width character is a square of 12."""
    return sum(12.0 if east_asian_width(c) in "WFA" else 7.0 for c in text)


def broad(text: str) -> float:
    """Return about how many pixels a label takes on a phone, where letters are larger."""
    return wide(text) * 7 / 6


def legend(
    *entries: tuple[str, str], x: float = 4.0, y: float = 12, measure: Callable[[str], float] = wide
) -> str:
    """Return what each line or mark stands for, drawn beside its name: (class, text) from left to right.

    A class that begins with ``bar`` or is ``zone`` or ``rest`` is drawn as a box, ``dot``, ``knob`` and
    ``many`` as a dot. Where there is room, ``measure`` is `broad`.
    """
    parts = []
    for name, text in entries:
        kind = name.split()[0]
        if kind == "many":
            parts.append(f"<path class='{name}' d='M{x + 7},{y - 4}h0'/>")
        elif kind in ("dot", "knob", "ring"):
            parts.append(f"<circle class='{name}' cx='{x + 7}' cy='{y - 4}' r='5'/>")
        elif kind in ("bar", "zone", "rest", "now", "then"):
            parts.append(
                f"<rect class='{name}' x='{x}' y='{y - 9}' width='14' height='10' rx='2'/>"
            )
        else:
            parts.append(f"<path class='{name}' d='M{x},{y - 4} h14'/>")
        parts.append(f"<text x='{x + 18}' y='{y}'>{escape(text)}</text>")
        x = round(x + 18 + measure(text) + 12, 1)
    return "".join(parts)


def face(x: float, y: float, mood: float, *, r: float = 11, square: bool = False) -> str:
    """Return a face whose mouth follows ``mood``: up towards 1 where glad, down towards −1 where cross.

    ``square`` draws the head of a second person.
    """
    bend = max(-1.0, min(mood, 1.0))
    name = "face glad" if mood > 0 else "face cross" if mood < 0 else "face"
    head = (
        f"<rect class='{name}' x='{x - r:.1f}' y='{y - r:.1f}' width='{2 * r:g}' height='{2 * r:g}' rx='3'/>"
        if square
        else f"<circle class='{name}' cx='{x:.1f}' cy='{y:.1f}' r='{r:g}'/>"
    )
    side, eye, mouth = 0.35 * r, y - 0.25 * r, y + (0.4 - 0.15 * bend) * r
    return (
        f"{head}<path class='{name}' d='M{x - side:.1f},{eye:.1f} v.1 M{x + side:.1f},{eye:.1f} v.1 "
        f"M{x - 0.45 * r:.1f},{mouth:.1f} Q{x:.1f},{mouth + 0.75 * bend * r:.1f} "
        f"{x + 0.45 * r:.1f},{mouth:.1f}'/>"
    )


STEPS = ("2", "1", "0.5", "0.2", "0.1", "0.25")
"""Steps between ticks, in powers of ten below the range: 2.5 where 5 gives too few and 2 too many."""


def ticks(low: float, high: float) -> list[float]:
    """Return 4 to 8 round values from ``low`` to ``high``, as far apart as they may be.

    Raises ``ValueError`` unless ``low`` is less than ``high`` and both are finite.

    >>> ticks(0, 9)
    [0.0, 2.0, 4.0, 6.0, 8.0]
    >>> ticks(-3.2, 8.1)
    [-2.0, 0.0, 2.0, 4.0, 6.0, 8.0]
    """
    if not -inf < low < high < inf:
        raise ValueError(expected("high", f"a number > {low}", f"大于{low}的数", high))
    start, end = Decimal(str(low)), Decimal(str(high))  # 0.3 as it is written, not 0.29999…
    power = (end - start).adjusted()
    steps = [Decimal(mantissa).scaleb(power) for mantissa in STEPS]
    every = [(step, range(ceil(start / step), floor(end / step) + 1)) for step in steps]
    step, numbers = next((step, numbers) for step, numbers in every if 4 <= len(numbers) <= 8)
    return [float(number * step) for number in numbers]


def chart(
    alternative: str, *parts: str, height: int = HEIGHT, width: int = WIDTH, scale: str = ""
) -> str:
    """Return the whole drawing with its text alternative, fit to be seen without a style sheet.

    Where ``scale`` stays the same, a live demo keeps the last state as a shade behind the present one.
    A drawing with handles or buttons is a group of them to a screen reader, not one image.
    """
    held = ("kefu-grip", "kefu-spot")
    role = "group" if any(name in part for part in parts for name in held) else "img"
    most = 560 if width == WIDTH else width
    same = f"data-scale='{escape(scale, quote=True)}' " if scale else ""
    return (
        f"<svg class='kefu-chart' viewBox='0 0 {width} {height}' {same}"
        f"style='max-width:{most}px' role='{role}' "
        f"aria-label='{escape(alternative, quote=True)}'>{ELEMENT.sub(dressed, ''.join(parts))}</svg>"
    )


def dressed(hit: re.Match[str]) -> str:
    """Return the start of an element with the look of its class beside its own attributes."""
    own = dict(ATTRIBUTE.findall(hit[2]))
    look = dict(WORDS) if hit[1] == "text" else {}
    for name in LOOKS:
        if name in own.get("class", "").split():
            look |= LOOKS[name]
    return hit[0] + "".join(f" {key}='{look[key]}'" for key in look if key not in own)
