"""A quarter of an hour of a live show: questions roll by, one answer is pinned, a line is handed to the host.

The reader goes to a minute and does something there; what it stops is seen at once, beside the same room with
nothing done. In a page the quarter runs by ``hands.js`` from the minute that is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.film import PLAY, Film, Grid, Walk, path, told
from kefu.demos.hands import Along, IntSlider, grip, labelled, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.errors import need
from kefu.intelligence.live import (
    CUT,
    FRESH,
    HOST_EVERY,
    HOT,
    PACE,
    REPEATS,
    SHOWN,
    STAY,
    TOPICS,
    OnAir,
    RoomQuestion,
    ShowSum,
    Slot,
    Tactics,
    air,
)
from kefu.intelligence.live import told as summed

OPENING = (Slot("发货", 12),)
"""What the demo opens with: one product, what everybody asks about it, and its pieces."""
HANDS, SEED, LAST_SEED = 2, 0, 9
HOTS = ("发货", "尺码", "材质", "优惠")
"""What most ask about, by the remainder of the seed: another room is another riddle."""
STOCKS, CREWS, DELAYS = (8, 12, 30), (1, 2, 3), (0, 1, 3)
SEP = "|"
"""What stands between steps in the hidden fields that presses fill."""
SECONDS = 45
"""Seconds that the quarter takes to run."""
READ, STANDS = 20.0, 60.0
"""Seconds until an answer is there, and for which a question stands on the screen."""
LINES = 6
"""How many questions the public chat shows."""
PINNED = {
    "优惠": "券在商品卡上领",
    "发货": "今晚拍的明早发",
    "材质": "成分看详情页首图",
    "尺码": "尺码表在详情页",
}
SAID = {
    "优惠": ("现在多少钱呀", "券在哪里领", "两件有优惠吗", "和昨天一个价吗", "还能再减点吗"),
    "发货": ("什么时候发货", "明天能到吗", "发什么快递", "今晚拍几号发", "到新疆要几天"),
    "材质": ("洗了会起球吗", "是纯棉的吗", "贴身扎不扎", "能机洗吗", "会不会透"),
    "尺码": ("一米六穿什么码", "偏大还是偏小", "120斤穿M行吗", "肩宽多少", "中间码选哪个"),
}
"""What is asked, by topic, in turn."""

QUEUE: Grid = {"x": 203, "y": 48, "dx": -11, "dy": 11, "rows": 9}
ANSWERED: Grid = {"x": 226, "y": 44, "dx": 11, "dy": 11, "rows": 8}
HELD: Grid = {"x": 226, "y": 156, "dx": 8, "dy": 8, "rows": 3}
PILE: Grid = {"x": 226, "y": 206, "dx": 7, "dy": 7, "rows": 5}
PLANE = Frame(SHOWN, 12, top=262, bottom=312)
TONES = {
    "waits": "crew tone-c",
    "long": "crew tone-c",
    "talks": "crew tone-b",
    "robot": "tone-e",
    "left": "tone-d",
}

Steps = tuple[tuple[int, str], ...]


def live_room(
    pins: str = "",
    lines: str = "",
    hands: int = HANDS,
    stock: int = OPENING[0].stock,
    delay: int = 0,
    seed: int = SEED,
    now: int = 4,
) -> Demo:
    """Return the room; ``pins`` and ``lines`` say what is done when: ``"2发货|9"`` pins at 2, takes down at 9."""
    for name, text in (("pins", pins), ("lines", lines)):
        need(name, packed(unpacked(text, name)) == text, "steps such as 2发货|5尺码",
             "几步，如“2发货|5尺码”", text)  # fmt: skip
    c = {
        "now": IntSlider(value=now, min=0, max=SHOWN, description="看第几分钟"),
        "pins": widgets.Text(value=pins, description="几分置顶哪一条"),
        "lines": widgets.Text(value=lines, description="几分递给主播哪一句"),
        "hands": IntSlider(value=hands, min=0, max=4, description="几位客服答公屏"),
        "stock": IntSlider(value=stock, min=0, max=60, description="备了几件"),
        "delay": IntSlider(value=delay, min=0, max=5, description="卖完几分钟才下架"),
        "seed": IntSlider(value=seed, min=0, max=LAST_SEED, description="换一拨观众（0是书上的）"),
    }

    def steps(name: str) -> Steps:
        return unpacked(c[name].value, name)

    def room(pinned: Steps, handed: Steps) -> tuple[OnAir, ...]:
        v = {name: c[name].value for name in ("hands", "stock", "delay", "seed")}
        return show(pinned, handed, v["hands"], v["stock"], v["delay"], v["seed"])

    def mine() -> tuple[OnAir, ...]:
        return room(steps("pins"), steps("lines"))

    def bare() -> tuple[OnAir, ...]:
        return room((), ())

    def draw() -> str:
        minute, found = c["now"].value, mine()
        running = film(found, minute)
        return (
            f"<div class='kefu-long kefu-film' data-film=\"{running.told()}\">"
            f"{picture(found, bare(), running, minute, c['now'])}"
            f"<p class='kefu-note' role='status'>{verdict(found, steps('pins'), steps('lines'))}</p>"
            f"{acts(minute)}{doing(minute)}{settings()}</div>"
        )

    def acts(minute: int) -> str:
        over = minute == SHOWN
        onward = press("▶ 从头放" if over else "▶ 放下去", {"now": 0 if over else SHOWN}, name=PLAY)
        step = "" if over else press("下一分钟 ›", {"now": minute + 1})
        done = c["pins"].value or c["lines"].value or minute
        again = press("重来", {"now": 0, "pins": "", "lines": ""}) if done else ""
        return f"<div class='kefu-acts'>{onward}{step}{again}</div>"

    def doing(minute: int) -> str:
        """Return what can be done at this minute."""
        if minute == SHOWN:
            return "<p class='kefu-note'>这款讲完了，置顶跟着撤下。拖回前面的分钟，换一条再试。</p>"
        pinned, handed = steps("pins"), dict(steps("lines"))
        up = mine()[minute].pinned
        pin = "".join(
            press(topic, {"pins": packed(put(pinned, minute, topic))}, on=topic == up)
            for topic in TOPICS
        )
        if up:
            pin += press("撤下", {"pins": packed(put(pinned, minute, ""))})
        if handed.get(minute):
            near = f"主播这一分钟念“{handed[minute]}”。"
            line = press("收回", {"lines": packed(passed(handed, minute, ""))})
        elif busy := [one for one in handed if abs(one - minute) < HOST_EVERY]:
            near, line = f"第{busy[0]}分钟递了一句，前后{HOST_EVERY}分钟里主播顾不上第二句。", ""
        else:
            near = ""
            line = "".join(
                press(topic, {"lines": packed(passed(handed, minute, topic))},
                      said=f"递给主播：{topic}")
                for topic in TOPICS
            )  # fmt: skip
        note = f"<span style='flex:1'>{near}</span>" if near else ""
        return labelled("置顶", pin) + labelled("递给主播", note + line)

    def settings() -> str:
        v = {name: one.value for name, one in c.items()}
        seed = v["seed"]
        rows = {
            "几位客服": [press(f"{n}位", {"hands": n}, on=n == v["hands"]) for n in CREWS],
            "备了几件": [press(f"{n}件", {"stock": n}, on=n == v["stock"]) for n in STOCKS],
            "卖完下架": [
                press(f"慢{n}分" if n else "立刻", {"delay": n}, on=n == v["delay"]) for n in DELAYS
            ],
            "哪一场": [
                press("书上的", anew(0), on=not seed),
                press(f"换一场（{seed}）" if seed else "换一场", anew(seed % LAST_SEED + 1),
                      on=bool(seed)),
            ],
        }  # fmt: skip
        first, *others = (labelled(name, "".join(buttons)) for name, buttons in rows.items())
        return f"{first}<details><summary>更多设置</summary>{''.join(others)}</details>"

    def tell() -> str:
        found, was = mine(), bare()
        now, then = summed(found), summed(was)
        rows = [list(line) for line in zip(FIGURES, figures(then), figures(now), strict=True)]
        return (
            f"<p class='kefu-formula'>{formula(was, now, then)}</p>"
            + table(["数", "什么也不做", "照你的做"], rows, caption="一款讲完，十五分钟合计")
            + f"<p class='kefu-note'>{ASSUMED}</p>"
        )

    def code() -> str:
        v = {name: one.value for name, one in c.items()}
        hot, pinned, handed = hot_of(v["seed"]), dict(steps("pins")), dict(steps("lines"))
        return (
            "from kefu.intelligence.live import Slot, Tactics, air, told\n\n"
            f"tactics = Tactics(pins={pinned!r},\n"
            f"                  lines={handed!r},\n"
            f"                  hands={v['hands']}, delay={v['delay']})\n"
            f"show = air([Slot({hot!r}, {v['stock']})], tactics, seed={v['seed']})\n"
            "found = told(show)\n"
            "print(found.stopped, found.answered, found.missed, found.sold)"
        )

    return Demo("一刻钟的公屏：置顶哪一条", c, draw, tell, code, idle=lambda: set(c))


FIGURES = (
    "公屏上问了",
    "置顶挡住",
    "一分钟内答上",
    "没人答，滚走",
    "卖出",
    "超卖",
    "没货了还想买",
    "剩下",
)
ASSUMED = (
    f"量得的：每位在线的人每分钟重复问{REPEATS}条、新问{FRESH}条，对路的置顶挡住重复提问的{CUT:.0%}"
    "（店里全年的直播表；207条置顶，平均一条止住约21条）。"
    f"假设的：一款的提问{HOT:.0%}问同一样，一位客服一分钟答{PACE}条，主播{HOST_EVERY}分钟顾得上念一句，"
    f"一位观众平均看{STAY:g}分钟，在置顶里找到答案和被人答上一样管用。一分钟没人答，就滚走了。"
)


def anew(seed: int) -> dict[str, object]:
    """Return what a press must give for another room: nothing done, at its beginning."""
    return {"seed": seed, "pins": "", "lines": "", "now": 4}


def hot_of(seed: int) -> str:
    """Return what most ask about in a room.

    >>> hot_of(SEED) == OPENING[0].hot
    True
    """
    return HOTS[seed % len(HOTS)]


# Steps as text: hidden fields hold them, so that a demo's state is its controls' alone


def unpacked(text: str, name: str) -> Steps:
    """Return the steps of a text, by minute; what cannot be is left out, of host's lines those too close too.

    >>> unpacked("9|2发货|x|99材质", "pins"), unpacked("2发货|3尺码|5尺码", "lines")
    (((2, '发货'), (9, '')), ((2, '发货'), (5, '尺码')))
    """
    found: dict[int, str] = {}
    for one in text.split(SEP):
        digits = one.rstrip("".join(TOPICS))
        topic = one[len(digits) :]
        known = topic in TOPICS or (name == "pins" and not topic)
        if known and digits in MINUTES:
            found[int(digits)] = topic
    made: list[tuple[int, str]] = []
    for minute, topic in sorted(found.items()):
        if name == "pins" or not made or minute - made[-1][0] >= HOST_EVERY:
            made.append((minute, topic))
    return tuple(made)


MINUTES = frozenset(map(str, range(SHOWN)))


def packed(steps: Sequence[tuple[int, str]]) -> str:
    """Return steps as text.

    >>> packed([(2, "发货"), (9, "")])
    '2发货|9'
    """
    return SEP.join(f"{minute}{topic}" for minute, topic in steps)


def put(steps: Steps, minute: int, topic: str) -> Steps:
    """Return the steps with another topic at a minute; what does not change anything is left out.

    >>> put(((2, "发货"),), 5, "尺码"), put(((2, "发货"),), 2, ""), put(((2, "发货"),), 5, "发货")
    (((2, '发货'), (5, '尺码')), (), ((2, '发货'),))
    """
    made: list[tuple[int, str]] = []
    for at, one in sorted({**dict(steps), minute: topic}.items()):
        if one != (made[-1][1] if made else ""):
            made.append((at, one))
    return tuple(made)


def passed(lines: Mapping[int, str], minute: int, topic: str) -> Steps:
    """Return the host's lines with another at a minute, or none there.

    >>> passed({3: "发货"}, 6, "发货"), passed({3: "发货"}, 3, "")
    (((3, '发货'), (6, '发货')), ())
    """
    return tuple(sorted((at, one) for at, one in {**lines, minute: topic}.items() if one))


# The show


@lru_cache(maxsize=64)
def show(
    pins: Steps, lines: Steps, hands: int, stock: int, delay: int, seed: int
) -> tuple[OnAir, ...]:
    """Return the quarter of an hour as the model tells it."""
    tactics = Tactics(dict(pins), dict(lines), hands, delay)
    return air([Slot(hot_of(seed), stock)], tactics, seed)


def figures(found: ShowSum) -> tuple[str, ...]:
    """Return a show's figures as the table says them, in the order of `FIGURES`."""
    return (
        f"{found.questions}条", f"{found.stopped}条", f"{found.answered}条", f"{found.missed}条",
        f"{found.sold}件", f"{found.oversold}件", f"{found.turned_away}件", f"{found.left_over}件",
    )  # fmt: skip


