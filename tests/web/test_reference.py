"""The pages of reference in the built book: their links lead to what they name."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import expect

from tools.reference.chapters import chapters, many

CHAPTERS = {chapter.number: chapter for chapter in chapters() if chapter.path}


@pytest.fixture(scope="module")
def built(site):
    """Read a built page once."""
    known: dict[str, BeautifulSoup] = {}

    def read(name: str) -> BeautifulSoup:
        if name not in known:
            known[name] = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        return known[name]

    return read


def target(built, link: Tag) -> Tag:
    """The section of a chapter to which a link of a page of reference leads."""
    page, _, place = str(link["href"]).removeprefix("../").partition("#")
    found = built(page).find(id=unquote(place))
    assert isinstance(found, Tag), link
    return found if found.name == "section" else found.find_parent("section")


def heading(section: Tag) -> str:
    title = section.find(["h1", "h2", "h3"])
    assert title
    return title.get_text().removesuffix("#")


def live(section: Tag, demo: str | None) -> bool:
    """Whether a live cell stands in a section, and calls the demo if one is named."""
    cells = section.select("[id^=live-cell-]")
    return any(demo is None or f"demos.{demo}(" in cell.get_text() for cell in cells)


def test_every_formula_leads_to_its_live_demo_or_to_a_section_with_live_code(built):
    page = built("book/formulas.html")
    entries = [(number, entry) for number, one in CHAPTERS.items() for entry in one.formulas]
    shown = {
        heading(section): section for section in page.select("article section section section")
    }
    for number, entry in entries:
        (link,) = shown[entry["name"]].select("li:last-child a[href*='#']:not(.kefu-term)")
        section, chapter = target(built, link), CHAPTERS[number]
        if "demo" in entry:
            assert live(section, chapter.figures[entry["demo"]].demo), entry["name"]
            assert f"{entry['demo']}：" in section.get_text()
        else:
            assert heading(section) == entry["section"]
            code = section.select(".cell_input")
            assert code or "下面" in section.get_text(), entry["name"]


def test_every_place_that_the_syllabus_names_is_there(built):
    page = built("book/syllabus.html")
    for chapter in CHAPTERS.values():
        for number, fact in chapter.facts.items():
            (term,) = (dt for dt in page.select("article dt") if dt.get_text().startswith(number))
            links = term.find_next("dd").select("a:not(.kefu-term)")
            named = [link.get_text() for link in links]
            sections = [title.replace("动手：", "") for title in many(fact.get("section"))]
            demos = many(fact.get("demo"))
            exercises = [f"练习{n}" for n in many(fact.get("exercise"))]
            assert (
                named[: len(named) - len(many(fact.get("question")))]
                == sections + demos + exercises
            )
            for link, said in zip(links, named, strict=True):
                section = target(built, link)
                if said in demos:
                    assert live(section, chapter.figures[said].demo)
                elif said in exercises:
                    assert heading(section).startswith(f"{said} ★")
                elif said in sections:
                    assert heading(section).removeprefix("动手：") == said
                else:
                    assert heading(section) == "小测"


def test_a_chapters_card_leads_to_the_rule(built):
    for chapter in CHAPTERS.values():
        page = built(f"{chapter.page}.html")
        links = page.select(".rule-name a[href*='rules.html#']")
        assert links
        for link in links:
            place = str(link["href"]).partition("#")[2]
            card = built("book/rules.html").find(id=place)
            assert "kefu-rule" in card["class"]


def test_the_pages_stand_in_the_appendix_in_this_order(built):
    menu = built("book/glossary.html").select_one("nav.bd-links")
    listed = [str(a["href"]).split("/")[-1] for a in menu.select("a")]
    places = [listed.index(name) for name in ("#", "formulas.html", "rules.html", "syllabus.html")]
    assert places == list(range(places[0], places[0] + 4))


def test_a_letter_leads_to_its_terms(chromium, address):
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}book/glossary.html")
    letters = page.locator(".kefu-letters a")
    boxes = [letters.nth(n).bounding_box() for n in range(letters.count())]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    letters.filter(has_text="Z").click()
    expect(page.locator("article h2", has_text="Z")).to_be_in_viewport()
    expect(page.locator("dt", has_text="转人工")).to_be_visible()
    page.close()
