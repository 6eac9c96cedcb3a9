"""Robot, person or both: three bills a month over what a wrong answer costs, and where they cross."""

from __future__ import annotations

from decimal import Decimal

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, table
from kefu.demos.hands import Along, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.intelligence.economics import (
    TEAMS,
    Placement,
    ShopCase,
    Team,
    bill,
    bot_versus_agent,
    break_even,
    cheapest,
    enough_chats,
    merchant_tier,
)

DEAREST = 40
"""The most that a wrong answer may cost in the picture, in yuan."""
SHOPS = {
    "初创": (30, 1500),
    "成长": (120, 6000),
    "成熟": (300, 20_000),
    "大型": (1000, 60_000),
    "龙头": (2500, 150_000),
}
"""A shop of each size: chats and yuan a day (本书举例)."""
FRESH = {"复核过": 6, "2025年": 13, "过了期": 20}
"""Of a hundred answers how many are wrong, by how fresh the entries are: measured in bot_days."""
TONES = dict(zip(TEAMS, ("curve tone-a", "curve tone-d", "line"), strict=True))


def robot_or_person(contacts: int = 120, wrong: int = 10, robot_wrong: int = 13) -> Demo:
    """Return the bills of a shop with so many chats a day."""
    c = {
        "wrong": IntSlider(value=wrong, min=0, max=DEAREST, description="答错一次赔几元"),
        "contacts": IntSlider(value=contacts, min=10, max=3000, step=10, description="一天接待几位"),
        "robot_wrong": IntSlider(value=robot_wrong, min=0, max=40, description="机器人答错（%）"),
        "keeps": IntSlider(value=77, min=0, max=100, description="机器人接得住（%）"),
        "person_wrong": IntSlider(value=3, min=0, max=20, description="人答错（%）"),
        "lost": IntSlider(value=5, min=0, max=40, description="没人答亏几元"),
        "each": IntSlider(value=80, min=40, max=400, step=10, description="一人一天接几位"),
        "wage": IntSlider(value=3000, min=2000, max=9000, step=100, description="一个岗位月薪（元）"),
        "whole": widgets.Checkbox(value=True, description="人只能整个请"),
        "revenue": IntSlider(value=6000, min=0, max=200_000, step=500, description="一天卖几元"),
    }  # fmt: skip

    def case() -> ShopCase:
        v = {name: one.value for name, one in c.items()}
        return ShopCase(
            v["contacts"], Decimal(v["keeps"]) / 100, Decimal(v["robot_wrong"]) / 100,
            Decimal(v["person_wrong"]) / 100, v["each"], Decimal(v["wage"]), wrong=Decimal(v["wrong"]),
            lost=Decimal(v["lost"]),
        )  # fmt: skip

    def size() -> Placement:
        return merchant_tier(c["contacts"].value, c["revenue"].value)

    def draw() -> str:
        best = cheapest(bot_versus_agent(case(), whole=c["whole"].value))
        placed = size()
        shops = "".join(
            press(name, {"contacts": chats, "revenue": money}, on=chats == c["contacts"].value)
            for name, (chats, money) in SHOPS.items()
        )
        fresh = "".join(
            press(name, {"robot_wrong": n}, on=n == c["robot_wrong"].value)
            for name, n in FRESH.items()
        )
        return (
            f"<p class='kefu-big'>最省：{best.team}<small>　一月{best.total:,.0f}元；"
            f"按接待量是{placed.tier.name}级"
            f"{'' if placed.agrees else f'，按营收是{placed.by_revenue.name}级'}</small></p>"
            + picture(case(), c["wrong"], whole=c["whole"].value)
            + labelled("哪一级", shops)
            + labelled("条目", fresh)
        )

    def tell() -> str:
        bills = bot_versus_agent(case(), whole=c["whole"].value)
        best = cheapest(bills)
        rows = [
            [f"{one.team}（{places(one.people)}岗）"]
            + [f"{amount:,.0f}" for amount in (one.seen, one.wrong, one.lost, one.total)]
            for one in bills
        ]
        return (
            f"<p class='kefu-formula'>{crossing(case(), whole=c['whole'].value)}{first(case())}</p>"
            + table(
                ["怎么接", "账上", "答错", "没人答", "合计"],
                rows,
                caption="一个月几元；账上是工资和年费",
                mark=TEAMS.index(best.team),
            )
            + f"<p class='kefu-note'>{size().why}。{size().tier.name}级：{size().tier.advice}"
            f"{'（本书整理）' if size().tier.ours else ''}。{ASSUMED}</p>"
        )

    def code() -> str:
        v = {name: one.value for name, one in c.items()}
        return (
            "from kefu.intelligence.economics import (\n"
            "    ShopCase, bot_versus_agent, break_even)\n\n"
            f"case = ShopCase({v['contacts']}, keeps={v['keeps'] / 100:g}, robot_wrong={v['robot_wrong'] / 100:g},\n"
            f"            person_wrong={v['person_wrong'] / 100:g}, each={v['each']}, wage={v['wage']},\n"
            f"            wrong={v['wrong']}, lost={v['lost']})\n"
            f"for one in bot_versus_agent(case, whole={v['whole']}):\n"
            "    print(one.team, one.total)"
        )

    return Demo("机器人，人，还是都要", c, draw, tell, code)


