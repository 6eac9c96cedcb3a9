"""Conversations played: moves give beats, an ending, a score, and the sentence that turned the talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from kefu.errors import expected
from kefu.talk.intent import Matcher
from kefu.talk.lint import Finding, lint
from kefu.talk.scenario import SIDES, Ending, Option, Scenario, State, Turn, outcomes


@dataclass(frozen=True)
class Typed:
    """A line in the agent's own words."""

    text: str


Move = str | Typed
"""An option's intent, a typed line, or ``WAIT``. A text that is no intent of its turn is a typed line."""
WAIT = ""
"""The move of one who says nothing in time."""
HELLO = "人呢？还在吗？"
"""What the customer says then."""
UNSURE = ("我没太听明白，你换个说法？", "等等，你这句是回我刚才问的吗？", "还是没懂，你说具体点。")
"""What he says in turn to further lines of a turn that he does not understand: the first is the script's."""
IMPATIENT = 5
"""The patience that it costs not to be understood, or to be kept waiting."""

COSTS: Mapping[str, Mapping[str, int]] = {
    "没接情绪": {"trust": -8},
    "没说事实": {"doubt": 8},
    "没有下一步": {"patience": -8},
    "越权承诺": {"doubt": 5},
    "违禁用语": {"trust": -10},
    "推责": {"trust": -10},
    "太长": {"patience": -5},
}
"""What each fault of a typed line does, beside what the option does for which it was taken."""
ITEMS = {
    "接住情绪": frozenset({"没接情绪"}),
    "说对事实": frozenset({"没说事实"}),
    "给下一步与时间": frozenset({"没有下一步"}),
    "不乱承诺不违禁": frozenset({"越权承诺", "违禁用语", "推责"}),
    "长短合适": frozenset({"太长"}),
    "结果": frozenset[str](),
}
"""The six items of a score, each worth a point, with the faults that count against it."""
NEEDED = {"接住情绪": "情绪", "说对事实": "事实", "给下一步与时间": "下一步"}
RESULT = {"good": 1.0, "middling": 0.5, "bad": 0.0}
WORDS = {"trust": "信任", "doubt": "疑虑", "patience": "耐心"}


@dataclass(frozen=True)
class Beat:
    """One move and what came of it.

    ``option`` is what the customer took it for, None where he did not understand and asked back;
    ``go`` is the turn or ending to which it led, ``answer`` what he says before that one's words.
    """

    turn: str
    move: Move
    said: str
    option: Option | None
    findings: tuple[Finding, ...]
    before: State
    after: State
    go: str
    answer: str

    @property
    def typed(self) -> bool:
        """Whether it was typed and not chosen."""
        return isinstance(self.move, Typed)

    def change(self, side: str) -> int:
        """Return how far it moved one thing that the customer feels."""
        return int(getattr(self.after, side)) - int(getattr(self.before, side))

    def changes(self) -> str:
        """Return all that it moved, in words: 信任+10，疑虑−15."""
        moved = [(WORDS[side], self.change(side)) for side in SIDES]
        return (
            "，".join(f"{word}{'+' if n > 0 else '−'}{abs(n)}" for word, n in moved if n)
            or "没有变化"
        )


@dataclass(frozen=True)
class Score:
    """A conversation as far as it went: ``at`` is the turn that waits for a move, or the ending."""

    scenario: Scenario
    beats: tuple[Beat, ...]
    at: str

    @property
    def ending(self) -> Ending | None:
        """The ending, None while the talk goes on."""
        return self.scenario.endings.get(self.at)

    @property
    def state(self) -> State:
        """What the customer feels now."""
        return self.beats[-1].after if self.beats else self.scenario.state

    @property
    def states(self) -> tuple[State, ...]:
        """What he felt at the start and after each move."""
        return (self.scenario.state, *(beat.after for beat in self.beats))

    @property
    def items(self) -> dict[str, float]:
        """The six items, each from 0 to 1.

        What a turn needs counts by the turns that need it: those that were played, and at least as
        many as the best path has, so that a talk broken off early gains nothing by it. A forbidden
        word or a promise beyond one's authority costs half a point each.
        """
        said = [beat for beat in self.beats if beat.move != WAIT]
        if not said:
            return dict.fromkeys(ITEMS, 0.0)
        found: dict[str, float] = {}
        turns = self.scenario.turns
        path = [turns[beat.turn] for beat in play(self.scenario, best(self.scenario)).beats]
        for item, kinds in ITEMS.items():
            bad = [sum(one.kind in kinds for one in beat.findings) for beat in said]
            if item in NEEDED:
                need = NEEDED[item]
                asked = [
                    n
                    for n, beat in zip(bad, said, strict=True)
                    if beat.option and need in turns[beat.turn].needs
                ]
                most = max(len(asked), sum(need in turn.needs for turn in path))
                found[item] = asked.count(0) / most if most else 1.0
            elif item == "长短合适":
                found[item] = bad.count(0) / len(said)
            elif item == "结果":
                found[item] = RESULT[self.ending.kind] if self.ending else 0.0
            else:
                found[item] = max(0.0, 1 - sum(bad) / 2)
        return {item: round(points, 2) for item, points in found.items()}

    @property
    def total(self) -> float:
        """The sum of the items, 0 to 6, to a tenth."""
        return round(sum(self.items.values()), 1)

    @property
    def turned(self) -> int | None:
        """The place of the beat that turned the talk, None while it goes on.

        Going back from the ending. Of a good one: where what the customer felt decided, the beat that
        moved that the most; where another line would have led elsewhere, that line. Of a lesser one:
        the line from which no better was to be reached, though the right one led there; or where what
        the customer felt lost it, the beat that moved that the most.
        """
        if self.ending is None:
            return None
        if self.scenario.gone == self.at and not self.state.patience:
            return self._largest(len(self.beats), {"patience": -1})
        lost = self.ending.kind != "good"
        for number in range(len(self.beats) - 1, -1, -1):
            beat = self.beats[number]
            if beat.option is None:
                continue
            turn = self.scenario.turns[beat.turn]
            if lost and self._hope(beat.option) < self._hope(turn.right):
                return number
            signs = beat.option.depends(beat.after, lost=lost)
            if signs:
                return self._largest(number + 1, signs)
            if not lost and len({self._kinds(one) for one in turn.options}) > 1:
                return number
        sign = -1 if lost else 1
        return self._largest(len(self.beats), {"trust": sign, "doubt": -sign})

    def _kinds(self, option: Option) -> frozenset[str]:
        """Return the kinds of ending that can be reached from an option."""
        return outcomes(self.scenario, *(way.go for way in option.to))

    def _hope(self, option: Option) -> float:
        """Return what the best ending that can be reached from an option is worth."""
        return max(RESULT[kind] for kind in self._kinds(option))

    def _largest(self, until: int, signs: Mapping[str, int]) -> int:
        """Return the first of these beats that moved most along the signs."""
        moved = [
            sum(n * beat.change(side) for side, n in signs.items()) for beat in self.beats[:until]
        ]
        return moved.index(max(moved))


