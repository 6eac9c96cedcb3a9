from __future__ import annotations

import ast
import functools
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode

from kefu.demos import quiz
from tools import notebooks, tables
from tools.paths import ROOT
from tools.reference import chapters as reference
from tools.reference import tables as reference_tables
from tools.reference.faults import faults
from web import book

PATHS = book.notebooks()
CHAPTER = ROOT / "notebooks" / "presales" / "02_preparation.ipynb"
LIVE = {"live", "live-setup"}
DEMO = reference.DEMO
fresh = functools.cache(
    notebooks.run
)  # one run of each notebook serves both tests; nbval makes another

every = pytest.mark.parametrize("path", PATHS, ids=lambda p: p.stem)
CHAPTERS = [chapter.path for chapter in book.written() if chapter.path]
PRACTICE = [chapter.path for chapter in book.written() if chapter.practice]
"""The practice has a chapter's form but for its number and its scene, which is a task."""
chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def stored(path: Path) -> NotebookNode:
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    return notebook


def code(path: Path) -> list[NotebookNode]:
    return [cell for cell in stored(path).cells if cell.cell_type == "code"]


def tagged(cell: NotebookNode, *names: str) -> bool:
    return bool(set(names) & set(cell.metadata.get("tags", [])))


def name(cell: NotebookNode) -> str:
    return str(cell.source.splitlines()[0])


def prose(path: Path) -> str:
    return "\n".join(c.source for c in stored(path).cells if c.cell_type == "markdown")


# Freshness


def test_the_book_has_notebooks() -> None:
    assert CHAPTER in PATHS


@every
def test_stored_outputs_are_those_of_a_fresh_run(path: Path) -> None:
    assert notebooks.faults(stored(path), fresh(path)) == []


@every
def test_a_fresh_run_gives_the_file_byte_for_byte(path: Path) -> None:
    assert notebooks.text(fresh(path)).encode() == path.read_bytes()


# Form


@every
def test_code_cells_are_short_and_narrow(path: Path) -> None:
    for cell in code(path):
        lines = cell.source.splitlines()
        assert len(lines) <= 15, name(cell)
        assert [line for line in lines if len(line) > 76] == []


@every
def test_cells_ran_once_in_order(path: Path) -> None:
    cells = code(path)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))


@every
def test_every_code_cell_shows_something_or_is_tagged_silent(path: Path) -> None:
    for cell in code(path):
        assert bool(cell.outputs) is not tagged(cell, notebooks.SILENT), name(cell)


@every
def test_no_cell_stores_an_error_or_a_warning(path: Path) -> None:
    for cell in code(path):
        assert not any(notebooks.bad(output) for output in cell.outputs), name(cell)


@every
def test_every_picture_has_a_text_for_those_who_cannot_see_it(path: Path) -> None:
    for cell in code(path):
        if pictures(cell):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) >= 15, name(cell)


@chapters
def test_every_picture_and_demo_has_a_numbered_caption_below(path: Path) -> None:
    cells = stored(path).cells
    captions = []
    for cell, below in pairwise(cells):
        demo = DEMO.search(cell.source)
        if cell.cell_type == "code" and (pictures(cell) or demo):
            found = re.match(r"\*\*图(\d+)-(\d+)\*\*：\S", below.source)
            assert found, name(cell)
            captions.append((int(found[1]), int(found[2])))
    chapter = int(path.stem[:2])
    assert captions == [(chapter, place + 1) for place in range(len(captions))]


def pictures(cell: NotebookNode) -> bool:
    kinds = (kind for output in cell.get("outputs", []) for kind in output.get("data", {}))
    return any(kind.startswith("image/") for kind in kinds)


@every
def test_pictures_are_stored_as_svg_which_the_freshness_test_compares(path: Path) -> None:
    for cell in code(path):
        for output in cell.outputs:
            assert not {"image/png", "image/jpeg"} & set(output.get("data", {})), name(cell)


@every
def test_no_cell_ends_with_a_semicolon_or_hides_in_a_magic(path: Path) -> None:
    for cell in code(path):
        assert not cell.source.rstrip().endswith(";"), name(cell)
        assert not re.search(r"^\s*[%!]", cell.source, re.M), name(cell)


# Live cells run in the page, where only the standard library, ipywidgets and kefu are


