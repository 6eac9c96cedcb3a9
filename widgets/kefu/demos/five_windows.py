"""Five windows, three minutes: the reader chooses whom to answer and how; time runs by moves alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.cards import onward, timed
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, labelled, press
from kefu.demos.svg import Frame, broad, chart, face, legend
from kefu.presales.windows import (
    COLLEAGUE,
    OPEN,
    SECONDS,
    START,
    Act,
    Evening,
    Stay,
    evening,
    in_order,
    phrase_for,
)

PACES = {"平常": 1.0, "快一倍": 0.5, "慢一半": 1.5}
LAST_SEED = 9
LAST = 180
"""What the picture shows, in seconds; who is served later stands at its edge."""
THINK = 10
"""Seconds after which the clock, where it is wished, waits for you."""
HOW = "点名字看谁的窗口，再点怎么办。你想多久都行，只有办事才走时间；脸拉得越长，越快要走。"
HOLD = "在的，手上这位马上好，一分钟内回您。"
AGAIN = "从头再来"
ROW, TOP = 34, 44
MEAN = "首次响应时间是几位平均的：有意放到后面回的那一位会拉长它，要连着“走了几位”一起看。"


def five_windows(pace: str = "平常", seed: int = 0) -> Demo:
    """Return the game at its first second; ``pace`` is how fast the reader's agent types."""
    c = {
        "pace": widgets.Dropdown(
            options=list(PACES), value=one_of(pace, "pace", PACES), description="打字快慢"
        ),
        "seed": IntSlider(value=seed, min=0, max=LAST_SEED, description="换一晚（0是书上的）"),
        "clock": widgets.Checkbox(value=False, indent=False, description=f"犹豫也算时间：每{THINK}秒"),
        "who": widgets.Dropdown(
            options=[one.visitor.name for one in evening().stays],
            value="老陈",
            description="打开谁的窗口",
        ),
        "moves": widgets.Text(value="[]", description="走过的几步"),
    }  # fmt: skip

    def moves() -> list[Act]:
        return unpacked(c["moves"].value)

    def now() -> Evening:
        return played(c["moves"].value, PACES[c["pace"].value], c["seed"].value)

    def open_window(state: Evening) -> str:
        """Return whose window is open: the one chosen, or the first of the list where she is gone."""
        names = state.in_list()
        return c["who"].value if c["who"].value in names else next(iter(names), "")

    def idle() -> set[str]:
        """Leave all to the picture, which is long: it is played there, and set there before and after."""
        return set(c)

    def draw() -> str:
        state = now()
        name = open_window(state)
        rest = report(state) if state.over else desk(state, name)
        set_up = settings() if state.over or not moves() else ""
        return (
            f"<div class='kefu-talk kefu-long'>{head(state)}<div class='kefu-sides'>"
            f"<div>{picture(state)}</div><div>{rest}</div><div>{set_up}</div></div></div>"
        )

    def settings() -> str:
        """Return what can be set before a game and after it: the pace, the evening, the clock."""
        pace, seed, clock = (c[name].value for name in ("pace", "seed", "clock"))
        paces = [press(one, {"pace": one}, on=one == pace) for one in PACES]
        evenings = [
            press("书上的", {"seed": 0}, on=not seed),
            press(f"换一晚（{seed}）" if seed else "换一晚", {"seed": seed % LAST_SEED + 1}, on=bool(seed)),
        ]  # fmt: skip
        clocks = [press("不算", {"clock": False}, on=not clock),
                  press(f"每{THINK}秒算一步", {"clock": True}, on=clock)]  # fmt: skip
        rows = {"打字快慢": paces, "哪一晚": evenings, "犹豫": clocks}
        return "".join(labelled(name, "".join(buttons)) for name, buttons in rows.items())

    def desk(state: Evening, name: str) -> str:
        """Return what can be done now: the list of windows, and the moves in the open one."""
        before, parts = (
            moves(),
            [f"<p class='kefu-question' role='status'>{escape(state.told or HOW)}</p>"],
        )
        parts.append(windows(state, name))
        if name:
            parts.append(inside(state.stay(name), before, clock=c["clock"].value))
        ways = press("等下一件事", packed([*before, Act("等")]))
        if before:
            ways += press("退一步", packed(before[:-1])) + press(AGAIN, packed([]))
        return f"{''.join(parts)}<div class='kefu-acts'>{ways}</div>"

    def report(state: Evening) -> str:
        """Return the end: who left, who waited longest, what is owed."""
        good, name = state.won, "kefu-full" if state.won else "kefu-none"
        word = "✓ 五个窗口都接住了" if good else f"✗ {faults(state)}"
        who, seconds = state.longest
        again = onward(AGAIN, packed([]))
        back = press("退一步", packed(moves()[:-1])) if moves() else ""
        return (
            f"<div class='kefu-ruling {name}' role='status' data-here tabindex='-1'><p><b>{word}</b>{again}</p>"
            f"<p>等得最久的是{who}，{seconds:g}秒。{owed(state)}</p></div><div class='kefu-acts'>{back}</div>"
        )

    def tell() -> str:
        state = now()
        if state.over:
            fast = in_order(0.5, c["seed"].value)
            rows = [["走了几位", f"{len(state.lost)}位", f"{len(fast.lost)}位"]]
            mine, theirs = state.figures(), fast.figures()
            rows += [[key, figure(key, mine[key]), figure(key, theirs[key])] for key in mine]
            return table(["数", "你", "先来先回，打字快一倍"], rows, caption="五个数") + (
                f"<p class='kefu-note'>{MEAN}谁肯等多久、一步花几秒，是教学假设；短语是店里的。</p>"
            )
        parts = [f"{key}{figure(key, value)}" for key, value in state.figures().items()]
        return f"<p class='kefu-formula'>到现在：{'，'.join(parts)}</p>"

    def code() -> str:
        steps = ", ".join(f"Act{(one.kind, one.name, one.phrase)!r}" for one in moves())
        return (
            "from kefu.presales.windows import Act, evening\n\n"
            f"moves = [{steps}]\n"
            f"end = evening(moves, pace={PACES[c['pace'].value]:g}, seed={c['seed'].value})\n"
            "(end.now, end.lost, end.figures())"
        )

    return Demo("五个窗口，一百八十秒", c, draw, tell, code, idle=idle)


