"""Who comes again: the printed numbers of CDNOW, what brute force says, what is planted in the shop."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from math import exp, log
from random import Random

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.operations.clv import (
    BGNBD,
    CDNOW,
    SHOP,
    Fitted,
    GammaGamma,
    ParetoNBD,
    RepeatHistory,
    expected_purchases,
    fit_bgnbd,
    fit_gamma_gamma,
    fit_pareto_nbd,
    histories,
    hypergeometric,
    probability_alive,
)
from tools.paths import ROOT

PLANTED = yaml.safe_load((ROOT / "datasets" / "truths.yml").read_text(encoding="utf-8"))["repeat"]
ONE = RepeatHistory(2, 30.43, 38.86)
"""The customer of the paper's example."""
PARETO = ParetoNBD(0.5533, 10.578, 0.6062, 11.669)
CUT = pd.Timestamp("1997-09-30")
HISTORIES = st.builds(
    lambda x, last, quiet: RepeatHistory(x, last if x else 0.0, (last if x else 0.0) + quiet),
    st.integers(0, 30), st.floats(0.01, 52), st.floats(0, 52),
)  # fmt: skip


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    return data.real("cdnow")


@pytest.fixture(scope="module")
def known(cdnow: pd.DataFrame) -> list[RepeatHistory]:
    return list(histories(zip(cdnow.customer, cdnow.date, strict=True), CUT).values())


@pytest.fixture(scope="module")
def bg(known: list[RepeatHistory]) -> Fitted:
    return fit_bgnbd(known)


@pytest.fixture(scope="module")
def pareto(known: list[RepeatHistory]) -> Fitted:
    return fit_pareto_nbd(known)


# CDNOW as printed


def test_bg_nbd_finds_the_printed_parameters(bg: Fitted) -> None:
    assert bg.customers == 2357
    assert bg.log_likelihood == pytest.approx(-9582.43, abs=0.005)
    for name in ("r", "alpha", "a", "b"):
        assert getattr(bg.model, name) == pytest.approx(getattr(CDNOW, name), abs=0.0002)


def test_pareto_nbd_finds_the_printed_parameters(pareto: Fitted) -> None:
    assert pareto.log_likelihood == pytest.approx(-9594.98, abs=0.005)
    for name, value in {"r": 0.5533, "alpha": 10.578, "s": 0.606, "beta": 11.668}.items():
        assert getattr(pareto.model, name) == pytest.approx(value, abs=0.001)


def test_both_predict_the_printed_holdout(
    bg: Fitted, pareto: Fitted, known: list[RepeatHistory], cdnow: pd.DataFrame
) -> None:
    assert sum(bg.model.expected(one, 39) for one in known) == pytest.approx(1653, abs=0.5)
    assert sum(pareto.model.expected(one, 39) for one in known) == pytest.approx(1666, abs=0.5)
    end = CUT + pd.Timedelta(weeks=39)
    assert int(cdnow.date.between(CUT, end, inclusive="right").sum()) == 1882


def test_the_example_customer_is_the_printed_one() -> None:
    assert probability_alive(CDNOW, ONE) == pytest.approx(0.727, abs=0.0005)
    assert expected_purchases(CDNOW, ONE, 39) == pytest.approx(1.226, abs=0.0005)
    assert probability_alive(PARETO, ONE) == pytest.approx(0.869, abs=0.0005)
    assert expected_purchases(PARETO, ONE, 39) == pytest.approx(1.455, abs=0.0005)
    assert PARETO.alive(RepeatHistory(26, 30.86, 31)) == pytest.approx(0.9979, abs=0.00005)
    assert CDNOW.log_likelihood(ONE) == pytest.approx(-9.4596, abs=0.0005)


def test_gamma_gamma_finds_the_printed_spending(cdnow: pd.DataFrame) -> None:
    seen = cdnow[cdnow.date <= CUT].copy()
    seen["nth"] = seen.groupby("customer").cumcount()
    each = seen[seen.nth > 0].groupby("customer").amount.agg(["size", "mean"])
    each = each[each["mean"] > 0]
    found = fit_gamma_gamma(zip(each["size"].tolist(), each["mean"].tolist(), strict=True))
    assert found.customers == 946
    for name, value in {"p": 6.249, "q": 3.745, "gamma": 15.448}.items():
        assert getattr(found.model, name) == pytest.approx(value, abs=0.006)
    assert found.model.mean == pytest.approx(35.17, abs=0.005)


