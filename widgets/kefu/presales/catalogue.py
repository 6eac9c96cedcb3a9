"""The shop's goods as a file (淘宝助理's CSV), many of them edited at once, and which fill the showcase.

A file is kept field by field as it was written: quotation marks, line ends and the mark of UTF-8
stay, and what nobody edits is written again byte for byte. A row that cannot be read is told with
its line, and stays in the file as it is. What the showcase rules weigh is the book's own summary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from kefu import data
from kefu.amounts import count, exact, fen, one_of, plain, set_fields, share, yuan
from kefu.errors import expected, need

# A file of items

FIELD = re.compile(r'"[^"]*(?:""[^"]*)*"(?=[,\r\n]|\Z)|[^",\r\n][^,\r\n]*|(?=[,\r\n]|\Z)')
"""A field as it is written: quoted, or not, or nothing; what is neither cannot be read."""
BREAK = re.compile(r"\r\n|\n|\r")
LINE_END = re.compile(BREAK.pattern + r"|\Z")
PRICES = ("price", "cost", "售价", "成本", "宝贝价格")
NUMBERS = ("stock", "库存", "宝贝数量")
"""Columns whose cells are yuan, and whole numbers; the others hold any text."""


@dataclass(frozen=True)
class ItemRow:
    """A row of a file: its line, from 1, its fields as they are written, the line's end.

    ``fault`` says in both languages why it cannot be read; such a row has one field, all of it.
    """

    line: int
    written: tuple[str, ...]
    end: str
    fault: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """Return what the fields say, without their quotation marks."""
        return tuple(map(_said, self.written))


@dataclass(frozen=True)
class ItemFile:
    """A file of items: whether the mark of UTF-8 leads it, its rows, the first of which is the head.

    The head's first column names an item, once each.
    """

    marked: bool
    rows: tuple[ItemRow, ...]

    @property
    def head(self) -> tuple[str, ...]:
        """Return the names of the columns."""
        return self.rows[0].cells if self.rows else ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Return what cannot be read, line by line, in both languages."""
        return tuple(row.fault for row in self.rows if row.fault)

    def good(self) -> Iterator[ItemRow]:
        """Yield the rows that can be read, without the head and empty lines."""
        return (row for row in self.rows[1:] if not row.fault and row.written != ("",))

    def items(self) -> list[dict[str, str]]:
        """Return the items that can be read, by the columns' names."""
        return [dict(zip(self.head, row.cells, strict=True)) for row in self.good()]

    def place(self, column: str) -> int:
        """Return the place of a column; raises ``ValueError`` that lists them."""
        return self.head.index(one_of(column, "column", self.head))


def read_items(content: bytes | str) -> ItemFile:
    r"""Return a file of items; what cannot be read is told in its ``faults``, the other rows are there.

    Raises ``ValueError`` for bytes that are not UTF-8, and for a head that cannot be read, names a
    column twice, or has one without a name.

    >>> file = read_items('sku,title,price\nA1,"袜子,三双",19.9\nA2,毛巾,贵\n')
    >>> file.items()
    [{'sku': 'A1', 'title': '袜子,三双', 'price': '19.9'}]
    >>> print(*file.faults)
    line 3: price: expected a number >= 0, got '贵'（第3行：price应为不小于0的数，收到'贵'）
    """
    text = content if isinstance(content, str) else _decoded(content)
    body = text.removeprefix(data.MARK)
    rows = list(_split(body))
    if rows:
        head = rows[0].cells
        english, chinese = "a head with a name for each column, once", "列名齐全、不重复的表头"
        sound = not rows[0].fault and all(head) and len(set(head)) == len(head)
        need("content", sound, english, chinese, rows[0].written)
        rows[1:] = _judged(rows[0].cells, rows[1:])
    return ItemFile(body != text, tuple(rows))


def write_items(file: ItemFile) -> bytes:
    r"""Return a file as bytes; what was read and not edited is what it was, byte for byte.

    >>> write_items(read_items(b'sku,title\r\nA1,"\xe8\xa2\x9c"\r\n'))
    b'sku,title\r\nA1,"\xe8\xa2\x9c"\r\n'
    """
    mark = data.MARK if file.marked else ""
    return (mark + "".join(",".join(row.written) + row.end for row in file.rows)).encode()


