import csv
from collections import Counter, defaultdict
from datetime import date
from math import log, sqrt
from pathlib import Path

import pytest

from datasets.words.knowledge import (
    GAPS,
    LINKS,
    NEAR,
    TOPICS,
    entries,
    families,
    intents,
    normal,
    questions,
    trigrams,
)
from datasets.words.phrase import load

Row = dict[str, str]
TRAIN, TEST = "训练", "测试"


@pytest.fixture(scope="module")
def asked() -> list[Row]:
    return questions(88)


def of(asked: list[Row], split: str) -> list[Row]:
    return [row for row in asked if row["split"] == split]


def macro_f1(truth: list[str], told: list[str]) -> float:
    """Return the mean of the topics' F1: 2 × right / (said + true)."""
    right = Counter(a for a, b in zip(truth, told, strict=True) if a == b)
    said, true = Counter(told), Counter(truth)
    return sum(2 * right[t] / (said[t] + true[t]) for t in TOPICS) / len(TOPICS)


def test_the_base_covers_all_topics_and_kinds() -> None:
    base = entries()
    assert len(base) >= 300
    assert len({row["entry_id"] for row in base}) == len(base)
    assert {row["topic"] for row in base} == set(TOPICS)
    assert {row["kind"] for row in base} == {"店铺", "商品", "关键词"}
    for row in base:
        assert row["question"]
        assert row["answer"]
        assert row["keywords"]
        assert str(row["answer"])[-1] in "。～？"
        assert not set("[]{}|") & set(f"{row['question']}{row['answer']}")
        assert bool(row["product_id"]) == (row["kind"] == "商品")
        assert date.fromisoformat(str(row["updated_on"])) < date.fromisoformat(
            str(row["review_by"])
        )


def test_the_base_knows_every_product_by_its_title() -> None:
    for product_id, product in load("products").items():
        own = [row for row in entries() if row["product_id"] == product_id]
        assert len(own) >= 5
        assert all(product["title"] in str(row["answer"]) for row in own)


def test_few_entries_get_most_hits() -> None:
    hits = sorted((int(str(row["hits"])) for row in entries()), reverse=True)
    assert sum(hits[:60]) > 0.6 * sum(hits)


def test_answers_agree_with_the_tariffs() -> None:
    path = Path(__file__).parents[2] / "datasets" / "tariffs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["carrier"] == "青鸟快递"]
    answer = next(intent.answer for intent in intents() if intent.name == "运费包邮")
    for row in rows:
        if row["zone"] != "偏远":
            assert f"{row['zone']}{float(row['first_fee']):g}元起" in answer
    assert "满88元包邮" in answer
    assert "新疆、西藏和港澳台不参加" in answer


def test_there_are_enough_questions_and_no_two_are_the_same(asked: list[Row]) -> None:
    assert len(asked) >= 3000
    assert len({row["question_id"] for row in asked}) == len(asked)
    assert len({normal(row["text"]) for row in asked}) == len(asked)


def test_no_family_is_in_both_splits(asked: list[Row]) -> None:
    where: defaultdict[str, set[str]] = defaultdict(set)
    for row in asked:
        where[row["family"]].add(row["split"])
    assert all(len(splits) == 1 for splits in where.values())
    share = sum(splits == {TEST} for splits in where.values()) / len(where)
    assert 0.25 < share < 0.35


def test_both_splits_cover_every_topic_and_style(asked: list[Row]) -> None:
    for split in (TRAIN, TEST):
        found = {(row["topic"], row["style"]) for row in of(asked, split)}
        assert found == {(t, s) for t in TOPICS for s in ("直说", "错字", "改写", "多意图")}
        for topic in TOPICS:
            own = {row["family"] for row in of(asked, split) if row["topic"] == topic}
            assert len(own) >= 12


@pytest.mark.parametrize("seed", [88, 1])
def test_no_test_question_is_near_a_training_question(seed: int) -> None:
    asked = questions(seed)
    where: defaultdict[str, set[int]] = defaultdict(set)
    training = [trigrams(row["text"]) for row in of(asked, TRAIN)]
    for number, grams in enumerate(training):
        for gram in grams:
            where[gram].add(number)
    for row in of(asked, TEST):
        own = trigrams(row["text"])
        for number in set().union(*(where[gram] for gram in own)):
            other = training[number]
            assert len(own & other) / len(own | other) < NEAR, row["text"]


