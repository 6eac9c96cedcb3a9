"""Trade: an order, how it is paid, packed and carried. Money is fen, weight units of 10 g."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from datasets.shop import goods, habits, live
from datasets.shop.calendar import (
    BACKLOG,
    DAY,
    END,
    HOUR,
    MINUTE,
    awake,
    date_text,
    day_of,
    festival,
    month_of,
    shown,
    stamp,
    working,
)
from datasets.shop.chance import Wheel
from datasets.shop.goods import Sku, yuan
from datasets.shop.habits import Plan
from datasets.shop.people import PROVINCES, Person
from datasets.shop.truths import planted
from kefu.presales import freight

METHODS = Wheel(
    {
        "支付宝余额": 30, "花呗": 26, "余额宝": 16, "快捷支付": 18, "网银": 3, "朋友代付": 4,
        "货到付款": 3,
    }
)  # fmt: skip
CARRIERS = Wheel({"青鸟快递": 74, "极光速运": 16, "绿邮小包": 10})
PROBLEMS_LATE = Wheel({"": 44, "不可抗力": 16, "丢失破损": 16, "疑难件": 18, "非本人签收": 6})
PROBLEMS_IN_TIME = Wheel({"": 970, "不可抗力": 3, "丢失破损": 8, "疑难件": 7, "非本人签收": 12})
HOLIDAYS = ("元旦", "春节", "五一", "国庆")
PACKING = 10
PROMOTION = (300_00, 40_00)  # on a festival's peak days: 满300减40
PEAKS = tuple(day_of(text) for text in ("06-16", "06-17", "06-18", "11-10", "11-11", "12-12"))
PRESALE = range(day_of("10-25"), day_of("11-10") + 1)


@dataclass(frozen=True)
class Line:
    """One SKU of an order."""

    sku: Sku
    quantity: int
    batch: str

    @property
    def amount(self) -> int:
        """Price times quantity."""
        return self.sku.price * self.quantity


@dataclass(frozen=True)
class Quote:
    """What a carrier asks for a box; money in fen."""

    carrier: str
    fee: int
    step: int
    days: int


@dataclass
class Parcel:
    """The parcel of an order; ``promised`` is a day."""

    quote: Quote
    billed: int
    uploaded: int
    shipped: int
    promised: int
    signed: int | None
    problem: str
    late: bool


@dataclass
class Order:
    """An order as it will have been, even beyond the end of the year."""

    order_id: str
    plan: Plan
    created: int
    lines: list[Line]
    province: str
    zone: str
    source: str
    quote: Quote
    method: str
    kind: str = "现货"
    agreed: int | None = None
    paid: int | None = None
    discount: int = 0
    freight: int = 0
    touch: str = ""
    chat_id: str = ""
    show_id: str = ""
    parcel: Parcel | None = None
    closed: int | None = None
    reason: str = ""
    reminder: tuple[int, str] | None = None  # minutes after the order, channel
    refunded: dict[int, int] = field(default_factory=dict)  # line number to fen
    returned: bool = False  # asked for, or complained of, within the year
    complained: bool = False

    @property
    def goods(self) -> int:
        """Sum of the lines."""
        return sum(line.amount for line in self.lines)

    @property
    def pieces(self) -> int:
        """Number of pieces."""
        return sum(line.quantity for line in self.lines)

    @property
    def to_pay(self) -> int:
        """Goods less discount plus freight."""
        return self.goods - self.discount + self.freight

    @property
    def is_paid(self) -> bool:
        """Whether it was paid within the year."""
        return self.paid is not None and self.paid < END

    @property
    def status(self) -> str:
        """The state at the end of the year."""
        if self.closed is not None and self.closed < END:
            return "交易关闭" if self.reason else "交易成功"
        if not self.is_paid:
            return "待付款"
        return "已发货" if self.parcel and self.parcel.shipped < END else "已付款"


@lru_cache(maxsize=50_000)
def quotes(weight: int, length: int, width: int, height: int, province: str) -> tuple[Quote, ...]:
    """Return what the carriers ask, cheapest first."""
    box = freight.Parcel(Decimal(weight) / 100, *map(Decimal, (length, width, height)))
    return tuple(
        Quote(
            rate.service.carrier,
            int(rate.fee * 100),
            int(rate.service.tariff.step_fee * 100),
            rate.service.days,
        )
        for rate in freight.compare(box, province)
    )


def box(lines: list[Line]) -> tuple[int, int, int, int]:
    """Return the weight and size of a box in which the pieces are stacked."""
    return (
        PACKING + sum(line.sku.weight * line.quantity for line in lines),
        max(line.sku.length for line in lines),
        max(line.sku.width for line in lines),
        sum(line.sku.height * line.quantity for line in lines),
    )


def order(rng: random.Random, person: Person, plan: Plan, key: int) -> Order:
    """Return a new order with its goods, source and quote, not yet paid."""
    day = plan.at // DAY
    wanted = goods.wishes(rng, month_of(day))
    show = live.showing(plan.at)
    watched = show is not None and rng.random() < 0.7
    if show and watched:
        wanted[0] = show.on_screen(plan.at)
    chosen = goods.picked(rng, goods.topped_up(rng, wanted))
    lines = [Line(sku, n, goods.batch(sku.product, day)) for sku, n in chosen.items()]
    province = person.province if rng.random() < 0.95 else PROVINCES.spin(rng)
    offers, carrier = quotes(*box(lines), province), CARRIERS.spin(rng)
    if watched:
        source = "直播"
    elif festival(day) and rng.random() < 0.5:
        source = "活动"
    else:
        source = rng.choice(("搜索", "搜索", "推荐"))
    made = Order(
        order_id=f"NX{date_text(day)[2:].replace('-', '')}{key:05}",
        plan=plan,
        created=plan.at,
        lines=lines,
        province=province,
        zone=freight.zone_of(province),
        source=source,
        quote=next((offer for offer in offers if offer.carrier == carrier), offers[0]),
        method=METHODS.spin(rng),
        show_id=show.show_id if show and watched else "",
    )
    rule = planted("threshold")
    ships_free = made.goods >= rule["amount"] * 100 and province not in rule["excluded"]
    made.freight = 0 if ships_free else made.quote.fee
    if day in PRESALE and rng.random() < 0.12:
        made.kind, made.agreed = "预售", max(day_of("11-18"), day + 7)
    if day in PEAKS and made.goods >= PROMOTION[0]:
        made.discount = PROMOTION[1]
    return made


def pay(rng: random.Random, made: Order) -> None:
    """Let an order be paid or close, with the reminder that it may take."""
    lasting = made.created + DAY
    if not made.plan.paid:
        if rng.random() < 0.85:
            made.reminder = reminder(rng, paid=False)
        cancelled = rng.random() < 0.15
        made.closed = rng.randint(lasting - 3 * HOUR, lasting - 1) if cancelled else lasting
        made.reason = "买家取消" if cancelled else "超时未付款"
    elif rng.random() < planted("reminders")["reminded_paid_orders"]:
        made.reminder = reminder(rng, paid=True)
        made.paid = made.created + made.reminder[0] * MINUTE + rng.randint(30, 20 * MINUTE)
    else:
        made.paid = made.created + 4 + int(min(rng.expovariate(1 / 70), 25 * MINUTE))


def reminder(rng: random.Random, paid: bool) -> tuple[int, str]:
    """Return when an order is reminded of, drawn after whether it will be paid.

    By Bayes' rule this gives each stretch of minutes its planted share of paid orders.
    """
    values = planted("reminders")
    edges = values["minutes"]
    weights = {
        (low, high): sent * (share if paid else 1 - share)
        for low, high, sent, share in zip(
            edges[:-1], edges[1:], values["sent"], values["paid"], strict=True
        )
    }
    low, high = Wheel(weights).spin(rng)
    minutes = int(low * (high / low) ** rng.random())
    return minutes, "旺旺" if minutes < 60 or rng.random() < 0.4 else "短信"


def ship(rng: random.Random, made: Order) -> None:
    """Pack a paid order and carry it; whether it comes late follows the planted effect."""
    assert made.paid is not None
    start = made.paid if made.agreed is None else (made.agreed - 1) * DAY + 9 * HOUR
    lead = rng.triangular(0.5, 9, 2.5)
    if start // DAY in BACKLOG:
        lead += rng.triangular(4, 40, 16)
    uploaded = working(working(start) + int(lead * HOUR))
    shipped = uploaded + int(rng.triangular(1, 20, 6) * HOUR)
    day = uploaded // DAY
    promised = day + 1 + made.quote.days
    late = habits.late(rng, made.zone, day, made.plan)
    holiday = any(festival(d) in HOLIDAYS for d in range(day, promised))
    if late and holiday and rng.random() < 0.6:
        problem = "节假日延长"
    else:
        problem = (PROBLEMS_LATE if late else PROBLEMS_IN_TIME).spin(rng)
    out = shipped // DAY
    if late:
        arrival = promised + 1 + min(int(rng.expovariate(0.7)), 9) + (2 if problem else 0)
    else:
        arrival = max(out + 1, promised - rng.choice((0, 0, 1, 1, 1, 2)))
    signed: int | None = arrival * DAY + int(rng.triangular(8.5, 20.5, 13) * HOUR)
    if late and problem == "丢失破损" and rng.random() < 0.5:
        signed = None
    values = planted("misbilled")
    over = (
        made.quote.carrier == values["carrier"]
        and month_of(min(made.paid, END - 1) // DAY) + 1 in values["months"]
        and rng.random() < values["share"]
    )
    billed = made.quote.fee + (made.quote.step if over else 0)
    made.parcel = Parcel(made.quote, billed, uploaded, shipped, promised, signed, problem, late)


def confirm(rng: random.Random, made: Order) -> None:
    """Let the buyer confirm the receipt, or the platform after ten days."""
    assert made.parcel is not None
    if made.parcel.signed is not None and made.closed is None:
        waited = int(rng.triangular(0.1, 7, 1) * DAY)
        by_itself = rng.random() < 0.45
        made.closed = (
            made.parcel.signed + 10 * DAY if by_itself else awake(made.parcel.signed + waited)
        )


SCANS = ("嘉兴分拨中心", "分拨中心")
TROUBLE = {
    "不可抗力": "暴雨，道路中断，等待放行",
    "节假日延长": "节假日派送延后",
    "丢失破损": "外包装破损，核实中",
    "疑难件": "电话无人接听，地址不详，暂存网点",
    "非本人签收": "",
}


def scans(rng: random.Random, made: Order) -> Iterator[tuple[int, str, str, str]]:
    """Yield the tracking events of a parcel in their order: time, event, place, note."""
    parcel = made.parcel
    assert parcel is not None
    end = parcel.signed or parcel.shipped + 9 * DAY
    way = end - parcel.shipped
    steps = [0.0, 0.08, 0.2, 0.55, 0.7, 0.92]
    times = [parcel.shipped + int(way * (s + (0.03 * rng.random() if s else 0))) for s in steps]
    there = f"{made.province}分拨中心"
    yield times[0], "揽收", "浙江嘉兴", ""
    yield times[1], "到达", SCANS[0], ""
    yield times[2], "发出", SCANS[0], ""
    lost = parcel.signed is None
    if parcel.problem == "丢失破损" and lost:
        yield times[4], "异常", there, "包裹遗失，已登记理赔"
        return
    yield times[3], "到达", there, ""
    if TROUBLE.get(parcel.problem):
        yield times[4], "异常", there, TROUBLE[parcel.problem]
    yield times[5], "派送", made.province, ""
    if parcel.problem == "非本人签收":
        yield end, "代收", made.province, rng.choice(("门卫代收", "邻居代收", "放在快递柜"))
    else:
        yield end, "签收", made.province, ""


def order_row(made: Order, person: Person) -> dict[str, object]:
    """Return the row of the table ``orders``."""
    closed = shown(made.closed)
    return {
        "order_id": made.order_id,
        "customer_id": person.customer_id,
        "created_at": stamp(made.created),
        "paid_at": shown(made.paid),
        "status": made.status,
        "closed_at": closed,
        "close_reason": made.reason if closed else "",
        "source": made.source,
        "kind": made.kind,
        "agreed_date": "" if made.agreed is None else date_text(made.agreed),
        "province": made.province,
        "pieces": made.pieces,
        "goods_amount": yuan(made.goods),
        "discount": yuan(made.discount),
        "buyer_freight": yuan(made.freight),
        "paid_amount": yuan(made.to_pay if made.is_paid else 0),
        "coupon_touch": made.touch,
        "chat_id": made.chat_id,
        "show_id": made.show_id,
    }


def parcel_row(made: Order, parcel_id: str) -> dict[str, object]:
    """Return the row of the table ``parcels``."""
    parcel = made.parcel
    assert parcel is not None
    weight, length, width, height = box(made.lines)
    return {
        "parcel_id": parcel_id,
        "order_id": made.order_id,
        "carrier": parcel.quote.carrier,
        "zone": made.zone,
        "weight_kg": yuan(weight),
        "length_cm": length,
        "width_cm": width,
        "height_cm": height,
        "billed_freight": yuan(parcel.billed),
        "uploaded_at": stamp(parcel.uploaded),
        "shipped_at": stamp(parcel.shipped),
        "promised_on": date_text(parcel.promised),
        "signed_at": shown(parcel.signed),
        "problem": parcel.problem if (parcel.signed or 0) < END else "",
    }
