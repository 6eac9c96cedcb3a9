"""Relations: touches and arms of campaigns, membership levels, the ledger of points."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from datasets.shop.calendar import DAY, DAYS, END, HOUR, date_text, stamp
from datasets.shop.goods import yuan
from datasets.shop.habits import CAMPAIGNS, Membership
from datasets.shop.people import Person
from datasets.shop.trade import Order

# level, least amount (yuan) and orders within the year, price in percent, priority, gift
LEVELS = [
    ("普通", 0, 0, 100, 0, ""),
    ("银卡", 200, 1, 98, 1, "生日积分100"),
    ("金卡", 600, 3, 95, 2, "生日券15元"),
    ("黑金", 1500, 5, 92, 3, "生日礼一份"),
]
POINTS_A_YUAN = 100
REVIEWED, SIGNED_IN = 20, 5
COUPON, GIFT = 200, 500


@dataclass
class Touch:
    """What one customer got in a campaign."""

    touch_id: str
    member: Membership
    sent: int
    order: Order | None = None

    def covers(self, made: Order) -> bool:
        """Return whether its coupon may be used for an order."""
        campaign = self.member.campaign
        return (
            self.order is None
            and campaign.value > 0
            and self.sent < made.created < (campaign.ends + 1) * DAY
            and made.goods >= campaign.threshold * 100
        )


def level(orders: Sequence[Order], moment: int = END) -> int:
    """Return a customer's place in ``LEVELS``, from the orders that succeeded before a moment."""
    done = [made for made in orders if made.closed and made.closed < moment and not made.reason]
    return reached(sum(made.to_pay for made in done), len(done))[0]


def reached(amount: int, orders: int) -> tuple[int, str]:
    """Return the place in ``LEVELS``, and its name, that an amount (fen) and orders give.

    >>> reached(600_00, 3), reached(599_99, 9)
    ((2, '金卡'), (1, '银卡'))
    """
    enough = [amount >= least * 100 and orders >= few for _, least, few, *_ in LEVELS]
    place = max(place for place, there in enumerate(enough) if there)
    return place, LEVELS[place][0]


@dataclass
class Ledger:
    """A customer's points: what was earned and used, and when."""

    entries: list[tuple[int, int, str, str]] = field(default_factory=list)

    def add(self, moment: int, change: int, reason: str, order_id: str = "") -> None:
        """Note a change. What would come after the year is left out."""
        if change and 0 <= moment < END:
            self.entries.append((moment, change, reason, order_id))

    def balance(self, moment: int) -> int:
        """Return the balance at a moment, of what is known then."""
        return sum(row[1] for row in settled(self.entries) if row[0] <= moment)


def settled(entries: Sequence[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    """Return the entries in their order, none of which takes more than there is."""
    balance, done = 0, []
    for moment, change, reason, order_id in sorted(entries):
        change = max(change, -balance)
        if change:
            balance += change
            done.append((moment, change, reason, order_id))
    return done


def spend(rng: random.Random, ledger: Ledger, made: Order) -> None:
    """Let points be used for an order that is about to be paid: 100 points are one yuan."""
    yuans = min(ledger.balance(made.created) // POINTS_A_YUAN, 10, made.goods // 200)
    if yuans >= 2 and rng.random() < 0.3:
        ledger.add(made.created, -yuans * POINTS_A_YUAN, "抵扣", made.order_id)
        made.discount += yuans * 100


def retire(rng: random.Random, ledger: Ledger, since: int) -> None:
    """Add what happens to points beside orders: signing in, exchanging, running out."""
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        ledger.add(
            max(since, 0) * DAY + int(rng.random() * (DAYS - max(since, 0)) * DAY), 5, "签到"
        )
    last = max((moment for moment, *_ in ledger.entries), default=END)
    later = last + int(rng.triangular(1, 40, 10) * DAY)
    held = ledger.balance(END)
    if held >= GIFT and rng.random() < 0.15:
        ledger.add(later, -GIFT, "兑礼")
    elif held >= COUPON and rng.random() < 0.2:
        ledger.add(later, -COUPON, "兑券")
    elif 0 < held < 50 and last < 120 * DAY and rng.random() < 0.3:
        ledger.add(END - HOUR, -held, "过期")


def point_rows(ledger: Ledger, person: Person) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``points`` of one customer, without their keys."""
    balance = 0
    for moment, change, reason, order_id in settled(ledger.entries):
        balance += change
        yield {
            "customer_id": person.customer_id,
            "at": stamp(moment),
            "change": change,
            "balance": balance,
            "reason": reason,
            "order_id": order_id,
        }


def touch_row(rng: random.Random, touch: Touch, person: Person) -> dict[str, object]:
    """Return the row of the table ``touches``; loyal customers flee from a flood of messages."""
    campaign = touch.member.campaign
    flood = campaign.kind == "短信" and "loyal" in touch.member.segments
    opened = touch.order is not None or rng.random() < (0.3 if campaign.kind == "短信" else 0.42)
    return {
        "touch_id": touch.touch_id,
        "campaign_id": campaign.campaign_id,
        "customer_id": person.customer_id,
        "sent_at": stamp(touch.sent),
        "channel": campaign.channel,
        "coupon_value": yuan(campaign.value * 100) if campaign.value else "",
        "coupon_threshold": yuan(campaign.threshold * 100) if campaign.value else "",
        "opened": str(opened).lower(),
        "redeemed_order": touch.order.order_id if touch.order else "",
        "unsubscribed": str(rng.random() < (0.09 if flood else 0.01)).lower(),
    }


def member_row(member: Membership, person: Person, orders: Sequence[Order]) -> dict[str, object]:
    """Return the row of the table ``campaign_members``."""
    campaign = member.campaign
    window = range(campaign.starts * DAY, (campaign.ends + 1) * DAY)
    bought = [made for made in orders if made.is_paid and made.paid in window]
    return {
        "campaign_id": campaign.campaign_id,
        "customer_id": person.customer_id,
        "arm": "实验" if member.treated else "对照",
        "converted": str(bool(bought)).lower(),
        "spent": yuan(sum(made.to_pay for made in bought)),
    }


def campaign_rows() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``campaigns``."""
    for campaign in CAMPAIGNS:
        yield {
            "campaign_id": campaign.campaign_id,
            "name": campaign.name,
            "kind": campaign.kind,
            "starts_on": date_text(campaign.starts),
            "ends_on": date_text(campaign.ends),
            "audience": campaign.audience,
            "value": yuan(campaign.value * 100) if campaign.value else "",
            "threshold": yuan(campaign.threshold * 100) if campaign.value else "",
            "channel": campaign.channel,
        }


def level_rows() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``levels``."""
    for name, amount, orders, discount, priority, gift in LEVELS:
        yield {
            "level": name,
            "min_amount": yuan(amount * 100),
            "min_orders": orders,
            "discount": yuan(discount),
            "priority": priority,
            "gift": gift,
        }
