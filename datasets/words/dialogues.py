"""Chats between a customer and the shop: ``dialogue(rng, scene)`` writes one, line by line."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from datasets.words.knowledge import Intent, intents, product_facts
from datasets.words.phrase import load, pick, slip

BUYER, AGENT, ROBOT, SYSTEM = "买家", "客服", "机器人", "系统"


@dataclass(frozen=True)
class Line:
    """One message: seconds since the customer's first question, who sent it, what it says."""

    at_s: int
    sender: str
    text: str


@dataclass(frozen=True)
class Scene:
    """What a chat is about, who is in it, and how it ends."""

    stage: str  # 售前 or 售后
    topic: str  # one of the six
    title: str  # of the product
    price: str  # yuan
    size: str  # empty where the product has none
    height: int  # of the buyer, cm
    weight: int  # of the buyer, kg
    province: str
    carrier: str
    problem: str  # of the parcel, one of the five causes or empty
    order_state: str  # 待付款, 已付款, ... or empty
    agent: str  # name of the agent
    robot: bool  # the robot answers first
    handover: bool  # and hands over to the agent
    first_response_s: int
    reply_pace_s: float  # mean seconds between a question and its answer
    outcome: str  # bought, left (售前); solved, unsolved (售后)
    rounds: int  # questions answered
    mood: str  # 平和, 热情, 着急 or 不满


@dataclass(frozen=True)
class Turn:
    """What one side says in one go."""

    sender: str
    texts: list[str]


def facts_of(scene: Scene) -> dict[str, object]:
    """Return what a template may ask of a scene."""
    return product_facts(scene.title) | {
        "title": scene.title,
        "price": scene.price.removesuffix(".00"),
        "size": scene.size,
        "height": scene.height,
        "weight": scene.weight,
        "jin": scene.weight * 2,
        "province": scene.province,
        "carrier": scene.carrier,
        "problem": scene.problem,
        "agent": scene.agent,
    }


def suits(intent: Intent, scene: Scene) -> bool:
    """Return whether a customer of this scene may ask this."""
    kinds = product_facts(scene.title)["kinds"]
    assert isinstance(kinds, list)
    return (
        intent.stage in ("", scene.stage)
        and (not intent.kinds or any(kind in kinds for kind in intent.kinds))
        and (not intent.problems or scene.problem in intent.problems)
        and (not intent.states or scene.order_state in intent.states)
    )


def asked(rng: random.Random, scene: Scene) -> Iterator[Intent]:
    """Yield what the customer wants to know: first of the scene's topic, then anything."""
    fitting = [intent for intent in intents() if suits(intent, scene)]
    own = [intent for intent in fitting if intent.topic == scene.topic]
    special = [intent for intent in own if intent.problems and scene.problem]
    first = rng.choice(special if special and rng.random() < 0.8 else own or fitting)
    yield first
    seen = {first.name, "打招呼"}
    while True:
        near = own if rng.random() < 0.6 else fitting
        left = [intent for intent in near if intent.name not in seen]
        left = left or [intent for intent in fitting if intent.name != first.name]
        following = rng.choice(left)
        seen.add(following.name)
        yield following


def typed(rng: random.Random, scene: Scene, texts: list[str]) -> list[str]:
    """Return a customer's burst as it comes from a phone: slips, bare ends, marks of mood."""
    hurried = scene.mood in ("着急", "不满")
    done = []
    for text in texts:
        if rng.random() < 0.07:
            text = slip(rng, text)
        if rng.random() < 0.35:
            text = text.replace("，", " ")
        bare = text.rstrip("？。")
        if rng.random() < 0.45:
            text = bare
        elif hurried and rng.random() < 0.35:
            text = bare + rng.choice(("？？", "！", "！！", "？？？", "。。。"))
        if rng.random() < (0.16 if scene.mood == "热情" else 0.06):
            text = bare + rng.choice(load("words")["emoji_" + scene.mood].split())
        done.append(text)
    return done


