"""The description of the tables: complete, valid, and true of every committed file."""

from __future__ import annotations

import csv
import json
import re
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from frictionless import Package, system

from kefu import data, kpis

DATASETS = Path(__file__).parents[2] / "datasets"
PACKAGE: dict[str, Any] = json.loads((DATASETS / "datapackage.json").read_text(encoding="utf-8"))
TABLES: dict[str, dict[str, Any]] = {table["name"]: table for table in PACKAGE["resources"]}
KEYS = [
    (name, key) for name, table in TABLES.items() for key in table["schema"].get("foreignKeys", [])
]
NO_UNIT = {"line", "seq", "divisor", "priority"}
BY_SUFFIX = {
    "_kg": "千克",
    "_cm": "厘米",
    "_s": "秒",
    "_amount": "元",
    "_freight": "元",
    "_fee": "元",
}
PEOPLE = {"customers", "orders", "order_lines", "parcels", "chats", "touches"}
HAN = re.compile("[\u4e00-\u9fff]")

named = pytest.mark.parametrize("name", TABLES)


@cache
def rows(name: str) -> list[dict[str, str]]:
    return data.rows(name)


# The description itself


def test_the_description_is_a_valid_data_package() -> None:
    assert list(Package.metadata_validate(PACKAGE)) == []


def test_every_table_is_described_and_every_described_table_is_there() -> None:
    assert sorted(TABLES) == sorted(path.stem for path in DATASETS.glob("*.csv"))


def test_every_table_is_in_one_group() -> None:
    assert sorted(t for group in PACKAGE["groups"] for t in group["tables"]) == sorted(TABLES)


@named
def test_every_column_is_described_in_both_languages(name: str) -> None:
    for field in TABLES[name]["schema"]["fields"]:
        for key in ("title", "description", "privacy_note"):
            assert field[key], field
            assert field[f"{key}_en"], field
        assert HAN.search(field["description"]), field


@named
def test_every_column_has_a_known_privacy_kind_and_a_unit_where_it_counts(name: str) -> None:
    for field in TABLES[name]["schema"]["fields"]:
        assert field["privacy"] in PACKAGE["privacy_kinds"]
        if field["type"] in ("integer", "number") and field["name"] not in NO_UNIT:
            assert field["unit"] in PACKAGE["units"], field
        for suffix, unit in BY_SUFFIX.items():
            if field["name"].endswith(suffix) and field["type"] != "string":
                assert field["unit"] == unit, field


def test_what_leads_to_a_person_is_never_marked_as_harmless() -> None:
    for name, key in KEYS:
        if key["reference"]["resource"] in PEOPLE:
            marked = {f["name"]: f["privacy"] for f in TABLES[name]["schema"]["fields"]}
            assert all(marked[column] != "无" for column in key["fields"]), (name, key)
    personal = {
        "nickname",
        "birthday",
        "phone",
        "note",
        "text",
        "comment",
        "follow_up",
        "sms_consent",
    }
    for name in ("customers", "customers_raw", "messages", "reviews", "survey"):
        for field in TABLES[name]["schema"]["fields"]:
            assert field["name"] not in personal or field["privacy"] != "无", (name, field["name"])


def test_the_same_column_is_of_the_same_type_in_every_table_that_it_joins() -> None:
    for name, key in KEYS:
        target = {f["name"]: f for f in TABLES[key["reference"]["resource"]]["schema"]["fields"]}
        own = {f["name"]: f for f in TABLES[name]["schema"]["fields"]}
        for column, there in zip(key["fields"], key["reference"]["fields"], strict=True):
            assert own[column]["type"] == target[there]["type"]


# The files


@named
def test_a_file_has_the_described_columns_in_the_described_order(name: str) -> None:
    with (DATASETS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    assert header == [field["name"] for field in TABLES[name]["schema"]["fields"]]


@named
def test_a_file_is_utf8_without_a_mark_and_with_lf_line_ends(name: str) -> None:
    raw = (DATASETS / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in raw
    assert raw.endswith(b"\n")


@named
def test_frictionless_finds_nothing_wrong(name: str) -> None:
    alone = {
        **TABLES[name],
        "schema": {k: v for k, v in TABLES[name]["schema"].items() if k != "foreignKeys"},
    }
    with system.use_context(trusted=True):
        package = Package.from_descriptor({**PACKAGE, "resources": [alone]}, basepath=str(DATASETS))
        report = package.get_resource(name).validate()
    assert report.flatten(["rowNumber", "fieldName", "note"])[:5] == []
    assert report.valid


@pytest.mark.parametrize(
    ("name", "key"), KEYS, ids=lambda x: x if isinstance(x, str) else "+".join(x["fields"])
)
def test_a_foreign_key_holds(name: str, key: dict[str, Any]) -> None:
    target = key["reference"]
    there = {tuple(row[f] for f in target["fields"]) for row in rows(target["resource"])}
    here = {tuple(row[f] for f in key["fields"]) for row in rows(name)}
    assert {value for value in here if any(value)} - there == set()


@named
def test_the_frame_is_as_described(name: str) -> None:
    frame = data.load(name)
    assert len(frame) == len(rows(name)) > 0
    for field in TABLES[name]["schema"]["fields"]:
        column, text = frame[field["name"]], [row[field["name"]] for row in rows(name)]
        assert column.isna().tolist() == [not cell for cell in text]
        required = field.get("constraints", {}).get("required", False)
        enum = field.get("constraints", {}).get("enum")
        kinds = {
            "string": "str",
            "integer": "int64" if required else "Int64",
            "number": "float64",
            "boolean": "boolean",
            "date": "datetime64[us]",
            "datetime": "datetime64[us, Asia/Shanghai]",
        }
        assert column.dtype == (pd.CategoricalDtype(enum) if enum else kinds[field["type"]])


def test_the_first_response_of_a_chat_is_that_of_its_messages() -> None:
    chats: dict[str, list[kpis.Message]] = {}
    for row in rows("messages"):
        at = datetime.fromisoformat(row["at"])
        chats.setdefault(row["chat_id"], []).append((at, row["sender"]))
    first = {chat: [r.seconds for r in kpis.rounds(found)[:1]] for chat, found in chats.items()}
    stated = {row["chat_id"]: row["first_response_s"] for row in rows("chats")}
    assert {chat: [float(s) if s else None] for chat, s in stated.items()} == first


@named
def test_no_cell_holds_a_whole_mobile_number(name: str) -> None:
    for row in rows(name):
        for cell in row.values():
            assert not data.PHONE.search(unicodedata.normalize("NFKC", cell)), cell


def test_the_committed_tables_stay_below_16_megabytes() -> None:
    assert sum(path.stat().st_size for path in DATASETS.rglob("*.csv")) < 16e6
