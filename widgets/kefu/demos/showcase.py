"""The showcase: a few slots, the reader's goods in them, and what the week brought, against three other choices."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from html import escape

import ipywidgets as widgets

from kefu.demos.cards import onward
from kefu.demos.core import Demo, plain, table
from kefu.demos.hands import IntSlider, press
from kefu.demos.svg import WIDTH, chart
from kefu.presales.catalogue import (
    Shelved,
    best_sellers,
    choose_showcase,
    hindsight,
    on_shelf,
    shelf_week,
    showcase_money,
    showcase_total,
)

WEEKS = {
    "11月3日": date(2025, 11, 3),
    "11月10日": date(2025, 11, 10),
    "12月22日": date(2025, 12, 22),
}
"""Mondays before a quiet week, the week of 11.11., and a week when much is sold out."""
PICK, SEE = "挑", "看"
YOURS, SELLERS, RULE, AFTER = "你挑的", "卖得最多的", "照公式挑的", "事后看最好的"
BAR, ROW = 12, 48
"""A bar's height, and a bar's with its words, in pixels."""


def showcase() -> Demo:
    """Return the showcase of the week of 11.11., with nothing in it."""
    c = {
        "slots": IntSlider(value=4, min=2, max=6, description="有几个橱窗位"),
        "extra": IntSlider(
            value=200, min=50, max=500, step=50, description="一个位子一周多带来几次点击"
        ),
        "week": widgets.Dropdown(options=WEEKS, value=date(2025, 11, 10), description="哪个星期一"),
        "picked": widgets.Text(value="", description="放进橱窗的"),
        "stage": widgets.Dropdown(options=[PICK, SEE], value=PICK, description="做到哪一步"),
    }

    def start_again(_change: object) -> None:
        c["picked"].value = ""
        c["stage"].value = PICK

    c["week"].observe(start_again, "value")

    def shelf() -> tuple[Shelved, ...]:
        return on_shelf(c["week"].value)

    def mine() -> list[Shelved]:
        """Return what is in the slots: the last that were put there, where there are more than slots."""
        known = {one.item: one for one in shelf()}
        items = [item for item in dict.fromkeys(c["picked"].value.split()) if item in known]
        return [known[item] for item in items[-c["slots"].value :]]

    def seen() -> bool:
        return bool(c["stage"].value == SEE and mine())

    def idle() -> set[str]:
        """Leave week and goods to the picture, which is long; what is reckoned with is set beside the bars."""
        return {"week", "picked", "stage"} | (set() if seen() else {"slots", "extra"})

    def draw() -> str:
        return f"<div class='kefu-long'>{result() if seen() else choice()}</div>"

    def choice() -> str:
        slots, inside = c["slots"].value, mine()
        names = "、".join(one.title for one in inside) or "还空着"
        go = onward("开店，看这一周 ›", {"stage": SEE}) if inside else ""
        full = "满了再按一件，换下最早那件。" if len(inside) == slots else ""
        goods = best_sellers(shelf(), len(shelf()))
        weeks = "".join(
            press(name, {"week": name}, on=day == c["week"].value) for name, day in WEEKS.items()
        )
        return (
            f"<div class='kefu-acts'>{weeks}</div>"
            f"<p class='kefu-question' role='status'>橱窗{len(inside)}/{slots}：{escape(names)}。{full}</p>"
            f"<p>{go}</p><p class='kefu-note'>选个星期一；按一件，放进去，再按，拿下来。卖得多的排在前。</p>"
            f"<div class='kefu-chat'>{''.join(good(one, inside) for one in goods)}</div><p>{go}</p>"
        )

    def good(one: Shelved, inside: list[Shelved]) -> str:
        kept = [other.item for other in inside if other != one]
        items = kept if one in inside else [*kept, one.item]
        text = (
            f"<b>{escape(one.title)}</b><small>上周{one.orders}单，转化{one.conversion:.1%}</small>"
            f"<small>库存{one.stock}件，{one.variants}个规格</small>"
            f"<small>毛利{plain(one.margin)}，低星{one.bad}/{one.reviews}</small>"
        )
        wanted = {"picked": " ".join(items), "stage": PICK}
        return press(text, wanted, name="kefu-press kefu-rule", on=one in inside)

    def others() -> dict[str, tuple[Shelved, ...]]:
        """Return the four showcases, by whose they are."""
        slots, extra = c["slots"].value, c["extra"].value
        rule = tuple(one.shelved for one in choose_showcase(shelf(), slots) if one.chosen)
        weeks = shelf_week(c["week"].value)
        return {
            YOURS: tuple(mine()),
            SELLERS: best_sellers(shelf(), slots),
            RULE: rule,
            AFTER: hindsight(shelf(), weeks, slots, extra),
        }

    def money(shown: tuple[Shelved, ...]) -> Decimal:
        return showcase_total(shown, shelf_week(c["week"].value), c["extra"].value)

    def result() -> str:
        found = {name: (money(shown), shown) for name, shown in others().items()}
        again = press("‹ 换几件再来", {"stage": PICK})
        return (
            f"<p class='kefu-big'>{found[YOURS][0]:.0f}元<small>　你的橱窗这一周多挣的毛利；"
            f"照公式挑，{found[RULE][0]:.0f}元</small></p>{bars(found)}<p>{again}</p>"
        )

    def tell() -> str:
        if not seen():
            return (
                "<p class='kefu-note'>数是星期一零点看得到的：上周的单和转化，此刻的库存，"
                "一件的毛利（元），近90天的评价里有几条是1到3星。</p>"
            )
        slots, extra = c["slots"].value, c["extra"].value
        told = {one.shelved: one for one in choose_showcase(shelf(), slots)}
        week = shelf_week(c["week"].value)
        shown = others()
        rows = [
            [
                one.title + ("（你）" if one in shown[YOURS] else ""),
                f"{showcase_money(one, week[one.item], extra):.0f}元",
                told[one].why,
            ]
            for one in dict.fromkeys((*shown[YOURS], *shown[RULE], *shown[AFTER]))
        ]
        left = [one for one in told.values() if not one.rank and one.shelved not in shown[YOURS]]
        names = "；".join(f"{one.shelved.title}（{one.why}）" for one in left)
        return (
            table(["商品", "这一周多挣", "公式怎么说"], rows)
            + f"<p class='kefu-formula'>{substituted(mine()[0])}</p>"
            + (f"<p class='kefu-note'>公式不放的还有：{escape(names)}。</p>" if names else "")
        )

    def substituted(one: Shelved) -> str:
        week, extra = shelf_week(c["week"].value)[one.item], c["extra"].value
        got = showcase_money(one, week, extra)
        wanted = Decimal(extra * week.orders) / max(week.clicks, 1)
        left = max(0, one.stock - week.orders)
        return (
            f"{escape(one.title)}：这一周{week.clicks}次点击成{week.orders}单，多来{extra}次，多要{wanted:.1f}件；"
            f"库存{one.stock}件，不放橱窗也卖{week.orders}单，剩{left}件；取小的一头，"
            f"乘毛利{plain(one.margin)}元，得<b>{got:.0f}元</b>"
        )

    def code() -> str:
        day = c["week"].value
        return (
            "from datetime import date\n"
            "from kefu.presales.catalogue import choose_showcase, on_shelf\n\n"
            f"shelf = on_shelf(date({day.year}, {day.month}, {day.day}))\n"
            f"[(one.shelved.title, one.chosen, one.why)\n for one in choose_showcase(shelf, {c['slots'].value})]"
        )

    return Demo("橱窗给谁", c, draw, tell, code, idle=idle)


def bars(found: dict[str, tuple[Decimal, tuple[Shelved, ...]]]) -> str:
    """Return what each showcase brought as a bar, its name and goods above."""
    most = max(float(money) for money, _ in found.values()) or 1.0
    parts = []
    for number, (name, (money, _)) in enumerate(found.items()):
        y = 18 + ROW * number
        style, look = ("strong", "bar2") if name == YOURS else ("", "bar")
        width = max(2.0, (WIDTH - 8) * float(money) / most)
        parts.append(
            f"<text class='{style}' x='4' y='{y}'>{name}：{money:.0f}元</text>"
            f"<rect class='{look}' x='4' y='{y + 8}' width='{width:.1f}' height='{BAR}' rx='2'/>"
        )
    said = "；".join(
        f"{name}{money:.0f}元（{'、'.join(one.title for one in shown)}）"
        for name, (money, shown) in found.items()
    )
    return chart(said, *parts, height=18 + ROW * len(found))
