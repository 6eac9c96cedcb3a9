"""Which tables live cells read, and what is said when a chapter's list is not the same."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tools import notebooks, tables
from web.book import Chapter, chapter


def made(folder: Path, listed: str, *sources: str) -> Chapter:
    """A chapter whose live cells are these, whose list names these tables."""
    cells = [nbformat.v4.new_code_cell(s, metadata={"tags": ["live"]}) for s in sources]
    place = folder / "notebooks" / "presales"
    place.mkdir(parents=True)
    text = notebooks.text(nbformat.v4.new_notebook(cells=cells))
    (place / "03_desk.ipynb").write_text(text, encoding="utf-8")
    (place / "03_chapter.yml").write_text(f"title: 甲\ntables: {listed}\n", encoding="utf-8")
    return chapter("03", folder)


def told(one: Chapter) -> list[str]:
    assert one.path
    return tables.faults(one, tables.run(one.path).opened)


READS = "from kefu import data\nlen(data.rows('zones'))"


def test_a_table_that_is_read_and_listed_is_no_fault(tmp_path: Path) -> None:
    assert told(made(tmp_path, "[zones]", READS)) == []


def test_an_unlisted_table_is_told_in_one_line(tmp_path: Path) -> None:
    assert told(made(tmp_path, "[]", READS)) == [
        "tables of 03_chapter.yml: a live cell reads zones.csv, which is not listed"
    ]


def test_a_listed_table_that_no_cell_reads_is_told_in_one_line(tmp_path: Path) -> None:
    assert told(made(tmp_path, "[zones, orders]", READS)) == [
        "tables of 03_chapter.yml: no live cell reads orders.csv"
    ]


def test_a_description_that_would_not_travel_is_told_too(tmp_path: Path) -> None:
    source = "from kefu import data\ndata.describe('zones')['title']"
    assert told(made(tmp_path, "[]", source)) == [
        "tables of 03_chapter.yml: a live cell reads datapackage.json, which is not listed"
    ]


def test_a_table_that_a_demo_reads_only_when_moved_is_seen(tmp_path: Path) -> None:
    source = """\
import ipywidgets
from types import SimpleNamespace
from kefu import data
which = ipywidgets.Dropdown(options=["zones", "tariffs"])
which.observe(lambda change: data.rows(change.new), "value")
SimpleNamespace(controls={"which": which})"""
    one = made(tmp_path, "[]", source)
    assert one.path
    assert tables.run(one.path).opened == ["tariffs.csv"]


def test_a_live_cell_that_needs_pandas_is_told_with_its_error(tmp_path: Path) -> None:
    one = made(tmp_path, "[]", "import pandas")
    assert one.path
    with pytest.raises(RuntimeError, match=r"03_desk\.ipynb: a live cell fails without pandas"):
        tables.run(one.path)
