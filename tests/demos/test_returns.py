from __future__ import annotations

import json
import re
from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import Any, get_args

import pytest

from kefu import data
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
from kefu.demos.returns import (
    FACTS,
    NOTHING,
    OPEN,
    PARTS,
    POSTAGE,
    STORIES,
    TOLD,
    WORDS,
    Story,
    route,
    verdict,
    way,
)
from kefu.demos.svg import Frame, chart
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
    headline = parsed(html).select("p.kefu-big")[0].get_text()
    if money.held:
        assert f"留住{money.held.normalize():f}元" in headline
    elif money.refund:
        assert f"= {money.refund.normalize():f}元" in headline
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    assert f"现在{STATE_AT[case.step]}" in drawing.label
    assert_arrows_agree(drawing, found)
    assert ("kefu-lacking" in html) is bool(found.evidence_needed)
    assert words[-2:] == [STATE_AT[case.step], found.state]
    return found


def assert_arrows_agree(drawing: Drawing, found: Decision) -> None:
    """Each payment that is made has its arrow, to scale, from the right one to the right one."""
    money = found.money
    paid = {
        ("平台", "买家"): money.refund,
        ("平台", "卖家"): money.release,
        ("买家", "快递"): money.buyer_freight,
        ("卖家", "快递"): money.outward + money.seller_freight,
    }
    boxes = [(r, float(r.attrib["x"]), float(r.attrib["y"])) for r in drawing.root.iter("rect")]
    who = {
        text: next((x, x + 80, y, y + float(r.attrib["height"])) for r, x, y in boxes
                   if x == at - 40 and y < height < y + float(r.attrib["height"]))
        for text, at, height, _ in drawing.texts() if text in ("买家", "卖家", "平台", "快递")
    }  # fmt: skip
    seen = {}
    for arrow in drawing.root.iter("path"):
        if "bar" not in arrow.attrib["class"].split() or not (d := arrow.attrib["d"]).endswith("z"):
            continue
        start, high, end, y = (
            float(found[1]) if (found := re.search(pattern, d)) else 0.0
            for pattern in (r"^M([\d.]+)", r"^M[\d.]+,([\d.]+)", r"L([\d.]+),", r"L[\d.]+,([\d.]+)")
        )
        ends = tuple(
            next(w for w, (x, x_end, top, low) in who.items()
                 if top <= y <= low and min(abs(x - at), abs(x_end - at)) <= 2)
            for at in (start, end)
        )  # fmt: skip
        seen[ends] = 2 * (y - high)
    assert seen.keys() == {ends for ends, amount in paid.items() if amount}
    most = max(money.paid, money.carriers, Decimal(1))
    for ends, wide in seen.items():
        assert wide == pytest.approx(max(float(paid[ends] / most) * 16, 1.5), abs=0.11)
    said = [text for text, *_ in drawing.texts() if re.fullmatch(r"[退给付][\d.]+元", text)]
    assert sorted(Decimal(text[1:-1]) for text in said) == sorted(a for a in paid.values() if a)


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
    assert list(demo.controls)[:3] == ["reason", "step", "evidence"]


# What has no effect now


@pytest.mark.parametrize(
    ("step", "reason", "exclusion"),
    list(product(get_args(Step)[:4], get_args(Reason), ["无", "定作"])),
)
def test_what_is_idle_cannot_change_the_decision_and_what_is_shown_can(
    step: Step, reason: Reason, exclusion: Exclusion
) -> None:
    demo = set_to(step=step, reason=reason, exclusion=exclusion)
    case, shown, still = case_of(demo), demo.shown_controls(), settings(demo.picture())
    whole: dict[str, Any] = {name: demo.controls[name] for name in FACTS}
    for name, control in whole.items():
        values = range(16) if name == "day" else getattr(control, "options", (True, False))
        turns = any(decide(replace(case, **{name: v})) != decide(case) for v in values)
        assert (name in shown) is turns, name
        assert (control.layout.display != "none") is turns
        assert (control.description in still) is turns
    assert {"reason", "step", "evidence", "returned", "kept", "postage"} <= shown.keys()


def test_notice_within_24_hours_is_asked_only_where_transport_did_it() -> None:
    assert "told_in_24h" not in return_judge().shown_controls()
    assert "told_in_24h" in set_to(reason="物流问题").shown_controls()


# Hands on the picture


def press(demo: Demo, place: int) -> None:
    button = parsed(demo.parts()[0]).select("button[data-press]")[place]
    demo._picture.moved = {**json.loads(str(button["data-press"])), "": place + 1}


def test_a_card_takes_the_next_answer_of_its_question() -> None:
    for place, (name, kind) in enumerate(
        {"reason": Reason, "step": Step, "evidence": Proof}.items()
    ):
        demo, options = return_judge(), get_args(kind)
        options = (NOTHING, *options) if name == "evidence" else options
        wanted = options[(options.index(demo.controls[name].value) + 1) % len(options)]
        press(demo, place)
        assert demo.controls[name].value == wanted
        assert wanted in parsed(demo.result()).select(".kefu-card b")[place].get_text()


