"""The ladder of penalties: every violation, against the model."""

from __future__ import annotations

import pytest

from kefu import rules
from kefu.demos import ladder
from kefu.presales.penalties import STEPS, VIOLATIONS
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    marked,
    parsed,
    presses,
    run_code,
    settings,
)


@pytest.mark.parametrize("one", VIOLATIONS, ids=lambda one: one.name)
def test_a_violation_fills_its_steps_and_says_its_rule_and_what_to_do(one) -> None:  # type: ignore[no-untyped-def]
    demo = hand(ladder(), violation=one.name)
    drawing = Drawing(demo.result())
    strong = [e.text or "" for e in drawing.root.iter("text") if e.get("class") == "strong"]
    assert [text.split()[-1] for text in strong] == [
        *one.steps,
        *(f"另加：{part}" for part in one.on_top),
    ]
    assert bold(demo.result()) == ["、".join((*one.steps, *one.on_top))]
    assert rules.rule(one.rule).text in parsed(demo.result()).get_text()
    assert one.instead in demo.result()
    assert marked(demo.result())[0] == one.name
    assert len(cells(demo.result())) == 10
    assert run_code(demo)[1] == (one.steps, one.on_top)
    drawing.assert_labels_inside()


def test_every_step_is_drawn_higher_than_the_one_before() -> None:
    texts = {text.split()[-1]: y for text, _, y, _ in Drawing(ladder().result()).texts()}
    heights = [texts[step] for step in STEPS]
    assert heights == sorted(heights, reverse=True)


def test_all_ten_can_be_pressed_and_the_one_shown_is_marked() -> None:
    demo = ladder("刷单")
    found = presses(demo.result())
    assert [text for text, _, _ in found] == [one.name for one in VIOLATIONS]
    assert [text for text, _, on in found if on == "true"] == ["刷单"]
    assert (
        settings(demo.picture()) == {}
    )  # the buttons are the choice; on paper the drawing names it
    assert "aria-label='刷单：搜索降权、关店、法律责任。" in demo.picture()


def test_an_unknown_violation_is_refused() -> None:
    with pytest.raises(ValueError, match="name"):
        ladder("迟到")
