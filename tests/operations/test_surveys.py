"""Answers in codes and back, published sizes, margins and alphas, what faults do to a questionnaire."""

from __future__ import annotations

from math import sqrt
from statistics import variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.operations.surveys import (
    FAULTS,
    SurveyQuestion,
    bounds,
    code_answers,
    cronbach_alpha,
    decoded,
    krejcie_morgan,
    margin,
    nps_margin,
    sample_size,
    survey_outcome,
)

BOOK = [
    SurveyQuestion("Q1", "从哪里知道我们", ("搜索", "直播", "朋友"), other=True),
    SurveyQuestion("Q2", "客服的态度", ("很好", "一般", "不好")),
]

# Codes


def test_question_and_answer_both_become_codes() -> None:
    coded = code_answers({"客服的态度": " 一般 ", "从哪里知道我们": "朋友"}, BOOK)
    assert coded.codes == {"Q1": "C", "Q2": "B"}
    assert coded.words == {}


SHEETS = st.fixed_dictionaries({
    "从哪里知道我们": st.one_of(st.sampled_from(["", "搜索", "直播"]), st.text(max_size=9)),
    "客服的态度": st.sampled_from(["", "很好", "一般", "不好"]),
})  # fmt: skip


@given(SHEETS)
def test_a_sheet_is_had_back_from_its_codes(sheet: dict[str, str]) -> None:
    coded = code_answers(sheet, BOOK)
    assert decoded(coded, BOOK) == {text: answer.strip() for text, answer in sheet.items()}
    assert set(coded.codes.values()) <= {"", "A", "B", "C", "Z"}


def test_a_question_that_is_left_out_is_no_answer() -> None:
    assert code_answers({}, BOOK).codes == {"Q1": "", "Q2": ""}


def test_answers_and_questions_that_the_book_of_codes_has_not_are_refused() -> None:
    with pytest.raises(ValueError, match=r"Q2: expected one of 很好, 一般, 不好.*Q2应为"):
        code_answers({"客服的态度": "马马虎虎"}, BOOK)
    with pytest.raises(ValueError, match="sheet: expected one of"):
        code_answers({"星座": "白羊"}, BOOK)
    with pytest.raises(ValueError, match="questions: expected a code"):
        code_answers({}, [BOOK[0], BOOK[0]])
    with pytest.raises(ValueError, match="options: expected 2 to 25 different"):
        SurveyQuestion("Q3", "题", ("是", "是"))


# How many, how exact


def test_the_table_of_krejcie_and_morgan_is_reproduced() -> None:
    printed = {100: 80, 200: 132, 500: 217, 1000: 278, 2000: 322, 5000: 357, 10000: 370}
    assert {n: krejcie_morgan(n) for n in printed} == printed
    assert krejcie_morgan(100_000) == 383  # the printed 384 does not follow from the formula


@pytest.mark.parametrize("population", [100, 200, 500, 1000, 2000, 5000, 10000])
def test_ours_is_the_table_or_one_more_because_it_rounds_up(population: int) -> None:
    assert sample_size(0.05, population=population) - krejcie_morgan(population) in (0, 1)


def test_so_many_answers_give_the_margin_they_were_asked_for() -> None:
    for wanted in (0.03, 0.05, 0.10):
        assert margin(0.5, sample_size(wanted)) <= wanted < margin(0.5, sample_size(wanted) - 1)


@pytest.mark.parametrize(("n", "half"), [(100, 15.3), (1000, 4.8)])
def test_the_published_margins_of_nps(n: int, half: float) -> None:
    found = nps_margin(n // 2, n * 3 // 10, n // 5)
    assert (found.score, round(found.margin, 1)) == (30.0, half)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_margin_of_nps_is_that_of_a_mean_of_ones_noughts_and_minus_ones(
    p: int, m: int, d: int
) -> None:
    if p + m + d == 0:
        with pytest.raises(ValueError, match="at least one answer"):
            nps_margin(p, m, d)
        return
    values, n = [1] * p + [0] * m + [-1] * d, p + m + d
    mean = sum(values) / n
    spread = sum((value - mean) ** 2 for value in values) / n
    found = nps_margin(p, m, d)
    assert found.score == pytest.approx(100 * mean)
    assert found.margin == pytest.approx(100 * 1.959964 * sqrt(spread / n), abs=1e-5)


@given(st.integers(1, 90), st.data())
def test_the_truth_lies_within_the_bounds_whoever_is_silent(sent: int, draw: st.DataObject) -> None:
    everybody = draw.draw(st.lists(st.booleans(), min_size=sent, max_size=sent))
    answered = draw.draw(st.integers(0, sent))
    low, high = bounds(sum(everybody[:answered]), answered, sent)
    assert low <= sum(everybody) / sent <= high
    assert high - low == pytest.approx((sent - answered) / sent)


@pytest.mark.parametrize(
    ("counts", "named"), [((3, 2, 5), "content"), ((1, 6, 5), "answered"), ((0, 0, 0), "sent")]
)
def test_counts_that_do_not_go_together_are_refused(
    counts: tuple[int, int, int], named: str
) -> None:
    with pytest.raises(ValueError, match=f"{named}: expected"):
        bounds(*counts)


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 5)), min_size=3, max_size=20
    )
)
def test_alpha_is_the_textbooks_formula(sheets: list[tuple[int, int, int]]) -> None:
    total = variance([sum(sheet) for sheet in sheets])
    if total < 1e-9:
        with pytest.raises(ValueError, match="sheets: expected answers that differ"):
            cronbach_alpha(sheets)
        return
    alone = sum(variance(column) for column in zip(*sheets, strict=True))
    assert cronbach_alpha(sheets) == pytest.approx(3 / 2 * (1 - alone / total))
    assert cronbach_alpha(sheets, "pairwise") == pytest.approx(cronbach_alpha(sheets))
    assert cronbach_alpha(sheets) <= 1 + 1e-9


