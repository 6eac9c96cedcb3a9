"""What a host said on the air: a promise or not, and the book in which each is kept, broken or made good.

The first half listens line by line; the second turns the days, on which entries fall due. All that was done is in
two hidden fields, so that the book is made anew from them at every press.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

import ipywidgets as widgets

from kefu.amounts import one_of
from kefu.clock import SHANGHAI
from kefu.demos.cards import board, onward
from kefu.demos.core import Demo, table
from kefu.demos.hands import Along, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.intelligence.on_air import corrected, owed_before
from kefu.intelligence.promise_book import (
    BROKEN_RETURNED,
    KEPT_RETURNED,
    UNSURE,
    Pledge,
    PromiseBook,
    hear,
    more_returns,
    pledge,
)

HOST, LISTENER = "阿澈", "小满"


def moment(text: str) -> datetime:
    """Return a moment of the story, such as 03-26 20:52."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


class Spoken(NamedTuple):
    """A line of the evening: when, what; ``entry``: what goes into the book, if anything does.

    ``orders`` were placed on it; ``name`` in short; ``proven``: from which of the `MOMENTS` on there is the proof
    that it was kept, None where there never is; ``proof`` or what is there instead; ``remedy`` makes it good.
    """

    at: datetime
    words: str
    number: str = ""
    name: str = ""
    entry: str = ""
    orders: int = 0
    proven: int | None = None
    proof: str = ""
    remedy: str = ""


ORDERS = (3, 4, 2, 3, 2)
"""Orders by the minute, from the slip at 20:52 to its correction at 20:56."""
SLIP = moment("03-26 20:52")
ENDS = moment("03-26 22:00")
LINES = (
    Spoken(
        SLIP, "家人们放心拍，今晚下单明天必到！", "L01", "明天必到", "家人们放心拍，今晚下单明天必到！",
        sum(ORDERS), None, "查物流，一单也没签收", "道歉，每单补10元",
    ),
    Spoken(moment("03-26 20:53"), "这个雾蓝太显白了，镜头拍不出来"),
    Spoken(moment("03-26 20:54"), "肩上是圆弧的，不容易挂出包"),
    Spoken(
        moment("03-26 20:56"),
        "刚才说错了：今晚拍的，明天上午发，江浙沪最快后天到，多数三天，远的五天上下。",
        "L02", "远的五天上下", "明天上午发，江浙沪最快后天到，多数三天，远的五天上下", 9, 4,
        "最远的一单31日中午签收", "道歉，每单补5元",
    ),
    Spoken(
        moment("03-26 20:58"), "买贵了来找我，三十天内降价补差价", "L03", "三十天补差价",
        "买贵了来找我，三十天内降价补差价", 11, 7, "4月4日降过价，来找的都补了10元", "补上差价，道歉",
    ),
    Spoken(
        moment("03-26 21:03"), "拍围巾的，每单都送一双中筒袜", "L04", "送中筒袜",
        "拍围巾的，每单都送一双中筒袜", 12, 3, "12双袜子随包裹发出", "补寄袜子",
    ),
    Spoken(moment("03-26 21:10"), "小个子的别急，我尽量让仓库多匀几条"),
    Spoken(
        moment("03-26 21:17"), "四件套里还有惊喜", "L05", "每套送枕套", "每套送一对枕套", 8, 3,
        "8对枕套随包裹发出", "补寄枕套",
    ),
    Spoken(moment("03-26 21:25"), "谁还没领到券啊？"),
    Spoken(
        moment("03-26 21:33"), "不合适就退，来回运费都算我们的", "L06", "退换包运费",
        "不合适就退，来回运费都算我们的", 10, 5, "退了两件，运费店里都付了", "补上运费",
    ),
    Spoken(moment("03-26 21:41"), "今晚没有满减，也不送礼盒，先说清楚"),
)  # fmt: skip
"""What 阿澈 said on 26 March 2026 from 20:52 on: made up, as the whole evening is."""
PLEDGED = {one.number: one for one in LINES if one.number}
MOMENTS = (
    (ENDS, "下播", "26日22点下播"),
    (moment("03-27 18:00"), "18点", "27日18点"),
    (moment("03-28 00:00"), "24点", "27日24点"),
    (moment("03-28 10:00"), "28日", "28日10点"),
    (moment("03-31 20:00"), "31日", "31日20点"),
    (moment("04-02 20:00"), "2日", "4月2日20点"),
    (moment("04-03 00:00"), "3日", "4月2日24点"),
    (moment("04-25 20:00"), "25日", "4月25日20点"),
    (moment("04-26 00:00"), "26日", "4月25日24点"),
)
"""The moments at which the book is looked at: when, the tick, and the name in full."""
LISTEN, BOOK = "听写", "登记簿"
OPEN, YES, NO, ASK, LATER = "·", "算", "不", "问", "补"
ANSWERS = {YES: "算承诺", NO: "不算", ASK: "拿不准，问主播"}
ENTERED = (YES, ASK, LATER)
STEPS = ("更正", "兑现", "没兑现", "补救")
SEP = "|"
TONES = {"待兑现": "tone-c", "已兑现": "tone-b", "未兑现": "tone-a", "已补救": "tone-e"}
PLANE = Frame(len(MOMENTS) - 1, 1, x_min=-0.6)
TOP, ROW = 30, 30
WAY = "到期以前有凭证的，记兑现；过了期，只能记没兑现，再补救。"
NOTE = (
    f"退换：兑现了的{KEPT_RETURNED:.1%}，没兑现的{BROKEN_RETURNED:.1%}，是店里全年的直播表，段与段相比，不是试验；"
    "补救过的没退得更少，补的是人，不是这一单。单数、凭证是编的。"
    "直播间说的话算数（R59），口误当场改、留记录（R78）；谁来兑现、没说期限的给几天，是本书约定。"
)


