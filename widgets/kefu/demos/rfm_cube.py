"""The cube of RFM, opened into two slices: cuts to drag, eight classes with heads, money and what to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache, partial

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip, spot
from kefu.demos.svg import chart
from kefu.operations.rfm import (
    AMOUNT_STEP,
    DAY_STEP,
    MOST_AMOUNT,
    MOST_ORDERS,
    NAMES,
    RfmCell,
    RfmClass,
    RfmCuts,
    classes,
    read_cells,
)

DO = {
    "重要价值": "优先接待，新品先给看；别发券，他们本来就来",
    "重要发展": "花得多、只来过一次：问用得好不好，配着推荐第二样",
    "重要保持": "花过大钱、来过几次，好久没来：先问一声，再给一个回来的理由",
    "重要挽留": "一次花得多，走了很久：查当时那一单出过什么事",
    "一般价值": "常来、每次不多：凑单、搭配，别打折",
    "一般发展": "新近来过一次：把这一单服务好，教会怎么用",
    "一般保持": "来过几次、花得不多，好久没来：抽签试一张小额券",
    "一般挽留": "一次小单，走了很久：别花短信钱，看得见时再说",
}
"""What to do for each class: this book's suggestions, to be tried by lot."""
FULL_YEAR = 360
SIDE, HIGH, TOP = 182, 108, 84
LEFTS = (12, 210)
CARD = 55
"""The size of a slice, where it begins from above, where the two begin from the left, a card's height, in pixels."""
SHADES = ((8, "many-a"), (3, "many"), (1, "many-c"))
"""From how many customers on a cell is drawn in which tone."""


@cache
def shop() -> tuple[RfmCell, ...]:
    """Return the book's shop in cells."""
    return tuple(read_cells())


def x_of(left: int, days: float) -> float:
    """Return the pixel of days since the last purchase; lately is on the right."""
    return round(left + SIDE * (1 - min(days, FULL_YEAR) / FULL_YEAR), 1)


def y_of(amount: float) -> float:
    """Return the pixel of an amount."""
    return round(TOP + HIGH * (1 - min(amount, MOST_AMOUNT) / MOST_AMOUNT), 1)


def rfm_cube(days: int = 90, orders: int = 2, amount: int = 320) -> Demo:
    """Return the demo with the book's cuts: 90 days, 2 orders, 320 yuan."""
    c: dict[str, widgets.ValueWidget] = {
        "days": IntSlider(
            value=days, min=DAY_STEP, max=330, step=DAY_STEP, description="R：几天内算最近"
        ),
        "orders": IntSlider(value=orders, min=2, max=MOST_ORDERS, description="F：几单起算常来"),
        "amount": IntSlider(
            value=amount,
            min=AMOUNT_STEP,
            max=MOST_AMOUNT - AMOUNT_STEP,
            step=AMOUNT_STEP,
            description="M：几元起算花得多",
        ),
        "chosen": widgets.Dropdown(
            options=list(NAMES.values()), value="重要保持", description="看哪一类"
        ),
    }

    def cuts() -> RfmCuts:
        return RfmCuts(c["days"].value, c["orders"].value, c["amount"].value)

    def found() -> dict[str, RfmClass]:
        return classes(shop(), cuts())

    def idle() -> set[str]:
        """Leave the choice of a class to the picture."""
        return {"chosen"}

    def draw() -> str:
        return slices(found(), cuts(), c) + (
            f"<div class='kefu-caption'><p>{told(found()[c['chosen'].value], found())}</p></div>"
        )

    def tell() -> str:
        every = found()
        people, spent = sum(o.people for o in every.values()), sum(o.spent for o in every.values())
        rows = [
            [name, f"{one.people}", f"{one.people / people:.0%}", f"{one.spent / spent:.0%}",
             f"{one.spent / one.people:.0f}元" if one.people else "–"]
            for name, one in every.items()
        ]  # fmt: skip
        place = list(every).index(c["chosen"].value)
        head = ["类", "人数", "占人", "占钱", "人均"]
        return table(head, rows, caption=f"{people}位买家，按现在的刀口", mark=place)

    def code() -> str:
        return (
            "from kefu.operations.rfm import RfmCuts, classes, read_cells\n\n"
            f"classes(read_cells(), RfmCuts({c['days'].value}, {c['orders'].value}, {c['amount'].value}))"
            f"[{c['chosen'].value!r}]"
        )

    return Demo("RFM：三把刀，八堆人", c, draw, tell, code, idle=idle)


