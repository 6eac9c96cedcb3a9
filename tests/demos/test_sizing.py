"""The demo of sizes: every control, handle and button, against the model."""

from __future__ import annotations

from typing import Any

import pytest

from kefu.demos import Demo, sizing
from kefu.demos.sizing import HESITATES, LACKS, reach
from kefu.presales.sizing import BODY, GIRTHS, Advice, AdviceKind, read_size_charts, recommend
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    parsed,
    presses,
    run_code,
    set_to,
    settings,
)

CHARTS = read_size_charts()
MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "height": ({}, [95, 158, 164, 168, 175, 195]),
    "weight": ({}, [12, 48, 56, 57, 67, 95]),
    "chart": ({}, list(CHARTS)),
    "runs_small": ({}, [True, False]),
    "usual": ({}, ["", "S", "M", "L"]),
    "level": ({}, [1, 2, 3]),
    "bust": ({"level": 2}, [60, 86, 90, 92, 125]),
    "waist": ({"level": 2}, [55, 68, 72, 75, 95]),
    "missing": ({"level": 2}, list(LACKS.values())),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]


def moved(name: str, value: Any) -> Demo:
    return set_to(sizing(), **MOVES[name][0], **{name: value})


def said(demo: Demo) -> dict[str, int]:
    """What the customer has told, by measure, reckoned here again."""
    c, table = demo.controls, CHARTS[demo.controls["chart"].value]
    asked = (*BODY, *GIRTHS) if c["level"].value > 1 else BODY
    told = {name: c[name].value for name in asked if table.ranges(name)}
    told.pop(c["missing"].value, None)
    return told


def by_model(demo: Demo) -> Advice:
    c, told = demo.controls, said(demo)
    return recommend(
        c["chart"].value,
        *(told.get(name) for name in (*BODY, *GIRTHS)),
        usual=c["usual"].value or None,
        runs_small=c["runs_small"].value,
        unsure=c["level"].value == 3,
    )


def boxes(drawing: Drawing, look: str) -> list[tuple[float, float, float, float]]:
    """The field's boxes in a style: left, top, right, bottom, in pixels."""
    found = []
    for e in drawing.root.iter("rect"):
        if e.get("class") == look and e.get("height") != "22":  # no strip, no legend
            x, y, w, h = (float(e.attrib[key]) for key in ("x", "y", "width", "height"))
            if y > 30:
                found.append((x, y, x + w, y + h))
    return found


def tags(drawing: Drawing) -> list[tuple[float, float, float, float]]:
    """The sizes' name tags in the field: left, top, right, bottom, in pixels."""
    found = [e for e in drawing.root.iter("rect") if e.get("class") == "node"]
    edges = [[float(e.attrib[key]) for key in ("x", "y", "width", "height")] for e in found]
    return [(x, y, x + w, y + h) for x, y, w, h in edges]


def at(axis: dict[str, Any], value: float) -> float:
    """The pixel of a value along a handle's axis."""
    share = (value - axis["min"]) / (axis["max"] - axis["min"])
    return float(axis["low"] + share * (axis["high"] - axis["low"]))


def assert_agrees(demo: Demo) -> None:
    found, told, html = by_model(demo), said(demo), demo.result()
    table = CHARTS[demo.controls["chart"].value]
    says = parsed(html).select_one("p.kefu-said")
    assert says is not None
    assert says.get_text() == found.says
    named = [one.size for one in found.choices]
    wanted = " 或 ".join(f"{size}码" for size in named) or found.kind.value
    assert bold(html) == [wanted]
    assert [row[1] for row in cells(html)] == [
        "、".join(table.fitting(name, value)) or "表里没有" for name, value in told.items()
    ]
    assert all(str(value) in row[0] for row, value in zip(cells(html), told.values(), strict=True))
    spoken = HESITATES.get(demo.controls["level"].value)
    assert spoken is None or spoken in html
    advice = recommend_of(demo)
    assert (advice[0], advice[1]) == (found.size, found.says)

    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert wanted in drawing.label
    assert len(boxes(drawing, "zone")) == len(table.rows)
    outlined = boxes(drawing, "second") + boxes(drawing, "line")
    assert len(outlined) == len(named)
    zones = dict(zip(table.sizes, boxes(drawing, "zone"), strict=True))
    assert outlined == [zones[size] for size in reversed(named)]
    assert_point(drawing, told)
    for name in (one for one in GIRTHS if one in told):
        held, (axis,) = drawing.grip(name)
        (knob,) = (e for e in held.iter("circle") if e.get("class") == "knob")
        assert float(knob.attrib["cx"]) == pytest.approx(at(axis, told[name]), abs=0.2)


