"""What the three customers of a day are drawn from: turns of conversations, quiz questions, judged cases.

All become questions in the form of ``NN_quiz.json``, which ``quiz.js`` asks: one JSON of the whole book.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

from kefu.aftersales.returns import Decision, decide
from kefu.demos.quiz import quiz
from kefu.demos.return_cases import case_of, cases
from kefu.demos.returns import WORDS
from kefu.talk import Option, Scenario, Turn, scenarios
from web import book

Item = dict[str, Any]
OPTIONS = 4
JUDGE = "06"
"""The chapter of the judged cases."""


def items(root: Path) -> list[Item]:
    """Return every item of a book: its ``id``, who comes, what he says, the question, its chapter."""
    found: list[Item] = []
    for one in book.written(root):
        parts = [*_talks(one), *_questions(one), *(_cases() if one.number == JUDGE else ())]
        place = {"page": one.page, "chapter": one.label}
        found += [{**part, **place} for part in parts]
    return found


def _talks(one: book.Chapter) -> Iterator[Item]:
    """Yield the turns of a chapter's conversations, each with what was said just before."""
    if not one.talks.is_file():
        return
    for name, talk in scenarios(one.talks).items():
        for turn, before in _reached(talk):
            yield {
                "id": f"talk/{name}/{turn.name}",
                "kind": "talk",
                "who": talk.customer,
                "scene": talk.scene,
                "before": [*before],
                "says": turn.says,
                "question": {
                    "id": turn.name,
                    "kind": "single",
                    "ask": "你怎么回？",
                    "options": [
                        {"text": option.say, "right": option.right, "why": option.why}
                        for option in _mixed(turn)
                    ],
                },
            }


def _mixed(turn: Turn) -> list[Option]:
    """Return a turn's options in an order that tells nothing, the same at every build."""
    return sorted(turn.options, key=lambda option: crc32(option.say.encode()))


def _reached(talk: Scenario) -> Iterator[tuple[Turn, tuple[str, ...]]]:
    """Yield the turns that can be reached, each with the exchange that led there, right ones first."""
    waiting: deque[tuple[str, tuple[str, ...]]] = deque([(talk.start, ())])
    seen = {talk.start}
    while waiting:
        name, before = waiting.popleft()
        turn = talk.turns[name]
        yield turn, before
        for option in sorted(turn.options, key=lambda option: not option.right):
            for way in option.to:
                if way.go in talk.turns and way.go not in seen:
                    seen.add(way.go)
                    said = (turn.says, option.say, *([option.answer] if option.answer else []))
                    waiting.append((way.go, said))


def _questions(one: book.Chapter) -> Iterator[Item]:
    """Yield the questions of a chapter's quiz."""
    if one.quiz.is_file():
        asked = quiz(one.quiz)
        for question in asked.told():
            yield {
                "id": f"{asked.name}/{question['id']}",
                "kind": "quiz",
                "who": f"{one.label}小测",
                "question": question,
            }


def _cases() -> Iterator[Item]:
    """Yield the judge's cases: the right ruling among others that come near."""
    every = cases()
    judged = [decide(case_of(one["facts"])) for one in every]
    rulings = sorted({(d.outcome, d.freight_payer) for d in judged})
    for one, decision in zip(every, judged, strict=True):
        key = one["id"]
        right = (decision.outcome, decision.freight_payer)

        def far(ruling: tuple[str, str], right: Any = right, key: str = key) -> tuple[int, int]:
            shared = sum(a == b for a, b in zip(ruling, right, strict=True))
            return -shared, crc32((key + "".join(ruling)).encode())

        near = sorted((ruling for ruling in rulings if ruling != right), key=far)[: OPTIONS - 1]
        shown = sorted([right, *near], key=lambda ruling: far(ruling)[1])
        yield {
            "id": f"case/{key}",
            "kind": "case",
            "who": one["name"],
            "scene": one["seen"],
            "says": one["said"],
            "question": {
                "id": key,
                "kind": "single",
                "ask": "怎么判？",
                "options": [
                    {
                        "text": f"{outcome}；来回运费：{WORDS[payer]}",
                        "right": (outcome, payer) == right,
                        "why": _why(
                            decision, outcome, one["say"] if (outcome, payer) == right else ""
                        ),
                    }
                    for outcome, payer in shown
                ],
            },
        }


def _why(decision: Decision, outcome: str, say: str) -> str:
    """Return why a ruling is right, with what to say, or what it has missed."""
    if say:
        return f"可以这样说：{say}"
    if outcome != decision.outcome:
        return f"处理不对。{decision.rule.title}：{decision.rule.text}"
    if decision.freight_rule:
        return f"运费不对。{decision.freight_rule.title}：{decision.freight_rule.text}"
    return "运费不对：这一步还没有来回运费。"


def packed(root: Path) -> str:
    """Return all items as JSON."""
    return json.dumps(items(root), ensure_ascii=False, separators=(",", ":"))
