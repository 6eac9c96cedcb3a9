"""Fines: a plan is fixed while it looks cheap, then the months run on and show who has left."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip, press
from kefu.demos.svg import Frame, Point, broad, chart, legend
from kefu.presales.team import Month, Plan, Shop, run

YEAR = 12
SHOP = Shop()
LEFT_OF, RIGHT_OF = -0.6, YEAR + 0.6
PEOPLE = Frame(RIGHT_OF, SHOP.seats, x_min=LEFT_OF, top=26, bottom=146)
LEAST = 1.0
"""The least that the lower picture reaches up and down, in 10,000 yuan."""
PARTS = (
    ("罚来", "fines", 1), ("工资", "wages", -1), ("带教", "training", -1), ("招人", "hiring", -1),
    ("卖货", "margin", 1),
)  # fmt: skip
"""Where a difference of profit comes from: its name, the part of a month, what it does to profit."""


def fines(wage: int = 4000, fine: int = 0, training: int = 0) -> Demo:
    """Return the demo at the day on which the owner decides, in yuan a month."""
    c = {
        "wage": IntSlider(value=wage, min=3000, max=5000, step=100, description="每人工资（元/月）"),
        "fine": IntSlider(value=fine, min=0, max=800, step=20, description="平均每人扣款（元/月）"),
        "training": IntSlider(value=training, min=0, max=800, step=50, description="每位新手带教（元/月）"),
        "months": IntSlider(value=0, min=0, max=YEAR, description="过了几个月"),
        "anger": IntSlider(value=30, min=0, max=60, step=5, description="每扣100元多走（%）"),
        "slow": IntSlider(value=64, min=26, max=120, step=2, description="新手首响（秒）"),
        "margin": IntSlider(value=35, min=5, max=80, step=5, description="每单毛利（元）"),
        "sales": FloatSlider(value=0.4, min=0, max=0.8, step=0.1, description="慢一倍的代价", readout_format=".1f"),
    }  # fmt: skip
    fixed: list[Plan] = []

    def plan() -> Plan:
        return Plan(*(Decimal(c[name].value) for name in ("wage", "fine", "training")))

    def shop() -> Shop:
        return Shop(
            by_fine=1 + c["anger"].value / 100,
            slow_s=c["slow"].value,
            margin=Decimal(c["margin"].value),
            per_doubling=-round(c["sales"].value, 1),
        )

    def started(change: dict[str, int]) -> None:
        """Keep the plan that was fixed before the reader knew the end; a new start forgets it."""
        if change["new"] == 0:
            fixed.clear()
        elif change["old"] == 0:
            fixed.append(plan())

    c["months"].observe(started, "value")

    def first() -> Plan | None:
        """Return the plan that was fixed first, where another is looked at now."""
        return fixed[0] if fixed and fixed[0] != plan() else None

    def draw() -> str:
        now = c["months"].value
        return people_and_money(plan(), first(), shop(), now, c["months"]) + ways_on(now)

    def tell() -> str:
        now = c["months"].value
        return before(plan()) if not now else after(plan(), first(), shop(), now)

    def code() -> str:
        p, s = plan(), shop()
        return (
            "from kefu.presales.team import Plan, Shop, profit\n\n"
            f"plan = Plan(wage={p.wage:.0f}, fine={p.fine:.0f}, training={p.training:.0f})\n"
            f"shop = Shop(by_fine={s.by_fine:g}, slow_s={s.slow_s:g},\n"
            f"            margin={s.margin:.0f}, per_doubling={s.per_doubling:g})\n"
            f"months = {c['months'].value}\n"
            "profit(plan, shop, months) - profit(Plan(), shop, months)"
        )

    return Demo("扣钱、发钱、带人：一年以后", c, draw, tell, code)


@lru_cache(maxsize=64)
def year(plan: Plan, shop: Shop) -> tuple[Month, ...]:
    """Return the twelve months of a plan."""
    return run(plan, shop, YEAR)


def against(plan: Plan, shop: Shop) -> list[Decimal]:
    """Return what a plan has earned more than changing nothing, after 0, 1, … 12 months; in yuan."""
    gains = (m.profit - b.profit for m, b in zip(year(plan, shop), year(Plan(), shop), strict=True))
    return list(accumulate(gains, initial=Decimal(0)))


def curve(plan: Plan, shop: Shop, months: int) -> list[Point]:
    """Return the same as points, up to a month, in 10,000 yuan."""
    return [(n, float(gain) / 10_000) for n, gain in enumerate(against(plan, shop)[: months + 1])]


def heads(experienced: float, novices: float) -> tuple[int, int, int]:
    """Return whole people to draw: old hands, novices and empty seats.

    >>> heads(7.68, 1.92)
    (8, 2, 0)
    """
    old = round(experienced)
    at_work = round(experienced + novices)
    return old, at_work - old, SHOP.seats - at_work


def people_and_money(
    plan: Plan, first: Plan | None, shop: Shop, now: int, slider: IntSlider
) -> str:
    """Return the picture: ten people month by month, and the money gained or lost below."""
    places: dict[str, list[Point]] = {"many-a": [], "many-b": [], "many-c": []}
    teams = [(float(shop.experienced), float(shop.seats - shop.experienced))]
    teams += [(month.experienced, month.novices) for month in year(plan, shop)[:now]]
    for number, team in enumerate(teams):
        row = 0
        for name, size in zip(places, heads(*team), strict=True):
            places[name] += [(number, row + n + 0.5) for n in range(size)]
            row += size
    mine = curve(plan, shop, now)
    theirs = curve(first, shop, now) if first else []
    low = min(-LEAST, *(y for _, y in mine + theirs))
    high = max(LEAST, *(y for _, y in mine + theirs))
    room = 0.12 * (high - low)
    frame = Frame(
        RIGHT_OF, high + room, x_min=LEFT_OF, y_min=low - room, top=184, bottom=272
    )  # fmt: skip
    x, y = frame.x(now), frame.y(mine[-1][1])
    line = (
        f"<path class='second' d='M{x},26 V162 M{x},{frame.top:g} V272'/>"
        f"<circle class='reach' cx='{x}' cy='86' r='22'/><circle class='reach' cx='{x}' cy='{y}' r='22'/>"
        f"<circle class='dot' cx='{x}' cy='{y}' r='7'/>"
    )
    old, new, empty = heads(*teams[-1])
    gain = mine[-1][1] * 10_000
    mark = (
        f"<text class='strong' x='{x + (12 if now < YEAR * 0.6 else -12)}' "
        f"y='{min(max(y + (-12 if gain >= 0 else 20), 194), 268):.1f}' "
        f"text-anchor='{'start' if now < YEAR * 0.6 else 'end'}'>"
        f"{more(gain) if now else f'老板算：{reckoned(plan)}'}</text>"
    )
    return chart(
        f"过了{now}个月：熟手{old}人，新手{new}人，空座{empty}个；"
        + (f"比什么都不改{more(gain)}" if now else f"老板算：{reckoned(plan)}"),
        legend(("many many-a", "熟手"), ("many many-b", "新手"), ("many many-c", "空座"), y=14, measure=broad),
        *(PEOPLE.dots(points, f"{name} crew") for name, points in places.items()),
        frame.axes("过了几个月", "比什么都不改，累计多赚（万元）"),
        frame.path([(0, 0), (RIGHT_OF, 0)], "guide"),
        frame.path(theirs, "ghost") if len(theirs) > 1 else "",
        frame.path(mine, "line") if now else "",
        grip(line, x=Along("months", slider, frame.x)),
        mark,
        height=312,
        scale=f"{frame.scale} {now}",
    )  # fmt: skip


def ways_on(now: int) -> str:
    """Return the buttons that run time on, or begin again."""
    if not now:
        buttons = press("就定这个，发工资 ›", {"months": 1}, name="kefu-press kefu-onward")
    elif now < YEAR:
        buttons = press("再过一个月 ›", {"months": now + 1}, name="kefu-press kefu-onward")
        buttons += press("推到年底 »", {"months": YEAR})
    else:
        buttons = press("从头再定一个", {"months": 0})
    return f"<div class='kefu-acts'>{buttons}</div>"


def reckoned(plan: Plan) -> str:
    """Return what the owner reckons that a plan saves or costs a month, while nobody has left yet.

    >>> reckoned(Plan(fine=Decimal(100))), reckoned(Plan())
    ('每月省1000元', '不省也不花')
    """
    saved = SHOP.seats * (Plan().wage - plan.wage + plan.fine)
    bill = saved - (SHOP.seats - SHOP.experienced) * plan.training
    return f"每月省{bill:.0f}元" if bill > 0 else f"每月多花{-bill:.0f}元" if bill else "不省也不花"


def before(plan: Plan) -> str:
    """Return what the owner reckons on the first day, when nobody has left yet."""
    return (
        f"<p class='kefu-formula'>老板的算法：{SHOP.seats}人 × （工资 − 扣款）＋ 新手带教，"
        f"和现在比，<b>{reckoned(plan)}</b>。</p>"
        "<p class='kefu-note'>拨三个杆，定一个你觉得最省的方案，再发工资：人走不走，要发了工资才看得见。</p>"
    )


def after(plan: Plan, first: Plan | None, shop: Shop, now: int) -> str:
    """Return the account so far, and the plans beside one another."""
    told, base = year(plan, shop)[:now], year(Plan(), shop)[:now]
    parts = []
    for name, part, sign in PARTS:
        gain = sign * (total(told, part) - total(base, part))
        if round(gain):
            parts.append(f"{name}{'＋' if gain > 0 else '−'}{abs(gain):.0f}")
    whole = against(plan, shop)[now]
    account = f"{'，'.join(parts)}（元）；合起来" if parts else ""
    rows = [row("不改", Plan(), shop, now), row("现在这个", plan, shop, now)]
    if first:
        rows.append(row("先定的", first, shop, now))
    head = ["方案", "走了（人）", "熟手（人）", "首响（秒）", "成交（%）", "累计（万元）"]
    caption = f"过了{now}个月（走了：到现在一共；累计：比什么都不改多赚的钱）"
    return (
        f"<p class='kefu-formula'>{now}个月的账：{account}<b>{more(float(whole))}</b>。{verdict(plan, shop, now)}</p>"
        + table(head, rows, caption=caption, mark=1)
        + "<p class='kefu-note'>首响26秒（林姐）、首响慢一倍少成几单，是店里的数；走人的快慢、新手的快慢、"
        "毛利，是教学假设，在“更多设置”里改。</p>"
    )


def total(told: Sequence[Month], part: str) -> Decimal:
    """Return a part of the account over the months, in yuan."""
    return sum((getattr(month, part) for month in told), Decimal(0))


def row(name: str, plan: Plan, shop: Shop, now: int) -> list[str]:
    """Return a plan's line of the table."""
    months = year(plan, shop)[:now]
    last = months[-1]
    return [
        name,
        f"{sum(m.left for m in months):.1f}",
        f"{last.experienced:.1f}",
        f"{last.response_s:.0f}",
        f"{last.conversion * 100:.1f}",
        f"{float(against(plan, shop)[now]) / 10_000:+.2f}".replace("-", "−"),
    ]


def verdict(plan: Plan, shop: Shop, now: int) -> str:
    """Return what the months have shown, in a sentence."""
    gains = against(plan, shop)
    if plan == Plan():
        return "什么都没改，这就是比的底。"
    if gains[now] > 0:
        ahead = "看着是赚的，再往后推推。" if now < YEAR else "到年底还是赚的。"
        return ahead
    best = max(range(now + 1), key=lambda n: gains[n])
    if best and gains[best] > 0:
        return f"第{best}个月时最好看，多赚{gains[best]:.0f}元，后来全赔回去了。"
    return "先花出去的，还没有赚回来。" if now < YEAR else "到年底也没赚回来。"


def more(gain: float) -> str:
    """Return a gain or a loss in words.

    >>> more(1200), more(-350.4), more(0)
    ('多赚1200元', '少赚350元', '一样')
    """
    whole = round(gain)
    return f"多赚{whole}元" if whole > 0 else f"少赚{-whole}元" if whole else "一样"
