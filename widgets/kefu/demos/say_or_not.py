"""Twenty sentences in three heaps: may be said, say it otherwise, must not be said; the first answer counts."""

from __future__ import annotations

from collections import Counter
from html import escape

import ipywidgets as widgets

from kefu.demos.cards import LATE, around, board, end_card, following, onward, timed
from kefu.demos.core import Demo
from kefu.demos.hands import IntSlider, press
from kefu.presales.wording import HEAPS, POINTS, Saying, dealt
from kefu.talk import lint

UNSURE = ""
CLOCKS = {"不限时": 0, "每句20秒": 20, "每句10秒": 10}
FIRST = len(dealt([]))
PASS = 17
"""How many of the twenty the chapter calls enough."""
ASK, BOARD = "放哪一堆", "每句的成绩"
HOW = "能说：就这样说。换个说法：意思没错，话不对。不能说：这件事本身做不得。"


def say_or_not() -> Demo:
    """Return the game at its first sentence, with nothing answered."""
    given: dict[int, str] = {}
    c = {
        "number": IntSlider(value=1, min=1, max=FIRST + 1, description="第几句（最后是成绩）"),
        "heap": widgets.Dropdown(
            options=[("请选择", UNSURE), *((heap, heap) for heap in HEAPS), (LATE, LATE)],
            value=UNSURE,
            description=ASK,
        ),
        "clock": widgets.Dropdown(options=CLOCKS, value=0, description="限时"),
    }  # fmt: skip

    def line() -> tuple[Saying, ...]:
        return dealt(given.items())

    def place() -> int:
        return int(c["number"].value) - 1

    def turn_the_page(_change: object) -> None:
        c["heap"].value = given.get(place(), UNSURE)

    def keep_the_first(_change: object) -> None:
        if c["heap"].value != UNSURE and place() < len(line()):
            given.setdefault(place(), c["heap"].value)
            c["number"].max = len(line()) + 1

    c["number"].observe(turn_the_page, "value")
    c["heap"].observe(keep_the_first, "value")

    def right(at: int) -> bool:
        return given[at] == line()[at].heap

    def on(at: int) -> str:
        to = following(at, given, len(line()))
        text = "看成绩 ›" if to is None else "下一句 ›"
        return onward(text, {"number": (len(line()) if to is None else to) + 1})

    def idle() -> set[str]:
        """Leave all to the buttons of the picture, which is long."""
        return set(c)

    def draw() -> str:
        return report() if place() == len(line()) else card(place())

    def card(at: int) -> str:
        one = line()[at]
        extra = "，加题" if one.more else ""
        good = sum(map(right, given))
        where = f"第{at + 1}句，共{len(line())}句{extra}；对{good}，错{len(given) - good}"
        said = (
            f"<p class='kefu-when'>{where}</p>"
            f"<p class='kefu-asked'><small>客人</small><br>{escape(one.asked)}</p>"
            f"<p class='kefu-said'>{escape(one.text)}</p>"
        )
        below = ruling(at) if at in given else choices()
        ways = around(at, given, len(line()), "句", CLOCKS, c["clock"].value)
        return f"<div class='kefu-talk kefu-long'>{said}{below}{ways}</div>"

    def choices() -> str:
        buttons = "".join(press(heap, {"heap": heap}) for heap in HEAPS)
        clock = timed(c["clock"].value, {"heap": LATE})
        return (
            f"<p class='kefu-question'>这句话，{ASK}？</p>"
            f"<div class='kefu-options' role='group' aria-label='{ASK}' data-here tabindex='-1'{clock}>"
            f"<div class='kefu-acts'>{buttons}</div></div>"
        )

    def ruling(at: int) -> str:
        one, good = line()[at], right(at)
        name, sign, word = ("kefu-full", "✓", "放对了") if good else ("kefu-none", "✗", "放错了")
        yours = "" if good else f"<p>你放在：{escape(given[at])}</p>"
        return (
            f"<div class='kefu-ruling {name}' role='status'><p><b>{sign} {word}</b>{on(at)}</p>"
            f"{yours}<p>该放：<b>{one.heap}</b>。{escape(one.why)}。</p></div>"
        )

    def report() -> str:
        wrong = [at for at in sorted(given) if not right(at)]
        first = sum(right(at) for at in given if at < FIRST)
        left = len(line()) - len(given)
        word = (
            f"还有{left}句没放。" if left
            else f"二十句里对{PASS}句算过关：你过关了！" if first >= PASS
            else f"二十句里对{PASS}句算过关：先把下面几句再看一遍。"
        )  # fmt: skip
        kinds = Counter(line()[at].kind for at in wrong)
        most = "、".join(f"{kind}{times}句" for kind, times in kinds.most_common())
        read = {one.rule: one.rule_title for one in (line()[at] for at in wrong)}
        rules = "；".join(escape(name(number, title)) for number, title in read.items())
        return end_card(
            f"{first}句",
            f"前二十句里放对的；一共放了{len(given)}句",
            word,
            on=on(len(line())) if left else "",
            again=[(f"第{at + 1}句 ✗", {"number": at + 1}) for at in wrong],
            asked=f"放错的，点开再看（{most}）",
            read=f"要重读的：{rules}。",
        )

    def marks() -> str:
        told = (("✓" if right(n) else "✗") if n in given else "·" for n in range(len(line())))
        return board(told, BOARD, "以第一次为准；每错三句，后面加两句同类的。")

    def tell() -> str:
        at = place()
        if at == len(line()):
            return marks()
        if at not in given:
            return f"<p class='kefu-note'>{HOW}</p>{marks()}"
        one = line()[at]
        also = "也可以这样说" if one.heap == "能说" else "可以这样说"
        return (
            f"<p class='kefu-note'>{also}：</p><p class='kefu-said'>{escape(one.better)}</p>"
            f"<p class='kefu-formula'><b>{escape(name(one.rule, one.rule_title))}</b><br>{escape(one.rule_text)}</p>"
            f"<p class='kefu-note'>{heard(one)}</p>{marks()}"
        )

    def code() -> str:
        text = line()[min(place(), len(line()) - 1)].text
        return f"from kefu.talk import lint\n\n[(one.kind, one.words) for one in lint({text!r})]"

    return Demo("能说、不能说、换个说法", c, draw, tell, code, idle=idle)


def name(number: str, title: str) -> str:
    """Return a rule's number and title; the three points have no number."""
    return title if number == POINTS else f"{number} {title}"


def heard(one: Saying) -> str:
    """Return what the book's checker makes of a sentence: it knows words, not what is meant."""
    found = lint(one.text)
    if not found:
        if one.heap == "能说":
            return "书里的检查器也没有挑出毛病。"
        return "书里的检查器没有听出来：它只认字眼，这一句要靠你。"
    words = "，".join(f"{fault.kind}“{escape(fault.words)}”" for fault in found)
    return f"书里的检查器听见了：{words}。"