def promise_book(half: str = LISTEN) -> Demo:
    """Return the book at one of its halves, nothing heard yet; ``ValueError`` for a half that it has not."""
    one_of(half, "half", (LISTEN, BOOK))
    c = {
        "half": widgets.Dropdown(options=(LISTEN, BOOK), value=half, description="听写还是翻登记簿"),
        "number": IntSlider(value=1, min=1, max=len(LINES), description="第几句"),
        "day": IntSlider(value=0, min=0, max=len(MOMENTS) - 1, description="看到哪一刻"),
        "judged": widgets.Text(value=OPEN * len(LINES), description="每句判成什么"),
        "steps": widgets.Text(value="", description="登记簿上做了什么"),
        "fixed": IntSlider(value=4, min=0, max=len(ORDERS) - 1, description="几分钟后改口"),
    }  # fmt: skip

    def judged() -> str:
        return read(c["judged"].value)

    def now() -> Kept:
        return replay(judged(), c["steps"].value, c["fixed"].value, c["day"].value)

    def draw() -> str:
        inside = card() if c["half"].value == LISTEN else days()
        return f"<div class='kefu-talk kefu-long'>{inside}</div>"

    def card() -> str:
        at, marks = c["number"].value - 1, judged()
        one, mine = LINES[at], marks[at]
        good = sum(right(n, mark) for n, mark in enumerate(marks) if mark != OPEN)
        lost = sum(bool(LINES[n].number) and mark == NO for n, mark in enumerate(marks))
        acts = [press("‹ 上一句", {"number": at})] if at else []
        if at + 1 < len(LINES) and mine == OPEN:
            acts.append(press("跳过 ›", {"number": at + 2}))
        acts.append(press(f"翻{BOOK} ›", {"half": BOOK}))
        below = choices(at, marks) if mine == OPEN else ruling(at, marks)
        return (
            f"<p class='kefu-when'>第{at + 1}句，共{len(LINES)}句；对{good}，漏{lost}</p>"
            f"<p class='kefu-asked'><small>{HOST}，{one.at:%H:%M}</small><br>{escape(one.words)}</p>"
            f"{below}<div class='kefu-acts'>{''.join(acts)}</div>{drawn(now(), c)}"
        )

    def days() -> str:
        kept, day = now(), c["day"].value
        when, _, name = MOMENTS[day]
        late, owed = kept.book.overdue(when), kept.book.owed(when)
        acts = [press("‹ 早一点", {"day": day - 1})] if day else []
        if day + 1 < len(MOMENTS):
            acts.append(press("晚一点 ›", {"day": day + 1}, name="kefu-press kefu-onward"))
        acts.append(press(f"‹ 接着{LISTEN}", {"half": LISTEN}))
        lost = [one.name for one in missed(judged()) if due_of(one) < when]
        unheard = f"；没登记、已经过期的：{'、'.join(lost)}" if lost else ""
        status = kept.said or (WAY if kept.book.pledges else "还没有登记：先去听写。")
        return (
            f"<p class='kefu-big'>欠着{len(owed)}条，过期{len(late)}条<small>　看到{name}{unheard}</small></p>"
            f"{drawn(kept, c)}"
            f"<div class='kefu-ruling {'kefu-none' if kept.refused else 'kefu-half'}' role='status'>"
            f"<p>{escape(status)}</p></div>"
            f"<div class='kefu-acts'>{''.join(acts)}</div>{doing(kept, day)}"
        )

    def doing(kept: Kept, day: int) -> str:
        """Return what can be tried with each entry now; what the book does not take, it says."""
        rows = []
        for one in kept.book.pledges:
            state = kept.book.state(one.number)
            if state in ("已兑现", "已补救"):
                continue
            steps = ["补救"] if state == "未兑现" else ["兑现", "没兑现"]
            if one.number == "L01" and state == "待兑现" and not kept.fixed:
                steps.insert(0, "更正")
            buttons = "".join(
                press(step, {"steps": added(kept.done, one.number, step, day)},
                      said=f"{one.number}{PLEDGED[one.number].name}：{step}")
                for step in steps
            )  # fmt: skip
            rows.append(labelled(f"{one.number}{PLEDGED[one.number].name}", buttons))
        if kept.fixed:
            times = "".join(
                press(
                    f"{SLIP + timedelta(minutes=n):%H:%M}", {"fixed": n}, on=n == c["fixed"].value
                )
                for n in range(1, len(ORDERS))
            )
            rows.append(labelled("几点改口", times))
        back = press("从头再来", {"steps": "", "day": 0}) if c["steps"].value else ""
        return "".join(rows) + (f"<div class='kefu-acts'>{back}</div>" if back else "")

    def tell() -> str:
        marks = judged()
        if c["half"].value == LISTEN:
            return listened(now().book, marks)
        return cost(now(), marks, c["day"].value, c["fixed"].value)

    def code() -> str:
        if c["half"].value == LISTEN:
            words = LINES[c["number"].value - 1].words
            return (
                "from kefu.intelligence.promise_book import hear\n\n"
                f"heard = hear({words!r})\n"
                "print(heard.counts, heard.kind, heard.why)"
            )
        return written(now().book)

    return Demo("承诺登记簿：听见一句，记下一句", c, draw, tell, code, idle=lambda: set(c))


