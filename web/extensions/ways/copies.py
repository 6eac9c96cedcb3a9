"""The copies of the notebooks that readers download and that Colab opens: they run as they are.

A copy begins with a cell that installs what is missing, ``kefu`` from the wheel that the site
serves beside JupyterLite; with it come the files that lie beside the notebook (``kefu.beside``).
The pages and the notebooks themselves have no such cell.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell
from sphinx.application import Sphinx

from tools.paths import ROOT
from web import build

FOLDER = "_sources"
"""Where Sphinx puts the notebooks that the pages offer for download."""
KIT = "kefu-notebooks.zip"
"""All notebooks for a reader's own computer, in the site's ``downloads``: see ``web.paper.kit``."""
DISTRIBUTIONS = {"sklearn": "scikit-learn"}
"""Packages that are not called like the module that is imported."""
HIDDEN = {"jupyter": {"source_hidden": True}, "cellView": "form"}
"""Folds a cell's code in JupyterLab and in Colab."""
SETUP = '''\
# @title 准备：先运行这一格，缺什么就装什么
import importlib
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

BOOK = {book}  # 这本书的网址
WHEEL = {wheel}
NEEDS = {needs}


def lacks(package, least):
    """没有这个包，或者版本太旧"""
    try:
        have = version(package)
    except PackageNotFoundError:
        return True
    parts = least.split(".")
    return [int(n) for n in have.split(".")[: len(parts)]] < [int(n) for n in parts]


wanted = [f"{{name}}>={{least}}" for name, least in NEEDS.items() if lacks(name, least)]
if lacks("kefu", {version}):
    beside = sorted(Path().glob("kefu-*.whl"))
    if not beside and not BOOK:
        name = WHEEL.rpartition("/")[2]
        raise SystemExit(f"请从这本书的网站下载{{WHEEL}}，把{{name}}放在这本笔记本旁边，再运行这一格。")
    wanted.append(str(beside[-1]) if beside else BOOK + WHEEL)
if wanted:
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *wanted], check=True)
    importlib.invalidate_caches()
    if any(name in sys.modules for name in NEEDS):
        print("有的包换了新版本：如果下面的格子报错，请重启内核，再从这一格起运行。")
print("准备好了")
'''


def project() -> tuple[str, str]:
    """Return the version of ``kefu`` and the path of its wheel below the site."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    number = settings["project"]["version"]
    return number, f"lite/static/pyodide/kefu-{number}-py3-none-any.whl"


def least() -> dict[str, str]:
    """Return the lowest version that the book allows of each package of ``requirements.in``."""
    text = (ROOT / "requirements.in").read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)[>=]=([\d.]+)", text, re.M))


def needs(sources: list[str]) -> dict[str, str]:
    """Return the packages that a notebook's code imports or reads data from, with lowest versions.

    >>> needs(["import pandas as pd", "import csv"])["pandas"]
    '2.3'
    """
    names = {name.partition(".")[0] for one in sources for name in build.imported(one)}
    names.add("ipywidgets")  # every demo's
    described = json.loads((ROOT / "datasets" / "datapackage.json").read_text(encoding="utf-8"))
    for one in described["real"]:
        if any(f'real("{one["name"]}"' in source for source in sources):
            names.add(one["package"])
    lowest = least()
    packages = {DISTRIBUTIONS.get(name, name) for name in names}
    return {name: lowest[name] for name in sorted(packages & lowest.keys())}


def copy(notebook: Path, book: str) -> nbformat.NotebookNode:
    """Return the copy of a notebook; ``book`` is the site's public address, or empty."""
    made: nbformat.NotebookNode = nbformat.read(notebook, as_version=4)
    sources = [cell.source for cell in made.cells if cell.cell_type == "code"]
    number, wheel = project()
    setup = SETUP.format(
        book=json.dumps(book),
        wheel=json.dumps(wheel),
        needs=json.dumps(needs(sources)),
        version=json.dumps(number),
    )
    made.cells.insert(0, new_code_cell(setup, id="kefu-setup", metadata=HIDDEN))
    return made


def publish(app: Sphinx) -> None:
    """Put the copies in the place of the notebooks that the pages offer for download."""
    book = app.config.html_baseurl
    if not book and (repository := app.config.ways_repository):
        book = f"https://raw.githubusercontent.com/{repository}/{app.config.ways_site_branch}/"
    for target in (Path(app.outdir) / FOLDER / "notebooks").rglob("*.ipynb"):
        source = Path(app.srcdir) / target.relative_to(Path(app.outdir) / FOLDER)
        nbformat.write(copy(source, book), target)
