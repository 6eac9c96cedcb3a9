from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from kefu.demos import check

CASES = [((2,), 4, "二的平方是四"), ((3,), 9, "三的平方是九")]
SECRET = [((), Decimal("226.30"), "单品先减，再看满减")]


class Table:
    """Like a pandas table: it has no truth value."""

    def __eq__(self, other: object) -> Any:
        return self

    def __bool__(self) -> bool:
        raise ValueError("The truth value of a Table is ambiguous")

    def __repr__(self) -> str:
        return "一张表"

    __hash__ = None  # type: ignore[assignment]


def said(capsys: pytest.CaptureFixture[str], answer: Any, cases: Any = CASES) -> list[str]:
    check(answer, cases)
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out.splitlines()


def test_a_right_answer_is_ticked_case_by_case(capsys: pytest.CaptureFixture[str]) -> None:
    def square(n: int) -> int:
        return n * n

    assert said(capsys, square) == ["✓ square(2) → 4", "✓ square(3) → 9", "2/2通过，全对！"]


def test_an_equal_number_of_another_kind_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    def square(n: int) -> Decimal:
        return Decimal(n * n)

    assert said(capsys, square)[-1] == "2/2通过，全对！"


def test_a_wrong_answer_names_what_it_should_be_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def square(n: int) -> int:
        return n + n

    assert said(capsys, square) == [
        "✓ square(2) → 4",
        "✗ square(3) → 6不对，应为9：三的平方是九",
        "1/2通过，改一改再运行。",
    ]


def test_a_function_not_yet_written_is_told_apart_from_a_wrong_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def square(n: int) -> None:
        return None

    lines = said(capsys, square)
    assert lines[0] == "… square(2) 还没有返回结果，应为4"
    assert not any(line.startswith("✗") for line in lines)
    assert lines[-1] == "0/2通过，改一改再运行。"


def test_an_error_in_the_readers_code_is_named_and_the_rest_still_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def square(n: int) -> float:
        return n * n if n > 2 else n / 0

    lines = said(capsys, square)
    assert lines[0] == "✗ square(2) 出错：ZeroDivisionError: division by zero"
    assert lines[1:] == ["✓ square(3) → 9", "1/2通过，改一改再运行。"]


def test_a_function_that_takes_no_such_arguments_is_an_error_of_the_reader(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def square() -> int:
        return 4

    assert "出错：TypeError" in said(capsys, square)[0]


@pytest.mark.parametrize("result", [None, Decimal("228.30"), "226.30", 0, Table()], ids=repr)
def test_a_case_without_arguments_does_not_give_the_answer_away(
    capsys: pytest.CaptureFixture[str], result: Any
) -> None:
    def best() -> Any:
        return result

    first, last = said(capsys, best, SECRET)
    assert "应为" not in first
    assert "226.30" not in first.replace(f"→ {result}", "")
    assert first.startswith("…" if result is None else "✗")
    assert (SECRET[0][2] in first) is (result is not None)
    assert last == "0/1通过，改一改再运行。"


def test_an_error_without_arguments_does_not_give_the_answer_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def best() -> Any:
        raise KeyError("NX99")

    assert said(capsys, best, SECRET)[0] == "✗ best() 出错：KeyError: 'NX99'"


def test_a_result_that_cannot_be_compared_is_wrong_and_stops_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def square(n: int) -> Any:
        return Table() if n == 2 else 9

    assert said(capsys, square) == [
        "✗ square(2) → 一张表不对，应为4：二的平方是四",
        "✓ square(3) → 9",
        "1/2通过，改一改再运行。",
    ]
