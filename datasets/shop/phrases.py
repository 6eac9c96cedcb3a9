"""The shop's canned replies: kept by hand beside this module, with how often each is used."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from datasets.shop.calendar import DAYS, date_text
from datasets.shop.goods import rows

FIELD = re.compile(r"\{(\w+)\}")
BUSY = {"欢迎": 9, "告别": 6, "物流": 5, "尺码": 4, "查货": 4, "催付": 3}  # others 2
NEVER = 0.06  # the share that nobody has used


def phrase_rows() -> Iterator[dict[str, object]]:
    """Yield the rows of the table ``phrases``: the further down its group, the less used."""
    rng, place, group = random.Random("phrases"), 0, ""
    for number, row in enumerate(rows("phrases"), start=1):
        place, group = (place + 1 if row["group"] == group else 1), row["group"]
        mean = 100 * BUSY.get(group, 2) / (place + 1)
        used = 0 if rng.random() < NEVER else round(mean * (0.5 + rng.random()))
        since = int(rng.expovariate(used / 1000)) if used else 0  # days, longer for the rare ones
        yield {
            "phrase_id": f"DY{number:03}",
            "group": group,
            "shortcut": row["shortcut"],
            "text": row["text"],
            "fields": ";".join(dict.fromkeys(FIELD.findall(row["text"]))),
            "promises": row["promises"],
            "uses": used,
            "last_used": date_text(max(DAYS - 1 - since, 0)) if used else "",
        }
