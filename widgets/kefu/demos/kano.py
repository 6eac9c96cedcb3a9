"""Kano quiz: two questions on one service, a guess, and the class with its curve."""

from __future__ import annotations

from html import escape
from math import exp

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.svg import Frame, Point, chart
from kefu.operations.satisfaction import ANSWERS, Kano
from kefu.operations.satisfaction import kano as classify

SERVICES = (
    "付款后24小时内上传运单号",
    "三十秒内有人回话",
    "破损包赔，拍照就退",
    "包裹里有一张手写卡片",
    "包装箱印着店铺的标志",
    "每天推送三条上新短信",
)
NOT_YET = "还没猜"
MEANING = {
    Kano.MUST_BE: "有它，理所当然；没它，立刻不满。属于基础服务：一单都不能缺，做得再多也换不来惊喜。",
    Kano.ONE_DIMENSIONAL: "做得越好越满意，做得越差越不满。属于期望服务：与同行比的就是这一项。",
    Kano.ATTRACTIVE: "没它，不会想起；有它，喜出望外。属于惊喜服务：少量做、别写进承诺。",
    Kano.INDIFFERENT: "有没有都一样：省下这份力气。",
    Kano.REVERSE: "有它反而不高兴：停掉，或只给想要的人。",
    Kano.QUESTIONABLE: "正着问、反着问，回答互相矛盾：多半没看清题，先别算进去。",
}
SHORT = {kind: kind.value[:2] for kind in Kano}
BRIEF = dict(zip(ANSWERS, ("喜欢", "理应", "无谓", "能忍", "不喜"), strict=True))


def kano(service: str = SERVICES[3]) -> Demo:
    """Return the Kano quiz, opened on one of the shop's services."""
    c = {
        "service": widgets.Dropdown(options=SERVICES, value=service, description="哪项服务"),
        "functional": widgets.Dropdown(options=ANSWERS, value="喜欢", description="有它你觉得"),
        "dysfunctional": widgets.Dropdown(
            options=ANSWERS, value="无所谓", description="没它你觉得"
        ),
        "guess": widgets.Dropdown(
            options=(NOT_YET, *(kind.value for kind in Kano)), description="我猜它属于"
        ),
    }

    def answers() -> tuple[str, str]:
        return c["functional"].value, c["dysfunctional"].value

    def view() -> str:
        kind = classify(*answers())
        known = c["guess"].value != NOT_YET
        asked = (
            f"<p class='kefu-formula'>“{escape(c['service'].value)}”：有它，你{answers()[0]}；"
            f"没有它，你{answers()[1]}。"
        )
        if not known:
            said = "先在“我猜它属于”里选一个，再看答案。</p>"
        else:
            right = c["guess"].value == kind.value
            mark = (
                "<span class='kefu-right'>✓ 猜对了</span>"
                if right
                else f"<span class='kefu-wrong'>✗ 你猜的是{escape(c['guess'].value)}</span>"
            )
            said = f"<br>{mark}，这是<b>{kind.value}</b>属性。{MEANING[kind]}</p>"
        return (
            asked
            + said
            + evaluation(answers() if known else None)
            + curves(kind if known else None)
        )

    def code() -> str:
        one, other = answers()
        return (
            "from kefu.operations.satisfaction import kano\n\n"
            f'print(kano("{one}", "{other}").value)'
        )

    return Demo("Kano问答：这项服务属于哪一类", c, view, code)


def evaluation(chosen: tuple[str, str] | None) -> str:
    """Return the table of 25 pairs of answers, the chosen one set off."""
    rows = []
    for one in ANSWERS:
        cells = []
        for other in ANSWERS:
            word = SHORT[classify(one, other)]
            cells.append(f"✓{word}" if (one, other) == chosen else word)
        rows.append([BRIEF[one], *cells])
    return table(
        ["有＼没", *BRIEF.values()],
        rows,
        caption="判定表：横着找“有它”的回答，竖着找“没它”的回答",
        mark=ANSWERS.index(chosen[0]) if chosen else None,
    )


def curves(chosen: Kano | None) -> str:
    """Return Kano's curves, sketched: how satisfaction follows what is done, the class set off."""
    frame = Frame(10, 10, y_min=-10)
    steps = [n / 2 for n in range(21)]
    shapes: dict[Kano, list[Point]] = {
        Kano.ATTRACTIVE: [(x, 9 * (exp(x / 3) - 1) / (exp(10 / 3) - 1)) for x in steps],
        Kano.ONE_DIMENSIONAL: [(0, -8), (10, 8)],
        Kano.MUST_BE: [(x, -9 * (exp((10 - x) / 3) - 1) / (exp(10 / 3) - 1)) for x in steps],
        Kano.INDIFFERENT: [(0, 0), (10, 0)],
        Kano.REVERSE: [(0, 5), (10, -5)],
    }
    places: dict[Kano, tuple[float, float, str]] = {
        Kano.ATTRACTIVE: (9.2, 8.7, "end"),
        Kano.ONE_DIMENSIONAL: (7.2, 1.6, "start"),
        Kano.MUST_BE: (0.9, -8.6, "start"),
        Kano.INDIFFERENT: (0.3, 0.5, "start"),
        Kano.REVERSE: (0.3, 5.4, "start"),
    }
    parts = []
    for kind, points in shapes.items():
        line = frame.path(points, "line")
        if kind is not chosen:
            line = line.replace("class='line'", "class='guide'")
        x, y, anchor = places[kind]
        weight = " class='strong'" if kind is chosen else ""
        parts.append(
            f"{line}<text{weight} x='{frame.x(x)}' y='{frame.y(y)}' text-anchor='{anchor}'>{kind.value}</text>"
        )
    seen = f"，粗线是{chosen.value}属性" if chosen in shapes else ""
    return chart(
        f"Kano曲线示意：横轴做到的程度，纵轴满意度{seen}",
        frame.axes("做到的程度（示意）", "满意度（示意）"),
        *parts,
    )
