"""Marks of the twenty made-up submissions: nothing lost, each told, no cheat believed."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu import data
from tests.tools import submissions
from tests.tools.submissions import (
    EXERCISES,
    MOST,
    QUIZ,
    SOLVED,
    WRONG,
    hand_in,
    notebook,
    progress,
)
from tools.marks import __main__ as command
from tools.marks import jail
from tools.marks.marker import Marker, shop
from web import book

CHAPTER = book.chapter("02")
MARKS = {
    "202601": MOST, "202602": 0, "202603": 0.0, "202604": MOST - 2, "202605": 1, "202606": MOST - 2,
    "202607": MOST - 2, "202608": MOST - 2, "202609": MOST - 2, "202610": MOST - 2, "202611": 0,
    "202612": 0, "202613": 0, "202614": 0, "202615": 0, "202616": 0, "202617": MOST - 1,
    "202618": MOST, "202619": MOST, "": None,
}  # fmt: skip
"""What each must get for the exercises."""
TOLD = {
    "202601": "", "202602": "", "202603": "练习都没有写", "202604": "练习2：第1行出错：SyntaxError",
    "202605": "", "202606": "练习2：太久没有结束", "202607": "练习2：程序中途自己退出了", "202608": "练习2：程序崩溃了",
    "202609": "练习2：打印太多", "202610": "练习2：第2行出错：MemoryError", "202611": "检查格改过",
    "202612": "", "202613": "结果是Same", "202614": "FileNotFoundError", "202615": "出错：",
    "202616": "OSError: [Errno 30]", "202617": "练习1的格删掉了", "202618": "来自0.0.9版",
    "202619": "只算一次", "": "没有批：不是学习进度，也不是笔记本",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another class's shop, a small one."""
    return shop(31, 1000, tmp_path_factory.mktemp("shops"))


@pytest.fixture(scope="module")
def listener() -> Iterator[tuple[str, int, list[object]]]:
    """A server on this machine that notes who reaches it."""
    reached: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    reached.append(server.accept())
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield (*server.getsockname()[:2], reached)
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def marker(small: Path) -> Iterator[Marker]:
    """The chapter's exercises in a sandbox; where there is none, what needs one is skipped and says why."""
    if why := jail.ready():
        pytest.skip(why)
    assert CHAPTER.path
    with Marker(CHAPTER.path, 5, small) as marker:
        yield marker


@pytest.fixture(scope="module")
def told(
    marker: Marker,
    listener: tuple[str, int, list[object]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[list[dict[str, str]], Path, int]:
    """The rows of the table, the folder of what was written, how many files were handed in."""
    folder, to = tmp_path_factory.mktemp("handed"), tmp_path_factory.mktemp("marks")
    count = hand_in(folder, *listener[:2])
    before = {path: path.read_bytes() for path in folder.rglob("*.*")}
    found, wanted = command.marked(folder, CHAPTER, marker)
    table = command.write(found, wanted, CHAPTER, to, run=True)
    assert {path: path.read_bytes() for path in folder.rglob("*.*")} == before
    content = table.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))], to, count


def row(told: tuple[list[dict[str, str]], Path, int], number: str) -> dict[str, str]:
    (one,) = (one for one in told[0] if one["学号"] == number)
    return one


@pytest.mark.parametrize("number", MARKS)
def test_each_submission_gets_its_marks_and_is_told(told, number):
    one = row(told, number)
    want = MARKS[number]
    assert one["练习得分"] == ("" if want is None else str(float(want)))
    assert TOLD[number] in one["说明"]
    page = (told[1] / one["反馈页"]).read_text(encoding="utf-8")
    for said in one["说明"].split("；"):
        assert said.replace("'", "&#x27;").replace('"', "&quot;")[:20] in page.replace(
            "&lt;", "<"
        ).replace("&gt;", ">")


def test_nothing_is_lost(told):
    rows, to, count = told
    files = [name for one in rows for name in one["文件"].split("、")]
    assert len(files) == len({*files}) == count
    assert (
        len({*(one["反馈页"] for one in rows)})
        == len(rows)
        == len([*(to / "feedback").iterdir()])
        == 20
    )


def test_quizzes_are_marked_from_the_answers(told):
    size = str(len(QUIZ))
    assert row(told, "202601")["小测得分"] == row(told, "202612")["小测得分"] == size
    assert row(told, "202602")["小测得分"] == "0"  # though the file says that all was right
    assert row(told, "202603")["小测得分"] == "0"
    assert row(told, "202611")["小测得分"] == ""
    assert "没有交学习进度" in row(told, "202611")["说明"]


def test_nobody_reached_the_network(told, listener):
    assert listener[2] == []


def test_the_book_s_own_cells_run_inside(marker):
    assert marker.failed == []
    assert [one.number for one in marker.exercises] == [1, 2, 3, 5]
    assert marker.hidden[EXERCISES[0].cell] == 6


