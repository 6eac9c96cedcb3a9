"""The hub's configuration, read as JupyterHub reads it, with or without JupyterHub."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from traitlets.config import Config

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "hub" / "jupyterhub_config.py"


INSTALLED = importlib.util.find_spec("jupyterhub") is not None
"""Whether the environment has the hub, which `make hub` and its kin put there."""


def read(monkeypatch: pytest.MonkeyPatch, **settings: str) -> tuple[Config, dict[str, Any]]:
    """Return the configuration under these settings, and the names that its file defines."""
    for name in (
        "ADMIN",
        "BIND",
        "HANDOUT",
        "HOMES",
        "IDLE",
        "MEMORY",
        "RUN",
        "SERVERS",
        "SIGNUP",
        "SPAWNER",
        "STATE",
    ):
        monkeypatch.delenv(f"KEFU_HUB_{name}", raising=False)
    monkeypatch.delenv("KEFU_DATA", raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    if not INSTALLED:
        spawner = ModuleType("jupyterhub.spawner")
        spawner.LocalProcessSpawner = type("LocalProcessSpawner", (), {})  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "jupyterhub", ModuleType("jupyterhub"))
        monkeypatch.setitem(sys.modules, "jupyterhub.spawner", spawner)
    found = Config()
    names: dict[str, Any] = {
        "get_config": lambda: found,
        "__file__": str(CONFIG),
        "__name__": "hub",
    }
    exec(compile(CONFIG.read_text(encoding="utf-8"), str(CONFIG), "exec"), names)
    return found, names
