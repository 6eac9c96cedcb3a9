"""Open JupyterLab in Chinese on the first chapter, for this machine only and with its token."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ROOT / ".jupyter" / "lab" / "user-settings"
CHINESE = SETTINGS / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"


def first_chapter() -> Path:
    """Return the first notebook of the book, relative to the project."""
    return min((ROOT / "notebooks").glob("*/[0-9]*.ipynb"), key=lambda p: p.name).relative_to(ROOT)


def prepare() -> dict[str, str]:
    """Write the language setting, unless the instructor changed it; return Lab's environment."""
    if not CHINESE.exists():
        CHINESE.parent.mkdir(parents=True, exist_ok=True)
        CHINESE.write_text(json.dumps({"locale": "zh_CN"}), encoding="utf-8")
    return {**os.environ, "JUPYTERLAB_SETTINGS_DIR": str(SETTINGS)}


def command(*options: str) -> list[str]:
    """Return the command line of JupyterLab on the first chapter."""
    lab = [sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--notebook-dir={ROOT}"]
    root_is_fine = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*lab, *root_is_fine, *options, str(first_chapter())]


def main() -> None:
    """Become JupyterLab."""
    os.chdir(ROOT)
    os.execvpe(sys.executable, command(*sys.argv[1:]), prepare())


if __name__ == "__main__":
    main()
