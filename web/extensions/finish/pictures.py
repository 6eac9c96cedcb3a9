"""Pictures whose place is kept while they are on their way.

Each picture of a page says its size, so that the text below it does not jump when it comes; all but
the first come when the reader comes near. A figure can be enlarged: ``static/figures.js``.
"""

from __future__ import annotations

import re
import struct

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from web.build import Site

IMAGE = re.compile(r'<img (?![^>]*\b(?:width|height)=)([^>]*\bsrc="(?:[^"]*/)?_images/([^"]+)")')
PICTURE = re.compile(r'<img(?![^>]*\bloading=)(?=[^>]*\bsrc="[^"]*_images/)(\s)')
LENGTH = re.compile(r'\s(width|height)="([\d.]+)(pt|px)?"')
BOX = re.compile(r'\sviewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')
PIXELS = {"pt": 4 / 3, "px": 1.0}


def size(picture: bytes) -> tuple[int, int] | None:
    """Return the width and height of a PNG or SVG in CSS pixels, None for other files.

    >>> size(b'<svg viewBox="0 0 9 9" width="72pt" height="36pt">')
    (96, 48)
    >>> size(b'<svg viewBox="0 0 400 250">')
    (400, 250)
    >>> size(bytes.fromhex("89504e470d0a1a0a0000000d4948445200000280000001e0"))
    (640, 480)
    """
    if picture.startswith(b"\x89PNG"):
        width, height = struct.unpack(">II", picture[16:24])
        return width, height
    svg = re.search(r"<svg\b[^>]*>", picture[:4096].decode("utf-8", "ignore"))
    root = svg[0].replace("'", '"') if svg else ""
    told = {name: float(n) * PIXELS[unit or "px"] for name, n, unit in LENGTH.findall(root)}
    if len(told) == 2:
        return round(told["width"]), round(told["height"])
    box = BOX.search(root)
    return (round(float(box[1])), round(float(box[2]))) if box else None


def late(html: str) -> str:
    """Return a page whose pictures after the first wait until the reader comes near.

    >>> late('<img src="_images/a.png"> <img src="_images/b.png">')
    '<img src="_images/a.png"> <img loading="lazy" src="_images/b.png">'
    """
    first = PICTURE.search(html)
    end = first.end() if first else len(html)
    return html[:end] + PICTURE.sub(lambda hit: f'<img loading="lazy"{hit[1]}', html[end:])


def size_all(site: Site) -> None:
    """Write the pictures' sizes into the pages, and let all but the first of each page come late."""

    def put(image: re.Match[str]) -> str:
        known = size((site.folder / "_images" / image[2]).read_bytes())
        if known is None:
            raise ExtensionError(f"pictures: {image[2]} is no PNG, nor an SVG that says its size")
        return f'<img width="{known[0]}" height="{known[1]}" {image[1]}'

    site.edit(lambda html: late(IMAGE.sub(put, html)))


def prepare(app: Sphinx) -> None:
    """Let every page have what enlarges a figure, and what brings pictures before they are printed."""
    app.add_css_file("figures.css", priority=850)
    app.add_js_file("figures.js", type="module")
