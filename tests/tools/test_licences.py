"""THIRD_PARTY.md lists every dependency of the lock files, each with its licence."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tools import licences

ROWS = re.compile(r"^\| (?!name |-)(.+?) \| (.+?) \| (.*?) \|$", re.M)


@pytest.fixture(scope="module")
def listed() -> list[tuple[str, str, str]]:
    return ROWS.findall(licences.TARGET.read_text(encoding="utf-8"))


def test_the_list_is_up_to_date_with_the_lock_files():
    assert licences.TARGET.read_text(encoding="utf-8") == licences.document(), "run `make licences`"


def test_every_locked_package_is_listed_with_its_version(listed):
    locked = (licences.ROOT / "requirements.txt").read_text(encoding="utf-8")
    pins = [line.split()[0] for line in locked.splitlines() if re.match(r"[a-z0-9]", line)]
    assert len(pins) > 100
    assert {f"{name}=={version}" for name, version, _ in listed} >= set(pins)
    assert {name for name, _, _ in listed} >= {"mathjax", "@expo-google-fonts/noto-sans-sc"}


def test_every_package_has_a_known_licence(listed):
    unknown = [row for row in listed if not row[2].strip() or "unknown" in row[2].lower()]
    assert unknown == []
    unclear = [row for row in listed if not re.fullmatch(r"[\w.+ -]+", row[2])]
    assert unclear == []


def test_the_fonts_are_listed(listed):
    assert [row[2] for row in listed if row[0].startswith("Noto Sans SC")] == ["OFL-1.1"]


def test_the_list_names_no_address():
    assert "://" not in licences.TARGET.read_text(encoding="utf-8")


def test_licences_noted_for_other_platforms_are_what_the_packages_state_where_installed():
    for name, licence in licences.ELSEWHERE.items():
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        assert licences.stated(package) == licence, name


def test_a_package_without_a_known_licence_ends_in_one_line(monkeypatch, tmp_path):
    (tmp_path / "requirements.txt").write_text("no-such-package==1.0 \\\n    --hash=sha256:0\n")
    monkeypatch.setattr(licences, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="the licence of no-such-package is unknown"):
        licences.python_rows()
