"""Tables as people have them: what a spreadsheet makes of a file is read back and told, or refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.tables import (
    BEIJING,
    DAY,
    MOMENT,
    WHOLE_MINUTE,
    bare,
    for_spreadsheet,
    spans,
    spoilt,
)
from tests.conftest import Write
from tests.test_data import GOOD, HEADER, TABLES

Rows = list[dict[str, str]]


def read(frame: pd.DataFrame) -> set[tuple[str, str]]:
    """Which columns were read in another form, and why, in Chinese."""
    return {(one["column"], one["reason"].partition("（")[2]) for one in frame.attrs["read"]}


# Files


@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-be"]
)
def test_files_as_they_are_saved_in_china_load_and_are_told(
    write: Write, mark: str, encoding: str
) -> None:
    lines = [HEADER.replace(",", mark), GOOD.replace(",", mark)]
    if encoding == "utf-16-be":
        lines[0] = "\ufeff" + lines[0]
    frame = data.load("reminders", write(*lines, encoding=encoding, end="\r\n"))
    assert frame.iloc[0].tolist() == [
        "R1", "NX2025111100001", pd.Timestamp("2025-11-11T00:10:00+08:00"), 8.5, "旺旺", True,
    ]  # fmt: skip
    said = " ".join(one["reason"] for one in frame.attrs["read"])
    assert ("GB 18030" in said) == encoding.startswith("gb")
    assert ("UTF-16" in said) == encoding.startswith("utf-16")
    assert ("制表符" in said, "分号" in said) == (mark == "\t", mark == ";")


def test_a_file_in_the_described_form_has_nothing_to_tell(write: Write) -> None:
    assert data.load("reminders", write(HEADER, GOOD)).attrs["read"] == []
    assert data.load("zones").attrs == {}


def test_the_books_own_tables_are_read_in_the_described_form_only(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(HEADER, GOOD.replace("+08:00", ""), GOOD.replace("R1", "R2 "), "")
    monkeypatch.setattr(data, "path", lambda name: file)
    with pytest.raises(data.BadRows) as caught:
        data.load("reminders")
    assert [(p.line, p.column) for p in caught.value.problems] == [(2, "sent_at"), (4, "")]
    write(HEADER, GOOD, encoding="gbk")
    with pytest.raises(ValueError, match=r"is in GB 18030.*这里要UTF-8"):
        data.load("reminders")


def test_empty_rows_and_empty_ends_of_rows_are_left_out_and_told(write: Write) -> None:
    file = write("", HEADER + ",,", GOOD + ",,", ",,,", "  ", GOOD.replace("R1", "R2"), "")
    frame = data.load("reminders", file)
    assert frame["reminder_id"].tolist() == ["R1", "R2"]
    assert [(one["count"], one["lines"]) for one in frame.attrs["read"] if one["lines"]] == [
        (4, "1, 4-5, 7"), (1, "3"),
    ]  # fmt: skip
    with pytest.raises(data.BadRows, match="应有6格，实有8格"):
        data.load("reminders", write(HEADER, GOOD + ",,多"))


def test_blanks_around_the_names_of_columns_are_left_out_and_told(write: Write) -> None:
    frame = data.load("reminders", write(HEADER.replace(",", " ,\t"), GOOD))
    assert list(frame.columns) == HEADER.split(",")
    assert [one["taken"] for one in frame.attrs["read"]] == [HEADER]


# Cells


@pytest.mark.parametrize(
    ("column", "written", "taken", "reasons"),
    [
        ("sent_at", "2025/1/3 8:05", "2025-01-03T08:05:00+08:00", {MOMENT, BEIJING, WHOLE_MINUTE}),
        ("sent_at", "2025-01-03 08:05:09", "2025-01-03T08:05:09+08:00", {MOMENT, BEIJING}),
        ("sent_at", "2025-01-03T08:05:09", "2025-01-03T08:05:09+08:00", {BEIJING}),
        ("sent_at", "2025-01-03 08:05:09+08:00", "2025-01-03T08:05:09+08:00", {MOMENT}),
        ("sent_at", "2025-01-03T08:05:09+0800", "2025-01-03T08:05:09+08:00", {MOMENT}),
        ("sent_at", "2025年1月3日 8:05:09", "2025-01-03T08:05:09+08:00", {MOMENT, BEIJING}),
        ("sent_at", "２０２５／１／３　８：０５：０９", "2025-01-03T08:05:09+08:00",
         {"full-width characters（全角字符）", MOMENT, BEIJING}),
        ("minutes_after", "1,234.50", "1234.5", {"千位分隔逗号"}),
        ("minutes_after", "１２．５", "12.5", {"全角字符"}),
        ("minutes_after", '="12.5"', "12.5", {"标成文字"}),
        ("minutes_after", "'12.5", "12.5", {"标成文字"}),
        ("minutes_after", "12.5\t", "12.5", {"首尾的空白"}),
        ("order_id", "NX2025111100001\t", "NX2025111100001", {"首尾的空白"}),
        ("order_id", '="NX2025111100001"', "NX2025111100001", {"标成文字"}),
        ("order_id", "ＮＸ２０２５111100001", "NX2025111100001", {"全角字符"}),
        ("channel", "\u3000旺旺 \ufeff", "旺旺", {"首尾的空白"}),
        ("paid_after", "是", "True", {"是否"}),
        ("paid_after", "否", "False", {"是否"}),
        ("paid_after", "1", "True", {"是否"}),
        ("paid_after", "0", "False", {"是否"}),
        ("paid_after", "FALSE", "False", {"是否"}),
    ],
)  # fmt: skip
def test_another_form_is_read_and_told_with_line_value_and_what_it_was_taken_as(
    write: Write, column: str, written: str, taken: str, reasons: set[str]
) -> None:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: written}
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(cells.values())
    frame = data.load("reminders", write(HEADER, GOOD.replace("R1", "R0"), row.getvalue()))
    value = frame[column][1]
    assert (value.isoformat() if column == "sent_at" else str(value)) == taken
    told = frame.attrs["read"]
    assert {(o["column"], o["count"], o["lines"], o["value"], o["taken"]) for o in told} == {
        (column, 1, "3", written, taken)
    }
    assert len(told) == len(reasons)
    assert all(any(reason in one["reason"] for one in told) for reason in reasons)


@pytest.mark.parametrize(("text", "number"), [("２", 2), ("1,200", 1200), ('="3"', 3), (" 4\t", 4)])
def test_whole_numbers_take_the_same_forms(tmp_path: Path, text: str, number: int) -> None:
    row = {**data.rows("order_lines")[0], "quantity": text}
    file = tmp_path / "one.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(row), list(row.values())])
    frame = data.load("order_lines", file)
    assert frame["quantity"].tolist() == [number]
    assert [(o["column"], o["value"]) for o in frame.attrs["read"]] == [("quantity", text)]


@pytest.mark.parametrize("text", ["2025/2/22", "2025-2-22", "2025.02.22", "2025年2月22日",
                                  "2025/2/22 0:00", "2025-02-22 00:00:00"])  # fmt: skip
def test_dates_are_taken_with_the_year_first(write: Write, text: str) -> None:
    header = ",".join(field["name"] for field in TABLES["days"]["schema"]["fields"])
    frame = data.load("days", write(header, f"{text},周六,,1,1,1,1.00"))
    assert frame["date"][0] == pd.Timestamp("2025-02-22")
    assert [one["reason"] for one in frame.attrs["read"]] == [DAY]


@pytest.mark.parametrize(
    ("table", "column", "text", "reason"),
    [
        ("reminders", "order_id", "4.5E+18", "请重新导出，用“数据→自文本”导入并把这一列设为“文本”"),
        ("reminders", "order_id", "4.50123456789E+18", "请重新导出"),
        ("reminders", "reminder_id", "1e+05", "请重新导出"),
        ("reminders", "sent_at", "01/02/2025", "分不清哪个是年、月、日"),
        ("reminders", "sent_at", "1/2/25 8:05", "分不清哪个是年、月、日"),
        ("reminders", "sent_at", "2025/1/3", "日期和钟点都要有"),
        ("reminders", "sent_at", "05:37.0", "日期和钟点都要有"),
        ("reminders", "sent_at", "45660.3368", "日期序号"),
        ("reminders", "sent_at", "2025/13/3 8:05", "应为2025-11-11T20:00:00"),
        ("reminders", "sent_at", "2025/1/38:05", "应为2025-11-11T20:00:00"),
        ("reminders", "sent_at", "2025/1/3 24:05", "应为2025-11-11T20:00:00"),
        ("reminders", "sent_at", "########", "列太窄"),
        ("reminders", "minutes_after", "#VALUE!", "错误值"),
        ("reminders", "minutes_after", "12,34.5", "应为数"),
        ("reminders", "minutes_after", "5²", "应为数"),
        ("reminders", "minutes_after", "٣", "应为数"),
        ("reminders", "minutes_after", "13.5元", "应为数"),
        ("reminders", "paid_after", "2", "应为true或false"),
        ("order_lines", "quantity", "1,23", "应为整数"),
        ("order_lines", "quantity", "99,999,999,999,999,999,999", "应为整数"),
        ("days", "date", "45660", "日期序号"),
        ("days", "date", "3/1/2025", "分不清哪个是年、月、日"),
        ("days", "date", "2025/2/29", "应为2025-11-11这样的日期"),
        ("days", "date", "2025/2/1 8:05", "应为2025-11-11这样的日期"),
        ("days", "date", "2025/2-1", "应为2025-11-11这样的日期"),
        ("rules", "chapter", "2", "开头的0可能丢了"),
    ],
)  # fmt: skip
def test_what_is_lost_or_may_mean_two_things_is_refused_with_what_to_do(
    tmp_path: Path, table: str, column: str, text: str, reason: str
) -> None:
    row = {**data.rows(table)[0], column: text}
    file = tmp_path / "one.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(row), list(row.values())])
    with pytest.raises(data.BadRows) as caught:
        data.load(table, file)
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.value) == (2, column, text)
    assert reason in problem.reason
    assert data.load(table, file, bad="keep")[column].isna().all()
    assert len(data.load(table, file, bad="drop")) == 0


def test_free_text_may_look_like_a_number_or_a_date(write: Write) -> None:
    header = ",".join(field["name"] for field in TABLES["messages"]["schema"]["fields"])
    texts = ["1e+05", "2025/1/3", "１２３", "是", "1,234"]
    rows = [f'H1,{n},2025-11-11T00:10:00+08:00,买家,"{t}"' for n, t in enumerate(texts, start=1)]
    frame = data.load("messages", write(header, *rows))
    assert frame["text"].tolist() == texts
    assert frame.attrs["read"] == []


def test_a_province_with_a_blank_is_the_province(write: Write) -> None:
    frame = data.load("zones", write("province,zone", "广东 ,中区"))
    assert frame["province"].tolist() == ["广东"]
    assert frame.attrs["read"][0]["value"] == "广东 "


def test_a_key_that_occurs_twice_in_two_forms_is_told(write: Write) -> None:
    header = ",".join(field["name"] for field in TABLES["days"]["schema"]["fields"])
    rows = [f"{day},周六,,1,1,1,1.00" for day in ("2025-02-22", "2025/2/22")]
    with pytest.raises(data.BadRows, match=r"line 3, date: '2025/2/22': .*第2行已有"):
        data.load("days", write(header, *rows))
    minutes = ",".join(field["name"] for field in TABLES["live_minutes"]["schema"]["fields"])
    with pytest.raises(data.BadRows, match=r"line 3, show_id\+minute"):
        data.load("live_minutes", write(minutes, "Z1,0,1,1,1,1,", "Z1,０,1,1,1,1,"))


@given(st.lists(st.integers(1, 60), unique=True).map(sorted))
def test_spans_name_every_line_once(lines: list[int]) -> None:
    found: list[int] = []
    for span in filter(None, spans(lines).split(", ")):
        first, _, last = span.partition("-")
        found += range(int(first), int(last or first) + 1)
    assert found == lines


@given(
    moment=st.datetimes(datetime(1992, 1, 1), datetime(2999, 1, 1)),
    day=st.sampled_from(["{0.year}/{0.month}/{0.day} ", "{0.year}-{0.month:02}-{0.day:02} ",
                         "{0.year}年{0.month}月{0.day}日", "{0.year}.{0.month}.{0.day} "]),
    clock=st.sampled_from(["{0.hour}:{0.minute:02}:{0.second:02}",
                           "{0.hour:02}:{0.minute:02}:{0.second:02}", "{0.hour}:{0.minute:02}"]),
)  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_moment_in_any_form_is_that_moment(
    tmp_path: Path, moment: datetime, day: str, clock: str
) -> None:
    text = (day + clock).format(moment)
    file = tmp_path / "one.csv"
    file.write_text(f"{HEADER}\n{GOOD.replace('2025-11-11T00:10:00+08:00', text)}\n", "utf-8")
    got = data.load("reminders", file)["sent_at"][0].to_pydatetime().replace(tzinfo=None)
    assert got == moment.replace(microsecond=0, second=moment.second if "second" in clock else 0)


@cache
def first(table: str) -> dict[str, str]:
    """A table's first row, for which the whole file is read: once, not for each example."""
    return data.rows(table)[0]


