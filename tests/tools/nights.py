"""A class of thirty made-up nights, by the scripted players; some are tampered with, some are no nights."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from kefu.practice import players, shift

NUMBERS = [f"20266{n:02}" for n in range(1, 31)]
NAMES = dict(zip(NUMBERS, (
    "陈一诺", "林子涵", "王雨桐", "李浩然", "张欣怡", "刘宇轩", "赵可心", "黄俊杰",
    "周思远", "吴佳琪", "徐天佑", "孙晓雯", "马志强", "朱语嫣", "胡明轩", "郭雅静",
    "何家豪", "高诗涵", "罗文博", "郑晓彤", "梁子墨", "谢雨欣", "宋承恩", "唐婉清",
    "许嘉懿", "韩子昂", "冯若曦", "邓凯文", "曹静怡", "彭思齐",
), strict=True))  # fmt: skip
SCORED, MOVED, SEALED, COPIED, COPIED_FROM = "2026606", "2026611", "2026618", "2026623", "2026602"
"""Who changed the scores, who a move, who the scores and the seal with them, who handed in another's."""


@cache
def state(number: str) -> shift.State:
    """The night of a student: a seed of its own, players and levels in turn."""
    at = NUMBERS.index(number)
    names = [*players.PLAYERS]
    return players.played(shift.night(1000 + at, 1 + at % 3), names[at % len(names)])


def handed(number: str) -> dict[str, Any]:
    """What the student's file holds, as it was handed out."""
    told: dict[str, Any] = json.loads(shift.hand_in(state(number), NAMES[number], number))
    return told


def higher(told: dict[str, Any]) -> None:
    """Write better scores into a file."""
    told["scores"] = {name: 98.0 for name in told["scores"]}
    told["total"] = 98.0


def _moved(told: dict[str, Any]) -> None:
    """Take away the last move."""
    told["moves"].pop()


def _sealed(told: dict[str, Any]) -> None:
    """Write better scores, and a seal that looks like one."""
    higher(told)
    told["seal"] = "0" * len(told["seal"])


def _copied(told: dict[str, Any]) -> None:
    """Put another's night in place of one's own, handed out anew under one's own name."""
    text = shift.hand_in(state(COPIED_FROM), NAMES[COPIED], COPIED)
    told.clear()
    told.update(json.loads(text))


CHANGED: dict[str, Callable[[dict[str, Any]], None]] = {
    SCORED: higher, MOVED: _moved, SEALED: _sealed, COPIED: _copied,
}  # fmt: skip


def hand_in(folder: Path) -> int:
    """Write the class's files into a folder; return how many there are."""
    for number in NUMBERS:
        told = handed(number)
        CHANGED.get(number, lambda told: None)(told)
        text = json.dumps(told, ensure_ascii=False)
        (folder / f"618夜班-{number}-{NAMES[number]}.json").write_text(text, encoding="utf-8")
    return len(NUMBERS)
