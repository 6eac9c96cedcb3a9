from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor, log10
from xml.etree import ElementTree

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kefu.demos.core import STYLE
from kefu.demos.svg import (
    BOTTOM,
    HEIGHT,
    LEFT,
    LOOKS,
    RIGHT,
    TOP,
    WIDTH,
    WORDS,
    Frame,
    chart,
    ticks,
)
from tests.demos.reading import DEMOS, Drawing, parsed

lows = st.floats(-100_000, 100_000)
spans = st.floats(1e-6, 100_000)
numbers = st.floats(-1e6, 1e6)
labels = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(lows, spans)
@example(-3.2, 11.3)
@example(0.1, 19.8)  # multiples of 5 would be three, of 2 nine
def test_in_any_range_there_are_4_to_8_ticks(low: float, span: float) -> None:
    assert 4 <= len(ticks(low, low + span)) <= 8


@given(spans)
def test_from_zero_zero_is_a_tick(high: float) -> None:
    assert ticks(0, high)[0] == 0


@given(lows, spans)
def test_ticks_lie_within_the_range_and_rise(low: float, span: float) -> None:
    high = low + span
    found = ticks(low, high)
    assert all(low <= tick <= high for tick in found)
    assert all(one < other for one, other in pairwise(found))


@given(lows, spans)
@example(0.1, 19.8)
def test_ticks_are_multiples_of_a_round_step(low: float, span: float) -> None:
    found = ticks(low, low + span)
    numbers = [Fraction(str(tick)) for tick in found]
    step = numbers[1] - numbers[0]
    assert {other - one for one, other in pairwise(numbers)} == {step}
    assert all(number % step == 0 for number in numbers)
    mantissa = step / Fraction(10) ** floor(log10(step))
    assert mantissa in (1, 2, 5, Fraction(5, 2))
    if mantissa == Fraction(5, 2):  # only where neither neighbour will do
        low_, high_ = Fraction(str(low)), Fraction(str(low + span))
        counts = [floor(high_ / s) - ceil(low_ / s) + 1 for s in (step * 2, step * Fraction(4, 5))]
        assert counts[0] < 4
        assert counts[1] > 8


@pytest.mark.parametrize(
    ("low", "high"), [(1, 1), (2, 1), (math.nan, 1), (0, math.nan), (0, math.inf)]
)
def test_a_range_that_is_none_is_refused(low: float, high: float) -> None:
    with pytest.raises(ValueError, match=r"^high: "):
        ticks(low, high)


@given(st.integers(-1000, 1000), st.floats(0.1, 1000))
def test_no_tick_reads_minus_zero(low: int, span: float) -> None:
    assert "-0" not in [f"{tick:g}" for tick in ticks(low / 10, low / 10 + span)]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 9, [0, 2, 4, 6, 8]),
        (0, 0.5, [0, 0.1, 0.2, 0.3, 0.4, 0.5]),
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (0, 240, [0, 50, 100, 150, 200]),
        (-3, 3, [-3, -2, -1, 0, 1, 2, 3]),
        (63.5, 75.1, [64, 66, 68, 70, 72, 74]),
        (-3.2, 8.1, [-2, 0, 2, 4, 6, 8]),
        (0.1, 19.9, [2.5, 5, 7.5, 10, 12.5, 15, 17.5]),
    ],
)
def test_ticks_are_those_a_person_would_choose(
    low: float, high: float, expected: list[float]
) -> None:
    assert ticks(low, high) == expected


# The plane


def test_the_corners_of_the_data_are_the_corners_of_the_plane() -> None:
    frame = Frame(x_max=20, y_max=60, x_min=5, y_min=-10)
    assert (frame.x(5), frame.y(-10)) == (LEFT, HEIGHT - BOTTOM)
    assert (frame.x(20), frame.y(60)) == (WIDTH - RIGHT, TOP)


def test_a_frame_starts_at_zero_unless_told_otherwise() -> None:
    assert (Frame(10, 10).x(0), Frame(10, 10).y(0)) == (LEFT, HEIGHT - BOTTOM)


