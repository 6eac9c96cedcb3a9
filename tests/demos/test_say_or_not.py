"""The sorting game: every sentence, every heap, the clock and the end, against the model."""

from __future__ import annotations

import json

import pytest

from kefu.demos import Demo, say_or_not
from kefu.demos.say_or_not import CLOCKS, LATE, PASS
from kefu.presales.wording import HEAPS, sayings
from kefu.talk import lint
from tests.demos.reading import board, hand, parsed, press, presses, run_code, settings

FIRST = [one for one in sayings() if not one.more]
KEPT = [one for one in sayings() if one.more]


def sort(demo: Demo, number: int, heap: str) -> Demo:
    """Open a sentence and put it on a heap."""
    demo.controls["number"].value = number
    return hand(demo, heap=heap)


def other(heap: str) -> str:
    return HEAPS[(HEAPS.index(heap) + 1) % 3]  # type: ignore[arg-type]


def ways(demo: Demo) -> dict[str, dict[str, object]]:
    """The ways to other sentences, by their texts."""
    return {text: wanted for text, wanted, _ in presses(demo.result()) if "number" in wanted}


@pytest.mark.parametrize("number", range(1, 21))
def test_a_sentence_on_its_heap_is_right_and_tells_rule_and_another_way(number: int) -> None:
    one = FIRST[number - 1]
    demo = say_or_not()
    demo.controls["number"].value = number
    asked = parsed(demo.parts()[0])
    assert asked.select_one(".kefu-asked").get_text() == f"客人{one.asked}"  # type: ignore[union-attr]
    assert asked.select_one(".kefu-said").get_text() == one.text  # type: ignore[union-attr]
    assert one.better not in demo.result()
    sort(demo, number, one.heap)
    text = parsed(demo.result()).get_text()
    assert "✓ 放对了" in text
    for told in (f"该放：{one.heap}。{one.why}", one.better, one.rule_title, one.rule_text):
        assert told in text
    assert board(demo)[number - 1] == f"{number}✓"
    assert run_code(demo)[1] == [(f.kind, f.words) for f in lint(one.text)]


@pytest.mark.parametrize("number", range(1, 21))
def test_on_another_heap_it_is_wrong_and_says_where_it_belongs(number: int) -> None:
    one = FIRST[number - 1]
    demo = sort(say_or_not(), number, other(one.heap))
    text = parsed(demo.result()).get_text()
    assert "✗ 放错了" in text
    assert f"你放在：{other(one.heap)}" in text
    assert f"该放：{one.heap}" in text
    assert board(demo)[number - 1] == f"{number}✗"


def test_the_first_answer_counts_and_is_shown_again() -> None:
    demo = sort(say_or_not(), 1, "能说")
    demo.controls["heap"].value = "不能说"
    demo.controls["number"].value = 2
    assert demo.controls["heap"].value == ""
    demo.controls["number"].value = 1
    assert demo.controls["heap"].value == "能说"
    assert board(demo)[0] == "1✗"


def test_three_mistakes_add_two_sentences_of_the_kind_to_the_line() -> None:
    demo = say_or_not()
    places = [n + 1 for n, one in enumerate(FIRST) if one.kind == "四个杜绝"][:3]
    for n, number in enumerate(places):
        assert len(board(demo)) == 20, n
        sort(demo, number, other(FIRST[number - 1].heap))
    assert len(board(demo)) == 22
    assert demo.controls["number"].max == 23
    demo.controls["number"].value = 21
    kept = next(one for one in KEPT if one.kind == "四个杜绝")
    assert kept.text in parsed(demo.result()).get_text()
    assert "第21句，共22句，加题；对0，错3" in demo.result()


