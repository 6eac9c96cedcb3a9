"""The ladder of penalties: ten violations, where each stands on it, and what to do instead."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu import rules
from kefu.demos.core import Demo, table
from kefu.demos.hands import press
from kefu.demos.svg import broad, chart, legend, wide
from kefu.presales.penalties import BESIDE, STEPS, VIOLATIONS, violation

RISE, RUN, FLOOR, FOOT = 30, 44, 236, 8
"""A step's height and depth, and where the lowest stands, in pixels."""


def ladder(name: str = VIOLATIONS[0].name) -> Demo:
    """Return the ladder with one violation on it. Raises ``ValueError`` for a name that is none."""
    c = {
        "violation": widgets.Dropdown(
            options=[one.name for one in VIOLATIONS],
            value=violation(name).name,
            description="哪种违规",
        )
    }

    def draw() -> str:
        one = c["violation"].value
        return f"<div class='kefu-long'>{steps(one)}{choices(one)}</div>"

    def tell() -> str:
        one = violation(c["violation"].value)
        found = rules.rule(one.rule)
        rows = [[other.name, outcome(other.name)] for other in VIOLATIONS]
        return (
            f"<p class='kefu-asked'>“{escape(one.heard)}”</p>"
            f"<p class='kefu-formula'><b>{escape(outcome(one.name))}</b><br>{found.id} "
            f"{escape(found.title)}：{escape(found.text)}</p>"
            f"<p class='kefu-note'>该怎么做：{escape(one.instead)}。</p>"
            + table(["常见的违规", "可能落在"], rows, mark=VIOLATIONS.index(one))
        )

    def code() -> str:
        return (
            "from kefu.presales.penalties import violation\n\n"
            f"one = violation({c['violation'].value!r})\n(one.steps, one.on_top)"
        )

    def idle() -> set[str]:
        """Leave the choice to the buttons of the picture: no list of them stands below."""
        return {"violation"}

    return Demo("处罚阶梯", c, draw, tell, code, idle=idle)


def outcome(name: str) -> str:
    """Return what a violation may cost, in words."""
    one = violation(name)
    return "、".join((*one.steps, *one.on_top))


def steps(name: str) -> str:
    """Return the stairs from left below to right above, those of the violation filled."""
    one = violation(name)
    parts = [legend(("then", "会落在这里"), ("rest", "别的台阶"), y=14, measure=broad)]
    for number, step in enumerate(STEPS):
        here = step in one.steps
        y = FLOOR - RISE * (number + 1)
        x = FOOT + RUN * number
        width = wide(step) + 20
        parts.append(
            f"<rect class='{'then' if here else 'rest'}' x='{x}' y='{y + RISE - 8}' width='{width:g}'"
            " height='6' rx='2'/>"
            f"<text class='{'strong' if here else ''}' x='{x + 4}' y='{y + RISE - 13}'>{number + 1} {step}</text>"
        )
    for number, part in enumerate(BESIDE):
        here, x = part in one.on_top, FOOT + 150 * number
        parts.append(
            f"<rect class='{'then' if here else 'rest'}' x='{x}' y='{FLOOR + 12}' width='14' height='14' rx='3'/>"
            f"<text class='{'strong' if here else ''}' x='{x + 20}' y='{FLOOR + 24}'>另加：{part}</text>"
        )
    return chart(
        f"{name}：{outcome(name)}。处罚由轻到重是{'、'.join(STEPS)}", *parts, height=FLOOR + 36
    )


def choices(name: str) -> str:
    """Return the violations to press."""
    buttons = (
        press(one.name, {"violation": one.name}, on=one.name == name) for one in VIOLATIONS
    )  # fmt: skip
    return f"<div class='kefu-acts'>{''.join(buttons)}</div>"
