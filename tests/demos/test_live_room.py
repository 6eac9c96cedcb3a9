"""The public chat: every minute, pin, line and setting, each number and dot counted against the model."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.demos import live_room
from kefu.demos.core import Demo
from kefu.demos.film import KINDS
from kefu.demos.live_room import (
    ASSUMED,
    FIGURES,
    HANDS,
    HOTS,
    LAST_SEED,
    LINES,
    OPENING,
    PINNED,
    SAID,
    SEED,
    STANDS,
    figures,
    film,
    hot_of,
    packed,
    put,
    show,
    unpacked,
)
from kefu.intelligence.live import (
    CUT,
    FRESH,
    HOST_EVERY,
    HOT,
    PACE,
    REPEATS,
    SHOWN,
    STAY,
    TOPICS,
    OnAir,
    Slot,
    Tactics,
    air,
    told,
)
from kefu.intelligence.live_effects import windows
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    cells,
    hand,
    parsed,
    positions,
    press,
    presses,
    run_code,
    set_to,
    width,
)

MOVES: dict[str, list[Any]] = {
    "now": [0, 1, 7, 14, 15],
    "pins": ["", "2发货", "2材质|5发货|9"],
    "lines": ["", "3发货", "3发货|6发货"],
    "hands": [0, 1, 2, 4],
    "stock": [0, 8, 60],
    "delay": [0, 1, 5],
    "seed": [0, 1, 2, 3, 9],
}


def room(demo: Demo) -> tuple[tuple[OnAir, ...], tuple[OnAir, ...]]:
    """What is done, and the same room with nothing done, straight from the model."""
    v = positions(demo)
    turns = [Slot(hot_of(v["seed"]), v["stock"])]
    tactics = [
        Tactics(
            dict(unpacked(pins, "pins")), dict(unpacked(lines, "lines")), v["hands"], v["delay"]
        )
        for pins, lines in ((v["pins"], v["lines"]), ("", ""))
    ]
    mine, bare = (air(turns, one, v["seed"]) for one in tactics)
    return mine, bare


def places(html: str) -> dict[str, str]:
    """What the picture says in the places that its film keeps up to date."""
    return {
        str(one["data-told"]): one.get_text() for one in parsed(html).select("tspan[data-told]")
    }


def assert_agrees(demo: Demo) -> None:
    (mine, bare), html, minute = room(demo), demo.result(), positions(demo)["now"]
    fates = Counter[str]()
    dots = {
        str(one.attrib["data-dots"]): one.attrib["d"].count("h0")
        for one in Drawing(html).root.iter("path")
        if "data-dots" in one.attrib
    }
    for one in (question for each in mine for question in each.asked):
        age = 60 * minute - round(60 * one.at, 1)
        if age < 0:
            continue
        ended = minute == SHOWN
        if one.fate == "挡住":
            fates["robot"] += 1
        elif one.fate == "滚走":
            fates["left" if age >= STANDS or ended else "waits"] += 1
        else:
            fates["talks" if age >= 20 or ended else "waits"] += 1
    assert dots == {kind: fates[kind] for kind in KINDS}
    told_places = places(html)
    for kind in ("talks", "robot", "left", "waits"):
        assert told_places[kind] == str(fates[kind])
    rows = [
        list(line) for line in zip(FIGURES, figures(told(bare)), figures(told(mine)), strict=True)
    ]
    assert cells(html) == rows
    assert f"<b>{told(mine).stopped}条</b>" in html
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert drawing.label.startswith(
        f"第{minute}分钟：公屏上{fates['waits']}条没人答，答上{fates['talks']}条，"
        f"置顶挡住{fates['robot']}条，滚走{fates['left']}条"
    )
    stock = mine[minute - 1].stock.shown if minute else positions(demo)["stock"]
    assert told_places["stock"].startswith(f"{stock}件")
    up = mine[minute].pinned if minute < SHOWN else None
    wanted = "讲完了" if up is None else f"置顶：{PINNED[up]}" if up else "没有置顶"
    assert told_places["pinned"] == wanted


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = live_room().controls
    assert list(MOVES) == list(controls)
    for name in ("now", "hands", "stock", "delay", "seed"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_agrees(set_to(live_room("3发货", "4发货", stock=8, delay=1), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(live_room(stock=8), **{name: v}).result() for v in MOVES[name]]
    assert len(set(results)) == len(results)


STEPS = st.dictionaries(st.integers(0, SHOWN - 1), st.sampled_from(("", *TOPICS)), max_size=4)


@settings(max_examples=10, deadline=None)
@given(STEPS, STEPS, st.integers(0, SHOWN), st.integers(0, LAST_SEED))
def test_whatever_is_done_when_it_is_the_models(
    pins: dict[int, str], lines: dict[int, str], minute: int, seed: int
) -> None:
    texts = [packed(sorted(steps.items())) for steps in (pins, lines)]
    assert_agrees(set_to(live_room(seed=seed), pins=texts[0], lines=texts[1], now=minute))


def test_all_is_pressed_and_nothing_stands_beside_it() -> None:
    demo = live_room()
    assert demo.shown_controls() == {}
    wanted = [want for _, want, _ in presses(demo.result())]
    for name in MOVES:
        assert any(name in want for want in wanted)


def pin(demo: Demo, topic: str) -> Demo:
    return hand(demo, **next(w for t, w, _ in presses(demo.result()) if t == topic and "pins" in w))


def line(demo: Demo, topic: str) -> Demo:
    return hand(
        demo, **next(w for t, w, _ in presses(demo.result()) if t == topic and "lines" in w)
    )


def test_a_right_pin_stops_many_a_wrong_one_few_and_says_why() -> None:
    right, wrong = pin(live_room(now=2), "发货"), pin(live_room(now=2), "材质")
    assert "第2分钟置顶“发货”，到讲完挡住25条。" in right.result()
    assert "第2分钟置顶“材质”，到讲完挡住5条，这一段反复问的是发货。" in wrong.result()
    assert 20 <= told(room(right)[0]).stopped <= 30
    assert_agrees(right)


@pytest.mark.parametrize(
    ("pins", "stopped"), [("0发货", 30), ("4发货", 19), ("8发货", 11), ("4材质", 4)]
)
def test_the_sooner_the_more_is_stopped(pins: str, stopped: int) -> None:
    assert told(room(live_room(pins))[0]).stopped == stopped


def test_a_pin_is_changed_taken_down_and_begun_anew() -> None:
    demo = pin(live_room(now=2), "材质")
    hand(demo, now=5)
    pin(demo, "发货")
    assert positions(demo)["pins"] == "2材质|5发货"
    assert next(t for t, _, on in presses(demo.result()) if on == "true") == "发货"
    hand(demo, now=9)
    press(demo, "撤下")
    assert positions(demo)["pins"] == "2材质|5发货|9"
    assert "到第9分钟挡住" in demo.result()
    press(demo, "重来")
    assert (positions(demo)["pins"], positions(demo)["now"]) == ("", 0)
    assert "还什么也没做" in demo.result()


def test_a_line_is_handed_at_once_answers_all_of_its_topic_and_no_second_one_soon_after() -> None:
    demo = line(live_room(now=3), "发货")
    heard = sum(one.fate == "主播" for one in room(demo)[0][3].asked)
    assert f"第3分钟主播念“发货”，一口气答上{heard}条。" in demo.result()
    assert heard > 0
    hand(demo, now=4)
    assert "主播顾不上第二句" in demo.result()
    assert not any("lines" in want and "pins" not in want for _, want, _ in presses(demo.result()))
    hand(demo, now=6)
    line(demo, "发货")
    assert positions(demo)["lines"] == "3发货|6发货"
    press(demo, "收回")
    assert positions(demo)["lines"] == "3发货"


def test_the_next_minute_is_pressed_up_to_the_end() -> None:
    demo = live_room(now=13)
    press(demo, "下一分钟 ›", "下一分钟 ›")
    assert positions(demo)["now"] == SHOWN
    assert "讲完了" in demo.result()
    assert not any("pins" in w and "now" not in w for _, w, _ in presses(demo.result()))
    assert_agrees(demo)


def test_a_link_that_comes_down_late_oversells() -> None:
    demo = live_room("2发货", stock=8, delay=3, now=SHOWN)
    assert told(room(demo)[0]).oversold > 0
    assert "超卖）" in places(demo.result())["stock"]


def test_the_film_starts_where_the_picture_stands_and_holds_every_question_once() -> None:
    demo = live_room("2发货", now=5)
    (sheet,) = parsed(demo.result()).select("[data-film]")
    told_film = json.loads(str(sheet["data-film"]))
    mine, _ = room(demo)
    every = [one for each in mine for one in each.asked]
    assert len(told_film["people"]) == len(every)
    assert (told_film["since"], told_film["length"]) == (300, 900)
    assert len(told_film["says"]) == sum(one.fate != "挡住" for one in every)
    shown = [one.get_text() for one in parsed(demo.result()).select("[data-says]")]
    assert shown == [words for at, words in told_film["says"] if at <= 300][-LINES:]
    assert set(told_film["each"]) == {"stock", "pinned", "host"}
    assert {len(texts) for texts in told_film["each"].values()} == {SHOWN + 1}
    (play,) = parsed(demo.result()).select(".kefu-play")
    assert json.loads(str(play["data-press"])) == {"now": SHOWN}
    (again,) = parsed(set_to(demo, now=SHOWN).result()).select(".kefu-play")
    assert json.loads(str(again["data-press"])) == {"now": 0}


def test_no_dot_stands_where_another_does_nor_outside_whatever_happens() -> None:
    for seed in range(LAST_SEED + 1):
        for hands in (0, 2, 4):
            for pins in ((), ((0, hot_of(seed)),)):
                running = film(show(pins, (), hands, 12, 0, seed), 0)
                for minute in range(SHOWN + 1):
                    spots = [(x, y) for _, x, y in running.spots(60.0 * minute)]
                    assert len(set(spots)) == len(spots)
                    assert all(190 < x < 397 and 40 < y < 240 for x, y in spots)


def test_what_rolls_by_fits_beside_the_dots() -> None:
    words = [*(one for said in SAID.values() for one in said),
             *(f"置顶：{one}" for one in PINNED.values())]  # fmt: skip
    assert max(map(width, words)) * 7 / 6 < 186
    assert set(SAID) == set(PINNED) == set(TOPICS) == set(HOTS)


def test_the_opening_is_what_it_says() -> None:
    demo = live_room()
    mine, bare = room(demo)
    assert mine == bare == air(OPENING, Tactics(hands=HANDS), SEED)
    assert list(figures(told(mine))) == [
        "110条",
        "0条",
        "84条",
        "26条",
        "12件",
        "0件",
        "2件",
        "0件",
    ]


def test_what_is_measured_is_the_tables_and_what_is_assumed_is_said() -> None:
    rows = windows(data.rows("live_minutes"))
    pinned, bare = [], [0, 0]
    for window in rows:
        up = [row for row in window if row["pinned"]]
        for row in window:
            if not row["pinned"]:
                bare[0] += int(row["repeats"])
                bare[1] += int(row["viewers"])
        if up:
            pinned.append([sum(int(row[name]) for row in up) for name in ("repeats", "viewers")])
    usual = bare[0] / bare[1]
    stopped = sum(usual * viewers - repeats for repeats, viewers in pinned) / len(pinned)
    assert f"{len(pinned)}条置顶，平均一条止住约{stopped:.0f}条" in ASSUMED
    assert round(usual, 2) == REPEATS
    for number in (f"{REPEATS}条", f"{FRESH}条", f"{CUT:.0%}", f"{HOT:.0%}", f"答{PACE}条",
                   f"{HOST_EVERY}分钟", f"{STAY:g}分钟"):  # fmt: skip
        assert number in ASSUMED


def test_the_code_shown_prints_the_same() -> None:
    demo = set_to(live_room("2发货", "3发货", 1, 8, 1, 4), now=9)
    found = told(room(demo)[0])
    printed, _ = run_code(demo)
    assert printed.split() == list(
        map(str, (found.stopped, found.answered, found.missed, found.sold))
    )


@given(STEPS, st.integers(0, SHOWN - 1), st.sampled_from(("", *TOPICS)))
def test_what_is_put_is_in_force_from_that_minute_on(
    steps: dict[int, str], minute: int, topic: str
) -> None:
    before = tuple(sorted(steps.items()))
    after = put(before, minute, topic)

    def force(all_steps: Any, at: int) -> str:
        return next((one for when, one in reversed(all_steps) if when <= at), "")

    for at in range(SHOWN):
        wanted = force(before, at)
        if at >= minute and not any(minute < when <= at for when, _ in before):
            wanted = topic
        assert force(after, at) == wanted
    assert unpacked(packed(after), "pins") == after


@pytest.mark.parametrize("text", [*HOSTILE, "2发货|2.5发货|99发货|发货|3天气|-1发货"])
def test_what_no_press_gives_is_left_out(text: str) -> None:
    demo = set_to(live_room(), pins=text)
    assert "kefu-error" not in demo.result()
    assert_agrees(demo)
    assert "kefu-error" not in set_to(live_room(), lines=text).result()


@pytest.mark.parametrize(
    "wrong",
    [{"pins": "2天气"}, {"lines": "3"}, {"lines": "3发货|4发货"}, {"hands": 9}, {"now": 16}],
)
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="应为"):
        live_room(**wrong)
