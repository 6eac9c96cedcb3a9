"""A chapter as an assignment for nbgrader: ``python -m tools.marks.nbgrader --chapter 02``.

Made from the same notebook: the solutions in regions that nbgrader takes out, points from the stars,
arguments that the book does not show as hidden tests. What it cannot keep apart is said in
``WEAKNESSES``, which goes into the folder as a note: nbgrader runs what students hand in beside its
own tests, so ``make marks`` is what to believe where both can be had.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import sys
import textwrap
import warnings
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from tools.marks.__main__ import SEED
from tools.marks.chapter import Exercise, exercises
from tools.marks.chapter import cells as read
from tools.marks.judge import Bench
from tools.paths import BUILD, ROOT
from web import book

TO = BUILD / "nbgrader"
DETAILS = re.compile(r"<details>.*?</details>\s*", re.S)
PART = re.compile(r"(?m)^(?=### |## )")
WEAKNESSES = """\
# 用nbgrader之前要知道

这份作业是从书里的笔记本做的：参考解答在SOLUTION区里，分数就是星数，书上没有的例子在HIDDEN TESTS区里（种子{seed}）。\
放到课程的`source/{number}/`下，再运行`nbgrader generate_assignment {number}`。笔记本用到书的包`kefu`和旁边的文件，\
学生的环境里要先装好。

nbgrader挡不住的（试过0.9.5与0.9.6）：

- 学生的代码和检查在同一个进程里运行：改掉`kefu.demos.check`里的比较、返回一个“跟什么都相等”的对象、\
读出隐藏的例子，都能拿满分。
- 批改时没有隔开：代码能上网、能写文件，连成绩库都能改。
- 一格里的`os._exit`、占满内存，会让整章没有成绩，不是只丢那一题。
- 隐藏的例子要靠nbgrader在发作业时去掉：`source`这个文件夹不要发给学生。
- 一题只有对和错，没有部分分；判断题要人批。
- 小测的答案不在笔记本里，这里批不到。

信得过的分数，请用`make marks`：练习在沙箱里重新运行，应得的结果不进沙箱。
"""


def literal(value: Any) -> str:
    """Return Python for a value, which needs no import to be read."""
    kind = type(value)
    if kind in (list, set) and value:
        inside = ", ".join(map(literal, value))
        return f"[{inside}]" if kind is list else f"{{{inside}}}"
    if kind is tuple:
        return f"({''.join(f'{literal(one)}, ' for one in value)})"
    if kind is dict:
        return f"{{{', '.join(f'{literal(key)}: {literal(one)}' for key, one in value.items())}}}"
    if kind in (Decimal, Fraction):
        return f"__import__('{kind.__module__.lstrip('_')}').{kind.__name__}('{value}')"
    if kind in (date, datetime, timedelta):
        return f"__import__('datetime').{repr(value).removeprefix('datetime.')}"
    if type(value).__module__ == "numpy":
        return literal(value.item())
    return repr(value)


def answer(stub: str, solution: str, name: str) -> str:
    """Return the cell in which to write, with the solution in a region that is taken out.

    What the solution does before its function is done inside of it, so that nothing is given away.
    """
    tree = ast.parse(solution)
    (made,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name)
    lines = solution.splitlines()
    first = [ast.get_source_segment(solution, n) or "" for n in tree.body[: tree.body.index(made)]]
    body = textwrap.dedent("\n".join(lines[made.body[0].lineno - 1 : made.end_lineno]))
    region = "\n".join(["### BEGIN SOLUTION", *first, body, "### END SOLUTION"])
    kept = stub.rstrip().removesuffix("return None").rstrip()
    return f"{kept}\n{textwrap.indent(region, '    ')}\n"


def tests(one: Exercise, cases: list[tuple[Any, Any, str, bool]], check: str) -> str:
    """Return the cell that tests: the book's own check, then each case as one that fails."""
    ask = f"    assert _equal({one.checked}(*_given), _wanted), _why"
    parts = [check.rstrip(), "", "from kefu.demos.check import equal as _equal", "",
             f"for _given, _wanted, _why in {one.cases}:", ask]  # fmt: skip
    hidden = [(given, wanted) for given, wanted, _, public in cases if not public]
    if hidden:
        told = [f"    ({literal(given)}, {literal(wanted)})," for given, wanted in hidden]
        parts += ["### BEGIN HIDDEN TESTS", f"_why = {cases[0][2]!r}", "for _given, _wanted in [", *told, "]:", ask,
                  "### END HIDDEN TESTS"]  # fmt: skip
    return "\n".join(parts)


