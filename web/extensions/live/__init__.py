"""Live cells: every notebook cell tagged ``live`` runs in the reader's own browser.

A Sphinx extension for Jupyter Book 1.x / myst-nb. It collects the cells tagged ``live`` and
``live-setup`` with their sources and order, builds the engine (Pyodide in a worker, the standard
ipywidgets front end, one archive of compiled Python) and links it from the pages that need it.
README.md beside this file tells how to use it in another book.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from web.build import after, pages_made, publish

from . import build, collect, directive

WAITING = {
    "zh": "这是演示的静态图；它需要JavaScript和WebAssembly才能操作，在JupyterLab里打开本章也可以。",
    "en": "This is the demo's static picture; it needs JavaScript and WebAssembly, or JupyterLab.",
}


def read(app: Sphinx, doctree: nodes.document) -> None:
    """Collect the live cells of a notebook page and mark their places in it."""
    path = Path(app.env.doc2path(app.env.docname))
    waiting = WAITING.get(app.config.language[:2], WAITING["en"])
    if path.suffix != ".ipynb":
        directive.read(app, doctree, waiting)
        return
    cells = collect.live_cells(path)
    allowed = {*app.config.live_wheels, *(Path(p).name for p in app.config.live_packages)}
    if wrong := collect.foreign_imports(cells, allowed):
        raise ExtensionError(f"{app.env.docname}: " + "; ".join(wrong))
    app.env.metadata[app.env.docname]["live"] = json.dumps([cell.public() for cell in cells])
    by_index = {cell.index: cell for cell in cells}
    for node in doctree.findall(nodes.container):
        cell = by_index.get(node.get("cell_index", -1))
        if cell is None or node.get("nb_element") != "cell_code":
            continue
        node["ids"].append(f"live-cell-{cell.index}")
        inside = ""
        if cell.demo:
            node["classes"].append(directive.DEMO)
            inside = f'<p class="live-status" role="status">{escape(waiting)}</p>'
        parts = {name: n for n in node.children for name in n.get("classes", [])}
        if inside or "cell_input" in parts:
            bar = nodes.raw("", f'<div class="live-bar">{inside}</div>', format="html")
            node.insert(node.index(parts["cell_input"]) + 1 if "cell_input" in parts else 0, bar)


def link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Link the engine from a page that has live cells, and from no other."""
    cells = app.env.metadata.get(page, {}).get("live", "[]")
    if cells == "[]":
        return
    listed = cells.replace("<", "\\u003c")
    math = context["pathto"](f"_static/{app.config.mathjax_path}", resource=True)
    calm = not app.env.doc2path(page).endswith(".ipynb")  # shown first: see directive.py
    context["body"] += (
        f'<script type="application/json" id="live-cells" data-math="{math}">{listed}</script>'
    )
    folder = f"live/{build.key(app)}"
    app.add_js_file(f"{folder}/loader.js", type="module")
    place = context["pathto"](f"_static/{folder}/", resource=True)
    boot = (build.engine(app) / "boot.js").read_text(encoding="utf-8")
    context["metatags"] += (
        f'<script data-engine="{place}"{" data-calm" if calm else ""}>{boot}</script>'
    )
    app.add_css_file(f"{folder}/loader.css")


def alive(app: Sphinx) -> bool:
    """Tell whether any page has live cells."""
    return any(meta.get("live", "[]") != "[]" for meta in app.env.metadata.values())


def prepare(app: Sphinx, _env: object) -> None:
    """Build the engine before the first page is written, in which its first script stands."""
    if pages_made(app) and alive(app):
        build.engine(app)


def serve(app: Sphinx) -> None:
    """Put the engine into the site, under a name that changes with its contents."""
    if alive(app):
        publish(app, build.engine(app), f"live/{build.key(app)}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension."""
    app.add_config_value("live_packages", [], "env")  # folders of pure Python packages
    app.add_config_value("live_files", {}, "env")  # glob in the book -> folder in the archive
    app.add_config_value(
        "live_fronts", {}, "env"
    )  # anywidget id -> front end, a module in a package
    app.add_config_value("live_wheels", ["ipywidgets", "traitlets", "comm"], "env")
    app.add_config_value("live_node_modules", "web/node_modules", "env")
    app.add_directive(directive.CELL, directive.LiveDemo)
    app.connect("doctree-read", read)
    app.connect("env-updated", prepare)
    app.connect("html-page-context", link)
    after(app, serve)
    return {"version": "0.1", "parallel_read_safe": True, "parallel_write_safe": True}
