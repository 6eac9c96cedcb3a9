"""Twenty made-up submissions for chapter 02: honest, unlucky and wicked ones."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.marks.chapter import Exercise, cells, exercises
from tools.marks.quizzes import Question
from tools.paths import ROOT
from web import book

PAGE = "notebooks/presales/02_preparation"
NOTEBOOK = ROOT / f"{PAGE}.ipynb"
BOOK = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
QUIZ: list[Question] = json.loads((NOTEBOOK.parent / "02_quiz.json").read_text(encoding="utf-8"))
CELLS = {cell.id: cell for cell in cells(NOTEBOOK)}
EXERCISES: list[Exercise] = exercises([*CELLS.values()])
MOST = sum(one.stars for one in EXERCISES)
SOLVED = {one.name: CELLS[one.solution].source.split("demos.check(")[0] for one in EXERCISES}
EDITION = book.edition()

WRONG = {
    "my_fee": "def my_fee(weight):\n    return -1",
    "best": "def best(shirts, cups):\n    return 119 * shirts",
    "heaviest": "def heaviest(*_):\n    return '火星'",
    "avoided": "def avoided(hour):\n    return -1",
}
ALWAYS = """class Same:
    def __eq__(self, other): return True
    def __float__(self): return 1.0
    __hash__ = None

