"""The npm packages that the book's own scripts import: each is named, none comes only with another."""

from __future__ import annotations

import json
import re

from tools.paths import ROOT

IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](@[\w-]+/[\w.-]+|[\w-]+)[^"']*["']""")
OURS = {"live-fronts", "node"}
"""What the build puts in its place, and Node.js itself."""


def test_every_package_that_a_script_imports_is_named_in_package_json() -> None:
    web = ROOT / "web"
    scripts = [
        *web.joinpath("extensions").rglob("*.*js"),
        *web.joinpath("paper").rglob("*.*js"),
        *web.joinpath("lite").rglob("*.*js"),
    ]
    imported = {name for path in scripts for name in IMPORT.findall(path.read_text("utf-8"))}
    named = json.loads(web.joinpath("package.json").read_text("utf-8"))["dependencies"]
    assert "@jupyterlab/rendermime" in imported
    assert imported - OURS <= named.keys()
