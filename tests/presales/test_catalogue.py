"""The file of items and its bulk edits, and what fills the showcase."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.presales.catalogue import (
    ENOUGH,
    MOST_BAD,
    ShelfWeek,
    Shelved,
    bulk_edit,
    choose_showcase,
    mondays,
    on_shelf,
    read_items,
    shelf_week,
    showcase_money,
    sound_cell,
    swap,
    times,
    write_items,
)

SHELF = "sku,title,price,stock\n"
GOOD = SHELF + "A1,袜子,19.90,40\nA2,毛巾,16.80,34\n"
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
FORMS = [("\r\n", csv.QUOTE_MINIMAL), ("\r\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_ALL)]
"""Line ends and quoting as csv may write them; with a bare \\n it leaves a \\r in a cell unquoted."""
MANY = st.lists(st.tuples(CELLS, st.decimals("0.01", "999", places=2)), max_size=8)


def written(rows: object, end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    """A file as Python's own csv writes it."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[call-overload]
    return out.getvalue().encode()


# Read and written again


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_stands_below_the_head_is_written_again_byte_for_byte(text: str) -> None:
    content = (SHELF + text).encode()
    assert write_items(read_items(content)) == content


@given(st.text(st.sampled_from('",\r\nA1袜 \ufeff')))
def test_marks_of_csv_in_any_order_are_written_again_byte_for_byte(text: str) -> None:
    content = (data.MARK + SHELF + text).encode()
    assert write_items(read_items(content)) == content


@given(MANY, st.sampled_from(FORMS))
def test_what_csv_writes_is_read_as_csv_reads_it(
    goods: list[tuple[str, Decimal]], form: tuple[str, int]
) -> None:
    rows = [[f"A{n}", title, str(price)] for n, (title, price) in enumerate(goods)]
    file = read_items(written([["sku", "title", "price"], *rows], *form))
    assert file.faults == ()
    assert [list(one.values()) for one in file.items()] == rows


@pytest.mark.parametrize("name", ["products", "shelf"])
def test_the_shops_own_tables_come_through(name: str) -> None:
    content = data.path(name).read_bytes()
    assert write_items(read_items(content)) == content


def test_all_products_are_items() -> None:
    file = read_items(data.path("products").read_bytes())
    assert file.faults == ()
    assert file.items() == data.rows("products")


def test_mark_line_ends_and_needless_quotation_marks_stay() -> None:
    content = '\ufeffsku,title\r\n"A1","袜子"\nA2,"说""好"""\r\n\r\nA3,末行没有换行'.encode()
    file = read_items(content)
    assert file.marked
    assert file.head == ("sku", "title")
    assert [one["title"] for one in file.items()] == ["袜子", '说"好"', "末行没有换行"]
    assert write_items(file) == content


def test_a_file_of_nothing_has_nothing() -> None:
    assert (read_items(b"").items(), write_items(read_items(b""))) == ([], b"")


# Rows that cannot be read


