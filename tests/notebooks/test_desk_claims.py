"""What chapter 03 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from functools import cache

import pandas as pd

from kefu import data, kpis
from kefu.explore import load
from kefu.presales.catalogue import (
    best_sellers,
    choose_showcase,
    mondays,
    on_shelf,
    shelf_week,
    showcase_money,
    showcase_total,
)
from kefu.presales.desk import PhraseBook
from kefu.presales.windows import START, TWO_DAYS, Act, Evening, evening, in_order, visitors
from kefu.talk import lint
from tests.notebooks.reading import beside, cells, holds, percent, says

EXPLORER = "03_explore.toml"


def said() -> str:
    """All that the chapter says outside of code: its text and guesses."""
    return says("03", "guesses.json")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


@cache
def enquiries() -> pd.DataFrame:
    """The enquiries that people took, here read again from the tables."""
    chats = data.load("chats").merge(data.load("agents")[["agent_id", "name"]], on="agent_id")
    asked = chats[(chats.stage == "售前") & (chats.handled_by == "人工")].copy()
    orders, days = data.load("orders"), data.load("days")
    asked["bought"] = asked.chat_id.isin(set(orders.chat_id[orders.paid_at.notna()].dropna()))
    rush = set(days.date[days.festival.isin(["618", "双11", "双12"])].astype(str))
    asked["rush"] = asked.started_at.dt.strftime("%Y-%m-%d").isin(rush)
    asked["hour"] = asked.started_at.dt.hour
    asked["band"] = pd.cut(
        asked.first_response_s, [0, 16, 32, 64, 128, 10**6], right=False, labels=range(5)
    )
    return asked


@cache
def lines() -> pd.DataFrame:
    told = data.load("messages")
    return told[told.chat_id.isin(enquiries().chat_id)].sort_values(["chat_id", "seq"])


# The evening


def test_the_evening_is_a_sunday_and_its_people_are_on_the_shifts_told() -> None:
    agents = {row["name"]: row for row in data.rows("agents")}
    assert pd.Timestamp("2025-11-09").day_name() == "Sunday"
    assert {agents[name]["shift"] for name in ("小满", "石头", "阿川")} == {"晚班"}
    assert agents["小满"]["concurrency"] == "3"
    assert has("2025年11月9日，星期天，明晚就是双11", "平常最多接三位")
    days = {row["date"]: row["festival"] for row in data.rows("days")}
    assert days["2025-11-09"] == ""
    assert days["2025-11-10"] == "双11"


def test_the_apology_for_a_wrong_window_was_there_before_her() -> None:
    (one,) = [row for row in data.rows("phrases") if "回错窗口" in row["text"]]
    assert (
        one["last_used"]
        == "2025-10-19"
        < {r["name"]: r for r in data.rows("agents")}["小满"]["hired_on"]
    )
    assert one["group"] == "安抚"
    assert has("刚才我回错窗口了，那句不是给您的", "10月19日")


def test_the_cart_and_the_scarf_cost_what_is_said() -> None:
    prices = {row["title"]: float(row["price"]) for row in data.rows("products")}
    assert prices["水洗棉四件套"] + 2 * prices["绒面抱枕套"] == 249
    assert prices["羊毛围巾"] == 129
    (wool,) = [
        row["answer"]
        for row in data.rows("knowledge")
        if row["question"] == "羊毛围巾是什么材质的？"
    ]
    assert "70%羊毛、30%聚酯纤维" in wool
    assert "70%羊毛、30%聚酯纤维" in next(one.typed for one in visitors() if one.name == "老陈")


# The five windows


def typed(*names: str) -> list[Act]:
    return [Act("打字", name) for name in names]


GOOD = [*typed("小鹿", "半糖"), Act("转给", "阿树"), *typed("木棉", "老陈", "半糖")]


def test_in_the_order_of_coming_four_leave_and_two_at_twice_the_speed() -> None:
    assert len(in_order().lost) == 4
    assert in_order(0.5).lost == ["半糖", "小鹿"]
    assert next(one.typing for one in visitors() if one.name == "老陈") == 50
    assert has("那句要50秒：平常的速度走四位；打字**快一倍**，还走小鹿和半糖")
    assert f"{START:%H点%M分}" == "20点31分"
    assert has("20点31分，窗口开到了五个")


def test_in_a_good_order_nobody_leaves_without_a_phrase_and_without_haste() -> None:
    end = evening(GOOD)
    assert end.won
    assert end.lost == []
    assert has("小鹿、半糖、转走阿树、木棉、老陈，再回头找半糖，一位也没走")


def test_half_as_fast_the_winning_way_loses_two() -> None:
    quick = [Act("短语", "小鹿", "DY063"), Act("短语", "半糖", "DY008"), Act("置顶", "半糖"),
             Act("转给", "阿树"), Act("短语", "木棉", "DY083"), *typed("老陈", "半糖")]  # fmt: skip
    assert evening(quick).won
    assert evening(quick, 1.5).lost == ["老陈", "半糖"]
    assert evening(GOOD, 1.5).lost
    assert 50 * 1.5 == 75
    assert has("老陈那句要75秒", "还是走了老陈和半糖")


def test_two_days_satisfy_at_once_and_leave_a_promise() -> None:
    def end(number: str) -> Evening:
        return evening([Act("短语", one.name, one.phrase) if one.name == "木棉" else one for one in
                        [*GOOD[:3], Act("短语", "木棉", number), *GOOD[4:]]])  # fmt: skip

    assert end("DY083").won
    assert end("DY121").lost == []
    assert not end("DY121").won
    assert end("DY121").promises == ("木棉：两天到",)
    assert end("DY121").figures() == end("DY083").figures()
    assert TWO_DAYS.shortcut == "/wl11"
    assert has("“现货明晚下单，两天到，您放心拍。”", "/wl11", "五个数里没有一个数得出这笔账")
    assert TWO_DAYS.text == "现货明晚下单，两天到，您放心拍"


# Phrases


def test_the_book_of_phrases_has_what_is_said() -> None:
    rows = data.rows("phrases")
    uses = sorted((int(row["uses"]) for row in rows), reverse=True)
    assert len(rows) == 120
    assert (sum(uses[:12]), sum(uses), round(100 * sum(uses[:12]) / sum(uses))) == (3124, 8132, 38)
    assert uses.count(0) == 11
    assert sum(row["promises"] == "true" for row in rows) == 12
    assert has("3124", "8132", "其实是38%；还有11条", "其实有12条")
    clashes = PhraseBook.from_csv(data.path("phrases").read_text("utf-8")).clashes()
    assert list(clashes) == ["/yj4"]
    parcel = [row["phrase_id"] for row in rows if row["group"] == "物流"]
    assert parcel.index(clashes["/yj4"][1].phrase_id) == 4
    assert [
        row["shortcut"] for row in rows if row["group"] == "物流" and row["shortcut"] == "/wl5"
    ] == []
    assert has("撞的是/yj4：物流组的第五条本该是/wl5")
    assert {row["shortcut"]: row["text"] for row in rows}["/wl3"].startswith(
        "嘉兴发货，您那边平常{时间}左右到"
    )


# The five figures


def test_the_example_of_the_three_minute_rate() -> None:
    at = [
        pd.Timestamp(f"2025-11-09T{clock}+08:00")
        for clock in ("10:10:15", "10:15:20", "10:18:10", "10:18:30", "10:19:00")
    ]
    waits = [
        one.seconds
        for one in kpis.rounds(list(zip(at, ("买家", "买家", "客服", "买家", "客服"), strict=True)))
    ]
    assert waits == [475, 30]
    assert has("头一轮等了475秒，到10:18:10是0/1；第二轮30秒，成了1/2")


def test_the_late_shift_is_slower_and_that_is_most_of_it() -> None:
    asked = enquiries()
    early, late = asked[asked.hour.between(9, 15)], asked[asked.hour >= 16]
    assert has(percent(early.bought.mean()), percent(late.bought.mean()))
    assert (percent(early.bought.mean()), percent(late.bought.mean())) == ("54.4%", "48.2%")
    waits = early.band.value_counts(normalize=True)
    moved = float((waits * late.groupby("band", observed=False).bought.mean()).sum())
    assert percent(moved) == "52.9%"
    assert f"{100 * (early.bought.mean() - moved):.1f}" == "1.5"
    assert has("从48.2%升到52.9%，六个点只剩一个半", "差6.2个百分点", "其实只剩1.5个百分点")
    slow = [round(100 * float((part.first_response_s >= 64).mean())) for part in (late, early)]
    assert slow == [28, 16]
    assert has("等64秒以上的占28%，早班只有16%")
    same = [percent(part[part.band == 2].bought.mean()) for part in (early, late)]
    assert same == ["42.9%", "43.2%"]
    assert has("早班42.9%，晚班43.2%，一样")
    ends = [percent(asked[asked.band == band].bought.mean()) for band in (0, 4)]
    assert ends == ["67.9%", "25.7%"]
    assert has("16秒以内67.9%，128秒以上25.7%")
    by_hours = asked.groupby(asked.hour // 2 * 2).bought.agg(["mean", "size"])
    assert by_hours["size"].idxmax() == 20
    assert percent(by_hours["mean"][20]) == "42.1%"
    assert has("20—22点最忙，成交42.1%")


def test_the_exercise_on_hours_says_what_it_gives() -> None:
    asked = enquiries()
    early, late = asked[asked.hour.between(9, 15)], asked[asked.hour >= 16]
    waits = early.band.value_counts(normalize=True)

    def fair(*hours: int) -> str:
        sold = late[late.hour.isin(hours)].groupby("band", observed=False).bought.mean()
        return percent(float((waits * sold).sum()))

    assert (fair(20, 21), fair(16, 17, 18, 19), fair(22, 23)) == ("50.8%", "55.7%", "52.6%")
    assert has("20—22点从42.1%升到50.8%，16—20点是55.7%，22—24点是52.6%")


def test_stock_sentences_make_the_ratio_and_the_sale_makes_the_sentences() -> None:
    told, asked = lines(), enquiries()
    said_by_us = told[told.sender == "客服"].merge(
        asked[["chat_id", "bought", "name"]], on="chat_id"
    )
    names = "|".join(data.load("agents").name)
    plain = said_by_us.text.str.replace(names, "某", regex=True)
    times = said_by_us.groupby(plain).bought.agg(["size", "mean"])
    stock = times[times["size"] >= 20]
    assert len(stock) == 123
    assert (stock["mean"] == 1).sum() == 10
    assert stock["mean"]["好的亲，看到付款了"] == 1
    assert has("有123句", "这样的十句，付了款才说", "“收到，感谢支持～”也算一条")
    said_by_us["canned"] = plain.isin(stock.index)
    whose = said_by_us.groupby("name").canned.mean()
    assert {round(100 * share) for share in whose} == {67, 68}
    buyers = told[told.sender == "买家"].groupby("chat_id").size()
    ratio = (
        said_by_us.groupby("name").size() / buyers.groupby(asked.set_index("chat_id").name).sum()
    )
    assert (round(100 * ratio.min()), round(100 * ratio.max()), ratio.idxmin()) == (
        116,
        137,
        "青禾",
    )
    assert has("五个人套话都占67%—68%，答问比却从116%到137%")
    chat = said_by_us.groupby("chat_id").agg(
        lines=("canned", "size"), share=("canned", "mean"), bought=("bought", "max")
    )
    chat["asked"] = buyers
    band = pd.cut(chat.share, [0, 0.5, 0.75, 1.01], right=False)
    sums = chat.groupby(band, observed=True)[["lines", "asked"]].sum()
    assert [round(100 * r) for r in sums.lines / sums.asked] == [118, 131, 145]
    assert [percent(r) for r in chat.groupby(band, observed=True).bought.mean()] == [
        "23.0%",
        "48.3%",
        "59.6%",
    ]
    assert has("答问比118%；四分之三以上的，145%", "23.0%、48.3%、59.6%")
    told_in_both = said_by_us[plain.map(times["mean"]).between(0.1, 0.9)]
    rest = told_in_both.groupby("chat_id").agg(share=("canned", "mean"), bought=("bought", "max"))
    left = (
        rest.groupby(pd.cut(rest.share, [0, 0.5, 0.75, 1.01], right=False), observed=True)
        .bought.mean()
        .round(3)
    )
    assert f"{100 * (left.iloc[2] - left.iloc[0]):.1f}" == "11.7"
    assert has("差距从36.6个百分点缩到11.7")


def test_three_bottoms_make_three_rates() -> None:
    waits = [(chat, one.seconds is not None and one.seconds <= 180, place)
             for chat, part in lines().groupby("chat_id")
             for place, one in enumerate(kpis.rounds(list(zip(part["at"], part.sender, strict=True))))]  # fmt: skip
    rounds = pd.DataFrame(waits, columns=["chat_id", "kept", "place"]).merge(
        enquiries()[["chat_id", "rush"]], on="chat_id"
    )
    kept = rounds.groupby("chat_id").kept.all()
    assert (percent(rounds.kept.mean()), percent(kept.mean())) == ("98.6%", "95.1%")
    rush = rounds[rounds.rush]
    assert (percent(rush.kept.mean()), percent(rush.groupby("chat_id").kept.all().mean())) == (
        "94.3%",
        "79.7%",
    )
    assert set(rounds.place[~rounds.kept]) == {0}
    assert has("全年按轮次98.6%，按会话95.1%", "轮次94.3%，会话79.7%", "超时的全是头一轮")


def told_by(
    explorer: str, group: str, measure: str, only: dict[str, str] | None = None
) -> list[float | None]:
    """What the bars of an explorer say, rounded as they are shown."""
    about = load(EXPLORER, explorer)
    digits = about.measure(measure).digits
    return [
        None if bar.value is None else round(bar.value, digits)
        for bar in about.by(group, measure, only or {})
    ]


def test_the_explorers_show_the_figures_told() -> None:
    assert {54.4, 48.2} <= {*told_by("evening", "shift", "bought")}
    assert told_by("evening", "wait", "bought")[::4] == [67.9, 25.7]
    assert 42.1 in told_by("evening", "hours", "bought")
    assert told_by("canned", "share", "ratio") == [118, 131, 145]
    assert told_by("canned", "share", "bought") == [23.0, 48.3, 59.6]
    assert {*told_by("canned", "who", "canned")} == {67, 68}
    assert told_by("bottoms", "bottom", "kept")[:2] == [98.6, 95.1]
    assert told_by("bottoms", "bottom", "kept", {"day": "大促"})[:2] == [94.3, 79.7]


# The showcase


def test_the_showcase_brings_what_is_said() -> None:
    monday = date(2025, 11, 10)
    shelf, week = on_shelf(monday), shelf_week(monday)
    rule = [one.shelved for one in choose_showcase(shelf, 4) if one.chosen]
    assert round(showcase_total(rule, week, 200)) == 4297
    assert round(showcase_total(best_sellers(shelf, 4), week, 200)) == 777
    assert has("多挣4297元；放上周卖得最多的四件，只多777元", "其实是4297元")
    dress = next(one for one in shelf if one.title == "碎花连衣裙")
    assert round(showcase_money(dress, week[dress.item], 200)) == 777
    assert (dress.reviews, dress.bad) == (39, 8)
    assert has("这一周能多挣777元，公式偏不放它", "近90天39条，8条是1到3星", "那777元也全是它挣的")
    for one in best_sellers(shelf, 4):
        assert one is dress or not showcase_money(one, week[one.item], 200)
    tights = next(one for one in shelf if one.title == "高弹打底裤")
    assert (week[tights.item].orders, tights.stock) == (34, 31)
    assert has("本来就要卖34条，库存只有31条")


def test_the_formula_leads_in_all_weeks() -> None:
    weeks = []
    for day in mondays():
        shelf, week = on_shelf(day), shelf_week(day)
        rule = [one.shelved for one in choose_showcase(shelf, 4) if one.chosen]
        weeks.append(
            showcase_total(rule, week, 200) > showcase_total(best_sellers(shelf, 4), week, 200)
        )
    assert (len(weeks), sum(weeks)) == (51, 51)
    assert has("51周全都领先")


def test_the_shop_may_open_a_group_by_the_number_of_orders() -> None:
    orders = data.load("orders")
    last = pd.Timestamp("2025-11-09", tz="Asia/Shanghai")
    paid = orders[orders.paid_at.notna() & (orders.paid_at < last)]
    assert (paid.paid_at >= last - pd.Timedelta(days=30)).sum() == 581
    money = float(paid.paid_amount[paid.paid_at >= last - pd.Timedelta(days=190)].sum())
    assert f"{money / 10_000:.1f}" == "49.7"
    assert has("近30天付款581单，近190天成交49.7万元")


def test_nine_tenths_of_the_cardigans_price_is_what_the_exercise_says() -> None:
    prices = {row["price"] for row in data.rows("products") if row["product_id"] == "NX07"}
    assert prices == {"169.00"}
    assert f"{Decimal('169.00') * Decimal('0.9'):.2f}" == "152.10"
    assert sum(row["product_id"] == "NX07" for row in data.rows("products")) == 6
    assert has("169.00", "152.10", "开衫六个规格")


# Exercise 2: what people write


def test_the_letter_to_the_customer_is_read_as_the_exercise_says() -> None:
    facts = [["门牌", "地址"], ["尾号", "手机", "电话"], ["另一位", "错窗口"], ["林姐", "组长"]]

    def kinds(text: str) -> set[str]:
        return {
            one.kind
            for one in lint(
                text,
                needs={"情绪", "事实", "下一步"},
                limits=["赔您", "补偿您", "送您"],
                facts=facts,
            )
        }

    source = next(
        cell.source
        for cell in cells("03")
        if "solution" in cell.metadata.get("tags", []) and "def tell" in cell.source
    )
    space: dict[str, object] = {}
    exec(source.split("\n\n")[0], space)
    assert kinds(space["tell"]()) == set()  # type: ignore[operator]
    assert {"没接情绪", "没说事实", "没有下一步"} <= kinds(
        "您好，刚才系统出了点问题，您的信息可能被别人看到了，我们会尽快处理，请您放心。"
    )
    assert {"没说事实", "越权承诺"} <= kinds(
        "抱歉，您的地址和电话被我发给另一位客人了，我赔您20元，您看行吗？"
    )


def test_the_guesses_of_the_chapter_are_the_ones_it_asks() -> None:
    told = json.loads(beside("03", "guesses.json"))
    text = "".join(cell.source for cell in cells("03") if cell.cell_type == "code")
    assert all(f'"{one["id"]}"' in text for one in told["guesses"])
