"""``make chapter``: what it refuses, and that its skeleton passes what a chapter has to pass."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from tools import chapter as command
from tools.paths import ROOT, VENV
from web import book

NAME = "rehearsal"
PLAN = """\
# 清单
title: 排练
facts:
  04-01: {says: 先懂流程，再懂接待：从问好到告别}
  04-02: {says: “太贵了”怎么答}
terms:
  甲（a）: 一
  乙（b）: 二
"""
CONTENTS = """\
root: book/index
parts:
  - caption: 第一篇 售前接待
    chapters:
      - file: notebooks/presales/02_a
      - file: notebooks/presales/05_b
  - caption: 教师
    chapters:
      - file: book/teach/index
      - file: notebooks/operations/02_teach
      - file: notebooks/presales/05_teach
  - caption: 附录
    chapters:
      - file: book/data
"""
DEMOS = '''\
"""Live demos."""

from kefu.demos.bots import bot_chat
from kefu.demos.topup import topup

__all__ = [
    "Demo",
    "bot_chat",
    "topup",
]
'''


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A book whose chapter 02 is there and whose chapter 04 is to come."""
    demos = tmp_path / "widgets" / "kefu" / "demos"
    wing = tmp_path / "notebooks" / "presales"
    for folder in (demos, wing):
        folder.mkdir(parents=True)
    (tmp_path / "_toc.yml").write_text(CONTENTS, encoding="utf-8")
    (demos / "__init__.py").write_text(DEMOS, encoding="utf-8")
    (demos / "topup.py").touch()
    (wing / "04_chapter.yml").write_text(PLAN, encoding="utf-8")
    (wing / "02_chapter.yml").write_text("title: 甲\n", encoding="utf-8")
    (wing / "02_a.ipynb").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("4", NAME, "", ""), "number: expected one of 02, 04, got '4'"),
        (("02", NAME, "", ""), "N: chapter 02 is there already: 02_a.ipynb"),
        (("04", NAME, "sales", ""), f"WING: expected one of {', '.join(book.WINGS)}, got 'sales'"),
        (("04", NAME, "operations", ""), "WING: expected presales as in 04_chapter.yml, got 'operations'"),
        (("04", NAME, "", "别的"), "TITLE: expected 排练 as in 04_chapter.yml, got '别的'"),
        (("04", "", "", ""), "NAME: expected small letters, such as desk or order_desk, got ''"),
        (("04", "Desk", "", ""), "NAME: expected small letters, such as desk or order_desk, got 'Desk'"),
        (("04", "class", "", ""), "NAME: expected small letters, such as desk or order_desk, got 'class'"),
        (("04", "topup", "", ""), "NAME: expected one that is free, got 'topup': widgets/kefu/demos/topup.py"),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_told_in_one_line(
    made: Path, given: tuple[str, str, str, str], said: str
) -> None:
    with pytest.raises(ValueError) as refused:
        command.planned(*given, root=made)
    assert str(refused.value) == said


def test_the_command_itself_ends_in_one_line_and_makes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", ["chapter", "99", NAME])
    monkeypatch.setattr(command, "make", lambda *given: pytest.fail("made"))
    with pytest.raises(SystemExit, match=r"^kefu: number: expected one of .*, got '99'$"):
        command.main()


def test_a_skeleton_takes_its_place_in_the_contents_the_demos_and_its_list(made: Path) -> None:
    one = command.planned("04", NAME, "presales", "排练", made)
    new = command.make(one, NAME, made)
    assert all(path.is_file() for path in new)
    assert book.pages(made)[1:4] == [
        "notebooks/presales/02_a",
        "notebooks/presales/04_rehearsal",
        "notebooks/presales/05_b",
    ]
    assert book.pages(made)[4:8] == [
        "book/teach/index",
        "notebooks/operations/02_teach",
        "notebooks/presales/04_teach",
        "notebooks/presales/05_teach",
    ]
    lines = (made / "widgets" / "kefu" / "demos" / "__init__.py").read_text("utf-8").splitlines()
    assert lines[2:5] == [
        "from kefu.demos.bots import bot_chat",
        "from kefu.demos.rehearsal import rehearsal",
        "from kefu.demos.topup import topup",
    ]
    assert lines[-5:] == ['    "Demo",', '    "bot_chat",', '    "rehearsal",', '    "topup",', "]"]
    told = yaml.safe_load(one.source.read_text(encoding="utf-8"))
    section = command.SECTION
    assert told["facts"] == {
        "04-01": {
            "says": "先懂流程，再懂接待：从问好到告别",
            "words": "先懂流程",
            "section": section,
            "demo": "图4-1",
        },
        "04-02": {"says": "“太贵了”怎么答", "words": "太贵了", "section": section},
    }
    assert list(told["terms"]) == ["甲（a）", "乙（b）"]
    assert told["tables"] == []
    assert told["formulas"][0]["module"] == "presales.rehearsal"


def test_blocks_become_cells_with_their_tags_and_prose_is_cut_at_headings() -> None:
    source = "# 题\n\n甲\n\n## 节\n\n```python live no-output\nx = 1\n```\n\n```python hide-cell\ny\n```\n尾\n"
    cells = nbformat.reads(command.notebook(source), as_version=4).cells
    told = [(cell.cell_type, cell.source, dict(cell.metadata)) for cell in cells]
    hidden = {"source_hidden": True, "outputs_hidden": True}
    assert told == [
        ("markdown", "# 题\n\n甲", {}),
        ("markdown", "## 节", {}),
        ("code", "x = 1", {"tags": ["live", "no-output"]}),
        ("code", "y", {"tags": ["hide-cell"], "jupyter": hidden}),
        ("markdown", "尾", {}),
    ]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the skeleton of one chapter more, whose plan is written first."""
    folder = tmp_path_factory.mktemp("project") / "kefu"
    apart = shutil.ignore_patterns("node_modules", "vendor", "_build", ".*")
    shutil.copytree(ROOT, folder, ignore=apart)
    (folder / ".venv").symlink_to(VENV, target_is_directory=True)
    number = f"{len(book.chapters()) + 1:02}"
    plan = folder / "notebooks" / "intelligence" / f"{number}_chapter.yml"
    plan.write_text(PLAN.replace("04-", f"{number}-"), encoding="utf-8")
    done = run(folder, "tools.chapter", number, NAME)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(folder: Path, *module: str) -> subprocess.CompletedProcess[str]:
    """Run a module in a copy of the project, which imports its own package."""
    env = {**os.environ, "PYTHONPATH": str(folder / "widgets"), "PYTHONHASHSEED": "0"}
    return subprocess.run([sys.executable, "-m", *module], cwd=folder, env=env, text=True,
                          capture_output=True, check=False)  # fmt: skip


def test_a_skeleton_is_written_as_the_project_writes_and_has_no_blank_left(copy: Path) -> None:
    one = next(chapter for chapter in book.chapters(copy) if chapter.name == NAME)
    files = [copy / path for path in command.files(one, NAME)]
    assert [path for path in [*files, one.source] if "«" in path.read_text("utf-8")] == []
    code = [str(path) for path in files if path.suffix == ".py"]
    code.append(str(copy / "widgets" / "kefu" / "demos" / "__init__.py"))
    for what in (["check"], ["format", "--check"]):
        done = run(copy, "ruff", *what, *code)
        assert done.returncode == 0, done.stdout
    done = run(copy, "tools.copy_lint")
    assert done.returncode == 0, done.stdout
