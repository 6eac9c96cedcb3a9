"""How many agents a load of chats needs, and who works when: Erlang's formulas, chats at once, a week's roster.

A load is in erlang: how many agents would be busy if each did one chat at a time, rate × handling time.
Times are in any one unit throughout, rates per that unit. The formulas speak of a steady stream (Poisson
arrivals, exponential times): a burst or a stream that varies more needs `intelligence.routing`.
Sources: Erlang (1917); Palm (1957) for impatience; Halfin and Whitt (1981) for the square-root rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING
from functools import cache
from itertools import pairwise
from math import ceil, exp, inf, sqrt
from numbers import Real
from random import Random
from statistics import NormalDist
from typing import Any, Literal, get_args

from kefu.amounts import Number, count, exact, share
from kefu.errors import expected, need

LARGEST = 100_000
"""The most agents, and the most erlang, that are computed."""

FACTORS: Mapping[int, float] = {1: 1.0, 2: 1.7, 3: 2.5, 4: 2.9, 5: 3.5}
"""By chats at once: how many times as many chats an agent ends in an hour as one at a time. A published table."""


def measure(value: Any, argument: str, *, positive: bool = False, most: float = inf) -> float:
    """Return a finite number of at least 0; raises ``TypeError`` or ``ValueError``."""
    english, chinese = (
        ("a number > 0", "大于0的数") if positive else ("a number >= 0", "不小于0的数")
    )
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(expected(argument, english, chinese, value))
    number = float(value)
    if not 0 <= number < inf or (positive and not number):
        raise ValueError(expected(argument, english, chinese, value))
    need(argument, number <= most, f"at most {most:g}", f"不超过{most:g}的数", value)
    return number


# Erlang B, C and A


def erlang_b(load: float, agents: int) -> float:
    """Return the share of customers turned away where nobody may wait. ``load`` in erlang.

    >>> round(erlang_b(10, 17), 4)
    0.0129
    """
    offered = measure(load, "load", most=LARGEST)
    blocked = 1.0
    for servers in range(1, _agents(agents) + 1):
        blocked = offered * blocked / (servers + offered * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """Return the share of customers who have to wait, if all wait until it is their turn.

    1 where the load is not below the number of agents: then the queue grows for ever.

    >>> round(erlang_c(10, 14), 4)
    0.1741
    """
    blocked, offered = erlang_b(load, agents), float(load)
    if offered >= agents:
        return 1.0
    return blocked / (1 - offered / agents * (1 - blocked))


def service_level(load: float, agents: int, handling: float, within: float) -> float:
    """Return the share taken up within a time, by Erlang C; ``handling`` and ``within`` in one unit.

    >>> [round(100 * service_level(10, n, 180, 20), 1) for n in (11, 12, 13, 14, 15, 16)]
    [39.0, 64.0, 79.6, 88.8, 94.1, 97.1]
    """
    spent = measure(handling, "handling", positive=True)
    allowed = measure(within, "within")
    if (waiting := erlang_c(load, agents)) == 1 and load >= agents:
        return 0.0
    return 1 - waiting * exp(-(agents - load) * allowed / spent)


def mean_wait(load: float, agents: int, handling: float) -> float:
    """Return the mean wait of all by Erlang C, in the unit of ``handling``; infinite where a queue only grows.

    >>> round(mean_wait(10, 14, 180), 2)
    7.84
    """
    spent = measure(handling, "handling", positive=True)
    waiting = erlang_c(load, agents)
    return waiting * spent / (agents - load) if load < agents else inf


@dataclass(frozen=True)
class Abandonment:
    """What becomes of a stream whose customers lose patience.

    ``abandoned``: share who leave; ``mean_wait`` of all who come, in the unit that was given; ``queue``:
    how many wait on average; ``occupancy``: share of the agents' time that is spent on customers.
    """

    abandoned: float
    mean_wait: float
    queue: float
    occupancy: float


def erlang_a(rate: float, handling: float, agents: int, patience: float) -> Abandonment:
    """Return what Erlang A says of a stream; one unit of time throughout, ``patience`` on average.

    >>> found = erlang_a(10 / 180, 180, 14, 180)
    >>> round(100 * found.abandoned, 1), round(found.mean_wait, 1)
    (1.9, 3.4)
    """
    arriving = measure(rate, "rate", positive=True)
    spent = measure(handling, "handling", positive=True)
    lasting = measure(patience, "patience", positive=True)
    servers = _agents(agents)
    load = arriving * spent
    need("patience", arriving * lasting <= 1e6, "rate × patience <= 1000000",
         "使rate×patience不超过1000000的数", patience)  # fmt: skip
    # States relative to "all busy, nobody waits": Erlang B sums those below, the loop those above.
    below = 1 / erlang_b(load, servers)
    state, above, waiting, place = 1.0, 0.0, 0.0, 0
    while True:
        place += 1
        ratio = arriving / (servers / spent + place / lasting)
        state *= ratio
        above += state
        waiting += place * state
        if ratio < 1 and place * state < 1e-17 * waiting * (1 - ratio):
            break
        if state > 1e200:  # a hopeless load: scale all down together
            below, above, waiting, state = (x / 1e200 for x in (below, above, waiting, state))
    queue = waiting / (below + above)
    lost = queue / lasting / arriving
    return Abandonment(lost, queue / arriving, queue, load * (1 - lost) / servers)


def agents_needed(
    load: float, handling: float, target: float, within: float, *, busiest: float = 1.0
) -> int:
    """Return the fewest agents of whom a share ``target`` of customers is taken up ``within`` a time.

    By Erlang C; ``busiest`` is the highest occupancy allowed.

    >>> agents_needed(10, 180, 0.8, 20), agents_needed(10, 180, 0.8, 20, busiest=0.7)
    (14, 15)
    """
    offered = measure(load, "load", most=LARGEST)
    goal = float(share(target, "target"))
    need("target", goal < 1, "a share below 1", "小于1的比例", target)
    most = measure(busiest, "busiest", positive=True, most=1)
    agents = max(ceil(offered / most - 1e-9), 1)
    agents += agents <= offered and busiest == 1
    while service_level(offered, agents, handling, within) < goal:
        agents += 1
    return agents


def wait_chance(beta: float) -> float:
    """Return the share who wait where load + beta·√load agents work, for large teams.

    >>> [round(wait_chance(beta), 4) for beta in (0, 0.5, 1, 1.5, 2)]
    [1.0, 0.5045, 0.2234, 0.0847, 0.0269]
    """
    normal, spare = NormalDist(), measure(beta, "beta", most=30)
    return 1 / (1 + spare * normal.cdf(spare) / normal.pdf(spare))


def spare_factor(chance: float) -> float:
    """Return the beta of `wait_chance` that makes a share ``chance`` wait.

    >>> [round(spare_factor(chance), 4) for chance in (0.1, 0.2, 0.5)]
    [1.4202, 1.0615, 0.5061]
    """
    goal = float(share(chance, "chance"))
    need("chance", goal >= 1e-9, "a share of at least 1e-9", "不小于1e-9的比例", chance)
    low, high = 0.0, 10.0
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if wait_chance(middle) > goal else (low, middle)
    return high


def square_root_agents(load: float, chance: float) -> int:
    """Return how many agents the square-root rule asks for: load + beta·√load, rounded up.

    What a team keeps to spare grows only as the root of its load, so that large teams are cheaper.

    >>> [square_root_agents(load, 0.2) for load in (10, 25, 100)]
    [14, 31, 111]
    """
    offered = measure(load, "load", most=LARGEST)
    return ceil(offered + spare_factor(chance) * sqrt(offered) - 1e-9)


# Chats: several at once


def chats_to_load(rate: float, handling: float, at_once: int) -> float:
    """Return how many agents a stream of chats keeps busy, each with so many chats at once.

    ``handling`` is how long a chat takes an agent who has no other; `FACTORS` says what several at once save.

    >>> chats_to_load(60 / 30, 20, 3)
    16.0
    """
    offered = measure(rate, "rate") * measure(handling, "handling")
    return offered / factor(at_once)


def factor(at_once: int) -> float:
    """Return how many times as fast an agent is with so many chats at once as with one: 1 to 5."""
    number = count(at_once, "at_once", least=1)
    need("at_once", number in FACTORS, "1 to 5 chats at once", "1到5个同时接待数", at_once)
    return FACTORS[number]


def with_shrinkage(agents: Number, shrinkage: Number) -> int:
    """Return how many to put on the roster so that ``agents`` are there: breaks, training, leave take a share.

    >>> with_shrinkage(14, 0.30), with_shrinkage(15, 0.30), with_shrinkage(16, 0.25)
    (20, 22, 22)
    """
    wanted, away = exact(agents, "agents"), share(shrinkage, "shrinkage")
    need("shrinkage", away < 1, "a share below 1", "小于1的比例", shrinkage)
    return int((wanted / (1 - away)).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class ChatDesk:
    """A team that chats several at once, each slower the more: ``wait`` before, ``talk`` in the chat.

    Times in the unit that was given; ``chats`` is how many an agent has at a time on average, ``waiting``
    the share who wait.
    """

    agents: int
    wait: float
    talk: float
    chats: float
    waiting: float


def chat_desk(rate: float, handling: float, agents: int, at_once: int) -> ChatDesk:
    """Return how a team fares where chats are shared out evenly and an agent with k has the speed of `FACTORS`.

    Exact for Poisson arrivals and exponential work; raises ``ValueError`` where the stream is too fast.

    >>> found = chat_desk(2, 6, 7, 3)
    >>> round(found.talk, 3), round(found.chats, 4), round(found.wait * 60) <= 20
    (6.97, 1.9915, True)
    """
    arriving = measure(rate, "rate", positive=True)
    spent = measure(handling, "handling", positive=True)
    servers, most = _agents(agents), count(at_once, "at_once", least=1)
    full = servers * factor(most) / spent
    need("rate", arriving < full, f"a rate below {full:g}, what the team can end",
         f"小于{full:g}的来量，团队一共办得完的", rate)  # fmt: skip
    slots = servers * most
    states, state = [1.0], 1.0
    for busy in range(1, slots + 1):
        each, more = divmod(busy, servers)  # so many have each + 1 chats, the others each
        speed = more * FACTORS.get(each + 1, 0.0) + (servers - more) * FACTORS.get(each, 0.0)
        state *= arriving * spent / speed
        states.append(state)
    ratio = arriving / full
    tail = states[-1] * ratio / (1 - ratio)  # of one waiting or more: a geometric tail
    total = sum(states) + tail
    in_talk = (sum(busy * state for busy, state in enumerate(states)) + slots * tail) / total
    queue = tail / (1 - ratio) / total
    return ChatDesk(
        servers,
        queue / arriving,
        in_talk / arriving,
        in_talk / servers,
        (states[-1] + tail) / total,
    )


def chat_agents(rate: float, handling: float, at_once: int, wait: float) -> ChatDesk:
    """Return the smallest team whose mean wait is at most ``wait``, with how it fares.

    >>> [chat_agents(2, 6, k, 20 / 60).agents for k in (1, 2, 3, 4, 5)]
    [16, 10, 7, 6, 5]
    """
    allowed = measure(wait, "wait", positive=True)
    agents = int(chats_to_load(rate, handling, at_once)) + 1
    while (found := chat_desk(rate, handling, agents, at_once)).wait > allowed:
        agents += 1
    return found


@dataclass(frozen=True)
class Crew:
    """What a stretch of time needs: load in agents, agents at work, on the roster, and how they fare."""

    load: float
    agents: int
    rostered: int
    level: float
    occupancy: float


def crew(
    chats: float,
    minutes: float,
    handling: float,
    *,
    at_once: int = 1,
    target: float = 0.8,
    within: float = 20 / 60,
    shrinkage: float = 0.3,
    busiest: float = 1.0,
) -> Crew:
    """Return the crew for so many ``chats`` in so many ``minutes``: load, Erlang C, then shrinkage.

    All times in minutes. An agent with several chats counts as one who ends each sooner, `FACTORS` times.

    >>> crew(100, 30, 3).agents, crew(100, 30, 3).rostered, crew(100, 30, 3, busiest=0.7).rostered
    (14, 20, 22)
    """
    rate = measure(chats, "chats") / measure(minutes, "minutes", positive=True)
    load, alone = chats_to_load(rate, handling, at_once), handling / factor(at_once)
    agents = agents_needed(load, alone, target, within, busiest=busiest)
    return Crew(
        load,
        agents,
        with_shrinkage(agents, shrinkage),
        service_level(load, agents, alone, within),
        load / agents,
    )


# A week's roster

Duty = Literal["早", "晚", "休"]
DUTIES: tuple[Duty, ...] = get_args(Duty)
EARLY, LATE, OFF = DUTIES
DAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
Days = tuple[Duty, ...]
"""One person's week, from Monday on."""

