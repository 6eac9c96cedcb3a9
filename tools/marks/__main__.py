"""Mark what a class handed in: ``python -m tools.marks FOLDER --chapter 02``; without a chapter its nights."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from tools.marks import nights, pages, quizzes
from tools.marks.chapter import cells, exercises
from tools.marks.jail import Dead, Shut
from tools.marks.marker import Marker, Result, shop
from tools.marks.pages import Marked
from tools.marks.reading import Code, Student, Wanted, files, read, students
from tools.paths import BUILD, ROOT
from web import book

SEED = 23
"""Of arguments and tables where the teacher names no other."""


def written(code: Code, stub: str) -> bool:
    """Tell whether anything was written: not the cell as the book has it, and not an empty one."""
    return code.source.strip() not in ("", stub.strip())


def best(
    student: Student, wanted: Wanted, marker: Marker, seen: dict[tuple[int, Code], Result]
) -> list[Result | None]:
    """Return the better result of all that a student wrote for each exercise."""
    stubs = {cell.id: cell.source for cell in wanted.cells}
    found: list[Result | None] = []
    for place, one in enumerate(wanted.exercises):
        codes = [file.codes[one.cell] for file in student.files if one.cell in file.codes]
        results = []
        for code in dict.fromkeys(code for code in codes if written(code, stubs[one.cell])):
            if (place, code) not in seen:
                result = marker.mark(place, code.source, code.before)
                if (
                    code.before and result.points < result.most
                ):  # cells of one's own may do harm, too
                    alone = marker.mark(place, code.source)
                    result = max(result, alone, key=lambda one: one.points)
                seen[place, code] = result
            results.append(seen[place, code])
        found.append(max(results, key=lambda result: result.points, default=None))
    return found


def marked(
    folder: Path, chapter: book.Chapter, marker: Marker | None, tell: Callable[[str], None] = print
) -> tuple[list[Marked], Wanted]:
    """Return what a folder holds, marked; without a marker the quizzes only."""
    assert chapter.path
    assert chapter.page
    asked = json.loads(chapter.quiz.read_text(encoding="utf-8"))
    own = cells(chapter.path)
    wanted = Wanted(chapter.number, chapter.page, book.edition(), tuple(one["id"] for one in asked),
                    tuple(exercises(own)), tuple(own))  # fmt: skip
    found, passed = files(folder)
    if chapter.practice:  # its nights have a table of their own
        found = [path for path in found if not nights.looks(path)]
    if passed:
        tell(f"kefu: {len(passed)} hidden or system files passed over, such as {passed[0].name}")
    done, taken, seen = [], set[str](), dict[tuple[int, Code], Result]()
    for student in students([read(path, folder, wanted) for path in found]):
        one = Marked(student, page=f"feedback/{pages.file_name(student, taken)}")
        for file in student.files:
            one.said += [file.fault and f"没有批：{file.fault}", *file.said]
        if one.read:
            given = sorted((at, n, name, answer) for n, file in enumerate(student.files)
                           for name, (at, answer) in file.answers.items())  # fmt: skip
            latest = {name: answer for _, _, name, answer in given}
            if any(file.kind == "学习进度" for file in student.files):
                one.quiz = [
                    quizzes.mark(question, latest.get(question["id"])) for question in asked
                ]
            else:
                one.said.append("没有交学习进度，小测没有答案")
            if marker:
                one.results = best(student, wanted, marker, seen)
                one.said += [
                    f"{exercise.label}：{result.said}"
                    for exercise, result in zip(wanted.exercises, one.results, strict=True)
                    if result and result.said
                ]
                if not any(one.results):
                    one.said.append("练习都没有写")
            else:
                one.said.append("练习没有重新运行，没有分")
        one.said = list(dict.fromkeys(filter(None, one.said)))
        done.append(one)
    return sorted(
        done, key=lambda one: (not one.read, one.student.number, one.student.name)
    ), wanted


def write(found: list[Marked], wanted: Wanted, chapter: book.Chapter, to: Path, run: bool) -> Path:
    """Write the table and the pages, in place of those of before; return the table."""
    shutil.rmtree(to / "feedback", ignore_errors=True)
    (to / "feedback").mkdir(parents=True)
    title = f"{chapter.label}　{chapter.title}　反馈"
    for one in found:
        page = pages.feedback(one, title, wanted.exercises)
        (to / one.page).write_text(page, encoding="utf-8", errors="replace")
    target = to / "marks.csv"
    text = pages.table(found, len(wanted.questions), wanted.exercises, run)
    target.write_text(text, encoding="utf-8", errors="replace", newline="")
    return target


def where(table: Path) -> Path:
    """Return a table's path as the teacher is told it: within the project from its folder."""
    return table.relative_to(ROOT) if table.is_relative_to(ROOT) else table


def main(arguments: list[str] | None = None) -> None:
    """Mark a folder; end with one clear line where that cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what students handed in")
    parser.add_argument("--chapter", help="such as 02; without one, the nights of the practice")
    parser.add_argument(
        "--seed", type=int, default=SEED, help="of the arguments and tables; a secret"
    )
    parser.add_argument("--to", type=Path, help="where to write (else _build/marks/CHAPTER)")
    parser.add_argument("--quiz-only", action="store_true", help="do not run the exercises")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        sys.exit(
            f"kefu: FOLDER: expected a folder with what students handed in, got {str(given.folder)!r}"
        )
    number = given.chapter or next(one.number for one in book.written() if one.practice)
    try:
        chapter = book.chapter(number)
        notebook = book.ready(number)
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    to = (given.to or BUILD / "marks" / number).resolve()
    if to == given.folder.resolve() or given.folder.resolve() in to.parents:
        sys.exit(
            "kefu: TO: expected a folder outside of FOLDER, where the marks are no submissions"
        )
    if chapter.practice:
        whole = nights.nights(given.folder, every=not given.chapter)
        read = sum(one.verdict != nights.NONE for one in whole)
        print(
            f"kefu: {read} nights played again, {len(whole) - read} files not: {where(nights.write(whole, to))}"
        )
        print(f"kefu: {nights.BLIND}")
        if not given.chapter:
            return
    try:
        bench = nullcontext() if given.quiz_only else Marker(notebook, given.seed, shop(given.seed))
        with bench as marker:
            if marker and marker.failed:
                print(f"kefu: these cells of the book did not run in the sandbox: {marker.failed}")
            found, wanted = marked(given.folder, chapter, marker)
    except (Shut, Dead, RuntimeError) as error:
        sys.exit(f"kefu: {error}")
    table = write(found, wanted, chapter, to, run=not given.quiz_only)
    read = sum(one.read for one in found)
    print(f"kefu: {read} students marked, {len(found) - read} files not; seed {given.seed}")
    print(f"kefu: {where(table)}, and feedback/ beside it")
    print(f"kefu: {pages.BLIND}")


if __name__ == "__main__":
    main()
