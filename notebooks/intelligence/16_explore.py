"""The cases behind the explorers of chapter 16; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data

SHOWN = 15
"""Minutes for one product, as in the table live_minutes."""
CROWDS = {0: "不到60人", 60: "60—99人", 100: "100—139人", 140: "140人以上"}
NONE, KEPT, BROKEN = "不算承诺", "兑现了", "没兑现"


def pins() -> pd.DataFrame:
    """Return the minutes of all shows: how many watched, asked, had their answer, and ordered."""
    seen = data.load("live_minutes").merge(data.load("live_shows")[["show_id", "kind"]])
    return pd.DataFrame({
        "pinned": seen.pinned.notna().map({True: "有置顶", False: "没置顶"}),
        "since": "第" + (seen.minute % SHOWN + 1).astype(str) + "分",
        "crowd": pd.cut(seen.viewers, [*CROWDS, 10**6], right=False, labels=list(CROWDS.values())),
        "show": seen.kind,
        "viewers": seen.viewers,
        "repeats": seen.repeats,
        "questions": seen.questions,
        "soon": seen.answered_60s,
        "orders": seen.orders,
    })  # fmt: skip


def pledges() -> pd.DataFrame:
    """Return what hosts said on the air: whether it was owed and kept, and what became of the orders after it."""
    said = data.load("live_promises").merge(data.load("live_shows")[["show_id", "kind"]],
                                            on="show_id", suffixes=("", "_of_show"))  # fmt: skip
    broken = said.counts & ~said.kept.fillna(True).astype(bool)
    return pd.DataFrame({
        "kept": broken.map({True: BROKEN, False: KEPT}).where(said.counts, NONE),
        "kind": said.kind,
        "host": said.host.str.removeprefix("外请主播"),
        "show": said.kind_of_show,
        "promises": said.counts,
        "broken": broken,
        "orders": said.orders,
        "returned": said.returned,
        "complained": said.complained,
    })  # fmt: skip
