"""Measure the bots on everyday questions: ``python -m datasets.measure_everyday``.

First the four bots as they stand, on both halves of ``everyday_questions``, which none has learnt. Then what
learning from the half 训练 would bring on the half 测试: the questions asked before are widened by those that the
base can answer, and the network is trained anew; what ought to be handed over is not taught, for the bots have no
topic for it. Families are apart. Nothing is written.

The questions are the book's own inventions, written with its knowledge base in view: what buyers type elsewhere is
harder. On another set of first questions, which the book does not hold, the four named the topic of .50, .50, .57
and .64. A shop's own questions (`kefu.intelligence.exam.read_paper`) tell more than any of these.
"""

from __future__ import annotations

from collections.abc import Sequence

from datasets.train_bot import train
from kefu.intelligence.bots import (
    Asked,
    Bot,
    Network,
    NeuralBot,
    WeightedBot,
    shop_questions,
    shop_rules,
)
from kefu.intelligence.evaluation import Prediction
from kefu.intelligence.exam import (
    MANNERS,
    TRADES,
    Posed,
    accuracy,
    calibration,
    everyday,
    known,
    marks,
    miscalibrated,
    sat,
    sat_by_all,
)
from kefu.intelligence.grounded import GroundedBot, shop_library

TIMES = 8


def widened(items: Sequence[Posed], times: int = TIMES) -> dict[str, Bot]:
    """Return bots that have learnt from everyday questions too, each counted so many times in the training."""
    rules = {rule.source: rule for rule in shop_rules()}
    extra = [
        Asked(one.text, one.topic, one.entry if one.entry in rules else "")
        for one in items
        if one.need == "回答"
    ]
    asked = [*shop_questions(), *extra]
    network = Network.unpacked(train([*shop_questions(), *extra * times]))
    return {
        "weighted": WeightedBot(shop_rules(), asked),
        "neural": NeuralBot(shop_rules(), asked, network),
    }


def tell(name: str, made: Sequence[Prediction], items: Sequence[Posed]) -> None:
    """Print one bot's figures."""
    found = marks(made, items)
    topics = [one for one, item in zip(made, items, strict=True) if item.topic]
    span = known(made, items).interval(lambda report: report.accuracy)
    print(f"  {name}: topic {accuracy(made, items):.3f}; can be answered: topic {known(made, items).accuracy:.3f} "
          f"[{span.low:.2f}, {span.high:.2f}], covered {found.coverage:.3f}, right {found.answered_right:.3f}; "
          f"of all answered right {found.served:.3f}; held back {found.recall:.3f}; "
          f"off by {miscalibrated(topics):.3f}; {found}")  # fmt: skip


def main() -> None:
    """Print all figures."""
    items = everyday()
    print(f"as they stand, {len(items)} questions")
    for name, made in sat_by_all(items).items():
        tell(name, made, items)
        for manner in MANNERS[:4]:
            part = [(p, i) for p, i in zip(made, items, strict=True) if i.manner == manner]
            print(
                f"    {manner} {len(part)}: {accuracy(*map(list, zip(*part, strict=True))):.3f}",
                end="",
            )
        for trade in TRADES:
            part = [(p, i) for p, i in zip(made, items, strict=True) if i.trade == trade]
            print(
                f"  {trade} {len(part)}: {accuracy(*map(list, zip(*part, strict=True))):.3f}",
                end="",
            )
        print()
        topics = [one for one, item in zip(made, items, strict=True) if item.topic]
        print("    sure and right:", [(one.count, round(one.sure, 2), round(one.right, 2))
                                      for one in calibration(topics)])  # fmt: skip
    print("the fifth generation, which answers from entries alone")
    tell("grounded", sat(GroundedBot(shop_library()), items), items)
    held = everyday("测试")
    print(f"the half 测试, {len(held)} questions, as they stand")
    for name, made in sat_by_all(held).items():
        tell(name, made, held)
    print("having learnt the half 训练")
    for name, bot in widened(everyday("训练")).items():
        tell(name, sat(bot, held), held)


if __name__ == "__main__":
    main()
