"""The talk about the size that chats get, and the reasons that returns change."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from datasets.shop import goods, people, sizing
from datasets.shop.aftersales import Return
from datasets.shop.calendar import DAY, HOUR
from datasets.shop.service import Chat, Talk
from datasets.shop.sizing import Sizing
from datasets.words.dialogues import AGENT, BUYER, Line

SHIRT = next(sku for sku in goods.SKUS if sku.sku == "NX22-白-L")
LINES = [
    Line(0, BUYER, "在吗"),
    Line(20, AGENT, "在的，您说"),
    Line(50, BUYER, "好的，拍了"),
    Line(70, AGENT, "收到"),
]


def chat(lines: list[Line] = LINES, start: int = 10 * DAY + 12 * HOUR) -> Chat:
    person = people.person(random.Random(1), 1)
    talk = Talk("售前", "商品问题", SHIRT)
    return Chat("H1", person, talk, people.AGENTS[2], "人工", start, 20, list(lines), None)


def back(reason: str, kind: str = "退货退款") -> Return:
    return Return(1, DAY, kind, reason, "买家", "无", "同意", 0, "买家")


def talked(one: Chat, seeds: int = 20) -> list[Chat]:
    """The chat with talk about the size, from several sources of chance; some have none."""
    found = []
    for seed in range(seeds):
        copy = replace(one, lines=list(one.lines))
        Sizing().talk(random.Random(seed), copy, None, [])
        found.append(copy)
    return found


def test_the_talk_stands_before_the_buyer_s_last_word_and_keeps_the_first_answer() -> None:
    for one in talked(chat()):
        times = [line.at_s for line in one.lines]
        assert all(a <= b for a, b in pairwise(times))
        assert one.lines[:2] == LINES[:2]
        assert [line.text for line in one.lines[-2:]] == ["好的，拍了", "收到"]
        assert one.started == chat().started


def test_who_is_asked_gets_the_size_that_the_chart_gives_for_the_answer() -> None:
    heights, weights = sizing.fits(SHIRT.chart, SHIRT.size)
    asked = [one for one in talked(chat()) if any("身高" in ln.text for ln in one.lines)]
    assert len(asked) > 5
    for one in asked:
        said = " ".join(line.text for line in one.lines if line.sender == BUYER)
        assert any(str(height) in said for height in heights)
        assert any(f"{2 * weight}斤" in said for weight in weights)
        assert any("L" in line.text for line in one.lines if line.sender == AGENT)


@pytest.mark.parametrize(
    "one",
    [
        chat([*LINES[:2], Line(50, BUYER, "平时穿L码"), LINES[3]]),
        chat(LINES[:2]),  # the buyer says nothing after the answer
        chat(start=11 * DAY - 60),
        replace(chat(), talk=replace(chat().talk, sku=goods.PRODUCT["NX03"])),
        replace(chat(), talk=replace(chat().talk, stage="售后")),
    ],
    ids=["said already", "no last word", "midnight", "no sizes", "after the sale"],
)
def test_other_chats_stay_as_they_are(one: Chat) -> None:
    assert all(copy == one for copy in talked(one))


def test_the_reasons_of_returns_are_exchanged_so_that_none_gets_more() -> None:
    dress, shop, rng = goods.PRODUCT["NX09"], Sizing(), random.Random(1)
    small = [back("不喜欢") for _ in range(20)]
    others = [back("尺码不合") for _ in range(20)]
    for one, other in zip(small, others, strict=True):
        shop.relabel(rng, dress, one)
        shop.relabel(rng, SHIRT, other)
    moved = [one.reason for one in small].count("尺码不合")
    assert 10 <= moved == [one.reason for one in others].count("不喜欢") < 20


def test_an_exchange_or_a_fault_keeps_its_reason() -> None:
    shop, rng = Sizing(), random.Random(1)
    for one in (back("质量问题"), back("不喜欢", "仅退款")):
        before = replace(one)
        shop.relabel(rng, goods.PRODUCT["NX09"], one)
        assert one == before
