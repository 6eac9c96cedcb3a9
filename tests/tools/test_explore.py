"""The command that writes explorers' tables: what is wrong ends in a line that names it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kefu.explore import cases
from tools import explore as command
from web import book

TOLD = """[late]
title = "超时"
about = "单"
one = "单"
[late.group.day]
name = "星期几"
[late.measure.late]
name = "超时率"
kind = "share"
of = "late"
"""
RECIPE = """import pandas as pd
def late():
    return pd.DataFrame({"day": ["六", "五", "六"], "late": [True, False, False], "more": [1, 2, 3]})
"""


def chapter(folder: Path, told: str = TOLD, recipe: str = RECIPE) -> book.Chapter:
    source = folder / "02_chapter.yml"
    (folder / "02_explore.toml").write_text(told, encoding="utf-8")
    (folder / "02_explore.py").write_text(recipe, encoding="utf-8")
    return book.Chapter("02", "题", "presales", source, None)


def test_cases_are_added_up_by_their_groups_in_the_order_of_the_description(tmp_path: Path) -> None:
    (made,) = command.tables(chapter(tmp_path)).values()
    assert made == "day,n,late\n五,1,0\n六,2,1\n"
    ordered = TOLD.replace('name = "星期几"', 'name = "星期几"\nvalues = ["六", "五"]')
    (made,) = command.tables(chapter(tmp_path, ordered)).values()
    assert made == "day,n,late\n六,2,1\n五,1,0\n"


def test_a_chapter_without_explorers_has_no_table(tmp_path: Path) -> None:
    bare = book.Chapter("03", "题", "presales", tmp_path / "03_chapter.yml", None)
    assert command.tables(bare) == {}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("def late", "def early", "名为late的函数"),
        ('"late":', '"lat":', "这些列：day、late"),
        ('"五", ', "None, ", "没有空格"),
        ("[True, False, False]", "[3, 0, 0]", "整数"),
    ],
)  # fmt: skip
def test_a_recipe_that_gives_something_else_is_told(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in RECIPE
    with pytest.raises(ValueError, match=says):
        command.tables(chapter(tmp_path, recipe=RECIPE.replace(old, new)))


def test_a_table_too_large_and_a_recipe_that_is_not_there_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = chapter(tmp_path)
    monkeypatch.setattr(command, "LIMIT", 20)
    with pytest.raises(ValueError, match=r"02_explore_late\.csv: expected at most 20 bytes, got"):
        command.tables(one)
    (tmp_path / "02_explore.py").unlink()
    with pytest.raises(ValueError, match=r"no 02_explore\.py beside it"):
        command.tables(one)


def test_the_command_writes_what_changed_and_takes_away_what_is_no_explorers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    one = chapter(tmp_path)
    (tmp_path / "02_explore_former.csv").touch()
    monkeypatch.setattr(command, "ROOT", tmp_path)
    monkeypatch.setattr(book, "chapters", lambda: [one])
    monkeypatch.setattr(sys, "argv", ["explore"])
    made: list[str] = []
    monkeypatch.setattr(command, "cases", lambda *args: (made.append(args[1]), cases(*args))[1])
    command.main()
    assert made == ["late"]  # a recipe takes seconds: once is enough
    assert capsys.readouterr().out == "kefu: 02_explore_late.csv, 27 bytes\n"
    assert [place.name for place in tmp_path.glob("*.csv")] == ["02_explore_late.csv"]
    (tmp_path / "02_explore.toml").write_text("[", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"kefu: 02_explore\.toml: "):
        command.main()
