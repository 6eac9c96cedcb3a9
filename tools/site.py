"""Build the Chinese book into ``_build/html``, with every warning an error."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from sphinx.errors import ExtensionError

from tools.paths import BIN, ROOT, SITE
from tools.setup import explain
from web import lite
from web.paper import epub, kit

COLOUR = re.compile(r"\x1b\[[\d;]*m")


def build(book: Path = ROOT) -> None:
    """Build the book in folder ``book``; a failure ends in one clear line after Sphinx's own.

    Every page is read afresh: Sphinx does not repeat the warnings of pages that it has read before.
    """
    start = time.monotonic()
    shutil.rmtree(book / "_build" / "html", ignore_errors=True)
    print("kefu: building the book ...", flush=True)
    options = ("--all", "-W", "--keep-going")
    command: list[str | Path] = [BIN / "jupyter-book", "build", book, *options]
    lines = []
    env = os.environ | {"PYTHONPATH": str(ROOT)}  # where the extensions' own imports begin
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env
    ) as done:
        for coloured in done.stdout or ():
            line = COLOUR.sub("", coloured)
            lines.append(line)
            print("   ", line, end="", flush=True)
    if done.returncode:
        warning = next((line.strip() for line in lines if re.search("(WARNING|ERROR):", line)), "")
        sys.exit(f"kefu: the book was not built: {warning or explain(''.join(lines))}")
    if book == ROOT:
        try:
            lite.build(SITE)
            kit.build(SITE)
            epub.build(SITE)
        except ExtensionError as error:
            sys.exit(f"kefu: the book was not built: {error}")
    (book / "_build" / "html" / ".built").touch()
    print(f"kefu: built in {time.monotonic() - start:.0f} s: _build/html/index.html", flush=True)


if __name__ == "__main__":
    build()