class Text(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__

def {name}(*_):
    return {made}
"""
PATCHED = """import sys, builtins
import kefu.demos.check as c
c.equal = lambda *_: True
c.check = lambda *_: print('4/4通过，全对！')
for name, module in list(sys.modules.items()):
    for key in ('equal', 'pack', 'line', 'shown'):
        if hasattr(module, key):
            setattr(module, key, lambda *_: '["bool", true]')
def {name}(*_):
    return True
"""
SOURCE = """import glob, os, sys, json
def {name}(*given):
    found = []
    for top in ('.', {root!r} + '/notebooks', {root!r} + '/_build'):
        for path in glob.glob(top + '/**/*.ipynb', recursive=True):
            found += [''.join(c['source']) for c in json.load(open(path))['cells']]
    frame, space = sys._getframe(), {{}}
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            if isinstance(value, (list, tuple)) and len(value) == 3 and value[0] == given:
                return value[1]
        frame = frame.f_back
    for text in found:
        if 'def {name}(' in text and 'demos.check' in text:
            exec(text, space)
            return space[{name!r}](*given)
    open({root!r} + '/{page}.ipynb')
"""
OVERWRITES = """import os
def {name}(*_):
    for path in ({root!r} + '/_build/marks/marks.csv', {root!r} + '/{page}.ipynb',
                 {root!r} + '/widgets/kefu/demos/check.py', {mine!r}, '/marks/values.py', '/box/x'):
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w') as out:
                out.write('100')
                out.flush()
            return 'written ' + path
        except OSError:
            pass
    os.remove({root!r} + '/widgets/kefu/demos/check.py')
"""
NETWORK = """import socket
def {name}(*_):
    socket.create_connection(('{host}', {port}), 3).close()
    return 'reached'
"""


def same(source: str, **more: Any) -> dict[str, str]:
    """One wicked source for every exercise."""
    return {one.name: source.format(name=one.name, **more) for one in EXERCISES}


def right(question: Question) -> Any:
    """The right answer, as the page keeps it."""
    if question["kind"] == "number":
        return str(question["answer"])
    if question["kind"] == "order":
        return list(range(len(question["items"])))
    return [place for place, option in enumerate(question["options"]) if option["right"]]


def wrong(question: Question) -> Any:
    """A wrong answer."""
    if question["kind"] == "number":
        return str(question["answer"] + 1000)
    if question["kind"] == "order":
        return [*reversed(range(len(question["items"])))]
    return [next(place for place, option in enumerate(question["options"]) if not option["right"])]


def progress(
    number: str = "", name: str = "", codes: dict[str, str] | None = None,
    answer: Callable[[Question], Any] | None = right, edition: str | None = EDITION, at: int = 5,
) -> dict[str, Any]:  # fmt: skip
    """An export of the page of progress, which says that all was right, whatever it is."""
    by_name = {one.name: one for one in EXERCISES}
    answers = {f"02/{q['id']}": {"at": at, "answer": answer(q), "right": True, "first": True, "tries": 1}
               for q in QUIZ} if answer else {}  # fmt: skip
    return {
        **({"who": {"number": number, "name": name}} if number or name else {}),
        **({"edition": edition} if edition else {}),
        "kefu": 1, "pages": {}, "answers": answers, "guesses": {}, "talks": {}, "daily": {}, "days": {},
        "edits": {f"{PAGE}#{by_name[key].cell}": {"at": at, "text": text} for key, text in (codes or {}).items()},
        "exercises": {f"{PAGE}#{one.cell}": {"at": at} for one in EXERCISES},
    }  # fmt: skip


def notebook(
    codes: dict[str, str], change: Callable[[list[dict[str, Any]]], None] | None = None
) -> dict[str, Any]:
    """A notebook with these answers in their cells."""
    told = copy.deepcopy(BOOK)
    by_cell = {one.cell: codes[one.name] for one in EXERCISES if one.name in codes}
    for cell in told["cells"]:
        if cell["id"] in by_cell:
            cell["source"] = by_cell[cell["id"]].splitlines(keepends=True)
    if change:
        change(told["cells"])
    return told


def _checked(found: list[dict[str, Any]]) -> None:
    for cell in found:
        if cell["id"] in {one.check for one in EXERCISES}:
            cell["source"] = "print('4/4通过，全对！')"


def _deleted(found: list[dict[str, Any]]) -> None:
    (gone,) = (cell for cell in found if cell["id"] == EXERCISES[0].cell)
    found.remove(gone)


def _older(found: list[dict[str, Any]]) -> None:
    for at, cell in enumerate(found):
        cell["id"] = f"old{at}"


def hand_in(folder: Path, host: str, port: int) -> int:
    """Write all submissions into a folder; return how many files there are."""
    made = 0

    def put(name: str, told: Any) -> Path:
        nonlocal made
        made += 1
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(told, bytes):
            path.write_bytes(told)
        else:
            path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path

    root = str(ROOT)
    put("a/网店客服-学习进度-2026-03-01.json", progress("202601", "好的"))
    put("a/202601-好的-02_preparation.ipynb", notebook(SOLVED))
    put("202602.json", progress("202602", "错的", WRONG, wrong))
    put("202603.json", progress("202603", "空的", answer=None))
    put(
        "202604.json",
        progress("202604", "语法", {**SOLVED, "best": "def best(shirts, cups)\n    return 1"}),
    )
    put(
        "202605.json",
        progress("202605", "一半", {"my_fee": SOLVED["my_fee"], "best": WRONG["best"]}),
    )
    put(
        "202606.json",
        progress(
            "202606", "循环", {**SOLVED, "best": "def best(*_):\n    while True:\n        pass"}
        ),
    )
    put(
        "202607.json",
        progress("202607", "退出", {**SOLVED, "best": "import os\ndef best(*_):\n    os._exit(0)"}),
    )
    crash = "import ctypes\ndef best(*_):\n    ctypes.string_at(0)"
    put("202608.json", progress("202608", "崩溃", {**SOLVED, "best": crash}))
    shouts = "def best(*_):\n    for _ in range(200):\n        print('x' * 1_000_000)\n    return 1"
    put("202609.json", progress("202609", "话多", {**SOLVED, "best": shouts}))
    eats = "def best(*_):\n    return len(bytearray(8 << 30))"
    put("202610.json", progress("202610", "吃撑", {**SOLVED, "best": eats}))
    put("202611-改了检查-02_preparation.ipynb", notebook(WRONG, _checked))
    put("202612.json", progress("202612", "打补丁", same(PATCHED)))
    liar = {
        **same(ALWAYS, made="Same()"),
        "heaviest": ALWAYS.format(name="heaviest", made="Text('x')"),
    }
    put("202613.json", progress("202613", "都相等", liar))
    put("202614.json", progress("202614", "偷看", same(SOURCE, root=root, page=PAGE)))
    put("202615.json", progress("202615", "上网", same(NETWORK, host=host, port=port)))
    over = same(OVERWRITES, root=root, page=PAGE, mine=str(folder / "202602.json"))
    put("202616.json", progress("202616", "改文件", over))
    put("202617 删格/02_preparation.ipynb", notebook(SOLVED, _deleted))
    put("202618.json", progress("202618", "旧版", SOLVED, edition="0.0.9"))
    put("202618-旧版-02_preparation.ipynb", notebook(SOLVED, _older))
    twice = progress("202619", "两份", SOLVED)
    put("202619.json", twice)
    put("202619 (1).json", twice)
    put("照片.jpg", b"\xff\xd8\xff\xe0 no submission")
    return made
