"""A chapter's conversations: many ways to be understood, none to be asked back twice, the lost line named."""

from __future__ import annotations

import pytest

from kefu.talk import Scenario, play, scenarios
from web import book

SIX = ("07", "08", "09", "11", "12", "14", "15", "16")
"""The chapters whose right lines are each written down in six ways; the others' have fewer."""
TALKS = {
    name: (one.number, talk)
    for one in book.written()
    if not one.practice
    for name, talk in scenarios(one.talks).items()
}


@pytest.mark.parametrize(("number", "talk"), TALKS.values(), ids=TALKS)
def test_no_two_turns_ask_back_in_the_same_words(number: str, talk: Scenario) -> None:
    assert len({turn.unsure for turn in talk.turns.values()}) == len(talk.turns)
    if number in SIX:
        assert all(len({t.right.say, *t.right.like}) >= 6 for t in talk.turns.values())


@pytest.mark.parametrize("talk", [talk for _, talk in TALKS.values()], ids=TALKS)
def test_what_is_named_as_the_line_that_turned_a_lesser_ending_is_no_right_line(
    talk: Scenario,
) -> None:
    for way in talk.plays:
        score = play(talk, way.moves)
        assert score.ending
        assert score.turned is not None
        option = score.beats[score.turned].option
        assert option
        assert option.right is (score.ending.kind == "good"), way.moves
