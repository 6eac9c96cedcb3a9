"""The night that runs: dots move by the script alone, and where it stops the page shows what Python says."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from kefu.demos import live_room, midnight
from kefu.demos.midnight import spots
from kefu.intelligence.midnight import night
from tests.demos.reading import set_to
from tests.live.living import Notebook, agree, alive, cell

NAME = "notebooks/intelligence/15_staffing"
INDEX = Notebook(NAME).having("demos.midnight()").index

SOON = """() => { // a second is a quarter of an hour: frames come on time, and a test need not wait for a minute
    const frame = requestAnimationFrame, begun = performance.now();
    window.frames = 0;
    window.requestAnimationFrame = act => frame(now => (window.frames++, act(begun + (now - begun) * 15)));
}"""

COUNTED = """place => [Object.fromEntries([...place.querySelectorAll("[data-dots]")].map(
    dots => [dots.dataset.dots, dots.getAttribute("d").split("h0").length - 1])),
    place.querySelector("[data-told=clock]").textContent]"""


def counts(minute: int) -> dict[str, int]:
    kinds = [kind for kind, _, _ in spots(night(), True, 60.0 * minute)]
    return {kind: kinds.count(kind) for kind in ("waits", "long", "talks", "robot", "left")}


def test_the_night_runs_stops_and_python_agrees(visit: Callable[..., Page], address: str) -> None:
    page = visit(reduced_motion="no-preference")
    page.goto(f"{address}{NAME}.html")
    place = cell(page, INDEX)
    place.scroll_into_view_if_needed()
    alive(page)
    agree(place, midnight())
    page.evaluate(SOON)
    play = place.locator(".kefu-play")
    play.click()
    expect(play).to_have_text("❚❚ 停")
    expect(place.locator("[data-told=clock]")).to_have_text("1:00:00", timeout=30_000)
    agree(place, set_to(midnight(), now=60))
    assert page.evaluate("frames") > 10
    expect(play).to_contain_text("▶")
    assert counts(60)["left"] == int(place.locator("[data-told=left]").text_content() or "")


def test_where_nothing_may_glide_it_steps_by_the_minute(
    visit: Callable[..., Page], address: str
) -> None:
    page = visit()
    page.goto(f"{address}{NAME}.html")
    place = cell(page, INDEX)
    place.scroll_into_view_if_needed()
    alive(page)
    page.evaluate(SOON)
    play = place.locator(".kefu-play")
    play.click()
    clock = place.locator("[data-told=clock]")
    expect(clock).not_to_have_text("0:00:00", timeout=30_000)
    dots, told = place.evaluate(COUNTED)
    _, minute, second = map(int, told.split(":"))
    kinds = [kind for kind, _, _ in spots(night(), True, 60.0 * minute + second)]
    for kind, number in dots.items():
        assert abs(kinds.count(kind) - number) <= 3, (kind, told)  # the clock shows whole seconds
    play.click()
    expect(play).to_contain_text("▶")
    assert place.locator("[data-told=clock]").text_content() != "1:00:00"


def test_the_public_chat_runs_on_from_the_minute_that_it_shows(
    visit: Callable[..., Page], address: str
) -> None:
    name = "notebooks/intelligence/16_live"
    page = visit(reduced_motion="no-preference")
    page.goto(f"{address}{name}.html")
    place = cell(page, Notebook(name).having("demos.live_room()").index)
    place.scroll_into_view_if_needed()
    alive(page)
    agree(place, live_room())
    page.evaluate(SOON)
    first = place.locator("[data-says]").all_text_contents()
    place.locator(".kefu-play").click()
    expect(place.locator("[data-told=clock]")).not_to_have_text("0:04:00")
    assert place.evaluate(COUNTED)[1] > "0:04:00"  # it goes on, not from the beginning
    expect(place.locator("[data-told=clock]")).to_have_text("0:15:00", timeout=30_000)
    agree(place, set_to(live_room(), now=15))
    assert place.locator("[data-says]").all_text_contents() != first
