"""One student tries to get at another's things: `sudo make hub-isolation` prints what was tried and what came of it.

Both have a server and a kernel on a hub of this machine. All is tried from the one student's own kernel and
browser, with what a student can know and more: exact paths, process numbers, ports. Then the same hub runs
kernels over TCP, as Jupyter does by itself, to show why ours speak over files.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

from hub import trial
from tools.paths import ROOT

ANNE, BERT = "trial-anne", "trial-bert"
NOTEBOOK = "网店客服/presales/02_preparation.ipynb"
SECRET = "kefu-secret-of-bert"
REFUSED = """\
try:
    exec({code!r})
except (OSError, RuntimeError) as error:
    print(type(error).__name__, str(error)[:60], sep=': ')
else:
    print('OPEN')
"""
LISTEN = """\
import pwd, time, zmq
uid = str(pwd.getpwnam({account!r}).pw_uid)
rows = [line.split() for line in open('/proc/net/tcp')][1:]
ports = [int(row[1].split(':')[1], 16) for row in rows if row[3] == '0A' and row[7] == uid]
context = zmq.Context()
ear = context.socket(zmq.SUB)
ear.subscribe(b'')
for port in ports:
    ear.connect(f'tcp://127.0.0.1:{{port}}')
heard, end = b'', time.monotonic() + 6
while time.monotonic() < end and {secret!r} not in heard:
    if ear.poll(200):
        heard += b''.join(ear.recv_multipart())
context.destroy(linger=0)
print(len(ports), 'HEARD' if {secret!r} in heard else 'nothing heard')
"""
"""Finds which ports another account listens on, which the machine tells everybody, and listens there."""


def attempts(hub: trial.Hub, server: int, port: int, ident: str) -> Iterator[tuple[str, str]]:
    """Give what is tried from the one student's kernel: in words, and as code that raises where refused."""
    home, run = hub.homes / BERT, hub.run / BERT
    get = "from urllib.request import Request, urlopen; import os; urlopen(Request({url!r}, headers={head}))"
    mine = "{'Authorization': 'token ' + os.environ['JUPYTERHUB_API_TOKEN']}"
    inner = "os.environ['JUPYTERHUB_API_URL']"
    yield "list the other's folder", f"import os; os.listdir({str(home)!r})"
    yield "read the other's notebook", f"open({str(home / NOTEBOOK)!r})"
    yield "write into the other's folder", f"open({str(home / 'note.txt')!r}, 'w')"
    yield "list the other's sockets", f"import os; os.listdir({str(run)!r})"
    yield "read the other's kernel's key", f"open({str(run / f'kernel-{ident}.json')!r})"
    for number in range(1, 6):
        path = str(run / f"kernel-{ident}-ipc-{number}")
        yield (
            f"connect to the other's kernel, channel {number}",
            (f"import socket; socket.socket(socket.AF_UNIX).connect({path!r})"),
        )
    yield "read the other's server's cookie secret", f"open({str(run / 'jupyter_cookie_secret')!r})"
    yield "read the environment of the other's server", f"open('/proc/{server}/environ').read()"
    yield "read the memory of the other's server", f"open('/proc/{server}/mem', 'rb')"
    yield "end the other's server", f"import os; os.kill({server}, 15)"
    yield (
        "become the other",
        f"import os, pwd; os.setuid(pwd.getpwnam({trial.account(BERT)!r}).pw_uid)",
    )
    files = f"http://127.0.0.1:{port}/user/{BERT}/api/contents"
    yield "ask the other's server, past the hub", get.format(url=files, head="{}")
    yield "ask it with one's own token", get.format(url=files, head=mine)
    for what, path, more in (
        ("ask the hub about the other", f"/users/{BERT}", ""),
        ("ask the hub who else there is", "/users", ""),
        ("stop the other's server by the hub", f"/users/{BERT}/server", ", method='DELETE'"),
        ("make a token for the other", f"/users/{BERT}/tokens", ", method='POST', data=b'{}'"),
    ):
        code = f"import os; from urllib.request import Request, urlopen; r = urlopen(Request({inner} + {path!r}"
        code += f", headers={mine}{more})).read()"
        if path == "/users":  # answers, but with oneself alone
            code += f"\nif {BERT!r}.encode() not in r: raise RuntimeError('names only oneself')"
        yield what, code
    for what, path in (
        ("the accounts", "jupyterhub.sqlite"),
        ("the cookie secret", "cookie_secret"),
    ):
        yield f"read {what} of the hub", f"open({str(hub.state / path)!r})"
    yield (
        "change the book's code for all",
        f"open({str(ROOT / 'widgets' / 'kefu' / 'data.py')!r}, 'a')",
    )
    yield "change what is handed out", f"open({str(hub.handout / 'HEAD')!r}, 'a')"


