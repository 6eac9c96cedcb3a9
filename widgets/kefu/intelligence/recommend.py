"""Three ways to recommend: what was asked for (求购), what goes together (搭配), and others, by what he bought (其他).

What goes together is counted in paid orders: confidence is how many orders with the one hold the other too, lift
how many times as many as of all orders. Few orders make a large lift by chance, and hundreds of pairs make some:
a pair counts only with enough orders and a chance, times the number of pairs, below 5 %. Even then it may have
another reason than taste: in this shop, free shipping from 88 yuan. The real 千人千面 is the platform's secret;
these are counts. A profile is used only for who agreed to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from kefu import data
from kefu.amounts import Number, count, plain, set_fields, yes_or_no, yuan
from kefu.errors import need
from kefu.stats import two_proportions, wilson

ENOUGH = 20
"""Orders with both, and customers who bought again, from which on a count says something (本书约定)."""
LUCK = 0.05


@dataclass(frozen=True)
class Good:
    """A product: its number, title, category, lowest price in yuan, and in how many paid orders it was."""

    product_id: str
    title: str
    category: str
    price: Decimal
    sold: int


@data.cached
def shop_goods() -> tuple[Good, ...]:
    """Return the shop's products, what was sold most first."""
    sold = Counter(product for basket in shop_baskets() for product in basket)
    found: dict[str, Good] = {}
    for row in data.rows("products"):
        price, old = Decimal(row["price"]), found.get(row["product_id"])
        least = min(price, old.price) if old else price
        found[row["product_id"]] = Good(
            row["product_id"], row["title"], row["category"], least, sold[row["product_id"]]
        )
    return tuple(sorted(found.values(), key=lambda good: (-good.sold, good.product_id)))


@data.cached
def shop_histories() -> tuple[tuple[frozenset[str], ...], ...]:
    """Return for each customer who paid what was in his orders, the oldest first."""
    product = {row["sku"]: row["product_id"] for row in data.rows("products")}
    lines: defaultdict[str, set[str]] = defaultdict(set)
    for row in data.rows("order_lines"):
        lines[row["order_id"]].add(product[row["sku"]])
    orders: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in data.rows("orders"):
        if row["paid_at"]:
            orders[row["customer_id"]].append((row["paid_at"], row["order_id"]))
    return tuple(
        tuple(frozenset(lines[order]) for _, order in sorted(own)) for own in orders.values()
    )


@data.cached
def shop_baskets() -> tuple[frozenset[str], ...]:
    """Return what was in each paid order, as the numbers of products."""
    return tuple(basket for history in shop_histories() for basket in history)


class Recommended(NamedTuple):
    """A product to recommend, and why in words that a customer may read."""

    good: Good
    why: str


# What was asked for


@dataclass(frozen=True)
class Need:
    """What a customer asks for: words of its name, a category, at most so many yuan, what he does not want.

    Empty means: no matter.
    """

    words: tuple[str, ...] = ()
    category: str = ""
    budget: Decimal | None = None
    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        set_fields(self, words=tuple(self.words), without=frozenset(self.without))
        if self.budget is not None:
            set_fields(self, budget=yuan(self.budget, "budget"))
        need(
            "words", all(self.words), "words of one character or more", "至少一个字的词", self.words
        )


def on_request(
    asked: Need, goods: Sequence[Good] | None = None, most: int = 3
) -> tuple[Recommended, ...]:
    """Return what fits a request, most words first, then what is sold most; nothing where nothing fits.

    Nothing above the budget is shown: who asked for 50 yuan did not ask for 60.

    >>> [pick.good.title for pick in on_request(Need(words=("杯",), budget=50))]
    ['手绘马克杯']
    """
    count(most, "most", least=1)
    found = []
    for good in shop_goods() if goods is None else goods:
        said = [word for word in asked.words if word in good.title]
        if asked.words and not said:
            continue
        if asked.category and good.category != asked.category:
            continue
        if asked.budget is not None and good.price > asked.budget:
            continue
        if good.product_id in asked.without:
            continue
        parts = [f"名字里有“{'”“'.join(said)}”"] if said else []
        parts += [f"在{good.category}里"] if asked.category else []
        parts += (
            [f"{plain(good.price)}元起，没超{plain(asked.budget)}元"]
            if asked.budget is not None
            else []
        )
        found.append(
            (len(said), Recommended(good, "，".join(parts) or f"卖得多，{good.sold}单里有它"))
        )
    found.sort(key=lambda one: (-one[0], -one[1].good.sold, one[1].good.product_id))
    return tuple(pick for _, pick in found[:most])


# What goes together


@dataclass(frozen=True)
class Pairing:
    """Two products in the same orders: ``together`` of ``first_orders``, ``second_orders`` and all ``orders``.

    ``tried`` are the pairs that were looked at in the same search. Raises ``ValueError`` for counts that cannot be.
    """

    first: str
    second: str
    together: int
    first_orders: int
    second_orders: int
    orders: int
    tried: int = 1

    def __post_init__(self) -> None:
        both = count(self.together, "together")
        for name in ("first_orders", "second_orders"):
            need(name, both <= count(getattr(self, name), name, least=1) <= self.orders,
                 f"{both} to {self.orders}", f"{both}到{self.orders}", getattr(self, name))  # fmt: skip
        everybody = self.first_orders + self.second_orders - both
        need(
            "orders",
            everybody <= self.orders,
            f"{everybody} or more",
            f"不少于{everybody}",
            self.orders,
        )
        count(self.tried, "tried", least=1)

    @property
    def confidence(self) -> float:
        """The share of the first's orders that hold the second too."""
        return self.together / self.first_orders

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the confidence."""
        return wilson(self.together, self.first_orders)

    @property
    def lift(self) -> float:
        """How many times as often the second is in the first's orders as in all."""
        return self.together * self.orders / self.first_orders / self.second_orders

    @property
    def luck(self) -> float:
        """How likely so large a difference is by chance in one of the pairs tried (Bonferroni, at most 1)."""
        rest = self.orders - self.first_orders
        if not rest:
            return 1.0
        one = two_proportions(
            self.together, self.first_orders, self.second_orders - self.together, rest
        ).p_value
        return min(one * self.tried, 1.0)

    @property
    def holds(self) -> bool:
        """Whether it may be recommended: enough orders, more than by chance, more than otherwise."""
        return self.together >= ENOUGH and self.lift > 1 and self.luck < LUCK


