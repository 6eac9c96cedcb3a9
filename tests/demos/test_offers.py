from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from kefu.demos import offers
from kefu.demos.offers import (
    BAG,
    CHEAPEST,
    FOOT,
    HALF,
    LARGE,
    MOST,
    NONE,
    PLATFORM,
    REDUCTION,
    SMALL,
    cart,
)
from kefu.presales.promotions import Quote, best_price, checkout
from tests.demos.reading import Drawing, cells, grips, hand, parsed, run_code, set_to

COUPONS = (CHEAPEST, SMALL.name, LARGE.name, NONE)
STATES = list(product(range(1, MOST + 1), COUPONS, (True, False), (True, False)))


def model(socks: int, coupon: str, automatic: bool, platform: bool) -> Quote:
    coupons = {CHEAPEST: [SMALL, LARGE], SMALL.name: [SMALL], LARGE.name: [LARGE], NONE: []}[coupon]
    free = [*coupons, *([PLATFORM] if platform else []), BAG]
    if automatic:
        return checkout(cart(socks), [HALF, REDUCTION], free)
    return best_price(cart(socks), [HALF, REDUCTION, *free])


def yuan(text: str) -> Decimal:
    return Decimal(text.removesuffix("元"))


@pytest.mark.parametrize(("socks", "coupon", "automatic", "platform"), STATES, ids=str)
def test_every_state_shows_the_model_s_bill(
    socks: int, coupon: str, automatic: bool, platform: bool
) -> None:
    demo = set_to(offers(), socks=socks, coupon=coupon, automatic=automatic, platform=platform)
    wanted = model(socks, coupon, automatic, platform)
    html = demo.result()
    rows = cells(html)
    assert [(row[0], *map(yuan, row[1:])) for row in rows] == [
        (step.offer.name, step.base, step.off, step.left) for step in wanted.steps
    ]
    big = parsed(html).select_one("p.kefu-big b")
    assert big is not None
    assert yuan(big.get_text()) == wanted.pay
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    line = drawing.line("line")
    heights = {amount: y - 4 for amount, x, y, a in drawing.texts() if a == "end" and x < 44}
    assert len(heights) == 5
    per_yuan = (heights["200"] - heights["400"]) / 200
    bought, paid = ((heights["200"] - y) / per_yuan + 200 for y in (line[0][1], line[-1][1]))
    assert bought == pytest.approx(float(wanted.list_amount), abs=0.2)
    assert paid == pytest.approx(float(wanted.pay), abs=0.2)
    assert max(y for _, y in line) <= FOOT
    notes = [note.get_text() for note in parsed(html).select("p.kefu-note")]
    for packs, words in ((socks - 1, "少买一份袜子"), (socks + 1, "多买一份袜子")):
        said = [note for note in notes if note.startswith(words)]
        assert bool(said) is (1 <= packs <= MOST)
        if said:
            other = model(packs, coupon, automatic, platform).pay
            assert yuan(said[0].split("到手")[1].split("，")[0]) == other
            assert ("反而" in said[0]) is ((other - wanted.pay) * (packs - socks) < 0)


def test_every_control_changes_the_bill() -> None:
    changes: dict[str, Any] = {"socks": 5, "coupon": NONE, "automatic": False, "platform": False}
    assert set(changes) == set(offers().controls)
    start = set_to(offers(), socks=4, automatic=False, coupon=CHEAPEST)
    for name, value in changes.items():
        demo = set_to(offers(), socks=4, automatic=name == "automatic", coupon=CHEAPEST)
        demo.controls[name].value = value if name != "automatic" else True
        assert demo.result() != start.result(), name


def test_one_pack_less_is_dearer_and_the_picture_says_which_coupon_is_out_of_reach() -> None:
    html = offers().result()
    notes = [note.get_text() for note in parsed(html).select("p.kefu-note")]
    assert "店铺券满299减35用不上：轮到它只剩267.85元，差31.15元。" in notes
    assert "少买一份袜子：到手277.9元，反而贵30.05元。" in notes


def test_the_list_price_is_dragged() -> None:
    demo = offers()
    held = grips(demo.result())["socks"]
    assert (held["now"], held["min"], held["max"]) == (2, 1, MOST)
    assert hand(demo, socks=4.4).controls["socks"].value == 4


@pytest.mark.parametrize("automatic", [True, False])
def test_the_shown_code_gives_the_bill(automatic: bool) -> None:
    demo = set_to(offers(), socks=4, automatic=automatic)
    _, quote = run_code(demo)
    assert quote.pay == model(4, CHEAPEST, automatic, True).pay
