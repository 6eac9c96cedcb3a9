"""A membership programme of one's own, run for a year on the shop's customers: sold more, given away, owed."""

from __future__ import annotations

from decimal import Decimal

import ipywidgets as widgets

from kefu.demos.core import Demo, signed, table
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart
from kefu.operations.membership import (
    BAND,
    Assumed,
    MemberLevel,
    Programme,
    ProgrammeYear,
    programme_year,
    spenders,
)

NAMES = {"silver": "银卡", "gold": "金卡", "black": "黑金"}
ORDERS = {"silver": 1, "gold": 3, "black": 5}
GIFTS = {"silver": 1, "gold": 15, "black": 20}
"""What the yearly gift costs, in yuan: 100 points, a coupon, a towel; the last two are assumptions."""
SHOWN = 2000
"""Where the picture ends, in yuan; who spent more stands in the last band."""
BARS = 168
"""Where the bars of the year begin, in pixels."""


def programme() -> Demo:
    """Return the demo with the levels and the points that the shop has."""
    c: dict[str, widgets.ValueWidget] = {
        "gold": IntSlider(value=600, min=400, max=1000, step=BAND, description="金卡门槛（元）"),
        "gold_cut": IntSlider(value=5, min=0, max=15, description="金卡让利（%）"),
        "back": FloatSlider(value=1, min=0, max=5, step=0.5, description="积分返（%）", readout_format=".1f"),
        "silver": IntSlider(value=200, min=50, max=350, step=BAND, description="银卡门槛（元）"),
        "silver_cut": IntSlider(value=2, min=0, max=10, description="银卡让利（%）"),
        "black": IntSlider(value=1500, min=1050, max=2000, step=BAND, description="黑金门槛（元）"),
        "black_cut": IntSlider(value=8, min=0, max=20, description="黑金让利（%）"),
        "gifts": widgets.Checkbox(value=True, description="每年送生日礼"),
        "lift": IntSlider(value=8, min=0, max=20, description="金卡让人多买（%）"),
        "margin": IntSlider(value=55, min=20, max=80, step=5, description="货品毛利（%）"),
        "used": IntSlider(value=80, min=30, max=100, step=5, description="积分会来兑的（%）"),
    }  # fmt: skip

    def design() -> Programme:
        return Programme((
            MemberLevel("普通"),
            *(
                MemberLevel(
                    NAMES[name],
                    Decimal(c[name].value),
                    ORDERS[name],
                    1 - Decimal(c[f"{name}_cut"].value) / 100,
                    Decimal(GIFTS[name] if c["gifts"].value else 0),
                )
                for name in NAMES
            ),
        ))  # fmt: skip

    def assumed() -> Assumed:
        return Assumed(
            **{name: c[name].value / 100 for name in ("lift", "margin", "used")},
            within_year=min(Assumed.within_year, c["used"].value / 100),
        )

    def year() -> ProgrammeYear:
        return programme_year(design(), spenders(), back(), assumed())

    def back() -> Decimal:
        return Decimal(str(round(c["back"].value, 1))) / 100

    def draw() -> str:
        found = year()
        sliders = {name: c[name] for name in NAMES}
        presets = "".join(
            press(name, wanted, on=all(c[key].value == value for key, value in wanted.items()))
            for name, wanted in WAYS.items()
        )
        return (
            f"<p class='kefu-big'>{money(found.profit)}<small>　一年的毛利，比没有会员</small></p>"
            + crowd_and_year(found, sliders, c["margin"].value / 100)
            + labelled("试三种", presets)
        )

    def tell() -> str:
        found = year()
        rows = [
            [one.level.name, str(one.people), f"{one.spent:.0f}", f"{one.more:.0f}", f"{one.given:.0f}"]
            for one in found.levels
        ]  # fmt: skip
        gross = found.more * c["margin"].value / 100
        return (
            f"<p class='kefu-formula'>多卖{found.more:.0f}元 × {c['margin'].value}% = {gross:.0f}元；"
            f"让出{found.given:.0f}元；相减<b>{signed(Decimal(round(found.profit)))}元</b>"
            f"<br>让出去的，{found.anyway:.0f}元给了本来就会买的；年底还欠积分{found.owed:.0f}元</p>"
            + table(["等级", "人数", "本来买", "多卖", "让利"], rows, caption="一年里，单位：元")
            + f"<p class='kefu-note'>{NOTE}</p>"
        )

    def code() -> str:
        levels = "\n".join(
            f'    MemberLevel("{one.name}", {one.min_amount:.0f}, {one.min_orders}, "{one.discount}", {one.gift:.0f}),'
            for one in design().levels
        )
        told = assumed()
        return (
            "from kefu.operations.membership import (\n"
            "    Assumed, MemberLevel, Programme, programme_year, spenders)\n\n"
            f"levels = (\n{levels}\n)\n"
            f"assumed = Assumed(lift={told.lift:g}, margin={told.margin:g}, used={told.used:g},\n"
            f"                  within_year={told.within_year:g})\n"
            f'programme_year(Programme(levels), spenders(), "{back()}", assumed).profit'
        )

    return Demo("设一套会员制度，让全店跑一年", c, draw, tell, code)


