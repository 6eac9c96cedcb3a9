"""RFM: scores by cuts, the eight names, cells that lose nothing on their edges, the shop's shares."""

from __future__ import annotations

import csv
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from datasets.regulars import END, shop
from kefu import data
from kefu.operations.rfm import (
    AMOUNT_STEP,
    DAY_STEP,
    MOST_AMOUNT,
    NAMES,
    STORED,
    RfmCuts,
    RfmRow,
    cells,
    classes,
    read_cells,
    score,
    segment,
    summary,
)
from tools.paths import ROOT

TRUTH = yaml.safe_load((ROOT / "datasets" / "truths.yml").read_text(encoding="utf-8"))["rfm"]
ROWS = st.builds(
    RfmRow,
    st.floats(0, 365).map(lambda days: round(days, 3)),
    st.integers(1, 20),
    st.integers(0, 3000).map(float),
)


@pytest.mark.parametrize(
    ("letters", "name"),
    [
        ("HHH", "重要价值"), ("HLH", "重要发展"), ("LHH", "重要保持"), ("LLH", "重要挽留"),
        ("HHL", "一般价值"), ("HLL", "一般发展"), ("LHL", "一般保持"), ("LLL", "一般挽留"),
    ],
)  # fmt: skip
def test_the_eight_classes_have_the_book_s_names(letters: str, name: str) -> None:
    r, f, m = (letter == "H" for letter in letters)
    assert segment(r, f, m) == name


def test_every_class_has_a_name_of_its_own() -> None:
    assert len({segment(*three) for three in product((True, False), repeat=3)}) == len(NAMES) == 8


@pytest.mark.parametrize("wrong", [1, "H", None])
def test_a_letter_that_is_no_yes_or_no_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match=r"f_high: expected True or False, got"):
        segment(True, wrong, True)  # type: ignore[arg-type]


@given(
    st.floats(-1e6, 1e6), st.lists(st.integers(-1000, 1000), min_size=1, unique=True).map(sorted)
)
def test_a_score_counts_the_cuts_that_are_reached(value: float, cuts: list[int]) -> None:
    assert score(value, cuts) == 1 + sum(cut <= value for cut in cuts)
    assert score(value, cuts, few_is_good=True) == 1 + sum(value <= cut for cut in cuts)


@pytest.mark.parametrize(
    ("value", "cuts"), [(1, []), (1, [2, 2]), (1, [3, 1]), (float("nan"), [2])]
)
def test_a_score_refuses_cuts_that_do_not_rise_and_no_number(value: float, cuts: list[int]) -> None:
    with pytest.raises(ValueError, match=r"cuts: expected rising|value: expected a number"):
        score(value, cuts)


def test_a_customer_on_a_cut_is_high() -> None:
    assert RfmCuts(90, 2, 320).segment(90, 2, 320) == "重要价值"
    assert RfmCuts(90, 2, 320).segment(90.01, 1, 319.99) == "一般挽留"
    with pytest.raises(ValueError, match=r"amount: expected a number > 0, got 0"):
        RfmCuts(90, 2, 0)


def test_a_summary_counts_days_to_the_last_purchase_and_adds_up() -> None:
    found = summary(
        [
            ("甲", date(2025, 3, 1), 80.5),
            ("乙", date(2025, 5, 1), 0),
            ("甲", date(2025, 4, 1), 19.5),
        ],
        date(2025, 5, 1),
    )
    assert found == {"甲": RfmRow(30.0, 2, 100.0), "乙": RfmRow(0.0, 1, 0.0)}


@pytest.mark.parametrize(
    ("purchase", "said"),
    [(("甲", date(2025, 6, 1), 5), "until"), (("甲", date(2025, 1, 1), -5), "amount")],
)
def test_a_summary_refuses_the_future_and_negative_amounts(
    purchase: tuple[str, date, float], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        summary([purchase], date(2025, 5, 1))


@given(
    st.lists(ROWS, max_size=40),
    st.integers(1, 12), st.integers(1, 6), st.integers(1, MOST_AMOUNT // AMOUNT_STEP),
)  # fmt: skip
def test_cells_give_what_the_rows_give_for_every_cut_on_their_edges(
    rows: list[RfmRow], days: int, orders: int, amount: int
) -> None:
    cuts = RfmCuts(days * DAY_STEP, orders, amount * AMOUNT_STEP)
    found = classes(cells(rows), cuts)
    for name, one in found.items():
        inside = [row for row in rows if cuts.segment(row.days, row.orders, row.amount) == name]
        assert one.people == len(inside)
        assert one.spent == pytest.approx(sum(row.amount for row in inside))
    assert list(found) == list(NAMES.values())


@pytest.mark.parametrize("cuts", [RfmCuts(91, 2, 320), RfmCuts(90, 7, 320), RfmCuts(90, 2, 330)])
def test_a_cut_through_a_cell_is_refused(cuts: RfmCuts) -> None:
    with pytest.raises(ValueError, match=r"expected a (multiple|whole number)"):
        classes(read_cells(), cuts)


# The shop


def test_the_stored_cells_are_those_of_the_tables() -> None:
    with STORED.open(encoding="utf-8", newline="") as file:
        stored = read_cells(csv.DictReader(file))
    assert [asdict(one) for one in stored] == [asdict(one) for one in shop()]
    assert STORED.stat().st_size < 20_000


def test_the_shop_has_the_planted_shares_by_the_mean_and_the_round_cut_moves_few() -> None:
    paid = [row for row in data.rows("orders") if row["paid_at"]]
    rows = summary(
        (
            (row["customer_id"], datetime.fromisoformat(row["paid_at"]), float(row["paid_amount"]))
            for row in paid
        ),
        END,
    )
    mean = sum(row.amount for row in rows.values()) / len(rows)
    exact, round_cut = RfmCuts(90, 2, mean), RfmCuts()
    names = [exact.segment(row.days, row.orders, row.amount) for row in rows.values()]
    for name, share in TRUTH["seen_88"].items():
        assert names.count(name) / len(names) == pytest.approx(share, abs=0.00005)
        now = sum(round_cut.segment(r.days, r.orders, r.amount) == name for r in rows.values())
        assert abs(now - names.count(name)) <= 4
    assert round(mean, 1) == 322.9


def test_days_are_counted_from_any_zone() -> None:
    moment = datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert summary([("甲", moment, 1)], END)["甲"].days == 0
    assert summary([("甲", moment - timedelta(days=1), 1)], END)["甲"].days == 1
