"""Whom to reach and what it brought: the laws of tags, the gate, uplift, Qini, parallel worlds."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.operations.audience import (
    CONSENT,
    Outreach,
    Tag,
    WorldGroup,
    experiment,
    gate,
    money_uplift,
    qini,
    split,
    tag,
    uplift,
    worlds,
)

NUMBERS = st.one_of(st.none(), st.integers(0, 6))
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {"orders": NUMBERS, "days": NUMBERS, "bought": st.sets(st.integers(0, 3))}
    ),
    max_size=12,
)
SIMPLE = st.one_of(
    st.builds(
        lambda field, comparing, value: tag(f"{field}{comparing}{value}", field, comparing, value),
        st.sampled_from(["orders", "days"]), st.sampled_from(["==", "!=", ">=", "<=", ">", "<"]),
        st.integers(0, 6),
    ),
    st.builds(lambda value: tag(f"买过{value}", "bought", "has", value), st.integers(0, 3)),
)  # fmt: skip
TAGS: st.SearchStrategy[Tag] = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=5,
)


# The algebra of tags


def same(people: list[Any], *tags: Tag) -> bool:
    first, *others = (one.select(people) for one in tags)
    return all(other == first for other in others)


@given(PEOPLE, TAGS, TAGS, TAGS)
def test_tags_obey_the_laws_of_sets(people: list[Any], a: Tag, b: Tag, c: Tag) -> None:
    assert same(people, a & b, b & a)
    assert same(people, a | b, b | a)
    assert same(people, (a & b) & c, a & (b & c))
    assert same(people, (a | b) | c, a | (b | c))
    assert same(people, a & (b | c), (a & b) | (a & c))
    assert same(people, a | (b & c), (a | b) & (a | c))
    assert same(people, ~(a & b), ~a | ~b)
    assert same(people, ~(a | b), ~a & ~b)
    assert same(people, a, ~~a, a & a, a | a, a & (a | b), a | (a & b))
    assert (a & ~a).select(people) == []
    assert (a | ~a).select(people) == people


@given(PEOPLE, TAGS, TAGS)
def test_heads_add_up_as_those_of_sets(people: list[Any], a: Tag, b: Tag) -> None:
    both, either = len((a & b).select(people)), len((a | b).select(people))
    assert both + either == len(a.select(people)) + len(b.select(people))
    assert len(a.select(people)) + len((~a).select(people)) == len(people)


@given(PEOPLE, SIMPLE)
def test_of_an_unknown_value_no_comparison_holds(people: list[Any], one: Tag) -> None:
    for who in people:
        unknown = {**who, "orders": None, "days": None, "bought": None}
        assert not one.holds(unknown)
        assert (~one).holds(unknown)


def test_a_tag_reads_as_a_formula_with_brackets_where_they_matter() -> None:
    a, b, c = (tag(name, "orders", ">=", 1) for name in ("甲", "乙", "丙"))
    assert str(a & b | c) == "（“甲”且“乙”）或“丙”"
    assert str(a & (b | c)) == "“甲”且（“乙”或“丙”）"
    assert str(~(a & b)) == "非（“甲”且“乙”）"
    assert str(~a & ~~b) == "非“甲”且非非“乙”"


def test_a_tag_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="comparing: expected one of"):
        tag("甲", "orders", "~", 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="name: expected some text"):
        tag(" ", "orders", ">=", 1)
    with pytest.raises(KeyError, match="days"):
        tag("甲", "days", ">=", 1).holds({"orders": 2})


# The gate

DAY = date(2026, 2, 2)
GOOD = Outreach("短信", DAY, "回T退订", cap=2, days=30, control=0.25, ends=DAY + timedelta(days=6))
GUESTS = st.lists(
    st.tuples(st.sampled_from([True, False, None]), st.booleans(), st.integers(0, 3)), max_size=40
)


def people_of(
    guests: list[tuple[bool | None, bool, int]],
) -> tuple[list[dict[str, Any]], list[Any]]:
    people = [
        {"customer_id": f"C{n}", "sms_consent": agreed, "ads_consent": agreed, "unsubscribed": gone}
        for n, (agreed, gone, _) in enumerate(guests)
    ]
    sent = [(f"C{n}", DAY - timedelta(days=10))
            for n, (_, _, times) in enumerate(guests) for _ in range(times)]  # fmt: skip
    return people, sent


@given(GUESTS, st.integers(0, 9))
def test_everybody_is_in_one_place_and_nobody_is_reached_who_must_not_be(
    guests: list[tuple[bool | None, bool, int]], seed: int
) -> None:
    people, sent = people_of(guests)
    found = gate(people, GOOD, sent, seed=seed)
    places = [*found.send, *found.control, *found.left_out]
    assert sorted(places) == sorted(one["customer_id"] for one in people)
    for who in (*found.send, *found.control):
        agreed, gone, times = guests[int(who[1:])]
        assert agreed is True
        assert not gone
        assert times < GOOD.cap
    for who, why in found.left_out.items():
        agreed, gone, times = guests[int(who[1:])]
        first = "没同意" if agreed is not True else "退订过" if gone else "这个月够了"
        assert why == first
    assert found.counts() == {**dict.fromkeys(("没同意", "退订过", "这个月够了"), 0),
                              **Counter(found.left_out.values())}  # fmt: skip
    allowed = len(found.send) + len(found.control)
    assert len(found.control) == round(0.25 * allowed)


@given(GUESTS)
def test_a_message_with_a_fault_reaches_nobody(guests: list[tuple[bool | None, bool, int]]) -> None:
    people, sent = people_of(guests)
    for wrong, said in (
        (Outreach("短信", DAY, " ", control=0.2, ends=DAY), "退不掉"),
        (Outreach("短信", DAY, "回T退订", ends=DAY), "没留对照"),
        (Outreach("短信", DAY, "回T退订", control=0.2), "没定何时停"),
        (Outreach("短信", DAY, "回T退订", control=0.2, ends=DAY - timedelta(days=1)), "没定何时停"),
    ):
        found = gate(people, wrong, sent, seed=1)
        assert (found.send, found.control) == ((), ())
        (fault,) = found.faults
        assert fault.startswith(said)
        assert found.left_out == gate(people, GOOD, sent, seed=1).left_out
    assert len(Outreach("短信", DAY).faults()) == 3


def test_each_channel_asks_for_its_own_consent() -> None:
    one = {"customer_id": "甲", "sms_consent": True, "ads_consent": False, "unsubscribed": False}
    reached = {
        channel: bool(
            gate([one], Outreach(channel, DAY, "关闭", control=0.1, ends=DAY), seed=1).send
        )  # type: ignore[arg-type]
        for channel in CONSENT
    }
    assert reached == {"短信": True, "消息盒子": False, "人群优惠券": False, "人群海报": False}


def test_the_cap_counts_the_days_before_and_no_older() -> None:
    one = {"customer_id": "甲", "sms_consent": True, "unsubscribed": False}
    message = Outreach("短信", DAY, "回T退订", cap=1, days=30, control=0.1, ends=DAY)
    for ago, out in ((0, True), (29, True), (30, False), (400, False), (-1, False)):
        found = gate([one], message, [("甲", DAY - timedelta(days=ago))], seed=1)
        assert bool(found.left_out) is out, ago


def test_a_customer_twice_or_a_wrong_message_is_refused() -> None:
    one = {"customer_id": "甲", "sms_consent": True, "unsubscribed": False}
    with pytest.raises(ValueError, match="each customer once"):
        gate([one, one], GOOD, seed=1)
    for wrong in ({"channel": "电话"}, {"cap": 0}, {"days": 0}, {"control": 1}, {"control": -0.1}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            Outreach(**{"channel": "短信", "on": DAY, **wrong})  # type: ignore[arg-type]


@given(st.integers(0, 60), st.floats(0, 1), st.integers(0, 99))
def test_a_lot_splits_all_and_keeps_its_share(n: int, share: float, seed: int) -> None:
    people = [f"C{place}" for place in range(n)]
    send, kept = split(people, share, seed=seed)
    assert sorted(send + kept) == sorted(people)
    assert len(kept) == round(share * n)
    assert (send, kept) == split(people, share, seed=seed)


def test_another_seed_draws_another_lot() -> None:
    people = [f"C{n}" for n in range(100)]
    assert split(people, 0.5, seed=1) != split(people, 0.5, seed=2)


# Uplift and Qini


@given(st.integers(0, 300), st.integers(1, 300), st.integers(0, 300), st.integers(1, 300))
def test_uplift_is_the_difference_and_turns_with_its_sides(
    k1: int, n1: int, k0: int, n0: int
) -> None:
    one, other = (min(k1, n1), n1), (min(k0, n0), n0)
    there, back = uplift(one, other), uplift(other, one)
    assert there.difference == pytest.approx(one[0] / n1 - other[0] / n0)
    assert there.low - 1e-12 <= there.difference <= there.high + 1e-12
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == (pytest.approx(-back.high), pytest.approx(-back.low))
    assert there.sure == (there.low > 0 or there.high < 0)


def test_without_a_control_group_there_is_no_uplift() -> None:
    with pytest.raises(ValueError, match="n2"):
        uplift((40, 802), (0, 0))


def test_money_uplift_is_welch_s_interval() -> None:
    one, other = [0.0] * 80 + [100.0] * 20, [0.0] * 90 + [100.0] * 10
    found = money_uplift(one, other)
    assert (found.treated, found.control, found.difference) == (20, 10, 10)
    error = (100 * 100 * (0.2 * 0.8 * 100 / 99 + 0.1 * 0.9 * 100 / 99) / 100) ** 0.5
    assert found.high - found.low == pytest.approx(2 * 1.959964 * error, rel=1e-6)
    assert 0.04 < found.p_value < 0.06
    for wrong in (([1.0], other), ([5.0, 5.0], [5.0, 5.0])):
        with pytest.raises(ValueError, match="treated"):
            money_uplift(*wrong)


def test_qini_is_that_of_scikit_uplift() -> None:
    found = qini([1, 1, 0, 1, 0, 0, 1, 0, 0, 0], [1, 1, 0, 1, 0, 1, 0, 0, 1, 0])
    assert [round(one, 3) for one in found.curve] == [0, 1, 2, 2, 3, 3, 3, 1.667, 2, 1.75, 2]
    assert found.area == pytest.approx(20.417 - 10, abs=0.001)
    assert found.perfect == pytest.approx(15)
    assert round(found.coefficient, 4) == 0.6944


CASES = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40)


@given(CASES)
def test_a_qini_curve_begins_at_nothing_and_ends_at_what_all_brought(
    cases: list[tuple[bool, bool]],
) -> None:
    bought, treated = zip(*cases, strict=True)
    try:
        found = qini(bought, treated)
    except ValueError:
        return
    n1, n0 = sum(treated), len(treated) - sum(treated)
    k1 = sum(b and t for b, t in cases)
    k0 = sum(b and not t for b, t in cases)
    assert (found.curve[0], len(found.curve)) == (0, len(cases) + 1)
    assert found.curve[-1] == pytest.approx(k1 - k0 * n1 / n0)
    assert found.curve[-1] / n1 == pytest.approx(uplift((k1, n1), (k0, n0)).difference)
    ideal = sorted(cases, key=lambda one: (one[0] != one[1], not one[1]))
    assert qini(*zip(*ideal, strict=True)).coefficient == pytest.approx(1)


@pytest.mark.parametrize(
    ("bought", "treated"), [([1, 0], [1]), ([1, 0], [1, 1]), ([], []), ([0, 0, 0], [1, 0, 1])]
)
def test_qini_refuses_what_shows_nothing(bought: list[int], treated: list[int]) -> None:
    with pytest.raises(ValueError, match=r"(treated|bought): expected"):
        qini(bought, treated)


# Parallel worlds

GROUPS = st.lists(
    st.integers(0, 40).flatmap(
        lambda n: st.integers(0, n).flatmap(
            lambda anyway: st.builds(
                WorldGroup, st.just("甲"), st.just(n), st.just(anyway),
                st.integers(0, n - anyway), st.integers(0, anyway),
            )
        )
    ),
    min_size=1, max_size=4,
).map(lambda all_: [WorldGroup(str(n), o.people, o.anyway, o.moved, o.lost) for n, o in enumerate(all_)])  # fmt: skip


@given(GROUPS, st.floats(0, 50), st.floats(0, 2), st.floats(0, 100))
def test_worlds_add_up_over_their_people(
    groups: list[WorldGroup], coupon: float, message: float, margin: float
) -> None:
    names = [one.name for one in groups]
    found = worlds(groups, names, coupon=coupon, message=message, margin=margin)
    fates = Counter(fate for one in groups for fate in one.fates())
    assert fates.total() == found.sent
    assert found.without == fates["本来就会买"] + fates["收了反而不买"]
    assert found.bought == found.anyway + found.more == fates["本来就会买"] + fates["有了才买"]
    assert found.uplift == found.more - found.fewer
    assert found.gain == pytest.approx(
        margin * found.uplift - coupon * found.bought - message * found.sent
    )
    parts = [
        worlds(groups, [name], coupon=coupon, message=message, margin=margin) for name in names
    ]
    assert sum(part.gain for part in parts) == pytest.approx(found.gain)


@given(GROUPS, st.integers(0, 9))
def test_an_experiment_on_many_finds_the_uplift(groups: list[WorldGroup], seed: int) -> None:
    names = [one.name for one in groups]
    people = sum(one.people for one in groups)
    if people < 4:
        return
    truth = worlds(groups, names, coupon=0, margin=0).uplift / people
    treated, control = experiment(groups, names, 0.5, seed=seed, each=200)
    assert treated[1] + control[1] == 200 * people
    assert uplift(treated, control).difference == pytest.approx(truth, abs=0.15)


def test_worlds_refuse_what_cannot_be() -> None:
    for wrong in ((5, 6, 0, 0), (5, 2, 4, 0), (5, 2, 0, 3), (-1, 0, 0, 0)):
        with pytest.raises(ValueError, match=r"people|anyway|moved|lost"):
            WorldGroup("甲", *wrong)
    group = WorldGroup("甲", 5, 2, moved=1)
    with pytest.raises(ValueError, match="chosen: expected one of 甲"):
        worlds([group], ["乙"], coupon=1, margin=1)
    with pytest.raises(ValueError, match="coupon: expected yuan"):
        worlds([group], ["甲"], coupon=-1, margin=1)
    with pytest.raises(ValueError, match="somebody in both groups"):
        experiment([group], ["甲"], 0.0, seed=1)
