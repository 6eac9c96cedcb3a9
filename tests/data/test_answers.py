"""The answer key: solutions and checks agree on any class's shop, and the key says what they say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from datasets import answers
from datasets.answers import Answer
from kefu import data
from tests.data.recover import Tables

CASES = 'cases_1 = [((), {}, "数一数")]\n'
SOLUTION = (
    "def many():\n    return len(data.rows('orders'))\n\ndemos.check(many, cases_1)\nprint('还有')"
)
GIVEN = "def same(n):\n    return n\n\ncases_2 = [((1,), 1, '照原样')]\ndemos.check(same, cases_2)"


@pytest.fixture(scope="module")
def keys(other: Tables) -> list[Answer]:
    """The key of another class's shop."""
    found = answers.key(other.folder, answers.notebooks())
    assert data.folder() == data.home()
    return found


def notebook(folder: Path, expected: str) -> Path:
    """A chapter of two exercises, the first of which the data decide."""
    cells = [
        {"cell_type": "code", "source": ["from kefu import data, demos"]},
        {"cell_type": "markdown", "source": ["## 练习\n", "\n", "### 练习1 ★ 几单\n"]},
        {"cell_type": "code", "source": [CASES.format(expected)]},
        {"cell_type": "code", "source": [SOLUTION], "tags": ["solution"]},
        {"cell_type": "markdown", "source": ["### 练习2 ★ 原样"]},
        {"cell_type": "code", "source": [GIVEN], "tags": ["solution"]},
        {"cell_type": "code", "source": ["1 / 0  # after the last solution"]},
    ]
    for number, cell in enumerate(cells):
        cell |= {"id": f"c{number}", "metadata": {"tags": cell.pop("tags", [])}}
    path = folder / "03_desk.ipynb"
    path.write_text(json.dumps({"cells": cells}, ensure_ascii=False), encoding="utf-8")
    return path


def test_every_chapter_with_exercises_is_in_the_key(keys: list[Answer]) -> None:
    assert {one.chapter for one in keys} == {path.name[:2] for path in answers.notebooks()}
    assert all(one.exercise.startswith("练习") for one in keys)
    assert len({(one.chapter, one.exercise) for one in keys}) == len(keys)


def test_checks_and_solutions_agree_on_another_class_s_shop(keys: list[Answer]) -> None:
    assert [one for one in keys if not one.passed] == []


def test_what_the_data_decide_differs_from_class_to_class(keys: list[Answer]) -> None:
    free = [one for one in keys if one.answer is not None]
    assert sum(one.answer != one.book for one in free) >= 4
    assert all(one.book is None for one in keys if one.answer is None)
    (month,) = (one for one in free if one.function == "heaviest")
    assert month.book == "10、'青鸟快递' → '远区'；11、'青鸟快递' → '偏远'；11、'绿邮小包' → '远区'"
    assert "226.30" not in answers.document(keys, 7, 4000)  # which the data do not decide


def test_a_check_that_knows_one_shop_only_is_seen(other: Tables, tmp_path: Path) -> None:
    own = len(data.rows("orders"))
    fixed, computed = str(own), 'len(data.load("orders"))'
    (first, second) = answers.key(other.folder, [notebook(tmp_path, fixed)])
    assert (first.answer, first.book, first.passed) == (str(len(other["orders"])), str(own), False)
    assert (first.exercise, first.printed) == ("练习1 ★ 几单", "还有")
    assert (second.answer, second.passed) == (None, True)
    assert "检查格不认" in answers.document([first, second], 7, 4000)
    (first, _) = answers.key(other.folder, [notebook(tmp_path, computed)])
    assert first.passed


def test_the_command_writes_both_forms_and_fails_where_a_check_refuses_a_solution(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop, to = tmp_path / "shop", tmp_path / "keys"
    monkeypatch.setattr("sys.argv", ["answers", "--seed", "5", "--customers", "1000",
                                     "--folder", str(shop), "--to", str(to)])  # fmt: skip
    monkeypatch.setattr(answers, "notebooks", lambda: [notebook(tmp_path, "0")])
    with pytest.raises(SystemExit, match="the check refuses the solution of 03 练习1"):
        answers.main()
    assert "seed-5.md" in capsys.readouterr().out
    orders = len((shop / "orders.csv").read_text("utf-8").splitlines()) - 1
    text = (to / "seed-5.md").read_text("utf-8")
    assert f"**{orders}**（检查格不认，请报告） | {len(data.rows('orders'))} |" in text
    assert "数据不影响：练习2。" in text
    raw = (to / "seed-5.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig")))
    assert (row["章"], row["本班的答案"], row["检查格认可"]) == ("03", str(orders), "否")
    assert not list(shop.glob("seed*"))  # students get this folder
