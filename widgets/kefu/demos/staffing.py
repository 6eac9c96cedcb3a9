"""The example of a demo with which chapter 15 begins: put the chapter's own in its place.

A demo is one function that builds controls over a model and returns a ``Demo``; no rule lives here.
"""

from __future__ import annotations

from kefu.demos.core import Demo, plain
from kefu.demos.hands import Along, IntSlider
from kefu.demos.svg import Frame, chart, legend
from kefu.intelligence.staffing import served_share


def staffing(asked: int = 40, served: int = 30) -> Demo:
    """Return the demo of one day: how many customers ``asked``, how many were ``served``."""
    c = {
        "asked": IntSlider(value=asked, min=1, max=100, description="来问的客人"),
        "served": IntSlider(value=served, min=0, max=100, description="接待的客人"),
    }

    def draw() -> str:
        day = served_share(c["asked"].value, c["served"].value)
        frame = Frame(x_max=100, y_max=3, top=34)
        bars = (("rest", 2, day.asked), ("bar", 1, day.served))
        return chart(
            f"来问{day.asked}位，接待{day.served}位",
            legend(("rest", "来问的客人"), ("bar", "接待的客人"), y=14),
            *(
                f"<rect class='{name}' x='{frame.x(0)}' y='{frame.y(row) - 16}' height='32' "
                f"width='{frame.x(count) - frame.x(0):.1f}'/>"
                for name, row, count in bars
            ),
            frame.handle(
                (day.served, 1), f"{day.served}位", x=Along("served", c["served"], frame.x)
            ),
            scale=frame.scale,
        )

    def tell() -> str:
        day = served_share(c["asked"].value, c["served"].value)
        percent = plain(round(day.rate * 100, 1))
        return (
            f"<p class='kefu-formula'>接待率 = 接待的客人 ÷ 来问的客人 = {day.served} ÷ {day.asked} = "
            f"<b>{percent}%</b></p>"
        )

    def code() -> str:
        return (
            "from kefu.intelligence.staffing import served_share\n\n"
            f"print(served_share({c['asked'].value}, {c['served'].value}).rate)"
        )

    return Demo("客服分流与排班：接待率", c, draw, tell, code)
