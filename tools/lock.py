"""Resolve every ``requirements.in`` and ``package.json`` into its lock file.

They are the root's, ``web``'s, ``.binder``'s, ``tools/scale``'s, ``hub``'s; locks carry hashes and no addresses.
"""

from __future__ import annotations

import subprocess
import sys

from tools.paths import ROOT
from tools.setup import npm

COMPILE = (sys.executable, "-m", "uv", "pip", "compile", "--generate-hashes", "--quiet", "--upgrade",
           "--custom-compile-command", "make lock")  # fmt: skip
EVERY_PYTHON = ("--universal", "--python-version", "3.11")
THE_BROWSERS = ("--python-version", "3.14", "--python-platform", "wasm32-pyodide2024",
                "--constraints", "requirements.txt", "--no-emit-package", "widgetsnbextension",
                "--no-emit-package", "jupyterlab-widgets")  # fmt: skip
BINDERS = ("--python-version", "3.12", "--python-platform", "x86_64-unknown-linux-gnu",
           "--constraints", "requirements.txt")  # fmt: skip


def main() -> None:
    """Write the book's, engines' and hub's locks (Python 3.11-3.14), the pages' (Pyodide's), Binder's, npm's."""
    every = ("requirements.in", "-o", "requirements.txt", *EVERY_PYTHON)
    browsers = ("web/lite.in", "-o", "web/lite.txt", *THE_BROWSERS)
    binders = (".binder/requirements.in", "-o", ".binder/requirements.txt", *BINDERS)
    engines = ("tools/scale/requirements.in", "-o", "tools/scale/requirements.txt", *EVERY_PYTHON,
               "--constraints", "requirements.txt")  # fmt: skip
    hubs = ("hub/requirements.in", "-o", "hub/requirements.txt", *EVERY_PYTHON,
            "--constraints", "requirements.txt")  # fmt: skip
    for arguments in (every, browsers, binders, engines, hubs):
        subprocess.run([*COMPILE, *arguments], cwd=ROOT, check=True)
    for folder in ("web", "hub"):
        npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved", folder=folder)


if __name__ == "__main__":
    main()
