"""Write the formula sheet ``book/formulas.md`` from the chapters' lists and ``kefu.kpis``."""

from __future__ import annotations

from typing import Any

import yaml

from kefu.kpis import KPIS, Kpi
from tools.paths import ROOT
from tools.reference.chapters import Chapter, chapters, warning
from tools.reference.glossary import terms

SOURCE = ROOT / "book" / "formulas.yml"
TARGET = ROOT / "book" / "formulas.md"

INTRODUCTION = """\
# 公式表

书里的公式都在这里，按章排列，共{count}个：每个符号是什么、用什么单位，算一遍给你看，再指到书里能动手的地方。\
“算一遍”的数由`kefu`里的模型核对过。比例类指标在代码里是0到1的数。
"""
KPI_HEAD = """\
## 客服的十二个指标

定义与[术语表](glossary.md)、[数据说明](data.md)同一份，在`kefu.kpis`里。
"""


def examples() -> dict[str, dict[str, Any]]:
    """Return the worked examples of the book's figures, which belong to no chapter alone."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return found


def try_it(chapter: Chapter, entry: dict[str, Any]) -> str:
    """Return a link to the formula's demo, or to the section where it is at work."""
    if "demo" in entry:
        return f"动手：{chapter.label}{chapter.figure(entry['demo'])}"
    return f"动手：{chapter.label}“{chapter.section(entry['section'])}”"


def formula(chapter: Chapter, entry: dict[str, Any]) -> str:
    """Return one formula of a chapter."""
    symbols = [f"- {symbol}：{meaning}" for symbol, meaning in entry["where"].items()]
    module = f"`kefu.{entry['module']}`" if "module" in entry else f"{chapter.label}里的函数"
    facts = [
        *symbols,
        f"- 算一遍：{entry['example']}",
        f"- 代码：`{entry['code']}`（{module}）",
        f"- {try_it(chapter, entry)}",
    ]
    return f"### {entry['name']}\n\n$$\n{entry['tex']}\n$$\n\n" + "\n".join(facts)


def figure(one: Kpi, entry: dict[str, Any], taught: Chapter, by_number: dict[str, Chapter]) -> str:
    """Return one of the book's figures."""
    key = "demo" if "demo" in entry else "section"
    facts = [
        f"- 意思：{one.formula}",
        f"- 单位：{one.unit}",
        f"- 算一遍：{entry['example']}",
        f"- 代码：`kpis.{one.compute.__name__}`",
    ]
    if key in entry:
        number, place = entry[key]
        facts.append(f"- {try_it(by_number[number], {key: place})}")
    else:
        facts.append(f"- 在{taught.link}讲" + ("" if taught.path else "（编写中）"))
    return f"### {one.name}（{one.name_en}）\n\n$$\n{one.latex}\n$$\n\n" + "\n".join(facts)


def document() -> str:
    """Return the whole page."""
    everything = chapters()
    given = examples()
    by_number = {chapter.number: chapter for chapter in everything}
    taught = {term.chinese: by_number[term.chapter] for term in terms()}
    count = sum(len(chapter.formulas) for chapter in everything) + len(KPIS)
    parts = [warning("notebooks/*/NN_chapter.yml, book/formulas.yml or widgets/kefu/kpis.py") + "\n"
             + INTRODUCTION.format(count=count).rstrip()]  # fmt: skip
    for chapter in everything:
        if chapter.formulas:
            parts.append(f"## {chapter.link}　{chapter.title}")
            parts += [formula(chapter, entry) for entry in chapter.formulas]
    parts.append(KPI_HEAD.rstrip())
    parts += [figure(one, given[one.name], taught[one.name], by_number) for one in KPIS]
    return "\n\n".join(parts) + "\n"
