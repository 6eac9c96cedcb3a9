"""Set up the hub on this machine, or bring it up to date: `sudo make hub`. What stands is left as it is.

Folders, the repository that students' notebooks come from, /etc/kefu-hub.env, the systemd unit, the first
teacher's account. Nothing here asks the network.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.paths import ROOT

HUB = ROOT / "hub"
SETTINGS = Path("/etc/kefu-hub.env")
RUN = Path("/run/kefu-hub")
UNIT = Path("/etc/systemd/system/kefu-hub.service")
STATE, HANDOUT, HOMES = (
    Path("/var/lib/kefu-hub"),
    Path("/var/lib/kefu-hub-handout"),
    Path("/srv/kefu"),
)
GIT = ("git", "-c", f"safe.directory={ROOT}", "-c", "user.name=kefu", "-c", "user.email=kefu@localhost")  # fmt: skip


def git(*arguments: str | Path, where: Path = ROOT) -> str:
    """Run git quietly; return what it says."""
    command = [*GIT, "-C", str(where), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"git {arguments[0]}: {done.stderr.strip()}")
    return done.stdout.strip()


def hand_out(repository: Path) -> bool:
    """Put the book's notebooks, as committed, into a repository of their own; tell whether they are new there.

    Its history goes on from one edition to the next, so that nbgitpuller can merge what a student wrote.
    """
    if not (repository / "HEAD").is_file():
        git("init", "--bare", "--initial-branch=main", repository)
    tree = git("rev-parse", "HEAD:notebooks")
    before = git(
        "for-each-ref", "--format=%(objectname) %(tree)", "refs/heads/main", where=repository
    )
    commit, _, stands = before.partition(" ")
    if stands == tree:
        return False
    if commit:
        git("fetch", "--no-tags", repository, "main")
    message = f"The book's notebooks of {git('rev-parse', '--short', 'HEAD')}"
    new = git("commit-tree", tree, *(("-p", commit) if commit else ()), "-m", message)
    git("push", repository, f"{new}:refs/heads/main")
    for path in (repository, *repository.rglob("*")):
        path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return True


def folder(path: Path, mode: int) -> None:
    """Make a folder of root's with these rights."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)


def bound() -> str:
    """Return the address at which the hub of this machine answers on it."""
    text = SETTINGS.read_text(encoding="utf-8") if SETTINGS.is_file() else ""
    found = setting("KEFU_HUB_BIND", text) or "http://127.0.0.1:8000"
    return re.sub(r"//(0\.0\.0\.0|\*)?:", "//127.0.0.1:", found).rstrip("/")


def setting(name: str, text: str) -> str:
    r"""Return what the settings say of a name, "" where they say nothing.

    >>> setting("KEFU_HUB_ADMIN", "# KEFU_HUB_ADMIN=a\nKEFU_HUB_ADMIN=b c\n")
    'b c'
    """
    found = re.findall(rf"^{name}=(.*)$", text, re.M)
    return found[-1].strip() if found else ""


def unit() -> str:
    """Return the systemd unit for the folder in which the book lies."""
    return (HUB / "kefu-hub.service").read_text(encoding="utf-8").replace("/opt/kefu", str(ROOT))


def systemctl(*arguments: str) -> None:
    """Tell systemd."""
    subprocess.run(["systemctl", *arguments], check=True)


def main() -> None:
    """Do each step that is still to be done, and say what to do next."""
    from hub import accounts
    from hub.trial import able

    if why := able():
        sys.exit(f"kefu: {why}")
    folder(STATE, 0o700)
    folder(HANDOUT, 0o755)
    folder(HOMES, 0o711)
    new = hand_out(HANDOUT / "book.git")
    print(f"kefu: notebooks to hand out in {HANDOUT}: {'new edition' if new else 'as before'}")
    if not SETTINGS.exists():
        shutil.copy(HUB / "kefu-hub.env", SETTINGS)
        SETTINGS.chmod(0o600)
        print(f"kefu: settings in {SETTINGS}")
    teachers = setting("KEFU_HUB_ADMIN", SETTINGS.read_text(encoding="utf-8")).split()
    for name, word in accounts.make(accounts.read(teachers)):
        if word:  # at once, so that nobody else can ask for the name of one who administers
            print(f"kefu: teacher's account {name}, password to begin with: {word}")
    if not Path("/run/systemd/system").is_dir():
        sys.exit(
            "kefu: systemd does not run here, so no service was set up (hub/README.md, 'Trying it')"
        )
    UNIT.write_text(unit(), encoding="utf-8")
    systemctl("daemon-reload")
    systemctl("enable", "--quiet", "kefu-hub")
    systemctl("restart", "kefu-hub")
    print(f"kefu: the hub runs at {bound()}; next: accounts, see hub/README.md, step 4")


if __name__ == "__main__":
    main()
