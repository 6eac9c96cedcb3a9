"""Four generations of service robots (客服机器人的四代) with one interface.

1. ``KeywordBot``: exact keywords; 2. ``FuzzyBot``: slips, homophones and synonyms as well;
3. ``WeightedBot``: cut into clauses, every n-gram weighted, compared with questions asked before;
4. ``NeuralBot``: a small network decides what is meant. Each ``reply(text)`` gives a ``Reply`` that
says why. Source of the four generations and the three kinds of knowledge: 据教材资料.
"""

from __future__ import annotations

import base64
import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from math import exp, log
from operator import mul
from pathlib import Path
from typing import Any, Literal, Protocol

from kefu import data
from kefu.amounts import one_of
from kefu.errors import expected
from kefu.intelligence.language import HERE, clauses, sounds, synonyms
from kefu.language import Nearest, grams, normal, vector

Generation = Literal["keyword", "fuzzy", "weighted", "neural"]
GENERATIONS: Mapping[Generation, str] = {
    "keyword": "关键词",
    "fuzzy": "模糊匹配",
    "weighted": "词权重",
    "neural": "神经网络",
}
TOPICS = ("聊天互动", "商品问题", "活动优惠", "购买操作", "物流问题", "售后问题")
KINDS = ("店铺", "商品", "关键词")
COMPLAINTS = (
    "投诉", "举报", "维权", "介入", "12315", "消协", "消费者协会", "工商", "曝光", "记者", "起诉",
    "律师", "法律程序", "报警",
)  # fmt: skip
HARMS = ("受伤", "烫伤", "过敏")
RISKS = COMPLAINTS + HARMS
"""Words at which a person takes over at once, whatever the bot would say."""

HARMLESS = ("律师袍", "律师服", "曝光不足", "曝光过度", "过度曝光", "工商银行", "受伤的心")
"""Goods, ways to pay and figures of speech that hold a risk word and mean no harm."""

NO, WILL, WORDS = "不|没有|没", "想|会|要|去|再|是|用|打算", "|".join(COMPLAINTS)
DENIED = re.compile(rf"(?P<ahead>.?)(?P<no>(?:{NO})(?:{WILL})*)(?:{WORDS})(?!{NO})")
BREATH = re.compile(r"[^\w]+")
TURNED = re.compile("但|可是|可你|不过|否则|不然|别逼|再不")
"""What takes a denial back: 不想投诉，但是……"""

LOST = "亲，暖暖没看懂，已为您转接人工客服，请稍等。"
UNTAUGHT = "亲，这个问题暖暖还没学会，已为您转接人工客服，请稍等。"
RISK = "亲，这件事很要紧，已为您转接人工客服优先处理，请稍等。"
WHICH = "亲，请问是哪一款？把商品名或链接发给暖暖，马上为您查。"


@dataclass(frozen=True)
class Clue:
    """One reason for an answer: what was seen, what it was taken for, how much it counts."""

    kind: str
    seen: str
    taken: str
    weight: float
    topic: str


@dataclass(frozen=True)
class Reply:
    """What a bot answers, and why.

    ``topic`` is empty where the bot has no idea; ``score`` (0 to 1) is how sure it is and
    ``margin`` by how much the best topic beats the next; ``source`` is the knowledge entry
    (empty where there is none); ``also`` are further topics heard in the same message.
    """

    text: str
    topic: str
    score: float
    source: str
    handoff: bool
    why: tuple[Clue, ...] = ()
    margin: float = 1.0
    also: tuple[str, ...] = ()


class Bot(Protocol):
    """What every generation can do."""

    def reply(self, text: str) -> Reply:
        """Return the answer to one message."""


