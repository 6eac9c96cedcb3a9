"""A class's nights in one table: each played again, each tampering told, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kefu.practice import shift
from tests.tools import nights as made
from tests.tools.nights import (
    CHANGED,
    COPIED,
    COPIED_FROM,
    MOVED,
    NAMES,
    NUMBERS,
    SCORED,
    SEALED,
    hand_in,
    handed,
    state,
)
from tools.marks import __main__ as command
from tools.marks import nights

Rows = list[dict[str, str]]


def rows(folder: Path, to: Path, *more: str) -> Rows:
    """What the command writes of a folder."""
    command.main([str(folder), "--to", str(to), *more])
    content = (to / "nights.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the class of thirty handed in."""
    folder = tmp_path_factory.mktemp("handed")
    hand_in(folder)
    return folder


@pytest.fixture(scope="module")
def told(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """The table of the class of thirty."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    found = rows(folder, tmp_path_factory.mktemp("marks"))
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    return found


def row(told: Rows, number: str) -> dict[str, str]:
    (one,) = (one for one in told if one["学号"] == number)
    return one


def test_every_student_has_one_line_by_number_and_name(told: Rows) -> None:
    assert [(one["学号"], one["姓名"]) for one in told] == [(n, NAMES[n]) for n in NUMBERS]
    assert len({one["文件"] for one in told}) == 30


@pytest.mark.parametrize("number", [n for n in NUMBERS if n not in CHANGED])
def test_an_honest_night_agrees_and_has_the_scores_of_its_report(told: Rows, number: str) -> None:
    one, report = row(told, number), shift.report(state(number))
    assert one["核对"] == "相符"
    assert one["计分"] == "1"
    assert {name: float(one[name]) for name in nights.SCORES} == report.scores
    assert float(one["总分"]) == report.total
    assert one["种子"] == str(state(number).night.seed)
    assert one["档"] == shift.LEVEL_NAMES[state(number).night.level]
    assert one["说明"] == (
        "" if number != COPIED_FROM else f"与{COPIED} {NAMES[COPIED]}的一夜一手不差，是两个人交的"
    )


@pytest.mark.parametrize("number", [SCORED, MOVED, SEALED])
def test_a_file_that_was_tampered_with_does_not_agree_and_gets_the_scores_of_its_moves(
    told: Rows, number: str
) -> None:
    one = row(told, number)
    assert one["核对"] == "不符"
    assert one["计分"] == ""
    assert one["说明"]
    if number != MOVED:  # the moves are as they were
        assert float(one["总分"]) == shift.report(state(number)).total < 98


def test_who_forges_the_seal_too_is_given_away_by_the_moves(tmp_path: Path) -> None:
    """The seal hangs on the content alone, and whoever has the book can reckon it."""
    text = shift.hand_in(state(SCORED), NAMES[SCORED], SCORED)
    told = json.loads(text)
    made.higher(told)
    told["seal"] = shift.seal(told)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    (one,) = rows(tmp_path / "in", tmp_path / "out")
    assert one["核对"] == "不符"
    assert float(one["总分"]) == shift.report(state(SCORED)).total


def test_a_night_that_two_handed_in_is_told_at_both(told: Rows) -> None:
    copy, source = row(told, COPIED), row(told, COPIED_FROM)
    assert f"与{COPIED_FROM} {NAMES[COPIED_FROM]}的一夜一手不差，是两个人交的" in copy["说明"]
    assert f"与{COPIED} {NAMES[COPIED]}的一夜一手不差，是两个人交的" in source["说明"]
    assert copy["核对"] == source["核对"] == "相符"  # who copied is for the teacher to ask


# Other things that are handed in


def written(folder: Path, name: str, told: Any) -> None:
    text = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)
    (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def odd(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """A folder of odd files."""
    place = tmp_path_factory.mktemp("odd")
    first, second = NUMBERS[0], NUMBERS[1]
    mine = f"618夜班-{first}-{NAMES[first]}.json"
    shutil.copy(folder / mine, place / mine)
    shutil.copy(folder / mine, place / mine.replace(".json", " (1).json"))
    other = {**handed(second), "sources": "0" * 16}
    written(place, "版本.json", {**other, "seal": shift.seal(other)})
    early = shift.play(state(first).night, state(first).moves[:9])
    written(place, "没当完.json", shift.hand_in(early, "早退", "2026699"))
    written(place, "公式.json", shift.hand_in(early, "=1+1", "@SUM(A1)"))
    hostile = {**handed(first), "moves": [[1, "take", "没有这个人", ""]], "name": "<b>x</b>"}
    written(place, "瞎写.json", hostile)
    written(place, "不成样.json", {**handed(first), "moves": 3, "seed": "x", "level": []})
    written(place, "进度.json", {"kefu": 1, "who": {"number": "2026688"}})
    written(place, "2026677-断了.json", '{"seed": 1, "moves": [')
    written(place, "空.json", "")
    (place / "照片.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (place / ".DS_Store").write_bytes(b"x")
    return rows(place, tmp_path_factory.mktemp("odd_marks"))


def by_file(odd: Rows, name: str) -> dict[str, str]:
    (one,) = (one for one in odd if one["文件"] == name)
    return one


def test_nothing_that_was_handed_in_is_lost(odd: Rows) -> None:
    assert len(odd) == 11
    assert len({one["文件"] for one in odd}) == 11


def test_the_same_night_handed_in_twice_by_one_counts_once(odd: Rows) -> None:
    twice = [one for one in odd if one["学号"] == NUMBERS[0] and one["核对"] == "相符"]
    assert sorted(one["计分"] for one in twice) == ["", "1"]
    assert sum("是同一夜，只算一次" in one["说明"] for one in twice) == 1


def test_another_edition_is_told_apart_from_tampering(odd: Rows) -> None:
    one = by_file(odd, "版本.json")
    assert one["核对"] == "版本不同"
    assert one["计分"] == ""
    assert float(one["总分"]) == shift.report(state(NUMBERS[1])).total


def test_a_night_that_was_not_played_to_its_end_is_told(odd: Rows) -> None:
    one = by_file(odd, "没当完.json")
    assert (one["核对"], one["计分"], one["姓名"]) == ("没当完", "", "早退")
    assert "没有当到交班" in one["说明"]


def test_what_cannot_be_read_or_played_is_told_in_a_line_of_its_own(odd: Rows) -> None:
    for name, verdict, said in (
        ("瞎写.json", "不符", ""), ("不成样.json", "不符", ""), ("空.json", "没有批", "是空文件"),
        ("进度.json", "没有批", "写上CHAPTER再批"), ("照片.jpg", "没有批", "读不出来"),
        ("2026677-断了.json", "没有批", "读不出来"),
    ):  # fmt: skip
        one = by_file(odd, name)
        assert one["核对"] == verdict, one
        assert one["说明"]
        assert said in one["说明"]
    assert by_file(odd, "2026677-断了.json")["学号"] == "2026677"


def test_nothing_that_was_typed_begins_a_formula(odd: Rows) -> None:
    one = by_file(odd, "公式.json")
    assert (one["学号"], one["姓名"]) == ("'@SUM(A1)", "'=1+1")


def test_two_nights_of_one_student_the_best_of_the_highest_level_counts(tmp_path: Path) -> None:
    night = shift.night(77, 1)
    for seed, level, who in ((77, 1, "good"), (78, 2, "canned"), (79, 2, "middling")):
        played = made.players.played(shift.night(seed, level), who)
        written(tmp_path, f"{seed}.json", shift.hand_in(played, "两夜", "2026640"))
    found = nights.nights(tmp_path, every=True)
    assert [one.file for one in found if one.counts] == ["79.json"]
    assert night.level == 1


def test_moves_that_are_nearly_all_another_s_are_told_with_their_share(tmp_path: Path) -> None:
    whole = state(NUMBERS[0])
    written(tmp_path, "a.json", shift.hand_in(whole, "甲", "2026651"))
    part = shift.finish(shift.play(whole.night, whole.moves[: len(whole.moves) * 19 // 20]))
    written(tmp_path, "b.json", shift.hand_in(part, "乙", "2026652"))
    one, other = nights.nights(tmp_path, every=True)
    share = f"{len(part.moves) / len(whole.moves):.0%}"
    assert f"与2026652 乙的一夜有{share}的动作连秒数都一样" in "".join(one.said)
    assert f"与2026651 甲的一夜有{share}的动作连秒数都一样" in "".join(other.said)


def test_with_a_chapter_the_nights_have_their_table_and_the_rest_theirs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    name = f"618夜班-{NUMBERS[0]}-{NAMES[NUMBERS[0]]}.json"
    shutil.copy(folder / name, tmp_path / "in" / name)
    written(tmp_path / "in", "进度.json", {"kefu": 1, "who": {"number": "2026688"}, "answers": {}})
    written(tmp_path / "in", "坏.json", "{")
    found = rows(tmp_path / "in", tmp_path / "out", "--chapter", "17", "--quiz-only")
    assert [one["学号"] for one in found] == [NUMBERS[0]]
    text = (tmp_path / "out" / "marks.csv").read_text(encoding="utf-8-sig")
    others = [*csv.DictReader(io.StringIO(text))]
    assert sorted(one["文件"] for one in others) == ["坏.json", "进度.json"]
    assert "1 nights played again" in capsys.readouterr().out


def test_a_night_among_the_files_of_another_chapter_is_told(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    name = f"618夜班-{NUMBERS[0]}-{NAMES[NUMBERS[0]]}.json"
    shutil.copy(folder / name, tmp_path / "in" / name)
    command.main(
        [str(tmp_path / "in"), "--chapter", "02", "--quiz-only", "--to", str(tmp_path / "out")]
    )
    text = (tmp_path / "out" / "marks.csv").read_text(encoding="utf-8-sig")
    (one,) = csv.DictReader(io.StringIO(text))
    assert "是实训的一夜，不写CHAPTER就能批" in one["说明"]
    assert one["学号"] == NUMBERS[0]
