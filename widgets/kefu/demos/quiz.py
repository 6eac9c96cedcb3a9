"""Quizzes that answer at once: choice, number and ordering questions kept beside a chapter.

A quiz stands as plain HTML whose answers open on a click, and so does each other form of questions
(``guess.py``); where scripts run (JupyterLab, the book's pages) ``quiz.js`` puts a form in its
place that checks, tells why and keeps the answers. A page has the script already; JupyterLab gets
it with the live output, an ``Output`` widget that is never stored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar
from zlib import crc32

import ipywidgets as widgets

from kefu import beside
from kefu.amounts import one_of
from kefu.demos.core import STYLE
from kefu.demos.hands import NUMBER, in_page
from kefu.errors import need, need_text

Question = dict[str, Any]
LETTERS = "ABCDEFG"


@dataclass(frozen=True)
class Form:
    """Questions of a chapter, by the chapter's number; shows itself as HTML."""

    name: str
    questions: tuple[Question, ...]

    kind: ClassVar[str]
    """What it is to the reader: the class of its place, and what ``quiz.js`` makes of it."""
    title: ClassVar[str]

    def still(self) -> str:
        """Return the questions as HTML that needs no script."""
        raise NotImplementedError

    def told(self) -> list[Question]:
        """Return the questions as the script gets them."""
        return [{**q, "items": shuffled(q)} if q["kind"] == "order" else q for q in self.questions]

    def _repr_html_(self) -> str:
        data = escape(json.dumps(self.told(), ensure_ascii=False, separators=(",", ":")))
        kind = "" if self.kind == "quiz" else f" data-as='{self.kind}'"
        return (
            f"<div class='kefu-demo kefu-{self.kind}' data-quiz='{escape(self.name)}'{kind} "
            f"data-questions='{data}'>"
            f"<div class='kefu-title'><b>{self.title}</b></div>"
            f"<div class='kefu-still'>{self.still()}</div></div>"
        )

    def live(self) -> widgets.Output:
        """Return it with the style and the script that make it a form where nobody has them."""
        brought = (
            f"<style>{STYLE}{_file('quiz.css')}</style>"
            f"<script type='module'>{NUMBER}{_file('quiz.js').split(chr(10), 1)[1]}\nenliven();</script>"
        )
        shown = {"text/html": self._repr_html_() + brought}
        output = {"output_type": "display_data", "data": shown, "metadata": {}}
        return widgets.Output(outputs=(output,))

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        live = {} if in_page() else self.live()._repr_mimebundle_(**options)
        return {**live, "text/html": self._repr_html_(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}: {len(self.questions)} questions>"


class Quiz(Form):
    """The questions at a chapter's end."""

    kind = "quiz"
    title = "小测：先想好，再看对错和理由"

    def still(self) -> str:
        """Return the questions, each option and answer folded."""
        return "".join(
            still(q, f"{number}. {q['ask']}") for number, q in enumerate(self.questions, start=1)
        )


def quiz(path: str | Path) -> Quiz:
    """Return the quiz in a JSON file beside the chapter, such as ``02_quiz.json``.

    The file is a list of questions ``{"id", "kind", "ask"}`` and, by their kind:

    - ``single`` and ``multiple``: ``options``, 2 to 6 of ``{"text", "right", "why"}``;
    - ``number``: ``answer``, ``tolerance``, ``unit``, ``why``, and if wanted ``traps``, the usual
      wrong values, ``[{"value", "why"}]``;
    - ``order``: ``items``, 3 to 7 texts in their right order, and ``why``.

    An ``id`` (small letters, digits, hyphens) stays when a question is reworded or moved: readers'
    answers are kept by it. Raises ``ValueError`` that names the question and what is wrong.
    """
    path = beside.find(path)
    questions = json.loads(path.read_text(encoding="utf-8"))
    need("quiz", _list(questions, 1), "a list of questions", "一组题目", questions)
    seen: set[str] = set()
    for number, question in enumerate(questions, start=1):
        check_question(f"question {number}", question)
        need(f"question {number} id", question["id"] not in seen,
              "an id of its own", "与别的题不同的编号", question["id"])  # fmt: skip
        seen.add(question["id"])
    return Quiz(path.stem.partition("_")[0], tuple(questions))


def check_question(where: str, question: Any) -> None:
    """Raise ``ValueError`` for a question that is not in the form that ``quiz`` describes."""
    kind: Any = question.get("kind") if isinstance(question, dict) else None
    fields, check = KINDS[one_of(kind, f"{where} kind", KINDS)]
    unknown = set(question) - {"id", "kind", "ask", *fields}
    need(where, not unknown, f"no other field than id, kind, ask, {', '.join(fields)}",
          f"只有id、kind、ask、{'、'.join(fields)}", sorted(unknown))  # fmt: skip
    check_id(where, question.get("id"))
    need_text(f"{where} ask", question.get("ask"))
    check(where, question)


def check_id(where: str, name: Any) -> None:
    """Raise ``ValueError`` for an id that answers cannot be kept by."""
    need(f"{where} id", isinstance(name, str) and re.fullmatch(r"[a-z0-9-]+", name),
         "small letters, digits and hyphens", "小写字母、数字和连字符", name)  # fmt: skip


def _check_choice(where: str, question: Question) -> None:
    options = question.get("options")
    need(f"{where} options", _list(options, 2, 6), "2 to 6 options", "2到6个选项", options)
    for letter, option in zip(LETTERS, options or [], strict=False):
        sound = isinstance(option, dict) and set(option) == {"text", "right", "why"}
        need(f"{where} option {letter}", sound, "text, right and why", "text、right、why", option)
        for part in ("text", "why"):
            need_text(f"{where} option {letter} {part}", option[part])
        need(f"{where} option {letter} right", isinstance(option["right"], bool),
              "true or false", "true或false", option["right"])  # fmt: skip
    texts = [option["text"] for option in question["options"]]
    need(f"{where} options", len({*texts}) == len(texts), "different texts", "各不相同", texts)
    right = sum(option["right"] for option in question["options"])
    if question["kind"] == "single":
        need(f"{where} options", right == 1, "one right option", "恰好一个正确选项", right)
    else:
        need(f"{where} options", 0 < right < len(texts),
              "a right and a wrong option", "有对也有错的选项", right)  # fmt: skip


def _check_number(where: str, question: Question) -> None:
    answer: Any = question.get("answer")
    tolerance: Any = question.get("tolerance")
    need(f"{where} answer", _number(answer), "a number", "一个数", answer)
    need(f"{where} tolerance", _number(tolerance) and tolerance >= 0,
          "a number >= 0", "不小于0的数", tolerance)  # fmt: skip
    unit, traps = question.get("unit"), question.get("traps", [])
    need(f"{where} unit", isinstance(unit, str), "text, may be empty", "文字，可以为空", unit)
    need_text(f"{where} why", question.get("why"))
    need(f"{where} traps", _list(traps, 0), "a list", "一个列表", traps)
    for place, trap in enumerate(traps, start=1):
        sound = isinstance(trap, dict) and set(trap) == {"value", "why"} and _number(trap["value"])
        need(f"{where} trap {place}", sound, "value and why", "value和why", trap)
        need_text(f"{where} trap {place} why", trap["why"])
        need(f"{where} trap {place} value", abs(trap["value"] - answer) > tolerance,
              "a wrong value", "不在正确范围里的数", trap["value"])  # fmt: skip


def _check_order(where: str, question: Question) -> None:
    items = question.get("items")
    need(f"{where} items", _list(items, 3, 7), "3 to 7 texts", "3到7段文字", items)
    for place, item in enumerate(items or [], start=1):
        need_text(f"{where} item {place}", item)
    need(f"{where} items", len({*question["items"]}) == len(question["items"]),
          "different texts", "各不相同的文字", items)  # fmt: skip
    need_text(f"{where} why", question.get("why"))


KINDS: dict[str, tuple[tuple[str, ...], Callable[[str, Question], None]]] = {
    "single": (("options",), _check_choice),
    "multiple": (("options",), _check_choice),
    "number": (("answer", "tolerance", "unit", "why", "traps"), _check_number),
    "order": (("items", "why"), _check_order),
}


def shuffled(question: Question) -> list[dict[str, Any]]:
    """Return an ordering question's items as they are shown, each with its right place from 0.

    The order hangs on the texts alone, so that a stored output is the same at every run.
    """
    items = [{"text": text, "place": place} for place, text in enumerate(question["items"])]
    mixed = sorted(items, key=lambda item: crc32(str(item["text"]).encode()))
    return mixed[::-1] if mixed == items else mixed


def still(question: Question, asked: str) -> str:
    """Return a question as HTML that needs no script: what is right opens on a click.

    What a guess ``shows`` stands before the reason.
    """
    kind, several = question["kind"], "（多选）" if question["kind"] == "multiple" else ""
    ask, shows = f"<p class='kefu-question'>{escape(asked)}{several}</p>", question.get("shows", "")
    if kind == "number":
        unit = question["unit"]
        wrong = [(_wrong(f"✗ {t['value']}{unit}："), t["why"]) for t in question.get("traps", [])]
        traps = "".join(f"<p>{value}{escape(why)}</p>" for value, why in wrong)
        answer = _right(f"✓ {question['answer']}{unit}。")
        said = f"<p>{answer}{escape(shows + question['why'])}</p>{traps}"
        return ask + fold("算好了，点开看答案", said)
    if kind == "order":
        mixed = "".join(f"<li>{escape(item['text'])}</li>" for item in shuffled(question))
        items = "".join(f"<li>{escape(item)}</li>" for item in question["items"])
        said = f"<ol>{items}</ol><p>{escape(shows + question['why'])}</p>"
        return f"{ask}<ul>{mixed}</ul>" + fold("排好了，点开看正确的顺序", said)
    return ask + "".join(
        fold(
            f"{letter}. {escape(option['text'])}",
            f"<p>{verdict(option['right'])}{escape(shows + option['why'])}</p>",
        )
        for letter, option in zip(LETTERS, question["options"], strict=False)
    )


def fold(summary: str, body: str) -> str:
    """Return what opens on a click, both parts as HTML."""
    return f"<details class='kefu-option'><summary>{summary}</summary>{body}</details>"


def verdict(right: bool) -> str:
    """Return the sign of what is right or wrong, as HTML."""
    return _right("✓ 对。") if right else _wrong("✗ 不对。")


def _right(text: str) -> str:
    return f"<span class='kefu-right'>{escape(text)}</span>"


def _wrong(text: str) -> str:
    return f"<span class='kefu-wrong'>{escape(text)}</span>"


def _file(name: str) -> str:
    return resources.files("kefu.demos").joinpath(name).read_text(encoding="utf-8")


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _list(value: Any, least: int, most: int = 1000) -> bool:
    return isinstance(value, list) and least <= len(value) <= most
