"""The tables agree with each other: times in order, money that adds up, states that follow."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import pairwise

import numpy as np
import pandas as pd

from datasets.shop.habits import Plan
from datasets.shop.people import Person
from kefu.presales.freight import provinces, zone_of
from tests.data.recover import END, Tables

FIVE = {"不可抗力", "节假日延长", "丢失破损", "疑难件", "非本人签收"}
MASKED = re.compile(r"1[3-9]\d\*{4}\d{4}")


def in_order(table: pd.DataFrame, *columns: str, strictly: bool = False) -> bool:
    """Return whether each row's times, as far as they are there, do not go back."""
    for row in table[list(columns)].itertuples(index=False):
        times = [time for time in row if not pd.isna(time)]
        if any(b < a or (strictly and a == b) for a, b in pairwise(times)):
            return False
    return True


# Orders, lines, payments


def test_an_order_is_placed_paid_and_closed_in_this_order(shop: Tables) -> None:
    orders = shop["orders"]
    assert in_order(orders, "created_at", "paid_at", "closed_at", strictly=True)
    assert orders.created_at.dt.year.eq(2025).all()
    for column in ("paid_at", "closed_at"):
        assert (orders[column].dropna() < END).all()


def test_the_status_follows_from_the_times(shop: Tables) -> None:
    orders = shop["orders"].merge(shop["parcels"], on="order_id", how="left")
    paid, closed = orders.paid_at.notna(), orders.closed_at.notna()
    sent, reason = orders.shipped_at.notna(), orders.close_reason.notna()
    expected = np.select(
        [closed & reason, closed, ~paid, sent],
        ["交易关闭", "交易成功", "待付款", "已发货"],
        default="已付款",
    )
    assert (orders.status == expected).all()
    states = {"已付款", "已发货", "交易成功", "交易关闭"}
    assert states <= set(orders.status) <= states | {"待付款"}
    assert not (reason & ~closed).any()
    assert (paid == orders.close_reason.eq("全额退款"))[closed & reason].all()


def test_money_adds_up(shop: Tables) -> None:
    orders, lines = shop["orders"].set_index("order_id"), shop["order_lines"]
    assert np.allclose(lines.amount, lines.unit_price * lines.quantity)
    sums = lines.groupby("order_id")[["amount", "quantity"]].sum()
    assert np.allclose(sums.amount, orders.goods_amount[sums.index])
    assert (sums.quantity == orders.pieces[sums.index]).all()
    due = orders.goods_amount - orders.discount + orders.buyer_freight
    paid = orders.paid_at.notna()
    assert np.allclose(orders.paid_amount[paid], due[paid])
    assert (orders.paid_amount[~paid] == 0).all()
    assert (orders.discount < orders.goods_amount).all()


def test_every_paid_order_has_one_payment_of_its_amount(shop: Tables) -> None:
    both = shop["payments"].merge(shop.paid, on="order_id", suffixes=("", "_order"))
    assert len(both) == len(shop.paid) == len(shop["payments"])
    assert (both.paid_at == both.paid_at_order).all()
    assert np.allclose(both.amount, both.paid_amount)


def test_lines_have_the_price_of_their_sku_and_a_batch(shop: Tables) -> None:
    lines = shop["order_lines"].merge(shop["products"], on="sku")
    assert len(lines) == len(shop["order_lines"])
    assert (lines.unit_price == lines.price).all()
    assert lines.batch.str.fullmatch(r"B2[45]\d\d").all()


def test_products_cost_less_than_their_price(shop: Tables) -> None:
    products = shop["products"]
    assert (products.cost < products.price).all()
    assert products.product_id.nunique() == 24
    assert products.sku.is_unique
    assert 90 <= len(products) <= 110


def test_sized_products_have_all_their_sizes_in_the_chart(shop: Tables) -> None:
    sized = shop["products"].dropna(subset=["chart"])[["chart", "size"]].astype(str)
    charts = shop["size_charts"][["chart", "size"]].astype(str)
    assert set(sized.itertuples(index=False)) == set(charts.itertuples(index=False))


def test_free_shipping_begins_at_88_yuan_but_not_everywhere(shop: Tables) -> None:
    orders = shop["orders"]
    far = orders.province.isin(["新疆", "西藏", "香港", "澳门", "台湾"])
    assert (orders.buyer_freight == 0).eq((orders.goods_amount >= 88) & ~far).all()


