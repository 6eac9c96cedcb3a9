"""Who comes in the night: when, with what, how patient. One seed and level, one night, on any processor.

The stream is that of chapter 16 (`live.rates`: a show from ten to eleven, the sale at midnight), its moments and
the patience are chapter 15's (`routing.from_minutes`, `routing.House`), with chapter 03's three minutes below
it: nobody leaves earlier. The robot in front is chapter 13's (`bots.shop_bot`, `handover.decide`).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from kefu import data
from kefu.amounts import count, one_of
from kefu.clock import SHANGHAI
from kefu.errors import need
from kefu.intelligence import bots, handover, live, routing
from kefu.practice import scenes
from kefu.practice.cases import MAKERS
from kefu.practice.question import DeskQuestion
from kefu.presales.desk import THREE_MINUTES

START = datetime(2026, 6, 17, 21, tzinfo=SHANGHAI)
OPENS, CLOSES = 0, 14_400
MIDNIGHT = 10_800
"""The second from which chapter 04's shop greets as the robot: a first line is asked for before it."""
LAST = 225
"""The minute from which nobody comes any more."""
LEVELS = (1, 2, 3)
LEVEL_NAMES: Mapping[int, str] = {1: "有教练", 2: "答错才讲", 3: "没有教练"}
LARGEST_SEED = 999_999
SHOW = (55, 140)
"""The minutes of the live show's people: from five to ten until twenty past eleven."""
SALE = 172
"""The minute from which people come for midnight."""
LINKS = (live.Link(60, 0.5, 4, 6), live.Link(100, 0.4, 4, 6), live.Link(178, 0.7, 6, 10))
"""The links of the show, and midnight: extra customers a minute, held for some minutes, then fading."""
BASE = 0.13
PAIR = 4
"""So many come within each part of the night, at random within it: no night is all quiet or all rush."""


@dataclass(frozen=True)
class Size:
    """How many come on a level: to the player, of whom with old conversations, and to the robot alone."""

    people: int
    old: int
    robot: int


SIZES: Mapping[int, Size] = {1: Size(32, 3, 10), 2: Size(39, 4, 12), 3: Size(46, 5, 14)}


@dataclass(frozen=True)
class Taken:
    """One whom the robot answered by itself."""

    at: int
    who: str
    says: str
    reply: str


@dataclass(frozen=True)
class NightCustomer:
    """One who comes to the player: when, by which way, with which questions or old conversation.

    ``patience`` are seconds: how long he waits at first, then for each further answer.
    """

    who: str
    at: int
    channel: str
    first: str
    chapter: str
    patience: tuple[int, ...]
    questions: tuple[DeskQuestion, ...] = ()
    scene: str = ""
    robot: str = ""

    def lasts(self, round: int) -> int:
        """Return how long he waits for the answer of a round, from 0 on."""
        return self.patience[min(round, len(self.patience) - 1)]


@dataclass(frozen=True)
class ShopNight:
    """A night: everybody in order of arrival, and whom the robot took."""

    seed: int
    level: int
    customers: tuple[NightCustomer, ...]
    robot: tuple[Taken, ...]


def moment(at: int) -> datetime:
    """Return a second of the night as a moment on Shanghai's clock."""
    return START + timedelta(seconds=at)


def clock(at: int, seconds: bool = False) -> str:
    """Return a second of the night as it is read off the clock.

    >>> clock(0), clock(10_800), clock(447, seconds=True)
    ('21:00', '00:00', '21:07:27')
    """
    return f"{moment(at):%H:%M:%S}" if seconds else f"{moment(at):%H:%M}"


@data.cached
def night(seed: int, level: int = 1) -> ShopNight:
    """Return the night of a seed (0 to 999999) and a level (1 to 3). Raises ``ValueError`` or ``TypeError``.

    >>> len(night(618, 1).customers), night(618, 1) == night(618, 1)
    (32, True)
    """
    number, hard = count(seed, "seed"), one_of(level, "level", LEVELS)
    need(
        "seed", number <= LARGEST_SEED, f"at most {LARGEST_SEED}", f"不超过{LARGEST_SEED}的数", seed
    )
    size = SIZES[hard]
    draw = routing.chance(number, f"shift/{hard}")
    times = _times(draw, size.people + size.robot)
    kept = set(draw.sample(range(len(times)), size.robot))
    names = _names(draw)
    people = _people(draw, [at for n, at in enumerate(times) if n not in kept], size, names)
    robot = _robot(draw, [times[n] for n in sorted(kept)], names)
    return ShopNight(number, hard, tuple(people), tuple(robot))


