"""Kano quiz: two questions on one service, a guess, and the class with its curve."""

from __future__ import annotations

from html import escape
from math import exp

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.core import Demo
from kefu.demos.hands import press
from kefu.demos.svg import LEFT, TOP, Frame, Point, chart
from kefu.operations.satisfaction import ANSWERS, Kano, kano_profile
from kefu.operations.satisfaction import kano as classify

SERVICES = (
    "付款后24小时内上传运单号",
    "三十秒内有人回话",
    "破损包赔，拍照就退",
    "包裹里有一张手写卡片",
    "包装箱印着店铺的标志",
    "每天推送三条上新短信",
)
NOT_YET, UNSAID = "还没猜", "还没答"
MEANING = {
    Kano.MUST_BE: "有它，理所当然；没它，立刻不满。属于基础服务：一单都不能缺，做得再多也换不来惊喜。",
    Kano.ONE_DIMENSIONAL: "做得越好越满意，做得越差越不满。属于期望服务：与同行比的就是这一项。",
    Kano.ATTRACTIVE: "没它，不会想起；有它，喜出望外。属于惊喜服务：少量做、别写进承诺。",
    Kano.INDIFFERENT: "有没有都一样：省下这份力气。",
    Kano.REVERSE: "有它反而不高兴：停掉，或只给想要的人。",
    Kano.QUESTIONABLE: "正着问、反着问，回答互相矛盾：多半没看清题，先别算进去。",
}
TONES = dict(zip(list(Kano)[:5], ("tone-a", "tone-b", "tone-c", "tone-d", "tone-e"), strict=True))
BRIEF = dict(zip(ANSWERS, ("喜欢", "理应", "无谓", "能忍", "不喜"), strict=True))


Pair = tuple[str, str]


def kano(service: str = SERVICES[3]) -> Demo:
    """Return the Kano quiz, opened on one of the shop's services."""
    answers = (UNSAID, *ANSWERS)
    c = {
        "service": widgets.Dropdown(
            options=SERVICES, value=one_of(service, "service", SERVICES), description="哪项服务"
        ),
        "functional": widgets.Dropdown(options=answers, description="有它你觉得"),
        "dysfunctional": widgets.Dropdown(options=answers, description="没它你觉得"),
        "guess": widgets.Dropdown(
            options=(NOT_YET, *(kind.value for kind in Kano)), description="我猜它属于"
        ),
        "ballots": widgets.Text(description="记下的票"),  # moved by the picture's buttons alone
    }

    def ask_again(_: object) -> None:
        c["functional"].value = c["dysfunctional"].value = UNSAID
        c["ballots"].value = ""

    def guess_again(_: object) -> None:
        c["guess"].value = NOT_YET

    c["service"].observe(ask_again, "value")
    for name in ("functional", "dysfunctional"):
        c[name].observe(guess_again, "value")

    def said() -> Pair | None:
        one, other = c["functional"].value, c["dysfunctional"].value
        return None if UNSAID in (one, other) else (one, other)

    def guessed() -> Kano | None:
        return Kano(c["guess"].value) if said() and c["guess"].value != NOT_YET else None

    def draw() -> str:
        pair, guess, cast = said(), guessed(), c["ballots"].value.split()
        return (
            evaluation(pair, known=guess is not None)
            + (judged(pair, guess, cast) if pair else f"<p>{prompt()}</p>")
            + stack(cast)
        )

    def prompt() -> str:
        return f"“{escape(c['service'].value)}”：有它，你觉得怎样？没有它呢？"

    def tell() -> str:
        pair, guess = said(), guessed()
        if pair is None:
            return "<p class='kefu-note'>按一格，或选两句回答；再猜它属于哪一类。</p>" + curves(
                None
            )
        kind = classify(*pair)
        end = f"这是<b>{kind.value}</b>属性。{MEANING[kind]}" if guess else "你猜它属于哪一类？"
        return (
            f"<p class='kefu-formula'>“{escape(c['service'].value)}”：有它，你{pair[0]}；"
            f"没有它，你{pair[1]}。{end}</p>" + curves(kind if guess else None)
        )

    def idle() -> set[str]:
        return {"ballots"} if said() else {"ballots", "guess"}

    def code() -> str:
        pair = said()
        if pair is None:
            return (
                "from kefu.operations.satisfaction import ANSWERS, kano\n\n"
                "for one in ANSWERS:\n"
                "    print(one, *(kano(one, other).value for other in ANSWERS))"
            )
        return (
            "from kefu.operations.satisfaction import kano\n\n"
            f'print(kano("{pair[0]}", "{pair[1]}").value)'
        )

    return Demo("Kano问答：这项服务属于哪一类", c, draw, tell, code, idle=idle)


