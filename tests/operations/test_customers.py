"""Cleaning with a trail, one person in two rows against the planted key, kinds of customers, the funnel."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.shop.dirt import full_name
from datasets.shop.truths import truths
from kefu import data
from kefu.operations.customers import (
    BLOCKS,
    SAME,
    STATUSES,
    STEPS,
    BuyerType,
    Chances,
    Funnel,
    Lead,
    blocked,
    buyer_type,
    buyer_types,
    clean,
    compared,
    deduplicate,
    funnel,
    joined,
    measured,
    merge,
    plain_name,
    similarity,
    singled_out,
    under_14,
)

TODAY = date(2026, 1, 19)
RAW = data.rows("customers_raw")
DONE = clean(RAW, TODAY)
KEY = {row["row_id"]: row["customer_id"] for row in data.rows("customers_raw_key")}
TRUE = {row["customer_id"]: row for row in data.rows("customers")}


# Cleaning


def test_every_row_is_kept_in_its_place_and_the_trail_leads_back_to_what_came() -> None:
    assert [row["row_id"] for row in DONE.rows] == [row["row_id"] for row in RAW]
    assert list(DONE.undone()) == RAW


def test_each_difference_has_its_line_and_each_line_its_difference() -> None:
    differ = {
        (raw["row_id"], field)
        for raw, row in zip(RAW, DONE.rows, strict=True)
        for field in row
        if raw[field] != row[field]
    }
    assert {(line.row_id, line.field) for line in DONE.trail} == differ


def test_the_planted_dirt_is_found_to_the_last_row() -> None:
    counts, seen = DONE.counts(), truths()["dirt"]["seen_88"]
    found = {
        "duplicate": counts["号码写法"],
        "date_format": counts["日期写法"],
        "fullwidth": counts["全角数字"],
        "province_suffix": counts["省份写法"],
        "impossible_date": counts["不可能的日期"],
        "blanks": counts["多余空白"],
    }
    assert found == {name: seen[name] for name in found}
    assert counts["看不懂"] == 0


def test_cleaned_rows_say_what_the_customers_table_says() -> None:
    taken_out = {(line.row_id, line.field) for line in DONE.trail if line.kind == "不可能的日期"}
    for row in DONE.rows:
        true = TRUE[KEY[row["row_id"]]]
        assert plain_name(row["nickname"]) == true["nickname"]
        for field in set(true) - {"customer_id", "nickname"}:
            missing = field in ("source", "level") and not row[field]
            if not missing and (row["row_id"], field) not in taken_out:
                assert row[field] == true[field]


def test_cleaning_what_is_clean_changes_nothing() -> None:
    assert clean(DONE.rows, TODAY).trail == ()


@pytest.mark.parametrize(
    "day", ["1990-02-30", "1899-12-31", "2031-05-01", "1988-13-05", "0000-00-00"]
)
def test_a_day_that_cannot_be_is_taken_out_and_kept_in_the_trail(day: str) -> None:
    done = clean([{"row_id": "W1", "birthday": day}], TODAY)
    assert done.rows[0]["birthday"] == ""
    (line,) = done.trail
    assert (line.before, line.after, line.kind) == (day, "", "不可能的日期")


@pytest.mark.parametrize(
    ("field", "value"),
    [("birthday", "春天"), ("province", "火星"), ("points", "很多"), ("phone", "没有"), ("sms_consent", "看情况")],
)  # fmt: skip
def test_what_is_not_understood_stays_and_is_told(field: str, value: str) -> None:
    done = clean([{"row_id": "W1", field: value}], TODAY)
    assert done.rows[0][field] == value
    (line,) = done.trail
    assert (line.before, line.after, line.kind) == (value, value, "看不懂")


@pytest.mark.parametrize("province", [row["province"] for row in data.rows("zones")])
def test_every_province_is_read_by_its_short_and_its_full_name(province: str) -> None:
    rows = [{"row_id": "1", "province": province}, {"row_id": "2", "province": full_name(province)}]
    assert [row["province"] for row in clean(rows, TODAY).rows] == [province] * 2


DAYS = st.dates(date(1900, 1, 1), TODAY)


@given(DAYS, st.sampled_from(["{0}-{1:02}-{2:02}", "{0}/{1}/{2}", "{0}年{1}月{2}日", "{0}{1:02}{2:02}",
                              "{0}.{1:02}.{2:02}", " {0}-{1:02}-{2:02}　"]))  # fmt: skip
def test_a_date_is_read_in_every_way_that_the_exports_write_it(day: date, way: str) -> None:
    written = way.format(day.year, day.month, day.day)
    done = clean([{"row_id": "W1", "birthday": written}], TODAY)
    assert done.rows[0]["birthday"] == day.isoformat()


ANY_ROW = st.fixed_dictionaries(
    {field: st.text(max_size=12) for field in STEPS}
    | {"birthday": st.one_of(st.text(max_size=12), DAYS.map(str), st.just("２０２５年１月３日"))}
)


@given(st.lists(ANY_ROW, max_size=5))
def test_whatever_comes_can_be_had_back(given_rows: list[dict[str, str]]) -> None:
    rows = [{"row_id": f"W{n}"} | row for n, row in enumerate(given_rows)]
    done = clean(rows, TODAY)
    assert list(done.undone()) == rows
    assert clean(done.rows, TODAY).rows == done.rows


@pytest.mark.parametrize("rows", [[{"birthday": ""}], [{"row_id": "1"}, {"row_id": "1"}]])
def test_rows_without_a_number_of_their_own_are_refused(rows: list[dict[str, str]]) -> None:
    with pytest.raises(ValueError, match=r"row_id: expected a number of its own .*不重复的行号"):
        clean(rows, TODAY)


# One person in two rows


def test_the_planted_pairs_are_found_at_the_precision_and_recall_that_are_asked() -> None:
    found = deduplicate(DONE.rows, 12)
    score = measured((pair.rows for pair in found.pairs), KEY)
    assert score.planted == 310
    assert score.precision >= 0.98
    assert score.recall >= 0.90
    assert len(found.people) == len(set(KEY.values())) == 4000


def test_seven_digits_do_what_a_birthday_does_not() -> None:
    def best(*fields: str) -> float:
        pairs = compared(DONE.rows, ("nickname", *fields))
        scores = sorted({pair.score for pair in pairs})
        found = (measured((p.rows for p in pairs if p.score >= t), KEY) for t in scores)
        return max(one.f for one in found)

    assert best() < 0.6
    assert 0.8 < best("birthday") < best("province") < best("phone") == 1.0


@pytest.mark.parametrize(
    ("block", "raw", "cleaned"),
    [("nickname", 1.0, 1.0), ("birthday", 0.681, 0.681), ("province", 0.571, 1.0),
     ("registered_on", 0.494, 1.0), ("phone", 0.0, 1.0)],
)  # fmt: skip
def test_a_block_caps_recall_and_most_where_its_column_is_not_clean(
    block: str, raw: float, cleaned: float
) -> None:
    for rows, recall in ((RAW, raw), (DONE.rows, cleaned)):
        assert measured(blocked(rows, [block]), KEY).recall == pytest.approx(recall, abs=0.0005)


def test_blocks_spare_nearly_all_comparisons() -> None:
    everything = len(RAW) * (len(RAW) - 1) // 2
    assert (everything, deduplicate(DONE.rows, 12).compared) == (9285895, 1011)


FEW = st.lists(
    st.fixed_dictionaries({
        "nickname": st.sampled_from(["橘子汽水", "@橘子汽水", "北岸", ""]),
        "birthday": st.sampled_from(["", "1990-01-02", "1991-03-04"]),
        "province": st.sampled_from(["浙江", "江西"]),
        "phone": st.sampled_from(["", "185****9814", "139****2706"]),
    }),
    min_size=2, max_size=9,
)  # fmt: skip


@given(FEW)
def test_similarity_is_the_same_both_ways_and_the_sum_of_its_reasons(
    rows: list[dict[str, str]],
) -> None:
    chances = Chances.of(rows)
    for one, other in combinations(rows, 2):
        found = similarity(one, other, chances)
        assert found == similarity(other, one, chances)
        assert found.score == sum(reason.bits for reason in found.reasons)
        part = ("nickname", "phone")
        assert found.only(part) == similarity(one, other, chances, part)
        for reason in found.reasons:
            sides = plain_name(one.get(reason.field, "")), plain_name(other.get(reason.field, ""))
            assert (reason.agrees is None) == (not all(sides))


@given(FEW, st.floats(-20, 20), st.floats(0, 20))
def test_a_higher_threshold_only_takes_pairs_away_and_people_are_a_partition(
    rows: list[dict[str, str]], least: float, more: float
) -> None:
    rows = [row | {"row_id": f"W{n}"} for n, row in enumerate(rows)]
    low, high = deduplicate(rows, least), deduplicate(rows, least + more)
    assert {pair.rows for pair in high.pairs} <= {pair.rows for pair in low.pairs}
    assert len(low.people) <= len(high.people)
    for found in (low, high):
        assert sorted(n for person in found.people for n in person) == sorted(
            row["row_id"] for row in rows
        )


@given(FEW)
def test_blocking_finds_just_the_pairs_that_agree_in_a_block(rows: list[dict[str, str]]) -> None:
    rows = [row | {"row_id": f"W{n}"} for n, row in enumerate(rows)]
    brute = {
        (a["row_id"], b["row_id"])
        for a, b in combinations(rows, 2)
        for block in BLOCKS
        if plain_name(a[block]) and plain_name(a[block]) == plain_name(b[block])
    }
    found = list(blocked(rows, BLOCKS))
    assert set(found) == brute
    assert len(found) == len(brute)


def test_a_rare_value_that_agrees_is_worth_more_and_bits_are_the_formula() -> None:
    rows = [{"province": p} for p in ("浙江", "浙江", "浙江", "西藏", "西藏")]
    chances = Chances.of(rows, ["province"])
    large = similarity(rows[0], rows[1], chances, ["province"]).score
    small = similarity(rows[3], rows[4], chances, ["province"]).score
    assert (large, small) == pytest.approx((log2(0.98 / 0.6), log2(0.98 / 0.4)))
    apart = similarity(rows[0], rows[3], chances, ["province"]).score
    assert apart == pytest.approx(log2(0.02 / (1 - 0.6**2 - 0.4**2)))


def test_bits_are_those_of_the_worked_example_of_a_month_of_birth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Record linkage, Wikipedia: m is 95 %, u one in twelve; a match gives 3.51, a mismatch -4.20."""
    monkeypatch.setitem(SAME, "birthday", 0.95)
    rows = [{"birthday": f"{month}月"} for month in range(1, 13)]
    chances = Chances.of(rows, ["birthday"])
    scores = [similarity(rows[0], other, chances, ["birthday"]).score for other in rows[:2]]
    assert scores == pytest.approx([3.51, -4.20], abs=0.005)