def formula(bare: Sequence[OnAir], now: ShowSum, then: ShowSum) -> str:
    """Return what was stopped as a sum, and what became of those that were not answered."""
    repeats = sum(one.repeats for one in bare)
    less = then.missed - now.missed
    word = f"没人答的从{then.missed}条到{now.missed}条" if less else f"没人答的还是{now.missed}条"
    share = f"（{now.stopped / repeats:.0%}）" if repeats else ""
    return f"重复提问{repeats}条，置顶挡住<b>{now.stopped}条</b>{share}；{word}。"


def verdict(show: Sequence[OnAir], pins: Steps, lines: Steps) -> str:
    """Return what each pin stopped and each line of the host answered, and why a pin stopped little."""
    if not pins and not lines:
        return "还什么也没做。看公屏上反复问的是哪一样，挑一分钟把它置顶。"
    said = []
    for (minute, topic), (end, _) in pairwise((*pins, (SHOWN, ""))):
        if not topic:
            continue
        span = [one for each in show[minute:end] for one in each.asked]
        stopped = sum(one.fate == "挡住" for one in span)
        again = Counter(one.topic for one in span if one.repeated)
        most = max(again, key=lambda one: again[one], default=topic)
        till = "讲完" if end == SHOWN else f"第{end}分钟"
        why = f"，这一段反复问的是{most}" if most != topic else ""
        said.append(f"第{minute}分钟置顶“{topic}”，到{till}挡住{stopped}条{why}")
    for minute, topic in lines:
        heard = sum(one.fate == "主播" for one in show[minute].asked)
        said.append(f"第{minute}分钟主播念“{topic}”，一口气答上{heard}条")
    return "；".join(said) + "。" if said else "置顶撤下了，又和没做一样。"


