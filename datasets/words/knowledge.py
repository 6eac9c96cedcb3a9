"""What the shop knows and what buyers ask: the knowledge base and its labelled questions."""

from __future__ import annotations

import csv
import random
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from datasets.words.phrase import FOLDER, expand, lines, load, slip

TOPICS = {
    "聊天互动": "chat",
    "商品问题": "goods",
    "活动优惠": "offers",
    "购买操作": "buying",
    "物流问题": "parcels",
    "售后问题": "aftersales",
}
DEFAULT = "NX01"
CARRIERS = ("青鸟快递", "极光速运", "绿邮小包")
PROVINCES = ("浙江", "江苏", "上海", "广东", "山东", "安徽", "河南", "四川", "北京", "辽宁", "新疆")
# small talk that a customer may add another question to, and still mean
SERIOUS = ("在线时间", "转人工", "嫌回复慢", "店铺介绍", "关注收藏")


@dataclass(frozen=True)
class Intent:
    """One thing that buyers want to know, with the ways they ask it.

    A line of ``ask`` or ``para`` is one template family for training, of ``held`` or
    ``held_para`` one for testing; ``para`` says it without the obvious words. An intent
    without ``answer`` is a gap in the knowledge base. One with ``each`` has an answer for each
    product of its kinds.
    """

    name: str
    topic: str
    question: str = ""
    keywords: str = ""
    answer: str = ""
    stage: str = ""
    each: bool = False
    kinds: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    para: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    held_para: tuple[str, ...] = ()
    say: str = ""
    more: tuple[str, ...] = ()

    def answer_for(self, title: str) -> str:
        """Return the base's answer for one product; without slots nothing is left to chance."""
        return expand(random.Random(0), self.answer, product_facts(title))


@cache
def intents() -> tuple[Intent, ...]:
    """Return all intents, in the order of their files; gaps among them."""
    found = []
    for topic, name in TOPICS.items():
        for key, row in load(f"intents/{name}").items():
            for field in ("ask", "para", "held", "held_para", "more"):
                row = row | {field: lines(row.get(field, ""))}
            for field in ("kinds", "problems", "states", "moods"):
                row = row | {field: tuple(row.get(field, ()))}
            found.append(Intent(name=key, topic=topic, **row))
    return tuple(found)


@cache
def product_facts(title: str) -> Mapping[str, str]:
    """Return what the shop knows of the product of this title; a plain one where unknown.

    Beside the facts of products.yml: ``product_id`` (empty where unknown), ``defect``, what may
    go wrong with its kind, and ``size2``, a size that a customer may name; both are templates.
    """
    ids = [key for key, row in load("products").items() if row["title"] == title]
    row = load("products")[ids[0] if ids else DEFAULT]
    facts = {key: value for key, value in row.items() if key != "kinds"}
    facts |= {} if ids else {"title": title, "noun": "宝贝"}
    return facts | {
        "product_id": "".join(ids),
        "defect": f"{{flaw_{row['kinds'][0]}}}",
        "size2": "{size_尺码}" if "尺码" in row["kinds"] else "{size_其他}",
    }


def kinds_of(title: str) -> frozenset[str]:
    """Return the kinds of a product, e.g. 服装 and 尺码; nothing where it is unknown."""
    product_id = product_facts(title)["product_id"]
    return frozenset(load("products")[product_id]["kinds"] if product_id else ())


def suiting(intent: Intent) -> list[str]:
    """Return the products, by product_id, that an intent may be about."""
    return [
        product_id
        for product_id, row in load("products").items()
        if not intent.kinds or set(intent.kinds) & set(row["kinds"])
    ]