def evaluation(chosen: Pair | None, *, known: bool) -> str:
    """Return the table of 25 pairs of answers to be pressed; the chosen one keeps its class until ``known``."""
    rows = []
    for one in ANSWERS:
        cells = []
        for other in ANSWERS:
            kind, lit = classify(one, other), (one, other) == chosen
            hidden = lit and not known
            tone = "" if hidden else f" {TONES.get(kind, '')}"
            wanted = {"functional": one, "dysfunctional": other}
            word = press("？" if hidden else kind.value, wanted, name=f"kefu-press{tone}", on=lit)
            cells.append(f"<td>{word}</td>")
        rows.append(f"<tr><th scope='row'>{BRIEF[one]}</th>{''.join(cells)}</tr>")
    head = "".join(f"<th scope='col'>{word}</th>" for word in ("有＼没", *BRIEF.values()))
    return (
        "<table class='kefu-table kefu-cells'><caption>横行“有它”，竖列“没它”，按一格答两句</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def judged(pair: Pair, guess: Kano | None, cast: list[str]) -> str:
    """Return the six classes to guess from, what is said of the guess, and the way to cast this vote."""
    kind = classify(*pair)
    buttons = []
    for one in Kano:
        right, wrong = guess is not None and one is kind, one is guess and one is not kind
        sign, look = ("✓", " kefu-right") if right else ("✗", " kefu-wrong") if wrong else ("", "")
        buttons.append(
            press(sign + one.value, {"guess": one.value}, name=f"kefu-press{look}", on=one is guess)
        )
    if guess is None:
        said = "你猜它属于哪一类？"
    elif guess is kind:
        said = f"<span class='kefu-right'>✓ 猜对了</span>，是{kind.value}属性。"
    else:
        said = f"<span class='kefu-wrong'>✗ 不是{guess.value}</span>，是{kind.value}属性。"
    ballot = f"{ANSWERS.index(pair[0])}{ANSWERS.index(pair[1])}"
    answers = {"functional": UNSAID, "dysfunctional": UNSAID}
    vote = press("记下这一票", {"ballots": " ".join([*cast, ballot])} | answers)
    return (
        f"<div class='kefu-guess'>{''.join(buttons)}</div>"
        f"<div class='kefu-caption'><p>{said}</p>{vote}</div>"
    )


def stack(cast: list[str]) -> str:
    """Return the votes cast so far, a block each in a row for each class, and the class of them all."""
    if not cast:
        return ""
    profile = kano_profile((ANSWERS[int(vote[0])], ANSWERS[int(vote[1])]) for vote in cast)
    voted = [(kind, count) for kind, count in profile.counts.items() if count]
    each = min(14.0, 290 / max(count for _, count in voted))
    rows = []
    for row, (kind, count) in enumerate(voted):
        y = 18 + 20 * row
        blocks = "".join(
            f"M{60 + each * place:.1f},{y - 4} h{each - 2:.1f}" for place in range(count)
        )
        rows.append(
            f"<text x='4' y='{y}'>{kind.value}</text>"
            f"<path class='vote {TONES.get(kind, 'tone-d')}' d='{blocks}'/>"
            f"<text x='{66 + each * count:.1f}' y='{y}'>{count}票</text>"
        )
    said = "，".join(f"{kind.value}{count}票" for kind, count in voted)
    back = press("撤回一票", {"ballots": " ".join(cast[:-1])})
    return (
        chart(f"全班的票：{said}", *rows, height=24 + 20 * len(voted))
        + f"<div class='kefu-caption'><p>共{len(cast)}票，归到{profile.kind.value}属性。</p>{back}</div>"
    )


def curves(chosen: Kano | None) -> str:
    """Return Kano's curves, sketched: how satisfaction follows what is done, the class set off."""
    frame = Frame(12.4, 10, y_min=-10)
    steps = [n / 2 for n in range(21)]
    shapes: dict[Kano, list[Point]] = {
        Kano.ATTRACTIVE: [(x, 9.5 * (exp(x / 3) - 1) / (exp(10 / 3) - 1)) for x in steps],
        Kano.ONE_DIMENSIONAL: [(0, -7), (10, 7)],
        Kano.INDIFFERENT: [(0, 0), (10, 0)],
        Kano.MUST_BE: [(x, -0.9 - 8 * (exp((10 - x) / 3) - 1) / (exp(10 / 3) - 1)) for x in steps],
        Kano.REVERSE: [(0, 5), (10, -5)],
    }
    below = {Kano.INDIFFERENT: 1, Kano.MUST_BE: 12}  # both end near nothing: their names part there
    parts = []
    for kind, points in shapes.items():
        look, weight = (" chosen", " class='strong'") if kind is chosen else ("", "")
        y = frame.y(points[-1][1]) + below.get(kind, 4)
        parts.append(
            frame.path(points, f"curve {TONES[kind]}{look}")
            + f"<text{weight} x='{frame.x(10) + 7:.1f}' y='{y:.1f}'>{kind.value}</text>"
        )
    seen = f"，粗线是{chosen.value}属性" if chosen in shapes else ""
    base, side = frame.bottom, LEFT - 6
    return chart(
        f"Kano曲线示意：横轴做到的程度，纵轴满意度{seen}",
        f"<path class='axis' d='M{LEFT},{TOP} V{base:g} H{frame.x(10)}'/>",
        f"<text x='4' y='12'>满意度（示意）</text><text x='{side}' y='{TOP + 12}' text-anchor='end'>满意</text>"
        f"<text x='{side}' y='{base - 2:g}' text-anchor='end'>不满</text>"
        f"<text x='{frame.x(10)}' y='{base + 18:g}' text-anchor='end'>做到的程度（示意）</text>",
        *parts,
    )
