"""The five windows: every move by its button, every control, against the model; won by presses alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from kefu.demos import Demo, five_windows
from kefu.demos.five_windows import PACES, THINK, figure, packed, unpacked
from kefu.presales.windows import OPEN, VISITORS, Act, evening, in_order, phrase_for
from tests.demos.reading import Drawing, cells, hand, parsed, presses, run_code, settings

BEST = [
    ("小鹿", "DY063"),
    ("半糖", "DY008"),
    ("阿树", "转给阿川"),
    ("木棉", "DY083"),
    ("老陈", "自己打字"),
    ("半糖", "自己打字"),
]


def button(demo: Demo, start: str) -> dict[str, Any]:
    """What the one button gives whose text begins so."""
    (wanted,) = [wanted for text, wanted, _ in presses(demo.result()) if text.startswith(start)]
    return wanted


def do(demo: Demo, name: str, what: str) -> Demo:
    """Open a window and press a move in it, as a reader does."""
    for text, wanted, _ in presses(demo.result()):
        if wanted == {"who": name}:
            assert name in text
            hand(demo, **wanted)
            break
    if what.startswith("DY"):
        values = next(one.values for one in VISITORS if one.name == name)
        what = phrase_for(what).fill(values)
    return hand(demo, **button(demo, what))


def state(demo: Demo) -> Any:
    return evening(
        unpacked(demo.controls["moves"].value),
        PACES[demo.controls["pace"].value],
        demo.controls["seed"].value,
    )


def won() -> Demo:
    demo = five_windows()
    for name, what in BEST:
        while name not in state(demo).in_list():
            hand(demo, **button(demo, "等下一件事"))
        do(demo, name, what)
    return demo


def test_it_opens_on_the_window_of_who_waits_longest_with_all_that_can_be_done() -> None:
    demo = five_windows()
    scene = parsed(demo.parts()[0])
    assert scene.select_one(".kefu-when").get_text() == "第0秒；还有3位，走了0位"  # type: ignore[union-attr]
    names = [(text, chosen) for text, wanted, chosen in presses(demo.result()) if "who" in wanted]
    assert [(text[:2], chosen) for text, chosen in names] == [
        ("老陈", "true"),
        ("半糖", "false"),
        ("小鹿", "false"),
    ]
    assert VISITORS[0].says in scene.get_text()
    assert list(settings(demo.picture())) == []
    for number, _ in VISITORS[0].phrases:
        assert phrase_for(number).text in scene.get_text()


def test_played_in_a_good_order_by_presses_alone_it_is_won() -> None:
    demo = won()
    end = state(demo)
    assert end.won
    scene = parsed(demo.parts()[0])
    assert "✓ 五个窗口都接住了" in scene.get_text()
    assert f"等得最久的是{end.longest[0]}，{end.longest[1]:g}秒" in scene.get_text()
    rows = cells(demo.result())
    fast = in_order(0.5)
    assert rows[0] == ["走了几位", "0位", f"{len(fast.lost)}位"]
    assert [row[0] for row in rows[1:]] == list(end.figures())
    assert [row[1] for row in rows[1:]] == [
        figure(key, value) for key, value in end.figures().items()
    ]
    assert [row[2] for row in rows[1:]] == [
        figure(key, value) for key, value in fast.figures().items()
    ]
    hand(demo, **button(demo, "从头再来"))
    assert state(demo).now == 0


def test_in_the_order_of_the_list_two_have_left_by_the_first_answer() -> None:
    demo = do(five_windows(), "老陈", "自己打字")
    assert state(demo).lost == ["半糖", "小鹿"]
    drawing = Drawing(demo.parts()[0])
    assert "半糖走了，46秒" not in drawing.label
    assert drawing.label.startswith("老陈办完，80秒；半糖走了")
    assert "走了2位" in demo.parts()[0]


@pytest.mark.parametrize(
    "what", ["DY041", "DY044", "DY045", "先应一声", "自己打字", "转给阿川", "置顶"]
)
def test_every_move_in_a_window_is_the_models(what: str) -> None:
    demo = do(five_windows(), "老陈", what)
    kinds = {"先应一声": "应一声", "自己打字": "打字", "转给阿川": "转给", "置顶": "置顶"}
    action = Act("短语", "老陈", what) if what.startswith("DY") else Act(kinds[what], "老陈")  # type: ignore[arg-type]
    assert state(demo) == evening([action])
    assert state(demo).told in parsed(demo.parts()[0]).get_text()


def test_a_step_back_takes_the_last_move_away() -> None:
    demo = do(do(five_windows(), "小鹿", "DY063"), "半糖", "DY008")
    hand(demo, **button(demo, "退一步"))
    assert unpacked(demo.controls["moves"].value) == [Act("短语", "小鹿", "DY063")]
    hand(demo, **button(demo, "退一步"))
    assert not [text for text, _, _ in presses(demo.result()) if text == "退一步"]


def test_a_pinned_window_stands_on_top_and_tells_when_the_search_is_done() -> None:
    demo = do(do(five_windows(), "半糖", "DY008"), "半糖", "置顶")
    first = next(text for text, wanted, _ in presses(demo.result()) if "who" in wanted)
    assert first == "置顶　半糖　已回复"
    while state(demo).now < 55:
        hand(demo, **button(demo, "等下一件事"))
    assert (
        next(text for text, wanted, _ in presses(demo.result()) if "who" in wanted)
        == "置顶　半糖　查到了"
    )


def test_the_promise_of_two_days_is_told_at_the_end() -> None:
    demo = five_windows()
    for name, what in BEST:
        while name not in state(demo).in_list():
            hand(demo, **button(demo, "等下一件事"))
        do(demo, name, "DY121" if name == "木棉" else what)
    text = parsed(demo.result()).get_text()
    assert "欠下一句承诺（木棉：两天到）" in text
    assert "木棉满意地走了，记住了“两天”" in text


def test_a_minute_not_kept_is_told_at_the_end() -> None:
    demo = five_windows()
    hand(
        demo,
        **packed(
            [
                Act("应一声", "老陈"),
                *(Act("打字", name) for name in ("小鹿", "老陈")),
                *[Act("等")] * 9,
            ]
        ),
    )
    assert "对老陈说了一分钟，没做到" in parsed(demo.result()).get_text()


def test_when_all_have_left_the_end_names_them() -> None:
    demo = five_windows()
    for _ in range(20):
        if state(demo).over:
            break
        hand(demo, **button(demo, "等下一件事"))
    assert "走了5位：老陈、半糖、小鹿、阿树、木棉" in parsed(demo.result()).get_text()
    assert not parsed(demo.result()).select("[data-clock]")


@pytest.mark.parametrize("pace", list(PACES))
@pytest.mark.parametrize("seed", [0, 1, 9])
def test_pace_and_evening_replay_the_same_moves(pace: str, seed: int) -> None:
    demo = do(five_windows(), "老陈", "自己打字")
    demo.controls["pace"].value, demo.controls["seed"].value = pace, seed
    expected = evening([Act("打字", "老陈")], PACES[pace], seed)
    assert (
        f"第{expected.now:g}秒；还有{sum(one.state in OPEN for one in expected.stays)}位"
        in demo.parts()[0]
    )
    (now, lost, figures) = run_code(demo)[1]
    assert (now, lost, figures) == (expected.now, expected.lost, expected.figures())


def set_up(demo: Demo) -> list[str]:
    """What is set in the picture, as its chosen buttons say."""
    found = presses(demo.parts()[0])
    return [text for text, wanted, on in found if on == "true" and wanted.keys() & SET_UP]


SET_UP = {"pace", "seed", "clock"}


def test_pace_evening_and_clock_are_set_in_the_picture_before_a_game_and_after_it() -> None:
    demo = five_windows()
    assert set_up(demo) == ["平常", "书上的", "不算"]
    for start, name, value in (
        ("慢一半", "pace", "慢一半"), ("快一倍", "pace", "快一倍"), ("换一晚", "seed", 1),
        ("换一晚", "seed", 2), ("书上的", "seed", 0), ("每10秒", "clock", True),
    ):  # fmt: skip
        hand(demo, **button(demo, start))
        assert demo.controls[name].value == value
    assert set_up(demo) == ["快一倍", "书上的", "每10秒算一步"]
    do(demo, "小鹿", "DY063")
    assert set_up(demo) == []
    hand(demo, **button(demo, "从头再来"))
    assert set_up(demo) == ["快一倍", "书上的", "每10秒算一步"]
    assert set_up(won()) == ["平常", "书上的", "不算"]


def test_after_the_last_evening_comes_the_first_of_the_others() -> None:
    demo = five_windows(seed=9)
    hand(demo, **button(demo, "换一晚"))
    assert demo.controls["seed"].value == 1


def test_the_same_way_at_half_the_pace_loses_two() -> None:
    demo = won()
    hand(demo, **button(demo, "慢一半"))
    assert state(demo).lost == ["老陈", "半糖"]
    assert "走了2位：老陈、半糖" in parsed(demo.result()).get_text()


def test_no_clock_runs_until_it_is_wished_and_then_it_waits_for_you() -> None:
    demo = five_windows()
    assert not parsed(demo.result()).select("[data-clock]")
    demo.controls["clock"].value = True
    (timed,) = parsed(demo.result()).select("[data-clock]")
    assert timed["data-clock"] == str(THINK)
    hand(demo, **json.loads(str(timed["data-late"])))
    assert unpacked(demo.controls["moves"].value) == [Act("等")]


@pytest.mark.parametrize(
    "told",
    [
        "",
        "{}",
        "[1]",
        '[["跳", "老陈", ""]]',
        '[["打字", "谁", ""]]',
        '[["短语", "老陈", "DY001"]]',
    ],
)
def test_what_no_press_gives_is_no_move(told: str) -> None:
    demo = five_windows()
    demo.controls["moves"].value = told
    assert demo.result() == five_windows().result()


def test_the_labels_of_the_drawing_lie_inside_it_to_the_end() -> None:
    for demo in (five_windows(), won(), do(five_windows(), "老陈", "自己打字")):
        Drawing(demo.parts()[0]).assert_labels_inside()