@dataclass(frozen=True)
class KeywordRule:
    """One piece of knowledge: keywords, their topic, an answer, or one for each product.

    ``products`` holds (noun, entry, answer) triples and is empty but for the kind 商品. A higher
    ``priority`` wins. Raises ``ValueError`` for no usable keyword, an unknown topic, no answer.
    """

    words: tuple[str, ...]
    topic: str
    answer: str
    priority: int = 0
    source: str = ""
    kind: str = "关键词"
    question: str = ""
    products: tuple[tuple[str, str, str], ...] = ()

    def __post_init__(self) -> None:
        one_of(self.topic, "topic", TOPICS)
        if not self.words or not all(normal(word) for word in self.words):
            raise ValueError(expected("words", "keywords of letters or characters",
                                      "含文字的关键词", self.words))  # fmt: skip
        if not self.answer.strip():
            raise ValueError(expected("answer", "a text", "一段答复", self.answer))

    def say(self, text: str) -> tuple[str, str]:
        """Return answer and entry for a message: of the product named in it, else ask which."""
        if not self.products:
            return self.answer, self.source
        named = [one for one in self.products if one[0] in text]
        if not named:
            return WHICH, self.source
        _, entry, answer = max(named, key=lambda one: len(one[0]))
        return answer, entry


@data.cached
def shop_rules() -> tuple[KeywordRule, ...]:
    """Return the shop's knowledge base, its product entries gathered by what they answer."""
    found: list[KeywordRule] = []
    groups: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in data.rows("knowledge"):
        groups[row["keywords"].partition(";")[2] if row["product_id"] else row["entry_id"]].append(
            row
        )
    for rows in groups.values():
        first = rows[0]
        words = first["keywords"].split(";")
        products: list[tuple[str, str, str]] = []
        if first["product_id"]:
            products = [(r["keywords"].split(";")[0], r["entry_id"], r["answer"]) for r in rows]
            words = words[1:]
        answer = WHICH if products else first["answer"]
        found.append(KeywordRule(tuple(words), first["topic"], answer, source=first["entry_id"],
                          kind=first["kind"], question=first["question"],
                          products=tuple(products)))  # fmt: skip
    return tuple(found)


@dataclass(frozen=True)
class Hit:
    """A keyword found in a normalised text, from ``start`` to ``end``; ``quality`` 1 is exact."""

    start: int
    end: int
    word: str
    kind: str = "关键词"
    quality: float = 1.0

    def overlaps(self, other: Hit) -> bool:
        """Tell whether both claim a character."""
        return self.start < other.end and other.start < self.end


def risky(text: str) -> str:
    """Return the first risk word of a message that is meant, or nothing.

    `HARMLESS` words are passed over, and complaints that are denied in the same clause, unless a
    word after it takes that back. Harm to a person counts in any case: one call too many costs less.

    >>> risky("律师袍有货吗"), risky("我不想投诉，就问几天到"), risky("不想投诉，但别逼我")
    ('', '', '投诉')
    """
    plain = normal(text)
    for word in HARMLESS:
        plain = plain.replace(word, " ")
    said = (word for word in RISKS if word in plain)
    return next((word for word in said if plain.count(word) > _denials(text, word)), "")


def _denials(text: str, word: str) -> int:
    """Return how often a message denies a risk word: 不投诉; but not 要不要投诉, 不得不投诉, 要不投诉吧."""
    if TURNED.search(normal(text)):
        return 0
    found = (one for part in BREATH.split(text) for one in DENIED.finditer(normal(part)))
    return sum(
        one[0].endswith(word) and one["ahead"] not in (set("得能可是要再还何") | set(one["no"]))
        for one in found
    )


def escalated(reply: Reply, text: str) -> Reply:
    """Return a reply as it leaves: a message with a risk word goes to a person."""
    word = risky(text)
    if not word:
        return reply
    clue = Clue("风险词", word, "转人工", 1.0, reply.topic)
    return replace(reply, text=RISK, source="", handoff=True, why=(clue, *reply.why))


