"""The desk in the night: what stands on it at a second, and what a move makes of it.

A state follows from the night and the moves alone. Windows and queue are chapter 03's `desk.Inbox`, in which
nobody is lost and no window is answered by two; old conversations are played by `kefu.talk`. States are never
changed: a move returns the next one, and a move that cannot be raises ``ValueError`` and leaves all as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from random import Random

from kefu.amounts import count, one_of
from kefu.errors import need
from kefu.intelligence import handover, routing
from kefu.practice import scenes
from kefu.practice.making import UPSET
from kefu.practice.night import CLOSES, OPENS, RUSH, NightCustomer, ShopNight, moment
from kefu.practice.question import NOTHING, DeskAnswer, DeskQuestion, Lesson, joined
from kefu.presales.desk import NICKNAME, THREE_MINUTES, Inbox, Phrase, Seat
from kefu.talk import Score

ME, SECOND = "我", "青禾"
WINDOWS = 5
ROOM = 1
"""How many 青禾 can take over at once: she has windows of her own."""
MOVES: Mapping[str, str] = {
    "take": "接", "hold": "稍等", "answer": "答", "give": "补钱", "hand": "转同事", "note": "记待办",
    "close": "结束",
}  # fmt: skip
SECONDS: Mapping[str, int] = {
    "take": 5, "hold": 10, "answer": 45, "give": 15, "hand": 30, "note": 20, "close": 5,
}  # fmt: skip
"""How long a hand takes for a move, in seconds: for the version without a clock, and the scripted players."""
GIFTS = ("5", "10", "20")
"""What may be given at any time, in yuan."""
WAITING, OPEN, GONE = "排队", "窗口", "走开"
DONE, HANDED, LEFT, DROPPED, OVER = "办结", "转交", "走了", "没办完就关", "下班未结"
CUSTOMER, AGENT, ROBOT, SYSTEM = "客人", "我", "暖暖", "系统"
HOLD = Phrase("稍等", "欢迎", "/sd", f"{{{NICKNAME}}}，看到了，正在替您查，三分钟内回话。", True)
"""The canned reply that is sent with 稍等: it has a time, which is the one that it buys."""
GLAD = ("好，明白了，谢谢。", "哦，是这样，谢谢你。", "收到，谢谢。")
POSTED = "回复发出去了，评价下面谁都看得到。"
FLAT = ("……哦，这样啊。", "……知道了。", "行吧。")
DOUBT = ("是吗？那好吧。", "真的？那先这样。", "哦……跟我想的不大一样。")
NODS = ("好，就照这个办。", "嗯，跟我想的一样。", "行，我记下了。")
"""What is said after an answer that was right and well said, only right, or wrong; by a colleague, if right. Of
what nobody thanks for, a reply to a review, it is told that it is `POSTED`."""
TYPES = 20
"""Seconds in which a customer writes the next thing."""


@dataclass(frozen=True)
class NightMove:
    """One move of the player: the second of the night, what (a key of `MOVES`), for whom, and which."""

    at: int
    what: str
    who: str
    choice: str = ""

    def listed(self) -> list[object]:
        """Return it as the record keeps it."""
        return [self.at, self.what, self.who, self.choice]


@dataclass(frozen=True)
class SpokenLine:
    """Something said or told: when, by whom, what; ``thanks``: a last word that asks for no answer."""

    at: int
    sender: str
    text: str
    thanks: bool = False


@dataclass(frozen=True)
class NightPick:
    """A question that was answered: when, which, with which of its ways."""

    at: int
    question: DeskQuestion
    way: DeskAnswer


@dataclass(frozen=True)
class NightPromise:
    """What the player has promised somebody: when, in the very words, when it was noted (None: never), in what case."""

    at: int
    what: str
    noted: int | None = None
    about: str = ""

    @property
    def said(self) -> str:
        """Return it as whoever keeps it must read it: the case, and the words."""
        return f"{self.about}：{self.what}" if self.about else self.what


@dataclass(frozen=True)
class Person:
    """Somebody who has come, and all that happened to him.

    ``since``: since when an answer is owed, None where none is; ``until``: when he then leaves.
    """

    customer: NightCustomer
    where: str = WAITING
    since: int | None = None
    until: int = 0
    taken: int | None = None
    lines: tuple[SpokenLine, ...] = ()
    picks: tuple[NightPick, ...] = ()
    said: tuple[str, ...] = ()
    """The intents chosen in an old conversation."""
    times: tuple[int, ...] = ()
    """When they were chosen."""
    holds: int = 0
    given: Decimal = NOTHING
    promises: tuple[NightPromise, ...] = ()
    warned: bool = False
    """Whether it has been told, when the window was to be closed, what is not answered or not noted."""
    lacks: tuple[str, ...] = ()
    """What did not come along when he was handed over (`handover.Packet.missing`)."""
    due: Decimal = NOTHING
    ended: int | None = None
    how: str = ""

    @property
    def who(self) -> str:
        """His name."""
        return self.customer.who

    @property
    def owes(self) -> str:
        """What was promised and is not noted, in the words in which it was said."""
        return "；".join(one.what for one in self.promises if one.noted is None)

    @property
    def question(self) -> DeskQuestion | None:
        """The computed question that waits for an answer."""
        asked = self.customer.questions
        return asked[len(self.picks)] if len(self.picks) < len(asked) else None

    @property
    def talk(self) -> Score | None:
        """The old conversation as far as it went, None where there is none."""
        name = self.customer.scene
        return scenes.told(name, self.said) if name else None

    @property
    def day(self) -> str:
        """The day of an old conversation: what is said in it of tomorrow is said of the day after."""
        talk = self.talk
        at = talk.scenario.date if talk else None
        return f"{at.year}年{at.month}月{at.day}日" if at else ""

    @property
    def finished(self) -> bool:
        """Whether all that he asked has been answered, rightly or not."""
        talk = self.talk
        return talk.ending is not None if talk else self.question is None

    @property
    def started(self) -> bool:
        """Whether anything that he asked has been answered."""
        return bool(self.picks or self.said)


@dataclass(frozen=True)
class Choice:
    """One way to answer, by the key that chooses it."""

    key: str
    text: str


@dataclass(frozen=True)
class OpenAsk:
    """What waits for an answer, and the ways, in the order in which they are to be shown."""

    says: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Waiting:
    """Somebody in the queue."""

    who: str
    channel: str
    since: int
    first: str
    robot: str


@dataclass(frozen=True)
class Open:
    """A window as it is shown: see `NightState.windows`."""

    who: str
    channel: str
    day: str
    scene: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[SpokenLine, ...]
    ask: OpenAsk | None
    since: int | None
    mood: int
    given: Decimal
    gifts: tuple[str, ...]
    owes: str
    packets: tuple[Choice, ...]


@dataclass(frozen=True)
class Gone:
    """Somebody who is no longer at the desk, and how that came."""

    who: str
    at: int
    how: str


@dataclass(frozen=True)
class AnswerVerdict:
    """What an answer was worth: ``right`` in the matter and well said; why, and which section says so."""

    who: str
    right: bool
    why: str
    lesson: Lesson


@dataclass(frozen=True)
class NightState:
    """The desk at a second of the night. ``news`` is what the last move or the time since brought."""

    night: ShopNight
    now: int
    moves: tuple[NightMove, ...]
    people: Mapping[str, Person]
    inbox: Inbox
    news: tuple[SpokenLine, ...] = field(default=(), compare=False)
    verdict: AnswerVerdict | None = field(default=None, compare=False)
    over: bool = False
    _come: int = field(default=0, repr=False)

    @cached_property
    def queue(self) -> tuple[Waiting, ...]:
        """Who waits, the longest first."""
        found = [self.people[one.customer] for one in self.inbox.queue()]
        return tuple(
            Waiting(one.who, one.customer.channel, one.customer.at, one.customer.first, one.customer.robot)
            for one in found
        )  # fmt: skip

    @cached_property
    def windows(self) -> tuple[Open, ...]:
        """The player's windows, in the order in which they were taken."""
        mine = [self.people[one.customer] for one in self.inbox.windows if one.seat == ME]
        return tuple(self._open(one) for one in sorted(mine, key=lambda p: (p.taken or 0, p.who)))

    @property
    def gone(self) -> tuple[Gone, ...]:
        """Who is gone, in order."""
        found = [Gone(p.who, p.ended, p.how) for p in self.people.values() if p.ended is not None]
        return tuple(sorted(found, key=lambda one: one.at))

    @property
    def room(self) -> int:
        """How many 青禾 could take over now."""
        return self.inbox.room(SECOND)

    @property
    def given(self) -> Decimal:
        """The yuan given so far."""
        return sum((one.given for one in self.people.values()), NOTHING)

    @property
    def counts(self) -> dict[str, int]:
        """How many have come (来), wait (排), are in windows (接), and how those ended who are gone."""
        ends = [one.how for one in self.people.values()]
        robot = sum(one.at <= self.now for one in self.night.robot)
        return {
            "来": len(self.people), "暖暖": robot, "排": len(self.inbox.queue()),
            "接": len(self.inbox.held(ME)), **{how: ends.count(how) for how in (DONE, HANDED, LEFT, DROPPED, OVER)},
        }  # fmt: skip

    @property
    def told(self) -> AnswerVerdict | None:
        """The verdict as far as the level shows it: always, only what was wrong, never."""
        if self.verdict is None or self.night.level == 3:
            return None
        return None if self.night.level == 2 and self.verdict.right else self.verdict

    def ask(self, who: str) -> OpenAsk | None:
        """Return what a window's customer waits for."""
        person = self.people[who]
        if person.since is None:
            return None
        if person.customer.scene:
            talk = person.talk
            assert talk is not None
            turn = talk.scenario.turns[talk.at]
            by = {one.intent: one.say for one in turn.options}
            shown = [by[intent] for intent in self._order(person, talk)]
            says = turn.says
        else:
            question = person.question
            assert question is not None
            says, shown = question.says, [one.text for one in question.ways]
        return OpenAsk(says, tuple(Choice(str(n), text) for n, text in enumerate(shown, 1)))

    def _order(self, person: Person, talk: Score) -> tuple[str, ...]:
        return scenes.order(f"{self.night.seed}/{self.night.level}", person.customer.scene, talk.at)

    def _open(self, person: Person) -> Open:
        scene, talk, question = "", person.talk, person.question
        if talk:
            scene = f"{talk.scenario.scene}要办到：{talk.scenario.goal}"
        last = question or (person.picks[-1].question if person.picks else None)
        gifts = sorted({*(last.gifts if last else ()), *GIFTS}, key=Decimal)
        return Open(
            person.who, person.customer.channel, person.day, scene, last.facts if last else (), person.lines,
            self.ask(person.who), person.since, mood(person, self.now), person.given, tuple(gifts), person.owes,
            tuple(Choice(key, text) for key, (text, _) in packets(self.night, person).items()),
        )  # fmt: skip