def test_every_order_goes_to_a_known_province(shop: Tables) -> None:
    assert set(shop["orders"].province) <= set(provinces())
    parcels = shop["parcels"].merge(shop["orders"], on="order_id")
    assert (parcels.zone == parcels.province.map(zone_of)).all()


def test_an_order_that_came_from_a_chat_follows_it(shop: Tables) -> None:
    both = shop["orders"].merge(shop["chats"], on="chat_id", suffixes=("", "_chat"))
    assert len(both) == shop["orders"].chat_id.notna().sum()
    assert (both.customer_id == both.customer_id_chat).all()
    assert (both.stage == "售前").all()
    gap = both.created_at - both.ended_at
    assert (gap > pd.Timedelta(0)).all()
    assert (gap < pd.Timedelta(minutes=10)).all()


def test_an_order_from_a_live_show_was_placed_during_it(shop: Tables) -> None:
    both = shop["orders"].merge(shop["live_shows"], on="show_id", suffixes=("", "_show"))
    assert len(both) == shop["orders"].show_id.notna().sum() > 0
    assert (both.created_at >= both.starts_at).all()
    assert (both.created_at < both.ends_at).all()
    assert (both.starts_at.dt.day_of_week == 3).all()


def test_a_presale_has_its_agreed_day_and_is_sent_by_then(shop: Tables) -> None:
    orders = shop["orders"]
    assert (orders.kind.eq("预售") == orders.agreed_date.notna()).all()
    sent = orders[orders.kind == "预售"].merge(shop["parcels"], on="order_id")
    on_time = sent.uploaded_at.dt.strftime("%Y-%m-%d") <= sent.agreed_date
    assert len(sent) > 20
    assert on_time.mean() > 0.6


# Parcels and tracking


def test_a_parcel_goes_its_way_after_the_payment(shop: Tables) -> None:
    parcels = shop["parcels"].merge(shop["orders"], on="order_id")
    assert parcels.order_id.is_unique
    assert in_order(parcels, "paid_at", "uploaded_at", "shipped_at", "signed_at", strictly=True)
    assert (pd.to_datetime(parcels.promised_on) > parcels.uploaded_at.dt.tz_localize(None)).all()
    assert set(parcels.problem.dropna()) == FIVE


def test_the_warehouse_uploads_in_its_hours_only(shop: Tables) -> None:
    at = shop["parcels"].uploaded_at
    assert at.dt.hour.between(9, 17).all()
    assert (at.dt.day_of_week != 6).all()
    assert not at.dt.strftime("%m-%d").between("01-26", "02-04").any()


def test_tracking_tells_of_every_problem_and_ends_with_the_signature(shop: Tables) -> None:
    tracking, parcels = shop["tracking"], shop["parcels"].set_index("parcel_id")
    by = tracking.groupby("parcel_id")
    assert by["at"].apply(lambda at: at.is_monotonic_increasing and at.is_unique).all()
    first, last = by.first(), by.last()
    assert (first.event == "揽收").all()
    assert (first["at"] == parcels.shipped_at[first.index]).all()
    signed = parcels.loc[last.index].signed_at
    assert (last[signed.notna()]["at"] == signed.dropna()).all()
    assert last[signed.notna()].event.isin(["签收", "代收"]).all()
    assert set(parcels.index[parcels.problem.notna()]) <= set(last.index)
    others = set(last.index) & set(parcels.index[parcels.problem.isna()])
    assert len(others) > 100
    number = shop["orders"].set_index("order_id").customer_id.str[1:].astype(int)
    assert (number[parcels.loc[list(others)].order_id] % 12 == 0).all()


# Chats and messages


def test_a_chat_agrees_with_its_messages(shop: Tables) -> None:
    chats, messages = shop["chats"].set_index("chat_id"), shop["messages"]
    by = messages.groupby("chat_id")
    assert by["at"].apply(lambda at: at.is_monotonic_increasing).all()
    assert (by.seq.agg(list).map(lambda seq: seq == list(range(1, len(seq) + 1)))).all()
    assert (by.size()[chats.index] == chats.messages).all()
    asked = messages[messages.sender == "买家"].groupby("chat_id")["at"].min()
    answered = messages[messages.sender.isin(["客服", "机器人"])].groupby("chat_id")["at"].min()
    assert ((answered - asked).dt.total_seconds()[chats.index] == chats.first_response_s).all()
    assert (asked[chats.index] == chats.started_at).all()
    assert (by["at"].max()[chats.index] == chats.ended_at).all()
    assert not messages.text.isna().any()


