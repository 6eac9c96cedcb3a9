"""抽签袋: what a sample knows of the bag, once, a hundred times, from the hand, and by families."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

import ipywidgets as widgets

from kefu.amounts import count
from kefu.demos.core import Demo
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip, press
from kefu.demos.svg import LEFT, RIGHT, WIDTH, Frame, broad, chart, legend
from kefu.errors import need
from kefu.stats import Family, Interval, bootstrap, case_interval, draw_families, pooled

HANDS = 100
RESAMPLES = 1000
FEWER = 100
"""Resamples of each of a hundred hands, so that a phone need not wait."""
ONCE, OFTEN, AGAIN = "抽一把", "抽一百把", "从手里再抽"
CASES, BY_FAMILY = "一张张算", "按家重抽"
ACROSS, MOST = 30, 150
"""Tickets in a row of the picture, and the most for which it has room."""

Ends = tuple[float, float]


def sample_bag(
    share: int = 30,
    size: int = 50,
    family: int = 1,
    *,
    right: int | None = None,
    families: Sequence[Family] | None = None,
) -> Demo:
    """Return the bag of tickets of which ``share`` per cent win, ``size`` to a hand.

    ``family`` tickets win or lose together. With ``right``, or with ``families`` of (hits, cases), the
    demo is about that one sample in hand of which nobody knows the bag: it is drawn again from itself.
    Raises ``ValueError`` or ``TypeError`` for numbers that do not go together, and for a hand to be
    shown of more than 150 tickets.
    """
    if families is not None:
        return in_hand(list(families))
    if right is not None:
        hits, cases = count(right, "right"), count(size, "size", least=1)
        case_interval([(hits, cases)])  # raises where they do not go together
        return in_hand([(1, 1)] * hits + [(0, 1)] * (cases - hits))
    cases, kin = count(size, "size", least=1), count(family, "family", least=1)
    need("size", cases <= MOST, f"at most {MOST}", f"不超过{MOST}的数", size)
    need("family", kin <= cases, f"at most {size}", f"不超过{size}的数", family)
    least = max(min(10, cases), kin)  # no family is larger than a hand
    c: dict[str, widgets.ValueWidget] = {
        "share": IntSlider(value=share, min=0, max=100, description="中签的（%）"),
        "size": IntSlider(value=cases, min=least, max=max(120, cases), description="一把几张"),
        "family": IntSlider(value=kin, min=1, max=least, description="一家几张"),
        "stage": widgets.Dropdown(options=[ONCE, OFTEN, AGAIN], value=ONCE, description="做什么"),
        "way": widgets.Dropdown(options=[CASES, BY_FAMILY], value=CASES, description="区间怎么算"),
        "seed": IntSlider(value=1, min=1, max=500, description="第几把"),
    }

    @cache
    def hand(share: int, size: int, family: int, seed: int) -> tuple[Family, ...]:
        return tuple(draw_families(share / 100, size, family, seed=seed))

    @cache
    def hundred(share: int, size: int, family: int, by: bool, seed: int) -> tuple[Ends, ...]:
        hands = [hand(share, size, family, HANDS * seed + place) for place in range(HANDS)]
        return tuple(interval(one, by, seed, FEWER) for one in hands)

    def now() -> tuple[Family, ...]:
        return hand(c["share"].value, c["size"].value, c["family"].value, c["seed"].value)

    def by_family() -> bool:
        return bool(c["way"].value == BY_FAMILY and c["family"].value > 1)

    def again() -> tuple[Interval, tuple[float, ...]]:
        return kept(now() if by_family() else singles(now()), c["seed"].value, 0.95)

    def many() -> tuple[Ends, ...]:
        told = (c["share"].value, c["size"].value, c["family"].value, by_family(), c["seed"].value)
        return hundred(*told)

    def draw() -> str:
        stage, seed = c["stage"].value, c["seed"].value
        acts = [press(one, {"stage": one}, on=one == stage) for one in (ONCE, OFTEN, AGAIN)]
        acts.append(press("换一把", {"seed": seed % 500 + 1}))
        truth = Along("share", c["share"], PLANE.x)
        if stage == OFTEN:
            picture = stacked(many(), c["share"].value, truth)
        elif stage == AGAIN:
            picture = histogram(*again(), (c["share"].value, truth))
        else:
            picture = one_hand(now(), by_family(), seed, c["share"].value, truth)
        return f"{picture}<div class='kefu-acts'>{''.join(acts)}</div>"

    def tell() -> str:
        stage = c["stage"].value
        if stage == OFTEN:
            held = sum(covers(one, c["share"].value) for one in many())
            why = "说好的是95个上下。"
            if by_family():
                why = f"说好的是95个上下；手里只有{len(now())}家，整家重抽还会少盖住几个。"
            elif c["family"].value > 1:
                why = "一家人同进同退，一张张算把几个人当成了许多人，区间画得太窄。"
            return said(f"一百把，一百个区间，<b>{held}个</b>盖住了真相{c['share'].value}%。{why}")
        found = ends(again()[0]) if stage == AGAIN else told(now(), by_family(), c["seed"].value)
        where = "盖住了" if covers(found, c["share"].value) else "没有盖住"
        start = "从手里再抽一千把，中间的95%在" if stage == AGAIN else "只凭这一把，95%区间是"
        return said(f"{counted(now())}。{start}<b>{percent(found)}</b>，{where}真相。")

    def idle() -> set[str]:
        return set() if c["family"].value > 1 else {"way"}

    def code() -> str:
        apart = c["family"].value > 1 and not by_family()
        return (
            "from kefu.stats import bootstrap, case_interval, draw_families, pooled\n\n"
            f"hand = draw_families({c['share'].value / 100:g}, {c['size'].value}, "
            f"{c['family'].value}, seed={c['seed'].value})\n"
            + (
                "hand = [(int(place < k), 1) for k, n in hand for place in range(n)]\n"
                if apart
                else ""
            )
            + "print(pooled(hand), case_interval(hand))\n"
            f"bootstrap(hand, pooled, seed={c['seed'].value}, resamples={RESAMPLES})"
        )

    return Demo("抽签袋：一把签，知道多少", c, draw, tell, code, idle=idle)


def in_hand(families: list[Family]) -> Demo:
    """Return the demo of one sample, drawn again from itself."""
    case_interval(families)  # raises for a sample that is none
    grouped = any(n > 1 for _, n in families)
    ways = [BY_FAMILY, CASES] if grouped else [CASES]
    c: dict[str, widgets.ValueWidget] = {
        "seed": IntSlider(value=1, min=1, max=500, description="第几回"),
        "confidence": FloatSlider(
            value=95, min=50, max=99, step=1, description="把握（%）", readout_format=".0f"
        ),
    }
    if grouped:
        c = {"way": widgets.Dropdown(options=ways, value=BY_FAMILY, description="怎么再抽")} | c
    together, apart = tuple(families), singles(families)

    def drawn() -> tuple[Family, ...]:
        return together if not grouped or c["way"].value == BY_FAMILY else apart

    def result() -> tuple[Interval, tuple[float, ...]]:
        return kept(drawn(), c["seed"].value, c["confidence"].value / 100)

    def draw() -> str:
        again = press("再抽一千把", {"seed": c["seed"].value % 500 + 1})
        return f"{histogram(*result(), None)}<div class='kefu-acts'>{again}</div>"

    def tell() -> str:
        one, _ = result()
        what = f"{len(families)}家，" if grouped else ""
        each = "整家整家地抽" if grouped and drawn() is together else "一张一张地抽"
        return said(
            f"手里{what}{counted(families)}。{each}一千把，中间的{c['confidence'].value:.0f}%在"
            f"<b>{percent(ends(one))}</b>。"
        )

    def code() -> str:
        shown = [*drawn()] if len(drawn()) <= 12 else "families"
        what = "每家对几个、共几个" if drawn() is together else "一张一张的：对不对、共1个"
        return (
            "from kefu.stats import bootstrap, pooled\n\n"
            + ("" if len(drawn()) <= 12 else f"# families是{what}\n")
            + f"bootstrap({shown}, pooled, seed={c['seed'].value}, resamples={RESAMPLES},\n"
            f"          confidence={c['confidence'].value / 100:g})"
        )

    return Demo("抽签袋：从手里这一把再抽", c, draw, tell, code)


@lru_cache(maxsize=32)
def kept(
    hand: tuple[Family, ...], seed: int, confidence: float
) -> tuple[Interval, tuple[float, ...]]:
    """Return the bootstrap interval of a hand and the shares of its resamples, in per cent."""
    shares: list[float] = []

    def share(drawn: Sequence[Family]) -> float:
        shares.append(pooled(drawn))
        return shares[-1]

    found = bootstrap(hand, share, seed=seed, resamples=RESAMPLES, confidence=confidence)
    return found, tuple(100 * one for one in shares[1:])  # the first is the hand itself


def interval(hand: Sequence[Family], by_family: bool, seed: int, resamples: int) -> Ends:
    """Return the 95 % interval of a hand's share, in per cent."""
    if by_family:
        return ends(bootstrap(hand, pooled, seed=seed, resamples=resamples))
    low, high = case_interval(hand)
    return 100 * low, 100 * high


