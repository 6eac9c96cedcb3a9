"""Read a demo as its reader does: from its HTML, its drawing and the code that it shows."""

from __future__ import annotations

import ast
import contextlib
import functools
import io
import json
import unicodedata
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bs4 import BeautifulSoup, Tag

from kefu import beside, demos, explore
from kefu.demos import Demo

MARKUP = "<img src=x onerror=alert(1)>包邮&amp;"
HOSTILE = [MARKUP, "包邮" * 5000, "😂" * 300, "\x00\x1b[31m\u202e", "'\"{x}\\n%s"]


def explorer() -> Demo:
    """An explorer of a chapter."""
    file = beside.find("02_explore.toml")
    return demos.explore(file, next(iter(explore.describe(file))))


WITH_ARGUMENTS = {"explore": explorer}
DEMOS: list[Callable[[], Demo]] = [
    WITH_ARGUMENTS.get(name) or getattr(demos, name)
    for name in demos.__all__
    if name not in {"Demo", "check", "guess", "quiz", "talk", "truths"}
]
"""Every demo of the book as it opens."""


def set_to(demo: Demo, **values: Any) -> Demo:
    """The demo with its controls at these values, each of which they take as it is."""
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def positions(demo: Demo) -> dict[str, Any]:
    """What the demo's controls stand at, by their names."""
    return {name: control.value for name, control in demo.controls.items()}


@functools.lru_cache(maxsize=16)
def parsed(html: str) -> BeautifulSoup:
    """The HTML as a browser's parser sees it: read once for all who look into it, so not to be changed."""
    return BeautifulSoup(html, "html.parser")


def tags(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """All elements with the names of their attributes, in order."""
    return [(tag.name, tuple(tag.attrs)) for tag in parsed(html).find_all(True)]


def cells(html: str, number: int = 0) -> list[list[str]]:
    """The body of the table at place ``number``, as text."""
    table = parsed(html).find_all("table")[number]
    return [[cell.get_text() for cell in row.find_all("td")] for row in table.select("tbody tr")]


def marked(html: str) -> list[str]:
    """The row that is set off."""
    (row,) = parsed(html).select("tr.kefu-mark")
    return [cell.get_text() for cell in row.find_all("td")]


def bold(html: str) -> list[str]:
    """What the formulas set in bold, in order."""
    return [tag.get_text() for tag in parsed(html).select("p b")]


def alert(html: str) -> str:
    """The text of the one alert."""
    (found,) = parsed(html).select("[role=alert]")
    return found.get_text()


def settings(html: str) -> dict[str, str]:
    """The controls' labels and present values in a picture."""
    names, values = parsed(html).select("dl dt"), parsed(html).select("dl dd")
    return {n.get_text(): v.get_text() for n, v in zip(names, values, strict=True)}


def presses(html: str) -> list[tuple[str, dict[str, Any], str | None]]:
    """The buttons of a picture: text, the values that they give, and whether they are chosen."""
    found = parsed(html).select("button[data-press]")
    return [(b.get_text(), json.loads(str(b["data-press"])), b.get("aria-pressed")) for b in found]  # type: ignore[misc]


def grips(html: str) -> dict[str, dict[str, Any]]:
    """What each handle of a drawing moves, by the control's name, and how it maps to pixels."""
    held = parsed(html).select(".kefu-grip")
    axes = [one[axis] for one in held for axis in ("data-x", "data-y") if axis in one.attrs]
    told = [json.loads(str(axis)) for axis in axes]
    return {one["name"]: one for one in told}


def hand(demo: Demo, **wanted: Any) -> Demo:
    """Move what a hand moves, or press what it presses, in a demo's picture."""
    demo._picture.moved = {**wanted, "": demo._picture.moved.get("", 0) + 1}
    return demo


def press(demo: Demo, *texts: str) -> Demo:
    """Press the one button of each text in turn in a demo's picture."""
    for text in texts:
        (wanted,) = [want for said, want, _ in presses(demo.parts()[0]) if said == text]
        hand(demo, **wanted)
    return demo


def board(demo: Demo) -> list[str]:
    """The marks of a game's cards, in their order."""
    return [item.get_text() for item in parsed(demo.result()).select("ol.kefu-board li")]


def walk(make: Callable[[], Demo], most: int = 12) -> list[Demo]:
    """The demo in the states to which the presses of its picture lead, the nearest first."""
    found: dict[str, Demo] = {}
    paths: list[list[dict[str, Any]]] = [[]]
    for path in paths:  # which grows
        demo = make()
        for wanted in path:
            hand(demo, **wanted)
        state = str(positions(demo))
        if state not in found and len(found) < most:
            found[state] = demo
            paths += [[*path, wanted] for _, wanted, _ in presses(demo.parts()[0])]
        if len(found) == most:
            break
    return list(found.values())


def shown_code(demo: Demo) -> str:
    """The code as the reader copies it."""
    found = parsed(demo.source()).find("pre")
    assert isinstance(found, Tag)
    return found.get_text()


def run_code(demo: Demo) -> tuple[str, Any]:
    """What the shown code prints, and the value of its last line if that is an expression."""
    tree = ast.parse(shown_code(demo))
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(tree, "shown", "exec"), space)
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "shown", "eval"), space)
    return out.getvalue(), value