Needs = tuple[tuple[int, int], ...]
"""How many a week needs: by day (early, late)."""

WORKDAYS = 5  # eight hours each: forty a week
STEPS = 4000  # of the climb from the greedy start
LIMIT = 20_000  # partial rosters looked at before the search gives up on a proof


@dataclass(frozen=True)
class Roster:
    """A week of a team: one row a person, with what is known of how good it is.

    ``bound``: no roster of these people and rules has fewer shifts short; ``proved``: none has the same
    and a smaller `spread` either.
    """

    rows: tuple[Days, ...]
    needs: Needs
    bound: int
    proved: bool

    @property
    def short(self) -> int:
        """Return how many shifts stay empty over the week."""
        return shortage(self.rows, self.needs)

    @property
    def spread(self) -> int:
        """Return by how much the hardest week is harder than the easiest, in points of `burden`."""
        points = [burden(row) for row in self.rows]
        return max(points) - min(points)


def burden(row: Sequence[Duty]) -> int:
    """Return how hard a week is: a point for each late shift and one for each day at the weekend.

    >>> burden(("早", "早", "休", "休", "晚", "晚", "晚"))
    5
    """
    return sum(duty == "晚" for duty in row) + sum(duty != "休" for duty in row[5:])


def shortage(rows: Sequence[Sequence[Duty]], needs: Sequence[Sequence[int]]) -> int:
    """Return how many shifts stay empty; one too many elsewhere helps nothing.

    >>> shortage([("早",) * 5 + ("休",) * 2], [(1, 0)] * 7)
    2
    """
    return sum(
        max(wanted - sum(row[day] == duty for row in rows), 0)
        for day, pair in enumerate(needs)
        for duty, wanted in zip(("早", "晚"), pair, strict=True)
    )


