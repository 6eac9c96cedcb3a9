"""What the pages remember: kept in this browser, shown, taken along, erased, and sent nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kefu.demos import quiz
from kefu.talk.book import names
from tests.live.living import Notebook
from tests.visit import AA, PALE, VIEWS, unreadable, until
from tests.web.kept import READ, memory
from tests.web.test_quiz import BLOCKED, SPOILT
from tools.paths import ROOT
from web import book

CHAPTER = "notebooks/presales/02_preparation"
PROGRESS = "book/progress"
CHAPTERS = [one.page for one in book.written()]
UNREAD = next(name for name in CHAPTERS if name != CHAPTER)
KEPT = {
    "kefu": 1,
    "pages": {CHAPTER: {"at": 5, "seconds": 2100, "ended": True, "read": True, "heading": "凑单：门槛设在哪儿"}},
    "answers": {
        "02/fee-three-steps": {"at": 5, "answer": [2], "right": True, "first": True, "tries": 1},
        "02/quilt-fee": {"at": 6, "answer": "１８", "right": False, "first": False, "tries": 2},
    },
    "guesses": {
        "02/a-guess": {"at": 9, "answer": "１８", "right": False},
        "02/a-statement": {"at": 9, "answer": "对", "right": False},
        "02/a-statement/again": {"at": 10, "answer": "错", "right": True},
    },
    "edits": {f"{CHAPTER}#c005": {"at": 7, "text": "print('我的')"}},
    "exercises": {f"{CHAPTER}#c045": {"at": 8}},
    "talks": {"会扎脖子吗": {"at": 9, "won": True, "best": 5.5, "tries": 2}},
    "daily": {"talk/会扎脖子吗/open": {"at": 9, "step": 0, "due": "2026-01-11", "tries": 1}},
    "days": {
        "2026-01-10": {
            "at": 9,
            "windows": ["talk/会扎脖子吗/open", "02/quilt-fee"],
            "answers": [[0], None],
            "right": [False, None],
        }
    },
    "nights": {"1-618": {"at": 11, "text": '{"seed":618,"level":1,"now":60,"moves":[[9,"take","老陈",""]]}'}},
}  # fmt: skip
WRITTEN = (
    '{"kefu":1,"pages":{"notebooks/presales/02_preparation":{"at":1795899450280,"seconds":15,"ended":false,'
    '"heading":"叠加：一层一层往下减","read":false}},"answers":{"02/fee-three-steps":{"at":1795899436650,'
    '"answer":[2],"right":true,"tries":1,"first":true},"02/quilt-fee":{"at":1795899436984,"answer":"１８",'
    '"right":false,"tries":1,"first":false}},"edits":{"notebooks/presales/02_preparation#4":'
    '{"at":1795899440248,"text":"print(\'我的\')"}},"exercises":{}}'
)
"""What a browser held after a visit to the book of before keys had its path and cells' ids, letter for letter."""
NOTHING = memory()


def keep(memory: Any) -> str:
    """Return a script that puts a memory into a browser that has none yet."""
    text = json.dumps(json.dumps(memory, ensure_ascii=False))
    return f"localStorage.getItem('kefu /') ?? localStorage.setItem('kefu /', {text})"


