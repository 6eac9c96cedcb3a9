"""Chats between a customer and the shop: ``dialogue(rng, scene)`` writes one, line by line."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from datasets.words.knowledge import Intent, intents, kinds_of, product_facts
from datasets.words.phrase import expand, lines, load, pick, slip

BUYER, AGENT, ROBOT, SYSTEM = "买家", "客服", "机器人", "系统"
LASTING = ("colour", "colour2", "city", "weather", "noun2", "abroad", "wait", "day")
GAP_WEIGHT = 0.4  # how much rarer a question is that the base has no answer to


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


def facts_of(rng: random.Random, scene: Scene) -> dict[str, object]:
    """Return what a template may ask of a scene, with what stays the same all through a chat."""
    return {
        **{name: expand(rng, f"{{{name}}}", {}) for name in LASTING},
        **product_facts(scene.title),
        "title": scene.title,
        "price": scene.price.removesuffix(".00"),
        "size": scene.size or "均码",
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
    return (
        intent.stage in ("", scene.stage)
        and (not intent.kinds or bool(set(intent.kinds) & kinds_of(scene.title)))
        and (not intent.problems or scene.problem in intent.problems)
        and (not intent.states or scene.order_state in intent.states)
        and (not intent.moods or scene.mood in intent.moods)
    )


def asked(rng: random.Random, scene: Scene) -> Iterator[Intent]:
    """Yield what the customer wants to know: first of the scene's topic, then anything fitting."""
    fitting = [intent for intent in intents() if suits(intent, scene)]
    own = [intent for intent in fitting if intent.topic == scene.topic]
    fitting = [intent for intent in fitting if intent.topic != "聊天互动"]
    special = [intent for intent in own if scene.problem in intent.problems and scene.problem]
    chosen = any_of(rng, special if special and rng.random() < 0.8 else own or fitting)
    seen: set[str] = set()
    while True:
        seen.add(chosen.name)
        yield chosen
        near = own if scene.topic != "聊天互动" and rng.random() < 0.7 else fitting
        left = [intent for intent in near if intent.name not in seen]
        chosen = any_of(rng, left or fitting)


def any_of(rng: random.Random, choice: list[Intent]) -> Intent:
    """Return one intent, a gap in the base less often than the others."""
    return rng.choices(choice, [1 if intent.answer else GAP_WEIGHT for intent in choice])[0]


@cache
def strays() -> tuple[Intent, ...]:
    """Return the intents whose answer the robot may give by mistake."""
    return tuple(intent for intent in intents() if intent.answer and not intent.each)


def typed(rng: random.Random, scene: Scene, texts: list[str]) -> list[str]:
    """Return a customer's burst as it comes from a phone: cut up, slipped, with marks of mood."""
    hurried = scene.mood in ("着急", "不满")
    done = []
    for text in texts:
        if rng.random() < 0.07:
            text = slip(rng, text)
        first, _, rest = text.partition("，")
        if min(len(first), len(rest)) >= 4 and rng.random() < 0.5:
            done += [first, rest]
            continue
        if rng.random() < 0.35:
            text = text.replace("，", " ")
        bare = text.rstrip("？。～") or text
        if rng.random() < 0.4:
            text = bare
        elif hurried and rng.random() < 0.35:
            text = bare + rng.choice(("？？", "！", "！！", "？？？", "。。。"))
        if rng.random() < (0.2 if scene.mood == "热情" else 0.08):
            text = bare + rng.choice(str(load("words")["emoji_" + scene.mood]).split())
        done.append(text)
    return done


