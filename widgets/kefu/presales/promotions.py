"""What a checkout charges when item, shop and platform offers stack (chapter 02).

The stacking rules are the book's own convention; platforms differ and change theirs:

1. Offers apply in the order of `Layer`: item, shop, shop coupon, platform, gift.
2. A threshold is judged on what is left to pay for the offer's scope after the earlier layers;
   an offer whose threshold is not met, or whose scope holds nothing of the cart, may not be used.
3. One offer a layer; of item offers several, if no two count for the same SKU of the cart.
4. A discount takes no more than what is left, and is split over its lines to the fen.

All amounts are yuan, exact to the fen. Bad arguments raise ``ValueError`` or ``TypeError``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from itertools import combinations
from typing import ClassVar

from kefu.amounts import FEN, count, exact, fen, set_fields, yes_or_no, yuan
from kefu.errors import expected

MAX_OFFERS = 16
"""The most offers `best_price` accepts: it may have to compare 2 to that power combinations."""

ZERO = Decimal("0.00")

Lines = tuple[Decimal, ...]
"""One amount in yuan for each line of the cart."""


class Layer(IntEnum):
    """The layers of a checkout, in the order in which they apply.

    >>> " → ".join(layer.label for layer in Layer)
    '单品 → 店铺活动 → 店铺券 → 平台 → 赠品'
    """

    ITEM = 1
    SHOP = 2
    SHOP_COUPON = 3
    PLATFORM = 4
    GIFT = 5

    @property
    def label(self) -> str:
        """The layer's Chinese name."""
        return ("单品", "店铺活动", "店铺券", "平台", "赠品")[self - 1]


def _text(value: str, argument: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(expected(argument, "a text that is not empty", "非空文字", value))


@dataclass(frozen=True)
class Item:
    """One line of a cart: ``quantity`` pieces (1 or more) of a SKU at ``price`` yuan each."""

    sku: str
    price: Decimal
    quantity: int = 1
    title: str = ""

    def __post_init__(self) -> None:
        _text(self.sku, "sku")
        count(self.quantity, "quantity", least=1)
        set_fields(self, price=yuan(self.price, "price"))

    @property
    def amount(self) -> Decimal:
        """Price times quantity, in yuan."""
        return self.price * self.quantity


@dataclass(frozen=True)
class Cart:
    """The lines of one order; raises ``ValueError`` where it is empty or names a SKU twice.

    >>> cart = Cart((Item("T恤", 79, 2), Item("袜子", "9.9")))
    >>> cart.amount, cart.pieces
    (Decimal('167.90'), 3)
    """

    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        set_fields(self, items=tuple(self.items))
        skus = [item.sku for item in self.items]
        if not skus or len(set(skus)) < len(skus):
            raise ValueError(expected("items", "different SKUs, 1 or more", "不重复的商品", skus))

    @property
    def amount(self) -> Decimal:
        """The list amount in yuan, before any offer."""
        return sum((item.amount for item in self.items), ZERO)

    @property
    def pieces(self) -> int:
        """The number of pieces."""
        return sum(item.quantity for item in self.items)


def allocate(discount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split a discount over lines in proportion to ``weights``, what is left of each, to the fen.

    By largest remainder: each line gets its share rounded down, and the fen that remain go to the
    largest fractions lost, the earlier line first. The shares sum to the discount and none exceeds
    its line. Raises ``ValueError`` for fractions of a fen, negatives, and more than the lines' sum.

    >>> [str(share) for share in allocate(Decimal(10), [Decimal(20), Decimal(20), Decimal(20)])]
    ['3.34', '3.33', '3.33']
    """
    off = int(yuan(discount, "discount") / FEN)
    lines = [int(yuan(weight, "weights") / FEN) for weight in weights]
    total = sum(lines)
    if off > total:
        most = total * FEN
        raise ValueError(expected("discount", f"<= {most}", f"不大于{most}的数", discount))
    shares = [off * weight // max(total, 1) for weight in lines]
    lost = sorted(range(len(lines)), key=lambda i: shares[i] * total - off * lines[i])
    for i in lost[: off - sum(shares)]:
        shares[i] += 1
    return tuple(share * FEN for share in shares)


@dataclass(frozen=True)
class Offer(ABC):
    """What all offers share: a Chinese ``name`` and the SKUs they count for (``None``: all)."""

    name: str
    scope: frozenset[str] | None = field(default=None, kw_only=True)
    layer: ClassVar[Layer]

    def __post_init__(self) -> None:
        _text(self.name, "name")
        if self.scope is not None:
            if not isinstance(self.scope, (set, frozenset)) or not self.scope:
                raise ValueError(expected("scope", "a set of SKUs", "商品编码集合", self.scope))
            set_fields(self, scope=frozenset(self.scope))

    def covers(self, item: Item) -> bool:
        """Return whether the offer counts for the item."""
        return self.scope is None or item.sku in self.scope

    def _within(self, cart: Cart, left: Lines) -> Lines:
        """Return what is left of each line in the scope, and 0 for the other lines."""
        lines = zip(cart.items, left, strict=True)
        return tuple(amount if self.covers(item) else ZERO for item, amount in lines)

    @abstractmethod
    def _cuts(self, cart: Cart, left: Lines) -> Lines | None:
        """Return the yuan off each line, given what is left of each; ``None``: may not be used."""


@dataclass(frozen=True)
class NthDiscount(Offer):
    """第N件M折: every n-th piece at ``rate`` of its price (0.5 is 五折, 0 is free, below 1).

    The scope's pieces are sorted dear to cheap (equal prices in the cart's order) and taken in
    groups of n; the last, cheapest piece of each full group is reduced, its price rounded half up
    to the fen. With n = 1 every piece is reduced. May not be used for fewer than n pieces.
    """

    n: int = 2
    rate: Decimal = Decimal("0.5")
    layer: ClassVar[Layer] = Layer.ITEM

    def __post_init__(self) -> None:
        super().__post_init__()
        count(self.n, "n", least=1)
        set_fields(self, rate=exact(self.rate, "rate"))
        if self.rate >= 1:
            raise ValueError(expected("rate", "0 <= rate < 1", "不小于0且小于1的数", self.rate))

    def _cuts(self, cart: Cart, left: Lines) -> Lines | None:
        off, pieces = [ZERO] * len(left), 0
        for i, item in sorted(enumerate(cart.items), key=lambda line: -line[1].price):
            if self.covers(item):
                reduced = fen(item.price * self.rate)
                ends_of_groups = (pieces + item.quantity) // self.n - pieces // self.n
                off[i] = (item.price - reduced) * ends_of_groups
                pieces += item.quantity
        return tuple(off) if pieces >= self.n else None


@dataclass(frozen=True)
class Threshold(Offer):
    """An offer that asks for ``threshold`` yuan left in its scope; 0 asks for none (无门槛)."""

    threshold: Decimal

    def __post_init__(self) -> None:
        super().__post_init__()
        set_fields(self, threshold=yuan(self.threshold, "threshold"))

    def _cuts(self, cart: Cart, left: Lines) -> Lines | None:
        within = self._within(cart, left)
        base = sum(within, ZERO)
        if base < self.threshold or not any(map(self.covers, cart.items)):
            return None
        return allocate(min(self._off(base), base), within)

    def _off(self, base: Decimal) -> Decimal:
        """Return the yuan off, where ``base`` yuan meet the threshold."""
        return ZERO


@dataclass(frozen=True)
class _Reduction(Threshold):
    """An offer that takes ``off`` yuan off, once or for each full threshold, at most ``cap``."""

    off: Decimal
    repeat: bool = False
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        set_fields(self, off=yuan(self.off, "off"))
        yes_or_no(self.repeat, "repeat")
        if self.cap is not None:
            set_fields(self, cap=yuan(self.cap, "cap"))
        if self.repeat:
            exact(self.threshold, "threshold", positive=True)

    def _off(self, base: Decimal) -> Decimal:
        off = self.off * (base // self.threshold if self.repeat else 1)
        return off if self.cap is None else min(off, self.cap)


@dataclass(frozen=True)
class FullReduction(_Reduction):
    """满减: ``off`` yuan once or, with ``repeat``, for each full threshold; at most ``cap``."""

    layer: ClassVar[Layer] = Layer.SHOP


@dataclass(frozen=True)
class ShopCoupon(Threshold):
    """店铺券: ``off`` yuan, once, for what the shop's own reduction leaves."""

    off: Decimal
    layer: ClassVar[Layer] = Layer.SHOP_COUPON

    def __post_init__(self) -> None:
        super().__post_init__()
        set_fields(self, off=yuan(self.off, "off"))

    def _off(self, base: Decimal) -> Decimal:
        return self.off


@dataclass(frozen=True)
class PlatformCoupon(_Reduction):
    """平台券: as `FullReduction`, for what the shop's offers leave."""

    layer: ClassVar[Layer] = Layer.PLATFORM


@dataclass(frozen=True)
class Gift(Threshold):
    """赠品: a ``gift`` worth ``value`` yuan; the pay in the end must meet the threshold."""

    gift: str
    value: Decimal
    layer: ClassVar[Layer] = Layer.GIFT

    def __post_init__(self) -> None:
        super().__post_init__()
        set_fields(self, value=yuan(self.value, "value"))
        _text(self.gift, "gift")


@dataclass(frozen=True)
class QuoteLine:
    """One line of a quote, in yuan: its list amount, the discount, and what is to pay."""

    item: Item
    amount: Decimal
    discount: Decimal
    pay: Decimal


@dataclass(frozen=True)
class Applied:
    """One offer at work, in yuan: what its threshold was judged on, its cut, the cart's rest."""

    offer: Offer
    base: Decimal
    off: Decimal
    left: Decimal


@dataclass(frozen=True)
class Quote:
    """What the cart costs, in yuan, line by line and offer by offer; gifts lower no price."""

    list_amount: Decimal
    pay: Decimal
    saved: Decimal
    lines: tuple[QuoteLine, ...]
    steps: tuple[Applied, ...]
    gifts: tuple[Gift, ...]


def _minus(left: Lines, cuts: Lines) -> Lines:
    return tuple(amount - cut for amount, cut in zip(left, cuts, strict=True))


def _clash(cart: Cart, one: Offer, other: Offer) -> bool:
    """Return whether rule 3 forbids to use the two offers together."""
    if one.layer == other.layer == Layer.ITEM:
        return any(one.covers(item) and other.covers(item) for item in cart.items)
    return one.layer == other.layer


def price(cart: Cart, chosen_offers: Sequence[Offer]) -> Quote:
    """Price the cart with exactly the chosen offers, applied layer by layer.

    Raises ``ValueError`` that names the broken rule where they may not be used together, or where
    a threshold is not met.

    >>> cart = Cart((Item("外套", 320), Item("围巾", 80)))
    >>> quote = price(cart, [FullReduction("每满200减25", 200, 25, repeat=True)])
    >>> str(quote.pay), [str(line.discount) for line in quote.lines]
    ('350.00', ['40.00', '10.00'])
    """
    for one, other in combinations(chosen_offers, 2):
        if _clash(cart, one, other):
            english = f"one offer in the layer {one.layer.name} (ITEM: one for each SKU)"
            chinese = f"{one.layer.label}层只用一个优惠（单品层为每件商品一个）"
            raise ValueError(expected("chosen_offers", english, chinese, [one.name, other.name]))
    full = left = tuple(item.amount for item in cart.items)
    steps = []
    for offer in sorted(chosen_offers, key=lambda offer: offer.layer):
        base, cuts = sum(offer._within(cart, left), ZERO), offer._cuts(cart, left)
        if cuts is None:
            english = f"an offer whose threshold is met (left in its scope: {base} yuan)"
            chinese = f"门槛已满足的优惠（其范围内还剩 {base} 元）"
            raise ValueError(expected("chosen_offers", english, chinese, offer.name))
        left = _minus(left, cuts)
        steps.append(Applied(offer, base, sum(cuts, ZERO), sum(left, ZERO)))
    lines = map(QuoteLine, cart.items, full, _minus(full, left), left)
    pay = sum(left, ZERO)
    gifts = tuple(offer for offer in chosen_offers if isinstance(offer, Gift))
    return Quote(cart.amount, pay, cart.amount - pay, tuple(lines), tuple(steps), gifts)


def checkout(cart: Cart, automatic: Sequence[Offer], offers: Sequence[Offer]) -> Quote:
    """Return the cheapest price where a checkout applies some offers by itself.

    Of the ``automatic`` ones each is used that may be, layer by layer and before any other of its
    layer: what a chosen offer of an earlier layer leaves may be too little for it. Of the ``offers``
    those are chosen that leave least to pay, then those with the more valuable gifts. Together at most
    `MAX_OFFERS`, else ``ValueError``.

    The same coat as below, where the reduction may not be left out:

    >>> cart = Cart((Item("外套", 310),))
    >>> reduction, coupon = FullReduction("满300减20", 300, 20), ShopCoupon("满299减40", 299, 40)
    >>> str(checkout(cart, [reduction], [coupon]).pay), str(checkout(cart, [], [reduction, coupon]).pay)
    ('290.00', '270.00')
    """
    if len(automatic) + len(offers) > MAX_OFFERS:
        raise _too_many([*automatic, *offers])
    sizes = range(len(offers) + 1)
    ways = (_with(cart, automatic, one) for size in sizes for one in combinations(offers, size))
    quotes = [price(cart, used) for used in ways if used is not None]
    return min(quotes, key=lambda one: (one.pay, -sum(gift.value for gift in one.gifts)))


def _with(cart: Cart, automatic: Sequence[Offer], chosen: Sequence[Offer]) -> list[Offer] | None:
    """Return chosen offers with the automatic ones that come along; none where they may not be used."""
    left = tuple(item.amount for item in cart.items)
    used: list[Offer] = []
    every = [(offer, False) for offer in automatic] + [(offer, True) for offer in chosen]
    for offer, wanted in sorted(every, key=lambda one: one[0].layer):
        cuts = offer._cuts(cart, left)
        if cuts is not None and not any(_clash(cart, offer, other) for other in used):
            used.append(offer)
            left = _minus(left, cuts)
        elif wanted:
            return None
    return used


def _too_many(offers: Sequence[Offer]) -> ValueError:
    english, chinese = f"at most {MAX_OFFERS} offers", f"至多 {MAX_OFFERS} 个优惠"
    return ValueError(expected("offers", english, chinese, len(offers)))


def best_price(cart: Cart, offers: Sequence[Offer]) -> Quote:
    """Return the cheapest legal combination of the offers.

    The search is exact. Of equal amounts to pay, the one with the more valuable gift wins, then
    the one with fewer offers, then the one whose offers come first in the order given. Raises
    ``ValueError`` for more than `MAX_OFFERS` offers.

    Here the reduction (满300减20) would cost the better coupon (满299减40) its threshold:

    >>> cart = Cart((Item("外套", 310),))
    >>> offers = [FullReduction("满300减20", 300, 20), ShopCoupon("店铺券满299减40", 299, 40)]
    >>> quote = best_price(cart, offers)
    >>> [step.offer.name for step in quote.steps], str(quote.pay)
    (['店铺券满299减40'], '270.00')
    """
    if len(offers) > MAX_OFFERS:
        raise _too_many(offers)
    start = tuple(item.amount for item in cart.items)
    order = sorted(range(len(offers)), key=lambda i: offers[i].layer)
    # No offer takes more later than it would of the full cart: `most[k]` bounds order[k:].
    most = [ZERO] * (len(order) + 1)
    for k in reversed(range(len(order))):
        most[k] = most[k + 1] + sum(offers[order[k]]._cuts(cart, start) or (), ZERO)
    best: tuple[Decimal, Decimal, int, list[int]] = (sum(start, FEN), ZERO, 0, [])

    def decide(k: int, left: Lines, used: tuple[int, ...], gift: Decimal) -> None:
        """Try order[k:] on what is left, each offer used and not used."""
        nonlocal best
        if sum(left, ZERO) - most[k] > best[0]:
            return
        if k == len(order):
            best = min(best, (sum(left, ZERO), -gift, len(used), sorted(used)))
            return
        offer = offers[order[k]]
        cuts = offer._cuts(cart, left)
        if cuts is not None and not any(_clash(cart, offer, offers[i]) for i in used):
            value = offer.value if isinstance(offer, Gift) else ZERO
            if any(cuts) or value:
                decide(k + 1, _minus(left, cuts), (*used, order[k]), gift + value)
        decide(k + 1, left, used, gift)

    decide(0, start, (), ZERO)
    return price(cart, [offers[i] for i in best[3]])