class KeywordBot:
    """First generation: the one rule whose keyword is in the message, letter by letter.

    Higher priority wins, then the longest keyword, then the earlier; a shorter keyword inside a
    longer one is not counted. It cannot hear 不: “不要发票” is answered like 发票.
    """

    def __init__(self, rules: Iterable[KeywordRule]) -> None:
        self.rules = tuple(rules)
        self.words: defaultdict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(self.rules):
            for word in rule.words:
                self.words[normal(word)].append(number)
        self.lengths = sorted({len(word) for word in self.words})

    def found(self, text: str) -> Iterator[Hit]:
        """Yield every keyword in a normalised text."""
        for start in range(len(text)):
            for length in self.lengths:
                word = text[start : start + length]
                if len(word) == length and word in self.words:
                    yield Hit(start, start + length, word)

    def hits(self, text: str) -> list[Hit]:
        """Return the hits that count, in order: where two overlap, the better or longer."""
        kept: list[Hit] = []
        for hit in sorted(self.found(text), key=self._rank, reverse=True):
            if not any(hit.overlaps(other) for other in kept):
                kept.append(hit)
        return sorted(kept, key=lambda hit: hit.start)

    def _priority(self, hit: Hit) -> int:
        return max(self.rules[number].priority for number in self.words[hit.word])

    def _rank(self, hit: Hit) -> tuple[float, ...]:
        return self._priority(hit), hit.quality * len(hit.word), hit.quality, -hit.start

    def _strength(self, hits: Sequence[Hit]) -> tuple[float, ...]:
        """Return how strongly hits speak for their rule: here by the best one alone."""
        best = max(hits, key=self._rank)
        return (*self._rank(best)[1:], sum(len(hit.word) for hit in hits))

    def reply(self, text: str) -> Reply:
        """Return the answer of the winning rule; without any keyword a person takes over."""
        plain = normal(text)
        claims: defaultdict[int, list[Hit]] = defaultdict(list)
        for hit in self.hits(plain):
            for number in self.words[hit.word]:
                claims[number].append(hit)
        if not claims:
            return escalated(Reply(LOST, "", 0.0, "", True, margin=0.0), text)

        def strength(number: int) -> tuple[float, ...]:
            return self.rules[number].priority, *self._strength(claims[number]), -number

        order = sorted(claims, key=strength, reverse=True)
        rule, used = self.rules[order[0]], claims[order[0]]
        others = [
            self.rules[number].topic
            for number in order[1:]
            if not any(hit in used for hit in claims[number])
        ]
        answer, entry = rule.say(plain)
        clues = (
            Clue(hit.kind, plain[hit.start : hit.end], hit.word, hit.quality, self.rules[n].topic)
            for n in order
            for hit in claims[n]
        )
        why = tuple(dict.fromkeys(clues))
        also = tuple(dict.fromkeys(topic for topic in others if topic != rule.topic))
        score = max(hit.quality for hit in used)
        person = "转人工" in rule.words
        return escalated(Reply(answer, rule.topic, score, entry, person, why, also=also), text)


class FuzzyBot(KeywordBot):
    """Second generation: the keyword may be said otherwise, misheard or mistyped.

    Exact keywords count 1, synonyms .9, homophones .8, slips (two characters swapped, one left
    out or wrong in a keyword of four or more) .6, each times its length; all hits of a rule add up.
    """

    SYNONYM, HOMOPHONE, SLIP = 0.9, 0.8, 0.6

    def __init__(self, rules: Iterable[KeywordRule], said: Mapping[str, str]) -> None:
        super().__init__(rules)
        self.said = {s: normal(meant) for s, meant in said.items() if normal(meant) in self.words}
        self.heard: dict[tuple[str, ...], str] = {}
        self.typed: dict[str, str] = {}
        for word in self.words:
            if len(word) > 1:
                self.heard.setdefault(sounds(word), word)
            for slip in slips(word):
                self.typed.setdefault(slip, word)
        self.reach = sorted({*self.lengths, *map(len, self.said), *map(len, self.typed)})

    def found(self, text: str) -> Iterator[Hit]:
        """Yield every keyword in a normalised text, and what may be meant for one."""
        yield from super().found(text)
        heard = sounds(text)
        for start in range(len(text)):
            for length in self.reach:
                end = start + length
                part = text[start:end]
                if end > len(text) or part in self.words:
                    continue
                if part in self.said:
                    yield Hit(start, end, self.said[part], "同义", self.SYNONYM)
                elif heard[start:end] in self.heard:
                    yield Hit(start, end, self.heard[heard[start:end]], "同音", self.HOMOPHONE)
                elif part in self.typed:
                    yield Hit(start, end, self.typed[part], "错字", self.SLIP)
                elif length > 3:
                    for gap in range(length):
                        wild = f"{part[:gap]}?{part[gap + 1 :]}"
                        if wild in self.typed:
                            yield Hit(start, end, self.typed[wild], "错字", self.SLIP)

    def _rank(self, hit: Hit) -> tuple[float, ...]:
        return self._priority(hit), hit.quality * (hit.end - hit.start), hit.quality, -hit.start

    def _strength(self, hits: Sequence[Hit]) -> tuple[float, ...]:
        return (sum(hit.quality * (hit.end - hit.start) for hit in hits), -hits[0].start)


