"""The hub's commands: lists of accounts, what is handed out, a class's figures; a whole hub where one can be tried."""

from __future__ import annotations

import doctest
import importlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hub import accounts, collect, install, load, trial
from tests.hub.config import INSTALLED

TRY = os.environ.get("KEFU_HUB_TRY") == "1"
WHY = "a hub with real accounts is tried by `sudo make hub-isolation`, here by KEFU_HUB_TRY=1"


@pytest.mark.parametrize("name", ["accounts", "install", "load"])
def test_examples_hold(name):
    done = doctest.testmod(importlib.import_module(f"hub.{name}"))
    assert done.failed == 0 < done.attempted


@pytest.mark.parametrize(("line", "why"), [
    ("北岸", "expected a-z, 0-9"), ("../root", "expected a-z, 0-9"), ("a" * 26, "at most 25"),
    ("s01\ns01", "each name once: s01"), ("-s", "expected a-z"), ("a b", "expected a-z"),
])  # fmt: skip
def test_a_list_that_is_none_says_what_is_wrong(line, why):
    with pytest.raises(ValueError, match=why):
        accounts.read(line.splitlines())


def test_a_list_may_come_from_a_spreadsheet():
    lines = ["\ufeffS01，北岸", "s02;乙", "s03\t丙", "  s04  # moved here", ""]
    assert accounts.read(lines) == ["s01", "s02", "s03", "s04"]


def test_passwords_differ_and_are_hard_to_guess():
    words = {accounts.password() for _ in range(200)}
    assert len(words) == 200
    assert set("".join(words)) - {"-"} <= set(accounts.EASY)
    assert not set("l1o0i") & set(accounts.EASY)


@pytest.mark.skipif(not shutil.which("git"), reason="no git here")
def test_notebooks_are_handed_out_once_an_edition(tmp_path):
    if subprocess.run(
        ["git", "-C", install.ROOT, "rev-parse", "HEAD"], capture_output=True, check=False
    ).returncode:
        pytest.skip("the book is no git repository here")
    place = tmp_path / "book.git"
    assert install.hand_out(place) is True
    assert install.hand_out(place) is False
    files = install.git("ls-tree", "-r", "--name-only", "main", where=place).splitlines()
    assert "presales/02_preparation.ipynb" in files
    assert not [name for name in files if name.startswith(("widgets", "hub", "tests"))]
    first = install.git("rev-parse", "main", where=place)
    tree = install.git("rev-parse", "main^{tree}:presales", where=place)
    older = install.git("commit-tree", tree, "-p", first, "-m", "an older edition", where=place)
    install.git("update-ref", "refs/heads/main", older, where=place)
    assert install.hand_out(place) is True
    history = install.git("rev-list", "main", where=place).split()
    assert history[1:] == [older, first]  # goes on, so that what students wrote can be merged


def test_the_figures_of_a_class():
    sessions = [
        load.Session({"sign in": float(n), "server": 2.0 * n}, [0.1, 0.3]) for n in range(1, 41)
    ]
    used = {
        str(n): load.Use((100_000_000, 90_000_000), (150_000_000, 140_000_000), 6.0)
        for n in range(40)
    }
    lines = load.table(sessions, used)
    assert "| sign in | 20.00 | 38.00 | 40.00 |" in lines
    assert "| one cell | 0.10 | 0.30 | 0.30 |" in lines
    assert "| server | 100 | 90 |" in lines
    assert "All 40 at once: 10.00 GB (PSS), 250 MB a student." in lines


def test_a_class_that_never_came_has_no_figures():
    assert len(load.table([load.Session()], {"a": load.Use((0, 0), (0, 0), 0.0)})) == 2


def test_a_chapters_cells_are_those_that_students_run():
    notebook, sources = load.cells("02")
    assert notebook == "网店客服/presales/02_preparation.ipynb"
    assert len(sources) > 20
    assert all(isinstance(source, str) for source in sources)


def test_where_no_hub_can_be_tried_a_line_says_why(monkeypatch):
    monkeypatch.setattr(trial.os, "geteuid", lambda: 1000, raising=False)
    assert "root" in trial.able()
    for module in ("load", "isolation", "install"):
        main = importlib.import_module(f"hub.{module}").main
        monkeypatch.setattr(sys, "argv", [module])
        with pytest.raises(SystemExit, match="root"):
            main()


@pytest.mark.skipif(not TRY, reason=WHY)
def test_a_hub_lets_nobody_see_anothers_things():
    assert INSTALLED, "run `python -m tools.setup --hub` first"
    assert trial.able() == ""
    from hub import isolation

    lines, through = isolation.look()
    assert through == 0
    assert sum(line.startswith("refused") for line in lines) > 30
    assert "every word was heard" in lines[-1]  # so the listener of the last attempt can hear


@pytest.fixture
def open_folder():
    """A folder that others may walk through, as pytest's own may not be."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0, reason="students' folders have owners: root only"
)
def test_what_is_collected_is_what_each_student_may_read(open_folder):
    homes = open_folder / "homes"
    homes.mkdir(mode=0o711)
    secret = open_folder / "secret"
    secret.write_text("of root's")
    secret.chmod(0o600)
    for number, name in enumerate(("s01", "s02", "s03", "s04")):
        folder = homes / name / "网店客服" / "presales"
        folder.mkdir(parents=True)
        if name == "s01":
            (folder / "a.ipynb").write_text("mine")
        if name == "s02":
            (folder / "a.ipynb").symlink_to(secret)
        if name == "s03":
            (folder / "a.ipynb").symlink_to(homes / "s01" / "网店客服" / "presales" / "a.ipynb")
        for path in (homes / name, *(homes / name).rglob("*")):
            os.chown(path, 61000 + number, 61000 + number, follow_symlinks=False)
        (homes / name).chmod(0o700)
    there, missing = collect.collect("presales/a.ipynb", open_folder / "to", homes)
    assert there == ["s01"]
    assert missing == {
        "s02": "Permission denied", "s03": "Permission denied", "s04": "No such file or directory"}  # fmt: skip
    assert [path.read_text() for path in (open_folder / "to").iterdir()] == ["mine"]