class Drawing:
    """The SVG of a result, read as XML; the scale is taken from its own tick labels."""

    def __init__(self, html: str) -> None:
        text = html[html.index("<svg") : html.index("</svg>") + len("</svg>")]
        self.root = ElementTree.fromstring(text)
        self.label = self.root.attrib["aria-label"]
        left, top, self.width, self.height = map(float, self.root.attrib["viewBox"].split())
        assert (left, top) == (0, 0)

    @property
    def dot(self) -> tuple[float, float]:
        """Where the one dot lies, in pixels."""
        (dot,) = (e for e in self.root.iter("circle") if e.attrib["class"] == "dot")
        return float(dot.attrib["cx"]), float(dot.attrib["cy"])

    def line(self, name: str) -> list[tuple[float, float]]:
        """The points of the line drawn in the style ``name``, in pixels."""
        (line,) = (e for e in self.root.iter("polyline") if e.attrib["class"] == name)
        pairs = (pair.split(",") for pair in line.attrib["points"].split())
        return [(float(x), float(y)) for x, y in pairs]

    def grip(self, *names: str) -> tuple[Element, list[dict[str, Any]]]:
        """The handle that moves these controls: its element, and what it tells of its axes."""
        for found in self.root.iter("g"):
            axes = [json.loads(found.attrib[a]) for a in ("data-x", "data-y") if a in found.attrib]
            if [axis["name"] for axis in axes] == list(names) and axes:
                return found, axes
        raise AssertionError(f"no handle for {names}")

    def texts(self) -> list[tuple[str, float, float, str]]:
        """All labels: text, x, y, anchor."""
        return [
            (
                e.text or "",
                float(e.attrib["x"]),
                float(e.attrib["y"]),
                e.attrib.get("text-anchor", "start"),
            )
            for e in self.root.iter("text")
        ]

    def data(self, point: tuple[float, float]) -> tuple[float, float]:
        """Turn pixels into data by the tick labels of both axes, as a reader with a ruler would."""
        base = max(y for _, _, y, anchor in self.texts() if anchor == "middle")
        across = [(x, float(t)) for t, x, y, a in self.texts() if a == "middle" and y == base]
        up = [(y - 4, float(t)) for t, x, y, a in self.texts() if a == "end" and x < 44]
        return read(across, point[0]), read(up, point[1])

    def assert_labels_inside(self) -> None:
        """Every label, as wide as its characters make it, lies inside the drawing."""
        for text, x, y, anchor in self.texts():
            wide = width(text)
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            assert left >= 0, text
            assert left + wide <= self.width, text
            assert 9 <= y <= self.height - 3, text  # letters rise 9 and fall 3 pixels


def read(scale: list[tuple[float, float]], pixel: float) -> float:
    """The value at a pixel, by the outermost two of (pixel, value)."""
    (p, v), (q, w) = min(scale), max(scale)
    return v + (pixel - p) * (w - v) / (q - p)


def width(text: str) -> float:
    """A label's width at 12 pixels: full-width characters are square, others about 0.6 as wide."""
    return sum(12.0 if unicodedata.east_asian_width(c) in "WFA" else 7.0 for c in text)
