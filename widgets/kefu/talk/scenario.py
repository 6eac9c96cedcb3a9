"""Conversations as their scripts tell them, read from TOML and checked.

A script is a set of turns. In each the customer says something and the agent has a few things to
say, one of which is right; what he says changes the customer's trust, doubt and patience, and leads
to another turn or to an ending. The scripts stand beside the chapters, ``NN_talks.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kefu.amounts import one_of
from kefu.clock import SHANGHAI, in_shanghai
from kefu.errors import need, need_text
from kefu.talk.lint import NEEDS

KINDS = ("good", "middling", "bad")
SIDES = ("trust", "doubt", "patience")
TURNS, OPTIONS, LIKE = (3, 6), (3, 4), (2, 5)
LONGEST_NAME = 12
MOST = 40
"""How far one line can change what a customer feels, either way."""
FACTOR = 2
"""How many times as long as another an option of the same turn may be."""

CONDITION = re.compile(r"(trust|doubt|patience)\s*(>=|<=|>|<)\s*(\d{1,3})")
INTENT = re.compile(r"[a-z][a-z0-9-]*")
SIGNS: Mapping[str, Callable[[int, int], bool]] = {
    ">=": int.__ge__,
    "<=": int.__le__,
    ">": int.__gt__,
    "<": int.__lt__,
}


@dataclass(frozen=True)
class State:
    """What a customer feels, each from 0 to 100."""

    trust: int
    doubt: int
    patience: int

    def after(self, trust: int = 0, doubt: int = 0, patience: int = 0) -> State:
        """Return the state after these changes."""
        return State(
            _within(self.trust + trust),
            _within(self.doubt + doubt),
            _within(self.patience + patience),
        )


@dataclass(frozen=True)
class Condition:
    """A condition on what the customer feels, such as ``trust >= 60``."""

    side: str
    sign: str
    value: int

    def holds(self, state: State) -> bool:
        """Tell whether it holds."""
        return SIGNS[self.sign](getattr(state, self.side), self.value)


@dataclass(frozen=True)
class Branch:
    """Where an option leads if all its tests hold."""

    go: str
    tests: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Option:
    """Something that the agent may say."""

    say: str
    intent: str
    like: tuple[str, ...]
    why: str
    to: tuple[Branch, ...]
    right: bool = False
    trust: int = 0
    doubt: int = 0
    patience: int = 0
    answer: str = ""
    """What the customer says to this very line, before the next turn's words."""

    def _taken(self, state: State) -> Branch:
        return next(one for one in self.to if all(test.holds(state) for test in one.tests))

    def leads(self, state: State) -> str:
        """Return where it leads a customer who feels so after it was said."""
        return self._taken(state).go

    def depends(self, state: State, *, lost: bool = False) -> dict[str, int]:
        """Return what it hung on that it led there: each side, and whether a rise (1) or a fall (-1) of it.

        What that outcome asked for, or if it asked for nothing, what made the tests of those before it
        fail; where something better was ``lost``, only the latter. Nothing where it hung on nothing.
        """
        taken = self._taken(state)
        before = self.to[: self.to.index(taken)]
        failed = tuple(test for one in before for test in one.tests if not test.holds(state))
        tests = failed if lost else taken.tests or failed
        way = -1 if tests is failed else 1
        return {test.side: way if test.sign[0] == ">" else -way for test in tests}


@dataclass(frozen=True)
class Turn:
    """A point at which the customer has said something and waits for the agent."""

    name: str
    says: str
    needs: frozenset[str]
    facts: tuple[tuple[str, ...], ...]
    limits: tuple[str, ...]
    unsure: str
    options: tuple[Option, ...]

    @property
    def right(self) -> Option:
        """The right option."""
        return next(one for one in self.options if one.right)

    def option(self, intent: str) -> Option | None:
        """Return the option of that intent, None where there is none."""
        return next((one for one in self.options if one.intent == intent), None)


@dataclass(frozen=True)
class Ending:
    """How a conversation ends: ``kind`` is good, middling or bad."""

    name: str
    kind: str
    says: str
    means: str


@dataclass(frozen=True)
class Play:
    """Moves, and the ending to which they must lead."""

    moves: tuple[str, ...]
    ends: str


@dataclass(frozen=True)
class Scenario:
    """A whole conversation."""

    name: str
    customer: str
    date: datetime
    """When it begins, in Shanghai, whose clock a script's date without a zone is of."""
    scene: str
    goal: str
    state: State
    start: str
    turns: Mapping[str, Turn]
    endings: Mapping[str, Ending]
    plays: tuple[Play, ...]
    gone: str | None = None
    """The ending to which the customer goes when his patience is at 0."""

    def step(
        self, option: Option, state: State, costs: Sequence[Mapping[str, int]] = ()
    ) -> tuple[str, State]:
        """Return where an option leads from this state, and the state then.

        ``costs`` are further changes, of one who said it badly.
        """
        changes = {
            side: getattr(option, side) + sum(c.get(side, 0) for c in costs) for side in SIDES
        }
        then = state.after(**changes)
        return (self.gone if self.gone and not then.patience else option.leads(then)), then


