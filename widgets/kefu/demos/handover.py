"""When a bot hands over: the reader sets the switches, twelve cases show both kinds of error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

import ipywidgets as widgets

from kefu.demos.bot_rules import split
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, press
from kefu.intelligence.handover import (
    PARTS,
    TRIALS,
    WAYS,
    Fault,
    Packet,
    Probe,
    Route,
    Switches,
    judged,
    told,
)

RULES, ALL, NONE = "按开关", "全都转", "全都不转"
EVERY = {ALL: Route("立刻转", "全都转"), NONE: Route("机器人答")}
CARRIED = {
    "全带上": tuple(PARTS),
    "只带最后一句": ("talk",),
    "什么也不带": (),
}
FAULTS: dict[Fault, str] = {"漏转": "该转没转", "误转": "不该转却转了", "没先问": "没先问就转"}
SORRY = "真对不起，让您着急了。这件事要不要我转给人工？您回一个“转”，我马上转。"
Found = Sequence[tuple[Probe, Route, Fault]]


def handover() -> Demo:
    """Return the twelve cases with switches that are set badly, as many shops have them."""
    c = {
        "every": widgets.Dropdown(options=(RULES, ALL, NONE), description="总开关"),
        "failures": IntSlider(value=3, min=0, max=5, description="几次没答上就转"),
        "mood": widgets.Dropdown(options=WAYS, value="立刻转", description="生气、要投诉"),
        "refusal": words("人工", "不要机器人的词"),
        "security": words("验证码；密码", "信息安全的词"),
        "danger": words("受伤；烫伤；过敏", "紧急危险的词"),
        "upset": words("气；投诉", "生气、投诉的词"),
        "minutes": IntSlider(value=0, min=0, max=10, description="几分钟没反应就转"),
        "case": widgets.Dropdown(
            options=[(f"第{n}例", n) for n in range(1, len(TRIALS) + 1)], description="看哪一例"
        ),
        "waiting": IntSlider(value=4, min=0, max=20, description="前面排着几位"),
        "carried": widgets.Dropdown(options=tuple(CARRIED), description="转接时带上"),
    }
    sets = ("failures", "mood", "refusal", "security", "danger", "upset", "minutes")

    def switches() -> Switches:
        return Switches(
            failures=c["failures"].value,
            minutes=c["minutes"].value,
            mood=c["mood"].value,
            **{name: split(c[name].value) for name in sets[2:6]},
        )

    def found() -> Found:
        master = EVERY.get(c["every"].value)
        if master is None:
            return judged(switches(), TRIALS)
        return [(trial, master, trial.fault(master.way)) for trial in TRIALS]

    def idle() -> set[str]:
        _, ruling, _ = found()[c["case"].value - 1]
        off = set(sets) if c["every"].value != RULES else set()
        return off if ruling.way == "立刻转" else off | {"waiting", "carried"}

    def draw() -> str:
        every, number = found(), c["case"].value
        return score(every) + board(every, number) + verdict(*every[number - 1])

    def tell() -> str:
        every = found()
        trial, ruling, _ = every[c["case"].value - 1]
        kept = {part: getattr(trial.packet, part) for part in CARRIED[c["carried"].value]}
        return scene(ruling, c["waiting"].value, Packet(**kept)) + listed(every, c["case"].value)

    def code() -> str:
        if c["every"].value != RULES:
            way = EVERY[c["every"].value].way
            return (
                "from kefu.intelligence.handover import TRIALS\n\n"
                f'print([trial.fault("{way}") for trial in TRIALS])'
            )
        return (
            "from kefu.intelligence.handover import Switches, TRIALS, judged\n\n"
            f"switches = {switches()!r}\n"
            "print([fault for *_, fault in judged(switches, TRIALS)])"
        )

    return Demo("什么时候转人工：十二例", c, draw, tell, code, idle=idle)


def words(value: str, name: str) -> widgets.Text:
    """Return the field of a switch's words."""
    return widgets.Text(
        value=value, description=name, placeholder="几个词用；隔开", continuous_update=False
    )


def score(every: Found) -> str:
    """Return how many cases are right, and both kinds of error apart."""
    count = Counter(fault for *_, fault in every)
    wrong = "，".join(f"{name}{count[fault]}" for fault, name in FAULTS.items())
    return f"<p class='kefu-big'>{len(every)}例对{count['']}<small>　{wrong}</small></p>"


def board(every: Found, chosen: int) -> str:
    """Return a button for each case that shows at once whether it is right."""
    shown = "".join(
        press(
            f"{number}{'✗' if fault else '✓'}",
            {"case": number},
            name=f"kefu-press kefu-{'wrong' if fault else 'right'}",
            on=number == chosen,
        )
        for number, (*_, fault) in enumerate(every, 1)
    )
    return f"<div class='kefu-acts' role='group' aria-label='十二例，点一例看'>{shown}</div>"


def verdict(trial: Probe, ruling: Route, fault: Fault) -> str:
    """Return one case: who says what, what the bot knows besides, what it does, what is right."""
    name = "none" if fault else "full"
    sign = f"✗ {FAULTS[fault]}" if fault else "✓ 对"
    by = f"（{ruling.reason}）" if ruling.reason else ""
    known = state(trial)
    return (
        f"<p class='kefu-asked'><small>{escape(trial.packet.who)}{f'　{known}' if known else ''}</small>"
        f"<br>{escape(trial.moment.said)}</p>"
        f"<div class='kefu-ruling kefu-{name}' role='status'>"
        f"<p><b>{sign}</b>　暖暖：{ruling.way}{escape(by)}</p>"
        f"<p>应当<b>{trial.right}</b>：{escape(trial.why)}。</p></div>"
    )


def state(trial: Probe) -> str:
    """Return what the bot knows besides the words."""
    parts = []
    if trial.moment.failures:
        parts.append(f"已有{trial.moment.failures}次没答上")
    if trial.moment.minutes:
        parts.append(f"机器人{trial.moment.minutes:g}分钟没反应")
    return "，".join(parts)


def scene(ruling: Route, waiting: int, packet: Packet) -> str:
    """Return how the case plays on: what the customer hears, what goes along, the person's first words."""
    if ruling.way == "机器人答":
        return "<p class='kefu-note'>机器人照常回答，人工不知道有这件事。</p>"
    if ruling.way == "先确认":
        return f"<p class='kefu-note'>暖暖先安抚、再问：</p><p class='kefu-said'>{SORRY}</p>"
    lacking = packet.missing()
    carried = "".join(
        f"<li>{'✗' if name in lacking else '✓'}{name}</li>" for name in PARTS.values()
    )
    return (
        f"<p class='kefu-note'>暖暖告诉客人：</p><p class='kefu-said'>{told(waiting)}</p>"
        f"<ol class='kefu-board' style='list-style:none' aria-label='转接时带上的四样'>{carried}</ol>"
        f"<p class='kefu-note'>接手的人头一句：</p><p class='kefu-said'>{escape(packet.opening())}</p>"
    )


def listed(every: Found, chosen: int) -> str:
    """Return all twelve cases as a table, the chosen one set off."""
    lines = [
        [str(number), trial.moment.said, ruling.way, FAULTS.get(fault, "✓")]
        for number, (trial, ruling, fault) in enumerate(every, 1)
    ]
    return table(["例", "客人说", "暖暖", "对不对"], lines, mark=chosen - 1)
