"""The cases behind the explorers of chapter 13; `make lists` adds them up into tables."""

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

from kefu.intelligence.bots import GENERATIONS, WeightedBot, shop_questions
from kefu.intelligence.evaluation import at, held_out, questions, stored
from kefu.language import normal

GATES = {"weighted": (0.3, 0.1), "neural": (0.5, 0.1)}


def answered() -> pd.DataFrame:
    """Return what each generation made of each test question, at the gates that it comes with."""
    return pd.DataFrame([
        (name, p.question.style, p.question.topic, p.topic or "没认出", p.right, p.disposition)
        for generation, name in GENERATIONS.items()
        for p in at(stored()[generation], *GATES.get(generation, (0, 0))).predictions
    ], columns=["bot", "style", "topic", "said", "right", "ended"])  # fmt: skip


def marks() -> pd.DataFrame:
    """Return whether each answer's topic was right, at no gate, and how it ended at its own."""
    found = answered()
    return found[["bot", "style", "topic", "right"]].assign(
        told=found.ended == "答对", wrong=found.ended == "答错", passed=found.ended == "转人工"
    )


def mixed() -> pd.DataFrame:
    """Return the topic meant and the topic said."""
    return answered().rename(columns={"topic": "meant"})[["bot", "meant", "said"]]


def ways() -> pd.DataFrame:
    """Return for each training question, while its family is held out, whether each way got its topic."""
    rows = []
    for learn, back in held_out():
        for way, judge in (("逐句比", one_by_one), ("并成一篇比", by_page)):
            for place, topic in zip(back, judge(learn, back), strict=True):
                one = questions("训练")[place]
                rows.append((way, one.style, one.topic, topic == one.topic))
    return pd.DataFrame(rows, columns=["way", "style", "topic", "right"])


def one_by_one(learn: list[int], back: list[int]) -> list[str]:
    """Return the topics for which the twenty nearest of the questions learnt vote."""
    every = shop_questions()
    bot = WeightedBot((), [every[n] for n in learn])
    judged = [bot.judge(every[n].text) for n in back]
    return [one.topic if one else "" for one in judged]


def by_page(learn: list[int], back: list[int]) -> list[str]:
    """Return the topics of the nearest pages, where all questions of one answer make up a page."""
    every, pages = shop_questions(), dict[tuple[str, str], str]()
    for n in learn:
        key = every[n].topic, every[n].source
        pages[key] = f"{pages.get(key, '')} {normal(every[n].text)}"
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
    book = words.fit_transform(pages.values())
    asked = words.transform([normal(every[n].text) for n in back])
    best = (asked @ book.T).toarray().argmax(axis=1)
    return [list(pages)[place][0] for place in best]
