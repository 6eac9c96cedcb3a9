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
