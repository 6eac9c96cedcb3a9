from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from kefu.demos import quiz
from kefu.demos.quiz import shuffled
from tests.demos.reading import parsed, tags
from tools.paths import ROOT
from web import book

SHIPPED = [one.quiz for one in book.written()]
shipped = pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
GOOD: list[dict[str, Any]] = [
    {"id": "sum", "kind": "single", "ask": "一加一？", "options": [
        {"text": "二", "right": True, "why": "数一数。"},
        {"text": "三", "right": False, "why": "多了一。"}]},
    {"id": "even", "kind": "multiple", "ask": "哪些是偶数？", "options": [
        {"text": "二", "right": True, "why": "除得尽。"},
        {"text": "三", "right": False, "why": "余一。"},
        {"text": "四", "right": True, "why": "除得尽。"}]},
    {"id": "half", "kind": "number", "ask": "七的一半？", "answer": 3.5, "tolerance": 0.01,
     "unit": "元", "why": "七除以二。", "traps": [{"value": 14, "why": "乘反了。"}]},
    {"id": "meals", "kind": "order", "ask": "从早到晚？", "why": "太阳这样走。",
     "items": ["早饭", "午饭", "晚饭"]},
]  # fmt: skip
WIDGET = "application/vnd.jupyter.widget-view+json"
KINDS = {question["kind"] for question in GOOD}
NASTY = "<b onclick='x'>&amp;\"</b></details></script><script>alert(1)</script>"


def stored(folder: Path, questions: Any) -> Path:
    path = folder / "07_quiz.json"
    path.write_text(json.dumps(questions, ensure_ascii=False), encoding="utf-8")
    return path


def good() -> list[dict[str, Any]]:
    return copy.deepcopy(GOOD)


def texts(page: Any, selector: str) -> list[str]:
    return [found.get_text() for found in page.select(selector)]


def shown(folder: Path, questions: Any = GOOD) -> Any:
    return parsed(quiz(stored(folder, questions))._repr_html_())


# Without a script


def test_each_option_opens_to_say_whether_it_is_right_and_why(tmp_path: Path) -> None:
    page = shown(tmp_path, GOOD[:2])
    options = [option for question in GOOD[:2] for option in question["options"]]
    assert texts(page, "details p") == [
        ("✓ 对。" if option["right"] else "✗ 不对。") + option["why"] for option in options
    ]
    assert page.select("details[open]") == []  # nothing is given away before the reader asks


def test_a_number_and_its_traps_open_on_a_click(tmp_path: Path) -> None:
    assert texts(shown(tmp_path), "details p")[5:7] == ["✓ 3.5元。七除以二。", "✗ 14元：乘反了。"]


def test_an_order_is_shown_mixed_and_its_solution_opens_on_a_click(tmp_path: Path) -> None:
    page = shown(tmp_path)
    items = GOOD[3]["items"]
    assert sorted(texts(page, ".kefu-still > ul li")) == sorted(items)
    assert texts(page, ".kefu-still > ul li") != items
    assert texts(page, "details ol li") == items


def test_questions_are_numbered_and_options_lettered(tmp_path: Path) -> None:
    page = shown(tmp_path)
    assert texts(page, "p.kefu-question") == [
        "1. 一加一？", "2. 哪些是偶数？（多选）", "3. 七的一半？", "4. 从早到晚？",
    ]  # fmt: skip
    assert texts(page, "summary")[:5] == ["A. 二", "B. 三", "A. 二", "B. 三", "C. 四"]


def test_the_still_form_needs_no_script_or_server(tmp_path: Path) -> None:
    (still,) = shown(tmp_path).select(".kefu-still")
    assert {name for name, _ in tags(str(still))} == {
        "div", "p", "details", "summary", "span", "ul", "ol", "li",
    }  # fmt: skip


# With its script


def test_the_stored_quiz_has_no_style_and_no_script(tmp_path: Path) -> None:
    asked = quiz(stored(tmp_path, GOOD))
    bundle = asked._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {WIDGET, "text/html", "text/plain"}
    assert bundle["text/plain"] == repr(asked)
    assert bundle["text/html"] == asked._repr_html_()
    assert not {"script", "style"} & {name for name, _ in tags(asked._repr_html_())}


