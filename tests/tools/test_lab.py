"""JupyterLab as ``make lab`` starts it: in Chinese, for this machine, its demos alive."""

from __future__ import annotations

import hashlib
import json
import socket
from collections.abc import Iterator
from decimal import Decimal
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kefu.demos.core import plain
from kefu.presales.freight import Parcel, compare
from tests.live.living import talked_through
from tools import lab, pictures


def notebooks() -> dict[str, str]:
    """Return a hash of every notebook of the book."""
    files = (lab.ROOT / "notebooks").rglob("*.ipynb")
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    """Run JupyterLab, give the chapter's address, and see that no notebook was written over."""
    before = notebooks()
    with pictures.running_lab() as address:
        yield address
    assert notebooks() == before


@pytest.fixture(scope="module")
def desk(running: str, chromium: Browser) -> Iterator[tuple[Page, Locator]]:
    """Return the chapter in JupyterLab after all its cells have run, and the freight demo in it."""
    page = chromium.new_page(viewport={"width": 1280, "height": 1600})
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page, pictures.run_all(page, running)
    page.close()


def fee_of_model(demo: Locator) -> Decimal:
    """Return the fee that the model gives for the weight which the demo shows."""
    weight = demo.locator(".kefu-field").first.input_value()
    parcel = Parcel(weight, 30, 20, 10)
    return next(o.fee for o in compare(parcel, "广东") if o.service.carrier == "青鸟快递")


def test_the_interface_is_chinese(desk):
    page, _ = desk
    menus = page.locator(".lm-MenuBar-itemLabel").all_text_contents()
    assert menus[:5] == ["文件", "编辑", "查看", "运行", "内核"]


def test_the_chapter_is_open_and_every_cell_runs(desk):
    page, _ = desk
    expect(page.get_by_role("tab", name=lab.first_chapter(pictures.NUMBER).name)).to_be_visible()
    expect(page.locator(".jp-InputPrompt", has_text="*")).to_have_count(0)
    expect(
        page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.error']")
    ).to_have_count(0)


def test_no_news_and_nothing_else_is_asked_of_another_host(desk, running):
    page, _ = desk
    home = urlsplit(running).netloc
    hosts = {urlsplit(url).netloc for url in page.asked if not url.startswith(("data:", "blob:"))}
    assert hosts == {home}
    expect(page.get_by_text("新闻")).to_have_count(0)


def test_moving_the_weight_with_the_arrow_keys_changes_the_fee_as_the_model_says(desk):
    page, demo = desk
    handle, result = demo.locator(".kefu-range").first, demo.locator(".kefu-formula").first
    fees = set()
    for key, times in (("ArrowRight", 14), ("ArrowRight", 20), ("ArrowLeft", 40)):
        before = demo.locator(".kefu-field").first.input_value()
        handle.focus()
        for _ in range(times):
            page.keyboard.press(key)
        expect(demo.locator(".kefu-field").first).not_to_have_value(before)
        fee = fee_of_model(demo)
        expect(result.locator("b")).to_have_text(f"{plain(fee)}元")
        fees.add(fee)
    assert len(fees) == 3


def test_a_conversation_is_led_to_its_good_end(desk):
    page, _ = desk
    talk = page.locator(".kefu-demo.widget-box", has_text="对话演练：新疆不包邮")
    talk.scroll_into_view_if_needed()
    talked_through(talk, "新疆不包邮")


def test_a_quiz_checks_and_keeps_its_answers_as_in_the_page(desk):
    page, _ = desk
    place = page.locator(".kefu-quiz")
    for _ in range(2):  # the output made anew finds the answers of the one before
        expect(place.locator(".kefu-still")).to_be_hidden()
        choice = place.locator("form[data-id=fee-three-steps]")
        choice.locator("label").nth(2).click()
        page.keyboard.press("ArrowUp")  # a key of Lab's own, and of the quiz
        expect(choice.get_by_role("radio").nth(1)).to_be_checked()
        choice.locator("label").nth(2).click()
        choice.get_by_role("button", name="核对").click()
        expect(choice.locator(".kefu-verdict")).to_contain_text("✓ 对。")
        number = place.locator("form[data-id=quilt-fee]")
        number.get_by_role("textbox").fill("３０")
        number.get_by_role("textbox").press("Enter")
        expect(number.locator(".kefu-verdict")).to_contain_text("✓ 对。")
        order = place.locator("form[data-id=offer-layers] li")
        first = order.first.locator(".kefu-item").inner_text()
        order.first.get_by_role("button", name="下移").press("Enter")
        assert order.first.locator(".kefu-item").inner_text() != first
        expect(place.locator(".kefu-score")).to_contain_text("答对2/8题")
        page.locator(".jp-Cell", has=place).locator(".jp-InputArea-editor").click()
        page.keyboard.press("Control+Enter")
        expect(choice.locator(".kefu-verdict")).to_contain_text("✓ 对。")
    expect(page.locator(".kefu-quiz form")).to_have_count(8)


def test_a_solution_is_hidden_until_asked_for(desk):
    page, _ = desk
    heading = page.locator(".jp-MarkdownCell", has_text="参考解答：").first
    heading.scroll_into_view_if_needed()
    solution = heading.locator("xpath=following-sibling::*[1]")
    expect(
        solution.get_by_text("def my_fee(weight):")
    ).to_be_visible()  # a line that stands for all
    expect(solution.get_by_text("beyond = max")).to_have_count(0)
    solution.locator(".jp-InputPlaceholder").click()
    expect(solution.get_by_text("beyond = max")).to_be_visible()


def test_a_stranger_without_the_token_is_refused(running):
    parts = urlsplit(running)
    for path in ("/api/contents", "/api/kernels"):
        with pytest.raises(HTTPError, match="Forbidden") as refused:
            urlopen(f"http://{parts.netloc}{path}")
        refused.value.close()
    for path in (parts.path, "/files/" + lab.first_chapter(pictures.NUMBER).as_posix()):
        with urlopen(f"http://{parts.netloc}{path}") as answer:
            assert urlsplit(answer.url).path == "/login"


def test_only_this_machine_is_served(running):
    port = urlsplit(running).port
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.2", port), 2).close()
    assert "--ServerApp.ip=127.0.0.1" in lab.command()


def test_the_instructor_s_own_settings_are_kept(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "SETTINGS", tmp_path)
    lab.prepare()
    (language,) = tmp_path.rglob("*translation-extension/*.jupyterlab-settings")
    assert json.loads(language.read_text()) == {"locale": "zh_CN"}
    language.write_text('{"locale": "en"}')
    lab.prepare()
    assert json.loads(language.read_text()) == {"locale": "en"}


def test_a_class_s_own_shop_is_found_from_every_notebook_s_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(lab, "SETTINGS", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KEFU_DATA", "my-class")
    assert lab.prepare()["KEFU_DATA"] == str(tmp_path / "my-class")
    monkeypatch.delenv("KEFU_DATA")
    assert "KEFU_DATA" not in lab.prepare()
