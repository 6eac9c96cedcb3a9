"""The desk's model: a chat's figures, windows that nobody has twice, deadlines, and canned replies."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data, kpis
from kefu.clock import SHANGHAI
from kefu.presales.desk import (
    COLUMNS,
    Due,
    Event,
    Hours,
    Inbox,
    Limits,
    Phrase,
    PhraseBook,
    Seat,
    escalation,
    service_times,
)

AT = datetime(2025, 11, 9, 19, 39, 4, tzinfo=SHANGHAI)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(
    lambda naive: naive.replace(microsecond=0, tzinfo=SHANGHAI)
)


def clock(text: str) -> datetime:
    return datetime.fromisoformat(f"2025-11-09T{text}+08:00")


def later(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


# A chat's figures

OFFICIAL = [
    (clock("10:10:15"), "买家"), (clock("10:15:20"), "买家"), (clock("10:18:10"), "客服"),
    (clock("10:18:30"), "买家"), (clock("10:19:00"), "客服"),
]  # fmt: skip


def test_the_published_example_of_the_three_minute_rate() -> None:
    first, both = service_times(OFFICIAL[:3]), service_times(OFFICIAL)
    assert (first.in_time, first.rounds) == (0, 1)
    assert (both.in_time, both.rounds) == (1, 2)
    assert both.three_minute_rate == 0.5
    assert (both.first_response, both.average_response) == (475, 252.5)
    assert both.answer_ratio == pytest.approx(2 / 3)


def test_a_chat_without_an_answer_has_no_times_and_a_round_that_is_lost() -> None:
    told = service_times([(AT, "买家")])
    assert (told.first_response, told.average_response) == (None, None)
    assert (told.answer_ratio, told.three_minute_rate) == (0, 0)


def test_a_chat_in_which_nobody_asked_is_refused() -> None:
    with pytest.raises(ValueError, match="messages: expected a chat in which a buyer wrote"):
        service_times([(AT, "客服")])


@st.composite
def chats(draw: st.DrawFn) -> list[kpis.Message]:
    steps = draw(
        st.lists(st.tuples(st.integers(0, 400), st.sampled_from(kpis.SENDERS)), min_size=1)
    )
    at, told = AT, [(AT, "买家")]
    for seconds, who in steps:
        at += timedelta(seconds=seconds)
        told.append((at, who))
    return told


@given(chats())
def test_the_figures_are_those_of_the_books_twelve(chat: list[kpis.Message]) -> None:
    told = service_times(chat)
    assert told.three_minute_rate == kpis.three_minute_rate([chat])
    assert told.answer_ratio == kpis.answer_ratio([chat])
    if told.average_response is not None:
        assert told.average_response == pytest.approx(kpis.average_response_time([chat]))
        assert told.first_response == kpis.first_response_time([chat])


@given(chats())
def test_asking_again_never_starts_the_clock_anew(chat: list[kpis.Message]) -> None:
    pressed = [chat[0], (chat[0][0], "买家"), *chat[1:]]
    assert service_times(pressed).first_response == service_times(chat).first_response
    assert service_times(pressed).rounds == service_times(chat).rounds


# Who answers whom


def desk(*names: str, seats: tuple[Seat, ...] = (Seat("小满", 3), Seat("阿川", 4))) -> Inbox:
    inbox = Inbox(seats)
    for n, name in enumerate(names):
        inbox = inbox.arrive(name, AT + timedelta(seconds=n))
    return inbox


def names(windows: list[Any]) -> list[str]:
    return [one.customer for one in windows]


def test_a_window_is_claimed_once_and_within_the_seats_capacity() -> None:
    inbox = desk("老陈", "半糖", "小鹿", "木棉")
    for name in ("老陈", "半糖", "小鹿"):
        inbox = inbox.claim("小满", name)
    with pytest.raises(ValueError, match="customer: expected a window that nobody has, got '半糖'"):
        inbox.claim("阿川", "半糖")
    with pytest.raises(ValueError, match="seat: expected a seat with room, got '小满'"):
        inbox.claim("小满", "木棉")
    assert names(inbox.queue()) == ["木棉"]
    assert (inbox.room("小满"), inbox.room("阿川")) == (0, 4)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.integers(0, 20))
def test_dealt_out_no_window_is_given_twice_and_no_seat_has_too_many(
    rooms: list[int], guests: int
) -> None:
    seats = tuple(Seat(f"座{n}", room) for n, room in enumerate(rooms))
    inbox = desk(*(f"客{n}" for n in range(guests)), seats=seats).assign()
    held = [name for seat in seats for name in names(inbox.held(seat.name))]
    assert len(held) == len({*held}) == min(guests, sum(rooms))
    assert all(len(inbox.held(seat.name)) <= seat.capacity for seat in seats)
    assert sorted(held) == sorted(
        f"客{n}" for n in range(min(guests, sum(rooms)))
    )  # who waits longest first
    assert inbox.assign() == inbox


def test_the_list_shows_marked_windows_first_then_the_longest_wait_and_answered_ones_last() -> None:
    inbox = desk("老陈", "半糖", "小鹿")
    for name in ("小鹿", "老陈", "半糖"):
        inbox = inbox.claim("小满", name)
    assert names(inbox.held("小满")) == ["老陈", "半糖", "小鹿"]
    inbox = inbox.answer("老陈")
    assert names(inbox.held("小满")) == ["半糖", "小鹿", "老陈"]
    inbox = inbox.pin("老陈", mark="等他发尺寸")
    assert names(inbox.held("小满")) == ["老陈", "半糖", "小鹿"]
    assert inbox.window("老陈").mark == "等他发尺寸"
    inbox = inbox.pin("老陈", on=False)
    assert inbox.window("老陈").mark == ""
    assert names(inbox.held("小满")) == ["半糖", "小鹿", "老陈"]


def test_who_writes_again_waits_from_the_first_message_that_nobody_answered() -> None:
    inbox = desk("老陈").claim("小满", "老陈")
    assert inbox.arrive("老陈", later(2)).window("老陈").waiting_since == AT
    inbox = inbox.answer("老陈").arrive("老陈", later(3))
    assert inbox.window("老陈").waiting_since == later(3)
    assert inbox.window("老陈").seat == "小满"


def test_a_transfer_needs_a_note_another_seat_and_room() -> None:
    inbox = desk("晚晚", seats=(Seat("小满", 3), Seat("阿川", 1))).claim("小满", "晚晚").pin("晚晚")
    moved = inbox.transfer("晚晚", "阿川", "杯盖裂了，要补发，星期四前")
    assert moved.window("晚晚").handover == "杯盖裂了，要补发，星期四前"
    assert moved.window("晚晚").waiting_since == AT  # the wait goes on
    assert not moved.window("晚晚").pinned
    with pytest.raises(ValueError, match="note: expected some text"):
        inbox.transfer("晚晚", "阿川", " ")
    with pytest.raises(ValueError, match="to: expected another seat"):
        inbox.transfer("晚晚", "小满", "前情")
    full = moved.arrive("阿树", AT).claim("小满", "阿树")
    with pytest.raises(ValueError, match="seat with room"):
        full.transfer("阿树", "阿川", "前情")


def test_tasks_are_the_teams_and_outlive_the_window() -> None:
    inbox = desk("阿树").add_task("阿树", "明早9点前发单号").close("阿树")
    assert [(one.customer, one.what) for one in inbox.tasks] == [("阿树", "明早9点前发单号")]
    assert inbox.windows == ()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Seat("小满", 0), "capacity"),
        (lambda: Seat(" ", 3), "name"),
        (lambda: Inbox(()), "seats"),
        (lambda: Inbox((Seat("小满", 3), Seat("小满", 4))), "seats"),
        (lambda: desk("老陈").claim("林姐", "老陈"), "seat"),
        (lambda: desk("老陈").claim("小满", "北岸"), "customer"),
        (lambda: desk("老陈").answer("老陈"), "a window that a seat has"),
        (lambda: desk("老陈").pin("老陈"), "a window that a seat has"),
        (lambda: desk().arrive("老陈", datetime(2025, 11, 9)), "at"),
    ],
)
def test_what_cannot_be_is_refused(build: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()


# When a case is due


def test_the_chapters_case_step_by_step() -> None:
    case: list[tuple[datetime, Event]] = [(AT, "客人问")]
    assert escalation(case) == Due("首次答复", later(3))
    case.append((later(4), "客服答"))
    assert escalation(case) == Due("下次答复", later(34))
    case.append((later(10), "等客人"))
    assert escalation(case) is None
    case.append((later(200), "客人问"))
    # 10 of the 240 minutes to the end are used; the next answer is due half an hour after the clock runs again
    assert escalation(case) == Due("下次答复", later(230))
    assert escalation([*case, (later(201), "办结")]) is None


def test_the_end_may_come_first_and_skips_the_night() -> None:
    case: list[tuple[datetime, Event]] = [(AT, "客人问"), (later(235), "客服答")]
    assert escalation(case) == Due("办结", later(240))
    at = datetime(2025, 11, 9, 23, 59, tzinfo=SHANGHAI)
    assert escalation([(at, "客人问")]) == Due(
        "首次答复", datetime(2025, 11, 10, 9, 2, tzinfo=SHANGHAI)
    )
    free = Hours(days_off=frozenset({date(2025, 11, 10)}))
    assert escalation([(at, "客人问")], hours=free) == Due(
        "首次答复", datetime(2025, 11, 11, 9, 2, tzinfo=SHANGHAI)
    )


def test_an_overdue_case_says_when_it_was_due() -> None:
    case: list[tuple[datetime, Event]] = [
        (AT, "客人问"),
        (later(1), "客服答"),
        (later(50), "等客人"),
        (later(60), "客人问"),
    ]
    assert escalation(case, Limits(update=1200, close=2400)) == Due("办结", later(40))


GAPS = st.lists(st.integers(1, 7200), min_size=1, max_size=8)


@st.composite
def cases(draw: st.DrawFn) -> list[tuple[datetime, Event]]:
    at = draw(MOMENTS)
    told: list[tuple[datetime, Event]] = [(at, "客人问")]
    for gap in draw(GAPS):
        at += timedelta(seconds=gap)
        told.append((at, draw(st.sampled_from(("客人问", "客服答", "等客人")))))
    return told


@given(cases(), st.integers(1, 7200))
def test_a_longer_time_with_the_customer_never_makes_the_case_due_earlier(
    case: list[tuple[datetime, Event]], more: int
) -> None:
    waits = [n for n, (_, what) in enumerate(case) if what == "等客人"]
    if not waits:
        return
    first = waits[0]
    back = next((n for n in range(first, len(case)) if case[n][1] == "客人问"), None)
    if back is None:
        assert escalation(case) is None
        return
    moved = [
        (at + timedelta(seconds=more if n >= back else 0), what)
        for n, (at, what) in enumerate(case)
    ]
    before, after = escalation(case), escalation(moved)
    assert (before is None) == (after is None)
    if before and after:
        assert after.at >= before.at


@given(cases(), st.integers(1, 10**5), st.integers(1, 10**5))
def test_a_higher_limit_never_makes_a_case_due_earlier(
    case: list[tuple[datetime, Event]], low: int, more: int
) -> None:
    for name in ("first", "update", "close"):
        one = escalation(case, Limits(**{name: low}))
        other = escalation(case, Limits(**{name: low + more}))
        assert (one is None) == (other is None)
        if one and other:
            assert one.at <= other.at


@given(MOMENTS, st.integers(1, 10**5), st.integers(0, 22))
def test_hours_after_and_between_undo_one_another(
    moment: datetime, seconds: int, opens: int
) -> None:
    hours = Hours(opens, opens + 2)
    at = hours.after(moment, seconds)
    assert hours.between(moment, at) == seconds
    assert hours.opens <= at.hour + at.minute / 60 + at.second / 3600 <= hours.closes
    assert hours.after(moment, seconds + 1) > at


@given(MOMENTS, GAPS)
def test_hours_between_add_up(moment: datetime, gaps: list[int]) -> None:
    hours, stops = Hours(), [moment]
    for gap in gaps:
        stops.append(stops[-1] + timedelta(seconds=gap))
    parts = sum(hours.between(a, b) for a, b in pairwise(stops))
    assert parts == pytest.approx(hours.between(stops[0], stops[-1]))


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    assert escalation([(AT.astimezone(UTC), "客人问")]) == escalation([(AT, "客人问")])


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Hours(9, 9), "closes"),
        (lambda: Hours(9, 25), "closes"),
        (lambda: Limits(first=0), "first"),
        (lambda: escalation([]), "events"),
        (lambda: escalation([(AT, "客服答")]), "events"),
        (lambda: escalation([(AT, "客人问"), (later(-1), "客服答")]), "events"),
        (lambda: escalation([(AT, "客人问"), (later(1), "挂断")]), "events"),  # type: ignore[list-item]
        (lambda: escalation([(datetime(2025, 11, 9), "客人问")]), "events"),
        (
            lambda: Hours(
                days_off=frozenset(date(2025, 11, 9) + timedelta(days=n) for n in range(400))
            ).after(AT, 1),
            "a day of work within a year",
        ),
    ],
)
def test_a_calendar_or_case_that_cannot_be_is_refused(build: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        build()


# Canned replies


def shop_text() -> str:
    return data.path("phrases").read_text(encoding="utf-8")


def test_the_shops_phrases_come_back_letter_by_letter() -> None:
    text = shop_text()
    assert PhraseBook.from_csv(text).to_csv() == text
    assert PhraseBook.from_csv("\ufeff" + text).to_csv() == text


WORDS = st.text("甲乙丙a1,;\"'，。", min_size=1, max_size=8)
BRACED = WORDS.map(lambda word: "{" + word.replace(";", "") + "字}")
PHRASES = st.builds(
    Phrase,
    phrase_id=WORDS, group=WORDS, shortcut=WORDS,
    text=st.lists(WORDS | BRACED, min_size=1).map("".join),
    promises=st.booleans(), uses=st.integers(0, 10**6), last_used=st.none() | st.dates(),
)  # fmt: skip
BOOKS = (
    st.lists(PHRASES, max_size=5, unique_by=lambda one: one.phrase_id).map(tuple).map(PhraseBook)
)


@given(BOOKS)
def test_any_book_comes_back_from_its_file(book: PhraseBook) -> None:
    assert PhraseBook.from_csv(book.to_csv()) == book


@given(PHRASES, WORDS)
def test_filled_no_field_is_left_and_the_rest_is_unchanged(one: Phrase, value: str) -> None:
    filled = one.fill(dict.fromkeys(one.fields, value))
    assert "{" not in filled
    if not one.fields:
        assert filled == one.text


def test_a_field_without_a_value_is_named() -> None:
    with pytest.raises(ValueError, match="尺码: expected some text"):
        Phrase("A", "查货", "/a", "{尺码}有货").fill({"尺码": " "})


def test_the_shops_book_has_the_clash_that_the_data_planted() -> None:
    book = PhraseBook.from_csv(shop_text())
    assert {key: [one.phrase_id for one in found] for key, found in book.clashes().items()} == {
        "/yj4": ["DY044", "DY085"]
    }
    assert [one.phrase_id for one in book.search("/yj4")] == ["DY085", "DY044"]
    assert [one.phrase_id for one in book.search("窗口 抱歉")] == ["DY110"]
    assert book.search("窗口 抱歉", group="欢迎") == []
    assert all(one.group == "安抚" for one in book.search("", group="安抚"))
    assert book.phrase("DY110").shortcut == "/af10"


def test_why_a_phrase_should_not_go_out() -> None:
    book = PhraseBook.from_csv(shop_text())
    hello, wait, wrong = book.phrase("DY001"), book.phrase("DY008"), book.phrase("DY110")
    named = {"客人昵称": "北岸", "客服名": "小满"}
    assert hello.objections(named, "北岸", "在吗") == []
    assert hello.objections(named, "橘子汽水", "在吗") == ["称呼是“北岸”，窗口里的人是“橘子汽水”"]
    assert hello.objections({"客服名": "小满"}, "北岸") == ["还有空没填：客人昵称"]
    assert hello.objections(named, "北岸", "我问第二遍了") == ["客人正有气，先认他等了多久，再说事"]
    assert wrong.objections({}, "北岸", "我问第二遍了") == []
    assert wait.objections(named, "北岸") == ["这是一句承诺：兑现得了才发，发了要记下"]
    assert len(wait.objections({"客人昵称": "小鹿"}, "北岸", "人呢，等了五分钟")) == 3


def row(**cells: str) -> str:
    sound = dict(
        zip(
            COLUMNS,
            ("A1", "欢迎", "/hy1", "您好{客人昵称}", "客人昵称", "false", "3", "2025-11-09"),
            strict=True,
        )
    )
    return f"{','.join(COLUMNS)}\n{','.join((sound | cells).values())}\n"


def test_a_sound_row_is_read() -> None:
    assert PhraseBook.from_csv(row()).phrases[0].last_used == date(2025, 11, 9)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("phrase_id,text\n", "the columns"),
        ("", "the columns"),
        (row(promises="是"), "line 2: expected true or false in promises"),
        (row(uses="-1"), "line 2: expected a count in uses"),
        (row(last_used="昨天"), "line 2: expected a date in last_used"),
        (row(fields=""), "line 2: expected the text's fields 客人昵称"),
        (row(text=" "), "line 2: expected number, group, shortcut and text"),
        (row() + "A2,欢迎\n", "line 3: expected 8 cells"),
        (row() + row().splitlines()[1] + ",多\n", "line 3: expected 8 cells"),
        (row() + row().splitlines()[1] + "\n", "phrase_id: expected a number used once"),
    ],
)
def test_a_file_that_is_wrong_says_in_which_line(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        PhraseBook.from_csv(text)
