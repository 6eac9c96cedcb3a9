"""The explorer: every choice against the table of sums, its sentence, its small groups, whose shop."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from kefu import data
from kefu.demos import Demo, explore
from kefu.explore import Explorer, describe, load, text
from tests.demos.reading import MARKUP, Drawing, parsed, run_code, set_to, settings, tags
from tests.test_explore import TOLD
from tests.tools.test_explore import RECIPE

ROWS = [
    {"day": day, "slot": slot, "n": str(n), "late": str(k), "fee": str(fee)}
    for day, slot, n, k, fee in [
        ("五", "早", 40, 0, 80.0), ("五", "晚", 50, 0, -20.5),
        ("六", "早", 30, 15, 15.0), ("六", "晚", 10, 10, 0.0), ("日", "早", 60, 0, 7.25),
    ]
]  # fmt: skip


def made(folder: Path, told: str = TOLD, rows: list[dict[str, str]] = ROWS) -> Path:
    file = folder / "02_explore.toml"
    file.write_text(told, encoding="utf-8")
    table = text(describe(file)["late"], rows)
    file.with_name("02_explore_late.csv").write_text(table, encoding="utf-8")
    return file


def sentence(demo: Demo) -> str:
    return parsed(demo.result()).select("p.kefu-formula")[0].get_text()


def source(demo: Demo) -> str:
    return parsed(demo.result()).select("p.kefu-note")[-1].get_text()


def test_it_opens_as_the_file_says_with_the_filter_that_has_an_effect_first(tmp_path: Path) -> None:
    demo = explore(made(tmp_path), "late")
    assert list(demo.controls) == ["measure", "group", "only_day", "only_slot"]
    assert settings(demo.picture()) == {"看什么": "超时率", "按什么分": "时段", "只看星期几": "六"}
    assert sentence(demo) == (
        "只看星期几为六，按时段看，超时率最高的是晚（100%，10单里10单），最低的是早（50%，30单里15单）；"
        "全部合起来62.5%。（有的组太小，高低可能只是碰巧，要小心。）"
    )
    assert source(demo) == "数据：两个月的单。"


def test_every_choice_draws_what_the_table_of_sums_says(tmp_path: Path) -> None:
    file = made(tmp_path)
    told, demo = load(file, "late"), explore(file, "late")
    for measure, group, day, slot in product(
        ("late", "fee", "fees", "part"), ("day", "slot"), ("", "五", "六", "日"), ("", "早", "晚")
    ):
        set_to(demo, measure=measure, group=group, only_day=day, only_slot=slot)
        chosen = {"day": day, "slot": slot}
        only = {name: v for name, v in chosen.items() if v and name != group}
        assert set(demo.controls) - set(demo.shown_controls()) == {f"only_{group}"}
        assert_drawing_is(demo, told, measure, group, only)


def assert_drawing_is(
    demo: Demo, told: Explorer, measure: str, group: str, only: dict[str, str]
) -> None:
    bars, what = told.by(group, measure, only), told.measure(measure)
    if not bars:
        assert "<svg" not in demo.result()
        assert "一单也没有" in sentence(demo)
        return
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    boxes = [
        e
        for e in drawing.root.iter("rect")
        if e.attrib["class"] in ("bar", "rest") and "rx" not in e.attrib
    ]
    base = max(y for _, _, y, anchor in drawing.texts() if anchor == "middle")
    scale = sorted((x, float(t)) for t, x, y, _ in drawing.texts() if y == base)
    (p, v), (q, w) = scale[0], scale[-1]
    assert any(value == 0 for _, value in scale)  # bars begin at 0
    for bar, box in zip(bars, boxes, strict=True):
        long = float(box.attrib["width"]) * (w - v) / (q - p)
        assert long == pytest.approx(abs(bar.value), abs=0.012 * (w - v))
        assert box.attrib["class"] == ("rest" if bar.small else "bar")
    said = [t for t, *_ in drawing.texts()]
    for bar in bars:
        shown = {bar.name, what.say(bar.value), f"{bar.k if measure == 'part' else bar.n:g}单"}
        assert shown <= {*said}
    spans = [e for e in drawing.root.iter("path") if e.attrib["class"] == "span"]
    assert len(spans) == (len(bars) + 1 if bars[0].interval else 0)  # and the legend's
    assert ("不到30单" in said) is any(bar.small for bar in bars)
    extreme = {max(bars, key=lambda b: b.value).name, min(bars, key=lambda b: b.value).name}
    words = sentence(demo)
    assert drawing.label.endswith(words)
    if len({bar.value for bar in bars}) > 1:
        assert all(name in words for name in extreme)
        assert what.say(max(b.value for b in bars)) in words


def test_one_group_and_equal_groups_are_said_as_such(tmp_path: Path) -> None:
    demo = set_to(explore(made(tmp_path), "late"), group="day", only_slot="晚", measure="late")
    assert "最高的是六（100%，10单里10单），最低的是五（0%，50单里0单）" in sentence(demo)
    zeros = [{**row, "late": "0", "slot": "早"} for row in ROWS if row["day"] != "六"]
    told = TOLD.replace(', day = "六"', "")
    equal = set_to(explore(made(tmp_path, told, zeros), "late"), group="day")
    assert sentence(equal) == "按星期几看，超时率各组都是0%。"
    assert (
        sentence(set_to(equal, group="slot")) == "按时段看，超时率只有一组：早（0%，150单里0单）。"
    )
    assert "only_slot" not in equal.controls  # nothing to choose


def test_four_equal_groups_are_counted_not_listed(tmp_path: Path) -> None:
    told = TOLD.replace(', day = "六"', "")
    rows = [{**ROWS[0], "slot": slot, "late": "0"} for slot in "甲乙丙丁"] + [ROWS[2]]
    demo = explore(made(tmp_path, told, rows), "late")
    assert "最低的是丁、丙、乙等4组（0%）" in sentence(demo)


def test_cases_that_hang_together_have_no_interval_and_it_says_so(tmp_path: Path) -> None:
    demo = explore(
        made(tmp_path, TOLD.replace('one = "单"', 'one = "单"\ninterval = false')), "late"
    )
    assert source(demo) == "数据：两个月的单。这些单不是各自独立的，所以不画区间。"
    drawing = Drawing(demo.result())
    assert not [e for e in drawing.root.iter("path") if e.attrib["class"] == "span"]


def test_a_long_name_stands_above_its_bar_and_inside(tmp_path: Path) -> None:
    told = TOLD.replace(', day = "六"', "")
    rows = [
        {**row, "slot": {"早": "早上到中午还没交班的时候", "晚": "晚"}[row["slot"]]} for row in ROWS
    ]
    drawing = Drawing(explore(made(tmp_path, told, rows), "late").result())
    drawing.assert_labels_inside()
    (place,) = ((x, y) for t, x, y, _ in drawing.texts() if t == "早上到中午还没交班的时候")
    (_, box) = (e for e in drawing.root.iter("rect") if "rx" not in e.attrib)
    assert place[0] == float(box.attrib["x"])
    assert place[1] < float(box.attrib["y"])


@pytest.mark.parametrize("kind", ["share", "fee", "fees", "part"])
def test_a_line_stands_by_the_calendar_with_its_intervals(tmp_path: Path, kind: str) -> None:
    told = TOLD.replace(', day = "六"', "").replace('name = "时段"', 'name = "日期"\nline = true')
    told = told.replace("[late.measure.late]", "[late.measure.share]").replace(
        'measure = "late"', f'measure = "{kind}"'
    )
    days = ["2025-10-01", "2025-10-02", "2025-10-11"]
    rows = [{**row, "slot": day} for row, day in zip(ROWS, days, strict=False)]
    demo = explore(made(tmp_path, told, rows), "late")
    assert "only_slot" not in demo.controls  # a line is no filter
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    across = [x for x, _ in drawing.line("line")]
    assert (across[1] - across[0]) * 9 == pytest.approx(across[2] - across[1], abs=0.5)
    assert days[0] in [t for t, *_ in drawing.texts()]
    stands = "共120单" if kind == "part" else "每点30到50单"
    assert stands in [t for t, *_ in drawing.texts()]


def test_the_shown_code_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(made(tmp_path).parent)
    demo = set_to(explore("02_explore.toml", "late"), group="day", only_slot="早")
    printed, _ = run_code(demo)
    bars = load("02_explore.toml", "late").by("day", "late", {"slot": "早"})
    assert printed.splitlines() == [f"{b.name} {b.value} {b.n}" for b in bars]


def test_names_of_a_table_are_shown_as_text(tmp_path: Path) -> None:
    told = TOLD.replace(', day = "六"', "").replace('title = "超时"', f"title = '{MARKUP}'")
    rows = [{**row, "slot": {"早": MARKUP, "晚": "晚"}[row["slot"]]} for row in ROWS]
    hostile = explore(made(tmp_path, told, rows), "late")
    rows = [{**row, "slot": {"早": "早" * 9, "晚": "晚"}[row["slot"]]} for row in ROWS]
    plain = explore(made(tmp_path, TOLD.replace(', day = "六"', ""), rows), "late")
    assert tags(hostile.picture()) == tags(plain.picture())


def test_a_name_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="以下之一：late，收到'later'"):
        explore(made(tmp_path), "later")


# Another class's shop


@pytest.fixture
def class_shop(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "shop"
    folder.mkdir()
    for table in data.home().glob("*.csv"):
        (folder / table.name).symlink_to(table)
    yield folder
    data.use()


def test_with_pandas_the_sums_are_those_of_the_shop_in_use(
    tmp_path: Path, class_shop: Path
) -> None:
    told = (
        TOLD.partition("[late.group.slot]")[0]
        + "[late.measure.late]"
        + (TOLD.partition("[late.measure.late]")[2].partition("[late.measure.fee]")[0])
    )
    told = told.replace('group = "slot"', 'group = "day"')
    rows = [{k: row[k] for k in ("day", "n", "late")} for row in ROWS]
    file = made(tmp_path, told, rows)
    file.with_suffix(".py").write_text(RECIPE, encoding="utf-8")
    assert load(file, "late").total("late").n == 190  # type: ignore[union-attr]
    data.use(class_shop)
    demo = explore(file, "late")
    assert source(demo) == "数据：你们班自己那家店，两个月的单。"
    assert "五（0%，1单里0单）" in sentence(demo)
    file.with_suffix(".py").unlink()
    assert "书里那家店" in source(explore(file, "late"))


def test_without_pandas_it_says_that_it_shows_the_books_shop(
    tmp_path: Path, class_shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = made(tmp_path)
    file.with_suffix(".py").write_text(RECIPE, encoding="utf-8")
    book = explore(file, "late")
    data.use(class_shop)
    monkeypatch.setitem(sys.modules, "pandas", None)
    demo = explore(file, "late")
    assert source(demo) == ("数据：书里那家店，两个月的单；不是你们班的店（要有pandas才能重算）。")
    assert sentence(demo) == sentence(book)