def script(rng: random.Random, scene: Scene) -> Iterator[Turn]:
    """Yield the turns of a chat, without times."""
    chat, facts = load("chat"), facts_of(rng, scene)

    def say(sender: str, *blocks: str) -> Turn:
        texts = [text for block in blocks if block for text in pick(rng, block, facts)]
        return Turn(sender, typed(rng, scene, texts) if sender == BUYER else texts)

    def robot_says(hello: str, intent: Intent, missed: bool) -> Turn:
        """Return the answer of the base; a miss where there is none, or by mistake another's."""
        turn = say(ROBOT, hello, chat["miss"] if missed else "")
        return turn if missed else Turn(ROBOT, [*turn.texts, intent.answer_for(scene.title)])

    robot, switch = scene.robot, rng.randrange(min(2, scene.rounds)) if scene.handover else -1
    good = rng.random() < (0.9 if scene.outcome in ("bought", "solved") else 0.45)
    if rng.random() < 0.4:
        yield say(SYSTEM, chat["enter"][scene.stage])
    wishes = asked(rng, scene)
    intent, follow = next(wishes), list[str]()
    for done in range(scene.rounds):
        if done and not follow:
            intent = next(wishes)
        hello = chat["welcome"][ROBOT if robot else AGENT] if done == 0 else ""
        if follow:
            question, _, answer = follow.pop(0).partition(" => ")
            yield say(BUYER, question)
            yield say(AGENT, answer)
            continue
        before = chat["hello"] if rng.random() < 0.65 else ""
        question = rng.choice(intent.ask + intent.para)
        if done and rng.random() < 0.3:
            question = rng.choice(lines(chat["link"])) + question
        yield say(BUYER, "" if done else before, question)
        if robot:
            missed = not intent.answer or done == switch or rng.random() < 0.06
            strayed = not missed and rng.random() < 0.06
            yield robot_says(hello, rng.choice(strays()) if strayed else intent, missed)
            if strayed:
                yield say(BUYER, chat["wrong"])
                yield robot_says("", intent, rng.random() < 0.3)
            if done != switch:
                continue
            yield say(BUYER, chat["to_person"])
            yield say(ROBOT, chat["transfer"])
            yield say(SYSTEM, chat["joined"])
            robot, hello = False, chat["takes_over"]
        cares = rng.random() < (0.9 if good else 0.4)
        yield say(AGENT, hello, intent.say if cares else chat["curt"])
        follow = [line for line in intent.more if cares and rng.random() < 0.55]
        rng.shuffle(follow)
    if scene.outcome != "left" or rng.random() < 0.6:
        yield say(BUYER, chat["end"][scene.outcome][scene.mood])
    if robot:
        yield say(ROBOT, chat["robot_farewell"][scene.outcome])
    else:
        yield say(AGENT, chat["farewell"][scene.outcome])
    if scene.outcome == "bought" and rng.random() < 0.5:
        yield say(SYSTEM, chat["paid"])
    elif not robot and rng.random() < 0.25:
        yield say(SYSTEM, chat["invite"])


def timed(rng: random.Random, scene: Scene, turns: list[Turn]) -> list[Line]:
    """Return the turns with their times; the first answer comes at its exact second."""
    told: list[Line] = []
    clock, asking, answered = 0, False, False
    for turn in turns:
        for place, text in enumerate(turn.texts):
            if turn.sender in (AGENT, ROBOT) and not answered:
                answered = True
                told += nudges(rng, scene, clock)
                told.append(Line(scene.first_response_s, turn.sender, text))
                clock = max(clock, scene.first_response_s)
                continue
            clock += pause(rng, scene, turn.sender, place) if asking else 0
            asking = asking or turn.sender == BUYER
            told.append(Line(clock, turn.sender, text))
    return sorted(told, key=lambda line: line.at_s)


def pause(rng: random.Random, scene: Scene, sender: str, place: int) -> int:
    """Return the seconds before one message, the ``place``-th of its burst."""
    if sender == SYSTEM:
        return 0
    if sender == ROBOT:
        return rng.randint(1, 2)
    if sender == AGENT:
        mean = scene.reply_pace_s if place == 0 else min(scene.reply_pace_s / 3, 12)
        return max(2, round(mean * (0.4 + 1.2 * rng.random())))
    return rng.randint(3, 12) if place else rng.randint(6, 45)


def nudges(rng: random.Random, scene: Scene, since: int) -> list[Line]:
    """Return what the customer sends while nobody answers."""
    told: list[Line] = []
    clock = since
    while (clock := clock + rng.randint(35, 120)) < scene.first_response_s and len(told) < 3:
        if rng.random() < (0.9 if scene.mood in ("着急", "不满") else 0.5):
            told.append(Line(clock, BUYER, pick(rng, load("chat")["nudge"], {})[0]))
    return told


def dialogue(rng: random.Random, scene: Scene) -> list[Line]:
    """Return one chat in the order of its times."""
    return timed(rng, scene, list(script(rng, scene)))
