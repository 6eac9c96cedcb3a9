"""One night at the desk: all that a demo, a notebook and the marks need, in one place.

`night` makes a night, `start`, `step` and `tick` play it, `report` scores it, `hand_in` and `verify` are the
file. No rule stands here: what is right is the chapters' models' (`cases.MAKERS`), how it is scored `score`.
``python -m kefu.practice.shift --seeds 200`` prints what the four scripted players reach.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from math import fsum, sqrt

from kefu.practice.afterwards import asks, compared, handling, second_agent
from kefu.practice.coach import CoachAdvice, advice, lead
from kefu.practice.night import (
    CLOSES,
    LEVEL_NAMES,
    LEVELS,
    OPENS,
    RUSH,
    NightCustomer,
    ShopNight,
    Taken,
    clock,
    moment,
    night,
)
from kefu.practice.players import BLIND, PLAYERS, Player, played
from kefu.practice.question import DeskAnswer, DeskQuestion, Lesson
from kefu.practice.record import (
    EDITION,
    HandedIn,
    Verified,
    digest,
    hand_in,
    keep,
    resume,
    seal,
    verify,
)
from kefu.practice.score import (
    SCORES,
    CostlyMoment,
    NightReport,
    SheetRow,
    lesson,
    queue_rows,
    report,
    rows,
)
from kefu.practice.state import (
    DONE,
    GIFTS,
    HOLD,
    LEFT,
    MOVES,
    SECONDS,
    TYPES,
    WINDOWS,
    AnswerVerdict,
    Choice,
    Gone,
    NightMove,
    NightPromise,
    NightState,
    Open,
    OpenAsk,
    Person,
    SpokenLine,
    Waiting,
    allowed,
    chinese,
    finish,
    mood,
    next_event,
    pace,
    play,
    replay,
    start,
    step,
    tick,
    wanting,
    whom,
)

__all__ = [
    "BLIND",
    "CLOSES",
    "DONE",
    "EDITION",
    "GIFTS",
    "HOLD",
    "LEFT",
    "LEVELS",
    "LEVEL_NAMES",
    "MOVES",
    "OPENS",
    "PLAYERS",
    "RUSH",
    "SCORES",
    "SECONDS",
    "TYPES",
    "WINDOWS",
    "AnswerVerdict",
    "Choice",
    "CoachAdvice",
    "CostlyMoment",
    "DeskAnswer",
    "DeskQuestion",
    "Gone",
    "HandedIn",
    "Lesson",
    "NightCustomer",
    "NightMove",
    "NightPromise",
    "NightReport",
    "NightState",
    "Open",
    "OpenAsk",
    "Person",
    "Player",
    "SheetRow",
    "ShopNight",
    "SpokenLine",
    "Taken",
    "Verified",
    "Waiting",
    "advice",
    "allowed",
    "asks",
    "chinese",
    "clock",
    "compared",
    "digest",
    "finish",
    "hand_in",
    "handling",
    "keep",
    "lead",
    "lesson",
    "moment",
    "mood",
    "next_event",
    "night",
    "pace",
    "play",
    "played",
    "queue_rows",
    "replay",
    "report",
    "resume",
    "rows",
    "seal",
    "second_agent",
    "start",
    "step",
    "tick",
    "verify",
    "wanting",
    "whom",
]


def measured(seeds: Sequence[int], level: int, who: str) -> list[NightReport]:
    """Return what a scripted player reaches in each of some nights."""
    return [report(played(night(seed, level), who)) for seed in seeds]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print mean, sd, least, 5th percentile and most of the totals, and the means of the six scores."""
    parser = argparse.ArgumentParser(description="What the scripted players reach.")
    parser.add_argument("--seeds", type=int, default=200, help="how many nights, seeds 1 and on")
    parser.add_argument("--level", type=int, action="append", choices=LEVELS, help="default: all")
    parser.add_argument(
        "--player", action="append", choices=[*PLAYERS, *BLIND], help="default: all"
    )
    asked = parser.parse_args(arguments)
    seeds = range(1, asked.seeds + 1)
    out = sys.stdout
    out.write(f"{asked.seeds} nights; {digest()}\n")
    for level in asked.level or LEVELS:
        for who in asked.player or (*PLAYERS, *BLIND):
            found = measured(seeds, level, who)
            totals = sorted(one.total for one in found)
            mean = fsum(totals) / len(totals)
            sd = sqrt(fsum((one - mean) ** 2 for one in totals) / len(totals))
            parts = " ".join(
                f"{name}{fsum(one.scores[name] for one in found) / len(found):.0f}"
                for name in SCORES
            )
            low = totals[len(totals) // 20]
            out.write(f"level {level} {who:9} mean {mean:5.1f} sd {sd:4.1f} min {totals[0]:5.1f} "
                      f"p5 {low:5.1f} max {totals[-1]:5.1f}  {parts}\n")  # fmt: skip


if __name__ == "__main__":
    main()
