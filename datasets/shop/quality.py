"""Two judges of one thing: inspectors of sampled chats, labellers of questions.

How often they agree is planted, to be read as Cohen's kappa.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import log2
from typing import TypeVar

from datasets.shop.people import AGENTS
from datasets.shop.service import TOPICS
from datasets.shop.truths import planted

Row = TypeVar("Row", bound=Mapping[str, object])
INSPECTORS = tuple(agent.agent_id for agent in AGENTS if agent.name in ("林姐", "小棠"))
NEAREST = {
    "商品问题": "售后问题", "活动优惠": "购买操作", "购买操作": "活动优惠", "物流问题": "售后问题",
    "售后问题": "物流问题", "聊天互动": "购买操作",
}  # fmt: skip
"""With which topic one is most easily confused."""
TOUCHY = {"售后问题": 2.0, "聊天互动": 1.0}
"""Topics that look as if a person had to answer."""


class Reservoir:
    """A sample of the chats that people answered, kept while they are written.

    Each has the same chance to stay, however many come. The inspectors' own are left out.
    """

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(f"{seed}/quality")
        self.size = int(planted("inspectors")["chats"])
        self.seen = 0
        self.kept: list[Mapping[str, object]] = []

    def offer(self, chat: Mapping[str, object]) -> None:
        """Take a row of the table ``chats`` or leave it."""
        if chat["handled_by"] == "机器人" or chat["agent_id"] in INSPECTORS:
            return
        self.seen += 1
        place = self.rng.randrange(self.seen)
        if len(self.kept) < self.size:
            self.kept.append(chat)
        elif place < self.size:
            self.kept[place] = chat


def verdicts(number: int, share: float, kappa: float) -> list[tuple[bool, bool]]:
    """Return what two judges say of so many cases, from the clearest yes to the clearest no.

    Both say yes to the ``share``. They agree as if they had the same opinion of a ``kappa`` of
    the cases and tossed for the others.

    >>> verdicts(10, 0.6, 0.6).count((True, True)), verdicts(10, 0.6, 0.6)[-1]
    (5, (False, False))
    """
    split = round(number * (1 - kappa) * share * (1 - share))
    yes = round(number * share) - split
    return (
        [(True, True)] * yes
        + [(True, False), (False, True)] * split
        + [(False, False)] * (number - yes - 2 * split)
    )


def judge(
    rng: random.Random,
    rows: Sequence[Row],
    values: Mapping[str, float],
    leaning: Callable[[Row], float],
) -> list[tuple[bool, bool]]:
    """Return two judges' verdicts of each row; those with the higher leaning get the clearer yes."""
    order = sorted(range(len(rows)), key=lambda n: -leaning(rows[n]) - rng.gauss(0, 1))
    said = dict(zip(order, verdicts(len(rows), **values), strict=True))
    return [said[place] for place in range(len(rows))]


def quality_rows(reservoir: Reservoir) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``quality``: each chat as each inspector scored it."""
    chats = sorted(reservoir.kept, key=lambda chat: str(chat["chat_id"]))

    def quick(chat: Mapping[str, object]) -> float:
        """Those who answer late also console less and promise less."""
        return -0.3 * log2(int(str(chat["first_response_s"])))

    scores = {
        item: judge(reservoir.rng, chats, values, quick)
        for item, values in planted("inspectors")["items"].items()
    }
    for place, chat in enumerate(chats):
        for nth, inspector in enumerate(INSPECTORS):
            passed = {item: str(said[place][nth]).lower() for item, said in scores.items()}
            yield {"chat_id": chat["chat_id"], "inspector": inspector, **passed}


def label_rows(seed: int, questions: Sequence[Mapping[str, str]]) -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``labels``: questions as two people labelled them.

    Topics are as frequent as in the shop's chats. Who is wrong about one takes the topic that is
    nearest, or that of the aside where the question has one.
    """
    values, rng = planted("labellers"), random.Random(f"{seed}/labels")
    by_topic: dict[str, list[Mapping[str, str]]] = {topic: [] for topic in NEAREST}
    for question in questions:
        by_topic[question["topic"]].append(question)
    for found in by_topic.values():
        rng.shuffle(found)
    chosen = [by_topic[TOPICS.spin(rng)].pop() for _ in range(values["questions"])]
    chosen.sort(key=lambda question: question["question_id"])
    handover = judge(
        rng, chosen, values["handover"], lambda question: TOUCHY.get(question["topic"], 0.0)
    )
    for question, asked in zip(chosen, handover, strict=True):
        second, topic = question["second_topic"], question["topic"]
        odds = values["slip"]["多意图" if second else "其他"]
        said = [(second or NEAREST[topic]) if rng.random() < odds else topic for _ in "ab"]
        yield {
            "question_id": question["question_id"],
            "topic_a": said[0],
            "topic_b": said[1],
            "handover_a": str(asked[0]).lower(),
            "handover_b": str(asked[1]).lower(),
        }
