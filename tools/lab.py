"""Open JupyterLab in Chinese on the first chapter, for this machine only and with its token."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tools.paths import ROOT
from web import book

SETTINGS = ROOT / ".jupyter" / "lab" / "user-settings"
DEFAULTS = {
    "translation-extension/plugin": {"locale": "zh_CN"},
    "apputils-extension/notification": {
        "fetchNews": "false"
    },  # asks no other site, and no question
}


def first_chapter(number: str = "") -> Path:
    """Return the first notebook of the book, or chapter ``number``'s, relative to the project."""
    try:
        return book.ready(number or book.written()[0].number).relative_to(ROOT)
    except ValueError as error:
        sys.exit(f"kefu: {error}")


def prepare() -> dict[str, str]:
    """Write the settings that the instructor has not changed; return Lab's environment."""
    for name, values in DEFAULTS.items():
        file = SETTINGS / "@jupyterlab" / f"{name}.jupyterlab-settings"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), encoding="utf-8")
    settings = {"JUPYTERLAB_SETTINGS_DIR": str(SETTINGS)}
    if shop := os.environ.get("KEFU_DATA"):  # kernels run in their notebook's folder
        settings["KEFU_DATA"] = str(Path(shop).resolve())
    return {**os.environ, **settings}


def command(*options: str, folder: Path = ROOT, chapter: str = "") -> list[str]:
    """Return the command line of JupyterLab on the first chapter, or another, in ``folder``."""
    start = ["-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--notebook-dir={folder}"]
    root_is_fine = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [sys.executable, *start, *root_is_fine, *options, str(first_chapter(chapter))]


def main() -> None:
    """Become JupyterLab."""
    os.chdir(ROOT)
    chapter = os.environ.get("CHAPTER", "")
    os.execvpe(sys.executable, command(*sys.argv[1:], chapter=chapter), prepare())


if __name__ == "__main__":
    main()
