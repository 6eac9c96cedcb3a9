"""What a second person at the desk would have changed: the night's answers once more, by chapter 15.

At this desk the windows are seldom all taken: what is short is the one pair of hands. So what is queued
here are asks, each from the second at which a customer said something to that of the answer, and an agent
does one at a time. How long the hands took for an answer is what lies between the ask, or the move
before it if that was later, and the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum

from kefu.intelligence import midnight, routing
from kefu.intelligence.staffing import erlang_a
from kefu.practice.night import CLOSES
from kefu.practice.state import TYPES, NightState, Person
from kefu.presales.desk import THREE_MINUTES

ROUNDS = 20
"""How often the night is run with drawn patience and work."""
PEOPLE = (1, 2)


@dataclass(frozen=True)
class Ask:
    """Something said that wanted an answer: seconds of the night.

    ``answered`` is None where none came; ``spent`` is how long the hands took for it, 0 then; ``waited``
    how long it lay before the hands came to it, or until the customer was gone.
    """

    who: str
    asked: int
    answered: int | None
    spent: int
    waited: int


def asks(state: NightState) -> list[Ask]:
    """Return all asks of the night so far, by the second at which they came."""
    found: list[Ask] = []
    before = _before(state)
    for person in state.people.values():
        end = person.ended if person.ended is not None else state.now
        for n, asked in enumerate(_asked(person)):
            answers = _answers(person)
            if n < len(answers):
                begun = max(asked, before.get((person.who, n), 0))
                spent = answers[n] - begun
                found.append(Ask(person.who, asked, answers[n], spent, begun - asked))
            elif asked <= end:
                found.append(Ask(person.who, asked, None, 0, end - asked))
    return sorted(found, key=lambda one: (one.asked, one.who))


def _answers(person: Person) -> list[int]:
    """Return when a customer was answered, in order."""
    return sorted([*(one.at for one in person.picks), *person.times])


def _asked(person: Person) -> list[int]:
    """Return when a customer said something that wants an answer, in order."""
    found = [person.customer.at, *(at + TYPES for at in _answers(person))]
    return found[:-1] if person.finished else found


def _before(state: NightState) -> dict[tuple[str, int], int]:
    """Return for each answer, by customer and number, the second of the move before it."""
    found: dict[tuple[str, int], int] = {}
    counts: dict[str, int] = {}
    last = 0
    for move in state.moves:
        if move.what == "answer":
            n = counts.get(move.who, 0)
            found[move.who, n], counts[move.who] = last, n + 1
        last = move.at
    return found


def handling(told: Iterable[Ask]) -> float:
    """Return how long the hands took for an answer on average, seconds; chapter 15's where there is none."""
    spent = [one.spent for one in told if one.answered is not None]
    return max(fsum(spent) / len(spent), 1.0) if spent else routing.House().handling


def patience(told: Iterable[Ask]) -> float:
    """Return how long an ask waits before its customer goes: all that was waited over those who went.

    Where nobody went, chapter 03's three minutes and then chapter 15's patience, of which nights are made.
    """
    every = list(told)
    left = sum(one.answered is None for one in every)
    waited = sum(one.waited for one in every)
    return max(waited, 1) / left if left else THREE_MINUTES + routing.House().patience


def _simulated(told: list[Ask], people: int) -> list[routing.Result]:
    """Return `ROUNDS` nights of the same asks with so many pairs of hands."""
    arrivals = [routing.Arrival(float(one.asked)) for one in told]
    house = routing.House(handling=handling(told), patience=patience(told))
    chairs = [routing.Chair(str(n), at_once=1) for n in range(people)]
    policy = routing.Policy("按分组", groups=False)
    return [
        routing.simulate(arrivals, chairs, policy, seed, house=house)
        for seed in range(1, ROUNDS + 1)
    ]


def second_agent(state: NightState) -> list[dict[str, float]]:
    """Return for each minute how many wait for an answer: in the record, and with one and two by simulation.

    ``record`` is what was; ``one`` and ``two`` are means of `ROUNDS` nights with the same asks, work and
    patience drawn (`routing.simulate`).
    """
    told = asks(state)
    moments = [60.0 * minute for minute in range(CLOSES // 60 + 1)]
    found = [
        {"minute": now / 60, "record": float(sum(a.asked <= now < a.asked + a.waited for a in told)),
         "one": 0.0, "two": 0.0}
        for now in moments
    ]  # fmt: skip
    for name, people in zip(("one", "two"), PEOPLE, strict=True):
        for result in _simulated(told, people) if told else ():
            for row, many in zip(found, midnight.waiting(result, moments), strict=True):
                row[name] += many / ROUNDS
    return found


def compared(state: NightState) -> list[dict[str, object]]:
    """Return how long an answer is waited for, and how many never come: record, simulation, formula.

    Rows ``by`` (记录, 模拟, 公式), ``people``, ``waited`` (mean seconds), ``lost`` (answers that never came).
    The formula is Erlang A: it takes the same asks as evenly spread over the time in which they came.
    """
    told = asks(state)
    if not told:
        return []
    lost = sum(one.answered is None for one in told)
    waited = fsum(one.waited for one in told) / len(told)
    found: list[dict[str, object]] = [
        {"by": "记录", "people": 1, "waited": waited, "lost": float(lost)}
    ]
    for people in PEOPLE:
        nights = _simulated(told, people)
        left = sum(trip.left for one in nights for trip in one.trips) / ROUNDS
        mean = fsum(one.wait for one in nights) / ROUNDS
        found.append({"by": "模拟", "people": people, "waited": mean, "lost": left})
    span = max(told[-1].asked, 1)
    for people in PEOPLE:
        flat = erlang_a(len(told) / span, handling(told), people, patience(told))
        found.append(
            {
                "by": "公式",
                "people": people,
                "waited": flat.mean_wait,
                "lost": len(told) * flat.abandoned,
            }
        )
    return found
