from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, promise_clock
from kefu.presales.promises import SHANGHAI, Holiday, ShipPromise, Status, ship_promise, status
from tests.demos.reading import (
    Drawing,
    alert,
    bold,
    parsed,
    positions,
    run_code,
    set_to,
    settings,
    shown_code,
    width,
)

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


def moved(name: str, value: Any) -> Demo:
    return set_to(promise_clock(), **MOVES[name][0], **{name: value})


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
    v, html = positions(demo), demo.result()
    owed, now, stands = by_model(v)
    large, *said = bold(html)
    assert said == [stands.state, spoken(owed.upload_by), spoken(owed.ship_by)]
    late = "超时" in stands.state
    (countdown,) = parsed(html).select("p.kefu-big")
    assert countdown.get_text().endswith(stands.state)
    assert ("✗" in countdown.get_text()) is late
    assert bool(countdown.select(".kefu-wrong")) is late
    terms, note = (parsed(html).select(f"p.{name}")[0].get_text()
                   for name in ("kefu-formula", "kefu-note"))  # fmt: skip
    assert terms.startswith(owed.reason)
    assert note.startswith(f"现在是{spoken(now)}，状态：{stands.state}，")
    left = re.search(r"(还剩|已超)(\d+)小时(\d+)分。(.+)", note)
    assert left
    assert left[1] == ("还剩" if stands.left >= timedelta(0) else "已超")
    assert large == left[0].split("。")[0]
    shown = timedelta(hours=int(left[2]), minutes=int(left[3]))
    assert abs(abs(stands.left) - shown) <= timedelta(seconds=30)
    assert len(left[4]) > 5  # what to do now
    assert_drawing_agrees(html, owed, now, stands, rest=v["rest"])


def assert_drawing_agrees(
    html: str, owed: ShipPromise, now: datetime, stands: Status, *, rest: bool
) -> None:
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    marks = {"付款": owed.paid_at, "最晚发货": owed.ship_by}
    if owed.upload_by < owed.ship_by:
        marks["最晚上传"] = owed.upload_by
    if owed.starts_at > owed.paid_at:
        marks["开始计时"] = owed.starts_at
    labels = {f"{name} {written(moment)}" for name, moment in marks.items()}
    texts = {text for text, *_ in drawing.texts()}
    assert {text for text in texts if re.search(r"\d:\d\d$", text)} == labels | {
        f"现在 {written(now)}"
    }
    # payment and the last deadline give the scale; all else must lie on it
    staffs = sorted(
        float(part.attrib["d"].split(",")[0][1:])
        for name in ("second", "guide")
        for part in drawing.root.iter("path")
        if part.attrib["class"] == name
    )
    assert len(staffs) == len(marks)
    begin, last = staffs[0], staffs[-1]
    assert begin == 20
    assert last <= 380

    def place(moment: datetime) -> float:
        share = (moment - owed.paid_at) / (owed.ship_by - owed.paid_at)
        return begin + share * (last - begin)

    near = max(0.2, 0.1 * (now - owed.paid_at) / (owed.ship_by - owed.paid_at))
    for staff, moment in zip(staffs, sorted(marks.values()), strict=True):
        assert staff == pytest.approx(place(moment), abs=0.2)
    assert drawing.dot[0] == pytest.approx(place(now), abs=near)
    assert 20 <= drawing.dot[0] <= 380.5
    assert_days_agree(drawing, owed, now, stands, place, near, rest=rest)
    rows = [y for text, _, y, _ in drawing.texts() if text in labels]
    assert len(set(rows)) == len(rows)
    assert all(abs(one - other) >= 15 for one, other in pairwise(sorted(rows)))
    for moment in (*marks.values(), now):
        assert spoken(moment) in drawing.label
    assert stands.state in drawing.label


