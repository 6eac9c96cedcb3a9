"""Whose night the cells after the demo read: the one just played, a file, or the example."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu.practice import own as home
from kefu.practice import players, shift

LEVELS = shift.LEVEL_NAMES
NIGHT = shift.night(21, 2)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder without files, and a Python in which nothing was played."""
    monkeypatch.chdir(tmp_path)
    home.forget()
    yield
    home.forget()


def begun() -> shift.NightState:
    """A night with one move."""
    first = NIGHT.customers[0]
    return shift.step(shift.start(NIGHT), shift.NightMove(first.at, "take", first.who))


def test_who_has_not_played_reads_the_example_and_is_told_so() -> None:
    own = home.mine()
    assert own.state.over
    assert own.told == f"示例的一夜，种子618，{LEVELS[1]}，当完了；自己当过一夜，这里就是你的"
    assert own.state.moves == home.example().moves
    assert own.state.night == shift.night(618, 1)


def test_the_night_just_played_comes_first_once_a_move_was_made() -> None:
    home.remember(shift.start(NIGHT))
    assert home.mine().told.startswith("示例")
    now = begun()
    home.remember(now)
    own = home.mine()
    assert own.state is now
    assert own.told == f"你自己的一夜，种子21，{LEVELS[2]}，当到{shift.clock(now.now)}"


def test_the_newest_file_beside_the_notebook_is_read_where_nothing_was_played() -> None:
    for age, (name, who) in enumerate((("甲", "middling"), ("乙", "canned"))):
        path = Path(f"618夜班-1-{name}.json")
        played = players.played(NIGHT, who)
        path.write_text(shift.hand_in(played, name, "1"), encoding="utf-8")
        os.utime(path, (1000 + age, 1000 + age))
    own = home.mine()
    assert own.told == f"文件618夜班-1-乙.json里的一夜，种子21，{LEVELS[2]}，当完了"
    assert own.state.moves == players.played(NIGHT, "canned").moves
    assert home.mine("618夜班-1-甲.json").told.startswith("文件618夜班-1-甲.json")
    home.remember(begun())
    assert home.mine().told.startswith("你自己的一夜")


def test_a_changed_file_is_read_with_its_doubts_and_one_that_cannot_be_played_is_told() -> None:
    text = shift.hand_in(begun(), "甲", "1")
    Path("a.json").write_text(text.replace("甲", "乙"), encoding="utf-8")
    assert home.mine("a.json").told.startswith(f"文件a.json里的一夜，种子21，{LEVELS[2]}，当到")
    assert "（" in home.mine("a.json").told
    Path("b.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.json: cannot be played again（.+）"):
        home.mine("b.json")
    with pytest.raises(ValueError, match="file应为一份一夜的文件"):
        home.mine("c.json")
