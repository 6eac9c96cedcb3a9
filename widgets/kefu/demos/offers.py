"""The checkout (结算台): one cart, layer by layer, and what one piece more or less would do."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, table
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.svg import Frame, Point, chart
from kefu.presales.promotions import (
    Applied,
    Cart,
    FullReduction,
    Gift,
    Item,
    NthDiscount,
    Offer,
    PlatformCoupon,
    Quote,
    ShopCoupon,
    Threshold,
    checkout,
)

HALF = NthDiscount("袜子第2件半价", n=2, rate=Decimal("0.5"), scope=frozenset({"NX02"}))
REDUCTION = FullReduction("满300减40", Decimal(300), Decimal(40))
SMALL = ShopCoupon("店铺券满199减20", Decimal(199), Decimal(20))
LARGE = ShopCoupon("店铺券满299减35", Decimal(299), Decimal(35))
PLATFORM = PlatformCoupon("平台券满300减30", Decimal(300), Decimal(30))
BAG = Gift("满200送帆布袋", Decimal(200), "帆布袋", Decimal("9.90"))
LAYERS: tuple[tuple[str, tuple[Offer, ...]], ...] = (
    ("半价", (HALF,)),
    ("满减", (REDUCTION,)),
    ("店铺券", (SMALL, LARGE)),
    ("平台券", (PLATFORM,)),
)
"""The columns of the picture after the list price, each with the offers of its layer."""
CHEAPEST, NONE = "挑最省的", "不用"
MOST = 6
LOW, HIGH, FOOT = 180, 420, 236
"""The yuan at the picture's foot and head, the same for every cart that it can hold; the foot's pixel."""
NEAR = 26
"""The pixels above a level that its label takes."""


def cart(socks: int) -> Cart:
    """Return the cart of the chapter with so many packs of socks."""
    return Cart((
        Item("NX06", Decimal("129.00"), 1, "羊毛围巾"),
        Item("NX08", Decimal("149.00"), 1, "直筒牛仔裤"),
        Item("NX02", Decimal("19.90"), socks, "中筒袜三双装"),
    ))  # fmt: skip


def offers(socks: int = 2) -> Demo:
    """Return the checkout, set to a cart with so many packs of socks."""
    c = {
        "socks": IntSlider(value=socks, min=1, max=MOST, description="袜子（份）"),
        "coupon": widgets.Dropdown(
            options=(CHEAPEST, SMALL.name, LARGE.name, NONE), description="店铺券"
        ),
        "automatic": widgets.Checkbox(value=True, description="半价和满减自动用"),
        "platform": widgets.Checkbox(value=True, description="有平台券满300减30"),
    }

    def at_hand() -> tuple[list[Offer], list[Offer]]:
        """Return what the checkout uses by itself, and what is chosen from."""
        named: dict[str, list[Offer]] = {SMALL.name: [SMALL], LARGE.name: [LARGE], NONE: []}
        coupons = named.get(c["coupon"].value, [SMALL, LARGE])
        free = coupons + [PLATFORM] * c["platform"].value + [BAG]
        own: list[Offer] = [HALF, REDUCTION]
        return (own, free) if c["automatic"].value else ([], own + free)

    def quote(packs: int) -> Quote:
        return checkout(cart(packs), *at_hand())

    def draw() -> str:
        now = quote(c["socks"].value)
        levels = left_after(now)
        frame = Frame(len(LAYERS) + 1, HIGH, y_min=LOW, bottom=FOOT)
        corners: list[Point] = []
        for place, level in enumerate(levels):
            corners += [(place, float(level)), (place + 1, float(level))]
        parts = [money(frame)]
        for place, (name, level) in enumerate(zip(columns(), levels, strict=True)):
            middle, y = frame.x(place + 0.5), frame.y(float(level))
            asked = [float(one.threshold) for one in next_after(place)]
            above = not any(0 <= y - frame.y(amount) < NEAR for amount in asked)
            look = "strong" if place == len(LAYERS) else ""
            parts += [threshold(frame, place, amount, reached=amount <= level) for amount in asked]
            parts.append(
                f"<text x='{middle}' y='{FOOT + 18}' text-anchor='middle'>{escape(name)}</text>"
                f"<text class='{look}' x='{middle}' y='{y - 8 if above else y + 18:.1f}' "
                f"text-anchor='middle'>{plain(level)}</text>"
            )
        knob = (frame.x(0.5), frame.y(float(levels[0])))
        held = (
            f"<circle class='reach' cx='{knob[0]}' cy='{knob[1]}' r='22'/>"
            f"<circle class='dot' cx='{knob[0]}' cy='{knob[1]}' r='7'/>"
        )
        along = Along(
            "socks", c["socks"], lambda packs: frame.y(float(cart(1).amount) + (packs - 1) * 19.9)
        )
        words = "，".join(
            f"{name}后剩{plain(level)}元"
            for name, level in zip(columns()[1:], levels[1:], strict=True)
        )
        return chart(
            f"到手价一级一级往下：原价{plain(levels[0])}元，{words}",
            *parts,
            frame.path(corners, "line"),
            grip(held, y=along),
            height=FOOT + 28,
            scale=frame.scale,
        )  # fmt: skip

    def next_after(place: int) -> list[Threshold]:
        """Return the offers in hand that judge the level of a column, those of the next one."""
        own, free = at_hand()
        layer = LAYERS[place][1] if place < len(LAYERS) else ()
        return [one for one in layer if isinstance(one, Threshold) and one in own + free]

    def tell() -> str:
        packs = c["socks"].value
        now = quote(packs)
        rows = [
            [one.offer.name, f"{plain(one.base)}元", f"{plain(one.off)}元", f"{plain(one.left)}元"]
            for one in now.steps
        ]
        return (
            f"<p class='kefu-big'>到手 <b>{plain(now.pay)}元</b> <small>原价{plain(now.list_amount)}元</small></p>"
            + "".join(f"<p class='kefu-note'>{line}</p>" for line in short_of(now) + beside(packs))
            + table(["用上的优惠", "门槛看", "减", "剩"], rows)
        )

    def short_of(now: Quote) -> list[str]:
        """Return a line for each coupon in hand that the cart does not reach when its turn comes."""
        said = []
        for place in range(len(LAYERS)):
            for one in next_after(place):
                missing = one.threshold - before(now, one)
                if missing > 0:
                    said.append(
                        f"{one.name}用不上：轮到它只剩{plain(before(now, one))}元，差{plain(missing)}元。"
                    )
        return said

    def beside(packs: int) -> list[str]:
        """Return what a pack less and a pack more would cost."""
        now = quote(packs).pay
        said = []
        for other, words in ((packs - 1, "少买一份袜子"), (packs + 1, "多买一份袜子")):
            if 1 <= other <= MOST:
                pay = quote(other).pay
                change = pay - now
                word = (
                    "不变"
                    if not change
                    else f"{'贵' if change > 0 else '便宜'}{plain(abs(change))}元"
                )
                odd = "反而" if change and (change > 0) is (other < packs) else ""
                said.append(f"{words}：到手{plain(pay)}元，{odd}{word}。")
        return said

    def code() -> str:
        own, free = at_hand()
        names = {HALF: "half", REDUCTION: "reduction", SMALL: "small", LARGE: "large",
                 PLATFORM: "platform", BAG: "bag"}  # fmt: skip
        first = ", ".join(names[one] for one in own)
        second = ", ".join(names[one] for one in free)
        return (
            "from kefu.presales.promotions import (\n"
            "    Cart, FullReduction, Gift, Item, NthDiscount, PlatformCoupon,\n"
            "    ShopCoupon, checkout,\n)\n\n"
            f'cart = Cart((Item("NX06", 129), Item("NX08", 149),\n'
            f'             Item("NX02", "19.90", {c["socks"].value})))\n'
            'half = NthDiscount("第2件半价", n=2, rate="0.5", scope={"NX02"})\n'
            'reduction = FullReduction("满300减40", 300, 40)\n'
            'small = ShopCoupon("满199减20", 199, 20)\n'
            'large = ShopCoupon("满299减35", 299, 35)\n'
            'platform = PlatformCoupon("满300减30", 300, 30)\n'
            'bag = Gift("满200送帆布袋", 200, "帆布袋", "9.90")\n'
            f"checkout(cart, [{first}],\n         [{second}])"
        )

    return Demo("结算台：一层一层往下减", c, draw, tell, code)


def columns() -> list[str]:
    """Return the names of the picture's columns."""
    return ["原价", *(name for name, _ in LAYERS)]


