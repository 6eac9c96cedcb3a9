"""The cover's demo: one question, one promise, and what the customer thinks when the parcel comes."""

from __future__ import annotations

from decimal import Decimal

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, signed
from kefu.operations.expectations import Wait, promise_outcome, wait
from kefu.operations.satisfaction import Verdict

USUAL = 3
LEAVE = Decimal("0.1")
PRAISE = {
    Verdict.ABOVE: "比说好的早，惊喜！",
    Verdict.MET: "跟说好的一样，还行。",
    Verdict.BELOW: "怎么比说好的晚？失望。",
}


def promise_chat(promised: int = 2, actual: int = 4) -> Demo:
    """Return the chat of one promise in days, and its parcel after ``actual`` days."""
    c = {
        "promised": widgets.IntSlider(value=promised, min=1, max=10, description="你说几天到"),
        "actual": widgets.IntSlider(value=actual, min=1, max=10, description="其实几天到"),
    }

    def outcome() -> tuple[Wait, Decimal]:
        word, fact = c["promised"].value, c["actual"].value
        one = wait(USUAL, word, fact)
        return one, promise_outcome(word, USUAL, [fact], leave=LEAVE).orders

    def view() -> str:
        one, orders = outcome()
        word, fact = plain(one.promised), plain(one.actual)
        return (
            "<div class='kefu-talk'>"
            "<p class='kefu-asked'>到我这儿要几天？</p>"
            f"<p class='kefu-said'>{word}天到。</p>"
            f"<p class='kefu-when'>100位这样问的客人，{plain(orders)}位下了单；第{fact}天，包裹送到</p>"
            f"<p class='kefu-asked'>{PRAISE[one.verdict]}</p></div>"
            f"<p class='kefu-formula'>满意度 = 体验 − 期望 = {plain(one.experience)} − "
            f"{plain(one.expectation)} = <b>{signed(one.gap)}分</b>，{one.verdict.value}</p>"
        )

    def code() -> str:
        word, fact = c["promised"].value, c["actual"].value
        return (
            "from kefu.operations.expectations import promise_outcome, wait\n\n"
            f"print(wait({USUAL}, promised={word}, actual={fact}).gap)\n"
            f'print(promise_outcome({word}, {USUAL}, [{fact}], leave="{LEAVE}").orders)'
        )

    return Demo("同一个包裹，换一句承诺", c, view, code)
