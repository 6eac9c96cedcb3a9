from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from kefu import data
from kefu.demos import Demo, threshold_explorer
from kefu.demos.threshold import FIVE, STEPS
from kefu.intelligence.bots import GENERATIONS, TOPICS, unsure
from kefu.intelligence.evaluation import Report, at, questions, rehearsed, stored
from tests.demos.reading import Drawing, bold, cells, parsed, run_code, settings

MOVES: dict[str, list[Any]] = {
    "threshold": [0.0, 0.3, 0.55, 0.7, 1.0],
    "harm": [0, 5, 20],
    "person": [0, 2, 20],
    "bot": list(GENERATIONS),
    "ambiguity": [0.0, 0.1, 0.5, 1.0],
}


def set_to(demo: Demo, **values: Any) -> Demo:
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def assert_explorer_agrees(demo: Demo) -> None:
    v = {name: control.value for name, control in demo.controls.items()}
    html = demo.result()

    def report(threshold: float) -> Report:
        return at(stored()[v["bot"]], threshold, v["ambiguity"])

    def cost(found: Report) -> float:
        counts = found.dispositions()
        size = len(found.predictions)
        return (counts["答错"] * v["harm"] + counts["转人工"] * v["person"]) / size

    now = report(v["threshold"])
    counts, size = now.dispositions(), len(now.predictions)
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    assert f"答对{counts['答对']}，答错{counts['答错']}，转人工{counts['转人工']}" in words
    assert bold(html) == [f"{cost(now):.2f}元"]
    found = re.search(r"阈值([\d.]+)最省（([\d.]+)元）", words)
    costs = {step: cost(report(step)) for step in STEPS}
    assert ("哪个阈值都一样" in words) is (len(set(costs.values())) == 1) is (found is None)
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    told = [text for text, *_ in drawing.texts()]
    for name, count in counts.items():
        assert f"{name}{100 * count / size:.1f}%" in told
    assert f"每句代价{cost(now):.2f}元" in told
    assert_curve_is_the_cost(drawing, costs)
    (dot,) = (e for e in drawing.root.iter("circle") if e.attrib["class"] == "dot")
    (x, y) = float(dot.attrib["cx"]), float(dot.attrib["cy"])
    assert (x, y) == min(drawing.line("line"), key=lambda point: abs(point[0] - x))
    assert (x - 44) / 340 == pytest.approx(v["threshold"], abs=0.001)
    rings = [e for e in drawing.root.iter("circle") if e.attrib["class"] == "ring"]
    assert len(rings) == (2 if found else 0)  # the minimum, and its name
    if found:
        best = min(costs.values())
        assert costs[float(found[1])] == best
        assert f"最省：阈值{found[1]}，{best:.2f}元" in told
        assert float(rings[-1].attrib["cy"]) == max(y for _, y in drawing.line("line"))
    assert_areas_are_the_shares(drawing, [report(step) for step in STEPS])
    rows = cells(html)
    assert [row[0] for row in rows] == list(TOPICS)
    for column, name in enumerate(("答对", "答错", "转人工"), 1):
        assert sum(int(row[column]) for row in rows) == counts[name]  # type: ignore[literal-required]


def assert_curve_is_the_cost(drawing: Drawing, costs: dict[float, float]) -> None:
    line = drawing.line("line")
    assert len(line) == len(costs)
    ticks = [
        (y - 4, float(t)) for t, x, y, a in drawing.texts() if a == "end" and x < 44 and y > 164
    ]
    (p, low), (q, high) = max(ticks), min(ticks)
    for (_, y), spent in zip(line, costs.values(), strict=True):
        value = low + (p - y) / (p - q) * (high - low)
        assert value == pytest.approx(spent, abs=(high - low) * 0.01)


def assert_areas_are_the_shares(drawing: Drawing, reports: list[Report]) -> None:
    """Each area reaches from the floor at 124 to its share of the 100 above it."""
    for name, parts in (("bar", ("答对",)), ("bar bar2", ("答对", "答错"))):
        (shape,) = (e for e in drawing.root.iter("polygon") if e.attrib["class"] == name)
        pairs = [tuple(map(float, pair.split(","))) for pair in shape.attrib["points"].split()]
        for (_, y), report in zip(pairs, reports, strict=False):
            counts = report.dispositions()
            share = sum(counts[part] for part in parts) / len(report.predictions)  # type: ignore[literal-required]
            assert 124 - y == pytest.approx(100 * share, abs=0.06)


