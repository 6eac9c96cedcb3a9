"""The computed questions: one right way each, and nothing but the matter tells which."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from random import Random

import pytest

from kefu.aftersales import replies
from kefu.beside import CLONE
from kefu.practice import cases, scenes, shift
from kefu.practice.players import BLINDLY
from kefu.practice.public import PUBLIC
from kefu.practice.question import (
    INNER,
    KIND,
    LOUD,
    PARTS,
    PLAIN,
    TAILS,
    DeskQuestion,
    Lesson,
    heard,
)
from kefu.practice.score import FIRST, LATE, MONEY, QUEUE, TASKS
from kefu.practice.state import Choice

NOW = shift.moment(4200)
SEEDS = range(60)


@cache
def made(kind: str) -> list[DeskQuestion]:
    return [cases.MAKERS[kind].make(Random(f"{seed}/{kind}"), NOW) for seed in SEEDS]


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_one_way_is_right_and_well_said(kind: str) -> None:
    for one in made(kind):
        assert one.kind == kind
        texts = [way.text for way in one.ways]
        assert 3 <= len(texts) <= 4
        assert len(set(texts)) == len(texts)
        best = [way for way in one.ways if way.right and not one.faults(way)]
        assert len(best) == 1
        assert all(way.right or way.slip for way in one.ways), texts
        assert all(way.away >= 0 for way in one.ways)
        assert max(map(len, texts)) <= 120
        assert one.why
        assert one.advice
        assert one.says
        assert all(name.strip() and text.strip() for name, text in one.facts)


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_the_same_seed_makes_the_same_question(kind: str) -> None:
    for seed in (3, 8):
        assert cases.MAKERS[kind].make(Random(f"{seed}/{kind}"), NOW) == made(kind)[seed]


def test_neither_place_nor_length_tells() -> None:
    """Over all kinds the right way stands in each place, and has each rank of length, about equally often."""
    places, ranks = Counter[int](), Counter[int]()
    many = 0
    for kind in cases.MAKERS:
        for one in made(kind):
            if len(one.ways) != 4:
                continue
            many += 1
            sizes = [len(way.text) for way in one.ways]
            places[one.best] += 1
            ranks[sum(size < sizes[one.best] for size in sizes)] += 1
    for found in (places, ranks):
        for n in range(4):
            assert 0.20 < found[n] / many < 0.31, (found, many)


@cache
def often(kind: str) -> list[DeskQuestion]:
    return [cases.MAKERS[kind].make(Random(f"{seed}/{kind}/often"), NOW) for seed in range(150)]


@pytest.mark.parametrize("who", BLINDLY)
@pytest.mark.parametrize("kind", cases.MAKERS)
def test_no_kind_can_be_answered_without_reading(kind: str, who: str) -> None:
    """Whoever takes the longest, the oddest, ... of one kind alone is right less than every second time."""
    hits = 0
    for one in often(kind):
        shown = tuple(Choice(str(n), way.text) for n, way in enumerate(one.ways))
        hits += int(BLINDLY[who](shown).key) == one.best
    assert hits / len(often(kind)) < 0.46


def test_replies_in_public_are_sentences_of_their_own() -> None:
    """No bad reply holds a good one, and each occasion has good ones of two lengths and bad ones around them."""
    assert {*PUBLIC} == {one.name for one in replies.occasions()}
    for one in replies.occasions():
        texts = (one.model, *PUBLIC[one.name])
        good = [text for text in texts if replies.read_reply(text, one).good]
        bad = [text for text in texts if text not in good]
        assert len(good) == 2
        assert max(map(len, texts)) <= replies.LONGEST
        assert sum(len(text) > min(map(len, good)) for text in bad) >= 3
        assert sum(len(text) < min(map(len, good)) for text in bad) >= 2
        for right in good:
            assert max(replies.likeness(right, text) for text in bad) < 0.6
            assert not heard(right)


def test_the_advice_does_not_give_the_answer_away() -> None:
    for kind in cases.MAKERS:
        for one in made(kind):
            right = one.ways[one.best].text
            digits = {
                part
                for part in right.replace("。", "，").split("，")
                if any(map(str.isdigit, part))
            }
            assert not any(part and part in one.advice for part in digits)


def test_what_stands_around_a_matter_is_heard_as_it_is_meant() -> None:
    upset = frozenset({"情绪"})
    assert not any(heard(text) for text in (*TAILS, *INNER, *PLAIN, *KIND))
    assert not any(heard(text, upset) for text in KIND)
    assert all([one.kind for one in heard(text, upset)] == ["没接情绪"] for text in PLAIN)
    assert all({"越权承诺"} <= {one.kind for one in heard(text)} for text in LOUD)
    assert all(heard(text + tail, upset) for text in PLAIN for tail in TAILS)


@cache
def headings(page: str) -> frozenset[str]:
    cells = json.loads((CLONE / f"{page}.ipynb").read_text(encoding="utf-8"))["cells"]
    lines = [
        line
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
    ]
    return frozenset(line.lstrip("#").strip() for line in lines if line.startswith("##"))


def test_every_lesson_is_a_section_of_its_chapter() -> None:
    lessons = {one.lesson for kind in cases.MAKERS for one in made(kind)}
    lessons |= {
        FIRST,
        LATE,
        MONEY,
        QUEUE,
        TASKS,
        *(scenes.lesson(name) for name in scenes.CHAPTER_OF),
    }
    assert {one.chapter for one in lessons} == set(PARTS)
    for one in lessons:
        assert one.section in headings(one.page), one


def test_a_lesson_is_said_with_its_chapter() -> None:
    assert Lesson("15", "一、谁来，谁接").said == "第15章“一、谁来，谁接”"


def test_every_old_conversation_stands_in_its_chapter() -> None:
    for name in scenes.CHAPTER_OF:
        assert scenes.scene(name).name == name
