"""Explorers of a data experiment: a small table of sums, looked at by any grouping and filter.

Beside a chapter lie ``NN_explore.toml``, which says of each explorer what can be chosen;
``NN_explore.py``, a function an explorer that returns its cases as a pandas frame; and
``NN_explore_<id>.csv``, the sums of these cases, which ``make lists`` writes. Sums add up over any
grouping, so that the page needs neither the cases nor pandas; `load` and `Explorer.by` need the
standard library only. Where a class has a shop of its own in use and pandas is there, `load` makes
the sums anew from it. CONTRIBUTING.md tells the form.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import module_from_spec, spec_from_file_location
from math import fsum, isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kefu import beside, data
from kefu.amounts import one_of
from kefu.errors import expected, need
from kefu.stats import wilson

if TYPE_CHECKING:
    import pandas as pd

COUNT = "n"
"""The column that says of how many cases a row is the sum."""
FEW = 30
"""Below so many cases a group is called small: one case more or less moves its share by points."""
RUSH = ("618", "双11", "双12")
"""The festivals on which the shop is rushed."""
KINDS = ("share", "part", "ratio", "total")
MOST = 24
"""The most bars of one picture: more cannot be read on a phone."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Group:
    """A column by which cases are grouped and filtered.

    ``values`` are its values in their order; where none are given, bars stand by their size.
    A ``line`` is grouped by time: its values are sorted as text and joined.
    """

    id: str
    name: str
    values: tuple[str, ...] = ()
    line: bool = False
    groups: bool = True
    filters: bool = True


@dataclass(frozen=True)
class Measure:
    """What is looked at: ``of`` over ``per``, both columns of sums, in ``unit``.

    A ``share`` is ``of`` among ``per`` cases, a ``part`` the cases of a group among those of all
    groups; both have an interval. A ``ratio`` is a sum over a sum, such as a mean; a ``total`` a sum.
    """

    id: str
    name: str
    kind: str
    of: str = COUNT
    per: str = COUNT
    unit: str = "%"
    times: float = 1.0
    digits: int = 1

    def say(self, value: float) -> str:
        """Return a value with its unit, as the chart and the sentence say it."""
        shown = f"{value:,.{self.digits}f}" if abs(value) >= 0.5 * 10**-self.digits else "0"
        if "." in shown and not shown.partition(".")[2].strip("0"):
            shown = shown.partition(".")[0]
        return f"{shown.replace('-', '−').replace(',', '')}{self.unit}"


@dataclass(frozen=True)
class Bar:
    """One group: its value, the number of cases that it stands on, and an interval of a share."""

    name: str
    value: float
    n: int
    k: float
    interval: tuple[float, float] | None = None
    small: bool = False
    """Whether it stands on so few cases that its value says little."""


@dataclass(frozen=True)
class Explorer:
    """One explorer of a chapter with its table of sums."""

    id: str
    title: str
    about: str
    one: str
    groups: tuple[Group, ...]
    measures: tuple[Measure, ...]
    opens: Mapping[str, str]
    interval: bool = True
    """Whether shares have intervals: none where cases hang together, as the sentences of one family do."""
    rows: tuple[Row, ...] = ()
    own_shop: bool = False
    """Whether the sums are those of the shop in use, where that is not the book's."""

    def group(self, name: str) -> Group:
        """Return a grouping by its id; ``ValueError`` lists those that there are."""
        known = {one.id: one for one in self.groups if one.groups}
        return known[one_of(name, "group", known)]

    def measure(self, name: str) -> Measure:
        """Return a measure by its id; ``ValueError`` lists those that there are."""
        known = {one.id: one for one in self.measures}
        return known[one_of(name, "measure", known)]

    def filters(self) -> dict[Group, tuple[str, ...]]:
        """Return what can be filtered by, with the values that there are."""
        return {one: self.values(one) for one in self.groups if one.filters}

    def values(self, group: Group) -> tuple[str, ...]:
        """Return the values of a column, in their order."""
        there = {row[group.id] for row in self.rows}
        return tuple(v for v in group.values if v in there) or tuple(sorted(there))

    def kept(self, only: Mapping[str, str]) -> list[Row]:
        """Return the rows that a filter leaves: for each column the one value wanted."""
        known = {one.id: one for one in self.groups}
        for column, value in only.items():
            one_of(value, column, self.values(known[one_of(column, "only", known)]))
        return [row for row in self.rows if all(row[c] == v for c, v in only.items())]

    def by(self, group: str, measure: str, only: Mapping[str, str] | None = None) -> list[Bar]:
        """Return a bar for each value of a column, in the order of the chart.

        ``only`` maps columns to the one value that is kept. A group without a case is left out.
        Raises ``ValueError`` for a column, measure or value that is not there.
        """
        column, what, rows = self.group(group), self.measure(measure), self.kept(only or {})
        parts = {v: [r for r in rows if r[column.id] == v] for v in self.values(column)}
        bars = [bar(what, name, part, rows, self.interval) for name, part in parts.items()]
        found = [one for one in bars if one]
        return found if column.values or column.line else sorted(found, key=lambda b: -b.value)

    def total(self, measure: str, only: Mapping[str, str] | None = None) -> Bar | None:
        """Return the same figure of all cases that a filter leaves; none where none is left."""
        rows = self.kept(only or {})
        return bar(self.measure(measure), "全部", rows, rows, self.interval)


