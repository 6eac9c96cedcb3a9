"""A conversation with a customer who answers: choose what to say or type it, go back to any line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from zlib import crc32

import ipywidgets as widgets

from kefu.demos.core import Demo
from kefu.demos.hands import Line, press
from kefu.demos.svg import LEFT, RIGHT, WIDTH, Frame, chart, legend
from kefu.talk import WAIT, Beat, Move, Scenario, Score, Typed, best, find, play

SECONDS = 30
"""How long the customer waits for a line where the clock is on."""
LONGEST = 500
"""How much of a typed line is taken."""
ENDS = {
    "good": ("kefu-full", "✓ 好结局"),
    "middling": ("kefu-half", "◐ 不好不坏"),
    "bad": ("kefu-none", "✗ 没谈好"),
}
LINES = (("trust", "line", "信任"), ("doubt", "second", "疑虑"), ("patience", "guide", "耐心"))
CROWDED, FULL = 6, 11
"""From how many lines on the axis has room for their numbers alone, and for fewer."""
SILENT = "（没有回话）"
UNHEARD = "没听准，客人追问一句"
LOST = 2
"""How many typed lines in a row that were not heard are a sign that one is lost."""
WAY_ON = "还是没听准，不怪你。下面几句里挑一句和你意思最近的，接着谈"
ASK = "你怎么回"
HOW = "点一句来回，也可以自己打字。点自己说过的话，就倒回那里重说。"


def talk(name: str) -> Demo:
    """Return the conversation of that name, at its first turn."""
    scene = find(name)
    path = best_path(scene)
    c = {
        "text": Line(placeholder="像平常回客人那样打", description="自己打一句", whole=True),
        "clock": widgets.Checkbox(value=False, indent=False, description=f"计时：每句{SECONDS}秒"),
        "moves": widgets.Text(value="[]", description="走过的几句"),
    }

    @lru_cache(maxsize=4)
    def played(told: str) -> Score:
        try:
            return play(scene, unpacked(told))
        except (ValueError, TypeError, KeyError):  # which no press gives
            return play(scene, [])

    def now() -> Score:
        return played(c["moves"].value)

    def typed(_change: object) -> None:
        """Take a typed line as a move, and make room for the next."""
        text = c["text"].value.strip()
        if not c["text"].value:
            return
        with demo.hold_refresh():
            c["text"].value = ""
            score = now()
            if text and not score.ending:
                said = text if len(text) <= LONGEST else f"{text[:LONGEST]}……"
                c["moves"].value = packed([*said_so_far(score), Typed(said)])["moves"]

    c["text"].observe(typed, "value")

    def idle() -> set[str]:
        return {"moves", *(("text", "clock") if now().ending else ())}

    def draw() -> str:
        score = now()
        last = report(score) if score.ending else choices(score, clock=c["clock"].value)
        return f"<div class='kefu-talk'>{head(scene)}{chat(score)}{last}</div>"

    def tell() -> str:
        score = now()
        said = each(score) if score.ending else f"<p class='kefu-note'>{HOW}</p>"
        return said + path

    def code() -> str:
        return (
            "from kefu.talk import Typed, find, play\n\n"
            f"score = play(find({name!r}), {said_so_far(now())!r})\n"
            "print(score.at, score.total, score.state)"
        )

    title = f"对话演练：{name}"
    demo = Demo(title, c, draw, tell, code, idle=idle, look="kefu-converse")
    return demo


def said_so_far(score: Score) -> list[Move]:
    """Return the moves of a talk."""
    return [beat.move for beat in score.beats]


def unpacked(told: str) -> list[Move]:
    """Return the moves that a press gave."""
    found = json.loads(told)
    if not isinstance(found, list):
        return []
    return [one if isinstance(one, str) else Typed(str(one["said"])) for one in found]


def packed(moves: Sequence[Move]) -> dict[str, str]:
    """Return what a press must give to have these moves."""
    told = [one if isinstance(one, str) else {"said": one.text} for one in moves]
    return {"moves": json.dumps(told, ensure_ascii=False)}


def head(scene: Scenario) -> str:
    """Return who talks about what, and what the agent wants to reach."""
    on = scene.date  # by hand: Windows knows no %-m
    when = f"{on.year}年{on.month}月{on.day}日{on:%H:%M}"
    return (
        f"<p class='kefu-when'>{when}</p><p class='kefu-note'>{escape(scene.scene)}</p>"
        f"<p class='kefu-note'><b>你要做到</b>：{escape(scene.goal)}</p>"
    )


def chat(score: Score) -> str:
    """Return all that was said: each line of the agent's own is pressed to go back to it."""
    scene = score.scenario
    parts = [asked(scene, scene.turns[scene.start].says, new=not score.beats)]
    moves = said_so_far(score)
    unheard = 0
    for number, beat in enumerate(score.beats):
        new = number == len(score.beats) - 1
        unheard = unheard + 1 if beat.typed and beat.option is None else 0
        parts.append(mine(beat, moves[:number], new=new, lost=unheard >= LOST))
        parts += [asked(scene, text, new=new) for text in answers(scene, beat)]
    return "".join(parts)


