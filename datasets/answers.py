"""Write a class's answer key: ``python -m datasets.answers --seed 7``.

Makes the shop of that seed, runs the chapters' notebooks on it and on the book's own, and notes what
the solutions give for every exercise whose answer the data decide: the same code that students see
unfolded, judged by the same check cells. The key is for the teacher, so it is not written into the
folder of tables, which students get.
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import json
import re
import sys
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, nullcontext, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from datasets.generate import CUSTOMERS, make
from kefu import data
from kefu.demos.check import equal, shown

ROOT = Path(__file__).parents[1]
KEYS = ROOT / "_build" / "answers"
EXERCISE = re.compile(r"^### (练习.+)$", re.M)


@dataclass(frozen=True)
class Answer:
    """What an exercise's solution gives with the data in use, or that they do not matter.

    ``answer`` is None where the check gives the arguments and both shops the same results, which the
    data then do not decide; ``passed`` tells whether the check cell agrees; ``printed`` is what the
    solution cell prints beside the check; ``book`` is the answer with the book's own data.
    """

    chapter: str
    exercise: str
    function: str
    answer: str | None
    why: str
    passed: bool
    printed: str
    given: bool
    book: str | None = None


def notebooks() -> list[Path]:
    """Return the chapters' notebooks in the order of the book."""
    return sorted((ROOT / "notebooks").glob("*/[0-9][0-9]_*.ipynb"), key=lambda path: path.name)


def answers(notebook: Path) -> list[Answer]:
    """Run a notebook's cells on the data in use, to its last solution; return the answers."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        cell["source"] = "".join(cell["source"])
    last = max((n for n, cell in enumerate(cells) if _solves(cell)), default=-1)
    space: dict[str, Any] = {"__name__": "__main__"}
    title, found = "", []
    with chdir(notebook.parent), _unseen():
        for cell in cells[: last + 1]:
            if cell["cell_type"] == "markdown":
                title = (EXERCISE.findall(cell["source"]) or [title])[-1]
            if cell["cell_type"] != "code":
                continue
            with redirect_stdout(io.StringIO()) as out:
                exec(compile(cell["source"], f"{notebook.stem} {cell['id']}", "exec"), space)
            if _solves(cell):
                for function, cases in _checks(cell["source"]):
                    seen = _judged(space[function], space[cases], _beside(out.getvalue()))
                    found.append(replace(seen, chapter=notebook.stem[:2], exercise=title))
    return found


def _solves(cell: dict[str, Any]) -> bool:
    return "solution" in cell["metadata"].get("tags", [])


def _checks(source: str) -> Iterator[tuple[str, str]]:
    """Yield the names of function and cases of each ``demos.check`` in a cell."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "demos.check":
            function, cases = (ast.unparse(argument) for argument in node.args)
            yield function, cases


def _judged(function: Any, cases: Sequence[tuple[Any, ...]], printed: str) -> Answer:
    """Return what a solution gives in the cases of its check."""
    results = [function(*arguments) for arguments, _, _ in cases]
    passed = all(equal(got, case[1]) for got, case in zip(results, cases, strict=True))
    answer = "；".join(
        f"{'、'.join(map(shown, arguments))} → {shown(got)}" if arguments else shown(got)
        for (arguments, _, _), got in zip(cases, results, strict=True)
    )
    given = any(arguments for arguments, _, _ in cases)
    return Answer("", "", function.__name__, answer, cases[0][2], passed, printed, given)


def _beside(printed: str) -> str:
    """Return what a solution cell prints besides the lines of its check."""
    kept = [line for line in printed.splitlines() if not re.match(r"[✓✗…]|[0-9]+/[0-9]+通过", line)]
    return "；".join(kept)


@contextmanager
def _unseen() -> Iterator[None]:
    """Draw figures where nobody sees them, and close them at the end."""
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of figures that agg cannot show
        yield
    plt.close("all")


