"""The thirty parcels: every card, both questions, the clock and the end, against the model."""

from __future__ import annotations

import json

import pytest

from kefu.aftersales.inquiries import Inquiry, inquiries
from kefu.aftersales.tracking import said_at
from kefu.demos import Demo, triage
from kefu.demos.cards import LATE
from kefu.demos.triage import CHOICES, CLOCKS, PASS
from tests.demos.reading import Drawing, board, hand, parsed, press, presses, run_code, settings

FIRST = [one for one in inquiries() if not one.more]
KEPT = [one for one in inquiries() if one.more]


def judge(demo: Demo, number: int, cause: str, way: str) -> Demo:
    """Open a parcel and answer both questions."""
    demo.controls["number"].value = number
    hand(demo, cause=cause)
    return hand(demo, way=way)


def rightly(demo: Demo, number: int, one: Inquiry) -> Demo:
    return judge(demo, number, one.action.cause, one.action.way)


def other(name: str, right: str) -> str:
    """Another answer than the right one."""
    every = CHOICES[name]
    return every[(every.index(right) + 1) % len(every)]


def wrongly(demo: Demo, number: int, one: Inquiry) -> Demo:
    return judge(demo, number, other("cause", one.action.cause), other("way", one.action.way))


def answers(demo: Demo) -> list[str]:
    """The texts of the buttons that answer, without the ways to other parcels and the clock."""
    found = presses(demo.result())
    return [text for text, wanted, _ in found if not wanted.keys() & {"number", "clock"}]


def ways(demo: Demo) -> dict[str, dict[str, object]]:
    """The ways to other parcels, by their texts."""
    return {text: wanted for text, wanted, _ in presses(demo.result()) if "number" in wanted}


@pytest.mark.parametrize("number", range(1, 31))
def test_the_card_shows_the_track_and_after_both_answers_the_models_action(number: int) -> None:
    one = FIRST[number - 1]
    demo = triage()
    demo.controls["number"].value = number
    scene = parsed(demo.parts()[0])
    told = scene.select_one(".kefu-asked").get_text()  # type: ignore[union-attr]
    assert told == one.who + (one.asked or "（还没来问）")
    items = [item.get_text() for item in scene.select("ol.kefu-slips li")]
    assert len(items) == len(one.case.events)
    for item, scan in zip(items, reversed(one.case.events), strict=True):
        assert scan.event in item
        assert scan.place in item
        assert scan.note in item
        assert said_at(scan.at) in item
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    still = one.case.silence.now
    assert (f"停了{int(still)}小时" if still else "已经签收") in drawing.label
    assert one.action.evidence not in demo.result()
    rightly(demo, number, one)
    text = parsed(demo.result()).get_text()
    for said in ("✓ 都对了", one.action.evidence, one.action.do, one.action.tell):
        assert said in text
    assert board(demo)[number - 1] == f"{number}✓"
    assert run_code(demo)[1] == one.action


@pytest.mark.parametrize("number", range(1, 31))
def test_wrong_answers_are_told_beside_the_right_ones(number: int) -> None:
    one = FIRST[number - 1]
    demo = wrongly(triage(), number, one)
    text = parsed(demo.result()).get_text()
    assert "✗ 两样都错" in text
    assert f"该是：{one.action.cause}；{one.action.way}" in text
    half = judge(triage(), number, one.action.cause, other("way", one.action.way))
    assert board(half)[number - 1] == f"{number}◐"


def test_the_first_answer_counts_and_the_cause_may_be_changed_before_the_way() -> None:
    demo = hand(triage(), cause=other("cause", FIRST[0].cause))
    press(demo, "改")
    rightly(demo, 1, FIRST[0])
    assert board(demo)[0] == "1✓"
    demo.controls["cause"].value = other("cause", FIRST[0].cause)
    assert board(demo)[0] == "1✓"
    demo.controls["number"].value = 2
    assert demo.controls["cause"].value == ""
    demo.controls["number"].value = 1
    assert demo.controls["cause"].value == FIRST[0].cause