def _decoded(content: bytes) -> str:
    """Return bytes as text; raises ``ValueError`` where they are not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        english, chinese = "text in UTF-8", "UTF-8编码的文字"
        got = content[error.start : error.start + 8]
        raise ValueError(expected("content", english, chinese, got)) from None


def _split(body: str) -> Iterator[ItemRow]:
    """Yield the rows of a file; one that cannot be split ends with its line, and the next is read."""
    at, line = 0, 1
    while at < len(body):
        written, stop, fault = _fields(body, at), at, ""
        if written:
            stop += len(",".join(written))
        else:
            stop = LINE_END.search(body, at).start()  # type: ignore[union-attr]  # the text ends
            written = (body[at:stop],)
            fault = _told(line, "row", "quotation marks in pairs", "成对的引号", written[0])
        end = LINE_END.match(body, stop)[0]  # type: ignore[index]
        yield ItemRow(line, written, end, fault)
        line += len(BREAK.findall(body[at : stop + len(end)]))
        at = stop + len(end)


def _fields(body: str, at: int) -> tuple[str, ...]:
    """Return the fields of the row that begins there, none where one of them cannot be read."""
    written: list[str] = []
    while field := FIELD.match(body, at):
        written.append(field[0])
        if not body.startswith(",", field.end()):
            return tuple(written)
        at = field.end() + 1
    return ()


def _judged(head: tuple[str, ...], rows: Iterable[ItemRow]) -> Iterator[ItemRow]:
    """Yield rows, each with what is wrong with it."""
    seen: set[str] = set()
    for row in rows:
        if row.fault or row.written == ("",):
            yield row
            continue
        fault = _fault(head, row, seen)
        if not fault:
            seen.add(row.cells[0])
        yield replace(row, fault=fault)


def _fault(head: tuple[str, ...], row: ItemRow, seen: Collection[str]) -> str:
    """Return what is wrong with a row that has been split; nothing where all is well."""
    cells, wide = row.cells, len(head)
    if len(cells) != wide:
        return _told(row.line, "row", f"{wide} cells", f"{wide}格", len(cells))
    if not cells[0] or cells[0] in seen:
        return _told(
            row.line, head[0], "a name that no other row has", "不与别行重复的编号", cells[0]
        )
    for column, cell in zip(head, cells, strict=True):
        try:
            sound_cell(column, cell)
        except ValueError as error:
            return _at(row.line, str(error))
    return ""


def _told(line: int, argument: str, english: str, chinese: str, got: object) -> str:
    """Return what is wrong with a row, with its line, in both languages."""
    return _at(line, expected(argument, english, chinese, got))


def _at(line: int, message: str) -> str:
    """Return a message in both languages with its line in both."""
    english, _, chinese = message.rpartition("（")
    return f"line {line}: {english}（第{line}行：{chinese}"


def sound_cell(column: str, cell: str) -> str:
    """Return a cell that its column may hold; raises ``ValueError`` for a price or number that is none.

    >>> sound_cell("price", "19.90")
    '19.90'
    """
    if column in PRICES:
        yuan(cell, column)
    elif column in NUMBERS:
        whole = cell.isascii() and cell.isdigit()
        need(column, whole, "a whole number >= 0", "不小于0的整数", cell)
    return cell


def _said(written: str) -> str:
    """Return what a field says, without its quotation marks."""
    quoted = len(written) > 1 and written[0] == written[-1] == '"'
    return written[1:-1].replace('""', '"') if quoted else written


def _written(said: str, like: str = "") -> str:
    """Return a cell as a field, quoted where it must be or where the field before was."""
    quoted = like.startswith('"') or any(mark in said for mark in ',"\r\n')
    return '"' + said.replace('"', '""') + '"' if quoted else said


# Many at once


@dataclass(frozen=True)
class CellChange:
    """A cell that is to change: the item, its line in the file, the field before and after."""

    line: int
    item: str
    fields: tuple[str, str]

    @property
    def before(self) -> str:
        """Return what the cell says now."""
        return _said(self.fields[0])

    @property
    def after(self) -> str:
        """Return what it will say."""
        return _said(self.fields[1])


@dataclass(frozen=True)
class BulkEdit:
    """An edit of one column, not made yet: ``changes`` is what it would change."""

    column: str
    changes: tuple[CellChange, ...]

    def apply(self, file: ItemFile) -> ItemFile:
        """Return the file with all changes; raises ``ValueError`` where a cell is another by now."""
        return self._put(file, {one.item: one.fields for one in self.changes})

    def undo(self, file: ItemFile) -> ItemFile:
        """Return the file as it was before; raises ``ValueError`` where a cell is another by now."""
        return self._put(file, {one.item: one.fields[::-1] for one in self.changes})

    def _put(self, file: ItemFile, wanted: Mapping[str, Sequence[str]]) -> ItemFile:
        """Return the file with the second field of each pair where the first stands."""
        place, good, rows = file.place(self.column), set(file.good()), list[ItemRow]()
        gone = set(wanted) - {row.cells[0] for row in good}
        need(
            "file",
            not gone,
            "a file with all items to change",
            "含有全部要改宝贝的文件",
            sorted(gone),
        )
        for row in file.rows:
            if row in good and row.cells[0] in wanted:
                old, new = wanted[row.cells[0]]
                now = row.written[place]
                english, chinese = f"{old} in {row.cells[0]}", f"{row.cells[0]}仍是{old}"
                need(self.column, now == old, english, chinese, now)
                row = replace(row, written=(*row.written[:place], new, *row.written[place + 1 :]))
            rows.append(row)
        return replace(file, rows=tuple(rows))


def bulk_edit(
    file: ItemFile,
    column: str,
    change: Callable[[str], str],
    *,
    only: Collection[str] | None = None,
) -> BulkEdit:
    r"""Return what an edit would change: ``change`` of each cell of a column, of all items or ``only`` some.

    Nothing is changed yet. Raises ``ValueError`` for a column that is not there or names the items,
    for items that are not there, and with the line for a cell that could not be in its column then.

    >>> file = read_items("sku,price\nA1,19.90\nA2,16.80\n")
    >>> edit = bulk_edit(file, "price", times("0.9"))
    >>> [(one.item, one.before, one.after) for one in edit.changes]
    [('A1', '19.90', '17.91'), ('A2', '16.80', '15.12')]
    >>> edit.undo(edit.apply(file)) == file
    True
    """
    place = file.place(column)
    need("column", place, "a column that names no items", "不是编号的一列", column)
    rows = {row.cells[0]: row for row in file.good()}
    chosen = rows if only is None else {one_of(item, "only", rows): rows[item] for item in only}
    changes = []
    for item, row in chosen.items():
        old = row.written[place]
        try:
            said = sound_cell(column, change(_said(old)))
        except ValueError as error:
            raise ValueError(_at(row.line, str(error))) from None
        if said != _said(old):
            changes.append(CellChange(row.line, item, (old, _written(said, old))))
    return BulkEdit(column, tuple(changes))


def times(rate: Decimal | float | str) -> Callable[[str], str]:
    """Return the change of a price to ``rate`` times itself, rounded to the fen.

    >>> times("0.88")("19.90")
    '17.51'
    """
    factor = exact(rate, "rate")
    return lambda cell: str(fen(yuan(cell, "price") * factor))


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return the change of one word to another.

    >>> swap("加厚", "四季")("加厚毛巾")
    '四季毛巾'
    """
    need("old", old, "a word", "一个词", old)
    return lambda cell: cell.replace(old, new)


