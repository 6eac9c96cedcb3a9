"""What chapter 02 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
import pytest

from kefu import data
from kefu.explore import load
from kefu.presales.freight import Parcel, compare, split
from kefu.presales.promises import SHANGHAI, Holiday, ship_promise, status, urgency
from kefu.presales.promotions import (
    Cart,
    FullReduction,
    Gift,
    Item,
    NthDiscount,
    Offer,
    PlatformCoupon,
    ShopCoupon,
    best_price,
    checkout,
)
from kefu.presales.topup import outcome, suggest
from kefu.talk import scenarios
from tests.notebooks.reading import questions, right, says
from web import book

EXPLORER = "02_explore.toml"
PILLOW, TOWEL = Parcel("0.95", 45, 35, 20), Parcel("0.15", 25, 15, 4)


def said() -> str:
    """All that the chapter says outside of code: its text, guesses, quiz and conversations."""
    return says("02", "guesses.json", "quiz.json", "talks.toml")


@cache
def orders() -> pd.DataFrame:
    joined = data.load("orders").merge(data.load("parcels"), on="order_id")
    return joined[joined.paid_at.between("2025-10-01", "2025-12-01")]


@cache
def goods() -> dict[str, Any]:
    rows = data.load("products").drop_duplicates("product_id")
    return {row.title: row for row in rows.itertuples()}


def box(*titles: str) -> Parcel:
    """Goods as one parcel: the sum of the weights, a box of the sum of the volumes."""
    found = [goods()[title] for title in titles]
    volume = sum(
        Decimal(str(one.length_cm * one.width_cm)) * Decimal(str(one.height_cm)) for one in found
    )
    weight = sum(Decimal(str(one.weight_kg)) for one in found)
    return Parcel(weight, volume, 1, 1)


def fees(parcel: Parcel, to: str) -> dict[str, tuple[Decimal, int]]:
    return {rate.service.carrier: (rate.fee, rate.service.days) for rate in compare(parcel, to)}


# Marketing

HALF = NthDiscount("第2件半价", n=2, rate=Decimal("0.5"), scope=frozenset({"NX02"}))
REDUCTION = FullReduction("满300减40", Decimal(300), Decimal(40))
COUPONS: list[Offer] = [
    ShopCoupon("满199减20", Decimal(199), Decimal(20)),
    ShopCoupon("满299减35", Decimal(299), Decimal(35)),
    PlatformCoupon("平台券", Decimal(300), Decimal(30)),
    Gift("帆布袋", Decimal(200), "帆布袋", Decimal("9.90")),
]


def cart(socks: int) -> Cart:
    price = {
        name: Decimal(str(goods()[name].price))
        for name in ("羊毛围巾", "直筒牛仔裤", "中筒袜三双装")
    }
    assert list(price.values()) == [Decimal("129"), Decimal("149"), Decimal("19.9")]
    scarf, jeans, sock = price.values()
    return Cart((Item("NX06", scarf), Item("NX08", jeans), Item("NX02", sock, socks)))  # fmt: skip


def test_the_bill_of_the_cart_and_what_a_pack_less_or_more_does_to_it() -> None:
    quote = checkout(cart(2), [HALF, REDUCTION], COUPONS)
    assert [str(step.left) for step in quote.steps] == ["307.85", "267.85", "247.85", "247.85"]
    assert quote == best_price(cart(2), [HALF, REDUCTION, *COUPONS])
    one = checkout(cart(1), [HALF, REDUCTION], COUPONS).pay
    assert (one, one - quote.pay) == (Decimal("277.90"), Decimal("30.05"))
    assert right(questions("02")["one-sock"]) == "大约贵出30元"
    four = checkout(cart(4), [HALF, REDUCTION], COUPONS)
    assert (four.steps[1].left, four.pay) == (Decimal("297.70"), Decimal("277.70"))
    free = best_price(cart(4), [HALF, REDUCTION, *COUPONS])
    assert (free.steps[0].left, free.pay) == (Decimal("337.70"), Decimal("272.70"))
    five = best_price(cart(5), [HALF, REDUCTION, *COUPONS])
    assert (five.pay, [step.off for step in five.steps]) == (Decimal("272.50"), [40, 35, 30, 0])
    for step, limit in zip(quote.steps, ("39.80", "307.85", "267.85", "247.85"), strict=True):
        assert f"| {limit} | {step.off or 0} | {step.left} |" in said().replace("**", "")
    for told in ("317.80元", "267.85元", "247.85元", "277.90元", "30.05元", "剩297.70元，差1.30元",
                 "到手277.70元", "剩337.70元", "到手272.70元，反倒省5元", "到手272.50元", "少0.20元"):  # fmt: skip
        assert told in said(), told


def test_what_the_discount_leaves_of_each_line_is_what_a_return_gives_back() -> None:
    lines = checkout(cart(2), [HALF, REDUCTION], COUPONS).lines
    assert [(str(one.discount), str(one.pay)) for one in lines] == [
        ("25.14", "103.86"), ("29.04", "119.96"), ("15.77", "24.03")
    ]  # fmt: skip
    assert questions("02")["refund"]["answer"] == 119.96
    for line in lines:
        assert f"| {line.amount} | {line.discount} | {line.pay} |" in said().replace("**", "")


def test_a_slip_sells_eleven_of_the_goods_below_cost_and_gives_seven_away() -> None:
    slip = ShopCoupon("手滑", Decimal(39), Decimal(60))
    pays = {
        title: best_price(Cart((Item("a", Decimal(str(one.price))),)), [slip]).pay
        for title, one in goods().items()
    }
    lost = [title for title, pay in pays.items() if pay < Decimal(str(goods()[title].cost))]
    assert (len(pays), len(lost), sum(pay == 0 for pay in pays.values())) == (24, 11, 7)
    assert right(questions("02")["slip"]) == "11款，将近半个店"
    assert "店里24款商品" in said()
    assert "11款里有7款白送" in said()
    middle = [title for title, one in goods().items() if 39 <= one.price <= 99]
    assert sorted(middle) == sorted(lost)
    assert "售价39到99元的，减60元全都破了成本" in said()


def test_the_busiest_day_against_a_common_one() -> None:
    days = data.load("days").set_index("date")
    common, festival = days.median(numeric_only=True), days.loc["2025-11-11"]
    assert festival.orders == days.orders.max() == 199
    assert (common.orders, common.enquirers, festival.enquirers) == (17, 7, 108)
    assert 11 < festival.orders / common.orders < 12
    assert (days.orders["2025-06-18"], days.orders["2025-12-12"]) == (53, 65)
    for told in ("店里拍下17单", "有199单，是平常的近12倍", "从7人涨到108人"):
        assert told in said()
    assert right(questions("02")["peak"]) == "200单上下"


# Payment


def test_the_ways_of_paying_that_are_told() -> None:
    paid = data.load("payments").merge(orders()[["order_id"]])
    share = paid.method.value_counts(normalize=True)
    assert f"支付宝余额和花呗占{share['支付宝余额'] + share['花呗']:.1%}" in said()
    assert f"网银和货到付款只占{share['网银'] + share['货到付款']:.1%}" in said()
    assert share["货到付款"] == share.min()
    assert not {"先用后付", "微信支付"} & set(share.index)


# Freight


def test_the_three_ways_of_the_small_parcel() -> None:
    parcel = box("羊毛围巾", "高弹打底裤")
    assert parcel.weight == Decimal("0.52")
    found = fees(parcel, "新疆")
    assert {name: found[name] for name in ("绿邮小包", "青鸟快递", "远帆物流")} == {
        "绿邮小包": (Decimal("12.60"), 12), "青鸟快递": (Decimal("18.00"), 6), "远帆物流": (Decimal("58.00"), 10)
    }  # fmt: skip
    for rate in compare(parcel, "新疆"):
        way = rate.service
        if way.carrier != "极光速运":
            assert f"{way.carrier}除数{way.divisor}" in said()
            assert f"按{rate.chargeable:.2f} kg收{rate.fee}元，约{way.days}天" in said()
    assert goods()["羊毛围巾"].price + goods()["高弹打底裤"].price == 178
    assert fees(box("羊毛围巾", "高弹打底裤", "高弹打底裤"), "新疆")["青鸟快递"][0] == 30
    assert "青鸟的运费跳到30元" in said()
    assert "平邮12.6元，省5.4元，要12天左右，青鸟是6天" in said()


def test_what_the_scarf_costs_to_henan_by_either_carrier() -> None:
    found = fees(box("羊毛围巾"), "河南")
    assert (found["青鸟快递"], found["极光速运"]) == ((8, 2), (15, 1))
    for told in ("包邮走青鸟快递，到河南通常2天", "换极光速运通常1天，差价7元"):
        assert told in said()


def test_the_guesses_about_freight() -> None:
    assert fees(PILLOW, "广东")["青鸟快递"][0] == 30
    assert right(questions("02")["pillow"]) == "30元"
    far = fees(PILLOW, "新疆")["青鸟快递"][0]
    assert (f"{far:.0f}元", goods()["羽丝绒枕芯"].price) == (
        right(questions("02")["pillow-far"]),
        89,
    )
    assert far > goods()["羽丝绒枕芯"].price - goods()["羽丝绒枕芯"].cost
    tall = fees(Parcel(Decimal("2.4"), 30, 20, 80), "广东")
    assert (tall["远帆物流"][0], tall["青鸟快递"][0]) == (32, 38)
    assert min(tall, key=lambda name: tall[name]) == right(questions("02")["tall-box"])
    weights = (("2.4", "广东"), ("3.0", "广东"), ("3.01", "广东"), ("2.4", "新疆"))
    asked = [fees(Parcel(Decimal(kg), 30, 20, 10), to)["青鸟快递"][0] for kg, to in weights]
    assert asked == [18, 18, 22, 42]
    assert "18＋2×12＝42元" in said()


def test_where_the_fourth_towel_goes() -> None:
    assert split([PILLOW] + [TOWEL] * 3, "广东").fee == 30
    assert split([PILLOW] + [TOWEL] * 4, "广东").fee == 32
    assert fees(box("羽丝绒枕芯", *["加厚毛巾"] * 4), "广东")["青鸟快递"][0] == 34
    assert fees(TOWEL, "广东")["绿邮小包"][0] == Decimal("3.10")
    assert "青鸟快递要34元；它单独走平邮，30加3.1，一共33.1元；整包改走远帆物流只要32元" in said()


def test_the_carrier_s_bills() -> None:
    assert f"一共{len(orders())}个包裹" in said()
    bills = load(EXPLORER, "bills")
    by_carrier = {bar.name: bar for bar in bills.by("carrier", "wrong", {})}
    wrong = {name: bar.k for name, bar in by_carrier.items() if bar.k}
    assert wrong == {"青鸟快递": 18}
    assert sum(bar.k > 0 for bar in bills.by("zone", "wrong", {})) == 5
    over = sum(bar.value for bar in bills.by("carrier", "over", {}))
    assert over == pytest.approx(85.50)
    for told in ("有18单，一共多收85.50元", "错的18单全在青鸟", "五个区都有"):
        assert told in said()
    assert round(len(orders()) / 18, -1) == 80
    assert "约八十个包裹里有一个" in said()


def test_the_threshold_in_the_baskets_and_in_the_model() -> None:
    crowd = load(EXPLORER, "crowd")
    parts = {
        period: {bar.name: bar.value for bar in crowd.by("band", "part", {"period": period})}
        for period in ("上线前", "上线后")
    }
    before, after = parts.values()
    rising = f"88—98元从{before['88—98元']:.1f}%长到{after['88—98元']:.1f}%"
    falling = f"68—88元从{before['68—88元']:.1f}%缩到{after['68—88元']:.1f}%"
    assert f"切到“上线后”，{rising}，{falling}" in said()
    assert (
        f"从{before['88—98元']:.1f}%升到{after['88—98元']:.1f}%" in questions("02")["hill"]["shows"]
    )
    baskets = [row["goods_amount"] for row in data.rows("baskets")]
    assert (
        f"上线前一周有{len(baskets)}个购物车，上线后只看10月和11月，有{len(orders())}单" in said()
    )

    def profit(threshold: int, leave: str) -> Decimal:
        return outcome(baskets, threshold, 20, "0.55", 12, 10, leave).profit_per_basket

    assert f"从{profit(88, '0.2')}元降到{profit(0, '0.2')}元" in said()
    assert f"差{profit(88, '0.2') - profit(0, '0.2')}元" in said()
    rising_curve = [profit(at, "0") for at in range(0, 241, 12)]
    assert rising_curve == sorted(rising_curve)
    assert f"从0元门槛的{rising_curve[0]}元一路升到240元门槛的{rising_curve[-1]}元" in said()
    assert suggest(76, 88, 10, {"毛巾": "16.8"})[0].extra == Decimal("6.80")


# Shipping


def test_the_deadlines_that_are_told() -> None:
    promise = ship_promise(datetime(2025, 11, 8, 20, 15, tzinfo=SHANGHAI))
    assert (promise.upload_by.weekday(), f"{promise.upload_by:%H:%M}") == (6, "20:15")
    assert right(questions("02")["deadline"]) == "星期天晚上8点15分"
    spring = Holiday("春节", date(2026, 2, 14), date(2026, 2, 22))
    paid = datetime(2026, 2, 13, 20, 15, tzinfo=SHANGHAI)
    stopped = ship_promise(paid, holidays=[spring])
    assert (stopped.upload_by, stopped.ship_by) == (
        paid + timedelta(days=10), paid + timedelta(days=11))  # fmt: skip
    assert right(questions("02")["spring"]) == "2月23日"
    presale = {"kind": "预售", "presale_ships": date(2026, 2, 20)}
    assert ship_promise(paid, holidays=[spring], **presale).ship_by.day == 20  # type: ignore[arg-type]
    assert datetime(2025, 11, 12).weekday() == 2  # the father's birthday, a Wednesday


def test_the_four_that_wait_stand_in_the_order_that_is_told() -> None:
    now = datetime(2025, 11, 9, 18, tzinfo=SHANGHAI)
    hours = {"晚晚": 26, "阿树": 21.75, "半糖": 5}
    waiting = {ship_promise(now - timedelta(hours=h)): who for who, h in hours.items()}
    paid = now - timedelta(hours=52)
    waiting[ship_promise(paid, kind="预售", presale_ships=date(2025, 11, 20))] = "小鹿"
    order = urgency(waiting, now)
    assert [waiting[one] for one in order] == [
        item[:2] for item in questions("02")["urgent"]["items"]
    ]
    left = [status(one, now).left / timedelta(hours=1) for one in order]
    assert left[:3] == [-2, 2.25, 19]
    assert "“晚晚”已经超了2小时，“阿树”还剩2小时15分，“半糖”还剩19小时" in said()


def test_late_saturday_orders_miss_the_upload() -> None:
    late = load(EXPLORER, "late")
    days = {bar.name: bar for bar in late.by("weekday", "late", {})}
    assert f"星期六{days['星期六'].value:.0f}%，星期日{days['星期日'].value:.0f}%" in said()
    calm = {bar.name: bar.k for bar in late.by("weekday", "late", {"week": "平时"})}
    assert not any(calm[f"星期{day}"] for day in "一二三四五")
    slots = {bar.name: bar for bar in late.by("slot", "late", {"weekday": "星期六"})}
    third, last, noon = slots["15—18点"], slots["18点后"], slots["12—15点"]
    assert f"15—18点{third.value:.0f}%，18点以后{last.n}单全没赶上" in said()
    assert (last.k, third.k, third.n) == (last.n, 21, 23)
    assert f"{noon.value:.0f}%，再晚只会更糟" in said()
    assert questions("02")["saturday"]["answer"] == round(third.value)
    assert days["星期六"].k / 9 == pytest.approx(11.7, abs=0.05)
    assert "平均每个星期天救回十来单" in said()


def test_no_number_is_uploaded_on_a_sunday_and_twenty_wait_in_the_evening() -> None:
    assert not (orders().uploaded_at.dt.day_of_week == 6).any()
    now = pd.Timestamp("2025-11-09 20:00", tz=SHANGHAI)
    stock = orders()[orders().kind == "现货"]
    wait = stock[(stock.paid_at < now) & (stock.uploaded_at > now)].paid_at
    late = int((wait <= now - timedelta(hours=24)).sum())
    assert (len(wait), late) == (20, 8)
    assert f"还有{len(wait)}单现货没打单，{late}单已经过了24小时" in said()
    assert wait.min() + timedelta(hours=48) > pd.Timestamp("2025-11-10 12:00", tz=SHANGHAI)


def test_the_exercise_on_subsidies_moves_with_its_arguments() -> None:
    heaviest = []
    for month, carrier in ((10, "青鸟快递"), (11, "青鸟快递"), (11, "绿邮小包")):
        chosen = orders()[(orders().paid_at.dt.month == month) & (orders().carrier == carrier)]
        sums = chosen.groupby("zone")[["billed_freight", "buyer_freight", "goods_amount"]].sum()
        heaviest.append(((sums.billed_freight - sums.buyer_freight) / sums.goods_amount).idxmax())
    assert heaviest == ["远区", "偏远", "远区"]


# Conversations and the story


def test_conversations_are_held_in_the_evening_shift_of_the_chapter_s_saturday() -> None:
    talks = scenarios(book.chapter("02").talks)
    agent = next(one for one in data.rows("agents") if one["name"] == "小满")
    assert agent["shift"] == "晚班"
    for talk in talks.values():
        assert talk.date.date() == date(2025, 11, 8)
        assert 16 <= talk.date.hour < 24


def test_the_score_of_a_shop_is_as_the_platform_says() -> None:
    score = Decimal("0.25") * (5 + 5) + Decimal("0.5") * Decimal("4.32")
    assert f"宝贝质量25%、物流速度25%、服务保障50%，如5.00、5.00、4.32，总分{score:.2f}" in said()


def test_the_price_to_compare_with_is_the_lowest_of_the_seven_days_before() -> None:
    """Rule R89; a tag is no price at which anybody bought."""
    asked = questions("02")["was-price"]
    tag, *sold = map(int, re.findall(r"(\d+)元", asked["ask"]))
    assert asked["answer"] == min(sold) < tag
    assert "最低成交价" in next(
        row["text"] for row in data.rows("rules") if row["rule_id"] == "R89"
    )
