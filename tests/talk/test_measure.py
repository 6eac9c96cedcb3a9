"""The figures on lines that the rules had not seen, and the page that prints them."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets.measure_lint import HALVES, heard, measured, table, utterances
from kefu.talk.lint import KINDS, NEEDS, lint

PAGE = Path(__file__).parents[2] / "book" / "how-to-use.md"
SHORT = KINDS[:-1]
"""Every kind of fault but the length, which is counted, not judged."""


@pytest.mark.parametrize("kind", SHORT)
def test_every_finding_reaches_85_of_100_on_held_out_families(kind: str) -> None:
    figures = measured(utterances("留出"))[kind]
    assert figures.there >= 10
    assert figures.precision >= 0.85
    assert figures.recall >= 0.85


def test_typed_lines_of_the_conversations_are_taken_for_what_they_mean() -> None:
    figures = heard()
    assert figures.lines >= 200
    assert figures.sure >= 0.75
    assert figures.right_if_sure >= 0.95
    assert figures.strange <= 0.1


def test_the_halves_share_no_turn_and_no_line_is_told_twice() -> None:
    tuned, held = (utterances(half) for half in HALVES)
    assert not {one.turn for one in tuned} & {one.turn for one in held}
    texts = [one.text for one in (*tuned, *held)]
    assert len(texts) == len(set(texts)) >= 200


def test_labels_are_kinds_of_fault_that_the_turn_can_have() -> None:
    missing = dict(zip(KINDS, NEEDS, strict=False))
    for half in HALVES:
        for one in utterances(half):
            assert one.labels <= {*KINDS}
            assert all(missing[label] in one.needs for label in one.labels & {*missing})
            assert set(one.needs) <= {*NEEDS}
            assert ("事实" in one.needs) == bool(one.facts)


def test_length_is_counted() -> None:
    for half in HALVES:
        for one in utterances(half):
            assert ("太长" in one.labels) == ("太长" in one.found), one.text


def test_the_page_prints_what_is_measured() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert table() in page
    figures = heard()
    assert f"{figures.lines}句" in page
    assert f"{figures.sure * 100:.0f}%" in page
    assert f"{figures.right_if_sure * 100:.0f}%" in page
    assert f"{len(utterances('留出'))}句" in page


@pytest.mark.parametrize("text", ["他们家穷", "运费是不是太贵了"])
def test_a_line_without_a_fault_has_none(text: str) -> None:
    assert lint(text) == []
