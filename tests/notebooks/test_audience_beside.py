"""What lies beside chapter 12 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pandas as pd
import pytest

from kefu import data
from kefu.operations.clv import SHOP, RepeatHistory
from kefu.operations.rfm import RfmCuts
from kefu.stats import two_proportions
from kefu.talk import scenarios
from tests.notebooks.reading import beside, holds, known, percent, price, questions, right
from web import book

TALKS = scenarios(book.chapter("12").talks)
ASLEEP, REPORT, BOSS = TALKS.values()
ASKED, TEACH = questions("12"), beside("12", "teach.md")
STANDS = {row["rule_id"]: row for row in data.rows("rules")}
END = pd.Timestamp("2026-01-01", tz="Asia/Shanghai")


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="Asia/Shanghai")


@cache
def paid() -> pd.DataFrame:
    orders = data.load("orders")
    return orders[orders.paid_at.notna()]


@cache
def buyers(until: pd.Timestamp) -> pd.DataFrame:
    """All who paid before a moment: how often, how much, how many days ago; with what customers say of them."""
    before = paid()[paid().paid_at < until].groupby("customer_id")
    found = before.agg(
        n=("order_id", "size"), last=("paid_at", "max"), spent=("paid_amount", "sum")
    )
    days = (until - found["last"]) / timedelta(days=1)
    return found.assign(days=days).join(data.load("customers").set_index("customer_id"))


@cache
def members(campaign: str, starts: str) -> pd.DataFrame:
    """The customers of a campaign and what each was on the day before it: often here, asleep."""
    found = data.load("campaign_members").query("campaign_id == @campaign")
    before = buyers(day(starts))[["n", "days"]]
    return found.set_index("customer_id").join(before)


def bought(group: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Of each arm: how many bought, of how many."""
    arms = group.groupby("arm").converted.agg(["sum", "size"])
    return {arm: (int(row["sum"]), int(row["size"])) for arm, row in arms.iterrows()}


@cache
def december() -> pd.DataFrame:
    """All who had bought before M05: did they get its coupon, did they buy in its week."""
    week = paid()[(paid().paid_at >= day("2025-12-08")) & (paid().paid_at < day("2025-12-15"))]
    found = buyers(day("2025-12-08"))
    inside = found.index.isin(members("M05", "2025-12-08").index)
    return found.assign(coupon=inside, came=found.index.isin(week.customer_id))


# The conversations


def test_they_happen_on_the_day_of_the_toast() -> None:
    assert {talk.date.date() for talk in TALKS.values()} == {date(2026, 2, 2)}
    assert date(2026, 2, 2).weekday() == 0
    assert date(2026, 2, 6).weekday() == 4
    told = [BOSS.turns["june"].right.say, *BOSS.turns["june"].right.like]
    assert all("2月6日" in one or "周五" in one for one in told)


def test_what_she_bought_and_what_is_told_of_it() -> None:
    pillow = price("羽丝绒枕芯")
    assert f"枕芯，{pillow:.0f}元一只" in ASLEEP.scene
    assert holds(known("K050"), "不建议整只机洗", "常拍松常晒")
    assert (date(2026, 2, 2) - date(2025, 7, 30)).days == 187
    assert "187天" in ASLEEP.turns["open"].option("counted").say  # type: ignore[union-attr]
    assert pillow < 99 <= 2 * pillow
    two = ASLEEP.turns["coupon"].option("two")
    assert two is not None
    assert holds(
        two.say, f"{2 * pillow:.0f}元", f"减完{2 * pillow - 20:.0f}元", f"合{pillow - 10:.0f}元"
    )
    assert f"多花{pillow:.0f}元" in two.why
    loud = ASLEEP.turns["open"].option("shout")
    assert loud is not None
    assert f"全场{min(float(row['price']) for row in data.rows('products'))}元起" in loud.say


