"""The dictionary page is what its command makes, and says all that the description says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from kefu import data
from kefu.kpis import KPIS
from tools import dictionary
from tools.copy_lint import findings, markdown

TABLES: dict[str, dict[str, Any]] = {r["name"]: r for r in data.package()["resources"]}


@pytest.fixture(scope="module")
def page() -> str:
    return dictionary.TARGET.read_text(encoding="utf-8")


def part(page: str, start: str) -> str:
    """The text from a line to the next heading of the same or a higher rank."""
    return re.split(r"\n#{2,3} |\n\(table-", page.split(start, 1)[1], maxsplit=1)[0]


def test_making_the_page_again_gives_no_difference(page: str) -> None:
    assert dictionary.document() == page, "run `make data`"


def test_the_command_writes_the_page(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dictionary, "ROOT", tmp_path)
    monkeypatch.setattr(dictionary, "TARGET", tmp_path / "data.md")
    dictionary.main()
    assert (tmp_path / "data.md").read_text(encoding="utf-8") == page
    assert f"{len(TABLES)} tables" in capsys.readouterr().out


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_its_section_with_rows_keys_and_every_column(page: str, name: str) -> None:
    text = part(page, f"### {name}：")
    assert text.startswith(TABLES[name]["title"])
    assert f"\n{len(data.rows(name))}行；主键`{TABLES[name]['schema']['primaryKey'][0]}`" in text
    for field in TABLES[name]["schema"]["fields"]:
        assert f"\n`{field['name']}` {field['title']}\n: {field['description']}" in text
        if field["privacy"] != dictionary.OPEN:
            (line,) = re.findall(
                rf"^- \*\*{field['privacy']}\*\*，{field['privacy_note']}：(.+)$", text, re.M
            )
            assert f"`{field['name']}`" in line.split("、")


@pytest.mark.parametrize("name", TABLES)
def test_relations_are_told_at_both_ends_and_lead_somewhere(page: str, name: str) -> None:
    for target in dictionary.targets(TABLES[name]):
        assert dictionary.link(target) in part(page, f"### {name}：")
        assert dictionary.link(name) in part(page, f"### {target}：").split("引用。")[0]
    for place in re.findall(r"\]\(#([\w-]+)\)", page):
        assert f"\n({place})=\n" in page


@pytest.mark.parametrize("one", KPIS, ids=lambda one: one.name_en)
def test_a_figure_has_its_words_and_formula(page: str, one: Any) -> None:
    text = part(page, f"### {one.name}（{one.name_en}）")
    assert f"\n{one.formula}。\n" in text
    assert f"$$\n{one.latex}\n$$" in text


def test_real_data_has_its_source_licence_and_faults(page: str) -> None:
    for one in data.package()["real"]:
        text = part(page, f"### {one['title']}")
        assert all(said in text for said in (one["source"], one["licence"], *one["faults"]))


def test_a_column_is_put_in_words() -> None:
    field: dict[str, Any] = {"name": "stars", "title": "星级", "description": "几颗星。", "type": "integer",
                             "unit": "分", "constraints": {"minimum": 1, "maximum": 5}}  # fmt: skip
    assert dictionary.entry(field) == "`stars` 星级\n: 几颗星。整数，分，1到5，可空。"
    rules = {"required": True, "unique": True, "enum": ["甲", "乙"]}
    field = {**field, "type": "string", "unit": "", "constraints": rules}
    assert dictionary.entry(field) == "`stars` 星级\n: 几颗星。选一：甲、乙，不重复。"


def test_columns_of_one_privacy_kind_are_listed_together() -> None:
    kinds = [
        ("a", "假名", "是编号"),
        ("b", "无", "无关"),
        ("c", "假名", "是编号"),
        ("d", "假名", "别的"),
    ]
    fields = [{"name": n, "privacy": kind, "privacy_note": why} for n, kind, why in kinds]
    assert (
        dictionary.privacy(fields)
        == "隐私：\n\n- **假名**，是编号：`a`、`c`\n- **假名**，别的：`d`"
    )
    assert dictionary.privacy(fields[1:2]) == ""


def test_the_page_is_good_copy(page: str) -> None:
    assert findings(markdown(page)) == []
