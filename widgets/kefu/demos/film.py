"""People or questions as dots that move through a span of time: what a film of them needs, and one moment of it.

A picture is drawn for one moment by `spots`; in a page ``hands.js`` runs from there on, and puts every dot where
`spots` would put it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

PLAY = "kefu-press kefu-onward kefu-play"
"""The button that runs a film: ``hands.js`` knows it."""
Grid = dict[str, float]
KINDS = ("waits", "long", "talks", "robot", "left")


class Walk(NamedTuple):
    """What a film knows of one who comes, in seconds; −1 for what was not.

    Held from ``at`` until ``held``; in line number ``line`` from ``asked`` until ``taken``; at the place ``x``, ``y``
    (0: at none) until ``ended``; from then on gone, if ``left`` is 1.
    """

    at: float
    held: float
    asked: float
    taken: float
    ended: float
    line: int
    x: float
    y: float
    left: float


@dataclass(frozen=True)
class Film:
    """All that come, in the order in which they stand in line, and where dots stand.

    ``minutes`` of it run in so many ``seconds``; who waits longer than ``long`` seconds is of the kind ``long``.
    ``lines``, ``held`` and ``pile``: grids of those in line, held and gone. ``cursor``: the pixels of beginning and
    end. ``since``: the minute that it starts from. ``says``:
    what is said when, in seconds, for the lines of the picture that roll; ``each``: a text for each minute, by the
    name of its place.
    """

    people: Sequence[Walk]
    minutes: int
    seconds: int
    long: float
    lines: Sequence[Grid]
    held: Grid
    pile: Grid
    cursor: tuple[float, float]
    since: int = 0
    says: Sequence[tuple[float, str]] = ()
    each: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def spots(self, now: float) -> Iterator[tuple[str, float, float]]:
        """Yield every dot of a moment, in seconds: its kind and place. ``hands.js`` does the same."""
        ranks, held, gone = [0] * len(self.lines), 0, 0
        for one in self.people:
            if one.at <= now < one.held:
                yield "robot", *spot_at(self.held, held)
                held += 1
            elif 0 <= one.asked <= now < one.taken:
                kind = "long" if now - one.asked > self.long else "waits"
                yield kind, *spot_at(self.lines[one.line], ranks[one.line])
                ranks[one.line] += 1
            elif one.x and one.taken <= now < one.ended:
                yield "talks", one.x, one.y
            elif one.left and now >= one.ended:
                yield "left", *spot_at(self.pile, gone)
                gone += 1

    def dots(self, now: float) -> dict[str, list[tuple[float, float]]]:
        """Return where the dots of a moment stand, by kind."""
        found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
        for kind, x, y in self.spots(now):
            found[kind].append((x, y))
        return found

    def heard(self, now: float, lines: int) -> list[str]:
        """Return the last so many lines that were said by a moment, in seconds; empty ones before there were any."""
        said = [words for at, words in self.says if at <= now][-lines:]
        return [""] * (lines - len(said)) + said

    def told(self) -> str:
        """Return what ``hands.js`` needs to run it, for an attribute in double quotes."""
        known: dict[str, object] = {
            "people": [[round(one, 1) for one in person] for person in self.people],
            "length": self.minutes * 60,
            "seconds": self.seconds,
            "long": self.long,
            "lines": self.lines,
            "held": self.held,
            "pile": self.pile,
            "cursor": self.cursor,
        }
        more = {
            "since": self.since * 60,
            "says": [[round(at, 1), words] for at, words in self.says],
            "each": dict(self.each),
        }
        known |= {name: one for name, one in more.items() if one}
        return escape(json.dumps(known, ensure_ascii=False, separators=(",", ":")), quote=True)


def spot_at(grid: Grid, rank: int) -> tuple[float, float]:
    """Return where the dot of a rank stands: columns are filled one after another."""
    column, line = divmod(rank, int(grid["rows"]))
    return grid["x"] + column * grid["dx"], grid["y"] + line * grid["dy"]


def path(points: Iterable[tuple[float, float]]) -> str:
    """Return dots as one path."""
    return "".join(f"M{x:g},{y:g}h0" for x, y in points)


def told(name: str, text: object) -> str:
    """Return a text of the picture that the film keeps up to date."""
    return f"<tspan data-told='{name}'>{text}</tspan>"
