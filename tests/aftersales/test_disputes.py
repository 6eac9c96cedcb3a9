"""Tickets are never stuck and never lost; anger goes by the order of steps; a judge sees only evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise, permutations
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.aftersales.disputes import (
    BOXES,
    CALM,
    CLAIMS,
    ENOUGH,
    FIRMNESS,
    GONE,
    LATE,
    MOVES,
    MOVES_OF_TALK,
    RULING,
    START,
    STEPS,
    UNWRITTEN,
    Claim,
    Exhibit,
    Holder,
    Record,
    Side,
    Ticket,
    agreed,
    heat,
    judge,
)
from kefu.clock import SHANGHAI

TEN = datetime(2026, 1, 6, 10, tzinfo=SHANGHAI)
WHOLE = Record("门卫代收没登记", "店里", "58元今天退")
LONGEST = timedelta(days=15)
"""More than all time boxes one after another."""

waits = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=5))


def opened() -> Ticket:
    return Ticket.open("NX25122000001", TEN, "说好昨天中午回我")


def done(ticket: Ticket, event: str, at: datetime) -> Ticket:
    return ticket.after(event, at, record=WHOLE if event == "记全" else None)


@st.composite
def tickets(draw: st.DrawFn) -> Ticket:
    """A ticket after any course of events at any moments."""
    ticket, at = opened(), TEN
    for _ in range(draw(st.integers(0, 12))):
        at += draw(waits)
        ticket = ticket.by(at)
        if ticket.events:
            ticket = done(ticket, draw(st.sampled_from(ticket.events)), at)
    return ticket


# The ticket


def test_the_five_steps_in_their_order_close_a_ticket_that_was_checked() -> None:
    ticket, at = opened(), TEN
    for number, event in enumerate(("听完复述", "找到起因", "客人同意", "记全", "查过办妥"), 1):
        assert ticket.step == STEPS[number - 1]
        at += timedelta(minutes=1)
        ticket = done(ticket, event, at)
    assert (ticket.closed, ticket.checked, ticket.holder) == (True, True, "客服")
    assert ticket.record == WHOLE
    assert (ticket.due, ticket.events) == (None, ())


def test_a_box_lasts_to_its_last_moment() -> None:
    ticket = opened()
    assert ticket.due == TEN + BOXES["倾听"]
    assert ticket.by(ticket.due) is ticket
    assert ticket.by(ticket.due + timedelta(microseconds=1)).holder == "主管"


def test_who_says_nothing_is_overruled_step_by_step_until_the_end() -> None:
    log = opened().by(TEN + LONGEST).log
    told = [(entry.event, entry.step, entry.holder) for entry in log]
    assert told == [
        ("受理", "倾听", "客服"),
        (LATE, "倾听", "主管"),
        (LATE, "解决", "平台"),
        (LATE, "记录", "主管"),
        (LATE, "跟踪", "主管"),
        (LATE, "结案", "主管"),
    ]
    assert log[3].at - log[2].at == RULING


def test_what_nobody_wrote_is_seen_to_be_unwritten() -> None:
    left = opened().by(TEN + LONGEST)
    assert left.record == UNWRITTEN
    assert not left.checked


@pytest.mark.parametrize("place", MOVES, ids="-".join)
def test_every_place_has_somebody_a_box_and_a_way_out(place: tuple[str, Holder]) -> None:
    step, holder = place
    assert step in STEPS
    assert holder in get_args(Holder)
    assert LATE in MOVES[place]  # type: ignore[index]
    assert len(MOVES[place]) > 1  # type: ignore[index]
    assert all(to[0] == "结案" or to in MOVES for to in MOVES[place].values())  # type: ignore[index]


def test_all_places_can_be_reached_and_time_alone_goes_round_nowhere() -> None:
    reached, left = {("倾听", "客服")}, [("倾听", "客服")]
    while left:
        for to in MOVES.get(left.pop(), {}).values():  # type: ignore[call-overload]
            if to not in reached:
                reached.add(to)
                left.append(to)
    assert set(MOVES) <= reached
    for place in MOVES:
        seen, here = set(), place
        while here in MOVES:
            assert here not in seen
            seen.add(here)
            here = MOVES[here][LATE]
        assert here[0] == "结案"


@given(tickets())
def test_a_ticket_is_never_stuck(ticket: Ticket) -> None:
    assert ticket.closed == (not ticket.events) == (ticket.due is None)
    assert ticket.by(ticket.log[-1].at + LONGEST).closed


@given(tickets(), waits)
def test_a_ticket_is_never_lost(ticket: Ticket, later: timedelta) -> None:
    after = ticket.by(ticket.log[-1].at + later)
    assert after.log[: len(ticket.log)] == ticket.log
    assert after.log[0] == opened().log[0]
    assert after.order == ticket.order
    assert all(a.at <= b.at for a, b in pairwise(after.log))
    assert after.holder in get_args(Holder)


@given(tickets())
def test_nothing_is_followed_up_that_was_not_written_down(ticket: Ticket) -> None:
    if ticket.step in ("跟踪", "结案"):
        assert ticket.record is not None


@given(tickets(), waits, waits)
def test_time_that_passes_in_parts_passes_as_a_whole(
    ticket: Ticket, one: timedelta, two: timedelta
) -> None:
    now = ticket.log[-1].at
    assert ticket.by(now + one).by(
        max(now + one, ticket.by(now + one).log[-1].at) + two
    ) == ticket.by(now + one + two)


def test_asking_for_the_supervisor_keeps_the_step_and_starts_its_box_anew() -> None:
    asked = opened().after("请主管", TEN + timedelta(minutes=10))
    assert (asked.step, asked.holder) == ("倾听", "主管")
    assert asked.due == TEN + timedelta(minutes=10) + BOXES["倾听"]


def test_what_was_not_done_comes_back_to_be_heard_by_the_supervisor() -> None:
    ticket, at = opened(), TEN
    for event in ("听完复述", "找到起因", "客人同意", "记全", "没有办妥"):
        at += timedelta(minutes=1)
        ticket = done(ticket, event, at)
    assert (ticket.step, ticket.holder, ticket.record) == ("倾听", "主管", WHOLE)


def test_bad_input_is_told() -> None:
    with pytest.raises(ValueError, match="event: expected one of 听完复述"):
        opened().after("客人同意", TEN)
    with pytest.raises(ValueError, match="已结案"):
        opened().by(TEN + LONGEST).after("查过办妥", TEN + LONGEST)
    with pytest.raises(ValueError, match=r"now: expected .* or later"):
        opened().by(TEN - timedelta(minutes=1))
    with pytest.raises(ValueError, match="record: expected a Record when"):
        opened().after("听完复述", TEN, record=WHOLE)
    ticket = opened()
    for event in ("听完复述", "找到起因", "客人同意"):
        ticket = ticket.after(event, TEN)
    with pytest.raises(ValueError, match="record"):
        ticket.after("记全", TEN)
    with pytest.raises(ValueError, match="order"):
        Ticket.open(" ", TEN)
    with pytest.raises(ValueError, match="at"):
        Ticket.open("NX25122000001", datetime(2026, 1, 6, 10))
    with pytest.raises(ValueError, match="fault"):
        Record("门卫代收", "", "退款")


# Anger


@pytest.mark.parametrize("start", [20, START, 45, 50])
def test_explaining_before_listening_doubles_the_heat(start: int) -> None:
    assert heat(["解释"], start)[0].heat == 2 * start
    assert heat(["倾听"], start)[0].heat < start


def test_of_all_orders_the_five_steps_alone_leave_the_customer_coolest() -> None:
    ends = {order: heat(order)[-1].heat for order in permutations(MOVES_OF_TALK)}
    coolest = min(ends.values())
    assert [order for order, end in ends.items() if end == coolest] == [MOVES_OF_TALK]


def test_a_plan_is_taken_only_from_who_listened_and_understood() -> None:
    for order in permutations(MOVES_OF_TALK):
        if agreed(order):
            before = order[: order.index("方案")]
            assert {"倾听", "分析"} <= set(before)
            assert {felt.move: felt.heat for felt in heat(order)}["方案"] <= CALM


def test_a_small_anger_forgives_an_early_explanation_and_a_large_one_does_not() -> None:
    early = ("解释", "倾听", "分析", "安抚", "方案")
    assert [felt.heat for felt in heat(early, 20)] == [40, 32, 26, 18, 10]
    assert (agreed(early, 20), agreed(early)) == (True, False)


@given(st.permutations(MOVES_OF_TALK), st.integers(0, GONE - 1))
def test_heat_stays_on_its_scale_and_ends_where_the_customer_leaves(
    order: Sequence[str], start: int
) -> None:
    felt = heat(order, start)  # type: ignore[arg-type]
    assert all(0 <= one.heat <= GONE for one in felt)
    assert all(one.heat < GONE for one in felt[:-1])
    assert len(felt) == len(order) or felt[-1].heat == GONE
    assert all(one.says for one in felt)


def test_a_move_that_is_none_or_comes_twice_and_a_start_off_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match="steps"):
        heat(["沉默"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="each move once"):
        heat(["倾听", "倾听"])
    with pytest.raises(ValueError, match="start"):
        heat(["倾听"], 100)


# The judge

claims = st.sampled_from(list(CLAIMS.values()))


@st.composite
def courts(draw: st.DrawFn) -> tuple[Claim, frozenset[str]]:
    """A claim of any proofs, and some of them handed in."""
    sides: list[Side] = ["买家", "卖家"]
    proofs = tuple(
        Exhibit(f"凭证{n}", draw(st.sampled_from(sides)), draw(st.integers(0, 3)))
        for n in range(draw(st.integers(0, 6)))
    )
    claim = Claim("案", "说", draw(st.sampled_from(sides)), "R28", "买家", "实情", proofs)
    names = [one.name for one in proofs]
    return claim, draw(st.frozensets(st.sampled_from(names) if names else st.nothing()))


@given(courts(), st.randoms(use_true_random=False))
def test_the_same_evidence_always_gives_the_same_ruling(
    court: tuple[Claim, frozenset[str]], chance: object
) -> None:
    claim, shown = court
    other = list(shown)
    chance.shuffle(other)  # type: ignore[attr-defined]
    assert judge(shown, claim) == judge(other, claim) == judge([*other, *other], claim)


@given(courts())
def test_more_evidence_for_a_side_never_turns_the_ruling_against_it(
    court: tuple[Claim, frozenset[str]],
) -> None:
    claim, shown = court
    before = judge(shown, claim).upheld
    for one in claim.proofs:
        after = judge(shown | {one.name}, claim).upheld
        if before == one.speaks_for:
            assert after == before
        else:
            assert after in (before, one.speaks_for)


@given(courts())
def test_the_truth_is_nothing_to_the_judge(court: tuple[Claim, frozenset[str]]) -> None:
    claim, shown = court
    other = Claim(claim.name, claim.says, claim.burden, claim.rule_id, "卖家", "反的", claim.proofs)
    assert judge(shown, claim) == judge(shown, other)


@given(courts())
def test_who_has_to_prove_and_hands_in_nothing_firm_loses(
    court: tuple[Claim, frozenset[str]],
) -> None:
    claim, shown = court
    firm = [one.firmness for one in claim.of(claim.burden) if one.name in shown]
    if max(firm, default=-1) < ENOUGH:
        assert judge(shown, claim).upheld != claim.burden


@pytest.mark.parametrize("name", CLAIMS)
def test_in_every_claim_a_true_word_alone_loses_and_what_exists_wins(name: str) -> None:
    claim = CLAIMS[name]
    words = [one.name for one in claim.proofs if one.firmness == 0]
    every = [one.name for one in claim.proofs]
    assert judge(words, claim).upheld != claim.burden
    assert judge(every, claim).upheld == claim.truth
    assert claim.rule.id == claim.rule_id
    assert len(set(every)) == len(every)
    assert all(claim.of(side) for side in get_args(Side))


def test_ten_notes_of_ones_own_are_still_notes() -> None:
    notes = tuple(Exhibit(f"登记册第{n}页", "买家", 1) for n in range(10))
    claim = Claim("案", "说", "买家", "R28", "买家", "实情", notes)
    ruling = judge([one.name for one in notes], claim)
    assert (ruling.upheld, ruling.firmness["买家"]) == ("卖家", 1)
    assert FIRMNESS[1] in ruling.why


def test_evidence_that_a_claim_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="evidence: expected one of"):
        judge(["公章证明"], CLAIMS["退货没收到"])
    with pytest.raises(TypeError, match="evidence"):
        judge("签收底单", CLAIMS["退货没收到"])
    with pytest.raises(ValueError, match="firmness"):
        Exhibit("底单", "买家", 4)
