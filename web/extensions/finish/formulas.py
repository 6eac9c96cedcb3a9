"""Formulas are set at the build, so that no page needs 300 KB of MathJax to show one.

MathJax runs in the build's own Node.js and gives an SVG for the eye and MathML for a screen reader;
nothing jumps when a page opens, and formulas look the same on paper and without JavaScript.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from tools.paths import NODE_MODULES
from web import build

MARK = 'class="formula" data-tex="'
UNSET = re.compile(rf'<(span|div) {MARK}([^"]*)">(?:(</span>)([，。；：、）”]*))?')
"""A formula still to be set; one in a line takes the stop behind it in, which must not begin the next line."""


def inline(self: HTML5Translator, node: nodes.math) -> None:
    """Mark a formula in a line of text."""
    self.body.append(f'<span {MARK}{escape(node.astext())}"></span>')
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Mark a formula that stands alone; its number, if it has one, is shown at its side."""
    number = f'<span class="eqno">({node["number"]})</span>' if node["number"] else ""
    tex = escape(node.astext().strip())
    self.body.append(f'<div {MARK}{tex}">{number}</div>')
    raise nodes.SkipNode


def drawn(formulas: list[tuple[str, bool]]) -> list[str]:
    """Return the HTML of formulas, each given in TeX and whether it stands alone; all in one run."""
    said = build.node(Path(__file__).with_suffix(".mjs"), NODE_MODULES / "mathjax", given=formulas)
    return list(json.loads(said))


def set_all(site: build.Site) -> None:
    """Put the set formulas into the pages."""
    wanted = sorted({hit[:2] for html in site.pages.values() for hit in UNSET.findall(html)})
    made = dict(
        zip(wanted, drawn([(unescape(tex), tag == "div") for tag, tex in wanted]), strict=True)
    )

    def put(hit: re.Match[str]) -> str:
        return f'<{hit[1]} class="formula">{made[hit[1], hit[2]]}{hit[4] or ""}{hit[3] or ""}'

    site.edit(lambda html: UNSET.sub(put, html))
    if left := [page.name for page, html in site.pages.items() if MARK in html]:
        raise ExtensionError(f"formulas: some are not set in {left}")


def prepare(app: Sphinx) -> None:
    """Offer the renderer; ``html_math_renderer: formulas`` in the configuration chooses it."""
    app.add_html_math_renderer("formulas", (inline, None), (block, None))
