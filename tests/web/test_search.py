"""Search in real browsers, against a plain reading of the pages' text by another parser."""

from __future__ import annotations

import gzip
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from tests.visit import AA, PALE
from tests.web.test_look import tokens
from web import book

MOST = 0.15
"""The index, as it is sent, has at most this share of the pages' text."""
QUERIES = [
    *(
        "退换货率",
        "首重续重",
        "三分钟响应",
        "券",
        "运费",
        "满300减40",
        "包邮",
        "七天无理由",
        "换货率",
    ),
    *(
        "重续",
        "货无",
        "计费重",
        "积重",
        "分钟",
        "到手价",
        "叠加",
        "跨店满减",
        "催付",
        "转人工",
        "差评",
    ),
    *(
        "期望",
        "满意度",
        "体验减期望",
        "意度等",
        "比值模型",
        "必备属性",
        "基础服务",
        "举证",
        "运费险",
    ),
    *(
        "签收",
        "拒签",
        "定制商品",
        "生鲜",
        "仅退款",
        "退货运",
        "第06章",
        "林姐",
        "小满",
        "暖巷生活馆",
    ),
    *(
        "快递公司",
        "承诺发货",
        "最晚上传",
        "晚班的三个窗口",
        "橘子汽水",
        "Kano",
        "sku",
        "NPS",
        "ＳＫＵ",
    ),
    *("不满一段也按一段", "，", "3.2 kg的包裹", "best_price", "运 费 险"),
]
SEVERAL = [
    "首重 续重",
    "运费 差评",
    "第02章 枕芯",
    "退货 运费 举证",
    "满意度　期望",
    "林姐 best_price",
    "运费、退货",
    "举证，运费/退货",
]
NOWHERE = ["退换货律", "量子纠缠", "运费运费运费", "zzzqqq", "，。，。", "退-换-货"]
HOSTILE = [
    '<img src=x onerror="alert(1)">',
    '"><script>alert(1)</script>',
    "${alert(1)}{{7*7}}",
    "(.*)+[\\",
    "%00%E0%A4%A",
    "运费<b>",
    "\U0001f600" * 40,
    "运" * 3000,
]
INLINE = [
    *("a", "abbr", "b", "code", "em", "i", "kbd", "mark", "small", "span", "strong", "sub", "sup", "u"),
    *("br", "tspan", "math", "mrow", "mi", "mo", "mn", "mtext", "mfrac", "msub", "msup", "mover"),
    *("munder", "mstyle", "msqrt", "mspace", "munderover", "msubsup", "semantics", "mpadded"),
]  # fmt: skip
QUOTES = str.maketrans("“”‘’〜", "\"\"''~")

# Asks the panel one query after the other, each with Enter, and tells the addresses that it shows for each.
ASK = """async queries => {
    const input = document.querySelector('[role=combobox]'), list = document.querySelector('[role=listbox]');
    const told = [];
    for (const query of queries) {
        const again = input.value.trim() === query.trim();  // Enter would then open what it found
        input.value = query;
        input.dispatchEvent(new InputEvent('input'));
        if (!again) input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}));
        while (list.ariaBusy !== 'false') await new Promise(done => setTimeout(done, 5));
        told.push([...list.querySelectorAll('a')].map(row => [row.dataset.tier, row.href]));
    }
    return told;
}"""


def folded(text: str) -> str:
    """Return a text without differences of width, case, quotes and spaces."""
    plain = unicodedata.normalize("NFKC", text.translate(QUOTES)).lower()
    plain = re.sub("[\u200b\u00ad]", "", plain)
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", re.sub(r"\s+", " ", plain.strip()))


def texts(html: str, anchor: str = "") -> list[str]:
    """Return the texts of a page, or of one of its sections, one for each paragraph, cell, label."""
    soup = BeautifulSoup(html, "html.parser")
    article = soup.find(id=anchor) if anchor else soup.select_one("article.bd-article")
    assert article is not None, anchor
    if article.name == "dt":
        article = article.parent
    assert article is not None
    for unread in article.select(
        "script, style, .headerlink, .tracks, .card-bar, svg[aria-hidden=true], .kefu-downloads"
    ):
        unread.decompose()
    for line in article.find_all("br"):
        line.insert(0, " ")
    for inline in article.find_all(INLINE):
        inline.unwrap()
    article.smooth()
    return [text for part in article.find_all(string=True) if (text := " ".join(part.split()))]


@pytest.fixture(scope="module")
def read(site: Path) -> dict[str, list[str]]:
    """Return the texts of every page of the contents."""
    names = [f"{name}.html" for name in book.pages()]
    return {name: texts((site / name).read_text(encoding="utf-8")) for name in names}