def left_after(quote: Quote) -> list[Decimal]:
    """Return the list amount and what is left after each layer of the picture."""
    levels = [quote.list_amount]
    for _, layer in LAYERS:
        step = next((one for one in quote.steps if one.offer in layer), None)
        levels.append(step.left if step else levels[-1])
    return levels


def before(quote: Quote, offer: Offer) -> Decimal:
    """Return what is left of the cart when an offer's turn comes."""
    earlier: list[Applied] = [one for one in quote.steps if one.offer.layer < offer.layer]
    return earlier[-1].left if earlier else quote.list_amount


def threshold(frame: Frame, place: int, amount: float, *, reached: bool) -> str:
    """Return an amount that the level of a column is judged on, as a dashed line across the column.

    Its label stands on the side where the level is not.
    """
    y = frame.y(amount)
    return (
        f"<path class='second' d='M{frame.x(place + 0.04)},{y} H{frame.x(place + 1)}'/>"
        f"<text x='{frame.x(place + 0.5)}' y='{y + 15 if reached else y - 5:.1f}' "
        f"text-anchor='middle'>满{amount:g}</text>"
    )


def money(frame: Frame) -> str:
    """Return the axis of yuan on the left; the columns name themselves."""
    parts = [
        f"<path class='axis' d='M{frame.x(0)},{frame.top:g} V{frame.bottom:g} H{frame.x(frame.x_max)}'/>"
    ]
    for amount in range(200, HIGH, 50):
        y = frame.y(amount)
        parts.append(f"<text x='{frame.x(0) - 6}' y='{y + 4}' text-anchor='end'>{amount}</text>")
    parts.append(f"<text x='4' y='{frame.top - 14:g}'>剩下的钱（元）</text>")
    return "".join(parts)
