"""Late shipment: every control moved through its range, every handle dragged, against the model."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from kefu.aftersales.complaints import LateRules, Shipment, late_shipment
from kefu.demos import Demo, late_pay
from kefu.demos.core import plain
from kefu.demos.hands import IntSlider
from kefu.demos.late_pay import LONGEST, WHEN
from kefu.demos.promises import SPRING
from kefu.presales.promises import ship_promise
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    alert,
    grips,
    hand,
    parsed,
    positions,
    run_code,
    set_to,
    settings,
)

SPRING_DAY = list(WHEN)[1]
MOVES: dict[str, list[Any]] = {
    "picked": [1, 48, 49, 51, 130, 360],
    "uploaded": [1, 24, 30, 40, 360],
    "goods": [1, 58, 199, 1000],
    "waiting": [False, True],
    "kind": ["现货", "预售", "定制"],
    "days": [1, 3, 12],
    "when": list(WHEN),
    "rest": [False, True],
    "agreed": [0, 2, 72],
    "late": [1, 5, 50],
    "false": [1, 10, 50],
    "least": [0, 5, 50],
    "most": [5, 60, 300],
    "scan": [6, 24, 72],
    "source": ["本书举的例子", "某平台规则第3条"],
    "as_of": [date(2026, 1, 6), date(2026, 3, 1)],
}
SETTING: dict[str, dict[str, Any]] = {
    "days": {"kind": "定制", "picked": 100},
    "rest": {"when": SPRING_DAY, "picked": 100},
    "uploaded": {"picked": 60, "waiting": True},
    "false": {"uploaded": 10},
    "scan": {"uploaded": 10},
    "least": {"goods": 20},
    "most": {"goods": 1000, "late": 50, "least": 0},
    "kind": {"picked": 100},
    "when": {"picked": 100},
}
"""What else must stand so that a control has an effect."""


def placed(name: str) -> Demo:
    """The demo as it must stand for a control to count."""
    return set_to(late_pay(), **SETTING.get(name, {}))


def owed_by(demo: Demo) -> Any:
    """What the model says for the controls' positions."""
    v = positions(demo)
    paid = WHEN[v["when"]]
    terms: dict[str, Any] = {
        "现货": {},
        "预售": {"kind": "预售", "presale_ships": (paid + timedelta(days=v["days"])).date()},
        "定制": {"kind": "定制", "lead_days": v["days"]},
    }[v["kind"]]
    promise = ship_promise(paid, holidays=[SPRING] if v["rest"] else [], **terms)
    here, number = (paid + timedelta(hours=v[name]) for name in ("picked", "uploaded"))
    order = Shipment(
        promise, Decimal(v["goods"]), seen=here if v["waiting"] else max(here, number),
        uploaded=number if number <= here or not v["waiting"] else None,
        picked_up=None if v["waiting"] else here,
        agreed=promise.ship_by + timedelta(hours=v["agreed"]),
    )  # fmt: skip
    rules = LateRules(
        Decimal(v["late"]) / 100, Decimal(v["false"]) / 100, Decimal(v["least"]), Decimal(v["most"]),
        Decimal(v["scan"]), v["source"], v["as_of"],
    )  # fmt: skip
    return late_shipment(order, rules)


def assert_agrees(demo: Demo) -> None:
    found, html = owed_by(demo), demo.result()
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert drawing.label.endswith(
        f"{found.kind}；货款{demo.controls['goods'].value}元，赔{plain(found.owed)}元"
    )
    assert [li.get_text() for li in parsed(html).select("ol.kefu-slips li")] == list(found.steps)
    head = parsed(html).select_one("p.kefu-big b")
    assert head is not None
    assert head.get_text() == (f"赔{plain(found.owed)}元" if found.late else "不赔")
    late = [
        e
        for e in drawing.root.iter("rect")
        if e.get("class") == "bar bar2" and e.get("height") == "12"
    ]
    assert bool(late) is bool(found.late)
    assert run_code(demo)[1] == (found.kind, found.owed)


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = late_pay().controls
    assert list(MOVES) == list(controls)
    for name, control in controls.items():
        if isinstance(control, IntSlider):
            assert {control.min, control.max} <= set(MOVES[name])


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_that_is_said_is_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(placed(name), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(placed(name), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


def test_what_has_no_effect_is_not_shown() -> None:
    assert not {"约定几天后发", "公告过春节店休2月14—22日"} & set(settings(late_pay().picture()))
    assert "约定几天后发" in settings(set_to(late_pay(), kind="预售").picture())
    assert "公告过春节店休2月14—22日" in settings(set_to(late_pay(), when=SPRING_DAY).picture())
    presale = set_to(late_pay(), when=SPRING_DAY, kind="预售", rest=True)
    assert "公告过春节店休2月14—22日" not in settings(presale.picture())
    assert "店休，不计时" not in presale.result()


@pytest.mark.parametrize(
    ("name", "wanted", "value"), [("picked", 60.4, 60), ("uploaded", 12, 12), ("goods", 5000, 1000)]
)
def test_the_handles_are_dragged(name: str, wanted: float, value: int) -> None:
    demo = late_pay()
    assert list(grips(demo.result())) == ["uploaded", "picked", "goods"]
    hand(demo, **{name: wanted})
    assert demo.controls[name].value == value
    assert_agrees(demo)


def test_a_handle_reaches_no_further_than_the_line_shows() -> None:
    far = grips(late_pay().result())["picked"]["max"]
    assert far == 48 + 72
    assert grips(set_to(late_pay(), picked=far + 1).result())["picked"]["max"] == LONGEST


def test_the_discovery_a_number_uploaded_early_makes_the_same_delay_dearer() -> None:
    assert owed_by(late_pay()).owed == Decimal("9.95")
    early = hand(late_pay(), uploaded=10)
    assert (owed_by(early).kind, owed_by(early).owed) == ("虚假发货", Decimal("19.90"))
    assert_agrees(early)


def test_rules_without_source_or_date_or_sense_are_asked_for() -> None:
    assert "出处" in alert(set_to(late_pay(), source="  ").result())
    demo = late_pay()
    demo.controls["as_of"].value = None
    assert "哪天查的" in alert(demo.result())
    assert "最少赔50元，比最多赔5元还多" in alert(set_to(late_pay(), least=50, most=5).result())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_readers_source_is_shown_as_text(text: str) -> None:
    demo = set_to(late_pay(), source=text)
    assert parsed(demo.result()).find("img") is None


def test_a_start_off_the_sliders_is_refused() -> None:
    with pytest.raises(ValueError, match="付款后几小时揽收"):
        late_pay(picked=999)


@pytest.mark.parametrize(("uploaded", "late"), [(24, False), (25, True), (150, True)])
def test_a_number_uploaded_late_is_told_though_it_costs_nothing_here(
    uploaded: int, late: bool
) -> None:
    told = set_to(late_pay(picked=47), uploaded=uploaded).result()
    assert ("单号传晚了，该在1月4日20:15前" in told) is late
    assert "不赔" in told