@pytest.mark.parametrize(
    ("merged", "right", "published"),
    [(317, 317, (1.0, 0.634, 0.776)), (2082, 326, (0.157, 0.652, 0.253))],
)
def test_a_search_is_measured_as_the_published_one_of_500_planted_pairs_is(
    merged: int, right: int, published: tuple[float, float, float]
) -> None:
    """Febrl 1, 500 records twice, in the documentation of recordlinkage: found, and in the blocks."""
    key = {f"{side}{n}": f"C{n}" for side in "AB" for n in range(500)}
    strangers = ((f"A{n}", f"B{(n + shift) % 500}") for shift in range(1, 5) for n in range(500))
    pairs = [(f"A{n}", f"B{n}") for n in range(right)]
    pairs += [pair for pair, _ in zip(strangers, range(merged - right), strict=False)]
    found = measured(pairs, key)
    assert (found.merged, found.right, found.planted) == (merged, right, 500)
    assert (found.precision, found.recall, found.f) == pytest.approx(published, abs=0.0005)


def test_if_a_is_b_and_b_is_c_all_three_are_one() -> None:
    rows = [{"row_id": f"W{n}", "nickname": "甲", "phone": ""} for n in range(4)]
    pairs = [
        pair
        for pair in compared(rows, ["nickname"])
        if set(pair.rows) in ({"W0", "W1"}, {"W1", "W2"})
    ]
    assert joined([row["row_id"] for row in rows], pairs) == (("W0", "W1", "W2"), ("W3",))


