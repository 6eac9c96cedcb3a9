"""Topping up (凑单): what the buyer should add, and what the threshold does to the shop."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from kefu import data
from kefu.demos.core import Demo, plain, table
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.svg import Frame, Point, chart, legend
from kefu.presales.topup import ThresholdOutcome, outcome, suggest

TOP = 240
"""The largest threshold, in yuan; carts of more are told, not drawn."""
THRESHOLDS = tuple(range(0, TOP + 1, 12))
BIN = 8


def topup(basket: int = 76, threshold: int = 88) -> Demo:
    """Return the topping-up demo on the shop's products and a week of its baskets."""
    prices = {row["title"]: row["price"] for row in data.rows("products")}
    baskets = tuple(Decimal(row["goods_amount"]) for row in data.rows("baskets"))
    c = {
        "threshold": IntSlider(value=threshold, min=0, max=TOP, description="包邮门槛（元）"),
        "basket": IntSlider(value=basket, min=5, max=TOP, description="购物车（元）"),
        "price": IntSlider(value=10, min=0, max=30, description="买家付运费"),
        "reach": IntSlider(value=20, min=0, max=60, description="愿意凑多少"),
        "margin": IntSlider(value=55, min=5, max=90, description="毛利率（%）"),
        "cost": IntSlider(value=12, min=0, max=40, description="每单运费成本"),
        "leave": IntSlider(value=20, min=0, max=60, description="见运费就走（%）"),
    }

    @cache
    def shop(
        start: int | None, reach: int, margin: int, cost: int, price: int, leave: int
    ) -> ThresholdOutcome:
        share, gone = Decimal(margin) / 100, Decimal(leave) / 100
        return outcome(baskets, start, reach, share, cost, price, gone)

    def terms() -> tuple[int, int, int, int, int]:
        reach, margin, cost, price, leave = (
            c[name].value for name in ("reach", "margin", "cost", "price", "leave")
        )
        return reach, margin, cost, price, leave

    def buyer_side() -> str:
        cart, start, price = c["basket"].value, c["threshold"].value, c["price"].value
        gap = start - cart
        if gap <= 0:
            return (
                f"<p class='kefu-formula'>买家：{cart}元已满{start}元，<b>包邮</b>，不必再凑。</p>"
            )
        head = f"<p class='kefu-formula'>买家：还差 {start} − {cart} = <b>{gap}元</b>包邮"
        choices = suggest(cart, start, price, prices)[:4]
        if not choices:
            return f"{head}，店里没有一件能补上这个差额。</p>"
        rows = [[o.name, f"{plain(o.price)}元", more(o.extra)] for o in choices]
        ask = "加一件下面的商品，实际多花 = 商品价 − 省下的运费"
        return f"{head}；{ask}{price}元。</p>" + table(["加购", "商品价", "比付运费多花"], rows)

    def draw() -> str:
        start, slider = c["threshold"].value, c["threshold"]
        above = sum(cart >= TOP for cart in baskets)
        now, never = shop(start, *terms()), shop(None, *terms())
        curve = [(float(t), float(shop(t, *terms()).profit_per_basket)) for t in THRESHOLDS]
        here, base = float(now.profit_per_basket), float(never.profit_per_basket)
        heights = [*(y for _, y in curve), here, base]
        room = max(max(heights) - min(heights), 1.0)
        people = Frame(TOP, 21, top=24, bottom=144)
        money = Frame(TOP, max(heights) + 0.2 * room, y_min=min(heights) - 0.2 * room, top=176, bottom=266)  # fmt: skip
        paying = now.baskets - now.free - round(now.lost)
        where = crowd(baskets, start, c["reach"].value, round(now.lost))
        x = people.x(start)
        line = (
            f"<path class='second' d='M{x},24 V266'/>"
            f"<circle class='reach' cx='{x}' cy='84' r='22'/><circle class='dot' cx='{x}' cy='{money.y(here)}' r='7'/>"
        )
        return chart(
            f"{now.baskets}个购物车，门槛{start}元：{now.free}人包邮，其中{now.topped_up}人凑单；{paying}人付运费，"
            f"约{round(now.lost)}人走掉。每位客人的利润{here:.2f}元，从不包邮时{base:.2f}元",
            *(people.dots(points, name) for name, points in where.items()),
            legend(("many many-a", f"包邮{now.free - now.topped_up}"), ("many many-b", f"凑单{now.topped_up}"),
                   ("many", f"付运费{paying}"), ("many many-c", f"走掉约{round(now.lost)}"), y=14),
            f"<text x='384' y='34' text-anchor='end'>另有{above}个购物车在{TOP}元以上</text>",
            money.axes("包邮门槛、购物车（元）", "每位客人的利润（元）"),
            legend(("faint", "从不包邮"), x=140, y=162),
            money.path([(0, base), (TOP, base)], "faint"),
            money.path(curve, "line"),
            grip(line, x=Along("threshold", slider, people.x)),
            f"<text class='strong' x='{x + (9 if start < 150 else -9)}' y='{max(money.y(here) - 10, 186):.1f}' "
            f"text-anchor='{'start' if start < 150 else 'end'}'>{here:.2f}元</text>",
            height=306,
            scale=money.scale,
        )  # fmt: skip

    def shop_side() -> str:
        start = c["threshold"].value
        now, never = shop(start, *terms()), shop(None, *terms())
        rows = [
            [name, str(o.free), str(o.topped_up), f"约{round(o.lost)}", plain(o.average_basket),
             plain(o.profit_per_basket)]
            for name, o in (("从不包邮", never), (f"满{start}元", now))
        ]  # fmt: skip
        head = ["规则", "包邮", "凑单", "走掉", "客单价", "每客利润"]
        note = (
            f"店铺：{now.baskets}位客人各带一个购物车来。"
            f"假设差额不超过{c['reach'].value}元的都凑到门槛，"
            f"要付运费的有{c['leave'].value}%走掉（金额单位：元）"
        )
        return table(head, rows, caption=note, mark=1)

    def tell() -> str:
        return buyer_side() + shop_side()

    def code() -> str:
        reach, margin, cost, price, leave = terms()
        return (
            "from kefu import data\nfrom kefu.presales.topup import outcome\n\n"
            'baskets = [row["goods_amount"] for row in data.rows("baskets")]\n'
            f"outcome(baskets, threshold={c['threshold'].value}, reach={reach},\n"
            f"        margin={margin / 100:g}, freight_cost={cost},\n"
            f"        freight_price={price}, leave={leave / 100:g})"
        )

    return Demo("凑单：门槛设在哪儿", c, draw, tell, code)


def crowd(
    baskets: tuple[Decimal, ...], start: int, reach: int, lost: int
) -> dict[str, list[Point]]:
    """Return a dot for every customer, stacked by what his cart holds, by what becomes of him.

    Those who leave are spread evenly among those who would have to pay.
    """
    groups: dict[str, list[Point]] = {"many-a": [], "many-b": [], "many": [], "many-c": []}
    heights: dict[float, int] = {}
    due = sum(start - cart > reach for cart in baskets)
    seen = 0
    for cart in sorted(baskets):
        gone = False
        if start - cart > reach:
            gone = seen * lost // max(due, 1) < (seen + 1) * lost // max(due, 1)
            seen += 1
        kind = (
            "many-a"
            if cart >= start
            else "many-b"
            if start - cart <= reach
            else "many-c"
            if gone
            else "many"
        )
        place = (float(cart) // BIN + 0.5) * BIN
        heights[place] = heights.get(place, 0) + 1
        if place < TOP:
            groups[kind].append((place, heights[place] - 0.5))
    return groups


def more(extra: Decimal) -> str:
    """Return what the buyer pays more, or saves, in words."""
    return f"{plain(extra)}元" if extra >= 0 else f"反而省{plain(-extra)}元"
