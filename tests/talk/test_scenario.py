"""Scripts: what is read from them, and that whatever is wrong in one is told with its place."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kefu import beside
from kefu.talk import State, find, scenarios
from kefu.talk.book import SAMPLE as SAMPLE_FILE
from kefu.talk.book import sound
from kefu.talk.check import hints, leaks, lengths, longest
from kefu.talk.scenario import Branch, Condition, outcomes, walk
from tests.talk.talks import FILE, FREIGHT, SAMPLE, TWO, told

Change = Callable[[dict[str, Any]], object]


def test_a_script_is_read_whole() -> None:
    assert list(TWO) == ["发新疆要加钱", "后天能到吗"]
    moment = datetime.fromisoformat("2025-11-08T20:20:00+08:00")
    assert (FREIGHT.customer, FREIGHT.date) == ("老陈", moment)
    assert (FREIGHT.date.hour, FREIGHT.date.tzname()) == (20, "Asia/Shanghai")
    assert (FREIGHT.start, FREIGHT.gone, FREIGHT.state) == ("open", "away", State(50, 50, 60))
    turn = FREIGHT.turns["open"]
    assert turn.needs == {"情绪", "事实"}
    assert turn.facts == (("偏远", "新疆"), ("42",))
    assert turn.limits == ("免运费", "给您包邮")
    assert turn.right.intent == "own"
    assert turn.right.to == (Branch("why"),)
    assert FREIGHT.turns["choice"].right.to == (
        Branch("deal", (Condition("trust", ">=", 70), Condition("doubt", "<=", 40))),
        Branch("later"),
    )
    assert {one.kind for one in FREIGHT.endings.values()} == {"good", "middling", "bad"}


# Faults. Each change of a sound script is told with the place, what was expected and what came.


def turn(name: str, act: Change) -> Change:
    return lambda t: act(t["turn"][name])


def option(name: str, number: int, **new: Any) -> Change:
    return turn(name, lambda one: one["option"][number].update(new))


FAULTS: list[tuple[str, Change, str]] = [
    ("an unknown key", lambda t: t.update(colour="red"), "甲: expected only … got ['colour']"),
    ("an unknown key of an option", option("why", 0, weight=3), "turn why option 1: expected only"),
    ("no date", lambda t: t.pop("date"), "date: expected a date with a time, got None"),
    (
        "a feeling above 100",
        lambda t: t.update(trust=101),
        "trust: expected a whole number from 0 to 100",
    ),
    ("true as a number", lambda t: t.update(doubt=True), "doubt: expected a whole number"),
    (
        "a start that is no turn",
        lambda t: t.update(start="x"),
        "start: expected one of open, why, choice, waiting, got 'x'",
    ),
    (
        "gone to a turn",
        lambda t: t.update(gone="why"),
        "gone: expected one of deal, later, away, got 'why'",
    ),
    (
        "a start that is a list",
        lambda t: t.update(start=["open"]),
        "start: expected one of open, why, choice, waiting, got ['open']",
    ),
    (
        "gone to a list",
        lambda t: t.update(gone=["away"]),
        "gone: expected one of deal, later, away, got ['away']",
    ),
    (
        "a play that ends in a list",
        lambda t: t["play"][0].update(ends=["deal"]),
        "play 1 ends: expected one of deal, later, away, got ['deal']",
    ),
    (
        "an ending whose kind is a list",
        lambda t: t["ending"]["deal"].update(kind=["good"]),
        "ending deal kind: expected one of good, middling, bad, got ['good']",
    ),
    (
        "needs that are tables",
        turn("open", lambda t: t.update(needs=[{}])),
        "turn open needs: expected a list of different texts",
    ),
    ("no scene", lambda t: t.update(scene=" "), "scene: expected some text"),
    (
        "a turn and an ending of one name",
        lambda t: t["ending"].update(why=t["ending"]["deal"]),
        "different names, got ['why']",
    ),
    (
        "a need that nobody knows",
        turn("open", lambda t: t.update(needs=["温度"])),
        "turn open needs: expected of",
    ),
    (
        "a need that no turn of the best path has",
        turn("open", lambda t: t.update(needs=["事实"])),
        "needs: expected each need in a turn of the best path, or its point is a gift",
    ),
    (
        "facts where none are needed",
        turn("choice", lambda t: t.update(facts=[["1"]])),
        "turn choice facts: expected",
    ),
    (
        "a need for facts without any",
        turn("why", lambda t: t.pop("facts")),
        "turn why facts: expected",
    ),
    (
        "two options",
        turn("why", lambda t: t["option"].pop()),
        "turn why option: expected a list of 3 to 4",
    ),
    (
        "no words for not understanding",
        turn("why", lambda t: t.pop("unsure")),
        "turn why unsure: expected some text",
    ),
    (
        "an intent in Chinese",
        option("why", 1, intent="算"),
        "option 2 intent: expected small letters",
    ),
    (
        "one other way to say it",
        option("why", 0, like=["一句"]),
        "option 1 (sum) like: expected 2 to 5",
    ),
    (
        "a change of 41",
        option("why", 0, trust=41),
        "option 1 (sum) trust: expected a whole number from -40 to 40, got 41",
    ),
    ("no reason", option("why", 2, why=""), "option 3 (elsewhere) why: expected some text"),
    (
        "nowhere to go",
        option("why", 0, to="nowhere"),
        "turn why option sum to: expected one of open, …, got 'nowhere'",
    ),
    (
        "a last outcome with a test",
        option("choice", 0, to=[{"if": "trust > 1", "go": "deal"}]),
        "an if in each but the last",
    ),
    (
        "an outcome without a test before the last",
        option("choice", 0, to=[{"go": "deal"}, {"go": "later"}]),
        "an if in each",
    ),
    (
        "a test of a feeling that there is not",
        option("choice", 0, to=[{"if": "joy > 1", "go": "deal"}, {"go": "later"}]),
        "if: expected such as trust >= 60",
    ),
    (
        "an ending of no kind",
        lambda t: t["ending"]["deal"].update(kind="fine"),
        "ending deal kind: expected one of good, middling, bad, got 'fine'",
    ),
    (
        "a play to nowhere",
        lambda t: t["play"][0].update(ends="x"),
        "play 1 ends: expected one of deal, later, away, got 'x'",
    ),
    # what a whole conversation must be
    (
        "two right options",
        option("why", 1, right=True),
        "turn why right: expected one right option, got ['sum', 'system']",
    ),
    (
        "no right option",
        option("why", 0, right=False),
        "turn why right: expected one right option, got []",
    ),
    (
        "one intent twice",
        option("why", 1, intent="sum"),
        "turn why intent: expected different intents",
    ),
    (
        "one text twice",
        option("why", 1, say=FREIGHT.turns["why"].right.say),
        "turn why say: expected different texts",
    ),
    (
        "lengths that differ by more than a factor of 2",
        option("why", 1, say="系统算的"),
        "turn why say: expected lengths within a factor of 2",
    ),
    (
        "a turn that nothing leads to",
        option("open", 2, to="why"),
        "turn waiting: expected a way that leads there",
    ),
    (
        "an ending that no state reaches",
        option("choice", 0, to=[{"if": "trust > 99", "go": "deal"}, {"go": "later"}]),
        "ending deal: expected a way that leads there",
    ),
    (
        "a dead end",
        turn("waiting", lambda t: [one.update(to="waiting", patience=0) for one in t["option"]]),
        "turn waiting: expected a way to an ending",
    ),
    (
        "no bad ending",
        lambda t: t["ending"]["away"].update(kind="middling"),
        "ending: expected one of kind bad",
    ),
    (
        "no bad play",
        lambda t: t.update(play=t["play"][:2]),
        "play: expected one that ends bad, got ['deal', 'later']",
    ),
    (
        "a play that ends elsewhere",
        lambda t: t["play"][1].update(moves=["own", "sum", "quote"]),
        "play 2 ends: expected later, got 'deal'",
    ),
    (
        "a play that does not end",
        lambda t: t["play"][1].update(moves=["own"]),
        "play 2 ends: expected later, got 'why'",
    ),
    (
        "a play that goes on after its end",
        lambda t: t["play"][1]["moves"].append("own"),
        "play 2 ends: expected later, got …none after the ending",
    ),
    (
        "all right and no good ending",
        option("choice", 0, to=[{"if": "trust < 60", "go": "deal"}, {"go": "later"}]),
        "right: expected a good ending where all that is said is right",
    ),
]


@pytest.mark.parametrize(("change", "message"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_told_with_its_place_what_was_expected_and_what_came(
    change: Change, message: str
) -> None:
    sound("甲", told())
    table = told()
    change(table)
    pattern = ".*".join(map(re.escape, message.split("…")))
    with pytest.raises(ValueError, match=f"^talk .*{pattern}"):
        sound("甲", table)


def test_a_date_with_a_zone_is_shown_on_shanghai_s_clock() -> None:
    table = told()
    table["date"] = datetime(2025, 11, 8, 12, 20, tzinfo=UTC)
    assert sound("甲", table).date == FREIGHT.date
    assert sound("甲", table).date.hour == 20


def test_a_name_is_short() -> None:
    with pytest.raises(ValueError, match="a name of 1 to 12 characters"):
        sound("一二三四五六七八九十一二三", told())


def test_seven_turns_are_too_many() -> None:
    table = told()
    for n in range(3):
        table["turn"][f"more{n}"] = table["turn"]["choice"]
    with pytest.raises(ValueError, match="turn: expected 3 to 6 turns, got 7"):
        sound("甲", table)


# What can come of it


def test_every_place_that_choices_can_reach_is_known() -> None:
    ways = walk(FREIGHT)
    assert {name for name, _ in ways} == {*FREIGHT.turns, *FREIGHT.endings}
    assert (FREIGHT.start, FREIGHT.state) in ways
    assert all(after == [] for (name, _), after in ways.items() if name in FREIGHT.endings)


def test_the_kinds_of_ending_to_which_a_turn_may_lead() -> None:
    assert outcomes(FREIGHT, "choice") == {"good", "middling"}
    assert outcomes(FREIGHT, "waiting") == {"middling", "bad"}
    assert outcomes(FREIGHT, "deal", "away") == {"good", "bad"}


# The right option must not stand out


def test_the_right_option_is_the_longest_no_more_often_than_by_chance() -> None:
    times, chance = longest(lengths(TWO.values()))
    assert (times, round(chance, 2)) == (1, 2.33)
    assert list(leaks(TWO.values())) == []


def test_a_file_whose_right_options_are_the_longest_is_told() -> None:
    turns = {}
    for name, one in FREIGHT.turns.items():
        options = tuple(replace(o, say="长" * 50) if o.right else o for o in one.options)
        turns[name] = replace(one, options=options)
    (fault,) = leaks([replace(FREIGHT, turns=turns)])
    assert "right: expected the longest option in at most 1.3 turns, got 4" in fault


def test_options_of_one_length_share_the_chance() -> None:
    one = FREIGHT.turns["open"]
    same = replace(
        one, options=tuple(replace(o, say=f"{n}" * 9) for n, o in enumerate(one.options))
    )
    times, chance = longest(lengths([replace(FREIGHT, turns={"open": same})]))
    assert times == chance == 1 / 3


@pytest.mark.parametrize("many", [3, 4, 6, 10])
def test_as_often_as_by_chance_is_not_more_often(many: int) -> None:
    every = [*range(1, many + 1)]
    asked = [(many, every), *[(1, every)] * (many - 1)]
    assert longest(asked) == (1, 1)  # 6 times 1/6 is less than 1, added up as floats


# Where scripts are found


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """A package's folder with one file, and a folder without any to stand in."""
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "02_talks.toml").write_bytes(FILE.read_bytes())
    monkeypatch.setattr(beside, "PACKED", folder)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    return folder


