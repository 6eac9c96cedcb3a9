"""Build the JupyterLite site ``_build/html/lite``: whole notebooks in the reader's own browser.

It runs the pages' Pyodide, from the npm package, on wheels that the set-up fetched by hash, with
``kefu`` and the datasets inside. Wheels compiled for Pyodide (numpy, pandas, matplotlib) are in
neither the npm package nor the package index: the browser gets them from Pyodide's own host when a
cell imports them, or from the site itself where ``KEFU_PYODIDE_WHEELS`` names a folder of them. One
that does not come is told by ``startup.py``, which the wheel of ``kefu`` carries.

Each notebook says in its metadata which edition it is, and ``bar.js`` begins each visit: it leads back
to the book and sees to it that a new edition is not hidden by a copy that the browser has kept.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

import nbformat
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION
from sphinx.errors import ExtensionError

from tools.paths import BIN, BUILD, NODE_MODULES, ROOT, WHEELS
from web import book
from web.build import LITE, digest, digest_files, run

HERE = Path(__file__).parent
PYODIDE = NODE_MODULES / "pyodide"
SHIPPED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
APPS = ["notebooks", "tree"]
"""The notebook itself, and the list of files, by which a reader takes files out and in."""
CONTENTS = "contents"
START = re.compile(r"await import\(\s*'\.\./config-utils\.js")
KERNEL_WHEELS = ("ipykernel", "piplite", "pyodide_kernel")
CHINESE = {
    "<html>": '<html lang="zh-CN">',
    "Jupyter Notebook - Notebooks": "网店客服：笔记本",
    "Jupyter Notebook - Tree": "网店客服：文件",
    "Loading JupyterLite...": "正在打开笔记本……",
    "JupyterLite requires JavaScript to be enabled in your browser.": "这里需要打开浏览器的JavaScript。",
}


def given_wheels() -> Path | None:
    """Return the folder that ``KEFU_PYODIDE_WHEELS`` names, or None where it is not set."""
    named = os.environ.get("KEFU_PYODIDE_WHEELS")
    if named and not Path(named).is_dir():
        raise ExtensionError(f"KEFU_PYODIDE_WHEELS names {named}, which is not a folder")
    return Path(named).resolve() if named else None


def sources() -> list[Path]:
    """Return the files that the lite site is made from."""
    folders = [f for name in ("notebooks", "widgets/kefu", "datasets") for f in (ROOT / name).rglob("*")]  # fmt: skip
    kept = [f for f in folders if f.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & {*f.parts}]  # fmt: skip
    single = ("pyproject.toml", "requirements.txt", "tools/wheel.py", "web/book.py", "web/lite.txt",
              "web/package-lock.json")  # fmt: skip
    given = given_wheels()
    wheels = given.glob("*.whl") if given else ()
    return sorted({*kept, *(ROOT / name for name in single), *HERE.glob("*.*"), *wheels})


def key() -> str:
    """Return a hash of all that the lite site is made from."""
    return digest_files(sources(), ROOT)[:16]


def entry(wheel: Path) -> tuple[str, dict[str, Any]]:
    """Return a pure wheel's name and its entry in Pyodide's lock; it is loaded with the kernel."""
    name, version = wheel.name.split("-")[:2]
    plain = re.sub(r"[-_.]+", "-", name).lower()
    return plain, {
        "name": plain,
        "version": version,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": digest(wheel),
        "package_type": "package",
        "imports": [name],
        "depends": [],
        "unvendored_tests": False,
    }


def lock(target: Path, wheels: list[Path]) -> list[str]:
    """Copy the wheels beside Pyodide and write its lock; return the names that a kernel starts with."""
    whole = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))
    version = json.loads((PYODIDE / "package.json").read_text(encoding="utf-8"))["version"]
    host = PYODIDE_CDN_URL.replace(PYODIDE_VERSION, version)
    given = given_wheels()
    for package in whole["packages"].values():
        wheel = given / package["file_name"] if given else None
        if wheel and wheel.is_file():
            shutil.copy(wheel, target)
            package["sha256"] = digest(wheel)
        else:
            package["file_name"] = f"{host}/{package['file_name']}"
    own = dict(map(entry, wheels))
    for wheel in wheels:
        shutil.copy(wheel, target)
    whole["packages"].update(own)
    (target / "pyodide-lock.json").write_text(json.dumps(whole), encoding="utf-8")
    return sorted(own)


def edition(notebook: nbformat.NotebookNode) -> int:
    """Return a number that changes with what the cells say; ``bar.js`` computes the same.

    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> edition(new_notebook(cells=[new_code_cell("运费 = 18")]))
    4014047466
    """
    return zlib.crc32("\0".join(cell.source for cell in notebook.cells).encode())


def write_contents(folder: Path) -> dict[str, dict[str, Any]]:
    """Write the notebooks, each with its edition, and what lies beside them; return their list.

    The list has, by each notebook's path, its edition, its page and the page's title.
    """
    shutil.copytree(ROOT / "notebooks", folder)
    pages = {str(one.page): f"{one.label}　{one.title}" for one in book.written()}
    listed = {}
    for path in sorted(folder.glob("*/*.ipynb")):
        name = path.relative_to(folder)
        notebook = nbformat.read(path, as_version=4)
        now = edition(notebook)
        notebook.metadata["kefu"] = {"edition": now}
        nbformat.write(notebook, path)
        page = f"notebooks/{name.with_suffix('').as_posix()}"
        listed[name.as_posix()] = {"edition": now, "page": f"{page}.html", "title": pages[page]}
    return listed


def mend(page: Path) -> None:
    """Put a page of JupyterLite into Chinese, and the book's row above what it shows."""
    html = page.read_text(encoding="utf-8")
    for english, chinese in CHINESE.items():
        html = html.replace(english, chinese)
    if START.search(html):
        style = f"<style>{(HERE / 'bar.css').read_text(encoding='utf-8')}</style>\n"
        first = f"await import('../bar.js?_={digest(HERE / 'bar.js')[:7]}').catch(console.error);"
        html = START.sub(rf"{first}\n\g<0>", html).replace("</head>", f"{style}</head>")
    page.write_text(html, encoding="utf-8")


