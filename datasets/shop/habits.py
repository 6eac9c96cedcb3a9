"""When a customer buys: the planted repeat process, campaigns that move it, unpaid attempts.

Purchases follow BG/NBD on an even clock (``calendar.moment`` bends it a little). Whether a parcel
comes late is drawn *after* whether the customer buys again, with the odds that give late parcels
their planted effect: the effect is there, and the repeat process is still the planted one. Only
campaigns add and remove a few orders (about one in a hundred).
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from datasets.shop.calendar import BACKLOG, DAY, DAYS, END, day_of, moment, season
from datasets.shop.chance import poisson
from datasets.shop.people import Person
from datasets.shop.truths import planted


@dataclass
class Plan:
    """An order that will come: when, whether it will be paid, whether and how likely another is.

    ``chance`` is what BG/NBD says, on the day, of another purchase before the year ends.
    """

    at: int
    paid: bool = True
    returns: bool = False
    chance: float = 0.4


@dataclass(frozen=True)
class Campaign:
    """A campaign: its days, whom it is for (fixed before it starts), what it offers (yuan)."""

    campaign_id: str
    name: str
    kind: str
    starts: int
    ends: int
    audience: str
    value: int
    threshold: int
    channel: str
    consent: str  # the field of Person that allows it
    control: bool = True
    least_orders: int = 1


CAMPAIGNS = (
    Campaign(
        "M01", "38节上新海报", "海报", day_of("03-01"), day_of("03-08"),
        "同意个性化推荐、下过单的客户，随机一半", 0, 0, "消息盒子", "ads_consent",
    ),
    Campaign(
        "M02", "618红包", "红包", day_of("06-10"), day_of("06-18"),
        "同意个性化推荐、下过单的客户，随机一半", 5, 59, "消息盒子", "ads_consent",
    ),
    Campaign(
        "M03", "九月老客唤醒券", "优惠券", day_of("09-01"), day_of("09-14"),
        "同意个性化推荐、下过单的客户，随机一半", 20, 99, "优惠券", "ads_consent",
    ),
    Campaign(
        "M04", "双11连环短信", "短信", day_of("11-01"), day_of("11-11"),
        "同意接收短信、下过单的客户，随机一半", 0, 0, "短信", "sms_consent",
    ),
    Campaign(
        "M05", "双12老客专享券", "优惠券", day_of("12-08"), day_of("12-14"),
        "同意个性化推荐、下过两单以上的客户，全部", 15, 99, "优惠券", "ads_consent",
        control=False, least_orders=2,
    ),
)  # fmt: skip


@dataclass
class Membership:
    """One customer's part in a campaign."""

    campaign: Campaign
    treated: bool
    segments: frozenset[str] = field(default_factory=frozenset)


def purchases(rng: random.Random, person: Person) -> list[Plan]:
    """Return the orders that a customer would pay without any campaign."""
    if not person.buyer:
        return []
    values = planted("repeat")
    rate = rng.gammavariate(values["r"], 1 / values["alpha"]) / 7
    leaves = rng.betavariate(values["a"], values["b"])
    times = [season(rng)]
    while len(times) == 1 or rng.random() >= leaves:  # nobody leaves after the first order
        following = times[-1] + rng.expovariate(max(rate, 1e-6))
        if following >= DAYS:
            break
        times.append(following)
    return [
        Plan(moment(time), returns=nth + 1 < len(times), chance=chance(nth, time - times[0], time))
        for nth, time in enumerate(times)
    ]


def chance(repeats: int, since: float, time: float) -> float:
    """Return the chance of another purchase in the year, ``since`` days after the first one."""
    values = planted("repeat")
    staying = (values["b"] + repeats - 1) / (values["a"] + values["b"] + repeats - 1)
    known = values["alpha"] + since / 7
    buying = 1 - (known / (known + (DAYS - time) / 7)) ** (values["r"] + repeats)
    return float(buying * (staying if repeats else 1))


def segments(plans: Sequence[Plan], start: int) -> frozenset[str]:
    """Return the segments of a customer on the day on which a campaign starts."""
    before = [plan.at for plan in plans if plan.at < start * DAY]
    asleep = bool(before) and start * DAY - before[-1] > planted("campaigns")["sleeping_days"] * DAY
    found = {"sleeping" if asleep else "awake", "loyal" if len(before) > 1 else "single"}
    return frozenset(found if before else ())


def campaigned(
    rng: random.Random, person: Person, plans: list[Plan]
) -> tuple[list[Plan], list[Membership]]:
    """Return the orders as the campaigns change them, and the customer's part in each campaign."""
    joined = []
    for campaign in CAMPAIGNS:
        groups = segments(plans, campaign.starts)
        orders = sum(plan.at < campaign.starts * DAY for plan in plans)
        if not getattr(person, campaign.consent) or orders < campaign.least_orders:
            continue
        treated = not campaign.control or rng.random() < 0.5
        joined.append(Membership(campaign, treated, groups))
        window = range(campaign.starts * DAY, (campaign.ends + 1) * DAY)
        inside = [plan for plan in plans if plan.at in window]
        effects = planted("campaigns").get(campaign.campaign_id, {})
        effect = next((size for group, size in effects.items() if group in groups), 0.0)
        if treated and effect > 0 and not inside and rng.random() < effect:
            smooth = campaign.starts + rng.random() * (campaign.ends - campaign.starts)
            plans = sorted([*plans, Plan(moment(smooth))], key=lambda plan: plan.at)
        elif treated and effect < 0:
            lost = [plan for plan in inside if rng.random() < -effect]
            plans = [plan for plan in plans if plan not in lost]
    return plans, joined


def attempts(rng: random.Random, person: Person, purchases: int) -> list[Plan]:
    """Return the orders that will never be paid."""
    mean = 0.07 * purchases if person.buyer else 0.3
    return [Plan(moment(season(rng)), paid=False) for _ in range(poisson(rng, mean))]


def late(rng: random.Random, zone: str, day: int, plan: Plan) -> bool:
    """Return whether a parcel comes late, so that fewer buy again after a late one, as planted.

    With q the zone's usual share of late parcels and m the chance of another purchase,
    P(late | another) = q g and P(late | none) = q (1 - m g) / (1 - m), where
    g = f / (1 - q + q f) makes P(another | late) = f P(another | in time).
    """
    values = planted("late_delivery")
    usual = values["late"][zone] + (values["backlog"] if day in BACKLOG else 0.0)
    share = values["ratio"] / (1 - usual + usual * values["ratio"])
    factor = share if plan.returns else (1 - plan.chance * share) / (1 - plan.chance)
    return bool(rng.random() < usual * factor)


def extortionist(rng: random.Random) -> list[Plan]:
    """Return the orders of a professional extortionist."""
    number = planted("extortionists")["orders"]
    first = 40 + rng.random() * 120
    return [Plan(min(moment(first + 50 * n + rng.random() * 30), END - 1)) for n in range(number)]
