"""The cases behind the explorers of chapter 03; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data, kpis
from kefu.explore import enquiries
from kefu.presales.desk import THREE_MINUTES

WAITS = ["不到16秒", "16—31秒", "32—63秒", "64—127秒", "128秒以上"]
SHIFTS = ["0—9点", "早班9—16点", "晚班16—24点"]
HOURS = ["0—9点", "9—12点", "12—14点", "14—16点", "16—18点", "18—20点", "20—22点", "22—24点"]
SHARES = ["不到一半", "一半到四分之三", "四分之三以上"]
OFTEN = 20
"""How often a sentence is said in the year to be taken for a stock one."""
FOREVER = 10**6


def evening() -> pd.DataFrame:
    """Return the enquiries by shift, hour and wait."""
    chats = enquiries()
    hour = chats.started_at.dt.hour
    return pd.DataFrame({
        "shift": pd.cut(hour, [0, 9, 16, 24], right=False, labels=SHIFTS),
        "wait": pd.cut(
            chats.first_response_s, [0, 16, 32, 64, 128, FOREVER], right=False, labels=WAITS
        ),
        "hours": pd.cut(hour, [0, 9, 12, 14, 16, 18, 20, 22, 24], right=False, labels=HOURS),
        "bought": chats.bought,
        "seconds": chats.first_response_s,
    })  # fmt: skip


def canned() -> pd.DataFrame:
    """Return the enquiries by who took them and how much of what was said is stock sentences."""
    chats = enquiries()
    told = data.load("messages")
    told = told[told.chat_id.isin(chats.chat_id)]
    said = told[told.sender == "客服"]
    plain = said.text.str.replace("|".join(data.load("agents").name), "某", regex=True)
    often = plain.map(plain.value_counts()) >= OFTEN
    lines = said.groupby("chat_id").size()
    stock = often.groupby(said.chat_id).sum()
    asked = told[told.sender == "买家"].groupby("chat_id").size()
    own = chats.set_index("chat_id")
    share = (stock / lines).reindex(own.index)
    return pd.DataFrame({
        "share": pd.cut(share, [0, 0.5, 0.75, 1.01], right=False, labels=SHARES),
        "who": own.name,
        "lines": lines.reindex(own.index),
        "canned": stock.reindex(own.index),
        "asked": asked.reindex(own.index),
        "bought": own.bought,
    })  # fmt: skip


def bottoms() -> pd.DataFrame:
    """Return rounds, chats and persons of a day, each with whether every round of it was in time."""
    chats = enquiries()
    told = data.load("messages")
    told = told[told.chat_id.isin(chats.chat_id)].sort_values(["chat_id", "seq"])
    waits = [
        (chat, one.seconds is not None and one.seconds <= THREE_MINUTES)
        for chat, part in told.groupby("chat_id")
        for one in kpis.rounds(list(zip(part["at"], part.sender, strict=True)))
    ]
    rounds = pd.DataFrame(waits, columns=["chat_id", "kept"]).merge(
        chats[["chat_id", "customer_id", "started_at", "name", "day"]], on="chat_id"
    )
    rounds["who"], rounds["on"] = rounds.name, rounds.started_at.dt.date
    alike = {"kept": "all", "who": "first"}
    parts = {
        "轮次": rounds,
        "会话": rounds.groupby(["chat_id", "day"], as_index=False).agg(alike),
        "人（一天算一位）": rounds.groupby(["customer_id", "on", "day"], as_index=False).agg(alike),
    }
    every = [part.assign(bottom=name) for name, part in parts.items()]
    return pd.concat(every, ignore_index=True)[["bottom", "day", "who", "kept"]]
