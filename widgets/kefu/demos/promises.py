"""Promise clock: when a paid order must be uploaded and shipped, and where it stands now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from html import escape

import ipywidgets as widgets

from kefu.clock import SHANGHAI, YEARS
from kefu.demos.core import Demo
from kefu.demos.hands import Along, IntSlider, grip, press
from kefu.demos.svg import WIDTH, chart, legend
from kefu.presales.promises import (
    Holiday,
    ShipPromise,
    Status,
    ship_promise,
    status,
)

LINE, BAND = 84, 64
"""Where the line of time lies, and where the bands of its days begin."""
SUNDAY = 6
NARROW, LETTER, LABEL = 3, 15, 140
"""The pixels that a day needs to be shaded and to be named, and that a deadline's label needs."""
WEEKDAYS = "一二三四五六日"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TAKEN = YEARS[:-1]
"""The years that a reader may give; the deadlines of an order may lie in the next."""
SPRING = Holiday("春节", date(2026, 2, 14), date(2026, 2, 22))
NOTHING, UPLOADED, SCANNED = "还没上传单号", "已上传，等揽收", "快递已揽收"
ADVICE = {
    "待上传": "先打单上传单号，再交给快递。",
    "待揽收": "单号有了，盯住快递今天来揽收。",
    "已按时发货": "可以告诉客户：包裹已经在路上。",
    "上传超时": "马上上传单号，主动向客户致歉并说明何时发出。",
    "发货超时": "最急的单：先联系客户致歉，当面交给快递，按平台规则处理赔付。",
}


def advice(state: str, step: str) -> str:
    """Return what to do now; what is done already is not asked for again."""
    if state == "上传超时" and step != NOTHING:
        left = "盯住快递来揽收。" if step == UPLOADED else "包裹已经在路上。"
        return f"单号传晚了：向客户致歉并说明，{left}"
    if state == "发货超时" and step == SCANNED:
        return "发晚了：告诉客户包裹已在路上并致歉，按平台规则处理赔付。"
    return ADVICE[state]


def promise_clock() -> Demo:
    """Return the promise clock, set to an order paid on a Saturday evening."""
    c = {
        "elapsed": IntSlider(value=20, min=0, max=360, description="付款后几小时"),
        "day": widgets.DatePicker(value=date(2025, 11, 8), description="付款日期"),
        "progress": widgets.Dropdown(options=(NOTHING, UPLOADED, SCANNED), description="现在进度"),
        "clock": widgets.TimePicker(value=time(20, 15), description="付款时刻"),
        "kind": widgets.Dropdown(options=("现货", "预售", "定制"), description="订单种类"),
        "agreed": widgets.DatePicker(value=date(2025, 11, 20), description="预售约定日"),
        "lead": widgets.BoundedIntText(value=7, min=1, max=60, description="定制几天"),
        "rest": widgets.Checkbox(value=False, description="春节店休2026年2月14—22日"),
    }

    def terms() -> dict[str, object]:
        kind = c["kind"].value
        return {
            "现货": {},
            "预售": {"kind": kind, "presale_ships": c["agreed"].value},
            "定制": {"kind": kind, "lead_days": c["lead"].value},
        }[kind]

    def paid() -> datetime:
        day, clock = c["day"].value, c["clock"].value
        if day is None or clock is None:
            raise ValueError("请把付款日期和付款时刻填完整，例如2025年11月8日20:15。")
        return datetime.combine(taken(day, "付款日期"), clock, SHANGHAI)

    def promise(rest: bool) -> ShipPromise:
        when = paid()
        if c["kind"].value == "预售":
            if c["agreed"].value is None:
                raise ValueError("请填预售约定日：与客户说好的最晚发货日期。")
            if taken(c["agreed"].value, "预售约定日") < when.date():
                raise ValueError("预售约定日比付款日期还早：请改成付款当天或以后。")
        return ship_promise(when, holidays=[SPRING] if rest else [], **terms())  # type: ignore[arg-type]

    def stops() -> bool:
        """Tell whether the announced rest would move a deadline of this order."""
        return promise(True) != promise(False)

    def idle() -> set[str]:
        wanted = {"agreed": "预售", "lead": "定制"}
        out = {name for name, kind in wanted.items() if c["kind"].value != kind}
        try:
            return out if stops() else out | {"rest"}
        except ValueError:  # nobody can tell before the dates are right
            return out

    def now() -> tuple[ShipPromise, datetime, Status]:
        owed = promise(c["rest"].value)
        moment = owed.paid_at + c["elapsed"].value * HOUR
        step = c["progress"].value
        stands = status(
            owed,
            moment,
            uploaded_at=None if step == NOTHING else moment,
            shipped_at=moment if step == SCANNED else None,
        )
        return owed, moment, stands

    def draw() -> str:
        owed, moment, stands = now()
        rest, announced = "", c["rest"].value
        if stops():
            away = (SPRING.span[1] - SPRING.span[0]).days
            word = "春节店休：已公告，停表" if announced else f"公告春节店休（停表{away}天）"
            rest = press(word, {"rest": not announced}, on=announced)
        pause = SPRING if announced and stops() else None
        return countdown(stands) + timeline(owed, moment, stands, c["elapsed"], pause) + rest

    def tell() -> str:
        owed, moment, stands = now()
        return (
            f"<p class='kefu-note'>现在是{say(moment)}，状态：<b>{stands.state}</b>，{left(stands.left)}。"
            f"{advice(stands.state, c['progress'].value)}</p>"
            f"<p class='kefu-formula'>{escape(owed.reason)}<br>上传单号最晚 <b>{say(owed.upload_by)}</b>"
            f"<br>发货（快递首次揽收）最晚 <b>{say(owed.ship_by)}</b></p>"
        )

    def code() -> str:
        more = "".join(f", {name}={value!r}" for name, value in terms().items())
        when = "请先填好付款日期与时刻"
        if c["day"].value and c["clock"].value and c["day"].value.year in TAKEN:
            p = paid()
            when = f"datetime({p.year}, {p.month}, {p.day}, {p.hour}, {p.minute}, tzinfo=SHANGHAI)"
        rest = ", holidays=[Holiday('春节', date(2026, 2, 14), date(2026, 2, 22))]"
        more = more.replace("datetime.date(", "date(") + (rest if c["rest"].value else "")
        return (
            "from datetime import date, datetime\n"
            "from kefu.presales.promises import SHANGHAI, Holiday, ship_promise\n\n"
            f"paid_at = {when}\nship_promise(paid_at{more})"
        )

    return Demo("发货承诺时钟", c, draw, tell, code, idle=idle)


