"""A table's file read and checked cell by cell, in the described form or as spreadsheets leave it.

``read`` takes what people have: files saved by Excel or WPS in China, exports of a shop's back
office. Whatever it reads in another form than the described one it tells (`Change`), whatever is
not as described it tells too (`Problem`); nothing is dropped or guessed in silence. What may mean
two things is a problem, not a guess. Standard library only; ``kefu.data`` is the front door.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import Any

Cell = str | int | float | bool | date | datetime | None
Schema = Mapping[str, Any]


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


@dataclass(frozen=True)
class Change:
    """Cells of one column that were read in another form than the described one, for one reason.

    ``lines`` are the file's lines of all ``count`` cells, such as ``2-9, 12``; ``value`` is what
    stands in the first of them and ``taken`` what it was read as. With ``column`` empty it is
    rows, or with ``lines`` empty too the file, that were read so.
    """

    column: str
    reason: str
    count: int
    lines: str
    value: str
    taken: str


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


@dataclass
class Contents:
    """What a file holds: rows as line and typed cells (failing ones None), problems, changes."""

    records: list[tuple[int, list[Cell]]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    changed: dict[tuple[str, str], tuple[list[int], str, str]] = field(default_factory=dict)

    def tell(self, column: str, reason: str, line: int, value: str, taken: Cell) -> None:
        """Note that a cell, a row (``column`` empty) or the file (``line`` 0) was read otherwise."""
        if (column, reason) not in self.changed:
            shown = taken.isoformat() if isinstance(taken, date) else str(taken)
            self.changed[column, reason] = ([], value, shown)
        if line:
            self.changed[column, reason][0].append(line)

    @property
    def changes(self) -> list[Change]:
        """What was read in another form, a column and a reason each."""
        return [
            Change(column, reason, len(lines), spans(lines), value, taken)
            for (column, reason), (lines, value, taken) in self.changed.items()
        ]


def spans(lines: list[int]) -> str:
    """Return rising numbers of lines, runs in short.

    >>> spans([2, 3, 4, 9])
    '2-4, 9'
    """
    breaks = [place for place, (a, b) in enumerate(pairwise(lines), start=1) if b - a > 1]
    runs = [lines[a:b] for a, b in pairwise([0, *breaks, len(lines)]) if a < b]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


# Files


def read(source: Path, schema: Schema, *, strict: bool = False, raw: bool = False) -> Contents:
    """Return what a file holds, checked against a table's schema.

    ``strict`` takes the described form only: UTF-8, commas, cells as described. ``raw`` leaves
    the cells of a table that is kept unclean on purpose as they are. Raises ``ValueError`` for
    a file that is no table or has other columns.
    """
    found = Contents()
    fields: list[dict[str, Any]] = schema["fields"]
    names = [one["name"] for one in fields]
    text = _text(source, found, strict)
    mark = "," if strict else _separator(text, found)
    lines = _lines(text, source.name, mark)
    for first, header in lines:
        if strict or any(map(bare, header)):
            break
        found.tell("", BLANK_ROW, first, "", "")
    if not strict:
        header = _header(header, found)
    order = columns(header, names, source.name)
    keyed = keys(schema)
    readers = [_reader(one, strict, raw, one["name"] in keyed) for one in fields]
    once = [[names.index(n) for n in key] for key in _unique(schema)]
    seen: list[dict[tuple[Cell, ...], int]] = [{} for _ in once]
    for line, texts in lines:
        blank = not any(texts if strict else map(bare, texts))
        if blank and not strict:
            found.tell("", BLANK_ROW, line, mark.join(texts), "")
            continue
        if blank:
            found.problems.append(Problem(line, "", "", "expected a row, got a blank line（空行）"))
        elif not strict and len(texts) > len(header) and not any(map(bare, texts[len(header) :])):
            found.tell("", BLANK_ENDS, line, mark.join(texts), mark.join(texts[: len(header)]))
        elif len(texts) != len(header):
            reason = f"expected {len(header)} cells, got {len(texts)}（应有{len(header)}格，实有{len(texts)}格）"
            found.problems.append(Problem(line, "", mark.join(texts), reason))
        padded = [texts[place] if place < len(texts) else "" for place in order]
        cells: list[Cell] = []
        for name, reader, given in zip(names, readers, padded, strict=True):
            try:
                cell, reasons = reader(given)
            except ValueError as error:
                cell, reasons = None, ()
                if not blank:
                    found.problems.append(Problem(line, name, given, str(error)))
            for reason in reasons:
                found.tell(name, reason, line, given, "" if cell is None else cell)
            cells.append(cell)
        found.records.append((line, cells))
        for key, known in zip(once, seen, strict=True):
            value = tuple(cells[place] for place in key)
            begun = known.setdefault(value, line) if None not in value else line
            if begun != line:
                reason = f"expected once, is on line {begun} too（不该重复，第{begun}行已有）"
                both = "+".join(names[place] for place in key), ",".join(padded[p] for p in key)
                found.problems.append(Problem(line, *both, reason))
    return found


@dataclass(frozen=True)
class Sheet:
    """A file of any columns: their names, its rows with the lines on which they begin, how it was read."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    changes: tuple[Change, ...]


