"""The rules of law and platforms that the book teaches, one by one, from the table ``rules``.

A model names a rule by its number and reads here what it says, so that a rule's words, source and
standing are written in one place, ``datasets/rules.csv``. The texts are our own words, no original.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from kefu import data
from kefu.errors import expected

Standing = Literal["已对照公开文本", "教材资料", "二手资料，待核对", "待核对", "本书约定"]
"""How well a rule was checked; where its parts differ, the least of them counts."""


@dataclass(frozen=True)
class Rule:
    """One rule; ``as_of`` is the day on which it was noted or checked, ``review_by`` the next check."""

    id: str
    title: str
    text: str
    applies_to: str
    source: str
    source_kind: str
    standing: Standing
    as_of: date
    review_by: date
    chapters: tuple[str, ...]


@data.cached
def rules() -> Mapping[str, Rule]:
    """Return all rules by number, in the table's order."""
    return {
        row["rule_id"]: Rule(
            id=row["rule_id"],
            title=row["title"],
            text=row["text"],
            applies_to=row["applies_to"],
            source=row["source"],
            source_kind=row["source_kind"],
            standing=cast(Standing, row["standing"]),
            as_of=date.fromisoformat(row["as_of"]),
            review_by=date.fromisoformat(row["review_by"]),
            chapters=tuple(row["chapter"].split(";")),
        )
        for row in data.rows("rules")
    }


def rule(number: str) -> Rule:
    """Return one rule; raises ``ValueError`` where the table has none of that number.

    >>> rule("R16").title
    '七日无理由退货'
    """
    if number not in rules():
        raise ValueError(
            expected("number", "a rule's number such as R16", "规则编号，例如R16", number)
        )
    return rules()[number]
