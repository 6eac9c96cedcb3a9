"""The record of a night: kept in the browser, handed in as a file, verified by whoever marks it.

A file holds the player's moves, and the scores that came of them; `verify` plays the moves again. The seal is a
digest over all that is in the file: it shows that somebody edited the file. It does not show that nobody forged
it: whoever has this book can compute a seal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu import beside, data
from kefu.amounts import count, one_of
from kefu.errors import need, need_text
from kefu.practice.night import CLOSES, LARGEST_SEED, LEVELS, night
from kefu.practice.scenes import SCENES
from kefu.practice.score import NightReport, report
from kefu.practice.state import NightMove, NightState, play, tick

EDITION = "2026-06"
"""The edition of the record: changed where old files can no longer be read."""
MOST_MOVES = 5000
LONGEST_NAME = 40
MOST_TEXT = 400_000
"""Characters of the longest file that is read."""
SOURCES = (
    "question",
    "making",
    "public",
    "ask_before",
    "ask_after",
    "ask_people",
    "ask_machines",
    "cases",
    "scenes",
    "night",
    "state",
    "score",
)
TABLES = ("products", "zones", "tariffs", "size_charts", "levels", "rules", "knowledge",
          "everyday_questions", "customers_raw", "days")  # fmt: skip
"""The tables that the night reads."""
KEYS = (
    "edition",
    "sources",
    "seed",
    "level",
    "name",
    "number",
    "moves",
    "end",
    "scores",
    "total",
    "seal",
)


HERE = Path(__file__).parent
NOTED = HERE / "sources.txt"
"""The digest of the modules, for a page of the book: it has them compiled alone."""


def _sha256(*parts: bytes) -> str:
    """Return the digest of the parts, one after another."""
    # imported here: it looks for OpenSSL, and a page's Python that did so can keep no snapshot of itself
    from hashlib import sha256

    return sha256(b"".join(parts)).hexdigest()


def _text(path: Path) -> bytes:
    """Return a file as it is read on any system."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def modules() -> str:
    """Return a digest of this package's modules that make a night."""
    paths = [HERE / f"{name}.py" for name in SOURCES]
    if not all(path.is_file() for path in paths):
        return NOTED.read_text(encoding="ascii").strip()
    return _sha256(*map(_text, paths))


@data.cached
def digest() -> str:
    """Return a digest of what makes a night: this package's modules, the scripts and the tables."""
    paths = [beside.find(f"{chapter}_talks.toml") for chapter in SCENES]
    paths += [data.path(name) for name in TABLES]
    return _sha256(modules().encode(), *map(_text, paths))[:16]


def seal(told: dict[str, Any]) -> str:
    """Return the seal over all that a file tells, whatever the order of its keys."""
    rest = {name: value for name, value in told.items() if name != "seal"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return _sha256(f"{EDITION}/{text}".encode("utf-8", "surrogatepass"))


def hand_in(state: NightState, name: str, number: str) -> str:
    """Return the file that a student hands in, as JSON. Raises ``ValueError`` for an empty name or number."""
    found = report(state)
    told: dict[str, Any] = {
        "edition": EDITION, "sources": digest(), "seed": state.night.seed, "level": state.night.level,
        "name": _named("name", name), "number": _named("number", number),
        "moves": [one.listed() for one in state.moves], "end": state.now,
        "scores": dict(found.scores), "total": found.total,
    }  # fmt: skip
    return json.dumps(told | {"seal": seal(told)}, ensure_ascii=False, indent=None)


@dataclass(frozen=True)
class HandedIn:
    """A file that could be read: who, which night, the moves, and the scores as the file tells them."""

    name: str
    number: str
    seed: int
    level: int
    moves: tuple[NightMove, ...]
    end: int
    scores: dict[str, float]
    total: float

    @property
    def finished(self) -> bool:
        """Whether the night was played to its end."""
        return self.end == CLOSES

    def state(self) -> NightState:
        """Return the night as the moves make it; ``ValueError`` where they cannot be."""
        return tick(play(night(self.seed, self.level), self.moves), self.end)


@dataclass(frozen=True)
class Verified:
    """What a file is worth: sound, or what does not hold (in Chinese), and what could be read of it."""

    sound: bool
    problems: tuple[str, ...]
    record: HandedIn | None = None
    report: NightReport | None = None
    """The scores as the moves give them, whatever the file says."""


def verify(text: str) -> Verified:
    """Return whether a file is as a night left it: its seal, its moves played again, its scores. Never raises."""
    try:
        if not isinstance(text, str) or len(text) > MOST_TEXT:
            return Verified(False, ("文件太大，或者不是文字",))
        told = json.loads(text)
        if not isinstance(told, dict):
            return Verified(False, ("不是这一夜的记录：里面不是一张表",))
        lacks = [key for key in KEYS if key not in told]
        more = [str(key) for key in told if key not in KEYS]
        if lacks or more:
            return Verified(
                False,
                (
                    f"不是这一夜的记录：缺{'、'.join(lacks) or '无'}，多{'、'.join(more)[:40] or '无'}",
                ),
            )
        record = _read(told)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError) as error:
        return Verified(False, (f"读不懂：{_short(error)}",))
    problems = []
    if told["edition"] != EDITION:
        problems.append(f"版本不同：文件是{str(told['edition'])[:20]}，这里是{EDITION}")
    if told["sources"] != digest():
        problems.append("这份文件出自另一版的书（模型、剧本或数据改过），分数不能比")
    if told["seal"] != seal(told):
        problems.append("封签对不上：文件改过")
    try:
        found = report(record.state())
    except (ValueError, TypeError) as error:
        return Verified(False, (*problems, f"这些步骤走不通：{_short(error)}"), record)
    if dict(found.scores) != record.scores or found.total != record.total:
        problems.append(f"分数对不上：文件写{record.total}分，照步骤重走是{found.total}分")
    return Verified(not problems, tuple(problems), record, found)