def sheet(raw: bytes, file: str) -> Sheet:
    """Return a file as spreadsheets leave it, whatever its columns; ``file`` is its name for what is told.

    Cells lose the blanks around them; rows without any are left out, short ones filled, long ones cut. A column
    without a name is called by its place, a second one of a name too. Raises ``ValueError`` for what is no table.
    """
    found = Contents()
    text = _decoded(raw, file, found, strict=False)
    mark = _separator(text, found)
    lines = [(line, [bare(cell) for cell in cells]) for line, cells in _lines(text, file, mark)]
    kept = [(line, cells) for line, cells in lines if any(cells)]
    if not kept:
        raise _wrong(file, "is empty", "是空文件")
    (_, names), *rest = kept
    header: list[str] = []
    for place, name in enumerate(names, 1):
        header.append(name if name and name not in header else f"{name}第{place}列")
    wide = len(header)
    rows = ((line, (*cells[:wide], *[""] * (wide - len(cells)))) for line, cells in rest)
    return Sheet(tuple(header), tuple(rows), tuple(found.changes))


def _unique(schema: Schema) -> list[list[str]]:
    """Return the columns, or sets of columns, whose values may occur only once; a table need have no key."""
    alone = [[f["name"]] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    key = schema.get("primaryKey")
    return alone if not key or key in alone else [key, *alone]


def keys(schema: Schema) -> set[str]:
    """Return the columns by which rows are found: of keys, unique, or of one form."""
    formed = {f["name"] for f in schema["fields"] if "pattern" in f.get("constraints", {})}
    foreign = {name for key in schema.get("foreignKeys", ()) for name in key["fields"]}
    return formed | foreign | {name for key in _unique(schema) for name in key}


def _wrong(file: str, english: str, chinese: str) -> ValueError:
    """Return what to raise for a file that is no table at all."""
    return ValueError(
        f"file: expected a CSV file in UTF-8, UTF-16 with its mark or GB 18030; {file} {english}"
        f"（file应为CSV文件，编码为UTF-8、带标记的UTF-16或GB 18030；{file}{chinese}）"
    )


BOOKS = {
    b"PK\x03\x04": ("an Excel workbook (.xlsx)", "Excel工作簿（.xlsx）"),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "an old Excel workbook (.xls)",
        "旧版Excel工作簿（.xls）",
    ),
}
"""How the files of spreadsheets begin that are no text."""


def _text(source: Path, found: Contents, strict: bool) -> str:
    """Return a file's text without a byte order mark; raises ``ValueError`` that says what it is."""
    return _decoded(source.read_bytes(), source.name, found, strict)