# The picture


def second(one: RoomQuestion) -> float:
    """Return when a question comes up, in seconds, as exactly as a film tells it."""
    return round(one.at * 60, 1)


def walk(one: RoomQuestion, answered: int) -> Walk:
    """Return a question as the film knows it; ``answered`` were answered before it."""
    at, end = second(one), SHOWN * 60 + 1.0
    if one.fate == "挡住":
        return Walk(at, end, -1, -1, -1, 0, 0, 0, 0)
    if one.fate == "滚走":
        gone = min(at + STANDS, SHOWN * 60.0)
        return Walk(-1, -1, at, gone, gone, 0, 0, 0, 1)
    column, line = divmod(answered, int(ANSWERED["rows"]))
    x, y = ANSWERED["x"] + column * ANSWERED["dx"], ANSWERED["y"] + line * ANSWERED["dy"]
    return Walk(-1, -1, at, min(at + READ, SHOWN * 60.0), end, 0, x, y, 0)


@lru_cache(maxsize=8)
def walks(found: tuple[OnAir, ...]) -> tuple[Walk, ...]:
    """Return every question as the film knows it, in the order in which they come up."""
    made, answered = [], 0
    for one in (question for minute in found for question in minute.asked):
        made.append(walk(one, answered))
        answered += one.fate in ("客服", "主播")
    return tuple(made)


