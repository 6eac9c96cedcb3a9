"""Case game: twenty customers to answer, scored against the model; the first answer counts."""

from __future__ import annotations

import json
from html import escape
from importlib import resources
from typing import Any, get_args

import ipywidgets as widgets

from kefu.aftersales.returns import Bill, Case, Decision, Outcome, Payer, decide
from kefu.demos.cards import board, end_card, following, onward
from kefu.demos.core import Demo
from kefu.demos.hands import press
from kefu.demos.returns import WORDS, evidence_note, reckon, rule_table

OUTCOME_POINTS, PAYER_POINTS = 3, 2
FULL = OUTCOME_POINTS + PAYER_POINTS
PASS = 80
"""The points that the chapter calls enough."""
UNSURE = ""
END = 0
"""The number that stands for the report at the end."""
SIGNS = {"kefu-full": "✓", "kefu-half": "◐", "kefu-none": "✗"}


def cases() -> list[dict[str, Any]]:
    """Return the cases: who says what, what the agent sees, the facts, the answer, what one may say.

    A case's ``id`` stays for good: readers' answers in the daily windows are kept by it.
    """
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
            options=[*((f"第{n}案", n) for n in range(1, len(every) + 1)), ("成绩单", END)],
            value=1,
            description="案子",
        ),
        "outcome": widgets.Dropdown(
            options=[("请选择", UNSURE), *((o, o) for o in get_args(Outcome))],
            description="怎么处理",
        ),
        "payer": widgets.Dropdown(
            options=[("请选择", UNSURE), *((WORDS[p], p) for p in get_args(Payer))],
            description="来回运费",
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
        if UNSURE not in answer and c["number"].value != END:
            given.setdefault(c["number"].value, answer)

    c["number"].observe(turn_the_page, "value")
    c["outcome"].observe(keep_the_first, "value")
    c["payer"].observe(keep_the_first, "value")

    def got(n: int) -> int:
        return points(judged[n - 1], *given[n])

    def score() -> int:
        return sum(map(got, given))

    def on(n: int) -> str:
        to = following(n - 1, {m - 1 for m in given}, len(every))
        text = "看成绩单 ›" if to is None else "下一案 ›"
        return onward(text, {"number": END if to is None else to + 1})

    def idle() -> set[str]:
        number = c["number"].value
        return {"outcome", "payer"} if number == END or number in given else set()

    def draw() -> str:
        n = c["number"].value
        return report() if n == END else chat(n)

    def chat(n: int) -> str:
        one = every[n - 1]
        where = f"第{n}案，共{len(every)}案；答了{len(given)}案，得{score()}分"
        said = (
            f"<p class='kefu-when'>{where}</p>"
            f"<p class='kefu-asked'><small>{escape(one['name'])}</small><br>{escape(one['said'])}</p>"
            f"<p class='kefu-note'>工作台：{escape(one['seen'])}</p>"
        )
        return f"<div class='kefu-talk'>{said}{ruling(n) if n in given else choices()}</div>"

    def choices() -> str:
        """Return the answers to press: what happens, then who pays."""
        outcome = c["outcome"].value
        if outcome == UNSURE:
            answers = "".join(press(o, {"outcome": o}) for o in get_args(Outcome))
            return (
                f"<p class='kefu-question'>怎么处理？</p><div class='kefu-answers'>{answers}</div>"
            )
        answers = "".join(press(WORDS[p], {"payer": p}) for p in get_args(Payer))
        again = press("改", {"outcome": UNSURE})
        return (
            f"<p class='kefu-said'>{outcome} {again}</p><p class='kefu-question'>来回运费谁付？</p>"
            f"<div class='kefu-answers'>{answers}</div>"
        )

    def ruling(n: int) -> str:
        """Return how the first answer was, what is right, and the way on."""
        found, (outcome, payer) = judged[n - 1], given[n]
        name = grade(got(n))
        word = {"kefu-full": "全对", "kefu-half": "对一半", "kefu-none": "没答对"}[name]
        happens, pays = outcome == found.outcome, payer == found.freight_payer
        yours = f"{outcome} {tick(happens)}，运费{WORDS[payer]} {tick(pays)}"
        right = f"{found.outcome}，运费{WORDS[found.freight_payer]}"
        return (
            f"<div class='kefu-ruling {name}' role='status'>"
            f"<p><b>{SIGNS[name]} {word}，得{got(n)}分</b>{on(n)}</p>"
            f"<p>你答：{yours}</p><p>判决：<b>{right}</b></p></div>"
        )

    def report() -> str:
        """Return the end: the score, the cases to see again and the rules to read again."""
        wrong = [n for n in sorted(given) if got(n) < FULL]
        left = len(every) - len(given)
        best = len(every) * FULL
        word = (
            f"还有{left}案没答。" if left
            else f"{PASS}分算出师：你出师了！" if score() >= PASS
            else f"{PASS}分算出师：把下面几案再看一遍。"
        )  # fmt: skip
        rules = {
            rule.id: rule.title
            for n in wrong
            for rule in (judged[n - 1].rule, judged[n - 1].freight_rule)
            if rule
        }
        read = "；".join(f"{number} {escape(title)}" for number, title in rules.items())
        return end_card(
            f"{score()}分",
            f"满分{best}分；答了{len(given)}案，全对{len(given) - len(wrong)}案",
            word,
            on=on(END) if left else "",
            again=[(f"第{n}案 {SIGNS[grade(got(n))]}", {"number": n}) for n in wrong],
            asked="没全对的，点开再看",
            read=f"要重读的规则：{read}。",
        )

    def marks() -> str:
        numbers = range(1, len(every) + 1)
        return board(
            (SIGNS[grade(got(n))] if n in given else "·" for n in numbers),
            "二十案的成绩",
            f"答了{len(given)}案，得<b>{score()}</b>分，满分{len(every) * FULL}分。"
            f"处理{OUTCOME_POINTS}分，运费{PAYER_POINTS}分，以第一次作答为准。"
            "✓全对　◐对一半　✗全错",
        )

    def tell() -> str:
        n = c["number"].value
        if n == END:
            return marks()
        if n not in given:
            return "<p class='kefu-note'>两项都选好，就公布判决。</p>" + marks()
        found = judged[n - 1]
        return (
            f"<p class='kefu-note'>可以这样说：</p><p class='kefu-said'>{escape(every[n - 1]['say'])}</p>"
            f"<p class='kefu-formula'>{reckon(case_of(every[n - 1]['facts']), found)}</p>"
            + rule_table(found)
            + evidence_note(found)
            + marks()
        )

    def code() -> str:
        n = c["number"].value
        one = "one" if n == END else f"cases()[{n - 1}]"
        last = f'decide(case_of({one}["facts"]))'
        return (
            "from kefu.aftersales.returns import decide\n"
            "from kefu.demos.return_cases import case_of, cases\n\n"
        ) + (f"[{last}.outcome for one in cases()]" if n == END else last)

    return Demo("二十案：你来断", c, draw, tell, code, idle=idle)


def grade(got: int) -> str:
    """Return how an answer looks: all of it right, half, or nothing."""
    return "kefu-full" if got == FULL else "kefu-half" if got else "kefu-none"


def tick(right: bool) -> str:
    """Return the mark of one half of an answer."""
    return "<span class='kefu-right'>✓</span>" if right else "<span class='kefu-wrong'>✗</span>"
