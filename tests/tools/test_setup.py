"""The commands behind ``make``: what they do once, and the one line that each failure ends in."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest

from tests import conftest
from tools import paths, serve, setup
from tools import site as building

ROOT = paths.ROOT
NOWHERE = "http://127.0.0.1:9"  # the discard port: connections are refused at once
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)


def kefu_lines(output: str) -> list[str]:
    """Return the lines that our own commands end in; make adds one of its own."""
    assert "Traceback" not in output
    return [line for line in output.splitlines() if not re.match(r"make(\[\d+\])?: ", line)]


def make(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=cwd, capture_output=True, text=True)


@pytest.fixture
def elsewhere(monkeypatch, tmp_path) -> Path:
    """Point the set-up at an empty folder, so that it cannot touch the checkout's environment."""
    for name, path in (("ROOT", "."), ("VENV", ".venv"), ("VENDOR", "vendor")):
        monkeypatch.setattr(setup, name, tmp_path / path)
    return tmp_path


# the set-up's one line


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError("
            "<HTTPSConnection>: Failed to establish a new connection: [Errno -3] Temporary failure "
            "in name resolution')': /simple/pip/\nERROR: No matching distribution found for pip==26",
            "no network",
        ),
        ("npm error code ENOTFOUND\nnpm error network request failed", "no network"),
        ("npm error code EAI_AGAIN", "no network"),
        ("npm error FetchError: connect ECONNREFUSED 127.0.0.1:9", "no network"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk full"),
        ("npm error code ENOSPC\nnpm error nospc No space left on device", "disk full"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have "
            "updated the package versions, please update the hashes.",
            "does not match its hash in requirements.txt",
        ),
        ("npm error code EINTEGRITY", "front-end package does not match its hash"),
        ("collecting\nerror: command 'gcc' failed\ndone", "error: command 'gcc' failed"),
        ("first\nlast", "last"),
        ("", "no output"),
    ],
)  # fmt: skip
def test_explain_names_the_cause_in_one_line(output, says):
    advice = setup.explain(output)
    assert says in advice
    assert "\n" not in advice


def old_python(folder: Path) -> str:
    """Write an interpreter that fails every check, as a Python too old does."""
    path = folder / "python3.9"
    path.write_text("#!/bin/sh\necho noise >&2\nexit 1\n")
    path.chmod(0o755)
    return str(path)


def test_a_python_too_old_ends_in_one_line(tmp_path):
    python = old_python(tmp_path)
    done = make("setup", f"PYTHON={python}")
    assert done.returncode
    (line,) = kefu_lines(done.stderr)
    assert line.startswith(f"kefu: {python} is not Python 3.11 to 3.14; run: make PYTHON=")


def test_a_python_that_is_not_there_ends_in_one_line():
    done = make("setup", "PYTHON=/nonexistent/python3")
    assert done.returncode
    (line,) = kefu_lines(done.stderr)
    assert line.startswith("kefu: /nonexistent/python3 is not Python 3.11 to 3.14")


def test_no_python_at_all_ends_in_one_line():
    done = make("setup", "PYTHON=")
    assert done.returncode
    (line,) = kefu_lines(done.stderr)
    assert line.startswith("kefu: needs Python 3.11 to 3.14; install one")


@pytest.mark.parametrize(("java", "root", "expected"), [
    (True, False, ["pip"]), (True, True, ["pip"]), (False, True, ["apt default-jre-headless", "pip"]),
])  # fmt: skip
def test_the_engines_for_more_machines_come_from_their_lock_and_java_with_them(
    monkeypatch, java, root, expected
):
    done = []
    monkeypatch.setattr(setup.shutil, "which", lambda name: "/usr/bin/java" if java else None)
    monkeypatch.setattr(setup, "may_install", lambda: root)
    monkeypatch.setattr(setup, "apt_install", lambda package: done.append(f"apt {package}"))
    monkeypatch.setattr(setup, "run", lambda *command: done.append(command))
    setup.install_engines()
    command = done.pop()
    assert [*done, "pip"] == expected
    assert "--require-hashes" in command
    assert (ROOT / command[-1]).read_text(encoding="utf-8").count("--hash=sha256:") > 20


def test_no_java_for_spark_ends_in_one_line(monkeypatch):
    monkeypatch.setattr(setup.shutil, "which", lambda name: None)
    monkeypatch.setattr(setup, "may_install", lambda: False)
    with pytest.raises(SystemExit, match=r"^kefu: no Java: install Java 17 or 21 \(Debian: "):
        setup.install_engines()


