"""The timetable of live shows: every Thursday at 20:00 but in the Spring Festival."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

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
