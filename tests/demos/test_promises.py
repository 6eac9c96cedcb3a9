from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, promise_clock
from kefu.presales.promises import SHANGHAI, Holiday, ShipPromise, Status, ship_promise, status
from tests.demos.reading import Drawing, alert, bold, parsed, run_code, settings, shown_code

SPRING = Holiday("春节", date(2026, 2, 14), date(2026, 2, 22))
STEPS = ["还没上传单号", "已上传，等揽收", "快递已揽收"]
STATES = {"待上传", "待揽收", "已按时发货", "上传超时", "发货超时"}
WEEKDAYS = "一二三四五六日"

# control -> (settings that make it matter, the values it is moved over)
MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "kind": ({}, ["现货", "预售", "定制"]),
    "day": (
        {},
        [date(2025, 11, 8), date(2025, 12, 31), date(2024, 2, 29), date(1992, 1, 1), None],
    ),
    "clock": ({}, [time(20, 15), time(0, 0), time(23, 59), None]),
    "agreed": (
        {"kind": "预售"},
        [date(2025, 11, 8), date(2025, 11, 20), date(2025, 12, 31), date(2025, 11, 7), None],
    ),
    "lead": ({"kind": "定制"}, [1, 7, 30, 60]),
    "rest": ({"day": date(2026, 2, 13)}, [False, True]),
    "elapsed": ({}, [0, 1, 23, 24, 25, 47, 48, 49, 180, 360]),
    "progress": ({}, STEPS),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]


def set_to(**values: Any) -> Demo:
    demo = promise_clock()
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def moved(name: str, value: Any) -> Demo:
    return set_to(**MOVES[name][0], **{name: value})


def read(demo: Demo) -> dict[str, Any]:
    return {name: control.value for name, control in demo.controls.items()}


def by_model(v: dict[str, Any]) -> tuple[ShipPromise, datetime, Status]:
    """The promise, the present moment and where the order stands."""
    paid = datetime.combine(v["day"], v["clock"], SHANGHAI)
    terms: dict[str, Any] = {"kind": v["kind"]}
    if v["kind"] == "预售":
        terms["presale_ships"] = v["agreed"]
    if v["kind"] == "定制":
        terms["lead_days"] = v["lead"]
    owed = ship_promise(paid, holidays=[SPRING] if v["rest"] else [], **terms)
    now = paid + timedelta(hours=v["elapsed"])
    uploaded = None if v["progress"] == STEPS[0] else now
    scanned = now if v["progress"] == STEPS[2] else None
    return owed, now, status(owed, now, uploaded, scanned)


def spoken(moment: datetime) -> str:
    day = f"{moment.month}月{moment.day}日（周{WEEKDAYS[moment.weekday()]}）"
    return f"{day}{moment.hour:02}:{moment.minute:02}"


def written(moment: datetime) -> str:
    return f"{moment.month}/{moment.day} {moment.hour:02}:{moment.minute:02}"


def assert_agrees_with_the_model(demo: Demo) -> None:
    v, html = read(demo), demo.result()
    owed, now, stands = by_model(v)
    assert bold(html) == [spoken(owed.upload_by), spoken(owed.ship_by), stands.state]
    terms, note = (parsed(html).select(f"p.{name}")[0].get_text()
                   for name in ("kefu-formula", "kefu-note"))  # fmt: skip
    assert terms.startswith(owed.reason)
    assert note.startswith(f"现在是{spoken(now)}，状态：{stands.state}，")
    left = re.search(r"(还剩|已超)(\d+)小时(\d+)分。(.+)", note)
    assert left
    assert left[1] == ("还剩" if stands.left >= timedelta(0) else "已超")
    shown = timedelta(hours=int(left[2]), minutes=int(left[3]))
    assert abs(abs(stands.left) - shown) <= timedelta(seconds=30)
    assert len(left[4]) > 5  # what to do now
    assert_drawing_agrees(html, owed, now, stands)


def assert_drawing_agrees(html: str, owed: ShipPromise, now: datetime, stands: Status) -> None:
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    marks = {"付款": owed.paid_at, "最晚发货": owed.ship_by}
    if owed.upload_by < owed.ship_by:
        marks["最晚上传"] = owed.upload_by
    if owed.starts_at > owed.paid_at:
        marks["开始计时"] = owed.starts_at
    places = {text: x for text, x, *_ in drawing.texts()}
    assert set(places) == {
        *(f"{name} {written(moment)}" for name, moment in marks.items()),
        f"现在 {written(now)} {stands.state}",
    }
    # payment and the last deadline give the scale; all else must lie on it
    begin, end = (places[f"{name} {written(marks[name])}"] for name in ("付款", "最晚发货"))
    assert begin == 20
    assert end <= 380
    for name, moment in [*marks.items(), (None, now)]:
        share = (moment - owed.paid_at) / (owed.ship_by - owed.paid_at)
        place = places[f"{name} {written(moment)}"] if name else drawing.dot[0]
        assert place == pytest.approx(begin + share * (end - begin), abs=0.1 + 0.1 * share)
    assert 20 <= drawing.dot[0] <= 380
    (bar,) = drawing.root.iter("rect")
    assert ("bar2" in bar.attrib["class"]) is ("超时" in stands.state)
    reach = float(bar.attrib["x"]) + float(bar.attrib["width"])
    assert reach == pytest.approx(max(drawing.dot[0], 21), abs=0.1)
    rows = [y for _, _, y, _ in drawing.texts()]
    assert all(abs(one - other) >= 15 for one, other in pairwise(sorted(rows)))  # none collide
    for moment in (*marks.values(), now):
        assert spoken(moment) in drawing.label
    assert stands.state in drawing.label


