"""The bucket by hand, the published fit and curves, jumps that are there and that are not, ties by kind."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import inf, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.operations.loyalty import (
    SBG,
    TIES,
    BucketPlan,
    RetentionChain,
    expected_lifetime,
    fit_sbg,
    jump_at,
    kaplan_meier,
    lifetime_value,
    switching_cost,
)

SHARES = st.floats(0, 0.99)

# The bucket


def test_each_period_what_stays_and_what_comes_in_is_added() -> None:
    chain = RetentionChain(kept=0.9, joining=50)
    assert chain.path(1000, 3) == [1000, 950, 905, 864.5]
    assert chain.after(1000, 3) == 864.5
    assert chain.path(7, 0) == [7]


@given(SHARES, st.floats(0, 1000), st.floats(0, 10_000), st.integers(0, 60))
def test_the_path_is_the_closed_formula(kept: float, joining: float, start: float, n: int) -> None:
    chain = RetentionChain(kept, joining)
    level = chain.joining / (1 - chain.kept)
    assert chain.after(start, n) == pytest.approx(
        level + (start - level) * chain.kept**n, rel=1e-6, abs=1e-4
    )


@given(SHARES, st.floats(0, 1000))
def test_at_its_level_a_bucket_stays_as_it_is(kept: float, joining: float) -> None:
    chain = RetentionChain(kept, joining)
    assert chain.after(chain.level, 1) == pytest.approx(chain.level, rel=1e-6, abs=1e-4)


def test_a_bucket_without_a_leak_has_no_level() -> None:
    with pytest.raises(ValueError, match=r"kept: expected a share below 1.*kept应为小于1的比例"):
        _ = RetentionChain(1, 5).level


@given(SHARES)
def test_the_expected_lifetime_is_the_sum_of_who_is_left(kept: float) -> None:
    left = sum(kept**n for n in range(4000))
    assert expected_lifetime(kept) == pytest.approx(left, rel=1e-3)


@pytest.mark.parametrize(("kept", "value"), [(0.6, 1.2), (0.7, 1.75), (0.8, 2.67), (0.9, 4.5)])
def test_the_published_value_of_a_life_is_reproduced(kept: float, value: float) -> None:
    assert lifetime_value(1, kept, discount=0.1) == pytest.approx(value, abs=0.005)
    discounted = sum((kept / 1.1) ** n for n in range(1, 2000))
    assert lifetime_value(1, kept, discount=0.1) == pytest.approx(discounted)


def test_without_interest_a_life_is_all_purchases_but_the_first() -> None:
    assert lifetime_value(30, 0.9) == pytest.approx(30 * (expected_lifetime(0.9) - 1))


def test_the_first_yuan_of_patching_stop_most() -> None:
    leaks = [BucketPlan(0, spent).leaving for spent in (0, 250, 500, 750, 1000)]
    assert leaks[0] == 0.10
    assert leaks[1] == pytest.approx(0.10 * (1 - 0.6 / 2))  # half of what can be stopped
    stopped = [a - b for a, b in pairwise(leaks)]
    assert all(a > b > 0 for a, b in pairwise(stopped))
    assert leaks[-1] > 0.10 * (1 - 0.6)


def test_the_fuller_the_bucket_the_more_is_worth_patching() -> None:
    def best(start: float) -> int:
        return max(range(0, 1001, 50), key=lambda new: BucketPlan(new, 1000 - new).path(start)[-1])

    assert [best(start) for start in (100, 200, 1000, 3000)] == [950, 900, 700, 350]


def test_friends_bring_friends() -> None:
    assert BucketPlan(0, 0, friends=2).path(1000, 1) == pytest.approx([1000, 920])
    assert BucketPlan(0, 0, leak=0, friends=2).path(1000, 1) == [
        1000,
        1000,
    ]  # it never grows of itself


@pytest.mark.parametrize(
    ("values", "word"),
    [({"leak": 1.2}, "leak"), ({"to_new": -1}, "to_new"), ({"price": 0}, "price"), ({"half": 0}, "half"),
     ({"stoppable": -0.1}, "stoppable"), ({"friends": "x"}, "friends")],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(values: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=f"{word}: expected"):
        BucketPlan(**values)


# The shifted beta-geometric model

REGULAR = [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1]
"""Percent of the regular customers left after each year (Fader and Hardie 2007)."""


def test_the_published_fit_is_reproduced() -> None:
    fitted = fit_sbg(REGULAR)
    assert (round(fitted.alpha, 4), round(fitted.beta, 4)) == (0.7041, 1.1820)
    assert fitted.log_likelihood([10 * one for one in REGULAR]) == pytest.approx(-1680.27, abs=0.01)
    assert fitted.survival(12) == pytest.approx(0.170, abs=0.0005)
    assert [round(fitted.retention(t), 3) for t in (1, 2, 3)] == [0.627, 0.756, 0.819]


def test_what_is_left_to_come_is_as_published() -> None:
    fitted = fit_sbg(REGULAR)
    assert fitted.remaining(0) == pytest.approx(3.695, abs=0.0005)
    for n, published in enumerate((2.97, 4.10, 4.87, 5.44, 5.89), start=1):
        assert fitted.remaining(n) == pytest.approx(published, abs=0.01)


@given(st.floats(0.2, 5), st.floats(0.2, 8), st.integers(4, 12))
def test_a_curve_without_noise_gives_its_own_parameters(a: float, b: float, periods: int) -> None:
    model = SBG(a, b)
    fitted = fit_sbg([1_000_000 * model.survival(t) for t in range(periods)])
    assert fitted.alpha == pytest.approx(a, rel=0.02)
    assert fitted.beta == pytest.approx(b, rel=0.02)


@given(st.lists(st.floats(0.05, 0.95), min_size=2, max_size=8))
def test_no_model_nearby_is_likelier_than_the_fitted_one(kept: list[float]) -> None:
    left = [1000.0]
    for share in kept:
        left.append(left[-1] * share)
    try:
        fitted = fit_sbg(left)
    except ValueError as error:
        assert "rises from period to period" in str(error)  # noqa: PT017
        return
    best = fitted.log_likelihood(left)
    for up, across in ((1.05, 1), (1 / 1.05, 1), (1, 1.05), (1, 1 / 1.05)):
        other = SBG(fitted.alpha * up, fitted.beta * across)
        assert other.log_likelihood(left) <= best + 1e-6 * abs(best)


@given(st.floats(0.1, 20), st.floats(0.1, 20))
def test_who_has_stayed_is_likelier_to_stay_and_worth_more(a: float, b: float) -> None:
    model = SBG(a, b)
    kept = [model.retention(t) for t in range(1, 20)]
    assert all(x < y for x, y in pairwise(kept))
    worth = [model.remaining(n) for n in range(1, 6)]
    assert all(x < y for x, y in pairwise(worth))
    assert model.remaining(0) == pytest.approx(1 + worth[0] / 1.1)


def test_the_likelihood_is_that_of_each_fate() -> None:
    model = SBG(0.8, 2)
    one, two = model.survival(1), model.survival(2)
    wanted = 4 * log(1 - one) + 3 * log(one - two) + 3 * log(two)
    assert model.log_likelihood([10, 6, 3]) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "left", [[100, 80, 64, 51.2], [100, 90, 70, 40], [100, 100, 100], [100, 50], [100, 0, 0], [10, 11, 5], [], [0, 0]]
)  # fmt: skip
def test_numbers_that_no_such_model_fits_are_refused(left: list[float]) -> None:
    with pytest.raises(ValueError, match="survivors: expected"):
        fit_sbg(left)


@pytest.mark.parametrize("value", [0, -1, inf, "0.7"])
def test_parameters_are_numbers_above_0(value: float) -> None:
    with pytest.raises(ValueError, match="alpha: expected a number > 0"):
        SBG(value, 1)
    with pytest.raises(ValueError, match="beta: expected a number > 0"):
        SBG(1, value)


# Kaplan–Meier


def test_the_published_curve_of_6_mp_is_reproduced() -> None:
    """Freireich and Gehan: + is who was still well when last seen."""
    seen = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
    told = seen.split()
    found = kaplan_meier(
        [float(one.rstrip("+")) for one in told], [not one.endswith("+") for one in told]
    )
    assert {one.time: round(one.share, 3) for one in found} == {
        6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448,
    }  # fmt: skip
    assert [one.at_risk for one in found] == [21, 17, 15, 12, 11, 7, 6]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=40))
def test_where_all_have_left_it_is_the_plain_share(times: list[int]) -> None:
    for one in kaplan_meier(times, [True] * len(times)):
        assert one.share == pytest.approx(sum(t > one.time for t in times) / len(times))


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=40))
def test_it_falls_and_counts_everybody_at_risk(seen: list[tuple[int, bool]]) -> None:
    found = kaplan_meier([time for time, _ in seen], [left for _, left in seen])
    assert sum(one.left for one in found) == sum(left for _, left in seen)
    shares = [1.0, *(one.share for one in found)]
    assert all(a > b >= 0 for a, b in pairwise(shares))


def test_lists_of_two_lengths_or_none_are_refused() -> None:
    for times, gone in (([1, 2], [True]), ([], [])):
        with pytest.raises(ValueError, match="gone: expected one for each of the times"):
            kaplan_meier(times, gone)


# A jump


@given(st.floats(0.1, 0.4), st.floats(-0.001, 0.001))
def test_a_jump_of_two_lines_is_found_again(jump: float, rise: float) -> None:
    """Shares on two straight lines, each as a thousand cases of one amount."""
    cases = []
    for amount in range(-100, 100, 10):
        height = 0.4 + rise * amount + (jump if amount >= 0 else 0)
        many = round(1000 * height)
        cases += [(600 + amount, n < many) for n in range(1000)]
    found = jump_at(600, cases, 100)
    assert found.jump == pytest.approx(jump, abs=0.002)
    assert found.below == pytest.approx(0.4, abs=0.002)
    assert found.low < found.jump < found.high
    assert found.cases == len(cases)


def test_only_what_lies_within_the_width_counts() -> None:
    near = [(x, x % 2 == 0) for x in range(90, 110)]
    far = [(x, True) for x in (0, 50, 150, 300)]
    assert jump_at(100, near + far, 10) == jump_at(100, near, 10)


@pytest.mark.parametrize(("width", "word"), [(0, "number > 0"), (1, "three different amounts")])
def test_a_window_without_room_is_refused(width: float, word: str) -> None:
    with pytest.raises(ValueError, match=f"width: expected .*{word}"):
        jump_at(100, [(x, True) for x in range(90, 110)], width)


# What it costs to go elsewhere


def test_the_list_has_four_kinds_and_eight_items_each_with_a_fair_way() -> None:
    assert list(dict.fromkeys(tie.kind for tie in TIES)) == ["程序", "财务", "情感", "风险"]
    assert len({tie.item for tie in TIES}) == len(TIES) == 8
    assert all(tie.fair and tie.example for tie in TIES)


@given(st.dictionaries(st.sampled_from([tie.item for tie in TIES]), st.integers(0, 500)))
def test_the_kinds_add_up_to_the_whole(felt: dict[str, int]) -> None:
    found = switching_cost(felt)
    assert found.total == sum(found.by_kind.values()) == sum(felt.values())
    assert found.by_kind[found.strongest] == max(found.by_kind.values())
    assert all(isinstance(one, Decimal) for one in found.by_kind.values())


def test_what_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(ValueError, match="felt: expected one of 搜寻比较"):
        switching_cost({"退会入口藏得深": 30})
    with pytest.raises(ValueError, match="熟人关系: expected a number >= 0"):
        switching_cost({"熟人关系": -1})
