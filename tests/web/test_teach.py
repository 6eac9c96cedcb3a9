"""The teacher's room: what it gathers is what the chapters' pages say, its hours add up, its words lead somewhere."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser
from pypdf import PdfReader

from tools.paths import ROOT
from web import book
from web.extensions.teach import sources

CHAPTERS = book.written()
ROOM = ROOT / "book" / "teach"
LINKED = re.compile(r"\[(\d\d)　([^\]]+)\]\(/(notebooks/[\w/]+)\.ipynb#[^)]+\)")
HEADING = re.compile(r"^#{1,3} (.+)$", re.M)
WEEKS = 16


def told(one: book.Chapter) -> str:
    return (ROOT / f"{one.teach}.md").read_text(encoding="utf-8")


def plain(text: str) -> str:
    """Return the text of a sheet as it is typed: fonts give some characters the numbers of radicals."""
    return squeezed(normalize("NFKC", text))


def squeezed(text: str) -> str:
    """Return a text without spaces and marks of Markdown, for comparing with a page."""
    return re.sub(r"[\s*`>]|&nbsp;", "", text)


@pytest.fixture(scope="module")
def soup(site: Path) -> dict[str, BeautifulSoup]:
    """The room's pages."""
    return {
        page.stem: BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        for page in (site / "book" / "teach").glob("*.html")
    }


def part(page: BeautifulSoup, name: str) -> Tag:
    found = page.select_one(f"section#{name}")
    assert found, name
    return found


# The sources


@pytest.mark.parametrize("one", CHAPTERS, ids=lambda one: one.number)
def test_a_page_for_teachers_is_read_whole(one):
    found = sources.roles(told(one))
    text = sources.part(told(one), "角色扮演")
    assert len(found.pairs) == text.count("**客人卡") == text.count("**客服卡")
    assert all(len(card.text) > 40 for pair in found.pairs for card in pair)
    said = squeezed(
        found.how + found.before + "".join(c.text for pair in found.pairs for c in pair)
    )
    for line in text.splitlines():
        if line and not line.startswith("|") and "人卡" not in line and "服卡" not in line:
            assert squeezed(line) in said, line
    assert found.watch.count("\n") == 7  # five things, the sum
    assert "合计（满分10分）" in found.watch
    assert all(sources.lessons(told(one)))
    assert {"必做", "基础"} & set(sources.tasks(told(one)))
    assert sources.desk_card(one.path).startswith("| ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("**客服卡", "**店员卡", "expected pairs"),
        ("| 观察者看什么", "观察者看什么", "expected"),
        ("## 角色扮演", "## 演一演", "expected a section 角色扮演"),
        ("### 第二节：", "### 后一节：", "expected 第一节"),
        ("- 必做：", "必做 ", "expected a list of tasks"),
    ],
)
def test_what_is_not_in_the_form_is_told(old, new, said):
    text = told(book.chapter("05")).replace(old, new)
    text = text.replace("- 选做：", "").replace("- 调查：", "") if "必做" in old else text
    if old.startswith("| "):
        text = re.sub(r"^\|.*\n", "", text, flags=re.M)
    with pytest.raises(ValueError, match=said):
        [act(text) for act in (sources.roles, sources.lessons, sources.tasks)]


# The calendars