@cache
def told(hand: tuple[Family, ...], by_family: bool, seed: int) -> Ends:
    """Return the interval of the hand that is shown."""
    return interval(hand, by_family, seed, RESAMPLES)


def ends(found: Interval) -> Ends:
    """Return the ends of an interval, in per cent."""
    return 100 * found.low, 100 * found.high


def singles(hand: Sequence[Family]) -> tuple[Family, ...]:
    """Return the tickets of a hand one by one, as if nobody had a family."""
    return tuple((int(place < k), 1) for k, n in hand for place in range(n))


def covers(one: Ends, truth: float) -> bool:
    """Tell whether an interval holds the truth."""
    return one[0] <= truth <= one[1]


def counted(hand: Sequence[Family]) -> str:
    """Return what is in the hand, in words."""
    k, n = sum(k for k, _ in hand), sum(n for _, n in hand)
    return f"{n}张里中{k}张，{100 * k / n:.1f}%"


def percent(one: Ends) -> str:
    """Return an interval in words."""
    return f"{one[0]:.1f}%到{one[1]:.1f}%"


def said(text: str) -> str:
    """Return what is said below the controls."""
    return f"<p class='kefu-formula'>{text}</p>"


# The pictures

PLANE = Frame(100, 1, top=112, bottom=156)
LABEL = "中签的（%）"
HELD, MISSED = "guide tone-b", "guide tone-a"
"""How an interval is drawn that holds the truth, and one that does not."""


