"""Promise clock: when a paid order must be uploaded and shipped, and where it stands now."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo
from kefu.demos.svg import WIDTH, chart
from kefu.presales.promises import (
    SHANGHAI,
    Holiday,
    ShipPromise,
    Status,
    ship_promise,
    status,
)

LINE = 100
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
        "kind": widgets.Dropdown(options=("现货", "预售", "定制"), description="订单种类"),
        "day": widgets.DatePicker(value=date(2025, 11, 8), description="付款日期"),
        "clock": widgets.TimePicker(value=time(20, 15), description="付款时刻"),
        "agreed": widgets.DatePicker(value=date(2025, 11, 20), description="预售约定日"),
        "lead": widgets.BoundedIntText(value=7, min=1, max=60, description="定制几天"),
        "rest": widgets.Checkbox(value=False, description="春节店休2026年2月14—22日"),
        "elapsed": widgets.IntSlider(value=20, min=0, max=360, description="付款后几小时"),
        "progress": widgets.Dropdown(options=(NOTHING, UPLOADED, SCANNED), description="现在进度"),
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
        return datetime.combine(day, clock, SHANGHAI)

    def promise() -> ShipPromise:
        if c["kind"].value == "预售" and c["agreed"].value is None:
            raise ValueError("请填预售约定日：与客户说好的最晚发货日期。")
        holidays = [SPRING] if c["rest"].value else []
        return ship_promise(paid(), holidays=holidays, **terms())  # type: ignore[arg-type]

    def view() -> str:
        owed = promise()
        now = owed.paid_at + timedelta(hours=c["elapsed"].value)
        step = c["progress"].value
        stands = status(
            owed,
            now,
            uploaded_at=None if step == NOTHING else now,
            shipped_at=now if step == SCANNED else None,
        )
        return (
            f"<p class='kefu-formula'>{escape(owed.reason)}<br>上传单号最晚 <b>{say(owed.upload_by)}</b>"
            f"<br>发货（快递首次揽收）最晚 <b>{say(owed.ship_by)}</b></p>"
            + timeline(owed, now, stands)
            + f"<p class='kefu-note'>现在是{say(now)}，状态：<b>{stands.state}</b>，{left(stands.left)}。"
            f"{advice(stands.state, step)}</p>"
        )

    def code() -> str:
        more = "".join(f", {name}={value!r}" for name, value in terms().items())
        when = "请先填好付款日期与时刻"
        if c["day"].value and c["clock"].value:
            p = paid()
            when = f"datetime({p.year}, {p.month}, {p.day}, {p.hour}, {p.minute}, tzinfo=SHANGHAI)"
        rest = ", holidays=[Holiday('春节', date(2026, 2, 14), date(2026, 2, 22))]"
        more = more.replace("datetime.date(", "date(") + (rest if c["rest"].value else "")
        return (
            "from datetime import date, datetime\n"
            "from kefu.presales.promises import SHANGHAI, Holiday, ship_promise\n\n"
            f"paid_at = {when}\nship_promise(paid_at{more})"
        )

    return Demo("发货承诺时钟", c, view, code)


def say(moment: datetime) -> str:
    """Return a moment as an agent says it."""
    weekday = "一二三四五六日"[moment.weekday()]
    return f"{moment.month}月{moment.day}日（周{weekday}）{moment:%H:%M}"


def left(time_left: timedelta) -> str:
    """Return the time left, or overdue, in hours and minutes."""
    minutes = abs(round(time_left.total_seconds() / 60))
    words = f"{minutes // 60}小时{minutes % 60}分"
    return f"还剩{words}" if time_left >= timedelta(0) else f"已超{words}"


def timeline(owed: ShipPromise, now: datetime, stands: Status) -> str:
    """Return payment, both deadlines and now on one line of time."""
    end = max(owed.ship_by, now) + timedelta(hours=4)
    whole = (end - owed.paid_at) / timedelta(hours=1)

    def x(moment: datetime) -> float:
        return round(20 + (moment - owed.paid_at) / timedelta(hours=1) / whole * (WIDTH - 40), 1)

    late = " bar2" if "超时" in stands.state else ""
    marks = [("付款", owed.paid_at)]
    if owed.starts_at > owed.paid_at:
        marks.append(("开始计时", owed.starts_at))
    if owed.upload_by < owed.ship_by:
        marks.append(("最晚上传", owed.upload_by))
    marks.append(("最晚发货", owed.ship_by))
    parts = [
        f"<path class='axis' d='M20,{LINE} H{WIDTH - 20}'/>",
        f"<rect class='bar{late}' x='20' y='{LINE - 6}' width='{max(x(now) - 20, 1):.1f}' height='12' rx='6'/>",
        *(mark(x(moment), name, moment, row) for row, (name, moment) in enumerate(marks)),
        f"<circle class='dot' cx='{x(now)}' cy='{LINE}' r='8'/>"
        f"<text class='strong' x='{x(now)}' y='{LINE + 28}' text-anchor='{side(x(now))}'>"
        f"现在 {short(now)} {stands.state}</text>",
    ]
    text = "，".join(f"{name}{say(moment)}" for name, moment in marks)
    return chart(f"时间线：{text}，现在{say(now)}{stands.state}", *parts, height=LINE + 40)


def mark(x: float, name: str, moment: datetime, row: int) -> str:
    """Return a tick on the line of time with its label in its own row, so that none collide."""
    y = 14 + 18 * row
    return (
        f"<path class='second' d='M{x},{y + 5} V{LINE}'/>"
        f"<text x='{x}' y='{y}' text-anchor='{side(x)}'>{escape(name)} {short(moment)}</text>"
    )


def short(moment: datetime) -> str:
    """Return a moment in the fewest characters that a label needs."""
    return f"{moment.month}/{moment.day} {moment:%H:%M}"


def side(x: float) -> str:
    """Return the text anchor that keeps a label inside the drawing."""
    return "start" if x < 90 else "end" if x > WIDTH - 90 else "middle"
