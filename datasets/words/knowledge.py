"""What the shop knows and what buyers ask: the knowledge base and its labelled questions."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from datasets.words.phrase import expand, lines, load

TOPICS = {
    "聊天互动": "chat",
    "商品问题": "goods",
    "活动优惠": "offers",
    "购买操作": "buying",
    "物流问题": "parcels",
    "售后问题": "aftersales",
}
DEFAULT = "NX01"


@dataclass(frozen=True)
class Intent:
    """One thing that buyers want to know, with the ways they ask it.

    A line of ``ask`` or ``para`` is one template family for training, of ``held`` or
    ``held_para`` one for testing; ``para`` says it without the obvious words. An intent
    without ``answer`` is a gap in the knowledge base. One with ``each`` has an answer for each
    product of its kinds.
    """

    name: str
    topic: str
    question: str = ""
    keywords: str = ""
    answer: str = ""
    stage: str = ""
    each: bool = False
    kinds: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    para: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    held_para: tuple[str, ...] = ()
    say: str = ""
    more: tuple[str, ...] = ()

    def answer_for(self, title: str) -> str:
        """Return the base's answer for one product; without slots nothing is left to chance."""
        return expand(random.Random(0), self.answer, product_facts(title))


@cache
def intents() -> tuple[Intent, ...]:
    """Return all intents, in the order of their files; gaps among them."""
    found = []
    for topic, name in TOPICS.items():
        for key, row in load(f"intents/{name}").items():
            for field in ("ask", "para", "held", "held_para", "more"):
                row = row | {field: lines(row.get(field, ""))}
            for field in ("kinds", "problems", "states"):
                row = row | {field: tuple(row.get(field, ()))}
            found.append(Intent(name=key, topic=topic, **row))
    return tuple(found)


@cache
def product_facts(title: str) -> Mapping[str, object]:
    """Return what the shop knows of the product of this title; a plain one where unknown."""
    products = load("products")
    for product_id, row in products.items():
        if row["title"] == title:
            return {"product_id": product_id, **row}
    return {**products[DEFAULT], "product_id": "", "title": title, "noun": "宝贝", "kinds": []}