@pytest.mark.parametrize(
    ("row", "english", "chinese"),
    [
        ("A9,袜子,贵,3", "line 3: price: expected a number >= 0", "第3行：price应为不小于0的数"),
        ("A9,袜子,9.999,3", "at most two decimals", "第3行：price应为至多两位小数的元"),
        ("A9,袜子,9.9,三", "line 3: stock: expected a whole number", "第3行：stock应为不小于0的整数"),
        ("A9,袜子,9.9", "line 3: row: expected 4 cells, got 3", "第3行：row应为4格，收到3"),
        ("A9,袜子,三双,9.9,3", "expected 4 cells, got 5", "第3行"),
        ("A1,又一双,9.9,3", "line 3: sku: expected a name that no other row has", "不与别行重复的编号，收到'A1'"),
        (",无名,9.9,3", "line 3: sku: expected", "第3行：sku"),
        ('A9,"没关上,9.9,3', "line 3: row: expected quotation marks in pairs", "第3行：row应为成对的引号"),
        ('A9,"关早了"些,9.9,3', "quotation marks in pairs", "第3行"),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_with_its_line_in_both_languages_and_the_others_stay(
    row: str, english: str, chinese: str
) -> None:
    content = f"{SHELF}A1,袜子,19.90,40\n{row}\nA2,毛巾,16.80,34\n".encode()
    file = read_items(content)
    (fault,) = file.faults
    assert english in fault
    assert chinese in fault
    assert [one["sku"] for one in file.items()] == ["A1", "A2"]
    assert write_items(file) == content


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    file = read_items(SHELF + 'A1,"两\r\n行",19.90,40\r\nA2,毛巾,贵,3\n')
    assert file.faults[0].startswith("line 4: ")


def test_a_repaired_row_is_no_longer_told() -> None:
    file = read_items(GOOD.replace("16.80", "便宜"))
    assert len(file.faults) == 1
    assert read_items(write_items(file).decode().replace("便宜", "16.80")).faults == ()


@pytest.mark.parametrize("head", ["sku,sku\n", "sku,\n", 'sku,"title\n'])
def test_a_head_that_names_no_columns_is_refused(head: str) -> None:
    with pytest.raises(ValueError, match=r"content: expected a head .*列名齐全"):
        read_items(head)


def test_what_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ValueError, match=r"content: expected text in UTF-8.*UTF-8编码"):
        read_items("sku,名称\n".encode("gb18030"))


# Many at once


def test_an_edit_is_seen_before_it_is_made() -> None:
    file = read_items(GOOD)
    edit = bulk_edit(file, "price", times("0.9"))
    assert [(c.line, c.item, c.before, c.after) for c in edit.changes] == [
        (2, "A1", "19.90", "17.91"),
        (3, "A2", "16.80", "15.12"),
    ]
    assert write_items(file) == GOOD.encode()
    assert (
        write_items(edit.apply(file))
        == GOOD.replace("19.90", "17.91").replace("16.80", "15.12").encode()
    )


def test_what_stays_the_same_is_no_change_and_only_those_named_change() -> None:
    file = read_items(GOOD)
    assert bulk_edit(file, "title", swap("被", "毯")).changes == ()
    edit = bulk_edit(file, "price", times(2), only=["A2"])
    assert [c.item for c in edit.changes] == ["A2"]


def test_a_cell_is_quoted_where_it_must_be_or_was() -> None:
    file = read_items('sku,title\nA1,袜子\nA2,"毛巾"\n')
    edit = bulk_edit(file, "title", lambda cell: f'{cell},"软"')
    assert write_items(edit.apply(file)).decode() == (
        'sku,title\nA1,"袜子,""软"""\nA2,"毛巾,""软"""\n'
    )
    short = bulk_edit(file, "title", lambda cell: cell[0])
    assert write_items(short.apply(file)).decode() == 'sku,title\nA1,袜\nA2,"毛"\n'


@given(
    st.lists(CELLS, max_size=6),
    CELLS,
    st.sampled_from(FORMS),
    st.text(st.sampled_from('",\nA袜')),
)
def test_edited_and_undone_a_file_is_what_it_was(
    titles: list[str], new: str, form: tuple[str, int], bad: str
) -> None:
    rows = [["sku", "title"], *([f"A{n}", title] for n, title in enumerate(titles))]
    file = read_items(written(rows, *form) + bad.encode())
    edit = bulk_edit(file, "title", lambda _cell: new)
    after = edit.apply(file)
    named = [f"A{n}" for n in range(len(titles))]
    assert [one["title"] for one in after.items() if one["sku"] in named] == [new] * len(titles)
    assert edit.undo(after) == file


@given(MANY, st.decimals("0.01", "3", places=2))
def test_what_was_edited_is_read_as_it_was_meant(
    goods: list[tuple[str, Decimal]], rate: Decimal
) -> None:
    rows = [[f"A{n}", title, str(price)] for n, (title, price) in enumerate(goods)]
    file = read_items(written([["sku", "title", "price"], *rows]))
    again = read_items(write_items(bulk_edit(file, "price", times(rate)).apply(file)))
    assert [one["title"] for one in again.items()] == [row[1] for row in rows]
    assert [one["price"] for one in again.items()] == [times(rate)(row[2]) for row in rows]


def test_rows_that_cannot_be_read_are_left_as_they_are() -> None:
    file = read_items(GOOD + "A3,毯子,贵,1\n")
    edit = bulk_edit(file, "price", times("0.5"))
    assert [c.item for c in edit.changes] == ["A1", "A2"]
    assert write_items(edit.apply(file)).endswith("A3,毯子,贵,1\n".encode())


def test_an_edit_that_makes_no_price_is_refused_with_its_line() -> None:
    file = read_items(GOOD)
    with pytest.raises(ValueError, match=r"^line 2: price: expected .*（第2行：price应为"):
        bulk_edit(file, "price", lambda cell: f"{cell}元")


@pytest.mark.parametrize(
    ("column", "only", "name"),
    [("weight", None, "column"), ("sku", None, "sku"), ("price", ["A7"], "only")],
)
def test_an_edit_of_what_is_not_there_is_refused(
    column: str, only: list[str] | None, name: str
) -> None:
    with pytest.raises(ValueError, match=rf"^(column|{name}): expected"):
        bulk_edit(read_items(GOOD), column, str.strip, only=only)


def test_a_cell_that_somebody_changed_meanwhile_is_not_written_over() -> None:
    file = read_items(GOOD)
    edit = bulk_edit(file, "price", times("0.9"))
    other = read_items(GOOD.replace("16.80", "15.80"))
    with pytest.raises(ValueError, match=r"price: expected 16\.80 in A2"):
        edit.apply(other)
    with pytest.raises(ValueError, match=r"price: expected 17\.91 in A1"):
        edit.undo(file)
    with pytest.raises(ValueError, match="file: expected a file with all items"):
        edit.apply(read_items(SHELF))


def test_prices_and_numbers_are_known_by_their_columns() -> None:
    assert sound_cell("宝贝价格", "19.9") == "19.9"
    assert sound_cell("title", "贵") == "贵"
    with pytest.raises(ValueError, match="宝贝数量"):
        sound_cell("宝贝数量", "1.5")
    with pytest.raises(ValueError, match="old: expected a word"):
        swap("", "毯")


# The showcase


def shelved(item: str = "A1", **other: object) -> Shelved:
    """A product that may be shown."""
    usual = {"clicks": 100, "orders": 5, "stock": 40, "variants": 3, "margin": Decimal(20)}
    return Shelved(item, item, **{**usual, **other})  # type: ignore[arg-type]


PRODUCTS = st.builds(
    Shelved,
    item=st.uuids().map(str),
    title=st.just("某款"),
    clicks=st.integers(0, 500),
    orders=st.integers(0, 50),
    stock=st.integers(0, 60),
    variants=st.integers(1, 8),
    margin=st.decimals("0", "200", places=2),
    reviews=st.integers(10, 50),
    bad=st.integers(0, 10),
    days_to_delisting=st.integers(1, 7),
)


@given(st.lists(PRODUCTS, max_size=12), st.integers(0, 8))
def test_the_showcase_never_takes_what_a_customer_could_not_buy_or_should_not(
    shelf: list[Shelved], slots: int
) -> None:
    told = choose_showcase(shelf, slots)
    assert sorted(one.shelved.item for one in told) == sorted(one.item for one in shelf)
    shown = [one.shelved for one in told if one.chosen]
    assert len(shown) <= slots
    for one in shown:
        assert one.stock >= one.variants
        assert one.bad_share <= MOST_BAD
        assert one.score > 0
    waiting = [one.shelved for one in told if "位子满了" in one.why]
    assert not waiting or len(shown) == slots
    assert all(a.score >= b.score for a in shown for b in waiting)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"stock": 0}, "卖完了"),
        ({"stock": 2}, "断码：3个规格只剩2件"),
        ({"reviews": 40, "bad": 9}, "中差评集中：40条里9条，22.5%"),
        ({"orders": 0}, "上周没有卖出"),
        ({"clicks": 0}, "上周没有卖出"),
        ({"margin": Decimal(0)}, "没有毛利"),
    ],
)
def test_each_that_is_left_out_is_told_why(other: dict[str, object], why: str) -> None:
    (one,) = choose_showcase([shelved(**other)], 3)
    assert not one.chosen
    assert why in one.why


