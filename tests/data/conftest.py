"""The committed shop and another class's shop, made once for a session."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.data.recover import Tables
from tools.paths import ROOT

OTHER_SEED = 7


def generate(folder: Path, *options: str) -> Path:
    """Run the generator as ``make data`` does, into another folder."""
    command = [sys.executable, "-m", "datasets.generate", "--folder", str(folder), *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def generated() -> Callable[..., Path]:
    """Return the function that runs the generator."""
    return generate


@pytest.fixture(scope="session")
def committed() -> Tables:
    """The tables in the repository."""
    return Tables(ROOT / "datasets")


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of another class's shop."""
    return Tables(generate(tmp_path_factory.mktemp("other"), "--seed", str(OTHER_SEED)))


@pytest.fixture(scope="session", params=["committed", "other seed"])
def shop(request: pytest.FixtureRequest) -> Tables:
    """Each of the two shops: what is planted must be there under any seed."""
    name = "committed" if request.param == "committed" else "other"
    tables: Tables = request.getfixturevalue(name)
    return tables