def visits(anne: trial.Student) -> Iterator[tuple[str, bool, str]]:
    """Give what is tried from the one student's browser, whether that was refused, and what came."""
    web, other = anne.web, f"{anne.address}/user/{BERT}"
    for what, url in (
        ("open the other's JupyterLab", f"{other}/lab"),
        ("read the other's files", f"{other}/api/contents/{NOTEBOOK}"),
        ("list the other's kernels", f"{other}/api/kernels"),
        ("open the hub's page for teachers", f"{anne.address}/hub/admin"),
        ("open the list of accounts", f"{anne.address}/hub/authorize"),
        ("make an account by oneself", f"{anne.address}/hub/signup"),
    ):
        status = web.get(url, timeout=60).status_code
        yield what, status >= 400, str(status)
    stranger = trial.Student(anne.address, BERT)
    try:
        stranger.sign_in("not the password")
    except trial.Refused:
        yield "sign in as the other with a guessed password", True, "the form again"
    else:
        yield "sign in as the other with a guessed password", False, "signed in"


def overheard(ear: trial.Kernel, mouth: trial.Kernel) -> tuple[int, bool]:
    """Let one kernel listen at all ports of the other's account, which prints a secret; ports, and whether heard."""
    said: list[str] = []
    code = LISTEN.format(account=trial.account(BERT), secret=SECRET.encode())
    listener = threading.Thread(target=lambda: said.append(ear.run(code)))
    listener.start()
    while listener.is_alive():
        mouth.run(f"print({SECRET!r})")
        listener.join(0.2)
    ports, what = said[0].strip().split(" ", 1)
    return int(ports), what == "HEARD"


def pair(hub: trial.Hub) -> list[tuple[trial.Student, trial.Kernel]]:
    """Bring both students to work."""
    found = []
    for name in (ANNE, BERT):
        student = trial.Student(hub.address, name)
        student.sign_in()
        student.start()
        student.pull(hub.handout)
        found.append((student, student.kernel(NOTEBOOK)))
    return found


def look(tcp: bool = True) -> tuple[list[str], int]:
    """Try everything; return the lines that tell it, and how many attempts got through."""
    lines, through = [], 0
    with trial.any_hub([ANNE, BERT]) as hub:
        lines.append(f"On {hub.about}:")
        (anne, kernel), (bert, other) = pair(hub)
        own = f"open({str(hub.homes / ANNE / NOTEBOOK)!r})"
        if (came := kernel.run(REFUSED.format(code=own)).strip()) != "OPEN":
            raise trial.Refused(
                f"one's own notebook should open, else nothing is shown here: {came}"
            )
        server = next(p for p in trial.processes(BERT) if "ipykernel_launcher" not in p.cmdline())
        port = next(c.laddr.port for c in server.net_connections("tcp") if c.status == "LISTEN")
        for what, code in attempts(hub, server.pid, port, other.ident):
            came = kernel.run(REFUSED.format(code=code)).strip()
            through += came == "OPEN"
            lines.append(f"{'OPEN   ' if came == 'OPEN' else 'refused'}  {what}  ({came})")
        for what, refused, came in visits(anne):
            through += not refused
            lines.append(f"{'refused' if refused else 'OPEN   '}  {what}  ({came})")
        ports, heard = overheard(kernel, other)
        through += heard
        lines.append(
            f"{'OPEN   ' if heard else 'refused'}  listen to what the other's kernel says  ({ports} port)"
        )
        for student in (anne, bert):
            student.stop()
    if tcp:
        with trial.hub([ANNE, BERT], "--Spawner.args=--KernelManager.transport=tcp") as hub:
            (_, kernel), (_, other) = pair(hub)
            ports, heard = overheard(kernel, other)
            lines.append(f"With kernels over TCP, for comparison: {ports} ports, "
                         f"{'every word was heard' if heard else 'nothing was heard'}.")  # fmt: skip
    return lines, through


def main() -> None:
    """Print what was tried; ends with 1 where something got through."""
    if why := trial.able():
        sys.exit(f"kefu: {why}")
    lines, through = look()
    print("\n".join(lines))
    print(f"\n{through} got through")
    sys.exit(bool(through))


if __name__ == "__main__":
    main()
