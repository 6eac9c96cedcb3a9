"""The formula sheet: every worked number is the model's, every formula and demo is there."""

from __future__ import annotations

import ast
import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from kefu import kpis
from kefu.amounts import yuan
from tools.copy_lint import findings, markdown
from tools.reference import formulas
from tools.reference.chapters import Chapter, chapters

CHAPTERS = chapters()
ENTRIES = [(chapter, entry) for chapter in CHAPTERS for entry in chapter.formulas]
named = pytest.mark.parametrize(
    ("chapter", "entry"), ENTRIES, ids=lambda v: v["name"] if isinstance(v, dict) else v.label
)
FIRST = datetime.fromisoformat("2025-11-11T10:00:00+08:00")


def chat(said: str) -> list[tuple[datetime, str]]:
    """A chat from who spoke at which second: 买家0 客服6."""
    parts = [re.fullmatch(r"(\D+)(\d+)", part) for part in said.split()]
    return [(FIRST + timedelta(seconds=int(part[2])), part[1]) for part in parts if part]


def taught(chapter: Chapter, name: str) -> Any:
    """A function that a chapter's own code defines; an exercise's stub comes before its solution."""
    for cell in reversed(chapter._cells):
        if cell.cell_type == "code":
            for node in ast.parse(cell.source).body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    space = {"sqrt": math.sqrt, "log": math.log}
                    exec(compile(ast.Module([node], []), name, "exec"), space)
                    return space[name]
    raise LookupError(f"{chapter.label} defines no {name}")


def computed(entry: dict[str, Any], space: dict[str, Any]) -> str:
    """What the models give, as exact as ``gives`` is."""
    value = eval(entry["code"], space)
    if isinstance(value, float | Decimal | int):
        places = len(entry["gives"].partition(".")[2])
        return f"{value:.{places}f}"
    return str(value)


@named
def test_a_worked_number_is_the_models(chapter: Chapter, entry: dict[str, Any]) -> None:
    if "module" in entry:
        space = {**vars(import_module(f"kefu.{entry['module']}")), "yuan": yuan, "date": date,
                 "datetime": datetime}  # fmt: skip
    else:
        name = entry["code"].partition("(")[0]
        space = {name: taught(chapter, name)}
    assert computed(entry, space) == entry["gives"]
    assert entry["gives"] in entry["example"].replace("$", "").replace("−", "-")


@pytest.mark.parametrize("one", kpis.KPIS, ids=lambda one: one.name_en)
def test_a_worked_figure_is_the_models(one: kpis.Kpi) -> None:
    entry = formulas.examples()[one.name]
    assert entry["code"].startswith(f"{one.compute.__name__}(")
    assert computed(entry, {**vars(kpis), "chat": chat, "date": date}) == entry["gives"]
    assert entry["gives"] in entry["example"]


def test_the_sheet_has_all_figures_and_no_other() -> None:
    assert set(formulas.examples()) == {one.name for one in kpis.KPIS}


def bare(tex: str) -> str:
    return re.sub(r"\s+|\\[ ,]", "", tex)


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if c.path], ids=lambda c: c.label)
def test_every_formula_of_a_chapter_is_in_the_sheet(chapter: Chapter) -> None:
    text = "\n".join(c.source for c in chapter._cells if c.cell_type == "markdown")
    known = [bare(entry["tex"]) for entry in chapter.formulas]
    assert [tex for tex in re.findall(r"\$\$(.+?)\$\$", text, re.S) if bare(tex) not in known] == []


@named
def test_a_formula_explains_its_symbols(chapter: Chapter, entry: dict[str, Any]) -> None:
    said = " ".join(f"{key} {meaning}" for key, meaning in entry["where"].items())
    bare_tex = re.sub(r"\\text\{[^}]*\}|\\begin\{\w+\}|\\end\{\w+\}", " ", entry["tex"])
    for symbol in set(re.findall(r"(?<![\\A-Za-z])[A-Za-z](?![A-Za-z])", bare_tex)) - {"i", "j", "P"}:  # fmt: skip
        assert re.search(rf"(?<![A-Za-z]){symbol}(?![A-Za-z])", said), symbol


def test_the_page_is_what_its_command_makes_and_good_copy() -> None:
    page = formulas.TARGET.read_text(encoding="utf-8")
    assert formulas.document() == page, "run `make lists`"
    assert findings(markdown(page)) == []
