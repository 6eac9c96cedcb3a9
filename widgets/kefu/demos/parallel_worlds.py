"""Parallel worlds: the same hundred customers without and with a send, and what a shop can see of them."""

from __future__ import annotations

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, labelled, press, spot
from kefu.demos.svg import chart, legend
from kefu.operations.audience import (
    Fate,
    WorldGroup,
    WorldsOutcome,
    experiment,
    uplift,
    worlds,
)

COUPON, TEXTS = "唤醒券", "连环短信"
GROUPS = {
    "often": "醒着的常客",
    "asleep": "睡着的常客",
    "once": "醒着的一单客",
    "gone": "睡着的一单客",
}
"""The four groups by the control that says whether they are sent to."""
PEOPLE = {"often": 27, "asleep": 16, "once": 18, "gone": 39}
ANYWAY = {COUPON: {"often": 4, "asleep": 1, "once": 1, "gone": 1},
          TEXTS: {"often": 4, "asleep": 1, "once": 2, "gone": 2}}  # fmt: skip
MOVED = {"asleep": 3, "gone": 6}
"""Whom a coupon of 20 yuan moves, of a hundred customers; in step with the experiment M03."""
LOST = {"often": 3, "asleep": 1}
"""Whom the texts drive away, in step with M04."""
FULL, ORDER = 20, 136
"""The coupon that moves all who can be moved, and what an order is paid, in yuan (M03)."""
TEXT_FEE = 0.05
"""What a text costs, in yuan: the book's assumption."""
SIZES = (1, 10, 100)
PITCH, ACROSS, LEFTS, FINGER = 12.6, 14, (14, 212), 55
"""The distance of dots, how many stand in a row, and where the two worlds begin, in pixels."""
LOOK: dict[Fate, tuple[str, str]] = {
    "本来就会买": ("now", "now"),
    "有了才买": ("node", "then"),
    "收了反而不买": ("now", "cross"),
    "怎样都不买": ("node", "node"),
}
"""How a customer is drawn without and with the send."""


def groups_of(tool: str, coupon: int) -> list[WorldGroup]:
    """Return the hundred customers; a smaller coupon moves fewer, in proportion: an assumption."""
    share = min(coupon / FULL, 1.0)
    return [
        WorldGroup(
            GROUPS[key],
            PEOPLE[key],
            ANYWAY[tool][key],
            moved=round(MOVED.get(key, 0) * share) if tool == COUPON else 0,
            lost=LOST.get(key, 0) if tool == TEXTS else 0,
        )
        for key in GROUPS
    ]


