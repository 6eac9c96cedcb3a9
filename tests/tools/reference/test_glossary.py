"""The glossary: many terms, each once, in order, with English, meaning and chapter."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from kefu.kpis import KPIS
from tools.copy_lint import findings, markdown
from tools.reference import __main__ as command
from tools.reference import glossary
from tools.reference.chapters import chapters

TERMS = glossary.terms()
PAGE = glossary.TARGET.read_text(encoding="utf-8")


def test_the_page_is_what_its_command_makes_and_good_copy() -> None:
    assert glossary.document() == PAGE, "run `make lists`"
    assert findings(markdown(PAGE)) == []


def test_the_command_writes_all_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = (command.glossary, command.formulas, command.rules, command.syllabus, command.tables)
    monkeypatch.setattr(command, "ROOT", tmp_path)
    made = {page.TARGET.name: page.TARGET.read_text(encoding="utf-8") for page in pages}
    for page in pages:
        monkeypatch.setattr(page, "TARGET", tmp_path / page.TARGET.name)
        page.TARGET.write_text("old", encoding="utf-8")
    command.main()
    assert {p.name: p.read_text(encoding="utf-8") for p in tmp_path.iterdir()} == made
    assert capsys.readouterr().out.count("kefu: ") == 5


def test_what_is_wrong_with_a_list_ends_the_command_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wrong() -> str:
        raise ValueError("第02章 has no section '甲'")

    monkeypatch.setattr(command.glossary, "document", wrong)
    with pytest.raises(SystemExit, match=r"^kefu: 第02章 has no section '甲'$"):
        command.main()


def test_there_are_many_terms_from_every_chapter() -> None:
    assert len(TERMS) >= 150
    taught = [term.chapter for term in TERMS]
    assert all(taught.count(chapter.number) >= 5 for chapter in chapters())
    assert set(taught) == {chapter.number for chapter in chapters()}


def test_a_term_is_one_short_line_with_english_of_its_own() -> None:
    for term in TERMS:
        assert 4 <= len(term.meaning) <= 60, term
        assert not re.search(r"[。\n]", term.meaning), term
        assert re.fullmatch(r"[\w ,'/&%-]+", term.english, re.A), term
    assert len({term.english.lower() for term in TERMS}) == len(TERMS)


def test_the_figures_have_the_words_of_kpis() -> None:
    said = {term.chinese: (term.english, term.meaning) for term in TERMS}
    assert all(said[one.name] == (one.name_en, one.formula) for one in KPIS)


def test_letters_and_pinyin_are_in_order() -> None:
    letters = re.findall(r"^## (.+)$", PAGE, re.M)
    assert letters == [*sorted(letters[:-1]), glossary.DIGITS]
    assert re.findall(r"^\[(.+)\]\(#letter-\w+\)$", PAGE, re.M) == letters
    by_hand = ["爱尔兰C公式", "包邮", "包邮门槛", "差值模型", "凑单", "NPS", "首重", "SKU", "重"]
    shown = re.findall(r"^(\S.*?)（.+）$", PAGE, re.M)
    places = [shown.index(name) for name in by_hand[:-1]]
    assert places == sorted(places)
    for one, other in pairwise(TERMS):
        if one.letter == other.letter:
            assert one.pinyin <= other.pinyin


@pytest.mark.parametrize(
    ("chinese", "letter"),
    [("重复", "C"), ("行话", "H"), ("NPS", "N"), ("p控制图", "P"), ("3分钟响应率", "0—9")],
)
def test_a_term_stands_under_its_letter(chinese: str, letter: str) -> None:
    assert glossary.Term(chinese, "", "", "02").letter == letter


def test_a_chapter_that_is_there_is_a_link_and_one_to_come_is_words() -> None:
    entries = dict(re.findall(r"^(\S.*?)（.+）\n  .+\n\n  见(.+)。$", PAGE, re.M))
    assert entries["包邮"] == "[第02章](../notebooks/presales/02_preparation.ipynb)"
    there = {chapter.number: chapter.path for chapter in chapters()}
    for term in TERMS:
        assert entries[term.chinese].startswith("[") is bool(there[term.chapter]), term


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"02": "  包邮: 不收运费\n"}, "has no English"),
        ({"02": "  包邮（a）: 甲\n  包邮（a）: 乙\n"}, "defined twice"),
        ({"02": "  包邮（a）: 甲\n", "06": "  包邮（b）: 乙\n"}, "06_chapter.yml.*defined twice"),
        ({"02": "  首重（a）: kefu.kpis\n"}, "expected one of"),
    ],
)
def test_a_fault_in_the_source_is_told(tmp_path: Path, texts: dict[str, str], said: str) -> None:
    folder = tmp_path / "notebooks" / "presales"
    folder.mkdir(parents=True)
    for number, text in texts.items():
        head = f"title: 甲\nfacts: {{}}\nterms:\n{text}"
        (folder / f"{number}_chapter.yml").write_text(head, encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        glossary.terms(tmp_path)
