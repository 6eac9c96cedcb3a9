"""Return judge: three questions, the verdict, where the money goes, the rule and the evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from html import escape
from typing import Any, Literal, get_args

import ipywidgets as widgets

from kefu.aftersales.returns import (
    NO_REASON_DAYS,
    STATE_AT,
    TERMS,
    TRANSITIONS,
    Bill,
    Case,
    CaseState,
    Decision,
    Exclusion,
    Proof,
    Reason,
    Request,
    Step,
    decide,
)
from kefu.amounts import one_of
from kefu.demos.core import Demo, plain, signed, table
from kefu.demos.hands import Along, IntSlider, press
from kefu.demos.svg import Frame, chart, legend

NOTHING = "没有"
THRESHOLD = 88
POSTAGE: dict[str, dict[str, Any]] = {
    "包邮": {},
    f"满{THRESHOLD}包邮，说明过": {"threshold": THRESHOLD, "told": True},
    f"满{THRESHOLD}包邮，没说明": {"threshold": THRESHOLD, "told": False},
    "买家付了10元": {"postage": 10},
}
FACTS: dict[str, tuple[Any, ...]] = {
    "kind": get_args(Request),
    "day": (0, NO_REASON_DAYS, NO_REASON_DAYS + 1),
    "exclusion": get_args(Exclusion),
    "intact": (True, False),
    "told_in_24h": (True, False),
    "cross_border": (True, False),
}
"""The facts beside the three questions, with the values between which a decision can turn."""
WORDS = {"卖家": "卖家承担", "买家": "买家付来回", "各付各程": "各付各程", "无": "这一步没有"}


Story = Literal["", "七天", "木棉", "旧书摊"]
STORIES: dict[Story, dict[str, Any]] = {
    "": {"reason": "尺码不合", "day": 5, "returned": 119},
    "七天": {"day": 7, "returned": 79},
    "木棉": {"reason": "尺码不合", "day": 4, "returned": 169, "kept": 25, "postage": "满88包邮，说明过"},
    "旧书摊": {"step": "卖家称没收到", "day": 3, "returned": 58},
}  # fmt: skip
"""What the judge opens with: a shirt that is too small, the last day, a customer of the chapter."""
OPEN: dict[Story, tuple[str, ...]] = {
    "": ("reason", "step", "evidence"),
    "七天": ("day", "exclusion", "intact"),
    "木棉": ("postage", "kept", "kind"),
    "旧书摊": ("step", "evidence", "reason"),
}
"""The controls that stand open, which are those that the story turns on."""
TOLD: dict[Story, tuple[str, ...]] = {
    "七天": ("turns",),
    "木棉": ("money",),
    "旧书摊": ("evidence", "way"),
}
"""What is said below a story, where not everything: its page has the rules as cards beside it."""
OUTWARD = {"木棉": 14}
"""The first leg of a story, in yuan, where it is not the bill's own."""


def return_judge(story: Story = "") -> Demo:
    """Return the judge with a story's facts; ``ValueError`` for a story that is none."""
    one_of(story, "story", get_args(Story))
    every: dict[str, Any] = {
        "reason": widgets.Dropdown(options=get_args(Reason), description="退换原因"),
        "step": widgets.Dropdown(
            options=get_args(Step), value="签收后申请", description="到了哪一步"
        ),
        "evidence": widgets.Dropdown(options=(NOTHING, *get_args(Proof)), description="手里的凭证"),
        "day": IntSlider(value=0, min=0, max=15, description="签收后第几天"),
        "kind": widgets.Dropdown(options=get_args(Request), description="买家想要"),
        "exclusion": widgets.Dropdown(options=get_args(Exclusion), description="七天的例外"),
        "intact": widgets.Checkbox(value=True, description="商品完好"),
        "told_in_24h": widgets.Checkbox(value=True, description="24小时内通知"),
        "cross_border": widgets.Checkbox(value=False, description="跨境交易"),
        "returned": IntSlider(value=1, min=1, max=300, description="退的商品（元）"),
        "kept": IntSlider(value=0, min=0, max=300, description="留的商品（元）"),
        "postage": widgets.Dropdown(options=tuple(POSTAGE), description="当初运费"),
    }
    for name, value in STORIES[story].items():
        every[name].value = value
    c = {name: every[name] for name in dict.fromkeys((*OPEN[story], *every))}
    outward = {"outward": OUTWARD[story]} if story in OUTWARD else {}

    def bill() -> dict[str, Any]:
        goods = {name: c[name].value for name in ("returned", "kept")}
        return goods | POSTAGE[c["postage"].value] | outward

    def facts() -> dict[str, Any]:
        names = ("reason", "kind", "step", "day", "exclusion", "intact", "told_in_24h",
                 "cross_border")  # fmt: skip
        return {name: c[name].value for name in names}

    def evidence() -> set[Any]:
        return {c["evidence"].value} - {NOTHING}

    def case() -> Case:
        return Case(**facts(), evidence=frozenset(evidence()), bill=Bill(**bill()))

    def idle() -> set[str]:
        now = case()
        found = decide(now)
        return {
            name
            for name, values in FACTS.items()
            if all(decide(replace(now, **{name: value})) == found for value in values)
        }

    def draw() -> str:
        now = case()
        found = decide(now)
        slider = None if "day" in idle() else c["day"]
        return headline(now, found) + questions(c, found, slider) + picture(now, found, slider)

    def tell() -> str:
        now = case()
        found = decide(now)
        return "".join(PARTS[name](now, found) for name in TOLD.get(story, PARTS))

    def code() -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in facts().items())
        money = ", ".join(f"{name}={value!r}" for name, value in bill().items())
        return (
            "from kefu.aftersales.returns import Bill, Case, decide\n\n"
            f"case = Case({given},\n            evidence=frozenset({evidence() or ()!r}),\n"
            f"            bill=Bill({money}))\ndecide(case)"
        )

    return Demo("退换货案子：把事实摆上来", c, draw, tell, code, idle=idle)


