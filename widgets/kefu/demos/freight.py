"""Freight calculator: weight, size, carrier, province and free-shipping rule to who pays what."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, table
from kefu.demos.svg import Frame, Point, chart
from kefu.presales.freight import (
    FreeShipping,
    Parcel,
    Rate,
    buyer_pays,
    compare,
    provinces,
    read_tariffs,
)

NONE, ALWAYS, PIECES, AMOUNT = "不包邮", "无条件包邮", "满件包邮", "满额包邮"
REMOTE = frozenset({"新疆", "西藏", "香港", "澳门", "台湾"})


def freight(weight: float = 2.4, carrier: str = "青鸟快递", province: str = "广东") -> Demo:
    """Return the freight calculator, set to a parcel of ``weight`` kg."""
    services = read_tariffs()
    c = {
        "weight": widgets.FloatSlider(
            value=weight,
            min=0.05,
            max=20,
            step=0.05,
            description="实重（kg）",
            readout_format=".2f",
        ),
        "carrier": widgets.Dropdown(
            options=list(dict.fromkeys(s.carrier for s in services)),
            value=carrier,
            description="快递公司",
        ),
        "province": widgets.Dropdown(options=provinces(), value=province, description="寄往"),
        "length": widgets.BoundedIntText(value=30, min=1, max=200, description="长（cm）"),
        "width": widgets.BoundedIntText(value=20, min=1, max=200, description="宽（cm）"),
        "height": widgets.BoundedIntText(value=10, min=1, max=200, description="高（cm）"),
        "rule": widgets.Dropdown(
            options=(NONE, ALWAYS, PIECES, AMOUNT), value=AMOUNT, description="包邮规则"
        ),
        "threshold": widgets.IntSlider(value=88, min=10, max=300, description="满多少元"),
        "pieces_needed": widgets.IntSlider(value=2, min=1, max=6, description="满多少件"),
        "remote": widgets.Checkbox(value=True, description="新疆、西藏与港澳台不参加包邮"),
        "amount": widgets.IntSlider(value=76, min=1, max=400, description="商品金额（元）"),
        "pieces": widgets.IntSlider(value=1, min=1, max=6, description="商品件数"),
    }

    def rule() -> FreeShipping | None:
        out = REMOTE if c["remote"].value else frozenset()
        return {
            NONE: None,
            ALWAYS: FreeShipping(excluded=out),
            PIECES: FreeShipping(min_items=c["pieces_needed"].value, excluded=out),
            AMOUNT: FreeShipping(min_amount=c["threshold"].value, excluded=out),
        }[c["rule"].value]

    def parcel() -> Parcel:
        return Parcel(c["weight"].value, c["length"].value, c["width"].value, c["height"].value)

    def view() -> str:
        box, to = parcel(), c["province"].value
        rates = compare(box, to, services)
        others = compared(rates, c["carrier"].value, to)
        chosen = next((r for r in rates if r.service.carrier == c["carrier"].value), None)
        if chosen is None:
            advice = "请在下表里另选一家" if rates else "别家也都寄不了，请拆成几个小包裹"
            return (
                f"<p class='kefu-error' role='alert'>{escape(c['carrier'].value)}寄不了这个包裹："
                f"不送{escape(to)}，或超过它的限重。{advice}。</p>{others}"
            )
        paid = buyer_pays(chosen.fee, rule(), c["amount"].value, c["pieces"].value, to)
        return formula(box, chosen) + verdict(paid, chosen.fee) + staircase(chosen) + others

    def verdict(paid: Decimal, fee: Decimal) -> str:
        kind, to = c["rule"].value, c["province"].value
        wanted = {
            NONE: "本店不包邮",
            ALWAYS: "无条件包邮",
            PIECES: f"满{c['pieces_needed'].value}件包邮，这单{c['pieces'].value}件",
            AMOUNT: f"满{c['threshold'].value}元包邮，这单{c['amount'].value}元",
        }[kind]
        if kind != NONE and c["remote"].value and to in REMOTE:
            wanted += f"，但{escape(to)}不参加"
        who = "买家付" if paid else "卖家付，买家付"
        return (
            f"<p class='kefu-formula'>谁付运费？{wanted} → {who} <b>{plain(paid)}元</b>"
            f"{'' if paid else f'，运费{plain(fee)}元由卖家承担'}</p>"
        )

    def code() -> str:
        sizes = f"{c['length'].value}, {c['width'].value}, {c['height'].value}"
        return (
            "from kefu.presales.freight import Parcel, compare\n\n"
            f'box = Parcel("{c["weight"].value:g}", {sizes})\n'
            f'for rate in compare(box, "{c["province"].value}"):\n'
            "    print(rate.service.carrier, rate.chargeable, rate.fee)"
        )

    return Demo("运费计算器", c, view, code)


def formula(box: Parcel, rate: Rate) -> str:
    """Return the formula of the chosen carrier with the reader's numbers in it."""
    t, weight = rate.service.tariff, rate.chargeable
    size = (
        f"{plain(box.length)}×{plain(box.width)}×{plain(box.height)}÷{plain(rate.service.divisor)}"
    )
    steps = t.steps(weight)
    more = (
        f" + ⌈({plain(weight)}−{plain(t.first_weight)})÷{plain(t.step_weight)}⌉×{plain(t.step_fee)}"
        f" = {plain(t.first_fee)} + {steps}×{plain(t.step_fee)}"
        if steps
        else "（不超过首重，没有续重）"
    )
    return (
        f"<p class='kefu-formula'>计费重量：实重{plain(box.weight)} kg，体积重{size} = {plain(rate.volumetric)} kg，"
        f"取大的 → {plain(weight)} kg<br>运费 = 首重费 + 续重份数×续重费 = {plain(t.first_fee)}{more}"
        f" = <b>{plain(rate.fee)}元</b></p>"
    )


def staircase(rate: Rate) -> str:
    """Return the fee against the weight, with the reader's parcel on it."""
    t, weight = rate.service.tariff, float(rate.chargeable)
    first, step = float(t.first_weight), float(t.step_weight)
    last = min(max(weight * 1.5, first + 4 * step), float(rate.service.max_weight))
    points: list[Point] = [(0.0, float(t.first_fee)), (first, float(t.first_fee))]
    while points[-1][0] < last:
        x, y = points[-1]
        up = y + float(t.step_fee)
        points += [(x, up), (min(x + step, last), up)]
    frame = Frame(x_max=last, y_max=max(points[-1][1], float(rate.fee)) * 1.18 + 1)
    label = f"{plain(rate.chargeable)} kg，{plain(rate.fee)}元"
    return chart(
        f"{rate.service.carrier}到{rate.service.zone}的运费阶梯：{label}",
        frame.axes("计费重量（kg）", f"运费（元）·{rate.service.carrier}·{rate.service.zone}"),
        frame.path(points, "line"),
        frame.dot((weight, float(rate.fee)), label),
    )


def compared(rates: tuple[Rate, ...], chosen: str, province: str) -> str:
    """Return all carriers that take the parcel, cheapest first, the chosen one set off."""
    if not rates:
        return ""
    rows = [
        [r.service.carrier, r.service.method, f"{plain(r.chargeable)} kg", f"{plain(r.fee)}元",
         f"约{r.service.days}天"]
        for r in rates
    ]  # fmt: skip
    names = [r.service.carrier for r in rates]
    mark = names.index(chosen) if chosen in names else None
    head = ["快递公司", "方式", "计费重量", "运费", "时效"]
    return table(head, rows, caption=f"同一个包裹寄{province}，从便宜到贵", mark=mark)