def test_on_the_border_a_product_is_still_shown() -> None:
    border = shelved(stock=3, reviews=40, bad=8)
    few = shelved("A2", reviews=ENOUGH - 1, bad=ENOUGH - 1)
    assert [one.chosen for one in choose_showcase([border, few], 2)] == [True, True]
    assert not choose_showcase([border], 2, most_bad="0.19")[0].chosen


def test_of_equals_that_goes_first_which_is_delisted_sooner() -> None:
    late, soon = shelved("A1", days_to_delisting=6), shelved("A2", days_to_delisting=1)
    first, second = choose_showcase([late, soon], 1)
    assert (first.shelved, first.chosen) == (soon, True)
    assert (second.shelved, second.why[-5:]) == (late, "，位子满了")


@given(st.integers(0, 900), st.integers(0, 80), st.integers(0, 80), st.integers(0, 900))
def test_a_slot_brings_no_more_than_the_stock_leaves(
    clicks: int, orders: int, stock: int, extra: int
) -> None:
    one = shelved(stock=stock)
    money = showcase_money(one, ShelfWeek(clicks, orders), extra)
    assert 0 <= money <= max(0, stock - orders) * one.margin
    assert showcase_money(one, ShelfWeek(clicks, orders), extra + 100) >= money


def test_money_is_extra_clicks_by_conversion_by_margin() -> None:
    assert showcase_money(shelved(), ShelfWeek(200, 10), 100) == 100  # 5 pieces of 20 yuan
    assert showcase_money(shelved(), ShelfWeek(0, 0), 100) == 0


