"""A week's roster made by hand: every cell is pressed, gaps and fairness are counted at once."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.hands import labelled, press
from kefu.errors import need
from kefu.intelligence.staffing import (
    DAYS,
    DUTIES,
    EARLY,
    LATE,
    OFF,
    Days,
    Duty,
    Needs,
    burden,
    faults,
    least_short,
    shortage,
)

TEAM = ("林姐", "阿栀", "小满", "石头", "小棠", "阿川")
WEEKS = {
    "618那一周": ((1, 2), (1, 2), (2, 4), (3, 4), (2, 2), (1, 2), (1, 2)),
    "平常一周": ((1, 2), (1, 2), (1, 2), (2, 2), (1, 2), (1, 2), (1, 2)),
}
"""How many a week needs, from Monday on: by day (early, late). Thursdays have the live show."""
RUSH = "618那一周"
AS_EVER = "".join((EARLY * 5 + OFF * 2,) * 3 + (LATE * 5 + OFF * 2,) * 3)
"""How the shop has always done it: each keeps the shift that is his, all have the weekend off."""
FOUND = {
    "618那一周": "休休早早早早晚休休早早早晚晚休休晚晚晚晚晚晚晚晚晚休休晚晚晚晚晚晚休休早早晚晚休休早",
    "平常一周": "休休早早晚晚晚晚休休早早晚晚晚晚晚休休早早早早晚休休晚晚晚晚晚晚晚休休早晚晚晚休休晚",
}
"""What `staffing.schedule` finds for each week and six people, in the order in which they take turns.

