"""One person or two: the threshold between false merges and missed ones, and what each field costs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from html import escape
from itertools import accumulate

import ipywidgets as widgets

from kefu import data
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.operations.customers import (
    NAMES,
    CustomerRow,
    Matched,
    RowPair,
    clean,
    compared,
    measured,
    singled_out,
)

LOW, HIGH = -6, 40
THRESHOLDS = range(LOW, HIGH + 1)
EXPORTED = date(2026, 1, 19)
PRECISE, COMPLETE = 0.98, 0.90
"""What is good enough for a shop that merges: few false merges, and nearly all found."""
EXTRA = ("birthday", "phone", "province", "registered_on")


@data.cached
def cleaned_rows() -> tuple[CustomerRow, ...]:
    """Return the three exports, cleaned."""
    return clean(data.rows("customers_raw"), EXPORTED).rows


@data.cached
def true_person() -> Mapping[str, str]:
    """Return whose each row is."""
    return {row["row_id"]: row["customer_id"] for row in data.rows("customers_raw_key")}


@data.cached
def every_pair() -> tuple[RowPair, ...]:
    """Return the pairs that agree in nickname or phone, compared in every field."""
    return compared(cleaned_rows())


@data.cached
def scored(fields: tuple[str, ...]) -> tuple[RowPair, ...]:
    """Return the same pairs by what these fields alone say, the most alike first."""
    found = (RowPair(pair.one, pair.other, pair.likeness.only(fields)) for pair in every_pair())
    return tuple(sorted(found, key=lambda pair: (-pair.score, pair.rows)))


@data.cached
def every_threshold(fields: tuple[str, ...]) -> Mapping[int, Matched]:
    """Return what each threshold merges, all counted in one walk down the pairs."""
    key, pairs = true_person(), scored(fields)
    planted = measured((), key).planted
    right = [0, *accumulate(key[pair.one] == key[pair.other] for pair in pairs)]
    scores = [-pair.score for pair in pairs]
    merged = {least: bisect_right(scores, -least) for least in THRESHOLDS}
    return {least: Matched(n, right[n], planted) for least, n in merged.items()}


@data.cached
def everybody() -> list[dict[str, str]]:
    """Return the shop's customers; to read the table anew took most of a press."""
    return list(data.rows("customers"))


@data.cached
def recognised(fields: tuple[str, ...]) -> float:
    """Return the share of the shop's customers whom these fields alone single out."""
    return singled_out(everybody(), fields)


@data.cached
def left_empty(field: str) -> float:
    """Return the share of rows in which a field is empty."""
    return sum(not row[field] for row in cleaned_rows()) / len(cleaned_rows())


def same_person(threshold: int = 6) -> Demo:
    """Return the demo with nicknames alone and a ``threshold`` in bits."""
    c: dict[str, widgets.ValueWidget] = {
        "threshold": IntSlider(value=threshold, min=LOW, max=HIGH, description="几分算一个人"),
        **{name: widgets.Checkbox(value=False, description=f"也比{NAMES[name]}") for name in EXTRA},
    }

    def used() -> tuple[str, ...]:
        return ("nickname", *(name for name in EXTRA if c[name].value))

    def now() -> Matched:
        return every_threshold(used())[c["threshold"].value]

    def cells() -> str:
        buttons = "".join(
            press(
                "＋" + NAMES[name].removesuffix("（打码）"),
                {name: not c[name].value},
                on=c[name].value,
            )
            for name in EXTRA
        )
        return (
            f"<div class='kefu-answers' role='group' aria-label='除了昵称还比什么'>{buttons}</div>"
        )

    def draw() -> str:
        found = now()
        return (
            f"<p class='kefu-big'>错并{found.wrong}对<small>　漏并{found.missed}对；并对了{found.right}对，"
            f"真有{found.planted}对</small></p>{cells()}"
            + seesaw(every_threshold(used()), c["threshold"])
        )

    def tell() -> str:
        found = now()
        return (
            f"<p class='kefu-formula'>精确率 = {found.right} ÷ {found.merged} = <b>{found.precision:.3f}</b><br>"
            f"召回率 = {found.right} ÷ {found.planted} = <b>{found.recall:.3f}</b></p>"
            + privacy(used())
            + examples(c["threshold"].value)
            + f"<p class='kefu-note'>比的是三处导出拼起来的{len(cleaned_rows())}行，{ASSUMED}</p>"
        )

    def examples(least: int) -> str:
        """Return the most alike pair that was merged wrongly, and the least alike that was missed."""
        key, told = true_person(), []
        pairs = scored(used())
        wrong = [p for p in pairs if p.score >= least and key[p.one] != key[p.other]]
        missed = [p for p in pairs if p.score < least and key[p.one] == key[p.other]]
        for name, found in (("错并得最像的", wrong[:1]), ("漏掉得最像的", missed[:1])):
            told += [f"<li>{name}：{spelt(pair)}</li>" for pair in found]
        return f"<ul>{''.join(told)}</ul>" if told else ""

    def idle() -> set[str]:
        """Leave what is compared to the picture."""
        return set(EXTRA)

    def code() -> str:
        return (
            "from datetime import date\n\n"
            "from kefu import data\n"
            "from kefu.operations.customers import clean, deduplicate\n\n"
            'done = clean(data.rows("customers_raw"), date(2026, 1, 19))\n'
            f"found = deduplicate(done.rows, {c['threshold'].value}, {list(used())})\n"
            "print(len(found.pairs))"
        )

    return Demo("他们是同一个人吗", c, draw, tell, code, idle=idle)


