"""What chapter 12 says of the shop's tables in words: a change of the data must not belie it."""

from __future__ import annotations

from functools import cache

import pandas as pd

from kefu import data
from kefu.demos import parallel_worlds, who_returns
from kefu.explore import load
from kefu.kpis import repeat_rate
from kefu.operations.audience import money_uplift, qini, uplift
from kefu.operations.clv import (
    SHOP,
    RepeatHistory,
    fit_bgnbd,
    fit_pareto_nbd,
    histories,
)
from kefu.operations.rfm import RfmCuts, classes, read_cells
from tests.demos.reading import bold, set_to
from tests.notebooks.reading import cells, holds, says

END = pd.Timestamp("2026-01-01", tz="Asia/Shanghai")
TEXT = says("12")


def at(day: str) -> pd.Timestamp:
    return pd.Timestamp(day, tz="Asia/Shanghai")


@cache
def paid() -> pd.DataFrame:
    orders = data.load("orders")
    return orders[orders.paid_at.notna()].sort_values("created_at")


@cache
def customers() -> pd.DataFrame:
    return data.load("customers").set_index("customer_id")


@cache
def touches() -> pd.DataFrame:
    return data.load("touches")


@cache
def members(campaign: str) -> pd.DataFrame:
    """Who was in a campaign, asleep or not and with how many orders before it."""
    starts = data.load("campaigns").set_index("campaign_id").starts_on
    start = starts.dt.tz_localize(END.tz)[campaign]
    known = paid()[paid().created_at < start].groupby("customer_id").created_at
    rows = data.load("campaign_members").query("campaign_id == @campaign")
    rows = rows.merge(known.agg(["max", "size"]), left_on="customer_id", right_index=True)
    return rows.assign(asleep=start - rows["max"] > pd.Timedelta(days=60), often=rows["size"] > 1)


def arms(rows: pd.DataFrame) -> tuple[tuple[int, int], tuple[int, int]]:
    parts = (rows[rows.arm == arm].converted for arm in ("实验", "对照"))
    one, other = ((int(part.sum()), len(part)) for part in parts)
    return one, other


def stored(start: str) -> str:
    """What the cell that holds these words printed."""
    (cell,) = (c for c in cells("12") if c.cell_type == "code" and start in c.source)
    return "".join(one.get("text", "") for one in cell.outputs)


# The toast, and the four numbers


def test_the_boss_compares_those_who_bought_often_with_those_who_did_not() -> None:
    got = members("M05")
    assert (len(got), int(got.converted.sum())) == (802, 40)
    assert got.often.all()
    starts, ends = at("2025-12-08"), at("2025-12-15")
    before = paid()[paid().created_at < starts].groupby("customer_id").size()
    others = before[~before.index.isin(got.customer_id)]
    week = paid()[(paid().paid_at >= starts) & (paid().paid_at < ends)].customer_id
    bought = others.index.isin(week)
    assert (len(others), int(bought.sum())) == (1768, 71)
    once = (others == 1).mean()
    assert 0.7 < once < 0.8  # 四个里有三个
    assert int((others == 1).sum()) == 1318
    no_consent = others[others > 1].index
    no_consent = [who for who in no_consent if not customers().ads_consent[who]]
    assert (len(no_consent), sum(who in set(week) for who in no_consent)) == (448, 22)
    redeemed = touches().query("campaign_id == 'M05'").redeemed_order.notna().sum()
    assert (int(redeemed), int(redeemed) * 15, round(float(got.spent.sum()), 2)) == (
        20,
        300,
        5588.72,
    )
    holds(
        TEXT, "收券的802位，40位下单，5.0%；没收券的老客1768位，71位下单，4.0%",
        "448位：他们也来了4.9%", "其中1318位只买过一单",
    )  # fmt: skip