def boxes(drawing: Drawing, name: str) -> list[tuple[float, float]]:
    """Where the boxes of a class begin and end; the one in the legend is left out."""
    found = [r for r in drawing.root.iter("rect") if r.attrib["class"].split()[0] == name]
    ends = [(float(r.attrib["x"]), float(r.attrib["width"])) for r in found if float(r.attrib["y"]) > 20]  # fmt: skip
    return [(x, x + wide) for x, wide in ends]


def assert_days_agree(
    drawing: Drawing,
    owed: ShipPromise,
    now: datetime,
    stands: Status,
    place: Callable[[datetime], float],
    near: float,
    *,
    rest: bool,
) -> None:
    """Sundays are shaded and count; the announced rest is shaded and does not."""
    counted = rest and "店休（春节）不计时" in owed.reason
    said = {text for text, *_ in drawing.texts()}
    assert ("春节店休，不计时" in said) is counted
    begins, ends = SPRING.span
    runs = [(owed.paid_at, now)]
    if counted:
        ((x, x_end),) = boxes(drawing, "rest")
        assert x == pytest.approx(max(place(begins), 20), abs=0.3)
        assert x_end == pytest.approx(min(place(ends), 380), abs=0.3)
        runs = [(owed.paid_at, min(now, begins))] if owed.paid_at < begins else []
        runs += [(max(owed.paid_at, ends), now)] if now > ends else []
    bars = boxes(drawing, "bar")
    assert len(bars) == len(runs)
    for (x, x_end), (a, b) in zip(bars, runs, strict=True):
        assert x == pytest.approx(place(a), abs=near)
        assert x_end == pytest.approx(max(place(b), x + 1), abs=near + 0.1)
    late = [r for r in drawing.root.iter("rect") if "bar2" in r.attrib["class"]]
    assert len(late) == (len(bars) if "超时" in stands.state else 0)
    if place(owed.paid_at + timedelta(days=1)) - 20 < 4:
        return
    midnight = owed.paid_at.replace(hour=0, minute=0, second=0)
    wanted = []
    for number in range(400):
        day = midnight + timedelta(days=number)
        in_rest = counted and begins <= day < ends
        if day.weekday() == 6 and not in_rest and place(day) < 379.5:
            wanted.append((max(place(day), 20), min(place(day + timedelta(days=1)), 380)))
    seen = [one for one in boxes(drawing, "zone") if one[1] - one[0] > 0.5]
    edges, right = ([x for pair in pairs for x in pair] for pairs in (seen, wanted))
    loose = 0.6 + 0.15 * 360 / (place(owed.ship_by) - 20)  # what lies far beyond the deadline
    assert edges == pytest.approx(right, abs=loose)
    assert ("周日仓库休息，照样计时" in said) >= bool(wanted)


def assert_asks_again(demo: Demo, word: str) -> None:
    """The demo says what is missing or wrong, and keeps all that the reader entered."""
    before = positions(demo)
    assert word in alert(demo.result())
    assert "<svg" not in demo.result()
    assert positions(demo) == before
    assert len(settings(demo.picture())) == len(demo.shown_controls())


def test_every_control_is_moved() -> None:
    assert set(MOVES) == set(promise_clock().controls)


@pytest.mark.parametrize(("name", "value"), CASES)
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    demo = moved(name, value)
    if value is None:
        assert_asks_again(demo, "请")
    elif value == date(2025, 11, 7):  # agreed before it was paid
        assert_asks_again(demo, "比付款日期还早")
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
    assert_agrees_with_the_model(
        set_to(promise_clock(), kind=kind, progress=progress, elapsed=elapsed)
    )


@pytest.mark.parametrize("kind", ["现货", "预售", "定制"])
@pytest.mark.parametrize("day", [date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 16)])
def test_the_new_year_rest_stops_the_clock_as_the_model_says(kind: str, day: date) -> None:
    demo = set_to(promise_clock(), kind=kind, day=day, agreed=date(2026, 2, 25), rest=True)
    assert_agrees_with_the_model(demo)


