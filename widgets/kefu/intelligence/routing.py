"""Who takes which chat, and how long the others wait: a shop's queue, simulated event by event.

Customers come, a robot or a person takes them, who waits too long leaves. Each customer's patience, work and
luck with the robot are drawn before anything happens, in the order of arrival: two policies under one seed
meet the very same people. All times in seconds. What is random takes a seed; the numbers of `House` and
`Robot` are assumptions but for those that say where they come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from itertools import accumulate
from math import exp, fsum, inf
from random import Random
from typing import Literal, NamedTuple, get_args

from kefu.amounts import count, one_of, share, yes_or_no
from kefu.errors import need
from kefu.intelligence.staffing import measure

First = Literal["人工优先", "机器人优先", "按分组", "混合"]
Pick = Literal["最闲", "轮流", "熟客"]
FIRSTS: tuple[First, ...] = get_args(First)
PICKS: tuple[Pick, ...] = get_args(Pick)
STAGES = ("售前", "售后")
MINUTE, HOUR = 60.0, 3600.0
ROBOT = -1
"""Stands for the robot where a seat's number is told."""


class Arrival(NamedTuple):
    """One who comes: when, before or after the sale, what it is about, who served him last (a seat's name)."""

    at: float
    stage: str = "售前"
    skill: str = ""
    regular: str = ""


@dataclass(frozen=True)
class Chair:
    """One who answers: team, chats at once, skills (none: all), shifts as (from, to).

    A ``reserve`` takes only who has waited as long as the policy's ``overflow`` says.
    """

    name: str
    team: str = "售前"
    at_once: int = 3
    skills: frozenset[str] = frozenset()
    shifts: tuple[tuple[float, float], ...] = ((0.0, inf),)
    reserve: bool = False

    def __post_init__(self) -> None:
        count(self.at_once, "at_once", least=1)
        need("at_once", self.at_once <= 500, "at most 500", "不超过500的数", self.at_once)
        edges = [edge for shift in self.shifts for edge in shift]
        ordered = edges == sorted(edges) and len(set(edges)) == len(edges)
        need("shifts", ordered and all(edge >= 0 for edge in edges),
             "shifts one after another", "先后相接、不相交的班次", self.shifts)  # fmt: skip


@dataclass(frozen=True)
class Policy:
    """How chats are shared out.

    ``first``: people while one is free, else the robot (人工优先); the robot (机器人优先); the team of one's
    own stage (按分组); or people until they have ``switch`` chats each on average, then the robot (混合).
    ``groups``: each stage has a line of its own under every ``first``, as under 按分组.
    ``pick`` among those free: who has least to do (最闲), who has been idle longest (轮流), who served him
    last if there within ``hold`` seconds (熟客).
    ``skills``: only who has the skill, and after ``widen`` seconds (None: never) the whole team.
    ``overflow``: after so many seconds of waiting (None: never) other teams and the reserve too.
    ``packet``: what the customer told the robot comes along. ``handover``: open chats go to colleagues at the
    end of a shift; else one stays to end them.
    """

    first: First = "人工优先"
    pick: Pick = "最闲"
    switch: float = 2.0
    hold: float = 30.0
    skills: bool = False
    widen: float | None = 60.0
    overflow: float | None = None
    packet: bool = True
    handover: bool = False
    groups: bool = False

    def __post_init__(self) -> None:
        one_of(self.first, "first", FIRSTS)
        one_of(self.pick, "pick", PICKS)
        measure(self.switch, "switch")
        measure(self.hold, "hold")
        for name in ("widen", "overflow"):
            if getattr(self, name) is not None:
                measure(getattr(self, name), name)
        for name in ("skills", "packet", "handover", "groups"):
            yes_or_no(getattr(self, name), name)


class Transfer(NamedTuple):
    """A case of automatic transfer: its share of all transfers, after how long, before all others or not."""

    part: float
    after: float
    urgent: bool = False


