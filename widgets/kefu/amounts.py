"""Exact numbers: yuan, kilograms and centimetres as ``Decimal``, whatever the reader typed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from kefu.errors import expected

Number = Decimal | int | float | str
"""What the models accept for an amount: ``Decimal``, ``int``, ``float`` or text such as ``"2.4"``."""

FEN = Decimal("0.01")
"""The smallest amount of money, one fen, in yuan."""

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


def count(value: int, argument: str, *, least: int = 0) -> int:
    """Return a whole number of at least ``least``; raises ``TypeError`` or ``ValueError``.

    >>> count(3, "pieces")
    3
    """
    english, chinese = f"a whole number >= {least}", f"不小于{least}的整数"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(expected(argument, english, chinese, value))
    if value < least:
        raise ValueError(expected(argument, english, chinese, value))
    return value