def test_who_speaks_in_a_chat_is_who_handled_it(shop: Tables) -> None:
    chats, messages = shop["chats"].set_index("chat_id"), shop["messages"]
    senders = messages.groupby("chat_id").sender.agg(set)[chats.index]
    robot = senders.map(lambda who: "机器人" in who)
    person = senders.map(lambda who: "客服" in who)
    assert (robot == chats.handled_by.isin(["机器人", "机器人转人工"])).all()
    assert (person == chats.handled_by.isin(["人工", "机器人转人工"])).all()
    assert (chats.agent_id.eq("A00") == chats.handled_by.eq("机器人")).all()
    team = chats.agent_id.map(shop["agents"].set_index("agent_id").team)
    assert (team[person] == chats.stage[person]).all()


def test_an_agent_answers_only_when_hired_and_on_shift(shop: Tables) -> None:
    both = shop["chats"].merge(shop["agents"], on="agent_id")
    assert (both.started_at.dt.strftime("%Y-%m-%d") >= both.hired_on).all()
    early, some = both[both["shift"] == "早班"], pd.Timedelta(minutes=6)
    assert ((early.ended_at + some).dt.hour >= 9).all()
    assert ((early.started_at - some).dt.hour < 16).all()


def test_chats_after_the_sale_belong_to_an_order_of_the_customer(shop: Tables) -> None:
    chats = shop["chats"]
    assert (chats.stage.eq("售后") == chats.order_id.notna()).all()
    both = chats.merge(shop["orders"], on="order_id", suffixes=("", "_order"))
    assert (both.customer_id == both.customer_id_order).all()
    assert (both.started_at > both.paid_at).all()


def test_a_reminder_goes_to_an_order_that_is_not_yet_paid(shop: Tables) -> None:
    both = shop["reminders"].merge(shop["orders"], on="order_id")
    assert len(both) == len(shop["reminders"]) > 500
    minutes = (both.sent_at - both.created_at).dt.total_seconds() / 60
    assert (minutes == both.minutes_after).all()
    assert (both.paid_after == both.paid_at.notna()).all()
    assert in_order(both, "created_at", "sent_at", "paid_at")
    unpaid = both[~both.paid_after]
    assert in_order(unpaid, "sent_at", "closed_at")


# After the sale


def test_a_return_takes_its_course(shop: Tables) -> None:
    returns = shop["returns"].merge(shop.paid[["order_id", "paid_at"]], on="order_id")
    assert len(returns) == len(shop["returns"])
    steps = ["paid_at", "requested_at", "approved_at", "sent_back_at", "received_at", "closed_at"]
    assert in_order(returns, *steps)
    closed, approved = returns.closed_at.notna(), returns.approved_at.notna()
    assert (closed == returns.status.isin(["已完成", "已拒绝", "已撤销"])).all()
    assert not (approved & returns.status.isin(["已拒绝", "已撤销", "待处理"])).any()
    assert (returns.sent_back_at.notna() | ~returns.status.eq("待收货")).all()
    assert returns.sent_back_at[returns.kind == "仅退款"].isna().all()


def test_a_refund_is_paid_only_where_money_goes_back_and_is_not_more_than_was_paid(
    shop: Tables,
) -> None:
    returns = shop["returns"]
    back = returns.status.eq("已完成") & returns.kind.ne("换货")
    assert (returns.refund_amount[~back] == 0).all()
    assert (returns.refund_amount[back] > 0).all()
    refunds = returns.groupby("order_id").refund_amount.sum()
    orders = shop["orders"].set_index("order_id").loc[refunds.index]
    assert (refunds <= orders.goods_amount - orders.discount + 0.001).all()
    full = orders.close_reason.eq("全额退款")
    assert np.allclose(refunds[full], (orders.goods_amount - orders.discount)[full])