def test_a_live_quiz_brings_style_and_script_once(tmp_path: Path) -> None:
    asked = quiz(stored(tmp_path, GOOD))
    (output,) = asked.live().outputs
    html = output["data"]["text/html"]
    assert html.startswith(asked._repr_html_())
    assert [name for name, _ in tags(html.removeprefix(asked._repr_html_()))] == ["style", "script"]
    folder = ROOT / "widgets/kefu/demos"
    for name in ("demo.css", "quiz.css", "number.js"):
        assert (folder / name).read_text(encoding="utf-8") in html
    head, rest = (folder / "quiz.js").read_text(encoding="utf-8").split("\n", 1)
    assert head == 'import { number } from "./number.js";'  # which stands before it instead
    assert rest in html
    assert head not in html


def test_in_a_page_that_has_them_a_quiz_brings_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVE_PAGE", "1")
    bundle = quiz(stored(tmp_path, GOOD))._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/html", "text/plain"}


def test_the_form_gets_every_question_with_the_order_mixed(tmp_path: Path) -> None:
    (place,) = shown(tmp_path).select(".kefu-quiz")
    assert place["data-quiz"] == "07"
    questions = json.loads(str(place["data-questions"]))
    assert questions[:3] == GOOD[:3]
    assert questions[3]["items"] == shuffled(GOOD[3])


def test_the_script_has_nothing_that_could_end_or_change_it_in_html() -> None:
    script = (ROOT / "widgets/kefu/demos/quiz.js").read_text(encoding="utf-8")
    assert not {part for part in ("</script", "<!--", "innerHTML", "eval(") if part in script}


@pytest.mark.parametrize("size", range(3, 8))
def test_items_are_never_shown_in_their_right_order(size: int) -> None:
    for start in range(200):
        items = [f"第{start + n}步" for n in range(size)]
        places = [item["place"] for item in shuffled({"items": items})]
        assert places != list(range(size))
        assert sorted(places) == list(range(size))


def test_all_text_is_escaped(tmp_path: Path) -> None:
    def spoilt(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: v if k in ("id", "kind") else spoilt(v) for k, v in value.items()}
        if isinstance(value, list):
            return [spoilt(part) for part in value]
        return value + NASTY if isinstance(value, str) else value

    html = quiz(stored(tmp_path, spoilt(GOOD)))._repr_html_()
    assert tags(html) == tags(quiz(stored(tmp_path, GOOD))._repr_html_())
    (still,) = parsed(html).select(".kefu-still")
    assert still.get_text().count(NASTY) == 4 + 5 * 2 + 1 + 1 + 2 + 3 + 3 + 1


def test_a_quiz_has_a_short_name_for_plain_text(tmp_path: Path) -> None:
    assert repr(quiz(stored(tmp_path, GOOD))) == "<Quiz 07: 4 questions>"


# What is wrong with a file is said, with the question's number and what came


def fault(folder: Path, questions: Any) -> str:
    with pytest.raises(ValueError) as raised:
        quiz(stored(folder, questions))
    return str(raised.value)


ONE, SEVEN = GOOD[0]["options"][:1], GOOD[0]["options"] * 4
SAME = [{**option, "text": "二"} for option in GOOD[0]["options"]]
BLANK = [{**option, "why": " "} for option in GOOD[0]["options"]]
WRONG = [{**option, "right": False} for option in GOOD[0]["options"]]
RIGHT = [{**option, "right": True} for option in GOOD[0]["options"]]
LOOSE = [{**option, "right": "yes"} for option in GOOD[0]["options"]]


