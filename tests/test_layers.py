"""What import-linter cannot say: models need the standard library alone, and imports have no effects."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KEFU = ROOT / "widgets" / "kefu"
ROOMS = ("presales", "aftersales", "operations", "intelligence", "talk")
MODELS = [*KEFU.glob("*.py"), *(path for room in ROOMS for path in (KEFU / room).rglob("*.py"))]
ALLOWED = sys.stdlib_module_names | {"kefu"}
FRAMES = {
    "explore.py": {"pandas"},
    "data.py": {"pandas"},
    "clv.py": {"numpy", "scipy"},
}  # of the functions that give frames, their types or a fit, never imported with the module


def imported(code: str) -> set[str]:
    """The top-level names of all modules that the code imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("path", [p for p in MODELS if p.name != "charts.py"], ids=lambda p: p.stem)
def test_models_import_only_the_standard_library(path: Path) -> None:
    assert imported(path.read_text(encoding="utf-8")) <= ALLOWED | FRAMES.get(path.name, set())


def test_an_import_from_elsewhere_is_seen() -> None:
    assert imported("import numpy.linalg\nfrom pandas import read_csv") == {"numpy", "pandas"}


def test_every_module_of_the_package_has_its_layer() -> None:
    """The arrows of import-linter hold for what its contract lists, and for nothing else."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = settings["tool"]["importlinter"]["contracts"][0]
    listed = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    there = {
        f"kefu.{path.stem}"
        for path in KEFU.iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert there - listed == {"kefu.charts", "kefu.compact"}  # matplotlib's, for notebooks alone
    assert listed <= there


def test_what_runs_before_there_is_an_environment_needs_the_standard_library_alone() -> None:
    for name in ("setup", "paths"):
        assert imported((ROOT / "tools" / f"{name}.py").read_text("utf-8")) <= ALLOWED | {"tools"}


WATCH = """
import importlib, sys
from pathlib import Path

root, *names = sys.argv[1:]
ours = [Path(root, name) for name in ("web", "tools", "notebooks", "book", "datasets", "_build")]

def watch(event, given):
    if event == "open" and isinstance(given[0], str):
        path = Path(given[0])
        if path.suffix not in (".py", ".pyc") and any(path.is_relative_to(one) for one in ours):
            print(path)

sys.addaudithook(watch)
for name in names:
    importlib.import_module(name)
"""
"""Prints every file of the project, code aside, that is opened while modules are imported."""


def watched(folder: Path, *names: str, path: Path = ROOT) -> str:
    """Import modules elsewhere than in the project; return the project's files that this opened."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (path, ROOT)))}
    done = subprocess.run([sys.executable, "-B", "-W", "ignore", "-c", WATCH, str(path), *names],
                          cwd=folder, env=env, capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_importing_a_module_of_web_or_tools_reads_and_says_nothing(tmp_path: Path) -> None:
    parts = [
        path.relative_to(ROOT).with_suffix("").parts
        for folder in ("web", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if not {"node_modules", "client"} & {*path.parts}
    ]
    names = [".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts]
    assert {"web.build", "web.extensions.finish", "web.paper.pdf", "tools.site"} <= {*names}
    assert watched(tmp_path, *names) == ""


def test_importing_a_module_of_the_package_reads_no_table(tmp_path: Path) -> None:
    """Or it would keep what it read when another shop comes into use."""
    parts = [path.relative_to(KEFU.parent).with_suffix("").parts for path in KEFU.rglob("*.py")]
    names = [".".join(part[:-1] if part[-1] == "__init__" else part) for part in parts]
    assert {"kefu.data", "kefu.demos", "kefu.demos.topup"} <= {*names}
    assert watched(tmp_path, *names) == ""


def test_a_module_that_reads_when_imported_is_seen(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "words.json").write_text("{}")
    (tmp_path / "early.py").write_text(
        "from pathlib import Path\nWORDS = Path(__file__).with_name('tools').joinpath('words.json').read_text()\n"
    )
    assert watched(tmp_path, "early", path=tmp_path).endswith("words.json\n")


def test_whatever_drives_a_browser_runs_on_a_bare_debian() -> None:
    """Playwright's own Node.js needs a library that such a tree lacks: `own_node` gives it another first."""
    found = [
        path.read_text(encoding="utf-8")
        for folder in ("tools", "web", "hub")
        for path in (ROOT / folder).rglob("*.py")
        if "node_modules" not in path.parts
    ]
    starts = [text for text in found if "    with sync_playwright()" in text]
    assert len(starts) >= 4
    assert all("own_node()\n    with sync_playwright()" in text for text in starts)
