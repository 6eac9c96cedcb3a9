"""Anger: reviews of those who waited too long, and honest customers who sound like extortionists.

Both are planted after all else about an order is known, from chance of their own, and touch
nothing but what is said in reviews and in one chat.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from datasets.shop.aftersales import Return, review_row
from datasets.shop.calendar import DAY, END, HOUR, awake, shown
from datasets.shop.service import Chat, scripted
from datasets.shop.trade import Order
from datasets.shop.truths import planted
from datasets.words import reviews as words
from datasets.words.phrase import load


@dataclass
class Verdict:
    """What a buyer thinks of one line of an order that succeeded; ``row`` is the review, if any."""

    line: int
    cause: str
    written: int
    row: dict[str, object] | None


def waited(chats: Sequence[Chat]) -> Chat | None:
    """Return the chat with a person in which the buyer waited longest, if too long."""
    least = planted("service_reviews")["seconds"]
    slow = [c for c in chats if c.handled_by == "人工" and c.first_response >= least[0]]
    return max(slow, key=lambda c: c.first_response, default=None)


def complaint(rng: random.Random, made: Order, verdict: Verdict, chats: Sequence[Chat]) -> None:
    """Let one who waited too long write a bad review, in place of a good one or of none.

    A good review with a photo stays: points were given for it.
    """
    row, chat = verdict.row, waited(chats)
    if chat is None or (row and (row["cause"] or row["has_photo"] == "true")):
        return
    values = planted("service_reviews")
    band = sum(chat.first_response >= edge for edge in values["seconds"]) - 1
    if rng.random() >= values["chance"][band]:
        return
    assert made.closed is not None
    soon = awake(max(made.closed, chat.ended) + int(rng.triangular(0.2, 48, 6) * HOUR))
    written = verdict.written if row else soon
    if not chat.ended < written < END:
        return
    text = words.waiting(rng, chat.first_response, made.lines[verdict.line - 1].sku.title)
    bad = review_row(rng, rng, made, chat.person, verdict.line, "服务", written)
    verdict.cause, verdict.written, verdict.row = "服务", written, bad | {"text": text}


def proved(made: Order, asked: Sequence[Return], verdict: Verdict, chat: Chat) -> bool:
    """Return whether what is wrong can be proved, and was so by the time of the chat.

    A parcel that is late and not there yet, or faulty goods that will be taken back.
    """
    parcel = made.parcel
    if parcel is None or parcel.signed is None:
        return False
    if verdict.cause == "物流":
        return (
            parcel.late and parcel.promised < chat.started // DAY and chat.started < parcel.signed
        )
    granted = any(
        one.line == verdict.line and one.reason == "质量问题" and one.completed for one in asked
    )
    return granted and chat.started > parcel.signed


@dataclass
class Fury:
    """Finds the honest customers who will sound like extortionists, one for each cause."""

    beginning: int  # number of the customer from whom on they are looked for
    found: dict[str, str] = field(default_factory=dict)  # cause to order

    def strikes(
        self,
        rng: random.Random,
        made: Order,
        asked: Sequence[Return],
        verdict: Verdict,
        chats: Sequence[Chat],
    ) -> None:
        """Rewrite a chat after the sale and the review of a fitting order, once for each cause."""
        cause, row, sku = verdict.cause, verdict.row, made.lines[verdict.line - 1].sku
        if row is None or cause not in planted("furious")["causes"] or cause in self.found:
            return
        for chat in chats:
            if chat.person.number < self.beginning or chat.handled_by != "人工":
                continue
            if chat.talk.stage != "售后" or chat.talk.sku != sku:
                continue
            claim = 100 * (made.goods // 1500 + rng.randint(2, 4))
            lines = scripted(rng, load("fury")[cause], chat.talk, chat.first_response, claim)
            again = awake(verdict.written + int(rng.triangular(3, 12, 6) * DAY))
            in_time = chat.started + lines[-1].at_s < verdict.written and again < END
            if not in_time or not proved(made, asked, verdict, chat):
                continue
            chat.lines, chat.rating = lines, None
            row |= {
                "stars": 1,
                "text": words.furious(rng, cause, sku.title, claim),
                "has_photo": "false",
                "follow_up": words.calmed(rng, cause, sku.title),
                "follow_up_at": shown(again),
            }
            self.found[cause] = made.order_id
            return
