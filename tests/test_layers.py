"""What import-linter cannot say: models use nothing but the standard library."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

import pytest

KEFU = Path(__file__).parents[1] / "widgets" / "kefu"
WINGS = ("presales", "aftersales", "operations", "intelligence")
MODELS = [*KEFU.glob("*.py"), *(path for wing in WINGS for path in (KEFU / wing).rglob("*.py"))]
ALLOWED = sys.stdlib_module_names | {"kefu"}
FRAMES = {
    "data.py": {"pandas"}
}  # imported by the functions that give frames, never with the module


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
    settings = tomllib.loads((KEFU.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    listed = {name.strip() for layer in contract["layers"] for name in layer.split("|")}
    there = {
        f"kefu.{path.stem}"
        for path in KEFU.iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }
    assert there - listed == {"kefu.charts", "kefu.compact"}  # matplotlib's, for notebooks alone
    assert listed <= there