def test_all_five_states_can_be_reached() -> None:
    seen = set()
    for progress in STEPS:
        for elapsed in (20, 30, 60):
            seen.add(bold(set_to(promise_clock(), progress=progress, elapsed=elapsed).result())[1])
    assert seen == STATES


def test_a_deadlines_own_moment_is_in_time() -> None:
    assert bold(set_to(promise_clock(), elapsed=24).result())[1] == "待上传"
    assert "还剩0小时0分" in set_to(promise_clock(), elapsed=24).result()
    assert bold(set_to(promise_clock(), elapsed=25).result())[1] == "上传超时"


def test_an_order_paid_during_the_rest_starts_when_the_shop_opens() -> None:
    html = set_to(promise_clock(), day=date(2026, 2, 16), rest=True).result()
    assert "开始计时 2/23 00:00" in html
    assert bold(html)[2] == "2月24日（周二）00:00"


# Dates left empty


@pytest.mark.parametrize("name", ["day", "clock"])
def test_without_a_date_or_time_of_payment_the_demo_asks_for_it(name: str) -> None:
    demo = set_to(promise_clock(), **{name: None})
    assert_asks_again(demo, "付款日期和付款时刻")
    assert "未填" in settings(demo.picture()).values()
    assert "请先填好付款日期与时刻" in shown_code(demo)


def test_a_presale_without_its_day_asks_for_it() -> None:
    assert_asks_again(set_to(promise_clock(), kind="预售", agreed=None), "预售约定日")


def test_ordinary_goods_need_no_presale_day() -> None:
    assert_agrees_with_the_model(set_to(promise_clock(), agreed=None))


@pytest.mark.parametrize("year", [1, 20, 202, 1991, 8999, 9999])
@pytest.mark.parametrize("name", ["day", "agreed"])
def test_a_year_that_the_model_does_not_take_is_explained_in_chinese(name: str, year: int) -> None:
    demo = set_to(promise_clock(), kind="预售")
    demo.controls[name].value = date(year, 1, 1)
    assert_asks_again(demo, f"填的是{year}年，请把年份写全，例如2025年（1992—8998年都可以）")
    assert not re.search("[A-Za-z_]", alert(demo.result()))


@pytest.mark.parametrize("day", [date(1992, 1, 1), date(8998, 12, 31)])
def test_the_first_and_the_last_day_that_are_taken_work_to_the_end(day: date) -> None:
    for kind in ("现货", "定制"):
        assert_agrees_with_the_model(
            set_to(promise_clock(), day=day, kind=kind, lead=60, elapsed=360)
        )


def test_a_presale_in_the_far_future_is_drawn_without_its_days() -> None:
    html = set_to(promise_clock(), kind="预售", agreed=date(8998, 1, 1)).result()
    assert not boxes(Drawing(html), "zone")


# Hands on the picture, and what has no effect


def test_now_is_moved_on_the_line_and_rests_on_the_deadlines() -> None:
    demo = promise_clock()
    handle = parsed(demo.parts()[0]).select_one(".kefu-grip")
    assert handle is not None
    told = json.loads(str(handle["data-x"]))
    assert (told["name"], told["now"], sorted(told["stops"])) == ("elapsed", 20, [24, 48])
    dot = Drawing(demo.result()).dot[0]
    for hours in (0, 31.2, told["max"]):
        demo._picture.moved = {"elapsed": hours, "": hours + 1}
        assert demo.controls["elapsed"].value == round(hours)
        assert_agrees_with_the_model(demo)
        again = parsed(demo.parts()[0]).select_one(".kefu-grip")
        assert again is not None
        assert (
            json.loads(str(again["data-x"]))["high"] == told["high"]
        )  # it does not shrink under the hand
        pixel = told["low"] + hours / told["max"] * (told["high"] - told["low"])
        assert Drawing(demo.result()).dot[0] == pytest.approx(pixel, abs=3)
    assert dot == pytest.approx(
        told["low"] + 20 / told["max"] * (told["high"] - told["low"]), abs=0.2
    )


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({}, set()),
        ({"kind": "预售"}, {"agreed"}),
        ({"kind": "定制"}, {"lead"}),
        ({"day": date(2026, 2, 13)}, {"rest"}),
        ({"day": date(2026, 2, 22)}, {"rest"}),
        ({"day": date(2026, 2, 23)}, set()),
        ({"day": date(2026, 2, 13), "kind": "定制"}, {"lead", "rest"}),
        ({"day": date(2026, 2, 13), "kind": "预售", "agreed": date(2026, 2, 25)}, {"agreed"}),
    ],
)
def test_only_terms_that_move_a_deadline_are_shown(values: dict[str, Any], shown: set[str]) -> None:
    demo = set_to(promise_clock(), **values)
    terms = {"agreed", "lead", "rest"}
    assert terms & demo.shown_controls().keys() == shown
    assert {n for n in terms if demo.controls[n].layout.display != "none"} == shown
    named = settings(demo.picture())
    assert {n for n in terms if demo.controls[n].description in named} == shown
    assert ("kefu-press" in demo.parts()[0]) is ("rest" in shown)


