"""The ladder of penalties and the ten violations."""

from __future__ import annotations

import pytest

from kefu import rules
from kefu.presales.penalties import STEPS, VIOLATIONS, Violation, violation


def test_the_ladder_climbs_from_a_reminder_to_the_end_of_the_shop() -> None:
    assert len(STEPS) == len(set(STEPS)) == 7
    assert (STEPS[0], STEPS[-1]) == ("提醒限期改", "关店")


def test_ten_violations_each_with_a_rule_that_is_there_and_a_better_way() -> None:
    assert len({one.name for one in VIOLATIONS}) == 10
    for one in VIOLATIONS:
        assert rules.rule(one.rule)
        assert one.heard
        assert one.instead
        assert one.steps or one.on_top, one.name


def test_the_law_answers_where_a_law_or_an_order_is_broken() -> None:
    lawful = {"法律", "部门规章"}
    for one in VIOLATIONS:
        if "法律责任" in one.on_top:
            assert rules.rule(one.rule).source_kind in lawful, one.name


def test_only_faking_sales_climbs_to_the_top() -> None:
    assert [one.name for one in VIOLATIONS if one.heaviest == 7] == ["刷单"]
    assert violation("好评返现").heaviest == 0


def test_steps_are_told_light_to_heavy_and_must_be_of_the_ladder() -> None:
    one = Violation("甲", "乙", ("关店", "搜索降权"), (), "R06", "丙")
    assert one.steps == ("搜索降权", "关店")
    with pytest.raises(ValueError, match="steps: expected one of"):
        Violation("甲", "乙", ("罚站",), (), "R06", "丙")
    with pytest.raises(ValueError, match="on_top"):
        Violation("甲", "乙", (), ("罚站",), "R06", "丙")
    with pytest.raises(ValueError, match="name: expected one of"):
        violation("迟到")
