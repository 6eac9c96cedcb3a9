"""What chapter 11 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pandas as pd
import pytest

from kefu import data, demos
from kefu.demos.programme import WAYS
from kefu.explore import Bar, load
from kefu.operations.care import ITEMS, care_cases, read_sms
from kefu.operations.loyalty import (
    TIES,
    BucketPlan,
    Jump,
    RetentionChain,
    expected_lifetime,
    fit_sbg,
    jump_at,
    lifetime_value,
)
from kefu.operations.membership import (
    Assumed,
    Programme,
    ProgrammeYear,
    points_owed,
    programme_year,
    spenders,
)
from kefu.rules import rule
from tests.demos.reading import run_code, set_to, shown_code
from tests.notebooks.reading import cells, holds, percent, says


def said() -> str:
    """All that the chapter says outside of code: its text and what lies beside it."""
    return says("11", "guesses.json", "quiz.json", "talks.toml", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


@cache
def members() -> pd.DataFrame:
    return data.load("cohorts")


@cache
def regular() -> pd.DataFrame:
    table = members()
    return table[table.bought_2023q4 & (table.orders_2023 >= 3)]


# The morning


def test_the_day_is_a_monday() -> None:
    assert date(2026, 1, 26).weekday() == 0
    assert has("2026年1月26日，星期一")


def test_the_masters_eight_in_ten_is_the_share_of_gold_that_came_again() -> None:
    gold = members().level.isin(["金卡", "黑金"])
    share = members()[gold].bought_2024q1.mean()
    assert 0.8 < share < 0.85
    assert has("金卡的人，十个有八个下一季还来", f"金卡、黑金{percent(share)}")


# The bucket


def ends(start: int) -> dict[int, float]:
    return {new: BucketPlan(new, 1000 - new).path(start)[-1] for new in range(0, 1001, 50)}


def test_the_ways_to_split_a_thousand_are_as_told() -> None:
    year = ends(1000)
    assert has(
        f"{year[1000]:.0f}位。进来的",
        f"{year[0]:.0f}位。补漏",
        f"{year[500]:.0f}位。补漏的头几百元",
    )
    assert has(f"七成拉新有{year[700]:.0f}位")
    assert max(year, key=year.__getitem__) == 700


def test_where_the_top_lies_in_buckets_of_three_sizes() -> None:
    small = ends(200)
    tops = [max(year, key=year.__getitem__) for year in (small, ends(1000), ends(3000))]
    assert has(
        f"在拉新{tops[0]}元：一年后{small[tops[0]]:.0f}人，全拉新{small[1000]:.0f}人",
        f"桶装到1000人，顶就退到{tops[1]}元，3000人退到{tops[2]}元",
    )


def test_lifetimes_and_lives() -> None:
    assert has("从2.67元到4.50元，多了近七成", "走的减到一成，平均买几个月")
    lives = [lifetime_value(1, r, 0.1) for r in (0.8, 0.9)]
    assert [f"{one:.2f}" for one in lives] == ["2.67", "4.50"]
    assert 0.65 < lives[1] / lives[0] - 1 < 0.7
    assert (expected_lifetime(0.8), expected_lifetime(0.9)) == (5, 10)
    assert RetentionChain(0.9, 40).level == 400


# Switching


def test_the_table_of_ties_is_the_models() -> None:
    text = says("11")
    for kind in dict.fromkeys(tie.kind for tie in TIES):
        (row,) = (line for line in text.splitlines() if line.startswith(f"| {kind} |"))
        for tie in TIES:
            if tie.kind == kind:
                assert tie.fair.split("，")[0].split("、")[0][:4] in row, tie
    assert has("积分只值4元，程序占了30元")


# Care


def test_the_list_of_ten_is_the_models() -> None:
    line = next(one for one in says("11").splitlines() if "照**检查单**" in one)
    for name in ITEMS:
        word = {"9—20点": "9—20点", "能退订": "退订"}.get(name, name)
        assert word in line, name
    assert len(ITEMS) == 10


def test_the_model_answer_of_the_exercise_lights_all_ten() -> None:
    (cell,) = (
        one
        for one in cells("11")
        if one.cell_type == "code"
        and "def my_sms" in one.source
        and "solution" in one.metadata.get("tags", ())
    )
    space: dict[str, object] = {}
    exec(cell.source.split("demos.check")[0], space)
    my_sms = space["my_sms"]
    assert callable(my_sms)
    assert read_sms(my_sms(), care_cases()[0], 15).good


def test_what_lies_on_the_birthday_draft_is_what_was_printed_on_the_card() -> None:
    assert "过敏" in care_cases()[0].draft
    assert has("第一条里的过敏，正是上回印到别人卡片上的那一样")


# The programme


def year_of(way: str) -> ProgrammeYear:
    """The year that the demo shows for one of its three ways, reckoned from its own shown code."""
    demo = set_to(demos.programme(), **WAYS[way])
    profit = run_code(demo)[1]
    space: dict[str, object] = {}
    exec(
        shown_code(demo)
        .replace(").profit", ")")
        .replace("\nprogramme_year(", "\nfound = programme_year("),
        space,
    )
    found = space["found"]
    assert isinstance(found, ProgrammeYear)
    assert found.profit == profit
    return found


def test_the_shops_own_programme_sells_more_and_earns_less() -> None:
    found = year_of("店里现在的")
    assert has(
        f"多卖{found.more:.0f}元，让出{found.given:.0f}元，毛利反而少{-found.profit:.0f}元",
        f"{found.anyway:.0f}元给了本来就会买的人",
        f"其实少赚{-found.profit:.0f}元",
        "照假设多卖4.8万元，让利3.9万元",
    )
    assert (round(found.more, -3), round(found.given, -3)) == (48_000, 39_000)
    assert found.anyway / found.given > 0.9


def test_small_gifts_alone_earn() -> None:
    found = year_of("只送小礼")
    assert has(f"多赚{found.profit:.0f}元。小礼只花{found.given:.0f}元")


def test_points_owed() -> None:
    split = points_owed(100_000, 10_000, "0.95")
    assert (split.goods, split.earned(4500, 9500)) == (Decimal("91324.20"), Decimal("4109.59"))
    assert has(f"其实{split.owed:.0f}元", f"送出1万分 → 欠{split.owed:.0f}元")
    balance = sum(int(row["points"]) for row in data.rows("customers"))
    assert has(f"还欠着{balance:,}分，100分抵1元，值{balance // 100}元")


def test_points_looked_at_the_stars() -> None:
    reviews, points = data.load("reviews"), data.load("points")
    shown = reviews[reviews.has_photo]
    given = points[points.reason == "优质评价"]
    got = shown.order_id.isin(given.order_id)
    assert set(given.change) == {20}
    assert (shown[got].stars >= 4).all()
    assert (shown[~got].stars <= 3).all()
    assert has(
        f"去年{len(shown)}条带图的评价，{got.sum()}条四星、五星的各得20分，{(~got).sum()}条三星及以下的，一分没有"
    )


def test_the_shops_thresholds_are_kept_in_the_exercise() -> None:
    rows = {row["level"]: row for row in data.rows("levels")}
    assert (rows["金卡"]["min_amount"], rows["金卡"]["min_orders"]) == ("600.00", "3")
    (cell,) = (
        one
        for one in cells("11")
        if "def my_programme" in one.source and "solution" in one.metadata.get("tags", ())
    )
    space: dict[str, object] = {}
    exec("from kefu.operations.membership import *\n" + cell.source.split("demos.check")[0], space)
    make = space["my_programme"]
    assert callable(make)
    levels, back = make()
    found = programme_year(Programme(levels), spenders(), back)
    assert found.profit > 0
    assert found.given < 12_000  # the budget that the model answer writes
    assert has("预算全年1.2万元")


# The experiments


def shares(
    name: str, group: str, measure: str, only: dict[str, str] | None = None
) -> dict[str, Bar]:
    """The bars of an explorer of the chapter, by their names."""
    return {bar.name: bar for bar in load("11_explore.toml", name).by(group, measure, only)}


def test_late_parcels_and_buying_again() -> None:
    bars = shares("late", "late", "again")
    good, late = bars["准时"], bars["迟到或丢了"]
    assert has(
        f"准时的{percent(good.k, good.n)}年内又来，迟到或丢了的只有{percent(late.k, late.n)}",
        f"准时的{good.n}单里{good.k:.0f}单，{percent(good.k, good.n)}；"
        f"迟到或丢了的{late.n}单里{late.k:.0f}单，{percent(late.k, late.n)}",
    )
    assert good.n + late.n == 5713
    for season in ("一季度", "二季度", "三季度", "四季度"):
        one = shares("late", "late", "again", {"season": season})
        assert one["迟到或丢了"].value < one["准时"].value - 10


def test_the_ratio_within_months_is_near_what_was_planted() -> None:
    printed = output("迟到的再来")
    assert "0.65倍" in printed
    assert has("种下去的真相是0.6，找回来0.65")


def output(words: str) -> str:
    """The stored output in which some words stand."""
    (text,) = (
        one.text
        for cell in cells("11")
        if cell.cell_type == "code"
        for one in cell.outputs
        if one.output_type == "stream" and words in one.text
    )
    return str(text)


def test_gold_and_others_as_told() -> None:
    gold = members().level.isin(["金卡", "黑金"])
    with_gold, others = (100 * members()[side].bought_2024q1.mean() for side in (gold, ~gold))
    assert has(
        f"金卡以上的{with_gold:.0f}%下一季还来，别的人{others:.0f}%，差{with_gold - others:.0f}个百分点"
    )
    levels = shares("gold", "level", "stayed")
    assert has(f"金卡、黑金{levels['金卡、黑金'].value:.1f}%，普通{levels['普通'].value:.1f}%")
    near = shares("gold", "amount", "stayed", {"regular": "是"})
    below, above = near["550—599"].value, near["600—649"].value
    assert has(f"{below:.1f}%跳到{above:.1f}%")


@cache
def jump(width: float, threshold: float = 600) -> Jump:
    table = regular()
    return jump_at(threshold, list(zip(table.amount_2023, table.bought_2024q1, strict=True)), width)


def test_the_jump_is_as_told_and_its_interval_is_not_sure() -> None:
    found = jump(250)
    assert has(
        f"错开{100 * found.jump:.1f}个百分点",
        f"区间{100 * found.low:.1f}到{100 * found.high:.1f}，擦着0的边",
        "看得窄些，人少，区间就含了0",
    )
    assert found.low > 0 > jump(150).low
    assert jump(100).low < 0
    for nowhere in (450, 800):
        one = jump(150, nowhere)
        assert one.low < 0 < one.high
        assert abs(one.jump) < 0.02


def test_what_the_programme_assumes_of_gold_is_that_jump() -> None:
    found = jump(250)
    assert round(found.jump / found.below, 2) == Assumed().lift
    assert Assumed.__doc__ is not None
    assert f"{100 * found.below:.1f} %" in Assumed.__doc__
    assert f"{100 * found.jump:.1f} points" in Assumed.__doc__


@cache
def left() -> list[int]:
    """Who of the first quarter's newcomers is left after 0, 1, … quarters."""
    table = members()
    first = table[table.joined_on < "2023-04-01"]
    return [int((first.kept_quarters >= quarter).sum()) for quarter in range(8)]


def test_the_curve_flattens_as_told() -> None:
    bars = shares("curve", "quarter", "kept")
    assert has("头一季只留下七成二，第七季留下九成一")
    assert (round(bars["第1季"].value), round(bars["第7季"].value)) == (72, 91)
    gone = [round(100 * (1 - b / a)) for a, b in pairwise(left())]
    assert has("、".join(f"{one}%" for one in gone))


def test_four_points_guess_the_next_three() -> None:
    seen = left()
    model, flat = fit_sbg(seen[:5]), seen[1] / seen[0]
    assert has(
        f"第七季只剩{seen[0] * flat**7:.0f}位；sBG猜{seen[0] * model.survival(7):.0f}位；真的是{seen[7]}位"
    )
    assert 35 < seen[0] * model.survival(7) - seen[7] < 45
    assert has("sBG偏高了四十位")


@pytest.mark.parametrize("number", ["R36", "R47", "R48"])
def test_the_cards_are_the_tables_rules(number: str) -> None:
    one = rule(number)
    assert has(f"{one.text}（{one.source}，{one.standing}")