def packets(night: ShopNight, person: Person) -> dict[str, tuple[str, handover.Packet]]:
    """Return by their keys the notes with which somebody can be handed over, and what each carries along.

    One carries all that chapters 13 and 15 ask for: who, what was said, what is to be done, how far it is and
    what was promised; the others leave something out. Their order is drawn.
    """
    question = person.question
    asked = (question.says if question else person.customer.first).rstrip("？！。")
    done = (
        f"前面{len(person.picks)}样答过了"
        if person.picks
        else "旧案聊到一半"
        if person.said
        else handover.NONE
    )
    owes = "、".join(one.what for one in person.promises)
    step = f"{done}，答应过“{owes}”" if owes else done
    talk = tuple(one.text for one in person.lines)
    whole = handover.Packet(person.who, talk, f"“{asked}”", step)
    notes = [
        (f"{person.who}问“{asked}”；{step}{'' if owes else '，没有答应过什么'}。", whole),
        (f"{person.who}问“{asked}”；他等急了，你先接住，快一点回他。", replace(whole, ticket="")),
        (
            f"{person.who}在我这里等了一阵，前面的话都在窗口里，你往上翻一翻就知道。",
            replace(whole, problem="", ticket=""),
        ),
    ]
    Random(f"{night.seed}/{night.level}/{person.who}").shuffle(notes)
    return {str(n): note for n, note in enumerate(notes, 1)}


