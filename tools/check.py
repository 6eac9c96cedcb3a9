"""Check one chapter: lint, models, demos, list, form, claims, stored outputs, the page: ``make check CHAPTER=03``.

Only what the chapter needs is built and run, in two lanes beside each other. Each part says how it
ended; a part that failed shows its own words. ``make test`` runs the same checks for the whole book.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from posixpath import normpath

import nbformat
import yaml

from tools.paths import BUILD, PYTHON, ROOT
from web import book
from web.book import Chapter

LINK = re.compile(r"\[([^][]*)\]\(([^)\s#:]+\.(?:md|ipynb))(#[^)\s]*)?\)")
PLACE = re.compile(r"^(?:#{1,6} .*|\([\w-]+\)=|\{[.#].*\})$", re.M)
DEMO = re.compile(r"\bdemos\.(\w+)\(")
PYTEST = (PYTHON, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider")
Command = list[str | Path]


def folder_of(number: str) -> Path:
    """Return the folder of the small book of a chapter; the live engine is the whole book's."""
    return BUILD / "check" / number


def own_tests(chapter: Chapter, root: Path = ROOT) -> list[str]:
    """Return the tests of the demos that a chapter shows, and of the models under these and under it."""
    assert chapter.path
    cells = nbformat.read(chapter.path, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    package = root / "widgets" / "kefu"
    homes = _homes((package / "demos" / "__init__.py").read_text(encoding="utf-8"))
    shown = {homes[name] for name in DEMO.findall(code) if name in homes} - {"check"}
    models = _models(code)
    for demo in shown:
        models |= _models((package / "demos" / f"{demo}.py").read_text(encoding="utf-8"))
    files = [f"tests/{model.replace('.', '/test_')}.py" for model in sorted(models)]
    files += [f"tests/demos/test_{demo}.py" for demo in sorted(shown)]
    files.append(f"tests/{chapter.wing}/test_chapter.py")
    return [file for file in files if (root / file).is_file()]


def _homes(module: str) -> dict[str, str]:
    """Return the module of every demo, by the imports of ``demos/__init__.py``."""
    imports = [node for node in ast.parse(module).body if isinstance(node, ast.ImportFrom)]
    return {name.name: (i.module or "").rpartition(".")[2] for i in imports for name in i.names}


def _models(code: str) -> set[str]:
    """Return the modules of wings that a piece of code imports, such as ``presales.freight``."""
    wings = "|".join(book.WINGS)
    tree = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
    named = {node.module or "" for node in tree}
    named |= {f"{node.module}.{one.name}" for node in tree for one in node.names}
    return {
        found[1] for name in named if (found := re.fullmatch(rf"kefu\.((?:{wings})\.\w+)", name))
    }


A_FRAME = (
    '<table border="1" class="dataframe"><thead><tr><th></th><th>n</th></tr></thead>'
    "<tbody><tr><th>0</th><td>1</td></tr></tbody></table>"
)
"""A table of pandas, for the step that shapes them and fails a book without one: a chapter may show none."""


def small_book(chapter: Chapter, folder: Path, root: Path = ROOT) -> list[str]:
    """Write a book of one chapter into ``folder``; return the links whose page is not there.

    Of a page to which the chapter leads only the headings are kept, so that links and their places
    are tried without building what they lead to; the glossary is whole, since its terms are shown.
    """
    assert chapter.path
    for part in ("book", "notebooks", "_build/html"):
        shutil.rmtree(folder / part, ignore_errors=True)
    (folder / "_build").mkdir(parents=True, exist_ok=True)
    (root / "_build" / "live").mkdir(parents=True, exist_ok=True)
    for name in ("web", "widgets", "datasets", "_build/live"):
        if not (folder / name).is_symlink():
            (folder / name).symlink_to(root / name, target_is_directory=True)
    shutil.copy(root / "_config.yml", folder)
    place = folder / "notebooks" / chapter.wing
    place.mkdir(parents=True)
    for path in chapter.source.parent.glob(f"{chapter.number}_*.*"):
        shutil.copy(path, place)
    home = f"notebooks/{chapter.wing}"
    linked = {"book/glossary.md", *_links(chapter.path, home)}
    lost = sorted(page for page in linked if not (root / page).is_file())
    pages = sorted(
        page for page in linked if (root / page).is_file() and page != f"{chapter.page}.ipynb"
    )
    for page in pages:
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        _stub(root / page, folder / page, whole=page == "book/glossary.md")
        for plan in (root / page).parent.glob(f"{Path(page).name[:2]}_chapter.yml"):
            shutil.copy(plan, (folder / page).parent)  # a chapter is one by its list
    cover = folder / "book" / "index.md"
    head = cover.read_text(encoding="utf-8") if cover.exists() else "# 网店客服\n"
    cover.write_text(f"{head}\n{A_FRAME}\n", encoding="utf-8")
    taught = [chapter.teach] if (root / f"{chapter.teach}.md").is_file() else []
    listed = [
        chapter.page,
        *taught,
        *(page.rpartition(".")[0] for page in pages if page != "book/index.md"),
    ]
    shown = {"caption": chapter.part, "chapters": [{"file": page} for page in listed]}
    contents = {"format": "jb-book", "root": "book/index", "parts": [shown]}
    text = yaml.safe_dump(contents, allow_unicode=True, sort_keys=False)
    (folder / "_toc.yml").write_text(text, encoding="utf-8")
    return [f"{chapter.path.name} links to {page}, which is not there" for page in lost]


def _links(path: Path, home: str) -> set[str]:
    """Return the pages to which a notebook's prose leads, as paths in the project."""
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return {normpath(f"{home}/{target}") for _, target, _ in LINK.findall(prose)}


def _stub(source: Path, target: Path, *, whole: bool) -> None:
    """Copy a page without its links to others, and unless ``whole`` without all but its headings."""
    if source.suffix == ".ipynb":
        notebook = nbformat.read(source, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        for cell in notebook.cells:
            cell.source = "\n\n".join(PLACE.findall(cell.source))
        notebook.cells = [cell for cell in notebook.cells if cell.source]
        nbformat.write(notebook, target)
        return
    text = source.read_text(encoding="utf-8")
    text = text if whole else "\n\n".join(PLACE.findall(text))
    target.write_text(LINK.sub(r"\1", text) + "\n", encoding="utf-8")


def run(name: str, commands: Iterable[Command], number: str) -> bool:
    """Run a part's commands one after another until one fails; say how the part ended."""
    start = time.monotonic()
    env = {**os.environ, "PYTHONHASHSEED": "0", "KEFU_CHAPTER": number}
    for command in commands:
        done = subprocess.run([*map(str, command)], cwd=ROOT, env=env, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        if done.returncode:
            print(f"{done.stdout.rstrip()}\nkefu: {name}: FAILED", flush=True)
            return False
    print(f"kefu: {name}: passed, {time.monotonic() - start:.0f} s", flush=True)
    return True


def parts(chapter: Chapter) -> tuple[dict[str, list[Command]], dict[str, list[Command]]]:
    """Return the parts of both lanes, each with its commands."""
    assert chapter.path
    stem = f"{chapter.number}_{chapter.name}"
    claims = ROOT / "tests" / "notebooks" / f"test_{chapter.name}_claims.py"
    files = (f"{chapter.number}_{name}" for name in ("quiz", "guesses", "explore"))
    label = f"u{ord(chapter.label[0]):x}{'' if chapter.practice else chapter.number}"
    form = f"{stem} and not second_run and not tables or {label} or settings"
    form = " or ".join([form, *files])
    # pytest writes 第 in a test's name as \\u7b2c, 实 as \\u5b9e
    form += " or page_is_what or every_notebook or no_fact"
    checked = (
        "tests/notebooks/test_notebooks.py",
        "tests/notebooks/test_form.py",
        "tests/notebooks/test_explorers.py",
        "tests/tools/reference",
        "tests/demos/test_quiz.py",
        "tests/demos/test_guess.py",
    )
    return {
        "page": [[PYTHON, "-m", "tools.check", "--build", chapter.number],
                 [*PYTEST, "tests/chapter_page.py"]],
    }, {
        "lint": [["make", "--no-print-directory", "lint"]],
        "models and demos": [[*PYTEST, *own]] if (own := own_tests(chapter)) else [],
        "list": [[PYTHON, "-m", "tools.reference.faults", chapter.number]],
        "form": [[*PYTEST, *checked, "-k", form]],
        "claims": [[*PYTEST, claims]] if claims.is_file() else [],
        "stored outputs (nbval)": [[*PYTEST, "--nbval", chapter.path]],
    }  # fmt: skip


def check(chapter: Chapter) -> list[str]:
    """Run all parts; return the names of those that failed."""

    def lane(listed: dict[str, list[Command]]) -> list[str]:
        return [name for name, todo in listed.items() if not run(name, todo, chapter.number)]

    with ThreadPoolExecutor() as pool:
        return [name for failed in pool.map(lane, parts(chapter)) for name in failed]


def main() -> None:
    """Check a chapter, or with ``--build`` only build its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", help="such as 03")
    parser.add_argument("--build", action="store_true", help="build the small book, check nothing")
    given = parser.parse_args()
    try:
        chapter = book.chapter(given.number)
        book.ready(given.number)
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    if given.build:
        from tools import site  # what builds pages is slow to import

        folder = folder_of(given.number)
        if lost := small_book(chapter, folder):
            sys.exit("\n".join(lost))
        site.build(folder)
        return
    start = time.monotonic()
    if failed := check(chapter):
        sys.exit(f"kefu: {chapter.label}: failed: {', '.join(failed)}")
    print(f"kefu: {chapter.label}: all passed, {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    main()
