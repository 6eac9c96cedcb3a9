"""Freight calculator: weight, size, carrier, province and free-shipping rule to who pays what."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.core import Demo, plain, table
from kefu.demos.hands import Along, FloatSlider, IntSlider
from kefu.demos.svg import Frame, Point, chart, legend
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
    carriers = list(dict.fromkeys(s.carrier for s in services))
    c = {
        "weight": FloatSlider(
            value=weight,
            min=0.05,
            max=20,
            step=0.05,
            description="实重（kg）",
            readout_format=".2f",
        ),
        "carrier": widgets.Dropdown(
            options=carriers,
            value=one_of(carrier, "carrier", carriers),
            description="快递公司",
        ),
        "province": widgets.Dropdown(
            options=provinces(), value=one_of(province, "province", provinces()), description="寄往"
        ),
        "length": widgets.BoundedIntText(value=30, min=1, max=200, description="长（cm）"),
        "width": widgets.BoundedIntText(value=20, min=1, max=200, description="宽（cm）"),
        "height": widgets.BoundedIntText(value=10, min=1, max=200, description="高（cm）"),
        "rule": widgets.Dropdown(
            options=(NONE, ALWAYS, PIECES, AMOUNT), value=AMOUNT, description="包邮规则"
        ),
        "threshold": IntSlider(value=88, min=10, max=300, description="满多少元"),
        "pieces_needed": IntSlider(value=2, min=1, max=6, description="满多少件"),
        "remote": widgets.Checkbox(value=True, description="新疆、西藏与港澳台不参加包邮"),
        "amount": IntSlider(value=76, min=1, max=400, description="商品金额（元）"),
        "pieces": IntSlider(value=1, min=1, max=6, description="商品件数"),
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

    def draw() -> str:
        box, to, carrier = parcel(), c["province"].value, c["carrier"].value
        rates = compare(box, to, services)
        chosen = next((r for r in rates if r.service.carrier == carrier), None)
        if chosen is None:
            advice = "请在下表里另选一家" if rates else "别家也都寄不了，请拆成几个小包裹"
            return (
                f"<p class='kefu-error' role='alert'>{escape(carrier)}寄不了这个包裹："
                f"不送{escape(to)}，或超过它的限重。{advice}。</p>"
            )
        return staircases(box, rates, chosen, c["weight"])

    def tell() -> str:
        box, to, carrier = parcel(), c["province"].value, c["carrier"].value
        rates = compare(box, to, services)
        others = compared(rates, carrier, to)
        chosen = next((r for r in rates if r.service.carrier == carrier), None)
        if chosen is None:
            return others
        paid = buyer_pays(chosen.fee, rule(), c["amount"].value, c["pieces"].value, to)
        return formula(box, chosen) + verdict(paid, chosen.fee) + others

    def idle() -> set[str]:
        kind = c["rule"].value
        terms = {"threshold": AMOUNT, "amount": AMOUNT, "pieces_needed": PIECES, "pieces": PIECES}
        return {name for name, wanted in terms.items() if kind != wanted} | (
            {"remote"} if kind == NONE else set()
        )

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

    return Demo("运费计算器", c, draw, tell, code, idle=idle)


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


def staircases(box: Parcel, rates: tuple[Rate, ...], chosen: Rate, slider: FloatSlider) -> str:
    """Return each carrier's fee against the weight of this box, the reader's parcel on one of them."""
    weight, fee = float(box.weight), float(chosen.fee)
    x_max = next(end for end in (6.0, slider.max) if weight <= end)
    lines = {rate.service: steps(rate, x_max) for rate in rates}
    frame = Frame(x_max, max(y for points in lines.values() for _, y in points) * 1.1 + 1)
    looks = iter(("guide", "faint", "second"))
    names = {service: "line" if service == chosen.service else next(looks) for service in lines}
    left = left_to_next(chosen)
    stops = [x for x, _ in lines[chosen.service][1:-1:2]]
    words = f"{chosen.service.carrier}{plain(chosen.fee)}元，计费{plain(chosen.chargeable)} kg"
    picture = chart(
        f"运费随实重变化，每家快递一条阶梯：{words}，{left}",
        frame.axes("实重（kg）", "运费（元）"),
        legend(*((names[one], one.carrier) for one in lines), x=84),
        *(frame.path(points, names[one]) for one, points in lines.items() if names[one] != "line"),
        frame.path(lines[chosen.service], "line"),
        frame.handle(
            (weight, fee),
            f"{plain(chosen.fee)}元",
            x=Along("weight", slider, frame.x, high=x_max, stops=stops),
            before=True,
        ),
        scale=frame.scale,
    )
    return f"{picture}<div class='kefu-caption'>{crate(box, chosen)}<p>{words}；{left}。</p></div>"


def steps(rate: Rate, x_max: float) -> list[Point]:
    """Return the corners of a carrier's staircase over the actual weight of the rate's own box."""
    tariff, flat = (
        rate.service.tariff,
        float(max(rate.volumetric, rate.service.tariff.first_weight)),
    )
    last = min(x_max, float(rate.service.max_weight))
    x, y = 0.0, float(tariff.fee(str(flat)))
    points: list[Point] = [(x, y)]
    edge = float(tariff.first_weight)
    while edge < flat - 1e-9:
        edge += float(tariff.step_weight)
    while edge < last - 1e-9:
        points += [(edge, y), (edge, y + float(tariff.step_fee))]
        y, edge = y + float(tariff.step_fee), edge + float(tariff.step_weight)
    return [*points, (last, y)]


def left_to_next(rate: Rate) -> str:
    """Return how much more the parcel may weigh before its fee rises."""
    tariff, weight = rate.service.tariff, rate.chargeable
    edge = tariff.first_weight + tariff.steps(weight) * tariff.step_weight
    rest = plain(edge - weight)
    return "正好在这一级的顶上，再重一点就要加钱" if rest == "0" else f"离下一级还剩{rest} kg"


def crate(box: Parcel, rate: Rate) -> str:
    """Return the box to scale, filled as far as its weight fills what is charged for its volume."""
    if not box.volume:
        return ""
    longest = float(max(box.length, box.width, box.height))
    sizes = [float(side) / longest * 40 for side in (box.length, box.width, box.height)]
    share = float(min(box.weight / rate.chargeable, Decimal(1)))
    inner = [side * share ** (1 / 3) for side in sizes]
    paid_for = rate.volumetric >= rate.chargeable > box.weight
    said = f"按体积重算：箱里有{1 - share:.0%}是空气" if paid_for else "按实重算：箱子装得实"
    high = round(sizes[2] + sizes[1] * 0.35 + 4)
    ghost = solid(2, high - 2, sizes, "ghost") if paid_for else ""
    return chart(said, ghost, solid(2, high - 2, inner, "box"), height=high, width=70) + (
        f"<p>{said}</p>" if paid_for else ""
    )


def solid(x: float, y: float, sizes: list[float], name: str) -> str:
    """Return a block's three seen faces, drawn at an angle from its lower front left corner."""
    long, deep, high = sizes
    dx, dy = deep * 0.6, -deep * 0.35
    faces = (
        f"M{x:.1f},{y:.1f} h{long:.1f} v{-high:.1f} h{-long:.1f} z",
        f"M{x:.1f},{y - high:.1f} l{dx:.1f},{dy:.1f} h{long:.1f} l{-dx:.1f},{-dy:.1f} z",
        f"M{x + long:.1f},{y:.1f} l{dx:.1f},{dy:.1f} v{-high:.1f} l{-dx:.1f},{-dy:.1f} z",
    )
    return "".join(f"<path class='{name}' d='{face}'/>" for face in faces)


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