def told(one: RfmClass, every: Mapping[str, RfmClass]) -> str:
    """Return the chosen class in a sentence."""
    people, spent = sum(o.people for o in every.values()), sum(o.spent for o in every.values())
    return (
        f"<b>{one.name}</b>：{one.people}位，占人{one.people / people:.0%}，占钱{one.spent / spent:.0%}。"
        f"{DO[one.name]}。"
    )


def slices(
    every: Mapping[str, RfmClass], cuts: RfmCuts, c: Mapping[str, widgets.ValueWidget]
) -> str:
    """Return the slices of few and of many orders; a class stands in each corner of each."""
    chosen = c["chosen"].value
    parts = []
    for often, left in zip((False, True), LEFTS, strict=True):
        name = f"买过{cuts.orders:g}单起" if often else f"不到{cuts.orders:g}单"
        parts.append(
            f"<rect class='node' x='{left}' y='{TOP}' width='{SIDE}' height='{HIGH}'/>"
            + heat(cuts.orders, often, left)
            + f"<text x='{left + SIDE / 2}' y='13' text-anchor='middle'>{name}</text>"
        )
        for recent in (False, True):
            for much in (True, False):
                parts.append(corner(every[NAMES[recent, often, much]], chosen, left, recent, much))
    knobs = []
    for left in LEFTS:
        x, y = x_of(left, cuts.days), y_of(cuts.amount)
        across = Along("days", c["days"], partial(x_of, left))
        upright = (
            f"<path class='second' d='M{x},{TOP} V{TOP + HIGH}'/>"
            f"<circle class='reach' cx='{x}' cy='{TOP + HIGH}' r='22'/>"
            f"<circle class='knob' cx='{x}' cy='{TOP + HIGH}' r='7'/>"
        )
        knobs.append(grip(upright, x=across))
        edge = left + SIDE
        lying = (
            f"<path class='second' d='M{left},{y} H{edge}'/>"
            f"<circle class='reach' cx='{edge}' cy='{y}' r='22'/><circle class='knob' cx='{edge}' cy='{y}' r='7'/>"
        )
        knobs.append(grip(lying, y=Along("amount", c["amount"], y_of)))
    alternative = "、".join(f"{one.name}{one.people}位" for one in every.values())
    return chart(
        f"两片：不到{cuts.orders:g}单和{cuts.orders:g}单起；横着是多久没来，右边是最近，竖着是花了多少。{alternative}",
        *parts,
        *knobs,
        f"<text x='200' y='{TOP + HIGH + 80}' text-anchor='middle'>左：好久没来　右：最近来过　上：花得多</text>",
        height=TOP + HIGH + 86,
        scale=f"{cuts.orders:g}",
    )


def heat(orders: float, often: bool, left: int) -> str:
    """Return the customers of a slice as marks: the more in a place, the stronger the tone."""
    people: dict[tuple[int, int], int] = defaultdict(int)
    for cell in shop():
        if (cell.orders >= orders) == often:
            people[cell.days, cell.amount] += cell.people
    paths: dict[str, list[str]] = defaultdict(list)
    for (days, amount), many in people.items():
        tone = next(name for least, name in SHADES if many >= least)
        x = x_of(left, days - DAY_STEP / 2)
        y = y_of(min(amount + AMOUNT_STEP / 2, MOST_AMOUNT - 10))
        paths[tone].append(f"M{x},{y}h0")
    return "".join(
        f"<path class='many {tone}' d='{''.join(steps)}'/>" for tone, steps in sorted(paths.items())
    )


def corner(one: RfmClass, chosen: str, left: int, recent: bool, much: bool) -> str:
    """Return a class's name and heads outside its corner of the slice, to be pressed."""
    on = one.name == chosen
    wide = SIDE / 2 - 2
    x = left + (SIDE / 2 + 2 if recent else 0)
    y = 20 if much else TOP + HIGH + 9
    middle = x + wide / 2
    strong = " class='strong'" if on else ""
    shape = (
        f"<rect class='{'zone' if on else 'reach'}' x='{x}' y='{y}' width='{wide}' height='{CARD}' rx='6'/>"
        f"<text x='{middle}' y='{y + 24}' text-anchor='middle'{strong}>{one.name}</text>"
        f"<text x='{middle}' y='{y + 41}' text-anchor='middle'{strong}>{one.people}位</text>"
    )
    return spot(shape, f"{one.name}，{one.people}位", {"chosen": one.name}, on=on)
