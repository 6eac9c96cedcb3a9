"""A clone is the same on every machine, whatever its git is told of line endings."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.paths import ROOT

WINDOWS = ("-c", "core.autocrlf=true", "-c", "core.eol=crlf")
"""As Git for Windows is set up, whose clones have CRLF."""


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *WINDOWS, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


def endings(repository: Path, clone: Path) -> set[str]:
    """Return the line endings of a clone's files, made as on Windows."""
    git(repository, "clone", "-q", "--depth", "1", repository.as_uri(), str(clone))
    return {line.split()[1] for line in git(clone, "ls-files", "--eol").splitlines()}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="no repository: a copy without git")
def test_a_clone_made_on_windows_has_the_same_lines(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "a.csv").write_bytes(b"a,b\n1,2\n")
    git(tmp_path / "ours", "init", "-q")
    commit = ("-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "a")
    git(tmp_path / "ours", "add", ".")
    git(tmp_path / "ours", *commit)
    assert endings(tmp_path / "ours", tmp_path / "plain") == {"w/crlf"}  # without the file
    attributes = (ROOT / ".gitattributes").read_bytes()
    (tmp_path / "ours" / ".gitattributes").write_bytes(attributes)
    git(tmp_path / "ours", "add", ".")
    git(tmp_path / "ours", *commit)
    assert endings(tmp_path / "ours", tmp_path / "kept") == {"w/lf"}
    told = git(ROOT, "check-attr", "eol", "--", *git(ROOT, "ls-files").splitlines())
    assert {line.rpartition(": ")[2] for line in told.splitlines()} == {"lf"}
