"""The note that one shift leaves to the next: what must be in it so that somebody else can act on it.

What must be there is this book's convention (本书约定). A note is made of whatever was written;
`missing` tells what the next agent would have to ask for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from kefu.clock import in_shanghai
from kefu.errors import expected

ORDER = re.compile(r"NX\d{11}")
VAGUE = ("尽快", "稍后", "跟进", "处理一下", "看一下", "关注")
"""Words in which nobody reads what to do."""


@dataclass(frozen=True)
class WorkOrder:
    """A case as it is handed over: ``order`` number, what was ``found``, what the customer was ``told``.

    ``step`` is what to do next, ``owner`` who does it, ``by`` the moment by which the customer has to
    have an answer, ``fallback`` what to do if it does not work.
    """

    order: str = ""
    found: str = ""
    told: str = ""
    step: str = ""
    owner: str = ""
    by: datetime | None = None
    fallback: str = ""


def missing(note: WorkOrder, now: datetime) -> tuple[str, ...]:
    """Return what the next agent would have to ask for, each in a few words; empty: it can be acted on.

    Raises ``TypeError`` for a note that is no `WorkOrder`, ``ValueError`` for a moment without its zone.

    >>> from kefu.clock import SHANGHAI
    >>> noon = datetime(2025, 12, 1, 12, tzinfo=SHANGHAI)
    >>> missing(WorkOrder("NX25112600123", "停在江西52小时", "说了今天回", "尽快跟进", "阿川"), noon)
    ('下一步太含糊：尽快、跟进', '几点前回客人', '不成怎么办')
    """
    if not isinstance(note, WorkOrder):
        raise TypeError(expected("note", "a WorkOrder", "一张WorkOrder(…)", note))
    now = in_shanghai(now, "now")
    vague = [word for word in VAGUE if word in note.step]
    late = note.by is not None and in_shanghai(note.by, "by") <= now
    lacks = {
        "单号": not ORDER.fullmatch(note.order.strip()),
        "查到了什么": not note.found.strip(),
        "答应过客人什么": not note.told.strip(),
        "下一步做什么": not note.step.strip(),
        f"下一步太含糊：{'、'.join(vague)}": bool(vague),
        "谁来做": not note.owner.strip(),
        "几点前回客人": note.by is None,
        "答复的时刻已经过了": late,
        "不成怎么办": not note.fallback.strip(),
    }
    return tuple(what for what, lacking in lacks.items() if lacking)
