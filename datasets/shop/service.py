"""Chats: who answers, how soon, and what is said (the words come from ``datasets.words``)."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log2

from datasets.shop.calendar import END, load, staffed, stamp
from datasets.shop.chance import Wheel, between
from datasets.shop.goods import Sku, yuan
from datasets.shop.people import ROBOT, Agent, Person, on_duty
from datasets.shop.rota import Rota
from datasets.shop.tables import Tables
from datasets.shop.trade import Order
from datasets.shop.truths import planted
from datasets.words.dialogues import Line, Scene, dialogue
from datasets.words.knowledge import product_facts
from datasets.words.phrase import load as load_words
from datasets.words.phrase import pick

HANDLED = {
    "售前": Wheel({"人工": 64, "机器人": 22, "机器人转人工": 14}),
    "售后": Wheel({"人工": 72, "机器人": 10, "机器人转人工": 18}),
}
TOPICS = Wheel(
    {
        "商品问题": 46, "活动优惠": 19, "购买操作": 11, "物流问题": 14, "聊天互动": 5,
        "售后问题": 5,
    }
)  # fmt: skip
ROUNDS = Wheel({1: 31, 2: 34, 3: 22, 4: 9, 5: 3, 6: 1})
MOODS = Wheel({"平和": 62, "热情": 20, "着急": 14, "不满": 4})
MOODS_OF_TROUBLE = Wheel({"平和": 28, "热情": 4, "着急": 36, "不满": 32})
OUTCOMES = {"售前": ("left", "bought"), "售后": ("unsolved", "solved")}
PEAK = 3.0  # the heaviest load that the calendar knows


@dataclass(frozen=True)
class Talk:
    """What a chat will be about. ``converts`` is drawn before the answer's time is."""

    stage: str
    topic: str
    sku: Sku
    converts: bool = False
    order: Order | None = None
    state: str = ""  # of the order, at that time
    trouble: bool = False
    claim: int = 0  # what an extortionist asks for, yuan


@dataclass
class Chat:
    """A chat that took place, and what is said in it; it is written when all is known."""

    chat_id: str
    person: Person
    talk: Talk
    agent: Agent
    handled_by: str
    started: int
    first_response: int
    lines: list[Line]
    rating: int | None

    @property
    def ended(self) -> int:
        """The moment of the last message."""
        return self.started + self.lines[-1].at_s


@dataclass(frozen=True)
class Desk:
    """What one customer's chats need beside what happens: words, and who answers."""

    voice: random.Random
    rota: Rota
    shifts: random.Random  # of its own, so that the rota changes no fact


def handled(rng: random.Random, stage: str, moment: int) -> str:
    """Return who takes a chat: at night the robot alone."""
    return HANDLED[stage].spin(rng) if staffed(moment) else "机器人"


def asks_in_vain(rng: random.Random, moment: int, handled_by: str) -> bool:
    """Return whether someone who will not buy asks at this moment.

    The busier the shop, the more do: with this, the odds of buying depend on the first response
    time alone, and one slope holds for quiet and for busy hours.
    """
    pressure = load(moment) if handled_by == "人工" else 0.0
    return rng.random() < exp(-planted("conversion")["slope"] * (pressure - PEAK))


def first_response(rng: random.Random, moment: int, handled_by: str, converts: bool) -> int:
    """Return the seconds to the first answer: a log-normal time under the hour's load.

    Those who will buy got theirs sooner by slope x spread² doublings; by Bayes' rule this is the
    planted slope of the log odds of buying.
    """
    if handled_by != "人工":
        return rng.randint(1, 3)
    values = planted("conversion")
    mean = log2(values["median_s"]) + load(moment)
    shift = values["slope"] * values["spread"] ** 2 if converts else 0.0
    return max(2, round(2 ** rng.gauss(mean + shift, values["spread"])))


