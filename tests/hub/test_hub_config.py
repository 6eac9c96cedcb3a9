"""The hub's configuration has each property that its README promises, and the unit starts it."""

from __future__ import annotations

import configparser
import importlib
import json
import re
import shutil
import subprocess
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.hub.config import INSTALLED, ROOT, read

HUB = ROOT / "hub"
WHY = "JupyterHub is not installed here: python -m tools.setup --hub"
NEEDS_HUB = pytest.mark.skipif(not INSTALLED, reason=WHY)


def test_nobody_signs_up_and_guessing_is_slow(monkeypatch):
    c, _ = read(monkeypatch)
    assert c.JupyterHub.authenticator_class == "native"
    assert c.NativeAuthenticator.enable_signup is False
    assert c.NativeAuthenticator.open_signup is False
    assert 1 <= c.NativeAuthenticator.allowed_failed_logins <= 10
    assert c.NativeAuthenticator.seconds_before_next_try >= 60
    assert c.NativeAuthenticator.minimum_password_length >= 8
    assert c.Authenticator.admin_users == set()
    assert c.JupyterHub.admin_access is False
    c, _ = read(monkeypatch, KEFU_HUB_SIGNUP="1", KEFU_HUB_ADMIN="teacher zhou")
    assert c.NativeAuthenticator.enable_signup is True
    assert c.NativeAuthenticator.open_signup is False  # a teacher still lets in each
    assert c.Authenticator.admin_users == {"teacher", "zhou"}


def test_servers_have_limits_and_stop_when_idle(monkeypatch):
    c, names = read(monkeypatch)
    assert c.JupyterHub.concurrent_spawn_limit == 60
    assert c.Spawner.mem_limit == "1G"
    assert c.JupyterHub.active_server_limit == max(1, int((names["GIGABYTES"] - 2) / names["ROOM"]))
    (service,) = c.JupyterHub.services
    (role,) = c.JupyterHub.load_roles
    assert "--timeout=3600" in service["command"]
    assert role["services"] == [service["name"]]
    assert not [scope for scope in role["scopes"] if scope.startswith("admin")]
    c, _ = read(monkeypatch, KEFU_HUB_SERVERS="7", KEFU_HUB_MEMORY="2G", KEFU_HUB_IDLE="600")
    assert (c.JupyterHub.active_server_limit, c.Spawner.mem_limit) == (7, "2G")
    assert "--timeout=600" in c.JupyterHub.services[0]["command"]


def test_kernels_speak_by_files_and_students_change_nothing(monkeypatch):
    c, _ = read(monkeypatch)
    assert "--KernelManager.transport=ipc" in c.Spawner.args
    assert c.Spawner.disable_user_config is True
    assert urlsplit(c.JupyterHub.bind_url).hostname == "127.0.0.1"


def test_the_hub_learns_of_https_from_the_web_server_before_it(monkeypatch):
    """Else the cookie that signs a student in goes over plain http too, and the log names one address for all."""
    c, _ = read(monkeypatch)
    assert "--no-x-forward" in c.ConfigurableHTTPProxy.command


def test_paths_of_kernels_sockets_are_short_enough(monkeypatch):
    c, names = read(monkeypatch)
    longest = "a" * 25
    assert re.fullmatch(c.Authenticator.username_pattern, longest)
    assert not re.fullmatch(c.Authenticator.username_pattern, longest + "a")
    folder = c.Spawner.environment["JUPYTER_RUNTIME_DIR"](
        SimpleNamespace(user=SimpleNamespace(name=longest))
    )
    assert len(f"{folder}/kernel-{'0' * 36}-ipc-5") < 108  # what Linux has room for
    assert len(names["ACCOUNT"].format(USERNAME=longest)) <= 32  # what useradd has room for


@pytest.mark.parametrize(
    "name", ["root", "www-data", "../x", "Anne", "a b", "", "-a", "a{b}", "a/b", "甲"]
)
def test_a_name_is_never_another_account_or_a_path(monkeypatch, name):
    c, names = read(monkeypatch)
    if re.fullmatch(c.Authenticator.username_pattern, name):
        assert names["ACCOUNT"].format(USERNAME=name) == f"kefu-{name}"
        assert names["ACCOUNT"].format(USERNAME=name) != name
    else:
        assert name not in ("root", "www-data")