@lru_cache(maxsize=8)
def says(found: tuple[OnAir, ...]) -> tuple[tuple[float, str], ...]:
    """Return what is asked on the screen, when, in the words of its topic in turn."""
    turn: Counter[str] = Counter()
    made = []
    for one in (question for minute in found for question in minute.asked):
        if one.fate != "挡住":
            words = SAID[one.topic]
            made.append((second(one), words[turn[one.topic] % len(words)]))
            turn[one.topic] += 1
    return tuple(made)


def each(found: Sequence[OnAir]) -> Mapping[str, tuple[str, ...]]:
    """Return what stands in the picture by the minute, by the name of its place."""
    first = found[0].stock
    whole = first.left + first.sold
    left = [whole, *(one.stock.shown for one in found)]
    stock = [f"{n}件" if n > 0 else f"{n}件（超卖）" if n else "0件，卖完了" for n in left]
    pinned = [f"置顶：{PINNED[one.pinned]}" if one.pinned else "没有置顶" for one in found]
    host = [f"主播念：{one.line}" if one.line else "主播讲着货" for one in found]
    return {
        "stock": tuple(stock),
        "pinned": (*pinned, "讲完了"),
        "host": (*host, "主播讲下一款"),
    }


def film(found: tuple[OnAir, ...], minute: int) -> Film:
    """Return the quarter as a film that starts at a minute, from the beginning where it is over."""
    return Film(
        people=walks(found),
        minutes=SHOWN,
        seconds=SECONDS,
        long=STANDS,
        lines=(QUEUE,),
        held=HELD,
        pile=PILE,
        cursor=(PLANE.x(0), PLANE.x(SHOWN)),
        since=minute % SHOWN,
        says=says(found),
        each=each(found),
    )