def chat(
    rng: random.Random,
    desk: Desk,
    tables: Tables,
    person: Person,
    talk: Talk,
    moment: int,
    *,
    handled_by: str,
    before: int | None = None,
) -> Chat | None:
    """Hold a chat that starts at ``moment``, or ends shortly before ``before``.

    What happens is drawn from ``rng``, what is said from the desk's voice.

    Returns ``None`` for one that would reach beyond the year, which does not take place.
    """
    response = first_response(rng, moment, handled_by, talk.converts)
    agent = (
        ROBOT if handled_by == "机器人" else on_duty(rng, talk.stage, moment, load(moment) > 0.6)
    )
    if talk.stage == "售前" and agent is not ROBOT:
        waited = response if handled_by == "人工" else None
        agent = desk.rota.settled(desk.shifts, agent, moment, waited, talk.converts)
    solved = rng.random() < (0.9 if agent is not ROBOT else 0.7) - (0.2 if talk.trouble else 0)
    if talk.claim:
        lines = scripted(desk.voice, load_words("extortion"), talk, response, talk.claim)
    else:
        told = scene(rng, person, talk, agent, handled_by, response, moment, solved)
        lines = dialogue(desk.voice, told)
    ended = moment + lines[-1].at_s
    if before is not None:
        moment += before - rng.randint(15, 240) - ended
        ended = moment + lines[-1].at_s
    rated = rng.random() < (0.3 if talk.stage == "售前" else 0.4)
    score = 4.9 - 0.28 * max(0.0, log2(max(response, 1)) - 5) - (0 if solved else 1.6)
    rating = int(between(1, round(rng.gauss(score, 0.7)), 5)) if rated else None
    if ended >= END or moment < 0:
        return None
    key = tables.key("H")
    return Chat(key, person, talk, agent, handled_by, moment, response, lines, rating)


def write(tables: Tables, chat: Chat) -> None:
    """Write a chat and its messages."""
    talk = chat.talk
    tables.add(
        "chats",
        {
            "chat_id": chat.chat_id,
            "customer_id": chat.person.customer_id,
            "agent_id": chat.agent.agent_id,
            "started_at": stamp(chat.started),
            "ended_at": stamp(chat.ended),
            "stage": talk.stage,
            "topic": talk.topic,
            "handled_by": chat.handled_by,
            "product_id": talk.sku.product,
            "order_id": talk.order.order_id if talk.order and talk.stage == "售后" else "",
            "first_response_s": chat.first_response,
            "messages": len(chat.lines),
            "rating": "" if chat.rating is None else chat.rating,
        },
    )
    for seq, line in enumerate(chat.lines, start=1):
        tables.add(
            "messages",
            {
                "chat_id": chat.chat_id,
                "seq": seq,
                "at": stamp(chat.started + line.at_s),
                "sender": line.sender,
                "text": line.text,
            },
        )


def scripted(
    rng: random.Random,
    turns: Sequence[Mapping[str, str]],
    talk: Talk,
    response: int,
    claim: int,
) -> list[Line]:
    """Return a chat whose turns are given: no photo, a claim (yuan) far over the price."""
    assert talk.order is not None
    noun = product_facts(talk.sku.title)["noun"]
    facts = {"noun": noun, "claim": claim, "amount": yuan(talk.order.to_pay)}
    facts["defect"] = product_facts(talk.sku.title)["defect"]
    lines, clock = [], 0
    for nth, turn in enumerate(turns):
        ((sender, block),) = turn.items()
        clock = response if nth == 1 else clock + (rng.randint(20, 70) if nth else 0)
        for text in pick(rng, block, facts):
            lines.append(Line(clock, sender, text))
            clock += rng.randint(2, 6) if nth else 0
    return lines


def scene(
    rng: random.Random,
    person: Person,
    talk: Talk,
    agent: Agent,
    handled_by: str,
    response: int,
    moment: int,
    solved: bool,
) -> Scene:
    """Return the scene from which the words are made."""
    parcel = talk.order.parcel if talk.order else None
    return Scene(
        stage=talk.stage,
        topic=talk.topic,
        title=talk.sku.title,
        price=yuan(talk.sku.price),
        size=talk.sku.size,
        height=person.height,
        weight=person.weight,
        province=talk.order.province if talk.order else person.province,
        carrier=talk.order.quote.carrier if talk.order else "青鸟快递",
        problem=parcel.problem if parcel and talk.stage == "售后" else "",
        order_state=talk.state,
        agent=agent.name,
        robot=handled_by != "人工",
        handover=handled_by == "机器人转人工",
        first_response_s=response,
        reply_pace_s=18 * 2 ** (0.5 * load(moment)) * exp(rng.gauss(0, 0.35)),
        outcome=OUTCOMES[talk.stage][talk.converts or (talk.stage == "售后" and solved)],
        rounds=ROUNDS.spin(rng),
        mood=(MOODS_OF_TROUBLE if talk.trouble else MOODS).spin(rng),
    )
