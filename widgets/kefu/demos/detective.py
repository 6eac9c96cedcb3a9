"""Detective: ten bad reviews, each with a file of four pages; how sure may one be, and of what."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

from kefu.aftersales.casebook import PAGES, TRUTHS, Filed, Page, casebook
from kefu.aftersales.reviews import BASE_RATE, OVERLAP, Risk, extortion_risk
from kefu.demos.cards import board, end_card, following, onward, ways
from kefu.demos.core import Demo, table
from kefu.demos.hands import FloatSlider, IntSlider, labelled, press
from kefu.demos.svg import chart, legend

UNSURE = ""
FILES, SUMS = "翻档案", "算一算"
"""The two stages: the file with all that is played, and the hundred people alone with their sliders."""
SEP = "|"
"""What stands between pages in the hidden field that presses fill."""
PASS = 8
"""How many of the ten the chapter calls enough."""
ACROSS, DOWN, HEIGHT = 20, 5, 116
"""The hundred people stand in rows of twenty; the drawing's height in pixels."""


def detective() -> Demo:
    """Return the files at the first review, no page opened, nothing judged."""
    line = casebook()
    opened: dict[int, list[Page]] = {at: [] for at in range(len(line))}
    given: dict[int, str] = {}
    looked: dict[int, int] = {}
    c = {
        "number": IntSlider(value=1, min=1, max=len(line) + 1, description="第几条（最后是成绩）"),
        "base": IntSlider(
            value=round(BASE_RATE * 1000),
            min=1,
            max=300,
            description="一千位里，几位来讹钱",
        ),
        "overlap": FloatSlider(
            value=OVERLAP, min=0, max=1, step=0.1, description="五条话有几成是同一股火"
        ),
        "page": widgets.Dropdown(
            options=[("只看评价", UNSURE), *((name, page) for page, name in PAGES.items())],
            value=UNSURE,
            description="翻到哪一页",
        ),
        "answer": widgets.Dropdown(
            options=[("请选择", UNSURE), *((truth, truth) for truth in TRUTHS)],
            value=UNSURE,
            description="你的判断",
        ),
        "stage": widgets.Dropdown(options=[FILES, SUMS], value=FILES, description="做到哪一步"),
        "out": widgets.Text(value="", description="先不算的页"),
    }

    def place() -> int:
        return int(c["number"].value) - 1

    def turn(_change: object) -> None:
        at = place()
        c["stage"].value, c["out"].value = FILES, ""
        c["page"].value = opened[at][-1] if opened.get(at) else UNSURE
        c["answer"].value = given.get(at, UNSURE)

    def look(_change: object) -> None:
        if place() < len(line) and (page := c["page"].value) and page not in opened[place()]:
            opened[place()].append(page)

    def keep_the_first(_change: object) -> None:
        at = place()
        if at < len(line) and c["answer"].value and at not in given:
            given[at], looked[at] = c["answer"].value, len(opened[at])

    c["number"].observe(turn, "value")
    c["page"].observe(look, "value")
    c["answer"].observe(keep_the_first, "value")

    def left_out() -> list[Page]:
        """Return the pages of the file that are not weighed, which its reader knows all the same."""
        named = c["out"].value.split(SEP)
        return [page for page in opened.get(place(), ()) if page in named]

    def weighed(at: int) -> list[Page]:
        """Return the pages that are weighed: all that were turned to, or those left in beside the crowd."""
        return [page for page in opened[at] if not (sums() and page in left_out())]

    def right(at: int) -> bool:
        return given[at] == line[at].truth

    def wronged() -> list[int]:
        """Return where an honest customer was called an extortionist."""
        return [at for at, answer in given.items() if answer == "恶意" != line[at].truth]

    def risk(at: int) -> Risk:
        return extortion_risk(
            line[at].signs(weighed(at)), c["base"].value / 1000, overlap=c["overlap"].value
        )

    def on(at: int) -> str:
        to = following(at, given, len(line))
        text = "看成绩 ›" if to is None else "下一条 ›"
        return onward(text, {"number": (len(line) if to is None else to) + 1})

    def sums() -> bool:
        return bool(c["stage"].value == SUMS and place() < len(line))

    def idle() -> set[str]:
        """Leave all to the buttons of the picture, which is long; what is weighed is set beside it."""
        if not sums():
            return set(c)
        weighs = {"base", "overlap"} if line[place()].signs(weighed(place())) else {"base"}
        return set(c) - weighs

    def draw() -> str:
        return report() if place() == len(line) else summed(place()) if sums() else card(place())

    def card(at: int) -> str:
        one = line[at]
        good, hurt = sum(map(right, given)), len(wronged())
        to = "".join([*ways(at, given, len(line), "条"), press(f"{SUMS} ›", {"stage": SUMS})])
        return (
            f"<div class='kefu-talk kefu-long'><p class='kefu-when'>第{at + 1}条，共{len(line)}条；"
            f"对{good}，冤枉{hurt}人</p><div class='kefu-sides'><div>"
            f"<p class='kefu-asked'><small>{masked(one)}，{one.at}，"
            f"{'★' * one.stars}，{escape(one.what)}</small><br>{escape(one.text)}</p>"
            f"{crowd(risk(at))}</div><div>{pages(at)}{ruling(at) if at in given else choices()}"
            f"<div class='kefu-acts'>{to}</div></div></div></div>"
        )

    def summed(at: int) -> str:
        """Return the hundred people alone, with the pages that they are weighed by, to leave out and put in."""
        kept = weighed(at)
        pages = "".join(
            press(PAGES[page], {"out": SEP.join(toggled(left_out(), page))}, on=page in kept)
            for page in PAGES
            if page in opened[at]
        )
        found = labelled("算进去的", pages) if pages else "<p class='kefu-note'>一页还没翻。</p>"
        back = press(f"‹ 接着{FILES}", {"stage": FILES})
        return (
            f"<p class='kefu-when'>第{at + 1}条，{masked(line[at])}</p>"
            f"{crowd(risk(at))}{found}<div class='kefu-acts'>{back}</div>"
        )

    def pages(at: int) -> str:
        """Return the pages to turn to, and the one that lies open."""
        now, one = c["page"].value, line[at]
        tabs = "".join(
            press(f"{name}{' ✓' if page in opened[at] else ''}", {"page": page}, on=page == now)
            for page, name in PAGES.items()
        )
        lines = one.pages[now] if now else ()
        slips = "".join(f"<li>{escape(text)}</li>" for text in lines)
        page = f"<ol class='kefu-slips'>{slips}</ol>" if slips else ""
        return f"<div class='kefu-acts' role='group' aria-label='翻档案'>{tabs}</div>{page}"

    def choices() -> str:
        buttons = "".join(press(truth, {"answer": truth}) for truth in TRUTHS)
        return (
            "<p class='kefu-question'>这条差评，说到底是因为什么？</p>"
            "<div class='kefu-options' role='group' aria-label='你的判断' data-here tabindex='-1'>"
            f"<div class='kefu-answers'>{buttons}</div></div>"
        )

    def ruling(at: int) -> str:
        one, mine = line[at], given[at]
        name, sign, word = verdict(one, mine)
        pages = f"翻了{looked[at]}页就判的" if looked[at] else "一页没翻就判的"
        return (
            f"<div class='kefu-ruling {name}' role='status'><p><b>{sign} {word}</b>{on(at)}</p>"
            f"<p>你判：{escape(mine)}（{pages}）；该是：<b>{one.truth}</b>，定在“{PAGES[one.page]}”那一页。</p>"
            f"<p>{escape(one.why)}。</p></div>"
        )

    def report() -> str:
        wrong = [at for at in sorted(given) if not right(at)]
        left, good = len(line) - len(given), sum(map(right, given))
        hurt = len(wronged())
        caught = sum(line[at].truth == "恶意" and right(at) for at in given)
        word = (
            f"还有{left}条没判。" if left
            else f"冤枉了{hurt}位真生气的客人；两位来讹钱的，认出{caught}位。"
        )  # fmt: skip
        return end_card(
            f"{good}条",
            f"十条里判对的，对{PASS}条算过关；一共看了{len(given)}条",
            word,
            on=on(len(line)) if left else "",
            again=[(f"第{at + 1}条 ✗", {"number": at + 1}) for at in wrong],
            asked="判错的，点开再看",
            read="先翻记录，再看口气；没有翻的那一页，往往就是定案的那一页。",
        )

    def marks() -> str:
        signs = (("✓" if right(n) else "✗") if n in given else "·" for n in range(len(line)))
        return board(signs, "每条的成绩", "以第一次为准。")

    def tell() -> str:
        at = place()
        if at == len(line):
            return marks()
        now = risk(at)
        rows = [
            [("" if step.seen else "没有：") + step.name, times(step.ratio), share(step.after)]
            for step in now.steps
        ]
        weighed = (
            table(["翻到的", "胜算乘上", "乘完"], rows, caption="一条一条怎样算") if rows else ""
        )
        return f"{formula(now)}{weighed}<p class='kefu-note'>{ASSUMED}</p>{marks()}"

    def code() -> str:
        at = min(place(), len(line) - 1)
        overlap = f", overlap={c['overlap'].value:g}"
        return (
            "from kefu.aftersales.casebook import casebook\n"
            "from kefu.aftersales.reviews import extortion_risk\n\n"
            f"one = casebook()[{at}]\n"
            f"risk = extortion_risk(one.signs({weighed(at)!r}), {c['base'].value / 1000:g}{overlap})\n"
            "round(risk.probability, 4)"
        )

    return Demo("差评侦探：先翻档案，再下判断", c, draw, tell, code, idle=idle)


