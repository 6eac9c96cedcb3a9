from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kefu.operations.satisfaction import (
    ANSWERS,
    Customer,
    Kano,
    Ranking,
    Verdict,
    acsi,
    gap,
    kano,
    kano_profile,
    perceived_value,
    rank,
    ratio,
    verdict,
)

BAD_NUMBERS: list[tuple[Any, type[Exception]]] = [
    (float("nan"), ValueError),
    (float("inf"), ValueError),
    (-1, ValueError),
    ("九十", ValueError),
    ("", ValueError),
    ("<b>9</b>", ValueError),
    ("9" * 10_000, ValueError),
    (True, TypeError),
    (None, TypeError),
    ([9], TypeError),
]

points = st.integers(0, 10**9).map(lambda n: Decimal(n) / 1000)
above_zero = st.integers(1, 10**9).map(lambda n: Decimal(n) / 1000)
customers = st.builds(Customer, points, above_zero)
names = st.text("甲乙丙丁", min_size=1, max_size=2)
amounts = st.dictionaries(names, points, max_size=5)


# The two models


def test_the_reference_case_same_sign_but_another_rank() -> None:
    assert (gap(90, 100), gap(9, 10)) == (-10, -1)
    assert (ratio(90, 100), ratio(9, 10)) == (Decimal("0.9"), Decimal("0.9"))
    assert verdict(90, 100) is verdict(9, 10) is Verdict.BELOW
    ranking = rank(Customer(90, 100), Customer(9, 10))
    assert ranking == Ranking(by_gap=-1, by_ratio=0)
    assert not ranking.agree


def test_the_models_can_rank_two_customers_in_opposite_orders() -> None:
    assert rank(Customer(80, 100), Customer(5, 10)) == Ranking(by_gap=-1, by_ratio=1)
    assert rank(Customer(120, 100), Customer(15, 10)) == Ranking(by_gap=1, by_ratio=-1)


def test_float_dust_does_not_turn_a_tie_into_a_verdict() -> None:
    assert gap(0.1 + 0.2, 0.3) == 0
    assert verdict(0.1 + 0.2, 0.3) is Verdict.MET


def test_the_ratio_gives_back_the_expectation_as_chapter_7_writes_it() -> None:
    assert Decimal(90) / ratio(90, 100) == 100


@given(points, above_zero)
def test_both_models_agree_on_the_sign(experience: Decimal, expectation: Decimal) -> None:
    by_gap, by_ratio = gap(experience, expectation), ratio(experience, expectation) - 1
    assert (by_gap > 0, by_gap < 0) == (by_ratio > 0, by_ratio < 0)
    said = {1: Verdict.ABOVE, 0: Verdict.MET, -1: Verdict.BELOW}[(by_gap > 0) - (by_gap < 0)]
    assert verdict(experience, expectation) is said


def test_the_sign_agrees_at_the_ends_of_what_is_taken() -> None:
    most, least = 10**12, Decimal("0.000001")
    assert ratio(Decimal(most) - least, most) < 1
    assert gap(Decimal(most) - least, most) < 0
    assert ratio(least, most) > 0


@given(points, points, points)
def test_more_expectation_means_less_satisfaction_at_the_same_experience(
    experience: Decimal, one: Decimal, other: Decimal
) -> None:
    assume(one < other)
    assert gap(experience, one) > gap(experience, other)
    if one and experience:
        assert ratio(experience, one) > ratio(experience, other)


@given(customers, above_zero)
def test_points_of_another_size_change_the_gap_but_not_the_ratio(
    one: Customer, size: Decimal
) -> None:
    size = size.quantize(Decimal(1)) + 1  # whole, so that six places keep all
    x, e = one.experience * size, one.expectation * size
    assume(max(x, e) < 10**12)
    assert gap(x, e) == gap(one.experience, one.expectation) * size
    assert ratio(x, e) == pytest.approx(ratio(one.experience, one.expectation))


@given(customers, above_zero)
def test_another_zero_changes_the_ratio_but_not_the_gap(one: Customer, shift: Decimal) -> None:
    x, e = one.experience + shift, one.expectation + shift
    assert gap(x, e) == gap(one.experience, one.expectation)
    if one.experience != one.expectation:
        assert abs(ratio(x, e) - 1) < abs(ratio(one.experience, one.expectation) - 1)


@given(customers, customers)
def test_a_rank_follows_the_models_and_turns_round_with_the_customers(
    one: Customer, other: Customer
) -> None:
    found, turned = rank(one, other), rank(other, one)
    assert (turned.by_gap, turned.by_ratio) == (-found.by_gap, -found.by_ratio)
    first, second = gap(one.experience, one.expectation), gap(other.experience, other.expectation)
    assert found.by_gap == (first > second) - (first < second)
    a, b = ratio(one.experience, one.expectation), ratio(other.experience, other.expectation)
    if a != b:
        assert found.by_ratio == (1 if a > b else -1)


