"""What chapter 16 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

import pytest

from kefu import data, rules
from kefu.clock import SHANGHAI
from kefu.demos.live_room import HANDS, OPENING, SEED
from kefu.demos.promise_book import ASK, NO, YES, replay, wanted
from kefu.demos.promise_book import LINES as LINES_ON_AIR
from kefu.intelligence import live
from kefu.intelligence.live import (
    FRESH,
    HOST_EVERY,
    HOT,
    PACE,
    REPEATS,
    SHOWN,
    STAY,
    Link,
    answer,
    backlog,
    burst,
    fluid,
    netizens,
    oversell_bill,
    rates,
)
from kefu.intelligence.live_effects import (
    answer_effect,
    oversold,
    pin_cut,
    promise_effect,
    window_effect,
    windows,
)
from kefu.intelligence.on_air import (
    PROMPT,
    ShowPrice,
    compared_price,
    corrected,
    owed_before,
    price_protection,
)
from kefu.intelligence.promise_book import (
    DAYS,
    KEEPERS,
    PLEDGE_KINDS,
    UNSURE,
    PromiseBook,
    due,
    hear,
    more_returns,
    pledge,
)
from kefu.stats import bootstrap, two_proportions
from tests.intelligence.test_promise_book import LINES
from tests.notebooks.reading import cells, holds, percent, price, questions, says

MINUTES, SHOWS, PROMISES = (
    data.rows(name) for name in ("live_minutes", "live_shows", "live_promises")
)
KIND = {row["show_id"]: row["kind"] for row in SHOWS}


def said() -> str:
    """All that the chapter says outside of code: its text and what lies beside it."""
    return says("16", "guesses.json", "quiz.json", "talks.toml", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


def printed() -> str:
    """What the chapter's cells print."""
    return "".join(
        "".join(out.get("text", ""))
        for cell in cells("16")
        if cell.cell_type == "code"
        for out in cell.outputs
    )


