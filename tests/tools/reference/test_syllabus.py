"""The syllabus map: every fact, and for chapters that are there the places that cover it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tools.copy_lint import findings, markdown
from tools.reference import syllabus
from tools.reference.chapters import Chapter, chapters, many

CHAPTERS = chapters()
SHARED = {"explore", "talk", "sample_bag", "coin_flips", "funnel_limits"}
"""Demos that any chapter may use: they answer a question, and teach no fact of the plan."""
THERE = [chapter for chapter in CHAPTERS if chapter.path]
PAGE = syllabus.TARGET.read_text(encoding="utf-8")
COUNTS = [16, 11, 28, 13, 13, 13, 13, 18, 18, 10, 19, 9, 7, 21, 7, 13]
"""The facts of each chapter in the list of contents that the book was planned on."""
PRACTICE = 6
"""What the practice adds: it teaches few things of its own, and asks for all of the others."""

there = pytest.mark.parametrize("chapter", THERE, ids=lambda c: c.label)


def test_the_page_is_what_its_command_makes_and_good_copy() -> None:
    assert syllabus.document() == PAGE, "run `make lists`"
    assert findings(markdown(PAGE)) == []


def test_no_fact_of_any_chapter_is_missing() -> None:
    assert [chapter.number for chapter in CHAPTERS] == [f"{n:02}" for n in range(1, 18)]
    for chapter, count in zip(CHAPTERS, [*COUNTS, PRACTICE], strict=True):
        assert list(chapter.facts) == [f"{chapter.number}-{n:02}" for n in range(1, count + 1)]
        for number, fact in chapter.facts.items():
            assert f"{number}　{fact['says']}\n" in PAGE


def test_a_chapter_to_come_says_so_and_claims_nothing() -> None:
    for chapter in CHAPTERS:
        part = re.split(r"\n##", PAGE.split(f"　{chapter.title}\n\n")[1])[0]
        assert (syllabus.TO_COME in part) is (chapter.path is None)
        assert ("](" in part) is bool(chapter.path)


def test_every_notebook_is_a_chapter_of_the_syllabus_by_its_title() -> None:
    for chapter in THERE:
        assert next(iter(chapter.sections)) == f"{chapter.label}　{chapter.title}"


@there
def test_a_demo_is_said_to_teach_what_stands_in_its_part_of_the_chapter(chapter: Chapter) -> None:
    demos = {name: figure.demo for name, figure in chapter.figures.items() if figure.demo}
    used = {name for fact in chapter.facts.values() for name in many(fact.get("demo"))}
    own = {name for name, demo in demos.items() if demo not in SHARED}
    assert used <= set(demos)
    assert own <= used  # every demo of its own is there for a fact


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("section", "没有这一节", "no section"),
        ("figure", "图9-9", "no demo"),
        ("figure", "图2-6", "no demo"),  # a chart, not a demo
        ("exercise", 99, "no exercise"),
        ("question", "没有人问过这一句", "0 quiz questions"),
        ("question", "的", "quiz questions with"),
    ],
)
def test_a_place_that_is_not_there_is_told(kind: str, given: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        getattr(THERE[0], kind)(given)


def test_a_chapter_to_come_has_no_places(tmp_path: Path) -> None:
    source = tmp_path / "notebooks" / "aftersales" / "05_chapter.yml"
    source.parent.mkdir(parents=True)
    one = {"title": "甲", "facts": {"05-01": {"says": "乙"}}, "terms": {}}
    source.write_text(yaml.safe_dump(one), encoding="utf-8")
    (chapter,) = chapters(tmp_path)
    assert (chapter.link, chapter.sections, chapter.questions) == ("第05章", {}, [])
    with pytest.raises(ValueError, match="still to come"):
        chapter.to("第05章")
