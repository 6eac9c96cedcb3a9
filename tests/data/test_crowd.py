"""Customers by the million: made in ranges, the same however they are made, and the shop's own."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from datasets import crowd
from tests.data.recover import Tables

CUSTOMERS, STEP = 900, 400


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("crowd")
    crowd.write(folder, CUSTOMERS, step=STEP, processes=2)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


@pytest.mark.parametrize(("customers", "step"), [(1, 1), (5, 2), (900, 400), (100_000, 50_000)])
def test_ranges_hold_everybody_once(customers: int, step: int) -> None:
    numbers = [number for one in crowd.ranges(customers, step) for number in one]
    assert numbers == list(range(1, customers + 1))


def test_each_range_has_a_file_of_each_table_and_no_customer_is_in_two(made: Path) -> None:
    for table in crowd.COLUMNS:
        files = sorted((made / table).iterdir())
        assert [path.name for path in files] == [
            "000000001-000000400.parquet", "000000401-000000800.parquet", "000000801-000000900.parquet"
        ]  # fmt: skip
        seen = [set(pd.read_parquet(path).customer_id) for path in files]
        for path, people in zip(files, seen, strict=True):
            low, high = map(int, path.stem.split("-"))
            assert people
            assert all(low <= int(one[1:]) <= high for one in people)


def test_a_customer_is_the_same_in_whatever_range(made: Path, tmp_path: Path) -> None:
    crowd.write(tmp_path, CUSTOMERS, step=250, processes=1)
    for table in crowd.COLUMNS:
        pd.testing.assert_frame_equal(
            pd.read_parquet(made / table), pd.read_parquet(tmp_path / table)
        )


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(
    made: Path, tmp_path: Path
) -> None:
    crowd.write(tmp_path / "again", CUSTOMERS, step=STEP, processes=1)
    assert contents(tmp_path / "again") == contents(made)
    crowd.write_range(tmp_path / "other", crowd.SEED + 1, range(1, STEP + 1))
    place = crowd.place(tmp_path / "other", "orders", range(1, STEP + 1))
    assert place.read_bytes() != crowd.place(made, "orders", range(1, STEP + 1)).read_bytes()


def test_what_was_interrupted_is_finished_and_the_rest_kept(made: Path, tmp_path: Path) -> None:
    crowd.write(tmp_path, CUSTOMERS, step=STEP, processes=1)
    lost, kept = (sorted((tmp_path / "orders").iterdir())[nth] for nth in (1, 0))
    lost.unlink()
    before = kept.stat().st_mtime_ns
    crowd.write(tmp_path, CUSTOMERS, step=STEP, processes=1)
    assert kept.stat().st_mtime_ns == before
    assert contents(tmp_path) == contents(made)


def test_a_folder_with_another_crowd_and_numbers_below_one_are_refused(made: Path) -> None:
    with pytest.raises(
        ValueError, match="expected seed 88, 901 customers by 400, got seed 88, 900"
    ):
        crowd.write(made, CUSTOMERS + 1, step=STEP)
    for numbers in ((0, 1), (1, 0)):
        with pytest.raises(ValueError, match="expected at least 1, got"):
            crowd.write(made, numbers[0], step=numbers[1])


LAST_NIGHT = pd.Timestamp("2025-12-31", tz="Asia/Shanghai")
"""From here on an order may be paid in the next year."""


@pytest.fixture(scope="module")
def same_people() -> dict[str, pd.DataFrame]:
    """As many customers as the shop has, from its seed."""
    rows = crowd.lives(crowd.SEED, range(1, 4001))
    made = {t: pd.DataFrame(rows[t], columns=columns) for t, columns in crowd.COLUMNS.items()}
    for name in ("created_at", "paid_at"):
        made["orders"][name] = pd.to_datetime(made["orders"][name], unit="ms", utc=True)
    return made


@pytest.mark.parametrize("table", crowd.COLUMNS)
def test_the_crowd_of_the_shop_s_seed_has_the_shop_s_people(
    committed: Tables, same_people: dict[str, pd.DataFrame], table: str
) -> None:
    """Consents, arms and the moments of orders are those of the tables, but for the two extortionists."""
    wicked = committed["reviews"].query("cause == '恶意'").customer_id
    assert wicked.nunique() == 2
    names = [name for name in crowd.COLUMNS[table] if name not in ("paid_at", "paid_amount")]

    def comparable(frame: pd.DataFrame) -> list[tuple[object, ...]]:
        if table == "orders":
            frame = frame[frame.paid_at.notna() & (frame.created_at < LAST_NIGHT)]
        frame = frame[~frame.customer_id.isin(wicked)][names]
        return sorted(frame.itertuples(index=False, name=None))

    found = comparable(same_people[table])
    assert len(found) > 3900
    assert found == comparable(committed[table])


def test_orders_cost_about_what_the_shop_s_cost(
    committed: Tables, same_people: dict[str, pd.DataFrame]
) -> None:
    """Level discounts, coupons and points are left out: they come to a yuan or two of a hundred."""
    ratio = same_people["orders"].paid_amount.mean() / committed.paid.paid_amount.mean()
    assert 1 < ratio < 1.03
