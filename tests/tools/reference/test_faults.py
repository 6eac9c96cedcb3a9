"""What is told when a chapter and its list do not agree: each planted fault is one line."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import pytest

from tools.reference import faults as module
from tools.reference.chapters import Chapter, chapters
from tools.reference.faults import faults

CHAPTER = next(chapter for chapter in chapters() if chapter.number == "02")


def planted(number: str, **parts: Any) -> Chapter:
    """Chapter 02 with other parts of one fact; a part that is None is taken out."""
    fact = {**CHAPTER.facts[number], **parts}
    changed = {key: value for key, value in fact.items() if value is not None}
    return replace(CHAPTER, facts={**CHAPTER.facts, number: changed})


def test_the_chapter_as_it_stands_has_no_fault() -> None:
    assert faults(CHAPTER) == []


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"section": "没有这一节"}, "fact 02-04: 第02章 has no section '没有这一节'"),
        ({"section": None}, "fact 02-04 has no section"),
        ({"words": None}, "fact 02-04 has no words"),
        ({"words": "平邮 飞艇"}, "fact 02-04: the chapter does not say '飞艇'"),
        ({"demo": "图2-99"}, "fact 02-04: 第02章 has no demo '图2-99'"),
        ({"exercise": 99}, "fact 02-04: 第02章 has no exercise 99"),
        ({"question": "没有人问"}, "fact 02-04: 第02章: 0 quiz questions with '没有人问'"),
        ({"place": "甲"}, "fact 02-04 has 'place', which is none of section, demo, exercise, question, says, words"),
    ],
)  # fmt: skip
def test_a_fault_of_a_fact_is_told_in_one_line(parts: dict[str, Any], said: str) -> None:
    assert faults(planted("02-04", **parts)) == [f"02_chapter.yml: {said}"]


def test_a_word_of_the_chapter_that_it_does_not_say_is_told() -> None:
    assert faults(replace(CHAPTER, words="运费 飞艇")) == [
        "02_chapter.yml: the chapter does not say '飞艇', one of its words"
    ]


def test_a_term_that_is_in_no_list_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    left = [term for term in module.terms() if term.chinese != "首重"]
    monkeypatch.setattr(module, "terms", lambda: left)
    assert faults(CHAPTER) == [
        "02_chapter.yml: term '首重' stands under 术语 and in no list of terms"
    ]


def test_a_chapter_that_the_contents_do_not_list_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.book, "pages", lambda: ["book/index"])
    assert faults(CHAPTER) == ["_toc.yml does not list notebooks/presales/02_preparation"]


def test_a_list_that_cannot_be_read_ends_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> list[Chapter]:
        raise ValueError("03_chapter.yml: term '甲' has no English in （ ）")

    monkeypatch.setattr(module, "terms", wrong)
    monkeypatch.setattr(sys, "argv", ["faults", "02"])
    with pytest.raises(SystemExit, match=r"^03_chapter\.yml: term '甲' has no English in （ ）$"):
        module.main()
