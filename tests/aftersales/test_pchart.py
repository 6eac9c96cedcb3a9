from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.aftersales.pchart import centre, chance, p_chart

BATCHES = {"B2505": (200, 2), "B2507": (100, 2), "B2509": (100, 20)}
sizes = st.integers(1, 3000)
pairs = sizes.flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
groups = st.dictionaries(st.text(min_size=1, max_size=5), pairs, min_size=1, max_size=8)


def test_limits_by_hand() -> None:
    small, *_, faulty = p_chart(BATCHES)
    p = 24 / 400
    assert centre(BATCHES) == p
    assert faulty.rate == 0.2
    assert faulty.upper == pytest.approx(p + 3 * sqrt(p * (1 - p) / 100))
    assert faulty.lower == 0
    assert [point.out for point in p_chart(BATCHES)] == [False, False, True]
    assert small.upper < faulty.upper  # twice as many pieces, narrower limits


def test_a_known_usual_rate_takes_the_place_of_the_centre_line() -> None:
    point = p_chart({"B2509": (100, 20)}, usual=0.012)[0]
    assert point.out
    assert not p_chart({"B2509": (100, 20)})[0].out  # alone it is its own centre


@given(groups, st.floats(0, 5))
def test_rates_and_limits_are_shares_in_the_given_order(
    found: dict[str, tuple[int, int]], sigmas: float
) -> None:
    points = p_chart(found, sigmas)
    assert [point.name for point in points] == list(found)
    for point in points:
        assert 0 <= point.lower <= point.upper <= 1
        assert 0 <= point.rate <= 1
    assert not all(point.out for point in points)  # the centre is their mean


@pytest.mark.parametrize(
    ("pieces", "faults", "usual", "odds"),
    [(20, 0, 0.3, 1), (1, 1, 0.25, 0.25), (2, 1, 0.5, 0.75), (3, 3, 0.5, 0.125), (10, 1, 0, 0)],
)
def test_the_exact_chance_by_hand(pieces: int, faults: int, usual: float, odds: float) -> None:
    assert chance(pieces, faults, usual) == pytest.approx(odds)


def test_the_smallest_chances_keep_their_digits() -> None:
    exact = sum(
        Fraction(comb(144, k)) * Fraction(12, 1000) ** k * Fraction(988, 1000) ** (144 - k)
        for k in range(24, 145)
    )
    assert chance(144, 24, 0.012) == pytest.approx(float(exact), rel=1e-9)
    assert 0 < chance(144, 24, 0.012) < 1e-15  # 1 − (all the rest) would be noise
    assert 0 < chance(3000, 40, 0.012) < 1


@pytest.mark.parametrize(("pieces", "faults", "usual"), [(5, 6, 0.1), (5, -1, 0.1), (5, 1, 1.5)])
def test_chances_of_what_cannot_be_are_refused(pieces: int, faults: int, usual: float) -> None:
    with pytest.raises(ValueError):
        chance(pieces, faults, usual)


@given(st.integers(1, 400), st.floats(0, 1))
def test_more_faults_are_never_likelier(pieces: int, usual: float) -> None:
    odds = [chance(pieces, faults, usual) for faults in range(0, pieces + 1, 7)]
    assert all(0 <= one <= 1 for one in odds)
    assert all(a >= b - 1e-9 for a, b in pairwise(odds))


@pytest.mark.parametrize("bad", [{}, {"a": (0, 0)}, {"a": (5, 6)}, {"a": (5, -1)}])
def test_impossible_counts_raise(bad: dict[str, tuple[int, int]]) -> None:
    with pytest.raises(ValueError):
        p_chart(bad)


def test_a_usual_rate_is_a_share() -> None:
    with pytest.raises(ValueError, match="usual"):
        p_chart(BATCHES, usual=1.2)
    with pytest.raises(TypeError):
        p_chart({"a": (5.0, 1)})  # type: ignore[dict-item]
