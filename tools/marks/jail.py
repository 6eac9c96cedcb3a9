"""The sandbox that exercises are run again in: bubblewrap, with nothing in it but what they need.

No network, no file that can be written (but a small folder in memory, emptied after each answer), no
other process to be seen, and of the disk only Python, the package ``kefu`` and a shop's tables:
neither notebooks with their solutions nor what others handed in. Where bubblewrap is missing or
refuses, ``Shut`` says what to do; nothing is ever run outside of it.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tools.paths import ROOT
from web.book import PRACTICE

HERE = Path(__file__).parent
INSIDE = "/marks"
SHOP = "/shop"
START = 600.0
"""Seconds in which the chapter's own cells must have run."""
SLACK = 20.0
"""Seconds beside an answer's own that the server may take."""
MISSING = (
    "exercises are run again in a sandbox only, and bubblewrap is not here; install it "
    "(Debian, Ubuntu: sudo apt install bubblewrap) on Linux, in WSL 2 or in a virtual machine; "
    "QUIZ=only marks the quizzes without it"
)
CLOSED = (
    "bubblewrap is here but may not make a sandbox ({why}); allow user namespaces "
    "(sysctl kernel.unprivileged_userns_clone=1, or an AppArmor profile for bwrap, as Debian's and "
    "Ubuntu's packages bring it), or in a container run it with --security-opt seccomp=unconfined; "
    "QUIZ=only marks the quizzes without it"
)


class Shut(Exception):
    """There is no sandbox to be had; the message says what to do."""


class Dead(Exception):
    """The server inside has ended or does not answer."""


def _there(*paths: str | Path) -> list[str]:
    """Return the options that show folders and files, as they are, to be read only."""
    return [part for path in paths for part in ("--ro-bind-try", str(path), str(path))]


def _system() -> list[str]:
    """Return the options that show what Python runs on."""
    found: list[str] = []
    for name in ("/bin", "/lib", "/lib32", "/lib64", "/sbin"):
        path = Path(name)
        if path.is_symlink():
            found += ["--symlink", os.readlink(path), name]
        elif path.is_dir():
            found += _there(name)
    # fonts of the system: matplotlib would look at each of them at every start
    places = [
        path for path in ("/usr/share/fonts", "/usr/local/share/fonts") if Path(path).is_dir()
    ]
    fonts = [part for path in places for part in ("--tmpfs", path)]
    python = {sys.base_prefix, sys.prefix} - {"/usr"}
    return [
        *_there("/usr"), *found, *fonts,
        *_there("/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", *sorted(python)),
    ]  # fmt: skip


def command(shop: Path | None, notebook: Path | None, *run: str) -> list[str]:
    """Return the command that runs something inside, with a shop's tables.

    Where the chapter's notebook would stand, only the files of its explorers are to be seen; the practice
    plays the conversations of all chapters, which answer none of its exercises.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise Shut(MISSING)
    tables = [*sorted((ROOT / "datasets").glob("*.csv")), ROOT / "datasets" / "datapackage.json"]
    system = _system()
    explorers = sorted(notebook.parent.glob(f"{notebook.name[:2]}_explore*")) if notebook else []
    practice = notebook is not None and notebook.parent.name == PRACTICE
    talks = sorted((ROOT / "notebooks").glob("*/[0-9][0-9]_talks.toml")) if practice else []
    named = {
        "PATH": "/usr/bin:/bin", "HOME": "/box", "TMPDIR": "/box", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0",
        "TZ": "Asia/Shanghai",
        "MPLCONFIGDIR": "/box/mpl", "MPLBACKEND": "agg", "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **({"KEFU_DATA": SHOP} if shop else {}),
    }  # fmt: skip
    return [
        bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--hostname", "kefu", "--clearenv", *(part for one in named.items() for part in ("--setenv", *one)),
        *system,
        *_there(ROOT / "widgets", *tables, *explorers, *talks),
        *(["--ro-bind", str(shop), SHOP] if shop else []),
        *(part for name in ("inmate.py", "values.py") for part in ("--ro-bind", str(HERE / name), f"{INSIDE}/{name}")),
        "--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev",
        "--size", str(32 << 20), "--tmpfs", "/box", "--remount-ro", "/",
        "--chdir", str(notebook.parent) if notebook and explorers else "/box", "--", *run,
    ]  # fmt: skip


@cache
def ready() -> str:
    """Return an empty text where a sandbox can be had, else what to do."""
    try:
        tried = subprocess.run(command(None, None, sys.executable, "-c", "print('in')"), capture_output=True,
                               text=True, timeout=60, check=False)  # fmt: skip
    except Shut as error:
        return str(error)
    except subprocess.TimeoutExpired:
        return CLOSED.format(why="no answer in a minute")
    if tried.returncode or tried.stdout.strip() != "in":
        said = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return CLOSED.format(why=said)
    return ""


@dataclass
class Jail:
    """A running sandbox with a chapter's cells done in it; used in a ``with``."""

    shop: Path | None
    notebook: Path
    cells: Sequence[tuple[str, str]]
    failed: list[list[Any]] = field(default_factory=list)
    _server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Jail:
        if why := ready():
            raise Shut(why)
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> None:
        """Start the server and have it run the chapter's own cells."""
        self._server = subprocess.Popen(
            command(self.shop, self.notebook, sys.executable, "-s", f"{INSIDE}/inmate.py"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.failed = self._ask({"cells": self.cells}, START)["failed"]

    def close(self) -> None:
        """End the server and all that is in the sandbox."""
        if self._server:
            self._server.kill()
            self._server.wait()
            for pipe in (self._server.stdin, self._server.stdout):
                if pipe:
                    pipe.close()
            self._server = None

    def _ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        server = self._server
        assert server
        assert server.stdin
        assert server.stdout
        deadline, heard = time.monotonic() + seconds, b""
        try:
            server.stdin.write(json.dumps(request).encode() + b"\n")
            server.stdin.flush()
            while not heard.endswith(b"\n"):
                left = deadline - time.monotonic()
                if left <= 0 or not select.select([server.stdout], [], [], left)[0]:
                    raise Dead("no answer")
                if not (got := os.read(server.stdout.fileno(), 1 << 16)):
                    raise Dead("ended")
                heard += got
            told: dict[str, Any] = json.loads(heard)
        except (OSError, ValueError) as error:
            raise Dead(str(error)) from error
        return told

    def answer(
        self, code: str, name: str, calls: list[Any], seconds: float, before: Sequence[str] = ()
    ) -> dict[str, Any]:
        """Run a student's cell and call its function; tell what came of it.

        Where the server ends, by whose fault ever, it is started again and the answer tried once
        more; where it ends again, that is what came of it.
        """
        request = {
            "code": code,
            "name": name,
            "calls": calls,
            "seconds": seconds,
            "before": [*before],
        }
        for _ in range(2):
            try:
                return self._ask(request, seconds + SLACK)
            except Dead:
                self.close()
                self.open()
        return {"lines": [], "ended": "signal", "signal": "SIGKILL", "printed": ""}
