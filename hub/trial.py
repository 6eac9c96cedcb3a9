"""A hub to try things with, at the loopback address: real accounts of this machine, made and removed again.

Where the hub of this machine runs as a service, it is that one. Elsewhere one is started for the while, whose servers
run by ``TrySpawner`` of ``jupyterhub_config.py``, so without systemd; all else is the configuration that a school
runs. Needs root on Linux, for that is what a hub with real accounts needs.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests
import websocket

from tools.paths import ROOT

CONFIG = ROOT / "hub" / "jupyterhub_config.py"
HOST = "127.0.0.1"
SERVICE = "kefu-hub"
WORDS = secrets.token_urlsafe(12)
"""The password of the trial accounts of this run."""


@dataclass(frozen=True)
class Hub:
    """A hub that runs: its address, its folders, what it hands out, and who started it."""

    address: str
    state: Path
    homes: Path
    run: Path
    handout: Path
    about: str


class Refused(RuntimeError):
    """What a hub or a server answered that was not what was asked for."""


def able() -> str:
    """Return why no hub can be tried here, "" where it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a hub with real accounts is tried as root on Linux: sudo make hub-load"
    if missing := [name for name in ("useradd", "userdel", "git") if not shutil.which(name)]:
        return f"not installed: {', '.join(missing)}"
    nobody = pwd.getpwnam("nobody")
    try:
        subprocess.run([sys.executable, "-c", ""], user=nobody.pw_uid, group=nobody.pw_gid,
                       extra_groups=[], cwd="/", capture_output=True, check=True)  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        real = Path(sys.executable).resolve()
        return (
            f"students could not start {sys.executable} ({real}): keep the book outside /root and /home, "
            "for example in /opt/kefu, and make its environment with the distribution's Python"
        )
    return ""


def free_ports(count: int) -> list[int]:
    """Return ports of the loopback address that nobody uses now."""
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind((HOST, 0))
        return [one.getsockname()[1] for one in taken]


def account(name: str) -> str:
    """Return the machine's account of a student."""
    return f"kefu-{name}"


def processes(name: str) -> list[psutil.Process]:
    """Return the processes of a student's account."""
    try:
        uid = pwd.getpwnam(account(name)).pw_uid
    except KeyError:
        return []
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == uid and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def wipe(names: Sequence[str]) -> None:
    """End what trial accounts still run, and remove them."""
    for name in names:
        for process in processes(name):
            with contextlib.suppress(psutil.Error):
                process.kill()
        with contextlib.suppress(KeyError):
            pwd.getpwnam(account(name))
            subprocess.run(["userdel", "--force", account(name)], capture_output=True, check=False)


def serving() -> bool:
    """Tell whether the hub of this machine runs as a service."""
    asked = ["systemctl", "is-active", "--quiet", SERVICE]
    return bool(shutil.which("systemctl")) and not subprocess.run(asked, check=False).returncode


