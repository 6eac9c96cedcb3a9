"""What a release carries: files of one version, and what the changelog says of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tools import release
from tools.paths import ROOT
from web import book
from web.extensions.ways import copies


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "html"
    for name in ("downloads/kefu.pdf", "downloads/kefu.epub", copies.project()[1], "index.html"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (folder / ".nojekyll").touch()
    return folder


def test_the_book_s_own_tag_is_taken_and_has_its_notes() -> None:
    version = release.check(f"v{book.edition()}")
    said = release.notes(version)
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {version} " in changelog.partition(said)[0].splitlines()[-2]
    assert "\n## " not in said


@pytest.mark.parametrize("tag", ["v9.9.9", "", book.edition()])
def test_another_tag_is_told(tag: str) -> None:
    with pytest.raises(ValueError, match=f"TAG: expected v{book.edition()}, .+ got {tag!r}"):
        release.check(tag)


def test_a_version_without_notes_is_told(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("## 2.0.0 (2027-01-01)\n\n## 1.0.0 (x)\n\n- a\n")
    with pytest.raises(ValueError, match=r"expected a heading '## 2\.0\.0 "):
        release.notes("2.0.0", tmp_path)
    assert release.notes("1.0.0", tmp_path) == "- a\n"


def test_a_citation_of_another_version_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "2.0.0"\n')
    (tmp_path / "CITATION.cff").write_text("cff-version: 1.2.0\nversion: 1.0.0\n")
    with pytest.raises(ValueError, match=r"CITATION\.cff: expected 'version: 2\.0\.0'"):
        release.check("v2.0.0", tmp_path)


def test_files_get_the_version_into_their_names(site: Path, tmp_path: Path) -> None:
    files = release.collect("1.2.3", site, tmp_path / "release")
    assert [path.name for path in files] == [
        "kefu-1.2.3-py3-none-any.whl", "kefu-1.2.3-site.zip", "kefu-1.2.3.epub", "kefu-1.2.3.pdf",
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "release" / "kefu-1.2.3-site.zip") as packed:
        assert {"kefu-1.2.3/index.html", "kefu-1.2.3/.nojekyll"} <= set(packed.namelist())


def test_a_site_without_its_pdf_is_told(site: Path, tmp_path: Path) -> None:
    (site / "downloads" / "kefu.pdf").unlink()
    with pytest.raises(ValueError, match=r"expected downloads/kefu\.pdf; run: make site pdf"):
        release.collect("1.2.3", site, tmp_path / "release")
    assert not (tmp_path / "release").exists()
