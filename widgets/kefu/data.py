"""The book's tables: where they are, their rows as text, and typed pandas frames of them.

``path`` and ``rows`` need the standard library only, so that models can read a table in the page.
``load`` and ``real`` give pandas frames and import pandas when they are called. What the columns
are is said in one place, ``datasets/datapackage.json``; ``load`` takes its types and checks from it.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kefu.amounts import one_of

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | bool | date | datetime | None


@cache
def folder() -> Path:
    """Return the folder of the datasets: inside the installed package, else the checkout's own."""
    packed = Path(__file__).parent / "datasets"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "datasets"


def path(name: str) -> Path:
    """Return the path of one table, e.g. ``path("orders")``.

    Raises ``ValueError`` with the names that exist where there is no such table.

    >>> path("zones").name
    'zones.csv'
    """
    names = sorted(p.stem for p in folder().glob("*.csv"))
    return folder() / f"{one_of(name, 'name', names)}.csv"


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one table as dictionaries of text, in the file's order."""
    with path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def package() -> dict[str, Any]:
    """Return the description of all tables, ``datasets/datapackage.json``; do not change it."""
    text = (folder() / "datapackage.json").read_text(encoding="utf-8")
    described: dict[str, Any] = json.loads(text)
    return described


def describe(name: str) -> dict[str, Any]:
    """Return the description of one table: title, fields, keys; raises ``ValueError`` as ``path``.

    >>> describe("zones")["schema"]["primaryKey"]
    ['province']
    """
    tables: dict[str, dict[str, Any]] = {r["name"]: r for r in package()["resources"]}
    return tables[one_of(name, "name", sorted(tables))]


# Typed frames


@dataclass(frozen=True)
class Problem:
    """A cell, or with ``column`` empty a row, that is not as described, and the file's line."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        """Return one line for readers of either edition."""
        shown = self.value if len(self.value) <= 40 else f"{self.value[:37]}..."
        column = f", {self.column}" if self.column else ""
        return f"line {self.line}{column}: {shown!r}: {self.reason}"


class BadRows(ValueError):
    """Rows of a table are not as described; ``problems`` has them all, the message the first 20."""

    def __init__(self, name: str, file: str, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        lines, cells = len({p.line for p in problems}), len(problems)
        head = (
            f"{name}: {cells} problems on {lines} lines of {file}, nothing was loaded; bad='keep' or "
            f"bad='drop' loads it all the same（{file}有{lines}行、共{cells}处不合要求，没有读入；"
            "参数bad设为keep或drop仍可读入）"
        )
        more = [f"... {cells - 20} more（还有{cells - 20}处）"] if cells > 20 else []
        super().__init__("\n  ".join([head, *map(str, problems[:20]), *more]))


def load(
    name: str, file: str | Path | None = None, *, bad: Literal["raise", "keep", "drop"] = "raise"
) -> pd.DataFrame:
    """Return one table as a pandas frame, e.g. ``load("orders")``; with ``file``, a reader's own.

    Columns come in the described order with these types: text is ``str``, text with a fixed set of
    values ``category``, whole numbers ``int64`` (``Int64`` where a cell may be empty), other
    numbers ``float64`` (money too: round sums to the fen), yes or no ``boolean``, dates
    ``datetime64`` at midnight without a zone, moments ``datetime64`` in Asia/Shanghai.

    Every cell is checked against the description: type, required, allowed values, pattern, range,
    keys that occur twice. Where one fails, ``BadRows`` is raised and lists line, column, value and
    reason. ``bad="keep"`` keeps such rows with the failing cells empty, ``bad="drop"`` leaves the
    rows out; both list the problems in ``frame.attrs["bad"]``, so that nothing is lost in silence.

    Raises ``ValueError`` for an unknown table (with the names that exist) and for a file that is
    empty, no CSV, not UTF-8, not separated by commas, or has other columns.
    """
    one_of(bad, "bad", ("raise", "keep", "drop"))
    fields: list[dict[str, Any]] = describe(name)["schema"]["fields"]
    source = path(name) if file is None else Path(file)
    records, problems = _records(source, name)
    if problems and bad == "raise":
        raise BadRows(name, source.name, problems)
    if bad == "drop":
        failed = {p.line for p in problems}
        records = [(line, cells) for line, cells in records if line not in failed]
    import pandas as pd

    columns = {
        field["name"]: pd.Series([cells[place] for _, cells in records], dtype=_dtype(field, bad))
        for place, field in enumerate(fields)
    }
    frame = pd.DataFrame(columns)
    if bad != "raise":
        frame.attrs["bad"] = [asdict(p) for p in problems]
    return frame


def _dtype(field: dict[str, Any], bad: str) -> Any:
    """Return a column's pandas type; where bad cells are kept empty, whole numbers may be missing."""
    import pandas as pd

    rules = field.get("constraints", {})
    if field["type"] == "string":
        return pd.CategoricalDtype(rules["enum"]) if "enum" in rules else "str"
    if field["type"] == "integer":
        return "int64" if rules.get("required") and bad != "keep" else "Int64"
    return {
        "number": "float64",
        "boolean": "boolean",
        "date": "datetime64[us]",
        "datetime": "datetime64[us, Asia/Shanghai]",
    }[field["type"]]


