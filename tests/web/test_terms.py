"""Terms: explained at their first use in a page, by mouse, touch, keyboard, and without JavaScript."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag
from playwright.sync_api import Browser, Page, expect

from tools.reference.glossary import terms
from web import book
from web.extensions import terms as extension

CHAPTER = "notebooks/presales/02_preparation.html"
NAMES = sorted((term.chinese for term in terms()), key=len, reverse=True)
TERM, CARD = "a.kefu-term", ".kefu-card-of-term"
TOUCH = 44

# In the built pages


@pytest.fixture(scope="module")
def articles(site, pages) -> dict[str, Tag]:
    """The text of each page that has any."""
    soups = {p: BeautifulSoup((site / p).read_text(encoding="utf-8"), "html.parser") for p in pages}
    return {page: soup.article for page, soup in soups.items() if soup.article}


def test_examples_in_the_extension_hold():
    done = doctest.testmod(extension)
    assert done.failed == 0 < done.attempted


def test_every_chapter_explains_many_terms_and_each_once(articles):
    for page, article in articles.items():
        said = [link.get_text() for link in article.select(TERM)]
        assert len(said) == len(set(said)), page
        if book.is_chapter(page.removesuffix(".html")) and "/practice/" not in page:
            assert len(said) >= 20, page


def test_no_term_is_explained_in_a_heading_code_link_demo_or_the_glossary(articles):
    quiet = "h1, h2, h3, h4, thead, code, pre, a a, svg, .cell, .kefu-demo, .formula, dl.glossary"
    for page, article in articles.items():
        assert [
            str(link) for place in article.select(quiet) for link in place.select(TERM)
        ] == [], page
    assert articles["book/glossary.html"].select(TERM) == []


def test_the_first_use_in_plain_text_is_the_one_that_is_explained(articles):
    """Found again from the page alone: the longest name at each place, the first time it comes."""
    names = extension.pattern(NAMES)
    quiet = "h1, h2, h3, h4, thead, code, pre, svg, script, .cell, .formula, .kefu-lite"
    for page, article in articles.items():
        if not book.is_chapter(page.removesuffix(".html")):
            continue
        plain = BeautifulSoup(str(article), "html.parser")
        for skipped in plain.select(quiet):
            skipped.decompose()
        explained = {link.get_text() for link in plain.select(TERM)}
        for link in plain.select(TERM):
            link.unwrap()
        for link in plain.select("a"):
            link.decompose()
        plain.smooth()
        said = {
            hit for text in plain.find_all(string=True) for hit in names.findall(str(text)) if hit
        }
        assert explained == said, page


def test_a_term_has_the_glossarys_words_and_leads_to_its_entry(articles):
    entries = {dt["id"]: dt for dt in articles["book/glossary.html"].select("dl.glossary dt")}
    known = {term.chinese: term for term in terms()}
    for page, article in articles.items():
        for link in article.select(TERM):
            term = known[link.get_text()]
            assert link["data-meaning"] == f"{term.meaning}。", page
            assert link["data-term"].replace("’", "'") == f"{term.chinese}（{term.english}）"
            place = unquote(str(link["href"]).partition("#")[2])
            assert entries[place].get_text().startswith(str(link["data-term"]))


def test_a_longer_term_wins(articles):
    for article in articles.values():
        for link in article.select(TERM):
            after = link.next_sibling
            rest = link.get_text() + (str(after) if isinstance(after, NavigableString) else "")
            longest = next(name for name in NAMES if rest.startswith(name))
            assert longest == link.get_text()


# In a browser


@pytest.fixture
def page(browser: Browser, address) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    context.route("**/_static/live/**", lambda route: route.abort())  # demos would change the page
    page = context.new_page()
    page.goto(address + CHAPTER)
    page.evaluate("document.fonts.ready")
    page.locator(f"{TERM}[aria-describedby]").first.wait_for()
    yield page
    context.close()


def test_pointing_shows_the_meaning_and_leaving_hides_it(page):
    term = page.locator(TERM, has_text="到手价").first
    size = page.evaluate("document.documentElement.scrollHeight")
    term.hover()
    expect(page.locator(CARD)).to_be_visible()
    expect(page.locator(CARD)).to_contain_text("减完全部优惠之后")
    assert page.evaluate("document.documentElement.scrollHeight") == size
    page.locator(CARD).hover()  # the pointer may move onto the card
    page.wait_for_timeout(300)
    expect(page.locator(CARD)).to_be_visible()
    page.mouse.move(5, 790)
    expect(page.locator(CARD)).to_be_hidden()


def test_the_keyboard_shows_it_escape_hides_it_and_enter_follows(page):
    term = page.locator(TERM).first
    page.keyboard.press("Tab")  # the browser then knows that the keyboard is in use
    term.focus()
    expect(page.locator(CARD)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(CARD)).to_be_hidden()
    place = term.get_attribute("href").split("/")[-1]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{place}")


def test_a_screen_reader_hears_the_meaning(page):
    heard = page.evaluate(
        """() => [...document.querySelectorAll('a.kefu-term')].map(term => [
            term.dataset.meaning,
            document.getElementById(term.getAttribute('aria-describedby')).textContent])"""
    )
    assert heard
    assert all(meaning == said for meaning, said in heard)


def test_a_tap_opens_a_card_within_the_window_and_a_tap_elsewhere_closes_it(chromium, address):
    context = chromium.new_context(
        viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(address + CHAPTER)
    page.locator(f"{TERM}[aria-describedby]").first.wait_for()
    links = page.locator(f"article {TERM}:visible")
    for number in range(0, links.count(), 8):
        links.nth(number).scroll_into_view_if_needed()
        links.nth(number).tap()
        card = page.locator(CARD)
        expect(card).to_be_visible()
        box = card.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 700
    assert page.url.endswith(CHAPTER)  # a tap does not leave the page
    assert card.locator("a").bounding_box()["height"] >= TOUCH
    page.locator("article p").first.tap(position={"x": 3, "y": 3}, force=True)
    expect(card).to_be_hidden()
    links.first.scroll_into_view_if_needed()
    links.first.tap()
    card.locator("a").tap()
    page.wait_for_url("**/glossary.html#term-*")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_card_can_be_read_in_both_themes(chromium, address, theme):
    context = chromium.new_context(color_scheme=theme)
    page = context.new_page()
    page.goto(address + CHAPTER)
    page.locator(f"{TERM}[aria-describedby]").first.hover()
    ratio = page.locator(CARD).evaluate(
        """card => {
        const light = colour => {
            const [r, g, b] = colour.match(/[\\d.]+/g).map(Number)
                .map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
            return .2126 * r + .7152 * g + .0722 * b + .05;
        };
        const back = light(getComputedStyle(card).backgroundColor);
        return ['p', 'strong', 'a'].map(part => light(getComputedStyle(card.querySelector(part)).color))
            .map(front => Math.max(front, back) / Math.min(front, back));
    }"""
    )
    assert min(ratio) >= 4.5
    context.close()


def test_without_javascript_a_term_is_a_link_to_its_entry(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + CHAPTER)
    term = page.locator(TERM, has_text="到手价").first
    term.click()
    page.wait_for_url("**/book/glossary.html#term-final-price")
    expect(page.locator("#term-final-price")).to_have_text(re.compile("到手价"))
    context.close()