TRANSFERS: Mapping[str, Transfer] = {
    "几次没答上": Transfer(0.72, 40),
    "拒绝机器人": Transfer(0.22, 5),
    "机器人没反应": Transfer(0.03, 180),
    "信息安全": Transfer(0.02, 5, urgent=True),
    "紧急危险": Transfer(0.01, 5, urgent=True),
}
"""The five cases of GB/T 47746—2026, 5.2.2.6, under the names of `intelligence.handover`.

Three minutes without an answer are the standard's example; shares and the other times are assumptions, and
that the last two go before all who wait is the book's own rule.
"""


@dataclass(frozen=True)
class Robot:
    """What the robot does with those it gets: it keeps a share, of whom ``right`` are helped."""

    keeps: float = 0.6
    right: float = 0.85
    seconds: float = 20.0
    transfers: Mapping[str, Transfer] = field(default_factory=lambda: TRANSFERS)

    def __post_init__(self) -> None:
        share(self.keeps, "keeps")
        share(self.right, "right")
        measure(self.seconds, "seconds")
        total = fsum(one.part for one in self.transfers.values())
        need("transfers", abs(total - 1) < 1e-9, "parts that add up to 1", "加起来是1的份额", total)


@dataclass(frozen=True)
class House:
    """The shop around the queue.

    ``handling`` of a chat that an agent has alone and ``patience``, both on average, exponential, the planted
    truth of the table rush; ``factors``: speed by chats at once, as `staffing.FACTORS`, or None where a chat
    takes as long beside others (so the table was made); ``within``: seconds of the service level;
    ``solves``: share that an agent helps; without the skill ``unskilled`` times that, and ``slower`` times the
    time; ``repeat``: times the time where the customer has to tell all again; ``briefing``: seconds that a
    chat handed over costs; ``wage`` an hour, ``robot_fee`` a chat in yuan.
    """

    handling: float = 130.0
    patience: float = 240.0
    factors: Mapping[int, float] | None = None
    within: float = 20.0
    solves: float = 0.92
    unskilled: float = 0.8
    slower: float = 1.3
    repeat: float = 1.25
    briefing: float = 30.0
    wage: float = 25.0
    robot_fee: float = 0.1
    robot: Robot = field(default_factory=Robot)

    def __post_init__(self) -> None:
        for name in ("handling", "slower", "repeat"):
            measure(getattr(self, name), name, positive=True)
        for name in ("within", "briefing", "wage", "robot_fee"):
            measure(getattr(self, name), name)
        need("patience", self.patience > 0, "a number > 0", "大于0的数", self.patience)
        share(self.solves, "solves")
        share(self.unskilled, "unskilled")


class Trip(NamedTuple):
    """What became of one who came.

    ``asked``: when he began to wait for a person, None if never; ``position``: how many waited before him, as
    he was told; ``taken``: when a person took him; ``by``: the seat's number, `ROBOT`, or None who left;
    ``ended``: when he was done or left; ``cause`` of an automatic transfer; ``stage`` as he came.
    """

    at: float
    asked: float | None
    position: int | None
    taken: float | None
    by: int | None
    ended: float
    solved: bool
    cause: str
    stage: str

    @property
    def left(self) -> bool:
        """Whether he lost patience."""
        return self.by is None

    @property
    def waited(self) -> float:
        """Return how long he waited for a person: 0 who never did, endless where none came and he stayed."""
        if self.asked is None:
            return 0.0
        if self.taken is None and self.ended < self.asked:
            return inf
        return (self.ended if self.taken is None else self.taken) - self.asked


