"""The cases behind the explorers of chapter 15; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data


def stages() -> pd.DataFrame:
    """Return the chats of the year: before or after the sale, and who answered."""
    chats = data.load("chats")
    return pd.DataFrame({"stage": chats.stage, "by": chats.handled_by})


def waits() -> pd.DataFrame:
    """Return the chats that a person answered, and how long the first answer took, in seconds."""
    chats = data.load("chats")
    chats = chats[chats.handled_by == "人工"]
    edges, parts = [0, 12, 18, 24], ["12点以前", "12—18点", "18点以后"]
    return pd.DataFrame({
        "part": pd.cut(chats.started_at.dt.hour, edges, right=False, labels=parts),
        "stage": chats.stage,
        "wait": chats.first_response_s,
        "slow": chats.first_response_s > 60,
    })  # fmt: skip
