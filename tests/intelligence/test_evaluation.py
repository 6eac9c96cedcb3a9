from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from kefu import data
from kefu.intelligence.bots import (
    GENERATIONS,
    TOPICS,
    KeywordBot,
    KeywordRule,
    WeightedBot,
    first_questions,
    shop_bot,
    shop_questions,
    shop_rules,
)
from kefu.intelligence.evaluation import (
    STYLES,
    LabelledQuestion,
    Paired,
    Prediction,
    Report,
    at,
    conflicts,
    evaluate,
    held_out,
    paired,
    questions,
    read_rules,
    rehearsed,
    stored,
    write_rules,
)
from kefu.stats import sign_test

TARGETS = {"keyword": 0.55, "fuzzy": 0.55, "weighted": 0.80, "neural": 0.85}


def prediction(meant: str, said: str, *, score: float = 1.0, handoff: bool = False) -> Prediction:
    return Prediction(LabelledQuestion("Q", "问", meant, "直说"), said, score, 1.0, handoff)


# The four bots on the held-out families: the figures that the chapter prints


@pytest.mark.parametrize("generation", GENERATIONS)
def test_each_generation_reaches_its_target_on_unseen_families(generation: str) -> None:
    assert Report(stored()[generation]).macro_f1 >= TARGETS[generation]


@pytest.mark.parametrize("style", ["错字", "改写", "多意图"])
def test_each_generation_beats_the_one_before_on_every_hard_style(style: str) -> None:
    rates = [Report(stored()[generation]).of(style).accuracy for generation in GENERATIONS]
    assert all(before < after for before, after in pairwise(rates)), rates


def test_the_rehearsal_holds_mistakes_on_training_questions_whose_families_were_not_read() -> None:
    rows = [row for row in data.rows("questions") if row["split"] == "训练"]
    back = set(sorted({row["family"] for row in rows})[::5])
    rest = [
        one for one, row in zip(shop_questions(), rows, strict=True) if row["family"] not in back
    ]
    rest += [one for one in first_questions() if one.topic]
    family = {row["question_id"]: row["family"] for row in rows}
    bots = {"keyword": shop_bot("keyword"), "fuzzy": shop_bot("fuzzy"),
            "weighted": WeightedBot(shop_rules(), rest)}  # fmt: skip
    for generation, found in rehearsed().items():
        assert len(found) >= 10
        assert all(family[p.question.question_id] in back and not p.right for p in found)
        for p in found[::5] if generation in bots else ():
            reply = bots[generation].reply(p.question.text)
            assert (reply.topic, reply.score) == (p.topic, pytest.approx(p.score, abs=0.001))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_stored_predictions_are_what_the_bot_says_today(generation: Any) -> None:
    asked = questions("测试")
    assert [v.question for v in stored()[generation]] == list(asked)
    fresh = evaluate(shop_bot(generation), asked[::5]).predictions
    for old, new in zip(stored()[generation][::5], fresh, strict=True):
        assert (old.question, old.topic) == (new.question, new.topic)
        assert old.score == pytest.approx(new.score, abs=0.001)
        assert old.margin == pytest.approx(new.margin, abs=0.001)


def test_no_test_question_was_trained_on() -> None:
    trained, tested = ({q.text for q in questions(split)} for split in ("训练", "测试"))
    assert not trained & tested


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="split"):
        questions("验证")  # type: ignore[arg-type]


# Figures, against scikit-learn

pairs = st.lists(st.tuples(st.sampled_from(TOPICS), st.sampled_from([*TOPICS, ""])), min_size=1)


@given(pairs)
def test_figures_are_those_of_a_kept_library(told: list[tuple[str, str]]) -> None:
    report = Report(tuple(prediction(meant, said) for meant, said in told))
    meant, said = zip(*told, strict=True)
    macro = f1_score(meant, said, labels=list(TOPICS), average="macro", zero_division=0)
    assert report.macro_f1 == pytest.approx(macro)
    assert report.accuracy == pytest.approx(accuracy_score(meant, said))
    table = confusion_matrix(meant, said, labels=[*TOPICS, ""])
    for row, one in enumerate([*TOPICS, ""]):
        for column, other in enumerate([*TOPICS, ""]):
            assert report.confusion().get((one, other), 0) == table[row][column]