def test_whose_fault_it_was_decides_who_pays_the_freight(shop: Tables) -> None:
    returns = shop["returns"].merge(shop["orders"], on="order_id")
    buyer = returns.fault == "买家"
    assert (returns.freight_payer[~buyer] == "卖家").all()
    free = returns.buyer_freight == 0
    assert (returns.freight_payer[buyer & free] == "各付各程").all()
    assert (returns.freight_payer[buyer & ~free] == "买家").all()


def test_disputes_and_complaints_have_their_own_causes(shop: Tables) -> None:
    disputes = shop["disputes"].merge(shop.paid, on="order_id", suffixes=("", "_order"))
    assert len(disputes) == len(shop["disputes"])
    first = {"期望", "服务", "质量", "物流"}
    assert (disputes.kind.eq("纠纷") == disputes.cause.isin(first)).all()
    assert in_order(disputes, "paid_at", "opened_at", "closed_at", strictly=True)
    assert (disputes.outcome.notna() == disputes.closed_at.notna()).all()
    assert (disputes.compensation[~disputes.outcome.isin(["支持买家", "和解"])] == 0).all()


def test_a_review_belongs_to_an_order_that_succeeded(shop: Tables) -> None:
    reviews = shop["reviews"].merge(shop["orders"], on="order_id", suffixes=("", "_order"))
    assert (reviews.status == "交易成功").all()
    assert (reviews.customer_id == reviews.customer_id_order).all()
    assert in_order(reviews, "closed_at", "at", "replied_at")
    assert in_order(reviews, "at", "follow_up_at", strictly=True)
    assert (reviews.stars.le(3) == reviews.cause.notna()).all()
    assert (reviews.reply.notna() == reviews.replied_at.notna()).all()
    assert (reviews.follow_up.notna() == reviews.follow_up_at.notna()).all()
    bought = set(shop["order_lines"][["order_id", "sku"]].itertuples(index=False, name=None))
    assert set(shop["reviews"][["order_id", "sku"]].itertuples(index=False, name=None)) <= bought


def test_a_survey_is_answered_whole_or_not_at_all(shop: Tables) -> None:
    survey = shop["survey"]
    answers = survey.filter(regex="^(expect|feel)_|^csat|^nps")
    assert (answers.notna().all(axis=1) == survey.answered_at.notna()).all()
    assert (answers.isna().all(axis=1) == survey.answered_at.isna()).all()
    assert in_order(survey, "sent_at", "answered_at", strictly=True)
    gap = survey.filter(regex="^feel_").mean(axis=1) - survey.filter(regex="^expect_").mean(axis=1)
    assert gap.corr(survey.csat) > 0.5
    assert gap.corr(survey.nps) > 0.5


# Customers


def test_the_points_ledger_balances(shop: Tables) -> None:
    points, customers = shop["points"], shop["customers"].set_index("customer_id")
    by = points.groupby("customer_id")
    assert (by.change.cumsum() == points.balance).all()
    assert (points.balance >= 0).all()
    assert (points.change != 0).all()
    assert by["at"].apply(lambda at: at.is_monotonic_increasing).all()
    assert (by.change.sum().reindex(customers.index, fill_value=0) == customers.points).all()
    assert set(points.reason) == {
        "购物", "签到", "优质评价", "兑券", "兑礼", "抵扣", "过期", "退款扣回",
    }  # fmt: skip


def test_levels_follow_from_the_orders_of_the_year(shop: Tables) -> None:
    done = shop["orders"].query("status == '交易成功'").groupby("customer_id").paid_amount
    customers = shop["customers"].set_index("customer_id")
    amount = done.sum().reindex(customers.index, fill_value=0.0).round(2)
    orders = done.count().reindex(customers.index, fill_value=0)
    level = pd.Series("", index=customers.index)
    for row in shop["levels"].itertuples():
        level[(amount >= row.min_amount) & (orders >= row.min_orders)] = row.level
    assert (customers.level == level).all()
    assert set(level) == {"普通", "银卡", "金卡", "黑金"}


def test_members_of_2023_have_the_level_and_the_quarters_that_follow(shop: Tables) -> None:
    members = shop["cohorts"]
    level = pd.Series("", index=members.index)
    for row in shop["levels"].itertuples():
        reached = (members.amount_2023 >= row.min_amount) & (members.orders_2023 >= row.min_orders)
        level[reached] = row.level
    assert (members.level == level).all()
    last = pd.to_datetime(members.joined_on).dt.quarter + members.kept_quarters
    assert (members.bought_2023q4 == last.ge(4)).all()
    assert (members.bought_2024q1 == last.ge(5)).all()
    assert (members.active == last.eq(8)).all()
    assert last.max() == 8
    assert len(members) == 1.5 * len(shop["customers"])