CROSS = 45
"""How somebody feels who comes upset, or was answered wrongly."""


def mood(person: Person, now: int) -> int:
    """Return how a customer feels, 100 to 0: what is left of his patience, times what the talk left of it.

    Who asks a computed question stands at 100; at `CROSS` who comes upset, until he is answered, and who was
    answered wrongly last.
    """
    talk, asks, last = person.talk, person.question, person.picks[-1:]
    wrong = any(not one.way.right or one.question.faults(one.way) for one in last)
    cross = wrong or (asks is not None and asks.needs >= UPSET)
    base = talk.state.patience if talk else CROSS if cross else 100
    if person.since is None:
        return base
    left = max(person.until - now, 0) / max(person.until - person.since, 1)
    return round(base * min(left, 1))


def start(night: ShopNight) -> NightState:
    """Return the desk at nine in the evening, with who comes at that very second."""
    seats = (Seat(ME, WINDOWS), Seat(SECOND, ROOM))
    return _after(NightState(night, OPENS, (), {}, Inbox(seats)), OPENS, [])


def tick(state: NightState, at: int) -> NightState:
    """Return the desk at a later second: who came and who left meanwhile. Ticks are no part of the record."""
    until = min(count(at, "at"), CLOSES)
    need("at", at >= state.now, f"a second from {state.now} on", f"{state.now}或以后的一秒", at)
    return _after(state, until, [])


