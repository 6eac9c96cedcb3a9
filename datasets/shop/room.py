"""What happens in the room while a live show is on the air, minute by minute.

Viewers, questions, orders and what becomes of them are those of the whole shop. The orders of the
sampled customers are told elsewhere and stay as they are; here those of the others join them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import exp, log, pi, sin
from typing import Any

from datasets.shop import goods
from datasets.shop.calendar import festival
from datasets.shop.chance import Evenly, Wheel, happens, poisson
from datasets.shop.live import EACH, MINUTES, Show, shows
from datasets.shop.truths import planted
from datasets.words.knowledge import product_facts
from datasets.words.phrase import expand, lines, load

Place = tuple[str, int]
"""A show and one of its minutes."""

PINS = ("优惠", "发货", "材质")
STOCKS = (10, 15, 20, 30, 50)
READY = (0.15, 0.4, 0.65, 0.9)  # the share that is answered in time: who answers is free, or not
KINDS = Wheel({"时效": 18, "赠品": 14, "价格": 14, "质量": 12, "库存": 8, "退换": 10, "夸赞": 34})
PRAISE = "夸赞"
REMEDIES = {
    "时效": ("发券道歉", "没有补救"),
    "赠品": ("补寄赠品", "没有补救"),
    "价格": ("补差价", "没有补救"),
    "质量": ("换新或退款", "没有补救"),
    "库存": ("发券道歉", "退款", "没有补救"),
    "退换": ("承担运费", "没有补救"),
}


@dataclass
class Sampled:
    """The orders of the sampled customers by show and minute, and what became of them."""

    orders: Counter[Place] = field(default_factory=Counter)
    returned: Counter[Place] = field(default_factory=Counter)
    complained: Counter[Place] = field(default_factory=Counter)


@dataclass
class Minute:
    """One minute on the air; ``fresh`` questions are asked for the first time."""

    viewers: int
    entered: int
    fresh: int
    repeats: int
    answered: int
    pinned: str
    orders: int
    stock: int
    returned: int = 0
    promise_id: str = ""


@dataclass(frozen=True)
class Promise:
    """What a host says and what became of it; counts are of orders until the next product."""

    promise_id: str
    show: Show
    minute: int
    kind: str
    words: str
    kept: bool
    remedy: str
    orders: int
    returned: int
    complained: int


@dataclass
class Airing:
    """A show as it went; its words have random streams that begin with ``voice``."""

    show: Show
    voice: str
    minutes: list[Minute] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


@dataclass(frozen=True)
class Fates:
    """What is too rare to be left to chance alone: broken promises by kind of show, complaints."""

    broken: dict[str, Evenly]
    complained: Evenly


def airings(seed: int, customers: int, sampled: Sampled) -> list[Airing]:
    """Return the year's shows as they went."""
    made: list[Airing] = []
    evenly = random.Random(f"{seed}/promises")
    fates = Fates(
        {kind: Evenly(evenly) for kind in planted("live_promise")["broken"]}, Evenly(evenly)
    )
    for show in shows().values():
        room = random.Random(f"{seed}/{show.show_id}/room")
        voice = f"{seed}/{show.show_id}/words"
        made.append(Airing(show, voice, minutes(seed, customers, sampled, show, room)))
        for first in range(0, MINUTES, EACH):
            speak(room, made, sampled, first, fates)
    return made


def pins(room: random.Random, show: Show) -> list[str]:
    """Return what is pinned in each minute: for half of the products, soon after they come.

    Chance decides which half, so that pinned minutes can be compared with the others.
    """
    pinned: list[str] = []
    for product in show.products:
        topics = (*PINS, "尺码") if goods.PRODUCT[product].chart else PINS
        topic = room.choice(topics) if room.random() < 0.5 else ""
        start = room.randint(3, 7)
        pinned += [""] * start + [topic] * (EACH - start)
    return pinned


def minutes(
    seed: int, customers: int, sampled: Sampled, show: Show, room: random.Random
) -> list[Minute]:
    """Return a show's minutes, before it is known which orders come back."""
    rng = random.Random(f"{seed}/{show.show_id}")
    pin, answer = planted("live_pin"), planted("live_answer")
    others = 1 - 1 / planted("sample")["one_in"]
    day = next(day for day, one in shows().items() if one is show)
    crowd = customers / 4000 * (90 + 130 * rng.random()) * (2.2 if festival(day) else 1.0)
    pinned, viewers, stock, ready = pins(room, show), 0, 0, 0.0
    made = []
    for minute in range(MINUTES):
        if minute % EACH == 0:
            stock, ready = room.choice(STOCKS), room.choice(READY)
        wave = sin(pi * (minute + 4) / (MINUTES + 8)) * (1 + 0.25 * exp(-(minute % EACH) / 4))
        entered = round(crowd * wave * (0.08 + 0.06 * rng.random())) + poisson(rng, 1)
        viewers = max(0, round(viewers * (0.86 + 0.04 * rng.random()))) + entered
        fresh = round(viewers * (0.01 + 0.025 * rng.random()))
        cut = pin["cut"] if pinned[minute] else 0.0
        repeats = poisson(room, viewers * pin["repeats_a_viewer"] * (1 - cut))
        answered = happens(room, fresh + repeats, ready)
        bought = viewers * answer["orders_a_viewer"] * others + answered * answer["orders"]
        orders = sampled.orders[show.show_id, minute] + poisson(room, bought)
        stock -= orders
        made.append(
            Minute(viewers, entered, fresh, repeats, answered, pinned[minute], orders, stock)
        )
    return made