ASSUMED = (
    "每一条各乘几倍，是本书的假设（没有哪家店数得出）；起点也由你定。五条话（挑剔、没照片、不配合、站外、要价高）常常一起来，乘的时候打了折扣。"
    "这是接下来查哪里的估计，当不了证据，更不能写进回复。"
)


def masked(one: Filed) -> str:
    """Return a nickname as a platform masks it; on a page, stars by twos are what Markdown leaves behind."""
    return escape(one.who.replace("*", "＊"))


def toggled(out: list[Page], page: Page) -> list[Page]:
    """Return the pages left out once this one has been put in, or out.

    >>> toggled(["chat"], "batch"), toggled(["chat"], "chat")
    (['chat', 'batch'], [])
    """
    return [one for one in out if one != page] if page in out else [*out, page]


def times(ratio: float) -> str:
    """Return a likelihood ratio as a factor, divided by where it is below one.

    >>> times(9), times(0.0625)
    ('× 9.0', '÷ 16.0')
    """
    return f"× {ratio:.1f}" if ratio >= 1 else f"÷ {1 / ratio:.1f}"


def share(probability: float) -> str:
    """Return a probability in per cent, with a digit where it is small or close to all.

    >>> share(0.57), share(0.012), share(0.9986)
    ('57%', '1.2%', '99.9%')
    """
    return f"{probability:.0%}" if 0.05 <= probability <= 0.95 else f"{probability:.1%}"