@given(st.text(max_size=60), st.sampled_from(sorted(TABLES)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_in_a_cell_is_read_or_refused_never_lost(
    tmp_path: Path, text: str, table: str
) -> None:
    row = first(table)
    column = list(row)[len(text) % len(row)]
    file = tmp_path / "one.csv"
    with file.open("w", encoding="utf-8", errors="replace", newline="") as out:
        csv.writer(out).writerows([list(row), list((row | {column: text}).values())])
    got, columns, said = 0, {column}, "file: expected"
    try:
        got = len(data.load(table, file))
    except data.BadRows as error:
        columns = {p.column for p in error.problems}
    except ValueError as error:
        said = str(error)  # of a NUL or a lone carriage return
    assert got in (0, 1)
    assert columns == {column}
    assert said.startswith("file: expected")


# Through a spreadsheet and back


def retyped(text: str) -> str:
    """A moment as Excel shows it once it takes it for one: without seconds and zone."""
    day, _, clock = text.partition("T")
    return f"{shortened(day)} {int(clock[:2])}:{clock[3:5]}" if clock else text


def shortened(text: str) -> str:
    """A date as Excel in China shows it."""
    year, month, day = text.split("-")
    return f"{year}/{int(month)}/{int(day)}"


def shown(text: str) -> str:
    """What Excel or WPS shows, and saves, for a cell of a CSV that it has opened."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return shortened(text)
    if re.fullmatch(r"[+-]?[0-9０-９]+([.][0-9]+)?", text):
        number = float(text)
        if abs(number) >= 1e11:
            return f"{number:.5E}"
        return f"{number:.10f}".rstrip("0").rstrip(".")
    if marked := re.fullmatch(r'="(.*)"', text, re.DOTALL):
        return marked[1].replace('""', '"')
    return text.upper() if text.lower() in ("true", "false") else text


def saved(rows: Rows, encoding: str, change: Callable[[str, str], str]) -> bytes:
    """Rows as a spreadsheet saves them: CRLF, an empty row and one of commas at the end."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
    writer.writerow(rows[0])
    writer.writerows([change(name, cell) for name, cell in row.items()] for row in rows)
    out.write("," * (len(rows[0]) - 1) + "\r\n\r\n")
    return out.getvalue().encode(encoding)


def types(table: str) -> Mapping[str, str]:
    return {field["name"]: field["type"] for field in TABLES[table]["schema"]["fields"]}


LOST = {
    "rules": "开头的0可能丢了",  # chapter 02 becomes 2
}
"""Tables that a spreadsheet spoils on opening and saving, with the reason that is told."""


book = cache(data.load)


def stripped(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame without blanks around its text, which are no more in a file of a reader's own."""
    texts = frame.select_dtypes("str").columns
    return frame.assign(**{name: frame[name].str.strip() for name in texts})


@pytest.mark.parametrize("table", TABLES)
def test_a_table_opened_and_saved_by_a_spreadsheet_is_the_same_or_refused(
    tmp_path: Path, table: str
) -> None:
    file = tmp_path / f"{table}.csv"
    file.write_bytes(saved(data.rows(table), "gb18030", lambda name, cell: shown(cell)))
    if table in LOST:
        with pytest.raises(data.BadRows, match=LOST[table]):
            data.load(table, file)
        return
    frame, own = data.load(table, file), book(table)
    if table == "customers_raw":  # every column is text, so that what was rewritten cannot be seen
        changed = frame.ne(own) & frame.notna() & own.notna()
        assert set(changed.columns[changed.any()]) == {
            "birthday", "registered_on", "points", "sms_consent", "ads_consent",
        }  # fmt: skip
        return
    pd.testing.assert_frame_equal(frame, stripped(own))
    rows = [o for o in frame.attrs["read"] if not o["column"] and o["lines"]]
    assert [(one["count"], "空行" in one["reason"]) for one in rows] == [(2, True)]
    dates = {name for name, kind in types(table).items() if kind == "date"}
    assert {name for name, reason in read(frame) if "日期" in reason} == dates


@pytest.mark.parametrize("table", [name for name in TABLES if "datetime" in types(name).values()])
def test_moments_retyped_in_a_spreadsheet_keep_their_minute_and_are_told(
    tmp_path: Path, table: str
) -> None:
    kinds = types(table)
    file = tmp_path / f"{table}.csv"
    file.write_bytes(
        saved(
            data.rows(table)[:400],
            "gb18030",
            lambda name, cell: retyped(cell) if kinds[name] == "datetime" else shown(cell),
        )
    )
    frame = data.load(table, file)
    moments = [name for name, kind in kinds.items() if kind == "datetime"]
    own = stripped(book(table).head(400))
    for name in moments:
        own[name] = own[name].dt.floor("min")
    pd.testing.assert_frame_equal(frame, own)
    told = {(one["column"], one["reason"]) for one in frame.attrs["read"]}
    filled = [name for name in moments if own[name].notna().any()]
    assert {(name, reason) for name in filled for reason in (MOMENT, BEIJING, WHOLE_MINUTE)} <= told


@pytest.mark.parametrize("table", TABLES)
def test_a_table_written_for_excel_survives_excel(tmp_path: Path, table: str) -> None:
    file = tmp_path / f"{table}.csv"
    data.for_excel(table, file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    own = book(table)
    expected = own if table == "customers_raw" else stripped(own)
    pd.testing.assert_frame_equal(data.load(table, file), expected)
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    file.write_bytes(saved(rows, "utf-8-sig", lambda name, cell: shown(cell)))
    pd.testing.assert_frame_equal(data.load(table, file), expected)


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1)
    | st.from_regex(r"[=+@'\"-]?[0-9/:.,%年月日eE\"]{1,20}", fullmatch=True)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_written_for_excel_is_read_back_as_it_was(tmp_path: Path, text: str) -> None:
    if bare(text) != text or spoilt(text, keyed=False):
        return
    row = {**first("messages"), "text": text}
    file = tmp_path / "one.csv"
    file.write_text(
        for_spreadsheet([row], data.describe("messages")["schema"]), "utf-8", newline=""
    )
    frame = data.load("messages", file)
    assert frame["text"].tolist() == [text]


def test_the_command_writes_all_tables_for_excel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["kefu.data", "--excel", str(tmp_path / "excel")])
    data.main()
    assert {file.stem for file in (tmp_path / "excel").iterdir()} == set(TABLES)
    assert f"{len(TABLES)} tables" in capsys.readouterr().out
    assert b'"=""02"""' in (tmp_path / "excel" / "rules.csv").read_bytes()