# The formulas against one another and against brute force


@pytest.mark.parametrize("model", [CDNOW, PARETO])
def test_the_fit_s_likelihood_is_the_model_s_own(
    model: BGNBD | ParetoNBD, known: list[RepeatHistory], bg: Fitted, pareto: Fitted
) -> None:
    fit = bg if isinstance(model, BGNBD) else pareto
    own = sum(fit.model.log_likelihood(one) for one in known)
    assert own == pytest.approx(fit.log_likelihood, abs=1e-6)


def test_counted_histories_fit_as_listed_ones(known: list[RepeatHistory], bg: Fitted) -> None:
    counted = fit_bgnbd(Counter(known))
    assert len(Counter(known)) < len(known)
    assert counted.customers == bg.customers
    assert counted.log_likelihood == pytest.approx(bg.log_likelihood, abs=1e-4)


def test_simulated_customers_live_and_buy_as_the_formulas_say() -> None:
    """Draw rates, chances and purchases; among those of one history, count who is left and buys."""
    random, model = Random(88), BGNBD(0.9, 6.0, 0.8, 2.2)
    left: list[bool] = []
    later: list[int] = []
    for _ in range(120_000):
        rate, leaves = random.gammavariate(0.9, 1 / 6.0), random.betavariate(0.8, 2.2)
        at, times, alive = 0.0, [], True
        while alive:
            at += random.expovariate(max(rate, 1e-9))
            if at > 40:
                break
            times.append(at)
            alive = random.random() >= leaves
        before = [one for one in times if one <= 20]
        if len(before) == 2 and 10 <= before[-1] < 12:
            # there at week 20 unless the last purchase before was also where he left
            there = alive or len(times) > 2
            left.append(there)
            later.append(len(times) - 2)
    history = RepeatHistory(2, 11.0, 20.0)
    assert len(left) > 800
    assert sum(left) / len(left) == pytest.approx(model.alive(history), abs=0.04)
    assert sum(later) / len(later) == pytest.approx(model.expected(history, 20), abs=0.1)


@given(HISTORIES, st.floats(0, 60))
def test_chances_are_chances_and_silence_never_makes_it_better(
    one: RepeatHistory, more: float
) -> None:
    longer = RepeatHistory(one.repeats, one.last, one.known + more)
    for model in (SHOP, CDNOW, PARETO):
        assert 0 <= model.alive(longer) <= model.alive(one) + 1e-12 <= 1 + 1e-9
        assert -1e-12 <= model.expected(one, more) <= model.expected(one, more + 1) + 1e-9


def test_whoever_bought_often_is_missed_sooner() -> None:
    slow, fast = RepeatHistory(1, 34.3, 34.3 + 80 / 7), RepeatHistory(7, 10, 10 + 80 / 7)
    assert SHOP.alive(slow) > 0.6 > 0.3 > SHOP.alive(fast)
    assert SHOP.expected(fast, 13) > SHOP.expected(slow, 13)  # if he is there he buys more


def test_a_new_customer_has_not_left() -> None:
    assert SHOP.alive(RepeatHistory(0, 0, 30)) == 1
    assert PARETO.alive(RepeatHistory(0, 0, 30)) < 1
    assert 0 < SHOP.new(13) < SHOP.r / SHOP.alpha * 13


def test_the_formulas_go_through_their_gaps() -> None:
    for a in (0.99999, 1.0, 1.00001):
        assert BGNBD(0.6, 8, a, 2.2).expected(ONE, 10) == pytest.approx(
            BGNBD(0.6, 8, 1.0001, 2.2).expected(ONE, 10), rel=1e-3
        )
    assert ParetoNBD(0.5, 10, 1, 11).expected(ONE, 10) == pytest.approx(
        ParetoNBD(0.5, 10, 1.00001, 11).expected(ONE, 10), rel=1e-4
    )
    swapped = ParetoNBD(0.5, 14, 0.6, 9)
    assert 0 < swapped.alive(ONE) < 1  # where alpha is the larger