def asked(scene: Scenario, text: str, *, new: bool = False) -> str:
    """Return what the customer says; ``new`` is said aloud to a reader who does not see it."""
    aloud = escape(f"{scene.customer}：{text}", quote=True)
    name = escape(scene.customer)
    who = f"<span class='kefu-who'><b aria-hidden='true'>{escape(scene.customer[-1])}</b>{name}</span>"
    told = f" data-say='{aloud}'" if new else ""
    return f"<div class='kefu-asked'{told}>{who}{escape(text)}</div>"


def mine(beat: Beat, before: Sequence[Move], *, new: bool = False, lost: bool = False) -> str:
    """Return what the agent said, and what the customer took a typed line for; ``lost``: the way on."""
    said = escape(beat.said or SILENT)
    label = escape(f"你说：{beat.said or SILENT}。倒回这里，换一句说", quote=True)
    back = press(said, packed(before), name="kefu-said").replace(
        "<button ", f"<button aria-label='{label}' ", 1
    )
    if not beat.typed:
        return back
    heard = f"我听成了：“{beat.option.say}”" if beat.option else WAY_ON if lost else UNHEARD
    aloud = f" data-say='{escape(heard, quote=True)}'" if new else ""
    return f"{back}<p class='kefu-heard'{aloud}>{escape(heard)}</p>"


def choices(score: Score, *, clock: bool) -> str:
    """Return what can be said now, in an order that hangs on the texts alone."""
    moves = said_so_far(score)
    options = sorted(
        score.scenario.turns[score.at].options, key=lambda one: crc32(one.say.encode())
    )
    buttons = "".join(press(escape(one.say), packed([*moves, one.intent])) for one in options)
    late = escape(json.dumps(packed([*moves, WAIT]), ensure_ascii=False), quote=True)
    timed = (
        f" data-clock='{SECONDS}' data-late=\"{late}\"" if clock and score.state.patience else ""
    )
    return f"<div class='kefu-options' role='group' aria-label='{ASK}' data-here tabindex='-1'{timed}>{buttons}</div>"


def report(score: Score) -> str:
    """Return the end: what it means, the line that turned the talk, the three lines, the six items."""
    scene, ending = score.scenario, score.ending
    assert ending is not None
    look, word = ENDS[ending.kind]
    items = "".join(
        f"<li>{sign(points)} {item} {points:g}</li>" for item, points in score.items.items()
    )
    told = {"talk": scene.name, "kind": ending.kind, "score": f"{score.total:g}",
            "say": f"{word}。{ending.means}"}  # fmt: skip
    data = "".join(f" data-{key}='{escape(value, quote=True)}'" for key, value in told.items())
    return (
        f"<div class='kefu-ruling kefu-converse-end {look}' data-here tabindex='-1'{data}><p><b>{word}</b>"
        f"{press('重来一遍', packed([]), name='kefu-press kefu-onward')}</p><p>{escape(ending.means)}</p></div>"
        f"{turning(score)}"
        f"<p class='kefu-question'>{escape(scene.customer)}心里的三条线</p>{lines(score)}"
        f"<p class='kefu-big'>{score.total:g}分<small>　满分6分</small></p>"
        f"<ol class='kefu-board' style='list-style:none' aria-label='六项得分'>{items}</ol>"
    )