def test_dispositions_cover_and_answered_right() -> None:
    report = Report(
        (prediction("物流问题", "物流问题"), prediction("物流问题", "售后问题"),
         prediction("物流问题", "物流问题", handoff=True), prediction("物流问题", "物流问题"))
    )  # fmt: skip
    assert report.dispositions() == {"答对": 2, "答错": 1, "转人工": 1}
    assert report.coverage == 0.75
    assert report.answered_right == pytest.approx(2 / 3)
    assert report.accuracy == 0.75


def test_a_bot_that_always_hands_over_answers_nothing_right() -> None:
    report = Report((prediction("物流问题", "", handoff=True),))
    assert (report.coverage, report.answered_right, report.macro_f1) == (0, 0, 0)


def test_wrong_ones_come_surest_first() -> None:
    report = Report(tuple(prediction("物流问题", "售后问题", score=s) for s in (0.2, 0.9, 0.5)))
    assert [v.score for v in report.wrong()] == [0.9, 0.5, 0.2]


def test_the_interval_holds_the_figure_and_is_the_same_twice() -> None:
    report = Report(stored()["weighted"][:200])
    found = report.interval(lambda r: r.accuracy)
    assert found.low < report.accuracy == found.estimate < found.high
    assert found == report.interval(lambda r: r.accuracy)


def asked(family: str, right: bool) -> Prediction:
    question = LabelledQuestion("Q", "问", "物流问题", "直说", family=family)
    return Prediction(question, "物流问题" if right else "", 1.0, 1.0)


def test_the_interval_draws_families_so_that_copies_of_a_question_tell_no_more() -> None:
    once = Report(tuple(asked(str(n), n % 3 > 0) for n in range(60)))
    often = Report(tuple(asked(str(n), n % 3 > 0) for n in range(60) for _ in range(9)))
    assert once.interval(lambda r: r.accuracy) == often.interval(lambda r: r.accuracy)


def test_questions_without_a_family_are_each_one_of_their_own() -> None:
    bare = [asked("", n % 3 > 0) for n in range(30)]
    assert len(Report(tuple(bare)).families()) == 30
    assert Report((*bare, asked("甲", True), asked("甲", True))).tally()[-1] == (2, 2)
    assert paired(bare, [asked("", True)] * 30) == Paired(10, 0)
    turns = list(held_out(3, [one.question for one in bare]))
    assert [len(back) for _, back in turns] == [10, 10, 10]


@pytest.mark.parametrize("parts", [-1, 0, 1, 31])
def test_parts_that_leave_nothing_to_learn_from_or_nothing_back_are_refused(parts: int) -> None:
    with pytest.raises(ValueError, match=r"^parts: expected"):
        list(held_out(parts, [asked(str(n), True).question for n in range(30)]))


def test_families_make_up_the_whole() -> None:
    report = Report(stored()["keyword"])
    assert len(report.families()) == len({q.family for q in questions("测试")}) == 205
    assert {p for kin in report.families() for p in kin} == set(report.predictions)
    assert sum(n for _, n in report.tally()) == len(report.predictions)
    assert sum(k for k, _ in report.tally()) == round(report.accuracy * len(report.predictions))
    for kin in report.families():
        assert len({p.question.family for p in kin}) == 1


def test_two_bots_are_compared_family_by_family() -> None:
    older = [asked("甲", False), asked("甲", True), asked("乙", True), asked("丙", True)]
    newer = [asked("甲", True), asked("甲", True), asked("乙", False), asked("丙", True)]
    assert paired(older, newer) == Paired(1, 1)
    assert paired(newer, older) == Paired(1, 1)
    assert Paired(0, 0).luck == 1.0
    assert Paired(10, 0).luck == pytest.approx(2 / 2**10)
    assert Paired(0, 10).luck == Paired(10, 0).luck == sign_test(10, 0)
    with pytest.raises(ValueError, match="better"):
        _ = Paired(-1, 2).luck
    with pytest.raises(ValueError, match="newer"):
        paired(older, newer[:2])


