"""Old conversations of all chapters, mixed into the night: scripts of `kefu.talk` with customers.

The scripts are read as they are; their checks (`kefu.talk.check`) belong to the building of the book. A file is
read when somebody of it comes: to read all of them would take a page's Python a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from random import Random

from kefu import beside
from kefu.practice.question import Lesson
from kefu.talk import Scenario, Score, play
from kefu.talk.book import tables
from kefu.talk.scenario import scenario

SCENES: Mapping[str, tuple[str, ...]] = {
    "01": ("在吗在吗在吗", "加个微信便宜", "毯子发不出了"),
    "02": ("新疆不包邮", "明天能到吗", "大券用不上"),
    "03": ("回错窗口", "三个窗口一句稍等"),
    "04": ("太贵了", "第一句话", "给老伴挑羽绒服", "有现货吗几时到", "就差最后一步"),
    "05": ("签收了没收到", "五天没动静", "差价转我微信"),
    "06": ("开线的打底裤", "开衫少退十四元", "退货没收到"),
    "07": ("刚买就降价", "又碎了一只", "旧书摊的底单"),
    "08": ("南枝的追评", "五星返5元", "气极了的谷雨"),
    "09": ("把我的信息删了", "写着别人名字的生日礼"),
    "10": ("双11夜几天到", "那条三星"),
    "11": ("我想退会了", "我为什么降级了", "没收到的生日券"),
    "12": ("沉睡老客第一句", "再发举报你"),
    "13": ("夜里的承诺", "有没有活人"),
    "14": ("兑现那句话", "接手第一句"),
    "15": ("排了四分钟",),
    "16": ("公屏上的质疑", "限时价对账"),
}
"""By chapter, the conversations with a customer; those with the owner or with colleagues are left out."""
CHAPTER_OF = {name: chapter for chapter, names in SCENES.items() for name in names}


@cache
def _file(chapter: str) -> Mapping[str, object]:
    path = beside.find(f"{chapter}_talks.toml")
    return tables(path.read_text(encoding="utf-8"), path)


@cache
def scene(name: str) -> Scenario:
    """Return one of the night's conversations by its name."""
    return scenario(name, _file(CHAPTER_OF[name])[name])


def lesson(name: str) -> Lesson:
    """Return where a conversation is practised."""
    return Lesson(CHAPTER_OF[name], "对话演练")


def order(seed: str, name: str, turn: str) -> tuple[str, ...]:
    """Return the intents of a turn's options in the order in which this night shows them."""
    intents = [one.intent for one in scene(name).turns[turn].options]
    Random(f"{seed}/{name}/{turn}").shuffle(intents)
    return tuple(intents)


@lru_cache(maxsize=1024)
def told(name: str, moves: tuple[str, ...]) -> Score:
    """Return a conversation as far as these intents bring it (`kefu.talk.play`)."""
    return play(scene(name), moves)
