"""Read a chapter as its reader does, and look up in the shop's tables what it says."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from typing import Any

import nbformat

from kefu import data
from kefu.presales.promotions import Cart, FullReduction, Item, ShopCoupon, best_price
from kefu.talk import Scenario
from web import book

OFFERS = (
    FullReduction("满300减40", 300, 40),
    ShopCoupon("满199减20", 199, 20),
    ShopCoupon("满299减35", 299, 35),
)
"""What the shop offers on the days of the story."""


@cache
def cells(number: str) -> list[nbformat.NotebookNode]:
    return list(nbformat.read(book.ready(number), 4).cells)


@cache
def beside(number: str, name: str) -> str:
    """A file beside a chapter: ``teach.md`` of chapter 01 is its ``01_teach.md``."""
    return book.chapter(number).source.with_name(f"{number}_{name}").read_text("utf-8")


@cache
def says(number: str, *files: str) -> str:
    """All that a chapter says outside of code: its text, and what these files beside it say."""
    text = (cell.source for cell in cells(number) if cell.cell_type == "markdown")
    return "".join((*text, *(beside(number, name) for name in files)))


def holds(text: str, *parts: str) -> bool:
    """The text has each part; which it lacks is told."""
    missing = [part for part in parts if part not in text]
    assert not missing, missing
    return True


@cache
def questions(number: str) -> dict[str, dict[str, Any]]:
    """The statements, the guesses and the questions of the quiz of a chapter by their ids."""
    told = json.loads(beside(number, "guesses.json"))
    every = [*told["truths"], *told["guesses"], *json.loads(beside(number, "quiz.json"))]
    found = {one["id"]: one for one in every}
    assert len(found) == len(every)
    return found


def right(question: dict[str, Any]) -> str:
    """The one right option of a question."""
    (text,) = (option["text"] for option in question["options"] if option["right"])
    return str(text)


def slips(question: dict[str, Any]) -> list[float]:
    """The wrong numbers that a question knows, in their order."""
    return [one["value"] for one in question["traps"]]


def right_line(talk: Scenario, turn: str) -> str:
    """The right line of a turn of a conversation."""
    return talk.turns[turn].right.say


def why(talk: Scenario, turn: str, intent: str = "") -> str:
    """What a conversation says to a line: to the right one, or to one of another intent."""
    one = talk.turns[turn].option(intent) if intent else talk.turns[turn].right
    assert one is not None
    return one.why


def percent(k: float, n: float = 1) -> str:
    return f"{100 * k / n:.1f}%"


def price(title: str) -> Decimal:
    """A product's price in the shop's table."""
    return Decimal(next(row["price"] for row in data.rows("products") if row["title"] == title))


def pays(*prices: Decimal | int) -> Decimal:
    """What a cart comes to by the offers of those days."""
    items = tuple(Item(str(n), one) for n, one in enumerate(prices))
    return best_price(Cart(items), OFFERS).pay


def known(entry: str) -> str:
    """An answer of the shop's knowledge base."""
    return next(row["answer"] for row in data.rows("knowledge") if row["entry_id"] == entry)
