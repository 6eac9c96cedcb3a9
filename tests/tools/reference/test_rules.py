"""Rules: the page is made from the table, the chapters' cards agree with it, no review is overdue.

``KEFU_TODAY=2027-03-29 pytest tests/tools/reference/test_rules.py`` asks what another day would say.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from datetime import date
from urllib.parse import unquote

import pytest
from myst_parser.mdit_to_docutils.base import default_slugify

from kefu.rules import Rule
from kefu.rules import rules as table
from tools.copy_lint import findings, markdown
from tools.paths import ROOT
from tools.reference import rules
from tools.reference.chapters import Chapter, chapters

BY_ID = table()
RULES = tuple(BY_ID.values())
PAGE = rules.TARGET.read_text(encoding="utf-8")
CHAPTERS = [chapter for chapter in chapters() if chapter.path]


class ReviewSoonWarning(UserWarning):
    """A rule has to be checked against its source before long."""


def review(today: date) -> None:
    """Warn of the rules whose review is due soon; fail where its date has passed."""
    soon, late = rules.due(RULES, today)
    for rule in soon:
        warnings.warn(f"{rule.id} {rule.title}: {rule.review_by}", ReviewSoonWarning, 2)
    assert not late, f"overdue: {[(r.id, r.title, r.review_by.isoformat()) for r in late]}"


@pytest.mark.filterwarnings("default::UserWarning")
def test_no_rule_is_overdue_for_review() -> None:
    review(date.fromisoformat(os.environ.get("KEFU_TODAY") or date.today().isoformat()))


@pytest.mark.parametrize(
    ("today", "soon", "late"),
    [
        ("2027-03-28", 0, 0),  # 61 days before
        ("2027-03-29", 1, 0),  # 60 days before
        ("2027-05-28", 1, 0),  # the day itself
        ("2027-05-29", 0, 1),
    ],
)
def test_a_review_is_told_60_days_ahead_and_is_late_after_its_day(
    today: str, soon: int, late: int
) -> None:
    found = rules.due([BY_ID["R01"]], date.fromisoformat(today))
    assert [len(part) for part in found] == [soon, late]


def pytest_on(day: str) -> tuple[int, str]:
    """The real test on another day, as a developer sees it."""
    path = "tests/tools/reference/test_rules.py::test_no_rule_is_overdue_for_review"
    plain = [
        "-q",
        "-p",
        "no:cacheprovider",
        "--noconftest",
        "-o",
        "addopts=--import-mode=importlib",
    ]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, path],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "KEFU_TODAY": day, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return run.returncode, run.stdout


def test_the_warning_is_seen_and_is_no_error() -> None:
    first = min(rule.review_by for rule in RULES).isoformat()
    code, said = pytest_on(first)
    assert code == 0, said
    assert "ReviewSoonWarning: R01 发货时限" in said


def test_an_overdue_rule_fails() -> None:
    code, said = pytest_on("2099-01-01")
    assert code == 1
    assert "overdue: [('R01', '发货时限'" in said


# The page


def test_the_page_is_what_its_command_makes_and_good_copy() -> None:
    assert rules.document() == PAGE, "run `make lists`"
    assert findings(markdown(PAGE)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_its_card_with_source_dates_standing_and_chapters(rule: Rule) -> None:
    card = re.split(r"\n## |\n\{\.", PAGE.split(f"### {rule.id}　{rule.title}\n")[1])[0]
    for said in (rule.text, f"出处：{rule.source}（{rule.source_kind}）",
                 f"截至：{rule.as_of}，复核期限：{rule.review_by}",
                 f"核对：**{rule.standing}**"):  # fmt: skip
        assert said in card
    used = card.split("用到的章：")[1]
    labels = {chapter.number: chapter.label for chapter in CHAPTERS}
    assert re.findall(r"第\d\d章|实训", used) == [labels[number] for number in rule.chapters]
    links = {chapter.number for chapter in CHAPTERS} & set(rule.chapters)
    assert used.count("](../notebooks/") == len(links)


# The chapters' cards, where they are used: > **规则卡　[title](…rules.md#r01…)**：text（source，standing，date）

CARD = re.compile(r"^> \*\*规则卡　\[(.+?)\]\(\.\./\.\./book/rules\.md#(r\d\d)(.*?)\)\*\*：(.+)$")


def cards(chapter: Chapter) -> list[str]:
    """The rule cards of a chapter, each a line."""
    text = "\n\n".join(c.source for c in chapter._cells if c.cell_type == "markdown")
    return [line for line in text.splitlines() if line.startswith("> **规则卡")]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.label)
def test_a_chapters_rule_cards_say_what_the_table_says(chapter: Chapter) -> None:
    assert cards(chapter)
    for card in cards(chapter):
        found = CARD.match(card)
        assert found, card
        title, number, rest, text = found.groups()
        rule = BY_ID[number.upper()]
        assert title == rule.title
        assert number + unquote(rest) == default_slugify(f"{rule.id}　{rule.title}")
        assert chapter.number in rule.chapters, (number, chapter.number)
        noted = f"（{rule.source}，{rule.standing}，{rule.as_of}"
        assert text.endswith((f"{noted}）", f"{noted}整理）")), card
