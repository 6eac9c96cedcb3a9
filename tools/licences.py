"""List the licence of every dependency in the lock files, and of the fonts, in THIRD_PARTY.md.

The table says the same on every machine with the same lock files: a package that the lock names for
another platform or Python, and that is not installed here, takes its licence from ``ELSEWHERE``.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata

from tools.paths import ROOT

LOCKS = ("requirements.txt", "web/lite.txt", "tools/scale/requirements.txt", "hub/requirements.txt")
FRONT_ENDS = ("web/package-lock.json", "hub/package-lock.json")
TARGET = ROOT / "THIRD_PARTY.md"
ELSEWHERE = {
    "alembic": "MIT",
    "bcrypt": "Apache-2.0",
    "certipy": "BSD-3-Clause",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "jupyterhub": "BSD-3-Clause",
    "jupyterhub-nativeauthenticator": "BSD-3-Clause",
    "jupyterhub-systemdspawner": "BSD-3-Clause",
    "mako": "MIT",
    "nbgitpuller": "BSD-3-Clause",
    "oauthlib": "BSD-3-Clause",
    "onetimepass": "MIT",
    "pamela": "MIT",
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "dask": "BSD-3-Clause",
    "distributed": "BSD-3-Clause",
    "fsspec": "BSD-3-Clause",
    "locket": "BSD-2-Clause",
    "msgpack": "Apache-2.0",
    "py4j": "BSD-3-Clause",
    "pyspark": "Apache-2.0",
    "tblib": "BSD-2-Clause",
    "zict": "BSD-3-Clause",
    "compute-gcd": "MIT",
    "compute-lcm": "MIT",
    "lazy-importer": "Apache-2.0",
    "librt": "MIT",
    "micropip": "MPL-2.0",
    "overrides": "Apache-2.0",
    "pexpect": "ISC",
    "psutil": "BSD-3-Clause",
    "ptyprocess": "ISC",
    "pycparser": "BSD-3-Clause",
    "pywinpty": "MIT",
    "validate.io-function": "MIT",
    "validate.io-integer": "MIT",
    "validate.io-integer-array": "MIT",
    "validate.io-number": "MIT",
}
"""Licences of Python packages that the lock does not want everywhere, and of front-end packages that
state theirs in an old form, which npm leaves out of its lock."""
EITHER = {
    "jupyterhub-idle-culler": "BSD-3-Clause",
    "partd": "BSD-3-Clause",
    "text-unidecode": "Artistic-1.0-Perl OR GPL-2.0-or-later",
}
"""Packages that leave the choice, which their list of classifiers cannot say, that say BSD without a text,
or whose text alone says it."""
SPDX = {
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "gnu general public license (gpl)": "GPL",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "psfl": "PSF-2.0",
    "public domain": "public domain",
    "python software foundation license": "PSF-2.0",
}
"""What packages call their licences, in lower case, to SPDX identifiers."""
IDENTIFIER = re.compile(
    r"(0BSD|Apache|BSD|CC0|GPL|ISC|LGPL|MIT|MPL|OFL|PSF|Zlib)(-[\w.]+)*( (AND|OR) .+)?"
)
LICENCE_FILE = re.compile(r"(licen[cs]e|copying)[\w-]*(\.(txt|md|rst))?", re.I)
PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.M)
INTRODUCTION = """\
# Third-party software