def test_the_rules_say_what_the_lines_build_on() -> None:
    assert holds(STANDS["R48"]["text"], "未经同意不发商业短信", "拒收后不再发")
    assert "便捷的拒绝方式" in STANDS["R50"]["text"]
    assert "退订" in ASLEEP.turns["open"].right.say
    assert "退订" in REPORT.turns["open"].right.say


def test_the_boss_s_report_is_that_of_the_tables() -> None:
    campaign = data.load("campaigns").set_index("campaign_id").loc["M05"]
    assert (campaign.value, campaign.threshold) == (15, 99)
    came, sent = bought(members("M05", "2025-12-08"))["实验"]
    used = data.load("touches").query("campaign_id == 'M05'").redeemed_order.notna().sum()
    spent = members("M05", "2025-12-08").spent.sum()
    without = december()[~december().coupon]
    lone = without[without.n == 1]
    regulars = without[(without.n > 1) & ~without.ads_consent]
    assert (sent, came, used) == (802, 40, 20)
    assert holds(
        BOSS.scene, f"{sent}位", f"{came}位下单，{percent(came, sent)}，实付{spent:.2f}元",
        f"用掉{used}张券，{15 * used}元", f"{len(without)}位",
        f"买了{without.came.sum()}位，{percent(without.came.mean())}", f"{len(lone)}位只买过一次",
        f"{len(regulars)}位，买了{regulars.came.sum()}位，{percent(regulars.came.mean())}",
    )  # fmt: skip
    assert came / sent / without.came.mean() == pytest.approx(1.25, abs=0.02)
    assert len(lone) / len(without) == pytest.approx(0.75, abs=0.01)
    assert holds(BOSS.turns["open"].right.say, f"{len(without)}位", f"{len(lone)}位只买过一次")
    assert holds(BOSS.turns["without"].right.say, f"{len(regulars)}位", f"{regulars.came.sum()}位")
    told = f"发给{sent}位，{came}位下单，{percent(came, sent)}；店里没收到券的{len(without)}位老客"
    assert holds(ASKED["m05"]["ask"], told, f"{without.came.sum()}位下单")
    assert right(ASKED["m05"]).startswith("看不出来")
    assert holds(
        TEACH, f"没收的{len(without)}位，{len(lone)}位只买过一次", f"{len(regulars)}位，22位下单"
    )


def test_september_s_coupon_wakes_who_slept() -> None:
    every = members("M03", "2025-09-01")
    asleep, awake = every[every.days >= 60], every[every.days < 60]
    shares = {}
    for name, group in (("asleep", asleep), ("awake", awake)):
        (k, n), (c, m) = bought(group)["实验"], bought(group)["对照"]
        shares[name] = (100 * k / n, 100 * c / m)
    (with_it, without), (now, then) = shares["asleep"], shares["awake"]
    said = f"发券的{with_it:.1f}%来了，不发的{without:.1f}%"
    assert holds(BOSS.scene, said, f"{now:.1f}%对{then:.1f}%")
    guess = ASKED["m03"]
    assert guess["answer"] == round(with_it - without)
    (k, n), (c, m) = bought(asleep)["实验"], bought(asleep)["对照"]
    assert holds(guess["why"], f"{n}位来了{k}位，{with_it:.1f}%", f"{m}位来了{c}位，{without:.1f}%")
    found = two_proportions(k, n, c, m)
    low, high = 100 * found.low, 100 * found.high
    assert holds(guess["shows"], f"{with_it - without:.1f}个百分点", f"{low:.1f}到{high:.1f}")
    assert f"只多{now - then:.1f}" in guess["shows"]
    left = asleep.groupby("arm").spent.mean()
    cost = 100 * (left["实验"] - left["对照"])
    assert f"少卖约{cost:.0f}元" in BOSS.turns["half"].right.say
    assert f"少卖约{cost:.0f}元" in TEACH


def test_who_would_have_come_anyway() -> None:
    (k, n), (c, m) = bought(members("M03", "2025-09-01")).values()
    guess = ASKED["worlds"]
    assert f"{round(100 * k / n)}位买了" in guess["ask"]
    assert guess["answer"] == round(100 * c / m, 1)
    assert f"{m}位里，{c}位也买了" in guess["why"]
    assert next(
        t["value"] for t in ASKED["m03"]["traps"] if t["value"] == round(100 * (k / n - c / m), 1)
    )


