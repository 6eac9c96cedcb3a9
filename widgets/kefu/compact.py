"""Matplotlib's SVG made small: the same drawing in a third of the bytes, and in lines that a diff can show.

Coordinates become relative and keep what an eye can see, each glyph stands once in the font's own
grid, and what nobody looks at (metadata, groups, names) goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
GLYPH = re.compile(r"(#?)NotoSansSC-([RB])\w+-(\w+)")
IN_GLYPH, TO_GRID = "scale(0.015625)", 1000 / 6400
"""How matplotlib writes glyphs, in 1/64 of 1/100 em, and what makes them thousandths of an em."""
DECIMALS = 2
"""Digits of a point, 1/72 inch, that are kept: a hundredth of it is below what a screen shows."""
STEPS = {"M": 1, "L": 1, "Q": 2, "C": 3}
"""Points that each command of a path takes."""
MOVED = re.compile(r"translate\(([-.\d]+) ([-.\d]+)\)")
LENGTHS = ("x", "y", "width", "height")


def compact(drawing: str) -> str:
    """Return a drawing by matplotlib as the same drawing, smaller."""
    root = ElementTree.fromstring(drawing)
    glyphs: dict[str, Element] = {}
    _tidy(root, glyphs)
    if glyphs:
        shelf = Element(f"{SVG}defs")
        shelf.extend(glyphs[name] for name in sorted(glyphs))
        root.append(shelf)
    used = set(re.findall(r"#([\w-]+)", ElementTree.tostring(root, encoding="unicode")))
    for element in root.iter():
        if element.get("id", "") not in used:
            element.attrib.pop("id", None)
    root.set("stroke-linejoin", "round")  # for all that says nothing else, as its style sheet did
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return f"<svg {names}" + "".join(_written(root)).removeprefix("<svg") + "\n"


def _tidy(parent: Element, glyphs: dict[str, Element]) -> None:
    """Shorten all that stands in an element; take the glyphs out of it."""
    _shorten(parent)
    kept: list[Element] = []
    for child in parent:
        if child.tag in (f"{SVG}metadata", f"{SVG}style"):
            continue
        _tidy(child, glyphs)
        if child.tag == f"{SVG}path" and GLYPH.fullmatch(child.get("id", "")):
            child.set("id", _named(child.get("id", "")))
            glyphs[child.get("id", "")] = child
        elif child.tag == f"{SVG}g" and not set(child.attrib) - {"id"}:
            kept += child
        elif child.tag != f"{SVG}defs" or len(child):
            kept.append(child)
    parent[:] = kept


def _shorten(element: Element) -> None:
    """Shorten the attributes of one element."""
    if LINK in element.attrib:
        element.set(LINK, _named(element.attrib[LINK]))
    if "style" in element.attrib:
        element.set("style", re.sub(r"([:;]) ", r"\1", element.attrib["style"]))
    if element.tag == f"{SVG}path":
        glyph = element.get("transform") == IN_GLYPH
        element.set("d", path(element.get("d", ""), *((TO_GRID, 0) if glyph else (1.0, DECIMALS))))
        if glyph:
            element.set("transform", "scale(.1)")
    for name in LENGTHS:
        if name in element.attrib:
            value, unit = re.fullmatch(r"([-.\d]+)(\D*)", element.attrib[name], re.S).groups()  # type: ignore[union-attr]
            element.set(name, _number(round(float(value) * 10**DECIMALS), DECIMALS) + unit)
    if "viewBox" in element.attrib:
        box = map(float, element.attrib["viewBox"].split())
        element.set("viewBox", " ".join(_number(round(v * 10**DECIMALS), DECIMALS) for v in box))
    if "transform" in element.attrib:
        element.set("transform", MOVED.sub(_moved, element.attrib["transform"]))
    whole = MOVED.fullmatch(element.get("transform", ""))
    if element.tag == f"{SVG}use" and whole and not {"x", "y"} & set(element.attrib):
        del element.attrib["transform"]
        element.attrib.update({n: v for n, v in zip("xy", whole.groups(), strict=True) if v != "0"})


def path(data: str, scale: float, digits: int) -> str:
    """Return a path in steps from point to point, on a grid of ``digits`` decimals after ``scale``.

    >>> path("M 10.004 20 L 10.004 30 L 15 30 z", 1, 2)
    'M10 20v10h5z'
    """
    parts: list[str] = []
    here = start = (0, 0)
    tokens = iter(data.split())
    for name in tokens:
        if name in "zZ":
            parts.append("z")
            here = start
            continue
        points = [
            (_grid(next(tokens), scale, digits), _grid(next(tokens), scale, digits))
            for _ in range(STEPS[name])
        ]
        steps = [(x - here[0], y - here[1]) for x, y in points]
        if name == "M" and not parts:
            parts.append("M" + _joined(points[0], digits))
        elif name == "L" and 0 in steps[0]:
            along = 0 if steps[0][1] == 0 else 1
            parts.append("hv"[along] + _number(steps[0][along], digits))
        else:
            parts.append(name.lower() + _joined([n for step in steps for n in step], digits))
        here = points[-1]
        start = here if name == "M" else start
    return "".join(parts)


def _grid(token: str, scale: float, digits: int) -> int:
    return round(float(token) * scale * 10.0**digits)


def _joined(numbers: list[int] | tuple[int, ...], digits: int) -> str:
    """Return numbers with a space between them only where it is needed."""
    first, *others = (_number(n, digits) for n in numbers)
    return first + "".join(text if text.startswith("-") else f" {text}" for text in others)


def _number(value: int, digits: int) -> str:
    """Return ``value`` tens of minus ``digits`` as it is written shortest.

    >>> [_number(n, 2) for n in (1250, -40, 3, 0)]
    ['12.5', '-.4', '.03', '0']
    """
    sign, text = "-" if value < 0 else "", f"{abs(value):0{digits + 1}d}"
    whole, part = text[: len(text) - digits], text[len(text) - digits :].rstrip("0")
    return f"{sign}{whole if whole != '0' or not part else ''}" + (f".{part}" if part else "")


def _moved(hit: re.Match[str]) -> str:
    x, y = (_number(_grid(text, 1, DECIMALS), DECIMALS) for text in hit.groups())
    return f"translate({x} {y})"


def _named(name: str) -> str:
    """Return a glyph's name, or a link to it, in short: the same in all charts, which may share a page."""
    return GLYPH.sub(r"\1\2\3", name)


def _written(element: Element) -> Iterator[str]:
    """Yield an element as text; each begins a line, but for the letters of a word."""
    name = element.tag.removeprefix(SVG)
    own = ((key.replace(LINK, "xlink:href"), value) for key, value in element.attrib.items())
    yield f"<{name}" + "".join(f" {key}={quoteattr(value)}" for key, value in own)
    text = (element.text or "").strip()
    if not len(element) and not text:
        yield "/>"
        return
    yield f">{escape(text)}"
    for child in element:
        yield "" if child.tag == f"{SVG}use" and "style" not in child.attrib else "\n"
        yield from _written(child)
    yield f"</{name}>"
