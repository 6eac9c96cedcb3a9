"""The map of the house is drawn from the imports and is the one that stands."""

from __future__ import annotations

import doctest
from graphlib import CycleError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import house

NAMES = "abcdefg"


def reach(graph: house.Graph, name: str) -> set[str]:
    """Return all that can be reached by arrows."""
    return graph[name].union(*(reach(graph, other) for other in graph[name]))


def test_the_map_is_up_to_date():
    assert house.TARGET.read_text(encoding="utf-8") == house.document()


def test_examples_hold():
    done = doctest.testmod(house)
    assert done.failed == 0 < done.attempted


def test_arrows_run_one_way():
    graph = house.uses()
    assert all(reach(graph, name) for name in ("notebooks", "kefu.demos", "tools"))
    assert not [
        name for name in graph if name.startswith("kefu.") and "tools" in reach(graph, name)
    ]
    assert graph["tools.paths"] == set()


@given(st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))))
def test_the_drawn_arrows_lead_wherever_all_of_them_lead_and_none_is_too_many(arrows):
    graph = {name: {b for a, b in arrows if a == name < b} for name in NAMES}
    drawn = house.drawn(graph)
    for name in NAMES:
        assert reach(drawn, name) == reach(graph, name)
        for one in drawn[name]:
            without = {**drawn, name: drawn[name] - {one}}
            assert one not in reach(without, name)


def test_a_ring_is_told():
    with pytest.raises(CycleError):
        house.drawn({"a": {"b"}, "b": {"a"}})


def test_a_room_that_says_nothing_of_itself_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(house, "ROOT", tmp_path)
    (tmp_path / "tools.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="tools does not say what it is"):
        house.purpose("tools")
