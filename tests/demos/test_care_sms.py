"""Care messages: each draft, each lamp, each way moved, against the model; what is typed is escaped."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, care_sms
from kefu.demos.care_sms import NOT_SENT, SMS
from kefu.operations.care import CareReading, care_cases, read_sms
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    hand,
    parsed,
    positions,
    press,
    presses,
    run_code,
    set_to,
    tags,
)

LINE = care_cases()
MOVES: dict[str, list[Any]] = {
    "own": ["", LINE[0].draft, LINE[0].model],
    "hour": [0, 8, 9, 19, 20, 23],
    "case": [0, 1, 2],
    "way": [SMS, NOT_SENT],
}


def reading(demo: Demo) -> CareReading:
    v = positions(demo)
    return read_sms(v["own"], LINE[v["case"]], v["hour"])


def assert_agrees(demo: Demo) -> None:
    found, html = reading(demo), demo.result()
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    lit = [one.name for one in found.lamps if one.on]
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert drawing.label == f"亮了的：{'、'.join(lit) or '没有'}"
    now = [e for e in drawing.root.iter("circle") if e.get("class") == "now"]
    assert len(now) == len(lit)
    if demo.controls["way"].value == NOT_SENT:
        assert head.get_text().startswith("不发")
        return
    assert head.get_text().startswith(f"{len(lit)}盏亮")
    assert ("商业短信" in head.get_text()) is found.promotes
    faults = [li.b.get_text() for li in parsed(html).select("ul.kefu-why li") if li.b]
    assert faults == [one.name for one in found.lamps if not one.on]
    assert run_code(demo)[1] == lit


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_the_lamps_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(care_sms(), **{name: value}))


@pytest.mark.parametrize("name", ["own", "case", "way"])
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(care_sms(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


def test_the_hour_lights_its_lamp_by_day_alone() -> None:
    demo = set_to(care_sms(), own=LINE[0].model)
    lit = {hour: reading(set_to(demo, hour=hour)).good for hour in range(24)}
    assert [hour for hour, good in lit.items() if good] == list(range(9, 20))


def test_another_case_brings_its_own_draft_and_hour() -> None:
    demo = set_to(care_sms(), own="写过的", hour=15, way=NOT_SENT)
    for n, one in enumerate(LINE):
        if n:
            press(demo, one.name)
            assert positions(demo) == {"own": one.draft, "hour": one.hour, "case": n, "way": SMS}
            assert_agrees(demo)
        assert one.about in parsed(demo.result()).get_text()


def test_the_good_one_is_shown_by_its_button_and_lights_all() -> None:
    demo = press(care_sms(), "看一条改好的")
    assert reading(demo).good
    assert "十盏都亮" in demo.result()
    assert "kefu-why" not in demo.result()


def test_who_never_agreed_has_no_good_one_and_not_sending_is_right() -> None:
    demo = set_to(care_sms(), case=2)
    assert "看一条改好的" not in {text for text, _, _ in presses(demo.result())}
    press(demo, NOT_SENT)
    assert "✓" in demo.result()
    assert LINE[2].model in demo.result()
    assert demo.shown_controls() == {}
    press(demo, SMS)
    assert list(demo.shown_controls()) == ["own", "hour"]


def test_not_sending_where_he_agreed_is_giving_up() -> None:
    demo = press(care_sms(), NOT_SENT)
    assert "✗" in demo.result()
    assert "别放弃" in demo.result()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_typed_is_escaped(text: str) -> None:
    demo = set_to(care_sms(), own=text)
    assert {"img", "script"}.isdisjoint(name for name, _ in tags(demo.picture()))
    assert_agrees(demo) if "\x00" not in text else None


def test_words_that_put_a_lamp_out_are_quoted_escaped() -> None:
    html = hand(care_sms(), own="<b>全网最低</b>").result()
    assert "（全网）" in html
    assert "<b>全网" not in html