@pytest.mark.parametrize("hours", [32, 64])
def test_a_term_has_its_hours_every_chapter_and_as_many_lessons_a_week(soup, hours):
    (table,) = part(soup["term"], f"term-{hours}").select("table")
    week, sums, lessons = 0, dict.fromkeys(range(1, WEEKS + 1), 0), list[str]()
    for row in table.select("tbody tr"):
        when, count, what, does, *_ = (cell.get_text().strip() for cell in row.select("td"))
        week = int(when) if when else week
        sums[week] += int(count)
        number = re.match(r"第(\d\d)章|实训　", what)
        if number:
            of = number[1] or "17"
            names = re.findall(r"第([一二])节《([^》]+)》", does)
            lessons += [of + n for n, _ in names]
            assert [name for _, name in names] == [
                sources.lessons(told(book.chapter(of)))["一二".index(n)] for n, _ in names
            ]
            assert int(count) == len(names) + ("机房课" in does)
    assert sum(sums.values()) == hours
    assert set(sums.values()) == {hours // WEEKS}
    assert lessons == sorted(lessons, key=lambda one: (one[:2], "一二".index(one[2])))
    assert {one[:2] for one in lessons} == {one.number for one in CHAPTERS}
    once = {one.number for one in CHAPTERS} - {one[:2] for one in lessons if one[2] == "二"}
    assert once == ({"09", "11", "12", "15"} if hours == 32 else set())


# What is gathered


def test_role_cards_tables_and_grades_say_what_the_chapters_pages_say(soup):
    for one in CHAPTERS:
        found = sources.roles(told(one))
        shown = part(soup["roles"], f"roles-{one.number}")
        cards = [squeezed(card.get_text()) for card in shown.select(".teach-card")]
        wanted = [squeezed(card.text) for pair in found.pairs for card in pair]
        assert all(told_ in there for told_, there in zip(wanted, cards, strict=True))
        assert len(shown.select(".teach-watch tbody tr")) == 6
        grades = squeezed(part(soup["rubrics"], f"rubrics-{one.number}").get_text())
        for row in re.findall(r"^\| (?:平时|实操|测验) .*$", sources.part(told(one), "评分"), re.M):
            assert squeezed(row).replace("|", "") in grades


def test_there_is_a_card_for_every_desk(soup):
    for one in CHAPTERS:
        shown = squeezed(
            part(soup["cards"], f"cards-{one.number}").select_one(".desk-card").get_text()
        )
        for row in sources.desk_card(one.path).splitlines()[2:]:
            assert (
                re.sub(r"[|]", "", squeezed(re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", row))) in shown
            )


# The standards


def test_every_section_that_a_standard_is_held_against_is_there():
    text = (ROOM / "standards.md").read_text(encoding="utf-8")
    found = LINKED.findall(text)
    assert len(found) == text.count(".ipynb#") > 60
    for number, heading, page in found:
        one = book.chapter(number)
        assert (page, one.path.suffix) == (one.page, ".ipynb")
        cells = json.loads(one.path.read_text(encoding="utf-8"))["cells"]
        heads = HEADING.findall(
            "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        )
        assert heading in heads, (number, heading)


def test_only_percentages_that_were_seen_are_printed():
    text = (ROOM / "standards.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if re.search(r"占\d+%", row)]
    assert [re.search(r"占(\d+)%，(\d+)分钟", row).groups() for row in rows] == [
        ("25", "120"), ("40", "180"), ("35", "150")
    ]  # fmt: skip
    assert all("2024年河北中职" in row for row in rows)
    rest = re.sub(r"占\d+%|95%为什么", "", re.sub(r"\([^)]*\)", "", text))
    assert "%" not in rest
    assert "占比" not in text


# On paper


def test_cards_print_one_a_sheet_roles_two_halves_and_one_part_alone(
    chromium: Browser, address: str
):
    window = chromium.new_page(viewport={"width": 1280, "height": 844})
    window.add_init_script("window.print = () => {}")

    def sheets() -> list[str]:
        made = window.pdf(prefer_css_page_size=True, format="A4")
        return [plain(page.extract_text()) for page in PdfReader(BytesIO(made)).pages]

    window.goto(f"{address}book/teach/cards.html")
    printed = sheets()
    assert len(printed) == len(CHAPTERS)
    assert all(one.label in page for one, page in zip(CHAPTERS, printed, strict=True))
    window.goto(f"{address}book/teach/roles.html")
    printed = sheets()
    pairs = [len(sources.roles(told(one)).pairs) for one in CHAPTERS]
    assert len(printed) == sum(-(-(count + 1) // 2) for count in pairs)
    button = window.locator("#roles-05 .teach-print")
    button.click()
    (alone,) = sheets()
    assert "北岸" in alone
    assert "观察表" in alone
    window.evaluate("dispatchEvent(new Event('afterprint'))")
    assert window.locator(".teach-printing").count() == 0
    window.close()
