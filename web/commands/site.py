"""Build the Chinese book into ``_build/html``, with every warning an error."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from web.commands.bootstrap import BIN, ROOT, explain

SITE = ROOT / "_build" / "html"


def build(book: Path = ROOT) -> None:
    """Build the book in folder ``book``; a failure ends in one clear line after Sphinx's own."""
    start = time.monotonic()
    shutil.rmtree(book / "_build" / "html", ignore_errors=True)
    print("kefu: building the book ...", flush=True)
    command: list[str | Path] = [BIN / "jupyter-book", "build", str(book), "-W", "--keep-going"]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    for line in done.stdout or ():
        lines.append(line)
        print("   ", line, end="", flush=True)
    if done.wait():
        sys.exit(f"kefu: the book was not built: {explain(''.join(lines))}")
    (book / "_build" / "html" / ".built").touch()
    print(f"kefu: built in {time.monotonic() - start:.0f} s: _build/html/index.html", flush=True)


if __name__ == "__main__":
    build()
