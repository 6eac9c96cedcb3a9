from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations, product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.aftersales import returns
from kefu.aftersales.returns import (
    SENT_BACK,
    STATE_AFTER,
    STATE_AT,
    TERMS,
    TRANSITIONS,
    Basis,
    Bill,
    Case,
    CaseState,
    Decision,
    Exclusion,
    Outcome,
    Payer,
    Proof,
    Reason,
    Request,
    Step,
    advance,
    day_number,
    decide,
    last_day,
    overdue,
)
from kefu.rules import rule

SELLERS = ["质量问题", "与描述不符", "发错", "漏发"]
BUYERS = ["不喜欢", "尺码不合"]
PHOTO = frozenset({"照片或视频"})
STAMP = frozenset({"物流公章证明"})
PAID_FREE, PAID_10 = Bill(100), Bill(100, postage=10)
ENDS = {"已退款", "已换货", "已拒绝", "已撤销", "已打款"}


def judged(**facts: Any) -> Decision:
    return decide(Case(**facts))


def short(**facts: Any) -> tuple[str, str]:
    decision = judged(**facts)
    return decision.outcome, decision.freight_payer


# Every combination of facts


def combinations_of_facts() -> Iterator[Case]:
    """All combinations of the words, with days on both sides of the limit and bills of each kind."""
    proofs = get_args(Proof)
    handed_in = [frozenset(c) for n in range(3) for c in combinations(proofs, n)]
    bills = [PAID_FREE, PAID_10, Bill(60, 40, threshold=88), Bill(60, 40, threshold=88, told=False)]
    plain = Case()
    for kind, reason, step, evidence in product(
        get_args(Request), get_args(Reason), get_args(Step), handed_in
    ):
        for told, abroad, bill in product((True, False), (True, False), bills):
            yield Case(kind, reason, step, 1, "无", True, told, abroad, evidence, bill)
        for day, exclusion, intact in product((0, 7, 8), get_args(Exclusion), (True, False)):
            yield Case(
                kind, reason, step, day, exclusion, intact, True, False, evidence, plain.bill
            )


def fees_of_the_legs(case: Case, decision: Decision) -> Decimal:
    """What the carriers are owed for every way that goods went, told by the facts alone."""
    bill, outcome = case.bill, decision.outcome
    legs = [] if case.step == "未发货" and not bill.kept else [bill.outward]
    if case.step in SENT_BACK or outcome in ("退货退款", "换货"):
        legs.append(bill.back)
    if outcome in ("换货", "补寄", "再发", "退回买家") or case.step == "退回件买家拒收":
        legs.append(bill.again)
    return sum(legs, Decimal(0))


def assert_sound(case: Case, decision: Decision) -> None:
    money, bill = decision.money, case.bill
    parts = (money.refund, money.release, money.held)
    assert min(*parts, money.buyer_freight, money.seller_freight) >= 0
    assert sum(parts) == money.paid == bill.paid
    assert money.buyer + money.seller + money.carriers + money.held == 0
    assert money.carriers == fees_of_the_legs(case, decision)
    assert (decision.freight_payer == "无") is (decision.freight_rule is None)
    assert bool(decision.evidence_needed) is bool(decision.evidence_from)
    if decision.outcome == "补证":
        assert decision.evidence_needed
    assert not case.evidence & set(decision.evidence_needed)  # never ask for what is there
    here = STATE_AT[case.step]
    assert decision.state == here or decision.state in TRANSITIONS[here].values()


def test_every_combination_of_facts_has_one_sound_decision() -> None:
    seen: dict[str, set[object]] = {"outcome": set(), "payer": set(), "rule": set()}
    number = 0
    for case in combinations_of_facts():
        number += 1
        decision = decide(case)
        assert_sound(case, decision)
        seen["outcome"].add(decision.outcome)
        seen["payer"].add(decision.freight_payer)
        seen["rule"] |= {decision.rule, decision.freight_rule} - {None}
    assert number == 3 * 7 * 13 * 16 * (2 * 2 * 4 + 3 * 6 * 2)
    assert seen["outcome"] == set(get_args(Outcome))
    assert seen["payer"] == set(get_args(Payer))
    assert seen["rule"] == set(map(rule, Basis))  # no rule is idle