@given(numbers, numbers, st.floats(0, 1))
def test_data_maps_evenly_onto_the_plane(low: float, high: float, share: float) -> None:
    assume(high - low > 0.1)
    frame = Frame(high, high, low, low)
    value = low + share * (high - low)
    assert frame.x(value) == pytest.approx(LEFT + share * (WIDTH - LEFT - RIGHT), abs=0.06)
    assert frame.y(value) == pytest.approx(
        HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), abs=0.06
    )


# The drawing


@given(labels, st.floats(0, 10), st.floats(0, 10))
def test_a_drawing_is_well_formed_whatever_its_labels_say(label: str, x: float, y: float) -> None:
    frame = Frame(10, 10)
    text = chart(label, frame.axes(label, label), frame.path([(0, 0), (x, y)], "line"),
                 frame.dot((x, y), label))  # fmt: skip
    root = ElementTree.fromstring(text)
    assert root.attrib["aria-label"].split() == label.split()  # XML folds spaces in attributes
    assert root.attrib["role"] == "img"
    assert {e.tag for e in root.iter()} == {"svg", "path", "text", "polyline", "circle"}


@pytest.mark.parametrize("x", [0, 2, 5, 8, 10])
@pytest.mark.parametrize("y", [0, 5, 10])
def test_a_dots_label_stays_inside_wherever_the_dot_is(x: float, y: float) -> None:
    frame = Frame(10, 10)
    drawing = Drawing(
        chart("图", frame.axes("横轴（元）", "纵轴"), frame.dot((x, y), "门槛88元：72元"))
    )
    drawing.assert_labels_inside()
    assert drawing.dot == (frame.x(x), frame.y(y))


def test_a_drawing_grows_with_its_height() -> None:
    assert Drawing(chart("线", height=140)).height == 140


# Without a style sheet


def sheet() -> dict[str, dict[str, str]]:
    """How the sheet draws each class in light colours: its declarations, all rules together in order."""
    colours = dict(re.findall(r"--([\w-]+):(?:var\([\w-]+,)*(#\w{6})", STYLE.splitlines()[0]))
    found: dict[str, dict[str, str]] = {}
    for name, text in re.findall(
        r"^\.kefu-demo svg\.kefu-chart (?:text\.|\.)?([\w-]+)\{(.*)\}$", STYLE, re.M
    ):
        plain = re.sub(r"var\(--([\w-]+)\)", lambda hit: colours[hit[1]], text)
        found[name] = dict(part.split(":") for part in plain.removesuffix(";").split(";"))
    return found


def as_numbers(look: dict[str, str]) -> dict[str, str]:
    return {key: value.removesuffix("px") for key, value in look.items()}


def test_a_chart_is_drawn_by_its_own_attributes_as_by_the_light_style_sheet() -> None:
    looks = {name: as_numbers(look) for name, look in sheet().items()}
    words = looks.pop("text")
    assert words == {**WORDS, "font-family": "inherit"}
    looks["axis"].pop("stroke-width")  # what a drawing does by itself
    looks["second"]["stroke-dasharray"] = "4 3"  # which some set another way, on any page
    assert looks == LOOKS
    assert list(LOOKS) == list(looks)  # where an element has two classes, the later rule counts


def test_every_class_of_every_demos_drawing_has_its_look() -> None:
    seen: set[str] = set()
    for build in DEMOS:
        for part in parsed(build().picture()).select("svg [class], svg text"):
            look: dict[str, str] = dict(WORDS) if part.name == "text" else {}
            names = part.get_attribute_list("class") if "class" in part.attrs else []
            names = [name for name in names if not str(name).startswith("kefu-")]  # not a look
            for name in names:
                look |= LOOKS[str(name)]
            seen.update(map(str, names))
            assert look.keys() <= part.attrs.keys()
    assert len(seen) >= 12


def test_an_elements_own_attribute_is_kept_and_stands_once() -> None:
    drawn = chart("x", "<path class='second' stroke-dasharray='1 4' d='M0,0'/>")
    assert drawn.count("stroke-dasharray") == 1
    assert "stroke-dasharray='1 4'" in drawn
