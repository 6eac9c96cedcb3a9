"""How 4.9 is made: each control moved from end to end, the dot dragged, against the models."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu.aftersales.reviews import covers, favourable_rate, to_reach
from kefu.demos import Demo, rating
from kefu.demos.rating import ORDERS, OURS, RIVALS, SCORES
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
    "score": [3.5, 4.2, 4.5, 4.9],
    "good": [1, 19, 300],
    "bad": [0, 1, 40],
    "gate": [80, 95, 99],
    "star": [1, 2, 3],
    "order": ["rate", "low"],
}


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = rating().controls
    assert list(MOVES) == list(controls)
    for name in ("score", "good", "bad", "gate", "star"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])


def assert_rating_agrees(demo: Demo) -> None:
    v = positions(demo)
    html, drawing = demo.result(), Drawing(demo.result())
    needed = covers(f"{v['score']:.1f}", v["star"])
    assert bold(html) == [f"{needed}条"]
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(f"{needed}条五星")
    shops = {OURS: (v["good"], v["good"] + v["bad"])} | RIVALS
    found = {name: favourable_rate([5] * k + [1] * (n - k)) for name, (k, n) in shops.items()}
    for row in cells(html):
        one = found[row[0]]
        assert row[1:] == [f"{one.good}/{one.n}", f"{one.rate:.1%}", f"{one.low:.1%}"]
    order = [getattr(found[row[0]], v["order"]) for row in cells(html)]
    assert order == sorted(order, reverse=True)
    assert marked(html)[0] == OURS
    more = to_reach(v["good"], v["good"] + v["bad"], v["gate"] / 100)
    assert (f"还差{more}条" in html) is bool(more)
    assert ("过了" in parsed(html).select_one(".kefu-formula").get_text()) is not bool(more)  # type: ignore[union-attr]
    assert f"一条{v['star']}星要{needed}条五星" in drawing.label
    names = drawing.label.split("从上到下：")[1]
    assert [part[:2] for part in names.split("、")] == [row[0] for row in cells(html)]
    drawing.assert_labels_inside()
    line = drawing.line("line")
    assert len(line) == len(SCORES)
    at = [round(float(one), 1) for one in SCORES].index(round(v["score"], 1))
    assert drawing.dot == line[at]
    assert run_code(demo)[1] == (needed, round(found[OURS].low, 3), more)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_rating_agrees(set_to(rating(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(rating(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize(("wanted", "value"), [(4.52, 4.5), (4.87, 4.9), (9, 4.9), (1, 3.5)])
def test_the_dot_is_dragged_by_its_step(wanted: float, value: float) -> None:
    demo = rating()
    assert list(grips(demo.result())) == ["score"]
    hand(demo, score=wanted)
    assert demo.controls["score"].value == pytest.approx(value)
    assert_rating_agrees(demo)


def test_pressing_the_order_turns_the_ranking_round() -> None:
    demo = rating()
    assert [(text, on) for text, _, on in presses(demo.result())] == [
        (name, str(key == "rate").lower()) for key, name in ORDERS.items()
    ]
    before = [row[0] for row in cells(demo.result())]
    assert before.index("乙店") < before.index("丙店")
    hand(demo, order="low")
    after = [row[0] for row in cells(demo.result())]
    assert after.index("丙店") < after.index("乙店")
    assert_rating_agrees(demo)
