"""The leaking bucket: a thousand yuan a month to bring customers in or to stop the leak; a year later, the water."""

from __future__ import annotations

from functools import lru_cache

from kefu.amounts import one_of
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip
from kefu.demos.svg import Frame, Point, chart, ticks
from kefu.operations.loyalty import BucketPlan, RetentionChain

MONEY, STEP, MONTHS = 1000, 50, 12
SPLITS = range(0, MONEY + 1, STEP)
RIM, GROUND = 34, 136
"""The rim and the ground of the bucket, in pixels."""
TOP, BOTTOM, BAR, HEIGHT = 186, 254, 262, 308
"""The plane of what was tried, and the bar below it that is its axis."""


def bucket(new: int = MONEY) -> Demo:
    """Return the demo with so many yuan a month for new customers: at first all of it, as the owner wants.

    Raises ``ValueError`` unless ``new`` is a whole multiple of 50 yuan from 0 to 1000.
    """
    one_of(new, "new", SPLITS)
    c = {
        "new": IntSlider(value=new, min=0, max=MONEY, step=STEP, description="拉新花多少（元/月）"),
        "start": IntSlider(value=1000, min=100, max=3000, step=100, description="桶里原有（人）"),
        "leak": IntSlider(value=10, min=2, max=30, description="每月漏掉（%）"),
        "price": IntSlider(value=25, min=5, max=100, step=5, description="拉一位新客（元）"),
        "stoppable": IntSlider(value=60, min=0, max=90, step=5, description="最多堵得住（%）"),
        "half": IntSlider(value=250, min=50, max=1000, step=50, description="堵一半要花（元/月）"),
        "friends": IntSlider(value=0, min=0, max=5, description="百位老客带来（人/月）"),
    }  # fmt: skip
    tried = {new}

    def shop() -> tuple[int, ...]:
        return tuple(c[name].value for name in c if name != "new")

    def tries(_change: object) -> None:
        tried.add(c["new"].value)

    def other_shop(_change: object) -> None:
        tried.clear()
        tried.add(c["new"].value)

    for name, control in c.items():
        control.observe(tries if name == "new" else other_shop, "value")

    def draw() -> str:
        new, start = c["new"].value, c["start"].value
        year, end = years(shop()), years(shop())[new][-1]
        head = (
            f"<p class='kefu-big'>{end:.0f}人<small>　一年后还在桶里；原来{start}人，"
            f"{change(end - start)}</small></p>"
        )
        seen = {one: year[one][-1] for one in sorted(tried)}
        return head + chart(
            f"一年后桶里{end:.0f}人，原来{start}人；拉新{new}元，堵漏{MONEY - new}元；试过{len(seen)}种分法",
            *scene(plan(new, shop()), year[new], max(map(max, year.values()))),
            *tries_drawn(seen, [path[-1] for path in year.values()], c["new"]),
            height=HEIGHT,
        )

    def tell() -> str:
        new = c["new"].value
        now, year = plan(new, shop()), years(shop())
        kept = min(1 - now.leaving + now.friends / 100, 1.0)
        rows = [
            [name, str(money), f"{year[money][-1]:.0f}"]
            for name, money in (("全拿去拉新", MONEY), ("全拿去堵漏", 0), ("你这样分", new))
        ]
        rest = (
            f"一直这样花，桶里最后停在<b>{RetentionChain(kept, now.joining).level:.0f}人</b>"
            if kept < 1
            else "一直这样花，桶里的人只增不减"
        )
        return (
            f"<p class='kefu-formula'>下个月 = 这个月 × {kept:.1%} + {now.joining:.0f}；"
            f"还漏{now.leaving:.1%}，本来漏{now.leak:.0%}<br>{rest}</p>"
            + table(["一千元", "拉新（元/月）", "一年后（人）"], rows, mark=2)
            + f"<p class='kefu-note'>{NOTE}</p>"
        )

    def code() -> str:
        new = c["new"].value
        start, leak, price, stoppable, half, friends = shop()
        return (
            "from kefu.operations.loyalty import BucketPlan\n\n"
            f"plan = BucketPlan({new}, {MONEY - new}, leak={leak / 100:g}, price={price},\n"
            f"                  half={half}, stoppable={stoppable / 100:g}, friends={friends})\n"
            f"plan.path({start})[-1]"
        )

    return Demo("漏水的桶：一千元，拉新还是堵漏", c, draw, tell, code)


NOTE = (
    "堵漏的钱花在准时发货、回得快、修得好上，不按人头算：头几百元堵得最多，越往后越难。"
    "这几个数都是本书的假设，在“更多设置”里改成你店里的。"
)


