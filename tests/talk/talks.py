"""Conversations for tests: two of a chapter's kind, and what any reader may do with one."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from kefu.talk import WAIT, Move, Scenario, Typed, find, play, scenarios

FILE = Path(__file__).with_name("two.toml")
TWO = scenarios(FILE)
FREIGHT, BIRTHDAY = TWO.values()
SAMPLE = find("会扎脖子吗")
EVERY = (FREIGHT, BIRTHDAY, SAMPLE)
TOLD: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))["talk"]


def told(name: str = FREIGHT.name) -> dict[str, Any]:
    """The table of one of them, to be changed."""
    return deepcopy(TOLD[name])


def lines(scene: Scenario) -> st.SearchStrategy[Typed]:
    """Lines that somebody types: those of the script, others like them, anything."""
    known = [
        text
        for turn in scene.turns.values()
        for one in turn.options
        for text in (one.say, *one.like)
    ]
    return st.one_of(st.sampled_from(known), st.text(max_size=40)).map(Typed)


def wishes(scene: Scenario) -> st.SearchStrategy[list[int | Typed]]:
    """What a reader does in turn: an option by its place, a line, or nothing in time."""
    return st.lists(st.one_of(st.integers(-1, 3), lines(scene)), max_size=12)


def moves(scene: Scenario, wished: list[int | Typed]) -> list[Move]:
    """The moves that these wishes are, as far as the talk goes."""
    found: list[Move] = []
    for wish in wished:
        at = play(scene, found).at
        if at in scene.endings:
            break
        options = scene.turns[at].options
        if isinstance(wish, Typed):
            found.append(wish)
        else:
            found.append(WAIT if wish < 0 else options[wish % len(options)].intent)
    return found
