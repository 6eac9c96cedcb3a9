"""Conversations with a customer who answers: scripts, their play and score, and the reading of typed lines."""

from kefu.talk.book import find, scenarios
from kefu.talk.intent import Match, Matcher
from kefu.talk.lint import Finding, lint
from kefu.talk.play import WAIT, Beat, Move, Score, Typed, best, play
from kefu.talk.scenario import Ending, Option, Scenario, State, Turn

__all__ = [
    "WAIT",
    "Beat",
    "Ending",
    "Finding",
    "Match",
    "Matcher",
    "Move",
    "Option",
    "Scenario",
    "Score",
    "State",
    "Turn",
    "Typed",
    "best",
    "find",
    "lint",
    "play",
    "scenarios",
]