# The showcase

MOST_BAD = Decimal("0.2")
"""The largest share of 1 to 3 stars that a showcase still takes, where there are ``ENOUGH`` reviews."""
ENOUGH = 10
REVIEWED = timedelta(days=90)
"""How far back reviews count."""


@dataclass(frozen=True)
class Shelved:
    """A product on a Monday at midnight, as who fills the showcase sees it.

    ``clicks`` and ``orders`` are those of the week before, ``variants`` its colours and sizes, of
    which ``stock`` pieces are left in all, ``margin`` yuan a piece; ``bad`` of the ``reviews`` of the
    last 90 days have 1 to 3 stars.
    """

    item: str
    title: str
    clicks: int
    orders: int
    stock: int
    variants: int
    margin: Decimal
    reviews: int = 0
    bad: int = 0
    days_to_delisting: int = 7

    def __post_init__(self) -> None:
        for name in ("clicks", "orders", "stock", "reviews", "bad", "days_to_delisting"):
            count(getattr(self, name), name)
        count(self.variants, "variants", least=1)
        need("bad", self.bad <= self.reviews, "no more than reviews", "不多于评价数", self.bad)
        set_fields(self, margin=yuan(self.margin, "margin"))

    @property
    def conversion(self) -> Decimal:
        """Return orders over clicks, 0 where nobody came."""
        return Decimal(self.orders) / self.clicks if self.clicks else Decimal(0)

    @property
    def broken(self) -> bool:
        """Tell whether a size or colour must be sold out: fewer pieces are left than there are variants."""
        return self.stock < self.variants

    @property
    def bad_share(self) -> Decimal:
        """Return the share of 1 to 3 stars, 0 without a review."""
        return Decimal(self.bad) / self.reviews if self.reviews else Decimal(0)

    @property
    def score(self) -> Decimal:
        """Return conversion × stock × margin: it only ranks, it is no money to be had."""
        return self.conversion * self.stock * self.margin


