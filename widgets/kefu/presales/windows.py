"""Three minutes at five windows: who is answered when, with what, and who is gone by then.

A teaching model. Nothing happens between the moves of the reader: each takes its seconds, and then all who
came, waited or left meanwhile are told. Patience, the seconds of each move and a search's are assumptions
(教学假设); the phrases are the shop's own (``datasets/phrases.csv``). Seconds count from ``START``.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from kefu import data, kpis
from kefu.amounts import exact, one_of
from kefu.clock import SHANGHAI
from kefu.presales.desk import Inbox, Phrase, PhraseBook, Seat

START = datetime(2025, 11, 9, 20, 31, tzinfo=SHANGHAI)
ME, COLLEAGUE = "小满", "阿川"
Doing = Literal["应一声", "打字", "短语", "转给", "置顶", "等"]
SECONDS: Mapping[str, int] = {"应一声": 4, "短语": 10, "转给": 8, "置顶": 2}
"""What a move takes, in seconds: a phrase has to be found, filled and read over."""
HELD = 60
"""Seconds that “一分钟” buys once, and within which its promise has to be kept."""
AGAIN = 20
"""Patience that a wrong phrase, a second “稍等” or a wrong transfer costs, in seconds."""
LOOKUP = 45
Answered = Literal["答上了", "没答上", "去查了", "答应了"]
Stage = Literal["没来", "等着", "查着", "办完", "转走", "走了"]
OPEN: tuple[Stage, ...] = ("等着", "查着")
TWO_DAYS = Phrase("DY121", "物流", "/wl11", "现货明晚下单，两天到，您放心拍", promises=True)
"""What the owner wants to have in the book for the great sale; it is not in the table."""


@dataclass(frozen=True)
class Visitor:
    """A customer: when she comes and how long she stays, in seconds, and what answers her.

    ``typing`` is what a typed answer takes at the usual pace. ``phrases`` have an outcome each; ``values``
    fill their fields. ``asks`` tells an enquirer from one who has bought; ``colleague`` whether
    阿川 takes over, and ``check`` whether
    something has to be looked up first, which takes ``LOOKUP`` seconds by itself.
    """

    name: str
    says: str
    comes: int
    patience: int
    typing: int
    typed: str
    phrases: tuple[tuple[str, Answered], ...]
    values: Mapping[str, str]
    asks: bool = True
    colleague: bool = False
    check: bool = False

    @property
    def gone_at(self) -> int:
        """Return the second at which an answer comes too late."""
        return self.comes + self.patience


VISITORS = (
    Visitor("老陈", "围巾129，别家99，贵在哪？", -30, 140, 50,
            "您是会比的。咱家这条70%羊毛、30%聚酯纤维。您看看那条成分写几成羊毛，发来我一起对；贴身会有点毛感，怕扎先说。",
            (("DY041", "没答上"), ("DY044", "没答上"), ("DY045", "没答上")), {}),
    Visitor("半糖", "上回那条打底裤再来一条，我穿什么码来着？", -12, 42, 15,
            "查到了：5月20日，黑色L码。还是L吗？直接拍就行。",
            (("DY008", "去查了"), ("DY021", "没答上"), ("DY025", "没答上")), {"客人昵称": "半糖"}, check=True),
    Visitor("小鹿", "付不了，写着超出限额", -6, 28, 12,
            "限额了，换一张卡，或者换花呗，再点付款就行。",
            (("DY063", "答上了"), ("DY062", "没答上"), ("DY042", "没答上")), {"差额": "几"}),
    Visitor("阿树", "昨晚付的围巾，一天多了，单号怎么还没出？", 15, 75, 45,
            "我查了：仓库今天休息，还没打单，让您多等了。明早打单，单号一出来就发您。",
            (("DY081", "没答上"), ("DY101", "没答上"), ("DY062", "没答上")), {}, asks=False, colleague=True),
    Visitor("木棉", "毯子我想明晚双11再拍，几天能到？", 30, 60, 20,
            "照实说：平常三四天，双11单子多，会慢些，几号到我说不准；哪天发出，我当天告诉您。",
            (("DY083", "答上了"), ("DY121", "答应了"), ("DY051", "没答上")), {"时间": "三四天"}),
)  # fmt: skip


@dataclass(frozen=True)
class Act:
    """One move: what is done, in whose window, and with which phrase."""

    kind: Doing
    name: str = ""
    phrase: str = ""


@dataclass(frozen=True)
class Stay:
    """How it stands with one visitor; ``gone_at`` moves as patience is won or lost."""

    visitor: Visitor
    state: Stage
    gone_at: float
    ended_at: float | None = None
    held_at: float | None = None
    ready_at: float | None = None

    def waited(self, now: float) -> float:
        """Return the seconds from her first word to the end of it, or until now."""
        end = now if self.ended_at is None else self.ended_at
        return max(end - self.visitor.comes, 0)


@dataclass(frozen=True)
class Evening:
    """Where the three minutes stand after the moves so far; ``told`` is what the last one did."""

    now: float
    stays: tuple[Stay, ...]
    chats: Mapping[str, tuple[kpis.Message, ...]]
    inbox: Inbox
    promises: tuple[str, ...]
    told: str

    def stay(self, name: str) -> Stay:
        """Return how it stands with one; raises ``ValueError`` for a name that is none."""
        known = {one.visitor.name: one for one in self.stays}
        return known[one_of(name, "name", known)]

    @property
    def over(self) -> bool:
        """Tell whether nobody is to come or waits any more."""
        return not any(one.state in ("没来", *OPEN) for one in self.stays)

    @property
    def lost(self) -> list[str]:
        """Return who has left without an answer."""
        return [one.visitor.name for one in self.stays if one.state == "走了"]

    @property
    def longest(self) -> tuple[str, float]:
        """Return who has waited longest, and how many seconds."""
        one = max(self.stays, key=lambda each: each.waited(self.now))
        return one.visitor.name, one.waited(self.now)

    @property
    def broken(self) -> list[str]:
        """Return to whom a minute was promised that was not kept."""
        return [
            one.visitor.name for one in self.stays
            if one.held_at is not None and (one.ended_at or self.now) > one.held_at + HELD
        ]  # fmt: skip

    @property
    def won(self) -> bool:
        """Tell whether all are served, no promise is owed, and each minute promised was kept."""
        return self.over and not self.lost and not self.promises and not self.broken

    def in_list(self) -> list[str]:
        """Return the names in the order of the desk's list: pinned, then by the wait, answered ones last."""
        return [window.customer for window in self.inbox.held(ME)]

    def figures(self) -> dict[str, float | None]:
        """Return the five figures of all chats together; None where there is nothing to divide."""
        chats = [chat for chat in self.chats.values() if chat]
        answered = [chat for chat in chats if any(who == "客服" for _, who in chat)]
        asked = [one for one in self.stays if one.visitor.asks and one.state != "没来"]
        return {
            "首次响应时间": kpis.first_response_time(answered) if answered else None,
            "平均响应时间": kpis.average_response_time(answered) if answered else None,
            "答问比": kpis.answer_ratio(chats) if chats else None,
            "3分钟响应率": kpis.three_minute_rate(chats) if chats else None,
            "询单转化率": sum(one.state == "办完" for one in asked) / len(asked) if asked else None,
        }


