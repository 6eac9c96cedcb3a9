"""The reader's own night after it is over: the one played in this Python, a file, or an example.

The demo `remember`s the state that it shows, so that cells below it read the same night; a notebook
that starts anew reads the file that was handed in; who has not played yet sees an example, the night
of a scripted player of middling skill. All of it comes from the moves alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kefu.errors import need
from kefu.practice import players, shift

FILES = "618夜班*.json"
"""How the files are named that the demo hands out."""
EXAMPLE = (618, 1, "middling")
"""Seed, level and player of the example."""

_shown: list[shift.NightState] = []


@dataclass(frozen=True)
class Own:
    """A night to look back on: its last state, and in Chinese whose it is."""

    state: shift.NightState
    told: str


def remember(state: shift.NightState) -> None:
    """Keep the state that the demo shows now, in place of the one before."""
    _shown[:] = [state]


def forget() -> None:
    """Keep none, as if nothing had been played."""
    _shown.clear()


def example() -> shift.NightState:
    """Return the example: the night of a scripted player of middling skill, to its end."""
    seed, level, player = EXAMPLE
    return players.played(shift.night(seed, level), player)


def mine(file: str | Path | None = None) -> Own:
    """Return the reader's own night: a file's, else the one just played, else the newest file's, else the example.

    A night just played counts once a move was made. Raises ``ValueError`` for a named file that
    cannot be played again; a file that can, but does not agree with itself, is told.
    """
    if file is not None:
        return _read(Path(file))
    if _shown and _shown[0].moves:
        return Own(_shown[0], f"你自己的一夜，{_about(_shown[0])}")
    for path in sorted(Path().glob(FILES), key=lambda one: one.stat().st_mtime, reverse=True):
        return _read(path)
    state = example()
    return Own(state, f"示例的一夜，{_about(state)}；自己当过一夜，这里就是你的")


def _read(path: Path) -> Own:
    need("file", path.is_file(), "a file of a night", "一份一夜的文件", str(path))
    found = shift.verify(path.read_text(encoding="utf-8-sig", errors="replace"))
    if found.report is None or found.record is None:
        raise ValueError(f"{path.name}: cannot be played again（{'；'.join(found.problems)}）")
    state = found.record.state()
    doubt = "" if found.sound else f"（{'；'.join(found.problems)}）"
    return Own(state, f"文件{path.name}里的一夜，{_about(state)}{doubt}")


def _about(state: shift.NightState) -> str:
    """Return which night it is and how far it was played."""
    night = state.night
    until = "当完了" if state.over else f"当到{shift.clock(state.now)}"
    return f"种子{night.seed}，{shift.LEVEL_NAMES[night.level]}，{until}"
