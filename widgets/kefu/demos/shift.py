"""The night of 618 as a game: four hours at the desk, up to five windows at once, and what became of them.

The model is ``kefu.practice.shift``, a pure function of seed, level and the moves made; here it is drawn. The
clock runs in ``shift.js``, which asks for the next event when it comes and sends each move with its second. What
is answered are the parts of the picture that have changed, no more. The record of the moves is kept by the
script, in the reader's own browser, so that a night goes on after a reload, or when Python has begun anew.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from html import escape
from importlib import resources
from typing import Any
from urllib.parse import quote

import ipywidgets as widgets
from traitlets import Unicode

from kefu.amounts import one_of, plain
from kefu.demos.core import Demo
from kefu.demos.hands import IntSlider, Picture, attribute, in_page, labelled, press
from kefu.demos.svg import LEFT, RIGHT, WIDTH, Frame, broad, chart, face, legend
from kefu.practice import own
from kefu.practice import shift as model
from kefu.practice.due import due
from kefu.practice.shift import (
    CLOSES,
    HOLD,
    LEVEL_NAMES,
    LEVELS,
    MOVES,
    OPENS,
    RUSH,
    SCORES,
    SECONDS,
    TYPES,
    WINDOWS,
    AnswerVerdict,
    CoachAdvice,
    CostlyMoment,
    Lesson,
    NightMove,
    NightReport,
    NightState,
    Open,
    OpenAsk,
    SheetRow,
    ShopNight,
    SpokenLine,
    Waiting,
)
from kefu.presales.desk import NICKNAME

SEED, LAST_SEED, ANOTHER = 618, 999_999, 7
"""The book's night, the last that there is, and how far on another one is."""
SPEEDS = {0.25: "¼×", 0.5: "½×", 1: "1×", 2: "2×", 4: "4×"}
"""How many times as fast as the model's pace the clock runs: at 1 the four hours take about a quarter of one."""
QUARTER = 900
SLOT = 300
"""Seconds of the night for which the strip above the desk has one bar."""
MOST = 6
"""The longest queue that the strip shows in full."""
HELP = {1: "教练一直在旁边说", 2: "只在答错之后说为什么", 3: "教练不在"}
QUIET = "安静版：没有钟，走一步才过一步的时间；多半一次只开一个窗口，练的是答，不是排队"
ABOVE, BELOW = (f"<p class='night-{edge}' aria-hidden='true'></p>" for edge in ("above", "below"))
"""At the edges of what is read in a window: that there is more, and what; the script says it."""
SENDERS = {
    "客人": "kefu-asked",
    "暖暖": "kefu-asked night-robot",
    "我": "kefu-said",
    "系统": "kefu-note",
}
ABOUT = (
    "今晚你坐在小满的位子上，青禾是副班。21点到次日1点，四小时压成一刻钟：没人等，钟走得快；有人等，走得慢；零点前后最紧。"
    "排队的人点一下接进来，最多同时开五个窗口；看资料，挑一句回；该补的补，该转的转，答应了的记进待办，办完结束。"
)
ABOUT_QUIET = (
    "今晚你坐在小满的位子上，青禾是副班，21点到次日1点。没有钟：你走一步，夜才往前一步，“等下一件事”跳到有人要你的那一刻。"
    "排队的人点一下接进来，最多同时开五个窗口；看资料，挑一句回；该补的补，该转的转，答应了的记进待办，办完结束。"
)
COUNTED = {"来": "要人接的来了", "暖暖": "另有暖暖自己答完"}
"""What is counted at the end, where its name alone says too little."""
LEFT_ALONE = "停着也能做事，每一步照手上要的时间走钟。离开这一页，钟就停；走过的每一步都留在这个浏览器里，回来接着走。"
KEPT_QUIET = (
    "想多久都行，夜只随你的步子走。走过的每一步都留在这个浏览器里，离开这一页，回来接着走。"
)
WAIT = "等下一件事"
KEYS = "键盘：1到4选回话，E结束，J记待办，S稍等；方括号换窗口，N接下一位，W等下一件事"
FEELS = (
    "旧案里的客人心里有三样：<b>信任</b>（信你几分）、<b>疑虑</b>（还怕什么）、<b>耐心</b>（还肯听几句），都是0到100。"
    "括号里是这一句让它们升降了多少：它们定他下一句怎么说、怎么收场；收场占他那份“暖”的三分之一，耐心就是名字旁边那张脸。"
)


class NightDesk(Picture):
    """The desk: a picture whose front end is ``shift.js``."""

    _anywidget_id = Unicode("kefu.shift").tag(sync=True)
    _css = Unicode().tag(sync=True)

    front = staticmethod(lambda: "" if in_page() else file("shift.js"))

    def __init__(self) -> None:
        super().__init__(_css="" if in_page() else file("shift.css"))


def file(name: str) -> str:
    """Return a file that stands beside this one."""
    return resources.files("kefu.demos").joinpath(name).read_text(encoding="utf-8")


def shift(seed: int = SEED, level: int = 1) -> Shift:
    """Return the night of that seed and level, at its door; ``ValueError`` for those that there are not."""
    return Shift(seed, one_of(level, "level", LEVELS))