# Judging


def read(text: str) -> str:
    """Return what was judged, a mark a line; what cannot be is open.

    >>> read("算x")
    '算··········'
    """
    known = (OPEN, YES, NO, ASK, LATER)
    marks = [mark if mark in known else OPEN for mark in text[: len(LINES)]]
    return "".join(marks).ljust(len(LINES), OPEN)


def answered(marks: str, at: int, mark: str) -> dict[str, object]:
    """Return what a press must give to judge a line."""
    return {"judged": marks[:at] + mark + marks[at + 1 :]}


def wanted(at: int) -> str:
    """Return the right answer to a line: what the lists say, and to ask where they do not know."""
    heard = hear(LINES[at].words)
    return ASK if heard.kind == UNSURE else YES if heard.counts else NO


def right(at: int, mark: str) -> bool:
    """Return whether a line was judged rightly the first time."""
    return mark == wanted(at)


def missed(marks: str) -> list[Spoken]:
    """Return the promises that were heard and are not in the book."""
    return [
        one for one, mark in zip(LINES, marks, strict=True) if one.number and mark in (OPEN, NO)
    ]


def choices(at: int, marks: str) -> str:
    """Return the buttons that judge a line."""
    buttons = "".join(press(text, answered(marks, at, mark)) for mark, text in ANSWERS.items())
    return (
        "<p class='kefu-question'>照着这句话，客人能来要什么吗？</p>"
        f"<div class='kefu-acts' role='group' aria-label='算不算承诺' data-here tabindex='-1'>{buttons}</div>"
    )


