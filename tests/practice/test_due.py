"""By when something was promised, as its words say it."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest

from kefu.practice import scenes, shift
from kefu.practice.due import due

SAID = shift.moment(5400)  # 22:30 on the 17th of June


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("价保：退差价40元，6月18日18点前到账", (6, 18, 18, 0)),
        ("查件：我查是谁签收的，9点前回您", (6, 18, 9, 0)),  # nine o'clock of tonight is over
        ("接手：10分钟内回您", (6, 17, 22, 40)),
        ("10点半前回您", (6, 18, 10, 30)),
        ("15点30分打给您，只打一次", (6, 18, 15, 30)),
        ("明天中午12点前我都回复您", (6, 18, 12, 0)),
        ("明晚9点前出单号，我发您", (6, 18, 21, 0)),
        ("今晚24点前一个个通知", (6, 18, 0, 0)),
        ("公屏：主播说的“今晚8点发走”，7月17日22:48前由客服兑现", (7, 17, 22, 48)),
        ("3月5日中午12点前给您准话", (3, 5, 12, 0)),
    ],
)
def test_a_time_that_is_named_is_read(words: str, by: tuple[int, ...]) -> None:
    found = due(words, SAID)
    assert isinstance(found, datetime)
    assert (found.month, found.day, found.hour, found.minute) == by
    assert found >= SAID
    assert found.tzinfo == SAID.tzinfo


@pytest.mark.parametrize(
    ("words", "by"),
    [
        ("8号我再核对一遍", date(2026, 7, 8)),
        ("2月1日起掉级前7天先告诉您差多少", date(2027, 2, 1)),
        ("明天上午发", date(2026, 6, 18)),
        ("单号出来我发给您", None),
        ("收到后10分钟内回您", None),
        ("仓库签收后48小时内一起退", None),
        ("公屏：主播说的“今晚下单明天必到”由仓库兑现", None),
        ("31号我再看", None),  # there is no 31st of June
    ],
)
def test_a_day_alone_stays_a_day_and_what_hangs_on_something_else_has_none(
    words: str, by: date | None
) -> None:
    assert due(words, SAID) == by


@pytest.mark.parametrize("name", scenes.PROMISED)
def test_every_promise_of_an_old_conversation_that_names_a_time_has_one(name: str) -> None:
    said = scenes.scene(name).date
    for words in scenes.PROMISED[name]:
        by = due(words, said)
        assert (by is not None) == bool(re.search(r"\d[点号日]|今天|明天|今晚|明晚|当天", words)), (
            words
        )
        if by is not None:
            day = by.date() if isinstance(by, datetime) else by
            assert 0 <= (day - said.date()).days < 40, words
