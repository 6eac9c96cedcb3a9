"""The look of the book: one palette everywhere, enough contrast, shapes of chapters, the cover."""

from __future__ import annotations

import gzip
import re
from itertools import product
from pathlib import Path

import nbformat
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from kefu import charts
from tools.paths import ROOT
from web import book

SHEET = ROOT / "web" / "assets" / "kefu.css"
DEMO = ROOT / "widgets" / "kefu" / "demos" / "demo.css"
LIVE = ROOT / "web" / "extensions" / "live" / "client" / "live.css"
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
GROUNDS = ("paper", "card", "sunk", "warm", "cool")
INKS = ("ink", "soft", "accent", "teal", "wrong")
DRAWN = ("persimmon", "gold", "plum", "grey", "edge")
COVER = "book/index.html"
KB = 1000


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of a theme by their names."""
    block = re.search(
        rf'html\[data-theme="{theme}"\] \{{\n  --kefu-paper(.*?)\n\}}',
        SHEET.read_text(encoding="utf-8"),
        re.S,
    )
    assert block
    return dict(re.findall(r"--kefu-(\w+): (#[0-9a-f]{6});", "--kefu-paper" + block[1]))


def light(colour: str) -> float:
    """Return the relative luminance of WCAG."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05


def contrast(one: str, other: str) -> float:
    low, high = sorted((light(one), light(other)))
    return high / low


def soup(site: Path, page: str) -> BeautifulSoup:
    return BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")


def prose(chapter: str) -> str:
    cells = nbformat.read(ROOT / f"{chapter}.ipynb", as_version=4).cells
    return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


CHAPTERS = [one.page for one in book.written()]
every = pytest.mark.parametrize("chapter", CHAPTERS)


# One palette


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_drawings_have_the_contrast_of_wcag_aa(theme):
    known = tokens(theme)
    pale = {
        (ink, ground): round(contrast(known[ink], known[ground]), 2)
        for inks, least, grounds in ((INKS, 4.5, GROUNDS), (DRAWN, 3.0, GROUNDS[:3]))
        for ink, ground in product(inks, grounds)
        if contrast(known[ink], known[ground]) < least
    }
    assert pale == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_themes_have_every_token(theme):
    assert set(tokens(theme)) == {*GROUNDS, *INKS, *DRAWN, "line"}


def test_charts_have_the_colours_of_the_pages():
    known = tokens("light")
    for name in ("ink", "teal", "persimmon", "gold", "plum", "grey", "line"):
        assert getattr(charts, name.upper()) == known[name]
    assert known["card"] == charts.PAPER


@pytest.mark.parametrize("sheet", [DEMO, LIVE], ids=lambda path: path.name)
def test_demos_and_live_cells_fall_back_to_the_colours_of_the_pages(sheet):
    named = re.findall(
        r"var\(--kefu-(\w+),\s*(?:var\([\w-]+,)?(#[0-9a-f]{6})", sheet.read_text(encoding="utf-8")
    )
    known = tokens("light")
    assert len(named) >= 4
    assert {name: colour for name, colour in named} == {name: known[name] for name, _ in named}


def test_demos_in_a_dark_lab_have_the_colours_of_dark_pages():
    line = next(x for x in DEMO.read_text(encoding="utf-8").splitlines() if "light=false" in x)
    assert set(HEX.findall(line)) <= set(tokens("dark").values())


def test_no_colour_stands_outside_the_tokens():
    sheet = SHEET.read_text(encoding="utf-8").split("/* text */")
    assert len(sheet) == 2
    assert HEX.findall(sheet[1]) == []
    drawings = [*(ROOT / "widgets" / "kefu" / "demos").glob("*.py")]
    assert [p.name for p in drawings if re.search(r"#[0-9a-f]{6}\b", p.read_text("utf-8"))] == []


def test_a_moved_slider_styles_no_whole_page_anew():
    """``:has()`` of an article or a section does: 60 ms a move in a chapter; the cover is short."""
    rules = SHEET.read_text(encoding="utf-8") + LIVE.read_text(encoding="utf-8")
    assert set(re.findall(r"(\S+):has\(", rules)) == {".text_html"}


def test_the_sheets_stay_small():
    assert len(gzip.compress(SHEET.read_bytes())) < 7 * KB
    assert len(gzip.compress(DEMO.read_bytes())) < 6 * KB


# Chapters


@every
def test_chapter_opens_with_its_number_goals_time_and_needs(site, chapter):
    page = soup(site, f"{chapter}.html")
    assert re.fullmatch(r"(第\d\d章|实训)\s*", page.article.h1.select_one(".chapter-number").text)
    head = page.select_one(".chapter-head")
    assert head.select_one("p > strong:first-child").text == "学习目标"
    assert {"用时", "先修"} <= {b.text for b in head.select("p > strong:first-child")}
    assert 3 <= len(head.select("ol > li")) <= 6


@every
def test_talk_is_shown_in_bubbles_and_keeps_its_words(site, chapter):
    """A line of talk in the notebook: ``> **speaker**：words``, a mark before, stars behind."""
    quoted = re.findall(r"^> ((?:[✗✓] )?\*\*(?!图|规则卡).+?\*\*[ ★☆]*：.+)$", prose(chapter), re.M)
    wanted = [re.sub(r"[*`\s]", "", line) for line in quoted]
    page = soup(site, f"{chapter}.html")
    shown = [re.sub(r"\s", "", p.text) for p in page.select(".chat:not(.answers) > .said")]
    assert shown == wanted
    assert shown
    assert page.select("article blockquote") == []
    for line in page.select(".said"):
        assert line.select_one(".says").text.strip()


