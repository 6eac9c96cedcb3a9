"""Measure the fifth generation on the shop's tables: ``python -m datasets.measure_grounded``.

Three parts. Retrieval: on the test questions, by question and by answer, and with more and more similar
questions (of the training ones) an entry. Lamps: on every answer of the knowledge base spoilt in seven ways, on
the rules' texts with their roles swapped, and on honest replies in other words, on which a red lamp is a false
alarm. Hands: tasks done each time out of k, and texts that try to give orders.

What the figures are worth: the spoilt answers are made by known patterns and the lamps know Chinese of
that kind, so what is caught is an upper bound. The honest replies of the half 留出 were written after the lamps
were made and measured once. Their writer also made the lamps.
"""

from __future__ import annotations

from kefu import data
from kefu.intelligence.errands import (
    CARES,
    done,
    every_time,
    planted,
    runs,
    served,
    shop_desk,
    shop_tasks,
)
from kefu.intelligence.grounded import (
    BYS,
    hits,
    shop_cases,
    shop_library,
    tally,
    threshold_for,
    tried,
)
from kefu.intelligence.inventor import SLIPS, Tested, spoilt, told
from kefu.intelligence.lamps import LAMPS

SIMILAR = (0, 2, 5, 10, 100)
TIMES = 400


def texts() -> tuple[dict[str, str], dict[str, str]]:
    """Return answers or rules' texts, and questions or titles, by entry and rule."""
    sources, asked = {}, {}
    for row in data.rows("knowledge"):
        sources[row["entry_id"]], asked[row["entry_id"]] = row["answer"], row["question"]
    for row in data.rows("rules"):
        sources[row["rule_id"]], asked[row["rule_id"]] = row["text"], row["title"]
    return sources, asked


def lamps() -> list[Tested]:
    """Return the lamps' figures: seven slips on the answers, roles on the rules, two halves of honest replies."""
    sources, asked = texts()
    answers = {name: text for name, text in sources.items() if name.startswith("K")}
    laws = {name: text for name, text in sources.items() if name.startswith("R")}
    return [
        *(spoilt(answers, asked, slip) for slip in SLIPS),
        spoilt(laws, asked, "换角色"),
        told(sources, asked, "调试"),
        told(sources, asked, "留出"),
    ]


def main() -> None:
    """Print all figures."""
    cases = shop_cases()
    print(f"retrieval: {sum(bool(one.right) for one in cases)} questions with an entry, "
          f"{sum(not one.right for one in cases)} without")  # fmt: skip
    for by in BYS:
        found = tried(shop_library(), cases, by)
        print(
            f"  by {by}: first {hits(found):.3f}, first three {hits(found, 3):.3f}, {tally(found, 0.2)}"
        )
    print("similar questions an entry, known by its question and these alone")
    for similar in SIMILAR:
        found = tried(shop_library(similar, words=False), cases)
        fixed, least = tally(found, 0.25), threshold_for(found)
        print(f"  {similar}: first {hits(found):.3f}; at .25 made up {fixed.made_up_share:.3f}; at most a "
              f"tenth made up from {least} on: covered {tally(found, least).coverage:.3f}, "
              f"right {tally(found, least).answered_right:.3f}")  # fmt: skip
    print("lamps: red by lamp, passed by all")
    for one in lamps():
        print(f"  {one.name} {one.count}: {[one.red[lamp] for lamp in LAMPS]}, passed {one.passed}")
    desk = shop_desk()
    tasks = shop_tasks(desk)
    right = sum(done(desk, task).same(task.goal(desk)) for task in tasks)
    print(f"tasks: {right} of {len(tasks)} without a slip")
    for slip in (0.1, 0.3):
        counts = runs(desk, tasks, TIMES, slip)
        print(f"  slip {slip}: {[round(every_time(counts, TIMES, k), 3) for k in (1, 2, 4, 8)]}")
    who = tasks[0].who
    for care in CARES:
        moved = [not served(desk, who, "评价怎么样", (one.text,), care).same(desk)
                 for one in planted(desk, who)]  # fmt: skip
        print(f"planted orders, {care}: {sum(moved)} of {len(moved)} moved something")


if __name__ == "__main__":
    main()
