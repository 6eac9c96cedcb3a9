"""A care message as it is written: ten lamps, three bad drafts to mend, one of which must not be sent at all."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo
from kefu.demos.hands import IntSlider, labelled, press
from kefu.demos.svg import chart
from kefu.operations.care import ONE_SMS, CareCase, CareLamp, CareReading, care_cases, read_sms

SMS, NOT_SENT = "发短信", "不发短信"
ROW = 22


def care_sms() -> Demo:
    """Return the demo at the first draft, a birthday message due at midnight."""
    line = care_cases()
    c: dict[str, widgets.ValueWidget] = {
        "own": widgets.Textarea(
            value=line[0].draft, rows=4, description="改成你的短信", continuous_update=False
        ),
        "hour": IntSlider(value=line[0].hour, min=0, max=23, description="几点发"),
        "case": widgets.Dropdown(
            options=[(one.name, n) for n, one in enumerate(line)], value=0, description="改哪一条"
        ),
        "way": widgets.Dropdown(options=[SMS, NOT_SENT], value=SMS, description="发不发"),
    }

    def now() -> CareCase:
        return line[int(c["case"].value)]

    def another(_change: object) -> None:
        c["own"].value, c["hour"].value, c["way"].value = now().draft, now().hour, SMS

    c["case"].observe(another, "value")

    def found() -> CareReading:
        return read_sms(c["own"].value, now(), c["hour"].value)

    def sent() -> bool:
        return str(c["way"].value) == SMS

    def draw() -> str:
        one, read = now(), found()
        lit = sum(lamp.on for lamp in read.lamps)
        kind = "，商业短信" if read.promotes else ""
        head = (
            f"<p class='kefu-big'>{lit}盏亮<small>　{read.size}字{kind}</small></p>"
            if sent()
            else "<p class='kefu-big'>不发<small>　这一条短信不发了</small></p>"
        )
        cases = "".join(
            press(other.name, {"case": n}, on=other is one) for n, other in enumerate(line)
        )
        ways = "".join(
            press(name, {"way": name}, on=c["way"].value == name) for name in (SMS, NOT_SENT)
        )
        if one.consented and sent():
            ways += press("看一条改好的", {"own": one.model, "hour": 10})
        rows = labelled("改哪一条", cases) + labelled("发不发", ways)
        about = f"<div class='kefu-talk'><p class='kefu-asked'>{escape(one.about)}</p></div>"
        return head + about + lamps(read) + rows

    def tell() -> str:
        one, read = now(), found()
        if not sent():
            return (
                ruling(*NOT_SENT_WORDS[one.consented])
                + ("" if one.consented else f"<p class='kefu-said'>{escape(one.model)}</p>")
                + f"<p class='kefu-note'>{NOTE}</p>"
            )
        own = f"<p class='kefu-said'>{escape(c['own'].value)}</p>" if c["own"].value.strip() else ""
        if read.good:
            told = ruling(True, "十盏都亮", "念一遍：你收到它，会高兴，还是会划掉？")
        else:
            told = f"<ul class='kefu-why'>{''.join(faults(read))}</ul>"
        return f"{own}{told}<p class='kefu-note'>{NOTE}</p>"

    def idle() -> set[str]:
        """Leave the case and the way to the buttons of the picture."""
        return {"case", "way"} | (set() if sent() else {"own", "hour"})

    def code() -> str:
        return (
            "from kefu.operations.care import care_cases, read_sms\n\n"
            f"found = read_sms({c['own'].value!r},\n"
            f"                 care_cases()[{c['case'].value}], {c['hour'].value})\n"
            "[one.name for one in found.lamps if one.on]"
        )

    return Demo("关怀短信：十盏灯", c, draw, tell, code, idle=idle)


NOTE = (
    f"灯只认字眼：写了“券已放进卡包”就亮，真放没放，它不知道。一条短信按{ONE_SMS}字算，店名也在内。"
    "十样是本书整理的检查单。"
)
NOT_SENT_WORDS = {
    True: (False, "可以发的，别放弃", "他同意过，改好这十样就行。"),
    False: (
        True,
        "对，这一条不发短信",
        "他没勾过收短信，改得再好也不发。他在旺旺里要过到货通知，就在旺旺里答他这一件事：",
    ),
}
"""What is said where no message is sent, by whether the customer had agreed."""


def ruling(good: bool, head: str, words: str) -> str:
    """Return a judgement in a box."""
    kind, sign = ("kefu-full", "✓") if good else ("kefu-none", "✗")
    return f"<div class='kefu-ruling {kind}' role='status'><p><b>{sign} {head}</b></p><p>{words}</p></div>"


def faults(read: CareReading) -> list[str]:
    """Return why each lamp is out, as an item, with the words that put it out."""
    return [
        f"<li><b>{one.name}</b>{said(one)}：{escape(one.why)}。</li>"
        for one in read.lamps
        if not one.on
    ]


def said(one: CareLamp) -> str:
    """Return the words that put a lamp out, in brackets."""
    return f"（{escape(one.words)}）" if one.words else ""


def lamps(read: CareReading) -> str:
    """Return the ten lamps in two columns."""
    lit = [one.name for one in read.lamps if one.on]
    half = len(read.lamps) // 2
    parts = []
    for n, one in enumerate(read.lamps):
        x, y = (6, 214)[n // half], 16 + ROW * (n % half)
        strong = " class='strong'" if one.on else ""
        parts.append(
            f"<circle class='{'now' if one.on else 'rest'}' cx='{x + 8}' cy='{y}' r='7'/>"
            f"<text{strong} x='{x + 22}' y='{y + 4}'>{one.name}</text>"
        )
    return chart(f"亮了的：{'、'.join(lit) or '没有'}", *parts, height=ROW * half + 8)
