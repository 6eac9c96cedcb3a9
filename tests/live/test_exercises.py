"""Exercises in the page: written, run and checked there, with the solution hidden until asked for."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.live.living import CHAPTER, CHAPTERS, IN_CHROMIUM, Notebook
from tests.live.test_edit import Editor

FEE = "def my_fee(weight):\n    over = max(Decimal(weight) - 1, Decimal(0))\n    return "
RIGHT = FEE + '8 + ceil(over / Decimal("0.5")) * Decimal("2.5")'
ANSWERS = {
    RIGHT: ["✓ my_fee('0.8') → 8.0", "4/4通过，全对！"],
    FEE + '8 + over * Decimal("2.5")': ["✗ my_fee('2.4') → 11.50不对，应为15.5", "2/4通过，改一改再运行。"],
    FEE + "8 + ceil(over / 0.5) * 2.5": ["第3行出错：TypeError", "类型不合：文字要先变成数"],
    "def my_fee(weight):\n    print(8)": ["… my_fee('0.8') 还没有返回结果", "多半是忘了return"],
}  # fmt: skip
KEPT = "() => Object.keys(JSON.parse(localStorage.getItem('kefu /')).exercises)"


@IN_CHROMIUM
def test_an_exercise_is_checked_as_soon_as_it_runs(opened: Callable[[str], Page]) -> None:
    page = opened(CHAPTER)
    stub = Notebook(CHAPTER).having("def my_fee(weight)")
    exercise = Editor(page, stub.index)
    check = exercise.place.locator(".live-bar + .cell_output")  # right below the buttons
    exercise.button("写代码").click()
    expect(exercise.content).to_be_focused()
    status = exercise.place.locator(".live-bar [role=status]")
    for answer, said in reversed(ANSWERS.items()):
        exercise.write(answer)
        exercise.button("运行并检查").click()
        for words in said:
            expect(check).to_contain_text(words)
        expect(status).to_have_text(re.compile("^[0-4]/4通过，"))
        expect(exercise.place.locator(".live-won")).to_have_count(int(answer == RIGHT))
    assert page.evaluate(KEPT) == [f"{CHAPTER}#{stub.id}"]
    assert (
        status.evaluate("s => getComputedStyle(s).animationName") == "none"
    )  # motion is reduced here
    exercise.run("my_fee = ")
    expect(exercise.place.locator(".live-why")).to_be_visible()
    expect(status).to_have_text("出错了，原因在下面。")
    expect(check).to_have_text("")  # what it said was of another text
    expect(exercise.place.locator(".live-won")).to_have_count(0)


IN_SIGHT = """place => {
    const {top, bottom} = place.getBoundingClientRect(), lid = document.querySelector('.bd-header-article');
    return bottom > top && top >= lid.getBoundingClientRect().bottom && bottom <= innerHeight;
}"""
AT_THE_FOOT = "button => scrollBy({top: button.getBoundingClientRect().bottom - innerHeight + 2, behavior: 'instant'})"


@IN_CHROMIUM
def test_on_a_phone_the_result_is_in_sight_of_the_button(opened: Callable[[str], Page]) -> None:
    page = opened(CHAPTER)
    page.set_viewport_size({"width": 390, "height": 664})
    stub = Notebook(CHAPTER).having("def my_fee(weight)")
    exercise = Editor(page, stub.index)
    if not exercise.content.count():
        exercise.button("写代码").click()
    for answer, shown in ((RIGHT, ".live-won + .cell_output"), ("my_fee(", ".live-why")):
        exercise.write(answer)
        button = exercise.button("运行并检查")
        button.evaluate(AT_THE_FOOT)
        button.click()
        result = exercise.place.locator(shown)
        expect(result).to_be_visible()
        page.wait_for_function(f"place => ({IN_SIGHT})(place)", arg=result.element_handle())
        assert button.evaluate(IN_SIGHT)
    page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_exercises_for_the_page_each_with_its_check_after_it(name: str) -> None:
    cells = Notebook(name).cells
    found = [place for place, one in enumerate(cells) if one.exercise]
    assert len(found) >= 2
    assert all("demos.check(" in cells[place + 1].source for place in found)
