"""Conversations played: what the customer feels, where a talk ends, what it scores, what turned it."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.talk import WAIT, State, Typed, best, play
from kefu.talk.play import COSTS, HELLO, IMPATIENT, ITEMS, UNSURE
from kefu.talk.scenario import Branch
from tests.talk.talks import BIRTHDAY, EVERY, FREIGHT, SAMPLE, moves, wishes

SCENES = st.sampled_from(EVERY)
PLAYED = SCENES.flatmap(
    lambda scene: wishes(scene).map(lambda wished: (scene, moves(scene, wished)))
)
NONSENSE = Typed("今晚月色真好")


# Whatever a reader does


@given(PLAYED)
def test_any_moves_end_or_wait_in_a_turn_and_all_that_is_felt_stays_within_its_range(
    played,
) -> None:
    scene, moved = played
    score = play(scene, moved)
    assert (score.at in scene.turns) is (score.ending is None)
    assert len(score.beats) == len(moved)
    for state in score.states:
        assert all(0 <= felt <= 100 for felt in (state.trust, state.doubt, state.patience))
    assert list(score.items) == list(ITEMS)
    assert all(0 <= points <= 1 for points in score.items.values())
    assert 0 <= score.total <= 6
    assert (score.turned is None) is (score.ending is None)


@given(PLAYED)
def test_the_same_moves_give_the_same_talk_also_as_the_beats_kept_them(played) -> None:
    scene, moved = played
    score = play(scene, moved)
    assert play(scene, moved) == score
    assert play(scene, [beat.move for beat in score.beats]) == score


@given(PLAYED, st.data())
def test_to_go_back_is_to_play_what_was_before(played, data) -> None:
    scene, moved = played
    until = data.draw(st.integers(0, len(moved)))
    whole, part = play(scene, moved), play(scene, moved[:until])
    assert whole.beats[:until] == part.beats
    assert whole.states[: until + 1] == part.states


@given(PLAYED)
def test_a_customer_without_patience_is_gone_where_the_script_says_so(played) -> None:
    scene, moved = played
    score = play(scene, moved)
    if scene.gone and not score.state.patience:
        assert score.at == scene.gone


@given(SCENES, st.text(max_size=60))
def test_what_is_not_understood_is_asked_back_and_moves_nothing_but_patience(scene, text) -> None:
    (beat,) = play(scene, [Typed(text)]).beats
    if beat.option is None:
        assert (beat.go, beat.answer) == (scene.start, scene.turns[scene.start].unsure)
        assert beat.after == beat.before.after(patience=-IMPATIENT)


# By example


def test_who_is_not_understood_again_is_asked_in_other_words_in_turn() -> None:
    moves = [Typed("呀呀呀")] * 6
    scene = replace(FREIGHT, state=replace(FREIGHT.state, patience=100))
    answers = [beat.answer for beat in play(scene, moves).beats]
    assert answers == [scene.turns["open"].unsure, *UNSURE, *UNSURE[:2]]
    assert len({*answers}) == 1 + len(UNSURE)
    heard = play(scene, [Typed("呀呀呀"), Typed("哦哦哦"), "own", Typed("嗯嗯嗯")]).beats[-1]
    assert heard.answer == scene.turns[heard.turn].unsure  # another turn, asked for the first time


@pytest.mark.parametrize("scene", EVERY, ids=lambda scene: scene.name)
def test_whoever_says_what_is_right_has_all_six_points_and_a_good_ending(scene) -> None:
    score = play(scene, best(scene))
    assert score.ending
    assert score.ending.kind == "good"
    assert score.total == 6


def test_a_line_changes_what_the_customer_feels_and_leads_on() -> None:
    score = play(FREIGHT, ["rules"])
    (beat,) = score.beats
    assert beat.before == State(50, 50, 60)
    assert (score.state, score.at) == (State(35, 50, 40), "why")
    assert beat.answer == "写那么小的字，谁看得见？"
    assert beat.changes() == "信任−15，耐心−20"


def test_what_is_felt_stops_at_its_ends() -> None:
    assert State(90, 5, 50).after(20, -20, 3) == State(100, 0, 53)
    score = play(FREIGHT, ["own", "sum"])
    assert score.beats[-1].changes() == "信任+20，疑虑−30"
    assert play(FREIGHT, ["own", "sum", "quote"]).beats[-1].changes() == "信任+10，疑虑−5"


@pytest.mark.parametrize(
    ("trust", "doubt", "ends"), [(60, 50, "deal"), (59, 50, "later"), (60, 51, "later")]
)
def test_an_outcome_hangs_on_all_its_tests_after_the_line_was_said(trust, doubt, ends) -> None:
    scene = replace(FREIGHT, start="choice", state=State(trust, doubt, 50))
    assert play(scene, ["quote"]).at == ends


@pytest.mark.parametrize(
    ("state", "ends"), [((65, 99), "thanks"), ((64, 39), "hope"), ((64, 40), "unsure")]
)
def test_outcomes_are_tried_in_their_order_and_the_last_takes_the_rest(state, ends) -> None:
    scene = replace(BIRTHDAY, start="word", state=State(*state, 50))
    assert play(scene, ["both"]).at == ends


def test_a_line_in_the_script_s_own_words_is_the_option() -> None:
    option = FREIGHT.turns["open"].right
    assert play(FREIGHT, [Typed(option.say)]) == play(FREIGHT, [option.intent])


def test_a_typed_line_does_what_its_option_does_and_its_own_faults_cost_beside() -> None:
    line = "首重18元，续重两公斤24元，加起来42元，给您20"
    (_, beat) = play(FREIGHT, ["own", Typed(line)]).beats
    assert beat.typed
    assert beat.option == FREIGHT.turns["why"].option("sum")
    kinds = [one.kind for one in beat.findings]
    assert "越权承诺" in kinds
    cost = {side: sum(COSTS[kind].get(side, 0) for kind in kinds) for side in ("trust", "doubt")}
    assert beat.after == beat.before.after(20 + cost["trust"], -30 + cost["doubt"])


def test_a_typed_text_that_is_an_intent_s_name_is_no_choice() -> None:
    assert play(FREIGHT, [Typed("own")]).beats[0].option is None
    assert play(FREIGHT, ["own"]).beats[0].option


def test_to_say_nothing_in_time_costs_patience_and_he_asks_whether_one_is_there() -> None:
    score = play(FREIGHT, [WAIT])
    assert score.beats[0].answer == HELLO
    assert (score.at, score.state) == ("open", State(50, 50, 55))
    assert score.total == 0


def test_who_is_never_understood_loses_his_customer() -> None:
    score = play(FREIGHT, [NONSENSE] * 12)
    assert score.at == "away"
    assert score.beats[-1].answer == ""
    assert play(BIRTHDAY, [NONSENSE] * 20).at == "ask"  # its script says nothing of going


def test_after_the_ending_nothing_more_is_said() -> None:
    with pytest.raises(ValueError, match="moves: expected none after the ending away, got 'own'"):
        play(FREIGHT, ["waive", "pay", "own"])


# The score


def test_the_items_of_a_score_take_one_look_at_the_best_path(monkeypatch) -> None:
    module, looked = sys.modules["kefu.talk.play"], []
    monkeypatch.setattr(module, "best", lambda scene: (looked.append(scene), best(scene))[1])
    assert play(FREIGHT, best(FREIGHT)).items["说对事实"] == 1
    assert looked == [FREIGHT]


def test_a_talk_broken_off_early_gains_nothing_by_what_it_never_came_to() -> None:
    items = play(FREIGHT, ["waive", "denied"]).items
    assert items["说对事实"] == 0
    assert items["给下一步与时间"] == 0
    assert items["结果"] == 0


def test_a_promise_beyond_authority_costs_half_a_point_each_time() -> None:
    line = Typed("抱歉让您到结算才看到，包邮不含新疆，要42元，不过我给您包邮")
    score = play(FREIGHT, [line])
    found = [one for one in score.beats[0].findings if one.kind == "越权承诺"]
    assert found
    assert score.items["不乱承诺不违禁"] == max(0, 1 - len(found) / 2)


@pytest.mark.parametrize(("ends", "points"), [("deal", 1), ("later", 0.5), ("away", 0)])
def test_the_result_is_worth_what_its_kind_is(ends, points) -> None:
    (moved,) = {p.moves for p in FREIGHT.plays if p.ends == ends and len(p.moves) != 2}
    assert play(FREIGHT, moved).items["结果"] == points


# The sentence that turned it


@pytest.mark.parametrize(
    ("scene", "moved", "turned"),
    [
        (FREIGHT, ["own", "sum", "quote"], 1),  # trust +20, doubt −30 of what was asked at the end
        (FREIGHT, ["rules", "system", "quote"], 1),  # trust and doubt were lacking: −15, +15
        (FREIGHT, ["waive", "pay"], 1),  # another line would have led elsewhere
        (FREIGHT, ["rules", "elsewhere", "no"], 1),  # patience −30
        (FREIGHT, ["own", NONSENSE, "sum", "quote"], 2),
        (SAMPLE, ["ask", "honest", "anytime"], 2),
        (BIRTHDAY, ["truth", "check", "both"], 0),  # trust: the first of two that moved it as far
    ],
)  # fmt: skip
def test_the_line_that_turned_the_talk(scene, moved, turned) -> None:
    assert play(scene, moved).turned == turned


def test_where_nothing_ever_decided_it_is_the_line_that_moved_the_customer_most() -> None:
    turns = {
        name: replace(turn, options=tuple(replace(one, to=(Branch(go),)) for one in turn.options))
        for (name, turn), go in zip(BIRTHDAY.turns.items(), ("plan", "word", "hope"), strict=True)
    }
    assert play(replace(BIRTHDAY, turns=turns), ["sure", "cancel", "own-matter"]).turned == 1
