"""How two people's labels agree, and why nearly always may say little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.intelligence.labels import ITEMS, agreement, inspected, labelled

labels = st.lists(st.tuples(st.sampled_from("甲乙丙"), st.sampled_from("甲乙丙")), min_size=1)


@given(labels)
def test_kappa_is_what_is_beyond_chance(pairs: list[tuple[str, str]]):
    found = agreement([one for one, _ in pairs], [other for _, other in pairs])
    assert sum(map(sum, found.table)) == found.cases == len(pairs)
    assert 0 <= found.by_chance <= 1
    if found.by_chance == 1:
        with pytest.raises(ValueError):
            _ = found.kappa
        return
    assert found.kappa == pytest.approx((found.agreed - found.by_chance) / (1 - found.by_chance))
    turned = agreement([other for _, other in pairs], [one for one, _ in pairs])
    assert turned.kappa == pytest.approx(found.kappa)
    assert sum(n for _, n in found.apart()) == pytest.approx(len(pairs) * (1 - found.agreed))


def test_compliance_is_agreed_on_more_than_accuracy_and_has_a_third_of_its_kappa():
    told = {
        item: (round(100 * found.agreed, 1), round(found.kappa, 2))
        for item in ITEMS
        for found in [inspected(item)]
    }
    assert told == {
        "greeting": (95.3, 0.85), "accuracy": (91.3, 0.66), "empathy": (74.7, 0.40),
        "next_step": (80.7, 0.60), "compliance": (94.0, 0.22),
    }  # fmt: skip
    paradox = inspected("compliance")
    assert paradox.by_chance == pytest.approx(0.923, abs=5e-4)
    assert paradox.table == ((279, 9), (9, 3))
    assert 0 in paradox.interval()
    assert 0.5 not in paradox.interval()
    assert 0 not in inspected("accuracy").interval()


def test_the_paradox_in_a_hundred_cases_anybody_can_count():
    rare = agreement("好" * 94 + "坏坏坏" + "好好好", "好" * 94 + "好好好" + "坏坏坏")
    even = agreement(
        "好" * 47 + "坏" * 47 + "坏坏坏" + "好好好", "好" * 47 + "坏" * 47 + "好好好" + "坏坏坏"
    )
    assert rare.agreed == even.agreed == 0.94
    assert rare.kappa < 0 < 0.85 < even.kappa


def test_two_labellers_differ_most_between_goods_and_after_sale():
    topic, handed = labelled(), labelled("handover")
    assert (topic.cases, topic.agreed, round(topic.kappa, 2)) == (300, 0.83, 0.77)
    assert set(topic.apart()[0][0]) == {"商品问题", "售后问题"}
    assert (round(handed.agreed, 3), round(handed.kappa, 2)) == (0.927, 0.23)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="second"):
        agreement("甲乙", "甲")
    with pytest.raises(ValueError, match="pairs"):
        agreement("", "")
    with pytest.raises(ValueError, match="item"):
        inspected("speed")
    with pytest.raises(ValueError, match="what"):
        labelled("mood")