# Reading and checking a file: standard library only


def _records(source: Path, name: str) -> tuple[list[tuple[int, list[Cell]]], list[Problem]]:
    """Return a file's rows as line and typed cells (failing cells None), and all problems."""
    schema = describe(name)["schema"]
    fields: list[dict[str, Any]] = schema["fields"]
    names = [field["name"] for field in fields]
    lines = _lines(_text(source), source.name)
    _, header = next(lines)
    order = _order(header, names, source.name)
    readers = [_reader(field) for field in fields]
    once = [[names.index(n) for n in key] for key in _keys(schema)]
    seen: list[dict[tuple[str, ...], int]] = [{} for _ in once]
    records: list[tuple[int, list[Cell]]] = []
    problems: list[Problem] = []
    for line, texts in lines:
        if not any(texts):
            problems.append(Problem(line, "", "", "expected a row, got a blank line（空行）"))
        elif len(texts) != len(header):
            reason = f"expected {len(header)} cells, got {len(texts)}（应有{len(header)}格，实有{len(texts)}格）"
            problems.append(Problem(line, "", ",".join(texts), reason))
        padded = [texts[place] if place < len(texts) else "" for place in order]
        cells: list[Cell] = []
        for field, reader, text in zip(names, readers, padded, strict=True):
            try:
                cells.append(reader(text))
            except ValueError as error:
                cells.append(None)
                if any(texts):
                    problems.append(Problem(line, field, text, str(error)))
        records.append((line, cells))
        for key, known in zip(once, seen, strict=True):
            value = tuple(padded[place] for place in key)
            first = known.setdefault(value, line) if all(value) else line
            if first != line:
                columns = "+".join(names[place] for place in key)
                reason = f"expected once, is on line {first} too（不该重复，第{first}行已有）"
                problems.append(Problem(line, columns, ",".join(value), reason))
    return records, problems


