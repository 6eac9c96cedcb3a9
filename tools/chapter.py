"""Make the skeleton of a chapter that is still to come: ``make chapter N=03 NAME=desk``.

The number's plan, ``NN_chapter.yml``, is there already and says wing, title, facts and terms. What is
made stands in ``tools/skeleton``: a small example that works everywhere, whose texts say in Chinese
what belongs in their place. ``«…»`` is filled in.
"""

from __future__ import annotations

import argparse
import keyword
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
from myst_parser.mdit_to_docutils.base import default_slugify

from kefu import data
from tools.notebooks import text
from tools.paths import PYTHON, ROOT
from web import book
from web.book import Chapter

SKELETON = Path(__file__).parent / "skeleton"
BLANK = re.compile(r"«(\w+)»")
CODE = re.compile(r"^```python ?(.*)\n((?:.*\n)*?)```\n", re.M)
PLAN = re.compile(r"^  (\d\d-\d\d): \{says: (.*)\}$", re.M)
SECTION = "一、这一章要讲的"
FOLDED = {"hide-cell": ("source_hidden", "outputs_hidden"), "hide-input": ("source_hidden",)}
"""What JupyterLab hides of a cell that the page folds."""


def files(chapter: Chapter, name: str) -> dict[str, str]:
    """Return what is made from which part of the skeleton, by its path in the project."""
    wing, number = chapter.wing, chapter.number
    return {
        f"widgets/kefu/{wing}/{name}.py": "model.py.txt",
        f"tests/{wing}/test_{name}.py": "test_model.py.txt",
        f"widgets/kefu/demos/{name}.py": "demo.py.txt",
        f"tests/demos/test_{name}.py": "test_demo.py.txt",
        f"tests/notebooks/test_{name}_claims.py": "test_claims.py.txt",
        f"notebooks/{wing}/{number}_quiz.json": "quiz.json",
        f"notebooks/{wing}/{number}_guesses.json": "guesses.json",
        f"notebooks/{wing}/{number}_talks.toml": "talks.toml",
        f"notebooks/{wing}/{number}_explore.toml": "explore.toml",
        f"notebooks/{wing}/{number}_explore.py": "explore.py.txt",
        f"notebooks/{wing}/{number}_teach.md": "teach.md",
        f"notebooks/{wing}/{number}_{name}.ipynb": "chapter.md",
    }


def planned(number: str, name: str, wing: str, title: str, root: Path = ROOT) -> Chapter:
    """Return the chapter to be made; ``ValueError`` in one line for what cannot be.

    ``wing`` and ``title`` may be empty: the chapter's plan says them.
    """
    chapter = book.chapter(number, root)
    if chapter.path:
        raise ValueError(f"N: chapter {number} is there already: {chapter.path.name}")
    if wing and wing not in book.WINGS:
        raise ValueError(f"WING: expected one of {', '.join(book.WINGS)}, got {wing!r}")
    for argument, got, plan in (("WING", wing, chapter.wing), ("TITLE", title, chapter.title)):
        if got not in ("", plan):
            raise ValueError(
                f"{argument}: expected {plan} as in {chapter.source.name}, got {got!r}"
            )
    if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name) or keyword.iskeyword(name):
        raise ValueError(f"NAME: expected small letters, such as desk or order_desk, got {name!r}")
    taken = [path for path in files(chapter, name) if (root / path).exists()]
    if taken or (root / "widgets" / "kefu" / f"{name}.py").exists():
        raise ValueError(
            f"NAME: expected one that is free, got {name!r}: {(*taken, f'kefu.{name}')[0]}"
        )
    return chapter


def blanks(chapter: Chapter, name: str) -> dict[str, str]:
    """Return what is filled into the skeleton."""
    told = chapter.told()
    facts = [f"- {fact['says']}。" for fact in told["facts"].values()]
    terms = [term.partition("（")[0] for term in told["terms"]]
    rules = [rule for rule in data.rows("rules") if chapter.number in rule["chapter"].split(";")]
    return {
        "number": chapter.number,
        "plain": str(int(chapter.number)),
        "label": chapter.label,
        "title": chapter.title,
        "wing": chapter.wing,
        "name": name,
        "count": str(len(facts)),
        "facts": "\n".join(facts),
        "terms": "、".join(terms[:5]),
        "rules": "\n\n".join(map(card, rules[:2])),
        "chats": str(len(data.rows("chats"))),
    }


def card(rule: dict[str, str]) -> str:
    """Return a rule as a chapter's card."""
    slug = default_slugify(f"{rule['rule_id']}　{rule['title']}")
    name = f"[{rule['title']}](../../book/rules.md#{slug})"
    noted = f"（{rule['source']}，{rule['standing']}，{rule['as_of']}整理）"
    return f"> **规则卡　{name}**：{rule['text']}{noted}"


def notebook(source: str) -> str:
    """Return the notebook of a text in Markdown, whose ``python`` blocks are cells with their tags."""
    cells: list[Any] = []
    parts = CODE.split(source)  # prose, tags, code, prose, ...
    for prose, tags, code in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True):
        chunks = re.split(r"^(?=##)", prose, flags=re.M)
        cells += [nbformat.v4.new_markdown_cell(c.strip()) for c in chunks if c.strip()]
        if code:
            cell = nbformat.v4.new_code_cell(code.rstrip("\n"))
            if tags:
                cell.metadata.tags = tags.split()
            if hidden := [part for tag in tags.split() for part in FOLDED.get(tag, ())]:
                cell.metadata.jupyter = {part: True for part in hidden}
            cells.append(cell)
    for number, cell in enumerate(cells, start=1):
        cell.id = f"c{number:03}"
    return text(nbformat.v4.new_notebook(cells=cells))


