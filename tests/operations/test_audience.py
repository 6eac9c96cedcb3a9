"""The model of chapter 12: say here what its tests hold it to."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.operations.audience import served_share


@pytest.mark.parametrize(("asked", "served", "rate"), [(40, 30, "0.75"), (1, 0, "0"), (7, 7, "1")])
def test_the_rate_is_the_share_of_those_who_were_served(asked: int, served: int, rate: str) -> None:
    assert served_share(asked, served).rate == Decimal(rate)


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_serving_one_more_never_lowers_the_rate(asked: int, served: int) -> None:
    served = min(served, asked - 1)
    assert 0 <= served_share(asked, served).rate < served_share(asked, served + 1).rate <= 1


@pytest.mark.parametrize(
    ("asked", "served", "said"),
    [(0, 0, "asked"), (40, -1, "served"), (40, 41, "served: expected at most 40, got 41")],
)
def test_counts_that_cannot_be_are_refused(asked: int, served: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        served_share(asked, served)
