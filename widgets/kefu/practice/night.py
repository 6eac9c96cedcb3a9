"""Who comes in the night: when, with what, how patient. One seed and level, one night, on any processor.

The stream is that of chapter 16 (`live.rates`: a show from ten to eleven, the sale at midnight), its moments and
the patience are chapter 15's (`routing.from_minutes`, `routing.House`), with chapter 03's three minutes below
it: nobody leaves earlier. The robot in front is chapter 13's (`bots.shop_bot`, `handover.decide`).
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from kefu import data
from kefu.amounts import count, one_of
from kefu.clock import SHANGHAI
from kefu.errors import need
from kefu.intelligence import bots, handover, live, routing
from kefu.practice import ask_before, scenes
from kefu.practice.cases import MAKERS
from kefu.practice.question import DeskQuestion
from kefu.presales.desk import THREE_MINUTES

START = datetime(2026, 6, 17, 21, tzinfo=SHANGHAI)
OPENS, CLOSES = 0, 14_400
MIDNIGHT = 10_800
"""The second from which chapter 04's shop greets as the robot: a first line is asked for before it."""
LAST = 236
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
RUSH = (60 * SALE, 60 * int(LINKS[-1].at + LINKS[-1].hold + LINKS[-1].fade))
"""The seconds of the night between which it is fullest: about midnight."""
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
    draw = routing.chance(number, f"{STREAM}/{hard}")
    times = _times(draw, size.people + size.robot)
    kept = set(draw.sample(range(len(times)), size.robot))
    names = _names(draw)
    come = [at for n, at in enumerate(times) if n not in kept]
    people = _people(draw, come, size, names, _old(number, hard))
    robot = _robot(draw, [times[n] for n in sorted(kept)], names)
    return ShopNight(number, hard, tuple(people), tuple(robot))


