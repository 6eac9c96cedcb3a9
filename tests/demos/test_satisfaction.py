from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, satisfaction
from kefu.demos.core import plain, signed
from kefu.demos.satisfaction import BOTTOM, LEFT, SIDE, parted, px, regions
from kefu.operations.satisfaction import Customer, Ranking, gap, rank, ratio, verdict
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    parsed,
    run_code,
    set_to,
    settings,
    width,
)

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


def moved(name: str, value: Any) -> Demo:
    return set_to(satisfaction(), **MOVES[name][0], **{name: value})


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
    for person, names in zip(everybody, (SLIDERS[:2], SLIDERS[2:]), strict=False):
        e, x = float(person.expectation), float(person.experience)
        handle, _ = drawing.grip(*names)
        face = next(e for e in handle if "face" in e.attrib["class"])
        assert middle(face)[0] == pytest.approx(LEFT + e * SIDE / 100, abs=0.1)
        assert middle(face)[1] == pytest.approx(BOTTOM - x * SIDE / 100, abs=0.1)
        feeling = "glad" if x > e else "cross" if x < e else ""
        assert face.attrib["class"].split()[1:] == ([feeling] if feeling else [])
        eyes, mouth = handle[-1].attrib["d"].split("Q")
        corner, bent = float(eyes.split(",")[-1]), float(mouth.split()[0].split(",")[1])
        assert (bent > corner, bent < corner) == (x > e, x < e)  # down on the screen is a smile
    triangles = [e for e in drawing.root.iter() if e.attrib.get("fill-opacity") == ".55"]
    assert len(triangles) == len(everybody)
    for person, drawn in zip(everybody, reversed(triangles), strict=True):
        e, x = float(person.expectation), float(person.experience)
        corners = [tuple(map(float, p.split(","))) for p in drawn.attrib["d"][1:-2].split(" L")]
        assert corners == [px((e, e)), px((e, x)), px((x, x))]
        assert drawn.attrib["class"] == ("bar bar2" if x < e else "bar")
    for name, person in zip("甲乙", everybody, strict=False):
        length = abs(gap(person.experience, person.expectation))
        assert f"{name}期望{person.expectation}、体验{person.experience}，" in drawing.label
        assert f"三角形的直角边长{plain(length)}，" in drawing.label
    words = [text for text, *_ in drawing.texts()]
    assert words.count("甲") == 1
    assert words.count("乙") == len(everybody) - 1
    for person in everybody:
        assert f"差值{signed(gap(person.experience, person.expectation))}" in words
        assert f"比值{plain(round(ratio(person.experience, person.expectation), 2))}" in words
    parting = rank(*everybody).agree if len(everybody) == 2 else None
    caption = parsed(html).select(".kefu-caption")[0].get_text()
    assert ("不一样" in caption) is (parting is False)
    assert ("先后一样" in caption) is (parting is True)


def middle(shape: Any) -> tuple[float, float]:
    """The middle of a head, round or square."""
    a = shape.attrib
    if "cx" in a:
        return float(a["cx"]), float(a["cy"])
    return float(a["x"]) + float(a["width"]) / 2, float(a["y"]) + float(a["height"]) / 2


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(satisfaction().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees_with_the_model(moved(name, value))


@pytest.mark.parametrize("values", CORNERS, ids=str)
def test_at_extreme_settings_all_numbers_are_the_models(values: dict[str, Any]) -> None:
    assert_agrees_with_the_model(set_to(satisfaction(), **values))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [moved(name, value).result() for value in MOVES[name][1]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", SLIDERS)
def test_each_slider_is_moved_from_end_to_end(name: str) -> None:
    control = satisfaction().controls[name]
    assert {control.min, control.max} <= set(MOVES[name][1])


def test_the_second_customer_is_there_when_he_was_asked_in() -> None:
    demo = satisfaction()
    for name in SLIDERS[2:]:
        assert demo.controls[name].layout.display == "none"
        assert demo.controls[name].description not in settings(demo.picture())
    demo.controls["compare"].value = True
    assert {demo.controls[name].layout.display for name in SLIDERS} == {None}
    assert set(settings(demo.picture())) == {one.description for one in demo.controls.values()}


def test_he_who_is_to_be_moved_has_the_first_controls() -> None:
    assert list(satisfaction().controls)[:3] == ["expectation", "experience", "compare"]
    assert list(satisfaction(100, 90, (10, 9)).controls)[:3] == [*SLIDERS[2:], "compare"]


def test_a_face_is_taken_along_both_axes_and_a_corner_along_its_own() -> None:
    demo = set_to(satisfaction(), compare=True)
    for names, wanted in (
        (SLIDERS[:2], (33.4, 71.6)),
        (SLIDERS[2:], (0.0, 100.0)),
        (("expectation",), (64.9,)),
        (("experience",), (12.2,)),
    ):
        _, axes = Drawing(demo.result()).grip(*names)
        for axis in axes:
            assert axis["now"] == demo.controls[axis["name"]].value
            share = (axis["now"] - axis["min"]) / (axis["max"] - axis["min"])
            at = axis["low"] + share * (axis["high"] - axis["low"])
            place = px((axis["now"], axis["now"]))
            assert at == pytest.approx(place["experience" in axis["name"]], abs=0.2)
        hand(demo, **dict(zip(names, wanted, strict=True)))
        got = [demo.controls[name].value for name in names]
        assert got == [max(round(value), demo.controls[name].min)
                       for name, value in zip(names, wanted, strict=True)]  # fmt: skip
        assert_agrees_with_the_model(demo)


def test_the_triangle_has_no_corner_to_take_for_the_second_customer() -> None:
    drawing = Drawing(set_to(satisfaction(), compare=True).result())
    assert len(list(drawing.root.iter("g"))) == 4


@pytest.mark.parametrize("seed", range(20))
def test_names_of_regions_lie_on_no_line_and_no_face(seed: int) -> None:
    rng = random.Random(seed)
    one, two = (Customer(rng.randint(0, 100), rng.randint(1, 100)) for _ in range(2))
    difference = float(gap(one.experience, one.expectation))
    steep = float(ratio(one.experience, one.expectation))
    lines = [lambda x: x, lambda x: steep * x, lambda x: x + difference]
    for text in regions(one, two):
        label = parsed(text).find("text")
        assert label is not None
        x, y, half = float(str(label["x"])), float(str(label["y"])), width(label.get_text()) / 2
        assert px((0, 100))[1] < y - 9
        assert y < BOTTOM - 3
        for line in lines:
            for step in range(-10, 11):
                value = line((x + half * step / 10 - LEFT) * 100 / SIDE)
                assert not y - 9 < BOTTOM - value * SIDE / 100 < y + 2, (text, one, two)
        for person in (one, two):
            at, high = px((float(person.expectation), float(person.experience)))
            assert abs(at - x) > half + 8 or not y - 18 < high < y + 9


def test_many_moves_in_a_row_leave_nothing_of_the_old_settings() -> None:
    demo = satisfaction()
    for name, (_, values) in MOVES.items():
        for value in values:
            demo.controls[name].value = value
    now = {name: control.value for name, control in demo.controls.items()}
    assert demo.result() == set_to(satisfaction(), **now).result()


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
