"""What is asked for, what goes together, and what else; honest where counts are small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.intelligence.recommend import (
    ENOUGH,
    Need,
    Pairing,
    bundles,
    next_buys,
    on_request,
    other,
    pairings,
    shop_baskets,
    shop_goods,
    tops_up,
)
from kefu.stats import two_proportions

TITLE = {good.product_id: good.title for good in shop_goods()}
orders = st.lists(st.frozensets(st.sampled_from("甲乙丙丁"), min_size=1), max_size=40)


def test_the_shop_s_goods_are_in_the_order_in_which_they_sell():
    goods = shop_goods()
    assert len(goods) == 24
    assert goods[0].title == "纯棉圆领短袖"
    assert sum(good.sold for good in goods) == sum(map(len, shop_baskets()))
    assert len(shop_baskets()) == 5928


# 求购


def test_a_request_is_met_within_its_budget_or_not_at_all():
    found = on_request(Need(category="家居", budget=50))
    assert [pick.good.title for pick in found] == ["手绘马克杯", "防滑衣架十只装", "香薰蜡烛"]
    assert found[0].why == "在家居里，32元起，没超50元"
    assert on_request(Need(words=("羽绒服",), budget=100)) == ()
    assert on_request(Need(words=("火箭",))) == ()
    assert [pick.good.title for pick in on_request(Need(words=("打底裤", "高弹")))] == [
        "高弹打底裤"
    ]


@given(
    st.sampled_from(("", "家居", "服装", "家纺", "鞋包")), st.none() | st.integers(0, 400),
    st.frozensets(st.sampled_from(sorted(TITLE))), st.integers(1, 30),
)  # fmt: skip
def test_nothing_is_shown_that_was_not_asked_for(
    category: str, budget: int | None, without: frozenset[str], most: int
):
    found = on_request(Need(category=category, budget=budget, without=without), most=most)
    assert len(found) <= most
    for good, why in found:
        assert why
        assert category in ("", good.category)
        assert budget is None or good.price <= budget
        assert good.product_id not in without


# 搭配


@given(orders)
def test_pairs_are_counted_once_each(baskets: list[frozenset[str]]):
    found = pairings(baskets)
    assert sum(one.together for one in found) == sum(len(b) * (len(b) - 1) // 2 for b in baskets)
    for one in found:
        assert one.first < one.second
        assert one.together == sum({one.first, one.second} <= basket for basket in baskets)
        assert one.confidence <= 1
        assert one.interval[0] <= one.confidence <= one.interval[1]
        turned = bundles(one.second, [one])
        assert (turned != ()) == one.holds
        for pair in turned:
            assert pair.lift == pytest.approx(one.lift)
            assert (pair.first, pair.together) == (one.second, one.together)


def test_three_of_the_276_pairs_hold_and_all_three_are_made_by_free_shipping():
    found = pairings()
    assert len(found) == 276
    assert sum(one.lift > 1 for one in found) == 19
    held = [one for one in found if one.holds]
    assert [
        (TITLE[one.first], TITLE[one.second], one.together, round(one.lift, 2), round(100 * one.confidence, 1))
        for one in held
    ] == [
        ("手绘马克杯", "棉麻桌布", 52, 3.01, 10.3),
        ("纯棉圆领短袖", "手绘马克杯", 123, 1.68, 14.3),
        ("纯棉圆领短袖", "防滑家居拖鞋", 141, 1.51, 16.4),
    ]  # fmt: skip
    assert all(map(tops_up, held))
    price = {good.product_id: good.price for good in shop_goods()}
    assert [float(price[one.first] + price[one.second]) for one in held] == [90, 91, 88.9]


def test_a_large_lift_of_few_orders_does_not_hold():
    few = Pairing("甲", "乙", 3, 5, 5, 1000)
    assert few.lift == 120
    assert few.luck < 0.001
    assert not few.holds
    many = Pairing("甲", "乙", ENOUGH, 100, 150, 1000)
    assert many.lift > 1.3
    assert not many.holds  # chance makes as much
    alone = Pairing("甲", "乙", 25, 100, 150, 1000)
    assert alone.holds
    assert not Pairing("甲", "乙", 25, 100, 150, 1000, tried=276).holds


def test_counts_that_cannot_be_are_refused():
    for counts, named in (
        ((6, 5, 9, 10), "first_orders"),
        ((1, 5, 11, 10), "second_orders"),
        ((0, 6, 5, 10), "orders"),
    ):
        with pytest.raises(ValueError, match=named):
            Pairing("甲", "乙", *counts)
    assert Pairing("甲", "乙", 5, 10, 5, 10).luck == 1


# 其他


def test_without_consent_nobody_s_purchases_are_used():
    shown = other(["NX20"], consented=False)
    assert [pick.good.title for pick in shown] == ["纯棉圆领短袖", "中筒袜三双装", "防滑家居拖鞋"]
    assert all("没有用您的购买记录" in pick.why for pick in shown)
    assert other([], consented=True)[0].why == "店里卖得最多"
    assert other(["NX20"], consented=True)[0].why == "买过它又来的278位里，70位后来买了这件"
    with pytest.raises(TypeError, match="consented"):
        other([], consented=1)  # type: ignore[arg-type]


def test_too_few_customers_are_nothing_to_go_by():
    few = [(frozenset({"NX20"}), frozenset({"NX05"}))] * (ENOUGH - 1)
    enough = [*few, few[0]]
    assert other(["NX20"], consented=True, histories=few)[0].why == "店里卖得最多"
    assert other(["NX20"], consented=True, histories=enough, most=1)[0].good.product_id == "NX05"


@given(
    st.lists(
        st.lists(st.frozensets(st.sampled_from("甲乙丙丁"), min_size=1), max_size=4), max_size=20
    )
)
def test_later_purchases_are_counted_by_customer(histories: list[list[frozenset[str]]]):
    found = next_buys("甲", histories)
    assert len({one.second for one in found}) == len(found)
    for one in found:
        assert one.second != "甲"
        assert 0 <= one.bought <= one.customers
        assert 0 <= one.others_bought <= one.others
        assert one.customers + one.others <= len(histories)
        assert 0 <= one.share <= 1
        assert 0 <= one.usual <= 1


def test_what_was_bought_before_says_little_of_what_is_bought_next():
    tried = [one for good in shop_goods() for one in next_buys(good.product_id)]
    assert len(tried) == 24 * 23
    more = [
        one for one in tried
        if one.share > one.usual
        and two_proportions(one.bought, one.customers, one.others_bought, one.others).p_value < 0.05 / len(tried)
    ]  # fmt: skip
    assert len(more) == 1