def say(moment: datetime) -> str:
    """Return a moment as an agent says it."""
    return f"{moment.month}月{moment.day}日（周{WEEKDAYS[moment.weekday()]}）{moment:%H:%M}"


def left(time_left: timedelta) -> str:
    """Return the time left, or overdue, in hours and minutes."""
    minutes = abs(round(time_left.total_seconds() / 60))
    words = f"{minutes // 60}小时{minutes % 60}分"
    return f"还剩{words}" if time_left >= timedelta(0) else f"已超{words}"


def taken(day: date, name: str) -> date:
    """Return a day of a year that the model takes; ``ValueError`` says in Chinese which it does."""
    if day.year not in TAKEN:
        raise ValueError(
            f"{name}填的是{day.year}年，请把年份写全，例如2025年（{TAKEN[0]}—{TAKEN[-1]}年都可以）。"
        )
    return day


def countdown(stands: Status) -> str:
    """Return the time left in large letters, with the state that it decides."""
    late = "超时" in stands.state
    sign = "✗ " if late else "✓ " if stands.state == "已按时发货" else ""
    look = "kefu-wrong" if late else "kefu-right"
    return (
        f"<p class='kefu-big'><b class='{look}'>{left(stands.left)}</b> "
        f"<small>{sign}{stands.state}</small></p>"
    )


def timeline(
    owed: ShipPromise, now: datetime, stands: Status, slider: IntSlider, pause: Holiday | None
) -> str:
    """Return payment, both deadlines and now on one line of time, days that are special shaded.

    Time that counts is a bar; where the clock stands still in a ``pause`` there is none.
    """
    end = horizon(owed, now, slider)
    whole = (end - owed.paid_at) / HOUR

    def at(hours: float) -> float:
        return round(20 + hours / whole * (WIDTH - 40), 1)

    def x(moment: datetime) -> float:
        return at(min(max((moment - owed.paid_at) / HOUR, 0), whole))

    late = " bar2" if "超时" in stands.state else ""
    below = [("付款", owed.paid_at)]
    if owed.starts_at > owed.paid_at:
        below.append(("开始计时", owed.starts_at))
    above = [("最晚发货", owed.ship_by)]
    if owed.upload_by < owed.ship_by:
        above.append(("最晚上传", owed.upload_by))
    room = x(above[-1][1]) > LABEL  # for labels on the left of their staffs
    if not room:
        above.reverse()
    stops = [(moment - owed.paid_at) / HOUR for _, moment in above]
    here = x(now)
    knob = (
        f"<circle class='reach' cx='{here}' cy='{LINE}' r='22'/>"
        f"<circle class='dot' cx='{here}' cy='{LINE}' r='8'/>"
    )
    parts = [
        *days(owed.paid_at, end, x, pause),
        f"<path class='axis' d='M20,{LINE} H{WIDTH - 20}'/>",
        *(bar(x(a), x(b), late) for a, b in running(owed.paid_at, now, pause)),
        *(
            flag(x(moment), f"{name} {short(moment)}", row, room or x(moment) > WIDTH - LABEL)
            for row, (name, moment) in enumerate(above)
        ),
        *(
            start(x(moment), f"{name} {short(moment)}", row)
            for row, (name, moment) in enumerate(below)
        ),
        grip(knob, x=Along("elapsed", slider, at, high=whole, stops=stops)),
        f"<text class='strong' x='{here}' y='{LINE + 42}' text-anchor='{side(here)}'>现在 {short(now)}</text>",
    ]
    marks = sorted([*above, *below], key=lambda mark: mark[1])
    text = "，".join(f"{name}{say(moment)}" for name, moment in marks)
    return chart(
        f"时间线：{text}，现在{say(now)}{stands.state}",
        *parts,
        height=LINE + 48 + 18 * len(below),
        scale=f"{owed.paid_at:%Y%m%d%H%M} {end:%Y%m%d%H%M}",
    )


