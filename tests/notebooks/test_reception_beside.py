"""What lies beside chapter 04 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from kefu import data
from kefu.presales.freight import Parcel, compare
from kefu.presales.sizing import recommend, size_chart
from kefu.talk import Scenario, scenarios
from tests.notebooks.reading import beside, pays, percent, price, questions
from tests.notebooks.test_reception_claims import sold, talks
from web import book

TALKS = scenarios(book.chapter("04").talks)
DEAR, FIRST, DOWN, STOCK, CLOSE, LEAVE = TALKS.values()
TEACH, ASKED = beside("04", "teach.md"), questions("04")


def every_word(talk: Scenario) -> str:
    """All that is said and explained in a conversation's turns."""
    turns = talk.turns.values()
    return " ".join(f"{t.says} " + " ".join(f"{o.say} {o.why}" for o in t.options) for t in turns)


def fee(title: str, province: str) -> Decimal:
    """What 青鸟快递 asks for one piece."""
    row = next(row for row in data.rows("products") if row["title"] == title)
    box = Parcel(row["weight_kg"], *(row[f"{side}_cm"] for side in ("length", "width", "height")))
    return next(one.fee for one in compare(box, province) if one.service.carrier == "青鸟快递")


def test_they_lie_between_the_two_great_sales_on_her_shift() -> None:
    for talk in TALKS.values():
        assert date(2025, 11, 15) <= talk.date.date() < date(2025, 12, 1)
        assert talk.date.hour >= 16
    assert DEAR.date.strftime("%H:%M") == "20:05"


def test_the_shirt_and_the_socks() -> None:
    shirt, socks = price("免烫衬衫"), price("中筒袜三双装")
    assert (shirt, socks, pays(shirt, shirt)) == (119, Decimal("19.90"), 218)
    assert all(words in DEAR.scene for words in ("119元", "60%棉、40%聚酯纤维", "19.90元"))
    assert "两件领券共218，合109" in every_word(DEAR)
    assert recommend("衬衫", 172, 68).size == "L"
    assert "对着表看是L码" in every_word(DEAR)
    assert "218元" in TEACH


def test_the_four_things_for_guangdong_are_there_on_the_27th() -> None:
    (way,) = (
        one.service
        for one in compare(Parcel("1", 30, 22, 10), "广东")
        if one.service.carrier == "青鸟快递"
    )
    assert "广东" in LEAVE.scene
    monday = date(2025, 11, 24)
    assert (monday.isoweekday(), way.days) == (1, 3)
    assert monday + timedelta(days=way.days) == date(2025, 11, 27)
    assert "星期一发，广东一般三天，27日前后" in every_word(LEAVE)


def test_the_coat_for_urumqi_is_324_and_42_of_freight() -> None:
    coat = price("轻暖羽绒服")
    freight = fee("轻暖羽绒服", "新疆")
    assert (coat, pays(coat), freight, pays(coat) + freight) == (399, 324, 42, 366)
    assert all(words in every_word(DOWN) for words in ("324元", "42", "366"))
    assert "衣服324元；寄新疆42元，共366元" in TEACH
    chart = {row.size: row for row in size_chart("羽绒服").rows}
    assert (chart["M"].bust, chart["L"].bust) == (104, 110)
    assert recommend("羽绒服", 163, 62).size == "M"
    assert recommend("羽绒服", 163, 62, bust=108).size == "L"


def test_the_cart_of_the_one_who_has_not_paid_adds_up() -> None:
    cart = [price(t) for t in ("羊毛围巾", "珊瑚绒毯", "不锈钢保温杯", "加厚毛巾")]
    assert (sum(cart), pays(*cart)) == (Decimal("313.80"), Decimal("253.80"))
    assert all(words in LEAVE.scene for words in ("313.80元", "253.80元"))


@pytest.mark.parametrize(
    ("talk", "title", "words"),
    [
        (STOCK, "直筒牛仔裤", "149元"),
        (CLOSE, "宽松针织开衫", "169元"),
    ],
)
def test_what_is_talked_of_costs_what_the_shop_asks(talk: Scenario, title: str, words: str) -> None:
    assert f"{price(title):f}".removesuffix(".00") + "元" == words
    assert words in talk.scene


def test_who_comes_in_the_night_talks_of_what_the_shop_sells() -> None:
    assert price("绒面抱枕套") == 25
    assert pays(25, 25) == 50
    assert "两只才50" in every_word(FIRST)


def test_a_reminder_within_half_an_hour_is_paid_most_often() -> None:
    rows = [(float(r["minutes_after"]), r["paid_after"] == "true") for r in data.rows("reminders")]
    early = [paid for minutes, paid in rows if 10 <= minutes < 30]
    late = [paid for minutes, paid in rows if minutes >= 240]
    assert (len(early), sum(early), len(late), sum(late)) == (298, 141, 165, 24)
    assert "298单付了141单；隔4小时以上的，165单只付了24单" in ASKED["t-remind"]["why"]


def test_the_guess_of_those_who_were_asked() -> None:
    one = ASKED["asked-size"]
    counts = talks().groupby("asked").back.agg(["sum", "size"]).to_numpy().tolist()
    assert one["answer"] == round(100 * counts[1][0] / counts[1][1], 1) == 4.7
    assert "没问的253单里退换21单，问过的279单里退换13单" in one["why"]
    assert "差3.6个百分点" in one["shows"]
    assert "−0.6到8.1" in one["shows"]


def test_the_guess_of_the_last_few() -> None:
    n, k, others = sold("库存不太多了")
    assert (n, k, percent(others)) == (219, 0, "58.3%")
    assert "219次" in ASKED["last-few"]["ask"]
    assert "58.3%" in ASKED["last-few"]["ask"]


def test_the_guess_between_two_sizes() -> None:
    chart = {row.size: row for row in size_chart("衬衫").rows}
    assert (chart["L"].bust, chart["XL"].bust) == (106, 112)
    right = next(option for option in ASKED["between-sizes"]["options"] if option["right"])
    assert "L胸围106，XL是112" in right["why"]


def test_the_guess_of_what_runs_small_names_the_dress() -> None:
    (right,) = (option["text"] for option in ASKED["runs-small"]["options"] if option["right"])
    assert right.startswith("碎花连衣裙")
    assert "每100件约8件" in ASKED["runs-small"]["shows"]


def test_three_shirts_come_to_what_the_quiz_says() -> None:
    assert pays(*[price("免烫衬衫")] * 3) / 3 == ASKED["three-shirts"]["answer"] == 94


def test_the_teachers_page_names_exercises_that_are_there() -> None:
    numbers = {int(n) for n in re.findall(r"练习(\d)", TEACH)}
    assert numbers <= set(range(1, 9))
