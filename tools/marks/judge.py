"""What is right: the chapter's solutions and checks, in a process of their own, outside the sandbox.

``python -m tools.marks.judge NOTEBOOK SEED SHOP`` runs the book's cells on a shop's tables and tells
the exercises with the arguments that they are tried with. Then it judges, line by line, what came
out of the sandbox. It runs the book's code only; a student's results reach it as plain values.
Where an exercise is judged by rules (a line to a customer), the check's own function runs on what
the student's gave. Each judgement is made in a fork with limits: a number as large as the sky hurts
nobody.
"""

from __future__ import annotations

import io
import json
import os
import resource
import select
import signal
import sys
import time
import types
import warnings
from collections.abc import Callable
from contextlib import chdir, redirect_stdout, suppress
from copy import deepcopy
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from kefu import data
from kefu.demos.check import equal, shown
from tools.marks import hidden
from tools.marks.chapter import Exercise, cells, exercises, needed
from tools.marks.values import Strange, pack, unpack

PATIENCE = 20.0
"""Seconds in which what a student's function gave must be judged."""
MEMORY = 2 << 30
UNREADABLE = "结果是{}，这里认不出：请返回文字、数、真假、日期，或它们的列表、元组、集合、字典"


class Bench:
    """A chapter's exercises with what is right for each call, on one shop's tables."""

    def __init__(self, notebook: Path, seed: int, shop: Path | None) -> None:
        data.use(shop)
        self.exercises: list[Exercise] = []
        self.cases: list[list[tuple[Any, Any, str, bool]]] = []
        self.judges: list[Callable[[Any], Callable[..., Any]] | None] = []
        self.seconds: list[float] = []
        found = cells(notebook)
        all_of_them = exercises(found)
        space: dict[str, Any] = {"__name__": "__main__"}
        with chdir(notebook.parent), redirect_stdout(io.StringIO()):
            for cell in needed(found):
                exec(compile(cell.source, f"{notebook.stem} {cell.id}", "exec"), space)
                for one in all_of_them:
                    if one.solution == cell.id:
                        self._take(one, space, notebook.stem[:2], seed)

    def _take(self, one: Exercise, space: dict[str, Any], chapter: str, seed: int) -> None:
        """Note an exercise just solved: its calls, what is right for each, how long it takes."""
        function, began = space[one.checked], time.monotonic()
        cases = [
            (arguments, deepcopy(wanted), why, True) for arguments, wanted, why in space[one.cases]
        ]
        if one.judged:
            space[one.name]()
            held = dict(space)
            self.judges.append(lambda value: _in_place(function, held, one.name, value))
        else:
            self.judges.append(None)
            published = [arguments for arguments, *_ in cases]
            for arguments in hidden.draw(chapter, one.name, seed, published):
                cases.append((arguments, function(*deepcopy(arguments)), cases[0][2], False))
            for arguments, *_ in cases:
                function(*deepcopy(arguments))
        self.exercises.append(one)
        self.cases.append(cases)
        self.seconds.append(time.monotonic() - began)

    def told(self) -> list[dict[str, Any]]:
        """Return the exercises with the calls that the sandbox is to make: nothing of what is right.

        ``hidden`` counts the calls that the book does not show; ``still`` tells that the answer never moves.
        """
        return [
            {**asdict(one), "seconds": seconds,
             "calls": [pack(())] if one.judged else [pack(arguments) for arguments, *_ in cases],
             "hidden": sum(not public for *_, public in cases),
             "still": not one.judged and len({repr(wanted) for _, wanted, *_ in cases}) == 1}
            for one, cases, seconds in zip(self.exercises, self.cases, self.seconds, strict=True)
        ]  # fmt: skip

    def verdicts(self, place: int, lines: list[Any]) -> list[dict[str, Any]]:
        """Return case by case whether it is right, and the words for the student's page."""
        made = self.judges[place]
        if made is None:
            return [
                self._compared(
                    case, lines[at] if at < len(lines) else None, self.exercises[place].name
                )
                for at, case in enumerate(self.cases[place])
            ]
        return self._by_rule(place, made, lines[0] if lines else None)

    def _compared(self, case: tuple[Any, Any, str, bool], told: Any, name: str) -> dict[str, Any]:
        arguments, wanted, why, public = case
        call = f"{name}({', '.join(map(shown, arguments))})" if public else ""
        verdict = {"call": call, "public": public, "right": False, "got": "", "why": why}
        value, fault = _value(told)
        if fault:
            return {**verdict, "fault": fault}
        right = value is not None and equal(value, wanted)
        # what is right on these tables is not told: the page is read before the next class is marked
        return {**verdict, "right": right, "got": _cut(value) if public else ""}

    def _by_rule(
        self, place: int, made: Callable[[Any], Callable[..., Any]], told: Any
    ) -> list[dict[str, Any]]:
        one = self.exercises[place]
        value, fault = _value(told)
        verdicts = [
            {"call": "、".join(map(shown, arguments)), "public": True, "right": False, "got": _cut(value),
             "why": why}
            for arguments, _, why, _ in self.cases[place]
        ]  # fmt: skip
        if fault or value is None:
            return [
                {**verdict, "fault": fault or f"{one.name}()没有返回结果"} for verdict in verdicts
            ]
        judge = made(value)
        for verdict, (arguments, wanted, _, _) in zip(verdicts, self.cases[place], strict=True):
            try:
                got = judge(*deepcopy(arguments))
                verdict["right"] = equal(got, wanted)
                verdict["lacks"] = "" if verdict["right"] else _cut(got)
            except Exception as error:
                verdict["lacks"] = f"{type(error).__name__}: {_cut(str(error))}"
        return verdicts

    def unjudged(self, place: int) -> list[dict[str, Any]]:
        """Return that nothing could be judged, case by case."""
        return [
            {
                "call": "",
                "public": public,
                "right": False,
                "got": "",
                "why": why,
                "fault": "结果太大或太怪，判不出来",
            }
            for *_, why, public in self.cases[place]
        ]