def horizon(owed: ShipPromise, now: datetime, slider: IntSlider) -> datetime:
    """Return where the line of time ends: a while after the deadline, or all that the slider has.

    It may not follow the hand, or the line would shrink while it is pulled along.
    """
    span = owed.ship_by - owed.paid_at
    near = owed.ship_by + min(max(span / 6, 12 * HOUR), 30 * DAY)
    return near if now <= near else owed.paid_at + slider.max * HOUR


def running(
    paid_at: datetime, now: datetime, pause: Holiday | None
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches between payment and now in which the clock runs."""
    if pause is None:
        yield paid_at, now
        return
    begins, ends = pause.span
    if paid_at < begins:
        yield paid_at, min(now, begins)
    if now > ends:
        yield max(paid_at, ends), now


def days(
    paid_at: datetime, end: datetime, x: Callable[[datetime], float], pause: Holiday | None
) -> Iterator[str]:
    """Yield the bands of Sundays and of the pause with their legend, and the days' names where they fit."""
    first = datetime.combine(paid_at.date(), time(), SHANGHAI)
    wide = x(paid_at + DAY) - x(paid_at)
    every = (
        [first + number * DAY for number in range((end - first).days + 1)] if wide >= NARROW else []
    )
    closed = pause.span if pause else (end, end)
    sundays = [day for day in every if day.weekday() == SUNDAY and not closed[0] <= day < closed[1]]
    for day in sundays:
        yield band("zone", x(day), x(day + DAY))
    if sundays:
        yield legend(("zone", "周日仓库休息，照样计时"))
    if pause:
        yield band("rest", x(closed[0]), x(closed[1]))
        yield legend(("rest", f"{pause.name}店休，不计时"), x=230)
    for day in every:
        begins, ends = x(day), x(day + DAY)
        if ends - begins >= LETTER:
            yield (
                f"<text x='{(begins + ends) / 2:.1f}' y='{LINE + 24}' text-anchor='middle'>"
                f"{WEEKDAYS[day.weekday()]}</text>"
            )


def band(name: str, begins: float, ends: float) -> str:
    """Return days of a kind as a shaded band behind the line."""
    return (
        f"<rect class='{name}' x='{begins}' y='{BAND}' width='{ends - begins:.1f}' "
        f"height='{LINE + 10 - BAND}'/>"
    )


def bar(begins: float, ends: float, late: str) -> str:
    """Return time that counts."""
    wide = max(ends - begins, 1)
    return f"<rect class='bar{late}' x='{begins}' y='{LINE - 6}' width='{wide:.1f}' height='12' rx='6'/>"


def flag(x: float, label: str, row: int, before: bool) -> str:
    """Return a deadline: a staff that begins in the row of its label, so that it crosses no other label."""
    y = 32 + 18 * row
    shift, anchor = (-6, "end") if before else (6, "start")
    return (
        f"<path class='second' d='M{x},{y - 10} V{LINE + 8}'/>"
        f"<text x='{x + shift:.1f}' y='{y}' text-anchor='{anchor}'>{label}</text>"
    )


def start(x: float, label: str, row: int) -> str:
    """Return where something begins: a tick on the line, named in a row below."""
    return (
        f"<path class='guide' d='M{x},{LINE - 8} V{LINE + 8}'/>"
        f"<text x='{x}' y='{LINE + 60 + 18 * row}' text-anchor='{side(x)}'>{label}</text>"
    )


def short(moment: datetime) -> str:
    """Return a moment in the fewest characters that a label needs."""
    return f"{moment.month}/{moment.day} {moment:%H:%M}"


def side(x: float) -> str:
    """Return the text anchor that keeps a label inside the drawing."""
    return "start" if x < 90 else "end" if x > WIDTH - 90 else "middle"