def live(path: Path) -> list[NotebookNode]:
    return [cell for cell in code(path) if tagged(cell, *LIVE)]


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@every
def test_live_cells_import_only_what_the_page_has(path: Path) -> None:
    here = sys.stdlib_module_names | {"kefu", "ipywidgets", "IPython"}
    for cell in live(path):
        assert imported(cell.source) <= here, name(cell)


@chapters
def test_live_cells_use_no_name_of_pandas_or_matplotlib(path: Path) -> None:
    heavy = set()
    for cell in code(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                heavy |= {
                    alias.asname or alias.name
                    for alias in node.names
                    if alias.name.split(".")[0] in ("pandas", "numpy", "matplotlib")
                }
    for cell in live(path):
        used = {n.id for n in ast.walk(ast.parse(cell.source)) if isinstance(n, ast.Name)}
        assert not used & (heavy | {"charts"}), name(cell)


@chapters
def test_every_demo_is_live(path: Path) -> None:
    for cell in code(path):
        if DEMO.search(cell.source):
            assert tagged(cell, "live"), name(cell)


in_the_page = functools.cache(tables.run)  # one run of a chapter's live cells serves two tests


@chapters
def test_live_cells_run_without_pandas_and_show_what_is_stored(path: Path) -> None:
    for cell, (printed, html, plain) in zip(live(path), in_the_page(path).shown, strict=True):
        stream = "".join(o.text for o in cell.outputs if o.output_type == "stream")
        data: Any = next((o.data for o in cell.outputs if o.output_type == "execute_result"), {})
        assert printed == stream, name(cell)
        assert html == data.get("text/html"), name(cell)
        assert (plain or "").split() == data.get("text/plain", "").split(), name(cell)


@chapters  # by path as above: the tests of a path share a worker, and so the run
def test_the_tables_that_live_cells_read_are_listed_and_no_other(path: Path) -> None:
    assert tables.faults(book.chapter(path.stem[:2]), in_the_page(path).opened) == []


def test_the_gallery_s_live_cells_read_only_tables_that_a_chapter_lists() -> None:
    opened = in_the_page(ROOT / "book" / "gallery.ipynb").opened
    assert {*opened} <= {f"{table}.csv" for table in reference_tables.tables()}


# The parts of a chapter, and what it must teach

LEAST = {"数据实验": 2, "练习": 4, "小测": 8}
"""For every chapter; a chapter's list may ask for more."""
LISTS = {chapter.path: chapter.told() for chapter in book.written()}


def least(path: Path, part: str) -> int:
    return max(LEAST[part], LISTS[path].get("least", {}).get(part, 0))


@chapters
def test_a_chapter_begins_and_ends_with_what_every_chapter_tells(path: Path) -> None:
    text = prose(path)
    head, scene = ("# 实训", "\n## 任务书") if path in PRACTICE else ("# 第", "\n## 情景")
    parts = [head, "**学习目标**", "**用时**", "**先修**", scene, "动手", "\n## 练习",
             "\n## 小测", "\n## 小结", "**术语**", "**延伸阅读**"]  # fmt: skip
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)


@chapters
def test_a_chapter_sets_3_to_5_goals_and_says_how_long_they_take(path: Path) -> None:
    text = prose(path)
    goals = text[text.index("**学习目标**") : text.index("**用时**")]
    assert 3 <= len(re.findall(r"^\d+\. ", goals, re.M)) <= 5
    minutes = re.search(r"\*\*用时\*\*：约(\d+)分钟", text)
    assert minutes
    assert 45 <= int(minutes[1]) <= 90


@chapters
def test_a_chapter_has_data_experiments(path: Path) -> None:
    found = re.findall(r"^### 数据实验", prose(path), re.M)
    assert len(found) >= least(path, "数据实验")


@chapters
def test_a_chapter_has_graded_exercises(path: Path) -> None:
    found = re.findall(r"^### 练习(\d+) (★+) \S", prose(path), re.M)
    assert [int(number) for number, _ in found] == list(range(1, len(found) + 1))
    assert len(found) >= least(path, "练习")
    grades = [len(stars) for _, stars in found]
    assert grades == sorted(grades)
    assert {1, 2, 3} == set(grades)


@chapters
def test_every_exercise_has_a_full_solution(path: Path) -> None:
    text = prose(path)
    exercises = text[text.index("\n## 练习") : text.index("\n## 小测")]
    assert exercises.count("参考解答") >= len(re.findall(r"^### 练习", exercises, re.M))