def test_customers_registered_before_they_did_anything(shop: Tables) -> None:
    since = shop["customers"].set_index("customer_id").registered_on
    for table, column in (("orders", "created_at"), ("chats", "started_at")):
        first = shop[table].groupby("customer_id")[column].min().dt.strftime("%Y-%m-%d")
        assert (since[first.index] <= first).all()


def test_there_are_buyers_unpaid_visitors_and_mere_enquirers(shop: Tables) -> None:
    everyone = set(shop["customers"].customer_id)
    buyers, ordered = set(shop.paid.customer_id), set(shop["orders"].customer_id)
    asked = set(shop["chats"].customer_id)
    assert len(buyers) > 0.6 * len(everyone)
    assert len(ordered - buyers) > 100
    assert len(asked - ordered) > 200


def test_every_phone_is_masked(shop: Tables) -> None:
    assert shop["customers"].phone.str.fullmatch(MASKED.pattern).all()
    raw = shop["customers_raw"].phone
    assert raw.str.contains("****", regex=False).all()
    for name in ("messages", "reviews", "survey", "customers", "customers_raw"):
        for column, text in shop[name].select_dtypes(include=["object", "str"]).items():
            bare = text.fillna("").str.contains(r"(?<![\dA-Za-z.])1[3-9]\d{9}(?!\d)")
            assert not bare.any(), (name, column)


# Phrases and the shelf

FORBIDDEN = re.compile(
    r"最|第一|绝对|保证|百分百|100%|永久|独家|国家级|返现|红包换|好评.*[送返奖]|[送返奖].*好评"
    r"|微信|加我|加个?好友|QQ|扫码|转账|电话号码|私下|打给我"
)


def test_canned_replies_come_in_groups_with_fields_and_two_share_a_shortcut(
    committed: Tables,
) -> None:
    phrases = committed["phrases"]
    assert len(phrases) == 120
    assert phrases.text.is_unique
    assert (phrases.groupby("group").size() == 10).all()
    twice = phrases[phrases.shortcut.duplicated(keep=False)]
    assert len(twice) == 2
    assert twice.group.nunique() == 2
    found = phrases.text.str.findall(r"\{(\w+)\}").map(dict.fromkeys).map(";".join)
    assert (found == phrases.fields.fillna("")).all()
    assert (phrases.uses.gt(0) == phrases.last_used.notna()).all()
    assert 0 < phrases.uses.eq(0).sum() < 12
    assert phrases.promises.sum() >= 10


def test_no_canned_reply_says_what_is_forbidden(committed: Tables) -> None:
    phrases = committed["phrases"]
    assert not phrases.text[phrases.text.str.contains(FORBIDDEN)].tolist()
    assert phrases.text.str.len().max() <= 60


def test_the_shelf_counts_the_orders_of_each_week(shop: Tables) -> None:
    shelf = shop["shelf"].assign(week=pd.to_datetime(shop["shelf"].starts_on))
    assert len(shelf) == 52 * 24
    assert (shelf.week.dt.day_of_week == 0).all()
    lines = shop["order_lines"].merge(shop["orders"], on="order_id")
    day = lines.created_at.dt.tz_localize(None).dt.normalize()
    lines["week"] = day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    lines["product_id"] = lines.sku.str[:4]
    counted = lines.groupby(["week", "product_id"]).order_id.nunique()
    orders = shelf.set_index(["week", "product_id"]).orders
    assert (orders == counted.reindex(orders.index, fill_value=0)).all()
    assert orders.sum() > 0.98 * counted.sum()


def test_the_shelf_s_traffic_narrows_and_its_stock_follows_what_is_sold(shop: Tables) -> None:
    shelf = shop["shelf"]
    assert (shelf.views > shelf.clicks).all()
    assert (shelf.clicks >= shelf.orders + shelf.favourites).all()
    assert 0 < shelf.stock.eq(0).mean() < 0.15
    rate = shelf.groupby("product_id")[["orders", "clicks"]].sum()
    assert (rate.orders / rate.clicks).between(0.01, 0.12).all()
    assert (rate.orders / rate.clicks).max() > 1.5 * (rate.orders / rate.clicks).min()
    assert set(shelf.days_to_delisting) == set(range(1, 8))
    cycle = shelf.groupby("product_id").days_to_delisting
    assert cycle.nunique().between(2, 4).all()