class Shift(Demo):
    """A night that is played: at its door, at the desk or at its end, by ``state``."""

    def __init__(self, seed: int, level: int) -> None:
        self.state: NightState | None = None
        self.usual = (seed, level) == (SEED, 1)
        self._sent: dict[str, str] = {}
        self._trail: list[NightState] = []
        self._fault = self._called = ""
        self._told: dict[str, AnswerVerdict] = {}  # what the last answer in each window was worth
        c = {
            "level": widgets.Dropdown(
                options=[(f"{n}　{LEVEL_NAMES[n]}", n) for n in LEVELS],
                value=level,
                description="哪一档",
            ),
            "seed": IntSlider(value=seed, min=0, max=LAST_SEED, description="哪一夜"),
            "quiet": widgets.Checkbox(value=False, indent=False, description=QUIET),
        }
        super().__init__(
            "618的一夜", c, self.drawn, self.told, self.lines, idle=lambda: set(c),
            look="kefu-shift", scene=NightDesk(),
        )  # fmt: skip

    def night(self) -> ShopNight:
        """Return the night that is chosen."""
        return night_of(self.controls["seed"].value, self.controls["level"].value)

    @property
    def quiet(self) -> bool:
        """Whether time goes on by moves alone."""
        return bool(self.controls["quiet"].value)

    # What the three pictures are

    def drawn(self) -> str:
        """Return the whole picture."""
        if self.state is None:
            return door(self.night(), quiet=self.quiet)
        if self.state.over:
            return end(self.state, quiet=self.quiet)
        self._sent = self.parts_now()
        return desk(self._sent, self.clock(), quiet=self.quiet)

    def told(self) -> str:
        """Return what is said below."""
        if self.state is None:
            return f"<p class='kefu-note'>{escape(ABOUT_QUIET if self.quiet else ABOUT)}</p>"
        if self.state.over:
            return reckoned()
        rest = KEPT_QUIET if self.quiet else LEFT_ALONE
        keys = f"<span class='night-keys'>{KEYS}{'' if self.quiet else '，P停或走'}。</span>"
        return f"<p class='kefu-note'>{keys}{rest}</p>"

    def lines(self) -> str:
        """Return the code that gives the state."""
        seed, level = self.controls["seed"].value, self.controls["level"].value
        made = () if self.state is None else self.state.moves
        steps = "".join(
            f"    NightMove{(one.at, one.what, one.who, one.choice)!r},\n" for one in made
        )
        moves = f"[\n{steps}]" if steps else "[]"
        return (
            "from kefu.practice.shift import NightMove, finish, night, play, report\n\n"
            f"moves = {moves}\n"
            f"end = finish(play(night({seed}, {level}), moves))\n"
            "print(report(end).total)"
        )

    # What a hand does

    def _moved(self, _change: object) -> None:
        told = dict(self._picture.moved)
        turn = told.pop("", None)
        answer: dict[str, Any] = {}
        try:
            answer = self.act(told)
        finally:
            self._picture.send({**answer, "done": turn})

    def act(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Do what the script asks, and return what it must know; what is no question of it changes nothing."""
        known = {name: told[name] for name in self.controls if name in told}
        if known and self.state is None:
            self.set(known)
        match told:
            case {"hello": str(kept), **rest}:
                return self.hello(kept, whole=bool(rest.get("whole")))
            case {"go": _}:
                if self.state is None or self.state.over:  # a kept night may have come before
                    self.begin(model.start(self.night()))
                return self.news()
            case {"again": _}:
                self.begin(None)
            case {"hand": _, "name": str(name), "number": str(number)} if self.state is not None:
                try:
                    return {"file": model.hand_in(self.state, name.strip(), number.strip())}
                except ValueError:
                    return {"parts": {"handed": "<b>学号和姓名都要填</b>，老师才知道是谁的。"}}
            case {"look": int(at), **rest} if self.state is not None and self.state.over:
                at = min(max(int(at), OPENS), CLOSES)
                who = str(rest.get("who", ""))
                costly = model.report(self.state).costly if who else ()
                right = next((one.right for one in costly if (one.at, one.who) == (at, who)), "")
                return {"parts": {"look": moment(self.at(at), at, who, right)}}
            case _ if self.state is not None and not self.state.over:
                return self.played(told)
        return {}

    def set(self, known: Mapping[str, Any]) -> None:
        """Give the settings these values, as far as they can have them."""
        with self.hold_refresh():
            for name, value in known.items():
                if name == "seed":
                    found = str(value).strip()
                    if not (found.isascii() and found.isdigit() and int(found) <= LAST_SEED):
                        continue
                    self.controls[name].value = int(found)
                elif name == "level" and str(value) in map(str, LEVELS):
                    self.controls[name].value = int(value)
                elif name == "quiet":
                    self.controls[name].value = value in (True, "true")

    def hello(self, kept: str, *, whole: bool) -> dict[str, Any]:
        """Answer a script that has just come: with the night that is played, or by going on with a kept one.

        ``whole`` asks for a kept night even if it is over or another one than the cell names.
        """
        if self.state is not None and not whole:
            self._picture.html = self.drawn()
            return self.news()
        if not kept:
            return {}
        try:
            found = model.resume(kept)
        except (ValueError, TypeError, KeyError):
            return {"fault": "上次的记录读不出来：书换了新的一版。可以从头再来一夜。"}
        chosen = (self.controls["seed"].value, self.controls["level"].value)
        mine = (found.night.seed, found.night.level) == chosen
        if not whole and (found.over or not (self.usual or mine)):
            return {"offer": {"over": found.over}}
        with self.hold_refresh():
            self.controls["seed"].value, self.controls["level"].value = (
                found.night.seed,
                found.night.level,
            )
            self.controls["quiet"].value = json.loads(kept).get("quiet") is True
            self.state, self._told = found, {}
            self._trail = [found]
            own.remember(found)
        return self.news()

    def begin(self, state: NightState | None) -> None:
        """Go to the desk, or back to the door."""
        self.state, self._sent, self._told = state, {}, {}
        self._trail = [state] if state else []
        if state:
            own.remember(state)
        self._refresh()

    def played(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Let time pass, or do a move; return the parts that have changed, and the clock."""
        state = self.state
        assert state is not None
        before, self._fault, self._called = len(state.moves), "", ""
        match told:
            case {"tick": int(at)}:
                state = model.tick(state, within(at, state))
            case {"wait": _}:
                state = ahead(state)
                self._called = called_for(state)
            case {"end": _}:
                state = model.finish(state)
            case {"do": str(what), "who": str(who), **rest} if what in MOVES:
                at = within(rest.get("at", 0), state)
                if (
                    self.quiet or rest.get("still") is True
                ):  # else who stops the clock is quick for nothing
                    at = within(state.now + SECONDS.get(what, 0), state)
                move = NightMove(min(at, CLOSES - 1), what, who, str(rest.get("choice", "")))
                try:
                    state = model.step(state, move)
                    if what == "answer":
                        self._told.pop(who, None)
                    if state.told:
                        self._told[who] = state.told
                except ValueError as error:
                    self._fault = wrong(error)
                    state = model.tick(state, at)
            case _:
                return {}
        self.state = state
        self._trail.append(state)
        own.remember(state)
        if state.over:
            self._refresh()
            return self.news(before)
        now = self.parts_now()
        changed = {name: html for name, html in now.items() if self._sent.get(name) != html}
        self._sent = now
        return {**self.news(before), "parts": changed}

    def news(self, before: int = 0) -> dict[str, Any]:
        """Return what the script keeps and shows by itself: the moves made, the clock, the windows."""
        assert self.state is not None
        made = [[one.at, one.what, one.who, one.choice] for one in self.state.moves[before:]]
        return {"moves": made, "from": before, "clock": self.clock(), "desk": windows(self.state)}

    def clock(self) -> dict[str, Any]:
        """Return the second, and the one at which something happens next."""
        assert self.state is not None
        after = CLOSES if self.state.over else model.next_event(self.state)
        pace = 0 if self.state.over else model.pace(self.state)
        return {"now": self.state.now, "next": after, "over": self.state.over, "pace": pace,
                "seed": self.state.night.seed, "level": self.state.night.level}  # fmt: skip

    def at(self, second: int) -> NightState:
        """Return the state at a second of the night that is over."""
        assert self.state is not None
        if not self._trail or self._trail[0].now > OPENS or self._trail[0].moves:
            self._trail = [
                model.start(self.state.night),
                *model.replay(self.state.night, self.state.moves),
            ]
        found = self._trail[max(bisect_right(self._trail, second, key=lambda one: one.now) - 1, 0)]
        return model.tick(found, second) if found.now < second else found

    def parts_now(self) -> dict[str, str]:
        """Return every part of the desk that may change, by its name."""
        state = self.state
        assert state is not None
        opened = state.windows
        parts = {
            "head": head(state, len(opened)),
            "strip": over_time(bars(state)),
            "news": news(state, self._fault, self._called),
            "lead": coach(model.lead(state)),
            "queue": queue(state, first_of(state), len(opened), quiet=self.quiet),
            "promises": promises(state),
            "end": leave_early(state),
            "again": leave_all(state),
        }
        for one in opened:
            parts[f"w:{one.who}"] = window(state, one, verdict(state, self._told.get(one.who)))
        return parts


def first_of(state: NightState) -> str:
    """Return whom the coach would look at first, where there is one: what all marks of the desk go by."""
    return model.whom(state) if state.night.level == 1 else ""


def ahead(state: NightState) -> NightState:
    """Return the desk when next somebody wants the player, with all that was told until then; now, if one does."""
    heard: list[SpokenLine] = []
    while not state.over and not model.wanting(state):
        state = model.tick(state, within(model.next_event(state), state))
        heard += state.news
    return replace(state, news=tuple(heard))


IN_QUEUE, GAVE_UP = "在队里等", "等不及，走了"


def called_for(state: NightState) -> str:
    """Return who wants the player now, in the desk's own order, in words."""
    names = set(model.wanting(state))
    said = [f"{one.who}等你回" for one in state.windows if one.who in names]
    said += [f"{one.who}{IN_QUEUE}" for one in state.queue if one.who in names]
    return "；".join(said)


@lru_cache(maxsize=8)
def night_of(seed: int, level: int) -> ShopNight:
    """Return a night, made once."""
    return model.night(seed, level)


def within(at: object, state: NightState) -> int:
    """Return a second that the night can have next."""
    wanted = int(at) if isinstance(at, int | float) else state.now
    return min(max(wanted, state.now), CLOSES)


NAMES = {
    "who": "人",
    "at": "时间",
    "what": "办法",
    "choice": "选的",
    "windows": "开着的窗口",
    "room": "青禾的空位",
}
"""What the model's arguments are to a reader."""


def wrong(error: ValueError) -> str:
    """Return why a move cannot be, for a reader.

    >>> wrong(ValueError("room: expected more, got 0（room应为还接得下的同事，收到0）"))
    '这一步现在不行：青禾的空位应为还接得下的同事，收到0'
    """
    text = model.chinese(error)
    name = next((name for name in NAMES if text.startswith(f"{name}应为")), "")
    return f"这一步现在不行：{NAMES.get(name, '')}{text.removeprefix(name)}"


# At the door


def door(night: ShopNight, *, quiet: bool) -> str:
    """Return what stands before the night: what comes, how it is played, the way in."""
    levels = "".join(
        press(f"{n} {LEVEL_NAMES[n]}", {"level": n}, on=n == night.level) for n in LEVELS
    )
    seed = night.seed
    other = (seed + ANOTHER) % (LAST_SEED + 1)
    nights = press("书上的一夜", {"seed": SEED}, on=seed == SEED) + press(
        "换一夜" if seed == SEED else f"换一夜（{seed}）", {"seed": other}, on=seed != SEED
    )
    clocks = press("有钟", {"quiet": False}, on=not quiet) + press(
        "安静版", {"quiet": True}, on=quiet
    )
    given = "<span class='night-field'></span>"  # the script puts its own into it
    teacher = f"<label class='night-seed'>老师给了种子？填在这里{given}</label>"
    go = press("▶ 上班", {"go": 1}, name="kefu-press kefu-onward kefu-play")
    rows = [labelled("哪一档", levels), labelled("哪一夜", nights) + labelled("时间", clocks)]
    how = QUIET if quiet else f"四小时压成一刻钟，可停，快慢可调；{len(night.customers)}位要人接待"
    return (
        f"<div class='kefu-long kefu-night' data-screen='door'>"
        f"<p class='kefu-when'>2026年6月17日21:00至次日01:00</p>{forecast(night)}"
        f"{rows[0]}<p class='kefu-note'>{HELP[night.level]}；{how}。</p>{rows[1]}"
        f"{teacher}<div class='kefu-acts'>{go}</div></div>"
    )


def forecast(night: ShopNight) -> str:
    """Return who comes in each quarter of an hour, to a person and to the robot alone."""
    quarters = range(OPENS, CLOSES, QUARTER)
    people, robot = (
        [sum(start <= one.at < start + QUARTER for one in every) for start in quarters]
        for every in (night.customers, night.robot)
    )
    top = max(max(people, default=0) + 1, *(a + b for a, b in zip(people, robot, strict=True)), 4)
    frame = Frame(CLOSES, top, top=44, bottom=150)
    wide = frame.x(QUARTER) - frame.x(0) - 4
    parts = [
        legend(("bar", "要人接"), ("rest", "暖暖自己答完"), y=14, measure=broad),
        f"<path class='axis' d='M{LEFT},{frame.bottom:g} H{WIDTH - RIGHT}'/>",
    ]
    for start, person, alone in zip(quarters, people, robot, strict=True):
        x = frame.x(start) + 2
        for name, low, high in (("bar", 0, person), ("rest", person, person + alone)):
            if high > low:
                y = frame.y(high)
                parts.append(
                    f"<rect class='{name}' x='{x:g}' y='{y:g}' width='{wide:.1f}' "
                    f"height='{frame.y(low) - y:.1f}'/>"
                )
    parts += hours(frame)
    total = f"{len(night.customers)}位要人接，{len(night.robot)}位由暖暖答完"
    said = "；".join(
        f"{model.clock(start)}起{person}位" for start, person in zip(quarters, people, strict=True)
    )
    return chart(f"今晚每刻钟来多少人：{total}。要人接的：{said}", *parts, height=178)


def hours(frame: Frame) -> list[str]:
    """Return the hours below a strip of the night."""
    parts = []
    for at in range(OPENS, CLOSES + 1, 3600):
        anchor = "end" if at == CLOSES else "start" if at == OPENS else "middle"
        parts.append(
            f"<text x='{frame.x(at)}' y='{frame.bottom + 18:g}' text-anchor='{anchor}'>{model.clock(at)}</text>"
        )
    return parts


# At the desk


def desk(parts: Mapping[str, str], clock: Mapping[str, Any], *, quiet: bool) -> str:
    """Return the desk: the clock and its presses, the strip, who waits, the windows."""
    known = attribute(
        {
            **clock,
            "quiet": quiet,
            "opens": OPENS,
            "closes": CLOSES,
            "windows": WINDOWS,
            "faces": [faced(mood) for mood in range(0, 101, 10)],
        }
    )
    speeds = "".join(
        f"<button type='button' class='kefu-press' data-speed='{n:g}' aria-pressed='{str(n == 1).lower()}'"
        f" aria-label='{times(n)}'>{text}</button>"
        for n, text in SPEEDS.items()
    )
    runs = "<button type='button' class='kefu-press kefu-onward' data-act='run'>▶ 开始走</button>"
    steps = press(WAIT, {"wait": 1}, name="kefu-press kefu-onward")
    full = "<button type='button' class='kefu-press' data-act='full' hidden>铺满屏幕</button>"
    pace = labelled("快慢", speeds)
    more = (
        f"<details class='night-more'><summary>{'别的' if quiet else '快慢与别的'}</summary>"
        f"{'' if quiet else pace}<div class='kefu-acts'>{full}</div>"
        f"{leave('提前下班', 'end', parts)}{leave('不要这一夜', 'again', parts)}</details>"
    )
    when = escape(model.clock(clock["now"]))
    clocks = "" if quiet else " role='timer' aria-live='off'"
    inside = "".join(
        f"<section class='night-window' data-part='{escape(name, quote=True)}' tabindex='-1' "
        f"aria-label='{called(name[2:])}'>{html}</section>"
        for name, html in parts.items()
        if name.startswith("w:")
    )
    return (
        f"<div class='kefu-long kefu-night' data-screen='desk' data-night=\"{known}\">"
        f"<div class='night-stage'>"
        f"<div class='night-bar'><b class='night-clock'{clocks}>{when}</b>"
        f"{steps if quiet else runs}<div class='night-head' data-part='head'>{parts['head']}</div></div>"
        f"<div class='night-news' data-part='news' role='status'>{parts['news']}</div>"
        f"<div class='night-lead' data-part='lead'>{parts['lead']}</div>"
        f"<div class='night-tabs' role='group' aria-label='开着的窗口'></div>"
        f"<div class='night-line' data-part='queue'>{parts['queue']}</div>"
        f"<div class='night-windows'>{inside}</div></div>"
        f"<div data-part='promises'>{parts['promises']}</div>"
        f"<div class='night-strip' data-part='strip'>{parts['strip']}</div>{more}</div>"
    )


def leave(text: str, what: str, parts: Mapping[str, str]) -> str:
    """Return a way out of the night that asks once, in its place, and says what is lost."""
    return (
        f"<details class='night-leave'><summary class='kefu-press'>{text}…</summary>"
        f"<div data-part='{what}'>{parts[what]}</div></details>"
    )


def asked(lost: str, yes: str, what: str) -> str:
    """Return what leaving costs, the press that does it, and the one that does not."""
    no = "<button type='button' class='kefu-press' data-act='stay'>不，接着上班</button>"
    return f"<p>{lost}</p><div class='kefu-acts'>{no}{press(yes, {what: 1})}</div>"


def leave_early(state: NightState) -> str:
    """Return what is lost by whoever leaves early."""
    coming = len(state.night.customers) - len(state.people)
    undone = sum(not state.people[one.who].finished for one in state.windows)
    lost = [
        f"窗口里{undone}位没办完" if undone else "",
        f"队里{len(state.queue)}位没接" if state.queue else "",
    ]
    lost += [f"后面还有{coming}位要来" if coming else ""]
    said = "，".join(filter(None, lost))
    cost = f"{said}，都当作没人管，算进成绩。" if said else "手上都办完了，也没有人再来。"
    return asked(f"{cost}下了班，回不到这一刻。", "下班，看成绩", "end")


def leave_all(state: NightState) -> str:
    """Return what is lost by whoever gives the night up."""
    made = len(state.moves)
    lost = (
        f"这一夜走过的{made}步不算成绩。门口还能找回它，到你把同一夜再走一步为止。"
        if made
        else "这一夜还没有动手，什么也不丢。"
    )
    return asked(lost, "不要了，回门口", "again")


def called(who: str) -> str:
    """Return what a window is called."""
    return escape(f"{who}的窗口", quote=True)


def times(speed: float) -> str:
    """Return a speed as a screen reader says it."""
    return f"{speed:g}倍"


def head(state: NightState, opened: int) -> str:
    """Return how many wait, are at the desk, of whom ``opened`` in windows, what was given, and the rush."""
    counts = state.counts
    said = [f"排队<b>{len(state.queue)}</b>"]
    said += [f"走了<b>{counts['走了']}</b>"] if counts["走了"] else []
    said += [f"补了<b>{plain(state.given)}</b>元"] if state.given else []
    rush = (
        "<em class='night-rush'>零点<span>这一阵</span></em>"
        if RUSH[0] <= state.now < RUSH[1]
        else ""
    )
    held = f"<span class='night-held'>窗口<b>{opened}</b>/{WINDOWS}</span>"
    return held + "".join(f"<span>{one}</span>" for one in said) + rush


def bars(state: NightState) -> tuple[tuple[int, int], ...]:
    """Return the longest queue of each slot of the strip, as far as the night has gone."""
    steps: list[tuple[int, int]] = [
        (slot * SLOT, 0) for slot in range(min(state.now, CLOSES - 1) // SLOT + 1)
    ]
    for one in state.people.values():
        until = one.taken if one.taken is not None else one.ended
        if until != one.customer.at:
            steps += [(one.customer.at, 1)] + ([(until, -1)] if until is not None else [])
    found: dict[int, int] = {}
    many = 0
    for at, change in sorted(steps):  # who goes, goes before another comes at the same second
        many += change
        slot = min(at, CLOSES - 1) // SLOT
        found[slot] = max(found.get(slot, 0), many)
    return tuple(sorted(found.items()))


@lru_cache(maxsize=8)
def over_time(bars: tuple[tuple[int, int], ...]) -> str:
    """Return the queue over the night as bars, with a cursor that the script moves."""
    frame = Frame(CLOSES, MOST, top=6, bottom=44)
    wide = frame.x(SLOT) - frame.x(0) - 1
    parts = [f"<path class='axis' d='M{LEFT},{frame.bottom:g} H{WIDTH - RIGHT}'/>"]
    for slot, size in bars:
        if size:
            y = frame.y(min(size, MOST))
            name = "bar bar2" if size > WINDOWS else "bar"
            parts.append(
                f"<rect class='{name}' x='{frame.x(slot * SLOT) + 0.5:.1f}' y='{y:g}' width='{wide:.1f}'"
                f" height='{frame.bottom - y:.1f}'/>"
            )
    longest = max((size for _, size in bars), default=0)
    parts.append(f"<text x='4' y='{frame.bottom - 16:g}'>排队</text>")
    parts += hours(frame)
    parts.append(
        f"<path class='guide night-cursor' data-from='{frame.x(OPENS)}' data-to='{frame.x(CLOSES)}'"
        f" d='M{frame.x(OPENS)},{frame.top:g} V{frame.bottom:g}'/>"
    )
    return chart(f"到现在的排队：最长{longest}位", *parts, height=66)


def walked(state: NightState) -> list[str]:
    """Return who has left since the player's last move, the last one first."""
    moved = state.moves[-1].at if state.moves else -1
    return [one.who for one in state.gone if one.how == model.LEFT and one.at > moved][::-1]


def news(state: NightState, fault: str, called: str) -> str:
    """Return what has just happened, the newest first, who is ``called`` for, and what could not be done.

    Who has left since the last move stands before all else: it is told until the next one.
    """
    left = [f"{who}{GAVE_UP}" for who in walked(state)]
    known = called.split("；")  # that somebody waits in the queue says that he has come
    told = [
        one.text
        for one in state.news
        if one.text not in left and f"{one.text.partition('来了')[0]}{IN_QUEUE}" not in known
    ]
    happened = map(escape, reversed(told[-3:]))
    gone = (f"<b>{escape(one)}</b>" for one in left)
    said = "；".join(filter(None, (*gone, f"<b>{escape(called)}</b>" if called else "", *happened)))
    wrong = f"<p class='kefu-error' role='alert'>{escape(fault)}</p>" if fault else ""
    return f"{wrong}{spoken(state)}<p class='night-said'>{said}</p>"


def spoken(state: NightState) -> str:
    """Return what the last move brought to the window itself, for a screen reader: it stands there to be seen."""
    last = state.moves[-1] if state.moves else None
    if last is None or last.what != "answer" or last.at != state.now or state.over:
        return ""
    lines = [
        one.text for one in state.people[last.who].lines if one.at >= last.at and one.sender != "我"
    ]
    told = state.told
    words = [f"{last.who}：{'；'.join(lines)}"] if lines else []
    words += [f"{'答对了' if told.right else '不对'}：{told.why}"] if told else []
    return f"<p class='kefu-spoken visually-hidden'>{escape('　'.join(words))}</p>" if words else ""


def since(second: int | None, word: str) -> str:
    """Return a wait that the script counts on."""
    return "" if second is None else f"<span class='night-wait' data-since='{second}'>{word}</span>"


def queue(state: NightState, first: str, opened: int, *, quiet: bool) -> str:
    """Return who waits, each to press, beside so many open windows; a ``quiet`` desk's bar leads on."""
    if not state.queue:
        idle = "" if quiet or model.wanting(state) else press(WAIT, {"wait": 1})
        return f"<p class='kefu-note night-empty'>没有人在排队。{idle}</p>"
    full = opened >= WINDOWS
    buttons = "".join(waiting(one, full=full, first=one.who == first) for one in state.queue)
    label = f"排队{len(state.queue)}位：{'办完一个再接' if full else '点一下接进来'}"
    return (
        f"<p class='night-label' aria-hidden='true'>{label}</p>"
        f"<div class='night-queue' role='group' aria-label='{label}'>{buttons}</div>"
    )


def waiting(one: Waiting, *, full: bool, first: bool) -> str:
    """Return one who waits, as a button that takes her."""
    robot = "<small>暖暖转来</small>" if one.robot else ""
    mark = "<small class='night-first'>先接</small>" if first else ""
    waits = since(one.since, "等")
    text = (
        f"<b>{escape(one.who)}</b><small>{escape(one.channel)}</small>{robot}{mark}{waits}"
        f"<span class='night-words'>{escape(one.first)}</span>"
    )
    off = " disabled" if full else ""
    told = attribute({"do": "take", "who": one.who})
    return f"<button type='button' class='kefu-press night-waiting' data-press=\"{told}\"{off}>{text}</button>"


def promises(state: NightState) -> str:
    """Return what was promised so far, folded: to whom, when, in which words, noted or not."""
    made = [(one, each) for one in state.people.values() for each in one.promises]
    if not made:
        return ""
    lacking = sum(each.noted is None for _, each in made)
    rows = "".join(
        f"<li><b>{model.clock(each.at)} {escape(one.who)}</b>　{escape(each.said)}"
        f"<small>{'　没记' if each.noted is None else '　已记待办'}</small></li>"
        for one, each in sorted(made, key=lambda pair: pair[1].at)
    )
    open_ = f"，{lacking}件没记" if lacking else ""
    return (
        f"<details class='night-promises' data-kept='promises'><summary>答应过的事：{len(made)}件{open_}</summary>"
        f"<ul class='kefu-slips'>{rows}</ul></details>"
    )


def windows(state: NightState) -> list[dict[str, Any]]:
    """Return of each window what the script shows of it where another one is open."""
    first = first_of(state)
    return [
        {"who": one.who, "since": one.since, "moods": moods(state, one.who), "owes": bool(one.owes),
         "said": sum(line.sender != "我" for line in one.lines), "first": one.who == first}
        for one in state.windows
    ]  # fmt: skip


def window(state: NightState, one: Open, told: str) -> str:
    """Return what stands in a window: who it is, what was said, what can be looked up and done.

    What is read scrolls in its own place, so that what is pressed stays where it is.
    """
    mood = (
        f"<svg class='night-mood' viewBox='0 0 24 24' role='img' aria-label='心情{one.mood}（满100）'>"
        f"{faced(one.mood)}</svg>"
    )
    waits = since(one.since, "等你")
    channel = one.channel + (f"，{one.day}的事" if one.day else "")
    title = (
        f"<header><b>{escape(one.who)}</b><small>{escape(channel)}</small>{mood}{waits}</header>"
    )
    scene = f"<p class='kefu-note night-scene'>{escape(one.scene)}</p>" if one.scene else ""
    # what the robot has said stands above: the question is read beside the papers
    lines = sorted(one.lines, key=lambda each: each.sender != "暖暖")
    said = "".join(bubble(each, one.who, one.channel) for each in lines)
    talk = escape(f"和{one.who}的对话", quote=True)
    facts = "".join(f"<dt>{escape(a)}</dt><dd>{escape(b)}</dd>" for a, b in one.facts)
    papers = (
        f"<div class='night-facts'><b>资料</b><dl>{facts}</dl></div>"
        if one.ask  # who is answered takes less room
        else f"<details class='night-facts'><summary>资料</summary><dl>{facts}</dl></details>"
    )
    return (
        f"{title}{ABOVE}<div class='night-read'>{scene}<div class='night-lines' tabindex='0' role='log' "
        f"aria-live='off' aria-label='{talk}'>{said}</div>"
        f"{papers if facts else ''}{told}{coach(model.advice(state, one.who))}</div>{BELOW}"
        f"{choices(one.who, one.ask) if one.ask else ''}{acts(state, one)}"
    )


def faced(mood: int) -> str:
    """Return a face for a mood from 0 to 100, drawn to the last ten."""
    return face(12, 12, mood // 10 / 5 - 1, r=10)


def moods(state: NightState, who: str) -> list[tuple[int, int]]:
    """Return how the mood of somebody goes on if nothing is done: each second with another face, and the mood."""
    person = state.people[who]
    until = state.now if person.since is None else max(person.until, state.now)
    found: list[tuple[int, int]] = []
    for at in range(state.now, until + 1):
        now = model.mood(person, at)
        if not found or now // 10 != found[-1][1] // 10:
            found.append((at, now))
    return found


def bubble(line: SpokenLine, who: str, channel: str, *, slip: bool = False) -> str:
    """Return a line of a conversation with somebody; who speaks is shown, but for a customer and oneself.

    What one said oneself that was a ``slip`` is marked.
    """
    colleague = channel == "同事" and line.sender == "客人"
    speaker = who.partition("·")[0] if colleague else line.sender
    sender, text = escape(speaker), escape(line.text.removeprefix(f"{speaker}问你："))
    shown = colleague or line.sender not in ("客人", "我")
    said = (
        f"<small>{sender}</small> "
        if shown
        else ""
        if channel == "评价" and line.sender == "客人"  # a task, with the customer's words quoted
        else f"<span class='kefu-spoken visually-hidden'>{sender}：</span>"
    )
    name = SENDERS.get(line.sender, "kefu-note")
    if line.sender == "我" and line.text == HOLD.fill({NICKNAME: who.partition("·")[0]}):
        name += " night-hold"  # it says nothing of the matter: the papers stay in sight below it
    if slip and line.sender == "我":
        name, said = f"{name} night-slip", f"{said}<b>✗</b> "
    return f"<p class='{name}'>{said}{text}</p>"


def link(lesson: Lesson) -> str:
    """Return the way to a section of a chapter; a page of the book has pages, JupyterLab notebooks."""
    end_of, mark = ("html", "go-to=") if in_page() else ("ipynb", "")
    address = f"../{lesson.page}.{end_of}#{mark}{quote(lesson.section)}"
    told = attribute({"page": lesson.page, "section": lesson.section})
    return (
        f"<a href='{escape(address, quote=True)}' data-lesson=\"{told}\" target='_blank' "
        f"rel='noopener'>{escape(lesson.said)}</a>"
    )


def coach(advice: CoachAdvice | None) -> str:
    """Return what the coach says."""
    if advice is None:
        return ""
    return f"<p class='night-coach'><b>教练</b>　{escape(advice.text)}{link(advice.lesson)}</p>"


def verdict(state: NightState, told: AnswerVerdict | None) -> str:
    """Return what the last answer in a window was worth, where that is told."""
    if told is None:
        return ""
    name, word = ("kefu-full", "✓") if told.right else ("kefu-none", "✗")
    return (
        f"<div class='kefu-ruling {name}'><p><b>{word}</b> <span>{escape(told.why)}</span></p>"
        f"<p>{link(told.lesson)}</p>{feels(state, told.who)}</div>"
    )


def feels(state: NightState, who: str) -> str:
    """Return what trust, doubt and patience are, below a verdict that counts them: unfolded at the first one."""
    if not state.people[who].said:
        return ""
    first = sum(len(one.said) for one in state.people.values()) == 1
    return (
        f"<details class='night-feels'{' open' if first else ''}><summary>信任、疑虑、耐心是什么</summary>"
        f"<p>{FEELS}</p></details>"
    )


def choices(who: str, ask: OpenAsk) -> str:
    """Return what can be said now, in the model's order."""
    buttons = "".join(
        f"<button type='button' class='kefu-press' data-key='{escape(one.key, quote=True)}' "
        f'data-press="{attribute({"do": "answer", "who": who, "choice": one.key})}">'
        f"<small>{escape(one.key)}</small>{escape(one.text)}</button>"
        for one in ask.choices
    )
    label = escape(f"回{who}", quote=True)
    return f"<div class='kefu-options' role='group' aria-label='{label}' data-here tabindex='-1'>{buttons}</div>"


def acts(state: NightState, one: Open) -> str:
    """Return what else can be done with a window."""
    may = model.allowed(state, one.who)
    label = escape(f"{one.who}：别的办法", quote=True)

    def act(what: str, text: str, choice: str = "", name: str = "kefu-press") -> str:
        said = f"{one.who}：{text}"
        if what in may:
            more = {"choice": choice} if choice else {}
            return press(text, {"do": what, "who": one.who, **more}, name=name, said=said)
        spoken = escape(said, quote=True)
        if what == "note":
            why = escape(unowed(state, one.who), quote=True)
            off = f"aria-disabled='true' title='{why}' data-why='{why}'"
        else:
            off = "disabled"
        return (
            f"<button type='button' class='kefu-press' aria-label='{spoken}' {off}>{text}</button>"
        )

    promised = f"<p class='kefu-note'>答应了：{escape(one.owes)}</p>" if one.owes else ""
    buttons = act("close", MOVES["close"]) + act("hold", MOVES["hold"])
    buttons += act(
        "note", MOVES["note"], name="kefu-press night-owed" if one.owes else "kefu-press"
    )
    notes = "".join(act("hand", escape(each.text), each.key) for each in one.packets)
    gifts = "".join(act("give", f"{yuan}元", yuan) for yuan in one.gifts)
    given = f"<small>{plain(one.given)}元</small>" if one.given else ""
    for what, name, text, inside in (
        (
            "hand",
            "hands",
            "转青禾",
            f"<div class='kefu-options'><span>带哪张条子</span>{notes}</div>",
        ),
        ("give", "gifts", f"补钱{given}", f"<div class='kefu-acts'>{gifts}</div>"),
    ):
        buttons += above(name, text, inside) if what in may else act(what, text)
    return f"{promised}<div class='kefu-acts night-acts' role='group' aria-label='{label}'>{buttons}</div>"


def unowed(state: NightState, who: str) -> str:
    """Return why there is nothing to note for somebody."""
    person = state.people[who]
    if person.promises:
        return "答应过的都记进待办了"
    if person.said:
        return "旧案里，当场兑现的、几分钟内到点的话不用记；对话完了还欠着的，这里才亮"
    return "还没有答应过要记的事" if person.started else "还没有答，没有要记的"


def above(name: str, text: str, inside: str) -> str:
    """Return a button that unfolds what lies above it, over what is read there, so that nothing moves."""
    return (
        f"<details class='night-{name}' data-kept='{name}'>"
        f"<summary class='kefu-press'>{text}</summary>{inside}</details>"
    )


# At the end


def end(state: NightState, *, quiet: bool) -> str:
    """Return the night's report: six scores, what cost most, the night again, the way to hand it in."""
    found = model.report(state)
    moments = "".join(map(cost, found.costly)) or "<li>没有一下是大错。</li>"
    ways = press("再来一夜", {"again": 1}, name="kefu-press kefu-onward")
    counts = "，".join(
        f"{escape(COUNTED.get(k, k))}{v}位{mistaken(state) if k == model.DONE else ''}"
        for k, v in found.counts.items()
        if v
    )
    strip = over_time(bars(state))
    known = attribute(
        {
            "opens": OPENS,
            "closes": CLOSES,
            "seed": state.night.seed,
            "level": state.night.level,
            "quiet": quiet,
        }
    )
    hand = press("交卷：存成文件", {"hand": 1}, name="kefu-press kefu-onward")
    return (
        f"<div class='kefu-long kefu-night' data-screen='end' data-night=\"{known}\">"
        f"<p class='kefu-when'>第{state.night.level}档（{LEVEL_NAMES[state.night.level]}），种子{state.night.seed}</p>"
        f"<p class='kefu-big' data-here tabindex='-1'>{found.total:g}分<small>　满分100</small></p>"
        f"<p role='status'>{escape(found.word)}</p>{six(found)}<p class='kefu-note'>{counts}</p>"
        f"<p class='kefu-question' data-costly tabindex='-1'>最贵的{MANY[len(found.costly)]}下</p>"
        f"<ol class='kefu-slips'>{moments}</ol>"
        f"<p class='kefu-question'>交班单</p>{sheet(state, found.sheet)}"
        f"<p class='kefu-question'>再看一遍：拖到哪一刻，看哪一刻</p>{strip}"
        f"<label class='night-look'><span class='kefu-spoken visually-hidden'>看哪一刻</span>"
        f"<input type='range' class='night-range' data-look min='{OPENS}' max='{CLOSES}' step='30' "
        f"value='{OPENS}'></label>"
        f"<div class='night-moment' data-part='look' tabindex='-1'>{moment(model.start(state.night), OPENS)}</div>"
        f"<p class='kefu-question'>交卷</p><div class='night-hand'>"
        f"<label>学号<input type='text' data-field='number' maxlength='40' autocomplete='off'></label>"
        f"<label>姓名<input type='text' data-field='name' maxlength='40' autocomplete='off'></label>"
        f"{hand}</div>"
        f"<p class='kefu-note' data-part='handed' role='status'>文件里有走过的每一步和一个封签；改过就对不上，"
        f"但封签只认得出改动，不能证明是谁走的。学号、姓名只记在这个浏览器和你交的文件里。</p>"
        f"<div class='kefu-acts'>{ways}</div></div>"
    )


MANY = ("几", "一", "两", "三")


def mistaken(state: NightState) -> str:
    """Return how many of those whose matter is closed got a wrong answer: closed is not yet right."""
    done = {
        one["who"]
        for one in model.rows(state)
        if one["how"] == model.DONE and one["right"] != one["questions"]
    }
    return f"（其中{len(done)}位没有全答对）" if done else ""


def six(found: NightReport) -> str:
    """Return the six scores as bars, with their numbers."""
    row, top = 26, 8
    scale = (WIDTH - 70 - 52) / 100
    parts = []
    for place, (name, points) in enumerate(found.scores.items()):
        y = top + row * place
        look = "bar bar2" if points < 60 else "bar"
        parts.append(
            f"<text x='58' y='{y + 13}' text-anchor='end'>{escape(name)}</text>"
            f"<rect class='rest' x='66' y='{y}' width='{100 * scale:.1f}' height='16' rx='3'/>"
            f"<rect class='{look}' x='66' y='{y}' width='{max(points, 0.5) * scale:.1f}' height='16' rx='3'/>"
            f"<text x='{WIDTH - 4}' y='{y + 13}' text-anchor='end'>{points:.1f}</text>"
        )
    said = "，".join(f"{name}{points:.1f}" for name, points in found.scores.items())
    return chart(f"六项得分（满100）：{said}", *parts, height=top + row * len(found.scores))


def cost(one: CostlyMoment) -> str:
    """Return a moment that cost much, and where to read on."""
    when = model.clock(one.at)
    look = press("回到这一刻", {"look": one.at, "who": one.who}, said=f"回到{when}，看{one.who}")
    return (
        f"<li><b>{when} {escape(one.who)}</b>　{escape(one.score)}，少{one.lost:g}分<br>"
        f"{escape(one.what)}<br>该这样：{escape(one.right)}<br><small>去读：{link(one.lesson)}</small><br>{look}</li>"
    )


HANDED_ON = {
    "没办完": "没办完，早班接着办", "答应过": "答应过，待办里写着，早班照着兑现",
    "没记下": "答应过，没有记下：早班不知道，客人要再来问一遍",
}  # fmt: skip
"""What the sheet's kinds mean for the morning shift."""


OLD = "旧案"
"""What stands before the day of a promise of an old conversation: a day of its own."""


def sheet(state: NightState, rows: Sequence[SheetRow]) -> str:
    """Return what is handed to the morning shift, and what was promised and will not reach it, by when it is due."""
    if not rows:
        return "<p class='kefu-note'>没有要交的：事都办完了，也没有答应过别的。</p>"
    parts = []
    for kind, meant in HANDED_ON.items():
        found = sorted(
            ((hung(state, one), one) for one in rows if one.kind == kind), key=lambda pair: pair[0]
        )
        lines = "".join(
            f"<li><b>{when} {escape(one.who)}</b>　{escape(one.what)}"
            f"{f'　稳，少{one.lost:g}分' if one.lost else ''}</li>"
            for (_, _, when), one in found
        )
        parts.append(
            f"<p class='kefu-note'>{meant}</p><ul class='kefu-slips'>{lines}</ul>" if lines else ""
        )
    return "".join(parts)


def hung(state: NightState, row: SheetRow) -> tuple[bool, str, str]:
    """Return of a row whether it is of an old case, a key that orders by when it is due, and that in words."""
    talk = state.people[row.who].talk
    if row.kind == "没办完":
        return False, f"{row.at:05}", model.clock(row.at)
    said = talk.scenario.date if talk else model.moment(row.at)
    by = due(row.what.rpartition("）：")[2] if talk else row.what, said)
    if by is None:
        return (
            bool(talk),
            f"9{row.at:05}",
            f"{OLD}，没说几时" if talk else f"没说几时（{model.clock(row.at)}答应）",
        )
    day = f"{by.year}年{by.month}月{by.day}日" if talk else f"{by.month}月{by.day}日"
    hour = f"{by:%H:%M}" if isinstance(by, datetime) else ""
    past = not talk and isinstance(by, datetime) and by <= model.moment(CLOSES)
    return (
        bool(talk),
        by.isoformat(),
        f"{f'{OLD} ' if talk else ''}{day}{hour}{' 已过点' if past else ''}",
    )


def moment(state: NightState, at: int, who: str = "", right: str = "") -> str:
    """Return how the desk stood at a moment, and the last that was said with ``who``, if he had come.

    What cost there is marked, with what would have been ``right`` and the way back to the list of it.
    """
    open_now = "；".join(
        f"{escape(one.who)}（心情{one.mood}{'，等着' if one.since is not None else ''}）"
        for one in state.windows
    )
    queued = "、".join(escape(one.who) for one in state.queue)
    last = state.moves[-1] if state.moves else None
    done = f"{model.clock(last.at)} {MOVES[last.what]} {last.who}" if last else "还没有动手"
    talk = said_with(state, who, at if right else None)
    instead = (
        f"<p class='night-right'><b>该这样</b>　{escape(right)}</p>"
        f"<div class='kefu-acts'><button type='button' class='kefu-press' data-act='list'>↑ 回到清单</button></div>"
        if right
        else ""
    )
    return (
        f"<p><b>{model.clock(at)}</b>　{head(state, len(state.windows))}</p><p>窗口：{open_now or '空着'}</p>"
        f"<p>排队：{queued or '没有人'}</p><p class='kefu-note'>最近一步：{escape(done)}</p>{talk}{instead}"
    )


def said_with(state: NightState, who: str, slip: int | None) -> str:
    """Return the last that was said with somebody by then, and what he was writing; one's own ``slip`` is marked."""
    if who not in state.people:
        return ""
    lines = [one for one in state.people[who].lines if one.at <= state.now + TYPES][-4:]
    name, said = (
        escape(f"和{who}的对话", quote=True),
        "".join(
            bubble(one, who, state.people[who].customer.channel, slip=one.at == slip)
            for one in lines
        ),
    )
    return f"<div class='night-lines' role='group' aria-label='{name}'>{said}</div>"


def reckoned() -> str:
    """Return how the six scores are reckoned, folded."""
    rows = "".join(f"<li><b>{escape(k)}</b>　{escape(v)}</li>" for k, v in SCORES.items())
    return f"<details><summary>六项怎么算</summary><ul class='kefu-slips'>{rows}</ul></details>"


def stored(state: NightState) -> str:
    """Return the record of a night as the script keeps it."""
    made = [[one.at, one.what, one.who, one.choice] for one in state.moves]
    night = state.night
    return json.dumps(
        {"seed": night.seed, "level": night.level, "now": state.now, "moves": made},
        ensure_ascii=False,
    )
