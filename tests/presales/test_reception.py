"""The nine steps and the recorded receptions."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.presales.reception import NAMES, RECEPTIONS, STEPS, Reception, Said, gaps
from kefu.talk import lint

subsets = st.lists(st.sets(st.sampled_from(NAMES)), max_size=12)


def test_nine_steps_from_the_greeting_to_what_follows() -> None:
    assert NAMES == ("问好", "探需", "解答", "推荐", "异议", "促成", "核单", "告别", "跟进")
    assert all(step.buyer and step.must for step in STEPS)


@given(subsets)
def test_what_is_done_and_what_is_missing_are_all_steps_once(done: list[set[str]]) -> None:
    missing = gaps(done)
    assert set(missing) | set().union(*done) == set(NAMES)
    assert not set(missing) & set().union(*done)
    assert list(missing) == sorted(missing, key=NAMES.index)


def test_nothing_done_lacks_all_and_a_step_that_is_none_is_refused() -> None:
    assert gaps([]) == NAMES
    with pytest.raises(ValueError, match="done: expected one of"):
        gaps([("寒暄",)])
    with pytest.raises(ValueError, match="steps: expected one of"):
        Said("吃了吗", ("寒暄",))


@pytest.mark.parametrize("one", RECEPTIONS, ids=lambda one: one.name)
def test_each_reception_lacks_one_step_and_says_where_it_belongs(one: Reception) -> None:
    assert gaps(line.steps for line in one.lines) == (one.missing,)
    assert one.doing(one.missing) == ()
    assert all(one.doing(name) for name in NAMES if name != one.missing)
    place = NAMES.index(one.missing)
    for line in one.lines[one.before :]:
        assert all(NAMES.index(step) >= place - 3 for step in line.steps)
    assert 0 < one.before <= len(one.lines)


@pytest.mark.parametrize("one", RECEPTIONS, ids=lambda one: one.name)
def test_no_line_of_the_agent_says_what_must_not_be_said(one: Reception) -> None:
    for said in (*(line.says for line in one.lines if line.steps), one.mend):
        assert lint(said) == [], said


def test_no_step_is_missing_twice() -> None:
    missing = [one.missing for one in RECEPTIONS]
    assert len(set(missing)) == len(missing) == 5


def test_the_amounts_said_are_prices_of_the_shop_or_their_sums() -> None:
    prices = {row["title"]: Decimal(row["price"]) for row in data.rows("products")}
    four, mug = prices["水洗棉四件套"], prices["手绘马克杯"]
    mat, cardigan, blanket = prices["门厅吸水地垫"], prices["宽松针织开衫"], prices["珊瑚绒毯"]
    rules = {Decimal(88), 199 - cardigan}  # free shipping; what the coupon still wants
    told = {four, four - 20, mug, cardigan, mat, 2 * mat, blanket, *rules}
    for one in RECEPTIONS:
        for line in one.lines:
            if line.steps:
                said = re.findall(r"(\d+)元", line.says)
                assert {Decimal(amount) for amount in said} <= told, line.says
    assert mug < 88 < 2 * mat
