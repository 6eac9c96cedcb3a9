"""The cover's demo: one question, one promise, and what the customer thinks when the parcel comes."""

from __future__ import annotations

from decimal import Decimal

from kefu.demos.core import Demo, plain, signed, slot
from kefu.demos.hands import IntSlider
from kefu.operations.expectations import Wait, promise_outcome, wait
from kefu.operations.satisfaction import Verdict

USUAL = 3
LEAVE = Decimal("0.1")
PRAISE = {
    Verdict.ABOVE: "比说好的早，惊喜！",
    Verdict.MET: "跟说好的一样，还行。",
    Verdict.BELOW: "怎么比说好的晚？失望。",
}
LOOK = {Verdict.ABOVE: "glad", Verdict.MET: "calm", Verdict.BELOW: "cross"}
"""How the hundred faces look, by a name of ``demo.css``."""


def promise_chat(promised: int = 2, actual: int = 4) -> Demo:
    """Return the chat of one promise in days, and its parcel after ``actual`` days."""
    c = {
        "promised": IntSlider(value=promised, min=1, max=10, description="你说几天到"),
        "actual": IntSlider(value=actual, min=1, max=10, description="其实几天到"),
    }

    def outcome() -> tuple[Wait, Decimal]:
        word, fact = c["promised"].value, c["actual"].value
        one = wait(USUAL, word, fact)
        return one, promise_outcome(word, USUAL, [fact], leave=LEAVE).orders

    def slots() -> dict[str, str]:
        one, orders = outcome()
        return {
            "word": plain(one.promised),
            "fact": plain(one.actual),
            "orders": plain(orders),
            "look": LOOK[one.verdict],
            "praise": PRAISE[one.verdict],
            "experience": plain(one.experience),
            "expectation": plain(one.expectation),
            "gap": f"{signed(one.gap)}分",
            "verdict": one.verdict.value,
        }

    def draw() -> str:
        now = slots()
        stay = float(now["orders"])
        crowd = "".join("<i></i>" if n < stay else "<i class='gone'></i>" for n in range(100))
        return (
            "<div class='kefu-talk'><p class='kefu-asked'>到我这儿要几天？</p>"
            f"<p class='kefu-said'>{slot(now, 'word')}天到。</p>"
            f"<div class='kefu-crowd kefu-moves' aria-hidden='true' data-first='orders' data-look='look'"
            f" data-now='{now['look']}'>{crowd}</div>"
            f"<p class='kefu-when'>100位这样问的客人，{slot(now, 'orders')}位下了单；"
            f"第{slot(now, 'fact')}天，包裹送到</p>"
            f"<p class='kefu-asked'>{slot(now, 'praise')}</p></div>"
        )

    def tell() -> str:
        now = slots()
        return (
            f"<p class='kefu-formula'>满意度 = 体验 − 期望 = {slot(now, 'experience')} − "
            f"{slot(now, 'expectation')} = <b>{slot(now, 'gap')}</b>，{slot(now, 'verdict')}</p>"
        )

    def code() -> str:
        word, fact = c["promised"].value, c["actual"].value
        return (
            "from kefu.operations.expectations import promise_outcome, wait\n\n"
            f"print(wait({USUAL}, promised={word}, actual={fact}).gap)\n"
            f'print(promise_outcome({word}, {USUAL}, [{fact}], leave="{LEAVE}").orders)'
        )

    return Demo("同一个包裹，换一句承诺", c, draw, tell, code, slots=slots)