@lru_cache(maxsize=64)
def played(told: str, pace: float, seed: int) -> Evening:
    """Return where the moves lead."""
    return evening(unpacked(told), pace, seed)


def unpacked(told: str) -> list[Act]:
    """Return the moves that a press gave; what none gives is no move."""
    try:
        found = [Act(*one) for one in json.loads(told)]
        evening(found)
    except (ValueError, TypeError, KeyError):
        return []
    return found


def packed(moves: Sequence[Act]) -> dict[str, str]:
    """Return what a press must give to have these moves."""
    told = [[one.kind, one.name, one.phrase] for one in moves]
    return {"moves": json.dumps(told, ensure_ascii=False)}


def head(state: Evening) -> str:
    """Return the second and how many wait, in a phone's one line."""
    waiting = sum(one.state in OPEN for one in state.stays)
    return f"<p class='kefu-when'>第{state.now:g}秒；还有{waiting}位，走了{len(state.lost)}位</p>"


def picture(state: Evening) -> str:
    """Return the waits of all who have come: a bar each, and a face that tells how long she still stays."""
    frame = Frame(LAST, 1, x_min=-30, top=TOP - 16, bottom=TOP + ROW * len(state.stays))
    parts = [
        legend(("rest", "等着"), ("bar", "办完、转走"), ("bar bar2", "走了"), y=14, measure=broad)
    ]
    told = []
    for number, one in enumerate(state.stays):
        if one.state == "没来":
            continue
        y = TOP + ROW * number
        name = (
            "bar"
            if one.state in ("办完", "转走")
            else "bar bar2"
            if one.state == "走了"
            else "rest"
        )
        end = min(state.now if one.ended_at is None else one.ended_at, LAST)
        start, width = frame.x(one.visitor.comes), frame.x(end) - frame.x(one.visitor.comes)
        x = min(frame.x(end) + 16, frame.x(LAST) - 4)
        parts.append(
            f"<text x='4' y='{y + 12}'>{one.visitor.name}</text>"
            f"<rect class='{name}' x='{start}' y='{y}' width='{max(width, 2):.1f}' height='16' rx='3'/>"
            f"{face(x, y + 8, mood(one, state.now))}"
        )
        told.append(f"{one.visitor.name}{one.state}，{one.waited(state.now):g}秒")
    now = frame.x(min(state.now, LAST))
    parts.append(f"<path class='second' d='M{now},{TOP - 10} V{frame.bottom:g}'/>")
    parts.append(frame.floor(f"从{START:%H:%M:%S}起的秒数；虚线是现在"))
    return chart("；".join(told), *parts, height=round(frame.bottom) + 42)