def _decoded(raw: bytes, file: str, found: Contents, strict: bool) -> str:
    for start, (english, chinese) in BOOKS.items():
        if raw.startswith(start):
            raise _wrong(file, f"is {english}: open it and save it as CSV UTF-8",
                         f"是{chinese}，请打开后另存为“CSV UTF-8”")  # fmt: skip
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if wide else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        if wide:
            raise _wrong(file, "is cut off", "不完整") from None
        encoding, text = "gb18030", _gb18030(raw, file)
    if encoding != "utf-8-sig":
        english, chinese = ("UTF-16", "UTF-16编码") if wide else ("GB 18030", "GB 18030编码")
        if strict:
            raise _wrong(
                file, f"is in {english}: here UTF-8 is needed", f"是{chinese}，这里要UTF-8"
            )
        found.tell("", f"in {english}, not UTF-8（{chinese}，不是UTF-8）", 0, "", "")
    if not text.strip("\ufeff \r\n\t"):
        raise _wrong(file, "is empty", "是空文件")
    if "\0" in text:
        raise _wrong(
            file, "is no text, or in UTF-16 without its mark", "不是文字，或是没有标记的UTF-16"
        )
    if text.lstrip().startswith("<"):
        raise _wrong(file, "is a web page or XML, whatever its name: open it in a spreadsheet and "
                     "save it as CSV UTF-8",
                     "其实是网页或XML，请用表格软件打开后另存为“CSV UTF-8”")  # fmt: skip
    return text


def _gb18030(raw: bytes, file: str) -> str:
    """Return text in GB 18030; raises ``ValueError`` for another encoding or damaged UTF-8."""
    damaged = raw.decode("utf-8-sig", "replace")
    foreign = sum(not character.isascii() for character in damaged)
    if damaged.count("\ufffd") * 2 < foreign:  # most of it reads well, so that UTF-8 was meant
        line = damaged[: damaged.index("\ufffd")].count("\n") + 1
        raise _wrong(
            file, f"is in UTF-8 but damaged at line {line}", f"是UTF-8，但第{line}行已损坏"
        )
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = "\ue000"
    if any(unicodedata.category(character) in ("Cn", "Co") for character in set(text)):
        raise _wrong(file, "is in another encoding", "是别的编码")
    return text


def _separator(text: str, found: Contents) -> str:
    """Return what separates the cells: the one of comma, tab and semicolon that the header has."""
    header = text.lstrip().partition("\n")[0]
    mark = max(",\t;", key=header.count)
    if mark != ",":
        english, chinese = {"\t": ("tabs", "制表符"), ";": ("semicolons", "分号")}[mark]
        found.tell(
            "", f"separated by {english}, not commas（用{chinese}分隔，不是逗号）", 0, "", ""
        )
    return mark


