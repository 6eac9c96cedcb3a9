"""Make the pictures of the cover and of README from the built book and a running JupyterLab."""

from __future__ import annotations

import io
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from kefu.demos.core import STYLE
from kefu.demos.freight import staircase
from kefu.presales.freight import compare
from web.commands import lab, serve
from web.commands.bootstrap import ROOT, browser

PICTURES = ROOT / "web" / "assets" / "pictures"
CHAPTER = "notebooks/presales/02_preparation.html"


def cover() -> None:
    """Write the freight staircase as a drawing that carries its own colours."""
    offer = next(o for o in compare("2.4", "广东") if o.service.carrier == "青鸟快递")
    colours = "--ink:#1f2d33;--paper:#fff;--line:#cfd8da;--a:#b5481a;--b:#1f6f78"
    rules = "".join(r for r in STYLE.splitlines(keepends=True) if "svg.kefu-chart " in r)
    style = f"<style>svg{{{colours};font-family:sans-serif}}{rules.replace('.kefu-demo svg.kefu-chart', 'svg')}</style>"
    drawing = staircase(offer).replace("<svg ", "<svg xmlns='http://www.w3.org/2000/svg' ", 1)
    head, body = drawing.split(">", 1)
    (PICTURES / "freight.svg").write_text(f"{head}>{style}{body}\n", encoding="utf-8")


@contextmanager
def served() -> Iterator[str]:
    """Serve the built book while the block runs and give its address."""
    site = serve.server(0)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}"
    finally:
        site.shutdown()
        site.server_close()


@contextmanager
def running_lab(port: int = 8899) -> Iterator[str]:
    """Run JupyterLab on the first chapter while the block runs and give its address."""
    token = "pictures"
    options = ("--no-browser", f"--ServerApp.port={port}", f"--IdentityProvider.token={token}",
               "--ServerApp.port_retries=0", "--ServerApp.log_level=ERROR")  # fmt: skip
    process = subprocess.Popen(lab.command(*options), cwd=ROOT, env=lab.prepare())
    try:
        yield f"http://127.0.0.1:{port}/lab/tree/{lab.first_chapter().as_posix()}?token={token}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def live_demo(page: Page, address: str) -> None:
    """Open the first chapter in JupyterLab, run it all, and wait for the freight demo to live."""
    deadline = time.monotonic() + 60
    while True:
        try:
            page.goto(address)
            break
        except Exception:
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
    page.evaluate("() => window.jupyterapp?.commands.execute('notebook:run-all-cells')")


def page_picture(page: Page, address: str) -> None:
    """Take the top of the chapter as README shows it."""
    page.goto(f"{address}/{CHAPTER}")
    page.screenshot(path=PICTURES / "chapter.png")
    shrink = Image.open(PICTURES / "chapter.png").convert("P", palette=Image.Palette.ADAPTIVE)
    shrink.save(PICTURES / "chapter.png", optimize=True)


def moving_picture(page: Page, address: str) -> None:
    """Take the freight demo in JupyterLab while its weight slider moves."""
    live_demo(page, address)
    demo = page.locator(".kefu-demo:has-text('运费计算器')").last
    handle = demo.locator(".noUi-handle").first
    demo.scroll_into_view_if_needed()
    handle.wait_for(timeout=60_000)
    frames = []
    for _ in range(12):
        handle.focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(250)
        shot = Image.open(io.BytesIO(demo.screenshot()))
        frames.append(shot.convert("RGB").resize((560, shot.height * 560 // shot.width)))
    size = (560, max(frame.height for frame in frames))
    same = [Image.new("RGB", size, "white") for _ in frames]
    for canvas, frame in zip(same, frames, strict=True):
        canvas.paste(frame)
    still = [canvas.quantize(64) for canvas in same]
    still[0].save(
        PICTURES / "demo.gif", save_all=True, append_images=still[1:], duration=500, loop=0
    )


def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(exist_ok=True)
    cover()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser())
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        with served() as address:
            page_picture(page, address)
        with running_lab() as address:
            moving_picture(page, address)
        chromium.close()


if __name__ == "__main__":
    main()
