"""Questions for platforms: each format, read as its reader reads it, is the quiz again.

Moodle has no schema: its files are read here as ``question/format/xml/format.php`` and
``qtype_ordering`` read them. No package ships the schemas of QTI 2.1, so that its files are checked by
their parts and by carrying out their response processing, not by the schema.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kefu.demos import quiz
from kefu.demos.quiz import LETTERS, Question
from tools.questions import __main__ as command
from tools.questions import moodle, qti, sheet
from tools.questions.items import AGAIN, KINDS, LEVELS, Item, items, plain, points
from web import book

CHAPTERS = book.written()
QTI = f"{{{qti.ITEM}}}"
NASTY = "a<b & \"c\" ]]> <script>alert(1)</script> 'd' {=x~y#z}"
ODD: list[Question] = [
    {"id": "one", "kind": "single", "ask": NASTY, "options": [
        {"text": NASTY, "right": True, "why": NASTY}, {"text": "=1+1", "right": False, "why": "@x"}]},
    {"id": "some", "kind": "multiple", "ask": "哪些？", "options": [
        {"text": f"{n}", "right": n < 3, "why": f"因为{n}。"} for n in range(6)]},
    {"id": "much", "kind": "number", "ask": "多少？", "answer": -0.00001, "tolerance": 0.000001,
     "unit": "<元>", "why": NASTY, "traps": [{"value": -12.5, "why": "a & b"}]},
    {"id": "bare", "kind": "number", "ask": "几次？", "answer": 3, "tolerance": 0, "unit": "", "why": "三次。"},
    {"id": "row", "kind": "order", "ask": "排一排。", "items": ["<一>", "二 & 三", "]]>", "四"], "why": "依次。"},
]  # fmt: skip
"""Questions with all that a format could trip over."""
ITEMS = [Item(f"00-{one['id']}", one, "中", f"00-01 {NASTY}") for one in ODD]
EVERY = {**{one.number: one for chapter in CHAPTERS for one in items(chapter)},
         **{one.number: one for one in ITEMS}}  # fmt: skip


def near(value: float, other: float, tolerance: float) -> bool:
    return abs(value - other) <= tolerance + 1e-9


# What stands beside a question


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.number)
def test_every_question_has_a_number_a_point_and_a_level(chapter: book.Chapter) -> None:
    own = items(chapter)
    assert [one.number for one in own] == [
        f"{chapter.number}-{one['id']}" for one in quiz(chapter.quiz).questions
    ]
    for one in own:
        assert one.level in LEVELS
        assert one.point in {f"{chapter.number} {chapter.title}", *points(chapter).values()}
        assert one.kind == KINDS[one.question["kind"]]


def test_most_questions_have_the_point_of_a_fact() -> None:
    found = [one for chapter in CHAPTERS for one in items(chapter)]
    assert sum(bool(re.match(r"\d\d-\d\d ", one.point)) for one in found) >= 0.8 * len(found)


# Moodle


def said(node: ElementTree.Element | None) -> str:
    """Return a text of ours as a reader of Moodle sees it; ours is one paragraph of text."""
    assert node is not None
    html = node.findtext("text") or ""
    found = re.fullmatch(r"<p>(.*)</p>", html, re.S)
    if node.get("format") != "html" or not found:
        assert node.get("format") != "html"
        return html
    assert "<" not in found[1]
    return unescape(found[1])


GRADES = {"100", "50", "33.33333", "25", "20"}
"""Those of Moodle's list of grades (``question_bank::fraction_options_full``) that ours use."""


