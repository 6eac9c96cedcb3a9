from __future__ import annotations

import re
from typing import get_args

import pytest

from kefu.aftersales.returns import Basis, Outcome, Payer, decide
from kefu.demos import Demo, return_game
from kefu.demos.return_cases import case_of, cases, points
from kefu.demos.returns import WORDS
from tests.demos.reading import parsed, run_code, settings

EVERY = cases()
NUMBERS = range(1, len(EVERY) + 1)


def judge(demo: Demo, number: int, outcome: str, payer: str) -> None:
    """Open a case and answer it."""
    demo.controls["number"].value = number
    demo.controls["outcome"].value = outcome
    demo.controls["payer"].value = payer


def total(demo: Demo) -> int:
    found = re.search(r"得(\d+)分，满分100分", parsed(demo.result()).get_text())
    assert found
    return int(found[1])


def board(demo: Demo) -> list[str]:
    return [item.get_text() for item in parsed(demo.result()).select("ol.kefu-board li")]


# The cases


def test_there_are_twenty_different_cases_worth_a_hundred_points() -> None:
    assert len({one["story"] for one in EVERY}) == 20
    assert sum(points(decide(case_of(one["facts"])), *one["answer"]) for one in EVERY) == 100


@pytest.mark.parametrize("number", NUMBERS)
def test_the_authors_answer_is_the_models(number: int) -> None:
    one = EVERY[number - 1]
    found = decide(case_of(one["facts"]))
    assert [found.outcome, found.freight_payer] == one["answer"]
    if found.money.refund:
        assert f"{found.money.refund.normalize():f}" in one["say"].replace("19.90", "19.9")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_storys_facts_are_in_the_story_or_the_one_before(number: int) -> None:
    facts, story = EVERY[number - 1]["facts"], EVERY[number - 1]["story"]
    signs = {
        "照片或视频": "照片|视频",
        "签收底单": "底单",
        "物流公章证明": "盖章",
    }
    for proof in facts.get("evidence", ()):
        assert re.search(signs[proof], story) or facts["step"] != "签收后申请"
    if facts.get("cross_border"):
        assert "境" in story
    if facts.get("kind") == "换货":
        assert "换" in story
    if facts["bill"].get("postage"):
        assert f"{facts['bill']['postage']}元运费" in story


def test_the_cases_use_all_six_principles_and_most_outcomes() -> None:
    found = [decide(case_of(one["facts"])) for one in EVERY]
    six = (Basis.SELLER_IN_BREACH, Basis.ARRIVED_BACK, Basis.NOT_SENT_AGAIN,
           Basis.CANNOT_COME_BACK, Basis.NOT_SENT_BACK, Basis.RUINED_ON_THE_WAY_BACK)  # fmt: skip
    assert set(six) <= {decision.rule.id for decision in found}
    assert {d.freight_payer for d in found} == set(get_args(Payer))
    assert set(get_args(Outcome)) - {d.outcome for d in found} == {"等待", "再发", "补寄"}


# The game


@pytest.mark.parametrize("number", NUMBERS)
def test_a_right_answer_gets_five_points_and_shows_rule_and_words(number: int) -> None:
    demo, one = return_game(), EVERY[number - 1]
    judge(demo, number, *one["answer"])
    html = demo.result()
    assert total(demo) == 5
    assert board(demo)[number - 1] == f"{number}✓"
    assert sum("·" in mark for mark in board(demo)) == 19
    assert decide(case_of(one["facts"])).rule.text in html
    assert one["say"] in parsed(html).get_text()
    assert run_code(demo)[1] == decide(case_of(one["facts"]))


def test_nothing_is_given_away_before_both_parts_are_answered() -> None:
    demo = return_game()
    for name, value in (("outcome", "退货退款"), ("payer", "各付各程")):
        assert "判决：" not in demo.result()
        assert not parsed(demo.result()).select("table")
        demo.controls[name].value = value
    assert "判决：" in demo.result()


def test_half_and_wrong_answers_are_marked_so() -> None:
    demo = return_game()
    judge(demo, 1, "退货退款", "卖家")  # 3 of 5
    judge(demo, 2, "退货退款", "无")  # 2 of 5
    judge(demo, 3, "拒绝", "买家")
    assert board(demo)[:4] == ["1◐", "2◐", "3✗", "4·"]
    assert total(demo) == 5


def test_the_first_answer_counts_and_is_shown_again() -> None:
    demo = return_game()
    judge(demo, 2, "退货退款", "各付各程")
    demo.controls["outcome"].value = "拒绝"
    demo.controls["payer"].value = "无"
    assert total(demo) == 0
    demo.controls["number"].value = 5
    assert (demo.controls["outcome"].value, demo.controls["payer"].value) == ("", "")
    demo.controls["number"].value = 2
    assert demo.controls["outcome"].value == "退货退款"
    assert demo.controls["payer"].value == "各付各程"
    assert total(demo) == 0


def test_leafing_through_the_cases_answers_none() -> None:
    demo = return_game()
    judge(demo, 1, *EVERY[0]["answer"])
    for number in (*NUMBERS, *reversed(NUMBERS)):
        demo.controls["number"].value = number
    assert total(demo) == 5
    assert sum("·" in mark for mark in board(demo)) == 19


def test_all_twenty_right_are_a_hundred() -> None:
    demo = return_game()
    for number in NUMBERS:
        judge(demo, number, *EVERY[number - 1]["answer"])
    assert total(demo) == 100


def test_two_readers_games_are_apart() -> None:
    one, other = return_game(), return_game()
    judge(one, 1, *EVERY[0]["answer"])
    assert total(other) == 0


def test_every_choice_is_labelled_and_every_decision_is_among_them() -> None:
    demo = return_game()
    assert list(settings(demo.picture())) == ["案子", "怎么处理", "后续运费"]
    assert [value for _, value in demo.controls["outcome"].options] == ["", *get_args(Outcome)]
    assert dict(demo.controls["payer"].options) == {"请选择": ""} | {
        word: payer for payer, word in WORDS.items()
    }