@every
def test_good_and_bad_answers_are_bubbles_with_reasons(site, chapter):
    rows = re.findall(r"^\| ([✗✓]) \| (.+?) ?\| (.+?) ?\|$", prose(chapter), re.M)
    page = soup(site, f"{chapter}.html")
    marks = {"✗": "bad", "✓": "good"}
    shown = [
        (line["class"][-1], line.select_one(".says").text, reason.text.partition("：")[2])
        for line, reason in zip(
            page.select(".answers .said:is(.good, .bad)"), page.select(".answers .why"), strict=True
        )
    ]
    plain = [
        (marks[mark], *(re.sub(r"[*`]", "", t).strip() for t in texts)) for mark, *texts in rows
    ]
    assert shown == plain
    assert shown


@every
def test_every_rule_is_a_card_with_its_source_set_apart(site, chapter):
    """A card in the notebook: ``> **规则卡　[名](…)**：words（source，standing，date）``."""
    quoted = re.findall(r"^> \*\*规则卡　\[(.+?)\]\(.+?\)\*\*：(.+)$", prose(chapter), re.M)
    cards = soup(site, f"{chapter}.html").select("article .rule-card")
    assert len(cards) == len(quoted) > 0
    for card, (name, words) in zip(cards, quoted, strict=True):
        said, source = (card.select(".rule-name ~ p")[n].text for n in (0, -1))
        assert card.select_one(".rule-name a").text == name
        assert re.search(r"\d{4}-\d{2}-\d{2}(整理)?$", source)
        assert f"{said}（{source}）" == re.sub(r"[*`]", "", words)


def test_no_mark_of_markdown_is_left_in_a_page(site, pages):
    for name in pages:
        article = soup(site, name).article
        if article is None:
            continue
        for code in article.select("pre, code, script, style"):
            code.decompose()
        assert "**" not in article.text, name


def test_lines_of_text_have_forty_characters_and_code_fits(site, address, chromium):
    page = chromium.new_page(viewport={"width": 1280, "height": 844})
    page.goto(f"{address}{CHAPTERS[0]}.html")
    longest, cut = page.evaluate("""() => [
        Math.max(...[...document.querySelectorAll('article section > p:not([class])')].map(
            p => p.clientWidth / parseFloat(getComputedStyle(p).fontSize))),
        [...document.querySelectorAll('article .cell_input pre')].filter(
            p => p.scrollWidth > p.clientWidth).length]""")
    page.close()
    assert 36 <= longest <= 41
    assert cut == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_demo_that_waits_stands_on_the_page_s_own_ground(site, address, chromium, scheme):
    page = chromium.new_page(color_scheme=scheme, reduced_motion="reduce")
    page.route("**/live/**", lambda route: route.abort())  # its Python never comes
    page.goto(f"{address}{CHAPTERS[0]}.html")
    grounds = page.locator("article .text_html:has(> .live-picture)").evaluate_all(
        "boxes => boxes.map(box => getComputedStyle(box).backgroundColor)"
    )
    page.close()
    assert len(grounds) >= 3
    assert set(grounds) == {"rgba(0, 0, 0, 0)"}


# The cover


def test_cover_lists_what_can_be_read_and_no_more(site):
    page = soup(site, COVER)
    links = [(site / "book" / a["href"]).resolve() for a in page.select(".chapters a")]
    assert links == [(site / f"{chapter}.html").resolve() for chapter in CHAPTERS]
    listed = page.select(".chapters .number")
    assert [n.text for n in listed] == sorted({n.text for n in listed})
    assert len(page.select(".chapters .writing")) == len(listed) - len(links)
    chapters = [one for one in book.written() if not one.practice]
    assert f"{len(chapters)}章现在就能读" in page.select_one(".chapters-legend").text


def test_each_door_of_the_cover_has_one_way_on(site):
    doors = soup(site, COVER).select(".kefu-doors > .door")
    assert [door.p.text for door in doors] == ["学生", "教师", "自学者"]
    assert [len(door.select("a[href]")) for door in doors] == [1, 1, 1]
    first = (site / "book" / doors[0].a["href"]).resolve()
    assert first == (site / f"{CHAPTERS[0]}.html").resolve()


def test_the_covers_demo_comes_alive_after_the_page_and_answers(address, chromium):
    page = chromium.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    order: list[str] = []
    page.on("request", lambda r: order.append(r.url.rsplit("/", 1)[1]))
    page.on("load", lambda _: order.append("load"))
    page.goto(address + COVER)
    demo = page.locator(".live-demo .kefu-demo")
    expect(demo).to_contain_text("低于期望")
    page.wait_for_selector("html[data-live=alive]", state="attached")
    assert order.index("load") < order.index("worker.js")
    handle = demo.locator(".kefu-range").first
    handle.focus()
    for _ in range(4):
        handle.press("ArrowRight")
    expect(demo).to_contain_text("超出期望")
    expect(demo).to_contain_text("70位下了单")
    page.close()


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_cover_says_what_the_book_is_in_the_first_screen(address, chromium, width):
    page = chromium.new_page(viewport={"width": width, "height": 844})
    page.goto(address + COVER)
    for part in ("h1", ".kefu-lead", ".live-demo .kefu-title"):
        expect(page.locator(f"article {part}").first).to_be_in_viewport(ratio=1)
    page.close()
