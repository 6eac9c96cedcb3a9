"""The tables that travel to the page: the settings name those that the chapters list."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tools.paths import ROOT
from tools.reference import tables

BESIDE = {f"notebooks/*/[0-9][0-9]_*.{kind}": "kefu/chapters" for kind in ("toml", "csv")}


def made(folder: Path, *lists: str) -> Path:
    """A book whose chapters list these tables, with settings that list another."""
    settings = (
        "sphinx:\n  config:\n    live_files: {}\n      datasets/old.csv: x\n    language: zh_CN\n"
    )
    (folder / "_config.yml").write_text(settings, encoding="utf-8")
    (folder / "notebooks" / "presales").mkdir(parents=True)
    for number, listed in enumerate(lists, start=1):
        file = folder / "notebooks" / "presales" / f"0{number}_chapter.yml"
        file.write_text(f"title: 甲\ntables: {listed}\n", encoding="utf-8")
        file.with_name(f"0{number}_a.ipynb").touch()
    return folder


def test_the_settings_are_what_the_command_makes() -> None:
    assert tables.document() == tables.TARGET.read_text(encoding="utf-8"), "run `make lists`"


def test_each_table_is_listed_once_and_the_rest_of_the_settings_stays(tmp_path: Path) -> None:
    text = tables.document(made(tmp_path, "[zones, tariffs]", "[tariffs, orders]"))
    told = yaml.safe_load(text)["sphinx"]["config"]
    assert told == {
        "live_files": {f"datasets/{t}.csv": "kefu/datasets" for t in ("zones", "tariffs", "orders")}
        | BESIDE,
        "language": "zh_CN",
    }


def test_a_book_whose_pages_read_no_table_still_takes_what_lies_beside_its_chapters(
    tmp_path: Path,
) -> None:
    told = yaml.safe_load(tables.document(made(tmp_path, "[]")))["sphinx"]["config"]
    assert told == {"live_files": BESIDE, "language": "zh_CN"}


def test_a_table_that_does_not_exist_is_told_with_the_list_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"tables of 02_chapter\.yml: name: expected one of agents"
    ):
        tables.document(made(tmp_path, "[zones]", "[zonez]"))


def test_settings_without_a_place_for_the_list_are_told(tmp_path: Path) -> None:
    made(tmp_path, "[zones]")
    (tmp_path / "_config.yml").write_text("title: 甲\n", encoding="utf-8")
    with pytest.raises(ValueError, match="expected one live_files"):
        tables.document(tmp_path)


def test_the_book_s_settings_name_files_that_are_there() -> None:
    told = yaml.safe_load(tables.TARGET.read_text(encoding="utf-8"))["sphinx"]["config"][
        "live_files"
    ]
    assert told
    assert all(any(ROOT.glob(name)) for name in told)