def test_a_server_is_walled_in_by_systemd(monkeypatch):
    c, names = read(monkeypatch)
    assert c.JupyterHub.spawner_class == "systemd"
    spawner = c.SystemdSpawner
    assert spawner.isolate_tmp
    assert spawner.isolate_devices
    assert spawner.disable_user_sudo
    walls = spawner.unit_extra_properties
    assert walls["ProtectSystem"] == "strict"
    assert walls["ProtectProc"] == "invisible"
    assert walls["UMask"] == "0077"
    assert walls["OOMPolicy"] == "continue"  # systemd's own would stop the whole server
    assert walls["ReadWritePaths"] == "/srv/kefu/{USERNAME} /run/kefu-hub/{USERNAME}"
    assert all(isinstance(value, str) for value in walls.values())  # the spawner fills in names
    c, names = read(monkeypatch, KEFU_HUB_SPAWNER="local")
    assert c.JupyterHub.spawner_class is names["TrySpawner"]


def test_a_class_gets_its_shop(monkeypatch):
    assert "KEFU_DATA" not in read(monkeypatch)[0].Spawner.environment
    c, _ = read(monkeypatch, KEFU_DATA="/srv/kefu-shop")
    assert c.Spawner.environment["KEFU_DATA"] == "/srv/kefu-shop"


def test_students_land_on_a_notebook_that_stands(monkeypatch):
    c, _ = read(monkeypatch)
    parts = urlsplit(c.Spawner.default_url)
    asked = {key: one for key, (one,) in parse_qs(parts.query).items()}
    assert parts.path == "/git-pull"
    assert asked["repo"] == "/var/lib/kefu-hub-handout/book.git"
    _, folder, notebook = re.fullmatch(r"(lab/tree)/([^/]+)/(.+)", asked["urlpath"]).groups()
    assert folder == asked["targetpath"]
    assert (ROOT / "notebooks" / notebook).is_file()
    assert json.loads((HUB / "lab" / "overrides.json").read_text(encoding="utf-8"))[
        "@jupyterlab/translation-extension:plugin"
    ] == {"locale": "zh_CN"}


@NEEDS_HUB
def test_what_the_configuration_sets_is_there_to_be_set(monkeypatch):
    c, _ = read(monkeypatch)
    places = {
        "JupyterHub": "jupyterhub.app",
        "Spawner": "jupyterhub.spawner",
        "Authenticator": "jupyterhub.auth",
        "ConfigurableHTTPProxy": "jupyterhub.proxy",
        "NativeAuthenticator": "nativeauthenticator",
        "SystemdSpawner": "systemdspawner",
    }
    assert set(places) == set(c)
    for section, module in places.items():
        traits = getattr(importlib.import_module(module), section).class_traits(config=True)
        assert set(c[section]) <= set(traits), section


@NEEDS_HUB
def test_the_command_for_systemd_has_every_wall(monkeypatch, tmp_path):
    import asyncio

    from systemdspawner import SystemdSpawner, systemd

    said: list[str] = []

    class Done:
        async def wait(self) -> int:
            return 0

    async def run(*command, **_):
        said.extend(command if command[0] == "systemd-run" else ())
        return Done()

    c, _ = read(monkeypatch)
    monkeypatch.setattr(systemd, "RUN_ROOT", str(tmp_path))
    monkeypatch.setattr(systemd.asyncio, "create_subprocess_exec", run)
    environment = {"JUPYTERHUB_API_TOKEN": "secret-word"}
    spawner = SystemdSpawner(config=c, user=SimpleNamespace(name="s01", id=1, url="/"), hub=None)
    monkeypatch.setattr(spawner, "get_env", lambda: environment.copy())
    monkeypatch.setattr(spawner, "get_args", lambda: list(c.Spawner.args))
    monkeypatch.setattr("pwd.getpwnam", lambda name: {"kefu-s01": SimpleNamespace(
        pw_uid=12345, pw_gid=12346, pw_dir="/srv/kefu/s01")}[name])  # fmt: skip
    monkeypatch.setattr(systemd, "service_running", lambda unit: asyncio.sleep(0, unit in said))
    monkeypatch.setattr(systemd, "service_failed", lambda unit: asyncio.sleep(0, False))
    asyncio.run(spawner.start())
    for wanted in ("--uid=12345", "--gid=12346", "/srv/kefu/s01", "--KernelManager.transport=ipc",
                   "--property=MemoryMax=1073741824", "--property=PrivateTmp=yes", "--property=PrivateDevices=yes",
                   "--property=NoNewPrivileges=yes", "--property=ProtectSystem=strict", "--property=ProtectHome=yes",
                   "--property=ReadWritePaths=/srv/kefu/s01 /run/kefu-hub/s01", "--property=CapabilityBoundingSet=",
                   "--property=UMask=0077", "--property=CPUWeight=20", "--property=TasksMax=512",
                   "kefu-student-s01"):  # fmt: skip
        assert wanted in said, wanted
    assert "secret-word" not in " ".join(said)  # in a file of root's, not where all see it