def faults(row: Sequence[Duty]) -> tuple[str, ...]:
    """Return what is wrong with a person's week, in words; nothing where it keeps the rules.

    Five days at most, two days off in a row, no early shift the morning after a late one. The law asks for
    less (rule R57); the rest of nine hours is the book's own rule.

    >>> faults(("晚", "早", "早", "早", "早", "早", "休"))
    ('上了6天', '没有连休两天', '晚班次日接早班')
    """
    found = []
    if (worked := sum(duty != "休" for duty in row)) > WORKDAYS:
        found.append(f"上了{worked}天")
    if ("休", "休") not in pairwise(row):
        found.append("没有连休两天")
    if ("晚", "早") in pairwise(row):
        found.append("晚班次日接早班")
    return tuple(found)


@cache
def patterns() -> tuple[Days, ...]:
    """Return all weeks of five shifts that keep the rules: 56 of them.

    >>> len(patterns())
    56
    """

    def runs(length: int) -> Iterator[Days]:
        for early in range(length, -1, -1):
            yield (*(EARLY,) * early, *(LATE,) * (length - early))

    return tuple(
        (*before, OFF, OFF, *after)
        for off in range(6)
        for before in runs(off)
        for after in runs(WORKDAYS - off)
    )


def least_short(needs: Sequence[Sequence[int]], people: int) -> int:
    """Return a bound: no roster of so many people leaves fewer shifts empty.

    Two things no roster gets round: five shifts a person and week, one a person and day.

    >>> least_short([(2, 2)] * 7, 5), least_short([(3, 3), *[(0, 0)] * 6], 5)
    (3, 1)
    """
    daily = [sum(pair) for pair in needs]
    over = sum(max(wanted - people, 0) for wanted in daily)
    return max(sum(daily) - WORKDAYS * people, over, 0)


