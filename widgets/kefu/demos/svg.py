"""A small chart as inline SVG text: axes, a line, dots; sized so that a phone can read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from math import ceil, floor, inf

from kefu.charts import ACCENT, GOLD, GREY, INK, LINE, PAPER, PERSIMMON, TEAL
from kefu.errors import expected

WIDTH, HEIGHT = 400, 250
LEFT, RIGHT, TOP, BOTTOM = 44, 16, 26, 40

Point = tuple[float, float]
Look = dict[str, str]

WORDS: Look = {"fill": INK, "paint-order": "stroke", "stroke": PAPER, "stroke-width": "4",
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
    "strong": {"fill": ACCENT, "font-weight": "700"},
    "node": {"fill": PAPER, "stroke": LINE},
    "now": {"fill": TEAL},
    "then": {"fill": ACCENT},
    "node-ink": {"fill": PAPER, "font-weight": "700", "stroke": "none"},
    "rest": {"fill": LINE},
}  # fmt: skip
"""How each class of ``demo.css`` is drawn where no style sheet is, in the order of its rules.

Any rule of a sheet beats these attributes, so that a page's colours, light or dark, hold in it.
"""
ELEMENT = re.compile(r"<(\w+)((?: [\w-]+='[^']*')*)(?=\s*/?>)")
ATTRIBUTE = re.compile(r" ([\w-]+)='([^']*)'")


@dataclass(frozen=True)
class Frame:
    """The plane of a chart: data from 0 (or ``x_min``) to ``x_max`` and 0 to ``y_max``."""

    x_max: float
    y_max: float
    x_min: float = 0.0
    y_min: float = 0.0

    def x(self, value: float) -> float:
        """Return the pixel of a data value along the x axis."""
        share = (value - self.x_min) / (self.x_max - self.x_min)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the pixel of a data value along the y axis."""
        share = (value - self.y_min) / (self.y_max - self.y_min)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def path(self, points: Sequence[Point], name: str) -> str:
        """Return a line through data points, drawn in the style ``name``."""
        steps = " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)
        return f"<polyline class='{name}' points='{steps}'/>"

    def dot(self, point: Point, label: str) -> str:
        """Return a dot with a label that stays inside the chart."""
        x, y = self.x(point[0]), self.y(point[1])
        anchor = "end" if x > WIDTH * 0.62 else "start"
        shift = -9 if anchor == "end" else 9
        return (
            f"<circle class='dot' cx='{x}' cy='{y}' r='7'/>"
            f"<text class='strong' x='{x + shift:.1f}' y='{max(y - 10, 12):.1f}' text-anchor='{anchor}'>"
            f"{escape(label)}</text>"
        )

    def axes(self, x_label: str, y_label: str) -> str:
        """Return both axes with their round ticks and titles."""
        parts = [f"<path class='axis' d='M{LEFT},{TOP} V{HEIGHT - BOTTOM} H{WIDTH - RIGHT}'/>"]
        for value in ticks(self.x_min, self.x_max):
            parts.append(
                f"<text x='{self.x(value)}' y='{HEIGHT - BOTTOM + 16}' text-anchor='middle'>{value:g}</text>"
            )
        for value in ticks(self.y_min, self.y_max):
            y = self.y(value)
            parts.append(
                f"<path class='axis' d='M{LEFT},{y} H{WIDTH - RIGHT}' stroke-dasharray='2 4'/>"
            )
            parts.append(f"<text x='{LEFT - 6}' y='{y + 4}' text-anchor='end'>{value:g}</text>")
        parts.append(
            f"<text x='{WIDTH - RIGHT}' y='{HEIGHT - 6}' text-anchor='end'>{escape(x_label)}</text>"
            f"<text x='4' y='12'>{escape(y_label)}</text>"
        )
        return "".join(parts)


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


def chart(alternative: str, *parts: str, height: int = HEIGHT) -> str:
    """Return the whole drawing with its text alternative, fit to be seen without a style sheet."""
    return (
        f"<svg class='kefu-chart' viewBox='0 0 {WIDTH} {height}' font-size='12' "
        f"style='max-width:560px' role='img' aria-label='{escape(alternative, quote=True)}'>"
        f"{ELEMENT.sub(dressed, ''.join(parts))}</svg>"
    )


def dressed(hit: re.Match[str]) -> str:
    """Return the start of an element with the look of its class beside its own attributes."""
    own = dict(ATTRIBUTE.findall(hit[2]))
    look = dict(WORDS) if hit[1] == "text" else {}
    for name in LOOKS:
        if name in own.get("class", "").split():
            look |= LOOKS[name]
    return hit[0] + "".join(f" {key}='{look[key]}'" for key in look if key not in own)
