"""What chapter 15 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import pairwise
from statistics import mean

import pandas as pd
import pytest

from kefu import data
from kefu.demos.roster import AS_EVER, FOUND, RUSH, WEEKS, unpacked
from kefu.explore import enquiries
from kefu.intelligence.midnight import PRESALES, TEAM, night
from kefu.intelligence.routing import (
    TRANSFERS,
    Chair,
    First,
    House,
    Policy,
    Result,
    simulate,
    stream,
)
from kefu.intelligence.staffing import (
    FACTORS,
    chat_agents,
    crew,
    erlang_a,
    least_short,
    mean_wait,
    service_level,
    shortage,
    square_root_agents,
    with_shrinkage,
)
from kefu.presales.team import conversion
from tests.notebooks.reading import cells, holds, questions, says


def said() -> str:
    """All that the chapter says outside of code: its text and what lies beside it."""
    return says("15", "guesses.json", "quiz.json", "talks.toml", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


def printed() -> str:
    """What the chapter's cells print."""
    return "".join(
        "".join(out.get("text", ""))
        for cell in cells("15")
        if cell.cell_type == "code"
        for out in cell.outputs
    )


@cache
def rush() -> pd.DataFrame:
    return data.load("rush")


@cache
def hour() -> pd.DataFrame:
    return rush()[rush()["at"].dt.strftime("%m-%d %H") == "11-11 00"].reset_index(drop=True)


# The sheet on the wall


def test_the_day_of_the_review_is_a_monday() -> None:
    assert date(2026, 3, 16).weekday() == 0
    assert has("2026年3月16日，星期一")


def test_the_sheet_is_the_table() -> None:
    sums = hour()[
        [
            "presales",
            "aftersales",
            "robot_solved",
            "to_people",
            "answered",
            "answered_20s",
            "abandoned",
        ]
    ].sum()
    assert sums.tolist() == [571, 9, 129, 451, 309, 166, 142]
    assert has(
        "| 来咨询的 | 580（售前571，售后9）|", "| 机器人接住的 | 129 |", "| 要人接的 | 451 |",
        "| 20秒内接起 | 166 |", f"| 晚些才接起 | {309 - 166} |", "| 没等到，走了 | 142 |",
    )  # fmt: skip
    places = {
        team: sum(seat.at_once for seat in TEAM if seat.team == team) for team in ("售前", "售后")
    }
    assert (len(TEAM), places) == (5, {"售前": 12, "售后": 7})
    assert has(
        "在班五位", "一共12个接待位", "阿川、阿满叔，7个", "售后一小时来9位，两个人守着7个位子"
    )
    assert hour().waiting.max() == 38
    assert has("隔壁售前排着三十多位", "一边挤着三十多位")


def test_the_first_twenty_minutes_have_nearly_all_who_left() -> None:
    gone = rush().abandoned.sum(), hour().abandoned.sum(), hour().abandoned[:20].sum()
    assert gone == (145, 142, 126)
    rest = rush().drop(rush().index[1440:1500])
    assert (rest.to_people.sum(), rest.abandoned.sum()) == (2068, 3)
    assert has("三天走了145位，142位在零点那一小时，126位在它的头二十分钟", "2068位要人的只走了3位")
    assert questions("15")["worst-minute"]["answer"] == 126
    soon = [
        hour().answered_20s[a : a + 5].sum() / hour().to_people[a : a + 5].sum()
        for a in range(0, 60, 5)
    ]
    assert [f"{one:.0%}" for one in soon[:2]] == ["20%", "4%"]
    assert soon[2:4] == [0, 0]
    assert min(soon[8:]) > 0.85
    assert has("零点头五分钟20%，第二个五分钟4%，接着十分钟是0；四十分以后，又都回到八成五以上")
    assert max(PRESALES) == 31
    assert has("我们最挤的一分钟才31位")


# Four ways to share out


@cache
def way(first: First, *, apart: bool = False) -> Result:
    return night(first, apart=apart)


def test_the_table_of_the_four_ways_is_the_models() -> None:
    for first in ("人工优先", "机器人优先", "按分组", "混合"):
        found = way(first)
        assert has(
            f"| **{first}** | {found.wait:.0f}秒 | {found.service_level:.0%} | {found.resolved:.0%} "
            f"| {found.cost:.2f}元 | {found.abandonment:.0%} |"
        )
    assert way("按分组").left == 252
    assert (
        min(("人工优先", "机器人优先", "按分组", "混合"), key=lambda one: way(one).cost) == "按分组"
    )
    assert has("按分组最便宜，因为它放走了252位", "放走了四成三的客人", "A店每单成本最低，0.22元")