def plan(new: int, shop: tuple[int, ...]) -> BucketPlan:
    """Return the plan that gives so many of the thousand yuan to newcomers, in a shop as set."""
    _start, leak, price, stoppable, half, friends = shop
    return BucketPlan(new, MONEY - new, leak / 100, price, half, stoppable / 100, friends)


@lru_cache(maxsize=64)
def years(shop: tuple[int, ...]) -> dict[int, list[float]]:
    """Return, for each way to split the money, how many customers there are month by month."""
    return {new: plan(new, shop).path(shop[0], MONTHS) for new in SPLITS}


def change(more: float) -> str:
    """Return in words how many more or fewer there are."""
    whole = round(more)
    return "一个不多，一个不少" if not whole else f"{'多' if whole > 0 else '少'}了{abs(whole)}人"


def scene(now: BucketPlan, year: list[float], most: float) -> list[str]:
    """Return the bucket: the tap, the water after a year, the level at first, what runs out."""
    start, end, leaving = year[0], year[-1], now.leaving * year[-1]

    def height(people: float) -> float:
        return GROUND - (GROUND - RIM - 8) * people / most

    def side(y: float) -> float:
        return 16 * (y - RIM) / (GROUND - RIM)

    water, was = height(end), height(start)
    tap, leak = (min(2 + one / 4, 22) for one in (now.joining, leaving))
    inflow = (
        f"<path class='curve tone-b' style='stroke-width:{tap:.1f}' d='M78,16 V{water:.1f}'/>"
        if now.joining
        else ""
    )
    return [
        f"<path class='span' d='M40,10 H78 V16'/>{inflow}",
        f"<path class='now' d='M{24 + side(water):.1f},{water:.1f} H{148 - side(water):.1f} "
        f"L132,{GROUND} H40 Z'/>",
        f"<path class='span' d='M24,{RIM} L40,{GROUND} H132 L148,{RIM}'/>",
        f"<path class='second' d='M{24 + side(was):.1f},{was:.1f} H{148 - side(was):.1f}'/>",
        f"<path class='curve tone-a' style='stroke-width:{leak:.1f}' "
        f"d='M136,{GROUND - 14} Q160,{GROUND - 14} 164,{GROUND + 14}'/>",
        f"<text x='176' y='30'>进：每月{now.joining:.0f}位</text>",
        f"<text x='176' y='54'>漏：每月{now.leaving:.1%}，</text>",
        f"<text x='176' y='72'>如今一个月{leaving:.0f}位</text>",
        f"<path class='second' d='M176,92 h16'/><text x='198' y='96'>原来{start:.0f}人</text>",
        f"<text class='strong' x='176' y='122'>一年后{end:.0f}人</text>",
    ]


def tries_drawn(seen: dict[int, float], ends: list[float], slider: IntSlider) -> list[str]:
    """Return what each split that was tried has come to, over the bar that splits the thousand yuan.

    ``ends`` are what all splits come to: the plane holds them, and does not move while one tries.
    """
    low, high = min(ends), max(ends)
    room = max(0.12 * (high - low), 1)
    plane = Frame(MONEY, high + room, y_min=low - room, top=TOP, bottom=BOTTOM)
    points: list[Point] = [(float(new), end) for new, end in seen.items()]
    new = slider.value
    x, y = plane.x(new), plane.y(seen[new])
    left, right = plane.x(0), plane.x(MONEY)
    handle = (
        f"<circle class='reach' cx='{x}' cy='{y}' r='22'/>"
        f"<rect class='reach' x='{x - 22:.1f}' y='{BAR - 8}' width='44' height='36'/>"
        f"<path class='span' d='M{x},{y} V{BAR + 20}'/><circle class='dot' cx='{x}' cy='{y}' r='7'/>"
    )
    scale = "".join(
        f"<path class='axis' d='M{left},{plane.y(value)} H{right}' stroke-dasharray='2 4'/>"
        f"<text x='{left - 6}' y='{plane.y(value) + 4}' text-anchor='end'>{value:g}</text>"
        for value in ticks(plane.y_min, plane.y_max)[1::2]
    )
    return [
        f"<text x='4' y='{TOP - 15}'>试过的分法，一年后各有多少人</text>{scale}",
        plane.dots(points, "many-a"),
        f"<rect class='bar2' x='{left}' y='{BAR}' width='{x - left:.1f}' height='18'/>"
        f"<rect class='bar' x='{x}' y='{BAR}' width='{right - x:.1f}' height='18'/>",
        f"<text x='{left}' y='{BAR + 36}'>拉新{new}元</text>"
        f"<text x='{right}' y='{BAR + 36}' text-anchor='end'>堵漏{MONEY - new}元</text>",
        grip(handle, x=Along("new", slider, plane.x)),
    ]