@dataclass(frozen=True)
class Result:
    """What a policy brings. Waiting figures are of those who asked for a person, the others of all.

    ``wait``: mean seconds, who left included; ``service_level``: share taken within the time;
    ``abandonment``: share who left; ``cost``: yuan a chat, wages and robot; ``resolved``: share helped at
    once; ``occupancy``: share of the agents' places in use while on duty; ``overtime``: seconds after shifts.
    """

    wait: float
    service_level: float
    abandonment: float
    cost: float
    resolved: float
    occupancy: float
    longest: float
    overtime: float
    chats: int
    asked: int
    by_robot: int
    left: int
    trips: tuple[Trip, ...] = field(repr=False)


WAITING, DONE, GONE = 1, 2, 3  # states of a customer; 0 has not asked for a person
_ASK, _LEAVE, _WIDEN, _END, _ON, _OFF = range(6)  # kinds of events


def simulate(
    arrivals: Iterable[Arrival],
    agents: Sequence[Chair],
    policy: Policy,
    seed: int,
    *,
    house: House = House(),
) -> Result:
    """Return what becomes of everybody. Raises ``ValueError`` or ``TypeError``.

    >>> quiet = simulate(stream(0.5, 60, seed=1), [Chair("小满")], Policy("按分组"), seed=1)
    >>> quiet.chats == quiet.by_robot + quiet.left + sum(trip.by == 0 for trip in quiet.trips)
    True
    """
    night = _Night(arrivals, agents, policy, seed, house)
    night.run()
    return night.result()