# From TOML: the form of each part. What a whole conversation must be is in ``check``.


def scenario(name: str, told: Any) -> Scenario:
    """Return the conversation that a table of TOML tells; ``ValueError`` where its form is not right."""
    at = f"talk {name}"
    need(at, 0 < len(name) <= LONGEST_NAME, f"a name of 1 to {LONGEST_NAME} characters",
         f"1到{LONGEST_NAME}个字的名字", name)  # fmt: skip
    only(
        at,
        told,
        {"customer", "date", "scene", "goal", *SIDES, "start", "gone", "turn", "ending", "play"},
    )
    date: Any = told.get("date")
    need(f"{at} date", isinstance(date, datetime), "a date with a time", "带时刻的日期", date)
    turns = {
        n: _turn(f"{at} turn {n}", n, one)
        for n, one in table(told.get("turn"), f"{at} turn").items()
    }
    endings = {
        n: _ending(f"{at} ending {n}", n, one)
        for n, one in table(told.get("ending"), f"{at} ending").items()
    }
    both = turns.keys() & endings.keys()
    need(at, not both, "turns and endings of different names", "回合与结局不同名", sorted(both))
    start, gone = told.get("start"), told.get("gone")
    one_of(start, f"{at} start", turns)
    if gone is not None:
        one_of(gone, f"{at} gone", endings)
    for turn in turns.values():
        for option in turn.options:
            for to in option.to:
                where = f"{at} turn {turn.name} option {option.intent} to"
                one_of(to.go, where, [*turns, *endings])
    state = State(*(_whole(f"{at} {side}", told.get(side), 0, 100) for side in SIDES))
    texts = {
        part: need_text(f"{at} {part}", told.get(part)) for part in ("customer", "scene", "goal")
    }
    plays = tuple(
        _play(f"{at} play {n}", one, endings)
        for n, one in enumerate(_list(f"{at} play", told.get("play"), 1), 1)
    )
    moment = in_shanghai(date if date.tzinfo else date.replace(tzinfo=SHANGHAI), f"{at} date")
    return Scenario(name=name, date=moment, state=state, start=start, turns=turns, endings=endings,
                    plays=plays, gone=gone, **texts)  # fmt: skip


def _turn(at: str, name: str, told: Any) -> Turn:
    only(at, told, {"says", "needs", "facts", "limits", "unsure", "option"})
    needs = _texts(f"{at} needs", told.get("needs", []))
    need(
        f"{at} needs",
        set(needs) <= set(NEEDS),
        f"of {'、'.join(NEEDS)}",
        f"{'、'.join(NEEDS)}中的几项",
        needs,
    )
    facts = tuple(
        _texts(f"{at} facts", group) for group in _list(f"{at} facts", told.get("facts", []))
    )
    sound = all(facts) and bool(facts) == ("事实" in needs)
    need(f"{at} facts", sound, "groups of words if it needs facts, else none",
         "needs里有“事实”就写几组词，没有就不写", told.get("facts"))  # fmt: skip
    options = tuple(
        _option(f"{at} option {n}", one)
        for n, one in enumerate(_list(f"{at} option", told.get("option"), *OPTIONS), 1)
    )
    return Turn(name=name, says=need_text(f"{at} says", told.get("says")), needs=frozenset(needs),
                facts=facts, limits=_texts(f"{at} limits", told.get("limits", [])),
                unsure=need_text(f"{at} unsure", told.get("unsure")), options=options)  # fmt: skip


def _option(at: str, told: Any) -> Option:
    only(at, told, {"say", "intent", "like", *SIDES, "right", "why", "to", "answer"})
    intent = told.get("intent")
    need(f"{at} intent", isinstance(intent, str) and INTENT.fullmatch(intent),
         "small letters, digits, hyphens", "小写字母、数字、连字符", intent)  # fmt: skip
    at = f"{at} ({intent})"
    like = _texts(f"{at} like", told.get("like"))
    need(f"{at} like", LIKE[0] <= len(like) <= LIKE[1], f"{LIKE[0]} to {LIKE[1]} other ways to say it",
         f"{LIKE[0]}到{LIKE[1]}种别的说法", like)  # fmt: skip
    right = told.get("right", False)
    need(f"{at} right", isinstance(right, bool), "true or false", "true或false", right)
    changes = {side: _whole(f"{at} {side}", told.get(side, 0), -MOST, MOST) for side in SIDES}
    answer = told.get("answer", "")
    need(f"{at} answer", isinstance(answer, str), "some text", "一段文字", answer)
    return Option(say=need_text(f"{at} say", told.get("say")), intent=intent, like=like, right=right,
                  why=need_text(f"{at} why", told.get("why")), to=_outcomes(f"{at} to", told.get("to")),
                  answer=answer, **changes)  # fmt: skip


