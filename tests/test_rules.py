"""Rules as models read them: the table's own words, one vocabulary of standing."""

from __future__ import annotations

from typing import get_args

import pytest

from kefu import data
from kefu.rules import Standing, rule, rules


def test_every_row_of_the_table_is_a_rule_and_says_the_same() -> None:
    rows = data.rows("rules")
    assert [one.id for one in rules().values()] == [row["rule_id"] for row in rows]
    for row in rows:
        one = rule(row["rule_id"])
        said = {
            "rule_id": one.id, "title": one.title, "text": one.text, "applies_to": one.applies_to,
            "source": one.source, "source_kind": one.source_kind, "as_of": one.as_of.isoformat(),
            "review_by": one.review_by.isoformat(), "chapter": ";".join(one.chapters),
            "standing": one.standing,
        }  # fmt: skip
        assert said == row


def test_the_words_for_standing_are_those_of_the_tables_description() -> None:
    fields = {field["name"]: field for field in data.describe("rules")["schema"]["fields"]}
    assert list(get_args(Standing)) == fields["standing"]["constraints"]["enum"]
    assert {one.standing for one in rules().values()} <= set(get_args(Standing))


@pytest.mark.parametrize("number", ["R00", "r16", "", "七日无理由退货"])
def test_a_number_that_is_not_in_the_table_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match=r"^number: "):
        rule(number)
