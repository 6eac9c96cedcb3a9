"""When to remind, and how often: the moment on a scale, quiet hours and consent as switches, and what it brings."""

from __future__ import annotations

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.intelligence.followup import (
    ANYTIME,
    CHANNELS,
    HOURS,
    Outlook,
    RemindPolicy,
    Stretch,
    alone,
    best,
    compared,
    messages,
    outlook,
    shop_reminders,
    stretches,
    unpaid_orders,
)

SHOWN = 120
"""Minutes that the picture shows; what comes later stands in the table."""
FIRST, MOST = 3, 3
TIMES = (5, 10, 20, 45, 90)


def remind(after: int = 5, quiet: bool = False, wait: bool = False) -> Demo:
    """Return what it would bring to remind the shop's unpaid orders so many minutes after they were made."""
    c = {
        "after": IntSlider(value=after, min=FIRST, max=SHOWN, description="下单后几分钟催"),
        "quiet": widgets.Checkbox(value=quiet, description="守安静时段"),
        "wait": widgets.Checkbox(value=wait, description="夜里的等早上"),
        "most": IntSlider(value=1, min=1, max=MOST, description="一单至多催几次"),
        "channel": widgets.Dropdown(options=CHANNELS, value="旺旺", description="用什么催"),
        "asks": widgets.Checkbox(value=True, description="同意过才发短信"),
    }

    def policy() -> RemindPolicy:
        hours = HOURS if c["quiet"].value else ANYTIME
        return RemindPolicy(
            c["after"].value, hours=hours, ask_consent=c["asks"].value, wait=c["wait"].value
        )

    def found() -> Outlook:
        return outlook(unpaid_orders(), policy(), stretches(shop_reminders()), c["channel"].value)

    def idle() -> set[str]:
        return set(c)  # each stands in the picture as a press

    def draw() -> str:
        now, told = found(), stretches(shop_reminders())
        peace = now.orders - now.reminded
        head = (
            f"<p class='kefu-big'>约付{now.paid:.0f}单<small>　{now.orders}单里催{now.reminded}单，放过{peace}单，"
            f"夜里{now.night}单</small></p>"
        )
        times = labelled(
            "几分钟",
            "".join(press(f"{n}", {"after": n}, on=n == c["after"].value) for n in TIMES),
        )
        ways = labelled(
            "夜里",
            press("照发", {"quiet": False}, on=not c["quiet"].value)
            + press(
                "不催", {"quiet": True, "wait": False}, on=c["quiet"].value and not c["wait"].value
            )
            + press(
                "等早上", {"quiet": True, "wait": True}, on=c["quiet"].value and c["wait"].value
            ),
        )
        again = labelled(
            "至多",
            "".join(
                press(f"{n}次", {"most": n}, on=n == c["most"].value) for n in range(1, MOST + 1)
            ),
        )
        by = "".join(press(one, {"channel": one}, on=one == c["channel"].value) for one in CHANNELS)
        asked = press("同意过才发", {"asks": True}, on=c["asks"].value) + press(
            "都发", {"asks": False}, on=not c["asks"].value
        )
        means = labelled("用什么", by) + (
            labelled("短信", asked) if c["channel"].value != "旺旺" else ""
        )
        drawn = picture(told, c["after"])
        return f"<div class='kefu-long'>{head}{drawn}{times}{ways}{again}{means}</div>"

    def tell() -> str:
        now, told = found(), stretches(shop_reminders())
        here = next(one for one in told if c["after"].value < one.high)
        top = best(told)
        rows = [
            [f"{one.low}—{one.high}", f"{one.sent}", f"{one.share:.0%}", f"{one.interval[0]:.0%}—{one.interval[1]:.0%}"]
            for one in told
        ]  # fmt: skip
        much = messages(now, c["most"].value)
        more = (
            f"至多催{c['most'].value}次，一共发到{much:.0f}条；多出的{much - now.reminded:.0f}条换来几单，"
            "表里没有：没人被催过第二次。"
            if c["most"].value > 1
            else "一单只催一次。"
        )
        paid, waiting = alone(10)
        return (
            f"<p class='kefu-formula'>这一段催了{here.sent}单，付了{here.paid}单，{here.share:.0%}；照各段的比例，约付"
            f"<b>{now.paid:.0f}单</b>（{now.low:.0f}到{now.high:.0f}）。{more}</p>"
            + table(
                ["下单后几分钟", "催了几单", "付了", "95%区间"],
                rows,
                caption="店里催过的单",
                mark=told.index(here),
            )
            + f"<p class='kefu-note'>{versus(top, told)}谁几分钟催没有抽签，"
            "这些比例说的是“催了以后付的”，不是“催来的”；"
            f"没人催的单过了10分钟还没付的{waiting}单，后来付了{paid}单。{LIMITS}</p>"
        )

    def code() -> str:
        v = {name: one.value for name, one in c.items()}
        hours = "HOURS" if v["quiet"] else "ANYTIME"
        return (
            "from kefu.intelligence.followup import (\n"
            f"    {hours}, RemindPolicy, outlook, shop_reminders, stretches, unpaid_orders)\n\n"
            f"policy = RemindPolicy({v['after']}, hours={hours}, wait={v['wait']}, ask_consent={v['asks']})\n"
            "shares = stretches(shop_reminders())\n"
            f"found = outlook(unpaid_orders(), policy, shares, {v['channel']!r})\n"
            "print(found.reminded, round(found.paid), found.night)"
        )

    return Demo("催付：几分钟，几次", c, draw, tell, code, idle=idle)


