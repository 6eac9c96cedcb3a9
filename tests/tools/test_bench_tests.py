"""The made-up book of sixteen chapters, by which the tests' cost is measured."""

from __future__ import annotations

import doctest
import shutil
from pathlib import Path

from kefu.talk.book import names
from tools import bench_tests
from tools.paths import ROOT
from web import book


def test_the_examples_in_the_command_hold() -> None:
    done = doctest.testmod(bench_tests)
    assert done.failed == 0 < done.attempted


def test_in_the_made_up_book_all_chapters_stand_listed_and_no_conversation_twice(
    tmp_path: Path,
) -> None:
    for part in ("notebooks", "book"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    bench_tests.write(tmp_path)
    chapters = book.written(tmp_path)
    assert [one.number for one in chapters] == [f"{number:02}" for number in range(1, 18)]
    assert {one.page for one in chapters} | {one.teach for one in chapters} <= {
        *book.pages(tmp_path)
    }
    chapters = [one for one in chapters if not one.practice]  # it has none of its own
    talks = [name for one in chapters for name in names(one.talks)]
    assert len(talks) == len(set(talks)) > 30
    for one in chapters:
        assert one.path
        told = one.path.read_text(encoding="utf-8")
        assert all(f'demos.talk(\\"{name}\\")' in told for name in names(one.talks))
