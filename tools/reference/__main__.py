"""Write the book's reference pages: glossary, formulas, rules, syllabus."""

from __future__ import annotations

from tools.paths import ROOT
from tools.reference import formulas, glossary, rules, syllabus


def main() -> None:
    """Write each page from its data."""
    for page in (glossary, formulas, rules, syllabus):
        page.TARGET.write_text(page.document(), encoding="utf-8")
        print(f"kefu: {page.TARGET.relative_to(ROOT).as_posix()}")


if __name__ == "__main__":
    main()
