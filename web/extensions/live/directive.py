"""The directive ``live-demo``: a live cell in a page that is no notebook, such as the cover.

Its lines run at the build, in the book's own Python; the picture of the demo in the last line stands
in the page, as a notebook's stored output does, until the reader's Python has it alive. Where the
demo gives all its states, the page plays them until then: see ``play.js``. Such a page is
for reading first: the engine waits there until the page has been shown.
"""

from __future__ import annotations

import ast
import json
from html import escape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from . import collect

CELL = "live-demo"
DEMO = "live-demo-cell"
"""The class of every cell whose output is a demo, in a notebook too."""


def picture(source: str) -> str:
    """Return the HTML picture of what the last line of a piece of code gives."""
    tree = ast.parse(source)
    last = tree.body.pop()
    if not isinstance(last, ast.Expr):
        raise ValueError("the last line of a live-demo must be a demo")
    space: dict[str, object] = {}
    exec(compile(tree, CELL, "exec"), space)
    shown = eval(compile(ast.Expression(last.value), CELL, "eval"), space)
    html = shown._repr_mimebundle_(include=None, exclude=None)["text/html"]
    if not collect.PICTURE.search(html):
        raise ValueError("the last line of a live-demo must be a demo with a live-picture")
    states = shown.states() if hasattr(shown, "states") else None
    if not states:
        return str(html)
    told = json.dumps(states, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'{html}<script type="application/json" class="live-states">{told}</script>'


class LiveDemo(SphinxDirective):
    """``live-demo``: code whose last line is a demo; the code itself is not shown."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the demo with its picture; read() makes a live cell of it."""
        source = "\n".join(self.content)
        try:
            html = picture(source)
        except Exception as error:
            raise self.error(f"live-demo: {error!r}") from error
        output = nodes.container(
            "", nodes.raw("", html, format="html"), classes=["cell_output"], is_div=True
        )
        return [
            nodes.container("", output, classes=["cell", CELL, DEMO], is_div=True, source=source)
        ]


def read(app: Sphinx, doctree: nodes.document, waiting: str) -> None:
    """Make a live cell of every ``live-demo`` of a page."""
    listed = []
    for index, node in enumerate(n for n in doctree.findall(nodes.container) if is_demo(n)):
        node["ids"].append(f"live-cell-{index}")
        status = f'<p class="live-status" role="status">{escape(waiting)}</p>'
        node.append(nodes.raw("", f'<div class="live-bar">{status}</div>', format="html"))
        listed.append(collect.Cell(index, node["source"], setup=False, demo=True).public())
    if listed:
        app.env.metadata[app.env.docname]["live"] = json.dumps(listed)


def is_demo(node: nodes.container) -> bool:
    """Tell whether a node is the place of a ``live-demo``."""
    return CELL in node["classes"]
