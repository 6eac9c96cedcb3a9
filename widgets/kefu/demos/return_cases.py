"""Case game: twenty returns to judge, scored against the model; the first answer counts."""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from typing import Any, get_args

import ipywidgets as widgets

from kefu.aftersales.returns import Bill, Case, Decision, Outcome, Payer, decide
from kefu.demos.core import Demo
from kefu.demos.returns import WORDS, evidence_note, reckon, rule_table

OUTCOME_POINTS, PAYER_POINTS = 3, 2
UNSURE = ""


def cases() -> list[dict[str, Any]]:
    """Return the cases of the game: story, facts, answer, and what an agent may say."""
    text = resources.files("kefu.demos").joinpath("return_cases.json").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


def case_of(facts: dict[str, Any]) -> Case:
    """Return the case that a record's facts describe."""
    bill = Bill(**facts.get("bill", {}))
    proofs = frozenset(facts.get("evidence", ()))
    return Case(**{**facts, "bill": bill, "evidence": proofs})


def points(found: Decision, outcome: str, payer: str) -> int:
    """Return the points of an answer: for what happens, and for who pays further freight."""
    return OUTCOME_POINTS * (outcome == found.outcome) + PAYER_POINTS * (
        payer == found.freight_payer
    )


def return_game() -> Demo:
    """Return the game at its first case, with nothing answered."""
    every = cases()
    judged = [decide(case_of(one["facts"])) for one in every]
    given: dict[int, tuple[str, str]] = {}
    c = {
        "number": widgets.Dropdown(
            options=[(f"第{n}案", n) for n in range(1, len(every) + 1)], description="案子"
        ),
        "outcome": widgets.Dropdown(
            options=[("请选择", UNSURE), *((o, o) for o in get_args(Outcome))],
            description="怎么处理",
        ),
        "payer": widgets.Dropdown(
            options=[("请选择", UNSURE), *((WORDS[p], p) for p in get_args(Payer))],
            description="后续运费",
        ),
    }

    def turn_the_page(_change: object) -> None:
        """Show another case with its first answer, if it has one."""
        first = given.get(c["number"].value, (UNSURE, UNSURE))
        for name in ("outcome", "payer"):  # no half of an answer may meet half of another
            c[name].value = UNSURE
        for name, value in zip(("outcome", "payer"), first, strict=True):
            c[name].value = value

    def keep_the_first(_change: object) -> None:
        answer = c["outcome"].value, c["payer"].value
        if UNSURE not in answer:
            given.setdefault(c["number"].value, answer)

    c["number"].observe(turn_the_page, "value")
    c["outcome"].observe(keep_the_first, "value")
    c["payer"].observe(keep_the_first, "value")

    def board() -> str:
        marks = []
        for n, found in enumerate(judged, start=1):
            got = points(found, *given[n]) if n in given else None
            full = OUTCOME_POINTS + PAYER_POINTS
            sign = "·" if got is None else "✓" if got == full else "◐" if got else "✗"
            marks.append(f"<li>{n}{sign}</li>")
        total = sum(points(judged[n - 1], *answer) for n, answer in given.items())
        best = len(every) * (OUTCOME_POINTS + PAYER_POINTS)
        return (
            f"<ol class='kefu-board' style='list-style:none' aria-label='二十案的成绩'>{''.join(marks)}</ol>"
            f"<p class='kefu-note'>答了{len(given)}案，得<b>{total}</b>分，满分{best}分。"
            f"处理{OUTCOME_POINTS}分，运费{PAYER_POINTS}分，以第一次作答为准。"
            "✓全对　◐对一半　✗全错</p>"
        )

    def view() -> str:
        n = c["number"].value
        one, found = every[n - 1], judged[n - 1]
        story = f"<p class='kefu-formula'>第{n}案：{escape(one['story'])}</p>"
        if n not in given:
            return story + "<p class='kefu-note'>两项都选好，就公布判决。</p>" + board()
        outcome, payer = given[n]
        right = f"{escape(found.outcome)}，后续运费{WORDS[found.freight_payer]}"
        yours = f"{escape(outcome)}，后续运费{WORDS[payer]}"
        got = points(found, outcome, payer)
        name = "kefu-right" if got == OUTCOME_POINTS + PAYER_POINTS else "kefu-wrong"
        return (
            story
            + f"<p role='status'><span class='{name}'>得{got}分。</span>"
            + f"你第一次答：{yours}。判决：<b>{right}</b>。{reckon(case_of(one['facts']), found)}</p>"
            + f"<p class='kefu-note'>可以这样说：“{escape(one['say'])}”</p>"
            + rule_table(found)
            + evidence_note(found)
            + board()
        )

    def code() -> str:
        n = c["number"].value
        return (
            "from kefu.aftersales.returns import decide\n"
            "from kefu.demos.return_cases import case_of, cases\n\n"
            f'decide(case_of(cases()[{n - 1}]["facts"]))'
        )

    return Demo("二十案：你来断", c, view, code)
