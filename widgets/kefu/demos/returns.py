"""Return judge: tick the facts of a return, see the decision, the rule, the evidence, the money."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any, get_args

import ipywidgets as widgets

from kefu.aftersales.returns import (
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
from kefu.demos.core import Demo, plain, signed, table
from kefu.demos.svg import chart

NOTHING = "没有"
THRESHOLD = 88
POSTAGE: dict[str, dict[str, Any]] = {
    "包邮": {},
    f"满{THRESHOLD}包邮，说明过": {"threshold": THRESHOLD, "told": True},
    f"满{THRESHOLD}包邮，没说明": {"threshold": THRESHOLD, "told": False},
    "买家付了10元": {"postage": 10},
}
PLACES: dict[CaseState, tuple[int, int]] = {
    "待处理": (48, 34), "待寄回": (148, 34), "待收货": (248, 34), "待再发": (348, 34),
    "待举证": (148, 104), "退回买家": (298, 104),
    "已拒绝": (42, 186), "已撤销": (121, 186), "已打款": (200, 186), "已退款": (279, 186),
    "已换货": (358, 186),
}  # fmt: skip
WORDS = {"卖家": "卖家承担", "买家": "买家付来回", "各付各程": "各付各程", "无": "没有"}


def return_judge() -> Demo:
    """Return the judge, set to a blouse that is too small, five days after signing."""
    c: dict[str, Any] = {
        "reason": widgets.Dropdown(
            options=get_args(Reason), value="尺码不合", description="退换原因"
        ),
        "kind": widgets.Dropdown(options=get_args(Request), description="买家想要"),
        "step": widgets.Dropdown(
            options=get_args(Step), value="签收后申请", description="到了哪一步"
        ),
        "day": widgets.IntSlider(value=5, min=0, max=15, description="签收后第几天"),
        "exclusion": widgets.Dropdown(options=get_args(Exclusion), description="七天的例外"),
        "intact": widgets.Checkbox(value=True, description="商品完好"),
        "told_in_24h": widgets.Checkbox(value=True, description="24小时内通知"),
        "cross_border": widgets.Checkbox(value=False, description="跨境交易"),
        "evidence": widgets.Dropdown(options=(NOTHING, *get_args(Proof)), description="手里的凭证"),
        "returned": widgets.IntSlider(value=50, min=1, max=300, description="退的商品（元）"),
        "kept": widgets.IntSlider(value=60, min=0, max=300, description="留的商品（元）"),
        "postage": widgets.Dropdown(options=tuple(POSTAGE), description="当初运费"),
    }

    def bill() -> dict[str, Any]:
        return {name: c[name].value for name in ("returned", "kept")} | POSTAGE[c["postage"].value]

    def facts() -> dict[str, Any]:
        names = ("reason", "kind", "step", "day", "exclusion", "intact", "told_in_24h",
                 "cross_border")  # fmt: skip
        return {name: c[name].value for name in names}

    def evidence() -> set[Any]:
        return {c["evidence"].value} - {NOTHING}

    def case() -> Case:
        return Case(**facts(), evidence=frozenset(evidence()), bill=Bill(**bill()))

    def view() -> str:
        found = decide(case())
        return (
            f"<p class='kefu-formula'>处理：<b>{escape(found.outcome)}</b><br>"
            f"后续运费：<b>{WORDS[found.freight_payer]}</b><br>{reckon(case(), found)}</p>"
            + rule_table(found)
            + evidence_note(found)
            + money_table(found)
            + state_map(STATE_AT[case().step], found.state)
            + turns(case(), found)
        )

    def code() -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in facts().items())
        money = ", ".join(f"{name}={value!r}" for name, value in bill().items())
        return (
            "from kefu.aftersales.returns import Bill, Case, decide\n\n"
            f"case = Case({given},\n            evidence=frozenset({evidence() or ()!r}),\n"
            f"            bill=Bill({money}))\ndecide(case)"
        )

    return Demo("退换货判官：把事实摆上来", c, view, code)


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


def state_map(now: CaseState, then: CaseState) -> str:
    """Return the map of all states with the step that is taken."""
    parts = []
    for state, events in TRANSITIONS.items():
        for target in sorted(set(events.values())):
            taken = (state, target) == (now, then)
            if not taken:
                parts.append(edge(state, target, "axis"))
    if now != then:
        parts.append(edge(now, then, "second"))
    for state, (x, y) in PLACES.items():
        here = "then" if state == then else "now" if state == now else "node"
        ink = " class='node-ink'" if here != "node" else ""
        parts.append(
            f"<rect class='{here}' x='{x - 33}' y='{y - 15}' width='66' height='30' rx='8'/>"
            f"<text{ink} x='{x}' y='{y + 4}' text-anchor='middle'>{state}</text>"
        )
    text = f"案子的路线图：现在{now}，" + (f"下一步{then}" if now != then else "原地等待")
    wait = ""
    if then in TERMS:
        days, event = TERMS[then]
        wait = f"；在“{then}”最多停{days}天（本书约定），到期按“{event}”→{TRANSITIONS[then][event]}"
    return (
        chart(text, *parts, height=210)
        + f"<p class='kefu-note'>路线：<b>{now}</b> → <b>{then}</b>{wait}。</p>"
    )


def edge(start: CaseState, end: CaseState, name: str) -> str:
    """Return a line between two states, drawn in the style ``name``."""
    (x, y), (u, v) = PLACES[start], PLACES[end]
    return f"<path class='{name}' d='M{x},{y} L{u},{v}'/>"


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
