"""The cube: labels, marks and table are the cells'; three cuts and eight names are moved in the picture."""

from __future__ import annotations

from itertools import product

import pytest

from kefu.demos import rfm_cube
from kefu.demos.rfm_cube import DO, shop, x_of, y_of
from kefu.operations.rfm import NAMES, RfmCuts, classes
from tests.demos.reading import Drawing, cells, grips, hand, marked, parsed, run_code, set_to


@pytest.mark.parametrize(
    ("days", "orders", "amount", "chosen"),
    [*product((30, 90, 330), (2, 6), (40, 320, 960), ("重要价值", "一般挽留"))],
)
def test_what_stands_in_the_picture_is_the_model_s(
    days: int, orders: int, amount: int, chosen: str
) -> None:
    demo = set_to(rfm_cube(), days=days, orders=orders, amount=amount, chosen=chosen)
    found = classes(shop(), RfmCuts(days, orders, amount))
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    words = [one for one, *_ in drawing.texts()]
    for name, one in found.items():
        assert words[words.index(name) + 1] == f"{one.people}位"
    rows = cells(demo.parts()[1])
    assert [row[:2] for row in rows] == [[name, f"{one.people}"] for name, one in found.items()]
    assert sum(int(row[1]) for row in rows) == 2769
    assert marked(demo.parts()[1])[0] == chosen
    told = parsed(demo.parts()[0]).select(".kefu-caption p")[0].get_text()
    assert told.startswith(f"{chosen}：{found[chosen].people}位")
    assert DO[chosen] in told
    assert run_code(demo)[1] == found[chosen]


def test_names_stand_in_the_corner_of_their_letters() -> None:
    places = {one: (x, y) for one, x, y, _ in Drawing(rfm_cube().result()).texts() if one in DO}
    for (recent, often, much), name in NAMES.items():
        x, y = places[name]
        left = 210 if often else 12
        assert (x > left + 91) == recent
        assert left < x < left + 182
        assert (y < 62) == much


def test_both_slices_have_their_handles_and_lately_lies_on_the_right() -> None:
    demo = rfm_cube()
    assert set(grips(demo.result())) == {"days", "amount"}
    _, (axis,) = Drawing(demo.result()).grip("days")
    assert axis["low"] > axis["high"]
    assert axis["low"] == x_of(12, 30)
    hand(demo, days=180, amount=480)
    assert (demo.controls["days"].value, demo.controls["amount"].value) == (180, 480)
    now = classes(shop(), RfmCuts(180, 2, 480))
    assert f"{now['重要价值'].people}位" in demo.parts()[0]
    assert y_of(0) > y_of(500)


def test_a_name_is_pressed_to_read_what_to_do() -> None:
    demo = rfm_cube()
    spots = parsed(demo.parts()[0]).select(".kefu-spot")
    assert len(spots) == 8
    assert [one["aria-label"] for one in spots if one["aria-pressed"] == "true"] == [
        "重要保持，311位"
    ]
    hand(demo, chosen="重要价值")
    assert "别发券" in demo.parts()[0]
    assert "chosen" not in demo.shown_controls()


def test_the_text_s_numbers_open_the_demo() -> None:
    rows = {row[0]: row[1:] for row in cells(rfm_cube().parts()[1])}
    assert rows["重要价值"] == ["516", "19%", "43%", "739元"]
    moved = {row[0]: row[1] for row in cells(set_to(rfm_cube(), days=180).parts()[1])}
    assert moved["重要价值"] == "712"
    assert set(DO) == set(NAMES.values())