def test_a_question_has_the_entry_of_its_topic_unless_the_base_lacks_one(asked: list[Row]) -> None:
    topics = {row["entry_id"]: row["topic"] for row in entries()}
    for row in asked:
        name = row["family"].rpartition("-")[0]
        if name in GAPS:
            assert row["entry_id"] == ""
            assert row["topic"] == GAPS[name]
        else:
            assert topics[row["entry_id"]] == row["topic"]


def test_a_question_about_a_product_names_it(asked: list[Row]) -> None:
    base = {str(row["entry_id"]): str(row["product_id"]) for row in entries()}
    nouns = {product_id: row["noun"] for product_id, row in load("products").items()}
    about = [row for row in asked if row["style"] != "错字" and base.get(row["entry_id"])]
    assert len(about) > 300
    assert all(nouns[base[row["entry_id"]]] in row["text"] for row in about)


def test_only_a_mixed_question_has_a_second_topic(asked: list[Row]) -> None:
    for row in asked:
        assert bool(row["second_topic"]) == (row["style"] == "多意图")
        assert row["second_topic"] != row["topic"]


def test_the_aside_of_a_test_question_is_not_one_of_training(asked: list[Row]) -> None:
    def aside(row: Row) -> str:
        return normal(max((row["text"].partition(link)[2] for link in LINKS), key=len))

    training = {normal(row["text"]) for row in of(asked, TRAIN)}
    training |= {aside(row) for row in of(asked, TRAIN) if row["second_topic"]}
    tests = [aside(row) for row in of(asked, TEST) if row["second_topic"]]
    assert len(tests) > 100
    assert not training & set(tests)


def test_gaps_are_asked_about_in_both_splits_and_all_topics(asked: list[Row]) -> None:
    assert len(GAPS) >= 10
    assert set(GAPS.values()) == set(TOPICS)
    for split in (TRAIN, TEST):
        own = {row["family"].rpartition("-")[0] for row in of(asked, split) if not row["entry_id"]}
        assert own == set(GAPS)


def test_the_same_seed_gives_the_same_questions(asked: list[Row]) -> None:
    assert questions(88) == asked
    assert questions(89) != asked
    assert {family.name for family in families()} >= {row["family"] for row in asked}


def test_keywords_find_some_topics_and_weighted_characters_most(asked: list[Row]) -> None:
    nouns = {row["noun"] for row in load("products").values()}
    words = [(w, str(r["topic"])) for r in entries() for w in str(r["keywords"]).split(";")]
    words = sorted(((w, t) for w, t in words if w not in nouns), key=lambda one: -len(one[0]))
    tests = of(asked, TEST)
    truth = [row["topic"] for row in tests]
    plain = [next((t for w, t in words if w in row["text"]), "聊天互动") for row in tests]

    def grams(text: str) -> Counter[str]:
        return Counter([*text, *(text[n : n + 2] for n in range(len(text) - 1))])

    documents: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in of(asked, TRAIN):
        documents[row["topic"], row["family"].rpartition("-")[0]] += grams(row["text"])
    spread = Counter(gram for counts in documents.values() for gram in counts)
    weight = {gram: log(len(documents) / n) for gram, n in spread.items()}
    index: defaultdict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for key, counts in documents.items():
        own = {gram: (1 + log(n)) * weight[gram] for gram, n in counts.items()}
        length = sqrt(sum(value * value for value in own.values()))
        for gram, value in own.items():
            index[gram][key] = value / length

    def weighted(text: str) -> str:
        scores: Counter[tuple[str, str]] = Counter()
        for gram in grams(text):
            for key, value in index.get(gram, {}).items():
                scores[key] += weight[gram] * value  # type: ignore[assignment]
        return max(scores, key=lambda key: scores[key])[0]

    assert 0.5 < macro_f1(truth, plain) < 0.7
    assert macro_f1(truth, [weighted(row["text"]) for row in tests]) > 0.8
