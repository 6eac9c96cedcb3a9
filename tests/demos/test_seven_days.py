"""The week by hand: every button pressed, dots and points counted against the model."""

from __future__ import annotations

import pytest

from kefu.demos import seven_days
from kefu.demos.core import Demo
from kefu.demos.seven_days import shown
from kefu.intelligence.week import CLAIMS, EDITS, NIGHTS, OUTCOMES, called, caught, diligent, play
from tests.demos.reading import (
    Drawing,
    bold,
    cells,
    hand,
    parsed,
    positions,
    press,
    presses,
    run_code,
)

IDLE = "/ " * NIGHTS
RIGHT = "".join("抓" if claim.fault else "信" for claim in CLAIMS)


def assert_agrees(demo: Demo) -> None:
    week, html = play(positions(demo)["moves"]), demo.result()
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert f"{shown(week.score)}分" in head.get_text()
    assert f"线在{week.threshold / 100:.2f}" in head.get_text()
    dots = {
        outcome: sum(
            str(one["d"]).count("h0") for one in parsed(html).select(f"[data-dots='{outcome}']")
        )
        for outcome in OUTCOMES
    }
    assert dots == {o: sum(night.count(o) for night in week.nights) for o in OUTCOMES}
    last = week.nights[-1]
    assert bold(html)[-1] == f"{shown(last.score)}分"
    seen = [one for one in last.answers if one.outcome == positions(demo)["which"]]
    assert (cells(html) if seen else []) == [
        [
            one.asked.text,
            called(one.given) or "转人工",
            f"{one.cosine:.2f}",
            called(one.asked.meaning),
        ]
        for one in seen
    ]
    Drawing(html).assert_labels_inside()


@pytest.mark.parametrize("moves", ["", "+", "补寄海外 -", "/", diligent(3), diligent(), IDLE])
def test_all_numbers_are_the_models(moves: str) -> None:
    assert_agrees(seven_days(moves))


@pytest.mark.parametrize("which", OUTCOMES)
def test_last_night_s_questions_are_seen_by_what_they_came_to(which: str) -> None:
    demo = seven_days("补寄海外 /")
    press(demo, f"{which}{play('补寄海外 /').nights[-1].count(which)}")
    assert positions(demo)["which"] == which
    assert_agrees(demo)


def test_a_week_is_played_by_its_buttons_alone() -> None:
    demo = seven_days()
    for day in range(NIGHTS):
        for _ in range(EDITS):
            wanted = [
                want
                for said, want, _ in presses(demo.result())
                if said.startswith(("补一条", "加问法"))
            ]
            if wanted:
                hand(demo, **wanted[0])
        if not day:
            assert not [
                said for said, _, _ in presses(demo.result()) if said.startswith(("补一条", "线"))
            ]
        press(demo, "过一夜")
        assert_agrees(demo)
    assert positions(demo)["moves"] == diligent()
    assert "七夜得了26分" in demo.result()
    assert "什么都不改是−15分" in demo.result()
    assert [said for said, _, _ in presses(demo.result()) if said == "过一夜"] == []


def test_a_step_is_taken_back_and_all_begins_again() -> None:
    demo = seven_days()
    assert "撤一步" not in demo.result()
    press(demo, "线+0.05", "过一夜", "撤一步")
    assert positions(demo)["moves"] == "+"
    press(demo, "信", "从头来")
    assert positions(demo) == {"moves": "", "marks": "", "which": "答错"}


def test_the_threshold_offers_no_way_beyond_its_ends() -> None:
    demo = seven_days("- - - / -")
    assert "线−0.05" not in [said for said, _, _ in presses(demo.result())]
    assert_agrees(demo)


def test_the_fluent_one_says_a_sentence_a_day_and_is_judged() -> None:
    demo = seven_days()
    for day, claim in enumerate(CLAIMS):
        assert claim.said in demo.result()
        assert claim.why not in demo.result()
        press(demo, RIGHT[day])
        assert f"✓ 第{day + 1}句" in demo.result()
        assert claim.why in demo.result()
        if day < NIGHTS - 1:
            assert "信" not in [said for said, _, _ in presses(demo.result())]
            press(demo, "过一夜")
    assert "七句抓对7句" in demo.result()
    wrong = seven_days(IDLE, "抓" * NIGHTS)
    assert f"七句抓对{sum(caught('抓' * NIGHTS))}句" in wrong.result()
    assert "✗ 第1句" in seven_days("", "信").result()


def test_all_is_pressed_in_the_picture_and_nothing_stands_beside_it() -> None:
    assert seven_days().shown_controls() == {}


def test_the_code_shown_prints_the_same_week() -> None:
    printed, _ = run_code(seven_days(diligent()))
    week = play(diligent())
    assert printed.split() == [str(week.score), str(week.threshold), str(len(week.base))]


@pytest.mark.parametrize("wrong", [{"moves": "飞"}, {"marks": "不知道"}])
def test_what_cannot_be_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="应为"):
        seven_days(**wrong)


def test_what_is_typed_into_the_state_is_answered_not_broken() -> None:
    demo = seven_days()
    for name in ("moves", "marks"):
        demo.controls[name].value = "<b>飞"
        assert "应为" in demo.result()
        assert "<b>飞" not in demo.result()
        demo.controls[name].value = ""