FROM: dict[str, object] = {"silver": 200, "gold": 600, "black": 1500, "gifts": True}
WAYS: dict[str, dict[str, object]] = {
    "店里现在的": FROM | {"silver_cut": 2, "gold_cut": 5, "black_cut": 8, "back": 1.0},
    "折上加折": FROM | {"silver_cut": 5, "gold_cut": 10, "black_cut": 15, "back": 3.0},
    "只送小礼": FROM | {"silver_cut": 0, "gold_cut": 0, "black_cut": 0, "back": 0.0},
}
"""Three programmes, each over the shop's thresholds: moved, they are no longer that one."""
NOTE = (
    "2025年有成交的2608位客人，假设明年照样买，按今年的额与次定级（银卡1单、金卡3单、黑金5单起）。"
    "“金卡让人多买8%”是门槛两侧量出来的（让5%、两成人有时）；让得少按平方根打折，人人都有就不灵，这两句是本书的假设。"
    "没算的：留下的人后年还会买，特权要花人手。"
)


def money(yuan: float) -> str:
    """Return in words how much more or less is earned."""
    whole = round(yuan)
    return "不赚不亏" if not whole else f"{'多赚' if whole > 0 else '少赚'}{abs(whole)}元"


def crowd_and_year(found: ProgrammeYear, sliders: dict[str, IntSlider], margin: float) -> str:
    """Return the customers by what they spent, the thresholds as handles, and the year's three sums."""
    counts = [0] * (SHOWN // BAND)
    for band in spenders():
        counts[min(band.low // BAND, len(counts) - 1)] += band.people
    plane = Frame(SHOWN, 1.05 * max(counts), top=44, bottom=128)
    bars = "".join(
        f"<rect class='rest' x='{plane.x(n * BAND) + 0.5:.1f}' y='{plane.y(many)}' "
        f"width='{plane.x(BAND) - plane.x(0) - 1:.1f}' height='{plane.bottom - plane.y(many):.1f}'/>"
        for n, many in enumerate(counts)
    )
    people = {one.level.name: one.people for one in found.levels}
    handles = []
    for row, (name, slider) in enumerate(sliders.items()):
        x = plane.x(slider.value)
        y = plane.top + 8 + 22 * row
        label = f"{NAMES[name]}{people[NAMES[name]]}人"
        left = x + 10 + broad(label) > 396
        handles.append(
            grip(
                f"<circle class='reach' cx='{x}' cy='{y}' r='22'/>"
                f"<path class='span' d='M{x},{y} V{plane.bottom:g}'/><circle class='dot' cx='{x}' cy='{y}' r='7'/>"
                f"<text class='strong' x='{x - 11 if left else x + 11:.1f}' y='{y + 4:.1f}' "
                f"text-anchor='{'end' if left else 'start'}'>{label}</text>",
                x=Along(name, slider, plane.x),
            )
        )
    return chart(
        f"四级各几人：{'，'.join(f'{name}{many}人' for name, many in people.items())}；多卖{found.more:.0f}元，"
        f"让利{found.given:.0f}元，欠积分{found.owed:.0f}元",
        f"<text x='4' y='14'>一年里买了多少元，各有几位（{sum(people.values())}位）</text>",
        bars,
        plane.floor("元"),
        *handles,
        *sums(found, margin),
        height=BARS + 92,
        scale=plane.scale,
    )


def sums(found: ProgrammeYear, margin: float) -> list[str]:
    """Return three bars on one scale: what the extra sales earn, what was given away, what is owed."""
    rows = (
        ("多卖的毛利", "bar", found.more * margin),
        ("让出去的", "bar2", found.given),
        ("年底欠积分", "zone", found.owed),
    )
    most = max(value for _, _, value in rows) or 1.0
    parts = []
    for place, (name, kind, value) in enumerate(rows):
        y = BARS + 28 * place
        wide = 210 * value / most
        parts.append(
            f"<text x='4' y='{y + 15}'>{name}</text>"
            f"<rect class='{kind}' x='88' y='{y + 2}' width='{wide:.1f}' height='18' rx='2'/>"
            f"<text x='{94 + wide:.1f}' y='{y + 15}'>{value:.0f}元</text>"
        )
    return parts