def _times(draw: Random, many: int) -> list[int]:
    """Return when so many come, in seconds, by the rates of a show and of midnight."""
    weights = live.rates(LAST, BASE, LINKS)
    edges = list(accumulate(weights))
    counts = [0] * LAST
    counts[draw.randrange(1, 4)] += 1  # the first comes soon
    counts[LAST - draw.randrange(1, 4)] += 1  # and the last when the shift is all but over
    for n in range(2, many):
        share = (n // PAIR * PAIR + draw.random() * min(PAIR, many - n // PAIR * PAIR)) / many
        counts[min(bisect(edges, share * edges[-1]), LAST - 1)] += 1
    return [int(one.at) for one in routing.from_minutes(counts, draw.randrange(LARGEST_SEED))]


NAMES = (
    "雪梨膏", "云朵邮差", "栗子闹钟", "海盐饼干", "薄荷书签", "山楂卷", "芝麻开门", "豆浆杯", "松果", "月亮船",
    "星期八", "纸飞机", "蓝墨水", "白日梦", "黑板擦", "早起鸟", "夏夜猫", "冬瓜茶", "春卷", "秋千", "雾灯塔", "露营车",
    "霜降", "河马先生", "沙漏", "泥瓦匠", "车前草", "站台", "窗花", "楼梯间", "米饭团", "醋溜土豆", "咖啡渍",
    "花生酱", "草帽", "杏花楼", "梅干菜", "桂圆", "鲸落", "羊角包", "牛油果", "兔耳朵", "狗尾巴", "燕尾服",
    "蜗牛壳", "毛线团", "针线盒", "钥匙扣", "音叉", "画框", "照相馆", "邮戳", "信纸", "电波", "收音机",
    "中场休息", "甜筒", "苦瓜", "酸梅汤", "热可可", "凉席", "慢半拍", "睡不着", "跑步机", "走马灯", "爱吃面",
    "数星星", "种豆子", "修表匠",
)  # fmt: skip
"""What customers call themselves: none begins like another, or like anybody in the book."""
STREAM = "night33"
"""The name of the stream from which nights are drawn: the night of the book, 618, is to have both rushes."""
ONCE = "同事"
"""The stage of which each kind comes once a night."""
TOGETHER = (("第一句", "运费", "到手价", "尺码"), ("会员", "积分", "没收到"))
"""Kinds that one and the same customer asks one after another."""
BY_THE_WAY = "对了，"
"""How a second question begins."""
TRIES = 24
"""How often a question is drawn anew whose words or customer the night has had."""


def _names(draw: Random) -> Iterator[str]:
    yield from draw.sample(NAMES, len(NAMES))


def _old(seed: int, hard: int) -> list[str]:
    """Return the old conversations of a level: no chapter twice over all levels, no customer twice a night."""
    draw = routing.chance(seed, f"{STREAM}/old")
    while True:
        names = [
            draw.choice(scenes.SCENES[one])
            for one in draw.sample(list(scenes.SCENES), len(scenes.SCENES))
        ]
        before = 0
        parts: dict[int, list[str]] = {}
        for level, size in SIZES.items():
            parts[level] = names[before : before + size.old]
            before += size.old
        if all(
            len({scenes.scene(one).customer for one in part}) == len(part)
            for part in parts.values()
        ):
            return parts[hard]


def _people(
    draw: Random, times: list[int], size: Size, names: Iterator[str], told: list[str]
) -> Iterator[NightCustomer]:
    """Yield who comes to the player: kinds are dealt from decks, so that all chapters have their turn.

    Among them are the old conversations that are ``told``; the first comes to buy. Nobody says what another has
    said, or has another's name.
    """
    decks: dict[str, list[str]] = {}
    used = Counter(scenes.scene(name).customer for name in told)
    old = dict(zip(sorted(draw.sample(range(2, len(times)), size.old)), told, strict=True))
    for n, at in enumerate(times):
        patience = tuple(
            THREE_MINUTES + int(draw.expovariate(1 / routing.House().patience)) for _ in range(7)
        )
        if n in old:
            name = old[n]
            one = scenes.scene(name)
            yield NightCustomer(
                f"{one.customer}·旧案", at, "旧案", one.turns[one.start].says, scenes.CHAPTER_OF[name], patience,
                scene=name,
            )  # fmt: skip
            continue
        first = None
        while first is None:
            stage = _stage(draw, at // 60) if n else "售前"
            first = _ask(draw, decks, stage, at, used, first=at < MIDNIGHT)
        asked = [first]
        if stage == "售前" and (MAKERS[first.kind].opens or draw.random() < 0.3):
            more = _ask(draw, decks, stage, at, used, first=False, about=first.about)
            if more and more.kind not in _beside(first.kind):
                used[more.kind] -= 1
                more = _then(Random(f"{at}/{first.kind}"), first, at, used)
            if more and not MAKERS[first.kind].opens:
                more = replace(more, says=f"{BY_THE_WAY}{more.says}")
            asked += [more] if more else []
        channel = {"售前": "咨询", "售后": "咨询", "暖暖": "咨询"}.get(stage, stage)
        who = f"{first.says[:2]}·{first.kind}" if stage == "同事" else first.who or next(names)
        robot = _front(first) if channel == "咨询" else ""
        yield NightCustomer(
            who, at, channel, first.says, first.lesson.chapter, patience, tuple(asked), robot=robot
        )


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
    draw: Random, decks: dict[str, list[str]], stage: str, at: int, used: Counter[str], *, first: bool,
    about: str = "",
) -> DeskQuestion | None:  # fmt: skip
    """Return the next question of a stage, None where all that it has was ``used``.

    What opens a conversation comes only where it is ``first`` said; where goods were talked of, whoever asks
    again asks ``about`` them. A colleague asks of each kind once.
    """
    for deal in (stage not in decks, stage != ONCE):
        if deal:
            kinds = [kind for kind, made in MAKERS.items() if made.stage == stage]
            decks[stage] = draw.sample(kinds, len(kinds))
        for kind in decks[stage][::-1]:
            if first or not MAKERS[kind].opens:
                found = _made(draw, kind, at, used, about)
                if found:
                    decks[stage].remove(kind)
                    return found
    return None


def _beside(kind: str) -> tuple[str, ...]:
    """Return what the same customer may ask after a kind."""
    kinds = next((kinds for kinds in TOGETHER if kind in kinds), ())
    return tuple(one for one in kinds if one != kind and not MAKERS[one].opens)


def _then(draw: Random, before: DeskQuestion, at: int, used: Counter[str]) -> DeskQuestion | None:
    """Return a second question that belongs to the one ``before``; None where there is none."""
    kinds = _beside(before.kind)
    every = (_made(draw, kind, at, used, before.about) for kind in draw.sample(kinds, len(kinds)))
    return next((one for one in every if one), None)


def _made(draw: Random, kind: str, at: int, used: Counter[str], about: str) -> DeskQuestion | None:
    """Return a question of a kind whose words and customer the night has not had; None where there is none."""
    recipe = MAKERS[kind]
    if used[kind] >= recipe.most:
        return None
    if about and kind == "尺码" and not ask_before.sized(about):
        return None
    for _ in range(TRIES):
        own = Random(f"{draw.random()}/{at}")
        made = (
            recipe.make(own, moment(at), about)
            if recipe.goods and about
            else recipe.make(own, moment(at))
        )
        if not _own(made) & used.keys():
            used.update({*_own(made), kind})
            return made
    return None


def _own(asked: DeskQuestion) -> set[str]:
    """Return what comes once a night: the words, the customer named in the papers, what a host has said."""
    about = "" if MAKERS[asked.kind].goods else asked.about
    return {asked.says, asked.who, about} - {""}


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
