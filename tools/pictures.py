"""Make the pictures of README from the built book and a running JupyterLab."""

from __future__ import annotations

import contextlib
import io
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from tools import lab, serve
from tools.paths import ROOT, browser, own_node
from web import book

PICTURES = ROOT / "web" / "assets" / "pictures"
LOGO = ROOT / "web" / "assets" / "logo.svg"
WIDTH = 560
TOKEN = "a-token-for-one-run"
NUMBER = "02"
"""The chapter that the pictures show."""
CARD = """<style>svg {{ width: 360px; justify-self: center }}</style>
<body style="margin:0;display:grid;grid-template-columns:1fr 1fr;gap:50px;align-items:center;
box-sizing:border-box;height:630px;padding:0 70px;border-bottom:18px solid #a8410f;font-family:sans-serif;
color:#2a2622"><div><h1 style="margin:0;font-size:96px;color:#a8410f">网店客服</h1><p style="font-size:34px;
line-height:1.6">一本会动的教材：每个道理配一个可以拨动的模型，每个结论用一家店的数据验证</p></div>{}"""


@contextmanager
def running_lab() -> Iterator[str]:
    """Run JupyterLab on a copy of the notebooks while the block runs; give chapter 02's address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--no-browser", f"--ServerApp.port={port}", f"--IdentityProvider.token={TOKEN}",
               "--ServerApp.port_retries=0", "--Application.log_level=CRITICAL")  # fmt: skip
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        skipped = shutil.ignore_patterns(".ipynb_checkpoints")
        shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=skipped)
        env = lab.prepare() | {
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        }
        process = subprocess.Popen(
            lab.command(*options, folder=folder, chapter=NUMBER), cwd=folder, env=env
        )
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}/lab/tree/{lab.first_chapter(NUMBER).as_posix()}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when the process listens on the port; raise ``RuntimeError`` if it never will."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start (exit status {process.poll()})")


def run_all(page: Page, address: str) -> Locator:
    """Open a notebook in JupyterLab, run all its cells from the menu; return the freight demo."""
    page.goto(f"{address}?token={TOKEN}")
    idle = page.locator("#jp-main-statusbar").get_by_text("| 空闲")
    idle.wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="运行", exact=True).click()
    page.get_by_role("menuitem", name="运行所有单元格", exact=True).click()
    demo = page.locator(".kefu-demo.widget-box", has_text="运费计算器")
    demo.wait_for(timeout=60_000)
    idle.wait_for(timeout=60_000)
    return demo


def few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture with 128 colours, the rare ones of logo and emphasis among them."""
    return picture.convert("RGB").quantize(
        128, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )


def live(page: Page, address: str, number: str) -> None:
    """Open a chapter's page and wait until its demos answer."""
    page.add_init_script("delete window.requestIdleCallback")  # begin at once, not when idle
    page.goto(f"{address}{book.chapter(number).page}.html")
    page.locator("html[data-live='alive']").wait_for(state="attached", timeout=120_000)


def conversation(page: Page, address: str) -> None:
    """Take a talk as a phone shows it, after two good answers and one typed in the reader's own words."""
    page.set_viewport_size({"width": 390, "height": 844})
    live(page, address, "04")
    demo = page.locator(".kefu-converse", has_text="太贵了").first
    for move in ("ask", "value"):
        demo.locator(f".kefu-options [data-press*='{move}']").click()
    demo.locator(".kefu-options .kefu-press").last.evaluate(
        "last => last.scrollIntoView({ block: 'end' })"
    )
    page.wait_for_timeout(1000)  # the bubbles have come to rest
    few_colours(Image.open(io.BytesIO(page.screenshot()))).save(
        PICTURES / "talk.png", optimize=True
    )


def night(page: Page, address: str) -> None:
    """Take the night shift when three customers are at their windows."""
    page.set_viewport_size({"width": 1280, "height": 860})
    live(page, address, "17")
    page.locator(".kefu-demo .kefu-press[data-press*='level'][data-press*='3']").first.click()
    page.get_by_role("button", name="▶ 上班").first.click()
    tabs = page.locator(".night-tab")
    while tabs.count() < 3:
        page.locator(".night-waiting").first.click(timeout=120_000)
        page.wait_for_timeout(500)
    page.locator(".night-bar").first.evaluate("bar => bar.scrollIntoView({ block: 'start' })")
    page.wait_for_timeout(1000)
    demo = page.locator(".kefu-demo", has=page.locator(".night-bar")).first.bounding_box()
    assert demo
    inside = {"x": demo["x"], "y": 56, "width": demo["width"], "height": 860 - 56}
    shot = page.screenshot(clip=inside)  # type: ignore[arg-type]
    few_colours(Image.open(io.BytesIO(shot))).save(PICTURES / "night.png", optimize=True)


def card(page: Page) -> None:
    """Draw what chats and feeds show beside a link to the book, in the size they ask for."""
    page.set_viewport_size({"width": 1200, "height": 630})
    page.set_content(CARD.format(LOGO.read_text(encoding="utf-8")))
    few_colours(Image.open(io.BytesIO(page.screenshot()))).save(
        PICTURES / "card.png", optimize=True
    )


def moving_picture(page: Page, address: str) -> None:
    """Take the freight demo in JupyterLab while its weight slider moves."""
    page.set_viewport_size({"width": 1280, "height": 1600})  # so that the demo is seen whole
    demo = run_all(page, address)
    demo.scroll_into_view_if_needed()
    handle = demo.locator(".noUi-handle").first
    shots = []
    for _ in range(12):
        handle.focus()
        for _ in range(6):
            page.keyboard.press("ArrowRight")
        page.wait_for_timeout(250)
        shots.append(Image.open(io.BytesIO(demo.screenshot())))
    size = (WIDTH, max(shot.height * WIDTH // shot.width for shot in shots))
    frames = [Image.new("RGB", size, "white") for _ in shots]
    for frame, shot in zip(frames, shots, strict=True):
        frame.paste(shot.convert("RGB").resize((WIDTH, shot.height * WIDTH // shot.width)))
    first, *others = map(few_colours, frames)
    first.save(PICTURES / "demo.gif", save_all=True, append_images=others, duration=500, loop=0)


def main() -> None:
    """Make all pictures."""
    PICTURES.mkdir(exist_ok=True)
    own_node()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser())
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        with serve.served() as address:
            conversation(page, address)
            night(page, address)
        with running_lab() as address:
            moving_picture(page, address)
        card(page)
        chromium.close()


if __name__ == "__main__":
    main()
