"""Which way Python starts: by what each costs on the reader's line and device."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from web import build
from web.extensions.live.build import CLIENT

SIZE = 5.6e6
"""Bytes of the snapshot with which the points below were measured."""
MACHINE = 4.4
"""How many ms the probe takes on the machine that is the rule's measure; the points' own was 1.7 times slower."""
SLOW, PHONE = 1.7 * MACHINE, 4 * MACHINE
POINTS = [
    (1000, SLOW, "snapshot"),  # 5.30 s against 4.20 s
    (40, SLOW, "snapshot"),  # 5.87 s against 5.26 s
    (8, SLOW, "archive"),  # 10.3 s against 14.1 s
    (1000, PHONE, "snapshot"),
    (20, PHONE, "snapshot"),
    (8, PHONE, "archive"),
    (1000, MACHINE, "snapshot"),  # 2.89 s against 2.43 s
    (40, MACHINE, "archive"),
    (40, MACHINE / 4, "archive"),
    (8, 100 * MACHINE, "archive"),  # busy rather than so slow
    (0, PHONE, "archive"),  # nothing is known of the line
]
"""The line in Mbit/s, how long the probe takes, and the way that is sooner."""


@pytest.fixture(scope="module")
def rule(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the rate in bit/s from which the snapshot is sooner, by the probe's ms, and a probe of this machine."""
    folder: Path = tmp_path_factory.mktemp("choose")
    code = (CLIENT / "choose.js").read_text(encoding="utf-8")
    asked = json.dumps(sorted({took for _, took, _ in POINTS}))
    script = folder / "run.mjs"
    script.write_text(
        f"""{code}
        const rates = Object.fromEntries({asked}.map((took) => [took, even({SIZE}, took)]));
        console.log(JSON.stringify([rates, probe()]));""",
        encoding="utf-8",
    )
    rates, took = json.loads(build.node(script))
    return {float(one): rate for one, rate in rates.items()}, took


@pytest.mark.parametrize(("line", "took", "sooner"), POINTS)
def test_the_sooner_way_is_taken(rule: Any, line: float, took: float, sooner: str) -> None:
    rates, _ = rule
    assert ("snapshot" if line * 1e6 > rates[took] else "archive") == sooner


def test_a_slower_device_takes_the_snapshot_on_a_slower_line(rule: Any) -> None:
    rates, took = rule
    assert [rates[one] for one in sorted(rates)] == sorted(rates.values(), reverse=True)
    assert took > 0