def visitors(seed: int = 0) -> tuple[Visitor, ...]:
    """Return the five of an evening: seed 0 is the book's, others come and wait a little otherwise.

    >>> [one.name for one in visitors()]
    ['老陈', '半糖', '小鹿', '阿树', '木棉']
    """
    if seed == 0:
        return VISITORS
    rng = random.Random(seed)
    return tuple(
        replace(one, comes=one.comes if one.comes < 0 else one.comes + rng.randrange(-5, 16),
                patience=one.patience + rng.randrange(0, 16))
        for one in VISITORS
    )  # fmt: skip


def phrase_for(number: str) -> Phrase:
    """Return a phrase of the shop, or the one that the owner wants to add."""
    return TWO_DAYS if number == TWO_DAYS.phrase_id else _book().phrase(number)


@data.cached
def _book() -> PhraseBook:
    return PhraseBook.from_csv(data.path("phrases").read_text(encoding="utf-8"))


def evening(actions: Iterable[Act] = (), pace: float = 1, seed: int = 0) -> Evening:
    """Return what the moves lead to; ``pace`` multiplies the seconds of typing (0.5 is twice as fast).

    A move in a window of one who is not there, or done with, takes no time and does nothing.
    Raises ``ValueError`` or ``TypeError`` for moves that do not exist.

    >>> evening([Act("打字", "老陈")]).lost
    ['半糖', '小鹿']
    """
    return _Desk(float(exact(pace, "pace", positive=True)), visitors(seed)).run(actions)


def in_order(pace: float = 1, seed: int = 0) -> Evening:
    """Return the evening of one who types to each in the order in which they came, and waits between.

    >>> in_order(0.5).lost
    ['半糖', '小鹿']
    """
    actions: list[Act] = []
    while not (state := evening(actions, pace, seed)).over:
        due = [
            one for one in state.stays
            if one.state == "等着" or (one.state == "查着" and state.now >= (one.ready_at or 0))
        ]  # fmt: skip
        actions.append(Act("打字", due[0].visitor.name) if due else Act("等"))
    return state