LSAT = (3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15,
        10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28, 298)  # fmt: skip
"""How many of 1,000 people answered 00000 to 11111, 1 being right: section 6 of the Law School Admission
Test, the table of Bock and Lieberman (1970, Psychometrika 35, 179-197)."""


def test_alpha_is_the_published_one_of_a_published_test_whole_and_without_each_question() -> None:
    """The R package ltm prints these six for it (``descript(LSAT)``)."""
    sheets = [tuple(map(int, f"{pattern:05b}")) for pattern, n in enumerate(LSAT) for _ in range(n)]
    assert len(sheets) == 1000
    assert cronbach_alpha(sheets) == pytest.approx(0.2950, abs=5e-5)
    without = [cronbach_alpha([s[:n] + s[n + 1 :] for s in sheets]) for n in range(5)]
    assert without == pytest.approx([0.2754, 0.2376, 0.2168, 0.2459, 0.2663], abs=5e-5)


def test_the_same_question_twice_is_perfectly_one_thing() -> None:
    assert cronbach_alpha([(1, 1), (3, 3), (4, 4)]) == pytest.approx(1.0)


def test_a_left_out_answer_costs_the_whole_sheet_or_its_pairs() -> None:
    sheets = [(4, 5, 4), (2, 2, None), (5, 4, 5), (1, 2, 2), (3, None, 3)]
    assert cronbach_alpha(sheets) == cronbach_alpha([sheets[0], sheets[2], sheets[3]])
    assert cronbach_alpha(sheets, "pairwise") != cronbach_alpha(sheets)


@pytest.mark.parametrize(
    "sheets", [[], [(1,)], [(1, 2), (1, 2, 3)], [(1, 2)], [(1, None), (None, 2)]]
)
def test_sheets_that_tell_no_alpha_are_refused(sheets: list[tuple[float | None, ...]]) -> None:
    with pytest.raises(ValueError, match="sheets: expected"):
        cronbach_alpha(sheets)


# Faults

SOME = st.lists(st.sampled_from(list(FAULTS)), unique=True)


@given(SOME, st.sampled_from(list(FAULTS)), st.integers(200, 5000))
def test_a_fault_more_never_makes_a_sheet_better(faults: list[str], more: str, sent: int) -> None:
    before, after = survey_outcome(sent, faults), survey_outcome(sent, [*faults, more])  # type: ignore[list-item]
    assert after.reply <= before.reply
    assert after.valid <= before.valid
    assert after.answers <= before.answers
    assert after.bias >= before.bias - 1e-9


@given(SOME, st.integers(200, 2000))
def test_more_questionnaires_shrink_the_margin_but_never_the_bias(
    faults: list[str], sent: int
) -> None:
    few, many = survey_outcome(sent, faults), survey_outcome(20 * sent, faults)  # type: ignore[arg-type]
    assert many.margin < few.margin
    assert many.bias == few.bias


def test_a_leading_question_costs_no_reply_and_is_the_worst_for_truth() -> None:
    good, led = survey_outcome(1000, []), survey_outcome(1000, ["诱导"])
    assert (good.answers, good.bias, good.holds_truth) == (led.answers, 0.0, True)
    assert not led.holds_truth
    assert max(FAULTS, key=lambda fault: FAULTS[fault].shift) == "诱导"


def test_a_fault_twice_counts_once_and_nobody_answers_nothing() -> None:
    assert survey_outcome(500, ["行话", "行话"]) == survey_outcome(500, ["行话"])
    with pytest.raises(ValueError, match=r"faults: expected one of .*faults应为"):
        survey_outcome(500, ["错字"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="sent: expected enough for a valid sheet"):
        survey_outcome(1, list(FAULTS), reply=0.2)