def _named(argument: str, text: Any) -> str:
    """Return a name or number without the blanks around it."""
    found = need_text(argument, text)
    need(argument, len(found) <= LONGEST_NAME, f"at most {LONGEST_NAME} characters",
         f"不超过{LONGEST_NAME}个字", len(found))  # fmt: skip
    return found


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


def _read(told: dict[str, Any]) -> HandedIn:
    """Return the record of a table; raises where its values are of the wrong kind."""
    seed = count(told["seed"], "seed")
    need("seed", seed <= LARGEST_SEED, f"at most {LARGEST_SEED}", f"不超过{LARGEST_SEED}的数", seed)
    level = one_of(told["level"], "level", LEVELS)
    end = count(told["end"], "end")
    need("end", end <= CLOSES, f"at most {CLOSES}", f"不超过{CLOSES}的数", end)
    listed = told["moves"]
    need(
        "moves",
        isinstance(listed, list) and len(listed) <= MOST_MOVES,
        "a list of moves",
        "一列步骤",
        type(listed),
    )
    scores = told["scores"]
    need("scores", isinstance(scores, dict), "a table of scores", "一张分数表", type(scores))
    number = {str(name): float(value) for name, value in scores.items()}
    return HandedIn(
        _named("name", told["name"]), _named("number", told["number"]), seed, level,
        tuple(_move(one) for one in listed), end, number, float(told["total"]),
    )  # fmt: skip


def _move(listed: Any) -> NightMove:
    sound = isinstance(listed, list) and len(listed) == 4
    need("moves", sound, "moves of four parts", "每步四项", listed)
    at, *words = listed
    need("moves", all(isinstance(one, str) for one in words), "three texts", "三段文字", words)
    return NightMove(count(at, "at"), *words)


def keep(state: NightState) -> str:
    """Return what a browser keeps of a night, so that it goes on from there: JSON without a name."""
    told = {"seed": state.night.seed, "level": state.night.level, "now": state.now,
            "moves": [one.listed() for one in state.moves]}  # fmt: skip
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def resume(text: str) -> NightState:
    """Return the night as `keep` kept it. Raises ``ValueError`` or ``TypeError`` for what is no such text."""
    told = json.loads(text)
    need("text", isinstance(told, dict) and {"seed", "level", "now", "moves"} <= told.keys(),
         "a record", "这一夜的记录", type(told))  # fmt: skip
    need(
        "moves", isinstance(told["moves"], list), "a list of moves", "一列步骤", type(told["moves"])
    )
    state = play(night(told["seed"], told["level"]), [_move(one) for one in told["moves"]])
    return tick(state, max(state.now, count(told["now"], "now")))


if __name__ == "__main__":  # after a change of a module
    NOTED.write_text(f"{modules()}\n", encoding="ascii")
