"""The example of a model with which chapter 12 begins: put the chapter's own in its place.

A model is frozen dataclasses and plain functions over the standard library. Say here what is
modelled, in which units, and from which source.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kefu.amounts import count
from kefu.errors import expected


@dataclass(frozen=True)
class Reception:
    """How many customers ``asked``, how many were ``served``, and the share of these, 0 to 1."""

    asked: int
    served: int
    rate: Decimal


def served_share(asked: int, served: int) -> Reception:
    """Return the share of customers that were served.

    Raises ``TypeError`` for what is no whole number, and ``ValueError`` where nobody asked or more
    were served than asked.

    >>> served_share(40, 30).rate
    Decimal('0.75')
    """
    asked, served = count(asked, "asked", least=1), count(served, "served")
    if served > asked:
        raise ValueError(expected("served", f"at most {asked}", f"不大于{asked}的数", served))
    return Reception(asked, served, Decimal(served) / asked)
