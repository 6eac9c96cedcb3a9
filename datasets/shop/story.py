"""One customer's year from beginning to end, and what it adds to the shop's tables."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from datasets.shop import aftersales, anger, goods, habits, people, relations, service, trade
from datasets.shop.aftersales import Return
from datasets.shop.anger import Fury, Verdict
from datasets.shop.calendar import (
    DAY,
    DAYS,
    END,
    HOUR,
    MINUTE,
    awake,
    date_text,
    festival,
    moment,
    season,
    shown,
    stamp,
    weekday,
)
from datasets.shop.chance import poisson
from datasets.shop.dirt import Exports
from datasets.shop.goods import yuan
from datasets.shop.habits import Plan
from datasets.shop.live import showing
from datasets.shop.people import Person
from datasets.shop.relations import Ledger, Touch
from datasets.shop.room import Sampled
from datasets.shop.rota import Rota
from datasets.shop.service import Chat, Desk, Talk
from datasets.shop.shelf import week_of
from datasets.shop.sizing import Sizing
from datasets.shop.tables import Tables
from datasets.shop.trade import Order
from datasets.shop.truths import planted

SLOW = 120  # seconds to the first answer that a buyer remembers
SAMPLE = 12  # every twelfth customer's parcels have all their tracking


@dataclass
class Totals:
    """What is counted over all customers: a few numbers a day, however large the shop."""

    enquirers: Counter[int] = field(default_factory=Counter)
    orders: Counter[int] = field(default_factory=Counter)
    paid: Counter[int] = field(default_factory=Counter)
    sampled: Sampled = field(default_factory=Sampled)
    listed: Counter[tuple[str, int]] = field(default_factory=Counter)  # orders, by product, week
    pieces: Counter[tuple[str, int]] = field(default_factory=Counter)  # paid, likewise


@dataclass(frozen=True)
class Shop:
    """What all customers share."""

    seed: int
    customers: int
    tables: Tables
    exports: Exports
    totals: Totals = field(default_factory=Totals)
    rota: Rota = field(default_factory=Rota)
    sizing: Sizing = field(default_factory=Sizing)

    @cached_property
    def fury(self) -> Fury:
        """Who is furious: looked for from a customer in the first third on."""
        return Fury(random.Random(f"{self.seed}/furious").randint(1, self.customers // 3))

    def stream(self, number: int, purpose: str) -> random.Random:
        """Return one customer's own source of chance for one purpose.

        What is drawn from it changes nothing that is drawn for another.
        """
        return random.Random(f"{self.seed}/{number}/{purpose}")

    def extortionists(self) -> list[int]:
        """Return the numbers of the two professional extortionists."""
        rng = random.Random(f"{self.seed}/extortionists")
        return sorted(
            rng.sample(range(1, self.customers + 1), planted("extortionists")["customers"])
        )


@dataclass
class Life:
    """One customer's year while it is told."""

    shop: Shop
    rng: random.Random
    desk: Desk
    sizes: random.Random
    anger: random.Random
    person: Person
    wicked: bool
    touches: list[Touch] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    enquiries: list[int] = field(default_factory=list)  # moments
    chats: list[Chat] = field(default_factory=list)  # held until the order's end is known
    surveyed: bool = False

    @property
    def voice(self) -> random.Random:
        """The chance of words."""
        return self.desk.voice


