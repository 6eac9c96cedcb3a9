"""The table of sums behind a data experiment: it adds up, and says what is wrong with it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.explore import FEW, Explorer, describe, extremes, filled, load, text
from kefu.stats import wilson

TOLD = """
[late]
title = "超时"
about = "两个月的单"
one = "单"
opens = {group = "slot", measure = "late", day = "六"}
[late.group.day]
name = "星期几"
values = ["五", "六", "日"]
[late.group.slot]
name = "时段"
[late.measure.late]
name = "超时率"
kind = "share"
of = "late"
[late.measure.fee]
name = "平均运费"
kind = "ratio"
of = "fee"
unit = "元"
[late.measure.fees]
name = "运费"
kind = "total"
of = "fee"
unit = "元"
[late.measure.part]
name = "占比"
kind = "part"
"""
ROWS = [
    {"day": "五", "slot": "早", "n": "40", "late": "0", "fee": "80"},
    {"day": "六", "slot": "早", "n": "30", "late": "15", "fee": "-15"},
    {"day": "六", "slot": "晚", "n": "10", "late": "10", "fee": "0.5"},
]


@pytest.fixture
def told(tmp_path: Path) -> Path:
    file = tmp_path / "02_explore.toml"
    file.write_text(TOLD, encoding="utf-8")
    return file


@pytest.fixture
def made(told: Path) -> Explorer:
    return filled(describe(told)["late"], ROWS)


def values(made: Explorer, *what: str, **only: str) -> dict[str, float]:
    return {bar.name: round(bar.value, 9) for bar in made.by(*what, only)}


def test_groups_stand_in_their_order_or_by_size(made: Explorer) -> None:
    assert values(made, "day", "late") == {"五": 0.0, "六": 62.5}
    assert list(values(made, "slot", "late")) == ["晚", "早"]
    assert values(made, "slot", "late") == {"晚": 100.0, "早": pytest.approx(1500 / 70)}


def test_a_share_has_its_interval_and_its_cases_and_few_are_told(made: Explorer) -> None:
    late, early = made.by("slot", "late")
    assert (late.k, late.n, late.small) == (10, 10, True)
    assert (early.k, early.n, early.small) == (15, 70, False)
    assert early.interval == pytest.approx([100 * end for end in wilson(15, 70)])
    assert FEW == 30
    assert [bar.small for bar in made.by("slot", "late", {"day": "六"})] == [True, False]


def test_a_mean_a_sum_and_a_part(made: Explorer) -> None:
    assert values(made, "day", "fee") == {"五": 2.0, "六": -14.5 / 40}
    assert values(made, "day", "fees") == {"五": 80, "六": -14.5}
    assert values(made, "day", "part") == {"五": 50, "六": 50}
    assert values(made, "slot", "part", day="六") == {"早": 75, "晚": 25}
    assert [bar.interval for bar in made.by("day", "fee")] == [None, None]


def test_a_filter_that_leaves_nothing_leaves_no_bar(made: Explorer) -> None:
    assert made.by("day", "late", {"day": "五", "slot": "晚"}) == []
    assert made.total("late", {"day": "五", "slot": "晚"}) is None
    assert extremes([]) == ([], [])


def test_values_are_said_with_their_unit(made: Explorer) -> None:
    say = made.measure("fee").say
    assert [say(v) for v in (2.0, -0.3625, -0.01, 1234.56)] == ["2元", "−0.4元", "0元", "1234.6元"]


def _about() -> Explorer:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "02_explore.toml"
        file.write_text(TOLD.replace(', day = "六"', ""), encoding="utf-8")
        return describe(file)["late"]


ABOUT = _about()
cells = st.lists(
    st.tuples(
        st.sampled_from("五六日"), st.sampled_from("早晚"), st.integers(1, 90), st.integers(0, 90),
        st.integers(-10_000, 10_000),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@given(cells, st.sampled_from(["", "早", "晚"]))
def test_sums_add_up_over_any_grouping_and_under_any_filter(
    drawn: list[tuple[str, str, int, int, int]], only: str
) -> None:
    rows = [
        {"day": day, "slot": slot, "n": str(n), "late": str(min(k, n)), "fee": str(fee / 100)}
        for day, slot, n, k, fee in drawn
    ]
    made = filled(ABOUT, rows)
    kept = {"slot": only} if only and only in made.values(made.group("slot")) else {}
    whole = made.total("fees", kept)
    assert whole
    for group in ("day", "slot"):
        bars = made.by(group, "fees", kept)
        assert sum(bar.value for bar in bars) == pytest.approx(whole.value, abs=1e-6)
        assert sum(bar.n for bar in bars) == whole.n
        assert sum(b.value for b in made.by(group, "part", kept)) == pytest.approx(100)
        shares = made.by(group, "late", kept)
        every = made.total("late", kept)
        assert every
        assert sum(b.k for b in shares) == every.k
        top, bottom = extremes(shares)
        assert min(b.value for b in shares) == bottom[0].value <= every.value <= top[0].value + 1e-9
        assert {b.name for b in top} == {b.name for b in shares if b.value == top[0].value}
    parts = [made.total("fees", {"slot": slot}) for slot in made.values(made.group("slot"))]
    unfiltered = made.total("fees")
    assert unfiltered
    assert sum(part.value for part in parts if part) == pytest.approx(unfiltered.value, abs=1e-6)


def test_a_table_is_read_as_it_was_written(told: Path) -> None:
    about = describe(told)["late"]
    told.with_name("02_explore_late.csv").write_text(text(about, ROWS), encoding="utf-8")
    assert load(told, "late").rows == filled(about, ROWS).rows


# What is wrong is told, in both languages


def test_an_unknown_explorer_column_measure_or_value_is_told_with_those_there_are(
    told: Path, made: Explorer
) -> None:
    with pytest.raises(
        ValueError, match=r"id: expected one of late, got 'lat'（id应为以下之一：late"
    ):
        load(told, "lat")
    with pytest.raises(ValueError, match="group应为以下之一：day、slot"):
        made.by("dya", "late")
    with pytest.raises(ValueError, match="measure应为以下之一：late、fee、fees、part"):
        made.by("day", "lat")
    with pytest.raises(ValueError, match="only应为以下之一：day、slot"):
        made.by("day", "late", {"week": "1"})
    with pytest.raises(ValueError, match="day应为以下之一：五、六"):
        made.by("day", "late", {"day": "七"})


def test_a_missing_file_and_a_missing_table_are_told(told: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"没有03_explore\.toml这个文件"):
        load(told.with_name("03_explore.toml"), "late")
    with pytest.raises(ValueError, match=r"缺少02_explore_late\.csv，请运行make lists"):
        load(told, "late")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[late]", "[late", "不是正确的TOML"),
        ("[late", "[LATE", "小写字母、数字和下划线"),
        ('one = "单"', "", "写明one"),
        ('one = "单"', "one = 3", "类型相符"),
        ('one = "单"', 'one = ""', "不为空"),
        ('one = "单"', 'one = "单"\ntilte = "题"', "只有title"),
        ('kind = "share"', 'kind = "rate"', "share、part、ratio、total"),
        ('kind = "share"', 'kind = "share"\nunit = "元"', "不另写unit"),
        ('kind = "ratio"\nof = "fee"\nunit = "元"', 'kind = "ratio"\nof = "fee"', "写明unit"),
        ('kind = "ratio"\nof = "fee"', 'kind = "ratio"', "写明of"),
        ('group = "slot", ', 'group = "late", ', "以下之一：day、slot"),
        ('day = "六"}', 'week = "六"}', "以下之一：day、slot"),
    ],
)  # fmt: skip
def test_a_description_that_is_not_right_is_told(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    file = tmp_path / "02_explore.toml"
    file.write_text(TOLD.replace(old, new), encoding="utf-8")
    assert old in TOLD
    with pytest.raises(ValueError, match=says):
        describe(file)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"day": "七"}, "五、六、日"),
        ({"late": "x"}, "应为数"),
        ({"late": "inf"}, "有限的数"),
        ({"late": "41"}, "0到40的整数"),
        ({"late": "0.5"}, "0到40的整数"),
        ({"more": "1"}, "这些列：day、slot、n、late、fee"),
        ({"fee": None}, "每一列都有值"),  # as csv reads a row that is too short
        ({"day": None}, "每一列都有值"),
    ],
)
def test_a_table_that_is_not_right_is_told_with_its_row(
    told: Path, change: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValueError, match=f"late row 2.*{says}"):
        filled(describe(told)["late"], [{**ROWS[0], **change}])


def test_an_empty_table_and_too_many_bars_are_told(told: Path) -> None:
    about = describe(told)["late"]
    with pytest.raises(ValueError, match="有数据行的表"):
        filled(about, [])
    with pytest.raises(ValueError, match="至多24个值"):
        filled(about, [{**ROWS[1], "slot": f"{hour}点"} for hour in range(25)])
    with pytest.raises(ValueError, match="opens day应为以下之一：五"):
        filled(about, ROWS[:1])
