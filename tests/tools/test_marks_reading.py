"""What is read of what students hand in, and quizzes marked from it: no sandbox needed."""

from __future__ import annotations

import contextlib
import doctest
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.submissions import (
    CELLS,
    EDITION,
    EXERCISES,
    PAGE,
    QUIZ,
    SOLVED,
    notebook,
    progress,
    right,
    wrong,
)
from tools.marks import __main__ as command
from tools.marks import quizzes, values
from tools.marks.reading import Handed, Student, Wanted, files, read, students, whose
from tools.paths import ROOT
from web import book, build

WANTED = Wanted(
    "02", PAGE, EDITION, tuple(q["id"] for q in QUIZ), tuple(EXERCISES), tuple(CELLS.values())
)


def taken(folder: Path, **handed: Any) -> list[Student]:
    """What is read of files by their names, a double underscore for the dot."""
    for name, told in handed.items():
        path = folder / name.replace("__", ".")
        content = told if isinstance(told, bytes) else json.dumps(told, ensure_ascii=False).encode()
        path.write_bytes(content)
    return students([read(path, folder, WANTED) for path in files(folder)[0]])


def said(student: Student) -> str:
    return "；".join(line for one in student.files for line in [one.fault, *one.said])


@pytest.mark.parametrize("name", ["marker", "pages", "quizzes", "reading"])
def test_examples_hold(name):
    done = doctest.testmod(importlib.import_module(f"tools.marks.{name}"))
    assert done.failed == 0 < done.attempted


# quizzes

TYPED = [
    "18", "１８", " 18 元 ", "1,234", "1,23", "12,5", "3.", ".5", "-3", "−3", "+4", "5元", "元", "", "3²", "1e5",
    "0x10", "1 000", "３．５", "18。", "十八", "٣", "1.2.3", "--3", "1,234.5", "1234,567", "∞", "NaN", "½",
]  # fmt: skip


def test_typed_numbers_are_read_as_the_page_reads_them(tmp_path):
    script = tmp_path / "run.mjs"
    source = (ROOT / "widgets" / "kefu" / "demos" / "number.js").as_uri()
    asked = json.dumps(TYPED, ensure_ascii=False)
    script.write_text(
        f"import {{ number }} from '{source}';\n"
        f"console.log(JSON.stringify({asked}.map((typed) => number(typed, '元').value ?? null)));",
        encoding="utf-8",
    )
    assert [quizzes.number(typed, "元") for typed in TYPED] == json.loads(build.node(script))


@pytest.mark.parametrize("question", QUIZ, ids=lambda question: question["id"])
def test_right_and_wrong_answers_are_told_apart(question):
    good, bad = quizzes.mark(question, right(question)), quizzes.mark(question, wrong(question))
    assert (good.right, bad.right) == (True, False)
    assert good.given
    assert bad.why


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize("question", QUIZ, ids=lambda question: question["id"])
@given(answer=ANSWERS)
def test_an_answer_of_any_form_is_marked(question, answer):
    marked = quizzes.mark(question, answer)
    assert not marked.right or answer == right(question) or isinstance(answer, str)


def test_all_options_are_no_right_answer_and_true_is_not_one():
    several = next(q for q in QUIZ if q["kind"] == "multiple")
    assert not quizzes.mark(several, [*range(len(several["options"]))]).right
    assert quizzes.mark(several, [True, False]).given is None


# values


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False) | st.binary()
    | st.decimals(allow_nan=False) | st.fractions() | st.dates() | st.datetimes() | st.timedeltas(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
))  # fmt: skip
def test_values_cross_as_they_are(value):
    back = values.unpack(json.loads(values.line(value)))
    assert back == value
    assert type(back) is type(value)


class Liar(int):
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = int.__hash__


@pytest.mark.parametrize(
    "value", [Liar(3), [Liar(3)], {"a": Liar(3)}, object(), print, Handed("a"), range(3)]
)
def test_a_class_of_one_s_own_does_not_cross(value):
    with pytest.raises(values.Strange):
        values.line(value)


WORDS = st.sampled_from(["record", "label", "kefu.data", "use", "list", "dict", "float"])
PACKED = st.recursive(
    st.none() | st.integers() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=8,
)