def assert_asks_again(demo: Demo, word: str) -> None:
    """The demo says what is missing or wrong, and keeps all that the reader entered."""
    before = read(demo)
    assert word in alert(demo.result())
    assert "<svg" not in demo.result()
    assert read(demo) == before
    assert len(settings(demo.picture())) == len(before)


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(promise_clock().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    demo = moved(name, value)
    if value is None:
        assert_asks_again(demo, "请")
    elif value == date(2025, 11, 7):  # agreed before it was paid
        assert_asks_again(demo, "presale_ships应为付款日或以后")
    else:
        assert_agrees_with_the_model(demo)


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [moved(name, value).result() for value in MOVES[name][1]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_is_moved_from_end_to_end(name: str) -> None:
    control, values = promise_clock().controls[name], MOVES[name][1]
    if hasattr(control, "options"):
        assert list(control.options) == values
    elif isinstance(control.value, bool):
        assert set(values) == {True, False}
    elif isinstance(control.value, int):
        assert {control.min, control.max} <= set(values)
    else:
        assert None in values


@pytest.mark.parametrize("kind", ["现货", "预售", "定制"])
@pytest.mark.parametrize("progress", STEPS)
@pytest.mark.parametrize("elapsed", [0, 20, 30, 60, 170, 300, 360])
def test_every_kind_at_every_stage_agrees_with_the_model(
    kind: str, progress: str, elapsed: int
) -> None:
    assert_agrees_with_the_model(set_to(kind=kind, progress=progress, elapsed=elapsed))


@pytest.mark.parametrize("kind", ["现货", "预售", "定制"])
@pytest.mark.parametrize("day", [date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 16)])
def test_the_new_year_rest_stops_the_clock_as_the_model_says(kind: str, day: date) -> None:
    demo = set_to(kind=kind, day=day, agreed=date(2026, 2, 25), rest=True)
    assert_agrees_with_the_model(demo)


def test_all_five_states_can_be_reached() -> None:
    seen = set()
    for progress in STEPS:
        for elapsed in (20, 30, 60):
            seen.add(bold(set_to(progress=progress, elapsed=elapsed).result())[-1])
    assert seen == STATES


def test_a_deadlines_own_moment_is_in_time() -> None:
    assert bold(set_to(elapsed=24).result())[-1] == "待上传"
    assert "还剩0小时0分" in set_to(elapsed=24).result()
    assert bold(set_to(elapsed=25).result())[-1] == "上传超时"


def test_an_order_paid_during_the_rest_starts_when_the_shop_opens() -> None:
    html = set_to(day=date(2026, 2, 16), rest=True).result()
    assert "开始计时 2/23 00:00" in html
    assert bold(html)[0] == "2月24日（周二）00:00"


# Dates left empty


@pytest.mark.parametrize("name", ["day", "clock"])
def test_without_a_date_or_time_of_payment_the_demo_asks_for_it(name: str) -> None:
    demo = set_to(**{name: None})
    assert_asks_again(demo, "付款日期和付款时刻")
    assert "未填" in settings(demo.picture()).values()
    assert "请先填好付款日期与时刻" in shown_code(demo)


def test_a_presale_without_its_day_asks_for_it() -> None:
    assert_asks_again(set_to(kind="预售", agreed=None), "预售约定日")


def test_ordinary_goods_need_no_presale_day() -> None:
    assert_agrees_with_the_model(set_to(agreed=None))


def test_a_date_before_the_model_begins_is_explained() -> None:
    assert_asks_again(set_to(day=date(1991, 12, 31)), "1992年以后")


def test_filling_in_the_date_brings_the_result_back() -> None:
    demo = set_to(day=None, elapsed=30, progress=STEPS[1])
    demo.controls["day"].value = date(2025, 11, 8)
    assert demo.result() == set_to(elapsed=30, progress=STEPS[1]).result()


# The code that the reader sees


@pytest.mark.parametrize(("name", "value"), [case for case in CASES if case[1] is not None])
def test_the_shown_code_runs_and_gives_the_models_promise(name: str, value: Any) -> None:
    demo = moved(name, value)
    if value == date(2025, 11, 7):
        with pytest.raises(ValueError, match="presale_ships"):
            run_code(demo)
        return
    _, promise = run_code(demo)
    assert promise == by_model(read(demo))[0]
    assert bold(demo.result())[:2] == [spoken(promise.upload_by), spoken(promise.ship_by)]


@pytest.mark.parametrize("kind", ["现货", "预售", "定制"])
def test_the_shown_code_knows_the_rest(kind: str) -> None:
    demo = set_to(kind=kind, day=date(2026, 2, 13), agreed=date(2026, 2, 25), rest=True)
    _, promise = run_code(demo)
    assert promise == by_model(read(demo))[0]
