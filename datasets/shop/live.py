"""Live shows: every Thursday at 20:00 but in the Spring Festival, minute by minute."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, pi, sin

from datasets.shop.calendar import (
    CLOSED,
    DAY,
    DAYS,
    HOUR,
    MINUTE,
    festival,
    month_of,
    stamp,
    weekday,
)
from datasets.shop.chance import poisson
from datasets.shop.goods import popular

MINUTES, EACH = 120, 15  # a show's length, the minutes for one product
THEMES = ("新品上身", "换季家纺", "百元好物", "穿搭课堂", "厨房与餐桌", "亲子专场", "会员之夜")


@dataclass(frozen=True)
class Show:
    """One show: its first moment and its products, a quarter of an hour each."""

    show_id: str
    starts: int
    host: str
    kind: str
    theme: str
    products: tuple[str, ...]

    def on_screen(self, moment: int) -> str:
        """Return the product that is shown at a moment."""
        return self.products[min((moment - self.starts) // (EACH * MINUTE), MINUTES // EACH - 1)]


@cache
def shows() -> dict[int, Show]:
    """Return the shows by their days; the same under every seed, as the timetable is."""
    found: dict[int, Show] = {}
    for day in range(DAYS):
        if weekday(day) == 3 and day not in CLOSED:
            rng = random.Random(f"show {day}")
            guest = rng.random() < 0.2
            chosen: list[str] = []
            while len(chosen) < MINUTES // EACH:
                product = popular(month_of(day)).spin(rng)
                chosen += [product] if product not in chosen else []
            found[day] = Show(
                f"Z{len(found) + 1:02}",
                day * DAY + 20 * HOUR,
                "外请主播阿澈" if guest else rng.choice(("阿暖", "小巷")),
                "代播" if guest else "自播",
                f"{festival(day)}专场" if festival(day) else rng.choice(THEMES),
                tuple(chosen),
            )
    return found


def showing(moment: int) -> Show | None:
    """Return the show that is on the air at a moment."""
    show = shows().get(moment // DAY)
    return show if show and 0 <= moment - show.starts < MINUTES * MINUTE else None


def show_rows() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``live_shows``."""
    for show in shows().values():
        yield {
            "show_id": show.show_id,
            "starts_at": stamp(show.starts),
            "ends_at": stamp(show.starts + MINUTES * MINUTE),
            "host": show.host,
            "kind": show.kind,
            "theme": show.theme,
            "products": ";".join(show.products),
        }


def minute_rows(
    seed: int, customers: int, orders: Mapping[tuple[str, int], int]
) -> Iterator[dict[str, object]]:
    """Yield the rows of ``live_minutes``; ``orders`` counts those of each show's minutes."""
    for day, show in shows().items():
        rng = random.Random(f"{seed}/{show.show_id}")
        crowd = customers / 4000 * (90 + 130 * rng.random()) * (2.2 if festival(day) else 1.0)
        viewers = 0
        for minute in range(MINUTES):
            wave = sin(pi * (minute + 4) / (MINUTES + 8)) * (1 + 0.25 * exp(-(minute % EACH) / 4))
            entered = round(crowd * wave * (0.08 + 0.06 * rng.random())) + poisson(rng, 1)
            viewers = max(0, round(viewers * (0.86 + 0.04 * rng.random()))) + entered
            yield {
                "show_id": show.show_id,
                "minute": minute,
                "viewers": viewers,
                "entered": entered,
                "questions": round(viewers * (0.02 + 0.05 * rng.random())),
                "orders": orders.get((show.show_id, minute), 0),
                "on_screen": show.on_screen(show.starts + minute * MINUTE),
            }
