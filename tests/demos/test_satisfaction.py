from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, satisfaction
from kefu.demos.core import plain
from kefu.demos.satisfaction import BOTTOM, LEFT, SIDE, parted, px
from kefu.operations.satisfaction import Customer, Ranking, gap, rank, ratio, verdict
from tests.demos.reading import Drawing, bold, cells, parsed, run_code

SLIDERS = ("expectation", "experience", "other_expectation", "other_experience")
COMPARING = {"compare": True}
MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "expectation": ({}, [1, 5, 59, 60, 61, 100]),
    "experience": ({}, [0, 1, 79, 80, 81, 100]),
    "compare": ({}, [True, False]),
    "other_expectation": (COMPARING, [1, 10, 55, 80, 100]),
    "other_experience": (COMPARING, [0, 9, 30, 40, 100]),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]
CORNERS = [
    {"expectation": 1, "experience": 0},
    {"expectation": 1, "experience": 100},
    {"expectation": 100, "experience": 0},
    {"expectation": 100, "experience": 100},
    {"expectation": 40, "experience": 55, "compare": True},  # both in the same place
    {"expectation": 1, "experience": 0, "compare": True, "other_expectation": 100},
    {"expectation": 100, "experience": 90, "compare": True,
     "other_expectation": 10, "other_experience": 9},
]  # fmt: skip


def set_to(**values: Any) -> Demo:
    demo = satisfaction()
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def moved(name: str, value: Any) -> Demo:
    return set_to(**MOVES[name][0], **{name: value})


def people(demo: Demo) -> list[Customer]:
    v = {name: control.value for name, control in demo.controls.items()}
    one = Customer(v["experience"], v["expectation"])
    return [one, Customer(v["other_experience"], v["other_expectation"])][: 1 + v["compare"]]


def number(text: str) -> Decimal:
    return Decimal(text.replace("−", "-"))


def assert_agrees_with_the_model(demo: Demo) -> None:
    html, everybody = demo.result(), people(demo)
    one = everybody[0]
    difference, quotient = (
        gap(one.experience, one.expectation),
        ratio(one.experience, one.expectation),
    )
    assert number(bold(html)[0]) == difference
    assert number(bold(html)[1]) == round(quotient, 4)
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    assert f"{one.experience} − {one.expectation} = " in words
    assert f"{one.experience} ÷ {one.expectation} = " in words
    assert verdict(one.experience, one.expectation).value in words
    assert_drawing_agrees(html, everybody)
    if len(everybody) == 1:
        assert not parsed(html).find("table")
        return
    for row, person in zip(cells(html), everybody, strict=True):
        x, e = person.experience, person.expectation
        assert [number(cell) for cell in row[1:5]] == [e, x, gap(x, e), round(ratio(x, e), 4)]
        assert row[5] == verdict(x, e).value
    said = parsed(html).select("p.kefu-note")[0].get_text()
    found, name = rank(*everybody), {1: "甲", 0: "一样", -1: "乙"}
    assert f"差值模型：{name[found.by_gap]}；比值模型：{name[found.by_ratio]}。" in said
    assert ("先后一样" in said) is found.agree


def assert_drawing_agrees(html: str, everybody: list[Customer]) -> None:
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    spots = [px((float(p.expectation), float(p.experience))) for p in everybody]
    assert drawing.dot == spots[0]
    assert drawing.dot[0] == pytest.approx(
        LEFT + float(everybody[0].expectation) * SIDE / 100, abs=0.1
    )
    assert drawing.dot[1] == pytest.approx(
        BOTTOM - float(everybody[0].experience) * SIDE / 100, abs=0.1
    )
    triangles = [e for e in drawing.root.iter() if e.attrib.get("fill-opacity") == ".55"]
    assert len(triangles) == len(everybody)
    for person, drawn in zip(everybody, reversed(triangles), strict=True):
        e, x = float(person.expectation), float(person.experience)
        corners = [tuple(map(float, p.split(","))) for p in drawn.attrib["d"][1:-2].split(" L")]
        assert corners == [px((e, e)), px((e, x)), px((x, x))]
        assert drawn.attrib["class"] == ("bar2" if x < e else "bar")
    for name, person in zip("甲乙", everybody, strict=False):
        length = abs(gap(person.experience, person.expectation))
        assert f"{name}期望{person.expectation}、体验{person.experience}，" in drawing.label
        assert f"三角形的直角边长{plain(length)}，" in drawing.label
    marks = [e for e in drawing.root.iter("rect") if e.attrib["class"] == "bar"]
    assert len(marks) == len(everybody) - 1


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(satisfaction().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees_with_the_model(moved(name, value))


@pytest.mark.parametrize("values", CORNERS, ids=str)
def test_at_extreme_settings_all_numbers_are_the_models(values: dict[str, Any]) -> None:
    assert_agrees_with_the_model(set_to(**values))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [moved(name, value).result() for value in MOVES[name][1]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", SLIDERS)
def test_each_slider_is_moved_from_end_to_end(name: str) -> None:
    control = satisfaction().controls[name]
    assert {control.min, control.max} <= set(MOVES[name][1])


@pytest.mark.parametrize("name", ["other_expectation", "other_experience"])
def test_moving_the_second_customer_lets_him_in(name: str) -> None:
    demo = set_to(**{name: 70})
    assert demo.result() == set_to(compare=True, **{name: 70}).result()
    demo.controls["compare"].value = False
    assert demo.result() == satisfaction().result()


def test_many_moves_in_a_row_leave_nothing_of_the_old_settings() -> None:
    demo = satisfaction()
    for name, (_, values) in MOVES.items():
        for value in values:
            demo.controls[name].value = value
    now = {name: control.value for name, control in demo.controls.items()}
    assert demo.result() == set_to(**now).result()


def test_the_reference_case_is_one_call_away() -> None:
    demo = satisfaction(100, 90, (10, 9))
    assert cells(demo.result()) == [
        ["甲", "100", "90", "−10", "0.9", "低于期望"],
        ["乙", "10", "9", "−1", "0.9", "低于期望"],
    ]
    assert "差值模型：乙；比值模型：一样" in demo.result()


def inside(point: tuple[float, float], area: list[tuple[float, float]]) -> bool:
    """Whether a point lies inside a polygon, by the even-odd rule."""
    x, y, odd = *point, False
    for (a, b), (c, d) in zip(area, [*area[1:], area[0]], strict=True):
        if (b > y) != (d > y) and x < (c - a) * (y - b) / (d - b) + a:
            odd = not odd
    return odd


@pytest.mark.parametrize(
    ("expectation", "experience"),
    [(100, 90), (60, 45), (60, 10), (20, 80), (30, 50), (50, 50), (1, 100), (100, 0), (40, 0)],
)
def test_the_golden_area_is_where_the_models_part(expectation: int, experience: int) -> None:
    one = Customer(experience, expectation)
    areas = parted(one)
    rng = random.Random(88)
    for _ in range(300):
        e, x = rng.uniform(0.5, 99.5), rng.uniform(0.5, 99.5)
        opposed = rank(one, Customer(x, e)) in (Ranking(1, -1), Ranking(-1, 1))
        assert opposed is any(inside((e, x), area) for area in areas), (e, x)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_the_shown_code_runs_and_gives_the_models_result(name: str, value: Any) -> None:
    demo = moved(name, value)
    printed, result = run_code(demo)
    everybody = people(demo)
    if len(everybody) == 2:
        assert result == rank(*everybody)
    else:
        x, e = everybody[0].experience, everybody[0].expectation
        assert printed.split() == [str(gap(x, e)), str(ratio(x, e))]
