"""The checks that all models share; `exact`, `yuan` and `count` are tried through freight's tests too."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.amounts import Number, exact, fen, one_of, set_fields, share, yuan

METHODS = ("平邮", "快递", "物流")


@given(st.decimals(0, 1, places=6))
def test_a_share_keeps_its_value_in_every_form(value: Decimal) -> None:
    assert share(value, "x") == share(str(value), "x") == share(float(value), "x") == value


@pytest.mark.parametrize("value", ["1.000001", 2, -0.1, "nan", "一半", ""])
def test_no_share_outside_0_to_1(value: Number) -> None:
    with pytest.raises(ValueError, match=r"^margin: expected a share from 0 to 1, .*0到1的比例"):
        share(value, "margin")


@pytest.mark.parametrize("value", [True, None, [0.5]])
def test_a_share_is_a_number(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^margin: "):
        share(value, "margin")


def test_a_share_above_1_is_told_as_given() -> None:
    with pytest.raises(ValueError) as caught:
        share("1.50", "margin")
    assert str(caught.value) == (
        "margin: expected a share from 0 to 1, got '1.50'（margin应为0到1的比例，收到'1.50'）"
    )


def test_one_of_returns_what_is_among_the_choices() -> None:
    assert one_of("快递", "method", METHODS) == "快递"
    assert one_of(2, "day", iter([1, 2])) == 2


@pytest.mark.parametrize("value", ["", "快", "快递 ", None, ["快递"], 1])
def test_one_of_names_argument_choices_and_what_came(value: Any) -> None:
    with pytest.raises(ValueError) as caught:
        one_of(value, "method", METHODS)
    assert str(caught.value) == (
        f"method: expected one of 平邮, 快递, 物流, got {value!r}"
        f"（method应为以下之一：平邮、快递、物流，收到{value!r}）"
    )


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        ("2.345", "2.35"),
        ("2.344999", "2.34"),
        ("-2.345", "-2.35"),
        ("7", "7.00"),
        ("-0.004", "0.00"),
    ],
)
def test_fen_rounds_half_up_and_knows_no_negative_zero(amount: str, rounded: str) -> None:
    assert str(fen(Decimal(amount))) == rounded


@given(st.decimals(-(10**9), 10**9, allow_nan=False))
def test_fen_moves_by_half_a_fen_at_most_and_then_no_more(amount: Decimal) -> None:
    rounded = fen(amount)
    assert abs(rounded - amount) <= Decimal("0.005")
    assert fen(rounded) == rounded


@dataclass(frozen=True)
class Price:
    amount: Decimal
    weight: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        set_fields(self, amount=yuan(self.amount, "amount"), weight=exact(self.weight, "weight"))


def test_a_record_converts_what_is_given_and_stays_frozen() -> None:
    given: Any = "9.9"
    one = Price(given)
    assert one == Price(Decimal("9.90"))
    assert hash(one) == hash(Price(Decimal("9.90")))
    assert str(one.amount) == "9.90"
    with pytest.raises(FrozenInstanceError):
        one.amount = Decimal(1)  # type: ignore[misc]
    with pytest.raises(ValueError, match=r"^amount: "):
        Price(given * 2)
