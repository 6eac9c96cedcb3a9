"""A dispute in two halves: first talk, whose order decides the heat; then a judge who sees what is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal, TypeVar, get_args

import ipywidgets as widgets

from kefu.aftersales.disputes import (
    CALM,
    CLAIMS,
    FIRMNESS,
    GONE,
    MOVES_OF_TALK,
    START,
    Claim,
    Felt,
    Ruling,
    Side,
    TalkStep,
    agreed,
    heat,
    judge,
)
from kefu.amounts import one_of
from kefu.demos.cards import onward
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, labelled, press
from kefu.demos.svg import Frame, Point, broad, chart, face, legend

Half = Literal["谈", "上庭"]
_Name = TypeVar("_Name", bound=str)
SEP = "|"
"""What stands between names in the hidden fields that presses fill."""
TALK = Frame(len(MOVES_OF_TALK) + 0.4, GONE, x_min=-0.4, top=26, bottom=150)
SIDES: tuple[Side, Side] = get_args(Side)
STARTS = (20, START, 60)
"""The heats to come with that a press gives."""
BROAD, REACH, TILT = 320, 100, 8
"""How wide the scales are drawn, half the judge's beam, and how far it sinks by a step of firmness, in pixels."""


def court(half: Half = "谈", case: str = "退货没收到") -> Demo:
    """Return the demo at one of its halves, with a claim; ``ValueError`` for words that it has not."""
    one_of(half, "half", get_args(Half))
    one_of(case, "case", tuple(CLAIMS))
    c = {
        "start": IntSlider(value=START, min=20, max=60, step=5, description="他来时的火气"),
        "case": widgets.Dropdown(options=tuple(CLAIMS), value=case, description="哪一案"),
        "half": widgets.Dropdown(options=get_args(Half), value=half, description="谈，还是上庭"),
        "moves": widgets.Text(value="", description="走过的几步"),
        "shown": widgets.Text(value="", description="交上去的凭证"),
    }

    def claim() -> Claim:
        return CLAIMS[c["case"].value]

    def moves() -> tuple[TalkStep, ...]:
        return chosen(c["moves"].value, MOVES_OF_TALK)

    def shown() -> tuple[str, ...]:
        return chosen(c["shown"].value, [one.name for one in claim().proofs])

    def clear(_change: object) -> None:
        c["shown"].value = ""

    c["case"].observe(clear, "value")

    def talks() -> bool:
        return bool(c["half"].value == "谈")

    def idle() -> set[str]:
        """Leave all to the buttons of the picture, which is long."""
        return set(c)

    def draw() -> str:
        inside = talking(moves(), c["start"].value) if talks() else hearing(claim(), shown())
        return f"<div class='kefu-talk kefu-long'>{inside}</div>"

    def tell() -> str:
        return told_talk(moves(), c["start"].value) if talks() else told_ruling(claim(), shown())

    def code() -> str:
        if talks():
            return (
                "from kefu.aftersales.disputes import agreed, heat\n\n"
                f"steps = {list(moves())!r}\n"
                f"[felt.heat for felt in heat(steps, {c['start'].value})], "
                f"agreed(steps, {c['start'].value})"
            )
        return (
            "from kefu.aftersales.disputes import CLAIMS, judge\n\n"
            f"evidence = {list(shown())!r}\n"
            f"ruling = judge(evidence, CLAIMS[{c['case'].value!r}])\nruling.upheld, ruling.why"
        )

    return Demo("仲裁庭：先谈，谈不成再上庭", c, draw, tell, code, idle=idle)


def chosen(text: str, known: Sequence[_Name]) -> tuple[_Name, ...]:
    """Return the names of a hidden field in their order, each once; what it cannot hold is left out."""
    found = dict.fromkeys(text.split(SEP))
    return tuple(one for name in found for one in known if one == name)


def packed(field: str, names: Sequence[str]) -> dict[str, str]:
    """Return what a press must give for these names."""
    return {field: SEP.join(names)}


def one_row(name: str, label: str, values: Sequence[object], now: object) -> str:
    """Return a button for each value that the control ``name`` can be given, beside its label."""
    buttons = "".join(press(escape(f"{one}"), {name: one}, on=one == now) for one in values)
    return labelled(label, buttons)


# The first half: talk


def talking(moves: tuple[TalkStep, ...], start: int) -> str:
    """Return the heat so far, what the customer says, and the moves that are left."""
    felt = heat(moves, start)
    now = felt[-1].heat if felt else start
    gone, done = now >= GONE, len(moves) == len(MOVES_OF_TALK)
    says = felt[-1].says if felt else "昨天中午说好回我，一个字没有！"
    left = [move for move in MOVES_OF_TALK if move not in moves]
    buttons = "" if gone else "".join(press(move, packed("moves", [*moves, move])) for move in left)
    back = (
        press("退一步", packed("moves", moves[:-1])) + press("从头", packed("moves", []))
        if moves
        else ""
    )
    ask = "" if gone or done else "<p class='kefu-question'>下一步做哪一样？</p>"
    heats = one_row("start", "他来时的火气", STARTS, start)
    line = line_of_heat(felt, start, best=gone or "方案" in moves)
    heard = "（挂了，点了平台介入）" if gone else says
    return (
        f"<div class='kefu-sides'><div>{heats}{line}</div>"
        f"<div><p class='kefu-asked'><small>旧书摊</small><br>"
        f"{escape(heard)}</p>{outcome(moves, felt, start)}{ask}"
        f"<div class='kefu-acts' role='group' aria-label='下一步'>{buttons}{back}</div></div></div>"
    )