def test_every_control_is_moved() -> None:
    assert list(MOVES) == list(threshold_explorer().controls)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_explorer_agrees(set_to(threshold_explorer(), **{name: value}))


@pytest.mark.parametrize("values", [{"harm": 0, "person": 0}, {"bot": "keyword", "harm": 20}])
def test_at_extreme_settings_all_numbers_are_the_models(values: dict[str, Any]) -> None:
    assert_explorer_agrees(set_to(threshold_explorer(), **values))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(threshold_explorer(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", ["threshold", "ambiguity", "harm", "person"])
def test_each_slider_is_moved_from_end_to_end(name: str) -> None:
    control = threshold_explorer().controls[name]
    assert {control.min, control.max} <= set(MOVES[name])


@pytest.mark.parametrize(("wanted", "value"), [(0.52, 0.5), (0.538, 0.55), (9, 1.0), (-3, 0.0)])
def test_the_handle_on_both_curves_moves_the_threshold_by_its_step(
    wanted: float, value: float
) -> None:
    demo = threshold_explorer()
    grip = parsed(demo.result()).select_one(".kefu-grip[data-x]")
    assert grip is not None
    assert grip.select(".dot")
    demo._picture.moved = {"threshold": wanted, "": 1}
    assert demo.controls["threshold"].value == pytest.approx(value)
    assert_explorer_agrees(demo)


def test_a_bot_without_a_margin_has_no_slider_for_it() -> None:
    demo = threshold_explorer()
    assert "歧义边际" in settings(demo.picture())
    for generation, told in (("keyword", False), ("fuzzy", False), ("neural", True)):
        set_to(demo, bot=generation)
        assert ("歧义边际" in settings(demo.picture())) is told
        assert (demo.controls["ambiguity"].layout.display is None) is told


# The mistakes beside it


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.75, 0.95])
def test_the_mistakes_shown_are_let_through_and_of_training_questions(
    generation: str, threshold: float
) -> None:
    demo = set_to(threshold_explorer(generation), threshold=threshold)
    wrong = {
        p.question.text: p
        for p in rehearsed()[generation]
        if not unsure(p.score, p.margin, threshold, 0.1)
    }
    items = parsed(demo.result()).select("ol.kefu-slips li")
    assert len(items) == min(FIVE, len(wrong))
    trained = {q.text for q in questions("训练")}
    for item in items:
        text, said = (part.get_text() for part in item.select("span, small"))
        assert text in trained
        assert said == (
            f"{wrong[text].question.topic}，✗答成{wrong[text].topic}，把握{wrong[text].score:.2f}"
        )
    if not items:
        assert "一句也没有" in demo.result()


def test_no_test_question_is_shown() -> None:
    shown = "".join(
        set_to(threshold_explorer(g), threshold=t).result() for g in GENERATIONS for t in STEPS[::4]
    )
    assert not any(q.text in shown for q in questions("测试") if len(q.text) > 5)


def test_a_higher_threshold_stops_the_mistakes_shown() -> None:
    low, high = (
        {li.get_text() for li in parsed(set_to(threshold_explorer(), threshold=t).result()).select("ol.kefu-slips li")}
        for t in (0.3, 0.4)
    )  # fmt: skip
    assert low
    assert high
    assert not low & high


def test_another_classs_shop_has_no_stored_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = threshold_explorer()
    monkeypatch.setattr(data, "is_book", lambda name: name != "questions")
    monkeypatch.setattr("kefu.demos.threshold.stored", lambda: {"weighted": stored()["weighted"]})
    data.forget()
    try:
        assert "换了自己班的数据" in demo.parts()[0]
    finally:
        monkeypatch.undo()
        data.forget()


def test_the_code_gives_the_same_counts() -> None:
    printed, _ = run_code(set_to(threshold_explorer("neural"), threshold=0.55))
    assert str(at(stored()["neural"], 0.55, 0.1).dispositions()) in printed


def test_an_unknown_generation_is_refused() -> None:
    with pytest.raises(ValueError, match="generation"):
        threshold_explorer("fifth")


def test_every_control_has_a_label_and_stands_in_the_picture() -> None:
    demo = threshold_explorer()
    labels = [control.description for control in demo.controls.values()]
    assert all(labels)
    assert list(settings(demo.picture())) == labels