def _lines(text: str, file: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins, the header first."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
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


def _header(header: list[str], found: Contents) -> list[str]:
    """Return the names of a header without blanks around them and empty cells at its end."""
    names = [bare(name) for name in header]
    while names and not names[-1]:
        names.pop()
    if names != header[: len(names)]:
        found.tell("", f"header: {BLANKS}", 0, ",".join(header), ",".join(names))
    return names


def columns(header: list[str], names: list[str], file: str) -> list[int]:
    """Return where in a file's header each column is; raises ``ValueError`` for other columns."""
    missing = [n for n in names if n not in header]
    extra = [n for place, n in enumerate(header) if n not in names or n in header[:place]]
    if missing or extra:
        raise ValueError(
            f"file: expected the described columns, {file} lacks {missing} and has besides {extra}"
            f"（{file}缺少的列：{missing}；多出的列：{extra}）"
        )
    return [header.index(n) for n in names]


# Cells


BLANK_ROW = "an empty row, left out（空行，没有读入）"
BLANK_ENDS = "empty cells at the end, left out（行末多出的空格子，没有读入）"
BLANKS = "blanks around it, left out（首尾的空白，已去掉）"
AS_TEXT = "marked as text for a spreadsheet（为表格软件标成文字的写法）"
WIDE = "full-width characters（全角字符）"
THOUSANDS = "commas between thousands（千位分隔逗号）"
TRUTH = "another word for true or false（另一种是否的写法）"
DAY = "a date in another form（另一种写法的日期）"
MOMENT = "a moment in another form（另一种写法的时刻）"
BEIJING = "no time zone, taken as Beijing time（没有时区，当作北京时间）"
WHOLE_MINUTE = "no seconds, taken as 0 seconds（没有秒，当作0秒）"
"""Why a cell counts as read in another form than the described one."""

Reading = tuple[Any, tuple[str, ...]]
Read = Callable[[str], tuple[Cell, tuple[str, ...]]]
FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
NAMED = {code: to for code, to in FULL.items() if chr(to).isalnum() or chr(to) == "-"}
"""Full-width characters as ASCII: all of them, for numbers and times; those of keys."""
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060"


def bare(text: str) -> str:
    r"""Return a text without the blanks around it, those that nobody sees included.

    >>> bare("广东 \u3000\t\u200b")
    '广东'
    """
    while (shorter := text.strip().strip(UNSEEN)) != text:
        text = shorter
    return text


def unmarked(text: str) -> str:
    """Return a cell without what marks it as text for a spreadsheet: ``="123"`` or ``'123``.

    >>> unmarked('="0123"'), unmarked("'0123"), unmarked("'n")
    ('0123', '0123', "'n")
    """
    if len(text) > 3 and text.startswith('="') and text.endswith('"'):
        return text[2:-1].replace('""', '"')
    return text[1:] if re.fullmatch("'[0-9.]+", text) else text


def _tidy(text: str, full: Mapping[int, int]) -> tuple[str, tuple[str, ...]]:
    """Return a cell in plain form, and what had to be changed for it."""
    found: list[str] = []
    if (plain := bare(text)) != text:
        found.append(BLANKS)
    if plain.startswith(("=", "'")) and (inner := unmarked(plain)) != plain:
        found.append(AS_TEXT)
        plain = bare(inner)
    if full and not plain.isascii() and (narrow := plain.translate(full)) != plain:
        found.append(WIDE)
        plain = narrow
    return plain, tuple(found)


def _reader(about: dict[str, Any], strict: bool, raw: bool, keyed: bool) -> Read:
    """Return what turns a field's text into its value and what was changed for it.

    It raises ``ValueError`` with the reason where the text is not as described.
    """
    rules, kind = about.get("constraints", {}), about["type"]
    parse, loose, english, chinese = TYPES[kind]
    pattern = re.compile(rules["pattern"]) if "pattern" in rules else None
    allowed = set(rules.get("enum", ()))
    low, high = (
        parse(str(rules[bound])) if bound in rules else None for bound in ("minimum", "maximum")
    )
    full = FULL if kind != "string" else NAMED if keyed else {}

    def value(text: str) -> Reading:
        try:
            return parse(text), ()
        except ValueError:
            if not strict and (other := loose(text)):
                return other
            reason = "" if strict else doubt(text, kind)
            raise ValueError(reason or f"expected {english}（应为{chinese}）") from None

    def checked(text: str) -> tuple[Cell, tuple[str, ...]]:
        changed: tuple[str, ...] = ()
        if raw:
            text, changed = (text, ()) if (plain := unmarked(text)) == text else (plain, (AS_TEXT,))
        elif not strict:
            text, changed = _tidy(text, full)
        if not text:
            if rules.get("required"):
                raise ValueError("expected a value, got none（不能为空）")
            return None, changed
        if not strict and (lost := spoilt(text, keyed)):
            raise ValueError(lost)
        cell, forms = value(text)
        if allowed and cell not in allowed:
            values = " ".join(map(str, rules["enum"]))
            raise ValueError(f"expected one of {values}（应为其中之一）")
        if pattern and not pattern.fullmatch(text):
            gone = any(pattern.fullmatch("0" * n + text) for n in range(1, 7))
            zeros = ("; zeros at its start may be lost", "；开头的0可能丢了") if gone else ("", "")
            raise ValueError(f"expected the form {pattern.pattern}{zeros[0]}（格式不符{zeros[1]}）")
        if low is not None and cell < low:
            raise ValueError(f"expected at least {rules['minimum']}（应不小于{rules['minimum']}）")
        if high is not None and cell > high:
            raise ValueError(f"expected at most {rules['maximum']}（应不大于{rules['maximum']}）")
        return cell, changed + forms

    return checked


POWER = re.compile(r"[+-]?[0-9](?:[.][0-9]+)?[eE][+][0-9]+")
FAULTS = re.compile(r"#(?:N/A|NAME\?|VALUE!|REF!|DIV/0!|NUM!|NULL!)")


def spoilt(text: str, keyed: bool) -> str:
    """Return why a spreadsheet has lost what stood in a cell, "" where it has not.

    >>> spoilt("4.5E+18", keyed=True)[:44]
    'a spreadsheet has rounded this number away: '
    """
    if keyed and POWER.fullmatch(text):
        return (
            "a spreadsheet has rounded this number away: export the file again and set the column "
            "to text before opening it, or bring it in by Data > From Text with the column as text"
            "（表格软件已把编号四舍五入：请重新导出，用“数据→自文本”导入并把这一列设为“文本”，再另存）"
        )
    if re.fullmatch("#{3,}", text):
        return (
            "the column was too narrow when the file was saved: widen it and save again"
            "（存盘时列太窄，只存下了#：请拉宽这一列再存）"
        )
    if FAULTS.fullmatch(text):
        return "a spreadsheet's error stands for the value（这里是表格软件的错误值）"
    return ""


def doubt(text: str, kind: str) -> str:
    """Return why a text is no date or moment though it looks like one, "" where it does not."""
    if kind not in ("date", "datetime"):
        return ""
    if re.match(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}", text):
        return (
            "may be read in two ways: write the year first, such as 2025-11-11"
            "（分不清哪个是年、月、日：请把年份写在最前，如2025-11-11）"
        )
    if re.fullmatch(r"[0-9]{5}(?:[.][0-9]+)?", text):
        return (
            "a spreadsheet's number of a day: give the column a date format and save again"
            "（是表格软件的日期序号：请把这一列设成日期格式再存）"
        )
    if kind == "datetime" and (re.fullmatch(ON_DAY, text) or re.fullmatch(r"[0-9]+:[0-9.]+", text)):
        return (
            "expected a date with a time of day, such as 2025-11-11 20:00:00"
            "（日期和钟点都要有，如2025-11-11 20:00:00）"
        )
    return ""


def _number(text: str) -> float:
    if not text.isascii() or "_" in text or not isfinite(number := float(text)):
        raise ValueError
    return number


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", text):
        raise ValueError
    if not -(2**63) <= (number := int(text)) < 2**63:
        raise ValueError
    return number


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _date(text: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError
    return date.fromisoformat(text)


INSTANT = re.compile(r"[0-9-]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})")


def _moment(text: str) -> datetime:
    if not INSTANT.fullmatch(text):
        raise ValueError
    moment = datetime.fromisoformat(text)
    if not 1 < moment.year < 9999:  # at the ends a time zone leads out of the calendar
        raise ValueError
    return moment


# Other forms, none of which can mean anything else

GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:[.][0-9]+)?")
YES = {"是": True, "1": True, "true": True, "否": False, "0": False, "false": False}
Y, M, D = "年月日"
ON_DAY = (
    rf"([0-9]{{4}})(?:([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}})|{Y}([0-9]{{1,2}}){M}([0-9]{{1,2}}){D})"
)
AT = rf"(?:[ T]+|(?<={D}))([0-9]{{1,2}}):([0-9]{{2}})(?::([0-9]{{2}}(?:[.][0-9]+)?))? ?(Z|[+-][0-9]{{2}}:?[0-9]{{2}})?"


def _no_other(text: str) -> Reading | None:
    return None


def _ungrouped(parse: Callable[[str], Any]) -> Callable[[str], Reading | None]:
    def loose(text: str) -> Reading | None:
        if not GROUPED.fullmatch(text):
            return None
        try:
            return parse(text.replace(",", "")), (THOUSANDS,)
        except ValueError:
            return None

    return loose


def _yes(text: str) -> Reading | None:
    truth = YES.get(text.lower())
    return None if truth is None else (truth, (TRUTH,))


def _iso_day(found: re.Match[str]) -> str:
    year, _, month, day, *chinese = found.groups()[:6]
    month, day = (month, day) if month else chinese
    return f"{year}-{month:0>2}-{day:0>2}"


def _other_date(text: str) -> Reading | None:
    found = re.fullmatch(rf"{ON_DAY}(?: +0?0:00(?::00)?)?", text)
    try:
        return (date.fromisoformat(_iso_day(found)), (DAY,)) if found else None
    except ValueError:
        return None


def _other_moment(text: str) -> Reading | None:
    found = re.fullmatch(ON_DAY + AT, text)
    if not found:
        return None
    hour, minute, second, zone = found.groups()[6:]
    written = f"{_iso_day(found)}T{hour:0>2}:{minute}:{second or '00'}{zone or '+08:00'}"
    try:
        moment = _moment(re.sub("([0-9]{2})([0-9]{2})$", r"\1:\2", written))
    except ValueError:
        return None
    told = {MOMENT: not text.startswith(written[:16]), BEIJING: not zone, WHOLE_MINUTE: not second}
    return moment, tuple(reason for reason, counts in told.items() if counts) or (MOMENT,)


TYPES: dict[
    str, tuple[Callable[[str], Any], Callable[[str], Reading | None], str, str]
] = {
    "string": (str, _no_other, "text", "文字"),
    "integer": (_integer, _ungrouped(_integer), "a whole number", "整数"),
    "number": (_number, _ungrouped(_number), "a number", "数"),
    "boolean": (_boolean, _yes, "true or false", "true或false"),
    "date": (_date, _other_date, "a date such as 2025-11-11", "2025-11-11这样的日期"),
    "datetime": (_moment, _other_moment, "a moment such as 2025-11-11T20:00:00+08:00",
                 "2025-11-11T20:00:00+08:00这样的时刻"),
}  # fmt: skip
"""How each described type is read, which other forms it takes, what to say where it cannot be."""


# For a spreadsheet

TEMPTING = re.compile(
    r"[=+\-@'].*|0[0-9]+|[0-9]{12,}|[0-9]+[eE][0-9]+|(?i:true|false)|[0-9０-９]+(?:[.][0-9]+)?"
    rf"|[0-9]{{1,4}}[-/.{Y}][0-9]{{1,2}}(?:[-/.{M}][0-9]{{1,4}}{D}?)?|[0-9]+{M}[0-9]+{D}?"
    r"|[0-9]+:[0-9:]+"
    r"|[0-9.]+%|[¥￥$][0-9.,]+",
    re.DOTALL,
)
"""Texts that a spreadsheet takes for a number, a date or a formula."""
LONGEST = 255
"""The most characters that Excel allows for a text within a formula."""


def for_spreadsheet(rows: list[dict[str, str]], schema: Schema) -> str:
    """Return rows as the text of a CSV that Excel and WPS open without garbling or changing them.

    It has a mark, by which Excel knows UTF-8, and text that a spreadsheet would take for a
    number, date or formula is marked as text (``="0123"``), which ``read`` takes off again.
    """
    texts = {one["name"] for one in schema["fields"] if one["type"] == "string"}
    names = [one["name"] for one in schema["fields"]]
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow(
            f'="{row[name].replace(chr(34), chr(34) * 2)}"'
            if name in texts and len(row[name]) <= LONGEST and TEMPTING.fullmatch(row[name])
            else row[name]
            for name in names
        )
    return out.getvalue()