def finish(state: NightState) -> NightState:
    """Return the desk at one in the morning."""
    return tick(state, CLOSES)


def step(state: NightState, move: NightMove) -> NightState:
    """Return the desk after a move, with the time until it.

    Raises ``ValueError`` with what is wrong, in both languages, for a move that cannot be (`chinese` takes the
    Chinese part).
    """
    what = one_of(move.what, "what", MOVES)
    at = count(move.at, "at")
    need("at", state.now <= at < CLOSES, f"a second from {state.now} to {CLOSES - 1}",
         f"{state.now}到{CLOSES - 1}之间的一秒（没到点也没下班）", move.at)  # fmt: skip
    news: list[SpokenLine] = []
    before = _after(state, at, news)
    after = _DOES[what](before, move, news)
    return replace(after, moves=(*state.moves, move), news=tuple(news))


def play(night: ShopNight, moves: Iterable[NightMove]) -> NightState:
    """Return the desk after all moves of a record."""
    state = start(night)
    for move in moves:
        state = step(state, move)
    return state


def replay(night: ShopNight, moves: Sequence[NightMove]) -> tuple[NightState, ...]:
    """Return the desk at the start, after each move, and at the end of the night."""
    states = [start(night)]
    for move in moves:
        states.append(step(states[-1], move))
    return (*states, finish(states[-1]))


def allowed(state: NightState, who: str) -> tuple[str, ...]:
    """Return the moves that can be made for somebody now."""
    person = state.people.get(who)
    if person is None or state.over or person.where not in (WAITING, OPEN):
        return ()
    if person.where == WAITING:
        return ("take",) if state.inbox.room(ME) else ()
    found = ["hold", "answer"] if person.since is not None else []
    if person.customer.channel == "评价" and found:
        found.remove("hold")  # nobody asks for a moment where all read it
    if person.customer.channel != "同事":
        found.append("give")
        if person.since is not None and state.room:
            found.append("hand")
    if person.owes:
        found.append("note")
    return (*found, "close")


def next_event(state: NightState) -> int:
    """Return the next second at which somebody comes, has written or leaves, or the end of the night."""
    written = [one.since for one in state.people.values() if one.since is not None]
    happens = (at for at, *_ in _events(state, CLOSES))
    return min((at for at in (*happens, *written) if at > state.now), default=CLOSES)


BUSY, HURRY, IDLE = 5, 8, 40
"""Seconds of the night in one of the player's: while somebody is owed an answer, about midnight, else."""
LULL = 5
"""Seconds of the player's that a time in which nobody wants anything lasts at most: it passes faster then."""


