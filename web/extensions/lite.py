"""Sphinx extension: a link on every chapter page to its whole notebook in the browser.

``web/commands/lite.py`` builds the site that the link leads to. Where the notebook imports what has
to come from Pyodide's own host, a sentence says so before the reader opens it.
"""

from __future__ import annotations

import ast
import json
import os
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from docutils import nodes
from sphinx.application import Sphinx

LOCK = Path(__file__).parents[1] / "node_modules" / "pyodide" / "pyodide-lock.json"
WHEELS = Path(__file__).parents[1] / "lite.txt"
LINK = "在浏览器里打开整本笔记本"
ABOUT = "不用安装也不用登录，打开约需半分钟；每一格代码都能改、能运行，改动只留在你的浏览器里。"
BORROWS = "数据实验用到{}，本站没有它们：运行到那一格时，浏览器会从Pyodide项目自己的网站下载。"


def imported(notebook: Path) -> set[str]:
    """Return the top-level names of the modules that a notebook imports."""
    found: set[str] = set()
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    found |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.split(".")[0])
    return found


def borrowed(notebook: Path) -> list[str]:
    """Return the packages that a notebook imports and that only Pyodide's own host has."""
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    own = set(re.findall(r"^([\w.-]+)==", WHEELS.read_text(encoding="utf-8"), re.M))
    given = os.environ.get("KEFU_PYODIDE_WHEELS")
    names = imported(notebook)

    def served(name: str) -> bool:
        package = packages[name]
        here = name in own or (given and (Path(given) / package["file_name"]).is_file())
        return bool(here) and all(map(served, package["depends"]))

    wanted = {name for name, package in packages.items() if names & set(package["imports"])}
    return sorted(name for name in wanted - own if not served(name))


def link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the link under the title of a page that is a notebook."""
    if doctree is None or not page.startswith("notebooks/"):
        return
    notebook = Path(app.env.doc2path(page))
    path = quote(page.removeprefix("notebooks/") + ".ipynb")
    address = f"{context['pathto']('lite/notebooks/index.html', 1)}?path={path}"
    missing = borrowed(notebook)
    words = ABOUT + (BORROWS.format("、".join(missing)) if missing else "")
    button = f'<p class="kefu-lite"><a href="{escape(address)}">{LINK}</a> <span>{escape(words)}</span></p>'
    title, end, rest = context["body"].partition("</h1>")
    context["body"] = title + end + button + rest


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
