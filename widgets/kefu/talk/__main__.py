"""Check a file of conversations: ``python -m kefu.talk notebooks/presales/02_talks.toml``."""

from __future__ import annotations

import sys
from pathlib import Path

from kefu.talk.book import tables
from kefu.talk.check import faults, hints, leaks, lengths, longest
from kefu.talk.play import best, play
from kefu.talk.scenario import Scenario, scenario


def told(path: Path) -> bool:
    """Print what is wrong in a file, how all its plays end, and hints; return whether it is sound."""
    wrong: list[str] = []
    talks: list[Scenario] = []
    try:
        found = tables(path.read_text(encoding="utf-8"), path.name)
    except (OSError, ValueError) as error:  # no file, no text, no TOML, no conversation in it
        print(f"✗ {path}：{error}")
        return False
    for name, one in found.items():
        try:
            talks.append(scenario(name, one))
        except ValueError as error:
            wrong.append(str(error))
    for talk in talks:
        faulty = list(faults(talk))
        wrong += faulty
        print(f"{talk.name}：{len(talk.turns)}个回合，{len(talk.endings)}个结局")
        if not faulty:
            for moves in (best(talk), *(one.moves for one in talk.plays)):
                end = play(talk, moves)
                print(f"  {' → '.join(moves)} → {end.at}（{end.total}/6）{end.state}")
            for hint in hints(talk):
                print(f"  ? {hint}")
    if talks and not wrong:
        wrong += leaks(talks)
        print("对的一句最长：{:.1f}个回合；只凭运气：{:.1f}个".format(*longest(lengths(talks))))
    for fault in wrong:
        print(f"✗ {fault}")
    return not wrong


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python -m kefu.talk FILE...")
    sys.exit(not all([told(Path(name)) for name in sys.argv[1:]]))
