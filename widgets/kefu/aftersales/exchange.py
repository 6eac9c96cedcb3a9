"""Turning refunds into exchanges (退转换): what it earns, and when it costs more than it saves.

A teaching model of this book, not a platform's formula. Of the buyers who ask for a refund of goods
that could be exchanged, some agree to an exchange: a base share, and more with each yuan of gift.
An exchange keeps the sale, but sends once more, may come back again, and asking annoys some of those
who say no. All amounts are yuan a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kefu.amounts import FEN, Number, count, exact, yuan
from kefu.errors import expected

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

    price: Number
    cost: Number
    freight: Number = 8
    seller_pays: bool = False
    resale: Number = "0.8"
    again: Number = "0.1"
    willing: Number = "0.3"
    per_yuan: Number = "0.04"
    annoyed: Number = "0.05"
    harm: Number = 60

    def __post_init__(self) -> None:
        for name in ("price", "cost", "freight", "harm"):
            object.__setattr__(self, name, yuan(getattr(self, name), name))
        for name in ("resale", "again", "willing", "per_yuan", "annoyed"):
            share = exact(getattr(self, name), name)
            if share > 1:
                raise ValueError(expected(name, "a share from 0 to 1", "0到1的比例", share))
            object.__setattr__(self, name, share)


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
    number = {name: Decimal(str(value)) for name, value in vars(t).items() if name != "seller_pays"}
    price, cost, freight = number["price"], number["cost"], number["freight"]
    back = freight if t.seller_pays else Decimal(0)
    lost = cost * (1 - number["resale"])  # what a return takes off the goods
    accepted = min(number["willing"] + number["per_yuan"] * present, WILLING_AT_MOST)
    refund = _fen(-freight - back - lost)
    second = number["again"]
    kept, again = (1 - second) * (price - cost), second * (lost + back)
    exchange = _fen(refund - freight - present + kept - again)
    offer = accepted * exchange + (1 - accepted) * (refund - number["annoyed"] * number["harm"])
    left = 1 - accepted + accepted * second
    return Balance(accepted, refund, exchange, _fen(offer), left)


def best_gift(terms: Terms, most: int = 30) -> int:
    """Return the whole-yuan gift from 0 to ``most`` with the largest gain, the smallest of equals.

    >>> best_gift(Terms(price=119, cost=52))
    15
    """
    count(most, "most")
    return max(range(most + 1), key=lambda gift: (balance(terms, gift).gain, -gift))


def _fen(value: Decimal) -> Decimal:
    return value.quantize(FEN, rounding=ROUND_HALF_UP)
