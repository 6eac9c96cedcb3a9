"""The explorer and the three explorables in the page, against the same demos in ordinary Python."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.live.living import GALLERY, IN_CHROMIUM, Notebook, agree, alive, cell, drawn, unfold
from tests.live.test_chapter import answers

BOOK = Notebook(GALLERY)
DEMOS = [
    BOOK.having(name)
    for name in ("sample_bag()", "coin_flips()", "better=59", "funnel", "explore(")
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def gallery(opened: Callable[[str], Page]) -> Page:
    return opened(GALLERY)


@IN_CHROMIUM
@pytest.mark.parametrize("one", DEMOS, ids=lambda one: one.source.split("demos.")[-1])
def test_each_control_moved_in_the_page_gives_the_model_s_answer(gallery, one):
    answers(gallery, BOOK, one)


def test_an_explorer_is_looked_through_on_a_phone(visit, address):
    page = visit(**PHONE)
    page.goto(f"{address}{GALLERY}.html")
    one = BOOK.having("explore(")
    place, twin = cell(page, one.index), BOOK.demo(one)
    place.locator(".kefu-title").tap()  # a phone waits for a touch
    alive(page)
    agree(place, twin)
    for name, label in (("measure", "上传平均用时"), ("group", "付款时段"),
                        ("measure", "上传超时率"), ("only_weekday", "星期六")):  # fmt: skip
        wanted = unfold(place, list(twin.controls).index(name))
        wanted.locator("select").select_option(label=label)
        twin.controls[name].label = label
        agree(place, twin)
    expect(place.locator(".kefu-told")).to_contain_text("只看星期几为星期六，按付款时段看")
    box = drawn(place).locator("svg").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in drawn(place).locator("svg text").all():
        assert name.evaluate("e => e.getBoundingClientRect().height") >= 11
