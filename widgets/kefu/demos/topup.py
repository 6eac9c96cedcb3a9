"""Topping up (凑单): what the buyer should add, and what the threshold does to the shop."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import ipywidgets as widgets

from kefu import data
from kefu.demos.core import Demo, plain, table
from kefu.demos.svg import Frame, chart
from kefu.presales.topup import ThresholdOutcome, outcome, suggest

THRESHOLDS = tuple(range(0, 241, 12))


def topup(basket: int = 76, threshold: int = 88) -> Demo:
    """Return the topping-up demo on the shop's products and a week of its baskets."""
    prices = {row["title"]: row["price"] for row in data.rows("products")}
    baskets = tuple(Decimal(row["goods_amount"]) for row in data.rows("baskets"))
    c = {
        "basket": widgets.IntSlider(value=basket, min=5, max=240, description="购物车（元）"),
        "threshold": widgets.IntSlider(
            value=threshold, min=0, max=240, description="包邮门槛（元）"
        ),
        "price": widgets.IntSlider(value=10, min=0, max=30, description="买家付运费"),
        "reach": widgets.IntSlider(value=20, min=0, max=60, description="愿意凑多少"),
        "margin": widgets.IntSlider(value=55, min=5, max=90, description="毛利率（%）"),
        "cost": widgets.IntSlider(value=12, min=0, max=40, description="每单运费成本"),
        "leave": widgets.IntSlider(value=20, min=0, max=60, description="见运费就走（%）"),
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

    def shop_side() -> str:
        start = c["threshold"].value
        now, never = shop(start, *terms()), shop(None, *terms())
        curve = [(float(t), float(shop(t, *terms()).profit_per_basket)) for t in THRESHOLDS]
        here = (float(start), float(now.profit_per_basket))
        base = float(never.profit_per_basket)
        heights = [y for _, y in curve] + [here[1], base]
        room = max(max(heights) - min(heights), 1.0)
        frame = Frame(240, max(heights) + 0.25 * room, y_min=min(heights) - 0.15 * room)
        picture = chart(
            f"每位客人带来的利润随包邮门槛变化：门槛{start}元时{here[1]:.2f}元，不包邮时{base:.2f}元",
            frame.axes("包邮门槛（元）", "每位客人的利润（元）；虚线：从不包邮"),
            frame.path([(0, base), (240, base)], "second"),
            frame.path(curve, "line"),
            frame.dot(here, f"门槛{start}元：{here[1]:.2f}元"),
        )
        rows = [
            [name, str(o.free), str(o.topped_up), plain(o.lost), plain(o.average_basket),
             plain(o.profit_per_basket)]
            for name, o in (("从不包邮", never), (f"满{start}元", now))
        ]  # fmt: skip
        head = ["规则", "包邮", "凑单", "走掉", "客单价", "每客利润"]
        note = (
            f"店铺：{now.baskets}位客人各带一个购物车来。"
            f"假设差额不超过{c['reach'].value}元的都凑到门槛，"
            f"要付运费的有{c['leave'].value}%走掉（金额单位：元）"
        )
        return picture + table(head, rows, caption=note, mark=1)

    def view() -> str:
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

    return Demo("凑单：门槛设在哪儿", c, view, code)


def more(extra: Decimal) -> str:
    """Return what the buyer pays more, or saves, in words."""
    return f"{plain(extra)}元" if extra >= 0 else f"反而省{plain(-extra)}元"