@dataclass(frozen=True)
class SlotChoice:
    """Whether a product goes into the showcase, and why; ``rank`` is 0 for what is left out."""

    shelved: Shelved
    rank: int
    chosen: bool
    why: str


def choose_showcase(
    shelf: Iterable[Shelved], slots: int, *, most_bad: Decimal | float | str = MOST_BAD
) -> tuple[SlotChoice, ...]:
    """Return every product with whether it is shown and why: those shown, those next, those left out.

    What is sold out, has a broken run of sizes, bad reviews or no sale last week is left out; of the
    others those of the highest score are shown, of equals the one that is delisted sooner.

    >>> socks = Shelved("A1", "袜子", 100, 5, 40, 3, Decimal("12.40"))
    >>> scarf = Shelved("A2", "围巾", 100, 4, 0, 3, Decimal(71))
    >>> for one in choose_showcase([scarf, socks], 1):
    ...     print(one.shelved.title, one.chosen, one.why)
    袜子 True 第1名：转化5.0%×库存40件×毛利12.4元
    围巾 False 卖完了：点进来也买不到
    """
    count(slots, "slots")
    limit = share(most_bad, "most_bad")
    every = tuple(shelf)
    against = {one.item: _against(one, limit) for one in every}
    fit = [one for one in every if not against[one.item]]
    fit.sort(key=lambda one: (-one.score, one.days_to_delisting, one.item))
    told = []
    for place, one in enumerate(fit, 1):
        shown = place <= slots
        terms = f"转化{one.conversion:.1%}×库存{one.stock}件×毛利{plain(one.margin)}元"
        told.append(
            SlotChoice(one, place, shown, f"第{place}名：{terms}" + ("" if shown else "，位子满了"))
        )
    left = [SlotChoice(one, 0, False, against[one.item]) for one in every if against[one.item]]
    return (*told, *left)


def _against(one: Shelved, most_bad: Decimal) -> str:
    """Return why a product is left out; nothing where it may be shown."""
    if not one.stock:
        return "卖完了：点进来也买不到"
    if one.broken:
        return f"断码：{one.variants}个规格只剩{one.stock}件，必有缺的"
    if one.reviews >= ENOUGH and one.bad_share > most_bad:
        return f"中差评集中：{one.reviews}条里{one.bad}条，{one.bad_share:.1%}"
    if not one.score:
        return "上周没有卖出，或没有毛利"
    return ""


@dataclass(frozen=True)
class ShelfWeek:
    """What a week brought a product without the showcase: clicks and orders."""

    clicks: int
    orders: int