def test_the_rest_is_announced_by_a_press_and_taken_back() -> None:
    demo = set_to(promise_clock(), day=date(2026, 2, 13))
    for turn, announced in enumerate((True, False)):
        (button,) = parsed(demo.parts()[0]).select("button[data-press]")
        assert button["aria-pressed"] == str(not announced).lower()
        demo._picture.moved = {**json.loads(str(button["data-press"])), "": turn}
        assert demo.controls["rest"].value is announced
        assert_agrees_with_the_model(demo)


def test_no_staff_crosses_a_label() -> None:
    for values in ({}, {"elapsed": 300}, {"day": date(2026, 2, 16), "rest": True, "elapsed": 360},
                   {"day": date(2026, 2, 13), "rest": True}, {"kind": "定制", "lead": 3}):  # fmt: skip
        drawing = Drawing(set_to(promise_clock(), **values).result())
        staffs = []
        for part in drawing.root.iter("path"):
            if part.attrib["class"] in ("second", "guide"):
                x, top, low = map(float, re.findall(r"[\d.]+", part.attrib["d"]))
                staffs.append((x, top, low))
        for text, x, y, anchor in drawing.texts():
            wide = width(text) * 14 / 12  # as on a phone
            left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
            for staff, top, low in staffs:
                crossed = left < staff < left + wide and top < y - 2 and low > y - 8
                assert not crossed, (values, text)


def test_the_first_three_controls_are_now_the_day_and_the_progress() -> None:
    assert list(promise_clock().controls)[:3] == ["elapsed", "day", "progress"]


def test_filling_in_the_date_brings_the_result_back() -> None:
    demo = set_to(promise_clock(), day=None, elapsed=30, progress=STEPS[1])
    demo.controls["day"].value = date(2025, 11, 8)
    assert demo.result() == set_to(promise_clock(), elapsed=30, progress=STEPS[1]).result()


# The code that the reader sees


@pytest.mark.parametrize(("name", "value"), [case for case in CASES if case[1] is not None])
def test_the_shown_code_runs_and_gives_the_models_promise(name: str, value: Any) -> None:
    demo = moved(name, value)
    if value == date(2025, 11, 7):
        with pytest.raises(ValueError, match="presale_ships"):
            run_code(demo)
        return
    _, promise = run_code(demo)
    assert promise == by_model(positions(demo))[0]
    assert bold(demo.result())[2:] == [spoken(promise.upload_by), spoken(promise.ship_by)]


@pytest.mark.parametrize("kind", ["现货", "预售", "定制"])
def test_the_shown_code_knows_the_rest(kind: str) -> None:
    demo = set_to(
        promise_clock(), kind=kind, day=date(2026, 2, 13), agreed=date(2026, 2, 25), rest=True
    )
    _, promise = run_code(demo)
    assert promise == by_model(positions(demo))[0]
