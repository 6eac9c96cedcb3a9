"""The cases behind the explorers of chapter 01; `make lists` adds them up into tables."""

import pandas as pd

from kefu.explore import enquiries

FIVE = ["不到16秒", "16—31秒", "32—63秒", "64—127秒", "128秒以上"]
SEVEN = [
    "不到8秒", "8—15秒", "16—31秒", "32—63秒", "64—127秒", "128—255秒", "256秒以上",
]  # fmt: skip
SLOTS = ["0—9点", "9—16点", "16—24点"]
FOREVER = 10**6


def sellers() -> pd.DataFrame:
    """Return the enquiries by who took them, on what kind of day, after how long a wait."""
    chats = enquiries()
    return pd.DataFrame({
        "who": chats.name.where(chats.name.isin(["青禾", "林姐"]), "其他三人"),
        "day": chats.day,
        "wait": pd.cut(
            chats.first_response_s, [0, 16, 32, 64, 128, FOREVER], right=False, labels=FIVE
        ),
        "bought": chats.bought,
        "seconds": chats.first_response_s,
    })  # fmt: skip


def waits() -> pd.DataFrame:
    """Return the enquiries by doublings of the wait, the hour and the kind of day."""
    chats = enquiries()
    return pd.DataFrame({
        "wait": pd.cut(
            chats.first_response_s,
            [0, 8, 16, 32, 64, 128, 256, FOREVER],
            right=False,
            labels=SEVEN,
        ),
        "slot": pd.cut(chats.started_at.dt.hour, [0, 9, 16, 24], right=False, labels=SLOTS),
        "day": chats.day,
        "bought": chats.bought,
    })  # fmt: skip
