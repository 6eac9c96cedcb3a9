"""What can be typed in a chapter's conversations: enough ways to be understood, and not one way to be asked back."""

from __future__ import annotations

import pytest

from kefu.talk import Scenario, scenarios
from web import book

SIX = ("07", "08", "09", "11", "12", "14", "15", "16")
"""The chapters whose right lines are each written down in six ways; the others' have fewer."""
TALKS = {
    name: (one.number, talk)
    for one in book.written()
    for name, talk in scenarios(one.talks).items()
}


@pytest.mark.parametrize(("number", "talk"), TALKS.values(), ids=TALKS)
def test_no_two_turns_ask_back_in_the_same_words(number: str, talk: Scenario) -> None:
    assert len({turn.unsure for turn in talk.turns.values()}) == len(talk.turns)
    if number in SIX:
        assert all(len({t.right.say, *t.right.like}) >= 6 for t in talk.turns.values())
