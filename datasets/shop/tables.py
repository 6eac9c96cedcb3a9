"""Open tables: rows are written as they come, so that a shop of any size fits into memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self, TextIO

DESCRIPTION = Path(__file__).parents[1] / "datapackage.json"
GROUP = 20_000  # rows that a Parquet file holds back before it writes them


@cache
def fields(table: str) -> dict[str, str]:
    """Return the columns of a table with their types, in the order of the description."""
    package = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    resource = next(r for r in package["resources"] if r["name"] == table)
    return {field["name"]: field["type"] for field in resource["schema"]["fields"]}


def arrow_types() -> dict[str, Any]:
    """Return what the described types are in Parquet."""
    import pyarrow

    return {
        "string": pyarrow.string(),
        "number": pyarrow.float64(),
        "integer": pyarrow.int64(),
        "boolean": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "datetime": pyarrow.timestamp("ms", tz="Asia/Shanghai"),
    }


class Sink(Protocol):
    """A file that takes rows of text."""

    def write(self, row: list[object]) -> None:
        """Take one row."""

    def close(self) -> None:
        """Write what is held back and close the file."""


class CsvSink:
    """A UTF-8 CSV with LF line ends."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        self.file: TextIO = path.with_suffix(".csv").open("w", encoding="utf-8", newline="")
        self.write = csv.writer(self.file, lineterminator="\n").writerow
        self.write(columns)

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class ParquetSink:
    """A Parquet file with the types of the description, written a row group at a time."""

    def __init__(self, path: Path, columns: Mapping[str, str]) -> None:
        import pyarrow  # only here: the CSV tables need no package
        import pyarrow.parquet

        types = arrow_types()
        self.arrow: Any = pyarrow
        self.schema: Any = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
        self.file: Any = pyarrow.parquet.ParquetWriter(path.with_suffix(".parquet"), self.schema)
        self.held: list[list[object]] = []

    def write(self, row: list[object]) -> None:
        """Hold a row until its group is full."""
        self.held.append(row)
        if len(self.held) == GROUP:
            self.flush()

    def flush(self) -> None:
        """Write the rows held back as one row group."""
        columns = zip(*self.held, strict=True) if self.held else [[] for _ in self.schema]
        arrays = [
            self.arrow.array([None if v in ("", None) else str(v) for v in values], "string").cast(
                field.type
            )
            for values, field in zip(columns, self.schema, strict=True)
        ]
        self.file.write_table(self.arrow.Table.from_arrays(arrays, schema=self.schema))
        self.held.clear()

    def close(self) -> None:
        """Write the last row group and close the file."""
        self.flush()
        self.file.close()


class Tables:
    """The tables of one shop in one folder, with a running number for each kind of key."""

    def __init__(self, folder: Path, parquet: bool = False) -> None:
        self.folder = folder
        self.sink = ParquetSink if parquet else CsvSink
        self.open: dict[str, tuple[Sink, tuple[str, ...]]] = {}
        self.rows: dict[str, int] = {}
        self.keys: dict[str, int] = {}
        self.watchers: dict[str, Callable[[Mapping[str, object]], None]] = {}
        """Who is shown each row of a table while it is written."""

    def key(self, letter: str) -> str:
        """Return the next key that begins with ``letter``, such as P00001."""
        self.keys[letter] = self.keys.get(letter, 0) + 1
        return f"{letter}{self.keys[letter]:05}"

    def start(self, table: str) -> None:
        """Open a table, which stays empty but for its header until rows come."""
        columns = fields(table)
        self.open[table] = self.sink(self.folder / table, columns), tuple(columns)
        self.rows[table] = 0

    def add(self, table: str, row: Mapping[str, object]) -> None:
        """Write one row. Raises ``ValueError`` unless it has exactly the described columns."""
        if table not in self.open:
            self.start(table)
        sink, columns = self.open[table]
        if len(row) != len(columns) or not all(column in row for column in columns):
            raise ValueError(f"{table}: expected the columns {columns}, got {tuple(row)}")
        sink.write([row[column] for column in columns])
        self.rows[table] += 1
        if table in self.watchers:
            self.watchers[table](row)

    def __enter__(self) -> Self:
        """Return the tables, to be closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every file."""
        for sink, _ in self.open.values():
            sink.close()