def read_moodle(node: ElementTree.Element) -> dict[str, Any]:
    """Return a question as Moodle's importer would keep it, in the quiz's own form."""
    kind = node.get("type")
    answers = node.findall("answer")
    for one in answers if kind != "ordering" else ():
        assert one.get("fraction", "").lstrip("-") in {"0", *GRADES}
    found: dict[str, Any] = {"ask": said(node.find("questiontext"))}
    if kind == "multichoice":
        single = node.findtext("single") == "true"
        fractions = [float(one.get("fraction", "")) for one in answers]
        total = sum(one for one in fractions if one > 0)
        assert max(fractions) == 100 if single else abs(total - 100) < 0.01
        assert (sum(fractions) < total) != single
        return {**found, "kind": "single" if single else "multiple",
                "options": [{"text": said(one), "right": fraction > 0, "why": said(one.find("feedback"))}
                            for one, fraction in zip(answers, fractions, strict=True)]}  # fmt: skip
    if kind == "numerical":
        right, *others, rest = answers
        assert (right.get("fraction"), said(rest), said(rest.find("feedback"))) == (
            "100",
            "*",
            AGAIN,
        )
        assert {one.get("fraction") for one in (*others, rest)} == {"0"}
        unit = node.findtext("units/unit/unit_name") or ""
        assert node.findtext("showunits") == ("0" if unit else "3")
        traps = [{"value": float(said(one)), "why": said(one.find("feedback"))} for one in others]
        return {**found, "kind": "number", "answer": float(said(right)), "unit": unit,
                "tolerance": float(right.findtext("tolerance") or ""), "why": said(right.find("feedback")),
                **({"traps": traps} if traps else {})}  # fmt: skip
    assert kind == "ordering"
    assert [one.get("fraction") for one in answers] == [str(n + 1) for n in range(len(answers))]
    assert int(node.findtext("selectcount") or 0) == len(answers) >= 2
    settings = [node.findtext(name) for name in ("layouttype", "selecttype", "gradingtype")]
    assert settings == ["VERTICAL", "ALL", "ABSOLUTE_POSITION"]
    return {**found, "kind": "order", "items": [said(one) for one in answers],
            "why": said(node.find("generalfeedback"))}  # fmt: skip


def same(read: dict[str, Any], told: Question) -> None:
    wanted = {key: value for key, value in told.items() if key != "id"}
    if told["kind"] == "multiple":
        wanted["ask"] += "（多选）"
    if not wanted.get("traps"):
        wanted.pop("traps", None)
    assert read == wanted


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.number)
def test_moodle_reads_a_chapter_as_its_quiz(chapter: book.Chapter) -> None:
    own = items(chapter)
    file = command.made("moodle", chapter, own, None, "网店客服")
    first, *nodes = ElementTree.fromstring(file)
    assert first.findtext("category/text") == f"$course$/top/网店客服/{command.title_of(chapter)}"
    assert [node.findtext("idnumber") for node in nodes] == [one.number for one in own]
    for node, one in zip(nodes, own, strict=True):
        same(read_moodle(node), one.question)
        assert said(node.find("generalfeedback")) == one.right
        assert [tag.findtext("text") for tag in node.iterfind("tags/tag")] == [one.point, one.level]
        assert len(node.findtext("name/text") or "") <= 255
        assert len(one.number) <= 100


def test_moodle_reads_text_that_looks_like_its_own_signs() -> None:
    root = ElementTree.fromstring(moodle.xml([("一/二 & <三>", ITEMS)], "顶"))
    first, *nodes = root
    assert first.findtext("category/text") == "$course$/top/顶/一//二 & <三>"
    for node, one in zip(nodes, ITEMS, strict=True):
        same(read_moodle(node), one.question)


def test_what_is_worth_a_part_adds_up() -> None:
    assert set(moodle.PART.values()) == GRADES
    for count, part in moodle.PART.items():
        assert abs(count * float(part) - 100) < 1e-4


# QTI


