from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from kefu.demos import quiz
from kefu.demos.quiz import Quiz
from tests.demos.reading import parsed, tags
from web.commands.bootstrap import ROOT

SHIPPED = sorted(ROOT.glob("notebooks/**/*_quiz.json"))
GOOD: list[dict[str, Any]] = [
    {"ask": "一加一？", "options": [{"text": "二", "right": True, "why": "数一数。"},
                                  {"text": "三", "right": False, "why": "多了一。"}]},
    {"ask": "哪些是偶数？", "options": [{"text": "二", "right": True, "why": "除得尽。"},
                                    {"text": "三", "right": False, "why": "余一。"},
                                    {"text": "四", "right": True, "why": "除得尽。"}]},
]  # fmt: skip
NASTY = "<b onclick='x'>&amp;\"</b></details><script>alert(1)</script>"


def stored(folder: Path, questions: Any) -> Path:
    path = folder / "quiz.json"
    path.write_text(json.dumps(questions, ensure_ascii=False), encoding="utf-8")
    return path


def good() -> list[dict[str, Any]]:
    return copy.deepcopy(GOOD)


def test_each_option_opens_to_say_whether_it_is_right_and_why(tmp_path: Path) -> None:
    page = parsed(quiz(stored(tmp_path, GOOD))._repr_html_())
    options = [option for question in GOOD for option in question["options"]]
    found = page.select("details.kefu-option")
    assert len(found) == len(options)
    for shown, option in zip(found, options, strict=True):
        answer = shown.select_one("p")
        assert answer is not None
        assert answer.get_text() == ("✓ 对。" if option["right"] else "✗ 不对。") + option["why"]
        assert not shown.has_attr("open")  # nothing is given away before the reader asks


def test_questions_are_numbered_and_options_lettered(tmp_path: Path) -> None:
    page = parsed(quiz(stored(tmp_path, GOOD))._repr_html_())
    asks = [p.get_text() for p in page.select("p.kefu-question")]
    assert asks == ["1. 一加一？", "2. 哪些是偶数？（多选）"]
    assert [s.get_text() for s in page.select("summary")] == [
        "A. 二", "B. 三", "A. 二", "B. 三", "C. 四",
    ]  # fmt: skip


def test_a_quiz_works_without_script_or_server(tmp_path: Path) -> None:
    html = quiz(stored(tmp_path, GOOD))._repr_html_()
    assert {name for name, _ in tags(html)} == {"style", "div", "p", "details", "summary", "span"}


def test_all_text_is_escaped(tmp_path: Path) -> None:
    hostile = good()
    for question in hostile:
        question["ask"] += NASTY
        for option in question["options"]:
            option["text"] += NASTY
            option["why"] += NASTY
    html = quiz(stored(tmp_path, hostile))._repr_html_()
    assert tags(html) == tags(quiz(stored(tmp_path, GOOD))._repr_html_())
    assert parsed(html).get_text().count(NASTY) == 2 + 2 * 5


def test_a_quiz_has_a_short_name_for_plain_text() -> None:
    assert repr(Quiz(tuple(GOOD))) == "<Quiz: 2 questions>"


# What is wrong with a file is said, with the question's number


def without(key: str) -> list[dict[str, Any]]:
    questions = good()
    del questions[1]["options"][0][key]
    return questions


def changed(**values: Any) -> list[dict[str, Any]]:
    questions = good()
    questions[1].update(values)
    return questions


@pytest.mark.parametrize(
    "questions",
    [
        without("text"),
        without("right"),
        without("why"),
        changed(ask=""),
        changed(options=[]),
        changed(options=GOOD[0]["options"][:1]),
        changed(options=GOOD[0]["options"] * 4),
        changed(options=[{**option, "why": ""} for option in GOOD[0]["options"]]),
        [GOOD[0], {"ask": "没有选项？"}],
        [GOOD[0], {"options": GOOD[0]["options"]}],
    ],
    ids=["no text", "no right", "no why", "no words", "no options", "one option", "8 options",
         "empty why", "options missing", "ask missing"],
)  # fmt: skip
def test_an_unsound_question_is_named(tmp_path: Path, questions: Any) -> None:
    with pytest.raises(ValueError, match=r"^question 2: expected 2 to 6 options with text"):
        quiz(stored(tmp_path, questions))


def test_a_question_without_a_right_option_is_named(tmp_path: Path) -> None:
    wrong = [{**option, "right": False} for option in GOOD[1]["options"]]
    with pytest.raises(ValueError, match=r"^question 2: expected a right option"):
        quiz(stored(tmp_path, changed(options=wrong)))


def test_six_options_are_shown_and_none_is_dropped(tmp_path: Path) -> None:
    six = [{"text": str(n), "right": n == 5, "why": "因为"} for n in range(6)]
    page = parsed(quiz(stored(tmp_path, [{"ask": "几？", "options": six}]))._repr_html_())
    assert [s.get_text() for s in page.select("summary")][-1] == "F. 5"


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        quiz("no_such_quiz.json")


# The quizzes of the book


def test_the_book_has_quizzes() -> None:
    assert SHIPPED


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_quiz_is_sound(path: Path) -> None:
    questions = quiz(path).questions
    assert len(questions) >= 6
    for question in questions:
        options = question["options"]
        assert question["ask"].strip()
        assert any(option["right"] for option in options)
        assert not all(option["right"] for option in options)
        assert all(option["right"] in (True, False) for option in options)
        assert all(option["text"].strip() and option["why"].strip() for option in options)
        assert len({option["text"] for option in options}) == len(options)
    assert len({question["ask"] for question in questions}) == len(questions)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_the_right_option_of_a_shipped_quiz_is_not_always_at_the_same_place(path: Path) -> None:
    places = {
        [option["right"] for option in question["options"]].index(True)
        for question in quiz(path).questions
    }
    assert len(places) > 1


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_a_shipped_quiz_is_utf8_text_that_a_person_can_edit(path: Path) -> None:
    content = path.read_bytes()
    assert b"\\u" not in content
    assert b"\r" not in content