def script(rng: random.Random, scene: Scene) -> Iterator[Turn]:
    """Yield the turns of a chat, without times."""
    chat, facts = load("chat"), facts_of(scene)

    def say(sender: str, *blocks: str) -> Turn:
        texts = [text for block in blocks for text in pick(rng, block, facts)]
        return Turn(sender, typed(rng, scene, texts) if sender == BUYER else texts)

    robot, switch = scene.robot, rng.randrange(min(2, scene.rounds)) if scene.handover else -1
    if rng.random() < 0.4:
        yield say(SYSTEM, chat["enter"][scene.stage])
    done, wishes = 0, asked(rng, scene)
    while done < scene.rounds:
        intent = next(wishes)
        opening = [chat["hello"]] if done == 0 and rng.random() < 0.65 else []
        link = [chat["link"]] if done and rng.random() < 0.3 else []
        yield say(BUYER, *opening, *link, rng.choice(intent.ask + intent.para))
        answerer = ROBOT if robot else AGENT
        hello = chat["welcome"][answerer] if done == 0 else ""
        if robot:
            missed = not intent.answer or rng.random() < 0.12 or done == switch
            reply = say(ROBOT, *([hello] if hello else []), chat["miss"]) if missed else Turn(
                ROBOT, (pick(rng, hello, facts) if hello else []) + [intent.answer_for(scene.title)]
            )
            yield reply
            if done == switch:
                yield say(BUYER, chat["to_person"])
                yield say(ROBOT, chat["transfer"])
                yield say(SYSTEM, chat["joined"])
                yield say(AGENT, chat["takes_over"], intent.say or chat["curt"])
                robot = False
            done += 1
            continue
        good = rng.random() < (0.85 if scene.outcome in ("bought", "solved") else 0.55)
        body = intent.say if good and intent.say else chat["curt"]
        yield say(AGENT, *([hello] if hello else []), body)
        done += 1
        follow = [line for line in intent.more if rng.random() < 0.6]
        for line in follow[: max(scene.rounds - done, 0)]:
            question, _, answer = line.partition(" => ")
            yield say(BUYER, question)
            yield say(AGENT, answer)
            done += 1
    last = ROBOT if robot else AGENT
    if scene.outcome != "left" or rng.random() < 0.6:
        yield say(BUYER, chat["end"][scene.outcome][scene.mood])
    yield say(last, chat["farewell"][scene.outcome])
    if scene.outcome == "bought" and rng.random() < 0.5:
        yield say(SYSTEM, chat["paid"])


def timed(rng: random.Random, scene: Scene, turns: list[Turn]) -> list[Line]:
    """Return the turns with their times; the first answer comes at its exact second."""
    told: list[Line] = []
    clock, answered = 0, False
    for turn in turns:
        for place, text in enumerate(turn.texts):
            if turn.sender in (AGENT, ROBOT) and not answered:
                answered = True
                told += nudges(rng, scene, clock)
                told.append(Line(scene.first_response_s, turn.sender, text))
                clock = max(clock, scene.first_response_s)
                continue
            told.append(Line(clock := clock + gap(rng, scene, turn.sender, place, told), turn.sender, text))
    return sorted(told, key=lambda line: line.at_s)


def gap(rng: random.Random, scene: Scene, sender: str, place: int, told: list[Line]) -> int:
    """Return the seconds before one message."""
    if sender == SYSTEM or not any(line.sender == BUYER for line in told):
        return 0
    if sender == ROBOT:
        return rng.randint(1, 2)
    if sender == AGENT:
        mean = scene.reply_pace_s if place == 0 else min(scene.reply_pace_s / 3, 12)
        return max(2, round(mean * (0.4 + 1.2 * rng.random())))
    return rng.randint(3, 12) if place else rng.randint(6, 45)


def nudges(rng: random.Random, scene: Scene, since: int) -> list[Line]:
    """Return what the customer sends while nobody answers."""
    told, clock = [], since
    while (clock := clock + rng.randint(35, 120)) < scene.first_response_s and len(told) < 3:
        if rng.random() < (0.9 if scene.mood in ("着急", "不满") else 0.5):
            told.append(Line(clock, BUYER, pick(rng, load("chat")["nudge"], {})[0]))
    return told


def dialogue(rng: random.Random, scene: Scene) -> list[Line]:
    """Return one chat in the order of its times."""
    return timed(rng, scene, list(script(rng, scene)))
