"""A week with the robot: what a change does, what a night comes to, what a fluent one gets wrong."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.intelligence.week import (
    CLAIMS,
    EDITS,
    ENTRIES,
    FAULTS,
    HIGH,
    KNOWN,
    LACKING,
    LACKS,
    LOW,
    NIGHTS,
    POINTS,
    START,
    STRANGE,
    asleep,
    caught,
    diligent,
    first_base,
    play,
    questions,
    suggested,
)

IDLE = "/ " * NIGHTS
FIRM = " ".join(("+", *diligent(1).split()[:2], "/"))


def test_every_night_has_new_questions_of_three_kinds_and_none_of_the_test():
    asked = [one for night in range(NIGHTS + 1) for one in questions(night)]
    assert (
        len({one.text for one in asked}) == len(asked) == (NIGHTS + 1) * (KNOWN + LACKING + STRANGE)
    )
    for night in range(NIGHTS + 1):
        kinds = Counter(
            "base" if one.meaning in ENTRIES else "lacks" if one.meaning in LACKS else one.meaning
            for one in questions(night)
        )
        assert kinds == {"base": KNOWN, "lacks": LACKING, "别的": STRANGE}
    splits = {row["text"]: row["split"] for row in data.rows("questions")}
    assert {splits[one.text] for one in asked} == {"训练"}
    with pytest.raises(ValueError, match="night"):
        questions(NIGHTS + 1)


def test_a_night_adds_up():
    for night in play(diligent()).nights:
        counts = [night.count(outcome) for outcome in POINTS]
        assert sum(counts) == len(night.answers)
        assert night.score == counts[0] - 2 * counts[1]
        for one in night.answers:
            assert (one.outcome == "转人工") == (not one.given)
            assert (one.outcome == "答对") == (one.given == one.asked.meaning)


def test_who_looks_after_the_base_gains_and_who_only_moves_the_threshold_does_not():
    assert play(IDLE).score == -15
    assert play(diligent()).score == 26
    moved = {
        end: play(
            " ".join([*way * min(3, end), "/", *way * max(0, end - 3), "/ " * (NIGHTS - 1)])
        ).score
        for way, ends in (("+", (1, 2, 3, 4)), ("-", (1, 2, 3, 4)))
        for end in ends
        if way == "+"
    }
    assert moved == {1: -9, 2: -3, 3: -1, 4: 0}
    low = play("- - - / - / " + "/ " * (NIGHTS - 2))
    assert (low.threshold, low.score) == (LOW, -104)
    assert low.nights[2].count("转人工") == 0


def test_a_base_with_more_ways_to_ask_wants_a_higher_threshold():
    moves: list[str] = []
    for day in range(NIGHTS):
        if not day:
            moves.append("+")
        while (week := play(" ".join(moves))).left and (wanted := suggested(week)):
            moves.append(wanted[0])
        moves.append("/")
    assert play(" ".join(moves)).score == 38 > play(diligent()).score
    assert play(" ".join(moves)).threshold == 45


def test_what_is_added_is_heard_the_next_time():
    week = play("补专用发票 加K206")
    assert week.left == EDITS - 2
    assert week.fresh == ("补了“专用发票”一条", "给“运费”加了2种问法")
    again = asleep(week.base, START, 0)
    for one in again.answers:
        if one.asked.meaning in ("专用发票", "K206"):
            assert one.outcome == "答对"
    assert {"补专用发票", "加K206"} & set(suggested(week)) == set()
    assert len(first_base()) == len(ENTRIES)


@pytest.mark.parametrize(
    "moves",
    [
        "补天外", "加K999", "加K205", "加寄海外", "睡", "补寄海外 补寄海外", "+ + + +", f"{IDLE} /", f"{IDLE} +",
        "+ + + / + + + / + + +", "- - - / - -", "/ " * 100,
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_made_is_named(moves: str):
    with pytest.raises(ValueError):
        play(moves)


@settings(max_examples=30)
@given(st.data())
def test_any_week_of_moves_that_are_offered_can_be_played(draw: st.DataObject):
    moves: list[str] = []
    while not (week := play(" ".join(moves))).over:
        offered = ["/"]
        if week.left:
            offered += list(suggested(week)[:4])
            offered += [
                way
                for way, room in (("+", week.threshold < HIGH), ("-", week.threshold > LOW))
                if room
            ]
        moves.append(draw.draw(st.sampled_from(offered)))
    assert len(week.nights) == NIGHTS + 1
    assert week.score == sum(night.score for night in week.nights[1:])
    assert LOW <= week.threshold <= HIGH
    assert play(" ".join(moves)) is week


def test_the_fluent_one_is_wrong_in_five_ways_and_twice_right():
    answers = {row["entry_id"]: row["answer"] for row in data.rows("knowledge")}
    assert len(CLAIMS) == NIGHTS
    assert tuple(claim.fault for claim in CLAIMS if claim.fault) == FAULTS
    for claim in CLAIMS:
        assert claim.entry_id in ENTRIES
        pieces = [
            piece
            for piece in claim.said.rstrip("。").replace("，", "、").split("、")
            if piece != "亲"
        ]
        sound = [piece in answers[claim.entry_id].replace("，", "、") or piece[:4] in answers[claim.entry_id]
                 for piece in pieces]  # fmt: skip
        if not claim.fault:
            assert all(sound)
    said = {claim.fault: claim for claim in CLAIMS}
    assert "48小时" in answers["K219"]
    assert "24小时" in said["数字"].said
    assert "不参加" in answers["K206"]
    assert "运费由您承担" in answers["K216"]
    assert "券" not in answers["K196"]
    assert said["文不对题"].said[2:] in answers["K203"].replace("；", "。")


def test_marks_are_right_where_the_fault_is():
    right = "".join("抓" if claim.fault else "信" for claim in CLAIMS)
    assert all(caught(right))
    assert sum(caught("抓" * NIGHTS)) == 5
    assert caught("") == ()
    for wrong in ("抓" * (NIGHTS + 1), "好"):
        with pytest.raises(ValueError, match="marks"):
            caught(wrong)


def test_the_moves_of_another_day_do_not_change_this_one():
    assert play(FIRM).nights[0] == play("").nights[0]
    assert play(FIRM).nights[1] != play("/").nights[1]
