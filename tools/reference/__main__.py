"""Write what the chapters' lists tell: glossary, formulas, rules, syllabus, the tables of the page."""

from __future__ import annotations

import sys

from tools.paths import ROOT
from tools.reference import formulas, glossary, rules, syllabus, tables


def main() -> None:
    """Write each file from its data; what is wrong with the data ends in one line."""
    for page in (glossary, formulas, rules, syllabus, tables):
        try:
            text = page.document()
        except ValueError as error:
            sys.exit(f"kefu: {error}")
        if text != page.TARGET.read_text(
            encoding="utf-8"
        ):  # what did not change needs no new build
            page.TARGET.write_text(text, encoding="utf-8")
        print(f"kefu: {page.TARGET.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    main()