def ruling(at: int, marks: str) -> str:
    """Return whether a line was judged rightly, why, and its entry in the book."""
    one, mine, heard = LINES[at], marks[at], hear(LINES[at].words)
    good = right(at, mine)
    to = (
        onward("下一句 ›", {"number": at + 2})
        if at + 1 < len(LINES)
        else onward(f"翻{BOOK} ›", {"half": BOOK})
    )
    mark = "✓ 判对了" if good else "✗ 再听一遍"
    words = f"“{escape(heard.words)}”：" if heard.words.strip("?？") else ""
    why = f"<p>{ANSWERS[wanted(at)]}，{heard.kind}。{words}{heard.why}。</p>"
    if heard.kind == UNSURE:
        why = f"<p>{heard.why}。{HOST}说：“{escape(one.entry)}。”这就是承诺了。</p>"
    if one.number and mine in ENTERED:
        made = entry(one)
        why += (
            f"<p>登记<b>{made.number}</b>：{made.who}，{made.at:%H:%M}，“{escape(made.what)}”，"
            f"{said(made.until)}到期，{made.keeper}兑现。</p>"
        )
    elif one.number:
        why += f"<p>没登记，到期就没人记得做。</p>{press('补登记', answered(marks, at, LATER))}"
    elif mine == YES:
        why += "<p>登记簿不收这一句。</p>"
    elif mine == ASK:
        why += "<p>这一句不用问。</p>"
    kind = "kefu-full" if good else "kefu-none"
    return f"<div class='kefu-ruling {kind}' role='status'><p><b>{mark}</b>{to}</p>{why}</div>"


def said(at: datetime) -> str:
    """Return a moment as the book says it.

    >>> said(moment("03-27 23:59:59")), said(moment("04-25 20:58"))
    ('3月27日24:00', '4月25日20:58')
    """
    clock = "24:00" if (at.hour, at.minute) == (23, 59) else f"{at:%H:%M}"
    return f"{at.month}月{at.day}日{clock}"


# The book


class Kept(NamedTuple):
    """The book at a moment, and the steps that it took.

    ``said``: what it said to the last step, if that was now; ``refused``: whether it refused that one; ``fixed``:
    whether L01 was corrected.
    """

    book: PromiseBook
    done: str
    said: str
    refused: bool
    fixed: bool


@lru_cache(maxsize=16)
def entry(one: Spoken) -> Pledge:
    """Return the entry of a promise."""
    return pledge(one.number, HOST, one.at, one.entry)


def due_of(one: Spoken) -> datetime:
    """Return until when a promise is to be kept."""
    return entry(one).until


def added(steps: str, number: str, step: str, day: int) -> str:
    """Return the steps with one more.

    >>> added("L01更正@0", "L01", "没兑现", 2)
    'L01更正@0|L01没兑现@2'
    """
    return SEP.join([*([steps] if steps else []), f"{number}{step}@{day}"])


def taken(steps: str) -> list[tuple[str, str, int]]:
    """Return the steps of a text: entry, step, moment; what cannot be is left out."""
    found = []
    for one in steps.split(SEP):
        head, _, day = one.partition("@")
        number, step = head[:3], head[3:]
        if number in PLEDGED and step in STEPS and day in DAYS:
            found.append((number, step, int(day)))
    return found


DAYS = frozenset(map(str, range(len(MOMENTS))))


@lru_cache(maxsize=64)
def replay(marks: str, steps: str, fixed: int, day: int) -> Kept:
    """Return the book at a moment, after all steps up to it; one that it does not take changes nothing."""
    book, done, told, refused = PromiseBook(), "", "", False
    for one, mark in zip(LINES, marks, strict=True):
        if one.number and mark in ENTERED:
            book = book.register(entry(one), LISTENER)
    for number, step, at in taken(steps):
        if at > day:
            continue
        refused = False
        try:
            book, told = write(book, number, step, at, fixed)
            done = added(done, number, step, at)
        except ValueError as error:
            told, refused = f"登记簿不收：{error}", True
        if at < day:
            told, refused = "", False
    return Kept(book, done, told, refused, "更正@" in done)


