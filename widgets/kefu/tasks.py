"""Practice in a line of tasks: after some mistakes come more tasks of the kind that went wrong most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from kefu.amounts import one_of

PATIENCE, MORE = 3, 2
"""After so many mistakes, so many more tasks of the kind that went wrong most."""


class Practised(Protocol):
    """What can be practised: it is of a kind, and dealt at first or kept for more practice."""

    @property
    def kind(self) -> str:
        """What is practised."""

    @property
    def more(self) -> bool:
        """Whether it is kept for more practice."""


AnyTask = TypeVar("AnyTask", bound=Practised)
Given = TypeVar("Given")


def deal(
    tasks: Sequence[AnyTask],
    answers: Iterable[tuple[int, Given]],
    right: Callable[[AnyTask, Given], bool],
) -> tuple[AnyTask, ...]:
    """Return the tasks in line, after (place, answer) pairs in the order in which they were given.

    Each third mistake adds two more of the kind that went wrong most so far, the later of equals, as
    long as there are any. Raises ``ValueError`` for a place where no task lies yet.
    """
    line = [one for one in tasks if not one.more]
    kept = [one for one in tasks if one.more]
    wrong: list[str] = []
    for place, answer in answers:
        one = line[one_of(place, "place", range(len(line)))]
        if right(one, answer):
            continue
        wrong.append(one.kind)
        if len(wrong) % PATIENCE == 0:
            times = Counter(wrong)
            kind = max(wrong, key=lambda kind: (times[kind], len(wrong) - wrong[::-1].index(kind)))
            same = [other for other in kept if other.kind == kind][:MORE]
            kept = [other for other in kept if other not in same]
            line += same
    return tuple(line)