def pairings(baskets: Iterable[frozenset[str]] | None = None) -> tuple[Pairing, ...]:
    """Return every pair that was bought together, the largest lift first; each once, the number before first.

    >>> best = pairings()[0]
    >>> best.together, round(best.lift, 1), best.holds
    (52, 3.0, True)
    """
    orders = tuple(shop_baskets() if baskets is None else baskets)
    alone = Counter(product for basket in orders for product in basket)
    both = Counter(pair for basket in orders for pair in combinations(sorted(basket), 2))
    found = [
        Pairing(one, other, n, alone[one], alone[other], len(orders), len(both))
        for (one, other), n in both.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.lift, one.first, one.second)))


def bundles(
    product: str, found: Iterable[Pairing] | None = None, most: int = 3
) -> tuple[Pairing, ...]:
    """Return what goes with a product and holds, turned so that the product comes first, most lift first."""
    count(most, "most", least=1)
    own = [
        one if one.first == product
        else Pairing(one.second, one.first, one.together, one.second_orders, one.first_orders, one.orders, one.tried)
        for one in (pairings() if found is None else found)
        if product in (one.first, one.second) and one.holds
    ]  # fmt: skip
    return tuple(sorted(own, key=lambda one: (-one.lift, one.second))[:most])


def tops_up(pair: Pairing, threshold: Number = 88, reach: Number = 10) -> bool:
    """Tell whether two products together just reach free shipping, which neither does alone: a reason of its own.

    The sum of their lowest prices is from ``threshold`` to ``reach`` yuan above it.
    """
    price = {good.product_id: good.price for good in shop_goods()}
    one, other = price[pair.first], price[pair.second]
    limit, room = yuan(threshold, "threshold"), yuan(reach, "reach")
    return max(one, other) < limit <= one + other <= limit + room


# By what he bought before


@dataclass(frozen=True)
class NextBuy:
    """What customers of a product bought later: ``bought`` of ``customers`` with another order, and of ``others``.

    ``others`` are the customers with another order who never had the first product.
    """

    first: str
    second: str
    bought: int
    customers: int
    others_bought: int
    others: int

    @property
    def share(self) -> float:
        """The share of the first's customers; 0 where there are none."""
        return self.bought / self.customers if self.customers else 0.0

    @property
    def usual(self) -> float:
        """The share of the others; 0 where there are none."""
        return self.others_bought / self.others if self.others else 0.0


def next_buys(
    first: str, histories: Iterable[Sequence[frozenset[str]]] | None = None
) -> tuple[NextBuy, ...]:
    """Return what customers who bought a product in one order bought in later ones, the largest share first.

    Only customers with a later order count; of the others it is what they bought after their first order.
    """
    later: Counter[str] = Counter()
    usual: Counter[str] = Counter()
    customers = others = 0
    for history in shop_histories() if histories is None else histories:
        place = next((n for n, basket in enumerate(history) if first in basket), -1)
        start = max(place, 0) + 1
        if len(history) <= start:
            continue
        had = frozenset().union(*history[:start])
        fresh = frozenset().union(*history[start:]) - had
        if place >= 0:
            customers += 1
            later.update(fresh)
        else:
            others += 1
            usual.update(fresh)
    names = set(later) | set(usual)
    found = [
        NextBuy(first, name, later[name], customers, usual[name], others)
        for name in names - {first}
    ]
    return tuple(sorted(found, key=lambda one: (-one.share, one.second)))


def other(
    bought: Iterable[str], *, consented: bool, most: int = 3,
    histories: Sequence[Sequence[frozenset[str]]] | None = None,
) -> tuple[Recommended, ...]:  # fmt: skip
    """Return what to show who asked for nothing: by what he bought last, or what is sold most.

    Without his consent, without a purchase, or with fewer than `ENOUGH` customers to go by, it is what the shop
    sells most, and the words say so. What he has is not shown again.

    >>> [pick.why for pick in other(["NX20"], consented=False, most=1)]
    ['店里卖得最多，没有用您的购买记录']
    """
    count(most, "most", least=1)
    had = tuple(bought)
    goods = {good.product_id: good for good in shop_goods()}
    if yes_or_no(consented, "consented") and had:
        found = [
            one
            for one in next_buys(had[-1], histories)
            if one.second not in had
            and one.second in goods
            and one.customers >= ENOUGH
            and one.bought
        ]
        if found:
            return tuple(
                Recommended(
                    goods[one.second],
                    f"买过它又来的{one.customers}位里，{one.bought}位后来买了这件",
                )
                for one in found[:most]
            )
    why = "店里卖得最多，没有用您的购买记录" if not consented else "店里卖得最多"
    return tuple(Recommended(good, why) for good in goods.values() if good.product_id not in had)[
        :most
    ]
