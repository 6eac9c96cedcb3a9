"""What a notebook stores: pictures, no style sheet and no script; few lines where little changes."""

from __future__ import annotations

import shutil
from difflib import unified_diff
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import notebooks
from tools.paths import ROOT

CHARTS = """\
import matplotlib.pyplot as plt

from kefu import charts, demos

charts.use()
fig, ax = plt.subplots()
ax.bar(["一", "二", "三"], [-5, 2, 3], label="每客利润")
ax.set_title("客单价（元）")
ax.legend();"""
CELLS = (CHARTS, "demos.freight()", 'demos.quiz("02_quiz.json")', "print(18 + 4)")


def notebook(folder: Path, cells: tuple[str, ...] = CELLS) -> Path:
    """Write a notebook that has one of each kind of output."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "notebooks" / "presales" / "02_quiz.json", folder)
    path = folder / "one.ipynb"
    made = new_notebook(cells=[new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)])
    nbformat.write(made, path)
    return path


def stored(path: Path) -> str:
    return notebooks.text(notebooks.run(path))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the notebook run with the package as it is."""
    return stored(notebook(tmp_path_factory.mktemp("plain")))


def test_another_sheet_and_another_script_change_no_notebook(
    plain: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package" / "kefu"
    shutil.copytree(
        ROOT / "widgets" / "kefu", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    for name, more in (("demo.css", ".kefu-demo{--a:#123456}"), ("quiz.css", ".kefu-quiz{color:red}"),
                       ("quiz.js", "console.log('changed');")):  # fmt: skip
        with (package / "demos" / name).open("a", encoding="utf-8") as file:
            file.write(more + "\n")
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    where = (
        "import kefu\n"
        "(output,) = demos.quiz('02_quiz.json').live().outputs\n"
        "print(kefu.__file__, 'changed' in output['data']['text/html'])"
    )
    changed = notebooks.run(notebook(tmp_path / "changed", (*CELLS, where)))
    assert changed.cells.pop().outputs[0].text == f"{package / '__init__.py'} True\n"
    assert notebooks.text(changed) == plain


def test_a_stored_notebook_has_no_style_sheet_script_or_metadata_of_a_drawing(plain: str) -> None:
    assert "kefu-demo" in plain
    assert "<svg" in plain
    assert not [part for part in ("<style", "<script", "<metadata", "<!DOCTYPE") if part in plain]


def test_a_line_changed_here_and_there_changes_few_lines_of_what_is_stored(
    plain: str, tmp_path: Path
) -> None:
    """A chart's title, a demo's default and a printed number, all in one."""
    cells = list(CELLS)
    for cell, old, new in ((0, "（元）", "（千元）"), (1, "()", "(weight=3.4)"), (3, "4", "40")):
        assert old in cells[cell]
        cells[cell] = cells[cell].replace(old, new)
    lines = list(
        unified_diff(plain.splitlines(), stored(notebook(tmp_path, tuple(cells))).splitlines())
    )
    assert 3 * 2 < len(lines) < 60