def _in_place(function: Any, held: dict[str, Any], name: str, value: Any) -> Callable[..., Any]:
    """Return the check's function with the student's taken by one that gives what that gave."""
    space = {**held, name: lambda *_: deepcopy(value)}
    made = types.FunctionType(
        function.__code__, space, function.__name__, function.__defaults__, function.__closure__
    )
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _value(told: Any) -> tuple[Any, str]:
    """Return a result from a line of the sandbox, or what is the matter with it."""
    if not isinstance(told, dict):
        return None, "没有结果"
    if "value" in told:
        try:
            return unpack(told["value"]), ""
        except Strange as error:
            return None, UNREADABLE.format(error)
    if "strange" in told:
        return None, UNREADABLE.format(str(told["strange"])[:100])
    return None, trouble(told.get("error") or told.get("fault"))


def trouble(told: Any) -> str:
    """Return a student's error in words, from a line of the sandbox."""
    try:
        kind, words, line = told
        return f"{f'第{int(line)}行' if line else ''}出错：{str(kind)[:60]}: {str(words)[:300]}"
    except (TypeError, ValueError):
        return "没有结果"


def _cut(value: Any) -> str:
    try:
        text = shown(value)
    except Exception:
        text = "（写不出来）"
    return text if len(text) <= 200 else f"{text[:200]}…"


def in_a_fork(act: Callable[[], Any]) -> Any:
    """Return what a function gives, from a fork with limits; None where it gives nothing in time."""
    source, out = os.pipe()
    pid = os.fork()
    if not pid:
        with suppress(BaseException):
            resource.setrlimit(resource.RLIMIT_CPU, (int(PATIENCE), int(PATIENCE)))
            with open("/proc/self/statm") as told:
                now = int(told.read().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
            os.write(out, json.dumps(act()).encode()[:60_000])
        os._exit(0)
    os.close(out)
    heard, deadline = b"", time.monotonic() + PATIENCE
    while (left := deadline - time.monotonic()) > 0 and select.select([source], [], [], left)[0]:
        if not (got := os.read(source, 1 << 16)):
            break
        heard += got
    with suppress(OSError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(source)
    with suppress(ValueError):
        return json.loads(heard)
    return None


def main() -> None:
    """Tell the exercises in a line, then answer each line of results by a line of verdicts."""
    import matplotlib

    matplotlib.use("agg")
    warnings.simplefilter("ignore")
    notebook, seed, shop = sys.argv[1:]
    back, sys.stdout = sys.stdout, sys.stderr  # what the cells print is no answer of ours
    bench = Bench(Path(notebook), int(seed), Path(shop) if shop else None)
    print(json.dumps(bench.told()), file=back, flush=True)
    for text in sys.stdin:
        place, lines = json.loads(text)
        told = in_a_fork(partial(bench.verdicts, place, lines)) or bench.unjudged(place)
        print(json.dumps(told), file=back, flush=True)


if __name__ == "__main__":
    main()
