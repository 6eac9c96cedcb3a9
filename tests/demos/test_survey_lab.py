"""The questionnaire: every place and way chosen, every slider moved, against the model."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, survey_lab
from kefu.demos.survey_lab import AS_IT_WAS, DRAFT, NAMES
from kefu.operations.surveys import FAULTS, Flaw, SurveyOutcome, survey_outcome
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    parsed,
    positions,
    presses,
    run_code,
    set_to,
)

MOVES: dict[str, list[Any]] = {
    "sent": [100, 300, 3000],
    "truth": [50, 70, 85],
    "reply": [20, 60, 90],
    "page": list(range(len(DRAFT) + 1)),
    **{name: [0, 1, 2, 3] for name in NAMES},
}
RIGHT = [next(n for n, way in enumerate(ways) if way.fault is None) for ways in DRAFT]


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = survey_lab().controls
    assert list(MOVES) == list(controls)
    for name in ("sent", "truth", "reply"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])


def left(demo: Demo) -> list[Flaw]:
    picked = [positions(demo)[name] for name in NAMES]
    return [fault for ways, n in zip(DRAFT, picked, strict=True) if (fault := ways[n].fault)]


def now(demo: Demo) -> SurveyOutcome:
    v = positions(demo)
    return survey_outcome(v["sent"], left(demo), v["truth"] / 100, v["reply"] / 100)


def assert_agrees(demo: Demo) -> None:
    found, html = now(demo), demo.result()
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(
        f"{found.answers}份有效　回复率{found.reply:.0%}，有效率{found.valid:.0%}"
    )
    assert bold(html) == [f"{found.said:.0%}"]
    drawing = Drawing(html)
    assert f"现在问出{found.said:.0%}，正负{100 * found.margin:.1f}个百分点" in drawing.label
    drawing.assert_labels_inside()
    told = [row[0] for row in cells(html)] if left(demo) else []
    assert told == list(dict.fromkeys(left(demo)))
    assert [wanted for _, wanted, _ in presses(html)] == [{"page": n} for n in range(1, 7)]
    x, _ = drawing.dot
    assert x == pytest.approx(44 + 340 * (100 * found.said - 40) / 60, abs=0.1)


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs if n != "page"]
)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(survey_lab(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(survey_lab(), **{name: value}).result() for value in MOVES[name]]
    if name in NAMES:  # two ways may leave the same fault: the open place tells them apart
        page = NAMES.index(name) + 1
        results = [
            set_to(survey_lab(), page=page, **{name: value}).result() for value in MOVES[name]
        ]
    assert all(one != other for one, other in pairwise(results))


def test_each_place_has_one_way_that_mends_and_each_fault_is_there_once() -> None:
    assert [sum(way.fault is None for way in ways) for ways in DRAFT] == [1] * len(DRAFT)
    assert {ways[AS_IT_WAS].fault for ways in DRAFT} == set(FAULTS)
    assert len(set(RIGHT)) > 1  # not always at the same place


def test_mended_in_all_six_places_the_truth_comes_out() -> None:
    demo = set_to(survey_lab(), **dict(zip(NAMES, RIGHT, strict=True)))
    assert_agrees(demo)
    assert (now(demo).bias, now(demo).holds_truth) == (0.0, True)
    assert "改好6处" in demo.result()
    assert "真的数落在误差里" in demo.result()


def test_the_leading_question_alone_cannot_be_cured_by_sending_more() -> None:
    rest = {
        name: n
        for name, n, ways in zip(NAMES, RIGHT, DRAFT, strict=True)
        if ways[0].fault != "诱导"
    }
    for sent in (300, 3000):
        demo = set_to(survey_lab(sent), **rest)
        assert left(demo) == ["诱导"]
        assert "再多发也没用" in demo.result()


def test_a_place_is_opened_mended_and_left_by_pressing() -> None:
    demo = survey_lab()
    hand(demo, page=2)
    assert demo.shown_controls() == {}
    hand(demo, q2=1)
    assert "还是毛病：一题两问" in demo.result()
    hand(demo, q2=RIGHT[1])
    html = demo.result()
    assert "改好了" in html
    assert {"page": 3} in [wanted for _, wanted, _ in presses(html)]
    hand(demo, page=0)
    assert list(demo.shown_controls()) == ["sent", "truth", "reply"]
    assert_agrees(demo)


def test_the_last_place_leads_to_the_result_once_all_are_mended() -> None:
    demo = set_to(survey_lab(), page=6, **dict(zip(NAMES, RIGHT, strict=True)))
    onward = [wanted for text, wanted, _ in presses(demo.result()) if "›" in text]
    assert onward == [{"page": 0}]


def test_the_code_shown_prints_the_same_answers() -> None:
    demo = set_to(survey_lab(600), q3=RIGHT[2])
    printed, _ = run_code(demo)
    assert printed.split()[0] == str(now(demo).answers)


@pytest.mark.parametrize("sent", [50, 5000])
def test_what_cannot_be_sent_is_refused(sent: int) -> None:
    with pytest.raises(ValueError, match="发出多少份"):
        survey_lab(sent)