def picture(
    found: Sequence[OnAir], bare: Sequence[OnAir], running: Film, minute: int, now: IntSlider
) -> str:
    """Return the drawing of a moment: the public chat, what became of questions, and below all minutes."""
    dots = running.dots(60.0 * minute)
    text = {name: texts[minute] for name, texts in running.each.items()}
    waits, answered, stopped, left = (
        len(dots["waits"]) + len(dots["long"]),
        *(len(dots[kind]) for kind in ("talks", "robot", "left")),
    )
    asked, usual = (
        [(one.minute, float(one.fresh + one.repeats)) for one in each_minute]
        for each_minute in (found, bare)
    )
    most = max(12, *(size for _, size in (*asked, *usual)))
    plane = Frame(SHOWN, most, top=PLANE.top, bottom=PLANE.bottom)
    heard = running.heard(60.0 * minute, LINES)
    chat = "".join(
        f"<text x='4' y='{54 + 18 * n}' data-says='{n}'>{words}</text>"
        for n, words in enumerate(heard)
    )
    marks = "".join(
        f"<path class='many {tone}' data-dots='{kind}' d='{path(dots[kind])}'/>"
        for kind, tone in TONES.items()
    )
    x = plane.x(minute)
    rank = min(minute, SHOWN - 1)
    cursor = grip(
        f"<rect class='reach' x='{x - 28:g}' y='{plane.top - 6:g}' width='56' height='56'/>"
        f"<path class='second' d='M{x},{plane.top - 6:g} V{plane.bottom:g}'/>"
        f"<circle class='dot' cx='{x}' cy='{plane.y(asked[rank][1])}' r='6'/>",
        x=Along("now", now, plane.x),
    )
    pinned = "".join(
        f"<path class='curve tone-e' d='M{plane.x(one.minute)},{plane.bottom + 3:g} h{plane.x(1) - plane.x(0):.1f}'/>"
        for one in found
        if one.pinned
    )
    handed = [(plane.x(one.minute), plane.bottom + 3) for one in found if one.line]
    return chart(
        f"第{minute}分钟：公屏上{waits}条没人答，答上{answered}条，置顶挡住{stopped}条，滚走{left}条；"
        f"{text['pinned']}；{text['host']}；还剩{text['stock']}",
        legend(("many crew tone-c", "公屏上"), ("many crew tone-b", "答上"), ("many tone-e", "挡住"),
               ("many tone-d", "滚走"), y=12, measure=broad),
        f"<text class='strong' x='4' y='34'>{told('pinned', text['pinned'])}</text>",
        chat,
        f"<text x='226' y='34'>答上{told('talks', answered)}条</text>",
        f"<text x='226' y='146'>置顶挡住{told('robot', stopped)}条</text>",
        f"<text x='226' y='196'>滚走{told('left', left)}条</text>",
        f"<text x='4' y='172'>公屏上{told('waits', waits)}条没人答</text>",
        f"<text x='4' y='192'>{told('host', text['host'])}</text>",
        f"<text x='4' y='212'>还剩{told('stock', text['stock'])}</text>",
        f"<text x='4' y='232'>{told('clock', f'0:{minute:02}:00')}</text>",
        marks,
        legend(("line", "一分钟问几条"), ("faint", "什么也不做"), x=90, y=250, measure=broad),
        plane.floor("讲了几分钟"),
        pinned,
        f"<path class='many crew tone-b' d='{path(handed)}'/>" if handed else "",
        plane.path(usual, "faint"),
        plane.path(asked, "line"),
        f"<g data-told='cursor'>{cursor}</g>",
        height=352,
    )  # fmt: skip