def parallel_worlds(tool: str = COUPON) -> Demo:
    """Return the demo, everybody sent to and nobody kept as control, as the owner does it."""
    c: dict[str, widgets.ValueWidget] = {
        "control": IntSlider(value=0, min=0, max=50, step=5, description="抽签留着不发（%）"),
        "coupon": IntSlider(value=FULL, min=0, max=40, step=5, description="券面额（元）"),
        "margin": IntSlider(value=56, min=10, max=80, step=1, description="毛利率（%）"),
        "each": widgets.Dropdown(
            options=[(f"{100 * size}位", size) for size in SIZES], value=1, description="一共发给"
        ),
        "seed": IntSlider(value=1, min=1, max=20, description="第几次抽签"),
        "tool": widgets.Dropdown(options=[COUPON, TEXTS], value=tool, description="发什么"),
        **{key: widgets.Checkbox(value=True, description=name) for key, name in GROUPS.items()},
    }

    def groups() -> list[WorldGroup]:
        return groups_of(c["tool"].value, c["coupon"].value)

    def chosen() -> list[str]:
        return [name for key, name in GROUPS.items() if c[key].value]

    def found() -> WorldsOutcome:
        text = c["tool"].value == TEXTS
        return worlds(
            groups(),
            chosen(),
            coupon=0 if text else c["coupon"].value,
            message=TEXT_FEE if text else 0,
            margin=round(ORDER * c["margin"].value / 100, 2),
        )

    def idle() -> set[str]:
        """Leave what the picture's buttons do to them; texts have no coupon."""
        lots = set() if c["control"].value else {"each", "seed"}
        return {"tool", *GROUPS} | lots | ({"coupon"} if c["tool"].value == TEXTS else set())

    def draw() -> str:
        now = c["tool"].value
        tools = "".join(press(name, {"tool": name}, on=name == now) for name in (COUPON, TEXTS))
        again = press("再抽一次", {"seed": c["seed"].value % 20 + 1}) if c["control"].value else ""
        return (
            two_worlds(groups(), [c[key].value for key in GROUPS], now)
            + f"<div class='kefu-caption'><p>{told(found())}</p></div>"
            + labelled("发什么", tools + again)
        )

    def lots() -> tuple[tuple[int, int], tuple[int, int]]:
        """Return what the lot gave: who bought among those sent to, and among those kept, of how many."""
        share, each = c["control"].value / 100, c["each"].value
        return experiment(groups(), chosen(), share, seed=c["seed"].value, each=each)

    def told(one: WorldsOutcome) -> str:
        """Return the outcome, or, with some kept, what the shop then sees beside it: the slider shows at once."""
        if not c["control"].value or not one.sent:
            return said(one)
        pair = (k1, n1), (k0, n0) = lots()
        return (
            f"店里看见：发的{n1}位买{k1}位，留的{n0}位买{k0}位，差<b>{points(uplift(*pair).difference)}点</b>；"
            f"真的是{points(one.uplift / one.sent)}点。都发，{result(one)}。"
        )

    def tell() -> str:
        one = found()
        earned = f"{ORDER}×{c['margin'].value}%×（{one.more} − {one.fewer}）"
        cost = (
            f"{c['coupon'].value}×{one.bought}"
            if c["tool"].value == COUPON
            else f"{TEXT_FEE}×{one.sent}"
        )
        return (
            f"<p class='kefu-formula'>增量 = 有它时买的 − 没它时买的 = {one.bought} − {one.without} = "
            f"<b>{minus(one.uplift)}单</b><br>净赚 = 多卖的毛利 − 花掉的 = {earned} − {cost} = "
            f"<b>{minus(round(one.gain))}元</b></p>"
            f"{seen(one)}{by_group()}<p class='kefu-note'>{NOTE}</p>"
        )

    def seen(one: WorldsOutcome) -> str:
        """Return what a shop sees, which has one world only."""
        if not one.sent:
            return "<p class='kefu-note'>一个人也没发。点图上的一堆人，发给他们。</p>"
        if not c["control"].value:
            return (
                f"<p class='kefu-note'>店里只看得见右边：发了{one.sent}位，买了{one.bought}位，"
                f"转化率{one.bought / one.sent:.0%}。左边没人看得见，增量算不出来。"
                "把“抽签留着不发”往右拖。</p>"
            )
        pair = (k1, n1), (k0, n0) = lots()
        got = uplift(*pair)
        verdict = "区间不含0，看得清。" if got.sure else "区间含0：人太少，还看不清。"
        return (
            f"<p class='kefu-formula'>抽签以后店里看见的：发了的{n1}位里{k1}位买，"
            f"留着的{n0}位里{k0}位买。估出的增量<b>{points(got.difference)}个百分点</b>，"
            f"95%区间{points(got.low)}到{points(got.high)}；真的是{points(one.uplift / one.sent)}。{verdict}</p>"
        )

    def by_group() -> str:
        rows = [
            [one.name, f"{one.people}", f"{one.anyway}", f"+{one.moved}" if one.moved else "0",
             f"−{one.lost}" if one.lost else "0"]
            for one in groups()
        ]  # fmt: skip
        head = ["哪堆人", "几位", "本来买", "多买", "少买"]
        return table(head, rows, caption="只有模型里数得清的四种命运")

    def code() -> str:
        text = c["tool"].value == TEXTS
        lines = [
            f'    WorldGroup("{one.name}", {one.people}, {one.anyway}, moved={one.moved}, lost={one.lost}),'
            for one in groups()
        ]
        money = f"message={TEXT_FEE}" if text else f"coupon={c['coupon'].value}"
        zero = "coupon=0, " if text else ""
        return (
            "from kefu.operations.audience import WorldGroup, worlds\n\n"
            "groups = [\n" + "\n".join(lines) + "\n]\n"
            f"worlds(groups, {chosen()!r},\n"
            f"       {zero}{money}, margin={ORDER * c['margin'].value / 100:.2f})"
        )

    return Demo("两个平行世界", c, draw, tell, code, idle=idle)


NOTE = (
    "一百位客人的命运，比例取自店里两次真的抽过签的实验（M03、M04），取整。券小了劝动的人按比例少，短信每条5分钱，"
    "都是本书的假设。"
)


