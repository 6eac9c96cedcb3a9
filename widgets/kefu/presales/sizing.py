"""Sizes: from height and weight to one size, from bust and waist to a surer one, at last a choice of two.

Lengths are in cm, weights in kg. The charts are the table ``size_charts``, or a reader's own. Three
levels of advice, as agents learn them: height, weight and the usual size give one size; who hesitates is
asked for bust and waist, which confirm or change it; who still hesitates gets two, each with its reason.
Each measure allows the sizes whose range holds it. A chart names one bust and one waist a size: here a
size reaches from the figure of the size below to its own, the smallest as far down as its next is up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from kefu import data
from kefu.amounts import Number, exact, one_of, plain, set_fields, yes_or_no
from kefu.errors import expected, need, need_text

MEASURES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "height": ("身高", "厘米"),
        "weight": ("体重", "公斤"),
        "bust": ("胸围", "厘米"),
        "waist": ("腰围", "厘米"),
    }
)
"""What is measured: its Chinese name and the unit that is said, in the order in which an agent asks."""
BODY, GIRTHS = ("height", "weight"), ("bust", "waist")
SLIPS: Mapping[str, tuple[Decimal, str]] = MappingProxyType(
    {"height": (Decimal(100), "米"), "weight": (Decimal("0.5"), "斤")}
)
"""The units that customers mix up with cm and kg: the factor that mends it, and the unit's name."""

Range = tuple[Decimal, Decimal]


class AdviceKind(StrEnum):
    """What the advice comes to."""

    ONE = "给一个码"
    TWO = "给两个码，客人定"
    ASK = "还缺数，先问"
    CLASH = "数对不上，先核对"
    OUT = "表里没有合适的码"


@dataclass(frozen=True)
class ChartSize:
    """A size of a chart: its ranges of height (cm) and weight (kg), its bust and waist (cm) if given.

    Raises ``ValueError`` or ``TypeError`` for what is no number, or a range whose end is before its start.
    """

    size: str
    height: Range
    weight: Range
    bust: Decimal | None = None
    waist: Decimal | None = None

    def __post_init__(self) -> None:
        set_fields(self, size=need_text("size", self.size))
        for name in BODY:
            low, high = (exact(value, name, positive=True) for value in getattr(self, name))
            need(name, low <= high, "a range from low to high", "从小到大的范围", (low, high))
            set_fields(self, **{name: (low, high)})
        for name in GIRTHS:
            value = getattr(self, name)
            if value is not None:
                set_fields(self, **{name: exact(value, name, positive=True)})


