"""Five windows in three minutes: what each move takes and does, and that order beats speed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import kpis
from kefu.presales.desk import PhraseBook
from kefu.presales.windows import (
    AGAIN,
    COLLEAGUE,
    HELD,
    LOOKUP,
    OPEN,
    SECONDS,
    TWO_DAYS,
    VISITORS,
    Act,
    evening,
    in_order,
    phrase_for,
    visitors,
)

NAMES = [one.name for one in VISITORS]
PHRASED = [(one.name, number) for one in VISITORS for number, _ in one.phrases]
MOVES = st.one_of(
    st.builds(Act, st.sampled_from(("应一声", "打字", "转给", "置顶")), st.sampled_from(NAMES)),
    st.sampled_from(PHRASED).map(lambda one: Act("短语", *one)),
    st.just(Act("等")),
)
EVENINGS = st.lists(MOVES, max_size=14)


@given(EVENINGS, st.sampled_from((0.5, 1, 1.5)), st.integers(0, 9))
def test_time_only_goes_forward_and_what_is_over_stays_so(
    moves: list[Act], pace: float, seed: int
) -> None:
    before = evening([], pace, seed)
    for n in range(len(moves)):
        after = evening(moves[: n + 1], pace, seed)
        assert after.now >= before.now
        for name in NAMES:
            old, new = before.stay(name), after.stay(name)
            if old.state in ("办完", "转走", "走了"):
                assert new == old
            assert new.waited(after.now) >= 0
        before = after


@given(EVENINGS, st.integers(0, 9))
def test_who_is_in_the_list_is_who_waits(moves: list[Act], seed: int) -> None:
    end = evening(moves, 1, seed)
    assert sorted(end.in_list()) == sorted(
        one.visitor.name for one in end.stays if one.state in OPEN
    )
    pinned = [end.inbox.window(name).pinned for name in end.in_list()]
    assert pinned == sorted(pinned, reverse=True)


@given(EVENINGS)
def test_the_figures_are_those_of_the_books_twelve(moves: list[Act]) -> None:
    end = evening(moves)
    chats = [chat for chat in end.chats.values() if chat]
    told = end.figures()
    assert told["3分钟响应率"] == kpis.three_minute_rate(chats)
    assert told["答问比"] == kpis.answer_ratio(chats)
    assert 0 <= (told["询单转化率"] or 0) <= 1
    assert (told["首次响应时间"] is None) == all(who != "客服" for chat in chats for _, who in chat)


def test_waiting_to_the_end_all_have_left() -> None:
    end = evening([Act("等")] * 20)
    assert end.over
    assert end.lost == NAMES
    assert not end.won
    assert end.longest == ("老陈", 140)
    assert evening([Act("等")] * 21).told == "没有人在等了。"


def test_at_the_start_three_wait_in_the_order_of_their_coming() -> None:
    start = evening()
    assert start.in_list() == ["老陈", "半糖", "小鹿"]
    assert (start.now, start.lost, start.over) == (0, [], False)
    assert start.figures()["首次响应时间"] is None


@pytest.mark.parametrize("pace", [0.5, 1, 1.5])
def test_typing_takes_what_it_takes_and_what_is_typed_too_late_is_lost(pace: float) -> None:
    assert evening([Act("打字", "小鹿")], pace).now == 12 * pace
    late = evening([Act("打字", "老陈"), Act("打字", "小鹿")], pace)
    assert "小鹿" in late.lost
    assert late.now == 50 * pace  # nobody is there any more to type to
    just = evening([Act("打字", "半糖"), Act("打字", "小鹿")], pace)
    assert ("小鹿" in just.lost) is (27 * pace > 22)
    if pace == 1:
        assert just.told == "还没发出去，小鹿已经走了。"
        assert not any(who == "客服" for _, who in just.chats["小鹿"])


def test_a_hold_buys_a_minute_once_and_is_a_promise() -> None:
    held = evening([Act("应一声", "小鹿")])
    one = held.stay("小鹿")
    assert (one.held_at, one.gone_at) == (SECONDS["应一声"], SECONDS["应一声"] + HELD)
    again = evening([Act("应一声", "小鹿"), Act("应一声", "小鹿")])
    assert again.stay("小鹿").gone_at == one.gone_at - AGAIN
    assert "又是稍等" in again.told
    kept = evening([Act("应一声", "老陈"), Act("打字", "老陈")])
    assert kept.broken == []
    slow = evening([Act("应一声", "老陈"), Act("打字", "小鹿"), Act("打字", "老陈")])
    assert slow.stay("老陈").state == "办完"
    assert slow.broken == ["老陈"]
    assert not slow.won


def test_a_wrong_phrase_is_an_answer_for_the_figures_and_none_for_her() -> None:
    end = evening([Act("短语", "老陈", "DY041")])
    assert end.stay("老陈").state == "等着"
    assert end.stay("老陈").gone_at == 110 - AGAIN
    assert "我问的不是这个" in end.told
    assert end.figures()["首次响应时间"] == 40


def test_what_is_looked_up_takes_its_time_by_itself_and_then_a_second_answer() -> None:
    first = evening([Act("短语", "半糖", "DY008")])
    one = first.stay("半糖")
    assert (one.state, one.ready_at) == ("查着", 10 + LOOKUP)
    assert first.in_list()[-1] == "半糖"  # answered: it sinks
    pinned = evening([Act("短语", "半糖", "DY008"), Act("置顶", "半糖")])
    assert pinned.in_list()[0] == "半糖"
    early = evening([Act("短语", "半糖", "DY008"), Act("打字", "半糖")])
    assert "还没查出来" in early.told
    assert early.stay("半糖").state == "查着"
    ready = evening([Act("短语", "半糖", "DY008"), Act("打字", "老陈"), Act("打字", "半糖")])
    assert ready.stay("半糖").state == "办完"


def test_a_transfer_is_for_what_is_the_colleagues() -> None:
    right = evening([Act("等"), Act("转给", "阿树")])
    assert right.stay("阿树").state == "转走"
    assert right.inbox.window("阿树").seat == COLLEAGUE
    assert right.inbox.window("阿树").handover
    wrong = evening([Act("转给", "小鹿")])
    assert wrong.stay("小鹿").state == "等着"
    assert wrong.stay("小鹿").gone_at == max(22 - AGAIN, SECONDS["转给"])
    assert "被转了回来" in wrong.told


def test_a_move_where_nobody_is_does_nothing() -> None:
    assert evening([Act("打字", "木棉")]).now == 0  # who comes at 30
    done = evening([Act("打字", "小鹿"), Act("打字", "小鹿")])
    assert done.now == 12
    assert "没有要办的事" in done.told


PLAN = [Act("短语", "小鹿", "DY063"), Act("短语", "半糖", "DY008"), Act("转给", "阿树"),
        Act("短语", "木棉", "DY083"), Act("打字", "老陈"), Act("打字", "半糖")]  # fmt: skip
"""Short ones first, what is not ours goes on, what has to be looked up is begun early."""


def sensible(seed: int) -> list[Act]:
    """The plan, with a wait where who is next has not come or cannot be answered yet."""
    moves: list[Act] = []
    for action in PLAN:
        while (now := evening(moves, 1, seed)).stay(action.name).state == "没来" or (
            now.now < (now.stay(action.name).ready_at or 0)
        ):
            moves.append(Act("等"))
        moves.append(action)
    return moves


@pytest.mark.parametrize("seed", range(10))
def test_on_every_evening_order_beats_speed(seed: int) -> None:
    assert evening(sensible(seed), 1, seed).won
    assert in_order(0.5, seed).lost
    assert len(in_order(1, seed).lost) >= len(in_order(0.5, seed).lost)


def test_the_seed_moves_the_evening_a_little_and_never_the_book_s_own() -> None:
    assert visitors(0) == VISITORS
    assert visitors(1) == visitors(1) != VISITORS
    for one, mine in zip(visitors(3), VISITORS, strict=True):
        assert mine.patience <= one.patience < mine.patience + 16
        assert abs(one.comes - mine.comes) <= 15


def test_the_phrases_are_the_shops_and_fill() -> None:
    for one in VISITORS:
        for number, _ in one.phrases:
            assert "{" not in phrase_for(number).fill(one.values)
    assert isinstance(phrase_for("DY063"), type(TWO_DAYS))
    assert phrase_for("DY121") is TWO_DAYS
    assert not PhraseBook((TWO_DAYS,)).clashes()


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ([Act("跳", "老陈")], "kind"),  # type: ignore[arg-type]
        ([Act("打字", "北岸")], "name"),
        ([Act("短语", "老陈", "DY063")], "phrase"),
    ],
)
def test_a_move_that_does_not_exist_is_refused(moves: list[Act], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        evening(moves)


@pytest.mark.parametrize("pace", [0, -1, "快"])
def test_a_pace_is_a_positive_number(pace: float) -> None:
    with pytest.raises((ValueError, TypeError), match="pace"):
        evening([], pace)