@pytest.fixture(scope="module")
def plain(read: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the texts of every page, folded."""
    return {name: [folded(text) for text in found] for name, found in read.items()}


def words_of(query: str) -> list[str]:
    """Return the words of a query: between spaces and stops of Chinese, unless it has nothing else."""
    parts = re.split(r"[\s、，。；：！？…]+|(?<=[\u4e00-\u9fff])[,;:/|]+(?=[\u4e00-\u9fff])", query)
    return [word for part in parts if (word := folded(part))] or [*map(folded, query.split())]


def holding(plain: dict[str, list[str]], query: str) -> set[str]:
    """Return the pages that hold every word of a query."""
    words = words_of(query)
    return {name for name, found in plain.items() if all(any(w in t for t in found) for w in words)}


@pytest.fixture(scope="module")
def window(chromium: Browser, address: str) -> Iterator[Page]:
    """Return the search's own page, open."""
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(address + "search.html")
    page.wait_for_selector("[role=combobox]")
    yield page
    page.close()


@pytest.fixture
def visit_page(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a fresh profile, its Python asleep."""
    windows: list[Page] = []

    def visit_page(name: str = "book/index.html", width: int = 1280, theme: str = "light") -> Page:
        size = {"width": width, "height": 844}
        page = chromium.new_page(viewport=size, color_scheme=theme, reduced_motion="reduce")
        windows.append(page)
        page.said = []
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("dialog", lambda box: (page.said.append(box.message), box.dismiss()))
        page.route("**/_static/live/**", lambda route: route.abort())
        page.goto(address + name)
        return page

    yield visit_page
    for page in windows:
        assert page.said == []
        page.close()


def told(window: Page, address: str, queries: list[str]) -> list[list[tuple[str, str]]]:
    """Return for each query the tiers and addresses below the site, but not what is only alike."""
    found = window.evaluate(ASK, queries)
    return [
        [(tier, unquote(url.removeprefix(address))) for tier, url in rows if tier != "near"]
        for rows in found
    ]


def path(url: str) -> str:
    """Return the path of a file below the search's folder, without what changes with its contents."""
    return re.sub("^[0-9a-f]{12}/", "", url.partition("/_static/search/")[2].partition("?")[0])


def opened(page: Page, query: str = "") -> Page:
    """Open the dialog by its keys and look for something."""
    page.keyboard.press("ControlOrMeta+k")
    field = page.locator("dialog.kefu-search input")
    expect(field).to_be_focused()
    if query:
        page.keyboard.insert_text(query)
        expect(page.locator("dialog.kefu-search [role=listbox]")).to_have_attribute(
            "aria-busy", "false"
        )
    return page


# what is found


@pytest.mark.parametrize(
    ("queries", "somewhere"),
    [(QUERIES, 45), (SEVERAL, 8), (NOWHERE, 0)],
    ids=["one", "several", "nowhere"],
)
def test_a_query_finds_every_page_that_holds_it_and_no_other(
    window, address, plain, queries, somewhere
):
    found = told(window, address, queries)
    pages = {
        query: {urldefrag(url)[0] for _, url in rows}
        for query, rows in zip(queries, found, strict=True)
    }
    assert pages == {query: holding(plain, query) for query in queries}
    assert sum(map(bool, pages.values())) >= somewhere


def test_any_part_of_any_text_is_found(window, address, read, plain):
    luck = random.Random(2026)
    parts = []
    for found in read.values():
        for text in luck.choices(found, k=14):
            start = luck.randrange(len(text))
            parts.append(text[start : start + luck.randint(1, 14)].strip())
    parts = [part for part in parts if part.strip()]
    unseen = window.add_style_tag(content="[role=listbox] { display: none }")  # nor laid out
    rows = told(window, address, parts)
    unseen.evaluate("style => style.remove()")
    missed = [
        (part, holding(plain, part) ^ {urldefrag(url)[0] for _, url in row})
        for part, row in zip(parts, rows, strict=True)
        if holding(plain, part) != {urldefrag(url)[0] for _, url in row}
    ]
    assert len(parts) > 120
    assert missed == []


def test_a_result_leads_to_the_section_that_holds_the_words(window, address, site, plain):
    queries = ["首重续重", "退货率", "举证", "橘子汽水", "凑单", "体验减期望", "计费重"]
    for query, rows in zip(queries, told(window, address, queries), strict=True):
        assert rows
        for _, url in rows:
            page, anchor = urldefrag(url)
            html = (site / page).read_text(encoding="utf-8")
            assert any(query in folded(text) for text in texts(html, anchor)), (query, url)


def teacher(name: str) -> bool:
    return book.for_teachers(name.removesuffix(".html"))


def test_titles_come_before_headings_and_headings_before_text(window, address, read):
    tiers = ["title", "heading", "text", "answer", "teacher"]
    queries = ["运费", "术语表", "满意度", "退换货", "数据", "第02章"]
    for query, rows in zip(queries, told(window, address, queries), strict=True):
        found = [tiers.index(tier) for tier, _ in rows]
        assert found == sorted(found), query
        titled = {urldefrag(url)[0] for tier, url in rows if tier == "title"}
        assert titled == {
            name for name, (title, *_) in read.items() if query in title and not teacher(name)
        }, query
    ((first, *_),) = told(window, address, ["包邮"])
    assert first == ("heading", "book/glossary.html#term-free-shipping")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("退换货律", "退换货"),
        ("thh", "退换货"),
        ("tuihuanhuo", "退换货"),
        ("yunfei", "运费"),
        ("手重", "首重"),
        ("包邮门坎", "包邮门槛"),
    ],
)
def test_a_typo_or_pinyin_is_answered_with_what_is_alike(window, typed, meant):
    window.evaluate(ASK, [typed])
    expect(window.locator("[data-tier=near]").first).to_contain_text(meant)


