from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, handover
from kefu.demos.bot_rules import split
from kefu.demos.handover import ALL, CARRIED, FAULTS, NONE, RULES, SORRY
from kefu.intelligence.handover import PARTS, TRIALS, WAYS, Switches, judged, told
from tests.demos.reading import (
    HOSTILE,
    cells,
    hand,
    marked,
    parsed,
    presses,
    run_code,
    set_to,
    settings,
)

GOOD: dict[str, Any] = {
    "failures": 2,
    "mood": "先确认",
    "refusal": "转人工；不跟机器人",
    "security": "自称；报验证码",
    "danger": "受伤；烫伤；过敏了；红疹",
    "upset": "气死；投诉",
    "minutes": 3,
}
"""The settings that the chapter's folded answer gives."""
MOVES: dict[str, list[Any]] = {
    "every": [RULES, ALL, NONE],
    "failures": [3, 2, 1, 0],
    "mood": ["立刻转", "先确认", "机器人答"],
    "refusal": ["人工", GOOD["refusal"], ""],
    "security": ["验证码；密码", GOOD["security"], ""],
    "danger": ["受伤；烫伤；过敏", GOOD["danger"], ""],
    "upset": ["气；投诉", GOOD["upset"], ""],
    "minutes": [0, 3, 5],
    "case": [1, 7, 12],
    "waiting": [4, 0, 20],
    "carried": list(CARRIED),
}


def faults(demo: Demo) -> list[str]:
    v = {name: control.value for name, control in demo.controls.items()}
    if v["every"] != RULES:
        return [trial.fault("立刻转" if v["every"] == ALL else "机器人答") for trial in TRIALS]
    lists = {name: split(v[name]) for name in ("refusal", "security", "danger", "upset")}
    switches = Switches(failures=v["failures"], minutes=v["minutes"], mood=v["mood"], **lists)
    return [fault for *_, fault in judged(switches, TRIALS)]


def assert_agrees(demo: Demo) -> None:
    html, found = demo.result(), faults(demo)
    count = Counter(found)
    big = parsed(html).select(".kefu-big")[0].get_text()
    assert big.startswith(f"12例对{count['']}")
    for fault, name in FAULTS.items():
        assert f"{name}{count[fault]}" in big
    chips, lines = presses(html), cells(html)
    assert [wanted["case"] for _, wanted, _ in chips] == list(range(1, 13))
    for (text, wanted, on), line, trial, fault in zip(chips, lines, TRIALS, found, strict=True):
        assert text == f"{wanted['case']}{'✗' if fault else '✓'}"
        assert on == str(wanted["case"] == demo.controls["case"].value).lower()
        assert line[1] == trial.moment.said
        assert line[3] == FAULTS.get(fault, "✓")  # type: ignore[call-overload]
    number = demo.controls["case"].value
    assert marked(html) == lines[number - 1]
    ruling = parsed(html).select(".kefu-ruling")[0].get_text()
    assert f"应当{TRIALS[number - 1].right}：{TRIALS[number - 1].why}。" in ruling
    assert ("对" if not found[number - 1] else FAULTS[found[number - 1]]) in ruling  # type: ignore[index]


def test_every_control_is_moved() -> None:
    assert list(MOVES) == list(handover().controls)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_the_picture_is_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(handover(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(handover(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


# What the chapter says of it


def test_it_opens_worse_than_transferring_all_and_can_be_set_right() -> None:
    assert Counter(faults(handover())) == {"": 3, "漏转": 3, "误转": 4, "没先问": 2}
    assert Counter(faults(set_to(handover(), every=ALL)))[""] == 5
    assert Counter(faults(set_to(handover(), every=NONE)))[""] == 5
    assert faults(set_to(handover(), **GOOD)) == [""] * 12


# One case played on


def test_a_case_that_is_pressed_is_shown() -> None:
    demo = hand(handover(), case=10)
    assert demo.controls["case"].value == 10
    assert TRIALS[9].moment.said in parsed(demo.parts()[0]).select(".kefu-asked")[0].get_text()
    assert_agrees(demo)


@pytest.mark.parametrize("way", WAYS)
def test_what_the_customer_hears_depends_on_the_way(way: str) -> None:
    said = parsed(set_to(handover(), case=10, mood=way).parts()[1]).get_text()
    assert (SORRY in said) is (way == "先确认")
    assert (told(4) in said) is (way == "立刻转")
    assert ("人工不知道" in said) is (way == "机器人答")


@pytest.mark.parametrize("carried", CARRIED)
def test_the_four_parts_of_a_hand_over_are_ticked_or_crossed(carried: str) -> None:
    html = set_to(handover(), carried=carried).parts()[1]
    board = [one.get_text() for one in parsed(html).select("ol.kefu-board li")]
    assert board == [f"{'✓' if p in CARRIED[carried] else '✗'}{n}" for p, n in PARTS.items()]
    assert ("麻烦您" in html) is (carried != "全带上")


def test_switches_without_effect_are_not_shown() -> None:
    shown = settings(set_to(handover(), every=NONE).picture())
    assert list(shown) == ["总开关", "看哪一例"]
    assert "前面排着几位" in settings(handover().picture())
    assert "前面排着几位" not in settings(set_to(handover(), case=3).picture())


# The rest


@pytest.mark.parametrize("text", HOSTILE, ids=range(5))
@pytest.mark.parametrize("name", ["refusal", "security", "danger", "upset"])
def test_hostile_words_become_no_markup(name: str, text: str) -> None:
    demo = set_to(handover(), **{name: text})
    assert not parsed(demo.picture()).select("img")
    assert_agrees(demo)


@pytest.mark.parametrize("values", [{}, GOOD, {"every": ALL}, {"every": NONE}])
def test_the_code_gives_the_same_faults(values: dict[str, Any]) -> None:
    demo = set_to(handover(), **values)
    printed, _ = run_code(demo)
    assert printed.strip() == str(faults(demo))


def test_every_control_has_a_label_of_its_own() -> None:
    labels = [control.description for control in handover().controls.values()]
    assert all(labels)
    assert len(set(labels)) == len(labels)