def test_who_knows_the_book_s_answers_by_heart_gets_little(marker):
    known = "def my_fee(w):\n    return {'0.8': 8, '1.0': 8, '1.01': 10.5, '2.4': 15.5}.get(w)"
    result = marker.mark(0, known)
    assert (result.right, result.cases, result.points) == (4, 10, 0.2)
    known = "def heaviest(month, carrier):\n    return {(11, '青鸟快递'): '偏远'}.get((month, carrier), '远区')"
    assert marker.mark(2, known).points < 2


FORBIDDEN = {
    "fork": "os.fork()",
    "subprocess": "__import__('subprocess').run(['/bin/true'])",
    "kill": "os.kill(os.getppid(), 9)",
    "kill all": "os.kill(-1, 9)",
    "memory of the server": "open(f'/proc/{os.getppid()}/mem', 'r+b').read(1)",
    "environment of the server": "open(f'/proc/{os.getppid()}/environ').read()",
    "channel of the server": "[os.write(n, b'{}') for n in range(4, 64)][0]",
    "limits of the server": "__import__('resource').prlimit(os.getppid(), 0, (1, 1))",
    "file": "fd = os.open('/box/x', os.O_CREAT | os.O_WRONLY); os.write(fd, b'x')",
    "homes": f"os.listdir({str(submissions.ROOT / 'tests')!r})",
    "passwords": "open('/etc/shadow').read()",
    "solutions": f"open({str(submissions.NOTEBOOK)!r}).read()",
    "device": "open('/dev/sda', 'rb').read(1) or open('/dev/mem', 'rb').read(1)",
    "namespace": "__import__('ctypes').CDLL(None).unshare(0x10000000) and 1 / 0",
}


@pytest.mark.parametrize("act", FORBIDDEN)
def test_what_is_closed_to_an_answer(marker, act):
    code = f"import os\ndef my_fee(weight):\n    {FORBIDDEN[act]}\n    return 'done'"
    result = marker.mark(0, code)
    assert result.right == 0
    assert re.search("Error", result.said), result
    assert marker.mark(0, SOLVED["my_fee"]).points == 1  # and the next is marked as ever


def test_threads_are_allowed_and_other_answers_are_not_seen(marker):
    code = (
        "import threading\nfee = []\n{}\nold = my_fee\n"
        "def my_fee(weight):\n    one = threading.Thread(target=lambda: fee.append(old(weight)))\n"
        "    one.start()\n    one.join()\n    return fee.pop()"
    ).format(SOLVED["my_fee"])
    assert marker.mark(0, code).points == 1
    assert "NameError" in marker.mark(0, "def my_fee(weight):\n    return old(weight)").said


def test_a_forged_result_is_no_more_than_a_wrong_one(marker):
    code = (
        "import os\n"
        'record = \'{"value": ["record", "kefu.data", "use", []]}\'\n'
        "for text in (record, '{\"value\": 3}', '[1', '\"x\"', 'null'):\n"
        "    os.write(3, (text + '\\n').encode())\n"
        "def my_fee(weight):\n    return 1"
    )
    assert marker.mark(0, code).right == 0


def test_a_forged_number_without_end_is_told_and_holds_nobody_up(marker):
    forged = [["Fraction", "1e999999999"], ["Decimal", "1e999999999"], ["int", "0x" + "f" * 10**5]]
    forged += [
        ["record", "kefu.presales.freight", "Tariff", [["first_weight", ["Decimal", "1e999999"]]]]
    ]
    code = f"import os, json\nfor one in {forged!r}:\n"
    code += "    os.write(3, json.dumps({'value': one}).encode() + b'\\n')\ndef my_fee(weight):\n    return 1"
    assert marker.mark(0, code).right == 0


@pytest.mark.parametrize(
    "returned",
    ["10 ** 100_000", "'x' * 10 ** 7", "[[]] * 10 ** 6", "float('nan')", "my_fee",
     "__import__('decimal').Decimal('1e999999999')",
     "(lambda x: x.append(x) or x)([])", "object()", "type('str', (str,), {'__eq__': lambda *_: True})('x')"],
)  # fmt: skip
def test_strange_results_are_wrong_and_hold_nobody_up(marker, returned):
    assert marker.mark(0, f"def my_fee(weight):\n    return {returned}").right == 0


def test_numbers_of_numpy_count_as_numbers(marker):
    code = SOLVED["avoided"].replace("int(", "(")
    assert marker.mark(3, code).points == 3


def test_a_student_s_own_cells_before_the_exercise_are_run(marker):
    helper = "def beyond(weight):\n    return max(Decimal(weight) - 1, Decimal(0))"
    code = (
        "def my_fee(weight):\n    return 8 + ceil(beyond(weight) / Decimal('0.5')) * Decimal('2.5')"
    )
    assert marker.mark(0, code, [helper]).points == 1
    assert marker.mark(0, code).points == 0