def test_two_lines_and_one_and_help_in_time_and_late() -> None:
    was, one = night(), night(apart=False)
    assert (was.left, one.left) == (144, 71)
    assert questions("15")["one-line"]["answer"] == was.left - one.left == 73
    left = [night(extra=4, start=start).left for start in (0, 10, 20)]
    assert left == [22, 73, 128]
    assert questions("15")["late-help"]["answer"] == was.left - left[2] == 16
    traps = {trap["value"] for trap in questions("15")["late-help"]["traps"]}
    assert {was.left - left[0], was.left - left[1]} <= traps
    assert has("22位、73位、128位，不加是144位", "合成一队少走73位", "同样4位，零点就到，少走122位")
    assert night(apart=False, extra=4).left == 4
    assert has("合一队再加4位零点到，图15-1里只走4位")


def test_the_exercises_ten_nights() -> None:
    saved = [night(seed=seed).left - night(apart=False, seed=seed).left for seed in range(10)]
    assert (f"{mean(saved):.1f}", min(saved)) == ("66.6", 55)
    assert has("十夜平均少走66.6位，最少的一夜也少走55位")


# Busy and waiting


def test_the_table_of_ninety_five_per_cent() -> None:
    loads = (5, 7, 8, 9, 9.5)
    waits = " | ".join(f"{mean_wait(load, 10, 130):.1f}" for load in loads)
    levels = " | ".join(f"{service_level(load, 10, 130, 20):.1%}" for load in loads)
    assert has(f"| 平均等待（秒）| {waits} |", f"| 20秒接起率 | {levels} |")
    assert questions("15")["ninety-five"]["answer"] == round(mean_wait(9.5, 10, 130)) == 215
    assert round(mean_wait(9.5, 10, 130) / mean_wait(8, 10, 130)) == 8
    assert has("80%时平均等27秒，95%要等215秒", "其实215秒，八倍")


def test_one_more_agent_and_the_next_ones() -> None:
    levels = [100 * service_level(10, n, 180, 20) for n in range(11, 16)]
    assert round(levels[1]) == questions("15")["one-more"]["answer"] == 64
    assert [f"{b - a:.1f}" for a, b in pairwise(levels[1:])] == ["15.5", "9.3", "5.3"]
    assert has("15.5、9.3、5.3：越加越少", "20秒内接起39%")


def test_chats_at_once() -> None:
    desks = [chat_agents(2, 6, k, 20 / 60) for k in FACTORS]
    assert has(
        f"| 办完的是原来几倍 | {' | '.join(f'{one:g}' for one in FACTORS.values())} |",
        f"| 一小时120位，要几位客服 | {' | '.join(str(desk.agents) for desk in desks)} |",
        f"| 每位客人聊几分钟 | {' | '.join(f'{desk.talk:.1f}' for desk in desks)} |",
    )
    assert questions("15")["three-at-once"]["answer"] == FACTORS[3]
    assert (f"{desks[2].talk:.2f}", f"{desks[2].chats:.2f}") == ("6.97", "1.99")
    assert [square_root_agents(load, 0.2) - load for load in (10, 100)] == [4, 11]
    assert has("多备的从四成降到一成一", "每分钟来2位、各聊6.97分钟")


def test_the_crews_of_three_stretches() -> None:
    one = crew(100, 30, 3)
    assert (one.load, one.agents, one.rostered, f"{one.level:.1%}") == (10, 14, 20, "88.8%")
    assert has("是10个爱尔兰，14位在岗，接起88.8%；三成损耗，班表上要20位")
    evening = rush()[rush()["at"].dt.strftime("%m-%d %H") == "11-11 20"]
    assert (evening.to_people.sum(), hour().to_people[:20].sum()) == (155, 267)
    assert set(evening.agents_on_duty) == {5}
    assert (crew(155, 60, 130 / 60).agents, crew(267, 20, 130 / 60).agents) == (8, 33)
    assert f"{evening.answered_20s.sum() / 155:.1%}" == "76.8%"
    assert has("晚八点8个就够，零点要33个；售前两回都是12个", "20秒接起也只有76.8%")
    assert questions("15")["rostered"]["answer"] == with_shrinkage(14, 0.3) == 20
    assert questions("15")["load"]["answer"] == 90 / 30 * 4


