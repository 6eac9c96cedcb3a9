"""Write the page of rules ``book/rules.md`` from ``datasets/rules.csv``, and tell which are due."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from itertools import groupby

from kefu.rules import Rule, Standing, rules
from tools.paths import ROOT
from tools.reference.chapters import chapters, warning

TARGET = ROOT / "book" / "rules.md"
NOTICE = timedelta(days=60)
"""From how long before its review date a rule is told to be due."""

STANDINGS: Mapping[Standing, str] = {
    "已对照公开文本": "对照过公开发布的条文、标准或平台说明（不是公报），写着哪一条或哪一份",
    "教材资料": "出自参考教材与课程资料，没有另查平台的现行规则",
    "二手资料，待核对": "要点是按别人的转述写的，还没有对过原文",
    "待核对": "按常识写的，还没有找到出处的正文",
    "本书约定": "资料没有写，本书为了把事情说全自己定的，别处不一定这样",
}
MARKS: Mapping[Standing, str] = {
    "已对照公开文本": "checked",
    "教材资料": "taught",
    "二手资料，待核对": "pending",
    "待核对": "pending",
    "本书约定": "ours",
}
"""The look of a card, by its standing."""

INTRODUCTION = """\
# 规则一览

全书用到的{count}条规则，都在这里：写着出处、截至哪天、下次哪天复核、有没有对过原文、哪几章用到它。\
内容是我们用自己的话写的要点，不是原文；真要用来办事，以法律和平台的最新原文为准。

{standings}

下面按最先用到它的章排列。
"""


def due(rules: Iterable[Rule], today: date) -> tuple[list[Rule], list[Rule]]:
    """Return the rules whose review is due within ``NOTICE``, and those whose date has passed.

    The review date itself is still in time.
    """
    soon, late = [], []
    for rule in rules:
        left = rule.review_by - today
        if left < timedelta():
            late.append(rule)
        elif left <= NOTICE:
            soon.append(rule)
    return soon, late


def card(rule: Rule, taught: dict[str, str]) -> str:
    """Return one rule as a card."""
    used = "、".join(taught[chapter] for chapter in rule.chapters)
    facts = [
        f"- 核对：**{rule.standing}**",
        f"- 适用：{rule.applies_to}",
        f"- 出处：{rule.source}（{rule.source_kind}）",
        f"- 截至：{rule.as_of}，复核期限：{rule.review_by}",
        f"- 用到的章：{used}",
    ]
    head = f"{{.kefu-rule .{MARKS[rule.standing]}}}\n### {rule.id}　{rule.title}"
    return f"{head}\n\n{rule.text}\n\n" + "\n".join(facts)


def document() -> str:
    """Return the whole page."""
    every = tuple(rules().values())
    everything = chapters()
    taught = {chapter.number: chapter.link for chapter in everything}
    titles = {chapter.number: f"{chapter.label}　{chapter.title}" for chapter in everything}
    counts = Counter(rule.standing for rule in every)
    standings = "\n".join(
        f"- **{name}**（{counts[name]}条）：{about}。"
        for name, about in STANDINGS.items()
        if counts[name]
    )
    parts = [
        warning("datasets/rules.csv")
        + "\n"
        + INTRODUCTION.format(count=len(every), standings=standings).rstrip()
    ]

    def first(rule: Rule) -> str:
        return rule.chapters[0]

    for chapter, group in groupby(sorted(every, key=first), key=first):
        parts += [f"## {titles[chapter]}", *(card(rule, taught) for rule in group)]
    return "\n\n".join(parts) + "\n"