def exercises(path: Path) -> Iterator[tuple[NotebookNode, NotebookNode, NotebookNode]]:
    """The stub, the check and the solution of every exercise that asks for code."""
    cells = code(path)
    for place, cell in enumerate(cells):
        if tagged(cell, "exercise"):
            yield cell, cells[place + 1], cells[place + 2]


@chapters
def test_code_exercises_have_a_stub_a_check_and_a_hidden_solution_that_passes(path: Path) -> None:
    found = list(exercises(path))
    assert len(found) >= 2
    for stub, check, solution in found:
        assert "# 你的代码" in stub.source
        assert "demos.check(" in check.source
        assert "还没有返回结果" in check.outputs[0].text
        assert tagged(solution, "solution")
        assert tagged(solution, "hide-cell")
        assert solution.metadata.jupyter.source_hidden
        assert solution.metadata.jupyter.outputs_hidden  # it tells the answer too
        assert "，全对！" in solution.outputs[0].text, name(solution)


@chapters
def test_the_answer_of_an_exercise_is_not_shown_before_its_solution(path: Path) -> None:
    for _, check, solution in exercises(path):
        assert "应为" not in check.outputs[0].text
        assert tagged(check, "hide-input"), name(check)  # its cases tell what is expected
        assert check.metadata.jupyter.source_hidden
        answers = re.findall(r"^✓ \w+\(\) → (.+)$", solution.outputs[0].text, re.M)
        for answer in answers:
            assert answer not in check.outputs[0].text


@chapters
def test_a_chapter_ends_with_a_quiz(path: Path) -> None:
    file = path.parent / f"{path.stem[:2]}_quiz.json"
    assert len(quiz(file).questions) >= least(path, "小测")
    (asked,) = (cell for cell in code(path) if f'demos.quiz("{file.name}")' in cell.source)
    assert not tagged(asked, "live")  # it works without Python, and the page has no such file


@chapters
def test_the_terms_of_a_chapter_are_in_the_glossary(path: Path) -> None:
    glossary = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    entries = re.findall(r"^(\S.*?)（.+）$", glossary, re.M)
    assert len(set(entries)) == len(entries)
    line = re.search(r"^\*\*术语\*\*：(.+?)，都收在", prose(path), re.M)
    assert line
    terms = line[1].split("、")
    assert len(terms) >= 5
    assert [term for term in terms if term not in entries] == []


@pytest.mark.parametrize(
    "chapter", [c for c in reference.chapters() if c.path], ids=lambda c: f"{c.number}_{c.name}"
)
def test_a_chapter_and_its_list_agree_on_facts_places_words_and_terms(
    chapter: reference.Chapter,
) -> None:
    assert faults(chapter) == []


# Planted faults: the freshness check sees each of them

Change = Callable[[list[NotebookNode]], None]


def demo_of(cells: list[NotebookNode]) -> NotebookNode:
    return next(cell for cell in cells if cell.source.startswith("demos.freight("))


def chart_of(cells: list[NotebookNode]) -> NotebookNode:
    return next(cell for cell in cells if pictures(cell))


def alter(cell: NotebookNode, kind: str, digit: str) -> None:
    """Make another digit of the first that a pattern finds."""
    data = cell.outputs[0].data
    found = re.search(digit, data[kind])
    assert found
    other = str((int(found[1]) + 1) % 10)
    data[kind] = data[kind][: found.start(1)] + other + data[kind][found.end(1) :]


def clear_all(cells: list[NotebookNode]) -> None:
    for cell in cells:
        cell.outputs, cell.execution_count = [], None


def clear_outputs_only(cells: list[NotebookNode]) -> None:
    for cell in cells:
        cell.outputs = []


def change_a_number_in_a_demo(cells: list[NotebookNode]) -> None:
    alter(demo_of(cells), "text/html", r"<b>\d*(\d)元</b></td>")


def move_the_dot_of_a_demo(cells: list[NotebookNode]) -> None:
    alter(demo_of(cells), "text/html", r"cx='\d+\.(\d)'")


def drop_the_picture_of_a_demo(cells: list[NotebookNode]) -> None:
    del demo_of(cells).outputs[0].data["text/html"]


def bend_a_path_in_a_chart(cells: list[NotebookNode]) -> None:
    alter(chart_of(cells), "image/svg+xml", r'd="M ?\d+\.(\d)')


def swap_two_cells_counts(cells: list[NotebookNode]) -> None:
    one, other = cells[4], cells[5]
    one.execution_count, other.execution_count = other.execution_count, one.execution_count


