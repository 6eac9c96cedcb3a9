"""Where a bot should hand over: the three outcomes and what they cost, at every threshold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip
from kefu.demos.svg import Frame, chart, legend
from kefu.intelligence.bots import GENERATIONS, TOPICS, Generation
from kefu.intelligence.evaluation import (
    Disposition,
    Prediction,
    Report,
    at,
    rehearsed,
    stored,
)

STEPS = tuple(n / 20 for n in range(21))
FIVE = 5
Counts = Mapping[Disposition, int]


def threshold_explorer(generation: str = "weighted") -> Demo:
    """Return the explorer of thresholds on what a bot makes of the shop's test questions."""
    one_of(generation, "generation", GENERATIONS)
    c = {
        "threshold": FloatSlider(
            value=0.3, min=0, max=1, step=0.05, description="阈值", readout_format=".2f"
        ),
        "harm": IntSlider(value=5, min=0, max=20, description="答错一次（元）"),
        "person": IntSlider(value=2, min=0, max=20, description="转人工（元）"),
        "bot": widgets.Dropdown(
            options=[(name, key) for key, name in GENERATIONS.items()],
            value=generation,
            description="哪一代",
        ),
        "ambiguity": FloatSlider(
            value=0.1, min=0, max=1, step=0.05, description="歧义边际", readout_format=".2f"
        ),
    }

    @cache
    def outcomes(bot: Generation, ambiguity: float) -> dict[float, Counts]:
        return {step: at(stored()[bot], step, ambiguity).dispositions() for step in STEPS}

    def cost(counts: Counts) -> float:
        spent: int = counts["答错"] * c["harm"].value + counts["转人工"] * c["person"].value
        return spent / sum(counts.values())

    def costs() -> tuple[dict[float, Counts], dict[float, float]]:
        every = outcomes(c["bot"].value, c["ambiguity"].value)
        return every, {step: cost(counts) for step, counts in every.items()}

    def idle() -> set[str]:
        told = any(0 < one.margin < 1 for one in stored()[c["bot"].value])
        return set() if told else {"ambiguity"}

    def draw() -> str:
        every, spent = costs()
        now = c["threshold"].value
        known = rehearsed()[c["bot"].value]
        let = at(known, now, c["ambiguity"].value) if known else None
        return planes(every, spent, now, c["threshold"]) + slips(let)

    def tell() -> str:
        now = at(stored()[c["bot"].value], c["threshold"].value, c["ambiguity"].value)
        counts, size = now.dispositions(), len(now.predictions)
        _, spent = costs()
        best = cheapest(spent)
        advice = (
            "这样的价钱，哪个阈值都一样"
            if best is None
            else f"这样的价钱，阈值{best:.2f}最省（{spent[best]:.2f}元）"
        )
        formula = (
            f"<p class='kefu-formula'>把握低于{c['threshold'].value:.2f}，或领先不到"
            f"{c['ambiguity'].value:.2f}，就转人工。{size}个问句：答对{counts['答对']}，"
            f"答错{counts['答错']}，转人工{counts['转人工']}<br>"
            f"每句代价 = ({counts['答错']}×{c['harm'].value} + {counts['转人工']}×"
            f"{c['person'].value})÷{size} = <b>{cost(counts):.2f}元</b>；{advice}</p>"
        )
        return formula + by_topic(now)

    def code() -> str:
        return (
            "from kefu.intelligence.evaluation import at, stored\n\n"
            f'report = at(stored()["{c["bot"].value}"], threshold={c["threshold"].value:g},\n'
            f"            ambiguity={c['ambiguity'].value:g})\n"
            "print(report.dispositions(), report.coverage, report.answered_right)"
        )

    return Demo("什么时候该转人工", c, draw, tell, code, idle=idle)


def cheapest(costs: Mapping[float, float]) -> float | None:
    """Return the threshold that costs least, the lowest of several; none where all cost the same."""
    return None if len(set(costs.values())) == 1 else min(costs, key=lambda step: costs[step])