@dataclass(frozen=True)
class SizeChart:
    """A chart: its sizes from small to large.

    Raises ``ValueError`` for no size, one that comes twice, a figure that is less than that of the size
    before, or a bust or waist that only some sizes have.
    """

    name: str
    rows: tuple[ChartSize, ...]

    def __post_init__(self) -> None:
        set_fields(self, name=need_text("name", self.name), rows=tuple(self.rows))
        need("rows", self.rows, "at least one size", "至少一个尺码", self.rows)
        once = len(set(self.sizes)) == len(self.rows)
        need("rows", once, "each size once", "每个尺码一行", self.sizes)
        for name in GIRTHS:
            given = [getattr(row, name) is not None for row in self.rows]
            need(name, all(given) or not any(given), "for every size or for none",
                 "每个尺码都有或都没有", self.sizes)  # fmt: skip
        for name in MEASURES:
            for one, then in pairwise(self.ranges(name)):
                rises = one[0] <= then[0] and one[1] <= then[1]
                need(name, rises, "figures that rise with the size", "随尺码变大的数", (one, then))

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes from small to large."""
        return tuple(row.size for row in self.rows)

    def ranges(self, measure: str) -> tuple[Range, ...]:
        """Return the range that each size fits of a measure of `MEASURES`; none where it has none.

        >>> [f"{low}–{high}" for low, high in size_chart("连衣裙").ranges("bust")]
        ['82–86', '86–90', '90–95']
        """
        values = [getattr(row, one_of(measure, "measure", MEASURES)) for row in self.rows]
        if values[0] is None or measure in BODY:
            return tuple(value for value in values if value is not None)
        step = values[1] - values[0] if len(values) > 1 else values[0]
        return tuple(pairwise([values[0] - step, *values]))

    def fitting(self, measure: str, value: Number) -> tuple[str, ...]:
        """Return the sizes, one or more beside one another, that a measure allows; none out of range.

        A value between two sizes whose ranges do not meet allows both.

        >>> size_chart("连衣裙").fitting("height", 165), size_chart("连衣裙").fitting("height", 190)
        (('M', 'L'), ())
        """
        ranges, number = self.ranges(measure), exact(value, measure, positive=True)
        if not ranges or not ranges[0][0] <= number <= ranges[-1][1]:
            return ()
        first = next(i for i, (_, high) in enumerate(ranges) if number <= high)
        last = max(i for i, (low, _) in enumerate(ranges) if low <= number)
        return self.sizes[min(first, last) : max(first, last) + 1]


@dataclass(frozen=True)
class SizeReading:
    """What one measure says: its value, the sizes that it allows, and the range of the whole chart."""

    measure: str
    value: Decimal
    sizes: tuple[str, ...]
    whole: Range

    def __str__(self) -> str:
        """Return the measure with its value, such as 身高165厘米."""
        name, unit = MEASURES[self.measure]
        return f"{name}{self.value:f}{unit}"


@dataclass(frozen=True)
class SizeChoice:
    """A size with the reason for it."""

    size: str
    why: str


@dataclass(frozen=True)
class Advice:
    """Which size, on which of the three levels, why, and what to ask next.

    ``choices`` are the sizes that are named, the recommended one first: one, two, or none where
    measures lack, contradict one another by two sizes or more, or lie outside the chart. ``asks`` are the
    Chinese names of the measures that would help; ``changed`` says that bust or waist gave another size
    than height and weight; ``usual`` is a usual size that is not the one recommended; ``larger`` says that
    the larger of those that fit was taken because the product runs small.
    """

    kind: AdviceKind
    level: int
    readings: tuple[SizeReading, ...]
    choices: tuple[SizeChoice, ...] = ()
    asks: tuple[str, ...] = ()
    changed: bool = False
    usual: str = ""
    larger: bool = False

    @property
    def size(self) -> str | None:
        """The recommended size; None where there is none yet."""
        return self.choices[0].size if self.choices else None

    @property
    def says(self) -> str:
        """What the agent sends."""
        return {
            AdviceKind.ONE: one_size,
            AdviceKind.TWO: two_sizes,
            AdviceKind.ASK: ask_first,
            AdviceKind.CLASH: check_again,
            AdviceKind.OUT: not_in_the_chart,
        }[self.kind](self)


def recommend(
    chart: str | SizeChart,
    height: Number | None,
    weight: Number | None,
    bust: Number | None = None,
    waist: Number | None = None,
    *,
    usual: str | None = None,
    runs_small: bool = False,
    unsure: bool = False,
) -> Advice:
    """Return the advice for a body in cm and kg; None for what the customer has not said.

    ``chart`` is a chart or the name of one of the book's. Bust or waist lift the advice to the second
    level where the chart has them, ``unsure`` to the third. Where several sizes fit, the largest is
    taken of what ``runs_small``; else the ``usual`` one, or the next to it; else the smallest. Where
    measures are one size apart the larger is taken, because what is too small cannot be worn. Raises ``ValueError`` or
    ``TypeError`` for a chart or usual size that there is not, and for what is no number > 0.

    >>> recommend("连衣裙", 165, 57).size, recommend("连衣裙", 165, 57, runs_small=True).size
    ('M', 'L')
    >>> recommend("连衣裙", 165, 57, bust=92).size
    'L'
    >>> [choice.size for choice in recommend("连衣裙", 165, 57, unsure=True).choices]
    ['M', 'L']
    >>> recommend("连衣裙", 190, 57).kind.value, recommend("连衣裙", 165, None).asks
    ('表里没有合适的码', ('体重',))
    """
    table = chart if isinstance(chart, SizeChart) else size_chart(chart)
    if usual is not None:
        one_of(usual, "usual", table.sizes)
    yes_or_no(runs_small, "runs_small")
    yes_or_no(unsure, "unsure")
    given = {"height": height, "weight": weight, "bust": bust, "waist": waist}
    numbers = {n: exact(v, n, positive=True) for n, v in given.items() if v is not None}
    readings = tuple(
        SizeReading(name, value, table.fitting(name, value), (ranges[0][0], ranges[-1][1]))
        for name, value in numbers.items()
        if (ranges := table.ranges(name))
    )
    known = {one.measure for one in readings}
    level = 3 if unsure else 2 if known & set(GIRTHS) else 1

    out = tuple(one for one in readings if not one.sizes)
    if out:
        return Advice(AdviceKind.OUT, level, out)
    if lacking := tuple(MEASURES[name][0] for name in BODY if name not in known):
        return Advice(AdviceKind.ASK, level, readings, asks=lacking)
    asks = tuple(MEASURES[n][0] for n in GIRTHS if table.ranges(n) and n not in known)
    low, high = bounds(table, readings)
    if low - high > 1:
        return Advice(AdviceKind.CLASH, level, readings, asks=asks)

    place = pick(table, low, high, usual, runs_small)
    before = bounds(table, [one for one in readings if one.measure in BODY])
    changed = place != pick(table, *before, usual, runs_small)
    places = [place]
    if unsure and len(table.rows) > 1:
        places.append(other(table, readings, place, low, high, runs_small))
    choices = tuple(reason(table, readings, one, places) for one in places)
    kind = AdviceKind.TWO if len(choices) > 1 else AdviceKind.ONE
    differs = usual if usual and usual != table.sizes[place] else ""
    larger = place != pick(table, low, high, usual, runs_small=False)
    return Advice(
        kind, level, readings, choices, asks if level < 3 else (), changed, differs, larger
    )


def bounds(table: SizeChart, readings: Iterable[SizeReading]) -> tuple[int, int]:
    """Return the least and the greatest place that all measures allow; crossed where none does."""
    allowed = [[table.sizes.index(size) for size in one.sizes] for one in readings]
    return max(one[0] for one in allowed), min(one[-1] for one in allowed)


def pick(table: SizeChart, low: int, high: int, usual: str | None, runs_small: bool) -> int:
    """Return the place to recommend from those that fit; the larger of two that contradict."""
    if low >= high:
        return low
    if runs_small:
        return high
    return min(max(table.sizes.index(usual), low), high) if usual else low


def other(
    table: SizeChart,
    readings: Iterable[SizeReading],
    place: int,
    low: int,
    high: int,
    runs_small: bool,
) -> int:
    """Return the second place to offer: the other that fits, else the one towards which the body leans."""
    if low != high:
        up = place < max(low, high)
    else:
        shares = []
        for one in readings:
            least, most = table.ranges(one.measure)[place]
            shares.append((one.value - least) / (most - least) if most > least else Decimal(1))
        up = runs_small or 2 * sum(shares) >= len(shares)
    if place in (0, len(table.rows) - 1):
        up = place == 0
    return place + 1 if up else place - 1


def reason(
    table: SizeChart, readings: Iterable[SizeReading], place: int, places: list[int]
) -> SizeChoice:
    """Return a size with the measures that stand in it and, beside another, whom it suits."""
    size = table.sizes[place]
    inside = [MEASURES[one.measure][0] for one in readings if size in one.sizes]
    where = f"{'、'.join(inside)}在这一格" if inside else "比表上的大一码"
    if not inside and place < max(places):
        where = "比表上的小一码"
    if len(places) == 1:
        return SizeChoice(size, where)
    return SizeChoice(size, f"{where}，{'喜欢宽松' if place == max(places) else '喜欢合身'}选它")


# Charts


def read_size_charts(rows: Iterable[Mapping[str, Any]] | None = None) -> dict[str, SizeChart]:
    """Return the charts of the table ``size_charts``, or of a reader's own rows, by their names.

    Raises ``ValueError`` with the line (the header is line 1) for a missing column or a bad value, and
    with the chart's name for sizes that do not rise.

    >>> read_size_charts()["开衫"].sizes
    ('S', 'M', 'L')
    """
    found: dict[str, list[ChartSize]] = {}
    for line, row in enumerate(data.rows("size_charts") if rows is None else rows, start=2):
        try:
            name = need_text("chart", row["chart"])
            found.setdefault(name, []).append(_chart_size(row))
        except KeyError as error:
            message = expected("column", str(error), f"{error}", list(row))
            raise ValueError(f"line {line}: {message}") from None
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {line}: {error}") from None
    return {name: SizeChart(name, tuple(sizes)) for name, sizes in found.items()}


@data.cached
def _book_charts() -> dict[str, SizeChart]:
    return read_size_charts()


def size_chart(name: str) -> SizeChart:
    """Return one of the book's charts; raises ``ValueError`` that lists them.

    >>> size_chart("打底裤").sizes
    ('M', 'L', 'XL')
    """
    charts = _book_charts()
    return charts[one_of(name, "chart", charts)]


def _chart_size(row: Mapping[str, Any]) -> ChartSize:
    """Make a size of one row of a table; an empty cell is no figure."""
    height = row["height_min_cm"], row["height_max_cm"]
    weight = row["weight_min_kg"], row["weight_max_kg"]
    girths = (row[name] if str(row[name]).strip() else None for name in ("bust_cm", "waist_cm"))
    return ChartSize(str(row["size"]), height, weight, *girths)


# Words


def one_size(advice: Advice) -> str:
    """Return what is said with one size: on the second level, whether it is confirmed or changed."""
    body = "、".join(str(one) for one in advice.readings if one.measure in BODY)
    girths = "、".join(str(one) for one in advice.readings if one.measure in GIRTHS)
    size = advice.size
    if girths:
        told = (
            f"{girths}，改拍{size}码更合适" if advice.changed else f"{girths}也对得上，就拍{size}码"
        )
        ends = "。不合身签收后七天内可以换，吊牌先别剪。"
    else:
        told, ends = f"{body}，按尺码表拍{size}码", "。"
        if advice.asks:
            ends = f"。拿不准的话，再告诉我{'和'.join(advice.asks)}，我帮您再对一遍。"
    if advice.larger:
        told += "，这一款偏小，两码之间拿大的"
    if advice.usual:
        told += f"；您平时穿{advice.usual}码，这一款的版型不一样"
    return told + ends


def two_sizes(advice: Advice) -> str:
    """Return what is said with two sizes: each with its reason, and who decides."""
    told = "；".join(f"{choice.size}：{choice.why}" for choice in advice.choices)
    small = "这一款偏小，先看大的。" if advice.larger else ""
    return f"两个码您来定。{small}{told}。您平时喜欢哪种？"


def ask_first(advice: Advice) -> str:
    """Return what is asked where height or weight lacks."""
    return f"还差{'和'.join(advice.asks)}，您报一下，我对着尺码表看，不瞎猜。"


def check_again(advice: Advice) -> str:
    """Return what is said where measures contradict one another by two sizes or more."""
    told = "，".join(f"{one}对着{'、'.join(one.sizes)}" for one in advice.readings)
    return f"{told}，差得有点远。麻烦您再核对一下数，我再给您准话。"


def not_in_the_chart(advice: Advice) -> str:
    """Return what is said where a measure lies outside the chart, perhaps in another unit."""
    told = []
    for one in advice.readings:
        low, high = one.whole
        factor, unit = SLIPS.get(one.measure, (Decimal(0), ""))
        meant = one.value * factor
        if low <= meant <= high:
            mended = f"{plain(meant)}{MEASURES[one.measure][1]}"
            told.append(f"您说的{one.value:f}是{unit}吗？{one.value:f}{unit}就是{mended}")
        else:
            told.append(f"{one}，这张表只到{low:f}—{high:f}")
    sure = all("吗？" in part for part in told)
    ends = "，对的话我马上给您看。" if sure else "，没有合适的码，我不硬推。要不要看看别的款？"
    return "；".join(told) + ends