def test_the_four_numbers_of_the_fourth_quarter() -> None:
    start = at("2025-10-01")
    old = set(paid()[paid().paid_at < start].customer_id)
    again = paid()[(paid().paid_at >= start) & paid().customer_id.isin(old)]
    chats, orders = data.load("chats"), data.load("orders")
    came = set(chats[chats.started_at >= start].customer_id) | set(
        orders[orders.created_at >= start].customer_id
    )
    came = (came | set(again.customer_id)) & old
    bought, amount = again.customer_id.nunique(), float(again.paid_amount.sum())
    assert (len(old), len(came), bought, round(amount)) == (1844, 780, 566, 138849)
    holds(TEXT, f"{len(old)}位", f"{len(came)}位", f"{bought}位", f"{amount:.0f}元")
    holds(
        TEXT, f"**回访率**{len(came) / len(old):.0%}", f"**期内复购率**{bought / len(old):.0%}",
        f"**人均复购额**{amount / bought:.0f}元",
        f"（repeat rate）是{repeat_rate(paid().customer_id):.0%}",
    )  # fmt: skip


# RFM


def test_the_classes_are_as_told() -> None:
    found = classes(read_cells(), RfmCuts())
    people, spent = sum(o.people for o in found.values()), sum(o.spent for o in found.values())
    best, keep, last = (found[name] for name in ("重要价值", "重要保持", "一般挽留"))
    holds(
        TEXT,
        f"“重要价值”{best.people}位，占人{best.people / people:.1%}，付了{best.spent:.0f}元，"
        f"占钱{best.spent / spent:.1%}；加上“重要保持”，是{(best.spent + keep.spent) / spent:.0%}",
        f"“重要保持”的{keep.people}位好久没来，人均付过{keep.spent / keep.people:.0f}元",
        f"“一般挽留”{last.people}位，人最多，只付了{last.spent / spent:.1%}的钱",
    )
    assert last.people == max(one.people for one in found.values())
    later = classes(read_cells(), RfmCuts(180))["重要价值"].people
    more = later - best.people
    holds(TEXT, f"从{best.people}位变成{later}位，多{more}位")
    assert 0.35 < more / best.people < 0.4  # 四成
    bars = {bar.name: bar for bar in load("12_explore.toml", "groups").by("class", "share")}
    assert {name: bar.k for name, bar in bars.items()} == {n: o.people for n, o in found.items()}


def test_the_mean_as_a_cut_changes_little() -> None:
    each = paid().groupby("customer_id").paid_amount.sum()
    last = paid().groupby("customer_id").paid_at.max()
    many = paid().groupby("customer_id").size()
    best = (END - last <= pd.Timedelta(days=90)) & (many >= 2) & (each >= each.mean())
    holds(
        TEXT, f"平均{each.mean():.1f}元，“重要价值”是{best.sum()}位、{each[best].sum() / each.sum():.1%}",
        f"人均{each.mean():.0f}元",
    )  # fmt: skip


# Who returns


def test_silence_is_as_told() -> None:
    assert "还在的概率<b>52%</b>" in who_returns().parts()[0]
    gardener = set_to(who_returns(), who="晒太阳和园丁", today=203)
    assert "还在的概率<b>44%</b>" in gardener.parts()[0]
    slow, fast = RepeatHistory(1, 34.3, 34.3 + 80 / 7), RepeatHistory(7, 10, 10 + 80 / 7)
    assert (round(100 * SHOP.alive(slow)), round(100 * SHOP.alive(fast))) == (67, 20)
    holds(
        stored("for x, t in ((1, 34.3)"), "买过2次，安静80天：还在67%", "买过8次，安静80天：还在20%"
    )


