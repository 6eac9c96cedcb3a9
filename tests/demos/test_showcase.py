"""The showcase: goods put in and taken out by pressing, and the week's money, against the model."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kefu.demos import Demo, showcase
from kefu.demos.showcase import AFTER, RULE, SELLERS, WEEKS, YOURS
from kefu.presales.catalogue import (
    best_sellers,
    choose_showcase,
    hindsight,
    on_shelf,
    shelf_week,
    showcase_money,
    showcase_total,
)
from tests.demos.reading import Drawing, bold, cells, hand, parsed, presses, run_code, settings

DAY = date(2025, 11, 10)


def goods(demo: Demo) -> dict[str, tuple[dict[str, str], str | None]]:
    """The goods to press, by title: what they give, and whether they are in the showcase."""
    found = parsed(demo.parts()[0]).select(".kefu-chat button")
    every = [one for one in presses(demo.parts()[0]) if "picked" in one[1]]
    titles = [one.find("b").get_text() for one in found]  # type: ignore[union-attr]
    return {title: (one[1], one[2]) for title, one in zip(titles, every, strict=True)}


def inside(demo: Demo) -> list[str]:
    return [title for title, (_, on) in goods(demo).items() if on == "true"]


def fill(demo: Demo, *titles: str) -> Demo:
    """Press goods one after the other."""
    for title in titles:
        hand(demo, **goods(demo)[title][0])
    return demo


def opened(demo: Demo) -> Demo:
    """Press on to the week."""
    above, below = (wanted for said, wanted, _ in presses(demo.result()) if "开店" in said)
    assert above == below
    return hand(demo, **above)


def said(demo: Demo) -> dict[str, str]:
    """What the bars say, by whose they are."""
    return dict(label.split("：") for label, *_ in Drawing(demo.result()).texts())


def test_it_opens_with_all_goods_best_sellers_first_and_nothing_inside() -> None:
    demo = showcase()
    shelf = on_shelf(DAY)
    assert list(goods(demo)) == [one.title for one in best_sellers(shelf, len(shelf))]
    assert inside(demo) == []
    assert "橱窗0/4：还空着" in demo.result()
    assert "开店" not in demo.result()
    assert settings(demo.picture()) == {}
    opened(fill(demo, "羊毛围巾"))
    assert list(settings(demo.picture())) == ["有几个橱窗位", "一个位子一周多带来几次点击"]


def test_a_good_says_what_is_known_on_monday() -> None:
    (text,) = (t for t, w, _ in presses(showcase().result()) if t.startswith("宽松针织开衫"))
    one = next(one for one in on_shelf(DAY) if one.title == "宽松针织开衫")
    for told in (
        f"上周{one.orders}单", f"转化{one.conversion:.1%}", f"库存{one.stock}件",
        f"{one.variants}个规格", "毛利93，", f"低星{one.bad}/{one.reviews}",
    ):  # fmt: skip
        assert told in text


def test_every_good_is_put_in_and_taken_out_by_pressing() -> None:
    demo = showcase()
    for title in list(goods(demo)):
        fill(demo, title)
        assert inside(demo) == [title]
        fill(demo, title)
        assert inside(demo) == []


def test_a_full_showcase_gives_up_what_was_put_in_first() -> None:
    demo = fill(showcase(), "羊毛围巾", "加厚毛巾", "香薰蜡烛", "棉麻桌布", "轻暖羽绒服")
    assert sorted(inside(demo)) == sorted(["加厚毛巾", "香薰蜡烛", "棉麻桌布", "轻暖羽绒服"])
    assert "橱窗4/4：加厚毛巾、香薰蜡烛、棉麻桌布、轻暖羽绒服。满了再按一件" in demo.result()
    demo.controls["slots"].value = 2
    assert sorted(inside(demo)) == sorted(["棉麻桌布", "轻暖羽绒服"])


@pytest.mark.parametrize("day", WEEKS.values(), ids=str)
@pytest.mark.parametrize("slots", [2, 4, 6])
@pytest.mark.parametrize("extra", [50, 200, 500])
def test_the_weeks_money_is_the_models(day: date, slots: int, extra: int) -> None:
    demo = showcase()
    demo.controls["week"].value = day
    demo.controls["slots"].value = slots
    demo.controls["extra"].value = extra
    opened(fill(demo, "羊毛围巾", "不锈钢保温杯"))
    shelf, weeks = on_shelf(day), shelf_week(day)
    mine = [one for one in shelf if one.title in ("羊毛围巾", "不锈钢保温杯")]
    told = choose_showcase(shelf, slots)
    expected = {
        YOURS: mine,
        SELLERS: best_sellers(shelf, slots),
        RULE: [one.shelved for one in told if one.chosen],
        AFTER: hindsight(shelf, weeks, slots, extra),
    }
    assert said(demo) == {
        name: f"{showcase_total(shown, weeks, extra):.0f}元" for name, shown in expected.items()
    }
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    lengths = [float(e.attrib["width"]) for e in drawing.root.iter("rect")]
    most = max(float(showcase_total(shown, weeks, extra)) for shown in expected.values())
    for length, shown in zip(lengths, expected.values(), strict=True):
        wide = 392 * float(showcase_total(shown, weeks, extra)) / most
        assert length == pytest.approx(max(2, wide), abs=0.1)
    rows = {row[0].removesuffix("（你）"): row for row in cells(demo.result())}
    why = {one.shelved.title: one.why for one in told}
    for one in (*mine, *expected[RULE], *expected[AFTER]):
        money = showcase_money(one, weeks[one.item], extra)
        assert rows[one.title][1:] == [f"{money:.0f}元", why[one.title]]
    first = mine[0] if mine[0].title == "羊毛围巾" else mine[1]
    assert bold(demo.result()) == [f"{showcase_money(first, weeks[first.item], extra):.0f}元"]
    assert run_code(demo)[1] == [(one.shelved.title, one.chosen, one.why) for one in told]


def test_what_the_rule_leaves_out_is_told_with_its_reason() -> None:
    text = parsed(opened(fill(showcase(), "羊毛围巾")).result()).get_text()
    for one in choose_showcase(on_shelf(DAY), 4):
        if not one.rank:
            assert one.shelved.title in text
            assert one.why in text


def test_from_the_week_one_goes_back_with_the_same_goods() -> None:
    demo = opened(fill(showcase(), "羊毛围巾"))
    ((said_, wanted, _),) = presses(demo.result())
    assert said_ == "‹ 换几件再来"
    hand(demo, **wanted)
    assert inside(demo) == ["羊毛围巾"]


def test_another_week_begins_with_nothing_inside() -> None:
    demo = opened(fill(showcase(), "羊毛围巾"))
    ((_, wanted, _),) = presses(demo.result())
    hand(demo, **wanted)
    weeks = [one for one in presses(demo.result()) if "week" in one[1]]
    assert [(said, on) for said, _, on in weeks] == [
        (name, str(day == DAY).lower()) for name, day in WEEKS.items()
    ]
    hand(demo, **weeks[2][1])
    assert demo.controls["week"].value == date(2025, 12, 22)
    assert inside(demo) == []
    assert "还空着" in demo.result()
    shelf = on_shelf(date(2025, 12, 22))
    assert next(iter(goods(demo))) == best_sellers(shelf, 1)[0].title


def test_what_is_sold_out_may_be_put_in_and_brings_nothing() -> None:
    demo = opened(fill(showcase(), "羽丝绒枕芯"))
    assert said(demo)[YOURS] == "0元"
    (row,) = (row for row in cells(demo.result()) if row[0] == "羽丝绒枕芯（你）")
    assert row[1:] == ["0元", "卖完了：点进来也买不到"]


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "NX99", "羊毛围巾 " * 99])
def test_what_is_no_good_is_not_put_in(text: str) -> None:
    demo = showcase()
    demo.controls["picked"].value = text
    assert inside(demo) == []
    assert not re.search(r"<img|NX99", demo.parts()[0])


def test_what_is_named_twice_stands_in_one_slot() -> None:
    demo = showcase()
    demo.controls["picked"].value = "NX06 NX06 NX03"
    assert "橱窗2/4：羊毛围巾、加厚毛巾。" in demo.result()


def test_two_readers_showcases_are_apart() -> None:
    one, two = fill(showcase(), "羊毛围巾"), showcase()
    assert inside(one) == ["羊毛围巾"]
    assert inside(two) == []
