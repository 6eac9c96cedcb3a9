from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.amounts import Number
from kefu.presales.topup import ThresholdOutcome, TopUp, best_threshold, outcome, suggest

ADD_ONS: dict[str, Number] = {"毛巾": 15, "袜子": "9.9", "皮筋": 3, "香皂": 8}
BAD_NUMBERS: list[tuple[Any, type[Exception]]] = [
    (float("nan"), ValueError),
    (float("inf"), ValueError),
    (-1, ValueError),
    ("八十", ValueError),
    (0.005, ValueError),
    (True, TypeError),
    ([88], TypeError),
]

fen = st.integers(0, 30_000).map(lambda n: Decimal(n) / 100)
shops = st.fixed_dictionaries(
    {
        "baskets": st.lists(fen, min_size=1, max_size=30),
        "reach": fen,
        "margin": st.integers(0, 100).map(lambda n: Decimal(n) / 100),
        "freight_cost": fen,
        "freight_price": fen,
        "leave": st.integers(0, 100).map(lambda n: Decimal(n) / 100),
    }
)


def run(baskets: list[Any], threshold: Any, **changes: Any) -> ThresholdOutcome:
    figures = {"reach": 10, "margin": 0.3, "freight_cost": 6, "freight_price": 8, **changes}
    return outcome(baskets, threshold, **figures)


# The buyer's side


def test_suggest_puts_the_cheapest_way_first() -> None:
    assert suggest(80, 88, 10, ADD_ONS) == (
        TopUp("香皂", Decimal("8.00"), Decimal("-2.00")),
        TopUp("袜子", Decimal("9.90"), Decimal("-0.10")),
        TopUp("毛巾", Decimal("15.00"), Decimal("5.00")),
    )


def test_suggest_takes_an_item_that_just_closes_the_gap() -> None:
    assert suggest(85, 88, 10, ADD_ONS)[0].name == "皮筋"
    assert "皮筋" not in [c.name for c in suggest("84.99", 88, 10, ADD_ONS)]


@pytest.mark.parametrize("basket", [88, 88.01, 200])
def test_suggest_is_empty_where_the_basket_ships_free(basket: float) -> None:
    assert suggest(basket, 88, 10, ADD_ONS) == ()


def test_suggest_is_empty_where_no_item_closes_the_gap() -> None:
    assert suggest(20, 88, 10, ADD_ONS) == ()


def test_suggest_sorts_equal_prices_by_name() -> None:
    assert [c.name for c in suggest(80, 88, 10, {"b": 9, "a": 9, "c": 8})] == ["c", "a", "b"]


@pytest.mark.parametrize(("bad", "error"), [*BAD_NUMBERS, (None, TypeError)])
@pytest.mark.parametrize("argument", ["basket", "threshold", "freight"])
def test_suggest_names_a_bad_argument(argument: str, bad: Any, error: type[Exception]) -> None:
    good: dict[str, Any] = {"basket": 80, "threshold": 88, "freight": 10}
    with pytest.raises(error, match=f"^{argument}: expected .*, got ") as caught:
        suggest(**{**good, argument: bad}, prices=ADD_ONS)
    assert repr(bad) in str(caught.value)


@pytest.mark.parametrize("basket", [80, 100])
def test_suggest_names_a_bad_price_even_when_none_is_needed(basket: int) -> None:
    with pytest.raises(ValueError, match=r"^prices\['毛巾'\]: expected .*, got -5"):
        suggest(basket, 88, 10, {"毛巾": -5})


@given(fen, fen, fen, st.dictionaries(st.text("甲乙丙", max_size=3), fen, max_size=8))
def test_suggest_compares_what_the_buyer_pays_in_all(
    basket: Decimal, threshold: Decimal, freight: Decimal, prices: dict[str, Decimal]
) -> None:
    choices = suggest(basket, threshold, freight, dict(prices))
    if basket >= threshold:
        assert choices == ()
        return
    assert {c.name for c in choices} == {n for n, p in prices.items() if basket + p >= threshold}
    assert list(choices) == sorted(choices, key=lambda c: (c.extra, c.name))
    for choice in choices:
        assert choice.extra == (basket + prices[choice.name]) - (basket + freight)


# The shop's side


def test_outcome_tops_up_within_reach_to_exactly_the_threshold() -> None:
    assert run([50, 80, 100], 88) == ThresholdOutcome(
        baskets=3,
        free=2,
        topped_up=1,
        lost=Decimal(0),
        average_basket=Decimal("79.33"),
        profit=Decimal("61.40"),  # 238 x 0.3 + 8 - 3 x 6
        profit_per_basket=Decimal("20.47"),
    )


def test_outcome_loses_a_share_of_the_buyers_who_would_pay_freight() -> None:
    result = run([50, 80, 100], 88, leave=0.5)
    assert result.lost == Decimal("0.50")
    assert result.average_basket == Decimal("85.20")  # (88 + 100 + 25) / 2.5
    assert result.profit == Decimal("52.90")  # 213 x 0.3 + 0.5 x 8 - 2.5 x 6


def test_outcome_with_every_buyer_gone_earns_nothing() -> None:
    result = run([50, 80], None, leave=1)
    assert (result.lost, result.average_basket, result.profit) == (2, 0, 0)


def test_outcome_without_a_threshold_has_every_buyer_pay() -> None:
    result = run([50, 80, 100], None)
    assert (result.free, result.topped_up) == (0, 0)
    assert result.profit == Decimal("75.00")  # 230 x 0.3 + 3 x 8 - 3 x 6


