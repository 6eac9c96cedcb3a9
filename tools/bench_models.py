"""Measure how soon the models answer, and print a Markdown table; a limit that is missed ends in an error.

Times belong here and not in the tests, which say what an answer is on a machine however busy. Each
is the median of a few runs, so that a shared machine's hiccup decides nothing.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

from kefu import data, demos
from kefu.intelligence.bots import Generation, shop_bot
from kefu.intelligence.knowledge import gaps, shop_base, shop_exchanges
from kefu.intelligence.routing import Chair, Policy, simulate, stream
from kefu.presales.promotions import (
    MAX_OFFERS,
    Cart,
    Item,
    NthDiscount,
    Offer,
    ShopCoupon,
    best_price,
)
from tools.bench import row

RUNS = 5
REPLIES: dict[Generation, float] = {"keyword": 1.0, "fuzzy": 10.0, "weighted": 10.0, "neural": 10.0}
"""The most that a reply of each generation may take, in ms."""


def median(act: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of some runs, in ms."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def reply(generation: Generation) -> float:
    """Return the median time of a bot's reply over every sixtieth question, in ms."""
    bot = shop_bot(generation)
    texts = [question["text"] for question in data.rows("questions")[::60]]
    bot.reply(texts[0])
    return statistics.median(median(lambda text=text: bot.reply(text), 1) for text in texts)  # type: ignore[misc]


def edit() -> float:
    """Return the time that the editor of rules takes to judge two hundred rules, in ms."""
    rules = demos.rule_editor().controls["rules"]
    texts = iter(["物流问题 | 发货 | | 好\n" * count for count in range(200, 200 + RUNS)])
    return median(lambda: setattr(rules, "value", next(texts)))


def price() -> float:
    """Return the time of the best price where any eight of fifteen equal items may be reduced, in ms."""
    items = tuple(Item(f"s{i}", Decimal(20)) for i in range(MAX_OFFERS - 1))
    halves: list[Offer] = [NthDiscount(item.sku, 1, scope=frozenset({item.sku})) for item in items]
    return median(
        lambda: best_price(
            Cart(items), [*halves, ShopCoupon("满220减150", Decimal(220), Decimal(150))]
        ),
        1,
    )


def night() -> float:
    """Return the time that the queue takes for a hundred thousand chats and twenty agents, in ms."""
    people = stream(20, 5000, seed=1)
    agents = [Chair(str(number)) for number in range(20)]
    return median(lambda: simulate(people, agents, Policy("按分组"), seed=1), 3)


def lacks() -> float:
    """Return the time that finding what the shop's knowledge base lacks takes, over a year's chats, in ms."""
    base, talks = shop_base(), shop_exchanges()
    base.nearness("包邮吗")
    return median(lambda: gaps(talks, base), 1)


def main() -> None:
    """Print the table."""
    limits = {f"reply, {name} bot": (reply(name), limit) for name, limit in REPLIES.items()}
    limits["editor of rules, 200 rules"] = edit(), 3000
    limits["best price, 15 equal items"] = price(), 20_000
    limits["queue, 100,000 chats"] = night(), 3000
    limits["gaps of the knowledge base, a year's chats"] = lacks(), 20_000
    row("answer", "median", "limit")
    row("---", "---:", "---:")
    for name, (taken, limit) in limits.items():
        row(name, f"{taken:.1f} ms", f"{limit:.0f} ms")
    late = [name for name, (taken, limit) in limits.items() if taken > limit]
    sys.exit(f"kefu: too slow: {', '.join(late)}" if late else 0)


if __name__ == "__main__":
    main()
