"""The cover's demo plays its states before Python is there, and the widget goes on from them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, Route, expect

from kefu import demos
from tests.demos.reading import parsed
from tests.live.living import alive
from tests.visit import PHONE


def said(promised: int, actual: int) -> list[str]:
    html = demos.promise_chat(promised, actual).result()
    return [p.get_text() for p in parsed(html).select("p")]


def read(demo: Locator) -> list[str]:
    return demo.locator(".kefu-talk p, p.kefu-formula").all_text_contents()


def test_the_cover_moves_at_the_first_touch_and_the_widget_goes_on(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit()
    held: list[Route] = []
    page.route("**/worker.js", lambda route: held.append(route))
    page.goto(f"{address}book/index.html")
    demo = page.locator(".live-demo .kefu-demo")
    more = demo.locator(".kefu-c-promised").get_by_role("button", name="加")
    for days in range(3, 8):
        more.click()
        assert read(demo) == said(days, 4)
    expect(demo.locator(".kefu-crowd .gone")).to_have_count(40)
    fewer = demo.locator(".kefu-c-actual .kefu-range")
    fewer.press("ArrowLeft")
    assert read(demo) == said(7, 3)
    field = demo.locator(".kefu-c-promised .kefu-field")
    field.fill("１０")
    field.press("Enter")
    assert read(demo) == said(10, 3)
    assert page.locator("html").get_attribute("data-live") != "alive"

    fewer.focus()
    page.evaluate("""() => document.addEventListener("kefu-want", ({target}) => queueMicrotask(() => {
        window.had = target.closest(".kefu-demo").querySelector(".kefu-c-promised .kefu-range").value;
    }), true)""")
    for route in held:
        route.continue_()
    alive(page)
    expect(demo.locator(".jupyter-widgets").first).to_be_visible()
    assert page.evaluate("had") == "10"  # at once, before Python's answer
    expect(demo.locator(".kefu-c-promised .kefu-range")).to_have_value("10")
    expect(demo.locator(".kefu-c-actual .kefu-range")).to_be_focused()
    expect(demo.locator("p.kefu-formula")).to_have_text(said(10, 3)[-1])
    page.keyboard.press("ArrowRight")
    expect(demo.locator(".kefu-crowd .gone")).to_have_count(70)
    expect(demo.locator("p.kefu-formula")).to_have_text(said(10, 4)[-1])


def test_before_python_is_there_sliders_look_and_lie_as_they_will(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(**PHONE, reduced_motion="reduce", idle=True)
    page = context.new_page()
    page.goto(f"{address}book/index.html")
    slide = page.locator(".live-demo .kefu-demo .kefu-c-promised")
    fewer = slide.get_by_role("button", name="减")
    fewer.wait_for()

    def lies() -> list[float]:
        boxes = [fewer.bounding_box(), slide.locator(".kefu-range").bounding_box()]
        return [n for box in boxes if box for n in (box["y"], box["width"], box["height"])]

    before = lies()
    assert page.locator("html").get_attribute("data-live") is None
    assert (
        slide.locator(".kefu-range").evaluate("one => getComputedStyle(one).appearance") == "none"
    )
    page.evaluate("dispatchEvent(new Event('touchstart'))")
    alive(page)
    expect(page.locator(".live-demo .kefu-away")).to_be_visible()
    assert all(abs(one - other) < 4 for one, other in zip(before, lies(), strict=True))
    context.close()