ASSUMED = (
    "先洗过；只比昵称或手机号对得上的那些对。一项对上加多少分，看这个值在表里多稀罕；"
    "同一个人两次填得一样的机会，假设是98%。答案是种下的：真店里没有，只能抽几十对打电话问。"
)


def spelt(pair: RowPair) -> str:
    """Return a pair with what each field says of it."""
    said = "；".join(reason.said() for reason in pair.likeness.reasons)
    return f"{pair.one}与{pair.other}，{pair.score:.1f}分（{escape(said)}）"


def seesaw(every: Mapping[int, Matched], slider: IntSlider) -> str:
    """Return both errors along the threshold, in percent, with what is good enough shaded."""
    plane = Frame(HIGH, 100, x_min=LOW, top=46, bottom=200)
    least = slider.value
    wrong = {at: 100 * (1 - found.precision) for at, found in every.items()}
    missed = {at: 100 * (1 - found.recall) for at, found in every.items()}
    good = [at for at in every if every[at].precision >= PRECISE and every[at].recall >= COMPLETE]
    x, found = plane.x(least), every[least]
    zone = "" if not good else (
        f"<rect class='zone' x='{plane.x(good[0] - 0.5)}' y='{plane.top:g}' height='{plane.bottom - plane.top:g}' "
        f"width='{plane.x(good[-1] + 0.5) - plane.x(good[0] - 0.5):.1f}'/>"
    )  # fmt: skip
    line = (
        f"<path class='guide' d='M{x},{plane.top:g} V{plane.bottom:g}'/>"
        f"<circle class='reach' cx='{x}' cy='{plane.y(50)}' r='22'/>"
        f"<circle class='knob' cx='{x}' cy='{plane.y(missed[least])}' r='7'/>"
        f"<circle class='dot' cx='{x}' cy='{plane.y(wrong[least])}' r='7'/>"
    )
    enough = [("zone", "两样都够")] if good else []
    told = legend(
        ("second", "并的里面错几成"), ("line", "该并的漏几成"), *enough, y=14, measure=broad
    )
    return chart(
        f"门槛{least}分：并了{found.merged}对，错并{found.wrong}对，漏并{found.missed}对；"
        + (f"{good[0]}分到{good[-1]}分两样都够" if good else "没有一个门槛两样都够"),
        zone,
        told,
        plane.axes("几分算一个人", "%"),
        plane.path(list(wrong.items()), "second"),
        plane.path(list(missed.items()), "line"),
        grip(line, x=Along("threshold", slider, plane.x)),
        height=240,
        scale=plane.scale,
    )


def privacy(fields: tuple[str, ...]) -> str:
    """Return what the fields in use are, one after the other, and how many people they give away."""
    rows = []
    for place, name in enumerate(fields, 1):
        empty, alone = left_empty(name), recognised(fields[:place])
        rows.append(
            [NAMES[name], "都有" if not empty else f"{empty:.0%}空着", f"{alone:.1%}的客人"]
        )
    return table(
        ["比到哪一项", "填了吗", "看得见这几项，认得出"],
        rows,
        caption="隐私表：多比一项，就多一项落在导表的人眼里",
        mark=len(rows) - 1,
    )