def run_a_cell_twice(cells: list[NotebookNode]) -> None:
    cells[-1].execution_count += 1


def remove_an_output(cells: list[NotebookNode]) -> None:
    demo_of(cells).outputs = []


def change_a_printed_word(cells: list[NotebookNode]) -> None:
    cell = next(c for c in cells if c.outputs and c.outputs[0].output_type == "stream")
    cell.outputs[0].text = cell.outputs[0].text.replace("元", "圆", 1)


def store_a_warning(cells: list[NotebookNode]) -> None:
    cells[3].outputs.append(nbformat.v4.new_output("stream", name="stderr", text="缺字\n"))


def store_an_error(cells: list[NotebookNode]) -> None:
    error = nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])
    cells[3].outputs = [error]


def untag_a_silent_cell(cells: list[NotebookNode]) -> None:
    next(c for c in cells if tagged(c, notebooks.SILENT)).metadata.tags = []


def silence_a_cell_that_speaks(cells: list[NotebookNode]) -> None:
    demo_of(cells).metadata.tags.append(notebooks.SILENT)


def keep_a_timing(cells: list[NotebookNode]) -> None:
    cells[0].metadata["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}


def keep_a_widget(cells: list[NotebookNode]) -> None:
    demo_of(cells).outputs[0].data[notebooks.WIDGET] = {"model_id": "0" * 32}


PLANTED: list[tuple[Change, str]] = [
    (clear_all, "has no output"),
    (clear_outputs_only, "has no output"),
    (change_a_number_in_a_demo, "stored output is stale"),
    (move_the_dot_of_a_demo, "stored output is stale"),
    (drop_the_picture_of_a_demo, "stored output is stale"),
    (bend_a_path_in_a_chart, "stored output is stale"),
    (swap_two_cells_counts, "not in order"),
    (run_a_cell_twice, "not in order"),
    (remove_an_output, "has no output"),
    (change_a_printed_word, "stored output is stale"),
    (store_a_warning, "stores an error or a warning"),
    (store_an_error, "stores an error or a warning"),
    (untag_a_silent_cell, "has no output"),
    (silence_a_cell_that_speaks, "tagged no-output but shows something"),
    (keep_a_timing, "not canonical"),
    (keep_a_widget, "stored output is stale"),
]


@pytest.mark.parametrize(("change", "said"), PLANTED, ids=lambda v: getattr(v, "__name__", ""))
def test_a_planted_fault_in_a_copy_is_reported(tmp_path: Path, change: Change, said: str) -> None:
    copied = tmp_path / CHAPTER.name
    shutil.copy(CHAPTER, copied)
    notebook = stored(copied)
    change([cell for cell in notebook.cells if cell.cell_type == "code"])
    copied.write_text(notebooks.text(notebook), encoding="utf-8")
    as_run = stored(CHAPTER)  # which is a fresh run's, byte for byte: tested above
    for cell, ours in zip(as_run.cells, notebook.cells, strict=True):  # a run keeps the tags
        if "tags" in ours.metadata or "tags" in cell.metadata:
            cell.metadata["tags"] = ours.metadata.get("tags", [])
    found = notebooks.faults(stored(copied), as_run)
    assert any(said in line for line in found), found


def test_an_untouched_copy_is_reported_clean(tmp_path: Path) -> None:
    copied = Path(shutil.copy(CHAPTER, tmp_path))
    assert notebooks.faults(stored(copied), stored(CHAPTER)) == []


def test_a_notebook_that_raises_is_reported_with_its_error(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0", id="a")])
    path = tmp_path / "broken.ipynb"
    path.write_text(notebooks.text(notebook), encoding="utf-8")
    assert notebooks.check(path) == [
        "does not run from top to bottom: ZeroDivisionError: division by zero"
    ]


@pytest.fixture
def copied_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the package and its data that notebooks import instead of ours."""
    for folder in ("widgets", "datasets"):
        shutil.copytree(ROOT / folder, tmp_path / folder,
                        ignore=shutil.ignore_patterns("__pycache__"))  # fmt: skip
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "widgets"))
    return tmp_path


def test_a_changed_table_is_reported(copied_package: Path) -> None:
    table = copied_package / "datasets" / "products.csv"
    text = table.read_text(encoding="utf-8")
    assert "防滑衣架十只装,家居,,,15.80" in text
    table.write_text(text.replace(",,,15.80", ",,,15.90"), encoding="utf-8")
    found = notebooks.check(CHAPTER)
    assert any("demos.topup()" in line and "stale" in line for line in found), found
    assert not any("demos.freight()" in line for line in found)  # it does not use that table


def test_a_changed_model_is_reported(copied_package: Path) -> None:
    model = copied_package / "widgets" / "kefu" / "presales" / "freight.py"
    text = model.read_text(encoding="utf-8")
    right = "return self.first_fee + self.steps(weight) * self.step_fee"
    assert right in text
    model.write_text(text.replace(right, right + " * 2"), encoding="utf-8")
    found = notebooks.check(CHAPTER)
    assert any("demos.freight()" in line and "stale" in line for line in found), found
    assert not any("demos.promise_clock()" in line for line in found)


def command(path: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> Any:
    """Run the command on one notebook alone and return how it ends."""
    monkeypatch.setattr(notebooks, "notebooks", lambda: [path])
    monkeypatch.setattr(notebooks, "ROOT", path.parent)
    monkeypatch.setattr(sys, "argv", ["notebooks", *options])
    with pytest.raises(SystemExit) as ended:
        notebooks.main()
    return ended.value.code


def test_the_command_stores_what_its_check_then_finds_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "tiny.ipynb"
    cell = nbformat.v4.new_code_cell("1 + 1", id="a")
    path.write_text(notebooks.text(nbformat.v4.new_notebook(cells=[cell])), encoding="utf-8")
    empty = path.read_bytes()
    assert command(path, monkeypatch, "--check") == 1
    assert "has no output" in capsys.readouterr().out
    assert path.read_bytes() == empty  # a check changes nothing
    assert command(path, monkeypatch) == 0
    assert command(path, monkeypatch, "--check") == 0


def test_the_command_names_a_notebook_that_does_not_run_and_keeps_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "broken.ipynb"
    cell = nbformat.v4.new_code_cell("1 / 0", id="a")
    path.write_text(notebooks.text(nbformat.v4.new_notebook(cells=[cell])), encoding="utf-8")
    before = path.read_bytes()
    said = str(command(path, monkeypatch))
    assert said.startswith("kefu: broken.ipynb does not run:")
    assert "ZeroDivisionError" in said
    assert path.read_bytes() == before


# nbval, which the course asks for: `pytest --nbval notebooks`


def sanitized(text: str) -> str:
    from nbval.plugin import get_sanitize_patterns  # type: ignore[import-untyped]

    config = (ROOT / "tests" / "notebooks" / "sanitize.cfg").read_text(encoding="utf-8")
    for regex, replacement in get_sanitize_patterns(config):
        text = re.sub(regex, replacement, text)
    return text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<function f at 0x7f10c9f56fc0>", "<function f at 0x7fefd63ac410>"),
        ("model 0123456789abcdef0123456789abcdef", "model fedcba9876543210fedcba9876543210"),
        ("kernel 01234567-89ab-cdef-0123-456789abcdef", "kernel 11234567-89ab-cdef-0123-456789abcdef"),
        ("/tmp/ipykernel_12/345.py:1: W", "/var/folders/ipykernel_6/7.py:1: W"),
        ("<dc:date>2026-01-01T08:00:00</dc:date>", "<dc:date>2026-01-02T08:00:00</dc:date>"),
    ],
)  # fmt: skip
def test_what_differs_from_run_to_run_is_sanitized(one: str, other: str) -> None:
    assert one != other
    assert sanitized(one) == sanitized(other)


def test_what_a_chapter_shows_is_compared_as_it_stands() -> None:
    for path in PATHS:
        for cell in code(path):
            for output in cell.outputs:
                for shown in [output.get("text", ""), *output.get("data", {}).values()]:
                    assert sanitized(shown) == shown, name(cell)


def nbval(path: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-c", "pyproject.toml", "--nbval", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return run.stdout


def test_nbval_fails_on_the_one_changed_cell_of_a_copy(tmp_path: Path) -> None:
    notebook = stored(CHAPTER)
    notebook.cells = [
        cell for cell in notebook.cells if cell.id in ("c002", "c005", "c006")
    ]  # quick
    path = tmp_path / "copy.ipynb"
    change_a_printed_word([cell for cell in notebook.cells if cell.cell_type == "code"])
    path.write_text(notebooks.text(notebook), encoding="utf-8")
    assert re.search(r"^1 failed, 2 passed", nbval(path), re.M)