def test_of_what_is_alike_the_pages_for_teachers_come_last(window, address):
    queries = ["三夜提问", "夜阶成绩表", "换一夜数据给"]
    for query, rows in zip(queries, window.evaluate(ASK, queries), strict=True):
        found = [teacher(urldefrag(url)[0].removeprefix(address)) for _, url in rows]
        assert found == sorted(found), query
        assert {*found} == {True, False}, query


def test_traditional_characters_find_simplified_ones(window, address):
    queries = [
        ("運費", "运费"),
        ("包郵", "包邮"),
        ("退換貨、舉證", "退换货、举证"),
        ("滿意度", "满意度"),
    ]
    for (old, _), found in zip(
        queries, told(window, address, [o for o, _ in queries]), strict=True
    ):
        assert found, old
    for old, simple in queries:
        found, same = told(window, address, [old, simple])
        assert found == same
    window.evaluate(ASK, ["運費"])
    expect(window.get_by_role("status").first).to_contain_text("按简体“运费”查找，在")
    assert "运费" in window.locator("[role=option] mark").all_text_contents()


def test_answers_come_last_and_say_what_they_are(window, address, site):
    hidden = BeautifulSoup(
        (site / "notebooks/presales/02_preparation.html").read_text(encoding="utf-8"), "html.parser"
    )
    code = next(p for p in hidden.select("div.tag_solution details pre") if "sums." in p.get_text())
    feedback = hidden.select_one(".kefu-quiz[data-quiz] details.kefu-option > p")
    guessed = hidden.select_one(".kefu-guess details.kefu-option > p")
    reply = hidden.find("summary", string="参考解答与评分").find_next_sibling("p")
    for part in (code, feedback, guessed, reply):
        line = max(re.split(r"[\s，。；：、“”]", part.get_text()), key=len)
        (rows,) = told(window, address, [line])
        assert (line, {tier for tier, _ in rows}) == (line, {"answer"})
        expect(window.locator("[data-tier=answer]").first).to_contain_text("参考答案")
    found = told(window, address, ["运费", "退货", "的", "您", "best_price"])
    kinds = [[tier == "answer" for tier, _ in rows if tier != "teacher"] for rows in found]
    assert kinds == [sorted(kind) for kind in kinds]
    assert any({*kind} == {True, False} for kind in kinds)


def test_what_is_found_nowhere_is_said_with_advice(window):
    window.evaluate(ASK, ["zzzqqq"])
    expect(window.get_by_role("status").first).to_contain_text("书里没有“zzzqqq”")
    expect(window.get_by_text("拼音或首字母")).to_be_visible()


# what it costs


def test_index_size_is_a_small_share_of_the_text(site, read):
    folder = site / "_static" / "search"
    index = (folder / "index.json.gz").stat().st_size
    pinyin = (folder / "pinyin.json.gz").stat().st_size
    whole = "\n".join(text for found in read.values() for text in found).encode()
    text, packed = len(whole), len(gzip.compress(whole, 9))
    print(
        f"\nindex {index} B, with pinyin {index + pinyin} B; text {text} B, compressed {packed} B"
    )
    traditional = (folder / "traditional.json.gz").stat().st_size
    assert 1000 < traditional < 6000  # fetched only where nothing is found
    for name, size in (("index", index), ("index and pinyin", index + pinyin)):
        print(f"{name}: {size / text:.1%} of the text, {size / packed:.1%} of it compressed")
    assert index > 1000
    assert index + pinyin <= MOST * text