def truth_line(frame: Frame, truth: float, along: Along) -> str:
    """Return the truth as a line that a hand moves."""
    x = frame.x(truth)
    shape = (
        f"<path class='second' d='M{x},{frame.top - 8:g} V{frame.bottom:g}'/>"
        f"<circle class='reach' cx='{x}' cy='{frame.top - 8:g}' r='22'/>"
        f"<circle class='knob' cx='{x}' cy='{frame.top - 8:g}' r='7'/>"
    )
    return grip(shape, x=along)


def bar(frame: Frame, one: Ends, y: float, name: str = "line") -> str:
    """Return an interval as a lying line."""
    return f"<path class='{name}' d='M{frame.x(one[0])},{y:g} H{frame.x(one[1])}'/>"


def one_hand(hand: tuple[Family, ...], by: bool, seed: int, truth: float, along: Along) -> str:
    """Return the tickets in the hand over their share and its interval."""
    found, share = told(hand, by, seed), 100 * pooled(hand)
    spots: dict[str, list[str]] = {"many-b": [], "many-c": []}
    tickets = [place < k for k, n in hand for place in range(n)]
    step = (WIDTH - 40) / ACROSS
    for place, hit in enumerate(tickets):
        row, column = divmod(place, ACROSS)
        spots["many-b" if hit else "many-c"].append(
            f"M{20 + step * (column + 0.5):.1f},{36 + 13 * row}h0"
        )
    dots = "".join(
        f"<path class='many {name}' d='{''.join(path)}'/>"
        for name, path in spots.items() if path
    )  # fmt: skip
    y = PLANE.bottom - 18
    return chart(
        f"一把{counted(hand)}；95%区间{percent(found)}；真相{truth:g}%",
        legend(("many many-b", "中"), ("many many-c", "不中"), ("line", "95%区间"), ("second", "真相"), measure=broad),
        dots,
        PLANE.floor(LABEL),
        bar(PLANE, found, y),
        f"<circle class='dot' cx='{PLANE.x(share)}' cy='{y:g}' r='6'/>",
        truth_line(PLANE, truth, along),
        height=196,
    )  # fmt: skip


def stacked(many: Sequence[Ends], truth: float, along: Along) -> str:
    """Return a hundred intervals one below the other, those that miss the truth set off."""
    frame = Frame(100, 1, top=40, bottom=266)
    lines = {HELD: "", MISSED: ""}
    for place, one in enumerate(many):
        y = frame.top + 3 + 2.2 * place
        kind = HELD if covers(one, truth) else MISSED
        lines[kind] += f"M{frame.x(one[0])},{y:g}H{frame.x(one[1])}"
    held = sum(covers(one, truth) for one in many)
    return chart(
        f"一百个区间里{held}个盖住真相{truth:g}%，{HANDS - held}个没盖住",
        legend((HELD, f"盖住{held}个"), (MISSED, f"没盖住{HANDS - held}个"), ("second", "真相"), measure=broad),
        frame.floor(LABEL),
        *(f"<path class='{name}' d='{path}'/>" for name, path in lines.items() if path),
        truth_line(frame, truth, along),
        height=306,
    )  # fmt: skip


def histogram(one: Interval, shares: Sequence[float], truth: tuple[float, Along] | None) -> str:
    """Return how often each share came, the middle of them as an interval below."""
    found, here = ends(one), 100 * one.estimate
    bins = [0] * 51
    for share in shares:
        bins[round(share / 2)] += 1
    frame = Frame(100, max(bins) * 1.06, top=46, bottom=176)
    plane = Frame(100, 1, top=46, bottom=206)
    wide = 2 * (WIDTH - LEFT - RIGHT) / 100 - 1
    bars = "".join(
        f"<rect class='bar' x='{max(frame.x(2 * place) - wide / 2, LEFT):.1f}' y='{frame.y(many)}' "
        f"width='{wide:.1f}' height='{frame.bottom - frame.y(many):.1f}'/>"
        for place, many in enumerate(bins) if many
    )  # fmt: skip
    names = [("bar", "再抽一千把"), ("line", "中间的这些")]
    return chart(
        f"从手里再抽一千把，多半在{percent(found)}之间；手里是{here:.1f}%"
        + (f"，真相{truth[0]:g}%" if truth else ""),
        legend(*names, ("dot", "手里"), *([("second", "真相")] if truth else []), measure=broad),
        bars,
        plane.floor(LABEL),
        bar(plane, found, 192),
        f"<circle class='dot' cx='{plane.x(here)}' cy='192' r='6'/>",
        truth_line(plane, *truth) if truth else "",
        height=246,
    )