def test_the_set_up_refuses_to_run_on_the_environment_that_it_makes():
    done = subprocess.run([paths.PYTHON, "-m", "tools.setup"], cwd=ROOT,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode
    (line,) = kefu_lines(done.stderr)
    assert "with the system's Python" in line


def test_set_up_without_network_ends_in_one_line(tmp_path):
    for name in ("tools/setup.py", "tools/paths.py", "requirements.txt", "pyproject.toml",
                 "web/package-lock.json", "Makefile"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PIP_")}
    env = {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"{NOWHERE}/simple",
           "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}  # fmt: skip
    done = subprocess.run(["make", "setup", f"PYTHON={BASE_PYTHON}"], cwd=tmp_path, env=env,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode
    (line,) = kefu_lines(done.stderr)
    assert line == f"kefu: {setup.NO_NETWORK} (whole log: _build/setup.log)"
    assert "127.0.0.1" in (tmp_path / "_build" / "setup.log").read_text()


def test_front_end_without_network_ends_in_one_line(elsewhere, monkeypatch):
    (elsewhere / "web").mkdir()
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "web" / name, elsewhere / "web")
    monkeypatch.setenv("npm_config_registry", NOWHERE)
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setenv("npm_config_cache", str(elsewhere / "cache"))
    with pytest.raises(SystemExit, match=r"^kefu: no network"):
        setup.npm("ci", "--omit=dev")


def test_a_package_with_a_wrong_hash_ends_in_one_line(elsewhere, monkeypatch):
    package = elsewhere / "demo-1.tar.gz"
    package.write_bytes(b"not what was locked")
    locked = elsewhere / "locked.txt"
    locked.write_text(f"demo @ {package.as_uri()} --hash=sha256:{'0' * 64}\n")
    download = ("-m", "pip", "download", "--no-deps", "--require-hashes", "-r", locked)
    with pytest.raises(SystemExit, match=r"^kefu: a package does not match its hash"):
        setup.run(paths.PYTHON, *download, "-d", elsewhere / "kept")


def test_a_disk_without_room_for_the_environment_ends_in_one_line(elsewhere, monkeypatch):
    usage = shutil.disk_usage(elsewhere)._replace(free=int(1e9))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SystemExit, match=r"^kefu: disk full: free about 3 GB .*\(1\.0 GB free\)$"):
        setup.make_environment()


def test_a_disk_that_fills_up_in_a_step_ends_in_one_line(tmp_path):
    def work() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(SystemExit, match=r"^kefu: disk full"):
        setup.step("fonts", tmp_path / "stamp", "key", work)
    assert not (tmp_path / "stamp").exists()


def test_a_disk_too_full_for_the_log_ends_in_one_line(elsewhere, monkeypatch):
    def full(self: Path, *arguments: object, **options: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SystemExit, match=r"^kefu: disk full"):
        setup.run(sys.executable, "-c", "raise SystemExit(1)")


def test_a_step_is_done_again_only_when_its_key_changes(tmp_path, capsys):
    done: list[str] = []
    for key in ("a", "a", "b", "b", "a"):
        setup.step("work", tmp_path / "deep" / "stamp", key, lambda: done.append("x"))
    assert len(done) == 3
    assert capsys.readouterr().out.count("kefu: work ...") == 3


def test_a_step_that_failed_is_done_again(tmp_path):
    def fail() -> None:
        setup.stop("no")

    with pytest.raises(SystemExit, match=r"^kefu: no$"):
        setup.step("work", tmp_path / "stamp", "key", fail)
    done: list[str] = []
    setup.step("work", tmp_path / "stamp", "key", lambda: done.append("x"))
    assert done


def test_the_named_browser_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_CHROMIUM", str(tmp_path / "chrome"))
    assert paths.browser() == tmp_path / "chrome"


@pytest.mark.parametrize(
    ("there", "may_install", "wanted"),
    [
        (None, True, True),
        (None, False, True),
        ("chromium", True, True),
        ("chromium", False, False),
        ("chromium-headless-shell", True, False),
        ("google-chrome", True, False),
    ],
)
def test_a_chromium_is_fetched_where_there_is_none_or_a_lighter_one(
    monkeypatch, there, may_install, wanted
):
    monkeypatch.delenv("KEFU_CHROMIUM", raising=False)
    monkeypatch.setattr(setup, "browser", lambda: there and Path("/usr/bin", there))
    monkeypatch.setattr(setup, "may_install", lambda: may_install)
    assert setup.wants_browser() is wanted
    monkeypatch.setenv("KEFU_CHROMIUM", "/usr/bin/chromium")
    assert setup.wants_browser() is (there is None)


@pytest.fixture
def no_firefox(monkeypatch) -> None:
    """Make a machine without a Firefox and without a way to fetch one."""
    monkeypatch.setattr(setup, "firefox", lambda: None)
    monkeypatch.setattr(shutil, "which", lambda name: None)


def test_the_named_firefox_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_FIREFOX", str(tmp_path / "firefox"))
    assert paths.firefox() == tmp_path / "firefox"


def test_without_a_firefox_ci_stops_and_its_tests_fail(no_firefox, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match=r"^kefu: no Firefox: the live pages are not tested"):
        setup.fetch_firefox()
    with pytest.raises(pytest.fail.Exception, match="no Firefox"):
        conftest.stock_firefox()


def test_without_a_firefox_elsewhere_its_tests_skip_and_say_what_is_not_tested(
    no_firefox, monkeypatch
):
    monkeypatch.delenv("CI", raising=False)
    setup.fetch_firefox()
    with pytest.raises(pytest.skip.Exception, match="the live pages are not tested in Firefox"):
        conftest.stock_firefox()


def test_the_sandbox_for_marks_is_fetched_where_packages_may_be_installed(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(setup, "apt_install", lambda *packages: asked.extend(packages))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(setup, "may_install", lambda: False)
    assert not setup.wants_sandbox()
    monkeypatch.setattr(setup, "may_install", lambda: True)
    assert setup.wants_sandbox()
    setup.fetch_sandbox()
    assert asked == ["bubblewrap"]
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert not setup.wants_sandbox()


# make book: the server


def serving(port: int) -> list[str]:
    return [sys.executable, "-m", "tools.serve", "--port", str(port)]


def test_the_book_is_served_at_the_printed_address_on_this_machine_only(site):
    with subprocess.Popen(serving(0), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            printed = process.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", printed)
            assert found, printed
            with urlopen(found[0]) as answer:
                assert answer.read() == (site / "index.html").read_bytes()
            with pytest.raises(OSError), socket.create_connection(("127.0.0.2", int(found[1])), 2):
                pass
        finally:
            process.terminate()


def test_a_port_in_use_ends_in_one_line_that_names_a_way_out():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(serving(port), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode
    assert kefu_lines(done.stderr) == [
        f"kefu: port {port} is in use; run: make book PORT={port + 1}"
    ]


@pytest.mark.parametrize("port", [99999, -1])
def test_a_port_that_cannot_be_ends_in_one_line(port):
    done = subprocess.run(serving(port), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode
    (line,) = kefu_lines(done.stderr)
    assert line.startswith(f"kefu: cannot listen on port {port} ")
    assert line.endswith("run: make book PORT=8000")


def test_a_reader_who_leaves_early_prints_nothing(site, capfd):
    server = serve.server(0)
    server.daemon_threads = False  # so that closing waits for the answer
    with socket.create_connection(server.server_address[:2]) as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        reader.sendall(b"GET /_static/vendor/mathjax/tex-chtml.js HTTP/1.0\r\n\r\n")
    server.handle_request()
    server.server_close()
    assert capfd.readouterr().err == ""


# make site: the build


@pytest.fixture
def book(tmp_path) -> Path:
    """Return the folder of a book of one page, with the real book's settings."""
    shutil.copy(ROOT / "_config.yml", tmp_path)
    (tmp_path / "web").symlink_to(ROOT / "web")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    return tmp_path


def test_a_warning_fails_the_build_and_fails_it_again_when_nothing_was_mended(book, capsys):
    page = book / "index.md"
    page.write_text("# 书\n\n### 跳过一级\n\n见[别处](nowhere.md)。\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(SystemExit) as failure:
            building.build(book)
        assert re.match(
            r"kefu: the book was not built: \S+index\.md:3: WARNING: .+\[myst\.header\]$",
            str(failure.value),
        )
    assert "nowhere.md" in capsys.readouterr().out


def test_a_warning_stored_in_a_notebook_fails_the_build(book):
    cell = nbformat.v4.new_code_cell("1", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", name="stderr", text="Glyph missing")]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# 书"), cell],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3"},
            "language_info": {"name": "python"},
        },
    )
    nbformat.write(notebook, book / "index.ipynb")
    with pytest.raises(SystemExit, match=r"ERROR: stderr was found in the cell outputs"):
        building.build(book)
    assert not (book / "_build" / "html" / ".built").exists()


def test_a_second_make_site_builds_nothing(site):
    done = make("-n", "site")
    assert done.returncode == 0
    assert "tools.site" not in done.stdout
    assert "tools.site" in make("-n", "-W", "_toc.yml", "site").stdout
