from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import get_args

import pytest

from kefu import data
from kefu.aftersales.returns import Basis, Outcome, Payer, decide
from kefu.demos import Demo, return_game
from kefu.demos.return_cases import END, case_of, cases, points
from kefu.demos.returns import WORDS
from tests.demos.reading import board, parsed, press, run_code, settings
from tools.paths import ROOT
from web.extensions.reader import daily

EVERY = cases()
NUMBERS = range(1, len(EVERY) + 1)


def judge(demo: Demo, number: int, outcome: str, payer: str) -> None:
    """Open a case and answer it."""
    demo.controls["number"].value = number
    demo.controls["outcome"].value = outcome
    demo.controls["payer"].value = payer


def presses(demo: Demo) -> dict[str, dict[str, object]]:
    """The buttons of the picture: what they say and what they want."""
    found = parsed(demo.parts()[0]).select("button[data-press]")
    return {one.get_text(): json.loads(str(one["data-press"])) for one in found}


def total(demo: Demo) -> int:
    found = re.search(r"得(\d+)分，满分100分", parsed(demo.result()).get_text())
    assert found
    return int(found[1])


# The cases


def test_there_are_twenty_different_cases_worth_a_hundred_points() -> None:
    assert len({one["said"] + one["seen"] for one in EVERY}) == 20
    assert sum(points(decide(case_of(one["facts"])), *one["answer"]) for one in EVERY) == 100


def test_every_case_has_a_name_of_its_own_that_the_daily_windows_keep_answers_by() -> None:
    names = [one["id"] for one in EVERY]
    assert len({*names}) == 20
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in names)
    kept = {item["id"] for item in daily.items(ROOT) if item["kind"] == "case"}
    assert kept == {f"case/{name}" for name in names}


@pytest.mark.parametrize("number", NUMBERS)
def test_the_authors_answer_is_the_models(number: int) -> None:
    one = EVERY[number - 1]
    found = decide(case_of(one["facts"]))
    assert [found.outcome, found.freight_payer] == one["answer"]
    if found.money.refund:
        assert f"{found.money.refund.normalize():f}" in one["say"].replace("19.90", "19.9")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_storys_facts_are_in_the_story_or_the_one_before(number: int) -> None:
    facts, story = EVERY[number - 1]["facts"], EVERY[number - 1]["said"] + EVERY[number - 1]["seen"]
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


def test_the_customer_speaks_in_a_bubble_and_the_facts_stand_beside_it() -> None:
    demo = return_game()
    for number in NUMBERS:
        demo.controls["number"].value = number
        scene, one = parsed(demo.parts()[0]), EVERY[number - 1]
        (bubble,) = scene.select(".kefu-asked")
        assert bubble.get_text() == one["name"] + one["said"]
        assert one["seen"] in scene.select("p.kefu-note")[0].get_text()
        assert len(one["said"]) <= 40  # a bubble, not an essay


# By pressing alone


def test_a_case_is_answered_by_presses_first_what_happens_then_who_pays() -> None:
    demo = return_game()
    assert list(presses(demo)) == list(get_args(Outcome))
    press(demo, "换货")
    assert list(presses(demo)) == ["改", *WORDS.values()]
    press(demo, "改")
    assert list(presses(demo)) == list(get_args(Outcome))
    press(demo, "退货退款")
    press(demo, WORDS["各付各程"])
    assert board(demo)[0] == "1✓"
    assert list(presses(demo)) == ["下一案 ›"]
    press(demo, "下一案 ›")
    assert demo.controls["number"].value == 2
    assert list(presses(demo)) == list(get_args(Outcome))


def test_all_twenty_are_played_by_presses_up_to_the_end_card() -> None:
    demo = return_game()
    demo.controls["number"].value = 4  # who begins in the middle comes round to the first
    for turn in range(20):
        outcome, payer = EVERY[int(demo.controls["number"].value) - 1]["answer"]
        press(demo, outcome)
        press(demo, WORDS[payer])
        press(demo, "下一案 ›" if turn < 19 else "看成绩单 ›")
    assert demo.controls["number"].value == END
    assert "100分" in demo.parts()[0]
    assert "你出师了" in demo.parts()[0]
    assert presses(demo) == {}


