"""Five sizes of shops, and what people, a robot, or both cost, wrong answers included."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.intelligence.economics import (
    DAYS,
    TEAMS,
    TIERS,
    ShopCase,
    bill,
    bot_versus_agent,
    break_even,
    cheapest,
    enough_chats,
    merchant_tier,
)
from kefu.intelligence.knowledge import wrong_answers

parts = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
prices = st.integers(0, 50_000).map(lambda n: Decimal(n) / 100)
cases = st.builds(
    ShopCase, contacts=st.integers(0, 3000), keeps=parts, robot_wrong=parts, person_wrong=parts,
    each=st.integers(10, 400), wage=st.integers(0, 20_000).map(Decimal), fee=prices, wrong=prices, lost=prices,
)  # fmt: skip

# Sizes


@pytest.mark.parametrize(
    ("contacts", "revenue", "name"),
    [
        (0, 0, "初创"), (49, 1999, "初创"), (50, 2000, "成长"), (199, 9999, "成长"), (200, 10_000, "成熟"),
        (499, 29_999, "成熟"), (500, 30_000, "大型"), (1999, 99_999, "大型"), (2000, 100_000, "龙头"),
    ],
)  # fmt: skip
def test_a_bound_belongs_to_the_larger_size(contacts: int, revenue: int, name: str):
    found = merchant_tier(contacts, revenue)
    assert found.tier.name == name
    assert found.agrees


def test_chats_decide_where_the_two_disagree():
    dear, cheap = merchant_tier(30, 50_000), merchant_tier(600, 1500)
    assert (dear.tier.name, dear.by_revenue.name, dear.agrees) == ("初创", "大型", False)
    assert (cheap.tier.name, cheap.by_revenue.name, cheap.agrees) == ("大型", "初创", False)
    assert "预算" in dear.why
    assert "重复问题" in cheap.why


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(0, 300_000))
def test_more_chats_never_make_a_shop_smaller(one: int, other: int, revenue: int):
    low, high = sorted((one, other))
    sizes = [TIERS.index(merchant_tier(contacts, revenue).tier) for contacts in (low, high)]
    assert sizes == sorted(sizes)
    assert merchant_tier(low, revenue).tier == merchant_tier(low, revenue).by_contacts


def test_only_the_first_two_sizes_have_the_material_s_advice():
    assert [tier.ours for tier in TIERS] == [False, False, True, True, True]
    with pytest.raises(ValueError, match="revenue"):
        merchant_tier(1, -1)
    with pytest.raises(ValueError, match="contacts"):
        merchant_tier(-1, 1)


# The bill


def test_a_bill_by_hand():
    case = ShopCase(100, keeps=Decimal("0.6"), robot_wrong=Decimal("0.1"), person_wrong=Decimal("0.05"), each=50,
                wage=Decimal(4000), fee=Decimal(1200), wrong=Decimal(10), lost=Decimal(3))  # fmt: skip
    people, robot, both = bot_versus_agent(case)
    assert (people.people, people.errors, people.total) == (2, 150, 8000 + 1500)
    assert (robot.people, robot.errors, robot.unanswered, robot.total) == (
        0,
        180,
        1200,
        100 + 1800 + 3600,
    )
    assert (both.people, both.errors, both.total) == (1, 180 + 60, 4000 + 100 + 2400)
    assert bill(case, "机器人先接", whole=False).people == Decimal("0.8")
    assert cheapest((people, robot, both)) == robot
    assert both.seen == 4100


@given(cases, st.booleans())
def test_every_chat_is_on_every_bill(case: ShopCase, whole: bool):
    people, robot, both = bot_versus_agent(case, whole=whole)
    assert people.fee == people.unanswered == both.unanswered == robot.people == 0
    assert robot.unanswered == case.contacts * DAYS * (1 - case.keeps)
    assert both.people <= people.people
    for one in (people, robot, both):
        assert one.total == one.seen + one.wrong + one.lost >= 0
        assert one.errors <= case.contacts * DAYS
    assert people.errors - both.errors == case.contacts * DAYS * case.keeps * (
        case.person_wrong - case.robot_wrong
    )


@given(cases, st.booleans())
def test_at_the_break_even_robot_and_people_cost_the_same_and_beside_it_one_is_cheaper(
    case: ShopCase, whole: bool
):
    price = break_even(case, whole=whole)
    free = replace(case, wrong=Decimal(0))
    people, _, both = bot_versus_agent(free, whole=whole)
    if price is None:
        assert both.errors <= people.errors
        return

    def ahead(wrong: Decimal) -> Decimal:
        """Return by how much people alone are dearer at a price of a wrong answer."""
        return (people.total + people.errors * wrong) - (both.total + both.errors * wrong)

    assert abs(ahead(price)) < Decimal("0.0001")
    assert ahead(price - 1) > 0 > ahead(price + 1)


def test_old_entries_make_the_robot_pay_less_than_a_fifth_of_the_price_that_fresh_ones_allow():
    prices = {
        wrong: break_even(ShopCase(80, robot_wrong=Decimal(wrong)), whole=False)
        for wrong in ("0.06", "0.128", "0.196")
    }
    assert [round(price or 0, 1) for price in prices.values()] == [
        Decimal("38.1"),
        Decimal("11.7"),
        Decimal("6.9"),
    ]
    found = wrong_answers()
    assert [round(one.share, 3) for one in (found.current, found.expired)] == [0.06, 0.196]
    answered = found.before.used + found.current.used + found.expired.used
    assert round(found.wrong / answered, 3) == 0.128


def test_who_saves_no_whole_place_saves_nothing():
    people, _, both = bot_versus_agent(ShopCase(80))
    assert people.people == both.people == 1
    assert both.total > people.total
    assert (break_even(ShopCase(80)) or 0) < 0


def test_from_how_many_chats_on_the_robot_pays():
    assert [enough_chats(ShopCase(0, wrong=Decimal(n))) for n in (0, 5, 10, 12, 20)] == [
        7,
        12,
        32,
        116,
        None,
    ]


@given(cases.filter(lambda case: case.keeps > 0))
def test_the_first_chats_that_pay_are_the_first(case: ShopCase):
    found = enough_chats(case)
    if found is None:
        return

    def saving(contacts: int) -> Decimal:
        people, _, both = bot_versus_agent(replace(case, contacts=contacts), whole=False)
        return people.total - both.total

    assert saving(found) > 0
    assert saving(found - 1) <= Decimal("0.03")  # sums are rounded to the fen


def test_a_case_says_what_is_wrong_with_it():
    for changes, named in (
        ({"keeps": 2}, "keeps"), ({"each": 0}, "each"), ({"wage": -1}, "wage"), ({"contacts": -1}, "contacts"),
        ({"wrong": "0.001"}, "wrong"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=named):
            replace(ShopCase(10), **changes)
    with pytest.raises(ValueError, match="team"):
        bill(ShopCase(10), "外包")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="bills"):
        cheapest(())
    assert len(TEAMS) == 3