@given(st.floats(0.1, 20), st.floats(0.1, 20), st.floats(0.1, 20), st.floats(0, 0.95))
def test_the_series_is_scipy_s(a: float, b: float, c: float, z: float) -> None:
    from scipy.special import hyp2f1

    assert hypergeometric(a, b, c, z) == pytest.approx(float(hyp2f1(a, b, c, z)), rel=1e-7)


@given(st.integers(1, 50), st.floats(1, 500))
def test_spending_lies_between_one_s_own_mean_and_everybody_s(n: int, own: float) -> None:
    model = GammaGamma(6.25, 3.74, 15.44)
    low, high = sorted((own, model.mean))
    assert low - 1e-9 <= model.expected(n, own) <= high + 1e-9
    assert abs(model.expected(n + 1, own) - own) <= abs(model.expected(n, own) - own) + 1e-9
    assert GammaGamma(6, 0.9, 15).mean == float("inf")


# The shop


def test_the_shop_s_numbers_are_found_again() -> None:
    orders = data.load("orders")
    paid = orders[orders.paid_at.notna()]
    end = pd.Timestamp("2026-01-01", tz="Asia/Shanghai")
    people = histories(zip(paid.customer_id, paid.created_at, strict=True), end)
    found, values, tolerance = fit_bgnbd(people.values()), PLANTED["values"], PLANTED["tolerance"]
    assert found.customers == 2769
    for name in ("r", "alpha", "a", "b"):
        value = getattr(found.model, name)
        assert value == pytest.approx(getattr(SHOP, name), abs=0.001)
        assert abs(log(value / values[name])) < tolerance["log_parameter"]
    rate = found.model.r / found.model.alpha
    assert rate == pytest.approx(values["r"] / values["alpha"], rel=tolerance["rate"])
    planted = BGNBD(*(values[name] for name in ("r", "alpha", "a", "b")))
    gap = found.log_likelihood - sum(planted.log_likelihood(one) for one in people.values())
    assert 0 <= 2 * gap < tolerance["likelihood_ratio"]


# What cannot be


def test_histories_know_nothing_of_what_comes_later() -> None:
    day = datetime(2025, 1, 1)
    bought = [("甲", day), ("甲", day + timedelta(weeks=3)), ("甲", day + timedelta(weeks=9)),
              ("乙", day + timedelta(weeks=6))]  # fmt: skip
    assert histories(bought, day + timedelta(weeks=5)) == {"甲": RepeatHistory(1, 3.0, 5.0)}
    assert histories([("甲", date(2025, 1, 1))] * 2, date(2025, 1, 8)) == {
        "甲": RepeatHistory(1, 0.0, 1.0)
    }


@pytest.mark.parametrize(
    ("numbers", "said"),
    [((-1, 0, 5), "repeats"), ((1.5, 1, 5), "repeats"), ((1, 6, 5), "last"), ((0, 2, 5), "last"),
     ((1, float("nan"), 5), "last")],
)  # fmt: skip
def test_a_history_that_cannot_be_is_refused(numbers: tuple[int, float, float], said: str) -> None:
    with pytest.raises(ValueError, match=f"{said}: expected"):
        RepeatHistory(*numbers)


def test_models_refuse_what_makes_no_sense() -> None:
    with pytest.raises(ValueError, match="alpha: expected a number > 0"):
        BGNBD(0.5, 0, 1, 2)
    with pytest.raises(ValueError, match="weeks: expected"):
        SHOP.expected(ONE, -1)
    with pytest.raises(ValueError, match="bought again"):
        fit_bgnbd([RepeatHistory(0, 0, 5)])
    with pytest.raises(ValueError, match="amount > 0"):
        fit_gamma_gamma([(2, 0.0)])
    with pytest.raises(ValueError, match="z: expected"):
        hypergeometric(1, 1, 2, 1)
    assert exp(CDNOW.log_likelihood(ONE)) < 1