class _Night:
    """The state while a simulation runs: customers and seats by number."""

    def __init__(
        self,
        arrivals: Iterable[Arrival],
        agents: Sequence[Chair],
        policy: Policy,
        seed: int,
        house: House,
    ) -> None:
        self.people = sorted(arrivals)
        self.seats, self.policy, self.house = tuple(agents), policy, house
        names = [seat.name for seat in self.seats]
        need("agents", len(set(names)) == len(names), "different names", "各不相同的名字", names)
        if self.people:
            first, last = self.people[0].at, self.people[-1].at
            need(
                "arrivals", first >= 0 and last < inf, "times >= 0", "不小于0的时刻", (first, last)
            )
        random = chance(seed, "people")
        many, draw = len(self.people), random.random
        hasty = 1 / house.patience
        self.patience = [random.expovariate(hasty) if hasty else inf for _ in self.people]
        self.work = [random.expovariate(1 / house.handling) for _ in self.people]
        self.luck = [draw() for _ in self.people]
        self.help = [draw() for _ in self.people]
        self.state = [0] * many
        self.asked: list[float | None] = [None] * many
        self.position: list[int | None] = [None] * many
        self.taken: list[float | None] = [None] * many
        self.by: list[int | None] = [None] * many
        self.ended = [0.0] * many
        self.solved = [False] * many
        self.cause = [""] * many
        self.urgent = [False] * many
        # seats
        size = len(self.seats)
        self.duty = [False] * size
        self.chats = [0] * size
        self.idle_since = [0] * size
        self.spare = self.on = self.open = 0
        self.clock = [0.0] * size  # each seat's own: a chat ends when it has run by its work
        self.last = [0.0] * size
        self.jobs: list[list[tuple[float, int]]] = [[] for _ in range(size)]
        self.version = [0] * size
        top = max((seat.at_once for seat in self.seats), default=1)
        self.speed = [1.0] * (top + 1)
        if house.factors is not None:
            for at_once in range(1, top + 1):
                need("factors", at_once in house.factors, f"factors up to {top}",
                     f"到{top}为止的系数", house.factors)  # fmt: skip
                self.speed[at_once] = house.factors[at_once] / at_once
        self.steady = house.factors is None and not policy.handover
        self.topics = {person.skill for person in self.people if person.skill}
        self.keys = [tuple(self._keys(seat)) for seat in self.seats]
        self.fit: dict[str, list[int]] = {}
        for number, keys in enumerate(self.keys):
            for key in keys:
                self.fit.setdefault(key, []).append(number)
        self.lines: dict[
            str, list[tuple[int, float, int]]
        ] = {}  # urgent ones first, then by when they asked
        self.waiting: dict[str, int] = dict.fromkeys(STAGES, 0) | {"": 0}
        self.rushed = 0
        self.tick = 0
        self.events: list[tuple[float, int, int, int, int]] = []
        self.over = self.talked = 0.0
        causes = house.robot.transfers
        self.causes = list(causes)
        self.edges = list(accumulate(one.part for one in causes.values()))

    @property
    def apart(self) -> bool:
        """Whether each stage has its own line."""
        return self.policy.groups or self.policy.first == "按分组"

    # Which line one stands in: a key a line; a seat takes from the lines of its keys

    def _keys(self, seat: Chair) -> Iterator[str]:
        if self.policy.pick == "熟客":
            yield f"@{seat.name}"
        if self.policy.overflow is not None:
            yield "+"
        if not seat.reserve:
            team = seat.team if self.apart else ""
            yield f"{team}/"
            if self.policy.skills:
                yield from (f"{team}/{skill}" for skill in sorted(seat.skills or self.topics))

    def _team(self, i: int) -> str:
        return self.people[i].stage if self.apart else ""

    # Events

    def push(self, at: float, kind: int, one: int, other: int = 0) -> None:
        """Put an event down; of two at one moment the one that was put down first goes first."""
        self.tick += 1
        heappush(self.events, (at, self.tick, kind, one, other))

    def run(self) -> None:
        """Let everything happen."""
        for number, seat in enumerate(self.seats):
            for start, end in seat.shifts:
                self.push(start, _ON, number)
                if end < inf:
                    self.push(end, _OFF, number)
        act = [self.ask, self.leave, self.widen, self.end, self.begin, self.finish]
        events, people = self.events, self.people
        come, many = 0, len(people)
        while come < many or events:
            if come < many and (not events or people[come].at < events[0][0]):
                self.arrive(come, people[come].at)
                come += 1
            else:
                now, _, kind, one, other = heappop(events)
                act[kind](now, one, other)

    def arrive(self, i: int, now: float) -> None:
        """Send one who comes to a person or to the robot."""
        first = self.policy.first
        if not self.on or first == "机器人优先":
            self.robot(i, now)
        elif first == "人工优先":
            if self.spare and self.choose(self.key(i)) is not None:
                self.ask(now, i, 0)
            else:
                self.robot(i, now)
        elif first == "混合" and self.open >= self.policy.switch * self.on:
            self.robot(i, now)
        else:
            self.ask(now, i, 0)

    def robot(self, i: int, now: float) -> None:
        """Let the robot keep him, or transfer him by one of the five cases."""
        robot, luck = self.house.robot, self.luck[i]
        if luck < robot.keeps:
            self.state[i], self.by[i] = DONE, ROBOT
            self.ended[i] = now + robot.seconds
            self.solved[i] = luck < robot.keeps * robot.right
            return
        place = (luck - robot.keeps) / (1 - robot.keeps)
        which = next((n for n, edge in enumerate(self.edges) if place < edge), len(self.edges) - 1)
        self.cause[i] = self.causes[which]
        case = robot.transfers[self.cause[i]]
        self.urgent[i] = case.urgent
        if not self.policy.packet:
            self.work[i] *= self.house.repeat
        self.push(now + case.after, _ASK, i)

    def free(self, i: int) -> int | None:
        """Return the seat that takes him now, or None."""
        person, policy = self.people[i], self.policy
        if policy.pick == "熟客" and person.regular:
            for seat in self.fit.get(f"@{person.regular}", ()):
                if self.duty[seat]:  # there: waits for this one, at first
                    return seat if self.chats[seat] < self.seats[seat].at_once else None
        return self.choose(self.key(i))

    def key(self, i: int) -> str:
        """Return the line he stands in at first, but for who has an agent of his own."""
        return f"{self._team(i)}/{self.people[i].skill if self.policy.skills else ''}"

    def choose(self, key: str) -> int | None:
        """Return the best of the free seats that take from a line, or None."""
        best, least = None, (inf, 0)
        turns = self.policy.pick == "轮流"
        for seat in self.fit.get(key, ()):
            chats, most = self.chats[seat], self.seats[seat].at_once
            if chats < most and self.duty[seat]:
                rank = (self.idle_since[seat], seat) if turns else (chats / most, seat)
                if rank < least:
                    best, least = seat, rank
        return best

    def ask(self, now: float, i: int, _: int) -> None:
        """Give him a person, or a place in line."""
        self.asked[i] = now
        team, urgent = self._team(i), self.urgent[i]
        self.position[i] = self.rushed if urgent else self.waiting[team]
        seat = self.free(i) if self.spare else None
        if seat is not None:
            self.take(seat, i, now)
            return
        self.state[i] = WAITING
        self.waiting[team] += 1
        self.rushed += urgent
        policy, person = self.policy, self.people[i]
        own = self.fit.get(f"@{person.regular}", ()) if policy.pick == "熟客" else ()
        if person.regular and any(self.duty[number] for number in own):
            self.stand(f"@{person.regular}", i)
            self.push(now + policy.hold, _WIDEN, i, 0)
        else:
            self.queue(now, i)
        if policy.overflow is not None:
            self.push(now + policy.overflow, _WIDEN, i, 2)
        if self.patience[i] < inf:
            self.push(now + self.patience[i], _LEAVE, i)

    def queue(self, now: float, i: int) -> None:
        """Let him stand in the line of his team and skill."""
        key = self.key(i)
        self.stand(key, i)
        if not key.endswith("/") and self.policy.widen is not None:
            self.push(now + self.policy.widen, _WIDEN, i, 1)

    def stand(self, key: str, i: int) -> None:
        """Put him into a line; in each who is urgent goes first, then who asked first."""
        heappush(self.lines.setdefault(key, []), (-self.urgent[i], self.asked[i] or 0.0, i))

    def widen(self, now: float, i: int, step: int) -> None:
        """Open him to more: from his own agent to his line, to all the team, to everybody."""
        if self.state[i] != WAITING:
            return
        if step == 0:
            key = self.key(i)
            self.queue(now, i)
        else:
            key = "+" if step == 2 else f"{self._team(i)}/"
            self.stand(key, i)
        seat = self.choose(key) if self.spare else None
        if seat is not None:
            self.pull(seat, now)

    def leave(self, now: float, i: int, _: int) -> None:
        """Let him go who waited too long."""
        if self.state[i] == WAITING:
            self.state[i], self.ended[i] = GONE, now
            self.waiting[self._team(i)] -= 1
            self.rushed -= self.urgent[i]

    def pull(self, seat: int, now: float) -> None:
        """Let a seat take those next in its lines, until it is full or they are empty."""
        lines, state = self.lines, self.state
        while self.duty[seat] and self.chats[seat] < self.seats[seat].at_once:
            first = None
            for key in self.keys[seat]:
                line = lines.get(key)
                while line and state[line[0][-1]] != WAITING:
                    heappop(line)
                if line and (first is None or line[0] < first):
                    first = line[0]
            if first is None:
                return
            i = first[-1]
            self.waiting[self._team(i)] -= 1
            self.rushed -= self.urgent[i]
            self.take(seat, i, now)

    def take(self, seat: int, i: int, now: float) -> None:
        """Begin a chat."""
        person, desk = self.people[i], self.seats[seat]
        self.state[i], self.taken[i], self.by[i] = DONE, now, seat
        skilled = not (desk.skills and person.skill) or person.skill in desk.skills
        if not skilled:
            self.work[i] *= self.house.slower
        self.solved[i] = self.help[i] < self.house.solves * (1 if skilled else self.house.unskilled)
        self.tick += 1
        self.idle_since[seat] = self.tick
        self.work_on(seat, i, now, self.work[i])

    def work_on(self, seat: int, i: int, now: float, work: float) -> None:
        """Add work to a seat's chats."""
        self.move(seat, now)
        self.chats[seat] += 1
        self.spare -= self.duty[seat]
        self.open += 1
        if self.steady:
            self.push(now + work, _END, seat, i)
        else:
            heappush(self.jobs[seat], (self.clock[seat] + work, i))
            self.plan(seat, now)

    def move(self, seat: int, now: float) -> None:
        """Bring a seat's own clock and the sum of its chats up to the moment."""
        passed, chats = now - self.last[seat], self.chats[seat]
        self.talked += passed * chats
        self.clock[seat] += passed * self.speed[chats]
        self.last[seat] = now

    def plan(self, seat: int, now: float) -> None:
        """Put down when the next of a seat's chats ends as things stand; what was put down before is void."""
        self.version[seat] += 1
        if self.jobs[seat]:
            rest = (self.jobs[seat][0][0] - self.clock[seat]) / self.speed[self.chats[seat]]
            self.push(now + max(rest, 0.0), _END, seat, -self.version[seat])

    def end(self, now: float, seat: int, what: int) -> None:
        """End a chat and take the next."""
        if not self.steady and -what != self.version[seat]:
            return
        self.move(seat, now)
        if not self.steady:
            _, what = heappop(self.jobs[seat])
        self.ended[what] = now
        self.chats[seat] -= 1
        self.open -= 1
        self.spare += self.duty[seat]
        if not self.steady:
            self.plan(seat, now)
        if self.duty[seat]:
            self.pull(seat, now)
        elif not self.chats[seat]:
            self.over += now - self._shift_end(seat, now)

    def _shift_end(self, seat: int, now: float) -> float:
        return max(end for _, end in self.seats[seat].shifts if end <= now)

    def begin(self, now: float, seat: int, _: int) -> None:
        """Let a seat's shift begin."""
        self.duty[seat] = True
        self.on += 1
        self.spare += self.seats[seat].at_once - self.chats[seat]
        self.pull(seat, now)

    def finish(self, now: float, seat: int, _: int) -> None:
        """Let a seat's shift end: what is open goes to free colleagues if the policy says so."""
        self.duty[seat] = False
        self.on -= 1
        self.spare -= self.seats[seat].at_once - self.chats[seat]
        if not self.policy.handover:
            return
        self.move(seat, now)
        kept = []
        for due, i in sorted(self.jobs[seat]):
            colleague = self.choose(self.key(i))
            if colleague is None:
                kept.append((due, i))
                continue
            self.chats[seat] -= 1
            self.open -= 1
            self.by[i] = colleague
            left = due - self.clock[seat] + self.house.briefing
            self.work_on(colleague, i, now, left)
        heapify(kept)
        self.jobs[seat] = kept
        self.plan(seat, now)

    # What it comes to

    def result(self) -> Result:
        """Count it all up."""
        stages = [person.stage for person in self.people]
        columns = (
            self.asked,
            self.position,
            self.taken,
            self.by,
            self.ended,
            self.solved,
            self.cause,
            stages,
        )
        times = [person.at for person in self.people]
        trips = tuple(map(Trip._make, zip(times, *columns, strict=True)))
        waits = [trip.waited for trip in trips if trip.asked is not None]
        soon = sum(
            trip.taken is not None and trip.asked is not None
            and trip.taken - trip.asked <= self.house.within
            for trip in trips
        )  # fmt: skip
        left = self.state.count(GONE)
        robots = self.by.count(ROBOT)
        close = max(self.ended, default=0.0)
        paid = places = 0.0
        for seat in self.seats:
            hours = fsum(max(min(end, close) - start, 0.0) for start, end in seat.shifts)
            paid += hours
            places += hours * seat.at_once
        many, asked = len(trips), len(waits)
        spent = (paid + self.over) / HOUR * self.house.wage
        tried = sum(1 for trip in trips if trip.cause or trip.by == ROBOT)
        return Result(
            wait=fsum(waits) / asked if asked else 0.0,
            service_level=soon / asked if asked else 1.0,
            abandonment=left / asked if asked else 0.0,
            cost=(spent + tried * self.house.robot_fee) / many if many else 0.0,
            resolved=sum(self.solved) / many if many else 0.0,
            occupancy=self.talked / places if places else 0.0,
            longest=max(waits, default=0.0),
            overtime=self.over,
            chats=many,
            asked=asked,
            by_robot=robots,
            left=left,
            trips=trips,
        )


