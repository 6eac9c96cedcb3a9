"""``make check CHAPTER=NN``: what it runs, the small book it builds, how it tells what failed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
import yaml

from tests import conftest
from tools import check, notebooks
from tools.paths import ROOT
from web import book
from web.extensions.finish import tables

CHAPTER = book.chapter("02")


def test_a_chapter_s_tests_are_those_of_its_demos_and_of_the_models_below() -> None:
    assert check.own_tests(CHAPTER) == [
        "tests/presales/test_freight.py",
        "tests/presales/test_promises.py",
        "tests/presales/test_promotions.py",
        "tests/presales/test_topup.py",
        "tests/demos/test_explore.py",
        "tests/demos/test_freight.py",
        "tests/demos/test_guess.py",
        "tests/demos/test_offers.py",
        "tests/demos/test_promises.py",
        "tests/demos/test_quiz.py",
        "tests/demos/test_talk.py",
        "tests/demos/test_topup.py",
    ]


@pytest.mark.parametrize("chapter", book.written(), ids=lambda c: c.label)
def test_every_written_chapter_has_tests_of_its_own_and_every_part(chapter: book.Chapter) -> None:
    own = check.own_tests(chapter)
    assert any(file.startswith(f"tests/{chapter.wing}/") for file in own)
    assert any(file.startswith("tests/demos/") for file in own)
    page, others = check.parts(chapter)
    assert list(page) == ["page"]
    names = ["lint", "models and demos", "list", "form", "claims", "stored outputs (nbval)"]
    assert list(others) == names


@pytest.mark.parametrize("number", ["02", "15"])
def test_the_small_book_has_a_table_of_pandas_whether_its_chapter_shows_one_or_not(
    tmp_path: Path, number: str
) -> None:
    check.small_book(book.chapter(number), tmp_path)
    assert tables.FRAME.search((tmp_path / "book" / "index.md").read_text(encoding="utf-8"))


def test_the_small_book_has_the_chapter_whole_and_only_headings_of_what_it_leads_to(
    tmp_path: Path,
) -> None:
    assert check.small_book(CHAPTER, tmp_path) == []
    contents = yaml.safe_load((tmp_path / "_toc.yml").read_text(encoding="utf-8"))
    (part,) = contents["parts"]
    listed = [page["file"] for page in part["chapters"]]
    assert listed[0] == CHAPTER.page
    assert {"book/glossary", "book/rules"} <= {*listed}
    assert CHAPTER.path
    copied = tmp_path / "notebooks" / "presales" / CHAPTER.path.name
    assert copied.read_bytes() == CHAPTER.path.read_bytes()
    rules = (tmp_path / "book" / "rules.md").read_text(encoding="utf-8")
    assert "### R01　发货时限" in rules
    assert "出处：" not in rules
    glossary = (tmp_path / "book" / "glossary.md").read_text(encoding="utf-8")
    assert "卖家承担首次发货的运费" in glossary  # the terms are explained in the page
    assert "](../notebooks/" not in glossary


def test_a_chapter_to_which_another_leads_is_one_in_the_small_book_too(tmp_path: Path) -> None:
    assert check.small_book(book.chapter("05"), tmp_path) == []
    there = {chapter.page for chapter in book.chapters(tmp_path) if chapter.path}
    assert there == {"notebooks/aftersales/05_tracking", "notebooks/presales/01_service"}


def test_a_link_to_no_page_is_told_with_its_notebook(tmp_path: Path) -> None:
    place = tmp_path / "notebooks" / "presales"
    place.mkdir(parents=True)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "glossary.md").write_text("# 术语表\n", encoding="utf-8")
    (tmp_path / "_config.yml").touch()
    (place / "03_chapter.yml").write_text("title: 甲\n", encoding="utf-8")
    cell = nbformat.v4.new_markdown_cell(
        "见[乙](../../book/nowhere.md#x)、[网](https://a.b/c.md)。"
    )
    text = notebooks.text(nbformat.v4.new_notebook(cells=[cell]))
    (place / "03_desk.ipynb").write_text(text, encoding="utf-8")
    for name in ("web", "widgets", "datasets"):
        (tmp_path / name).mkdir()
    lost = check.small_book(book.chapter("03", tmp_path), tmp_path / "made", tmp_path)
    assert lost == ["03_desk.ipynb links to book/nowhere.md, which is not there"]


def test_a_part_that_fails_shows_its_words_and_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = (
        [sys.executable, "-c", "print('well')"],
        [sys.executable, "-c", "exit('no such term')"],
    )
    assert not check.run("list", [good, bad, good], "02")
    assert capsys.readouterr().out == "no such term\nkefu: list: FAILED\n"
    assert check.run("form", [good], "02")
    assert re.fullmatch(r"kefu: form: passed, \d+ s\n", capsys.readouterr().out)


def test_all_parts_run_and_those_that_failed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    fine, broken = [[sys.executable, "-c", ""]], [[sys.executable, "-c", "exit(1)"]]
    lanes = {"page": broken}, {"lint": fine, "form": broken, "claims": fine}
    monkeypatch.setattr(check, "parts", lambda chapter: lanes)
    assert check.check(CHAPTER) == ["page", "form"]


def test_a_chapter_that_is_not_there_ends_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["check", "99"])
    with pytest.raises(SystemExit, match=r"^kefu: number: expected one of 01, .*, got '99'$"):
        check.main()


def test_the_page_s_own_tests_are_no_part_of_the_whole_suite() -> None:
    (name,) = conftest.collect_ignore
    assert name == "chapter_page.py"
    assert (ROOT / "tests" / name).is_file()