def planes(
    every: Mapping[float, Counts],
    costs: Mapping[float, float],
    threshold: float,
    slider: FloatSlider,
) -> str:
    """Return the shares of the three outcomes over their cost, one handle through both."""
    size = sum(next(iter(every.values())).values())
    here = min(every, key=lambda step: abs(step - threshold))
    share = {name: 100 * count / size for name, count in every[here].items()}
    best = cheapest(costs)
    shares = Frame(1.0, 100.0, top=24, bottom=124)
    money = Frame(1.0, max(*costs.values(), 0.5) * 1.12, top=164, bottom=246)
    rights = [(step, 100 * counts["答对"] / size) for step, counts in every.items()]
    told = [
        (step, 100 * (counts["答对"] + counts["答错"]) / size) for step, counts in every.items()
    ]
    floor = [(step, 0.0) for step in reversed(STEPS)]
    x = shares.x(here)
    line = (
        f"<path class='guide' d='M{x},{shares.top:g} V{shares.bottom:g} M{x},{money.top:g} V{money.bottom:g}'/>"
        f"<circle class='reach' cx='{x}' cy='{money.y(costs[here])}' r='22'/>"
        f"<circle class='reach' cx='{x}' cy='{shares.y(50)}' r='22'/>"
        f"<circle class='dot' cx='{x}' cy='{money.y(costs[here])}' r='7'/>"
    )
    least = "" if best is None else (
        f"<circle class='ring' cx='{money.x(best)}' cy='{money.y(costs[best])}' r='11'/>"
    )  # fmt: skip
    cheap = "" if best is None else legend(
        ("ring", f"最省：阈值{best:.2f}，{costs[best]:.2f}元"), x=180, y=156
    )  # fmt: skip
    return chart(
        f"阈值{here:.2f}：答对{share['答对']:.1f}%，答错{share['答错']:.1f}%，转人工{share['转人工']:.1f}%，"
        f"每句代价{costs[here]:.2f}元，"
        + ("哪个阈值都一样" if best is None else f"阈值{best:.2f}最省，{costs[best]:.2f}元"),
        area(shares, [(0.0, 100.0), (1.0, 100.0)], floor, "rest"),
        area(shares, told, floor, "bar bar2"),
        area(shares, rights, floor, "bar"),
        shares.axes("", ""),
        legend(*((name, f"{kind}{share[kind]:.1f}%") for name, kind in OUTCOMES), y=14),
        money.axes("阈值：把握低于它就转人工", ""),
        legend(("line", f"每句代价{costs[here]:.2f}元"), y=156),
        cheap,
        money.path(list(costs.items()), "line"),
        least,
        grip(line, x=Along("threshold", slider, shares.x, stops=() if best is None else (best,))),
        height=284,
        scale=money.scale,
    )  # fmt: skip


OUTCOMES: tuple[tuple[str, Disposition], ...] = (
    ("bar", "答对"),
    ("bar bar2", "答错"),
    ("rest", "转人工"),
)


def area(
    frame: Frame,
    top: Sequence[tuple[float, float]],
    floor: Sequence[tuple[float, float]],
    name: str,
) -> str:
    """Return the area between a line and the floor, drawn in the style ``name``."""
    steps = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in (*top, *floor))
    return f"<polygon class='{name}' points='{steps}'/>"


def slips(let: Report | None) -> str:
    """Return the five wrong answers that are let through by the least, of questions kept for practice.

    The test questions stay unseen: these come from the rehearsal on training questions.
    """
    if let is None:
        return "<p class='kefu-note'>换了自己班的数据，书里存下的错例不适用，这里就不列了。</p>"
    wrong: list[Prediction] = [p for p in let.predictions if p.disposition == "答错"]
    head = "练习题里照样会漏过去的错（考试题不给看原文）"
    if not wrong:
        return f"<p class='kefu-note'>{head}：这个阈值下，一句也没有。</p>"
    items = "".join(
        f"<li><span>{escape(p.question.text)}</span> <small>{p.question.topic}，"
        f"<b class='kefu-wrong'>✗答成{p.topic}</b>，把握{p.score:.2f}</small></li>"
        for p in spread(wrong)
    )
    return f"<p class='kefu-note'>{head}：</p><ol class='kefu-slips'>{items}</ol>"


def spread(wrong: Sequence[Prediction]) -> list[Prediction]:
    """Return the first five by sureness, each of another pair of topics where there are so many."""
    order = sorted(wrong, key=lambda p: p.score)
    pairs = {(p.question.topic, p.topic): p for p in reversed(order)}
    first = sorted(pairs.values(), key=lambda p: p.score)[:FIVE]
    rest = [p for p in order if p not in first]
    return sorted([*first, *rest[: FIVE - len(first)]], key=lambda p: p.score)


def by_topic(report: Report) -> str:
    """Return the three outcomes for each topic."""
    rows = []
    for topic in TOPICS:
        part = Report(
            tuple(v for v in report.predictions if v.question.topic == topic)
        ).dispositions()
        rows.append([topic, *(str(part[name]) for name in ("答对", "答错", "转人工"))])
    return table(["话题", "答对", "答错", "转人工"], rows, caption="按话题看")