def play(scenario: Scenario, moves: Sequence[Move]) -> Score:
    """Return what comes of these moves, from the start on.

    Raises ``ValueError`` for a move after the ending.
    """
    at, state = scenario.start, scenario.state
    beats: list[Beat] = []
    for move in moves:
        if at in scenario.endings:
            raise ValueError(
                expected("moves", f"none after the ending {at}", f"结局{at}之后不再有话", move)
            )
        missed = sum(1 for _ in takewhile(lambda beat: beat.option is None, reversed(beats)))
        beats.append(_beat(scenario, scenario.turns[at], state, move, missed))
        at, state = beats[-1].go, beats[-1].after
    return Score(scenario, tuple(beats), at)


def _beat(scenario: Scenario, turn: Turn, state: State, move: Move, missed: int) -> Beat:
    """Return one move and what comes of it, after so many that got nowhere in this turn."""
    if move == WAIT:
        return _stay(scenario, turn, state, move, HELLO)
    text = move.text if isinstance(move, Typed) else move
    chosen = next((one for one in turn.options if one.say == text), None)
    if not isinstance(move, Typed):
        chosen = turn.option(move) or chosen
    if chosen:
        findings = () if chosen.right else _faults(turn, chosen.say, turn.needs)
        go, after = scenario.step(chosen, state)
        return Beat(
            turn.name, chosen.intent, chosen.say, chosen, findings, state, after, go, chosen.answer
        )
    match = matcher(turn).match(text)
    option = turn.option(match.intent) if match.sure and match.intent else None
    if option is None:
        answer = UNSURE[(missed - 1) % len(UNSURE)] if missed else turn.unsure
        return _stay(scenario, turn, state, Typed(text), answer, _faults(turn, text))
    findings = _faults(turn, text, turn.needs)
    go, after = scenario.step(option, state, [COSTS.get(one.kind, {}) for one in findings])
    return Beat(turn.name, Typed(text), text, option, findings, state, after, go, option.answer)


def _stay(
    scenario: Scenario,
    turn: Turn,
    state: State,
    move: Move,
    answer: str,
    findings: tuple[Finding, ...] = (),
) -> Beat:
    """Return a beat at which the customer did not get on, and asks again."""
    said = move.text if isinstance(move, Typed) else move
    after = state.after(patience=-IMPATIENT)
    go = scenario.gone if scenario.gone and not after.patience else turn.name
    return Beat(
        turn.name, move, said, None, findings, state, after, go, "" if go != turn.name else answer
    )


def _faults(turn: Turn, text: str, needs: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    return tuple(lint(text, needs, turn.facts, turn.limits))


@lru_cache(maxsize=256)
def matcher(turn: Turn) -> Matcher:
    """Return what reads the lines typed in a turn."""
    return Matcher(turn.options)


def best(scenario: Scenario) -> tuple[str, ...]:
    """Return the moves of one who always says what is right, as long as each turn is a new one."""
    at, state = scenario.start, scenario.state
    moves: dict[str, str] = {}
    while at in scenario.turns and at not in moves:
        option = scenario.turns[at].right
        moves[at] = option.intent
        at, state = scenario.step(option, state)
    return tuple(moves.values())