def mood(one: Stay, now: float) -> float:
    """Return how a customer looks: glad where served, crosser as her patience runs out."""
    if one.state in ("办完", "转走"):
        return 1
    if one.state == "走了":
        return -1
    return max(min((one.gone_at - now) / 30 - 1, 1), -1)


def windows(state: Evening, name: str) -> str:
    """Return the list of windows as the desk shows it, each to press."""
    buttons = []
    for one in map(state.stay, state.in_list()):
        pinned = state.inbox.window(one.visitor.name).pinned
        ready = one.ready_at is not None and state.now >= one.ready_at
        word = (
            "查到了" if ready and pinned else "已回复" if one.state == "查着"
            else f"等了{one.waited(state.now):g}秒"
        )  # fmt: skip
        text = f"{'置顶　' if pinned else ''}{one.visitor.name}　{word}"
        buttons.append(press(text, {"who": one.visitor.name}, on=one.visitor.name == name))
    group = "".join(buttons) or "<span>这会儿没有人在等。</span>"
    return f"<div class='kefu-acts' role='group' aria-label='联系人'>{group}</div>"


def inside(one: Stay, before: Sequence[Act], *, clock: bool) -> str:
    """Return an open window: what she said, and all that can be done."""
    person = one.visitor

    def do(text: str, kind: str, number: str = "") -> str:
        return press(escape(text), packed([*before, Act(kind, person.name, number)]))  # type: ignore[arg-type]

    phrases = "".join(
        do(phrase_for(number).fill(person.values), "短语", number) for number, _ in person.phrases
    )
    own = do(f"先应一声，{SECONDS['应一声']}秒：{HOLD}", "应一声") + do(
        f"自己打字：{person.typed}", "打字"
    )
    small = (
        do(f"转给{COLLEAGUE}（{SECONDS['转给']}秒）", "转给")
        + do(f"置顶（{SECONDS['置顶']}秒）", "置顶")
    )  # fmt: skip
    label = f"回{person.name}"
    late = timed(THINK if clock else 0, packed([*before, Act("等")]))
    return (
        f"<p class='kefu-asked'><small>{person.name}</small><br>{escape(person.says)}</p>"
        f"<div class='kefu-options' role='group' aria-label='{label}' data-here tabindex='-1'{late}>"
        f"<p class='kefu-note'>快捷短语（{SECONDS['短语']}秒）</p>{phrases}"
        f"<p class='kefu-note'>自己说（越长越费时间）</p>{own}<div class='kefu-acts'>{small}</div></div>"
    )


def faults(state: Evening) -> str:
    """Return what went wrong, in a few words."""
    found = [f"走了{len(state.lost)}位：{'、'.join(state.lost)}"] if state.lost else []
    found += [f"欠下一句承诺（{one}）" for one in state.promises]
    found += [f"对{one}说了一分钟，没做到" for one in state.broken if one not in state.lost]
    return "；".join(found)


def owed(state: Evening) -> str:
    """Return what a promise made in haste means."""
    if not state.promises:
        return "没有欠下承诺。"
    return "木棉满意地走了，记住了“两天”。到时候谁来兑现？"


def figure(key: str, value: float | None) -> str:
    """Return a figure with its unit; a dash where there is nothing to divide.

    >>> figure("平均响应时间", 26.2), figure("答问比", 1.4), figure("询单转化率", None)
    ('26.2秒', '140%', '—')
    """
    if value is None:
        return "—"
    return f"{value:.1f}秒" if key.endswith("时间") else f"{value * 100:.0f}%"