def write(
    book: PromiseBook, number: str, step: str, day: int, fixed: int
) -> tuple[PromiseBook, str]:
    """Return the book with a step, and what it says to it; ``ValueError`` for one that it does not take."""
    one, (at, _, name) = PLEDGED[number], MOMENTS[day]
    state = book.state(number)
    keeper = entry(one).keeper
    if step == "更正":
        if number != "L01":
            raise ValueError(f"{number}没有说错，不用更正")
        when = SLIP + timedelta(minutes=fixed)
        found = corrected(SLIP, ENDS, when, recorded=True)
        word = "一分钟以内，算及时" if found.prompt else "算当场，不算及时"
        owed = owed_before(ORDERS, 0, fixed)
        made = book.correct(number, when, HOST, LINES[3].entry)
        return made, f"{when:%H:%M}改口，{word}。改口管后面的，前面{owed}单照旧欠着“明天到”。"
    if step == "兑现":
        if state == "待兑现" and at <= entry(one).until:
            if one.proven is None:
                raise ValueError(f"没有凭证，{one.proof}。做不到的，到期记没兑现")
            if day < one.proven:
                raise ValueError(f"{name}还没有凭证，等东西到了、发了、赔了再记")
        try:
            made = book.keep(number, at, keeper, one.proof)
        except ValueError as error:
            if state != "待兑现":
                raise
            until = said(entry(one).until)
            raise ValueError(f"{until}到期，已经过了，不能记兑现；先记没兑现，再补救") from error
        return made, f"{number}兑现：{one.proof}。"
    if step == "没兑现":
        if state == "待兑现" and at <= entry(one).until:
            raise ValueError(f"还没到期（{said(entry(one).until)}），能做的先去做")
        reason = one.proof if one.proven is None else "到期没有记下凭证"
        return book.fail(number, at, keeper, reason), f"{number}没兑现：{reason}。还要补救。"
    return book.make_good(
        number, at, LISTENER, one.remedy
    ), f"{number}补救：{one.remedy}。历史一行也不少。"


def broken(kept: Kept, marks: str, day: int, fixed: int) -> list[tuple[str, int]]:
    """Return the promises that are broken by a moment, with how many orders each was owed to.

    Those not kept, those late, and those that nobody wrote down and whose time is over.
    """
    when = MOMENTS[day][0]
    late = {one.number for one in kept.book.overdue(when)}
    failed = {
        event.number for event in kept.book.history if event.step == "没兑现" and event.at <= when
    }
    lost = {one.number for one in missed(marks) if due_of(one) < when}
    fixed_at = fixed if kept.fixed else None
    return [
        (number, owed_before(ORDERS, 0, fixed_at) if number == "L01" else one.orders)
        for number, one in PLEDGED.items()
        if number in late | failed | lost
    ]


# What is said below


def listened(book: PromiseBook, marks: str) -> str:
    """Return what is in the book, and how each line was judged."""
    rows = [
        [one.number, f"{one.at:%H:%M}", one.kind, said(one.until), one.keeper]
        for one in book.pledges
    ]
    made = (
        table(
            ["编号", "几点说的", "哪一类", "几时到期", "谁兑现"], rows, caption=f"{HOST}，3月26日"
        )
        if rows
        else "<p class='kefu-note'>登记簿还是空的。</p>"
    )
    signs = [
        OPEN if mark == OPEN else "✓" if right(at, mark) else "✗" for at, mark in enumerate(marks)
    ]
    return made + board(signs, "每句的成绩", "补登记的不改成绩。")


def cost(kept: Kept, marks: str, day: int, fixed: int) -> str:
    """Return what broken promises cost by a moment, and all that the book holds."""
    found = broken(kept, marks, day, fixed)
    orders = sum(size for _, size in found)
    each = "＋".join(f"{number}的{size}单" for number, size in found)
    rates = f"（{BROKEN_RETURNED:.1%} − {KEPT_RETURNED:.1%}）"
    sums = (
        f"落空的：{each}。{orders} × {rates} = 多退<b>{plainly(more_returns(orders))}单</b>"
        if found
        else "看到这一刻，没有落空的：多退<b>0单</b>"
    )
    rows = [
        [said(event.at), f"{event.number}{event.step}", f"{event.by}：{event.note}"]
        for event in sorted(kept.book.history, key=lambda event: event.at)
    ]
    history = table(["几时", "哪一步", "谁记的"], rows, caption="登记簿只添不改") if rows else ""
    return f"<p class='kefu-formula'>{sums}</p>{history}<p class='kefu-note'>{NOTE}</p>"


def plainly(number: Decimal) -> str:
    """Return a number without needless zeros, with three decimals at most.

    >>> plainly(more_returns(14)), plainly(more_returns(64))
    ('1.75', '8')
    """
    return f"{number:.3f}".rstrip("0").rstrip(".")