`make licences` makes this file from the lock files; a test keeps it up to date.
The book's own code is under the MIT licence (`LICENSE`), its text under CC BY 4.0 (`LICENSE-content`).
"""
SERVED = """\
Besides these, the built pages carry files of the Sphinx packages above: the theme brings
Bootstrap (MIT) and Font Awesome Free (code MIT, icons CC BY 4.0), sphinx-copybutton's clipboard.js (MIT).
"""


def stated(package: metadata.Distribution) -> str:
    """Return the licence that an installed package states, as an SPDX expression; "" if none.

    In this order: its License-Expression, the first line of its License, its classifiers, the
    title of its licence's text. "BSD" alone is told apart by the text.
    """
    if expression := said(package, "License-Expression"):
        return expression
    name = (said(package, "License").strip().splitlines() or [""])[0].strip()
    if IDENTIFIER.fullmatch(name) and name != "BSD":
        return name
    if name.lower() in SPDX:
        return SPDX[name.lower()]
    about = package.metadata
    kinds = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or () if "License ::" in c]
    if not kinds:
        titles = [text.strip().partition("\n")[0].lower() for text in texts(package)]
        return next((SPDX[title] for title in titles if title in SPDX), "")
    return " AND ".join(
        bsd(package) if k == "BSD License" else SPDX.get(k.lower(), k) for k in kinds
    )


def said(package: metadata.Distribution, field: str) -> str:
    """Return a field of a package's metadata, the same from the standard library and its backport."""
    return str((package.metadata.get_all(field) or [""])[0])


def texts(package: metadata.Distribution) -> list[str]:
    """Return the texts of a package's licence files."""
    files = [file for file in package.files or () if LICENCE_FILE.fullmatch(file.name)]
    return [file.read_text(encoding="utf-8") for file in files]


def bsd(package: metadata.Distribution) -> str:
    """Return which BSD licence a package has, from its text."""
    text = " ".join(" ".join([said(package, "License"), *texts(package)]).lower().split())
    if "neither the name" in text or "may not be used to endorse" in text:
        return "BSD-3-Clause"
    return "BSD-2-Clause" if "redistributions in binary form" in text else "BSD"


def python_rows() -> list[tuple[str, str, str]]:
    """Return name, version and licence of every distribution in the lock files of Python packages."""
    rows = []
    locks = [ROOT / name for name in LOCKS]
    pins = {pin for lock in locks if lock.is_file()
            for pin in PINNED.findall(lock.read_text(encoding="utf-8"))}  # fmt: skip
    for name, version in pins:
        try:
            licence = EITHER.get(name) or stated(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            licence = ELSEWHERE.get(name, "")
        if not licence:
            sys.exit(f"kefu: the licence of {name} is unknown; add it to ELSEWHERE in {__file__}")
        rows.append((name, version, licence))
    return sorted(rows)


def front_end_rows() -> list[tuple[str, str, str]]:
    """Return name, version and licence of every package in the lock files of npm's packages."""
    locks = [json.loads((ROOT / name).read_text(encoding="utf-8")) for name in FRONT_ENDS]
    rows = set()
    for path, package in (pair for lock in locks for pair in lock["packages"].items()):
        name = path.rpartition("node_modules/")[2]
        if not name:
            continue
        licence = package.get("license") or ELSEWHERE.get(name)
        if not licence:
            sys.exit(f"kefu: the licence of {name} is unknown; add it to ELSEWHERE in {__file__}")
        rows.add((name, package["version"], licence.strip("()")))
    return sorted(rows)


def table(rows: list[tuple[str, str, str]]) -> str:
    """Return rows as a Markdown table."""
    lines = [
        "| name | version | licence |",
        "|---|---|---|",
        *(f"| {' | '.join(r)} |" for r in rows),
    ]
    return "\n".join(lines) + "\n"


def document() -> str:
    """Return the whole of THIRD_PARTY.md."""
    front_end = front_end_rows()
    noto = next(version for name, version, _ in front_end if name.endswith("/noto-sans-sc"))
    fonts = [("Noto Sans SC, subset (widgets/kefu/fonts)", noto, "OFL-1.1")]
    opencc = "Characters of OpenCC, from opencc-purepy (web/extensions/search/traditional.txt)"
    return "\n".join(
        (
            INTRODUCTION,
            f"## Python packages ({', '.join(LOCKS)})\n",
            table(python_rows()),
            f"## npm's packages ({', '.join(FRONT_ENDS)})\n",
            table(front_end),
            SERVED,
            "## Fonts\n",
            table(fonts),
            "## Tables\n",
            table([(opencc, "1.5.0", "Apache-2.0")]),
        )
    )


def main() -> None:
    """Write THIRD_PARTY.md."""
    TARGET.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