def test_nothing_is_loaded_before_the_first_use(visit_page):
    page = visit_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(path(request.url)))
    page.reload()
    page.wait_for_load_state("networkidle")
    assert {*asked} <= {"boot.js", "search.css", ""}
    before = len(asked)
    opened(page)
    page.wait_for_load_state("networkidle")
    assert any(url == "index.json.gz" for url in asked[before:])
    assert not any(url.startswith(("text/", "pinyin")) for url in asked)
    page.keyboard.insert_text("河南老家")  # of one chapter alone
    expect(page.locator("[role=option]").first).to_be_visible()
    fetched = [url for url in asked if url.startswith("text/")]
    assert 1 <= len(fetched) <= 3


def test_sphinx_s_own_search_is_gone(site, pages):
    assert not (site / "searchindex.js").exists()
    for page in pages:
        assert "searchtools" not in (site / page).read_text(encoding="utf-8")


def test_texts_that_cannot_be_fetched_are_told_and_asked_for_again(visit_page):
    page = visit_page()
    page.route("**/search/text/*", lambda route: route.abort())
    opened(page, "运费")
    status = page.locator("dialog.kefu-search [role=status]")
    expect(status).to_contain_text("页的正文没取到")
    assert page.locator("[data-tier=heading]").count()
    page.unroute("**/search/text/*")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("包邮")
    expect(status).to_have_text(re.compile("^在[0-9]+页里找到[0-9]+处$"))


# the dialog


def test_the_field_in_a_phone_s_drawer_has_its_label_and_opens_the_dialog(visit_page):
    page = visit_page(width=390)
    page.locator(".primary-toggle").click()
    button = page.locator("#pst-primary-sidebar-modal .search-button-field")
    expect(button.get_by_text("搜索")).to_be_visible()
    expect(button.locator("i")).to_be_visible()
    button.click()
    expect(page.locator("dialog.kefu-search input")).to_be_focused()


@pytest.mark.parametrize("key", ["ControlOrMeta+k", "/"])
def test_a_key_opens_the_dialog_and_escape_gives_the_focus_back(visit_page, key):
    page = visit_page()
    link = page.locator("article p a").first
    link.focus()
    page.keyboard.press(key)
    field = page.locator("dialog.kefu-search input")
    expect(field).to_be_focused()
    assert field.input_value() == ""
    for focused in ("button", "input", "button"):
        page.keyboard.press("Tab")
        expect(page.locator(f"dialog.kefu-search {focused}")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("dialog.kefu-search")).to_be_hidden()
    expect(link).to_be_focused()


def test_a_place_found_by_traditional_characters_opens_marked(visit_page):
    page = opened(visit_page(), "續重")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "book/index.html" not in url)
    assert_marked(page, "续重")