def slips(word: str) -> set[str]:
    """Return what a slip makes of a keyword; ``?`` stands for any one wrong character.

    >>> sorted(slips("运费险"))
    ['费运险', '运险费']
    >>> len(slips("退货地址"))
    11
    """
    swapped = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}
    if len(word) < 3:
        return set()
    if len(word) > 3:
        swapped |= {word[:n] + word[n + 1 :] for n in range(len(word))}
        swapped |= {f"{word[:n]}?{word[n + 1 :]}" for n in range(len(word))}
    return swapped - {word}


@dataclass(frozen=True)
class Asked:
    """A question asked before, its topic, and the rule that answers it (empty: a gap)."""

    text: str
    topic: str
    source: str


def _rule_of() -> Mapping[str, str]:
    """Return of each entry the rule that holds it."""
    return {
        entry: rule.source
        for rule in shop_rules()
        for entry in (rule.source, *(product[1] for product in rule.products))
    }


@data.cached
def shop_questions() -> tuple[Asked, ...]:
    """Return the shop's training questions, each cut to its main clause."""
    rules = _rule_of()
    return tuple(
        Asked(clauses(row["text"])[0], row["topic"], rules.get(row["entry_id"], ""))
        for row in data.rows("questions")
        if row["split"] == "训练"
    )


@data.cached
def first_questions() -> tuple[Asked, ...]:
    """Return first messages as buyers write them, in shops of four trades: ``first_questions.csv``, derived.

    The bots learn them beside the shop's own questions. ``topic`` is empty where nobody could say what is
    meant (这个呢), ``source`` where the base has no answer: of those a person knows more.
    """
    rules = _rule_of()
    with (HERE / "first_questions.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Asked(row["text"], row["topic"], rules.get(row["entry_id"], ""))
            for row in csv.DictReader(file)
        )


@data.cached
def learnt() -> tuple[Asked, ...]:
    """Return what the last two bots have been asked before: the shop's own questions, and first messages."""
    return *shop_questions(), *(one for one in first_questions() if one.topic)


COMMON = 0.1
"""An n-gram that more of the questions have says nothing."""


@data.cached
def _index() -> Nearest:
    """Return the index of the learnt questions, which is most of what makes a bot ready: once for both."""
    return Nearest([one.text for one in learnt()], COMMON)


def unsure(score: float, margin: float, threshold: float, ambiguity: float) -> bool:
    """Tell whether a person should take over: too unlike anything known, or two topics too close."""
    return score < threshold or margin < ambiguity


@dataclass(frozen=True)
class Judged:
    """What a bot makes of one clause: each topic's share, how sure it is, why.

    The shares sum to 1, less what the bot leaves for a message that nobody could understand.
    ``near`` are the nearest questions asked before with their cosines, the nearest first.
    """

    shares: Mapping[str, float]
    score: float
    why: tuple[Clue, ...]
    near: tuple[tuple[float, Asked], ...]

    @property
    def topic(self) -> str:
        """The topic with the largest share."""
        return max(self.shares, key=lambda topic: self.shares[topic])

    @property
    def margin(self) -> float:
        """By how much the largest share leads the second."""
        first, second = nlargest(2, self.shares.values())
        return first - second


