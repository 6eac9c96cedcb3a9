"""Who comes in a night: nothing twice, nobody mistaken for another, and nothing that cannot be."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from functools import cache
from itertools import combinations
from random import Random

import pytest

from kefu.practice import cases, night, scenes, shift

SEEDS = range(300, 312)
PEOPLE = (
    "橘子汽水", "北岸", "阿树", "半糖", "老陈", "小鹿", "晚晚", "木棉", "一尾鱼", "旧书摊", "木木", "铁皮鼓", "南枝",
    "谷雨", "余女士", "青禾", "暖暖", "林姐", "石头", "阿栀", "小棠", "小满", "周老板",
)  # fmt: skip
"""Those of the book who have names."""


@cache
def nights() -> tuple[shift.ShopNight, ...]:
    return tuple(shift.night(seed, level) for seed in SEEDS for level in shift.LEVELS)


def asked(one: shift.ShopNight) -> list[shift.DeskQuestion]:
    return [each for customer in one.customers for each in customer.questions]


def test_nothing_is_said_twice_in_a_night() -> None:
    for one in nights():
        said = [each.says for each in asked(one)]
        said += [each.first for each in one.customers if each.scene] + [
            each.says for each in one.robot
        ]
        assert [text for text, many in Counter(said).items() if many > 1] == []
        aired = [each.about for each in asked(one) if each.kind == "公屏"]
        assert len(aired) == len(set(aired))


def test_old_conversations_come_once_over_all_levels_of_a_seed() -> None:
    for seed in SEEDS:
        told = [
            c.scene for level in shift.LEVELS for c in shift.night(seed, level).customers if c.scene
        ]
        assert len({scenes.CHAPTER_OF[name] for name in told}) == len(told)


def test_no_names_can_be_taken_for_each_other() -> None:
    for one, other in combinations((*night.NAMES, *PEOPLE), 2):
        if one in PEOPLE:
            continue
        assert one[0] != other[0], (one, other)
        assert len(set(one) & set(other)) < 2, (one, other)


def test_a_window_has_one_name_with_its_papers() -> None:
    for one in nights():
        names = [each.who.partition("·")[0] for each in one.customers if each.channel != "同事"]
        assert len(names) == len(set(names))
        assert len({each.who for each in one.customers}) == len(one.customers)
        for customer in one.customers:
            for question in customer.questions:
                assert question.who in ("", customer.who)
                if question.who:
                    assert all(way.text.startswith(question.who) for way in question.ways)


def test_who_asks_again_asks_of_the_same_goods() -> None:
    for one in nights():
        for customer in one.customers:
            about = {q.about for q in customer.questions if q.about and q.kind != "公屏"}
            assert len(about) <= 1, customer


def test_the_first_comes_to_buy_and_somebody_was_left_out_by_the_lot() -> None:
    for one in nights():
        assert one.customers[0].channel == "咨询"
        assert any(each.kind == "没收到" for each in asked(one))


def test_somebody_may_still_wait_when_the_shift_is_over() -> None:
    """Whoever does nothing leaves some of the last at the door."""
    found = Counter[bool]()
    for one in nights():
        state = shift.start(one)
        while not state.over:
            state = shift.tick(state, shift.next_event(state))
        found[state.counts["下班未结"] > 0] += 1
        if state.counts["下班未结"]:
            assert {row.kind for row in shift.report(state).sheet} == {"没办完"}
    assert found[True] > found[False]


# What cannot be


def drawn(kind: str, many: int = 120) -> list[shift.DeskQuestion]:
    moments = (60, 4200, 10_900, 14_100)
    return [
        cases.MAKERS[kind].make(Random(f"{seed}/{kind}/night"), shift.moment(moments[seed % 4]))
        for seed in range(many)
    ]


def fact(one: shift.DeskQuestion, name: str) -> str:
    return dict(one.facts)[name]


def test_money_was_spent_in_orders() -> None:
    for one in drawn("会员"):
        yuan, orders = map(int, re.findall(r"\d+", fact(one, "一年里")))
        assert orders >= 1
        assert 20 * orders <= yuan <= 400 * orders


def test_the_right_size_fits_by_height_and_by_weight() -> None:
    for one in drawn("尺码"):
        height, weight = map(int, re.findall(r"\d+", fact(one, "客人")))
        (size,) = re.findall(r"您拍(\w+)码", one.ways[one.best].text)
        row = next(r for r in fact(one, "尺码表").split("；") if r.startswith(f"{size}："))
        low, high, light, heavy = map(int, re.findall(r"\d+", row.partition("：")[2]))
        assert low <= height <= high
        assert light <= weight <= heavy
        assert one.says.startswith("孩子" if fact(one, "款式") == "童装" else "我")


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_no_day_is_named_in_a_reply_that_is_not_near(kind: str) -> None:
    for one in drawn(kind, 40):
        for way in one.ways:
            for month, day in re.findall(r"(\d{1,2})月(\d{1,2})日", way.text):
                assert abs((date(2026, int(month), int(day)) - date(2026, 6, 17)).days) <= 31, (
                    way.text
                )


def test_a_day_that_was_promised_lies_ahead() -> None:
    for one in drawn("几天到"):
        today = int(re.findall(r"\d+", fact(one, "今天"))[0])
        for way in one.ways:
            assert all(int(n) > today for n in re.findall(r"第(\d+)天", way.text)), way.text


def test_the_track_of_a_parcel_runs_forward() -> None:
    for one in drawn("查件", 400):
        when = re.findall(r"6月(\d+)日(\d+):(\d+)", fact(one, "轨迹"))
        assert when == sorted(when, key=lambda each: tuple(map(int, each)))


def test_one_word_for_a_weight_and_full_marks_alone() -> None:
    for kind in cases.MAKERS:
        for one in drawn(kind, 20):
            said = "".join((one.says, one.why, one.advice, *(text for fact in one.facts for text in fact),
                            *(way.text + way.slip for way in one.ways)))  # fmt: skip
            assert "千克" not in said
            assert not re.search("[一-鿿],|,[一-鿿]|。；|；。", said), said


def test_money_that_may_be_given_stands_by_its_size() -> None:
    places = set()
    for seed in SEEDS:
        state = shift.start(shift.night(seed, 3))
        for one in [
            each for each in state.night.customers if each.questions and each.questions[0].due
        ]:
            state = shift.tick(state, one.at)
            if one.who not in [each.who for each in state.queue]:
                continue
            state = shift.step(state, shift.NightMove(state.now, "take", one.who))
            gifts = [
                float(each) for each in next(w for w in state.windows if w.who == one.who).gifts
            ]
            assert gifts == sorted(gifts)
            places.add(gifts.index(float(one.questions[0].due)))
            state = shift.step(state, shift.NightMove(state.now, "close", one.who))
    assert len(places) >= 3


def test_what_is_not_in_the_lot_is_not_made_up_for() -> None:
    for one in drawn("没收到"):
        assert not any(way.owes or way.away for way in one.ways)
        lot = fact(one, "抽签") == "进了签，没抽中"
        assert ("没抽中" in one.ways[one.best].text) == lot


# What is said of a night


@pytest.mark.parametrize("level", shift.LEVELS)
def test_the_moments_are_different_and_say_what_would_have_been_right(level: int) -> None:
    for seed in range(1, 7):
        for who in ("middling", "first", "generous"):
            found = shift.report(shift.played(shift.night(seed, level), who))
            assert len({one.what for one in found.costly}) == len(found.costly)
            assert len({(one.score, one.lesson, one.right) for one in found.costly}) == len(
                found.costly
            )
            assert all(one.right and one.what and one.lost > 0 for one in found.costly)
            assert all("；；" not in one.what and "。；" not in one.what for one in found.costly)


def test_the_closing_words_follow_from_what_happened() -> None:
    words = {}
    for who in ("good", "middling", "canned", "generous"):
        state = shift.played(shift.night(3, 3), who)
        found = shift.report(state)
        words[who] = found.word
        left = [one.who for one in state.gone if one.how == "走了"]
        assert all(name in found.word for name in left[:4])
        if left:
            assert "放心" not in found.word
    assert words["good"] == "这一夜交给你，放心。"
    assert len({*words.values()}) == 4