def test_how_good_is_told_where_nothing_is_found_or_nothing_planted() -> None:
    nothing = measured([], {"W1": "A", "W2": "A"})
    assert (nothing.precision, nothing.recall, nothing.f, nothing.missed) == (1.0, 0.0, 0.0, 1)
    wrong = measured([("W2", "W1")], {"W1": "A", "W2": "B"})
    assert (wrong.precision, wrong.recall, wrong.wrong) == (0.0, 1.0, 1)


def test_a_merged_card_keeps_both_notes_and_the_stricter_consent() -> None:
    one = {
        "row_id": "W1",
        "nickname": "橘子汽水",
        "level": "",
        "note": "只要棉的",
        "sms_consent": "true",
    }
    other = one | {  # as the second export has her
        "row_id": "W2",
        "nickname": "@橘子汽水",
        "level": "金卡",
        "note": "送礼，不放小票",
        "sms_consent": "false",
    }
    found = merge([one, other])
    assert found.card == {
        "nickname": "橘子汽水", "level": "金卡", "note": "只要棉的；送礼，不放小票", "sms_consent": "false",
    }  # fmt: skip
    assert set(found.conflicts) == {"note", "sms_consent"}


def test_each_field_more_singles_out_as_many_or_more() -> None:
    rows = data.rows("customers")
    shares = [singled_out(rows, list(SAME)[:n]) for n in range(1, len(SAME) + 1)]
    assert shares == sorted(shares)
    assert singled_out(rows, ["phone"]) == 3968 / 4000