@contextlib.contextmanager
def any_hub(names: Sequence[str]) -> Iterator[Hub]:
    """Give this machine's hub where it serves, else one that is started for the while, with these accounts."""
    if not serving():
        with hub(names) as found:
            yield found
        return
    from hub import accounts
    from hub.install import HANDOUT, HOMES, RUN, STATE, bound

    wipe(names)
    try:
        _accounts(names, os.environ | {"KEFU_HUB_STATE": str(STATE)})
        yield Hub(
            bound(), STATE, HOMES, RUN, HANDOUT / "book.git", "this machine's hub, by systemd"
        )
    finally:
        wipe(names)
        accounts.remove(names)
        for name in names:
            for folder in (HOMES / name, RUN / name):
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def hub(names: Sequence[str], *options: str, **settings: str) -> Iterator[Hub]:
    """Run a hub with accounts of these names. All goes at the end."""
    place = Path(tempfile.mkdtemp(prefix="kefu-hub-"))
    place.chmod(0o711)
    folders = {name: place / name for name in ("state", "homes", "run")}
    for name, folder in folders.items():
        folder.mkdir(mode=0o700 if name == "state" else 0o711)
    env = os.environ | {f"KEFU_HUB_{name.upper()}": str(folder) for name, folder in folders.items()}
    port, api, inner = free_ports(3)
    env |= {"KEFU_HUB_SPAWNER": "local", "KEFU_HUB_BIND": f"http://{HOST}:{port}",
            "KEFU_HUB_HANDOUT": str(place / "book.git"), "KEFU_HUB_ADMIN": "",
            "KEFU_HUB_SERVERS": str(len(names)), **settings}  # fmt: skip
    from hub.install import hand_out

    hand_out(place / "book.git")
    wipe(names)
    _accounts(names, env)
    command = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG), f"--JupyterHub.hub_port={inner}",
               f"--ConfigurableHTTPProxy.api_url=http://{HOST}:{api}", *options]  # fmt: skip
    with (place / "hub.log").open("w") as out:
        running = subprocess.Popen(command, cwd=folders["state"], env=env, stdout=out, stderr=out,
                                   start_new_session=True)  # fmt: skip
    address = f"http://{HOST}:{port}"
    try:
        log = place / "hub.log"
        _wait(address, lambda: running.poll() is None, lambda: log.read_text(errors="replace"))
        about = "a hub for the while, without systemd"
        yield Hub(
            address, folders["state"], folders["homes"], folders["run"], place / "book.git", about
        )
    finally:
        _end(running)
        wipe(names)
        shutil.rmtree(place, ignore_errors=True)


