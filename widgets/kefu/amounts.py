"""Checked values: yuan, kilograms, shares as exact ``Decimal``, whatever the reader typed.

Every check takes the value, then the argument's name, and returns the value that counts.

A model that keeps such values is a frozen dataclass in one pattern: its fields are typed as what
they are once made (``Decimal``), and ``__post_init__`` converts what was given with `set_fields`.
Readers may give any `Number`; typed code gives ``Decimal``, or goes through a function.

    @dataclass(frozen=True)
    class Tariff:
        first_weight: Decimal
        first_fee: Decimal

        def __post_init__(self) -> None:
            set_fields(
                self,
                first_weight=exact(self.first_weight, "first_weight", positive=True),
                first_fee=yuan(self.first_fee, "first_fee"),
            )
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from operator import index
from typing import SupportsIndex, TypeVar

from kefu.errors import expected

Number = Decimal | int | float | str
"""What the models accept for an amount: ``Decimal``, ``int``, ``float`` or text such as ``"2.4"``."""

FEN = Decimal("0.01")
"""The smallest amount of money, one fen, in yuan."""

Value = TypeVar("Value")

LIMIT = 10**12
"""The largest number taken: beyond it, a slip of the keyboard is likelier than a parcel."""

MICRO = Decimal("0.000001")
"""The finest weight or length kept (1 mg of a kg): float dust such as 0.1 + 0.2 falls below it."""


def exact(value: Number, argument: str, *, positive: bool = False) -> Decimal:
    """Return ``value`` as a ``Decimal`` rounded to six places, so that 0.1 + 0.2 is 0.3.

    Raises ``TypeError`` for anything but a number or its text (``bool`` included) and
    ``ValueError`` for text that is no number, for NaN and infinities, for negative values,
    for values above ``LIMIT`` and, with ``positive``, for zero.

    >>> exact(0.1 + 0.2, "weight")
    Decimal('0.3')
    """
    english, chinese = (
        ("a number > 0", "大于0的数") if positive else ("a number >= 0", "不小于0的数")
    )
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float, str)):
        raise TypeError(expected(argument, english, chinese, value))
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        raise ValueError(expected(argument, english, chinese, value)) from None
    if number.is_finite() and number > LIMIT:
        most = f"a number <= {LIMIT}", f"不大于{LIMIT}的数"
        raise ValueError(expected(argument, *most, value))
    if not number.is_finite() or number < 0:
        raise ValueError(expected(argument, english, chinese, value))
    number = number.quantize(MICRO, rounding=ROUND_HALF_UP) + 0  # no negative zero
    if positive and not number:
        raise ValueError(expected(argument, english, chinese, value))
    return number.normalize() if number % 1 else number.quantize(Decimal(1))


def yuan(value: Number, argument: str) -> Decimal:
    """Return an amount of money in yuan; raises ``ValueError`` where it is finer than one fen.

    >>> yuan("9.9", "price")
    Decimal('9.90')
    """
    if (
        type(value) is Decimal
        and value.same_quantum(FEN)
        and 0 <= value <= LIMIT
        and not value.is_signed()
    ):
        return value  # the common case, quickly: money that was checked before
    amount = exact(value, argument)
    if amount != amount.quantize(FEN):
        raise ValueError(
            expected(argument, "yuan with at most two decimals", "至多两位小数的元", value)
        )
    return amount.quantize(FEN)


def count(value: SupportsIndex, argument: str, *, least: int = 0) -> int:
    """Return a whole number of at least ``least``; raises ``TypeError`` or ``ValueError``.

    The whole numbers of a frame's column (numpy's) are taken too, ``bool`` and 3.0 are not.

    >>> count(3, "pieces")
    3
    """
    english, chinese = f"a whole number >= {least}", f"不小于{least}的整数"
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(expected(argument, english, chinese, value))
    number = index(value)
    if number < least:
        raise ValueError(expected(argument, english, chinese, value))
    return number


def share(value: Number, argument: str) -> Decimal:
    """Return a share from 0 to 1; raises ``ValueError`` or ``TypeError``.

    >>> share(0.25, "margin")
    Decimal('0.25')
    """
    try:
        part = exact(value, argument)
    except ValueError:
        part = None
    if part is None or part > 1:
        raise ValueError(expected(argument, "a share from 0 to 1", "0到1的比例", value))
    return part


def yes_or_no(value: bool, argument: str) -> bool:
    """Return ``value`` if it is True or False; raises ``TypeError`` for words such as "no" or 1.

    >>> yes_or_no(False, "intact")
    False
    """
    if not isinstance(value, bool):
        raise TypeError(expected(argument, "True or False", "True或False", value))
    return value


def one_of(value: Value, argument: str, choices: Iterable[Value]) -> Value:
    """Return ``value`` if it is among ``choices``; raises ``ValueError`` that lists them.

    >>> one_of("快递", "method", ("平邮", "快递", "物流"))
    '快递'
    """
    known = tuple(choices)
    if value not in known:
        words = [str(choice) for choice in known]
        english, chinese = f"one of {', '.join(words)}", f"以下之一：{'、'.join(words)}"
        raise ValueError(expected(argument, english, chinese, value))
    return value


def fen(amount: Decimal) -> Decimal:
    """Round a sum of money half up to the fen; what rounds to -0.00 is 0.00.

    >>> fen(Decimal("2.345")), fen(Decimal("-0.001"))
    (Decimal('2.35'), Decimal('0.00'))
    """
    return amount.quantize(FEN, rounding=ROUND_HALF_UP) + 0


def plain(value: Decimal) -> str:
    """Return a number without needless zeros: 18.00 as 18, 18.50 as 18.5, 2.40 as 2.4.

    >>> plain(Decimal("18.00")), plain(Decimal("2.40"))
    ('18', '2.4')
    """
    return f"{value.normalize():f}"


def set_fields(record: object, **fields: object) -> None:
    """Set fields of a frozen dataclass: for its ``__post_init__``, which checks and converts.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Price:
    ...     amount: Decimal
    ...     def __post_init__(self) -> None:
    ...         set_fields(self, amount=yuan(self.amount, "amount"))
    >>> Price("9.9")
    Price(amount=Decimal('9.90'))
    """
    for name, value in fields.items():
        object.__setattr__(record, name, value)
