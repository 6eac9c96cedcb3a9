"""The one list of pages, chapters and wings, on this book and on one made up in a folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.paths import ROOT
from web import book


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A book of a written chapter 02, chapters 05 and 01 to come, a cover and one more notebook."""
    (tmp_path / "_toc.yml").write_text(
        "root: book/index\nparts:\n- caption: 甲\n  chapters:\n  - file: notebooks/presales/02_a\n"
        "- caption: 乙\n  chapters:\n  - file: book/g\n  - file: book/data\n", encoding="utf-8"
    )  # fmt: skip
    for name in ("aftersales/05", "presales/02", "presales/01"):
        file = tmp_path / "notebooks" / f"{name}_chapter.yml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"title: 题{name[-1]}\nlatin: [w{name[-1]}]\n", encoding="utf-8")
    (tmp_path / "book").mkdir()
    for notebook in ("notebooks/presales/02_a", "book/g"):
        (tmp_path / f"{notebook}.ipynb").touch()
    return tmp_path


def test_chapters_come_by_number_written_or_to_come(made: Path) -> None:
    told = [(c.number, c.title, c.wing, c.name, c.page) for c in book.chapters(made)]
    assert told == [
        ("01", "题1", "presales", "", None),
        ("02", "题2", "presales", "a", "notebooks/presales/02_a"),
        ("05", "题5", "aftersales", "", None),
    ]
    assert [c.number for c in book.written(made)] == ["02"]
    two = book.chapter("02", made)
    assert (two.label, two.part) == ("第02章", "第一篇　售前接待")
    assert two.quiz == made / "notebooks" / "presales" / "02_quiz.json"
    assert book.latin(made) == {"w2"}  # what is to come says nothing yet


def test_pages_come_in_the_order_of_the_contents_with_their_parts(made: Path) -> None:
    assert book.pages(made) == ["book/index", "notebooks/presales/02_a", "book/g", "book/data"]
    assert book.contents(made) == [
        ("甲", "notebooks/presales/02_a"),
        ("乙", "book/g"),
        ("乙", "book/data"),
    ]
    names = [path.relative_to(made).as_posix() for path in book.notebooks(made)]
    assert names == ["notebooks/presales/02_a.ipynb", "book/g.ipynb"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("aftersales/02_chapter.yml", "02_chapter.yml: expected one"),
        ("presales/2_chapter.yml", "2_chapter.yml: expected one"),
        ("presales/02_b.ipynb", "02_a.ipynb, 02_b.ipynb: expected one"),
        ("presales/03_b.ipynb", "03_b.ipynb has no 03_chapter.yml"),
    ],
)
def test_a_fault_of_the_files_is_told(made: Path, name: str, said: str) -> None:
    (made / "notebooks" / name).write_text("title: 甲\n", encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        book.chapters(made)


def test_a_number_that_is_not_there_is_told_with_those_that_are(made: Path) -> None:
    with pytest.raises(ValueError, match=r"expected one of 01, 02, 05, got '03'"):
        book.chapter("03", made)


def test_the_notebook_of_a_written_chapter_is_given_and_one_to_come_is_told(made: Path) -> None:
    assert book.ready("02", made) == made / "notebooks" / "presales" / "02_a.ipynb"
    with pytest.raises(ValueError, match="chapter 01 is still to come; run: make chapter N=01"):
        book.ready("01", made)


def test_this_book_has_sixteen_chapters_four_a_wing_the_practice_and_lists_the_written_ones() -> (
    None
):
    *everything, practice = book.chapters()
    assert [one.number for one in everything] == [f"{n:02}" for n in range(1, 17)]
    wings = [wing for wing in book.WINGS if wing != book.PRACTICE]
    assert [one.wing for one in everything] == [wing for wing in wings for _ in range(4)]
    assert not any(one.practice for one in everything)
    assert (practice.practice, practice.number, practice.label) == (True, "17", "实训")
    assert [one.page for one in book.written()] == [
        page for page in book.pages() if book.is_chapter(page)
    ]
    assert all(
        (ROOT / f"{page}.md").exists() or (ROOT / f"{page}.ipynb").exists() for page in book.pages()
    )


def test_the_cover_and_the_contents_name_the_same_parts_and_chapters() -> None:
    cover = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    listed = re.findall(r"^ *- (第.篇　.+|实训|\d\d　.+)$", cover, re.M)
    wanted: list[str] = []
    for wing, part in book.WINGS.items():
        wanted += [part, *(f"{c.number}　{c.title}" for c in book.chapters() if c.wing == wing)]
    assert listed == wanted
    captions = {page: caption for caption, page in book.contents()}
    for one in book.written():
        assert captions[str(one.page)] == one.part.replace("　", " ")
