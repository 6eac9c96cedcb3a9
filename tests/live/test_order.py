"""Which cells of a page run first: the demo in sight, then the others, and all before the reader's own run."""

from __future__ import annotations

from typing import Any

from tests.live.living import CHAPTER, Notebook, alive, python

BOOK = Notebook(CHAPTER)
SETUP = [one.index for one in BOOK.cells if one.setup]
ALONE = [one.index for one in BOOK.cells if one.alone]
PLAIN = [one.index for one in BOOK.cells if not one.setup and not one.alone]
LISTEN = """window.begun = [];
window.Worker = class extends Worker {
    constructor(...given) {
        super(...given);
        this.addEventListener("message", ({data}) => data.type === "begin" && begun.push(Number(data.cell)));
    }
};"""
"""Notes which cells Python began, one after the other."""


def test_the_demo_in_sight_comes_alive_first_and_what_it_needs_not_waits(
    visit: Any, address: str
) -> None:
    page = visit()
    page.add_init_script(LISTEN)
    page.add_init_script(  # at the last demo from the first moment, as a reader who comes back
        f"""document.addEventListener("DOMContentLoaded", () => {{
            document.documentElement.removeAttribute("data-coming");
            document.getElementById("live-cell-{ALONE[-1]}").scrollIntoView({{behavior: "instant"}});
        }});"""
    )
    page.goto(f"{address}{CHAPTER}.html")
    alive(page)
    begun = page.evaluate("begun")
    assert begun[: len(SETUP)] == SETUP
    later = begun[len(SETUP) :]
    assert later[0] == ALONE[-1]
    assert later[: len(ALONE)] == [ALONE[-1], *ALONE[:-1]]
    assert later[len(ALONE) :] == PLAIN


def test_a_reader_s_run_finds_all_that_the_page_s_cells_made(visit: Any, address: str) -> None:
    page = visit()
    page.add_init_script(LISTEN)
    page.goto(f"{address}{CHAPTER}.html")
    early = page.wait_for_function("() => window.liveEngine && {state: liveEngine.state}")
    assert early.json_value() == {"state": "starting"}
    assert python(page, "print('run')").endswith("run\n")
    begun = page.evaluate("begun")
    assert sorted(begun[:-1]) == [one.index for one in BOOK.cells]
    assert begun[-1] == SETUP[0]  # the cell as which python() runs
