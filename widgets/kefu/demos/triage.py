"""Thirty parcels to judge from their tracks: the cause, then the way; the first answer counts."""

from __future__ import annotations

from collections import Counter
from html import escape
from typing import get_args

import ipywidgets as widgets

from kefu.aftersales.inquiries import Inquiry, inquiries_dealt
from kefu.aftersales.tracking import QUIET, Handling, ParcelCause, Scan, said_at
from kefu.demos.cards import LATE, around, board, end_card, following, onward, timed
from kefu.demos.core import Demo
from kefu.demos.hands import IntSlider, press
from kefu.demos.svg import Frame, broad, chart, legend

UNSURE = ""
CLOCKS = {"不限时": 0, "每步30秒": 30, "每步15秒": 15}
FIRST = len(inquiries_dealt([]))
PASS = 24
"""How many of the thirty the chapter calls enough."""
ASKED = {"cause": "为什么没到", "way": "怎么办"}
CHOICES: dict[str, tuple[str, ...]] = {"cause": get_args(ParcelCause), "way": get_args(Handling)}
GRADES = {
    0: ("kefu-none", "✗", "两样都错"),
    1: ("kefu-half", "◐", "对一半"),
    2: ("kefu-full", "✓", "都对了"),
}


def triage() -> Demo:
    """Return the game at its first parcel, with nothing answered."""
    given: dict[int, tuple[str, str]] = {}
    c = {
        "number": IntSlider(value=1, min=1, max=FIRST + 1, description="第几件（最后是成绩）"),
        "cause": choice("cause"),
        "way": choice("way"),
        "clock": widgets.Dropdown(options=CLOCKS, value=0, description="限时"),
    }

    def line() -> tuple[Inquiry, ...]:
        return inquiries_dealt((at, cause) for at, (cause, _) in given.items())

    def place() -> int:
        return int(c["number"].value) - 1

    def turn_the_page(_change: object) -> None:
        first = given.get(place(), (UNSURE, UNSURE))
        for name in ASKED:  # no half of an answer may meet half of another
            c[name].value = UNSURE
        for name, value in zip(ASKED, first, strict=True):
            c[name].value = value

    def keep_the_first(_change: object) -> None:
        answer = c["cause"].value, c["way"].value
        if UNSURE not in answer and place() < len(line()):
            given.setdefault(place(), answer)
            c["number"].max = len(line()) + 1

    c["number"].observe(turn_the_page, "value")
    for name in ASKED:
        c[name].observe(keep_the_first, "value")

    def got(at: int) -> int:
        """Return how many of both are right: 0, 1 or 2."""
        right = line()[at].action
        return sum(
            mine == its for mine, its in zip(given[at], (right.cause, right.way), strict=True)
        )

    def on(at: int) -> str:
        to = following(at, given, len(line()))
        text = "看成绩 ›" if to is None else "下一件 ›"
        return onward(text, {"number": (len(line()) if to is None else to) + 1})

    def idle() -> set[str]:
        """Leave all to the buttons of the picture, which is long."""
        return set(c)

    def draw() -> str:
        return report() if place() == len(line()) else card(place())

    def card(at: int) -> str:
        one = line()[at]
        extra = "，加题" if one.more else ""
        full = sum(got(n) == 2 for n in given)
        asked = escape(one.asked) or "（还没来问）"
        now = f"{said_at(one.case.now)}，你打开这一单"
        return (
            f"<div class='kefu-talk kefu-long'><p class='kefu-when'>第{at + 1}件，共{len(line())}件{extra}；"
            f"答了{len(given)}件，全对{full}件</p>"
            f"<div class='kefu-sides'><div>"
            f"<p class='kefu-asked'><small>{escape(one.who)}</small><br>{asked}</p>"
            f"<p class='kefu-note'>{now}</p>{lane(one)}{listed(one.case.events)}</div>"
            f"<div>{ruling(at) if at in given else choices()}"
            f"{around(at, given, len(line()), '件', CLOCKS, c['clock'].value)}</div></div></div>"
        )

    def choices() -> str:
        """Return the answers to press: the cause, then the way."""
        name = "cause" if c["cause"].value == UNSURE else "way"
        late = {one: LATE for one in ASKED if c[one].value == UNSURE}
        buttons = "".join(press(text, {name: text}) for text in CHOICES[name])
        pairs = "" if name == "cause" else " kefu-pairs"
        buttons = f"<div class='kefu-answers{pairs}'>{buttons}</div>"
        change = press("改", {"cause": UNSURE})
        mine = "" if name == "cause" else f"<p class='kefu-said'>{c['cause'].value} {change}</p>"
        return (
            f"{mine}<p class='kefu-question'>{ASKED[name]}？</p>"
            f"<div class='kefu-options' role='group' aria-label='{ASKED[name]}' data-here tabindex='-1'"
            f"{timed(c['clock'].value, late)}>{buttons}</div>"
        )

    def ruling(at: int) -> str:
        right, (cause, way) = line()[at].action, given[at]
        name, sign, word = GRADES[got(at)]
        return (
            f"<div class='kefu-ruling {name}' role='status'><p><b>{sign} {word}</b>{on(at)}</p>"
            f"<p>你答：{cause} {tick(cause == right.cause)}；{way} {tick(way == right.way)}</p>"
            f"<p>该是：<b>{right.cause}</b>；<b>{right.way}</b></p><p>凭据：{escape(right.evidence)}。</p></div>"
        )

    def report() -> str:
        wrong = [at for at in sorted(given) if got(at) < 2]
        full = sum(got(at) == 2 for at in given if at < FIRST)
        left = len(line()) - len(given)
        word = (
            f"还有{left}件没看。" if left
            else f"三十件里全对{PASS}件算出师：你出师了！" if full >= PASS
            else f"三十件里全对{PASS}件算出师：先把下面几件再看一遍。"
        )  # fmt: skip
        kinds = Counter(line()[at].cause for at in wrong)
        most = "、".join(f"{kind}{times}件" for kind, times in kinds.most_common())
        again = [(f"第{at + 1}件 {GRADES[got(at)][1]}", {"number": at + 1}) for at in wrong]
        return end_card(
            f"{full}件",
            f"前三十件里全对的；一共看了{len(given)}件",
            word,
            on=on(len(line())) if left else "",
            again=again,
            asked=f"没全对的，点开再看（{most}）",
            read="看轨迹三句话：先看最后一次是什么，再看快递写了什么，都没有就看停了多久。",
        )

    def marks() -> str:
        signs = (GRADES[got(n)][1] if n in given else "·" for n in range(len(line())))
        return board(
            signs,
            "每件的成绩",
            "✓都对　◐对一半　✗都错。以第一次为准；原因每错三件，后面加两件同类的。",
        )

    def tell() -> str:
        at = place()
        if at == len(line()):
            return marks()
        if at not in given:
            return f"<p class='kefu-note'>{HOW}</p>{marks()}"
        right = line()[at].action
        return (
            f"<p class='kefu-note'>怎么办：{escape(right.do)}。{said_at(right.by)}前要有回音。可以这样说：</p>"
            f"<p class='kefu-said'>{escape(right.tell)}</p>{marks()}"
        )

    def code() -> str:
        at = min(place(), len(line()) - 1)
        who = line()[at].who
        return (
            "from kefu.aftersales.inquiries import inquiries\n"
            "from kefu.aftersales.tracking import triage\n\n"
            f"(one,) = [one for one in inquiries() if one.who == {who!r}]\ntriage(one.case)"
        )

    return Demo("三十件：读轨迹，判原因", c, draw, tell, code, idle=idle)