def test_the_texts_drive_regulars_away() -> None:
    every = members("M04", "2025-11-01")
    regulars, once = every[every.n > 1], every[every.n == 1]
    (k, n), (c, m) = bought(regulars)["实验"], bought(regulars)["对照"]
    guess, quiz = ASKED["texts"], ASKED["regulars-texts"]
    assert f"没收短信的{percent(c, m)}" in guess["ask"]
    assert right(guess).startswith(f"{100 * k / n:.0f}%")
    left = data.load("touches").query("campaign_id == 'M04' and unsubscribed").customer_id
    gone = regulars.index.isin(left).sum()
    lost = 100 * (c / m - k / n)
    assert holds(
        guess["options"][3]["why"],
        f"{n}位里只来了{k}位，{percent(k, n)}",
        f"{lost:.1f}个",
        f"{gone}位退订",
    )
    assert holds(
        quiz["ask"], f"{percent(k, n)}下单，没收的{percent(c, m)}", f"{percent(gone, n)}退订"
    )
    assert f"少买{lost:.1f}个百分点" in ASKED["t-texts"]["why"]
    (k, n), (c, m) = bought(once)["实验"], bought(once)["对照"]
    found = two_proportions(k, n, c, m)
    assert found.low < 0 < found.high
    assert f"少买{100 * (c / m - k / n):.1f}个百分点" in quiz["options"][3]["why"]


# Guesses, statements, quiz


def test_the_four_figures_of_the_last_quarter() -> None:
    start = day("2025-10-01")
    old = buyers(start).index
    again = paid()[
        (paid().paid_at >= start) & (paid().paid_at < END) & paid().customer_id.isin(old)
    ]
    bought_again = again.customer_id.nunique()
    guess = ASKED["four"]
    assert holds(guess["ask"], f"{len(old)}位老客", f"{bought_again}位又成交")
    assert guess["answer"] == round(100 * bought_again / len(old))
    orders, chats = data.load("orders"), data.load("chats")
    came = {*orders[orders.created_at.between(start, END)].customer_id}
    came |= {*chats[chats.started_at.between(start, END)].customer_id}
    back = len({*old} & came)
    assert f"{back}位回来过" in guess["ask"]
    assert {t["value"] for t in guess["traps"]} >= {
        round(100 * back / len(old)),
        round(100 * bought_again / back),
    }
    assert f"没回来的{len(old) - back}位" in guess["traps"][0]["why"]
    amount = again.paid_amount.sum()
    assert f"期初老客{len(old)} → 回访{back} → 复购{bought_again} → {amount:.0f}元" in TEACH
    assert f"人均{amount / bought_again:.0f}元" in TEACH
    every = buyers(END)
    assert guess["traps"][2]["value"] == round(100 * (every.n > 1).mean())


def test_the_eight_classes() -> None:
    found, cuts = buyers(END), RfmCuts(90, 2, 320)
    classes = pd.Series(
        [cuts.segment(d, n, m) for d, n, m in zip(found.days, found.n, found.spent, strict=True)]
    )
    sizes, sums = classes.value_counts(), found.spent.to_numpy()
    guess, money = ASKED["eight"], ASKED["money"]
    assert f"{len(found)}位买家" in guess["ask"]
    assert sizes.index[0] == right(guess)[:4]
    for option in guess["options"]:
        assert option["why"].startswith(f"{sizes[option['text'][:4]]}位")
    assert [*sizes.index[:3]] == ["一般挽留", "一般发展", "重要价值"]
    assert f"{sizes['一般挽留']}位，占{percent(sizes['一般挽留'], len(found))}" in guess["shows"]
    best, total = sums[(classes == "重要价值").to_numpy()].sum(), sums.sum()
    assert money["answer"] == round(100 * best / total, 1)
    assert f"{best:.0f}元" in money["why"]
    assert (
        f"{sizes['重要价值']}位，占买家的{percent(sizes['重要价值'], len(found))}" in money["ask"]
    )
    both = best + sums[(classes == "重要保持").to_numpy()].sum()
    assert money["traps"][2]["value"] == round(100 * both / total)
    assert f"“重要保持”的{sizes['重要保持']}位" in money["traps"][2]["why"]
    assert cuts.segment(130, 4, 610) == right(ASKED["which-class"])[:4] == "重要保持"