def test_outcome_with_threshold_zero_ships_all_free() -> None:
    result = run([0, 50, 100], 0)
    assert (result.free, result.topped_up) == (3, 0)
    assert result.profit == Decimal("27.00")  # 150 x 0.3 - 3 x 6


@pytest.mark.parametrize(("basket", "topped_up"), [("77.99", 0), (78, 1), ("87.99", 1), (88, 0)])
def test_outcome_counts_a_basket_as_topped_up_only_within_reach(
    basket: Any, topped_up: int
) -> None:
    assert run([basket], 88).topped_up == topped_up


def test_outcome_without_reach_tops_nothing_up() -> None:
    assert run([80, "87.99", 88], 88, reach=0).topped_up == 0


def test_outcome_may_be_a_loss() -> None:
    assert run([10], 0).profit == Decimal("-3.00")


def test_outcome_rounds_half_up_and_shows_no_negative_zero() -> None:
    assert str(run(["0.01", "0.02"], 0).average_basket) == "0.02"
    tiny = run(["0.01"], 0, margin="0.3", freight_cost=0)
    assert str(tiny.profit) == "0.00"
    loss = run([1] * 300, 0, margin="0.009967", freight_cost="0.01")
    assert str(loss.profit_per_basket) == "0.00"


def test_outcome_wants_a_basket() -> None:
    with pytest.raises(ValueError, match=r"^baskets: expected at least one basket, got "):
        run([], 88)


def test_outcome_names_the_bad_basket() -> None:
    with pytest.raises(ValueError, match=r"^baskets\[1\]: expected .*, got nan"):
        run([50, float("nan")], 88)


@pytest.mark.parametrize(("bad", "error"), BAD_NUMBERS)
def test_outcome_names_a_bad_threshold(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^threshold: expected .*, got "):
        run([50], bad)


@pytest.mark.parametrize(("bad", "error"), [*BAD_NUMBERS, (None, TypeError)])
@pytest.mark.parametrize("argument", ["reach", "freight_cost", "freight_price"])
def test_outcome_names_a_bad_amount(argument: str, bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"^{argument}: expected .*, got "):
        run([50], 88, **{argument: bad})


@pytest.mark.parametrize("bad", [-0.1, 1.01, 30, float("nan"), "三成"])
@pytest.mark.parametrize("argument", ["margin", "leave"])
def test_outcome_names_what_is_no_share(argument: str, bad: Any) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: expected .*, got "):
        run([50], 88, **{argument: bad})


def rounded(amount: Fraction) -> Decimal:
    """Half up (away from zero) to the fen, in whole numbers."""
    size = int(abs(amount) * 100 + Fraction(1, 2))
    return Decimal(size if amount >= 0 else -size) / 100


def naive(threshold: Decimal | None, shop: dict[str, Any]) -> ThresholdOutcome:
    free = topped_up = 0
    sales = received = cost = placed = Fraction(0)
    stay = 1 - Fraction(shop["leave"])
    for basket in shop["baskets"]:
        if threshold is not None and basket >= threshold:
            free += 1
            sales += Fraction(basket)
        elif threshold is not None and threshold - basket <= shop["reach"]:
            free += 1
            topped_up += 1
            sales += Fraction(threshold)
        else:
            sales += Fraction(basket) * stay
            placed += stay - 1
            received += Fraction(shop["freight_price"]) * stay
        placed += 1
    cost = placed * Fraction(shop["freight_cost"])
    came = len(shop["baskets"])
    profit = sales * Fraction(shop["margin"]) + received - cost
    return ThresholdOutcome(
        came,
        free,
        topped_up,
        rounded(came - placed),
        rounded(sales / placed) if placed else Decimal(0),
        rounded(profit),
        rounded(profit / came),
    )


@given(shops, st.none() | fen)
def test_outcome_equals_a_naive_loop(shop: dict[str, Any], threshold: Decimal | None) -> None:
    assert outcome(threshold=threshold, **shop) == naive(threshold, shop)


@given(shops)
def test_threshold_zero_always_ships_all_free(shop: dict[str, Any]) -> None:
    result = outcome(threshold=0, **shop)
    assert result.free == result.baskets == len(shop["baskets"])
    assert result.topped_up == 0


# The best threshold


def test_best_threshold_has_the_highest_profit() -> None:
    assert best_threshold([60, 70, 100], [None, 88, 99], 30, 0.3, 6, 4) == 88


def test_best_threshold_may_be_none_at_all() -> None:
    assert best_threshold([50, 80, 100], [0, 88, None], 10, 0.3, 6, 8) is None


def test_best_threshold_takes_the_first_of_equals() -> None:
    assert best_threshold([100], [88, 60, 99], 0, 0.3, 6, 8) == 88


def test_best_threshold_wants_a_candidate() -> None:
    with pytest.raises(ValueError, match=r"^candidates: expected at least one threshold, got "):
        best_threshold([50], [], 10, 0.3, 6, 8)


def test_best_threshold_names_a_bad_candidate() -> None:
    with pytest.raises(ValueError, match=r"^candidates: expected .*, got -1"):
        best_threshold([50], [88, -1], 10, 0.3, 6, 8)


@given(shops, st.lists(st.none() | fen, min_size=1, max_size=5))
def test_best_threshold_is_beaten_by_no_candidate(
    shop: dict[str, Any], candidates: list[Decimal | None]
) -> None:
    best = best_threshold(candidates=candidates, **shop)
    assert best in candidates
    top = outcome(threshold=best, **shop).profit
    assert all(outcome(threshold=c, **shop).profit <= top for c in candidates)


def test_rounded_agrees_with_decimal() -> None:
    assert rounded(Fraction(-1, 200)) == Decimal("-0.005").quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )
