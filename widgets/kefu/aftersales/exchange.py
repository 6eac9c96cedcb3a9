"""Turning refunds into exchanges (退转换): what it earns, and when it costs more than it saves.

A teaching model of this book, not a platform's formula. Of the buyers who ask for a refund of goods
that could be exchanged, some agree to an exchange: a base share, and more with each yuan of gift.
An exchange keeps the sale, but sends once more, may come back again, and asking annoys some of those
who say no. All amounts are yuan a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kefu.amounts import Number, count, fen, set_fields, share, yuan

WILLING_AT_MOST = Decimal("0.9")
"""However large the gift, some buyers want their money back: the share that can be won over."""


@dataclass(frozen=True)
class Terms:
    """The shop's side: price, cost of the goods, freight, and four shares from 0 to 1.

    ``resale`` is what returned goods are still worth (share of cost), ``again`` the share of
    exchanged goods that come back too, ``willing`` the share that agrees without a gift,
    ``per_yuan`` how much that share grows with each yuan, ``annoyed`` the share of those who said
    no whom the asking annoys, at ``harm`` yuan each. ``seller_pays``: the seller bears the return.
    """

    price: Decimal
    cost: Decimal
    freight: Decimal = Decimal(8)
    seller_pays: bool = False
    resale: Decimal = Decimal("0.8")
    again: Decimal = Decimal("0.1")
    willing: Decimal = Decimal("0.3")
    per_yuan: Decimal = Decimal("0.04")
    annoyed: Decimal = Decimal("0.05")
    harm: Decimal = Decimal(60)

    def __post_init__(self) -> None:
        for name in ("price", "cost", "freight", "harm"):
            set_fields(self, **{name: yuan(getattr(self, name), name)})
        for name in ("resale", "again", "willing", "per_yuan", "annoyed"):
            set_fields(self, **{name: share(getattr(self, name), name)})


@dataclass(frozen=True)
class Balance:
    """What one request is worth: refunded, exchanged, and on average when an exchange is offered."""

    accepted: Decimal
    refund_value: Decimal
    exchange_value: Decimal
    offer_value: Decimal
    refunds_left: Decimal

    @property
    def gain(self) -> Decimal:
        """What offering an exchange earns a request, compared with refunding at once."""
        return self.offer_value - self.refund_value


def balance(terms: Terms, gift: Number = 0) -> Balance:
    """Return the balance of offering an exchange with a gift, rounded to the fen.

    ``refunds_left`` is the share of the requests that still end in a refund: those who said no, and
    those whose exchange came back too.

    >>> balance(Terms(price=119, cost=52), gift=5).gain
    Decimal('21.63')
    """
    t, present = terms, yuan(gift, "gift")
    back = t.freight if t.seller_pays else Decimal(0)
    lost = t.cost * (1 - t.resale)  # what a return takes off the goods
    accepted = min(t.willing + t.per_yuan * present, WILLING_AT_MOST)
    refund = fen(-t.freight - back - lost)
    kept, again = (1 - t.again) * (t.price - t.cost), t.again * (lost + back)
    exchange = fen(refund - t.freight - present + kept - again)
    offer = accepted * exchange + (1 - accepted) * (refund - t.annoyed * t.harm)
    left = 1 - accepted + accepted * t.again
    return Balance(accepted, refund, exchange, fen(offer), left)


def best_gift(terms: Terms, most: int = 30) -> int:
    """Return the whole-yuan gift from 0 to ``most`` with the largest gain, the smallest of equals.

    >>> best_gift(Terms(price=119, cost=52))
    15
    """
    count(most, "most")
    return max(range(most + 1), key=lambda gift: (balance(terms, gift).gain, -gift))