def schedule(needs: Sequence[Sequence[int]], people: int) -> Roster:
    """Return a roster of a week with the fewest empty shifts and, among those, the smallest spread.

    Searches all sets of `patterns` and proves what it finds, for small teams; where the search is cut
    short, ``proved`` is False and ``bound`` says how far from the best it may be. Up to 12 people.

    >>> found = schedule([(2, 2)] * 7, 5)
    >>> found.short, found.bound, found.proved
    (3, 3, True)
    """
    week = _needs(needs)
    team = count(people, "people", least=1)
    need("people", team <= 12, "at most 12", "不超过12的数", people)
    search = _Search(week, team)
    search.run()
    return Roster(search.best, week, search.bound, search.proved)


class _Search:
    """Branch and bound over how often each pattern is used, after a greedy start."""

    def __init__(self, needs: Needs, people: int) -> None:
        self.needs, self.people = needs, people
        self.floor = least_short(needs, people)
        self.columns = [
            tuple(
                slot
                for slot in range(14)
                if row[slot // 2] == ("早", "晚")[slot % 2]
            )
            for row in patterns()
        ]  # fmt: skip
        self.points = [burden(row) for row in patterns()]
        self.wanted = [pair[half] for pair in needs for half in (0, 1)]
        self.chosen: list[int] = []
        self.nodes = 0
        self.cost: tuple[int, int] = (10**9, 10**9)
        self.best: tuple[Days, ...] = ()
        self.proved = True
        self.bound = self.floor

    def run(self) -> None:
        """Find the best, or the best so far."""
        self._climb(self._greedy())
        self._branch(0, list(self.wanted), sum(self.wanted))
        if self.proved:
            self.bound = self.cost[0]

    def _climb(self, taken: list[int]) -> None:
        """Change one person's week as long as that is better, or as good: so it gets off a plateau."""
        left = list(self.wanted)
        for index in taken:
            for slot in self.columns[index]:
                left[slot] -= 1
        points = [self.points[index] for index in taken]
        cost = self._cost(left, points)
        self._keep(taken)
        random = Random(self.people)
        for _ in range(STEPS):
            place, index = random.randrange(self.people), random.randrange(len(self.columns))
            old = taken[place]
            self._swap(left, old, index)
            points[place] = self.points[index]
            if (tried := self._cost(left, points)) <= cost:
                taken[place], cost = index, tried
                self._keep(taken)
            else:
                self._swap(left, index, old)
                points[place] = self.points[old]

    def _swap(self, left: list[int], old: int, new: int) -> None:
        for slot in self.columns[old]:
            left[slot] += 1
        for slot in self.columns[new]:
            left[slot] -= 1

    @staticmethod
    def _cost(left: list[int], points: list[int]) -> tuple[int, int]:
        return sum(n for n in left if n > 0), max(points) - min(points)

    def _greedy(self) -> list[int]:
        """Add the pattern that fills most, people by people."""
        left, taken = list(self.wanted), list[int]()
        for _ in range(self.people):
            index = max(
                range(len(self.columns)),
                key=lambda i: sum(left[slot] > 0 for slot in self.columns[i]),
            )
            taken.append(index)
            for slot in self.columns[index]:
                left[slot] -= 1
        return taken

    def _keep(self, taken: list[int]) -> None:
        """Remember a roster if none so far is as good."""
        rows = tuple(patterns()[index] for index in sorted(taken))
        points = [self.points[index] for index in taken]
        cost = shortage(rows, self.needs), max(points) - min(points)
        if cost < self.cost:
            self.cost, self.best = cost, rows

    def _branch(self, first: int, left: list[int], short: int) -> None:
        """Choose the next person's pattern, none before ``first`` in the list: order says nothing."""
        remaining = self.people - len(self.chosen)
        if not remaining:
            self._keep(self.chosen)
            return
        self.nodes += 1
        if self.nodes > LIMIT:
            self.proved = False
            return
        for index in range(first, len(self.columns)):
            if self.cost == (self.floor, 0) or not self.proved:
                return
            column = self.columns[index]
            filled = sum(left[slot] > 0 for slot in column)
            points = [self.points[i] for i in (*self.chosen, index)]
            after = short - filled
            least = max(after - WORKDAYS * (remaining - 1), self.floor)
            if (least, max(points) - min(points)) >= self.cost:
                continue
            for slot in column:
                left[slot] -= 1
            self.chosen.append(index)
            self._branch(index, left, after)
            self.chosen.pop()
            for slot in column:
                left[slot] += 1


def rotated(rows: Sequence[Days]) -> tuple[Days, ...] | None:
    """Return the rows in an order in which each person may take the next row a week later, or None.

    After as many weeks as there are rows everybody has had every week: fair to the point. A late Sunday
    must not be followed by an early Monday.

    >>> early, late = ("早",) * 5 + ("休",) * 2, ("晚",) * 5 + ("休",) * 2
    >>> rotated([early, late]) == (early, late), rotated([early, ("休",) * 2 + ("晚",) * 5])
    (True, None)
    """

    def fits(one: Days, other: Days) -> bool:
        return (one[-1], other[0]) != ("晚", "早")

    def extend(order: list[Days], rest: list[Days]) -> list[Days] | None:
        if not rest:
            return order if fits(order[-1], order[0]) else None
        for row in dict.fromkeys(rest):
            if fits(order[-1], row):
                others = list(rest)
                others.remove(row)
                if (found := extend([*order, row], others)) is not None:
                    return found
        return None

    lines = list(rows)
    found = extend(lines[:1], lines[1:]) if lines else []
    return None if found is None else tuple(found)


def _needs(needs: Sequence[Sequence[int]]) -> Needs:
    pairs = tuple(tuple(count(n, "needs") for n in pair) for pair in needs)
    sound = len(pairs) == len(DAYS) and all(len(pair) == 2 for pair in pairs)
    need("needs", sound, "seven pairs of early and late", "七对早班、晚班的人数", needs)
    return tuple((early, late) for early, late in pairs)


def _agents(agents: int) -> int:
    number = count(agents, "agents", least=1)
    need("agents", number <= LARGEST, f"at most {LARGEST}", f"不超过{LARGEST}的数", agents)
    return number