def pace(state: NightState) -> int:
    """Return how fast the clock should run now: at these paces four hours take about a quarter of one."""
    if any(one.since is not None for one in state.people.values()):
        return HURRY if RUSH[0] <= state.now < RUSH[1] else BUSY
    return max(IDLE, -(-(next_event(state) - state.now) // LULL))


def wanting(state: NightState) -> tuple[str, ...]:
    """Return who waits for the player now, the most urgent first, as chapter 03 orders them.

    Windows by their wait, then the queue by its own; last the windows in which 稍等 bought some time.
    """
    held = [one.customer for one in state.inbox.held(ME)]
    owed = [
        who for who in held if (since := state.people[who].since) is not None and since <= state.now
    ]
    asks = [who for who in owed if state.inbox.window(who).waiting_since]
    queue = [one.customer for one in state.inbox.queue()]
    return (*asks, *queue, *(who for who in owed if who not in asks))


def whom(state: NightState) -> str:
    """Return who should be looked at first of those who wait and can be served now; else nobody."""
    room = state.inbox.room(ME)
    can = (who for who in wanting(state) if room or state.people[who].where == OPEN)
    return next(can, "")


def chinese(error: Exception) -> str:
    """Return the Chinese part of an error's text."""
    text = str(error)
    return text[text.index("（") + 1 : -1] if text.endswith("）") and "（" in text else text


# Time


def _events(state: NightState, until: int) -> Iterator[tuple[int, int, str]]:
    """Yield what happens by a second: (when, its rank, who); who comes before who leaves."""
    if state._come < len(state.night.customers):
        one = state.night.customers[state._come]
        if one.at <= until:
            yield one.at, 0, one.who
    for person in state.people.values():
        if person.where != GONE and person.since is not None and person.until <= until:
            yield person.until, 2, person.who
        elif person.where == HANDED and person.until <= until:
            yield person.until, 1, person.who


def _after(state: NightState, until: int, news: list[SpokenLine]) -> NightState:
    """Return the desk at a second, everything done that happens by then, in order."""
    while (found := min(_events(state, until), default=None)) is not None:
        at, rank, who = found
        if rank == 0:
            state = _arrives(state, news)
        elif rank == 1:
            state = _leaves(state, who, at, HANDED)
            news.append(SpokenLine(at, SYSTEM, f"青禾办好了{who}的事"))
        else:
            state = _leaves(state, who, at, LEFT)
            news.append(SpokenLine(at, SYSTEM, f"{who}等不及，走了"))
    state = replace(state, now=until, news=tuple(news), verdict=None)
    return _shut(state) if until == CLOSES and not state.over else state


def _arrives(state: NightState, news: list[SpokenLine]) -> NightState:
    one = state.night.customers[state._come]
    lines = [SpokenLine(one.at, CUSTOMER, one.first)]
    if one.robot:
        ahead = handover.told(len(state.inbox.queue()))
        lines += [SpokenLine(one.at, ROBOT, one.robot), SpokenLine(one.at, ROBOT, ahead)]
    person = Person(one, since=one.at, until=one.at + one.lasts(0), lines=tuple(lines))
    news.append(SpokenLine(one.at, SYSTEM, f"{one.who}来了（{one.channel}）"))
    return replace(
        state, people={**state.people, one.who: person}, inbox=state.inbox.arrive(one.who, moment(one.at)),
        _come=state._come + 1,
    )  # fmt: skip


def _leaves(state: NightState, who: str, at: int, how: str) -> NightState:
    person = replace(state.people[who], where=GONE, since=None, ended=at, how=how)
    return replace(state, people={**state.people, who: person}, inbox=state.inbox.close(who))


def _shut(state: NightState) -> NightState:
    """Return the desk at the end: who is owed nothing more is done, whoever is owed an answer is not."""
    for window in state.inbox.windows:
        person = state.people[window.customer]
        how = HANDED if person.where == HANDED else DONE if person.finished else OVER
        state = _leaves(state, window.customer, CLOSES, how)
    return replace(state, over=True)


# Moves


def _person(state: NightState, move: NightMove, *where: str) -> Person:
    known = {one.who for one in state.people.values() if one.where in where}
    need("who", move.who in known, f"somebody in {'/'.join(where)}",
         f"正在{'或'.join(where)}的人", move.who)  # fmt: skip
    return state.people[move.who]


def _put(state: NightState, person: Person) -> NightState:
    return replace(state, people={**state.people, person.who: person})


def _take(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    person = _person(state, move, WAITING)
    need("windows", state.inbox.room(ME) > 0, f"at most {WINDOWS} windows at once",
         f"至多{WINDOWS}个窗口，先结束一个", len(state.inbox.held(ME)))  # fmt: skip
    state = replace(state, inbox=state.inbox.claim(ME, move.who))
    return _put(state, replace(person, where=OPEN, taken=move.at))


def _owed(state: NightState, move: NightMove) -> Person:
    person = _person(state, move, OPEN)
    need("who", person.since is not None, "a window where an answer is owed", "还欠着答复的窗口",
         move.who)  # fmt: skip
    return person


def _hold(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    """Send the canned reply: the first buys three minutes, unless it should not go out to this one."""
    person = _owed(state, move)
    need(
        "who", "hold" in allowed(state, move.who), "somebody in a chat", "聊天窗口里的人", move.who
    )
    name = person.who.partition("·")[0]
    says = person.lines[-1].text if person.lines else ""
    wrong = [one for one in HOLD.objections({NICKNAME: name}, name, says) if "承诺" not in one]
    until = person.until if person.holds or wrong else max(person.until, move.at + THREE_MINUTES)
    for one in wrong:
        news.append(SpokenLine(move.at, SYSTEM, one))
    if person.holds:
        news.append(SpokenLine(move.at, SYSTEM, f"{move.who}听过一次“稍等”了，再说一次留不住。"))
    line = SpokenLine(move.at, AGENT, HOLD.fill({NICKNAME: name}))
    state = replace(state, inbox=state.inbox.answer(move.who))
    return _put(
        state, replace(person, holds=person.holds + 1, until=until, lines=(*person.lines, line))
    )


def _answer(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    person = _owed(state, move)
    ask = state.ask(move.who)
    assert ask is not None
    place = int(one_of(move.choice, "choice", [one.key for one in ask.choices])) - 1
    said = SpokenLine(move.at, AGENT, ask.choices[place].text)
    if person.customer.scene:
        person, verdict = _on(state, person, place, move.at)
    else:
        person, verdict = _picked(person, place, move.at)
    later = person.since
    person = replace(person, lines=(*person.lines[: len(state.people[move.who].lines)], said,
                                    *person.lines[len(state.people[move.who].lines) :]))  # fmt: skip
    inbox = state.inbox.answer(move.who)
    if later is not None:
        inbox = inbox.arrive(move.who, moment(later))
    return replace(_put(state, person), inbox=inbox, verdict=verdict)


def _picked(person: Person, place: int, at: int) -> tuple[Person, AnswerVerdict]:
    """Return a customer after a computed question was answered: thanks, or the next question."""
    question = person.question
    assert question is not None
    way = question.ways[place]
    faults = question.faults(way)
    right = way.right and not faults
    person = replace(
        person, picks=(*person.picks, NightPick(at, question, way)), due=person.due + question.due, warned=False,
    )  # fmt: skip
    for what in filter(None, (way.owes, question.pledge if way.right else "")):
        person = _promised(person, at, what, question.kind)
    replies = (question.thanks or GLAD) if right else FLAT if way.right else DOUBT
    if person.customer.channel == "同事":
        replies = (question.thanks or NODS) if right else DOUBT
    reply = replies[sum(map(ord, person.who)) % len(replies)]
    following = person.question
    lines = [SpokenLine(at, CUSTOMER, reply, True)]
    if person.customer.channel == "评价":
        lines = [SpokenLine(at, SYSTEM, POSTED)]
    since, until = None, person.until
    if following:
        lines = [SpokenLine(at + TYPES, CUSTOMER, following.says)]
        since, until = at + TYPES, at + TYPES + person.customer.lasts(len(person.picks))
    why = joined(*(() if right else (way.slip, *(one.why for one in faults[:1]))), question.why)
    return (
        replace(person, since=since, until=until, lines=(*person.lines, *lines)),
        AnswerVerdict(person.who, right, why, question.lesson),
    )


def _on(state: NightState, person: Person, place: int, at: int) -> tuple[Person, AnswerVerdict]:
    """Return a customer of an old conversation after a line of it."""
    talk = person.talk
    assert talk is not None
    intent = state._order(person, talk)[place]
    person = replace(person, said=(*person.said, intent), times=(*person.times, at), warned=False)
    then = person.talk
    assert then is not None
    beat = then.beats[-1]
    assert beat.option is not None
    if scenes.retracted(beat.option.say):
        person = replace(person, promises=())
    if what := scenes.promised(person.customer.scene, beat.option.say):
        person = _promised(person, at, what, f"{person.customer.scene}（{person.day}的旧案）")
    ending = then.ending
    words = beat.answer + (ending.says if ending else then.scenario.turns[then.at].says)
    lines = [SpokenLine(at if ending else at + TYPES, CUSTOMER, words, ending is not None)]
    if ending:
        lines.append(SpokenLine(at, SYSTEM, f"旧案结束：{ending.means}"))
    since = None if ending else at + TYPES
    until = person.until if ending else at + TYPES + person.customer.lasts(len(person.said))
    why = f"{beat.option.why}（{beat.changes()}）"
    return (
        replace(person, since=since, until=until, lines=(*person.lines, *lines)),
        AnswerVerdict(person.who, beat.option.right, why, scenes.lesson(person.customer.scene)),
    )


def _promised(person: Person, at: int, what: str, about: str) -> Person:
    """Return somebody to whom this has been promised; what was promised before is promised once."""
    if what in [one.what for one in person.promises]:
        return person
    return replace(
        person, promises=(*person.promises, NightPromise(at, what, about=about)), warned=False
    )


def _give(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    """Give money: it calms for another three minutes, whatever it is worth."""
    person = _person(state, move, OPEN)
    need(
        "who",
        person.customer.channel != "同事",
        "a customer, no colleague",
        "客人，不是同事",
        move.who,
    )
    window = next(one for one in state.windows if one.who == move.who)
    yuan = Decimal(one_of(move.choice, "choice", window.gifts))
    line = SpokenLine(move.at, SYSTEM, f"补给{person.who}{move.choice}元")
    until = max(person.until, move.at + THREE_MINUTES)
    return _put(
        state, replace(person, given=person.given + yuan, until=until, lines=(*person.lines, line))
    )


def _hand(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    """Hand over to 青禾 with a note; she needs her time for it, and more where he has to tell it all again."""
    person = _owed(state, move)
    need(
        "who",
        person.customer.channel != "同事",
        "a customer, no colleague",
        "客人，不是同事",
        move.who,
    )
    need(
        "room",
        state.room > 0,
        "a colleague with room",
        "还接得下的同事（青禾手上满了）",
        state.room,
    )
    notes = packets(state.night, person)
    note, packet = notes[one_of(move.choice, "choice", notes)]
    lacks = packet.missing()
    house = routing.House()
    busy = int(house.briefing + house.handling * WINDOWS * (house.repeat if lacks else 1))
    opening = packet.opening(SECOND)
    line = SpokenLine(move.at, SYSTEM, f"转给青禾：{note}")
    news.append(SpokenLine(move.at, SYSTEM, f"青禾头一句：{opening}"))
    inbox = state.inbox.transfer(move.who, SECOND, note)
    return _put(replace(state, inbox=inbox), replace(
        person, where=HANDED, since=None, until=move.at + busy, lines=(*person.lines, line), lacks=lacks,
    ))  # fmt: skip


def _note(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    person = _person(state, move, OPEN)
    need(
        "who",
        person.owes,
        "a promise that is not noted yet",
        "答应过什么、还没有记的窗口",
        move.who,
    )
    inbox = state.inbox.add_task(move.who, person.owes)
    line = SpokenLine(move.at, SYSTEM, f"记进待办：{person.owes}")
    promises = tuple(
        one if one.noted is not None else replace(one, noted=move.at) for one in person.promises
    )
    return _put(
        replace(state, inbox=inbox),
        replace(person, promises=promises, lines=(*person.lines, line)),
    )


def _close(state: NightState, move: NightMove, news: list[SpokenLine]) -> NightState:
    """Close a window; what he has not been answered is told once first, and, below level 3, what is not noted."""
    person = _person(state, move, OPEN)
    left = "" if person.finished else f"{move.who}问的还没答完"
    if not left and person.owes and state.night.level < 3:
        left = f"答应了{move.who}“{person.owes}”，还没记待办"
    if left and not person.warned:
        line = SpokenLine(move.at, SYSTEM, f"先别关：{left}。再按一次结束，就这样关了。")
        news.append(line)
        return _put(state, replace(person, warned=True, lines=(*person.lines, line)))
    return _leaves(state, move.who, move.at, DONE if person.finished else DROPPED)


_DOES = {"take": _take, "hold": _hold, "answer": _answer, "give": _give, "hand": _hand, "note": _note,
         "close": _close}  # fmt: skip