ASSUMED = (
    "答错和没人答的钱不在账上，却是真钱；赔几元、人答错百分之几、一人接几位都是教学假设。"
    "年费2388元、月薪3000元是文章所载的历史数字；答错的比例量自2025年的机器人日志（6%、12.8%、19.6%取整）。"
)


def places(people: Decimal) -> str:
    """Return how many places are to be filled, whole or to a tenth.

    >>> places(Decimal(2)), places(Decimal("1.52"))
    ('2', '1.5')
    """
    return plain(round(people, 1))


def crossing(case: ShopCase, *, whole: bool) -> str:
    """Return at which price of a wrong answer robot with people costs what people alone cost."""
    price = break_even(case, whole=whole)
    if price is None:
        return "机器人答错得不比人多，答错多贵都不改变谁省。"
    if price <= 0:
        return "机器人先接也省不下一个岗位，年费白交，怎么算都不如只用人。"
    return f"答错一次赔到<b>{price:.1f}元</b>，机器人先接与只用人打平；再贵，就是只用人省。"


def first(case: ShopCase) -> str:
    """Return from how many chats on the robot pays, where people are paid by the hour."""
    chats = enough_chats(case)
    return (
        f"按钟点请人，一天{chats}位起就划算。"
        if chats is not None
        else "按钟点请人，多少位都不划算。"
    )


def picture(case: ShopCase, wrong: IntSlider, *, whole: bool) -> str:
    """Return the three totals as lines over the price of a wrong answer, the price as a handle."""
    ends = {team: totals(case, team, whole=whole) for team in TEAMS}
    most = max(max(pair) for pair in ends.values()) or 1.0
    unit = 10_000 if most >= 20_000 else 1
    plane = Frame(DEAREST, most / unit, top=44, bottom=168)
    lines = [
        plane.path([(0, low / unit), (DEAREST, high / unit)], TONES[team])
        for team, (low, high) in ends.items()
    ]
    now = {team: low + (high - low) * wrong.value / DEAREST for team, (low, high) in ends.items()}
    x = plane.x(wrong.value)
    least = min(now.values())
    handle = grip(
        f"<rect class='reach' x='{x - 22}' y='{plane.top:g}' width='44' height='{plane.bottom - plane.top:g}'/>"
        f"<path class='second' d='M{x},{plane.top:g} V{plane.bottom:g}'/>"
        f"<circle class='dot' cx='{x}' cy='{plane.y(least / unit)}' r='7'/>",
        x=Along("wrong", wrong, plane.x),
    )
    price = break_even(case, whole=whole)
    cross = ""
    if price is not None and 0 < price < DEAREST:
        low, high = ends["只用人"]
        height = (low + (high - low) * float(price) / DEAREST) / unit
        cross = f"<circle class='ring' cx='{plane.x(float(price))}' cy='{plane.y(height)}' r='6'/>"
    said = "，".join(f"{team}{total:,.0f}元" for team, total in now.items())
    return chart(
        f"答错一次赔{wrong.value}元时一个月：{said}",
        legend(*((TONES[team], team) for team in TEAMS), y=12, measure=broad),
        plane.axes("答错一次赔几元", "一月万元" if unit > 1 else "一月几元"),
        *lines,
        cross,
        handle,
        height=208,
    )


def totals(case: ShopCase, team: Team, *, whole: bool) -> tuple[float, float]:
    """Return a team's totals where a wrong answer costs nothing, and where it costs most."""
    made = bill(case, team, whole=whole)
    free = float(made.total - made.wrong)
    return free, free + float(made.errors) * DEAREST