class _Desk:
    """Plays the moves; what it keeps is handed out as an `Evening`."""

    def __init__(self, pace: float, people: tuple[Visitor, ...]) -> None:
        self.pace, self.now, self.told = pace, 0.0, ""
        self.stands = {one.name: Stay(one, "没来", one.gone_at) for one in people}
        self.chats: dict[str, list[kpis.Message]] = {one.name: [] for one in people}
        self.inbox = Inbox((Seat(ME, len(people)), Seat(COLLEAGUE, 4)))
        self.promises: list[str] = []
        self.pass_time(0)

    def run(self, actions: Iterable[Act]) -> Evening:
        for action in actions:
            one_of(action.kind, "kind", (*SECONDS, "打字", "等"))
            if action.kind == "等":
                self.wait()
            else:
                self.act(action, self.stands[one_of(action.name, "name", self.stands)])
        chats = {name: tuple(chat) for name, chat in self.chats.items()}
        return Evening(
            self.now,
            tuple(self.stands.values()),
            chats,
            self.inbox,
            tuple(self.promises),
            self.told,
        )

    def say(self, name: str, second: float, who: str) -> None:
        self.chats[name].append((START + timedelta(seconds=second), who))

    def put(self, name: str, **changes: object) -> None:
        self.stands[name] = replace(self.stands[name], **changes)  # type: ignore[arg-type]

    def pass_time(self, seconds: float) -> None:
        """Let seconds pass: who comes is in the list, who has waited too long is gone."""
        self.now += seconds
        for name, one in self.stands.items():
            if one.state == "没来" and one.visitor.comes <= self.now:
                self.put(name, state="等着")
                self.say(name, one.visitor.comes, "买家")
                at = START + timedelta(seconds=one.visitor.comes)
                self.inbox = self.inbox.arrive(name, at).claim(ME, name)
            if self.stands[name].state in OPEN and one.gone_at < self.now:
                self.put(name, state="走了", ended_at=one.gone_at)
                self.inbox = self.inbox.close(name)

    def wait(self) -> None:
        """Let time pass until somebody comes, a search is done, or somebody leaves."""
        ahead: list[float] = [
            one.visitor.comes for one in self.stands.values() if one.state == "没来"
        ]
        ahead += [
            one.ready_at for one in self.stands.values() if one.state == "查着" and one.ready_at
        ]
        ahead += [one.gone_at + 1 for one in self.stands.values() if one.state in OPEN]
        later = [second for second in ahead if second > self.now]
        self.told = "没有人在等了。" if not later else "你停下来看了看。"
        if later:
            self.pass_time(min(later) - self.now)

    def act(self, action: Act, one: Stay) -> None:
        """Do a move in one window, if she is still there when it is done."""
        name = one.visitor.name
        if one.state not in OPEN:
            self.told = f"{name}的窗口里没有要办的事。"
            return
        outcome = ""
        if action.kind == "短语":
            outcome = dict(one.visitor.phrases)[
                one_of(action.phrase, "phrase", dict(one.visitor.phrases))
            ]
        self.pass_time(
            one.visitor.typing * self.pace if action.kind == "打字" else SECONDS[action.kind]
        )
        if self.stands[name].state == "走了":
            self.told = f"还没发出去，{name}已经走了。"
        elif action.kind == "置顶":
            self.inbox = self.inbox.pin(name, mark="还没完")
            self.told = f"{name}置顶了，排在最上面。"
        elif action.kind == "转给":
            self.transfer(name, one)
        else:
            self.say(name, self.now, "客服")
            self.answer(name, one, action.kind, outcome)

    def transfer(self, name: str, one: Stay) -> None:
        if one.visitor.colleague:
            self.say(name, self.now, "客服")
            self.inbox = self.inbox.transfer(name, COLLEAGUE, "付款一天多没有单号，请查")
            self.put(name, state="转走", ended_at=self.now)
            self.told = f"{name}转给了{COLLEAGUE}，附上一句前情。"
        else:
            self.upset(name)
            self.told = f"{COLLEAGUE}：“这是售前的事。”{name}被转了回来，更急了。"

    def answer(self, name: str, one: Stay, kind: str, outcome: str) -> None:
        """Record what a message does to one who is there to read it."""
        if kind == "应一声" and one.held_at is None and one.state == "等着":
            self.put(name, held_at=self.now, gone_at=max(one.gone_at, self.now + HELD))
            self.inbox = self.inbox.answer(name)
            self.told = f"{name}：“好，我等你一分钟。”"
        elif kind == "应一声" or outcome == "没答上":
            self.upset(name)
            self.say(name, self.now, "买家")
            self.told = f"{name}：“{'又是稍等' if kind == '应一声' else '我问的不是这个'}？”"
        elif outcome == "去查了" or (one.visitor.check and one.ready_at is None):
            ready = self.now + LOOKUP
            self.put(name, state="查着", ready_at=ready, gone_at=ready + HELD, held_at=None)
            self.inbox = self.inbox.answer(name)
            self.told = f"{name}：“行，你查。”旧订单在查了。"
        elif one.ready_at is not None and self.now < one.ready_at:
            self.upset(name)
            self.say(name, self.now, "买家")
            self.told = f"还没查出来，你就答了。{name}：“你查了吗？”"
        else:
            self.put(name, state="办完", ended_at=self.now)
            self.inbox = self.inbox.close(name)
            if outcome == "答应了":
                self.promises.append(f"{name}：两天到")
            self.told = f"{name}的事办完了。"

    def upset(self, name: str) -> None:
        self.put(name, gone_at=max(self.stands[name].gone_at - AGAIN, self.now))