@pytest.mark.parametrize("fields", [[], ["weight"], "nickname"])
def test_fields_that_are_not_compared_are_refused(fields: list[str]) -> None:
    with pytest.raises(ValueError, match=r"fields: expected .*fields应为"):
        deduplicate([], 0, fields)
    with pytest.raises(ValueError, match="fields: expected"):
        list(blocked([], fields))


def test_no_row_has_no_card_and_nobody_to_single_out() -> None:
    with pytest.raises(ValueError, match="rows: expected at least one row"):
        merge([])
    with pytest.raises(ValueError, match="rows: expected at least one row"):
        singled_out([], ["phone"])


# Kinds of customers, the funnel, the young

ORDERS = st.lists(st.sampled_from(STATUSES), max_size=5)


@pytest.mark.parametrize(
    ("orders", "chats", "kind"),
    [
        (["交易成功"], 0, "成交客户"),
        (["交易关闭", "交易成功"], 2, "成交客户"),
        (["交易关闭"], 2, "未成交客户"),
        (["已发货"], 0, None),
        (["已发货"], 1, "询单客户"),
        (["已发货", "交易关闭"], 1, "未成交客户"),
        ([], 1, "询单客户"),
        ([], 0, None),
    ],
)  # fmt: skip
def test_each_customer_is_counted_under_one_kind(
    orders: list[str], chats: int, kind: str | None
) -> None:
    assert buyer_type(orders, chats) == kind


@given(ORDERS, st.integers(0, 3))
def test_the_one_kind_is_among_all_and_the_first_two_exclude_one_another(
    orders: list[str], chats: int
) -> None:
    kinds, one = buyer_types(orders, chats), buyer_type(orders, chats)
    assert (one in kinds) if kinds else (one is None)
    assert not {BuyerType.COMPLETED, BuyerType.UNPAID_CLOSED} <= kinds
    assert buyer_type([*orders, "交易成功"], chats) is BuyerType.COMPLETED
    assert (BuyerType.ENQUIRER in kinds) == (chats > 0)


def test_unknown_statuses_and_chats_below_none_are_refused() -> None:
    with pytest.raises(ValueError, match=r"orders: expected one of 待付款.*orders应为"):
        buyer_type(["付款了"], 0)
    with pytest.raises(ValueError, match="chats: expected a whole number >= 0"):
        buyer_type([], -1)


LEADS = st.lists(
    st.builds(Lead, st.text("甲乙丙丁", min_size=1), st.integers(0, 500), st.booleans(), st.booleans(), st.booleans()),
    max_size=8, unique_by=lambda lead: lead.name,
)  # fmt: skip


@given(LEADS, st.integers(1, 400))
def test_each_stage_is_a_part_of_the_one_before(leads: list[Lead], large: int) -> None:
    found = funnel(leads, large)
    assert set(found.targets) <= set(found.prospects) <= set(found.market)
    assert set(found.important) <= set(found.market) <= {lead.name for lead in leads}


def test_nobody_is_in_an_empty_funnel_and_a_size_is_needed() -> None:
    assert funnel([], 1) == Funnel((), (), (), ())
    with pytest.raises(ValueError, match="large: expected"):
        funnel([], 0)
    with pytest.raises(TypeError, match="wants: expected True or False"):
        Lead("甲", 3, 1)  # type: ignore[arg-type]


@given(st.dates(date(1990, 1, 1), date(2025, 12, 31)), st.integers(0, 9000))
def test_under_fourteen_ends_on_the_fourteenth_birthday_and_stays_over(
    born: date, days: int
) -> None:
    on = born + timedelta(days=days)
    try:
        turned = born.replace(year=born.year + 14)
    except ValueError:  # 29 February
        turned = date(born.year + 14, 3, 1)
    assert under_14(born, on) == (on < turned)


def test_who_is_not_yet_born_has_no_age() -> None:
    with pytest.raises(ValueError, match="birthday: expected a day that has come"):
        under_14(date(2026, 2, 1), TODAY)