def recommend_of(demo: Demo) -> Any:
    """What the shown code gives."""
    return run_code(demo)[1]


def assert_point(drawing: Drawing, told: dict[str, int]) -> None:
    """The customer stands at height and weight, and can be moved along what was told."""
    names = [name for name in BODY if name in told]
    _, axes = drawing.grip(*names)
    for axis in axes:
        pixel = drawing.dot[0 if axis["name"] == "height" else 1]
        assert axis["now"] == told[axis["name"]]
        assert pixel == pytest.approx(at(axis, axis["now"]), abs=0.2)


def test_every_control_is_moved_from_end_to_end() -> None:
    demo = sizing()
    assert set(MOVES) == set(demo.controls)
    for name, (_, values) in MOVES.items():
        control = demo.controls[name]
        if hasattr(control, "options"):
            assert list(control._options_values) == values
        elif hasattr(control, "min"):
            assert {control.min, control.max} <= set(values)
        else:
            assert set(values) == {True, False}


@pytest.mark.parametrize(("name", "value"), CASES)
def test_each_setting_shows_what_the_model_gives(name: str, value: Any) -> None:
    assert_agrees(moved(name, value))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    assert len({moved(name, value).result() for value in MOVES[name][1]}) > 1


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("missing", LACKS.values())
def test_every_chart_and_level_agrees_whatever_is_not_told(
    name: str, level: int, missing: str
) -> None:
    assert_agrees(set_to(sizing(), chart=name, level=level, missing=missing))


@pytest.mark.parametrize("name", CHARTS)
def test_the_corners_of_each_chart_can_be_reached_by_hand(name: str) -> None:
    demo = set_to(sizing(), chart=name)
    (left, right), (light, heavy) = (reach(CHARTS[name], one) for one in BODY)
    for height in (left, right):
        for weight in (light, heavy):
            hand(demo, height=height, weight=weight)
            assert by_model(demo).kind == AdviceKind.OUT
            assert_agrees(demo)


# What a hand does


def test_the_customer_is_dragged_to_another_size() -> None:
    demo = sizing()
    _, (across, up) = Drawing(demo.result()).grip("height", "weight")
    assert (across["min"], across["max"]) == (144, 181)
    assert (up["min"], up["max"]) == (35, 72)
    hand(demo, height=152.2, weight=43.7)
    assert (demo.controls["height"].value, demo.controls["weight"].value) == (152, 44)
    assert bold(demo.result()) == ["S码"]
    assert_agrees(demo)


def test_the_scale_stays_while_the_customer_is_dragged_within_the_picture() -> None:
    demo = sizing()
    before = parsed(demo.result()).svg["data-scale"]  # type: ignore[index]
    hand(demo, height=150, weight=40)
    assert parsed(demo.result()).svg["data-scale"] == before  # type: ignore[index]


def test_hesitating_leads_by_the_buttons_to_the_second_and_third_level_and_back() -> None:
    demo = sizing()
    ((text, wanted, _),) = presses(demo.result())
    assert "怕不合身" in text
    hand(demo, **wanted)
    assert demo.controls["level"].value == 2
    assert bold(demo.result()) == ["L码"]
    assert "改拍L码" in demo.result()
    assert_agrees(demo)
    (_, wanted, _), (_, back, _), *_ = presses(demo.result())
    hand(demo, **wanted)
    assert bold(demo.result()) == ["L码 或 M码"]
    assert_agrees(demo)
    assert [one for one in presses(demo.result()) if "level" in one[1]] == [
        ("从第一级再来", back, None)
    ]
    hand(demo, **back)
    assert bold(demo.result()) == ["M码"]


def test_a_demo_opens_with_the_girths_that_it_is_given() -> None:
    """Those of chapter 04: a father between L and XL, whose bust decides."""
    demo = sizing("衬衫", 177, 73, bust=109)
    assert bold(demo.result()) == ["L码"]
    hand(demo, level=2)
    assert bold(demo.result()) == ["XL码"]
    assert "胸围109厘米，改拍XL码" in demo.result()
    assert_agrees(demo)