def bar(
    what: Measure, name: str, part: Sequence[Row], rows: Sequence[Row], interval: bool
) -> Bar | None:
    """Return a group's bar from its rows and all rows; none where it would divide by nothing."""
    k, n = add(part, what.of), int(add(part, COUNT))
    per = add(rows, what.of) if what.kind == "part" else add(part, what.per)
    if not n or (not per and what.kind != "total"):
        return None
    if what.kind in ("share", "part"):
        low, high = wilson(int(k), int(per))
        shown = (100 * low, 100 * high) if interval else None
        return Bar(name, 100 * k / per, int(per), k, shown, per < FEW)
    if what.kind == "total":
        return Bar(name, what.times * k, n, k)
    return Bar(name, what.times * k / per, n, k, small=n < FEW)


def add(rows: Iterable[Row], column: str) -> float:
    """Return the sum of a column."""
    return fsum(row[column] for row in rows)


def extremes(bars: Sequence[Bar]) -> tuple[list[Bar], list[Bar]]:
    """Return the highest and the lowest bars, several where they are equal; nothing of nothing."""
    if not bars:
        return [], []
    top, bottom = max(one.value for one in bars), min(one.value for one in bars)
    return (
        [one for one in bars if one.value == top],
        [one for one in bars if one.value == bottom],
    )


# Reading


def load(file: str | Path, name: str) -> Explorer:
    """Return the explorer ``name`` of a file such as ``02_explore.toml``, with its sums.

    Raises ``ValueError`` that names the file and the place for an id, column or table that is not
    right, and ``FileNotFoundError`` where there is no such file.
    """
    path = beside.find(file)
    told = describe(path)
    about = told[one_of(name, "id", told)]
    if data.folder() != data.home() and (own := derived(path, about)):
        return own
    table = beside.find(Path(file).with_name(f"{path.stem}_{name}.csv"))
    if not table.is_file():
        raise ValueError(
            f"{path.name} {name}: no table {table.name}; run `make lists`"
            f"（缺少{table.name}，请运行make lists）"
        )
    return filled(about, list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))))


