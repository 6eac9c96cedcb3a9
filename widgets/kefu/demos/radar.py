"""Parcel radar: after how many silent hours to look, against customers who ask first; each dot a parcel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import ipywidgets as widgets

from kefu.aftersales.tracking import Alarms, Tracked, alarm, tracked
from kefu.amounts import one_of
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.svg import Frame, Point, broad, chart, legend

LOW, HIGH, STEP = 12, 120, 6
HOURS = tuple(range(LOW, HIGH + 1, STEP))
ZONES = ("江浙沪", "近区", "中区", "远区", "偏远", "港澳台")
FARTHEST = 126
"""The right end of the lanes, in hours; what stood still for longer lies on it."""


def radar(hours: int = 24) -> Demo:
    """Return the radar with an alarm after so many ``hours``; ``ValueError`` for hours that it has not."""
    one_of(hours, "hours", HOURS)
    c = {
        "hours": IntSlider(value=hours, min=LOW, max=HIGH, step=STEP, description="几小时没扫描就报警"),
        "check": IntSlider(value=2, min=0, max=20, description="查一件（元）"),
        "harm": IntSlider(value=20, min=0, max=100, description="客人先来问（元）"),
        "notes": widgets.Checkbox(value=False, description="快递一写异常也报警"),
    }  # fmt: skip

    @cache
    def every(notes: bool) -> Mapping[int, Alarms]:
        return {step: alarm(tracked(), step, notes=notes) for step in HOURS}

    def now() -> Alarms:
        return every(c["notes"].value)[c["hours"].value]

    def costs() -> dict[int, tuple[float, float]]:
        """Return, for each setting, what checking and what customers who come first cost."""
        return {
            step: (found.raised * c["check"].value / found.parcels * 1000,
                   found.asked_first * c["harm"].value / found.parcels * 1000)
            for step, found in every(c["notes"].value).items()
        }  # fmt: skip

    def draw() -> str:
        told = now().per_thousand()
        head = (
            f"<p class='kefu-big'>{told['asked_first']}位<small>　客人先来问；报警{told['raised']}次，"
            f"其中白查{told['false']}次（每1000件包裹）</small></p>"
        )
        return head + lanes_and_costs(costs(), c["hours"], c["notes"].value, told)

    def tell() -> str:
        found, spent, step = now().per_thousand(), costs(), c["hours"].value
        best = cheapest_hours(spent)
        advice = "这样的价钱，哪一档都一样" if best is None else (
            f"这样的价钱，{best}小时最省（{sum(spent[best]):.0f}元）"
        )  # fmt: skip
        check, harm = spent[step]
        return (
            f"<p class='kefu-formula'>每1000件的代价 = 查件{check:.0f} + 客人先来问{harm:.0f} = "
            f"<b>{check + harm:.0f}元</b>；{advice}<br>晚到或丢失的{found['late']}件里，报过警的"
            f"{found['found']}件</p>{settings_table(every(c['notes'].value), step)}"
            f"<p class='kefu-note'>{ASSUMED}</p>"
        )

    def code() -> str:
        notes = ", notes=True" if c["notes"].value else ""
        return (
            "from kefu.aftersales.tracking import alarm, tracked\n\n"
            f"found = alarm(tracked(), {c['hours'].value}{notes})\n"
            "print(found.per_thousand())"
        )

    return Demo("包裹雷达：停多久就去查", c, draw, tell, code)


ASSUMED = (
    "数的是这家店去年有轨迹的包裹；没出事的只留了样本，按份数放大。“先来问”看的是表里第一次来问的时刻。"
    "两样价钱是假设，你可以改。报了警、先告诉客人，他就不来问：表里没有这件事，这里没有算进去。"
)


def cheapest_hours(costs: Mapping[int, tuple[float, float]]) -> int | None:
    """Return the hours that cost least, the shortest of several; none where all cost the same."""
    sums = {step: sum(parts) for step, parts in costs.items()}
    return None if len(set(sums.values())) == 1 else min(sums, key=lambda step: sums[step])


@cache
def sample(parcels: tuple[Tracked, ...]) -> tuple[Tracked, ...]:
    """Return parcels that each stand for as many: all of the sample, and as thin a part of the others."""
    heavy = round(max(one.stands_for for one in parcels))
    alone = [one for one in parcels if one.stands_for == 1]
    return (*(one for one in parcels if one.stands_for > 1), *alone[::heavy])


def dots(plane: Frame) -> dict[bool, list[Point]]:
    """Return where each parcel lies: along its longest silence, in the lane of its zone; by lateness."""
    found: dict[bool, list[Point]] = {False: [], True: []}
    for place, one in enumerate(sample(tracked())):
        if one.zone in ZONES:
            lane = len(ZONES) - ZONES.index(one.zone) - 0.2 - 0.15 * (place % 5)
            found[one.late].append((min(one.longest, FARTHEST), lane))
    return found


def lanes_and_costs(
    costs: Mapping[int, tuple[float, float]],
    slider: IntSlider,
    notes: bool,
    told: Mapping[str, int],
) -> str:
    """Return the parcels in their lanes over what each setting costs, one handle through both."""
    hours, best = slider.value, cheapest_hours(costs)
    plane = Frame(FARTHEST, len(ZONES), top=26, bottom=170)
    sums = {step: sum(parts) for step, parts in costs.items()}
    money = Frame(FARTHEST, max(*sums.values(), 1) * 1.1, top=214, bottom=296)
    x, parcels = plane.x(hours), dots(plane)
    names = "".join(
        f"<text x='1' y='{plane.y(len(ZONES) - row - 0.5) + 4}'>{zone}</text>"
        f"<path class='axis' d='M{plane.x(0)},{plane.y(len(ZONES) - row - 1)} H{plane.x(FARTHEST)}'/>"
        for row, zone in enumerate(ZONES)
    )
    line = (
        f"<path class='guide' d='M{x},{plane.top:g} V{plane.bottom:g} M{x},{money.top:g} V{money.bottom:g}'/>"
        f"<circle class='reach' cx='{x}' cy='{plane.y(3)}' r='22'/>"
        f"<circle class='knob' cx='{x}' cy='{plane.y(3)}' r='8'/>"
        f"<circle class='reach' cx='{x}' cy='{money.y(sums[hours])}' r='22'/>"
        f"<circle class='dot' cx='{x}' cy='{money.y(sums[hours])}' r='7'/>"
    )
    parcels_told = legend(
        ("many many-a", "准时"), ("many many-b", "晚到或丢失"), ("zone", f"停满{hours}小时，报警"),
        y=14, measure=broad,
    )  # fmt: skip
    costs_told = legend(
        ("line", f"代价{sums[hours]:.0f}元"), ("second", "查件"), ("faint", "先来问"),
        *([] if best is None else [("ring", f"最省：{best}小时")]), y=204, measure=broad,
    )  # fmt: skip
    least = "" if best is None else (
        f"<circle class='ring' cx='{money.x(best)}' cy='{money.y(sums[best])}' r='11'/>"
    )  # fmt: skip
    return chart(
        f"停满{hours}小时就报警：每1000件报警{told['raised']}次，白查{told['false']}次，"
        f"{told['asked_first']}位客人先来问；代价{sums[hours]:.0f}元"
        + ("" if best is None else f"，{best}小时最省"),
        f"<rect class='zone' x='{x}' y='{plane.top:g}' width='{plane.x(FARTHEST) - x:.1f}' "
        f"height='{plane.bottom - plane.top:g}'/>",
        names,
        plane.dots(parcels[False], "many-a"),
        plane.dots(parcels[True], "many-b"),
        parcels_told,
        costs_told,
        money.floor("包裹停得最久的一次（小时）"),
        money.path([(step, parts[0]) for step, parts in costs.items()], "second"),
        money.path([(step, parts[1]) for step, parts in costs.items()], "faint"),
        money.path(list(sums.items()), "line"),
        least,
        grip(line, x=Along("hours", slider, plane.x, stops=() if best is None else (best,))),
        height=336,
        scale=f"{money.scale} {notes}",
    )  # fmt: skip


def settings_table(every: Mapping[int, Alarms], hours: int) -> str:
    """Return what some settings find and disturb, with the one that is set."""
    rows = sorted({24, 36, 48, 72, 96, hours})
    told = [every[step].per_thousand() for step in rows]
    return table(
        ["小时", "报警", "白查", "客人先来问"],
        [[str(step), *(str(one[name]) for name in ("raised", "false", "asked_first"))]
         for step, one in zip(rows, told, strict=True)],
        caption="每1000件包裹", mark=rows.index(hours),
    )  # fmt: skip