def write_settings(folder: Path, packages: list[str]) -> None:
    """Write the settings of the build and of the site."""
    python = json.loads((PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["info"][
        "python"
    ]
    home = f"/lib/python{python.rpartition('.')[0]}/site-packages/kefu"
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.mjs",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": packages, "env": {"PYTHONSTARTUP": f"{home}/lite.py"}},
    }
    plugins = {f"{KERNEL}:kernel": kernel}
    data = {"appName": "网店客服", "exposeAppInBrowser": True, "litePluginSettings": plugins}
    build = {"apps": APPS, "contents": [str(folder / CONTENTS)], "no_sourcemaps": True,
             "extra_ignore_contents": [r"_chapter\.yml$"],  # the makers' list, not the reader's
             "no_unused_shared_packages": True}  # fmt: skip
    written = {
        "jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": data},
        "jupyter_lite_config.json": {"LiteBuildConfig": build},
        "overrides.json": {
            "@jupyterlab/translation-extension:plugin": {"locale": "zh_CN"},
            # Seconds; by itself it is two minutes.
            "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
        },
    }
    for name, value in written.items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8")


def make(scratch: Path) -> Path:
    """Make the lite site in a fresh folder: JupyterLite's task database never outlives its output."""
    pyodide, wheels = scratch / "static" / "pyodide", scratch / "wheels"
    pyodide.mkdir(parents=True)
    for name in SHIPPED:
        shutil.copy(PYODIDE / name, pyodide)
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels)
    extension = Path(sys.prefix) / "share" / "jupyter" / "labextensions" / KERNEL
    stubs = [w for name in KERNEL_WHEELS for w in extension.glob(f"static/pypi/{name}-*.whl")]
    names = lock(pyodide, sorted([*WHEELS.glob("*.whl"), *wheels.glob("*.whl"), *stubs]))
    listed = write_contents(scratch / CONTENTS)
    write_settings(scratch, names)
    out = scratch / "out"
    run(BIN / "jupyter-lite", "build", "--lite-dir", scratch, "--output-dir", out, cwd=scratch)
    for page in out.rglob("index.html"):
        mend(page)
    shutil.copy(HERE / "bar.js", out)
    (out / "editions.json").write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
    return out


def build(site: Path) -> None:
    """Put the lite site into the built book, made again only when something it depends on changed."""
    made = BUILD / f"lite-{key()}"
    if not made.is_dir():
        start = time.monotonic()
        print("kefu: building the notebooks in the browser ...", end=" ", flush=True)
        for old in BUILD.glob("lite-*"):
            shutil.rmtree(old)
        with tempfile.TemporaryDirectory(dir=BUILD) as scratch:
            make(Path(scratch)).rename(made)
        print(f"{time.monotonic() - start:.0f} s", flush=True)
    shutil.copytree(made, site / LITE, dirs_exist_ok=True)
