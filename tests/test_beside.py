"""Files beside a notebook are found wherever it runs, and the wheel carries them."""

from __future__ import annotations

import zipfile

import pytest

from kefu import beside
from kefu.demos.quiz import quiz
from tools import wheel
from tools.paths import ROOT
from web import book
from web.extensions.ways import copies


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """Return a package's folder with one file, and go to a folder that has none."""
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "02_quiz.json").write_bytes((ROOT / "notebooks/presales/02_quiz.json").read_bytes())
    monkeypatch.setattr(beside, "PACKED", folder)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return folder


def test_a_notebook_alone_asks_its_quiz_from_the_package(packed):
    assert beside.find("02_quiz.json") == packed / "02_quiz.json"
    assert quiz("02_quiz.json").name == "02"


def test_a_file_beside_the_notebook_comes_first(packed, tmp_path):
    (tmp_path / "empty" / "02_quiz.json").write_text("[]")
    assert not beside.find("02_quiz.json").is_absolute()


@pytest.mark.parametrize("name", ["00_quiz.json", "there/02_quiz.json", "../02_quiz.json"])
def test_what_the_package_has_not_or_stands_in_a_named_folder_is_as_given(packed, name):
    assert str(beside.find(name)) == name


def test_the_wheel_carries_what_lies_beside_the_notebooks_and_no_notebook(site):
    with zipfile.ZipFile(site / copies.project()[1]) as archive:
        carried = {n for n in archive.namelist() if n.startswith("kefu/chapters/")}
    assert carried == {f"kefu/chapters/{p.name}" for p in wheel.beside(ROOT / "notebooks")}
    assert {f"kefu/chapters/{one.quiz.name}" for one in book.written()} <= carried
    assert not [name for name in carried if name.endswith((".ipynb", ".yml"))]


def test_a_clone_s_editable_package_carries_none():
    hook = wheel.Beside.__new__(wheel.Beside)
    for version, many in (("editable", False), ("standard", True)):
        data: dict[str, dict[str, str]] = {"force_include": {}}
        hook._BuildHookInterface__root = str(ROOT)
        hook.initialize(version, data)
        assert bool(data["force_include"]) is many
