"""The twelve service figures: reference values, bounds, refusals, and one wording everywhere."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data, kpis
from kefu.kpis import KPIS, Chat, Kpi, kpi, rounds

ROOT = Path(__file__).parents[1]
MORNING = datetime.fromisoformat("2025-11-11T10:00:00+08:00")


def chat(*messages: tuple[str, str]) -> Chat:
    return [(datetime.fromisoformat(f"2025-11-11T{at}+08:00"), who) for at, who in messages]


ASKED_TWICE = chat(("10:10:15", "买家"), ("10:15:20", "买家"), ("10:18:10", "客服"))
THEN_QUICKLY = [*ASKED_TWICE, *chat(("10:18:30", "买家"), ("10:19:00", "客服"))]


# Reference values


def test_two_questions_before_the_answer_are_one_slow_round() -> None:
    assert kpis.three_minute_rate([ASKED_TWICE]) == 0
    assert kpis.three_minute_rate([THEN_QUICKLY]) == 0.5
    assert kpis.first_response_time([THEN_QUICKLY]) == 475
    assert kpis.average_response_time([THEN_QUICKLY]) == (475 + 30) / 2


@pytest.mark.parametrize(("answered", "rate"), [("10:03:00", 1), ("10:03:01", 0)])
def test_three_minutes_include_the_180th_second(answered: str, rate: int) -> None:
    assert kpis.three_minute_rate([chat(("10:00:00", "买家"), (answered, "机器人"))]) == rate


def test_a_question_without_an_answer_counts_against_the_rate_and_in_no_average() -> None:
    silent = chat(("10:00:00", "买家"))
    quick = chat(("10:00:00", "买家"), ("10:00:10", "客服"), ("10:05:00", "买家"))
    assert kpis.three_minute_rate([silent, quick]) == 1 / 3
    assert kpis.first_response_time([silent, quick]) == 10
    assert kpis.average_response_time([silent, quick]) == 10


def test_a_greeting_and_a_note_of_the_system_are_no_answer() -> None:
    greeted = chat(
        ("09:59:00", "机器人"), ("10:00:00", "买家"), ("10:00:01", "系统"), ("10:00:09", "客服")
    )
    assert [r.seconds for r in rounds(greeted)] == [9]


def test_the_answer_ratio_counts_agents_and_robot_but_not_the_system() -> None:
    talk = chat(
        ("10:00:00", "买家"), ("10:00:01", "系统"), ("10:00:02", "机器人"), ("10:00:09", "客服")
    )
    assert kpis.answer_ratio([talk, chat(("11:00:00", "买家"))]) == 1


def test_an_enquirer_who_pays_on_the_same_or_the_next_day_is_converted() -> None:
    day = date(2025, 12, 31)
    asked = [(f"C{n}", day) for n in range(5)]
    paid = [
        ("C0", day),
        ("C1", date(2026, 1, 1)),
        ("C2", date(2026, 1, 2)),
        ("C3", date(2025, 12, 30)),
    ]
    assert kpis.enquiry_conversion(asked, paid) == 2 / 5
    assert kpis.enquiry_conversion([*asked, *asked], [*paid, *paid]) == 2 / 5


def test_the_order_value_divides_by_customers_and_is_exact_to_the_fen() -> None:
    assert kpis.average_order_value([("a", "0.10"), ("a", 0.2), ("b", 0)]) == Decimal("0.15")
    assert kpis.average_order_value([("a", "0.01"), ("b", "0")]) == Decimal("0.01")


@pytest.mark.parametrize(
    ("answers", "value"), [([9, 10], 100), ([0, 6], -100), ([7, 8], 0), ([10, 10, 7, 0], 25)]
)
def test_nps_has_promoters_from_9_and_detractors_to_6(answers: list[int], value: float) -> None:
    assert kpis.nps(answers) == value


def test_four_stars_are_favourable_and_three_are_not() -> None:
    assert kpis.favourable_rate([4, 3]) == kpis.csat([4, 3]) == 0.5


@pytest.mark.parametrize("kind", ["int64", "Int64"])
def test_a_column_of_a_frame_may_be_counted(kind: str) -> None:
    answers = pd.Series([10, 0, 8, 9], dtype=kind)
    assert kpis.nps(answers.dropna()) == kpis.nps(answers.to_numpy()) == 25


def test_a_customer_repeats_from_the_second_order_on() -> None:
    assert kpis.repeat_rate("aabbbc") == 2 / 3


# Properties

senders = st.sampled_from(kpis.SENDERS)
waits = st.integers(0, 4000)
chats = st.lists(
    st.lists(st.tuples(waits, senders), max_size=12).map(
        lambda steps: [
            (MORNING + timedelta(seconds=sum(w for w, _ in steps[: n + 1])), who)
            for n, (_, who) in enumerate(steps)
        ]
    ),
    max_size=5,
)


@given(chats)
def test_rounds_follow_one_another_and_only_the_last_may_lack_an_answer(many: list[Chat]) -> None:
    for one in many:
        found = rounds(one)
        assert all(r.answered_at is not None and r.asked_at <= r.answered_at for r in found[:-1])
        assert all(
            a.answered_at is not None and a.answered_at <= b.asked_at for a, b in pairwise(found)
        )
        assert bool(found) == any(who == "买家" for _, who in one)


@given(chats, chats)
def test_the_rate_of_all_chats_lies_between_the_rates_of_its_parts(
    left: list[Chat], right: list[Chat]
) -> None:
    parts = [part for part in (left, right) if any(rounds(one) for one in part)]
    if parts:
        rates = [kpis.three_minute_rate(part) for part in parts]
        assert 0 <= min(rates) <= kpis.three_minute_rate(left + right) <= max(rates) <= 1


@given(chats)
def test_a_first_response_is_no_round_left_out(many: list[Chat]) -> None:
    waited = [r.seconds for one in many for r in rounds(one) if r.seconds is not None]
    if waited:
        assert min(waited) <= kpis.average_response_time(many) <= max(waited)


@given(st.lists(st.integers(0, 10), min_size=1))
def test_nps_turns_its_sign_where_promoters_and_detractors_change_places(
    answers: list[int],
) -> None:
    mirror = {0: 10, 10: 0, 6: 9, 9: 6}
    known = [a for a in answers if a in mirror or a in (7, 8)]
    if known:
        assert kpis.nps([mirror.get(a, a) for a in known]) == pytest.approx(-kpis.nps(known))
    assert -100 <= kpis.nps(answers) <= 100


@given(st.lists(st.integers(1, 5), min_size=1), st.integers(1, 5))
def test_a_share_of_stars_stays_between_0_and_1_and_grows_with_good_ones(
    stars: list[int], more: int
) -> None:
    before, after = kpis.favourable_rate(stars), kpis.favourable_rate([*stars, more])
    assert 0 <= before <= 1
    assert after >= before if more >= 4 else after <= before


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 10**7)), min_size=1))
def test_the_order_value_is_between_the_least_and_the_greatest_customer(
    table: list[tuple[str, int]],
) -> None:
    payments = [(customer, Decimal(fen) / 100) for customer, fen in table]
    spent = [sum(a for c, a in payments if c == one) for one, _ in payments]
    assert min(spent) <= kpis.average_order_value(payments) <= max(spent)


@given(st.sets(st.integers(0, 50), min_size=1), st.data())
def test_rates_of_orders_count_each_order_once(paid: set[int], draw: st.DataObject) -> None:
    orders = [f"NX{n}" for n in paid]
    part = draw.draw(st.lists(st.sampled_from(orders)))
    for rate in (kpis.refund_rate, kpis.dispute_rate):
        assert rate(part, orders + orders) == len(set(part)) / len(orders)


# Refusals


@pytest.mark.parametrize(
    "call",
    [
        lambda: kpis.first_response_time([]),
        lambda: kpis.average_response_time([chat(("10:00:00", "买家"))]),
        lambda: kpis.answer_ratio([chat(("10:00:00", "客服"))]),
        lambda: kpis.three_minute_rate([[]]),
        lambda: kpis.enquiry_conversion([], []),
        lambda: kpis.average_order_value([]),
        lambda: kpis.refund_rate([], []),
        lambda: kpis.dispute_rate([], []),
        lambda: kpis.favourable_rate([]),
        lambda: kpis.repeat_rate([]),
        lambda: kpis.nps([]),
        lambda: kpis.csat([]),
    ],
)
def test_nothing_to_divide_by_is_told(call: Callable[[], Any]) -> None:
    with pytest.raises(ValueError, match=r"at least one.*至少有一个"):
        call()


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: rounds(chat(("10:00:00", "顾客"))), "sender"),
        (lambda: rounds(chat(("10:00:01", "买家"), ("10:00:00", "客服"))), "chat"),
        (lambda: kpis.refund_rate(["NX9"], ["NX1"]), "refunded"),
        (lambda: kpis.dispute_rate(["NX9"], ["NX1"]), "disputed"),
        (lambda: kpis.favourable_rate([6]), "stars"),
        (lambda: kpis.csat([0]), "answers"),
        (lambda: kpis.nps([11]), "answers"),
        (lambda: kpis.average_order_value([("a", "0.001")]), "amount"),
        (lambda: kpi("回头率"), "name"),
    ],
)
def test_bad_input_is_told_by_its_argument(call: Callable[[], Any], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^{named}: expected .*（{named}应为"):
        call()


@pytest.mark.parametrize("answer", [True, 4.5, "5", None])
def test_an_answer_that_is_no_whole_number_is_a_type_error(answer: Any) -> None:
    with pytest.raises(TypeError):
        kpis.csat([5, answer])


# One wording everywhere


def test_the_twelve_figures_of_the_book_are_there() -> None:
    assert [one.name for one in KPIS] == [
        "首次响应时间", "平均响应时间", "答问比", "3分钟响应率", "询单转化率", "客单价",
        "退款率", "纠纷率", "好评率", "复购率", "NPS", "CSAT",
    ]  # fmt: skip


@pytest.mark.parametrize("one", KPIS, ids=lambda one: one.name_en)
def test_a_figure_names_columns_that_the_tables_have(one: Kpi) -> None:
    for column in one.fields:
        table, _, field = column.partition(".")
        assert field in [f["name"] for f in data.describe(table)["schema"]["fields"]], column


@pytest.mark.parametrize("one", KPIS, ids=lambda one: one.name_en)
def test_a_figure_is_found_by_both_names_and_says_what_it_computes(one: Kpi) -> None:
    assert kpi(one.name) is kpi(one.name_en) is one
    assert one.compute is getattr(kpis, one.compute.__name__)
    documented = inspect.getdoc(one.compute)
    assert documented is not None
    assert ">>>" in documented
    assert one.unit in ("秒", "元", "分", "%")
    assert one.latex.count("{") == one.latex.count("}")


@pytest.mark.parametrize("one", KPIS, ids=lambda one: one.name_en)
def test_the_glossary_has_the_figure_in_the_same_words(one: Kpi) -> None:
    glossary = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    entries = dict(re.findall(r"^(\S.*）)\n  (.+)$", glossary, re.M))
    assert entries[f"{one.name}（{one.name_en}）"].startswith(f"{one.formula}。")
