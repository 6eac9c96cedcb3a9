"""Four scripted players, to see that the scores are fair: the good, the middling, the canned, the generous.

Each plays with the hands of `state.SECONDS`, looks after whose patience ends first, and never more than five
windows. They see what a player sees; the good and the middling know what the chapters teach, all of it or a part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from kefu.practice import scenes
from kefu.practice.night import CLOSES, ShopNight
from kefu.practice.question import NOTHING, heard
from kefu.practice.state import (
    ME,
    OPEN,
    SECONDS,
    WAITING,
    Choice,
    NightMove,
    NightState,
    Person,
    allowed,
    finish,
    next_event,
    start,
    step,
    tick,
)

Choose = Callable[[NightState, Person, Random], str]


@dataclass(frozen=True)
class Player:
    """How somebody plays: which answer he chooses, how slow he is, whether he notes, gives, only sends 稍等."""

    name: str
    choose: Choose
    slow: float = 1.0
    notes: float = 1.0
    gives: str = "due"
    canned: bool = False
    holds: bool = False
    """Whether he sends 稍等 to whom he has taken and cannot answer at once, as chapter 03 teaches."""
    idle: float = 0.0
    """How often he looks elsewhere, for a minute."""


def right(state: NightState, person: Person, draw: Random) -> str:
    """Choose what the chapters teach."""
    question = person.question
    if question:
        return str(question.best + 1)
    talk = person.talk
    assert talk is not None
    order = scenes.order(f"{state.night.seed}/{state.night.level}", person.customer.scene, talk.at)
    return str(order.index(talk.scenario.turns[talk.at].right.intent) + 1)


def half(state: NightState, person: Person, draw: Random) -> str:
    """Choose right in the chapters that he knows (`KNOWN`), sometimes coldly; else at random."""
    if _asked(person) in KNOWN and draw.random() < 0.85:
        question = person.question
        if question and draw.random() < 0.8:
            rude = [
                n for n, one in enumerate(question.ways, 1) if one.right and question.faults(one)
            ]
            if rude:
                return str(rude[0])
        return right(state, person, draw)
    return chance(state, person, draw)


def _asked(person: Person) -> str:
    """Return the chapter that a question is from."""
    return person.question.lesson.chapter if person.question else person.customer.chapter


KNOWN = frozenset({"01", "02", "03", "04", "05", "07", "08", "09", "11", "12", "13"})
"""The chapters that the middling player knows."""


def gift(state: NightState, person: Person, draw: Random) -> str:
    """Choose what gives and promises most."""
    question = person.question

    def worth(key: str, text: str) -> tuple[float, int, float]:
        away = float(question.ways[int(key) - 1].away) if question else 0.0
        kinds = [one.kind for one in heard(text)]
        return away, kinds.count("越权承诺"), draw.random()

    return max(_shown(state, person), key=lambda one: worth(one.key, one.text)).key


def chance(state: NightState, person: Person, draw: Random) -> str:
    """Choose by the dice."""
    return draw.choice(_shown(state, person)).key


def _shared(shown: tuple[Choice, ...]) -> Callable[[Choice], float]:
    """Return how to tell how much of a line's clauses stands in the others too, by characters."""

    def clauses(one: Choice) -> set[str]:
        return {part for part in re.split("[，。；：！？“”]", one.text) if part}

    counts = Counter(part for one in shown for part in clauses(one))

    def share(one: Choice) -> float:
        every = clauses(one)
        again = sum(len(part) * (counts[part] - 1) for part in every)
        return again / max(sum(map(len, every)), 1)

    return share


BLINDLY: Mapping[str, Callable[[tuple[Choice, ...]], Choice]] = {
    "first": lambda shown: shown[0],
    "last": lambda shown: shown[-1],
    "longest": lambda shown: max(shown, key=lambda one: len(one.text)),
    "shortest": lambda shown: min(shown, key=lambda one: len(one.text)),
    "common": lambda shown: max(shown, key=_shared(shown)),
    "odd": lambda shown: min(shown, key=_shared(shown)),
}
"""Ways to choose without reading, the first of equals: ``common`` takes the line of which most stands in others."""


def _blindly(how: Callable[[tuple[Choice, ...]], Choice]) -> Choose:
    return lambda state, person, draw: how(_shown(state, person)).key


def _shown(state: NightState, person: Person) -> tuple[Choice, ...]:
    ask = state.ask(person.who)
    assert ask is not None
    return ask.choices


PLAYERS: Mapping[str, Player] = {
    "good": Player("good", right, 1.1, holds=True),
    "middling": Player("middling", half, 1.6, notes=0.5, idle=0.12),
    "canned": Player("canned", _blindly(BLINDLY["first"]), 1.0, notes=0.0, gives="", canned=True),
    "generous": Player("generous", gift, 1.5, notes=0.0, gives="20"),
}

BLIND: Mapping[str, Player] = {
    **{name: Player(name, _blindly(how), 1.1) for name, how in BLINDLY.items()},
    "chance": Player("chance", chance, 1.1),
}
"""Players who do not read: whoever takes what stands first, is longest, or says what most of the lines say, must
not fare better than by chance."""


def played(night: ShopNight, who: str | Player) -> NightState:
    """Return the night as a player (a name of `PLAYERS`, or his description) plays it, to its end."""
    player = {**PLAYERS, **BLIND}[who] if isinstance(who, str) else who
    draw = Random(f"{night.seed}/{night.level}/{player.name}")
    state = start(night)
    while state.now < CLOSES:
        move = _next(state, player, draw)
        if move is None:
            state = tick(state, min(next_event(state), CLOSES))
            continue
        what, person, choice = move
        spent = int(SECONDS[what] * (player.slow if what in ("answer", "take") else 1))
        if player.idle and draw.random() < player.idle:
            spent += 60
        state = tick(state, min(state.now + spent, CLOSES))
        if state.over or what not in allowed(state, person):
            continue
        state = step(state, NightMove(state.now, what, person, choice))
    return finish(state)


def _next(state: NightState, player: Player, draw: Random) -> tuple[str, str, str] | None:
    """Return what a player does now: end what is done, answer who is most pressing, take the next."""
    held = [p for p in state.people.values() if p.where == OPEN]
    for person in held:
        if player.canned:
            again = person.holds or "hold" not in allowed(state, person.who)
            return ("close" if again else "hold"), person.who, ""
        if (
            player.gives
            and player.gives != "due"
            and not person.given
            and "give" in allowed(state, person.who)
        ):
            return "give", person.who, player.gives
        if person.since is None:
            lacks = person.due - person.given
            if player.gives == "due" and lacks > NOTHING and draw.random() < player.notes:
                return "give", person.who, _plain(lacks)
            if person.owes and not person.warned and draw.random() < player.notes:
                return "note", person.who, ""
            return "close", person.who, ""
    owed = [p for p in state.people.values()
            if p.since is not None and p.where in (OPEN, WAITING)
            and (p.where == OPEN or state.inbox.room(ME) > 0) and p.since <= state.now]  # fmt: skip
    if not owed:
        return None
    person = min(owed, key=lambda p: (p.until, p.who))
    if player.holds and len(owed) > 2:
        fresh = [p for p in owed if not p.holds and not p.started and p.customer.channel != "评价"]
        if fresh:
            person = min(fresh, key=lambda p: (p.until, p.who))
            if person.where == OPEN:
                return "hold", person.who, ""
    if person.where == WAITING:
        return "take", person.who, ""
    return "answer", person.who, player.choose(state, person, draw)


def _plain(yuan: Decimal) -> str:
    return f"{yuan.normalize():f}"
