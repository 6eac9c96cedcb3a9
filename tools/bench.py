"""Measure the built book's live pages beside JupyterLite, and print Markdown tables.

All in one Chromium on this machine, with a host that gzips text (and, for JupyterLite, WebAssembly),
counts what it sends and can hold it to a rate. Each first visit is a new, empty profile. A page is
alive when its first slider, moved by a step, has changed the demo's own output, and complete when all
its cells ran as well; JupyterLite's notebook holds the same live cells, all run at once as soon as it can.
Times are read in the page, on its own clock, from the start of the navigation. Compare them only with
each other: the ratios to JupyterLite in the same run are what the book is judged by.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import mimetypes
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import nbformat
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools import notebooks
from tools.paths import SITE, browser, own_node
from web import lite

CHAPTER = "notebooks/presales/02_preparation"  # always the same, so that tables can be compared
PLAIN = "book/glossary.html"
DEMO = "first-demo"
TWIN, MANY = f"{CHAPTER}_next.html", f"{CHAPTER}_twenty.html"
NOTEBOOK = f"{CHAPTER.removeprefix('notebooks/')}.ipynb"
LITE = f"lite/notebooks/index.html?path={NOTEBOOK}"
GZIPPED = (".html", ".js", ".mjs", ".css", ".json", ".svg", ".ipynb", ".txt", ".wasm")
WAYS = {"default": "", "archive": "?live=archive", "shipped snapshot": "?live=shipped"}
HEAD = 200  # about what the header of an answer weighs
TARGETS = {"first visit, default": 6, "second visit": 8, "next page": 12}
"""How many times sooner than JupyterLite's visit of the same kind a page is to be alive, without a limit."""
Sample = dict[str, Any]

# Wait for the first slider, move it by a step, and time how long the demo's own output takes to change.
PROBE = """async ({place, presses}) => {
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const find = () => [...document.querySelectorAll(`${place} .kefu-range`)].find((e) => e.checkVisibility());
  while (!find()) {
    if (performance.now() > 180000) throw new Error('no slider after three minutes');
    await wait(4);
  }
  const handle = find(), slider = handle.closest('.kefu-slide'), demo = handle.closest('.kefu-demo');
  const press = (sign) => new Promise((resolve, reject) => {
    const start = performance.now();
    const watch = new MutationObserver((changes) => {
      if (changes.every(({target}) => slider.contains(target))) return;
      watch.disconnect();
      resolve(performance.now() - start);
    });
    watch.observe(demo, {subtree: true, childList: true, characterData: true});
    setTimeout(() => reject(new Error('the slider moved, the output did not')), 20000);
    handle.valueAsNumber += sign * handle.step;
    handle.dispatchEvent(new Event('input', {bubbles: true}));
  });
  await press(1);
  const answered = performance.now(), times = [];
  const lite = document.querySelector('.jp-Notebook');
  while (!lite && document.documentElement.dataset.live !== 'alive') await wait(4);
  const done = performance.getEntriesByName('live-alive')[0]?.startTime ?? 0;
  for (let i = 0; i < presses; i++) {
    await wait(50);
    times.push(await press(i % 2 ? 1 : -1));
  }
  const wall = window.liveEngine?.times ?? {};
  const marks = Object.fromEntries(Object.entries(wall).map(([name, at]) => [name, at - performance.timeOrigin]));
  return {alive: answered, complete: Math.max(answered, done), times, marks,
          way: document.documentElement.dataset.liveWay, judged: window.liveEngine?.judged,
          wasm: window.liveEngine?.memory ?? 0};
}"""
SHIFT = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (sum += entry.value)))
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => resolve(sum), 500);
})"""
# A snapshot and, three seconds after the start, what came over the line, inflated.
KEPT = "async () => (await (await caches.open('live-engine /')).keys()).length > 3"
RUN_ALL = """async () => {
  const ready = () => window.jupyterapp?.shell.currentWidget?.context?.sessionContext;
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 10));
  await ready().ready;
  window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""


