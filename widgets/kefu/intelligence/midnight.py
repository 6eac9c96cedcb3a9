"""The first hour of 11 November over again, with another rule, another shift, another robot.

Who comes in which minute is the table rush's; the second, the patience and the work are drawn. The team is that
of the night: 小满, 石头 and the reserve 青禾 before the sale, 阿川 and 阿满叔 after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush

from kefu.amounts import count, share
from kefu.intelligence.routing import (
    HOUR,
    MINUTE,
    Arrival,
    Chair,
    First,
    House,
    Policy,
    Result,
    Robot,
    from_minutes,
    simulate,
)

PRESALES = (
    19, 28, 20, 31, 19, 23, 12, 21, 10, 10, 27, 16, 20, 12, 17, 15, 17, 10, 13, 10,
    5, 2, 5, 3, 4, 1, 3, 2, 2, 4, 6, 8, 6, 3, 5, 9, 10, 7, 5, 3,
    13, 6, 4, 7, 3, 9, 11, 8, 5, 3, 5, 11, 3, 8, 3, 7, 7, 6, 6, 3,
)  # fmt: skip
"""Who came before the sale, by the minute from midnight on: 571."""
AFTERSALES = {4: 1, 5: 1, 6: 1, 29: 1, 35: 1, 40: 1, 42: 1, 44: 1, 54: 1}
"""Who came after it, by the minutes in which any did: 9."""
KEPT, CAME = 129, 580
"""Of the 580 the robot kept 129."""
SHIFT = ((0.0, HOUR),)
TEAM = (
    Chair("小满", "售前", 3, shifts=SHIFT),
    Chair("石头", "售前", 5, shifts=SHIFT),
    Chair("青禾", "售前", 4, shifts=SHIFT),
    Chair("阿川", "售后", 4, shifts=SHIFT),
    Chair("阿满叔", "售后", 3, shifts=SHIFT),
)
EXTRA_AT_ONCE = 4
MOST_EXTRA = 6


@lru_cache(maxsize=32)
def crowd(seed: int) -> tuple[Arrival, ...]:
    """Return who comes, in order; each minute's numbers are the table's.

    >>> len(crowd(1))
    580
    """
    before = from_minutes(PRESALES, 2 * seed)
    after = from_minutes([AFTERSALES.get(minute, 0) for minute in range(60)], 2 * seed + 1)
    return tuple(sorted((*before, *(one._replace(stage="售后") for one in after))))


@lru_cache(maxsize=64)
def night(
    first: First = "机器人优先",
    apart: bool = True,
    extra: int = 0,
    start: int = 0,
    keeps: float = round(KEPT / CAME, 2),
    seed: int = 0,
) -> Result:
    """Return how the hour goes. As it opens it is as it was: the robot first, two lines, nobody more.

    ``extra`` more agents before the sale from minute ``start`` on; the robot keeps a share ``keeps``. Raises
    ``ValueError`` or ``TypeError``.

    >>> night().chats, night(apart=False).left < night().left
    (580, True)
    """
    late = float(count(start, "start")) * MINUTE
    kept = float(share(keeps, "keeps"))
    more = [
        Chair(f"副班{number}", "售前", EXTRA_AT_ONCE, shifts=((min(late, HOUR - 1), HOUR),))
        for number in range(1, count(extra, "extra") + 1)
    ]
    policy = Policy(first, groups=apart, switch=2.5)
    house = House(robot=Robot(keeps=kept))
    return simulate(crowd(seed), [*TEAM, *more], policy, seed, house=house)


def waiting(result: Result, moments: Sequence[float]) -> list[int]:
    """Return how many wait for a person at each of some moments."""
    spans = [(t.asked, t.asked + t.waited) for t in result.trips if t.asked is not None]
    return [sum(start <= now < end for start, end in spans) for now in moments]


def places(result: Result) -> list[int | None]:
    """Return for each trip the place within the seat that it takes, the lowest free; None who took none."""
    found: list[int | None] = [None] * len(result.trips)
    free: dict[int, list[int]] = {}
    busy: dict[int, list[tuple[float, int]]] = {}
    taken = [(trip.taken, i) for i, trip in enumerate(result.trips) if trip.taken is not None]
    for now, i in sorted(taken):
        seat = result.trips[i].by
        assert seat is not None
        ends, spare = busy.setdefault(seat, []), free.setdefault(seat, [])
        while ends and ends[0][0] <= now:
            heappush(spare, heappop(ends)[1])
        place = heappop(spare) if spare else len(ends)
        heappush(ends, (result.trips[i].ended, place))
        found[i] = place
    return found
