"""Write the answer key of a class as one page to print: ``python -m tools.key --seed 2027 --chapter 02``.

Makes the shop of the seed, runs a chapter's solutions and check cells on it, and puts together what a
teacher needs who has the class before him: what each call of a check gives, beside the book's own
shop; what ``make marks`` tries besides with the same seed; solutions; the exercises that people judge;
quiz, statements and guesses with their reasons. The page goes to ``_build/keys``, never into the site.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from kefu import data
from kefu.demos.check import shown
from kefu.demos.quiz import LETTERS
from tools.marks.chapter import HEADING, cells, exercises
from tools.marks.judge import Bench
from tools.marks.marker import shop
from tools.paths import BUILD, ROOT
from web import book

TO = BUILD / "keys"
PART = re.compile(r"^## 练习\n(.*?)(?=^## |\Z)", re.M | re.S)
FOLDED = re.compile(r"</?details[^>]*>|<summary>(.*?)</summary>")
SMALL = "店太小，没有答案：这道题请用大些的店。"
REFUSED = "**检查格不认这个解答，请报告。**"
HEAD = """\
# 答案　种子{seed}的店　{what}

这家店是`python -m datasets.generate --seed {seed}`做的。练习的结果用这家店的数据算出，\
书上那家店不一样的，写在旁边；“批改另加”是`make marks SEED={seed}`会用而书上没有的参数。\
小测、开篇判断、先猜说的是书上那家店，不随种子变。请像考卷一样收好。
"""
PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>答案 种子{seed} {what}</title>
<style>
body {{ max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  font: 1rem/1.7 system-ui, "Noto Sans SC", "Microsoft YaHei", sans-serif; }}
table {{ border-collapse: collapse; margin: .6rem 0; }}
th, td {{ padding: .2rem .6rem; border: 1px solid #999; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }}
pre {{ padding: .6rem .8rem; border: 1px solid #ccc;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: .88rem; }}
h2 {{ margin-top: 2.4rem; border-bottom: 2px solid; }}
@media print {{
  body {{ margin: 0; max-width: none; font-size: 10pt; }}
  h2 {{ break-before: page; }} h2:first-of-type {{ break-before: auto; }}
  tr, li, pre {{ break-inside: avoid; }} h3, h4 {{ break-after: avoid; }}
}}
</style></head><body>
{body}</body></html>
"""


@dataclass(frozen=True)
class Case:
    """A call of an exercise's function and what it gives: in this shop, and in the book's own."""

    call: str
    gives: str
    book: str
    why: str
    hidden: bool


@dataclass
class Solved:
    """An exercise that code checks: its cases, its solution, whether check and solution agree."""

    title: str
    name: str
    judged: bool
    passed: bool
    printed: str
    code: str
    cases: list[Case] = field(default_factory=list)


def solved(chapter: book.Chapter, seed: int, folder: Path) -> list[Solved]:
    """Return the exercises of a chapter with what is right on the tables of a folder."""
    from datasets import answers  # which reads the generator's tables as it is imported

    assert chapter.path
    before, own = data.folder(), cells(chapter.path)
    codes = {cell.id: cell.source for cell in own}
    try:
        at_home = Bench(chapter.path, seed, None)
        bench = Bench(chapter.path, seed, folder)  # and leaves that shop in use
        told = answers.answers(chapter.path)
    finally:
        data.use(before)
    found = []
    for place, (one, seen) in enumerate(zip(exercises(own), told, strict=True)):
        made = Solved(
            one.title, one.name, one.judged, seen.passed, seen.printed, codes[one.solution]
        )
        others = {shown(args): shown(wanted) for args, wanted, *_ in at_home.cases[place]}
        for arguments, wanted, why, public in bench.cases[place]:
            call = f"{one.checked}({', '.join(map(shown, arguments))})"
            gives, other = shown(wanted), others.get(shown(arguments), "")
            made.cases.append(Case(call, gives, other if other != gives else "", why, not public))
        found.append(made)
    return found


def cell(text: str) -> str:
    """Return a text as it stands in a cell of a Markdown table, nothing of it markup."""
    return re.sub(r"([\\`*_\[\]|<>&~])", r"\\\1", text).replace("\n", " ")


def exercise(one: Solved) -> str:
    """Return an exercise that code checks."""
    parts = [f"#### {one.title}　`{one.name}()`"]
    if not one.passed:
        none = any(case.gives == "None" for case in one.cases)
        parts.append(SMALL if none else REFUSED)
    if one.judged:
        looks = [f"- {cell(case.why)}" for case in one.cases]
        parts.append("写法不止一种，检查格看的是：\n\n" + "\n".join(dict.fromkeys(looks)))
    else:
        moved = any(case.book for case in one.cases)
        lines = [
            f"| 调用 | 这家店 |{' 书上的店 |' if moved else ''} 要点 |",
            f"|---|---|{'---|' * moved}---|",
        ]
        for case in one.cases:
            call = f"{cell(case.call)}{'（批改另加）' if case.hidden else ''}"
            other = f" {cell(case.book) or '一样'} |" if moved else ""
            lines.append(
                f"| {call} | **{cell(case.gives)}** |{other} {'' if case.hidden else cell(case.why)} |"
            )
        parts.append("\n".join(lines))
    if one.printed:
        parts.append(f"解答还打印：{cell(one.printed)}")
    parts.append(f"```\n{one.code.rstrip()}\n```")
    return "\n\n".join(parts)


