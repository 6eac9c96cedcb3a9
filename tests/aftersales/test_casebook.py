"""The ten files: every figure in them is the shop's tables'."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache

import pytest

from kefu import data
from kefu.aftersales.casebook import PAGES, TRUTHS, Filed, casebook
from kefu.aftersales.reviews import EVERY_SIGN, FIVE, extortion_risk

ALL = {one.review: one for one in casebook()}


@cache
def rows(table: str, key: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in data.rows(table):
        found.setdefault(row[key], []).append(row)
    return found


def one_row(table: str, key: str, value: str) -> dict[str, str]:
    (found,) = rows(table, key)[value]
    return found


def told(one: Filed, *pages: str) -> str:
    return "".join("".join(one.pages[page]) for page in pages or PAGES)  # type: ignore[index]


def day(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{at.month}月{at.day}日"


@pytest.mark.parametrize("one", casebook(), ids=list(ALL))
def test_the_review_is_the_tables(one: Filed) -> None:
    row = one_row("reviews", "review_id", one.review)
    assert (row["order_id"], int(row["stars"]), row["text"]) == (one.order, one.stars, one.text)
    assert day(row["at"]) == one.at
    assert row["cause"] == one.truth
    name = one_row("customers", "customer_id", row["customer_id"])["nickname"]
    head = one.who.split("*")[0]
    assert name.startswith(head)
    assert name.endswith(one.who.split("*")[-1])
    assert one_row("products", "sku", row["sku"])["title"] in one.what
    assert one.truth in TRUTHS


@pytest.mark.parametrize("one", casebook(), ids=list(ALL))
def test_the_parcel_came_when_the_file_says(one: Filed) -> None:
    parcel = one_row("parcels", "order_id", one.order)
    text = told(one, "parcel")
    assert day(parcel["promised_on"]).removeprefix("12月").removeprefix("10月") in text
    signed = datetime.fromisoformat(parcel["signed_at"])
    late = signed.date().isoformat() > parcel["promised_on"]
    assert f"{signed.day}日" in text
    assert late is ("才到" in text)
    if late:
        assert parcel["problem"] in text


@pytest.mark.parametrize("one", casebook(), ids=list(ALL))
def test_the_batch_is_counted_right(one: Filed) -> None:
    row = one_row("reviews", "review_id", one.review)
    product = row["sku"][:4]
    (batch,) = {
        line["batch"] for line in rows("order_lines", "order_id")[one.order] if line["sku"] == row["sku"]
    }  # fmt: skip
    paid = {order["order_id"] for order in data.rows("orders") if order["paid_at"]}
    sold = [
        (line["order_id"], line["line"])
        for line in data.rows("order_lines")
        if line["sku"][:4] == product and line["batch"] == batch and line["order_id"] in paid
    ]
    faulty = {
        (back["order_id"], back["line"])
        for back in data.rows("returns")
        if back["reason"] == "质量问题"
    } & {*sold}
    text = told(one, "batch")
    assert batch in text
    if "笔" in text:
        assert f"卖了{len(sold)}笔，{len(faulty)}笔因质量退换" in text


@pytest.mark.parametrize("one", casebook(), ids=list(ALL))
def test_the_order_and_what_was_before_it(one: Filed) -> None:
    order = one_row("orders", "order_id", one.order)
    text = told(one, "bought")
    paid = [
        row for row in rows("orders", "customer_id")[order["customer_id"]]
        if row["paid_at"] and row["paid_at"] <= order["paid_at"]
    ]  # fmt: skip
    nth = int(re.search(r"第(\d+)单", text)[1]) if "第" in text else 1  # type: ignore[index]
    assert nth == len(paid)
    assert ("头一单" in text) is (len(paid) == 1)
    if (said := re.search(r"(?:单|各一条|保温杯)，([\d.]+)元", text)) is not None:
        assert float(said[1]) == float(order["paid_amount"])
    back = rows("returns", "order_id").get(one.order, [])
    assert bool(back) is ("申请退货，带图片" in text or "报质量问题" in text)
    others = [
        row["stars"] for row in rows("reviews", "customer_id")[order["customer_id"]]
        if row["review_id"] != one.review
    ]  # fmt: skip
    for stars in re.findall(r"(\d)星", text):
        assert stars in others


@pytest.mark.parametrize("review", ["V01825", "V00967", "V00423", "V01822"])
def test_the_chat_is_quoted(review: str) -> None:
    one = ALL[review]
    chats = {row["chat_id"] for row in rows("chats", "order_id")[one.order]}
    said = "".join(row["text"] for row in data.rows("messages") if row["chat_id"] in chats)
    for line in one.pages["chat"]:
        for part in re.split(r"[，。？]", line.split("：", 1)[1]):
            assert part in said, part


def test_the_eleven_minutes_are_the_night_of_the_festival() -> None:
    order = one_row("orders", "order_id", ALL["V00140"].order)
    chat = one_row("chats", "chat_id", order["chat_id"])
    assert (chat["first_response_s"], chat["agent_id"]) == ("653", "A07")
    assert chat["started_at"].startswith("2025-11-10T23:54:51")
    asked = [
        m
        for m in data.rows("messages")
        if m["chat_id"] == chat["chat_id"] and m["sender"] == "买家"
    ]
    assert sum(m["at"] < "2025-11-11T00:05:44" for m in asked) == 5


def test_the_two_lost_three_disputes_each() -> None:
    wicked = [one for one in casebook() if one.truth == "恶意"]
    assert len(wicked) == 2
    for one in wicked:
        who = one_row("orders", "order_id", one.order)["customer_id"]
        mine = {row["order_id"] for row in rows("orders", "customer_id")[who]}
        fought = [row for row in data.rows("disputes") if row["order_id"] in mine]
        assert [row["outcome"] for row in fought] == ["支持卖家"] * 3
        assert {row["cause"] for row in rows("reviews", "customer_id")[who]} == {"恶意"}
        assert not any(row["order_id"] in mine for row in data.rows("returns"))


def test_the_honest_ones_look_alike_until_the_record_is_read() -> None:
    for review, page in (("V01825", "bought"), ("V00423", "parcel")):
        one = ALL[review]
        assert {name for name, here in one.signs(["chat"]).items() if here} == {*FIVE}
        assert extortion_risk(one.signs(["chat"])).probability > 0.5
        assert extortion_risk(one.signs(["chat", page])).probability < 0.1  # type: ignore[list-item]
        assert one.page == page
    for one in casebook():
        if one.truth == "恶意":
            assert extortion_risk(one.signs(list(PAGES))).probability > 0.99
        else:
            assert extortion_risk(one.signs(list(PAGES))).probability < 0.1


def test_signs_are_known_and_stand_on_the_page_that_shows_them() -> None:
    for one in casebook():
        assert {*one.seen} <= {*PAGES}
        for page, signs in one.seen.items():
            assert {*signs} <= {*EVERY_SIGN}
            assert page == "chat" or not any(EVERY_SIGN[name].said for name in signs)
    assert len({one.truth for one in casebook()}) == 7