# Who comes


def stream(
    rate: float | Sequence[float],
    minutes: int,
    seed: int,
    *,
    dispersion: float = 0.0,
    stretch: int = 10,
    mix: Mapping[tuple[str, str], float] | None = None,
) -> tuple[Arrival, ...]:
    """Return a random stream of so many minutes: ``rate`` a minute, or one rate for each.

    Poisson; with a ``dispersion`` each ``stretch`` of minutes has a gamma factor of mean 1 and that variance,
    so that the numbers vary more than Poisson ones. ``mix``: shares by (stage, skill).

    >>> len(stream(2, 600, seed=1))
    1169
    """
    length = count(minutes, "minutes", least=1)
    rates = [measure(r, "rate") for r in (rate if isinstance(rate, Sequence) else [rate] * length)]
    need("rate", len(rates) == length, f"{length} rates", f"{length}个来量", len(rates))
    spread, span = measure(dispersion, "dispersion"), count(stretch, "stretch", least=1)
    random = chance(seed, "minutes")
    counts, mood = [], 1.0
    for minute, mean in enumerate(rates):
        if spread and minute % span == 0:
            mood = random.gammavariate(1 / spread, spread)
        counts.append(poisson(random, mean * mood))
    return from_minutes(counts, seed, mix=mix)


