"""Collect what a release carries into ``_build/release``: ``make release TAG=v1.0.0``.

The book as PDF, as EPUB and as a zip of the site, the package as a wheel, and as ``notes.md`` what
``CHANGELOG.md`` says of the version. A tag that is not the book's own version, or a version that the changelog
or ``CITATION.cff`` does not have, stops it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import zipfile
from pathlib import Path

from tools.paths import BUILD, ROOT, SITE
from web import book
from web.extensions.ways import copies

RELEASE = BUILD / "release"


def notes(version: str, root: Path = ROOT) -> str:
    """Return what the changelog says of a version; ``ValueError`` where it has no such heading or says nothing."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(version)} .*\n([\s\S]*?)(?=^## |\Z)", text, re.M)
    if not found or not found[1].strip():
        raise ValueError(
            f"CHANGELOG.md: expected a heading '## {version} (date)' with lines below it"
        )
    return found[1].strip() + "\n"


def check(tag: str, root: Path = ROOT) -> str:
    """Return the version that a tag names; ``ValueError`` where the book says another one somewhere."""
    version = book.edition(root)
    if tag != f"v{version}":
        raise ValueError(f"TAG: expected v{version}, as pyproject.toml says, got {tag!r}")
    cited = (root / "CITATION.cff").read_text(encoding="utf-8")
    if f"\nversion: {version}\n" not in cited:
        raise ValueError(f"CITATION.cff: expected 'version: {version}'")
    return version


def collect(version: str, site: Path = SITE, target: Path = RELEASE) -> list[Path]:
    """Copy the files of a built site into an empty folder under names with the version; return them."""
    wanted = {
        f"kefu-{version}.pdf": site / "downloads" / "kefu.pdf",
        f"kefu-{version}.epub": site / "downloads" / "kefu.epub",
        f"kefu-{version}-py3-none-any.whl": site / copies.project()[1],
    }
    missing = [str(path.relative_to(site)) for path in wanted.values() if not path.is_file()]
    if missing:
        raise ValueError(f"the site: expected {', '.join(missing)}; run: make site pdf")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name, path in wanted.items():
        shutil.copy(path, target / name)
    with zipfile.ZipFile(target / f"kefu-{version}-site.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(site.rglob("*")):
            if path.is_file():
                packed.write(path, f"kefu-{version}/{path.relative_to(site).as_posix()}")
    return sorted(target.iterdir())


def main() -> None:
    """Collect the files and list them with their sizes; end with a line where something does not agree."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tag", default=f"v{book.edition()}")
    try:
        version = check(parser.parse_args().tag)
        said = notes(version)
        files = collect(version)
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    (RELEASE / "notes.md").write_text(said, encoding="utf-8")
    for path in files:
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
