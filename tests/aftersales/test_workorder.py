"""A hand-over note: complete, it lacks nothing; each thing left out is told, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.aftersales.workorder import ORDER, VAGUE, WorkOrder, missing
from kefu.clock import SHANGHAI

NOW = datetime(2025, 12, 1, 15, tzinfo=SHANGHAI)
WHOLE = WorkOrder(
    order="NX25112600123",
    found="11月29日到江西，停了52小时；快递没写原因",
    told="今天20点前回他",
    step="给青鸟打电话，问在不在江西分拨中心",
    owner="阿川",
    by=NOW.replace(hour=20),
    fallback="找不到，明早9点报小棠，按丢件补发",
)


def test_a_whole_note_lacks_nothing() -> None:
    assert missing(WHOLE, NOW) == ()


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"order": ""}, "单号"),
        ({"order": "江西那单"}, "单号"),
        ({"found": " "}, "查到了什么"),
        ({"told": ""}, "答应过客人什么"),
        ({"step": ""}, "下一步做什么"),
        ({"step": "跟进物流"}, "下一步太含糊：跟进"),
        ({"owner": ""}, "谁来做"),
        ({"by": None}, "几点前回客人"),
        ({"by": NOW}, "答复的时刻已经过了"),
        ({"fallback": ""}, "不成怎么办"),
    ],
)
def test_what_is_left_out_is_told_and_nothing_else(change: dict[str, Any], lacks: str) -> None:
    assert missing(replace(WHOLE, **change), NOW) == (lacks,)


def test_an_empty_note_lacks_all_that_has_to_be_in_it() -> None:
    assert len(missing(WorkOrder(), NOW)) == len(fields(WorkOrder))


def test_a_note_in_mere_words_is_no_work_order() -> None:
    with pytest.raises(TypeError, match=r"note应为一张WorkOrder.*收到'已联系快递'"):
        missing("已联系快递", NOW)  # type: ignore[arg-type]


@given(st.sets(st.sampled_from([field.name for field in fields(WorkOrder)])), st.integers(-5, 5))
def test_filling_in_one_thing_more_never_adds_a_lack(left_out: set[str], hours: int) -> None:
    empty = WorkOrder()
    now = NOW + timedelta(hours=hours)
    note = replace(WHOLE, **{name: getattr(empty, name) for name in left_out})
    for name in left_out:
        fuller = replace(note, **{name: getattr(WHOLE, name)})
        assert len(missing(fuller, now)) <= len(missing(note, now))


def test_every_vague_word_is_heard() -> None:
    for word in VAGUE:
        assert missing(replace(WHOLE, step=f"{word}这一单"), NOW) == (f"下一步太含糊：{word}",)


def test_the_shops_own_order_numbers_are_known() -> None:
    assert all(ORDER.fullmatch(row["order_id"]) for row in data.rows("orders")[:500])


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="by: expected an aware datetime"):
        missing(replace(WHOLE, by=datetime(2025, 12, 1, 20)), NOW)