def _keys(schema: dict[str, Any]) -> list[list[str]]:
    """Return the columns, or sets of columns, whose values may occur only once."""
    unique = [[f["name"]] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    return unique if schema["primaryKey"] in unique else [schema["primaryKey"], *unique]


def _wrong(file: str, english: str, chinese: str) -> ValueError:
    """Return what to raise for a file that is no table at all."""
    return ValueError(
        f"file: expected CSV in UTF-8, separated by commas; {file} {english}"
        f"（file应为UTF-8编码、逗号分隔的CSV文件；{file}{chinese}）"
    )


def _text(source: Path) -> str:
    """Return a file's text without a byte order mark; raises ``ValueError`` that says what it is."""
    raw, file = source.read_bytes(), source.name
    save = "in Excel, save it as “CSV UTF-8”", "请在Excel里另存为“CSV UTF-8”"
    if raw.startswith(b"PK\x03\x04"):
        raise _wrong(file, f"is an Excel workbook: {save[0]}", f"是Excel工作簿，{save[1]}")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _wrong(file, f"is in UTF-16: {save[0]}", f"是UTF-16编码，{save[1]}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            raw.decode("gb18030")
        except UnicodeDecodeError:
            raise _wrong(file, "is in another encoding", "是别的编码") from None
        raise _wrong(file, f"is in GBK: {save[0]}", f"是GBK编码，{save[1]}") from None
    if not text.strip():
        raise _wrong(file, "is empty", "是空文件")
    return text


def _lines(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins, the header first."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            texts = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _wrong(file, f"breaks off at line {line}: {error}",
                         f"第{line}行的引号不成对") from None  # fmt: skip
        yield line, texts


def _order(header: list[str], names: list[str], file: str) -> list[int]:
    """Return where in a file's header each column is; raises ``ValueError`` for other columns."""
    for mark, english, chinese in (("\t", "tabs", "制表符"), (";", "semicolons", "分号")):
        if len(header) == 1 and mark in header[0]:
            raise _wrong(file, f"is separated by {english}", f"是{chinese}分隔的")
    missing = [n for n in names if n not in header]
    extra = [n for place, n in enumerate(header) if n not in names or n in header[:place]]
    if missing or extra:
        raise ValueError(
            f"file: expected the described columns, {file} lacks {missing} and has besides {extra}"
            f"（{file}缺少的列：{missing}；多出的列：{extra}）"
        )
    return [header.index(n) for n in names]


def _reader(field: dict[str, Any]) -> Callable[[str], Cell]:
    """Return what turns a field's text into its value, or raises ``ValueError`` with the reason."""
    rules = field.get("constraints", {})
    parse, english, chinese = TYPES[field["type"]]
    pattern = re.compile(rules["pattern"]) if "pattern" in rules else None
    allowed = set(rules.get("enum", ()))
    low, high = (
        parse(str(rules[bound])) if bound in rules else None for bound in ("minimum", "maximum")
    )

    def read(text: str) -> Cell:
        if not text:
            if rules.get("required"):
                raise ValueError("expected a value, got none（不能为空）")
            return None
        try:
            cell: Cell = parse(text)
        except ValueError:
            raise ValueError(f"expected {english}（应为{chinese}）") from None
        if allowed and cell not in allowed:
            values = " ".join(map(str, rules["enum"]))
            raise ValueError(f"expected one of {values}（应为其中之一）")
        if pattern and not pattern.fullmatch(text):
            raise ValueError(f"expected the form {pattern.pattern}（格式不符）")
        if low is not None and cell < low:
            raise ValueError(f"expected at least {rules['minimum']}（应不小于{rules['minimum']}）")
        if high is not None and cell > high:
            raise ValueError(f"expected at most {rules['maximum']}（应不大于{rules['maximum']}）")
        return cell

    return read


def _number(text: str) -> float:
    if "_" in text or not isfinite(value := float(text)):
        raise ValueError
    return value


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError
    if not -(2**63) <= (number := int(text)) < 2**63:
        raise ValueError
    return number


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError
    return text.lower() == "true"


def _date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return date.fromisoformat(text)


MOMENT = re.compile(r"[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")


def _moment(text: str) -> datetime:
    if not MOMENT.fullmatch(text):
        raise ValueError
    moment = datetime.fromisoformat(text)
    if not 1 < moment.year < 9999:  # at the ends a time zone leads out of the calendar
        raise ValueError
    return moment


TYPES: dict[str, tuple[Callable[[str], Any], str, str]] = {
    "string": (str, "text", "文字"),
    "integer": (_integer, "a whole number", "整数"),
    "number": (_number, "a number", "数"),
    "boolean": (_boolean, "true or false", "true或false"),
    "date": (_date, "a date such as 2025-11-11", "2025-11-11这样的日期"),
    "datetime": (_moment, "a moment such as 2025-11-11T20:00:00+08:00",
                 "2025-11-11T20:00:00+08:00这样的时刻"),
}  # fmt: skip
"""How each described type is read, and what to say where it cannot be."""


# Real data, read where its package was installed: neither imported nor copied

PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


def real(name: str, *, clean: bool = True) -> pd.DataFrame:
    """Return a real data set beside the invented shop: ``real("cdnow")`` or ``real("reviews")``.

    ``cdnow``: purchases of 2,357 customers of a music shop who first bought in January to March
    1997, until June 1998; columns customer (text), date, cds (number), amount (US dollars). Clean,
    a customer's purchases of one day are one row, because models of repeat purchase count days;
    8 of these rows cost nothing, which a model of amounts must leave out.

    ``reviews``: Chinese reviews; columns text, positive. Clean, each text is there once, and texts
    that occur on both sides or hold a mobile number are left out. What cannot be cleaned: many are
    of hotels, books and computers, and fragments bear the whole review's label.

    Sources, licences and faults are in ``datasets/datapackage.json`` under ``real``. Raises
    ``ValueError`` for an unknown name and ``ModuleNotFoundError`` where the package that brings
    the data is not installed.
    """
    sets: dict[str, dict[str, Any]] = {one["name"]: one for one in package()["real"]}
    about = sets[one_of(name, "name", sorted(sets))]
    texts = [_shipped(about["package"], file) for file in about["files"]]
    import pandas as pd

    if name == "cdnow":
        lines = [line.split() for line in texts[0].splitlines()]
        frame = pd.DataFrame(
            {
                "customer": pd.Series([line[1] for line in lines], dtype="str"),
                "date": pd.to_datetime([line[2] for line in lines], format="%Y%m%d"),
                "cds": [int(line[3]) for line in lines],
                "amount": [float(line[4]) for line in lines],
            }
        )
        if clean:
            frame = frame.groupby(["customer", "date"], as_index=False).sum()
            frame["amount"] = frame["amount"].round(2)
        return frame
    found = [
        (line.strip(), place == 0) for place, text in enumerate(texts) for line in text.split("\n")
    ]
    frame = pd.DataFrame([pair for pair in found if pair[0]], columns=["text", "positive"])
    if clean:
        frame = frame.drop_duplicates()
        frame = frame[~frame["text"].duplicated(keep=False)]
        frame = frame[~frame["text"].str.contains(PHONE)].reset_index(drop=True)
    return frame


def _shipped(distribution: str, file: str) -> str:
    """Return the text of a file that an installed package ships, without importing the package."""
    from importlib import metadata  # slow to import, and a page that reads rows has no need of it

    try:
        place = metadata.distribution(distribution).locate_file(file)
    except metadata.PackageNotFoundError:
        raise ModuleNotFoundError(
            f"{distribution} is not installed, which brings this data: run `make setup`, "
            f"or `pip install {distribution}`（没有安装{distribution}：运行make setup）"
        ) from None
    return Path(str(place)).read_text(encoding="utf-8")
