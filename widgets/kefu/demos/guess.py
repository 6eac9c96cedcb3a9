"""Guesses before anything is told, and five statements that the reader judges twice.

Both stand in a file beside the chapter, in the form that a quiz has (``quiz.py``). A guess is
committed and then answered; the statements are judged at a chapter's beginning without an answer,
and again at its end, where the reader sees what has changed.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from kefu import beside
from kefu.amounts import one_of
from kefu.demos.quiz import (
    Form,
    Question,
    check_id,
    check_question,
    fold,
    still,
    verdict,
)
from kefu.errors import need, need_text

TRUTHS = 5
"""How many statements open a chapter."""
KINDS = ("single", "number", "order")


class Guess(Form):
    """One question that stands before what it asks for."""

    kind = "guess"
    title = "先猜一猜"

    def still(self) -> str:
        """Return the question; what is so opens on a click."""
        return still(self.questions[0], self.questions[0]["ask"])


class Truths(Form):
    """The statements at a chapter's beginning, without a word on what is true."""

    kind = "truths"
    title = "先判断：对，还是错？现在不说答案"

    def still(self) -> str:
        """Return the statements alone."""
        asked = "".join(f"<li>{escape(one['ask'])}</li>" for one in self.questions)
        return f"<ol>{asked}</ol><p>在纸上记下每一句你觉得对还是错，学完这一章再判断一次。</p>"

    def told(self) -> list[Question]:
        """Return the statements without their reasons, which nobody is told yet."""
        return [{k: one[k] for k in ("id", "ask", "right")} for one in self.questions]


class Again(Form):
    """The same statements at its end, each with what is true and why."""

    kind = "again"
    title = "同样五句，再判断一次"

    def still(self) -> str:
        """Return the statements; whether each is true opens on a click."""
        return "".join(
            fold(
                f"{number}. {escape(one['ask'])}",
                f"<p>{verdict(one['right'])}{escape(one['why'])}</p>",
            )
            for number, one in enumerate(self.questions, start=1)
        )

    def told(self) -> list[Question]:
        """Return the statements."""
        return list(self.questions)


def guess(path: str | Path, name: str) -> Guess:
    """Return one guess of a JSON file beside the chapter, such as ``02_guesses.json``, by its id.

    The file is ``{"truths": [...], "guesses": [...]}``. A guess is a question as ``quiz`` describes
    it, of kind ``single``, ``number`` or ``order``, with ``shows``: one sentence that starts with
    其实 and is told once the reader has committed. ``ValueError`` names what is wrong.
    """
    read = _read(path)
    known = [one["id"] for one in read["guesses"]]
    return Guess(_chapter(path), (read["guesses"][known.index(one_of(name, "name", known))],))


def truths(path: str | Path, again: bool = False) -> Truths | Again:
    """Return the five statements of such a file: to be judged at the beginning, or ``again``.

    Each is ``{"id", "ask", "right", "why"}``, ``right`` being true or false.
    """
    return (Again if again else Truths)(_chapter(path), tuple(_read(path)["truths"]))


def _chapter(path: str | Path) -> str:
    return Path(path).stem.partition("_")[0]


def _read(path: str | Path) -> dict[str, Any]:
    """Return what a file says; ``ValueError`` names what is wrong in it."""
    read: dict[str, Any] = json.loads(beside.find(path).read_text(encoding="utf-8"))
    sound = isinstance(read, dict) and set(read) == {"truths", "guesses"}
    need("file", sound, "truths and guesses", "truths和guesses", read)
    seen: set[str] = set()
    for part, check in (("truths", _check_truth), ("guesses", _check_guess)):
        need(part, isinstance(read[part], list), "a list", "一个列表", read[part])
        for number, one in enumerate(read[part], start=1):
            where = f"{part} {number}"
            check(where, one)
            need(f"{where} id", one["id"] not in seen,
                 "an id of its own", "与别的不同的编号", one["id"])  # fmt: skip
            seen.add(one["id"])
    count = len(read["truths"])
    need("truths", count == TRUTHS, f"{TRUTHS} statements", f"{TRUTHS}句话", count)
    return read


def _check_truth(where: str, one: Any) -> None:
    sound = isinstance(one, dict) and set(one) == {"id", "ask", "right", "why"}
    need(where, sound, "id, ask, right and why", "id、ask、right、why", one)
    check_id(where, one["id"])
    for part in ("ask", "why"):
        need_text(f"{where} {part}", one[part])
    need(f"{where} right", isinstance(one["right"], bool), "true or false", "true或false",
         one["right"])  # fmt: skip


def _check_guess(where: str, one: Any) -> None:
    need(where, isinstance(one, dict), "a question", "一道题", one)
    shows = one.get("shows")
    check_question(where, {key: value for key, value in one.items() if key != "shows"})
    one_of(one["kind"], f"{where} kind", KINDS)
    sound = isinstance(shows, str) and shows.startswith("其实") and shows.endswith("。")
    need(f"{where} shows", sound, "a sentence beginning “其实”", "以“其实”开头的一句话", shows)