def outcome(moves: tuple[TalkStep, ...], felt: tuple[Felt, ...], start: int) -> str:
    """Return whether he takes the plan, once there is one, with the way to court."""
    now = felt[-1].heat if felt else start
    if now < GONE and "方案" not in moves:
        return ""
    good = agreed(moves, start)
    at = next((one.heat for one in felt if one.move == "方案"), now)
    kind, word = ("kefu-full", "✓ 谈成了") if good else ("kefu-none", "✗ 谈不成")
    why = (
        "他走了。" if now >= GONE
        else f"方案给出来时，火气{at}，他听得进去。" if good
        else f"方案给出来时，火气{at}，要到{CALM}以下才肯谈。" if at > CALM
        else "方案之前没有分析，他不信你懂了。"
    )  # fmt: skip
    to = "" if good else onward("上庭 ›", {"half": "上庭"})
    return (
        f"<div class='kefu-ruling {kind}' role='status'><p><b>{word}</b>{to}</p><p>{why}</p></div>"
    )


def points(felt: Sequence[Felt], start: int) -> list[Point]:
    """Return the heat before the first move and after each."""
    return [(0, start), *((n, one.heat) for n, one in enumerate(felt, 1))]


def line_of_heat(felt: tuple[Felt, ...], start: int, *, best: bool) -> str:
    """Return the drawing: heat by moves, where a plan is taken, and, at the end, the five steps' line."""
    mine = points(felt, start)
    x, now = mine[-1]
    five = points(heat(MOVES_OF_TALK, start), start)
    calm = TALK.y(CALM)
    names = "".join(
        f"<text x='{TALK.x(n)}' y='{TALK.bottom + 22:g}' text-anchor='middle'>{one.move}</text>"
        for n, one in enumerate(felt, 1)
    )
    told = [
        ("line", "火气"),
        ("zone", f"{CALM}以下，肯谈"),
        *([("faint", "照五步走")] if best else []),
    ]
    said = "，".join(f"{one.move}后{one.heat}" for one in felt)
    px, py = TALK.x(x), TALK.y(now)
    last = x > len(MOVES_OF_TALK) - 0.5  # its number stands off the line that came to it
    beside = (
        (px, py + (24 if py < 50 else -16), "middle")
        if last
        else (px + 18, max(py + 4, 30), "start")
    )
    return chart(
        f"火气：来时{start}" + (f"，{said}" if said else ""),
        legend(*told, x=TALK.x(-0.4) + 2, y=14, measure=broad),
        f"<rect class='zone' x='{TALK.x(-0.4)}' y='{calm}' width='{TALK.x(TALK.x_max) - TALK.x(-0.4):.1f}' "
        f"height='{TALK.bottom - calm:.1f}'/>",
        "".join(
            f"<text x='{TALK.x(-0.4) - 6}' y='{TALK.y(value) + 4}' text-anchor='end'>{value}</text>"
            f"<path class='axis' d='M{TALK.x(-0.4)},{TALK.y(value)} H{TALK.x(TALK.x_max)}'/>"
            for value in (0, 50, GONE)
        ),
        f"<text x='{TALK.x(0)}' y='{TALK.bottom + 22:g}' text-anchor='middle'>来了</text>",
        names,
        TALK.path(five, "faint") if best else "",
        TALK.path(mine, "line"),
        face(px, py, 1 - now / 30),
        f"<text class='strong' x='{beside[0]:.1f}' y='{beside[1]:.1f}' text-anchor='{beside[2]}'>{now}</text>",
        height=180,
        scale=f"heat {start}",
    )


def told_talk(moves: tuple[TalkStep, ...], start: int) -> str:
    """Return the heat in numbers, beside the five steps'."""
    felt, five = heat(moves, start), heat(MOVES_OF_TALK, start)
    if not felt:
        return f"<p class='kefu-note'>{ASSUMED}</p>"
    sums = " → ".join(map(str, [start, *(one.heat for one in felt)]))
    rows = [
        [str(n + 1), *(f"{line[n].move}，{line[n].heat}" if n < len(line) else "" for line in (felt, five))]
        for n in range(max(len(felt), len(five)))
    ]  # fmt: skip
    steps = table(["第几步", "你", "照五步走"], rows, caption="每一步之后的火气")
    return (
        f"<p class='kefu-formula'>你的次序：<b>{sums}</b></p>{steps}"
        f"<p class='kefu-note'>{ASSUMED}</p>"
    )


