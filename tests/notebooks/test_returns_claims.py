"""What chapter 06 says in words and numbers, so that other tables do not make it untrue."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from math import exp, log10
from typing import Any

import pytest

from kefu import data
from kefu.aftersales.exchange import Terms, balance, best_gift
from kefu.aftersales.returns import Bill, Case, decide, last_day
from kefu.demos.return_cases import case_of, cases
from kefu.presales.freight import Parcel, compare
from kefu.rules import rules
from kefu.stats import binomial_tail, centre_line, p_chart, two_proportions, wilson
from tests.notebooks.reading import beside, cells, price, questions, right

FAULTY = ("NX20", "B2509")


@cache
def lines() -> list[dict[str, Any]]:
    """Lines of paid orders with product and, if it was asked to go back, the return."""
    paid = {row["order_id"]: row["paid_at"] for row in data.rows("orders") if row["paid_at"]}
    asked = {(r["order_id"], r["line"]): r for r in data.rows("returns")}
    return [
        {**row, "product": row["sku"][:4], "paid_at": paid[row["order_id"]],
         "back": asked.get((row["order_id"], row["line"]))}
        for row in data.rows("order_lines")
        if row["order_id"] in paid
    ]  # fmt: skip


@cache
def text() -> str:
    return "\n".join(cell.source for cell in cells("06"))


def asked(reason: str = "") -> list[dict[str, str]]:
    return [row for row in data.rows("returns") if reason in ("", row["reason"])]


def sold(*products: str) -> tuple[int, int]:
    """How many lines of these came back, of how many."""
    rows = [row for row in lines() if row["product"] in products]
    return sum(row["back"] is not None for row in rows), len(rows)


def rate(*products: str) -> float:
    back, pieces = sold(*products)
    return back / pieces


@cache
def batches() -> dict[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in lines():
        faults, pieces = found.get((row["product"], row["batch"]), (0, 0))
        bad = row["back"] is not None and row["back"]["reason"] == "质量问题"
        found[row["product"], row["batch"]] = faults + bad, pieces + 1
    return found


# The story


def test_the_morning_is_a_sunday_on_which_the_warehouse_rests() -> None:
    assert date(2026, 1, 4).isoweekday() == 7
    talks = tomllib.loads(beside("06", "talks.toml"))["talk"]
    assert {talk["date"].date() for talk in talks.values()} == {date(2026, 1, 4)}
    assert all(9 <= talk["date"].hour < 16 for talk in talks.values())  # the early shift


def test_goods_cost_what_the_shop_asks() -> None:
    for title, yuan in (("宽松针织开衫", 169), ("绒面抱枕套", 25), ("棉麻桌布", 58),
                        ("高弹打底裤", 49), ("儿童连帽卫衣", 79), ("免烫衬衫", 119),
                        ("帆布手提包", 55), ("不锈钢保温杯", 69)):  # fmt: skip
        assert price(title) == yuan
    assert "木棉的两件194元" in text()


def test_the_cardigan_s_first_leg_is_the_carrier_s_tariff() -> None:
    goods = [row for row in data.rows("products") if row["sku"] in ("NX07-燕麦-L", "NX04-米白")]
    weight = sum(float(row["weight_kg"]) for row in goods)
    height = sum(float(row["height_cm"]) for row in goods)
    box = Parcel(weight, float(goods[1]["length_cm"]), float(goods[1]["width_cm"]), height)
    (fee,) = (r.fee for r in compare(box, "湖南") if r.service.carrier == "青鸟快递")
    assert fee == 14


@pytest.mark.parametrize(("told", "kind", "refund"), [
    (True, "退货退款", 155), (False, "退货退款", 169), (True, "换货", 0),
])  # fmt: skip
def test_mumian_s_money(told: bool, kind: Any, refund: int) -> None:
    bill = Bill(Decimal(169), Decimal(25), threshold=Decimal(88), told=told, outward=Decimal(14))
    found = decide(Case(kind=kind, reason="尺码不合", bill=bill)).money
    assert (found.refund, found.deducted) == (refund, 14 if refund == 155 else 0)
    assert found.buyer_freight == 10  # she sends it back at her cost in any case
    if refund == 155:
        assert questions("06")["mumian-freight"]["answer"] == found.buyer_freight + found.deducted


def test_the_leggings_were_bought_in_time_to_be_of_the_faulty_batch() -> None:
    last = max(row["paid_at"] for row in lines() if (row["product"], row["batch"]) == FAULTY)
    assert last[:10] == "2025-11-05"  # 11月初买的; B2509早已卖完


# Rules and the seven days


def test_the_first_day_is_the_one_after_signing() -> None:
    signed = date(2025, 11, 1)
    assert last_day(signed) == date(2025, 11, 8)  # 2日是第1天，8日是第7天
    assert signed.isoweekday() == last_day(signed).isoweekday() == 6
    assert right(questions("06")["last-weekday"]) == "星期六"


def test_the_leggings_lack_a_picture_and_then_come_back_at_the_shop_s_cost() -> None:
    case = Case(reason="质量问题", day=57, intact=False)
    assert decide(case).outcome == right(questions("06")["leggings-now"])[:2] == "补证"
    shown = decide(replace(case, day=15, evidence=frozenset({"照片或视频"})))
    assert (shown.outcome, shown.freight_payer) == ("退货退款", "卖家")


def test_every_rule_of_the_chapter_has_its_card_or_its_link() -> None:
    of_chapter = {row["rule_id"] for row in data.rows("rules") if "06" in row["chapter"].split(";")}
    shown = {one.upper() for one in re.findall(r"rules\.md#(r\d+)", text())}
    assert of_chapter <= shown


def test_a_card_says_what_the_table_of_rules_says() -> None:
    cards = re.findall(r"^> \*\*规则卡　\[(.+?)\]\(.+?#(r\d+)\S+\)\*\*：(.+)$", text(), re.M)
    assert len(cards) >= 12
    for title, number, said in cards:
        rule = rules()[number.upper()]
        assert title == rule.title
        assert said == f"{rule.text}（{rule.source}，{rule.standing}，{rule.as_of}）"


def test_two_of_the_twenty_are_refused() -> None:
    found = [decide(case_of(one["facts"])).outcome for one in cases()]
    assert found.count("拒绝") == questions("06")["how-many-refused"]["answer"] == 2


# Data: evidence and reasons


def test_without_a_picture_all_were_refused_and_with_one_none() -> None:
    sellers = [row for row in asked() if row["fault"] == "卖家"]
    without = [row["status"] == "已拒绝" for row in sellers if row["evidence"] == "无"]
    shown = [row["status"] == "已拒绝" for row in sellers if row["evidence"] != "无"]
    assert (len(sellers), len(without), len(shown)) == (256, 56, 200)
    assert (sum(without), sum(shown)) == (56, 0)
    assert questions("06")["no-picture"]["answer"] == 56


def test_why_things_came_back() -> None:
    reasons, payers = (Counter(row[key] for row in asked()) for key in ("reason", "fault"))
    assert reasons.total() == 1087
    assert reasons["尺码不合"] == 212
    assert reasons["不喜欢"] == max(reasons.values()) == 291
    assert 0.40 < (reasons["不喜欢"] + reasons["七天无理由"]) / 1087 < 0.45
    assert 0.60 <= payers["买家"] / 1087 <= 2 / 3
    assert {row["fault"] for row in asked("尺码不合")} == {"买家"}
    kinds = Counter(row["kind"] for row in asked("尺码不合"))
    assert 0.45 < kinds["换货"] / 212 < 0.5


def test_most_who_complain_of_the_size_name_the_shop_s_advice() -> None:
    said = [row["text"] for row in data.rows("reviews") if row["cause"] == "尺码"]
    advised = [one for one in said if re.search("客服说正码|按推荐买|推荐的码", one)]
    assert (len(said), len(advised)) == (24, 16)


def test_asking_for_the_body_may_be_chance() -> None:
    found = two_proportions(13, 279, 21, 253)  # seen_88 of size_asked in truths.yml
    assert (round(100 * 13 / 279, 1), round(100 * 21 / 253, 1)) == (4.7, 8.3)
    assert round(found.p_value, 2) == 0.09


# Data: asking for an exchange


def test_asking_pays_up_to_fifteen_yuan_and_not_where_goods_come_back_again() -> None:
    shirt = Terms(price=Decimal(119), cost=Decimal(52))
    assert best_gift(shirt) == 15
    assert balance(shirt, 0).gain == Decimal("13.28")
    assert balance(shirt, 15).gain == Decimal("32.33")
    assert balance(shirt, 15).accepted == balance(shirt, 25).accepted == Decimal("0.9")
    bad = Terms(price=Decimal(119), cost=Decimal(52), again=Decimal("0.71"))
    thin = Terms(price=Decimal(60), cost=Decimal(50))
    for terms in (bad, thin):
        assert max(balance(terms, gift).gain for gift in range(31)) < 0


def test_nobody_s_first_leg_was_taken_off_last_year() -> None:
    gone: dict[str, list[dict[str, Any]]] = {}
    for row in lines():
        back = row["back"]
        if (
            back
            and (back["status"], back["fault"]) == ("已完成", "买家")
            and back["kind"] != "换货"
        ):
            gone.setdefault(row["order_id"], []).append(row)
    broken = 0
    for order in data.rows("orders"):
        rows = gone.get(order["order_id"], [])
        goods, back = Decimal(order["goods_amount"]), sum(Decimal(r["amount"]) for r in rows)
        if not rows or Decimal(order["buyer_freight"]) or goods < 88 or not 0 < goods - back < 88:
            continue
        broken += 1
        paid = back * (1 - Decimal(order["discount"]) / goods)
        refund = sum(Decimal(r["back"]["refund_amount"]) for r in rows)
        assert abs(refund - paid) < Decimal("0.03")
    assert 100 < broken < 120
    assert "一百来位客人" in text()


# Data: which product, which batch


def test_clothes_with_sizes_come_back_most_and_the_leggings_most_of_all() -> None:
    sized = {r["product_id"] for r in data.rows("products") if r["chart"]}
    others = {r["product_id"] for r in data.rows("products")} - sized
    assert len(sized) == 8
    assert len(sized | others) == 24
    assert min(map(rate, sized)) > max(map(rate, others))
    assert max(sized, key=rate) == "NX20"
    linen = {r["product_id"] for r in data.rows("products") if r["category"] == "家纺"}
    assert rate("NX06") < max(map(rate, linen))  # the scarf, clothing without sizes
    assert round(100 * rate(*sized, *others), 1) == 10.1


def test_the_leggings_and_the_shirt_cannot_be_told_apart_by_their_rates() -> None:
    leggings, shirt = sold("NX20"), sold("NX22")
    assert leggings == (108, 628)
    assert [round(100 * rate(p), 1) for p in ("NX20", "NX22")] == [17.2, 14.4]
    assert [round(100 * bound, 1) for bound in wilson(*leggings)] == [14.4, 20.3]
    assert wilson(*shirt)[1] > wilson(*leggings)[0]
    assert two_proportions(*leggings, *shirt).p_value > 0.05


def test_one_batch_of_the_leggings_is_faulty() -> None:
    leggings = {
        batch: counts for (product, batch), counts in batches().items() if product == "NX20"
    }
    assert leggings.pop("B2509") == (23, 124)
    assert max(faults for faults, _ in leggings.values()) == 1
    found = [r for r in lines() if (r["product"], r["batch"]) == FAULTY]
    left = Counter(r["back"] and r["back"]["status"] for r in found)
    assert left == {None: 86, "已完成": 32, "已拒绝": 4, "已撤销": 2}
    assert (
        "还有92笔在客人手里：86笔从没提过，4笔被拒（3笔说过质量，只差照片），2笔自己撤了" in text()
    )
    faulty = [r["back"] for r in found if r["back"] and r["back"]["reason"] == "质量问题"]
    refused = [one["evidence"] for one in faulty if one["status"] == "已拒绝"]
    assert refused == ["无"] * 3
    assert sum(bool(one["received_at"]) for one in faulty) == 19
    assert "小棠把收回的19条" in text()
    assert 0.15 < 23 / 124 < 0.25  # 约两成, in the talk


def test_the_second_pass_leaves_the_faulty_batch_out_of_what_is_usual() -> None:
    groups = {f"{product} {batch}": counts for (product, batch), counts in batches().items()}
    assert len(groups) == 165
    assert round(100 * centre_line(groups), 2) == 1.44
    others = {name: counts for name, counts in groups.items() if name != " ".join(FAULTY)}
    usual = centre_line(others)
    assert round(100 * usual, 2) == 1.24
    out = {point.name: point for point in p_chart(groups, usual=usual) if point.out}
    assert set(out) == {"NX18 B2509", " ".join(FAULTY)}
    assert (out["NX18 B2509"].faults, out["NX18 B2509"].pieces) == (5, 73)
    expected = {n: len(others) * binomial_tail(p.faults, p.pieces, usual) for n, p in out.items()}
    assert round(expected["NX18 B2509"], 2) == 0.36
    assert round(1 - exp(-0.36), 1) == 0.3  # 十家这样的店，约有三家会碰上
    assert 11 <= -log10(expected[" ".join(FAULTY)]) < 20  # 小数点后得数十几个零


def test_chance_alone_puts_two_or_three_batches_out_and_six_of_124_are_out() -> None:
    usual, luck = 0.0124, 0.0
    for _, pieces in batches().values():
        (point,) = p_chart({"": (0, pieces)}, usual=usual)
        first = int(point.upper * pieces) + 1
        luck += binomial_tail(first, pieces, usual) if first <= pieces else 0
        if pieces == 124:
            assert first == questions("06")["out-at"]["answer"] == 6
    assert round(luck, 1) == 2.5


def test_the_counts_typed_into_the_live_cell_are_those_of_the_table() -> None:
    (typed,) = (
        found[1] for c in cells("06") if (found := re.match(r"counts = (\{.+\})", c.source))
    )
    counts = ast.literal_eval(typed)
    groups = batches()
    assert {batch: groups["NX20", batch] for batch in counts} == counts