def at(hour: int, minute: int, day: int = 26, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def total(rows: list[dict[str, str]], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def per_hundred(rows: list[dict[str, str]], column: str, digits: int = 2) -> str:
    return f"{100 * total(rows, column) / total(rows, 'viewers'):.{digits}f}"


# The evening


def test_the_show_is_on_a_thursday_and_no_table_has_it() -> None:
    assert date(2026, 3, 26).weekday() == 3
    assert max(row["starts_at"] for row in SHOWS) < "2026"
    assert len(SHOWS) == 51
    assert {datetime.fromisoformat(row["starts_at"]).weekday() for row in SHOWS} == {3}
    assert has("2026年3月26日，星期四", "这一场是编的，表里没有", "表里2025年的51场")


def test_the_cardigan_s_prices_are_the_shop_s() -> None:
    row = next(row for row in data.rows("products") if row["title"] == "宽松针织开衫")
    assert (price("宽松针织开衫"), Decimal(row["cost"])) == (169, 76)
    assert "雾蓝" in {r["colour"] for r in data.rows("products") if r["title"] == "宽松针织开衫"}
    assert has("开衫平常169，今晚149", "149元一件，进价76元")


# Who watches, who shows


def test_how_many_are_on_the_internet() -> None:
    found = netizens("8.33", "0.752")
    assert (found.people, found.low, found.high) == (
        Decimal("11.08"),
        Decimal("11.06"),
        Decimal("11.09"),
    )
    assert questions("16")["online-people"]["answer"] == 11.08
    assert has("8.33亿", "1737万", "75.2%", "上网的约11.08亿")
    assert "11.08亿，在11.06到11.09之间" in printed()


def test_the_shows_of_the_year_by_who_holds_them() -> None:
    for kind, shows, watching in (("自播", 44, 112), ("代播", 7, 123)):
        rows = [row for row in MINUTES if KIND[row["show_id"]] == kind]
        assert list(KIND.values()).count(kind) == shows
        assert round(total(rows, "viewers") / len(rows)) == watching
    assert {row["host"] for row in SHOWS} == {"阿暖", "小巷", "外请主播阿澈"}
    assert has("阿暖、小巷44场，平均112人在线", "阿澈7场，平均123人")
    found = promise_effect(PROMISES, SHOWS)
    assert found.broken_by == {"代播": (12, 23), "自播": (29, 142)}
    assert has("142句里29句", "23句里12句")


# The crew of a show


def test_agents_for_a_thousand_viewers() -> None:
    asked = 1000 * (FRESH + REPEATS)
    pinned = 1000 * (FRESH + REPEATS * (1 - live.CUT))
    assert (asked, pinned) == (52.5, 34.5)
    assert [-(-number // PACE) for number in (asked, pinned)] == [18, 12]
    assert has("不置顶18名公屏客服，置顶12名", "千人每分钟问52.5条，一人答3条；", "剩34.5条，12名")
    assert has(
        f"一人一分钟答{PACE}条", f"主播隔{HOST_EVERY}分钟接一句", f"观众平均待{STAY:.0f}分钟"
    )
    assert HOT == 0.75
    assert has("一款货的提问七成五问同一件事")


# The line on the screen


def test_the_small_sum_of_a_line() -> None:
    coming = rates(20, 6, [Link(0, 24, 3, 0)])
    assert coming[:4] == (30, 30, 30, 6)
    flow = fluid(coming, 10)
    assert (flow.peak, flow.longest_wait, flow.clear_at) == (60, 6, 18)
    assert has("每分钟积下20条，三分钟60条，第60条等6分钟", "每分钟只多消4条，还要15分钟")
    assert questions("16")["burst-clear"]["answer"] == 15
    peaks = [
        max(backlog(answer(burst(20, 6, [Link(0, 24, 3, 0)], seed), 2, 0.2, seed), 20))
        for seed in range(1, 6)
    ]
    assert (min(peaks), max(peaks)) == (54, 81)
    assert has("抽五次，最长的队从54条到81条")
    assert "最长60条，末尾等6分钟，第18分钟散" in printed()


# Pins


@cache
def pinned() -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return the minutes without and with a pin."""
    return [r for r in MINUTES if not r["pinned"]], [r for r in MINUTES if r["pinned"]]


def test_what_one_pin_stops_until_the_next_product() -> None:
    bare, under = pinned()
    pins = sum(any(row["pinned"] for row in window) for window in windows(MINUTES))
    usual = total(bare, "repeats") / total(bare, "viewers")
    stopped = (total(under, "viewers") * usual - total(under, "repeats")) / pins
    assert (pins, f"{stopped:.1f}") == (207, "20.9")
    assert questions("16")["one-pin"]["answer"] == round(stopped) == 21
    watching = total(under, "viewers") / len(under)
    assert 200 < 40 / stopped * watching < 300
    assert 100 < total(MINUTES, "viewers") / len(MINUTES) < 120
    assert has("全年207次置顶，一次平均止住21条重复", "那要有两百多人在线，我们平常一百出头")


def test_a_pin_cuts_repeats_by_three_fifths() -> None:
    bare, under = pinned()
    assert (per_hundred(under, "repeats"), per_hundred(bare, "repeats")) == ("1.19", "3.03")
    found = pin_cut(MINUTES, seed=1)
    assert [f"{x:.1%}" for x in (found.estimate, found.low, found.high)] == [
        "60.8%",
        "59.3%",
        "62.1%",
    ]
    assert has("每百人在线重复问1.19条，没有的3.03条，少六成（60.8%）")
    assert "重复少60.8%，区间59.3%到62.1%" in printed()


def test_the_same_for_all_hosts_and_crowds() -> None:
    for kind, cut in (("自播", "60.7%"), ("代播", "62.0%")):
        each = [[r for r in rows if KIND[r["show_id"]] == kind] for rows in pinned()]
        usual, less = (total(rows, "repeats") / total(rows, "viewers") for rows in each)
        assert f"{1 - less / usual:.1%}" == cut
    assert has("自播少60.7%，代播少62.0%")
    repeats = [
        float(per_hundred([r for r in MINUTES if low <= int(r["viewers"]) < high], "repeats"))
        for low, high in pairwise((1, 60, 100, 140, 10**6))
    ]
    assert max(repeats) / min(repeats) < 1.1
    assert has("条子都差不多长，人多人少都管用")


def test_orders_beside_a_pin() -> None:
    bare, under = pinned()
    assert (per_hundred(under, "orders"), per_hundred(bare, "orders")) == ("0.50", "0.60")
    drawn: list[tuple[bool, int, int]] = []
    for window in windows(MINUTES):
        late = window[7:]
        drawn.append(
            (any(r["pinned"] for r in window), total(late, "orders"), total(late, "viewers"))
        )

    def each(sample: Any, has_pin: bool) -> float:
        chosen = [one for one in sample if one[0] == has_pin]
        return sum(one[1] for one in chosen) / max(sum(one[2] for one in chosen), 1)

    assert [f"{100 * each(drawn, pin):.2f}" for pin in (True, False)] == ["0.52", "0.57"]
    gap = bootstrap(drawn, lambda sample: each(sample, True) - each(sample, False),
                    seed=1, resamples=1000)  # fmt: skip
    assert gap.low < 0 < gap.high
    assert has("有置顶0.50单，没有的0.60单", "只比第8到第15分钟，是0.52对0.57，差得连0都没离开")


def test_before_the_first_pin_both_lines_lie_on_each_other() -> None:
    firsts = {
        next(n for n, row in enumerate(window) if row["pinned"])
        for window in windows(MINUTES)
        if any(row["pinned"] for row in window)
    }
    assert (min(firsts), max(firsts)) == (3, 7)
    halves: dict[bool, list[dict[str, str]]] = {True: [], False: []}
    for window in windows(MINUTES):
        halves[any(row["pinned"] for row in window)] += window[:3]
    with_pin, without = (float(per_hundred(halves[one], "repeats")) for one in (True, False))
    assert abs(with_pin / without - 1) < 0.05
    assert has("头三分钟谁也没置顶，两条线叠着", "第3到第7分钟陆续置顶")


def test_what_an_answer_brings() -> None:
    found = answer_effect(MINUTES)
    low, high = found.answer.bounds
    assert [f"{x:.3f}" for x in (found.alone, found.answer.value, low, high)] == [
        "0.172",
        "0.058",
        "0.048",
        "0.069",
    ]
    assert 2.5 < found.alone / found.answer.value < 3.5
    assert questions("16")["answer-worth"]["answer"] == round(100 * found.answer.value) == 6
    assert has("功劳虚高成三倍", "答上一百个，多卖6单上下")
    assert "多0.058单，区间0.048到0.069" in printed()


# Promises


def test_what_the_host_says_is_heard_as_the_table_says() -> None:
    for line, counts, kind in (
        ("今晚下单明天必到", True, "时效"),
        ("缺的颜色我刚让仓库补上，随便拍", True, "库存"),
        ("包芯纱比普通毛线不爱起球", False, "商品说明"),
        ("我们尽量今晚发", False, "留了余地"),
        ("闭眼入，不会错的", False, "夸赞"),
        ("四件套里还有惊喜", False, "拿不准"),
    ):
        found = hear(line)
        assert (found.counts, found.kind) == (counts, kind)
        assert has(f"| {line} |")


def test_who_keeps_what_for_how_long() -> None:
    assert dict(DAYS) == {"时效": 2, "赠品": 7, "价格": 30, "质量": 365, "库存": 2, "退换": 7}
    assert (KEEPERS["时效"], KEEPERS["赠品"], KEEPERS["价格"]) == ("仓库", "仓库", "客服")
    assert (KEEPERS["质量"], KEEPERS["退换"], KEEPERS["库存"]) == ("售后", "售后", "运营")
    assert has("价格30天、质量一年、赠品和退换7天、库存2天",
               "发货和赠品归仓库，价格归客服，质量和退换归售后，库存归运营")  # fmt: skip
    assert due("今晚下单明天必到", at(20, 52)) == at(0, 0, 28) - timedelta(seconds=1)
    assert has("登记，到27日24点")


def test_no_parcel_paid_in_the_evening_came_on_the_next_day() -> None:
    paid = {r["order_id"]: r["paid_at"] for r in data.rows("orders") if r["paid_at"]}
    late, soonest = 0, {}
    for row in data.rows("parcels"):
        if row["order_id"] not in paid:
            continue
        moment = datetime.fromisoformat(paid[row["order_id"]])
        if moment.hour < 20:
            continue
        late += 1
        if row["signed_at"]:
            days = (datetime.fromisoformat(row["signed_at"]).date() - moment.date()).days
            soonest.setdefault(row["zone"], []).append(days)
    assert late == 1815
    assert min(map(min, soonest.values())) == min(soonest["江浙沪"]) == 2
    middle = {zone: sorted(days)[len(days) // 2] for zone, days in soonest.items()}
    assert (middle["江浙沪"], middle["中区"], middle["远区"]) == (3, 4, 5)
    zone = {row["province"]: row["zone"] for row in data.rows("zones")}
    assert (zone["北京"], zone["浙江"]) == ("中区", "江浙沪")
    assert has("表里全年晚八点以后付款的1815个包裹，**没有一个第二天签收**",
               "江浙沪最快后天到，多数三天，远的五天上下", "北京四天上下")  # fmt: skip


def test_who_is_owed_tomorrow() -> None:
    orders = [3, 4, 2, 3, 2]
    assert (owed_before(orders, 0, 4), owed_before(orders, 0, 1)) == (14, 7)
    assert questions("16")["owed-orders"]["answer"] == owed_before(orders, 0, 2) == 9
    assert has("20:52到20:56，又下了14单", "只慢了三分钟，就多欠7单")
    slip = corrected(at(20, 52), at(22, 0), at(20, 56), recorded=True)
    assert (slip.on_the_spot, slip.prompt, slip.lacks) == (True, False, ())
    assert timedelta(minutes=1) == PROMPT
    assert has("一分钟以内算及时；20:56是第四分钟，算当场，不算及时")
    assert "True False 留到 2029-03-26" in printed()


def test_the_book_refuses_what_came_late() -> None:
    book = PromiseBook().register(pledge("L01", "阿澈", at(20, 52), "今晚下单明天必到"), "小满")
    with pytest.raises(ValueError, match="过期先记没兑现"):
        book.keep("L01", at(9, 0, 28), "仓库", "今早到了")
    done = book.fail("L01", at(0, 0, 28), "仓库", "没到").make_good(
        "L01", at(10, 0, 28), "小满", "补10元"
    )
    assert done.state("L01") == "已补救"
    assert "过了期，登记簿不收“兑现”" in printed()
    assert "2026-03-27 23:59:59+08:00 已补救 4 行" in printed()


def test_how_well_the_lists_hear() -> None:
    known = [hear(row["words"]) for row in PROMISES]
    assert len(PROMISES) == 239
    assert all(
        found.counts == (row["counts"] == "true")
        for found, row in zip(known, PROMISES, strict=True)
    )
    promises = [hear(line) for line, kind in LINES if kind in PLEDGE_KINDS]
    others = [hear(line) for line, kind in LINES if kind not in PLEDGE_KINDS]
    entered = sum(found.counts for found in promises)
    unsure = sum(found.kind == UNSURE for found in promises)
    assert (len(promises), entered, unsure) == (21, 4, 16)
    assert (len(others), sum(found.counts for found in others)) == (19, 4)
    assert has("表里的239句全认得；另编40句来考，21句承诺里它登记了4句，16句说拿不准、交给人，漏了1句；"
               "19句不是承诺的，错登4句")  # fmt: skip


def test_what_broken_promises_bring() -> None:
    shares = {}
    for what in ("returned", "complained"):
        for kept in (True, False):
            shares[what, kept] = window_effect(PROMISES, what, kept, seed=1)
    assert [f"{found.estimate:.1%}" for found in shares.values()] == [
        "18.5%",
        "31.0%",
        "0.3%",
        "4.6%",
    ]
    assert shares["returned", True].high < shares["returned", False].low
    assert questions("16")["broken-returns"]["answer"] == 31
    praise = [row for row in PROMISES if row["counts"] == "false"]
    assert percent(total(praise, "returned"), total(praise, "orders")) == "18.1%"
    assert has("没兑现的，退换31.0%；兑现了的18.5%，跟没许愿的18.1%差不多", "投诉是4.6%对0.3%")
    for kind, broken, kept in (("自播", "26.6%", "18.9%"), ("代播", "39.7%", "14.5%")):
        for state, share in (("false", broken), ("true", kept)):
            rows = [r for r in PROMISES if r["kept"] == state and KIND[r["show_id"]] == kind]
            assert percent(total(rows, "returned"), total(rows, "orders")) == share
    assert has("自播里，没兑现26.6%，兑现18.9%；代播里，39.7%对14.5%")
    for host, share in (("外请主播阿澈", 0.52), ("阿暖", 0.21), ("小巷", 0.20)):
        made = [r for r in PROMISES if r["host"] == host and r["counts"] == "true"]
        assert round(sum(r["kept"] == "false" for r in made) / len(made), 2) == share
    assert has("阿澈52%，阿暖、小巷都是两成")


def test_live_orders_against_the_others() -> None:
    asked = {row["order_id"] for row in data.rows("returns")}
    others = [r["order_id"] in asked for r in data.rows("orders")
              if r["paid_at"] and not r["show_id"]]  # fmt: skip
    back, orders = total(MINUTES, "returned"), total(MINUTES, "orders")
    assert (percent(back, orders), percent(sum(others), len(others))) == ("17.7%", "15.9%")
    gap = two_proportions(back, orders, sum(others), len(others))
    assert 0 < gap.low < gap.difference < 0.02
    assert questions("16")["live-returns"]["answer"] == 17.7
    assert has("直播单申请退换的17.7%，别处15.9%，只多不到两个百分点")
    assert "差1.8%，区间0.3%到3.3%" in printed()


# Stock and prices


def test_six_oversold_cardigans() -> None:
    bill = oversell_bill(6, 149, 76, compensation=10, minutes=8)
    assert (bill.lost, bill.compensation, bill.work, bill.total, bill.refund) == (
        438, 60, 20, 518, 894,
    )  # fmt: skip
    assert questions("16")["oversold-loss"]["answer"] == 518
    assert has("毛利每件73元，6件438；补偿10元，6单60；每单花8分钟，一小时25元，共20",
               "亏518元；退回去的894元")  # fmt: skip


def test_links_that_come_down_late() -> None:
    found = [oversold(MINUTES, delay) for delay in (0, 1, 3, SHOWN)]
    assert [(one.products, one.pieces) for one in found] == [(0, 0), (14, 20), (41, 121), (45, 249)]
    assert found[0].shown == 408
    assert has("全年408次讲解", "慢1分钟，超20件；慢3分钟，121件；讲完才下，249件")


def test_prices_said_on_the_air() -> None:
    limited = ShowPrice(149, at(20, 45), at(21, 0))
    assert (limited.settle(169, at(20, 59)).refund, limited.settle(169, at(21, 3)).refund) == (
        20, 0,
    )  # fmt: skip
    assert has("| 老陈20:59下单，21:01付了169元 |", "| 退20元 |", "| 他21:03又下一单，付了169元 |")
    found = compared_price(199, [(at(20, 0, 24), 169)], at(20, 45))
    assert (found.sound, found.highest, found.rule) == (False, 169, "R89")
    assert has("| 板上写着“原价199” | 前七天最低成交169 | 不能写，最多169 |")
    lower = price_protection(149, at(20, 59), [(at(20, 0, 4, 4), 139)], days=30)
    assert lower.refund == 10
    assert has("149元买的，4月4日降到139元，还在三十天里，补10元")


# Rules


@pytest.mark.parametrize("number", ["R10", "R58", "R59", "R60", "R69", "R75", "R78", "R79", "R89"])
def test_the_cards_are_the_table_s(number: str) -> None:
    one = rules.rule(number)
    assert has(one.text, one.source, one.standing)


def test_the_text_says_what_the_rules_do_not() -> None:
    """No rule says within how many minutes a slip is to be corrected."""
    assert "分钟" not in rules.rule("R78").text
    assert has("“当场”是几分钟？条文没有写。本书约定：", "店里自己定的，不是法条")


# The room of the page


def room(pins: dict[int, str] | None = None, *, hands: int = HANDS, delay: int = 0) -> live.ShowSum:
    return live.told(live.air(OPENING, live.Tactics(pins or {}, {}, hands, delay), SEED))


def test_what_the_reader_finds_in_the_room() -> None:
    bare = room()
    assert (OPENING[0].hot, bare.questions, bare.missed) == ("发货", 110, 26)
    assert has("这一款一共问110条，26条没人答，滚走了")
    assert [room({minute: "发货"}).stopped for minute in (0, 4, 8)] == [30, 19, 11]
    assert room({4: "材质"}).stopped == 4
    assert (room(hands=3).missed, room({4: "发货"}).missed) == (6, 16)
    assert has("30条、19条、11条：越早越值", "错置成“材质”，只挡4条",
               "滚走的从26条降到6条；第4分钟置顶“发货”，降到16条")  # fmt: skip


# The book of the page


def test_what_the_reader_finds_in_the_book() -> None:
    wants = Counter(wanted(n) for n in range(len(LINES_ON_AIR)))
    assert (len(LINES_ON_AIR), wants) == (11, {YES: 5, NO: 5, ASK: 1})
    assert has("十一句里", "五句算，五句不算，一句拿不准")
    (unsure,) = (one for n, one in enumerate(LINES_ON_AIR) if wanted(n) == ASK)
    assert hear(unsure.entry).counts
    assert (more_returns(14), more_returns(7)) == (Decimal("1.75"), Decimal("0.875"))
    assert has("从14单到7单；照全年的差，多退的从1.75单到0.875单")
    late = replay(YES * len(LINES_ON_AIR), "L01兑现@3", 4, 3)
    assert late.refused
    assert late.said == "登记簿不收：3月27日24:00到期，已经过了，不能记兑现；先记没兑现，再补救"
    assert has("登记簿不收：“3月27日24:00到期，已经过了，不能记兑现；先记没兑现，再补救。”")
    (fixed,) = (one for one in LINES_ON_AIR if one.number == "L02")
    assert due(fixed.entry, fixed.at) == at(20, 56, 31)
    assert has("改口那句也是承诺，一样登记，到31日")