@given(customers, customers)
def test_models_that_part_have_unlike_expectations(one: Customer, other: Customer) -> None:
    if one.expectation == other.expectation:
        assert rank(one, other).agree


@given(customers, customers)
def test_a_pleased_and_a_disappointed_customer_are_never_mixed_up(
    one: Customer, other: Customer
) -> None:
    assume(verdict(one.experience, one.expectation) is Verdict.ABOVE)
    assume(verdict(other.experience, other.expectation) is Verdict.BELOW)
    assert rank(one, other) == Ranking(1, 1)


@pytest.mark.parametrize(("bad", "error"), BAD_NUMBERS, ids=lambda v: ascii(v)[:20])
@pytest.mark.parametrize("model", [gap, ratio, verdict, Customer], ids=lambda f: f.__name__)
def test_a_bad_number_is_named(model: Any, bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^experience: expected .*, got "):
        model(bad, 10)
    with pytest.raises(error, match=r"^expectation: expected .*, got ") as caught:
        model(10, bad)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("model", [ratio, Customer], ids=lambda f: f.__name__)
def test_no_ratio_without_an_expectation(model: Any) -> None:
    with pytest.raises(ValueError, match=r"^expectation: expected a number > 0, got 0"):
        model(5, 0)
    assert gap(5, 0) == 5


# Perceived value


def test_perceived_value_is_benefits_less_costs() -> None:
    assert perceived_value({"商品": 60, "省心": 20}, {"价钱": 50, "等待": 15}) == 15
    assert perceived_value({}, {}) == 0


def test_one_offer_is_worth_more_to_one_customer_than_to_another() -> None:
    offer: Any = ({"商品": 60, "次日达": 10}, {"价钱": 50, "运费": 12})
    hurried, thrifty = {"次日达": 3}, {"价钱": "1.5"}
    assert perceived_value(*offer, weights=hurried) == 28
    assert perceived_value(*offer, weights=thrifty) == -17


def test_a_weight_of_nothing_known_is_named() -> None:
    with pytest.raises(ValueError, match=r"^weights: expected .*, got '等侍'"):
        perceived_value({"商品": 60}, {"等待": 5}, {"等侍": 2})


@pytest.mark.parametrize(("bad", "error"), BAD_NUMBERS, ids=lambda v: ascii(v)[:20])
def test_a_bad_amount_is_named(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^benefits\['商品'\]: expected "):
        perceived_value({"商品": bad}, {})
    with pytest.raises(error, match=r"^costs\['等待'\]: expected "):
        perceived_value({}, {"等待": bad})
    with pytest.raises(error, match=r"^weights\['等待'\]: expected "):
        perceived_value({}, {"等待": 1}, {"等待": bad})


@given(amounts, amounts)
def test_perceived_value_is_linear_and_turns_round(
    benefits: dict[str, Any], costs: dict[str, Any]
) -> None:
    value = perceived_value(benefits, costs)
    assert value == sum(benefits.values()) - sum(costs.values())
    assert perceived_value(costs, benefits) == -value
    twice = dict.fromkeys({*benefits, *costs}, 2)
    assert perceived_value(benefits, costs, twice) == 2 * value


# Kano


@pytest.mark.parametrize(
    ("functional", "dysfunctional", "kind"),
    [
        ("喜欢", "不喜欢", Kano.ONE_DIMENSIONAL),
        ("喜欢", "理应如此", Kano.ATTRACTIVE),
        ("喜欢", "无所谓", Kano.ATTRACTIVE),
        ("喜欢", "能忍受", Kano.ATTRACTIVE),
        ("理应如此", "不喜欢", Kano.MUST_BE),
        ("无所谓", "不喜欢", Kano.MUST_BE),
        ("能忍受", "不喜欢", Kano.MUST_BE),
        ("无所谓", "无所谓", Kano.INDIFFERENT),
        ("不喜欢", "喜欢", Kano.REVERSE),
        ("理应如此", "喜欢", Kano.REVERSE),
        ("喜欢", "喜欢", Kano.QUESTIONABLE),
        ("不喜欢", "不喜欢", Kano.QUESTIONABLE),
    ],
)
def test_kano_reads_the_evaluation_table(functional: str, dysfunctional: str, kind: Kano) -> None:
    assert kano(functional, dysfunctional) is kind


def test_the_25_cells_of_the_table_are_those_of_the_source() -> None:
    found = [kano(*pair) for pair in product(ANSWERS, repeat=2)]
    assert {kind: found.count(kind) for kind in Kano} == {
        Kano.MUST_BE: 3, Kano.ONE_DIMENSIONAL: 1, Kano.ATTRACTIVE: 3,
        Kano.INDIFFERENT: 9, Kano.REVERSE: 7, Kano.QUESTIONABLE: 2,
    }  # fmt: skip


def test_asking_the_other_way_round_turns_the_table_over() -> None:
    for one, other in product(ANSWERS, repeat=2):
        assert (kano(one, other) is Kano.REVERSE) == (
            kano(other, one) in (Kano.ATTRACTIVE, Kano.ONE_DIMENSIONAL, Kano.MUST_BE)
        )


@pytest.mark.parametrize("bad", ["", "喜欢 ", "like", "<b>喜欢</b>", "喜欢" * 5000, "😀", "\x00"])
def test_an_unknown_answer_is_named_and_the_answers_listed(bad: str) -> None:
    with pytest.raises(ValueError, match=r"^functional: expected .*理应如此") as caught:
        kano(bad, "喜欢")
    assert len(str(caught.value)) < 500
    with pytest.raises(ValueError, match=r"^dysfunctional: expected "):
        kano("喜欢", bad)


def test_a_profile_counts_and_measures_both_sides() -> None:
    pairs = [("喜欢", "不喜欢")] * 4 + [("理应如此", "不喜欢")] * 3 + [("喜欢", "无所谓")] * 2
    profile = kano_profile([*pairs, ("无所谓", "无所谓"), ("不喜欢", "喜欢")])
    assert profile.kind is Kano.ONE_DIMENSIONAL
    assert dict(profile.counts) == {
        Kano.MUST_BE: 3, Kano.ONE_DIMENSIONAL: 4, Kano.ATTRACTIVE: 2,
        Kano.INDIFFERENT: 1, Kano.REVERSE: 1, Kano.QUESTIONABLE: 0,
    }  # fmt: skip
    assert (profile.better, profile.worse) == (0.6, -0.7)


@pytest.mark.parametrize("order", [1, -1])
def test_a_tie_goes_to_the_class_whose_lack_hurts_most(order: int) -> None:
    pairs = [("无所谓", "无所谓"), ("喜欢", "无所谓"), ("喜欢", "不喜欢"), ("理应如此", "不喜欢")]
    for start, kind in enumerate(
        [Kano.MUST_BE, Kano.ONE_DIMENSIONAL, Kano.ATTRACTIVE, Kano.INDIFFERENT]
    ):
        assert kano_profile(pairs[: 4 - start][::order]).kind is kind


def test_a_profile_of_reversed_answers_has_no_coefficients() -> None:
    profile = kano_profile([("不喜欢", "喜欢")])
    assert (profile.kind, profile.better, profile.worse) == (Kano.REVERSE, None, None)


def test_no_answers_make_no_profile() -> None:
    with pytest.raises(ValueError, match=r"^answers: expected "):
        kano_profile([])


@given(st.lists(st.tuples(st.sampled_from(ANSWERS), st.sampled_from(ANSWERS)), min_size=1))
def test_a_profile_counts_everybody_once(pairs: list[tuple[str, str]]) -> None:
    profile = kano_profile(pairs)
    assert sum(profile.counts.values()) == len(pairs)
    assert profile.counts[profile.kind] == max(profile.counts.values())
    if profile.better is not None and profile.worse is not None:
        assert 0 <= profile.better <= 1
        assert -1 <= profile.worse <= 0


# ACSI


def test_acsi_goes_from_0_to_100() -> None:
    assert acsi([1, 1, 1]) == 0
    assert acsi([10, 10, 10]) == pytest.approx(100)
    assert acsi([10, 10, 10], [0.333, 0.333, 0.333]) == pytest.approx(100)
    assert acsi([5.5, 5.5, 5.5], [0.5, 0.3, 0.2]) == pytest.approx(50)


def test_acsi_by_hand() -> None:
    # (8 - 1) x 0.4 + (7 - 1) x 0.35 + (6.4 - 1) x 0.25 = 6.25; / 9 x 100
    assert acsi([8, 7, 6.4], [0.4, 0.35, 0.25]) == pytest.approx(69.444, abs=0.001)


@given(st.lists(st.floats(1, 10), min_size=1, max_size=6))
def test_acsi_with_equal_weights_is_the_mean_on_another_scale(scores: list[float]) -> None:
    mean = sum(scores) / len(scores)
    assert acsi(scores) == pytest.approx((mean - 1) / 9 * 100, abs=1e-4)


@pytest.mark.parametrize("weights", [[0.5, 0.5], [0.5, 0.5, 0.5], [0.2, 0.2, 0.2], [1, 0, 0, 0]])
def test_acsi_asks_for_weights_that_sum_to_1(weights: list[float]) -> None:
    with pytest.raises(ValueError, match=r"^weights: expected 3 weights that sum to 1"):
        acsi([8, 7, 6], weights)


@pytest.mark.parametrize("bad", [0, 0.99, 10.01, -3, float("nan"), "八"])
def test_acsi_names_a_score_off_the_scale(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^scores\[1\]: expected "):
        acsi([8, bad, 7])


def test_acsi_needs_a_score_and_weights_below_1() -> None:
    with pytest.raises(ValueError, match=r"^scores: expected "):
        acsi([])
    with pytest.raises(ValueError, match=r"^weights\[0\]: expected "):
        acsi([8, 7], [2, 0])