Kept because the search takes longer than a press.
"""
EMPTY = OFF * 42


def roster(rows: str = AS_EVER) -> Demo:
    """Return the week as the shop has always done it; ``rows`` are 42 characters, person by person."""
    unpacked(rows)
    c = {
        "week": widgets.Dropdown(options=list(WEEKS), value=RUSH, description="哪一周"),
        "rows": widgets.Text(value=rows, description="每人七天"),
    }

    def needs() -> Needs:
        return WEEKS[c["week"].value]

    def now() -> list[Days]:
        return unpacked(c["rows"].value)

    def draw() -> str:
        text, week, best = c["rows"].value, now(), FOUND[c["week"].value]
        short = shortage(week, needs())
        broken = [
            f"{name}{'、'.join(faults(row))}"
            for name, row in zip(TEAM, week, strict=True)
            if faults(row)
        ]
        good = not broken and short == least_short(needs(), len(TEAM))
        word = "规矩都守了" if not broken else f"{len(broken)}位的班排坏了"
        return (
            f"<div class='kefu-long'><p class='kefu-big'>缺{short}个班<small>　{word}；最累的比最轻的多{spread(week)}分"
            f"</small></p>{grid(text, week, needs())}"
            f"<p class='kefu-note' role='status'>{'；'.join(broken) or verdict(week, good=good)}</p>"
            "<div class='kefu-acts'>"
            + press("照老样子", {"rows": AS_EVER}, on=text == AS_EVER)
            + press("全空", {"rows": EMPTY}, on=text == EMPTY)
            + press("看算出来的一张", {"rows": best}, on=text == best)
            + press("往下轮一周", {"rows": text[-7:] + text[:-7]})
            + "</div>"
            + labelled(
                "哪一周",
                "".join(press(one, {"week": one}, on=one == c["week"].value) for one in WEEKS),
            )
            + "</div>"
        )

    def tell() -> str:
        week, wanted = now(), sum(map(sum, needs()))
        rows = [
            [name, f"{sum(duty != OFF for duty in row)}", f"{row.count(LATE)}",
             f"{sum(duty != OFF for duty in row[5:])}", f"{burden(row)}"]
            for name, row in zip(TEAM, week, strict=True)
        ]  # fmt: skip
        bound = least_short(needs(), len(TEAM))
        return (
            f"<p class='kefu-formula'>一周要{wanted}个班，六个人每人五天，一共30个；{peak(needs())}，"
            f"怎么排都至少缺{bound}个。现在缺<b>{shortage(week, needs())}个</b>。</p>"
            + table(
                ["谁", "上几天", "晚班", "周末", "累（分）"],
                rows,
                caption="晚班一个1分，周末一天1分",
            )
            + f"<p class='kefu-note'>{RULES}</p>"
        )

    def code() -> str:
        return (
            "from kefu.intelligence.staffing import schedule\n\n"
            f"needs = {list(needs())}\n"
            "found = schedule(needs, people=6)\n"
            "for row in found.rows:\n"
            '    print("".join(row))\n'
            "print(found.short, found.bound, found.proved)"
        )

    return Demo("排一周的班", c, draw, tell, code, idle=lambda: set(c))


RULES = (
    "本书的规矩：一周至多五天，连休两天，晚班次日不接早班。每天要几位，是按去年618和双11估的教学假设；"
    "这张表不分售前售后，六个人两头都接得了；缺的班，由大促机动的青禾、阿满叔来补。"
)


def peak(needs: Needs) -> str:
    """Return which days need most.

    >>> peak(WEEKS["618那一周"])
    '星期四要7位'
    """
    daily = [sum(pair) for pair in needs]
    return f"{DAYS[daily.index(max(daily))]}要{max(daily)}位"


def unpacked(text: str) -> list[Days]:
    """Return the rows of a text.

    >>> unpacked(AS_EVER)[0]
    ('早', '早', '早', '早', '早', '休', '休')
    """
    sound = len(text) == len(EMPTY) and set(text) <= set(DUTIES)
    need("rows", sound, "42 duties", "42个早、晚、休", text)
    every: tuple[Duty, ...] = tuple(next(duty for duty in DUTIES if duty == one) for one in text)
    return [every[start : start + 7] for start in range(0, len(every), 7)]


def spread(week: Sequence[Days]) -> int:
    """Return by how many points the hardest week is harder than the easiest."""
    points = [burden(row) for row in week]
    return max(points) - min(points)


def grid(text: str, week: Sequence[Days], needs: Needs) -> str:
    """Return the table of cells to press, a day in a row, and at its end how many are short."""
    marked = [f"{name}{'⚠' if faults(row) else ''}" for name, row in zip(TEAM, week, strict=True)]
    head = "<td></td>" + "".join(f"<th scope='col'>{name}</th>" for name in (*marked, "缺口"))
    lines = []
    for day, (called, pair) in enumerate(zip(DAYS, needs, strict=True)):
        cells = []
        for person, (name, row) in enumerate(zip(TEAM, week, strict=True)):
            place, duty = person * 7 + day, row[day]
            turned = DUTIES[(DUTIES.index(duty) + 1) % len(DUTIES)]
            tone = {EARLY: "tone-b", LATE: "tone-c"}.get(duty, "")
            cells.append(press(duty, {"rows": text[:place] + turned + text[place + 1 :]},
                               name=f"kefu-press {tone}".strip(), said=f"{name}{called}，{duty}"))  # fmt: skip
        gaps = []
        for duty, wanted in zip((EARLY, LATE), pair, strict=True):
            gap = wanted - sum(row[day] == duty for row in week)
            told = f"<b class=kefu-wrong>缺{gap}</b>" if gap > 0 else f"多{-gap}" if gap else "✓"
            gaps.append(f"{duty}{told}")
        lines.append(
            f"<tr><th scope='row'>{called[-1]}</th>"
            + "".join(f"<td>{cell}</td>" for cell in (*cells, "<br>".join(gaps)))
            + "</tr>"
        )
    return (
        "<table class='kefu-table kefu-cells kefu-week'><thead>"
        f"<tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )


def verdict(week: Sequence[Days], *, good: bool) -> str:
    """Return what is to be said of a week that keeps the rules."""
    if not good:
        return "规矩守住了，缺的还能再少。"
    if spread(week) <= 2:
        return "缺得不能再少，累得也差不多。"
    return "缺得不能再少了；一周里总有人累些，往下轮，几周下来就一样。"