def describe(path: Path) -> dict[str, Explorer]:
    """Return all explorers of a file, without their sums."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such file（没有{path.name}这个文件）")
    told = beside.toml(path.read_text(encoding="utf-8"), path.name)
    return {name: _explorer(f"{path.name} {name}", name, one) for name, one in told.items()}


def _explorer(where: str, name: str, told: Any) -> Explorer:
    need(where, re.fullmatch(r"[a-z][a-z0-9_]*", name),
          "an id of small letters, digits and _", "小写字母、数字和下划线组成的编号", name)  # fmt: skip
    _fields(where, told, {"title": str, "about": str, "one": str, "group": dict, "measure": dict},
            {"opens": dict, "interval": bool})  # fmt: skip
    groups = tuple(_group(f"{where} group {i}", i, one) for i, one in told["group"].items())
    measures = tuple(_measure(f"{where} measure {i}", i, m) for i, m in told["measure"].items())
    need(where, any(one.groups for one in groups), "a group", "至少一种分组", [*told["group"]])
    need(where, measures, "a measure", "至少一个指标", [*told["measure"]])
    opens = told.get("opens", {})
    for column, value in opens.items():
        choices = {"group": [g.id for g in groups if g.groups], "measure": [m.id for m in measures]}
        if column in choices:
            one_of(value, f"{where} opens {column}", choices[column])
        else:
            one_of(column, f"{where} opens", [g.id for g in groups if g.filters])
    interval = told.get("interval", True)
    return Explorer(
        name, told["title"], told["about"], told["one"], groups, measures, opens, interval
    )


def _group(where: str, name: str, told: Any) -> Group:
    _fields(where, told, {"name": str}, {"values": list, "line": bool, "groups": bool, "filters": bool})  # fmt: skip
    line = told.get("line", False)
    return Group(name, told["name"], tuple(told.get("values", ())), line,
                 told.get("groups", True), told.get("filters", not line))  # fmt: skip


def _measure(where: str, name: str, told: Any) -> Measure:
    _fields(where, told, {"name": str, "kind": str},
            {"of": str, "per": str, "unit": str, "times": (int, float), "digits": int})  # fmt: skip
    kind = one_of(told["kind"], f"{where} kind", KINDS)
    share = kind in ("share", "part")
    need(where, not share or not told.keys() & {"unit", "times"},
          "no unit and times for a share, which is in %", "占比以%计，不另写unit、times", told)  # fmt: skip
    need(where, share or "unit" in told, "a unit", "写明unit（单位）", told)
    need(where, "of" in told or kind in ("part", "total"), "of, a column", "写明of（哪一列）", told)
    digits = told.get("digits", 0 if kind == "total" else 1)
    return Measure(name, told["name"], kind, told.get("of", COUNT), told.get("per", COUNT),
                   told.get("unit", "%"), float(told.get("times", 1)), digits)  # fmt: skip


def _fields(where: str, told: Any, must: Mapping[str, Any], may: Mapping[str, Any]) -> None:
    need(where, isinstance(told, dict), "a table", "一张TOML表", told)
    for name in must:
        need(where, name in told, f"the field {name}", f"写明{name}", [*told])
    for name, value in told.items():
        kind = {**must, **may}.get(name)
        need(where, kind is not None, f"no other field than {', '.join((*must, *may))}",
              f"只有{'、'.join((*must, *may))}", name)  # fmt: skip
        need(f"{where} {name}", isinstance(value, kind or object) and value not in ("", {}, []),
              "a value of its kind", "类型相符、不为空的值", value)  # fmt: skip


# Sums


def columns(about: Explorer) -> tuple[list[str], list[str]]:
    """Return the columns of a table of sums: what is grouped by, and what is added up."""
    used = dict.fromkeys([COUNT, *(c for one in about.measures for c in (one.of, one.per))])
    return [one.id for one in about.groups], list(used)


def filled(about: Explorer, rows: Sequence[Mapping[str, str]], own_shop: bool = False) -> Explorer:
    """Return an explorer with the rows of its table, each checked."""
    texts, numbers = columns(about)
    found = [_row(about, f"{about.id} row {place}", row, texts, numbers)
             for place, row in enumerate(rows, start=2)]  # fmt: skip
    need(about.id, found, "a table with rows", "有数据行的表", len(found))
    full = replace(about, rows=tuple(found), own_shop=own_shop)
    for one in full.groups:
        many = len(full.values(one))
        need(f"{about.id} group {one.id}", one.line or not one.groups or many <= MOST,
              f"at most {MOST} values", f"至多{MOST}个值", many)  # fmt: skip
        if one.id in about.opens and not own_shop:  # another shop may be without it
            one_of(about.opens[one.id], f"{about.id} opens {one.id}", full.values(one))
    return full


def _row(
    about: Explorer, where: str, row: Mapping[str, str], texts: Collection[str], numbers: Sequence[str]
) -> Row:  # fmt: skip
    need(where, set(row) == {*texts, *numbers}, f"the columns {', '.join((*texts, *numbers))}",
          f"这些列：{'、'.join((*texts, *numbers))}", [*row])  # fmt: skip
    need(where, None not in row.values(), "a value in each column", "每一列都有值",
         [*row.values()])  # fmt: skip
    for one in about.groups:
        if one.values:
            one_of(row[one.id], f"{where} {one.id}", one.values)
    try:
        sums = {name: float(row[name]) for name in numbers}
    except ValueError as error:
        raise ValueError(expected(where, "numbers", "数", str(error))) from None
    need(where, all(map(isfinite, sums.values())), "finite numbers", "有限的数", sums)
    for what in about.measures:
        if what.kind in ("share", "part"):
            k, n = sums[what.of], max(sums[what.per if what.kind == "share" else what.of], 0)
            whole = k == int(k) and n == int(n)
            need(f"{where} {what.of}", whole and 0 <= k <= n, f"a whole number from 0 to {n:g}",
                  f"0到{n:g}的整数", k)  # fmt: skip
    return {**{name: row[name] for name in texts}, **sums}


def derived(path: Path, about: Explorer) -> Explorer | None:
    """Return an explorer with sums of the shop in use; none where the recipe or pandas is missing."""
    recipe = path.with_suffix(".py")
    try:
        import pandas  # noqa: F401
    except ModuleNotFoundError:
        return None
    if not recipe.is_file():
        return None
    return filled(about, sums(about, cases(recipe, about.id)), own_shop=True)


def cases(recipe: Path, name: str) -> pd.DataFrame:
    """Return the cases of an explorer: what the function of its name in ``NN_explore.py`` returns."""
    spec = spec_from_file_location(f"explore_{recipe.stem}", recipe)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    make = getattr(module, name, None)
    need(recipe.name, callable(make), f"a function {name}()", f"名为{name}的函数", [*vars(module)])
    assert make
    frame: pd.DataFrame = make()
    return frame


def enquiries() -> pd.DataFrame:
    """Return the chats before the sale that a person took, for recipes of several chapters.

    ``name`` is who took it, ``bought`` whether an order of it was paid, ``day`` 大促 or 平时.
    """
    chats = data.load("chats").merge(data.load("agents")[["agent_id", "name"]], on="agent_id")
    chats = chats[(chats.stage == "售前") & (chats.handled_by == "人工")]
    orders, days = data.load("orders"), data.load("days")
    rush = set(days.date[days.festival.isin(RUSH)].astype(str))
    in_rush = chats.started_at.dt.strftime("%Y-%m-%d").isin(rush)
    return chats.assign(
        bought=chats.chat_id.isin(orders.chat_id[orders.paid_at.notna()]),
        day=in_rush.map({True: "大促", False: "平时"}),
    )


def sums(about: Explorer, frame: pd.DataFrame) -> list[dict[str, str]]:
    """Return the rows of a table of sums, as text, from a frame of cases, one a row."""
    texts, numbers = columns(about)
    added = [name for name in numbers if name != COUNT]
    need(about.id, {*texts, *added} <= {*frame.columns}, f"the columns {', '.join((*texts, *added))}",
          f"这些列：{'、'.join((*texts, *added))}", [*frame.columns])  # fmt: skip
    for name in (*texts, *added):
        need(f"{about.id} {name}", not frame[name].isna().any(), "no empty cell", "没有空格",
              int(frame[name].isna().sum()))  # fmt: skip
    keys = frame[texts].astype(str)
    cells = frame[added].astype(float).assign(n=1).groupby([keys[name] for name in texts]).sum()
    cells = cells[numbers].reset_index()
    order = {
        one.id: {value: place for place, value in enumerate(one.values)} for one in about.groups
    }
    found = [{name: row[name] for name in texts} | {name: f"{round(row[name], 2):.10g}" for name in numbers}
             for row in cells.to_dict("records")]  # fmt: skip
    return sorted(found, key=lambda r: [(order[c].get(r[c], MOST), r[c]) for c in texts])


def text(about: Explorer, rows: Sequence[Mapping[str, str]]) -> str:
    """Return the text of a table of sums."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(
        out, [name for part in columns(about) for name in part], lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
