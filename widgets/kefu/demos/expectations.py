"""Managing expectations: one delivery, from the promise through the wait to the goods."""

from __future__ import annotations

from decimal import Decimal

from kefu.demos.core import Demo, plain, signed, table
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip
from kefu.demos.svg import Frame, chart, face, legend
from kefu.operations.expectations import FULL, Wait, promise_outcome, wait
from kefu.operations.satisfaction import Verdict

LAST = 12
"""The last day drawn; the latest delivery."""
DAYS = Frame(LAST + 0.6, 1)
"""Days across; it stays the same, so that a hand moves evenly."""
UPPER, LOWER = 104, 172
"""Where the two lanes of time lie: without a notice and with one."""


def advice(one: Wait, orders: Decimal) -> str:
    """Return what a delivery teaches; ``orders`` is how many of 100 the promise left."""
    if one.verdict is Verdict.ABOVE:
        cost = "看看下表，这份惊喜让你少接了几单。" if orders < 100 else ""
        return f"比客人想的早：惊喜。{cost}"
    if one.verdict is Verdict.MET:
        if one.actual == one.final_days:
            return "来得正像客人盼的：没有惊喜，也没有怨气。"
        return "体验和期望都扣到了0分：分数相等，客人可不满意。"
    other = "" if one.notice_counts else "，或在期望落空之前说一声"
    return f"比客人想的晚：同样的快递，换一个承诺{other}，就不是这个分。"


def expectations(usual: int = 3, promised: int = 2, actual: int = 4) -> Demo:
    """Return the demo of a promise, a wait and a delivery, in days."""
    c = {
        "promised": IntSlider(value=promised, min=1, max=10, description="承诺几天到"),
        "actual": IntSlider(value=actual, min=1, max=LAST, description="实际几天到"),
        "notice": IntSlider(value=0, min=0, max=LAST, description="第几天告知"),
        "usual": IntSlider(value=usual, min=1, max=8, description="习惯几天到"),
        "trust": IntSlider(value=100, min=0, max=100, step=10, description="信几分承诺（%）"),
        "per_day": FloatSlider(
            value=1, min=0.5, max=2, step=0.5, description="每等一天扣（分）", readout_format=".1f"
        ),
        "leave": IntSlider(value=10, min=0, max=40, step=5, description="多说一天走（%）"),
    }

    def trust() -> Decimal:
        return Decimal(c["trust"].value) / 100

    def live(promise: int, *, silent: bool = False) -> Wait:
        return wait(
            c["usual"].value,
            promise,
            c["actual"].value,
            trust=trust(),
            per_day=c["per_day"].value,
            notice=None if silent else c["notice"].value or None,
        )

    def draw() -> str:
        promise = c["promised"].value
        along = {name: Along(name, c[name], DAYS.x) for name in ("promised", "actual", "notice")}
        return lanes(live(promise, silent=True), live(promise), along)

    def tell() -> str:
        one, leave = live(c["promised"].value), Decimal(c["leave"].value) / 100
        sold = promise_outcome(
            one.promised, c["usual"].value, [one.actual], trust=trust(), leave=leave
        )
        return (
            formula(one, c["usual"].value, c["trust"].value)
            + f"<p class='kefu-note'>{advice(one, sold.orders)}</p>"
            + choices()
        )

    def choices() -> str:
        actual, chosen = c["actual"].value, c["promised"].value
        promises = sorted({*(p for p in range(actual - 2, actual + 3) if p >= 1), chosen})
        rows = []
        for promise in promises:
            one = live(promise)
            sold = promise_outcome(
                promise,
                c["usual"].value,
                [actual],
                trust=trust(),
                leave=Decimal(c["leave"].value) / 100,
            )
            rows.append(
                [f"{promise}天", plain(sold.orders), signed(one.gap), one.verdict.value,
                 "是" if one.actual <= one.promised else "否"]
            )  # fmt: skip
        head = ["承诺", "下单（位）", "满意度", "客人觉得", "守诺"]
        note = f"同样{actual}天送到，换一个承诺：100位询单客人里多少人下单，下单的人觉得怎样"
        return table(head, rows, caption=note, mark=promises.index(chosen))

    def code() -> str:
        notice = f", notice={c['notice'].value}" if c["notice"].value else ""
        return (
            "from kefu.operations.expectations import wait\n\n"
            f"wait(usual={c['usual'].value}, promised={c['promised'].value}, "
            f"actual={c['actual'].value},\n"
            f'     trust="{trust()}", per_day="{c["per_day"].value:g}"{notice})'
        )

    return Demo("承诺、等待、送达", c, draw, tell, code)


def formula(one: Wait, usual: int, trust: int) -> str:
    """Return the day expected and the gap with the reader's numbers in them."""
    lines = [
        f"客人心里的到货日 = 习惯 + 信任×（承诺 − 习惯）= {usual} + {trust}%×"
        f"({plain(one.promised)} − {usual}) = 第{plain(one.expected_days)}天"
    ]
    if one.notice is not None:
        lines.append(
            f"第{plain(one.notice)}天如实告知要到第{plain(one.actual)}天，来得及："
            f"心里的到货日挪到第{plain(one.final_days)}天"
            if one.notice_counts
            else f"第{plain(one.notice)}天才告知：期望已经落空，或货已送到，只算解释，挪不动期望"
        )
    lost = plain(one.per_day)
    lines.append(
        f"体验 = {points(one.actual, lost, one.experience)}，"
        f"期望 = {points(one.final_days, lost, one.expectation)}"
    )
    lines.append(
        f"满意度 = 体验 − 期望 = {plain(one.experience)} − {plain(one.expectation)} = "
        f"<b>{signed(one.gap)}分</b>，{one.verdict.value}"
    )
    return f"<p class='kefu-formula'>{'<br>'.join(lines)}</p>"