def turning(score: Score) -> str:
    """Return the line that turned the talk, its reason, and the way back to it."""
    if score.turned is None:
        return ""
    beat = score.beats[score.turned]
    before = said_so_far(score)[: score.turned]
    return (
        f"<p class='kefu-question'>改了结局的一句：第{score.turned + 1}句</p>"
        f"<p class='kefu-formula'>“{escape(beat.said or SILENT)}”　{changes(beat)}<br>{reason(beat)}</p>"
        f"{press('倒回这一句', packed(before))}"
    )


def changes(beat: Beat) -> str:
    """Return what a line moved; a sign stays with its number."""
    moved = beat.changes().split("，")
    return "，".join(f"<span class='kefu-change'>{one}</span>" for one in moved)


def reason(beat: Beat) -> str:
    """Return why a line was good or not: the script's word, and what was found in it."""
    why = (
        beat.option.why
        if beat.option
        else "客人没听明白，多等了一句。"
        if beat.said
        else "客人等不到回话。"
    )
    found = "；".join(
        f"{one.kind}{f'“{one.words}”' if one.words else ''}：{one.why}" for one in beat.findings
    )
    return escape(why) + (f"<br><small>{escape(found)}</small>" if found else "")


def lines(score: Score) -> str:
    """Return what the customer felt, from the start to the end."""
    states, last = score.states, len(score.beats)
    frame = Frame(max(last, 1), 100)
    base = frame.bottom
    parts = [f"<path class='axis' d='M{LEFT},{frame.top:g} V{base:g} H{WIDTH - RIGHT}'/>"]
    parts += [
        f"<text x='{LEFT - 6}' y='{frame.y(n) + 4}' text-anchor='end'>{n}</text>"
        for n in (0, 50, 100)
    ]
    turned = None if score.turned is None else score.turned + 1
    for n in range(last + 1):
        anchor = "start" if n == 0 else "end" if n == last else "middle"
        crowded = last >= CROWDED
        if n in (0, last) or last < FULL or n == turned != last - 1:
            unit = "句" if n == last or not crowded else ""
            word = "开始" if n == 0 else f"{'' if crowded else '第'}{n}{unit}"
            parts.append(
                f"<text x='{frame.x(n)}' y='{base + 18:g}' text-anchor='{anchor}'>{word}</text>"
            )
    if turned is not None:
        x = frame.x(turned)
        parts.append(f"<path class='faint' d='M{x},{frame.top:g} V{base:g}'/>")
    for side, name, _ in LINES:
        parts.append(
            frame.path([(n, getattr(state, side)) for n, state in enumerate(states)], name)
        )
    told = "，".join(
        f"{word}从{getattr(states[0], side)}到{getattr(states[-1], side)}"
        for side, _, word in LINES
    )
    return chart(
        f"每句之后的三条线：{told}", *parts, legend(*((name, word) for _, name, word in LINES))
    )


def sign(points: float) -> str:
    """Return how an item went, as a mark."""
    return "✓" if points == 1 else "◐" if points else "✗"


def each(score: Score) -> str:
    """Return every line with what it did and why, folded."""
    rows = "".join(
        f"<li>{escape(beat.said or SILENT)}<br><small>{changes(beat)}。{reason(beat)}</small></li>"
        for beat in score.beats
    )
    return f"<details><summary>逐句看：为什么</summary><ol class='kefu-slips'>{rows}</ol></details>"


def best_path(scene: Scenario) -> str:
    """Return the whole best path, folded; paper shows it open."""
    score = play(scene, best(scene))
    parts = [asked(scene, scene.turns[scene.start].says)]
    for beat in score.beats:
        parts.append(f"<p class='kefu-said'>{escape(beat.said)}</p>")
        parts.append(f"<p class='kefu-note'>{reason(beat)}</p>")
        parts += [asked(scene, text) for text in answers(scene, beat)]
    end = f"<p class='kefu-note'>{escape(score.ending.means)}</p>" if score.ending else ""
    chat = f"<div class='kefu-talk'>{''.join(parts)}{end}</div>"
    return f"<details class='kefu-best'><summary>最好的走法：先自己谈一遍，再点开</summary>{chat}</details>"


def answers(scene: Scenario, beat: Beat) -> list[str]:
    """Return what the customer says to a line: to its very words, then what leads on."""
    on = scene.endings[beat.go].says if beat.go in scene.endings else scene.turns[beat.go].says
    moved = beat.go != beat.turn or beat.option is not None
    return [text for text in (beat.answer, on if moved else "") if text]