def key(folder: Path, chapters: Sequence[Path]) -> list[Answer]:
    """Return the answers of some chapters with a folder's data, beside those of the book's own.

    All chapters are run on the one shop, then on the other: what is made of a shop's tables, such as
    bots that learn, is forgotten when another is in use. Leaves the folder in use as it was.
    """
    before = data.folder()
    found = []
    try:
        data.use()
        books = [[one.answer for one in answers(chapter)] for chapter in chapters]
        data.use(folder)
        for chapter, book in zip(chapters, books, strict=True):
            found += [
                replace(one, answer=None)
                if one.given and one.answer == other
                else replace(one, book=other)
                for one, other in zip(answers(chapter), book, strict=True)
            ]
    finally:
        data.use(before)
    return found


HEAD = """\
# 答案：种子{seed}的店

这家店是`python -m datasets.generate --seed {seed} --customers {customers}`做的。下面是答案看数据的练习\
用这家店的数据算出的答案，与书上那家店的并列；检查格按学生用的数据判对错，两家店都适用。正文里的数字和图是书上那家店的，换了数据会不一样。\
判断题按书里的评分表给分；数据不影响的练习，答案见书。
"""


SMALL = "（店太小，没有答案：这道题请用大些的店）"
REFUSED = "（检查格不认，请报告）"


def document(found: Sequence[Answer], seed: int, customers: int) -> str:
    """Return the key as Markdown."""
    parts = [HEAD.format(seed=seed, customers=customers)]
    for chapter in sorted({one.chapter for one in found}):
        own = [one for one in found if one.chapter == chapter]
        free = [one for one in own if one.answer is not None]
        lines = ["| 练习 | 函数 | 本班的答案 | 书上的答案 | 要点 |", "|---|---|---|---|---|"]
        lines += [
            f"| {one.exercise} | `{one.function}()` | **{one.answer}**"
            f"{SMALL if one.answer == 'None' else '' if one.passed else REFUSED} | {one.book} "
            f"| {one.why} |"
            for one in free
        ]
        others = [one.exercise.split()[0] for one in own if one.answer is None]
        parts.append(f"## 第{chapter}章\n\n" + "\n".join(lines if free else ["没有看数据的练习。"]))
        parts += [
            f"{one.exercise.split()[0]}的解答还打印：{one.printed}" for one in free if one.printed
        ]
        if others:
            parts.append(f"数据不影响：{'、'.join(others)}。")
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def table(found: Sequence[Answer]) -> str:
    """Return the key as the text of a CSV that Excel opens, with its mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        ["章", "练习", "函数", "本班的答案", "书上的答案", "要点", "解答还打印", "检查格认可"]
    )
    writer.writerows(
        [one.chapter, one.exercise, one.function, one.answer, one.book, one.why, one.printed,
         "是" if one.passed else "否"]
        for one in found
        if one.answer is not None
    )  # fmt: skip
    return "\ufeff" + out.getvalue()


def main() -> None:
    """Make the shop, write both forms of the key, fail where a check refuses a solution."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="of the class's shop")
    parser.add_argument("--customers", type=int, default=CUSTOMERS, help="as for datasets.generate")
    parser.add_argument("--folder", type=Path, help="keep the shop's tables here")
    parser.add_argument("--to", type=Path, default=KEYS, help="where to write the key")
    given = parser.parse_args()
    if not 1000 <= given.customers <= 1_000_000:
        parser.error(f"--customers: expected 1000 to 1000000, got {given.customers}")
    given.to.mkdir(parents=True, exist_ok=True)
    made = nullcontext(given.folder) if given.folder else tempfile.TemporaryDirectory()
    with made as folder:
        make(given.seed, given.customers, Path(folder))
        found = key(Path(folder), notebooks())
    for suffix, text in (
        (".md", document(found, given.seed, given.customers)),
        (".csv", table(found)),
    ):
        file = given.to / f"seed-{given.seed}{suffix}"
        file.write_text(text, encoding="utf-8", newline="")
        print(f"kefu: {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}")
    if refused := [f"{one.chapter} {one.exercise}" for one in found if not one.passed]:
        sys.exit(f"kefu: the check refuses the solution of {', '.join(refused)}")


if __name__ == "__main__":
    main()