def formula(risk: Risk) -> str:
    """Return the sum in odds, with the reader's numbers."""
    odds = risk.base_rate / (1 - risk.base_rate)
    factors = "".join(f" {times(step.ratio)}" for step in risk.steps)
    after = risk.probability / (1 - risk.probability)
    more = f"{factors} = {after:.3g}，也就是" if factors else "："
    return (
        f"<p class='kefu-formula'>胜算 = {odds:.4f}{more}<b>{share(risk.probability)}</b>"
        f"{'' if factors else '（一页还没翻，或翻到的与此无关）'}</p>"
    )


def verdict(one: Filed, mine: str) -> tuple[str, str, str]:
    """Return how a judgement is shown: the class, a sign, a word."""
    if mine == one.truth:
        return "kefu-full", "✓", "判对了"
    if mine == "恶意":
        return "kefu-none", "✗", "冤枉了一位真生气的客人"
    return "kefu-none", "✗", "放过了一位来讹钱的" if one.truth == "恶意" else "不是这个原因"


def crowd(risk: Risk) -> str:
    """Return a hundred people of whom as much is known: those who extort, and those who are just angry."""
    bad = round(100 * risk.probability)
    at = [f"M{18 + 19 * (n % ACROSS)},{40 + 16 * (n // ACROSS)}h0" for n in range(ACROSS * DOWN)]
    groups = (("many crew many-b", at[:bad]), ("many crew many-a", at[bad:]))
    dots = "".join(
        f"<path class='{name}' d='{' '.join(where)}'/>" for name, where in groups if where
    )
    told = legend(("many crew many-b", f"来讹钱的{bad}位"), y=20) + legend(
        ("many crew many-a", f"真生气的{100 - bad}位"), x=200, y=20
    )
    return chart(
        f"翻到这里，像这样的一百位客人里，来讹钱的{bad}位，真生气的{100 - bad}位",
        told,
        dots,
        height=HEIGHT,
    )