@pytest.fixture
def windows(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a fresh profile, its Python asleep unless ``live``."""
    opened: list[Page] = []

    def new(name: str, script: str = "", live: bool = False, **options: Any) -> Page:
        options = {
            "viewport": {"width": 1280, "height": 900},
            "reduced_motion": "reduce",
            **options,
        }
        page = chromium.new_context(**options).new_page()
        opened.append(page)
        if not live:
            page.route("**/_static/live/**", lambda route: route.abort())
        if script:
            page.add_init_script(script)
        page.goto(f"{address}{name}.html")
        return page

    yield new
    for page in opened:
        page.context.close()


def mark(page: Page) -> Locator:
    return page.locator(".bd-sidebar-primary nav .reader-mark")


def row(page: Page, name: str = CHAPTER) -> Locator:
    return page.locator(f".reader-table tbody tr:has(a[href$='{name}.html'])")


def told(page: Page) -> Locator:
    return page.locator(".reader-told")


# Reading


def wait(page: Page, seconds: int) -> None:
    page.clock.run_for(seconds * 1000)


@pytest.fixture
def reading(chromium: Browser, address: str) -> Iterator[Page]:
    """Return a chapter whose clock the test moves."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.route("**/_static/live/**", lambda route: route.abort())
    page.clock.install()
    page.goto(f"{address}{CHAPTER}.html")
    yield page
    page.context.close()


def scroll_to_end(page: Page) -> None:
    page.locator(".prev-next-footer").scroll_into_view_if_needed()
    page.evaluate(
        "() => new Promise(done => new IntersectionObserver(done).observe(document.body))"
    )


def test_a_chapter_is_read_when_its_end_was_seen_and_a_minute_spent(reading):
    wait(reading, 300)
    assert reading.evaluate(READ)["pages"][CHAPTER]["read"] is False  # never got to its end
    expect(mark(reading)).to_have_text("◐（读过一部分）")
    scroll_to_end(reading)
    wait(reading, 5)
    entry = reading.evaluate(READ)["pages"][CHAPTER]
    assert entry["read"] is True
    assert entry["seconds"] == 305
    expect(mark(reading)).to_have_text("✓（已读完）")
    expect(mark(reading).locator("[aria-hidden]")).to_have_text("✓")


def test_a_chapter_whose_end_was_only_flown_over_is_not_read(reading):
    scroll_to_end(reading)
    wait(reading, 55)
    assert reading.evaluate(READ)["pages"][CHAPTER]["read"] is False
    reading.reload()  # time counts over all visits, and the end was seen
    wait(reading, 5)
    assert reading.evaluate(READ)["pages"][CHAPTER]["read"] is True


def test_the_cover_leads_back_to_the_heading_last_read(reading, address):
    heading = reading.get_by_role("heading", name=re.compile("^凑单"))
    heading.evaluate("heading => heading.scrollIntoView()")
    wait(reading, 5)
    reading.goto(f"{address}book/index.html")
    link = reading.locator("article .reader-go-on a")
    expect(link).to_have_text(re.compile("^接着读：第02章.*凑单：门槛设在哪儿$"))
    link.click()
    reading.wait_for_url(f"**/{CHAPTER}.html")
    expect(heading).to_be_in_viewport()


def test_a_chapter_opened_again_keeps_and_offers_the_heading_last_read(windows):
    page = windows(CHAPTER, keep(KEPT), viewport={"width": 390, "height": 844})
    heading, here = (
        page.get_by_role("heading", name=re.compile("^凑单")),
        page.locator(".reader-here a"),
    )
    expect(here).to_have_text("接着读：凑单：门槛设在哪儿")
    assert page.evaluate(PALE, AA) == []
    page.locator(".primary-toggle").click()
    page.locator("#pst-primary-sidebar-modal .reader-go-on a").click()
    expect(page.locator("dialog[open]")).to_have_count(0)  # the drawer is out of the way
    expect(heading).to_be_in_viewport()
    expect(here).to_have_count(0)
    assert "#" not in page.url


def test_a_chapter_only_opened_leaves_the_heading_of_before(reading):
    heading = reading.get_by_role("heading", name=re.compile("^凑单"))
    heading.evaluate("heading => heading.scrollIntoView()")
    wait(reading, 5)
    reading.goto(reading.url)
    wait(reading, 10)
    entry = reading.evaluate(READ)["pages"][CHAPTER]
    assert (entry["heading"], entry["seconds"]) == ("凑单：门槛设在哪儿", 15)
    reading.locator(".reader-here a").click()
    wait(reading, 5)
    expect(heading).to_be_in_viewport()
    expect(reading.locator(".reader-here")).to_have_count(0)


PASSED = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
    const bar = document.querySelector('.reader-passed'), { width, height } = bar.getBoundingClientRect();
    done([width / innerWidth, height, bar.ariaHidden]);
})))"""


def test_a_thin_bar_says_how_far_in_the_chapter_the_reader_is(windows):
    page = windows(CHAPTER)
    assert page.evaluate(PASSED) == [0, 3, "true"]
    page.locator(".prev-next-footer").scroll_into_view_if_needed()
    until(page, lambda: page.evaluate(PASSED)[0] > 0.98)
    page.evaluate(
        "scrollTo({ top: document.querySelector('article').offsetHeight / 2, behavior: 'instant' })"
    )
    until(page, lambda: abs(page.evaluate(PASSED)[0] - 0.5) < 0.1)
    page.emulate_media(forced_colors="active")
    ground = "getComputedStyle(document.querySelector('.reader-passed')).backgroundColor"
    assert page.evaluate(ground) != page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(media="print", forced_colors="none")
    expect(page.locator(".reader-passed")).to_be_hidden()


def test_a_new_reader_finds_no_mark_and_no_way_back(windows):
    page = windows("book/index")
    expect(page.locator(".bd-sidebar-primary nav a").first).to_be_visible()
    expect(page.locator(".reader-go-on, .reader-mark")).to_have_count(0)


def test_a_page_that_the_book_does_not_have_is_not_linked(windows):
    memory = {**KEPT, "pages": {"//evil.example/x": KEPT["pages"][CHAPTER]}}
    expect(windows("book/index", keep(memory)).locator(".reader-go-on")).to_have_count(0)


# Another edition

SEEN = "edition => localStorage.setItem('kefu-edition /', edition)"


def test_whoever_read_an_older_edition_is_told_until_he_has_looked(windows):
    page = windows("book/index", keep(KEPT))
    now = book.edition()
    line = page.locator(".reader-changed a")
    expect(line).to_have_text(f"你来过，现在是{now}版：看看改了什么")
    page.evaluate(SEEN, "0.1.0")
    page.reload()
    expect(line).to_have_text(f"你上次看的是0.1.0版，现在是{now}版：看看改了什么")
    assert page.evaluate(PALE, AA) == []
    line.click()
    expect(page.get_by_role("heading", name="版本与更新", level=1)).to_be_visible()
    until(page, lambda: page.evaluate("localStorage.getItem('kefu-edition /')") == now)
    page.go_back()
    page.reload()
    expect(page.locator(".kefu-today a").first).to_be_visible()
    expect(line).to_have_count(0)


def test_a_new_reader_is_told_of_no_other_edition(windows):
    page = windows("book/index")
    expect(page.locator(".kefu-today a").first).to_be_visible()
    page.reload()
    expect(page.locator(".reader-changed")).to_have_count(0)


# Changed code


def test_changed_code_is_offered_at_the_next_visit_and_run_by_no_one_else(windows):
    page = windows(CHAPTER, live=True)
    notebook = Notebook(CHAPTER)
    one = notebook.having('chargeable_weight("0.95"')
    place = page.locator(f"#live-cell-{one.index}")
    place.get_by_role("button", name="改代码").click()
    expect(place.locator(".cm-content")).to_be_focused(timeout=30_000)  # while Python starts
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text("print('<b>我的</b>')")
    assert page.evaluate(READ)["edits"][f"{CHAPTER}#{one.id}"]["text"] == "print('<b>我的</b>')"
    page.reload()
    page.wait_for_selector("html[data-live=alive]", state="attached")
    offer = place.get_by_role("button", name="恢复上次的修改")
    shown = place.locator(".cell_output").inner_text()
    expect(place.locator(".cm-content")).to_have_count(0)
    offer.click()
    expect(place.locator(".cm-content")).to_have_text("print('<b>我的</b>')")
    expect(place.get_by_text("还没有运行")).to_be_visible()
    assert place.locator(".cell_output").inner_text() == shown
    place.get_by_role("button", name="运行").click()
    expect(place.locator(".cell_output")).to_have_text("<b>我的</b>")
    place.get_by_role("button", name="还原").click()
    expect(place.locator(".cell_output")).to_have_text(" ".join(shown.split()))
    assert page.evaluate(READ)["edits"] == {}
    expect(offer).to_be_visible()  # until the reader leaves, the text can still be had


# The page of progress


def test_what_the_book_kept_before_its_keys_had_a_path_is_still_there(windows):
    page = windows(
        CHAPTER,
        f"localStorage.getItem('kefu') ?? localStorage.setItem('kefu', {json.dumps(WRITTEN)})",
    )
    place = page.locator(".kefu-quiz")
    expect(place.locator(".kefu-score")).to_contain_text("答对1/8题，其中一次就对1题，还有6题没做")
    expect(place.locator("form[data-id=quilt-fee] input")).to_have_value("１８")
    expect(mark(page)).to_have_text("◐（读过一部分，小测答对1题）")
    place.locator("form[data-id=friday-night] .kefu-choices label").first.click()
    place.locator("form[data-id=friday-night]").get_by_role("button", name="核对").click()
    expect(place.locator(".kefu-score")).to_contain_text("还有5题没做")
    old, now = json.loads(WRITTEN), page.evaluate(READ)
    assert now["answers"].pop("02/friday-night")["answer"] == [0]
    old["edits"] = {f"{CHAPTER}#c005": old["edits"][f"{CHAPTER}#4"]}
    assert {**now, "pages": 0} == {**NOTHING, **old, "pages": 0}
    assert now["pages"][CHAPTER]["seconds"] >= old["pages"][CHAPTER]["seconds"]
    page.goto(page.url.replace(CHAPTER, PROGRESS))
    for words in ("在读", "答对1/8题", "第1处"):
        expect(row(page)).to_contain_text(words)
    assert json.loads(exported(page).read_text(encoding="utf-8"))["edits"] == old["edits"]


def test_every_chapter_is_listed_with_its_quiz(windows):
    page = windows(PROGRESS)
    links = page.locator(".reader-table tbody th a")
    assert [
        link.split("/", 3)[3] for link in links.evaluate_all("all => all.map(a => a.href)")
    ] == [f"{name}.html" for name in CHAPTERS]
    for name in CHAPTERS:
        asked = quiz(book.chapter(name.rpartition("/")[2][:2]).quiz).questions
        expect(row(page, name)).to_contain_text(f"共{len(asked)}题")
        expect(row(page, name)).to_contain_text("还没读")
        guesses = book.chapter(name.rpartition("/")[2][:2]).guesses
        count = len(json.loads(guesses.read_text(encoding="utf-8"))["guesses"])
        expect(row(page, name)).to_contain_text(f"共{count}处")
        title = nbformat.read(ROOT / f"{name}.ipynb", as_version=4).cells[0].source
        expect(row(page, name).locator("a").first).to_have_text(
            title.splitlines()[0].removeprefix("# ")
        )


def test_what_was_done_is_shown(windows):
    page = windows(PROGRESS, keep(KEPT))
    for words in ("✓ 读完，35分钟", "答对1/8题", "做对1题", "第1处"):
        expect(row(page)).to_contain_text(words)
    cells = nbformat.read(ROOT / f"{CHAPTER}.ipynb", as_version=4).cells
    (place,) = (at for at, one in enumerate(cells) if one.id == "c005")
    expect(row(page).locator(f"a[href$='#live-cell-{place}']")).to_have_count(1)
    expect(row(page, UNREAD)).to_contain_text("还没读")
    expect(mark(page)).to_have_text("✓（已读完，小测答对1题）")


def test_guesses_and_judgements_are_counted_and_are_no_marks(windows):
    told = json.loads(book.chapter("02").guesses.read_text(encoding="utf-8"))
    number, first = "02", told["guesses"][0]["id"]
    made = {"at": 1, "answer": "对", "right": True}
    names = [first, *(one["id"] + end for one in told["truths"][:2] for end in ("", "/again"))]
    kept = {f"{number}/{name}": {**made, "right": name.endswith("again")} for name in names}
    page = windows(PROGRESS, keep(memory(guesses=kept)))
    expect(row(page)).to_contain_text(
        f"猜过1/{len(told['guesses'])}处，开篇判断对0/5句，再判断对2/5句"
    )
    expect(mark(page)).to_have_count(0)


def exported(page: Page) -> Path:
    with page.expect_download() as caught:
        page.get_by_role("button", name="导出成文件").click()
    assert re.fullmatch(r"网店客服-学习进度-\d{4}-\d\d-\d\d\.json", caught.value.suggested_filename)
    return Path(caught.value.path())


def take(page: Page, content: str | bytes) -> None:
    data = content.encode() if isinstance(content, str) else content
    page.locator("input[type=file]").set_input_files(
        {"name": "a.json", "mimeType": "application/json", "buffer": data}
    )
    expect(told(page)).not_to_be_empty()


def erase(page: Page) -> None:
    page.get_by_role("button", name="清除全部记录").click()
    page.get_by_role("button", name="全部清除").click()


def test_export_erase_import_gives_the_same_and_asks_no_server(windows):
    page = windows(PROGRESS, keep(KEPT))
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    content = exported(page).read_text(encoding="utf-8")
    assert json.loads(content) == {**KEPT, "edition": book.edition()}
    erase(page)
    expect(told(page)).to_contain_text("已清除")
    assert not {"kefu", "kefu /"} & set(page.evaluate("Object.keys(localStorage)"))
    expect(row(page)).to_contain_text("还没读")
    expect(mark(page)).to_have_count(0)
    take(page, content)
    expect(told(page)).to_contain_text(
        "已导入：阅读记录1条、小测答案2条、猜测与判断3条、改过的代码1条、做对的练习1条、对话演练1条"
    )
    assert page.evaluate(READ) == KEPT
    expect(row(page)).to_contain_text("读完")
    assert [url for url in asked if not url.startswith("blob:")] == []


def test_an_export_says_whose_it_is_where_the_reader_does(windows):
    page = windows(PROGRESS, keep(KEPT))
    page.get_by_label("学号").fill(" 202601 ")
    page.get_by_label("姓名").fill("余·小棠/<b>")
    with page.expect_download() as caught:
        page.get_by_role("button", name="导出成文件").click()
    name = caught.value.suggested_filename
    assert re.fullmatch(r"网店客服-学习进度-202601余·小棠b-\d{4}-\d\d-\d\d\.json", name)
    content = Path(caught.value.path()).read_text(encoding="utf-8")
    who = {"number": "202601", "name": "余·小棠/<b>"}
    assert json.loads(content) == {**KEPT, "edition": book.edition(), "who": who}
    erase(page)
    take(page, content)
    assert page.evaluate(READ) == KEPT  # whose it is stays in the file


def test_a_file_of_an_edition_without_talks_is_taken(windows):
    page = windows(PROGRESS)
    take(page, json.dumps({part: kept for part, kept in KEPT.items() if part != "talks"}))
    expect(told(page)).to_contain_text("做对的练习1条、对话演练0条")
    assert page.evaluate(READ) == {**KEPT, "talks": {}}


def test_the_talks_of_a_chapter_and_those_that_went_well_are_counted(windows):
    known = {one.page: names(one.talks) for one in book.written() if one.talks.is_file()}
    won = {
        name: {"at": 1, "won": True, "best": 6, "tries": 1}
        for n in known.values()
        for name in n[1:]
    }
    page = windows(PROGRESS, keep(memory(talks=won)))
    for chapter in CHAPTERS:
        there = known.get(chapter, [])
        text = (
            f"谈好{len(there) - 1}/{len(there)}段"
            if there[1:]
            else f"共{len(there)}段"
            if there
            else "还没有"
        )
        expect(row(page, chapter).locator("[data-label='对话']")).to_have_text(text)


def test_erasing_asks_first(windows):
    page = windows(PROGRESS, keep(KEPT))
    page.get_by_role("button", name="清除全部记录").click()
    expect(page.get_by_role("button", name="不清除")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog.reader-sure")).to_be_hidden()
    page.get_by_role("button", name="清除全部记录").click()
    page.keyboard.press("Escape")
    assert page.evaluate(READ) == KEPT


def test_of_two_entries_the_newer_stays(windows):
    page = windows(PROGRESS, keep(KEPT))
    theirs = json.loads(json.dumps(KEPT))
    theirs["answers"]["02/fee-three-steps"].update(at=4, right=False)
    theirs["answers"]["02/quilt-fee"].update(at=9, answer="30", right=True)
    theirs["answers"]["06/last-day"] = {
        "at": 9,
        "answer": [2],
        "right": True,
        "first": True,
        "tries": 1,
    }
    take(page, json.dumps(theirs))
    expect(told(page)).to_contain_text("已导入")
    kept = page.evaluate(READ)["answers"]
    assert kept["02/fee-three-steps"] == KEPT["answers"]["02/fee-three-steps"]
    assert kept["02/quilt-fee"] == theirs["answers"]["02/quilt-fee"]
    assert kept["06/last-day"] == theirs["answers"]["06/last-day"]


def test_a_time_to_come_does_not_outlive_what_the_reader_does_next(windows):
    page = windows(PROGRESS)
    take(page, json.dumps({**NOTHING, "edits": {f"{CHAPTER}#c005": {"at": 9e14, "text": "x"}}}))
    assert page.evaluate(READ)["edits"][f"{CHAPTER}#c005"]["at"] <= page.evaluate("Date.now()")


def test_a_file_of_an_edition_without_guesses_is_imported(windows):
    page = windows(PROGRESS)
    take(page, json.dumps({part: kept for part, kept in KEPT.items() if part != "guesses"}))
    assert page.evaluate(READ) == {**KEPT, "guesses": {}}


def test_a_text_too_long_to_keep_is_left_out_and_the_rest_of_its_file_imported(windows):
    """The file is of an edition that kept cells by their places, and texts of any length."""
    page = windows(PROGRESS)
    long = {"at": 1, "text": "长" * 100_001}
    edits = {f"{CHAPTER}#4": KEPT["edits"][f"{CHAPTER}#c005"], f"{CHAPTER}#5": long}
    take(page, json.dumps({**KEPT, "edits": edits, "exercises": {f"{CHAPTER}#44": {"at": 8}}}))
    expect(told(page)).to_contain_text("改过的代码1条")
    expect(told(page)).to_contain_text("另有1条超过10万字，太长，没有导入。")
    assert page.evaluate(READ) == KEPT


def test_a_text_too_long_to_keep_is_told_and_not_kept(windows):
    page = windows(CHAPTER, keep(KEPT))
    said = page.evaluate("""source => {
        let said = '';
        const say = words => (said = words);
        for (const text of ['x'.repeat(100000), 'x'.repeat(100001)])
            document.dispatchEvent(new CustomEvent('live-edit', {detail: {id: 'c005', source, text, say}}));
        return said;
    }""", "")  # fmt: skip
    assert said == "这段代码超过10万字，太长，这一次的修改没有保存。"
    assert len(page.evaluate(READ)["edits"][f"{CHAPTER}#c005"]["text"]) == 100_000


def test_changed_code_of_a_cell_that_this_edition_has_not_is_no_link_but_kept(windows):
    edits = KEPT["edits"] | {f"{CHAPTER}#gone": {"at": 1, "text": "x"}}
    page = windows(PROGRESS, keep({**KEPT, "edits": edits}))
    expect(row(page).locator("a[href*='#live-cell-']")).to_have_count(1)
    assert json.loads(exported(page).read_text(encoding="utf-8"))["edits"] == edits


MARKUP = "<img src=x onerror=window.pwned=1>"
PAGE, ANSWER = KEPT["pages"][CHAPTER], KEPT["answers"]["02/quilt-fee"]
BAD = {
    "nonsense": ("{", "应为本页导出的JSON"),
    "empty": ("", "应为本页导出的JSON"),
    "bytes": (b"\x00\xff\xfe", "应为本页导出的JSON"),
    "list": ("[]", "文件的内容应为本页导出的记录，收到[]"),
    "null": ("null", "文件的内容应为本页导出的记录，收到null"),
    "other": ('{"a": 1}', "版本（kefu）应为1，收到没有"),
    "later": ({**NOTHING, "kefu": 2}, "版本（kefu）应为1，收到2"),
    "no part": ({"kefu": 1}, "阅读记录（pages）应为一组记录，收到没有"),
    "part": ({**NOTHING, "answers": [1]}, "小测答案（answers）应为一组记录，收到[1]"),
    "entry": ({**NOTHING, "answers": {"02/a": 3}}, "小测答案“02/a”应为一条记录，收到3"),
    "right": ({**NOTHING, "answers": {"02/a": {**ANSWER, "right": "yes"}}}, "02/a”的right应为true或false，收到"),
    "answer": ({**NOTHING, "answers": {"02/a": {**ANSWER, "answer": {"x": 1}}}}, "的answer应为文字，或选项的序号"),
    "time": ({**NOTHING, "pages": {CHAPTER: {**PAGE, "at": None}}}, "的at应为不小于0的数，收到null"),
    "seconds": ({**NOTHING, "pages": {CHAPTER: {**PAGE, "seconds": -1}}}, "的seconds应为不小于0的数，收到-1"),
    "address": ({**NOTHING, "pages": {"javascript:alert(1)": PAGE}}, "收到\"javascript:alert(1)\""),
    "way up": ({**NOTHING, "pages": {"../../x": PAGE}}, "阅读记录的名字应为本书里的名字"),
    "name": ({**NOTHING, "edits": {MARKUP: {"at": 1, "text": "x"}}}, f"收到\"{MARKUP}\""),
    "field": ({**NOTHING, "edits": {f"{CHAPTER}#c5": {"at": 1, "text": [MARKUP]}}}, f"的text应为文字，收到[\"{MARKUP}"),
    "large": (" " * 5_000_001, "文件应为不超过5 MB，收到"),
}  # fmt: skip


def test_a_bad_file_is_told_and_changes_nothing(windows):
    page = windows(PROGRESS, keep(KEPT))
    before = page.evaluate("document.querySelectorAll('main *').length")
    for content, why in BAD.values():
        page.evaluate("document.querySelector('.reader-told').textContent = ''")
        take(page, content if isinstance(content, str | bytes) else json.dumps(content))
        expect(told(page)).to_contain_text("没有导入，原来的记录没有动。")
        expect(told(page)).to_contain_text(why)
        assert page.evaluate(READ) == KEPT
    assert page.evaluate("document.querySelectorAll('main *').length") == before
    assert page.evaluate("window.pwned") is None


def test_hostile_texts_of_a_sound_file_stay_text(windows, address):
    hostile = json.loads(json.dumps(KEPT))
    hostile["pages"][CHAPTER]["heading"] = MARKUP
    hostile["answers"]["02/quilt-fee"]["answer"] = MARKUP
    hostile["answers"]["02/constructor"] = hostile["answers"]["02/quilt-fee"]
    hostile["edits"] = {f"{CHAPTER}#c005": {"at": 1, "text": MARKUP}}
    page = windows(PROGRESS)
    take(page, json.dumps(hostile)[:-1] + ', "__proto__": {"polluted": true}}')
    expect(told(page)).to_contain_text("已导入")
    assert page.evaluate("({}).polluted") is None
    for name in ("book/index", CHAPTER):
        page.goto(f"{address}{name}.html")
        page.wait_for_selector(".reader-mark", state="attached")
        assert page.evaluate("window.pwned") is None
        assert page.locator("img[src=x]").count() == 0
    expect(page.locator("form[data-id=quilt-fee] input")).to_have_value(MARKUP)


@pytest.mark.parametrize("way", BLOCKED)
def test_without_a_store_the_page_tells_it_and_breaks_nothing(windows, way):
    page = windows(PROGRESS, BLOCKED[way])
    expect(told(page)).to_contain_text("浏览器没有让本页保存")
    expect(row(page)).to_contain_text("还没读")
    take(page, json.dumps(KEPT))
    expect(told(page)).to_contain_text("浏览器没有让本页保存")
    expect(row(page)).to_contain_text("读完")
    erase(page)
    expect(row(page)).to_contain_text("还没读")


@pytest.mark.parametrize("kept", SPOILT)
@pytest.mark.parametrize("name", [PROGRESS, "book/index"])
def test_a_spoilt_store_breaks_no_page(windows, name, kept):
    broken: list[str] = []
    page = windows(name, f"localStorage.setItem('kefu /', {json.dumps(kept)})")
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.reload()
    if name == PROGRESS:
        expect(row(page)).to_contain_text("还没读")
    assert broken == []


def test_the_page_is_legible_and_its_targets_are_large(windows):
    page = windows(PROGRESS, keep(KEPT))
    take(page, "{")
    targets = "#kefu-progress :is(button, th a, .reader-buttons input)"
    assert dict(unreadable(page, targets, 1)) == {view: [] for view in VIEWS}
    page.get_by_role("button", name="清除全部记录").click()
    assert dict(unreadable(page, targets, 1)) == {view: [] for view in VIEWS}


def test_without_javascript_the_page_says_what_it_would_do(windows):
    page = windows(PROGRESS, java_script_enabled=False)
    expect(page.get_by_text("这里需要打开浏览器的JavaScript")).to_be_visible()