def tell(shop: Shop, number: int, wicked: bool) -> None:
    """Make one customer with everything that happens, and write it down."""
    rng = random.Random(f"{shop.seed}/{number}")
    desk = Desk(shop.stream(number, "words"), shop.rota, shop.stream(number, "shifts"))
    sizes, anger_ = shop.stream(number, "sizes"), shop.stream(number, "anger")
    life = Life(shop, rng, desk, sizes, anger_, people.person(rng, number), wicked)
    bought, members = habits.campaigned(rng, life.person, habits.purchases(rng, life.person))
    if wicked:
        bought, members = habits.extortionist(rng), []
    for member in members:
        if member.treated:
            sent = member.campaign.starts * DAY + 10 * HOUR + rng.randrange(2 * HOUR)
            life.touches.append(Touch(shop.tables.key("T"), member, sent))
    plans = [*bought, *habits.attempts(rng, life.person, len(bought))]
    for plan in sorted(plans, key=lambda plan: plan.at):
        place_order(life, plan)
    ask_in_vain(life)
    seen = [made.created // DAY for made in life.orders] + [at // DAY for at in life.enquiries]
    since = people.registered(rng, min(seen, default=None))
    relations.retire(rng, life.ledger, since)
    write(life, since, members)


def place_order(life: Life, plan: Plan) -> None:
    """Tell one order: asked about, placed, paid, sent, returned, reviewed."""
    rng, tables = life.rng, life.shop.tables
    tables.keys["NX"] = tables.keys.get("NX", 0) + 1
    made = trade.order(rng, life.person, plan, tables.keys["NX"])
    percent = relations.LEVELS[relations.level(life.orders, made.created)][3]
    made.discount += made.goods * (100 - percent) // 100
    if plan.paid:
        for touch in life.touches:
            if touch.covers(made) and rng.random() < 0.85:
                touch.order, made.touch, made.source = made, touch.touch_id, "活动"
                made.discount += touch.member.campaign.value * 100
        relations.spend(rng, life.ledger, made)
    trade.pay(rng, made)
    slow = enquire(life, made)
    life.orders.append(made)
    asked = fulfil(life, made, slow) if made.is_paid else []
    for chat in life.chats:
        life.shop.sizing.talk(life.sizes, chat, made, asked)
        service.write(tables, chat)
    life.chats.clear()


def enquire(life: Life, made: Order) -> bool:
    """Tell the chat that came before an order, if any; return whether the answer was slow."""
    rng, values = life.rng, planted("conversion")
    start = made.created - 6 * MINUTE
    if start < 0 or made.show_id or rng.random() >= values["enquiring"] * (1 + made.plan.paid) / 2:
        return False
    handled_by = service.handled(rng, "售前", start)
    if not made.plan.paid and not service.asks_in_vain(rng, start, handled_by):
        return False
    talk = Talk("售前", service.TOPICS.spin(rng), made.lines[0].sku, made.plan.paid)
    chat = service.chat(
        rng,
        life.desk,
        life.shop.tables,
        life.person,
        talk,
        start,
        handled_by=handled_by,
        before=made.created,
    )
    if chat is None:
        return False
    life.chats.append(chat)
    life.enquiries.append(chat.started)
    made.chat_id = chat.chat_id
    if made.source != "活动":
        made.source = "咨询"
    return chat.first_response > SLOW


def ask_in_vain(life: Life) -> None:
    """Tell the enquiries after which nothing is bought."""
    rng = life.rng
    for _ in range(poisson(rng, planted("conversion")["others"])):
        start = moment(season(rng))
        handled_by = service.handled(rng, "售前", start)
        near = any(-DAY < made.created - start < 2 * DAY for made in life.orders)
        if near or not service.asks_in_vain(rng, start, handled_by):
            continue
        product = goods.popular(0).spin(rng)
        talk = Talk("售前", service.TOPICS.spin(rng), goods.variant(rng, product))
        chat = service.chat(
            rng, life.desk, life.shop.tables, life.person, talk, start, handled_by=handled_by
        )
        if chat:
            life.shop.sizing.talk(life.sizes, chat, None, [])
            service.write(life.shop.tables, chat)
            life.enquiries.append(chat.started)


def fulfil(life: Life, made: Order, slow: bool) -> list[Return]:
    """Tell what happens to a paid order: parcel, returns, chats, reviews, points.

    Returns what was asked to go back.
    """
    rng = life.rng
    if rng.random() < aftersales.CHANGED_MIND and not life.wicked:
        asked = aftersales.before_shipping(rng, made)
    else:
        trade.ship(rng, made)
        asked = [] if life.wicked else aftersales.after_delivery(rng, made)
        trade.confirm(rng, made)
    for one in asked:
        life.shop.sizing.relabel(life.sizes, made.lines[one.line - 1].sku, one)
        write_return(life, made, one)
    complain(life, made, asked)
    talk_after(life, made, asked)
    verdict = judge(life, made, asked, slow)
    if verdict and not life.wicked:
        anger.complaint(life.anger, made, verdict, life.chats)
        life.shop.fury.strikes(life.anger, made, asked, verdict, life.chats)
    if verdict and verdict.row:
        life.shop.tables.add("reviews", {"review_id": life.shop.tables.key("V")} | verdict.row)
    if made.closed is not None and not made.reason:
        early = {one.line: one.amount for one in asked if one.closed and one.closed <= made.closed}
        earned = made.to_pay - sum(early.values())
        life.ledger.add(made.closed, max(earned, 0) // 100, "购物", made.order_id)
        for one in asked:
            if one.closed and one.closed > made.closed and one.amount:
                life.ledger.add(one.closed, -(one.amount // 100), "退款扣回", made.order_id)
    return asked


def write_return(life: Life, made: Order, one: Return) -> None:
    """Write a return that was asked for within the year."""
    if one.requested < END:
        tables = life.shop.tables
        tables.add("returns", aftersales.return_row(one, made, tables.key("R")))
        made.returned = True


def complain(life: Life, made: Order, asked: list[Return]) -> None:
    """Write the disputes about an order."""
    rng, tables = life.rng, life.shop.tables
    found = list(aftersales.disputes(rng, made, asked))
    outcome = ""
    if life.wicked and made.parcel and made.parcel.signed:
        found = [(made.parcel.signed + 2 * DAY, "纠纷", "期望")]
        outcome = "支持卖家"
    for opened, kind, cause in found:
        if awake(opened) < END:
            row = aftersales.dispute_row(rng, made, opened, kind, cause, outcome)
            tables.add("disputes", {"dispute_id": tables.key("J")} | row)
            made.complained |= kind == "投诉"


def occasions(life: Life, made: Order, asked: list[Return]) -> Iterator[tuple[int, str, int, bool]]:
    """Yield when and about what (topic, line) a buyer comes back, and whether it is trouble."""
    rng, parcel = life.rng, made.parcel
    if life.wicked and parcel and parcel.signed:
        yield (
            parcel.signed // DAY * DAY + DAY + rng.randint(10 * HOUR, 18 * HOUR),
            "售后问题",
            1,
            True,
        )
        return
    trouble = bool(parcel and (parcel.late or parcel.problem))
    if parcel and parcel.late and rng.random() < 0.5:
        start = (parcel.promised + 1) * DAY + int(rng.triangular(8, 34, 14) * HOUR)
        yield min(start, (parcel.signed or start + 1) - 1), "物流问题", 1, True
    elif parcel and rng.random() < (0.5 if parcel.problem else 0.055):
        yield (
            rng.randint(parcel.shipped, parcel.signed or parcel.shipped + DAY),
            "物流问题",
            1,
            trouble,
        )
    for one in asked[:1]:
        if rng.random() < 0.55:
            assert made.paid is not None
            start = max(one.requested - rng.randint(60, 3600), made.paid + 30)
            yield start, "售后问题", one.line, one.fault != "买家"
    if parcel and parcel.signed and rng.random() < 0.05:
        start = awake(parcel.signed + int(rng.triangular(0.1, 12, 2) * DAY))
        yield start, rng.choice(("商品问题", "售后问题", "聊天互动")), 1, False


def talk_after(life: Life, made: Order, asked: list[Return]) -> None:
    """Tell the chats after the sale."""
    rng = life.rng
    for start, topic, line, trouble in occasions(life, made, asked):
        if start >= END or start < 0:
            continue
        sent = made.parcel is not None and made.parcel.shipped <= start
        over = made.closed is not None and made.closed <= start
        claim = 100 * (made.goods // 1000 + rng.randint(2, 4)) if life.wicked else 0
        state = (
            ("交易关闭" if made.reason else "交易成功") if over else "已发货" if sent else "已付款"
        )
        talk = Talk("售后", topic, made.lines[line - 1].sku, False, made, state, trouble, claim)
        handled_by = "人工" if claim else service.handled(rng, "售后", start)
        chat = service.chat(
            rng, life.desk, life.shop.tables, life.person, talk, start, handled_by=handled_by
        )
        if chat:
            life.chats.append(chat)


def judge(life: Life, made: Order, asked: list[Return], slow: bool) -> Verdict | None:
    """Return the verdict on an order that succeeded, and write the answer to the survey."""
    rng, tables, row = life.rng, life.shop.tables, None
    if made.closed is None or made.reason or made.closed >= END or made.parcel is None:
        return None
    line = rng.randint(1, len(made.lines))
    cause = "恶意" if life.wicked else aftersales.cause_of(rng, made, line, slow, asked)
    written = awake(made.closed + int(rng.triangular(0, 10, 0.5) * DAY))
    if written < END and (life.wicked or rng.random() < planted("bad_reviews")["reviewed"]):
        row = aftersales.review_row(rng, life.voice, made, life.person, line, cause, written)
        if not cause and row["has_photo"] == "true":
            life.ledger.add(written + HOUR, relations.REVIEWED, "优质评价", made.order_id)
    if not life.surveyed and not life.wicked and rng.random() < 0.2:
        life.surveyed = True
        answers = aftersales.survey_row(rng, life.voice, made, life.person, cause, slow, asked)
        if answers:
            tables.add("survey", {"response_id": tables.key("S")} | answers)
    return Verdict(line, cause, written, row)


def write(life: Life, since: int, members: list[habits.Membership]) -> None:
    """Write the customer, the orders with all that belongs to them, touches and points."""
    person, tables, totals = life.person, life.shop.tables, life.shop.totals
    points = list(relations.point_rows(life.ledger, person))
    customer: dict[str, object] = {
        "customer_id": person.customer_id,
        "nickname": person.nickname,
        "birthday": person.birthday,
        "province": person.province,
        "source": person.source,
        "registered_on": date_text(since),
        "level": relations.LEVELS[relations.level(life.orders)][0],
        "points": points[-1]["balance"] if points else 0,
        "phone": person.phone,
        "sms_consent": str(person.sms_consent).lower(),
        "ads_consent": str(person.ads_consent).lower(),
        "note": person.note,
    }
    tables.add("customers", customer)
    life.shop.exports.add(life.rng, customer)
    for made in life.orders:
        write_order(life, made)
    for touch in life.touches:
        tables.add("touches", relations.touch_row(life.rng, touch, person))
    for member in members:
        tables.add("campaign_members", relations.member_row(member, person, life.orders))
    for row in points:
        tables.add("points", {"entry_id": tables.key("E")} | row)
    totals.enquirers.update({at // DAY for at in life.enquiries})


def write_order(life: Life, made: Order) -> None:
    """Write one order, its lines, payment, reminder, parcel and tracking; count it."""
    tables, totals = life.shop.tables, life.shop.totals
    tables.add("orders", trade.order_row(made, life.person))
    totals.orders[made.created // DAY] += 1
    week = week_of(made.created // DAY)
    totals.listed.update({(line.sku.product, week) for line in made.lines})
    if made.is_paid:
        for line in made.lines:
            totals.pieces[line.sku.product, week] += line.quantity
    show = showing(made.created)
    if made.show_id and show:
        place = made.show_id, (made.created - show.starts) // MINUTE
        totals.sampled.orders[place] += 1
        totals.sampled.returned[place] += made.returned
        totals.sampled.complained[place] += made.complained
    for number, line in enumerate(made.lines, start=1):
        tables.add(
            "order_lines",
            {
                "order_id": made.order_id,
                "line": number,
                "sku": line.sku.sku,
                "quantity": line.quantity,
                "unit_price": yuan(line.sku.price),
                "amount": yuan(line.amount),
                "batch": line.batch,
            },
        )
    if made.is_paid and made.paid is not None:
        totals.paid[made.paid // DAY] += made.to_pay
        tables.add(
            "payments",
            {
                "payment_id": tables.key("F"),
                "order_id": made.order_id,
                "paid_at": stamp(made.paid),
                "method": made.method,
                "amount": yuan(made.to_pay),
            },
        )
    if made.reminder and made.created + made.reminder[0] * MINUTE < END:
        minutes, channel = made.reminder
        tables.add(
            "reminders",
            {
                "reminder_id": tables.key("U"),
                "order_id": made.order_id,
                "sent_at": shown(made.created + minutes * MINUTE),
                "minutes_after": minutes,
                "channel": channel,
                "paid_after": str(made.is_paid).lower(),
            },
        )
    if made.is_paid and made.parcel and made.parcel.shipped < END:
        write_parcel(life, made)


def write_parcel(life: Life, made: Order) -> None:
    """Write a parcel, with its tracking where it had a problem or is in the sample."""
    tables = life.shop.tables
    row = trade.parcel_row(made, tables.key("P"))
    tables.add("parcels", row)
    if row["problem"] or life.person.number % SAMPLE == 0:
        for at, event, place, note in trade.scans(life.rng, made):
            if at < END:
                tables.add(
                    "tracking",
                    {
                        "parcel_id": row["parcel_id"],
                        "at": stamp(at),
                        "event": event,
                        "place": place,
                        "note": note,
                    },
                )


def day_rows(shop: Shop) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``days``, once all customers are told."""
    rng, totals = random.Random(f"{shop.seed}/days"), shop.totals
    for day in range(DAYS):
        looking = 16 * totals.orders[day] + 5 * totals.enquirers[day] + shop.customers / 50
        yield {
            "date": date_text(day),
            "weekday": "周" + "一二三四五六日"[weekday(day)],
            "festival": festival(day),
            "visitors": round(looking * (0.85 + 0.3 * rng.random())),
            "enquirers": totals.enquirers[day],
            "orders": totals.orders[day],
            "paid_amount": yuan(totals.paid[day]),
        }