def _accounts(names: Sequence[str], env: Mapping[str, str]) -> None:
    """Make the trial accounts in the hub's database, all with one password."""
    code = "from hub import accounts; accounts.password = lambda: %r; list(accounts.make(%r, reset=True))"
    command = [sys.executable, "-c", code % (WORDS, list(names))]
    done = subprocess.run(
        command, cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused(f"no accounts: {done.stderr[-500:]}")


def _wait(
    address: str, alive: Callable[[], bool], log: Callable[[], str], seconds: float = 60
) -> None:
    """Wait until the hub answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive():
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{address}/hub/health", timeout=5).ok:
                return
        time.sleep(0.2)
    tail = "\n".join(log().splitlines()[-25:])
    raise Refused(f"the hub does not answer; its log ends:\n{tail}")


def _end(running: subprocess.Popen[bytes]) -> None:
    """End the hub with its proxy and culler, asking first."""
    for sign, patience in ((signal.SIGTERM, 30), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(patience)


class Student:
    """One student's browser: signs in, starts the server, opens a notebook, runs cells, stops."""

    def __init__(self, address: str, name: str) -> None:
        self.address, self.name = address, name
        self.mine = f"{address}/user/{name}"
        self.web = requests.Session()
        self.web.trust_env = False  # no proxy between here and the loopback address

    def token(self, path: str) -> dict[str, str]:
        """Return the header against forged requests, for the hub or for the student's own server."""
        found = [
            cookie.value
            for cookie in self.web.cookies
            if cookie.name == "_xsrf" and cookie.path == path
        ]
        return {"X-XSRFToken": str(found[0])} if found else {}

    def sign_in(self, password: str = WORDS) -> None:
        """Sign in by the hub's form."""
        self.web.get(f"{self.address}/hub/login", timeout=60)
        answer = self.web.post(f"{self.address}/hub/login", timeout=120, allow_redirects=False, data={
            "username": self.name, "password": password,
            "_xsrf": self.token("/hub/").get("X-XSRFToken", "")})  # fmt: skip
        if answer.status_code != 302:
            raise Refused(f"sign-in of {self.name}: {answer.status_code}")

    def start(self, seconds: float = 300) -> None:
        """Start the server, follow its progress as the hub's page does, and be let in."""
        answer = self.web.get(f"{self.address}/hub/spawn", timeout=120, allow_redirects=False)
        if answer.status_code >= 400:
            raise Refused(f"start for {self.name}: {answer.status_code}")
        url = f"{self.address}/hub/api/users/{self.name}/server/progress"
        with self.web.get(url, stream=True, timeout=seconds) as events:
            for line in events.iter_lines():
                told = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if told.get("failed"):
                    raise Refused(f"start for {self.name}: {told.get('message')}")
                if told.get("ready"):
                    break
        answer = self.web.get(f"{self.mine}/lab", timeout=120)
        if not answer.ok or not answer.url.startswith(f"{self.mine}/lab"):
            raise Refused(f"start for {self.name}: {answer.status_code} at {answer.url}")

    def pull(self, handout: Path) -> None:
        """Bring the notebooks by nbgitpuller, as the page that the student lands on does."""
        answer = self.web.get(f"{self.mine}/git-pull/api", timeout=300, params={
            "repo": str(handout), "branch": "main", "targetpath": "网店客服"})  # fmt: skip
        if '"finished"' not in answer.text:
            raise Refused(f"notebooks for {self.name}: {answer.status_code} {answer.text[-300:]}")

    def kernel(self, notebook: str) -> Kernel:
        """Open a notebook: start its kernel and connect to it."""
        answer = self.web.post(f"{self.mine}/api/sessions", headers=self.token(f"/user/{self.name}/"), timeout=120,
                               json={"path": notebook, "name": notebook, "type": "notebook",
                                     "kernel": {"name": "python3"}})  # fmt: skip
        if answer.status_code != 201:
            raise Refused(f"kernel for {self.name}: {answer.status_code} {answer.text[:200]}")
        return Kernel(self, answer.json()["kernel"]["id"])

    def stop(self, seconds: float = 90) -> None:
        """Stop the server and wait until it is gone."""
        url = f"{self.address}/hub/api/users/{self.name}/server"
        answer = self.web.delete(url, headers=self.token("/hub/"), timeout=120)
        if answer.status_code not in (202, 204):
            raise Refused(f"stop for {self.name}: {answer.status_code} {answer.text[:200]}")
        end = time.monotonic() + seconds
        while processes(self.name) and time.monotonic() < end:
            time.sleep(0.5)


class Kernel:
    """A kernel over the websocket that JupyterLab uses."""

    def __init__(self, student: Student, ident: str) -> None:
        self.ident, self.session = ident, uuid.uuid4().hex
        url = f"{student.mine}/api/kernels/{ident}/channels?session_id={self.session}"
        request = requests.Request("GET", url.replace("ws", "http", 1))
        cookies = student.web.prepare_request(request).headers.get("Cookie", "")
        self.socket = websocket.create_connection(
            url.replace("http", "ws", 1), timeout=180, cookie=cookies, origin=student.address
        )
        self.ask("kernel_info_request", {})

    def ask(self, kind: str, content: dict[str, Any]) -> tuple[dict[str, Any], str]:
        """Send a request; return the content of its reply and what the kernel printed."""
        ident = uuid.uuid4().hex
        header = {
            "msg_id": ident,
            "msg_type": kind,
            "username": "",
            "session": self.session,
            "version": "5.3",
        }
        self.socket.send(json.dumps({"header": header, "parent_header": {}, "metadata": {},
                                     "content": content, "channel": "shell"}))  # fmt: skip
        reply, printed, idle = None, "", False
        while reply is None or not idle:
            message = json.loads(self.socket.recv())
            if message["parent_header"].get("msg_id") != ident:
                continue
            if message["channel"] == "shell":
                reply = message["content"]
            elif message["msg_type"] == "stream":
                printed += message["content"]["text"]
            elif message["msg_type"] == "status":
                idle = message["content"]["execution_state"] == "idle"
        return reply, printed

    def run(self, code: str) -> str:
        """Run code; return what it printed. Raises ``Refused`` with the error's name where it fails."""
        asked = {"code": code, "silent": False, "store_history": True, "user_expressions": {},
                 "allow_stdin": False, "stop_on_error": False}  # fmt: skip
        reply, printed = self.ask("execute_request", asked)
        if reply["status"] != "ok":
            raise Refused(f"{reply.get('ename', reply['status'])}: {reply.get('evalue', '')}"[:300])
        return printed
