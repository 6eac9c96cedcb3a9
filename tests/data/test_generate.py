from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from kefu.presales.freight import Parcel, compare, provinces, zone_of
from kefu.presales.promises import SHANGHAI
from web.commands.bootstrap import ROOT

DATASETS = ROOT / "datasets"
TABLES = ["products", "baskets", "orders"]
DAY = timedelta(hours=24)
Row = dict[str, str]


def generate(folder: Path, *options: str) -> Path:
    """Run the generator as ``make data`` does, into another folder."""
    command = [sys.executable, "-m", "datasets.generate", "--folder", str(folder), *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def rows(folder: Path, name: str) -> list[Row]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables made again from their seed."""
    return generate(tmp_path_factory.mktemp("again"))


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of another class's shop."""
    return generate(tmp_path_factory.mktemp("other"), "--seed", "7")


@pytest.fixture(scope="session", params=["committed", "other seed"])
def orders(request: pytest.FixtureRequest) -> list[Row]:
    """The orders: what is planted must be there under any seed."""
    folder = DATASETS
    if request.param == "other seed":
        folder = request.getfixturevalue("other")
    return rows(folder, "orders")


def moment(row: Row, column: str) -> datetime:
    return datetime.fromisoformat(row[column])


# The files


@pytest.mark.parametrize("name", TABLES)
def test_the_same_seed_gives_the_committed_bytes(again: Path, name: str) -> None:
    assert (again / f"{name}.csv").read_bytes() == (DATASETS / f"{name}.csv").read_bytes()


def test_the_generator_writes_its_three_tables_and_nothing_else(again: Path) -> None:
    assert sorted(path.stem for path in again.iterdir()) == sorted(TABLES)


@pytest.mark.parametrize("name", ["baskets", "orders"])
def test_another_seed_gives_another_shop(other: Path, name: str) -> None:
    assert (other / f"{name}.csv").read_bytes() != (DATASETS / f"{name}.csv").read_bytes()


def test_another_seed_keeps_the_products(other: Path) -> None:
    assert (other / "products.csv").read_bytes() == (DATASETS / "products.csv").read_bytes()


def test_the_number_of_orders_can_be_chosen(tmp_path: Path) -> None:
    assert len(rows(generate(tmp_path, "--orders", "80"), "orders")) == 80


@pytest.mark.parametrize("name", [*TABLES, "tariffs", "zones"])
def test_tables_are_utf8_with_unix_line_ends_and_no_empty_lines(name: str) -> None:
    content = (DATASETS / f"{name}.csv").read_bytes()
    assert b"\r" not in content
    assert b"\n\n" not in content
    assert content.endswith(b"\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8")


@pytest.mark.parametrize(("name", "key"), [("products", "sku"), ("baskets", "basket_id")])
def test_every_row_has_its_own_key(name: str, key: str) -> None:
    keys = [row[key] for row in rows(DATASETS, name)]
    assert len(set(keys)) == len(keys)


# Products and baskets


def test_products_cost_less_than_their_price() -> None:
    for row in rows(DATASETS, "products"):
        assert 0 < Decimal(row["cost"]) < Decimal(row["price"])
        assert Decimal(row["price"]).as_tuple().exponent == -2


@pytest.mark.parametrize("folder", [DATASETS, None], ids=["committed", "other seed"])
def test_every_basket_is_a_sum_of_prices(folder: Path | None, other: Path) -> None:
    table = rows(folder or other, "baskets")
    assert len(table) == 300
    assert all(Decimal(row["goods_amount"]) > 0 for row in table)


# Orders


def test_every_order_has_its_own_number_which_carries_its_day(orders: list[Row]) -> None:
    assert len({row["order_id"] for row in orders}) == len(orders) == 1600
    for row in orders:
        assert row["order_id"][2:10] == row["paid_at"][:10].replace("-", "")


def test_every_province_exists_and_its_zone_matches(orders: list[Row]) -> None:
    for row in orders:
        assert row["province"] in provinces()
        assert row["zone"] == zone_of(row["province"])


def test_every_payment_is_one_that_the_chapter_teaches(orders: list[Row]) -> None:
    assert {row["payment"] for row in orders} == {
        "支付宝余额", "花呗", "余额宝", "快捷支付", "网银", "朋友代付", "货到付款",
    }  # fmt: skip


def test_an_order_is_paid_then_uploaded_then_shipped(orders: list[Row]) -> None:
    for row in orders:
        paid, up, out = (moment(row, name) for name in ("paid_at", "uploaded_at", "shipped_at"))
        assert paid < up < out
        assert {paid.utcoffset(), up.utcoffset(), out.utcoffset()} == {timedelta(hours=8)}


def test_orders_are_in_the_order_of_payment(orders: list[Row]) -> None:
    times = [moment(row, "paid_at") for row in orders]
    assert times == sorted(times)
    assert date(2025, 10, 1) <= times[0].date()
    assert times[-1].date() <= date(2025, 11, 30)


def test_presales_alone_have_an_agreed_day_after_their_payment(orders: list[Row]) -> None:
    for row in orders:
        assert bool(row["agreed_date"]) is (row["kind"] == "预售")
        if row["agreed_date"]:
            assert date.fromisoformat(row["agreed_date"]) > moment(row, "paid_at").date()


def test_the_warehouse_uploads_in_its_hours_only(orders: list[Row]) -> None:
    for row in orders:
        uploaded = moment(row, "uploaded_at").astimezone(SHANGHAI)
        assert uploaded.weekday() != 6
        assert 9 <= uploaded.hour < 18


def test_the_buyer_pays_nothing_from_88_yuan_but_for_the_far_regions(orders: list[Row]) -> None:
    out = {"新疆", "西藏", "香港", "澳门", "台湾"}
    for row in orders:
        free = Decimal(row["goods_amount"]) >= 88 and row["province"] not in out
        assert (Decimal(row["buyer_freight"]) == 0) is free


def test_goods_cost_less_than_they_sell_for(orders: list[Row]) -> None:
    assert all(0 < Decimal(row["goods_cost"]) < Decimal(row["goods_amount"]) for row in orders)


# What is planted


def test_exactly_18_parcels_are_billed_one_step_too_much(orders: list[Row]) -> None:
    wrong = 0
    for row in orders:
        box = Parcel(row["weight_kg"], row["length_cm"], row["width_cm"], row["height_cm"])
        (offer,) = (o for o in compare(box, row["province"]) if o.service.carrier == row["carrier"])
        over = Decimal(row["billed_freight"]) - offer.fee
        assert over in (0, offer.service.tariff.step_fee)
        wrong += over > 0
    assert wrong == 18


def test_baskets_bunch_just_above_the_free_shipping_threshold(
    orders: list[Row], request: pytest.FixtureRequest, other: Path
) -> None:
    committed = "committed" in request.node.name
    before = amounts(rows(DATASETS if committed else other, "baskets"))
    after = amounts(orders)
    assert share(after, 88, 98) > 1.5 * share(before, 88, 98)
    assert share(after, 68, 88) < 0.7 * share(before, 68, 88)
    # far above the threshold nothing has changed
    assert share(after, 120, 1000) == pytest.approx(share(before, 120, 1000), abs=0.08)


def amounts(table: list[Row]) -> list[Decimal]:
    return [Decimal(row["goods_amount"]) for row in table]


def share(values: list[Decimal], low: int, high: int) -> float:
    return sum(low <= value < high for value in values) / len(values)


def late(orders: list[Row], when: Callable[[datetime], bool]) -> float:
    """The share of stock orders paid at such a moment whose number was uploaded after 24 hours."""
    chosen = [
        moment(row, "uploaded_at") - moment(row, "paid_at") > DAY
        for row in orders
        if row["kind"] == "现货" and when(moment(row, "paid_at"))
    ]
    assert len(chosen) >= 20
    return sum(chosen) / len(chosen)


def in_backlog(paid: datetime) -> bool:
    return date(2025, 11, 11) <= paid.date() <= date(2025, 11, 14)


def test_orders_paid_on_saturday_evening_are_all_late(orders: list[Row]) -> None:
    assert late(orders, lambda t: t.weekday() == 5 and t.hour >= 18) == 1
    assert late(orders, lambda t: t.weekday() == 5 and 15 <= t.hour < 18) > 0.6
    assert late(orders, lambda t: t.weekday() == 5 and t.hour < 12) < 0.1


def test_orders_of_an_ordinary_weekday_are_hardly_ever_late(orders: list[Row]) -> None:
    assert late(orders, lambda t: t.weekday() < 5 and not in_backlog(t)) < 0.02


def test_double_eleven_brings_a_backlog_of_four_days(orders: list[Row]) -> None:
    assert late(orders, in_backlog) > 0.4
    days = Counter(moment(row, "paid_at").date() for row in orders)
    assert days.most_common(1)[0][0] == date(2025, 11, 11)