def test_the_old_rule_of_thumb_divided() -> None:
    assert (200 // 5, round(500 / 3), round(500 / 15), 2000 // 5) == (40, 167, 33, 400)
    assert has("每人每天约40—167人、33—400人")


# The roster


def test_the_week_of_the_sale() -> None:
    needs = WEEKS[RUSH]
    assert sum(map(sum, needs)) == 29
    assert max(map(sum, needs)) == sum(needs[3]) == 7
    assert date(2026, 6, 18).weekday() == 3
    assert questions("15")["week-gap"]["answer"] == least_short(needs, 6) == 1
    assert (shortage(unpacked(AS_EVER), needs), shortage(unpacked(FOUND[RUSH]), needs)) == (8, 1)
    assert has("缺8个；算出来的一张只缺1个", "618那一周要29个班", "是618当天要7位、在册只有6位")
    assert "缺1个，下界1个，最累的多4分" in printed()


# Fined for too few


def test_the_reserve_worked_eight_days_of_the_year() -> None:
    hers = enquiries()[lambda chats: chats.name == "青禾"]
    assert hers.started_at.dt.date.nunique() == 8
    assert has("全年只上了8天班", "全年上8天班", "机动一年上8天")
    slip = says("01")
    assert holds(slip, "| 少接待 | 40人 | 5元 | 200元 |", "2025年10月20日")
    assert has("去年10月那张扣款单上，青禾少接40位，一位五块")


def test_the_sellers_all_together_and_at_the_same_wait() -> None:
    chats = enquiries()
    hers = chats.name == "青禾"
    bought = chats.bought
    assert (bought[hers].sum(), hers.sum()) == (25, 70)
    assert has(
        f"青禾成交{bought[hers].mean():.1%}，同事{bought[~hers].mean():.1%}",
        "全年35.7%对51.2%",
        "70位",
    )
    sale = chats.day == "大促"
    assert has(f"只看大促，{bought[hers & sale].mean():.1%}对{bought[~hers & sale].mean():.1%}")
    bands = pd.cut(chats.first_response_s, [0, 16, 32, 64, 128, 10**6], right=False)
    for name, number in (("32—63秒", 2), ("64—127秒", 3), ("128秒以上", 4)):
        here = bands.cat.codes == number
        assert has(f"{name}{bought[here & hers].mean():.1%}对{bought[here & ~hers].mean():.1%}")
    assert "合起来0.53倍，同样的等待1.11倍" in printed()
    assert has("从0.53倍到1.11倍", "胜算是同事的1.11倍")
    assert questions("15")["same-wait"]["answer"] == 1.11


def test_who_sells_alike_and_takes_the_longest_waits_sells_least() -> None:
    """Under other seeds too, so that it is the rule and not the draw."""
    team = [Chair("小满"), Chair("石头", at_once=5), Chair("机动", at_once=4, reserve=True)]
    for seed in range(1, 6):
        found = simulate(
            stream(5, 600, seed, dispersion=0.2), team, Policy("按分组", overflow=45), seed
        )
        sold = [
            mean(conversion(max(trip.waited, 8)) for trip in found.trips if trip.by == seat)
            for seat in range(3)
        ]
        assert sold[2] < min(sold[:2]) - 0.05


# Formula, simulation, table


def test_the_formula_the_simulation_and_the_table() -> None:
    flat, first = erlang_a(451 / 3600, 130, 12, 240), erlang_a(267 / 1200, 130, 12, 240)
    assert (round(451 * flat.abandoned), round(267 * first.abandoned)) == (122, 156)
    assert (142 - 122, 156 - 126) == (20, 30)
    left = [night(seed=seed).left for seed in range(12)]
    assert min(left) <= 142 <= max(left)
    assert has("公式少算了20位", "又多算了30位", "模拟把店里的142位包在中间")
    assert f"模拟：走{min(left)}到{max(left)}位" in printed()


@pytest.mark.parametrize(("dispersion", "times"), [(0.0, (0.8, 1.4)), (0.2, (2.5, 6))])
def test_where_they_meet_and_where_they_part(dispersion: float, times: tuple[float, float]) -> None:
    seats = [Chair(str(n), at_once=1) for n in range(14)]
    steady = House(handling=180, patience=180)
    waits = mean(
        simulate(
            stream(10 / 3, 600, seed, dispersion=dispersion),
            seats,
            Policy("按分组"),
            seed,
            house=steady,
        ).wait
        for seed in range(1, 13)
    )
    low, high = times
    assert low < waits / erlang_a(10 / 180, 180, 14, 180).mean_wait < high
    assert has("每十分钟一个系数，方差0.2", "等待就是公式的好几倍")


def test_the_five_cases_of_automatic_transfer_are_the_standards() -> None:
    assert set(TRANSFERS) == {"几次没答上", "拒绝机器人", "机器人没反应", "信息安全", "紧急危险"}
