"""The cases behind the explorers of chapter 15; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data
from kefu.explore import enquiries

PARTS = [f"{start}—{start + 4}分" for start in range(0, 60, 5)]
TIMES = {0: "0点", 1: "1—8点", 9: "9—15点", 16: "16—19点", 20: "20—21点", 22: "22—23点"}
WAITS = ["不到16秒", "16—31秒", "32—63秒", "64—127秒", "128秒以上"]


def minutes() -> pd.DataFrame:
    """Return the minutes of three days: who came, who asked for a person, who was in time, who left."""
    rush = data.load("rush")
    at = rush["at"].dt
    midnight = (at.day == 11) & (at.hour == 0)
    since = pd.cut(at.hour, [*TIMES, 24], right=False, labels=list(TIMES.values()))
    return pd.DataFrame({
        "part": (at.minute // 5).map(dict(enumerate(PARTS))).where(midnight, "别的时候"),
        "day": at.day.map(lambda day: f"11月{day}日"),
        "time": since,
        "came": rush.presales + rush.aftersales,
        "asked": rush.to_people,
        "soon": rush.answered_20s,
        "left": rush.abandoned,
    })  # fmt: skip


def sellers() -> pd.DataFrame:
    """Return the enquiries by who took them, after how long a wait, on what kind of day."""
    chats = enquiries()
    november = chats.started_at.dt.month == 11
    day = chats.day.mask(november & (chats.day == "大促"), "双11").replace("大促", "618和双12")
    return pd.DataFrame({
        "who": chats.name.where(chats.name == "青禾", "同事四人"),
        "wait": pd.cut(
            chats.first_response_s, [0, 16, 32, 64, 128, 10**6], right=False, labels=WAITS
        ),
        "day": day,
        "bought": chats.bought,
        "seconds": chats.first_response_s,
    })  # fmt: skip