HOW = (
    f"店里的约定：停满{QUIET}小时没有扫描，快递又没写原因，是“还看不出”；不到{QUIET}小时、也没写异常，"
    "是“没有异常”。"
)


def choice(name: str) -> widgets.Dropdown:
    """Return the list of answers behind the buttons of one question."""
    options = [("请选择", UNSURE), *((text, text) for text in CHOICES[name]), (LATE, LATE)]
    return widgets.Dropdown(options=options, value=UNSURE, description=ASKED[name])


def tick(right: bool) -> str:
    """Return the mark of one half of an answer."""
    return "<span class='kefu-right'>✓</span>" if right else "<span class='kefu-wrong'>✗</span>"


def listed(events: tuple[Scan, ...]) -> str:
    """Return the scans as a list, the latest first, as an agent's desk shows them."""
    items = "".join(
        f"<li><small>{said_at(scan.at)}</small> <b>{scan.event}</b> {escape(scan.place)}"
        + (f"　“{escape(scan.note)}”" if scan.note else "")
        + "</li>"
        for scan in reversed(events)
    )
    return f"<ol class='kefu-slips' style='list-style:none'>{items}</ol>"


def lane(one: Inquiry) -> str:
    """Return the track along the hours since it was collected, with how long it stands still now."""
    events, silence = one.case.events, one.case.silence
    hours = [(scan.at - events[0].at).total_seconds() / 3600 for scan in events]
    end = hours[-1] + silence.now
    plane = Frame(max(end, 1), 1, top=30, bottom=46)
    still = int(silence.now)
    now = [("faint", f"停了{still}小时")] if silence.now else [("bar", f"{events[-1].event}了")]
    odd = [(h, 0.5) for h, scan in zip(hours, events, strict=True) if scan.note]
    plainly = [(h, 0.5) for h, scan in zip(hours, events, strict=True) if not scan.note]
    return chart(
        f"揽收以后{end:.0f}小时，扫描{len(events)}次，"
        + (f"现在停了{still}小时" if silence.now else "已经签收"),
        legend(("many many-a", "扫描"), ("many many-b", "快递写了话"), *now, y=14, measure=broad),
        plane.path([(0, 0.5), (hours[-1], 0.5)], "line"),
        plane.path([(hours[-1], 0.5), (end, 0.5)], "faint") if silence.now else "",
        plane.dots(plainly, "many-a crew"),
        plane.dots(odd, "many-b crew"),
        f"<text x='{plane.x(0)}' y='66'>揽收</text>",
        f"<text x='{plane.x(end)}' y='66' text-anchor='end'>现在，第{end / 24:.1f}天</text>",
        height=76,
    )
