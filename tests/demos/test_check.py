from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kefu.demos import check
from kefu.demos.check import equal, shown

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
    assert lines[:2] == ["… square(2) 还没有返回结果", "… square(3) 还没有返回结果"]
    assert not any(line.startswith("✗") for line in lines)
    assert lines[-1] == "0/2通过，写好再运行；写了还这样，多半是忘了return。"


def test_what_is_expected_is_told_after_a_try_not_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def half_written(n: int) -> int | None:
        return 9 if n == 3 else None

    lines = said(capsys, half_written)
    assert lines[0] == "… half_written(2) 还没有返回结果，应为4"
    assert lines[-1] == "1/2通过，写好再运行；写了还这样，多半是忘了return。"


def test_an_error_in_the_readers_code_is_named_and_the_rest_still_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def square(n: int) -> float:
        return n * n if n > 2 else n / 0

    lines = said(capsys, square)
    line = square.__code__.co_firstlineno + 1
    assert lines[0] == (
        f"✗ square(2) 第{line}行出错：ZeroDivisionError: division by zero（除数是0，先判断再除）"
    )
    assert lines[1:] == ["✓ square(3) → 9", "1/2通过，改一改再运行。"]


@pytest.mark.parametrize("place", ["/tmp/ipykernel_7/{}.py", "<cell {}>"])
def test_an_error_behind_a_function_of_the_check_names_the_reader_s_own_line(
    capsys: pytest.CaptureFixture[str], place: str
) -> None:
    cells: dict[str, Any] = {}
    mine = "def reply():\n    text = '在'\n    return text + 1"
    for name, cell in (("mine", mine), ("check", "def said(_):\n    return reply()")):
        exec(compile(cell, place.format(name), "exec"), cells)
    assert said(capsys, cells["said"], [(("在",), "", "")])[0].startswith("✗ said('在') 第3行出错")


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
    assert "226.30" not in first.replace(f"→ {shown(result)}", "")
    assert first.startswith("…" if result is None else "✗")
    assert (SECRET[0][2] in first) is (result is not None)
    assert last.startswith("0/1通过，")


def test_an_error_without_arguments_does_not_give_the_answer_away(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def best() -> Any:
        raise KeyError("NX99")

    line = best.__code__.co_firstlineno + 1
    told = f"✗ best() 第{line}行出错：KeyError: 'NX99'（没有这个键或这一列）"
    assert said(capsys, best, SECRET)[0] == told


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


def test_a_text_is_told_apart_from_a_number_and_an_empty_text_is_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def told(n: int) -> str:
        return str(n * n) if n == 2 else ""

    cases: Any = [((2,), 4, "要数，不要文字"), ((3,), "", "空文字"), ((4,), "x", "不空")]
    assert said(capsys, told, cases)[:3] == [
        "✗ told(2) → '4'不对，应为4：要数，不要文字",
        "✓ told(3) → ''",
        "✗ told(4) → ''不对，应为'x'：不空",
    ]


def test_dates_are_shown_as_readers_write_them(capsys: pytest.CaptureFixture[str]) -> None:
    def same(day: date) -> date:
        return day

    cases = [((date(2025, 11, 1),), date(2025, 11, 8), "晚七天")]
    told = "✗ same(date(2025, 11, 1)) → date(2025, 11, 1)不对，应为date(2025, 11, 8)：晚七天"
    assert said(capsys, same, cases)[0] == told
    moments = ([datetime(2025, 12, 1, 9), date(2025, 12, 2)],)
    told = "… nothing([datetime(2025, 12, 1, 9, 0), date(2025, 12, 2)]) 还没有返回结果"

    def nothing(_moments: list[date]) -> None:
        """Write nothing."""

    assert said(capsys, nothing, [(moments, 0, "")])[0] == told


def test_a_float_may_differ_in_its_last_digits(capsys: pytest.CaptureFixture[str]) -> None:
    def tenth(n: int) -> float:
        return n / 10 + 0.2

    assert said(capsys, tenth, [((1,), 0.3, "三成")])[-1] == "1/1通过，全对！"
    assert not equal(0.3001, 0.3)


def test_a_case_does_not_see_what_the_function_did_to_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def last(items: list[int]) -> int:
        return items.pop()

    items = [1, 2]
    assert said(capsys, last, [((items,), 2, ""), ((items,), 2, "")])[-1] == "2/2通过，全对！"
    assert items == [1, 2]