def test_the_card_of_evidence_hands_in_what_is_lacking() -> None:
    demo = set_to(step="卖家称没收到", evidence="照片或视频")
    before = decide(case_of(demo))
    assert f"还缺{before.evidence_needed[0]}" in demo.result()
    press(demo, 2)
    assert demo.controls["evidence"].value == before.evidence_needed[0]
    assert decide(case_of(demo)).outcome != before.outcome
    assert "还缺" not in demo.result()


def test_the_day_is_moved_in_the_picture_while_days_count() -> None:
    demo = return_judge()
    demo._picture.moved = {"day": 8.3, "": 1}
    assert demo.controls["day"].value == 8
    assert assert_agrees_with_the_model(demo).outcome == "拒绝"
    handle = parsed(demo.result()).select_one(".kefu-grip")
    assert handle is not None
    assert handle["aria-valuetext"] == "签收后第几天：8"
    drawing, frame = Drawing(demo.result()), Frame(15, 1)
    assert drawing.dot[0] == frame.x(8)
    (zone,) = (r for r in drawing.root.iter("rect") if r.attrib["class"] == "zone")
    assert float(zone.attrib["x"]) + float(zone.attrib["width"]) == pytest.approx(frame.x(7))
    demo.controls["reason"].value = "质量问题"
    assert "kefu-grip" not in demo.result()


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
def test_the_route_shows_only_its_own_states_and_the_wait_ahead(state: CaseState) -> None:
    for then in {state, *TRANSITIONS[state].values()}:
        drawing = Drawing(chart("x", route(state, then), height=192))
        drawing.assert_labels_inside()
        words = {text for text, *_ in drawing.texts()}
        ahead = {TRANSITIONS[then][TERMS[then][1]]} if then in TERMS else set()
        assert words & set(get_args(CaseState)) == {state, then} | ahead
        heads = [p for p in drawing.root.iter("path") if " l" in p.attrib["d"]]
        assert len(heads) == (then != state) + (then in TERMS)
        if then in TERMS:
            days, event = TERMS[then]
            assert {f"满{days}天", event} <= words
            assert f"最多停{days}天" in way(state, then)
            assert f"{event}”→{TRANSITIONS[then][event]}" in way(state, then)


# Whose case it opens with


def test_a_customers_case_opens_with_his_facts_and_the_controls_that_it_turns_on() -> None:
    for story in get_args(Story):
        demo = return_judge(story)
        found = run_code(demo)[1]
        assert bold(demo.result())[:2] == [found.outcome, WORDS[found.freight_payer]]
        assert tuple(demo.controls)[:3] == OPEN[story]
        assert set(demo.controls) == set(MOVES)
        for name, value in STORIES[story].items():
            assert demo.controls[name].value == value


def test_a_story_says_below_only_what_it_is_about() -> None:
    said = {story: parsed(return_judge(story).parts()[1]).get_text() for story in get_args(Story)}
    heads = ("用了哪条规则", "凭证：", "钱去了哪儿", "路线：", "只改一件事")
    there = {story: [head for head in heads if head in text] for story, text in said.items()}
    assert there == {
        "": list(heads),
        "七天": ["只改一件事"],
        "木棉": ["钱去了哪儿"],
        "旧书摊": ["凭证：", "路线："],
    }


def test_the_first_leg_comes_off_mumians_refund_unless_she_exchanges_or_was_not_told() -> None:
    demo = return_judge("木棉")
    assert "退款 = 169 − 发货运费14 = 155元" in demo.result()
    assert run_code(demo)[1].money.refund == 155
    demo.controls["postage"].value = "满88包邮，没说明"
    assert "退款 = 169元" in demo.result()
    demo.controls["postage"].value = "满88包邮，说明过"
    demo.controls["kind"].value = "换货"
    assert run_code(demo)[1].money.deducted == 0


def test_a_story_costs_what_the_shop_asks() -> None:
    price = {row["title"]: Decimal(row["price"]) for row in data.rows("products")}
    cardigan, cushion = STORIES["木棉"]["returned"], STORIES["木棉"]["kept"]
    assert (cardigan, cushion) == (price["宽松针织开衫"], price["绒面抱枕套"])
    assert STORIES["旧书摊"]["returned"] == price["棉麻桌布"]
    assert STORIES[""]["returned"] == price["免烫衬衫"]


def test_a_story_makes_only_the_parts_that_it_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    def untold(_case: Case, _found: Decision) -> str:
        raise AssertionError("made and not told")

    for story in TOLD:
        with monkeypatch.context() as patch:
            for name in PARTS.keys() - TOLD[story]:
                patch.setitem(PARTS, name, untold)
            assert return_judge(story).parts()[1]


def test_a_story_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="story"):
        return_judge("周老板")  # type: ignore[arg-type]
