"""Who returns: curve, sentence and formula are BG/NBD's up to the day; the customers are the shop's."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from kefu import data
from kefu.demos import Demo, who_returns
from kefu.demos.who_returns import LAST, PEOPLE, history, spoken
from kefu.operations.clv import SHOP, RepeatHistory
from tests.demos.reading import Drawing, bold, grips, hand, parsed, press, run_code, set_to


def said(demo: Demo) -> str:
    return parsed(demo.parts()[0]).select(".kefu-caption p")[0].get_text()


@pytest.mark.parametrize(
    ("who", "today", "within"), [*product(PEOPLE, (1, 95, 200, 300, LAST), (30, 180))]
)
def test_what_is_said_is_the_model_s(who: str, today: int, within: int) -> None:
    demo = set_to(who_returns(), who=who, today=today, within=within)
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    known = [day for day in PEOPLE[who] if day <= today]
    bags = [e for e in drawing.root.iter("circle") if e.attrib["cy"] == "40"]
    assert [e.attrib["class"] for e in bags] == [
        "now" if day <= today else "node" for day in PEOPLE[who]
    ]
    if not known:
        assert "还没来过" in said(demo)
        assert "还不是客人" in parsed(demo.parts()[1]).get_text()
        return
    one = RepeatHistory(len(known) - 1, (known[-1] - known[0]) / 7, (today - known[0]) / 7)
    assert history(PEOPLE[who], today) == one
    assert f"买过{len(known)}次" in said(demo)
    assert f"还在的概率{SHOP.alive(one):.0%}" in said(demo)
    assert f"再买{SHOP.expected(one, within / 7):.1f}次" in said(demo)
    x, y = drawing.data(drawing.dot)
    assert x == pytest.approx(today, abs=1.5)
    assert y == pytest.approx(100 * SHOP.alive(one), abs=0.7)
    assert run_code(demo)[1] == (
        pytest.approx(SHOP.alive(one), abs=1e-4), pytest.approx(SHOP.expected(one, within / 7), abs=1e-4)
    )  # fmt: skip
    if one.repeats:
        assert bold(demo.parts()[1]) == [f"{SHOP.alive(one):.0%}"]
    else:
        assert "模型的脾气" in demo.parts()[1]


def test_what_comes_later_does_not_change_what_is_known_today() -> None:
    days = PEOPLE["晒太阳和园丁"]
    assert history(days, 203) == history(days[:3], 203)
    solid = Drawing(set_to(who_returns(), who="晒太阳和园丁", today=203).result()).line("line")
    later = Drawing(set_to(who_returns(), who="晒太阳和园丁", today=360).result()).line("line")
    assert later[: len(solid)] == solid


def test_today_is_a_handle_and_the_customers_are_buttons() -> None:
    demo = who_returns()
    assert set(grips(demo.result())) == {"today"}
    hand(demo, today=161)
    assert "今天刚买过" in said(demo)
    press(demo, "邮差")
    assert demo.controls["who"].value == "橘子邮差"
    assert set(demo.shown_controls()) == {"today", "within"}


def test_the_text_s_numbers_are_the_demo_s() -> None:
    assert "安静了39天。还在的概率52%" in said(who_returns())
    gardener = set_to(who_returns(), who="晒太阳和园丁", today=203)
    assert "还在的概率44%" in said(gardener)
    assert 204 in PEOPLE["晒太阳和园丁"]
    assert (spoken(1), spoken(200), spoken(365)) == ("1月1日", "7月19日", "12月31日")


def test_the_four_customers_are_the_shop_s() -> None:
    found: dict[str, list[int]] = {}
    names = {row["customer_id"]: row["nickname"] for row in data.rows("customers")}
    for row in sorted(data.rows("orders"), key=lambda row: row["created_at"]):
        if row["paid_at"]:
            day = (date.fromisoformat(row["created_at"][:10]) - date(2024, 12, 31)).days
            found.setdefault(row["customer_id"], []).append(day)
    everybody = [(names[who], tuple(days)) for who, days in found.items()]
    for one in PEOPLE.items():
        assert everybody.count(one) == 1, one[0]
