"""How 4.9 is made: how many reviews of five stars cover one of one, and who stands above whom by what."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.aftersales.reviews import Favourable, covers, favourable_rate, to_reach
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip, press
from kefu.demos.svg import RIGHT, WIDTH, Frame, broad, chart, legend

LOW, HIGH, STEP = 3.5, 4.9, 0.1
SCORES = [Decimal(n) / 10 for n in range(35, 50)]
RIVALS: dict[str, tuple[int, int]] = {
    "甲店": (2, 2),
    "乙店": (10, 10),
    "丙店": (90, 100),
    "丁店": (100, 100),
    "戊店": (5500, 10000),
}
"""Other shops: good reviews, and all of them."""
OURS = "我家"
ORDERS = {"low": "按下界排", "rate": "按好评率排"}
TOP, ROW, NAMES = 174, 20, 124
"""Where the ranking begins, a row's height, and where its bars begin, in pixels."""


def rating() -> Demo:
    """Return the demo at a score of 4.5, and a small shop of 20 reviews, one of them bad."""
    c = {
        "score": FloatSlider(value=4.5, min=LOW, max=HIGH, step=STEP, description="现在的平均分"),
        "good": IntSlider(value=19, min=1, max=300, description="我家的好评"),
        "bad": IntSlider(value=1, min=0, max=40, description="我家的中差评"),
        "gate": IntSlider(value=95, min=80, max=99, description="活动门槛（%）"),
        "star": IntSlider(value=1, min=1, max=3, description="那条差评几星"),
        "order": widgets.Dropdown(
            options=[(name, key) for key, name in ORDERS.items()],
            value="rate",
            description="怎么排",
        ),
    }

    def score() -> Decimal:
        return Decimal(str(round(c["score"].value, 1)))

    def need() -> int:
        return covers(score(), c["star"].value)

    def own() -> tuple[int, int]:
        return c["good"].value, c["good"].value + c["bad"].value

    def shops() -> dict[str, Favourable]:
        found = {name: rated(*pair) for name, pair in {OURS: own(), **RIVALS}.items()}
        order = c["order"].value
        return dict(sorted(found.items(), key=lambda one: -getattr(one[1], order)))

    def missing() -> int:
        return to_reach(*own(), c["gate"].value / 100)

    def idle() -> set[str]:
        """Leave the order to the buttons of the picture."""
        return {"order"}

    def draw() -> str:
        head = f"<p class='kefu-big'>{need()}条五星<small>　盖一条{c['star'].value}星</small></p>"
        buttons = "".join(
            press(name, {"order": key}, on=key == c["order"].value) for key, name in ORDERS.items()
        )
        return (
            f"{head}{curve_and_ranking(shops(), c['score'], c['star'].value, c['gate'].value)}"
            f"<div class='kefu-acts' role='group' aria-label='怎么排'>{buttons}</div>"
        )

    def tell() -> str:
        star, found, more = c["star"].value, shops(), missing()
        gate = f"我家的好评率{found[OURS].rate:.1%}，" + (
            f"离{c['gate'].value}%的门槛还差{more}条连着的好评"
            if more
            else f"过了{c['gate'].value}%的门槛"
        )
        rows = [
            [name, f"{one.good}/{one.n}", f"{one.rate:.1%}", f"{one.low:.1%}"]
            for name, one in found.items()
        ]
        head = ["店", "好评", "好评率", "下界"]
        place = list(found).index(OURS)
        ranked = table(head, rows, caption=ORDERS[c["order"].value], mark=place)
        return (
            f"<p class='kefu-formula'>要几条 =（{score()} − {star}）÷（5 − {score()}）= "
            f"{(score() - star) / (5 - score()):.2f}，进到<b>{need()}条</b><br>{gate}</p>"
            f"{ranked}"
            f"<p class='kefu-note'>{NOTE}</p>"
        )

    def code() -> str:
        return (
            "from kefu.aftersales.reviews import covers, favourable_rate, to_reach\n\n"
            f"found = favourable_rate([5] * {c['good'].value} + [1] * {c['bad'].value})\n"
            f"(covers('{score()}', {c['star'].value}), round(found.low, 3),\n"
            f" to_reach(found.good, found.n, {c['gate'].value / 100:g}))"
        )

    return Demo("4.9分是怎么算的", c, draw, tell, code, idle=idle)


NOTE = (
    "平均分按所有评价一样算；真的平台各有各的算法，有的看近半年，有的给老客加权。门槛也由你定：各个活动不同，"
    "以当期的招商规则为准。下界是威尔逊95%区间的低端。"
)


def rated(good: int, n: int) -> Favourable:
    """Return the favourable rate of so many good reviews among ``n``."""
    return favourable_rate([5] * good + [1] * (n - good))


def curve_and_ranking(
    shops: Mapping[str, Favourable], slider: FloatSlider, star: int, gate: int
) -> str:
    """Return how many reviews are needed at each score, over the ranking of the shops."""
    plane = Frame(HIGH, 40, x_min=LOW, top=28, bottom=104)
    at = round(slider.value, 1)
    needed = covers(Decimal(str(at)), star)
    points = [(float(one), float(covers(one, star))) for one in SCORES]
    handle = (
        f"<circle class='reach' cx='{plane.x(at)}' cy='{plane.y(needed)}' r='22'/>"
        f"<circle class='dot' cx='{plane.x(at)}' cy='{plane.y(needed)}' r='8'/>"
    )
    names = "、".join(f"{name}{one.rate:.0%}（下界{one.low:.1%}）" for name, one in shops.items())
    return chart(
        f"平均分{at}，一条{star}星要{needed}条五星才盖得住；从上到下：{names}",
        plane.axes("平均分", f"盖一条{star}星要几条五星"),
        plane.path(points, "line"),
        grip(handle, x=Along("score", slider, plane.x)),
        *rows(shops, gate),
        height=TOP + ROW * len(shops) + 24,
        scale=f"{plane.scale} {star} {' '.join(shops)}",
    )


def rows(shops: Mapping[str, Favourable], gate: int) -> list[str]:
    """Return a bar a shop from the lower to the upper end of its interval, with its rate, and the gate."""

    def across(share: float) -> float:
        return round(NAMES + share * (WIDTH - RIGHT - NAMES), 1)

    bottom = TOP + ROW * len(shops)
    parts = [
        legend(
            ("bar", "95%区间"),
            ("span", "好评率"),
            ("second", f"门槛{gate}%"),
            y=TOP - 10,
            measure=broad,
        ),
        f"<path class='second' d='M{across(gate / 100)},{TOP} V{bottom}'/>",
    ]
    for place, (name, one) in enumerate(shops.items()):
        y = TOP + ROW * place
        strong = " class='strong'" if name == OURS else ""
        kind = "bar2" if name == OURS else "bar"
        parts += [
            f"<text{strong} x='2' y='{y + 15}'>{escape(name)} {one.good}/{one.n}</text>",
            f"<rect class='{kind}' x='{across(one.low)}' y='{y + 5}' "
            f"width='{across(one.high) - across(one.low):.1f}' height='11' rx='2'/>",
            f"<path class='span' d='M{across(one.rate)},{y + 2} v17'/>",
        ]
    parts += [
        f"<text x='{across(share)}' y='{bottom + 17}' text-anchor='{side}'>{share:.0%}</text>"
        for share, side in ((0, "start"), (0.5, "middle"), (1, "end"))
    ]
    return parts