class WeightedBot:
    """Third generation: the questions asked before that are nearest to this one decide.

    Every clause is a vector of characters and pairs of them, weighted by TF-IDF: what is rare
    counts much, what is in more than ``common`` of all questions not at all. The ``nearest``
    questions by cosine vote with its square. Below ``threshold`` (cosine of the nearest) or
    ``ambiguity`` (lead of the first topic's share of the votes over the second's) a person takes
    over. ``texts`` is the index of the questions where another bot has made it already.
    """

    def __init__(
        self,
        rules: Iterable[KeywordRule],
        asked: Iterable[Asked],
        *,
        threshold: float = 0.3,
        ambiguity: float = 0.1,
        nearest: int = 20,
        common: float = COMMON,
        texts: Nearest | None = None,
    ) -> None:
        self.rules = {rule.source: rule for rule in rules}
        self.asked = tuple(asked)
        self.threshold, self.ambiguity, self.nearest = threshold, ambiguity, nearest
        self.texts = texts or Nearest([one.text for one in self.asked], common)

    def similar(self, weights: Mapping[str, float]) -> tuple[tuple[float, Asked], ...]:
        """Return the nearest questions to a vector with their cosines, the nearest first."""
        near = self.texts.similar(weights, self.nearest)
        return tuple((cosine, self.asked[n]) for cosine, n in near)

    def judge(self, clause: str) -> Judged | None:
        """Return what the bot makes of one clause; nothing where it knows none of its words."""
        weights = self.texts.weights(clause)
        near = self.similar(weights)
        if not near:
            return None
        votes: defaultdict[str, float] = defaultdict(float)
        for cosine, one in near:
            votes[one.topic] += cosine**2
        total = sum(votes.values())
        shares = {topic: votes[topic] / total for topic in TOPICS}
        why = [Clue("词权重", gram, gram, weight, "")
               for gram, weight in nlargest(4, weights.items(), key=lambda one: one[1])]  # fmt: skip
        return Judged(shares, near[0][0], (*why, *alike(near)), near)

    def reply(self, text: str) -> Reply:
        """Return the answer to the main clause, or hand over; topics of the others are in ``also``.

        The main clause is the first that is more than a greeting.
        """
        judged = [(part, found) for part in clauses(text)[:4] if (found := self.judge(part))]
        if not judged:
            return escalated(Reply(LOST, "", 0.0, "", True, margin=0.0), text)
        greeting = len(normal(judged[0][0])) <= 4 and judged[0][1].topic == TOPICS[0]
        main = judged[1][1] if greeting and len(judged) > 1 else judged[0][1]
        topic = main.topic
        votes: defaultdict[str, float] = defaultdict(float)
        for cosine, one in main.near:
            if one.topic == topic:
                votes[one.source] += cosine**2
        rule = self.rules.get(max(votes, key=lambda key: votes[key], default=""))
        said, entry = rule.say(normal(text)) if rule else (UNTAUGHT, "")
        person = rule is None or "转人工" in rule.words
        if unsure(main.score, main.margin, self.threshold, self.ambiguity):
            said, entry, person = LOST, "", True
        also = tuple(dict.fromkeys(j.topic for _, j in judged if j.topic != topic))
        reply = Reply(said, topic, main.score, entry, person, main.why, main.margin, also)
        return escalated(reply, text)


def alike(near: Sequence[tuple[float, Asked]]) -> list[Clue]:
    """Return the three nearest questions as clues."""
    return [Clue("相似问句", one.text, one.source, cosine, one.topic) for cosine, one in near[:3]]


