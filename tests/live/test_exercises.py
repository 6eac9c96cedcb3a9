"""Exercises in the page: written, run and checked there, with the solution hidden until asked for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.live.living import CHAPTER, CHAPTERS, IN_CHROMIUM, Notebook, cell
from tests.live.test_edit import Editor

FEE = "def my_fee(weight):\n    over = max(Decimal(weight) - 1, Decimal(0))\n    return "
RIGHT = FEE + '8 + ceil(over / Decimal("0.5")) * Decimal("2.5")'
ANSWERS = {
    RIGHT: ["✓ my_fee('0.8') → 8.0", "4/4通过，全对！"],
    FEE + '8 + over * Decimal("2.5")': ["✗ my_fee('2.4') → 11.50不对，应为15.5", "2/4通过，改一改再运行。"],
    FEE + "8 + ceil(over / 0.5) * 2.5": ["第3行出错：TypeError", "类型不合：文字要先变成数"],
    "def my_fee(weight):\n    print(8)": ["还没有返回结果，应为8", "多半是忘了return"],
}  # fmt: skip
KEPT = "() => Object.keys(JSON.parse(localStorage.getItem('kefu')).exercises)"


@IN_CHROMIUM
def test_an_exercise_is_checked_as_soon_as_it_runs(opened: Callable[[str], Page]) -> None:
    page = opened(CHAPTER)
    stub = Notebook(CHAPTER).having("def my_fee(weight)")
    cells = Notebook(CHAPTER).cells
    check = cell(page, cells[cells.index(stub) + 1].index).locator(".cell_output")
    exercise = Editor(page, stub.index)
    exercise.button("写代码").click()
    expect(exercise.content).to_be_focused()
    for answer, said in reversed(ANSWERS.items()):
        exercise.write(answer)
        exercise.button("运行并检查").click()
        for words in said:
            expect(check).to_contain_text(words)
    expect(exercise.place.get_by_text("检查的结果在下面一格。")).to_be_visible()
    assert page.evaluate(KEPT) == [f"{CHAPTER}#{stub.index}"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_exercises_for_the_page_each_with_its_check_after_it(name: str) -> None:
    cells = Notebook(name).cells
    found = [place for place, one in enumerate(cells) if one.exercise]
    assert len(found) >= 2
    assert all("demos.check(" in cells[place + 1].source for place in found)