money = st.decimals(0, 5000, places=2)
bills = st.builds(
    Bill, money, money, st.one_of(st.just(0), money), st.one_of(st.none(), money), st.booleans(),
    money, money, money,
)  # fmt: skip
cases = st.builds(
    Case, st.sampled_from(get_args(Request)), st.sampled_from(get_args(Reason)),
    st.sampled_from(get_args(Step)), st.integers(0, 400), st.sampled_from(get_args(Exclusion)),
    st.booleans(), st.booleans(), st.booleans(), st.frozensets(st.sampled_from(get_args(Proof))),
    bills,
)  # fmt: skip


@given(cases)
def test_money_is_conserved_whatever_the_bill(case: Case) -> None:
    decision = decide(case)
    assert_sound(case, decision)
    assert decide(case) == decision  # the same facts, the same decision
    assert decision.money.refund <= case.bill.paid
    if decision.outcome not in ("退款", "不退货退款", "退货退款"):
        assert decision.money.refund == 0


@given(cases)
def test_a_seller_at_fault_never_leaves_freight_to_the_buyer(case: Case) -> None:
    decision = decide(case)
    if case.reason in SELLERS:
        assert decision.money.buyer_freight == 0
        assert decision.money.deducted == 0


@given(cases)
def test_more_evidence_never_costs_the_buyer_who_asks(case: Case) -> None:
    if case.step != "签收后申请":
        return
    before = decide(case)
    facts = {f.name: getattr(case, f.name) for f in fields(Case)}
    after = decide(Case(**(facts | {"evidence": frozenset(get_args(Proof))})))
    assert after.money.refund >= before.money.refund


@given(cases)
def test_the_price_of_goods_is_all_that_a_buyer_at_fault_gets_back(case: Case) -> None:
    decision = decide(case)
    if case.reason in BUYERS and decision.rule.id == Basis.SEVEN_DAYS:
        whole = case.bill.paid - Decimal(str(case.bill.postage)) - Decimal(str(case.bill.kept))
        assert decision.money.refund in (0, whole - decision.money.deducted)


# Seven days without a reason


@pytest.mark.parametrize(
    ("signed", "last"),
    [
        (date(2026, 11, 1), date(2026, 11, 8)),
        (date(2026, 2, 25), date(2026, 3, 4)),
        (date(2025, 12, 28), date(2026, 1, 4)),
    ],
)
def test_the_seven_days_count_from_the_day_after_signing(signed: date, last: date) -> None:
    assert last_day(signed) == last
    assert day_number(signed, signed) == 0
    assert day_number(signed, last) == 7
    day = day_number(signed, last)
    assert judged(day=day).outcome == "退货退款"
    assert judged(day=day + 1).outcome == "拒绝"


def test_a_request_before_signing_is_refused_as_a_fact() -> None:
    with pytest.raises(ValueError, match="asked"):
        day_number(date(2026, 11, 2), date(2026, 11, 1))


@pytest.mark.parametrize("exclusion", sorted(set(get_args(Exclusion)) - {"无"}))
@pytest.mark.parametrize("reason", BUYERS)
def test_excluded_goods_cannot_go_back_without_a_reason(exclusion: str, reason: str) -> None:
    decision = judged(reason=reason, exclusion=exclusion)
    assert (decision.outcome, decision.rule.title) == ("拒绝", "七日无理由的例外")


@pytest.mark.parametrize("exclusion", get_args(Exclusion))
@pytest.mark.parametrize("reason", SELLERS[:3])
def test_a_fault_of_the_seller_knows_neither_exclusions_nor_the_seven_days(
    exclusion: str, reason: str
) -> None:
    facts = {"reason": reason, "exclusion": exclusion, "day": 20, "intact": False}
    assert short(**facts, evidence=PHOTO) == ("退货退款", "卖家")


def test_used_goods_cannot_go_back_without_a_reason() -> None:
    assert judged(intact=False).rule.id == Basis.INTACT


# Who pays which freight


def test_goods_sent_free_of_freight_go_back_at_the_buyers_cost_only() -> None:
    decision = judged(bill=PAID_FREE)
    assert decision.freight_payer == "各付各程"
    assert (decision.money.refund, decision.money.buyer_freight) == (100, 10)
    assert decision.money.buyer == -10
    assert decision.money.seller == -10  # the outward leg


def test_without_free_shipping_the_buyer_pays_both_ways() -> None:
    decision = judged(bill=PAID_10)
    assert decision.freight_payer == "买家"
    assert decision.money.refund == 100  # not the 10 of postage
    assert decision.money.buyer == -20
    assert decision.money.seller == 0