def written(book: PromiseBook) -> str:
    """Return the code that writes the same book."""
    verbs = {"更正": "correct", "兑现": "keep", "没兑现": "fail", "补救": "make_good"}
    lines = [
        "from datetime import datetime\n",
        "from kefu.intelligence.promise_book import PromiseBook, pledge\n",
        "def at(text):",
        '    return datetime.fromisoformat(f"2026-{text}+08:00")\n',
        "book = PromiseBook()",
    ]
    known: Mapping[str, Pledge] = {one.number: one for one in book.pledges}
    for event in book.history:
        if event.step == "登记":
            one = known[event.number]
            lines += [
                f"said = pledge({one.number!r}, {one.who!r}, at({f'{one.at:%m-%d %H:%M}'!r}),",
                f"              {one.what!r})",
                f"book = book.register(said, {event.by!r})",
            ]
        else:
            lines += [
                f"book = book.{verbs[event.step]}({event.number!r}, at({f'{event.at:%m-%d %H:%M}'!r}),",
                f"    {event.by!r}, {event.note!r})",
            ]
    return "\n".join([*lines, "print(dict(book.states()))"])


# The picture


def place(at: datetime) -> float:
    """Return where a moment lies along the axis: between the two that are marked, in proportion.

    >>> place(SLIP), place(MOMENTS[2][0]), place(moment("03-27 18:00"))
    (-0.45, 2.0, 1.0)
    """
    marked = [when for when, _, _ in MOMENTS]
    if at <= marked[0]:
        return -0.45 if at < marked[0] else 0.0
    for n, (one, other) in enumerate(pairwise(marked)):
        if at <= other:
            return n + (at - one) / (other - one)
    return float(len(marked) - 1)


def drawn(kept: Kept, c: Mapping[str, IntSlider]) -> str:
    """Return the drawing: each entry as a bar until it is due, and the moment that is looked at."""
    day, listening = c["day"].value, c["half"].value == LISTEN
    when, _, name = MOMENTS[day]
    late = {one.number for one in kept.book.overdue(when)}
    bottom = TOP + ROW * max(len(kept.book.pledges), 1)
    plane = Frame(PLANE.x_max, 1, x_min=PLANE.x_min, top=TOP, bottom=bottom)
    rows, told = [], []
    for n, one in enumerate(kept.book.pledges):
        number = one.number
        state = kept.book.state(number)
        word = "过期了" if number in late else state
        y = TOP + ROW * n
        start, end = plane.x(place(one.at)), plane.x(place(one.until))
        rows.append(
            f"<path class='curve {TONES[state]}' d='M{start},{y + 22} H{end}'/>"
            f"<path class='guide' d='M{end},{y + 16} v12'/>"
            f"<text x='{start}' y='{y + 14}'>{number}{PLEDGED[number].name}：{word}</text>"
        )
        told.append(f"{number}{PLEDGED[number].name}{word}，{said(one.until)}到期")
    x = plane.x(day)
    line = "" if listening else f"<path class='second' d='M{x},{TOP - 4} V{bottom}'/>"
    handle = (
        ""
        if listening
        else grip(
            f"<rect class='reach' x='{x - 28:g}' y='{TOP - 4}' width='56' height='{max(bottom - TOP + 4, 56)}'/>"
            f"<circle class='dot' cx='{x}' cy='{bottom}' r='7'/>",
            x=Along("day", c["day"], plane.x),
        )
    )
    ticks = "".join(
        f"<text x='{plane.x(n)}' y='{bottom + 20}' text-anchor='middle'>{tick}</text>"
        for n, (_, tick, _) in enumerate(MOMENTS)
    )
    empty = "" if told else f"<text x='{plane.x(-0.45)}' y='{TOP + 18}'>登记簿还是空的</text>"
    return chart(
        f"登记簿，看到{name}：" + ("；".join(told) or "空的"),
        legend(*((f"curve {TONES[state]}", state) for state in TONES), x=30, y=14, measure=broad),
        f"<path class='axis' d='M{plane.x(PLANE.x_min)},{bottom} H{plane.x(PLANE.x_max)}'/>",
        ticks,
        line,
        *rows,
        empty,
        handle,
        height=bottom + 28,
    )  # fmt: skip