@pytest.mark.parametrize(
    ("place", "change", "told"),
    [
        (0, {"kind": "choice"}, "question 1 kind: expected one of single, multiple, number, order"),
        (0, {"kind": None}, "question 1 kind: expected one of"),
        (0, {"id": "一"}, "question 1 id: expected small letters"),
        (1, {"id": "sum"}, "question 2 id: expected an id of its own, got 'sum'"),
        (0, {"ask": " "}, "question 1 ask: expected some text, got ' '"),
        (0, {"asks": "?"}, "question 1: expected no other field than id, kind, ask, options, got ['asks']"),
        (0, {"options": ONE}, "question 1 options: expected 2 to 6 options"),
        (0, {"options": SEVEN}, "question 1 options: expected 2 to 6 options"),
        (0, {"options": None}, "question 1 options: expected 2 to 6 options, got None"),
        (0, {"options": ["二", "三"]}, "question 1 option A: expected text, right and why, got '二'"),
        (0, {"options": SAME}, "question 1 options: expected different texts"),
        (0, {"options": BLANK}, "question 1 option A why: expected some text, got ' '"),
        (0, {"options": LOOSE}, "question 1 option A right: expected true or false, got 'yes'"),
        (0, {"options": WRONG}, "question 1 options: expected one right option, got 0"),
        (0, {"options": RIGHT}, "question 1 options: expected one right option, got 2"),
        (1, {"options": WRONG}, "question 2 options: expected a right and a wrong option, got 0"),
        (1, {"options": RIGHT}, "question 2 options: expected a right and a wrong option, got 2"),
        (2, {"answer": "3.5"}, "question 3 answer: expected a number, got '3.5'"),
        (2, {"answer": True}, "question 3 answer: expected a number, got True"),
        (2, {"tolerance": -1}, "question 3 tolerance: expected a number >= 0, got -1"),
        (2, {"unit": None}, "question 3 unit: expected text"),
        (2, {"why": ""}, "question 3 why: expected some text"),
        (2, {"traps": [{"value": 1}]}, "question 3 trap 1: expected value and why"),
        (2, {"traps": [{"value": 3.505, "why": "近"}]}, "question 3 trap 1 value: expected a wrong value"),
        (3, {"items": ["早", "晚"]}, "question 4 items: expected 3 to 7 texts"),
        (3, {"items": ["早", "晚", "早"]}, "question 4 items: expected different texts"),
        (3, {"items": ["早", "晚", 3]}, "question 4 item 3: expected some text, got 3"),
        (3, {"why": None}, "question 4 why: expected some text, got None"),
    ],
)  # fmt: skip
def test_an_unsound_question_is_named(
    tmp_path: Path, place: int, change: dict[str, Any], told: str
) -> None:
    questions = good()
    questions[place].update(change)
    assert fault(tmp_path, questions).startswith(told)


@pytest.mark.parametrize("questions", [{}, [], "quiz", 7])
def test_a_file_that_is_no_list_of_questions_is_named(tmp_path: Path, questions: Any) -> None:
    assert fault(tmp_path, questions).startswith("quiz: expected a list of questions, got ")


def test_a_question_that_is_no_object_is_named(tmp_path: Path) -> None:
    assert fault(tmp_path, ["一加一？"]).startswith("question 1 kind: expected one of")


def test_a_missing_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        quiz("no_such_quiz.json")


# The quizzes of the book


def test_the_book_has_quizzes() -> None:
    assert SHIPPED


@shipped
def test_a_shipped_quiz_is_sound_and_has_every_kind(path: Path) -> None:
    questions = quiz(path).questions
    assert len(questions) >= 6
    assert {question["kind"] for question in questions} == KINDS
    assert len({question["ask"] for question in questions}) == len(questions)
    assert all(question["traps"] for question in questions if question["kind"] == "number")


@shipped
def test_no_letter_is_right_in_more_than_half_of_a_shipped_quiz(path: Path) -> None:
    for kind in ("single", "multiple"):
        chosen = [q["options"] for q in quiz(path).questions if q["kind"] == kind]
        if len(chosen) > 1:
            right = Counter(n for options in chosen for n, o in enumerate(options) if o["right"])
            assert max(right.values()) <= max(sum(right.values()) / 2, 1), right


@shipped
def test_a_shipped_quiz_is_utf8_text_that_a_person_can_edit(path: Path) -> None:
    content = path.read_bytes()
    assert b"\\u" not in content
    assert b"\r" not in content