def test_a_fault_of_the_seller_costs_the_buyer_nothing() -> None:
    decision = judged(reason="质量问题", evidence=PHOTO, bill=PAID_10)
    assert decision.freight_payer == "卖家"
    assert decision.money.refund == 110
    assert decision.money.buyer == 0
    assert decision.money.seller == -20


def test_postage_stays_with_the_part_of_an_order_that_is_kept() -> None:
    bill = Bill(60, kept=40, postage=10)
    assert judged(reason="质量问题", evidence=PHOTO, bill=bill).money.refund == 60


def test_a_return_that_breaks_the_threshold_costs_the_outward_freight() -> None:
    decision = judged(bill=Bill(50, kept=60, threshold=88, outward=12))
    assert (decision.freight_payer, decision.money.deducted) == ("买家", 12)
    assert decision.money.refund == 38
    assert decision.freight_rule == rule("R22")


@pytest.mark.parametrize(
    "bill",
    [
        Bill(50, kept=60, threshold=88, told=False),  # not told beforehand
        Bill(50, kept=88, threshold=88),  # what is kept still reaches it
        Bill(50, kept=20, threshold=88),  # it was never reached
        Bill(50, kept=60),  # free of freight without condition
    ],
)
def test_otherwise_nothing_is_deducted(bill: Bill) -> None:
    decision = judged(bill=bill)
    assert (decision.freight_payer, decision.money.deducted) == ("各付各程", 0)
    assert decision.money.refund == 50


def test_the_threshold_is_no_matter_where_the_seller_is_at_fault_or_goods_are_exchanged() -> None:
    bill = Bill(50, kept=60, threshold=88)
    assert judged(reason="质量问题", evidence=PHOTO, bill=bill).money.refund == 50
    exchange = judged(kind="换货", reason="尺码不合", bill=bill)
    assert (exchange.freight_payer, exchange.money.deducted) == ("各付各程", 0)


def test_freight_larger_than_the_goods_leaves_a_refund_of_nothing() -> None:
    decision = judged(bill=Bill(5, kept=85, threshold=88, outward=12))
    assert (decision.money.refund, decision.money.deducted) == (0, 5)


def test_an_exchange_without_fault_is_paid_each_their_own_leg() -> None:
    money = judged(kind="换货", reason="尺码不合", bill=Bill(100, back=9, again=7)).money
    assert (money.buyer_freight, money.seller_freight, money.release) == (9, 7, 100)
    money = judged(kind="换货", reason="尺码不合", bill=Bill(100, postage=8, back=9, again=7)).money
    assert (money.buyer_freight, money.seller_freight) == (16, 0)


# Requests


def test_before_shipping_everything_goes_back_at_once() -> None:
    decision = judged(step="未发货", reason="不喜欢", exclusion="定作", bill=PAID_10)
    assert (decision.outcome, decision.freight_payer) == ("退款", "无")
    assert decision.money.refund == 110
    assert decision.money.carriers == 0


@pytest.mark.parametrize("reason", SELLERS)
def test_a_claim_against_the_seller_needs_a_picture(reason: str) -> None:
    decision = judged(reason=reason, bill=PAID_10)
    assert (decision.outcome, decision.evidence_from) == ("补证", "买家")
    assert decision.evidence_needed == ("照片或视频",)
    assert decision.money.held == 110


@pytest.mark.parametrize(("kind", "outcome"), [("换货", "补寄"), ("仅退款", "不退货退款")])
def test_what_was_left_out_is_sent_or_refunded_at_the_sellers_cost(kind: str, outcome: str) -> None:
    decision = judged(reason="漏发", kind=kind, evidence=PHOTO, bill=Bill(20, kept=80))
    assert decision.outcome == outcome
    assert decision.money.buyer_freight == 0
    assert decision.money.refund == (20 if outcome == "不退货退款" else 0)


def test_damage_reported_in_time_needs_a_picture_and_later_the_carriers_stamp() -> None:
    facts = {"reason": "物流问题", "kind": "仅退款"}
    assert judged(**facts).outcome == "补证"
    assert short(**facts, evidence=PHOTO) == ("不退货退款", "无")
    assert judged(**facts, told_in_24h=False, evidence=PHOTO).evidence_needed == ("物流公章证明",)
    assert short(**facts, told_in_24h=False, evidence=STAMP) == ("不退货退款", "无")


