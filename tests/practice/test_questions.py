"""The computed questions: one right way each, and nothing but the matter tells which."""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import cache
from itertools import product
from random import Random
from statistics import fmean

import pytest

from kefu.aftersales import replies
from kefu.beside import CLONE
from kefu.practice import cases, scenes, shift
from kefu.practice.players import BLINDLY
from kefu.practice.public import FIND, PUBLIC, THANKS
from kefu.practice.question import (
    INNER,
    KIND,
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
def test_the_matter_is_the_best_way_without_its_tail(kind: str) -> None:
    for one in made(kind):
        text = one.ways[one.best].text
        assert text.startswith(one.matter)
        assert text[len(one.matter) :] in {*TAILS, *INNER}
        assert not one.matter.endswith(tuple({*TAILS, *INNER} - {""}))


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


SAID_AROUND = (*KIND, *PLAIN, *TAILS, *INNER, *THANKS, *FIND)
"""What stands before or after a matter."""
WRITTEN = ("第一句", "接手", "公评")
"""Kinds whose ways are whole sentences, written for one case each."""


def around(text: str) -> list[str]:
    """Return what stands around the matter of a way."""
    heads = [one for one in SAID_AROUND if one and text.startswith(one)]
    tails = [one for one in SAID_AROUND if one and text.endswith(one)]
    return [*heads, *tails] if tails else [*heads, "no tail"]


def clauses(text: str) -> set[str]:
    """Return the clauses of a way, what is counted or quoted in them left out."""
    bare = re.sub("“[^”]*”", "“”", re.sub(r"[\d.−:A-Z]+", "#", text))
    return {part for part in re.split("[，。；：！？]", bare) if part}


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_no_words_stand_in_wrong_answers_alone_or_in_right_ones(kind: str) -> None:
    """What begins or ends a way, and each clause that comes again and again, is in right and in wrong ones."""
    every, right = Counter[str](), Counter[str]()
    for one in often(kind):
        for n, way in enumerate(one.ways):
            found = {*around(way.text)} | (set() if kind in WRITTEN else clauses(way.text))
            every.update(found)
            right.update(found if n == one.best else ())
    again = [one for one, many in every.items() if many >= len(often(kind)) / 5]
    assert again
    assert {
        one: right[one] / every[one] for one in again if not 0.05 < right[one] / every[one] < 0.6
    } == {}


def test_who_learns_the_words_around_the_matter_learns_nothing() -> None:
    """Whoever keeps count of which beginnings and endings were right is right no more often than by chance."""
    hits, many, by_chance = 0, 0, 0.0
    for kind in cases.MAKERS:
        every, right = Counter[str](), Counter[str]()
        for one in often(kind)[::2]:
            for n, way in enumerate(one.ways):
                every.update(around(way.text))
                right.update(around(way.text) if n == one.best else ())
        for one in often(kind)[1::2]:
            worth = [
                fmean((right[each] + 1) / (every[each] + 4) for each in around(way.text))
                for way in one.ways
            ]
            hits += worth.index(max(worth)) == one.best
            by_chance += 1 / len(one.ways)
            many += 1
    assert hits / many < by_chance / many + 0.04, (hits, many, by_chance)


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_no_answer_is_loud(kind: str) -> None:
    """Wrong ones are wrong in the matter, in words as calm as those of the right one."""
    found = {each for one in often(kind) for way in one.ways for each in one.faults(way)}
    assert not {each.words for each in found if each.kind == "越权承诺"}


def test_a_word_for_the_trouble_is_needed_where_somebody_is_upset() -> None:
    """Of the same kind come upset and calm customers, and what they say tells which: else nothing would."""
    for kind in ("查件", "退换", "晚发", "几天到", "价保"):
        upset = {one.says for one in often(kind) if one.needs}
        calm = {one.says for one in often(kind) if not one.needs}
        assert not upset & calm
        assert all("！" in one for one in upset)
        assert not any("！" in one for one in calm)
        heads = Counter(
            (bool(one.needs), one.ways[one.best].text.startswith(KIND)) for one in often(kind)
        )
        assert {*heads} == {(True, True), (False, False)}
        cold = [
            one for one in often(kind) if one.needs and any(one.faults(way) for way in one.ways)
        ]
        warm = [
            one
            for one in often(kind)
            if not one.needs and any(w.text.startswith(KIND) for w in one.ways)
        ]
        assert cold
        assert warm


def test_replies_in_public_are_sentences_of_their_own() -> None:
    """No bad reply holds a good one, and each occasion has two good ones, and bad ones shorter and longer."""
    assert {*PUBLIC} == {one.name for one in replies.occasions()}
    for one in replies.occasions():
        texts = PUBLIC[one.name]
        whole = {text: f"{THANKS[0]}{text}{FIND[0]}" for text in texts}
        good = [text for text in texts if replies.read_reply(whole[text], one).good]
        bad = [text for text in texts if text not in good]
        assert len(good) == 2
        assert max(map(len, texts)) + max(map(len, THANKS)) + max(map(len, FIND)) <= replies.LONGEST
        for around in product(THANKS, FIND):
            for text in texts:
                read = replies.read_reply(text.join(around), one)
                assert read.good == (text in good), (text, around)
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
