"""Late shipment: what was promised, when the carrier first scanned, and what that costs by rules one fills in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.aftersales.complaints import (
    Compensation,
    Lateness,
    LateRules,
    Shipment,
    late_shipment,
    moment,
)
from kefu.clock import SHANGHAI
from kefu.demos.core import Demo, plain
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.promises import SPRING
from kefu.demos.svg import WIDTH, Frame, broad, chart, legend
from kefu.presales.promises import ShipPromise, ship_promise

HOUR = timedelta(hours=1)
WEEKEND = datetime(2026, 1, 3, 20, 15, tzinfo=SHANGHAI)
BEFORE_SPRING = datetime(2026, 2, 13, 12, tzinfo=SHANGHAI)
WHEN = {"1月3日星期六20:15": WEEKEND, "2月13日星期五12:00": BEFORE_SPRING}
LONGEST, DEAREST = 360, 1000
"""What the sliders reach: hours after the payment, and yuan of goods."""
BEYOND = 72
"""How many hours after the deadline the line of time shows, unless the hand is further on."""
LINE = 74


def late_pay(picked: int = 51, goods: int = 199) -> Demo:
    """Return the demo with the first scan so many hours after the payment, and goods of so many yuan."""
    c = {
        "picked": IntSlider(value=picked, min=1, max=LONGEST, description="付款后几小时揽收"),
        "uploaded": IntSlider(value=40, min=1, max=LONGEST, description="付款后几小时传单号"),
        "goods": IntSlider(value=goods, min=1, max=DEAREST, description="货款（元）"),
        "waiting": widgets.Checkbox(value=False, description="还没揽收，第一项算作现在"),
        "kind": widgets.Dropdown(options=("现货", "预售", "定制"), description="订单种类"),
        "days": IntSlider(value=7, min=1, max=12, description="约定几天后发"),
        "when": widgets.Dropdown(options=tuple(WHEN), description="付款时刻"),
        "rest": widgets.Checkbox(value=False, description="公告过春节店休2月14—22日"),
        "agreed": IntSlider(value=0, min=0, max=72, description="到期前，客人同意晚几小时"),
        "late": IntSlider(value=5, min=1, max=50, description="延迟发货赔货款的（%）"),
        "false": IntSlider(value=10, min=1, max=50, description="虚假发货赔货款的（%）"),
        "least": IntSlider(value=5, min=0, max=50, description="最少赔（元）"),
        "most": IntSlider(value=60, min=5, max=300, description="最多赔（元）"),
        "scan": IntSlider(value=24, min=6, max=72, step=6, description="传号后几小时内要揽收"),
        "source": widgets.Text(value="本书举的例子", description="这几个数的出处"),
        "as_of": widgets.DatePicker(value=date(2026, 1, 6), description="哪天查的"),
    }  # fmt: skip

    def promise() -> ShipPromise:
        paid, kind, days = WHEN[c["when"].value], c["kind"].value, c["days"].value
        holidays = [SPRING] if c["rest"].value else []
        if kind == "预售":
            ships = (paid + timedelta(days=days)).date()
            return ship_promise(paid, kind=kind, presale_ships=ships, holidays=holidays)
        if kind == "定制":
            return ship_promise(paid, kind=kind, lead_days=days, holidays=holidays)
        return ship_promise(paid, holidays=holidays)

    def shipment() -> Shipment:
        owed = promise()
        paid = owed.paid_at
        here, number = (paid + c[name].value * HOUR for name in ("picked", "uploaded"))
        waiting = c["waiting"].value
        return Shipment(
            owed,
            Decimal(c["goods"].value),
            seen=here if waiting else max(here, number),
            uploaded=None if waiting and number > here else number,
            picked_up=None if waiting else here,
            agreed=owed.ship_by + c["agreed"].value * HOUR if c["agreed"].value else None,
        )

    def rules() -> LateRules:
        if c["as_of"].value is None:
            raise ValueError("请填“哪天查的”：没有日期的规则，不知道还算不算数。")
        if not c["source"].value.strip():
            raise ValueError("请填“这几个数的出处”：哪个平台的哪一条。")
        if c["least"].value > c["most"].value:
            raise ValueError(
                f"最少赔{c['least'].value}元，比最多赔{c['most'].value}元还多：请改一个。"
            )
        return LateRules(
            Decimal(c["late"].value) / 100, Decimal(c["false"].value) / 100,
            Decimal(c["least"].value), Decimal(c["most"].value), Decimal(c["scan"].value),
            c["source"].value, c["as_of"].value,
        )  # fmt: skip

    def idle() -> set[str]:
        out = {"days"} if c["kind"].value == "现货" else set()
        if c["when"].value == next(iter(WHEN)) or c["kind"].value == "预售":
            out.add("rest")
        return out

    def draw() -> str:
        order, terms = shipment(), rules()
        found = late_shipment(order, terms)
        sliders = (c["picked"], c["uploaded"], c["goods"])
        pause = SPRING.span if c["rest"].value and "rest" not in idle() else None
        return headline(found) + drawing(order, terms, found, sliders, pause)

    def tell() -> str:
        order = shipment()
        found = late_shipment(order, rules())
        lines = "".join(f"<li>{escape(line)}</li>" for line in found.steps)
        number = unsent(order, promise().upload_by)
        return f"<ol class='kefu-slips'>{lines}</ol>{number}<p class='kefu-note'>{ASSUMED}</p>"

    def code() -> str:
        try:
            return shown_code(
                shipment(), rules(), c["kind"].value, c["days"].value, c["rest"].value
            )
        except ValueError as error:
            return f"# {error}"

    return Demo("发晚了，赔多少", c, draw, tell, code, idle=idle)


def shown_code(order: Shipment, rules: LateRules, kind: str, days: int, rest: bool) -> str:
    """Return the lines that give the same sum."""
    paid, ship_by, day = order.promise.paid_at, order.promise.ship_by, rules.as_of
    told = {
        "现货": "",
        "预售": f', kind="预售", presale_ships=date({ship_by.year}, {ship_by.month}, {ship_by.day})',
        "定制": f', kind="定制", lead_days={days}',
    }[kind]
    if rest:
        told += ",\n    holidays=[Holiday('春节', date(2026, 2, 14), date(2026, 2, 22))]"

    def after(at: datetime | None) -> str:
        return "None" if at is None else f"paid + timedelta(hours={(at - paid) / HOUR:g})"

    agreed = "None"
    if order.agreed:
        agreed = f"promise.ship_by + timedelta(hours={(order.agreed - ship_by) / HOUR:g})"
    return (
        "from datetime import date, datetime, timedelta\n\n"
        "from kefu.aftersales.complaints import LateRules, Shipment, late_shipment\n"
        "from kefu.presales.promises import SHANGHAI, Holiday, ship_promise\n\n"
        f"paid = datetime({paid.year}, {paid.month}, {paid.day}, {paid.hour}, {paid.minute}, tzinfo=SHANGHAI)\n"
        f"promise = ship_promise(paid{told})\n"
        f"order = Shipment(promise, {order.goods}, seen={after(order.seen)},\n"
        f"                 uploaded={after(order.uploaded)},\n"
        f"                 picked_up={after(order.picked_up)},\n"
        f"                 agreed={agreed})\n"
        f"rules = LateRules({plain(rules.late_share)}, {plain(rules.false_share)}, "
        f"{plain(rules.least)}, {plain(rules.most)}, {plain(rules.scan_within)},\n"
        f"                  {rules.source!r}, date({day.year}, {day.month}, {day.day}))\n"
        "found = late_shipment(order, rules)\n(found.kind, found.owed)"
    )


ASSUMED = (
    "比例、最少、最多、几小时，开头是本书举的例子，不是哪个平台的现行规则。各家不同，也常改："
    "打开“更多设置”，填你那家的数、出处和查的日期再算。"
)


def unsent(order: Shipment, by: datetime) -> str:
    """Return what is to be said of a number that was uploaded too late, which is another fault."""
    if (order.uploaded or order.seen) <= by:
        return ""
    return (
        f"<p class='kefu-note'>单号传晚了，该在{moment(by)}前。传晚怎么处置，看平台当期的规则；"
        "这里只算揽收晚了赔多少。</p>"
    )


def headline(found: Compensation) -> str:
    """Return what is owed in large letters, with the word for it."""
    bad = found.kind in ("延迟发货", "虚假发货")
    look = "kefu-wrong" if bad else "kefu-right"
    word = f"赔{plain(found.owed)}元" if bad else "不赔"
    return f"<p class='kefu-big'><b class='{look}'>{word}</b> <small>{'✗' if bad else '✓'} {found.kind}</small></p>"


def drawing(
    order: Shipment, rules: LateRules, found: Compensation,
    sliders: tuple[IntSlider, IntSlider, IntSlider], pause: tuple[datetime, datetime] | None,
) -> str:  # fmt: skip
    """Return the line of time over what is owed by the price of the goods, each with its handles."""
    picked, uploaded, goods = sliders
    paid = order.promise.paid_at
    due = (order.deadline - paid) / HOUR
    near = due + BEYOND
    end = near if max(picked.value, uploaded.value) <= near else float(LONGEST)
    most = float(rules.most)
    money = Frame(DEAREST, most * 1.25, y_min=-most / 10, top=162, bottom=238)

    def x(hours: float) -> float:
        return round(20 + min(hours, end) / end * (WIDTH - 40), 1)

    here, number = x(picked.value), x(uploaded.value)
    late = found.late > timedelta(0)
    label = "现在" if order.picked_up is None else "揽收"
    bars = bar(x(0), min(here, x(due)), "bar")
    if late:
        bars += bar(x(due), here, "bar bar2")
    told = [("bar", "期限内"), ("bar bar2", "晚了")]
    if pause:
        told.append(("rest", "店休，不计时"))
        begins, ends = (x((at - paid) / HOUR) for at in pause)
        bars = bar(begins, ends, "rest", 24) + bars
    flag = "end" if x(due) > WIDTH - 150 else "start"
    top = (
        legend(*told, y=14, measure=broad)
        + f"<path class='axis' d='M{x(0)},{LINE} H{x(end)}'/>{bars}"
        + f"<path class='second' d='M{x(due)},30 V{LINE + 8}'/>"
        + f"<text class='strong' x='{x(due) + (-6 if flag == 'end' else 6):.1f}' y='40' text-anchor='{flag}'>"
        + f"最晚{moment(order.deadline)}</text>"
        + grip(
            f"<circle class='reach' cx='{number}' cy='{LINE}' r='20'/>"
            f"<circle class='knob' cx='{number}' cy='{LINE}' r='7'/>",
            x=Along("uploaded", uploaded, x, high=end),
        )
        + grip(
            f"<circle class='reach' cx='{here}' cy='{LINE}' r='22'/>"
            f"<circle class='dot' cx='{here}' cy='{LINE}' r='8'/>",
            x=Along("picked", picked, x, high=end, stops=(round(due),)),
        )
        + placed(number, LINE + 26, f"传号{uploaded.value}小时")
        + placed(here, LINE + 44, f"{label}{picked.value}小时")
    )
    word: Lateness = "延迟发货" if found.kind in ("按时", "没到期") else found.kind
    share = rules.part(word)
    spots = (Decimal(1), rules.least / share, rules.most / share, Decimal(DEAREST))
    line = [(float(at), float(rules.owed(at, word))) for at in sorted(spots) if at <= DEAREST]
    dot = (money.x(goods.value), money.y(float(found.owed)))
    below = (
        legend(("line" if late else "faint", f"{word}赔多少（元）"), y=148, measure=broad)
        + money.floor("货款（元）")
        + "".join(
            f"<text x='38' y='{money.y(float(v)) + 4}' text-anchor='end'>{plain(v)}</text>"
            for v in dict.fromkeys((rules.least, rules.most))
        )
        + money.path(line, "line" if late else "faint")
        + grip(
            f"<circle class='reach' cx='{dot[0]}' cy='{dot[1]}' r='22'/>"
            f"<circle class='dot' cx='{dot[0]}' cy='{dot[1]}' r='7'/>",
            x=Along("goods", goods, money.x),
        )
    )
    return chart(
        f"付款后{uploaded.value}小时传单号，{picked.value}小时{label}，最晚{due:g}小时："
        f"{found.kind}；货款{goods.value}元，赔{plain(found.owed)}元",
        top, below, height=276, scale=f"{due} {end} {rules} {found.kind}",
    )  # fmt: skip


def bar(begins: float, ends: float, name: str, high: int = 12) -> str:
    """Return a stretch of time on the line."""
    return (
        f"<rect class='{name}' x='{begins}' y='{LINE - high / 2:g}' width='{max(ends - begins, 2):.1f}' "
        f"height='{high}' rx='6'/>"
    )


def placed(x: float, y: float, text: str) -> str:
    """Return a label below the line of time that stays inside the drawing."""
    side = "start" if x < 60 else "end" if x > WIDTH - 60 else "middle"
    return f"<text x='{x}' y='{y}' text-anchor='{side}'>{text}</text>"
