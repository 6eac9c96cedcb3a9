"""Sentences in three heaps: complete, fair, heard by the book's checker where it can hear."""

from __future__ import annotations

from collections import Counter
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import rules
from kefu.presales.wording import HEAPS, POINTS, Saying, dealt, sayings
from kefu.talk import lint
from kefu.tasks import MORE, PATIENCE

EVERY = sayings()
FIRST = [one for one in EVERY if not one.more]
KINDS = {one.kind for one in EVERY}


def test_there_are_twenty_and_two_more_of_each_kind() -> None:
    assert len(FIRST) == 20
    kept = Counter(one.kind for one in EVERY if one.more)
    assert kept == dict.fromkeys(KINDS, MORE)
    assert {one.kind for one in FIRST} == KINDS
    assert len({one.text for one in EVERY}) == len(EVERY)


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.text)
def test_each_has_a_heap_a_rule_a_reason_and_a_better_way_without_a_fault(one: Saying) -> None:
    assert one.heap in HEAPS
    assert one.rule == POINTS or one.rule in rules.rules()
    assert one.rule_text
    assert one.rule_title
    assert one.why
    assert one.why[-1] not in "。，"
    assert one.better != one.text
    assert lint(one.better) == []


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.text)
def test_what_may_be_said_has_no_fault_that_the_checker_hears(one: Saying) -> None:
    if one.heap == "能说":
        assert lint(one.text) == []


def test_the_checker_hears_more_than_half_of_the_others_and_the_reader_the_rest() -> None:
    bad = [one for one in EVERY if one.heap != "能说"]
    heard = [one for one in bad if lint(one.text)]
    assert len(bad) / 2 < len(heard) < len(bad)


def test_no_heap_is_told_by_its_length_or_its_share() -> None:
    sizes = {heap: [len(one.text) for one in FIRST if one.heap == heap] for heap in HEAPS}
    lengths = [mean(found) for found in sizes.values()]
    assert max(lengths) / min(lengths) < 1.4
    assert all(6 <= len(found) <= 8 for found in sizes.values())
    assert len({one.heap for one in FIRST[:4]}) > 1


# Dealing


def wrong(places: list[int]) -> list[tuple[int, str]]:
    return [(place, "没来得及") for place in places]


def test_right_answers_add_nothing() -> None:
    assert dealt((n, one.heap) for n, one in enumerate(FIRST)) == tuple(FIRST)


def test_the_third_mistake_adds_two_of_the_kind_that_went_wrong_most() -> None:
    promises = [n for n, one in enumerate(FIRST) if one.kind == "乱承诺"]
    other = next(n for n, one in enumerate(FIRST) if one.kind == "站外付款")
    assert len(dealt(wrong(promises[:2]))) == 20
    added = dealt(wrong([*promises[:2], other]))[20:]
    assert [one.kind for one in added] == ["乱承诺"] * MORE


def test_of_equals_the_later_kind_counts() -> None:
    kinds = ["站外付款", "绝对化用语", "客人信息"]
    places = [next(n for n, one in enumerate(FIRST) if one.kind == kind) for kind in kinds]
    assert {one.kind for one in dealt(wrong(places))[20:]} == {"客人信息"}


def test_a_kind_whose_sentences_are_all_dealt_adds_no_more() -> None:
    four = [n for n, one in enumerate(FIRST) if one.kind == "四个杜绝"]
    line = dealt(wrong([*four[:3], 20, 21, four[3]]))
    assert len(line) == 22


@given(st.permutations(range(20)), st.lists(st.sampled_from([*HEAPS, "没来得及"]), max_size=20))
def test_what_is_dealt_only_grows(order: list[int], heaps: list[str]) -> None:
    answers = list(zip(order, heaps, strict=False))
    before = dealt(answers[:-1])
    now = dealt(answers)
    assert now[: len(before)] == before
    mistakes = sum(heap != FIRST[place].heap for place, heap in answers)
    assert len(now) <= 20 + MORE * (mistakes // PATIENCE)
    assert len(set(now)) == len(now)


def test_a_place_without_a_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="place"):
        dealt([(20, "能说")])