def test_cdnow_s_printed_numbers_are_those_of_the_text() -> None:
    bought = data.real("cdnow")
    known = histories(zip(bought.customer, bought.date, strict=True), pd.Timestamp("1997-09-30"))
    assert len(known) == 2357
    bg, pareto = fit_bgnbd(known.values()), fit_pareto_nbd(known.values())
    for one, printed, log in (
        (bg, (0.2426, 4.4135, 0.7929, 2.4258), -9582.43),
        (pareto, (0.5533, 10.578, 0.6061, 11.669), -9594.98),
    ):
        for value, there in zip(vars(one.model).values(), printed, strict=True):
            assert abs(value - there) < 0.0007
        assert abs(one.log_likelihood - log) < 0.006
    holds(
        TEXT, "0.2426、4.4135、0.7929、2.4258，对数似然−9582.43", "0.5533、10.578、0.6061、11.669"
    )
    said = stored("后39周实际")
    holds(said, "实际1882次", "BG/NBD：预计1653次", "Pareto/NBD：预计1666次", "1.226次", "1.455次")
    assert 0.1 < 1 - 1666 / 1882 < 1 - 1653 / 1882 < 0.15  # 一成多
    holds(stored("spend = fit_gamma_gamma"), "人均每次35.17美元")


def test_the_chances_of_september_order_the_fourth_quarter() -> None:
    then = histories(zip(paid().customer_id, paid().created_at, strict=True), at("2025-10-01"))
    model = fit_bgnbd(then.values()).model
    real = paid()[paid().created_at >= at("2025-10-01")].groupby("customer_id").size()
    again = {who: one for who, one in then.items() if one.repeats}
    rows = pd.DataFrame({"alive": {who: model.alive(one) for who, one in again.items()}})
    rows["real"] = real.reindex(rows.index).fillna(0)
    bins = rows.groupby(pd.cut(rows.alive, [0, 0.2, 0.4, 0.6, 0.8, 1]), observed=True)
    assert bins.real.mean().is_monotonic_increasing
    assert list(bins.size())[:2] == [18, 96]
    holds(TEXT, "头两格只有18位和96位")


def test_the_planted_process_is_found_as_printed() -> None:
    holds(
        stored("found = fit_bgnbd(shop.values())"),
        "0.638 8.581 0.901 2.68",
        "每周0.0744次",
        "走掉0.251",
    )


# Selections and the gate


def test_the_four_selections_have_the_heads_told() -> None:
    lines = data.load("order_lines").merge(paid()[["order_id", "customer_id", "paid_at"]])
    products = data.load("products").set_index("sku").product_id
    bedding = lines[lines.sku.map(products) == "NX05"].groupby("customer_id").paid_at.max()
    now = at("2026-02-02")
    year = bedding[now - bedding >= pd.Timedelta(days=365)]
    last = paid().groupby("customer_id").paid_at.max()
    silent = int((last[year.index] <= year).sum())
    coupons = touches().query("campaign_id == 'M05'")
    made = data.load("orders").set_index("order_id").created_at
    used = coupons.redeemed_order.map(made) < at("2025-12-11")
    chats = data.load("chats").query("stage == '售前'").groupby("customer_id").size()
    asked = [who for who in chats[chats >= 3].index if who not in set(paid().customer_id)]
    asked = [who for who in asked if customers().ads_consent[who]]
    black = customers().query("level == '黑金'").birthday.dt.month
    heads = [silent, int((~used).sum()), len(asked), int((black == 2).sum())]
    assert heads == [5, 796, 8, 1]
    holds(TEXT, *(f"| {n}位 |" for n in heads))


def test_the_gate_lets_through_as_told() -> None:
    printed = stored("for refusal in").splitlines()
    counts = "{'没同意': 427, '退订过': 37, '这个月够了': 350}"
    assert printed == [f"0 0 {counts} 退不掉：没写怎样退订或关闭", f"420 420 {counts}"]
    last = paid().groupby("customer_id").paid_at.max()
    asleep = int((END - last > pd.Timedelta(days=60)).sum())
    assert asleep == 1654
    left = asleep
    for step in (427, 37, 350, 420):
        left -= step
        holds(TEXT, f"| {step}位 | {left}位 |")


# Uplift


