"""Write the syllabus map ``book/syllabus.md``: fact → chapter → section, demo, exercise, question."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from tools.paths import ROOT
from tools.reference.chapters import Chapter, chapters, many, warning

TARGET = ROOT / "book" / "syllabus.md"
TO_COME = "编写中"
COLUMNS = ("section", "demo", "exercise", "question")

INTRODUCTION = """\
# 教学大纲对照

这张表回答教师常问的一件事：大纲里的每一条，在书里哪里讲、哪个演示能动手、哪道练习和小测能检查。\
一共{facts}条，{there}条已经写进书里；点开就到那一节。没有专门演示、练习或小测的，那一项就空着，没有凑数。\
下表数一数每章有几条配了演示、练习、小测。

| 章 | 条数 | 演示 | 练习 | 小测 |
|---|--:|--:|--:|--:|
{overview}
"""


def places(chapter: Chapter, fact: dict[str, Any]) -> str:
    """Return where a chapter covers one fact, as links."""
    found = [
        "、".join(map(chapter.section, many(fact.get("section")))),
        *("演示" + "、".join(map(chapter.figure, given)) for given in [many(fact.get("demo"))] if given),
        "、".join(map(chapter.exercise, many(fact.get("exercise")))),
        *("小测" + "、".join(map(chapter.question, given)) for given in [many(fact.get("question"))] if given),
    ]  # fmt: skip
    return "；".join(filter(None, found))


def section(chapter: Chapter) -> str:
    """Return one chapter: every fact and where it is covered."""
    if chapter.path is None:
        facts = [f"- {number}　{fact['says']}" for number, fact in chapter.facts.items()]
        return f"### {chapter.label}　{chapter.title}\n\n{TO_COME}。\n\n" + "\n".join(facts)
    entries = [
        f"{number}　{fact['says']}\n: {places(chapter, fact)}"
        for number, fact in chapter.facts.items()
    ]
    return "\n\n".join([f"### {chapter.link}　{chapter.title}", *entries])


def row(chapter: Chapter) -> str:
    """Return how many facts of a chapter have a demo, an exercise, a question."""
    counts = [sum(column in fact for fact in chapter.facts.values()) for column in COLUMNS[1:]]
    told = "".join(f" {n} |" for n in counts) if chapter.path else " | | |"
    to_come = "" if chapter.path else f"，{TO_COME}"
    return f"| {chapter.link}　{chapter.title}{to_come} | {len(chapter.facts)} |{told}"


def document() -> str:
    """Return the whole page."""
    everything = chapters()
    opening = INTRODUCTION.format(
        facts=sum(len(chapter.facts) for chapter in everything),
        there=sum(len(chapter.facts) for chapter in everything if chapter.path),
        overview="\n".join(map(row, everything)),
    )
    parts = [warning("notebooks/*/NN_chapter.yml") + "\n" + opening.rstrip()]
    for part, group in groupby(everything, key=lambda chapter: chapter.part):
        parts += [f"## {part}", *map(section, group)]
    return "\n\n".join(parts) + "\n"
