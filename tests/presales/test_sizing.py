"""The sizes: the chart's values, the three levels of advice, and what no size can be given for."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.presales.sizing import (
    MEASURES,
    Advice,
    AdviceKind,
    ChartSize,
    SizeChart,
    read_size_charts,
    recommend,
    size_chart,
)

CHARTS = read_size_charts()
NAMES = st.sampled_from(sorted(CHARTS))
CM, KG = st.integers(90, 200), st.integers(10, 110)
GIRTH = st.none() | st.integers(50, 130)


def row(
    size: str, low: int, high: int, light: int, heavy: int, bust: int | None = None
) -> ChartSize:
    return ChartSize(
        size,
        (Decimal(low), Decimal(high)),
        (Decimal(light), Decimal(heavy)),
        None if bust is None else Decimal(bust),
    )


def chart_of(steps: list[tuple[int, int, int, int, int]]) -> SizeChart:
    """A chart of any sizes whose figures rise: ranges may overlap, meet or leave a gap."""
    low, high, light, heavy, bust = 100, 110, 20, 25, 70
    rows = []
    for number, (a, b, c, d, e) in enumerate(steps):
        low, light, bust = low + a, light + c, bust + e
        high, heavy = max(high + b, low), max(heavy + d, light)
        rows.append(row(f"{number}", low, high, light, heavy, bust))
    return SizeChart("t", tuple(rows))


STEP = st.tuples(*[st.integers(0, 15)] * 4, st.integers(1, 9))
ANY_CHART = st.lists(STEP, min_size=1, max_size=5).map(chart_of)


# The chart's own values


@pytest.mark.parametrize("line", data.rows("size_charts"), ids=lambda r: r["chart"] + r["size"])
def test_who_stands_in_the_middle_of_a_size_is_allowed_it_by_every_measure(
    line: dict[str, str],
) -> None:
    table = CHARTS[line["chart"]]
    height = (int(line["height_min_cm"]) + int(line["height_max_cm"])) / 2
    weight = (int(line["weight_min_kg"]) + int(line["weight_max_kg"])) / 2
    assert line["size"] in table.fitting("height", height)
    assert line["size"] in table.fitting("weight", weight)
    girths: dict[str, Any] = {
        name: int(line[f"{name}_cm"]) for name in ("bust", "waist") if line[f"{name}_cm"]
    }
    for name, value in girths.items():
        assert table.fitting(name, value)[0] == line["size"]  # up to its own figure it fits
        assert line["size"] not in table.fitting(name, value + 0.5)
    found = recommend(line["chart"], height, weight, usual=line["size"], **girths)
    assert found.size == line["size"]


@pytest.mark.parametrize(
    ("body", "size"),
    [
        (("短袖", 155, 45), "S"),
        (("短袖", 162, 50), "S"),  # both fit: the smaller
        (("短袖", 165, 58), "M"),
        (("短袖", 165, 62), "M"),
        (("短袖", 165, 63), "L"),  # a size apart: the larger
        (("衬衫", 172, 68), "L"),
        (("童装", 115, 21), "120"),
        (("打底裤", 160, 54), "M"),
    ],
)
def test_height_and_weight_give_one_size(body: tuple[str, int, int], size: str) -> None:
    found = recommend(*body)
    assert (found.kind, found.level, found.size) == (AdviceKind.ONE, 1, size)
    assert len(found.choices) == 1
    assert f"拍{size}码" in found.says


# The three levels


def test_on_the_first_level_who_hesitates_hears_what_to_measure() -> None:
    assert recommend("连衣裙", 165, 57).asks == ("胸围", "腰围")
    assert recommend("短袖", 165, 58).asks == ("胸围",)
    assert "再告诉我腰围" in recommend("牛仔裤", 160, 50).says


@pytest.mark.parametrize(
    ("bust", "waist", "size", "changed"),
    [(89, 71, "M", False), (92, None, "L", True), (None, 75, "L", True), (90, 72, "M", False)],
)
def test_bust_and_waist_confirm_or_change_the_size(
    bust: int | None, waist: int | None, size: str, changed: bool
) -> None:
    found = recommend("连衣裙", 165, 57, bust, waist)
    assert (found.level, found.size, found.changed) == (2, size, changed)
    assert ("改拍" in found.says) is changed
    assert ("也对得上" in found.says) is not changed


def test_a_smaller_bust_settles_between_two_that_fit() -> None:
    assert recommend("连衣裙", 165, 57, 89, runs_small=True).size == "M"
    assert recommend("连衣裙", 165, 57, runs_small=True).size == "L"


def test_on_the_third_level_two_sizes_have_a_reason_each() -> None:
    found = recommend("连衣裙", 165, 57, unsure=True)
    assert (found.kind, found.level) == (AdviceKind.TWO, 3)
    assert [one.size for one in found.choices] == ["M", "L"]
    assert ["合身" in one.why for one in found.choices] == [True, False]
    assert ["宽松" in one.why for one in found.choices] == [False, True]
    assert all(one.why in found.says for one in found.choices)


@pytest.mark.parametrize(
    ("body", "pair"),
    [
        (("短袖", 162, 52), ["S", "M"]),  # both fit
        (("短袖", 165, 53), ["M", "S"]),  # light in M, of middle height
        (("短袖", 167, 59), ["M", "L"]),
        (("短袖", 165, 64), ["L", "M"]),  # a size apart: the other of the two
        (("短袖", 151, 41), ["S", "M"]),  # nothing is smaller
        (("短袖", 184, 84), ["XL", "L"]),  # nothing is larger
    ],
)
def test_the_second_choice_is_the_other_that_fits_or_that_the_body_leans_to(
    body: tuple[str, int, int], pair: list[str]
) -> None:
    assert [one.size for one in recommend(*body, unsure=True).choices] == pair


# What is said about the product and the usual size is an input


def test_of_what_runs_small_the_larger_of_two_is_taken_and_said() -> None:
    plain, small = recommend("连衣裙", 165, 57), recommend("连衣裙", 165, 57, runs_small=True)
    assert (plain.size, plain.larger, small.size, small.larger) == ("M", False, "L", True)
    assert "偏小" in small.says
    assert "偏小" not in plain.says
    assert recommend("连衣裙", 160, 50, runs_small=True) == recommend("连衣裙", 160, 50)


def test_the_usual_size_decides_between_two_and_else_is_told_to_differ() -> None:
    assert recommend("短袖", 162, 51, usual="M").size == "M"
    found = recommend("短袖", 165, 58, usual="S")
    assert (found.size, found.usual) == ("M", "S")
    assert "平时穿S码" in found.says
    assert recommend("短袖", 165, 58, usual="M").usual == ""


# No size


@pytest.mark.parametrize(
    ("height", "weight", "asks"),
    [(165, None, ("体重",)), (None, 58, ("身高",)), (None, None, ("身高", "体重"))],
)
def test_a_missing_measure_is_asked_for(
    height: int | None, weight: int | None, asks: tuple[str, ...]
) -> None:
    found = recommend("短袖", height, weight, 95)
    assert (found.kind, found.size, found.asks) == (AdviceKind.ASK, None, asks)
    assert all(name in found.says for name in asks)


def test_what_lies_outside_the_chart_gets_no_size_and_is_told_the_range() -> None:
    found = recommend("短袖", 190, 60)
    assert (found.kind, found.size, found.choices) == (AdviceKind.OUT, None, ())
    assert "身高190厘米，这张表只到150—185" in found.says


@pytest.mark.parametrize(
    ("height", "weight", "words"),
    [(165, 116, "116斤就是58公斤"), ("1.65", 58, "1.65米就是165厘米")],
)
def test_a_slip_of_the_unit_is_asked_about(height: Any, weight: int, words: str) -> None:
    found = recommend("短袖", height, weight)
    assert found.kind == AdviceKind.OUT
    assert words in found.says
    assert "别的款" not in found.says


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ((172, 45, None), ("身高172厘米对着L", "体重45公斤对着S")),
        ((172, 65, 90), ("身高172厘米对着L", "胸围90厘米对着S")),
    ],
)
def test_measures_two_sizes_apart_get_no_size_but_a_question(
    body: tuple[int, int, int | None], words: tuple[str, str]
) -> None:
    found = recommend("短袖", *body)
    assert (found.kind, found.size) == (AdviceKind.CLASH, None)
    assert all(word in found.says for word in words)


def test_a_measure_that_the_chart_does_not_have_is_left_aside() -> None:
    assert recommend("打底裤", 160, 54, bust=300) == recommend("打底裤", 160, 54)


# Properties


@given(
    NAMES | ANY_CHART, st.none() | CM, st.none() | KG, GIRTH, GIRTH, st.booleans(), st.booleans()
)
def test_whatever_is_said_the_advice_is_of_the_chart_and_speaks(
    chart: str | SizeChart,
    height: Any,
    weight: Any,
    bust: Any,
    waist: Any,
    small: bool,
    unsure: bool,
) -> None:
    table = CHARTS[chart] if isinstance(chart, str) else chart
    found = recommend(chart, height, weight, bust, waist, runs_small=small, unsure=unsure)
    named = [one.size for one in found.choices]
    assert set(named) <= set(table.sizes)
    assert len(set(named)) == len(named)
    assert len(named) == {AdviceKind.ONE: 1, AdviceKind.TWO: 2}.get(found.kind, 0)
    places = [table.sizes.index(size) for size in named]
    assert len(places) < 2 or abs(places[0] - places[1]) == 1
    assert len(found.says) > 10
    if None in (height, weight):
        assert found.kind in (AdviceKind.ASK, AdviceKind.OUT)


@given(NAMES | ANY_CHART, st.tuples(CM, CM), st.tuples(KG, KG), GIRTH, st.booleans(), st.data())
def test_who_is_taller_or_heavier_never_gets_a_smaller_size(
    chart: str | SizeChart,
    heights: tuple[int, int],
    weights: tuple[int, int],
    bust: int | None,
    small: bool,
    drawn: st.DataObject,
) -> None:
    table = CHARTS[chart] if isinstance(chart, str) else chart
    usual = drawn.draw(st.none() | st.sampled_from(table.sizes))
    one, more = (
        recommend(table, pick(heights), pick(weights), bust, usual=usual, runs_small=small).size
        for pick in (min, max)
    )
    if one is not None and more is not None:
        assert table.sizes.index(one) <= table.sizes.index(more)


@given(ANY_CHART, st.sampled_from(sorted(MEASURES)), st.integers(60, 250))
def test_within_the_chart_every_value_is_allowed_some_size(
    table: SizeChart, measure: str, value: int
) -> None:
    ranges, found = table.ranges(measure), table.fitting(measure, value)
    inside = bool(ranges) and ranges[0][0] <= value <= ranges[-1][1]
    assert bool(found) is inside
    holds = [s for s, (low, high) in zip(table.sizes, ranges, strict=False) if low <= value <= high]
    assert set(holds) <= set(found)
    assert not holds or list(found) == holds


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_the_first_level_alone_covers_every_whole_centimetre_and_kilogram(name: str) -> None:
    table = CHARTS[name]
    (low, high), (light, heavy) = (
        (int(table.ranges(one)[0][0]), int(table.ranges(one)[-1][1]))
        for one in ("height", "weight")
    )
    kinds = {
        recommend(table, cm, kg).kind
        for cm, kg in product(range(low, high + 1), range(light, heavy + 1))
    }
    assert AdviceKind.OUT not in kinds
    assert AdviceKind.ONE in kinds


# Bad input


@pytest.mark.parametrize(
    ("values", "argument"),
    [
        ({"chart": "西装"}, "chart"),
        ({"height": 0}, "height"),
        ({"weight": -1}, "weight"),
        ({"bust": "大"}, "bust"),
        ({"usual": "XS"}, "usual"),
    ],
)
def test_what_is_wrong_is_named_in_both_languages(values: dict[str, Any], argument: str) -> None:
    given_: dict[str, Any] = {"chart": "短袖", "height": 165, "weight": 58} | values
    with pytest.raises(ValueError, match=rf"{argument}: expected .*（{argument}应为"):
        recommend(**given_)


@pytest.mark.parametrize("flag", ["runs_small", "unsure"])
def test_a_flag_is_true_or_false(flag: str) -> None:
    with pytest.raises(TypeError, match=flag):
        recommend("短袖", 165, 58, **{flag: "no"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "argument"),
    [
        ((), "rows"),
        ((row("S", 150, 160, 40, 50), row("S", 155, 165, 45, 55)), "rows"),
        ((row("M", 155, 165, 45, 55), row("S", 150, 160, 40, 50)), "height"),
        ((row("S", 150, 160, 40, 50, 90), row("M", 155, 165, 45, 55)), "bust"),
    ],
)
def test_a_chart_rises_and_is_whole(rows: tuple[ChartSize, ...], argument: str) -> None:
    with pytest.raises(ValueError, match=f"{argument}: expected"):
        SizeChart("t", rows)


def test_a_range_goes_from_low_to_high() -> None:
    with pytest.raises(ValueError, match="height: expected a range"):
        row("S", 160, 150, 40, 50)


def test_a_readers_table_is_read_and_its_bad_line_named() -> None:
    rows = data.rows("size_charts")
    assert read_size_charts(rows) == CHARTS
    assert size_chart("短袖") == CHARTS["短袖"]
    with pytest.raises(ValueError, match="line 3: weight: expected"):
        read_size_charts([rows[0], {**rows[1], "weight_min_kg": "轻"}])
    with pytest.raises(ValueError, match="line 2: column: expected 'size'"):
        read_size_charts([{k: v for k, v in rows[0].items() if k != "size"}])


def test_a_chart_of_one_size_has_no_second_choice() -> None:
    table = SizeChart("均码", (row("均码", 150, 170, 40, 60, 90),))
    found: Advice = recommend(table, 160, 50, unsure=True)
    assert (found.kind, found.size) == (AdviceKind.ONE, "均码")