def test_the_campaigns_brought_what_the_table_says() -> None:
    m02, m03 = arms(members("M02")), members("M03")
    rows = [
        ("M02红包", uplift(*m02)),
        ("M03券，睡着的", uplift(*arms(m03[m03.asleep]))),
        ("M03券，醒着的", uplift(*arms(m03[~m03.asleep]))),
    ]
    for name, one in rows:
        gap, low, high = (
            f"{100 * v:.1f}".replace("-", "−") for v in (one.difference, one.low, one.high)
        )
        sign = "+" if one.difference > 0 else ""
        holds(
            TEXT,
            f"| {name} | {one.treated:.1%} | {one.control:.1%} | {sign}{gap}点（{low}到{high}）|",
        )
    assert [one.sure for _, one in rows] == [False, True, False]
    assert not uplift((32, 401), (20, 401)).sure  # 每组四百位，差不到三个百分点看不清
    whole = uplift(*arms(m03))
    assert (f"{whole.treated:.1%}", f"{whole.control:.1%}") == ("16.3%", "7.5%")


def test_money_is_less_sure_than_orders() -> None:
    m03 = members("M03")
    one, other = (m03[m03.arm == arm] for arm in ("实验", "对照"))
    found = money_uplift(one.spent.tolist(), other.spent.tolist())
    holds(TEXT, f"人均多收{found.difference:.2f}元，可区间低到{found.low:.0f}元")
    sizes = [f"{part[part.converted.astype(bool)].spent.mean():.0f}" for part in (one, other)]
    holds(TEXT, f"收券的平均一单{sizes[0]}元，对照的{sizes[1]}元")


def test_the_longest_silent_half_has_four_fifths_of_the_uplift() -> None:
    m03 = members("M03")
    start = at("2025-09-01")

    def ranked(ascending: bool) -> tuple[list[float], float]:
        rows = m03.assign(quiet=start - m03["max"]).sort_values("quiet", ascending=ascending)
        found = qini(rows.converted.astype(bool).tolist(), (rows.arm == "实验").tolist())
        return list(found.curve), found.coefficient

    (quiet, good), (lately, bad) = ranked(False), ranked(True)
    half = len(quiet) // 2
    assert 0.78 < quiet[half] / quiet[-1] < 0.87  # 八成
    assert good > 0.1
    assert bad < -0.1
    tenths = [len(lately) * n // 10 for n in range(1, 10)]
    assert all(lately[n] < lately[-1] * n / len(lately) < quiet[n] for n in tenths)


def test_parallel_worlds_earn_as_the_answer_says() -> None:
    everybody, few = parallel_worlds(), set_to(parallel_worlds(), often=False, once=False)
    gains = [bold(demo.parts()[1])[:2] for demo in (everybody, few)]
    assert gains == [["9单", "365元"], ["9单", "465元"]]
    holds(
        TEXT, "人人发净赚365元，只发睡着的，一样多卖9单，净赚465元", "省下的100元", "反正要买的5位"
    )


def test_texts_drove_loyal_customers_away() -> None:
    m04 = members("M04")
    assert len(m04) == 1585
    often = uplift(*arms(m04[m04.often]))
    sent = touches().query("campaign_id == 'M04'").merge(m04[["customer_id", "often"]])
    gone = sent.groupby("often").unsubscribed.mean()
    holds(
        TEXT,
        f"收了短信的{often.treated:.1%}下单，没收的{often.control:.1%}",
        f"收了的{gone[True]:.1%}",
    )
    once = uplift(*arms(m04[~m04.often]))
    assert not once.sure
    assert abs(once.difference) < 0.01
    assert gone[False] < 0.01  # 两样都几乎没有
    holds(stored('"M04常客", (8, 382)'), "M04常客：-8.0点（-11.5到-4.8）")


def test_the_exercise_s_coupon_earns_and_loses_as_told() -> None:
    def net(treated: tuple[int, int], control: tuple[int, int]) -> int:
        more = treated[0] - treated[1] * control[0] / control[1]
        return round(more * 136 * 0.56 - 20 * treated[0])

    asleep, awake = net((55, 285), (13, 301)), net((27, 218), (29, 260))
    holds(TEXT, f"睡着的赚{asleep}元，醒着的亏{-awake}元")