def marked(kind: str, name: str, points: int | None, *, solution: bool) -> dict[str, Any]:
    """Return nbgrader's notes on a cell; points make it one that is graded."""
    notes: dict[str, Any] = {
        "schema_version": 3, "grade_id": name, "solution": solution, "grade": points is not None,
        "locked": not solution, "task": False, "cell_type": kind,
    }  # fmt: skip
    return {"nbgrader": notes if points is None else {**notes, "points": points}}


def assignment(notebook: Path, bench: Bench) -> dict[str, Any]:
    """Return the notebook as nbgrader's source of an assignment."""
    told: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
    own = read(notebook)
    sources = {cell.id: cell.source for cell in own}
    made = exercises(own)
    tasks, checks = {one.cell: one for one in made}, {one.check: one for one in made}
    solved = {one.solution for one in made}
    cases = {one.cell: found for one, found in zip(bench.exercises, bench.cases, strict=True)}
    done: list[dict[str, Any]] = []
    asked = False  # whether this is among the exercises, whose folded texts are solutions
    for cell in told["cells"]:
        name, source = cell["id"], sources[cell["id"]]
        if name in solved:
            continue
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None, "metadata": {}}
        if name in tasks:
            one = tasks[name]
            source = answer(source, sources[one.solution], one.name)
            cell["metadata"] = marked("code", f"answer-{one.number}", None, solution=True)
        elif name in checks:
            one = checks[name]
            source = tests(one, cases[one.cell], source)
            cell["metadata"] = marked("code", f"test-{one.number}", one.stars, solution=False)
        elif cell["cell_type"] == "markdown":
            if source.strip() == "**参考解答**：":
                continue
            done += _texts(cell, source, asked, {one.number for one in made})
            asked = "## 小测" not in source and (asked or "## 练习" in source)
            continue
        done.append({**cell, "source": source.splitlines(keepends=True)})
    told["cells"] = done
    return told


def _texts(cell: dict[str, Any], source: str, asked: bool, coded: set[int]) -> list[dict[str, Any]]:
    """Return the cells of a text; among the exercises without solutions, with cells for what a person marks."""
    found: list[dict[str, Any]] = []
    for at, part in enumerate(PART.split(source)):
        asked = (asked or part.startswith(("## 练习", "### 练习"))) and not part.startswith(
            "## 小测"
        )
        text = DETAILS.sub("", part).rstrip().removesuffix("**参考解答**：") if asked else part
        if text.strip():
            name = f"{cell['id']}-{at}" if at else cell["id"]
            found.append({**cell, "id": name, "source": text.rstrip().splitlines(keepends=True)})
        head = re.match(r"### 练习(\d+) (★+)", part)
        if head and int(head[1]) not in coded:
            notes = marked("markdown", f"written-{head[1]}", len(head[2]), solution=True)
            found.append({"cell_type": "markdown", "id": f"{cell['id']}-{at}w", "source": ["在这里写你的回答。"],
                          "metadata": notes})  # fmt: skip
    return found


def main(arguments: list[str] | None = None) -> None:
    """Write an assignment and the note on what nbgrader cannot keep apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chapter", required=True, help="such as 02")
    parser.add_argument("--seed", type=int, default=SEED, help="of the hidden tests; a secret")
    parser.add_argument("--to", type=Path, default=TO, help="the folder of the course")
    given = parser.parse_args(arguments)
    try:
        notebook = book.ready(given.chapter)
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    import matplotlib

    matplotlib.use("agg")
    warnings.simplefilter("ignore")
    folder = given.to / "source" / given.chapter
    folder.mkdir(parents=True, exist_ok=True)
    told = assignment(notebook, Bench(notebook, given.seed, None))
    target = folder / notebook.name
    target.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for beside in notebook.parent.glob(f"{given.chapter}_*"):
        if beside.suffix in {".json", ".toml", ".csv", ".py"}:
            (folder / beside.name).write_bytes(beside.read_bytes())
    note = given.to / f"README-{given.chapter}.md"
    note.write_text(WEAKNESSES.format(seed=given.seed, number=given.chapter), encoding="utf-8")
    for path in (target, note):
        print(f"kefu: {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")


if __name__ == "__main__":
    main()