def test_three_wrong_causes_add_two_parcels_of_the_kind() -> None:
    demo = triage()
    places = [n for n, one in enumerate(FIRST, 1) if one.cause == "疑难件"][:3]
    for number in places:
        assert len(board(demo)) == 30
        wrongly(demo, number, FIRST[number - 1])
    assert len(board(demo)) == 32
    assert demo.controls["number"].max == 33
    demo.controls["number"].value = 31
    kept = next(one for one in KEPT if one.cause == "疑难件")
    assert kept.who in demo.result()
    assert "第31件，共32件，加题；答了3件，全对0件" in demo.result()


def test_all_right_by_presses_alone_leads_to_the_end() -> None:
    demo = triage()
    for turn, one in enumerate(FIRST):
        assert answers(demo) == list(CHOICES["cause"])
        hand(demo, cause=one.action.cause)
        assert answers(demo) == ["改", *CHOICES["way"]]
        hand(demo, way=one.action.way)
        hand(demo, **ways(demo)["下一件 ›" if turn < 29 else "看成绩 ›"])
    scene = parsed(demo.parts()[0])
    assert scene.select_one(".kefu-big").get_text().startswith("30件")  # type: ignore[union-attr]
    assert "你出师了" in scene.get_text()
    assert presses(demo.result()) == []
    assert list(settings(demo.picture())) == []


def test_the_picture_leads_back_on_past_a_parcel_and_to_the_end() -> None:
    demo = triage()
    assert ways(demo) == {"跳过 ›": {"number": 2}}
    hand(demo, **ways(demo)["跳过 ›"])
    assert ways(demo) == {"‹ 上一件": {"number": 1}, "跳过 ›": {"number": 3}}
    rightly(demo, 2, FIRST[1])
    assert ways(demo) == {
        "下一件 ›": {"number": 3}, "‹ 上一件": {"number": 1}, "看成绩": {"number": 31},
    }  # fmt: skip
    hand(demo, number=30)
    assert ways(demo)["跳过 ›"] == {"number": 1}
    hand(demo, **ways(demo)["看成绩"])
    assert "还有29件没看" in demo.result()


def test_below_the_mark_the_end_leads_back_to_each_mistake() -> None:
    demo = triage()
    missed = 30 - PASS + 1
    for number, one in enumerate(FIRST, 1):
        (wrongly if number <= missed else rightly)(demo, number, one)
    for number in range(31, len(board(demo)) + 1):
        demo.controls["number"].value = number
        html = demo.result()
        rightly(demo, number, next(one for one in KEPT if f"<small>{one.who}</small>" in html))
    demo.controls["number"].value = demo.controls["number"].max
    text = parsed(demo.parts()[0]).get_text()
    assert f"{PASS - 1}件" in text
    assert "再看一遍" in text
    found = presses(demo.result())
    assert [text for text, _, _ in found] == [f"第{n}件 ✗" for n in range(1, missed + 1)]
    hand(demo, **found[0][1])
    assert FIRST[0].action.evidence in demo.result()


def test_the_end_before_all_are_judged_leads_to_the_next() -> None:
    demo = rightly(triage(), 1, FIRST[0])
    demo.controls["number"].value = 31
    assert "还有29件没看" in demo.result()
    assert ways(demo) == {"下一件 ›": {"number": 2}}


@pytest.mark.parametrize("seconds", [n for n in CLOCKS.values() if n])
def test_the_clock_is_off_at_first_and_answers_what_is_still_open(seconds: int) -> None:
    demo = triage()
    assert not parsed(demo.result()).select("[data-clock]")
    name = next(name for name, one in CLOCKS.items() if one == seconds)
    press(demo, name)
    assert demo.controls["clock"].value == seconds
    (timed,) = parsed(demo.result()).select("[data-clock]")
    assert timed["data-clock"] == str(seconds)
    assert json.loads(str(timed["data-late"])) == {"cause": LATE, "way": LATE}
    hand(demo, cause=FIRST[0].cause)
    (timed,) = parsed(demo.result()).select("[data-clock]")
    late = json.loads(str(timed["data-late"]))
    assert late == {"way": LATE}
    hand(demo, **late)
    assert not parsed(demo.result()).select("[data-clock]")
    assert board(demo)[0] == "1◐"


def test_two_readers_games_are_apart() -> None:
    one, two = triage(), triage()
    rightly(one, 1, FIRST[0])
    assert board(two)[0] == "1·"
