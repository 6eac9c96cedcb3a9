"""One person or two: the threshold and every field moved, the handle dragged, against the model."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu import data
from kefu.demos import Demo, same_person
from kefu.demos.same_person import COMPLETE, EXTRA, HIGH, LOW, PRECISE, cleaned_rows, true_person
from kefu.operations.customers import NAMES, Matched, deduplicate, measured, singled_out
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    grips,
    hand,
    marked,
    parsed,
    positions,
    presses,
    run_code,
    set_to,
)

MOVES: dict[str, list[Any]] = {
    "threshold": [LOW, 6, 11, 14, HIGH],
    **{name: [False, True] for name in EXTRA},
}


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = same_person().controls
    assert list(MOVES) == list(controls)
    assert {controls["threshold"].min, controls["threshold"].max} <= set(MOVES["threshold"])


def used(demo: Demo) -> list[str]:
    return ["nickname", *(name for name in EXTRA if positions(demo)[name])]


def found(fields: list[str], threshold: int) -> Matched:
    pairs = deduplicate(cleaned_rows(), threshold, fields).pairs
    return measured((pair.rows for pair in pairs), true_person())


def assert_agrees(demo: Demo) -> None:
    fields, threshold = used(demo), positions(demo)["threshold"]
    now, html = found(fields, threshold), demo.result()
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(f"错并{now.wrong}对　漏并{now.missed}对")
    assert bold(html) == [f"{now.precision:.3f}", f"{now.recall:.3f}"]
    drawing = Drawing(html)
    assert f"并了{now.merged}对，错并{now.wrong}对，漏并{now.missed}对" in drawing.label
    drawing.assert_labels_inside()
    wrong, missed = drawing.line("second"), drawing.line("line")
    assert len(wrong) == len(missed) == HIGH - LOW + 1
    assert drawing.dot == wrong[threshold - LOW]
    rows = cells(html)
    assert [row[0] for row in rows] == [NAMES[name] for name in fields]
    customers = data.rows("customers")
    for place, row in enumerate(rows, 1):
        assert row[2] == f"{singled_out(customers, fields[:place]):.1%}的客人"
    assert marked(html) == rows[-1]
    pressed = {next(iter(wanted)): on for _, wanted, on in presses(html)}
    assert pressed == {name: str(name in fields).lower() for name in EXTRA}
    if now.wrong:
        assert "错并得最像的" in html
    assert ("漏掉得最像的" in html) == bool(now.missed)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(same_person(), **{name: value}))


@pytest.mark.parametrize("threshold", [LOW, 12, 20, 34, HIGH])
def test_with_every_field_too(threshold: int) -> None:
    demo = set_to(same_person(), **dict.fromkeys(EXTRA, True))
    assert_agrees(set_to(demo, threshold=threshold))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(same_person(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


def test_what_is_shaded_is_what_is_good_enough_and_needs_a_second_field() -> None:
    alone, with_phone = same_person(), set_to(same_person(), phone=True)
    assert "没有一个门槛两样都够" in Drawing(alone.result()).label
    label = Drawing(with_phone.result()).label
    good = [
        at
        for at in range(LOW, HIGH + 1)
        for now in [found(["nickname", "phone"], at)]
        if now.precision >= PRECISE and now.recall >= COMPLETE
    ]
    assert f"{good[0]}分到{good[-1]}分两样都够" in label
    assert good == list(range(good[0], good[-1] + 1))  # one stretch, as it is drawn


def test_the_line_is_dragged_and_fields_are_pressed_in_the_picture() -> None:
    demo = same_person()
    assert list(grips(demo.result())) == ["threshold"]
    hand(demo, threshold=11.2)
    hand(demo, phone=True)
    assert (positions(demo)["threshold"], positions(demo)["phone"]) == (11, True)
    assert_agrees(demo)
    hand(demo, phone=False)
    assert used(demo) == ["nickname"]


def test_the_code_shown_prints_how_many_pairs_were_merged() -> None:
    demo = set_to(same_person(14), province=True)
    printed, _ = run_code(demo)
    assert printed.strip() == str(found(["nickname", "province"], 14).merged)


@pytest.mark.parametrize("threshold", [LOW - 1, 99])
def test_a_threshold_that_the_slider_has_not_is_refused(threshold: int) -> None:
    with pytest.raises(ValueError, match="几分算一个人"):
        same_person(threshold)