def test_a_name_is_found_in_the_whole_book_of_the_package(packed) -> None:
    assert find("发新疆要加钱") == FREIGHT
    assert find("会扎脖子吗") == SAMPLE


def test_the_notebook_s_own_file_comes_before_the_book_s(packed, tmp_path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("逗我呢？", "骗我呢？")
    (tmp_path / "empty" / "02_talks.toml").write_text(text, encoding="utf-8")
    assert find("发新疆要加钱").turns["open"].says.endswith("骗我呢？")


def test_a_clone_has_the_chapters_files(tmp_path, monkeypatch) -> None:
    chapter = tmp_path / "notebooks" / "presales"
    chapter.mkdir(parents=True)
    (chapter / "02_talks.toml").write_bytes(FILE.read_bytes())
    monkeypatch.setattr(beside, "CLONE", tmp_path / "notebooks")
    monkeypatch.setattr(beside, "PACKED", tmp_path / "none")
    assert beside.every("talks.toml") == [chapter / "02_talks.toml"]


def test_a_name_that_is_not_there_is_told_with_those_that_are(packed) -> None:
    with pytest.raises(
        ValueError, match="name: expected one of 发新疆要加钱、后天能到吗、会扎脖子吗, got '没有'"
    ):
        find("没有")
    with pytest.raises(ValueError, match="name: expected one of"):
        find("")


def test_a_file_without_talks_is_told(tmp_path) -> None:
    file = tmp_path / "02_talks.toml"
    for text, wanted in (("", "a table"), ("[talks]\n", "only talk")):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=rf"02_talks\.toml: expected {wanted}"):
            scenarios(file)


