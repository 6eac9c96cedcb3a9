"""The generator: the same bytes from the same seed, another shop from another one."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

from datasets.shop.tables import Tables as Writer
from datasets.shop.tables import fields
from tests.data.recover import Tables
from tools.paths import ROOT

DATASETS = ROOT / "datasets"
BY_HAND = {"tariffs", "zones", "rules", "everyday_questions"}
SCENERY = {
    "products", "size_charts", "agents", "levels", "campaigns", "live_shows", "knowledge", "phrases",
}  # fmt: skip
MADE = sorted({path.stem for path in DATASETS.glob("*.csv")} - BY_HAND)
PARQUET = {
    "string": "string",
    "number": "double",
    "integer": "int64",
    "boolean": "bool",
    "date": "date32[day]",
    "datetime": "timestamp[ms, tz=Asia/Shanghai]",
}
Generate = Callable[..., Path]


@pytest.fixture(scope="module")
def again(generated: Generate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables made again from their seed."""
    return generated(tmp_path_factory.mktemp("again"))


@pytest.fixture(scope="module")
def small(generated: Generate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small shop."""
    return generated(tmp_path_factory.mktemp("small"), "--customers", "1000")


def test_the_generator_writes_every_table_that_is_not_kept_by_hand(again: Path) -> None:
    assert sorted(path.name for path in again.iterdir()) == [f"{name}.csv" for name in MADE]
    assert len(MADE) == 37


@pytest.mark.parametrize("name", MADE)
def test_the_same_seed_gives_the_committed_bytes(again: Path, name: str) -> None:
    assert (again / f"{name}.csv").read_bytes() == (DATASETS / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", sorted(set(MADE) - SCENERY))
def test_another_seed_gives_another_shop(other: Tables, name: str) -> None:
    assert (other.folder / f"{name}.csv").read_bytes() != (DATASETS / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", sorted(SCENERY))
def test_another_seed_keeps_goods_people_of_the_shop_and_knowledge(
    other: Tables, name: str
) -> None:
    assert (other.folder / f"{name}.csv").read_bytes() == (DATASETS / f"{name}.csv").read_bytes()


def test_the_committed_tables_are_large_enough_to_teach_and_small_enough_to_keep(
    committed: Tables,
) -> None:
    assert len(committed["chats"]) >= 4000
    assert len(committed["messages"]) >= 40_000
    assert len(committed["knowledge"]) >= 300
    assert len(committed["questions"]) >= 3000
    files = [path for path in DATASETS.glob("*.*") if path.suffix in (".csv", ".json", ".yml")]
    assert sum(path.stat().st_size for path in files) < 16_000_000


def test_the_number_of_customers_can_be_chosen(small: Path) -> None:
    assert len(Tables(small)["customers"]) == 1000


def test_a_customer_is_the_same_in_a_shop_of_any_size(small: Path, committed: Tables) -> None:
    """Each has a random number generator of its own: only the running keys differ."""
    known = ["nickname", "birthday", "province", "phone", "note"]
    first = committed["customers"][known].head(1000)
    same = (Tables(small)["customers"][known].fillna("") == first.fillna("")).all(axis=1)
    assert same.mean() >= 0.99


@pytest.mark.parametrize("number", ["999", "1000001"])
def test_a_shop_of_another_size_is_refused(
    generated: Generate, tmp_path: Path, number: str
) -> None:
    with pytest.raises(subprocess.CalledProcessError) as error:
        generated(tmp_path, "--customers", number)
    assert "expected 1000 to 1000000" in error.value.stderr.decode()


def test_parquet_has_the_same_rows_with_the_described_types(
    generated: Generate, small: Path, tmp_path: Path
) -> None:
    folder = generated(tmp_path, "--customers", "1000", "--parquet")
    assert sorted(path.name for path in folder.iterdir()) == [f"{name}.parquet" for name in MADE]
    for name in MADE:
        with (small / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        table = pyarrow.parquet.read_table(folder / f"{name}.parquet")
        described = [(column, PARQUET[kind]) for column, kind in fields(name).items()]
        assert [(field.name, str(field.type)) for field in table.schema] == described
        for column, kind in fields(name).items():
            values = table[column].to_pylist()
            assert [value is None for value in values] == [not row[column] for row in rows], column
            if kind in ("string", "integer"):
                text = ["" if value is None else str(value) for value in values]
                assert text == [row[column] for row in rows]
    created = pd.read_parquet(folder / "orders.parquet").created_at
    assert (created == Tables(small)["orders"].created_at).all()


def test_a_row_must_have_the_described_columns(tmp_path: Path) -> None:
    with Writer(tmp_path) as tables, pytest.raises(ValueError, match="zones: expected"):
        tables.add("zones", {"province": "浙江", "zona": "江浙沪"})