@pytest.mark.parametrize(("kind", "outcome"), [("退货退款", "退款"), ("换货", "再发")])
def test_a_damaged_parcel_refused_at_the_door_needs_no_more_proof(kind: str, outcome: str) -> None:
    assert short(reason="物流问题", step="当面拒签", kind=kind) == (outcome, "卖家")


def test_a_whim_at_the_door_is_a_return_without_a_reason() -> None:
    assert short(step="当面拒签", day=30, intact=False) == ("退款", "各付各程")
    assert judged(step="当面拒签", exclusion="定作").outcome == "拒绝"


@pytest.mark.parametrize("reason", BUYERS)
def test_a_refund_without_return_is_no_choice_of_a_buyer_who_changed_mind(reason: str) -> None:
    assert judged(reason=reason, kind="仅退款").outcome == "退货退款"


# The six principles and the burden of proof

UNDER_WAY = [
    # facts, outcome, who pays, rule in the table
    ({"step": "卖家没按时给地址"}, "退款", "卖家", "R23"),
    ({"step": "卖家没按时给地址", "cross_border": True}, "不退货退款", "无", "R62"),
    ({"step": "买家称地址给错"}, "补证", "各付各程", "R80"),
    ({"step": "买家称地址给错", "evidence": {"平台核实"}}, "退款", "卖家", "R23"),
    ({"step": "买家逾期未寄"}, "打款给卖家", "无", "R25"),
    ({"step": "退货在途"}, "等待", "各付各程", "R61"),
    ({"step": "卖家签收退货"}, "退款", "各付各程", "R61"),
    ({"step": "卖家签收退货", "kind": "换货"}, "再发", "各付各程", "R61"),
    ({"step": "卖家称没收到"}, "补证", "各付各程", "R28"),
    ({"step": "卖家称没收到", "evidence": {"快递单"}}, "退款", "各付各程", "R61"),
    ({"step": "卖家称没收到", "evidence": {"签收底单"}}, "退款", "各付各程", "R61"),
    ({"step": "卖家拒签退货"}, "退款", "卖家", "R23"),
    ({"step": "卖家拒签退货", "evidence": STAMP}, "退回买家", "各付各程", "R28"),
    ({"step": "退货途中损毁"}, "退款", "卖家", "R28"),
    ({"step": "退货途中损毁", "evidence": STAMP}, "退回买家", "各付各程", "R26"),
    ({"step": "退回件买家拒收"}, "打款给卖家", "各付各程", "R26"),
    ({"step": "卖家收货后逾期不办", "kind": "换货"}, "退款", "卖家", "R24"),
    ({"step": "卖家收货后逾期不办"}, "退款", "各付各程", "R61"),
]


@pytest.mark.parametrize(("facts", "outcome", "payer", "rule"), UNDER_WAY)
def test_what_happens_on_the_way(
    facts: dict[str, Any], outcome: str, payer: str, rule: str
) -> None:
    decision = judged(**facts)
    assert (decision.outcome, decision.freight_payer) == (outcome, payer)
    assert decision.rule.id == rule


def test_every_step_after_the_request_is_among_them() -> None:
    assert {facts["step"] for facts, *_ in UNDER_WAY} == set(get_args(Step)) - set(returns.ASKING)


def test_a_refused_return_without_proof_names_what_the_seller_would_have_needed() -> None:
    decision = judged(step="卖家拒签退货")
    assert (decision.evidence_needed, decision.evidence_from) == (("物流公章证明",), "卖家")


TO_THE_BUYER = [
    {"step": "卖家拒签退货", "evidence": STAMP},
    {"step": "退货途中损毁", "evidence": STAMP},
    {"step": "退回件买家拒收"},
]


@pytest.mark.parametrize("facts", TO_THE_BUYER, ids=lambda facts: facts["step"])
@pytest.mark.parametrize("bill", [PAID_FREE, PAID_10, Bill(60, 40, threshold=88)], ids=str)
def test_the_way_back_to_the_buyer_is_paid_by_who_sent_the_goods(
    facts: dict[str, Any], bill: Bill
) -> None:
    bill = Bill(bill.returned, bill.kept, bill.postage, bill.threshold, back=9, again=7)
    decision = judged(**facts, reason="不喜欢", bill=bill)
    assert (decision.money.buyer_freight, decision.money.seller_freight) == (16, 0)
    assert decision.freight_payer == ("买家" if bill.postage else "各付各程")
    assert decision.freight_rule == rule("R85")


