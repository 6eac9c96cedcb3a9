from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from kefu.aftersales.exchange import Terms, balance, best_gift
from kefu.demos import Demo, exchange_offer
from tests.demos.reading import Drawing, bold, cells, hand, marked, parsed, run_code, settings

# control -> (settings that make it matter, the values it is moved over)
MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "gift": ({}, [0, 5, 15, 30]),
    "price": ({}, [10, 119, 300]),
    "cost": ({}, [5, 52, 200]),
    "freight": ({}, [0, 8, 30]),
    "willing": ({}, [0, 30, 90]),
    "per_yuan": ({}, [0, 4, 10]),
    "again": ({}, [0, 10, 100]),
    "annoyed": ({}, [0, 5, 100]),
    "harm": ({}, [0, 60, 300]),
    "seller_pays": ({}, [False, True]),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]
CORNERS: list[dict[str, Any]] = [
    {"again": 100, "annoyed": 100, "harm": 300, "cost": 200, "price": 10, "gift": 30},
    {"willing": 0, "per_yuan": 0, "annoyed": 0},  # a flat line at nothing
    {"price": 300, "cost": 5, "freight": 0, "willing": 90, "again": 0},
]


def set_to(**values: Any) -> Demo:
    demo = exchange_offer()
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def by_controls(demo: Demo) -> tuple[Terms, int]:
    v = {name: control.value for name, control in demo.controls.items()}
    shares = ("willing", "per_yuan", "again", "annoyed")
    given = {name: Decimal(v[name]) / 100 for name in shares}
    money = {name: v[name] for name in ("price", "cost", "freight", "harm", "seller_pays")}
    return Terms(**given, **money), v["gift"]


def yuan(text: str) -> Decimal:
    return Decimal(text.removesuffix("元").replace("−", "-"))


def yuan_of(text: str) -> Decimal:
    """What is said to be earned more, or less."""
    found = re.search(r"(多|少)赚([\d.]+)元", text)
    assert found, text
    return Decimal(found[2]) * (1 if found[1] == "多" else -1)


def assert_agrees_with_the_model(demo: Demo) -> None:
    html = demo.result()
    terms, gift = by_controls(demo)
    now, best = balance(terms, gift), best_gift(terms)
    assert yuan(bold(html)[0]) == now.gain
    caption = parsed(html).select(".kefu-caption")[0]
    (said,) = caption.select("span")
    assert said.get_text() == ("✓ 劝换划算" if now.gain > 0 else "✗ 这样劝，还不如爽快退款")
    assert said["class"] == (["kefu-right"] if now.gain > 0 else ["kefu-wrong"])
    assert yuan_of(caption.get_text()) == now.gain
    rows = cells(html)
    assert [yuan(row[2]) for row in rows] == [
        now.refund_value, now.offer_value, balance(terms, best).offer_value
    ]  # fmt: skip
    assert [Decimal(row[1]) for row in rows] == [
        100, now.refunds_left * 100, balance(terms, best).refunds_left * 100
    ]  # fmt: skip
    assert marked(html) == rows[1]
    gains = balance(terms, best).gain > 0
    assert f"送{best}元（{'最划算' if gains else '劝换里亏得最少'}）" in rows[2][0]
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    tall = abs(drawing.data((44, 26))[1] - drawing.data((44, 210))[1])
    x, y = drawing.data(drawing.dot)
    assert x == pytest.approx(gift, abs=0.1)
    assert y == pytest.approx(float(now.gain), abs=tall * 0.005)
    (knob,) = (
        e
        for e in drawing.root.iter("circle")
        if e.attrib["class"] == "knob" and float(e.attrib["cy"]) > 40
    )
    x, y = drawing.data((float(knob.attrib["cx"]), float(knob.attrib["cy"])))
    assert x == pytest.approx(best, abs=0.1)
    assert y == pytest.approx(float(balance(terms, best).gain), abs=tall * 0.005)
    words = [text for text, *_ in drawing.texts()]
    assert f"{'最划算' if gains else '劝换里亏得最少'}：送{best}元" in words
    (here,) = (word for word in words if word.startswith(f"送{gift}元："))
    assert yuan(here.split("：")[1]) == now.gain
    curve = [drawing.data(point) for point in drawing.line("line")]
    assert [round(x) for x, _ in curve] == list(range(31))
    for x, y in curve[::7]:
        assert y == pytest.approx(float(balance(terms, round(x)).gain), abs=tall * 0.005)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_every_control_moved_gives_what_the_model_says(name: str, value: Any) -> None:
    demo = set_to(**MOVES[name][0], **{name: value})
    assert_agrees_with_the_model(demo)
    terms, gift = by_controls(demo)
    assert run_code(demo)[1] == balance(terms, gift)


@pytest.mark.parametrize("corner", CORNERS)
def test_corners_agree_too(corner: dict[str, Any]) -> None:
    assert_agrees_with_the_model(set_to(**corner))


@pytest.mark.parametrize("name", MOVES)
def test_every_control_changes_what_is_seen(name: str) -> None:
    around, values = MOVES[name]
    assert len({set_to(**around, **{name: value}).result() for value in values}) == len(values)


def test_every_control_is_among_those_moved_and_has_a_label() -> None:
    demo = exchange_offer()
    assert set(demo.controls) == set(MOVES)
    labels = [control.description for control in demo.controls.values()]
    assert len(set(labels)) == len(labels)
    assert list(settings(demo.picture())) == labels


@pytest.mark.parametrize(("wanted", "got"), [(14.6, 15), (-2.0, 0), (31.0, 30)])
def test_a_hand_moves_the_gift_along_the_curve_and_rests_on_the_best(
    wanted: float, got: int
) -> None:
    demo = exchange_offer()
    _, (axis,) = Drawing(demo.result()).grip("gift")
    assert (axis["now"], axis["min"], axis["max"]) == (5, 0, 30)
    assert axis["stops"] == [best_gift(by_controls(demo)[0])]
    hand(demo, gift=wanted)
    assert demo.controls["gift"].value == got
    assert_agrees_with_the_model(demo)


def test_what_the_lesson_moves_stands_first_and_the_rest_is_assumed() -> None:
    demo = exchange_offer()
    assert list(demo.controls)[:3] == ["gift", "again", "annoyed"]
    assert "“更多设置”里都是假设" in demo.result()


def test_nobody_annoyed_there_is_no_harm_to_set() -> None:
    demo = set_to(annoyed=0)
    assert demo.controls["harm"].layout.display == "none"
    assert demo.controls["harm"].description not in settings(demo.picture())
    demo.controls["annoyed"].value = 1
    assert demo.controls["harm"].layout.display is None
