"""What a robot is worth: five sizes of shops, and the bill of people, a robot, or both, wrong answers included.

The five sizes are of the teaching material, by chats *or* revenue a day; it does not say which counts where the
two disagree. This book's rule: chats decide, because it is the receiving that is staffed; revenue says only what
may be spent. Advice for the first two sizes is the material's, the rest is this book's (本书整理) where it says so.
Prices are those of the article (rule R54: historical), what a wrong answer costs is an assumption to be moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Literal, NamedTuple, get_args

from kefu.amounts import Number, count, exact, fen, set_fields, share, yuan
from kefu.errors import need

# How large a shop is


@dataclass(frozen=True)
class Tier:
    """A size of shop: from how many chats and how many yuan a day on, its team, what it needs, who says so."""

    name: str
    contacts: int
    revenue: Decimal
    team: str
    advice: str
    ours: bool


TIERS = (
    Tier("初创", 0, Decimal(0), "店主自己", "只用基础对话，先提运营能力", ours=False),
    Tier("成长", 50, Decimal(2000), "一两位", "用专业版的营销与推荐，提询单转化与客单价", ours=False),
    Tier("成熟", 200, Decimal(10_000), "3—5位", "专人管知识：品多、换得快，大促前逐条复核", ours=True),
    Tier("大型", 500, Decimal(30_000), "5—15位", "标准化：质检、两人标注、每周补缺口，算招聘与流失", ours=True),
    Tier("龙头", 2000, Decimal(100_000), "15位以上", "机器人有自己的团队：训练师、评测题、上线前先考", ours=True),
)  # fmt: skip
"""From the smallest; a bound belongs to the larger size (本书约定). ``ours``: the advice is this book's."""


class Placement(NamedTuple):
    """A shop's size, by the rule; what chats alone and revenue alone would say, and the rule in words."""

    tier: Tier
    by_contacts: Tier
    by_revenue: Tier
    why: str

    @property
    def agrees(self) -> bool:
        """Whether chats and revenue say the same."""
        return self.by_contacts == self.by_revenue


def merchant_tier(contacts: int, revenue: Number) -> Placement:
    """Return a shop's size by the chats and the yuan of a day; where they disagree, chats decide.

    >>> merchant_tier(120, 5000).tier.name, merchant_tier(30, 50_000).tier.name
    ('成长', '初创')
    """
    chats, money = count(contacts, "contacts"), exact(revenue, "revenue")
    one = [tier for tier in TIERS if chats >= tier.contacts][-1]
    other = [tier for tier in TIERS if money >= tier.revenue][-1]
    if one == other:
        return Placement(one, one, other, "接待量与营收说的一样")
    more = TIERS.index(other) > TIERS.index(one)
    why = (
        "营收更高：按接待量配人，预算可以宽些"
        if more
        else "接待更多：按接待量配人，先看能省的重复问题"
    )
    return Placement(one, one, other, why)


# Robot, person or both

Team = Literal["只用人", "只用机器人", "机器人先接"]
TEAMS: tuple[Team, ...] = get_args(Team)
DAYS = 30
"""Days of a month."""


@dataclass(frozen=True)
class ShopCase:
    """A shop's chats and prices. Shares are from 0 to 1, money is in yuan.

    ``keeps``: the share that the robot answers itself (the shop's robot in 2025: .774); ``robot_wrong`` and
    ``person_wrong``: shares of their answers that are wrong (.128 in 2025; .06 of entries that are reviewed,
    .196 of those past it; people's is an assumption); ``each``: chats that one person takes a day; ``wage`` a
    month and place; ``fee`` a year; ``wrong``: what a wrong answer costs in the end, ``lost``: what a chat costs
    that nobody answers (both assumptions).
    """

    contacts: int
    keeps: Decimal = Decimal("0.774")
    robot_wrong: Decimal = Decimal("0.128")
    person_wrong: Decimal = Decimal("0.03")
    each: int = 80
    wage: Decimal = Decimal(3000)
    fee: Decimal = Decimal(2388)
    wrong: Decimal = Decimal(10)
    lost: Decimal = Decimal(5)

    def __post_init__(self) -> None:
        count(self.contacts, "contacts")
        count(self.each, "each", least=1)
        set_fields(
            self,
            **{
                name: share(getattr(self, name), name)
                for name in ("keeps", "robot_wrong", "person_wrong")
            },
            **{name: yuan(getattr(self, name), name) for name in ("wage", "fee", "wrong", "lost")},
        )


