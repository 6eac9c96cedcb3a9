"""Resolve ``requirements.in`` and ``web/package.json`` into lock files with hashes, no addresses."""

from __future__ import annotations

import subprocess
import sys

from web.commands.bootstrap import ROOT, npm


def main() -> None:
    """Write requirements.txt (one set for Python 3.11-3.14) and web/package-lock.json."""
    uv = [sys.executable, "-m", "uv", "pip", "compile", "requirements.in", "-o", "requirements.txt"]
    options = [
        "--universal",
        "--python-version",
        "3.11",
        "--generate-hashes",
        "--quiet",
        "--upgrade",
    ]
    header = ["--custom-compile-command", "make lock"]
    subprocess.run([*uv, *options, *header], cwd=ROOT, check=True)
    npm("install", "--package-lock-only", "--omit-lockfile-registry-resolved")


if __name__ == "__main__":
    main()
