"""Which step is missing: recorded receptions, one to find in each, and what its lack came to."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu.demos.cards import onward
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, press
from kefu.presales.reception import NAMES, RECEPTIONS, STEPS, Reception, Said

UNSURE = ""
ASK = "漏了哪一步"


def nine_steps(number: int = 1) -> Demo:
    """Return the receptions at one of them, with nothing answered. Raises ``ValueError``."""
    c = {
        "number": IntSlider(value=number, min=1, max=len(RECEPTIONS), description="第几段"),
        "step": widgets.Dropdown(
            options=[("请选择", UNSURE), *((name, name) for name in NAMES)],
            value=UNSURE,
            description=ASK,
        ),
    }
    found: set[int] = set()

    def here() -> Reception:
        return RECEPTIONS[c["number"].value - 1]

    def turn_the_page(_change: object) -> None:
        c["step"].value = here().missing if c["number"].value in found else UNSURE

    def keep_what_is_found(_change: object) -> None:
        if c["step"].value == here().missing:
            found.add(int(c["number"].value))

    c["number"].observe(turn_the_page, "value")
    c["step"].observe(keep_what_is_found, "value")

    def solved() -> bool:
        return c["number"].value in found

    def idle() -> set[str]:
        """Leave all to the buttons of the picture, which is long."""
        return {"number", "step"}

    def draw() -> str:
        one = here()
        when = f"第{c['number'].value}段：{one.name}；找到{len(found)}段"
        lines = [spoken(one.customer, line, told=solved()) for line in one.lines]
        if solved():
            lines.insert(one.before, lacked(one))
        chat = "".join(lines)
        below = solution() if solved() else f"{verdict(one)}{choices()}"
        return (
            f"<div class='kefu-talk kefu-long'><p class='kefu-when'>{when}</p>{numbers()}"
            f"<div class='kefu-sides'><div>{chat}</div><div>{below}</div></div></div>"
        )

    def numbers() -> str:
        """Return a button for each reception, with a mark on those that are found."""
        buttons = "".join(
            press(f"{n} ✓" if n in found else f"{n}", {"number": n}, on=n == c["number"].value)
            for n in range(1, len(RECEPTIONS) + 1)
        )
        return f"<div class='kefu-acts' role='group' aria-label='第几段'>{buttons}</div>"

    def choices() -> str:
        buttons = "".join(press(name, {"step": name}) for name in NAMES)
        return (
            f"<p class='kefu-question'>{ASK}？</p>"
            f"<div class='kefu-acts' role='group' aria-label='{ASK}'>{buttons}</div>"
        )

    def verdict(one: Reception) -> str:
        """Return, after a step that is there, the line that does it."""
        step = c["step"].value
        if step == UNSURE:
            return ""
        said = escape(one.doing(step)[0])
        return (
            f"<div class='kefu-ruling kefu-none' role='status'><p><b>✗ {step}有了</b></p>"
            f"<p>就是这一句：“{said}”</p></div>"
        )

    def solution() -> str:
        one = here()
        left = [n for n in range(1, len(RECEPTIONS) + 1) if n not in found]
        go = (
            onward("下一段 ›", {"number": left[0]}) if left
            else "<b>五段都找到了</b>"
        )  # fmt: skip
        return (
            f"<div class='kefu-ruling kefu-full' role='status'><p><b>✓ 漏了{one.missing}</b>{go}</p>"
            f"<p>后来：{escape(one.cost)}</p></div>"
        )

    def tell() -> str:
        rows = [[f"{n} {step.name}", step.buyer, step.must] for n, step in enumerate(STEPS, 1)]
        mark = NAMES.index(here().missing) if solved() else None
        return table(["客服这一步", "客人正在", "要做到"], rows, mark=mark)

    def code() -> str:
        return (
            "from kefu.presales.reception import RECEPTIONS, gaps\n\n"
            f"one = RECEPTIONS[{c['number'].value - 1}]\n"
            "gaps(line.steps for line in one.lines)"
        )

    return Demo("少了哪一步", c, draw, tell, code, idle=idle)


def spoken(customer: str, line: Said, *, told: bool) -> str:
    """Return a line as a bubble; of the agent's, with the steps that it does where they are told."""
    if not line.steps:
        return f"<p class='kefu-asked'><small>{escape(customer)}</small><br>{escape(line.says)}</p>"
    steps = f"<small>{'、'.join(line.steps)}</small><br>" if told else ""
    return f"<p class='kefu-said'>{steps}{escape(line.says)}</p>"


def lacked(one: Reception) -> str:
    """Return the line that lacked, where it should have stood."""
    return (
        f"<p class='kefu-note'>这里少了一句：</p>"
        f"<p class='kefu-said'><b>{one.missing}</b><br>{escape(one.mend)}</p>"
    )
