"""抛硬币: is it luck? The chance of as many heads or more, and two ways compared case by case."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

import ipywidgets as widgets

from kefu.demos.core import Demo
from kefu.demos.hands import Along, FloatSlider, IntSlider, grip, press
from kefu.demos.svg import LEFT, RIGHT, WIDTH, Frame, broad, chart, legend
from kefu.errors import need
from kefu.stats import binomial_chance, binomial_tail, sign_test

MOST, LIMIT = 200, 1000
"""How far the sliders go unless more is given, and the most that can be given: a bar each."""
ROUNDS = 100


def coin_flips(
    heads: int = 8,
    flips: int = 10,
    chance: float = 50,
    *,
    better: int | None = None,
    worse: int | None = None,
) -> Demo:
    """Return the coin: how often ``flips`` of it show ``heads`` or more by luck alone.

    ``chance`` is that of one head, in per cent. With ``better`` and ``worse`` two ways are compared
    on the same cases: of those that differ, so many went better and so many worse, and were both
    ways alike, each would be a fair coin. Raises ``ValueError`` or ``TypeError`` for numbers that
    do not go together, for more than 1000 flips and where no case differs.
    """
    if better is not None or worse is not None:
        return pairs(better or 0, worse or 0)
    binomial_tail(heads, flips, 0.5)  # raises where they do not go together
    need("flips", flips <= LIMIT, f"at most {LIMIT}", f"不超过{LIMIT}的数", flips)
    most = max(MOST, flips)
    c: dict[str, widgets.ValueWidget] = {
        "heads": IntSlider(value=heads, min=0, max=most, description="正面几次"),
        "flips": IntSlider(value=flips, min=1, max=most, description="抛几次"),
        "chance": FloatSlider(
            value=chance,
            min=0,
            max=100,
            step=0.1,
            description="一次正面（%）",
            readout_format=".1f",
        ),
        "seed": IntSlider(value=1, min=1, max=500, description="第几轮"),
    }

    def numbers() -> tuple[int, int, float]:
        return min(c["heads"].value, c["flips"].value), c["flips"].value, c["chance"].value / 100

    def draw() -> str:
        k, n, p = numbers()
        along = Along("heads", c["heads"], lambda v: plane(n, p).x(v), low=0, high=n)
        tail = binomial_tail(k, n, p)
        picture = bars(n, p, lambda one: one >= k, k, along, f"不少于{k}次：{words(tail)}")
        again = press(f"再抛{ROUNDS}轮", {"seed": c["seed"].value % 500 + 1})
        return f"{picture}<div class='kefu-acts'>{again}</div>"

    def tell() -> str:
        k, n, p = numbers()
        tail = binomial_tail(k, n, p)
        seen = sum(one >= k for one in rounds(n, p, c["seed"].value))
        return (
            f"<p class='kefu-formula'>抛{n}次，只凭运气，正面不少于{k}次的机会是<b>{words(tail)}</b>"
            f"{often(tail)}。真抛了{ROUNDS}轮，有{seen}轮不少于{k}次。</p>" + verdict(tail)
        )

    def code() -> str:
        k, n, p = numbers()
        return f"from kefu.stats import binomial_tail\n\nbinomial_tail({k}, {n}, {p:g})"

    return Demo("抛硬币：是不是运气", c, draw, tell, code)


def pairs(better: int, worse: int) -> Demo:
    """Return the sign test: of the cases that differ, so many went better and so many worse."""
    sign_test(better, worse)  # raises for numbers that are none
    changed = better + worse
    need("better + worse", 1 <= changed <= LIMIT, f"1 to {LIMIT} cases that differ",
         f"1到{LIMIT}个有变化的", changed)  # fmt: skip
    most = max(MOST, changed)
    c: dict[str, widgets.ValueWidget] = {
        "better": IntSlider(value=better, min=0, max=most, description="变好的"),
        "changed": IntSlider(value=changed, min=1, max=most, description="变好加变差"),
    }

    def numbers() -> tuple[int, int]:
        one = min(c["better"].value, c["changed"].value)
        return one, c["changed"].value - one

    def draw() -> str:
        one, other = numbers()
        n, most, least = one + other, max(one, other), min(one, other)
        along = Along("better", c["better"], lambda v: plane(n, 0.5).x(v), low=0, high=n)
        said = f"偏成这样：{words(sign_test(one, other))}"
        return bars(n, 0.5, lambda k: k >= most or k <= least, one, along, said, "变好几个")

    def tell() -> str:
        one, other = numbers()
        chance = sign_test(one, other)
        return (
            f"<p class='kefu-formula'>变好{one}个，变差{other}个，一样的不算。两种办法要是一样好，"
            f"这就是抛{one + other}次硬币；偏成这样（往哪边都算）的机会是<b>{words(chance)}</b>"
            f"{often(chance)}。</p>" + verdict(chance)
        )

    def code() -> str:
        one, other = numbers()
        return f"from kefu.stats import sign_test\n\nsign_test({one}, {other})"

    return Demo("抛硬币：两种办法，谁更好", c, draw, tell, code)


def words(chance: float) -> str:
    """Return a chance as a reader says it."""
    if chance >= 0.001:
        return f"{100 * chance:.1f}%"
    return "不到千分之一" if chance >= 1e-6 else "不到百万分之一"


def often(chance: float) -> str:
    """Return a small chance as one of how many times."""
    return f"，大约每{round(1 / chance)}回碰上1回" if 1e-6 <= chance <= 1 / 3 else ""


def verdict(chance: float) -> str:
    """Return what such a chance lets one say."""
    said = (
        "单凭运气很难这样，值得当真；但它没说差多少，也没说为什么。"
        if chance < 0.05
        else "运气自己就做得到：还不能说有差别，也不能说没有。"
    )
    return f"<p class='kefu-note'>{said}</p>"


@cache
def rounds(n: int, p: float, seed: int) -> tuple[int, ...]:
    """Return the heads of so many rounds of ``n`` flips."""
    random = Random(seed)
    return tuple(sum(random.random() < p for _ in range(n)) for _ in range(ROUNDS))


@cache
def chances(n: int, p: float) -> tuple[float, ...]:
    """Return the chance of every number of heads."""
    return tuple(binomial_chance(k, n, p) for k in range(n + 1))


def plane(n: int, p: float) -> Frame:
    """Return the plane of a binomial picture, half a bar wider than the numbers."""
    return Frame(n + 0.5, 112 * max(chances(n, p)), x_min=-0.5)


def bars(
    n: int,
    p: float,
    filled: Callable[[int], bool],
    here: int,
    along: Along,
    said: str,
    across: str = "正面几次",
) -> str:
    """Return the chance of every number of heads, those that count filled, the number of now marked."""
    frame = plane(n, p)
    wide = max((WIDTH - LEFT - RIGHT) / (n + 1) * 0.86, 1.0)
    parts = {"bar bar2": "", "rest": ""}
    for k, chance in enumerate(chances(n, p)):
        y = frame.y(100 * chance)
        high = frame.bottom - y
        if high >= 0.05:
            parts["bar bar2" if filled(k) else "rest"] += (
                f"M{frame.x(k) - wide / 2:.1f},{frame.bottom:g}v-{high:.1f}h{wide:.1f}v{high:.1f}z"
            )
    x = frame.x(here)
    mark = (
        f"<path class='guide' d='M{x},{frame.top:g} V{frame.bottom:g}'/>"
        f"<circle class='reach' cx='{x}' cy='{frame.top + 8:g}' r='22'/>"
        f"<circle class='knob' cx='{x}' cy='{frame.top + 8:g}' r='7'/>"
    )
    return chart(
        f"抛{n}次，正面0到{n}次各有多大机会；{said}",
        *(f"<path class='{name}' d='{path}'/>" for name, path in parts.items() if path),
        frame.axes(across, "机会（%）"),
        legend(("bar bar2", said), ("rest", "其余"), x=90, measure=broad),
        grip(mark, x=along),
        height=250,
        scale=frame.scale,
    )
