"""The reserve's shifts: dealt out on promotion days, to the share of each wait."""

from __future__ import annotations

import random

import pytest

from datasets.shop import people, rota
from datasets.shop.calendar import HOUR, at
from datasets.shop.rota import RESERVE, Rota
from datasets.shop.truths import planted

RNG = random.Random(1)
COLLEAGUE = next(agent for agent in people.AGENTS if agent.name == "石头")
RUSH, ORDINARY = at("11-11", 20), at("09-10", 20)


def dealt(response: int, bought: bool, number: int = 400) -> int:
    desk = Rota()
    return sum(
        desk.settled(RNG, COLLEAGUE, RUSH, response, bought) is RESERVE for _ in range(number)
    )


@pytest.mark.parametrize(("band", "response"), [(0, 2), (1, 20), (2, 40), (3, 100), (4, 900)])
def test_each_wait_gives_the_reserve_its_share_within_one_chat(band: int, response: int) -> None:
    values = planted("rota")
    share = values["share"][band]
    odds = values["skill"] * share / (1 - share)
    assert abs(dealt(response, bought=False) - 400 * share) <= 1
    assert abs(dealt(response, bought=True) - 400 * odds / (1 + odds)) <= 1


@pytest.mark.parametrize("moment", [ORDINARY, at("03-07", 20), at("07-10", 20)])
def test_on_other_days_the_reserve_s_chats_go_to_the_shift(moment: int) -> None:
    desk = Rota()
    for drawn in (RESERVE, COLLEAGUE):
        who = {desk.settled(RNG, drawn, moment, 300, False) for _ in range(30)}
        assert RESERVE not in who
        assert {agent.shift for agent in who} == {"晚班"}


def test_what_the_robot_answered_first_stays_with_whom_it_was_drawn_for() -> None:
    desk = Rota()
    assert desk.settled(RNG, RESERVE, RUSH, None, True) is RESERVE
    assert desk.settled(RNG, COLLEAGUE, RUSH, None, True) is COLLEAGUE
    assert not desk.due


def test_after_midnight_on_11_november_the_evening_s_people_are_there() -> None:
    names = {agent.name for agent in people.present("售前", at("11-11") + HOUR, reserve=False)}
    assert names == {"小满", "石头"}


def test_the_reserve_is_the_planted_one() -> None:
    assert (rota.RESERVE.name, rota.RESERVE.shift) == ("青禾", "大促机动")