def test_each_training_family_is_held_out_once_and_never_learnt_from_then() -> None:
    train = questions("训练")
    seen: list[int] = []
    for learn, back in held_out():
        assert sorted(learn + back) == list(range(len(train)))
        assert not {train[n].family for n in learn} & {train[n].family for n in back}
        seen += back
    assert sorted(seen) == list(range(len(train)))


def test_styles_make_up_the_whole() -> None:
    report = Report(stored()["keyword"])
    assert sum(len(report.of(style).predictions) for style in STYLES) == len(report.predictions)
    with pytest.raises(ValueError, match="style"):
        report.of("方言")


def test_no_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="asked"):
        evaluate(shop_bot("keyword"), [])
    with pytest.raises(ValueError, match=r"^predictions: expected at least one"):
        Report(())


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_raising_a_threshold_only_moves_answers_to_people(
    low: float, high: float, ambiguity: float
) -> None:
    low, high = sorted((low, high))
    predictions = stored()["weighted"][:100]
    lax, strict = (at(predictions, value, ambiguity).dispositions() for value in (low, high))
    assert strict["答对"] <= lax["答对"]
    assert strict["答错"] <= lax["答错"]
    assert sum(strict.values()) == sum(lax.values()) == 100


@pytest.mark.parametrize(
    ("threshold", "ambiguity"), [(-0.1, 0), (1.1, 0), (0, 2), (0, float("nan"))]
)
def test_a_threshold_outside_0_to_1_is_refused(threshold: float, ambiguity: float) -> None:
    with pytest.raises(ValueError, match="应为0到1"):
        at(stored()["weighted"], threshold, ambiguity)


# A reader's rules

TEXT = """# 我的规则
物流问题 | 包邮；邮费 | | 满88元包邮
售后问题 | 运费险 | 1 | 自动赔付 | 以页面为准
"""


def test_rules_are_read_and_written_back() -> None:
    rules = read_rules(TEXT)
    assert [(r.topic, r.words, r.priority) for r in rules] == [
        ("物流问题", ("包邮", "邮费"), 0), ("售后问题", ("运费险",), 1)
    ]  # fmt: skip
    assert rules[1].answer == "自动赔付 | 以页面为准"
    again = read_rules(write_rules(rules))
    assert [(r.words, r.topic, r.answer, r.priority) for r in again] == [
        (r.words, r.topic, r.answer, r.priority) for r in rules
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1 to 200 rules"),
        ("# 只有说明", "1 to 200 rules"),
        ("包邮", "line 1: expected topic | words"),
        ("\n天气 | 下雨 | | 带伞", "line 2（第2行）topic"),
        ("物流问题 |  | | 答", "words"),
        ("物流问题 | ？ | | 答", "words"),
        ("物流问题 | 包邮 | 高 | 答", "line 1 priority"),
        ("物流问题 | 包邮 | | ", "answer"),
        ("物流问题 | 包邮 | | 答\n" * 201, "1 to 200 rules"),
    ],
)
def test_a_wrong_line_is_named(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said.replace("|", r"\|")):
        read_rules(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    try:
        said = "" if read_rules(text) else "nothing"
    except ValueError as error:
        said = "" if "expected" in str(error) else str(error)
    assert not said


words = st.text(alphabet="运费险包邮", min_size=1, max_size=3)


@given(words, words, st.integers(0, 1), st.integers(0, 1))
def test_a_conflicts_winner_is_who_answers(one: str, other: str, first: int, second: int) -> None:
    rules = (
        KeywordRule((one,), TOPICS[4], "甲", first, "甲"),
        KeywordRule((other,), TOPICS[5], "乙", second, "乙"),
    )
    found = conflicts(rules)
    assert bool(found) is (one in other or other in one)
    for conflict in found:
        assert KeywordBot(rules).reply(conflict.inside).source == conflict.winner
        assert conflict.loser != conflict.winner
        assert conflict.open is (first == second and len(one) == len(other))


def test_rules_of_one_topic_do_not_conflict() -> None:
    assert not conflicts(
        (KeywordRule(("包邮",), TOPICS[4], "甲"), KeywordRule(("包邮",), TOPICS[4], "乙"))
    )


def test_the_shops_own_rules_conflict_in_places() -> None:
    assert any(conflict.open for conflict in conflicts(shop_rules()))
