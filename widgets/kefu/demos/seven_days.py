"""A week with the robot: three changes a day, a night of new questions, and a fluent one to be caught."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.hands import labelled, press
from kefu.demos.svg import chart, legend
from kefu.intelligence.week import (
    CLAIMS,
    EDITS,
    HIGH,
    LOW,
    NIGHTS,
    OUTCOMES,
    POINTS,
    SLEEP,
    STEP,
    Night,
    Week,
    called,
    caught,
    diligent,
    play,
    suggested,
)

TONES = dict(zip(OUTCOMES, ("tone-b", "tone-a", "tone-d"), strict=True))
WAYS = {"补": "补一条", "加": "加问法"}
SHOWN = 5
"""Changes that the morning offers, beside those of the threshold."""
ROW, TOP, FIRST, APART = 22, 44, 72, 13
"""Pixels between nights, of the first, of the first dot, between dots."""


def seven_days(moves: str = "", marks: str = "") -> Demo:
    """Return the week after some moves; ``marks`` say of the fluent one's sentences whether they are sound (信, 抓)."""
    play(moves)
    caught(marks)
    c = {
        "moves": widgets.Text(value=moves, description="改过的"),
        "marks": widgets.Text(value=marks, description="信还是抓"),
        "which": widgets.Dropdown(options=OUTCOMES, value="答错", description="看昨夜"),
    }

    def now() -> Week:
        return play(c["moves"].value)

    def then(move: str) -> dict[str, object]:
        return {"moves": f"{c['moves'].value} {move}".strip()}

    def draw() -> str:
        week = now()
        head = (
            f"七夜得了{shown(week.score)}分"
            if week.over
            else f"第{week.day}天早上：{shown(week.score)}分"
        )
        left = (
            f"什么都不改是{shown(play(f'{SLEEP} ' * NIGHTS).score)}分"
            if week.over
            else f"今天还能改{week.left}处"
        )
        return (
            f"<div class='kefu-long'><p class='kefu-big'>{head}<small>　{left}；线在{week.threshold / 100:.2f}"
            f"</small></p>{picture(week)}{morning(week)}{writer(week)}{looking(week)}</div>"
        )

    def looking(week: Week) -> str:
        kinds = [
            press(f"{one}{week.nights[-1].count(one)}", {"which": one}, on=one == c["which"].value)
            for one in OUTCOMES
        ]
        return labelled("昨夜看", "".join(kinds))

    def morning(week: Week) -> str:
        back = c["moves"].value.split()
        undo = press("撤一步", {"moves": " ".join(back[:-1])}) if back else ""
        again = press("从头来", {"moves": "", "marks": ""}) if back or c["marks"].value else ""
        if week.over:
            return f"<div class='kefu-acts'>{undo}{again}</div>"
        waiting = week.waiting()
        changes = "".join(
            press(
                f"{'补一条' if move[0] == '补' else '加问法'}：{called(move[1:])}（{len(waiting[move[1:]])}句）",
                then(move),
            )
            for move in suggested(week)[:SHOWN]
            if week.left
        )
        lines = "".join(
            press(f"线{'−' if way == '-' else '+'}{STEP / 100:.2f}", then(way))
            for way, room in (("-", week.threshold > LOW), ("+", week.threshold < HIGH))
            if week.left and room
        )
        done = "；".join(week.fresh)
        told = f"今天{escape(done)}。" if done else "看昨夜哪些没答好，改三处，再过一夜。"
        return (
            f"<p class='kefu-note' role='status'>{told}</p>"
            + (labelled("改知识", changes) if changes else "")
            + (labelled("改线", lines) if lines else "")
            + f"<div class='kefu-acts'>{press('过一夜', then(SLEEP), name='kefu-press kefu-onward')}{undo}{again}</div>"
        )

    def writer(week: Week) -> str:
        """Return the fluent one's sentence of the day, or what it was."""
        marks = c["marks"].value
        right = caught(marks)
        last = verdict(len(marks) - 1, right[-1]) if marks else ""
        if len(marks) >= min(week.day, len(CLAIMS)):
            return last + (
                f"<p class='kefu-note'>七句抓对{sum(right)}句。</p>"
                if len(marks) == len(CLAIMS)
                else ""
            )
        claim = CLAIMS[len(marks)]
        return (
            f"{last}<section class='kefu-bot' aria-label='流利的那位'><p class='kefu-bot-head'><b>流利的那位，"
            f"第{len(marks) + 1}句</b></p><p class='kefu-asked'>{escape(claim.question)}</p>"
            f"<p class='kefu-said'>{escape(claim.said)}</p>"
            f"<p class='kefu-note'>知识库{claim.entry_id}：{escape(week.base.entry(claim.entry_id).answer)}</p>"
            + labelled(
                "这句有出处吗",
                press("信", {"marks": marks + "信"}) + press("抓", {"marks": marks + "抓"}),
            )
            + "</section>"
        )

    def tell() -> str:
        week = now()
        night = week.nights[-1]
        rows = [
            [
                one.asked.text,
                called(one.given) or "转人工",
                f"{one.cosine:.2f}",
                called(one.asked.meaning),
            ]
            for one in night.answers
            if one.outcome == c["which"].value
        ]
        counts = " ".join(f"{outcome}{night.count(outcome)}" for outcome in OUTCOMES)
        right, wrongs = (f"{night.count(one)}×{abs(POINTS[one])}" for one in ("答对", "答错"))
        told = (
            f"<p class='kefu-formula'>昨夜{len(night.answers)}句：{counts}；{right} − {wrongs} = "
            f"<b>{shown(night.score)}分</b></p>"
        )
        seen = (
            table(
                ["客人说", "机器人当成", "像几分", "其实问"],
                rows,
                caption=f"昨夜{c['which'].value}的",
            )
            if rows
            else ""
        )
        return seen + told + f"<p class='kefu-note'>{RULES}</p>"

    def code() -> str:
        return (
            "from kefu.intelligence.week import play\n\n"
            f"week = play({c['moves'].value!r})\n"
            "print(week.score, week.threshold, len(week.base))"
        )

    return Demo("养机器人七天", c, draw, tell, code, idle=lambda: set(c))