def test_bust_and_waist_are_dragged_on_their_rulers() -> None:
    demo = set_to(sizing(), level=2)
    assert_agrees(hand(demo, bust=88.4))
    assert bold(demo.result()) == ["M码"]
    assert_agrees(hand(demo, waist=75))
    assert (demo.controls["bust"].value, demo.controls["waist"].value) == (88, 75)
    assert bold(demo.result()) == ["L码"]


def test_bust_and_waist_are_made_less_and_more_by_the_buttons() -> None:
    demo = set_to(sizing(), level=2)
    for place, name, by in ((2, "bust", -1), (3, "bust", 1), (4, "waist", -1), (5, "waist", 1)):
        before = demo.controls[name].value
        text, wanted, _ = presses(demo.result())[place]
        assert text == ("−1 cm" if by < 0 else "+1 cm")
        assert_agrees(hand(demo, **wanted))
        assert demo.controls[name].value == before + by
    jeans = set_to(sizing(), level=3, chart="牛仔裤")
    assert {key for _, wanted, _ in presses(jeans.result()) for key in wanted} == {"level", "waist"}


def test_another_chart_brings_somebody_whom_it_fits_and_forgets_the_usual_size() -> None:
    demo = set_to(sizing(), usual="L")
    for name, table in CHARTS.items():
        demo.controls["chart"].value = name
        assert demo.controls["usual"].value == ""
        assert list(demo.controls["usual"]._options_values) == ["", *table.sizes]
        assert by_model(demo).kind == AdviceKind.ONE


# What is shown


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ({}, {"bust", "waist"}),
        ({"missing": "height"}, {"height", "bust", "waist"}),
        ({"missing": "waist"}, {"bust", "waist"}),
    ],
)
def test_what_has_no_effect_is_not_shown(values: dict[str, Any], hidden: set[str]) -> None:
    demo = set_to(sizing(), **values)
    shown = {name for name, c in demo.controls.items() if c.layout.display != "none"}
    assert set(demo.controls) - shown == hidden | {"level"}
    for name in hidden:  # and it has none indeed
        before = demo.result()
        demo.controls[name].value = demo.controls[name].max
        assert demo.result() == before


@pytest.mark.parametrize("level", [2, 3])
def test_beside_the_rulers_of_bust_and_waist_no_control_stands(level: int) -> None:
    assert set_to(sizing(), level=level).shown_controls() == {}


def test_it_opens_between_two_sizes_with_three_controls_open() -> None:
    demo = sizing()
    assert bold(demo.result()) == ["M码"]
    assert "几样都允许的码：M、L" in parsed(demo.result()).get_text()
    assert list(settings(demo.picture()))[:3] == ["身高（cm）", "体重（kg）", "哪张尺码表"]
    assert bold(sizing(runs_small=True).result()) == ["L码"]
    assert bold(sizing("衬衫", 172, 68).result()) == ["L码"]
    assert_agrees(sizing("衬衫", 172, 68))


@pytest.mark.parametrize(("missing", "axis"), [("height", 1), ("weight", 0)])
def test_who_has_not_told_height_or_weight_stands_on_an_edge_of_a_line(
    missing: str, axis: int
) -> None:
    drawing = Drawing(set_to(sizing(), missing=missing).result())
    start, end = drawing.line("faint")
    assert drawing.dot in (start, end)
    assert start[axis] == end[axis]


@pytest.mark.parametrize("name", list(CHARTS))
def test_the_customers_point_lies_on_no_size_s_name(name: str) -> None:
    demo = sizing()
    demo.controls["chart"].value = name
    chart = CHARTS[name]
    low, high = chart.ranges("height")[0][0], chart.ranges("height")[-1][1]
    light, heavy = chart.ranges("weight")[0][0], chart.ranges("weight")[-1][1]
    for height in range(int(low), int(high) + 1, 2):
        for weight in range(int(light), int(heavy) + 1, 3):
            with demo.hold_refresh():
                demo.controls["height"].value, demo.controls["weight"].value = height, weight
            drawing = Drawing(demo.parts()[0])
            drawing.assert_labels_inside()
            x, y = drawing.dot
            for left, top, right, bottom in tags(drawing):
                assert not (left - 7 < x < right + 7 and top - 7 < y < bottom + 7), (height, weight)
