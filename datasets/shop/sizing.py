"""Sizes: who is asked for height and weight before an order, and which products run small.

Both effects are planted in what is there already: whether the shop asks is dealt out after it is
known whether the order comes back for its size, by Bayes' rule; and the returns of products that
run small change their reason with those of others, so that no reason gets more or fewer returns.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from datasets.shop.aftersales import Return
from datasets.shop.calendar import DAY, END, MINUTE
from datasets.shop.goods import Sku, rows
from datasets.shop.service import Chat
from datasets.shop.trade import Order
from datasets.shop.truths import planted
from datasets.words.dialogues import AGENT, BUYER, ROBOT, Line
from datasets.words.knowledge import product_facts
from datasets.words.phrase import load, pick

WRONG_SIZE = "尺码不合"
TASTE = ("不喜欢", "七天无理由")  # what a buyer of too small a thing may also give as the reason
CHILDREN = "童装"
LATER = 3  # changes of reason that may wait for their counterpart
LONGEST = 5 * MINUTE  # no talk about a size takes longer


@cache
def fits(chart: str, size: str) -> tuple[range, range]:
    """Return the heights (cm) and weights (kg) that a size fits, by the chart."""
    row = next(r for r in rows("size_charts") if (r["chart"], r["size"]) == (chart, size))
    low, high, light, heavy = (
        int(row[name])
        for name in ("height_min_cm", "height_max_cm", "weight_min_kg", "weight_max_kg")
    )
    return range(low, high + 1), range(light, heavy + 1)


def before_last_word(lines: Sequence[Line]) -> int | None:
    """Return the place of the buyer's last burst, if the shop has answered by then."""
    last = max(place for place, line in enumerate(lines) if line.sender == BUYER)
    while last and lines[last - 1].sender == BUYER:
        last -= 1
    answered = any(line.sender in (AGENT, ROBOT) for line in lines[:last])
    return last if answered else None


def exchange(rng: random.Random, chat: Chat, asked: bool, shop: str) -> list[Line]:
    """Return the talk about the size, its times from 0: with or without height and weight."""
    sku, person, blocks = chat.talk.sku, chat.person, load("sizes")
    heights, weights = fits(sku.chart, sku.size)
    child = "_child" if sku.chart == CHILDREN else ""
    own = person.height in heights and person.weight in weights
    height = person.height if own else rng.choice(heights)
    weight = person.weight if own else rng.choice(weights)
    typed = ("{}，{}斤", "{} {}斤", "{}厘米，{}斤", "{}的个子，{}斤")
    facts = {
        **product_facts(sku.title),
        "size": sku.size,
        "body": rng.choice(typed).format(height, weight * 2),
    }
    turns = [(BUYER, blocks[f"question{child}"])]
    if asked:
        whose = child or ("" if own else "_other")
        turns += [(shop, blocks[f"ask{child}"][shop]), (BUYER, blocks[f"body{whose}"])]
    turns.append((shop, blocks["advise"] if asked else blocks["curt"][shop]))
    told, clock = [], 0
    for sender, block in turns:
        clock += 2 if sender == ROBOT else rng.randint(8, 35)
        told += [Line(clock, sender, text) for text in pick(rng, block, facts)]
    return told


@dataclass
class Sizing:
    """Deals out who is asked, and which returns change their reason."""

    due: Counter[tuple[str, bool]] = field(default_factory=Counter)
    waiting: Counter[str] = field(default_factory=Counter)

    def relabel(self, rng: random.Random, sku: Sku, one: Return) -> None:
        """Change the reason of a return between what runs small and what does not."""
        if one.kind != "退货退款" or not sku.chart:
            return
        values = planted("runs_small")
        if sku.product in values["products"]:
            free = one.reason in TASTE and self.waiting[one.reason] < LATER
            if free and rng.random() < values["moved"]:
                self.waiting[one.reason] += 1
                one.reason = WRONG_SIZE
        elif one.reason == WRONG_SIZE:
            reason = next((name for name in TASTE if self.waiting[name]), None)
            if reason:
                self.waiting[reason] -= 1
                one.reason = reason

    def asks(self, handled_by: str, returned: bool, said: bool | None = None) -> bool:
        """Return whether the shop asks for height and weight, and count it.

        ``returned`` is whether the order comes back for its size, ``said`` what is said anyway.
        """
        cell = handled_by, returned
        values = planted("size_asked")
        odds = values["asking"] / (1 - values["asking"]) * (values["odds"] if returned else 1)
        self.due[cell] += odds / (1 + odds)
        asked = self.due[cell] >= 0.5 if said is None else said
        self.due[cell] -= asked
        return asked

    def talk(self, rng: random.Random, chat: Chat, made: Order | None, asked: list[Return]) -> None:
        """Add the talk about the size to a chat before the sale, unless it is there already.

        A chat that an order follows begins sooner by as much, any other ends later; near
        midnight nothing is added, so that no chat comes to another day.
        """
        sku, lines = chat.talk.sku, chat.lines
        if chat.talk.stage != "售前" or not sku.chart:
            return
        if (chat.started - LONGEST) // DAY != (chat.ended + LONGEST) // DAY:
            return
        back = any(one.reason == WRONG_SIZE and one.requested < END for one in asked)
        said = any("身高" in line.text for line in lines if line.sender in (AGENT, ROBOT))
        if said or any("码" in line.text for line in lines if line.sender == BUYER):
            if made:
                self.asks(chat.handled_by, back, said)
            return
        place = before_last_word(lines)
        if place is None or rng.random() >= planted("size_asked")["talked"]:
            return
        shop = next(ln.sender for ln in reversed(lines[:place]) if ln.sender in (AGENT, ROBOT))
        usual = planted("size_asked")["asking"]
        asking = self.asks(chat.handled_by, back) if made else rng.random() < usual
        start = lines[place - 1].at_s
        told = exchange(rng, chat, asking, shop)
        longer = told[-1].at_s
        chat.started -= longer if made else 0
        chat.lines = [
            *lines[:place],
            *(Line(start + line.at_s, line.sender, line.text) for line in told),
            *(Line(line.at_s + longer, line.sender, line.text) for line in lines[place:]),
        ]