@given(PACKED)
def test_what_nobody_packed_is_refused(packed):
    with contextlib.suppress(values.Strange):
        values.unpack(packed)


# reading


def test_an_export_and_a_notebook_of_one_number_are_one_student(tmp_path):
    (one,) = taken(
        tmp_path, a__json=progress("202601", "小满"), **{"202601-小满__ipynb": notebook(SOLVED)}
    )
    assert (one.number, one.name) == ("202601", "小满")
    assert len(one.files) == 2
    assert [*one.files[0].answers] == []
    assert [file.kind for file in one.files] == ["笔记本", "学习进度"]


def test_two_names_of_one_number_are_told(tmp_path):
    (one,) = taken(
        tmp_path,
        a__json=progress("202601", "小满"),
        b__json=progress("202601", "石头", answer=wrong),
    )
    assert "同一个学号，名字却是石头" in said(one)


def test_one_file_of_two_students_is_told_to_both(tmp_path):
    same = notebook(SOLVED)
    both = taken(tmp_path, **{"202601__ipynb": same, "202602__ipynb": same})
    assert [student.number for student in both] == ["202601", "202602"]
    assert all("一字不差，是两个人交的" in said(student) for student in both)
    assert all(student.files[0].codes for student in both)


def test_whose_it_is_stands_in_the_file_or_in_names(tmp_path):
    assert whose(Path("网店客服-学习进度-2026-03-01.json"), "02_preparation") == ("", "")
    assert whose(Path("02_preparation (3).ipynb"), "02_preparation") == ("", "")
    assert whose(Path("3班/B20260101 欧阳小满 第02章 作业.ipynb"), "02_preparation") == (
        "B20260101",
        "欧阳小满",
    )
    (one,) = taken(tmp_path, **{"2026-03-01__json": progress()})
    assert one.who == "2026-03-01.json"


def test_a_notebook_of_another_chapter_is_told_and_not_marked(tmp_path):
    path = book.chapter("06").path
    assert path
    (one,) = taken(tmp_path, **{"202601__ipynb": json.loads(path.read_text(encoding="utf-8"))})
    assert one.files[0].fault == "是第06章的笔记本，这次批的是第02章"


def test_cells_kept_by_their_places_are_found(tmp_path):
    told = {
        **progress("202601", "小满", edition=None),
        "edits": {f"{PAGE}#44": {"at": 1, "text": "def my_fee(w): ..."}},
    }
    (one,) = taken(tmp_path, a__json=told)
    assert one.files[0].codes["c045"].source == "def my_fee(w): ..."
    assert "没写是哪一版的书" in said(one)


def test_the_newer_answer_counts_and_words_on_what_was_right_do_not(tmp_path):
    taken(
        tmp_path,
        a__json=progress("1234", "小满", at=5),
        b__json=progress("1234", "小满", answer=wrong, at=9),
    )
    ((one,), _) = command.marked(tmp_path, book.chapter("02"), None)
    assert one.quiz
    assert not any(answer.right for answer in one.quiz)


def test_what_is_no_submission_is_told_of_each(tmp_path):
    found = taken(
        tmp_path, a__zip=b"PK\x03\x04 zip", b__txt=b"hello", c__json={"a": 1}, d__json={"kefu": 2}, e__json=b"",
        f__json={"kefu": 1, "answers": 3}, g__json=progress("1234", "小满"),
    )  # fmt: skip
    faults = {student.files[0].file: student.files[0].fault for student in found}
    for name, fault in (
        ("a.zip", "压缩包请先解开"), ("b.txt", "读不出来"), ("c.json", "不是学习进度，也不是笔记本"),
        ("d.json", "另一种版本"), ("e.json", "空文件"), ("f.json", "不是一组记录"), ("g.json", ""),
    ):  # fmt: skip
        assert fault in faults[name]
        assert bool(fault) == bool(faults[name])


def test_hidden_and_system_files_are_passed_over_and_told(tmp_path, capsys):
    for name in (
        ".DS_Store",
        "__MACOSX/a.json",
        ".ipynb_checkpoints/02_preparation-checkpoint.ipynb",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    found, _ = command.marked(tmp_path, book.chapter("02"), None)
    assert found == []
    assert "3 hidden or system files passed over" in capsys.readouterr().out
