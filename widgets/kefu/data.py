"""The book's tables: where they are, their rows as text, and typed pandas frames of them.

``path`` and ``rows`` need the standard library only, so that models can read a table in the page.
``load`` and ``real`` give pandas frames and import pandas when they are called. What the columns
are is said in one place, ``datasets/datapackage.json``; ``load`` takes its types and checks from it,
and ``kefu.tables`` does the reading and checking.

A class may have a shop of its own, made by ``python -m datasets.generate --seed 7 --folder F``:
``use("F")``, or ``KEFU_DATA=F`` in the environment, and notebooks, demos and checks read that one.
``python -m kefu.data --excel G`` writes every table in a form that Excel opens without garbling.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import asdict
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from kefu.amounts import one_of
from kefu.tables import BadRows as BadRows
from kefu.tables import Problem as Problem
from kefu.tables import columns, for_spreadsheet, read

if TYPE_CHECKING:
    import pandas as pd

Made = TypeVar("Made", bound=Callable[..., Any])


# The folder in use


@cache
def home() -> Path:
    """Return the book's own folder: inside the installed package, else the checkout's own."""
    packed = Path(__file__).parent / "datasets"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "datasets"


MARK = "\ufeff"
"""The mark of UTF-8, taken off by hand: a page starts without the codec that would."""
_used: Path | None = None
_caches: list[Callable[[], None]] = []


def folder() -> Path:
    """Return the folder in use: the book's own unless ``use`` or ``KEFU_DATA`` named another.

    Raises ``ValueError`` where ``KEFU_DATA``, read the first time, names no folder of tables.
    """
    global _used
    if _used is None:
        named = os.environ.get("KEFU_DATA", "")
        _used = _shop(Path(named), "KEFU_DATA") if named else home()
    return _used


def use(place: str | Path | None = None) -> Path:
    """Read the tables of another folder from now on, without a folder the book's own; return it.

    The folder holds the tables that the generator makes; tables kept by hand (tariffs, zones,
    rules) are the book's unless the folder has its own. Whatever was made of the former tables is
    forgotten; frames loaded and demos shown before keep what they have. Raises ``ValueError``, and
    changes nothing, for a folder that is not there, lacks tables or has one with other columns.
    """
    global _used
    _used = home() if place is None else _shop(Path(place), "place")
    forget()
    return _used


def cached(make: Made) -> Made:
    """Keep what a function makes of the tables until another folder is in use.

    For every function that reads tables and is worth a cache; ``functools.cache`` would go on
    giving what it made of the former shop.
    """
    kept: Any = cache(make)
    _caches.append(kept.cache_clear)
    result: Made = kept
    return result


def forget() -> None:
    """Forget whatever was made of the tables, because they are others now."""
    for clear in _caches:
        clear()


def _shop(place: Path, argument: str) -> Path:
    """Return a folder's full path if it holds a whole shop, else raise ``ValueError``."""
    place = place.expanduser()
    got = repr(str(place))  # the whole of it, however long: the end of a path tells most
    wrong = (
        f"{argument}: expected a folder with a shop's tables, got {got}"
        f"（{argument}应为放着整店数据表的文件夹，收到{got}）"
    )
    if not place.is_dir():
        raise ValueError(wrong)
    tables: dict[str, dict[str, Any]] = {one["name"]: one for one in package()["resources"]}
    lacks = [
        name
        for name, about in tables.items()
        if not about.get("hand_kept") and not (place / f"{name}.csv").is_file()
    ]
    if lacks:
        raise ValueError(f"{wrong}; it lacks {', '.join(lacks)}（缺少{'、'.join(lacks)}）")
    for name, about in tables.items():
        file = place / f"{name}.csv"
        if file.is_file():
            with file.open(encoding="utf-8-sig", newline="") as opened:
                try:
                    header = next(csv.reader(opened), [])
                except UnicodeDecodeError:
                    header = []
            try:
                columns(header, [one["name"] for one in about["schema"]["fields"]], file.name)
            except ValueError as error:
                raise ValueError(f"{wrong}; {error}") from None
    return place.resolve()


