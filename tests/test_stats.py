"""Statistics against values that others published, against kept libraries, and as properties."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import comb, sqrt
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import cohen_kappa_score

from kefu.kpis import csat, nps
from kefu.stats import (
    Comparison,
    Interval,
    binomial_chance,
    binomial_tail,
    bootstrap,
    bootstrap_difference,
    case_interval,
    centre_line,
    chained,
    draw_families,
    kappa,
    p_chart,
    pooled,
    quantile,
    sample_size,
    sign_test,
    standard_errors,
    two_proportions,
    wilson,
    within_limits,
)

sizes = st.integers(1, 3000)
counted = sizes.flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
confidences = st.floats(0.5, 0.999)

BAD_COUNTS: list[tuple[Any, Any, type[Exception]]] = [
    (6, 5, ValueError),
    (-1, 5, ValueError),
    (0, 0, ValueError),
    (1, 5.0, TypeError),
    ("1", 5, TypeError),
    (True, 5, TypeError),
    (None, 5, TypeError),
]
BAD_CONFIDENCES: list[tuple[Any, type[Exception]]] = [
    (0, ValueError),
    (1, ValueError),
    (95, ValueError),
    (float("nan"), ValueError),
    ("95%", TypeError),
    (True, TypeError),
]


# Shares


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605),
     (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_wilson_as_newcombe_prints_it(k: int, n: int, low: float, high: float) -> None:
    # Newcombe (1998), Statistics in Medicine 17:857, table I, method 3
    assert wilson(k, n) == pytest.approx((low, high), abs=5e-5)


@given(counted, confidences)
def test_wilson_holds_the_share_and_mirrors(pair: tuple[int, int], confidence: float) -> None:
    k, n = pair
    low, high = wilson(k, n, confidence)
    assert 0 <= low <= k / n <= high <= 1
    assert low < high
    assert wilson(n - k, n, confidence) == pytest.approx((1 - high, 1 - low))


@given(counted, confidences)
def test_wilson_rises_with_k_and_widens_with_confidence(
    pair: tuple[int, int], confidence: float
) -> None:
    k, n = pair
    low, high = wilson(k, n, confidence)
    if k < n:
        assert all(a <= b for a, b in zip((low, high), wilson(k + 1, n, confidence), strict=True))
    surer = wilson(k, n, (1 + confidence) / 2)
    assert surer[0] <= low
    assert high <= surer[1]


@pytest.mark.parametrize(("k", "n", "share"), [(81, 263, 0.308), (3, 8, 0.375)])
def test_wilsons_bounds_are_those_shares_that_lie_just_so_far_off(
    k: int, n: int, share: float
) -> None:
    # Wilson's own definition (1927): |k/n - p| = z standard errors under p
    for bound in wilson(k, n):
        assert abs(k / n - bound) == pytest.approx(1.959964 * sqrt(bound * (1 - bound) / n))
    assert k / n == pytest.approx(share, abs=5e-4)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [((56, 70, 48, 80), 0.0524, 0.3339), ((9, 10, 3, 10), 0.1705, 0.8090),
     ((6, 7, 2, 7), 0.0582, 0.8062), ((5, 56, 0, 29), -0.0381, 0.1926),
     ((0, 10, 0, 10), -0.2775, 0.2775), ((10, 10, 0, 10), 0.6075, 1)],
)  # fmt: skip
def test_two_proportions_as_newcombe_prints_them(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    # Newcombe (1998), Statistics in Medicine 17:873, table II, method 10
    found = two_proportions(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_the_p_value_is_that_of_the_chi_square_test() -> None:
    from scipy.stats import chi2_contingency

    found = two_proportions(56, 70, 48, 80).p_value
    kept = chi2_contingency([[56, 14], [48, 32]], correction=False).pvalue
    assert found == pytest.approx(kept)


@given(counted, counted)
def test_two_groups_that_change_places_change_the_sign(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found, turned = two_proportions(*one, *other), two_proportions(*other, *one)
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert 0 <= found.p_value <= 1
    mirrored = (-found.difference, -found.high, -found.low, found.p_value)
    assert turned == Comparison(*map(pytest.approx, mirrored))
    assert two_proportions(*one, *one).p_value == 1


# The binomial tail


def test_tails_of_fame() -> None:
    # Arbuthnot (1710): more boys than girls in London in each of 82 years
    assert binomial_tail(82, 82, 0.5) == pytest.approx(0.5**82, rel=1e-9)
    # Fisher (1935), the lady tasting tea, as a coin: 8 of 8 cups
    assert binomial_tail(8, 8, 0.5) == pytest.approx(1 / 256)
    # Weldon's dice (Fisher 1925): 106,602 of 315,672 fives and sixes, 5.2 standard errors too many
    assert binomial_tail(106_602, 315_672, 1 / 3) == pytest.approx(1e-7, rel=0.05)


@pytest.mark.parametrize(
    ("k", "n", "p", "tail"),
    [(0, 20, 0.3, 1), (1, 1, 0.25, 0.25), (1, 2, 0.5, 0.75), (3, 3, 0.5, 0.125), (1, 10, 0, 0),
     (10, 10, 1, 1)],
)  # fmt: skip
def test_the_tail_by_hand(k: int, n: int, p: float, tail: float) -> None:
    assert binomial_tail(k, n, p) == pytest.approx(tail)


def test_the_smallest_chances_keep_their_digits() -> None:
    exact = sum(
        Fraction(comb(144, k)) * Fraction(12, 1000) ** k * Fraction(988, 1000) ** (144 - k)
        for k in range(24, 145)
    )
    assert binomial_tail(24, 144, 0.012) == pytest.approx(float(exact), rel=1e-9)
    assert 0 < binomial_tail(24, 144, 0.012) < 1e-15  # 1 − (all the rest) would be noise
    assert 0 < binomial_tail(40, 3000, 0.012) < 1


@given(counted, st.floats(0, 1))
def test_the_tail_is_that_of_scipy(pair: tuple[int, int], p: float) -> None:
    from scipy.stats import binom

    k, n = pair
    assert binomial_tail(k, n, p) == pytest.approx(binom.sf(k - 1, n, p), rel=1e-7, abs=1e-300)


@given(st.integers(1, 400), st.floats(0, 1))
def test_more_is_never_likelier(n: int, p: float) -> None:
    tails = [binomial_tail(k, n, p) for k in range(0, n + 1, 7)]
    assert all(0 <= one <= 1 for one in tails)
    assert all(a >= b - 1e-12 for a, b in pairwise(tails))


@given(counted, st.floats(0.001, 0.999))
def test_the_tail_and_the_rest_make_1(pair: tuple[int, int], p: float) -> None:
    k, n = pair
    assume(k > 0)
    assert binomial_tail(k, n, p) + binomial_tail(n - k + 1, n, 1 - p) == pytest.approx(1)


@pytest.mark.parametrize(
    ("p", "error"), [(1.5, ValueError), (-0.1, ValueError), (float("nan"), ValueError),
                     ("0.5", TypeError), (None, TypeError)],
)  # fmt: skip
def test_a_chance_is_a_share(p: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^p: expected a share from 0 to 1"):
        binomial_tail(1, 5, p)


# The p-chart

BATCHES = {"B2505": (2, 200), "B2507": (2, 100), "B2509": (20, 100)}
groups = st.dictionaries(st.text(min_size=1, max_size=5), counted, min_size=1, max_size=8)


def test_chances_of_fame() -> None:
    # a bridge of coins, as every table of the binomial prints them: n = 10, p = 1/2
    printed = [0.0010, 0.0098, 0.0439, 0.1172, 0.2051, 0.2461]
    assert [round(binomial_chance(k, 10, 0.5), 4) for k in range(6)] == printed
    assert [binomial_chance(k, 3, p) for k, p in ((0, 0), (1, 0), (3, 1), (2, 1))] == [1, 0, 1, 0]


@given(counted, st.floats(0.0, 1.0))
def test_chances_add_up_to_the_tail(pair: tuple[int, int], p: float) -> None:
    k, n = pair[0] % 60, 60
    tail = sum(binomial_chance(one, n, p) for one in range(k, n + 1))
    assert tail == pytest.approx(binomial_tail(k, n, p), abs=1e-9)


def test_sign_tests_as_printed() -> None:
    assert sign_test(82, 0) == pytest.approx(0.5**81)  # Arbuthnott 1710, both ways
    assert sign_test(8, 2) == pytest.approx(
        0.10938, abs=5e-6
    )  # deer with a longer hind leg, as textbooks print it
    assert sign_test(0, 0) == 1
    assert sign_test(5, 5) == 1


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_sign_test_is_that_of_scipy_and_knows_no_first_way(better: int, worse: int) -> None:
    from scipy.stats import binomtest

    assume(better + worse)
    known = binomtest(better, better + worse).pvalue
    assert sign_test(better, worse) == pytest.approx(known, rel=1e-9)
    assert sign_test(worse, better) == sign_test(better, worse)


@pytest.mark.parametrize("pair", [(-1, 2), (1, -2)])
def test_pairs_are_counted(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected a whole number"):
        sign_test(*pair)


def test_limits_by_hand() -> None:
    large, *_, faulty = p_chart(BATCHES)
    p = 24 / 400
    assert centre_line(BATCHES) == p
    assert (faulty.faults, faulty.pieces, faulty.rate) == (20, 100, 0.2)
    assert faulty.upper == pytest.approx(p + 3 * sqrt(p * (1 - p) / 100))
    assert faulty.lower == 0
    assert [point.out for point in p_chart(BATCHES)] == [False, False, True]
    assert large.upper < faulty.upper  # twice as many pieces, narrower limits


def test_limits_as_the_handbook_prints_them() -> None:
    # NIST/SEMATECH e-Handbook 6.3.3.2: wafers of 50 chips, p = 0.2313, limits 0.4102 and 0.0524
    (point,) = p_chart({"wafer": (12, 50)}, usual=0.2313)
    assert (point.lower, point.upper) == pytest.approx((0.0524, 0.4102), abs=1e-4)


def test_a_known_usual_rate_takes_the_place_of_the_centre_line() -> None:
    assert p_chart({"B2509": (20, 100)}, usual=0.012)[0].out
    assert not p_chart({"B2509": (20, 100)})[0].out  # alone it is its own centre


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


@pytest.mark.parametrize("bad", [{}, {"a": (0, 0)}, {"a": (6, 5)}, {"a": (-1, 5)}])
def test_impossible_counts_raise(bad: dict[str, tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"^(a|groups): expected "):
        p_chart(bad)


def test_a_usual_rate_is_a_share_and_sigmas_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^usual: "):
        p_chart(BATCHES, usual=1.2)
    with pytest.raises(ValueError, match=r"^sigmas: "):
        p_chart(BATCHES, -1)
    with pytest.raises(TypeError, match=r"^a: "):
        p_chart({"a": (1, 5.0)})  # type: ignore[dict-item]


JUICE = dict(zip(range(1, 31), (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13,
                                11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6), strict=True))  # fmt: skip
"""Cans that leak among 50, thirty samples: Montgomery, Introduction to Statistical Quality Control."""


def test_the_second_pass_of_the_orange_juice_cans_as_printed() -> None:
    cans = {str(place): (k, 50) for place, k in JUICE.items()}
    first = p_chart(cans)
    assert centre_line(cans) == pytest.approx(0.2313, abs=5e-5)
    assert first[0].lower == pytest.approx(0.0524, abs=5e-5)
    assert first[0].upper == pytest.approx(0.4102, abs=5e-5)
    left = within_limits(cans)
    assert set(cans) - set(left) == {"15", "23"}
    assert centre_line(left) == pytest.approx(0.2150, abs=5e-5)
    again = p_chart(cans, usual=centre_line(left))
    assert again[0].lower == pytest.approx(0.0407, abs=5e-5)
    assert again[0].upper == pytest.approx(0.3893, abs=5e-5)
    assert {point.name for point in again if point.out} == {"15", "21", "23"}


# The bootstrap

PEOPLE = [10] * 30 + [9] * 70 + [8] * 60 + [7] * 20 + [6] * 12 + [3] * 8


def mean(values: Any) -> float:
    return sum(values) / len(values)


def test_an_interval_is_the_same_under_the_same_seed_only() -> None:
    first = bootstrap(PEOPLE, nps, seed=88)
    assert first == bootstrap(PEOPLE, nps, seed=88)
    assert first != bootstrap(PEOPLE, nps, seed=89)


def test_an_interval_of_nps_is_as_wide_as_theory_says() -> None:
    found = bootstrap(PEOPLE, nps, seed=88)
    promoters, detractors, n = 0.5, 0.1, len(PEOPLE)
    assert found.estimate == pytest.approx(40)
    error = 100 * sqrt((promoters + detractors - (promoters - detractors) ** 2) / n)
    assert found.low == pytest.approx(40 - 1.96 * error, abs=1.5)
    assert found.high == pytest.approx(40 + 1.96 * error, abs=1.5)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    random = Random(5)
    hits = sum(
        0.5 in bootstrap([random.random() for _ in range(40)], mean, seed=n, resamples=200)
        for n in range(300)
    )
    assert 0.90 <= hits / 300 <= 0.98


def test_bounds_are_the_quantiles_that_numpy_takes() -> None:
    import numpy as np

    drawn: list[float] = []

    def noting(values: Any) -> float:
        drawn.append(mean(values))
        return drawn[-1]

    found = bootstrap(PEOPLE, noting, seed=3, resamples=333, confidence=0.9)
    resampled = drawn[1:]  # the first is the estimate itself
    assert len(resampled) == 333
    assert found.low == pytest.approx(np.quantile(resampled, 0.05))
    assert found.high == pytest.approx(np.quantile(resampled, 0.95))


def test_more_answers_and_a_lower_level_make_a_narrower_interval() -> None:
    def width(found: Interval) -> float:
        return found.high - found.low

    wide = width(bootstrap(PEOPLE, nps, seed=1))
    assert width(bootstrap(PEOPLE * 4, nps, seed=1)) == pytest.approx(wide / 2, rel=0.15)
    assert width(bootstrap(PEOPLE, nps, seed=1, confidence=0.8)) < wide


@given(st.lists(st.integers(1, 5), min_size=1, max_size=20), st.integers(0, 10**6))
def test_bounds_lie_in_order_within_what_the_figure_can_be(answers: list[int], seed: int) -> None:
    found = bootstrap(answers, csat, seed=seed, resamples=100)
    assert 0 <= found.low <= found.high <= 1
    assert found.estimate == csat(answers)


def test_answers_that_are_all_alike_leave_no_doubt() -> None:
    assert bootstrap([9] * 5, nps, seed=1) == Interval(100, 100, 100, 0.95)


def test_a_real_difference_is_seen_and_none_is_not_made_up() -> None:
    worse = [max(answer - 2, 0) for answer in PEOPLE]
    found = bootstrap_difference(PEOPLE, worse, nps, seed=88)
    assert found.estimate == nps(PEOPLE) - nps(worse)
    assert found.low > 0
    assert 0 in bootstrap_difference(PEOPLE, PEOPLE, nps, seed=88)


def test_groups_that_change_places_change_the_sign() -> None:
    found = bootstrap_difference([5, 4, 5] * 20, [3, 4] * 20, mean, seed=2)
    turned = bootstrap_difference([3, 4] * 20, [5, 4, 5] * 20, mean, seed=2)
    assert turned.estimate == -found.estimate
    assert turned.low == pytest.approx(-found.high, abs=0.05)


@pytest.mark.parametrize(
    ("change", "error", "name"),
    [
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": 1.5}, TypeError, "seed"),
        ({"seed": "88"}, TypeError, "seed"),
        ({"resamples": 99}, ValueError, "resamples"),
        ({"resamples": True}, TypeError, "resamples"),
    ],
)
def test_a_bad_setting_of_an_interval_is_named(
    change: dict[str, Any], error: type[Exception], name: str
) -> None:
    settings: dict[str, Any] = {"seed": 1, **change}
    with pytest.raises(error, match=f"^{name}: expected "):
        bootstrap(PEOPLE, nps, **settings)
    with pytest.raises(error, match=f"^{name}: expected "):
        bootstrap_difference(PEOPLE, PEOPLE, nps, **settings)


def test_nobody_gives_no_interval() -> None:
    with pytest.raises(ValueError, match=r"^answers: expected "):
        bootstrap([], nps, seed=1)
    with pytest.raises(ValueError, match=r"^other: expected "):
        bootstrap_difference([9], [], nps, seed=1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_a_quantile_is_that_of_numpy(values: list[float], share: float) -> None:
    assert quantile(values, share) == pytest.approx(np.quantile(values, share), abs=1e-6)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_from_least_to_most(values: list[float], one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert (
        min(values) <= quantile(values, low) <= quantile(values, high) + 1e-6 <= max(values) + 1e-5
    )
    assert (quantile(values, 0), quantile(values, 1)) == (min(values), max(values))


def test_a_quantile_needs_values_and_a_share() -> None:
    with pytest.raises(ValueError, match=r"^values: "):
        quantile([], 0.5)
    with pytest.raises(ValueError, match=r"^share: "):
        quantile([1, 2], 1.1)


# Families


def test_a_share_of_families_counts_cases() -> None:
    assert pooled([(8, 8), (0, 8), (2, 4)]) == 0.5
    for bad in ([], [(0, 0)], [(3, 2)]):
        with pytest.raises(ValueError, match=r"cases|hits"):
            pooled(bad)
    assert case_interval([(8, 8), (0, 8)]) == wilson(8, 16)
    for bad in ([], [(3, 2), (0, 9)]):
        with pytest.raises(ValueError):
            case_interval(bad)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=15))
def test_families_that_pairs_join_are_those_of_a_kept_library(pairs: list[tuple[int, int]]) -> None:
    graph = coo_array(([1] * len(pairs), np.array(pairs, int).reshape(-1, 2).T), shape=(12, 12))
    many, label = connected_components(graph, directed=False)
    found = chained(range(12), pairs)
    assert len(found) == many
    assert all(len({*label[family]}) == 1 for family in found)
    assert sorted(case for family in found for case in family) == list(range(12))
    assert found == sorted(map(sorted, found))


@given(st.floats(0, 1), st.integers(1, 200), st.integers(1, 20), st.integers(0, 99))
def test_families_are_whole_alike_and_as_many_as_there_are_cases_for(
    share: float, cases: int, size: int, seed: int
) -> None:
    drawn = draw_families(share, cases, size, seed=seed)
    assert len(drawn) == max(cases // size, 1)
    assert {n for _, n in drawn} == {size}
    assert {k for k, _ in drawn} <= {0, size}
    assert drawn == draw_families(share, cases, size, seed=seed)


def test_of_a_hundred_intervals_about_95_hold_the_truth_and_too_few_where_families_are_alike() -> (
    None
):
    def held(size: int, by_family: bool) -> int:
        found = 0
        for seed in range(200):
            hand = draw_families(0.3, 240, size, seed=seed)
            if by_family:
                found += 0.3 in bootstrap(hand, pooled, seed=seed, resamples=200)
            else:
                low, high = case_interval(hand)
                found += low <= 0.3 <= high
        return found

    assert 180 <= held(1, False) <= 198  # 190 expected; as is true of a share
    assert held(8, False) <= 140  # eight alike: an interval √8 times too narrow, 51 % expected
    assert held(8, True) >= 176


@pytest.mark.parametrize(("many", "low", "high"), [(5, 70, 82), (20, 87, 95), (40, 90, 97)])
def test_of_few_answers_the_bootstrap_promises_too_much(many: int, low: int, high: int) -> None:
    random, held = Random(1), 0
    for seed in range(300):  # the docstring's figures are those of 1500
        share = 0.1 + 0.8 * random.random()
        hand = draw_families(share, many, seed=seed)
        held += share in bootstrap(hand, pooled, seed=seed, resamples=200)
    assert low <= held / 3 <= high


# Agreement


@pytest.mark.parametrize(
    ("table", "value"),
    [
        # Cohen (1960), table 1, as counts of 100: agreement .29, by chance .35
        ([[25, 13, 12], [12, 2, 16], [3, 15, 2]], -0.092),
        # the worked example of many textbooks: two readers, 50 grant proposals
        ([[20, 5], [10, 15]], 0.4),
        ([[3, 0], [0, 4]], 1),
        ([[1, 1], [1, 1]], 0),
    ],
)
def test_kappa_of_textbooks(table: list[list[int]], value: float) -> None:
    assert kappa(table) == pytest.approx(value, abs=5e-4)


tables = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 60), min_size=n, max_size=n), min_size=n, max_size=n)
)


@given(tables)
def test_kappa_is_that_of_a_kept_library_and_knows_no_first_rater(table: list[list[int]]) -> None:
    used = [sum(row) + sum(other[i] for other in table) for i, row in enumerate(table)]
    assume(sum(map(bool, used)) >= 2)
    found = kappa(table)
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    assert found == pytest.approx(cohen_kappa_score(*zip(*pairs, strict=True)), abs=1e-9)
    assert -1 <= found <= 1
    assert kappa(list(zip(*table, strict=True))) == pytest.approx(found)


@pytest.mark.parametrize(
    "table", [[], [[0, 0], [0, 0]], [[5, 0], [0, 0]], [[5]], [[1, 2]], [[1, 2], [3]]]
)
def test_no_kappa_without_two_classes_in_a_square(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"^table: expected "):
        kappa(table)


def test_kappa_counts() -> None:
    with pytest.raises(ValueError, match=r"^table\[1\]: "):
        kappa([[1, 2], [-3, 4]])
    with pytest.raises(TypeError, match=r"^table\[0\]: "):
        kappa([[0.5, 0.5], [0, 1]])  # type: ignore[list-item]
    assert kappa(np.array([[20, 5], [10, 15]])) == pytest.approx(0.4)  # type: ignore[arg-type]


# Planning


@pytest.mark.parametrize(
    ("margin", "confidence", "population", "size"),
    [
        (0.05, 0.95, None, 385),  # Cochran (1977)
        (0.03, 0.95, None, 1068),
        (0.05, 0.99, None, 664),
        # Krejcie and Morgan (1970), where their rounding to the nearest is upwards too
        (0.05, 0.95, 10, 10),
        (0.05, 0.95, 100, 80),
        (0.05, 0.95, 1000, 278),
        (0.05, 0.95, 5000, 357),
        (0.05, 0.95, 10_000, 370),
    ],
)
def test_sizes_of_samples_as_printed(
    margin: float, confidence: float, population: int | None, size: int
) -> None:
    assert sample_size(margin, confidence, population) == size


@example(0.4921875, 0.5, 1)
@given(st.floats(0.005, 0.5), confidences, st.integers(1, 10**6))
def test_a_sample_is_never_more_than_all_and_grows_with_them(
    margin: float, confidence: float, population: int
) -> None:
    size = sample_size(margin, confidence, population)
    assert 1 <= size <= population
    assert size <= sample_size(margin, confidence, population + 1)
    assert size <= sample_size(margin, confidence)
    assert size <= sample_size(margin * 0.9, confidence, population)


@given(st.floats(0.01, 0.3))
def test_a_sample_of_that_size_keeps_the_margin_and_one_less_does_not(margin: float) -> None:
    size = sample_size(margin)
    reach = 1.959964 / 2
    assert reach / sqrt(size) <= margin * (1 + 1e-6)
    assert size == 1 or reach / sqrt(size - 1) > margin * (1 - 1e-6)


@pytest.mark.parametrize("margin", [0, 1, -0.05, 5])
def test_a_margin_is_a_share(margin: float) -> None:
    with pytest.raises(ValueError, match=r"^margin: expected "):
        sample_size(margin)


def test_a_population_has_somebody() -> None:
    with pytest.raises(ValueError, match=r"^population: expected "):
        sample_size(0.05, population=0)


# What all have in common


@pytest.mark.parametrize(("k", "n", "error"), BAD_COUNTS)
@pytest.mark.parametrize(
    ("figure", "names"),
    [
        (wilson, "[kn]"),
        (lambda k, n: two_proportions(k, n, 1, 2), "[kn]1"),
        (lambda k, n: two_proportions(1, 2, k, n), "[kn]2"),
        (lambda k, n: binomial_tail(k, n, 0.5), "[kn]"),
    ],
)
def test_counts_that_cannot_be_are_named(
    figure: Callable[[Any, Any], object], names: str, k: Any, n: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match=rf"^{names}: expected .*（{names}应为"):
        figure(k, n)


@pytest.mark.parametrize(("confidence", "error"), BAD_CONFIDENCES)
@pytest.mark.parametrize(
    "figure",
    [
        lambda c: wilson(1, 2, c),
        lambda c: two_proportions(1, 2, 1, 2, c),
        lambda c: sample_size(0.05, c),
        standard_errors,
        lambda c: bootstrap(PEOPLE, nps, seed=1, confidence=c),
        lambda c: bootstrap_difference(PEOPLE, PEOPLE, nps, seed=1, confidence=c),
    ],
)
def test_a_confidence_lies_between_0_and_1(
    figure: Callable[[Any], object], confidence: Any, error: type[Exception]
) -> None:
    with pytest.raises(error, match=r"^confidence: expected "):
        figure(confidence)


def test_the_numbers_of_a_frame_count_too() -> None:
    assert wilson(np.int64(81), np.int64(263)) == wilson(81, 263)  # type: ignore[arg-type]
    small = [np.int8(100), np.int8(110), np.int8(90), np.int8(120)]  # their sums exceed an int8
    assert two_proportions(*small) == two_proportions(100, 110, 90, 120)  # type: ignore[arg-type]
    assert binomial_tail(np.int32(2), np.int16(20), np.float32(0.5)) == binomial_tail(2, 20, 0.5)  # type: ignore[arg-type]
