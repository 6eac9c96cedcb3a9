"""Write a closed bank of questions: ``python -m tools.questions.bank --seed YOURS``."""

from __future__ import annotations

import argparse
import json
import re
import sys

from tools.paths import BUILD
from tools.questions import bank, sheet
from tools.questions.__main__ import FORMATS, UNTRIED, chosen, options, shown, write

TO = BUILD / "bank"
SEED = re.compile(r"[\w-]{1,60}")


def main(arguments: list[str] | None = None) -> None:
    """Write the bank of a seed: the quiz's own form and the formats; one clear line where that cannot be."""
    parser = argparse.ArgumentParser(description=__doc__)
    options(parser)
    parser.add_argument("--seed", default="", help="a secret of your own, such as four words")
    given = parser.parse_args(arguments)
    if not SEED.fullmatch(given.seed):
        sys.exit(
            "kefu: SEED: expected 1 to 60 letters, digits, - or _, a secret of your own,"
            f" got {given.seed!r}; run: make bank SEED=..."
        )
    to = given.to or TO / given.seed
    try:
        names = sheet.renamed(given.columns.split())
        asked = [one for one in chosen(given.chapter) if given.chapter != "all" or not one.practice]
        groups = [(one, [d.item for d in bank.drawn(one, given.seed)]) for one in asked]
    except ValueError as error:
        sys.exit(f"kefu: {error}")
    (to / "json").mkdir(parents=True, exist_ok=True)
    for chapter, own in groups:
        told = json.dumps([one.question for one in own], ensure_ascii=False, indent=1)
        (to / "json" / f"{chapter.number}_quiz.json").write_text(told + "\n", encoding="utf-8")
    write(groups, to, (given.format,) if given.format else FORMATS, names, top="网店客服 题库")
    count = sum(len(own) for _, own in groups)
    print(
        f"kefu: {count} questions of {len(groups)} chapters in {shown(to)}; keep the seed to yourself"
    )
    print(f"kefu: {UNTRIED}")


if __name__ == "__main__":
    main()