@pytest.mark.parametrize("facts", TO_THE_BUYER, ids=lambda facts: facts["step"])
@pytest.mark.parametrize("reason", [*SELLERS, "物流问题"])
def test_the_way_back_to_the_buyer_is_the_sellers_where_the_fault_is(
    facts: dict[str, Any], reason: str
) -> None:
    decision = judged(**facts, reason=reason, bill=Bill(100, back=9, again=7))
    assert (decision.money.buyer_freight, decision.money.seller_freight) == (0, 16)
    assert (decision.freight_payer, decision.freight_rule) == ("卖家", rule("R85"))


def test_the_rules_of_returns_count_this_chapter() -> None:
    assert all("06" in rule(basis).chapters for basis in Basis)


# The course of a case


def reached(start: CaseState) -> set[CaseState]:
    found: set[CaseState] = {start}
    todo = [start]
    while todo:
        for state in TRANSITIONS[todo.pop()].values():
            if state not in found:
                found.add(state)
                todo.append(state)
    return found


def test_the_states_are_those_of_the_type() -> None:
    words = set(get_args(CaseState))
    assert set(TRANSITIONS) == words
    assert set(STATE_AFTER) == set(get_args(Outcome))
    assert set(STATE_AT) == set(get_args(Step))
    assert set(STATE_AFTER.values()) | set(STATE_AT.values()) <= words


def test_every_state_can_be_reached() -> None:
    assert reached("待处理") == set(get_args(CaseState))


@pytest.mark.parametrize("state", get_args(CaseState))
def test_no_state_is_a_dead_end(state: CaseState) -> None:
    assert (not TRANSITIONS[state]) is (state in ENDS)
    assert reached(state) & ENDS


@pytest.mark.parametrize("state", sorted(set(get_args(CaseState)) - ENDS))
def test_every_waiting_state_ends_by_itself(state: CaseState) -> None:
    days, event = TERMS[state]
    assert days > 0
    since = datetime(2026, 11, 1, 9)
    assert overdue(state, since, since + timedelta(days=days)) is None
    assert overdue(state, since, since + timedelta(days=days, seconds=1)) == event
    steps, here = 0, state
    while here in TERMS:  # with everybody silent the case still comes to an end
        here, steps = advance(here, TERMS[here][1]), steps + 1
        assert steps <= len(TERMS)
    assert here in ENDS


@pytest.mark.parametrize("state", sorted(ENDS))
def test_an_end_is_never_overdue_and_nothing_happens_in_it(state: CaseState) -> None:
    assert overdue(state, datetime(2020, 1, 1), datetime(2026, 1, 1)) is None
    with pytest.raises(ValueError, match="已结束"):
        advance(state, "买家寄出")


def test_an_event_of_another_state_is_refused() -> None:
    with pytest.raises(ValueError, match="event"):
        advance("待处理", "买家寄出")
    with pytest.raises(ValueError, match="state"):
        advance("睡着了", "买家寄出")  # type: ignore[arg-type]


def test_an_unknown_state_is_refused_and_not_taken_for_one_without_a_term() -> None:
    with pytest.raises(ValueError, match="state"):
        overdue("xx", datetime(2020, 1, 1), datetime(2026, 1, 1))  # type: ignore[arg-type]


# Bad facts


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"kind": "赔钱"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"step": "<b>"}, "step"),
        ({"exclusion": "旧的"}, "exclusion"),
        ({"evidence": {"眼泪"}}, "evidence"),
        ({"day": -1}, "day"),
    ],
)
def test_unknown_facts_raise_and_are_named(facts: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Case(**facts)


def test_wrong_types_raise() -> None:
    with pytest.raises(TypeError, match="evidence"):
        Case(evidence="快递单")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="day"):
        Case(day=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["no", "False", 0, 1, None])
def test_a_yes_or_no_is_true_or_false_and_nothing_else(value: Any) -> None:
    for name in ("intact", "told_in_24h", "cross_border"):
        with pytest.raises(TypeError, match=f"^{name}: expected True or False"):
            Case(**{name: value})
    with pytest.raises(TypeError, match=r"^told: "):
        Bill(told=value)


@pytest.mark.parametrize("name", ["returned", "kept", "postage", "threshold", "outward", "back"])
@pytest.mark.parametrize("value", [-1, "abc", "1.234"])
def test_a_bill_takes_only_amounts_of_money(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=name):
        Bill(**{name: value})