# The command


def run(*files: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kefu.talk", *files], capture_output=True, text=True, check=False
    )


def test_the_command_plays_all_plays_of_a_sound_file() -> None:
    done = run(str(FILE), str(SAMPLE_FILE))
    assert done.returncode == 0, done.stdout
    for scene in (*TWO.values(), SAMPLE):
        for one in scene.plays:
            assert f"{' → '.join(one.moves)} → {one.ends}" in done.stdout
    assert "✗" not in done.stdout


def test_the_command_tells_every_fault_of_a_file(tmp_path) -> None:
    text = FILE.read_text(encoding="utf-8")
    file = tmp_path / "02_talks.toml"
    broken = text.replace('moves = ["own", "sum", "quote"]', 'moves = ["own"]').replace(
        'customer = "阿树"', 'customer = ""'
    )
    file.write_text(broken, encoding="utf-8")
    done = run(str(file))
    assert done.returncode == 1
    assert len(re.findall("^✗", done.stdout, re.M)) == 2
    assert run().returncode == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "02_talks.toml: expected a table"),
        ("[talks]", "02_talks.toml: expected only talk, got ['talks']"),
        ("[talk", "02_talks.toml: Expected ']' at the end of a table declaration"),
        (None, "No such file"),
    ],
    ids=["nothing", "another table", "no TOML", "no file"],
)
def test_the_command_says_what_is_wrong_with_a_file_that_it_cannot_read(
    tmp_path, text: str | None, says: str
) -> None:
    file = tmp_path / "02_talks.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    done = run(str(file), str(SAMPLE_FILE))
    assert done.returncode == 1
    assert done.stdout.startswith(f"✗ {file}：")
    assert says in done.stdout.splitlines()[0]
    assert SAMPLE.name in done.stdout  # the others are checked all the same
    assert done.stderr == ""


def test_hints_tell_a_way_to_say_it_that_would_be_taken_for_another_or_for_nothing() -> None:
    one = FREIGHT.turns["why"]
    alike = one.options[1].say.replace("，", "")
    options = (replace(one.right, like=("算法是这样", alike)), *one.options[1:])
    scene = replace(FREIGHT, turns={**FREIGHT.turns, "why": replace(one, options=options)})
    found = [
        hint for hint in hints(scene) if hint.startswith(f"{scene.name} why: {one.right.intent} ")
    ]
    assert found == [
        f"{scene.name} why: {one.right.intent} taken for nothing: 算法是这样",
        f"{scene.name} why: {one.right.intent} taken for {one.options[1].intent}: {alike}",
    ]
