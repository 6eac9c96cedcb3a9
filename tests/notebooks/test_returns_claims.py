"""What chapter 06 says in words of the shop's year, so that other tables do not make it untrue."""

from __future__ import annotations

from functools import cache
from typing import Any

from kefu import data
from kefu.stats import binomial_tail, centre_line, p_chart

FAULTY = ("NX20", "B2509")


@cache
def lines() -> list[dict[str, Any]]:
    """Order lines with product and, if it was asked to go back, the return."""
    asked = {(r["order_id"], r["line"]): r for r in data.rows("returns")}
    return [
        {**row, "product": row["sku"][:4], "back": asked.get((row["order_id"], row["line"]))}
        for row in data.rows("order_lines")
    ]


def rate(*products: str) -> float:
    rows = [row for row in lines() if row["product"] in products]
    return sum(row["back"] is not None for row in rows) / len(rows)


def batches() -> dict[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in lines():
        faults, pieces = found.get((row["product"], row["batch"]), (0, 0))
        bad = row["back"] is not None and row["back"]["reason"] == "质量问题"
        found[row["product"], row["batch"]] = faults + bad, pieces + 1
    return found


def test_nearly_two_thirds_of_the_returns_begin_with_the_buyer() -> None:
    faults = [row["fault"] for row in data.rows("returns")]
    assert 0.60 <= faults.count("买家") / len(faults) <= 2 / 3


def test_clothes_with_sizes_come_back_most_and_the_leggings_most_of_all() -> None:
    sized = {r["product_id"] for r in data.rows("products") if r["chart"]}
    others = {r["product_id"] for r in data.rows("products")} - sized
    assert len(sized) == 8
    assert min(map(rate, sized)) > max(map(rate, others))
    assert max(sized, key=rate) == "NX20"
    linen = {r["product_id"] for r in data.rows("products") if r["category"] == "家纺"}
    assert rate("NX06") < max(map(rate, linen))  # the scarf, clothing without sizes


def test_two_batches_lie_outside_and_only_one_of_them_is_no_chance() -> None:
    groups = batches()
    names = {f"{product} {batch}": counts for (product, batch), counts in groups.items()}
    usual = centre_line(names)
    tails = {p.name: binomial_tail(p.faults, p.pieces, usual) for p in p_chart(names) if p.out}
    out = {name: len(names) * tail for name, tail in tails.items()}
    assert set(out) == {"NX18 B2509", " ".join(FAULTY)}
    assert 0.5 < out["NX18 B2509"] < 0.7  # 约0.6批
    assert out[" ".join(FAULTY)] < 1e-10


def test_the_counts_typed_into_the_live_cell_are_those_of_the_table() -> None:
    groups = batches()
    typed = {"B2507": (1, 127), "B2509": (23, 147), "B2511": (1, 182)}
    assert {batch: groups["NX20", batch] for batch in typed} == typed
