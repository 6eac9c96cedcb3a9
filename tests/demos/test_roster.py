"""The week by hand: cells pressed, gaps, rules and fairness counted against the model."""

from __future__ import annotations

import pytest

from kefu.demos import roster
from kefu.demos.core import Demo
from kefu.demos.roster import AS_EVER, EMPTY, FOUND, RUSH, TEAM, WEEKS, spread, unpacked
from kefu.intelligence.staffing import burden, faults, least_short, rotated, schedule, shortage
from tests.demos.reading import bold, cells, hand, parsed, positions, press, presses, run_code

NEEDS = WEEKS[RUSH]
BROKEN = "晚早" + AS_EVER[2:]


def assert_agrees(demo: Demo) -> None:
    week, html = unpacked(positions(demo)["rows"]), demo.result()
    short = shortage(week, NEEDS)
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(f"缺{short}个班")
    assert f"多{spread(week)}分" in head.get_text()
    gaps = [int(one.get_text()[1:]) for one in parsed(html).select(".kefu-week b.kefu-wrong")]
    assert sum(gaps) == short
    assert bold(html)[-1] == f"{short}个"
    assert [row[4] for row in cells(html, 1)] == [str(burden(row)) for row in week]
    broken = [name for name, row in zip(TEAM, week, strict=True) if faults(row)]
    assert [
        th.get_text()[:-1] for th in parsed(html).select("th[scope=col]") if "⚠" in th.get_text()
    ] == broken


@pytest.mark.parametrize("rows", [AS_EVER, EMPTY, FOUND[RUSH], BROKEN, "早" * 42])
def test_all_numbers_are_the_models(rows: str) -> None:
    assert_agrees(roster(rows))


def test_each_cell_is_pressed_round_and_says_whose_it_is() -> None:
    demo = roster(EMPTY)
    named = [str(b["aria-label"]) for b in parsed(demo.result()).select(".kefu-week button")]
    assert len(set(named)) == 42
    assert named[0] == "林姐星期一，休"
    for duty in ("早", "晚", "休"):
        wanted = next(want for _, want, _ in presses(demo.result()))
        hand(demo, **wanted)
        assert positions(demo)["rows"][0] == duty
        assert_agrees(demo)


def test_a_broken_week_says_what_is_broken() -> None:
    assert "林姐晚班次日接早班" in roster(BROKEN).result()


def test_the_ways_below_lead_to_the_known_weeks_and_on() -> None:
    demo = roster()
    press(demo, "看算出来的一张")
    assert positions(demo)["rows"] == FOUND[RUSH]
    press(demo, "往下轮一周")
    assert positions(demo)["rows"] == FOUND[RUSH][-7:] + FOUND[RUSH][:-7]
    assert shortage(unpacked(positions(demo)["rows"]), NEEDS) == 1
    press(demo, "全空", "照老样子")
    assert positions(demo)["rows"] == AS_EVER


@pytest.mark.parametrize("week", WEEKS)
def test_the_week_that_is_kept_is_what_the_search_finds(week: str) -> None:
    found, kept = schedule(WEEKS[week], len(TEAM)), unpacked(FOUND[week])
    assert found.short == found.bound == shortage(kept, WEEKS[week])
    assert found.bound == least_short(WEEKS[week], len(TEAM))
    assert sorted(found.rows) == sorted(kept)
    assert spread(kept) == found.spread
    assert rotated(found.rows) == tuple(kept)
    assert all(faults(row) == () for row in kept)


def test_an_ordinary_week_can_be_filled_and_that_of_the_sale_cannot() -> None:
    assert [least_short(needs, len(TEAM)) for needs in WEEKS.values()] == [1, 0]
    demo = roster()
    hand(demo, week="平常一周")
    press(demo, "看算出来的一张")
    assert "缺0个班" in demo.result()


def test_turned_on_six_weeks_everybody_has_had_the_same() -> None:
    week = unpacked(FOUND[RUSH])
    points = [sum(burden(week[(person - turn) % 6]) for turn in range(6)) for person in range(6)]
    assert len(set(points)) == 1


def test_the_code_shown_prints_the_same_week() -> None:
    printed, _ = run_code(roster())
    *rows, last = printed.splitlines()
    assert sorted(rows) == sorted("".join(row) for row in unpacked(FOUND[RUSH]))
    assert last.startswith("1 1")


@pytest.mark.parametrize("rows", ["", "早" * 41, "夜" * 42])
def test_what_is_no_week_is_refused(rows: str) -> None:
    with pytest.raises(ValueError, match="rows应为42个早、晚、休"):
        roster(rows)


def test_what_is_typed_into_the_state_is_answered_not_broken() -> None:
    demo = roster()
    demo.controls["rows"].value = "<b>早"
    assert "rows应为42个早、晚、休" in demo.result()
    assert "<b>早" not in demo.result()
