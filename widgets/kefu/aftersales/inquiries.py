"""Parcels to judge from their tracks, for practice: ``inquiries.toml``, by hand, held to `triage`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from kefu.aftersales.tracking import Action, ParcelCause, Scan, Trace, triage
from kefu.tasks import deal


@dataclass(frozen=True)
class Inquiry:
    """A parcel before an agent: who waits for it, what was ``asked`` (empty: nobody has), the case."""

    who: str
    asked: str
    cause: ParcelCause
    case: Trace
    more: bool = False

    @property
    def kind(self) -> str:
        """What is practised: to see this cause."""
        return self.cause

    @property
    def action(self) -> Action:
        """What the model makes of it."""
        return triage(self.case)


@cache
def inquiries() -> tuple[Inquiry, ...]:
    """Return all parcels, the first thirty and those that are kept for more practice."""
    text = Path(__file__).with_name("inquiries.toml").read_text(encoding="utf-8")
    return tuple(
        Inquiry(
            one["who"], one["asked"], one["cause"],
            Trace(scans(one["track"], one["now"]), one["now"], one.get("denied", False)),
            one.get("more", False),
        )
        for one in tomllib.loads(text)["inquiry"]
    )  # fmt: skip


def scans(track: str, now: datetime) -> tuple[Scan, ...]:
    """Return the scans of a written track; a month later than that of ``now`` is of the year before.

    >>> now = datetime.fromisoformat("2026-01-02T09:00:00+08:00")
    >>> scans("12-30 18:20 | 揽收 | 浙江嘉兴", now)[0].at.isoformat()
    '2025-12-30T18:20:00+08:00'
    """
    found = []
    for line in track.strip().splitlines():
        moment, event, place, note = [*(part.strip() for part in line.split("|")), ""][:4]
        year = now.year - (int(moment[:2]) > now.month)
        at = datetime.fromisoformat(f"{year}-{moment}:00+08:00")
        found.append(Scan(at, event, place, note))  # type: ignore[arg-type]
    return tuple(found)


def inquiries_dealt(answers: Iterable[tuple[int, str]]) -> tuple[Inquiry, ...]:
    """Return the parcels in line, after (place, cause) answers in the order in which they were given.

    >>> len(inquiries_dealt([])), len(inquiries_dealt([(0, ""), (1, ""), (2, "")]))
    (30, 32)
    """
    return deal(inquiries(), answers, lambda one, cause: cause == one.cause)