def speak(
    room: random.Random, made: Sequence[Airing], sampled: Sampled, first: int, fates: Fates
) -> None:
    """Tell what the host says while one product is shown, from minute ``first``, and what follows.

    A promise is broken with the host's own odds. They are weighed with what the sampled customers
    did, so that their orders too come back more often after a broken promise, as planted.
    """
    airing, values = made[-1], planted("live_promise")
    show, usual = airing.show, (values["returned"], values["complained"])
    minute = first + room.randint(2, 8)
    window = range(minute, first + EACH)
    become(room, airing, sampled, range(first, minute), usual[0])
    if room.random() >= values["spoken"]:
        become(room, airing, sampled, window, usual[0])
        return
    kind = KINDS.spin(room)
    facts = product_facts(goods.PRODUCT[show.products[first // EACH]].title)
    voice = random.Random(f"{airing.voice}/{minute}")  # its own: new words change no fact
    words = expand(voice, voice.choice(lines(load("live")[kind])), facts)
    kept, remedy, rates = True, "", usual
    if kind != PRAISE:
        broken = (values["returned_broken"], values["complained_broken"])
        share = values["broken"][show.kind]
        ratio = broken[0] / usual[0]
        doubt = log(share / (1 - share)) + evidence(sampled, show, window, share, ratio)
        kept = not fates.broken[show.kind].draw(1 / (1 + exp(-doubt)))
        if not kept:
            remedy, rates = room.choice(REMEDIES[kind]), broken
    become(room, airing, sampled, window, rates[0])
    number = sum(len(one.promises) for one in made) + 1
    heard = airing.minutes[minute : first + EACH]
    known = sum(sampled.complained[show.show_id, m] for m in window)
    unknown = sum(m.orders for m in heard) - sum(sampled.orders[show.show_id, m] for m in window)
    airing.minutes[minute].promise_id = f"L{number:03}"
    airing.promises.append(
        Promise(
            promise_id=f"L{number:03}",
            show=show,
            minute=minute,
            kind=kind,
            words=words,
            kept=kept,
            remedy=remedy,
            orders=sum(m.orders for m in heard),
            returned=sum(m.returned for m in heard),
            complained=known + sum(fates.complained.draw(rates[1]) for _ in range(unknown)),
        )
    )


def evidence(sampled: Sampled, show: Show, window: range, share: float, ratio: float) -> float:
    """Return by how much the sampled customers' returns raise the log odds of a broken promise.

    Their orders came back before it was known which promises are broken: at a rate that is now
    taken for a mixture of two, ``ratio`` apart, with the ``share`` of broken promises.
    """
    places = [(show.show_id, minute) for minute in window]
    kept = sampled.returned.total() / sampled.orders.total() / (1 - share + share * ratio)
    back = sum(sampled.returned[place] for place in places)
    stayed = sum(sampled.orders[place] for place in places) - back
    return back * log(ratio) + stayed * log((1 - kept * ratio) / (1 - kept))


def become(
    room: random.Random, airing: Airing, sampled: Sampled, window: range, rate: float
) -> None:
    """Let orders come back: those of the sampled customers as told, of the others at a rate."""
    for number in window:
        minute, place = airing.minutes[number], (airing.show.show_id, number)
        others = minute.orders - sampled.orders[place]
        minute.returned = sampled.returned[place] + happens(room, others, rate)


def minute_rows(made: Sequence[Airing]) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``live_minutes``."""
    for airing in made:
        for number, minute in enumerate(airing.minutes):
            yield {
                "show_id": airing.show.show_id,
                "minute": number,
                "viewers": minute.viewers,
                "entered": minute.entered,
                "questions": minute.fresh + minute.repeats,
                "repeats": minute.repeats,
                "answered_60s": minute.answered,
                "pinned": minute.pinned,
                "promise_id": minute.promise_id,
                "orders": minute.orders,
                "returned": minute.returned,
                "stock": minute.stock,
                "on_screen": airing.show.products[number // EACH],
            }


def promise_rows(made: Sequence[Airing]) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table ``live_promises``."""
    for airing in made:
        for one in airing.promises:
            counts = one.kind != PRAISE
            yield {
                "promise_id": one.promise_id,
                "show_id": one.show.show_id,
                "minute": one.minute,
                "host": one.show.host,
                "kind": one.kind,
                "words": one.words,
                "counts": str(counts).lower(),
                "kept": str(one.kept).lower() if counts else "",
                "remedy": one.remedy,
                "orders": one.orders,
                "returned": one.returned,
                "complained": one.complained,
            }
