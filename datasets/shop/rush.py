"""The rush of 双11, minute by minute: every chat of the whole shop from 10 to 12 November.

An event simulation of two queues, before and after the sale. People come at random, more of them
in some ten minutes than in others; the robot keeps a part, the others wait their turn or lose
patience. The shop has the same few agents under every seed and number of customers.
"""

from __future__ import annotations

import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from math import exp, fsum

from datasets.shop.calendar import (
    HOUR,
    HOURS,
    MINUTE,
    NIGHT_OF_11,
    at,
    load,
    staffed,
    stamp,
)
from datasets.shop.chance import poisson
from datasets.shop.people import Agent, present
from datasets.shop.service import HANDLED
from datasets.shop.truths import planted

STAGES = ("售前", "售后")
ROBOT = "机器人"
EVENING = [2 * weight if hour in (20, 21) else weight for hour, weight in enumerate(HOURS)]
SHAPES = {"11-10": EVENING, "11-11": NIGHT_OF_11, "11-12": HOURS}
"""How a day's chats are spread over its hours; sales begin at 20:00 on the first evening."""
OPENINGS = {at("11-10", 20), at("11-11")}  # many come in the first minutes
RUSH = 8.0  # times as many in the first minute of an opening
AT_ONCE = 20  # seconds within which a chat should be taken up
START, END = at("11-10"), at("11-12", 24)


@dataclass
class Tally:
    """What is counted in each minute, by the minute's first second."""

    arrived: dict[str, Counter[int]] = field(
        default_factory=lambda: {stage: Counter() for stage in STAGES}
    )
    robot: Counter[int] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    at_once: Counter[int] = field(default_factory=Counter)
    abandoned: Counter[int] = field(default_factory=Counter)


def here(stage: str, moment: int) -> list[Agent]:
    """Return which agents of a team take chats at a moment: the shift, and in a rush the reserve."""
    if not staffed(moment):
        return []
    shift = present(stage, moment, reserve=False)
    more = present(stage, moment, load(moment) > 0.6)
    return [*shift, *(agent for agent in more if agent not in shift)]


def expected(stage: str, day: str) -> Iterator[tuple[int, float]]:
    """Yield the minutes of a day with the mean number of people who come."""
    total, hours = planted("rush")[stage][day], SHAPES[day]
    for hour, weight in enumerate(hours):
        start = at(day, hour)
        extra = RUSH - 1 if start in OPENINGS else 0.0
        shape = [1 + extra * exp(-minute / 10) for minute in range(60)]
        for minute, share in enumerate(shape):
            yield start + minute * MINUTE, total * weight / sum(hours) * share / fsum(shape)


def arrivals(rng: random.Random, tally: Tally) -> dict[str, list[float]]:
    """Count who comes, keep the robot's part, and return when the others ask for people.

    A gamma factor for each stretch of minutes makes the numbers vary more than Poisson ones.
    """
    values = planted("rush")
    stretch, shape = values["stretch_min"] * MINUTE, 1 / values["dispersion"]
    moods: dict[int, float] = {}
    asked: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for day in SHAPES:
        for stage in STAGES:
            for moment, mean in expected(stage, day):
                if moment // stretch not in moods:
                    moods[moment // stretch] = rng.gammavariate(shape, 1 / shape)
                number = poisson(rng, mean * moods[moment // stretch])
                tally.arrived[stage][moment] = number
                for _ in range(number):
                    if not staffed(moment) or HANDLED[stage].spin(rng) == ROBOT:
                        tally.robot[moment] += 1
                    else:
                        asked[stage].append(moment + rng.random() * MINUTE)
    return {stage: sorted(times) for stage, times in asked.items()}


def serve(rng: random.Random, stage: str, asked: list[float], tally: Tally) -> None:
    """Let one team serve those who ask, first come first served.

    Patience and handling are exponential. At a change of shift those who leave still end what
    they have begun.
    """
    values = planted("rush")
    slots, busy, waiting = 0, 0, deque[tuple[float, float]]()
    # when, and how long one who comes would wait; 0 at a change of shift, -1 at the end of a chat
    events: list[tuple[float, float]] = [(moment, 0.0) for moment in range(START, END, HOUR)]
    events += [(moment, rng.expovariate(1 / values["patience_s"])) for moment in asked]
    heapify(events)
    while events:
        now, patience = heappop(events)
        if patience > 0:
            waiting.append((now, now + patience))
        elif patience < 0:
            busy -= 1
        else:
            slots = sum(agent.concurrency for agent in here(stage, int(now)))
        while waiting and busy < slots:
            came, leaves = waiting.popleft()
            if leaves <= now:
                tally.abandoned[floor(leaves)] += 1
                continue
            busy += 1
            tally.answered[floor(now)] += 1
            tally.at_once[floor(now)] += now - came <= AT_ONCE
            heappush(events, (now + rng.expovariate(1 / values["handling_s"]), -1.0))
    for _, leaves in waiting:
        tally.abandoned[floor(leaves)] += 1


def floor(moment: float) -> int:
    """Return the first second of a moment's minute."""
    return int(moment) // MINUTE * MINUTE


def rows(seed: int) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``rush``."""
    tally, rng = Tally(), random.Random(f"{seed}/rush")
    for stage, asked in arrivals(rng, tally).items():
        serve(rng, stage, asked, tally)
    waiting = 0
    for moment in range(START, END, MINUTE):
        come = {stage: tally.arrived[stage][moment] for stage in STAGES}
        to_people = sum(come.values()) - tally.robot[moment]
        waiting += to_people - tally.answered[moment] - tally.abandoned[moment]
        yield {
            "at": stamp(moment),
            "presales": come["售前"],
            "aftersales": come["售后"],
            "robot_solved": tally.robot[moment],
            "to_people": to_people,
            "answered": tally.answered[moment],
            "answered_20s": tally.at_once[moment],
            "abandoned": tally.abandoned[moment],
            "waiting": waiting,
            "agents_on_duty": sum(len(here(stage, moment)) for stage in STAGES),
        }
