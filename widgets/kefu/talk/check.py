"""What a conversation must be, beyond its form: no way is lost, nothing gives the right line away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from kefu.errors import expected
from kefu.talk.intent import Matcher
from kefu.talk.lint import lint
from kefu.talk.play import NEEDED, best, play
from kefu.talk.scenario import FACTOR, KINDS, TURNS, Option, Scenario, Turn, walk


def faults(one: Scenario) -> Iterator[str]:
    """Yield what is wrong with a conversation, each with its place, what was expected and what came."""
    at = f"talk {one.name}"
    if not TURNS[0] <= len(one.turns) <= TURNS[1]:
        yield expected(
            f"{at} turn",
            f"{TURNS[0]} to {TURNS[1]} turns",
            f"{TURNS[0]}到{TURNS[1]}个回合",
            len(one.turns),
        )
    for turn in one.turns.values():
        yield from _of_turn(f"{at} turn {turn.name}", turn)
    yield from _of_ways(at, one)
    if not all(sum(o.right for o in turn.options) == 1 for turn in one.turns.values()):
        return  # there is no best path
    kinds = {kind: [e.name for e in one.endings.values() if e.kind == kind] for kind in KINDS}
    for kind, named in kinds.items():
        if not named:
            yield expected(
                f"{at} ending", f"one of kind {kind}", f"有一个{kind}的结局", [*one.endings]
            )
        elif not any(p.ends in named for p in one.plays):
            yield expected(f"{at} play", f"one that ends {kind}", f"有一种走法走到{kind}的结局",
                           [p.ends for p in one.plays])  # fmt: skip
    end = play(one, best(one))
    if end.ending is None or end.ending.kind != "good":
        yield expected(
            f"{at} right",
            "a good ending where all that is said is right",
            "句句选对，走到好结局",
            end.at,
        )
    asked = {need for beat in end.beats for need in one.turns[beat.turn].needs}
    if lacking := [need for need in NEEDED.values() if need not in asked]:
        yield expected(
            f"{at} needs",
            "each need in a turn of the best path, or its point is a gift",
            "最好的走法里每一样都有回合要它，不然那一分是白送的",
            f"no {lacking}",
        )
    for number, told in enumerate(one.plays, 1):
        try:
            ended = play(one, told.moves).at
        except ValueError as error:
            ended = str(error)
        if ended != told.ends:
            yield expected(f"{at} play {number} ends", told.ends, told.ends, ended)


def _of_turn(at: str, turn: Turn) -> Iterator[str]:
    intents = [one.intent for one in turn.options]
    if len({*intents}) < len(intents):
        yield expected(f"{at} intent", "different intents", "各不相同的intent", intents)
    if len({one.say for one in turn.options}) < len(intents):
        yield expected(
            f"{at} say", "different texts", "各不相同的话", [one.say for one in turn.options]
        )
    right = [one.intent for one in turn.options if one.right]
    if len(right) != 1:
        yield expected(f"{at} right", "one right option", "恰好一句对的", right)
    sizes = {one.intent: len(one.say) for one in turn.options}
    if max(sizes.values()) > FACTOR * min(sizes.values()):
        yield expected(
            f"{at} say",
            f"lengths within a factor of {FACTOR}",
            f"最长的不超过最短的{FACTOR}倍",
            sizes,
        )


def _of_ways(at: str, one: Scenario) -> Iterator[str]:
    """Yield what cannot be reached, and where a talk never ends: by what the customer really feels there."""
    ways = walk(one)
    reached = {name for name, _ in ways}
    if one.gone:
        reached.add(one.gone)  # whoever is not understood often enough comes there
    for what, names in (("turn", one.turns), ("ending", one.endings)):
        for name in names:
            if name not in reached:
                yield expected(
                    f"{at} {what} {name}", "a way that leads there", "有路走得到", "none"
                )
    ending = {place for place in ways if place[0] in one.endings}
    more = True
    while more:
        before = len(ending)
        ending |= {place for place, after in ways.items() if not ending.isdisjoint(after)}
        more = len(ending) > before
    for name in dict.fromkeys(name for name, state in ways if (name, state) not in ending):
        yield expected(f"{at} turn {name}", "a way to an ending", "有路走到结局", "a dead end")


def hints(one: Scenario) -> Iterator[str]:
    """Yield what is worth a second look.

    Where ``lint`` finds a fault with a right line; which of the other ways to say an option the customer
    would take for nothing or for another option, if the script did not list it.
    """
    for turn in one.turns.values():
        for found in lint(turn.right.say, turn.needs, turn.facts, turn.limits):
            yield f"{one.name} {turn.name}: {found.kind} {found.words} {found.why}: {turn.right.say}"
        for option in turn.options:
            for other in option.like:
                match = Matcher(_without(turn.options, other)).match(other)
                if not match.sure or match.intent != option.intent:
                    taken = match.intent if match.sure else "nothing"
                    yield f"{one.name} {turn.name}: {option.intent} taken for {taken}: {other}"


def _without(options: Iterable[Option], text: str) -> list[Option]:
    """Return options that do not list a way to say one: with it in the list it is always taken right."""
    return [replace(one, like=tuple(way for way in one.like if way != text)) for one in options]


def lengths(talks: Iterable[Scenario]) -> Iterator[tuple[int, list[int]]]:
    """Yield for each turn the length of its right option and those of all, for `longest`."""
    for one in talks:
        for turn in one.turns.values():
            yield len(turn.right.say), [len(option.say) for option in turn.options]


def longest(asked: Iterable[tuple[int, Sequence[int]]]) -> tuple[float, float]:
    """Return how often the right option is the longest, and how often by chance alone.

    Of each question or turn are given the length of the right option and those of all. Where several
    are as long as the right one, each counts for its share; added up exactly, so that as often as by
    chance is never more often.

    >>> longest([(3, [3, 1, 2]), (2, [2, 2, 1]), (1, [1, 4, 5])])
    (1.5, 1.0)
    """
    times = by_chance = Fraction()
    for right, every in asked:
        by_chance += Fraction(1, len(every))
        if right == max(every):
            times += Fraction(1, every.count(right))
    return float(times), float(by_chance)


def leaks(talks: Iterable[Scenario]) -> Iterator[str]:
    """Yield a fault where the right option of a file stands out by its length."""
    times, chance = longest(lengths(talks))
    if times > chance:
        yield expected("right", f"the longest option in at most {chance:.1f} turns",
                       f"最多{chance:.1f}个回合里，对的一句最长", round(times, 1))  # fmt: skip