def test_all_right_by_presses_alone_leads_to_the_end() -> None:
    demo = say_or_not()
    for turn, one in enumerate(FIRST):
        found = presses(demo.result())
        assert [text for text, wanted, _ in found if "heap" in wanted] == list(HEAPS)
        hand(demo, heap=one.heap)
        hand(demo, **ways(demo)["下一句 ›" if turn < 19 else "看成绩 ›"])
    scene = parsed(demo.parts()[0])
    assert scene.select_one(".kefu-big").get_text().startswith("20句")  # type: ignore[union-attr]
    assert "你过关了" in scene.get_text()
    assert presses(demo.result()) == []
    assert list(settings(demo.picture())) == []


def test_the_picture_leads_back_on_past_a_sentence_and_to_the_end() -> None:
    demo = say_or_not()
    assert ways(demo) == {"跳过 ›": {"number": 2}}
    hand(demo, **ways(demo)["跳过 ›"])
    assert ways(demo) == {"‹ 上一句": {"number": 1}, "跳过 ›": {"number": 3}}
    sort(demo, 2, FIRST[1].heap)
    assert ways(demo) == {
        "下一句 ›": {"number": 3}, "‹ 上一句": {"number": 1}, "看成绩": {"number": 21},
    }  # fmt: skip
    hand(demo, **ways(demo)["看成绩"])
    assert "还有19句没放" in demo.result()


def test_below_the_mark_the_end_leads_back_to_each_mistake_and_its_rule() -> None:
    demo = say_or_not()
    for number, one in enumerate(FIRST, 1):
        sort(demo, number, one.heap if number > 20 - PASS + 1 else other(one.heap))
    for number in range(21, len(board(demo)) + 1):
        demo.controls["number"].value = number
        text = parsed(demo.result()).get_text()
        sort(demo, number, next(one for one in KEPT if one.text in text).heap)
    demo.controls["number"].value = demo.controls["number"].max
    text = parsed(demo.parts()[0]).get_text()
    assert f"{PASS - 1}句" in text
    assert "再看一遍" in text
    missed = FIRST[: 20 - PASS + 1]
    for one in missed:
        assert one.rule_title in text
    found = presses(demo.result())
    assert [text for text, _, _ in found] == [f"第{n}句 ✗" for n in range(1, len(missed) + 1)]
    hand(demo, **found[0][1])
    assert missed[0].text in demo.result()


def test_the_end_before_all_are_sorted_leads_to_the_next() -> None:
    demo = sort(say_or_not(), 1, FIRST[0].heap)
    demo.controls["number"].value = 21
    assert "还有19句没放" in demo.result()
    assert ways(demo) == {"下一句 ›": {"number": 2}}


@pytest.mark.parametrize("seconds", [n for n in CLOCKS.values() if n])
def test_the_clock_is_off_at_first_and_puts_what_is_late_on_no_heap(seconds: int) -> None:
    demo = say_or_not()
    assert not parsed(demo.result()).select("[data-clock]")
    name = next(name for name, one in CLOCKS.items() if one == seconds)
    press(demo, name)
    assert demo.controls["clock"].value == seconds
    (timed,) = parsed(demo.result()).select("[data-clock]")
    assert timed["data-clock"] == str(seconds)
    late = json.loads(str(timed["data-late"]))
    assert late == {"heap": LATE}
    hand(demo, **late)
    assert f"你放在：{LATE}" in parsed(demo.result()).get_text()
    assert not parsed(demo.result()).select("[data-clock]")
    assert board(demo)[0] == "1✗"


def test_the_checker_says_what_it_heard_and_admits_what_it_did_not() -> None:
    heard = unheard = 0
    demo = say_or_not()
    for number, one in enumerate(FIRST, 1):
        sort(demo, number, one.heap)
        found = lint(one.text)
        text = parsed(demo.result()).get_text()
        heard += bool(found)
        unheard += not found and one.heap != "能说"
        assert ("检查器听见了" in text) is bool(found)
        assert ("没有听出来" in text) is (not found and one.heap != "能说")
    assert heard > 3
    assert unheard > 3


def test_two_readers_games_are_apart() -> None:
    one, two = say_or_not(), say_or_not()
    sort(one, 1, "能说")
    assert board(two)[0] == "1·"