@cache
def _base() -> tuple[tuple[tuple[str, str], dict[str, str]], ...]:
    """Return the entries without their numbers, each with its intent and product."""
    rows: list[tuple[tuple[str, str], dict[str, str]]] = []
    for intent in intents():
        if not intent.answer:
            continue
        for product_id in suiting(intent) if intent.each else [""]:
            facts = product_facts(load("products")[product_id]["title"]) if product_id else {}
            fixed = random.Random(0)  # no choice is left in these two
            row = {
                "topic": intent.topic,
                "kind": "商品" if product_id else "店铺",
                "question": expand(fixed, intent.question, facts),
                "keywords": ";".join(filter(None, (str(facts.get("noun", "")), intent.keywords))),
                "answer": expand(fixed, intent.answer, facts),
                "product_id": product_id,
                "source": "商品资料" if product_id else "店铺规则",
            }
            rows.append(((intent.name, product_id), row))
    with (FOLDER / "keywords.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            fixed_row = {"topic": row["topic"], "kind": "关键词", "question": row["question"]}
            fixed_row |= {"keywords": row["keywords"], "answer": row["answer"]}
            fixed_row |= {"product_id": "", "source": "接待记录整理"}
            rows.append(((row["keywords"], "关键词"), fixed_row))
    return tuple(rows)


def entries() -> list[dict[str, object]]:
    """Return the rows of the knowledge base. It is hand-kept: no seed changes it.

    ``hits`` falls off as 1/rank, as the hits of a real base do: few entries answer most questions.
    """
    rng = random.Random("hits")
    ranks = list(range(1, len(_base()) + 1))
    rng.shuffle(ranks)
    rows: list[dict[str, object]] = []
    for place, ((_, row), rank) in enumerate(zip(_base(), ranks, strict=True), 1):
        updated = date(2025, 1, 6) + timedelta(days=rng.randrange(300))
        rows.append(
            {"entry_id": f"K{place:03d}", **row, "updated_on": updated.isoformat()}
            | {"review_by": (updated + timedelta(days=180)).isoformat(), "hits": 9000 // (rank + 4)}
        )
    return rows


@cache
def entry_ids() -> Mapping[tuple[str, str], str]:
    """Return the entry of an intent and a product (empty where the shop's answer is one)."""
    return {key: f"K{place:03d}" for place, (key, _) in enumerate(_base(), 1)}


def normal(text: str) -> str:
    """Return a text without case, blanks and punctuation: what makes two questions the same.

    >>> normal("有 M码吗？")
    '有m码吗'
    """
    return re.sub(r"[\W_]+", "", text).lower()


def trigrams(text: str) -> frozenset[str]:
    """Return the runs of three characters of a normalised text; the whole of a shorter one."""
    text = normal(text)
    return frozenset(text[n : n + 3] for n in range(max(len(text) - 2, 1)))


class Seen:
    """The texts of one split, to keep those of the other away from them."""

    def __init__(self) -> None:
        self.grams: list[frozenset[str]] = []
        self.where: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, text: str) -> None:
        """Remember a text."""
        for gram in trigrams(text):
            self.where[gram].append(len(self.grams))
        self.grams.append(trigrams(text))

    def nearest(self, text: str) -> float:
        """Return the largest Jaccard similarity of 3-grams with a remembered text."""
        grams = trigrams(text)
        shared = Counter(number for gram in grams for number in self.where.get(gram, ()))
        return max(
            (
                both / (len(grams) + len(self.grams[number]) - both)
                for number, both in shared.items()
            ),
            default=0.0,
        )


@dataclass(frozen=True)
class Family:
    """One way of asking one thing: a template, all of whose questions go to one split."""

    name: str
    intent: Intent
    template: str
    style: str
    split: str


@cache
def families() -> tuple[Family, ...]:
    """Return all template families, those for training first."""
    found = []
    for intent in intents():
        groups = (
            (intent.ask, "直说", "训练"),
            (intent.para, "改写", "训练"),
            (intent.held, "直说", "测试"),
            (intent.held_para, "改写", "测试"),
        )
        ways = [(text, style, split) for texts, style, split in groups for text in texts]
        found += [Family(f"{intent.name}-{n}", intent, *way) for n, way in enumerate(ways, 1)]
    return tuple(sorted(found, key=lambda family: family.split != "训练"))


def ask(rng: random.Random, family: Family) -> tuple[str, str]:
    """Return one question of a family, and the entry that answers it (empty for a gap)."""
    product_id = rng.choice(suiting(family.intent))
    height = rng.randint(152, 186)
    facts = {
        **product_facts(load("products")[product_id]["title"]),
        "price": rng.choice((29, 49, 59, 79, 99, 119, 149)),
        "height": height,
        "jin": round((height - 105) * 2 * (0.85 + 0.4 * rng.random())),
        "province": rng.choice(PROVINCES),
        "carrier": rng.choice(CARRIERS),
    }
    if not family.intent.each and rng.random() < 0.6:
        facts["noun"] = "[东西|宝贝|商品]"
    key = (family.intent.name, product_id if family.intent.each else "")
    return expand(rng, family.template, facts), entry_ids().get(key, "")


# how many questions of a family, by split and style; repeats are left out
PLAIN = {"训练": 8, "测试": 5}
SLIPPED = {"训练": 1, "测试": 2}
MIXED = {"训练": 2, "测试": 1}
NEAR = 0.8  # a test question as near as this to a training question is left out
LINKS = ("，对了", "，还有", "，顺便问下", "，另外", "，再问一个，", "。")


def mixed(rng: random.Random, family: Family) -> tuple[str, str, str]:
    """Return a question with a shorter one of another topic behind it, its entry, that topic.

    The text is empty where no aside came out shorter than the question.
    """
    text, entry = ask(rng, family)
    others = [
        other
        for other in families()
        if other.split == family.split
        and other.style == "直说"
        and other.intent.topic not in (family.intent.topic, "聊天互动")
    ]
    tries = [rng.choice(others) for _ in range(20)]
    asides = [(ask(rng, other)[0], other.intent.topic) for other in tries]
    aside, second = min(asides, key=lambda one: len(one[0]))
    both = text.rstrip("？～") + rng.choice(LINKS) + aside
    return both if len(aside) < len(text) else "", entry, second


def questions(seed: int) -> list[dict[str, str]]:
    """Return the labelled questions of buyers, split by template family.

    The topic is that of the main question, asked first and at greater length; a 多意图 question
    has the topic of its aside in ``second_topic``. No text of the test split is in training, nor
    as near as ``NEAR`` to one that is. Same seed, same questions.
    """
    rng = random.Random(f"questions {seed}")
    rows: list[dict[str, str]] = []
    training, texts = Seen(), set[str]()
    for family in families():
        styles = [family.style] * PLAIN[family.split] + ["错字"] * SLIPPED[family.split]
        if family.intent.topic != "聊天互动" or family.intent.name in SERIOUS:
            styles += ["多意图"] * MIXED[family.split]
        for style in styles:
            second = ""
            if style == "多意图":
                text, entry, second = mixed(rng, family)
            else:
                text, entry = ask(rng, family)
            if style == "错字":
                slipped = slip(rng, text)
                text = slipped if slipped != text else ""
            if normal(text) in texts or not normal(text):
                continue
            if family.split == "训练":
                training.add(text)
            elif training.nearest(text) >= NEAR:
                continue
            texts.add(normal(text))
            rows.append(
                {"question_id": f"Q{len(rows) + 1:04d}", "text": text, "entry_id": entry}
                | {"topic": family.intent.topic, "family": family.name, "style": style}
                | {"split": family.split, "second_topic": second}
            )
    return rows


# what customers ask and the base has no answer to: intent and topic
GAPS: Mapping[str, str] = {i.name: i.topic for i in intents() if not i.answer}
