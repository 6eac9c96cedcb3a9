"""Measure the bots on everyday questions: ``python -m datasets.measure_everyday``.

The four bots as they stand, the last two without the first messages that they learn (`datasets.first`), and the
fifth generation, each on three papers: the half 考试 of ``everyday_questions``, its half 调试, and the book's own test
questions. The half 考试 was written before the first messages and served no choice; the half 调试 was known to who
wrote them and chose the settings of ``train_bot``. One hand wrote all of it, so what buyers type elsewhere is
harder still: a shop's own questions (`kefu.demos.own_questions`) tell more than any of these. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from datasets.train_bot import train
from kefu.intelligence.bots import (
    Bot,
    Network,
    NeuralBot,
    WeightedBot,
    shop_bot,
    shop_questions,
    shop_rules,
)
from kefu.intelligence.evaluation import Prediction, questions
from kefu.intelligence.exam import (
    MANNERS,
    TRADES,
    Posed,
    accuracy,
    brier,
    calibration,
    everyday,
    known,
    marks,
    miscalibrated,
    sat,
)
from kefu.intelligence.grounded import GroundedBot, shop_library


def bots() -> dict[str, Bot]:
    """Return the bots to measure by name; those that end in ``alone`` know the shop's own questions only."""
    alone = shop_questions()
    return {
        "keyword": shop_bot("keyword"),
        "fuzzy": shop_bot("fuzzy"),
        "weighted alone": WeightedBot(shop_rules(), alone),
        "weighted": shop_bot("weighted"),
        "neural alone": NeuralBot(shop_rules(), alone, Network.unpacked(train(alone))),
        "neural": shop_bot("neural"),
        "grounded": GroundedBot(shop_library()),
    }


def papers() -> dict[str, tuple[Posed, ...]]:
    """Return the three papers; of the book's own only the topic is known."""
    own = tuple(
        Posed(one.question_id, one.text, one.topic, "回答", one.style, "家居服饰", one.family)
        for one in questions("测试")
    )
    return {"考试": everyday("考试"), "调试": everyday("调试"), "the book's own": own}


def tell(name: str, made: Sequence[Prediction], items: Sequence[Posed]) -> None:
    """Print one bot's figures: by topic of all that have one, then as the half of it that ought to be answered."""
    found = marks(made, items)
    topics = [one for one, item in zip(made, items, strict=True) if item.topic]
    told = [one.right for one in topics if not one.handoff]
    span = known(made, items).interval(lambda report: report.accuracy)
    print(f"  {name}: right {accuracy(made, items):.3f}, answered {len(told) / len(topics):.3f}, right among "
          f"answered {sum(told) / max(len(told), 1):.3f}; Brier {brier(topics):.3f}, off by "
          f"{miscalibrated(topics):.3f}; can be answered: right {known(made, items).accuracy:.3f} "
          f"[{span.low:.2f}, {span.high:.2f}], covered {found.coverage:.3f}; held back {found.recall:.3f}; "
          f"of all answered right {found.served:.3f}")  # fmt: skip


def by(parts: Sequence[str], of: str, made: Sequence[Prediction], items: Sequence[Posed]) -> None:
    """Print the share right by manner or trade."""
    for part in parts:
        few = [
            (p, i) for p, i in zip(made, items, strict=True) if getattr(i, of) == part and i.topic
        ]
        if few:
            print(
                f"    {part} {len(few)}: {accuracy(*map(list, zip(*few, strict=True))):.3f}", end=""
            )


def main() -> None:
    """Print all figures."""
    every = bots()
    for paper, items in papers().items():
        print(f"{paper}, {len(items)} questions")
        for name, bot in every.items():
            made = sat(bot, items)
            tell(name, made, items)
            if name == "neural" and paper != "the book's own":
                by(MANNERS, "manner", made, items)
                by(TRADES, "trade", made, items)
                topics = [one for one, item in zip(made, items, strict=True) if item.topic]
                print("\n    sure and right:", [(one.count, round(one.sure, 2), round(one.right, 2))
                                                for one in calibration(topics)])  # fmt: skip


if __name__ == "__main__":
    main()
