"""What exercises are tried with beside the arguments that the book shows.

Drawn by a seed of the teacher's, so that no file of the site and no class before has them; what is
right for them, the solution says. An exercise is named by its chapter and function. Each draw keeps
to what the exercise's text allows: an argument that a right answer may refuse marks nobody down.
Exercises on the shop's tables need none where their tables are another shop's already.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

Arguments = tuple[Any, ...]
TIMES = 6
"""How often an exercise is tried with arguments of its own."""


def _weights(rng: random.Random) -> Arguments:
    return (f"{rng.choice((rng.randint(5, 95), rng.randint(100, 999))) / 100}",)


def _waits(rng: random.Random) -> Arguments:
    return ([rng.choice((None, rng.randint(5, 179), 180, 181, rng.randint(182, 600)))
             for _ in range(rng.randint(2, 7))],)  # fmt: skip


def _sale(rng: random.Random) -> Arguments:
    rows = [
        f"{kind}-{colour}-{size},{name},{rng.randint(2, 30)}0.00{end}"
        for kind, name in (("NX07", "开衫"), ("NX08", "牛仔裤"), ("NX11", '"杯子,白"'))
        for colour, size in rng.sample([(c, s) for c in ("燕麦", "雾蓝") for s in "SML"], 2)
        for end in [rng.choice(("\n", "\r\n"))]
    ]
    rng.shuffle(rows)
    bad = f"NX07-燕麦-XL,开衫,{rng.choice(('贵', '面议', ''))}\n"
    return ("".join(["编号,宝贝名称,宝贝价格\n", *rows, bad]),)


def _scans(rng: random.Random) -> Arguments:
    now = datetime(2025, 12, rng.randint(1, 28), 9, rng.randint(0, 59))
    times = [now - timedelta(minutes=rng.randint(1, 7000)) for _ in range(rng.randint(1, 5))]
    return times, now


def _refund(rng: random.Random) -> Arguments:
    kept = rng.choice((rng.randint(0, 87), rng.randint(40, 87), 88, rng.randint(89, 200)))
    return rng.randint(5, 200), kept, 88, rng.randint(8, 20), rng.random() < 0.8


def _phones(rng: random.Random) -> Arguments:
    head, tail = rng.randint(130, 199), f"{rng.randint(0, 9999):04}"
    forms = ("{}****{}", "+86 {}****{}", "{}-****-{}", "{} **** {}", "+86{}-****-{}", "{}***{}")
    return (rng.choice(forms).format(head, tail),)


def _type(rng: random.Random) -> Arguments:
    states = ["交易成功", "交易关闭", "已发货"]
    return rng.choices(states, [1, 2, 2], k=rng.randint(0, 3)), rng.randint(0, 2)


def _people(rng: random.Random) -> Arguments:
    gaps = rng.sample(range(-30, 30), 4)
    wants = [rng.randint(31, 100) for _ in gaps]
    return (
        {name: (want + gap, want) for name, gap, want in zip("甲乙丙丁", gaps, wants, strict=True)},
    )


def _points(rng: random.Random) -> Arguments:
    lots = [rng.randint(1, 20) * 10 for _ in range(rng.randint(1, 5))]
    return lots, rng.choice((rng.randint(1, sum(lots)), sum(lots), sum(lots) + 1))


def _arms(rng: random.Random) -> tuple[tuple[int, int], tuple[int, int]]:
    sizes = rng.randint(200, 500), rng.randint(200, 500)
    return (rng.randint(10, 90), sizes[0]), (rng.randint(10, 90), sizes[1])


def _guests(rng: random.Random) -> Arguments:
    return ([
        {"who": name, "orders": rng.randint(1, 4), "days": rng.choice((30, 60, 61, 90)),
         "sms_consent": rng.random() < 0.7, "unsubscribed": rng.random() < 0.3}
        for name in "甲乙丙丁戊"
    ],)  # fmt: skip


def _regular(rng: random.Random) -> Arguments:
    ends = rng.randint(10, 300) / 10
    return rng.randint(1, 9), ends, ends + rng.randint(1, 200) / 10


def _words(rng: random.Random) -> Arguments:
    words = ["运费", "运费险", "退货", "退货运费", "发票", "优惠券", "券"]
    text = rng.choice(("退货运费谁出", "优惠券怎么用", "运费险赔吗", "在不在", "发票几时开"))
    return text, rng.sample(words, 5)


def _denied(rng: random.Random) -> Arguments:
    word = rng.choice(("发票", "发货", "退货", "换货"))
    form = rng.choice(
        ("我不要{}", "不用{}了", "要不要{}", "别{}", "{}不要了吗", "不想{}", "我要{}", "帮我{}")
    )
    return form.format(word), word


def _found(rng: random.Random) -> Arguments:
    right = rng.randint(0, 60)
    return right, right + rng.randint(0, 40), right + rng.randint(0, 40)


def _roster(rng: random.Random) -> Arguments:
    return (
        rng.randint(5, 150),
        rng.choice((15, 30, 60)),
        rng.randint(2, 6),
        rng.choice((0, 0.2, 0.25, 0.3, 0.5)),
    )


def _stars(rng: random.Random) -> Arguments:
    star = rng.randint(1, 3)
    return f"{rng.randint(41, 49) / 10}", star


DRAWS: dict[tuple[str, str], Callable[[random.Random], Arguments]] = {
    ("01", "cost"): lambda rng: (rng.randint(2, 11),),
    ("01", "pays"): lambda rng: (
        round(1 + rng.choice((rng.randint(2, 8), rng.randint(25, 40))) / 100, 2),
    ),
    ("02", "my_fee"): _weights,
    ("02", "best"): lambda rng: (rng.randint(1, 6), rng.randint(1, 5)),
    ("02", "heaviest"): lambda rng: (
        rng.choice((10, 11)),
        rng.choice(("青鸟快递", "极光速运", "绿邮小包")),
    ),
    ("02", "avoided"): lambda rng: (rng.randint(1, 21),),
    ("03", "rate"): _waits,
    ("03", "doubles"): lambda rng: (
        rng.sample(["欢迎", "议价", "物流", "安抚", "催付", "售后"], 3),
    ),
    ("03", "sale"): _sale,
    ("04", "fits"): lambda rng: (rng.randint(153, 188), rng.randint(44, 90)),
    ("05", "quiet"): _scans,
    ("05", "wasted"): lambda rng: (rng.randint(20, 80),),
    ("06", "last_chance"): lambda rng: (date(2025, 1, 1) + timedelta(days=rng.randint(0, 700)),),
    ("06", "refund"): _refund,
    ("06", "broken"): lambda rng: (rng.randint(50, 150),),
    ("07", "gets_back"): lambda rng: (rng.randint(20, 900),),
    ("07", "upheld"): lambda rng: (rng.randint(-1, 3), rng.randint(-1, 3)),
    ("07", "turned"): lambda rng: (rng.randint(10, 100),),
    ("08", "needed"): _stars,
    ("08", "after"): lambda rng: (
        rng.randint(1, 30) / 100,
        [rng.choice((2, 3, 9, 20, 0.5)) for _ in range(3)],
    ),
    ("09", "my_phone"): _phones,
    ("09", "my_type"): _type,
    ("09", "content_if"): lambda rng: (rng.randint(1, 99) / 100,),
    ("10", "my_nps"): lambda rng: ([rng.randint(0, 10) for _ in range(rng.randint(3, 12))],),
    ("10", "first_by_gap"): _people,
    ("11", "my_life"): lambda rng: (
        rng.randint(5, 60),
        rng.choice((0.1, 0.2, 0.25, 0.4, 0.5, 0.8)),
    ),
    ("11", "my_left"): _points,
    ("11", "my_jump"): lambda rng: (rng.randint(60, 400),),
    ("12", "points"): _arms,
    ("12", "names"): _guests,
    ("12", "net"): lambda rng: (*_arms(rng), rng.randint(80, 200), 0.5, rng.choice((5, 10, 20))),
    ("12", "alive"): _regular,
    ("13", "longest"): _words,
    ("13", "negated"): _denied,
    ("13", "my_f1"): _found,
    ("13", "cheapest"): lambda rng: (
        rng.randint(10, 60),
        rng.randint(1, 2),
    ),  # no two thresholds alike
    ("15", "on_roster"): _roster,
    ("15", "saved"): lambda rng: (rng.randint(10, 400),),
    ("15", "my_c"): lambda rng: (rng.randint(2, 20), rng.randint(3, 26)),
}


def draw(chapter: str, name: str, seed: int, shown: list[Arguments]) -> list[Arguments]:
    """Return arguments that the book does not show, each once; none for an exercise without a draw.

    The same seed gives the same, whatever other exercises there are.
    """
    if (drawn := DRAWS.get((chapter, name))) is None:
        return []
    rng, found = random.Random(f"{seed} {chapter} {name}"), list[Arguments]()
    for _ in range(TIMES * 20):
        one = drawn(rng)
        if one not in found and one not in shown:
            found.append(one)
        if len(found) == TIMES:
            break
    return found