class Host(ThreadingHTTPServer):
    """A static host of the site and a few pages made up for the benchmark, on one shared line."""

    daemon_threads = True

    def __init__(self, made_up: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {path: (body, gzip.compress(body)) for path, body in made_up.items()}
        self.address = f"http://127.0.0.1:{self.server_port}/"
        self.rate = 0.0  # bits a second; 0 is as fast as it goes
        self.free_at = 0.0
        self.line = threading.Lock()
        self.sent: list[tuple[str, int]] = []

    def file(self, path: str) -> tuple[bytes, bytes | None]:
        """Return a file and, for text, its gzipped form."""
        if path not in self.files:
            body = (SITE / path).read_bytes()
            small = gzip.compress(body, 6) if path.endswith(GZIPPED) else None
            self.files[path] = body, small  # type: ignore[assignment]
        return self.files[path]

    def book_line(self, size: int) -> None:
        """Wait until the shared line has carried ``size`` bytes."""
        if self.rate:
            with self.line:
                self.free_at = max(self.free_at, time.monotonic()) + size * 8 / self.rate
                until = self.free_at
            time.sleep(max(0, until - time.monotonic()))

    def total(self, part: str = "") -> int:
        """Return the bytes sent since ``sent`` was cleared, of paths that contain ``part``."""
        return sum(size for path, size in self.sent if part in path)


class Handler(BaseHTTPRequestHandler):
    """One connection to the host."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each small file waits 40 ms for the one before

    def do_GET(self) -> None:
        """Send one file, gzipped where it is text, in pieces that share the line."""
        host = cast(Host, self.server)
        path = unquote(urlsplit(self.path).path).lstrip("/")
        try:
            body, small = host.file(path)
        except OSError:
            self.send_error(404)
            return
        data = small or body
        self.send_response(200)
        self.send_header(
            "Content-Type", mimetypes.guess_type(path)[0] or "application/octet-stream"
        )
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=600")
        if small:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        host.sent.append((path, len(data) + HEAD))
        with suppress(ConnectionError):
            for start in range(0, len(data), 16384):
                piece = data[start : start + 16384]
                host.book_line(len(piece))
                self.wfile.write(piece)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def made_up() -> dict[str, bytes]:
    """Return the pages that only the benchmark has, by path."""
    html = (SITE / f"{CHAPTER}.html").read_text(encoding="utf-8")
    page = BeautifulSoup(html, "html.parser")
    data = page.select_one("#live-cells")
    if data is None:
        sys.exit(f"kefu: {CHAPTER}.html has no live cells; run `make site`")
    cells = json.loads(data.get_text())
    (demo, place), *_ = (
        (cell, place)
        for cell in cells
        for place in page.select(f"#live-cell-{cell['index']}:has(.live-picture)")
    )
    mark = f'id="live-cell-{demo["index"]}"'
    start = html.rindex("<div", 0, html.index(mark))
    html = f'{html[:start]}<span id="{DEMO}"></span>{html[start:]}'
    twins = [{**demo, "index": number} for number in range(9000, 9019)]
    for cell in twins:
        twin = copy.copy(place)
        twin["id"] = f"live-cell-{cell['index']}"
        place.insert_after(twin)
    setup = [cell for cell in cells if cell["setup"]]
    data.string = json.dumps([*setup, demo, *twins]).replace("<", "\\u003c")
    notebook = nbformat.v4.new_notebook(metadata=notebooks.KEPT_METADATA)
    notebook.cells = [nbformat.v4.new_code_cell(cell["source"]) for cell in cells]
    settings = json.loads((SITE / "lite" / "jupyter-lite.json").read_text())
    editions = json.loads((SITE / "lite" / "editions.json").read_text(encoding="utf-8"))
    editions[NOTEBOOK]["edition"] = now = lite.edition(notebook)  # else a saved copy is asked about
    notebook.metadata["kefu"] = {"edition": now}
    options = settings["jupyter-config-data"]
    options["exposeAppInBrowser"] = True
    options["settingsOverrides"]["@jupyterlab/notebook-extension:tracker"] = {
        "windowingMode": "none"
    }
    return {
        TWIN: html.encode(),
        MANY: str(page).encode(),
        f"lite/files/{NOTEBOOK}": nbformat.writes(notebook).encode(),
        "lite/jupyter-lite.json": json.dumps(settings).encode(),
        "lite/editions.json": json.dumps(editions).encode(),
    }


@contextmanager
def profile(chromium: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Give a reader's browser that has never been here."""
    context = chromium.new_context(**options)
    yield context
    context.close()


def visit(page: Page, url: str, presses: int = 0) -> Sample:
    """Open a live page, and return what the probe saw."""
    page.goto(url, wait_until="commit")
    return dict(page.evaluate(PROBE, {"place": "article .cell_output", "presses": presses}))


def lite_visit(page: Page, url: str, presses: int = 0) -> Sample:
    """Open the notebook in JupyterLite, run it all, and return what the probe saw."""
    page.goto(url, wait_until="commit")
    page.evaluate(RUN_ALL)
    return dict(page.evaluate(PROBE, {"place": ".jp-OutputArea-output", "presses": presses}))


def private_memory(chromium: Browser) -> int:
    """Return the private memory of the largest page process (Linux; else 0)."""
    session = chromium.new_browser_cdp_session()
    found = [0]
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        rollup = Path(f"/proc/{process['id']}/smaps_rollup")
        if process["type"] == "renderer" and rollup.is_file():
            lines = [line.split() for line in rollup.read_text().splitlines()]
            found.append(sum(int(w[1]) for w in lines if w[0].startswith("Private_")) * 1024)
    session.detach()
    return max(found)


class Bench:
    """The measurements, each a list of samples by name."""

    def __init__(self, chromium: Browser, host: Host, runs: int) -> None:
        self.chromium, self.host, self.runs = chromium, host, runs
        self.samples: dict[str, list[Sample]] = {}

    def first(self, name: str, url: str, how: Callable[[Page, str, int], Sample] = visit,
              presses: int = 0, again: dict[str, str] | None = None) -> None:  # fmt: skip
        """Visit ``url`` in a new profile, then in the same one each of ``again`` by name."""
        with profile(self.chromium) as context:
            self.host.sent.clear()
            page = context.new_page()
            sample = how(page, self.host.address + url, presses)
            sample["bytes"] = self.host.total()
            if presses:
                page.wait_for_timeout(5000)  # what a start leaves behind is collected
                sample["memory"] = private_memory(self.chromium)
            self.samples.setdefault(name, []).append(sample)
            for later, address in (again or {}).items():
                for _ in range(100 if how is visit else 0):
                    if page.evaluate(KEPT):
                        break
                    page.wait_for_timeout(100)
                page.wait_for_timeout(500)
                if "next" not in later:
                    page.close()
                    page = context.new_page()
                self.samples.setdefault(later, []).append(how(page, self.host.address + address, 0))

    def line(self, title: str, runs: int, lite_runs: int) -> None:
        """Measure every way at the host's present rate."""
        for number in range(runs):
            for way, query in WAYS.items():
                chapter = f"{CHAPTER}.html{query}"
                again = {f"{title}: second visit": chapter, f"{title}: next page": TWIN}
                self.first(f"{title}: first visit, {way}", chapter, again={} if query else again)
            if number < lite_runs:
                self.first(f"{title}: first visit, JupyterLite", LITE, lite_visit,
                           again={f"{title}: second visit, JupyterLite": LITE})  # fmt: skip

    def shift(self, width: int, height: int, alive: bool = True) -> float:
        """Return the layout shift of the chapter, opened at its first demo, with or without the engine."""
        with profile(self.chromium, viewport={"width": width, "height": height}) as context:
            page, url = context.new_page(), f"{self.host.address}{TWIN}#{DEMO}"
            if alive:
                visit(page, url)
            else:
                page.route("**/_static/live/**", lambda route: route.abort())
                page.goto(url)
                page.wait_for_timeout(3000)
            return float(page.evaluate(SHIFT))

    def without(self, path: str) -> tuple[int, int]:
        """Return the engine's bytes on a page whose engine is left out, and that page's memory."""
        with profile(self.chromium) as context:
            self.host.sent.clear()
            page = context.new_page()
            if path != PLAIN:
                page.route("**/_static/live/**", lambda route: route.abort())
            page.goto(self.host.address + path)
            page.wait_for_timeout(5000)
            return self.host.total("/live/"), private_memory(self.chromium)

    def middle(self, name: str, key: str = "alive") -> float:
        """Return the median of a measurement."""
        return float(statistics.median(sample[key] for sample in self.samples[name]))

    def ratio(self, line: str, what: str) -> float:
        """Return how many times as long JupyterLite takes to a visit of this kind; 0 where it has none."""
        kind = what.partition(",")[0].replace("next page", "second visit")
        lite = f"{line}: {kind}, JupyterLite"
        return self.middle(lite) / self.middle(f"{line}: {what}") if lite in self.samples else 0


def seconds(value: float) -> str:
    """Return milliseconds as seconds."""
    return f"{value / 1000:.2f} s"


def row(*cells: object) -> None:
    """Print a row of a Markdown table."""
    print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def report(bench: Bench) -> None:
    """Print the tables."""
    print(
        "\n| alive | line | median | slowest | complete | JupyterLite's time | way taken | sent | page process |"
        "\n|---|---|---|---|---|---|---|---|---|"
    )
    for name, samples in bench.samples.items():
        line, _, what = name.partition(": ")
        sizes = [s["bytes"] for s in samples if "bytes" in s]
        lite = bench.ratio(line, what)
        row(what, line, seconds(bench.middle(name)), seconds(max(s["alive"] for s in samples)),
            seconds(bench.middle(name, "complete")) if lite else "", f"{lite:.1f} times" if lite else "",
            "/".join(sorted({s["way"] or "" for s in samples})),
            f"{statistics.median(sizes) / 1e6:.1f} MB" if sizes else "",
            f"{samples[0]['memory'] / 1e6:.0f} MB" if "memory" in samples[0] else "")  # fmt: skip
    print(
        "\n| slider's step → changed output | median | 95th percentile | longest |\n|---|---|---|---|"
    )
    for name, samples in bench.samples.items():
        times = sorted(t for s in samples for t in s["times"])
        if times:
            row(name.partition(": ")[2], f"{statistics.median(times):.0f} ms",
                f"{times[int(len(times) * 0.95)]:.0f} ms", f"{times[-1]:.0f} ms")  # fmt: skip
    print("\n| no limit | JupyterLite's time | target |\n|---|---|---|")
    for what, target in TARGETS.items():
        row(what, f"{bench.ratio('no limit', what):.1f} times", f"{target} times")
    evens(bench)
    engine, _ = bench.without(PLAIN)
    _, memory = bench.without(f"{CHAPTER}.html")
    print("\n| other | measured |\n|---|---|")
    row("engine's bytes on a page without demos", engine)
    row("page process of the chapter, engine left out", f"{memory / 1e6:.0f} MB")
    row(
        "Python's memory (WebAssembly)",
        f"{bench.middle(next(iter(bench.samples)), 'wasm') / 1e6:.0f} MB",
    )
    for size in ((1280, 800), (390, 844)):
        row(f"layout shift at the first demo, {size[0]} × {size[1]}", f"{bench.shift(*size):.4f}")
        row("the same with the engine left out", f"{bench.shift(*size, alive=False):.4f}")
    print(
        "\nWhere the time goes: when each part was done, in seconds from the start of the navigation\n"
    )
    marks = dict.fromkeys(m for samples in bench.samples.values() for m in samples[0]["marks"])
    row("visit", *marks)
    row("---", *["---"] * len(marks))
    for name, samples in bench.samples.items():
        if samples[0]["marks"]:
            every = ([s["marks"][mark] for s in samples if mark in s["marks"]] for mark in marks)
            row(name, *(f"{statistics.median(at) / 1000:.2f}" if at else "" for at in every))


def evens(bench: Bench) -> None:
    """Print from which line the shipped snapshot is sooner than the archive: as measured, and by the rule.

    Over the time that a bit takes, what the snapshot costs more is a straight line: see live's choose.js.
    """

    def costs(rate: int) -> float:
        archive, shipped = (
            bench.middle(f"{rate} Mbit/s: first visit, {way}")
            for way in ("archive", "shipped snapshot")
        )
        return shipped - archive

    slow, fast = ((1 / rate, costs(rate)) for rate in (8, 40))
    slope = (slow[1] - fast[1]) / (slow[0] - fast[0])
    even = 1 / (fast[0] - fast[1] / slope)
    judged = [s["judged"] for samples in bench.samples.values() for s in samples if s.get("judged")]
    told = statistics.median(one["even"] for one in judged) / 1e6
    probe = statistics.median(one["probe"] for one in judged)
    print("\n| the shipped snapshot is sooner | from |\n|---|---|")
    row("measured here, by the lines of 8 and 40 Mbit/s", f"{even:.0f} Mbit/s")
    row(f"by the page's rule, with a probe of {probe:.0f} ms", f"{told:.0f} Mbit/s")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="visits of each kind")
    runs = parser.parse_args().runs
    host = Host(made_up())
    for path in SITE.rglob("*"):  # gzip beforehand, so that no reader waits for it
        if path.is_file():
            host.file(path.relative_to(SITE).as_posix())
    threading.Thread(target=host.serve_forever, daemon=True).start()
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    own_node()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser(), args=[nowhere])
        bench = Bench(chromium, host, runs)
        bench.line("no limit", runs, runs)
        bench.first("no limit: a chapter's slider", f"{CHAPTER}.html", presses=100)
        bench.first("no limit: 20 demos in one page", MANY, presses=100)
        bench.first("no limit: a slider in JupyterLite", LITE, lite_visit, presses=100)
        for rate in (8, 40):
            host.rate = rate * 1e6
            bench.line(f"{rate} Mbit/s", runs, 1)
        host.rate = 0
        print(f"Chromium {chromium.version}, medians of {runs}; command: make bench")
        report(bench)
        chromium.close()


if __name__ == "__main__":
    main()