RULES = (
    "答对1分，转人工0分，答错扣2分：答错要人去收拾。像得不到线就转人工。“别的”是只来一次的问题，转人工才对。"
    f"每天{EDITS}处，问句从训练用的问句里抽，一人一份、不重复；分值是教学假设。"
)


def shown(points: int) -> str:
    """Return points with the sign that a formula writes.

    >>> shown(-3), shown(4)
    ('−3', '4')
    """
    return f"−{-points}" if points < 0 else str(points)


def verdict(place: int, right: bool) -> str:
    """Return what the sentence at a place was, and whether the reader saw it."""
    claim = CLAIMS[place]
    kind = f"它编了（{claim.fault}）" if claim.fault else "它没编"
    mark, look = ("✓", "full") if right else ("✗", "none")
    return (
        f"<div class='kefu-ruling kefu-{look}' role='status'><p><b>{mark} 第{place + 1}句</b>　"
        f"{kind}：{escape(claim.why)}。</p></div>"
    )


def picture(week: Week) -> str:
    """Return the nights as rows of dots: answered right, wrong, handed over."""
    rows = []
    for place in range(NIGHTS + 1):
        y = TOP + place * ROW
        rows.append(f"<text x='4' y='{y + 4}'>{'头一夜' if place == 0 else f'第{place}夜'}</text>")
        if place < len(week.nights):
            rows.append(dots(week.nights[place], y))
            strong = " class='strong'" if place else ""
            rows.append(
                f"<text{strong} x='396' y='{y + 4}' text-anchor='end'>{shown(week.nights[place].score)}</text>"
            )
    last = week.nights[-1]
    told = "，".join(f"{outcome}{last.count(outcome)}句" for outcome in OUTCOMES)
    end = f"；只照单子补、不动线是{play(diligent()).score}分" if week.over else ""
    return chart(
        f"一共{shown(week.score)}分，最近一夜{told}{end}",
        legend(*((f"many {tone}", outcome) for outcome, tone in TONES.items()), y=16),
        *rows,
        height=TOP + (NIGHTS + 1) * ROW,
    )


def dots(night: Night, y: int) -> str:
    """Return a night's dots, those answered right first."""
    parts, place = [], 0
    for outcome, tone in TONES.items():
        many = night.count(outcome)
        path = "".join(f"M{FIRST + (place + n) * APART},{y}h0" for n in range(many))
        if many:
            parts.append(f"<path class='many crew {tone}' data-dots='{outcome}' d='{path}'/>")
        place += many
    return "".join(parts)
