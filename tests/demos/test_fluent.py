from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, next_word
from kefu.demos.fluent import STARTS
from kefu.intelligence.fluent import crossing, following, pieces, source, write
from tests.demos.reading import cells, parsed, run_code, set_to

MOVES: dict[str, list[Any]] = {"back": [3, 1, 6], "seed": [2, 3, 20], "start": [*STARTS]}


def assert_agrees(demo: Demo) -> None:
    v = {name: control.value for name, control in demo.controls.items()}
    text = write(v["start"], v["back"], v["seed"])
    html = demo.result()
    assert parsed(html).select(".kefu-said")[0].get_text() == text
    ruling = parsed(html).select(".kefu-ruling")[0].get_text()
    entry = source(text)
    assert f"知识库{entry}里有这句" in ruling if entry else f"{len(pieces(text))}截拼成" in ruling
    for (one, where), (piece, from_) in zip(cells(html), pieces(text), strict=True):
        assert one == piece
        assert where == (from_ if len(piece) > 2 else "哪条里都有的字")
    for one, share in list(following(crossing(text, v["back"]), v["back"]).items())[:4]:
        assert f"“{one}”{share:.0%}" in html


def test_every_control_is_moved() -> None:
    assert list(MOVES) == list(next_word().controls)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_the_picture_is_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(next_word(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(next_word(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("back", range(1, 7))
def test_wherever_it_starts_it_can_be_drawn(start: str, back: int) -> None:
    assert_agrees(next_word(start, back))


def test_the_code_gives_the_same_sentence() -> None:
    printed, _ = run_code(next_word())
    assert write(STARTS[0], 3, 2) in printed