def reckon(case: Case, found: Decision) -> str:
    """Return the sum behind the refund, with the case's numbers."""
    money = found.money
    if money.held:
        return f"平台先留住{plain(money.held)}元，等下一步。"
    if not found.money.refund and not money.deducted:
        return f"退款0元，{plain(money.release)}元打给卖家。"
    sum_ = plain(case.bill.returned)
    more = money.refund + money.deducted - case.bill.returned
    sum_ += f" + 运费{plain(more)}" if more else ""
    sum_ += f" − 发货运费{plain(money.deducted)}" if money.deducted else ""
    whole = f"{plain(money.refund)}元"
    return f"退款 = {sum_} = {whole}" if more or money.deducted else f"退款 = {whole}"


def rule_table(found: Decision) -> str:
    """Return the rules that fired, with number, source, date and standing."""
    rules = [found.rule]
    if found.freight_rule not in (None, found.rule):
        rules.append(found.freight_rule)
    rows = [
        [f"{rule.id}　{rule.title}", rule.text, f"{rule.source}（{rule.as_of}，{rule.standing}）"]
        for rule in rules
    ]
    return table(["规则", "内容", "出处"], rows, caption="用了哪条规则")


def evidence_note(found: Decision) -> str:
    """Return whose evidence is missing, if any."""
    if not found.evidence_needed:
        return "<p class='kefu-note'>凭证：不再需要别的凭证。</p>"
    if found.evidence_from == "平台":
        return "<p class='kefu-note'>凭证：等<b>平台核实</b>，买家和卖家都不用再交。</p>"
    wanted = "或".join(found.evidence_needed)
    late = "当时交得出，结果就不同" if found.outcome != "补证" else "到期交不出，就按没有处理"
    return (
        f"<p class='kefu-note'>凭证：<b>{found.evidence_from}</b>的{escape(wanted)}；{late}。</p>"
    )


def money_table(found: Decision) -> str:
    """Return who ends up with what, once the decision is carried out."""
    money = found.money
    rows = [
        ["买家", f"付{plain(money.paid)}，退回{plain(money.refund)}", plain(money.buyer_freight),
         signed(money.buyer)],
        ["卖家", f"到账{plain(money.release)}", plain(money.outward + money.seller_freight),
         signed(money.seller)],
        ["快递", "", "", signed(money.carriers)],
        ["平台", f"留住{plain(money.held)}", "", signed(money.held)],
    ]  # fmt: skip
    return table(["谁", "货款", "付给快递", "净得"], rows, caption="钱去了哪儿（元，净得相加为0）")


def headline(case: Case, found: Decision) -> str:
    """Return the verdict in large letters and the sum of the money behind it."""
    return (
        f"<p class='kefu-big'><b>{escape(found.outcome)}</b>　"
        f"<small>来回运费：<b>{WORDS[found.freight_payer]}</b><br>{reckon(case, found)}</small></p>"
    )


