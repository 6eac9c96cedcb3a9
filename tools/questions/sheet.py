"""One spreadsheet: a CSV file with the mark that Excel and WPS read as UTF-8; its columns may be renamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from tools.marks.pages import plain as safe
from tools.questions.items import Item, lettered, plain

OPTIONS = "ABCDEF"
COLUMNS = ("题型", "题干", *(f"选项{letter}" for letter in OPTIONS),
           "正确答案", "答案解析", "难易程度", "知识点", "编号")  # fmt: skip


def renamed(told: Iterable[str]) -> dict[str, str]:
    """Return other names of columns, told as ``题干=试题内容``; a column without a name is left out.

    >>> renamed(["题干=试题内容", "编号="])
    {'题干': '试题内容', '编号': ''}
    """
    found: dict[str, str] = {}
    for one in told:
        column, sign, name = (part.strip() for part in one.partition("="))
        if not sign or column not in COLUMNS:
            raise ValueError(
                f"COLUMNS: expected 列=新列名 with a column of {'、'.join(COLUMNS)}, got {one!r}"
            )
        found[column] = name
    names = [found.get(column, column) for column in COLUMNS]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise ValueError(
            f"COLUMNS: expected names that differ, got {'、'.join(sorted(twice))} twice"
        )
    return found


def row(item: Item) -> dict[str, str]:
    """Return a question's row by the usual names of the columns."""
    told = item.question
    cells = {"题型": item.kind, "题干": told["ask"], "难易程度": item.level, "知识点": item.point,
             "编号": item.number}  # fmt: skip
    if told["kind"] == "number":
        unit = f"（单位：{told['unit']}）" if told["unit"] else ""
        traps = [f"答{plain(one['value'])}：{one['why']}" for one in told.get("traps", ())]
        near = told["tolerance"]
        allowed = f"允许误差{plain(near)}。" if near else ""
        return {**cells, "题干": told["ask"] + unit, "正确答案": plain(told["answer"]),
                "答案解析": "；".join([f"{told['why']}{allowed}", *traps])}  # fmt: skip
    shown = lettered(told)
    if len(shown) > len(OPTIONS):
        raise ValueError(f"{item.number}: expected at most 6 options or items, got {len(shown)}")
    cells |= {f"选项{letter}": one["text"] for letter, one in shown}
    if told["kind"] == "order":
        places = sorted(shown, key=lambda one: one[1]["place"])
        return {
            **cells,
            "正确答案": "".join(letter for letter, _ in places),
            "答案解析": told["why"],
        }
    right = "".join(letter for letter, one in shown if one["right"])
    why = [f"{letter}{'对' if one['right'] else '不对'}：{one['why']}" for letter, one in shown]
    return {**cells, "正确答案": right, "答案解析": "".join(why)}


def table(items: Iterable[Item], names: Mapping[str, str] | None = None) -> str:
    """Return the sheet as a CSV file, a question a row; text that would be a formula is made none."""
    names = names or {}
    columns = [column for column in COLUMNS if names.get(column, column)]
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([names.get(column, column) for column in columns])
    for item in items:
        cells = row(item)
        writer.writerow([safe(cells.get(column, "")) for column in columns])
    return "\ufeff" + out.getvalue()