# Campaigns


def test_a_member_of_a_campaign_has_what_the_orders_say(shop: Tables) -> None:
    campaigns = shop["campaigns"].set_index("campaign_id")
    for campaign, members in shop["campaign_members"].groupby("campaign_id"):
        day = shop.paid.paid_at.dt.strftime("%Y-%m-%d")
        inside = shop.paid[day.between(campaigns.starts_on[campaign], campaigns.ends_on[campaign])]
        spent = inside.groupby("customer_id").paid_amount.sum()
        expected = members.customer_id.map(spent).fillna(0)
        assert np.allclose(members.spent, expected)
        assert (members.converted == expected.gt(0)).all()


def test_only_the_treated_with_consent_are_touched(shop: Tables) -> None:
    members = shop["campaign_members"].query("arm == '实验'")
    touches = shop["touches"].merge(shop["customers"], on="customer_id")
    pairs = ["campaign_id", "customer_id"]
    assert set(members[pairs].itertuples(index=False, name=None)) == set(
        touches[pairs].itertuples(index=False, name=None)
    )
    assert touches.sms_consent[touches.channel == "短信"].all()
    assert touches.ads_consent[touches.channel != "短信"].all()


def test_a_redeemed_coupon_is_that_of_its_order(shop: Tables) -> None:
    used = shop["touches"].dropna(subset=["redeemed_order"])
    both = used.merge(shop.paid, left_on="redeemed_order", right_on="order_id")
    assert len(both) == len(used) == shop["orders"].coupon_touch.notna().sum() > 50
    assert (both.coupon_touch == both.touch_id).all()
    assert (both.customer_id_x == both.customer_id_y).all()
    assert (both.goods_amount >= both.coupon_threshold).all()
    assert (both.discount >= both.coupon_value).all()
    assert used.opened.all()


# Totals


def test_days_agree_with_the_other_tables(shop: Tables) -> None:
    days = shop["days"].set_index("date")
    assert len(days) == 365

    def by_day(moments: pd.Series) -> pd.Series:
        return moments.dt.strftime("%Y-%m-%d")

    orders, chats = shop["orders"], shop["chats"].query("stage == '售前'")
    placed = orders.groupby(by_day(orders.created_at)).size().reindex(days.index, fill_value=0)
    assert (days.orders == placed).all()
    paid = shop.paid.groupby(by_day(shop.paid.paid_at)).paid_amount.sum()
    assert np.allclose(days.paid_amount, paid.reindex(days.index, fill_value=0))
    asked = chats.groupby(by_day(chats.started_at)).customer_id.nunique()
    assert (days.enquirers == asked.reindex(days.index, fill_value=0)).all()
    assert (days.visitors > days.orders + days.enquirers).all()