def questions(c: dict[str, Any], found: Decision, slider: IntSlider | None) -> str:
    """Return the three questions as cards; pressed, a card takes the next answer.

    What the decision still waits for is the next answer of the last card.
    """
    lacking = next(iter(found.evidence_needed), None)
    proof = c["evidence"].value
    notes = {
        "reason": "",
        "step": f"第{slider.value}天" if slider else "",
        "evidence": f"还缺{lacking}" if lacking else "够了" if proof != NOTHING else "不用交",
    }
    asked = {"reason": "① 谁的错", "step": "② 到哪一步", "evidence": "③ 凭证呢"}
    parts = []
    for name, question in asked.items():
        options = c[name].options
        wanted = options[(options.index(c[name].value) + 1) % len(options)]
        lacks = name == "evidence" and lacking
        text = f"<span>{question} ›</span><b>{c[name].value}</b><span>{notes[name]}</span>"
        look = "kefu-press kefu-card" + (" kefu-lacking" if lacks else "")
        parts.append(press(text, {name: lacking if lacks else wanted}, name=look))
    return f"<div class='kefu-cards'>{''.join(parts)}</div>"


def picture(case: Case, found: Decision, slider: IntSlider | None) -> str:
    """Return where the money goes, the way of the case, and its day where days count."""
    days = "" if slider is None else week(slider)
    said = "，".join(
        f"{who}付{what}{plain(amount)}元给{whom}"
        for who, whom, what, amount in flows(found)
        if amount
    )
    return chart(
        f"{said or '没有钱要动'}；{path(STATE_AT[case.step], found.state)}",
        money(found),
        route(STATE_AT[case.step], found.state),
        days,
        height=246 if days else 192,
        scale=f"{case.bill.paid}",
    )


def flows(found: Decision) -> tuple[tuple[str, str, str, Decimal], ...]:
    """Return all payments: who, to whom, for what, how much."""
    m = found.money
    return (
        ("平台", "买家", "退款", m.refund),
        ("平台", "卖家", "货款", m.release),
        ("买家", "快递", "运费", m.buyer_freight),
        ("卖家", "快递", "运费", m.outward + m.seller_freight),
    )


def money(found: Decision) -> str:
    """Return the payments as arrows between buyer, platform, carrier and seller, as wide as they are large."""
    m = found.money
    most = max(m.paid, m.carriers, Decimal(1))
    held = f"留住{plain(m.held)}元" if m.held else f"代收{plain(m.paid)}元"
    parts = [
        legend(("bar", "货款"), ("bar bar2", "运费"), x=150),
        crate(4, 22, 90, ("买家", "净得", f"{signed(m.buyer)}元")),
        crate(316, 22, 90, ("卖家", "净得", f"{signed(m.seller)}元")),
        crate(160, 22, 40, ("平台", held)),
        crate(160, 72, 40, ("快递", f"收{plain(m.carriers)}元")),
    ]
    lanes = (
        (158, 86, 52, "bar"),
        (242, 314, 52, "bar"),
        (86, 158, 100, "bar bar2"),
        (314, 242, 100, "bar bar2"),
    )
    for (_, _, what, amount), (start, end, y, name) in zip(flows(found), lanes, strict=True):
        if not amount:
            continue
        parts.append(arrow(start, end, y, max(float(amount / most) * 16, 1.5), name))
        verb = {"退款": "退", "货款": "给", "运费": "付"}[what]
        parts.append(
            f"<text x='{(start + end) / 2:g}' y='{y - 14}' text-anchor='middle'>{verb}{plain(amount)}元</text>"
        )
    return "".join(parts)


def crate(x: int, y: int, high: int, lines: tuple[str, ...]) -> str:
    """Return one who holds money, with what is said of him."""
    first = y + high / 2 + 5 - 9 * (len(lines) - 1)
    words = "".join(
        f"<text x='{x + 40}' y='{first + 18 * row:g}' text-anchor='middle'>{line}</text>"
        for row, line in enumerate(lines)
    )
    return f"<rect class='node' x='{x}' y='{y}' width='80' height='{high}' rx='8'/>{words}"


def arrow(start: float, end: float, y: float, wide: float, name: str) -> str:
    """Return a level arrow of a payment."""
    way = 1 if end > start else -1
    half, head, neck = wide / 2, max(wide / 2 + 3, 5), end - 9 * way
    return (
        f"<path class='{name}' d='M{start},{y - half:.1f} H{neck} V{y - head:.1f} L{end},{y} "
        f"L{neck},{y + head:.1f} V{y + half:.1f} H{start} z'/>"
    )


def path(now: CaseState, then: CaseState) -> str:
    """Return the step that is taken in words."""
    return f"现在{now}，" + (f"下一步{then}" if now != then else "原地等待")