def test_arrows_choose_and_enter_opens_the_place_with_its_words_marked(visit_page):
    page = opened(visit_page(), "续重")
    field, rows = page.locator("[role=combobox]"), page.locator("[role=option]")
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(rows.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", rows.nth(1).get_attribute("id"))
    expect(page.locator("[aria-selected=true]")).to_have_count(1)
    expect(field).to_be_focused()
    wanted = rows.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(wanted)
    assert_marked(page, "续重")


def assert_marked(page: Page, phrase: str) -> None:
    """Check that the page marks a phrase, and shows the first mark."""
    ranges = """() => [...CSS.highlights.get('kefu-found') ?? []].map(range => {
        const {top, bottom, width} = range.getBoundingClientRect();
        return [range.toString(), width > 0 && top >= 0 && bottom <= innerHeight];
    })"""
    for _ in range(50):
        if found := page.evaluate(ranges):
            break
        page.wait_for_timeout(100)
    assert {text for text, _ in found} == {phrase}
    assert found[0][1]


def test_a_place_on_the_same_page_is_marked_without_loading_it_anew(visit_page):
    page = visit_page("notebooks/presales/02_preparation.html")
    page.evaluate("window.same = true")
    opened(page, "不满一段也按一段")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.kefu-search")).to_be_hidden()
    assert_marked(page, "不满一段也按一段")
    assert page.evaluate("window.same")


def test_a_fold_that_hides_the_words_is_opened(visit_page, read, site):
    chapter = "notebooks/presales/02_preparation.html"
    soup = BeautifulSoup((site / chapter).read_text(encoding="utf-8"), "html.parser")
    hidden = soup.select_one("div.tag_solution details pre")
    assert hidden is not None
    line = max(hidden.get_text().split(), key=len)
    page = opened(visit_page(), line)
    page.locator(f"[role=option][href*='{chapter}']").first.click()
    assert_marked(page, line)


def test_typing_with_an_input_method_searches_only_what_is_settled(visit_page):
    page = opened(visit_page())
    keys = page.context.new_cdp_session(page)
    rows = page.locator("[role=option]")
    composed = {"text": "yun fei", "selectionStart": 7, "selectionEnd": 7}
    keys.send("Input.imeSetComposition", composed)
    page.wait_for_timeout(300)
    assert page.locator("[role=combobox]").input_value() == "yun fei"
    assert rows.count() == 0
    enter = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    keys.send("Input.dispatchKeyEvent", enter)
    keys.send("Input.insertText", {"text": "运费"})
    expect(rows.first).to_be_visible()
    keys.send("Input.dispatchKeyEvent", enter)  # in Safari the Enter comes when the word is settled
    expect(page.locator("dialog.kefu-search")).to_be_visible()
    assert page.url.endswith("book/index.html")


def test_hostile_queries_stay_text(visit_page):
    page = opened(visit_page())
    for query in HOSTILE:
        page.evaluate(ASK, [query])
        assert query.strip()[:40] in page.locator(".kefu-search [role=status]").text_content()
    assert page.locator("dialog.kefu-search :is(img, script, b)").count() == 0


def test_marks_show_what_was_looked_for(visit_page):
    page = opened(visit_page(), "首重 续重")
    marks = page.locator("[role=option] mark").all_text_contents()
    assert len(marks) > 5
    assert {*marks} <= {"首重", "续重", "首重续重"}


def test_the_rest_of_a_page_s_places_opens_in_the_list(visit_page):
    page = opened(visit_page(), "的")
    more = page.locator(".kefu-search-more")
    count = page.locator("[role=option]").count()
    left = int(re.findall(r"还有(\d+)处", more.first.text_content())[0])
    more.first.click()
    expect(page.locator("[role=option]")).to_have_count(count - 1 + left)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark"), (320, "light")])
def test_dialog_is_readable_and_fits(visit_page, width, theme):
    page = opened(visit_page(width=width, theme=theme), "运费")
    assert page.evaluate(PALE, AA) == []
    box = page.locator("dialog.kefu-search").bounding_box()
    if width < 600:
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, width, 844)
    for target in page.locator("dialog.kefu-search :is(input, button, [role=option])").all()[:8]:
        assert target.bounding_box()["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    card = "getComputedStyle(document.querySelector('dialog.kefu-search')).backgroundColor"
    known = tokens(theme)["card"]
    assert page.evaluate(card) == f"rgb{tuple(int(known[at : at + 2], 16) for at in (1, 3, 5))}"


# the page of its own


def test_an_address_with_a_query_shows_its_results_and_follows_the_field(visit_page):
    page = visit_page("search.html?q=差评", width=390, theme="dark")
    expect(page.locator("[role=option]").first).to_be_visible()
    expect(page.locator("[role=combobox]")).to_have_value("差评")
    page.evaluate(ASK, ["举证"])
    expect(page).to_have_url(re.compile(re.escape(f"search.html?q={quote('举证')}") + "$"))
    assert page.evaluate(PALE, AA) == []


def test_without_scripts_the_button_leads_to_a_page_that_says_how_to_find(chromium, address):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(address + "notebooks/presales/02_preparation.html")
    page.locator("a.search-button-field").click()
    page.wait_for_url("**/search.html")
    expect(page.locator("main")).to_contain_text("术语表")
    page.get_by_role("link", name="术语表").first.click()
    page.wait_for_url("**/glossary.html")
    page.close()


def test_search_in_firefox(firefox, address, plain):
    page = firefox.new_page()
    page.goto(address + "book/index.html")
    page.keyboard.press("ControlOrMeta+k")
    expect(page.locator("dialog.kefu-search input")).to_be_focused()
    queries = [*QUERIES[:8], "thh"]
    for query, rows in zip(queries, told(page, address, queries), strict=True):
        assert {urldefrag(url)[0] for _, url in rows} == holding(plain, query)
    page.evaluate(ASK, ["举证"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "book/index.html" not in url)
    assert_marked(page, "举证")
    page.close()