def test_the_minutes_of_a_show_count_all_its_orders_and_what_became_of_them(shop: Tables) -> None:
    minutes, shows = shop["live_minutes"], shop["live_shows"].set_index("show_id")
    orders = shop["orders"].dropna(subset=["show_id"])
    late = orders.created_at - orders.show_id.map(shows.starts_at)
    orders = orders.assign(minute=(late.dt.total_seconds() // 60).astype(int))
    back = orders.order_id.isin(shop["returns"].order_id)
    shown = minutes.set_index(["show_id", "minute"])
    for sampled, column in ((orders, "orders"), (orders[back], "returned")):
        counted = sampled.groupby(["show_id", "minute"]).size()
        assert (shown[column][counted.index] >= counted).all()
    assert (minutes.returned <= minutes.orders).all()
    assert (minutes.repeats <= minutes.questions).all()
    assert (minutes.answered_60s <= minutes.questions).all()
    assert (minutes.entered <= minutes.viewers).all()
    sold = -minutes.stock.diff()
    same = minutes.on_screen.eq(minutes.on_screen.shift()) & minutes.minute.gt(0)
    assert (sold[same] == minutes.orders[same]).all()
    listed = minutes.show_id.map(shows.products)
    assert all(p in all_ for p, all_ in zip(minutes.on_screen, listed, strict=True))


def test_the_book_of_promises_agrees_with_the_minutes(shop: Tables) -> None:
    promises, minutes = shop["live_promises"], shop["live_minutes"]
    said = minutes.dropna(subset=["promise_id"]).set_index("promise_id")
    place = ["show_id", "minute"]
    assert (said.loc[promises.promise_id, place].to_numpy() == promises[place].to_numpy()).all()
    assert len(said) == len(promises)
    assert (
        promises.host == promises.show_id.map(shop["live_shows"].set_index("show_id").host)
    ).all()
    counts = promises.kind != "夸赞"
    assert (promises.counts == counts).all()
    assert (promises.kept.notna() == counts).all()
    assert (promises.remedy.notna() == promises.kept.eq(False)).all()
    for row in promises.itertuples():
        show = minutes[minutes.show_id == row.show_id].set_index("minute")
        window = show.loc[row.minute :]
        window = window[window.on_screen == show.on_screen[row.minute]]
        assert (row.orders, row.returned) == (window.orders.sum(), window.returned.sum())
        assert row.complained <= row.orders


def test_nobody_is_lost_in_the_rush(shop: Tables) -> None:
    rush = shop["rush"]
    assert len(rush) == 3 * 24 * 60
    assert (rush["at"].diff().dropna() == pd.Timedelta(minutes=1)).all()
    come = rush.presales + rush.aftersales
    assert (come == rush.robot_solved + rush.to_people).all()
    left = (rush.to_people - rush.answered - rush.abandoned).cumsum()
    assert (rush.waiting == left).all()
    assert (rush.waiting >= 0).all()
    assert (rush.answered_20s <= rush.answered).all()
    alone = rush.agents_on_duty == 0
    assert (rush.robot_solved == come)[alone].all()
    assert (rush.answered == 0)[alone].all()


def test_the_agents_of_the_rush_are_those_of_the_shifts(shop: Tables) -> None:
    """Early and evening shift, the reserve in the days of 双11; both stay on in its first two hours."""
    rush = shop["rush"]
    day, hour = rush["at"].dt.day, rush["at"].dt.hour
    shifts = shop["agents"]["shift"].value_counts()
    night = (day == 11) & (hour < 2)
    early = hour.between(9, 15) * shifts["早班"]
    evening = (hour.between(16, 23) | night) * shifts["晚班"]
    reserve = ((day < 12) & (hour >= 9) | night) * shifts["大促机动"]
    assert (rush.agents_on_duty == early + evening + reserve).all()


def test_inspectors_score_chats_of_others_with_people(shop: Tables) -> None:
    quality = shop["quality"].merge(shop["chats"], on="chat_id")
    assert (quality.handled_by != "机器人").all()
    inspectors = set(quality.inspector)
    assert len(inspectors) == 2
    assert not inspectors & set(quality.agent_id)
    assert (quality.groupby("chat_id").inspector.nunique() == 2).all()


def test_the_robot_s_days_agree_with_the_knowledge_base(shop: Tables) -> None:
    days, knowledge = shop["bot_days"].set_index("date"), shop["knowledge"]
    assert (days.index == shop["days"].date).all()
    assert (days.questions == days.answered + days.handed_over).all()
    assert (days.answered == days.right + days.wrong).all()
    assert (days.before_used + days.expired_used <= days.answered).all()
    assert (days.before_wrong <= days.before_used).all()
    assert (days.expired_wrong <= days.expired_used).all()
    assert days.answered.sum() == knowledge.hits.sum()
    edits = knowledge.updated_on.value_counts().reindex(days.index, fill_value=0)
    assert (days.edits == edits).all()
    expired = [int((knowledge.review_by < day).sum()) for day in days.index]
    assert days.expired_entries.tolist() == expired
    assert (days.expired_used[days.expired_entries == 0] == 0).all()


def test_what_only_the_generator_knows_has_no_column(shop: Tables) -> None:
    names = {name for table in shop.folder.glob("*.csv") for name in shop[table.stem].columns}
    hidden = {field.name for kind in (Person, Plan) for field in fields(kind)} - set(
        shop["customers"].columns
    )
    assert hidden >= {"buyer", "returns", "chance"}
    assert not names & (hidden - {"at"})  # a plan's moment is the order's own
