"""Quizzes without a server: each option opens to say whether it is right, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from kefu.demos.core import STYLE
from kefu.errors import expected


@dataclass(frozen=True)
class Quiz:
    """The questions of a chapter; shows itself as HTML that works in a page and in JupyterLab."""

    questions: tuple[dict[str, Any], ...]

    def _repr_html_(self) -> str:
        body = "".join(self._question(n, q) for n, q in enumerate(self.questions, start=1))
        return (
            f"<style>{STYLE}</style><div class='kefu-demo kefu-quiz'>"
            f"<div class='kefu-title'>小测：先想好，再点开选项看对错和理由</div>{body}</div>"
        )

    def _question(self, number: int, question: dict[str, Any]) -> str:
        several = sum(option["right"] for option in question["options"]) > 1
        kind = "（多选）" if several else ""
        options = "".join(
            f"<details class='kefu-option'><summary>{letter}. {escape(option['text'])}</summary><p>"
            + (
                "<span class='kefu-right'>✓ 对。</span>"
                if option["right"]
                else "<span class='kefu-wrong'>✗ 不对。</span>"
            )
            + f"{escape(option['why'])}</p></details>"
            for letter, option in zip("ABCDEF", question["options"], strict=False)
        )
        return f"<p class='kefu-question'>{number}. {escape(question['ask'])}{kind}</p>{options}"

    def __repr__(self) -> str:
        return f"<Quiz: {len(self.questions)} questions>"


def quiz(path: str | Path) -> Quiz:
    """Return the quiz in a JSON file beside the chapter.

    The file is a list of ``{"ask", "options": [{"text", "right", "why"}]}``. Raises
    ``ValueError`` for a question without 2 to 6 options, a right one and a reason for each.
    """
    questions = json.loads(Path(path).read_text(encoding="utf-8"))
    for number, question in enumerate(questions, start=1):
        options = question.get("options", [])
        sound = all({"text", "right", "why"} <= set(option) and option["why"] for option in options)
        if not question.get("ask") or not 2 <= len(options) <= 6 or not sound:
            raise ValueError(expected(f"question {number}", "2 to 6 options with text, right, why",
                                      "2到6个选项，各有text、right、why", question))  # fmt: skip
        if not any(option["right"] for option in options):
            raise ValueError(
                expected(f"question {number}", "a right option", "至少一个正确选项", question)
            )
    return Quiz(tuple(questions))