def by_people(chapter: book.Chapter, checked: list[str]) -> str:
    """Return the exercises that no code checks, as the book has them, unfolded."""
    assert chapter.path
    text = "\n\n".join(one.source for one in cells(chapter.path) if not one.code)
    inside = PART.search(text)
    heads = list(HEADING.finditer(inside[1])) if inside else []
    parts = []
    for at, head in enumerate(heads):
        if inside and head[1] not in checked:
            end = heads[at + 1].start() if at + 1 < len(heads) else len(inside[1])
            told = FOLDED.sub(lambda m: f"**{m[1]}**" if m[1] else "", inside[1][head.end() : end])
            parts.append(f"#### {head[1]}\n\n{told.strip()}")
    return "\n\n".join(parts)


def question(number: int, one: dict[str, Any]) -> str:
    """Return a question with what is right and all reasons."""
    lines = [f"{number}. {cell(one['ask'])}"]
    if "options" in one:
        right = "".join(LETTERS[n] for n, told in enumerate(one["options"]) if told["right"])
        lines[0] += f"　**答案：{right}**"
        for n, told in enumerate(one["options"]):
            mark = "✓" if told["right"] else "✗"
            lines.append(
                f"    - {mark} {LETTERS[n]}　{cell(told['text'])}：{cell(told.get('why', ''))}"
            )
    elif one["kind"] == "number":
        unit = one.get("unit", "")
        lines[0] += (
            f"　**答案：{one['answer']}{unit}**（差{one.get('tolerance', 0)}以内都算）{cell(one['why'])}"
        )
        lines += [
            f"    - ✗ {trap['value']}{unit}：{cell(trap['why'])}" for trap in one.get("traps", [])
        ]
    else:
        lines[0] += f"　**答案：{' → '.join(map(cell, one['items']))}**。{cell(one['why'])}"
    if one.get("shows"):
        lines.append(f"    - 揭开时说：{cell(one['shows'])}")
    return "\n".join(lines)


def document(chapter: book.Chapter, found: list[Solved]) -> str:
    """Return a chapter's key as Markdown."""
    asked = json.loads(chapter.quiz.read_text(encoding="utf-8"))
    guesses = json.loads(chapter.guesses.read_text(encoding="utf-8"))
    truths = [
        f"{n}. {cell(one['ask'])}　**{'对' if one['right'] else '错'}**。{cell(one['why'])}"
        for n, one in enumerate(guesses["truths"], 1)
    ]
    parts = [f"## {chapter.label}　{chapter.title}", "### 练习：代码"]
    parts += [exercise(one) for one in found] or ["没有。"]
    if judged := by_people(chapter, [one.title for one in found]):
        parts += ["### 练习：由人来看", judged]
    for name, lines in (
        ("小测", [question(n, one) for n, one in enumerate(asked, 1)]),
        ("开篇判断", truths),
        ("先猜", [question(n, one) for n, one in enumerate(guesses["guesses"], 1)]),
    ):
        parts += [f"### {name}", "\n".join(lines)]
    return "\n\n".join(parts)


def page(text: str, seed: int, what: str) -> str:
    """Return the key as HTML."""
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return PAGE.format(seed=seed, what=escape(what), body=body)


def main(arguments: list[str] | None = None) -> None:
    """Write the key of a chapter or of the book; fail where a check refuses a solution."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="", help="of the class's shop, a whole number")
    parser.add_argument("--chapter", default="", help="such as 02; all chapters if none is named")
    parser.add_argument("--to", type=Path, default=TO, help="where to write the page")
    given = parser.parse_args(arguments)
    if not given.seed.isdecimal():
        sys.exit(
            f"kefu: SEED: expected a whole number, got {given.seed!r}; run: make key SEED=2027 CHAPTER=02"
        )
    try:
        if given.chapter:
            book.ready(given.chapter)
        chosen = [one for one in book.written() if given.chapter in ("", one.number)]
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    import matplotlib

    matplotlib.use("agg")
    seed, parts, refused = int(given.seed), [], []
    folder = shop(seed)
    for chapter in chosen:
        found = solved(chapter, seed, folder)
        refused += [f"{chapter.number} {one.title}" for one in found if not one.passed]
        parts.append(document(chapter, found))
        print(f"kefu: {chapter.number}: {sum(len(one.cases) for one in found)} cases", flush=True)
    what = f"{chosen[0].label}　{chosen[0].title}" if given.chapter else "全书"
    text = "\n\n".join([HEAD.format(seed=seed, what=what), *parts])
    given.to.mkdir(parents=True, exist_ok=True)
    file = given.to / f"key-{seed}-{given.chapter or 'all'}.html"
    file.write_text(page(text, seed, what), encoding="utf-8")
    print(
        f"kefu: {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}; not for students"
    )
    if refused:
        sys.exit(f"kefu: the check refuses the solution of {', '.join(refused)}")


if __name__ == "__main__":
    main()