def test_the_unit_starts_this_configuration(tmp_path):
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string((HUB / "kefu-hub.service").read_text(encoding="utf-8"))
    service = unit["Service"]
    assert service["ExecStart"].endswith("-m jupyterhub -f /opt/kefu/hub/jupyterhub_config.py")
    assert int(service["CPUWeight"]) >= 200
    assert service["StateDirectory"] == service["RuntimeDirectory"] == "kefu-hub"
    assert (service["StateDirectoryMode"], service["RuntimeDirectoryMode"]) == ("0700", "0711")
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here")
    from hub import install

    file = tmp_path / "kefu-hub.service"
    file.write_text(install.unit(), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stderr.splitlines() if "kefu-hub" in line] == []


def test_every_setting_that_is_offered_is_read_and_the_other_way_round():
    offered = set(
        re.findall(r"^#?(KEFU_\w+)=", (HUB / "kefu-hub.env").read_text(encoding="utf-8"), re.M)
    )
    code = (HUB / "jupyterhub_config.py").read_text(encoding="utf-8")
    used = set(re.findall(r"KEFU_HUB_\w+|KEFU_DATA", code))
    places = {
        "KEFU_HUB_STATE",
        "KEFU_HUB_HOMES",
        "KEFU_HUB_RUN",
        "KEFU_HUB_HANDOUT",
        "KEFU_HUB_SPAWNER",
    }
    assert offered == used - places  # these are for trying a hub, see hub/trial.py


@pytest.mark.parametrize("name", ["requirements.txt", "package-lock.json"])
def test_locks_have_hashes_and_no_addresses(name):
    text = (HUB / name).read_text(encoding="utf-8")
    assert "http" not in text.replace("http-proxy", "").replace("aiohttp", "").replace(
        '"http', '"'
    ) or not re.search(r"https?://", text)
    if name == "requirements.txt":
        pins = re.findall(
            r"^([\w.-]+)==(\S+?)(?: ;.*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}.*\n)+)", text, re.M
        )
        assert len(pins) == len(re.findall(r"^[\w.-]+==", text, re.M)) > 20
    else:
        packages = json.loads(text)["packages"]
        assert all("integrity" in package for path, package in packages.items() if path)
        assert not any("resolved" in package for package in packages.values())


def test_the_hubs_versions_are_the_books():
    pins = [
        dict(
            re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / lock).read_text(encoding="utf-8"), re.M)
        )
        for lock in ("requirements.txt", "hub/requirements.txt")
    ]
    shared = set(pins[0]) & set(pins[1])
    assert len(shared) > 30
    assert {name: pins[0][name] for name in shared} == {name: pins[1][name] for name in shared}


def test_the_values_for_many_machines_say_the_same(monkeypatch):
    c, _ = read(monkeypatch)
    values = yaml.safe_load((HUB / "z2jh.yaml").read_text(encoding="utf-8"))
    settings = values["hub"]["config"]
    assert settings["JupyterHub"]["authenticator_class"] == c.JupyterHub.authenticator_class
    for trait, value in settings["NativeAuthenticator"].items():
        assert value == c.NativeAuthenticator[trait], trait
    assert settings["Authenticator"]["allow_all"] == c.Authenticator.allow_all
    assert values["hub"]["concurrentSpawnLimit"] == c.JupyterHub.concurrent_spawn_limit
    assert values["hub"]["allowNamedServers"] == c.JupyterHub.allow_named_servers
    assert values["singleuser"]["memory"]["limit"] == c.Spawner.mem_limit
    assert values["cull"]["timeout"] == 3600
    assert values["singleuser"]["networkPolicy"]["enabled"] is True
    assert values["singleuser"]["cloudMetadata"]["blockWithIptables"] is True


def test_nothing_in_the_folder_is_forgotten_by_its_readme():
    said = (HUB / "README.md").read_text(encoding="utf-8")
    skip = {"__init__.py", "package.json", "package-lock.json", "requirements.in", "README.md"}
    for path in HUB.iterdir():
        if path.is_file() and path.name not in skip:
            assert path.name in said or f"hub.{path.stem}" in said or f"hub-{path.stem}" in said, (
                path.name
            )
