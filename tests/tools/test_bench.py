"""The benchmark's host and its made-up pages; the measurements themselves are no test."""

from __future__ import annotations

import json
import threading
import time
from urllib.request import Request, urlopen

from bs4 import BeautifulSoup

from tools import bench


def test_the_host_gzips_counts_and_holds_to_its_rate():
    body = b"console.log(1);" * 20_000
    host = bench.Host({"a.js": body})
    threading.Thread(target=host.serve_forever, daemon=True).start()
    with urlopen(Request(f"{host.address}a.js?x=1")) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        size = len(answer.read())
    assert size < len(body) / 50
    assert host.sent == [("a.js", size + bench.HEAD)]
    host.rate = size * 8 / 0.3
    start = time.monotonic()
    with urlopen(f"{host.address}a.js") as answer:
        answer.read()
    assert time.monotonic() - start > 0.25  # no sooner: that is what the rate promises
    host.shutdown()
    host.server_close()


def test_the_page_of_twenty_demos_has_twenty(site):
    page = BeautifulSoup(bench.made_up()[bench.MANY], "html.parser")
    listed = json.loads(page.select_one("#live-cells").get_text())
    demos = [cell for cell in listed if not cell["setup"]]
    assert len(demos) == 20
    for cell in demos:
        (place,) = page.select(f"#live-cell-{cell['index']}")
        assert place.select_one(".live-picture")


MEASURED = {  # a line, then what the archive and the shipped snapshot took on it, in seconds
    "no limit": (5.30, 4.20),
    "40 Mbit/s": (5.87, 5.26),
    "8 Mbit/s": (10.3, 14.1),
}


def test_ratios_and_the_line_from_which_the_snapshot_is_sooner_are_printed(capsys):
    def taken(alive: float, **more: object) -> list[bench.Sample]:
        return [{"alive": alive * 1000, **more}]

    made = bench.Bench(None, None, 1)
    for line, (archive, shipped) in MEASURED.items():
        judged = {"seen": 1e9, "even": 26e6, "probe": 13.6}
        made.samples[f"{line}: first visit, default"] = taken(shipped, judged=judged)
        made.samples[f"{line}: first visit, archive"] = taken(archive, judged=None)
        made.samples[f"{line}: first visit, shipped snapshot"] = taken(shipped)
        made.samples[f"{line}: first visit, JupyterLite"] = taken(22.3)
        made.samples[f"{line}: second visit, JupyterLite"] = taken(22.4)
        made.samples[f"{line}: next page"] = taken(2.8)
    assert round(made.ratio("no limit", "first visit, default"), 1) == 5.3
    assert made.ratio("no limit", "next page") == 8
    assert made.ratio("no limit", "first demo") == 0
    bench.evens(made)
    told = capsys.readouterr().out
    assert "| measured here, by the lines of 8 and 40 Mbit/s | 26 Mbit/s |" in told
    assert "| by the page's rule, with a probe of 14 ms | 26 Mbit/s |" in told


def test_the_notebook_for_jupyterlite_says_the_edition_that_its_list_has(site):
    """Else a copy that was saved on the way is asked about, and no visit after it runs."""
    made = bench.made_up()
    notebook = json.loads(made[f"lite/files/{bench.NOTEBOOK}"])
    listed = json.loads(made["lite/editions.json"])[bench.NOTEBOOK]
    assert notebook["metadata"]["kefu"]["edition"] == listed["edition"]
