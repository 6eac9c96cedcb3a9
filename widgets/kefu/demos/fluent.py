"""A writer that only knows which character comes next: fluent, and free to invent."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider
from kefu.intelligence.fluent import crossing, following, pieces, source, write

STARTS = ("亲，满", "亲，货到付款", "亲，支持")
SHOWN = 4
FEW = 2
"""So short a piece stands in many entries: naming one would say nothing."""


def next_word(start: str = STARTS[0], back: int = 3, seed: int = 2) -> Demo:
    """Return the writer that goes on from ``start``, looking ``back`` characters back."""
    c = {
        "back": IntSlider(value=back, min=1, max=6, description="往回看几个字"),
        "seed": IntSlider(value=seed, min=1, max=20, description="写第几遍"),
        "start": widgets.Dropdown(
            options=STARTS, value=one_of(start, "start", STARTS), description="从哪里写起"
        ),
    }

    def sentence() -> str:
        return write(c["start"].value, c["back"].value, c["seed"].value)

    def draw() -> str:
        text = sentence()
        parts = pieces(text)
        shown = "".join(
            f"<mark>{escape(one)}</mark>" if n % 2 else escape(one)
            for n, (one, _) in enumerate(parts)
        )
        entry = source(text)
        look = "full" if entry else "none"
        said = (
            f"<b>✓ 原话</b>　知识库{escape(entry)}里有这句"
            if entry
            else f"<b>✗ 编的</b>　{len(parts)}截拼成，哪一条都没有这样说"
        )
        return (
            f"<p class='kefu-said'>{shown}</p>"
            f"<div class='kefu-ruling kefu-{look}' role='status'><p>{said}</p></div>"
        )

    def tell() -> str:
        text, back = sentence(), c["back"].value
        begin = crossing(text, back)
        next_ = list(following(begin, back).items())
        more = f"，还有{len(next_) - SHOWN}种" if len(next_) > SHOWN else ""
        words = "，".join(f"“{escape(one)}”{share:.0%}" for one, share in next_[:SHOWN])
        step = (
            f"<p class='kefu-formula'>写到“{escape(begin[-back:])}”，知识库里接过：{words}{more}。"
            "照这个机会抽一个字，再看新的末尾，再抽，直到句号。</p>"
            if next_
            else "<p class='kefu-formula'>知识库里没有这样的开头，写不下去：看得远，读得就得多。</p>"
        )
        lines = [
            [one, entry if len(one) > FEW else "哪条里都有的字"] for one, entry in pieces(text)
        ]
        return step + table(["哪一截", "抄自哪一条"], lines)

    def code() -> str:
        return (
            "from kefu.intelligence.fluent import pieces, write\n\n"
            f"text = write({c['start'].value!r}, back={c['back'].value}, seed={c['seed'].value})\n"
            "print(text, pieces(text))"
        )

    return Demo("接字：说得顺，不等于说得对", c, draw, tell, code)