def test_the_score_is_kept_in_sight() -> None:
    demo = return_game()
    judge(demo, 1, *EVERY[0]["answer"])
    demo.controls["number"].value = 7
    said = parsed(demo.parts()[0]).select(".kefu-when")[0].get_text()
    assert said == "第7案，共20案；答了1案，得5分"


def test_the_end_card_leads_to_each_that_was_wrong_and_names_the_rules_to_read() -> None:
    demo = return_game()
    judge(demo, 1, "退货退款", "卖家")  # half
    judge(demo, 3, "拒绝", "买家")  # nothing
    judge(demo, 5, *EVERY[4]["answer"])
    demo.controls["number"].value = END
    scene = demo.parts()[0]
    assert parsed(scene).select(".kefu-big")[0].get_text().startswith("8分")
    assert "还有17案没答" in scene
    assert list(presses(demo)) == ["下一案 ›", "第1案 ◐", "第3案 ✗"]
    for number, read in ((1, True), (3, True), (5, False)):
        found = decide(case_of(EVERY[number - 1]["facts"]))
        assert (f"{found.rule.id} {found.rule.title}" in scene) is read
    press(demo, "第3案 ✗")
    assert demo.controls["number"].value == 3
    assert "没答对" in demo.parts()[0]


def test_below_eighty_the_end_card_sends_back() -> None:
    demo = return_game()
    for number in NUMBERS:
        judge(demo, number, "等待", EVERY[number - 1]["answer"][1])
    demo.controls["number"].value = END
    assert total(demo) == 40
    assert "再看一遍" in demo.parts()[0]
    assert len(presses(demo)) == 20
    assert len(board(demo)) == 20


def test_right_half_and_wrong_look_different_by_class_sign_and_word() -> None:
    looks = set()
    for outcome, payer in (EVERY[0]["answer"], ("退货退款", "卖家"), ("拒绝", "卖家")):
        demo = return_game()
        judge(demo, 1, outcome, payer)
        (ruling,) = parsed(demo.parts()[0]).select(".kefu-ruling")
        name = ruling.get_attribute_list("class")[-1]
        head, yours = (p.get_text() for p in ruling.select("p")[:2])
        looks.add((name, head[0], head.split("，")[0]))
        right = [outcome == EVERY[0]["answer"][0], payer == EVERY[0]["answer"][1]]
        assert re.findall("[✓✗]", yours) == ["✓" if one else "✗" for one in right]
    assert len(looks) == 3
    assert all(len({look[place] for look in looks}) == 3 for place in range(3))


def test_what_can_no_longer_change_is_put_away() -> None:
    demo = return_game()
    assert list(demo.shown_controls()) == ["number", "outcome", "payer"]
    judge(demo, 1, *EVERY[0]["answer"])
    assert list(demo.shown_controls()) == ["number"]
    assert demo.controls["payer"].layout.display == "none"
    assert list(settings(demo.picture())) == ["案子"]
    demo.controls["number"].value = 2
    assert demo.controls["payer"].layout.display is None
    demo.controls["number"].value = END
    assert list(demo.shown_controls()) == ["number"]
    assert run_code(demo)[1] == [one["answer"][0] for one in EVERY]


def test_every_choice_is_labelled_and_every_decision_is_among_them() -> None:
    demo = return_game()
    assert list(settings(demo.picture())) == ["案子", "怎么处理", "来回运费"]
    assert [value for _, value in demo.controls["outcome"].options] == ["", *get_args(Outcome)]
    assert dict(demo.controls["payer"].options) == {"请选择": ""} | {
        word: payer for payer, word in WORDS.items()
    }


def test_what_goes_back_costs_what_the_shop_asks() -> None:
    prices = {Decimal(row["price"]) for row in data.rows("products")}
    for one in EVERY:
        assert Decimal(str(one["facts"]["bill"]["returned"])) in prices, one["name"]