class Processing:
    """What an item of QTI does with a response, carried out."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text)
        declared = self.one("responseDeclaration")
        self.cardinality, self.base = declared.get("cardinality"), declared.get("baseType")
        self.correct = [node.text or "" for node in declared.iter(f"{QTI}value")]
        self.feedback = {node.get("identifier"): "".join(node.itertext())
                         for node in self.root.findall(f"{QTI}modalFeedback")}  # fmt: skip

    def one(self, path: str) -> ElementTree.Element:
        found = self.root.findall("/".join(f"{QTI}{part}" for part in path.split("/")))
        assert len(found) == 1
        return found[0]

    def holds(self, node: ElementTree.Element, given: list[str]) -> bool:
        if node.tag == f"{QTI}match":
            return (sorted(given) == sorted(self.correct) if self.cardinality == "multiple"
                    else given == self.correct)  # fmt: skip
        assert node.tag == f"{QTI}equal"
        assert node.get("toleranceMode") == "absolute"
        low, high = map(float, (node.get("tolerance") or "").split())
        value = float(node.findtext(f"{QTI}baseValue") or "")
        return bool(given) and value - low <= float(given[0]) <= value + high

    def answer(self, *given: str) -> tuple[float, list[str]]:
        """Return the score of a response and the feedback it shows."""
        score, shown = 0.0, list[str]()

        def carry(nodes: Iterator[ElementTree.Element] | ElementTree.Element) -> None:
            nonlocal score, shown
            for node in nodes:
                if node.tag == f"{QTI}setOutcomeValue":
                    value = node[0]
                    if node.get("identifier") == "SCORE":
                        score = float(value.text or "")
                    else:
                        own = value.tag == f"{QTI}variable"
                        shown = list(given) if own else [value.text or ""]
                elif node.tag == f"{QTI}responseCondition":
                    for branch in node:
                        if branch.tag == f"{QTI}responseElse":
                            carry(branch)
                        elif self.holds(branch[0], list(given)):
                            carry(iter(branch[1:]))
                        else:
                            continue
                        break

        carry(self.one("responseProcessing"))
        return score, [self.feedback[name] for name in shown]


@pytest.mark.parametrize("item", EVERY.values(), ids=EVERY)
def test_an_item_of_qti_marks_as_the_quiz_does(item: Item) -> None:
    told, found = item.question, Processing(qti.item_xml(item))
    body = found.one("itemBody")
    asked = told["ask"] + ("（多选）" if told["kind"] == "multiple" else "")
    assert asked in "".join(body.itertext())
    if told["kind"] == "number":
        step = told["tolerance"]
        assert found.answer(plain(told["answer"])) == (1, [f"对。{told['why']}"])
        for sign in (-1, 1) if step else ():
            assert found.answer(f"{told['answer'] + sign * step:.12f}")[0] == 1
            assert found.answer(f"{told['answer'] + sign * (2.01 * step)}")[0] == 0
        for trap in told.get("traps", ()):
            assert found.answer(plain(trap["value"])) == (0, [f"不对。{trap['why']}"])
        assert found.answer("123456.789") == (0, [f"不对。{AGAIN}"])
        assert found.base == "float"
        return
    shown = {
        node.get("identifier") or "": "".join(node.itertext())
        for node in body.iter(f"{QTI}simpleChoice")
    }
    assert (found.base, list(shown)) == ("identifier", list(LETTERS[: len(shown)]))
    if told["kind"] == "order":
        assert [shown[letter] for letter in found.correct] == told["items"]
        assert found.answer(*found.correct) == (1, [f"对。{told['why']}"])
        assert found.answer(*found.correct[::-1]) == (0, [f"不对。{told['why']}"])
        return
    options = told["options"]
    assert list(shown.values()) == [one["text"] for one in options]
    why = {
        letter: f"{'对' if one['right'] else '不对'}。{one['why']}"
        for letter, one in zip(shown, options, strict=True)
    }
    right = {letter for letter, one in zip(shown, options, strict=True) if one["right"]}
    sizes = [1] if told["kind"] == "single" else range(len(shown) + 1)
    for size in sizes:
        for chosen in itertools.combinations(shown, size):
            assert found.answer(*chosen) == (set(chosen) == right, [why[one] for one in chosen])


PARTS = {
    "assessmentItem": ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"],
    "assessmentTest": ["testPart"],
    "manifest": ["metadata", "organizations", "resources"],
}  # fmt: skip
"""The parts of each file in the order in which the specification has them."""


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.number)
def test_a_package_of_qti_has_all_that_it_lists(chapter: book.Chapter) -> None:
    own = items(chapter)
    package = zipfile.ZipFile(io.BytesIO(command.made("qti", chapter, own, None, "网店客服")))
    roots = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}
    for name, root in roots.items():
        space, _, tag = root.tag[1:].partition("}")
        parts = [child.tag.partition("}")[2] for child in root]
        assert [part for part, _ in itertools.groupby(parts)] == PARTS[tag]
        assert space == (qti.PACKAGE if name == "imsmanifest.xml" else qti.ITEM)
        identifiers = [
            node.get("identifier") or "" for node in root.iter() if node.get("identifier")
        ]
        assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one, re.A) for one in identifiers), identifiers
    manifest = roots["imsmanifest.xml"]
    listed = [node.get("href") for node in manifest.iter(f"{{{qti.PACKAGE}}}file")]
    assert sorted(map(str, listed)) == sorted(set(package.namelist()) - {"imsmanifest.xml"})
    resources = {node.get("identifier") for node in manifest.iter(f"{{{qti.PACKAGE}}}resource")}
    needed = [node.get("identifierref") for node in manifest.iter(f"{{{qti.PACKAGE}}}dependency")]
    assert len(needed) == len(own)
    assert set(needed) < resources
    refs = [node.get("href") for node in roots["test.xml"].iter(f"{QTI}assessmentItemRef")]
    assert refs == [f"items/Q-{one.number}.xml" for one in own]


# The sheet


def rows(file: bytes) -> list[dict[str, str]]:
    assert file.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.number)
def test_a_row_of_the_sheet_is_a_question(chapter: book.Chapter) -> None:
    own = items(chapter)
    found = rows(command.made("sheet", chapter, own, None, ""))
    assert list(found[0]) == list(sheet.COLUMNS)
    for row, one in zip(found, own, strict=True):
        told, options = one.question, [row[f"选项{letter}"] for letter in sheet.OPTIONS]
        assert (row["题型"], row["编号"], row["知识点"], row["难易程度"]) == (
            one.kind, one.number, one.point, one.level,
        )  # fmt: skip
        assert row["题干"].startswith(told["ask"])
        letters = (
            [sheet.OPTIONS.index(letter) for letter in row["正确答案"]]
            if told["kind"] != "number"
            else []
        )
        if told["kind"] == "number":
            assert (float(row["正确答案"]), options) == (told["answer"], [""] * 6)
            assert all(trap["why"] in row["答案解析"] for trap in told.get("traps", ()))
        elif told["kind"] == "order":
            assert [options[at] for at in letters] == told["items"]
        else:
            assert [options[at] for at in letters] == [
                one["text"] for one in told["options"] if one["right"]
            ]
            assert all(one["why"] in row["答案解析"] for one in told["options"])


def test_columns_are_renamed_and_left_out() -> None:
    names = sheet.renamed(["题干=试题内容", "编号=", "选项F="])
    first, *rest = csv.reader(io.StringIO(sheet.table(ITEMS, names)))
    assert first[:3] == ["\ufeff题型", "试题内容", "选项A"]
    assert not {"编号", "选项F"} & set(first)
    assert {len(row) for row in rest} == {len(sheet.COLUMNS) - 2}


def test_no_cell_of_the_sheet_is_a_formula() -> None:
    cells = [cell for row in csv.reader(io.StringIO(sheet.table(ITEMS))) for cell in row]
    assert any("=1+1" in cell for cell in cells)
    signs = [cell for cell in cells if cell[:1] in set("=+-@\t\r")]
    assert all(float(cell) < 0 for cell in signs)


@pytest.mark.parametrize("told", ["标题=题目", "题干", "题干=编号", "题干=甲 选项A=甲"])
def test_names_of_columns_that_cannot_be_are_told(told: str) -> None:
    with pytest.raises(ValueError, match="COLUMNS: expected"):
        sheet.renamed(told.split())


def test_a_question_of_seven_options_is_told() -> None:
    options = [{"text": f"{n}", "right": not n, "why": "x"} for n in range(7)]
    one = Item("00-x", {"id": "x", "kind": "single", "ask": "?", "options": options}, "易", "")
    with pytest.raises(ValueError, match="00-x: expected at most 6 options"):
        sheet.row(one)


# The command


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_command_writes_the_same_files_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "ab":
        command.main(["--to", str(tmp_path / name)])
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert len(files(tmp_path / "a")) == 3 * len(CHAPTERS)
    assert capsys.readouterr().out.count(command.UNTRIED) == 2


def test_one_format_of_one_chapter(tmp_path: Path) -> None:
    command.main(
        ["--to", str(tmp_path), "--chapter", "02", "--format", "sheet", "--columns", "题干=题目"]
    )
    (name, file), = files(tmp_path).items()  # fmt: skip
    assert name == "sheet/02.csv"
    assert "题目" in rows(file)[0]


@pytest.mark.parametrize("told", [["--chapter", "99"], ["--chapter", "x"], ["--columns", "x"]])
def test_what_cannot_be_is_told_in_one_line(told: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^kefu: .+$") as end:
        command.main([*told, "--to", str(tmp_path)])
    assert "\n" not in str(end.value)
    assert not files(tmp_path)
