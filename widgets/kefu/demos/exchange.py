"""Refund or exchange: what a gift for those who exchange earns, and where it stops paying."""

from __future__ import annotations

from decimal import Decimal

import ipywidgets as widgets

from kefu.aftersales.exchange import Terms, balance, best_gift
from kefu.demos.core import Demo, plain, table
from kefu.demos.svg import Frame, chart

GIFTS = range(0, 31)


def exchange_offer() -> Demo:
    """Return the trade-off, set to a shirt of 119 yuan whose size was wrong."""
    c = {
        "gift": widgets.IntSlider(value=5, min=0, max=30, description="换货小礼（元）"),
        "price": widgets.IntSlider(value=119, min=10, max=300, description="商品价（元）"),
        "cost": widgets.IntSlider(value=52, min=5, max=200, description="进货成本（元）"),
        "freight": widgets.IntSlider(value=8, min=0, max=30, description="一程运费（元）"),
        "willing": widgets.IntSlider(value=30, min=0, max=90, description="不送也肯换%"),
        "per_yuan": widgets.IntSlider(value=4, min=0, max=10, description="每元多肯换%"),
        "again": widgets.IntSlider(value=10, min=0, max=100, description="换了还退%"),
        "annoyed": widgets.IntSlider(value=5, min=0, max=100, description="不肯者被惹恼%"),
        "harm": widgets.IntSlider(value=60, min=0, max=300, description="惹恼一位损失"),
        "seller_pays": widgets.Checkbox(value=False, description="寄回运费店里出"),
    }

    def settings() -> dict[str, object]:
        money = {name: c[name].value for name in ("price", "cost", "freight", "harm")}
        shares = {
            name: str(Decimal(c[name].value) / 100)
            for name in ("willing", "per_yuan", "again", "annoyed")
        }
        return money | shares | {"seller_pays": c["seller_pays"].value}

    def terms() -> Terms:
        return Terms(**settings())  # type: ignore[arg-type]

    def view() -> str:
        gift, now = c["gift"].value, balance(terms(), c["gift"].value)
        best = best_gift(terms(), GIFTS[-1])
        curve = [(float(g), float(balance(terms(), g).gain)) for g in GIFTS]
        heights = [y for _, y in curve] + [0.0]
        room = max(max(heights) - min(heights), 1.0)
        frame = Frame(30, max(heights) + 0.25 * room, y_min=min(heights) - 0.15 * room)
        here = float(now.gain)
        top = balance(terms(), best)
        label = "最划算" if top.gain > 0 else "劝换里亏得最少"
        picture = chart(
            f"每笔申请比直接退款多赚多少，随小礼变化：送{gift}元时{amount(now.gain)}元，送{best}元时{label}",
            frame.axes("换货小礼（元）", "每笔申请比直接退款多赚（元）；虚线：不劝"),
            frame.path([(0, 0), (30, 0)], "second"),
            frame.path(curve, "line"),
            frame.dot((float(gift), here), f"送{gift}元：{amount(now.gain)}元"),
        )
        yes, no = plain(now.accepted * 100), plain((1 - now.accepted) * 100)
        loss = plain(Decimal(c["annoyed"].value * c["harm"].value) / 100)
        formula = (
            f"<p class='kefu-formula'>劝换 = {yes}% × {amount(now.exchange_value)} + {no}% × "
            f"({amount(now.refund_value)} − {loss}) = {amount(now.offer_value)}元<br>"
            f"比直接退款多赚 {amount(now.offer_value)} − ({amount(now.refund_value)}) = "
            f"<b>{amount(now.gain)}元</b></p>"
        )
        rows = [
            ["直接退款", "100", amount(now.refund_value)],
            [f"劝换，送{gift}元", plain(now.refunds_left * 100), amount(now.offer_value)],
            [
                f"劝换，送{best}元（{label}）",
                plain(top.refunds_left * 100),
                amount(top.offer_value),
            ],
        ]
        head = ["做法", "最后仍退款（%）", "每笔申请（元）"]
        verdict = "劝换划算。" if now.gain > 0 else "这样劝，还不如爽快退款。"
        note = f"<p class='kefu-note'><b>{verdict}</b>这是本书自拟的模型，比例都是假设。</p>"
        return formula + picture + table(head, rows, mark=1) + note

    def code() -> str:
        given = ",\n              ".join(f"{name}={value!r}" for name, value in settings().items())
        return (
            "from kefu.aftersales.exchange import Terms, balance\n\n"
            f"terms = Terms({given})\nbalance(terms, gift={c['gift'].value})"
        )

    return Demo("退还是换：小礼送到哪儿最划算", c, view, code)


def amount(value: Decimal) -> str:
    """Return an amount with a true minus sign."""
    return plain(value).replace("-", "−")
