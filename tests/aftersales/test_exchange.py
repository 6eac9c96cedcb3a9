from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.aftersales.exchange import WILLING_AT_MOST, Terms, balance, best_gift

SHIRT = Terms(price=119, cost=52)
shares = st.decimals(0, 1, places=2)
amounts = st.decimals(0, 500, places=2)
terms = st.builds(
    Terms, amounts, amounts, amounts, st.booleans(), shares, shares, shares, shares, shares, amounts
)


def test_the_balance_by_hand() -> None:
    found = balance(SHIRT, 5)
    assert found.accepted == Decimal("0.5")
    assert found.refund_value == Decimal("-18.40")  # freight 8 and a fifth of 52
    assert found.exchange_value == Decimal("27.86")  # −18.40 − 8 − 5 + .9 × 67 − .1 × 10.40
    assert found.offer_value == Decimal("3.23")  # half of it, half of −18.40 − .05 × 60
    assert found.gain == Decimal("21.63")
    assert found.refunds_left == Decimal("0.55")


@given(terms, st.decimals(0, 100, places=2))
def test_shares_stay_shares_and_the_offer_lies_between(offered: Terms, gift: Decimal) -> None:
    found = balance(offered, gift)
    assert 0 <= found.accepted <= WILLING_AT_MOST
    assert 0 <= found.refunds_left <= 1
    worst = found.refund_value - Decimal(str(offered.annoyed)) * Decimal(str(offered.harm))
    low, high = sorted((worst, found.exchange_value))
    assert low - Decimal("0.02") <= found.offer_value <= high + Decimal("0.02")


def test_nobody_willing_and_nobody_annoyed_is_the_same_as_refunding() -> None:
    found = balance(replace(SHIRT, willing=0, per_yuan=0, annoyed=0), 10)
    assert found.gain == 0
    assert found.refunds_left == 1


def test_asking_everyone_in_vain_only_annoys() -> None:
    assert balance(replace(SHIRT, willing=0, per_yuan=0)).gain == Decimal("-3.00")


def test_an_exchange_that_always_comes_back_is_worse_than_a_refund() -> None:
    assert balance(replace(SHIRT, again=1)).gain < 0


def test_a_seller_who_pays_the_way_back_loses_it_on_both_sides() -> None:
    buyer, seller = balance(SHIRT), balance(replace(SHIRT, seller_pays=True))
    assert buyer.refund_value - seller.refund_value == 8
    assert buyer.exchange_value - seller.exchange_value == Decimal("8.80")  # and a tenth again


@given(terms)
def test_no_other_gift_is_better_than_the_best(offered: Terms) -> None:
    best = best_gift(offered, 12)
    gains = [balance(offered, gift).gain for gift in range(13)]
    assert gains[best] == max(gains)
    assert gains.index(max(gains)) == best


@pytest.mark.parametrize(
    ("change", "said"),
    [({"price": -1}, "price"), ({"again": "1.01"}, "again"), ({"resale": -1}, "resale"),
     ({"willing": "x"}, "willing"), ({"harm": "0.001"}, "harm")],
)  # fmt: skip
def test_amounts_and_shares_are_checked(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SHIRT, **change)


def test_a_gift_is_an_amount_of_money() -> None:
    with pytest.raises(ValueError, match="gift"):
        balance(SHIRT, -1)