def _outcomes(at: str, told: Any) -> tuple[Branch, ...]:
    if isinstance(told, str):
        return (Branch(told),)
    found = []
    listed = _list(at, told, 1)
    for number, one in enumerate(listed, 1):
        only(f"{at} {number}", one, {"if", "go"})
        last = number == len(listed)
        need(
            f"{at} {number}",
            ("if" in one) is not last,
            "an if in each but the last",
            "除最后一条外都有if",
            one,
        )
        said = [] if last else str(one["if"]).split(" and ")
        tests = [CONDITION.fullmatch(part.strip()) for part in said]
        need(f"{at} {number} if", all(tests), "such as trust >= 60 and doubt < 40",
             "例如trust >= 60 and doubt < 40", one.get("if"))  # fmt: skip
        found.append(Branch(need_text(f"{at} {number} go", one.get("go")),
                             tuple(Condition(t[1], t[2], int(t[3])) for t in tests if t)))  # fmt: skip
    return tuple(found)


def _ending(at: str, name: str, told: Any) -> Ending:
    only(at, told, {"kind", "says", "means"})
    kind = one_of(told.get("kind"), f"{at} kind", KINDS)
    return Ending(
        name, kind, *(need_text(f"{at} {part}", told.get(part)) for part in ("says", "means"))
    )


def _play(at: str, told: Any, endings: Collection[str]) -> Play:
    only(at, told, {"moves", "ends"})
    ends = one_of(told.get("ends"), f"{at} ends", endings)
    return Play(_texts(f"{at} moves", told.get("moves"), empty=True), ends)


def only(at: str, told: Any, known: Iterable[str]) -> None:
    """Raise ``ValueError`` for what is no table, or has a key that nobody reads."""
    told = table(told, at)
    names = sorted(known)
    need(
        at,
        told.keys() <= set(names),
        f"only {', '.join(names)}",
        f"只有{'、'.join(names)}",
        sorted(told.keys() - set(names)),
    )


def table(value: Any, at: str) -> dict[str, Any]:
    """Return a table of TOML that is not empty; ``ValueError`` for what is none."""
    need(at, isinstance(value, dict) and value, "a table", "一张表", value)
    found: dict[str, Any] = value
    return found


def _list(at: str, value: Any, least: int = 0, most: int = 1000) -> Sequence[Any]:
    need(at, isinstance(value, list) and least <= len(value) <= most,
         f"a list of {least} to {most}", f"{least}到{most}项", value)  # fmt: skip
    found: list[Any] = value
    return found


def _texts(at: str, value: Any, *, empty: bool = False) -> tuple[str, ...]:
    """Return a list of texts; of a play's moves, which may come again and be a wait, with ``empty``."""
    sound = isinstance(value, list) and all(isinstance(one, str) for one in value)
    if sound and not empty:
        sound = all(one.strip() for one in value) and len({*value}) == len(value)
    need(at, sound, "a list of different texts", "几段不同的文字", value)
    return tuple(value)


def _whole(at: str, value: Any, low: int, high: int) -> int:
    sound = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    need(at, sound, f"a whole number from {low} to {high}", f"{low}到{high}的整数", value)
    return int(value)


def _within(value: int) -> int:
    return min(max(value, 0), 100)


# What can come of a conversation when only its options are chosen.


def walk(one: Scenario) -> Mapping[tuple[str, State], list[tuple[str, State]]]:
    """Return every place that choosing options can reach, with the places that follow it.

    A place is a turn or ending, with what the customer feels there.
    """
    found: dict[tuple[str, State], list[tuple[str, State]]] = {}
    ahead = [(one.start, one.state)]
    while ahead:
        place = ahead.pop()
        if place in found:
            continue
        turn = one.turns.get(place[0])
        found[place] = [one.step(option, place[1]) for option in turn.options] if turn else []
        ahead += found[place]
    return found


def outcomes(one: Scenario, *places: str) -> frozenset[str]:
    """Return the kinds of ending to which turns or endings may lead, whatever the customer feels."""
    seen: set[str] = set()
    ahead = [*places]
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            turn = one.turns.get(name)
            ahead += [to.go for option in turn.options for to in option.to] if turn else []
    return frozenset(one.endings[name].kind for name in seen if name in one.endings)