def path(name: str) -> Path:
    """Return the path of one table in the folder in use, e.g. ``path("orders")``.

    A table that the folder lacks is the book's own. Raises ``ValueError`` with the names that
    exist where there is no such table.

    >>> path("zones").name
    'zones.csv'
    """
    names = sorted(p.stem for p in home().glob("*.csv"))
    file = f"{one_of(name, 'name', names)}.csv"
    found = folder() / file
    return found if found.is_file() else home() / file


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one table as dictionaries of text, in the file's order."""
    text = path(name).read_bytes().decode().removeprefix(MARK)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def is_book(name: str) -> bool:
    """Tell whether a table of the folder in use is the book's own, byte by byte.

    >>> is_book("zones")
    True
    """
    own, book = path(name), home() / f"{name}.csv"
    return own == book or own.read_bytes() == book.read_bytes()


@cache
def package() -> dict[str, Any]:
    """Return the description of all tables, ``datasets/datapackage.json``; do not change it."""
    text = (home() / "datapackage.json").read_text(encoding="utf-8")
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

    A reader's own file may be as Excel or WPS saved it in China: UTF-8, UTF-16 with its mark or
    GB 18030; commas, tabs or semicolons; ``2025/1/3 8:05`` (Beijing time), ``1,234.50``,
    full-width digits, ``="123"``, 是 and 否, 1 and 0, blanks around a cell, empty rows. Whatever was read
    in another form than the described one is listed in ``frame.attrs["read"]``, for each column
    and reason with the count and lines, the first value and what it was taken as. What may mean
    two things (01/02/2025) or is lost (4.5E+18 for an order's number) counts as bad.

    Raises ``ValueError`` for an unknown table (with the names that exist) and for a file that is
    empty, no CSV (a workbook too), in another encoding, or has other columns.
    """
    one_of(bad, "bad", ("raise", "keep", "drop"))
    source = path(name) if file is None else Path(file)
    if file is None and bad == "raise":
        at = source.stat()
        return _own(name, source, at.st_mtime_ns, at.st_size).copy()
    return _loaded(name, source, file is None, bad)


@lru_cache(maxsize=64)
def _own(name: str, source: Path, changed: int, size: int) -> pd.DataFrame:
    """Return a table of the folder in use, read and checked once while its file is as it was."""
    return _loaded(name, source, True, "raise")


def _loaded(name: str, source: Path, own: bool, bad: str) -> pd.DataFrame:
    about = describe(name)
    raw = bool(about.get("raw"))
    found = read(source, about["schema"], strict=own, raw=raw)
    records, problems = found.records, found.problems
    if problems and bad == "raise":
        raise BadRows(name, source.name, problems)
    if bad == "drop":
        failed = {p.line for p in problems}
        records = [(line, cells) for line, cells in records if line not in failed]
    import pandas as pd

    frame = pd.DataFrame(
        {
            field["name"]: pd.Series([cells[n] for _, cells in records], dtype=_dtype(field, bad))
            for n, field in enumerate(about["schema"]["fields"])
        }
    )
    if bad != "raise":
        frame.attrs["bad"] = [asdict(p) for p in problems]
    if not own:
        frame.attrs["read"] = [asdict(change) for change in found.changes]
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


# For a spreadsheet


def for_excel(name: str, file: str | Path) -> None:
    """Write one table so that Excel and WPS open it without garbling or changing it.

    The file has a byte order mark, and text that looks like a number, date or formula is marked
    as text (``="02"``); ``load(name, file)`` reads it back as it was. Raises ``ValueError`` for an
    unknown table.
    """
    text = for_spreadsheet(rows(name), describe(name)["schema"])
    Path(file).write_text(text, encoding="utf-8", newline="")


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


def main() -> None:
    """Write every table of the folder in use for a spreadsheet."""
    import argparse  # which no page needs

    parser = argparse.ArgumentParser(description="The book's tables in a form that Excel opens.")
    parser.add_argument(
        "--excel", type=Path, required=True, metavar="FOLDER", help="where to write"
    )
    target: Path = parser.parse_args().excel
    target.mkdir(parents=True, exist_ok=True)
    names = [one["name"] for one in package()["resources"]]
    for name in names:
        for_excel(name, target / f"{name}.csv")
    print(f"kefu: {len(names)} tables for a spreadsheet in {target}")


if __name__ == "__main__":
    main()