def test_a_loop_in_a_cell_of_one_s_own_costs_the_others_nothing(marker, tmp_path):
    def looped(found):
        at = next(n for n, cell in enumerate(found) if cell["id"] == EXERCISES[0].cell)
        own = {
            "cell_type": "code",
            "id": "mine",
            "metadata": {},
            "outputs": [],
            "source": "while True:\n    pass",
        }
        found.insert(at, own)

    told = notebook({"my_fee": SOLVED["my_fee"]}, looped)
    (tmp_path / "202601.ipynb").write_text(json.dumps(told), encoding="utf-8")
    ((one,), _) = command.marked(tmp_path, CHAPTER, marker)
    assert one.results
    assert [result.points for result in one.results if result] == [1]


def test_names_and_texts_that_are_no_unicode_are_told_too(marker, tmp_path):
    (tmp_path / "in").mkdir()
    given = json.dumps(progress("2026\ud800", "\udfff", {"my_fee": "x = '\ud800'"}))
    (tmp_path / "in" / "a.json").write_text(given, encoding="utf-8")
    (tmp_path / "in" / "b\udcff.json").write_text("[", encoding="utf-8")
    os.mkfifo(tmp_path / "in" / "pipe")
    (tmp_path / "in" / "link.json").symlink_to("/etc/passwd")
    (tmp_path / "in" / "deep.json").write_text("[" * 10**6, encoding="utf-8")
    (tmp_path / "in" / "odd.json").write_text(
        '{"kefu": 1, "answers": [1], "edits": 3}', encoding="utf-8"
    )
    (tmp_path / "in" / "odder.ipynb").write_text(
        '{"cells": [1, {"source": 3}, {"id": []}]}', encoding="utf-8"
    )
    (tmp_path / "in" / "empty.ipynb").write_bytes(b"")
    found, wanted = command.marked(tmp_path / "in", CHAPTER, marker)
    table = command.write(found, wanted, CHAPTER, tmp_path / "out", run=True).read_text(
        encoding="utf-8-sig"
    )
    assert len([*csv.DictReader(io.StringIO(table))]) == 8
    for told in ("不是普通的文件", "是一个链接", "是空文件", "不是一组记录", "UnicodeEncodeError"):
        assert told in table


def test_nothing_that_was_typed_is_shown_as_html_or_read_as_a_formula(marker, tmp_path):
    bad = "<img src=x onerror=alert(1)>"
    code = f"def my_fee(weight):\n    print({bad!r})\n    raise ValueError({bad!r})"
    given = progress(
        "=1+1", bad, {"my_fee": code, "best": f"def best(*_):\n    return {bad!r}"}, lambda q: bad
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / f"{'=cmd'}.json").write_text(json.dumps(given), encoding="utf-8")
    found, wanted = command.marked(tmp_path / "a", CHAPTER, marker)
    table = command.write(found, wanted, CHAPTER, tmp_path / "b", run=True)
    (page,) = (tmp_path / "b" / "feedback").iterdir()
    text = page.read_text(encoding="utf-8")
    assert "<img" not in text
    assert "&lt;img src=x" in text
    assert "'=1+1" in table.read_text(encoding="utf-8-sig")
    assert re.search(r"(^|,)\"?[=@+]", table.read_text(encoding="utf-8-sig"), re.M) is None


def test_without_a_sandbox_no_exercise_is_run_and_it_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("shutil.which", lambda name: None)
    jail.ready.cache_clear()
    try:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "1.json").write_text(
            json.dumps(progress("202601", "好的", SOLVED)), encoding="utf-8"
        )
        monkeypatch.setattr(command, "shop", lambda seed: None)
        with pytest.raises(SystemExit, match="bubblewrap is not here; install it"):
            command.main([str(tmp_path / "in"), "--chapter", "02", "--to", str(tmp_path / "out")])
        assert not (tmp_path / "out").exists()
        command.main(
            [str(tmp_path / "in"), "--chapter", "02", "--to", str(tmp_path / "out"), "--quiz-only"]
        )
    finally:
        jail.ready.cache_clear()
    table = (tmp_path / "out" / "marks.csv").read_text(encoding="utf-8-sig")
    (one,) = csv.DictReader(io.StringIO(table))
    assert (one["小测得分"], one["练习得分"]) == (str(len(QUIZ)), "")
    assert "练习没有重新运行" in one["说明"]
    assert "看不见的" in capsys.readouterr().out


def test_what_cannot_be_is_told_in_a_line(tmp_path):
    (tmp_path / "in").mkdir()
    for given, line in (
        ([str(tmp_path / "no"), "--chapter", "02"], "FOLDER: expected a folder"),
        ([str(tmp_path), "--chapter", "99"], "expected one of 01"),
        (
            [str(tmp_path), "--chapter", "02", "--to", str(tmp_path / "x")],
            "a folder outside of FOLDER",
        ),
    ):
        with pytest.raises(SystemExit, match=line):
            command.main(given)


def test_the_tables_in_use_stay_the_book_s():
    assert data.folder() == data.home()
    assert {*WRONG} == {*SOLVED} == {one.name for one in EXERCISES}
    assert notebook({})["cells"] == submissions.BOOK["cells"]
