"""Train the network of the fourth bot and judge all four: ``python -m datasets.train_bot``.

Reads the training questions only and first messages as buyers write them (`datasets.first`, whose file it
writes), writes ``network.json``; then lets the four bots answer the test
questions and writes what each made of them to ``predictions.csv``, which the chapter's demos draw, and
mistakes that they make in a rehearsal on training questions to ``rehearsal.csv``, which may be shown.
Same data and versions, same files.
"""

from __future__ import annotations

import base64
import csv
import json
import random
import warnings
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from datasets import first
from kefu import data
from kefu.intelligence.bots import (
    Asked,
    Bot,
    Network,
    NeuralBot,
    WeightedBot,
    first_questions,
    shop_bot,
    shop_questions,
    shop_rules,
)
from kefu.intelligence.evaluation import Prediction, evaluate, predicted, questions
from kefu.intelligence.language import HERE, readings, sounds
from kefu.language import grams, normal

UNITS = 16  # hidden; more fit the training questions better and new ways of asking no better
EPOCHS, DECAY, RATE = 20, 0.1, 2e-3
"""Chosen on the half 调试 of the everyday questions: about as right, and closer to as right as it is sure."""
LEAST = 2  # questions that must hold an n-gram
SEED = 88
SHOWN = 16  # mistakes of each tenth of sureness that are kept of the rehearsal


def slipped(text: str, rng: random.Random, homophones: dict[str, list[str]]) -> str:
    """Return a text with some characters misheard or left out, as customers type."""
    typed = []
    for character in text:
        chance = rng.random()
        if chance < 0.06:
            continue
        alike = homophones.get(sounds(character)[0], [character])
        typed.append(rng.choice(alike) if chance < 0.18 else character)
    return "".join(typed) or text


def vectors(texts: Sequence[str], idf: dict[str, float]) -> csr_matrix:
    """Return the TF-IDF vectors of texts, each of length 1, one a row."""
    place = {gram: n for n, gram in enumerate(idf)}
    rows, columns, values = [], [], []
    for number, text in enumerate(texts):
        counts = Counter(gram for gram in grams(text) if gram in idf)
        weights = np.array([(1 + log(n)) * idf[gram] for gram, n in counts.items()])
        rows += [number] * len(counts)
        columns += [place[gram] for gram in counts]
        values += list(weights / (np.linalg.norm(weights) or 1.0))
    return csr_matrix((values, (rows, columns)), shape=(len(texts), len(idf)))


def train(asked: Sequence[Asked]) -> dict[str, Any]:
    """Return the network trained on questions and on a slipped copy of each, ready for JSON."""
    texts = [normal(one.text) for one in asked]
    among = Counter(gram for text in texts for gram in set(grams(text)))
    names = sorted(gram for gram, n in among.items() if n >= LEAST)
    idf = {gram: log((1 + len(texts)) / (1 + among[gram])) + 1 for gram in names}
    homophones = defaultdict(list)
    for character in sorted(set("".join(texts)) & set(readings())):
        homophones[sounds(character)[0]].append(character)
    rng = random.Random(SEED)
    copies = [slipped(text, rng, homophones) for text in texts]
    model = MLPClassifier((UNITS,), alpha=DECAY, learning_rate_init=RATE, max_iter=EPOCHS,
                          random_state=SEED)  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it stops early on purpose
        model.fit(vectors(texts + copies, idf), [one.topic for one in asked] * 2)
    first, last = model.coefs_
    scales = np.abs(first).max(axis=0) / 127
    return {
        "topics": list(model.classes_),
        "hidden_bias": [round(float(value), 4) for value in model.intercepts_[0]],
        "out_bias": [round(float(value), 4) for value in model.intercepts_[1]],
        "out": [[round(float(value), 4) for value in row] for row in last],
        "scales": [round(float(value), 8) for value in scales],
        "questions": len(texts),
        "among": [among[gram] for gram in names],
        "grams": " ".join(names),
        "weights": base64.b85encode(np.rint(first / scales).astype("int8").tobytes()).decode(),
    }


def rehearsed() -> dict[str, list[Prediction]]:
    """Return mistakes of each bot on training questions whose families it has not read.

    Every fifth family is kept back; of the mistakes at least so sure, some of each tenth stay.
    """
    rows = [row for row in data.rows("questions") if row["split"] == "训练"]
    families = sorted({row["family"] for row in rows})
    back = set(families[::5])
    held = [row["family"] in back for row in rows]
    rest = [one for one, out in zip(shop_questions(), held, strict=True) if not out]
    network = Network.unpacked(train([*rest, *first_questions()]))
    rest += [one for one in first_questions() if one.topic]
    bots: dict[str, Bot] = {
        "keyword": shop_bot("keyword"),
        "fuzzy": shop_bot("fuzzy"),
        "weighted": WeightedBot(shop_rules(), rest),
        "neural": NeuralBot(shop_rules(), rest, network),
    }
    asked = [one for one, out in zip(questions("训练"), held, strict=True) if out]
    found: dict[str, list[Prediction]] = {}
    for generation, bot in bots.items():
        tenths: defaultdict[int, list[Prediction]] = defaultdict(list)
        for one in evaluate(bot, asked).predictions:
            if one.topic and not one.right:
                tenths[int(one.score * 10)].append(one)
        found[generation] = [
            one for _, part in sorted(tenths.items()) for one in part[:: -(-len(part) // SHOWN)]
        ]
    return found


def write(path: Path, judged: Mapping[str, Sequence[Prediction]]) -> None:
    """Write what each bot made of questions, a row a question, shares to three places."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("generation", "question_id", "topic", "score", "margin"))
        for generation, found in judged.items():
            for p in found:
                told = (p.question.question_id, p.topic, round(p.score, 3), round(p.margin, 3))
                writer.writerow((generation, *told))


def main(folder: Path = HERE) -> None:
    """Write the four files and say how large they are."""
    first.main(folder / "first_questions.csv")
    data.forget()
    network = folder / "network.json"
    asked = [*shop_questions(), *first_questions()]
    text = json.dumps(train(asked), ensure_ascii=False, separators=(",", ":"))
    network.write_text(text + "\n", encoding="utf-8")
    data.forget()  # a bot of the former network
    judged = predicted()
    write(folder / "predictions.csv", judged)
    write(folder / "rehearsal.csv", rehearsed())
    answered = sum(map(len, judged.values()))
    print(f"kefu: network.json: {network.stat().st_size / 1000:.0f} kB, {answered} predictions")


if __name__ == "__main__":
    main()