def from_minutes(
    counts: Sequence[int], seed: int, *, mix: Mapping[tuple[str, str], float] | None = None
) -> tuple[Arrival, ...]:
    """Return arrivals of which so many come in each minute, at random within it.

    >>> [int(one.at // 60) for one in from_minutes([2, 0, 1], seed=1)]
    [0, 0, 2]
    """
    random = chance(seed, "moments")
    times = sorted(
        (minute + random.random()) * MINUTE
        for minute, number in enumerate(counts)
        for _ in range(count(number, "counts"))
    )
    if not mix:
        return tuple(map(Arrival, times))
    kinds = random.choices(list(mix), list(mix.values()), k=len(times))
    return tuple(Arrival(at, stage, skill) for at, (stage, skill) in zip(times, kinds, strict=True))


def chance(seed: int, purpose: str) -> Random:
    """Return chance for one purpose: else who comes when would go with how patient he is."""
    return Random(f"{count(seed, 'seed')}/{purpose}")


def poisson(random: Random, mean: float) -> int:
    """Return a Poisson number: by counting where the mean is small, else as a sum of smaller ones."""
    number = 0
    while mean > 30:  # a sum of Poisson numbers is one, and exp(-mean) stays well above 0
        number, mean = number + poisson(random, 30), mean - 30
    floor, product = exp(-mean), random.random()
    while product > floor:
        number, product = number + 1, product * random.random()
    return number


def compare(
    arrivals: Iterable[Arrival],
    agents: Sequence[Chair],
    policies: Mapping[str, Policy],
    seed: int,
    *,
    house: House = House(),
) -> dict[str, Result]:
    """Return what each policy brings for the very same people."""
    same = tuple(arrivals)
    return {
        name: simulate(same, agents, policy, seed, house=house) for name, policy in policies.items()
    }


def runs(make: Callable[[int], float], times: int) -> list[float]:
    """Return a figure of so many independent runs, seeds 1 and on: for `stats.bootstrap`."""
    return [make(seed) for seed in range(1, count(times, "times", least=1) + 1)]
