"""Refund or exchange: what a gift for those who exchange earns, and where it stops paying."""

from __future__ import annotations

from decimal import Decimal

import ipywidgets as widgets

from kefu.aftersales.exchange import Balance, Terms, balance, best_gift
from kefu.demos.core import Demo, plain, table
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.svg import Frame, chart, legend

GIFTS = range(0, 31)


def exchange_offer() -> Demo:
    """Return the trade-off, set to a shirt of 119 yuan whose size was wrong."""
    c = {
        "gift": IntSlider(value=5, min=0, max=30, description="换货小礼（元）"),
        "again": IntSlider(value=10, min=0, max=100, description="换了还退%"),
        "annoyed": IntSlider(value=5, min=0, max=100, description="不肯者被惹恼%"),
        "price": IntSlider(value=119, min=10, max=300, description="商品价（元）"),
        "cost": IntSlider(value=52, min=5, max=200, description="进货成本（元）"),
        "freight": IntSlider(value=8, min=0, max=30, description="一程运费（元）"),
        "willing": IntSlider(value=30, min=0, max=90, description="不送也肯换%"),
        "per_yuan": IntSlider(value=4, min=0, max=10, description="每元多肯换%"),
        "harm": IntSlider(value=60, min=0, max=300, description="惹恼一位损失"),
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

    def found() -> tuple[Balance, int, Balance, str]:
        """Return what the gift gives, the best gift, what that gives, and what to call it."""
        best = best_gift(terms(), GIFTS[-1])
        top = balance(terms(), best)
        return (
            balance(terms(), c["gift"].value),
            best,
            top,
            "最划算" if top.gain > 0 else "劝换里亏得最少",
        )

    def draw() -> str:
        gift, (now, best, top, label) = c["gift"].value, found()
        curve = [(float(g), float(balance(terms(), g).gain)) for g in GIFTS]
        heights = [y for _, y in curve] + [0.0]
        room = max(max(heights) - min(heights), 1.0)
        low, high = min(heights) - 0.12 * room, max(heights) + 0.12 * room
        frame = Frame(GIFTS[-1], high, y_min=low, top=46, bottom=226)
        x, y = frame.x(gift), frame.y(float(now.gain))
        at, peak = frame.x(best), frame.y(float(top.gain))
        point = f"<circle class='reach' cx='{x}' cy='{y}' r='22'/><circle class='dot' cx='{x}' cy='{y}' r='8'/>"
        drawn = chart(
            f"每笔申请比直接退款多赚多少，随小礼变化：送{gift}元时{amount(now.gain)}元，送{best}元时{label}",
            f"<text class='strong' x='4' y='12'>送{gift}元：{amount(now.gain)}元</text>",
            legend(("knob", f"{label}：送{best}元"), x=190),
            legend(("second", "不劝"), x=330, y=32),
            frame.axes("换货小礼（元）", "每笔申请比直接退款多赚（元）"),
            frame.path([(0, 0), (GIFTS[-1], 0)], "second"),
            f"<path class='faint' d='M{at},{peak} V{frame.bottom:g}'/>",
            frame.path(curve, "line"),
            f"<circle class='knob' cx='{at}' cy='{peak}' r='5'/>",
            grip(point, x=Along("gift", c["gift"], frame.x, stops=[best])),
            height=266,
            scale=frame.scale,
        )
        sign, look = ("✓", "right") if now.gain > 0 else ("✗", "wrong")
        more = f"多赚{amount(now.gain)}元" if now.gain >= 0 else f"少赚{amount(-now.gain)}元"
        verdict = "劝换划算" if now.gain > 0 else "这样劝，还不如爽快退款"
        return (
            f"{drawn}<div class='kefu-caption'><p><span class='kefu-{look}'>{sign} {verdict}</span>："
            f"送{gift}元，每笔申请{more}。</p></div>"
        )

    def tell() -> str:
        gift, (now, best, top, label) = c["gift"].value, found()
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
        note = "这是本书自拟的模型，“更多设置”里都是假设：换成你店里的数再看。"
        return formula + table(head, rows, mark=1) + f"<p class='kefu-note'>{note}</p>"

    def idle() -> set[str]:
        return set() if c["annoyed"].value else {"harm"}

    def code() -> str:
        given = ",\n              ".join(f"{name}={value!r}" for name, value in settings().items())
        return (
            "from kefu.aftersales.exchange import Terms, balance\n\n"
            f"terms = Terms({given})\nbalance(terms, gift={c['gift'].value})"
        )

    return Demo("退还是换：小礼送到哪儿最划算", c, draw, tell, code, idle=idle)


def amount(value: Decimal) -> str:
    """Return an amount with a true minus sign."""
    return plain(value).replace("-", "−")