def route(now: CaseState, then: CaseState) -> str:
    """Return the states that the case passes, with what happens if nobody does anything."""
    stops = [(now, "现在", "now")] + ([(then, "下一步", "then")] if then != now else [])
    parts = []
    if then in TERMS:
        days, event = TERMS[then]
        stops.append((TRANSITIONS[then][event], event, "node"))
        x = 154 * (len(stops) - 1) - 64
        parts.append(f"<text x='{x + 33}' y='142' text-anchor='middle'>满{days}天</text>")
    for place, (state, word, name) in enumerate(stops):
        x = 4 + 154 * place
        ink = "" if name == "node" else " class='node-ink'"
        if place:
            line, head = ("faint", "guide") if name == "node" else ("line", "line")
            parts.append(f"<path class='{line}' d='M{x - 66},152 H{x - 3}'/>")
            parts.append(f"<path class='{head}' d='M{x - 9},147 l6,5 l-6,5'/>")
        at, anchor = (x + 84, "end") if place == 2 else (x + 42, "middle")
        parts.append(
            f"<rect class='{name}' x='{x}' y='136' width='84' height='30' rx='8'/>"
            f"<text{ink} x='{x + 42}' y='156' text-anchor='middle'>{state}</text>"
            f"<text x='{at}' y='182' text-anchor='{anchor}'>{word}</text>"
        )
    return "".join(parts)


def week(slider: IntSlider) -> str:
    """Return the days since signing, those in which no reason is needed shaded, and the request on them."""
    frame = Frame(slider.max, 1, top=212, bottom=224)
    free = frame.x(NO_REASON_DAYS)
    marks = (
        (0, "签收"),
        (NO_REASON_DAYS, f"第{NO_REASON_DAYS}天"),
        (slider.max, f"第{slider.max}天"),
    )
    return (
        f"<rect class='zone' x='{frame.x(0)}' y='217' width='{free - frame.x(0):.1f}' height='14' rx='4'/>"
        + frame.path([(0, 0), (slider.max, 0)], "guide")
        + "".join(
            f"<text x='{frame.x(day)}' y='243' text-anchor='{'end' if day == slider.max else 'middle'}'>{word}</text>"
            for day, word in marks
        )
        + frame.handle(
            (slider.value, 0), f"第{slider.value}天申请", x=Along("day", slider, frame.x)
        )
    )


def way(now: CaseState, then: CaseState) -> str:
    """Return the step that is taken, and how long the next state may last."""
    wait = ""
    if then in TERMS:
        days, event = TERMS[then]
        wait = f"；在“{then}”最多停{days}天（本书约定），到期按“{event}”→{TRANSITIONS[then][event]}"
    return f"<p class='kefu-note'>路线：<b>{now}</b> → <b>{then}</b>{wait}。</p>"


def turns(case: Case, found: Decision) -> str:
    """Return which single facts would turn the decision, each with the decision it would give."""
    others: list[tuple[str, Case]] = [
        ("第7天申请", replace(case, day=7)),
        ("第8天申请", replace(case, day=8)),
        ("商品完好" if not case.intact else "商品不完好", replace(case, intact=not case.intact)),
        ("是定作的" if case.exclusion == "无" else "没有例外",
         replace(case, exclusion="定作" if case.exclusion == "无" else "无")),
        ("过了24小时才通知" if case.told_in_24h else "24小时内通知",
         replace(case, told_in_24h=not case.told_in_24h)),
        ("不是跨境" if case.cross_border else "是跨境交易",
         replace(case, cross_border=not case.cross_border)),
        ("没有凭证", replace(case, evidence=frozenset())),
        *((f"有{p}", replace(case, evidence=case.evidence | {p})) for p in get_args(Proof)),
        *((f"原因是{r}", replace(case, reason=r)) for r in get_args(Reason) if r != case.reason),
    ]  # fmt: skip
    turned: dict[str, list[str]] = {}
    for change, other in others:
        if verdict(decide(other)) != verdict(found):
            turned.setdefault(verdict(decide(other)), []).append(change)
    if not turned:
        return "<p class='kefu-note'>只改一件事实，翻不了案。</p>"
    rows = [["；".join(changes), then] for then, changes in turned.items()]
    return table(["要是", "判决就变成"], rows, caption="只改一件事，就会翻案")


def verdict(found: Decision) -> str:
    """Return what happens and who pays, in the fewest words: 退货退款，运费卖家承担."""
    if found.freight_payer == "无":
        return found.outcome
    return f"{found.outcome}，运费{WORDS[found.freight_payer]}"


PARTS: dict[str, Callable[[Case, Decision], str]] = {
    "rules": lambda _, found: rule_table(found),
    "evidence": lambda _, found: evidence_note(found),
    "money": lambda _, found: money_table(found),
    "way": lambda case, found: way(STATE_AT[case.step], found.state),
    "turns": turns,
}
"""What is said below the picture: each part made only where it is told."""
