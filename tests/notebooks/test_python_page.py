"""够用的Python: what it says is so, its exercises are solvable, and it needs nothing that it has not taught."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from kefu import data
from kefu.explore import load
from tools import tables
from tools.paths import ROOT
from web import book

PATH = ROOT / "book" / "python.ipynb"
CELLS: list[NotebookNode] = nbformat.read(PATH, as_version=4).cells
PROSE = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")


def tagged(cell: NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def run(*sources: str) -> tuple[str, Any]:
    """What cells print, and the value of the last line of the last one."""
    space: dict[str, Any] = {}
    value = None
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for source in sources:
            tree = ast.parse(source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, "cell", "exec"), space)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), "cell", "eval"), space)
    return out.getvalue(), value


def cell(start: str) -> str:
    """The one cell that begins so."""
    (found,) = (c.source for c in CELLS if c.cell_type == "code" and c.source.startswith(start))
    return str(found)


def answer(guess: str) -> str:
    """The folded answer below a guess."""
    at = PROSE.index(guess)
    return PROSE[PROSE.index("</summary>", at) : PROSE.index("</details>", at)]


def test_every_guess_and_change_has_its_folded_answer() -> None:
    asked = [m.start() for m in re.finditer(r"^\*\*(先猜|改一改)\*\*：", PROSE, re.M)]
    folds = [m.start() for m in re.finditer(r"<summary>答案</summary>", PROSE)]
    assert len(asked) == len(folds) >= 10
    for (at, fold), follows in zip(
        zip(asked, folds, strict=True), [*asked[1:], len(PROSE)], strict=True
    ):
        assert at < fold < follows


def test_the_answers_to_the_guesses_are_what_the_changed_cells_give() -> None:
    first, cart = cell("price = 129\nprice * 2"), cell("cart = [129, 149, 19.9, 19.9]\nprint")
    _, value = run(first.replace("price * 2", "price * 2 + 19.9"))
    assert f"`{value}`" in answer("price * 2 + 19.9")
    line = "price = price - 35  # 用掉一张35元的券\n"
    _, value = run(cell("price = 129\nprice = price - 35").replace(line, line * 2))
    assert f"`{value}`" in answer("把第二行再抄一遍")
    assert run('"129" * 2')[1] == "129129"
    assert "'129129'" in answer('`"129" * 2`')
    assert "第一件： 19.9 元" in run(cart.replace("cart[0]", "cart[3]"))[0]
    with pytest.raises(IndexError):
        run(cart.replace("cart[0]", "cart[4]"))
    assert "19.9元" in answer("改成`cart[3]`")
    assert "IndexError" in answer("改成`cart[3]`")
    assert run(cart, "round(sum(cart))")[1] == 318
    assert run(cell("amount = 76").replace("76", "88"))[0] == "包邮\n"
    loop = cell("total = 0").replace("print", "    print")
    assert "、".join(run(loop)[0].split()) in answer("把最后一行也缩进")
    two = cell("for name, price in")
    printed = run(two)[0]
    assert "129.00元，是牛仔裤的87%" in printed
    assert "| `{price:.2f}` | 两位小数 | 129.00 |" in PROSE
    assert f"{129:+}" == "+129"
    assert "`86.6%`" in answer("把`.0%`改成`.1%`")
    assert "是牛仔裤的86.6%" in run(two.replace(".0%", ".1%"))[0]
    assert run(cell("def payable"), "payable(payable(76))")[1] == 88
    assert run("[price * 2 for price in [10, 20]]")[1] == [20, 40]
    broken = cell('price = 129\nprint("两条"')
    with pytest.raises(NameError, match="name 'prise' is not defined"):
        run(broken.replace("price * 2", "prise * 2"))
    with pytest.raises(SyntaxError):
        run(broken.replace(",", "，"))


def test_the_explorers_answer_is_so() -> None:
    told = load("02_explore.toml", "late")
    names = {one.id: one.name for one in told.groups}
    assert (names["weekday"], names["slot"]) == ("星期几", "付款时段")
    days = {bar.name: bar.value for bar in told.by("weekday", "late")}
    assert max(days, key=lambda day: days[day]) == "星期六"
    slots = [bar.value for bar in told.by("slot", "late", {"weekday": "星期六"})]
    assert slots == sorted(slots)
    assert slots[-1] > slots[0]


def test_prices_are_those_of_the_shop() -> None:
    prices = {row["title"]: float(row["price"]) for row in data.rows("products")}
    titles = ("羊毛围巾", "直筒牛仔裤", "中筒袜三双装", "羽丝绒枕芯", "加厚毛巾")
    assert [prices[title] for title in titles] == [129, 149, 19.9, 89, 16.8]
    assert "枕芯（89元）、两条毛巾（各16.8元）" in PROSE


def test_five_exercises_begin_unwritten_and_their_solutions_pass() -> None:
    stubs = [place for place, one in enumerate(CELLS) if tagged(one, "exercise")]
    assert len(stubs) == 5
    for place in stubs:
        stub, check, _, solution = CELLS[place : place + 4]
        assert tagged(solution, "solution")
        with_demos = "from kefu import demos"
        assert "0/" in run(with_demos, stub.source, check.source)[0]
        assert "全对！" in run(with_demos, stub.source, check.source, solution.source)[0]


def test_the_page_runs_without_pandas_but_for_the_two_cells_that_say_so() -> None:
    tables.run(PATH)  # raises where a live cell needs what the page has not
    dead = [c.source for c in CELLS if c.cell_type == "code" and not tagged(c, "live")
            and not tagged(c, "solution")]  # fmt: skip
    assert len(dead) == 2
    assert "下面两格要用到pandas" in PROSE


def test_it_is_the_second_page_of_the_book() -> None:
    assert book.pages().index("book/python") == book.pages().index("book/how-to-use") + 1
    listed = tables.run(PATH).opened
    lists = {f"{table}.csv" for one in book.written() for table in one.told().get("tables", [])}
    assert set(listed) <= lists