ASSUMED = (
    "五步的“解决”拆成安抚、解释、方案三样。火气的数是本书编的教学模型，没有在谁身上量过；"
    "它只说一件事：同样几句话，次序不同，结局不同。"
)


# The second half: the judge


def hearing(claim: Claim, shown: tuple[str, ...]) -> str:
    """Return the scales, the ruling, and the proofs of both sides to hand in."""
    ruling = judge(shown, claim)
    again = press("‹ 回到谈", {"half": "谈"})
    return (
        f"<p class='kefu-when'>该{claim.burden}证明</p>{one_row('case', '哪一案', tuple(CLAIMS), claim.name)}"
        f"<div class='kefu-sides'><div><p class='kefu-asked'><small>买家</small><br>{escape(claim.says)}</p>"
        f"{scales(claim, ruling)}</div><div>{verdict(ruling)}{trays(claim, shown)}"
        f"<div class='kefu-acts'>{again}</div></div></div>"
    )


def scales(claim: Claim, ruling: Ruling) -> str:
    """Return the judge's scales: each pan as low as its side's firmest proof is firm."""
    left, right = (max(ruling.firmness[side], 0) for side in SIDES)
    sink = TILT * (left - right)
    middle, beam = BROAD // 2, 44
    parts = [
        f"<path class='guide' d='M{middle},{beam} V104 M{middle - 26},104 H{middle + 26}'/>",
        f"<path class='span' d='M{middle - REACH},{beam + sink} L{middle + REACH},{beam - sink}'/>",
    ]
    for side, x, y in zip(
        SIDES, (middle - REACH, middle + REACH), (beam + sink, beam - sink), strict=True
    ):
        name = "then" if ruling.upheld == side else "rest"
        word = f"{side}：{word_of(ruling, side)}"
        boxes = "".join(
            f"<rect class='{name}' x='{x - 22}' y='{y + 23 - 9 * n:g}' width='44' height='8' rx='2'/>"
            for n in range(max(ruling.firmness[side], 0))
        )
        parts.append(
            f"<path class='guide' d='M{x},{y} v12 M{x - 34},{y + 32} h68'/>{boxes}"
            f"<text class='{'strong' if ruling.upheld == side else ''}' x='{x}' y='{y + 50}' "
            f"text-anchor='middle'>{word}</text>"
        )
    buyer, seller = word_of(ruling, "买家"), word_of(ruling, "卖家")
    return chart(
        f"天平：买家{buyer}，卖家{seller}；支持{ruling.upheld}",
        *parts, height=124, width=BROAD, scale=claim.name,
    )  # fmt: skip


def word_of(ruling: Ruling, side: Side) -> str:
    """Return how firm a side's firmest proof is, in words."""
    firm = ruling.firmness[side]
    return "还没交" if firm < 0 else FIRMNESS[firm]


def verdict(ruling: Ruling) -> str:
    """Return the ruling with its reason."""
    return (
        "<div class='kefu-ruling kefu-half' role='status'>"
        f"<p><b>支持{ruling.upheld}</b></p><p>{escape(ruling.why)}。</p></div>"
    )


def trays(claim: Claim, shown: tuple[str, ...]) -> str:
    """Return the proofs of both sides, each to hand in or to take back."""
    parts = []
    for side in SIDES:
        heading = f"替{side}说话的"
        buttons = "".join(
            press(
                escape(one.name),
                packed(
                    "shown",
                    [name for name in shown if name != one.name]
                    if one.name in shown
                    else [*shown, one.name],
                ),
                on=one.name in shown,
            )
            for one in claim.of(side)
        )
        parts.append(
            f"<p class='kefu-note'>{heading}，点一下交上去：</p>"
            f"<div class='kefu-acts' role='group' aria-label='{heading}'>{buttons}</div>"
        )
    return "".join(parts)


def told_ruling(claim: Claim, shown: tuple[str, ...]) -> str:
    """Return the rule, how firm each proof handed in is, and, once there is one, what is true."""
    rule, ruling = claim.rule, judge(shown, claim)
    rows = [
        [one.name, one.speaks_for, FIRMNESS[one.firmness] if one.name in shown else "交了才看得见"]
        for one in claim.proofs
    ]
    right = "判得和实情一样" if ruling.upheld == claim.truth else "判得和实情相反：真话没有凭证"
    truth = (
        f"<p class='kefu-formula'>法官看不见的实情：{escape(claim.known)}。<b>{right}</b></p>"
        if shown
        else "<p class='kefu-note'>先交一样，再看实情。</p>"
    )
    proofs = table(["凭证", "替谁说话", "有多硬"], rows)
    return (
        f"{truth}<p class='kefu-formula'>{rule.id} {escape(rule.title)}：{escape(rule.text)}</p>{proofs}"
        "<p class='kefu-note'>每一方只看最硬的一样：十张自己写的，还是自己写的。该证明的一方要有“拍下来的”"
        "以上，对方又没有更硬的，才算证明了。分级是本书定的，平台各有细则。</p>"
    )