def minus(value: float) -> str:
    """Return a whole number with a true minus sign."""
    return f"{value}".replace("-", "−")


def points(share: float) -> str:
    """Return a share in percentage points with its sign."""
    return f"{100 * share:+.1f}".replace("-", "−")


def said(one: WorldsOutcome) -> str:
    """Return the outcome in a sentence or two."""
    if not one.sent:
        return "一位也没发，两个世界一模一样。"
    spent = f"花{one.cost:.0f}元，" if one.cost >= 1 else ""
    moved = f"，有了才买的{one.more}位" if one.more else "，没有一位是有了才买"
    lost = f"；<b>{one.fewer}位本来要买，收到反而不买了</b>" if one.fewer else ""
    return (
        f"发给{one.sent}位，买的{one.bought}位里，<b>{one.anyway}位本来就会买</b>{moved}{lost}。"
        f"{spent}<b>{result(one)}</b>。"
    )


def result(one: WorldsOutcome) -> str:
    """Return what is earned or lost, in words."""
    return f"净赚{one.gain:.0f}元" if one.gain >= 0 else f"净亏{-one.gain:.0f}元"


def two_worlds(groups: list[WorldGroup], sent: list[bool], tool: str) -> str:
    """Return both worlds side by side, a band for each group: pressing it sends to it or not."""
    y, parts = 40.0, []
    for key, one, on in zip(GROUPS, groups, sent, strict=True):
        rows = -(-one.people // ACROSS)
        height = max(21 + rows * PITCH, FINGER)
        label = f"{one.name}{one.people}位：{'发' if on else '不发'}"
        band = (
            f"<rect class='{'zone' if on else 'reach'}' x='2' y='{y:.1f}' width='396' height='{height:.1f}' rx='6'/>"
            f"<text x='8' y='{y + 14:.1f}'{' class=' + chr(39) + 'strong' + chr(39) if on else ''}>{label}</text>"
        )
        for world, left in enumerate(LEFTS):
            band += dots(one.fates(), world if on else 0, left, y + 27)
        parts.append(spot(band, f"{one.name}{one.people}位", {key: not on}, on=on))
        y += height + 3
    bought = [sum(one.anyway for one in groups), 0]
    bought[1] = bought[0] + sum(
        one.moved - one.lost for one, on in zip(groups, sent, strict=True) if on
    )
    alternative = "；".join(
        f"{one.name}{one.people}位，{'发' if on else '不发'}：本来就会买{one.anyway}位"
        + (f"，有了才买{one.moved}位" if on and one.moved else "")
        + (f"，收了反而不买{one.lost}位" if on and one.lost else "")
        for one, on in zip(groups, sent, strict=True)
    )
    return chart(
        f"同样一百位客人，没有{tool}的世界买{bought[0]}位，有{tool}的世界买{bought[1]}位。{alternative}",
        f"<text x='8' y='14'>没有{tool}：{bought[0]}位买</text>",
        f"<text x='206' y='14' class='strong'>有{tool}：{bought[1]}位买</text>",
        legend(("now", "买"), x=8, y=33),
        crossed(55, 29)
        if tool == TEXTS
        else "<rect class='then' x='50' y='24' width='10' height='10' rx='2'/>",
        f"<text x='66' y='33'>{'收了反而不买' if tool == TEXTS else '有了才买'}</text>",
        f"<path class='guide' d='M200,4 V{y - 3:.1f}'/>",
        *parts,
        height=round(y + 2),
        scale="worlds",
    )


def dots(fates: list[Fate], world: int, left: int, top: float) -> str:
    """Return a group's customers in rows: who buys filled, who turns away crossed out."""
    drawn = []
    for place, fate in enumerate(fates):
        x = left + place % ACROSS * PITCH
        y = top + place // ACROSS * PITCH
        look = LOOK[fate][world]
        if look == "cross":
            drawn.append(crossed(x, y))
        elif look == "then":
            drawn.append(
                f"<rect class='then' x='{x - 5:.1f}' y='{y - 5:.1f}' width='10' height='10' rx='2'/>"
            )
        else:
            drawn.append(f"<circle class='{look}' cx='{x:.1f}' cy='{y:.1f}' r='4.6'/>")
    return "".join(drawn)


def crossed(x: float, y: float) -> str:
    """Return the mark of a customer who turned away."""
    return f"<path class='span' d='M{x - 4:.1f},{y - 4:.1f} l8,8 m0,-8 l-8,8'/>"
