from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest

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
from kefu.demos import Demo, return_judge
from kefu.demos.returns import PLACES, POSTAGE, WORDS, state_map, verdict
from tests.demos.reading import Drawing, bold, cells, parsed, run_code, settings

# control -> (settings that make it matter, the values it is moved over)
MOVES: dict[str, tuple[dict[str, Any], list[Any]]] = {
    "reason": ({}, list(get_args(Reason))),
    "kind": ({}, list(get_args(Request))),
    "step": ({}, list(get_args(Step))),
    "day": ({}, [0, 7, 8, 15]),
    "exclusion": ({}, list(get_args(Exclusion))),
    "intact": ({}, [True, False]),
    "told_in_24h": ({"reason": "物流问题", "evidence": "照片或视频"}, [True, False]),
    "cross_border": ({"step": "卖家没按时给地址"}, [True, False]),
    "evidence": ({"step": "卖家称没收到"}, ["没有", *get_args(Proof)]),
    "returned": ({}, [1, 50, 300]),
    "kept": ({"postage": "满88包邮，说明过"}, [0, 60, 87, 88, 300]),
    "postage": ({"returned": 50, "kept": 60}, list(POSTAGE)),
}
CASES = [(name, value) for name, (_, values) in MOVES.items() for value in values]


def set_to(**values: Any) -> Demo:
    demo = return_judge()
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


def case_of(demo: Demo) -> Case:
    """The case that the controls describe, built here without the demo."""
    v = {name: control.value for name, control in demo.controls.items()}
    bill = {
        "包邮": Bill(v["returned"], v["kept"]),
        "满88包邮，说明过": Bill(v["returned"], v["kept"], threshold=88),
        "满88包邮，没说明": Bill(v["returned"], v["kept"], threshold=88, told=False),
        "买家付了10元": Bill(v["returned"], v["kept"], postage=10),
    }[v["postage"]]
    proofs: Any = frozenset({v["evidence"]} - {"没有"})
    return Case(v["kind"], v["reason"], v["step"], v["day"], v["exclusion"], v["intact"],
                v["told_in_24h"], v["cross_border"], proofs, bill)  # fmt: skip


def yuan(text: str) -> Decimal:
    return Decimal(text.replace("−", "-").replace("+", ""))


def assert_agrees_with_the_model(demo: Demo) -> Decision:
    html, case = demo.result(), case_of(demo)
    found = decide(case)
    words = bold(html)
    assert words[:2] == [found.outcome, WORDS[found.freight_payer]]
    rules = {row[0]: row[2] for row in cells(html, 0)}
    fired = [r for r in (found.rule, found.freight_rule) if r]
    assert set(rules) == {f"{r.id}　{r.title}" for r in fired}
    for r in fired:
        assert rules[f"{r.id}　{r.title}"] == f"{r.source}（{r.as_of}，{r.standing}）"
    note = parsed(html).select("p.kefu-note")[0].get_text()
    for proof in found.evidence_needed:
        assert proof in note
    assert (found.evidence_from in note) if found.evidence_needed else ("不再需要" in note)
    balances = [yuan(row[3]) for row in cells(html, 1)]
    money = found.money
    assert balances == [money.buyer, money.seller, money.carriers, money.held]
    assert sum(balances) == 0
    formula = parsed(html).select("p.kefu-formula")[0].get_text()
    if money.held:
        assert f"留住{money.held.normalize():f}元" in formula
    elif money.refund:
        assert formula.endswith(f"= {money.refund.normalize():f}元")
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert f"现在{STATE_AT[case.step]}" in drawing.label
    assert words[-2:] == [STATE_AT[case.step], found.state]
    return found


@pytest.mark.parametrize(("name", "value"), CASES)
def test_every_control_moved_gives_what_the_model_says(name: str, value: Any) -> None:
    demo = set_to(**MOVES[name][0], **{name: value})
    found = assert_agrees_with_the_model(demo)
    assert run_code(demo)[1] == found


@pytest.mark.parametrize("name", MOVES)
def test_every_control_can_change_what_is_seen(name: str) -> None:
    around, values = MOVES[name]
    assert len({set_to(**around, **{name: value}).result() for value in values}) > 1


def test_every_control_is_among_those_moved_and_has_a_label() -> None:
    demo = return_judge()
    assert set(demo.controls) == set(MOVES)
    labels = [control.description for control in demo.controls.values()]
    assert len(set(labels)) == len(labels)
    assert all(labels)
    assert list(settings(demo.picture())) == labels


@pytest.mark.parametrize(
    ("step", "evidence"), list(product(get_args(Step), ["没有", *get_args(Proof)]))
)
def test_single_facts_that_turn_a_decision_do_turn_it(step: str, evidence: str) -> None:
    demo = set_to(step=step, evidence=evidence, reason="质量问题")
    as_set = {name: control.value for name, control in demo.controls.items()}
    found = decide(case_of(demo))
    tables = parsed(demo.result()).find_all("table")
    if len(tables) == 2:
        assert "翻不了案" in demo.result()
        return
    for changes, then in cells(demo.result(), 2):
        assert then != verdict(found)
        for change in changes.split("；"):
            other = changed(change)
            for name, value in other.items():
                demo.controls[name].value = value
            assert verdict(decide(case_of(demo))) == then, change
            for name in other:
                demo.controls[name].value = as_set[name]


def changed(words: str) -> dict[str, Any]:
    """The controls that a reader would move for one of the changes shown."""
    simple: dict[str, dict[str, Any]] = {
        "商品不完好": {"intact": False},
        "是定作的": {"exclusion": "定作"},
        "过了24小时才通知": {"told_in_24h": False},
        "是跨境交易": {"cross_border": True},
        "没有凭证": {"evidence": "没有"},
    }
    if words.startswith("第"):
        return {"day": int(words[1])}
    if words.startswith("原因是"):
        return {"reason": words[3:]}
    return simple[words] if words in simple else {"evidence": words.removeprefix("有")}


@pytest.mark.parametrize("state", get_args(CaseState))
def test_the_map_shows_every_state_and_the_wait_ahead(state: CaseState) -> None:
    for then in {state, *TRANSITIONS[state].values()}:
        html = state_map(state, then)
        drawing = Drawing(html)
        assert {text for text, *_ in drawing.texts()} == set(PLACES) == set(get_args(CaseState))
        drawing.assert_labels_inside()
        if then in TERMS:
            days, event = TERMS[then]
            assert f"最多停{days}天" in html
            assert f"{event}”→{TRANSITIONS[then][event]}" in html