@dataclass(frozen=True)
class TeamBill:
    """What a team costs a month, in yuan: wages, the robot's fee, wrong answers, chats that nobody answered.

    ``people`` are the places to be filled, ``errors`` the wrong answers, ``unanswered`` the chats left alone.
    """

    team: Team
    people: Decimal
    errors: Decimal
    unanswered: Decimal
    wages: Decimal
    fee: Decimal
    wrong: Decimal
    lost: Decimal

    @property
    def total(self) -> Decimal:
        """All of it."""
        return self.wages + self.fee + self.wrong + self.lost

    @property
    def seen(self) -> Decimal:
        """What stands in the books: wages and fee. Wrong answers and lost chats do not."""
        return self.wages + self.fee


def bill(case: ShopCase, team: Team, *, whole: bool = True) -> TeamBill:
    """Return a team's bill of a month. With ``whole``, people come as whole places; else by the hour.

    >>> print(bill(ShopCase(80), "机器人先接").total)
    5739.45
    """
    need("team", team in TEAMS, f"one of {TEAMS}", f"以下之一：{TEAMS}", team)
    month = Decimal(case.contacts * DAYS)
    kept = Decimal(0) if team == "只用人" else month * case.keeps
    left = month - kept
    by_people = Decimal(0) if team == "只用机器人" else left
    people = by_people / DAYS / case.each
    if whole:
        people = people.to_integral_value(ROUND_CEILING)
    errors = kept * case.robot_wrong + by_people * case.person_wrong
    unanswered = left - by_people
    fee = Decimal(0) if team == "只用人" else case.fee / 12
    return TeamBill(
        team, people, errors, unanswered, fen(people * case.wage), fen(fee), fen(errors * case.wrong),
        fen(unanswered * case.lost),
    )  # fmt: skip


def bot_versus_agent(case: ShopCase, *, whole: bool = True) -> tuple[TeamBill, ...]:
    """Return the bills of the three teams, in the order of `TEAMS`."""
    return tuple(bill(case, team, whole=whole) for team in TEAMS)


def cheapest(bills: Sequence[TeamBill]) -> TeamBill:
    """Return the bill with the least total, the first of several; raises ``ValueError`` for none."""
    need("bills", bills, "at least one bill", "至少一张账单", bills)
    return min(bills, key=lambda one: one.total)


def break_even(case: ShopCase, *, whole: bool = True) -> Decimal | None:
    """Return the price of a wrong answer at which robot with people costs what people alone cost.

    Below it the robot pays, above it does not; below zero it never pays. ``None`` where the robot is wrong no
    more often than people, or keeps nothing: then the price of a wrong answer turns nothing. Not rounded.

    >>> round(break_even(ShopCase(80), whole=False), 2)
    Decimal('11.66')
    >>> break_even(ShopCase(80, robot_wrong=0.03)) is None
    True
    """
    free = replace(case, wrong=Decimal(0))
    people, both = (bill(free, team, whole=whole) for team in ("只用人", "机器人先接"))
    more = both.errors - people.errors
    if more <= 0:
        return None
    return (people.total - both.total) / more


def enough_chats(case: ShopCase, *, most: int = 3000) -> int | None:
    """Return from how many chats a day on robot with people is cheaper than people alone, paid by the hour.

    ``None`` where it is not up to ``most``.

    >>> enough_chats(ShopCase(0, wrong=0)), enough_chats(ShopCase(0, wrong=20))
    (7, None)
    """

    def pays(contacts: int) -> bool:
        people, both = (
            bill(replace(case, contacts=contacts), team, whole=False)
            for team in ("只用人", "机器人先接")
        )
        return both.total < people.total

    if not pays(most):
        return None
    low, high = (
        0,
        most,
    )  # the saving grows with the chats, so that a search by halves finds the first
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if pays(middle) else (middle, high)
    return high