def test_eighty_days_are_long_for_one_and_short_for_the_other() -> None:
    rare = SHOP.alive(RepeatHistory(1, 240 / 7, 320 / 7))
    often = SHOP.alive(RepeatHistory(7, 70 / 7, 150 / 7))
    guess = ASKED["alive"]
    assert holds(guess["shows"], f"约{100 * rare:.0f}%对{100 * often:.0f}%")
    assert right(guess)[0] == "甲"


def test_silent_is_not_gone() -> None:
    summer = buyers(day("2025-07-01"))
    silent = summer[summer.days >= 120].index
    back = paid()[
        (paid().paid_at >= day("2025-07-01")) & paid().customer_id.isin(silent)
    ].customer_id.nunique()
    assert f"{len(silent)}位，到年底又回来{back}位" in ASKED["alive"]["options"][3]["why"]
    assert f"{len(silent)}位，到年底回来{back}位" in TEACH


def test_and_is_not_or() -> None:
    lines = paid()[["order_id", "customer_id"]].merge(data.load("order_lines"), on="order_id")
    pillow = {*lines[lines.sku.str.startswith("NX13")].customer_id}
    everybody = data.load("customers").set_index("customer_id")
    has, agrees = everybody.index.isin(pillow), everybody.sms_consent
    guess = ASKED["tags"]
    assert f"正好{(has & agrees).sum()}位" in guess["ask"]
    assert guess["answer"] == (has | agrees).sum()
    assert holds(guess["why"], f"{len(pillow)}位", f"{agrees.sum()}位", f"{guess['answer']}位")
    assert f"{(has & ~agrees).sum()}位根本没同意" in guess["shows"]
    assert agrees.mean() == pytest.approx(0.75, abs=0.01)


def test_the_gate_before_a_text() -> None:
    touches = data.load("touches")
    asleep = buyers(END).query("days > 60")
    agrees = asleep[asleep.sms_consent]
    stays = agrees[~agrees.index.isin(touches[touches.unsubscribed].customer_id)]
    rested = stays[~stays.index.isin(touches[touches.sent_at >= day("2025-12-01")].customer_id)]
    steps = [len(one) for one in (asleep, agrees, stays, rested)]
    guess = ASKED["gate"]
    assert f"老客{steps[0]}位" in guess["ask"]
    assert guess["answer"] == steps[-1]
    assert holds(guess["why"], *(f"{one}位" for one in steps[1:]))
    assert f"收过消息的{steps[2] - steps[3]}位" in guess["traps"][2]["why"]
    assert f"发出去的{steps[-1] // 2}位" in guess["shows"]
    assert " → ".join(map(str, steps)) + f" → 抽签 → {steps[-1] // 2}" in TEACH


def test_the_sums_of_the_quiz_and_the_exit_ticket() -> None:
    rate, uplift = ASKED["period-rate"], ASKED["uplift"]
    assert rate["answer"] == 100 * 60 / 500
    assert [t["value"] for t in rate["traps"]] == [100 * 60 / 150, 100 * 150 / 500, 9000 / 500]
    assert "9000÷60＝150元" in rate["why"]
    assert uplift["answer"] == pytest.approx(100 * (48 / 400 - 36 / 400))
    found = two_proportions(48, 400, 36, 400)
    assert found.low < 0 < found.high
    assert "15%－12%＝3个百分点" in TEACH
    assert (30 / 200, 24 / 200) == (0.15, 0.12)