def points(days: Decimal, lost: str, score: Decimal) -> str:
    """Return how a score comes about."""
    least = "（最低0分）" if not score else ""
    return f"{plain(FULL)} − {plain(days)}×{lost} = {plain(score)}分{least}"


def lanes(silent: Wait, told: Wait, along: dict[str, Along]) -> str:
    """Return the parcel's way along the days twice, without a notice over with one, and what comes of it."""
    at = told.notice or Decimal(0)
    end = f"第{plain(silent.actual)}天送到"
    upper = f"不告知：客人盼着第{plain(silent.final_days)}天"
    lower = "告知：还没有，把气泡拖到一天"
    said = f"{end}：{silent.verdict.value}，{signed(silent.gap)}分。"
    if told.notice_counts:
        lower = f"第{plain(at)}天告知：客人盼着第{plain(told.final_days)}天"
        said = f"{end}：不告知{signed(silent.gap)}分，告知{signed(told.gap)}分。"
    elif at:
        lower = f"第{plain(at)}天才告知，晚了：客人盼着第{plain(told.final_days)}天"
        said = f"{end}：说得太晚，告知与不告知都是{signed(silent.gap)}分。"
    promise, day, word = (DAYS.x(float(v)) for v in (told.promised, told.actual, at))
    x, anchor = (promise + 20, "start") if promise < 280 else (promise - 8, "end")
    flag = (
        f"<circle class='reach' cx='{promise}' cy='26' r='22'/><path class='guide' d='M{promise},42 V8'/>"
        f"<path class='now' d='M{promise},8 l14,6 l-14,6 z'/>"
        f"<text class='strong' x='{x:.1f}' y='20' text-anchor='{anchor}'>承诺第{plain(told.promised)}天</text>"
    )
    bubble = (
        f"<circle class='reach' cx='{word}' cy='{LOWER + 28}' r='22'/>"
        f"<path class='knob' d='M{word},{LOWER + 11} l4,7 h12 q3,0 3,3 v13 q0,3 -3,3 h-32 "
        f"q-3,0 -3,-3 v-13 q0,-3 3,-3 h12 z'/>"
        f"<text x='{word}' y='{LOWER + 32}' text-anchor='middle'>告知</text>"
    )
    drawn = chart(
        f"包裹沿着日子走，承诺第{plain(told.promised)}天，{end}。上面一条，{upper}，心情{signed(silent.gap)}分；"
        f"下面一条，{lower}" + (f"，心情{signed(told.gap)}分" if at else ""),
        days(),
        *(lane(silent, UPPER, upper), lane(told if at else None, LOWER, lower, day)),
        grip(flag, x=along["promised"]),
        grip(bubble, x=along["notice"]),
        grip(parcel(day, UPPER) + parcel(day, LOWER), x=along["actual"]),
        legend(("line", "安心等着"), ("second", "过了客人盼着的那天"), x=DAYS.x(0), y=234),
        height=242,
        scale=f"{LAST}",
    )
    return f"{drawn}<div class='kefu-caption'><p>{said}</p></div>"


def days() -> str:
    """Return the line of days that both lanes share."""
    numbers = "".join(
        f"<text x='{DAYS.x(day)}' y='56' text-anchor='middle'>{day or '下单'}</text>"
        for day in range(LAST + 1)
    )
    end = DAYS.x(LAST + 0.6)
    return f"<path class='axis' d='M{DAYS.x(0)},42 H{end}'/>{numbers}<text x='398' y='38' text-anchor='end'>天</text>"


def lane(one: Wait | None, y: int, name: str, until: float = 0) -> str:
    """Return one way of the parcel with the customer's face on every day, and his last face at its end.

    Where there is no such way yet (``one`` is None), it is only hinted at up to the pixel ``until``.
    """
    start = DAYS.x(0)
    title = f"<text x='4' y='{y - 21}'>{name}</text>"
    if one is None:
        return f"<path class='faint' d='M{start},{y} H{until}'/>{title}"
    due, end = float(one.final_days), float(one.actual)
    parts = [f"<path class='line' d='M{start},{y} H{DAYS.x(min(due, end))}'/>"]
    if due < end:
        parts.append(f"<path class='second' d='M{DAYS.x(due)},{y} H{DAYS.x(end)}'/>")
    elif due > end:
        parts.append(f"<path class='faint' d='M{DAYS.x(end)},{y} H{DAYS.x(due)}'/>")
    parts.append(f"<path class='guide' d='M{DAYS.x(due)},{y - 13} v26'/>")
    parts += [
        face(DAYS.x(day), y, float(one.mood(day)) / 4, r=8) for day in range(1, int(one.actual))
    ]
    parts += [
        title,
        f"<g class='walk' style='--from:{start - DAYS.x(end):.1f}px'>{carton(DAYS.x(end), y)}</g>",
        f"<text class='strong' x='366' y='{y - 21}' text-anchor='end'>{signed(one.gap)}分</text>",
        face(384, y - 25, float(one.gap) / 4, r=11),
    ]
    return "".join(parts)


def carton(x: float, y: float) -> str:
    """Return a small parcel."""
    return (
        f"<rect class='node' x='{x - 9:.1f}' y='{y - 8:.1f}' width='18' height='16' rx='2'/>"
        f"<rect class='box' x='{x - 9:.1f}' y='{y - 8:.1f}' width='18' height='16' rx='2'/>"
        f"<path class='ghost' d='M{x:.1f},{y - 8:.1f} v6'/>"
    )


def parcel(x: float, y: float) -> str:
    """Return the parcel where it arrives, large enough for a finger."""
    return f"<circle class='reach' cx='{x}' cy='{y}' r='22'/>{carton(x, y)}"