def _times(draw: Random, many: int) -> list[int]:
    """Return when so many come, in seconds, by the rates of a show and of midnight."""
    weights = live.rates(LAST, BASE, LINKS)
    edges = list(accumulate(weights))
    counts = [0] * LAST
    counts[draw.randrange(1, 4)] += 1  # the first comes soon
    for n in range(1, many):
        share = (n // PAIR * PAIR + draw.random() * min(PAIR, many - n // PAIR * PAIR)) / many
        counts[min(bisect(edges, share * edges[-1]), LAST - 1)] += 1
    return [int(one.at) for one in routing.from_minutes(counts, draw.randrange(LARGEST_SEED))]


FRONT = (
    "橘子",
    "晚风",
    "小鹿",
    "半夏",
    "木棉",
    "雪梨",
    "青团",
    "南瓜",
    "云朵",
    "栗子",
    "海盐",
    "薄荷",
    "山楂",
    "芝麻",
)
BACK = (
    "汽水",
    "信箱",
    "日记",
    "饺子",
    "灯塔",
    "麻雀",
    "书签",
    "拖鞋",
    "邮差",
    "闹钟",
    "口袋",
    "围巾",
)


def _names(draw: Random) -> Iterator[str]:
    pairs = [a + b for a in FRONT for b in BACK]
    draw.shuffle(pairs)
    yield from pairs


def _people(
    draw: Random, times: list[int], size: Size, names: Iterator[str]
) -> Iterator[NightCustomer]:
    """Yield who comes to the player: kinds are dealt from decks, so that all chapters have their turn."""
    decks: dict[str, list[str]] = {}
    seen: dict[str, int] = {}
    old = sorted(draw.sample(range(2, len(times)), size.old))
    chapters = draw.sample(list(scenes.SCENES), size.old)
    for n, at in enumerate(times):
        patience = tuple(
            THREE_MINUTES + int(draw.expovariate(1 / routing.House().patience)) for _ in range(7)
        )
        if n in old:
            name = draw.choice(scenes.SCENES[chapters[old.index(n)]])
            one = scenes.scene(name)
            first = one.turns[one.start].says
            yield NightCustomer(
                _once(seen, f"{one.customer}·旧案"),
                at,
                "旧案",
                first,
                scenes.CHAPTER_OF[name],
                patience,
                scene=name,
            )
            continue
        stage = _stage(draw, at // 60)
        asked = [_ask(draw, decks, stage, at, first=at < MIDNIGHT)]
        if stage == "售前" and (MAKERS[asked[0].kind].opens or draw.random() < 0.3):
            asked.append(_ask(draw, decks, stage, at, first=False))
        question = asked[0]
        channel = {"售前": "咨询", "售后": "咨询", "暖暖": "咨询"}.get(stage, stage)
        who = (
            _once(seen, f"{question.says[:2]}·{question.kind}") if stage == "同事" else next(names)
        )
        robot = _front(question) if channel == "咨询" else ""
        yield NightCustomer(
            who,
            at,
            channel,
            question.says,
            question.lesson.chapter,
            patience,
            tuple(asked),
            robot=robot,
        )


def _once(seen: dict[str, int], name: str) -> str:
    """Return a name that nobody else in the night has."""
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}{seen[name]}"


def _stage(draw: Random, minute: int) -> str:
    """Return what somebody who comes at a minute is about."""
    if SHOW[0] <= minute <= SHOW[1]:
        parts = {"公屏": 34, "售前": 26, "售后": 16, "同事": 14, "暖暖": 6, "评价": 4}
    elif minute >= SALE:
        parts = {"售前": 52, "售后": 16, "同事": 16, "暖暖": 8, "评价": 4, "公屏": 4}
    else:
        parts = {"售前": 30, "售后": 34, "同事": 18, "暖暖": 8, "评价": 8, "公屏": 2}
    return draw.choices(list(parts), list(parts.values()))[0]


def _ask(
    draw: Random, decks: dict[str, list[str]], stage: str, at: int, *, first: bool
) -> DeskQuestion:
    """Return the next question of a stage; what opens a conversation only where it is ``first`` said."""
    deck = decks.setdefault(stage, [])
    if not any(first or not MAKERS[kind].opens for kind in deck):
        deck[:] = [kind for kind, made in MAKERS.items() if made.stage == stage]
        draw.shuffle(deck)
    place = max(n for n, kind in enumerate(deck) if first or not MAKERS[kind].opens)
    return MAKERS[deck.pop(place)].make(Random(f"{draw.random()}/{at}"), moment(at))


def _front(asked: DeskQuestion) -> str:
    """Return what the robot said before it handed somebody over."""
    reply = bots.shop_bot("fuzzy").reply(asked.says)
    route = handover.decide(handover.Moment(asked.says, failures=2), handover.Switches())
    return reply.text if reply.handoff else f"{bots.LOST}（{route.reason}）"


def _robot(draw: Random, times: list[int], names: Iterator[str]) -> Iterator[Taken]:
    """Yield whom the robot answers by itself: everyday questions of its trade that it does not hand over."""
    rows = [
        row["text"]
        for row in data.rows("everyday_questions")
        if row["need"] == "回答" and row["trade"] == "家居服饰"
    ]
    draw.shuffle(rows)
    bot, switches = bots.shop_bot("fuzzy"), handover.Switches()
    texts = iter(rows)
    for at in times:
        for text in texts:
            reply = bot.reply(text)
            stays = handover.decide(handover.Moment(text), switches).way == "机器人答"
            if stays and not reply.handoff:
                yield Taken(at, next(names), text, reply.text)
                break