@pytest.mark.parametrize(
    "wrong", [{"stock": -1}, {"variants": 0}, {"bad": 1}, {"margin": Decimal(-1)}]
)
def test_a_product_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        shelved(**wrong)


# The shop's own


def test_the_shelf_of_a_monday_is_last_weeks_trade_and_todays_stock() -> None:
    rows = {(r["starts_on"], r["product_id"]): r for r in data.rows("shelf")}
    reviews = [r for r in data.rows("reviews") if "2025-08-12" <= r["at"][:10] < "2025-11-10"]
    for one in on_shelf(date(2025, 11, 10)):
        last, now = rows["2025-11-03", one.item], rows["2025-11-10", one.item]
        assert (one.clicks, one.orders) == (int(last["clicks"]), int(last["orders"]))
        assert (one.stock, one.days_to_delisting) == (
            int(now["stock"]),
            int(now["days_to_delisting"]),
        )
        own = [int(r["stars"]) for r in reviews if r["sku"].split("-")[0] == one.item]
        assert (one.reviews, one.bad) == (len(own), len([s for s in own if s < 4]))
        week = shelf_week(date(2025, 11, 10))[one.item]
        assert (week.clicks, week.orders) == (int(now["clicks"]), int(now["orders"]))


def test_every_week_but_the_first_has_a_shelf_and_a_showcase() -> None:
    assert (len(mondays()), mondays()[0]) == (51, date(2025, 1, 6))
    for monday in mondays():
        told = choose_showcase(on_shelf(monday), 4)
        assert len(told) == 24
        assert all(one.shelved.stock for one in told if one.chosen)


def test_a_day_that_is_no_monday_of_the_shelf_is_refused() -> None:
    for made in (on_shelf, shelf_week):
        with pytest.raises(ValueError, match="monday: expected one of"):
            made(date(2025, 11, 9))