def showcase_money(one: Shelved, week: ShelfWeek, extra: int) -> Decimal:
    """Return the margin in yuan that ``extra`` clicks of a week would bring by a slot in the showcase.

    They buy as often as the others of that week did, and no more than what those leave of the stock:
    where all is sold anyway, a slot brings nothing.

    >>> scarf = Shelved("A2", "围巾", 200, 8, 20, 3, Decimal(71))
    >>> showcase_money(scarf, ShelfWeek(200, 10), 100), showcase_money(scarf, ShelfWeek(400, 20), 100)
    (Decimal('355.00'), Decimal('0.00'))
    """
    clicks = count(extra, "extra")
    wanted = Decimal(clicks * week.orders) / week.clicks if week.clicks else Decimal(0)
    return fen(min(wanted, Decimal(max(0, one.stock - week.orders))) * one.margin)


def best_sellers(shelf: Iterable[Shelved], slots: int) -> tuple[Shelved, ...]:
    """Return what sold in most orders last week: what comes to mind first, and sells by itself."""
    return tuple(sorted(shelf, key=lambda one: (-one.orders, one.item))[: count(slots, "slots")])


def hindsight(
    shelf: Iterable[Shelved], weeks: Mapping[str, ShelfWeek], slots: int, extra: int
) -> tuple[Shelved, ...]:
    """Return what would have brought most, known when the week is over and not before."""

    def brought(one: Shelved) -> Decimal:
        return showcase_money(one, weeks[one.item], extra)

    return tuple(sorted(shelf, key=lambda one: (-brought(one), one.item))[: count(slots, "slots")])


def showcase_total(shown: Iterable[Shelved], weeks: Mapping[str, ShelfWeek], extra: int) -> Decimal:
    """Return what a showcase brings in a week, in yuan of margin."""
    return fen(sum((showcase_money(one, weeks[one.item], extra) for one in shown), Decimal(0)))


# The shop's own


def mondays() -> tuple[date, ...]:
    """Return the Mondays of the table ``shelf`` on which the week before is known."""
    return tuple(sorted(_weeks()))[1:]


@data.cached
def _weeks() -> dict[date, dict[str, dict[str, str]]]:
    """Return the rows of the table ``shelf`` by week and product."""
    weeks: dict[date, dict[str, dict[str, str]]] = {}
    for row in data.rows("shelf"):
        weeks.setdefault(date.fromisoformat(row["starts_on"]), {})[row["product_id"]] = row
    return weeks


@data.cached
def on_shelf(monday: date) -> tuple[Shelved, ...]:
    """Return the shop's products as they are on a Monday; raises ``ValueError`` where it is not known.

    >>> [one.title for one in on_shelf(date(2025, 11, 10)) if not one.stock]
    ['羽丝绒枕芯']
    """
    now = _weeks()[one_of(monday, "monday", mondays())]
    before = _weeks()[monday - timedelta(days=7)]
    goods: dict[str, list[dict[str, str]]] = {}
    for row in data.rows("products"):
        goods.setdefault(row["product_id"], []).append(row)
    product = {row["sku"]: row["product_id"] for rows in goods.values() for row in rows}
    stars: dict[str, list[int]] = {}
    for row in data.rows("reviews"):
        if monday - REVIEWED <= date.fromisoformat(row["at"][:10]) < monday:
            stars.setdefault(product[row["sku"]], []).append(int(row["stars"]))
    return tuple(
        Shelved(
            item,
            goods[item][0]["title"],
            int(before[item]["clicks"]),
            int(before[item]["orders"]),
            int(row["stock"]),
            len(goods[item]),
            Decimal(goods[item][0]["price"]) - Decimal(goods[item][0]["cost"]),
            len(stars.get(item, ())),
            sum(given <= 3 for given in stars.get(item, ())),
            int(row["days_to_delisting"]),
        )
        for item, row in now.items()
    )


def shelf_week(monday: date) -> dict[str, ShelfWeek]:
    """Return what the week that begins on a Monday brought each product."""
    week = _weeks()[one_of(monday, "monday", mondays())]
    return {item: ShelfWeek(int(row["clicks"]), int(row["orders"])) for item, row in week.items()}
