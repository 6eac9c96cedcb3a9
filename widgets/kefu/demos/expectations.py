"""Managing expectations: one delivery, from the promise through the wait to the goods."""

from __future__ import annotations

from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo, plain, signed, table
from kefu.demos.promises import side
from kefu.demos.svg import HEIGHT, TOP, Frame, Point, chart
from kefu.operations.expectations import FULL, Wait, promise_outcome, wait
from kefu.operations.satisfaction import Verdict

LANE = 18


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
        "usual": widgets.IntSlider(value=usual, min=1, max=8, description="习惯几天到"),
        "promised": widgets.IntSlider(value=promised, min=1, max=10, description="承诺几天到"),
        "actual": widgets.IntSlider(value=actual, min=1, max=12, description="实际几天到"),
        "notice": widgets.IntSlider(value=0, min=0, max=12, description="第几天告知"),
        "trust": widgets.IntSlider(
            value=100, min=0, max=100, step=10, description="信几分承诺（%）"
        ),
        "per_day": widgets.FloatSlider(
            value=1, min=0.5, max=2, step=0.5, description="每等一天扣（分）", readout_format=".1f"
        ),
        "leave": widgets.IntSlider(value=10, min=0, max=40, step=5, description="多说一天走（%）"),
    }

    def trust() -> Decimal:
        return Decimal(c["trust"].value) / 100

    def live(promise: int) -> Wait:
        return wait(
            c["usual"].value,
            promise,
            c["actual"].value,
            trust=trust(),
            per_day=c["per_day"].value,
            notice=c["notice"].value or None,
        )

    def view() -> str:
        one, leave = live(c["promised"].value), Decimal(c["leave"].value) / 100
        sold = promise_outcome(
            one.promised, c["usual"].value, [one.actual], trust=trust(), leave=leave
        )
        return (
            formula(one, c["usual"].value, c["trust"].value)
            + picture(one)
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

    return Demo("承诺、等待、送达", c, view, code)


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


def picture(one: Wait) -> str:
    """Return the customer's mood day by day, with what happens below on lanes of their own."""
    due, end = one.final_days, one.actual
    last = float(max(one.promised, due, end, one.expected_days)) + 1
    curve: list[Point] = [(0.0, 0.0)]
    if due < end:
        empty = FULL / one.per_day  # from then on there is nothing left to lose
        turns = [Decimal(due), *([empty] if due < empty < end else [])]
        curve += [
            *((float(day), float(one.mood(day))) for day in turns),
            (float(end), float(one.gap)),
        ]
    else:
        curve += [(float(end), 0.0), (float(end), float(one.gap))]
    curve.append((last, float(one.gap)))
    reach = max(abs(float(one.gap)), 1.0) * 1.3
    frame = Frame(last, reach, y_min=-reach)
    events = [("承诺", one.promised)]
    if one.notice is not None and one.notice <= Decimal(str(last)):
        events.append(("告知" if one.notice_counts else "告知（晚了）", one.notice))
    events += [("客人盼着", due), ("送达", end)]
    events.sort(key=lambda event: event[1])
    text = "，".join(f"{name}第{plain(day)}天" for name, day in events)
    return chart(
        f"等待中的心情：{text}，送达后停在{signed(one.gap)}分",
        *(drop(frame.x(float(day)), row) for row, (_, day) in enumerate(events)),
        frame.axes("下单后第几天", "心情（分）：0是符合期望"),
        frame.path([(0, 0), (last, 0)], "axis"),
        *(lane(frame.x(float(day)), name, day, row) for row, (name, day) in enumerate(events)),
        frame.path(curve, "line"),
        frame.dot((float(end), float(one.gap)), f"{signed(one.gap)}分"),
        height=HEIGHT + 10 + LANE * len(events),
    )


def drop(x: float, row: int) -> str:
    """Return an event's thin line from the plot down to its lane; text is drawn over it."""
    return f"<path class='second' d='M{x},{TOP} V{HEIGHT + 3 + LANE * row}'/>"


def lane(x: float, name: str, day: Decimal, row: int) -> str:
    """Return an event's name in a row of its own."""
    y = HEIGHT + 14 + LANE * row
    return f"<text x='{x}' y='{y}' text-anchor='{side(x)}'>{escape(name)}：第{plain(day)}天</text>"