LIMITS = "安静时段是本书约定：旺旺8到22点，短信9到20点；短信要他同意过，不回的不再催。"


def versus(top: Stretch, told: tuple[Stretch, ...]) -> str:
    """Return whether the best stretch is surely better than the one after it."""
    after = told.index(top) + 1
    if after == len(told):
        return ""
    gap = compared(top, told[after])
    name = f"{top.low}—{top.high}分钟比{told[after].low}—{told[after].high}分钟"
    if gap.low > 0:
        return f"{name}高{100 * gap.difference:.0f}个百分点，不像碰巧。"
    return f"{name}只高{100 * gap.difference:.1f}个百分点，分不出高下。"


def picture(told: tuple[Stretch, ...], after: IntSlider) -> str:
    """Return the shares as columns as wide as their stretch, with their intervals, and the moment as a handle."""
    plane = Frame(SHOWN, 60, top=44, bottom=196)
    parts = []
    for one in told:
        if one.low >= SHOWN:
            continue
        left, right = plane.x(one.low), plane.x(min(one.high, SHOWN))
        y, low, high = (plane.y(100 * share) for share in (one.share, *one.interval))
        name = "bar" if one.low <= after.value < one.high else "rest"
        middle = round((left + right) / 2, 1)
        parts += [
            f"<rect class='{name}' data-share='{one.low}' x='{left + 1:g}' y='{y}' width='{right - left - 2:.1f}'"
            f" height='{plane.bottom - y:.1f}'/>",
            f"<path class='span' d='M{middle},{low} V{high}'/>",
        ]
    x = plane.x(after.value)
    handle = grip(
        f"<rect class='reach' x='{x - 22}' y='{plane.top:g}' width='44' height='152'/>"
        f"<path class='second' d='M{x},{plane.top:g} V{plane.bottom:g}'/>"
        f"<circle class='dot' cx='{x}' cy='{plane.top:g}' r='7'/>",
        x=Along("after", after, plane.x),
    )
    shares = "，".join(f"{one.low}到{one.high}分钟{one.share:.0%}" for one in told)
    return chart(
        f"下单后{after.value}分钟催；催了以后付款的：{shares}",
        legend(("bar", "现在这一段"), ("rest", "别的段"), ("span", "95%区间"), y=12, measure=broad),
        plane.axes("下单后几分钟催", "付款（%）"),
        *parts,
        handle,
        height=236,
        scale=plane.scale,
    )
