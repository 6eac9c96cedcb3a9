"""The workbench: its tools, what they are for, and the errands."""

from __future__ import annotations

import pytest

from kefu.presales.workbench import ASKED, ERRANDS, NEAR, TOOLS, ZONES, tool, uses


def test_every_zone_has_its_tools_and_every_tool_a_name_and_a_use_of_its_own() -> None:
    assert {one.zone for one in TOOLS} == set(ZONES)
    assert len({one.name for one in TOOLS}) == len({one.use for one in TOOLS}) == len(TOOLS) == 33


@pytest.mark.parametrize(
    ("zone", "number"),
    list(zip(ZONES, (5, 6, 5, 11, 3, 3), strict=True)),
)
def test_a_zone_has_so_many_tools(zone: str, number: int) -> None:
    assert sum(one.zone == zone for one in TOOLS) == number


def test_an_errand_has_one_tool_and_no_tool_two_errands() -> None:
    assert len({one.tool for one in ERRANDS}) == len(ERRANDS) == 12
    for one in ERRANDS:
        assert tool(one.tool).name not in one.wants, one.wants
        assert one.why


def test_no_tool_is_asked_in_both_ways() -> None:
    assert not {one.tool for one in ERRANDS} & set(ASKED)
    assert set(ASKED) == set(NEAR)


@pytest.mark.parametrize("name", ASKED)
def test_three_uses_are_offered_the_right_one_among_them(name: str) -> None:
    assert len(uses(name)) == 3
    assert tool(name) in uses(name)


def test_the_right_use_does_not_always_stand_in_one_place() -> None:
    places = [uses(name).index(tool(name)) for name in ASKED]
    assert {0, 1, 2} == set(places)


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="name: expected one of"):
        tool("咖啡机")
    with pytest.raises(ValueError, match="name: expected one of"):
        uses("订单")