@dataclass(frozen=True)
class Network:
    """A trained network: n-grams in, one hidden layer, shares of the six topics out, and of none of them.

    ``idf`` and ``rows`` are by n-gram: its weight, and what it adds to each hidden unit.
    """

    idf: Mapping[str, float]
    rows: Mapping[str, tuple[float, ...]]
    hidden_bias: tuple[float, ...]
    out: tuple[tuple[float, ...], ...]
    out_bias: tuple[float, ...]
    topics: tuple[str, ...]

    @classmethod
    def read(cls, path: Path) -> Network:
        """Return the network in a JSON file."""
        return cls.unpacked(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def unpacked(cls, stored: Mapping[str, Any]) -> Network:
        """Return the network of stored parts, whose weights are bytes with one scale a unit."""
        units, scales = len(stored["hidden_bias"]), stored["scales"]
        signed = memoryview(base64.b85decode(stored["weights"])).cast("b")
        names = stored["grams"].split(" ")
        rows = {
            gram: tuple(map(mul, signed[n * units : (n + 1) * units], scales))
            for n, gram in enumerate(names)
        }
        total = 1 + stored["questions"]
        idf = {g: log(total / (1 + n)) + 1 for g, n in zip(names, stored["among"], strict=True)}
        return cls(idf, rows, tuple(stored["hidden_bias"]), tuple(map(tuple, stored["out"])),
                   tuple(stored["out_bias"]), tuple(stored["topics"]))  # fmt: skip

    def hidden(self, inputs: Mapping[str, float]) -> list[float]:
        """Return the weighted sums that reach the hidden units."""
        sums = list(self.hidden_bias)
        for gram, weight in inputs.items():
            sums = [s + weight * value for s, value in zip(sums, self.rows[gram], strict=True)]
        return sums

    def shares(self, sums: Sequence[float]) -> dict[str, float]:
        """Return each topic's probability: positive sums pass on, then softmax."""
        ends = list(self.out_bias)
        for unit, row in zip(sums, self.out, strict=True):
            if unit > 0:
                ends = [end + unit * value for end, value in zip(ends, row, strict=True)]
        most = max(ends)
        powers = [exp(end - most) for end in ends]
        total = sum(powers)
        return {t: power / total for t, power in zip(self.topics, powers, strict=True)}


class NeuralBot(WeightedBot):
    """Fourth generation: a network says what is meant, the nearest question of that topic answers.

    ``threshold`` and ``ambiguity`` are of the network's probabilities. What the network leaves for a message
    without a topic (its topic is empty) makes it less sure of every topic, and no answer.
    """

    def __init__(
        self,
        rules: Iterable[KeywordRule],
        asked: Iterable[Asked],
        network: Network,
        *,
        threshold: float = 0.5,
        ambiguity: float = 0.1,
        texts: Nearest | None = None,
    ) -> None:
        super().__init__(rules, asked, threshold=threshold, ambiguity=ambiguity, texts=texts)
        self.network = network

    def judge(self, clause: str) -> Judged | None:
        """Return the network's probabilities; a clue is how much less sure it is without a word."""
        counts = Counter(grams(normal(clause)))
        inputs = vector(counts, self.network.idf)
        if not inputs:
            return None
        sums = self.network.hidden(inputs)
        every = self.network.shares(sums)
        shares = {topic: every[topic] for topic in TOPICS if topic in every}
        top = max(shares, key=lambda topic: shares[topic])
        drops = []
        for gram, weight in inputs.items():
            rest = [s - weight * v for s, v in zip(sums, self.network.rows[gram], strict=True)]
            drops.append((shares[top] - self.network.shares(rest)[top], gram))
        why = [Clue("特征", gram, gram, drop, top) for drop, gram in nlargest(4, drops) if drop > 0]
        why += [Clue("概率", topic, topic, share, topic)
                for topic, share in nlargest(2, shares.items(), key=lambda one: one[1])]  # fmt: skip
        near = self.similar(vector(counts, self.texts.idf))
        near = tuple(pair for pair in near if pair[1].topic == top)
        return Judged(shares, shares[top], (*why, *alike(near[:2])), near)


@data.cached
def shop_bot(generation: Generation) -> KeywordBot | WeightedBot:
    """Return the shop's bot of one generation, ready to reply; the same one every time.

    Raises ``ValueError`` for another name.

    >>> shop_bot("keyword").reply("包邮吗").topic
    '物流问题'
    """
    if generation == "keyword":
        return KeywordBot(shop_rules())
    if generation == "fuzzy":
        return FuzzyBot(shop_rules(), synonyms())
    if generation == "weighted":
        return WeightedBot(shop_rules(), learnt(), texts=_index())
    if generation == "neural":
        network = Network.read(HERE / "network.json")
        return NeuralBot(shop_rules(), learnt(), network, texts=_index())
    raise ValueError(
        expected(
            "generation", f"one of {(*GENERATIONS,)}", f"以下之一：{(*GENERATIONS,)}", generation
        )
    )
