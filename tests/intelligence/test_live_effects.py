"""The planted truths of the live tables, found again by the models of the page."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from kefu import data
from kefu.intelligence import live
from kefu.intelligence.live_effects import (
    answer_effect,
    by_minute,
    oversold,
    pin_cut,
    promise_effect,
    window_effect,
    windows,
)

TRUTHS = Path(__file__).parents[2] / "datasets" / "truths.yml"


@cache
def planted(name: str) -> dict[str, Any]:
    return yaml.safe_load(TRUTHS.read_text(encoding="utf-8"))[name]["values"]


@cache
def table(name: str) -> list[dict[str, str]]:
    return data.rows(name)


def test_the_page_s_room_has_the_numbers_of_the_tables():
    pin, answer = planted("live_pin"), planted("live_answer")
    assert (pin["cut"], pin["repeats_a_viewer"]) == (live.CUT, live.REPEATS)
    assert (
        answer["orders"],
        answer["orders_a_viewer"],
    ) == (live.ORDERS_AN_ANSWER, live.ORDERS_A_VIEWER)


def test_a_pin_stops_the_planted_share():
    found = pin_cut(table("live_minutes"), seed=1)
    assert planted("live_pin")["cut"] in found
    assert found.high - found.low < 0.05
    assert found == pin_cut(table("live_minutes"), seed=1)


def test_an_answer_brings_the_planted_orders_and_alone_it_seems_thrice_as_good():
    found, truth = answer_effect(table("live_minutes")), planted("live_answer")
    for slope, value in ((found.answer, truth["orders"]), (found.viewer, truth["orders_a_viewer"])):
        low, high = slope.bounds
        assert low < value < high
    assert found.alone > 2.5 * truth["orders"]


def test_a_broken_promise_brings_returns_and_complaints():
    promises, truth = table("live_promises"), planted("live_promise")
    found = promise_effect(promises, table("live_shows"))
    for what in ("returned", "complained"):
        gap = getattr(found, what)
        assert 0 < gap.low < truth[f"{what}_broken"] - truth[what] < gap.high
        for kept, ending in ((True, ""), (False, "_broken")):
            assert truth[what + ending] in window_effect(promises, what, kept, seed=1)


def test_a_guest_breaks_more():
    found, truth = (
        promise_effect(table("live_promises"), table("live_shows")),
        planted("live_promise"),
    )
    assert found.broken_by == {"代播": (12, 23), "自播": (29, 142)}
    gap = truth["broken"]["代播"] - truth["broken"]["自播"]
    assert 0 < found.guests.low < gap < found.guests.high


def test_stock_as_it_happened_and_as_it_would_be_with_a_lock():
    minutes = table("live_minutes")
    ends = [int(window[-1]["stock"]) for window in windows(minutes)]
    short = [-end for end in ends if end < 0]
    happened = oversold(minutes, delay=15)
    assert (happened.shown, happened.products, happened.pieces) == (408, len(short), sum(short))
    assert oversold(minutes, delay=0).pieces == 0
    lost = [oversold(minutes, delay).pieces for delay in (0, 1, 3, 15)]
    assert lost == sorted(lost)


def test_questions_come_in_after_a_link_goes_up():
    entered, asked = (by_minute(table("live_minutes"), name) for name in ("entered", "questions"))
    assert len(entered) == 15
    assert entered[0] == max(entered) > 1.15 * min(entered)
    assert max(asked[:5]) > 1.15 * min(asked)


def test_bad_tables_are_named():
    minutes = [row for row in table("live_minutes") if not row["pinned"]]
    with pytest.raises(ValueError, match="minutes"):
        pin_cut(minutes, seed=1)
    with pytest.raises(ValueError, match="minutes"):
        answer_effect([])
    with pytest.raises(ValueError, match="column"):
        by_minute(minutes, "stock")
    with pytest.raises(ValueError, match="minutes"):
        by_minute(minutes[:-1] + minutes[:1], "orders")
    with pytest.raises(ValueError, match="what"):
        window_effect([], "kept", True, seed=1)