def filled(part: str, values: dict[str, str]) -> str:
    """Return a part of the skeleton with its blanks filled in."""
    source = (SKELETON / part).read_text(encoding="utf-8")
    return BLANK.sub(lambda blank: values[blank[1]], source)


def with_places(plan: str, values: dict[str, str]) -> str:
    """Return a chapter's list with what a written chapter says besides: places, words, a formula."""

    def placed(fact: re.Match[str]) -> str:
        words = re.split(r"[^\w]", fact[2].lstrip("“"))[0]
        return f"  {fact[1]}:\n    says: {fact[2]}\n    words: {words}\n    section: {SECTION}"

    head, _, rest = PLAN.sub(placed, plan).partition("\nfacts:")
    demo = f"    section: {SECTION}\n    demo: 图{values['plain']}-1"
    rest = rest.replace(
        f"    section: {SECTION}", demo, 1
    )  # the skeleton's demo is there for the first
    least = "least: {数据实验: 2, 练习: 4, 小测: 8}\nlatin: []\ntables: []\n"
    return f"{head.rstrip()}\n{least}\nfacts:{rest.rstrip()}\n\n{filled('formulas.yml', values)}"


def with_pages(contents: str, chapter: Chapter, name: str) -> str:
    """Return ``_toc.yml`` with the chapter's page in its part, by its number, and its teachers' page in theirs."""
    page = f"notebooks/{chapter.wing}/{chapter.number}_{name}"
    with_chapter = with_page(contents, chapter.part.replace("　", " "), page)
    return with_page(with_chapter, "教师", chapter.teach)


def with_page(contents: str, wide: str, page: str) -> str:
    """Return ``_toc.yml`` with a page in a part, by its number."""
    lines = contents.splitlines(keepends=True)
    part = next((n for n, line in enumerate(lines) if f"caption: {wide}" in line), None)
    if part is None:
        raise ValueError(f"_toc.yml: expected a part with caption: {wide}")
    place = part + 2
    new = f"      - file: {page}\n"
    number = page.rpartition("/")[2]
    while place < len(lines) and lines[place].lstrip().startswith("- file:"):
        if lines[place].strip().rpartition("/")[2] > number and "notebooks/" in lines[place]:
            break
        place += 1
    return "".join([*lines[:place], new, *lines[place:]])


def with_demo(module: str, name: str) -> str:
    """Return ``demos/__init__.py`` with one more demo, imported and listed in the order of names."""
    head, listed = module.split("__all__ = [\n")
    top = [line for line in head.splitlines() if not line.startswith("from ")]
    imports = [line for line in head.splitlines() if line.startswith("from ")]
    imports.append(f"from kefu.demos.{name} import {name}")
    names = [*listed.removesuffix("]\n").splitlines(), f'    "{name}",']
    return (
        "\n".join([*top[:2], *sorted(imports)])
        + "\n\n__all__ = [\n"
        + "\n".join(sorted(names))
        + "\n]\n"
    )


def make(chapter: Chapter, name: str, root: Path = ROOT) -> list[Path]:
    """Write the skeleton of a chapter into the book; return the files that are new."""
    values = blanks(chapter, name)
    contents, demos = root / "_toc.yml", root / "widgets" / "kefu" / "demos" / "__init__.py"
    changed = {
        contents: with_pages(contents.read_text(encoding="utf-8"), chapter, name),
        demos: with_demo(demos.read_text(encoding="utf-8"), name),
        chapter.source: with_places(chapter.source.read_text(encoding="utf-8"), values),
    }
    new = {root / path: filled(part, values) for path, part in files(chapter, name).items()}
    for path, content in {**new, **changed}.items():
        made = notebook(content) if path.suffix == ".ipynb" else content
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made, encoding="utf-8")
    return list(new)


def main() -> None:
    """Make the skeleton, run its notebook, write the book's lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", help="such as 03")
    parser.add_argument("name", help="such as desk: the name of files, model and demo")
    parser.add_argument("--wing", default="", help="only to be sure: the plan says it")
    parser.add_argument("--title", default="", help="only to be sure: the plan says it")
    given = parser.parse_args()
    try:
        chapter = planned(given.number, given.name, given.wing, given.title)
        new = make(chapter, given.name)
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    for path in new:
        print(f"kefu: made {path.relative_to(ROOT).as_posix()}")
    numbered = ["--chapter", chapter.number]
    code = [str(path) for path in new if path.suffix == ".py"]
    for command in (
        [
            "ruff",
            "check",
            "--quiet",
            "--fix",
            "--select=I",
            *code,
        ],  # by the wing's name in the alphabet
        ["tools.explore", *numbered],
        ["tools.notebooks", *numbered],
        ["tools.reference"],
    ):
        subprocess.run([PYTHON, "-m", *command], cwd=ROOT, check=True)
    print(
        f"kefu: {chapter.label} stands; write it, then run:\n"
        f"  make notebooks CHAPTER={chapter.number}   run its cells, store their outputs\n"
        "  make lists                 after a change of its NN_chapter.yml or its headings\n"
        f"  make check CHAPTER={chapter.number}       everything that a chapter has to pass"
    )


if __name__ == "__main__":
    main()
