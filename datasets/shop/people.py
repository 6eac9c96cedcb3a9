"""The people of the shop: customers as they are, and the agents who serve them. All invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from datasets.shop.calendar import DAYS, date_text, staffed
from datasets.shop.chance import Wheel, between
from datasets.shop.truths import planted

PROVINCES = Wheel(
    {
        "浙江": 15, "江苏": 13, "上海": 10, "广东": 12, "山东": 7, "安徽": 6, "河南": 6,
        "湖北": 5, "福建": 5, "四川": 5, "北京": 5, "江西": 4, "湖南": 4, "河北": 4, "辽宁": 3,
        "陕西": 3, "重庆": 3, "天津": 2, "广西": 2, "云南": 2, "贵州": 2, "黑龙江": 2,
        "吉林": 1, "山西": 2, "内蒙古": 1, "甘肃": 1, "海南": 1, "宁夏": 1, "青海": 1,
        "新疆": 2, "西藏": 1, "香港": 1,
    }
)  # fmt: skip
SOURCES = Wheel({"搜索": 42, "推荐": 26, "活动": 14, "直播": 10, "老客分享": 8})
NAMES = yaml.safe_load((Path(__file__).parent / "names.yml").read_text(encoding="utf-8"))
FRONT, BACK, NOTES = NAMES["front"].split(), NAMES["back"].split(), NAMES["notes"].splitlines()


@dataclass(frozen=True)
class Person:
    """A customer. ``buyer`` and the body are the generator's own knowledge, in no table."""

    number: int
    customer_id: str
    nickname: str
    birthday: str
    province: str
    source: str
    phone: str
    sms_consent: bool
    ads_consent: bool
    note: str
    buyer: bool
    height: int
    weight: int


def person(rng: random.Random, number: int) -> Person:
    """Return the customer of this number."""
    joint = rng.choice(("", "", "", "的", "家的", "_", "和"))
    nickname = rng.choice(FRONT).removesuffix("的") + joint.replace("家的", "家") + rng.choice(BACK)
    nickname += str(rng.randrange(10, 1000)) if rng.random() < 0.35 else ""
    age = between(18, rng.gauss(33, 9), 68)
    born = date_text(-int(age * 365.25) - rng.randrange(365))
    height = round(between(148, rng.gauss(164, 6), 186))
    return Person(
        number=number,
        customer_id=f"C{number:06}",
        nickname=nickname,
        birthday=born if rng.random() < 0.72 else "",
        province=PROVINCES.spin(rng),
        source=SOURCES.spin(rng),
        phone=f"1{rng.choice('35789')}{rng.randrange(10)}****{rng.randrange(10000):04}",
        sms_consent=rng.random() < 0.75,
        ads_consent=rng.random() < 0.65,
        note=rng.choice(NOTES) if rng.random() < 0.06 else "",
        buyer=rng.random() < planted("repeat")["buyers"],
        height=height,
        weight=round(between(40, (height - 104) * rng.gauss(1.0, 0.13), 95)),
    )


def registered(rng: random.Random, first_seen: int | None) -> int:
    """Return the day of registration: by the first visit at the latest."""
    latest = DAYS - 1 if first_seen is None else first_seen
    if first_seen is not None and rng.random() < 0.6:
        return latest
    return max(latest - 1 - int(rng.expovariate(1 / 300)), -7 * 365)


@dataclass(frozen=True)
class Agent:
    """One who answers; ``hours`` are those of the shift."""

    agent_id: str
    name: str
    team: str
    skill: str
    shift: str
    concurrency: int
    hired_on: str


ROBOT = Agent("A00", "暖暖", "机器人", "商品问题;活动优惠;购买操作;物流问题", "", 500, "2024-03-01")
AGENTS = (
    ROBOT,
    Agent("A01", "小满", "售前", "商品问题;活动优惠", "晚班", 3, "2025-10-20"),
    Agent("A02", "林姐", "售前", "商品问题;购买操作;售后问题", "早班", 4, "2021-04-12"),
    Agent("A03", "阿栀", "售前", "商品问题;活动优惠", "早班", 4, "2023-02-20"),
    Agent("A04", "石头", "售前", "购买操作;物流问题", "晚班", 5, "2022-07-04"),
    Agent("A05", "小棠", "售后", "售后问题", "早班", 3, "2023-09-11"),
    Agent("A06", "阿川", "售后", "物流问题;售后问题", "晚班", 4, "2022-11-28"),
    Agent("A07", "青禾", "售前", "活动优惠;聊天互动", "大促机动", 4, "2024-05-20"),
    Agent("A08", "阿满叔", "售后", "物流问题", "大促机动", 3, "2024-09-09"),
)
SHIFTS = {"早班": range(9, 16), "晚班": range(16, 24)}


def present(team: str, moment: int, reserve: bool) -> list[Agent]:
    """Return who of a team is there at a moment, with or without the reserve."""
    day, second = divmod(moment, 86400)
    hour, today = second // 3600, date_text(day)
    here = [
        agent
        for agent in AGENTS
        if agent.team == team
        and agent.hired_on <= today
        and (hour in SHIFTS[agent.shift] if agent.shift in SHIFTS else reserve)
    ]
    if not here:  # in the night of 双11 the evening's people stay
        assert staffed(moment)
        here = [a for a in AGENTS if a.team == team and a.shift == "晚班" and a.hired_on <= today]
    return here


def on_duty(rng: random.Random, team: str, moment: int, rush: bool) -> Agent:
    """Return who of a team answers at a moment; the reserve joins in a rush."""
    return rng.choice(present(team, moment, rush))


def agents() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``agents``."""
    for agent in AGENTS:
        yield {
            "agent_id": agent.agent_id,
            "name": agent.name,
            "team": agent.team,
            "skill": agent.skill,
            "shift": agent.shift,
            "concurrency": agent.concurrency,
            "hired_on": agent.hired_on,
        }
